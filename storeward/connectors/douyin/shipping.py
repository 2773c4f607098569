"""Shipping, waybills and tracks (fact sheet sections 4.3 and 7). Packages are made by shipping; orders list them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from storeward.canon import Package, PackageEvent, Record
from storeward.connectors.contract import Parsed, Request
from storeward.connectors.wire import Id, Notes, Wire, digits

from .envelope import About, array_parser, list_parser, receipt_parser, thing_parser
from .requests import number, read, some, write
from .values import china, word

MOST_ORDERS: Final = 400
"""In one package."""


@dataclass(frozen=True, slots=True)
class Waybill:
    """The carrier by its code, and the number of the parcel."""

    company_code: str
    tracking_number: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What a shipment may say beside its waybill."""

    reject_refund: bool | None = None
    """True refuses a refund that is open on one of its lines, instead of failing all of them."""
    return_address_id: str | None = None
    ship_from_id: str | None = None
    serial_numbers: Sequence[str] = ()


PLAIN: Final = Terms()


def ship_request(order_id: str, waybill: Waybill, terms: Terms = PLAIN) -> Request:
    """Ship a whole order in one package. There is no request id: read the order before repeating it."""
    told = {
        "order_id": order_id,
        **_named(waybill),
        "is_reject_refund": terms.reject_refund,
        "after_sale_address_id": _id(terms.return_address_id),
        "address_id": _id(terms.ship_from_id),
        "serial_number_list": list(terms.serial_numbers) or None,
    }
    return write("order.logisticsAdd", told, about={"order_id": order_id})


def ship_packages_request(
    order_id: str, packages: Sequence[tuple[Waybill, Mapping[str, int]]], *, request_id: str, terms: Terms = PLAIN
) -> Request:
    """Ship an order in several packages: for each its waybill, and line -> units in it. All succeed, or none.

    A repetition with the same `request_id` after a success answers the same again.
    """
    told = {
        "order_id": order_id,
        "pack_list": [{"shipped_order_info": _units(units), **_named(waybill)} for waybill, units in packages],
        "request_id": request_id,
        "is_reject_refund": terms.reject_refund,
        "after_sale_address_id": _id(terms.return_address_id),
        "address_id": terms.ship_from_id,
        "serial_number_list": list(terms.serial_numbers) or None,
    }
    return write("order.logisticsAddMultiPack", told, about={"order_id": order_id})


def ship_together_request(
    order_ids: Sequence[str], units: Mapping[str, int], waybill: Waybill, *, request_id: str, terms: Terms = PLAIN
) -> Request:
    """Ship several orders of one receiver in one package: line -> units in it."""
    told = {
        "order_id_list": some(order_ids, MOST_ORDERS, "orders"),
        "shipped_order_info": _units(units),
        **_named(waybill),
        "request_id": request_id,
        "is_reject_refund": terms.reject_refund,
        "after_sale_address_id": _id(terms.return_address_id),
        "address_id": terms.ship_from_id,
    }
    return write("order.logisticsAddSinglePack", told)


def correct_waybill_request(order_id: str, waybill: Waybill, *, package_id: str | None = None) -> Request:
    """Correct the waybill of an order in one package, or of one of its packages."""
    if package_id is None:
        return write("order.logisticsEdit", {"order_id": order_id, **_named(waybill)}, about={"order_id": order_id})
    told = {"order_id": order_id, "pack_id": package_id, **_named(waybill)}
    return write("order.logisticsEditByPack", told, about={"order_id": order_id})


def _named(waybill: Waybill) -> dict[str, str]:
    return {"company_code": waybill.company_code, "logistics_code": waybill.tracking_number}


def _units(units: Mapping[str, int]) -> list[dict[str, str | int]]:
    return [{"shipped_order_id": line_id, "shipped_num": count} for line_id, count in units.items()]


def _id(told: str | None) -> int | None:
    return number(told) if told else None


def carriers_request() -> Request:
    """All carriers with their codes."""
    return read("order.logisticsCompanyList")


def track_request(waybill: Waybill) -> Request:
    told = {"logistics_code": waybill.company_code, "track_no": waybill.tracking_number}
    return read("logistics.trackNoRouteDetail", told, about=_about(waybill))


def route_request(waybill: Waybill) -> Request:
    told = {"express": waybill.company_code, "track_no": waybill.tracking_number}
    return read("logistics.queryPackageRoute", told, about=_about(waybill))


def _about(waybill: Waybill) -> dict[str, str]:
    return {"track_no": waybill.tracking_number, "express": waybill.company_code}


