"""/sellerchat: who writes, who answers, how it is read, and what a seller may not do."""

import struct
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR, MINUTE
from storeward_sandbox.shopee import pushes
from storeward_sandbox.shopee.call import Upload
from storeward_sandbox.shopee.chat import BILLION, Conversation, chat_of, opened, say, with_buyer
from storeward_sandbox.shopee.chat_life import ask as buyer_asks
from storeward_sandbox.shopee.chat_life import reply, shop_user_id, write
from storeward_sandbox.shopee.shop import Shop
from storeward_sandbox.shopee.tests.people import an_order
from storeward_sandbox.shopee.tests.support import (
    Json,
    ask,
    bare_shop,
    checked,
    go,
    make_shop,
    refused,
    running,
    shop_to_read,
    told,
)

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 640, 480)


def a_chat(shop: Shop) -> Conversation:
    """A buyer of an order has written."""
    return write(shop, an_order(shop).buyer, content={"text": "Hello?"})


def fresh(shop: Shop) -> Conversation:
    """A conversation with a buyer who has none yet."""
    while True:
        order = an_order(shop)
        if with_buyer(shop, order.buyer) is None:
            return write(shop, order.buyer, content={"text": "Hello?"})


def listed(shop: Shop, **query: Any) -> Json:
    return dict(checked(shop, "sellerchat.get_conversation_list", query={"direction": "latest", "type": "all", **query}))


def messages(shop: Shop, one: Conversation, **query: Any) -> Json:
    return dict(checked(shop, "sellerchat.get_message", query={"conversation_id": one.id, **query}))


def send(shop: Shop, user_id: int, text: str = "Hi", **more: Any) -> Json:
    body = {"to_id": user_id, "message_type": "text", "content": {"text": text}, **more}
    return dict(checked(shop, "sellerchat.send_message", body=body))


# --- reading ----------------------------------------------------------------------------------------------------------


def test_every_shop_with_chat_has_a_conversation_that_waits() -> None:
    for region, troubles in (("SG", ()), ("VN", ("neglected",)), ("ID", ("unanswered",))):
        shop = shop_to_read(region, troubles)
        waiting = [one for one in chat_of(shop).known.values() if one.waiting_since()]
        assert len(waiting) >= (3 if "unanswered" in troubles else 1)


def test_in_taiwan_there_is_no_chat() -> None:
    assert chat_of(shop_to_read("TW")).known == {}


def test_the_app_may_not_call_it_there() -> None:
    with running(stores=1, seed=1) as world:
        store = world.stores[0]
        world.shop(store).region = "TW"
        query = {"direction": "latest", "type": "all"}
        assert world.refusal("sellerchat.get_conversation_list", query=query) == (403, "error_api_permission")


def test_conversations_are_listed_newest_first_by_nanoseconds() -> None:
    shop = bare_shop()
    made = []
    for _ in range(5):
        made.append(fresh(shop))
        go(shop, MINUTE)
    found: list[str] = []
    before: Any = ""
    while True:
        page = listed(shop, page_size=2, direction="older" if before else "latest", next_timestamp_nano=before)
        found += [row["conversation_id"] for row in page["conversations"]]
        if not page["page_result"]["more"]:
            break
        before = page["page_result"]["next_cursor"]["next_message_time_nano"]
        assert before == str(page["conversations"][-1]["last_message_timestamp"])
    assert found == [one.id for one in reversed(made)]
    assert page["page_result"]["next_cursor"] == {"next_message_time_nano": "", "conversation_id": "0"}


def test_times_are_nanoseconds_in_lists_and_seconds_in_messages() -> None:
    shop = bare_shop()
    one = a_chat(shop)
    (row,) = listed(shop)["conversations"]
    assert row["last_message_timestamp"] // BILLION == shop.now
    assert row["last_message_timestamp"] > 2**53
    assert messages(shop, one)["messages"][0]["created_timestamp"] == shop.now


