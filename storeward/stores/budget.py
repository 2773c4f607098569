"""The platform's call limit, shared by all workers on all hosts, spent fully and never exceeded.

One token bucket per app, store and endpoint, as a row. Its figures make the promise arithmetic: the bucket holds `burst` tokens,
refills at `rate`, and a claimed token is used within `HOLD` seconds or thrown away, so that no second ever sees more than

    burst + rate x (1 + HOLD)  <=  0.1 x limit + 0.8 x limit x 1.1  <  limit

calls, whatever the number of workers. The clock is the database's own: workers' clocks differ.
"""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from storeward.connectors.contract import Limits
from storeward.connectors.errors import RateLimited
from storeward.connectors.registry import connector_for
from storeward.lib import clock
from storeward.stores.database import connection
from storeward.stores.models import CallBudget, Store

HOLD = 0.1
CHUNK = 4
"""Tokens per round trip at most; what is not used within HOLD is lost, so a slow caller claims one."""
LONGEST_WAIT = 5.0
"""Seconds to wait for a token before giving the worker to another store."""
SECONDS_A_DAY = 86_400

CLAIM = """
WITH now AS MATERIALIZED (
    SELECT id, clock_timestamp() AS at, tokens, rate, updated_at, blocked_until
    FROM stores_callbudget
    WHERE app_id = %(app)s AND platform_store_id = %(store)s AND endpoint = %(endpoint)s
    FOR UPDATE
), filled AS (
    SELECT id, at, rate, coalesce(blocked_until > at, false) AS blocked, blocked_until,
           least(%(burst)s, tokens + greatest(0, extract(epoch FROM at - updated_at)) * rate) AS tokens
    FROM now
), granted AS (
    SELECT *, CASE WHEN blocked THEN 0 ELSE least(%(want)s, floor(tokens)) END AS n FROM filled
)
UPDATE stores_callbudget b
SET tokens = g.tokens - g.n,
    updated_at = greatest(g.at, b.updated_at),
    rate = least(%(ceiling)s, g.rate + g.n * %(growth)s),
    calls = b.calls + g.n::bigint
FROM granted g WHERE b.id = g.id
RETURNING g.n, g.tokens - g.n, g.rate, CASE WHEN g.blocked THEN g.blocked_until END
"""
OPEN = """
INSERT INTO stores_callbudget (app_id, platform_store_id, endpoint, tokens, rate, updated_at, calls)
VALUES (%(app)s, %(store)s, %(endpoint)s, %(burst)s, %(start)s, clock_timestamp(), 0)
ON CONFLICT (app_id, platform_store_id, endpoint) DO NOTHING
"""
BLOCK = """
UPDATE stores_callbudget
SET blocked_until = greatest(coalesce(blocked_until, 'epoch'), clock_timestamp() + make_interval(secs => %(seconds)s)),
    rate = greatest(%(floor)s, rate / 2), tokens = 0, updated_at = clock_timestamp()
WHERE app_id = %(app)s AND platform_store_id = %(store)s AND endpoint = %(endpoint)s
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
    def by_day(cls, quota: int) -> "Bucket":
        """For a daily quota: a fifth of it at once, the rest over the day; together never more than the quota in 24 hours."""
        rate = 0.8 * quota / SECONDS_A_DAY
        return cls(burst=0.2 * quota, start=rate, ceiling=rate, growth=0.0)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a round trip brought: tokens, or how long to wait for one."""

    granted: int
    wait_seconds: float


async def claim(*, app_id: int, store: str, endpoint: str, want: int, bucket: Bucket) -> Claim:
    """Take up to `want` tokens, in one statement."""
    names = {"app": app_id, "store": store, "endpoint": endpoint}
    figures = {"burst": bucket.burst, "ceiling": bucket.ceiling, "growth": bucket.growth, "want": want}
    async with connection() as conn:
        row = await (await conn.execute(CLAIM, names | figures)).fetchone()
        if row is None:
            await conn.execute(OPEN, names | {"burst": bucket.burst, "start": bucket.start})
            row = await (await conn.execute(CLAIM, names | figures)).fetchone()
    assert row is not None
    granted, left, rate, blocked_until = row
    if granted:
        return Claim(int(granted), 0.0)
    if blocked_until is not None:
        return Claim(0, max(0.0, (blocked_until - clock.now()).total_seconds()))
    return Claim(0, max(0.001, (1.0 - float(left)) / max(float(rate), 1e-6)))


async def block(*, app_id: int, store: str, endpoint: str, seconds: float) -> None:
    """The platform said 'too many requests': nobody asks this again for `seconds`, and afterwards at half the rate."""
    values = {"app": app_id, "store": store, "endpoint": endpoint, "seconds": seconds, "floor": 0.5}
    async with connection() as conn:
        await conn.execute(BLOCK, values)


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
            await self._acquire(store, endpoint, self._second)
            if group is not None:
                await self._acquire(store, f"day:{group}", Bucket.by_day(self._limits.calls_per_day[group]))

    async def blocked(self, app: str, store: str, endpoint: str, until: datetime) -> None:
        """The platform answered 'too many requests': every worker holds back until then, and goes on at half the rate."""
        seconds = max(0.1, (until - self._now()).total_seconds())
        self._held.pop((store, endpoint), None)
        await block(app_id=self._app_id, store=store, endpoint=endpoint, seconds=seconds)

    async def _acquire(self, store: str, endpoint: str, bucket: Bucket) -> None:
        name = (store, endpoint)
        async with self._turns.setdefault(name, asyncio.Lock()):
            held = self._held.setdefault(name, _Held())
            while held.tokens < 1 or clock.monotonic() > held.until:
                await self._claim(held, store, endpoint, bucket)
            held.tokens -= 1
            held.used_at = clock.monotonic()

    async def _claim(self, held: _Held, store: str, endpoint: str, bucket: Bucket) -> None:
        """Fill `held`: several tokens where the last call was a moment ago, so that a busy feed costs few round trips."""
        asked_at = clock.monotonic()
        want = CHUNK if asked_at - held.used_at < HOLD / CHUNK else 1
        got = await claim(app_id=self._app_id, store=store, endpoint=endpoint, want=want, bucket=bucket)
        held.tokens, held.until = got.granted, asked_at + HOLD
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
    """Store -> what it has used of its call budget, of those that have called at all; by one query."""
    held = {(one.connection.app_id, one.platform_store_id): one for one in stores if one.connection is not None}
    rows = CallBudget.objects.filter(
        app_id__in={app for app, _ in held}, platform_store_id__in={number for _, number in held}
    ).values_list("app_id", "platform_store_id", "endpoint", "tokens", "rate", "updated_at", "blocked_until")
    found: dict[int, Spent] = {}
    for app, number, endpoint, tokens, rate, updated_at, blocked in rows:
        store = held.get((app, number))
        if store is None:
            continue
        bucket = _bucket(connector_for(store.platform).limits, endpoint)
        left = min(bucket.burst, tokens + max(0.0, (now - updated_at).total_seconds()) * rate)
        until = blocked if blocked is not None and blocked > now else None
        one = Spent(1 - left / bucket.burst, rate / bucket.ceiling, until)
        before = found.get(store.pk, one)
        found[store.pk] = Spent(
            max(before.share, one.share),
            min(before.pace, one.pace),
            max(filter(None, (before.blocked_until, until)), default=None),
        )
    return found


def _bucket(limits: Limits, endpoint: str) -> Bucket:
    group = endpoint.removeprefix("day:")
    if endpoint.startswith("day:") and group in limits.calls_per_day:
        return Bucket.by_day(limits.calls_per_day[group])
    return Bucket.by_second(limits)
