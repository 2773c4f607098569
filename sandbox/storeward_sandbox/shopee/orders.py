"""An order and its moves.

UNPAID -> (PENDING | INVOICE_PENDING) -> READY_TO_SHIP -> PROCESSED -> SHIPPED -> TO_CONFIRM_RECEIVE -> COMPLETED, with RETRY_SHIP
where a pickup failed, IN_CANCEL while a buyer's wish waits, TO_RETURN while goods are disputed, and CANCELLED. Each move stamps
its time, sets the next deadline into the queue, tells push 3, and the parts of the shop's life that listen (hooks.py). A move
that no longer fits does nothing.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from storeward_sandbox.clock import DAY, HOUR, MINUTE, Instant, machine_now

from . import hooks, packages
from .buyers import Buyer
from .markets import Channel, Deadlines, deadlines
from .packages import Package
from .pushes import ORDER_STATUS, PACKAGE_FULFILLMENT, PACKAGE_INFO, TRACKING_NUMBER
from .shelf import Good
from .shop import Shop

NOTHING = Decimal(0)
PAY_WITHIN = 24 * HOUR
ARRANGING_SECONDS = 3
DECIDE_WITHIN = 2 * DAY
"""So long a buyer's wish to cancel waits before the platform grants it."""
BUYERS_PROTECTION = 7 * DAY
"""So long after delivery an order is completed by itself."""
OPEN_TO_SHIP = ("READY_TO_SHIP", "RETRY_SHIP", "PROCESSED")
BEFORE_HANDOVER = ("UNPAID", "PENDING", "INVOICE_PENDING", "READY_TO_SHIP", "PROCESSED", "RETRY_SHIP", "IN_CANCEL")


@dataclass(eq=False)
class Line:
    """Some units of one model."""

    good: Good
    quantity: int
    price: Decimal
    """What one unit costs after the seller's discount."""

    @property
    def total(self) -> Decimal:
        return self.price * self.quantity


@dataclass(frozen=True)
class Plan:
    """What buyer, seller and carrier mean to do, in seconds after the step before. None: never.

    `pays` after placing, `holds` after paying; after the order is ready `wants_out` (the buyer asks to cancel), `arranges` (the
    seller ships) and `postponed` (the platform gives a day more); `scans` after arranging (`misses` a pickup first), `delivers`
    after the scan, `completes` after delivery.
    """

    pays: int | None = 5 * MINUTE
    holds: int = 0
    wants_out: int | None = None
    arranges: int | None = 20 * HOUR
    postponed: int | None = None
    misses: bool = False
    scans: int | None = 10 * HOUR
    delivers: int | None = 60 * HOUR
    completes: int | None = 72 * HOUR


@dataclass(eq=False)
class Order:
    sn: str
    buyer: Buyer
    plan: Plan
    lines: list[Line]
    create_time: Instant
    channel: Channel
    cod: bool
    payment_method: str
    shipping_fee: Decimal
    shipping_fee_estimated: Decimal
    voucher_seller: Decimal
    voucher_platform: Decimal
    days_to_ship: int
    fulfilled_by_shopee: bool = False
    message: str = ""
    status: str = "UNPAID"
    update_time: Instant = 0
    pay_time: Instant = 0
    ready_time: Instant = 0
    arranged_time: Instant = 0
    pickup_time: Instant = 0
    delivery_time: Instant = 0
    completed_time: Instant = 0
    cancel_time: Instant = 0
    cancel_by: str = ""
    cancel_reason: str = ""
    buyer_cancel_reason: str = ""
    wants_out_at: Instant = 0
    before_wish: str = ""
    note: str = ""
    note_time: Instant = 0
    due: Deadlines = field(default_factory=Deadlines)
    package_numbers: list[str] = field(default_factory=list)
    returned: bool = False

    @property
    def goods_total(self) -> Decimal:
        """Goods after the seller's discounts."""
        return sum((line.total for line in self.lines), NOTHING)

    @property
    def total(self) -> Decimal:
        """What the buyer pays."""
        return self.goods_total - self.voucher_seller - self.voucher_platform + self.shipping_fee

    @property
    def split(self) -> bool:
        return len(self.package_numbers) > 1

    @property
    def late(self) -> bool:
        """Handed over after its day, or still not."""
        return bool(self.due.ship_by) and self.pickup_time > self.due.ship_by


