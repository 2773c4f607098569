"""The platform's call limit, shared by all workers on all hosts, spent fully and never exceeded.

One token bucket per app, store and endpoint, as a row; where a platform's limit holds for an app with all its stores, one more
that they share. Its figures make the promise arithmetic: the bucket holds `burst` tokens, refills at `rate`, and a claimed token
is used within `HOLD` seconds or thrown away, so that no second ever sees more than

    burst + rate x (1 + HOLD)  <=  0.1 x limit + 0.8 x limit x 1.1  <  limit

calls, whatever the number of workers. A call takes from all its buckets by one statement, which locks their rows in one order:
so no worker waits for another in a ring. The clock is the database's own: workers' clocks differ.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from storeward.connectors.contract import Limits
from storeward.connectors.errors import RateLimited
from storeward.connectors.registry import connector_for
from storeward.lib import clock
from storeward.stores.database import connection
from storeward.stores.models import CallBudget, Store

HOLD = 0.1
CHUNK = 4
"""Tokens per round trip at most; what is not used within HOLD is lost, so a slow caller claims one."""
MOST_CLAIMS = 100
"""A database that takes longer than HOLD to answer grants nothing that may still be used: give up rather than ask for ever."""
LONGEST_WAIT = 5.0
"""Seconds to wait for a token before giving the worker to another store."""
SECONDS_A_DAY = 86_400

ALL_STORES: Final = ""
"""Stands for the store in the rows that all stores of an app share."""
OF_APP: Final = "app:"
OF_DAY: Final = "day:"
"""What the endpoint of a row begins with that counts the calls of all stores, or those of a day."""

CLAIM = """
WITH wanted AS (
    SELECT * FROM unnest(
        %(stores)s::text[], %(endpoints)s::text[], %(bursts)s::float8[], %(ceilings)s::float8[], %(growths)s::float8[]
    ) AS one (store, endpoint, burst, ceiling, growth)
), held AS MATERIALIZED (
    SELECT b.id, clock_timestamp() AS at, b.tokens, b.rate, b.updated_at, b.blocked_until, w.burst, w.ceiling, w.growth
    FROM stores_callbudget b JOIN wanted w ON b.platform_store_id = w.store AND b.endpoint = w.endpoint
    WHERE b.app_id = %(app)s
    ORDER BY b.platform_store_id, b.endpoint
    FOR UPDATE OF b
), filled AS (
    SELECT id, at, rate, ceiling, growth, coalesce(blocked_until > at, false) AS blocked, blocked_until,
           least(burst, tokens + greatest(0, extract(epoch FROM at - updated_at)) * rate) AS tokens
    FROM held
), granted AS (
    SELECT CASE WHEN bool_or(blocked) OR count(*) < %(buckets)s THEN 0 ELSE least(%(want)s, floor(min(tokens))) END AS n
    FROM filled
)
UPDATE stores_callbudget b
SET tokens = f.tokens - g.n,
    updated_at = greatest(f.at, b.updated_at),
    rate = least(f.ceiling, f.rate + g.n * f.growth),
    calls = b.calls + g.n::bigint
FROM filled f CROSS JOIN granted g WHERE b.id = f.id
RETURNING g.n, f.tokens - g.n, f.rate, CASE WHEN f.blocked THEN f.blocked_until END
"""
OPEN = """
INSERT INTO stores_callbudget (app_id, platform_store_id, endpoint, tokens, rate, updated_at, calls)
SELECT %(app)s, store, endpoint, burst, start, clock_timestamp(), 0
FROM unnest(%(stores)s::text[], %(endpoints)s::text[], %(bursts)s::float8[], %(starts)s::float8[])
AS one (store, endpoint, burst, start)
ORDER BY store, endpoint
ON CONFLICT (app_id, platform_store_id, endpoint) DO NOTHING
"""
BLOCK = """
WITH held AS MATERIALIZED (
    SELECT b.id FROM stores_callbudget b JOIN unnest(%(stores)s::text[], %(endpoints)s::text[]) AS one (store, endpoint)
    ON b.platform_store_id = one.store AND b.endpoint = one.endpoint
    WHERE b.app_id = %(app)s ORDER BY b.platform_store_id, b.endpoint
    FOR UPDATE OF b
)
UPDATE stores_callbudget b
SET blocked_until = greatest(coalesce(b.blocked_until, 'epoch'), clock_timestamp() + make_interval(secs => %(seconds)s)),
    rate = CASE WHEN b.blocked_until > clock_timestamp() THEN b.rate ELSE greatest(%(floor)s, b.rate / 2) END,
    tokens = 0, updated_at = clock_timestamp()
