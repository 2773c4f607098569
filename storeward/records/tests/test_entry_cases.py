"""What people type in: every field with what is taken, and every mistake with the field that is named."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from storeward.audit.models import Entry
from storeward.lib.money import Money
from storeward.records.entry import (
    BadEntry,
    By,
    enter_balance,
    enter_event,
    enter_fact,
    enter_points,
    enter_violation,
    number,
    past,
    word,
)
from storeward.records.models import BalanceEvent, Change, Origin, PointsEntry, StoreEvent, StoreFact, Violation
from storeward.stores.models import Store

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
BY = By("ana@example.com", NOW)

TYPED = (BalanceEvent, Change, PointsEntry, StoreEvent, StoreFact, Violation)


def rows() -> int:
    """How many rows the entries of people have made, audit included."""
    return sum(model._default_manager.count() for model in TYPED)


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("0", "0"),
        ("12.5", "12.5"),
        (" 12.5 ", "12.5"),
        ("-3", "-3"),
        ("+4", "4"),
        ("1e3", "1000"),
        ("0.0001", "0.0001"),
        ("999999999999", "999999999999"),
        ("1000000000000", "1000000000000"),
        (7, "7"),
        (Decimal("7.10"), "7.10"),
    ],
)
def test_a_figure_is_taken_digit_for_digit(text: str | int | Decimal, figure: str) -> None:
    assert number("x", text) == Decimal(figure)


@pytest.mark.parametrize(
    "text",
    ["", " ", "many", "12,5", "1 000", "0x10", "--1", "NaN", "sNaN", "Infinity", "-inf", "1e13", "-1000000000001", "٪", "None"],
)
def test_what_is_no_figure_is_refused_with_its_field(text: str) -> None:
    with pytest.raises(BadEntry) as refused:
        number("amount", text)
    assert refused.value.field == "amount"
    assert str(refused.value).startswith("amount: ")


@pytest.mark.parametrize(
    ("value", "least", "most", "taken"),
    [
        ("0", 0, 10, True),
        ("-0.0001", 0, 10, False),
        ("10", 0, 10, True),
        ("10.0001", 0, 10, False),
        ("-10", None, 10, True),
        ("-10.5", None, 10, False),
    ],
)
def test_a_figure_lies_within_its_bounds(value: str, least: int | None, most: int, taken: bool) -> None:
    low = None if least is None else Decimal(least)
    if taken:
        assert number("x", value, least=low, most=Decimal(most)) == Decimal(value)
    else:
        with pytest.raises(BadEntry, match="cannot be right"):
            number("x", value, least=low, most=Decimal(most))


@pytest.mark.parametrize(
    ("at", "mend"),
    [
        (NOW, None),
        (NOW - 3650 * DAY, None),
        (NOW + timedelta(minutes=5), None),
        (datetime(2015, 1, 1, tzinfo=UTC), None),
        (NOW.astimezone(timezone(timedelta(hours=8))), None),
        (NOW + timedelta(minutes=5, microseconds=1), "future"),
        (NOW + DAY, "future"),
        (datetime(2014, 12, 31, 23, 59, 59, tzinfo=UTC), "before 2015"),
        (datetime(1970, 1, 1, tzinfo=UTC), "before 2015"),
        (datetime(2026, 11, 20, 9, 0), "time zone"),  # noqa: DTZ001 - that is the mistake
    ],
)
def test_an_instant_lies_between_2015_and_now_and_has_its_zone(at: datetime, mend: str | None) -> None:
    if mend is None:
        assert past("at", at, NOW) == at
    else:
        with pytest.raises(BadEntry, match=mend):
            past("at", at, NOW)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("ahr", "ahr"),
        (" ahr ", "ahr"),
        ("x" * 10, "x" * 10),
        ("店铺", "店铺"),
        ("", None),
        (" \t\n", None),
        ("x" * 11, None),
        ("a\x00b", None),
    ],
)
def test_a_word_says_something_and_fits(given: str, taken: str | None) -> None:
    if taken is not None:
        assert word("name", given, "say it", longest=10) == taken
    else:
        with pytest.raises(BadEntry) as refused:
            word("name", given, "say it", longest=10)
        assert refused.value.field == "name"


def by(**more: Any) -> By:
    given: dict[str, Any] = {"who": "ana@example.com", "now": NOW, **more}
    return By(**given)


Deed = Callable[[Store], Any]
MISTAKES: list[tuple[str, Deed]] = [
    # who and how
    ("who", lambda s: enter_fact(s, "ahr", 1, as_of=NOW, by=by(who=" "))),
    ("who", lambda s: enter_points(s, "1", 1, issued_at=NOW, by=by(who=""))),
    ("who", lambda s: enter_violation(s, "1", status="pending", by=by(who=""))),
    ("who", lambda s: enter_event(s, "activity", "login", at=NOW, by=by(who=""))),
    ("who", lambda s: enter_balance(s, Money(Decimal(1), "MYR"), at=NOW, by=by(who=""))),
    ("origin", lambda s: enter_fact(s, "ahr", 1, as_of=NOW, by=by(origin=Origin.API))),
    ("origin", lambda s: enter_points(s, "1", 1, issued_at=NOW, by=by(origin=Origin.PUSH))),
    ("origin", lambda s: enter_balance(s, Money(Decimal(1), "MYR"), at=NOW, by=by(origin=Origin.DERIVED))),
    # facts
    ("name", lambda s: enter_fact(s, "", 1, as_of=NOW, by=BY)),
    ("name", lambda s: enter_fact(s, "x" * 61, 1, as_of=NOW, by=BY)),
    ("name", lambda s: enter_fact(s, "a\x00", 1, as_of=NOW, by=BY)),
    ("as_of", lambda s: enter_fact(s, "ahr", 1, as_of=NOW + DAY, by=BY)),
    # points
    ("id", lambda s: enter_points(s, "", 1, issued_at=NOW, by=BY)),
    ("id", lambda s: enter_points(s, "x" * 121, 1, issued_at=NOW, by=BY)),
    ("points", lambda s: enter_points(s, "1", "", issued_at=NOW, by=BY)),
    ("points", lambda s: enter_points(s, "1", "-0.5", issued_at=NOW, by=BY)),
    ("points", lambda s: enter_points(s, "1", 1001, issued_at=NOW, by=BY)),
    ("points", lambda s: enter_points(s, "1", "Infinity", issued_at=NOW, by=BY)),
    ("issued_at", lambda s: enter_points(s, "1", 1, issued_at=NOW + DAY, by=BY)),
    # violations
    ("id", lambda s: enter_violation(s, " ", status="pending", by=BY)),
    ("status", lambda s: enter_violation(s, "1", status=" ", by=BY)),
    ("status", lambda s: enter_violation(s, "1", status="x" * 25, by=BY)),
    ("notified_at", lambda s: enter_violation(s, "1", status="pending", notified_at=NOW + DAY, by=BY)),
    ("deadline_at", lambda s: enter_violation(s, "1", status="pending", notified_at=NOW, deadline_at=NOW - DAY, by=BY)),
    # events
    ("family", lambda s: enter_event(s, "", "login", at=NOW, by=BY)),
    ("family", lambda s: enter_event(s, "Activity", "login", at=NOW, by=BY)),
    ("type", lambda s: enter_event(s, "activity", " ", at=NOW, by=BY)),
    ("type", lambda s: enter_event(s, "activity", "x" * 61, at=NOW, by=BY)),
    ("at", lambda s: enter_event(s, "activity", "login", at=NOW + DAY, by=BY)),
    # balances
    ("currency", lambda s: enter_balance(s, Money(Decimal(1), "RM"), at=NOW, by=BY)),
    ("currency", lambda s: enter_balance(s, Money(Decimal(1), "M1R"), at=NOW, by=BY)),
    ("currency", lambda s: enter_balance(s, Money(Decimal(1), "RINGGIT"), at=NOW, by=BY)),
    ("amount", lambda s: enter_balance(s, Money(Decimal("1E+13"), "MYR"), at=NOW, by=BY)),
    ("amount", lambda s: enter_balance(s, Money(Decimal("NaN"), "MYR"), at=NOW, by=BY)),
    ("at", lambda s: enter_balance(s, Money(Decimal(1), "MYR"), at=NOW + DAY, by=BY)),
]


def test_a_mistake_is_named_by_its_field_and_leaves_no_trace(store: Store) -> None:
    entries = Entry.objects.count()
    for at, (field, deed) in enumerate(MISTAKES):
        with pytest.raises(BadEntry) as refused:
            deed(store)
        assert (at, refused.value.field) == (at, field)
        assert refused.value.message
    assert rows() == 0
    assert Entry.objects.count() == entries


@pytest.mark.parametrize(
    ("value", "as_of"),
    [
        (165, NOW),
        ({"score": 165}, NOW - DAY),
        (True, NOW),
        (None, NOW),
        ("frozen", NOW - 400 * DAY),
        ([1, 2, {"x": None}], NOW),
        ({"名": "店"}, NOW),
    ],
)
def test_a_fact_of_any_shape_is_kept_as_it_was_entered(store: Store, value: Any, as_of: datetime) -> None:
    enter_fact(store, " ahr ", value, as_of=as_of, by=BY)
    fact = StoreFact.objects.get()
    assert (fact.name, fact.value, fact.as_of, fact.observed_at) == ("ahr", value, as_of, NOW)
    assert (fact.origin, fact.entered_by) == ("form", "ana@example.com")


def test_a_fact_entered_for_an_earlier_day_does_not_hide_the_later_one(store: Store) -> None:
    enter_fact(store, "ahr", 150, as_of=NOW, by=BY)
    enter_fact(store, "ahr", 190, as_of=NOW - 7 * DAY, by=BY)
    assert list(StoreFact.objects.order_by("-as_of").values_list("value", flat=True)) == [150, 190]


@pytest.mark.parametrize(
    ("points", "held"), [("0", "0"), ("0.5", "0.5"), (1000, "1000"), ("12.25", "12.25"), (" 3 ", "3"), (Decimal("2.10"), "2.1")]
)
def test_points_are_held_to_the_hundredth(store: Store, points: str | int | Decimal, held: str) -> None:
    enter_points(store, "p1", points, issued_at=NOW, by=BY)
    assert PointsEntry.objects.get().points == Decimal(held)


def test_the_same_points_entered_again_are_a_correction(store: Store) -> None:
    enter_points(store, "p1", 2, issued_at=NOW - DAY, by=BY, reason="Late dispatch")
    enter_points(store, " p1 ", 4, issued_at=NOW - 2 * DAY, by=by(origin=Origin.FILE))
    row = PointsEntry.objects.get()
    assert (row.points, row.issued_at, row.origin) == (Decimal(4), NOW - 2 * DAY, "file")
    assert [change.platform_id for change in Change.objects.order_by("id")] == ["p1", "p1"]


def test_points_of_two_stores_may_have_the_same_number(store: Store, other: Store) -> None:
    enter_points(store, "p1", 2, issued_at=NOW, by=BY)
    enter_points(other, "p1", 3, issued_at=NOW, by=BY)
    assert sorted(PointsEntry.objects.values_list("store_id", "points")) == [(store.pk, Decimal(2)), (other.pk, Decimal(3))]


def test_the_details_of_a_violation_do_not_overrule_its_number_and_status(store: Store) -> None:
    details = {"status": "enforced", "kind": "order", "platform_violation_id": "v9", "category": "counterfeit"}
    enter_violation(store, "v1", status="pending", by=BY, details=details)
    data = Violation.objects.get().data
    assert (data["status"], data["kind"], data["platform_violation_id"]) == ("pending", "violation", "v1")
    assert data["category"] == "counterfeit"


def test_a_violation_may_have_its_deadline_at_the_moment_of_the_notice(store: Store) -> None:
    enter_violation(store, "v1", status="pending", notified_at=NOW, deadline_at=NOW, by=BY)
    assert Violation.objects.get().deadline_at == NOW


@pytest.mark.parametrize("actor", ["main", "sub", "api", "buyer", "system"])
def test_the_same_event_by_another_actor_is_another_event(store: Store, actor: str) -> None:
    enter_event(store, "activity", "login", at=NOW, by=BY, actor=actor)
    enter_event(store, "activity", "login", at=NOW, by=BY, actor="nobody")
    assert set(StoreEvent.objects.values_list("actor", flat=True)) == {actor, "nobody"}


def test_a_note_is_cut_to_what_a_line_holds(store: Store) -> None:
    enter_event(store, "notice", "warning", at=NOW, by=by(note="x" * 900), answered_at=NOW)
    event = StoreEvent.objects.get()
    assert (len(event.note), event.answered_at) == (500, NOW)


@pytest.mark.parametrize(
    ("given", "held"), [("MYR", "MYR"), ("usd", "USD"), (None, "MYR"), ("", "MYR")], ids=["its own", "lower", "none", "empty"]
)
def test_a_balance_has_a_currency(store: Store, given: str | None, held: str) -> None:
    enter_balance(store, Money(Decimal("-18.25"), given), at=NOW, by=BY)
    event = BalanceEvent.objects.get()
    assert (event.amount, event.currency) == (Decimal("-18.25"), held)


def test_a_balance_read_again_at_the_same_moment_is_a_correction_and_a_reckoned_one_stays(store: Store) -> None:
    BalanceEvent.objects.create(store=store, at=NOW, amount=5, currency="MYR", origin="derived", observed_at=NOW)
    enter_balance(store, Money(Decimal(1), "MYR"), at=NOW, by=BY)
    enter_balance(store, Money(Decimal(2), "MYR"), at=NOW, by=BY)
    assert dict(BalanceEvent.objects.values_list("origin", "amount")) == {"derived": Decimal(5), "form": Decimal(2)}


def test_every_entry_is_in_the_audit_log_under_its_person_and_store(store: Store) -> None:
    before = Entry.objects.count()
    enter_fact(store, "ahr", 165, as_of=NOW, by=BY)
    enter_points(store, "p1", 2, issued_at=NOW, by=BY)
    enter_violation(store, "v1", status="pending", by=BY)
    enter_event(store, "activity", "login", at=NOW, by=BY)
    enter_balance(store, Money(Decimal(1), "MYR"), at=NOW, by=BY)
    made = list(Entry.objects.order_by("id"))[before:]
    assert [entry.action for entry in made] == [
        "records.enter_fact",
        "records.enter_points",
        "records.enter_violation",
        "records.enter_activity",
        "records.enter_balance",
    ]
    assert {(entry.actor, entry.subject) for entry in made} == {("ana@example.com", f"store:{store.key}")}
    assert sorted(Change.objects.values_list("kind", flat=True)) == ["activity", "balance", "fact", "points", "violation"]
