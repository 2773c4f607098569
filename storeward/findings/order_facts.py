"""Order rows as facts: the hot path of the sync, apart from all other facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import msgspec
from django.db.backends.utils import CursorWrapper
from msgspec import UNSET

from storeward.policy.facts import OrderFacts


class _Steps(msgspec.Struct, frozen=True, gc=False):
    """What the rules read of a canonical order."""

    fulfillment_by: str = "seller"
    handling_days: int | None = None
    first_mile: str | None = None
    placed_at: datetime | None = None
    paid_at: datetime | None = None
    updated_at: datetime | None = None
    ship_by_at: datetime | None = None
    arranged_at: datetime | None = None
    tracking_added_at: datetime | None = None
    collected_at: datetime | None = None
    delivered_at: datetime | None = None
    cancelled_at: datetime | None = None


_steps = msgspec.json.Decoder(_Steps)

_GONE = frozenset({"in_transit", "delivered", "completed"})
_ARRIVED = frozenset({"delivered", "completed"})
_ARRANGED = frozenset({"to_collect", "in_transit", "delivered", "completed"})

# Instants are read from `data`: decoding them there costs a tenth of what the driver needs for a column of them.
ORDER_COLUMNS = "store_id, platform_id, status, type, extract(epoch FROM observed_at)::float8, amount, currency, data::text"


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order's facts and what it is worth; `facts` is None where the store owes nothing for it."""

    store_id: int
    order_id: str
    facts: OrderFacts | None
    amount: Decimal | None
    currency: str | None


def orders(cursor: CursorWrapper, keys: Sequence[tuple[int, str]]) -> list[OrderRow]:
    """The orders named by (store, platform id), as facts; those that we do not hold are left out."""
    cursor.execute(
        f"SELECT {ORDER_COLUMNS} FROM records_order JOIN unnest(%s::bigint[], %s::text[]) AS k (s, p) "  # noqa: S608
        "ON store_id = k.s AND platform_id = k.p",
        [[store_id for store_id, _ in keys], [platform_id for _, platform_id in keys]],
    )
    return [_order(*row) for row in cursor.fetchall()]


def _order(
    store_id: int,
    order_id: str,
    status: str | None,
    kind: str,
    observed: float,
    amount: Decimal | None,
    currency: str | None,
    data: str,
) -> OrderRow:
    """A step that the status implies but no instant tells is taken as done when the order last changed: no false alarm."""
    steps = _steps.decode(data)
    if steps.fulfillment_by == "platform" or status == "unpaid":
        return OrderRow(store_id, order_id, None, amount, currency)
    changed = steps.updated_at or datetime.fromtimestamp(observed, UTC)
    arranged = steps.arranged_at or (changed if status in _ARRANGED else None)
    collected = steps.collected_at or (changed if status in _GONE else None)
    delivered = steps.delivered_at or (changed if status in _ARRIVED else None)
    facts = OrderFacts(
        order_id=order_id,
        placed_at=steps.placed_at,
        type="standard" if kind == "unknown" else kind,
        paid_at=steps.paid_at,
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
    return OrderRow(store_id, order_id, facts, amount, currency)
