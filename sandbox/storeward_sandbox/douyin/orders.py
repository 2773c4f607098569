"""An order and its moves.

1 unpaid -> 105 paid, in review -> 2 to ship -> (101 partly shipped) -> 3 shipped -> 5 completed; 4 cancelled from 1, 105 and 2.
Each move stamps its time (nothing else moves the order's update time), puts the deadlines of the next one into the queue, tells
the push of its kind and the parts of the shop's life that listen (hooks.py). A move that no longer fits does nothing. All amounts
are fen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from storeward_sandbox.clock import DAY, HOUR, MINUTE, Instant

from . import hooks
from .catalogue import SAME_DAY, Product, Sku
from .ciphers import receiver_of
from .moments import day_start
from .people import Buyer
from .shop import Shop

UNPAID, IN_REVIEW, TO_SHIP, PARTLY, SHIPPED, CANCELLED, COMPLETED = 1, 105, 2, 101, 3, 4, 5
REFUNDED_BEFORE, REFUNDED_AFTER, REFUNDED_RECEIVED = 21, 22, 39
OPEN_TO_SHIP = (TO_SHIP, PARTLY)
PAY_WITHIN_SECONDS = 1800
CONFIRM_DAYS = 10
CLOSED_AFTER_DAYS = 150
LISTED_DAYS = 90
MOST_LATE_LOOKS = 10
ADDRESS_CHANGED = 105
"""The one push of an order that does not say where its business came from."""
FINISHED_OFF = "超时未支付"


@dataclass(frozen=True)
class Plan:
    """What buyer, seller and carrier mean to do, in seconds after the step before. None: never.

    `pays` after placing, `reviewed` (the platform's risk review) after paying, `ships` after the release, `collected` after
    shipping, `delivered` after the collection, `confirms` after the delivery, `asks_back`: the kind of after-sale that the
    buyer opens.
    """

    pays: int | None = 3 * MINUTE
    reviewed: int = 2 * MINUTE
    ships: int | None = 16 * HOUR
    collected: int | None = 8 * HOUR
    delivered: int | None = 55 * HOUR
    confirms: int | None = 60 * HOUR
    asks_back: int | None = None
    by: str = ""


@dataclass(eq=False)
class Line:
    """A goods order: `count` pieces of one SKU. Discounts are of the whole line."""

    id: str
    product: Product
    sku: Sku
    count: int
    price: int
    shop_discount: int
    platform_discount: int
    pay_discount: int
    warehouse: str = ""
    author: tuple[str, str] = ("", "")
    room: str = ""
    status: int = UNPAID
    main_status: int = UNPAID
    update_time: Instant = 0
    exp_ship_time: Instant = 0
    ship_time: Instant = 0
    receipt_time: Instant = 0
    confirm_time: Instant = 0
    finish_time: Instant = 0
    shipped: int = 0
    modify: int = 0
    post: int = 0
    refunded: int = 0
    commented: int = 0
    case_status: int = 0
    case_type: int = 0
    refund_status: int = 0

    @property
    def goods(self) -> int:
        return self.price * self.count

    @property
    def discount(self) -> int:
        return self.shop_discount + self.platform_discount

    @property
    def pay_amount(self) -> int:
        """What the buyer pays, the payment channel's discount included."""
        return self.goods - self.discount + self.modify + self.post

    @property
    def open(self) -> bool:
        return self.status != CANCELLED

    @property
    def in_case(self) -> bool:
        """Whether an after-sale of it is under way, or its refund."""
        return self.case_status in (6, 7, 8, 11) or (self.case_status == 12 and self.refund_status == 2)


@dataclass(eq=False)
class Package:
    """What of which lines travels together."""

    id: str
    tracking_no: str
    carrier_code: str
    ship_time: Instant
    content: list[tuple[Line, int]]
    order_ids: list[str]
    collected_at: Instant = 0
    delivered_at: Instant = 0
    intercepted: bool = False
    track: list[tuple[Instant, str, str, str]] = field(default_factory=list)
    """Instant, state, what happened, where."""


@dataclass(eq=False)
class Order:
    id: str
    buyer: Buyer
    plan: Plan
    lines: list[Line]
    create_time: Instant
    pay_type: int
    post_amount: int
    app: int = 2
    buyer_words: str = ""
    seller_words: str = ""
    star: int = 0
    status: int = UNPAID
    main_status: int = UNPAID
    update_time: Instant = 0
    pay_time: Instant = 0
    ship_time: Instant = 0
    finish_time: Instant = 0
    exp_ship_time: Instant = 0
    cancel_time: Instant = 0
    cancel_reason: str = ""
    urged: int = 0
    late_times: int = 0
    packages: list[Package] = field(default_factory=list)
    wanted_detail: str = ""
    """The street that the buyer asks to change to, until the seller answers."""
    detail: str = ""
    new_delivery: Instant = 0
    """The ship time that the platform or buyer proposes, until the seller answers."""

    @property
    def goods(self) -> int:
        return sum(line.goods for line in self.lines)

    @property
    def pay_amount(self) -> int:
        return sum(line.pay_amount for line in self.lines)

    def open_lines(self) -> list[Line]:
        return [line for line in self.lines if line.open]


def promised(paid: Instant, line: Line) -> Instant:
    """The latest instant at which a line paid at `paid` must be shipped: same-day goods by midnight in China.

    A rule of the SKU in its warehouse goes before the product's promise.
    """
    product, rule = line.product, line.sku.ship_rules.get(line.warehouse)
    if rule is not None:
        _kind, days, _until = rule
        return paid + days * DAY if days else day_start(paid) + DAY - 1
    if product.delay_day == SAME_DAY and not product.presale_days:
        return day_start(paid) + DAY - 1
    return paid + product.promise_seconds


# --- from the basket to the release -----------------------------------------------------------------------------------


def place(shop: Shop, order: Order) -> None:
    """The buyer has ordered; `order.create_time` is now."""
    shop.orders[order.id] = order
    order.detail = order.buyer.detail
    spread_post(order)
    _move(shop, order, UNPAID)
    tell_of(shop, order, 100, create_time=shop.now)
    hooks.tell("order_placed", shop, order)
    if order.plan.pays is not None:
        shop.after(order.plan.pays, lambda now: pay(shop, order))
    shop.after(PAY_WITHIN_SECONDS, lambda now: _not_paid(shop, order))


def spread_post(order: Order) -> None:
    """The freight lies on the first line."""
    for line in order.lines:
        line.post = 0
    order.lines[0].post = order.post_amount


def pay(shop: Shop, order: Order) -> None:
    """Paid: the promise begins, and the platform reviews the order before it may be shipped."""
    if order.status != UNPAID:
        return
    order.pay_time = shop.now
    for line in order.lines:
        line.exp_ship_time = promised(shop.now, line)
    order.exp_ship_time = min(line.exp_ship_time for line in order.lines)
    _move(shop, order, IN_REVIEW)
    hooks.tell("order_paid", shop, order)
    tell_of(shop, order, 101, order_status=TO_SHIP, pay_type=order.pay_type, pay_time=shop.now, pay_amount=order.pay_amount)
    shop.after(order.plan.reviewed, lambda now: release(shop, order))


def release(shop: Shop, order: Order) -> None:
    """The review is over: the seller may ship."""
    if order.status != IN_REVIEW:
        return
    _move(shop, order, TO_SHIP)
    tell_of(shop, order, 110)
    shop.at(order.exp_ship_time, lambda now: _late(shop, order))
    shop.at(order.create_time + CLOSED_AFTER_DAYS * DAY, lambda now: _given_up(shop, order))
    if order.plan.ships is not None:
        shop.after(order.plan.ships, lambda now: hooks.tell("seller_turn", shop, order))


def _not_paid(shop: Shop, order: Order) -> None:
    if order.status == UNPAID:
        cancel(shop, order, FINISHED_OFF)


def _given_up(shop: Shop, order: Order) -> None:
    """Neither shipped nor refunded 150 days after ordering."""
    if order.status == TO_SHIP:
        cancel(shop, order, "超时未发货，平台关闭订单")


def _late(shop: Shop, order: Order) -> None:
    """The promised time has passed; looked at again every 24 hours while something is not shipped."""
    if order.status not in (IN_REVIEW, *OPEN_TO_SHIP):
        return
    if shop.now < order.exp_ship_time:  # the deadline has been moved meanwhile
        shop.at(order.exp_ship_time, lambda now: _late(shop, order))
        return
    order.late_times += 1
    order.urged += 1
    hooks.tell("order_late", shop, order, order.late_times)
    if order.late_times < MOST_LATE_LOOKS:
        shop.after(DAY, lambda now: _late(shop, order))


# --- on its way -------------------------------------------------------------------------------------------------------


def ship(
    shop: Shop, orders: Sequence[Order], content: Sequence[tuple[Line, int]], *, carrier_code: str, tracking_no: str
) -> Package:
    """These pieces leave in one package. The caller has checked that they may."""
    package = Package(shop.ids.new("package"), tracking_no, carrier_code, shop.now, list(content), [one.id for one in orders])
    for line, pieces in content:
        line.shipped += pieces
        if line.shipped >= line.count:
            line.status, line.main_status, line.ship_time = SHIPPED, SHIPPED, shop.now
        else:
            line.status = line.main_status = PARTLY
        line.update_time = shop.now
    for order in orders:
        order.packages.append(package)
        _after_shipping(shop, order, package)
    plan = orders[0].plan
    if plan.collected is not None:
        shop.after(plan.collected, lambda now: collect(shop, package))
    return package


def _after_shipping(shop: Shop, order: Order, package: Package) -> None:
    """Partly shipped, or in full once nothing is left."""
    logistics: dict[str, object] = {"express_company_id": package.carrier_code, "logistics_code": package.tracking_no}
    if any(line.status in (TO_SHIP, PARTLY) for line in order.open_lines()):
        _move(shop, order, PARTLY, lines=())
        logistics |= {"pack_id": package.id, "shipped_order_info": _content_of(package, order)}
        tell_of(shop, order, 108, update_time=shop.now, receiver_msg=receiver_msg(shop, order), logistics_msg=logistics)
        return
    order.ship_time = shop.now
    _move(shop, order, SHIPPED, lines=())
    tell_of(shop, order, 102, update_time=shop.now, receiver_msg=receiver_msg(shop, order), logistics_msg=logistics)
    hooks.tell("order_shipped", shop, order)
    shop.after(CONFIRM_DAYS * DAY, lambda now: _confirm_for_buyer(shop, order))


def _content_of(package: Package, order: Order) -> list[dict[str, int]]:
    return [
        {
            "shipped_order_id": int(line.id),
            "product_id": int(line.product.id),
            "sku_id": int(line.sku.id),
            "sku_num": line.count,
            "shipped_num": pieces,
        }
        for line, pieces in package.content
        if line in order.lines
    ]


def collect(shop: Shop, package: Package) -> None:
    """The carrier's first scan."""
    if package.collected_at:
        return
    package.collected_at = shop.now
    package.track.append((shop.now, "GOT", "快件已由快递员揽收", "揽收网点"))
    plan = shop.orders[package.order_ids[0]].plan
    if plan.delivered is not None:
        shop.after(plan.delivered / 2, lambda now: _on_the_way(shop, package))
        shop.after(plan.delivered, lambda now: deliver(shop, package))


def _on_the_way(shop: Shop, package: Package) -> None:
    if not (package.delivered_at or package.intercepted):
        package.track.append((shop.now, "TRANSIT", "快件到达转运中心", "转运中心"))


def deliver(shop: Shop, package: Package) -> None:
    """Signed for at the buyer's."""
    if package.delivered_at or package.intercepted:
        return
    package.delivered_at = shop.now
    package.track.append((shop.now, "SIGNED", "快件已签收", "派送网点"))
    for line, _pieces in package.content:
        line.receipt_time = shop.now
    for order_id in package.order_ids:
        _after_delivery(shop, shop.orders[order_id])


def _after_delivery(shop: Shop, order: Order) -> None:
    if order.status != SHIPPED or not all(line.receipt_time for line in order.open_lines()):
        return
    hooks.tell("order_delivered", shop, order)
    if order.plan.confirms is not None:
        shop.after(order.plan.confirms, lambda now: complete(shop, order))


def _confirm_for_buyer(shop: Shop, order: Order) -> None:
    """The platform confirms receipt for a buyer who says nothing; not while something is still asked back."""
    if order.status == SHIPPED and any(line.in_case for line in order.open_lines()):
        shop.after(DAY, lambda now: _confirm_for_buyer(shop, order))
        return
    complete(shop, order)


def complete(shop: Shop, order: Order) -> None:
    """Receipt has been confirmed."""
    if order.status != SHIPPED or any(line.in_case for line in order.open_lines()):
        return
    order.finish_time = shop.now
    for line in order.open_lines():
        line.confirm_time = line.finish_time = shop.now
    _move(shop, order, COMPLETED)
    tell_of(shop, order, 103, complete_time=shop.now)
    hooks.tell("order_finished", shop, order)


# --- the end before its time ------------------------------------------------------------------------------------------


def cancel(shop: Shop, order: Order, reason: str) -> None:
    """The whole order is called off before anything of it has been shipped."""
    if order.status not in (UNPAID, IN_REVIEW, TO_SHIP):
        return
    order.cancel_time, order.cancel_reason = shop.now, reason
    _move(shop, order, CANCELLED)
    if order.pay_time:
        order.main_status = REFUNDED_BEFORE
    tell_of(shop, order, 106, cancel_time=shop.now, cancel_reason=reason)
    hooks.tell("order_cancelled", shop, order)


def refunded(shop: Shop, order: Order, line: Line, amount: int, *, whole: bool) -> None:
    """Money of a line has gone back. Before shipping the line ends with it, and with the last line the order."""
    line.refunded += amount
    line.update_time = shop.now
    if not whole:
        return
    if line.status == TO_SHIP:
        line.status, line.main_status = CANCELLED, REFUNDED_BEFORE
        _after_refund_before_shipping(shop, order)
    else:
        line.main_status = REFUNDED_RECEIVED if order.status == COMPLETED else REFUNDED_AFTER
        if all(one.main_status in (REFUNDED_AFTER, REFUNDED_RECEIVED, REFUNDED_BEFORE) for one in order.lines):
            order.main_status = line.main_status
            order.update_time = shop.now


def _after_refund_before_shipping(shop: Shop, order: Order) -> None:
    left = order.open_lines()
    if not left:
        cancel(shop, order, "商品全部退款，订单关闭")
    elif order.status == PARTLY and all(line.status == SHIPPED for line in left):
        order.ship_time = shop.now
        _move(shop, order, SHIPPED, lines=())
        hooks.tell("order_shipped", shop, order)
        shop.after(CONFIRM_DAYS * DAY, lambda now: _confirm_for_buyer(shop, order))
        _after_delivery(shop, order)


# --- telling ----------------------------------------------------------------------------------------------------------


def receiver_msg(shop: Shop, order: Order, detail: str = "") -> dict[str, str]:
    """The receiver as pushes tell it; not worked out for a past of which nothing is told."""
    if not shop.settled:
        return {}
    return receiver_of(shop.id, order.buyer, detail or order.detail)


def _move(shop: Shop, order: Order, status: int, lines: Iterable[Line] | None = None) -> None:
    """The order's state, and that of its open lines (or of none)."""
    order.status = order.main_status = status
    order.update_time = shop.now
    for line in order.open_lines() if lines is None else lines:
        line.status, line.update_time = status, shop.now
        if line.main_status not in (REFUNDED_AFTER, REFUNDED_BEFORE):
            line.main_status = status


def tell_of(shop: Shop, order: Order, tag: int, **data: object) -> None:
    if not shop.settled:
        return
    about = {
        "p_id": int(order.id),
        "s_ids": [int(line.id) for line in order.lines],
        "shop_id": int(shop.id),
        "order_status": order.status,
        "order_type": 0,
        "biz": 2,
    }
    if tag == ADDRESS_CHANGED:
        del about["biz"]
    shop.emit(tag, {**about, **data})
