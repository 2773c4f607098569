"""After-sales: refunds, returns, exchanges, reissues, repairs and price protection are one list (fact sheet section 8).

The states of the case and of the money are independent: money has left only where `refund_status` is 3, and only the detail says
how much and when. The list and the detail spell many members differently, and hold ids as text and as numbers.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from storeward.canon import AfterSaleLine, AfterSaleStatus, Record, Return, ReturnType
from storeward.canon.base import More
from storeward.connectors.contract import Request
from storeward.connectors.wire import Id, Notes, Wire, digits
from storeward.lib.money import Money

from .codes import AFTER_SALE_STATUS, AFTER_SALE_TYPE, DISPUTED, SELLERS_TURN
from .envelope import About, list_parser, receipt_parser
from .order_wire import Spec
from .orders import variant_of
from .paging import by_change
from .requests import number, read, unix
from .values import Amounts, Ids, Times, Words, earliest, fen, word

PAGE_SIZE: Final = 100


def list_after_sales_request(*, updated_since: datetime, updated_until: datetime, page_size: int = PAGE_SIZE) -> Request:
    """Cases that changed in the span, oldest change first; sorted otherwise, rows would be missed."""
    since = unix(updated_since)
    until = max(unix(updated_until), since + 1)
    told = {
        "update_start_time": since,
        "update_end_time": until,
        "order_by": ["update_time asc"],
        "page": 0,
        "size": page_size,
    }
    about = {"since": str(since), "until": str(until), "page": "0", "size": str(page_size)}
    return read("afterSale.List", told, about=about)


def after_sale_request(after_sale_id: str) -> Request:
    return read("afterSale.Detail", {"after_sale_id": after_sale_id, "need_operation_record": True})


def reject_reasons_request(after_sale_id: str) -> Request:
    """For which reasons this case may be refused, and which of them want proof."""
    return read("afterSale.rejectReasonCodeList", {"aftersale_id": number(after_sale_id)})


class Label(Wire):
    code: Id = None
    name: str | None = None


class ShownTag(Wire):
    tag_detail: str | None = None


class ExchangeSku(Wire):
    sku_id: Id = None
    code: str | None = None
    out_sku_id: Id = None
    out_warehouse_id: Id = None
    name: str | None = None
    spec_desc: str | None = None
    num: Id = None
    price: int | None = None
    """Fen as text: the one amount that comes so."""


class Parcel(Wire):
    tracking_no: str | None = None
    company_name: str | None = None
    company_code: str | None = None
    logistics_state: Id = None


class Case(Wire):
    """`aftersale_info` of the list."""

    MATTERS = frozenset({"aftersale_id", "aftersale_status", "refund_amount"})

    aftersale_id: Id = None
    aftersale_order_type: Id = None
    aftersale_type: Id = None
    aftersale_status: Id = None
    related_id: Id = None
    apply_time: int | None = None
    update_time: int | None = None
    status_deadline: int | None = None
    refund_amount: int | None = None
    refund_post_amount: int | None = None
    aftersale_num: Id = None
    part_type: Id = None
    aftersale_refund_type: Id = None
    refund_type: Id = None
    arbitrate_status: Id = None
    create_time: int | None = None
    refund_tax_amount: int | None = None
    return_logistics_code: str | None = None
    risk_decision_code: Id = None
    risk_decision_reason: str | None = None
    return_promotion_amount: int | None = None
    refund_status: Id = None
    arbitrate_blame: Id = None
    exchange_sku_info: ExchangeSku | None = None
    return_logistics_company_name: str | None = None
    exchange_logistics_company_name: str | None = None
    remark: str | None = None
    got_pkg: Id = None
    order_logistics: list[Parcel] | None = None
    is_agree_refuse_sign: Id = None
    reason_second_labels: list[Label] | None = None
    aftersale_tags: list[ShownTag] | None = None
    store_id: Id = None
    aftersale_sub_type: Id = None


class CaseLine(Wire):
    """`related_order_info[]` of the list."""

    MATTERS = frozenset({"sku_order_id"})

    sku_order_id: Id = None
    order_status: Id = None
    pay_amount: int | None = None
    post_amount: int | None = None
    item_num: Id = None
    create_time: int | None = None
    tax_amount: int | None = None
    is_oversea_order: Id = None
    product_name: str | None = None
    product_id: Id = None
    sku_spec: list[Spec] | None = None
    shop_sku_code: str | None = None
    logistics_code: str | None = None
    aftersale_pay_amount: int | None = None
    aftersale_post_amount: int | None = None
    aftersale_tax_amount: int | None = None
    aftersale_item_num: int | None = None
    promotion_pay_amount: int | None = None
    price: int | None = None


class CaseOrder(Wire):
    shop_order_id: Id = None
    related_order_info: list[CaseLine] | None = None
    order_flag: Id = None


class Texts(Wire):
    aftersale_status_text: str | None = None
    aftersale_type_text: str | None = None
    reason_text: str | None = None
    return_logistics_text: str | None = None


class CaseItem(Wire):
    """`items[]` of the list."""

    MATTERS = frozenset({"aftersale_info"})

    aftersale_info: Case | None = None
    order_info: CaseOrder | None = None
    text_part: Texts | None = None


CASE_TIMES: Final = Times("apply_time", "create_time", "update_time", "status_deadline")
CASE_AMOUNTS: Final = Amounts("refund_post_amount", "refund_tax_amount", "return_promotion_amount")
CASE_WORDS: Final = Words(
    "refund_status", "aftersale_order_type", "part_type", "aftersale_refund_type", "refund_type", "got_pkg",
    "is_agree_refuse_sign", "risk_decision_code", "risk_decision_reason", "arbitrate_blame", "aftersale_sub_type",
    "aftersale_num", "remark", "exchange_logistics_company_name",
)  # fmt: skip
CASE_IDS: Final = Ids("related_id", "store_id")
CASE_LINE_AMOUNTS: Final = Amounts(
    "pay_amount", "post_amount", "tax_amount", "aftersale_post_amount", "aftersale_tax_amount", "promotion_pay_amount"
)
CASE_LINE_WORDS: Final = Words("is_oversea_order", "item_num")
EXCHANGE_IDS: Final = Ids("sku_id", "code", "out_sku_id", "out_warehouse_id", "name", "spec_desc", "num")


def build_case(wire: CaseItem, notes: Notes, about: About) -> Iterable[Record]:
    """One case of the list: what is asked, not what was paid."""
    case, order, texts = wire.aftersale_info or Case(), wire.order_info or CaseOrder(), wire.text_part or Texts()
    within = notes.under("aftersale_info")
    case_id = digits(case.aftersale_id)
    if case_id is None:
        within.left_out("aftersale_id", "after-sale")
        return ()
    applied_at, created_at, updated_at, deadline = CASE_TIMES(case, within)
    status = word(case.aftersale_status)
    arbitration = word(case.arbitrate_status)
    labels = [label for label in case.reason_second_labels or () if label.code is not None or label.name]
    return (
        Return(
            platform_return_id=case_id,
            platform_order_id=digits(order.shop_order_id),
            platform_type=word(case.aftersale_type),
            type=type_of(case.aftersale_type, "aftersale_type", within),
            platform_status=status,
            status=status_of(status, "aftersale_status", within),
            platform_arbitration_status=arbitration,
            platform_reason=", ".join(str(label.code) for label in labels if label.code is not None) or None,
            reason_text=texts.reason_text or ", ".join(label.name for label in labels if label.name) or None,
            tracking_number=case.return_logistics_code or None,
            carrier=case.return_logistics_company_name or None,
            platform_more=_more(case, order),
            disputed=disputed(arbitration),
            order_placed_at=placed_at(
                [
                    (line.create_time, f"order_info.related_order_info[{nth}].create_time")
                    for nth, line in enumerate(order.related_order_info or ())
                ],
                notes,
            ),
            requested_at=applied_at or created_at,
            updated_at=updated_at,
            answer_by_at=deadline if status in SELLERS_TURN else None,
            deadlines={"status_deadline": deadline} if deadline else {},
            amounts=CASE_AMOUNTS(case, within) | exchange_price(case.exchange_sku_info, within),
            refund_asked=fen(case.refund_amount, "refund_amount", within),
            lines=_lines(order, notes.under("order_info")),
        ),
    )


def placed_at(times: Sequence[tuple[int | None, str]], notes: Notes) -> datetime | None:
    """When the order of a case was placed: its lines tell, each with the field that it stands in."""
    return earliest(notes.at(field, seconds) for seconds, field in times if seconds)


def type_of(told: Id, field: str, notes: Notes) -> ReturnType:
    return notes.word(field, word(told), AFTER_SALE_TYPE, ReturnType.UNKNOWN)


def status_of(told: str | None, field: str, notes: Notes) -> AfterSaleStatus:
    return notes.word(field, told, AFTER_SALE_STATUS, AfterSaleStatus.UNKNOWN)


def disputed(arbitration: str | None) -> bool | None:
    return None if arbitration is None else arbitration in DISPUTED


def _more(case: Case, order: CaseOrder) -> More:
    told = CASE_WORDS(case) | CASE_IDS(case) | shown(case.aftersale_tags) | exchange(case.exchange_sku_info)
    if (order_flag := word(order.order_flag)) is not None:
        told["order_flag"] = order_flag
    if sent := tuple([parcel.tracking_no for parcel in case.order_logistics or () if parcel.tracking_no]):
        told["order_logistics.tracking_no"] = sent
    return told


def shown(tags: list[ShownTag] | None) -> More:
    """Tags that the platform shows beside the case: for display only."""
    shown = tuple([tag.tag_detail for tag in tags or () if tag.tag_detail])
    return {"aftersale_tags": shown} if shown else {}


def exchange(sku: ExchangeSku | None) -> More:
    return {f"exchange_sku_info.{name}": told for name, told in EXCHANGE_IDS(sku).items()} if sku is not None else {}


def exchange_price(sku: ExchangeSku | None, notes: Notes) -> dict[str, Money]:
    price = fen(sku.price, "exchange_sku_info.price", notes) if sku is not None else None
    return {"exchange_sku_info.price": price} if price is not None else {}


def _lines(order: CaseOrder, notes: Notes) -> tuple[AfterSaleLine, ...]:
    made = (_line(line, notes.under(f"related_order_info[{nth}]")) for nth, line in enumerate(order.related_order_info or ()))
    return tuple([line for line in made if line is not None])


def _line(line: CaseLine, notes: Notes) -> AfterSaleLine | None:
    line_id = digits(line.sku_order_id)
    if line_id is None:
        notes.left_out("sku_order_id", "line")
        return None
    return AfterSaleLine(
        platform_line_id=line_id,
        platform_order_line_id=line_id,
        seller_sku=line.shop_sku_code or None,
        title=line.product_name or None,
        variant=variant_of(line.sku_spec) if line.sku_spec else None,
        refund_asked=fen(line.aftersale_pay_amount, "aftersale_pay_amount", notes),
        quantity=line.aftersale_item_num,
        price=fen(line.price, "price", notes),
        platform_listing_id=digits(line.product_id),
        platform_status=word(line.order_status),
        tracking_number=line.logistics_code or None,
        amounts=CASE_LINE_AMOUNTS(line, notes),
        platform_more=CASE_LINE_WORDS(line),
    )


parse_after_sales = list_parser("afterSale.List", "items", CaseItem, build_case, paging=by_change)
parse_reject_reasons = receipt_parser("afterSale.rejectReasonCodeList")
