"""/sellerchat: conversations and messages. Times are nanoseconds in lists and seconds in messages; some ids are bare numbers."""

from typing import Any

from storeward_sandbox.clock import DAY, Instant
from storeward_sandbox.images import look_at

from .buyers import Buyer, by_user_id, masked_username
from .call import Call, Json, field_text
from .chat import Conversation, Message, chat_of, opened, say, with_buyer
from .chat_life import shop_user_id, told
from .errors import ApiError, bad_parameter
from .registry import Payload, operation
from .shop import Shop

MOST = 60
LONGEST_TEXT = 600
UNANSWERED_LIMIT = 5
KINDS = ("text", "sticker", "image", "item", "order", "voucher", "video")
BEFORE_OR_SINCE = ("latest", "older")
FORBIDDEN_WORDS = ("whatsapp", "pay outside", "line id")


@operation("sellerchat.get_conversation_list", "GET")
def get_conversation_list(call: Call) -> Payload:
    """Newest first; `older` goes on behind the time of the last row."""
    direction = call.choice("direction", BEFORE_OR_SINCE)
    kind = call.choice("type", ("all", "pinned", "unread"))
    size = call.between("page_size", 1, MOST, 25)
    before = call.number("next_timestamp_nano", 0)
    found = sorted(_listed(call.shop, kind), key=lambda one: one.latest.nano_time, reverse=True)
    if before:
        older = direction == "older"
        found = [one for one in found if (one.latest.nano_time < before if older else one.latest.nano_time > before)]
    rows, more = found[:size], len(found) > size
    last = rows[-1] if more else None
    cursor = {
        "next_message_time_nano": str(last.latest.nano_time) if last else "",
        "conversation_id": last.id if last else "0",
    }
    return {
        "page_result": {"page_size": len(rows), "next_cursor": cursor, "more": more},
        "conversations": [_conversation(call.shop, one) for one in rows],
    }


def _listed(shop: Shop, kind: str) -> list[Conversation]:
    known = [one for one in chat_of(shop).known.values() if one.messages]
    return [one for one in known if kind == "all" or (one.pinned if kind == "pinned" else one.unread > 0)]


def _conversation(shop: Shop, one: Conversation) -> Json:
    latest = one.latest
    return {
        "conversation_id": one.id,
        "to_id": one.buyer.user_id,
        "to_name": masked_username(one.buyer),
        "to_avatar": "",
        "shop_id": shop.number_id,
        "unread_count": one.unread,
        "pinned": one.pinned,
        "mute": one.muted,
        "last_read_message_id": one.last_read,
        "latest_message_id": latest.id,
        "latest_message_type": latest.kind,
        "latest_message_content": latest.content if latest.kind == "text" else None,
        "latest_message_from_id": shop_user_id(shop) if latest.from_shop else one.buyer.user_id,
        "last_message_timestamp": latest.nano_time,
        "last_message_option": 0,
        "max_general_option_hide_time": "9223372036854775",
    }


def _named(call: Call, given: Any) -> Conversation:
    found = chat_of(call.shop).known.get(str(given))
    if found is None or not found.messages:
        raise bad_parameter("The conversation is not found.")
    return found


@operation("sellerchat.get_one_conversation", "GET")
def get_one_conversation(call: Call) -> Payload:
    return _conversation(call.shop, _named(call, call.number("conversation_id")))


@operation("sellerchat.get_message", "GET")
def get_message(call: Call) -> Payload:
    """Newest first; the offset is the id of the last row."""
    conversation = _named(call, call.number("conversation_id"))
    size, wanted = call.between("page_size", 1, MOST, 25), call.listed("message_id_list", MOST, required=False)
    found = [one for one in reversed(conversation.messages) if not wanted or one.id in wanted]
    offset = call.text("offset")
    if offset:
        places = [index for index, one in enumerate(found) if one.id == offset]
        found = found[places[0] + 1 :] if places else []
    rows = found[:size]
    more = len(found) > size
    return {
        "messages": [_message(call.shop, conversation, one) for one in rows],
        "page_result": {"next_offset": rows[-1].id if more else "", "page_size": len(rows)},
    }


def _message(shop: Shop, conversation: Conversation, one: Message) -> Json:
    mine, buyer = shop_user_id(shop), conversation.buyer.user_id
    return {
        "message_id": one.id,
        "message_type": one.kind,
        "from_id": mine if one.from_shop else buyer,
        "from_shop_id": shop.number_id if one.from_shop else 0,
        "to_id": buyer if one.from_shop else mine,
        "to_shop_id": 0 if one.from_shop else shop.number_id,
        "conversation_id": conversation.id,
        "created_timestamp": one.created,
        "region": shop.region,
        "status": one.status,
        "source": "",
        "content": one.content,
        "message_option": 0,
        "source_content": one.source,
        "quoted_msg": None,
    }


@operation("sellerchat.get_unread_conversation_count", "GET")
def get_unread_conversation_count(call: Call) -> Payload:
    return {"total_unread_count": sum(one.unread > 0 for one in chat_of(call.shop).known.values())}


# --- writing ----------------------------------------------------------------------------------------------------------


@operation("sellerchat.send_message", "POST")
def send_message(call: Call) -> Payload:
    shop, kind = call.shop, call.given_text("message_type")
    if kind not in KINDS:
        raise bad_parameter("message_type is not supported.")
    content = call.body_object("content")
    source = call.body_object("source_content")
    buyer = _receiver(shop, call.given_number("to_id"))
    _check_content(kind, content)
    _check_manners(shop, buyer, kind, content, source)
    conversation = opened(shop, buyer)
    message = told(shop, conversation, say(shop, conversation, kind, content, from_shop=True, source=source))
    return {
        "message_id": message.id,
        "to_id": buyer.user_id,
        "message_type": kind,
        "content": content,
        "conversation_id": int(conversation.id),
        "created_timestamp": message.created,
        "message_option": 0,
    }


