"""Who writes to a store, and who answers: most buyers within hours, in some stores hardly any."""

from collections.abc import Sequence

from storeward_sandbox.clock import DAY, HOUR, MINUTE
from storeward_sandbox.timeline import Event

from .chat import BUYER, ORDER, PRODUCT, SELLER, TEXT, Chat, Session, open_session, say
from .orders import Line, Order
from .shop import Shop, on

QUESTIONS = (
    "When will you send my order?",
    "Is this still available in another colour?",
    "The parcel has not moved for two days, can you check?",
    "Boleh saya tahu bila barang dihantar?",
    "ยังมีของไหมคะ",
    "Khi nào shop gửi hàng ạ?",
    "Kapan dikirim kak?",
)
ANSWERS = (
    "Hello, thank you for asking. We send it today.",
    "Hi, let me look into this for you. It is on its way.",
    "Yes, it is in stock and leaves within 24 hours.",
)
GREETING = "Hi! We have received your message and will answer you shortly."


def ask(shop: Shop, order: Order, *, answered: bool | None = None) -> None:
    """The buyer of an order writes; `answered` settles beforehand whether the seller will."""
    if not shop.buyers_on:
        return
    chance, session = shop.chance("chat"), open_session(shop, order.buyer)
    if chance.random() < 0.3:
        line = order.lines[0]
        card = {"itemId": line.product.id, "skuId": line.sku.id, "title": line.product.title, "price": str(line.price)}
        say(shop, session, BUYER, PRODUCT, card)
    elif chance.random() < 0.2:
        say(shop, session, BUYER, ORDER, {"orderId": order.id})
    say(shop, session, BUYER, TEXT, {"txt": chance.choice(QUESTIONS)})
    if shop.number % 3 == 0:
        say(shop, session, SELLER, TEXT, {"activeContent": {}, "txt": GREETING}, auto=True)
    replies = chance.random() < shop.persona.reply_share if answered is None else answered
    if replies:
        quick = chance.random() < 0.75
        pause = chance.randint(3, 90) * MINUTE if quick else chance.randint(2, 9) * HOUR
        shop.after(pause, lambda now: reply(shop, session))


def reply(shop: Shop, session: Session) -> None:
    """The scripted colleague answers, unless somebody else has."""
    if shop.seller_works() and session.waiting_since():
        say(shop, session, SELLER, TEXT, {"txt": shop.chance("chat").choice(ANSWERS)})
        session.buyer_read = session.last_at


@on("order_paid")
def perhaps_ask(shop: Shop, order: Order) -> None:
    chance = shop.chance("chat")
    if chance.random() < (0.20 if shop.has("unanswered") else 0.08):
        shop.after(chance.randint(20, 20 * 60) * MINUTE, lambda now: ask(shop, order))


@on("lines_delivered")
def perhaps_complain(shop: Shop, order: Order, lines: Sequence[Line]) -> None:
    chance = shop.chance("chat")
    if chance.random() < 0.06:
        shop.after(chance.randint(1, 40) * HOUR, lambda now: ask(shop, order))


@on("seed")
def stage(shop: Shop) -> None:
    """Conversations that every store has at the start; where answers are the trouble, several that wait."""
    at, chance = shop.started_at, shop.chance("chat")
    shop.at(at - 4 * DAY, _somebody(shop, answered=True))
    shop.at(at - 26 * HOUR, _somebody(shop, answered=not shop.has("unanswered")))
    if chance.random() < 0.4:
        shop.at(at - 50 * MINUTE, _somebody(shop, answered=None))
    if shop.has("unanswered"):
        for hours in (30, 20, 11, 4):
            shop.at(at - hours * HOUR, _somebody(shop, answered=False))


def _somebody(shop: Shop, *, answered: bool | None) -> Event:
    def asks(now: int) -> None:
        """The buyer of a recent order who is not in a talk already; else whoever ordered last."""
        recent = list(shop.orders.values())[-12:]
        quiet = [order for order in recent if shop.part(Chat).with_buyer(order.buyer.user_id) is None]
        for order in (quiet or recent)[-1:]:
            ask(shop, order, answered=answered)

    return asks