def parcels(shop: Shop, order: Order) -> list[Package]:
    return [shop.packages[number] for number in order.package_numbers]


# --- placing and paying -----------------------------------------------------------------------------------------------


def place(shop: Shop, order: Order) -> None:
    """The buyer has ordered; `order.create_time` is now."""
    shop.orders[order.sn] = order
    _move(shop, order, "UNPAID")
    hooks.tell("order_placed", shop, order)
    if order.plan.pays is not None:
        shop.after(order.plan.pays, lambda now: pay(shop, order))
    shop.after(PAY_WITHIN, lambda now: _not_paid(shop, order))


def _not_paid(shop: Shop, order: Order) -> None:
    if order.status == "UNPAID":
        cancel(shop, order, by="system", reason="Unpaid Order")


def pay(shop: Shop, order: Order) -> None:
    """Paid, or confirmed where cash is paid at the door; some are held back for a while."""
    if order.status != "UNPAID":
        return
    order.pay_time = 0 if order.cod else shop.now
    _new_package(shop, order, {number: line.quantity for number, line in enumerate(order.lines)})
    if order.plan.holds:
        _move(shop, order, "INVOICE_PENDING" if shop.region == "BR" else "PENDING")
        shop.after(order.plan.holds, lambda now: release(shop, order))
    else:
        _make_ready(shop, order)


def release(shop: Shop, order: Order) -> None:
    """Nothing holds the order back any more."""
    if order.status in ("PENDING", "INVOICE_PENDING"):
        _make_ready(shop, order)


def _make_ready(shop: Shop, order: Order) -> None:
    order.ready_time = shop.now
    order.due = deadlines(shop.market, shop.now, order.days_to_ship)
    for package in parcels(shop, order):
        _package_moves(shop, package, packages.READY)
    _move(shop, order, "READY_TO_SHIP")
    hooks.tell("order_ready", shop, order)
    shop.at(order.due.cancelled_unarranged, lambda now: _not_arranged(shop, order))
    shop.at(order.due.cancelled_unscanned, lambda now: _not_scanned(shop, order))
    plan = order.plan
    if plan.wants_out is not None:
        shop.after(plan.wants_out, lambda now: ask_to_cancel(shop, order, "Change of mind"))
    if plan.arranges is not None:
        shop.after(plan.arranges, lambda now: seller_arranges(shop, order))
    if plan.postponed is not None:
        shop.after(plan.postponed, lambda now: postpone(shop, order, DAY))


def postpone(shop: Shop, order: Order, seconds: int) -> None:
    """The platform gives more time, for bad weather say: push 47 tells the new day, and only a new reading shows it."""
    if order.status not in OPEN_TO_SHIP:
        return
    before, due = order.due.ship_by, order.due
    order.due = Deadlines(due.ship_by + seconds, due.cancelled_unarranged + seconds, due.cancelled_unscanned + seconds)
    order.update_time = shop.now
    shop.at(order.due.cancelled_unarranged, lambda now: _not_arranged(shop, order))
    shop.at(order.due.cancelled_unscanned, lambda now: _not_scanned(shop, order))
    for package in parcels(shop, order):
        shop.emit(
            PACKAGE_INFO,
            {
                "changed_fields": ["ship_by_date"],
                "old": {"logistics_channel_id": package.channel_id, "ship_by_date": before},
                "new": {"logistics_channel_id": package.channel_id, "ship_by_date": order.due.ship_by},
                "order_sn": order.sn,
                "package_number": package.number,
                "update_time": shop.now,
            },
        )


def _new_package(shop: Shop, order: Order, contents: dict[int, int]) -> Package:
    package = Package(f"OFG{shop.ids.new('package')}", order.sn, contents, order.channel.id, shop.now)
    shop.packages[package.number] = package
    order.package_numbers.append(package.number)
    return package


def split(shop: Shop, order: Order, parts: list[dict[int, int]]) -> list[Package]:
    """Let the order travel in several packages from now on."""
    for number in order.package_numbers:
        del shop.packages[number]
    order.package_numbers.clear()
    made = [_new_package(shop, order, part) for part in parts]
    for package in made:
        _package_moves(shop, package, packages.READY)
    order.update_time = shop.now
    return made


# --- shipping ---------------------------------------------------------------------------------------------------------


