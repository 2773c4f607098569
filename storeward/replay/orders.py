"""Orders under both books: every order of the window passes once, as the sync's own reading of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from storeward.findings.order_facts import facts_of
from storeward.policy.rules.ship_by import plan_for
from storeward.policy.rules.ship_compare import Comparison, Twice
from storeward.records.steps import of_row
from storeward.replay.found import Hit, Side, Tally
from storeward.replay.span import Past

ORDER = "order"
AT_ONCE = 20_000
"""Orders fetched at once: the database reads on while these are judged."""

# Lines and what no rule reads stay behind: they are most of an order.
_ORDERS = """
SELECT store_id, platform_id, observed_at, (data - '{lines,platform_more,buyer,address}'::text[])::text, amount, currency
FROM records_order WHERE store_id = ANY(%(ids)s) AND placed_at > %(since)s AND placed_at <= %(now)s
"""


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
    for store_id, order_id, observed_at, data, amount, currency in _rows(past, list(comparisons)):
        facts = facts_of(order_id, of_row(data, observed_at))
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
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.itersize = AT_ONCE  # type: ignore[attr-defined]  # a server-side cursor of psycopg
        cursor.execute(_ORDERS, {"ids": ids, "since": past.since, "now": past.now})
        yield from cursor


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
