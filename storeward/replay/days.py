"""What is measured, under both books: each store at the end of each of its days, by what was known then.

Streaks, balances, points, attestations and ratings that people typed have a history, so each day has its facts. The rates that we
count ourselves are counted again for each day from the ledger of obligations. Of other figures only the latest value is held.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Generic, TypeVar

import msgspec
from django.db import connection

from storeward.findings.figures import METRICS, POINTS_OF
from storeward.findings.rates import DELIVERY_RULES, DISPATCH_RULES, TRACKING_RULES, WEEK
from storeward.policy import facts as shapes
from storeward.policy.engine import duties
from storeward.policy.facts import Facts
from storeward.policy.judge import verdict
from storeward.policy.types import Duty, Obligation, State
from storeward.replay.found import Hit, Side, Tally
from storeward.replay.span import Past

T = TypeVar("T")
HISTORY = timedelta(days=400)
"""So long before the window events may still count in it."""
STORE_DAY = "store"

At = Callable[[datetime], dict[str, Any]]
"""The facts of a store at an instant, by name."""


@dataclass(slots=True)
class _Line(Generic[T]):
    """Things of one store in the order of their instants."""

    at: list[datetime] = field(default_factory=list)
    things: list[T] = field(default_factory=list)

    def add(self, at: datetime, thing: T) -> None:
        self.at.append(at)
        self.things.append(thing)

    def until(self, moment: datetime) -> tuple[T, ...]:
        return tuple(self.things[: bisect_right(self.at, moment)])


def _read(statement: str, past: Past) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": past.ids, "early": past.since - HISTORY, "since": past.since, "now": past.now})
        return list(cursor.fetchall())


# -- histories -----------------------------------------------------------------------------------------------------------------

_EVENTS = """
SELECT store_id, family, type, actor, at, answered_at FROM records_storeevent
WHERE store_id = ANY(%(ids)s) AND at > %(early)s AND at <= %(now)s ORDER BY at
"""


def events(past: Past) -> Mapping[int, At]:
    """Activities, notices and attestations."""
    lines: dict[tuple[int, str], _Line[Any]] = defaultdict(_Line)
    for store_id, family, kind, actor, at, answered_at in _read(_EVENTS, past):
        match family:
            case "activity":
                lines[store_id, family].add(at, shapes.Activity(at=at, type=kind, actor=actor))
            case "notice":
                lines[store_id, family].add(at, shapes.Notice(at=at, type=kind, answered_at=answered_at))
            case _:
                lines[store_id, family].add(at, shapes.Attestation(item=kind, at=at))

    def of(store_id: int) -> At:
        return lambda moment: {
            "activities": lines[store_id, "activity"].until(moment),
            "notices": lines[store_id, "notice"].until(moment),
            "attestations": lines[store_id, "attestation"].until(moment),
        }

    return {store_id: of(store_id) for store_id in {store_id for store_id, _ in lines}}


_BALANCES = """
SELECT store_id, at, amount, currency FROM records_balanceevent
WHERE store_id = ANY(%(ids)s) AND at > %(early)s AND at <= %(now)s ORDER BY at
"""


def balances(past: Past) -> Mapping[int, At]:
    """Observed balances, with the rates of today: a replay asks what a line would do, not what a currency did."""
    lines: dict[int, _Line[shapes.BalanceEvent]] = defaultdict(_Line)
    for store_id, at, amount, currency in _read(_BALANCES, past):
        lines[store_id].add(at, shapes.BalanceEvent(at=at, balance=amount, currency=currency))

    def of(line: _Line[shapes.BalanceEvent]) -> At:
        return lambda moment: {"balance_events": line.until(moment), "fx": past.worth.fx}

    return {store_id: of(line) for store_id, line in lines.items()}


_POINTS = """
SELECT store_id, points, issued_at FROM records_pointsentry
WHERE store_id = ANY(%(ids)s) AND issued_at > %(early)s AND issued_at <= %(now)s ORDER BY issued_at
"""


def points(past: Past) -> Mapping[int, At]:
    """Entries of violation and penalty points."""
    lines: dict[int, _Line[shapes.PointEntry]] = defaultdict(_Line)
    for store_id, number, issued_at in _read(_POINTS, past):
        lines[store_id].add(issued_at, shapes.PointEntry(points=number, issued_at=issued_at))

    def of(store_id: int, line: _Line[shapes.PointEntry]) -> At:
        name = POINTS_OF.get(past.profiles[store_id].platform, "violation_points")

        def at(moment: datetime) -> dict[str, Any]:
            held = line.until(moment)
            return {name: shapes.PointTotal(entries=held) if name in POINTS_OF.values() else held}

        return at

    return {store_id: of(store_id, line) for store_id, line in lines.items()}


_RATINGS = """
SELECT store_id, value::text, as_of FROM records_storefact
WHERE store_id = ANY(%(ids)s) AND name = 'ahr' AND as_of > %(early)s AND as_of <= %(now)s ORDER BY as_of
"""


def ratings(past: Past) -> Mapping[int, At]:
    """Account health ratings that somebody typed: each holds until the next, however old."""
    lines: dict[int, _Line[shapes.AccountHealth | None]] = defaultdict(_Line)
    for store_id, value, as_of in _read(_RATINGS, past):
        lines[store_id].add(as_of, msgspec.json.decode(value or "null", type=shapes.AccountHealth | None, strict=False))

    def of(line: _Line[shapes.AccountHealth | None]) -> At:
        return lambda moment: {"ahr": (line.until(moment) or (None,))[-1]}

    return {store_id: of(line) for store_id, line in lines.items()}


# -- rates -------------------------------------------------------------------------------------------------------------------

_COUNTS = """
SELECT o.store_id, o.rule, (o.due_at AT TIME ZONE s.timezone)::date, count(*), count(*) FILTER (WHERE o.state <> 'met')
FROM findings_obligation o JOIN stores_store s ON s.id = o.store_id
WHERE o.store_id = ANY(%(ids)s) AND o.rule = ANY(%(rules)s) AND o.state IN ('met', 'met_late', 'breached')
    AND o.due_at > %(early)s AND o.due_at <= %(now)s