def seller_arranges(shop: Shop, order: Order) -> None:
    """The scripted seller (or the platform's warehouse) arranges what is left."""
    if order.status not in ("READY_TO_SHIP", "RETRY_SHIP") or not (shop.seller_works() or order.fulfilled_by_shopee):
        return
    for package in parcels(shop, order):
        if package.status in packages.TO_ARRANGE:
            arrange(shop, package, method="pickup")


def arrange(shop: Shop, package: Package, *, method: str, tracking_number: str = "", machine_wait: bool = False) -> None:
    """Ask for shipping. It is done some seconds later, by the sandbox's clock or, for a client, by the machine's."""
    if package.status not in packages.TO_ARRANGE or package.arranging_until:
        return
    package.method = method
    package.tracking_number = tracking_number or package.tracking_number
    package.arranging_until = machine_now() + ARRANGING_SECONDS if machine_wait else -1.0
    shop.after(ARRANGING_SECONDS, lambda now: arranged(shop, package))


def finish_ripe(shop: Shop) -> None:
    """Do what has waited long enough by the machine's clock, while the sandbox's may stand."""
    now = machine_now()
    for package in [one for one in shop.packages.values() if 0 < one.arranging_until <= now]:
        arranged(shop, package)


def arranged(shop: Shop, package: Package) -> None:
    """The carrier knows of the package: it has its tracking number."""
    if not package.arranging_until or package.status not in packages.TO_ARRANGE:
        return
    package.arranging_until = 0.0
    package.arranged_at = shop.now
    package.tracking_number = package.tracking_number or f"{_mark(shop)}{shop.ids.new('tracking')}"
    package.note(shop.now, "ORDER_CREATED", "The sender is preparing the parcel.")
    _package_moves(shop, package, packages.CREATED)
    order = shop.orders[package.order_sn]
    shop.emit(
        TRACKING_NUMBER,
        {
            "ordersn": order.sn,
            "forder_id": shop.ids.new("forder"),
            "package_number": package.number,
            "tracking_no": package.tracking_number,
        },
    )
    if all(one.status not in packages.TO_ARRANGE for one in parcels(shop, order)):
        order.arranged_time = shop.now
        _move(shop, order, "PROCESSED")
        hooks.tell("order_arranged", shop, order)
    if order.plan.scans is not None:
        missed = order.plan.misses and not any(event == "PICKUP_RETRY" for _, event, _ in package.tracking)
        then = missed_pickup if missed else collect
        shop.after(order.plan.scans, lambda now: then(shop, package))


def _mark(shop: Shop) -> str:
    return f"SPX{shop.region}" if shop.region != "ID" else "JP"


def missed_pickup(shop: Shop, package: Package) -> None:
    """The courier came in vain: it has to be arranged again."""
    order = shop.orders[package.order_sn]
    if package.status != packages.CREATED or order.status not in ("PROCESSED", "RETRY_SHIP"):
        return
    package.arranged_at = 0
    package.note(shop.now, "PICKUP_RETRY", "The courier could not pick the parcel up.")
    _package_moves(shop, package, packages.RETRY)
    _move(shop, order, "RETRY_SHIP")
    shop.after(6 * HOUR, lambda now: seller_arranges(shop, order))


def collect(shop: Shop, package: Package) -> None:
    """The carrier has scanned the parcel."""
    order = shop.orders[package.order_sn]
    if package.status != packages.CREATED or order.status not in ("PROCESSED", "READY_TO_SHIP", "RETRY_SHIP"):
        return
    package.picked_at = shop.now
    package.note(shop.now, "PICKED_UP", "The parcel has been picked up by the courier.")
    _package_moves(shop, package, packages.PICKED)
    if all(one.picked_at for one in parcels(shop, order)):
        order.pickup_time = shop.now
        _move(shop, order, "SHIPPED")
        hooks.tell("order_collected", shop, order)
    if order.plan.delivers is not None:
        shop.after(order.plan.delivers, lambda now: deliver(shop, package))


def deliver(shop: Shop, package: Package) -> None:
    """The parcel is at the buyer's."""
    order = shop.orders[package.order_sn]
    if package.status != packages.PICKED:
        return
    package.delivered_at = shop.now
    package.note(shop.now, "DELIVERED", "The parcel has been delivered.")
    _package_moves(shop, package, packages.DELIVERED)
    if order.status != "SHIPPED" or any(not one.delivered_at for one in parcels(shop, order)):
        return
    order.delivery_time = shop.now
    order.pay_time = order.pay_time or shop.now
    _move(shop, order, "TO_CONFIRM_RECEIVE")
    hooks.tell("order_delivered", shop, order)
    if order.plan.completes is not None:
        shop.after(min(order.plan.completes, BUYERS_PROTECTION), lambda now: complete(shop, order))


