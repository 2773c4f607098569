"""What a seller decides: what is sent, what is refused before sending, and what the answers say."""

import json
from pathlib import Path
from typing import Any

import pytest

from storeward.connectors.contract import Level, OperationKind, Request
from storeward.connectors.errors import Rejected
from storeward.connectors.lazada import CONNECTOR, decisions
from storeward.connectors.lazada.tests.samples import ok, parse, parse_sample, problems, told

REVERSE, LINE, ORDER, ITEM = "658960600102006", "663790000102006", "711433089564242", "711433089764242"
PICTURE = {"name": "a.jpg", "url": "https://example.invalid/a.jpg"}


def sent(request: Request) -> dict[str, str]:
    assert request.kind is OperationKind.WRITE
    assert request.method == "GET"  # as the documentation has them; the kind keeps them from being repeated
    return dict(request.query)


def test_cancelling_items_names_order_items_and_reason() -> None:
    request = decisions.cancel_items_request(ORDER, [ITEM, "2"], reason_id="10000021")
    assert request.operation == "/order/reverse/cancel/create"
    assert sent(request) == {
        "order_id": ORDER,
        "order_item_id_list": "[711433089764242,2]",
        "reason_id": "10000021",
    }


def test_whether_items_can_be_cancelled_is_a_read() -> None:
    request = decisions.validate_cancel_request(ORDER, [ITEM])
    assert (request.operation, request.kind) == ("/order/reverse/cancel/validate", OperationKind.READ)
    assert request.query == {"order_id": ORDER, "order_item_id_list": "[711433089764242]"}


@pytest.mark.parametrize(("agree", "word"), [(True, "true"), (False, "false")])
def test_a_buyers_wish_to_cancel_is_answered_in_lower_case(agree: bool, word: str) -> None:
    request = decisions.answer_cancellation_request("704947701379284", agree=agree)
    assert request.operation == "/order/reverse/cancel/seller/decide"
    assert sent(request) == {"reverse_order_id": "704947701379284", "agree_cancel": word}


def test_a_refusal_of_a_cancellation_may_name_its_reason() -> None:
    request = decisions.answer_cancellation_request("7", agree=False, reason_code="10000019")
    assert sent(request)["reason_code"] == "10000019"


@pytest.mark.parametrize("action", ["instantRefund", "agreeReturn", "confirmDelivery", "agreeRefund"])
def test_agreeing_to_a_return_needs_nothing_more(action: str) -> None:
    request = decisions.answer_return_request(REVERSE, [LINE, "9"], action=action)
    assert request.operation == "/order/reverse/return/update"
    assert sent(request) == {
        "action": action,
        "reverse_order_id": REVERSE,
        "reverse_order_item_ids": "[663790000102006,9]",
    }


def test_refusing_a_return_names_reason_and_comment() -> None:
    request = decisions.answer_return_request(REVERSE, [LINE], action="refuseReturn", reason_id="1000018", comment="not damaged")
    assert sent(request) == {
        "action": "refuseReturn",
        "reverse_order_id": REVERSE,
        "reverse_order_item_ids": "[663790000102006]",
        "reason_id": "1000018",
        "comment": "not damaged",
    }


def test_refusing_a_refund_shows_a_picture() -> None:
    request = decisions.answer_return_request(
        REVERSE, [LINE], action="refuseRefund", reason_id="1000018", comment="empty box", images=[PICTURE]
    )
    assert json.loads(sent(request)["image_info"]) == [PICTURE]


REFUSED_AT_ONCE: list[tuple[dict[str, Any], str]] = [
    ({"action": "explode"}, "no action on a return"),
    ({"action": "refuseReturn"}, "needs a reason and a comment"),
    ({"action": "refuseReturn", "reason_id": "1"}, "needs a reason and a comment"),
    ({"action": "refuseReturn", "comment": "x"}, "needs a reason and a comment"),
    ({"action": "refuseRefund", "reason_id": "1", "comment": "x"}, "one line at a time, and needs a picture"),
]


