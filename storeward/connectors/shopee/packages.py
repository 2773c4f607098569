"""Packages: which are to be shipped, arranging shipment, tracking numbers, labels, splitting (fact sheet sections 11 and 12).

`info_needed` of the shipping parameters decides which one of pickup, drop-off and own carrier is sent, and with what; an object
that needs nothing is sent empty. A package number is sent for split orders only.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from storeward.canon import Package, PackageEvent, PackageStatus, Record
from storeward.canon.base import More
from storeward.connectors.contract import Ask, Parsed, Request
from storeward.connectors.wire import Id, Notes, Wire, digits, more

from .codes import PACKAGE_STATUS
from .envelope import About, list_parser, receipt_parser, thing_parser
from .orders import Booking, PackageItem, line_ids, location_ids
from .requests import get, joined, number, post, write

PAGE_SIZE: Final = 100
IDS_PER_CALL: Final = 50
PENDING, TO_PROCESS, PROCESSED = 1, 2, 3
"""`package_status` of the search."""
WILL_CANCEL_AT: Final = "5"
"""The urgency tag that tells when the platform cancels by itself."""
BOOKING_STATUS: Final = {
    "READY_TO_SHIP": PackageStatus.TO_ARRANGE,
    "PROCESSED": PackageStatus.ARRANGED,
    "SHIPPED": PackageStatus.IN_TRANSIT,
    "MATCHED": PackageStatus.IN_TRANSIT,
    "CANCELLED": PackageStatus.CANCELLED,
}


def search_packages_request(ask: Ask, *, package_status: int = TO_PROCESS) -> Request:
    """Packages in that stage, the most urgent first."""
    body = {
        "filter": {"package_status": package_status},
        "pagination": {"page_size": ask.page_size or PAGE_SIZE, "cursor": ""},
        "sort": {"sort_type": 1, "ascending": True},
    }
    return post("order.search_package_list", body)


def package_detail_request(package_ids: Sequence[str]) -> Request:
    return get("order.get_package_detail", {"package_number_list": joined(package_ids, IDS_PER_CALL)})


def shipment_list_request(*, page_size: int = PAGE_SIZE) -> Request:
    return get("order.get_shipment_list", {"page_size": str(page_size)})


def warehouse_filters_request() -> Request:
    return get("order.get_warehouse_filter_config")


def _of(order_id: str, package_id: str | None) -> dict[str, str]:
    """The order, and its package where the order is split: naming the package of one that is not split fails."""
    return {"order_sn": order_id, **({"package_number": package_id} if package_id else {})}


def shipping_parameter_request(order_id: str, package_id: str | None = None) -> Request:
    return get("logistics.get_shipping_parameter", _of(order_id, package_id), about=_of(order_id, package_id))


def mass_shipping_parameter_request(package_ids: Sequence[str]) -> Request:
    return post("logistics.get_mass_shipping_parameter", {"package_list": _numbers(package_ids)})


def _numbers(package_ids: Sequence[str]) -> list[dict[str, str]]:
    joined(package_ids, IDS_PER_CALL)
    return [{"package_number": package_id} for package_id in package_ids]


def pickup(address_id: str, pickup_time_id: str | None = None, tracking_number: str | None = None) -> dict[str, Any]:
    """Have it picked up at that address, in that slot where slots are offered."""
    told = {"address_id": number(address_id), "pickup_time_id": pickup_time_id, "tracking_number": tracking_number}
    return {"pickup": {name: value for name, value in told.items() if value is not None}}


def drop_off(
    *,
    branch_id: str | None = None,
    sender_real_name: str | None = None,
    tracking_number: str | None = None,
    slug: str | None = None,
) -> dict[str, Any]:
    """Bring it to a branch; empty where nothing is needed."""
    told = {
        "branch_id": number(branch_id) if branch_id else None,
        "sender_real_name": sender_real_name,
        "tracking_number": tracking_number,
        "slug": slug,
    }
    return {"dropoff": {name: value for name, value in told.items() if value is not None}}


def own_carrier(tracking_number: str | None = None) -> dict[str, Any]:
    """By a carrier of one's own."""
    return {"non_integrated": {"tracking_number": tracking_number} if tracking_number else {}}


