"""Orders under both books: every order of the window passes once, as the sync's own reading of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, get_args

from django.db import connection
from msgspec.structs import FieldInfo, fields

from storeward.findings.order_facts import facts_of
from storeward.policy.rules.ship_by import plan_for
from storeward.policy.rules.ship_compare import Comparison, Twice
from storeward.records.steps import OrderSteps, Told
from storeward.replay.found import Hit, Side, Tally
from storeward.replay.span import Past

ORDER = "order"

_STEPS = tuple(f for f in fields(OrderSteps) if f.name != "total")
"""What the rules read of an order, as the sync's own type says it."""

_PART = "\x1f"
"""Between two of them: no platform's word has it."""

# Each is taken out of the stored record by its name and sent as one text: making JSON of it again would cost three times as much.
ORDERS = f"""
SELECT store_id, platform_id, observed_at, amount, currency,
    {" || chr(31) || ".join(f"coalesce(data ->> '{f.encode_name}', '')" for f in _STEPS)}
FROM records_order WHERE store_id = ANY(%(ids)s) AND placed_at > %(since)s AND placed_at <= %(now)s
"""  # noqa: S608  (made of the names of our own type)
_TYPES = ("int8", "text", "timestamptz", "numeric", "text", "text")


@dataclass(frozen=True, slots=True)
class _Row:
    """One order as a tally wants it."""

    store_id: int
    order_id: str
    amount: Decimal | None
    currency: str | None


def replay_orders(past: Past, tally: Tally) -> None:
    """Judge the orders of the window by the order rows of both books; what breaks one alone is a hit on the day it was due."""
    comparisons = _comparisons(past)
    if not comparisons:
        return
    for store_id, order_id, observed_at, amount, currency, text in _rows(past, list(comparisons)):
        facts = facts_of(order_id, told_of(text, observed_at))
        if facts is not None:
            row = _Row(store_id, order_id, amount, currency)
            for twice in comparisons[store_id].of(facts):
                _count(past, tally, row, twice)


def _comparisons(past: Past) -> Mapping[int, Comparison]:
    """One for each kind of store that has order rows; stores of a kind share it."""
    shared: dict[tuple[int, int], Comparison] = {}
    found = {}
    for store_id, profile in past.profiles.items():
        calendars = past.calendars[store_id]
        plans = plan_for(profile, calendars, past.before), plan_for(profile, calendars, past.after)
        if any(plan.rules for plan in plans):
            found[store_id] = shared.setdefault((id(plans[0]), id(plans[1])), Comparison(*plans))
    return found


def _rows(past: Past, ids: list[int]) -> Iterator[tuple[Any, ...]]:
    """The orders of the window as they come: the database reads on while these are judged."""
    with connection.cursor() as cursor:
        values = {"ids": ids, "since": past.since, "now": past.now}
        with cursor.copy(f"COPY ({ORDERS}) TO STDOUT (FORMAT BINARY)", values) as copying:
            copying.set_types(_TYPES)
            yield from copying.rows()


def told_of(text: str, observed_at: datetime) -> Told:
    """What the rules read of an order, from the text of `ORDERS`; the same as `records.steps.of_row` of the whole record."""
    values = dict[str, Any]()
    for (name, read), part in zip(_READ, text.split(_PART), strict=True):
        if part:
            values[name] = read(part)
    return Told(OrderSteps(**values), observed_at)


def _reader(field: FieldInfo) -> Callable[[str], Any]:
    """How the text of a field is read: an instant, a whole number, or a word."""
    kinds = get_args(field.type) or (field.type,)
    return datetime.fromisoformat if datetime in kinds else int if int in kinds else str


_READ = tuple((field.name, _reader(field)) for field in _STEPS)


def _count(past: Past, tally: Tally, row: _Row, twice: Twice) -> None:
    tally.looked_at[twice.rule] += 1
    before, after = twice.broken(twice.before, past.now), twice.broken(twice.after, past.now)
    tally.broken[twice.rule] += before
    tally.moved[twice.rule] += twice.before != twice.after
    if before is not after:
        side: Side = "more" if after else "less"
        due_at = twice.after if after else twice.before
        assert due_at is not None
        tally.hit(_hit(past, row, twice.rule, side, due_at))


def _hit(past: Past, row: _Row, rule: str, side: Side, due_at: datetime) -> Hit:
    return Hit(
        side=side,
        rule=rule,
        store_id=row.store_id,
        day=past.day_of(row.store_id, due_at),
        kind=ORDER,
        id=row.order_id,
        amount=row.amount,
        currency=row.currency,
        usd=past.worth.usd(row.amount, row.currency),
        points=past.points(rule),
    )
