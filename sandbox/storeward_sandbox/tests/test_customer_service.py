"""Chats over their operations: reading, writing, sessions, figures."""

import json
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.tests.people import an_order, code_of, pages, quiet
from storeward_sandbox.tests.support import Json, ask, checked, go, make_shop, shop_to_read, told
from storeward_sandbox.tests.test_products import PNG
from storeward_sandbox.tiktok_shop import chat_life
from storeward_sandbox.tiktok_shop.call import Upload
from storeward_sandbox.tiktok_shop.catalogue import Catalogue
from storeward_sandbox.tiktok_shop.chat_life import chat_of, write
from storeward_sandbox.tiktok_shop.conversations import UNLISTED_TYPE, Conversation
from storeward_sandbox.tiktok_shop.shop import Shop


@pytest.fixture
def shop() -> Shop:
    return quiet(make_shop())


def a_question(shop: Shop) -> Conversation:
    """The buyer of a fresh order asks something."""
    return write(shop, an_order(shop, "ON_HOLD").buyer)


def send(
    shop: Shop, conversation: Conversation, content: Any, kind: str = "TEXT", operation: str = "sendMessage", **body: Any
) -> int:
    text = content if isinstance(content, str) else json.dumps(content)
    asked = {"type": kind, "content": text, **body}
    return code_of(shop, operation, ids={"conversation_id": conversation.id}, body=asked)


def of(conversation: Conversation) -> dict[str, str]:
    return {"conversation_id": conversation.id}


# --- reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", ["MY", "US", "TH", "GB"])
def test_conversations_and_messages_keep_to_their_description(region: str) -> None:
    shop = make_shop(region, ("unanswered",))
    query = {"page_size": 20, "need_session_id": "true", "need_session_info": "true"}
    rows = checked(shop, "getConversations", query=query)["conversations"]
    assert rows
    for row in rows:
        checked(shop, "getConversation", ids={"conversation_id": row["id"]}, query=query)
        asked = {"page_size": 10, "need_data": "true", "need_plaintext": "true"}
        shown = checked(shop, "getConversationMessages", ids={"conversation_id": row["id"]}, query=asked)
        assert shown["messages"][0]["id"] == row["latest_message"]["id"]
        assert all(isinstance(json.loads(message["content"]), dict) for message in shown["messages"])


@pytest.mark.parametrize(
    ("operation", "size"),
    [("getConversations", 21), ("getConversations", 0), ("getConversationMessages", 11), ("searchSessions", 101)],
)
def test_page_sizes_have_limits(shop: Shop, operation: str, size: int) -> None:
    ids = of(a_question(shop)) if "Messages" in operation else {}
    assert code_of(shop, operation, ids=ids, query={"page_size": size}) == 36009004


def test_the_newest_activity_comes_first() -> None:
    shop = shop_to_read(orders_per_day=5.0)
    rows = pages(shop, "getConversations", "conversations", size=7)
    assert sorted(row["id"] for row in rows) == sorted(chat_of(shop).conversations)
    times = [row["latest_message"]["create_time"] for row in rows]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("order", ["ASC", "DESC"])
def test_messages_come_by_index(order: str) -> None:
    shop = shop_to_read(orders_per_day=5.0)
    longest = max(chat_of(shop).conversations.values(), key=lambda one: len(one.messages))
    assert len(longest.messages) > 5
    rows = pages(shop, "getConversationMessages", "messages", size=3, query={"sort_order": order}, ids=of(longest))
    indexes = [int(row["index"]) for row in rows]
    assert indexes == sorted((message.index for message in longest.messages), reverse=order == "DESC")


def test_the_last_message_may_be_a_robots_while_a_buyer_waits(shop: Shop) -> None:
    conversation = a_question(shop)
    row = checked(shop, "getConversations", query={"page_size": 1})["conversations"][0]
    assert row["id"] == conversation.id
    assert row["latest_message"]["sender"]["role"] == "ROBOT"
    assert row["unread_count"] == 1
    shown = checked(shop, "getConversationMessages", ids=of(conversation), query={"page_size": 10})["messages"]
    assert {message["sender"]["role"] for message in shown} == {"BUYER", "SYSTEM", "ROBOT"}
    assert [message["is_visible"] for message in shown if message["sender"]["role"] == "SYSTEM"] == [False]


def test_shops_contain_messages_of_a_type_that_no_document_lists() -> None:
    shop = shop_to_read(orders_per_day=5.0)
    types = {message.type for one in chat_of(shop).conversations.values() for message in one.messages}
    assert UNLISTED_TYPE in types
    assert {"TEXT", "ORDER_CARD", "LOGISTICS_CARD", "ALLOCATED_SERVICE"} <= types


