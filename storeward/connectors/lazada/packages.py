"""Packing, labels, shipping and tracking (fact sheet section 13). No call lists packages: orders name them.

Every call about several things can fail in rows while the whole succeeds: each row that failed is a problem of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from storeward.canon import Package, PackageEvent, PackageStatus, Record
from storeward.connectors.contract import Parsed, Request
from storeward.connectors.wire import Id, Notes, Wire, digits, more, plain

from .codes import PACKAGE_STATUS
from .envelope import About, note_failed_row, open_answer, page_parser, receipt_of, receipt_parser, within
from .requests import batch, get, number, packed, write
from .times import moment

PACK, LABEL, READY, REPACK = (
    "/order/fulfill/pack",
    "/order/package/document/get",
    "/order/package/rts",
    "/order/package/repack",
)
DELIVERED, FAILED_DELIVERY = "/order/package/sof/delivered", "/order/package/sof/failed_delivery"
DIGITAL, PROVIDERS, TRACE = "/order/digital/delivered", "/order/shipment/providers/get", "/logistic/order/trace"
AT_ONCE: Final = 20
GOOD: Final = "0"


def providers_request(orders: Mapping[str, Sequence[str]]) -> Request:
    """Where cross-border parcels of these orders (id -> item ids) may go, and how shipping is allocated."""
    listed = [{"order_id": number(order), "order_item_ids": batch(items, 200)} for order, items in _few(orders).items()]
    return get(PROVIDERS, {"getShipmentProvidersReq": packed({"orders": listed})})


def pack_request(orders: Mapping[str, Sequence[str]], *, allocate: str = "TFS", provider_code: str | None = None) -> Request:
    """Pack items of at most 20 orders (id -> item ids). Cross-border stores allocate by NTFS and name a provider."""
    listed = [{"order_id": number(order), "order_item_list": batch(items, 200)} for order, items in _few(orders).items()]
    told = {"pack_order_list": listed, "delivery_type": "dropship", "shipping_allocate_type": allocate}
    if provider_code:
        told["shipment_provider_code"] = provider_code
    return write(PACK, {"packReq": packed(told)})


def label_request(package_ids: Sequence[str], *, doc_type: str = "PDF", items: bool = True) -> Request:
    """The labels of at most 20 packages in one file: `receipt["doc_url"]`, good for ten minutes. Only once packed."""
    told = {"doc_type": doc_type, "packages": _packages(package_ids), "print_item_list": items}
    return get(LABEL, {"getDocumentReq": packed(told)})


def ready_to_ship_request(package_ids: Sequence[str]) -> Request:
    """Tell that these packed packages can be handed over."""
    return write(READY, {"readyToShipReq": packed({"packages": _packages(package_ids)})})


def repack_request(package_ids: Sequence[str]) -> Request:
    """Take packages apart again, before one of their items is cancelled: otherwise its neighbours go with it."""
    return write(REPACK, {"rePackReq": packed({"packages": _packages(package_ids)})})


def delivered_request(package_ids: Sequence[str]) -> Request:
    """The own fleet has delivered."""
    return write(DELIVERED, {"dbsDeliveryReq": packed({"packages": _packages(package_ids)})})


def failed_delivery_request(package_ids: Sequence[str]) -> Request:
    """The own fleet could not deliver."""
    return write(FAILED_DELIVERY, {"dbsFailedDeliveryReq": packed({"packages": _packages(package_ids)})})


def digital_delivered_request(orders: Mapping[str, Sequence[str]]) -> Request:
    """Digital items skip packing."""
    listed = [{"order_id": number(order), "order_item_list": batch(items, 200)} for order, items in _few(orders).items()]
    return write(DIGITAL, {"digitalDeliveryReq": packed({"orders": listed})})


def trace_request(order_id: str, *, package_ids: Sequence[str] = (), locale: str = "en") -> Request:
    """Where an order's packages are. Only once they are ready to ship."""
    params = {"order_id": order_id, "locale": locale, "ofcPackageIdList": packed(list(package_ids)) if package_ids else None}
    return get(TRACE, params, about={"order_id": order_id})


