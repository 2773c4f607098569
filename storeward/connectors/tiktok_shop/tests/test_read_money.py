"""Statements, their lines, payments, the wallet and what is not settled: written by hand, and the whole of what is read."""

from decimal import Decimal
from typing import Any

import pytest

from storeward.canon import Transaction
from storeward.connectors.tiktok_shop.tests.samples import december, ok, parse, problems, told


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def test_a_statement_in_full() -> None:
    statement = {
        "id": "7238000000000000001",
        "statement_time": december(2),
        "settlement_amount": "80.10",
        "currency": "USD",
        "revenue_amount": "120.00",
        "net_sales_amount": "115.00",
        "fee_amount": "-30.40",
        "shipping_cost_amount": "-6.50",
        "adjustment_amount": "2.00",
        "payment_status": "PAID",
        "payment_id": "3459000000000000001",
        "payment_time": december(5, 8),
    }
    parsed = parse("getStatements", ok(statements=[statement], next_page_token="t"))
    assert (parsed.problems, parsed.next_page) == ([], "t")
    assert told(parsed) == [
        {
            "kind": "statement",
            "platform_statement_id": "7238000000000000001",
            "platform_status": "PAID",
            "status": "paid",
            "at": "2025-12-02T00:00:00Z",
            "settlement": usd("80.10"),
            "revenue": usd("120.00"),
            "fees": usd("-30.40"),
            "adjustments": usd("2.00"),
            "shipping_cost": usd("-6.50"),
            "net_sales": usd("115.00"),
            "platform_payment_id": "3459000000000000001",
            "paid_at": "2025-12-05T08:00:00Z",
        }
    ]


@pytest.mark.parametrize(
    ("word", "status"),
    [("PAID", "paid"), ("FAILED", "failed"), ("PROCESSING", "processing"), ("SETTLED", "open"), ("HELD", "unknown")],
)
def test_every_status_of_a_statement(word: str, status: str) -> None:
    parsed = parse("getStatements", ok(statements=[{"id": "1", "payment_status": word}]))
    assert [(r["platform_status"], r["status"]) for r in told(parsed)] == [(word, status)]
    assert problems(parsed) == ([("data.statements[0].payment_status", "note")] if status == "unknown" else [])


HEAD = {"id": "7238", "create_time": december(2), "status": "PROCESSING", "currency": "USD"}


def statement_line(**members: Any) -> dict[str, Any]:
    parsed = parse("getTransactionsByStatement", ok(**HEAD, transactions=[members]))
    assert parsed.problems == []
    (record,) = told(parsed)
    return record


def test_an_order_within_a_statement_with_its_whole_breakdown() -> None:
    assert statement_line(
        id="9001",
        type="ORDER",
        order_id="576400000000000001",
        order_create_time=december(1),
        settlement_amount="80.10",
        revenue_amount="120.00",
        shipping_cost_amount="-6.50",
        fee_tax_amount="-33.40",
        revenue_breakdown={"subtotal_before_discount_amount": "125.00", "seller_discount_amount": "-5.00", "empty": ""},
        shipping_cost_breakdown={
            "actual_shipping_fee_amount": "-8.00",
            "supplementary_component": {"platform_shipping_fee_discount_amount": "1.50 "},
        },
        fee_tax_breakdown={
            "fee": {"platform_commission_amount": "-30.00", "referral_fee_amount": "-3.40"},
            "tax": {"vat_amount": None, "seller_discount_amount": "0"},
        },
    ) == {
        "kind": "transaction",
        "platform_transaction_id": "9001",
        "platform_type": "ORDER",
        "platform_status": "PROCESSING",
        "status": "pending",
        "ledger": "statement",
        "platform_order_id": "576400000000000001",
        "platform_statement_id": "7238",
        "amount": usd("80.10"),
        "at": "2025-12-02T00:00:00Z",
        "order_placed_at": "2025-12-01T00:00:00Z",
        "revenue": usd("120.00"),
        "shipping_cost": usd("-6.50"),
        "fees_and_taxes": usd("-33.40"),
        "fees": {
            "subtotal_before_discount_amount": usd("125.00"),
            "seller_discount_amount": usd("-5.00"),
            "actual_shipping_fee_amount": usd("-8.00"),
            "platform_shipping_fee_discount_amount": usd("1.50"),
            "platform_commission_amount": usd("-30.00"),
            "referral_fee_amount": usd("-3.40"),
            "fee_tax_breakdown.tax.seller_discount_amount": usd("0"),
        },
    }


