"""Write down who did what. Called inside the doer's transaction: the deed and its entry stand or fall together."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storeward.audit.models import Entry


def record(
    *,
    workspace_id: int | None,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Entry:
    """One entry. `action` is stage and deed (`findings.snooze`), `subject` kind and id (`finding:4711`); no secrets in either
    map.
    """
    return Entry.objects.create(
        workspace_id=workspace_id,
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        before=None if before is None else dict(before),
        after=None if after is None else dict(after),
    )
