"""Payouts, billing and income: what the platform reckons beside the wallet (fact sheet section 15). Payouts are for cross-border
shops only, the wallet for local ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from storeward.canon import Record, Statement, StatementStatus, Transaction, TransactionStatus
from storeward.connectors.contract import Ask, Parsed, Request
from storeward.connectors.wire import Id, Notes, Wire, digits, fields_of, more

from .codes import BILLING_STATUS, currency_of
from .envelope import About, build_all, list_parser, note_page_end, nothing, open_answer, rows_of, thing_parser
from .requests import get, numbered, post, window

PAGE_SIZE: Final = 100
PAYOUT_WINDOW: Final = timedelta(days=15)
INCOME_WINDOW: Final = timedelta(days=14)
TO_RELEASE, RELEASED, PENDING = 0, 1, 2
"""`income_status`; the first for cross-border shops only."""


def payouts_request(ask: Ask) -> Request:
    """Payouts of a cross-border shop."""
    since, until = window(ask, PAYOUT_WINDOW)
    query = {"payout_time_from": str(since), "payout_time_to": str(until), "page_size": str(ask.page_size or PAGE_SIZE)}
    return get("payment.get_payout_info", {**query, "cursor": ""})


def payout_details_request(ask: Ask) -> Request:
    since, until = window(ask, PAYOUT_WINDOW)
    span = {"payout_time_from": str(since), "payout_time_to": str(until)}
    return numbered("payment.get_payout_detail", 1, ask.page_size or PAGE_SIZE, span)


def billing_request(*, released: bool, payout_ids: Sequence[str] = (), page_size: int = PAGE_SIZE) -> Request:
    """Single movements of a cross-border shop: to be released, or within the payouts named."""
    kind = {"billing_transaction_info_type": 2 if released else 1, "encrypted_payout_ids": list(payout_ids) or None}
    return post("payment.get_billing_transaction_info", {**kind, "cursor": "", "page_size": page_size})


def income_overview_request(income_status: int = PENDING) -> Request:
    return get("payment.get_income_overview", {"income_status": str(income_status)})


def income_request(since: date, until: date, *, income_status: int = PENDING, page_size: int = PAGE_SIZE) -> Request:
    """What each order brings, with when it is expected; both days count."""
    query = {"date_from": since.isoformat(), "date_to": until.isoformat(), "income_status": str(income_status)}
    return get("payment.get_income_detail", {**query, "page_size": str(page_size)})


class Payout(Wire):
    from_currency: str | None = None
    payout_currency: str | None = None
    from_amount: Decimal | None = None
    payout_amount: Decimal | None = None
    exchange_rate: Decimal | None = None
    payout_time: int | None = None
    pay_service: str | None = None
    payee_id: Id = None
    encrypted_payout_id: Id = None


class PayoutOrder(Wire):
    escrow_amount: Decimal | None = None
    currency: str | None = None
    order_sn: str | None = None


class Offline(Wire):
    adjustment_amount: Decimal | None = None
    module: str | None = None
    remark: str | None = None
    scenario: str | None = None
    adjustment_level: str | None = None
    order_sn: str | None = None


class PayoutDetail(Wire):
    payout_info: Payout | None = None
    escrow_list: list[PayoutOrder] | None = None
    offline_adjustment_list: list[Offline] | None = None


def build_payout(wire: Payout, notes: Notes, about: About) -> Iterable[Record]:
    """A payout of a cross-border shop, in the currency that is paid; what it came from stands beside it."""
    at = notes.at("payout_time", wire.payout_time)
    payout_id = digits(wire.encrypted_payout_id) or f"{wire.payout_time or ''}:{_plain(wire.payout_amount)}"
    source = notes.money("from_amount", wire.from_amount, wire.from_currency)
    told = more(wire, "pay_service", "payee_id")
    rate = notes.number("exchange_rate", wire.exchange_rate)
    if rate is not None:
        told["exchange_rate"] = str(rate)
    return (
        Statement(
            platform_statement_id=payout_id,
            status=StatementStatus.PAID,
            at=at,
            paid_at=at,
            settlement=notes.money("payout_amount", wire.payout_amount, wire.payout_currency),
            amounts={} if source is None else {"from_amount": source},
            platform_more=told,
        ),
    )


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None or not amount.is_finite() else str(amount)[:40]


def build_payout_detail(wire: PayoutDetail, notes: Notes, about: About) -> Iterable[Record]:
    """The payout, the orders in it and what was corrected by hand."""
    info = wire.payout_info or Payout()
    (statement,) = build_payout(info, notes.under("payout_info"), about)
    yield statement
    at = notes.at("payout_info.payout_time", info.payout_time)
    for place, order in enumerate(wire.escrow_list or ()):
        where = notes.under(f"escrow_list[{place}]")
        yield Transaction(
            platform_transaction_id=f"{statement.platform_id}:order:{order.order_sn or place}",
            platform_type="escrow",
            status=TransactionStatus.DONE,
            platform_order_id=order.order_sn or None,
            platform_statement_id=statement.platform_id,
            amount=where.money("escrow_amount", order.escrow_amount, order.currency),
            at=at,
        )
    for place, told in enumerate(wire.offline_adjustment_list or ()):
        where = notes.under(f"offline_adjustment_list[{place}]")
        yield Transaction(
            platform_transaction_id=f"{statement.platform_id}:adjustment:{place}",
            platform_type=told.scenario or None,
            platform_fee=told.module or None,
            status=TransactionStatus.DONE,
            platform_order_id=told.order_sn or None,
            platform_statement_id=statement.platform_id,
            amount=where.money("adjustment_amount", told.adjustment_amount, info.from_currency),
            at=at,
            text=told.remark or None,
            platform_more=more(told, "adjustment_level"),
        )


class Billing(Wire):
    MATTERS = frozenset({"amount"})

    amount: Decimal | None = None
    currency: str | None = None
    order_sn: str | None = None
    cost_header: str | None = None
    scenario: str | None = None
    remark: str | None = None
    level: str | None = None
    billing_transaction_type: str | None = None
    billing_transaction_status: str | None = None


def build_billing(wire: Billing, notes: Notes, about: About) -> Iterable[Record]:
    parts = (wire.order_sn, wire.billing_transaction_type, wire.cost_header, wire.scenario, _plain(wire.amount))
    released = BILLING_STATUS.get(wire.billing_transaction_status or "") is TransactionStatus.DONE
    return (
        Transaction(
            platform_transaction_id="billing:" + ":".join(part or "" for part in parts),
            platform_type=wire.billing_transaction_type or None,
            platform_fee=wire.cost_header or None,
            platform_status=wire.billing_transaction_status or None,
            status=notes.word(
                "billing_transaction_status", wire.billing_transaction_status, BILLING_STATUS, TransactionStatus.UNKNOWN
            ),
            ledger="statement" if released else "unsettled",
            platform_order_id=wire.order_sn or None,
            amount=notes.money("amount", wire.amount, wire.currency),
            platform_reason=wire.scenario or None,
            text=wire.remark or None,
            platform_more=more(wire, "level"),
        ),
    )


class Overview(Wire):
    pending_amount: Decimal | None = None
    to_release_amount: Decimal | None = None
    released_amount: Decimal | None = None


class Overviewed(Wire):
    total_income: Overview | None = None
    latest_payout_date: str | None = None


def build_overview(wire: Overviewed, notes: Notes, about: About) -> Iterable[Record]:
    """Where the shop's income stands now, in one record that is written anew each time."""
    if wire.total_income is None:
        return ()
    currency, income = currency_of(about.get("market")), wire.total_income
    told = {name: getattr(income, name) for name in ("pending_amount", "to_release_amount", "released_amount")}
    amounts = {name: notes.money(f"total_income.{name}", value, currency) for name, value in told.items()}
    return (
        Statement(
            platform_statement_id="income_overview",
            status=StatementStatus.OPEN,
            amounts={name: money for name, money in amounts.items() if money is not None},
            platform_more=more(wire, "latest_payout_date"),
        ),
    )


