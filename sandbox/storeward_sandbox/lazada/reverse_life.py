"""Buyers who want out or want their money back, and the scripted seller who answers most of them."""

from collections.abc import Sequence

from storeward_sandbox.clock import DAY, HOUR, Instant
from storeward_sandbox.timeline import Event

from .orders import Line, Order, seller_packs
from .reasons import BUYER_CANCELS, BUYER_RETURNS, SELLER_REFUSES
from .reverse import (
    CANCEL,
    ONLY_REFUND,
    RETURN,
    SELLER,
    ReverseOrder,
    agree_return,
    ask_back,
    ask_out,
    authorise,
    keep_in,
    let_out,
    receive,
    refuse,
)
from .shop import Shop, on


@on("order_paid")
def perhaps_wants_out(shop: Shop, order: Order) -> None:
    if order.plan.asks_out is not None and not order.digital:
        shop.after(order.plan.asks_out, lambda now: want_out(shop, order))


def want_out(shop: Shop, order: Order, *, answered: bool | None = None) -> None:
    chance = shop.chance("cancelling")
    reverse = ask_out(shop, order, order.lines, chance.choice(BUYER_CANCELS)) if shop.buyers_on else None
    patient = chance.random() < (0.3 if shop.has("returns") else 0.85) if answered is None else answered
    if reverse is not None and patient:
        shop.after(chance.randint(1, 14) * HOUR, lambda now: answer_cancel(shop, reverse))


def answer_cancel(shop: Shop, reverse: ReverseOrder) -> None:
    """The scripted seller lets most buyers go."""
    if not shop.seller_works():
        return
    if shop.chance("cancelling").random() < 0.85:
        let_out(shop, reverse, SELLER)
    elif keep_in(shop, reverse):
        shop.after(HOUR, lambda now: seller_packs(shop, reverse.order))


@on("lines_delivered")
def perhaps_wants_back(shop: Shop, order: Order, lines: Sequence[Line]) -> None:
    chance = shop.chance("returning")
    if chance.random() < (0.2 if shop.has("returns") else 0.035):
        shop.after(chance.randint(6, 70) * HOUR, lambda now: want_back(shop, order, lines[:1]))


def want_back(shop: Shop, order: Order, lines: Sequence[Line], *, kind: str = "", answered: bool | None = None) -> None:
    if not shop.buyers_on:
        return
    chance = shop.chance("returning")
    kind = kind or chance.choices((RETURN, ONLY_REFUND), (75, 25))[0]
    reverse = ask_back(shop, order, lines, chance.choice(BUYER_RETURNS), kind=kind, is_rtm=chance.random() < 0.75)
    patient = chance.random() < (0.35 if shop.has("returns") else 0.93) if answered is None else answered
    if reverse is not None and patient:
        shop.after(chance.randint(3, 60) * HOUR, lambda now: answer_return(shop, reverse))


def answer_return(shop: Shop, reverse: ReverseOrder) -> None:
    """The scripted seller decides, and looks at what comes back."""
    if not shop.seller_works():
        return
    chance = shop.chance("returning")
    for row in reverse.lines:
        if row.status != "REQUEST_INITIATE" or not row.sla:
            continue
        if chance.random() < 0.15:
            refuse(shop, reverse, row, _refusal(reverse), SELLER_REFUSES[0], ())
        elif reverse.kind == ONLY_REFUND or chance.random() < 0.15:
            authorise(shop, reverse, row, SELLER)
        else:
            agree_return(shop, reverse, row, SELLER)
    shop.after(5 * DAY, lambda now: inspect(shop, reverse))


def _refusal(reverse: ReverseOrder) -> str:
    return "SELLER_REJECT_REFUND" if reverse.kind == ONLY_REFUND else "SELLER_REJECT_RETURN"


def inspect(shop: Shop, reverse: ReverseOrder) -> None:
    for row in reverse.lines:
        if row.status == "BUYER_RETURN_ITEM" and reverse.is_rtm and shop.seller_works():
            receive(shop, reverse, row)
            authorise(shop, reverse, row, SELLER)


@on("seed")
def stage(shop: Shop) -> None:
    """Requests that every store has had, and where returns are the trouble several that wait, one near its deadline."""
    at = shop.started_at
    shop.at(at - 4 * DAY, _staging(shop, RETURN, answered=not shop.has("neglected")))
    if shop.has("returns"):
        for hours, kind in ((70, RETURN), (44, ONLY_REFUND), (20, RETURN), (5, RETURN)):
            shop.at(at - hours * HOUR, _staging(shop, kind, answered=False))
        shop.at(at - 3 * HOUR, _staging(shop, CANCEL, answered=False))


def _staging(shop: Shop, kind: str, *, answered: bool) -> Event:
    def somebody(now: Instant) -> None:
        """The buyer of the latest order that still has the choice."""
        for order in reversed(shop.orders.values()):
            if kind == CANCEL and order.in_states(("pending",)) and not any(line.wants_out for line in order.lines):
                want_out(shop, order, answered=answered)
                return
            there = [line for line in order.in_states(("delivered", "confirmed")) if not line.return_status]
            if kind != CANCEL and there and not order.digital:
                want_back(shop, order, there[:1], kind=kind, answered=answered)
                return

    return somebody
