"""Webhooks, tag by tag: what each names, and in which forms they come."""

import json
from pathlib import Path
from typing import Any

import pytest

from storeward.connectors.douyin import CONNECTOR
from storeward.connectors.douyin.push import ANSWER, TOPICS, parse_pushes
from storeward.connectors.errors import UnexpectedPayload

from .samples import parse, problems, sample, told, yuan

AT = 1_690_000_000
THEN = "2023-07-22T04:26:40Z"


def message(tag: Any, **data: Any) -> dict[str, Any]:
    return {"tag": tag, "msg_id": "m-1", "data": json.dumps(data, ensure_ascii=False)}


def one(tag: Any, **data: Any) -> dict[str, Any]:
    (push,) = told(parse("push", [message(tag, **data)]))
    return push


ORDER_IDS = {"platform_order_id": "4781320682406083640", "platform_line_ids": ["4781320682406083640", "4781320682406083641"]}
CASE_IDS = {
    "platform_order_id": "4781320682406090555",
    "platform_line_ids": ["4781320682406090556"],
    "platform_return_id": "6959800000297566494",
}
REFUND = {"refund_amount": yuan("99.00"), "refund_post_amount": yuan("0.00")}

PUBLISHED: list[tuple[str, str, str | None, dict[str, Any]]] = [
    ("100_trade_create", "order", "1", {**ORDER_IDS, "created_at": THEN}),
    ("101_trade_paid", "order", "2", {**ORDER_IDS, "amounts": {"pay_amount": yuan("377.00")}, "times": {"pay_time": THEN}}),
    ("102_seller_ship", "order", "3", {**ORDER_IDS, "changed_at": THEN}),
    ("103_trade_success", "order", "5", {**ORDER_IDS, "times": {"complete_time": THEN}}),
    ("104_logistics_changed", "order", "3", {**ORDER_IDS, "changed_at": THEN}),
    ("105_address_changed", "address", "2", {**ORDER_IDS, "changed_at": THEN}),
    ("106_trade_canceled", "order", "4", {**ORDER_IDS, "platform_reasons": ["超时未支付"], "times": {"cancel_time": THEN}}),
    ("108_partly_ship", "order", "101", {**ORDER_IDS, "platform_package_ids": ["7258000000000000001"]}),
    ("109_amount_changed", "order", "1", {**ORDER_IDS, "times": {"modify_time": THEN}}),
    ("110_paid_pending", "order", "2", ORDER_IDS),
    ("111_address_change_apply", "address", None, {"platform_order_id": "4781320682406083640", "created_at": THEN}),
    ("112_appointment_old", "order", "2", {"platform_order_id": "4781320682406083640"}),
    ("113_memo_modify", "order", None, {"platform_order_id": "4781320682406083640", "text": "加急"}),
    ("126_ship_deadline_changed", "order", None, {"ship_by_at": "2023-07-25T04:26:40Z"}),
    ("200_refund_created", "return", "6", {**CASE_IDS, "amounts": REFUND, "created_at": THEN}),
    ("201_refund_agreed", "return", "12", {**CASE_IDS, "times": {"update_time": THEN, "agree_time": THEN}}),
    ("202_return_apply_agreed", "return", "7", {**CASE_IDS, "times": {"update_time": THEN, "agree_time": THEN}}),
    ("203_buyer_return_goods", "return", "11", {**CASE_IDS, "times": {"update_time": THEN, "return_time": THEN}}),
    ("204_refund_refused", "return", "27", {**CASE_IDS, "times": {"update_time": THEN, "refuse_time": THEN}}),
    ("205_return_apply_refused", "return", "27", {**CASE_IDS, "times": {"update_time": THEN, "refuse_time": THEN}}),
    ("206_refund_success", "return", "12", {**CASE_IDS, "refunded": yuan("99.00")}),
    ("207_refund_closed", "return", "28", {**CASE_IDS, "times": {"update_time": THEN, "close_time": THEN}}),
    ("208_refund_modified", "return", "6", {**CASE_IDS, "times": {"update_time": THEN, "modify_time": THEN}}),
    ("209_aftersale_deadline_changed", "return", "6", {**CASE_IDS, "answer_by_at": "2023-07-24T04:26:40Z"}),
    ("211_exchange_confirmed", "return", "13", {**CASE_IDS, "platform_type": "3"}),
    ("212_arbitrate_applied", "return", "27", CASE_IDS),
    ("213_arbitrate_evidence_asked", "return", "27", CASE_IDS),
    ("214_arbitrate_evidence_sent", "return", "27", CASE_IDS),
    ("215_arbitrate_cancelled", "return", "27", CASE_IDS),
    ("216_arbitrate_result", "return", "27", CASE_IDS),
    ("217_arbitrate_service_in", "return", "27", CASE_IDS),
    ("218_negotiation_evidence", "return", "27", CASE_IDS),
    ("224_special_rights_aftersale", "return", "6", {**CASE_IDS, "amounts": {"refund_amount": yuan("10.00")}}),
    ("225_special_rights_refunded", "return", "12", {**CASE_IDS, "refunded": yuan("10.00")}),
    ("226_reissue_sent", "return", "13", {**CASE_IDS, "platform_type": "7"}),
    ("227_reissue_agreed", "return", "8", {**CASE_IDS, "platform_type": "7"}),
    ("400_product_change", "listing", None, {"platform_listing_id": "3488625851803765012", "platform_type": "5"}),
    ("417_product_content_change", "listing", "0", {"platform_listing_id": "3488625851803765012", "platform_type": "1"}),
]


