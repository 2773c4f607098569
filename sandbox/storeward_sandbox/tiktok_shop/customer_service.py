"""Chats as a seller's program sees them: conversations, messages, sessions, figures, the colleague's own settings."""

import json
import re
from typing import Any

from storeward_sandbox.clock import DAY
from storeward_sandbox.images import look_at

from .aftersales_life import Aftersales
from .buyers import by_user_id
from .call import Call
from .catalogue import Catalogue
from .chat_life import chat_of, known_as, speak, tell_joined
from .conversations import AGENT, BUYER, LATE, SHOP, Chat, Conversation, Message, Session, end_session, figures, may_send
from .dates import parse_day, start_of_day
from .errors import ApiError
from .money import NOTHING, text
from .orders import Order
from .paging import page_size, paged
from .registry import operation
from .shop import Shop
from .stockroom import image_url

SCOPE = "seller.customer_service"

OLDER_TYPES = ("TEXT", "IMAGE", "PRODUCT_CARD", "ORDER_CARD", "RETURN_REFUND_CARD", "COUPON_CARD")
NEWER_TYPES = (*OLDER_TYPES, "VIDEO", "LOGISTICS_CARD")
SENDERS = ("CUSTOMER_SERVICE", "SYSTEM", "ROBOT")

LONGEST_TEXT = 2_000
IMAGE_BYTES = 10 * 1024 * 1024

SENSITIVE = re.compile(r"whatsapp|wechat|telegram|line id|https?://|\+\d{8,}", re.IGNORECASE)
"""Ways to talk past the platform: it does not send them."""

TIPS = "Please check this message in Seller Center.\n"


def not_found() -> ApiError:
    return ApiError(45101003, "Record not found. Please check the parameters.")


def invalid() -> ApiError:
    return ApiError(45101001, "Invalid parameter. Please check the parameters.")


def the_conversation(call: Call) -> Conversation:
    conversation = chat_of(call.shop).conversations.get(call.ids["conversation_id"])
    if conversation is None:
        raise not_found()
    return conversation


# --- reading ----------------------------------------------------------------------------------------------------------


@operation("getConversations", "GET", "/customer_service/202309/conversations", scope=SCOPE)
def get_conversations(call: Call) -> dict[str, Any]:
    """Newest activity first."""
    chat = chat_of(call.shop)
    page = paged(
        call,
        list(chat.conversations.values()),
        key=lambda conversation: (conversation.last_at, conversation.id),
        size=page_size(call, 1, 20),
        descending=True,
    )
    rows = [conversation_row(call, chat, conversation) for conversation in page.rows]
    return {"conversations": rows, "next_page_token": page.next_page_token}


def conversation_row(call: Call, chat: Chat, conversation: Conversation) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": conversation.id,
        "participant_count": 3,
        "can_send_message": sendable(call.shop, conversation),
        "unread_count": conversation.unread,
        "create_time": conversation.created,
        "participants": participants(call.shop, chat, conversation, "buyer_platform"),
        **session_facts(call, conversation),
    }
    if conversation.messages:
        row["latest_message"] = message_view(conversation, conversation.messages[-1])
    return row


def session_facts(call: Call, conversation: Conversation) -> dict[str, Any]:
    """The open session, as far as the call asks for it."""
    session = conversation.session(call.now)
    if session is None:
        return {}
    shown: dict[str, Any] = {}
    if call.flag("need_session_id"):
        shown["cur_session_id"] = session.id
    if call.flag("need_session_info"):
        shown["cur_session"] = {"id": session.id, "phase": session.phase()}
    return shown