def test_only_texts_are_shown_in_the_list() -> None:
    shop = bare_shop()
    one = a_chat(shop)
    assert listed(shop)["conversations"][0]["latest_message_content"] == {"text": "Hello?"}
    say(shop, one, "image", {"url": "https://cf/x"}, from_shop=False)
    assert listed(shop)["conversations"][0]["latest_message_content"] is None


def test_unread_and_pinned_are_lists_of_their_own() -> None:
    shop = bare_shop()
    one, other = fresh(shop), fresh(shop)
    checked(shop, "sellerchat.pin_conversation", body={"conversation_id": int(one.id)})
    assert [row["conversation_id"] for row in listed(shop, type="pinned")["conversations"]] == [one.id]
    checked(shop, "sellerchat.unpin_conversation", body={"conversation_id": int(one.id)})
    assert listed(shop, type="pinned")["conversations"] == []
    read = {"conversation_id": int(other.id), "last_read_message_id": other.latest.id}
    checked(shop, "sellerchat.read_conversation", body=read)
    assert [row["conversation_id"] for row in listed(shop, type="unread")["conversations"]] == [one.id]
    assert checked(shop, "sellerchat.get_unread_conversation_count")["total_unread_count"] == 1
    checked(shop, "sellerchat.unread_conversation", body={"conversation_id": int(other.id)})
    assert ask(shop, "sellerchat.get_unread_conversation_count")["total_unread_count"] == 2


def test_one_conversation_is_read_and_muted() -> None:
    shop = bare_shop()
    one = a_chat(shop)
    checked(shop, "sellerchat.mute_conversation", body={"conversation_id": one.id})
    found = checked(shop, "sellerchat.get_one_conversation", query={"conversation_id": one.id})
    assert (found["conversation_id"], found["mute"], found["unread_count"]) == (one.id, True, 1)
    assert "****" in found["to_name"]


def test_messages_are_read_back_in_time_by_their_ids() -> None:
    shop = bare_shop()
    one = a_chat(shop)
    for number in range(6):
        go(shop, MINUTE)
        say(shop, one, "text", {"text": str(number)}, from_shop=number % 2 == 0)
    found: list[str] = []
    offset = ""
    while True:
        page = messages(shop, one, page_size=3, offset=offset)
        found += [row["message_id"] for row in page["messages"]]
        offset = page["page_result"]["next_offset"]
        if not offset:
            break
    assert found == [message.id for message in reversed(one.messages)]
    wanted = one.messages[2].id
    assert [row["message_id"] for row in messages(shop, one, message_id_list=wanted)["messages"]] == [wanted]


def test_who_wrote_is_told_by_shop_and_user() -> None:
    shop = bare_shop()
    one = a_chat(shop)
    say(shop, one, "text", {"text": "Yes"}, from_shop=True)
    mine, theirs = messages(shop, one)["messages"]
    assert (mine["from_shop_id"], mine["from_id"]) == (shop.number_id, shop_user_id(shop))
    assert (theirs["from_shop_id"], theirs["from_id"]) == (0, one.buyer.user_id)
    assert (theirs["to_shop_id"], theirs["to_id"]) == (shop.number_id, shop_user_id(shop))


@pytest.mark.parametrize(
    "query",
    [{"direction": "sideways"}, {"type": "loud"}, {"page_size": 61}, {"page_size": 0}, {"next_timestamp_nano": "x"}],
)
def test_bad_questions_are_refused(query: Json) -> None:
    with refused("error_param"):
        listed(shop_to_read(), **query)


def test_an_unknown_conversation_is_refused() -> None:
    shop = bare_shop()
    for operation in ("sellerchat.get_one_conversation", "sellerchat.get_message"):
        with refused("error_param"):
            ask(shop, operation, query={"conversation_id": 7})
    with refused("error_param"):
        ask(shop, "sellerchat.pin_conversation", body={"conversation_id": 7})


# --- writing ----------------------------------------------------------------------------------------------------------


