"""Chat with buyers (fact sheet section 18): only for sellers' own apps. Times are nanoseconds in lists, seconds in messages; ids
are beyond 2^53.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from storeward.canon import Conversation, Message, Record, SenderRole
from storeward.connectors.contract import Parse, Parsed, Request
from storeward.connectors.wire import EPOCH, Id, Notes, Wire, digits, fields_of, more, read

from .envelope import About, list_parser, open_answer, receipt_parser, thing_parser
from .requests import get, number, upload, write

CONVERSATIONS_PER_PAGE: Final = 60
MESSAGES_PER_PAGE: Final = 60
NANOSECONDS: Final = 1_000_000_000
LATEST_NANO: Final = 253_402_300_799 * NANOSECONDS
AUTOMATIC: Final = frozenset({"auto_reply", "offwork_autoreply"})
"""Statuses of messages that a machine sent: they answer nobody."""


def list_conversations_request(*, page_size: int = CONVERSATIONS_PER_PAGE, kind: str = "all") -> Request:
    """Newest first."""
    return get("sellerchat.get_conversation_list", {"direction": "older", "type": kind, "page_size": str(page_size)})


def next_conversations(request: Request, token: str) -> Request:
    """The token is the nanosecond of the last row."""
    return replace(request, query={**request.query, "next_timestamp_nano": token}, about={**request.about, "cursor": token})


def conversation_request(conversation_id: str) -> Request:
    about = {"conversation_id": conversation_id}
    return get("sellerchat.get_one_conversation", about, about=about)


def list_messages_request(conversation_id: str, *, page_size: int = MESSAGES_PER_PAGE) -> Request:
    """Newest first."""
    query = {"conversation_id": conversation_id, "page_size": str(page_size)}
    return get("sellerchat.get_message", query, about={"conversation_id": conversation_id})


def next_messages(request: Request, token: str) -> Request:
    return replace(request, query={**request.query, "offset": token}, about={**request.about, "cursor": token})


def unread_request() -> Request:
    return get("sellerchat.get_unread_conversation_count")


def send_text_request(buyer_id: str, text: str, *, order_id: str | None = None) -> Request:
    """At most 600 characters. The first message to a buyer must name an order."""
    return _send(buyer_id, "text", {"text": text}, order_id)


def send_image_request(buyer_id: str, url: str) -> Request:
    return _send(buyer_id, "image", {"image_url": url}, None)


def send_order_request(buyer_id: str, order_id: str) -> Request:
    return _send(buyer_id, "order", {"order_sn": order_id}, order_id)


def send_item_request(buyer_id: str, item_id: str) -> Request:
    return _send(buyer_id, "item", {"item_id": number(item_id)}, None)


def _send(buyer_id: str, kind: str, content: dict[str, Any], order_id: str | None) -> Request:
    body = {
        "to_id": number(buyer_id),
        "message_type": kind,
        "content": content,
        "source_content": {"order_sn": order_id} if order_id else None,
    }
    return write("sellerchat.send_message", body)


def read_request(conversation_id: str, last_message_id: str) -> Request:
    body = {"conversation_id": number(conversation_id), "last_read_message_id": last_message_id}
    return write("sellerchat.read_conversation", body)


def mark_request(action: str, conversation_id: str) -> Request:
    """`unread`, `pin`, `unpin`, `mute`, `unmute` or `delete` a conversation."""
    return write(f"sellerchat.{action}_conversation", {"conversation_id": number(conversation_id)})


def delete_message_request(conversation_id: str, message_id: str) -> Request:
    body = {"conversation_id": number(conversation_id), "message_id": message_id}
    return write("sellerchat.delete_message", body)


def upload_image_request(content: bytes) -> Request:
    return upload("sellerchat.upload_image", "file", content)


class Content(Wire):
    text: str | None = None
    url: str | None = None
    image_url: str | None = None
    video_url: str | None = None
    order_sn: str | None = None
    item_id: Id = None
    model_id: Id = None
    voucher_id: Id = None
    sticker_id: Id = None
    sticker_package_id: Id = None


class Talk(Wire):
    MATTERS = frozenset({"conversation_id"})

    conversation_id: Id = None
    to_id: Id = None
    to_name: str | None = None
    shop_id: Id = None
    unread_count: int | None = None
    pinned: bool | None = None
    mute: bool | None = None
    last_read_message_id: Id = None
    latest_message_id: Id = None
    latest_message_type: str | None = None
    latest_message_content: Content | None = None
    latest_message_from_id: Id = None
    last_message_timestamp: int | None = None
    business_type: Id = None


CLASSIFYING: Final = ("shop_id", "last_read_message_id", "latest_message_type", "latest_message_from_id", "business_type")


def build_talk(wire: Talk, notes: Notes, about: About) -> Iterable[Record]:
    talk_id = digits(wire.conversation_id) or about.get("conversation_id")
    if talk_id is None:
        notes.left_out("conversation_id", "conversation")
        return ()
    told = more(wire, *CLASSIFYING)
    told |= {name: str(value).lower() for name in ("pinned", "mute") if (value := getattr(wire, name)) is not None}
    return (
        Conversation(
            platform_conversation_id=talk_id,
            platform_buyer_id=digits(wire.to_id),
            buyer_name=wire.to_name or None,
            unread_count=wire.unread_count,
            updated_at=nano("last_message_timestamp", wire.last_message_timestamp, notes),
            platform_last_message_id=digits(wire.latest_message_id),
            summary=wire.latest_message_content.text or None if wire.latest_message_content else None,
            platform_more=told,
        ),
    )


def nano(field: str, value: int | None, notes: Notes) -> datetime | None:
    """An instant given in nanoseconds; smaller numbers are read as seconds or milliseconds, as elsewhere."""
    if value is None or value < NANOSECONDS * NANOSECONDS:
        return notes.at(field, value)
    if value > LATEST_NANO:
        notes.note(field, f"is no time we can place: {value}; left out")
        return None
    return EPOCH + timedelta(microseconds=value // 1000)


class Quoted(Wire):
    message_id: Id = None


class Said(Wire):
    MATTERS = frozenset({"message_id"})

    message_id: Id = None
    message_type: str | None = None
    from_id: Id = None
    from_shop_id: Id = None
    to_id: Id = None
    to_shop_id: Id = None
    conversation_id: Id = None
    created_timestamp: int | None = None
    region: str | None = None
    status: str | None = None
    source: str | None = None
    business_type: Id = None
    content: Content | None = None
    source_content: Content | None = None
    message_option: Id = None
    sub_account_id: Id = None
    from_user_name: str | None = None
    quoted_msg: Quoted | None = None


MESSAGE_CLASSIFYING: Final = ("from_shop_id", "to_id", "to_shop_id", "source", "region", "business_type", "sub_account_id")


def build_message(wire: Said, notes: Notes, about: About) -> Iterable[Record]:
    """One message. Its number grows with time, which orders the messages of a conversation."""
    message_id = digits(wire.message_id)
    if message_id is None:
        notes.left_out("message_id", "message")
        return ()
    content, source = wire.content or Content(), wire.source_content or Content()
    told = more(wire, *MESSAGE_CLASSIFYING) | more(content, "voucher_id", "sticker_id", "sticker_package_id")
    if wire.quoted_msg is not None and digits(wire.quoted_msg.message_id):
        told["quoted_message_id"] = str(wire.quoted_msg.message_id)
    return (
        Message(
            platform_message_id=message_id,
            platform_conversation_id=digits(wire.conversation_id) or about.get("conversation_id"),
            platform_type=wire.message_type or None,
            role=role_of(wire, about),
            platform_sender_id=digits(wire.from_id),
            sender_name=wire.from_user_name or None,
            platform_status=wire.status or None,
            text=content.text or None,
            url=content.image_url or content.video_url or content.url or None,
            platform_order_id=content.order_sn or source.order_sn or None,
            platform_listing_id=digits(content.item_id),
            platform_sku_id=digits(content.model_id),
            platform_coupon_id=digits(content.voucher_id),
            position=position_of(message_id),
            sent_at=notes.at("created_timestamp", wire.created_timestamp),
            platform_more=told,
        ),
    )


def position_of(message_id: str) -> int | None:
    """Its place among the others; None for a number that no column holds."""
    at = int(message_id) if message_id.isdecimal() and len(message_id) < 20 else None
    return at if at is not None and at < 2**63 else None


def role_of(wire: Said, about: About) -> SenderRole:
    """Who wrote: the shop where it comes from the shop's account. What a machine sent answers nobody."""
    if wire.status in AUTOMATIC:
        return SenderRole.ROBOT
    if wire.message_type == "notification":
        return SenderRole.SYSTEM
    own, sender, receiver = about.get("store"), digits(wire.from_shop_id), digits(wire.to_shop_id)
    if own is not None and sender != receiver and own in {sender, receiver}:
        return SenderRole.SELLER if sender == own else SenderRole.BUYER
    if (sender is None) is not (receiver is None):
        return SenderRole.BUYER if sender is None else SenderRole.SELLER
    return SenderRole.UNKNOWN


