"""State that follows from rows just written, reckoned set-wise inside the page's transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from storeward import canon
from storeward.stores.database import Connection

Items = list[tuple[canon.Record, bytes]]


class Owner(Protocol):
    """The store that records belong to."""

    @property
    def id(self) -> int: ...

    @property
    def workspace_id(self) -> int: ...

    @property
    def platform_store_id(self) -> str: ...


async def after(conn: Connection, store: Owner, changed: Mapping[str, Sequence[str]], now: datetime) -> None:
    """Bring up to date what depends on the changed records."""
    if "message" in changed:
        await _conversations_of(conn, store.id, changed["message"], now)
    if "conversation" in changed:
        await _who_waits(conn, store.id, list(changed["conversation"]), now)
    if "transaction" in changed:
        await _balances(conn, store.id, now)


# A robot's or the system's word answers nobody, an invisible message does not count, and the order is the position (the time of
# two messages can be equal or wrong). Whoever is waiting has waited since the first message after the last answer.
WHO_WAITS = """
WITH placed AS (
    SELECT platform_conversation_id AS talk, role, sent_at,
           row_number() OVER (PARTITION BY platform_conversation_id ORDER BY position NULLS FIRST, sent_at, platform_id) AS n
    FROM records_message
    WHERE store_id = %(store)s AND platform_conversation_id = ANY(%(talks)s) AND visible
), answered AS (
    SELECT talk, coalesce(max(n) FILTER (WHERE role IN ('agent', 'seller')), 0) AS n,
           max(sent_at) FILTER (WHERE role IN ('agent', 'seller')) AS at
    FROM placed GROUP BY talk
), waiting AS (
    SELECT talk, answered.at AS answered_at,
           (SELECT min(sent_at) FROM placed
            WHERE placed.talk = answered.talk AND placed.n > answered.n AND role = 'buyer') AS since
    FROM answered
)
UPDATE records_conversation held
SET buyer_waits_since = waiting.since, answered_at = waiting.answered_at
FROM waiting
WHERE held.store_id = %(store)s AND held.platform_id = waiting.talk
  AND (held.buyer_waits_since IS DISTINCT FROM waiting.since OR held.answered_at IS DISTINCT FROM waiting.answered_at)
"""


async def _who_waits(conn: Connection, store_id: int, talks: list[str], now: datetime) -> None:
    await conn.execute(WHO_WAITS, {"store": store_id, "talks": talks})


TALKS = """
SELECT DISTINCT platform_conversation_id FROM records_message
WHERE store_id = %s AND platform_id = ANY(%s) AND platform_conversation_id IS NOT NULL
"""
TALK_CHANGED = """
INSERT INTO records_change (store_id, kind, platform_id, at)
SELECT %s, 'conversation', talk, %s FROM unnest(%s::text[]) AS talk
"""


async def _conversations_of(conn: Connection, store_id: int, messages: Sequence[str], now: datetime) -> None:
    """New messages are a change of their conversation: that is what rules are about."""
    found = await (await conn.execute(TALKS, (store_id, list(messages)))).fetchall()
    talks = [talk for (talk,) in found]
    await _who_waits(conn, store_id, talks, now)
    await conn.execute(TALK_CHANGED, (store_id, now, talks))


# Where a platform states the balance after a movement we take it; else the wallet's balance is the sum of what moved. Sums are
# taken within the wallet only: a statement's lines reach it as one settlement.
BALANCES = """
WITH moved AS (
    SELECT at, currency, amount, balance, platform_id,
           sum(amount) OVER (PARTITION BY currency ORDER BY at, platform_id) AS total,
           row_number() OVER (PARTITION BY currency, at ORDER BY platform_id DESC) AS last
    FROM records_transaction
    WHERE store_id = %(store)s AND ledger = 'wallet' AND at IS NOT NULL AND amount IS NOT NULL AND currency IS NOT NULL
      AND status NOT IN ('failed', 'reversed', 'estimated')
), gone AS (
    DELETE FROM records_balanceevent b WHERE b.store_id = %(store)s AND b.origin = 'derived'
      AND NOT EXISTS (SELECT FROM moved WHERE moved.at = b.at AND moved.currency = b.currency)
)
INSERT INTO records_balanceevent AS held (store_id, at, amount, currency, origin, observed_at)
SELECT %(store)s, at, coalesce(balance, total), currency, 'derived', %(now)s FROM moved WHERE last = 1
ON CONFLICT (store_id, at, currency, origin) DO UPDATE SET amount = EXCLUDED.amount, observed_at = EXCLUDED.observed_at
WHERE held.amount <> EXCLUDED.amount
"""


async def _balances(conn: Connection, store_id: int, now: datetime) -> None:
    await conn.execute(BALANCES, {"store": store_id, "now": now})


PROFILE = """
UPDATE stores_store SET name = coalesce(%(name)s, name), platform_handle = coalesce(%(handle)s, platform_handle),
    seller_type = coalesce(%(seller)s, seller_type)
WHERE id = %(store)s
  AND (name, platform_handle, seller_type) IS DISTINCT FROM
      (coalesce(%(name)s, name), coalesce(%(handle)s, platform_handle), coalesce(%(seller)s, seller_type))
"""


async def update_profile(conn: Connection, store: Owner, profile: canon.Record) -> None:
    """What the platform calls the store, where the answer is about this store."""
    assert isinstance(profile, canon.StoreProfile)
    if profile.platform_store_id == store.platform_store_id:
        values = {
            "name": (profile.name or None) and str(profile.name)[:120],
            "handle": profile.platform_handle,
            "seller": profile.seller_type,
            "store": store.id,
        }
        await conn.execute(PROFILE, values)
