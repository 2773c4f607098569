"""Packages: reading them, arranging and recording shipment, labels, splitting and combining (fact sheet section 12)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from storeward.canon import Package, PackageStatus, Record
from storeward.canon.base import More
from storeward.connectors.contract import Request
from storeward.connectors.wire import Id, Notes, Wire, digits, more

from .codes import PACKAGE_STATUS, PACKAGE_SUB_STATUS
from .envelope import About, list_parser, receipt_parser, thing_parser
from .requests import get, joined, search, span, unix, write

PAGE_SIZE: Final = 50
BASE: Final = "/fulfillment/202309/packages"
PICKUP: Final = "PICKUP"


def list_packages_request(
    *,
    updated_since: datetime | None = None,
    updated_until: datetime | None = None,
    page_size: int = PAGE_SIZE,
) -> Request:
    """Packages that changed in [since, until), oldest change first."""
    return search(
        "searchPackage",
        f"{BASE}/search",
        {"page_size": str(page_size), "sort_field": "update_time", "sort_order": "ASC"},
        span("update_time", updated_since, updated_until),
    )


def package_request(package_id: str) -> Request:
    return get("getPackageDetail", f"{BASE}/{package_id}", about={"package_id": package_id})


def pickup_slots_request(package_id: str) -> Request:
    return get("getPackageHandoverTimeSlots", f"{BASE}/{package_id}/handover_time_slots")


def label_request(package_id: str, *, document_type: str = "SHIPPING_LABEL", document_size: str = "A6") -> Request:
    """Where the label can be fetched (`receipt["doc_url"]`, good for 24 hours). Only between arranging and pickup."""
    query = {"document_type": document_type, "document_size": document_size}
    return get("getPackageShippingDocument", f"{BASE}/{package_id}/shipping_documents", query)


def ship_request(
    package_id: str,
    *,
    handover_method: str | None = None,
    pickup_slot: tuple[datetime, datetime] | None = None,
    tracking_number: str | None = None,
    shipping_provider_id: str | None = None,
) -> Request:
    """Arrange shipment: by the platform's carrier (`PICKUP` or `DROP_OFF`), or by one's own with its tracking number."""
    body = _handover(handover_method, pickup_slot, tracking_number, shipping_provider_id)
    return write("shipPackage", "POST", f"{BASE}/{package_id}/ship", body, about={"package_id": package_id})


def batch_ship_request(packages: Mapping[str, Mapping[str, Any]]) -> Request:
    """Arrange several at once: package id -> what `handover` built for it. Failures come one by one, under code 0."""
    body = {"packages": [{"id": package_id, **how} for package_id, how in packages.items()]}
    return write("batchShipPackages", "POST", f"{BASE}/ship", body)


def handover(
    *,
    handover_method: str | None = None,
    pickup_slot: tuple[datetime, datetime] | None = None,
    tracking_number: str | None = None,
    shipping_provider_id: str | None = None,
) -> dict[str, Any]:
    """How one package of a batch is handed over, without what was not said."""
    body = _handover(handover_method, pickup_slot, tracking_number, shipping_provider_id)
    return {name: value for name, value in body.items() if value is not None}


def _handover(
    method: str | None,
    slot: tuple[datetime, datetime] | None,
    tracking_number: str | None,
    provider_id: str | None,
) -> dict[str, Any]:
    own = {"tracking_number": tracking_number, "shipping_provider_id": provider_id} if tracking_number else None
    picked = {"start_time": unix(slot[0]), "end_time": unix(slot[1])} if slot else None
    return {"handover_method": method, "pickup_slot": picked, "self_shipment": own}


def create_package_request(
    order_id: str,
    *,
    order_line_ids: Sequence[str] = (),
    shipping_service_id: str | None = None,
    weight: Mapping[str, str] | None = None,
    dimension: Mapping[str, str] | None = None,
) -> Request:
    """Buy a label (US, GB, EU, JP): the package exists only then. Without lines the whole order goes into it."""
    body = {
        "ship_type": "2" if order_line_ids else "1",
        "order_id": order_id,
        "order_line_item": [{"order_line_id": line_id} for line_id in order_line_ids] or None,
        "shipping_service_id": shipping_service_id,
        "weight": weight,
        "dimension": dimension,
    }
    return write("createPackages", "POST", "/fulfillment/202512/packages", body, about={"order_id": order_id})


def mark_shipped_request(
    order_id: str, *, tracking_number: str, shipping_provider_id: str, order_line_ids: Sequence[str] = ()
) -> Request:
    """Tell that one's own carrier has it (US, GB, EU, JP)."""
    body = {
        "shipping_info_list": [{"tracking_number": tracking_number, "shipping_provider_id": shipping_provider_id}],
        "order_line_list": [{"order_line_id": line_id} for line_id in order_line_ids] or None,
    }
    path = f"/fulfillment/202610/orders/{order_id}/packages"
    return write("markPackageAsShipped", "POST", path, body, about={"order_id": order_id})