def test_an_answer_is_sent_and_told() -> None:
    shop = bare_shop()
    one = a_chat(shop)
    found = send(shop, one.buyer.user_id, "Hi there")
    assert found["conversation_id"] == int(one.id)
    assert found["message_id"] == one.latest.id
    assert (one.unread, one.waiting_since()) == (0, 0)
    data = told(shop, pushes.WEBCHAT)[-1]
    assert (data["type"], data["content"]["content"]) == ("message", {"text": "Hi there"})
    assert data["content"]["conversation_id"] == one.id


def test_a_buyers_message_is_told_too() -> None:
    shop = bare_shop("ID")
    one = a_chat(shop)
    data = told(shop, pushes.WEBCHAT)[0]
    assert (data["region"], data["content"]["from_id"]) == ("ID", one.buyer.user_id)
    assert data["content"]["shop_id"] == shop.number_id


def test_the_first_message_names_an_order() -> None:
    shop = bare_shop()
    order = an_order(shop)
    with refused("first_chat_without_order_info"):
        send(shop, order.buyer.user_id)
    send(shop, order.buyer.user_id, source_content={"order_sn": order.sn})
    assert opened(shop, order.buyer).latest.source == {"order_sn": order.sn}


def test_an_order_card_opens_a_chat() -> None:
    shop = bare_shop()
    order = an_order(shop)
    send(shop, order.buyer.user_id, message_type="order", content={"order_sn": order.sn})
    assert opened(shop, order.buyer).latest.kind == "order"


def test_strangers_are_not_written_to() -> None:
    with refused("user_is_forbidden"):
        send(bare_shop(), 4711)


def test_a_buyer_of_long_ago_is_left_alone() -> None:
    shop = bare_shop()
    one = a_chat(shop)
    go(shop, 31 * DAY)
    with refused("user_is_forbidden"):
        send(shop, one.buyer.user_id)
    write(shop, one.buyer)
    send(shop, one.buyer.user_id)


def test_five_messages_without_an_answer_are_enough() -> None:
    shop = bare_shop()
    one = a_chat(shop)
    for number in range(5):
        send(shop, one.buyer.user_id, f"Message {number}")
    with refused("reach_5_message_limit"):
        send(shop, one.buyer.user_id, "Another")
    write(shop, one.buyer)
    send(shop, one.buyer.user_id, "Another")


def test_the_same_words_are_not_said_twice_a_day() -> None:
    shop = bare_shop()
    one = a_chat(shop)
    send(shop, one.buyer.user_id, "Same")
    with refused("error_business"):
        send(shop, one.buyer.user_id, "Same")
    go(shop, DAY)
    send(shop, one.buyer.user_id, "Same")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"content": {"text": "x" * 601}}, "message_too_long"),
        ({"content": {"text": "Write me on WhatsApp"}}, "message_is_censored"),
        ({"content": {}}, "error_param"),
        ({"message_type": "smell"}, "error_param"),
        ({"message_type": "image", "content": {"text": "x"}}, "error_param"),
        ({"to_id": "you"}, "error_param"),
    ],
)
def test_bad_messages_are_refused(change: Json, error: str) -> None:
    shop = bare_shop()
    one = a_chat(shop)
    body = {"to_id": one.buyer.user_id, "message_type": "text", "content": {"text": "Hi"}, **change}
    with refused(error):
        ask(shop, "sellerchat.send_message", body=body)
    assert len(one.messages) == 1


def test_automatic_answers_leave_the_buyer_waiting() -> None:
    shop = bare_shop()
    one = a_chat(shop)
    body = {"to_id": one.buyer.user_id, "content": {"text": "We are asleep"}}
    assert checked(shop, "sellerchat.send_autoreply_message", body=body) == {"message_id": one.latest.id}
    assert one.latest.status == "auto_reply"
    assert one.waiting_since()


