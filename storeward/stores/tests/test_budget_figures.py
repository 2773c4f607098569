"""The figures of the call budget, and how a store stands with it, reckoned by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.connectors.contract import Limits
from storeward.connectors.registry import connector_for
from storeward.lib import clock
from storeward.stores import budget
from storeward.stores.budget import Bucket, Spent
from storeward.stores.models import CallBudget

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LIMITS = Limits(
    calls_per_second=50,
    start_at_per_second=5,
    burst=8,
    calls_per_day={"chat": 86_400},
    app_calls_per_second={"order/list": 100.0},
)


@pytest.mark.parametrize(
    ("limit", "start", "burst", "expected"),
    [
        (50, 5, 8, Bucket(5, 5, 40, 0.5)),
        (50, 5, 3, Bucket(3, 5, 40, 0.5)),
        (50, 45, 8, Bucket(5, 40, 40, 0.5)),
        (10, 5, 10, Bucket(1, 5, 8, 0.5)),
        (10, 20, 1, Bucket(1, 8, 8, 0.5)),
        (1000, 100, 50, Bucket(50, 100, 800, 0.5)),
    ],
)
def test_a_limit_of_calls_a_second_becomes_a_bucket(limit: float, start: float, burst: int, expected: Bucket) -> None:
    found = Bucket.by_second(Limits(calls_per_second=limit, start_at_per_second=start, burst=burst))
    assert (found.burst, found.start, found.ceiling, found.growth) == pytest.approx(
        (expected.burst, expected.start, expected.ceiling, expected.growth)
    )


@pytest.mark.parametrize(
    ("endpoint", "burst", "ceiling"),
    [
        ("order/list", 5, 40),  # of the store
        ("app:order/list", 10, 80),  # of all its stores
        ("app:never/heard", 5, 40),
        ("day:chat", 17_280, 0.8),
        ("day:never", 5, 40),
        ("anything", 5, 40),
        ("", 5, 40),
    ],
)
def test_what_a_row_counts_is_told_by_its_prefix(endpoint: str, burst: float, ceiling: float) -> None:
    found = budget._bucket(LIMITS, endpoint)
    assert (found.burst, found.ceiling) == pytest.approx((burst, ceiling))


@pytest.mark.parametrize(
    ("tokens", "rate", "seconds_ago", "share", "pace"),
    [
        (5.0, 40.0, 0, 0.0, 1.0),
        (0.0, 40.0, 0, 1.0, 1.0),
        (2.5, 40.0, 0, 0.5, 1.0),
        (0.0, 20.0, 0.1, 0.6, 0.5),
        (0.0, 0.5, 2, 0.8, 0.0125),
        (0.0, 40.0, 3600, 0.0, 1.0),
        (4.0, 10.0, -5, 0.2, 0.25),  # a row of a clock ahead of ours fills nothing
    ],
)
def test_what_is_used_is_what_has_not_filled_up_again(
    tokens: float, rate: float, seconds_ago: float, share: float, pace: float
) -> None:
    row = CallBudget(tokens=tokens, rate=rate, updated_at=NOW - timedelta(seconds=seconds_ago))
    found = budget._spent_of(row, Bucket.by_second(LIMITS), NOW)
    assert (found.share, found.pace) == pytest.approx((share, pace))
    assert found.blocked_until is None


@pytest.mark.parametrize(("minutes", "blocked"), [(-1, False), (0, False), (1, True), (60, True)])
def test_a_block_is_told_until_it_is_over(minutes: int, blocked: bool) -> None:
    until = NOW + timedelta(minutes=minutes)
    row = CallBudget(tokens=0, rate=20, updated_at=NOW, blocked_until=until)
    assert budget._spent_of(row, Bucket.by_second(LIMITS), NOW).blocked_until == (until if blocked else None)


moments = st.none() | st.integers(0, 100).map(lambda n: NOW + timedelta(minutes=n))
spents = st.builds(Spent, st.floats(0, 1), st.floats(0, 1), moments)


@given(spents, spents)
def test_the_worse_of_two_is_the_same_from_either_side_and_no_better_than_each(one: Spent, other: Spent) -> None:
    worse = budget._worse(one, other)
    assert worse == budget._worse(other, one)
    for each in (one, other):
        assert worse.share >= each.share
        assert worse.pace <= each.pace
        assert each.blocked_until is None or (worse.blocked_until is not None and worse.blocked_until >= each.blocked_until)
    assert budget._worse(one, one) == one


@pytest.mark.parametrize(
    ("left", "rate", "wait"),
    [(0.0, 10.0, 0.1), (0.5, 10.0, 0.05), (1.0, 10.0, 0.0), (3.0, 10.0, 0.0), (0.0, 0.5, 2.0), (-1.0, 1.0, 2.0), (0.0, 0.0, 1e6)],
)
def test_the_wait_for_a_token_is_what_fills_up_in_time(left: float, rate: float, wait: float) -> None:
    assert budget._wait_for(left, rate, None) == pytest.approx(wait)


def test_the_wait_for_the_end_of_a_block_is_never_below_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    assert budget._wait_for(5.0, 40.0, NOW + timedelta(seconds=7)) == 7.0
    assert budget._wait_for(5.0, 40.0, NOW - timedelta(seconds=7)) == 0.0


@pytest.mark.parametrize("platform", ["tiktok_shop", "shopee", "lazada", "douyin"])
def test_every_bucket_of_every_platform_can_give_a_call(platform: str) -> None:
    """And keeps its promise: what one second sees at most lies within the limit."""
    limits = connector_for(platform).limits
    second = Bucket.by_second(limits)
    assert second.burst >= 1
    assert second.start > 0
    assert second.burst + second.ceiling * (1 + budget.HOLD) <= limits.calls_per_second
    for limit in limits.app_calls_per_second.values():
        bucket = Bucket.by_app(limit)
        assert bucket.burst >= 1
        assert bucket.burst + bucket.ceiling * (1 + budget.HOLD) <= limit
    for group, quota in limits.calls_per_day.items():
        assert Bucket.by_day(quota).burst >= 1
        assert group in limits.day_groups.values(), "a quota that counts no call is kept by nobody"
    assert set(limits.day_groups.values()) <= set(limits.calls_per_day), (
        "a call counted in a group without a quota cannot be made"
    )


def test_a_call_takes_from_the_stores_bucket_and_from_that_of_all_where_there_is_one() -> None:
    shared = budget.SharedBudget(app_id=1, limits=LIMITS)
    assert list(shared._buckets("749", "order/list")) == [("749", "order/list"), ("", "app:order/list")]
    assert list(shared._buckets("749", "order/get")) == [("749", "order/get")]
