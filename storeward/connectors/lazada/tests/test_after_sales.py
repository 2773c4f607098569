"""Reverse orders of the list and of the detail: returns, refunds and cancellations, their deadlines and their money."""

from pathlib import Path
from typing import Any

import pytest

from storeward.canon import AfterSaleStatus, Cancellation, Return, ReturnType
from storeward.connectors.lazada import CONNECTOR, after_sales
from storeward.connectors.lazada.codes import REVERSE_STATUS
from storeward.connectors.lazada.requests import turn
from storeward.connectors.lazada.tests.samples import ok, parse, parse_sample, problems, result, told

LINE: dict[str, Any] = {
    "reverse_order_line_id": 663790000102006,
    "trade_order_line_id": 416557324802006,
    "buyer": {"buyer_id": 100112802006},
    "product": {"product_id": 6718170187, "product_sku": "12761620980"},
    "reverse_status": "REQUEST_INITIATE",
    "ofc_status": "INITIAL",
    "trade_order_gmt_create": 1765100000000,
    "refund_amount": 29900,
    "reason_text": "Item does not match description",
    "reason_code": 10000123,
    "refund_payment_method": "Original payment method",
    "whqc_decision": "scrap",
    "return_order_line_gmt_create": 1765600000000,
    "return_order_line_gmt_modified": 1765600100000,
    "is_dispute": False,
    "is_need_refund": True,
    "seller_sku_id": "TH-TEE-WHT-M",
    "item_unit_price": 31900,
    "platform_sku_id": "6718170187_TH-12761620980",
    "tracking_number": "RT0001",
    "receiver_address": "62/4 Example Moo 5",
    "sla": 1765859300000,
}
REVERSE: dict[str, Any] = {
    "reverse_order_id": 658960600102006,
    "trade_order_id": 416557324702006,
    "request_type": "RETURN",
    "is_rtm": True,
    "shipping_type": "PICK_UP",
    "reverse_order_lines": [LINE],
}


def money(amount: str, currency: str | None = None) -> dict[str, str | None]:
    return {"amount": amount, "currency": currency}


TOLD_LINE: dict[str, Any] = {
    "platform_line_id": "663790000102006",
    "platform_order_line_id": "416557324802006",
    "platform_sku_id": "12761620980",
    "platform_listing_id": "6718170187",
    "seller_sku": "TH-TEE-WHT-M",
    "refund_asked": money("299.00"),
    "price": money("319.00"),
    "platform_status": "REQUEST_INITIATE",
    "platform_reason": "10000123",
    "reason_text": "Item does not match description",
    "tracking_number": "RT0001",
    "requested_at": "2025-12-13T04:26:40Z",
    "updated_at": "2025-12-13T04:28:20Z",
    "answer_by_at": "2025-12-16T04:28:20Z",
    "platform_more": {
        "ofc_status": "INITIAL",
        "refund_payment_method": "Original payment method",
        "whqc_decision": "scrap",
        "platform_sku_id": "6718170187_TH-12761620980",
    },
}
TOLD: dict[str, Any] = {
    "kind": "return",
    "platform_return_id": "658960600102006",
    "platform_order_id": "416557324702006",
    "platform_type": "RETURN",
    "type": "return_and_refund",
    "platform_status": "REQUEST_INITIATE",
    "status": "pending",
    "platform_reason": "10000123",
    "reason_text": "Item does not match description",
    "tracking_number": "RT0001",
    "platform_shipment_type": "PICK_UP",
    "platform_more": {"shipping_type": "PICK_UP", "is_rtm": "true"},
    "platform_buyer_id": "100112802006",
    "disputed": False,
    "to_seller": True,
    "order_placed_at": "2025-12-07T09:33:20Z",
    "requested_at": "2025-12-13T04:26:40Z",
    "updated_at": "2025-12-13T04:28:20Z",
    "answer_by_at": "2025-12-16T04:28:20Z",
    "refund_asked": money("299.00"),
    "lines": [TOLD_LINE],
}


