"""Talks with buyers (fact sheet section 14). Not self-service: the scope is applied for, and 10,000 calls a day is all."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from storeward.canon import ChatSession, Conversation, Message, Participant, Record, SenderRole
from storeward.connectors.contract import Request
from storeward.connectors.wire import Id, Notes, Wire, digits

from .codes import SENDER_ROLE
from .envelope import About, list_parser, receipt_parser, thing_parser
from .push import Content, content_of
from .requests import get, search, unix, upload, write

CONVERSATIONS_PER_PAGE: Final = 20
MESSAGES_PER_PAGE: Final = 10
SESSIONS_PER_PAGE: Final = 50
BASE: Final = "/customer_service/202309/conversations"
LONGEST_TEXT: Final = 2000
LARGEST_IMAGE: Final = 10 * 1024 * 1024
LARGEST_POSITION: Final = 2**63 - 1


def list_conversations_request(*, page_size: int = CONVERSATIONS_PER_PAGE) -> Request:
    """All conversations, newest activity first; there is no filter by time."""
    return get("getConversations", BASE, {"page_size": str(page_size), "need_session_info": "true"})


def conversation_request(conversation_id: str) -> Request:
    path = f"/customer_service/202601/conversations/{conversation_id}"
    return get("getConversation", path, {"need_session_info": "true"}, about={"conversation_id": conversation_id})


def list_messages_request(conversation_id: str, *, page_size: int = MESSAGES_PER_PAGE) -> Request:
    """A conversation's messages, newest first, with the words of every type that has any."""
    query = {"page_size": str(page_size), "sort_field": "index", "sort_order": "DESC", "need_plaintext": "true"}
    path = f"{BASE}/{conversation_id}/messages"
    return get("getConversationMessages", path, query, about={"conversation_id": conversation_id})


def list_sessions_request(*, began_since: datetime, began_until: datetime, page_size: int = SESSIONS_PER_PAGE) -> Request:
    """Sessions that began in [since, until), of the last 90 days."""
    filters = {"begin_time_ge": unix(began_since), "begin_time_lt": unix(began_until)}
    return search("searchSessions", "/customer_service/202602/sessions/search", {"page_size": str(page_size)}, filters)


def agent_settings_request() -> Request:
    return get("getAgentSettings", "/customer_service/202309/agents/settings")


def set_agent_settings_request(*, can_accept_chat: bool) -> Request:
    path = "/customer_service/202309/agents/settings"
    return write("updateAgentSettings", "PUT", path, {"can_accept_chat": can_accept_chat})


def send_text_request(conversation_id: str, text: str) -> Request:
    """Send words; raises ValueError for none or more than 2000 characters. It does not clear the unread count."""
    if not 0 < len(text) <= LONGEST_TEXT:
        raise ValueError(f"a message has 1 to {LONGEST_TEXT} characters, not {len(text)}")
    return send_request(conversation_id, kind="TEXT", content={"content": text})


def send_request(conversation_id: str, *, kind: str, content: dict[str, object]) -> Request:
    """Send a message of any type; `content` becomes JSON in text, as the platform wants it."""
    body = {"type": kind, "content": msgspec.json.encode(content).decode(), "sender_role": "CUSTOMER_SERVICE"}
    path = f"/customer_service/202606/conversations/{conversation_id}/messages"
    return write("sendMessage", "POST", path, body, about={"conversation_id": conversation_id})


def open_conversation_request(buyer_user_id: str) -> Request:
    """Open a conversation with an order's buyer; where one exists, its id comes back."""
    return write("createConversation", "POST", BASE, {"buyer_user_id": buyer_user_id})


def mark_read_request(conversation_id: str) -> Request:
    path = f"{BASE}/{conversation_id}/messages/read"
    return write("markBuyerMessagesAsRead", "POST", path, about={"conversation_id": conversation_id})


def end_session_request(conversation_id: str, session_id: str) -> Request:
    """End a session: the buyer is then asked for a rating."""
    path = f"/customer_service/202605/conversations/{conversation_id}/sessions/{session_id}/end"
    return write("endSession", "POST", path, about={"conversation_id": conversation_id})


