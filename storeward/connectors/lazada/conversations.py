"""Talks with buyers (fact sheet section 17). Pages go back in time from a cursor; `content` is JSON in text, by type of card."""

from collections.abc import Iterable
from typing import Final

from storeward.canon import Conversation, Message, Record, SenderRole
from storeward.connectors.contract import Request
from storeward.connectors.wire import Id, Notes, Wire, digits, more, read, text

from .codes import SENDER, WRITTEN_BY_SYSTEM
from .envelope import About, Page, page_parser, receipt_parser, thing_parser
from .frame import denied, said
from .requests import get, page_token, write
from .times import moment

SESSIONS, SESSION, MESSAGES = "/im/session/list", "/im/session/get", "/im/message/list"
SEND, READ, OPEN, RECALL = "/im/message/send", "/im/session/read", "/im/session/open", "/im/message/recall"
PAGE_SIZE: Final = 20
LATEST: Final = "4102444800000"
"""Where the first page begins: the call wants the newest end of the span (as a rule: now). A moment in the far future leaves
nothing out, whatever the two clocks say."""
TEXT, PICTURE, EMOJI, FILM, PRODUCT, ORDER, VOUCHER = "1", "3", "4", "6", "10006", "10007", "10008"


def list_sessions_request(*, page_size: int = PAGE_SIZE) -> Request:
    """Conversations, newest first. Reading them often can cost the permission: pushes tell of new messages."""
    return get(SESSIONS, {"start_time": LATEST, "page_size": page_size})


def session_request(session_id: str) -> Request:
    return get(SESSION, {"session_id": session_id}, about={"session_id": session_id})


def list_messages_request(session_id: str, *, page_size: int = PAGE_SIZE) -> Request:
    """Messages of a conversation, newest first."""
    params = {"session_id": session_id, "start_time": LATEST, "page_size": page_size}
    return get(MESSAGES, params, about={"session_id": session_id})


def send_text_request(session_id: str, words: str) -> Request:
    """Answer in words. Without a buyer's reply at most five messages a day."""
    return _send(session_id, TEXT, txt=words)


def send_picture_request(session_id: str, url: str, *, width: int, height: int) -> Request:
    return _send(session_id, PICTURE, img_url=url, width=width, height=height)


def send_product_request(session_id: str, item_id: str) -> Request:
    return _send(session_id, PRODUCT, item_id=item_id)


def send_order_request(session_id: str, order_id: str) -> Request:
    return _send(session_id, ORDER, order_id=order_id)


def send_voucher_request(session_id: str, promotion_id: str) -> Request:
    return _send(session_id, VOUCHER, promotion_id=promotion_id)


def _send(session_id: str, template: str, **fields: str | int) -> Request:
    params = {"session_id": session_id, "template_id": template, **fields}
    return write(SEND, params, about={"session_id": session_id})


def read_request(session_id: str, last_message_id: str) -> Request:
    """Everything up to that message has been read."""
    return write(READ, {"session_id": session_id, "last_read_message_id": last_message_id})


def open_request(order_id: str) -> Request:
    """The conversation about an order; made where there is none, as long as the order is not too old."""
    return write(OPEN, {"order_id": order_id}, about={"order_id": order_id})


def recall_request(session_id: str, message_id: str) -> Request:
    """Take a message back, within two minutes."""
    return write(RECALL, {"session_id": session_id, "message_id": message_id})


class SessionItem(Wire):
    """`data.session_list[]`, and `data` of the single call."""

    MATTERS = frozenset({"session_id"})

    session_id: Id = None
    buyer_id: Id = None
    title: str | None = None
    summary: str | None = None
    site_id: str | None = None
    tags: list[str] | None = None
    unread_count: int | None = None
    last_message_id: str | None = None
    last_message_time: Id = None
    self_position: Id = None
    to_position: Id = None


def build_session(wire: SessionItem, notes: Notes, about: About) -> Iterable[Record]:
    session_id = digits(wire.session_id) or about.get("session_id")
    if session_id is None:
        notes.left_out("session_id", "conversation")
        return ()
    return (
        Conversation(
            platform_conversation_id=session_id,
            platform_buyer_id=digits(wire.buyer_id),
            platform_order_id=about.get("order_id"),
            buyer_name=wire.title or None,
            unread_count=wire.unread_count,
            updated_at=moment(notes, "last_message_time", wire.last_message_time),
            platform_last_message_id=wire.last_message_id or None,
            summary=wire.summary or None,
            read_until_at=moment(notes, "self_position", wire.self_position),
            buyer_read_until_at=moment(notes, "to_position", wire.to_position),
            platform_more=more(wire, "site_id", "tags"),
        ),
    )


