"""Carriers, addresses and warehouses, and where a parcel is."""

from typing import Any

from .call import Call, Json
from .errors import failed, missing
from .orders import Package
from .places import CARRIERS, Address, Places, Warehouse
from .registry import operation
from .shop import Shop

TRACK_WORDS = {"GOT": "已揽收", "TRANSIT": "运输中", "SIGNED": "已签收"}
STATE_NUMBERS = {"GOT": 1, "TRANSIT": 2, "SIGNED": 3}
OPCODES = {"GOT": "50", "TRANSIT": "30", "SIGNED": "80"}
PACKAGE = "order"
DEFAULT_PAGE = 10


@operation("order.logisticsCompanyList", package=PACKAGE)
def companies(call: Call) -> Any:
    """All carriers; the answer is a bare list."""
    return [{"id": one.id, "name": one.name, "code": one.code} for one in CARRIERS]


@operation("address.list", package="shop")
def addresses(call: Call) -> Json:
    """The shop's address book."""
    size, page = call.number("page_size") or DEFAULT_PAGE, call.number("page_no") or 1
    rows = sorted(call.shop.part(Places).addresses, key=lambda one: one.create_time)
    shown = rows[(page - 1) * size : page * size]
    return {"total": len(rows), "page_size": size, "page_no": page, "address_list": [_address(one) for one in shown]}


def _address(one: Address) -> Json:
    return {
        "address_id": int(one.id),
        "reciever_name": one.name,
        "is_default": int(one.returns),
        "is_send_default": int(one.sends),
        "create_time": str(one.create_time),
        "update_time": str(one.create_time),
        "receiver_provinc": one.area.province[0],
        "receiver_city": one.area.city[0],
        "receiver_district": one.area.town[0],
        "receiver_detail": one.detail,
        "receiver_street": one.area.street[0],
        "remark": "",
    }


@operation("warehouse.list", package="shop")
def warehouses(call: Call) -> Json:
    """The warehouses by which stock is kept; pages are counted from 0."""
    page, size = call.page(first=0, most=100)
    codes = set(call.texts("out_warehouse_ids")) | ({call.text("out_warehouse_id")} if call.has("out_warehouse_id") else set())
    name = call.text("warehouse_name")
    rows = [
        one for one in call.shop.part(Places).warehouses if (not codes or one.code in codes) and (not name or name in one.name)
    ]
    shown = rows[page * size : (page + 1) * size]
    return {"warehouses": [_warehouse(call.shop, one) for one in shown], "total": len(rows)}


def _warehouse(shop: Shop, one: Warehouse) -> Json:
    levels = [int(number) for _name, number in (one.area.province, one.area.city, one.area.town)]
    return {
        "warehouse_id": int(one.id),
        "name": one.name,
        "intro": "",
        "update_time": one.create_time,
        "create_time": one.create_time,
        "out_warehouse_id": one.code,
        "addr": [
            {
                "addr_id1": levels[0],
                "addr_id2": levels[1],
                "addr_id3": levels[2],
                "addr_id4": 0,
                "update_time": one.create_time,
                "create_time": one.create_time,
            }
        ],
        "shop_id": int(shop.id),
        "out_fence_ids": [],
        "address_detail": one.detail,
        "warehouse_location": {
            "address_id1": levels[0],
            "address_id2": levels[1],
            "address_id3": levels[2],
            "address_id4": 0,
        },
    }


def parcels(shop: Shop) -> list[Package]:
    return [package for order in shop.orders.values() for package in order.packages]


def _parcel(call: Call, carrier: str, number: str) -> Package:
    for package in parcels(call.shop):
        if package.carrier_code == carrier and package.tracking_no == number:
            return package
    raise failed(60011, "运单不存在")


@operation("logistics.trackNoRouteDetail", package=PACKAGE)
def route_detail(call: Call) -> Json:
    """The track of a waybill. `logistics_code` is the carrier's code here."""
    package = _parcel(call, call.need("logistics_code"), call.need("track_no"))
    return {
        "route__node_list": [
            {"content": what, "timestamp": str(at), "state": state, "state_description": TRACK_WORDS[state], "site_name": where}
            for at, state, what, where in package.track
        ],
        "track_info": {"track_no": package.tracking_no, "express": package.carrier_code},
    }


@operation("logistics.queryPackageRoute", package=PACKAGE)
def package_route(call: Call) -> Json:
    """The same for callers who know sender and receiver."""
    if not isinstance(call.params.get("receiver"), dict | None) or not isinstance(call.params.get("sender"), dict | None):
        raise missing("receiver")
    package = _parcel(call, call.need("express"), call.need("track_no"))
    return {
        "track_no": package.tracking_no,
        "express": package.carrier_code,
        "track_routes": [
            {"content": what, "state": state, "state_time": at, "opcode": OPCODES[state]}
            for at, state, what, _where in package.track
        ],
    }


@operation("order.queryOrderLogistics", package=PACKAGE)
def order_logistics(call: Call) -> Json:
    """How far the parcels of an order have come; nobody has published the numbers of the states."""
    order = call.shop.orders.get(call.need("order_id"))
    if order is None:
        raise failed(60101, "订单不存在或不属于该店铺")
    states = [STATE_NUMBERS[state] for package in order.packages for _at, state, _what, _where in package.track]
    return {"track_info": [{"state": one} for one in states], "track_state": max(states, default=0)}


@operation("order.queryOrderPackageInfo", package=PACKAGE)
def order_packages(call: Call) -> Json:
    """The parcels of an order; the real answer's shape has not been published, so nothing is said here."""
    if call.need("order_id") not in call.shop.orders:
        raise failed(60101, "订单不存在或不属于该店铺")
    return {}
