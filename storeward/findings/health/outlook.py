"""What is open and may cost points, each with its chance, and where the score will be by then.

Two kinds of threats: a violation that waits for an answer, and a rate whose weekly check may find it beyond its limit. The
chance of the latter is exact over what is open now, each thing with the share of its kind that went wrong in this store so far;
that other orders will come and go until then is left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import connection
from django.db.backends.utils import CursorWrapper

from storeward.findings.health.events import PENDING, Book, Violation
from storeward.findings.health.rates import Rate, rates
from storeward.findings.rank import chance_of
from storeward.policy.ledgers.forecast import PointsBand, RatingBand, Threat, evenly, forecast_points, forecast_rating
from storeward.policy.ledgers.points import PointsLedger
from storeward.policy.ledgers.rates import Limit, chance_of_breaking, cost_of
from storeward.policy.ledgers.rating import RatingLedger
from storeward.policy.ledgers.snapshots import points_now, rating_now
from storeward.policy.terms import Row
from storeward.policy.types import State

HORIZON: Final = timedelta(days=28)
"""How far ahead a forecast looks: points given in it live longer than that on every platform."""
WEEK: Final = timedelta(days=7)
PRIOR: Final = 8.0
"""So many outcomes of the whole team weigh as much as those of the store itself."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where a store's score will be, and what may move it."""

    until: datetime
    band: PointsBand | RatingBand | None
    threats: tuple[Threat, ...]


def outlook(held: Book, *, now: datetime, known: Sequence[Rate] | None = None, horizon: timedelta = HORIZON) -> Outlook:
    """The forecast of one store from everything open; no band where the score now cannot be told. `known`: its rates, where they
    are at hand."""
    until = now + horizon
    counted = rates([held.store_id], now=now) if known is None else known
    with connection.cursor() as cursor:
        chances = _chances(cursor, held.store_id)
        threats = [*_violations(held, chances, now), *_rates(cursor, held, counted, now)]
    return Outlook(until, _band(held, threats, now, until), tuple(threats))


def _band(held: Book, threats: Sequence[Threat], now: datetime, until: datetime) -> PointsBand | RatingBand | None:
    if held.seen_at is None:
        return None
    match held.ledger:
        case PointsLedger():
            counted = points_now(held.ledger, held.snapshots, now)
            return None if counted is None else forecast_points(held.ledger, threats, now, until, counted.unexplained)
        case RatingLedger():
            score = rating_now(held.ledger, held.snapshots, now)
            return None if score is None else forecast_rating(held.ledger, threats, now, until, score.rating)
        case None:
            return None


# -- violations that wait -----------------------------------------------------------------------------------------------


def _violations(held: Book, chances: Mapping[str, float], now: datetime) -> Iterable[Threat]:
    """Those that are pending: nothing is lost yet. What they cost is what they say, else what their kind costs."""
    for violation in held.violations:
        if violation.status == PENDING:
            at = violation.deadline_at or now + WEEK
            chance = chances.get(violation.id, chance_of(State.AT_RISK, last_day=False))
            yield Threat(violation.id, at, chance, _cost(held, violation, now), _rule_of(held, violation, now))


def _cost(held: Book, violation: Violation, now: datetime) -> tuple[tuple[Decimal, float], ...] | None:
    if violation.points is not None:
        return ((violation.points, 1.0),)
    if isinstance(held.ledger, RatingLedger):
        return _as_before(held.ledger)
    row = _category_row(held, violation, now)
    cost = None if row is None else cost_of(row)
    return None if cost is None else evenly(*cost)


def _as_before(ledger: RatingLedger) -> tuple[tuple[Decimal, float], ...] | None:
    """Deductions of a rating are not public: as likely as any this store has had. None where it has had none."""
    had = [-event.change for event in ledger.events if event.change is not None and event.change < 0]
    return tuple((cost, 1 / len(had)) for cost in had) or None


def _category_row(held: Book, violation: Violation, now: datetime) -> Row | None:
    ground = held.ground
    day, store = ground.calendar.day_of(now), ground.store
    for rule in ground.book.for_store(store.platform, store.region, store.seller_type, store.programme):
        if violation.category and rule.with_.get("category") == violation.category:
            return ground.book.row(rule, day)
    return None