@pytest.mark.parametrize(("name", "topic", "status", "expected"), PUBLISHED, ids=[row[0] for row in PUBLISHED])
def test_every_published_message_names_what_it_is_about(
    shared_dir: Path, name: str, topic: str, status: str | None, expected: dict[str, Any]
) -> None:
    capture = json.loads(sample(shared_dir, f"push/tag_{name}"))
    parsed = parse("push", capture["body"])
    assert problems(parsed) == []
    (push,) = told(parsed)
    assert push["platform_push_id"] == capture["body"][0]["msg_id"]
    assert (push["platform_topic"], push["topic"]) == (name[:3], topic)
    assert push["platform_store_id"] == "4463798"
    assert push.get("platform_status") == status
    assert {place: push.get(place) for place in expected} == expected


def test_every_published_message_stands_in_the_table(shared_dir: Path) -> None:
    names = {file.stem[4:] for file in (shared_dir / "platforms/douyin_shop/samples/push").glob("tag_*.json")}
    assert names == {row[0] for row in PUBLISHED} | {"000_verify"}


@pytest.mark.parametrize(("name", "topic", "status", "expected"), PUBLISHED, ids=[row[0] for row in PUBLISHED])
def test_every_published_message_names_something_that_can_be_read_back(
    shared_dir: Path, name: str, topic: str, status: str | None, expected: dict[str, Any]
) -> None:
    body = json.dumps(json.loads(sample(shared_dir, f"push/tag_{name}"))["body"]).encode()
    (push,) = parse_pushes(body)
    named = {
        "order": push.platform_order_id,
        "address": push.platform_order_id,
        "return": push.platform_return_id,
        "listing": push.platform_listing_id,
    }
    kind = "order" if topic == "address" else topic
    request = CONNECTOR.read_one(kind, named[topic] or "")
    ids = {"order": b"4781320682406083640", "return": b"6959800000297566494", "listing": b"3488625851803765012"}
    assert ids[kind] in (request.body or b"")


def test_the_test_of_the_address_is_shown_but_filed_nowhere(shared_dir: Path) -> None:
    body = json.loads(sample(shared_dir, "push/tag_000_verify"))["body"]
    (push,) = told(parse("push", body))
    assert (push["platform_topic"], push["topic"], push["text"]) == ("0", "test", "2023-07-22")
    assert parse_pushes(json.dumps(body).encode()) == ()


