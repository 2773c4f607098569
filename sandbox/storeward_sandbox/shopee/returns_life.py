"""Who asks for money back, and what the scripted seller does about it."""

from storeward_sandbox.clock import HOUR

from .hooks import on
from .orders import Order
from .returns import (
    REFUND_ONLY,
    RETURN_AND_REFUND,
    TEXTS,
    Return,
    dispute,
    open_return,
    over,
    propose,
    refund,
    returns_of,
    settle,
)
from .shop import Shop

USUAL_SHARE, HIGH_SHARE = 0.04, 0.3
LATER_SHARE = 0.015


@on("order_delivered")
def after_delivery(shop: Shop, order: Order) -> None:
    chance = shop.chance("returns")
    share = HIGH_SHARE if shop.has("returns") else USUAL_SHARE
    if shop.buyers_on and chance.random() < share:
        shop.after(chance.uniform(2, 20) * HOUR, lambda now: buyer_asks(shop, order))


@on("order_completed")
def after_completion(shop: Shop, order: Order) -> None:
    chance = shop.chance("returns")
    if shop.buyers_on and chance.random() < LATER_SHARE and not order.returned:
        shop.after(chance.uniform(6, 120) * HOUR, lambda now: buyer_asks(shop, order))


@on("seed")
def staged(shop: Shop) -> None:
    """Where returns are the trouble, some are near their deadline at the start."""
    if shop.has("returns"):
        for hours in (46, 40, 20):
            shop.at(shop.started_at - hours * HOUR, lambda now: _ask_for_any(shop))


def _ask_for_any(shop: Shop) -> None:
    """A buyer of what has been delivered asks, and the seller leaves it lying."""
    asked = {one.order_sn for one in returns_of(shop).values()}
    fitting = [one for one in shop.orders.values() if one.status in ("TO_CONFIRM_RECEIVE", "COMPLETED") and one.sn not in asked]
    if fitting:
        open_return(shop, fitting[-1], reason="PHYSICAL_DMG", solution=RETURN_AND_REFUND)


def buyer_asks(shop: Shop, order: Order) -> Return | None:
    """The buyer of an order that has come asks for money back; None where it is too late or done already."""
    if order.status not in ("TO_CONFIRM_RECEIVE", "COMPLETED", "SHIPPED") or order.returned:
        return None
    if any(one.order_sn == order.sn and one.status != "CANCELLED" for one in returns_of(shop).values()):
        return None
    chance = shop.chance("returns")
    reason = chance.choice(tuple(TEXTS))
    refund_only = reason in ("NOT_RECEIPT", "ITEM_MISSING") or chance.random() < 0.3
    lines = [(order.lines[0], order.lines[0].quantity)] if chance.random() < 0.4 else None
    one = open_return(shop, order, reason=reason, solution=REFUND_ONLY if refund_only else RETURN_AND_REFUND, lines=lines)
    if chance.random() < 0.08:
        shop.after(chance.uniform(3, 30) * HOUR, lambda now: over(shop, one, "CANCELLED"))
    if chance.random() < shop.persona.reply_share * 0.9:
        shop.after(chance.uniform(2, 40) * HOUR, lambda now: seller_answers(shop, one))
    return one


def seller_answers(shop: Shop, one: Return) -> None:
    """The scripted seller pays, haggles, objects, or waits for the goods."""
    if not shop.seller_works() or one.status != "REQUESTED" or one.negotiation != "PENDING_RESPOND":
        return
    chance = shop.chance("returns")
    if one.offer is not None:
        settle(shop, one)
    elif chance.random() < 0.12:
        dispute(shop, one, 50, "The parcel was complete when it left.")
    elif not one.goods_back:
        refund(shop, one)
    else:
        propose(shop, one, "RETURN_REFUND", one.amount)
