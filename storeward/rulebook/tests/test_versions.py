"""Versions: drafted, published, withdrawn; nothing that counted is edited, and nothing is published by itself."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from storeward.accounts.models import Workspace
from storeward.audit.models import Entry
from storeward.policy.terms import book
from storeward.records.models import Change
from storeward.rulebook import own, versions
from storeward.rulebook.errors import NotThere, Refused
from storeward.rulebook.force import terms_in_force
from storeward.rulebook.models import Version
from storeward.rulebook.tests.conftest import NOW, made_store
from storeward.rulebook.versions import Choice, Question

SHIP, DAY = "TTS-SEA-SHIP-2WD", timedelta(days=1)
TEXT = """
[[change]]
rule = "TTS-SEA-SHIP-2WD"
from = 2026-12-01
figures = { working_days = 1 }
source = ["https://a.example/notice"]
read_on = 2026-11-18
confidence = "official"
"""
BOTH = Choice("Within how many working days?", "几个工作日内？")
QUESTION = Question(BOTH, (Choice("One", "一个"), Choice("Two", "两个")), right=0)


def drafted(team: Workspace, **changes: Any) -> Version:
    given: dict[str, Any] = {"title": "One day to ship", "text": TEXT, "by": "lead@luna.test", "now": NOW, **changes}
    return versions.draft(team.pk, **given)


def published(team: Workspace, now: Any = NOW, **changes: Any) -> Version:
    return versions.publish(drafted(team, **changes).pk, workspace_id=team.pk, by="boss@luna.test", now=now)


def days(team: Workspace, now: Any = NOW, on: date = date(2026, 12, 1)) -> int:
    rules = terms_in_force(team.pk, now)
    row = rules.row(rules.rule(SHIP), on)
    assert row is not None
    return int(row.figure("working_days"))


def test_a_draft_counts_nowhere_a_published_one_from_its_day_and_a_withdrawn_one_no_more(
    team: Workspace, strangers: Workspace
) -> None:
    made_store(team, "a")
    version = drafted(team)
    assert (days(team), Change.objects.count()) == (2, 0)
    versions.publish(version.pk, workspace_id=team.pk, by="boss@luna.test", now=NOW)
    assert (days(team), days(team, on=date(2026, 11, 30)), days(team, NOW - DAY), days(strangers)) == (1, 2, 2, 2)
    assert [change.kind for change in Change.objects.all()] == ["rules"]
    versions.withdraw(version.pk, workspace_id=team.pk, by="boss@luna.test", now=NOW + DAY, why="misread")
    assert (days(team, NOW + DAY), days(team, NOW)) == (2, 1)
    told = Entry.objects.filter(subject=f"version:{version.pk}").order_by("pk").values_list("action", "actor")
    assert list(told) == [
        ("rulebook.draft", "lead@luna.test"),
        ("rulebook.publish", "boss@luna.test"),
        ("rulebook.withdraw", "boss@luna.test"),
    ]


def test_a_draft_may_be_edited_and_what_was_published_may_not(team: Workspace) -> None:
    version = drafted(team)
    text = TEXT.replace("working_days = 1", "working_days = 3")
    given: dict[str, Any] = {"workspace_id": team.pk, "title": "Three", "text": text, "by": "x", "now": NOW}
    versions.edit(version.pk, **given)
    versions.publish(version.pk, workspace_id=team.pk, by="x", now=NOW)
    assert days(team) == 3
    with pytest.raises(Refused, match="not edited"):
        versions.edit(version.pk, **given)
    with pytest.raises(Refused, match="published already"):
        versions.publish(version.pk, workspace_id=team.pk, by="x", now=NOW)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": " "}, "title: give"),
        ({"text": TEXT.replace("working_days", "hours")}, "figures.hours is none of the rule's figures"),
        ({"text": "[[change"}, "is not TOML"),
        ({"questions": [QUESTION]}, "ask 3, or none"),
        ({"questions": [QUESTION, QUESTION, Question(BOTH, (BOTH,), 0)]}, r"questions\[3\]: give two choices"),
        ({"questions": [QUESTION, Question(BOTH, (BOTH, BOTH), 2), QUESTION]}, r"questions\[2\]: give two choices"),
        ({"questions": [Question(Choice("What?", " "), (BOTH, BOTH), 0), QUESTION, QUESTION]}, "in both languages"),
    ],
)
def test_a_draft_that_does_not_fit_is_refused(team: Workspace, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        drafted(team, **changes)
    assert not Version.objects.exists()


def test_a_draft_without_terms_is_kept_and_cannot_be_published(team: Workspace) -> None:
    version = drafted(team, text="", note="They speak of one day; look up from when.")
    with pytest.raises(Refused, match="changes no rule yet"):
        versions.publish(version.pk, workspace_id=team.pk, by="x", now=NOW)


def test_withdrawing_needs_a_reason_and_something_that_counts(team: Workspace) -> None:
    version = drafted(team)
    with pytest.raises(Refused, match="Only what was published"):
        versions.withdraw(version.pk, workspace_id=team.pk, by="x", now=NOW, why="wrong")
    versions.publish(version.pk, workspace_id=team.pk, by="x", now=NOW)
    with pytest.raises(Refused, match="why: say"):
        versions.withdraw(version.pk, workspace_id=team.pk, by="x", now=NOW, why=" ")


def test_strangers_have_no_way_to_a_version(team: Workspace, strangers: Workspace) -> None:
    version = drafted(team)
    deeds: tuple[Callable[[], Version], ...] = (
        lambda: versions.one(version.pk, workspace_id=strangers.pk),
        lambda: versions.publish(version.pk, workspace_id=strangers.pk, by="x", now=NOW),
        lambda: versions.withdraw(version.pk, workspace_id=strangers.pk, by="x", now=NOW, why="x"),
        lambda: versions.edit(version.pk, workspace_id=strangers.pk, title="x", text="", by="x", now=NOW),
    )
    for deed in deeds:
        with pytest.raises(NotThere):
            deed()
    assert versions.listed(strangers.pk) == []


def test_versions_are_listed_the_latest_first_and_by_state(team: Workspace) -> None:
    first, second = published(team), drafted(team, now=NOW + DAY)
    assert versions.listed(team.pk) == [second, first]
    assert versions.listed(team.pk, state="published") == [first]
    assert versions.one(first.pk, workspace_id=team.pk) == first
    assert versions.changes_of(first)[0].rule == SHIP


def test_a_later_version_lies_over_an_earlier_one(team: Workspace) -> None:
    published(team)
    published(team, now=NOW + DAY, text=TEXT.replace("working_days = 1", "working_days = 4").replace("12-01", "12-10"))
    after = NOW + DAY
    assert [days(team, after, date(2026, month, day)) for month, day in ((11, 30), (12, 9), (12, 10))] == [2, 1, 4]


def test_the_history_of_a_rule_has_every_word_that_was_said_of_it(team: Workspace) -> None:
    version = published(team)
    drafted(team, text=TEXT.replace(SHIP, "TTS-SEA-RESP12-MSG").replace("working_days = 1", "hours = 6"))
    past = versions.history(team.pk, SHIP)
    assert [(entry.version, entry.change.span.figures["working_days"]) for entry in past] == [
        (None, Decimal(2)),
        (version, Decimal(1)),
    ]
    with pytest.raises(NotThere):
        versions.history(team.pk, "TTS-NONE")


def test_a_published_figure_that_is_stricter_takes_the_place_of_the_teams_own(team: Workspace) -> None:
    own.set_figure(team.pk, "TTS-SEA-RESP12-MSG", "hours", Decimal(6), from_day=NOW.date(), why="x", by="x", now=NOW)
    published(team, text=TEXT.replace(SHIP, "TTS-SEA-RESP12-MSG").replace("working_days = 1", "hours = 4"))
    rules = terms_in_force(team.pk, NOW)
    rows = [rules.row(rules.rule("TTS-SEA-RESP12-MSG"), date(2026, month, 1)) for month in (11, 12)]
    assert [row.figure("hours") for row in rows if row is not None] == [12, 4]
    held = rules.row(rules.rule("TTS-SEA-RESP12-MSG"), NOW.date())
    assert held is not None
    assert held.ref.own == {"hours": Decimal(6)}


def test_questions_are_kept_with_the_version(team: Workspace) -> None:
    version = drafted(team, questions=[QUESTION] * 3)
    held = versions.questions_of(Version.objects.get(pk=version.pk))
    assert held == (QUESTION,) * 3
    assert (held[0].ask.said("zh-hans"), held[0].choices[held[0].right].said("en")) == ("几个工作日内？", "One")


def test_the_products_own_data_is_never_touched(team: Workspace) -> None:
    before = book().rule(SHIP).terms
    published(team)
    assert book().rule(SHIP).terms == before
