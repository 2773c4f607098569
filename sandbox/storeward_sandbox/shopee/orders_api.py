"""/order: lists and details of orders and packages, cancelling, splitting, notes."""

from typing import Any

from storeward_sandbox.clock import DAY, Instant

from . import packages
from .call import Call, Json, field_number, field_values, object_rows
from .errors import ApiError, bad_parameter, no_permission, not_found
from .order_view import OPTIONAL, can_split, can_unsplit, order_view, package_view, status_shown
from .orders import BEFORE_HANDOVER, Order, cancel, grant, refuse, split
from .packages import Package
from .paging import by_cursor, cut, position
from .registry import Payload, operation
from .shop import Shop

WINDOW = 15 * DAY
FILTERS = (
    "UNPAID", "READY_TO_SHIP", "PROCESSED", "SHIPPED", "COMPLETED", "IN_CANCEL", "CANCELLED", "INVOICE_PENDING",
)  # fmt: skip
REASONS = {
    "OUT_OF_STOCK": "Out of Stock",
    "CUSTOMER_REQUEST": "Buyer Request to Cancel",
    "UNDELIVERABLE_AREA": "Undeliverable Area",
    "COD_NOT_SUPPORTED": "COD Unsupported",
}
PACKAGE_STATUS = {1: (packages.NOT_START,), 2: packages.TO_ARRANGE, 3: (packages.CREATED,)}
LONGEST_NOTE = 500


def order_of(shop: Shop, sn: str) -> Order:
    order = shop.orders.get(sn)
    if order is None:
        raise not_found("Wrong parameters, detail: the order is not found.")
    return order


def window(call: Call, low: str, high: str, error: str, *, longest: int = WINDOW) -> tuple[Instant, Instant]:
    """A stretch of time in the query. Raises ApiError `error` where it is reversed or too long."""
    start, end = call.number(low), call.number(high)
    if start > end or end - start > longest:
        raise ApiError(error, f"The time range is reversed or longer than {longest // DAY} days.")
    return start, end


@operation("order.get_order_list", "GET")
def get_order_list(call: Call) -> Payload:
    which = call.choice("time_range_field", ("create_time", "update_time"))
    start, end = window(call, "time_from", "time_to", "order.order_list_invalid_time")
    status = call.choice("order_status", (*FILTERS, ""), "")
    pending = call.flag("request_order_status_pending")
    found = [
        order
        for order in call.shop.orders.values()
        if start <= _time(order, which) <= end and (not status or status_shown(order, pending=pending) == status)
    ]
    found.sort(key=lambda order: (_time(order, which), order.sn), reverse=True)
    page = by_cursor(call, found, most=100)
    asked = "order_status" in call.listed("response_optional_fields", 50, required=False)
    rows = [
        {"order_sn": order.sn} | ({"order_status": status_shown(order, pending=pending)} if asked else {}) for order in page.rows
    ]
    return {"more": page.more, "next_cursor": page.next_cursor, "order_list": rows}


def _time(order: Order, which: str) -> Instant:
    return order.create_time if which == "create_time" else order.update_time


@operation("order.get_order_detail", "GET")
def get_order_detail(call: Call) -> Payload:
    """Orders that are not the shop's are left out and named in the warning."""
    wanted = set(call.listed("response_optional_fields", 100, required=False))
    unknown = wanted - set(OPTIONAL)
    if unknown:
        raise bad_parameter(f"Wrong parameters, detail: {sorted(unknown)[0]} is no optional field.")
    sns = call.listed("order_sn_list", 50)
    pending = call.flag("request_order_status_pending")
    orders = [call.shop.orders[sn] for sn in sns if sn in call.shop.orders]
    if not orders:
        raise not_found("Wrong parameters, detail: the order is not found.")
    missing = [sn for sn in sns if sn not in call.shop.orders]
    if missing:
        call.warning = [f"{sn} not found" for sn in missing]
    return {"order_list": [order_view(call.shop, order, wanted, pending=pending) for order in orders]}


@operation("order.get_shipment_list", "GET")
def get_shipment_list(call: Call) -> Payload:
    waiting = _packages(call.shop, packages.TO_ARRANGE)
    page = by_cursor(call, waiting, most=100)
    rows = [{"order_sn": one.order_sn, "package_number": one.number} for one in page.rows]
    return {"order_list": rows, "more": page.more, "next_cursor": page.next_cursor}