def test_the_buyers_ids_are_those_of_the_order(shop: Shop) -> None:
    order = an_order(shop, "ON_HOLD")
    conversation = write(shop, order.buyer)
    shown = checked(shop, "getConversation", ids=of(conversation))["conversation"]["participants"]
    buyer = next(one for one in shown if one["role"] == "BUYER")
    assert (buyer["user_id"], buyer["im_user_id"]) == (order.buyer.user_id, order.buyer.im_user_id)
    assert next(one for one in shown if one["role"] == "SHOP")["user_id"] == shop.id


def test_the_session_is_told_on_request(shop: Shop) -> None:
    conversation = a_question(shop)
    plain = ask(shop, "getConversation", ids=of(conversation))["conversation"]
    assert "cur_session" not in plain
    asked = {"need_session_info": "true", "need_session_id": "true"}
    full = ask(shop, "getConversation", ids=of(conversation), query=asked)["conversation"]
    assert full["cur_session"] == {"id": full["cur_session_id"], "phase": "QUEUED"}
    send(shop, conversation, {"content": "hi"})
    again = ask(shop, "getConversation", ids=of(conversation), query=asked)["conversation"]
    assert again["cur_session"]["phase"] == "ASSIGNED"


@pytest.mark.parametrize("operation", ["getConversation", "getConversationMessages", "markBuyerMessagesAsRead"])
def test_an_unknown_conversation_is_not_found(shop: Shop, operation: str) -> None:
    assert code_of(shop, operation, ids={"conversation_id": "75"}, query={"page_size": 5}) == 45101003


# --- writing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", ["sendMessage", "sendMessage_202309"])
def test_an_answer_ends_the_waiting_and_is_told(shop: Shop, operation: str) -> None:
    conversation = a_question(shop)
    assert conversation.waiting_since()
    answer = checked(
        shop, operation, ids=of(conversation), body={"type": "TEXT", "content": json.dumps({"content": "On its way"})}
    )
    assert conversation.waiting_since() == 0
    event = told(shop, 14)[-1]
    assert (event["message_id"], event["sender"]["role"]) == (answer["message_id"], "CUSTOMER_SERVICE")


def test_answering_does_not_mark_as_read(shop: Shop) -> None:
    conversation = a_question(shop)
    send(shop, conversation, {"content": "hi"})
    assert conversation.unread == 1
    checked(shop, "markBuyerMessagesAsRead", ids=of(conversation))
    assert conversation.unread == 0


def test_a_robot_of_the_seller_leaves_the_buyer_waiting(shop: Shop) -> None:
    conversation = a_question(shop)
    assert send(shop, conversation, {"content": "hi"}, sender_role="ROBOT") == 0
    assert conversation.waiting_since()
    assert conversation.messages[-1].role == "ROBOT"


def test_an_unknown_sender_is_refused(shop: Shop) -> None:
    assert send(shop, a_question(shop), {"content": "hi"}, sender_role="CAT") == 36009004


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("TEXT", {"content": ""}, 45101001),
        ("TEXT", {"content": "x" * 2001}, 45101001),
        ("TEXT", {"words": "hi"}, 45101001),
        ("TEXT", "hi", 45101001),
        ("TEXT", "[1]", 45101001),
        ("TEXT", {"content": "write me on WhatsApp"}, 45101006),
        ("TEXT", {"content": "see https://example.com"}, 45101006),
        ("TEXT", {"content": "call +60123456789"}, 45101006),
        ("IMAGE", {"width": 3}, 45101001),
        ("PRODUCT_CARD", {"product_id": "17"}, 45101001),
        ("ORDER_CARD", {"order_id": "57"}, 45101001),
        ("RETURN_REFUND_CARD", {"order_id": "57"}, 45101002),
        ("COUPON_CARD", {}, 45111017),
        ("VIDEO", {}, 45101001),
        ("EMOTICONS", {"content": ":)"}, 45111001),
    ],
)
def test_what_cannot_be_sent(shop: Shop, kind: str, content: Any, code: int) -> None:
    assert send(shop, a_question(shop), content, kind) == code


