"""The items of orders, with their deadlines (fact sheet sections 12 and 15). A row is one piece; there is no quantity."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Final

import msgspec

from storeward.canon import FulfillmentBy, Order, OrderLine, OrderLines, OrderPackage, OrderStatus, OrderType, Record
from storeward.canon.base import More
from storeward.connectors.contract import Parsed, Request
from storeward.connectors.wire import Id, Notes, Wire, digits, elements_of, read
from storeward.lib.money import Money

from .codes import ITEM_STATUS, NOT_SHIPPED, ORDER_TYPE, status_of_all
from .envelope import About, currency_of, nothing, open_answer, page_parser
from .orders import amounts_of
from .requests import get, id_list
from .times import deadline, moment

OF_ONE, OF_MANY = "/order/items/get", "/orders/items/get"
ORDERS_PER_CALL: Final = 50
NOBODY: Final = "null-null"
ENDED: Final = frozenset({OrderStatus.CANCELLED})
SHOP_SKU: Final = re.compile(r"(\d+)_[A-Z]\w*-\d+")


def items_request(order_id: str) -> Request:
    return get(OF_ONE, {"order_id": order_id}, about={"order_id": order_id})


def items_of_orders_request(order_ids: Sequence[str]) -> Request:
    """At most 50 orders."""
    return get(OF_MANY, {"order_ids": id_list(order_ids, ORDERS_PER_CALL)})


class PickUpStore(Wire):
    pick_up_store_code: str | None = None


class Item(Wire):
    """`data[]` of one order's items, `data[].order_items[]` of several orders'."""

    MATTERS = frozenset({"order_item_id", "status", "sla_time_stamp"})

    order_id: Id = None
    order_item_id: Id = None
    status: str | None = None
    name: str | None = None
    variation: str | None = None
    sku: str | None = None
    sku_id: Id = None
    shop_sku: str | None = None
    product_id: Id = None
    item_price: Decimal | None = None
    paid_price: Decimal | None = None
    currency: str | None = None
    tax_amount: Decimal | None = None
    voucher_amount: Decimal | None = None
    voucher_platform: Decimal | None = None
    voucher_seller: Decimal | None = None
    voucher_platform_lpi: Decimal | None = None
    voucher_seller_lpi: Decimal | None = None
    shipping_amount: Decimal | None = None
    shipping_fee_original: Decimal | None = None
    shipping_fee_discount_seller: Decimal | None = None
    shipping_fee_discount_platform: Decimal | None = None
    shipping_service_cost: Decimal | None = None
    wallet_credits: Decimal | None = None
    supply_price: Decimal | None = None
    supply_price_currency: str | None = None
    created_at: Id = None
    updated_at: Id = None
    payment_time: Id = None
    sla_time_stamp: Id = None
    promised_shipping_time: Id = None
    schedule_delivery_start_timeslot: Id = None
    schedule_delivery_end_timeslot: Id = None
    cancel_trigger_time: Id = None
    need_cancel_confirm: bool | None = None
    is_cancel_pending: bool | None = None
    cancel_return_initiator: str | None = None
    reason: str | None = None
    reason_detail: str | None = None
    return_status: str | None = None
    reverse_order_id: Id = None
    package_id: Id = None
    tracking_code: Id = None
    shipment_provider: str | None = None
    shipping_provider_type: str | None = None
    shipping_type: str | None = None
    order_type: str | None = None
    order_flag: str | None = None
    stage_pay_status: str | None = None
    warehouse_code: str | None = None
    buyer_id: Id = None
    shop_id: str | None = None
    biz_group: Id = None
    is_fbl: int | None = None
    is_digital: int | None = None
    is_reroute: int | None = None
    delivery_option_sof: int | None = None
    mp3_order: bool | None = None
    semi_managed: bool | None = None
    can_escalate_pickup: bool | None = None
    voucher_code: str | None = None
    voucher_code_seller: str | None = None
    voucher_code_platform: str | None = None
    invoice_number: str | None = None
    purchase_order_id: str | None = None
    purchase_order_number: str | None = None
    fulfillment_sla: str | None = None
    priority_fulfillment_tag: str | None = None
    pick_up_store_info: PickUpStore | None = None


class ItemsOfOrder(Wire):
    """`data[]` of the call for several orders."""

    MATTERS = frozenset({"order_id", "order_items"})

    order_id: Id = None
    order_number: Id = None
    order_items: list[Item] | None = None


AMOUNTS: Final = (
    "paid_price", "tax_amount", "voucher_amount", "voucher_platform", "voucher_seller", "voucher_platform_lpi",
    "voucher_seller_lpi", "shipping_amount", "shipping_fee_original", "shipping_fee_discount_seller",
    "shipping_fee_discount_platform", "shipping_service_cost", "wallet_credits",
)  # fmt: skip
CLASSIFYING: Final = (
    "shop_sku", "order_flag", "warehouse_code", "shipping_type", "shipping_provider_type", "stage_pay_status", "return_status",
    "reverse_order_id", "reason_detail", "biz_group", "shop_id", "voucher_code", "voucher_code_seller", "voucher_code_platform",
    "invoice_number", "purchase_order_id", "purchase_order_number", "fulfillment_sla", "priority_fulfillment_tag",
    "promised_shipping_time", "shipment_provider",
)  # fmt: skip
NUMBER_FLAGS: Final = ("is_fbl", "is_digital", "is_reroute", "delivery_option_sof")
FLAGS: Final = ("need_cancel_confirm", "is_cancel_pending", "mp3_order", "semi_managed", "can_escalate_pickup")
AMOUNTS_IN, CLASSES_IN, NUMBER_FLAGS_IN, FLAGS_IN = (
    attrgetter(*AMOUNTS),
    attrgetter(*CLASSIFYING),
    attrgetter(*NUMBER_FLAGS),
    attrgetter(*FLAGS),
)
"""All of a kind at once: this is the hot path."""


def build_lines(order_id: str, items: Sequence[Item], places: Sequence[Notes], about: About) -> OrderLines:
    """The lines of one order, and what they say of it as a whole."""
    built = [(item, line) for item, at in zip(items, places, strict=True) if (line := _line(item, at, about)) is not None]
    lines = tuple([line for _, line in built])
    words = sorted({line.platform_status for line in lines if line.platform_status})
    types = {line.platform_type for line in lines if line.platform_type}
    return OrderLines(
        platform_order_id=order_id,
        platform_status="+".join(words) or None,
        status=status_of_all([line.status for line in lines]) if words else None,
        type=_type_of(types),
        platform_buyer_id=next((buyer for item, _ in built if (buyer := digits(item.buyer_id))), None),
        fulfillment_by=_fulfilled_by([item for item, _ in built]),
        paid_at=_earliest([line.paid_at for line in lines]),
        ship_by_at=_earliest([line.ship_by_at for line in lines if line.status in NOT_SHIPPED]),
        auto_cancel_at=_earliest([line.auto_cancel_at for line in lines if line.cancel_requested]),
        lines=lines,
        packages=_packages(built),
    )


def _line(item: Item, notes: Notes, about: About) -> OrderLine | None:
    """One piece."""
    line_id = digits(item.order_item_id)
    if line_id is None:
        notes.left_out("order_item_id", "line")
        return None
    if not item.status:
        notes.missing("status")
    currency = item.currency or currency_of(about)
    amounts = amounts_of(AMOUNTS, AMOUNTS_IN(item), notes, currency)
    if item.supply_price is not None:
        amounts |= amounts_of(("supply_price",), (item.supply_price,), notes, item.supply_price_currency or None)
    by = item.cancel_return_initiator
    return OrderLine(
        platform_line_id=line_id,
        platform_status=item.status or None,
        status=notes.word("status", item.status, ITEM_STATUS, OrderStatus.UNKNOWN),
        platform_listing_id=digits(item.product_id) or listing_of(item.shop_sku),
        platform_sku_id=digits(item.sku_id),
        seller_sku=item.sku or None,
        title=item.name or None,
        variant=item.variation or None,
        quantity=1,
        price=notes.money("item_price", item.item_price, currency),
        platform_type=item.order_type or None,
        platform_package_id=digits(item.package_id),
        platform_cancel_reason=item.reason or None,
        platform_cancelled_by=by if by and by != NOBODY else None,
        tracking_number=digits(item.tracking_code),
        ship_by_at=deadline(notes, "sla_time_stamp", item.sla_time_stamp),
        paid_at=moment(notes, "payment_time", item.payment_time),
        placed_at=moment(notes, "created_at", item.created_at),
        updated_at=moment(notes, "updated_at", item.updated_at),
        deliver_from_at=moment(notes, "schedule_delivery_start_timeslot", item.schedule_delivery_start_timeslot),
        deliver_by_at=moment(notes, "schedule_delivery_end_timeslot", item.schedule_delivery_end_timeslot),
        cancel_requested=item.need_cancel_confirm,
        auto_cancel_at=deadline(notes, "cancel_trigger_time", item.cancel_trigger_time),
        amounts=amounts,
        platform_more=_more(item),
    )


def listing_of(shop_sku: str | None) -> str | None:
    """The product in a platform SKU code, `itemId_SITE-skuId`: the call for several orders does not name it otherwise."""
    found = SHOP_SKU.fullmatch(shop_sku or "")
    return found.group(1) if found else None


def _more(item: Item) -> More:
    classes = zip(CLASSIFYING, CLASSES_IN(item), strict=True)
    told: More = {name: value if type(value) is str else str(value) for name, value in classes if value and value != "0"}
    told |= {name: str(flag) for name, flag in zip(NUMBER_FLAGS, NUMBER_FLAGS_IN(item), strict=True) if flag is not None}
    told |= {name: "true" for name, flag in zip(FLAGS, FLAGS_IN(item), strict=True) if flag}
    if item.pick_up_store_info is not None and item.pick_up_store_info.pick_up_store_code:
        told["pick_up_store_code"] = item.pick_up_store_info.pick_up_store_code
    return told


def _fulfilled_by(items: Sequence[Item]) -> FulfillmentBy | None:
    """The platform, where it ships all of it; the seller as soon as one piece is the seller's."""
    told = [item.is_fbl for item in items if item.is_fbl is not None]
    if not told:
        return None
    return FulfillmentBy.PLATFORM if all(told) else FulfillmentBy.SELLER


