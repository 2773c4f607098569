"""/logistics: shipping one package or many, tracking, channels and addresses."""

from typing import Any

from . import packages
from .call import Call, Json, field_text, field_values
from .errors import ApiError
from .markets import Channel
from .orders import arrange
from .orders_api import order_of
from .packages import Package
from .registry import Payload, operation
from .shipping import (
    Wish,
    addresses,
    channel_of,
    check_ready,
    named_package,
    package_to_ship,
    parameters,
    wish_of,
)
from .shop import Shop

MOST = 50
OTHER_CHANNEL = "Package is not under the specified fulfilment channel"


@operation("logistics.get_shipping_parameter", "GET")
def get_shipping_parameter(call: Call) -> Payload:
    order = order_of(call.shop, call.need("order_sn"))
    package = package_to_ship(call.shop, order, call.text("package_number"))
    if package.status not in packages.TO_ARRANGE or order.status not in ("READY_TO_SHIP", "RETRY_SHIP"):
        raise ApiError("error_param", "Shipping parameters are only offered when package is ready to be shipped.")
    return parameters(call.shop, channel_of(call.shop, package), call.now)


@operation("logistics.ship_order", "POST")
def ship_order(call: Call) -> Payload:
    order = order_of(call.shop, call.given_text("order_sn"))
    package = package_to_ship(call.shop, order, call.body_text("package_number"))
    check_ready(order, package)
    _ship(call.shop, package, wish_of(call.shop, channel_of(call.shop, package), call.body, call.now))
    return None


def _ship(shop: Shop, package: Package, wish: Wish) -> None:
    package.address_id, package.pickup_time_id = wish.address_id, wish.pickup_time_id
    arrange(shop, package, method=wish.method, tracking_number=wish.tracking_number, machine_wait=True)


@operation("logistics.update_shipping_order", "POST")
def update_shipping_order(call: Call) -> Payload:
    """Another pickup for a parcel whose first one failed."""
    order = order_of(call.shop, call.given_text("order_sn"))
    package = named_package(call.shop, order, call.body_text("package_number"))
    wish = wish_of(call.shop, channel_of(call.shop, package), {"pickup": call.given("pickup")}, call.now)
    if package.status != packages.RETRY or package.arranging_until:
        raise ApiError("logistics.error_param", "Only a failed pickup can be arranged anew.")
    _ship(call.shop, package, wish)
    return None


# --- many at once -----------------------------------------------------------------------------------------------------


def _numbers(call: Call) -> list[str]:
    return [field_text(row, "package_number") for row in call.rows("package_list", MOST)]


def _channel_asked(call: Call, found: list[Package]) -> Channel:
    """The channel that is named, or that of the first package."""
    wanted = call.body_number("logistics_channel_id") or (found[0].channel_id if found else 0)
    channel = next((one for one in call.shop.market.channels if one.id == wanted), None)
    if channel is None:
        raise ApiError("logistics.error_param", "The logistics channel is not found.")
    return channel


def _sorted_out(call: Call, numbers: list[str]) -> tuple[Channel, list[Package], list[Json]]:
    """The packages that can be arranged together, and why the others cannot."""
    shop = call.shop
    known = [shop.packages[number] for number in numbers if number in shop.packages]
    channel = _channel_asked(call, known)
    good: list[Package] = []
    bad: list[Json] = []
    for number in numbers:
        reason = _reason(shop, shop.packages.get(number), channel)
        if reason:
            bad.append({"package_number": number, "fail_reason": reason})
        else:
            good.append(shop.packages[number])
    return channel, good, bad


def _reason(shop: Shop, package: Package | None, channel: Channel) -> str:
    """Why a package cannot be arranged with the others; "" where it can."""
    if package is None:
        return "Package does not exist"
    if package.channel_id != channel.id:
        return OTHER_CHANNEL
    try:
        check_ready(shop.orders[package.order_sn], package)
    except ApiError as refusal:
        return refusal.message
    return ""


@operation("logistics.get_mass_shipping_parameter", "POST")
def get_mass_shipping_parameter(call: Call) -> Payload:
    channel, good, bad = _sorted_out(call, _numbers(call))
    found = parameters(call.shop, channel, call.now)
    return {**found, "success_list": [{"package_number": one.number} for one in good], "fail_list": bad}


@operation("logistics.mass_ship_order", "POST")
def mass_ship_order(call: Call) -> Payload:
    """Each package for itself: some may fail while the others are arranged."""
    channel, good, bad = _sorted_out(call, _numbers(call))
    if not channel.integrated:
        shipped = _ship_own(call, good, bad)
    else:
        wish = wish_of(call.shop, channel, call.body, call.now)
        shipped = good
        for package in good:
            _ship(call.shop, package, wish)
    return {"success_list": [{"package_number": one.number} for one in shipped], "fail_list": bad}


