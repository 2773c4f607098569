"""Statements, their lines, movements of money, and logistics fees (fact sheet section 19). Text throughout, dates without zone.

There is no balance call: it follows from the last statement's closing balance and what moved since.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from storeward.canon import Record, Statement, StatementStatus, Transaction, TransactionStatus
from storeward.connectors.contract import Request
from storeward.connectors.wire import Id, Notes, Wire, digits, more
from storeward.lib.money import Money

from .codes import PAID_WORDS, STATEMENT_STATUS, TRANSFER_STEP
from .envelope import About, Page, count_in, currency_of, next_offset, page_parser, place_in, site_of
from .fees import FEES, category_of
from .money import amount, currency_in
from .requests import ask, get, page_token, paged
from .sites import BY_CURRENCY, Site, site_of_number, site_of_shop_sku
from .times import day_of, moment, start_of

PAYOUTS, LINES = "/finance/payout/status/get", "/finance/transaction/details/get"
MOVEMENTS, LOGISTICS = "/finance/transaction/accountTransactions/query", "/lbs/slb/queryLogisticsFeeDetail"
LINES_A_PAGE: Final = 500
MOVEMENTS_A_PAGE: Final = 50
FEES_A_PAGE: Final = 20
ALL_FEES: Final = "-1"
FIRST_DAY: Final = date(2012, 1, 1)
"""Before the platform's first statement: the calls want a beginning."""
LAST_DAY: Final = date(2099, 12, 31)


def payouts_request(*, created_since: date | None = None) -> Request:
    """All statements made since that day; there are no pages."""
    return get(PAYOUTS, {"created_after": (created_since or FIRST_DAY).isoformat()})


def lines_request(since: date, until: date, *, page_size: int = LINES_A_PAGE, order_id: str | None = None) -> Request:
    """The lines of both days and those between; less than 180 of them."""
    params = {
        "start_time": since.isoformat(),
        "end_time": until.isoformat(),
        "trans_type": ALL_FEES,
        "trade_order_id": order_id,
        "limit": page_size,
        "offset": 0,
    }
    return paged(get(LINES, params))


def movements_request(*, since: date | None = None, until: date | None = None, page_size: int = MOVEMENTS_A_PAGE) -> Request:
    """What moved on the account: settlements in, withdrawals out. A read, though it is POST."""
    params = {
        "start_time": f"{since or FIRST_DAY:%Y%m%d}",
        "end_time": f"{until or LAST_DAY:%Y%m%d}",
        "page_num": 1,
        "page_size": page_size,
    }
    return paged(ask(MOVEMENTS, params))


def logistics_fees_request(seller_id: str, *, order_id: str | None = None, page_size: int = FEES_A_PAGE) -> Request:
    params = {
        "seller_id": seller_id,
        "request_type": "OPEN_API",
        "trade_order_id": order_id,
        "page_no": 1,
        "page_size": page_size,
    }
    return paged(get(LOGISTICS, params))


class Payout(Wire):
    """`data[]` of the statements. Amounts are text, or numbers where a server sends them so."""

    MATTERS = frozenset({"statement_number"})

    statement_number: Id = None
    created_at: Id = None
    updated_at: Id = None
    paid: Id = None
    payout: Any = None
    opening_balance: Any = None
    closing_balance: Any = None
    item_revenue: Any = None
    other_revenue_total: Any = None
    fees_total: Any = None
    fees_on_refunds_total: Any = None
    refunds: Any = None
    guarantee_deposit: Any = None
    shipment_fee: Any = None
    shipment_fee_credit: Any = None
    subtotal1: Any = None
    subtotal2: Any = None


STATED: Final = (
    "other_revenue_total", "fees_on_refunds_total", "refunds", "guarantee_deposit", "shipment_fee_credit", "subtotal1",
    "subtotal2",
)  # fmt: skip


def build_payout(wire: Payout, notes: Notes, about: About) -> Iterable[Record]:
    number = digits(wire.statement_number)
    if number is None:
        notes.left_out("statement_number", "statement")
        return ()
    named = currency_in(wire.payout)
    currency = named or currency_of(about)
    site = site_of(about) or BY_CURRENCY.get(named or "") or site_of_number(number)
    word = None if wire.paid is None else str(wire.paid).strip() or None

    def money(name: str) -> Money | None:
        return amount(notes, name, getattr(wire, name), currency)

    return (
        Statement(
            platform_statement_id=number,
            platform_status=word,
            status=notes.word("paid", word, STATEMENT_STATUS, StatementStatus.UNKNOWN),
            at=moment(notes, "created_at", wire.created_at, site),
            updated_at=moment(notes, "updated_at", wire.updated_at, site),
            settlement=money("payout"),
            revenue=money("item_revenue"),
            fees=money("fees_total"),
            shipping_cost=money("shipment_fee"),
            opening=money("opening_balance"),
            closing=money("closing_balance"),
            amounts={name: told for name in STATED if (told := money(name)) is not None},
        ),
    )


