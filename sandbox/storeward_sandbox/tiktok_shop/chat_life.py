"""Who writes to a shop, and who answers: most buyers within hours, in some shops hardly any. Webhooks 13 and 14."""

import json
from dataclasses import dataclass
from typing import Any

from storeward_sandbox.clock import DAY, HOUR, MINUTE

from . import conversations
from .buyers import Buyer
from .conversations import ANSWERS, ROBOT, SILENCE, THANKS, Chat, Conversation, Message, Session, buyer_writes, rate, shop_writes
from .hooks import on
from .orders import Order
from .shop import Shop

NEW_CONVERSATION, NEW_MESSAGE = 13, 14


@dataclass
class Room:
    """Holds the chat of a shop."""

    chat: Chat | None = None


def chat_of(shop: Shop) -> Chat:
    room = shop.part(Room)
    if room.chat is None:
        room.chat = Chat(shop.chance("chat"), shop.id, auto_replies=shop.number % 3 == 0)
    return room.chat


def known_as(buyer: Buyer) -> conversations.Buyer:
    return conversations.Buyer(buyer.user_id, buyer.im_user_id, buyer.nickname)


# --- webhooks ---------------------------------------------------------------------------------------------------------


def tell_message(shop: Shop, conversation: Conversation, message: Message) -> None:
    """Webhook 14, for the shop's own messages too."""
    data: dict[str, Any] = {
        "message_id": message.id,
        "conversation_id": conversation.id,
        "index": str(message.index),
        "type": message.type,
        "content": message.content,
        "create_time": message.created,
        "is_visible": message.visible,
        "sender": {"im_user_id": message.im_user_id, "role": message.role},
    }
    shop.emit(NEW_MESSAGE, data)


def tell_joined(shop: Shop, conversation: Conversation) -> None:
    """Webhook 13: somebody of the shop joined the conversation, or left it."""
    shop.emit(NEW_CONVERSATION, {"conversation_id": conversation.id, "create_time": conversation.created})


# --- the two sides ----------------------------------------------------------------------------------------------------


def write(shop: Shop, buyer: Buyer, kind: str = "TEXT", content: str = "") -> Conversation:
    """The buyer says something. A new stretch of talk is told apart from the message itself."""
    chat = chat_of(shop)
    conversation = chat.open(known_as(buyer), shop.now)
    if conversation.session(shop.now) is None:
        tell_joined(shop, conversation)
    for message in buyer_writes(chat, conversation, shop.now, kind, content):
        tell_message(shop, conversation, message)
    return conversation


def speak(shop: Shop, conversation: Conversation, kind: str, content: str, role: str = conversations.AGENT) -> Message:
    """Somebody of the shop says something; a first human answer leads to a rating when the talk is over."""
    session = conversation.session(shop.now)
    first = session is not None and not session.answered and role in (conversations.AGENT, conversations.SHOP)
    message = shop_writes(chat_of(shop), conversation, shop.now, kind, content, role)
    tell_message(shop, conversation, message)
    if session is not None and first:
        shop.after(SILENCE + MINUTE, lambda _now: talk_is_over(shop, conversation, session))
    return message


def talk_is_over(shop: Shop, conversation: Conversation, session: Session) -> None:
    """Ask for stars once nobody has said anything for long enough."""
    if session.over(shop.now):
        rate(chat_of(shop).rng, session)
        tell_joined(shop, conversation)
    else:
        shop.at(session.ends() + MINUTE, lambda _now: talk_is_over(shop, conversation, session))


def ask(shop: Shop, order: Order, *, answered: bool | None = None) -> None:
    """The buyer of an order writes; `answered` settles beforehand whether the seller will."""
    if not shop.buyers_on:
        return
    chance = shop.chance("chat")
    if chance.random() < 0.3:
        write(shop, order.buyer, "ORDER_CARD", json.dumps({"order_id": order.id}))
    if chance.random() < 0.06:
        write(shop, order.buyer, conversations.UNLISTED_TYPE, json.dumps({"duration": 4}))
    conversation = write(shop, order.buyer)
    replies = chance.random() < shop.persona.reply_share if answered is None else answered
    if replies:
        quick = chance.random() < 0.75
        pause = chance.randint(3, 90) * MINUTE if quick else chance.randint(2, 9) * HOUR
        shop.after(pause, lambda _now: reply(shop, conversation))


def reply(shop: Shop, conversation: Conversation) -> None:
    """The scripted colleague answers, unless somebody else has."""
    if not shop.seller_works() or not conversation.waiting_since():
        return
    chance = shop.chance("chat")
    speak(shop, conversation, "TEXT", conversations.text(chance.choice(ANSWERS)))
    conversation.unread = 0
    if chance.random() < 0.3:
        shop.after(chance.randint(1, 40) * MINUTE, lambda _now: say_thanks(shop, conversation))


def say_thanks(shop: Shop, conversation: Conversation) -> None:
    """Buyers are polite, and so is the shop."""
    chat = chat_of(shop)
    for message in buyer_writes(chat, conversation, shop.now, "TEXT", conversations.text(chat.rng.choice(THANKS))):
        tell_message(shop, conversation, message)
    shop.after(10 * MINUTE, lambda _now: reply(shop, conversation))


# --- when ---------------------------------------------------------------------------------------------------------------


@on("order_paid")
def perhaps_ask(shop: Shop, order: Order) -> None:
    chance = shop.chance("chat")
    if chance.random() < (0.20 if shop.has("unanswered") else 0.08):
        shop.after(chance.randint(20, 20 * 60) * MINUTE, lambda _now: ask(shop, order))


@on("order_delivered")
def perhaps_complain(shop: Shop, order: Order) -> None:
    chance = shop.chance("chat")
    if chance.random() < 0.06:
        shop.after(chance.randint(1, 40) * HOUR, lambda _now: ask(shop, order))


@on("order_arranged")
def robot_speaks(shop: Shop, order: Order) -> None:
    """The platform tells the buyer in the chat that the parcel is on its way: its robot has the last word."""
    chat = chat_of(shop)
    conversation = chat.with_buyer(order.buyer.user_id)
    if conversation is not None:
        content = json.dumps({"order_id": order.id, "package_id": next(iter(order.package_ids), "")})
        tell_message(shop, conversation, chat.say(conversation, "LOGISTICS_CARD", content, ROBOT, shop.now))


@on("seed")
def stage(shop: Shop) -> None:
    """Conversations that every shop has at the start; where answers are the trouble, several that wait."""
    at, chance = shop.started_at, shop.chance("chat")
    shop.at(at - 4 * DAY, lambda _now: somebody_asks(shop, answered=True))
    shop.at(at - 26 * HOUR, lambda _now: somebody_asks(shop, answered=not shop.has("unanswered")))
    if chance.random() < 0.4:
        shop.at(at - 50 * MINUTE, lambda _now: somebody_asks(shop, answered=None))
    if shop.has("unanswered"):
        for hours in (30, 20, 11, 4):
            shop.at(at - hours * HOUR, lambda _now: somebody_asks(shop, answered=False))


def somebody_asks(shop: Shop, *, answered: bool | None) -> None:
    """The buyer of a recent order who is not in a talk already."""
    chat = chat_of(shop)
    for order in reversed(list(shop.orders.values())[-12:]):
        known = chat.with_buyer(order.buyer.user_id)
        if known is None or known.session(shop.now) is None:
            ask(shop, order, answered=answered)
            return
