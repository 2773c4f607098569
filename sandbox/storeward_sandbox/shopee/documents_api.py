"""/logistics: labels, made by a job that takes some seconds, and real PDF files."""

from collections.abc import Callable

from storeward_sandbox import paper
from storeward_sandbox.clock import Instant, machine_now
from storeward_sandbox.paper import Sheet

from . import packages
from .call import Call, Json, field_text
from .errors import ApiError
from .order_view import tracking_shown
from .orders_api import order_of
from .packages import Package
from .pushes import DOCUMENT_STATUS
from .registry import Binary, Payload, operation
from .shipping import channel_of, named_package
from .shop import Shop

MOST = 50
PRINTING_SECONDS = 3
NORMAL, THERMAL = "NORMAL_AIR_WAYBILL", "THERMAL_AIR_WAYBILL"
TYPES = (NORMAL, THERMAL, "NORMAL_JOB_AIR_WAYBILL", "THERMAL_JOB_AIR_WAYBILL", "THERMAL_UNPACKAGED_LABEL")
Row = Callable[[Call, Json, Package], Json]


def _each(call: Call, row_of: Row) -> Payload:
    """A row for each order asked for; those that fail say why, and stand in the warning."""
    results = [_one(call, row, row_of) for row in call.rows("order_list", MOST)]
    failed = [row for row in results if "fail_error" in row]
    if len(failed) == len(results):
        raise ApiError("common.batch_api_all_failed", "All orders failed, see result_list.", response={"result_list": results})
    if failed:
        call.warning = [{name: row[name] for name in ("order_sn", "package_number") if name in row} for row in failed]
    return {"result_list": results}


def _one(call: Call, row: Json, row_of: Row) -> Json:
    sn, number = field_text(row, "order_sn"), field_text(row, "package_number", "")
    found: Json = {"order_sn": sn} | ({"package_number": number} if number else {})
    try:
        package = _package(call.shop, sn, number)
        return {**found, "package_number": package.number, **row_of(call, row, package)}
    except ApiError as refusal:
        return {**found, "fail_error": refusal.error, "fail_message": refusal.message}


def _package(shop: Shop, sn: str, number: str) -> Package:
    if sn not in shop.orders:
        raise ApiError("logistics.order_not_exist", "The order is not found.")
    package = named_package(shop, order_of(shop, sn), number)
    _let_finish(shop, package)
    return package


def _let_finish(shop: Shop, package: Package) -> None:
    """The job is over by the machine's clock, while the sandbox's may stand."""
    if 0 < package.printing_until <= machine_now():
        printed(shop, package)


def printed(shop: Shop, package: Package) -> None:
    """The label is there; push 15 tells."""
    if package.document != "PROCESSING":
        return
    package.document, package.printing_until = "READY", 0.0
    shop.emit(DOCUMENT_STATUS, {"ordersn": package.order_sn, "package_number": package.number, "status": "READY"})


@operation("logistics.get_shipping_document_parameter", "POST")
def get_shipping_document_parameter(call: Call) -> Payload:
    def row_of(call: Call, row: Json, package: Package) -> Json:
        thermal = call.shop.region in ("TW", "BR")
        suggested = THERMAL if thermal else NORMAL
        return {
            "suggest_shipping_document_type": suggested,
            "selectable_shipping_document_type": [THERMAL] if thermal else [NORMAL, THERMAL],
        }

    return _each(call, row_of)


@operation("logistics.create_shipping_document", "POST")
def create_shipping_document(call: Call) -> Payload:
    def row_of(call: Call, row: Json, package: Package) -> Json:
        kind = field_text(row, "shipping_document_type", NORMAL)
        if kind not in TYPES:
            raise ApiError("logistics.shipping_document_type_invalid", "The document type is not offered.")
        _check_printable(call.shop, package, field_text(row, "tracking_number", ""))
        package.document, package.document_type = "PROCESSING", kind
        package.printing_until = machine_now() + PRINTING_SECONDS
        call.shop.after(PRINTING_SECONDS, _event(call.shop, package))
        return {}

    return _each(call, row_of)


def _event(shop: Shop, package: Package) -> Callable[[Instant], None]:
    return lambda now: printed(shop, package)


def _check_printable(shop: Shop, package: Package, tracking_number: str) -> None:
    """From the request until the pickup; some channels before that."""
    early = channel_of(shop, package).preprint and package.status == packages.READY
    if package.status not in packages.PRINTABLE and not early:
        raise ApiError("logistics.package_can_not_print", "The package cannot be printed in its status.")
    if not channel_of(shop, package).integrated:
        raise ApiError("logistics.package_can_not_print", "The seller's own carrier has no label here.")
    if not early and tracking_number != tracking_shown(shop, package):
        raise ApiError("logistics.tracking_number_invalid", "The tracking number is missing or not that of the package.")


@operation("logistics.get_shipping_document_result", "POST")
def get_shipping_document_result(call: Call) -> Payload:
    def row_of(call: Call, row: Json, package: Package) -> Json:
        _check_created(package)
        return {"status": package.document}

    return _each(call, row_of)


def _check_created(package: Package) -> None:
    if not package.document:
        raise ApiError("logistics.shipping_document_should_print_first", "Create the document first.")


@operation("logistics.download_shipping_document", "POST")
def download_shipping_document(call: Call) -> Payload:
    """One file for all; an envelope where it cannot be had."""
    rows = call.rows("order_list", MOST)
    found = [_package(call.shop, field_text(row, "order_sn"), field_text(row, "package_number", "")) for row in rows]
    for package in found:
        _check_created(package)
        if package.document != "READY":
            raise ApiError("logistics.download_later", "The document is being made, try again some seconds later.")
    kinds = {package.document_type for package in found}
    if len(kinds) > 1:
        raise ApiError("logistics.packages_can_not_download_together", "Documents of different types need a call each.")
    sheets = [_label(call.shop, package) for package in found]
    return Binary(paper.drawn("Shopee air waybill", sheets, "A6"), "application/pdf")


def _label(shop: Shop, package: Package) -> Sheet:
    order = shop.orders[package.order_sn]
    rows = [
        order.channel.name,
        f"Tracking {package.tracking_number}",
        f"Order {order.sn}",
        f"Package {package.number}",
        f"To {order.buyer.name}",
        f"{order.buyer.city} {order.buyer.zipcode}, {shop.region}",
        f"From {shop.name}",
        "CASH ON DELIVERY" if order.cod else "PREPAID",
        *(f"{units} x {order.lines[line].good.item_name}" for line, units in package.contents.items()),
    ]
    return Sheet(rows, package.tracking_number[-14:])
