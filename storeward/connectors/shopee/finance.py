"""Wallet, escrow, payouts and income (fact sheet section 15).

Amounts are main units in the shop's currency, whole where the currency has no decimals: never scaled. Each ledger counts for
itself: `wallet` is the balance, `order` what an order is worth to the seller, `payment` what was released, `statement` and
`unsettled` what the platform reckons.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

import msgspec

from storeward.canon import Record, Transaction, TransactionStatus
from storeward.connectors.contract import Ask, Level, Parsed, Request
from storeward.connectors.wire import Id, Notes, Wire, digits, elements_of, fields_of, more, plain, read
from storeward.lib.money import Money

from .codes import WALLET_STATUS, currency_of
from .envelope import About, list_parser, nothing, open_answer
from .requests import get, joined, numbered, post, window

WALLET_WINDOW: Final = timedelta(days=14)
"""The reference says 15 days and 100 rows; 14 and 40 were met in practice."""
WALLET_PAGE: Final = 40
WALLET_FIRST_PAGE: Final = 0
ESCROW_WINDOW: Final = timedelta(days=14)
PAGE_SIZE: Final = 100
DETAILS_PER_CALL: Final = 20
RELEASE: Final = "release:"


def wallet_request(ask: Ask) -> Request:
    """Movements of the wallet within the span (14 days at most); local shops only."""
    since, until = window(ask, WALLET_WINDOW)
    span = {"create_time_from": str(since), "create_time_to": str(until)}
    return numbered("payment.get_wallet_transaction_list", WALLET_FIRST_PAGE, ask.page_size or WALLET_PAGE, span)


def escrows_request(ask: Ask) -> Request:
    """Orders whose money was released within the span."""
    since, until = window(ask, ESCROW_WINDOW)
    span = {"release_time_from": str(since), "release_time_to": str(until)}
    return numbered("payment.get_escrow_list", 1, ask.page_size or PAGE_SIZE, span)


def escrow_request(order_id: str) -> Request:
    return get("payment.get_escrow_detail", {"order_sn": order_id}, about={"order_sn": order_id})


def escrow_batch_request(order_ids: Sequence[str]) -> Request:
    joined(order_ids, 50)
    return post("payment.get_escrow_detail_batch", {"order_sn_list": list(order_ids)})


def escrow_batch_of(releases: Sequence[str]) -> Request:
    """The reckonings of the orders whose releases a list has named."""
    request = escrow_batch_request([release.removeprefix(RELEASE) for release in releases])
    return replace(request, about={"released": "true"})


class WalletRow(Wire):
    MATTERS = frozenset({"amount", "transaction_type", "create_time"})

    transaction_id: Id = None
    """Met in practice, documented nowhere."""
    status: str | None = None
    transaction_type: Id = None
    amount: Decimal | None = None
    current_balance: Decimal | None = None
    currency: str | None = None
    create_time: int | None = None
    order_sn: str | None = None
    refund_sn: str | None = None
    withdrawal_type: str | None = None
    transaction_fee: Decimal | None = None
    description: str | None = None
    reason: str | None = None
    txn_title: str | None = None
    withdrawal_id: Id = None
    withdraw_id: Id = None
    root_withdrawal_id: Id = None
    transaction_tab_type: str | None = None
    money_flow: str | None = None
    pay_order_list: list[Any] | None = None


WALLET_CLASSIFYING: Final = (
    "refund_sn", "withdrawal_type", "root_withdrawal_id", "transaction_tab_type", "money_flow", "txn_title",
)  # fmt: skip
FLOW: Final = {"MONEY_IN": "in", "MONEY_OUT": "out"}


def build_wallet_row(wire: WalletRow, notes: Notes, about: About, number: int) -> Transaction:
    """A movement. The platform gives most no number: what it says makes one, with a running number among equals."""
    currency = wire.currency or currency_of(about.get("market"))
    kind = str(wire.transaction_type) if wire.transaction_type not in (None, "") else None
    fee = notes.money("transaction_fee", wire.transaction_fee or None, currency)
    told = more(wire, *WALLET_CLASSIFYING)
    if withdrawal := digits(wire.withdrawal_id) or digits(wire.withdraw_id):
        told["withdrawal_id"] = withdrawal
    return Transaction(
        platform_transaction_id=digits(wire.transaction_id) or _made_id(wire, kind, number),
        platform_type=kind,
        platform_status=wire.status or None,
        status=notes.word("status", wire.status, WALLET_STATUS, TransactionStatus.UNKNOWN),
        ledger="wallet",
        platform_order_id=wire.order_sn or None,
        amount=notes.money("amount", wire.amount, currency),
        direction=FLOW.get(wire.money_flow or ""),
        balance=notes.money("current_balance", wire.current_balance, currency),
        at=notes.at("create_time", wire.create_time),
        platform_reason=wire.reason or None,
        text=wire.description or None,
        fees={} if fee is None else {"transaction_fee": fee},
        platform_more=told,
    )


def _made_id(wire: WalletRow, kind: str | None, number: int) -> str:
    withdrawal = digits(wire.withdrawal_id) or digits(wire.withdraw_id)
    amount = "" if wire.amount is None or not wire.amount.is_finite() else str(wire.amount)[:40]
    parts = (str(wire.create_time or ""), kind, amount, wire.order_sn, withdrawal, str(number) if number else "")
    return ":".join(part or "" for part in parts).rstrip(":")


def parse_wallet(body: bytes, about: About) -> Parsed:
    """A page of the wallet; equal rows of one second are told apart by their order."""
    same: Counter[str] = Counter()

    def build(wire: WalletRow, notes: Notes, about: About) -> Iterable[Record]:
        first = build_wallet_row(wire, notes, about, 0)
        told = same[first.platform_id]
        same[first.platform_id] += 1
        repeated = told and digits(wire.transaction_id) is None
        return (msgspec.structs.replace(first, platform_transaction_id=f"{first.platform_id}#{told}") if repeated else first,)

    parse = list_parser("transaction_list", WalletRow, build)
    return parse(body, about)


class Escrow(Wire):
    MATTERS = frozenset({"order_sn", "payout_amount"})

    order_sn: str | None = None
    payout_amount: Decimal | None = None
    escrow_release_time: int | None = None
    currency: str | None = None


def build_escrow(wire: Escrow, notes: Notes, about: About) -> Iterable[Record]:
    """Money of an order that was released."""
    if not wire.order_sn:
        notes.left_out("order_sn", "release")
        return ()
    return (
        Transaction(
            platform_transaction_id=RELEASE + wire.order_sn,
            status=TransactionStatus.DONE,
            ledger="payment",
            platform_order_id=wire.order_sn,
            amount=notes.money("payout_amount", wire.payout_amount, wire.currency or currency_of(about.get("market"))),
            at=notes.at("escrow_release_time", wire.escrow_release_time),
        ),
    )


class Adjustment(Wire):
    amount: Decimal | None = None
    date: int | None = None
    currency: str | None = None
    adjustment_reason: str | None = None


class Income(Wire):
    """Of `order_income` what has a meaning of its own; every amount of it is kept under its name besides."""

    escrow_amount: Decimal | None = None
    escrow_amount_after_adjustment: Decimal | None = None
    cost_of_goods_sold: Decimal | None = None
    actual_shipping_fee: Decimal | None = None
    total_adjustment_amount: Decimal | None = None
    exchange_rate: Decimal | None = None
    currency: str | None = None
    aff_currency: str | None = None
    pri_currency: str | None = None
    buyer_payment_method: str | None = None
    instalment_plan: str | None = None
    order_adjustment: list[Adjustment] | None = None


class EscrowDetail(Wire):
    MATTERS = frozenset({"order_sn"})

    order_sn: str | None = None
    return_order_sn_list: list[str] | None = None


NO_AMOUNT: Final = frozenset({"exchange_rate", "order_chargeable_weight"})


def parse_escrow_detail(body: bytes, about: About) -> Parsed:
    parsed, payload = open_answer(body)
    if payload is not None and fields_of(payload):
        _add_escrow(payload, Notes("response", parsed.problems), about, parsed)
    return parsed


def parse_escrow_batch(body: bytes, about: About) -> Parsed:
    """The payload itself is a list here, each order under `escrow_detail`."""
    parsed, payload = open_answer(body)
    rows = elements_of(payload) if payload is not None and bytes(payload) != b"{}" else []
    if rows is None:
        return nothing(parsed, "response", "is not a list; left out")
    for at, row in enumerate(rows):
        notes = Notes(f"response[{at}]", parsed.problems)
        members = fields_of(row)
        if members is None or "escrow_detail" not in members:
            notes.note("escrow_detail", "is missing; left out", Level.ERROR)
            continue
        _add_escrow(members["escrow_detail"], notes.under("escrow_detail"), about, parsed)
    return parsed


def _add_escrow(raw: msgspec.Raw, notes: Notes, about: About, parsed: Parsed) -> None:
    """What an order is worth to the seller, with every part of the reckoning; adjustments made later beside it."""
    members, told = fields_of(raw), read(raw, EscrowDetail, notes)
    if members is None or told is None:
        return
    order_id = told.order_sn or about.get("order_sn")
    if not order_id:
        notes.left_out("order_sn", "reckoning")
        return
    where = notes.under("order_income")
    income = read(members.get("order_income") or msgspec.Raw(b"{}"), Income, where) or Income()
    currency = income.currency or income.aff_currency or currency_of(about.get("market"))
    fees = money_of(plain(members.get("order_income") or msgspec.Raw(b"{}")), currency, income.pri_currency)
    paid = money_of(plain(members.get("buyer_payment_info") or msgspec.Raw(b"{}")), currency, None)
    whole = Transaction(
        platform_order_id=order_id,
        ledger="order",
        status=TransactionStatus.DONE if about.get("released") else TransactionStatus.ESTIMATED,
        amount=where.money("escrow_amount", income.escrow_amount, currency),
        revenue=where.money("cost_of_goods_sold", income.cost_of_goods_sold, currency),
        shipping_cost=where.money("actual_shipping_fee", income.actual_shipping_fee, currency),
        adjustment=where.money("total_adjustment_amount", income.total_adjustment_amount, currency),
        exchange_rate=where.number("exchange_rate", income.exchange_rate),
        fees={**fees, **{f"buyer_payment_info.{name}": money for name, money in paid.items()}},
        platform_more=_escrow_more(told, income),
    )
    kept = bytes(raw)
    parsed.items.append((whole, kept))
    parsed.items += [(one, kept) for one in _adjustments(income, order_id, currency, where)]


def _escrow_more(told: EscrowDetail, income: Income) -> dict[str, str | tuple[str, ...]]:
    words = more(income, "buyer_payment_method", "instalment_plan", "pri_currency")
    return words | more(told, "return_order_sn_list")


def money_of(told: Any, currency: str | None, primary: str | None) -> dict[str, Money]:
    """Every number of an object under its name, zeros too; the twins in the primary currency (`..._pri`) in that one."""
    if not isinstance(told, Mapping):
        return {}
    found = {}
    for name, value in told.items():
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or name in NO_AMOUNT:
            continue
        notes = Notes("", [])
        money = notes.money(name, Decimal(value), primary if name.endswith("_pri") else currency)
        if money is not None:
            found[name] = money
    return found


def _adjustments(income: Income, order_id: str, currency: str | None, notes: Notes) -> Iterable[Transaction]:
    for at, told in enumerate(income.order_adjustment or ()):
        where = notes.under(f"order_adjustment[{at}]")
        yield Transaction(
            platform_transaction_id=f"adjustment:{order_id}:{told.date or ''}:{at}",
            platform_type="order_adjustment",
            platform_order_id=order_id,
            ledger="order",
            status=TransactionStatus.DONE,
            amount=where.money("amount", told.amount, told.currency or currency),
            at=where.at("date", told.date),
            platform_reason=told.adjustment_reason or None,
        )


parse_escrows = list_parser("escrow_list", Escrow, build_escrow)
