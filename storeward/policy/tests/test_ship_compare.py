"""Orders under two books at once say what the engine says of each book by itself."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, UnsetType
from msgspec.structs import replace as changed

from storeward.policy.calendars import for_store
from storeward.policy.facts import OrderFacts
from storeward.policy.judge import verdict
from storeward.policy.rules.ship_by import TYPES, order_obligations, plan_for
from storeward.policy.rules.ship_compare import Comparison, soonest
from storeward.policy.terms import Book, book
from storeward.policy.tests.cast import moments, profile
from storeward.policy.types import State
from storeward.policy.versions import Change, Own, assemble

KINDS: list[dict[str, Any]] = [
    {"region": "MY"},
    {"region": "VN"},
    {"region": "TH", "programme": "same_day"},
    {"region": "US", "timezone": "America/New_York"},
    {"region": "PH", "seller_type": "cross_border"},
    {"region": "SG", "platform": "shopee"},
    {"region": "MY", "platform": "shopee", "programme": "mall"},
    {"region": "MY", "platform": "lazada"},
    {"region": "CN", "platform": "douyin"},
]
STEPS = ("rts_at", "tracking_added_at", "arranged_at", "shipped_at", "scanned_at", "in_transit_at", "delivered_at")


def stricter() -> Book:
    """The product's book with most order clocks changed, one rule ended and one asked figure given."""
    changes, own = [], [Own("DY-COLLECT-HOURS", {"hours": Decimal(30)}, date(2026, 6, 1))]
    for _, rule in book():
        if rule.form == "order":
            span = rule.terms[-1]
            figures = {name: figure + 1 for name, figure in span.figures.items()}
            new = changed(span, from_=date(2026, 7, 1), to=None, figures=figures)
            changes.append(Change(rule.id, new, ends=rule.id == "TTS-SEA-AUTOCANCEL-COLLECT"))
    return assemble(book(), changes, own)


AFTER = stricter()
instants = moments(date(2026, 6, 20), date(2026, 8, 20))
deeds: st.SearchStrategy[datetime | UnsetType | None] = st.one_of(instants, st.none(), st.just(UNSET))
orders = st.builds(
    OrderFacts,
    order_id=st.just("1"),
    placed_at=st.one_of(instants, st.none()),
    paid_at=st.one_of(instants, st.none()),
    type=st.sampled_from([*sorted(TYPES), "odd"]),
    handling_days=st.sampled_from([None, UNSET, Decimal(1), Decimal(4)]),
    first_mile=st.sampled_from(["pick_up", "drop_off"]),
    ship_by=deeds,
    cancelled_at=deeds,
    **dict.fromkeys(STEPS, deeds),
)


@given(st.sampled_from(KINDS), orders, instants)
def test_two_books_at_once_say_what_each_says_by_itself(kind: dict[str, Any], order: OrderFacts, now: datetime) -> None:
    store = profile(**kind)
    calendars = for_store(store)
    comparison = Comparison(plan_for(store, calendars, book()), plan_for(store, calendars, AFTER))
    found = {twice.rule: twice for twice in comparison.of(order)}
    for rules, side in ((book(), "before"), (AFTER, "after")):
        single = {duty.rule: duty for duty in order_obligations(store, [order], calendars, rules)}
        assert {rule for rule, twice in found.items() if getattr(twice, side) is not None} == set(single)
        for rule, duty in single.items():
            twice = found[rule]
            assert (getattr(twice, side), twice.starts_at) == (duty.due_at, duty.starts_at)
            outcome = verdict(duty, now)
            assert twice.broken(duty.due_at, now) is (outcome is not None and outcome[0] is State.BREACHED)


@given(st.sampled_from(KINDS), orders, instants)
def test_a_book_never_differs_from_itself(kind: dict[str, Any], order: OrderFacts, now: datetime) -> None:
    store = profile(**kind)
    plan = plan_for(store, for_store(store), AFTER)
    for twice in Comparison(plan, plan).of(order):
        assert twice.before == twice.after
        assert twice.broken(twice.before, now) is twice.broken(twice.after, now)


@pytest.mark.parametrize(("shipped", "broken"), [("07-31", (False, False)), ("08-04", (True, False)), ("08-05", (True, True))])
def test_a_day_more_spares_exactly_the_orders_of_that_day(shipped: str, broken: tuple[bool, bool]) -> None:
    store = profile("MY")
    placed = datetime(2026, 7, 30, 3, tzinfo=UTC)  # a Thursday: two working days end on Monday 3 August
    done = datetime.fromisoformat(f"2026-{shipped}T03:00:00+00:00")
    steps: dict[str, Any] = dict.fromkeys(STEPS, done)
    order = OrderFacts(order_id="1", placed_at=placed, type="standard", **steps)
    calendars = for_store(store)
    comparison = Comparison(plan_for(store, calendars, book()), plan_for(store, calendars, AFTER))
    twice = next(t for t in comparison.of(order) if t.rule == "TTS-SEA-SHIP-2WD")
    now = placed + timedelta(days=30)
    assert (twice.broken(twice.before, now), twice.broken(twice.after, now)) == broken


@given(st.sampled_from(range(len(KINDS))), orders, st.timedeltas(timedelta(0), timedelta(days=5)))
def test_what_is_collected_sooner_than_anything_is_due_breaks_neither_book(
    number: int, order: OrderFacts, after: timedelta
) -> None:
    comparison, least = compared(number)
    if least is None or not isinstance(order.placed_at, datetime) or after > least:
        return
    steps: dict[str, Any] = {**dict.fromkeys(STEPS[:3]), **dict.fromkeys(STEPS[3:6], order.placed_at + after)}
    quick = OrderFacts(order_id="1", placed_at=order.placed_at, type=order.type, handling_days=order.handling_days, **steps)
    for twice in comparison.of(quick):
        now = order.placed_at + timedelta(days=60)
        assert not twice.broken(twice.before, now)
        assert not twice.broken(twice.after, now)


@cache
def compared(number: int) -> tuple[Comparison, timedelta | None]:
    """The two books for one of the kinds, by the rows that are met when the courier has the parcel."""
    store = profile(**KINDS[number])
    plans = [plan_for(store, for_store(store), without_delivery(rules)) for rules in (book(), AFTER)]
    comparison = Comparison(plans[0], plans[1])
    return comparison, soonest(comparison, date(2026, 6, 20), date(2026, 8, 20))


def without_delivery(rules: Book) -> Book:
    """Without rows of orders that ask for the delivery, or for a day that the platform promises."""
    kept = {folder: tuple(r for r in held if not _asks_more(r.with_)) for folder, held in rules.rules.items()}
    return replace(rules, rules=kept)


def _asks_more(settings: dict[str, Any]) -> bool:
    return settings.get("step") == "delivered_at" or "promised" in settings.get("clocks", {}).values()


def test_there_are_kinds_of_stores_where_nothing_is_due_for_hours() -> None:
    found = [compared(number)[1] for number in range(len(KINDS))]
    assert sum(least is not None for least in found) >= 3


@pytest.mark.parametrize(
    ("kind", "hours"),
    [({"region": "MY"}, 23), ({"region": "SG", "platform": "shopee"}, None)],
)
def test_how_soon_something_may_be_due_depends_on_the_kind_of_store(kind: dict[str, Any], hours: int | None) -> None:
    store = profile(**kind)
    plan = plan_for(store, for_store(store), without_delivery(book()))
    found = soonest(Comparison(plan, plan), date(2026, 6, 20), date(2026, 8, 20))
    assert (found is None) is (hours is None)
    assert found is None or found >= timedelta(hours=hours or 0)
