"""The call budget: spent fully, never exceeded, by however many workers."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.connectors.contract import Limits
from storeward.connectors.errors import RateLimited
from storeward.lib import clock
from storeward.stores.budget import HOLD, LONGEST_WAIT, SECONDS_A_DAY, Bucket, SharedBudget, claim
from storeward.stores.database import opened
from storeward.stores.models import App, CallBudget

FIFTY = Limits(calls_per_second=50, start_at_per_second=40, burst=8)


@given(
    limit=st.floats(min_value=10, max_value=10_000), start=st.floats(min_value=0.1, max_value=10_000), burst=st.integers(1, 1000)
)
def test_no_second_can_see_more_calls_than_the_limit(limit: float, start: float, burst: int) -> None:
    bucket = Bucket.by_second(Limits(calls_per_second=limit, start_at_per_second=start, burst=burst))
    assert bucket.start <= bucket.ceiling
    assert bucket.burst + bucket.ceiling * (1 + HOLD) <= limit + 1e-6


@given(st.integers(min_value=10, max_value=10_000_000))
def test_no_day_can_see_more_calls_than_the_quota(quota: int) -> None:
    bucket = Bucket.by_day(quota)
    assert bucket.burst + bucket.ceiling * SECONDS_A_DAY <= quota + 1e-6


def spend(app: App, *, workers: int, seconds: float, limits: Limits = FIFTY) -> list[float]:
    """When each call of several workers was allowed, in seconds on one clock."""
    moments: list[float] = []

    async def worker(until: float) -> None:
        budget = SharedBudget(app_id=app.pk, limits=limits)
        while clock.monotonic() < until:
            await budget.acquire("key", "749", "getOrderList")
            moments.append(clock.monotonic())

    async def main() -> None:
        async with opened(workers):
            until = clock.monotonic() + seconds
            await asyncio.gather(*(worker(until) for _ in range(workers)))

    asyncio.run(main())
    return moments


def busiest_second(moments: list[float]) -> int:
    return max(sum(1 for other in moments if start <= other < start + 1) for start in moments)


def test_four_workers_together_keep_the_limit_and_use_most_of_it(app: App) -> None:
    moments = spend(app, workers=4, seconds=2.0)
    assert busiest_second(moments) <= 50
    assert len(moments) >= 50
    assert CallBudget.objects.get().calls >= len(moments)


def test_the_rate_grows_while_all_goes_well(app: App) -> None:
    spend(app, workers=1, seconds=0.6, limits=Limits(calls_per_second=50, start_at_per_second=5, burst=8))
    assert CallBudget.objects.get().rate > 5


def test_after_too_many_requests_nobody_calls_and_the_rate_is_halved(app: App) -> None:
    async def main() -> None:
        async with opened(2):
            budget = SharedBudget(app_id=app.pk, limits=FIFTY)
            await budget.acquire("key", "749", "getOrderList")
            await budget.blocked("key", "749", "getOrderList", clock.now() + timedelta(seconds=LONGEST_WAIT + 60))
            other = SharedBudget(app_id=app.pk, limits=FIFTY)
            with pytest.raises(RateLimited) as refused:
                await other.acquire("key", "749", "getOrderList")
            assert refused.value.retry_at is not None
            assert refused.value.retry_at > clock.now() + timedelta(seconds=LONGEST_WAIT)
            await other.acquire("key", "749", "searchPackage")
            await other.acquire("key", "750", "getOrderList")

    asyncio.run(main())
    assert CallBudget.objects.get(platform_store_id="749", endpoint="getOrderList").rate <= 21


def test_a_daily_quota_is_counted_for_its_group_of_calls(app: App) -> None:
    limits = Limits(
        calls_per_second=50,
        start_at_per_second=40,
        burst=8,
        calls_per_day={"chat": 10},
        day_groups={"getConversations": "chat", "getConversationMessages": "chat"},
    )

    async def main() -> None:
        async with opened(2):
            budget = SharedBudget(app_id=app.pk, limits=limits)
            await budget.acquire("key", "749", "getConversations")
            await budget.acquire("key", "749", "getConversationMessages")
            with pytest.raises(RateLimited):
                await budget.acquire("key", "749", "getConversations")
            await budget.acquire("key", "749", "getOrderList")

    asyncio.run(main())


def test_a_claim_never_grants_more_than_there_is(app: App) -> None:
    bucket = Bucket(burst=3, start=0.001, ceiling=0.001, growth=0)

    async def main() -> list[int]:
        async with opened(4):
            claims = [claim(app_id=app.pk, store="749", endpoint="x", want=2, bucket=bucket) for _ in range(6)]
            return [got.granted for got in await asyncio.gather(*claims)]

    assert sum(asyncio.run(main())) == 3
