"""An order and its moves.

UNPAID -> ON_HOLD -> AWAITING_SHIPMENT -> (PARTIALLY_SHIPPING) -> AWAITING_COLLECTION -> IN_TRANSIT -> DELIVERED -> COMPLETED,
CANCELLED from every state up to IN_TRANSIT. Each move stamps its time, sets the deadlines of the next one into the queue, tells
webhook 1 and the parts of the shop's life that listen (hooks.py). A move that no longer fits does nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from storeward_sandbox.clock import HOUR, MINUTE, Instant, machine_now

from . import hooks
from .buyers import Buyer
from .markets import Deadlines, deadlines
from .money import NOTHING
from .packages import Package
from .places import Places
from .shelf import Item
from .shop import Shop

HOLD_SECONDS = HOUR
PAY_WITHIN_SECONDS = 24 * HOUR
LABEL_SECONDS = 3
OPEN_STATES = ("UNPAID", "ON_HOLD", "AWAITING_SHIPMENT", "PARTIALLY_SHIPPING", "AWAITING_COLLECTION", "IN_TRANSIT")
TO_SHIP = ("AWAITING_SHIPMENT", "PARTIALLY_SHIPPING")
WEBHOOK_ORDER = 1
WEBHOOK_ADDRESS = 3
WEBHOOK_PACKAGE = 4


@dataclass(eq=False)
class Line:
    """One unit of a SKU. `status` is the platform's display_status: no ON_HOLD, no PARTIALLY_SHIPPING."""

    id: str
    item: Item
    original_price: Decimal
    seller_discount: Decimal
    platform_discount: Decimal
    tax: Decimal
    status: str = "UNPAID"
    package_id: str = ""
    rts_time: Instant = 0
    cancel_reason: str = ""
    cancel_user: str = ""

    @property
    def sale_price(self) -> Decimal:
        return self.original_price - self.seller_discount - self.platform_discount


@dataclass(frozen=True)
class Plan:
    """What buyer, seller and carrier mean to do, in seconds after the step before. None: never.

    `pays` after placing, `changes_mind` (buyer cancels freely) after paying, `arranges` (the seller ships) after the release,
    `scans` after arranging, `delivers` after the scan, `completes` (receipt confirmed) after delivery.
    """

    pays: int | None = 5 * MINUTE
    changes_mind: int | None = None
    arranges: int | None = 20 * HOUR
    scans: int | None = 10 * HOUR
    delivers: int | None = 60 * HOUR
    completes: int | None = 72 * HOUR


@dataclass(eq=False)
class Order:
    id: str
    buyer: Buyer
    plan: Plan
    lines: list[Line]
    create_time: Instant
    fulfillment_type: str
    shipping_type: str
    delivery_option_id: str
    delivery_option_name: str
    warehouse_id: str
    is_cod: bool
    payment_method: str
    shipping_fee: Decimal
    shipping_fee_original: Decimal
    buyer_message: str
    status: str = "UNPAID"
    update_time: Instant = 0
    confirmed_time: Instant = 0
    paid_time: Instant = 0
    rts_time: Instant = 0
    collection_time: Instant = 0
    delivery_time: Instant = 0
    completed_time: Instant = 0
    cancel_time: Instant = 0
    cancel_reason: str = ""
    cancellation_initiator: str = ""
    request_cancel_time: Instant = 0
    is_buyer_request_cancel: bool = False
    due: Deadlines = field(default_factory=lambda: Deadlines(0, 0, 0, 0, 0, 0))
    package_ids: list[str] = field(default_factory=list)
    split_or_combine_tag: str = ""
    has_updated_recipient_address: bool = False
    street: str = ""
    is_replacement_order: bool = False
    replaced_order_id: str = ""
    is_sample_order: bool = False
    order_type: str = "NORMAL"
    late: bool = False

    @property
    def original_total(self) -> Decimal:
        return sum((line.original_price for line in self.lines), NOTHING)

    @property
    def seller_discount(self) -> Decimal:
        return sum((line.seller_discount for line in self.lines), NOTHING)

    @property
    def platform_discount(self) -> Decimal:
        return sum((line.platform_discount for line in self.lines), NOTHING)

    @property
    def sub_total(self) -> Decimal:
        return self.original_total - self.seller_discount - self.platform_discount

    @property
    def tax(self) -> Decimal:
        return sum((line.tax for line in self.lines), NOTHING)

    @property
    def total(self) -> Decimal:
        """What the buyer pays: goods after discounts, shipping, taxes."""
        return self.sub_total + self.shipping_fee + self.tax

    @property
    def by_platform(self) -> bool:
        """Whether the platform's own warehouse ships it, without the seller."""
        return self.fulfillment_type == "FULFILLMENT_BY_TIKTOK"

    def open_lines(self) -> list[Line]:
        return [line for line in self.lines if line.status != "CANCELLED"]


