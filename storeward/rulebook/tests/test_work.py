"""Tasks and readings: somebody owns a day, and who has read a version has answered its questions."""

from datetime import date, timedelta
from typing import Any

import pytest

from storeward.accounts.models import Workspace
from storeward.policy.terms import Span, book
from storeward.rulebook import review, versions, work
from storeward.rulebook.announcements import bring
from storeward.rulebook.errors import NotThere, Refused
from storeward.rulebook.models import RuleReview, Version
from storeward.rulebook.review import due_on, intervals, overdue
from storeward.rulebook.tests.conftest import NOW
from storeward.rulebook.versions import Choice, Question

DAY = timedelta(days=1)
TEXT = """
[[change]]
rule = "TTS-SEA-SHIP-2WD"
from = 2026-12-01
figures = { working_days = 1 }
source = ["https://a.example/notice"]
read_on = 2026-11-18
confidence = "official"
"""
ONE, TWO = Choice("One", "一个"), Choice("Two", "两个")
QUESTIONS = [Question(Choice(f"Question {n}?", f"问题{n}？"), (ONE, TWO), right=n % 2) for n in range(3)]


def published(team: Workspace, **changes: Any) -> Version:
    given: dict[str, Any] = {"title": "One day", "text": TEXT, "by": "x", "now": NOW, "questions": QUESTIONS, **changes}
    version = versions.draft(team.pk, **given)
    return versions.publish(version.pk, workspace_id=team.pk, by="x", now=given["now"])


# -- tasks ---------------------------------------------------------------------------------------------------------------------


def test_a_task_has_an_owner_and_a_day_and_is_done_once(team: Workspace, strangers: Workspace) -> None:
    version = published(team)
    announcement, _ = bring(team.pk, text="news", by="x", now=NOW, origin="paste")
    later = work.give(
        team.pk, title="Tell the warehouse", owner="mei@luna.test", due_at=NOW + 3 * DAY, by="x", now=NOW, version_id=version.pk
    )
    sooner = work.give(
        team.pk, title="Read it", owner="lin@luna.test", due_at=NOW + DAY, by="x", now=NOW, announcement_id=announcement.pk
    )
    assert work.tasks(team.pk) == [sooner, later]
    assert work.tasks(team.pk, owner="mei@luna.test") == [later]
    assert work.tasks(strangers.pk) == []
    work.done(sooner.pk, workspace_id=team.pk, by="lin@luna.test", now=NOW)
    assert work.tasks(team.pk) == [later]
    assert work.tasks(team.pk, everything=True) == [sooner, later]
    with pytest.raises(Refused, match=r"lin@luna\.test has done it already"):
        work.done(sooner.pk, workspace_id=team.pk, by="x", now=NOW)
    with pytest.raises(NotThere):
        work.done(later.pk, workspace_id=strangers.pk, by="x", now=NOW)


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"title": " "}, Refused, "title and owner"),
        ({"owner": ""}, Refused, "title and owner"),
        ({"due_at": NOW}, Refused, "due: choose"),
        ({"version_id": None}, Refused, "name one"),
        ({"version_id": 0}, NotThere, "no such version"),
        ({"announcement_id": 0}, NotThere, "no such announcement"),
    ],
)
def test_a_task_that_does_not_fit_is_refused(team: Workspace, changes: dict[str, Any], error: type[Exception], said: str) -> None:
    given: dict[str, Any] = {"title": "Do", "owner": "mei", "due_at": NOW + DAY, "by": "x", "now": NOW}
    with pytest.raises(error, match=said):
        work.give(team.pk, **{**given, "version_id": published(team).pk, **changes})


# -- readings --------------------------------------------------------------------------------------------------------------------


