"""Orders: the list gives numbers only, the detail everything that is named in `response_optional_fields`.

A line is a listing's variation with a quantity. `ship_by_date` is by when the parcel must be handed over; when the platform
cancels by itself is said of the package, not of the order. A buyer's wish to cancel is a status of the order (IN_CANCEL).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from storeward.canon import (
    AfterSaleStatus,
    Cancellation,
    FulfillmentBy,
    Order,
    OrderLine,
    OrderPackage,
    OrderStatus,
    Record,
)
from storeward.canon.base import More
from storeward.connectors.contract import Ask, Request
from storeward.connectors.wire import Id, Notes, Wire, digits, more, text
from storeward.lib.money import Money

from .codes import FULFILLMENT, ORDER_STATUS
from .envelope import About, list_parser
from .requests import flag, get, joined, number, window, write

PAGE_SIZE: Final = 100
IDS_PER_CALL: Final = 50
LONGEST_WINDOW: Final = timedelta(days=15)

OPTIONAL: Final = (
    "buyer_user_id", "buyer_username", "estimated_shipping_fee", "actual_shipping_fee", "note", "note_update_time", "item_list",
    "pay_time", "split_up", "buyer_cancel_reason", "cancel_by", "cancel_reason", "actual_shipping_fee_confirmed",
    "fulfillment_flag", "pickup_done_time", "package_list", "shipping_carrier", "payment_method", "total_amount",
    "return_request_due_date", "edt",
)  # fmt: skip
"""What the detail holds only when it is named. Addresses, tax numbers and invoices stay where they are."""


def list_orders_request(ask: Ask) -> Request:
    """Numbers of the orders that changed within the span (15 days at most)."""
    since, until = window(ask, LONGEST_WINDOW)
    query = {
        "time_range_field": "update_time",
        "time_from": str(since),
        "time_to": str(until),
        "page_size": str(ask.page_size or PAGE_SIZE),
        "response_optional_fields": "order_status",
        "request_order_status_pending": flag(True),
    }
    return get("order.get_order_list", query)


def order_detail_request(order_ids: Sequence[str]) -> Request:
    """At most 50 orders by their numbers."""
    query = {
        "order_sn_list": joined(order_ids, IDS_PER_CALL),
        "response_optional_fields": ",".join(OPTIONAL),
        "request_order_status_pending": flag(True),
    }
    return get("order.get_order_detail", query)


def list_bookings_request(ask: Ask) -> Request:
    since, until = window(ask, LONGEST_WINDOW)
    span = {"time_range_field": "update_time", "time_from": str(since), "time_to": str(until)}
    return get("order.get_booking_list", {**span, "page_size": str(ask.page_size or PAGE_SIZE)})


def cancel_request(order_id: str, *, reason: str, items: Sequence[tuple[str, str]] = ()) -> Request:
    """Cancel before handover: OUT_OF_STOCK (with the `items` that are missing: listing and variation), CUSTOMER_REQUEST ..."""
    missing = [{"item_id": number(item), "model_id": number(model)} for item, model in items] or None
    body = {"order_sn": order_id, "cancel_reason": reason, "item_list": missing}
    return write("order.cancel_order", body, about={"order_sn": order_id})


def cancel_part_request(order_id: str, *, reason: str, items: Sequence[Mapping[str, Any]]) -> Request:
    """Cancel part of an order: `items` hold item_id, model_id, model_quantity."""
    body = {"order_sn": order_id, "cancel_reason": reason, "partial_cancel_item_list": list(items)}
    return write("order.cancel_order", body, about={"order_sn": order_id})


def answer_cancellation_request(order_id: str, *, accept: bool) -> Request:
    """Answer the buyer's wish to cancel."""
    body = {"order_sn": order_id, "operation": "ACCEPT" if accept else "REJECT"}
    return write("order.handle_buyer_cancellation", body, about={"order_sn": order_id})


def note_request(order_id: str, text: str) -> Request:
    return write("order.set_note", {"order_sn": order_id, "note": text}, about={"order_sn": order_id})


class Promotion(Wire):
    promotion_type: str | None = None
    promotion_id: Id = None


class OrderItem(Wire):
    MATTERS = frozenset({"item_id"})

    item_id: Id = None
    item_name: str | None = None
    item_sku: str | None = None
    model_id: Id = None
    model_name: str | None = None
    model_sku: str | None = None
    model_quantity_purchased: int | None = None
    model_original_price: Decimal | None = None
    model_discounted_price: Decimal | None = None
    order_item_id: Id = None
    line_item_id: Id = None
    promotion_group_id: Id = None
    promotion_type: str | None = None
    promotion_id: Id = None
    promotion_list: list[Promotion] | None = None
    add_on_deal_id: Id = None
    consultation_id: Id = None
    add_on_deal: bool | None = None
    main_item: bool | None = None
    wholesale: bool | None = None
    is_prescription_item: bool | None = None
    hot_listing_item: bool | None = None
    active_qty: int | None = None
    cancel_requested_qty: int | None = None
    cancelled_qty: int | None = None
    return_requested_qty: int | None = None
    returned_qty: int | None = None
    product_location_id: Any = None
    """Documented as text, seen as a list of texts."""


