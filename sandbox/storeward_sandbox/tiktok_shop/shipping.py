"""Arranging packages for shipping, one or many, and why the platform refuses."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from storeward_sandbox.clock import DAY, Instant

from .call import Call, as_object
from .errors import ApiError, bad_parameter
from .orders import Order, arrange, orders_of
from .packages import Package
from .places import Carrier, Places
from .shop import Shop

MOST_ORDERS_PER_TRACKING_NUMBER = 20
SLOT_HOURS = ((9, 12), (14, 18))
SLOT_DAYS = 3
_TRACKING_NUMBER = re.compile(r"[A-Za-z0-9-]{4,50}")


@dataclass(frozen=True)
class Slot:
    """A time in which the carrier comes; `available` is false where it is full or over."""

    start_time: Instant
    end_time: Instant
    available: bool


def package_of(call: Call, package_id: str) -> Package:
    """The shop's package. Refused where there is none, or it is another shop's."""
    package = call.shop.packages.get(package_id)
    if package is None:
        raise ApiError(21011028, "The package does not belong to the current shop.")
    return package


def pickup_slots(shop: Shop) -> list[Slot]:
    """Two a day for three days from today, in the shop's own zone."""
    today = datetime.fromtimestamp(shop.now, shop.market.tz).date()
    slots = []
    for day in (today + timedelta(days=ahead) for ahead in range(SLOT_DAYS)):
        for start, end in SLOT_HOURS:
            first = int(datetime.combine(day, time(start), shop.market.tz).timestamp())
            slots.append(Slot(first, first + (end - start) * 3600, first > shop.now))
    return slots


def ship(shop: Shop, package: Package, wish: dict[str, Any], *, already_code: int = 21011020) -> None:
    """Arrange one package as wished (handover_method, pickup_slot, self_shipment). Raises ApiError and changes nothing."""
    may_ship(shop, package, already_code=already_code)
    if package.shipping_type == "SELLER":
        number, carrier = own_shipment(shop, package, wish.get("self_shipment"))
        arrange(shop, package, carrier_id=carrier.id, carrier_name=carrier.name, tracking_number=number, handover="")
        return
    handover = wish.get("handover_method") or "PICKUP"
    if handover not in ("PICKUP", "DROP_OFF"):
        raise bad_parameter("Request body handover_method must be one of PICKUP, DROP_OFF")
    package.pickup_slot = _slot(shop, wish.get("pickup_slot")) if handover == "PICKUP" else None
    carrier = shop.chance("carriers").choice(shop.part(Places).option("TIKTOK").carriers)
    arrange(shop, package, carrier_id=carrier.id, carrier_name=carrier.name, handover=handover)


def may_ship(shop: Shop, package: Package, *, already_code: int = 21011020) -> None:
    """Raises ApiError where the package cannot be arranged now."""
    orders = orders_of(shop, package)
    if any(order.by_platform for order in orders):
        raise ApiError(21008025, "Seller cannot operate orders which are fulfilled by platform")
    if package.status == "CANCELLED" or all(order.status == "CANCELLED" for order in orders):
        raise ApiError(21011041, "Cannot complete the operation when order is cancelled.")
    if package.status == "COMPLETED":
        raise ApiError(21011027, "Package has already been delivered.")
    if package.status != "TO_FULFILL":
        raise ApiError(already_code, "Package has been shipped. Please not ship the package again.")
    for order in orders:
        order_may_ship(order)


def order_may_ship(order: Order) -> None:
    """Raises ApiError where the order's state keeps its packages back."""
    if order.status in ("UNPAID", "ON_HOLD"):
        raise ApiError(21011003, "fulfill_unit action not allowed")
    if order.is_buyer_request_cancel:
        raise ApiError(21011007, "Package item has after-sale request, please process the after-sale request first.")


def own_shipment(shop: Shop, package: Package, given: Any) -> tuple[str, Carrier]:
    """Tracking number and carrier of a shipment of the seller's own. Raises ApiError where either is wrong."""
    number, carrier = valid_tracking(shop, given if isinstance(given, dict) else {})
    others = [other for other in shop.packages.values() if other is not package and other.tracking_number == number]
    buyer = orders_of(shop, package)[0].buyer
    if any(orders_of(shop, other)[0].buyer is not buyer for other in others):
        raise ApiError(21011025, "Duplicate tracking number.")
    if sum(len(other.order_ids) for other in others) >= MOST_ORDERS_PER_TRACKING_NUMBER:
        raise ApiError(21011026, "fulfillment tracking no used times over limit.")
    return number, carrier


def valid_tracking(shop: Shop, given: dict[str, Any]) -> tuple[str, Carrier]:
    """The tracking number and the carrier that were given, if they can be right."""
    number = given.get("tracking_number")
    carrier = shop.part(Places).carrier(str(given.get("shipping_provider_id", "")))
    if not isinstance(number, str) or not _TRACKING_NUMBER.fullmatch(number) or carrier is None:
        raise ApiError(21011022, "Invalid tracking number or provider ID. Please double check and try again.")
    return number, carrier


def _slot(shop: Shop, given: Any) -> tuple[Instant, Instant] | None:
    """The slot that was wished, or the first free one; refused where it is not among those offered."""
    free = [slot for slot in pickup_slots(shop) if slot.available]
    wish = as_object(given, "pickup_slot")
    if not wish:
        return (free[0].start_time, free[0].end_time) if free else None
    for slot in free:
        if (slot.start_time, slot.end_time) == (wish.get("start_time"), wish.get("end_time")):
            return slot.start_time, slot.end_time
    raise ApiError(21011053, "Fail to ship package because the shipment time is outside of the pick-up time slot.")


def correct_tracking(shop: Shop, package: Package, given: dict[str, Any]) -> None:
    """A new number or carrier for a package of the seller's own carrier. Raises ApiError where the platform would."""
    if package.shipping_type != "SELLER":
        raise ApiError(
            21011004,
            "This API cannot be used to update package shipping information for packages that are not shipped by sellers.",
        )
    if package.status == "CANCELLED":
        raise ApiError(21011042, "Cannot complete the operation when order is cancelled.")
    if package.status == "TO_FULFILL":
        raise ApiError(21011043, "The package has not been shipped yet.")
    if package.status == "COMPLETED":
        raise ApiError(21011030, "Package has already been delivered.")
    if package.corrections:
        raise ApiError(21011051, "The tracking number can only be updated once.")
    if shop.now - package.arranged_at > 3 * DAY:
        raise ApiError(21011050, "The tracking number can only be updated within a certain number of hours.")
    package.tracking_number, carrier = own_shipment(shop, package, given)
    package.carrier_id, package.carrier_name = carrier.id, carrier.name
    package.corrections += 1
    package.update_time = shop.now
