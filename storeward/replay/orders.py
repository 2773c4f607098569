"""Orders under both books: every order of the window passes once, as the sync's own reading of it."""

import gc
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, get_args

from django.db import connection
from msgspec.structs import FieldInfo, fields

from storeward.findings.order_facts import facts_of
from storeward.policy.rules.ship_by import plan_for
from storeward.policy.rules.ship_compare import Comparison, Twice, soonest
from storeward.records.steps import OrderSteps, Told
from storeward.replay.found import Hit, Side, Tally
from storeward.replay.span import Past

ORDER = "order"

_STEPS = tuple(f for f in fields(OrderSteps) if f.name != "total")
"""What the rules read of an order, as the sync's own type says it."""

_PART = "\x1f"
"""Between two of them: no platform's word has it."""

# Each is taken out of the stored record by its name and sent as one text: making JSON of it again would cost three times as much.
# What was with the courier sooner than anything can be due breaks neither book: it is counted, and stays where it is.
_WINDOW = """
FROM records_order o JOIN unnest(%(ids)s::bigint[], %(soonest)s::float8[]) AS k (id, soonest) ON o.store_id = k.id
WHERE o.placed_at > %(since)s AND o.placed_at <= %(now)s
"""
ORDERS = f"""
SELECT store_id, platform_id, observed_at, amount, currency,
    {" || chr(31) || ".join(f"coalesce(data ->> '{f.encode_name}', '')" for f in _STEPS)}
{_WINDOW} AND ((data ->> 'collected_at')::timestamptz <= placed_at + k.soonest * interval '1 second') IS NOT TRUE
"""
_COUNT = f"SELECT count(*) {_WINDOW}"
_TYPES = ("int8", "text", "timestamptz", "numeric", "text", "text")


def replay_orders(past: Past, tally: Tally) -> None:
    """Judge the orders of the window by the order rows of both books; what breaks one alone is a hit on the day it was due."""
    comparisons = _comparisons(past)
    if not comparisons:
        return
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    values = _values(past, comparisons)
    read = 0
    with _collector_at_rest():
        for row in _rows(values):
            read += 1
            facts = facts_of(row[1], told_of(row[5], row[2]))
            if facts is not None:
                for twice in comparisons[row[0]].of(facts):
                    before, after = twice.broken(twice.before, past.now), twice.broken(twice.after, past.now)
                    count = counts[twice.rule]
                    count[0] += 1
                    count[1] += before
                    count[2] += twice.before != twice.after
                    if before is not after:
                        tally.hit(_hit(past, row, twice, "more" if after else "less"))
    tally.quick += _all(values) - read
    for rule, (looked_at, broken, moved) in counts.items():
        tally.looked_at[rule] += looked_at
        tally.broken[rule] += broken
        tally.moved[rule] += moved


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """A million small objects come and go and none is garbage in a cycle: looking for such costs a fifth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


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


def _values(past: Past, comparisons: Mapping[int, Comparison]) -> dict[str, Any]:
    """The parameters of the statements: which stores, which days, and how soon each may have something due."""
    known: dict[int, float | None] = {}
    for comparison in comparisons.values():
        if id(comparison) not in known:
            found = soonest(comparison, past.since.date(), past.now.date())
            known[id(comparison)] = None if found is None else found.total_seconds()
    seconds = [known[id(comparison)] for comparison in comparisons.values()]
    return {"ids": list(comparisons), "soonest": seconds, "since": past.since, "now": past.now}


def _rows(values: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The orders of the window as they come: the database reads on while these are judged."""
    with connection.cursor() as cursor, cursor.copy(f"COPY ({ORDERS}) TO STDOUT (FORMAT BINARY)", values) as copying:
        copying.set_types(_TYPES)
        yield from copying.rows()


def _all(values: Mapping[str, Any]) -> int:
    """How many orders the window has."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        row = cursor.fetchone()
    return 0 if row is None else int(row[0])


def told_of(text: str, observed_at: datetime) -> Told:
    """What the rules read of an order, from the text of `ORDERS`; the same as `records.steps.of_row` of the whole record."""
    values = {_NAMES[at]: _READERS[at](part) for at, part in enumerate(text.split(_PART)) if part}
    return Told(OrderSteps(**values), observed_at)


def _reader(field: FieldInfo) -> Callable[[str], Any]:
    """How the text of a field is read: an instant, a whole number, or a word."""
    kinds = get_args(field.type) or (field.type,)
    return datetime.fromisoformat if datetime in kinds else int if int in kinds else str


_NAMES = tuple(field.name for field in _STEPS)
_READERS = tuple(_reader(field) for field in _STEPS)


def _hit(past: Past, row: tuple[Any, ...], twice: Twice, side: Side) -> Hit:
    store_id, order_id, _, amount, currency, _ = row
    due_at = twice.after if side == "more" else twice.before
    assert due_at is not None
    day = past.day_of(store_id, due_at)
    return Hit(
        side=side,
        rule=twice.rule,
        store_id=store_id,
        day=day,
        kind=ORDER,
        id=order_id,
        amount=amount,
        currency=currency,
        usd=past.worth.usd(amount, currency),
        points=past.points(twice.rule, day, spared=side == "less"),
    )