def listed(*found: dict[str, Any], **about: str) -> Any:
    items = list(found)
    body = result(total=len(items), page_no=1, page_size=10, items=items)
    return parse("/reverse/getreverseordersforseller", body, **about)


def one(**changes: Any) -> Return:
    (record,) = listed(REVERSE | {"reverse_order_lines": [LINE | changes]}).records
    assert isinstance(record, Return)
    return record


def detail(reverse: dict[str, Any]) -> dict[str, Any]:
    """The same in the words of the detail."""
    lines = [
        {name: value for name, value in line.items() if name not in {"product", "receiver_address"}}
        | {
            "productDTO": {"product_id": line["product"]["product_id"], "sku": line["product"]["product_sku"]},
            "buyer": {"user_id": line["buyer"]["buyer_id"]},
        }
        for line in reverse["reverse_order_lines"]
    ]
    rest = {name: value for name, value in reverse.items() if name != "reverse_order_lines"}
    return rest | {"reverseOrderLineDTOList": lines}


def test_a_return_in_full_from_the_list_and_from_the_detail() -> None:
    from_list, alone = listed(REVERSE), parse("/order/reverse/return/detail/list", ok(detail(REVERSE)))
    assert told(from_list) == told(alone) == [TOLD]
    assert (from_list.problems, alone.problems) == ([], [])


def test_where_goods_go_back_to_is_nobodys_record() -> None:
    assert "Example Moo" not in str(told(listed(REVERSE)))


def test_the_samples_read_as_their_payloads_mean(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "reverse_getreverseordersforseller")
    assert (parsed.problems, parsed.total) == ([], 3)
    back, cancel, refund = told(parsed)
    assert (back["kind"], back["type"], back["status"], back["answer_by_at"]) == (
        "return",
        "return_and_refund",
        "pending",
        "2025-12-16T04:28:20Z",
    )
    assert (cancel["kind"], cancel["platform_cancellation_id"], cancel["platform_order_id"]) == (
        "cancellation",
        "704947701379284",
        "711433091564242",
    )
    assert cancel["answer_by_at"] == "2025-12-16T00:12:40.018000Z"
    assert cancel["refund_asked"] == money("449.00")
    assert (refund["type"], refund["status"]) == ("refund", "completed")
    assert (refund["refund_asked"], refund["refunded"]) == (money("299.00"), money("299.00"))
    assert "answer_by_at" not in refund


def test_the_detail_sample_reads_like_the_list(shared_dir: Path) -> None:
    (listed_one, *_) = told(parse_sample(shared_dir, "reverse_getreverseordersforseller"))
    (alone,) = told(parse_sample(shared_dir, "order_reverse_return_detail_list"))
    assert alone == listed_one


def test_a_cancellation_in_full() -> None:
    (record,) = listed(REVERSE | {"request_type": "CANCEL", "is_rtm": False}).records
    assert isinstance(record, Cancellation)
    (shown,) = told(listed(REVERSE | {"request_type": "CANCEL", "is_rtm": False}))
    assert shown == {
        "kind": "cancellation",
        "platform_cancellation_id": "658960600102006",
        "platform_order_id": "416557324702006",
        "platform_type": "CANCEL",
        "platform_status": "REQUEST_INITIATE",
        "status": "pending",
        "platform_reason": "10000123",
        "reason_text": "Item does not match description",
        "platform_buyer_id": "100112802006",
        "platform_more": {"shipping_type": "PICK_UP", "is_rtm": "false"},
        "order_placed_at": "2025-12-07T09:33:20Z",
        "requested_at": "2025-12-13T04:26:40Z",
        "updated_at": "2025-12-13T04:28:20Z",
        "answer_by_at": "2025-12-16T04:28:20Z",
        "refund_asked": money("299.00"),
        "lines": [TOLD_LINE],
    }


TYPES = [
    ("RETURN", "return", "return_and_refund"),
    ("ONLY_REFUND", "return", "refund"),
    ("CANCEL", "cancellation", None),
    ("EXCHANGE", "return", "unknown"),
]