def order_tracks_request(order_id: str) -> Request:
    return read("order.queryOrderLogistics", {"order_id": order_id}, about={"order_id": order_id})


def order_packages_request(order_id: str) -> Request:
    return read("order.queryOrderPackageInfo", {"order_id": order_id}, about={"order_id": order_id})


class ShippedUnits(Wire):
    shipped_order_id: Id = None


class Shipped(Wire):
    """A package that shipping made."""

    pack_id: Id = None
    logistics_code: str | None = None
    shipped_order_info: list[ShippedUnits] | None = None


def build_shipped(wire: Shipped, notes: Notes, about: About) -> Iterable[Record]:
    package_id = digits(wire.pack_id)
    if package_id is None:
        notes.left_out("pack_id", "package")
        return ()
    order_id = about.get("order_id")
    return (
        Package(
            platform_package_id=package_id,
            platform_order_ids=(order_id,) if order_id else (),
            platform_line_ids=tuple(
                [str(one.shipped_order_id) for one in wire.shipped_order_info or () if digits(one.shipped_order_id)]
            ),
            tracking_number=wire.logistics_code or None,
        ),
    )


class Node(Wire):
    content: str | None = None
    timestamp: Id = None
    state_time: Id = None
    state: Id = None
    state_description: str | None = None
    site_name: str | None = None
    opcode: Id = None


class TrackInfo(Wire):
    track_no: str | None = None
    express: str | None = None


class Track(Wire):
    """The steps of a parcel; three answers, each with names of its own."""

    route__node_list: list[Node] | None = None
    route_node_list: list[Node] | None = None
    """The same key as a fixture of 2021 spells it."""
    track_routes: list[Node] | None = None
    track_info: TrackInfo | None = None
    track_no: str | None = None
    express: str | None = None


def build_track(wire: Track, notes: Notes, about: About) -> Iterable[Record]:
    """The parcel under its tracking number, which is all that these answers name it by."""
    info = wire.track_info or TrackInfo()
    tracking = info.track_no or wire.track_no or about.get("track_no")
    if not tracking:
        notes.left_out("track_info.track_no", "package")
        return ()
    nodes, field = next(
        (
            (told, name)
            for name in ("route__node_list", "route_node_list", "track_routes")
            if (told := getattr(wire, name)) is not None
        ),
        ((), ""),
    )
    return (
        Package(
            platform_package_id=tracking,
            platform_status=word(nodes[-1].state) if nodes else None,
            tracking_number=tracking,
            platform_carrier_id=info.express or wire.express or about.get("express"),
            events=tuple([_event(node, notes.under(f"{field}[{nth}]")) for nth, node in enumerate(nodes)]),
        ),
    )


def _event(node: Node, notes: Notes) -> PackageEvent:
    """A step; the lists of its codes are not public."""
    return PackageEvent(
        platform_code=word(node.state),
        platform_type=word(node.opcode),
        title=node.state_description or None,
        text=node.content or None,
        place=node.site_name or None,
        at=china(word(node.timestamp), "timestamp", notes) or china(word(node.state_time), "state_time", notes),
    )


class Carrier(Wire):
    id: Id = None
    code: str | None = None
    name: str | None = None


def build_nothing(wire: Carrier, notes: Notes, about: About) -> Iterable[Record]:
    return ()


_carriers = array_parser("order.logisticsCompanyList", Carrier, build_nothing)
_carrier_answer = receipt_parser("order.logisticsCompanyList")


def parse_carriers(body: bytes, about: About) -> Parsed:
    """Carriers are a look-up: the whole list as `answer`, after a look at every row."""
    parsed = _carriers(body, about)
    if not parsed.unreadable:
        parsed.answer = _carrier_answer(body, about).answer
    return parsed


parse_packages = list_parser("order.logisticsAddMultiPack", "pack_list", Shipped, build_shipped)
parse_package = thing_parser("order.logisticsAddSinglePack", None, Shipped, build_shipped)
parse_shipped = receipt_parser("order.logisticsAdd")
parse_corrected = receipt_parser("order.logisticsEdit")
parse_corrected_package = receipt_parser("order.logisticsEditByPack")
parse_track = thing_parser("logistics.trackNoRouteDetail", None, Track, build_track)
parse_route = thing_parser("logistics.queryPackageRoute", None, Track, build_track)
parse_order_tracks = receipt_parser("order.queryOrderLogistics", "track_state")
parse_order_packages = receipt_parser("order.queryOrderPackageInfo")