def test_a_penalty_within_a_statement() -> None:
    assert statement_line(
        id="9002",
        type="PLATFORM_PENALTY",
        adjustment_id="8801",
        adjustment_order_id="5764",
        adjustment_amount="-20.00",
        settlement_amount="0",
    ) == {
        "kind": "transaction",
        "platform_transaction_id": "9002",
        "platform_type": "PLATFORM_PENALTY",
        "platform_status": "PROCESSING",
        "status": "pending",
        "ledger": "statement",
        "platform_order_id": "5764",
        "platform_statement_id": "7238",
        "platform_adjustment_id": "8801",
        "amount": usd("-20.00"),
        "at": "2025-12-02T00:00:00Z",
        "adjustment": usd("-20.00"),
    }


def test_a_reserve_within_a_statement() -> None:
    assert statement_line(
        id="9003",
        type="RESERVE",
        reserve_id="7701",
        reserve_amount="-15.00",
        reserve_status="HELD",
        associated_order_id="5764",
        estimated_release_time=str(december(20)),
        settlement_amount="0",
    ) == {
        "kind": "transaction",
        "platform_transaction_id": "9003",
        "platform_type": "RESERVE",
        "platform_status": "HELD",
        "status": "pending",
        "ledger": "statement",
        "platform_order_id": "5764",
        "platform_statement_id": "7238",
        "platform_reserve_id": "7701",
        "amount": usd("-15.00"),
        "at": "2025-12-02T00:00:00Z",
        "reserve": usd("-15.00"),
        "platform_reserve_status": "HELD",
        "expected_at": "2025-12-20T00:00:00Z",
    }


def test_an_adjustment_that_names_two_orders_keeps_both() -> None:
    record = statement_line(
        id="9004", type="OTHER_ADJUSTMENT", order_id="5764", adjustment_order_id="5765", adjustment_amount="1"
    )
    assert (record["platform_order_id"], record["platform_associated_order_id"]) == ("5764", "5765")
    alike = statement_line(id="9005", type="OTHER_ADJUSTMENT", order_id="5764", adjustment_order_id="5764", adjustment_amount="1")
    assert (alike["platform_order_id"], alike.get("platform_associated_order_id")) == ("5764", None)


def test_what_an_order_came_to_by_sku() -> None:
    body = ok(
        order_id="5764",
        order_create_time=december(1),
        currency="GBP",
        sku_transactions=[
            {
                "sku_id": "1730",
                "statement_id": "7238",
                "product_name": "Kettle",
                "sku_name": "Steel, 1.5 l",
                "quantity": "2",
                "settlement_amount": "40.00",
                "revenue_amount": "50.00",
                "shipping_cost_amount": "-4.00",
                "fee_tax_amount": "-6.00",
                "fee_tax_breakdown": {"fee": {"platform_commission_amount": "-6.00"}},
            }
        ],
    )
    parsed = parse("getTransactionsByOrder", body)
    assert parsed.problems == []
    assert told(parsed) == [
        {
            "kind": "transaction",
            "status": "done",
            "ledger": "order",
            "platform_order_id": "5764",
            "platform_statement_id": "7238",
            "platform_sku_id": "1730",
            "title": "Kettle",
            "variant": "Steel, 1.5 l",
            "quantity": 2,
            "amount": {"amount": "40.00", "currency": "GBP"},
            "order_placed_at": "2025-12-01T00:00:00Z",
            "revenue": {"amount": "50.00", "currency": "GBP"},
            "shipping_cost": {"amount": "-4.00", "currency": "GBP"},
            "fees_and_taxes": {"amount": "-6.00", "currency": "GBP"},
            "fees": {"platform_commission_amount": {"amount": "-6.00", "currency": "GBP"}},
        }
    ]
    assert parsed.records[0].platform_id == "5764:7238:1730"


