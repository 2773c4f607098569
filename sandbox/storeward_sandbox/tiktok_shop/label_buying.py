"""Packages that come to be by the seller's deed: a label bought from the platform, or an own carrier's number."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from .call import Call, as_list
from .errors import ApiError, bad_parameter
from .money import text
from .orders import TO_SHIP, Line, Order, arrange, new_package, orders_of
from .orders_api import order_of
from .packages import Package
from .places import Carrier, Places
from .registry import operation
from .shelf import priced
from .shipping import order_may_ship, own_shipment
from .shop import Shop

BASIC = "seller.fulfillment.basic"
LABEL_MARKETS = ("US", "GB")
WHOLE, PART, TOGETHER = "1", "2", "3"


@operation("getEligibleShippingServices", "POST", "/fulfillment/202309/orders/{order_id}/shipping_services/query", scope=BASIC)
def get_services(call: Call) -> dict[str, Any]:
    order = order_of(call, call.ids["order_id"])
    _must_wait(order)
    if not _sells_labels(call.shop):
        raise ApiError(21011037, "There are no available shipping services for this request.")
    lines = _chosen(order, _line_ids(call.body.get("order_line_list"), call.body.get("order_line_item_ids")))
    return {
        "order_id": order.id,
        "order_line_id": [line.id for line in lines],
        "weight": call.body_object("weight") or _weight(lines),
        "dimension": call.body_object("dimension") or {"length": "10", "width": "8", "height": "4", "unit": "INCH"},
        "shipping_services": [_service(call.shop, index) for index in range(len(_label_carriers(call.shop)))],
    }


def _sells_labels(shop: Shop) -> bool:
    return shop.region in LABEL_MARKETS


def _label_carriers(shop: Shop) -> tuple[Carrier, ...]:
    return shop.part(Places).option("TIKTOK").carriers


def _service_id(carrier: Carrier) -> str:
    return f"7208{carrier.id[4:]}"


def _service(shop: Shop, index: int) -> dict[str, Any]:
    carrier = _label_carriers(shop)[index]
    price = text(shop.market, priced(shop, 4.6 + 3 * index))
    return {
        "id": _service_id(carrier),
        "name": f"{carrier.name} Ground",
        "price": price,
        "currency": shop.currency,
        "earliest_delivery_days": 2,
        "latest_delivery_days": 5,
        "is_default": index == 0,
        "shipping_provider_name": carrier.name,
        "shipping_provider_id": carrier.id,
        "shipping_fee": price,
    }


def _weight(lines: Iterable[Line]) -> dict[str, str]:
    grams = sum(line.item.weight_grams for line in lines)
    return {"value": f"{Decimal(grams) / Decimal('453.6'):.2f}", "unit": "POUND"}


def _must_wait(order: Order) -> None:
    """Raises ApiError unless something of the order waits to be shipped by the seller."""
    if order.by_platform:
        raise ApiError(21008025, "Seller cannot operate orders which are fulfilled by platform")
    order_may_ship(order)
    if order.status == "CANCELLED":
        raise ApiError(21011041, "Cannot complete the operation when order is cancelled.")
    if order.status not in TO_SHIP:
        raise ApiError(21011006, "These orders are already shipped.")


def _line_ids(*given: Any) -> list[str]:
    """Line ids, from objects with order_line_id or as plain ids: the first list that has any."""
    for rows in given:
        if as_list(rows, "order_line_list"):
            ids = (str(row.get("order_line_id", "")) if isinstance(row, dict) else str(row) for row in rows)
            return list(dict.fromkeys(ids))
    return []


def _chosen(order: Order, line_ids: list[str]) -> list[Line]:
    """The named lines, or all that wait. Raises ApiError where a named line is not one that waits."""
    waiting = {line.id: line for line in order.open_lines() if line.status == "AWAITING_SHIPMENT"}
    if not line_ids:
        return list(waiting.values())
    if any(line_id not in waiting for line_id in line_ids):
        raise ApiError(21011029, "order does not belong to fulfill unit")
    return [waiting[line_id] for line_id in line_ids]


def _made(shop: Shop, orders: list[Order], lines: list[Line]) -> Package:
    """A package with just these lines; packages that held them before lose them."""
    if not lines:
        raise ApiError(21011006, "These orders are already shipped.")
    taken = {line.id for line in lines}
    for order in orders:
        for package_id in list(order.package_ids):
            old = shop.packages[package_id]
            if old.status == "TO_FULFILL" and taken & set(old.line_ids):
                _shrink(shop, old, taken)
    return new_package(shop, orders, lines)


def _shrink(shop: Shop, package: Package, taken: set[str]) -> None:
    package.line_ids = [line_id for line_id in package.line_ids if line_id not in taken]
    if not package.line_ids:
        package.moved(shop.now, "CANCELLED", "CANCELLED")
        for order in orders_of(shop, package):
            order.package_ids.remove(package.id)


@operation("createPackages", "POST", "/fulfillment/202512/packages", scope=BASIC)
def create_packages(call: Call) -> dict[str, Any]:
    """Buy a label for a whole order (1), a part (2) or several orders (3) together."""
    kind = call.body_choice("ship_type", (WHOLE, PART, TOGETHER)) or call.given_text("ship_type")
    if kind == TOGETHER:
        order_ids = list(dict.fromkeys(call.body_texts("order_list_ids", required=True)))
        if len(order_ids) < 2:
            raise bad_parameter("Request body order_list_ids must have at least 2 items")
        return _bought(call, [order_of(call, order_id) for order_id in order_ids], [])
    line_ids = _line_ids(call.given("order_line_item")) if kind == PART else []
    return _bought(call, [order_of(call, call.given_text("order_id"))], line_ids)


@operation("createPackages_202309", "POST", "/fulfillment/202309/packages", scope=BASIC)
def create_packages_202309(call: Call) -> dict[str, Any]:
    order = order_of(call, call.given_text("order_id"))
    found = _bought(call, [order], _line_ids(call.body.get("order_line_item_ids")))
    package = call.shop.packages[found["package_id"]]
    return {**found, "order_id": order.id, "order_line_item_ids": list(package.line_ids)}


def _bought(call: Call, orders: list[Order], line_ids: list[str]) -> dict[str, Any]:
    shop = call.shop
    if not _sells_labels(shop):
        raise ApiError(21008106, "This interface cannot be used in this region.")
    for order in orders:
        _must_wait(order)
        if order.shipping_type != "TIKTOK":
            raise ApiError(21011012, "not match trade rule")
    service_index = _service_index(shop, call.body.get("shipping_service_id"))
    carrier = _label_carriers(shop)[service_index]
    lines = [line for order in orders for line in _chosen(order, line_ids)]
    package = _made(shop, orders, lines)
    arrange(shop, package, carrier_id=carrier.id, carrier_name=carrier.name)
    offered = _service(shop, service_index)
    service = {name: value for name, value in offered.items() if name not in ("is_default", "shipping_fee")}
    return {
        "package_id": package.id,
        "create_time": package.create_time,
        "weight": call.body_object("weight") or _weight(lines),
        "dimension": call.body_object("dimension") or {"length": "10", "width": "8", "height": "4", "unit": "INCH"},
        "shipping_service_info": service,
    }


def _service_index(shop: Shop, wanted: Any) -> int:
    if not wanted:
        return 0
    for index, carrier in enumerate(_label_carriers(shop)):
        if _service_id(carrier) == wanted:
            return index
    raise ApiError(21004008, "create label shipping service not found")


@operation("markPackageAsShipped", "POST", "/fulfillment/202610/orders/{order_id}/packages", scope=BASIC)
def mark_shipped(call: Call) -> dict[str, Any]:
    infos = call.body_objects("shipping_info_list", required=True)
    return _marked(call, infos[0], _line_ids(call.body.get("order_line_list")))


@operation("markPackageAsShipped_202309", "POST", "/fulfillment/202309/orders/{order_id}/packages", scope=BASIC)
def mark_shipped_202309(call: Call) -> dict[str, Any]:
    return _marked(call, call.body, _line_ids(call.body.get("order_line_item_ids")))


def _marked(call: Call, given: dict[str, Any], line_ids: list[str]) -> dict[str, Any]:
    """The seller's own carrier has these lines: the package comes to be, arranged."""
    shop, order = call.shop, order_of(call, call.ids["order_id"])
    if shop.market.south_east_asia:
        raise ApiError(21008106, "This interface cannot be used in this region.")
    _must_wait(order)
    if order.shipping_type != "SELLER":
        raise ApiError(
            21011004,
            "This API cannot be used to update package shipping information for packages that are not shipped by sellers.",
        )
    lines = _chosen(order, line_ids)
    probe = Package("", [order.id], [], call.now, call.now, "SELLER")
    number, carrier = own_shipment(shop, probe, given)
    package = _made(shop, [order], lines)
    arrange(shop, package, carrier_id=carrier.id, carrier_name=carrier.name, tracking_number=number, handover="")
    return {"order_id": order.id, "order_line_item_ids": list(package.line_ids), "package_id": package.id}
