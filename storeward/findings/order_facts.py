"""Orders as facts: the hot path of the sync, apart from all other facts.

What changed says itself what the rules read of it (`records.steps`); only where it does not is the order's row read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.backends.utils import CursorWrapper
from msgspec import UNSET

from storeward.policy.facts import OrderFacts
from storeward.records.steps import Told, of_row, unpack

Key = tuple[int, str]
"""Store and platform id of an order."""

_GONE = frozenset({"in_transit", "delivered", "completed"})
_ARRIVED = frozenset({"delivered", "completed"})
_ARRANGED = frozenset({"to_collect", "in_transit", "delivered", "completed"})

_ACCEPTED = frozenset({"to_ship", "partly_shipped", *_ARRANGED})
"""The platform asks the seller to ship: what has no payment by now is paid on delivery, and counts from its placing."""

_ROWS = """
SELECT store_id, platform_id, observed_at, data::text, amount, currency
FROM records_order JOIN unnest(%s::bigint[], %s::text[]) AS k (s, p) ON store_id = k.s AND platform_id = k.p
"""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order's facts and what it is worth; `facts` is None where the store owes nothing for it."""

    store_id: int
    order_id: str
    facts: OrderFacts | None
    amount: Decimal | None
    currency: str | None


def changed_orders(cursor: CursorWrapper, told: Mapping[Key, bytes | None]) -> list[OrderRow]:
    """The orders that changed, by what their changes say of them; those that say nothing are read, and left out if not held."""
    said = [_of_change(*key, unpack(packed)) for key, packed in told.items() if packed is not None]
    silent = [key for key, packed in told.items() if packed is None]
    return [*said, *orders(cursor, silent)] if silent else said


def orders(cursor: CursorWrapper, keys: Sequence[Key]) -> list[OrderRow]:
    """The orders named by (store, platform id), as facts; those that we do not hold are left out."""
    cursor.execute(_ROWS, columns(keys))
    return [
        OrderRow(store_id, order_id, facts_of(order_id, of_row(data, at)), amount, currency)
        for store_id, order_id, at, data, amount, currency in cursor.fetchall()
    ]


def columns(keys: Iterable[Key]) -> list[list[int] | list[str]]:
    """Keys as two parameters of a statement, for `unnest`."""
    stores, ids = list[int](), list[str]()
    for store_id, order_id in keys:
        stores.append(store_id)
        ids.append(order_id)
    return [stores, ids]


def _of_change(store_id: int, order_id: str, told: Told) -> OrderRow:
    total = told.steps.total
    amount, currency = (None, None) if total is None else (total.amount, total.currency)
    return OrderRow(store_id, order_id, facts_of(order_id, told), amount, currency)


def facts_of(order_id: str, told: Told) -> OrderFacts | None:
    """What the rules ask of an order; None where the store owes nothing for it.

    A step that no instant tells, but a later step or the status implies, is taken as done by then: when the next step was, else
    when the order last changed. No false alarm.
    """
    steps, status = told.steps, told.steps.status
    if steps.fulfillment_by == "platform" or status == "unpaid":
        return None
    changed = steps.updated_at or told.observed_at
    delivered = steps.delivered_at or (changed if status in _ARRIVED else None)
    collected = steps.collected_at or steps.delivered_at or (changed if status in _GONE else None)
    arranged = steps.arranged_at or steps.collected_at or steps.delivered_at or (changed if status in _ARRANGED else None)
    return OrderFacts(
        order_id=order_id,
        placed_at=steps.placed_at,
        type="standard" if steps.type == "unknown" else steps.type,
        paid_at=steps.paid_at or (steps.placed_at if status in _ACCEPTED else None),
        handling_days=steps.handling_days,
        first_mile=steps.first_mile,
        ship_by=steps.ship_by_at,
        rts_at=arranged,
        tracking_added_at=steps.tracking_added_at or arranged,
        arranged_at=arranged,
        shipped_at=collected,
        scanned_at=collected,
        in_transit_at=collected,
        delivered_at=delivered,
        cancelled_at=steps.cancelled_at or (changed if status == "cancelled" else UNSET),
    )
