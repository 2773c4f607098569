"""The operations of /fulfillment on packages that exist: search, detail, slots, ship, labels, delivery, invoices."""

from collections.abc import Callable
from typing import Any

from storeward_sandbox.clock import machine_now

from .call import Call, as_texts
from .errors import ApiError, bad_parameter
from .labels import document_path
from .orders import collect, deliver, orders_of
from .package_view import package_detail, package_row
from .packages import Package
from .paging import Key, page_size, paged
from .registry import operation
from .shipping import correct_tracking, package_of, pickup_slots, ship
from .shop import Shop

BASIC = "seller.fulfillment.basic"
STATUSES = ("TO_FULFILL", "PROCESSING", "FULFILLING", "COMPLETED", "CANCELLED")
DOCUMENTS = ("SHIPPING_LABEL", "PACKING_SLIP", "SHIPPING_LABEL_AND_PACKING_SLIP", "SHIPPING_LABEL_PICTURE", "HAZMAT_LABEL")
FAILED_REASONS = (
    "BUYER_REFUSED", "DELAY_DELIVERY", "FORCE_MAJEURE", "INVALID_ADDRESS", "OTHER", "PACKAGE_DAMAGE", "PACKAGE_LOST",
    "UNABLE_CONTACT_BUYER", "UNABLE_RECEIVE",
)  # fmt: skip
MOST_INVOICES = 500


@operation("searchPackage", "POST", "/fulfillment/202309/packages/search", scope=BASIC)
def search_packages(call: Call) -> dict[str, Any]:
    size = page_size(call, 1, 50)
    field = call.choice("sort_field", ("create_time", "update_time", "order_pay_time"), "create_time")
    descending = call.choice("sort_order", ("ASC", "DESC"), "DESC") == "DESC"
    rows = _wanted(call)
    page = paged(call, rows, key=_sort_key(call.shop, field), size=size, descending=descending)
    found: dict[str, Any] = {"next_page_token": page.next_page_token, "total_count": page.total_count}
    return found | ({"packages": [package_row(call.shop, one) for one in page.rows]} if page.rows else {})


def _wanted(call: Call) -> list[Package]:
    status = call.body_choice("package_status", STATUSES)
    bounds = {name: call.body_number(name) for name in ("create_time_ge", "create_time_lt", "update_time_ge", "update_time_lt")}

    def inside(package: Package) -> bool:
        created, updated = package.create_time, package.update_time
        return (
            (status is None or package.status == status)
            and created >= (bounds["create_time_ge"] or 0)
            and (bounds["create_time_lt"] is None or created < bounds["create_time_lt"])
            and updated >= (bounds["update_time_ge"] or 0)
            and (bounds["update_time_lt"] is None or updated < bounds["update_time_lt"])
        )

    return [package for package in call.shop.packages.values() if inside(package)]


def _sort_key(shop: Shop, field: str) -> Callable[[Package], Key]:
    def key(package: Package) -> Key:
        if field == "order_pay_time":
            return orders_of(shop, package)[0].paid_time, package.id
        return (package.create_time if field == "create_time" else package.update_time), package.id

    return key


@operation("getPackageDetail", "GET", "/fulfillment/202309/packages/{package_id}", scope=BASIC)
def get_package(call: Call) -> dict[str, Any]:
    return package_detail(call.shop, package_of(call, call.ids["package_id"]))


@operation(
    "getPackageHandoverTimeSlots",
    "GET",
    "/fulfillment/202309/packages/{package_id}/handover_time_slots",
    scope="seller.fulfillment.package.write",
)
def get_slots(call: Call) -> dict[str, Any]:
    package = package_of(call, call.ids["package_id"])
    if package.shipping_type != "TIKTOK":
        raise ApiError(11021009, "No available shipping services for this request.")
    slots = [
        {"start_time": slot.start_time, "end_time": slot.end_time, "avaliable": slot.available}
        for slot in pickup_slots(call.shop)
    ]
    return {
        "can_pickup": True,
        "can_drop_off": True,
        "can_van_collection": call.shop.region == "GB",
        "drop_off_point_url": "https://drop-off.sandbox.test/points",
        "pickup_slots": slots,
    }


@operation("shipPackage", "POST", "/fulfillment/202309/packages/{package_id}/ship", scope=BASIC)
def ship_package(call: Call) -> dict[str, Any]:
    ship(call.shop, package_of(call, call.ids["package_id"]), call.body, already_code=11006021)
    return {}


@operation("batchShipPackages", "POST", "/fulfillment/202309/packages/ship", scope=BASIC)
def batch_ship(call: Call) -> dict[str, Any]:
    """Each package on its own: refusals are listed under code 0."""
    refused = []
    for wish in call.body_objects("packages", required=True):
        package_id = str(wish.get("id", ""))
        try:
            ship(call.shop, package_of(call, package_id), wish)
        except ApiError as refusal:
            refused.append(_error(refusal, package_id))
    return {"errors": refused} if refused else {}


def _error(refusal: ApiError, package_id: str) -> dict[str, Any]:
    return {"code": refusal.code, "message": refusal.message, "detail": {"package_id": package_id}}