class FeeLine(Wire, rename={
    "vat": "VAT_in_amount", "wht": "WHT_amount", "wht_included": "WHT_included_in_amount", "item_no": "orderItem_no",
    "item_status": "orderItem_status",
}):  # fmt: skip
    """`data[]` of the details."""

    MATTERS = frozenset({"amount", "fee_type"})

    transaction_number: Id = None
    transaction_type: str | None = None
    transaction_date: str | None = None
    fee_type: Id = None
    fee_name: str | None = None
    amount: Any = None
    vat: Any = None
    wht: Any = None
    wht_included: str | None = None
    statement: str | None = None
    paid_status: str | None = None
    order_no: Id = None
    item_no: Id = None
    item_status: str | None = None
    seller_sku: str | None = None
    lazada_sku: str | None = None
    details: str | None = None
    comment: str | None = None
    payment_ref_id: Id = None
    reference: Id = None
    shipping_provider: str | None = None
    shipping_speed: str | None = None
    shipment_type: str | None = None


CLASSIFYING: Final = (
    "fee_name", "statement", "lazada_sku", "reference", "shipping_provider", "shipping_speed", "shipment_type",
)  # fmt: skip


def build_fee_line(wire: FeeLine, notes: Notes, about: About) -> Iterable[Record]:
    """One line. Its number alone is not unique: fee and item belong to it. Fees that we do not know are kept like any other."""
    fee = digits(wire.fee_type)
    site = site_of(about) or site_of_shop_sku(wire.lazada_sku) or site_of_number(digits(wire.transaction_number))
    currency = currency_of(about)
    day = day_of(notes, "transaction_date", wire.transaction_date)
    told = more(wire, *CLASSIFYING)
    told |= {"orderItem_status": wire.item_status} if wire.item_status else {}
    told |= {"WHT_included_in_amount": wire.wht_included} if wire.wht_included else {}
    taxes = {"VAT_in_amount": wire.vat, "WHT_amount": wire.wht}
    word = (wire.paid_status or "").strip().lower()
    return (
        Transaction(
            platform_transaction_id=digits(wire.transaction_number),
            platform_type=wire.transaction_type or None,
            platform_fee=fee,
            category=category_of(fee, wire.transaction_type),
            platform_status=wire.paid_status or None,
            status=PAID_WORDS.get(word) or notes.word("paid_status", wire.paid_status, PAID_WORDS, TransactionStatus.UNKNOWN),
            platform_order_id=digits(wire.order_no),
            platform_line_id=digits(wire.item_no),
            platform_payment_id=digits(wire.payment_ref_id),
            platform_more=told,
            title=wire.fee_name or (FEES[fee].name if fee in FEES else None),
            seller_sku=wire.seller_sku or None,
            text=wire.details or wire.comment or None,
            amount=amount(notes, "amount", wire.amount, currency),
            at=start_of(day, site),
            on_date=day.isoformat() if day else None,
            fees={name: money for name, value in taxes.items() if (money := amount(notes, name, value, currency)) is not None},
        ),
    )


class Account(Wire):
    description: str | None = None


class Step(Wire):
    name: str | None = None
    status: str | None = None
    update_time: Id = None


class Movement(Wire):
    """`data.transactions[]` of the account. `type` and `sub_type` come in the store's language."""

    MATTERS = frozenset({"transaction_number", "amount"})

    transaction_number: Id = None
    transaction_time: Id = None
    type: str | None = None
    sub_type: str | None = None
    amount: Any = None
    currency: str | None = None
    pmt_reference: str | None = None
    remarks: str | None = None
    payee_account: Account | None = None
    tracking_list: list[Step] | None = None


def build_movement(wire: Movement, notes: Notes, about: About) -> Iterable[Record]:
    """A movement of the wallet; its steps say how far a withdrawal has come."""
    number = digits(wire.transaction_number)
    if number is None:
        notes.left_out("transaction_number", "movement")
        return ()
    currency = wire.currency or currency_of(about)
    site = BY_CURRENCY.get(currency or "") or site_of(about)
    steps = wire.tracking_list or []
    times = [moment(notes, f"tracking_list[{at}].update_time", step.update_time, site) for at, step in enumerate(steps)]
    word = steps[-1].name or None if steps else None
    status = notes.word("tracking_list", word, TRANSFER_STEP, TransactionStatus.UNKNOWN) if steps else TransactionStatus.DONE
    told = more(wire, "sub_type")
    if wire.payee_account is not None and wire.payee_account.description:
        told["payee_account"] = wire.payee_account.description
    if words := tuple(step.status for step in steps if step.status):
        told["tracking_list"] = words
    return (
        Transaction(
            platform_transaction_id=number,
            platform_type=wire.type or None,
            platform_status=word,
            status=status,
            ledger="wallet",
            platform_payment_id=wire.pmt_reference or None,
            platform_more=told,
            text=(wire.remarks or "").strip() or None,
            amount=amount(notes, "amount", wire.amount, currency),
            at=moment(notes, "transaction_time", wire.transaction_time, site),
            updated_at=max((at for at in times if at is not None), default=None),
        ),
    )


