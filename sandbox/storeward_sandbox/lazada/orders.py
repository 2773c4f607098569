"""An order and the moves of its pieces. An order has no status of its own: every piece has.

unpaid -> pending -> packed -> ready_to_ship_pending -> ready_to_ship -> shipped -> delivered -> confirmed; repacked on the way
back to packing; canceled up to ready_to_ship; failed_delivery -> shipped_back -> shipped_back_success; lost_by_3pl;
damaged_by_3pl; returned. Each move stamps its time, tells pushes 0 and 14 and the parts of the store's life that listen.
A move that no longer fits does nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from storeward_sandbox.clock import DAY, HOUR, MINUTE, Instant
from storeward_sandbox.countries import end_of_day, end_of_working_day, local_day

from . import pushes
from .buyers import Buyer
from .catalogue import Product, Sku
from .packages import Package, TraceEvent
from .shop import Shop, tell

UNPAID_SECONDS = 30 * MINUTE
RTS_SECONDS = 60
"""So long the gateway takes from ready_to_ship_pending to ready_to_ship."""
TO_PACK = ("pending", "repacked")
BEFORE_CARRIER = ("unpaid", "pending", "repacked", "packed", "ready_to_ship_pending", "ready_to_ship")
CANCELLABLE = BEFORE_CARRIER[1:]
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Plan:
    """What buyer, seller and carrier mean to do, in seconds after the step before. None: never.

    `pays` after placing, `asks_out` (the buyer wants to cancel) after paying, `packs` after paying, `readies` after packing,
    `scans` after that, `ends` (delivered, or whatever `outcome` says) after the scan, `confirms` after delivery.
    """

    pays: int | None = 5 * MINUTE
    asks_out: int | None = None
    packs: int | None = 16 * HOUR
    readies: int = 2 * HOUR
    scans: int | None = 9 * HOUR
    ends: int = 60 * HOUR
    outcome: str = "delivered"
    confirms: int | None = 72 * HOUR


@dataclass(eq=False)
class Line:
    """One piece. `price` is the unit price at the time; vouchers and shipping are this piece's share."""

    id: str
    product: Product
    sku: Sku
    price: Decimal
    voucher_seller: Decimal
    voucher_platform: Decimal
    shipping: Decimal
    warehouse: str = ""
    status: str = "unpaid"
    updated: Instant = 0
    package_id: str = ""
    tracking_number: str = ""
    carrier: str = ""
    invoice_number: str = ""
    ready_at: Instant = 0
    shipped_at: Instant = 0
    delivered_at: Instant = 0
    reason: str = ""
    initiator: str = "null-null"
    cancel_trigger: Instant = 0
    cancel_pending: bool = False
    reverse_order_id: str = ""
    reverse_line_id: str = ""
    return_status: str = ""
    by_seller: bool = False

    @property
    def paid_price(self) -> Decimal:
        return self.price - self.voucher_seller - self.voucher_platform

    @property
    def wants_out(self) -> bool:
        """A buyer's wish to cancel waits for the seller."""
        return self.cancel_trigger > 0


@dataclass(eq=False)
class Order:
    id: str
    buyer: Buyer
    plan: Plan
    lines: list[Line]
    created: Instant
    payment_method: str
    shipping_original: Decimal
    shipping_discount: Decimal
    flag: str = "NORMAL"
    note: str = ""
    by_platform: bool = False
    own_fleet: bool = False
    digital: bool = False
    updated: Instant = 0
    paid_at: Instant = 0
    sla: Instant = 0
    cancel_at: Instant = 0
    hand_over_at: Instant = 0

    @property
    def statuses(self) -> list[str]:
        """The distinct words of its pieces, sorted."""
        return sorted({line.status for line in self.lines})

    @property
    def price(self) -> Decimal:
        return sum((line.price for line in self.lines), NOTHING)

    @property
    def voucher_seller(self) -> Decimal:
        return sum((line.voucher_seller for line in self.lines), NOTHING)

    @property
    def voucher_platform(self) -> Decimal:
        return sum((line.voucher_platform for line in self.lines), NOTHING)

    @property
    def shipping_fee(self) -> Decimal:
        return self.shipping_original - self.shipping_discount

    def line(self, line_id: str) -> Line | None:
        return next((line for line in self.lines if line.id == line_id), None)

    def in_states(self, states: Iterable[str]) -> list[Line]:
        return [line for line in self.lines if line.status in states]


