"""What can be believed: which feed of which store is within its trust, and what hangs on it.

Rules and items speak of feeds (`orders`, `aftersales`, `finance` ...); a connector of streams (`orders`, `returns`,
`cancellations` ...). This is the one place where they meet. Stale is never fine: a store whose connection is lost or was never
made sees nothing, whatever its rows still hold.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.backends.utils import CursorWrapper

FEEDS: Mapping[str, tuple[str, ...]] = {
    "orders": ("orders",),
    "packages": ("packages",),
    "aftersales": ("returns", "cancellations"),
    "listings": ("listings", "stock"),
    "conversations": ("conversations", "messages"),
    "finance": ("wallet",),
    "statements": ("statements", "statement_lines", "payments", "unsettled"),
    "metrics": ("score", "score_metrics", "performance", "figures", "chat_performance", "sessions"),
    "points": ("points",),
    "violations": ("listing_violations",),
    "reviews": ("reviews",),
}
"""Feed -> the streams of connectors that bring it. Those that a store does not have play no part."""

ALL_FEEDS = frozenset(FEEDS)
FEED_OF_STREAM = {stream: feed for feed, streams in FEEDS.items() for stream in streams}

PUSH = "push"
PUSHED = frozenset({"orders", "packages", "aftersales", "conversations"})
"""Feeds that webhooks announce: while these are silent, polls alone tell of them, and 'all quiet' is not known."""

FRESH = "active"


class StreamState(NamedTuple):
    """What one stream of a store last told. `stale`: past its trust at the instant of looking, or never believed.

    The instant up to which everything was seen is kept in seconds of the epoch: fleets have ten thousand streams, and few of
    these instants are ever shown. How a stream fails is told of stale ones only.
    """

    name: str
    stale: bool
    seen: float | None
    error_family: str
    error_text: str
    failing_since: datetime | None
    by_hand: bool = False
    """People bring it by file: it needs no connection."""

    @property
    def observed_at(self) -> datetime | None:
        return None if self.seen is None else datetime.fromtimestamp(self.seen, UTC)


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

    @property
    def by_hand(self) -> bool:
        """Nobody has authorised us, and people bring its facts by file."""
        return self.connection_id is None and any(stream.by_hand for stream in self.streams)

    def of(self, feed: str) -> tuple[StreamState, ...]:
        """The streams that bring a feed to this store; none where it is not offered or was never asked."""
        names = FEEDS[feed]
        return tuple(stream for stream in self.streams if stream.name in names)

    @property
    def push_silent(self) -> bool:
        """Webhooks were expected and do not come."""
        return any(stream.name == PUSH and stream.stale for stream in self.streams)


@dataclass(frozen=True, slots=True)
class Sight:
    """What can be seen of many stores at one instant."""

    now: datetime
    stores: Mapping[int, StoreSight]

    def sees(self, store_id: int, feed: str) -> bool:
        store = self.stores.get(store_id)
        if store is None:
            return False
        parts = store.of(feed)
        return bool(parts) and all(not stream.stale and (store.connected or stream.by_hand) for stream in parts)

    def dark(self, store_id: int) -> frozenset[str]:
        """The feeds of which nothing can be told: all of a store that is not connected but what people bring, else those past
        their trust.

        Feeds that a connected store does not have play no part: what the platform never offers is another matter.
        """
        store = self.stores.get(store_id)
        if store is None:
            return ALL_FEEDS
        if not store.connected:
            return frozenset(feed for feed in ALL_FEEDS if not self.sees(store_id, feed))
        return frozenset(FEED_OF_STREAM[s.name] for s in store.streams if s.stale and s.name in FEED_OF_STREAM)


_STORES = """
SELECT s.id, s.workspace_id, s.key, s.name, s.platform, s.platform_store_id, s.region, s.seller_type, s.programme, s.status,
    s.timezone, s.connection_id, c.state, coalesce(c.state_reason, ''), c.state_since
FROM stores_store s LEFT JOIN stores_connection c ON c.id = s.connection_id
"""
_STREAMS = """
SELECT store_id, name, stale, extract(epoch FROM observed_at)::float8, CASE WHEN stale THEN error_family ELSE '' END,
    CASE WHEN stale THEN error_text ELSE '' END, CASE WHEN stale THEN failing_since END, origin = 'file'
FROM (SELECT *, trusted_until IS NULL OR trusted_until <= %(now)s AS stale FROM records_stream) s
"""


def look(cursor: CursorWrapper, now: datetime, store_ids: Sequence[int] | None = None) -> Sight:
    """What can be seen of these stores (of all, if none are named), by two queries."""
    streams: dict[int, list[StreamState]] = defaultdict(list)
    only = "" if store_ids is None else " WHERE store_id = ANY(%(ids)s)"
    ids: dict[str, Any] = {"ids": list(store_ids or ()), "now": now}
    cursor.execute(_STREAMS + only, ids)
    for store_id, *state in cursor.fetchall():
        streams[store_id].append(StreamState(*state))
    cursor.execute(_STORES + only.replace("store_id", "s.id"), ids)
    rows: list[list[Any]] = [[*row, tuple(streams.get(row[0], ()))] for row in cursor.fetchall()]
    return Sight(now, {row[0]: StoreSight(*row) for row in rows})