FROM held h WHERE b.id = h.id
"""


@dataclass(frozen=True, slots=True)
class Bucket:
    """The figures of one bucket, in tokens and tokens a second."""

    burst: float
    start: float
    ceiling: float
    growth: float
    """How much each call that went well adds to the rate, until a 429 halves it."""

    @classmethod
    def by_second(cls, limits: Limits) -> "Bucket":
        """For a limit of calls a second: see the module's arithmetic."""
        limit = limits.calls_per_second
        return cls(
            burst=max(1.0, min(float(limits.burst), 0.1 * limit)),
            start=min(limits.start_at_per_second, 0.8 * limit),
            ceiling=0.8 * limit,
            growth=0.5,
        )

    @classmethod
    def by_app(cls, limit: float) -> "Bucket":
        """For a limit of calls a second that all stores of an app share. It is documented, so it need not be felt for."""
        return cls(burst=max(1.0, 0.1 * limit), start=0.8 * limit, ceiling=0.8 * limit, growth=0.5)

    @classmethod
    def by_day(cls, quota: int) -> "Bucket":
        """For a daily quota: a fifth of it at once, the rest over the day; together never more than the quota in 24 hours."""
        rate = 0.8 * quota / SECONDS_A_DAY
        return cls(burst=0.2 * quota, start=rate, ceiling=rate, growth=0.0)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a round trip brought: tokens, or how long to wait for one."""

    granted: int
    wait_seconds: float
    asked_at: float
    """On our monotonic clock: the tokens were granted after this. Waiting for a connection comes before it and ages no token."""


Name: TypeAlias = tuple[str, str]
"""A bucket of an app: (store, endpoint)."""
Buckets: TypeAlias = Mapping[Name, Bucket]


async def claim(*, app_id: int, want: int, buckets: Buckets) -> Claim:
    """Take up to `want` tokens out of each of these, as many as the emptiest has, in one statement."""
    values = {"app": app_id, "want": want, "buckets": len(buckets), **_columns(buckets)}
    async with connection() as conn:
        asked_at = clock.monotonic()
        rows = await (await conn.execute(CLAIM, values)).fetchall()
        if len(rows) < len(buckets):
            await conn.execute(OPEN, values)
            asked_at = clock.monotonic()
            rows = await (await conn.execute(CLAIM, values)).fetchall()
    granted = min(int(n) for n, *_ in rows)
    if granted:
        return Claim(granted, 0.0, asked_at)
    return Claim(0, max(0.001, *(_wait_for(left, rate, blocked_until) for _, left, rate, blocked_until in rows)), asked_at)


def _columns(buckets: Buckets) -> dict[str, list[Any]]:
    return {
        "stores": [store for store, _ in buckets],
        "endpoints": [endpoint for _, endpoint in buckets],
        "bursts": [float(bucket.burst) for bucket in buckets.values()],
        "starts": [float(bucket.start) for bucket in buckets.values()],
        "ceilings": [float(bucket.ceiling) for bucket in buckets.values()],
        "growths": [float(bucket.growth) for bucket in buckets.values()],
    }


def _wait_for(left: float, rate: float, blocked_until: datetime | None) -> float:
    """Seconds until this bucket has a token."""
    if blocked_until is not None:
        return max(0.0, (blocked_until - clock.now()).total_seconds())
    return max(0.0, (1.0 - left) / max(rate, 1e-6))


async def block(*, app_id: int, names: Collection[Name], seconds: float) -> None:
    """The platform said 'too many requests': nobody takes from these for `seconds`, and afterwards at half the rate. Calls that
    were under way together and are refused together halve it once.
    """
    where = {"stores": [store for store, _ in names], "endpoints": [endpoint for _, endpoint in names]}
    async with connection() as conn:
        await conn.execute(BLOCK, {"app": app_id, "seconds": seconds, "floor": 0.5, **where})


@dataclass(slots=True)
class _Held:
    """Tokens claimed and not yet used by this process."""

    tokens: int = 0
    until: float = 0.0
    used_at: float = 0.0


class SharedBudget:
    """One app's share of the limit, for the calls of one process; every process has its own, the rows are common.

    Is a `connectors.client.Budget`. `app` in its calls is the app's key, which this object was made for: the row holds its id.
    """

    def __init__(self, *, app_id: int, limits: Limits, now: Callable[[], datetime] = clock.now) -> None:
        self._app_id = app_id
        self._limits = limits
        self._now = now
        self._second = Bucket.by_second(limits)
        self._held: dict[tuple[str, str], _Held] = {}
        self._turns: dict[tuple[str, str], asyncio.Lock] = {}

    async def acquire(self, app: str, store: str, endpoint: str, n: int = 1) -> None:
        """Wait for the right to make `n` calls; RateLimited with `retry_at` where the wait would be long."""
        group = self._limits.day_groups.get(endpoint)
        for _ in range(n):
            await self._acquire(store, endpoint, self._buckets(store, endpoint))
            if group is not None:
                name = (store, OF_DAY + group)
                await self._acquire(*name, {name: Bucket.by_day(self._limits.calls_per_day[group])})

    async def blocked(self, app: str, store: str, endpoint: str, until: datetime) -> None:
        """The platform answered 'too many requests': every worker holds back until then, and goes on at half the rate. Where the
        platform counts the calls of all stores together, that concerns all of them.
        """
        seconds = max(0.1, (until - self._now()).total_seconds())
        self._held.pop((store, endpoint), None)
        await block(app_id=self._app_id, names=self._buckets(store, endpoint).keys(), seconds=seconds)

    def _buckets(self, store: str, endpoint: str) -> Buckets:
        """What a call takes from: the store's own, and the one of all stores where the platform counts so."""
        limit = self._limits.app_calls_per_second.get(endpoint)
        shared = {} if limit is None else {(ALL_STORES, OF_APP + endpoint): Bucket.by_app(limit)}
        return {(store, endpoint): self._second, **shared}

    async def _acquire(self, store: str, endpoint: str, buckets: Buckets) -> None:
        name = (store, endpoint)
        async with self._turns.setdefault(name, asyncio.Lock()):
            held = self._held.setdefault(name, _Held())
            for _ in range(MOST_CLAIMS):
                if held.tokens >= 1 and clock.monotonic() <= held.until:
                    held.tokens -= 1
                    held.used_at = clock.monotonic()
                    return
                await self._claim(held, endpoint, buckets)
            retry_at = self._now() + timedelta(seconds=LONGEST_WAIT)
            raise RateLimited("Our own call budget is told too slowly to be kept.", retry_at=retry_at, operation=endpoint)

    async def _claim(self, held: _Held, endpoint: str, buckets: Buckets) -> None:
        """Fill `held`: several tokens where the last call was a moment ago, so that a busy feed costs few round trips."""
        asked_at = clock.monotonic()
        want = CHUNK if asked_at - held.used_at < HOLD / CHUNK else 1
        got = await claim(app_id=self._app_id, want=want, buckets=buckets)
        held.tokens, held.until = got.granted, got.asked_at + HOLD
        if got.granted:
            return
        if got.wait_seconds > LONGEST_WAIT:
            retry_at = self._now() + timedelta(seconds=got.wait_seconds)
            raise RateLimited("Our own call budget is spent for now.", retry_at=retry_at, operation=endpoint)
        await clock.pause_async(got.wait_seconds)


