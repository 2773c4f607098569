"""What can be believed: which feed of which store is within its trust, and what hangs on it.

Rules and items speak of feeds (`orders`, `aftersales`, `finance` ...); a connector of streams (`orders`, `returns`,
`cancellations` ...). This is the one place where they meet. Stale is never fine: a store whose connection is lost or was never
made sees nothing, whatever its rows still hold.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.backends.utils import CursorWrapper

FEEDS: Mapping[str, tuple[str, ...]] = {
    "orders": ("orders",),
    "packages": ("packages",),
    "aftersales": ("returns", "cancellations", "aftersales"),
    "listings": ("listings", "products", "inventory"),
    "conversations": ("conversations", "messages"),
    "finance": ("wallet", "transactions", "withdrawals", "payments", "finance"),
    "statements": ("statements", "statement_transactions", "unsettled"),
    "metrics": ("metrics", "performance"),
    "reviews": ("reviews",),
}
"""Feed -> the streams of connectors that bring it. Those that a store does not have play no part."""

PUSH = "push"
PUSHED = frozenset({"orders", "packages", "aftersales", "conversations"})
"""Feeds that webhooks announce: while these are silent, polls alone tell of them, and 'all quiet' is not known."""

FRESH = "active"


@dataclass(frozen=True, slots=True)
class StreamState:
    """What one stream of a store last told, and whether it fails."""

    name: str
    observed_at: datetime | None
    trusted_until: datetime | None
    attempted_at: datetime | None
    error_family: str
    error_text: str
    failing_since: datetime | None

    def stale(self, now: datetime) -> bool:
        """Past its trust, or never believed."""
        return self.trusted_until is None or now >= self.trusted_until


@dataclass(frozen=True, slots=True)
class StoreSight:
    """A store's connection and streams."""

    id: int
    workspace_id: int
    key: str
    name: str
    platform: str
    platform_store_id: str
    region: str
    seller_type: str
    programme: str
    platform_status: str
    timezone: str
    connection_id: int | None
    connection_state: str | None
    connection_reason: str
    connection_since: datetime | None
    streams: tuple[StreamState, ...]

    @property
    def connected(self) -> bool:
        """We hold an authorisation that works."""
        return self.connection_id is not None and self.connection_state == FRESH

    def of(self, feed: str) -> tuple[StreamState, ...]:
        names = FEEDS.get(feed, (feed,))
        return tuple(stream for stream in self.streams if stream.name in names)

    def sees(self, feed: str, now: datetime) -> bool:
        """Whether what that feed says may be believed: it is there, and no part of it is past its trust."""
        parts = self.of(feed)
        return self.connected and bool(parts) and not any(stream.stale(now) for stream in parts)

    def as_of(self, feed: str) -> datetime | None:
        """Everything up to here was seen; None where some part was never seen."""
        seen = [stream.observed_at for stream in self.of(feed)]
        return min((at for at in seen if at is not None), default=None) if all(seen) else None

    def push_silent(self, now: datetime) -> bool:
        """Webhooks were expected and do not come."""
        return any(stream.name == PUSH and stream.stale(now) for stream in self.streams)


@dataclass(frozen=True, slots=True)
class Sight:
    """What can be seen of many stores at one instant."""

    now: datetime
    stores: Mapping[int, StoreSight]

    def sees(self, store_id: int, feed: str) -> bool:
        store = self.stores.get(store_id)
        return store is not None and store.sees(feed, self.now)

    def dark(self, store_id: int) -> frozenset[str]:
        """The feeds of which nothing can be told: all of a store that is not connected, else those past their trust.

        Feeds that a connected store does not have play no part: what the platform never offers is another matter.
        """
        store = self.stores.get(store_id)
        if store is None or not store.connected:
            return frozenset(FEEDS)
        stale = {stream.name for stream in store.streams if stream.stale(self.now)}
        return frozenset(feed for feed, names in FEEDS.items() if stale.intersection(names)) if stale else frozenset()


_STORES = """
SELECT s.id, s.workspace_id, s.key, s.name, s.platform, s.platform_store_id, s.region, s.seller_type, s.programme, s.status,
    s.timezone, s.connection_id, c.state, coalesce(c.state_reason, ''), c.state_since
FROM stores_store s LEFT JOIN stores_connection c ON c.id = s.connection_id
"""
_STREAMS = """
SELECT store_id, name, observed_at, trusted_until, attempted_at, error_family, error_text, failing_since FROM records_stream
"""


def look(cursor: CursorWrapper, now: datetime, store_ids: Sequence[int] | None = None) -> Sight:
    """What can be seen of these stores (of all, if none are named), by two queries."""
    streams: dict[int, list[StreamState]] = defaultdict(list)
    only = "" if store_ids is None else " WHERE store_id = ANY(%(ids)s)"
    ids = {"ids": list(store_ids or ())}
    cursor.execute(_STREAMS + only, ids)
    for store_id, *state in cursor.fetchall():
        streams[store_id].append(StreamState(*state))
    cursor.execute(_STORES + only.replace("store_id", "s.id"), ids)
    rows: list[list[Any]] = [[*row, tuple(streams.get(row[0], ()))] for row in cursor.fetchall()]
    return Sight(now, {row[0]: StoreSight(*row) for row in rows})
