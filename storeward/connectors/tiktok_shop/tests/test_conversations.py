"""Conversations, messages and sessions."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storeward.canon import Conversation, Message, SenderRole
from storeward.connectors.tiktok_shop import conversations
from storeward.connectors.tiktok_shop.tests.samples import ok, parse, parse_sample, problems, told


def one(**fields: Any) -> Message:
    sent = {"id": "1", "type": "TEXT", "sender": {"role": "BUYER"}} | fields
    (record,) = parse("getConversationMessages", ok(messages=[sent]), conversation_id="749").records
    assert isinstance(record, Message)
    return record


def test_messages_are_asked_newest_first_by_position_ten_a_page() -> None:
    request = conversations.list_messages_request("749")
    assert request.path == "/customer_service/202309/conversations/749/messages"
    assert request.query == {"page_size": "10", "sort_field": "index", "sort_order": "DESC", "need_plaintext": "true"}
    assert request.about == {"conversation_id": "749"}


def test_sessions_are_asked_by_when_they_began() -> None:
    request = conversations.list_sessions_request(
        began_since=datetime(2025, 12, 1, tzinfo=UTC), began_until=datetime(2025, 12, 2, tzinfo=UTC)
    )
    assert request.body == b'{"begin_time_ge":1764547200,"begin_time_lt":1764633600}'


def test_the_list_yields_conversations_and_their_latest_messages(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "getConversations")
    assert (parsed.problems, parsed.next_page) == ([], "1612353423")
    assert told(parsed) == [
        {
            "kind": "conversation",
            "platform_conversation_id": "7494560109732334261",
            "platform_buyer_id": "7494560109732334262",
            "buyer_name": "Albert",
            "unread_count": 0,
            "can_send": True,
            "created_at": "2023-08-07T12:32:53Z",
            "updated_at": "2023-08-07T12:32:53Z",
            "participants": [
                {
                    "platform_participant_id": "7494560109732334261",
                    "platform_user_id": "7494560109732334262",
                    "platform_role": "BUYER",
                    "role": "buyer",
                    "name": "Albert",
                    "platform_channel": "TIKTOK_SHOP",
                }
            ],
            "complete": True,
        },
        {
            "kind": "message",
            "platform_message_id": "7494560109732334263",
            "platform_conversation_id": "7494560109732334261",
            "platform_type": "TEXT",
            "platform_role": "BUYER",
            "role": "buyer",
            "platform_sender_id": "7494560109732334261",
            "sender_name": "Albert",
            "text": "simple text message",
            "visible": True,
            "position": 7494560109732334274,
            "sent_at": "2023-08-07T12:32:53Z",
        },
    ]


def test_one_conversation_with_its_running_session(shared_dir: Path) -> None:
    (record,) = parse_sample(shared_dir, "getConversation").records
    assert isinstance(record, Conversation)
    assert record.session is not None
    assert (record.unread_count, record.session.platform_session_id, record.session.platform_phase) == (
        2,
        "7495560109732334000",
        "ASSIGNED",
    )


def test_a_message_belongs_to_the_conversation_that_was_asked_for(shared_dir: Path) -> None:
    (record,) = told(parse_sample(shared_dir, "getConversationMessages", conversation_id="749"))
    assert (record["platform_conversation_id"], record["text"]) == ("749", "simple text message")


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("BUYER", SenderRole.BUYER),
        ("SHOP", SenderRole.SELLER),
        ("CUSTOMER_SERVICE", SenderRole.AGENT),
        ("SYSTEM", SenderRole.SYSTEM),
        ("ROBOT", SenderRole.ROBOT),
        ("GHOST", SenderRole.UNKNOWN),
    ],
)
def test_who_wrote(word: str, role: SenderRole) -> None:
    record = one(sender={"role": word})
    assert (record.role, record.platform_role) == (role, word)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"content": '{"content":"hi"}'}, "hi"),
        ({"content": '{"content":"hi"}', "plaintext": "hi there"}, "hi there"),
        ({"type": "IMAGE", "content": '{"url":"u","width":"10"}'}, None),
        ({"type": "ORDER_CARD", "content": '{"order_id":"576"}'}, None),
        ({"type": "HOLOGRAM", "content": "???"}, None),
        ({"content": ""}, None),
    ],
)
def test_what_a_person_reads(fields: dict[str, Any], text: str | None) -> None:
    assert one(**fields).text == text


def test_a_text_that_is_not_the_json_it_should_be_is_shown_as_it_came() -> None:
    parsed = parse("getConversationMessages", ok(messages=[{"id": "1", "type": "TEXT", "content": "plain words"}]))
    assert told(parsed)[0]["text"] == "plain words"
    assert problems(parsed) == [("data.messages[0].content", "note")]


def test_an_invisible_message_is_marked() -> None:
    assert not one(is_visible=False).visible
    assert one(is_visible=None).visible


@pytest.mark.parametrize(("sent", "position"), [("12", 12), (12, 12), ("", None), (None, None), ("x", None), ("9" * 30, None)])
def test_the_position_is_a_number_whatever_it_is_sent_as(sent: Any, position: int | None) -> None:
    assert one(index=sent).position == position


def test_a_session_says_how_fast_the_first_answer_was(shared_dir: Path) -> None:
    first, second = parse_sample(shared_dir, "searchSessions").records
    assert isinstance(first, Conversation)
    assert isinstance(second, Conversation)
    assert first.session is not None
    assert second.session is not None
    assert (first.session.first_response_seconds, first.session.first_response_late) == (312, False)
    assert (second.session.first_response_seconds, second.session.first_response_late) == (90600, True)
    assert str(second.session.satisfaction) == "2"
    assert second.session.dissatisfaction_reason == "Slow reply"
    assert not first.complete
    assert first.session.platform_tags == ("Logistics",)


def test_a_sent_message_and_an_opened_conversation_name_their_ids(shared_dir: Path) -> None:
    (sent,) = told(parse_sample(shared_dir, "sendMessage", conversation_id="749"))
    assert (sent["platform_message_id"], sent["platform_conversation_id"]) == ("7494560109732334299", "749")
    (opened,) = told(parse_sample(shared_dir, "createConversation"))
    assert opened["platform_conversation_id"] == "7106888323922608389"


def test_things_without_ids_cost_themselves() -> None:
    assert problems(parse("getConversations", ok(conversations=[{"unread_count": 1}]))) == [("data.conversations[0].id", "error")]
    assert problems(parse("searchSessions", ok(sessions=[{"id": "1"}, {"conversation_id": "2"}]))) == [
        ("data.sessions[0].conversation_id", "error"),
        ("data.sessions[1].id", "error"),
    ]


def test_a_picture_for_a_buyer_is_a_receipt(shared_dir: Path) -> None:
    receipt = parse_sample(shared_dir, "uploadImageForBuyerMessages").receipt
    assert (receipt["width"], receipt["height"]) == ("1280", "720")
    assert receipt["url"].startswith("https://")
    assert parse_sample(shared_dir, "getAgentSettings").receipt == {"can_accept_chat": "true"}


def test_a_picture_may_not_be_too_large() -> None:
    with pytest.raises(ValueError, match="10485760"):
        conversations.upload_image_request(b"x" * (conversations.LARGEST_IMAGE + 1))