class PackageItem(Wire):
    item_id: Id = None
    model_id: Id = None
    model_quantity: int | None = None
    order_item_id: Id = None
    promotion_group_id: Id = None


class OrderPackageItem(Wire):
    MATTERS = frozenset({"package_number"})

    package_number: Id = None
    logistics_status: str | None = None
    logistics_channel_id: Id = None
    shipping_carrier: str | None = None
    item_list: list[PackageItem] | None = None


class Invoice(Wire):
    number: str | None = None
    series_number: str | None = None
    access_key: str | None = None
    tax_code: str | None = None
    status: str | None = None
    pending_reason: str | None = None
    total_value: Decimal | None = None
    products_total_value: Decimal | None = None


class OrderItself(Wire):
    """`order_list[]` of the detail."""

    MATTERS = frozenset({"order_sn", "order_status", "create_time", "total_amount", "item_list"})

    order_sn: str | None = None
    order_status: str | None = None
    region: str | None = None
    currency: str | None = None
    cod: bool | None = None
    total_amount: Decimal | None = None
    estimated_shipping_fee: Decimal | None = None
    actual_shipping_fee: Decimal | None = None
    reverse_shipping_fee: Decimal | None = None
    actual_shipping_fee_confirmed: bool | None = None
    buyer_user_id: Id = None
    create_time: int | None = None
    update_time: int | None = None
    pay_time: int | None = None
    ship_by_date: int | None = None
    pickup_done_time: int | None = None
    return_request_due_date: int | None = None
    edt_from: int | None = None
    edt_to: int | None = None
    days_to_ship: int | None = None
    message_to_seller: str | None = None
    note: str | None = None
    buyer_cancel_reason: str | None = None
    cancel_by: str | None = None
    cancel_reason: str | None = None
    fulfillment_flag: str | None = None
    shipping_carrier: str | None = None
    checkout_shipping_carrier: str | None = None
    payment_method: str | None = None
    booking_sn: str | None = None
    pending_terms: list[str] | None = None
    pending_description: list[str] | None = None
    goods_to_declare: bool | None = None
    note_update_time: int | None = None
    prescription_reject_reason: str | None = None
    invoice_data: Invoice | None = None
    split_up: bool | None = None
    advance_package: bool | None = None
    hot_listing_order: bool | None = None
    is_international: bool | None = None
    is_buyer_shop_collection: bool | None = None
    can_full_cancel_order: bool | None = None
    can_partial_cancel_order: bool | None = None
    buyer_preference_for_partial_cancellation: Id = None
    prescription_check_status: Id = None
    affiliate_sample_type: int | None = None
    item_list: list[OrderItem] | None = None
    package_list: list[OrderPackageItem] | None = None


def build_order(wire: OrderItself, notes: Notes, about: About) -> Iterable[Record]:
    """One canonical order, and the buyer's wish to cancel it where there is one; nothing (and a problem) without a number."""
    order_id = wire.order_sn or None
    if order_id is None:
        notes.left_out("order_sn", "order")
        return ()
    if not wire.order_status:
        notes.missing("order_status")
    status = notes.word("order_status", wire.order_status, ORDER_STATUS, OrderStatus.UNKNOWN)
    order = _order(wire, order_id, status, notes)
    wish = _wish(wire, order)
    return (order,) if wish is None else (order, wish)


def _order(wire: OrderItself, order_id: str, status: OrderStatus, notes: Notes) -> Order:
    at, currency = notes.at, wire.currency or None
    items = wire.item_list or ()
    ids = line_ids(items)
    packages = _packages(wire, items, ids, notes)
    ship_by = at("ship_by_date", wire.ship_by_date)
    return Order(
        platform_order_id=order_id,
        platform_status=wire.order_status or None,
        status=status,
        platform_buyer_id=digits(wire.buyer_user_id),
        platform_fulfillment=wire.fulfillment_flag or None,
        fulfillment_by=_fulfilled_by(wire.fulfillment_flag, notes),
        platform_more=_more(wire),
        total=notes.money("total_amount", wire.total_amount, currency),
        amounts=_order_amounts(wire, currency, notes),
        cash_on_delivery=wire.cod,
        sample=None if wire.affiliate_sample_type is None else wire.affiliate_sample_type != 0,
        handling_days=wire.days_to_ship or None,
        placed_at=at("create_time", wire.create_time),
        paid_at=at("pay_time", wire.pay_time),
        updated_at=at("update_time", wire.update_time),
        ship_by_at=ship_by,
        collect_by_at=ship_by,
        promised_by_at=at("edt_to", wire.edt_to),
        collected_at=at("pickup_done_time", wire.pickup_done_time),
        platform_cancel_reason=wire.cancel_reason or wire.buyer_cancel_reason or None,
        platform_cancelled_by=wire.cancel_by or None,
        buyer_note=wire.message_to_seller or None,
        seller_note=wire.note or None,
        lines=tuple(_lines(items, ids, packages, status, currency, notes)),
        packages=packages,
    )


