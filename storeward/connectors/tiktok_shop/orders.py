"""Orders: search, detail, price detail.

An order line is one unit: buying three gives three lines. The list already holds everything that the detail does, but for four
payment fields. Times of the next step are the platform's own (`*_sla_time` counts against the store, `*_due_time` cancels).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from storeward.canon import (
    FulfillmentBy,
    Order,
    OrderLine,
    OrderLines,
    OrderPackage,
    OrderStatus,
    OrderType,
    Record,
)
from storeward.canon.base import More
from storeward.connectors.contract import Request
from storeward.connectors.wire import Id, Notes, Wire, digits, more, text

from .codes import FULFILLMENT, ORDER_STATUS, ORDER_TYPE
from .envelope import About, list_parser, thing_parser
from .requests import get, joined, search, span

PAGE_SIZE: Final = 100
IDS_PER_CALL: Final = 50


def list_orders_request(
    *,
    updated_since: datetime | None = None,
    updated_until: datetime | None = None,
    page_size: int = PAGE_SIZE,
) -> Request:
    """Orders whose status changed in [since, until), oldest change first, so that a cursor never jumps over one."""
    return search(
        "getOrderList",
        "/order/202309/orders/search",
        {"page_size": str(page_size), "sort_field": "update_time", "sort_order": "ASC"},
        span("update_time", updated_since, updated_until),
    )


def order_detail_request(order_ids: Sequence[str]) -> Request:
    """At most 50 orders by their ids."""
    return get("getOrderDetail", "/order/202507/orders", {"ids": joined(order_ids, IDS_PER_CALL)})


def price_detail_request(order_id: str) -> Request:
    return get("getOrderPriceDetails", f"/order/202407/orders/{order_id}/price_detail", about={"order_id": order_id})


class Named(Wire):
    id: Id = None


class Payment(Wire):
    currency: str | None = None
    total_amount: Decimal | None = None


class HandlingDuration(Wire):
    days: Decimal | None = None
    type: str | None = None


class LineBase(Wire):
    """What a line and the units of a bundle have in common."""

    MATTERS = frozenset({"id"})

    id: Id = None
    display_status: str | None = None
    product_id: Id = None
    sku_id: Id = None
    seller_sku: str | None = None
    product_name: str | None = None
    sku_name: str | None = None
    sale_price: Decimal | None = None
    currency: str | None = None
    package_id: Id = None
    package_status: str | None = None
    tracking_number: str | None = None
    shipping_provider_name: str | None = None
    shipping_provider_id: Id = None
    cancel_reason: str | None = None
    cancel_user: str | None = None


class LineItem(LineBase):
    sku_type: str | None = None
    handling_duration_days: Decimal | None = None
    sub_item_info: list[LineBase] | None = None


class OrderItem(Wire):
    """`orders[]` of the list and of the detail."""

    MATTERS = frozenset({"id", "status", "payment", "create_time", "line_items"})

    id: Id = None
    status: str | None = None
    order_type: str | None = None
    user_id: Id = None
    fulfillment_type: str | None = None
    shipping_type: str | None = None
    delivery_option_id: Id = None
    delivery_type: str | None = None
    warehouse_id: Id = None
    commerce_platform: str | None = None
    fulfillment_priority_level: Id = None
    fast_delivery_program: str | None = None
    split_or_combine_tag: str | None = None
    replaced_order_id: Id = None
    exchange_source_order_id: Id = None
    payment_method_code: str | None = None
    payment_method_name: str | None = None
    payment_card_type: str | None = None
    auto_combine_group_id: Id = None
    consultation_id: Id = None
    need_upload_invoice: str | None = None
    is_cod: bool | None = None
    is_sample_order: bool | None = None
    payment: Payment | None = None
    handling_duration: HandlingDuration | None = None
    create_time: int | None = None
    paid_time: int | None = None
    update_time: int | None = None
    rts_sla_time: int | None = None
    tts_sla_time: int | None = None
    shipping_due_time: int | None = None
    collection_due_time: int | None = None
    delivery_sla_time: int | None = None
    delivery_due_time: int | None = None
    cancel_order_sla_time: int | None = None
    rts_time: int | None = None
    collection_time: int | None = None
    delivery_time: int | None = None
    cancel_time: int | None = None
    request_cancel_time: int | None = None
    release_date: int | None = None
    delivery_option_required_delivery_time: int | None = None
    pick_up_cut_off_time: int | None = None
    cancel_reason: str | None = None
    cancellation_initiator: str | None = None
    buyer_message: str | None = None
    seller_note: str | None = None
    tracking_number: str | None = None
    shipping_provider: str | None = None
    shipping_provider_id: Id = None
    packages: list[Named] | None = None
    line_items: list[LineItem] | None = None


class PriceLine(Wire):
    MATTERS = frozenset({"id"})

    id: Id = None
    currency: str | None = None
    sku_sale_price: Decimal | None = None


class PriceDetail(Wire):
    currency: str | None = None
    line_items: list[PriceLine] | None = None


BEFORE_ARRANGED: Final = frozenset({OrderStatus.UNPAID, OrderStatus.ON_HOLD, OrderStatus.TO_SHIP, OrderStatus.PARTLY_SHIPPED})
NOTHING_DUE: Final = frozenset({OrderStatus.CANCELLED})


def build_order(wire: OrderItem, notes: Notes, about: About) -> Iterable[Record]:
    """One canonical order; nothing (and a problem) where it has no id."""
    order_id = digits(wire.id)
    if order_id is None:
        notes.left_out("id", "order")
        return ()
    if not wire.status:
        notes.missing("status")
    status = notes.word("status", wire.status, ORDER_STATUS, OrderStatus.UNKNOWN)
    payment = wire.payment
    currency = payment.currency or None if payment else None
    items = wire.line_items or ()
    at = notes.at
    arrange_by, collect_by = at("rts_sla_time", wire.rts_sla_time), at("tts_sla_time", wire.tts_sla_time)
    arrange_due, collect_due = (
        at("shipping_due_time", wire.shipping_due_time),
        at("collection_due_time", wire.collection_due_time),
    )
    deliver_by, deliver_due = at("delivery_sla_time", wire.delivery_sla_time), at("delivery_due_time", wire.delivery_due_time)
    arranged_at, collected_at = at("rts_time", wire.rts_time), at("collection_time", wire.collection_time)
    step = _step_due(status, arranged_at, collected_at)
    fallback = at("cancel_order_sla_time", wire.cancel_order_sla_time)
    return (
        Order(
            platform_order_id=order_id,
            platform_status=wire.status or None,
            status=status,
            platform_type=wire.order_type or None,
            type=_type_of(wire, notes),
            platform_buyer_id=digits(wire.user_id),
            platform_fulfillment=wire.fulfillment_type or None,
            fulfillment_by=notes.word("fulfillment_type", wire.fulfillment_type, FULFILLMENT, FulfillmentBy.UNKNOWN),
            platform_shipping=wire.shipping_type or None,
            platform_more=_more(wire),
            total=notes.money("payment.total_amount", payment.total_amount, currency) if payment else None,
            cash_on_delivery=wire.is_cod,
            sample=wire.is_sample_order,
            handling_days=_handling_days(wire, notes),
            placed_at=at("create_time", wire.create_time),
            paid_at=at("paid_time", wire.paid_time),
            updated_at=at("update_time", wire.update_time),
            ship_by_at=(_earlier(arrange_by, arrange_due), _earlier(collect_by, collect_due), deliver_by, None)[step],
            arrange_by_at=arrange_by,
            collect_by_at=collect_by,
            deliver_by_at=deliver_by,
            auto_cancel_at=(arrange_due or fallback, collect_due or fallback, deliver_due, None)[step],
            promised_by_at=at("delivery_option_required_delivery_time", wire.delivery_option_required_delivery_time),
            pick_up_by_at=at("pick_up_cut_off_time", wire.pick_up_cut_off_time),
            release_at=at("release_date", wire.release_date),
            arranged_at=arranged_at,
            collected_at=collected_at,
            delivered_at=at("delivery_time", wire.delivery_time),
            cancelled_at=at("cancel_time", wire.cancel_time),
            cancel_requested_at=at("request_cancel_time", wire.request_cancel_time),
            platform_cancel_reason=wire.cancel_reason or None,
            platform_cancelled_by=wire.cancellation_initiator or None,
            buyer_note=wire.buyer_message or None,
            seller_note=wire.seller_note or None,
            lines=_lines(items, currency, notes, "line_items"),
            packages=_packages(wire, items),
        ),
    )


CLASSIFYING: Final = (
    "delivery_type", "delivery_option_id", "warehouse_id", "commerce_platform", "fulfillment_priority_level",
    "fast_delivery_program", "split_or_combine_tag", "auto_combine_group_id", "replaced_order_id", "exchange_source_order_id",
    "payment_method_code", "payment_method_name", "payment_card_type", "need_upload_invoice", "consultation_id",
)  # fmt: skip


def _more(wire: OrderItem) -> More:
    told = more(wire, *CLASSIFYING)
    if wire.handling_duration is not None and wire.handling_duration.type:
        told["handling_duration_type"] = wire.handling_duration.type
    return told


def _step_due(status: OrderStatus, arranged_at: datetime | None, collected_at: datetime | None) -> int:
    """Which step is due now: 0 arrange, 1 hand over, 2 deliver, 3 none. Where the word is unknown, the times tell."""
    if status in BEFORE_ARRANGED:
        return 0
    if status is OrderStatus.TO_COLLECT:
        return 1
    if status in NOTHING_DUE:
        return 3
    if status is OrderStatus.UNKNOWN:
        return 2 if collected_at else 1 if arranged_at else 0
    return 2


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return one if one <= other else other


def _type_of(wire: OrderItem, notes: Notes) -> OrderType:
    """The order's type; older payloads give it by line only (`sku_type`, deprecated)."""
    if wire.order_type:
        return notes.word("order_type", wire.order_type, ORDER_TYPE, OrderType.UNKNOWN)
    for line in wire.line_items or ():
        kind = ORDER_TYPE.get(line.sku_type or "", OrderType.STANDARD)
        if kind is not OrderType.STANDARD:
            return kind
    return OrderType.STANDARD