def upload_image_request(content: bytes) -> Request:
    """A picture (jpg, gif, webp, png; at most 10 MB) to send as an IMAGE message by its `url`."""
    if len(content) > LARGEST_IMAGE:
        raise ValueError(f"a picture may have {LARGEST_IMAGE} bytes, not {len(content)}")
    return upload("uploadImageForBuyerMessages", "/customer_service/202309/images/upload", content)


class Person(Wire):
    user_id: Id = None
    im_user_id: Id = None
    role: str | None = None
    nickname: str | None = None
    buyer_platform: str | None = None
    platform: str | None = None
    """The same in the newer call for one conversation."""


class MessageItem(Wire):
    MATTERS = frozenset({"id", "sender", "create_time"})

    id: Id = None
    type: str | None = None
    content: str | None = None
    plaintext: str | None = None
    create_time: int | None = None
    is_visible: bool | None = None
    sender: Person | None = None
    index: Id = None


class Session(Wire):
    id: Id = None
    phase: str | None = None


class ConversationItem(Wire):
    MATTERS = frozenset({"id"})

    id: Id = None
    can_send_message: bool | None = None
    unread_count: int | None = None
    create_time: int | None = None
    participants: list[Person] | None = None
    latest_message: MessageItem | None = None
    cur_session_id: Id = None
    cur_session: Session | None = None


class SessionItem(Wire):
    MATTERS = frozenset({"id", "conversation_id"})

    id: Id = None
    conversation_id: Id = None
    begin_time: int | None = None
    end_time: int | None = None
    buyer_nickname: str | None = None
    chat_tags: list[str] | None = None
    satisfaction_score: Decimal | None = None
    dissatisfaction_reason: str | None = None
    first_response_time: int | None = None
    first_response_late: bool | None = None


def build_conversation(wire: ConversationItem, notes: Notes, about: About) -> Iterable[Record]:
    """The conversation, and its latest message as a record of its own."""
    conversation_id = digits(wire.id)
    if conversation_id is None:
        notes.left_out("id", "conversation")
        return ()
    buyer = next((person for person in wire.participants or () if person.role == "BUYER"), Person())
    latest = wire.latest_message
    conversation = Conversation(
        platform_conversation_id=conversation_id,
        platform_buyer_id=digits(buyer.user_id),
        buyer_name=buyer.nickname or None,
        unread_count=wire.unread_count,
        can_send=wire.can_send_message,
        created_at=notes.at("create_time", wire.create_time),
        updated_at=notes.at("latest_message.create_time", latest.create_time) if latest else None,
        session=_current_session(wire),
        participants=tuple(person for person in map(_participant, wire.participants or ()) if person is not None),
    )
    if latest is None:
        return (conversation,)
    return (conversation, *build_message(latest, notes.under("latest_message"), {"conversation_id": conversation_id}))


def _participant(person: Person) -> Participant | None:
    """Somebody who takes part; one without any id is nobody."""
    person_id = digits(person.im_user_id) or digits(person.user_id)
    if person_id is None:
        return None
    return Participant(
        platform_participant_id=person_id,
        platform_user_id=digits(person.user_id),
        platform_role=person.role or None,
        role=SENDER_ROLE.get(person.role or "", SenderRole.UNKNOWN),
        name=person.nickname or None,
        platform_channel=person.buyer_platform or person.platform or None,
    )


def _current_session(wire: ConversationItem) -> ChatSession | None:
    session = wire.cur_session or Session()
    session_id = digits(session.id) or digits(wire.cur_session_id)
    return ChatSession(platform_session_id=session_id, platform_phase=session.phase or None) if session_id else None