class IncomeRow(Wire):
    MATTERS = frozenset({"order_sn"})

    order_sn: str | None = None
    currency: str | None = None
    released_amount: Decimal | None = None
    estimated_escrow_amount: Decimal | None = None
    to_release_amount: Decimal | None = None
    creation_date: int | None = None
    description: str | None = None
    actual_payout_time: int | None = None
    estimated_payout_time: int | None = None
    payment_method: str | None = None
    status: str | None = None
    """In the language of the market."""


def build_income(wire: IncomeRow, notes: Notes, about: About) -> Iterable[Record]:
    """What an order brought, or will bring and when."""
    if not wire.order_sn:
        notes.left_out("order_sn", "income")
        return ()
    currency = wire.currency or currency_of(about.get("market"))
    released = notes.money("released_amount", wire.released_amount, currency)
    waiting = wire.estimated_escrow_amount if wire.estimated_escrow_amount is not None else wire.to_release_amount
    expected = notes.money("estimated_escrow_amount", waiting, currency)
    return (
        Transaction(
            platform_transaction_id=f"income:{wire.order_sn}",
            platform_status=wire.status or None,
            status=TransactionStatus.DONE if released is not None else TransactionStatus.ESTIMATED,
            ledger="statement" if released is not None else "unsettled",
            platform_order_id=wire.order_sn,
            amount=released if released is not None else expected,
            at=notes.at("actual_payout_time", wire.actual_payout_time),
            expected_at=notes.at("estimated_payout_time", wire.estimated_payout_time),
            order_placed_at=notes.at("creation_date", wire.creation_date),
            text=wire.description or None,
            platform_more=more(wire, "payment_method"),
        ),
    )


def parse_income(body: bytes, about: About) -> Parsed:
    """Beside the frame, as a list or as an object that holds one: both spellings were met."""
    parsed, payload = open_answer(body, wrapped=False)
    members = fields_of(payload) if payload is not None else None
    if members is None:
        return parsed
    inner = _first(members, "income_detail_list", "income_detail_list_item", "response")
    within = fields_of(inner) if inner is not None else None
    if within is not None and "income_detail_list" in within and "list" not in within:
        within = fields_of(within["income_detail_list"]) or within
    rows = _first(within, "list", "income_detail_list_item") if within is not None else inner
    elements = rows_of(rows)
    if elements is None:
        return nothing(parsed, "income_detail_list", "is no list; left out")
    where = "income_detail_list.list" if within is not None else "income_detail_list"
    build_all(elements, where, IncomeRow, build_income, about, parsed)
    note_page_end(within if within is not None else members, parsed, about, wrapped=False)
    return parsed


def _first(members: Mapping[str, msgspec.Raw], *names: str) -> msgspec.Raw | None:
    return next((members[name] for name in names if name in members), None)


parse_payouts = list_parser("payout_list", Payout, build_payout)
parse_payout_details = list_parser("payout_list", PayoutDetail, build_payout_detail)
parse_billing = list_parser("transactions", Billing, build_billing)
parse_overview = thing_parser("", Overviewed, build_overview, wrapped=False)
