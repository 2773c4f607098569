"""How cancellations and returns come to be and are answered while a shop lives.

Buyers ask, the scripted seller answers most of it in time, the platform records every order that it cancels.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from storeward_sandbox.clock import DAY, HOUR, MINUTE

from . import cancellations, returns
from .buying import Wish, order_now, usual_plan
from .cancellations import Cancellation
from .hooks import on
from .money import NOTHING
from .orders import TO_SHIP, Line, Order, Plan, cancel, complete_refunded, request_cancel, withdraw_cancel
from .requests import (
    AFTER_SALES,
    BUYER_CANCELS,
    BUYER_RETURNS,
    REJECT_CANCELLATION,
    REJECT_PARCEL,
    REJECT_REQUEST,
    SYSTEM_CANCELS,
    Reason,
    Request,
    RequestLine,
)
from .returns import Return
from .shop import Shop

OF_THE_PLATFORM = {
    "Order was not paid in time": SYSTEM_CANCELS["unpaid"],
    "Seller did not ship in time": SYSTEM_CANCELS["shipping"],
    "Package was not handed over in time": SYSTEM_CANCELS["collection"],
    "Package lost": SYSTEM_CANCELS["delivery"],
}
"""What an order says when the platform has cancelled it, and the reason's machine name."""


@dataclass
class Aftersales:
    """All requests of one shop, by id. `cancelled` are the order lines whose cancellation is on record."""

    cancellations: dict[str, Cancellation] = field(default_factory=dict)
    returns: dict[str, Return] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)

    def of_order(self, order_id: str) -> Iterator[Request]:
        every: Sequence[Request] = [*self.cancellations.values(), *self.returns.values()]
        return (request for request in every if request.order_id == order_id)

    def find(self, request_id: str) -> Request | None:
        return self.returns.get(request_id) or self.cancellations.get(request_id)


def is_open(request: Request) -> bool:
    return not request.closed and request.status not in (cancellations.SUCCESS, returns.SUCCESS)


def request_lines(shop: Shop, order: Order, lines: Sequence[Line], *, with_shipping: bool = False) -> list[RequestLine]:
    """The lines of a request about these units. `with_shipping`: the first one gives back what the buyer paid for shipping.

    Nothing is given back of what nobody has paid yet, as with cash on delivery before the door.
    """
    paid = bool(order.paid_time)
    paid_shipping = order.shipping_fee if with_shipping and paid else NOTHING
    return [
        RequestLine(
            id=shop.ids.new("after_sale"),
            order_line_id=line.id,
            sku_id=line.item.sku_id,
            sku_name=line.item.sku_name,
            seller_sku=line.item.seller_sku,
            product_id=line.item.product_id,
            product_name=line.item.product_name,
            image=line.item.image_url,
            subtotal=line.sale_price if paid else NOTHING,
            shipping=paid_shipping if position == 0 else NOTHING,
            tax=line.tax if paid else NOTHING,
        )
        for position, line in enumerate(lines)
    ]


# --- cancellations ----------------------------------------------------------------------------------------------------


def buyer_asks_to_cancel(shop: Shop, order: Order) -> Cancellation | None:
    """The buyer wants out of an order that waits to be shipped; None where that is not possible (any more)."""
    if order.status not in TO_SHIP or order.rts_time or any(is_open(one) for one in shop.part(Aftersales).of_order(order.id)):
        return None
    request_cancel(shop, order)
    request = cancellations.ask(
        shop,
        order_id=order.id,
        buyer_id=order.buyer.user_id,
        reason=shop.chance(AFTER_SALES).choice(BUYER_CANCELS),
        lines=request_lines(shop, order, order.open_lines(), with_shipping=True),
        now=shop.now,
        apply=lambda request, _now: cancel_lines(shop, order, request, "BUYER"),
    )
    shop.part(Aftersales).cancellations[request.id] = request
    attend(shop, request)
    return request


def cancel_lines(shop: Shop, order: Order, request: Cancellation, initiator: str) -> None:
    """Cancel the units that the request is about; its record exists already."""
    wanted = {line.order_line_id for line in request.lines}
    shop.part(Aftersales).cancelled |= wanted
    lines = [line for line in order.lines if line.id in wanted]
    cancel(shop, order, reason=request.reason.text, initiator=initiator, lines=lines)


def cancel_at_once(shop: Shop, order: Order, lines: Sequence[Line], *, role: str, reason: Reason, initiator: str) -> Cancellation:
    """Somebody who need not ask cancels these units."""
    whole = len(lines) == len(order.open_lines())
    request = record(shop, order, lines, role=role, reason=reason, with_shipping=whole)
    cancel_lines(shop, order, request, initiator)
    return request


