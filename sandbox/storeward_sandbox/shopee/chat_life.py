"""Who writes to a shop, and who answers: most buyers within hours, in some shops hardly any. Push 10 tells each message."""

from typing import Any

from storeward_sandbox.clock import DAY, HOUR, MINUTE

from .buyers import Buyer, masked_username
from .chat import Conversation, Message, chat_of, opened, say
from .hooks import on
from .orders import Order
from .pushes import WEBCHAT
from .shop import Shop

QUESTIONS = (
    "Hi, when will you ship my order?", "Is this available in another colour?", "Boleh tukar alamat?", "Có hàng không shop?",
    "มีสินค้าไหมคะ", "Can I return it if the size is wrong?", "Kapan dikirim kak?", "My parcel has not arrived yet 😟",
)  # fmt: skip
ANSWERS = (
    "Hi! We ship it today.",
    "Yes, it is in stock.",
    "Please tell us your order number.",
    "We will check with the courier.",
)
GREETING = "Thanks for your message, we will answer soon."
SHARE = 0.15


def told(shop: Shop, conversation: Conversation, message: Message) -> Message:
    """Push 10 for a message, the shop's own too."""
    shop.emit(WEBCHAT, {"type": "message", "region": shop.region, "content": push_content(shop, conversation, message)})
    return message


def push_content(shop: Shop, conversation: Conversation, message: Message) -> dict[str, Any]:
    buyer, shop_user = conversation.buyer, shop_user_id(shop)
    return {
        "message_id": message.id,
        "shop_id": shop.number_id,
        "from_id": shop_user if message.from_shop else buyer.user_id,
        "from_user_name": shop.name if message.from_shop else masked_username(buyer),
        "from_shop_id": shop.number_id if message.from_shop else 0,
        "to_id": buyer.user_id if message.from_shop else shop_user,
        "to_user_name": masked_username(buyer) if message.from_shop else shop.name,
        "to_shop_id": 0 if message.from_shop else shop.number_id,
        "message_type": message.kind,
        "content": message.content,
        "conversation_id": conversation.id,
        "created_timestamp": message.created,
        "region": shop.region,
        "status": message.status,
        "business_type": 0,
        "is_in_chatbot_session": False,
        "source_content": message.source,
        "quoted_msg": {"message_id": ""},
        "sub_account_id": 0,
    }


def shop_user_id(shop: Shop) -> int:
    """The account behind the shop."""
    return 900_000_000 + shop.number


def write(shop: Shop, buyer: Buyer, kind: str = "text", content: dict[str, Any] | None = None) -> Conversation:
    """The buyer says something; every third shop greets by itself."""
    conversation = opened(shop, buyer)
    words = content or {"text": shop.chance("chat").choice(QUESTIONS)}
    first = not conversation.waiting_since()
    told(shop, conversation, say(shop, conversation, kind, words, from_shop=False))
    if first and shop.number % 3 == 0:
        told(shop, conversation, say(shop, conversation, "text", {"text": GREETING}, from_shop=True, status="auto_reply"))
    return conversation


def ask(shop: Shop, order: Order, *, answered: bool | None = None) -> None:
    """The buyer of an order writes; `answered` settles beforehand whether the seller will."""
    if not shop.buyers_on:
        return
    chance = shop.chance("chat")
    if chance.random() < 0.3:
        write(shop, order.buyer, "order", {"shop_id": shop.number_id, "order_sn": order.sn, "url": ""})
    if chance.random() < 0.08:
        picture = {"url": f"https://cf.shopee.sandbox/file/chat{order.sn}", "thumb_height": 320, "thumb_width": 240}
        write(shop, order.buyer, "image", picture)
    conversation = write(shop, order.buyer)
    replies = chance.random() < shop.persona.reply_share if answered is None else answered
    if replies:
        pause = chance.randint(3, 90) * MINUTE if chance.random() < 0.75 else chance.randint(2, 9) * HOUR
        shop.after(pause, lambda _now: reply(shop, conversation))


def reply(shop: Shop, conversation: Conversation) -> None:
    """The scripted colleague answers, unless somebody else has."""
    if shop.seller_works() and conversation.waiting_since():
        words = {"text": shop.chance("chat").choice(ANSWERS)}
        told(shop, conversation, say(shop, conversation, "text", words, from_shop=True))


@on("order_placed")
def perhaps(shop: Shop, order: Order) -> None:
    chance = shop.chance("chat")
    if shop.market.chat and chance.random() < SHARE:
        shop.after(chance.uniform(0.2, 50) * HOUR, lambda now: ask(shop, order))


@on("settled")
def at_least_some(shop: Shop) -> None:
    """Every shop has a conversation, and one that waits; where nobody answers, three."""
    if not shop.market.chat:
        return
    orders = list(shop.orders.values())[-6:]
    waiting = 3 if shop.has("unanswered") else 1
    for order in orders[: waiting + 1 - min(len(chat_of(shop).known), 1)]:
        ask(shop, order, answered=False)


@on("day")
def restless(shop: Shop) -> None:
    """Now and then somebody asks who has bought nothing lately."""
    chance = shop.chance("chat")
    orders = list(shop.orders.values())
    if shop.market.chat and orders and chance.random() < 0.1:
        order = chance.choice(orders)
        shop.after(chance.uniform(0, 1) * DAY, lambda now: ask(shop, order))
