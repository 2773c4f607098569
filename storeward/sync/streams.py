"""The rows of a store's streams, as pulling needs them."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storeward.connectors.contract import Stream
from storeward.stores.connection import StoreRef
from storeward.stores.database import Connection, connection
from storeward.sync.feed import Key
from storeward.sync.plan import Circumstances, Standing, stretch


@dataclass(frozen=True, slots=True)
class StreamRow:
    """A stream of a store."""

    id: int
    name: str
    due_at: datetime
    trusted_until: datetime | None
    observed_at: datetime | None
    filled: bool
    position: dict[str, Any]
    failures: int

    @property
    def standing(self) -> Standing:
        return Standing(self.name, self.due_at, self.trusted_until)


OPEN = """
INSERT INTO records_stream (store_id, workspace_id, name, due_at, filled, position, error_family, error_text, failures)
SELECT %s, %s, name, %s, false, '{}', '', '', 0 FROM unnest(%s::text[]) AS name
ON CONFLICT (store_id, name) DO NOTHING
"""
ROWS = """
SELECT id, name, due_at, trusted_until, observed_at, filled, position, failures FROM records_stream WHERE store_id = %s
"""


async def rows_of(ref: StoreRef, streams: Collection[Stream], now: datetime) -> dict[str, StreamRow]:
    """The store's streams by name; those that have no row yet get one that is due at once."""
    async with connection() as conn:
        rows = await _read(conn, ref.id)
        missing = [stream.name for stream in streams if stream.name not in rows]
        if missing:
            await conn.execute(OPEN, (ref.id, ref.workspace_id, now, missing))
            rows = await _read(conn, ref.id)
    return rows


async def _read(conn: Connection, store_id: int) -> dict[str, StreamRow]:
    found = await (await conn.execute(ROWS, (store_id,))).fetchall()
    return {row[1]: StreamRow(*row) for row in found}


ATTEMPT = "UPDATE records_stream SET attempted_at = %s WHERE id = ANY(%s)"


async def note_attempt(rows: Collection[StreamRow], now: datetime) -> None:
    async with connection() as conn:
        await conn.execute(ATTEMPT, (now, [row.id for row in rows]))


# Something is owed within the day or a buyer waits: the store is under pressure.
CIRCUMSTANCES = """
SELECT
    EXISTS (SELECT FROM records_order WHERE store_id = %(store)s AND open AND ship_by_at BETWEEN %(now)s - interval '1 day'
            AND %(now)s + interval '1 day')
    OR EXISTS (SELECT FROM records_conversation WHERE store_id = %(store)s AND buyer_waits_since IS NOT NULL),
    EXISTS (SELECT FROM records_stream
            WHERE store_id = %(store)s AND name = 'push' AND error_family = '' AND trusted_until > %(now)s),
    (SELECT count(*) FROM stores_store WHERE connection_id IS NOT NULL)
"""


async def circumstances(ref: StoreRef, streams: Collection[Stream], now: datetime) -> Circumstances:
    """How this store stands, and how full the fleet is."""
    async with connection() as conn:
        row = await (await conn.execute(CIRCUMSTANCES, {"store": ref.id, "now": now})).fetchone()
    assert row is not None
    pressed, pushes, stores = row
    return Circumstances(pressed=pressed, pushes_trusted=pushes, stretch=stretch(streams, stores=stores))


TALKS = """
SELECT platform_id, messages_seen_at, coalesce(updated_at, observed_at) FROM records_conversation
WHERE store_id = %s AND (messages_seen_at IS NULL OR messages_seen_at < coalesce(updated_at, observed_at))
ORDER BY updated_at DESC NULLS LAST LIMIT 500
"""
LISTED = "SELECT platform_id FROM records_listing WHERE store_id = %s AND status <> 'deleted' ORDER BY platform_id"
STATED = """
SELECT platform_id, NULL, at FROM records_statement s
WHERE store_id = %(store)s AND NOT EXISTS (
    SELECT FROM records_transaction t WHERE t.store_id = %(store)s AND t.data ->> 'platform_statement_id' = s.platform_id)
ORDER BY at DESC NULLS LAST LIMIT 100
"""


async def _talks(conn: Connection, store_id: int) -> list[Key]:
    return [Key(*row) for row in await (await conn.execute(TALKS, (store_id,))).fetchall()]


async def _listings(conn: Connection, store_id: int) -> list[Key]:
    return [Key(platform_id) for (platform_id,) in await (await conn.execute(LISTED, (store_id,))).fetchall()]


async def _statements(conn: Connection, store_id: int) -> list[Key]:
    return [Key(*row) for row in await (await conn.execute(STATED, {"store": store_id})).fetchall()]


KEYS: dict[str, Callable[[Connection, int], Awaitable[list[Key]]]] = {
    "conversation": _talks,
    "listing": _listings,
    "statement": _statements,
}
"""Kind of the records that name the keys -> those worth asking about now."""


async def keys_for(ref: StoreRef, stream: Stream) -> list[Key]:
    """What a stream by keys is to ask about: talks with news, live listings, statements without lines."""
    assert stream.keys_from is not None
    kinds = ref.connector.streams[stream.keys_from].kinds
    async with connection() as conn:
        return await KEYS[kinds[0]](conn, ref.id)


PARK = """
UPDATE records_stream held
SET due_at = %(far)s, error_family = 'AuthorizationLost', error_text = c.state_reason,
    failing_since = coalesce(held.failing_since, c.state_since)
FROM stores_store s JOIN stores_connection c ON c.id = s.connection_id
WHERE s.id = held.store_id AND c.id = %(connection)s AND c.state <> 'active' AND held.name <> 'push'
"""
FAR = timedelta(days=365)


async def park_lost(connection_id: int, now: datetime) -> None:
    """Where the authorisation is lost nothing of its stores is due until it is back; each stream says why."""
    async with connection() as conn:
        await conn.execute(PARK, {"connection": connection_id, "far": now + FAR})