def record(shop: Shop, order: Order, lines: Sequence[Line], *, role: str, reason: Reason, with_shipping: bool) -> Cancellation:
    request = cancellations.record(
        shop,
        order_id=order.id,
        buyer_id=order.buyer.user_id,
        role=role,
        reason=reason,
        lines=request_lines(shop, order, lines, with_shipping=with_shipping),
        now=shop.now,
        paid=bool(order.paid_time),
    )
    shop.part(Aftersales).cancellations[request.id] = request
    return request


@on("order_cancelled")
def put_on_record(shop: Shop, order: Order) -> None:
    """An order was cancelled past us: by the platform at a deadline, or by a buyer who was still free to."""
    state = shop.part(Aftersales)
    fresh = [line for line in order.lines if line.status == "CANCELLED" and line.id not in state.cancelled]
    if not fresh:
        return
    state.cancelled |= {line.id for line in fresh}
    for pending in [one for one in state.cancellations.values() if one.order_id == order.id and is_open(one)]:
        pending.apply = None
        cancellations.approve(shop, pending, shop.now)
        return
    words, role = fresh[0].cancel_reason, fresh[0].cancel_user
    reason = OF_THE_PLATFORM.get(words) or Reason("ecom_order_to_ship_canceled_reason_other", words)
    record(shop, order, fresh, role=role, reason=reason, with_shipping=not order.open_lines())


@on("order_arranged")
def shipped_meanwhile(shop: Shop, order: Order) -> None:
    """Who has shipped has said no to the cancellation."""
    for request in list(shop.part(Aftersales).cancellations.values()):
        if request.order_id == order.id and is_open(request):
            refuse_cancellation(shop, order, request)


def refuse_cancellation(shop: Shop, order: Order, request: Cancellation) -> None:
    cancellations.refuse(shop, request, shop.now)
    withdraw_cancel(shop, order)


@on("order_paid")
def perhaps_cancel(shop: Shop, order: Order) -> None:
    """Some buyers want out before the parcel leaves."""
    chance = shop.chance(AFTER_SALES)
    if chance.random() < (0.10 if shop.has("returns") else 0.04):
        shop.after(chance.randint(90, 30 * 60) * 60, lambda _now: change_of_mind(shop, order))


def change_of_mind(shop: Shop, order: Order) -> None:
    if shop.buyers_on:
        buyer_asks_to_cancel(shop, order)


# --- returns ----------------------------------------------------------------------------------------------------------


def buyer_returns(
    shop: Shop, order: Order, kind: str = "", reason: Reason | None = None, lines: Iterable[Line] | None = None
) -> Return | None:
    """The buyer wants money or another piece; None where the order allows no request (any more)."""
    if order.status != "DELIVERED" or any(is_open(one) for one in shop.part(Aftersales).of_order(order.id)):
        return None
    chance = shop.chance(AFTER_SALES)
    units = list(order.open_lines()[:1] if lines is None else lines)
    return start_return(
        shop,
        order,
        kind=kind or chance.choices((returns.REFUND, returns.RETURN, returns.REPLACEMENT), (45, 45, 10))[0],
        reason=reason or chance.choice(BUYER_RETURNS),
        lines=units,
        role="BUYER",
    )


def start_return(shop: Shop, order: Order, *, kind: str, reason: Reason, lines: Sequence[Line], role: str) -> Return:
    """Open the request, keep it, and let the scripted seller look at it from time to time."""
    request = returns.open_return(
        shop,
        order_id=order.id,
        buyer_id=order.buyer.user_id,
        kind=kind,
        reason=reason,
        lines=request_lines(shop, order, lines),
        now=shop.now,
        role=role,
    )
    request.when_paid = lambda paid, _now: after_refund(shop, order)
    shop.part(Aftersales).returns[request.id] = request
    attend(shop, request)
    return request


def after_refund(shop: Shop, order: Order) -> None:
    """An order that is paid back in full is over."""
    paid = {
        line.order_line_id
        for request in shop.part(Aftersales).returns.values()
        if request.order_id == order.id and request.refunded_at and request.partial is None
        for line in request.lines
    }
    if all(line.id in paid for line in order.open_lines()):
        complete_refunded(shop, order)