def _type_of(words: set[str]) -> OrderType | None:
    """A pre-sale among its pieces makes a pre-order; None where no word is one that we know."""
    kinds = {kind for word in words if (kind := ORDER_TYPE.get(word.lower())) is not None}
    return OrderType.PRE_ORDER if OrderType.PRE_ORDER in kinds else next(iter(kinds), None)


def _earliest(moments: Sequence[datetime | None]) -> datetime | None:
    known = [at for at in moments if at is not None]
    return min(known) if known else None


def _packages(built: Sequence[tuple[Item, OrderLine]]) -> tuple[OrderPackage, ...]:
    """The packages that the lines name, in that order."""
    inside: dict[str, list[tuple[Item, OrderLine]]] = {}
    for item, line in built:
        if line.platform_package_id is not None:
            inside.setdefault(line.platform_package_id, []).append((item, line))
    if not inside:
        return ()
    return tuple(
        [
            OrderPackage(
                platform_package_id=package_id,
                tracking_number=next((line.tracking_number for _, line in group if line.tracking_number), None),
                platform_carrier=next((item.shipment_provider for item, _ in group if item.shipment_provider), None),
                platform_line_ids=tuple([line.platform_line_id for _, line in group]),
            )
            for package_id, group in inside.items()
        ]
    )


