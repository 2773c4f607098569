"""Money as a seller's program sees it: statements and their lines, one order, payments, wallet, and what is still to come."""

from collections.abc import Callable, Sequence
from typing import Any

from .books import ledger_of, sold_orders
from .call import Call
from .errors import ApiError, bad_parameter
from .ledger import SETTLE_DAYS, Entry, Ledger, Parts, Payment, SkuPart, Statement, WalletRow, total
from .money import NOTHING, text
from .paging import Key, page_size, paged
from .registry import operation

SCOPE = "seller.finance.info"


LISTABLE = ("WITHDRAW", "SETTLE", "TRANSFER", "REVERSE", "PAYMENT", "REFUND", "POLICY_VIOLATION_DEDUCTION", "REWARD")
ALSO = {"TRANSFER": ("POLICY_VIOLATION_DEDUCTION", "REWARD")}
"""Types that no filter names come with transfers, which are the platform's own additions and deductions."""


def refused() -> ApiError:
    return ApiError(36009004, "This API does not support the shop's region.", 400)


def span(call: Call, name: str) -> Callable[[int], bool]:
    """Whether an instant lies within `<name>_ge` and `<name>_lt` of the query."""
    begin, end = call.number(f"{name}_ge"), call.number(f"{name}_lt")
    return lambda instant: (begin is None or instant >= begin) and (end is None or instant < end)


def sort(call: Call, field: str) -> bool:
    """`sort_field` must be there and be this one; True for descending."""
    call.choice("sort_field", (field,))
    return call.choice("sort_order", ("ASC", "DESC"), "ASC") == "DESC"


# --- statements -------------------------------------------------------------------------------------------------------


@operation("getStatements", "GET", "/finance/202309/statements", scope=SCOPE)
def get_statements(call: Call) -> dict[str, Any]:
    descending, inside = sort(call, "statement_time"), span(call, "statement_time")
    wanted = call.choice("payment_status", ("PAID", "FAILED", "PROCESSING", "SETTLED", ""), "")
    ledger = ledger_of(call.shop)
    rows = [
        statement
        for statement in ledger.statements
        if inside(statement.time) and wanted in ("", payment_status(ledger, statement, call.now))
    ]
    page = paged(call, rows, key=lambda row: (row.time, row.id), size=page_size(call, 1, 100, 20), descending=descending)
    shown = [statement_view(call, ledger, statement) for statement in page.rows]
    return {"statements": shown, "next_page_token": page.next_page_token}


def payment_status(ledger: Ledger, statement: Statement, now: int) -> str:
    """Settled to the wallet in south-east Asia; elsewhere paid to the bank, or on its way there."""
    if ledger.has_wallet:
        return "SETTLED"
    return "PAID" if statement.paid and statement.paid <= now else "PROCESSING"


def statement_view(call: Call, ledger: Ledger, statement: Statement) -> dict[str, Any]:
    market = call.shop.market
    local_seller = not ledger.has_wallet and not call.shop.cross_border
    fees, shipping = statement.sum_of("fees"), statement.sum_of("shipping")
    row: dict[str, Any] = {
        "id": statement.id,
        "statement_time": statement.time,
        "currency": call.shop.currency,
        "settlement_amount": text(market, statement.settlement),
        "revenue_amount": text(market, statement.sum_of("revenue")),
        "fee_amount": text(market, fees if local_seller else fees + shipping),
        "adjustment_amount": text(market, statement.sum_of("adjustment")),
        "payment_status": payment_status(ledger, statement, call.now),
    }
    if local_seller:
        row["net_sales_amount"] = row["revenue_amount"]
        row["shipping_cost_amount"] = text(market, shipping)
    if statement.payment_id:
        row["payment_id"] = statement.payment_id
    if statement.paid and statement.paid <= call.now:
        row["payment_time"] = statement.paid
    return row


@operation("getTransactionsByStatement", "GET", "/finance/202501/statements/{statement_id}/statement_transactions", scope=SCOPE)
def get_transactions_by_statement(call: Call) -> dict[str, Any]:
    descending = sort(call, "order_create_time")
    statement = next((one for one in ledger_of(call.shop).statements if one.id == call.ids["statement_id"]), None)
    if statement is None:
        raise ApiError(36009004, "The statement does not exist.", 400)
    page = paged(
        call,
        statement.entries,
        key=lambda entry: (entry.order_created, entry.id),
        size=page_size(call, 1, 100, 20),
        descending=descending,
    )
    return {
        **statement_totals(call, statement),
        "transactions": [entry_view(call, entry) for entry in page.rows],
        "total_count": page.total_count,
        "next_page_token": page.next_page_token,
    }


