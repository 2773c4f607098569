"""The call budget: spent fully, never exceeded, by however many workers."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.connectors.contract import Limits
from storeward.connectors.errors import RateLimited
from storeward.lib import clock
from storeward.stores import budget
from storeward.stores.budget import HOLD, LONGEST_WAIT, SECONDS_A_DAY, Bucket, SharedBudget, claim
from storeward.stores.database import connection, opened
from storeward.stores.models import App, CallBudget

FIFTY = Limits(calls_per_second=50, start_at_per_second=40, burst=8)


@given(
    limit=st.floats(min_value=10, max_value=10_000), start=st.floats(min_value=0.1, max_value=10_000), burst=st.integers(1, 1000)
)
def test_no_second_can_see_more_calls_than_the_limit(limit: float, start: float, burst: int) -> None:
    bucket = Bucket.by_second(Limits(calls_per_second=limit, start_at_per_second=start, burst=burst))
    assert bucket.start <= bucket.ceiling
    assert bucket.burst + bucket.ceiling * (1 + HOLD) <= limit + 1e-6


@given(st.floats(min_value=10, max_value=10_000))
def test_no_second_can_see_more_calls_of_an_app_than_its_limit(limit: float) -> None:
    bucket = Bucket.by_app(limit)
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
    assert len(moments) > FIFTY.burst, "more than the bucket held at first"
    assert CallBudget.objects.get().calls >= len(moments)


def test_a_database_that_answers_too_late_ends_the_call_instead_of_asking_for_ever(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "HOLD", -0.5)  # whatever is granted has lapsed by the time we hear of it
    quick = Limits(calls_per_second=10_000, start_at_per_second=10_000, burst=1_000)
    with pytest.raises(RateLimited, match="told too slowly"):
        spend(app, workers=1, seconds=60, limits=quick)


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
    buckets = {("749", "x"): Bucket(burst=3, start=0.001, ceiling=0.001, growth=0)}

    async def main() -> list[int]:
        async with opened(4):
            claims = [claim(app_id=app.pk, want=2, buckets=buckets) for _ in range(6)]
            return [got.granted for got in await asyncio.gather(*claims)]

    assert sum(asyncio.run(main())) == 3


TWENTY_IN_ALL = Limits(
    calls_per_second=50, start_at_per_second=40, burst=8, app_calls_per_second={"product.listV2": 20, "order.searchList": 30}
)


def spend_of_stores(app: App, *, stores: int, seconds: float) -> list[float]:
    """When each call of one method was allowed, with so many stores calling it at once, each from a worker of its own."""
    moments: list[float] = []

    async def worker(store: str, until: float) -> None:
        budget = SharedBudget(app_id=app.pk, limits=TWENTY_IN_ALL)
        while clock.monotonic() < until:
            await budget.acquire("key", store, "product.listV2")
            moments.append(clock.monotonic())

    async def main() -> None:
        async with opened(stores):
            until = clock.monotonic() + seconds
            await asyncio.gather(*(worker(str(number), until) for number in range(stores)))

    asyncio.run(main())
    return moments


def test_many_stores_of_an_app_together_keep_the_limit_of_the_app(app: App) -> None:
    moments = spend_of_stores(app, stores=8, seconds=1.5)
    assert busiest_second(moments) <= 20
    shared = CallBudget.objects.get(platform_store_id="", endpoint="app:product.listV2")
    own = CallBudget.objects.filter(endpoint="product.listV2")
    assert own.count() == 8
    assert shared.calls == sum(row.calls for row in own) >= len(moments)


def test_a_store_takes_nothing_of_its_own_where_the_app_has_nothing_left(app: App) -> None:
    empty, full = Bucket(burst=2, start=0.001, ceiling=0.001, growth=0), Bucket(burst=9, start=9, ceiling=9, growth=0)

    async def main() -> list[int]:
        async with opened(2):
            taken = [claim(app_id=app.pk, want=2, buckets={(store, "x"): full, ("", "app:x"): empty}) for store in "abc"]
            return [(await one).granted for one in taken]

    assert asyncio.run(main()) == [2, 0, 0]
    assert {row.platform_store_id: row.calls for row in CallBudget.objects.all()} == {"a": 2, "b": 0, "c": 0, "": 2}


def test_too_many_requests_of_one_store_hold_back_all_where_the_platform_counts_them_together(app: App) -> None:
    async def main() -> None:
        async with opened(2):
            budget = SharedBudget(app_id=app.pk, limits=TWENTY_IN_ALL)
            for store in "ab":
                await budget.acquire("key", store, "product.listV2")
            until = clock.now() + timedelta(seconds=LONGEST_WAIT + 60)
            for _ in range(4):
                await budget.blocked("key", "a", "product.listV2", until)
            with pytest.raises(RateLimited):
                await SharedBudget(app_id=app.pk, limits=TWENTY_IN_ALL).acquire("key", "b", "product.listV2")
            await budget.acquire("key", "b", "order.searchList")
            await budget.acquire("key", "b", "order.orderDetail")

    asyncio.run(main())
    # Halved once: the four refusals came while nobody was to call anyway.
    assert CallBudget.objects.get(endpoint="app:product.listV2").rate == pytest.approx(8, abs=0.6)


def test_workers_that_claim_and_block_at_once_never_wait_in_a_ring(app: App) -> None:
    async def worker(number: int) -> None:
        budget = SharedBudget(app_id=app.pk, limits=TWENTY_IN_ALL)
        for turn in range(12):
            endpoint = ("product.listV2", "order.searchList")[(number + turn) % 2]
            buckets = budget._buckets(str((number + turn) % 3), endpoint)
            await claim(app_id=app.pk, want=1, buckets=buckets if turn % 2 else dict(reversed(list(buckets.items()))))
            if turn % 3 == number % 3:
                await budget.blocked("key", str(number % 3), endpoint, clock.now())

    async def main() -> None:
        async with opened(8):
            await asyncio.gather(*(worker(number) for number in range(8)))

    asyncio.run(main())
    assert CallBudget.objects.count() == 8


def test_waiting_for_a_connection_makes_no_token_too_old(app: App) -> None:
    """A busy worker has fewer connections than calls that wait for one."""

    async def main() -> None:
        async with opened(1):
            budget = SharedBudget(app_id=app.pk, limits=FIFTY)
            async with connection():
                waiting = asyncio.create_task(budget.acquire("key", "749", "getOrderList"))
                await clock.pause_async(HOLD * 2)
            await waiting

    asyncio.run(main())
    assert CallBudget.objects.get().calls == 1
