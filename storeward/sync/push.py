"""Webhooks as hints: what they name is read back from the platform; and their silence is noticed.

A push was verified and stored before it was acknowledged (`push_endpoint`). From then on its row is the queue: a worker claims
new rows, reads back each thing once however often it was announced, and settles the rows. A claim lapses, so a dead worker's
pushes are taken up by the next.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storeward.connectors.client import Client
from storeward.connectors.errors import NotSupported, PlatformError, Rejected
from storeward.lib import clock
from storeward.stores.connection import StoreRef, client_for, find, mark_lost
from storeward.stores.database import connection
from storeward.stores.models import ConnectionState
from storeward.sync.apply import Applied, Batch, apply_batch
from storeward.sync.feed import whole
from storeward.sync.streams import park_lost

log = logging.getLogger(__name__)

CLAIM_LASTS = timedelta(seconds=60)
AT_ONCE = 200
MANY = 5
"""From so many things of one kind on, one question to the stream is cheaper than reading each back."""
MOST_ATTEMPTS = 8
STREAM_OF = {
    "order": "orders",
    "package": "packages",
    "return": "returns",
    "cancellation": "cancellations",
    "listing": "listings",
    "conversation": "conversations",
    "message": "conversations",
    "points": "points",
}
"""Kind -> the stream that brings it, for what cannot be read back one by one."""
LOST, NONE = "authorisation_lost", ""

CLAIM = """
UPDATE sync_push SET claimed_at = %(now)s, attempts = attempts + 1
WHERE id IN (
    SELECT id FROM sync_push WHERE state = 'new' AND (claimed_at IS NULL OR claimed_at < %(lapsed)s)
    ORDER BY platform_store_id, id LIMIT %(most)s FOR UPDATE SKIP LOCKED)
RETURNING id, app_id, platform_store_id, kind, platform_id, attempts
"""
# Only a store of the app that the push came for: an id of somebody else's store is nobody's business.
WHOSE = """
SELECT s.id, a.id, s.platform_store_id FROM stores_store s
JOIN stores_connection c ON c.id = s.connection_id JOIN stores_app a ON a.id = c.app_id
WHERE s.platform_store_id = ANY(%s) AND a.id = ANY(%s)
"""
SETTLE = "UPDATE sync_push SET state = %s WHERE id = ANY(%s)"
LATER = "UPDATE sync_push SET claimed_at = %s WHERE id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A push as far as working it needs."""

    id: int
    app_id: int
    platform_store_id: str
    kind: str
    platform_id: str
    attempts: int


@dataclass(slots=True)
class Worked:
    """What a turn did: stores with news (to be evaluated), stores whose streams were made due, and counts."""

    stores: set[int]
    due: set[int]
    done: int = 0
    ignored: int = 0


async def work_pushes() -> Worked:
    """Take new pushes and read back what they name. Safe with any number of workers."""
    worked = Worked(set(), set())
    while claimed := await _claim(clock.now()):
        owners = await _owners(claimed)
        strangers = [push.id for push in claimed if (push.app_id, push.platform_store_id) not in owners]
        await _settle("ignored", strangers)
        worked.ignored += len(strangers)
        for (app_id, platform_store_id), store_id in owners.items():
            mine = [push for push in claimed if (push.app_id, push.platform_store_id) == (app_id, platform_store_id)]
            await _work_store(store_id, mine, worked)
        if len(claimed) < AT_ONCE:
            break
    return worked


async def _claim(now: datetime) -> list[Claimed]:
    values = {"now": now, "lapsed": now - CLAIM_LASTS, "most": AT_ONCE}
    async with connection() as conn:
        return [Claimed(*row) for row in await (await conn.execute(CLAIM, values)).fetchall()]


async def _owners(claimed: Sequence[Claimed]) -> dict[tuple[int, str], int]:
    """(app, platform's store id) -> our store."""
    ids = [push.platform_store_id for push in claimed], [push.app_id for push in claimed]
    async with connection() as conn:
        return {(app, theirs): ours for ours, app, theirs in await (await conn.execute(WHOSE, ids)).fetchall()}


async def _settle(state: str, ids: Sequence[int]) -> None:
    if ids:
        async with connection() as conn:
            await conn.execute(SETTLE, (state, list(ids)))