def place(shop: Shop, order: Order) -> None:
    """The buyer has ordered; `order.create_time` is now."""
    shop.orders[order.id] = order
    order.street = order.buyer.street
    _move(shop, order, "UNPAID")
    hooks.tell("order_placed", shop, order)
    if order.plan.pays is not None:
        shop.after(order.plan.pays, lambda now: pay(shop, order))
    shop.after(PAY_WITHIN_SECONDS, lambda now: _not_paid(shop, order))


def pay(shop: Shop, order: Order) -> None:
    """Paid, or confirmed where cash is paid at the door.

    Deadlines start, packages come to be, the hold begins where the market has one.
    """
    if order.status != "UNPAID":
        return
    order.confirmed_time = shop.now
    order.paid_time = 0 if order.is_cod else shop.now
    order.due = deadlines(
        shop.market,
        placed=order.create_time,
        cross_border=shop.cross_border,
        platform_ships=order.shipping_type == "TIKTOK",
    )
    _set_lines(order.open_lines(), "AWAITING_SHIPMENT")
    if shop.market.south_east_asia or order.by_platform:
        new_package(shop, [order], order.open_lines())
    if shop.market.holds:
        _move(shop, order, "ON_HOLD")
        shop.after(HOLD_SECONDS, lambda now: release(shop, order))
    hooks.tell("order_paid", shop, order)
    if order.plan.changes_mind is not None:
        shop.after(order.plan.changes_mind, lambda now: _change_mind(shop, order))
    if not shop.market.holds:
        _to_ship(shop, order)


def release(shop: Shop, order: Order) -> None:
    """The hold is over: the seller may ship."""
    if order.status == "ON_HOLD":
        _to_ship(shop, order)


def _to_ship(shop: Shop, order: Order) -> None:
    _move(shop, order, "AWAITING_SHIPMENT")
    shop.at(order.due.shipping_due_time, lambda now: _not_arranged(shop, order))
    if order.plan.arranges is not None:
        shop.after(order.plan.arranges, lambda now: seller_arranges(shop, order))


def seller_arranges(shop: Shop, order: Order) -> None:
    """The scripted seller (or the platform's warehouse) ships what is left, unless somebody else has or a buyer wants out."""
    if order.status not in TO_SHIP or order.is_buyer_request_cancel:
        return
    if not (order.by_platform or shop.seller_works()):
        return
    carrier = shop.chance("seller").choice(shop.part(Places).option(order.shipping_type).carriers)
    for package in unshipped_packages(shop, order):
        arrange(shop, package, carrier_id=carrier.id, carrier_name=carrier.name)


def unshipped_packages(shop: Shop, order: Order) -> list[Package]:
    """The order's packages that wait for the seller; where none has been made yet, one for all its lines."""
    known = [shop.packages[package_id] for package_id in order.package_ids]
    waiting = [package for package in known if package.status == "TO_FULFILL"]
    loose = [line for line in order.open_lines() if not line.package_id]
    return [*waiting, new_package(shop, [order], loose)] if loose else waiting


def new_package(shop: Shop, orders: Iterable[Order], lines: Iterable[Line]) -> Package:
    """A package, to be shipped, with these lines of these orders."""
    of, content = list(orders), list(lines)
    package = Package(
        id=shop.ids.new("package"),
        order_ids=[order.id for order in of],
        line_ids=[line.id for line in content],
        create_time=shop.now,
        update_time=shop.now,
        shipping_type=of[0].shipping_type,
        weight_grams=sum(line.item.weight_grams for line in content),
        sub_status="HBWING" if of[0].by_platform else "STOCKING",
    )
    shop.packages[package.id] = package
    for line in content:
        line.package_id = package.id
    for order in of:
        order.package_ids.append(package.id)
    return package


def orders_of(shop: Shop, package: Package) -> list[Order]:
    return [shop.orders[order_id] for order_id in package.order_ids]


def lines_of(shop: Shop, package: Package) -> list[Line]:
    wanted = set(package.line_ids)
    return [line for order in orders_of(shop, package) for line in order.lines if line.id in wanted]


