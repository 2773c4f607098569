"""Chats: cursors that go back in time, unread counts, sending and its rules, recall, pushes 2 and 19."""

import json
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, MINUTE, machine_now
from storeward_sandbox.lazada.chat import BUYER, PRODUCT, SELLER, TEXT, Chat, Session, open_session, say
from storeward_sandbox.lazada.errors import ApiError
from storeward_sandbox.lazada.shop import Shop
from storeward_sandbox.lazada.tests.byhand import order, product_of, shelf
from storeward_sandbox.lazada.tests.support import Json, answer, ask, checked, go, make_shop, shop_to_read, told

SESSIONS, MESSAGES, SEND = "/im/session/list", "/im/message/list", "/im/message/send"


def talk(shop: Shop, *words: str, pause: int = 60) -> Session:
    """A conversation in which the buyer says these words."""
    session = open_session(shop, order(shop).buyer)
    for word in words:
        say(shop, session, BUYER, TEXT, {"txt": word})
        go(shop, pause)
    return session


def walk(shop: Shop, path: str, size: int, **params: Any) -> list[Json]:
    """All rows of a list, page by page as the documents say: from now, then by the cursor."""
    rows: list[Json] = []
    cursor: Json = {"start_time": int(machine_now() * 1000)}
    names = ("session_list", "last_session_id") if path == SESSIONS else ("message_list", "last_message_id")
    while True:
        page = checked(shop, path, page_size=size, **cursor, **params)
        rows += page[names[0]]
        if not page["has_more"]:
            return rows
        cursor = {"start_time": page["next_start_time"], names[1]: page[names[1]]}


def refused(shop: Shop, path: str, **params: Any) -> str:
    """The code of the messaging service, under code 0."""
    found = answer(shop, path, **params)
    assert found["success"] is False
    return str(found["err_code"])


# --- lists ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 3, 20])
def test_sessions_are_walked_newest_first_without_gap_or_repeat(size: int) -> None:
    shop = shelf(units=30)
    expected = [talk(shop, "hello").id for _ in range(7)]
    rows = walk(shop, SESSIONS, size)
    by_time = [row["last_message_time"] for row in rows]
    assert by_time == sorted(by_time, reverse=True)
    assert {row["session_id"] for row in rows} == set(expected)
    assert len(rows) == len(set(expected))


@pytest.mark.parametrize("size", [1, 4, 20])
def test_messages_are_walked_newest_first(size: int) -> None:
    shop = shelf()
    session = talk(shop, *"abcdefghi", pause=0)
    rows = walk(shop, MESSAGES, size, session_id=session.id)
    assert [json.loads(row["content"])["txt"] for row in rows] == list("ihgfedcba")


def test_a_list_can_begin_in_the_past() -> None:
    shop = shelf()
    session = talk(shop, "first")
    middle = shop.now * 1000
    say(shop, session, BUYER, TEXT, {"txt": "second"})
    page = checked(shop, MESSAGES, session_id=session.id, start_time=middle - 1, page_size=20)
    assert [json.loads(row["content"])["txt"] for row in page["message_list"]] == ["first"]
    assert checked(shop, SESSIONS, start_time=1, page_size=20)["session_list"] == []


def test_the_clients_now_is_the_newest_also_where_the_sandbox_is_ahead() -> None:
    shop = shelf(at=int(machine_now()) + 30 * DAY)
    session = talk(shop, "hello")
    assert [row["session_id"] for row in walk(shop, SESSIONS, 20)] == [session.id]


@pytest.mark.parametrize("size", [0, 21])
def test_pages_have_at_most_twenty_rows(size: int) -> None:
    with pytest.raises(ApiError) as refusal:
        ask(shop_to_read(), SESSIONS, start_time=1, page_size=size)
    assert refusal.value.code == "5"


