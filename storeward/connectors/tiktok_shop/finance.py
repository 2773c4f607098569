"""Statements, payments, withdrawals, and what is not settled yet (fact sheet section 15).

Amounts and signs are the platform's own: costs come as negative text, so parts add up. Sums are taken within one ledger only.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import msgspec

from storeward.canon import Record, Statement, StatementStatus, Transaction, TransactionStatus
from storeward.connectors.contract import Request
from storeward.connectors.wire import LARGEST_EXPONENT, Id, Notes, Wire, digits, read
from storeward.lib.money import Money

from .codes import PAYMENT_STATUS, STATEMENT_LINE_STATUS, STATEMENT_STATUS, WITHDRAWAL_STATUS
from .envelope import About, list_parser
from .requests import get, span_query

PAGE_SIZE: Final = 100
WALLET_TYPES: Final = "WITHDRAW,SETTLE,TRANSFER,REVERSE,PAYMENT,REFUND"
DIRECTIONS: Final = {
    "WITHDRAW": "out",
    "POLICY_VIOLATION_DEDUCTION": "out",
    "SETTLE": "in",
    "REWARD": "in",
    "REVERSE": "back",
}
"""Amounts are stated without a direction; the type tells it. It does not for TRANSFER (a subsidy or a deduction), nor for PAYMENT
and REFUND, which the reference does not explain."""


def list_statements_request(
    *, since: datetime | None = None, until: datetime | None = None, page_size: int = PAGE_SIZE
) -> Request:
    """Statements of [since, until), oldest first: one a day, cut at 00:00 UTC."""
    query = _sorted(page_size, "statement_time") | span_query("statement_time", since, until)
    return get("getStatements", "/finance/202309/statements", query)


def statement_lines_request(statement_id: str, *, page_size: int = PAGE_SIZE) -> Request:
    path = f"/finance/202501/statements/{statement_id}/statement_transactions"
    return get("getTransactionsByStatement", path, _sorted(page_size, "order_create_time"), about={"statement_id": statement_id})


def order_lines_request(order_id: str) -> Request:
    """What an order came to, by SKU; nothing until it is settled."""
    path = f"/finance/202501/orders/{order_id}/statement_transactions"
    return get("getTransactionsByOrder", path, about={"order_id": order_id})


def list_unsettled_request(
    *, since: datetime | None = None, until: datetime | None = None, page_size: int = PAGE_SIZE
) -> Request:
    """What is still to be settled, of orders placed in [since, until); every figure is an estimate."""
    query = _sorted(page_size, "order_create_time") | span_query("search_time", since, until)
    return get("getUnsettledTransactions", "/finance/202507/orders/unsettled", query)


def list_payments_request(*, since: datetime | None = None, until: datetime | None = None, page_size: int = PAGE_SIZE) -> Request:
    """Payments begun in [since, until), oldest first. Not offered in south-east Asia."""
    query = _sorted(page_size, "create_time") | span_query("create_time", since, until)
    return get("getPayments", "/finance/202605/payments", query)


def list_withdrawals_request(
    *, since: datetime | None = None, until: datetime | None = None, page_size: int = PAGE_SIZE
) -> Request:
    """Movements of the wallet made in [since, until)."""
    query = {"types": WALLET_TYPES, "page_size": str(page_size)} | span_query("create_time", since, until)
    return get("getSellerFinancialTransactions", "/finance/202309/withdrawals", query)


def _sorted(page_size: int, field: str) -> dict[str, str]:
    return {"page_size": str(page_size), "sort_field": field, "sort_order": "ASC"}


class StatementItem(Wire):
    MATTERS = frozenset({"id", "settlement_amount", "currency", "payment_status"})

    id: Id = None
    statement_time: int | None = None
    settlement_amount: Decimal | None = None
    currency: str | None = None
    revenue_amount: Decimal | None = None
    fee_amount: Decimal | None = None
    adjustment_amount: Decimal | None = None
    net_sales_amount: Decimal | None = None
    shipping_cost_amount: Decimal | None = None
    payment_status: str | None = None
    payment_id: Id = None
    payment_time: int | None = None


class StatementFrame(Wire):
    """What a statement's, or an order's, answer says about all of its lines."""

    id: Id = None
    create_time: int | None = None
    status: str | None = None
    currency: str | None = None
    order_id: Id = None
    order_create_time: int | None = None


class LineItem(Wire):
    """A line of a statement, of an order's account, or of what is not settled (where amounts are called `est_...`)."""

    MATTERS = frozenset({"id", "settlement_amount", "est_settlement_amount", "adjustment_amount", "reserve_amount", "type"})

    id: Id = None
    type: str | None = None
    status: str | None = None
    currency: str | None = None
    order_id: Id = None
    adjustment_order_id: Id = None
    associated_order_id: Id = None
    adjustment_id: Id = None
    reserve_id: Id = None
    reserve_status: str | None = None
    statement_id: Id = None
    sku_id: Id = None
    product_name: str | None = None
    sku_name: str | None = None
    quantity: int | None = None
    order_create_time: int | None = None
    order_delivery_time: int | None = None
    settlement_amount: Decimal | None = None
    revenue_amount: Decimal | None = None
    shipping_cost_amount: Decimal | None = None
    fee_tax_amount: Decimal | None = None
    adjustment_amount: Decimal | None = None
    reserve_amount: Decimal | None = None
    est_settlement_amount: Decimal | None = None
    est_revenue_amount: Decimal | None = None
    est_shipping_cost_amount: Decimal | None = None
    est_fee_tax_amount: Decimal | None = None
    est_adjustment_amount: Decimal | None = None
    estimated_release_time: str | None = None
    estimated_settlement: str | None = None
    unsettled_reason: str | None = None
    revenue_breakdown: dict[str, Any] | None = None
    shipping_cost_breakdown: dict[str, Any] | None = None
    fee_tax_breakdown: dict[str, Any] | None = None
    supplementary_component: dict[str, Any] | None = None


