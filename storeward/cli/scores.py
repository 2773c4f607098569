"""`storeward policy score` and `policy rates`, once the installation is open: what a store's score is made of, and its rates."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import click
import msgspec

from storeward.findings.health.board import Score, StoreHealth, board
from storeward.findings.health.outlook import Outlook, outlook
from storeward.findings.health.people import answers
from storeward.findings.health.rates import Line, Rate, behind, rates
from storeward.lib import clock, instants
from storeward.lib.errors import NotDone
from storeward.policy.ledgers import points, rating
from storeward.policy.ledgers.points import PointsLedger
from storeward.policy.ledgers.rating import RatingLedger
from storeward.policy.ledgers.snapshots import Difference, unexplained
from storeward.stores.models import Store
from storeward.stores.queries import by_key

GOOD, BAD, NOT_TOLD = 0, 1, 2
HUNDREDTH = Decimal("0.01")
ASKED = timedelta(days=30)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""No store of any platform is older, and what is reckoned looks back from a day by months."""


@click.command("score")
@click.argument("store")
@click.option("--at", "day")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def score_step(ctx: click.Context, store: str, day: str | None, as_json: bool) -> None:
    """The score of a store; 0 no line reached, 1 one is, 2 it cannot be told."""
    chosen = by_key(store)
    now = clock.now()
    at = now if day is None else end_of(day, chosen, now)
    (line,) = board([chosen.pk], now=at, in_full=[chosen.pk])
    document = score_document(chosen, line, outlook(line.book, now=at) if day is None else None, at)
    click.echo(msgspec.json.encode(document) if as_json else score_text(document))
    ctx.exit(_code(line.score))