def replacement_for(shop: Shop, request: Return) -> str:
    """A new order for the same buyer instead of money; its id, empty where nothing is on sale."""
    fresh = order_now(shop, replace(usual_plan(shop), pays=MINUTE, changes_mind=None), Wish(units=1))
    if fresh is None:
        return ""
    fresh.is_replacement_order, fresh.replaced_order_id = True, request.order_id
    fresh.buyer = shop.orders[request.order_id].buyer
    return fresh.id


@on("order_delivered")
def perhaps_return(shop: Shop, order: Order) -> None:
    """Some buyers are not content: many of them where returns are the trouble."""
    chance = shop.chance(AFTER_SALES)
    if chance.random() < (0.30 if shop.has("returns") else 0.07):
        shop.after(chance.randint(2, 48) * HOUR, lambda _now: discontent(shop, order))


def discontent(shop: Shop, order: Order) -> None:
    if shop.buyers_on:
        buyer_returns(shop, order)


# --- the scripted seller ----------------------------------------------------------------------------------------------


def attend(shop: Shop, request: Request) -> None:
    """The seller looks at the request every half day or so until it is closed; where returns are the trouble, rarely answers."""
    pause = shop.chance("seller answers").randint(5, 18) * HOUR
    shop.after(pause, lambda _now: look_at(shop, request))


def look_at(shop: Shop, request: Request) -> None:
    if request.closed or not shop.seller_works():
        return
    chance = shop.chance("seller answers")
    if request.action and chance.random() < (0.12 if shop.has("returns") else 0.75):
        answer(shop, request, content=chance.random() < 0.85)
    attend(shop, request)


def answer(shop: Shop, request: Request, *, content: bool) -> None:
    """What the seller says: mostly yes."""
    now = shop.now
    if isinstance(request, Cancellation):
        if content:
            cancellations.approve(shop, request, now)
        else:
            request.note("CANCEL_REJECTED", "Seller", REJECT_CANCELLATION[0].text, now)
            refuse_cancellation(shop, shop.orders[request.order_id], request)
    elif isinstance(request, Return):
        answer_return(shop, request, content=content)


def answer_return(shop: Shop, request: Return, *, content: bool) -> None:
    now = shop.now
    if not content:
        reason = (REJECT_PARCEL if request.arrived else REJECT_REQUEST)[0]
        returns.refuse(shop, request, now, reason=reason, comment="")
    elif request.action == returns.CHECK_PARCEL:
        returns.grant(shop, request, now, by="SELLER")
    elif request.kind == returns.REPLACEMENT:
        returns.send_replacement(shop, request, now, lambda known, _now: replacement_for(shop, known))
    elif request.kind == returns.REFUND and not request.partial_refused and request.total > 1 and now % 7 == 0:
        returns.offer_part(shop, request, half(shop, request.total), now)
    else:
        returns.approve(shop, request, now)


def half(shop: Shop, amount: Decimal) -> Decimal:
    return (amount / 2).quantize(Decimal(1).scaleb(-shop.market.decimals))


# --- what every shop has at the start ---------------------------------------------------------------------------------


@on("seed")
def stage(shop: Shop) -> None:
    """Requests that are open when the sandbox starts: one of each for most shops, several near their deadline for some."""
    at = shop.started_at
    hours_ago = (46, 44, 40, 30, 9) if shop.has("returns") else (8,) if shop.chance(AFTER_SALES).random() < 0.6 else ()
    for hours in hours_ago:
        shop.at(at - hours * HOUR, lambda _now: a_return(shop))
    if shop.chance(AFTER_SALES).random() < 0.6:
        shop.at(at - HOUR, lambda _now: a_cancellation(shop))
    shop.at(at - 3 * DAY, lambda _now: a_return(shop))
    if shop.has("returns"):
        for hours in range(5 * 24, 7 * 24, 10):
            shop.at(at - hours * HOUR, lambda _now: content_later(shop))


def content_later(shop: Shop) -> None:
    """An order that arrives within three days and whose buyer does not confirm it soon."""
    order_now(shop, Plan(arranges=4 * HOUR, scans=4 * HOUR, delivers=36 * HOUR, completes=30 * DAY), Wish(units=2))


def a_return(shop: Shop) -> None:
    """Somebody whose order has arrived lately opens a request."""
    arrived = [order for order in shop.orders.values() if order.status == "DELIVERED"]
    for order in reversed(arrived):
        if buyer_returns(shop, order, returns.REFUND if len(shop.part(Aftersales).returns) % 2 else returns.RETURN):
            return


def a_cancellation(shop: Shop) -> None:
    waiting = [order for order in shop.orders.values() if order.status == "AWAITING_SHIPMENT"]
    if waiting:
        buyer_asks_to_cancel(shop, waiting[0])