@pytest.mark.parametrize(
    ("estimated", "expected_at", "expected_text"),
    [
        (str(december(9)), "2025-12-09T00:00:00Z", None),
        ("Delivered + 8 days", None, "Delivered + 8 days"),
        ("", None, None),
        ("0", None, None),
        (None, None, None),
    ],
)
def test_what_is_not_settled_in_full(estimated: str | None, expected_at: str | None, expected_text: str | None) -> None:
    line = {
        "id": "6601",
        "type": "ORDER",
        "status": "UNSETTLED",
        "currency": "IDR",
        "order_id": "5764",
        "order_create_time": december(1),
        "order_delivery_time": december(4),
        "estimated_settlement": estimated,
        "unsettled_reason": "Awaiting delivery",
        "est_settlement_amount": "95000",
        "est_revenue_amount": "100000",
        "est_shipping_cost_amount": "0",
        "est_fee_tax_amount": "-5000",
        "est_adjustment_amount": "0",
    }
    parsed = parse("getUnsettledTransactions", ok(transactions=[line], total_count=1))
    assert (parsed.problems, parsed.total) == ([], 1)
    expected = {"expected_at": expected_at, "expected_text": expected_text}
    assert told(parsed) == [
        {
            "kind": "transaction",
            "platform_transaction_id": "6601",
            "platform_type": "ORDER",
            "platform_status": "UNSETTLED",
            "status": "estimated",
            "ledger": "unsettled",
            "platform_order_id": "5764",
            "amount": {"amount": "95000", "currency": "IDR"},
            "order_placed_at": "2025-12-01T00:00:00Z",
            "order_delivered_at": "2025-12-04T00:00:00Z",
            "revenue": {"amount": "100000", "currency": "IDR"},
            "shipping_cost": {"amount": "0", "currency": "IDR"},
            "fees_and_taxes": {"amount": "-5000", "currency": "IDR"},
            "adjustment": {"amount": "0", "currency": "IDR"},
            "platform_reason": "Awaiting delivery",
        }
        | {name: value for name, value in expected.items() if value is not None}
    ]


@pytest.mark.parametrize(
    ("operation", "word", "status", "paid_at"),
    [
        ("getPayments", "PAID", "done", december(3)),
        ("getPayments", "PROCESSING", "pending", 0),
        ("getPayments_202309", "FAILED", "failed", None),
    ],
)
def test_a_payment_in_full_from_the_new_call_and_the_old(operation: str, word: str, status: str, paid_at: int | None) -> None:
    payment = {
        "id": "3459000000000000001",
        "create_time": december(2),
        "paid_time": paid_at,
        "status": word,
        "amount": {"value": "1050.55", "currency": "CNY"},
        "settlement_amount": {"value": "150.00", "currency": "USD"},
        "reserve_amount": {"value": "-2.00", "currency": "USD"},
        "payment_amount_before_exchange": {"value": "148.00", "currency": "USD"},
        "exchange_rate": "7.098310",
        "bank_account": "***1234",
    }
    parsed = parse(operation, ok(payments=[payment]))
    assert parsed.problems == []
    (record,) = told(parsed)
    assert record.pop("paid_at", None) == ("2025-12-03T00:00:00Z" if paid_at else None)
    assert record == {
        "kind": "transaction",
        "platform_transaction_id": "3459000000000000001",
        "platform_status": word,
        "status": status,
        "ledger": "payment",
        "amount": {"amount": "1050.55", "currency": "CNY"},
        "at": "2025-12-02T00:00:00Z",
        "exchange_rate": "7.098310",
        "fees": {
            "settlement_amount": usd("150.00"),
            "reserve_amount": usd("-2.00"),
            "payment_amount_before_exchange": usd("148.00"),
        },
    }


