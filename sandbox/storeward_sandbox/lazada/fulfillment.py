"""Packing and shipping by API. Batches of up to 20; a batch is good as a whole while single rows of it are refused."""

from collections.abc import Callable
from typing import Any

from .call import Call, Json, ids_in, objects_in
from .errors import ResultError
from .orders import TO_PACK, Line, Order, deliver, deliver_digital, fail, lines_of, pack, ready, repack
from .packages import Package
from .registry import BOTH, POST, Answer, in_result, operation, result
from .shop import Shop

MOST_IN_BATCH = 20
SORTING_CENTRES = (("Cainiao Shenzhen", "FM49"), ("Cainiao Yiwu", "FM50"))
LOCAL, CROSS_BORDER = "TFS", "NTFS"
Row = dict[str, Any]
Refusal = tuple[str, str]

WRONG_STATUS = ("700026", "item current status not allow to pack")
NOT_HERE = ("700000", "order item not found")
BY_PLATFORM = ("700027", "FBL item is fulfilled by the platform")
NO_PACKAGE = ("600001", "package not found")
PACKAGE_GONE = ("600002", "package already cancelled")
NOT_PACKED = ("700026", "package current status not allow this operation")
NOT_OWN_FLEET = ("700028", "package is not delivered by the seller's own fleet")


def _batch(call: Call, name: str, key: str) -> list[Json]:
    rows = objects_in(call.json_object(name), key)
    if not rows:
        raise ResultError("700001", "the request is empty")
    if len(rows) > MOST_IN_BATCH:
        raise ResultError("700022", f"at most {MOST_IN_BATCH} in one request")
    return rows


@operation("/order/shipment/providers/get", BOTH)
@in_result
def shipment_providers(call: Call) -> Answer:
    """Cross-border sellers choose where they hand over; for others the platform does."""
    for row in _batch(call, "getShipmentProvidersReq", "orders"):
        if str(row.get("order_id", "")) not in call.shop.orders:
            raise ResultError("700002", "order not found")
    chosen = SORTING_CENTRES if call.shop.cross_border else ()
    return result(
        {
            "platform_default": int(not call.shop.cross_border),
            "shipment_providers": [{"name": name, "provider_code": code} for name, code in chosen],
            "shipping_allocate_type": CROSS_BORDER if call.shop.cross_border else LOCAL,
        }
    )


# --- packing ----------------------------------------------------------------------------------------------------------


@operation("/order/fulfill/pack", POST)
@in_result
def pack_orders(call: Call) -> Answer:
    request = call.json_object("packReq")
    rows = _batch(call, "packReq", "pack_order_list")
    if request.get("delivery_type") != "dropship":
        raise ResultError("700003", "delivery_type must be dropship")
    _check_allocation(call.shop, request)
    return result({"pack_order_list": [_pack_order(call.shop, row) for row in rows]})


def _check_allocation(shop: Shop, request: Json) -> None:
    kind, code = request.get("shipping_allocate_type"), request.get("shipment_provider_code")
    if kind != (CROSS_BORDER if shop.cross_border else LOCAL):
        raise ResultError("700004", "shipping_allocate_type does not fit the store")
    if shop.cross_border and code not in {centre for _name, centre in SORTING_CENTRES}:
        raise ResultError("700005", "shipment_provider_code is required")
    if not shop.cross_border and code:
        raise ResultError("700005", "shipment_provider_code is not for this store")


def _pack_order(shop: Shop, row: Json) -> Row:
    order_id = str(row.get("order_id", ""))
    ids = list(dict.fromkeys(ids_in(row.get("order_item_list") or [], "order_item_list")))
    order = shop.orders.get(order_id)
    refused: dict[str, Refusal] = {}
    packable: list[Line] = []
    for line_id in ids:
        line = order.line(line_id) if order else None
        refusal = _why_not_packed(order, line)
        if refusal is not None:
            refused[line_id] = refusal
        elif line is not None:
            packable.append(line)
    if order is not None and packable:
        pack(shop, order, packable)
    done = {line.id: line for line in packable}
    return {
        "order_item_list": [_packed_row(one, done.get(one), refused.get(one)) for one in ids],
        "order_id": _as_number(order_id),
    }


