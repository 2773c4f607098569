"""Shipping by the seller, and why the platform refuses. All lines of a call succeed or fail together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .call import Call, Json, whole, words
from .cases import refuse_pending
from .errors import failed, invalid, missing
from .order_writing import change_waybill
from .orders import CANCELLED, COMPLETED, IN_REVIEW, SHIPPED, UNPAID, Line, Order, Package, ship
from .orders_api import the_order
from .places import Carrier, Places, carrier_of
from .registry import done, operation
from .shop import Shop

MOST_ORDERS = 400
WAYBILL = re.compile(r"[A-Za-z0-9-]{6,40}")
SERIAL = re.compile(r"[A-Za-z0-9]{1,30}")
PACKAGE = "order"


@dataclass
class Answers:
    """What has been answered to a request_id: a success is repeated, not carried out again."""

    by_request: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Parcel:
    """What is to go into one package."""

    content: list[tuple[Line, int]]
    carrier: Carrier
    tracking_no: str


# --- what may not be shipped ------------------------------------------------------------------------------------------


def may_ship(order: Order) -> None:
    """Raises ApiError where the order's state keeps it back."""
    if order.status == UNPAID:
        raise failed(60137, "订单未支付")
    if order.status == IN_REVIEW:
        raise failed(60109, "订单正在风控审核中")
    if order.status == CANCELLED:
        raise failed(60021, "订单已取消")
    if order.status == COMPLETED:
        raise failed(60113, "订单已完成")
    if order.status == SHIPPED:
        raise failed(60110, "订单已发货，不允许再次执行发货")


def _check_refunds(call: Call, order: Order, content: Sequence[tuple[Line, int]]) -> None:
    """A refund that is asked for on one line keeps all of them back, unless the seller refuses it with the call."""
    asked = [line for line, _pieces in content if line.in_case]
    if asked and not (call.flag("is_reject_refund") or call.flag("is_refund_reject")):
        raise failed(60040, "发货订单中有退款申请需要处理，请先处理")
    for line in asked:
        if not refuse_pending(call.shop, order, line):
            raise failed(60120, "退款申请拒绝失败")


def the_carrier(code: str) -> Carrier:
    carrier = carrier_of(code)
    if carrier is None:
        raise failed(60018, "物流公司不支持")
    return carrier


def checked_waybill(shop: Shop, carrier: Carrier, number: str, orders: Sequence[Order]) -> str:
    """The number, if it can be one of this carrier and is not another buyer's parcel."""
    if not WAYBILL.fullmatch(number):
        raise invalid("logistics_code", 60017)
    if number[:2].isalpha() and number[:2].upper() != carrier.letters:
        raise failed(60128, "物流单号与物流公司不匹配")
    for other in shop.orders.values():
        used = any(package.tracking_no == number for package in other.packages)
        if used and other not in orders and other.buyer is not orders[0].buyer:
            raise failed(70022, "物流单号已被其他收件人的订单使用")
    return number


def _check_addresses(call: Call) -> None:
    """Where the parcel comes from and goes back to, if the caller names it."""
    for name in ("address_id", "after_sale_address_id"):
        number = call.number(name)
        if number and call.shop.part(Places).address(str(number)) is None:
            raise failed(60072, "地址不存在")
    for serial in call.texts("serial_number_list"):
        if not SERIAL.fullmatch(serial):
            raise failed(60046, "序列号不合法")


# --- shipping ---------------------------------------------------------------------------------------------------------


@operation("order.logisticsAdd", package=PACKAGE)
def logistics_add(call: Call) -> Any:
    """All that is left of an order, in one package."""
    order = the_order(call.shop, call.need("order_id"))
    carrier, number = the_carrier(call.need("company_code")), call.need("logistics_code")
    may_ship(order)
    content = left_of(order)
    _send_all(call, [order], [Parcel(content, carrier, checked_waybill(call.shop, carrier, number, [order]))])
    return done(call.method)


def left_of(order: Order) -> list[tuple[Line, int]]:
    return [(line, line.count - line.shipped) for line in order.open_lines() if line.shipped < line.count]


@operation("order.logisticsAddMultiPack", package=PACKAGE)
def logistics_add_multi(call: Call) -> Json:
    """Several packages of one order."""
    request_id = call.need("request_id")
    known = call.shop.part(Answers).by_request.get(request_id)
    if known is not None:
        return dict(known)
    order = the_order(call.shop, call.need("order_id"))
    rows = call.objects("pack_list")
    may_ship(order)
    taken: dict[str, int] = {}
    parcels = [_parcel(call, [order], row, _content(row, [order], taken)) for row in rows]
    packages = _send_all(call, [order], parcels)
    answer = {"pack_list": [_told(package) for package in packages]}
    call.shop.part(Answers).by_request[request_id] = answer
    return answer


