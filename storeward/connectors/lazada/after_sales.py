"""Returns, refunds and cancellations, which Lazada calls reverse orders (fact sheet section 14).

The list and the detail use different names for the same things; one shape reads both. Amounts are in the smallest unit.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from storeward.canon import AfterSaleLine, AfterSaleStatus, Cancellation, Record, Return, ReturnType
from storeward.canon.base import More
from storeward.connectors.contract import Request
from storeward.connectors.wire import Id, Notes, Wire, digits, more
from storeward.lib.money import Money

from .codes import CANCEL, FIRST_OF_LINES, PAID_BACK, RETURN_TYPE, REVERSE_STATUS, SELLER_ANSWERS
from .envelope import About, Page, count_in, currency_of, page_parser, place_in, site_of, thing_parser
from .money import minor
from .requests import get, packed, page_token, paged
from .sites import Site, site_of_codes
from .times import deadline, milliseconds, moment

LIST, DETAIL = "/reverse/getreverseordersforseller", "/order/reverse/return/detail/list"
PAGE_SIZE: Final = 20
"""The largest is not documented; the answer says what it was."""
RETURNS: Final = ("RETURN", "ONLY_REFUND")
CANCELLATIONS: Final = (CANCEL,)


def list_request(
    types: Sequence[str],
    *,
    updated_since: datetime | None = None,
    updated_until: datetime | None = None,
    page_size: int = PAGE_SIZE,
    reverse_order_id: str | None = None,
) -> Request:
    """Reverse orders of those types of which a line changed in the span, or the one with that id."""
    params = {
        "page_no": 1,
        "page_size": page_size,
        "request_type_list": packed(list(types)) if types else None,
        "ReverseOrderLineModifiedTimeRangeStart": milliseconds(updated_since) if updated_since else None,
        "ReverseOrderLineModifiedTimeRangeEnd": milliseconds(updated_until) if updated_until else None,
        "reverse_order_id": reverse_order_id,
    }
    return paged(get(LIST, params))


def detail_request(reverse_order_id: str) -> Request:
    return get(DETAIL, {"reverse_order_id": reverse_order_id})


class Buyer(Wire):
    buyer_id: Id = None
    user_id: Id = None


class Product(Wire):
    product_id: Id = None
    product_sku: Id = None
    sku: Id = None


class ReverseLine(Wire, rename={"product_dto": "productDTO"}):
    MATTERS = frozenset({"reverse_order_line_id", "reverse_status", "sla", "refund_amount"})

    reverse_order_line_id: Id = None
    trade_order_line_id: Id = None
    reverse_status: str | None = None
    ofc_status: str | None = None
    buyer: Buyer | None = None
    product: Product | None = None
    product_dto: Product | None = None
    seller_sku_id: str | None = None
    platform_sku_id: str | None = None
    refund_amount: Decimal | None = None
    item_unit_price: Decimal | None = None
    refund_payment_method: str | None = None
    reason_text: str | None = None
    reason_code: Id = None
    whqc_decision: str | None = None
    is_dispute: bool | None = None
    is_need_refund: bool | None = None
    tracking_number: Id = None
    sla: Id = None
    trade_order_gmt_create: Id = None
    return_order_line_gmt_create: Id = None
    return_order_line_gmt_modified: Id = None


class ReverseOrder(Wire, rename={"detail_lines": "reverseOrderLineDTOList"}):
    """`result.items[]` of the list, and `data` of the detail."""

    MATTERS = frozenset({"reverse_order_id", "request_type", "reverse_order_lines", "detail_lines"})

    reverse_order_id: Id = None
    trade_order_id: Id = None
    request_type: str | None = None
    shipping_type: str | None = None
    is_rtm: bool | None = None
    reverse_order_lines: list[ReverseLine] | None = None
    detail_lines: list[ReverseLine] | None = None


def build_reverse_order(wire: ReverseOrder, notes: Notes, about: About) -> Iterable[Record]:
    """A cancellation, or a return or refund; of a type that we do not know a return of unknown type."""
    reverse_id = digits(wire.reverse_order_id)
    if reverse_id is None:
        notes.left_out("reverse_order_id", "reverse order")
        return ()
    if not wire.request_type:
        notes.missing("request_type")
    name = "reverse_order_lines" if wire.reverse_order_lines is not None else "reverseOrderLineDTOList"
    told = wire.reverse_order_lines if wire.reverse_order_lines is not None else wire.detail_lines or []
    site = site_of(about) or site_of_codes(line.platform_sku_id for line in told)
    built = [_line(line, notes.under(f"{name}[{at}]"), site, currency_of(about)) for at, line in enumerate(told)]
    lines = tuple(line for line in built if line is not None)
    first = told[0] if told else ReverseLine()
    if wire.request_type == CANCEL:
        return (_cancellation(wire, reverse_id, first, lines, notes),)
    return (_return(wire, reverse_id, first, lines, notes),)


def _cancellation(
    wire: ReverseOrder, reverse_id: str, first: ReverseLine, lines: tuple[AfterSaleLine, ...], notes: Notes
) -> Cancellation:
    status = _status(lines)
    return Cancellation(
        platform_cancellation_id=reverse_id,
        platform_order_id=digits(wire.trade_order_id),
        platform_type=wire.request_type or None,
        platform_status=_words(lines),
        status=status,
        platform_reason=digits(first.reason_code),
        reason_text=first.reason_text or None,
        platform_buyer_id=_buyer(first),
        platform_more=_more_of_all(wire),
        order_placed_at=moment(notes, "trade_order_gmt_create", first.trade_order_gmt_create),
        requested_at=min((line.requested_at for line in lines if line.requested_at), default=None),
        updated_at=max((line.updated_at for line in lines if line.updated_at), default=None),
        answer_by_at=_answer_by(lines),
        refund_asked=sum_of([line.refund_asked for line in lines]),
        refunded=sum_of([line.refunded for line in lines if line.refunded is not None]),
        lines=lines,
    )


def _return(wire: ReverseOrder, reverse_id: str, first: ReverseLine, lines: tuple[AfterSaleLine, ...], notes: Notes) -> Return:
    status = _status(lines)
    return Return(
        platform_return_id=reverse_id,
        platform_order_id=digits(wire.trade_order_id),
        platform_type=wire.request_type or None,
        type=notes.word("request_type", wire.request_type, RETURN_TYPE, ReturnType.UNKNOWN),
        platform_status=_words(lines),
        status=status,
        platform_reason=digits(first.reason_code),
        reason_text=first.reason_text or None,
        tracking_number=next((line.tracking_number for line in lines if line.tracking_number), None),
        platform_shipment_type=wire.shipping_type or None,
        platform_more=_more_of_all(wire),
        platform_buyer_id=_buyer(first),
        disputed=_any_dispute(wire),
        to_seller=wire.is_rtm,
        order_placed_at=moment(notes, "trade_order_gmt_create", first.trade_order_gmt_create),
        requested_at=min((line.requested_at for line in lines if line.requested_at), default=None),
        updated_at=max((line.updated_at for line in lines if line.updated_at), default=None),
        answer_by_at=_answer_by(lines),
        refund_asked=sum_of([line.refund_asked for line in lines]),
        refunded=sum_of([line.refunded for line in lines if line.refunded is not None]),
        lines=lines,
    )


def _line(wire: ReverseLine, notes: Notes, site: Site | None, currency: str | None) -> AfterSaleLine | None:
    line_id = digits(wire.reverse_order_line_id)
    if line_id is None:
        notes.left_out("reverse_order_line_id", "line")
        return None
    if not wire.reverse_status:
        notes.missing("reverse_status")
    product = wire.product or wire.product_dto or Product()
    asked = minor(notes, "refund_amount", wire.refund_amount, site, currency)
    return AfterSaleLine(
        platform_line_id=line_id,
        platform_order_line_id=digits(wire.trade_order_line_id),
        platform_sku_id=digits(product.product_sku) or digits(product.sku),
        platform_listing_id=digits(product.product_id),
        seller_sku=wire.seller_sku_id or None,
        refund_asked=asked,
        refunded=asked if wire.reverse_status in PAID_BACK else None,
        price=minor(notes, "item_unit_price", wire.item_unit_price, site, currency),
        platform_status=wire.reverse_status or None,
        platform_reason=digits(wire.reason_code),
        reason_text=wire.reason_text or None,
        tracking_number=digits(wire.tracking_number),
        requested_at=moment(notes, "return_order_line_gmt_create", wire.return_order_line_gmt_create),
        updated_at=moment(notes, "return_order_line_gmt_modified", wire.return_order_line_gmt_modified),
        answer_by_at=deadline(notes, "sla", wire.sla),
        platform_more=more(wire, "ofc_status", "refund_payment_method", "whqc_decision", "platform_sku_id"),
    )


def _readings(lines: Sequence[AfterSaleLine]) -> set[AfterSaleStatus]:
    return {REVERSE_STATUS.get(line.platform_status or "", AfterSaleStatus.UNKNOWN) for line in lines}


def _status(lines: Sequence[AfterSaleLine]) -> AfterSaleStatus:
    """The request stands where the line stands that most wants an answer."""
    return min(_readings(lines), key=FIRST_OF_LINES.index, default=AfterSaleStatus.UNKNOWN)


def _words(lines: Sequence[AfterSaleLine]) -> str | None:
    return "+".join(sorted({line.platform_status for line in lines if line.platform_status})) or None


def _answer_by(lines: Sequence[AfterSaleLine]) -> datetime | None:
    """The earliest deadline of a line that waits for the seller."""
    waiting = [
        line for line in lines if REVERSE_STATUS.get(line.platform_status or "", AfterSaleStatus.UNKNOWN) in SELLER_ANSWERS
    ]
    return min((line.answer_by_at for line in waiting if line.answer_by_at), default=None)


def sum_of(amounts: Sequence[Money | None]) -> Money | None:
    """The sum of the lines, where each of them states its part."""
    stated = [money for money in amounts if money is not None]
    if not stated or len(stated) < len(amounts):
        return None
    return Money(sum((money.amount for money in stated), Decimal(0)), stated[0].currency)


def _buyer(line: ReverseLine) -> str | None:
    buyer = line.buyer or Buyer()
    return digits(buyer.buyer_id) or digits(buyer.user_id)


def _any_dispute(wire: ReverseOrder) -> bool | None:
    told = [line.is_dispute for line in wire.reverse_order_lines or wire.detail_lines or () if line.is_dispute is not None]
    return any(told) if told else None


def _more_of_all(wire: ReverseOrder) -> More:
    told = more(wire, "shipping_type")
    if wire.is_rtm is not None:
        told["is_rtm"] = str(wire.is_rtm).lower()
    return told


def following(page: Page) -> str | None:
    """The next page by number; how many rows a page has is what the answer says, not what was asked for."""
    at = place_in(page.about, "page_no", 1)
    each = count_in(page.members, "page_size") or place_in(page.about, "page_size", PAGE_SIZE)
    if not page.rows or (page.total is None and page.rows < each) or (page.total is not None and at * each >= page.total):
        return None
    return page_token(page_no=str(at + 1))


parse_reverse_orders = page_parser(LIST, "result.items", ReverseOrder, build_reverse_order, following=following, total="total")
parse_reverse_order = thing_parser(DETAIL, "data", ReverseOrder, build_reverse_order)
