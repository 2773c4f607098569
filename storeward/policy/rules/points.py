"""Points that add up to tiers: which entries still count, and which tier they reach (C14, C24).

An entry either lives so many days from its own date, or until the day on which the platform sets all back to zero.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from msgspec import UNSET, UnsetType

from storeward.policy.calendars import Calendar
from storeward.policy.facts import PointEntry, PointTotal
from storeward.policy.terms import Row, Rule
from storeward.policy.types import Reading, State

from .base import Context, Duties, Params, because, params, reading, unknown
from .compare import near

Kept = Literal["violation_points", "penalty_points", "non_compliance_points"]


class TierParams(Params, frozen=True):
    """`fact`: where the points stand. `tells_unknown`: the first rung says when nothing is known.

    Points that expire: `expiry` is the row with the age at which an entry is gone, `lock` the row at whose figure nothing is
    cleared any more. Points that are reset: `resets` are rows with the day of the reset; the first that is meant for the store
    and holds today counts, the last one for all others.
    """

    fact: Kept
    expiry: str = ""
    lock: str = ""
    resets: tuple[str, ...] = ()
    tells_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Active:
    """The points that count at one instant, and when they become fewer by themselves."""

    total: Decimal
    next_expiry_at: datetime | None
    reset: bool = False
    """Whether that is the day on which all points go."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Points as given: entries, or the platform's own total; both None where they are missing."""

    entries: tuple[PointEntry, ...] | None
    total: Decimal | None
    as_of: datetime | None


# -- points that expire ------------------------------------------------------------------------------


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


# -- points that are reset ---------------------------------------------------------------------------


def resets_around(calendar: Calendar, row: Row, now: datetime) -> tuple[datetime, datetime]:
    """The last reset up to `now`, and the next one: local midnights by the figures of the row.

    `first_month` and `every_months` say in which months, `weekday` (Monday 1) on which day of the week, `nth` on which of the
    month (-1: the last).
    """
    today = calendar.day_of(now)
    months = range(int(row.figure("first_month")), 13, int(row.figure("every_months")))
    days = [_nth(date(year, month, 1), row) for year in (today.year - 1, today.year, today.year + 1) for month in months]
    midnights = sorted(calendar.at(day, time(0)) for day in days)
    return max(at for at in midnights if at <= now), min(at for at in midnights if at > now)


def _nth(first: date, row: Row) -> date:
    """The n-th weekday of the month that begins on `first`, or its last one."""
    weekday, nth = int(row.figure("weekday")), int(row.figure("nth"))
    if nth > 0:
        return first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (nth - 1))
    end = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return end - timedelta(days=(end.isoweekday() - weekday) % 7)


def since_reset(ctx: Context, entries: Iterable[PointEntry], row: Row) -> Active | None:
    """The entries since the last reset. None where an entry's points are not known."""
    last, following = resets_around(ctx.calendars.own, row, ctx.now)
    counting = [entry.points for entry in entries if last <= entry.issued_at <= ctx.now]
    known = [points for points in counting if points is not None]
    return Active(sum(known, Decimal(0)), following, reset=True) if len(known) == len(counting) else None


def _reset_row(ctx: Context, names: tuple[str, ...]) -> Row | None:
    """The row whose reset holds for the store today."""
    for name in names:
        rule = ctx.book.rule(name)
        if ctx.store.region in rule.regions and (row := ctx.book.row(rule, ctx.today)) is not None:
            return row
    return ctx.book.row(ctx.book.rule(names[-1]), ctx.today)


# -- the tiers ---------------------------------------------------------------------------------------


