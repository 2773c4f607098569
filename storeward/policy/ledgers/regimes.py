"""Which way of counting holds for a store on a day: rating or points, with its lines, ages and resets. No figure stands here.

A regime is found by the forms of the rules that are meant for the store (`points_tier`, `ahr_milestone`) and the terms that hold
on the day, so a changed figure or a new market is a change of data.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property, lru_cache

from storeward.policy.calendars import Calendar, for_store
from storeward.policy.facts import StoreProfile
from storeward.policy.rules.base import params
from storeward.policy.rules.points import TierParams, resets_around
from storeward.policy.terms import Book, Lead, Row, Rule
from storeward.policy.types import Severity

TIERS, MILESTONES = "points_tier", "ahr_milestone"


@dataclass(frozen=True, slots=True)
class Line:
    """A figure at which something follows. `lead`: from how near on it counts as close."""

    rule: str
    at: Decimal
    severity: Severity
    lead: Lead | None


@dataclass(frozen=True, slots=True, eq=False)
class PointsRegime:
    """Points counted upwards. Entries go at an age (`expiry_days`), or all at once (`reset`); both None: nobody knows when.

    `lines` rise; from `lock` on nothing is cleared any more (None: it always is).
    """

    fact: str
    lines: tuple[Line, ...]
    expiry_days: Decimal | None
    lock: Decimal | None
    reset: Row | None

    @property
    def told(self) -> bool:
        """Whether it is known when points go; else no sum can be told."""
        return self.expiry_days is not None or self.reset is not None


@dataclass(frozen=True, slots=True)
class RatingRegime:
    """A rating that falls: `start` plus what was gained and lost within `window_days`, never outside `lowest` to `highest`.

    `lines` fall: the first is the one met first. `start` and the rest are None where no source names them for the market: then
    the rating cannot be rebuilt from nothing, only carried on from a snapshot.
    """

    lines: tuple[Line, ...]
    start: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    window_days: int | None


Regime = PointsRegime | RatingRegime


@dataclass(frozen=True, eq=False)
class Ground:
    """What a ledger stands on: the rules, the store that they are read for, and its calendar."""

    book: Book
    store: StoreProfile

    @cached_property
    def calendar(self) -> Calendar:
        return for_store(self.store).own

    def turns(self, since: datetime, until: datetime) -> list[datetime]:
        """The instants after `since` and up to `until` at which terms of scores begin or end: local midnights."""
        store, calendar = self.store, self.calendar
        days = _turns(self.book, store.platform, store.region, store.seller_type, store.programme)
        return [at for day in days if since < (at := calendar.at(day, time(0))) <= until]

    def regime(self, at: datetime) -> Regime | None:
        """The way of counting on the local day of `at`; None where no terms held for such a store."""
        store = self.store
        return _regime(self.book, store.platform, store.region, store.seller_type, store.programme, self.calendar.day_of(at))


@lru_cache(maxsize=8192)
def _regime(book: Book, platform: str, region: str, seller_type: str, programme: str | None, day: date) -> Regime | None:
    rules = book.for_store(platform, region, seller_type, programme)
    milestones = _in_force(book, rules, MILESTONES, day)
    if milestones:
        return _rating(book, rules, milestones, day)
    tiers = [rule for rule in rules if rule.form == TIERS]
    rows = _in_force(book, rules, TIERS, day)
    named = rows[0].rule if rows else next(iter(tiers), None)
    if named is None:
        return None
    found = _points(book, rules, named, rows, region, day)
    return found if rows or found.told else None


def resets(regime: PointsRegime, calendar: Calendar, at: datetime) -> tuple[datetime, datetime] | None:
    """The last reset up to `at` and the next one; None where points are not reset."""
    return None if regime.reset is None else _resets(regime, calendar, calendar.day_of(at))


@lru_cache(maxsize=4096)
def _resets(regime: PointsRegime, calendar: Calendar, day: date) -> tuple[datetime, datetime]:
    """Resets are local midnights, so they are the same for every instant of a day."""
    assert regime.reset is not None
    return resets_around(calendar, regime.reset, calendar.at(day, time(0)))


@lru_cache(maxsize=65536)
def days_later(calendar: Calendar, at: datetime, days: Decimal) -> datetime:
    """The instant at which something from `at` reaches an age."""
    return calendar.add(at, days)


@lru_cache(maxsize=512)
def _turns(book: Book, platform: str, region: str, seller_type: str, programme: str | None) -> tuple[date, ...]:
    rules = book.for_store(platform, region, seller_type, programme)
    subjects = {rule.subject for rule in rules if rule.form in (TIERS, MILESTONES)}
    spans = [span for rule in rules if rule.subject in subjects for span in rule.terms]
    return tuple(sorted({day for span in spans for day in (span.from_, span.to) if day is not None}))


def _in_force(book: Book, rules: Iterable[Rule], form: str, day: date) -> list[Row]:
    rows = (book.row(rule, day) for rule in rules if rule.form == form)
    return [row for row in rows if row is not None]


def _line(row: Row) -> Line:
    return Line(row.id, row.figure("limit"), row.severity, row.lead)


def _rating(book: Book, rules: tuple[Rule, ...], rows: list[Row], day: date) -> RatingRegime:
    """The scale is the row of the same subject whose terms say where the rating starts."""
    scales = (book.row(rule, day) for rule in rules if rule.subject == rows[0].rule.subject)
    scale = next((row for row in scales if row is not None and "start" in row.figures), None)
    lines = tuple(sorted((_line(row) for row in rows), key=lambda line: -line.at))
    if scale is None:
        return RatingRegime(lines, None, None, None, None)
    return RatingRegime(lines, scale.figure("start"), scale.figure("lowest"), scale.figure("highest"), scale.span.window)


def _points(book: Book, rules: tuple[Rule, ...], named: Rule, rows: list[Row], region: str, day: date) -> PointsRegime:
    settings = params(named, TierParams)
    lines = tuple(sorted((_line(row) for row in rows), key=lambda line: line.at))
    if settings.resets:
        return PointsRegime(settings.fact, lines, None, None, _reset(book, settings.resets, region, day))
    expiry = _expiry(book, rules, named, settings, day)
    lock = book.row(book.rule(settings.lock), day)
    days = None if expiry is None else expiry.figure("expiry_days")
    return PointsRegime(settings.fact, lines, days, None if lock is None else lock.figure("limit"), None)


def _expiry(book: Book, rules: tuple[Rule, ...], tier: Rule, settings: TierParams, day: date) -> Row | None:
    """The row that says at which age entries go: the one that the tier names, or on days before its terms a superseded one."""
    named = book.row(book.rule(settings.expiry), day)
    if named is not None:
        return named
    older = (book.row(rule, day) for rule in rules if rule.subject == tier.subject and rule.form is None)
    return next((row for row in older if row is not None and "expiry_days" in row.figures), None)


def _reset(book: Book, names: tuple[str, ...], region: str, day: date) -> Row | None:
    """The row whose reset holds for the market on the day: its own, else the common one."""
    own = [name for name in names if region in book.rule(name).regions]
    rows = (book.row(book.rule(name), day) for name in (*own, names[-1]))
    return next((row for row in rows if row is not None), None)
