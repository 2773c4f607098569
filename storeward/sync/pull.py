"""Bring a store up to date: ask its due streams, write what they answer.

Within a store a few streams run side by side; within a stream the next page is fetched while the last is written, and pages that
wait are written together. What fails fails alone: the other streams go on, and the failed one says why in its row.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from storeward.connectors.client import Client
from storeward.connectors.contract import Stream
from storeward.connectors.errors import AuthorizationLost, NotSupported, PlatformError, RateLimited, ScopeMissing
from storeward.lib import clock, redact
from storeward.stores.connection import StoreRef, client_for, find, note_refusal
from storeward.sync import plan
from storeward.sync.apply import Applied, Batch, apply_batch
from storeward.sync.cursors import Done, Mark, Position, save_failure
from storeward.sync.feed import Piece, pieces
from storeward.sync.push import watch_pushes
from storeward.sync.streams import StreamRow, circumstances, keys_for, note_attempt, park_lost, rows_of

log = logging.getLogger(__name__)

SIDE_BY_SIDE = 3
"""Streams of one store at once; stores run side by side as well."""
PAGES_WAITING = 4
NOT_SOON = {ScopeMissing, NotSupported}
"""What no later try mends: a person must grant it, or the platform does not have it. Asked again at the usual pace."""


@dataclass(slots=True)
class Pulled:
    """What a visit to a store brought."""

    store_id: int
    applied: Applied = field(default_factory=Applied)
    failed: dict[str, PlatformError] = field(default_factory=dict)
    """Stream -> why it failed; `*` for the store as a whole."""
    rest_waits: bool = False
    """Only what is urgent was asked; the rest is still due."""

    @property
    def whole(self) -> bool:
        return not self.failed


def ignore(changes: int) -> None:
    """Nobody waits for what is written."""


async def pull(
    store_id: int,
    *,
    everything: bool = False,
    only: Collection[str] = (),
    urgent_first: bool = False,
    written: Callable[[int], None] = ignore,
) -> Pulled:
    """Ask what is due (or `everything`, or the streams named in `only`), first fill or increment, and write it.

    With `urgent_first` a store of which nothing is known yet is asked for what has deadlines alone; the rest stays due, so that a
    whole fleet's orders are there before the first store's statements. `written` is called after each transaction with the number
    of its changes.

    Never raises a PlatformError: what failed stands in the rows of the streams and in the result. Raises psycopg.OperationalError
    when the database is gone; what was written stays, and the next pull goes on from there.
    """
    pulled, now = Pulled(store_id), clock.now()
    try:
        ref = await find(store_id)
    except AuthorizationLost as lost:
        pulled.failed["*"] = lost
        return pulled
    streams = ref.connector.streams_in(ref.region, ref.seller_type)
    rows = await rows_of(ref, streams, now)
    names = _wanted(rows, everything=everything, only=only, now=now)
    chosen = plan.in_order([stream for stream in streams if stream.name in names], [row.standing for row in rows.values()], now)
    if urgent_first and not any(row.filled or row.failures for row in rows.values()):
        urgent = plan.urgent(chosen)
        pulled.rest_waits, chosen = len(urgent) < len(chosen), urgent
    if not chosen:
        return pulled
    await note_attempt([rows[stream.name] for stream in chosen], now)
    try:
        client = await client_for(ref)
    except PlatformError as error:
        await _fail_all(pulled, [rows[stream.name] for stream in chosen], error)
        await park_lost(ref.connection_id, clock.now())
        return pulled
    await _Visit(ref, client, rows, await circumstances(ref, streams, now), pulled, written).run(chosen)
    refusal = next((error for error in pulled.failed.values() if isinstance(error, AuthorizationLost)), None)
    if refusal is not None:
        await note_refusal(ref, refusal, now=clock.now())
        await park_lost(ref.connection_id, clock.now())
    return pulled


def _wanted(rows: dict[str, StreamRow], *, everything: bool, only: Collection[str], now: datetime) -> set[str]:
    if only:
        return set(only)
    return set(rows) if everything else plan.due([row.standing for row in rows.values()], now)


async def _fail_all(pulled: Pulled, rows: Sequence[StreamRow], error: PlatformError) -> None:
    """One cause for all streams: the authorisation, or a platform that gives no token."""
    pulled.failed["*"] = error
    for row in rows:
        await _note_failure(row, error)


async def _note_failure(row: StreamRow, error: PlatformError) -> None:
    """Into the stream's row, with the time of the next try."""
    now = clock.now()
    retry_at = error.retry_at if isinstance(error, RateLimited) else None
    failures = 10 if type(error) in NOT_SOON else row.failures + 1
    due_at = plan.after_failure(failures, now=now, not_before=retry_at)
    await save_failure(stream_id=row.id, family=error.family, text=redact.text(error.message), due_at=due_at, now=now)