class Card(Wire, rename={
    "translation": "translateTxt", "picture": "imgUrl", "film": "videoUrl", "item_id": "itemId", "sku_id": "skuId",
    "order_id": "orderId", "promotion_id": "promotionId",
}):  # fmt: skip
    """What `content` holds: words, a picture, or what a card shows."""

    txt: str | None = None
    translation: str | None = None
    picture: str | None = None
    film: str | None = None
    title: str | None = None
    item_id: Id = None
    sku_id: Id = None
    order_id: Id = None
    promotion_id: Id = None


class MessageItem(Wire):
    """`data.message_list[]`, and a push of type 2."""

    MATTERS = frozenset({"message_id"})

    message_id: str | None = None
    session_id: Id = None
    template_id: Id = None
    type: Id = None
    status: Id = None
    site_id: str | None = None
    content: str | None = None
    process_msg: str | None = None
    auto_reply: bool | None = None
    from_account_id: Id = None
    from_account_type: Id = None
    to_account_id: Id = None
    to_account_type: Id = None
    send_time: Id = None


RECALLED: Final = "1"


def build_message(wire: MessageItem, notes: Notes, about: About) -> Iterable[Record]:
    """One message. What was recalled, or never reached the other side, is not visible and answers nobody."""
    if not wire.message_id:
        notes.left_out("message_id", "message")
        return ()
    card = card_of(wire.content, notes)
    sender = digits(wire.from_account_type)
    status = None if wire.status is None else str(wire.status)
    return (
        Message(
            platform_message_id=wire.message_id,
            platform_conversation_id=digits(wire.session_id) or about.get("session_id"),
            platform_type=digits(wire.template_id),
            platform_status=status or None,
            platform_role=sender,
            role=role_of(wire, sender, notes),
            platform_sender_id=digits(wire.from_account_id),
            text=text(card.txt) or text(card.title),
            translation=text(card.translation),
            url=text(card.picture) or text(card.film),
            platform_order_id=digits(card.order_id),
            platform_listing_id=digits(card.item_id),
            platform_sku_id=digits(card.sku_id),
            platform_coupon_id=digits(card.promotion_id),
            problem=wire.process_msg or None,
            platform_more=more(wire, "type", "site_id", "to_account_id", "to_account_type"),
            visible=status != RECALLED and not wire.process_msg,
            sent_at=moment(notes, "send_time", wire.send_time),
        ),
    )


def role_of(wire: MessageItem, sender: str | None, notes: Notes) -> SenderRole:
    """The system and the auto-responder write in somebody's name; their words answer nobody."""
    if digits(wire.type) == WRITTEN_BY_SYSTEM:
        return SenderRole.SYSTEM
    if wire.auto_reply:
        return SenderRole.ROBOT
    return notes.word("from_account_type", sender, SENDER, SenderRole.UNKNOWN)


def card_of(content: str | None, notes: Notes) -> Card:
    """What a message says or shows; nothing (and a note) where it is not the JSON that it should be."""
    if not content:
        return Card()
    try:
        raw = content.encode()
    except UnicodeEncodeError:
        notes.note("content", "is broken text; left out")
        return Card()
    card = read(raw, Card, Notes("", []))
    if card is None:
        notes.note("content", "is not JSON; left out")
    return card or Card()


class SentMessage(Wire):
    MATTERS = frozenset({"message_id"})

    message_id: str | None = None
    template_id: Id = None
    current_time: Id = None


def build_sent(wire: SentMessage, notes: Notes, about: About) -> Iterable[Record]:
    """The message that was just written, as far as the answer tells of it."""
    if not wire.message_id:
        notes.left_out("message_id", "message")
        return ()
    return (
        Message(
            platform_message_id=wire.message_id,
            platform_conversation_id=about.get("session_id"),
            platform_type=digits(wire.template_id),
            role=SenderRole.SELLER,
            sent_at=moment(notes, "current_time", wire.current_time),
        ),
    )


def _following(cursor: str, page: Page) -> str | None:
    """The page before this one in time, while there is more."""
    start = said(page.members, "next_start_time")
    if start is None or (said(page.members, cursor) is None and not page.rows):
        return None
    if "has_more" not in page.members or denied(page.members, "has_more"):
        return None
    last = said(page.members, cursor)
    return page_token(start_time=start, **({cursor: last} if last else {}))


parse_sessions = page_parser(
    SESSIONS, "data.session_list", SessionItem, build_session, following=lambda page: _following("last_session_id", page)
)
parse_session = thing_parser(SESSION, "data", SessionItem, build_session)
parse_messages = page_parser(
    MESSAGES, "data.message_list", MessageItem, build_message, following=lambda page: _following("last_message_id", page)
)
parse_sent = thing_parser(SEND, "data", SentMessage, build_sent)
parse_opened = thing_parser(OPEN, "", SessionItem, build_session)
parse_read = receipt_parser(READ, "")
parse_recalled = receipt_parser(RECALL, "")