def end_of(day: str, store: Store, now: datetime) -> datetime:
    """The last moment of a day of the store, or the instant itself where one is given; never after now."""
    try:
        if "T" in day:
            at = instants.from_text(day)
        else:
            at = datetime.combine(date.fromisoformat(day), time.max, ZoneInfo(store.timezone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotDone(f"--at {day}: write a day like 2026-11-20, or an instant like 2026-11-20T09:35:00Z.") from None
    if at < EARLIEST:
        raise NotDone(f"--at {day}: no store is that old. Name a day from {EARLIEST:%Y} on.")
    today = now.astimezone(ZoneInfo(store.timezone)).date()
    if at - now > timedelta(days=1) or (at > now and at.astimezone(ZoneInfo(store.timezone)).date() != today):
        raise NotDone(f"--at {day}: lies ahead. The forecast stands in the answer without --at.")
    return min(at, now)


def _code(score: Score | None) -> int:
    if score is None:
        return GOOD
    return NOT_TOLD if score.value is None else BAD if score.reached is not None else GOOD


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def score_document(store: Store, line: StoreHealth, ahead: Outlook | None, at: datetime) -> dict[str, Any]:
    """The whole answer as JSON: numbers as decimal text, unknown as null."""
    return {
        "store": store.key,
        "platform": store.platform,
        "at": instants.to_text(at),
        "score": None if line.score is None else _score(line.score),
        "seen_at": _instant(line.book.seen_at),
        "fresh": line.book.fresh,
        "expiries": _expiries(line, at),
        "unexplained": _differences(line),
        "events": _events(line, at),
        "restrictions": [
            {"kind": one.kind, "what": one.what or None, "from": _instant(one.began_at), "to": _instant(one.ends_at)}
            for one in line.restrictions
        ],
        "violations": [
            {
                "id": one.violation.id,
                "status": one.violation.status,
                "category": one.violation.category,
                "reason": one.violation.reason or None,
                "points": _number(one.violation.points),
                "act_by": _instant(one.act_by),
                "rule": one.rule or None,
            }
            for one in line.violations
        ],
        "forecast": None if ahead is None else _forecast(ahead),
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else instants.to_text(at)


def _score(score: Score) -> dict[str, Any]:
    return {
        "regime": score.regime,
        "value": _number(score.value),
        "of": _number(score.top),
        "told_at": _instant(score.told_at),
        "unexplained": _number(score.unexplained),
        "trend_28_days": _number(score.trend),
        "reached": None if score.reached is None else {"rule": score.reached.rule, "at": _number(score.reached.at)},
        "next": None
        if score.next is None
        else {"rule": score.next.rule, "at": _number(score.next.at), "distance": _number(score.distance)},
    }


def _expiries(line: StoreHealth, at: datetime) -> list[dict[str, Any]]:
    match line.book.ledger:
        case PointsLedger() as ledger:
            return [
                {"at": instants.to_text(one.at), "points": _number(one.points.value), "reset": one.reset, "events": one.entries}
                for one in points.expiry_calendar(ledger, at)
            ]
        case RatingLedger() as ledger:
            return [
                {"at": instants.to_text(one.at), "change": _number(one.change.value), "events": one.events}
                for one in rating.expiry_calendar(ledger, at)
            ]
        case None:
            return []


def _differences(line: StoreHealth) -> list[dict[str, Any]]:
    if line.book.ledger is None:
        return []
    return [_difference(one) for one in unexplained(line.book.ledger, line.book.snapshots)]


def _difference(one: Difference) -> dict[str, Any]:
    return {
        "at": instants.to_text(one.snapshot.at),
        "told": _number(one.snapshot.value),
        "origin": one.snapshot.origin,
        "by": one.snapshot.by or None,
        "rebuilt": _number(one.rebuilt),
        "difference": _number(one.unexplained),
    }


def _events(line: StoreHealth, at: datetime) -> list[dict[str, Any]]:
    """What moved the score, newest first, as it counts at `at`."""
    match line.book.ledger:
        case PointsLedger(entries=entries):
            found = [(e.issued_at, e.id, _number(e.counting(at)), "points", e.reason, e.lifted_at) for e in entries]
        case RatingLedger(events=events):
            found = [(e.at, e.id, _number(e.change), e.kind, e.reason, e.lifted_at) for e in events]
        case None:
            found = []
    return [
        {
            "at": instants.to_text(when),
            "id": name,
            "change": change,
            "kind": kind,
            "reason": reason or None,
            "lifted_at": _instant(up),
        }
        for when, name, change, kind, reason, up in sorted(found, key=lambda one: one[0], reverse=True)
        if when <= at
    ]


def _forecast(ahead: Outlook) -> dict[str, Any]:
    if ahead.band is None:
        return {"until": instants.to_text(ahead.until), "low": None, "likely": None, "high": None}
    band = ahead.band.band
    return {
        "until": instants.to_text(band.at),
        "low": _number(band.low),
        "likely": _number(band.likely),
        "high": _number(band.high),
        "covers": f"{band.covers:.2f}",
        "reached": {rule: f"{chance:.2f}" for rule, chance in band.reached},
        "unknown": band.untold,
        "reasons": [
            {"id": one.id, "rule": one.rule or None, "at": instants.to_text(one.at), "chance": f"{one.chance:.2f}"}
            for one in band.reasons
        ],
    }


def score_text(document: Mapping[str, Any]) -> str:
    """The same for a person."""
    score = document["score"]
    if score is None:
        return f"{document['store']}: its platform keeps no such score."
    name = "rating" if score["regime"] == "rating" else "points"
    lines = [f"{document['store']} at {document['at']}: {name} {score['value'] or 'not known'} of {score['of'] or '?'}"]
    if score["value"] is not None and not document["fresh"]:
        lines.append(f"  last looked at {document['seen_at'] or 'never'}: too long ago to be relied on")
    if score["next"] is not None:
        lines.append(f"  next line {score['next']['at']} ({score['next']['rule']}), {score['next']['distance']} away")
    if score["reached"] is not None:
        lines.append(f"  reached {score['reached']['at']} ({score['reached']['rule']})")
    if score["unexplained"] not in (None, "0"):
        lines.append(f"  {score['unexplained']} of it are explained by no event that is recorded")
    lines += [f"  {one['at']}  {one.get('points') or one['change']} expire" for one in document["expiries"][:5]]
    ahead = document["forecast"]
    if ahead is not None and ahead["likely"] is not None:
        lines.append(f"  likely {ahead['low']} to {ahead['high']} by {ahead['until']} (holds {ahead['covers']} of all outcomes)")
    return "\n".join(lines)


# -- rates --------------------------------------------------------------------------------------------------------------


@click.command("rates")
@click.argument("store")
@click.option("--items", "metric")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def rates_step(ctx: click.Context, store: str, metric: str | None, as_json: bool) -> None:
    """The rates of a store; 1 where one breaks a limit."""
    chosen, now = by_key(store), clock.now()
    found = rates([chosen.pk], now=now)
    if metric is not None and metric not in {rate.formula.metric for rate in found}:
        known = ", ".join(sorted({rate.formula.metric for rate in found})) or "none"
        raise NotDone(f"--items {metric}: the store has no such rate. Known are {known}.")
    document = rates_document(chosen, found, metric, now)
    click.echo(msgspec.json.encode(document) if as_json else rates_text(document))
    ctx.exit(BAD if any(line.left == -1 for rate in found for line in rate.lines) else GOOD)


def rates_document(store: Store, found: list[Rate], metric: str | None, now: datetime) -> dict[str, Any]:
    """Every rate with its limits, and who answered; with `metric` the items behind it."""
    return {
        "store": store.key,
        "at": instants.to_text(now),
        "rates": [_rate(rate) | ({"items": _items(rate, now)} if rate.formula.metric == metric else {}) for rate in found],
        "people": [
            {
                "rule": one.rule,
                "person": one.person,
                "questions": one.questions,
                "in_time": one.in_time,
                "median_minutes": None if one.median is None else round(one.median / timedelta(minutes=1)),
            }
            for one in answers([store.pk], since=now - ASKED, now=now)
        ],
    }


def _rate(rate: Rate) -> dict[str, Any]:
    value = rate.counted.percent
    return {
        "metric": rate.formula.metric,
        "title": rate.formula.title,
        "window_days": rate.window_days,
        "from": instants.to_text(rate.since),
        "to": instants.to_text(rate.until),
        "part": rate.counted.part,
        "whole": rate.counted.whole,
        "value": None if value is None else _percent(Decimal(value.numerator) / value.denominator),
        "unit": "percent",
        "at_most": rate.formula.at_most,
        "platform_value": None if rate.told is None else _percent(rate.told.value),
        "difference": None if rate.difference is None else _percent(rate.difference),
        "limits": [_limit(line) for line in rate.lines],
    }


def _percent(value: Decimal) -> str:
    return f"{value.quantize(HUNDREDTH):f}"


def _limit(line: Line) -> dict[str, Any]:
    return {
        "rule": line.limit.rule,
        "broken_when": line.limit.comparator,
        "limit": _number(line.limit.at),
        "misses_left": line.left,
        "broken": line.left == -1,
    }


def _items(rate: Rate, now: datetime) -> list[dict[str, Any]]:
    found = behind(rate.store_id, rate.formula.metric, rate.window_days, now=now)
    return [
        {
            "kind": one.kind,
            "id": one.id,
            "rule": one.rule or None,
            "due_at": _instant(one.due_at),
            "done_at": _instant(one.done_at),
        }
        for one in found
    ]


def rates_text(document: Mapping[str, Any]) -> str:
    """The same for a person."""
    lines = [f"{document['store']} at {document['at']}"]
    for rate in document["rates"]:
        told = f", the platform says {rate['platform_value']} %" if rate["platform_value"] is not None else ""
        value = f"{rate['value']} % ({rate['part']} of {rate['whole']})" if rate["value"] is not None else "nothing to count"
        lines.append(f"  {rate['title']}, {rate['window_days']} days: {value}{told}")
        lines += [f"    {_limit_text(limit)}" for limit in rate["limits"]]
        lines += [f"      {item['kind']} {item['id']} {item['due_at'] or ''}".rstrip() for item in rate.get("items", ())]
    for one in document["people"]:
        name = "nobody" if one["person"] is None else one["person"] or "somebody unnamed"
        lines.append(f"  {one['rule']}: {name} {one['in_time']} of {one['questions']} in time")
    return "\n".join(lines)


def _limit_text(limit: Mapping[str, Any]) -> str:
    left = limit["misses_left"]
    said = "broken" if limit["broken"] else "out of reach" if left is None else f"{left} miss{'' if left == 1 else 'es'} left"
    return f"{limit['rule']} {limit['broken_when']} {limit['limit']} %: {said}"
