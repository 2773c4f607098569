"""Orders as the list and the detail give them: one shape, a shop order that holds goods orders.

One goods order has the number of its shop order, so a line is named by both. Amounts are fen. Deadlines: `exp_ship_time` is the
promised latest time to ship, of the order and of each line.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from storeward.canon import Order, OrderLine, OrderPackage, OrderStatus, OrderType, Record
from storeward.canon.base import More
from storeward.canon.orders import OrderPhase
from storeward.connectors.contract import Level, Request
from storeward.connectors.wire import Notes, digits
from storeward.lib.money import Money

from .codes import CASH_ON_DELIVERY, DEPOSIT_PRESALE, ORDER_STATUS, SALE_TYPE, SAMPLE
from .envelope import About, list_parser, thing_parser
from .order_wire import (
    AFTER_SALE_WORDS,
    INVENTORY_IDS,
    LINE_AMOUNTS,
    LINE_IDS,
    LINE_TIMES,
    LINE_WORDS,
    ORDER_AMOUNTS,
    ORDER_IDS,
    ORDER_TIMES,
    ORDER_WORDS,
    PHASE_AMOUNTS,
    PHASE_IDS,
    BundleMember,
    Delivery,
    GoodsOrder,
    Phase,
    ShopOrder,
    Spec,
)
from .paging import by_change
from .requests import read, unix
from .values import earliest, fen, flag, latest, lists, word

PAGE_SIZE: Final = 100
OLDEST: Final = timedelta(days=90)
"""Orders that were created before are not listed any more; the detail still has them."""

NOWHERE: Final[dict[str, str]] = {}
NOTHING_OWED: Final = frozenset({OrderStatus.CANCELLED})
SHIPPED: Final = frozenset({OrderStatus.IN_TRANSIT, OrderStatus.COMPLETED, OrderStatus.CANCELLED})


def list_orders_request(*, updated_since: datetime, updated_until: datetime, page_size: int = PAGE_SIZE) -> Request:
    """Orders that changed in the span, oldest change first. The platform wants both ends, and not the same."""
    since = unix(updated_since)
    until = max(unix(updated_until), since + 1)
    told = {
        "update_time_start": since,
        "update_time_end": until,
        "order_by": "update_time",
        "order_asc": True,
        "page": 0,
        "size": page_size,
    }
    about = {"since": str(since), "until": str(until), "page": "0", "size": str(page_size)}
    return read("order.searchList", told, about=about)


def order_detail_request(order_id: str) -> Request:
    """One shop order by its number, however old."""
    return read("order.orderDetail", {"shop_order_id": order_id})


def build_order(wire: ShopOrder, notes: Notes, about: About) -> Iterable[Record]:
    """One canonical order; nothing (and a problem) where it has no number."""
    order_id = digits(wire.order_id)
    if order_id is None:
        notes.left_out("order_id", "order")
        return ()
    platform_status = word(wire.order_status)
    if platform_status is None:
        notes.missing("order_status")
    status = _status(platform_status, notes)
    deliveries = wire.logistics_info or ()
    items = wire.sku_order_list or ()
    lines = _lines(items, _package_of_line(deliveries) if deliveries else NOWHERE, notes) if items else ()
    (
        placed_at, paid_at, updated_at, promised, shipped_at, finished_at, booked_at, from_at, until_at, earliest_at, latest_at,
        target_at,
    ) = ORDER_TIMES(wire, notes)  # fmt: skip
    pay_type, trade_type = word(wire.pay_type), word(wire.trade_type)
    return (
        Order(
            platform_order_id=order_id,
            platform_status=platform_status,
            status=status,
            platform_type=word(wire.order_type),
            type=_type_of(items, trade_type, notes),
            platform_buyer_id=wire.doudian_open_id or digits(wire.open_id),
            platform_more=_more(wire),
            total=fen(wire.pay_amount, "pay_amount", notes),
            cash_on_delivery=None if pay_type is None or status is OrderStatus.UNPAID else pay_type == CASH_ON_DELIVERY,
            sample=True if trade_type == SAMPLE else None,
            placed_at=placed_at,
            paid_at=paid_at,
            updated_at=updated_at,
            ship_by_at=None if status in NOTHING_OWED else _ship_by(lines, promised),
            arrange_by_at=promised,
            deliver_by_at=latest_at,
            auto_cancel_at=_closes_at(status, placed_at, wire.order_expire_time),
            booked_ship_at=booked_at,
            ship_from_at=from_at,
            ship_until_at=until_at,
            deliver_from_at=earliest_at,
            promised_by_at=target_at or (_promised(wire.promise_info, notes) if wire.promise_info else None),
            arranged_at=shipped_at,
            tracking_added_at=shipped_at,
            delivered_at=latest([line.delivered_at for line in lines]),
            completed_at=finished_at,
            platform_cancel_reason=wire.cancel_reason or None,
            buyer_note=wire.buyer_words or None,
            seller_note=wire.seller_words or None,
            amounts=_amounts(wire, notes),
            lines=lines,
            packages=_packages(deliveries, notes) if deliveries else (),
            phases=_phases(wire.order_phase_list, notes) if wire.order_phase_list else (),
        ),
    )


def _status(told: str | None, notes: Notes) -> OrderStatus:
    known = ORDER_STATUS.get(told) if told else OrderStatus.UNKNOWN
    return known or notes.word("order_status", told, ORDER_STATUS, OrderStatus.UNKNOWN)


def _type_of(items: Sequence[GoodsOrder], trade_type: str | None, notes: Notes) -> OrderType:
    """Presale where one of its lines is, or where a deposit was asked for."""
    if trade_type == DEPOSIT_PRESALE:
        return OrderType.PRE_ORDER
    kinds = {
        notes.word(f"sku_order_list[{at}].pre_sale_type", word(item.pre_sale_type), SALE_TYPE, OrderType.UNKNOWN)
        for at, item in enumerate(items)
        if item.pre_sale_type
    }
    if OrderType.PRE_ORDER in kinds:
        return OrderType.PRE_ORDER
    return OrderType.UNKNOWN if OrderType.UNKNOWN in kinds else OrderType.STANDARD


def _closes_at(status: OrderStatus, placed_at: datetime | None, seconds: int | None) -> datetime | None:
    """When an order that is not paid is closed: `order_expire_time` is a duration, however it is called."""
    if status is not OrderStatus.UNPAID or placed_at is None or not seconds or not 0 < seconds < OLDEST.total_seconds():
        return None
    return placed_at + timedelta(seconds=seconds)


def _ship_by(lines: Sequence[OrderLine], promised: datetime | None) -> datetime | None:
    """The earliest promise of the lines that are still to be shipped; the order's own where no line tells."""
    return earliest(line.ship_by_at for line in lines if line.status not in SHIPPED) or promised