def _few(orders: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    if not 1 <= len(orders) <= AT_ONCE:
        raise ValueError(f"1 to {AT_ONCE} orders can be named at once, not {len(orders)}")
    return orders


def _packages(package_ids: Sequence[str]) -> list[dict[str, str]]:
    if not 1 <= len(package_ids) <= AT_ONCE:
        raise ValueError(f"1 to {AT_ONCE} packages can be named at once, not {len(package_ids)}")
    return [{"package_id": package_id} for package_id in package_ids]


class Row(Wire):
    """A row of an answer: an item that was packed or delivered, or a package."""

    MATTERS = frozenset({"item_err_code"})

    order_item_id: Id = None
    package_id: Id = None
    tracking_number: Id = None
    shipment_provider: str | None = None
    item_err_code: Id = None
    msg: str | None = None
    retry: bool | None = None


class RowsOfOrder(Wire):
    order_id: Id = None
    order_item_list: list[Row] | None = None


def _good(row: Row, notes: Notes, whose: str) -> bool:
    """Whether a row worked; one that failed is noted, and one that does not say so is no success."""
    if row.item_err_code is None:
        notes.missing("item_err_code")
        return False
    return not note_failed_row(notes, code=row.item_err_code, message=row.msg, retry=row.retry, whose=whose)


def build_packed(wire: RowsOfOrder, notes: Notes, about: About) -> Iterable[Record]:
    """The packages that came of an order's items; the platform may have made several of them."""
    inside: dict[str, list[Row]] = {}
    for at, row in enumerate(wire.order_item_list or ()):
        worked = _good(row, notes.under(f"order_item_list[{at}]"), f"item {digits(row.order_item_id)}")
        if worked and (package_id := digits(row.package_id)):
            inside.setdefault(package_id, []).append(row)
    order_id = digits(wire.order_id)
    return [
        Package(
            platform_package_id=package_id,
            platform_order_ids=(order_id,) if order_id else (),
            platform_line_ids=tuple(line for row in rows if (line := digits(row.order_item_id))),
            tracking_number=next((number for row in rows if (number := digits(row.tracking_number))), None),
            carrier=next((row.shipment_provider for row in rows if row.shipment_provider), None),
        )
        for package_id, rows in inside.items()
    ]


def build_done(wire: Row, notes: Notes, about: About) -> Iterable[Record]:
    """A package for which the call worked; its state is read back with its order."""
    package_id = digits(wire.package_id)
    if not _good(wire, notes, f"package {package_id}") or package_id is None:
        return ()
    return (Package(platform_package_id=package_id),)


def build_digital(wire: RowsOfOrder, notes: Notes, about: About) -> Iterable[Record]:
    """No record: what failed is noted."""
    for at, row in enumerate(wire.order_item_list or ()):
        _good(row, notes.under(f"order_item_list[{at}]"), f"item {digits(row.order_item_id)}")
    return ()


class TraceEvent(Wire):
    title: str | None = None
    description: str | None = None
    detail_type: str | None = None
    status_code: Id = None
    package_location_name: str | None = None
    event_time: Id = None
    receive_time: Id = None


class TracedPackage(Wire):
    ofc_package_id: Id = None
    tracking_number: Id = None
    logistic_detail_info_list: list[TraceEvent] | None = None


class Traced(Wire):
    """`result.module[]`."""

    ofc_order_id: Id = None
    warehouse_detail_info: str | None = None
    package_detail_info_list: list[TracedPackage] | None = None


def build_traced(wire: Traced, notes: Notes, about: About) -> Iterable[Record]:
    """The packages of a traced order, with the steps of their way."""
    for at, package in enumerate(wire.package_detail_info_list or ()):
        here = notes.under(f"package_detail_info_list[{at}]")
        package_id = digits(package.ofc_package_id)
        if package_id is None:
            here.left_out("ofc_package_id", "package")
            continue
        events = [_event(e, here.under(f"logistic_detail_info_list[{n}]")) for n, e in enumerate(_events(package))]
        latest = max(events, key=lambda event: event.at.timestamp() if event.at else 0.0, default=PackageEvent())
        word = latest.platform_type
        yield Package(
            platform_package_id=package_id,
            platform_status=word,
            status=PACKAGE_STATUS.get((word or "").lower(), PackageStatus.UNKNOWN),
            platform_sub_status=latest.platform_code,
            platform_order_ids=(about["order_id"],) if "order_id" in about else (),
            tracking_number=digits(package.tracking_number),
            updated_at=latest.at,
            platform_more=more(wire, "ofc_order_id"),
            events=tuple(events),
        )


def _events(package: TracedPackage) -> Sequence[TraceEvent]:
    return package.logistic_detail_info_list or ()


def _event(wire: TraceEvent, notes: Notes) -> PackageEvent:
    return PackageEvent(
        platform_code=digits(wire.status_code),
        platform_type=wire.detail_type or None,
        title=wire.title or None,
        text=wire.description or None,
        place=wire.package_location_name or None,
        at=moment(notes, "event_time", wire.event_time) or moment(notes, "receive_time", wire.receive_time),
    )


def parse_label(body: bytes, about: About) -> Parsed:
    """`doc_url` to the PDF, or `file`: base64, which for PDF holds but a frame around that address."""
    parsed, members = open_answer(body, about, LABEL)
    if members is None:
        return parsed
    raw = within(members, "result.data", parsed)
    parsed.answer = plain(raw) if raw is not None else None
    told = receipt_of(parsed.answer, "doc_type", "pdf_url", "file")
    parsed.receipt = {**told, "doc_url": told["pdf_url"]} if "pdf_url" in told else told
    return parsed


parse_packed = page_parser(PACK, "result.data.pack_order_list", RowsOfOrder, build_packed)
parse_ready = page_parser(READY, "result.data.packages", Row, build_done)
parse_repacked = page_parser(REPACK, "result.data.packages", Row, build_done)
parse_delivered = page_parser(DELIVERED, "result.data.packages", Row, build_done)
parse_failed_delivery = page_parser(FAILED_DELIVERY, "result.data.packages", Row, build_done)
parse_digital = page_parser(DIGITAL, "result.data.orders", RowsOfOrder, build_digital)
parse_traced = page_parser(TRACE, "result.module", Traced, build_traced)
parse_providers = receipt_parser(PROVIDERS, "result.data", "platform_default", "shipping_allocate_type")
