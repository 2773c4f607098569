"""A draft tried by a worker: once at a time, kept with what was tried, never waited for in vain."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from storeward.accounts.models import Workspace
from storeward.policy.terms import book
from storeward.policy.versions import figure_draft
from storeward.replay import rehearse
from storeward.rulebook import versions
from storeward.rulebook.errors import NotThere, Refused
from storeward.rulebook.models import Rehearsal, Version

NOW = datetime(2026, 11, 18, 3, 15, tzinfo=UTC)
RULE = "TTS-SEA-CANCELREQ-24H"


@pytest.fixture
def draft(db: None) -> Version:
    team = Workspace.objects.create(slug="luna", name="Luna", created_at=NOW)
    day, told = date(2026, 12, 1), {"hours": Decimal(12)}
    text = figure_draft(book(), RULE, told, from_=day, source="mail", read_on=NOW.date(), confidence="official")
    return versions.draft(team.pk, title="Sooner", text=text, by="lead", now=NOW)


def asked(draft: Version, now: datetime = NOW) -> Rehearsal:
    return rehearse.ask(draft.pk, workspace_id=draft.workspace_id, by="lead", now=now)


def test_one_that_is_on_its_way_is_answered_instead_of_a_second_one(draft: Version) -> None:
    first = asked(draft)
    assert asked(draft, NOW + timedelta(minutes=1)) == first
    assert rehearse.run(first.pk, now=NOW)
    assert not rehearse.run(first.pk, now=NOW)
    again = asked(draft, NOW + timedelta(minutes=2))
    assert again != first
    assert rehearse.latest(draft) == again
    first.refresh_from_db()
    draft.refresh_from_db()
    assert first.result is not None
    assert (first.changes, first.result["differs"]) == (draft.changes, False)


def test_one_whose_worker_is_gone_is_given_up_when_it_is_asked_for_again(draft: Version) -> None:
    lost = asked(draft)
    Rehearsal.objects.filter(pk=lost.pk).update(began_at=NOW)
    assert asked(draft, NOW + rehearse.LONGEST) == lost
    fresh = asked(draft, NOW + rehearse.LONGEST + timedelta(seconds=1))
    lost.refresh_from_db()
    assert (lost.failure, fresh.pk != lost.pk) == (rehearse.LOST, True)


def test_what_fails_says_so_and_is_not_waited_for(draft: Version, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("no such column")

    monkeypatch.setattr(rehearse, "replay_changes", broken)
    failed = asked(draft)
    with pytest.raises(ValueError, match="no such column"):
        rehearse.run(failed.pk, now=NOW)
    failed.refresh_from_db()
    assert failed.failure == "ValueError: no such column"
    assert failed.done_at == NOW


def test_only_a_draft_of_the_team_that_changes_something_is_tried(draft: Version) -> None:
    with pytest.raises(NotThere):
        rehearse.ask(draft.pk, workspace_id=draft.workspace_id + 1, by="x", now=NOW)
    empty = versions.draft(draft.workspace_id, title="Later", text="", by="lead", now=NOW)
    with pytest.raises(Refused, match="changes no rule"):
        asked(empty)
    versions.publish(draft.pk, workspace_id=draft.workspace_id, by="lead", now=NOW)
    with pytest.raises(Refused, match="Only a draft"):
        asked(draft)
