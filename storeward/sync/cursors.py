"""Where a stream stands, as a row, and what its position means.

A position is kept in the platform's own time, never in ours: `since` is where the span that is being read begins, `high` the
latest change that was seen, `page` the token of the next page within the span. The clocks of platform and machine may differ by
minutes, those of the sandbox by days; a cursor that mixes them loses records in between.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from storeward import canon
from storeward.connectors.contract import Progress, Stream
from storeward.stores.database import Connection, connection

FURTHEST_AHEAD = timedelta(days=1)
"""A record that claims to have changed later than this from now does not move the cursor: it would hide all that follows."""

WHOLE_HISTORY = frozenset({"wallet"})
"""Streams whose first fill begins with the beginning: a balance is the sum of everything that ever moved. Where the platform
limits the span it states the balance beside each movement."""


class Position(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a stream stands."""

    since: datetime | None = None
    until: datetime | None = None
    high: datetime | None = None
    page: str | None = None

    def stored(self) -> str:
        return msgspec.json.encode(self).decode()

    @classmethod
    def read(cls, stored: Any) -> "Position":
        """From the row; an unreadable one starts afresh, which costs time, not data."""
        try:
            return msgspec.convert(stored or {}, cls)
        except msgspec.ValidationError:
            return cls()

    def start(self, stream: Stream, *, filled: bool, now: datetime) -> "Position":
        """The span to ask for next: the one that was broken off, else from the last change seen (with overlap), else the first
        fill.
        """
        if self.page is not None:
            return self
        if stream.progress not in {Progress.WINDOW, Progress.RECENT}:
            return Position()
        since = self._since(stream, filled=filled, now=now)
        if stream.kinds == ("metric",):
            return replace_position(self, since=since, until=now + FURTHEST_AHEAD)
        return replace_position(self, since=since, until=_end(stream, since, now))

    def _since(self, stream: Stream, *, filled: bool, now: datetime) -> datetime | None:
        if stream.kinds == ("metric",) and stream.first_fill is not None:
            return now - stream.first_fill  # figures of whole days, recounted by the platform: always the same span
        if filled and self.high is not None:
            return self.high - stream.overlap
        if self.since is not None or (stream.name in WHOLE_HISTORY and stream.longest_window is None):
            return self.since
        return None if stream.first_fill is None else now - stream.first_fill

    def saw(self, records: list[canon.Record], now: datetime) -> "Position":
        """With the latest change among `records` noted."""
        moments = [moment for record in records if (moment := moved_at(record)) is not None and moment < now + FURTHEST_AHEAD]
        latest = max(moments, default=None)
        if latest is None or (self.high is not None and latest <= self.high):
            return self
        return replace_position(self, high=latest)

    def next_span(self, stream: Stream, now: datetime) -> "Position | None":
        """The span after this one, where the question had an upper end; None when the stream has caught up."""
        if self.until is None or stream.kinds == ("metric",):
            return None
        since = self.until - stream.overlap
        return replace_position(self, since=since, until=_end(stream, since, now), page=None)


def _end(stream: Stream, since: datetime | None, now: datetime) -> datetime | None:
    """Without an upper end what changes while we page is still caught; some platforms limit the span, though."""
    limit = None if stream.longest_window is None or since is None else since + stream.longest_window
    return limit if limit is not None and limit < now else None


def replace_position(position: Position, **changes: Any) -> Position:
    return msgspec.structs.replace(position, **changes)


def moved_at(record: canon.Record) -> datetime | None:
    """When the platform says that the record last moved."""
    for name in ("updated_at", "sent_at", "at"):
        moment = getattr(record, name, None)
        if isinstance(moment, datetime):
            return moment.astimezone(UTC)
    return None


@dataclass(frozen=True, slots=True)
class Mark:
    """What becomes of a stream's row with a page: its position, and with the last page that everything was seen."""

    stream_id: int
    position: Position
    store_id: int = 0
    talks: tuple[tuple[str, datetime], ...] = ()
    """Conversations whose messages are known now, each with the state that we saw before we asked."""
    done: "Done | None" = None

    def finished(self, done: "Done") -> "Mark":
        return replace(self, position=replace_position(self.position, page=None, until=None), done=done)


@dataclass(frozen=True, slots=True)
class Done:
    """Everything up to `observed_at` (our clock) was seen and may be believed until `trusted_until`."""

    observed_at: datetime
    trusted_until: datetime
    due_at: datetime


MOVE = "UPDATE records_stream SET position = %s WHERE id = %s"
FINISH = """
UPDATE records_stream
SET position = %s, observed_at = %s, trusted_until = %s, due_at = %s, filled = true,
    error_family = '', error_text = '', failing_since = NULL, failures = 0
WHERE id = %s
"""
FAIL = """
UPDATE records_stream
SET error_family = %s, error_text = %s, due_at = %s, failures = failures + 1, failing_since = coalesce(failing_since, %s)
WHERE id = %s
"""


READ_UNTIL = """
UPDATE records_conversation held SET messages_seen_at = told.at
FROM unnest(%s::text[], %s::timestamptz[]) AS told (id, at)
WHERE held.store_id = %s AND held.platform_id = told.id
"""


async def save_mark(conn: Connection, mark: Mark) -> None:
    """Inside the page's transaction."""
    stored = mark.position.stored()
    if mark.talks:
        ids, moments = zip(*mark.talks, strict=True)
        await conn.execute(READ_UNTIL, (list(ids), list(moments), mark.store_id))
    if mark.done is None:
        await conn.execute(MOVE, (stored, mark.stream_id))
        return
    done = mark.done
    await conn.execute(FINISH, (stored, done.observed_at, done.trusted_until, done.due_at, mark.stream_id))


async def save_failure(*, stream_id: int, family: str, text: str, due_at: datetime, now: datetime) -> None:
    """The attempt failed. `trusted_until` stays: what was known turns unknown by itself when its time is up."""
    async with connection() as conn:
        await conn.execute(FAIL, (family[:40], text[:300], due_at, now, stream_id))