@pytest.mark.parametrize(("arguments", "words"), REFUSED_AT_ONCE)
def test_what_the_platform_would_refuse_is_not_sent(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        decisions.answer_return_request(REVERSE, [LINE], **arguments)


def test_two_lines_are_not_refused_at_once() -> None:
    with pytest.raises(ValueError, match="one line at a time"):
        decisions.answer_return_request(REVERSE, [LINE, "2"], action="refuseRefund", reason_id="1", comment="x", images=[PICTURE])
    with pytest.raises(ValueError, match="one line at a time"):
        decisions.answer_refund_request(REVERSE, [LINE, "2"], action="startDispute", comment="x", images=[PICTURE])


def test_a_refund_without_goods_is_agreed_to_or_disputed() -> None:
    agreed = decisions.answer_refund_request(REVERSE, [LINE], action="agreeRefund")
    assert agreed.operation == "/order/reverse/onlyrefund/seller/decide"
    assert sent(agreed)["action"] == "agreeRefund"
    film = {"cover_url": "https://example.invalid/c.jpg", "video_url": "https://example.invalid/v.mp4"}
    disputed = sent(
        decisions.answer_refund_request(
            REVERSE, [LINE], action="startDispute", comment="never arrived", images=[PICTURE], videos=[film]
        )
    )
    assert json.loads(disputed["image_info_list"]) == [PICTURE]
    assert json.loads(disputed["video_info_list"]) == [film]


@pytest.mark.parametrize(
    "arguments",
    [{"action": "refuseRefund"}, {"action": "startDispute"}, {"action": "startDispute", "comment": "x"}],
)
def test_a_dispute_without_comment_or_picture_is_not_sent(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"no action on a refund|needs a comment and a picture"):
        decisions.answer_refund_request(REVERSE, [LINE], **arguments)


@pytest.mark.parametrize("ids", [[], [str(n) for n in range(201)]])
def test_no_line_or_too_many_are_refused_before_sending(ids: list[str]) -> None:
    with pytest.raises(ValueError, match="ids can be named at once"):
        decisions.answer_return_request(REVERSE, ids, action="agreeReturn")


def test_the_reasons_that_may_be_named(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "order_reverse_cancel_validate")
    assert parsed.problems == []
    assert isinstance(parsed.answer, dict)
    assert [(one["reason_id"], one["reason_name"]) for one in parsed.answer["reason_options"]] == [
        ("10000019", "Sourcing Delay"),
        ("10000021", "Out of Stock"),
        ("10000023", "Wrong Price or Pricing Error"),
    ]
    assert parsed.receipt == {"tip_type": "warning", "tip_content": "Stock may be set to 0 for some reasons."}


def test_items_that_cannot_be_cancelled_say_why(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "order_reverse_cancel_validate_refused")
    assert [(p.field, p.message, p.level) for p in parsed.problems] == [("data.tip_type", "Item is already shipped.", Level.NOTE)]
    assert not parsed.failed


def test_a_cancellation_that_is_refused_is_a_failure_though_the_code_is_0() -> None:
    body = ok({"tip_type": "error", "tip_content": "Item is already shipped."})
    parsed = parse("/order/reverse/cancel/create", body)
    (problem,) = parsed.problems
    assert (problem.field, problem.message, problem.level) == ("data.tip_type", "Item is already shipped.", Level.PLATFORM)
    assert problem.error is not None
    assert (problem.error.code, problem.error.retry.value) == ("error", "never")
    request = decisions.cancel_items_request(ORDER, [ITEM], reason_id="1")
    assert type(CONNECTOR.error_of(request, 200, json.dumps(body).encode())) is Rejected


@pytest.mark.parametrize("word", ["warn", "warning", "success"])
def test_a_cancellation_with_a_warning_is_done(word: str) -> None:
    parsed = parse("/order/reverse/cancel/create", ok({"tip_type": word, "tip_content": "stock is 0 now"}))
    assert parsed.problems == []
    assert parsed.receipt == {"tip_type": word, "tip_content": "stock is 0 now"}


def test_an_answered_cancellation_says_nothing_more(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "order_reverse_cancel_seller_decide")
    assert (parsed.records, parsed.problems, parsed.answer) == ([], [], None)


def test_an_answered_return_names_its_lines_and_money(shared_dir: Path) -> None:
    assert told(parse_sample(shared_dir, "order_reverse_return_update", market="TH")) == [
        {
            "kind": "return",
            "platform_return_id": "658960600102006",
            "platform_order_id": "416557324702006",
            "type": "unknown",
            "status": "unknown",
            "refund_asked": {"amount": "299.00", "currency": "THB"},
            "lines": [
                {
                    "platform_line_id": "663790000102006",
                    "platform_order_line_id": "416557324802006",
                    "seller_sku": "TH-TEE-WHT-M",
                    "refund_asked": {"amount": "299.00", "currency": "THB"},
                    "reason_text": "Item does not match description",
                }
            ],
        }
    ]


def test_an_answered_return_in_vietnam_is_in_whole_dong() -> None:
    row = {"reverse_order_line_id": 1, "refund_amount": 299000, "reason_id": 7, "reason_name": "broken", "reason_type": "T"}
    (record,) = told(parse("/order/reverse/return/update", ok({"reverse_order_line": [row]}), market="VN", return_id="9"))
    assert record["platform_return_id"] == "9"
    assert record["refund_asked"] == {"amount": "299000", "currency": "VND"}
    (line,) = record["lines"]
    assert (line["platform_reason"], line["reason_text"], line["platform_more"]) == ("7", "broken", {"reason_type": "T"})


def test_a_line_without_an_id_is_left_out() -> None:
    parsed = parse("/order/reverse/return/update", ok({"reverse_order_id": 5, "reverse_order_line": [{"refund_amount": 0}]}))
    assert told(parsed)[0].get("lines") is None
    assert problems(parsed) == [("data.reverse_order_line[0].reverse_order_line_id", "error")]


def test_an_answer_that_names_nothing_yields_nothing() -> None:
    assert parse("/order/reverse/return/update", ok({})).records == []


def test_the_reasons_for_a_refusal(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "order_reverse_reason_list")
    assert isinstance(parsed.answer, list)
    assert [(one["reason_id"], one["text"]) for one in parsed.answer] == [
        (1000017, "out of stock"),
        (1000018, "item is not damaged"),
    ]


def test_who_did_what(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "order_reverse_return_history_list")
    assert isinstance(parsed.answer, dict)
    assert [(one["operator"], one["time"]) for one in parsed.answer["list"]] == [
        ("Buyer", 1765600000000),
        ("System", 1765610000000),
    ]


@pytest.mark.parametrize("code", ["100", "110", "133"])
def test_a_decision_that_breaks_a_rule_is_never_repeated(code: str) -> None:
    (problem,) = parse("/order/reverse/return/update", {"code": code, "message": "action not allowed"}).problems
    assert problem.error is not None
    assert (problem.error.code, problem.error.retry.value) == (code, "never")