@pytest.mark.parametrize(
    ("kind", "direction", "moves"),
    [
        ("WITHDRAW", "out", "-12"),
        ("SETTLE", "in", "12"),
        ("TRANSFER", None, "12"),
        ("REVERSE", "back", None),
        ("POLICY_VIOLATION_DEDUCTION", "out", "-12"),
        ("REWARD", "in", "12"),
        ("PAYMENT", None, "12"),
        ("REFUND", None, "12"),
        ("UNKNOWN", None, "12"),
    ],
)
def test_a_movement_of_the_wallet_goes_the_way_that_its_type_says(kind: str, direction: str | None, moves: str | None) -> None:
    row = {"id": "55", "type": kind, "amount": "12", "currency": "MYR", "status": "SUCCESS", "create_time": december(2)}
    parsed = parse("getSellerFinancialTransactions", ok(withdrawals=[row], total_count=1))
    assert parsed.problems == []
    (record,) = parsed.records
    assert isinstance(record, Transaction)
    expected = {
        "kind": "transaction",
        "platform_transaction_id": "55",
        "platform_type": kind,
        "platform_status": "SUCCESS",
        "status": "done",
        "ledger": "wallet",
        "amount": {"amount": "12", "currency": "MYR"},
        "direction": direction,
        "at": "2025-12-02T00:00:00Z",
    }
    assert told(parsed) == [{name: value for name, value in expected.items() if value is not None}]
    assert (record.moves.amount if record.moves else None) == (Decimal(moves) if moves else None)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("SUCCESS", "done"),
        ("INIT", "pending"),
        ("ORDERED", "pending"),
        ("PROCESSING", "pending"),
        ("RECEIVED", "pending"),
        ("PROCESSED", "pending"),
        ("FAILED", "failed"),
        ("EXCEPTION", "failed"),
        ("CLOSED", "failed"),
        ("REVERSED", "reversed"),
        ("UNKNOWN", "unknown"),
        ("FROZEN", "unknown"),
    ],
)
def test_every_status_of_a_movement(word: str, status: str) -> None:
    (record,) = told(parse("getSellerFinancialTransactions", ok(withdrawals=[{"id": "1", "status": word, "amount": "1"}])))
    assert (record["platform_status"], record["status"], record["amount"]) == (word, status, {"amount": "1", "currency": None})


@pytest.mark.parametrize(
    ("operation", "data", "paths"),
    [
        ("getStatements", {"statements": [{"settlement_amount": "1"}]}, ["data.statements[0].id"]),
        ("getStatements", {"statements": [{"id": "1", "settlement_amount": "a lot"}]}, ["data.statements[0].settlement_amount"]),
        ("getStatements", {"statements": [{"id": "1", "fee_amount": "Infinity"}]}, ["data.statements[0].fee_amount"]),
        ("getStatements", {"statements": [{"id": "1", "statement_time": -1}]}, ["data.statements[0].statement_time"]),
        (
            "getUnsettledTransactions",
            {"transactions": [{"id": "1", "est_revenue_amount": "NaN"}]},
            ["data.transactions[0].est_revenue_amount"],
        ),
        (
            "getUnsettledTransactions",
            {"transactions": [{"id": "1", "type": "ORDER", "est_settlement_amount": "NaN"}]},
            ["data.transactions[0].est_settlement_amount"],
        ),
        ("getUnsettledTransactions", {"transactions": [{"order_id": "1"}]}, ["data.transactions[0].id"]),
        (
            "getTransactionsByStatement",
            {"transactions": [{"id": "1", "estimated_release_time": "99999999999999999999"}]},
            ["data.transactions[0].estimated_release_time"],
        ),
        (
            "getTransactionsByStatement",
            {"transactions": [{"id": "1", "fee_tax_breakdown": {"fee": {"x_amount": "some"}}}]},
            ["data.transactions[0].fee_tax_breakdown.fee.x_amount"],
        ),
        (
            "getTransactionsByStatement",
            {"transactions": [{"id": "1", "revenue_breakdown": []}]},
            ["data.transactions[0].revenue_breakdown"],
        ),
        ("getPayments", {"payments": [{"id": "1", "amount": "5"}]}, ["data.payments[0].amount"]),
        ("getPayments", {"payments": [{"status": "PAID"}]}, ["data.payments[0].id"]),
        ("getSellerFinancialTransactions", {"withdrawals": [{"type": "SETTLE"}]}, ["data.withdrawals[0].id"]),
        ("getSellerFinancialTransactions", {"withdrawals": "none"}, ["data.withdrawals"]),
    ],
)
def test_a_problem_names_the_member_that_it_is_about(operation: str, data: dict[str, Any], paths: list[str]) -> None:
    found = [field for field, _ in problems(parse(operation, ok(**data)))]
    assert list(dict.fromkeys(found)) == paths