@pytest.mark.parametrize(("word", "kind", "reading"), TYPES)
def test_the_type_makes_the_kind(word: str, kind: str, reading: str | None) -> None:
    (record,) = told(listed(REVERSE | {"request_type": word}))
    assert (record["kind"], record["platform_type"], record.get("type")) == (kind, word, reading)


def test_a_type_that_is_lost_is_missing() -> None:
    parsed = listed(REVERSE | {"request_type": ""})
    assert told(parsed)[0]["type"] == ReturnType.UNKNOWN
    assert problems(parsed) == [("result.items[0].request_type", "error")]


STATUSES = [
    ("REQUEST_INITIATE", AfterSaleStatus.PENDING, True),
    ("REQUEST_REJECT", AfterSaleStatus.REFUSED, False),
    ("REQUEST_CANCEL", AfterSaleStatus.WITHDRAWN, False),
    ("CANCEL_SUCCESS", AfterSaleStatus.COMPLETED, False),
    ("REQUEST_COMPLETE", AfterSaleStatus.COMPLETED, False),
    ("REFUND_PENDING", AfterSaleStatus.APPROVED, False),
    ("REFUND_AUTHORIZED", AfterSaleStatus.APPROVED, False),
    ("REFUND_SUCCESS", AfterSaleStatus.COMPLETED, False),
    ("REFUND_REJECT", AfterSaleStatus.REFUSED, False),
    ("SELLER_AGREE_RETURN", AfterSaleStatus.AWAITING_BUYER, False),
    ("SELLER_REJECT_RETURN", AfterSaleStatus.REFUSED, False),
    ("BUYER_RETURN_ITEM", AfterSaleStatus.SHIPPED_BACK, True),
    ("SELLER_AGREE_REFUND", AfterSaleStatus.APPROVED, False),
    ("SELLER_REJECT_REFUND", AfterSaleStatus.REFUSED, False),
    ("CS_APPROVING", AfterSaleStatus.PENDING, True),
    ("AGREE_CANCEL_ORDER", AfterSaleStatus.APPROVED, False),
    ("REJECT_CANCEL_ORDER", AfterSaleStatus.REFUSED, False),
    ("ABDUCTED", AfterSaleStatus.UNKNOWN, True),
]


@pytest.mark.parametrize(("word", "reading", "waits"), STATUSES)
def test_a_status_is_read_and_its_deadline_counts_while_the_seller_is_asked(
    word: str, reading: AfterSaleStatus, waits: bool
) -> None:
    record = one(reverse_status=word)
    assert (record.platform_status, record.status) == (word, reading)
    assert (record.answer_by_at is not None) is waits
    assert record.lines[0].answer_by_at is not None  # what was told by line stays


def test_the_table_holds_every_word_of_the_fact_sheet() -> None:
    assert {word for word, _, _ in STATUSES} - {"ABDUCTED"} == REVERSE_STATUS.keys()


@pytest.mark.parametrize("word", sorted(REVERSE_STATUS))
def test_only_a_refund_that_succeeded_is_paid(word: str) -> None:
    record = one(reverse_status=word)
    paid = word == "REFUND_SUCCESS"
    assert (record.refunded is not None, record.lines[0].refunded is not None) == (paid, paid)
    assert record.refund_asked is not None


MIXED = [
    (["REFUND_SUCCESS", "REQUEST_INITIATE"], "REFUND_SUCCESS+REQUEST_INITIATE", AfterSaleStatus.PENDING),
    (["REQUEST_CANCEL", "BUYER_RETURN_ITEM"], "BUYER_RETURN_ITEM+REQUEST_CANCEL", AfterSaleStatus.SHIPPED_BACK),
    (["REFUND_SUCCESS", "REFUND_REJECT"], "REFUND_REJECT+REFUND_SUCCESS", AfterSaleStatus.COMPLETED),
    (["SELLER_AGREE_RETURN", "REFUND_PENDING"], "REFUND_PENDING+SELLER_AGREE_RETURN", AfterSaleStatus.AWAITING_BUYER),
    (["REQUEST_CANCEL", "REQUEST_CANCEL"], "REQUEST_CANCEL", AfterSaleStatus.WITHDRAWN),
]