def ship_request(order_id: str, how: Mapping[str, Any], *, package_id: str | None = None) -> Request:
    """Arrange shipment, as `pickup`, `drop_off` or `own_carrier` says. Done by the platform a moment later: watch the order."""
    return write("logistics.ship_order", {**_of(order_id, package_id), **how}, about=_of(order_id, package_id))


def batch_ship_request(order_ids: Sequence[str], how: Mapping[str, Any]) -> Request:
    body = {"order_list": [{"order_sn": order_id} for order_id in order_ids], **how}
    return write("logistics.batch_ship_order", body)


def mass_ship_request(package_ids: Sequence[str], how: Mapping[str, Any]) -> Request:
    """Arrange up to 50 packages of one stock location and one channel. Failures come one by one under a success."""
    return write("logistics.mass_ship_order", {"package_list": _numbers(package_ids), **how})


def reschedule_request(order_id: str, *, address_id: str, pickup_time_id: str, package_id: str | None = None) -> Request:
    """Another pickup after one that failed."""
    return write(
        "logistics.update_shipping_order",
        {**_of(order_id, package_id), **pickup(address_id, pickup_time_id)},
        about=_of(order_id, package_id),
    )


def tracking_number_request(order_id: str, package_id: str | None = None) -> Request:
    extra = {"response_optional_fields": "first_mile_tracking_number,last_mile_tracking_number"}
    return get("logistics.get_tracking_number", {**_of(order_id, package_id), **extra}, about=_of(order_id, package_id))


def mass_tracking_numbers_request(package_ids: Sequence[str]) -> Request:
    return post("logistics.get_mass_tracking_number", {"package_list": _numbers(package_ids)})


def tracking_request(order_id: str, package_id: str | None = None) -> Request:
    return get("logistics.get_tracking_info", _of(order_id, package_id), about=_of(order_id, package_id))


Parcel = tuple[str, str | None]
"""An order, and its package where the order is split."""


def _parcels(parcels: Sequence[Parcel], **each: str | None) -> list[dict[str, str]]:
    if not 1 <= len(parcels) <= IDS_PER_CALL:
        raise ValueError(f"1 to {IDS_PER_CALL} labels at once, not {len(parcels)}")
    said = {name: value for name, value in each.items() if value is not None}
    return [{**_of(order_id, package_id), **said} for order_id, package_id in parcels]


def label_types_request(parcels: Sequence[Parcel]) -> Request:
    return post("logistics.get_shipping_document_parameter", {"order_list": _parcels(parcels)})


def make_label_request(order_id: str, *, tracking_number: str, kind: str, package_id: str | None = None) -> Request:
    """Have the label made; it is ready a moment later."""
    parcels = _parcels([(order_id, package_id)], tracking_number=tracking_number, shipping_document_type=kind)
    return write("logistics.create_shipping_document", {"order_list": parcels}, about=_of(order_id, package_id))


def label_state_request(parcels: Sequence[Parcel], *, kind: str | None = None) -> Request:
    return post("logistics.get_shipping_document_result", {"order_list": _parcels(parcels, shipping_document_type=kind)})


def label_request(parcels: Sequence[Parcel], *, kind: str | None = None) -> Request:
    """The labels as one file (PDF mostly)."""
    return post("logistics.download_shipping_document", {"shipping_document_type": kind, "order_list": _parcels(parcels)})


def channels_request() -> Request:
    return get("logistics.get_channel_list")


def addresses_request() -> Request:
    return get("logistics.get_address_list")


def split_request(order_id: str, packages: Sequence[Sequence[Mapping[str, Any]]]) -> Request:
    """Split an order: for each package its lines (item_id, model_id, order_item_id, promotion_group_id, model_quantity)."""
    body = {"order_sn": order_id, "package_list": [{"item_list": list(lines)} for lines in packages]}
    return write("order.split_order", body, about={"order_sn": order_id})


def unsplit_request(order_id: str) -> Request:
    return write("order.unsplit_order", {"order_sn": order_id}, about={"order_sn": order_id})


class Tag(Wire):
    tag_id: int | None = None
    timestamp: int | None = None


class Driver(Wire):
    """Who picks it up, for channels that send a driver at once; names and numbers of people are left where they are."""

    vehicle_type: str | None = None
    driver_status: str | None = None
    eta_start_time: int | None = None
    eta_end_time: int | None = None


class DetailItem(PackageItem):
    product_location_id: Any = None


