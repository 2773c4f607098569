"""The log of deeds."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from storeward.audit.models import Entry
from storeward.audit.record import record

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def enter() -> Entry:
    return record(
        workspace_id=1,
        at=NOW,
        actor="ana@example.com",
        action="findings.snooze",
        subject="finding:7",
        before={"status": "open"},
        after={"status": "snoozed"},
    )


def test_an_entry_says_who_what_and_how_it_was_before() -> None:
    entry = Entry.objects.get(pk=enter().pk)
    assert (entry.actor, entry.before, entry.after) == ("ana@example.com", {"status": "open"}, {"status": "snoozed"})


@pytest.mark.parametrize("deed", ["update", "delete"])
def test_what_was_written_stays(deed: str) -> None:
    enter()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.update(actor="nobody") if deed == "update" else Entry.objects.all().delete()
    assert Entry.objects.get().actor == "ana@example.com"


@transaction.atomic
def fail_after_entering() -> None:
    enter()
    raise ValueError("the deed failed")


def test_an_entry_falls_with_the_deed_that_fails() -> None:
    with pytest.raises(ValueError, match="the deed failed"):
        fail_after_entering()
    assert not Entry.objects.exists()