def build_message(wire: MessageItem, notes: Notes, about: About) -> Iterable[Record]:
    """One message. Its conversation is the one that was asked for: the answer does not repeat it."""
    message_id = digits(wire.id)
    if message_id is None:
        notes.left_out("id", "message")
        return ()
    sender = wire.sender or Person()
    content = content_of(wire.content)
    shown = content or Content()
    return (
        Message(
            platform_message_id=message_id,
            platform_conversation_id=about.get("conversation_id"),
            platform_type=wire.type or None,
            platform_role=sender.role or None,
            role=notes.word("sender.role", sender.role, SENDER_ROLE, SenderRole.UNKNOWN),
            platform_sender_id=digits(sender.im_user_id),
            sender_name=sender.nickname or None,
            text=_words(wire, content, notes),
            url=shown.url or None,
            platform_order_id=digits(shown.order_id),
            platform_package_id=digits(shown.package_id),
            platform_listing_id=digits(shown.product_id),
            platform_sku_id=digits(shown.sku_id),
            platform_coupon_id=digits(shown.coupon_id),
            visible=wire.is_visible is not False,
            position=_position(wire.index, notes),
            sent_at=notes.at("create_time", wire.create_time),
        ),
    )


def _words(wire: MessageItem, content: Content | None, notes: Notes) -> str | None:
    """What a person reads. A text whose content is not the JSON that it should be is shown as it came."""
    if wire.plaintext:
        return wire.plaintext
    said = content.content or None if content else None
    if said is None and wire.content and wire.type == "TEXT":
        notes.note("content", "is not JSON with a text in it; kept as it is")
        return wire.content
    return said


def _position(index: Id, notes: Notes) -> int | None:
    """The message's place in its conversation, a number that may be sent as text: compare it as a number."""
    if index is None or index == "":
        return None
    told = str(index)
    if told.isascii() and told.isdigit() and int(told) <= LARGEST_POSITION:
        return int(told)
    notes.note("index", "is no whole number; left out")
    return None


def build_session(wire: SessionItem, notes: Notes, about: About) -> Iterable[Record]:
    """A session as part of its conversation, of which it says nothing else."""
    conversation_id, session_id = digits(wire.conversation_id), digits(wire.id)
    if conversation_id is None or session_id is None:
        notes.left_out("conversation_id" if conversation_id is None else "id", "session")
        return ()
    session = ChatSession(
        platform_session_id=session_id,
        began_at=notes.at("begin_time", wire.begin_time),
        ended_at=notes.at("end_time", wire.end_time),
        first_response_seconds=wire.first_response_time,
        first_response_late=wire.first_response_late,
        satisfaction=notes.number("satisfaction_score", wire.satisfaction_score),
        dissatisfaction_reason=wire.dissatisfaction_reason or None,
        platform_tags=tuple(tag for tag in wire.chat_tags or () if tag),
    )
    return (
        Conversation(
            platform_conversation_id=conversation_id,
            buyer_name=wire.buyer_nickname or None,
            session=session,
            complete=False,
        ),
    )


class SentMessage(Wire):
    message_id: Id = None


class OpenedConversation(Wire):
    conversation_id: Id = None


def build_sent(wire: SentMessage, notes: Notes, about: About) -> Iterable[Record]:
    """The message that was sent, by its id only: who said what is read back."""
    message_id = digits(wire.message_id)
    if message_id is None:
        notes.left_out("message_id", "message")
        return ()
    return (Message(platform_message_id=message_id, platform_conversation_id=about.get("conversation_id")),)


def build_opened(wire: OpenedConversation, notes: Notes, about: About) -> Iterable[Record]:
    conversation_id = digits(wire.conversation_id)
    if conversation_id is None:
        notes.left_out("conversation_id", "conversation")
        return ()
    return (Conversation(platform_conversation_id=conversation_id, complete=False),)


parse_conversations = list_parser("conversations", ConversationItem, build_conversation)
parse_conversation = thing_parser("conversation", ConversationItem, build_conversation)
parse_messages = list_parser("messages", MessageItem, build_message)
parse_sessions = list_parser("sessions", SessionItem, build_session)
parse_sent = thing_parser(None, SentMessage, build_sent)
parse_opened = thing_parser(None, OpenedConversation, build_opened)
parse_agent_settings = receipt_parser("can_accept_chat")
parse_image = receipt_parser("url", "width", "height")
parse_receipt = receipt_parser()