class PackageDetail(Wire):
    """A package: a row of the search, the detail, a part of a split order, a row of tracking numbers."""

    MATTERS = frozenset({"package_number"})

    package_number: Id = None
    order_sn: str | None = None
    fulfillment_status: str | None = None
    logistics_status: str | None = None
    update_time: int | None = None
    tracking_number: str | None = None
    last_mile_tracking_number: str | None = None
    first_mile_tracking_number: str | None = None
    plp_number: str | None = None
    pickup_code: str | None = None
    hint: str | None = None
    ship_by_date: int | None = None
    tracking_number_expiration_date: int | None = None
    days_to_ship: int | None = None
    preparation_end_time: int | None = None
    pickup_done_time: int | None = None
    status_info_tag: Tag | None = None
    driver_info: Driver | None = None
    pending_terms: list[str] | None = None
    pending_description: list[str] | None = None
    logistics_channel_id: Id = None
    shipping_carrier: str | None = None
    product_location_id: Any = None
    group_shipment_id: Id = None
    sorting_group: str | None = None
    is_shipment_arranged: bool | None = None
    is_split_up: bool | None = None
    can_split_order: bool | None = None
    can_unsplit_order: bool | None = None
    invoice_pending: bool | None = None
    item_list: list[DetailItem] | None = None


CLASSIFYING: Final = (
    "group_shipment_id", "sorting_group", "first_mile_tracking_number", "plp_number", "pickup_code",
    "tracking_number_expiration_date", "pending_terms", "pending_description",
)  # fmt: skip
FLAGS: Final = ("is_shipment_arranged", "is_split_up", "can_split_order", "can_unsplit_order", "invoice_pending")


def build_package(wire: PackageDetail, notes: Notes, about: About) -> Iterable[Record]:
    """One package; the question stands in where the answer does not name it."""
    package_id = digits(wire.package_number) or about.get("package_number") or about.get("order_sn")
    if package_id is None and not wire.tracking_number:
        notes.left_out("package_number", "package")
        return ()
    if package_id is None:
        notes.note("package_number", "is not in this answer: whoever asked knows which package it is")
    order_id = wire.order_sn or about.get("order_sn")
    word = wire.fulfillment_status or wire.logistics_status or None
    field = "fulfillment_status" if wire.fulfillment_status else "logistics_status"
    places = tuple(dict.fromkeys(_places(wire)))
    tag = wire.status_info_tag or Tag()
    cancels = str(tag.tag_id) == WILL_CANCEL_AT
    driver = wire.driver_info or Driver()
    return (
        Package(
            platform_package_id=package_id or "",
            platform_status=word,
            status=notes.word(field, word, PACKAGE_STATUS, PackageStatus.UNKNOWN),
            platform_sub_status=str(tag.tag_id) if tag.tag_id is not None else None,
            platform_order_ids=(order_id,) if order_id else (),
            platform_line_ids=tuple(line_ids(_lines(wire))),
            tracking_number=wire.tracking_number or None,
            last_mile_tracking_number=wire.last_mile_tracking_number or None,
            platform_warehouse_id=places[0] if places else None,
            platform_carrier_id=digits(wire.logistics_channel_id),
            carrier=wire.shipping_carrier or None,
            pickup_from_at=notes.at("driver_info.eta_start_time", driver.eta_start_time),
            pickup_until_at=notes.at("driver_info.eta_end_time", driver.eta_end_time),
            updated_at=notes.at("update_time", wire.update_time),
            platform_more=_more(wire, tag, places) | more(driver, "vehicle_type", "driver_status"),
            ship_by_at=notes.at("ship_by_date", wire.ship_by_date),
            auto_cancel_at=notes.at("status_info_tag.timestamp", tag.timestamp) if cancels else None,
            auto_arrange_at=notes.at("preparation_end_time", wire.preparation_end_time),
            handling_days=wire.days_to_ship or None,
            collected_at=notes.at("pickup_done_time", wire.pickup_done_time),
            problem=wire.hint or None,
        ),
    )


def _places(wire: PackageDetail) -> Iterable[str]:
    yield from location_ids(wire.product_location_id)
    for item in wire.item_list or ():
        yield from location_ids(item.product_location_id)


def _lines(wire: PackageDetail) -> list[DetailItem]:
    """Its distinct lines."""
    lines = {(item.order_item_id, item.item_id, item.model_id, item.promotion_group_id): item for item in wire.item_list or ()}
    return [item for item in lines.values() if digits(item.order_item_id) or digits(item.item_id)]


