"""Shipping clocks: by when each step of an order is due (C6 to C8, C15, C20, C21).

Day 0 is that of the placing or of the payment, as the platform has it; all rows of a store count from the same of the two.

The hot path of the sync: a due instant depends on a rule, the local date of day 0 and a few flags, so it is reckoned once for
them and kept. `Plan` holds what is the same for all stores of a market that share calendars.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Literal

from msgspec import UNSET, UnsetType

from storeward.policy.calendars import Calendar, StoreCalendars, for_store
from storeward.policy.facts import OrderFacts, StoreProfile
from storeward.policy.terms import Book, Row, Rule, book
from storeward.policy.types import Obligation, Severity, Subject, Why
from storeward.policy.wording import Word

from .base import Context, Duties, Params, because, params, unknown

Clock = Literal[
    "working_days",
    "handling_plus",
    "after_handling",
    "calendar_days_end",
    "hours",
    "handling_calendar",
    "cut_off",
    "after_working_days",
    "promised",
]
Start = Literal["placed_at", "paid_at"]
Step = Literal["rts_at", "tracking_added_at", "arranged_at", "shipped_at", "scanned_at", "in_transit_at", "delivered_at"]

STEPS: tuple[Step, ...] = (
    "rts_at",
    "tracking_added_at",
    "arranged_at",
    "shipped_at",
    "scanned_at",
    "in_transit_at",
    "delivered_at",
)
"""In their order: a later one stands in for an earlier one (C20)."""

_last_to_first = attrgetter(*reversed(STEPS))

TYPES = frozenset({"standard", "pre_order", "made_to_order", "backorder", "custom"})
EVERY_TYPE = "all"
NEEDS_HANDLING = frozenset({"handling_plus", "after_handling", "handling_calendar"})


class OrderParams(Params, frozen=True):
    """`step` meets the row; `clocks` by order type (or `all`); `days` names the week that is counted; `first_mile` limits it.

    `start`: which instant is on day 0. `moves`: a day 0 that does not work is moved to the next one that does (C7).
    """

    step: Step
    clocks: dict[str, Clock]
    days: str = "store"
    first_mile: str | None = None
    start: Start = "placed_at"
    moves: bool = False


# -- due instants: one function for each clock -----------------------------------------------------


def _working_days(c: Calendar, row: Row, placed: datetime, day_0: date, handling: int) -> datetime:
    return c.end_of(c.working_day(day_0, int(row.figure("working_days"))))


def _handling_plus(c: Calendar, row: Row, placed: datetime, day_0: date, handling: int) -> datetime:
    return c.end_of(c.working_day(day_0, handling + int(row.figure("handling_plus"))))


def _after_handling(c: Calendar, row: Row, placed: datetime, day_0: date, handling: int) -> datetime:
    promised = day_0 + timedelta(days=handling)
    return c.end_of(c.working_day(promised, int(row.figure("after_handling"))))


def _calendar_days_end(c: Calendar, row: Row, placed: datetime, day_0: date, handling: int) -> datetime:
    return c.end_of(day_0 + timedelta(days=int(row.figure("calendar_days_end"))))


def _hours(c: Calendar, row: Row, placed: datetime, day_0: date, handling: int) -> datetime:
    return placed + timedelta(hours=float(row.figure("hours")))


def _handling_calendar(c: Calendar, row: Row, placed: datetime, day_0: date, handling: int) -> datetime:
    return c.add_days(placed, handling + int(row.figure("handling_calendar")))


def _cut_off(c: Calendar, row: Row, placed: datetime, day_0: date, handling: int) -> datetime:
    """The same working day where the order came before the cut-off, else the next one; at the cut-off is after it (C8)."""
    in_time = c.works(day_0) and placed < c.at(day_0, time(int(row.figure("cut_off_hour"))))
    day = day_0 if in_time else c.working_day(day_0, 1)
    hour = row.figures.get("due_hour")
    return c.end_of(day) if hour is None else c.at(day, time(int(hour)))


def _after_working_days(c: Calendar, row: Row, placed: datetime, day_0: date, handling: int) -> datetime:
    """Exact hours after the end of the days to ship."""
    return c.end_of(c.working_day(day_0, int(row.figure("working_days")))) + timedelta(hours=float(row.figure("hours")))


_CLOCKS: dict[Clock, Callable[[Calendar, Row, datetime, date, int], datetime]] = {
    "working_days": _working_days,
    "handling_plus": _handling_plus,
    "after_handling": _after_handling,
    "calendar_days_end": _calendar_days_end,
    "hours": _hours,
    "handling_calendar": _handling_calendar,
    "cut_off": _cut_off,
    "after_working_days": _after_working_days,
}
"""Every clock but `promised`, which the platform reckons itself and sends with the order."""
_BY_DAY = frozenset({"working_days", "handling_plus", "after_handling", "calendar_days_end", "after_working_days"})
"""Clocks that look at the date of day 0 only: their answer is kept."""


# -- the plan --------------------------------------------------------------------------------------


@dataclass(slots=True)
class Line:
    """One rule for one order type at one date: everything about its obligation that does not depend on the order."""

    row: Row
    clock: Clock
    calendar: Calendar
    step: int
    first_mile: str | None
    lead: timedelta | None
    moves: bool = False
    rule: str = ""
    severity: Severity = Severity.INFO
    needs_handling: bool = False
    kept: bool = False
    """Whether the due instant depends on the date alone (and the handling days): then it is reckoned once."""
    known: dict[int, tuple[datetime, Why]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rule = self.row.rule.id
        self.severity = self.row.rule.severity
        self.needs_handling = self.clock in NEEDS_HANDLING
        self.kept = self.clock in _BY_DAY


@dataclass(eq=False, slots=True)
class Plan:
    """The order rows of one kind of store with its calendars, prepared day by day."""

    book: Book
    rules: tuple[tuple[Rule, OrderParams, Calendar], ...]
    zones: tuple[Calendar, ...]
    start: Start = "placed_at"
    _lines: dict[tuple[str, tuple[date, ...]], tuple[Line, ...]] = field(default_factory=dict)

    def lines(self, kind: str, days: tuple[date, ...]) -> tuple[Line, ...]:
        """The lines for an order of that type whose day 0 is `days` in the zones of the plan."""
        if (known := self._lines.get((kind, days))) is None:
            known = self._lines[kind, days] = tuple(self._prepare(kind, dict(zip(self.zones, days, strict=True))))
        return known

    def _prepare(self, kind: str, days: dict[Calendar, date]) -> Iterable[Line]:
        for rule, settings, calendar in self.rules:
            clock = settings.clocks.get(kind) or settings.clocks.get(EVERY_TYPE)
            row = self.book.row(rule, days[calendar]) if clock else None
            if clock is not None and row is not None:
                lead = row.lead
                ahead = timedelta(days=float(lead.days or 0), hours=float(lead.hours or 0)) if lead else None
                yield Line(row, clock, calendar, STEPS.index(settings.step), settings.first_mile, ahead, settings.moves)


def plan_for(store: StoreProfile, calendars: StoreCalendars, rules: Book) -> Plan:
    """The plan of a kind of store; shared by all that have the same platform, region, type, programme and calendars."""
    return _plan(rules, calendars, store.platform, store.region, store.seller_type, store.programme)


@lru_cache(maxsize=512)
def _plan(rules: Book, calendars: StoreCalendars, platform: str, region: str, seller_type: str, programme: str | None) -> Plan:
    chosen = tuple(
        (rule, settings, calendars.named(settings.days))
        for rule in rules.for_store(platform, region, seller_type, programme)
        if rule.form == "order"
        for settings in [params(rule, OrderParams)]
    )
    start: Start = chosen[0][1].start if chosen else "placed_at"
    return Plan(rules, chosen, tuple(dict.fromkeys(calendar for _, _, calendar in chosen)), start)


def order_obligations(
    store: StoreProfile,
    orders: Sequence[OrderFacts],
    calendar: StoreCalendars | None = None,
    rules: Book | None = None,
) -> list[Obligation]:
    """What the store owes for these orders: one obligation for each row and order, met and void ones included.

    Independent of `now` (`judge` takes care of it). Rows whose step was not given are left out (C20), as are orders without
    day 0; what cannot be told (an unknown type, no handling days, no promised time) is said by `unknowns`.
    """
    plan = plan_for(store, calendar or for_store(store), rules or book())
    owed: list[Obligation] = []
    for order in orders:
        _append(plan, order, owed)
    return owed


def _append(plan: Plan, order: OrderFacts, owed: list[Obligation]) -> None:
    """The obligations of one order."""
    placed = order.placed_at if plan.start == "placed_at" else order.paid_at
    if not isinstance(placed, datetime):
        return
    kind = order.type if isinstance(order.type, str) else EVERY_TYPE  # rows for all orders do not look at the type
    lines = plan.lines(kind, tuple([placed.astimezone(c.zone).date() for c in plan.zones]))
    if not lines:
        return
    done = steps_done(order)
    void_at = order.cancelled_at if isinstance(order.cancelled_at, datetime) else None
    subject = Subject("order", order.order_id)
    for line in lines:
        step = done[line.step]
        if step is UNSET or (line.first_mile is not None and line.first_mile != order.first_mile):
            continue
        due = due_of(line, order, placed)
        if due is None:
            continue
        row = line.row
        owed.append(
            Obligation(
                line.rule,
                subject,
                placed,
                due[0],
                step,
                void_at,
                line.lead,
                line.severity,
                "after",
                row.ref,
                due[1],
                row.stake,
            )
        )


def steps_done(order: OrderFacts) -> list[datetime | UnsetType | None]:
    """For each step when it, or a later one, was done: UNSET where neither was given, None where not yet."""
    done: list[datetime | UnsetType | None] = []
    earliest: datetime | UnsetType | None = UNSET
    for at in _last_to_first(order):
        if at is None:
            earliest = None if earliest is UNSET else earliest
        elif at is not UNSET and (earliest is None or earliest is UNSET or at < earliest):
            earliest = at
        done.append(earliest)
    done.reverse()
    return done


def due_of(line: Line, order: OrderFacts, placed: datetime) -> tuple[datetime, Why] | None:
    """The due instant and its sentence; None where the handling days or the promised time that it needs are not known."""
    if line.clock == "promised":
        return _promised(line, order, placed)
    handling = 0
    if line.needs_handling:
        days = order.handling_days
        if days is None or isinstance(days, UnsetType):
            return None
        handling = int(days)
    if not line.kept:
        return _reckon(line, placed, handling)
    if (known := line.known.get(handling)) is None:
        known = line.known[handling] = _reckon(line, placed, handling)
    return known


def _promised(line: Line, order: OrderFacts, placed: datetime) -> tuple[datetime, Why] | None:
    """The ship time that the platform sent with the order."""
    if not isinstance(order.ship_by, datetime):
        return None
    return order.ship_by, because("order.promised", placed=placed, step=Word(STEPS[line.step]), due_at=order.ship_by)


def _reckon(line: Line, placed: datetime, handling: int) -> tuple[datetime, Why]:
    day_0 = line.calendar.day_of(placed)
    if line.moves and not line.calendar.works(day_0):
        day_0 = line.calendar.working_day(day_0, 1)
    due_at = _CLOCKS[line.clock](line.calendar, line.row, placed, day_0, handling)
    step = Word(STEPS[line.step])
    figure = line.row.figures.get(_SAID.get(line.clock, line.clock), Decimal(0))
    if line.clock in _BY_DAY:
        paid = "_paid" if line.moves else ""
        return due_at, because(
            f"order.{line.clock}{paid}", day_0=day_0, step=step, figure=figure, handling=handling, due_at=due_at
        )
    return due_at, because(f"order.{line.clock}", placed=placed, step=step, figure=figure, handling=handling, due_at=due_at)


_SAID: dict[Clock, str] = {"after_working_days": "hours"}
"""The figure that a sentence names, where it is not the clock's own."""