def _handling_days(wire: OrderItem, notes: Notes) -> int | None:
    days = wire.handling_duration.days if wire.handling_duration else None
    if days is None:
        days = next((line.handling_duration_days for line in wire.line_items or () if line.handling_duration_days), None)
    days = notes.number("handling_duration.days", days)
    return int(days) if days is not None else None


def _lines(items: Sequence[LineBase], currency: str | None, notes: Notes, field: str) -> tuple[OrderLine, ...]:
    lines = (_line(item, currency, notes, f"{field}[{at}]") for at, item in enumerate(items))
    return tuple([line for line in lines if line is not None])


def _line(item: LineBase, currency: str | None, notes: Notes, where: str) -> OrderLine | None:
    """One unit of the order. Its price is in the order's currency where the line names none."""
    line_id = digits(item.id)
    if line_id is None:
        notes.left_out(f"{where}.id", "line")
        return None
    parts = item.sub_item_info if type(item) is LineItem else None
    word = item.display_status
    status = ORDER_STATUS.get(word) if word else OrderStatus.UNKNOWN
    return OrderLine(
        platform_line_id=line_id,
        platform_status=word or None,
        status=status or notes.word(f"{where}.display_status", word, ORDER_STATUS, OrderStatus.UNKNOWN),
        platform_listing_id=digits(item.product_id),
        platform_sku_id=digits(item.sku_id),
        seller_sku=item.seller_sku or None,
        title=item.product_name or None,
        variant=item.sku_name or None,
        quantity=1,
        price=notes.money(f"{where}.sale_price", item.sale_price, item.currency or currency),
        platform_type=(item.sku_type or None) if type(item) is LineItem else None,
        platform_package_id=digits(item.package_id),
        platform_cancel_reason=item.cancel_reason or None,
        platform_cancelled_by=item.cancel_user or None,
        parts=_lines(parts, currency, notes, f"{where}.sub_item_info") if parts else (),
    )