def _receiver(shop: Shop, user_id: int) -> Buyer:
    buyer = by_user_id(shop, user_id)
    if buyer is None:
        raise ApiError("user_is_forbidden", "You may not write to this user.")
    return buyer


def _check_content(kind: str, content: Json) -> None:
    needed = {"text": "text", "image": "image_url", "sticker": "sticker_id", "item": "item_id", "order": "order_sn"}.get(kind)
    if needed and content.get(needed) in (None, ""):
        raise bad_parameter(f"content.{needed} is required.")
    words = field_text(content, "text", "") if kind == "text" else ""
    if len(words) > LONGEST_TEXT:
        raise ApiError("message_too_long", "The message is too long.")
    if any(word in words.lower() for word in FORBIDDEN_WORDS):
        raise ApiError("message_is_censored", "The message holds forbidden words.")


def _check_manners(shop: Shop, buyer: Buyer, kind: str, content: Json, source: Json) -> None:
    """Who may be written to, how often, and not with the same words again."""
    conversation = with_buyer(shop, buyer)
    if conversation is None or not conversation.messages:
        if kind != "order" and not source.get("order_sn"):
            raise ApiError("first_chat_without_order_info", "The first message to this buyer must reference an order.")
        return
    if not _may_write(shop, buyer, conversation):
        raise ApiError("user_is_forbidden", "The buyer has neither written nor ordered lately.")
    unanswered = 0
    for message in reversed(conversation.messages):
        if not message.from_shop:
            break
        unanswered += 1
        if kind == "text" and message.content == content and shop.now - message.created < DAY:
            raise ApiError("error_business", "The same message was sent within 24 hours.")
    if unanswered >= UNANSWERED_LIMIT:
        raise ApiError("reach_5_message_limit", "Five messages wait for an answer already.")


def _may_write(shop: Shop, buyer: Buyer, conversation: Conversation) -> bool:
    wrote = any(not one.from_shop and shop.now - one.created <= 7 * DAY for one in conversation.messages)
    return wrote or any(
        order.buyer.user_id == buyer.user_id and shop.now - order.create_time <= 30 * DAY for order in shop.orders.values()
    )


@operation("sellerchat.send_autoreply_message", "POST")
def send_autoreply_message(call: Call) -> Payload:
    buyer = _receiver(call.shop, call.given_number("to_id"))
    words = {"text": field_text(call.body_object("content"), "text")}
    conversation = opened(call.shop, buyer)
    message = say(call.shop, conversation, "text", words, from_shop=True, status="auto_reply")
    return {"message_id": told(call.shop, conversation, message).id}


# --- keeping order ----------------------------------------------------------------------------------------------------


def _of_body(call: Call) -> Conversation:
    return _named(call, call.given_number("conversation_id"))


@operation("sellerchat.read_conversation", "POST")
def read_conversation(call: Call) -> Payload:
    conversation, last = _of_body(call), call.given_text("last_read_message_id")
    ids = [one.id for one in conversation.messages]
    if last not in ids:
        raise bad_parameter("last_read_message_id is not part of the conversation.")
    later = conversation.messages[ids.index(last) + 1 :]
    conversation.last_read, conversation.unread = last, sum(not one.from_shop for one in later)
    return None


@operation("sellerchat.unread_conversation", "POST")
def unread_conversation(call: Call) -> Payload:
    conversation = _of_body(call)
    conversation.unread = max(conversation.unread, 1)
    return None


@operation("sellerchat.pin_conversation", "POST")
def pin_conversation(call: Call) -> Payload:
    _of_body(call).pinned = True
    return None


@operation("sellerchat.unpin_conversation", "POST")
def unpin_conversation(call: Call) -> Payload:
    _of_body(call).pinned = False
    return None


@operation("sellerchat.mute_conversation", "POST")
def mute_conversation(call: Call) -> Payload:
    _of_body(call).muted = True
    return None


@operation("sellerchat.delete_conversation", "POST")
def delete_conversation(call: Call) -> Payload:
    del chat_of(call.shop).known[_of_body(call).id]
    return None


@operation("sellerchat.delete_message", "POST")
def delete_message(call: Call) -> Payload:
    """Only one's own, and only for some minutes; in some countries not at all."""
    conversation, wanted = _of_body(call), call.given_text("message_id")
    message = next((one for one in conversation.messages if one.id == wanted and one.from_shop), None)
    if message is None or not _recallable(call.shop, message.created):
        raise bad_parameter("The message cannot be recalled.")
    conversation.messages.remove(message)
    return None


def _recallable(shop: Shop, created: Instant) -> bool:
    minutes = {"TH": 3, "SG": 10, "ID": 10, "PH": 10, "BR": 10}.get(shop.region, 0)
    return shop.now - created < minutes * 60


@operation("sellerchat.upload_image", "POST", multipart=True)
def upload_image(call: Call) -> Payload:
    if len(call.uploads) != 1 or look_at(call.uploads[0].data) is None:
        raise bad_parameter("One picture is required.")
    call.platform.pictures += 1
    url = f"https://cf.shopee.sandbox/file/chat{call.platform.pictures:06d}"
    return {"url": url, "thumbnail": f"{url}_tn"}