def arrange(
    shop: Shop, package: Package, *, carrier_id: str, carrier_name: str, tracking_number: str = "", handover: str = "PICKUP"
) -> None:
    """Shipping of one package is arranged: ready to ship. Its label is there a few seconds later."""
    if package.status != "TO_FULFILL":
        return
    package.carrier_id, package.carrier_name, package.handover_method = carrier_id, carrier_name, handover
    package.tracking_number = tracking_number or new_tracking_number(shop, carrier_name)
    package.label_ready_at, package.arranged_at = shop.now + LABEL_SECONDS, shop.now
    package.label_ready_by_machine = machine_now() + LABEL_SECONDS
    package.moved(shop.now, "PROCESSING", "RTS")
    package.note(shop.now, 10001, "Shipping has been arranged; waiting for the carrier.")
    for line in lines_of(shop, package):
        line.status, line.rts_time = "AWAITING_COLLECTION", shop.now
    for order in orders_of(shop, package):
        _after_arranging(shop, order)
    plan = orders_of(shop, package)[0].plan
    if plan.scans is not None:
        shop.after(plan.scans, lambda now: collect(shop, package))


def new_tracking_number(shop: Shop, carrier_name: str) -> str:
    letters = "".join(letter for letter in carrier_name.upper() if letter.isalpha())[:3]
    return f"{letters}{shop.chance('tracking').randrange(10**11, 10**12)}"


def _after_arranging(shop: Shop, order: Order) -> None:
    """Part of the order is ready to ship, or all of it."""
    if order.status not in TO_SHIP:
        return
    if any(line.status == "AWAITING_SHIPMENT" for line in order.open_lines()):
        _move(shop, order, "PARTIALLY_SHIPPING")
        return
    order.rts_time = shop.now
    order.late = order.late or shop.now > order.due.rts_sla_time
    _move(shop, order, "AWAITING_COLLECTION")
    shop.at(order.due.collection_due_time, lambda now: _not_collected(shop, order))
    hooks.tell("order_arranged", shop, order)


def collect(shop: Shop, package: Package) -> None:
    """The carrier's first scan."""
    if package.status != "PROCESSING":
        return
    package.moved(shop.now, "FULFILLING", "TTS")
    package.note(shop.now, 20001, f"{package.carrier_name} has picked the package up.")
    for line in lines_of(shop, package):
        line.status = "IN_TRANSIT"
    for order in orders_of(shop, package):
        _after_scan(shop, order)
    plan = orders_of(shop, package)[0].plan
    if plan.delivers is not None:
        shop.after(plan.delivers / 2, lambda now: _on_the_way(shop, package))
        shop.after(plan.delivers, lambda now: deliver(shop, package))


def _after_scan(shop: Shop, order: Order) -> None:
    """On its way once the carrier has all of it."""
    if order.status != "AWAITING_COLLECTION" or not _all_lines(order, "IN_TRANSIT", "DELIVERED"):
        return
    order.collection_time = shop.now
    order.late = order.late or shop.now > order.due.tts_sla_time
    _move(shop, order, "IN_TRANSIT")
    shop.at(order.due.delivery_due_time, lambda now: _not_delivered(shop, order))
    hooks.tell("order_collected", shop, order)


def _on_the_way(shop: Shop, package: Package) -> None:
    if package.status == "FULFILLING":
        package.note(shop.now, 30001, "The package has left the sorting centre.")


def deliver(shop: Shop, package: Package) -> None:
    """Handed to the buyer."""
    if package.status != "FULFILLING":
        return
    package.moved(shop.now, "COMPLETED", "DELIVERED")
    package.note(shop.now, 50001, "The package has been delivered.")
    for line in lines_of(shop, package):
        line.status = "DELIVERED"
    for order in orders_of(shop, package):
        _after_delivery(shop, order)


def _after_delivery(shop: Shop, order: Order) -> None:
    """Delivered once all of it is."""
    if order.status != "IN_TRANSIT" or not _all_lines(order, "DELIVERED"):
        return
    order.delivery_time = shop.now
    order.paid_time = order.paid_time or shop.now
    _move(shop, order, "DELIVERED")
    hooks.tell("order_delivered", shop, order)
    if order.plan.completes is not None:
        shop.after(order.plan.completes, lambda now: complete(shop, order))


def complete(shop: Shop, order: Order) -> None:
    """The buyer has confirmed, or the time for returns has passed."""
    if order.status != "DELIVERED":
        return
    _set_lines(order.open_lines(), "COMPLETED")
    order.completed_time = shop.now
    _move(shop, order, "COMPLETED")
    hooks.tell("order_completed", shop, order)


def complete_refunded(shop: Shop, order: Order) -> None:
    """Fully refunded after delivery or on the way: the order is over."""
    if order.status in ("AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED"):
        order.status = "DELIVERED"
        complete(shop, order)