def test_cards_about_things_of_the_shop_can_be_sent(shop: Shop) -> None:
    conversation = a_question(shop)
    product = next(iter(shop.part(Catalogue).products))
    order = next(iter(shop.orders))
    for kind, content in (
        ("PRODUCT_CARD", {"product_id": product}),
        ("ORDER_CARD", {"order_id": order}),
        ("LOGISTICS_CARD", {"order_id": order}),
        ("RETURN_REFUND_CARD", {"order_id": order}),
        ("IMAGE", {"url": "https://x.example/1.png", "width": 1, "height": 1}),
        ("COUPON_CARD", {"coupon_id": "1"}),
        ("TEXT", {"content": f"Your order {order} has left."}),
    ):
        assert send(shop, conversation, content, kind) == 0


@pytest.mark.parametrize("kind", ["VIDEO", "LOGISTICS_CARD"])
def test_the_older_version_knows_fewer_types(shop: Shop, kind: str) -> None:
    assert send(shop, a_question(shop), {"url": "x"}, kind, operation="sendMessage_202309") == 45111001


def test_nobody_writes_to_buyers_of_long_ago(shop: Shop) -> None:
    conversation = a_question(shop)
    go(shop, 61 * DAY)
    row = ask(shop, "getConversations", query={"page_size": 1})["conversations"][0]
    assert row["can_send_message"] is False
    assert send(shop, conversation, {"content": "hi"}) == 45109001


def test_a_conversation_is_opened_once(shop: Shop) -> None:
    order = an_order(shop, "ON_HOLD")
    body = {"buyer_user_id": order.buyer.user_id}
    first = checked(shop, "createConversation", body=body)
    assert ask(shop, "createConversation", body=body) == first
    assert first["conversation_id"] in chat_of(shop).conversations


def test_a_stranger_cannot_be_written_to(shop: Shop) -> None:
    assert code_of(shop, "createConversation", body={"buyer_user_id": "71"}) == 45109003
    assert code_of(shop, "createConversation", body={}) == 36009004


def test_a_picture_is_uploaded_before_it_is_sent(shop: Shop) -> None:
    answer = checked(shop, "uploadImageForBuyerMessages", uploads={"data": Upload("data", "a.png", "image/png", PNG)})
    assert (answer["width"], answer["height"]) == (640, 480)
    assert send(shop, a_question(shop), answer, "IMAGE") == 0


@pytest.mark.parametrize(
    ("data", "code"), [(b"no picture", 45101008), (b"x" * (10 * 1024 * 1024 + 1), 36009021), (None, 45101001)]
)
def test_what_is_no_picture_is_refused(shop: Shop, data: bytes | None, code: int) -> None:
    uploads = {} if data is None else {"data": Upload("data", "a", "image/png", data)}
    assert code_of(shop, "uploadImageForBuyerMessages", uploads=uploads) == code


# --- webhooks ---------------------------------------------------------------------------------------------------------


def test_every_message_is_told_the_hidden_ones_too(shop: Shop) -> None:
    conversation = a_question(shop)
    events = told(shop, 14)
    assert [event["sender"]["role"] for event in events] == ["BUYER", "SYSTEM", "ROBOT"]
    assert [event["is_visible"] for event in events] == [True, False, True]
    assert all(event["conversation_id"] == conversation.id for event in events)
    assert told(shop, 13)[0]["conversation_id"] == conversation.id


def test_the_robot_tells_the_buyer_that_the_parcel_leaves(shop: Shop) -> None:
    order = an_order(shop, "ON_HOLD")
    conversation = write(shop, order.buyer)
    before = len(conversation.messages)
    chat_life.robot_speaks(shop, order)
    assert [message.type for message in conversation.messages[before:]] == ["LOGISTICS_CARD"]
    assert conversation.waiting_since()


# --- sessions and figures ---------------------------------------------------------------------------------------------


def sessions(shop: Shop, **body: Any) -> list[Json]:
    asked = {"begin_time_ge": shop.now - 80 * DAY, "begin_time_lt": shop.now + 1, **body}
    found: list[Json] = checked(shop, "searchSessions", query={"page_size": 100}, body=asked)["sessions"]
    return found


def test_sessions_tell_when_they_were_first_answered(shop: Shop) -> None:
    conversation = a_question(shop)
    go(shop, 2 * HOUR)
    send(shop, conversation, {"content": "hi"})
    row = next(one for one in sessions(shop) if one["conversation_id"] == conversation.id)
    assert (row["first_response_time"], row["first_response_late"]) == (2 * HOUR, False)
    assert "end_time" not in row
    go(shop, 7 * HOUR)
    row = next(one for one in sessions(shop) if one["conversation_id"] == conversation.id)
    assert row["end_time"] == conversation.sessions[-1].answered + 6 * HOUR