def participants(shop: Shop, chat: Chat, conversation: Conversation, platform_key: str) -> list[dict[str, Any]]:
    buyer = conversation.buyer
    return [
        {
            "im_user_id": buyer.im_user_id,
            "user_id": buyer.user_id,
            "role": BUYER,
            "nickname": buyer.nickname,
            "avatar": image_url(f"avatar/{buyer.user_id}"),
            platform_key: "TIKTOK_SHOP",
        },
        {"im_user_id": chat.speaker(SHOP), "user_id": shop.id, "role": SHOP, "nickname": shop.name, "avatar": ""},
        {"im_user_id": chat.speaker(AGENT), "user_id": "", "role": AGENT, "nickname": "Support", "avatar": ""},
    ]


def message_view(conversation: Conversation, message: Message) -> dict[str, Any]:
    buyer = message.role == BUYER
    return {
        "id": message.id,
        "type": message.type,
        "content": message.content,
        "create_time": message.created,
        "is_visible": message.visible,
        "index": str(message.index),
        "sender": {
            "im_user_id": message.im_user_id,
            "role": message.role,
            "nickname": conversation.buyer.nickname if buyer else "Support",
            "avatar": image_url(f"avatar/{conversation.buyer.user_id}") if buyer else "",
        },
    }


@operation("getConversation", "GET", "/customer_service/202601/conversations/{conversation_id}", scope=SCOPE)
def get_conversation(call: Call) -> dict[str, Any]:
    conversation = the_conversation(call)
    return {
        "conversation": {
            "id": conversation.id,
            "participant_count": 3,
            "participants": participants(call.shop, chat_of(call.shop), conversation, "platform"),
            "create_time": conversation.created,
            "unread_count": conversation.unread,
            **session_facts(call, conversation),
        }
    }


@operation("getConversationMessages", "GET", "/customer_service/202309/conversations/{conversation_id}/messages", scope=SCOPE)
def get_conversation_messages(call: Call) -> dict[str, Any]:
    conversation = the_conversation(call)
    call.choice("sort_field", ("create_time", "index"), "create_time")
    page = paged(
        call,
        conversation.messages,
        key=lambda message: (message.index, message.id),
        size=page_size(call, 1, 10),
        descending=call.choice("sort_order", ("ASC", "DESC"), "DESC") == "DESC",
    )
    rows = [{**message_view(conversation, message), **more(call, message)} for message in page.rows]
    return {"messages": rows, "next_page_token": page.next_page_token, "unsupported_msg_tips": TIPS}


def more(call: Call, message: Message) -> dict[str, str]:
    """The parts of a message that are sent on request only."""
    shown = {}
    if call.flag("need_plaintext"):
        shown["plaintext"] = str(json.loads(message.content).get("content", ""))
    if call.flag("need_data"):
        shown["data"] = message.content
    return shown


# --- writing ----------------------------------------------------------------------------------------------------------


@operation("sendMessage_202309", "POST", "/customer_service/202309/conversations/{conversation_id}/messages", scope=SCOPE)
def send_message_202309(call: Call) -> dict[str, Any]:
    return send(call, OLDER_TYPES, AGENT)


@operation("sendMessage", "POST", "/customer_service/202606/conversations/{conversation_id}/messages", scope=SCOPE)
def send_message(call: Call) -> dict[str, Any]:
    return send(call, NEWER_TYPES, call.body_choice("sender_role", SENDERS) or AGENT)


def send(call: Call, types: tuple[str, ...], role: str) -> dict[str, Any]:
    conversation, kind = the_conversation(call), call.given_text("type")
    if kind not in types:
        raise ApiError(45111001, "not support")
    content = call.given_text("content")
    check_content(call.shop, kind, content)
    if not sendable(call.shop, conversation):
        raise ApiError(45109001, "Unable to send messages due to conversation rules.")
    return {"message_id": speak(call.shop, conversation, kind, content, role).id}