@operation("order.logisticsAddSinglePack", package=PACKAGE)
def logistics_add_single(call: Call) -> Json:
    """Several orders of one buyer in one package."""
    request_id = call.need("request_id")
    known = call.shop.part(Answers).by_request.get(request_id)
    if known is not None:
        return dict(known)
    numbers = call.texts("order_id_list", required=True)
    if len(numbers) > MOST_ORDERS:
        raise failed(60032, "单次发货订单数超过400")
    orders = [the_order(call.shop, number) for number in dict.fromkeys(numbers)]
    for order in orders:
        may_ship(order)
    if len({(order.buyer.open_id, order.detail) for order in orders}) > 1:
        raise failed(70020, "订单收件人不一致")
    content = _content(call.params, orders, {})
    package = _send_all(call, orders, [_parcel(call, orders, call.params, content)])[0]
    answer = {"pack_id": package.id}
    call.shop.part(Answers).by_request[request_id] = answer
    return answer


def _parcel(call: Call, orders: Sequence[Order], row: Json, content: list[tuple[Line, int]]) -> Parcel:
    for name in ("company_code", "logistics_code"):
        if row.get(name) in (None, ""):
            raise missing(name)
    carrier = the_carrier(words(row["company_code"], "company_code"))
    number = words(row["logistics_code"], "logistics_code")
    return Parcel(content, carrier, checked_waybill(call.shop, carrier, number, orders))


def _content(row: Json, orders: Sequence[Order], taken: dict[str, int]) -> list[tuple[Line, int]]:
    """The pieces that a row names; `taken` counts what rows before it hold already."""
    rows = row.get("shipped_order_info")
    if not isinstance(rows, list) or not rows or not all(isinstance(each, dict) for each in rows):
        raise missing("shipped_order_info")
    lines = {line.id: line for order in orders for line in order.lines}
    found = []
    for each in rows:
        line = lines.get(words(each.get("shipped_order_id") or "", "shipped_order_id"))
        if line is None or not line.open:
            raise failed(60102, "商品单不存在")
        pieces = whole(each.get("shipped_num") or line.count - line.shipped, "shipped_num")
        taken[line.id] = taken.get(line.id, 0) + pieces
        if pieces < 1 or taken[line.id] > line.count - line.shipped:
            raise failed(70023, "发货数量超过待发货数量")
        found.append((line, pieces))
    return found


def _send_all(call: Call, orders: Sequence[Order], parcels: Sequence[Parcel]) -> list[Package]:
    """Ship all parcels, or none: everything that can be refused is looked at first."""
    _check_addresses(call)
    everything = [piece for parcel in parcels for piece in parcel.content]
    for order in orders:
        _check_refunds(call, order, [piece for piece in everything if piece[0] in order.lines])
    return [
        ship(call.shop, orders, parcel.content, carrier_code=parcel.carrier.code, tracking_no=parcel.tracking_no)
        for parcel in parcels
    ]


def _told(package: Package) -> Json:
    return {
        "shipped_order_info": [
            {"shipped_order_id": line.id, "shipped_num": pieces, "shipped_item_ids": []} for line, pieces in package.content
        ],
        "logistics_code": package.tracking_no,
        "pack_id": package.id,
    }


# --- another waybill --------------------------------------------------------------------------------------------------


@operation("order.logisticsEdit", package=PACKAGE)
def logistics_edit(call: Call) -> Any:
    """Another waybill for an order that left in one package."""
    order = the_order(call.shop, call.need("order_id"))
    if len(order.packages) > 1:
        raise failed(60066, "多包裹订单请按包裹修改物流")
    _edit(call, order, order.packages[0] if order.packages else None)
    return done(call.method)


@operation("order.logisticsEditByPack", package=PACKAGE)
def logistics_edit_by_pack(call: Call) -> Any:
    """The same for one of several packages."""
    order, pack_id = the_order(call.shop, call.need("order_id")), call.need("pack_id")
    _edit(call, order, next((package for package in order.packages if package.id == pack_id), None))
    return done(call.method)


def _edit(call: Call, order: Order, package: Package | None) -> None:
    carrier, number = the_carrier(call.need("company_code")), call.need("logistics_code")
    if package is None:
        raise failed(60033, "包裹不存在")
    if package.delivered_at or order.status == COMPLETED:
        raise failed(60113, "包裹已签收，不允许修改物流")
    change_waybill(call.shop, order, package, carrier.code, checked_waybill(call.shop, carrier, number, [order]))