class Amount(Wire):
    value: Decimal | None = None
    currency: str | None = None


class PaymentItem(Wire):
    MATTERS = frozenset({"id", "amount", "status"})

    id: Id = None
    status: str | None = None
    create_time: int | None = None
    paid_time: int | None = None
    amount: Amount | None = None
    settlement_amount: Amount | None = None
    reserve_amount: Amount | None = None
    payment_amount_before_exchange: Amount | None = None
    exchange_rate: Decimal | None = None


class WithdrawalItem(Wire):
    MATTERS = frozenset({"id", "amount", "type", "status"})

    id: Id = None
    type: str | None = None
    status: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    create_time: int | None = None


def build_statement(wire: StatementItem, notes: Notes, about: About) -> Iterable[Record]:
    statement_id = digits(wire.id)
    if statement_id is None:
        notes.left_out("id", "statement")
        return ()

    def money(field: str, amount: Decimal | None) -> Money | None:
        return notes.money(field, amount, wire.currency)

    return (
        Statement(
            platform_statement_id=statement_id,
            platform_status=wire.payment_status or None,
            status=notes.word("payment_status", wire.payment_status, STATEMENT_STATUS, StatementStatus.UNKNOWN),
            at=notes.at("statement_time", wire.statement_time),
            settlement=money("settlement_amount", wire.settlement_amount),
            revenue=money("revenue_amount", wire.revenue_amount),
            fees=money("fee_amount", wire.fee_amount),
            adjustments=money("adjustment_amount", wire.adjustment_amount),
            shipping_cost=money("shipping_cost_amount", wire.shipping_cost_amount),
            net_sales=money("net_sales_amount", wire.net_sales_amount),
            platform_payment_id=digits(wire.payment_id),
            paid_at=notes.at("payment_time", wire.payment_time),
        ),
    )


def _frame(data: msgspec.Raw, notes: Notes) -> About:
    """The head of a statement's or an order's account, for its lines. Amounts in the head are those of the list of statements."""
    head = read(data, StatementFrame, Notes(notes.path, [])) or StatementFrame()
    told = {
        "statement_id": digits(head.id),
        "statement_time": digits(head.create_time),
        "statement_status": head.status,
        "currency": head.currency,
        "order_id": digits(head.order_id),
        "order_create_time": digits(head.order_create_time),
    }
    return {name: value for name, value in told.items() if value}