def move(shop: Shop, order: Order, lines: Sequence[Line], status: str) -> None:
    """Every push 0 is about one piece."""
    order.updated = shop.now
    for line in lines:
        line.status, line.updated = status, shop.now
        data = {
            "order_status": status,
            "trade_order_id": order.id,
            "trade_order_line_id": line.id,
            "status_update_time": shop.now,
            "buyer_id": order.buyer.user_id,
        }
        if line.reverse_order_id and status in ("canceled", "returned"):
            data |= {"reverse_order_id": line.reverse_order_id, "reverse_order_line_id": line.reverse_line_id}
        shop.emit(pushes.ORDER, data)


def tell_parcel(shop: Shop, package: Package, status: str) -> None:
    """Push 14."""
    shop.emit(
        pushes.PARCEL,
        {
            "trade_order_id": package.order.id,
            "buyer_id": package.order.buyer.user_id,
            "fulfillment_package_id": package.id,
            "status": status,
            "status_update_time": shop.now,
        },
    )


# --- until it is paid -------------------------------------------------------------------------------------------------


def place(shop: Shop, order: Order) -> None:
    """The buyer has ordered; `order.created` is now. The stock is held for half an hour."""
    shop.orders[order.id] = order
    move(shop, order, order.lines, "unpaid")
    tell("order_placed", shop, order)
    if order.plan.pays is not None:
        shop.after(order.plan.pays, lambda now: pay(shop, order))
    shop.after(UNPAID_SECONDS, lambda now: _expire(shop, order))


def _expire(shop: Shop, order: Order) -> None:
    unpaid = order.in_states(("unpaid",))
    if unpaid:
        cancel(shop, order, unpaid, "Payment not received in time", "system-cancel")


def pay(shop: Shop, order: Order) -> None:
    """Paid, or accepted where cash is paid at the door: the seller's clock starts."""
    if not order.in_states(("unpaid",)):
        return
    country, days = shop.site.country, 3 if shop.cross_border else 2
    order.paid_at = shop.now
    order.cancel_at = end_of_working_day(country, order.created, days)
    order.hand_over_at = end_of_working_day(country, order.created, days + 2)
    order.sla = order.cancel_at
    if order.flag != "NORMAL":
        order.sla = end_of_day(country, local_day(country, order.created) + timedelta(days=1))
    move(shop, order, order.in_states(("unpaid",)), "pending")
    tell("order_paid", shop, order)
    shop.at(order.cancel_at + 1, lambda now: _not_ready_in_time(shop, order))
    shop.at(order.hand_over_at + 1, lambda now: _not_handed_over(shop, order))
    if order.plan.packs is not None:
        shop.after(order.plan.packs, lambda now: seller_packs(shop, order))


def _not_ready_in_time(shop: Shop, order: Order) -> None:
    """The platform cancels what is not ready to ship by its deadline; the seller's fault."""
    late = order.in_states(("pending", "repacked", "packed"))
    if late and not order.by_platform:
        cancel(shop, order, late, "Not ready to ship in time", "system-cancel", by_seller=True)


def _not_handed_over(shop: Shop, order: Order) -> None:
    late = order.in_states(("ready_to_ship_pending", "ready_to_ship"))
    if late and not order.own_fleet:
        cancel(shop, order, late, "Not handed over in time", "system-cancel", by_seller=True)


