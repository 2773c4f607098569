"""Chats: who waits, when a session ends, what the platform counts."""

import json
from random import Random

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.tiktok_shop.conversations import (
    Buyer,
    Chat,
    Conversation,
    buyer_writes,
    end_session,
    figures,
    may_send,
    shop_writes,
    text,
)

NOW = 1_790_000_000
ANNA = Buyer("7195000000000000001", "7504000000000000001", "Anna")


def fresh(seed: int = 1) -> tuple[Chat, Conversation]:
    chat = Chat(Random(seed), "7494049642642441621")
    return chat, chat.open(ANNA, NOW)


def test_a_buyer_has_one_conversation_with_a_shop() -> None:
    chat, conversation = fresh()
    assert chat.open(ANNA, NOW + DAY) is conversation


def test_the_robot_speaks_after_the_buyer_and_one_message_is_hidden() -> None:
    chat, conversation = fresh()
    said = buyer_writes(chat, conversation, NOW)
    assert [message.role for message in said] == ["BUYER", "SYSTEM", "ROBOT"]
    assert [message.visible for message in said] == [True, False, True]


def test_the_robot_does_not_end_the_waiting() -> None:
    chat, conversation = fresh()
    buyer_writes(chat, conversation, NOW)
    assert conversation.messages[-1].role == "ROBOT"
    assert conversation.waiting_since() == NOW


def test_a_colleague_ends_the_waiting_but_not_the_unread_count() -> None:
    chat, conversation = fresh()
    buyer_writes(chat, conversation, NOW)
    shop_writes(chat, conversation, NOW + 60, "TEXT", text("hi"))
    assert conversation.waiting_since() == 0
    assert conversation.unread == 1


def test_a_robot_of_the_shop_is_no_answer() -> None:
    chat, conversation = fresh()
    buyer_writes(chat, conversation, NOW)
    shop_writes(chat, conversation, NOW + 60, "TEXT", text("hi"), role="ROBOT")
    assert conversation.waiting_since() == NOW


def test_indexes_rise_also_within_one_second() -> None:
    chat, conversation = fresh()
    for _ in range(3):
        buyer_writes(chat, conversation, NOW)
    indexes = [int(message.index) for message in conversation.messages if message.role == "BUYER"]
    assert indexes == sorted(set(indexes))
    assert max(indexes) < 2**63


def test_contents_are_json_within_a_string() -> None:
    chat, conversation = fresh()
    buyer_writes(chat, conversation, NOW)
    assert all(isinstance(json.loads(message.content), dict) for message in conversation.messages)


def test_an_answered_session_ends_after_six_silent_hours() -> None:
    chat, conversation = fresh()
    buyer_writes(chat, conversation, NOW)
    shop_writes(chat, conversation, NOW + HOUR, "TEXT", text("hi"))
    assert conversation.session(NOW + 7 * HOUR - 1) is not None
    assert conversation.session(NOW + 7 * HOUR) is None


def test_an_unanswered_session_lasts_seven_days() -> None:
    chat, conversation = fresh()
    buyer_writes(chat, conversation, NOW)
    assert conversation.session(NOW + 7 * DAY - 1) is not None
    assert conversation.session(NOW + 7 * DAY) is None


def test_a_later_question_opens_another_session() -> None:
    chat, conversation = fresh()
    buyer_writes(chat, conversation, NOW)
    shop_writes(chat, conversation, NOW + 60, "TEXT", text("hi"))
    buyer_writes(chat, conversation, NOW + 2 * DAY)
    assert len(conversation.sessions) == 2


def test_an_ended_session_is_over_at_once() -> None:
    chat, conversation = fresh()
    buyer_writes(chat, conversation, NOW)
    end_session(chat, conversation.sessions[0], NOW + 60)
    assert conversation.session(NOW + 60) is None


@pytest.mark.parametrize(
    ("silent_days", "order_days", "has_return", "allowed"),
    [(29, 0, False, True), (31, 0, False, False), (31, 59, False, True), (31, 61, False, False), (90, 90, True, True)],
)
def test_the_platform_lets_one_write_to_recent_buyers_only(
    silent_days: int, order_days: int, has_return: bool, allowed: bool
) -> None:
    chat, conversation = fresh()
    buyer_writes(chat, conversation, NOW - silent_days * DAY)
    last_order = NOW - order_days * DAY if order_days else 0
    assert may_send(conversation, NOW, last_order=last_order, has_return=has_return) is allowed


def test_figures_count_sessions_answered_within_a_day() -> None:
    chat = Chat(Random(1), "7494049642642441621")
    for number, answered in enumerate((300, 2 * DAY, None)):
        buyer = Buyer(str(number), str(number), "x")
        conversation = chat.open(buyer, NOW)
        buyer_writes(chat, conversation, NOW)
        if answered:
            shop_writes(chat, conversation, NOW + answered, "TEXT", text("hi"))
    counted = figures(chat, NOW, NOW + 1)
    assert (counted.sessions, counted.in_a_day) == (3, 1)
    assert figures(chat, NOW + 1, NOW + DAY).sessions == 0


def test_an_automatic_answer_counts_in_the_platforms_figures() -> None:
    chat, conversation = fresh()
    chat.auto_replies = True
    buyer_writes(chat, conversation, NOW)
    assert figures(chat, NOW, NOW + 1).in_a_day == 1