def statement_totals(call: Call, statement: Statement) -> dict[str, Any]:
    market = call.shop.market
    return {
        "id": statement.id,
        "create_time": statement.time,
        "status": "SETTLED",
        "currency": call.shop.currency,
        "payable_amount": text(market, statement.settlement),
        "total_reserve_amount": "0",
        "total_settlement_amount": text(market, statement.settlement),
        "total_settlement_breakdown": {
            "total_revenue_amount": text(market, statement.sum_of("revenue")),
            "total_shipping_cost_amount": text(market, statement.sum_of("shipping")),
            "total_fee_tax_amount": text(market, statement.sum_of("fees")),
            "total_adjustment_amount": text(market, statement.sum_of("adjustment")),
        },
    }


def entry_view(call: Call, entry: Entry) -> dict[str, Any]:
    """One transaction: about an order, or an adjustment."""
    market = call.shop.market
    row: dict[str, Any] = {
        "id": entry.id,
        "type": entry.type,
        "settlement_amount": text(market, entry.settlement),
        "adjustment_amount": text(market, entry.adjustment),
        "revenue_amount": text(market, entry.revenue),
        "shipping_cost_amount": text(market, entry.shipping),
        "fee_tax_amount": text(market, entry.fees),
        **breakdowns(call, entry),
    }
    if not entry.order_id:
        return {**row, "adjustment_id": entry.id}
    return {**row, "order_id": entry.order_id, "order_create_time": entry.order_created}


def breakdowns(call: Call, part: Entry | SkuPart) -> dict[str, Any]:
    """The parts behind revenue, shipping, and fees and taxes; they add up to them."""

    def shown(name: str) -> dict[str, str]:
        parts: Parts = part.group(name) if isinstance(part, Entry) else getattr(part, name)
        return {field: text(call.shop.market, amount) for field, amount in parts.items()}

    return {
        "revenue_breakdown": shown("revenue"),
        "shipping_cost_breakdown": shown("shipping"),
        "fee_tax_breakdown": {"fee": shown("fee"), "tax": shown("tax")},
    }


@operation("getTransactionsByOrder", "GET", "/finance/202501/orders/{order_id}/statement_transactions", scope=SCOPE)
def get_transactions_by_order(call: Call) -> dict[str, Any]:
    """What an order settled to, SKU by SKU; nothing but its id until then."""
    ledger, order_id = ledger_of(call.shop), call.ids["order_id"]
    order = call.shop.orders.get(order_id)
    if order is None:
        raise ApiError(36009004, "The order does not exist.", 400)
    booked = [(statement, entry) for statement in ledger.statements for entry in statement.entries if entry.order_id == order_id]
    parts = [(statement, part) for statement, entry in booked for part in entry.parts]
    market = call.shop.market
    head = {"order_id": order_id, "order_create_time": order.create_time, "currency": call.shop.currency}
    if not parts:
        return {**head, "sku_transactions": [], "total_count": 0}
    return {
        **head,
        "revenue_amount": text(market, sum_of(booked, "revenue")),
        "shipping_cost_amount": text(market, sum_of(booked, "shipping")),
        "fee_and_tax_amount": text(market, sum_of(booked, "fees")),
        "settlement_amount": text(market, sum_of(booked, "settlement")),
        "sku_transactions": [part_view(call, statement, part) for statement, part in parts],
        "total_count": len(parts),
    }


def sum_of(booked: Sequence[tuple[Statement, Entry]], name: str) -> Any:
    return sum(getattr(entry, name) for _statement, entry in booked)


def part_view(call: Call, statement: Statement, part: SkuPart) -> dict[str, Any]:
    market = call.shop.market
    return {
        "statement_id": statement.id,
        "sku_id": part.sku_id,
        "sku_name": part.sku_name,
        "product_name": part.product_name,
        "quantity": str(part.quantity),
        "settlement_amount": text(market, part.settlement),
        "revenue_amount": text(market, total(part.revenue)),
        "shipping_cost_amount": text(market, total(part.shipping)),
        "fee_tax_amount": text(market, total(part.fee) + total(part.tax)),
        **breakdowns(call, part),
    }


# --- payments and wallet ----------------------------------------------------------------------------------------------


@operation("getPayments", "GET", "/finance/202605/payments", scope=SCOPE)
@operation("getPayments_202309", "GET", "/finance/202309/payments", scope=SCOPE)
def get_payments(call: Call) -> dict[str, Any]:
    """Payments to the bank. South-east Asian shops have a wallet instead and are refused."""
    ledger = ledger_of(call.shop)
    if ledger.has_wallet:
        raise refused()
    descending, inside = sort(call, "create_time"), span(call, "create_time")
    rows = [payment for payment in ledger.payments if inside(payment.created)]
    page = paged(call, rows, key=lambda row: (row.created, row.id), size=page_size(call, 1, 100, 20), descending=descending)
    return {"payments": [payment_view(call, payment) for payment in page.rows], "next_page_token": page.next_page_token}


