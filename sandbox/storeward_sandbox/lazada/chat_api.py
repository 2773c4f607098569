"""Chats by API: lists that go back in time by a cursor, sending, reading, opening, recalling."""

from collections.abc import Callable
from typing import Any

from storeward_sandbox.clock import machine_now

from .call import Call
from .catalogue import Catalogue
from .chat import (
    EMOJI,
    FOLLOW,
    MOST_UNANSWERED,
    ORDER,
    PICTURE,
    PRODUCT,
    RECALL_SECONDS,
    SELLER,
    TEXT,
    VIDEO,
    VOUCHER,
    Chat,
    Message,
    Session,
    may_open,
    open_session,
    read_up_to,
    recall,
    row,
    say,
    unanswered_today,
)
from .dates import ms
from .errors import ApiError, malformed
from .orders_api import known_order
from .registry import BOTH, POST, Answer, operation

MOST_ROWS = 20
A_MOMENT = 600
OK = {"success": True, "err_code": "0", "err_message": "SUCCESS"}


class ChatRefused(Exception):
    """A refusal of the messaging service: under code 0."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def in_chat(handler: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
    def answer(call: Call) -> Answer:
        try:
            return handler(call)
        except ChatRefused as refusal:
            return {"success": False, "err_code": refusal.code, "err_message": refusal.message}

    return answer


def _known(call: Call) -> Session:
    session = call.shop.part(Chat).sessions.get(call.need("session_id"))
    if session is None:
        raise ChatRefused("2001", "session not found")
    return session


def _size(call: Call) -> int:
    size = call.need_number("page_size")
    if not 1 <= size <= MOST_ROWS:
        raise malformed("page_size")
    return size


def _begin(call: Call) -> int:
    """Where a list begins, in milliseconds. The client's own 'now' means the newest, also where the sandbox's clock is ahead."""
    given = call.need_number("start_time")
    is_now = given >= (machine_now() - A_MOMENT) * 1000
    return max(given, ms(call.now) + 10**9) if is_now else given


# --- reading ----------------------------------------------------------------------------------------------------------


@operation("/im/session/list")
@in_chat
def list_sessions(call: Call) -> Answer:
    """Newest first. The page after (start_time, last_session_id) begins below that session."""
    before, last, size = _begin(call), call.text("last_session_id"), _size(call)
    found = sorted(call.shop.part(Chat).sessions.values(), key=lambda one: (one.last_at, one.id), reverse=True)
    below = [one for one in found if one.messages and (one.last_at, one.id) < (before, last or chr(0x10FFFF))]
    page = below[:size]
    answer = {
        "session_list": [_session_row(call, one, as_text=True) for one in page],
        "next_start_time": page[-1].last_at if page else before,
        "has_more": len(below) > size,
        "last_session_id": page[-1].id if page else None,
    }
    return {**OK, "data": answer}


def _session_row(call: Call, session: Session, *, as_text: bool) -> dict[str, Any]:
    """The list writes positions as text, the detail call as numbers."""
    return {
        "summary": session.summary(),
        "unread_count": session.unread,
        "last_message_id": session.messages[-1].id if session.messages else "",
        "head_url": "",
        "self_position": str(session.seller_read) if as_text else session.seller_read,
        "site_id": call.shop.region,
        "last_message_time": session.last_at,
        "session_id": session.id,
        "buyer_id": int(session.buyer.user_id),
        "title": session.buyer.nickname,
        "to_position": str(session.buyer_read) if as_text else session.buyer_read,
        "tags": [],
    }


@operation("/im/session/get")
@in_chat
def get_session(call: Call) -> Answer:
    return {**OK, "data": _session_row(call, _known(call), as_text=False)}


@operation("/im/message/list")
@in_chat
def list_messages(call: Call) -> Answer:
    session, before, size = _known(call), _begin(call), _size(call)
    last = next((one for one in session.messages if one.id == call.text("last_message_id")), None)
    limit = min(before, last.at - 1) if last is not None else before
    below = [one for one in reversed(session.messages) if one.at <= limit]
    page = below[:size]
    answer = {
        "message_list": [row(call.shop, session, one) for one in page],
        "next_start_time": page[-1].at if page else before,
        "has_more": len(below) > size,
        "last_message_id": page[-1].id if page else None,
    }
    return {**OK, "data": answer}


# --- writing ----------------------------------------------------------------------------------------------------------


def _content(call: Call, template: int) -> dict[str, Any]:
    """What a card of that kind holds. Raises ChatRefused for cards that cannot be sent."""
    if template in (TEXT, EMOJI):
        return {"txt": call.need("txt")}
    if template == PICTURE:
        return {"imgUrl": call.need("img_url"), "width": call.need("width"), "height": call.need("height")}
    if template == PRODUCT:
        product = call.shop.part(Catalogue).products.get(call.need("item_id"))
        if product is None:
            raise ChatRefused("2002", "item not found")
        return {"itemId": product.id, "title": product.title, "price": str(product.skus[0].price), "skuId": product.skus[0].id}
    if template == ORDER:
        return {"orderId": known_order(call.shop, call.need("order_id")).id}
    if template == VOUCHER:
        return {"promotionId": call.need("promotion_id")}
    if template == VIDEO:
        return {"videoId": call.need("video_id"), "width": call.need("width"), "height": call.need("height")}
    if template == FOLLOW:
        return {"txt": "Follow our store"}
    raise ChatRefused("2003", "template is not supported")


@operation("/im/message/send", POST, needs=("session_id", "template_id"))
@in_chat
def send_message(call: Call) -> Answer:
    session, template = _known(call), call.need_number("template_id")
    content = _content(call, template)
    if unanswered_today(session, call.now) >= MOST_UNANSWERED:
        raise ChatRefused("2004", "the buyer has not answered: no more messages today")
    message = say(call.shop, session, SELLER, template, content)
    return {**OK, "data": {"message_id": message.id, "template_id": template, "current_time": message.at}}


@operation("/im/session/read", POST, needs=("session_id", "last_read_message_id"))
@in_chat
def read_session(call: Call) -> Answer:
    session = _known(call)
    read_up_to(call.shop, session, _message(session, call.need("last_read_message_id")).at)
    return dict(OK)


def _message(session: Session, message_id: str) -> Message:
    found = next((one for one in session.messages if one.id == message_id), None)
    if found is None:
        raise ChatRefused("2005", "message not found")
    return found


@operation("/im/session/open", BOTH)
def open_by_order(call: Call) -> Answer:
    order = known_order(call.shop, call.need("order_id"))
    if not may_open(call.shop, order):
        raise ApiError("-22", "the order is older than 30 days")
    return {"session_id": open_session(call.shop, order.buyer).id}


@operation("/im/message/recall", BOTH, needs=("session_id", "message_id"))
@in_chat
def recall_message(call: Call) -> Answer:
    session = _known(call)
    message = _message(session, call.need("message_id"))
    if message.by != SELLER or ms(call.now) - message.at > RECALL_SECONDS * 1000 or message.recalled:
        raise ChatRefused("2006", "the message cannot be recalled any more")
    recall(call.shop, session, message)
    return dict(OK)
