"""What every kind of rule needs: the store at one instant, which rows hold, how fresh its facts are, how a duty is made.

A form is a function `(context, rules) -> duties` that judges all rows of its name; `engine.FORMS` lists them. What a form reads
from a row's `with` table is a struct, so that a mistake in the data is found when it is checked and not when a store is judged.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from storeward.policy.calendars import Calendar, StoreCalendars
from storeward.policy.facts import Facts, Source, StoreProfile
from storeward.policy.terms import INTERNAL, BadTerms, Book, Row, Rule
from storeward.policy.types import Duty, Obligation, Reading, Severity, State, Subject, Value, Why
from storeward.policy.wording import Word

T = TypeVar("T")
P = TypeVar("P", bound="Params")

MAX_AGE = timedelta(hours=48)
"""A value that was true longer ago counts as missing (C13)."""

CLOCK_SKEW = timedelta(minutes=10)
"""A time stamp up to this far ahead is taken as now (C9)."""

TICK = timedelta(microseconds=1)

RUNNING = frozenset({"open", "suspended"})
"""Only such stores have an inactivity clock and internal routines (C9)."""

Duties = Iterator[Duty]


class Params(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a form reads from the `with` table of a row."""


class NoParams(Params, frozen=True):
    """For forms that need nothing but the terms."""


@dataclass(frozen=True, slots=True)
class Context:
    """One store, its facts and the instant of judging."""

    store: StoreProfile
    facts: Facts
    now: datetime
    book: Book
    calendars: StoreCalendars

    @property
    def today(self) -> date:
        """The store's local date of `now`: the event of every standing measure (C15)."""
        return self.calendars.own.day_of(self.now)

    @property
    def running(self) -> bool:
        return self.store.status in RUNNING

    def rules(self, form: str) -> tuple[Rule, ...]:
        """The rows of that form that are meant for this store, in the order of the data, whatever their dates."""
        store = self.store
        return _by_form(self.book, store.platform, store.region, store.seller_type, store.programme, self.running).get(form, ())

    def rows(self, rules: Iterable[Rule], on: date | None = None) -> Iterator[Row]:
        """Those of `rules` whose terms hold on a local date (today, if not given), with these terms."""
        day = on or self.today
        for rule in rules:
            if (row := self.book.row(rule, day)) is not None:
                yield row

    def row_at(self, rule: Rule, instant: datetime) -> Row | None:
        """The terms of a rule that held on the local date of an event."""
        return self.book.row(rule, self.calendars.own.day_of(instant))

    def known(self, value: datetime | UnsetType | None) -> datetime | None:
        """The instant of a deed, or None where it is not done yet: nothing after `now` is known."""
        return value if isinstance(value, datetime) and value <= self.now else None

    def fact(self, name: str, value: T | UnsetType | None) -> T | UnsetType | None:
        """The value of a fact without an age of its own: None (missing) where its source is too old."""
        return None if value is not UNSET and self.is_old(self.source_age(name)) else value

    def source_age(self, name: str) -> datetime | None:
        """When the fact of that name was true, by `sources`; None means fresh."""
        sources = self.facts.sources
        source = sources.get(name) if isinstance(sources, dict) else None
        return source.as_of if isinstance(source, Source) and isinstance(source.as_of, datetime) else None

    def age_of(self, name: str, as_of: datetime | UnsetType | None) -> datetime | None:
        """A value's own `as_of`, else that of its source."""
        return as_of if isinstance(as_of, datetime) else self.source_age(name)

    def is_old(self, as_of: datetime | None) -> bool:
        """Whether a value of that age counts as missing: too old, or from after `now`, of which nothing is known."""
        return as_of is not None and not -CLOCK_SKEW <= self.now - as_of <= MAX_AGE


@lru_cache(maxsize=4096)
def _by_form(
    book: Book, platform: str, region: str, seller_type: str, programme: str | None, running: bool
) -> dict[str, tuple[Rule, ...]]:
    """The rows of one kind of store by form; a store that does not run has no internal routine (C9)."""
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in book.for_store(platform, region, seller_type, programme):
        if rule.form is not None and (running or book.platform_of(rule.id) != INTERNAL):
            found[rule.form] = (*found.get(rule.form, ()), rule)
    return found


def params(rule: Rule, kind: type[P]) -> P:
    """The `with` table of a row as its form reads it. Raises BadTerms naming row and field."""
    return _params(rule.id, msgspec.msgpack.encode(rule.with_), kind)  # type: ignore[return-value]


@lru_cache(maxsize=4096)
def _params(rule_id: str, encoded: bytes, kind: type[Params]) -> Params:
    try:
        return msgspec.msgpack.decode(encoded, type=kind)
    except msgspec.ValidationError as error:
        raise BadTerms(f"{rule_id}: with: {error}") from None