def tiers(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """The highest tier reached, and the next one when it is near; lower ones are left out."""
    rows = sorted(ctx.rows(rules), key=lambda row: row.figure("limit"))
    if not rows:
        return
    settings = params(rows[0].rule, TierParams)
    known = _known(ctx, settings.fact)
    if isinstance(known, UnsetType):
        return
    points = None if ctx.is_old(known.as_of) else _points(ctx, settings, known)
    if points is None:
        for row in rows:
            if params(row.rule, TierParams).tells_unknown:
                yield unknown(ctx, row, settings.fact, as_of=known.as_of)
        return
    reached = [row for row in rows if points.total >= row.figure("limit")]
    for row in rows[max(0, len(reached) - 1) :]:
        yield _tier(ctx, row, points, known.as_of)


def counting_since(ctx: Context) -> tuple[datetime, Decimal] | None:
    """From when on an entry of this store still counts, and the figure of its highest tier; None where no tier is meant for it
    or the age at which entries go is not known."""
    rows = sorted(ctx.rows(ctx.rules("points_tier")), key=lambda row: row.figure("limit"))
    if not rows:
        return None
    settings = params(rows[0].rule, TierParams)
    if settings.resets:
        reset = _reset_row(ctx, settings.resets)
        return None if reset is None else (resets_around(ctx.calendars.own, reset, ctx.now)[0], rows[-1].figure("limit"))
    expiry = ctx.book.row(ctx.book.rule(settings.expiry), ctx.today)
    if expiry is None:
        return None
    return ctx.calendars.own.add_days(ctx.now, -int(expiry.figure("expiry_days"))), rows[-1].figure("limit")


def _known(ctx: Context, fact: Kept) -> _Known | UnsetType:
    """The points as they were given; UNSET where nothing was said of them. Entries go before a total."""
    value: tuple[PointEntry, ...] | PointTotal | UnsetType | None = getattr(ctx.facts, fact)
    source_age = ctx.source_age(fact)
    if value is UNSET:
        return UNSET
    if not isinstance(value, PointTotal):
        return _Known(value if isinstance(value, tuple) else None, None, source_age)
    if value.entries is UNSET and value.total is UNSET:
        return UNSET
    entries = value.entries if isinstance(value.entries, tuple) else None
    total = value.total if isinstance(value.total, Decimal) and entries is None else None
    return _Known(entries, total, ctx.age_of(fact, value.as_of))


def _points(ctx: Context, settings: TierParams, known: _Known) -> Active | None:
    """What counts now; None where that cannot be told."""
    if settings.resets:
        row = _reset_row(ctx, settings.resets)
        return None if row is None else _of_quarter(ctx, known, row)
    expiry = ctx.book.row(ctx.book.rule(settings.expiry), ctx.today)
    lock = ctx.book.row(ctx.book.rule(settings.lock), ctx.today)
    if expiry is None or lock is None:
        return None
    if known.entries is not None:
        return active(ctx, known.entries, expiry.figure("expiry_days"), lock.figure("limit"))
    return None if known.total is None else Active(known.total, None)


def _of_quarter(ctx: Context, known: _Known, row: Row) -> Active | None:
    """A total that was read before the last reset says nothing of now (C24)."""
    if known.entries is not None:
        return since_reset(ctx, known.entries, row)
    last, following = resets_around(ctx.calendars.own, row, ctx.now)
    if known.total is None or (known.as_of is not None and known.as_of < last):
        return None
    return Active(known.total, following, reset=True)


def _tier(ctx: Context, row: Row, points: Active, as_of: datetime | None) -> Reading:
    limit = row.figure("limit")
    state = State.OK
    if points.total >= limit:
        state = State.BREACHED
    elif near(points.total, row.span.comparator, limit, row.lead):
        state = State.AT_RISK
    if points.next_expiry_at is None or (points.reset and not points.total):
        why = because("points.total", total=points.total, limit=limit)
    else:
        said = "points.reset" if points.reset else "points.expiring"
        why = because(said, total=points.total, limit=limit, expires_at=points.next_expiry_at)
    return reading(ctx, row, state, why, value=points.total, limit=limit, as_of=as_of, until=points.next_expiry_at)