async def _work_store(store_id: int, pushes: Sequence[Claimed], worked: Worked) -> None:
    """All claimed pushes of a store: one client, each thing once."""
    ref = await find(store_id)
    await _note_arrival(ref)
    if any(push.kind == LOST for push in pushes):
        await mark_lost(
            ref.connection_id, ConnectionState.REVOKED, "The seller has withdrawn the authorisation.", now=clock.now()
        )
        await park_lost(ref.connection_id, clock.now())
        worked.stores.add(store_id)
        await _settle("done", [push.id for push in pushes])
        return
    try:
        client = await client_for(ref)
    except PlatformError as error:
        log.info("%s: pushes wait: %s", ref.key, error)
        await _again(pushes)
        return
    for (kind, platform_id), same in grouped(pushes).items():
        await _work_thing(ref, client, kind, platform_id, same, worked)


def grouped(pushes: Sequence[Claimed]) -> dict[tuple[str, str], list[Claimed]]:
    """Pushes by what they name; many of a kind become one group without an id: the whole stream."""
    things: dict[tuple[str, str], list[Claimed]] = {}
    for push in pushes:
        things.setdefault((push.kind, push.platform_id), []).append(push)
    for kind in {kind for kind, _ in things}:
        same = [name for name in things if name[0] == kind]
        if len(same) > MANY:
            things[(kind, NONE)] = [push for name in same for push in things.pop(name)]
    return things


async def _work_thing(
    ref: StoreRef, client: Client, kind: str, platform_id: str, pushes: Sequence[Claimed], worked: Worked
) -> None:
    """Read one thing back, or make its stream due; then settle the pushes about it."""
    ids = [push.id for push in pushes]
    if kind not in STREAM_OF:
        await _settle("ignored", ids)
        worked.ignored += len(ids)
        return
    try:
        if platform_id != NONE and kind in ref.connector.read_one_requests:
            await read_back(ref, client, kind, platform_id)
            worked.stores.add(ref.id)
        else:
            await make_due(ref.id, STREAM_OF[kind], clock.now())
            worked.due.add(ref.id)
        if kind == "message":
            await make_due(ref.id, "messages", clock.now())
    except (Rejected, NotSupported) as error:
        log.info("%s: %s %s cannot be read back: %s", ref.key, kind, platform_id, error)
        await make_due(ref.id, STREAM_OF[kind], clock.now())
        worked.due.add(ref.id)
    except PlatformError as error:
        log.info("%s: %s %s will be read back later: %s", ref.key, kind, platform_id, error)
        await _again(pushes)
        return
    await _settle("done", ids)
    worked.done += len(ids)


async def read_back(ref: StoreRef, client: Client, kind: str, platform_id: str) -> Applied:
    """One thing as the platform has it now, written like a page of one."""
    asked_at = clock.now()
    answer = await client.read_one(kind, platform_id)
    halved = next((s for s in ref.connector.streams.values() if s.joined is not None and kind in s.kinds), None)
    parsed = (await whole(client, halved, answer)).parsed if halved is not None else answer.parsed
    batch = Batch(ref, answer.request.operation, parsed.items, parsed.problems, asked_at, origin="push")
    return await apply_batch(batch, now=clock.now())


async def pull_one(store_id: int, kind: str, platform_id: str) -> Applied:
    """Read one thing back from its platform and write it. Raises a PlatformError; NotSupported where there is no such call."""
    ref = await find(store_id)
    return await read_back(ref, await client_for(ref), kind, platform_id)


async def _again(pushes: Sequence[Claimed]) -> None:
    """Later, when the claim lapses; given up after many attempts, as polling brings the facts anyway."""
    await _settle("failed", [push.id for push in pushes if push.attempts >= MOST_ATTEMPTS])


DUE = "UPDATE records_stream SET due_at = least(due_at, %s) WHERE store_id = %s AND name = %s"


async def make_due(store_id: int, stream: str, now: datetime) -> None:
    """The stream is asked at the store's next turn."""
    async with connection() as conn:
        await conn.execute(DUE, (now, store_id, stream))


# --- silence ------------------------------------------------------------------------------------------------------------

PUSH = "push"
TRUST = timedelta(minutes=30)
"""How long arrived or confirmed webhooks vouch for themselves."""
LATE = timedelta(minutes=3)
"""A webhook may take so long before a poll that was quicker means anything."""
LONGEST_QUIET = timedelta(hours=6)
TOO_QUIET = 3
"""Times the longest gap of the last week (and at least `LONGEST_QUIET`) without any webhook is silence."""