def check_content(shop: Shop, kind: str, content: str) -> None:
    """The content is a JSON object in a string, and what it names is there."""
    try:
        parsed = json.loads(content)
    except ValueError as error:
        raise invalid() from error
    if not isinstance(parsed, dict):
        raise invalid()
    if kind == "TEXT":
        check_words(parsed.get("content"))
    elif kind == "RETURN_REFUND_CARD" and str(parsed.get("order_id")) not in shop.orders:
        raise ApiError(45101002, "Invalid params. The RETURN_REFUND_CARD must meet the conditions listed above.")
    elif kind == "COUPON_CARD" and not parsed.get("coupon_id"):
        raise ApiError(45111017, "Invalid params. The COUPON_CARD must meet the conditions listed above.")
    elif not names_something(shop, kind, parsed):
        raise invalid()


def names_something(shop: Shop, kind: str, content: dict[str, Any]) -> bool:
    """Whether a picture has an address, and a card is about something of this shop."""
    if kind in ("IMAGE", "VIDEO"):
        return bool(content.get("url"))
    if kind == "PRODUCT_CARD":
        return str(content.get("product_id")) in shop.part(Catalogue).products
    return kind not in ("ORDER_CARD", "LOGISTICS_CARD") or str(content.get("order_id")) in shop.orders


def check_words(words: object) -> None:
    if not isinstance(words, str) or not words.strip() or len(words) > LONGEST_TEXT:
        raise invalid()
    if SENSITIVE.search(words):
        raise ApiError(45101006, "You cannot send the message containing sensitive content. Please check the message.")


def sendable(shop: Shop, conversation: Conversation) -> bool:
    user_id = conversation.buyer.user_id
    last_order = max((order.create_time for order in shop.orders.values() if order.buyer.user_id == user_id), default=0)
    has_return = any(request.buyer_id == user_id for request in shop.part(Aftersales).returns.values())
    return may_send(conversation, shop.now, last_order=last_order, has_return=has_return)


@operation("createConversation", "POST", "/customer_service/202309/conversations", scope=SCOPE)
def create_conversation(call: Call) -> dict[str, Any]:
    """The same conversation as before where there is one; only with people who have ordered here."""
    shop, chat = call.shop, chat_of(call.shop)
    user_id = call.given_text("buyer_user_id")
    known, buyer = chat.with_buyer(user_id), by_user_id(shop, user_id)
    if known is None and buyer is not None:
        known = chat.open(known_as(buyer), shop.now)
        tell_joined(shop, known)
    if known is None or not sendable(shop, known):
        raise ApiError(45109003, "Unable to create a conversation as you did not meet the criteria.")
    return {"conversation_id": known.id}


@operation(
    "markBuyerMessagesAsRead",
    "POST",
    "/customer_service/202309/conversations/{conversation_id}/messages/read",
    scope=SCOPE,
)
def mark_buyer_messages_as_read(call: Call) -> dict[str, Any]:
    the_conversation(call).unread = 0
    return {}


@operation("uploadImageForBuyerMessages", "POST", "/customer_service/202309/images/upload", scope=SCOPE, multipart=True)
def upload_image_for_buyer_messages(call: Call) -> dict[str, Any]:
    upload = call.uploads.get("data")
    if upload is None:
        raise invalid()
    if len(upload.data) > IMAGE_BYTES:
        raise ApiError(36009021, "The request body is too large.", 400)
    picture = look_at(upload.data)
    if picture is None:
        raise ApiError(45101008, "The image could not be read; send jpg, gif, webp or png.")
    address = image_url(f"chat/{call.shop.ids.new('message')}")
    return {"url": address, "width": picture.width, "height": picture.height}


# --- sessions and figures ---------------------------------------------------------------------------------------------


@operation("searchSessions", "POST", "/customer_service/202602/sessions/search", scope=SCOPE)
def search_sessions(call: Call) -> dict[str, Any]:
    """Sessions of the last 90 days, oldest first."""
    size = page_size(call, 1, 100)
    begin, end = call.given("begin_time_ge"), call.given("begin_time_lt")
    if not isinstance(begin, int) or not isinstance(end, int) or end <= begin or begin < call.now - 91 * DAY:
        raise invalid()
    name = str(call.body.get("buyer_nickname") or "")
    rows = [
        (conversation, session)
        for conversation, session in chat_of(call.shop).sessions()
        if begin <= session.begun < end and name in conversation.buyer.nickname
    ]
    page = paged(call, rows, key=lambda row: (row[1].begun, row[1].id), size=size)
    shown = [session_view(conversation, session, call.now) for conversation, session in page.rows]
    return {"sessions": shown, "next_page_token": page.next_page_token}


