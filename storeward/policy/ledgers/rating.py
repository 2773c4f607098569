"""A rating that starts somewhere and is moved by what was gained and lost within a window: any past instant from its events.

An event counts for so many days and is gone at the moment it reaches them (as points do, C24); one that was lifted by an appeal
counts until then. The sum is kept within the scale at the end only, so the order of events plays no part.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from .regimes import Ground, Line, RatingRegime, days_later

NONE = Decimal(0)
Kind = Literal["deduction", "quiz", "orders", "appeal", "other"]


@dataclass(frozen=True, slots=True, order=True)
class Rating:
    """A health rating. Neither adds to nor compares with `Points`."""

    value: Decimal

    def __str__(self) -> str:
        return f"{self.value.normalize():f}"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that moved the rating: `change` below zero for a deduction, above for a credit (a quiz, orders fulfilled).

    `lifted_at`: when an appeal took it back. None in `change`: the platform has not said by how much.
    """

    id: str
    at: datetime
    change: Decimal | None
    kind: Kind = "deduction"
    lifted_at: datetime | None = None
    reason: str = ""
    origin: str = ""

    def counting(self, at: datetime) -> bool:
        return self.at <= at and not (self.lifted_at is not None and self.lifted_at <= at)


@dataclass(frozen=True, slots=True)
class RatingLedger:
    """The events of one store, in any order, and the ground on which they count."""

    ground: Ground
    events: tuple[Event, ...]

    def regime(self, at: datetime) -> RatingRegime | None:
        """None where the store had no rating then."""
        regime = self.ground.regime(at)
        return regime if isinstance(regime, RatingRegime) else None

    def with_event(self, event: Event) -> "RatingLedger":
        """The ledger as it would be with one more event."""
        return replace(self, events=(*self.events, event))


@dataclass(frozen=True, slots=True)
class Distance:
    """How far it is down to the next line, and which was reached last; None where there is none."""

    to: Line | None
    by: Rating | None
    reached: Line | None


@dataclass(frozen=True, slots=True)
class Expiry:
    """What leaves the window at an instant, and by how much the rating moves then: up where a deduction goes."""

    at: datetime
    change: Rating
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """The rating from an instant on, until the next step; None: it cannot be told."""

    at: datetime
    score: Rating | None


def gone_at(ledger: RatingLedger, event: Event, window_days: int) -> datetime:
    """When an event leaves the window."""
    return days_later(ledger.ground.calendar, event.at, Decimal(window_days))


def moved(ledger: RatingLedger, at: datetime, regime: RatingRegime) -> Decimal | None:
    """By how much the events that count at `at` have moved the rating; None where one has not said."""
    if regime.window_days is None:
        return None
    live = [event for event in ledger.events if event.counting(at) and gone_at(ledger, event, regime.window_days) > at]
    changes = [event.change for event in live if event.change is not None]
    return sum(changes, NONE) if len(changes) == len(live) else None


def kept(value: Decimal, regime: RatingRegime) -> Rating:
    """A value within the scale."""
    if regime.lowest is not None:
        value = max(value, regime.lowest)
    return Rating(value if regime.highest is None else min(value, regime.highest))


def score_on(ledger: RatingLedger, at: datetime) -> Rating | None:
    """The rating at `at` by its events and the terms of that day. None: no terms held, no source says where it starts, or of an
    event the platform has not said by how much."""
    regime = ledger.regime(at)
    if regime is None or regime.start is None:
        return None
    change = moved(ledger, at, regime)
    return None if change is None else kept(regime.start + change, regime)


def expiry_calendar(ledger: RatingLedger, at: datetime) -> tuple[Expiry, ...]:
    """What leaves the window after `at`, the soonest first."""
    regime = ledger.regime(at)
    if regime is None or regime.window_days is None:
        return ()
    going: dict[datetime, list[Event]] = {}
    for event in ledger.events:
        leaves = gone_at(ledger, event, regime.window_days)
        if event.counting(at) and leaves > at and event.change:
            going.setdefault(leaves, []).append(event)
    return tuple(
        Expiry(leaves, Rating(-sum((e.change for e in ones if e.change is not None), NONE)), tuple(e.id for e in ones))
        for leaves, ones in sorted(going.items())
    )


def distance(regime: RatingRegime, score: Rating) -> Distance:
    """How much less reaches the next line below."""
    ahead = next((line for line in regime.lines if line.at < score.value), None)
    reached = next((line for line in reversed(regime.lines) if line.at >= score.value), None)
    return Distance(ahead, None if ahead is None else Rating(score.value - ahead.at), reached)


def steps(ledger: RatingLedger, since: datetime, until: datetime) -> tuple[Step, ...]:
    """The rating from `since` to `until` as steps: the first at `since`, one wherever it changes."""
    moments = {since, *(at for at in _moments(ledger, since, until) if since < at <= until)}
    moments.update(ledger.ground.turns(since, until))
    found: list[Step] = []
    for at in sorted(moments):
        score = score_on(ledger, at)
        if not found or found[-1].score != score:
            found.append(Step(at, score))
    return tuple(found)


def _moments(ledger: RatingLedger, since: datetime, until: datetime) -> Iterator[datetime]:
    regimes = [regime for at in (since, until) if (regime := ledger.regime(at)) is not None]
    windows = {regime.window_days for regime in regimes if regime.window_days is not None}
    for event in ledger.events:
        yield event.at
        if event.lifted_at is not None:
            yield event.lifted_at
        yield from (gone_at(ledger, event, days) for days in windows)