def _packages(wire: OrderItem, items: Sequence[LineItem]) -> tuple[OrderPackage, ...]:
    """The packages that the order or one of its lines names, in that order."""
    units: list[LineBase] = [unit for item in items for unit in (item.sub_item_info or (item,))]
    named = [package_id for one in wire.packages or () if (package_id := digits(one.id))]
    if len(named) == 1 and all(str(unit.package_id) == named[0] for unit in units):
        return (_package(named[0], units, wire),)  # by far the most frequent
    grouped: dict[str, list[LineBase]] = {package_id: [] for package_id in named}
    for unit in units:
        if package_id := digits(unit.package_id):
            grouped.setdefault(package_id, []).append(unit)
    if not grouped:
        return ()
    only = len(grouped) == 1
    return tuple([_package(package_id, inside, wire if only else None) for package_id, inside in grouped.items()])


def _package(package_id: str, units: Sequence[LineBase], order: OrderItem | None) -> OrderPackage:
    """A package by its lines. An order's own tracking number is its package's where it has no other package."""
    tracking = next((unit.tracking_number for unit in units if unit.tracking_number), None)
    carrier = next((unit.shipping_provider_name for unit in units if unit.shipping_provider_name), None)
    carrier_id = next((digits(unit.shipping_provider_id) for unit in units if unit.shipping_provider_id), None)
    return OrderPackage(
        platform_package_id=package_id,
        tracking_number=tracking or text(order.tracking_number if order else None),
        platform_carrier=carrier or text(order.shipping_provider if order else None),
        platform_carrier_id=carrier_id or digits(order.shipping_provider_id if order else None),
        platform_status=next((unit.package_status for unit in units if unit.package_status), None),
        platform_line_ids=tuple([str(unit.id) for unit in units if digits(unit.id)]),
    )


def build_price_detail(wire: PriceDetail, notes: Notes, about: About) -> Iterable[Record]:
    """The lines with their prices; the order is the one that was asked for, for the answer does not name it."""
    lines = []
    for at, item in enumerate(wire.line_items or ()):
        line_id = digits(item.id)
        if line_id is None:
            notes.left_out(f"line_items[{at}].id", "line")
            continue
        price = notes.money(f"line_items[{at}].sku_sale_price", item.sku_sale_price, item.currency or wire.currency)
        lines.append(OrderLine(platform_line_id=line_id, quantity=1, price=price))
    return (OrderLines(platform_order_id=about.get("order_id"), lines=tuple(lines)),) if lines else ()


parse_orders = list_parser("orders", OrderItem, build_order)
parse_price_detail = thing_parser(None, PriceDetail, build_price_detail)