@operation("getPackageShippingDocument", "GET", "/fulfillment/202309/packages/{package_id}/shipping_documents", scope=BASIC)
def get_document(call: Call) -> dict[str, Any]:
    kind = call.choice("document_type", DOCUMENTS)
    size = "A4" if kind == "HAZMAT_LABEL" else call.choice("document_size", ("A6", "A5"), "A6")
    call.choice("document_format", ("PDF",), "PDF")
    package = package_of(call, call.ids["package_id"])
    _may_print(call.shop, package)
    path = document_path(call.shop, package, kind, size)
    return {"doc_url": call.base_url + path, "tracking_number": package.tracking_number}


def _may_print(shop: Shop, package: Package) -> None:
    """A label exists between arranging and pickup, for what the platform carries for the seller."""
    if package.shipping_type != "TIKTOK":
        raise ApiError(11034002, "This API is only applicable to TikTok Shipping orders.")
    if orders_of(shop, package)[0].by_platform:
        raise ApiError(21008043, "This package is fulfilled by TikTok. Shipping documents cannot be printed.")
    if package.status == "CANCELLED":
        raise ApiError(21023059, "Package has already been cancelled.")
    if package.status == "TO_FULFILL":
        raise ApiError(21023035, "Please arrange shipment before retrieving the shipping document.")
    if package.status != "PROCESSING":
        raise ApiError(21042102, "Documents couldn't be printed after the package has been pickup.")
    # A world that stands must not keep a label back for ever: the machine's clock makes it ready too.
    if shop.now < package.label_ready_at and machine_now() < package.label_ready_by_machine:
        raise ApiError(
            11034037, "The shipping document is still being generated by the logistics provider, please try again later."
        )


@operation("updatePackageShippingInfo", "POST", "/fulfillment/202610/packages/{package_id}/shipping_info/update", scope=BASIC)
def update_package_shipping(call: Call) -> dict[str, Any]:
    infos = call.body_objects("shipping_info_list", required=True)
    correct_tracking(call.shop, package_of(call, call.ids["package_id"]), infos[0])
    return {}


@operation(
    "updatePackageShippingInfo_202309", "POST", "/fulfillment/202309/packages/{package_id}/shipping_info/update", scope=BASIC
)
def update_package_shipping_202309(call: Call) -> dict[str, Any]:
    call.given_text("tracking_number")
    correct_tracking(call.shop, package_of(call, call.ids["package_id"]), call.body)
    return {}


@operation(
    "updateOrderShippingInfo", "POST", "/fulfillment/202309/orders/{order_id}/shipping_info/update", scope="seller.logistics"
)
def update_order_shipping(call: Call) -> dict[str, Any]:
    """All packages of the order get the number and carrier."""
    call.given_text("tracking_number")
    order = call.shop.orders.get(call.ids["order_id"])
    if order is None:
        raise ApiError(21011028, "The package does not belong to the current shop.")
    if not order.package_ids:
        raise ApiError(21011043, "The package has not been shipped yet.")
    for package_id in order.package_ids:
        correct_tracking(call.shop, call.shop.packages[package_id], call.body)
    return {}


@operation("updatePackageDeliveryStatus", "POST", "/fulfillment/202309/packages/deliver", scope="seller.delivery.status.write")
def update_delivery(call: Call) -> dict[str, Any]:
    """What the seller's own fleet reports; refusals are listed under code 0."""
    refused = []
    for report in call.body_objects("packages", required=True):
        package_id = str(report.get("id", ""))
        try:
            _report(call, package_of(call, package_id), report)
        except ApiError as refusal:
            refused.append(_error(refusal, package_id))
    return {"errors": refused} if refused else {}


def _report(call: Call, package: Package, report: dict[str, Any]) -> None:
    kind, reason = report.get("delivery_type"), report.get("fail_delivery_reason")
    if kind not in ("DELIVERY_SUCCESS", "DELIVERY_FAILED", "UPDATE_POD"):
        raise bad_parameter("Request body delivery_type is invalid")
    if kind == "DELIVERY_FAILED" and reason not in FAILED_REASONS:
        raise bad_parameter("Request body fail_delivery_reason is required")
    fitting = ("COMPLETED",) if kind == "UPDATE_POD" else ("PROCESSING", "FULFILLING")
    if package.shipping_type != "SELLER" or package.status not in fitting:
        raise ApiError(21001011, "System process error, please try again later.")
    collect(call.shop, package)  # does nothing where the carrier has it already
    if kind == "DELIVERY_SUCCESS":
        deliver(call.shop, package)
    elif kind == "DELIVERY_FAILED":
        package.exception_reason = "PACKAGE_LOST" if reason == "PACKAGE_LOST" else "RETURNED_TO_SHIPPER"
        package.moved(call.now, "FULFILLING", "SHIP_EXCEPTION")


@operation("uploadInvoice", "POST", "/fulfillment/202502/invoice/upload", scope=BASIC)
def upload_invoice(call: Call) -> dict[str, Any]:
    """Brazil only: elsewhere each invoice is refused on its own."""
    invoices = call.body_objects("invoices", most=MOST_INVOICES)
    refusal = "Invoices are not needed in this region."
    rows = [
        {
            "code": 21008106,
            "message": refusal,
            "detail": {"package_id": str(one.get("package_id", "")), "order_ids": as_texts(one.get("order_ids"), "order_ids")},
        }
        for one in invoices
    ]
    return {"errors": rows} if rows else {}
