"""How parcels may leave a shop: addresses, pickup slots, what a channel needs to know, and what a client said."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from storeward_sandbox.clock import HOUR, Instant
from storeward_sandbox.countries import is_working_day, local_day, start_of_day

from . import packages
from .call import Json, field_number, field_text
from .errors import ApiError
from .markets import Channel
from .orders import Order, parcels
from .packages import Package
from .shop import Shop

PICKUP, DROPOFF, OWN = "pickup", "dropoff", "non_integrated"
METHODS = (PICKUP, DROPOFF, OWN)
SLOTS = 3
LONGEST_TRACKING = 30


@dataclass(frozen=True)
class Address:
    id: int
    street: str
    city: str
    state: str
    zipcode: str
    kinds: tuple[str, ...]


def addresses(shop: Shop) -> list[Address]:
    """The seller's two addresses; the first is for pickups and returns."""
    market = shop.market
    kinds = (("DEFAULT_ADDRESS", "PICK_UP_ADDRESS", "RETURN_ADDRESS"), ())
    found = []
    for number, kind in enumerate(kinds):
        city, zipcode, state = market.cities[number % len(market.cities)]
        street = market.streets[number % len(market.streets)]
        found.append(Address(200_000_000 + 10 * shop.number + number, street, city, state, zipcode, kind))
    return found


def channel_of(shop: Shop, package: Package) -> Channel:
    return next(one for one in shop.market.channels if one.id == package.channel_id)


def needed(shop: Shop, channel: Channel) -> dict[str, list[str]]:
    """What each method asks for. A key with an empty list is a method that asks for nothing."""
    if not channel.integrated:
        return {OWN: ["tracking_number"]}
    if shop.region == "TW":
        return {DROPOFF: ["sender_real_name"]}
    return {DROPOFF: [], PICKUP: ["address_id", "pickup_time_id"]}


def slots(shop: Shop, now: Instant) -> list[dict[str, Any]]:
    """The next days on which a courier comes."""
    market, day = shop.market, local_day(shop.market, now + 2 * HOUR)
    found: list[dict[str, Any]] = []
    while len(found) < SLOTS:
        if is_working_day(market, day):
            start = start_of_day(market, day)
            flags = ["recommended"] if not found else []
            found.append({"date": start, "time_text": "", "pickup_time_id": f"{start}_1", "flags": flags})
        day += timedelta(days=1)
    return found


def parameters(shop: Shop, channel: Channel, now: Instant) -> Json:
    """The answer of get_shipping_parameter: what is needed, and what there is to choose from; null where there is nothing."""
    wants = needed(shop, channel)
    found: Json = {"info_needed": wants, "dropoff": None, "pickup": None}
    if DROPOFF in wants:
        found["dropoff"] = {"branch_list": None}
    if PICKUP in wants:
        times = slots(shop, now)
        found["pickup"] = {"address_list": [_pickup_address(shop, one, times) for one in addresses(shop)]}
    return found


def _pickup_address(shop: Shop, address: Address, times: list[dict[str, Any]]) -> Json:
    flags = ["default_address", "pickup_address", "return_address"] if address.kinds else []
    return {
        "address_id": address.id,
        "region": shop.region,
        "state": address.state,
        "city": address.city,
        "district": "",
        "town": "",
        "address": address.street,
        "zipcode": address.zipcode,
        "address_flag": flags,
        "time_slot_list": times,
    }


@dataclass(frozen=True)
class Wish:
    """How a client wants a parcel shipped."""

    method: str
    tracking_number: str = ""
    address_id: int = 0
    pickup_time_id: str = ""


def wish_of(shop: Shop, channel: Channel, body: Json, now: Instant) -> Wish:
    """What the client said, held against what the channel needs. Raises ApiError in the platform's words."""
    named = [method for method in METHODS if isinstance(body.get(method), dict)]
    if len(named) > 1:
        raise ApiError("logistics.ship_order_only_support_one_type", "Only one shipping method can be given.")
    wants = needed(shop, channel)
    method = named[0] if named else ""
    if method not in wants:
        word = method or next(iter(wants))
        raise ApiError(f"logistics.ship_order_unsupport_{word}", f"The channel asks for {' or '.join(wants)}.")
    given: Json = body[method]
    if method == PICKUP:
        return _pickup_wish(shop, given, now)
    if method == DROPOFF:
        if wants[DROPOFF] and not given.get("sender_real_name"):
            raise ApiError("logistics.ship_order_need_sender_real_name", "sender_real_name is required.")
        return Wish(DROPOFF)
    tracking = field_text(given, "tracking_number", "")
    if not tracking:
        raise ApiError("logistics.ship_order_need_tracking_number", "tracking_number is required.")
    if len(tracking) > LONGEST_TRACKING:
        raise ApiError("logistics.ship_order_long_tracking_number", "tracking_number is too long.")
    return Wish(OWN, tracking)


def _pickup_wish(shop: Shop, given: Json, now: Instant) -> Wish:
    if given.get("address_id") in (None, "", 0) or not given.get("pickup_time_id"):
        raise ApiError("logistics.ship_order_need_address_pickup_time", "address_id and pickup_time_id are required.")
    address_id, slot = field_number(given, "address_id"), field_text(given, "pickup_time_id")
    if address_id not in [one.id for one in addresses(shop)]:
        raise ApiError("logistics.address_not_found", "The address is not found.")
    if slot not in [one["pickup_time_id"] for one in slots(shop, now)]:
        raise ApiError("logistics.ship_order_pickup_time_invalid", "The pickup time is not offered any more.")
    return Wish(PICKUP, address_id=address_id, pickup_time_id=slot)


def package_to_ship(shop: Shop, order: Order, number: str) -> Package:
    """The package that a client means: by number where the order is split, without one where it is not."""
    if order.split and not number:
        raise ApiError("logistics.ship_order_need_pacakge_number", "The order is split, package_number is required.")
    if not order.split and number:
        raise ApiError("logistics.ship_order_not_need_pacakge_number", "The order is not split, do not send package_number.")
    return named_package(shop, order, number)


def named_package(shop: Shop, order: Order, number: str) -> Package:
    """The named package of the order, or its first one."""
    found = parcels(shop, order)
    if not found:
        raise ApiError("logistics.package_not_exist", "The order has no package yet.")
    if not number:
        return found[0]
    chosen = next((one for one in found if one.number == number), None)
    if chosen is None:
        raise ApiError("logistics.package_number_not_exist", "The package is not found.")
    return chosen


def check_ready(order: Order, package: Package) -> None:
    """Raises ApiError where the package cannot be arranged now."""
    if order.fulfilled_by_shopee:
        raise ApiError("error_permission", "Orders fulfilled by Shopee are not shipped by the seller.")
    if package.arranging_until or package.status in (packages.CREATED, packages.PICKED, packages.DELIVERED):
        raise ApiError("logistics.package_already_shipped", "The package has been arranged already.")
    if order.status not in ("READY_TO_SHIP", "RETRY_SHIP") or package.status not in packages.TO_ARRANGE:
        raise ApiError("logistics.ship_order_not_ready_to_ship", f"The order is {order.status}, not ready to ship.")
