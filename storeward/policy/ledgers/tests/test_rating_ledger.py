"""The rating: start, window, scale, what an appeal takes back; snapshots against what the events explain."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storeward.policy.ledgers.rating import Rating, RatingLedger, distance, expiry_calendar, score_on, steps
from storeward.policy.ledgers.snapshots import Snapshot, latest, points_now, rating_now, unexplained
from storeward.policy.ledgers.tests.cast import START, day, entry, event, points_of, rating_of, seen


def score(ledger: RatingLedger, at: datetime) -> Decimal | None:
    found = score_on(ledger, at)
    return None if found is None else found.value


def told(number: float, value: int, origin: str = "form") -> Snapshot:
    return Snapshot(day(number), Decimal(value), origin, "a lead")


def test_a_store_starts_at_two_hundred_and_an_event_counts_for_180_days() -> None:
    ledger = rating_of(event(0, -30), event(20, 12, kind="quiz"))
    tick = timedelta(microseconds=1)
    moments = (day(-1), day(0), day(19), day(20), day(179.5), day(200) + timedelta(hours=2))
    assert [score(ledger, at) for at in moments] == [200, 170, 170, 182, 182, 200]
    leaves = expiry_calendar(ledger, day(30))
    assert seen([(gone.change.value, gone.events) for gone in leaves]) == [(30, ("v0",)), (-12, ("v20",))]
    assert score(ledger, leaves[0].at - tick) == 182
    assert score(ledger, leaves[0].at) == 212


def test_the_window_is_counted_in_days_of_the_store() -> None:
    leaves = expiry_calendar(rating_of(event(0, -30)), day(1))
    assert leaves[0].at == datetime(2026, 8, 29, 2, tzinfo=UTC), "19:00 of the store's own day, an hour earlier in summer time"


def test_the_score_never_leaves_the_scale_and_the_order_of_events_plays_no_part() -> None:
    down, up = event(0, -260), event(1, 900, kind="orders")
    assert score(rating_of(down), day(2)) == 0
    assert score(rating_of(down, up), day(2)) == 840
    assert score(rating_of(up, event(0, 400, kind="orders")), day(2)) == 1000


def test_what_an_appeal_takes_back_counts_until_then() -> None:
    ledger = rating_of(event(0, -60, lifted_at=day(9)))
    assert [score(ledger, day(n)) for n in (1, 8.9, 9, 100)] == [140, 140, 200, 200]
    assert expiry_calendar(ledger, day(10)) == ()


def test_an_event_of_unknown_size_makes_the_score_unknown() -> None:
    ledger = rating_of(event(0, None))
    assert [score(ledger, day(n)) for n in (-1, 1, 181)] == [200, None, 200]


def test_before_the_rating_was_there_and_in_other_markets_there_is_none() -> None:
    assert score(rating_of(), datetime(2025, 3, 1, tzinfo=UTC)) is None
    assert score(rating_of(region="MY"), day(0)) is None
    assert score(rating_of(region="UK"), day(0)) is None, "no source says where it starts there"


@pytest.mark.parametrize(
    ("value", "ahead", "by", "reached"),
    [(200, 150, 50, None), (151, 150, 1, None), (150, 100, 50, 150), (100, 50, 50, 100), (1, 0, 1, 50), (0, None, None, 0)],
)
def test_the_distance_is_counted_down_to_the_next_line(
    value: int, ahead: int | None, by: int | None, reached: int | None
) -> None:
    regime = rating_of().regime(day(0))
    assert regime is not None
    found = distance(regime, Rating(Decimal(value)))
    assert (found.to and found.to.at, found.by and found.by.value, found.reached and found.reached.at) == (ahead, by, reached)


def test_snapshots_tell_what_the_events_do_not_explain_and_since_when() -> None:
    ledger = rating_of(event(0, -30), event(20, -10))
    found = unexplained(ledger, [told(25, 150), told(5, 170), told(30, 150)])
    assert seen([(one.snapshot.value, one.rebuilt, one.unexplained, one.since_before) for one in found]) == [
        (170, 170, 0, 0),
        (150, 160, -10, -10),
        (150, 160, -10, 0),
    ]
    points = unexplained(points_of(entry(0, 4)), [told(1, 6)])
    assert seen([(one.rebuilt, one.unexplained) for one in points]) == [(4, 2)]
    assert unexplained(rating_of(region="UK"), [told(1, 190)])[0].unexplained is None


def test_the_rating_now_is_the_newest_snapshot_moved_on_by_the_events_since() -> None:
    ledger = rating_of(event(0, -30), event(20, -10))
    now = rating_now(ledger, [told(5, 164), told(50, 1)], day(40))
    assert now is not None
    assert seen((now.rating.value, now.unexplained, now.told and now.told.value)) == (154, -6, 164)
    assert latest([told(50, 1)], day(40)) is None
    alone = rating_now(ledger, [], day(40))
    assert alone is not None
    assert seen((alone.rating.value, alone.told)) == (160, None)
    assert rating_now(ledger, [], datetime(2020, 1, 1, tzinfo=UTC)) is None


def test_in_a_market_whose_scale_nobody_names_a_snapshot_stands_by_itself() -> None:
    now = rating_now(rating_of(region="UK"), [told(5, 164)], day(40))
    assert now is not None
    assert seen((now.rating.value, now.unexplained)) == (164, 0)
    assert rating_now(rating_of(region="UK"), [], day(40)) is None


def test_points_now_carry_what_a_snapshot_had_more_and_forget_one_from_before_the_reset() -> None:
    now = points_now(points_of(entry(0, 4), entry(20, 3)), [told(10, 6)], day(30))
    assert now is not None
    assert seen((now.points.value, now.unexplained)) == (9, 2)
    gone = points_now(points_of(entry(0, 4)), [told(10, 6)], day(95))
    assert gone is not None
    assert gone.points.value == 2
    less = points_now(points_of(entry(0, 4)), [told(10, 0)], day(95))
    assert less is not None
    assert less.points.value == 0, "never below nothing"
    old = points_now(points_of(entry(95, 4)), [told(10, 6)], day(100))
    assert old is not None
    assert seen((old.points.value, old.told)) == (4, None), "what it counted has gone by its age"
    closed = points_now(points_of(), [told(10, 50)], day(300))
    assert closed is not None
    assert closed.points.value == 50, "at the last line nothing is cleared"
    shopee = points_now(points_of(entry(0, 4), platform="Shopee"), [told(10, 6)], day(40))
    assert shopee is not None
    assert seen((shopee.points.value, shopee.told)) == (0, None)
    unknown = points_now(points_of(entry(0, None)), [told(10, 6)], day(30))
    assert unknown is not None
    assert unknown.points.value == 6
    assert points_now(points_of(entry(0, None)), [], day(30)) is None
    assert points_now(points_of(region="US"), [], day(30)) is None


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 300), st.integers(-80, 80)), max_size=12))
def test_steps_say_the_score_of_every_day_between(events: list[tuple[int, int]]) -> None:
    ledger = rating_of(*(event(n, c, f"{i}") for i, (n, c) in enumerate(events)))
    found = steps(ledger, START, day(400))
    for number in range(0, 400, 9):
        step = max((one for one in found if one.at <= day(number)), key=lambda one: one.at)
        assert step.score == score_on(ledger, day(number))
        assert step.score is not None
        assert 0 <= step.score.value <= 1000


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 170), st.integers(-9, 9)), max_size=8), st.integers(0, 200), st.integers(0, 170))
def test_a_snapshot_that_the_events_explain_leaves_nothing_open(events: list[tuple[int, int]], read: int, later: int) -> None:
    ledger = rating_of(*(event(n, c, f"{i}") for i, (n, c) in enumerate(events)))
    rebuilt = score(ledger, day(read))
    assert rebuilt is not None
    snapshot = Snapshot(day(read), rebuilt)
    assert unexplained(ledger, [snapshot])[0].unexplained == 0
    now = rating_now(ledger, [snapshot], day(read + later))
    assert now is not None
    assert now.rating == score_on(ledger, day(read + later))
