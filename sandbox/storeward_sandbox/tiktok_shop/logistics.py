"""The operations of /logistics: warehouses, delivery options, carriers, parcel tracking."""

from typing import Any

from .call import Call
from .errors import ApiError, bad_parameter
from .orders_api import order_of
from .packages import Package
from .places import DeliveryOption, Places, Warehouse
from .registry import operation
from .shop import Shop

_ACTION_NAMES = {10001: "READY_TO_SHIP", 20001: "PICKED_UP", 30001: "IN_TRANSIT", 50001: "DELIVERED"}


@operation("getWarehouseList", "GET", "/logistics/202309/warehouses", scope="seller.logistics")
def get_warehouses(call: Call) -> dict[str, Any]:
    return {"warehouses": [_warehouse(call.shop, place) for place in call.shop.part(Places).warehouses]}


def _warehouse(shop: Shop, place: Warehouse) -> dict[str, Any]:
    return {
        "id": place.id,
        "entity_id": place.entity_id,
        "name": place.name,
        "effect_status": place.status,
        "type": place.kind,
        "sub_type": "CB_OVERSEAS_WAREHOUSE" if shop.cross_border else "DOMESTIC_WAREHOUSE",
        "is_default": place.is_default,
        "address": {
            "region": shop.region,
            "region_code": shop.region,
            "state": place.state,
            "city": place.city,
            "distict": place.city,
            "postal_code": place.postal_code,
            "full_address": f"{place.street}, {place.city}, {place.postal_code}",
            "address_line1": place.street,
            "contact_person": shop.name,
            "phone_number": f"{shop.market.phone}****88",
        },
    }


@operation(
    "getWarehouseDeliveryOptions", "GET", "/logistics/202309/warehouses/{warehouse_id}/delivery_options", scope="seller.logistics"
)
def get_delivery_options(call: Call) -> dict[str, Any]:
    places = call.shop.part(Places)
    if all(place.id != call.ids["warehouse_id"] for place in places.warehouses):
        raise ApiError(11034009, "Warehouse does not exist.")
    return {"delivery_options": [_option(option) for option in places.options]}


def _option(option: DeliveryOption) -> dict[str, Any]:
    return {
        "id": option.id,
        "name": option.name,
        "type": option.kind,
        "description": option.name,
        "dimension_limit": {"max_height": 100, "max_length": 100, "max_width": 100, "unit": "CM"},
        "weight_limit": {"max_weight": 30_000, "min_weight": 1, "unit": "GRAM"},
        "platform": ["TIKTOK_SHOP"],
    }


@operation(
    "getShippingProviders",
    "GET",
    "/logistics/202309/delivery_options/{delivery_option_id}/shipping_providers",
    scope=("seller.fulfillment.basic", "seller.logistics"),
)
def get_carriers(call: Call) -> dict[str, Any]:
    options = call.shop.part(Places).options
    option = next((one for one in options if one.id == call.ids["delivery_option_id"]), None)
    if option is None:
        raise ApiError(21008116, "No Subscription without specified delivery option.")
    if option.kind != "SEND_BY_SELLER":
        raise ApiError(
            21008117,
            "The delivery of the specified delivery_option_id is fulfilled by TikTok. No shipping provider will be returned.",
        )
    return {"shipping_providers": [{"id": one.id, "name": one.name} for one in option.carriers]}


@operation("getOrderTracking", "GET", "/fulfillment/202309/orders/{order_id}/tracking", scope="seller.logistics")
def get_order_tracking(call: Call) -> dict[str, Any]:
    """All packages of the order, the newest event first."""
    order = order_of(call, call.ids["order_id"])
    events = [event for package_id in order.package_ids for event in call.shop.packages[package_id].tracking]
    rows = [
        {"description": words, "update_time_millis": at * 1000, "action_code": code}
        for at, code, words in sorted(events, reverse=True)
    ]
    return {"tracking": rows} if rows else {}


@operation("getLogisticsTracking", "GET", "/logistics/202604/orders/{order_id}/tracking")
def get_parcel_tracking(call: Call) -> dict[str, Any]:
    """Per parcel; for cross-border orders only."""
    if not call.shop.cross_border:
        raise bad_parameter("The order is not a cross-border order")
    order = order_of(call, call.ids["order_id"])
    parcels = [call.shop.packages[package_id] for package_id in order.package_ids]
    details = [_parcel(package) for package in parcels if package.tracking]
    return {"order_id": order.id, **({"logistics_details": details} if details else {})}


def _parcel(package: Package) -> dict[str, Any]:
    return {
        "newest_tracking_no": package.tracking_number,
        "carrier_name": package.carrier_name,
        "track_list": [
            {
                "description": words,
                "tracking_no": package.tracking_number,
                "update_time_millis": at * 1000,
                "action_code": code,
                "action_code_name": _ACTION_NAMES[code],
            }
            for at, code, words in package.tracking
        ],
    }