def _packages(shop: Shop, statuses: tuple[str, ...]) -> list[Package]:
    found = [one for one in shop.packages.values() if one.status in statuses]
    return [one for one in found if shop.orders[one.order_sn].status != "IN_CANCEL"]


@operation("order.search_package_list", "POST", message="mesage")
def search_package_list(call: Call) -> Payload:
    wanted, sort = call.body_object("filter"), call.body_object("sort")
    pagination = call.body_object("pagination")
    size = field_number(pagination, "page_size")
    if not 1 <= size <= 100:
        raise bad_parameter("page_size should be between 1 and 100.")
    found = [one for one in _packages(call.shop, _status_filter(wanted)) if _fits(call, one, wanted)]
    kind = field_number(sort, "sort_type", 1)
    ascending = bool(sort.get("ascending", True))
    keys = {1: lambda order: order.due.ship_by, 2: lambda order: order.create_time, 3: lambda order: order.ready_time}
    if kind not in keys:
        raise bad_parameter("sort_type should be 1, 2 or 3.")
    found.sort(key=lambda one: (keys[kind](call.shop.orders[one.order_sn]), one.number), reverse=not ascending)
    page = cut(found, position(str(pagination.get("cursor") or "").partition(",")[2]), size)
    cursor = f"{call.now},{page.next_cursor}" if page.more else ""
    return {
        "packages_list": [_package_row(call.shop, one) for one in page.rows],
        "pagination": {"total_count": page.total, "next_cursor": cursor, "more": page.more},
        "sort": {"sort_type": kind, "is_asc": ascending},
    }


def _status_filter(wanted: Json) -> tuple[str, ...]:
    chosen = field_number(wanted, "package_status", 2)
    if chosen not in (0, *PACKAGE_STATUS):
        raise bad_parameter("package_status should be 0, 1, 2 or 3.")
    return PACKAGE_STATUS[chosen] if chosen else tuple(status for one in PACKAGE_STATUS.values() for status in one)


def _fits(call: Call, package: Package, wanted: Json) -> bool:
    order = call.shop.orders[package.order_sn]
    channels = field_values(wanted, "logistics_channel_ids")
    places = field_values(wanted, "product_location_ids")
    by_seller = field_number(wanted, "fulfillment_type", 2) == 2
    urgency = field_number(wanted, "shipping_priority", 0)
    return (
        (not channels or package.channel_id in channels)
        and (not places or call.shop.market.location in places)
        and order.fulfilled_by_shopee != by_seller
        and (not urgency or urgency == _urgency(order, call.now))
    )


def _urgency(order: Order, now: Instant) -> int:
    """1 overdue, 2 within a day, 3 later."""
    left = order.due.ship_by - now
    return 1 if left < 0 else 2 if left <= DAY else 3


def _package_row(shop: Shop, package: Package) -> Json:
    return {
        "order_sn": package.order_sn,
        "package_number": package.number,
        "logistics_channel_id": package.channel_id,
        "product_location_id": shop.market.location,
        "is_shipment_arranged": package.arranged,
    }


@operation("order.get_package_detail", "GET")
def get_package_detail(call: Call) -> Payload:
    numbers = call.listed("package_number_list", 50)
    shop = call.shop
    found = [shop.packages[number] for number in numbers if number in shop.packages]
    if not found:
        raise not_found("The package is not found.")
    missing = [number for number in numbers if number not in shop.packages]
    if missing:
        call.warning = f"not found: {', '.join(missing)}"
    return {"package_list": [package_view(shop, shop.orders[one.order_sn], one) for one in found]}


# --- writes -----------------------------------------------------------------------------------------------------------


@operation("order.cancel_order", "POST")
def cancel_order(call: Call) -> Payload:
    order = order_of(call.shop, call.given_text("order_sn"))
    reason = call.given_text("cancel_reason")
    if reason not in REASONS or (reason == "UNDELIVERABLE_AREA" and call.shop.region not in ("TW", "MY")):
        raise bad_parameter("Wrong parameters, detail: the cancel reason is not supported.", "order")
    if reason == "OUT_OF_STOCK":
        _lines_named(order, call.rows("item_list", 100))
    if call.body.get("partial_cancel_item_list"):
        raise no_permission("The order cannot be cancelled in part.")
    if order.fulfilled_by_shopee:
        raise no_permission("Orders fulfilled by Shopee cannot be cancelled by the seller.")
    if order.status not in BEFORE_HANDOVER or order.status == "UNPAID" or order.status == "IN_CANCEL":
        raise ApiError("order.error_limit", "The order cannot be cancelled in its status.")
    cancel(call.shop, order, by="seller", reason=REASONS[reason])
    return {"update_time": order.update_time}