def _more(wire: PackageDetail, tag: Tag, places: tuple[str, ...]) -> More:
    told = more(wire, *CLASSIFYING)
    told |= {name: str(value).lower() for name in FLAGS if (value := getattr(wire, name)) is not None}
    if tag.timestamp:
        told["status_info_tag_timestamp"] = str(tag.timestamp)
    if len(places) > 1:
        told["product_location_ids"] = places
    return told


def build_booking(wire: Booking, notes: Notes, about: About) -> Iterable[Record]:
    """A parcel that is sent ahead of its order."""
    if not wire.booking_sn:
        notes.left_out("booking_sn", "booking")
        return ()
    return (
        Package(
            platform_package_id=wire.booking_sn,
            platform_status=wire.booking_status or None,
            status=notes.word("booking_status", wire.booking_status, BOOKING_STATUS, PackageStatus.UNKNOWN),
            platform_order_ids=(wire.order_sn,) if wire.order_sn else (),
            platform_more={"booking_sn": wire.booking_sn},
        ),
    )


class Event(Wire):
    description: str | None = None
    logistics_status: str | None = None
    update_time: int | None = None


class Tracking(Wire):
    order_sn: str | None = None
    package_number: Id = None
    logistics_status: str | None = None
    tracking_info: list[Event] | None = None
    reversed_tracking_number: str | None = None
    reversed_courier_name: str | None = None
    reversed_tracking_info: list[Event] | None = None


def build_tracking(wire: Tracking, notes: Notes, about: About) -> Iterable[Record]:
    """A package's steps. Where the order is not split the platform names the order only, and it stands for its package."""
    order_id = wire.order_sn or about.get("order_sn")
    package_id = digits(wire.package_number) or about.get("package_number") or order_id
    if package_id is None:
        notes.left_out("order_sn", "package")
        return ()
    events = [*_events(wire.tracking_info, None, notes.under("tracking_info"))]
    events += _events(wire.reversed_tracking_info, "reversed", notes.under("reversed_tracking_info"))
    back = more(wire, "reversed_tracking_number", "reversed_courier_name")
    return (
        Package(
            platform_package_id=package_id,
            platform_status=wire.logistics_status or None,
            status=notes.word("logistics_status", wire.logistics_status, PACKAGE_STATUS, PackageStatus.UNKNOWN),
            platform_order_ids=(order_id,) if order_id else (),
            updated_at=max((event.at for event in events if event.at is not None), default=None),
            platform_more=back,
            events=tuple(events),
        ),
    )


def _events(told: Sequence[Event] | None, kind: str | None, notes: Notes) -> Iterable[PackageEvent]:
    for event in told or ():
        yield PackageEvent(
            platform_code=event.logistics_status or None,
            platform_type=kind,
            text=event.description or None,
            at=notes.at("update_time", event.update_time),
        )


class SplitOrder(Wire):
    order_sn: str | None = None
    package_list: list[PackageDetail] | None = None


def build_split(wire: SplitOrder, notes: Notes, about: About) -> Iterable[Record]:
    """The packages of an order that was split; the order stands above them."""
    told = {**about, "order_sn": wire.order_sn} if wire.order_sn else about
    for at, package in enumerate(wire.package_list or ()):
        yield from build_package(package, notes.under(f"package_list[{at}]"), told)


def parse_label(body: bytes, about: About) -> Parsed:
    """A file is a good answer (`answer` holds its bytes), an envelope a refusal."""
    if body and not body.lstrip().startswith(b"{"):
        return Parsed(answer=body, receipt={"size": str(len(body))})
    return receipt_parser()(body, about)


parse_packages = list_parser("packages_list", PackageDetail, build_package)
parse_package_details = list_parser("package_list", PackageDetail, build_package)
parse_shipments = list_parser("order_list", PackageDetail, build_package)
parse_bookings = list_parser("booking_list", Booking, build_booking)
parse_tracking_number = thing_parser("", PackageDetail, build_package)
parse_tracking_numbers = list_parser("success_list", PackageDetail, build_package)
parse_tracking = thing_parser("", Tracking, build_tracking)
parse_split = thing_parser("", SplitOrder, build_split)
parse_receipt = receipt_parser()
