"""Points counted upwards, each entry with its own age or all gone with the quarter: any past instant from its events.

Conventions C14 and C24: an entry is gone at the moment it reaches its age; once the sum has reached the highest tier nothing is
cleared; points that are reset count since the last reset.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from .regimes import Ground, Line, PointsRegime, days_later, resets

NONE = Decimal(0)


@dataclass(frozen=True, slots=True, order=True)
class Points:
    """A number of penalty points. Neither adds to nor compares with a `Rating`."""

    value: Decimal

    def __str__(self) -> str:
        return f"{self.value.normalize():f}"


@dataclass(frozen=True, slots=True)
class Entry:
    """Points given at an instant. `points` are those that count now, `original` those first given; the difference was lifted
    (by an appeal) at `lifted_at`. None in `points`: the platform has not said how many."""

    id: str
    issued_at: datetime
    points: Decimal | None
    original: Decimal | None = None
    lifted_at: datetime | None = None
    reason: str = ""
    origin: str = ""

    def counting(self, at: datetime) -> Decimal | None:
        """How many it stood for at `at`."""
        if self.lifted_at is not None and at < self.lifted_at and self.original is not None:
            return self.original
        return self.points


@dataclass(frozen=True, slots=True)
class PointsLedger:
    """The entries of one store, in any order, and the ground on which they count."""

    ground: Ground
    entries: tuple[Entry, ...]

    def regime(self, at: datetime) -> PointsRegime | None:
        """None where the store did not count points then."""
        regime = self.ground.regime(at)
        return regime if isinstance(regime, PointsRegime) else None

    def with_entry(self, entry: Entry) -> "PointsLedger":
        """The ledger as it would be with one more entry."""
        return replace(self, entries=(*self.entries, entry))


@dataclass(frozen=True, slots=True)
class Live:
    """An entry that counts, and when it will be gone (None: not by itself)."""

    entry: Entry
    points: Decimal
    gone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts at an instant."""

    total: Points
    live: tuple[Live, ...]
    locked: bool
    reset_at: datetime | None


@dataclass(frozen=True, slots=True)
class Distance:
    """How far it is to the next line, and which was reached last; None where there is none."""

    to: Line | None
    by: Points | None
    reached: Line | None


@dataclass(frozen=True, slots=True)
class Expiry:
    """Points that go by themselves at an instant; `reset`: with the quarter."""

    at: datetime
    points: Points
    entries: tuple[str, ...]
    reset: bool = False


def standing_on(ledger: PointsLedger, at: datetime) -> Standing | None:
    """What counted at `at`, by the terms of that day. None: no terms held, nobody knows when points go, or an entry of which the
    platform has not said how many."""
    regime = ledger.regime(at)
    if regime is None or not regime.told:
        return None
    given = sorted((entry for entry in ledger.entries if entry.issued_at <= at), key=lambda entry: entry.issued_at)
    around = resets(regime, ledger.ground.calendar, at)
    if around is not None:
        last, following = around
        live = [Live(entry, points, following) for entry, points in _told(given, at) if entry.issued_at >= last]
        unknown = any(entry.issued_at >= last and entry.counting(at) is None for entry in given)
        return None if unknown else Standing(_sum(live), tuple(live), False, following)
    if any(entry.counting(at) is None for entry in given):
        return None
    assert regime.expiry_days is not None  # `told`, and no reset
    live, locked = _aged(ledger, regime.expiry_days, regime.lock, given, at)
    return Standing(_sum(live), tuple(live), locked, None)


def score_on(ledger: PointsLedger, at: datetime) -> Points | None:
    """The points that counted at `at`; None where that cannot be told."""
    standing = standing_on(ledger, at)
    return None if standing is None else standing.total


def _told(entries: Iterable[Entry], at: datetime) -> Iterator[tuple[Entry, Decimal]]:
    for entry in entries:
        if (points := entry.counting(at)) is not None:
            yield entry, points


def _sum(live: Iterable[Live]) -> Points:
    return Points(sum((one.points for one in live), NONE))


def _aged(
    ledger: PointsLedger, days: Decimal, lock: Decimal | None, entries: Iterable[Entry], at: datetime
) -> tuple[list[Live], bool]:
    """Entry by entry in the order of time: what was gone when one came cannot have locked the sum with it. All live equally long,
    so the oldest go first."""
    calendar, live, total = ledger.ground.calendar, deque[Live](), NONE
    for entry, points in _told(entries, at):
        if lock is None or total < lock:
            total -= _drop(live, entry.issued_at)
        live.append(Live(entry, points, days_later(calendar, entry.issued_at, days)))
        total += points
    if lock is not None and total >= lock:
        return [replace(one, gone_at=None) for one in live], True
    _drop(live, at)
    return list(live), False


def _drop(live: deque[Live], at: datetime) -> Decimal:
    """Take away what is gone at `at`; answers how many points that were."""
    gone = NONE
    while live and live[0].gone_at is not None and live[0].gone_at <= at:
        gone += live.popleft().points
    return gone


def expiry_calendar(ledger: PointsLedger, at: datetime) -> tuple[Expiry, ...]:
    """What goes by itself after `at` if nothing new comes, the soonest first. Empty where nothing does or nobody knows."""
    standing = standing_on(ledger, at)
    return () if standing is None else expiries(standing)


def expiries(standing: Standing) -> tuple[Expiry, ...]:
    """The same of a standing that is known already."""
    going: dict[datetime, list[Live]] = {}
    for one in standing.live:
        if one.gone_at is not None and one.points:
            going.setdefault(one.gone_at, []).append(one)
    return tuple(
        Expiry(gone_at, _sum(ones), tuple(one.entry.id for one in ones), gone_at == standing.reset_at)
        for gone_at, ones in sorted(going.items())
    )


def distance(regime: PointsRegime, total: Points) -> Distance:
    """How many points more reach the next line."""
    ahead = next((line for line in regime.lines if line.at > total.value), None)
    reached = next((line for line in reversed(regime.lines) if line.at <= total.value), None)
    return Distance(ahead, None if ahead is None else Points(ahead.at - total.value), reached)


@dataclass(frozen=True, slots=True)
class Step:
    """The score from an instant on, until the next step; None: it cannot be told."""

    at: datetime
    total: Points | None


def steps(ledger: PointsLedger, since: datetime, until: datetime) -> tuple[Step, ...]:
    """The score from `since` to `until` as steps: the first at `since`, one wherever it changes."""
    moments = {since, *(at for at in _moments(ledger, since, until) if since < at <= until)}
    moments.update(ledger.ground.turns(since, until))
    found: list[Step] = []
    for at in sorted(moments):
        total = score_on(ledger, at)
        if not found or found[-1].total != total:
            found.append(Step(at, total))
    return tuple(found)


def _moments(ledger: PointsLedger, since: datetime, until: datetime) -> Iterator[datetime]:
    """Every instant at which the score may change: entries, what was lifted, ages reached by the terms of any of these days,
    resets."""
    calendar = ledger.ground.calendar
    regimes = [regime for at in (since, until) if (regime := ledger.regime(at)) is not None]
    ages = {regime.expiry_days for regime in regimes if regime.expiry_days is not None}
    for entry in ledger.entries:
        yield entry.issued_at
        if entry.lifted_at is not None:
            yield entry.lifted_at
        yield from (calendar.add(entry.issued_at, days) for days in ages)
    for regime in regimes:
        around = resets(regime, calendar, since)
        while around is not None and around[1] <= until:
            yield around[1]
            around = resets(regime, calendar, around[1])
