"""Conversations, messages and reviews: who wrote, what reached whom, and where the next page begins."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storeward.canon import Message, Review, SenderRole
from storeward.connectors.contract import OperationKind
from storeward.connectors.errors import AlreadyDone
from storeward.connectors.lazada import CONNECTOR, conversations, reviews
from storeward.connectors.lazada.requests import turn
from storeward.connectors.lazada.tests.samples import ok, parse, parse_sample, problems, told

TALK = "100094063_2_1011822749_1_103"
SESSION: dict[str, Any] = {
    "session_id": TALK,
    "buyer_id": 1011822749,
    "title": "buyer one",
    "summary": "hello2",
    "site_id": "SG",
    "tags": ["official", "vip"],
    "unread_count": 2,
    "last_message_id": "23hR7YH0BtkiN00001",
    "last_message_time": 1623399917434,
    "self_position": "1623399000000",
    "to_position": 1623399917000,
    "head_url": "https://example.invalid/a.jpg",
}


def test_a_conversation_in_full_from_the_list_and_alone() -> None:
    listed = parse("/im/session/list", ok({"session_list": [SESSION]}, success=True, err_code="0"))
    alone = parse("/im/session/get", ok(SESSION, success=True, err_code="0"))
    assert (
        told(listed)
        == told(alone)
        == [
            {
                "kind": "conversation",
                "platform_conversation_id": TALK,
                "platform_buyer_id": "1011822749",
                "buyer_name": "buyer one",
                "unread_count": 2,
                "updated_at": "2021-06-11T08:25:17.434000Z",
                "platform_last_message_id": "23hR7YH0BtkiN00001",
                "summary": "hello2",
                "read_until_at": "2021-06-11T08:10:00Z",
                "buyer_read_until_at": "2021-06-11T08:25:17Z",
                "platform_more": {"site_id": "SG", "tags": ["official", "vip"]},
                "complete": True,
            }
        ]
    )
    assert (listed.problems, alone.problems) == ([], [])


def test_a_conversation_that_was_opened_names_its_order(shared_dir: Path) -> None:
    (record,) = told(parse_sample(shared_dir, "im_session_open", order_id="77"))
    assert (record["platform_conversation_id"], record["platform_order_id"]) == ("100148681_2_500210868055_1_103", "77")


def test_a_conversation_without_an_id_is_left_out_but_for_the_one_that_was_asked_for() -> None:
    parsed = parse("/im/session/list", ok({"session_list": [SESSION | {"session_id": ""}, SESSION]}))
    assert (len(parsed.records), problems(parsed)) == (1, [("data.session_list[0].session_id", "error")])
    (record,) = told(parse("/im/session/get", ok(SESSION | {"session_id": None}), session_id="S"))
    assert record["platform_conversation_id"] == "S"


MESSAGE: dict[str, Any] = {
    "message_id": "23hR7YH0BtkiN00004",
    "session_id": TALK,
    "template_id": 1,
    "type": 1,
    "status": 0,
    "site_id": "SG",
    "content": '{"txt":"ยังมีของไหมคะ","translateTxt":"Is it still available?"}',
    "process_msg": "",
    "auto_reply": False,
    "from_account_id": "1011822749",
    "from_account_type": 1,
    "to_account_id": "100094063",
    "to_account_type": 2,
    "send_time": 1623399917440,
}
TOLD_MESSAGE: dict[str, Any] = {
    "kind": "message",
    "platform_message_id": "23hR7YH0BtkiN00004",
    "platform_conversation_id": TALK,
    "platform_type": "1",
    "platform_status": "0",
    "platform_role": "1",
    "role": "buyer",
    "platform_sender_id": "1011822749",
    "text": "ยังมีของไหมคะ",
    "translation": "Is it still available?",
    "platform_more": {"type": "1", "site_id": "SG", "to_account_id": "100094063", "to_account_type": "2"},
    "visible": True,
    "sent_at": "2021-06-11T08:25:17.440000Z",
}


def messages(*rows: dict[str, Any], **about: str) -> Any:
    return parse("/im/message/list", ok({"message_list": list(rows), "has_more": False}), **about)


def one(**changes: Any) -> Message:
    (record,) = messages(MESSAGE | changes).records
    assert isinstance(record, Message)
    return record


def test_a_message_in_full() -> None:
    parsed = messages(MESSAGE)
    assert (told(parsed), parsed.problems) == ([TOLD_MESSAGE], [])


def test_the_messages_of_the_sample(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "im_message_list")
    assert parsed.problems == []
    rows = [record for record in parsed.records if isinstance(record, Message)]
    assert [(row.platform_type, row.role, row.visible) for row in rows] == [
        ("1", SenderRole.BUYER, True),
        ("10006", SenderRole.BUYER, True),
        ("3", SenderRole.BUYER, False),  # recalled
        ("1", SenderRole.ROBOT, False),  # never delivered
    ]
    card, picture, closed = rows[1:]
    assert (card.platform_listing_id, card.platform_sku_id, card.text) == ("1762013406", "7513224", "Demo item")
    assert picture.url == "https://sg-live.slatic.net/other/im/7e7a.png"
    assert (closed.text, closed.problem) == ("We are closed now.", "Message was not delivered.")


WHO = [
    # type, auto reply, from -> who counts as having written
    (1, False, 1, SenderRole.BUYER),
    (1, False, 2, SenderRole.SELLER),
    ("1", "false", "2", SenderRole.SELLER),
    (1, True, 2, SenderRole.ROBOT),
    (1, "true", 2, SenderRole.ROBOT),
    (2, False, 2, SenderRole.SYSTEM),
    (2, True, 1, SenderRole.SYSTEM),
    ("2", None, 1, SenderRole.SYSTEM),
    (1, None, 2, SenderRole.SELLER),
    (None, None, 1, SenderRole.BUYER),
    (1, False, 3, SenderRole.UNKNOWN),
    (1, False, None, SenderRole.UNKNOWN),
]


@pytest.mark.parametrize(("kind", "auto", "sender", "role"), WHO)
def test_only_people_count_as_having_written(kind: Any, auto: Any, sender: Any, role: SenderRole) -> None:
    assert one(type=kind, auto_reply=auto, from_account_type=sender).role is role


SEEN = [
    (0, "", True, None),
    ("0", None, True, None),
    (1, "", False, None),
    ("1", "", False, None),
    (0, "Message was not delivered.", False, "Message was not delivered."),
    (None, "", True, None),
]


@pytest.mark.parametrize(("status", "process", "visible", "problem"), SEEN)
def test_what_was_recalled_or_blocked_is_not_seen(status: Any, process: Any, visible: bool, problem: str | None) -> None:
    record = one(status=status, process_msg=process)
    assert (record.visible, record.problem) == (visible, problem)


CARDS = [
    ('{"txt":"hi"}', {"text": "hi"}),
    ('{"imgUrl":"https://x/a.png","width":"4","height":2}', {"url": "https://x/a.png"}),
    ('{"videoUrl":"https://x/a.mp4"}', {"url": "https://x/a.mp4"}),
    ('{"itemId":6718170187,"skuId":"7","title":"Shirt"}', {"platform_listing_id": "6718170187", "text": "Shirt"}),
    ('{"orderId":"83314300176414"}', {"platform_order_id": "83314300176414"}),
    ('{"promotionId":900000001107894}', {"platform_coupon_id": "900000001107894"}),
    ('{"txt":null,"title":""}', {"text": None}),
    ("{}", {"text": None}),
    ("", {"text": None}),
    (None, {"text": None}),
]


@pytest.mark.parametrize(("content", "shows"), CARDS)
def test_a_card_shows_words_pictures_or_things(content: str | None, shows: dict[str, Any]) -> None:
    record = one(content=content)
    assert {name: getattr(record, name) for name in shows} == shows


@pytest.mark.parametrize("content", ["plain words", "[1]", "7", "{broken"])
def test_content_that_is_no_card_is_noted(content: str) -> None:
    parsed = messages(MESSAGE | {"content": content})
    assert told(parsed)[0].get("text") is None
    assert [(p.field.rsplit(".", 1)[-1], p.level.value) for p in parsed.problems] == [("content", "note")]


def test_half_an_emoji_costs_that_character_at_most() -> None:
    parsed = messages(MESSAGE | {"content": '{"txt":"ok \ud83d"}'}, MESSAGE)
    assert [record["text"] for record in told(parsed)] == ["ok \ufffd", "ยังมีของไหมคะ"]
    assert parsed.problems == []


def test_a_message_without_an_id_is_left_out() -> None:
    parsed = messages(MESSAGE | {"message_id": ""}, MESSAGE)
    assert (len(parsed.records), problems(parsed)) == (1, [("data.message_list[0].message_id", "error")])


def test_a_message_belongs_to_the_conversation_that_was_asked_for() -> None:
    (record,) = messages(MESSAGE | {"session_id": None}, session_id="S").records
    assert isinstance(record, Message)
    assert record.platform_conversation_id == "S"


PAGES = [
    # has_more, next_start_time, last id -> the parameters of the next page
    (True, 1623399917434, "last", {"start_time": "1623399917434", "last": "last"}),
    ("true", "1623399917434", "last", {"start_time": "1623399917434", "last": "last"}),
    (True, 1623399917434, None, {"start_time": "1623399917434"}),
    (False, 1623399917434, "last", None),
    ("false", 1623399917434, "last", None),
    (None, 1623399917434, "last", {"start_time": "1623399917434", "last": "last"}),
    (True, None, "last", None),
]


@pytest.mark.parametrize(("more", "start", "last", "following"), PAGES)
@pytest.mark.parametrize(
    ("operation", "items", "cursor", "row"),
    [
        ("/im/session/list", "session_list", "last_session_id", SESSION),
        ("/im/message/list", "message_list", "last_message_id", MESSAGE),
    ],
)
def test_the_next_page_goes_on_from_the_cursor(
    more: Any, start: Any, last: Any, following: Any, operation: str, items: str, cursor: str, row: dict[str, Any]
) -> None:
    data = {items: [row], "has_more": more, "next_start_time": start, cursor: last}
    token = parse(operation, ok(data)).next_page
    expected = None if following is None else {cursor if name == "last" else name: v for name, v in following.items()}
    if more is None:  # null says nothing; a cursor alone is no promise of more
        assert token is None or json.loads(token) == expected
    else:
        assert (json.loads(token) if token else None) == expected


def test_the_last_page_has_no_next(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "im_session_list_last_page")
    assert (parsed.records, parsed.problems, parsed.next_page) == ([], [], None)


def test_the_first_page_begins_at_the_newest_end() -> None:
    for request in (conversations.list_sessions_request(), conversations.list_messages_request(TALK)):
        assert int(request.query["start_time"]) > datetime(2099, 1, 1, tzinfo=UTC).timestamp() * 1000
        assert request.query["page_size"] == "20"
        second = turn(request, '{"start_time":"5"}')
        assert second.query["start_time"] == "5"


SENT = [
    (conversations.send_text_request(TALK, "Cảm ơn 🙏"), {"template_id": "1", "txt": "Cảm ơn 🙏"}),
    (
        conversations.send_picture_request(TALK, "https://x/a.png", width=4, height=2),
        {"template_id": "3", "img_url": "https://x/a.png", "width": "4", "height": "2"},
    ),
    (conversations.send_product_request(TALK, "9"), {"template_id": "10006", "item_id": "9"}),
    (conversations.send_order_request(TALK, "8"), {"template_id": "10007", "order_id": "8"}),
    (conversations.send_voucher_request(TALK, "7"), {"template_id": "10008", "promotion_id": "7"}),
]


@pytest.mark.parametrize(("request_", "fields"), SENT)
def test_each_card_has_its_own_fields(request_: Any, fields: dict[str, str]) -> None:
    assert request_.query == {"session_id": TALK} | fields
    assert (request_.operation, request_.method, request_.kind) == ("/im/message/send", "POST", OperationKind.WRITE)
    assert request_.about == {"session_id": TALK}


def test_a_message_that_was_sent_is_ours(shared_dir: Path) -> None:
    assert told(parse_sample(shared_dir, "im_message_send", session_id=TALK)) == [
        {
            "kind": "message",
            "platform_message_id": "23hR7YH0BtkiN00001",
            "platform_conversation_id": TALK,
            "platform_type": "1",
            "role": "seller",
            "visible": True,
            "sent_at": "2021-06-11T08:25:17.434000Z",
        }
    ]


def test_a_sending_without_an_id_is_told() -> None:
    parsed = parse("/im/message/send", ok({"template_id": 1}, success=True))
    assert problems(parsed) == [("data.message_id", "error")]


def test_reading_recalling_and_opening() -> None:
    assert conversations.read_request(TALK, "M").query == {"session_id": TALK, "last_read_message_id": "M"}
    assert conversations.recall_request(TALK, "M").query == {"session_id": TALK, "message_id": "M"}
    assert conversations.open_request("77").query == {"order_id": "77"}
    for operation in ("/im/session/read", "/im/message/recall"):
        assert parse(operation, ok(None, success=True, err_code="0")).problems == []


def test_a_conversation_about_an_old_order_is_refused_for_good() -> None:
    (problem,) = parse("/im/session/open", {"code": "-22", "message": "order too old"}).problems
    assert problem.error is not None
    assert (problem.error.code, problem.error.retry.value) == ("-22", "never")


REVIEW: dict[str, Any] = {
    "id": 122598400472942,
    "order_id": 711433092264242,
    "product_id": 6718170187,
    "review_type": "PRODUCT_REVIEW",
    "review_content": "ผ้าดี ส่งเร็ว 👍",
    "ratings": {"seller_rating": 5, "overall_rating": 4, "logistics_rating": 3, "product_rating": 2},
    "seller_reply": "Thanks",
    "can_reply": False,
    "review_images": ["https://x/1.jpg", ""],
    "review_videos": [{"video_url": "https://x/v.mp4", "video_cover_url": "https://x/v.jpg"}],
    "submit_time": 1765399000000,
    "create_time": 1765400000532,
}


def bodies(*rows: dict[str, Any], outdated: list[Any] | None = None) -> Any:
    return parse("/review/seller/list/v2", ok({"review_list": list(rows), "outdated_reviews": outdated or []}, success=True))


def test_a_review_in_full() -> None:
    parsed = bodies(REVIEW)
    assert parsed.problems == []
    assert told(parsed) == [
        {
            "kind": "review",
            "platform_review_id": "122598400472942",
            "platform_order_id": "711433092264242",
            "platform_listing_id": "6718170187",
            "platform_type": "PRODUCT_REVIEW",
            "stars": "4",
            "ratings": {"overall_rating": "4", "product_rating": "2", "seller_rating": "5", "logistics_rating": "3"},
            "can_reply": False,
            "pictures": ["https://x/1.jpg"],
            "videos": ["https://x/v.mp4"],
            "text": "ผ้าดี ส่งเร็ว 👍",
            "reply": "Thanks",
            "posted_at": "2025-12-10T20:36:40Z",
            "stored_at": "2025-12-10T20:53:20.532000Z",
        }
    ]


def test_the_reviews_of_the_sample(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "review_seller_list_v2")
    assert parsed.problems == []
    first, follow_up, gone = (record for record in parsed.records if isinstance(record, Review))
    assert (str(first.stars), first.can_reply, first.reply) == ("5", True, None)
    assert (follow_up.platform_type, follow_up.stars, follow_up.ratings) == ("FOLLOW_UP_REVIEW", None, {})
    assert (gone.platform_review_id, gone.text) == ("122598400472944", None)
    assert gone.platform_more == {"outdated_reviews": "122598400472944"}


STARS = [
    ({"overall_rating": 5, "product_rating": 1}, "5"),
    ({"product_rating": 3}, "3"),
    ({"overall_rating": "4"}, "4"),
    ({"seller_rating": 2}, None),
    ({}, None),
    (None, None),
]


@pytest.mark.parametrize(("ratings", "stars"), STARS)
def test_the_stars_are_the_overall_rating(ratings: Any, stars: str | None) -> None:
    (record,) = bodies(REVIEW | {"ratings": ratings}).records
    assert isinstance(record, Review)
    assert (None if record.stars is None else str(record.stars)) == stars


def test_a_review_without_an_id_is_left_out() -> None:
    parsed = bodies(REVIEW | {"id": 0}, REVIEW, outdated=[True, 5])
    assert [r["platform_review_id"] for r in told(parsed)] == ["122598400472942", "5"]
    assert problems(parsed) == [("data.review_list[0].id", "error")]


@pytest.mark.parametrize("operation", ["/review/seller/list/v2", "/review/seller/history/list"])
def test_reviews_in_another_shape_say_nothing(operation: str) -> None:
    assert parse(operation, ok("x", success=True)).unreadable
    assert parse(operation, ok({"review_list": 5, "id_list": 5}, success=True)).unreadable
    empty = parse(operation, ok(None, success=True))
    assert (empty.records, empty.problems, empty.unreadable) == ([], [], False)


def test_ids_of_a_products_reviews(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "review_seller_history_list", item_id="6718170187")
    assert [(r["platform_review_id"], r["platform_listing_id"]) for r in told(parsed)] == [
        ("122598400472942", "6718170187"),
        ("122598400472943", "6718170187"),
        ("122598400472944", "6718170187"),
    ]
    assert (parsed.total, parsed.next_page) == (18, '{"current":"2"}')


ID_PAGES = [(1, 18, 10, 10, "2"), (2, 18, 10, 8, None), (50, 999, 10, 10, None), (1, 0, 10, 0, None), (1, 10, 10, 10, None)]


@pytest.mark.parametrize(("current", "total", "size", "rows", "following"), ID_PAGES)
def test_ids_come_in_pages_of_the_servers_size(current: int, total: int, size: int, rows: int, following: str | None) -> None:
    data = {"current": current, "total": total, "page_size": size, "id_list": list(range(1, rows + 1))}
    token = parse("/review/seller/history/list", ok(data, success=True)).next_page
    assert token == (None if following is None else f'{{"current":"{following}"}}')


def test_an_id_that_is_none_is_told() -> None:
    parsed = parse("/review/seller/history/list", ok({"id_list": [1, None, {}, "7"]}, success=True))
    assert [r["platform_review_id"] for r in told(parsed)] == ["1", "7"]
    assert problems(parsed) == [("data.id_list[1]", "error"), ("data.id_list[2]", "error")]


def test_reviews_are_asked_for_by_product_and_week() -> None:
    since = datetime(2025, 12, 1, tzinfo=UTC)
    request = reviews.review_ids_request("9", since, since + timedelta(days=7))
    assert request.query == {
        "item_id": "9",
        "start_time": "1764547200000",
        "end_time": "1765152000000",
        "current": "1",
    }
    assert request.about["item_id"] == "9"
    assert reviews.reviews_request(["1", "2"]).query == {"id_list": "[1,2]"}
    with pytest.raises(ValueError, match="1 to 10 ids"):
        reviews.reviews_request([str(n) for n in range(11)])


def test_a_reply_is_a_write_though_it_is_documented_as_get() -> None:
    request = reviews.reply_request("122598400472942", "Thank you")
    assert (request.method, request.kind) == ("GET", OperationKind.WRITE)
    assert request.query == {"id": "122598400472942", "content": "Thank you"}


@pytest.mark.parametrize("words", ["", "x" * 501])
def test_a_reply_that_is_empty_or_too_long_is_not_sent(words: str) -> None:
    with pytest.raises(ValueError, match="1 to 500 characters"):
        reviews.reply_request("1", words)
    assert reviews.reply_request("1", "x" * 500).query["content"] == "x" * 500


def test_a_reply_that_stands_already_counts_as_done(shared_dir: Path) -> None:
    sample = (shared_dir / "platforms/lazada/samples/review_seller_reply_add_already.json").read_bytes()
    assert type(CONNECTOR.error_of(reviews.reply_request("1", "x"), 200, sample)) is AlreadyDone
    assert parse_sample(shared_dir, "review_seller_reply_add").problems == []


@pytest.mark.parametrize(
    ("kind", "operation", "query"),
    [
        ("conversation", "/im/session/get", {"session_id": "7"}),
        ("review", "/review/seller/list/v2", {"id_list": "[7]"}),
    ],
)
def test_one_is_read_back_by_its_id(kind: str, operation: str, query: dict[str, str]) -> None:
    request = CONNECTOR.read_one(kind, "7")
    assert (request.operation, request.query) == (operation, query)