def correct_tracking_request(package_id: str, *, tracking_number: str, shipping_provider_id: str) -> Request:
    """Correct a tracking number: once an order, within 72 hours in most markets."""
    body = {"shipping_info_list": [{"tracking_number": tracking_number, "shipping_provider_id": shipping_provider_id}]}
    path = f"/fulfillment/202610/packages/{package_id}/shipping_info/update"
    return write("updatePackageShippingInfo", "POST", path, body, about={"package_id": package_id})


def correct_order_tracking_request(order_id: str, *, tracking_number: str, shipping_provider_id: str) -> Request:
    body = {"tracking_number": tracking_number, "shipping_provider_id": shipping_provider_id}
    path = f"/fulfillment/202309/orders/{order_id}/shipping_info/update"
    return write("updateOrderShippingInfo", "POST", path, body, about={"order_id": order_id})


def report_delivery_request(package_id: str, *, delivery_type: str, fail_reason: str | None = None) -> Request:
    """Report how an own fleet's delivery ended."""
    told = {"id": package_id, "delivery_type": delivery_type, "fail_delivery_reason": fail_reason}
    body = {"packages": [{name: value for name, value in told.items() if value is not None}]}
    return write("updatePackageDeliveryStatus", "POST", f"{BASE}/deliver", body)


def split_attributes_request(order_ids: Sequence[str]) -> Request:
    return get("getOrderSplitAttributes", "/fulfillment/202309/orders/split_attributes", {"order_ids": joined(order_ids, 50)})


def split_request(order_id: str, groups: Mapping[str, Sequence[str]]) -> Request:
    """Split an order: a name of ours for each package -> the lines in it. New package ids come back."""
    body = {"splittable_groups": [{"id": name, "order_line_item_ids": list(lines)} for name, lines in groups.items()]}
    path = f"/fulfillment/202309/orders/{order_id}/split"
    return write("confirmOrderSplit", "POST", path, body, about={"order_id": order_id})


def combinable_packages_request(*, page_size: int = PAGE_SIZE) -> Request:
    path = "/fulfillment/202309/combinable_packages/search"
    return get("searchCombinablePackages", path, {"page_size": str(page_size)})


def combine_request(packages: Mapping[str, Sequence[str]]) -> Request:
    """Combine: package id -> the orders in it."""
    body = {"combinable_packages": [{"id": pid, "order_ids": list(orders)} for pid, orders in packages.items()]}
    return write("combinePackage", "POST", f"{BASE}/combine", body)


def uncombine_request(package_id: str, order_ids: Sequence[str] = ()) -> Request:
    body = {"order_ids": list(order_ids) or None}
    return write("uncombinePackages", "POST", f"{BASE}/{package_id}/uncombine", body)


def upload_invoice_request(package_id: str, order_ids: Sequence[str], *, file_base64: str) -> Request:
    """An invoice (Brazil), which must be there before shipping. Webhook 36 tells whether it was accepted."""
    invoice = {"package_id": package_id, "order_ids": list(order_ids), "file_type": "XML", "file": file_base64}
    return write("uploadInvoice", "POST", "/fulfillment/202502/invoice/upload", {"invoices": [invoice]})


def shipping_services_request(order_id: str) -> Request:
    path = f"/fulfillment/202309/orders/{order_id}/shipping_services/query"
    return search("getEligibleShippingServices", path, {}, {}, about={"order_id": order_id})


def order_tracking_request(order_id: str) -> Request:
    path = f"/fulfillment/202309/orders/{order_id}/tracking"
    return get("getOrderTracking", path, about={"order_id": order_id})


def parcel_tracking_request(order_id: str) -> Request:
    """Cross-border orders only."""
    return get("getLogisticsTracking", f"/logistics/202604/orders/{order_id}/tracking", about={"order_id": order_id})


def warehouses_request() -> Request:
    return get("getWarehouseList", "/logistics/202309/warehouses")


def delivery_options_request(warehouse_id: str) -> Request:
    return get("getWarehouseDeliveryOptions", f"/logistics/202309/warehouses/{warehouse_id}/delivery_options")


def shipping_providers_request(delivery_option_id: str) -> Request:
    return get("getShippingProviders", f"/logistics/202309/delivery_options/{delivery_option_id}/shipping_providers")


class Named(Wire):
    id: Id = None


class PickupSlot(Wire):
    start_time: int | None = None
    end_time: int | None = None