def limit_for(ctx: Context, row: Row) -> Decimal | None:
    """The limit for this store: of its programme (`limit_mall`), else of its market (`limit_my`), else of all (`limit`); before
    all of them the workspace's own.

    None where the terms name none for such a store: then the row says nothing of it.
    """
    if row.ref.own is not None and "limit" in row.ref.own:
        return row.ref.own["limit"]
    for name in (f"limit_{ctx.store.programme}", f"limit_{ctx.store.region.lower()}", "limit"):
        if (limit := row.figures.get(name)) is not None:
            return limit
    return None


# -- making duties ---------------------------------------------------------------------------------


def because(text: str, **values: Value) -> Why:
    return Why(text, values)


def obligation(
    row: Row,
    *,
    subject: Subject | None,
    starts_at: datetime,
    due_at: datetime,
    why: Why,
    done_at: datetime | None = None,
    void_at: datetime | None = None,
    reached: Literal["at", "after"] = "after",
) -> Obligation:
    """Something owed by an instant under these terms; the lead is the row's."""
    return Obligation(
        rule=row.id,
        subject=subject,
        starts_at=starts_at,
        due_at=due_at,
        done_at=done_at,
        void_at=void_at,
        lead=lead_time(row, starts_at, due_at),
        severity=row.severity,
        reached=reached,
        terms=row.ref,
        why=why,
        stake=row.stake,
    )


def due(calendar: Calendar, row: Row, start: datetime) -> datetime:
    """`start` plus what the terms give: exact `hours`, calendar `days` or `months` (C2, C27)."""
    if "hours" in row.figures:
        return start + timedelta(hours=float(row.figure("hours")))
    if "months" in row.figures:
        return calendar.add_months(start, int(row.figure("months")))
    return calendar.add(start, row.figure("days"))


def lead_time(row: Row, starts_at: datetime, due_at: datetime) -> timedelta | None:
    """How long before `due_at` the row shows as at risk; None for a row without lead (C18)."""
    lead = row.lead
    if lead is None:
        return None
    if lead.whole:
        return max(due_at - starts_at, timedelta(0))
    return timedelta(days=float(lead.days or 0), hours=float(lead.hours or 0))


def reading(
    ctx: Context,
    row: Row,
    state: State,
    why: Why,
    *,
    subject: Subject | None = None,
    value: Decimal | str | None = None,
    limit: Decimal | None = None,
    as_of: datetime | None = None,
    until: datetime | None = None,
) -> Reading:
    """A gauge, flag, band, remedy or text as it stands at `now`. `until`: when it changes by itself, besides age and terms."""
    return Reading(
        rule=row.id,
        subject=subject,
        state=state,
        severity=_severity(row, state),
        value=value,
        unit=row.span.unit,
        limit=limit,
        comparator=row.span.comparator if limit is not None else None,
        as_of=as_of,
        valid_until=_valid_until(ctx, row, as_of, until),
        terms=row.ref,
        why=why,
        stake=row.stake,
    )


def unknown(ctx: Context, row: Row, fact: str, *, subject: Subject | None = None, as_of: datetime | None = None) -> Reading:
    """The row holds, and a fact that it needs is missing, or too old if `as_of` says so (C13)."""
    if as_of is not None and as_of < ctx.now and ctx.is_old(as_of):
        return reading(ctx, row, State.UNKNOWN, because("unknown.old", fact=Word(fact), as_of=as_of), subject=subject)
    until = as_of - CLOCK_SKEW if as_of is not None else None
    return reading(ctx, row, State.UNKNOWN, because("unknown.missing", fact=Word(fact)), subject=subject, until=until)


def _severity(row: Row, state: State) -> Severity | None:
    match state:
        case State.BREACHED:
            return row.severity
        case State.AT_RISK:
            return row.severity.one_lower
        case State.UNKNOWN:
            return Severity.WARNING
        case State.ACTION:
            return Severity.INFO
        case State.OK | State.NOT_APPLICABLE:
            return None


def _valid_until(ctx: Context, row: Row, as_of: datetime | None, until: datetime | None) -> datetime | None:
    ends = [until, terms_end(ctx, row), as_of + MAX_AGE + TICK if as_of is not None else None]
    return min((end for end in ends if end is not None and end > ctx.now), default=None)


def terms_end(ctx: Context, row: Row) -> datetime | None:
    """The instant at which the terms of a row cease to hold for standing measures: local midnight of their last date."""
    if row.span.to is None:
        return None
    return datetime.combine(row.span.to, time(0), ctx.calendars.own.zone).astimezone(UTC)


def given(value: Any) -> bool:
    """Whether a key was given at all (C29)."""
    return value is not UNSET