def test_an_unanswered_session_is_late_after_a_day(shop: Shop) -> None:
    conversation = a_question(shop)
    go(shop, DAY + 1)
    row = next(one for one in sessions(shop) if one["conversation_id"] == conversation.id)
    assert row["first_response_late"] is True
    assert "first_response_time" not in row


def test_sessions_page_and_filter() -> None:
    shop = shop_to_read(orders_per_day=5.0)
    body = {"begin_time_ge": shop.now - 80 * DAY, "begin_time_lt": shop.now}
    rows = pages(shop, "searchSessions", "sessions", size=4, body=body)
    assert len(rows) == len({row["id"] for row in rows}) == len(sessions(shop))
    name = rows[0]["buyer_nickname"]
    assert {row["buyer_nickname"] for row in sessions(shop, buyer_nickname=name)} == {name}


@pytest.mark.parametrize("days", [(120, 0), (1, 2)])
def test_a_span_of_sessions_must_make_sense(shop: Shop, days: tuple[int, int]) -> None:
    body = {"begin_time_ge": shop.now - days[0] * DAY, "begin_time_lt": shop.now - days[1] * DAY}
    assert code_of(shop, "searchSessions", query={"page_size": 5}, body=body) == 45101001


def test_a_session_is_ended_once(shop: Shop) -> None:
    conversation = a_question(shop)
    ids = {**of(conversation), "session_id": conversation.sessions[-1].id}
    checked(shop, "endSession", ids=ids)
    assert conversation.session(shop.now) is None
    assert code_of(shop, "endSession", ids=ids) == 45101003


def performance(shop: Shop, begin: str = "2026-10-01", end: str = "2026-12-31") -> Json:
    query = {"support_date_ge": begin, "support_date_lt": end}
    found: Json = checked(shop, "getCustomerServicePerformance", query=query)["performance"]
    return found


def test_figures_are_worse_where_nobody_answers() -> None:
    good, bad = (
        performance(shop_to_read(orders_per_day=5.0)),
        performance(shop_to_read(troubles=("unanswered",), orders_per_day=5.0)),
    )
    assert float(good["response_percentage"]) > 80
    assert float(bad["response_percentage"]) < 70
    assert good["currency"] == "MYR"


def test_days_without_sessions_have_no_figures(shop: Shop) -> None:
    shown = performance(shop, "2025-01-01", "2025-01-02")
    assert (shown["support_session_count"], shown["response_percentage"]) == (0, "0")


@pytest.mark.parametrize("days", [("2026-10-02", "2026-10-02"), ("2026-10-03", "2026-10-02"), ("yesterday", "2026-10-02")])
def test_days_must_make_sense(shop: Shop, days: tuple[str, str]) -> None:
    query = {"support_date_ge": days[0], "support_date_lt": days[1]}
    assert code_of(shop, "getCustomerServicePerformance", query=query) == 45101001


def test_a_colleague_can_be_unavailable(shop: Shop) -> None:
    assert checked(shop, "getAgentSettings") == {"can_accept_chat": True}
    checked(shop, "updateAgentSettings", body={"can_accept_chat": False})
    assert ask(shop, "getAgentSettings") == {"can_accept_chat": False}
    assert code_of(shop, "updateAgentSettings", body={"can_accept_chat": "no"}) == 45101001


# --- life -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", ["MY", "US", "PH", "GB", "SG"])
def test_every_shop_has_a_conversation_at_the_start(region: str) -> None:
    assert chat_of(shop_to_read(region, orders_per_day=0.4)).conversations


def test_where_answers_are_the_trouble_buyers_wait_at_the_start() -> None:
    shop = shop_to_read(troubles=("unanswered",))
    since = [one.waiting_since() for one in chat_of(shop).conversations.values() if one.waiting_since()]
    assert len(since) >= 3
    assert any(shop.now - one > 12 * HOUR for one in since)


def test_an_ordinary_shop_answers_nearly_everybody_within_a_day() -> None:
    shop = make_shop(orders_per_day=5.0, days=3)
    waiting = [one for one in chat_of(shop).conversations.values() if 0 < one.waiting_since() < shop.now - DAY]
    assert len(waiting) <= len(chat_of(shop).conversations) * 0.15


def test_a_neglected_shop_answers_nobody_any_more() -> None:
    shop = make_shop(troubles=("neglected",), orders_per_day=3.0)
    assert shop.persona.stops_at is not None
    late = [s for one in chat_of(shop).conversations.values() for s in one.sessions if s.begun > shop.persona.stops_at]
    assert late
    assert not any(session.answered for session in late)