def _promised(told: str, notes: Notes) -> datetime | None:
    """`ExpReceiptTime` of `promise_info`, which looks like JSON and may be anything."""
    try:
        value = msgspec.json.decode(told.encode())
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        notes.note("promise_info", "is not JSON; left out")
        return None
    seconds = value.get("ExpReceiptTime") if isinstance(value, dict) else None
    if isinstance(seconds, str) and seconds.isdigit() and seconds.isascii():
        seconds = int(seconds[:16])
    if isinstance(seconds, int) and not isinstance(seconds, bool):
        return notes.at("promise_info", seconds)
    return None


def _more(wire: ShopOrder) -> More:
    told = ORDER_WORDS(wire)
    told.update(ORDER_IDS(wire))
    if wire.relation_shop_order_ids or wire.serial_number_list:
        told |= lists(wire, "relation_shop_order_ids", "serial_number_list")
    if wire.early_arrival is not None:
        told["early_arrival"] = flag(wire.early_arrival)
    if wire.order_tag:
        told["order_tag"] = tuple(f"{name}={value}" for name, value in wire.order_tag.items())
    if wire.shop_order_tag_ui and (tags := tuple(tag.key for tag in wire.shop_order_tag_ui if tag.key)):
        told["shop_order_tag_ui"] = tags
    return told


def _amounts(wire: ShopOrder, notes: Notes) -> dict[str, Money]:
    told = ORDER_AMOUNTS(wire, notes)
    received = wire.actual_receive_amount_info
    if received is not None:
        money = fen(received.actual_receive_amount, "actual_receive_amount_info.actual_receive_amount", notes)
        if money is not None:
            told["actual_receive_amount"] = money
    return told


def _lines(items: Sequence[GoodsOrder], package_of: Mapping[str, str], notes: Notes) -> tuple[OrderLine, ...]:
    lines = [_line(item, package_of, notes.under(f"sku_order_list[{at}]")) for at, item in enumerate(items)]
    return tuple([line for line in lines if line is not None])


def _line(item: GoodsOrder, package_of: Mapping[str, str], notes: Notes) -> OrderLine | None:
    line_id = digits(item.order_id)
    if line_id is None:
        notes.left_out("order_id", "line")
        return None
    status = word(item.order_status)
    (
        placed_at, paid_at, updated_at, promised, shipped_at, finished_at, booked_at, delivered_at, confirmed_at,
    ) = LINE_TIMES(item, notes)  # fmt: skip
    return OrderLine(
        platform_line_id=line_id,
        platform_status=status,
        status=_status(status, notes),
        platform_listing_id=item.product_id_str or digits(item.product_id),
        platform_sku_id=digits(item.sku_id),
        seller_sku=item.code or item.outer_sku_id or None,
        title=item.product_name or None,
        variant=variant_of(item.spec) if item.spec else None,
        quantity=item.item_num,
        price=fen(item.origin_amount, "origin_amount", notes),
        platform_type=item.given_product_type or None,
        platform_package_id=package_of.get(line_id),
        platform_cancel_reason=item.cancel_reason or None,
        ship_by_at=promised,
        paid_at=paid_at,
        placed_at=placed_at,
        updated_at=updated_at,
        booked_ship_at=booked_at,
        shipped_at=shipped_at,
        delivered_at=delivered_at,
        completed_at=confirmed_at or finished_at,
        amounts=LINE_AMOUNTS(item, notes),
        platform_more=_line_more(item),
        parts=tuple([_part(one, nth) for nth, one in enumerate(item.bundle_sku_info)]) if item.bundle_sku_info else (),
    )