# -- as a form -------------------------------------------------------------------------------------


def duties(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """All order rows of the store."""
    orders = ctx.fact("orders", ctx.facts.orders)
    if orders is None:
        for row in ctx.rows(rules):
            yield unknown(ctx, row, "orders", as_of=ctx.source_age("orders"))
    if not isinstance(orders, tuple):
        return
    known = [o for o in orders if not (isinstance(o.placed_at, datetime) and o.placed_at > ctx.now)]
    yield from order_obligations(ctx.store, known, ctx.calendars, ctx.book)
    yield from unknowns(ctx, known, rules)


def unknowns(ctx: Context, orders: Iterable[OrderFacts], rules: tuple[Rule, ...]) -> Duties:
    """Rows that cannot be told of an order: no order time, a type we do not know, no handling days or promised time where the
    row needs them. An order that nobody has paid owes nothing where the payment is what counts."""
    for order in orders:
        if isinstance(order.cancelled_at, datetime) and order.cancelled_at <= ctx.now:
            continue
        for rule in rules:
            settings = params(rule, OrderParams)
            started = order.placed_at if settings.start == "placed_at" else order.paid_at
            if settings.start == "paid_at" and ctx.known(started) is None:
                continue
            if (missing := _missing(order, settings)) is None:
                continue
            event = started if isinstance(started, datetime) else ctx.now
            row = ctx.book.row(rule, ctx.calendars.named(settings.days).day_of(event))
            if row is not None:
                yield unknown(ctx, row, missing, subject=Subject("order", order.order_id))


def _missing(order: OrderFacts, settings: OrderParams) -> str | None:
    """The fact without which this row cannot be told for the order; None where it can, or need not, be judged."""
    step = steps_done(order)[STEPS.index(settings.step)]
    if step is UNSET or isinstance(step, datetime):
        return None
    clock = settings.clocks.get(order.type or EVERY_TYPE) or settings.clocks.get(EVERY_TYPE)
    if clock is None:
        return "order_type" if order.type is not UNSET and order.type not in TYPES else None
    if settings.start == "placed_at" and order.placed_at is None:
        return "placed_at"
    if clock == "promised" and order.ship_by is None:
        return "ship_by"
    if clock in NEEDS_HANDLING and order.handling_days is None:
        return "handling_days"
    return "first_mile" if settings.first_mile is not None and order.first_mile is None else None