def session_view(conversation: Conversation, session: Session, now: int) -> dict[str, Any]:
    wait = (session.answered or now) - session.begun
    row: dict[str, Any] = {
        "id": session.id,
        "conversation_id": conversation.id,
        "begin_time": session.begun,
        "buyer_nickname": conversation.buyer.nickname,
        "chat_tags": list(session.tags),
        "first_response_late": wait > LATE,
    }
    if session.answered:
        row["first_response_time"] = wait
    if session.over(now):
        row["end_time"] = session.ends()
    if session.score:
        row["satisfaction_score"] = session.score
    if session.complaint:
        row["dissatisfaction_reason"] = session.complaint
    return row


@operation(
    "endSession", "POST", "/customer_service/202605/conversations/{conversation_id}/sessions/{session_id}/end", scope=SCOPE
)
def finish_session(call: Call) -> dict[str, Any]:
    """Close the session that is open; the buyer is asked for stars."""
    conversation = the_conversation(call)
    session = conversation.session(call.now)
    if session is None or session.id != call.ids["session_id"]:
        raise not_found()
    end_session(chat_of(call.shop), session, call.now)
    tell_joined(call.shop, conversation)
    return {}


@operation("getCustomerServicePerformance", "GET", "/customer_service/202407/performance", scope=SCOPE)
def get_customer_service_performance(call: Call) -> dict[str, Any]:
    """The shop's figures for some days of its own zone. Shares are percent."""
    market = call.shop.market
    begin = start_of_day(market, parse_day(call.need("support_date_ge"), invalid()))
    end = start_of_day(market, parse_day(call.need("support_date_lt"), invalid()))
    if end <= begin:
        raise invalid()
    chat = chat_of(call.shop)
    counted = figures(chat, begin, end)
    answered = [(one, session) for one, session in chat.sessions() if begin <= session.begun < end and session.answered]
    bought = [guided(call.shop, one, session) for one, session in answered]
    guided_orders = sum((order.total for order in {order.id: order for each in bought for order in each}.values()), NOTHING)
    return {
        "performance": {
            "support_session_count": counted.sessions,
            "response_percentage": percent(counted.in_a_day, counted.sessions),
            "satisfaction_percentage": percent(counted.content, counted.rated),
            "response_time_mins": f"{counted.minutes:.1f}",
            "conversion_rate": percent(sum(map(bool, bought)), len(answered)),
            "cs_guided_gmv": text(market, guided_orders),
            "currency": call.shop.currency,
        }
    }


def guided(shop: Shop, conversation: Conversation, session: Session) -> list[Order]:
    """What the buyer who was answered ordered within seven days of the answer."""
    since = session.answered
    return [
        order
        for order in shop.orders.values()
        if order.buyer.user_id == conversation.buyer.user_id and since <= order.create_time < since + 7 * DAY
    ]


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "0"


@operation("getAgentSettings", "GET", "/customer_service/202309/agents/settings", scope=SCOPE)
def get_agent_settings(call: Call) -> dict[str, Any]:
    return {"can_accept_chat": chat_of(call.shop).accepts}


@operation("updateAgentSettings", "PUT", "/customer_service/202309/agents/settings", scope=SCOPE)
def update_agent_settings(call: Call) -> dict[str, Any]:
    wanted = call.body.get("can_accept_chat")
    if not isinstance(wanted, bool):
        raise invalid()
    chat_of(call.shop).accepts = wanted
    return {}
