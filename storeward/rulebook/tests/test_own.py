"""Own figures: only tighter ones, dated and with a reason; and what counts at any instant of the past."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from storeward.accounts.models import Workspace
from storeward.audit.models import Entry
from storeward.policy.terms import Book, book
from storeward.records.models import Change, Order
from storeward.rulebook import own
from storeward.rulebook.errors import NotThere, Refused
from storeward.rulebook.force import Figure, books, intervals, rulebooks, terms_in_force
from storeward.rulebook.models import OwnFigure, Revision
from storeward.rulebook.tests.conftest import NOW, made_store

REPLY, DAY = "TTS-SEA-RESP12-MSG", timedelta(days=1)
TODAY = NOW.date()


def hours(rules: Book, day: date = TODAY) -> tuple[Decimal, object]:
    """The figure that judges, and the own one behind it."""
    row = rules.row(rules.rule(REPLY), day)
    assert row is not None
    return row.figure("hours"), row.ref.own


def set_hours(team: Workspace, figure: str, *, from_day: date = TODAY, now: datetime = NOW) -> OwnFigure:
    return own.set_figure(
        team.pk, REPLY, "hours", Decimal(figure), from_day=from_day, why="night shift", by="lead@luna.test", now=now
    )


def test_a_team_that_has_said_nothing_shares_the_products_book(team: Workspace, strangers: Workspace) -> None:
    assert terms_in_force(team.pk, NOW) is book()
    assert books([team.pk, strangers.pk], NOW) == {team.pk: book(), strangers.pk: book()}


def test_an_own_figure_counts_from_its_day_for_this_team_alone(team: Workspace, strangers: Workspace) -> None:
    row = set_hours(team, "3.5", from_day=TODAY + DAY)
    assert (row.figure, row.platform_figure) == (Decimal("3.5"), Decimal(12))
    rules = terms_in_force(team.pk, NOW)
    assert hours(rules) == (Decimal(12), None)
    assert hours(rules, TODAY + DAY) == (Decimal("3.5"), {"hours": Decimal("3.5")})
    assert terms_in_force(strangers.pk, NOW) is book()
    assert terms_in_force(team.pk, NOW) is rules  # kept as long as nothing changes
    entry = Entry.objects.get(action="rulebook.set_figure")
    assert (entry.actor, entry.subject, (entry.after or {})["value"]) == ("lead@luna.test", f"rule:{REPLY}", "3.5")


def test_what_counted_in_the_past_is_what_was_known_then(team: Workspace) -> None:
    set_hours(team, "6")
    set_hours(team, "3", now=NOW + DAY)
    assert hours(terms_in_force(team.pk, NOW - DAY)) == (Decimal(12), None)
    assert hours(terms_in_force(team.pk, NOW))[0] == 6
    assert hours(terms_in_force(team.pk, NOW + DAY))[0] == 3


def test_an_own_figure_ends_and_stays_in_the_history(team: Workspace) -> None:
    set_hours(team, "6", from_day=TODAY - DAY)
    own.end_figure(team.pk, REPLY, "hours", from_day=TODAY + DAY, why="enough people", by="lead@luna.test", now=NOW)
    rules = terms_in_force(team.pk, NOW)
    assert [hours(rules, TODAY + n * DAY)[0] for n in (-2, -1, 0, 1)] == [12, 6, 6, 12]
    (held,) = own.figures(team.pk, now=NOW)
    assert (held.figure, held.platform_figure) == (Decimal(6), Decimal(12))
    assert (held.from_day, held.to) == (TODAY - DAY, TODAY + DAY)
    with pytest.raises(NotThere, match="no own figure"):
        own.end_figure(team.pk, REPLY, "hours", from_day=TODAY + DAY, why="again", by="x", now=NOW)
    assert own.figures(team.pk, now=NOW, rule_id="TTS-SEA-SHIP-2WD") == []


@pytest.mark.parametrize(
    ("rule", "name", "figure", "why", "said"),
    [
        (REPLY, "hours", "13", "because", "hours = 13 is looser than the platform's 12"),
        (REPLY, "hours", "0", "because", "no usable figure"),
        (REPLY, "days", "1", "because", "cannot be set"),
        ("TTS-SEA-RESP24-RATE", "limit", "1", "because", "looser"),
        ("TTS-SEA-WORKDAY", "days", "1", "because", "cannot be set"),
        (REPLY, "hours", "3", "  ", "why: say"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(
    team: Workspace, rule: str, name: str, figure: str, why: str, said: str
) -> None:
    with pytest.raises(Refused) as refusal:
        own.set_figure(team.pk, rule, name, Decimal(figure), from_day=TODAY, why=why, by="x", now=NOW)
    assert said in str(refusal.value)
    assert not OwnFigure.objects.exists()


def test_a_rule_that_is_none_is_not_there(team: Workspace) -> None:
    with pytest.raises(NotThere):
        own.set_figure(team.pk, "TTS-NONE", "hours", Decimal(1), from_day=TODAY, why="x", by="x", now=NOW)


def test_where_no_figure_is_known_the_team_is_asked_until_it_gives_one(team: Workspace) -> None:
    asked = own.asked(team.pk, now=NOW, day=TODAY, platforms=["lazada", "tiktok_shop"])
    assert {(one.platform, one.rule.id, one.names) for one in asked} == {
        ("lazada", "LZD-INACTIVE", ("days",)),
        ("tiktok_shop", "TTS-US-AHR-LOSE", ("points",)),
        ("tiktok_shop", "TTS-US-AHR-GAIN", ("points",)),
    }
    row = own.set_figure(team.pk, "LZD-INACTIVE", "days", Decimal(20), from_day=TODAY, why="seen once", by="x", now=NOW)
    assert row.platform_figure is None
    assert own.asked(team.pk, now=NOW, day=TODAY, platforms=["lazada"]) == []
    assert [one.rule.id for one in own.asked(team.pk, now=NOW, day=TODAY - DAY, platforms=["lazada"])] == ["LZD-INACTIVE"]


def test_a_figure_that_was_set_can_be_neither_changed_nor_deleted(team: Workspace) -> None:
    row = set_hours(team, "3")
    for statement in ("UPDATE rulebook_ownfigure SET figure = 9", "DELETE FROM rulebook_ownfigure"):
        with pytest.raises(DatabaseError, match="is history"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert OwnFigure.objects.get().figure == row.figure


def test_all_that_is_open_is_judged_again_after_a_change_and_nothing_of_strangers(team: Workspace, strangers: Workspace) -> None:
    mine, other = made_store(team, "a"), made_store(strangers, "b")
    for store in (mine, other):
        for order_id, is_open in (("open", True), ("done", False)):
            ids = {"store": store, "workspace_id": store.workspace_id, "platform_id": order_id}
            Order.objects.create(**ids, open=is_open, observed_at=NOW, digest=b"", data={})
    set_hours(team, "3")
    told = Change.objects.values_list("store_id", "kind", "platform_id")
    assert sorted(told) == [(mine.pk, "order", "open"), (mine.pk, "rules", "")]


def test_a_change_that_was_rolled_back_leaves_nothing_behind(team: Workspace) -> None:
    set_hours(team, "6")
    before = terms_in_force(team.pk, NOW)
    with transaction.atomic():
        set_hours(team, "3")
        assert hours(terms_in_force(team.pk, NOW))[0] == 3
        transaction.set_rollback(True)
    assert terms_in_force(team.pk, NOW) is before
    set_hours(team, "4")
    assert hours(terms_in_force(team.pk, NOW))[0] == 4
    assert Revision.objects.count() == 1


def test_one_query_tells_whether_anything_has_changed(team: Workspace, django_assert_num_queries: object) -> None:
    set_hours(team, "6")
    terms_in_force(team.pk, NOW)
    with django_assert_num_queries(1):  # type: ignore[operator]
        rulebooks([team.pk, team.pk + 1])


# -- days, without a database -------------------------------------------------------------------------------------------------


def figure(number: int, value: str | None, first: int) -> Figure:
    at = datetime(2026, 1, 1, tzinfo=UTC) + number * DAY
    return Figure(number, "X", "hours", None if value is None else Decimal(value), date(2026, 1, first), at)


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ([("3", 5)], [(5, None, "3")]),
        ([("3", 5), ("2", 9)], [(5, 9, "3"), (9, None, "2")]),
        ([("3", 5), ("2", 5)], [(5, None, "2")]),
        ([("3", 9), ("2", 5)], [(5, None, "2")]),
        ([("3", 5), (None, 9)], [(5, 9, "3")]),
        ([("3", 5), (None, 5)], []),
        ([("3", 5), (None, 9), ("1", 7)], [(5, 7, "3"), (7, None, "1")]),
        ([("3", 5), (None, 9), ("1", 20)], [(5, 9, "3"), (20, None, "1")]),
    ],
)
def test_a_later_word_counts_from_its_day_on(said: list[tuple[str | None, int]], held: list[tuple[int, int | None, str]]) -> None:
    found = intervals(figure(number, value, first) for number, (value, first) in enumerate(said))
    days = [(o.from_.day, None if o.to is None else o.to.day, f"{o.figures['hours']}") for o in found]
    assert sorted(days, key=lambda span: span[0]) == held