@dataclass(frozen=True, slots=True)
class End:
    """No more pieces: the stream has caught up, or broke off with `error`."""

    error: Exception | None = None


Waiting: TypeAlias = asyncio.Queue[Piece | End]


@dataclass(slots=True)
class _Visit:
    """One store, one client, some streams."""

    ref: StoreRef
    client: Client
    rows: dict[str, StreamRow]
    circumstances: plan.Circumstances
    pulled: Pulled
    written: Callable[[int], None]

    async def run(self, streams: Sequence[Stream]) -> None:
        """Those that name keys first, then those that need them."""
        turns = asyncio.Semaphore(SIDE_BY_SIDE)
        for later in (False, True):
            visits = [self._visit(stream, turns) for stream in streams if (stream.keys_from is not None) is later]
            ends = await asyncio.gather(*visits, return_exceptions=True)
            for end in ends:
                if isinstance(end, BaseException):
                    raise end

    async def _visit(self, stream: Stream, turns: asyncio.Semaphore) -> None:
        async with turns:
            row = self.rows[stream.name]
            if self._lost():
                return
            try:
                await self._stream(stream, row)
            except PlatformError as error:
                await self._failed(stream, row, error)

    def _lost(self) -> bool:
        return any(isinstance(error, AuthorizationLost) for error in self.pulled.failed.values())

    async def _failed(self, stream: Stream, row: StreamRow, error: PlatformError) -> None:
        log.info("%s %s: %s", self.ref.key, stream.name, error)
        self.pulled.failed[stream.name] = error
        # Whether the authorisation is lost is said by the platform when we renew it (see stores.connection), not by a call.
        await _note_failure(row, error)

    async def _stream(self, stream: Stream, row: StreamRow) -> None:
        """Fetch and write side by side, until the stream has caught up."""
        started = clock.now()
        keys = await keys_for(self.ref, stream) if stream.keys_from is not None else []
        position = Position.read(row.position).start(stream, filled=row.filled, now=started)
        waiting: Waiting = asyncio.Queue(PAGES_WAITING)
        fetching = asyncio.create_task(fetch(pieces(self.client, stream, position, keys), waiting))
        try:
            applied = await self._write(stream, Mark(row.id, position), waiting, started)
        finally:
            fetching.cancel()
            await asyncio.gather(fetching, return_exceptions=True)
        self.pulled.applied.add(applied)
        if "order" in stream.kinds and row.filled:
            await watch_pushes(self.ref, applied.changed.get("order", []), since=row.observed_at, now=clock.now())

    async def _write(self, stream: Stream, mark: Mark, waiting: Waiting, started: datetime) -> Applied:
        """Whatever waits goes into one transaction; the last one also says that everything was seen."""
        applied = Applied()
        while True:
            taken, end = await take(waiting)
            if taken:
                talks = tuple((key.id, key.reads_until) for piece in taken for key in piece.keys_done if key.reads_until)
                mark = Mark(mark.stream_id, taken[-1].position, self.ref.id, talks)
            if end is not None and end.error is None:
                mark = mark.finished(self._done(stream, started))
            page = await apply_batch(self._batch(stream, taken, started), now=clock.now(), mark=mark)
            self.written(page.changes)
            applied.add(page)
            if end is not None and end.error is not None:
                self.pulled.applied.add(applied)
                raise end.error
            if end is not None:
                return applied

    def _batch(self, stream: Stream, taken: Sequence[Piece], started: datetime) -> Batch:
        return Batch(
            store=self.ref,
            operation=stream.operation,
            items=[item for piece in taken for item in piece.answer.parsed.items],
            problems=[problem for piece in taken for problem in piece.answer.parsed.problems],
            asked_at=taken[0].asked_at if taken else started,
        )

    def _done(self, stream: Stream, started: datetime) -> Done:
        """Seen up to when we began to ask; trust counts from there too, as the answer may be that old."""
        due_at = plan.next_due(stream, self.circumstances, store_id=self.ref.id, now=clock.now())
        return Done(observed_at=started, trusted_until=started + stream.trust_for, due_at=due_at)


async def fetch(answers: AsyncIterator[Piece], waiting: Waiting) -> None:
    """Answers into the queue as fast as it takes them, then the end: whatever it was, for the reader waits for it."""
    try:
        async for piece in answers:
            await waiting.put(piece)
    except Exception as error:
        await waiting.put(End(error))
    else:
        await waiting.put(End())


async def take(waiting: Waiting) -> tuple[list[Piece], End | None]:
    """Everything that waits (at least one thing), and the end where it has come."""
    found = [await waiting.get()]
    while not waiting.empty():
        found.append(waiting.get_nowait())
    ends = [one for one in found if isinstance(one, End)]
    return [one for one in found if isinstance(one, Piece)], ends[0] if ends else None
