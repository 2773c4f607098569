"""Who sets cases going: buyers who want their money or other goods, and the scripted seller who answers most of them."""

from random import Random

from storeward_sandbox.clock import DAY, HOUR, Instant
from storeward_sandbox.timeline import Event

from .buying import carrier_for, waybill
from .cases import (
    ASKED,
    EXCHANGE,
    REASONS,
    REFUND_SHIPPED,
    REFUND_UNSHIPPED,
    RETURN,
    SENT_BACK,
    TO_RESHIP,
    Case,
    Cases,
    agree,
    agree_again,
    arbitrate,
    change,
    close,
    give_proof,
    open_case,
    received,
    refuse,
    reship,
    send_back,
    step_over,
)
from .hooks import on
from .orders import CANCELLED, Line, Order
from .shop import Shop

NEAR = (3 * HOUR, 9 * HOUR, 20 * HOUR, 40 * HOUR)
"""How much time is left on the cases of a shop that is behind with them."""
FIRST_STEP = 48 * HOUR


def _reason(chance: Random, kind: int) -> int:
    return chance.randrange(len(REASONS[kind]))


@on("order_paid")
def regret(shop: Shop, order: Order) -> None:
    """The buyer wants the money back before anything has been shipped."""
    if order.plan.asks_back == REFUND_UNSHIPPED:
        after = shop.chance("cases").uniform(0.3, 2) * HOUR
        shop.after(after, lambda now: ask_back(shop, order, REFUND_UNSHIPPED))


@on("order_late")
def lose_patience(shop: Shop, order: Order, times: int) -> None:
    """Who has waited two days too long wants the money back, more often than not."""
    if times == 2 and shop.chance("patience").random() < 0.6:
        shop.after(6 * HOUR, lambda now: _give_up(shop, order))


def _give_up(shop: Shop, order: Order) -> None:
    if not shop.buyers_on:
        return
    for line in order.open_lines():
        case = open_case(shop, order, line, REFUND_UNSHIPPED, reason=REASONS[REFUND_UNSHIPPED][1])
        if case is not None:
            shop.after(_pause(shop), _decision(shop, case))


def _decision(shop: Shop, case: Case) -> Event:
    return lambda now: seller_decides(shop, case)


@on("order_delivered")
def complain(shop: Shop, order: Order) -> None:
    kind = order.plan.asks_back
    if kind is not None and kind != REFUND_UNSHIPPED:
        shop.after(shop.chance("cases").uniform(4, 50) * HOUR, lambda now: ask_back(shop, order, kind))


def ask_back(shop: Shop, order: Order, kind: int) -> None:
    """The buyer opens a case for one line of the order."""
    if order.status == CANCELLED or not shop.buyers_on:
        return
    chance = shop.chance("cases")
    line = chance.choice(order.open_lines())
    share = chance.choice((100, 100, 100, 50)) if kind == REFUND_SHIPPED else 100
    case = open_case(shop, order, line, kind, reason=REASONS[kind][_reason(chance, kind)], share=share)
    if case is None:
        return
    if chance.random() < 0.06:
        shop.after(chance.uniform(1, 6) * HOUR, lambda now: change(shop, case, 80))
    if chance.random() < 0.08:
        shop.after(chance.uniform(3, 20) * HOUR, lambda now: _withdraw(shop, case))
    shop.after(_pause(shop), lambda now: seller_decides(shop, case))


def _withdraw(shop: Shop, case: Case) -> None:
    """The buyer thinks better of it; the refund status stays what it was."""
    if case.status == ASKED:
        close(shop, case, "买家撤销售后申请")


def _pause(shop: Shop) -> float:
    """Until the seller looks at a case: hours, or beyond the deadline where the shop is behind."""
    chance = shop.chance("cases")
    behind = shop.has("returns") and chance.random() < 0.7
    return chance.uniform(60, 90) * HOUR if behind else chance.uniform(2, 30) * HOUR


def seller_decides(shop: Shop, case: Case) -> None:
    if case.status != ASKED or not shop.seller_works():
        return
    if shop.chance("decisions").random() < 0.2:
        refuse(shop, case, "商品完好，不支持售后")
        if shop.chance("decisions").random() < 0.6:
            shop.after(5 * HOUR, lambda now: arbitrate(shop, case))
            shop.after(20 * HOUR, lambda now: _seller_proves(shop, case))
        return
    agree(shop, case, "商家同意")


def _seller_proves(shop: Shop, case: Case) -> None:
    if case.arbitration is not None and case.arbitration.deadline and shop.seller_works():
        give_proof(shop, case, ["https://p3.sandbox.example/proof/1.jpg"])


@on("case_agreed")
def after_agreement(shop: Shop, case: Case) -> None:
    """The buyer packs the goods, or the seller what was missing."""
    chance = shop.chance("cases")
    if case.status == TO_RESHIP:
        shop.after(chance.uniform(4, 30) * HOUR, lambda now: seller_reships(shop, case))
    elif chance.random() < 0.9:
        shop.after(chance.uniform(8, 60) * HOUR, lambda now: buyer_sends_back(shop, case))


def buyer_sends_back(shop: Shop, case: Case) -> None:
    if not shop.buyers_on:
        return
    carrier = carrier_for(shop)
    send_back(shop, case, carrier.code, waybill(shop, carrier))
    if case.status == SENT_BACK:
        shop.after(_pause(shop) + DAY / 2, lambda now: seller_checks_goods(shop, case))


def seller_checks_goods(shop: Shop, case: Case) -> None:
    if case.status != SENT_BACK or not shop.seller_works():
        return
    if case.kind == EXCHANGE:
        seller_reships(shop, case)
    elif shop.chance("decisions").random() < 0.1:
        refuse(shop, case, "退回商品与描述不符")
    else:
        agree_again(shop, case, "商家确认收货，同意退款")


def seller_reships(shop: Shop, case: Case) -> None:
    if not shop.seller_works():
        return
    carrier = carrier_for(shop)
    reship(shop, case, carrier.code, waybill(shop, carrier))
    shop.after(3 * DAY, lambda now: received(shop, case))


@on("settled")
def fall_behind(shop: Shop) -> None:
    """A shop with many returns has some whose time is nearly over."""
    if not shop.has("returns"):
        return
    ripe = [(order, line) for order in shop.orders.values() for line in order.lines if _ripe(shop, order, line)]
    for left, (order, line), kind in zip(NEAR, ripe, (RETURN, REFUND_SHIPPED, EXCHANGE, RETURN), strict=False):
        asked_at = shop.now - (FIRST_STEP - left)
        case = open_case(shop, order, line, kind, reason=REASONS[kind][0])
        if case is not None:
            case.apply_time = case.update_time = asked_at
            case.records.clear()
            case.deadline = shop.now + left
            shop.at(case.deadline, _time_over(shop, case, case.deadline))


def _time_over(shop: Shop, case: Case, until: Instant) -> Event:
    return lambda now: step_over(shop, case, ASKED, until)


def _ripe(shop: Shop, order: Order, line: Line) -> bool:
    """Delivered some days ago, and nothing has been asked for."""
    return bool(line.receipt_time) and line.receipt_time < shop.now - 2 * DAY and not any(shop.part(Cases).of_line(line))
