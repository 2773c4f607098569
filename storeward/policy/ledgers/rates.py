"""Rates over a window: the official formula as data, our running figure, the misses left until a limit, and the chance that it
breaks. No figure stands here: limits and windows are those of the rules in force, what counts is `formulas.toml`.
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import ceil, floor
from pathlib import Path
from typing import Literal

import msgspec

from storeward.policy.facts import StoreProfile
from storeward.policy.rules.compare import broken
from storeward.policy.terms import Book, Row, Rule
from storeward.policy.types import Severity

FORMULAS = Path(__file__).parent / "formulas.toml"
CHAT = "chat_response_rate"
"""The metric of rules that judge a platform's own chat figure, which name none."""
RISES = frozenset({">", ">="})
IMPOSSIBLE = 1e-15
"""A chance below this is left out: thousands of them add up to nothing that is ever shown."""


class Formula(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a platform counts for one rate: what of, by which of its instants, and which part of it."""

    metric: str
    platform: str
    title: str
    title_zh: str
    of: Literal["duties", "orders"]
    counted_by: Literal["due_at", "starts_at", "placed_at"]
    part: Literal["missed", "kept", "cancelled_by_seller", "returned"]
    says: str
    says_zh: str
    leaves_out: str
    leaves_out_zh: str
    source: tuple[str, ...]
    read_on: date
    confidence: Literal["seed", "official", "third-party", "uncertain"]
    markets: tuple[str, ...] = ()
    """Empty: all markets of the platform."""
    rules: tuple[str, ...] = ()
    """Of `duties`: the clocks whose outcome counts."""
    skip_days: int = 0
    """So many of the latest days are left out."""
    cancelled_by: tuple[str, ...] = ("SELLER",)
    """Of `cancelled_by_seller`: the platform's words for who cancelled, in capitals."""
    told_as: tuple[str, ...] = ()
    """The platform's own words for its own figure, where it tells one."""
    at_most: bool = False
    """Ours counts more than the platform does: it is an upper bound."""

    @property
    def by_misses(self) -> bool:
        """Whether the part is of what went wrong; else of what went well."""
        return self.part != "kept"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    formula: tuple[Formula, ...]


@cache
def all_formulas() -> tuple[Formula, ...]:
    return msgspec.convert(tomllib.loads(FORMULAS.read_text("utf-8")), _File).formula


def formulas(platform: str, region: str) -> tuple[Formula, ...]:
    """The rates of a store of that platform and market, in the order of the data."""
    return tuple(f for f in all_formulas() if f.platform == platform and (not f.markets or region in f.markets))


@dataclass(frozen=True, slots=True)
class Limit:
    """A line of a rate under the terms in force: `comparator` says which side breaks it. `count_from`: only from so many on."""

    rule: str
    at: Decimal
    comparator: str
    window_days: int | None
    severity: Severity
    count_from: Decimal | None
    row: Row


def limits(book: Book, store: StoreProfile, metric: str, day: date) -> tuple[Limit, ...]:
    """The lines of a rate for that store on a day, the one that breaks first in front; empty where no figure is known."""
    rules = book.for_store(store.platform, store.region, store.seller_type, store.programme)
    rows = (book.row(rule, day) for rule in rules if metric in _metrics_of(rule))
    found = [limit for row in rows if row is not None and (limit := _limit(row, store)) is not None]
    return tuple(sorted(found, key=lambda one: one.at if one.comparator in RISES else -one.at))


def _metrics_of(rule: Rule) -> tuple[str, ...]:
    match rule.form:
        case "rate":
            return tuple(rule.with_["metrics"])
        case "reply_rate":
            return (str(rule.with_["counted"]),)
        case "chat_figure":
            return (CHAT,)
        case _:
            return ()


def _limit(row: Row, store: StoreProfile) -> Limit | None:
    own = row.ref.own or {}
    names = ("limit",) if "limit" in own else (f"limit_{store.programme}", f"limit_{store.region.lower()}", "limit")
    at = next((row.figures[name] for name in names if name in row.figures), None)
    if at is None:
        return None
    counted = row.figures.get("counted_days")
    window = row.span.window or (None if counted is None else int(counted))
    return Limit(row.id, at, row.span.comparator, window, row.severity, row.figures.get("count_from"), row)


@dataclass(frozen=True, slots=True)
class Counted:
    """So many of so many, by the formula's part."""

    part: int
    whole: int

    @property
    def percent(self) -> Fraction | None:
        """Unrounded; None where there is nothing to divide (C12)."""
        return Fraction(self.part * 100, self.whole) if self.whole else None


def misses_left(counted: Counted, limit: Limit, *, by_misses: bool) -> int | None:
    """How many more may go wrong before the limit breaks, each of them one more that is counted; 0: the next one breaks it.

    None where no number of misses breaks it. Where it is broken already: -1. A row that names a count as well (C25) breaks only
    with both.
    """
    if _breaks(counted, limit):
        return -1
    needed = _misses_to(counted, Fraction(limit.at) / 100, limit.comparator, by_misses=by_misses)
    if needed is None:
        return None
    if by_misses and limit.count_from is not None:
        needed = max(needed, int(limit.count_from) - counted.part)
    return max(needed, 1) - 1


def _breaks(counted: Counted, limit: Limit) -> bool:
    value = counted.percent
    few = limit.count_from is not None and counted.part < limit.count_from
    return value is not None and not few and broken(value, limit.comparator, limit.at)


def _misses_to(counted: Counted, share: Fraction, comparator: str, *, by_misses: bool) -> int | None:
    """The smallest number of further misses with which the share is reached or passed."""
    part, whole = counted.part, counted.whole
    if by_misses:
        if share > 1 or (share == 1 and comparator == ">") or comparator not in RISES:
            return None
        if share == 1:
            return 1 if part == whole else None
        exact = (share * whole - part) / (1 - share)
    else:
        if share <= 0 or comparator in RISES:
            return None
        exact = part / share - whole
    least = ceil(exact) if comparator in (">=", "<=") else floor(exact) + 1
    return max(least, 1)


def chance_of_breaking(counted: Counted, open_chances: Iterable[float], limit: Limit, *, by_misses: bool) -> float:
    """The chance that the limit is broken once everything open has ended, each with its own chance of going wrong; exact."""
    chances = list(open_chances)
    least, missed = _missed(chances)
    return sum(
        p for k, p in enumerate(missed, start=least) if _breaks(_ended(counted, len(chances), k, by_misses=by_misses), limit)
    )


def _missed(chances: Iterable[float]) -> tuple[int, list[float]]:
    """The smallest number of misses that is likely enough to be told, and the chances of that number and of each one more.

    The ends that are next to impossible are cut off as it goes: a store has thousands of things open, and nearly all of the sums
    lie within a few dozen.
    """
    least, missed = 0, [1.0]
    for chance in chances:
        if chance >= 1:
            least += 1
        elif chance > 0:
            stays = 1 - chance
            middle = [one * stays + before * chance for before, one in pairwise(missed)]
            missed = [missed[0] * stays, *middle, missed[-1] * chance]
            while missed[-1] < IMPOSSIBLE:
                missed.pop()
            first = next(number for number, one in enumerate(missed) if one >= IMPOSSIBLE)
            if first:
                least, missed = least + first, missed[first:]
    return least, missed


def _ended(counted: Counted, opened: int, missed: int, *, by_misses: bool) -> Counted:
    return Counted(counted.part + (missed if by_misses else opened - missed), counted.whole + opened)


# -- what a penalty costs -----------------------------------------------------------------------------------------------


def cost_of(row: Row) -> tuple[Decimal, Decimal] | None:
    """Between how many points the consequence of a row costs, where its terms say so; None where nobody knows."""
    figures = row.figures
    if "points_lowest" in figures and "points_highest" in figures:
        return figures["points_lowest"], figures["points_highest"]
    if row.rule.form in ("violation_category", "conduct"):
        if "most_points" in figures:
            return Decimal(0), figures["most_points"]
        if "lowest" in figures and "highest" in figures:
            return figures["lowest"], figures["highest"]
    return None


def costly(book: Book, store: StoreProfile, day: date) -> Iterator[tuple[Row, tuple[Decimal, Decimal]]]:
    """The rows meant for a store whose breach costs a known number of points."""
    for rule in book.for_store(store.platform, store.region, store.seller_type, store.programme):
        row = book.row(rule, day)
        if row is not None and (cost := cost_of(row)) is not None:
            yield row, cost
