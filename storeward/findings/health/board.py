"""One line a store: its score or points, how far the next line is, what expires when, the trend, and what is held against it.

The two ways of counting stand side by side and are never brought to one scale: a line has points or a rating, or neither.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Final, Literal

from django.db import connection
from django.db.backends.utils import CursorWrapper

from storeward.findings.health.events import SETTLED_STATUSES, Book, Violation, ledgers
from storeward.policy.ledgers import points, rating
from storeward.policy.ledgers.points import PointsLedger
from storeward.policy.ledgers.rating import RatingLedger
from storeward.policy.ledgers.regimes import Line, RatingRegime
from storeward.policy.ledgers.snapshots import PointsNow, RatingNow, points_now, rating_now
from storeward.policy.rules.compare import near
from storeward.policy.terms import book
from storeward.policy.types import Severity

TREND: Final = timedelta(days=28)
APPEALS: Final = ("violation_appeal", "violation_ticket")
RATES: Final = ("rate", "reply_rate", "chat_figure", "listing_share")

Look = Literal["fine", "near", "reached", "last", "unknown", "none"]
"""How a score stands: far from every line, close to the next, beyond one, beyond the last; not told; not kept by the platform."""


@dataclass(frozen=True, slots=True)
class Going:
    """What goes by itself next: when, and how many points, or by how much a rating moves then."""

    at: datetime
    amount: Decimal
    reset: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """A score as a page tells it; the number is never without its regime."""

    regime: Literal["points", "rating"]
    value: Decimal | None
    told_at: datetime | None
    told_by: str
    """Where it comes from: `form`, `file`, `api`; empty where it is rebuilt from events alone."""
    unexplained: Decimal
    top: Decimal | None
    """The last line of points, or the highest of the scale of a rating."""
    lines: tuple[Line, ...]
    next: Line | None
    distance: Decimal | None
    reached: Line | None
    going: Going | None
    trend: Decimal | None
    """By how much it has changed in four weeks; None where one of both cannot be told."""
    look: Look


@dataclass(frozen=True, slots=True)
class Restriction:
    """Something that the platform keeps from the store: what, since when, until when (None: nobody has said)."""

    what: str
    kind: Literal["punishment", "milestone", "store"]
    began_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Held:
    """A violation that is open, with the instant by which somebody must act (None: nothing to do, or it is past)."""

    violation: Violation
    act_by: datetime | None
    rule: str


@dataclass(frozen=True, slots=True)
class StoreHealth:
    """How one store stands."""

    store_id: int
    score: Score | None
    restrictions: tuple[Restriction, ...]
    violations: tuple[Held, ...]
    off_target: int
    """Rates that break a limit now, and those close to one."""
    near_target: int
    book: Book

    @property
    def act_by(self) -> datetime | None:
        """The first instant by which an appeal or a ticket must be answered."""
        return min((one.act_by for one in self.violations if one.act_by is not None), default=None)


def board(store_ids: Sequence[int], *, now: datetime, in_full: Sequence[int] = ()) -> list[StoreHealth]:
    """Each of these stores, in the order given; nine queries for any number of them. `in_full`: as `ledgers`."""
    with connection.cursor() as cursor:
        held = ledgers(cursor, store_ids, now, in_full=in_full)
        acts = _acts(cursor, list(held), now)
        rates = _rates(cursor, list(held))
        states = _states(cursor, list(held))
    return [
        _line(held[store_id], acts.get(store_id, {}), rates.get(store_id, (0, 0)), states.get(store_id, ""), now)
        for store_id in store_ids
        if store_id in held
    ]


def _line(held: Book, acts: dict[str, tuple[str, datetime]], rates: tuple[int, int], status: str, now: datetime) -> StoreHealth:
    open_ = [violation for violation in held.violations if violation.status not in SETTLED_STATUSES and not violation.punishes]
    return StoreHealth(
        store_id=held.store_id,
        score=score_at(held, now),
        restrictions=_restrictions(held, status, now),
        violations=tuple(_held(violation, acts, now) for violation in open_),
        off_target=rates[0],
        near_target=rates[1],
        book=held,
    )


def _held(violation: Violation, acts: dict[str, tuple[str, datetime]], now: datetime) -> Held:
    rule, due_at = acts.get(violation.id, ("", violation.deadline_at))
    return Held(violation, due_at if due_at is not None and due_at >= now else None, rule)


def _restrictions(held: Book, status: str, now: datetime) -> tuple[Restriction, ...]:
    found = [
        Restriction(violation.category or "", "punishment", violation.began_at or violation.notified_at, violation.ends_at)
        for violation in held.violations
        if violation.punishes
        and violation.status not in SETTLED_STATUSES
        and (violation.ends_at is None or violation.ends_at > now)
    ]
    found += [
        Restriction(f"{one.milestone.normalize():f}" if one.milestone is not None else "", "milestone", one.began_at, one.ends_at)
        for one in held.enforced
    ]
    if status in ("suspended", "closed_by_platform"):
        found.append(Restriction(status, "store", None, None))
    return tuple(sorted(found, key=lambda one: (one.ends_at is None, one.ends_at or now)))


# -- the score ----------------------------------------------------------------------------------------------------------


def score_at(held: Book, at: datetime) -> Score | None:
    """The score of a store at `at`; None where its platform keeps none."""
    match held.ledger:
        case PointsLedger():
            return _points_score(held.ledger, held, at)
        case RatingLedger():
            return _rating_score(held.ledger, held, at)
        case None:
            return None


def _points_score(ledger: PointsLedger, held: Book, at: datetime) -> Score | None:
    regime, now = ledger.regime(at), _known_points(ledger, held, at)
    if regime is None:
        return None
    far = points.distance(regime, now.points) if now is not None else points.Distance(None, None, None)
    standing = None if now is None else now.standing
    going = None if standing is None else next(iter(points.expiries(standing)), None)
    return Score(
        regime="points",
        value=None if now is None else now.points.value,
        told_at=_told_at(now),
        told_by=_told_by(now, [(entry.issued_at, entry.origin) for entry in ledger.entries], at),
        unexplained=Decimal(0) if now is None else now.unexplained,
        top=regime.lines[-1].at if regime.lines else None,
        lines=regime.lines,
        next=far.to,
        distance=None if far.by is None else far.by.value,
        reached=far.reached,
        going=None if going is None else Going(going.at, going.points.value, going.reset),
        trend=None if standing is None else _trend(standing.total, points.score_on(ledger, at - TREND)),
        look=_look(None if now is None else now.points.value, far.to, far.reached, ">="),
    )


def _known_points(ledger: PointsLedger, held: Book, at: datetime) -> PointsNow | None:
    """None where nobody has ever looked: no points is a guess then, and not a fact."""
    if held.seen_at is None:
        return None
    return points_now(ledger, held.snapshots, at)


def _rating_score(ledger: RatingLedger, held: Book, at: datetime) -> Score | None:
    regime = ledger.regime(at)
    now = rating_now(ledger, held.snapshots, at) if held.snapshots or ledger.events else None
    if regime is None:
        return None
    far = rating.distance(regime, now.rating) if now is not None else rating.Distance(None, None, None)
    going = next(iter(rating.expiry_calendar(ledger, at)), None)
    before = rating_now(ledger, held.snapshots, at - TREND) if held.snapshots or ledger.events else None
    return Score(
        regime="rating",
        value=None if now is None else now.rating.value,
        told_at=_told_at(now),
        told_by=_told_by(now, [(event.at, event.origin) for event in ledger.events], at),
        unexplained=Decimal(0) if now is None else now.unexplained,
        top=regime.highest,
        lines=regime.lines,
        next=far.to,
        distance=None if far.by is None else far.by.value,
        reached=far.reached,
        going=None if going is None else Going(going.at, going.change.value),
        trend=_trend(now.rating if now else None, before.rating if before and _comparable(now, before) else None),
        look=_look(None if now is None else now.rating.value, far.to, far.reached, "<="),
    )


def _told_at(now: PointsNow | RatingNow | None) -> datetime | None:
    return now.told.at if now is not None and now.told is not None else None


def _told_by(now: PointsNow | RatingNow | None, events: list[tuple[datetime, str]], at: datetime) -> str:
    """How the newest of what the score rests on came here."""
    seen = [one for one in events if one[0] <= at]
    if now is not None and now.told is not None:
        seen.append((now.told.at, now.told.origin))
    return max(seen)[1] if seen else ""


def _trend(now: points.Points | rating.Rating | None, before: points.Points | rating.Rating | None) -> Decimal | None:
    return None if now is None or before is None else now.value - before.value


def _comparable(now: RatingNow | None, before: RatingNow) -> bool:
    """Whether both rest on the same: a rating that somebody read and that the events do not explain is no move away from one that
    was reckoned from the events alone."""
    return now is None or now.told is None or before.told is not None or now.unexplained == 0


def _look(value: Decimal | None, ahead: Line | None, reached: Line | None, comparator: str) -> Look:
    """`comparator`: which side of a line breaks it."""
    if value is None:
        return "unknown"
    if reached is not None:
        return "last" if reached.severity is Severity.FATAL else "reached"
    if ahead is None:
        return "fine"
    return "near" if near(value, comparator, ahead.at, ahead.lead) else "fine"


def regime_word(held: Book, at: datetime) -> Literal["points", "rating", "none"]:
    """Which way of counting holds for a store."""
    regime = held.ground.regime(at)
    return "none" if regime is None else "rating" if isinstance(regime, RatingRegime) else "points"


# -- what is beside it --------------------------------------------------------------------------------------------------


@cache
def _rules_of(forms: tuple[str, ...]) -> list[str]:
    return [rule.id for _, rule in book() if rule.form in forms]


def _acts(cursor: CursorWrapper, ids: list[int], now: datetime) -> dict[int, dict[str, tuple[str, datetime]]]:
    """Of each violation the clock that runs out first: its rule and instant."""
    cursor.execute(
        "SELECT store_id, subject_id, rule, due_at FROM findings_obligation WHERE store_id = ANY(%s) AND rule = ANY(%s) "
        "AND state = 'open' AND due_at >= %s ORDER BY due_at DESC",
        [ids, _rules_of(APPEALS), now],
    )
    found: dict[int, dict[str, tuple[str, datetime]]] = defaultdict(dict)
    for store_id, violation, rule, due_at in cursor.fetchall():
        found[store_id][violation] = (rule, due_at)
    return found


def _rates(cursor: CursorWrapper, ids: list[int]) -> dict[int, tuple[int, int]]:
    """How many rates of each store are beyond a limit, and how many close to one."""
    cursor.execute(
        "SELECT store_id, count(*) FILTER (WHERE state = 'breached'), count(*) FILTER (WHERE state = 'at_risk') "
        "FROM findings_reading WHERE store_id = ANY(%s) AND rule = ANY(%s) AND state IN ('breached', 'at_risk') "
        "GROUP BY store_id",
        [ids, _rules_of(RATES)],
    )
    return {store_id: (broken, close) for store_id, broken, close in cursor.fetchall()}


def _states(cursor: CursorWrapper, ids: list[int]) -> dict[int, str]:
    cursor.execute("SELECT id, status FROM stores_store WHERE id = ANY(%s)", [ids])
    return dict(cursor.fetchall())