def build_sent(wire: Said, notes: Notes, about: About) -> Iterable[Record]:
    """What we sent ourselves: the answer does not say who wrote it."""
    for record in build_message(wire, notes, about):
        unsaid = isinstance(record, Message) and record.role is SenderRole.UNKNOWN
        yield msgspec.structs.replace(record, role=SenderRole.SELLER) if unsaid else record


class NextTime(Wire):
    next_message_time_nano: Id = None


class PageResult(Wire):
    more: bool | None = None
    has_next_page: bool | None = None
    next_cursor: NextTime | None = None
    next_offset: Id = None


class Paged(Wire):
    page_result: PageResult | None = None


def _paged(parse: Parse) -> Parse:
    """With the token of the next page, which chat answers hold in `page_result`."""

    def paged(body: bytes, about: About) -> Parsed:
        parsed = parse(body, about)
        _, payload = open_answer(body)
        told = read(payload, Paged, Notes("response", [])) if payload is not None else None
        end = (told.page_result if told else None) or PageResult()
        token = digits(end.next_cursor.next_message_time_nano) if end.next_cursor else digits(end.next_offset)
        on = end.more if end.more is not None else end.has_next_page
        parsed.next_page = token if on is not False and token != about.get("cursor") and parsed.items else None
        return parsed

    return paged


_outside = list_parser("conversations", Talk, build_talk)
_inside = list_parser("page_result.conversations", Talk, build_talk)


def _talks(body: bytes, about: About) -> Parsed:
    """The rows stand beside `page_result`, or (one report) inside it."""
    _, payload = open_answer(body)
    members = fields_of(payload) if payload is not None else None
    inside = members is not None and "conversations" not in members
    return (_inside if inside else _outside)(body, about)


parse_conversations = _paged(_talks)
parse_conversation = thing_parser("", Talk, build_talk)
parse_messages = _paged(list_parser("messages", Said, build_message))
parse_sent = thing_parser("", Said, build_sent)
parse_receipt = receipt_parser("total_unread_count", "url", "thumbnail")
parse_bare_receipt = receipt_parser(wrapped=False)