GROUP BY 1, 2, 3
"""
COUNTED_RATES: Mapping[str, tuple[tuple[str, ...], bool]] = {
    "late_dispatch_rate": (DISPATCH_RULES, True),
    "valid_tracking_rate": (TRACKING_RULES, False),
    "on_time_delivery_rate": (DELIVERY_RULES, False),
}
"""Metric -> the clocks whose outcomes it counts, and whether the late ones (else those in time) are its numerator."""

Counts = dict[date, tuple[int, int]]
"""By local day: obligations that fell due, and the late ones of them."""


def rates(past: Past) -> Mapping[int, At]:
    """The rates that we count ourselves, of the week up to each day, from the ledger."""
    counted = sorted({rule for rules, _ in COUNTED_RATES.values() for rule in rules})
    held: dict[int, dict[str, Counts]] = defaultdict(lambda: defaultdict(dict))
    with connection.cursor() as cursor:
        early = past.since - timedelta(days=WEEK)
        cursor.execute(_COUNTS, {"ids": past.ids, "rules": counted, "early": early, "now": past.now})
        for store_id, rule, day, number, late in cursor.fetchall():
            held[store_id][rule][day] = (number, late)

    def of(store_id: int, outcomes: dict[str, Counts]) -> At:
        return lambda moment: {"metrics": _metrics(outcomes, past.day_of(store_id, moment))}

    return {
        store_id: of(store_id, outcomes) for store_id, outcomes in held.items() if past.profiles[store_id].platform not in METRICS
    }


def _metrics(outcomes: Mapping[str, Counts], day: date) -> dict[str, shapes.Metric]:
    return {name: _metric(outcomes, rules, day, late=late) for name, (rules, late) in COUNTED_RATES.items()}


def _metric(outcomes: Mapping[str, Counts], rules: Iterable[str], day: date, *, late: bool) -> shapes.Metric:
    week = [day - timedelta(days=ago) for ago in range(WEEK)]
    counts = [outcomes[rule].get(one, (0, 0)) for rule in rules if rule in outcomes for one in week]
    whole, part = sum(number for number, _ in counts), sum(number for _, number in counts)
    return shapes.Metric(numerator=Decimal(part if late else whole - part), denominator=Decimal(whole), window_days=Decimal(WEEK))


# -- judging -----------------------------------------------------------------------------------------------------------------

COLLECTORS: Mapping[str, Callable[[Past], Mapping[int, At]]] = {
    "inactivity_streak": events,
    "inactivity_grace": events,
    "login_routine": events,
    "attestation": events,
    "notice": events,
    "balance_sign": balances,
    "balance_streak": balances,
    "balance_usd": balances,
    "points_tier": points,
    "ahr_milestone": ratings,
    "ahr_band": ratings,
    "rate": rates,
}
"""By form: what brings its facts for each day."""


def replay_days(past: Past, tally: Tally, forms: Iterable[str]) -> None:
    """Judge what these forms measure, day by day under both books: a store's day that breaks a rule under one alone is a hit."""
    for collect in dict.fromkeys(COLLECTORS[form] for form in forms):
        for store_id, facts_at in collect(past).items():
            for moment in past.ends(store_id):
                _compare(past, tally, store_id, Facts(**facts_at(moment)), moment)


def _compare(past: Past, tally: Tally, store_id: int, facts: Facts, moment: datetime) -> None:
    profile = past.profiles[store_id]
    before = _broken(duties(profile, facts, moment, rules=past.before), moment)
    after = _broken(duties(profile, facts, moment, rules=past.after), moment)
    for rule in {**before, **after}:
        was, becomes = before.get(rule, False), after.get(rule, False)
        tally.looked_at[rule] += 1
        tally.broken[rule] += was
        if was is not becomes:
            tally.hit(_hit(past, store_id, rule, "more" if becomes else "less", moment, facts))


def _broken(found: Iterable[Duty], moment: datetime) -> dict[str, bool]:
    """By rule whether any of its duties is broken."""
    states: dict[str, bool] = {}
    for rule, broken in _states(found, moment):
        states[rule] = states.get(rule, False) or broken
    return states


def _states(found: Iterable[Duty], moment: datetime) -> Iterator[tuple[str, bool]]:
    for duty in found:
        if isinstance(duty, Obligation):
            outcome = verdict(duty, moment)
            yield duty.rule, outcome is not None and outcome[0] is State.BREACHED
        else:
            yield duty.rule, duty.state is State.BREACHED


def _hit(past: Past, store_id: int, rule: str, side: Side, moment: datetime, facts: Facts) -> Hit:
    day, amount, currency = past.day_of(store_id, moment), None, None
    if isinstance(facts.balance_events, tuple) and facts.balance_events:
        last = facts.balance_events[-1]
        amount, currency = last.balance and abs(last.balance), last.currency
    usd = past.worth.usd(amount, currency)
    return Hit(
        side,
        rule,
        store_id,
        day,
        STORE_DAY,
        day.isoformat(),
        amount,
        currency,
        usd,
        past.points(rule, day, spared=side == "less"),
    )
