"""Orders under two books at once: by when each step would have been due under one and the other.

For replays over a million orders: what is the same for all orders of one day and type is paired once, and nothing but the two due
instants is made for an order. `ship_by.order_obligations` is the measure: both give the same instants.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from msgspec import UNSET

from storeward.policy.facts import OrderFacts

from .ship_by import EVERY_TYPE, STEPS, TYPES, Line, Plan, due_of, steps_done

Pair = tuple[Line | None, Line | None]


class Twice(NamedTuple):
    """One rule of one order, under the first book and the second; None where that book asks nothing of it.

    `done_at` None: not yet. `void_at`: when it ceased to be owed.
    """

    rule: str
    starts_at: datetime
    before: datetime | None
    after: datetime | None
    done_at: datetime | None
    void_at: datetime | None

    def broken(self, due_at: datetime | None, now: datetime) -> bool:
        """Whether the order breaks that due instant, as `judge.verdict` has it (C5, C19)."""
        if due_at is None or now < self.starts_at or (self.void_at is not None and self.void_at <= now):
            return False
        if self.done_at is not None and self.done_at <= now:
            return self.done_at > due_at
        return now > due_at


@dataclass(slots=True, eq=False)
class Comparison:
    """The order rows of one kind of store under two books; both plans look at the same zones."""

    before: Plan
    after: Plan
    _pairs: dict[tuple[str, tuple[date, ...], tuple[date, ...]], tuple[Pair, ...]] = field(default_factory=dict)

    def of(self, order: OrderFacts) -> list[Twice]:
        """What each rule says of the order under both; nothing where neither asks for it, or a fact that it needs is missing."""
        placed = order.placed_at if self.after.start == "placed_at" else order.paid_at
        if not isinstance(placed, datetime):
            return []
        kind = order.type if isinstance(order.type, str) else EVERY_TYPE
        pairs = self._lines(kind, placed)
        if not pairs:
            return []
        found = []
        done = steps_done(order)
        void_at = order.cancelled_at if isinstance(order.cancelled_at, datetime) else None
        for one, other in pairs:
            first, second = _due(one, order, placed, done), _due(other, order, placed, done)
            if first is not None or second is not None:
                line = other or one
                assert line is not None
                step = done[line.step]
                found.append(Twice(line.rule, placed, first, second, step if isinstance(step, datetime) else None, void_at))
        return found

    def _lines(self, kind: str, placed: datetime) -> tuple[Pair, ...]:
        days = tuple([placed.astimezone(c.zone).date() for c in self.before.zones])
        others = days if self.after.zones == self.before.zones else _days(self.after, placed)
        key = kind, days, others
        if (known := self._pairs.get(key)) is None:
            lines = {line.rule: line for line in self.before.lines(kind, days)}
            anew = {line.rule: line for line in self.after.lines(kind, others)}
            known = self._pairs[key] = tuple((lines.get(rule), anew.get(rule)) for rule in {**lines, **anew})
        return known


def soonest(comparison: Comparison, first: date, last: date) -> timedelta | None:
    """So long after it was placed no order of these days can be due under either book; None where it may be due at once.

    What is with the courier sooner than that breaks neither. Told for rows that are met by then at the latest and that count from
    the placing; a clock changes its answer at full hours only, so one look at each hour is enough, and an hour is taken off.
    """
    plans = comparison.before, comparison.after
    rules = [settings for plan in plans for _, settings, _ in plan.rules]
    if any(p.start != "placed_at" for p in plans) or any(STEPS.index(s.step) > _WITH_COURIER for s in rules):
        return None
    least: timedelta | None = None
    for kind in (*sorted(TYPES), EVERY_TYPE):
        for placed in _hours(plans, first, last):
            order = OrderFacts(order_id="", placed_at=placed, type=kind, handling_days=0, **_UNDONE)
            for twice in comparison.of(order):
                for due_at in (twice.before, twice.after):
                    if due_at is not None and (least is None or due_at - placed < least):
                        least = due_at - placed
    promised = any("promised" in settings.clocks.values() for settings in rules)
    return None if promised or least is None or least <= _HOUR else least - _HOUR


_HOUR = timedelta(hours=1)
_WITH_COURIER = STEPS.index("in_transit_at")
_UNDONE: dict[str, Any] = dict.fromkeys(STEPS)


def _hours(plans: tuple[Plan, Plan], first: date, last: date) -> Iterator[datetime]:
    """Every full hour of these days, and of a day around them: stores and rows may count in different zones."""
    zones = plans[1].zones or plans[0].zones
    moment = datetime.combine(first - timedelta(days=1), time(0), zones[0].zone).astimezone(UTC) if zones else None
    while moment is not None and moment.date() <= last + timedelta(days=1):
        yield moment
        moment += _HOUR


def _days(plan: Plan, placed: datetime) -> tuple[date, ...]:
    return tuple([placed.astimezone(c.zone).date() for c in plan.zones])


def _due(line: Line | None, order: OrderFacts, placed: datetime, done: Sequence[object]) -> datetime | None:
    """The due instant of one line, None where it does not look at this order."""
    if line is None or done[line.step] is UNSET or (line.first_mile is not None and line.first_mile != order.first_mile):
        return None
    due = due_of(line, order, placed)
    return None if due is None else due[0]