def build_items_of_order(wire: ItemsOfOrder, notes: Notes, about: About) -> Iterable[Record]:
    """The lines of one of several orders."""
    items = wire.order_items or []
    order_id = digits(wire.order_id) or digits(wire.order_number) or next((digits(item.order_id) for item in items), None)
    if order_id is None:
        notes.left_out("order_id", "order")
        return ()
    places = [notes.under(f"order_items[{at}]") for at in range(len(items))]
    return (build_lines(order_id, items, places, about),)


def parse_items(body: bytes, about: About) -> Parsed:
    """`/order/items/get`: a list of rows, of one order; the raw bytes kept with its lines are those of the list."""
    parsed, members = open_answer(body, about, OF_ONE)
    if members is None:
        return parsed
    elements = elements_of(members.get("data"))
    if elements is None:
        return nothing(parsed, "data", "is not a list; left out")
    orders: dict[str, tuple[list[Item], list[Notes]]] = {}
    for at, raw in enumerate(elements):
        notes = Notes(f"data[{at}]", parsed.problems)
        item = read(raw, Item, notes)
        if item is None:
            continue
        order_id = digits(item.order_id) or about.get("order_id")
        if order_id is None:
            notes.left_out("order_id", "line")
            continue
        items, places = orders.setdefault(order_id, ([], []))
        items.append(item)
        places.append(notes)
    kept = bytes(members.get("data", msgspec.Raw(b"[]")))
    parsed.items = [(build_lines(order_id, items, places, about), kept) for order_id, (items, places) in orders.items()]
    return parsed


def with_lines(order: Record, told: Record) -> Record:
    """The order with its items, and what these say of it: whose shipment, paid when, due when."""
    if not isinstance(order, Order) or not isinstance(told, OrderLines):
        return order
    priced = next((line.price.currency for line in told.lines if line.price is not None), None)
    ended = next((line for line in told.lines if line.platform_cancelled_by), None) if order.status in ENDED else None
    total = order.total if order.total is None or order.total.currency else Money(order.total.amount, priced)
    return msgspec.structs.replace(
        order,
        platform_status=order.platform_status or told.platform_status,
        status=order.status if order.platform_status else told.status or order.status,
        type=told.type or order.type,
        platform_buyer_id=told.platform_buyer_id,
        fulfillment_by=told.fulfillment_by or order.fulfillment_by,
        total=total,
        paid_at=told.paid_at,
        ship_by_at=told.ship_by_at,
        auto_cancel_at=told.auto_cancel_at,
        platform_cancel_reason=ended.platform_cancel_reason if ended else None,
        platform_cancelled_by=ended.platform_cancelled_by if ended else None,
        deliver_from_at=_earliest([line.deliver_from_at for line in told.lines]),
        deliver_by_at=_earliest([line.deliver_by_at for line in told.lines]),
        lines_of=order.updated_at,
        lines=told.lines,
        packages=told.packages,
    )


parse_items_of_orders = page_parser(OF_MANY, "data", ItemsOfOrder, build_items_of_order)