def test_positions_are_text_in_the_list_and_numbers_in_the_detail() -> None:
    shop = shelf()
    session = talk(shop, "hello")
    row = walk(shop, SESSIONS, 20)[0]
    detail = checked(shop, "/im/session/get", session_id=session.id)
    assert isinstance(row["self_position"], str)
    assert isinstance(detail["self_position"], int)
    assert {**detail, "self_position": "", "to_position": ""} == {**row, "self_position": "", "to_position": ""}
    assert (row["summary"], row["unread_count"], row["site_id"]) == ("hello", 1, "SG")
    assert row["session_id"].startswith(f"{shop.user_id}_2_{row['buyer_id']}_1_")
    assert shop.user_id != shop.id


# --- what is said -----------------------------------------------------------------------------------------------------


def test_every_message_is_pushed_as_the_list_shows_it() -> None:
    shop = shelf()
    session = talk(shop, "ยังมีของไหมคะ")
    pushed = told(shop, 2)[0]
    assert pushed == checked(shop, MESSAGES, session_id=session.id, start_time=10**13, page_size=5)["message_list"][0]
    assert (pushed["from_account_type"], pushed["to_account_type"]) == (BUYER, SELLER)
    assert json.loads(pushed["content"]) == {"txt": "ยังมีของไหมคะ"}


def send(shop: Shop, session: Session, **params: Any) -> Json:
    found: Json = checked(shop, SEND, session_id=session.id, **params)
    return found


def test_an_answer_ends_the_waiting_and_marks_as_read() -> None:
    shop = shelf()
    session = talk(shop, "hello", "anyone?")
    assert session.waiting_since() == shop.now - 120
    found = send(shop, session, template_id=1, txt="Here!")
    assert found["template_id"] == 1
    assert (session.waiting_since(), session.unread) == (0, 0)
    assert session.messages[-1].id == found["message_id"]


def test_robots_and_blocked_words_answer_nobody() -> None:
    shop = shelf()
    session = talk(shop, "hello")
    say(shop, session, SELLER, TEXT, {"txt": "We are closed"}, auto=True)
    send(shop, session, template_id=1, txt="Write me on WhatsApp")
    assert session.waiting_since() == shop.now - 60
    blocked = told(shop, 2)[-1]
    assert blocked["process_msg"]
    assert told(shop, 2)[-2]["auto_reply"] is True


@pytest.mark.parametrize(
    ("template", "params", "member"),
    [
        (1, {"txt": "a"}, "txt"),
        (4, {"txt": ":)"}, "txt"),
        (3, {"img_url": "u", "width": 1, "height": 2}, "imgUrl"),
        (6, {"video_id": "v", "width": 1, "height": 2}, "videoId"),
        (10008, {"promotion_id": "p"}, "promotionId"),
        (10010, {}, "txt"),
    ],
)
def test_cards_hold_what_their_kind_asks_for(template: int, params: Json, member: str) -> None:
    shop = shelf()
    session = talk(shop, "hello")
    send(shop, session, template_id=template, **params)
    assert member in session.messages[-1].content
    for name in params:
        left = {key: value for key, value in params.items() if key != name}
        with pytest.raises(ApiError, match=name):
            send(shop, session, template_id=template, **left)


def test_cards_of_products_and_orders_must_exist() -> None:
    shop = shelf()
    session = talk(shop, "hello")
    made = next(iter(shop.orders))
    send(shop, session, template_id=PRODUCT, item_id=product_of(shop).id)
    send(shop, session, template_id=10007, order_id=made)
    assert session.messages[-1].content == {"orderId": made}
    assert refused(shop, SEND, session_id=session.id, template_id=PRODUCT, item_id=1) == "2002"
    assert refused(shop, SEND, session_id=session.id, template_id=99) == "2003"
    with pytest.raises(ApiError, match="E016"):
        send(shop, session, template_id=10007, order_id=1)