EXPECT = """
INSERT INTO records_stream (store_id, workspace_id, name, due_at, filled, position, error_family, error_text, failures,
                            observed_at, trusted_until)
SELECT id, workspace_id, 'push', '9000-01-01 00:00+00', true, '{}', '', '', 0, %(now)s, %(until)s
FROM stores_store WHERE id = ANY(%(stores)s)
ON CONFLICT (store_id, name) DO NOTHING
"""
ARRIVED = """
UPDATE records_stream SET observed_at = %(now)s, trusted_until = %(until)s, error_family = '', error_text = '',
       failing_since = NULL, failures = 0
WHERE store_id = %(store)s AND name = 'push'
"""
CONFIRMED = """
UPDATE records_stream SET trusted_until = %(until)s
WHERE store_id = %(store)s AND name = 'push' AND error_family = ''
"""
SILENT = """
UPDATE records_stream SET error_family = 'silent', error_text = %(text)s, failures = failures + 1,
       failing_since = coalesce(failing_since, %(now)s)
WHERE store_id = %(store)s AND name = 'push'
"""
# Of the orders that a poll found changed, and that changed long enough ago: how many no webhook named since the poll before, and
# how many one did. A request to cancel also moves its order, and names it within: so any webhook that holds the id counts.
UNANNOUNCED = """
SELECT count(*) FILTER (WHERE NOT named), count(*) FILTER (WHERE named) FROM (
    SELECT EXISTS (
        SELECT FROM sync_push p WHERE p.app_id = %(app)s AND p.platform_store_id = %(theirs)s AND p.received_at > %(since)s
          AND (p.platform_id = o.platform_id OR position(convert_to(o.platform_id, 'UTF8') IN p.body) > 0)
    ) AS named
    FROM records_order o
    WHERE o.store_id = %(store)s AND o.platform_id = ANY(%(orders)s) AND o.origin = 'api' AND o.updated_at < %(late)s
) AS changed
"""
PACE = """
SELECT max(received_at), count(*), max(gap) FROM (
    SELECT received_at, received_at - lag(received_at) OVER (ORDER BY received_at) AS gap
    FROM sync_push WHERE app_id = %(app)s AND platform_store_id = %(theirs)s AND received_at > %(week)s
) AS recent
"""


async def expect_pushes(store_ids: Sequence[int], *, now: datetime) -> None:
    """The platform was told to send webhooks for these stores: from now on their silence means something."""
    async with connection() as conn:
        await conn.execute(EXPECT, {"now": now, "until": now + TRUST, "stores": list(store_ids)})


async def _note_arrival(ref: StoreRef) -> None:
    """A webhook of this store came: they are not silent."""
    now = clock.now()
    async with connection() as conn:
        await conn.execute(ARRIVED, {"store": ref.id, "now": now, "until": now + TRUST})


async def watch_pushes(ref: StoreRef, changed_orders: Sequence[str], *, since: datetime | None, now: datetime) -> None:
    """After a poll: did webhooks announce what it found, and do they come at their usual pace?

    Silence makes `push` fail with the family `silent` (one cause); its trust then runs out within `TRUST`. The next webhook that
    arrives ends it.
    """
    values = {
        "store": ref.id,
        "orders": list(changed_orders),
        "app": ref.app_id,
        "theirs": ref.platform_store_id,
        "late": now - LATE,
        "since": (since or now) - LATE,
        "week": now - timedelta(days=7),
        "now": now,
        "until": now + TRUST,
    }
    async with connection() as conn:
        missed = await (await conn.execute(UNANNOUNCED, values)).fetchone()
        pace = await (await conn.execute(PACE, values)).fetchone()
        assert missed is not None
        assert pace is not None
        text = silence(missed=missed[0], announced=missed[1], last=pace[0], count=pace[1], longest_gap=pace[2], now=now)
        if text:
            await conn.execute(SILENT, values | {"text": text})
        else:
            await conn.execute(CONFIRMED, values)


def silence(
    *, missed: int, announced: int = 0, last: datetime | None, count: int, longest_gap: timedelta | None, now: datetime
) -> str:
    """Why webhooks count as silent; "" where they do not. A store that is quiet at night is quiet every night.

    A platform moves an order now and then without a word; silence is where most of what changed was not announced.
    """
    if missed > announced:
        return f"{missed} changed orders were found by asking, no webhook had announced them."
    if last is not None and longest_gap is not None and count >= 10:
        quiet = now - last
        if quiet > max(LONGEST_QUIET, TOO_QUIET * longest_gap):
            return f"No webhook for {quiet.total_seconds() / 3600:.0f} hours; the longest pause of the week was shorter by far."
    return ""
