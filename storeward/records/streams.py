"""Streams from the outside: make them due."""

from collections.abc import Sequence
from datetime import datetime

from storeward.records.models import Stream


def make_all_due(store_ids: Sequence[int], *, now: datetime) -> int:
    """Ask everything of these stores at their next turn, e.g. because they were connected again."""
    return Stream.objects.filter(store__in=store_ids, due_at__gt=now).exclude(name="push").update(due_at=now)