@dataclass(frozen=True, slots=True)
class Spent:
    """How a store stands with its platform's call limit."""

    share: float
    """Of what may be called at once, in its most used bucket: 0 to 1."""
    pace: float
    """Of the documented rate, in its slowest bucket: it halves when the platform says 'too many requests'."""
    blocked_until: datetime | None


def spent(stores: Collection[Store], *, now: datetime) -> dict[int, Spent]:
    """Store -> what it has used of its call budget, of those that have called at all; by one query. What the stores of an app
    share counts for each that has called what it limits.
    """
    held = {(one.connection.app_id, one.platform_store_id): one for one in stores if one.connection is not None}
    rows = list(
        CallBudget.objects.filter(
            app_id__in={app for app, _ in held}, platform_store_id__in={ALL_STORES, *(number for _, number in held)}
        )
    )
    shared = {(row.app_id, row.endpoint): row for row in rows if row.platform_store_id == ALL_STORES}
    found: dict[int, Spent] = {}
    for row in rows:
        store = held.get((row.app_id, row.platform_store_id))
        if store is None:
            continue
        for part in filter(None, (row, shared.get((row.app_id, OF_APP + row.endpoint)))):
            one = _spent_of(part, _bucket(connector_for(store.platform).limits, part.endpoint), now)
            found[store.pk] = _worse(found.get(store.pk, one), one)
    return found


def _spent_of(row: CallBudget, bucket: Bucket, now: datetime) -> Spent:
    left = min(bucket.burst, row.tokens + max(0.0, (now - row.updated_at).total_seconds()) * row.rate)
    blocked = row.blocked_until if row.blocked_until is not None and row.blocked_until > now else None
    return Spent(1 - left / bucket.burst, row.rate / bucket.ceiling, blocked)


def _worse(one: Spent, other: Spent) -> Spent:
    until = max(filter(None, (one.blocked_until, other.blocked_until)), default=None)
    return Spent(max(one.share, other.share), min(one.pace, other.pace), until)


def _bucket(limits: Limits, endpoint: str) -> Bucket:
    """The figures behind a row's endpoint, whose prefix says what it counts."""
    group, operation = endpoint.removeprefix(OF_DAY), endpoint.removeprefix(OF_APP)
    if endpoint.startswith(OF_DAY) and group in limits.calls_per_day:
        return Bucket.by_day(limits.calls_per_day[group])
    if endpoint.startswith(OF_APP) and operation in limits.app_calls_per_second:
        return Bucket.by_app(limits.app_calls_per_second[operation])
    return Bucket.by_second(limits)