def _why_not_packed(order: Order | None, line: Line | None) -> Refusal | None:
    if order is None or line is None:
        return NOT_HERE
    if order.by_platform:
        return BY_PLATFORM
    return None if line.status in TO_PACK and not line.wants_out and not order.digital else WRONG_STATUS


def _packed_row(line_id: str, line: Line | None, refusal: Refusal | None) -> Row:
    if line is None:
        code, message = refusal or NOT_HERE
        return {"order_item_id": _as_number(line_id), "msg": message, "item_err_code": code, "retry": False}
    return {
        "order_item_id": int(line.id),
        "msg": "success",
        "item_err_code": "0",
        "tracking_number": line.tracking_number,
        "shipment_provider": line.carrier,
        "package_id": line.package_id,
        "retry": False,
    }


def _as_number(given: str) -> int | str:
    return int(given) if given.isdigit() else given


# --- what is done to parcels ------------------------------------------------------------------------------------------


def _each_package(call: Call, name: str, deed: Callable[[Package], Refusal | None]) -> Answer:
    """Do it to every parcel of the request; one row each."""
    rows = []
    for asked in _batch(call, name, "packages"):
        package_id = str(asked.get("package_id", ""))
        package = call.shop.packages.get(package_id)
        refusal = _of_no_use(package) or deed(package) if package is not None else NO_PACKAGE
        code, message = refusal or ("0", "success")
        rows.append({"msg": message, "item_err_code": code, "package_id": package_id, "retry": False})
    return result({"packages": rows})


def _of_no_use(package: Package) -> Refusal | None:
    if package.order.by_platform:
        return BY_PLATFORM
    return PACKAGE_GONE if package.status == "cancelled" else None


@operation("/order/package/rts", POST)
@in_result
def ready_to_ship(call: Call) -> Answer:
    def deed(package: Package) -> Refusal | None:
        if package.status != "packed" or any(line.wants_out for line in lines_of(package)):
            return NOT_PACKED
        ready(call.shop, package)
        return None

    return _each_package(call, "readyToShipReq", deed)


@operation("/order/package/repack", BOTH)
@in_result
def dissolve(call: Call) -> Answer:
    def deed(package: Package) -> Refusal | None:
        if package.status != "packed":
            return NOT_PACKED
        repack(call.shop, package)
        return None

    return _each_package(call, "rePackReq", deed)


def _own_fleet_reports(call: Call, name: str, what: Callable[[Shop, Package], None]) -> Answer:
    def deed(package: Package) -> Refusal | None:
        if not package.own_fleet:
            return NOT_OWN_FLEET
        if package.status != "ready_to_ship":
            return NOT_PACKED
        what(call.shop, package)
        return None

    return _each_package(call, name, deed)


@operation("/order/package/sof/delivered", POST)
@in_result
def own_fleet_delivered(call: Call) -> Answer:
    return _own_fleet_reports(call, "dbsDeliveryReq", deliver)


@operation("/order/package/sof/failed_delivery", POST)
@in_result
def own_fleet_failed(call: Call) -> Answer:
    return _own_fleet_reports(call, "dbsFailedDeliveryReq", fail)


@operation("/order/digital/delivered", POST)
def digital_delivered(call: Call) -> Answer:
    """The answer spells its error members in its own way."""
    try:
        rows = [_deliver_digital(call.shop, row) for row in _batch(call, "digitalDeliveryReq", "orders")]
    except ResultError as refusal:
        return {"result": {"success": False, "errorCode": refusal.code, "errorMsg": refusal.message}}
    return {"result": {"data": {"orders": rows}, "success": True, "errorCode": "", "errorMsg": ""}}


def _deliver_digital(shop: Shop, row: Json) -> Row:
    order_id = str(row.get("order_id", ""))
    order = shop.orders.get(order_id)
    rows = []
    for line_id in ids_in(row.get("order_item_list") or [], "order_item_list"):
        line = order.line(line_id) if order else None
        good = order is not None and order.digital and line is not None and line.status == "pending"
        if good and order is not None and line is not None:
            deliver_digital(shop, order, [line])
        code, message = ("0", "success") if good else WRONG_STATUS
        rows.append({"order_item_id": _as_number(line_id), "msg": message, "item_err_code": code, "retry": False})
    return {"order_item_list": rows, "order_id": _as_number(order_id)}