def _lines_named(order: Order, rows: list[Json]) -> list[int]:
    """The line of each row. Raises ApiError for an item that the order has not."""
    known = {(line.good.item_id, line.good.model_id): index for index, line in enumerate(order.lines)}
    found = [known.get((field_number(row, "item_id"), field_number(row, "model_id", 0))) for row in rows]
    if None in found:
        raise bad_parameter("Wrong parameters, detail: the item is not part of the order.")
    return [one for one in found if one is not None]


@operation("order.handle_buyer_cancellation", "POST")
def handle_buyer_cancellation(call: Call) -> Payload:
    order = order_of(call.shop, call.given_text("order_sn"))
    wish = call.given_text("operation")
    if wish not in ("ACCEPT", "REJECT"):
        raise bad_parameter("operation should be ACCEPT or REJECT.")
    if order.status != "IN_CANCEL":
        raise ApiError("order.cancel_order_invalid_status", "The order is not waiting for a decision.")
    (grant if wish == "ACCEPT" else refuse)(call.shop, order)
    return {"update_time": order.update_time}


@operation("order.split_order", "POST")
def split_order(call: Call) -> Payload:
    shop, order = call.shop, order_of(call.shop, call.given_text("order_sn"))
    rows = call.rows("package_list", 30 if shop.region == "TW" else 5)
    if order.split:
        raise ApiError("order.order_has_been_split", "The order has been split already.")
    if not can_split(order) or len(rows) < 2:
        raise ApiError("order.order_cannot_split", "The order cannot be split.")
    parts = [_lines_named(order, object_rows(row.get("item_list"), "item_list", 100)) for row in rows]
    named = [index for part in parts for index in part]
    if len(set(named)) != len(named):
        raise ApiError("order.order_split_duplicate_item", "An item is in two packages.")
    if len(named) != len(order.lines) or not all(parts):
        raise ApiError("order.order_split_package_missing_item", "All items of the order must be in a package.")
    made = split(shop, order, [{index: order.lines[index].quantity for index in part} for part in parts])
    return {"order_sn": order.sn, "package_list": [_split_row(order, one) for one in made]}


def _split_row(order: Order, package: Package) -> dict[str, Any]:
    rows = []
    for index, units in package.contents.items():
        good = order.lines[index].good
        ids = {"item_id": good.item_id, "model_id": good.model_id, "order_item_id": good.item_id, "promotion_group_id": 0}
        rows.append({**ids, "model_quantity": units})
    return {"package_number": package.number, "item_list": rows}


@operation("order.unsplit_order", "POST")
def unsplit_order(call: Call) -> Payload:
    order = order_of(call.shop, call.given_text("order_sn"))
    if not can_unsplit(call.shop, order):
        raise ApiError("order.order_cannot_undo_split", "The order is not split, or a package has been arranged.")
    split(call.shop, order, [{index: line.quantity for index, line in enumerate(order.lines)}])
    return None


@operation("order.set_note", "POST")
def set_note(call: Call) -> Payload:
    order = order_of(call.shop, call.given_text("order_sn"))
    note = call.body_text("note")
    if len(note) > LONGEST_NOTE:
        raise bad_parameter(f"note should have at most {LONGEST_NOTE} characters.")
    order.note, order.note_time = note, call.now
    return None


@operation("order.get_warehouse_filter_config", "GET")
def get_warehouse_filter_config(call: Call) -> Payload:
    market = call.shop.market
    row = {
        "warehouse_name": f"{call.shop.name} main",
        "warehouse_type": 1,
        "product_location_id": market.location,
        "address_id": 200_000_000 + call.shop.number,
        "address": market.streets[0],
    }
    return {"warehouse_filters": [row]}


@operation("order.get_booking_list", "GET")
def get_booking_list(call: Call) -> Payload:
    """No shop here sells by bookings."""
    call.choice("time_range_field", ("create_time", "update_time"))
    window(call, "time_from", "time_to", "booking.booking_list_invalid_time")
    call.between("page_size", 1, 100)
    return {"more": False, "booking_list": []}
