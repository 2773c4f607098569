"""What to ask next, and when: pure arithmetic over what streams declare and how they stand.

A stream is asked at its own pace (orders every few minutes, statements a few times a day), faster where it matters (the store is
under pressure, or its webhooks have fallen silent), slower for everybody by the same factor where the fleet would need more calls
than the workers can make, but never so slowly that trust runs out between two visits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storeward.connectors.contract import Stream

CALLS_A_SECOND = 40.0
"""What the workers of a two-core machine can ask and write, with room for webhooks and pages."""
HASTE = 0.5
"""Of the usual interval, for a store under pressure or without webhooks."""
CALM = 2.0
"""Times the usual interval where webhooks announce what changes."""
URGENT = 8
"""The value of a stream from which on its things have deadlines: orders, returns, cancellations."""
SOONEST = timedelta(seconds=30)
VISITS_WITHIN_TRUST = 3
"""A value is asked for at least so often before it would turn unknown: two visits may fail."""
TOGETHER = timedelta(seconds=30)
"""Streams due within this are taken along: one job for a store, not five."""
FIRST_BACKOFF = timedelta(seconds=15)
LONGEST_BACKOFF = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What speeds a store's streams up or slows them down."""

    pressed: bool = False
    """Something is owed soon, or an answer is overdue: fresh facts are worth more."""
    pushes_trusted: bool = False
    """Webhooks arrive: polling only reconciles."""
    stretch: float = 1.0
    """At least 1: how much the whole fleet is slowed down to fit the workers."""


def interval(stream: Stream, circumstances: Circumstances) -> timedelta:
    """How long after a visit the next one is due; between `SOONEST` and a third of the stream's trust time."""
    wanted = stream.poll_every * circumstances.stretch
    if circumstances.pressed or not circumstances.pushes_trusted:
        wanted *= HASTE if circumstances.pressed else 1.0
    else:
        wanted *= CALM
    return max(SOONEST, min(wanted, stream.trust_for / VISITS_WITHIN_TRUST))


def next_due(stream: Stream, circumstances: Circumstances, *, store_id: int, now: datetime) -> datetime:
    """When the stream is due next. Stores are spread over a tenth of the interval, so that they do not all come at once."""
    wait = interval(stream, circumstances)
    share = float(store_id * 2_654_435_761 % 1000) / 1000
    return now + wait * (0.9 + 0.1 * share)


def after_failure(failures: int, *, now: datetime, not_before: datetime | None = None) -> datetime:
    """When to try again after `failures` in a row (1 for the first): doubling, up to a quarter of an hour."""
    doublings = min(max(failures, 1) - 1, 10)
    wait = min(LONGEST_BACKOFF, FIRST_BACKOFF * float(2**doublings))
    return max(now + wait, not_before) if not_before is not None else now + wait


def load(streams: Iterable[Stream], *, stores: int) -> float:
    """Calls a second that `stores` stores need at their usual pace, one call a visit."""
    return stores * sum(1 / stream.poll_every.total_seconds() for stream in streams)


def stretch(streams: Iterable[Stream], *, stores: int, capacity: float = CALLS_A_SECOND) -> float:
    """The factor by which all intervals grow so that the fleet fits `capacity`; 1 where it fits anyway."""
    return max(1.0, load(streams, stores=stores) / capacity)


@dataclass(frozen=True, slots=True)
class Standing:
    """A stream's row, as far as planning needs it."""

    name: str
    due_at: datetime
    trusted_until: datetime | None


def due(standings: Iterable[Standing], now: datetime) -> set[str]:
    """Names of the streams to ask now: nothing at all while none is due, else also those due in a moment."""
    rows = list(standings)
    if not any(row.due_at <= now for row in rows):
        return set()
    return {row.name for row in rows if row.due_at <= now + TOGETHER}


def in_order(streams: Iterable[Stream], standings: Sequence[Standing], now: datetime) -> list[Stream]:
    """Most valuable first; among equals what will be unknown soonest. What others take their keys from comes before them."""
    trust = {row.name: row.trusted_until for row in standings}

    def rank(stream: Stream) -> tuple[bool, int, float, str]:
        until = trust.get(stream.name)
        left = (until - now).total_seconds() if until is not None else float("-inf")
        return stream.keys_from is not None, -stream.value, left, stream.name

    return sorted(streams, key=rank)


def urgent(streams: Sequence[Stream]) -> list[Stream]:
    """Those whose things have deadlines; all, where there are none."""
    return [stream for stream in streams if stream.value >= URGENT] or list(streams)