def cancel(shop: Shop, order: Order, *, reason: str, initiator: str, lines: Iterable[Line] | None = None) -> None:
    """Cancel the order, or some of its lines. `initiator`: BUYER, SELLER, OPERATOR or SYSTEM."""
    if order.status not in OPEN_STATES:
        return
    chosen = [line for line in (order.lines if lines is None else lines) if line.status != "CANCELLED"]
    for line in chosen:
        line.status, line.cancel_reason, line.cancel_user = "CANCELLED", reason, initiator
    order.is_buyer_request_cancel = False
    for package_id in list(order.package_ids):
        _unpack(shop, shop.packages[package_id], order)
    if not order.open_lines():
        order.cancel_time, order.cancel_reason, order.cancellation_initiator = shop.now, reason, initiator
        _move(shop, order, "CANCELLED")
    hooks.tell("order_cancelled", shop, order)
    if chosen and order.status == "PARTIALLY_SHIPPING":
        _after_arranging(shop, order)
    _after_scan(shop, order)
    _after_delivery(shop, order)


def _unpack(shop: Shop, package: Package, order: Order) -> None:
    """Cancelled lines leave a package in which others stay, and so does an order without others; else it is cancelled."""
    staying = [line for line in lines_of(shop, package) if line.status != "CANCELLED"]
    if not staying:
        package.moved(shop.now, "CANCELLED", "CANCELLED")
        return
    if len(staying) == len(package.line_ids):
        return
    package.line_ids = [line.id for line in staying]
    package.weight_grams = sum(line.item.weight_grams for line in staying)
    package.update_time = shop.now
    for line in order.lines:
        if line.package_id == package.id and line.status == "CANCELLED":
            line.package_id = ""
    if not any(line.package_id == package.id for line in order.lines):
        package.order_ids.remove(order.id)
        order.package_ids.remove(package.id)


def request_cancel(shop: Shop, order: Order) -> None:
    """The buyer asks to cancel: packages of the order are blocked until the seller answers."""
    order.is_buyer_request_cancel, order.request_cancel_time = True, shop.now
    order.update_time = shop.now


def withdraw_cancel(shop: Shop, order: Order) -> None:
    """The request to cancel is off the table (refused, or withdrawn); the seller goes on where the plan was waiting."""
    order.is_buyer_request_cancel = False
    order.update_time = shop.now
    if order.status in TO_SHIP:
        shop.after(2 * HOUR, lambda now: seller_arranges(shop, order))


def change_address(shop: Shop, order: Order, street: str) -> None:
    order.street, order.has_updated_recipient_address, order.update_time = street, True, shop.now
    shop.emit(WEBHOOK_ADDRESS, {"order_id": order.id, "update_time": shop.now})


def _change_mind(shop: Shop, order: Order) -> None:
    if order.status == "ON_HOLD":
        cancel(shop, order, reason="Need to change payment method", initiator="BUYER")


def _not_paid(shop: Shop, order: Order) -> None:
    if order.status == "UNPAID":
        cancel(shop, order, reason="Order was not paid in time", initiator="SYSTEM")


def _not_arranged(shop: Shop, order: Order) -> None:
    if order.status in TO_SHIP:
        order.late = True
        _cancel_those(shop, order, "AWAITING_SHIPMENT", "Seller did not ship in time")


def _not_collected(shop: Shop, order: Order) -> None:
    if order.status == "AWAITING_COLLECTION":
        order.late = True
        _cancel_those(shop, order, "AWAITING_COLLECTION", "Package was not handed over in time")


def _not_delivered(shop: Shop, order: Order) -> None:
    if order.status == "IN_TRANSIT":
        _cancel_those(shop, order, "IN_TRANSIT", "Package lost")


def _cancel_those(shop: Shop, order: Order, status: str, reason: str) -> None:
    """The platform cancels the lines that got no further; what the carrier has, or the buyer, goes its way."""
    cancel(shop, order, reason=reason, initiator="SYSTEM", lines=[line for line in order.lines if line.status == status])


def _set_lines(lines: Iterable[Line], status: str) -> None:
    for line in lines:
        line.status = status


def _all_lines(order: Order, *statuses: str) -> bool:
    return all(line.status in statuses for line in order.open_lines())


def _move(shop: Shop, order: Order, status: str) -> None:
    """Set the status and tell the outside. Webhook 1 says CANCEL where the API says CANCELLED."""
    order.status, order.update_time = status, shop.now
    shop.emit(
        WEBHOOK_ORDER,
        {
            "order_id": order.id,
            "order_status": "CANCEL" if status == "CANCELLED" else status,
            "is_on_hold_order": shop.market.holds,
            "update_time": shop.now,
        },
    )
