"""Rates and shares over a window: numerator by denominator, unrounded, beside a limit or inside a band (C12, C25, C26)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec import UNSET

from storeward.policy.facts import ListingCounts, Metric
from storeward.policy.terms import Row, Rule
from storeward.policy.types import Duty, State
from storeward.policy.wording import Word

from .base import Context, Duties, Params, because, limit_for, params, reading, unknown
from .compare import broken, near, shown


class RateParams(Params, frozen=True):
    """`metrics`: the worse one counts where several are named. `scale`: `percent`, or `plain` for a number of days or minutes."""

    metrics: tuple[str, ...]
    scale: Literal["percent", "plain"] = "percent"


@dataclass(frozen=True, slots=True)
class _Rate:
    """A metric as one row sees it: known with a value, nothing to divide, or missing."""

    name: str
    value: Fraction | None
    count: Decimal
    of: Decimal
    missing: bool = False


def duties(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """One reading for each row whose metric was given over its window; the first row of a metric tells what is missing."""
    told: set[tuple[str, object]] = set()
    if ctx.facts.metrics is UNSET:
        return
    for row in ctx.rows(rules):
        yield from _row(ctx, row, told)


def _row(ctx: Context, row: Row, told: set[tuple[str, object]]) -> Duties:
    settings, limit = params(row.rule, RateParams), limit_for(ctx, row)
    if limit is None:
        return
    rates = [r for name in settings.metrics if (r := _rate(ctx, row, name, settings.scale)) is not None]
    measured = [(r.value, r) for r in rates if r.value is not None]
    missing = [r for r in rates if r.missing]
    if measured:
        worst = (
            max(measured, key=lambda pair: pair[0])
            if row.span.comparator in (">", ">=")
            else min(measured, key=lambda pair: pair[0])
        )
        state = _state(row, limit, worst[0], worst[1].count)
        if not (missing and state is State.OK):
            yield _reading(ctx, row, state, limit, worst[0], worst[1], ctx.source_age("metrics"))
            return
    if missing:
        yield from _tell_missing(ctx, row, missing, told)
    elif rates and not measured:
        yield reading(ctx, row, State.NOT_APPLICABLE, because("rate.none"), as_of=ctx.source_age("metrics"))


def _tell_missing(ctx: Context, row: Row, missing: list[_Rate], told: set[tuple[str, object]]) -> Duties:
    """Unknown, once for a metric and window: the rows below the first one say nothing of their own."""
    new = [(r.name, row.span.window) for r in missing if (r.name, row.span.window) not in told]
    told.update(new)
    if new:
        yield unknown(ctx, row, "metrics", as_of=ctx.source_age("metrics"))


def _rate(ctx: Context, row: Row, name: str, scale: str) -> _Rate | None:
    """The metric for this row; None where it was not given, or over another window (C26)."""
    metrics = ctx.fact("metrics", ctx.facts.metrics)
    if not isinstance(metrics, dict):
        return _Rate(name, None, Decimal(0), Decimal(0), missing=True)
    if name not in metrics:
        return None
    metric = metrics[name]
    if metric is None:
        return _Rate(name, None, Decimal(0), Decimal(0), missing=True)
    if row.span.window is not None and metric.window_days != row.span.window:
        return None
    return _measured(name, metric, scale)


def _measured(name: str, metric: Metric, scale: str) -> _Rate | None:
    count, of = metric.numerator, metric.denominator
    if count is UNSET or of is UNSET:
        return None
    if not isinstance(count, Decimal) or not isinstance(of, Decimal):
        return _Rate(name, None, Decimal(0), Decimal(0), missing=True)
    if of == 0:
        return _Rate(name, None, count, of)
    value = Fraction(count) / Fraction(of)
    return _Rate(name, value * 100 if scale == "percent" else value, count, of)


def _state(row: Row, limit: Decimal, value: Fraction, count: Decimal) -> State:
    """Broken inside the row's figures, at risk within its lead; a row that names a count holds only with that count (C25)."""
    if count < row.figures.get("count_from", count) or ("count_below" in row.figures and count >= row.figure("count_below")):
        return State.OK
    if "below" in row.figures and value >= Fraction(row.figure("below")):
        return State.OK
    if broken(value, row.span.comparator, limit):
        return State.BREACHED
    return State.AT_RISK if near(value, row.span.comparator, limit, row.lead) else State.OK


def _reading(ctx: Context, row: Row, state: State, limit: Decimal, value: Fraction, rate: _Rate, as_of: datetime | None) -> Duty:
    unit = Word(row.span.unit or "percent")
    if value == Fraction(rate.count):  # told as a figure, of a hundred or of one: nothing was counted
        why = because("rate.told", value=shown(value), unit=unit, limit=limit)
    else:
        why = because("rate.value", part=rate.count, whole=rate.of, value=shown(value), unit=unit, limit=limit)
    return reading(ctx, row, state, why, value=shown(value, 6), limit=limit, as_of=as_of)


# -- shares of the listings ------------------------------------------------------------------------


def listing_share(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """The share of live listings that are sold before they are there."""
    listings = ctx.fact("listings", ctx.facts.listings)
    if listings is UNSET:
        return
    for row in ctx.rows(rules):
        yield from _share(ctx, row, listings)


def _share(ctx: Context, row: Row, listings: ListingCounts | None) -> Duties:
    as_of = ctx.source_age("listings")
    part, whole = (None, None) if listings is None else (listings.pre_order, listings.live)
    if part is UNSET or whole is UNSET:
        return
    if part is None or whole is None:
        yield unknown(ctx, row, "listings", as_of=as_of)
    elif whole == 0:
        yield reading(ctx, row, State.NOT_APPLICABLE, because("rate.none"), as_of=as_of)
    else:
        value, rate = Fraction(part) * 100 / Fraction(whole), _Rate("pre_order", None, part, whole)
        limit = row.figure("limit")
        yield _reading(ctx, row, _state(row, limit, value, part), limit, value, rate, as_of)