def _ship_own(call: Call, good: list[Package], bad: list[Json]) -> list[Package]:
    """Own carriers: each package needs a tracking number of its own."""
    rows = field_values(call.body_object("non_integrated"), "tracking_number")
    by_number = {field_text(row, "package_number"): field_text(row, "tracking_number") for row in rows if isinstance(row, dict)}
    shipped = []
    for package in good:
        if package.number not in by_number:
            bad.append({"package_number": package.number, "fail_reason": "tracking_number is required"})
            continue
        _ship(call.shop, package, Wish("non_integrated", by_number[package.number]))
        shipped.append(package)
    return shipped


@operation("logistics.batch_ship_order", "POST")
def batch_ship_order(call: Call) -> Payload:
    """The older call: by orders; the real reasons stand in the rows where all of them failed."""
    results = [_batch_row(call, row) for row in call.rows("order_list", MOST)]
    failed = [row for row in results if "fail_error" in row]
    if len(failed) == len(results):
        raise ApiError("common.batch_api_all_failed", "All orders failed, see result_list.", response={"result_list": results})
    if failed:
        call.warning = [{"order_sn": row["order_sn"]} for row in failed]
    return {"result_list": results}


def _batch_row(call: Call, row: Json) -> Json:
    sn, number = field_text(row, "order_sn"), field_text(row, "package_number", "")
    found = {"order_sn": sn} | ({"package_number": number} if number else {})
    try:
        order = order_of(call.shop, sn)
        package = package_to_ship(call.shop, order, number)
        check_ready(order, package)
        _ship(call.shop, package, wish_of(call.shop, channel_of(call.shop, package), call.body, call.now))
    except ApiError as refusal:
        return {**found, "fail_error": refusal.error, "fail_message": refusal.message}
    return found


# --- tracking ---------------------------------------------------------------------------------------------------------


@operation("logistics.get_tracking_number", "GET")
def get_tracking_number(call: Call) -> Payload:
    order = order_of(call.shop, call.need("order_sn"))
    package = named_package(call.shop, order, call.text("package_number"))
    return _tracking_number(call.listed("response_optional_fields", 10, required=False), package)


def _tracking_number(wanted: list[str], package: Package) -> Json:
    found: Json = {"tracking_number": package.tracking_number, "hint": ""}
    if not package.tracking_number:
        found["hint"] = "The tracking number is being generated, please try again later."
    if "first_mile_tracking_number" in wanted:
        found["first_mile_tracking_number"] = ""
    if "last_mile_tracking_number" in wanted:
        found["last_mile_tracking_number"] = package.tracking_number
    return found


@operation("logistics.get_mass_tracking_number", "POST")
def get_mass_tracking_number(call: Call) -> Payload:
    wanted = [one for one in call.body_text("response_optional_fields").split(",") if one]
    good, bad = [], []
    for number in _numbers(call):
        package = call.shop.packages.get(number)
        if package is None:
            bad.append({"package_number": number, "fail_reason": "Package does not exist"})
        else:
            good.append({"package_number": number, **_tracking_number(wanted, package)})
    return {"success_list": good, "fail_list": bad}


@operation("logistics.get_tracking_info", "GET")
def get_tracking_info(call: Call) -> Payload:
    order = order_of(call.shop, call.need("order_sn"))
    package = named_package(call.shop, order, call.text("package_number"))
    if not package.tracking:
        raise ApiError("logistics.error_status_limit", "There is no tracking information before shipping.")
    rows = [{"update_time": at, "description": words, "logistics_status": event} for at, event, words in package.tracking]
    return {
        "order_sn": order.sn,
        "package_number": package.number,
        "logistics_status": package.status,
        "tracking_info": rows[::-1],
    }


# --- channels and addresses -------------------------------------------------------------------------------------------


@operation("logistics.get_channel_list", "GET")
def get_channel_list(call: Call) -> Payload:
    return {"logistics_channel_list": [_channel(call.shop, one) for one in call.shop.market.channels]}


def _channel(shop: Shop, channel: Channel) -> dict[str, Any]:
    return {
        "logistics_channel_id": channel.id,
        "logistics_channel_name": channel.name,
        "cod_enabled": shop.market.cod_share > 0,
        "enabled": True,
        "fee_type": "SIZE_INPUT",
        "size_list": [],
        "weight_limit": {"item_max_weight": 20, "item_min_weight": 0},
        "item_max_dimension": {"height": 60, "width": 60, "length": 60, "unit": "cm", "dimension_sum": 150},
        "volume_limit": {"item_max_volume": 0, "item_min_volume": 0},
        "logistics_description": channel.name,
        "force_enable": False,
        "mask_channel_id": 0,
        "block_seller_cover_shipping_fee": False,
        "support_cross_border": shop.cross_border,
        "seller_logistic_has_configuration": None,
        "logistics_capability": {"seller_logistics": not channel.integrated},
        "preprint": channel.preprint,
    }


@operation("logistics.get_address_list", "GET")
def get_address_list(call: Call) -> Payload:
    rows = [
        {
            "address_id": one.id,
            "region": call.shop.region,
            "state": one.state,
            "city": one.city,
            "address": one.street,
            "zipcode": one.zipcode,
            "district": "",
            "town": "",
            "address_type": list(one.kinds),
        }
        for one in addresses(call.shop)
    ]
    return {"show_pickup_address": True, "address_list": rows}