def payment_view(call: Call, payment: Payment) -> dict[str, Any]:
    value = {"value": text(call.shop.market, payment.amount), "currency": call.shop.currency}
    paid = payment.paid <= call.now
    row: dict[str, Any] = {
        "id": payment.id,
        "create_time": payment.created,
        "status": "PAID" if paid else "PROCESSING",
        "amount": value,
        "settlement_amount": value,
        "payment_amount_before_exchange": value,
        "exchange_rate": "1.000000",
        "paid_time": payment.paid if paid else 0,
        "bank_account": f"***********{call.shop.number % 10_000:04d}",
    }
    if call.operation.endswith("_202309"):
        row["reserve_amount"] = {"value": "0", "currency": call.shop.currency}
    return row


@operation("getSellerFinancialTransactions", "GET", "/finance/202309/withdrawals", scope=SCOPE)
def get_seller_financial_transactions(call: Call) -> dict[str, Any]:
    """The wallet's movements, newest first. The type tells the direction: what is paid out is listed without a sign."""
    wanted = set(call.listed("types", most=len(LISTABLE)))
    if not wanted <= set(LISTABLE):
        raise bad_parameter(f"Request query types must be of {', '.join(LISTABLE)}")
    wanted |= {more for kind in wanted for more in ALSO.get(kind, ())}
    inside = span(call, "create_time")
    rows = [row for row in ledger_of(call.shop).wallet if row.type in wanted and row.created <= call.now and inside(row.created)]
    page = paged(call, rows, key=row_key, size=page_size(call, 1, 100, 20), descending=True)
    return {
        "withdrawals": [wallet_view(call, row) for row in page.rows],
        "total_count": page.total_count,
        "next_page_token": page.next_page_token,
    }


def row_key(row: WalletRow) -> Key:
    return row.created, row.id


def wallet_view(call: Call, row: WalletRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "type": row.type,
        "amount": text(call.shop.market, row.amount),
        "currency": call.shop.currency,
        "status": row.status(call.now),
        "create_time": row.created,
    }


# --- what is still to come --------------------------------------------------------------------------------------------


@operation("getUnsettledTransactions", "GET", "/finance/202507/orders/unsettled", scope=SCOPE)
def get_unsettled_transactions(call: Call) -> dict[str, Any]:
    """Estimates for orders whose money is on its way. The sums are of everything that matches, not of the page."""
    descending, inside = sort(call, "order_create_time"), span(call, "search_time")
    market, ledger = call.shop.market, ledger_of(call.shop)
    rows = [entry for entry in ledger.unsettled(sold_orders(call.shop)) if inside(entry.order_created)]
    page = paged(
        call,
        rows,
        key=lambda entry: (entry.order_created, entry.id),
        size=page_size(call, 1, 100, 20),
        descending=descending,
    )
    sums = {name: text(market, sum((getattr(row, name) for row in rows), start=NOTHING)) for name in ESTIMATES}
    return {
        "transactions": [unsettled_view(call, entry) for entry in page.rows],
        "total_count": page.total_count,
        "sum_est_settlement_amount": sums["settlement"],
        "sum_est_revenue_amount": sums["revenue"],
        "sum_est_fee_amount": sums["fees"],
        "sum_est_adjustment_amount": sums["adjustment"],
        "next_page_token": page.next_page_token,
    }


ESTIMATES = ("settlement", "revenue", "fees", "adjustment")


def unsettled_view(call: Call, entry: Entry) -> dict[str, Any]:
    """`estimated_settlement` is text: an instant once delivered, a promise in words before."""
    market, order = call.shop.market, call.shop.orders[entry.order_id]
    days = SETTLE_DAYS.get(call.shop.region, 3)
    row: dict[str, Any] = {
        "id": entry.id,
        "type": entry.type,
        "status": "UNSETTLED",
        "currency": call.shop.currency,
        "estimated_settlement": str(entry.at) if entry.at else f"Delivered + {days} days",
        "unsettled_reason": "Waiting for the return period to end" if order.delivery_time else "Waiting for delivery",
        "order_id": entry.order_id,
        "order_create_time": entry.order_created,
        "est_settlement_amount": text(market, entry.settlement),
        "est_revenue_amount": text(market, entry.revenue),
        "est_shipping_cost_amount": text(market, entry.shipping),
        "est_fee_tax_amount": text(market, entry.fees),
        "est_adjustment_amount": text(market, entry.adjustment),
        **breakdowns(call, entry),
    }
    return {**row, "order_delivery_time": order.delivery_time} if order.delivery_time else row