def _fulfilled_by(word: str | None, notes: Notes) -> FulfillmentBy:
    if not word:
        return FulfillmentBy.SELLER
    return notes.word("fulfillment_flag", word, FULFILLMENT, FulfillmentBy.UNKNOWN)


SHIPPING_FEES: Final = ("estimated_shipping_fee", "actual_shipping_fee", "reverse_shipping_fee")
CLASSIFYING: Final = (
    "region", "shipping_carrier", "checkout_shipping_carrier", "payment_method", "booking_sn", "pending_terms",
    "pending_description", "buyer_preference_for_partial_cancellation", "prescription_check_status",
    "prescription_reject_reason", "note_update_time", "buyer_cancel_reason", "return_request_due_date",
    "edt_from",
)  # fmt: skip
FLAGS: Final = (
    "split_up", "advance_package", "hot_listing_order", "is_international", "is_buyer_shop_collection", "can_full_cancel_order",
    "can_partial_cancel_order", "actual_shipping_fee_confirmed", "goods_to_declare",
)  # fmt: skip


def _more(wire: OrderItself) -> More:
    told = more(wire, *CLASSIFYING)
    for name in FLAGS:
        value = getattr(wire, name)
        if value is not None:
            told[name] = "true" if value else "false"
    if wire.invoice_data is not None:
        told |= {f"invoice_data.{name}": value for name, value in more(wire.invoice_data, *INVOICE).items()}
    return told


INVOICE: Final = ("number", "series_number", "access_key", "tax_code", "status", "pending_reason")


def _order_amounts(wire: OrderItself, currency: str | None, notes: Notes) -> dict[str, Money]:
    told = amounts(wire, SHIPPING_FEES, currency, notes)
    if wire.invoice_data is not None:
        values = amounts(wire.invoice_data, ("total_value", "products_total_value"), currency, notes)
        told |= {f"invoice_data.{name}": money for name, money in values.items()}
    return told


def amounts(wire: Wire, names: Iterable[str], currency: str | None, notes: Notes) -> dict[str, Money]:
    """Those of the members that are stated, as money."""
    found = {}
    for name in names:
        money = notes.money(name, getattr(wire, name), currency)
        if money is not None:
            found[name] = money
    return found


def _wish(wire: OrderItself, order: Order) -> Cancellation | None:
    """The buyer's wish to cancel: open in IN_CANCEL, and how it ended where the reason is still told."""
    if wire.order_status != "IN_CANCEL" and not wire.buyer_cancel_reason:
        return None
    if wire.order_status == "IN_CANCEL":
        status = AfterSaleStatus.PENDING
    else:
        cancelled = order.status is OrderStatus.CANCELLED
        status = AfterSaleStatus.COMPLETED if cancelled else AfterSaleStatus.REFUSED
    return Cancellation(
        platform_cancellation_id=order.platform_order_id,
        platform_order_id=order.platform_order_id,
        platform_status=order.platform_status,
        status=status,
        platform_role=wire.cancel_by or None,
        platform_reason=wire.buyer_cancel_reason or wire.cancel_reason or None,
        platform_buyer_id=order.platform_buyer_id,
        updated_at=order.updated_at,
        order_placed_at=order.placed_at,
        refund_asked=order.total if status is AfterSaleStatus.PENDING else None,
    )


Named = tuple[str, str, str, str]


def _whose(item: "OrderItem | PackageItem") -> Named:
    """What tells a line from the others of its order: no single number does."""
    return str(item.item_id), str(item.model_id or 0), str(item.order_item_id or 0), str(item.promotion_group_id or 0)


