"""Points: every past day is rebuilt from its entries, by the terms of that day."""

import operator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storeward.policy.calendars import StoreCalendars, for_store
from storeward.policy.facts import Facts, PointEntry
from storeward.policy.ledgers import points
from storeward.policy.ledgers.points import Points, PointsLedger, distance, expiry_calendar, score_on, standing_on, steps
from storeward.policy.ledgers.rating import Rating
from storeward.policy.ledgers.tests.cast import START, day, entry, ground, points_of, seen
from storeward.policy.rules.base import Context
from storeward.policy.rules.points import active
from storeward.policy.terms import book
from storeward.policy.versions import Own, assemble


def total(ledger: PointsLedger, at: datetime) -> Decimal | None:
    score = score_on(ledger, at)
    return None if score is None else score.value


def test_an_entry_counts_from_its_instant_until_it_is_ninety_days_old() -> None:
    ledger = points_of(entry(0, 6))
    tick = timedelta(microseconds=1)
    read = [total(ledger, at) for at in (day(0) - tick, day(0), day(90) - tick, day(90))]
    assert read == [0, 6, 6, 0]


def test_entries_go_one_by_one_and_the_calendar_says_when() -> None:
    ledger = points_of(entry(0, 6, "a"), entry(10, 4, "b"), entry(10, 2, "c"))
    calendar = expiry_calendar(ledger, day(20))
    assert seen([(gone.at, gone.points.value, gone.entries) for gone in calendar]) == [
        (day(90), 6, ("a",)),
        (day(100), 6, ("b", "c")),
    ]
    assert [step.total.value for step in steps(ledger, day(-1), day(120)) if step.total] == [0, 6, 12, 6, 0]


def test_at_the_last_line_nothing_is_cleared_any_more() -> None:
    ledger = points_of(entry(0, 24), entry(50, 24))
    standing = standing_on(ledger, day(400))
    assert standing is not None
    assert seen((standing.total.value, standing.locked)) == (48, True)
    assert expiry_calendar(ledger, day(60)) == ()
    assert total(points_of(entry(0, 24), entry(90, 24)), day(91)) == 24, "gone at the very moment at which the next came"


def test_what_an_appeal_lifted_counts_until_then() -> None:
    ledger = points_of(entry(0, 2, original=Decimal(8), lifted_at=day(12)))
    assert [total(ledger, day(n)) for n in (5, 11.9, 12, 80)] == [8, 8, 2, 2]


def test_an_entry_without_points_makes_the_sum_unknown_while_it_may_count() -> None:
    assert total(points_of(entry(0, 3), entry(5, None)), day(6)) is None
    assert total(points_of(entry(0, 3), entry(5, None)), day(4)) == 3
    shopee = points_of(entry(-100, None), entry(1, 3), platform="Shopee")
    assert total(shopee, day(2)) == 3, "one from before the reset says nothing of now"


def test_points_of_a_quarter_go_on_its_first_monday_and_in_the_philippines_on_the_last() -> None:
    april, march = datetime(2026, 4, 5, 16, tzinfo=UTC), datetime(2026, 3, 29, 16, tzinfo=UTC)
    for region, reset in (("MY", april), ("PH", march)):
        ledger = points_of(entry(0, 4), entry(3, 2), platform="Shopee", region=region)
        assert total(ledger, reset - timedelta(seconds=1)) == 6
        assert total(ledger, reset) == 0
        (gone,) = expiry_calendar(ledger, day(5))
        assert seen((gone.at, gone.points.value, gone.reset)) == (reset, 6, True)
        assert [step.at for step in steps(ledger, day(-1), day(40))][-1] == reset


def test_each_platform_counts_by_its_own_terms() -> None:
    lazada = points_of(entry(0, 12), platform="Lazada")
    assert seen((total(lazada, day(364.9)), total(lazada, day(365)))) == (12, 0)
    us = points_of(entry(0, 12), region="US")
    assert total(us, day(1)) is None, "the market has a rating, no points"
    assert us.regime(day(1)) is None


def test_a_day_before_the_terms_is_told_by_the_superseded_ones() -> None:
    old = datetime(2025, 3, 1, tzinfo=UTC)
    ledger = PointsLedger(ground(), (points.Entry("old", old, Decimal(5)),))
    assert total(ledger, old + timedelta(days=91)) == 5, "180 days held then"
    assert total(ledger, datetime(2025, 6, 2, tzinfo=UTC)) == 0, "90 days since June 2025"
    changed = [step.at for step in steps(ledger, old, datetime(2025, 9, 1, tzinfo=UTC))]
    assert changed == [old, datetime(2025, 5, 31, 16, tzinfo=UTC)], "on the day of the new terms, at local midnight"