class ShippingService(Wire):
    id: Id = None
    name: str | None = None
    price: Decimal | None = None
    currency: str | None = None
    shipping_provider_id: Id = None
    shipping_provider_name: str | None = None


class Insurance(Wire):
    claim_status: str | None = None


class PackageItem(Wire):
    """A package: `packages[]` of the search, and `data` of the detail and of the calls that create one."""

    MATTERS = frozenset({"id", "package_id", "status", "package_status", "orders"})

    id: Id = None
    package_id: Id = None
    status: str | None = None
    package_status: str | None = None
    package_sub_status: str | None = None
    ship_exception_reason: str | None = None
    orders: list[Named] | None = None
    order_id: Id = None
    order_ids: list[Id] | None = None
    order_line_item_ids: list[Id] | None = None
    tracking_number: str | None = None
    last_mile_tracking_number: str | None = None
    shipping_provider_id: Id = None
    shipping_provider_name: str | None = None
    shipping_service_info: ShippingService | None = None
    shipping_type: str | None = None
    delivery_option_id: Id = None
    warehouse_id: Id = None
    handover_method: str | None = None
    pickup_slot: PickupSlot | None = None
    split_and_combine_tag: str | None = None
    note_tag: str | None = None
    biz_extension_tags: list[str] | None = None
    delivery_option_name: str | None = None
    splittable_group_id: Id = None
    insurance: Insurance | None = None
    create_time: int | None = None
    update_time: int | None = None


def build_package(wire: PackageItem, notes: Notes, about: About) -> Iterable[Record]:
    """One package. The order that was asked for stands in where the answer does not name one."""
    package_id = digits(wire.package_id) or digits(wire.id)
    if package_id is None:
        notes.left_out("id", "package")
        return ()
    slot = wire.pickup_slot or PickupSlot()
    service = wire.shipping_service_info or ShippingService()
    return (
        Package(
            platform_package_id=package_id,
            platform_status=wire.package_status or wire.status or None,
            status=_status(wire, notes),
            platform_sub_status=wire.package_sub_status or None,
            platform_order_ids=_order_ids(wire, about),
            platform_line_ids=tuple(str(line) for line in wire.order_line_item_ids or () if line),
            tracking_number=wire.tracking_number or None,
            last_mile_tracking_number=wire.last_mile_tracking_number or None,
            platform_shipping=wire.shipping_type or None,
            platform_delivery_option_id=digits(wire.delivery_option_id),
            platform_warehouse_id=digits(wire.warehouse_id),
            platform_carrier_id=digits(wire.shipping_provider_id) or digits(service.shipping_provider_id),
            carrier=wire.shipping_provider_name or service.shipping_provider_name or None,
            platform_service_id=digits(service.id),
            service=service.name or None,
            shipping_price=notes.money("shipping_service_info.price", service.price, service.currency),
            platform_handover_method=wire.handover_method or None,
            pickup_from_at=notes.at("pickup_slot.start_time", slot.start_time),
            pickup_until_at=notes.at("pickup_slot.end_time", slot.end_time),
            created_at=notes.at("create_time", wire.create_time),
            updated_at=notes.at("update_time", wire.update_time),
            platform_more=_more(wire),
            problem=wire.ship_exception_reason or None,
        ),
    )


def _more(wire: PackageItem) -> More:
    names = ("split_and_combine_tag", "note_tag", "biz_extension_tags", "delivery_option_name", "splittable_group_id")
    told = more(wire, *names)
    if wire.insurance is not None and wire.insurance.claim_status:
        told["insurance_claim_status"] = wire.insurance.claim_status
    return told


def _status(wire: PackageItem, notes: Notes) -> PackageStatus:
    """The status, refined by a sub-status that says more: a label being bought, an exception on the way."""
    field = "package_status" if wire.package_status else "status"
    status = notes.word(field, wire.package_status or wire.status, PACKAGE_STATUS, PackageStatus.UNKNOWN)
    return PACKAGE_SUB_STATUS.get(wire.package_sub_status or "", status)


def _order_ids(wire: PackageItem, about: About) -> tuple[str, ...]:
    named = [order.id for order in wire.orders or ()] + list(wire.order_ids or ()) + [wire.order_id]
    found = tuple(dict.fromkeys(str(order_id) for order_id in named if order_id))
    return found or ((about["order_id"],) if "order_id" in about else ())


parse_packages = list_parser("packages", PackageItem, build_package)
parse_combinable = list_parser("combinable_packages", PackageItem, build_package)
parse_package = thing_parser(None, PackageItem, build_package)
parse_label = receipt_parser("doc_url", "tracking_number")
parse_receipt = receipt_parser()