def line_ids(items: Sequence["OrderItem | PackageItem"]) -> list[str]:
    """An id for each line: the platform's line number, with as much more as tells it from the others of the order."""
    numbers = [digits(item.order_item_id) or digits(item.item_id) or "0" for item in items]
    if len(set(numbers)) == len(numbers):
        return numbers
    longer = [f"{line}:{item.model_id or 0}" for line, item in zip(numbers, items, strict=True)]
    found: list[str] = []
    for line, whole in zip(numbers, longer, strict=True):
        name = line if numbers.count(line) == 1 else whole
        found.append(name if name not in found else f"{name}:{len(found)}")
    return found


def _lines(
    items: Sequence[OrderItem],
    ids: Sequence[str],
    packages: Sequence[OrderPackage],
    status: OrderStatus,
    currency: str | None,
    notes: Notes,
) -> Iterable[OrderLine]:
    where = {line: package.platform_package_id for package in packages for line in package.platform_line_ids}
    for at, (item, line_id) in enumerate(zip(items, ids, strict=True)):
        if digits(item.item_id) is None and digits(item.order_item_id) is None:
            notes.left_out(f"item_list[{at}].item_id", "line")
            continue
        yield _line(item, line_id, where.get(line_id), status, currency, notes.under(f"item_list[{at}]"))


LINE_CLASSIFYING: Final = (
    "promotion_type", "promotion_id", "promotion_group_id", "add_on_deal_id", "line_item_id", "consultation_id", "active_qty",
    "cancel_requested_qty", "cancelled_qty", "return_requested_qty", "returned_qty",
)  # fmt: skip


LINE_FLAGS: Final = ("add_on_deal", "main_item", "wholesale", "is_prescription_item", "hot_listing_item")
"""Kept where they are set: a line is none of these as a rule."""


def _line(
    item: OrderItem, line_id: str, package: str | None, status: OrderStatus, currency: str | None, notes: Notes
) -> OrderLine:
    """Its price is that of one unit as sold."""
    told = more(item, *LINE_CLASSIFYING)
    for name in LINE_FLAGS:
        if getattr(item, name):
            told[name] = "true"
    if places := location_ids(item.product_location_id):
        told["product_location_id"] = places
    return OrderLine(
        platform_line_id=line_id,
        status=status,
        platform_listing_id=digits(item.item_id),
        platform_sku_id=digits(item.model_id),
        seller_sku=item.model_sku or item.item_sku or None,
        title=item.item_name or None,
        variant=item.model_name or None,
        quantity=item.model_quantity_purchased,
        price=notes.money("model_discounted_price", item.model_discounted_price, currency),
        amounts=amounts(item, ("model_original_price",), currency, notes),
        platform_package_id=package,
        cancel_requested=bool(item.cancel_requested_qty) if item.cancel_requested_qty is not None else None,
        platform_more=told,
    )


def location_ids(told: Any) -> tuple[str, ...]:
    """Stock locations, whether one text or a list of them."""
    named = told if isinstance(told, list) else [told]
    return tuple([one for one in named if isinstance(one, str) and one])


def _packages(wire: OrderItself, items: Sequence[OrderItem], ids: Sequence[str], notes: Notes) -> tuple[OrderPackage, ...]:
    lines = dict(zip(map(_whose, items), ids, strict=True)) if wire.package_list else {}
    found = []
    for at, package in enumerate(wire.package_list or ()):
        number = digits(package.package_number)
        if number is None:
            notes.left_out(f"package_list[{at}].package_number", "package")
            continue
        inside = [line for item in package.item_list or () if (line := lines.get(_whose(item)))]
        found.append(
            OrderPackage(
                platform_package_id=number,
                platform_carrier=package.shipping_carrier or None,
                platform_carrier_id=digits(package.logistics_channel_id),
                platform_status=package.logistics_status or None,
                platform_line_ids=tuple(dict.fromkeys(inside)),
            )
        )
    return tuple(found)


class ListedOrder(Wire):
    MATTERS = frozenset({"order_sn"})

    order_sn: str | None = None
    order_status: str | None = None
    booking_sn: str | None = None


def build_listed_order(wire: ListedOrder, notes: Notes, about: About) -> Iterable[Record]:
    """A row of the list: a number, and a status where it was asked for."""
    if not wire.order_sn:
        notes.left_out("order_sn", "order")
        return ()
    status = notes.word("order_status", wire.order_status, ORDER_STATUS, OrderStatus.UNKNOWN)
    word = text(wire.order_status)
    return (Order(platform_order_id=wire.order_sn, platform_status=word, status=status, platform_more=more(wire, "booking_sn")),)


class Booking(Wire):
    MATTERS = frozenset({"booking_sn"})

    booking_sn: str | None = None
    order_sn: str | None = None
    booking_status: str | None = None


parse_order_list = list_parser("order_list", ListedOrder, build_listed_order)
parse_orders = list_parser("order_list", OrderItself, build_order)