def test_the_acknowledgement_is_what_the_platform_demands() -> None:
    assert json.loads(ANSWER) == {"code": 0, "msg": "success"}
    assert CONNECTOR.push_answer == ANSWER


def test_several_messages_of_one_body_keep_their_order() -> None:
    body = [message("101", p_id=1), message("0"), message("206", aftersale_id=2), message("400", product_id=3)]
    assert [push.platform_topic for push in parse_pushes(json.dumps(body).encode())] == ["101", "206", "400"]


FORMS: list[Any] = [
    [{"tag": "101", "msg_id": "m-1", "data": '{"p_id":4781320682406083640,"shop_id":4463798}'}],
    [{"tag": 101, "msg_id": "m-1", "data": '{"p_id":4781320682406083640,"shop_id":4463798}'}],
    [{"tag": "101", "msgId": "m-1", "data": '{"p_id":"4781320682406083640","shop_id":"4463798"}'}],
    [{"tag": "101", "msg_id": "m-1", "data": {"p_id": 4781320682406083640, "shop_id": 4463798}}],
    {"tag": "101", "msg_id": "m-1", "data": '{"p_id":4781320682406083640,"shop_id":4463798}'},
    {"tag": 101, "msgId": "m-1", "data": {"p_id": "4781320682406083640", "shop_id": "4463798"}},
]


@pytest.mark.parametrize("body", FORMS)
def test_all_forms_of_a_message_say_the_same(body: Any) -> None:
    assert told(parse("push", body)) == [
        {
            "kind": "push",
            "platform_push_id": "m-1",
            "platform_topic": "101",
            "topic": "order",
            "platform_store_id": "4463798",
            "platform_order_id": "4781320682406083640",
            "platform_order_ids": ["4781320682406083640"],
        }
    ]


def test_a_capture_with_headers_and_body_is_understood(shared_dir: Path) -> None:
    capture = sample(shared_dir, "push/tag_126_ship_deadline_changed")
    assert told(parse("push", capture)) == told(parse("push", json.loads(capture)["body"]))


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"null", b"17", b'"text"', b"[17]", b"[{}]", b'[{"data":"{}"}]', b"{", b"[", b"\xff\xfe", b"<xml/>"]
)
def test_what_holds_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(UnexpectedPayload):
        parse_pushes(body)
    assert parse("push", body).unreadable


def test_an_empty_list_holds_nothing_and_is_no_mistake() -> None:
    assert parse_pushes(b"[]") == ()


def test_one_bad_message_costs_only_itself() -> None:
    body = json.dumps([message("101", p_id=1), {"msg_id": "x"}, message("103", p_id=2)]).encode()
    assert [push.platform_order_id for push in parse_pushes(body)] == ["1", "2"]
    assert problems(parse("push", body)) == [("[1].tag", "error")]


def test_a_tag_that_we_do_not_know_is_kept_and_noted() -> None:
    parsed = parse("push", [message("999", p_id=7, shop_id=4463798)])
    (push,) = told(parsed)
    assert (push["platform_topic"], push["topic"], push["platform_order_id"]) == ("999", "unknown", "7")
    assert problems(parsed) == [("[0].tag", "note")]


@pytest.mark.parametrize("data", ["not json", '"text"', "[1]", "{", "", None, 17, "2023-07-22"])
def test_data_that_cannot_be_read_leaves_the_tag(data: Any) -> None:
    (push,) = told(parse("push", [{"tag": "101", "msg_id": "m-1", "data": data}]))
    assert (push["platform_topic"], push["platform_push_id"]) == ("101", "m-1")
    assert "platform_order_id" not in push