def _rule_of(held: Book, violation: Violation, now: datetime) -> str:
    row = _category_row(held, violation, now)
    return "" if row is None else row.id


def _chances(cursor: CursorWrapper, store_id: int) -> dict[str, float]:
    """The chance that each violation comes about, as its finding reckons it."""
    cursor.execute(
        "SELECT subject_id, max(chance) FROM findings_finding WHERE store_id = %s AND subject_kind = 'violation' "
        "AND status <> 'resolved' GROUP BY subject_id",
        [store_id],
    )
    return dict(cursor.fetchall())


# -- rates that may break -----------------------------------------------------------------------------------------------


def _rates(cursor: CursorWrapper, held: Book, counted: Sequence[Rate], now: datetime) -> Iterable[Threat]:
    """A rate whose breach costs points, at the next Monday of the store: the weekly check."""
    costly = [
        (rate, line.limit, cost) for rate in counted for line in rate.lines if (cost := cost_of(line.limit.row)) is not None
    ]
    waiting = _open(cursor, held.store_id, sorted({rule for rate, _, _ in costly for rule in rate.formula.rules}), now)
    for rate, limit, cost in costly:
        chance = _chance(rate, limit, waiting)
        if chance > 0:
            yield Threat(limit.rule, _next_check(held, now), chance, evenly(*cost), limit.rule)


def _chance(rate: Rate, limit: Limit, waiting: Mapping[str, list[float]]) -> float:
    """That the rate is found beyond its limit. What falls under another row of the rate is not counted twice (C25)."""
    chances = [chance for rule in rate.formula.rules for chance in waiting.get(rule, [])]
    figures = limit.row.figures
    if "count_below" in figures and rate.misses >= figures["count_below"]:
        return 0.0
    return chance_of_breaking(rate.counted, chances, limit, by_misses=rate.formula.by_misses)


def _next_check(held: Book, now: datetime) -> datetime:
    calendar = held.ground.calendar
    today = calendar.day_of(now)
    return calendar.at(today + timedelta(days=WEEK.days - today.weekday()), time(0))


_OPEN: Final = """
WITH settled AS (
    SELECT rule, store_id = %(store)s AS own, count(*) AS n, count(*) FILTER (WHERE state <> 'met') AS late
    FROM findings_obligation
    WHERE store_id IN (
        SELECT s.id FROM stores_store s JOIN stores_store me ON me.workspace_id = s.workspace_id WHERE me.id = %(store)s)
        AND rule = ANY(%(rules)s) AND state IN ('met', 'met_late', 'breached') AND due_at > %(since)s
    GROUP BY 1, 2
), shares AS (
    SELECT rule, coalesce(sum(late) FILTER (WHERE own), 0)::int AS late, coalesce(sum(n) FILTER (WHERE own), 0)::int AS n,
        sum(late)::int AS team_late, sum(n)::int AS team_n FROM settled GROUP BY rule
)
SELECT o.rule, o.due_at <= %(now)s, coalesce(h.late, 0), coalesce(h.n, 0), coalesce(h.team_late, 0), coalesce(h.team_n, 0),
    count(*)
FROM findings_obligation o LEFT JOIN shares h USING (rule)
WHERE o.store_id = %(store)s AND o.rule = ANY(%(rules)s) AND o.state = 'open' AND o.due_at <= %(ahead)s
GROUP BY 1, 2, 3, 4, 5, 6
"""


def _open(cursor: CursorWrapper, store_id: int, rules: list[str], now: datetime) -> dict[str, list[float]]:
    """Of each clock the chances that what is open and falls due within a week goes wrong."""
    if not rules:
        return {}
    values: dict[str, Any] = {"store": store_id, "rules": rules, "now": now, "since": now - HORIZON, "ahead": now + WEEK}
    cursor.execute(_OPEN, values)
    found: dict[str, list[float]] = {}
    for rule, past, late, settled, team_late, team_settled, count in cursor.fetchall():
        chance = 1.0 if past else share(late, settled, team_late, team_settled)
        found.setdefault(rule, []).extend([chance] * count)
    return found


def share(late: int, settled: int, team_late: int, team_settled: int) -> float:
    """The share that goes wrong: the store's own, drawn towards the team's while it has few outcomes; 0 where none is known."""
    if not team_settled:
        return 0.0
    return (late + PRIOR * team_late / team_settled) / (settled + PRIOR)
