"""Facts that people enter: checked, recorded with who and how, and told to the next stage."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.audit.models import Entry
from storeward.lib.money import Money
from storeward.records.demo import enter_demo_facts
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
)
from storeward.records.models import BalanceEvent, Change, Origin, PointsEntry, StoreEvent, StoreFact, Violation
from storeward.stores.models import Store

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BY = By("ana@example.com", NOW)
EARLIER = NOW - timedelta(hours=2)


def changes() -> list[tuple[str, str]]:
    return list(Change.objects.order_by("id").values_list("kind", "platform_id"))


def test_a_fact_keeps_who_how_and_when_and_is_told(store: Store) -> None:
    enter_fact(store, "ahr", {"score": 165}, as_of=EARLIER, by=BY)
    fact = StoreFact.objects.get()
    assert (fact.value, fact.origin, fact.entered_by, fact.as_of, fact.observed_at) == (
        {"score": 165},
        Origin.FORM,
        "ana@example.com",
        EARLIER,
        NOW,
    )
    assert changes() == [("fact", "ahr")]
    entry = Entry.objects.get(action="records.enter_fact")
    assert (entry.actor, entry.subject) == ("ana@example.com", f"store:{store.key}")


def test_a_newer_value_does_not_erase_the_older(store: Store) -> None:
    enter_fact(store, "ahr", {"score": 165}, as_of=EARLIER, by=BY)
    enter_fact(store, "ahr", {"score": 150}, as_of=NOW, by=BY)
    assert StoreFact.objects.count() == 2


def test_the_same_instant_again_corrects(store: Store) -> None:
    for score in (1650, 165):
        enter_fact(store, "ahr", {"score": score}, as_of=EARLIER, by=By("ana@example.com", NOW, Origin.FILE))
    fact = StoreFact.objects.get()
    assert (fact.value, fact.origin) == ({"score": 165}, Origin.FILE)


def test_points_are_entries_with_their_day(store: Store) -> None:
    enter_points(store, " VP-1 ", "12.5", issued_at=EARLIER, by=BY, reason="Late dispatch")
    entry = PointsEntry.objects.get()
    assert (entry.platform_id, entry.points, entry.issued_at, entry.origin) == ("VP-1", Decimal("12.50"), EARLIER, "form")
    assert changes() == [("points", "VP-1")]


def test_a_violation_has_a_remedy_clock(store: Store) -> None:
    deadline = NOW + timedelta(days=30)
    enter_violation(store, "V1", status="pending", notified_at=EARLIER, deadline_at=deadline, by=BY, details={"appeals": []})
    row = Violation.objects.get()
    assert (row.status, row.deadline_at, row.data["appeals"]) == ("pending", deadline, [])


@pytest.mark.parametrize(
    ("family", "kind"), [("activity", "login"), ("notice", "inactivity_reminder"), ("attestation", "INS-16")]
)
def test_events_are_activities_notices_and_attestations(store: Store, family: str, kind: str) -> None:
    enter_event(store, family, kind, at=EARLIER, by=BY)
    enter_event(store, family, kind, at=EARLIER, by=BY)
    event = StoreEvent.objects.get()
    assert (event.family, event.type, event.entered_by) == (family, kind, "ana@example.com")
    assert changes()[0] == (family, kind)


def test_a_balance_is_in_the_stores_currency_unless_said_otherwise(store: Store) -> None:
    enter_balance(store, Money(Decimal("-12.50"), None), at=EARLIER, by=BY)
    event = BalanceEvent.objects.get()
    assert (event.amount, event.currency, event.origin) == (Decimal("-12.5"), "MYR", "form")


LATER = NOW + timedelta(days=1)
NAIVE = datetime(2026, 11, 20, 9, 0)  # noqa: DTZ001 - that is the mistake
BAD: list[tuple[str, Callable[[Store], Any]]] = [
    ("as_of", lambda store: enter_fact(store, "ahr", {}, as_of=LATER, by=BY)),
    ("as_of", lambda store: enter_fact(store, "ahr", {}, as_of=NAIVE, by=BY)),
    ("as_of", lambda store: enter_fact(store, "ahr", {}, as_of=datetime(1970, 1, 1, tzinfo=UTC), by=BY)),
    ("name", lambda store: enter_fact(store, " ", {}, as_of=EARLIER, by=BY)),
    ("points", lambda store: enter_points(store, "1", "many", issued_at=EARLIER, by=BY)),
    ("points", lambda store: enter_points(store, "1", -1, issued_at=EARLIER, by=BY)),
    ("points", lambda store: enter_points(store, "1", "NaN", issued_at=EARLIER, by=BY)),
    ("id", lambda store: enter_points(store, " ", 1, issued_at=EARLIER, by=BY)),
    ("issued_at", lambda store: enter_points(store, "1", 1, issued_at=LATER, by=BY)),
    ("status", lambda store: enter_violation(store, "1", status="", by=BY)),
    ("deadline_at", lambda store: enter_violation(store, "1", status="p", notified_at=NOW, deadline_at=EARLIER, by=BY)),
    ("family", lambda store: enter_event(store, "gossip", "x", at=EARLIER, by=BY)),
    ("type", lambda store: enter_event(store, "notice", "", at=EARLIER, by=BY)),
    ("currency", lambda store: enter_balance(store, Money(Decimal(1), "ringgit"), at=EARLIER, by=BY)),
    ("amount", lambda store: enter_balance(store, Money(Decimal(10) ** 20, "MYR"), at=EARLIER, by=BY)),
    ("origin", lambda store: enter_fact(store, "ahr", {}, as_of=EARLIER, by=By("a", NOW, Origin.API))),
    ("who", lambda store: enter_fact(store, "ahr", {}, as_of=EARLIER, by=By(" ", NOW))),
]


@pytest.mark.parametrize(("field", "enter"), BAD)
def test_bad_input_names_the_field_and_stores_nothing(store: Store, field: str, enter: Callable[[Store], Any]) -> None:
    with pytest.raises(BadEntry) as refused:
        enter(store)
    assert refused.value.field == field
    assert refused.value.message
    assert not Change.objects.exists()
    assert not StoreFact.objects.exists()
    assert not Entry.objects.filter(action__startswith="records.").exists()


@given(st.text(max_size=30))
def test_any_text_is_a_number_within_bounds_or_refused(text: str) -> None:
    try:
        figure = number("amount", text)
    except BadEntry:
        return
    assert figure.is_finite()
    assert abs(figure) <= 10**12


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_accepted_instant_is_neither_future_nor_ancient(at: datetime) -> None:
    try:
        assert past("at", at, NOW) == at
    except BadEntry:
        assert at > NOW or at.year < 2015


def test_demo_facts_are_the_same_for_the_same_store_and_not_doubled(store: Store) -> None:
    assert enter_demo_facts([store], now=NOW) == 1
    facts = list(StoreFact.objects.values_list("name", "value", "as_of"))
    assert enter_demo_facts([store], now=NOW + timedelta(minutes=5)) == 0
    assert list(StoreFact.objects.values_list("name", "value", "as_of")) == facts
    idle = StoreEvent.objects.get(type="login")
    assert timedelta(days=58) <= NOW - idle.at < timedelta(days=59)
    assert idle.origin == Origin.FORM
