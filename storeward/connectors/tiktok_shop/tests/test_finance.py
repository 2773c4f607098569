"""Money: statements, their lines, payments, the wallet, and what is still to come."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from storeward.canon import Transaction
from storeward.connectors.tiktok_shop import finance
from storeward.connectors.tiktok_shop.tests.samples import ok, parse, parse_sample, problems, told

SINCE = datetime(2025, 12, 1, tzinfo=UTC)
UNTIL = datetime(2025, 12, 2, tzinfo=UTC)


def line(operation: str = "getTransactionsByStatement", **fields: Any) -> Transaction:
    (record,) = parse(operation, ok(id="72", currency="GBP", transactions=[{"id": "1"} | fields])).records
    assert isinstance(record, Transaction)
    return record


def test_each_call_sorts_as_it_must_and_filters_in_the_query() -> None:
    assert finance.list_statements_request(since=SINCE, until=UNTIL).query == {
        "page_size": "100",
        "sort_field": "statement_time",
        "sort_order": "ASC",
        "statement_time_ge": "1764547200",
        "statement_time_lt": "1764633600",
    }
    assert finance.list_payments_request(since=SINCE).query["create_time_ge"] == "1764547200"
    assert finance.list_unsettled_request(until=UNTIL).query["search_time_lt"] == "1764633600"
    assert finance.list_withdrawals_request().query == {
        "types": "WITHDRAW,SETTLE,TRANSFER,REVERSE,PAYMENT,REFUND",
        "page_size": "100",
    }
    assert finance.statement_lines_request("72").query["sort_field"] == "order_create_time"


def test_a_statement_reads_in_full(shared_dir: Path) -> None:
    def gbp(amount: str) -> dict[str, str]:
        return {"amount": amount, "currency": "GBP"}

    parsed = parse_sample(shared_dir, "getStatements")
    assert parsed.problems == []
    assert told(parsed) == [
        {
            "kind": "statement",
            "platform_statement_id": "7238804564097517339",
            "platform_status": "PAID",
            "status": "paid",
            "at": "2023-05-31T16:00:00Z",
            "settlement": gbp("100"),
            "revenue": gbp("200"),
            "fees": gbp("-30"),
            "adjustments": gbp("-70"),
            "shipping_cost": gbp("-70"),
            "net_sales": gbp("-70"),
            "platform_payment_id": "3459275187040258849",
        }
    ]


def test_a_line_of_a_statement_keeps_the_whole_breakdown(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "getTransactionsByStatement")
    assert parsed.problems == []
    (record,) = told(parsed)
    fees = record.pop("fees")
    assert record == {
        "kind": "transaction",
        "platform_transaction_id": "1636700041413599290",
        "platform_type": "ORDER",
        "platform_status": "SETTLED",
        "status": "done",
        "ledger": "statement",
        "platform_order_id": "576463220456522968",
        "platform_associated_order_id": "78217892102382101",
        "platform_statement_id": "7238804564097517339",
        "platform_adjustment_id": "7238804564097517332",
        "platform_reserve_id": "56789910",
        "amount": {"amount": "130", "currency": "GBP"},
        "at": "2023-05-31T16:00:00Z",
        "order_placed_at": "2023-05-31T16:00:00Z",
        "revenue": {"amount": "200", "currency": "GBP"},
        "shipping_cost": {"amount": "-70", "currency": "GBP"},
        "fees_and_taxes": {"amount": "-30", "currency": "GBP"},
        "adjustment": {"amount": "170", "currency": "GBP"},
        "reserve": {"amount": "100", "currency": "GBP"},
        "platform_reserve_status": "Collected",
        "expected_at": "2023-05-31T16:00:00Z",
    }
    assert fees["platform_commission_amount"] == {"amount": "20", "currency": "GBP"}
    assert fees["seller_paylater_handling_fee_amount"] == {"amount": "-10", "currency": "GBP"}
    assert fees["sales_tax_refund_amount"] == {"amount": "0", "currency": "GBP"}  # sent as "0 "


def test_a_part_whose_name_comes_twice_is_told_apart_by_its_path(shared_dir: Path) -> None:
    (record,) = told(parse_sample(shared_dir, "getTransactionsByStatement"))
    name = "fbt_fulfillment_fee_reimbursement_amount"
    assert {key for key in record["fees"] if key.endswith(name)} == {
        name,
        f"shipping_cost_breakdown.supplementary_component.{name}",
    }


@pytest.mark.parametrize(
    ("fields", "amount"),
    [
        ({"type": "ORDER", "settlement_amount": "130", "adjustment_amount": "5"}, "130"),
        ({"type": "PLATFORM_PENALTY", "settlement_amount": "0", "adjustment_amount": "-5"}, "-5"),
        ({"type": "PLATFORM_PENALTY", "settlement_amount": "-7"}, "-7"),
        ({"type": "RESERVE", "reserve_amount": "-20", "settlement_amount": "0"}, "-20"),
        ({"type": "ORDER"}, None),
    ],
)
def test_the_amount_of_a_line_is_that_of_its_type(fields: dict[str, Any], amount: str | None) -> None:
    found = line(**fields).amount
    assert (str(found.amount) if found else None) == amount


@pytest.mark.parametrize(
    ("told_text", "at", "text"),
    [
        ("1685548800", datetime(2023, 5, 31, 16, tzinfo=UTC), None),
        ("Delivered + 8 days", None, "Delivered + 8 days"),
        ("", None, None),
    ],
)
def test_when_the_money_is_expected_is_an_instant_or_words(told_text: str, at: datetime | None, text: str | None) -> None:
    record = line("getUnsettledTransactions", estimated_settlement=told_text)
    assert (record.expected_at, record.expected_text) == (at, text)


def test_what_is_not_settled_is_an_estimate(shared_dir: Path) -> None:
    (record,) = told(parse_sample(shared_dir, "getUnsettledTransactions"))
    assert (record["ledger"], record["platform_status"], record["status"]) == ("unsettled", "UNSETTLED", "estimated")
    assert record["amount"] == {"amount": "130", "currency": "USD"}
    assert record["platform_reason"] == "waiting for deliveery"
    assert record["order_delivered_at"] == "2023-05-31T16:00:00Z"
    assert record["fees"]["customer_shipping_fee_offset_amount"] == {"amount": "-6.99", "currency": "USD"}


def test_an_orders_account_is_told_by_sku(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "getTransactionsByOrder")
    assert parsed.problems == []
    (record,) = told(parsed)
    assert "platform_transaction_id" not in record
    assert (record["ledger"], record["platform_order_id"], record["platform_sku_id"], record["platform_statement_id"]) == (
        "order",
        "5793990727963214852",
        "1636700041413599290",
        "7238804564097517339",
    )
    assert (record["amount"], record["quantity"]) == ({"amount": "130", "currency": "GBP"}, 1)
    assert record["order_placed_at"] == "2023-05-31T16:00:00Z"
    assert parsed.records[0].platform_id == "5793990727963214852:7238804564097517339:1636700041413599290"


def test_payments_with_and_without_a_payment_day(shared_dir: Path) -> None:
    paid, waiting = told(parse_sample(shared_dir, "getPayments"))
    assert (paid["status"], paid["paid_at"]) == ("done", "2023-05-31T16:00:00Z")
    assert (waiting["status"], waiting["amount"]) == ("pending", {"amount": "88.10", "currency": "GBP"})
    assert "paid_at" not in waiting
    assert paid["fees"]["settlement_amount"] == {"amount": "130", "currency": "GBP"}
    assert paid["exchange_rate"] == "1.000000"
    assert "bank_account" not in paid
    (older,) = told(parse_sample(shared_dir, "getPayments_202309"))
    assert older["fees"]["reserve_amount"] == {"amount": "-30", "currency": "GBP"}


@pytest.mark.parametrize(
    ("kind", "direction"),
    [
        ("WITHDRAW", "out"),
        ("SETTLE", "in"),
        ("REVERSE", "back"),
        ("PAYMENT", None),
        ("TRANSFER", None),
        ("POLICY_VIOLATION_DEDUCTION", "out"),
        ("SOMETHING_NEW", None),
    ],
)
def test_a_movement_of_the_wallet_keeps_its_size_and_says_its_direction(kind: str, direction: str | None) -> None:
    sent = {"id": "EFA", "type": kind, "amount": "100", "currency": "IDR", "status": "SUCCESS", "create_time": 1623812664}
    (record,) = parse("getSellerFinancialTransactions", ok(withdrawals=[sent])).records
    assert isinstance(record, Transaction)
    assert record.amount is not None
    assert (record.amount.amount, record.direction, record.platform_type, record.ledger) == (
        Decimal("100"),
        direction,
        kind,
        "wallet",
    )


def test_a_breakdown_that_holds_nonsense_costs_only_the_nonsense() -> None:
    parsed = parse(
        "getTransactionsByStatement",
        ok(
            currency="GBP",
            transactions=[{"id": "1", "fee_tax_breakdown": {"fee": {"a": "1", "b": "x", "c": [1], "d": None}, "tax": "none"}}],
        ),
    )
    assert told(parsed)[0]["fees"] == {"a": {"amount": "1", "currency": "GBP"}}
    assert sorted(problems(parsed)) == [
        ("data.transactions[0].fee_tax_breakdown.fee.b", "note"),
        ("data.transactions[0].fee_tax_breakdown.fee.c", "note"),
        ("data.transactions[0].fee_tax_breakdown.tax", "note"),
    ]


@pytest.mark.parametrize(
    ("operation", "list_name"),
    [
        ("getStatements", "statements"),
        ("getTransactionsByStatement", "transactions"),
        ("getUnsettledTransactions", "transactions"),
        ("getPayments", "payments"),
        ("getSellerFinancialTransactions", "withdrawals"),
    ],
)
def test_money_without_an_id_costs_itself(operation: str, list_name: str) -> None:
    parsed = parse(operation, ok(**{list_name: [{"currency": "GBP"}, {"id": "7"}]}))
    assert [record.platform_id for record in parsed.records] == ["7"]
    assert (f"data.{list_name}[0].id", "error") in problems(parsed)


def test_an_amount_that_matters_and_cannot_be_read_is_an_error() -> None:
    parsed = parse("getStatements", ok(statements=[{"id": "7", "settlement_amount": "a lot"}]))
    assert problems(parsed) == [("data.statements[0].settlement_amount", "error")]
