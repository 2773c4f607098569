"""Points that add up to tiers: which entries still count, and which tier they reach (C14, C24)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from msgspec import UNSET

from storeward.policy.facts import PointEntry
from storeward.policy.terms import Row, Rule
from storeward.policy.types import Reading, State

from .base import Context, Duties, Params, because, params, reading, unknown
from .compare import near


class TierParams(Params, frozen=True):
    """`fact`: where the entries stand. `expiry`: the row with the age at which an entry is gone. `lock`: the row at whose
    figure nothing is cleared any more. `tells_unknown`: the first rung says when nothing is known."""

    fact: Literal["violation_points"]
    expiry: str
    lock: str
    tells_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Active:
    """The points that count at one instant, and when the next entry goes."""

    total: Decimal
    next_expiry_at: datetime | None


def active(ctx: Context, entries: tuple[PointEntry, ...], days: Decimal, lock_at: Decimal) -> Active | None:
    """The entries that count now: each lives `days` calendar days and is gone at that moment; once the sum has reached
    `lock_at`, nothing is cleared any more. None where an entry's points are not known."""
    counting: list[tuple[datetime, Decimal]] = []
    locked = False
    for entry in sorted((e for e in entries if e.issued_at <= ctx.now), key=lambda e: e.issued_at):
        if entry.points is None:
            return None
        if not locked:
            counting = [(gone_at, points) for gone_at, points in counting if gone_at > entry.issued_at]
        counting.append((ctx.calendars.own.add(entry.issued_at, days), entry.points))
        locked = locked or sum(points for _, points in counting) >= lock_at
    if not locked:
        counting = [(gone_at, points) for gone_at, points in counting if gone_at > ctx.now]
    total = sum((points for _, points in counting), Decimal(0))
    return Active(total, None if locked or not counting else min(gone_at for gone_at, _ in counting))


def tiers(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """The highest tier reached, and the next one when it is near; lower ones are left out."""
    if ctx.facts.violation_points is UNSET:
        return
    entries = ctx.fact("violation_points", ctx.facts.violation_points)
    rows = sorted(ctx.rows(rules), key=lambda row: row.figure("limit"))
    points = _active(ctx, rows, entries if isinstance(entries, tuple) else None)
    if points is None:
        for row in rows:
            if params(row.rule, TierParams).tells_unknown:
                yield unknown(ctx, row, "violation_points", as_of=ctx.source_age("violation_points"))
        return
    reached = [row for row in rows if points.total >= row.figure("limit")]
    for row in rows[max(0, len(reached) - 1) :]:
        yield _tier(ctx, row, points)


def _tier(ctx: Context, row: Row, points: Active) -> Reading:
    limit = row.figure("limit")
    state = State.OK
    if points.total >= limit:
        state = State.BREACHED
    elif near(points.total, row.span.comparator, limit, row.lead):
        state = State.AT_RISK
    if points.next_expiry_at is None:
        why = because("points.total", total=points.total, limit=limit)
    else:
        why = because("points.expiring", total=points.total, limit=limit, expires_at=points.next_expiry_at)
    as_of = ctx.source_age("violation_points")
    return reading(ctx, row, state, why, value=points.total, limit=limit, as_of=as_of, until=points.next_expiry_at)


def _active(ctx: Context, rows: list[Row], entries: tuple[PointEntry, ...] | None) -> Active | None:
    if entries is None or not rows:
        return None
    settings = params(rows[0].rule, TierParams)
    expiry = ctx.book.row(ctx.book.rule(settings.expiry), ctx.today)
    lock = ctx.book.row(ctx.book.rule(settings.lock), ctx.today)
    if expiry is None or lock is None:
        return None
    return active(ctx, entries, expiry.figure("expiry_days"), lock.figure("limit"))