def cancel(
    shop: Shop, order: Order, lines: Sequence[Line], reason: str, initiator: str, *, by_seller: bool = False
) -> list[Line]:
    """Cancel pieces that the carrier does not have yet, and with one piece of a parcel all of it; which ones those were."""
    ids = {line.package_id for line in lines if line.package_id}
    gone = [line for line in order.in_states(BEFORE_CARRIER) if line in lines or line.package_id in ids]
    if not gone:
        return []
    before = {line.id: line.status for line in gone}
    for line in gone:
        line.reason, line.initiator, line.by_seller = reason, initiator, by_seller
        line.cancel_trigger, line.cancel_pending = 0, False
    for package_id in ids:
        package = shop.packages[package_id]
        package.status = "cancelled"
        tell_parcel(shop, package, "CANCELLED")
    move(shop, order, gone, "canceled")
    tell("lines_cancelled", shop, order, gone, before)
    return gone


# --- the seller's part ------------------------------------------------------------------------------------------------


def seller_packs(shop: Shop, order: Order) -> None:
    """The scripted seller (or the platform's warehouse) packs what is left, unless somebody else has or a buyer wants out."""
    lines = [line for line in order.in_states(TO_PACK) if not line.wants_out]
    if not lines or not (order.by_platform or shop.seller_works()):
        return
    if order.digital:
        deliver_digital(shop, order, lines)
        return
    packages = pack(shop, order, lines)
    shop.after(order.plan.readies, lambda now: _seller_readies(shop, packages))


def _seller_readies(shop: Shop, packages: Sequence[Package]) -> None:
    for package in packages:
        if package.status == "packed" and (package.order.by_platform or shop.seller_works()):
            ready(shop, package)


def pack(shop: Shop, order: Order, lines: Sequence[Line]) -> list[Package]:
    """Parcels for these pieces: one for each warehouse."""
    packages = []
    for warehouse in dict.fromkeys(line.warehouse for line in lines):
        packages.append(_parcel(shop, order, [line for line in lines if line.warehouse == warehouse]))
    return packages


def _parcel(shop: Shop, order: Order, lines: Sequence[Line]) -> Package:
    carrier = "Seller Own Fleet" if order.own_fleet else shop.site.carrier
    tracking = "" if order.own_fleet else f"LEXDO{shop.ids.new('tracking')}"
    package = Package(
        f"FP{shop.ids.new('package')}", order, [line.id for line in lines], tracking, carrier, order.own_fleet, shop.now
    )
    shop.packages[package.id] = package
    for line in lines:
        line.package_id, line.tracking_number, line.carrier = package.id, tracking, carrier
    move(shop, order, lines, "packed")
    return package


def lines_of(package: Package) -> list[Line]:
    return [line for line in package.order.lines if line.id in package.line_ids]


def repack(shop: Shop, package: Package) -> None:
    """Dissolve a parcel that is not ready yet: its pieces can be packed anew."""
    lines = lines_of(package)
    package.status = "cancelled"
    for line in lines:
        line.package_id = line.tracking_number = line.carrier = ""
    move(shop, package.order, lines, "repacked")
    tell_parcel(shop, package, "CANCELLED")


def ready(shop: Shop, package: Package) -> None:
    """Ready to ship: the gateway takes a minute, then waits for the carrier."""
    lines = lines_of(package)
    package.status = "ready_to_ship"
    for line in lines:
        line.ready_at = shop.now
    move(shop, package.order, lines, "ready_to_ship_pending")
    package.trace.append(
        TraceEvent(shop.now, "ready_to", "1200", "Packed by seller / warehouse", "Packed, waiting for the carrier.")
    )
    tell_parcel(shop, package, "READY_TO_SHIP_PENDING")
    tell("lines_ready", shop, package.order, lines)
    shop.after(RTS_SECONDS, lambda now: _is_ready(shop, package))


def _is_ready(shop: Shop, package: Package) -> None:
    lines = [line for line in lines_of(package) if line.status == "ready_to_ship_pending"]
    if not lines:
        return
    move(shop, package.order, lines, "ready_to_ship")
    tell_parcel(shop, package, "READY_TO_SHIP")
    if package.order.plan.scans is not None and not package.own_fleet:
        shop.after(package.order.plan.scans, lambda now: scan(shop, package))
    if package.own_fleet and package.order.plan.scans is not None:
        shop.after(package.order.plan.ends, lambda now: _own_fleet_delivers(shop, package))


def _own_fleet_delivers(shop: Shop, package: Package) -> None:
    if shop.seller_works():
        deliver(shop, package)


