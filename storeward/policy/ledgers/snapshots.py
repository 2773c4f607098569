"""What a person typed, a file brought or a platform told of the score, against what the events explain.

A snapshot that the events do not explain is worth showing: an entry that nobody has recorded, or a rule that we read wrongly. The
score now is the newest snapshot moved on by the events since, so a difference is carried along and never hidden.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from . import points, rating
from .points import Points, PointsLedger, Standing
from .rating import Rating, RatingLedger
from .regimes import PointsRegime, RatingRegime, days_later, resets


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The score as somebody read it, and how it came here."""

    at: datetime
    value: Decimal
    origin: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A snapshot beside what the events give. `unexplained` is told minus rebuilt, `since_before` what of it is new since the
    snapshot before; None where the score cannot be rebuilt."""

    snapshot: Snapshot
    rebuilt: Decimal | None
    unexplained: Decimal | None
    since_before: Decimal | None


@dataclass(frozen=True, slots=True)
class PointsNow:
    """Points as they stand: `told` the snapshot that they rest on (None: on events alone), `unexplained` what it had more,
    `standing` what the events give (None: they cannot tell)."""

    points: Points
    told: Snapshot | None
    unexplained: Decimal
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class RatingNow:
    """A rating as it stands: the same."""

    rating: Rating
    told: Snapshot | None
    unexplained: Decimal


def unexplained(ledger: PointsLedger | RatingLedger, snapshots: Iterable[Snapshot]) -> tuple[Difference, ...]:
    """Each snapshot with the difference that the events leave, oldest first."""
    found: list[Difference] = []
    before: Decimal | None = Decimal(0)
    for snapshot in sorted(snapshots, key=lambda one: one.at):
        rebuilt = _rebuilt(ledger, snapshot.at)
        gap = None if rebuilt is None else snapshot.value - rebuilt
        found.append(Difference(snapshot, rebuilt, gap, None if gap is None or before is None else gap - before))
        before = gap if gap is not None else before
    return tuple(found)


def _rebuilt(ledger: PointsLedger | RatingLedger, at: datetime) -> Decimal | None:
    if isinstance(ledger, PointsLedger):
        counted = points.score_on(ledger, at)
        return None if counted is None else counted.value
    score = rating.score_on(ledger, at)
    return None if score is None else score.value


def latest(snapshots: Iterable[Snapshot], at: datetime) -> Snapshot | None:
    """The newest snapshot of what was true by `at`."""
    return max((one for one in snapshots if one.at <= at), key=lambda one: one.at, default=None)


def points_now(ledger: PointsLedger, snapshots: Iterable[Snapshot], at: datetime) -> PointsNow | None:
    """The points at `at`; None where neither a snapshot nor the events tell them.

    A snapshot from before the last reset, or older than an entry lives, says nothing of now (C24). What one had more than the
    events is taken to last until then, or until one comes that has it no more: nobody knows when it was given.
    """
    regime, told, standing = ledger.regime(at), latest(snapshots, at), points.standing_on(ledger, at)
    if regime is None:
        return None
    if told is None or _spent(ledger, regime, told, at):
        return None if standing is None else PointsNow(standing.total, None, Decimal(0), standing)
    then = points.score_on(ledger, told.at)
    if standing is None or then is None:
        return PointsNow(Points(told.value), told, Decimal(0))
    gap = told.value - then.value
    return PointsNow(Points(max(standing.total.value + gap, Decimal(0))), told, gap, standing)


def _spent(ledger: PointsLedger, regime: PointsRegime, told: Snapshot, at: datetime) -> bool:
    """Whether everything that a snapshot counted has gone since, unless the store was at its last line."""
    calendar = ledger.ground.calendar
    around = resets(regime, calendar, at)
    if around is not None:
        return told.at < around[0]
    locked = regime.lock is not None and told.value >= regime.lock
    return not locked and regime.expiry_days is not None and days_later(calendar, told.at, regime.expiry_days) <= at


def rating_now(ledger: RatingLedger, snapshots: Iterable[Snapshot], at: datetime) -> RatingNow | None:
    """The rating at `at`; None where neither a snapshot nor the events tell it. Where no source says at what the rating starts,
    a snapshot is moved on by the events since all the same; one from before the window says nothing of now."""
    regime, told = ledger.regime(at), latest(snapshots, at)
    if regime is None:
        return None
    if told is None or _left(ledger, regime, told, at):
        score = rating.score_on(ledger, at)
        return None if score is None else RatingNow(score, None, Decimal(0))
    now, then = rating.moved(ledger, at, regime), rating.moved(ledger, told.at, regime)
    if now is None or then is None:
        return RatingNow(Rating(told.value), told, Decimal(0))
    gap = Decimal(0) if regime.start is None else told.value - rating.kept(regime.start + then, regime).value
    return RatingNow(rating.kept(told.value + now - then, regime), told, gap)


def _left(ledger: RatingLedger, regime: RatingRegime, told: Snapshot, at: datetime) -> bool:
    """Whether everything that a snapshot counted has left the window since."""
    days = regime.window_days
    return days is not None and days_later(ledger.ground.calendar, told.at, Decimal(days)) <= at