def build_statement_line(wire: LineItem, notes: Notes, about: About) -> Iterable[Record]:
    """An order, an adjustment or a reserve within a statement. Its time is the statement's."""
    if digits(wire.id) is None:
        notes.left_out("id", "transaction")
        return ()
    word = (wire.reserve_status if wire.type == "RESERVE" else None) or about.get("statement_status")
    status = STATEMENT_LINE_STATUS.get(about.get("statement_status", ""), TransactionStatus.DONE)
    at = notes.at("create_time", int(about["statement_time"])) if "statement_time" in about else None
    return (_line(wire, notes, about, ledger="statement", word=word, status=status, at=at),)


def build_order_line(wire: LineItem, notes: Notes, about: About) -> Iterable[Record]:
    """A SKU's part in an order's account; it has no id of its own."""
    placed = {"order_create_time": about["order_create_time"]} if "order_create_time" in about else {}
    about = {"currency": about.get("currency", ""), "order_id": about.get("order_id", ""), **placed}
    return (_line(wire, notes, about, ledger="order", word=None, status=TransactionStatus.DONE, at=None),)


def build_unsettled(wire: LineItem, notes: Notes, about: About) -> Iterable[Record]:
    """What will come, as the platform estimates it."""
    if digits(wire.id) is None:
        notes.left_out("id", "transaction")
        return ()
    status = TransactionStatus.ESTIMATED
    return (_line(wire, notes, about, ledger="unsettled", word=wire.status, status=status, at=None),)


def _line(
    wire: LineItem,
    notes: Notes,
    about: About,
    *,
    ledger: str,
    word: str | None,
    status: TransactionStatus,
    at: datetime | None,
) -> Transaction:
    currency = wire.currency or about.get("currency") or None
    placed = wire.order_create_time or int(about.get("order_create_time", "0"))

    def money(*fields: str) -> Money | None:
        stated = next((field for field in fields if getattr(wire, field) is not None), None)
        return notes.money(stated, getattr(wire, stated), currency) if stated else None

    expected_at, expected_text = _expected(wire, notes)
    named = [digits(order) for order in (wire.order_id, wire.adjustment_order_id, wire.associated_order_id)]
    orders = list(dict.fromkeys(order for order in named if order is not None))
    return Transaction(
        platform_transaction_id=digits(wire.id),
        platform_type=wire.type or None,
        platform_status=word or None,
        status=status,
        ledger=ledger,
        platform_order_id=orders[0] if orders else about.get("order_id") or None,
        platform_associated_order_id=orders[1] if len(orders) > 1 else None,
        platform_statement_id=digits(wire.statement_id) or about.get("statement_id"),
        platform_sku_id=digits(wire.sku_id),
        platform_adjustment_id=digits(wire.adjustment_id),
        platform_reserve_id=digits(wire.reserve_id),
        title=wire.product_name or None,
        variant=wire.sku_name or None,
        quantity=wire.quantity,
        amount=money(*_amounts(wire)),
        at=at,
        order_placed_at=notes.at("order_create_time", placed),
        order_delivered_at=notes.at("order_delivery_time", wire.order_delivery_time),
        revenue=money("revenue_amount", "est_revenue_amount"),
        shipping_cost=money("shipping_cost_amount", "est_shipping_cost_amount"),
        fees_and_taxes=money("fee_tax_amount", "est_fee_tax_amount"),
        adjustment=money("adjustment_amount", "est_adjustment_amount"),
        reserve=money("reserve_amount"),
        platform_reserve_status=wire.reserve_status or None,
        platform_reason=wire.unsettled_reason or None,
        expected_at=expected_at,
        expected_text=expected_text,
        fees=dict(_fees(wire, currency, notes)),
    )


SETTLED: Final = ("settlement_amount", "est_settlement_amount")
ADJUSTED: Final = ("adjustment_amount", "est_adjustment_amount")


def _amounts(wire: LineItem) -> tuple[str, ...]:
    """The members that may hold the line's own amount, the likeliest for its type first."""
    if wire.type == "RESERVE":
        return ("reserve_amount", *SETTLED, *ADJUSTED)
    if wire.type == "ORDER" or not wire.type:
        return (*SETTLED, *ADJUSTED, "reserve_amount")
    return (*ADJUSTED, *SETTLED, "reserve_amount")


