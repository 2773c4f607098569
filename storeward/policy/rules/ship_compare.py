"""Orders under two books at once: by when each step would have been due under one and the other.

For replays over a million orders: what is the same for all orders of one day and type is paired once, and nothing but the two due
instants is made for an order. `ship_by.order_obligations` is the measure: both give the same instants.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from msgspec import UNSET

from storeward.policy.facts import OrderFacts

from .ship_by import EVERY_TYPE, Line, Plan, due_of, steps_done

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


def _days(plan: Plan, placed: datetime) -> tuple[date, ...]:
    return tuple([placed.astimezone(c.zone).date() for c in plan.zones])


def _due(line: Line | None, order: OrderFacts, placed: datetime, done: Sequence[object]) -> datetime | None:
    """The due instant of one line, None where it does not look at this order."""
    if line is None or done[line.step] is UNSET or (line.first_mile is not None and line.first_mile != order.first_mile):
        return None
    due = due_of(line, order, placed)
    return None if due is None else due[0]
