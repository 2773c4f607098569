"""Where a score will be: a band, reckoned exactly over everything open that may cost points, not drawn at random.

Each threat comes true with its own chance and then costs one of several amounts. The chances of every sum are convolved in the
order of time, with what expires in between, the reset of a quarter, and the lock at the highest tier. Threats are taken to be
independent of one another: where one cause moves several (a carrier that fails), the true band is wider.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from . import points, rating
from .points import Points, PointsLedger
from .rating import Rating, RatingLedger

SHARE = 0.8
"""Of all outcomes, how many a band should hold."""
FLOOR = 0.75
"""And how many at the least, where whole points do not allow for four fifths."""
LEAST = 1e-12
"""A chance below this is left out: sums of it stay far below anything shown."""

Outcomes = Mapping[Decimal, float]
"""How many points, and how likely; the chances add up to one."""


@dataclass(frozen=True, slots=True)
class Threat:
    """Something open that may cost points: when that would be, with which chance, and how many then (None: nobody knows)."""

    id: str
    at: datetime
    chance: float
    costs: tuple[tuple[Decimal, float], ...] | None
    rule: str = ""

    @property
    def expected(self) -> float:
        """Points that it costs on average."""
        return self.chance * sum(float(cost) * weight for cost, weight in self.costs or ())


@dataclass(frozen=True, slots=True)
class Band:
    """Between which values the score will be at `at`, most likely; `covers` is the chance that it is, `likely` the middle one.

    `reached` are lines with the chance that the score stands at or beyond them then. `untold`: threats of which nobody knows what
    they cost; they are not in the band. `reasons`: the threats that move it most.
    """

    at: datetime
    low: Decimal
    likely: Decimal
    high: Decimal
    covers: float
    reached: tuple[tuple[str, float], ...]
    untold: int
    reasons: tuple[Threat, ...]


@dataclass(frozen=True, slots=True)
class PointsBand:
    """A band of points."""

    band: Band

    @property
    def likely(self) -> Points:
        return Points(self.band.likely)


@dataclass(frozen=True, slots=True)
class RatingBand:
    """A band of a rating."""

    band: Band

    @property
    def likely(self) -> Rating:
        return Rating(self.band.likely)


def evenly(lowest: Decimal, highest: Decimal) -> tuple[tuple[Decimal, float], ...]:
    """Every whole number of points from `lowest` to `highest` alike: where a range is all that is known."""
    count = max(int(highest - lowest), 0) + 1
    return tuple((lowest + step, 1 / count) for step in range(count))


def after(outcomes: Outcomes, threat: Threat, sign: int = 1) -> dict[Decimal, float]:
    """The sums once the threat has come or not."""
    found: dict[Decimal, float] = {}
    for value, chance in outcomes.items():
        _add(found, value, chance * (1 - threat.chance))
        for cost, weight in threat.costs or ():
            _add(found, value + sign * cost, chance * threat.chance * weight)
    return found


def _add(found: dict[Decimal, float], value: Decimal, chance: float) -> None:
    if chance > LEAST:
        found[value] = found.get(value, 0.0) + chance


def band_of(outcomes: Outcomes, share: float = SHARE, *, higher_is_worse: bool = True) -> tuple[Decimal, Decimal, float]:
    """The run of values whose chance comes nearest to `share` and not below the floor, of equals the most central, then the worse
    one: its ends and its chance.

    Whole points seldom give exactly four fifths, so the band says what it covers.
    """
    values = sorted(outcomes)
    sums = [0.0]
    for value in values:
        sums.append(sums[-1] + outcomes[value])
    total = sums[-1]
    worse = -1 if higher_is_worse else 1

    def badness(ends: tuple[int, int]) -> tuple[bool, float, float, int]:
        below, upto = sums[ends[0]], sums[ends[1] + 1]
        held = upto - below
        return held < FLOOR, round(abs(held - share), 2), round(abs(below - (total - upto)), 6), worse * ends[0]

    best = min(((i, j) for i in range(len(values)) for j in range(i, len(values))), key=badness)
    return values[best[0]], values[best[1]], sums[best[1] + 1] - sums[best[0]]


def middle(outcomes: Outcomes) -> Decimal:
    """The value that half of the outcomes do not exceed."""
    passed, half = 0.0, sum(outcomes.values()) / 2
    for value in sorted(outcomes):
        passed += outcomes[value]
        if passed >= half:
            return value
    return max(outcomes)


def _reasons(threats: Iterable[Threat]) -> tuple[Threat, ...]:
    return tuple(sorted((t for t in threats if t.expected > 0), key=lambda t: -t.expected)[:3])


def _within(threats: Iterable[Threat], at: datetime, until: datetime) -> tuple[list[Threat], int]:
    """Those of the span that say what they cost, in order of time, and how many do not say. What is overdue falls now."""
    meant = sorted((threat for threat in threats if threat.at <= until), key=lambda threat: max(threat.at, at))
    return [threat for threat in meant if threat.costs], sum(not threat.costs for threat in meant)


def _band(
    outcomes: Outcomes,
    until: datetime,
    lines: Sequence[tuple[str, float]],
    untold: int,
    known: list[Threat],
    *,
    higher_is_worse: bool,
) -> Band:
    low, high, covers = band_of(outcomes, higher_is_worse=higher_is_worse)
    return Band(until, low, middle(outcomes), high, covers, tuple(lines), untold, _reasons(known))


def points_outcomes(
    ledger: PointsLedger, threats: Iterable[Threat], at: datetime, until: datetime, more: Decimal = points.NONE
) -> dict[Decimal, float] | None:
    """How likely each number of points is at `until`. `more`: points that a snapshot had beyond the events; they stay.

    New points are taken to last beyond `until`: a forecast reaches no further than an entry lives. None where the points now
    cannot be told.
    """
    standing, regime = points.standing_on(ledger, at), ledger.regime(at)
    if standing is None or regime is None:
        return None
    known, _ = _within(threats, at, until)
    going = [expiry for expiry in points.expiry_calendar(ledger, at) if expiry.at <= until]
    reset_at = standing.reset_at if standing.reset_at is not None and standing.reset_at <= until else None
    moves: list[tuple[datetime, int, points.Expiry | Threat]] = [(expiry.at, 0, expiry) for expiry in going if not expiry.reset]
    moves += [(max(threat.at, at), 1, threat) for threat in known if reset_at is None or max(threat.at, at) >= reset_at]
    start = points.NONE if reset_at is not None else max(standing.total.value + more, points.NONE)
    open_, locked = ({}, {start: 1.0}) if _locks(start, regime.lock) else ({start: 1.0}, dict[Decimal, float]())
    for _at, _order, move in sorted(moves, key=lambda one: one[:2]):
        if isinstance(move, Threat):
            locked = after(locked, move)
            moved = after(open_, move)
            open_ = {value: chance for value, chance in moved.items() if not _locks(value, regime.lock)}
            for value in moved.keys() - open_.keys():
                _add(locked, value, moved[value])
        else:
            open_ = _less(open_, move.points.value)
    for value, chance in open_.items():
        _add(locked, value, chance)
    return locked


def _less(outcomes: Outcomes, points_gone: Decimal) -> dict[Decimal, float]:
    found: dict[Decimal, float] = {}
    for value, chance in outcomes.items():
        _add(found, max(value - points_gone, points.NONE), chance)
    return found


def _locks(total: Decimal, lock: Decimal | None) -> bool:
    return lock is not None and total >= lock


def forecast_points(
    ledger: PointsLedger, threats: Sequence[Threat], at: datetime, until: datetime, more: Decimal = points.NONE
) -> PointsBand | None:
    """Between which points the store will be at `until`; None where the points now cannot be told."""
    outcomes, regime = points_outcomes(ledger, threats, at, until, more), ledger.regime(at)
    if outcomes is None or regime is None:
        return None
    known, untold = _within(threats, at, until)
    reached = [(line.rule, sum(c for v, c in outcomes.items() if v >= line.at)) for line in regime.lines]
    return PointsBand(_band(outcomes, until, reached, untold, known, higher_is_worse=True))


def forecast_rating(
    ledger: RatingLedger, threats: Sequence[Threat], at: datetime, until: datetime, now: Rating
) -> RatingBand | None:
    """Between which ratings the store will be at `until`, from `now` on; None where the store has no rating."""
    regime = ledger.regime(at)
    if regime is None:
        return None
    known, untold = _within(threats, at, until)
    back = sum((e.change.value for e in rating.expiry_calendar(ledger, at) if e.at <= until), rating.NONE)
    sums: dict[Decimal, float] = {now.value + back: 1.0}
    for threat in known:
        sums = after(sums, threat, sign=-1)
    outcomes: dict[Decimal, float] = {}
    for value, chance in sums.items():
        _add(outcomes, rating.kept(value, regime).value, chance)
    reached = [(line.rule, sum(c for v, c in outcomes.items() if v <= line.at)) for line in regime.lines]
    return RatingBand(_band(outcomes, until, reached, untold, known, higher_is_worse=False))