def complete(shop: Shop, order: Order) -> None:
    """The buyer has confirmed, or time has passed."""
    if order.status == "TO_CONFIRM_RECEIVE":
        order.completed_time = shop.now
        _move(shop, order, "COMPLETED", scenario="NORMAL")
        hooks.tell("order_completed", shop, order)


# --- returning --------------------------------------------------------------------------------------------------------


def disputed(shop: Shop, order: Order) -> None:
    """The buyer asks for the money back before completion."""
    if order.status in ("SHIPPED", "TO_CONFIRM_RECEIVE"):
        order.before_wish = order.status
        _move(shop, order, "TO_RETURN")


def settled_with_buyer(shop: Shop, order: Order, *, refunded: bool) -> None:
    """A return is over: completed either way, or on with the parcel where the buyer withdrew."""
    order.returned = order.returned or refunded
    if order.status == "COMPLETED" and refunded:
        _move(shop, order, "COMPLETED", scenario="RRAOC")
    if order.status != "TO_RETURN":
        return
    _move(shop, order, order.before_wish)
    if not refunded and order.status == "SHIPPED":
        return
    order.status, order.delivery_time = "TO_CONFIRM_RECEIVE", order.delivery_time or shop.now
    complete(shop, order)


# --- cancelling -------------------------------------------------------------------------------------------------------


def ask_to_cancel(shop: Shop, order: Order, reason: str) -> None:
    """The buyer wants out: the seller decides, or the platform after a while."""
    if order.status not in ("READY_TO_SHIP", "RETRY_SHIP"):
        return
    order.wants_out_at, order.before_wish, order.buyer_cancel_reason = shop.now, order.status, reason
    _move(shop, order, "IN_CANCEL")
    shop.after(DECIDE_WITHIN, lambda now: grant(shop, order))


def grant(shop: Shop, order: Order, by: str = "buyer") -> None:
    if order.status == "IN_CANCEL":
        cancel(shop, order, by=by, reason="Buyer Request to Cancel")


def refuse(shop: Shop, order: Order) -> None:
    """The seller keeps to the order."""
    if order.status == "IN_CANCEL":
        _move(shop, order, order.before_wish)
        order.buyer_cancel_reason = ""
        if shop.now >= order.due.cancelled_unarranged:
            _not_arranged(shop, order)


def _not_arranged(shop: Shop, order: Order) -> None:
    if order.status in ("READY_TO_SHIP", "RETRY_SHIP") and shop.now >= order.due.cancelled_unarranged:
        cancel(shop, order, by="system", reason="Seller did not Ship")


def _not_scanned(shop: Shop, order: Order) -> None:
    if order.status in ("PROCESSED", "RETRY_SHIP") and shop.now >= order.due.cancelled_unscanned:
        cancel(shop, order, by="system", reason="Seller did not Ship")


def cancel(shop: Shop, order: Order, *, by: str, reason: str) -> None:
    """Over, before the parcel was handed over."""
    if order.status not in BEFORE_HANDOVER:
        return
    order.cancel_time, order.cancel_by, order.cancel_reason = shop.now, by, reason
    for package in parcels(shop, order):
        _package_moves(shop, package, packages.CANCELED if package.arranged else packages.INVALID)
    _move(shop, order, "CANCELLED")
    hooks.tell("order_cancelled", shop, order)


# --- telling ----------------------------------------------------------------------------------------------------------


def _move(shop: Shop, order: Order, status: str, scenario: str = "") -> None:
    order.status, order.update_time = status, shop.now
    shop.emit(
        ORDER_STATUS,
        {"items": [], "ordersn": order.sn, "status": status, "completed_scenario": scenario, "update_time": shop.now},
    )


def _package_moves(shop: Shop, package: Package, status: str) -> None:
    package.status, package.update_time = status, shop.now
    shop.emit(
        PACKAGE_FULFILLMENT,
        {
            "ordersn": package.order_sn,
            "package_number": package.number,
            "fulfillment_status": status,
            "update_time": shop.now,
        },
    )
