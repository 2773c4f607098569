"""Money: wallet, releases, payouts, billing, income: every published answer, values written out."""

from pathlib import Path

from .samples import money, parse_sample, problems, told


def test_the_wallet_in_a_currency_without_decimals(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "payment.get_wallet_transaction_list.page0", market="VN", page_no="0", page_size="40")
    assert problems(parsed) == []
    assert parsed.next_page == "1"
    assert told(parsed) == [
        {
            "kind": "transaction",
            "platform_transaction_id": "1767225605:ESCROW_VERIFIED_ADD:48213:2512017TFPB0H5",
            "platform_type": "ESCROW_VERIFIED_ADD",
            "platform_status": "COMPLETED",
            "status": "done",
            "ledger": "wallet",
            "platform_order_id": "2512017TFPB0H5",
            "platform_more": {"transaction_tab_type": "wallet_order_income", "money_flow": "MONEY_IN"},
            "amount": money("48213", "VND"),
            "direction": "in",
            "balance": money("1048213", "VND"),
            "at": "2026-01-01T00:00:05Z",
        },
        {
            "kind": "transaction",
            "platform_transaction_id": "1767225604:WITHDRAWAL_CREATED:-1000000::889900112233",
            "platform_type": "WITHDRAWAL_CREATED",
            "platform_status": "PENDING",
            "status": "pending",
            "ledger": "wallet",
            "platform_more": {
                "withdrawal_type": "MANUAL",
                "root_withdrawal_id": "889900112233",
                "transaction_tab_type": "wallet_withdrawals",
                "money_flow": "MONEY_OUT",
                "withdrawal_id": "889900112233",
            },
            "amount": money("-1000000", "VND"),
            "direction": "out",
            "balance": money("1000000", "VND"),
            "at": "2026-01-01T00:00:04Z",
        },
        {
            "kind": "transaction",
            "platform_transaction_id": "1767225603:ADJUSTMENT_MINUS:-2500",
            "platform_type": "ADJUSTMENT_MINUS",
            "platform_status": "COMPLETED",
            "status": "done",
            "ledger": "wallet",
            "platform_more": {"transaction_tab_type": "wallet_adjustment_filter", "money_flow": "MONEY_OUT"},
            "amount": money("-2500", "VND"),
            "direction": "out",
            "balance": money("2000000", "VND"),
            "at": "2026-01-01T00:00:03Z",
            "platform_reason": "shipping adjustment",
        },
    ]


def test_the_wallet_in_cents_with_an_undocumented_number(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "payment.get_wallet_transaction_list.page1", market="SG", page_no="1", page_size="40")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "transaction",
            "platform_transaction_id": "5550001112223334445",
            "platform_type": "ESCROW_VERIFIED_ADD",
            "platform_status": "COMPLETED",
            "status": "done",
            "ledger": "wallet",
            "platform_order_id": "2512017TFPB0H2",
            "platform_more": {"transaction_tab_type": "wallet_order_income", "money_flow": "MONEY_IN"},
            "amount": money("12.34", "SGD"),
            "direction": "in",
            "balance": money("112.34", "SGD"),
            "at": "2026-01-01T00:00:02Z",
        }
    ]


def test_releases_are_payments(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "payment.get_escrow_list", market="ID", page_no="1", page_size="100")
    assert problems(parsed) == []
    assert parsed.next_page == "2"
    assert len(parsed.records) == 5
    assert told(parsed)[:2] == [
        {
            "kind": "transaction",
            "platform_transaction_id": "release:220415N6SB140P",
            "status": "done",
            "ledger": "payment",
            "platform_order_id": "220415N6SB140P",
            "amount": money("57334", "IDR"),
            "at": "2022-05-06T15:07:28Z",
        },
        {
            "kind": "transaction",
            "platform_transaction_id": "release:220415M9J6GHBP",
            "status": "done",
            "ledger": "payment",
            "platform_order_id": "220415M9J6GHBP",
            "amount": money("5930", "IDR"),
            "at": "2022-05-06T15:07:28Z",
        },
    ]


def test_payouts_of_a_cross_border_shop_keep_both_currencies(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "payment.get_payout_info")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert len(parsed.records) == 4
    assert told(parsed)[:2] == [
        {
            "kind": "statement",
            "platform_statement_id": "11796795500890875355",
            "status": "paid",
            "at": "2023-08-10T03:26:55Z",
            "settlement": money("1", "SGD"),
            "amounts": {"from_amount": money("1", "SGD")},
            "platform_more": {"exchange_rate": "1"},
            "paid_at": "2023-08-10T03:26:55Z",
        },
        {
            "kind": "statement",
            "platform_statement_id": "1037637926329180766",
            "status": "paid",
            "at": "2023-08-10T03:21:32Z",
            "settlement": money("-594.78", "SGD"),
            "amounts": {"from_amount": money("-594.78", "SGD")},
            "platform_more": {"exchange_rate": "1"},
            "paid_at": "2023-08-10T03:21:32Z",
        },
    ]