def _expected(wire: LineItem, notes: Notes) -> tuple[datetime | None, str | None]:
    """When it is expected: an instant where the text is a Unix second, else the text ("Delivered + 8 days")."""
    field = "estimated_settlement" if wire.estimated_settlement else "estimated_release_time"
    told = (wire.estimated_settlement or wire.estimated_release_time or "").strip()
    if told.isascii() and told.isdigit():
        return notes.at(field, int(told[:20])), None
    return None, told or None


def _fees(wire: LineItem, currency: str | None, notes: Notes) -> Iterator[tuple[str, Money]]:
    """Every part of the breakdown under the platform's name; where two have the same name, the later goes by its path."""
    seen: set[str] = set()
    for group in ("revenue_breakdown", "shipping_cost_breakdown", "fee_tax_breakdown", "supplementary_component"):
        for path, value in _leaves(getattr(wire, group) or {}, group):
            amount = _amount_of(value)
            if amount is None:
                notes.note(path, "is no amount; left out")
                continue
            name = path.rpartition(".")[2]
            yield (path if name in seen else name), Money(amount, currency)
            seen.add(name)


def _leaves(tree: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{path}.{name}")
        elif value is not None and value != "":
            yield f"{path}.{name}", value


def _amount_of(value: Any) -> Decimal | None:
    """A part's amount; text may have blanks around it. None for what is no plain number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    try:
        amount = Decimal(str(value).strip())
    except ArithmeticError:
        return None
    return amount if amount.is_finite() and abs(amount.adjusted()) <= LARGEST_EXPONENT else None


def build_payment(wire: PaymentItem, notes: Notes, about: About) -> Iterable[Record]:
    payment_id = digits(wire.id)
    if payment_id is None:
        notes.left_out("id", "payment")
        return ()
    amount = wire.amount or Amount()
    parts = {
        "settlement_amount": wire.settlement_amount,
        "reserve_amount": wire.reserve_amount,
        "payment_amount_before_exchange": wire.payment_amount_before_exchange,
    }
    told = {name: notes.money(name, part.value, part.currency) for name, part in parts.items() if part}
    return (
        Transaction(
            platform_transaction_id=payment_id,
            platform_status=wire.status or None,
            status=notes.word("status", wire.status, PAYMENT_STATUS, TransactionStatus.UNKNOWN),
            ledger="payment",
            amount=notes.money("amount.value", amount.value, amount.currency),
            at=notes.at("create_time", wire.create_time),
            paid_at=notes.at("paid_time", wire.paid_time),
            exchange_rate=notes.number("exchange_rate", wire.exchange_rate),
            fees={name: money for name, money in told.items() if money is not None},
        ),
    )


def build_withdrawal(wire: WithdrawalItem, notes: Notes, about: About) -> Iterable[Record]:
    """A movement of the wallet. The platform states its size; the type tells its direction."""
    withdrawal_id = digits(wire.id)
    if withdrawal_id is None:
        notes.left_out("id", "transaction")
        return ()
    return (
        Transaction(
            platform_transaction_id=withdrawal_id,
            platform_type=wire.type or None,
            platform_status=wire.status or None,
            status=notes.word("status", wire.status, WITHDRAWAL_STATUS, TransactionStatus.UNKNOWN),
            ledger="wallet",
            amount=notes.money("amount", wire.amount, wire.currency),
            direction=DIRECTIONS.get(wire.type or ""),
            at=notes.at("create_time", wire.create_time),
        ),
    )


parse_statements = list_parser("statements", StatementItem, build_statement)
parse_statement_lines = list_parser("transactions", LineItem, build_statement_line, frame=_frame)
parse_order_lines = list_parser("sku_transactions", LineItem, build_order_line, frame=_frame)
parse_unsettled = list_parser("transactions", LineItem, build_unsettled)
parse_payments = list_parser("payments", PaymentItem, build_payment)
parse_withdrawals = list_parser("withdrawals", WithdrawalItem, build_withdrawal)