def test_who_has_answered_everything_right_has_confirmed_it(team: Workspace, strangers: Workspace) -> None:
    version = published(team)
    assert work.unread(team.pk, "mei") == [version]
    first = work.read(version.pk, workspace_id=team.pk, person="mei", answers=[0, 0, 0], now=NOW)
    assert (first.right, first.passed) == (2, False)
    assert work.unread(team.pk, "mei") == [version]
    second = work.read(version.pk, workspace_id=team.pk, person="mei", answers=[0, 1, 0], now=NOW + DAY)
    assert (second.right, second.passed) == (3, True)
    assert work.unread(team.pk, "mei") == []
    with pytest.raises(Refused, match="confirmed it already"):
        work.read(version.pk, workspace_id=team.pk, person="mei", answers=[0, 1, 0], now=NOW)
    told = [(reader.person, reader.tries, reader.best, reader.confirmed_at) for reader in work.readers(version, ["lin", "mei"])]
    assert told == [("lin", 0, 0, None), ("mei", 2, 3, NOW + DAY)]
    with pytest.raises(NotThere):
        work.read(version.pk, workspace_id=strangers.pk, person="eve", answers=[0, 1, 0], now=NOW)


def test_a_version_without_questions_is_confirmed_by_reading_it(team: Workspace) -> None:
    version = published(team, questions=[])
    assert work.read(version.pk, workspace_id=team.pk, person="mei", answers=[], now=NOW).passed


@pytest.mark.parametrize(
    ("answers", "said"), [([0, 1], "there are 3 questions"), ([0, 1, 2], r"answers\[3\]"), ([-1, 1, 0], r"answers\[1\]")]
)
def test_answers_that_are_none_are_refused(team: Workspace, answers: list[int], said: str) -> None:
    version = published(team)
    with pytest.raises(Refused, match=said):
        work.read(version.pk, workspace_id=team.pk, person="mei", answers=answers, now=NOW)


def test_a_draft_cannot_be_confirmed(team: Workspace) -> None:
    version = versions.draft(team.pk, title="One day", text=TEXT, by="x", now=NOW)
    with pytest.raises(Refused, match="draft still"):
        work.read(version.pk, workspace_id=team.pk, person="mei", answers=[], now=NOW)
    assert work.unread(team.pk, "mei") == []


# -- reviews ---------------------------------------------------------------------------------------------------------------------


def test_how_long_a_source_is_believed_depends_on_how_sure_it_is() -> None:
    spans = {
        confidence: Span(source=("x",), read_on=date(2026, 1, 1), confidence=confidence)  # type: ignore[arg-type]
        for confidence in intervals()
    }
    assert set(spans) == {span.confidence for _, rule in book() for span in rule.terms}
    assert due_on(spans["uncertain"], None) == date(2026, 4, 1)
    assert due_on(spans["uncertain"], date(2026, 3, 1)) == date(2026, 5, 30)
    assert due_on(spans["uncertain"], date(2025, 3, 1)) == date(2026, 4, 1)
    assert due_on(spans["official"], None) > due_on(spans["third-party"], None)


def test_a_review_puts_off_one_rule_of_one_team(team: Workspace, strangers: Workspace) -> None:
    late = NOW + 100 * DAY
    both = overdue([team.pk, strangers.pk], now=late)
    mine = [due.rule.id for due in both if due.workspace_id == team.pk]
    assert mine == [due.rule.id for due in both if due.workspace_id == strangers.pk]
    assert overdue([team.pk], now=NOW) == []
    review.reviewed(team.pk, mine[0], day=late.date(), note="as it was", by="x", now=late)
    assert [due.rule.id for due in overdue([team.pk], now=late)] == mine[1:]
    assert [due.rule.id for due in overdue([strangers.pk], now=late)] == mine
    assert RuleReview.objects.get().note == "as it was"


def test_a_review_says_what_was_found(team: Workspace) -> None:
    with pytest.raises(Refused, match="note: say"):
        review.reviewed(team.pk, "LZD-SOT", day=NOW.date(), note=" ", by="x", now=NOW)
    with pytest.raises(NotThere):
        review.reviewed(team.pk, "LZD-NONE", day=NOW.date(), note="ok", by="x", now=NOW)