def test_a_payout_in_detail_has_orders_and_corrections(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "payment.get_payout_detail", page_no="1", page_size="100")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert len(parsed.records) == 9
    assert told(parsed)[:6] == [
        {
            "kind": "statement",
            "platform_statement_id": "1651842208:25678.64",
            "status": "paid",
            "at": "2022-05-06T13:03:28Z",
            "settlement": money("25678.64", "USD"),
            "amounts": {"from_amount": money("591797912", "VND")},
            "platform_more": {"pay_service": "Payoneer", "payee_id": "000000000000", "exchange_rate": "0.00"},
            "paid_at": "2022-05-06T13:03:28Z",
        },
        {
            "kind": "transaction",
            "platform_transaction_id": "1651842208:25678.64:order:220404NF3CFFNY",
            "platform_type": "escrow",
            "status": "done",
            "ledger": "statement",
            "platform_order_id": "220404NF3CFFNY",
            "platform_statement_id": "1651842208:25678.64",
            "amount": money("20865", "VND"),
            "at": "2022-05-06T13:03:28Z",
        },
        {
            "kind": "transaction",
            "platform_transaction_id": "1651842208:25678.64:order:220411AQSDPW3U",
            "platform_type": "escrow",
            "status": "done",
            "ledger": "statement",
            "platform_order_id": "220411AQSDPW3U",
            "platform_statement_id": "1651842208:25678.64",
            "amount": money("53122", "VND"),
            "at": "2022-05-06T13:03:28Z",
        },
        {
            "kind": "transaction",
            "platform_transaction_id": "1651842208:25678.64:order:2204108JRAHQ1B",
            "platform_type": "escrow",
            "status": "done",
            "ledger": "statement",
            "platform_order_id": "2204108JRAHQ1B",
            "platform_statement_id": "1651842208:25678.64",
            "amount": money("41451", "VND"),
            "at": "2022-05-06T13:03:28Z",
        },
        {
            "kind": "transaction",
            "platform_transaction_id": "1651842208:25678.64:order:220404MGU5BKPQ",
            "platform_type": "escrow",
            "status": "done",
            "ledger": "statement",
            "platform_order_id": "220404MGU5BKPQ",
            "platform_statement_id": "1651842208:25678.64",
            "amount": money("9018", "VND"),
            "at": "2022-05-06T13:03:28Z",
        },
        {
            "kind": "transaction",
            "platform_transaction_id": "1651842208:25678.64:adjustment:0",
            "platform_type": "Commission Fee Adjustment",
            "status": "done",
            "ledger": "statement",
            "platform_order_id": "220322JUMMT0S0",
            "platform_statement_id": "1651842208:25678.64",
            "platform_fee": "Commission Fee",
            "platform_more": {"adjustment_level": "shop"},
            "text": "adjustment",
            "amount": money("2", "VND"),
            "at": "2022-05-06T13:03:28Z",
        },
    ]


def test_a_billed_correction_keeps_its_sign(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "payment.get_billing_transaction_info")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "transaction",
            "platform_transaction_id": "billing:230712RFB30UES:ADJUSTMENT:Refund Amount:Return Refund After Order "
            "Completed:-594.78",
            "platform_type": "ADJUSTMENT",
            "platform_status": "RELEASED",
            "status": "done",
            "ledger": "statement",
            "platform_order_id": "230712RFB30UES",
            "platform_fee": "Refund Amount",
            "platform_more": {"level": "ORDER"},
            "text": "deduction for a late return",
            "amount": money("-594.78", "SGD"),
            "platform_reason": "Return Refund After Order Completed",
        }
    ]


def test_income_as_a_whole_is_one_record(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "payment.get_income_overview", market="SG")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "statement",
            "platform_statement_id": "income_overview",
            "status": "open",
            "amounts": {"pending_amount": money("4010", "SGD"), "released_amount": money("1545", "SGD")},
        }
    ]


def test_income_by_order_has_a_cursor(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "payment.get_income_detail")
    assert problems(parsed) == []
    assert parsed.next_page == "216223606250140"
    assert len(parsed.records) == 10
    assert told(parsed)[:2] == [
        {
            "kind": "transaction",
            "platform_transaction_id": "income:251101MPY3RDD3",
            "platform_status": "Released",
            "status": "done",
            "ledger": "statement",
            "platform_order_id": "251101MPY3RDD3",
            "platform_more": {"payment_method": "Cash on Delivery"},
            "amount": money("19246", "IDR"),
            "at": "2025-11-07T16:29:38Z",
        },
        {
            "kind": "transaction",
            "platform_transaction_id": "income:251102PVD4RMNF",
            "platform_status": "Released",
            "status": "done",
            "ledger": "statement",
            "platform_order_id": "251102PVD4RMNF",
            "platform_more": {"payment_method": "Cash on Delivery"},
            "amount": money("19125", "IDR"),
            "at": "2025-11-07T16:22:46Z",
        },
    ]