# --- the carrier's part -----------------------------------------------------------------------------------------------


def scan(shop: Shop, package: Package) -> None:
    """The carrier has it."""
    lines = [line for line in lines_of(package) if line.status == "ready_to_ship"]
    if not lines:
        return
    package.status = "shipped"
    for line in lines:
        line.shipped_at = shop.now
    move(shop, package.order, lines, "shipped")
    city = shop.site.country.cities[0][0]
    package.trace.append(TraceEvent(shop.now, "shipped", "1300", "Picked up", "Picked up.", f"{city} hub"))
    tell_parcel(shop, package, "TRANSIT_TO_SHIP")
    tell("lines_shipped", shop, package.order, lines)
    ending: dict[str, Callable[[Shop, Package], None]] = {
        "delivered": deliver,
        "failed": fail,
        "lost": lambda shop, package: lose(shop, package, "lost_by_3pl", "LOST_BY_3PL"),
        "damaged": lambda shop, package: lose(shop, package, "damaged_by_3pl", "DAMAGE_BY_3PL"),
    }
    shop.after(package.order.plan.ends, lambda now: ending[package.order.plan.outcome](shop, package))


def deliver(shop: Shop, package: Package) -> None:
    """At the buyer's door; own fleets report it themselves, straight from ready_to_ship."""
    lines = [line for line in lines_of(package) if line.status in ("shipped", "ready_to_ship")]
    if not lines:
        return
    order, package.status = package.order, "delivered"
    for line in lines:
        line.delivered_at = shop.now
    move(shop, order, lines, "delivered")
    package.trace.append(TraceEvent(shop.now, "delivered", "1500", "Delivered", "Delivered to the buyer.", order.buyer.city))
    tell_parcel(shop, package, "DELIVERED")
    tell("lines_delivered", shop, order, lines)
    if order.plan.confirms is not None:
        shop.after(order.plan.confirms, lambda now: _confirm(shop, order, lines))


def deliver_digital(shop: Shop, order: Order, lines: Sequence[Line]) -> None:
    """Digital goods skip packing."""
    for line in lines:
        line.delivered_at = line.ready_at = line.shipped_at = shop.now
    move(shop, order, lines, "delivered")
    tell("lines_ready", shop, order, lines)
    tell("lines_delivered", shop, order, lines)
    if order.plan.confirms is not None:
        shop.after(order.plan.confirms, lambda now: _confirm(shop, order, lines))


def _confirm(shop: Shop, order: Order, lines: Sequence[Line]) -> None:
    kept = [line for line in lines if line.status == "delivered"]
    if kept:
        move(shop, order, kept, "confirmed")
        tell("order_confirmed", shop, order)


def fail(shop: Shop, package: Package) -> None:
    """Nobody took it: it goes back to the seller."""
    lines = [line for line in lines_of(package) if line.status in ("shipped", "ready_to_ship")]
    if not lines:
        return
    move(shop, package.order, lines, "failed_delivery")
    package.trace.append(TraceEvent(shop.now, "failed", "1600", "Delivery failed", "The buyer could not be reached."))
    tell_parcel(shop, package, "DELIVER_FAILED")
    shop.after(12 * HOUR, lambda now: _turn_back(shop, package, lines))


def _turn_back(shop: Shop, package: Package, lines: Sequence[Line]) -> None:
    move(shop, package.order, lines, "shipped_back")
    package.status = "back"
    tell_parcel(shop, package, "ON_THE_WAY_BACK_TO_SHIPPER")
    shop.after(3 * DAY, lambda now: _is_back(shop, package, lines))


def _is_back(shop: Shop, package: Package, lines: Sequence[Line]) -> None:
    move(shop, package.order, lines, "shipped_back_success")
    tell("lines_back", shop, package.order, lines)


def lose(shop: Shop, package: Package, status: str, told: str) -> None:
    """The carrier lost or broke it."""
    lines = [line for line in lines_of(package) if line.status == "shipped"]
    if lines:
        move(shop, package.order, lines, status)
        tell_parcel(shop, package, told)
        tell("lines_lost", shop, package.order, lines)