def test_five_words_without_an_answer_are_enough_for_a_day() -> None:
    shop = shelf()
    session = open_session(shop, order(shop).buyer)
    for _ in range(5):
        send(shop, session, template_id=1, txt="Hello?")
    assert refused(shop, SEND, session_id=session.id, template_id=1, txt="?") == "2004"
    say(shop, session, BUYER, TEXT, {"txt": "yes"})
    send(shop, session, template_id=1, txt="!")
    for _ in range(4):
        send(shop, session, template_id=1, txt="!")
    assert refused(shop, SEND, session_id=session.id, template_id=1, txt="?") == "2004"
    go(shop, DAY)
    send(shop, session, template_id=1, txt="Good morning")


def test_reading_is_told_by_push_19() -> None:
    shop = shelf()
    session = talk(shop, "a", "b")
    checked(shop, "/im/session/read", session_id=session.id, last_read_message_id=session.messages[0].id)
    assert session.unread == 1
    checked(shop, "/im/session/read", session_id=session.id, last_read_message_id=session.messages[1].id)
    assert [data["unread_count"] for data in told(shop, 19)] == [1, 0]
    assert refused(shop, "/im/session/read", session_id=session.id, last_read_message_id="x") == "2005"
    assert refused(shop, "/im/session/read", session_id="x", last_read_message_id="x") == "2001"


def test_sellers_open_a_talk_with_buyers_of_the_last_month() -> None:
    shop = shelf()
    made = order(shop)
    first = answer(shop, "/im/session/open", order_id=made.id)["session_id"]
    assert answer(shop, "/im/session/open", order_id=made.id)["session_id"] == first
    assert walk(shop, SESSIONS, 20) == []
    go(shop, 31 * DAY)
    with pytest.raises(ApiError) as refusal:
        answer(shop, "/im/session/open", order_id=made.id)
    assert refusal.value.code == "-22"


def test_a_recall_is_two_pushes_and_possible_for_two_minutes() -> None:
    shop = shelf()
    session = talk(shop, "hello")
    own = send(shop, session, template_id=1, txt="oops")["message_id"]
    go(shop, 2 * MINUTE)
    checked(shop, "/im/message/recall", session_id=session.id, message_id=own)
    first, second = told(shop, 2)[-2:]
    assert (first["message_id"], first["status"]) == (own, 1)
    assert (second["template_id"], second["type"]) == (2, 2)
    late = send(shop, session, template_id=1, txt="oops")["message_id"]
    go(shop, 2 * MINUTE + 1)
    for message in (own, late, session.messages[0].id):
        assert refused(shop, "/im/message/recall", session_id=session.id, message_id=message) == "2006"


def test_no_two_messages_of_a_store_have_the_same_instant() -> None:
    shop = shelf()
    talk(shop, *"abcdef", pause=0)
    instants = [message.at for session in shop.part(Chat).sessions.values() for message in session.messages]
    assert len(set(instants)) == 6


# --- life -------------------------------------------------------------------------------------------------------------


def waiting(shop: Shop) -> int:
    return sum(bool(session.waiting_since()) for session in shop.part(Chat).sessions.values())


def test_most_buyers_are_answered_and_in_some_stores_hardly_any() -> None:
    assert waiting(shop_to_read("TH")) <= 1
    assert waiting(shop_to_read("TH", ("unanswered",))) >= 3


def test_nobody_answers_in_a_neglected_store() -> None:
    shop = make_shop("MY", ("neglected",), orders_per_day=3.0)
    stopped = shop.persona.stops_at
    assert stopped is not None
    said = [one for session in shop.part(Chat).sessions.values() for one in session.messages if one.by == SELLER and not one.auto]
    assert all(message.at < stopped * 1000 for message in said)
    assert waiting(shop) >= 1


def test_every_store_has_a_conversation_from_the_start_and_more_later() -> None:
    shop = make_shop("SG", orders_per_day=6.0, days=4)
    before = len(shop.part(Chat).sessions)
    assert before >= 2
    go(shop, 4 * DAY)
    assert len(told(shop, 2)) > 3