def test_where_nobody_knows_when_points_go_the_sum_is_not_told_until_the_team_says_so() -> None:
    kept = (entry(0, 5),)
    assert total(points_of(*kept, region="CN", platform="Douyin Shop"), day(3)) is None
    own = assemble(book(), (), [Own("DY-VP-EXPIRY", {"expiry_days": Decimal(60)}, date(2026, 1, 1))])
    ledger = points_of(*kept, region="CN", platform="Douyin Shop", rules=own)
    assert seen((total(ledger, day(59)), total(ledger, day(60)))) == (5, 0)


@pytest.mark.parametrize(
    ("value", "next_line", "by", "reached"),
    [(0, 12, 12, None), (11, 12, 1, None), (12, 24, 12, 12), (47, 48, 1, 36), (48, None, None, 48), (60, None, None, 48)],
)
def test_the_distance_to_the_next_line(value: int, next_line: int | None, by: int | None, reached: int | None) -> None:
    regime = points_of().regime(day(0))
    assert regime is not None
    found = distance(regime, Points(Decimal(value)))
    assert (found.to and found.to.at, found.by and found.by.value, found.reached and found.reached.at) == (
        next_line,
        by,
        reached,
    )


def test_shopee_has_five_lines_and_lazada_four() -> None:
    for platform, lines in (("Shopee", [3, 6, 9, 12, 15]), ("Lazada", [12, 24, 36, 48])):
        regime = points_of(platform=platform).regime(day(0))
        assert regime is not None
        assert [line.at for line in regime.lines] == lines


def test_one_more_entry_leaves_the_ledger_as_it_was() -> None:
    ledger = points_of(entry(0, 6))
    assert total(ledger.with_entry(entry(1, 7)), day(2)) == 13
    assert total(ledger, day(2)) == 6


def test_points_and_ratings_neither_add_nor_compare() -> None:
    some: Any = Points(Decimal(12))
    other: Any = Rating(Decimal(12))
    assert some != other
    for mix in (operator.add, operator.lt, operator.gt, operator.sub):
        with pytest.raises(TypeError):
            mix(some, other)


given_entries = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 20)), max_size=12)


@settings(max_examples=120, deadline=None)
@given(given_entries, st.integers(0, 320))
def test_the_sum_is_the_one_that_the_rules_judge_by(entries: list[tuple[int, int]], at: int) -> None:
    ledger = points_of(*(entry(n, p, f"{i}") for i, (n, p) in enumerate(entries)))
    store = ledger.ground.store
    context = Context(store, Facts(), day(at), book(), _calendars(ledger))
    facts = tuple(PointEntry(points=Decimal(p), issued_at=day(n)) for n, p in entries)
    judged = active(context, facts, Decimal(90), Decimal(48))
    assert judged is not None
    assert total(ledger, day(at)) == judged.total
    coming = expiry_calendar(ledger, day(at))
    if judged.next_expiry_at is not None and judged.total:
        assert min(gone.at for gone in coming) >= judged.next_expiry_at


@settings(max_examples=80, deadline=None)
@given(given_entries)
def test_steps_say_the_score_of_every_day_between(entries: list[tuple[int, int]]) -> None:
    ledger = points_of(*(entry(n, p, f"{i}") for i, (n, p) in enumerate(entries)))
    found = steps(ledger, START, day(300))
    for number in range(0, 300, 7):
        step = max((one for one in found if one.at <= day(number)), key=lambda one: one.at)
        assert step.total == score_on(ledger, day(number))


@settings(max_examples=80, deadline=None)
@given(given_entries, st.integers(0, 200))
def test_what_the_calendar_names_is_all_that_goes(entries: list[tuple[int, int]], at: int) -> None:
    ledger = points_of(*(entry(n, p, f"{i}") for i, (n, p) in enumerate(entries) if n <= at))
    standing = standing_on(ledger, day(at))
    assert standing is not None
    going = sum(gone.points.value for gone in expiry_calendar(ledger, day(at)))
    assert going == (0 if standing.locked else standing.total.value)


def _calendars(ledger: PointsLedger) -> StoreCalendars:
    return for_store(ledger.ground.store)
