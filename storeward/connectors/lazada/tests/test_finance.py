"""Statements, their lines, movements of money and logistics fees."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from storeward.canon import Statement, Transaction, TransactionStatus
from storeward.connectors.contract import OperationKind
from storeward.connectors.lazada import finance
from storeward.connectors.lazada.fees import FEES, category_of
from storeward.connectors.lazada.tests.samples import ok, parse, parse_sample, problems, told

PAYOUT: dict[str, Any] = {
    "statement_number": "TH1A2B3C-2025-1207",
    "created_at": "2025-12-08 00:23:04",
    "updated_at": "2025-12-10 04:11:59",
    "paid": "1",
    "payout": "3,962.41 THB",
    "opening_balance": "-5.00",
    "closing_balance": "3962.41",
    "item_revenue": "4,120.00",
    "other_revenue_total": "10.00",
    "fees_total": "-157.59",
    "fees_on_refunds_total": "1.00",
    "refunds": "-20.00",
    "guarantee_deposit": "0.00",
    "shipment_fee": "-12.00",
    "shipment_fee_credit": "51.20",
    "subtotal1": "3972.41",
    "subtotal2": "3952.41",
}


def baht(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "THB"}


def test_a_statement_in_full() -> None:
    parsed = parse("/finance/payout/status/get", ok([PAYOUT]))
    assert parsed.problems == []
    assert told(parsed) == [
        {
            "kind": "statement",
            "platform_statement_id": "TH1A2B3C-2025-1207",
            "platform_status": "1",
            "status": "paid",
            "at": "2025-12-07T17:23:04Z",
            "updated_at": "2025-12-09T21:11:59Z",
            "settlement": baht("3962.41"),
            "revenue": baht("4120.00"),
            "fees": baht("-157.59"),
            "shipping_cost": baht("-12.00"),
            "opening": baht("-5.00"),
            "closing": baht("3962.41"),
            "amounts": {
                "other_revenue_total": baht("10.00"),
                "fees_on_refunds_total": baht("1.00"),
                "refunds": baht("-20.00"),
                "guarantee_deposit": baht("0.00"),
                "shipment_fee_credit": baht("51.20"),
                "subtotal1": baht("3972.41"),
                "subtotal2": baht("3952.41"),
            },
        }
    ]


def test_the_statement_samples(shared_dir: Path) -> None:
    paid, open_ = told(parse_sample(shared_dir, "finance_payout_status_get"))
    assert (paid["status"], open_["status"]) == ("paid", "open")
    assert (paid["settlement"], open_["settlement"]) == (baht("3962.41"), baht("0.00"))
    assert (paid["at"], open_["at"]) == ("2025-12-07T17:23:04Z", "2025-12-14T17:20:41Z")
    documented = parse_sample(shared_dir, "finance_payout_status_get_docs")
    (record,) = told(documented)
    assert record["settlement"] == {"amount": "3962.41", "currency": "EUR"}
    assert "at" not in record  # no site of Lazada's has euros: nobody knows the clock
    assert problems(documented) == [("data[0].created_at", "note"), ("data[0].updated_at", "note")]


WHERE = [
    # payout, number, market that is known -> the instant of 00:23:04, the currency
    ("1.00 SGD", "X", "", "2025-12-07T16:23:04Z", "SGD"),
    ("1.00 IDR", "X", "", "2025-12-07T17:23:04Z", "IDR"),
    ("1.00", "SG1A-2025", "", "2025-12-07T16:23:04Z", None),
    ("1.00", "VN1A-2025", "", "2025-12-07T17:23:04Z", None),
    ("1.00", "X", "PH", "2025-12-07T16:23:04Z", "PHP"),
    ("1.00 THB", "TH1A-2025", "TH", "2025-12-07T17:23:04Z", "THB"),
    ("1.00", "X", "", None, None),
]


@pytest.mark.parametrize(("payout", "number", "market", "at", "currency"), WHERE)
def test_the_clock_and_the_currency_of_a_statement(
    payout: str, number: str, market: str, at: str | None, currency: str | None
) -> None:
    row = PAYOUT | {"payout": payout, "statement_number": number}
    (record,) = told(parse("/finance/payout/status/get", ok([row]), market=market))
    assert (record.get("at"), record["settlement"]["currency"]) == (at, currency)


PAID = [("1", "paid"), ("0", "open"), (1, "paid"), (0, "open"), ("2", "unknown"), ("", "unknown"), (None, "unknown")]


@pytest.mark.parametrize(("word", "status"), PAID)
def test_whether_a_statement_was_paid(word: Any, status: str) -> None:
    (record,) = parse("/finance/payout/status/get", ok([PAYOUT | {"paid": word}])).records
    assert isinstance(record, Statement)
    assert record.status == status
    assert record.platform_status == (None if word in ("", None) else str(word))


def test_a_statement_without_a_number_is_left_out() -> None:
    parsed = parse("/finance/payout/status/get", ok([PAYOUT | {"statement_number": ""}, PAYOUT]))
    assert len(parsed.records) == 1
    assert problems(parsed) == [("data[0].statement_number", "error")]


def test_an_amount_that_cannot_be_read_costs_that_amount() -> None:
    parsed = parse("/finance/payout/status/get", ok([PAYOUT | {"refunds": "some"}]))
    assert "refunds" not in told(parsed)[0]["amounts"]
    assert problems(parsed) == [("data[0].refunds", "note")]


LINE: dict[str, Any] = {
    "transaction_number": "TH1A2B3C-9P1B",
    "transaction_type": "Orders-Lazada Fees",
    "transaction_date": "12 Dec 2025",
    "fee_type": "16",
    "fee_name": "Commission",
    "amount": "-1,112.74",
    "VAT_in_amount": "-0.83",
    "WHT_amount": "0.00",
    "WHT_included_in_amount": "No",
    "statement": "08 Dec 2025 - 14 Dec 2025",
    "paid_status": "Not paid",
    "order_no": "711433092264242",
    "orderItem_no": "711433092464242",
    "orderItem_status": "Delivered",
    "seller_sku": "TH-TEE-WHT-M",
    "lazada_sku": "6718170187_TH-12761620980",
    "details": "for the shirt",
    "comment": "",
    "payment_ref_id": "BANK-1",
    "reference": "711433092464242",
    "shipping_provider": "LEX TH",
    "shipping_speed": "Standard",
    "shipment_type": "Dropshipping",
}


def test_a_line_of_a_statement_in_full() -> None:
    parsed = parse("/finance/transaction/details/get", ok([LINE]), market="TH")
    assert parsed.problems == []
    assert told(parsed) == [
        {
            "kind": "transaction",
            "platform_transaction_id": "TH1A2B3C-9P1B",
            "platform_type": "Orders-Lazada Fees",
            "platform_fee": "16",
            "category": "platform_fee",
            "platform_status": "Not paid",
            "status": "pending",
            "ledger": "statement",
            "platform_order_id": "711433092264242",
            "platform_line_id": "711433092464242",
            "platform_payment_id": "BANK-1",
            "platform_more": {
                "fee_name": "Commission",
                "statement": "08 Dec 2025 - 14 Dec 2025",
                "lazada_sku": "6718170187_TH-12761620980",
                "reference": "711433092464242",
                "shipping_provider": "LEX TH",
                "shipping_speed": "Standard",
                "shipment_type": "Dropshipping",
                "orderItem_status": "Delivered",
                "WHT_included_in_amount": "No",
            },
            "title": "Commission",
            "seller_sku": "TH-TEE-WHT-M",
            "text": "for the shirt",
            "amount": baht("-1112.74"),
            "at": "2025-12-11T17:00:00Z",
            "on_date": "2025-12-12",
            "fees": {"VAT_in_amount": baht("-0.83"), "WHT_amount": baht("0.00")},
        }
    ]


def test_the_lines_of_the_sample_add_up(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "finance_transaction_details_get")
    assert parsed.problems == []
    rows = [record for record in parsed.records if isinstance(record, Transaction)]
    assert [(row.platform_fee, row.category, str(row.amount)) for row in rows] == [
        ("13", "sale", "199.00"),
        ("16", "platform_fee", "-12.74"),
        ("3", "platform_fee", "-4.26"),
        ("8", "shipping", "38.00"),
        ("14", "refund", "-1199.00"),
    ]
    assert sum(row.amount.amount for row in rows if row.amount) == Decimal("-979.00")
    assert len({row.platform_id for row in rows}) == 5


def test_fee_and_item_make_a_line_unique() -> None:
    rows = [LINE, LINE | {"fee_type": "15"}, LINE | {"orderItem_no": "2"}, LINE | {"transaction_number": "Z"}]
    ids = [record.platform_id for record in parse("/finance/transaction/details/get", ok(rows)).records]
    assert ids[0] == "TH1A2B3C-9P1B:16:711433092464242"
    assert len(set(ids)) == 4


PAID_WORDS = [
    ("Paid", "done"),
    ("paid", "done"),
    ("Yes", "done"),
    ("Not paid", "pending"),
    ("No", "pending"),
    ("Perhaps", "unknown"),
    ("", "unknown"),
]


@pytest.mark.parametrize(("word", "status"), PAID_WORDS)
def test_whether_a_line_was_paid_is_told_in_two_ways(word: str, status: str) -> None:
    (record,) = parse("/finance/transaction/details/get", ok([LINE | {"paid_status": word}])).records
    assert isinstance(record, Transaction)
    assert record.status == TransactionStatus(status)


DAYS = [
    ("12 Dec 2025", "", "2025-12-12", "2025-12-11T17:00:00Z"),
    ("12 Dec 2025", "SG", "2025-12-12", "2025-12-11T16:00:00Z"),
    ("2025-12-12", "", "2025-12-12", "2025-12-11T17:00:00Z"),
    ("", "", None, None),
    ("someday", "", None, None),
]


@pytest.mark.parametrize(("text", "market", "day", "at"), DAYS)
def test_a_line_has_a_day_and_that_days_beginning(text: str, market: str, day: str | None, at: str | None) -> None:
    (record,) = told(parse("/finance/transaction/details/get", ok([LINE | {"transaction_date": text}]), market=market))
    assert (record.get("on_date"), record.get("at")) == (day, at)


def test_a_line_of_an_unknown_site_keeps_its_day() -> None:
    row = LINE | {"lazada_sku": "", "transaction_number": "7"}
    (record,) = told(parse("/finance/transaction/details/get", ok([row])))
    assert record["on_date"] == "2025-12-12"
    assert "at" not in record


CATEGORIES = [
    ("13", "Orders-Sales", "sale"),
    ("14", "Refunds-Sales", "refund"),
    ("16", "Orders-Lazada Fees", "platform_fee"),
    ("7", "Orders-Logistics", "shipping"),
    ("118", "Orders-Marketing Fees", "marketing"),
    ("13", None, "sale"),
    ("14", "", "refund"),
    ("13", "Payment Fee", "sale"),  # a label instead of a group, as the documentation prints it
    ("99999", "Refunds-Claims", "claim"),
    ("99999", "Other Services-Services", "service"),
    ("99999", "Refunds-Others", "other"),
    ("99999", "Something new", None),
    (None, None, None),
]


@pytest.mark.parametrize(("fee", "group", "category"), CATEGORIES)
def test_what_a_line_is_in_our_words(fee: str | None, group: str | None, category: str | None) -> None:
    assert category_of(fee, group) == category


FEE_NAMES = [
    ("3", "Orders-Lazada Fees", "Payment Fee"),
    ("7", "Orders-Logistics", "Shipping Fee Paid by Seller"),
    ("8", "Orders-Logistics", "Shipping Fee (Paid By Customer)"),
    ("13", "Orders-Sales", "Item Price Credit"),
    ("14", "Refunds-Sales", "Reversal Item Price"),
    ("15", "Refunds-Lazada Fees", "Reversal Commission"),
    ("16", "Orders-Lazada Fees", "Commission"),
]


@pytest.mark.parametrize(("fee", "group", "name"), FEE_NAMES)
def test_the_most_common_fees(fee: str, group: str, name: str) -> None:
    assert FEES[fee] == (group, name)


def test_every_listed_fee_has_a_category() -> None:
    assert len(FEES) == 313
    assert [fee for fee in FEES if category_of(fee, None) is None] == []


def test_a_new_fee_is_kept_like_any_other() -> None:
    row = LINE | {"fee_type": "77777", "transaction_type": "New things", "fee_name": "Moon tax"}
    (record,) = told(parse("/finance/transaction/details/get", ok([row])))
    assert (record["platform_fee"], record["title"]) == ("77777", "Moon tax")
    assert "category" not in record


def test_a_name_that_is_lost_is_that_of_the_fee() -> None:
    (record,) = told(parse("/finance/transaction/details/get", ok([LINE | {"fee_name": ""}])))
    assert record["title"] == "Commission"


OFFSETS = [(500, 0, '{"offset":"500"}'), (500, 500, '{"offset":"1000"}'), (499, 0, None), (0, 500, None)]


@pytest.mark.parametrize(("rows", "offset", "following"), OFFSETS)
def test_a_short_page_of_lines_is_the_last(rows: int, offset: int, following: str | None) -> None:
    body = ok([LINE | {"orderItem_no": str(n)} for n in range(rows)])
    parsed = parse("/finance/transaction/details/get", body, offset=str(offset), limit="500")
    assert parsed.next_page == following


MOVEMENT: dict[str, Any] = {
    "transaction_number": "10000001",
    "transaction_time": "2025-12-10 04:11:59",
    "type": "Withdrawal",
    "sub_type": "Auto Withdrawal",
    "amount": "-3,962.41",
    "currency": "THB",
    "pmt_reference": "Bank Ref. TH1JHIY41G",
    "remarks": " weekly ",
    "payee_account": {"description": "Bank account", "account": "****1001"},
    "tracking_list": [
        {"name": "WITHDRAWAL_INITIATED", "status": "Withdrawal created", "update_time": "2025-12-10 04:12:00", "remark": ""}
    ],
}


def moved(**changes: Any) -> Any:
    data = {"page_info": {"total_count": 1}, "transactions": [MOVEMENT | changes]}
    return parse("/finance/transaction/accountTransactions/query", ok(data, success=True))


def test_a_movement_in_full() -> None:
    parsed = moved()
    assert parsed.problems == []
    assert told(parsed) == [
        {
            "kind": "transaction",
            "platform_transaction_id": "10000001",
            "platform_type": "Withdrawal",
            "platform_status": "WITHDRAWAL_INITIATED",
            "status": "pending",
            "ledger": "wallet",
            "platform_payment_id": "Bank Ref. TH1JHIY41G",
            "platform_more": {
                "sub_type": "Auto Withdrawal",
                "payee_account": "Bank account",
                "tracking_list": ["Withdrawal created"],
            },
            "text": "weekly",
            "amount": baht("-3962.41"),
            "at": "2025-12-09T21:11:59Z",
            "updated_at": "2025-12-09T21:12:00Z",
        }
    ]
    assert "1001" not in str(told(parsed)[0]["platform_more"])


def test_the_movements_of_the_sample(shared_dir: Path) -> None:
    out, into = told(parse_sample(shared_dir, "finance_account_transactions_query"))
    assert (out["amount"], into["amount"]) == (baht("-3962.41"), baht("3962.41"))
    assert (out["status"], into["status"]) == ("pending", "done")
    assert into["at"] == "2025-12-07T17:23:04Z"


def test_a_movement_in_the_stores_language(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "finance_account_transactions_query_docs")
    (record,) = told(parsed)
    assert (record["platform_type"], record["platform_more"]["sub_type"]) == ("Penarikan Dana", "Penarikan Dana Otomatis")
    assert record["amount"] == {"amount": "0.01", "currency": "IDR"}
    assert record["at"] == "2021-12-31T17:00:00Z"
    assert parsed.total == 1000
    assert parsed.next_page == '{"page_num":"2"}'


STEPS = [
    ([], "done", None),
    (None, "done", None),
    ([{"name": "WITHDRAWAL_INITIATED"}], "pending", "WITHDRAWAL_INITIATED"),
    ([{"name": "WITHDRAWAL_INITIATED"}, {"name": "BANK_REFUSED"}], "unknown", "BANK_REFUSED"),
    ([{"name": ""}], "unknown", None),
]


@pytest.mark.parametrize(("steps", "status", "word"), STEPS)
def test_a_movement_stands_where_its_last_step_says(steps: Any, status: str, word: str | None) -> None:
    (record,) = moved(tracking_list=steps).records
    assert isinstance(record, Transaction)
    assert (record.status, record.platform_status) == (status, word)


def test_a_movement_without_a_number_is_left_out() -> None:
    parsed = moved(transaction_number=None)
    assert (parsed.records, problems(parsed)) == ([], [("data.transactions[0].transaction_number", "error")])


FEE: dict[str, Any] = {
    "amount": {"amount": "-12.50", "currencyCode": "SGD"},
    "tax_in_amount": {"value": "-0.90"},
    "currency": "SGD",
    "fee_code": "SHIP-1",
    "fee_name": "Shipping Fee (Charged By 3P)",
    "trade_order_id": "83314300176414",
    "trade_order_line_id": "83314300276414",
    "statement_id": "SG1-2025-1207",
    "statement_period": "08 Dec 2025 - 14 Dec 2025",
    "fee_creation_date": {
        "year": 2025,
        "month_value": 12,
        "day_of_month": 10,
        "hour": 4,
        "minute": 11,
        "second": 59,
        "zone": {"id": "+08:00"},
    },
}


def test_a_logistics_fee_in_full() -> None:
    parsed = parse("/lbs/slb/queryLogisticsFeeDetail", ok([FEE], success=True))
    assert parsed.problems == []
    assert told(parsed) == [
        {
            "kind": "transaction",
            "status": "unknown",
            "ledger": "logistics",
            "category": "shipping",
            "platform_fee": "SHIP-1",
            "platform_order_id": "83314300176414",
            "platform_line_id": "83314300276414",
            "platform_statement_id": "SG1-2025-1207",
            "platform_more": {
                "fee_name": "Shipping Fee (Charged By 3P)",
                "statement_period": "08 Dec 2025 - 14 Dec 2025",
            },
            "title": "Shipping Fee (Charged By 3P)",
            "amount": {"amount": "-12.50", "currency": "SGD"},
            "at": "2025-12-09T20:11:59Z",
            "fees": {"tax_in_amount": {"amount": "-0.90", "currency": "SGD"}},
        }
    ]


EXPLODED = [
    ({"year": 2025, "month_value": 12, "day_of_month": 10, "zone": {"id": "UTC"}}, "2025-12-10T00:00:00Z"),
    ({"year": 2025, "month_value": 12, "day_of_month": 10}, "2025-12-09T16:00:00Z"),
    ({"year": "2025", "month_value": "12", "day_of_month": "10", "hour": "8"}, "2025-12-10T00:00:00Z"),
    ({"year": 2025, "month_value": 13, "day_of_month": 10}, None),
    ({}, None),
    (None, None),
    (1765325519000, "2025-12-10T00:11:59Z"),
    ("2025-12-10 08:00:00", "2025-12-10T00:00:00Z"),
]


@pytest.mark.parametrize(("pieces", "at"), EXPLODED)
def test_a_date_in_pieces(pieces: Any, at: str | None) -> None:
    (record,) = told(parse("/lbs/slb/queryLogisticsFeeDetail", ok([FEE | {"fee_creation_date": pieces}])))
    assert record.get("at") == at


@pytest.mark.parametrize(("amount", "told_"), [("-12.50", "-12.50"), (12, "12"), ({"cents": 5}, None), ({}, None), (None, None)])
def test_an_amount_that_is_an_object_or_not(amount: Any, told_: str | None) -> None:
    (record,) = parse("/lbs/slb/queryLogisticsFeeDetail", ok([FEE | {"amount": amount}])).records
    assert isinstance(record, Transaction)
    assert (None if record.amount is None else f"{record.amount.amount:f}") == told_


def test_questions_are_written_in_the_days_that_each_call_wants() -> None:
    assert finance.payouts_request(created_since=date(2025, 12, 1)).query == {"created_after": "2025-12-01"}
    assert finance.payouts_request().query == {"created_after": "2012-01-01"}
    lines = finance.lines_request(date(2025, 12, 1), date(2025, 12, 31)).query
    assert (lines["start_time"], lines["end_time"], lines["trans_type"]) == ("2025-12-01", "2025-12-31", "-1")
    moved_ = finance.movements_request(since=date(2025, 12, 1))
    assert (moved_.method, moved_.kind) == ("POST", OperationKind.READ)
    assert (moved_.query["start_time"], moved_.query["end_time"]) == ("20251201", "20991231")
    fees = finance.logistics_fees_request("1000").query
    assert (fees["seller_id"], fees["request_type"]) == ("1000", "OPEN_API")


@pytest.mark.parametrize("code", ["1000012", "1000014"])
def test_a_window_that_is_too_wide_is_refused_for_good(code: str) -> None:
    (problem,) = parse("/finance/transaction/details/get", {"code": code, "message": "window"}).problems
    assert problem.error is not None
    assert problem.error.retry.value == "never"