@pytest.mark.parametrize(("words", "joined", "reading"), MIXED)
def test_a_request_stands_where_its_most_urgent_line_stands(words: list[str], joined: str, reading: AfterSaleStatus) -> None:
    lines = [LINE | {"reverse_order_line_id": n + 1, "reverse_status": word} for n, word in enumerate(words)]
    (record,) = listed(REVERSE | {"reverse_order_lines": lines}).records
    assert isinstance(record, Return)
    assert (record.platform_status, record.status) == (joined, reading)


def test_the_whole_is_the_sum_of_its_lines_and_the_earliest_deadline() -> None:
    lines = [
        LINE | {"reverse_order_line_id": 1, "refund_amount": 10001, "sla": 1765859300000, "reverse_status": "REFUND_SUCCESS"},
        LINE | {"reverse_order_line_id": 2, "refund_amount": 20002, "sla": 1765900000000},
        LINE | {"reverse_order_line_id": 3, "refund_amount": 30003, "sla": 1765950000000},
    ]
    (record,) = listed(REVERSE | {"reverse_order_lines": lines}).records
    assert isinstance(record, Return)
    assert (str(record.refund_asked), str(record.refunded)) == ("600.06", "100.01")
    assert record.answer_by_at is not None
    assert record.answer_by_at.isoformat() == "2025-12-16T15:46:40+00:00"


def test_a_line_that_states_no_amount_leaves_the_whole_open() -> None:
    lines = [LINE, LINE | {"reverse_order_line_id": 2, "refund_amount": None}]
    (record,) = listed(REVERSE | {"reverse_order_lines": lines}).records
    assert isinstance(record, Return)
    assert record.refund_asked is None
    assert str(record.lines[0].refund_asked) == "299.00"


UNITS = [
    ("6718170187_TH-12761620980", 29900, "299.00"),
    ("2494373306_VNAMZ-12215141846", 29900, "29900"),
    ("1760954113_SGAMZ-8975502010", 100, "1.00"),
    ("9_ID-1", 5900000, "59000.00"),
    ("9_MY-1", 1, "0.01"),
    ("9_PH-1", 0, "0.00"),
]


@pytest.mark.parametrize(("code", "sent", "meant"), UNITS)
def test_the_platform_sku_code_tells_the_unit(code: str, sent: int, meant: str) -> None:
    record = one(platform_sku_id=code, refund_amount=sent)
    assert str(record.refund_asked) == meant


def test_the_site_that_was_asked_tells_unit_and_currency() -> None:
    (dong,) = listed(REVERSE, market="VN").records
    (baht,) = listed(REVERSE, market="TH").records
    assert isinstance(dong, Return)
    assert isinstance(baht, Return)
    assert (str(dong.refund_asked), str(baht.refund_asked)) == ("29900 VND", "299.00 THB")


def test_an_amount_of_an_unknown_site_is_noted() -> None:
    parsed = listed(REVERSE | {"reverse_order_lines": [LINE | {"platform_sku_id": ""}]})
    assert told(parsed)[0]["refund_asked"] == money("299.00")
    fields = ["result.items[0].reverse_order_lines[0].refund_amount", "result.items[0].reverse_order_lines[0].item_unit_price"]
    assert problems(parsed) == [(field, "note") for field in fields]


DEADLINES = [
    (1765859300000, "2025-12-16T04:28:20Z", []),
    ("1765859300000", "2025-12-16T04:28:20Z", []),
    (0, None, []),
    (None, None, []),
    ("", None, []),
    (172800000, None, [("result.items[0].reverse_order_lines[0].sla", "note")]),
    ("soon", None, [("result.items[0].reverse_order_lines[0].sla", "note")]),
    ([], None, [("result.items[0].reverse_order_lines[0].sla", "error")]),
]


