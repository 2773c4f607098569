"""Orders: the list with its windows and offsets, one order, and the pieces of one or of many."""

from collections.abc import Iterable
from typing import Any

from .call import Call
from .errors import ApiError, bad_order_id, bad_status, missing
from .order_view import line_row, order_row
from .orders import Order
from .registry import POST, Answer, data, operation
from .shop import Shop

MOST_OFFSET = 4500
MOST_ORDERS = 100
MOST_IN_BATCH = 50
STATUSES = frozenset(
    {
        "all", "unpaid", "pending", "topack", "toship", "repacked", "packed", "ready_to_ship_pending", "ready_to_ship",
        "shipping", "shipped", "delivered", "confirmed", "failed", "failed_delivery", "lost", "lost_by_3pl",
        "damaged_by_3pl", "shipped_back", "shipped_back_success", "shipped_back_failed", "package_scrapped", "returned",
        "canceled",
    }
)  # fmt: skip
ALIASES = {
    "topack": ("pending", "repacked"),
    "toship": ("packed",),
    "shipping": ("shipped",),
    "failed": ("failed_delivery",),
    "lost": ("lost_by_3pl",),
}


@operation("/orders/get")
def get_orders(call: Call) -> Answer:
    """Sorted by the chosen column; the order of equal rows is by id."""
    created_after, updated_after = call.moment("created_after"), call.moment("update_after")
    created_before, updated_before = call.moment("created_before"), call.moment("update_before")
    if created_after is None and updated_after is None:
        raise missing("created_after")
    column, downwards = _sorting(call)
    offset, limit = call.offset(MOST_OFFSET), call.limit(MOST_ORDERS, default=MOST_ORDERS)
    wanted = _wanted_statuses(call)
    chosen = [
        order
        for order in call.shop.orders.values()
        if _within(order.created, created_after, created_before)
        and _within(order.updated, updated_after, updated_before)
        and (wanted is None or wanted & set(order.statuses))
    ]
    chosen.sort(key=lambda order: (getattr(order, column), int(order.id)), reverse=downwards)
    page = chosen[offset : offset + limit]
    rows = [order_row(call.shop, order, in_list=True) for order in page]
    return data({"count": len(rows), "countTotal": len(chosen), "orders": rows})


def _sorting(call: Call) -> tuple[str, bool]:
    column, direction = call.text("sort_by", "created_at"), call.text("sort_direction", "DESC").upper()
    if column not in ("created_at", "updated_at"):
        raise ApiError("75", f'E075: "{column}" Invalid sort column')
    if direction not in ("ASC", "DESC"):
        raise ApiError("74", f'E074: "{direction}" Invalid sort direction')
    return column.removesuffix("_at"), direction == "DESC"


def _within(at: int, after: float | None, before: float | None) -> bool:
    return (after is None or at >= after) and (before is None or at <= before)


def _wanted_statuses(call: Call) -> set[str] | None:
    """The words that the filter means; None for all."""
    given = call.text("status")
    if not given or given == "all":
        return None
    if given not in STATUSES:
        raise bad_status(given)
    return set(ALIASES.get(given, (given,)))


def known_order(shop: Shop, order_id: str) -> Order:
    """Raises ApiError 16 where the store has no such order."""
    order = shop.orders.get(order_id)
    if order is None:
        raise bad_order_id(order_id)
    return order


@operation("/order/get")
def get_order(call: Call) -> Answer:
    order = known_order(call.shop, call.need("order_id"))
    return data(order_row(call.shop, order, in_list=False))


@operation("/order/items/get")
def get_order_items(call: Call) -> Answer:
    order = known_order(call.shop, call.need("order_id"))
    return data([line_row(call.shop, order, line, single=True) for line in order.lines])


@operation("/orders/items/get")
def get_items_of_orders(call: Call) -> Answer:
    given = call.need("order_ids").strip()
    if not (given.startswith("[") and given.endswith("]")):
        raise ApiError("56", f'E056: "{given[:60]}" Invalid OrdersIdList format. Must use array format [1,2]')
    if not given.strip("[] "):
        raise ApiError("39", "E039: No orders ids were given")
    ids = call.json_ids("order_ids")
    if len(ids) > MOST_IN_BATCH:
        raise ApiError("38", f"E038: Too many orders were requested: at most {MOST_IN_BATCH}")
    unknown = [one for one in ids if one not in call.shop.orders]
    if unknown:
        raise ApiError("37", f'E037: One or more order id in the list are incorrect: "{unknown[0]}"')
    return data([_with_items(call.shop, call.shop.orders[one]) for one in dict.fromkeys(ids)])


def _with_items(shop: Shop, order: Order) -> dict[str, Any]:
    rows = [line_row(shop, order, line, single=False) for line in order.lines]
    return {"order_number": int(order.id), "order_id": int(order.id), "order_items": rows}


@operation("/order/invoice_number/set", POST)
def set_invoice_number(call: Call) -> Answer:
    line_id, invoice = call.need("order_item_id"), call.need("invoice_number")
    found = line_of(call.shop.orders.values(), line_id)
    if found is None:
        raise ApiError("20", f'E020: "{line_id}" Invalid Order Item ID')
    order, line = found
    line.invoice_number = invoice
    order.updated = line.updated = call.now
    return data({"order_item_id": line_id, "invoice_number": invoice})


def line_of(orders: Iterable[Order], line_id: str) -> tuple[Order, Any] | None:
    """The piece of that id and its order."""
    for order in orders:
        line = order.line(line_id)
        if line is not None:
            return order, line
    return None
