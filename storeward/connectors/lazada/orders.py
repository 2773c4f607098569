"""Orders: the list, one of them, and the writes about an order as a whole (fact sheet section 12).

The list knows no items: they come by a call of their own (`lines`). An order has no status, but the set of those of its items.
Paging goes by the time of change, not by offset: what changes while we page leaves its place, and an offset would jump over
another order.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Final

from storeward.canon import Order, OrderStatus, Record
from storeward.connectors.contract import Request
from storeward.connectors.wire import Id, Notes, Wire, digits, more
from storeward.lib.money import Money

from .codes import ITEM_STATUS, status_of_all
from .envelope import About, Page, currency_of, page_parser, place_in, receipt_parser, thing_parser
from .requests import get, page_token, paged, write
from .times import iso, moment

LIST, ONE, INVOICE, DOCUMENT = "/orders/get", "/order/get", "/order/invoice_number/set", "/order/document/get"
PAGE_SIZE: Final = 100
FIRST_ORDER: Final = datetime(2012, 1, 1, tzinfo=UTC)
"""Before the platform's first one: the list wants a beginning."""
SECOND: Final = timedelta(seconds=1)


def list_orders_request(
    *,
    updated_since: datetime | None = None,
    updated_until: datetime | None = None,
    page_size: int = PAGE_SIZE,
    status: str | None = None,
) -> Request:
    """Orders that changed in the span, oldest change first."""
    params = {
        "update_after": iso(updated_since or FIRST_ORDER),
        "update_before": iso(updated_until) if updated_until else None,
        "sort_by": "updated_at",
        "sort_direction": "ASC",
        "limit": page_size,
        "offset": 0,
        "status": status,
    }
    return paged(get(LIST, params))


def order_request(order_id: str) -> Request:
    return get(ONE, {"order_id": order_id}, about={"order_id": order_id})


def document_request(order_item_ids: Sequence[str], doc_type: str = "invoice") -> Request:
    """The older documents, by items: `invoice`, `shippingLabel`, `carrierManifest`. Labels are better asked for by package."""
    return get(DOCUMENT, {"doc_type": doc_type, "order_item_ids": f"[{','.join(order_item_ids)}]"})


def set_invoice_number_request(order_item_id: str, invoice_number: str) -> Request:
    return write(INVOICE, {"order_item_id": order_item_id, "invoice_number": invoice_number})


class OrderItem(Wire):
    """`data.orders[]` of the list, and `data` of the single call."""

    MATTERS = frozenset({"order_id", "statuses", "price", "created_at"})

    order_id: Id = None
    order_number: Id = None
    statuses: list[str] | None = None
    created_at: Id = None
    updated_at: Id = None
    address_updated_at: Id = None
    price: Decimal | None = None
    voucher: Decimal | None = None
    voucher_platform: Decimal | None = None
    voucher_seller: Decimal | None = None
    shipping_fee: Decimal | None = None
    shipping_fee_original: Decimal | None = None
    shipping_fee_discount_seller: Decimal | None = None
    shipping_fee_discount_platform: Decimal | None = None
    payment_method: str | None = None
    warehouse_code: str | None = None
    voucher_code: str | None = None
    items_count: int | None = None
    promised_shipping_times: Id = None
    delivery_info: str | None = None
    buyer_note: str | None = None
    remarks: str | None = None
    gift_option: bool | None = None
    need_cancel_confirm: bool | None = None
    is_cancel_pending: bool | None = None


AMOUNTS: Final = (
    "voucher", "voucher_platform", "voucher_seller", "shipping_fee", "shipping_fee_original", "shipping_fee_discount_seller",
    "shipping_fee_discount_platform",
)  # fmt: skip
CLASSIFYING: Final = (
    "payment_method", "warehouse_code", "voucher_code", "items_count", "promised_shipping_times", "delivery_info",
    "address_updated_at",
)  # fmt: skip
AMOUNTS_IN: Final = attrgetter(*AMOUNTS)
FLAGS: Final = ("gift_option", "need_cancel_confirm", "is_cancel_pending")
CASH: Final = "COD"


def build_order(wire: OrderItem, notes: Notes, about: About) -> Iterable[Record]:
    """One canonical order without lines; nothing (and a problem) where it has no id. `total` is before vouchers and shipping."""
    order_id = digits(wire.order_id) or digits(wire.order_number)
    if order_id is None:
        notes.left_out("order_id", "order")
        return ()
    words = sorted({word for word in wire.statuses or () if word})
    if not words:
        notes.missing("statuses")
    currency = currency_of(about)
    told = more(wire, *CLASSIFYING)
    told |= {name: "true" for name in FLAGS if getattr(wire, name)}
    return (
        Order(
            platform_order_id=order_id,
            platform_status="+".join(words) or None,
            status=reading_of(words, notes),
            platform_more=told,
            total=notes.money("price", wire.price, currency),
            cash_on_delivery=None if not wire.payment_method else wire.payment_method.upper() == CASH,
            placed_at=moment(notes, "created_at", wire.created_at),
            updated_at=moment(notes, "updated_at", wire.updated_at),
            buyer_note=wire.buyer_note or None,
            seller_note=wire.remarks or None,
            amounts=amounts_of(AMOUNTS, AMOUNTS_IN(wire), notes, currency),
        ),
    )


def reading_of(words: Iterable[str], notes: Notes, field: str = "statuses") -> OrderStatus:
    """Where an order with items of those statuses stands."""
    return status_of_all([notes.word(field, word, ITEM_STATUS, OrderStatus.UNKNOWN) for word in words])


def amounts_of(names: Sequence[str], values: Sequence[Decimal | None], notes: Notes, currency: str | None) -> dict[str, Money]:
    """Those amounts that are not zero, under the platform's names."""
    told = [(name, value) for name, value in zip(names, values, strict=True) if value]
    return {name: money for name, value in told if (money := notes.money(name, value, currency)) is not None}


def following(page: Page) -> str | None:
    """A full page has a next one: from the latest change on; by offset only where more than a page changed at one instant."""
    limit, offset = place_in(page.about, "limit", PAGE_SIZE), place_in(page.about, "offset", 0)
    reached = offset + page.rows
    if page.rows < limit or not page.rows or (page.total is not None and reached >= page.total):
        return None
    latest = max((r.updated_at for r in page.records if isinstance(r, Order) and r.updated_at), default=None)
    if latest is not None and iso(latest - SECOND) > page.about.get("update_after", ""):
        return page_token(update_after=iso(latest - SECOND), offset="0")
    return page_token(offset=str(reached))


parse_orders = page_parser(LIST, "data.orders", OrderItem, build_order, following=following, total="countTotal")
parse_order = thing_parser(ONE, "data", OrderItem, build_order)
parse_document = receipt_parser(DOCUMENT, "data.document", "document_type", "mime_type", "file")
parse_invoice = receipt_parser(INVOICE, "data", "order_item_id", "invoice_number")