@pytest.mark.parametrize(("sla", "by", "expected"), DEADLINES)
def test_a_deadline_is_a_moment_or_none(sla: Any, by: str | None, expected: list[tuple[str, str]]) -> None:
    parsed = listed(REVERSE | {"reverse_order_lines": [LINE | {"sla": sla}]})
    assert told(parsed)[0].get("answer_by_at") == by
    assert problems(parsed) == expected


@pytest.mark.parametrize(("flags", "disputed"), [([False, True], True), ([False, False], False), ([None, None], None)])
def test_one_disputed_line_makes_a_dispute(flags: list[bool | None], disputed: bool | None) -> None:
    lines = [LINE | {"reverse_order_line_id": n + 1, "is_dispute": flag} for n, flag in enumerate(flags)]
    (record,) = listed(REVERSE | {"reverse_order_lines": lines}).records
    assert isinstance(record, Return)
    assert record.disputed is disputed


def test_what_has_no_id_is_left_out() -> None:
    parsed = listed(REVERSE | {"reverse_order_id": 0}, REVERSE | {"reverse_order_lines": [LINE | {"reverse_order_line_id": ""}]})
    assert [len(r.get("lines", [])) for r in told(parsed)] == [0]
    assert problems(parsed) == [
        ("result.items[0].reverse_order_id", "error"),
        ("result.items[1].reverse_order_lines[0].reverse_order_line_id", "error"),
    ]


def test_a_request_without_lines_is_kept() -> None:
    (record,) = told(listed(REVERSE | {"reverse_order_lines": []}))
    assert (record["platform_return_id"], record["status"]) == ("658960600102006", "unknown")


def test_a_refusal_within_the_result_is_a_failure() -> None:
    body = {"code": "0", "result": {"success": False, "error_code": "106", "error_msg": "reverse service"}}
    parsed = parse("/reverse/getreverseordersforseller", body)
    (problem,) = parsed.problems
    assert problem.field == "result.error_code"
    assert problem.error is not None
    assert (problem.error.code, problem.error.retry.value) == ("106", "now")


PAGES = [
    # total, page, size that the answer says, rows -> the next page
    (25, "1", 10, 10, "2"),
    (25, "2", 10, 10, "3"),
    (25, "3", 10, 5, None),
    (20, "2", 10, 10, None),
    (0, "1", 10, 0, None),
    (25, "9", 10, 0, None),
    (50, "1", None, 20, "2"),
    (None, "1", 10, 10, "2"),
    (None, "1", 10, 4, None),
]


@pytest.mark.parametrize(("total", "page", "size", "rows", "following"), PAGES)
def test_pages_go_by_the_size_that_the_answer_tells(
    total: int | None, page: str, size: int | None, rows: int, following: str | None
) -> None:
    items = [REVERSE | {"reverse_order_id": n + 1} for n in range(rows)]
    inside = {"items": items, "page_no": int(page), "page_size": size, "total": total}
    body = result(**{name: value for name, value in inside.items() if value is not None})
    token = parse("/reverse/getreverseordersforseller", body, page_no=page, page_size="20").next_page
    assert token == (None if following is None else f'{{"page_no":"{following}"}}')


def test_a_turned_request_asks_for_that_page() -> None:
    request = after_sales.list_request(after_sales.RETURNS)
    second = turn(request, '{"page_no":"2"}')
    assert (second.query["page_no"], second.about["page_no"]) == ("2", "2")
    assert second.query["request_type_list"] == '["RETURN","ONLY_REFUND"]'


@pytest.mark.parametrize("kind", ["return", "cancellation"])
def test_a_request_is_read_back_by_its_id(kind: str) -> None:
    request = CONNECTOR.read_one(kind, "658960600102006")
    assert (request.operation, request.query) == (
        "/order/reverse/return/detail/list",
        {"reverse_order_id": "658960600102006"},
    )