@pytest.mark.parametrize(("region", "minutes", "good"), [("SG", 9, True), ("SG", 11, False), ("TH", 4, False), ("MY", 1, False)])
def test_messages_are_recalled_for_some_minutes(region: str, minutes: int, good: bool) -> None:
    shop = bare_shop(region)
    one = a_chat(shop)
    sent = send(shop, one.buyer.user_id)["message_id"]
    go(shop, minutes * MINUTE)
    body = {"conversation_id": one.id, "message_id": sent}
    if good:
        checked(shop, "sellerchat.delete_message", body=body)
        assert sent not in [message.id for message in one.messages]
        return
    with refused("error_param"):
        ask(shop, "sellerchat.delete_message", body=body)


def test_a_buyers_words_are_not_the_sellers_to_delete() -> None:
    shop = bare_shop("SG")
    one = a_chat(shop)
    with refused("error_param"):
        ask(shop, "sellerchat.delete_message", body={"conversation_id": one.id, "message_id": one.latest.id})
    checked(shop, "sellerchat.delete_conversation", body={"conversation_id": one.id})
    assert chat_of(shop).known == {}


def test_reading_up_to_a_message_leaves_the_later_ones_unread() -> None:
    shop = bare_shop()
    one = a_chat(shop)
    first = one.latest.id
    write(shop, one.buyer)
    checked(shop, "sellerchat.read_conversation", body={"conversation_id": one.id, "last_read_message_id": first})
    assert (one.unread, one.last_read) == (1, first)
    with refused("error_param"):
        ask(shop, "sellerchat.read_conversation", body={"conversation_id": one.id, "last_read_message_id": "7"})


def test_pictures_are_uploaded() -> None:
    shop = bare_shop()
    found = checked(shop, "sellerchat.upload_image", uploads=[Upload("file", "a.png", "image/png", PNG)])
    assert found["thumbnail"].startswith(found["url"])
    with refused("error_param"):
        ask(shop, "sellerchat.upload_image")


# --- waiting and life -------------------------------------------------------------------------------------------------


def test_a_wait_ends_with_a_human_answer() -> None:
    shop = bare_shop()
    one = a_chat(shop)
    began = shop.now
    go(shop, HOUR)
    say(shop, one, "text", {"text": "auto"}, from_shop=True, status="auto_reply")
    assert one.waiting_since() == began
    go(shop, HOUR)
    say(shop, one, "text", {"text": "Hello"}, from_shop=True)
    (wait,) = one.waits(shop.now)
    assert (wait.began, wait.ended, wait.in_time) == (began, began + 2 * HOUR, True)
    go(shop, HOUR)
    write(shop, one.buyer)
    assert one.waiting_since() == shop.now


def test_messages_of_one_second_keep_their_order() -> None:
    shop = bare_shop()
    one = a_chat(shop)
    made = [say(shop, one, "text", {"text": str(number)}, from_shop=False) for number in range(20)]
    times = [message.nano_time for message in made]
    assert times == sorted(times)


def test_some_shops_greet_by_themselves() -> None:
    shop = bare_shop()
    shop.number = 3
    one = a_chat(shop)
    assert [message.status for message in one.messages] == ["normal", "auto_reply"]
    assert one.waiting_since()


def test_the_scripted_colleague_answers_while_there_is_one() -> None:
    shop = bare_shop()
    one = a_chat(shop)
    reply(shop, one)
    assert one.waiting_since()
    shop.seller_on = True
    reply(shop, one)
    assert not one.waiting_since()


def test_where_nobody_answers_buyers_wait() -> None:
    waits = []
    for troubles in ((), ("unanswered",)):
        shop = make_shop("MY", troubles, orders_per_day=3.0, days=2)
        known = chat_of(shop).known.values()
        waits.append(sum(bool(one.waiting_since()) for one in known) / len(known))
    assert waits[0] < waits[1]


def test_buyers_at_rest_write_nothing() -> None:
    shop = bare_shop()
    buyer_asks(shop, an_order(shop))
    assert chat_of(shop).known == {}