class LogisticsFee(Wire):
    """`data[]` of the logistics fees. Amounts and dates are objects of the server's own."""

    MATTERS = frozenset({"amount", "fee_code"})

    amount: Any = None
    tax_in_amount: Any = None
    currency: str | None = None
    fee_code: Id = None
    fee_name: str | None = None
    trade_order_id: Id = None
    trade_order_line_id: Id = None
    statement_id: Id = None
    statement_period: str | None = None
    fee_creation_date: Any = None


def build_logistics_fee(wire: LogisticsFee, notes: Notes, about: About) -> Iterable[Record]:
    currency = wire.currency or currency_of(about)
    site = BY_CURRENCY.get(currency or "") or site_of(about)
    tax = amount(notes, "tax_in_amount", _number_in(wire.tax_in_amount), currency)
    return (
        Transaction(
            platform_fee=digits(wire.fee_code),
            category="shipping",
            platform_order_id=digits(wire.trade_order_id),
            platform_line_id=digits(wire.trade_order_line_id),
            platform_statement_id=digits(wire.statement_id),
            platform_more=more(wire, "fee_name", "statement_period"),
            title=wire.fee_name or None,
            ledger="logistics",
            amount=amount(notes, "amount", _number_in(wire.amount), currency),
            at=_exploded(wire.fee_creation_date, notes, site),
            fees={"tax_in_amount": tax} if tax is not None else {},
        ),
    )


AMOUNT_NAMES: Final = ("amount", "value")
DATE_NAMES: Final = ("year", "month_value", "day_of_month", "hour", "minute", "second")


def _number_in(value: Any) -> Any:
    """The number of an amount that is an object of its own."""
    if not isinstance(value, dict):
        return value
    return next((value[name] for name in AMOUNT_NAMES if isinstance(value.get(name), str | int | Decimal)), None)


def _exploded(value: Any, notes: Notes, site: Site | None) -> datetime | None:
    """A date-time in pieces: `{"year": 2025, "month_value": 12, "day_of_month": 15, "hour": ..., "zone": {"id": ...}}`."""
    if not isinstance(value, dict):
        return moment(notes, "fee_creation_date", value if isinstance(value, str | int) else None, site)
    parts = [value.get(name) or 0 for name in DATE_NAMES]
    zone = value.get("zone")
    named = zone.get("id") if isinstance(zone, dict) else None
    try:
        year, month, day, hour, minute, second = (int(part) for part in parts)
        at = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        notes.note("fee_creation_date", "is no time that we can read; left out")
        return None
    if named in ("UTC", "Z", "GMT"):
        return at
    offset = named if isinstance(named, str) and named[:1] in "+-" else ""
    return moment(notes, "fee_creation_date", f"{at:%Y-%m-%d %H:%M:%S}{offset}", site)


def following(page: Page) -> str | None:
    """The next page by number; how many rows a page has is what the answer says, not what was asked for."""
    at = place_in(page.about, "page_num", 1)
    each = count_in(page.members, "page_info.page_size") or place_in(page.about, "page_size", MOVEMENTS_A_PAGE)
    if not page.rows or (page.total is None and page.rows < each) or (page.total is not None and at * each >= page.total):
        return None
    return page_token(page_num=str(at + 1))


def following_fees(page: Page) -> str | None:
    if not page.rows or page.rows < place_in(page.about, "page_size", FEES_A_PAGE):
        return None
    return page_token(page_no=str(place_in(page.about, "page_no", 1) + 1))


parse_payouts = page_parser(PAYOUTS, "data", Payout, build_payout)
parse_lines = page_parser(LINES, "data", FeeLine, build_fee_line, following=next_offset(LINES_A_PAGE))
parse_movements = page_parser(
    MOVEMENTS, "data.transactions", Movement, build_movement, following=following, total="page_info.total_count"
)
parse_logistics_fees = page_parser(LOGISTICS, "data", LogisticsFee, build_logistics_fee, following=following_fees)