def variant_of(specs: Sequence[Spec]) -> str | None:
    """`颜色: 雾蓝, 尺寸: 1.8m`."""
    told = [f"{spec.name}: {spec.value}" if spec.name else spec.value for spec in specs if spec.value]
    return ", ".join(told) or None


def _line_more(item: GoodsOrder) -> More:
    told = LINE_WORDS(item)
    told.update(LINE_IDS(item))
    case = item.after_sale_info
    if case is not None and (case.after_sale_status or case.after_sale_type or case.refund_status):
        told.update(AFTER_SALE_WORDS(case))
    for stock in item.inventory_list or ():
        if stock.warehouse_id or stock.out_warehouse_id:
            told.update(INVENTORY_IDS(stock))
        if stock.inventory_type is not None:
            told["inventory_type"] = str(stock.inventory_type)
        if stock.warehouse_type is not None:
            told["warehouse_type"] = str(stock.warehouse_type)
    if item.need_serial_number is not None:
        told["need_serial_number"] = flag(item.need_serial_number)
    if item.master_sku_order_id_list:
        told.update(lists(item, "master_sku_order_id_list"))
    if item.campaign_info and (
        campaigns := tuple([str(one.campaign_id) for one in item.campaign_info if digits(one.campaign_id)])
    ):
        told["campaign_id"] = campaigns
    if item.store_info is not None and (store_id := digits(item.store_info.store_id)):
        told["store_id"] = store_id
    if item.relation_order is not None and (relation := digits(item.relation_order.relation_order_id)):
        told["relation_order_id"] = relation
    return told


def _part(member: BundleMember, nth: int) -> OrderLine:
    """A member of a bundle. It has no number of its own: its SKU names it."""
    sku_id = digits(member.sku_id)
    return OrderLine(
        platform_line_id=sku_id or str(nth),
        platform_listing_id=digits(member.product_id),
        platform_sku_id=sku_id,
        seller_sku=member.code or None,
        title=member.product_name or None,
        quantity=member.item_num,
    )


def _package_of_line(deliveries: Sequence[Delivery]) -> dict[str, str]:
    """Line -> the first package that it is in."""
    found: dict[str, str] = {}
    for delivery in deliveries:
        package_id = digits(delivery.delivery_id) or delivery.tracking_no
        for inside in delivery.product_info or ():
            line_id = digits(inside.sku_order_id)
            if package_id and line_id:
                found.setdefault(line_id, package_id)
    return found


def _packages(deliveries: Sequence[Delivery], notes: Notes) -> tuple[OrderPackage, ...]:
    made = (_package(delivery, notes.under(f"logistics_info[{at}]")) for at, delivery in enumerate(deliveries))
    return tuple([package for package in made if package is not None])


def _package(delivery: Delivery, notes: Notes) -> OrderPackage | None:
    """A package; where its own id is kept from us, its tracking number names it."""
    package_id = digits(delivery.delivery_id) or delivery.tracking_no
    if not package_id:
        notes.note("delivery_id", "is missing, as is the tracking number; the package is left out", Level.ERROR)
        return None
    return OrderPackage(
        platform_package_id=package_id,
        tracking_number=delivery.tracking_no or None,
        platform_carrier=delivery.company_name or None,
        platform_carrier_id=delivery.company or None,
        platform_line_ids=tuple([str(one.sku_order_id) for one in delivery.product_info or () if digits(one.sku_order_id)]),
        shipped_at=notes.at("ship_time", delivery.ship_time),
    )


def _phases(phases: Sequence[Phase], notes: Notes) -> tuple[OrderPhase, ...]:
    return tuple([_phase(phase, notes, nth) for nth, phase in enumerate(phases)])


def _phase(phase: Phase, notes: Notes, nth: int) -> OrderPhase:
    within = notes.under(f"order_phase_list[{nth}]")
    return OrderPhase(
        platform_phase_id=digits(phase.phase_order_id) or str(nth),
        number=phase.current_phase,
        of=phase.total_phase,
        platform_line_id=digits(phase.sku_order_id),
        platform_status=phase.current_phase_status_desc or None,
        paid=phase.pay_success,
        opens_at=within.at("phase_open_time", phase.phase_open_time),
        closes_at=within.at("phase_close_time", phase.phase_close_time),
        paid_at=within.at("phase_pay_time", phase.phase_pay_time),
        amounts=PHASE_AMOUNTS(phase, within),
        platform_more=PHASE_IDS(phase),
    )


parse_orders = list_parser("order.searchList", "shop_order_list", ShopOrder, build_order, paging=by_change)
parse_order = thing_parser("order.orderDetail", "shop_order_detail", ShopOrder, build_order)