MORE: list[tuple[str, Any, dict[str, Any]]] = [
    ("order_type", 0, {"order_type": "0"}),
    ("biz", 2, {"biz": "2"}),
    ("pay_type", 2, {"pay_type": "2"}),
    ("reason_code", 15, {"reason_code": "15"}),
    ("refund_voucher_num", 0, {"refund_voucher_num": "0"}),
    ("arbitrate_status", 255, {"arbitrate_status": "255"}),
    ("arbitrate_conclusion", 2, {"arbitrate_conclusion": "2"}),
    ("arbitrate_id", "7258000000000009001", {"arbitrate_id": "7258000000000009001"}),
    ("event", 5, {"event": "5"}),
    ("msg_type", 1, {"msg_type": "1"}),
    ("star", 5, {"star": "5"}),
    ("out_product_id", 77, {"out_product_id": "77"}),
    ("exp_delivery_time", "2023-07-25", {"exp_delivery_time": "2023-07-25"}),
    ("logistics_msg", {"express_company_id": "zhongtong", "logistics_code": "7563412890"}, {
        "express_company_id": "zhongtong", "logistics_code": "7563412890"
    }),
    ("status", {"status": "0", "check_status": "3", "draft_status": "0"}, {"check_status": "3", "draft_status": "0"}),
]  # fmt: skip


@pytest.mark.parametrize(("member", "sent", "expected"), MORE)
def test_what_classifies_a_message_is_kept_as_text(member: str, sent: Any, expected: dict[str, Any]) -> None:
    assert one("101", **{member: sent})["platform_more"] == expected


TIMES = [
    "create_time", "apply_time", "update_time", "modify_time", "pay_time", "complete_time", "cancel_time", "agree_time",
    "return_time", "refuse_time", "success_time", "close_time", "exp_delivery_time", "status_deadline",
]  # fmt: skip


@pytest.mark.parametrize("member", TIMES)
@pytest.mark.parametrize("sent", [AT, str(AT), "2023-07-22 12:26:40", AT * 1000])
def test_every_time_is_kept_under_its_own_name_however_it_is_written(member: str, sent: Any) -> None:
    assert one("200", **{member: sent})["times"] == {member: THEN}


@pytest.mark.parametrize("nothing", [0, "", "0", None])
def test_a_time_of_nothing_is_none(nothing: Any) -> None:
    assert "times" not in one("200", update_time=nothing)


def test_a_deadline_is_not_taken_for_a_change() -> None:
    push = one("209", status_deadline=AT + 86_400, update_time=AT)
    assert (push["changed_at"], push["answer_by_at"]) == (THEN, "2023-07-23T04:26:40Z")


@pytest.mark.parametrize("tag", ["200", "201", "208", "224"])
def test_an_amount_that_is_only_asked_for_was_not_refunded(tag: str) -> None:
    assert "refunded" not in one(tag, refund_amount=9900)


def test_ids_keep_every_digit() -> None:
    push = one("200", p_id=9007199254740993, s_id="0007", aftersale_id=9223372036854775807, product_id=3488625851803765012)
    assert push["platform_order_id"] == "9007199254740993"
    assert push["platform_line_ids"] == ["0007"]
    assert push["platform_return_id"] == "9223372036854775807"
    assert push["platform_listing_id"] == "3488625851803765012"


def test_lines_are_named_once_each() -> None:
    push = one(
        "108", s_id=1, s_ids=[1, 2], logistics_msg={"shipped_order_info": [{"shipped_order_id": 2}, {"shipped_order_id": 3}]}
    )
    assert push["platform_line_ids"] == ["1", "2", "3"]


def test_personal_data_of_a_message_is_not_kept() -> None:
    push = one("105", p_id=1, receiver_msg={"name": "#a1b2#", "tel": "$bW5v$", "addr": '{"detail":"#U3kT#"}'})
    assert "a1b2" not in json.dumps(push)
    assert "U3kT" not in json.dumps(push)


def test_the_topics_are_words_of_ours() -> None:
    assert set(TOPICS.values()) == {"test", "order", "address", "material", "return", "listing"}
