"""A package as the API shows it, in the search and in full."""

from typing import Any

from .order_view import recipient
from .orders import lines_of, orders_of
from .packages import Package
from .places import Places
from .shop import Shop

_ONLY_ON_ORDERS = frozenset({"first_name", "last_name", "district_info"})


def package_row(shop: Shop, package: Package) -> dict[str, Any]:
    """The short form of the search."""
    found: dict[str, Any] = {
        "id": package.id,
        "orders": _orders(shop, package),
        "create_time": package.create_time,
        "update_time": package.update_time,
        "status": package.status,
        "order_line_item_ids": list(package.line_ids),
    }
    return found | _shipment(package)


def _orders(shop: Shop, package: Package) -> list[dict[str, Any]]:
    """The orders with their SKUs in this package."""
    wanted = set(package.line_ids)
    rows = []
    for order in orders_of(shop, package):
        items = {line.item.sku_id: line.item for line in order.lines if line.id in wanted}
        counts = [line.item.sku_id for line in order.lines if line.id in wanted]
        skus = [
            {"id": sku_id, "name": item.sku_name, "image_url": item.image_url, "quantity": counts.count(sku_id)}
            for sku_id, item in items.items()
        ]
        rows.append({"id": order.id, "skus": skus})
    return rows


def _shipment(package: Package) -> dict[str, str]:
    if not package.tracking_number:
        return {}
    return {
        "tracking_number": package.tracking_number,
        "shipping_provider_name": package.carrier_name,
        "shipping_provider_id": package.carrier_id,
    }


def package_detail(shop: Shop, package: Package) -> dict[str, Any]:
    """Everything about one package."""
    order = orders_of(shop, package)[0]
    found: dict[str, Any] = {
        "package_id": package.id,
        "orders": _orders(shop, package),
        "package_status": package.status,
        "package_sub_status": package.sub_status,
        "split_and_combine_tag": package.tag,
        "has_multi_skus": len({line.item.sku_id for line in lines_of(shop, package)}) > 1,
        "note_tag": "BUYER_NOTED" if order.buyer_message else "BUYER_UNNOTED",
        "shipping_type": package.shipping_type,
        "delivery_option_name": order.delivery_option_name,
        "delivery_option_id": order.delivery_option_id,
        "create_time": package.create_time,
        "update_time": package.update_time,
        "order_line_item_ids": list(package.line_ids),
        "recipient_address": _recipient(shop, package),
        "sender_address": _sender(shop),
        "weight": {"value": str(package.weight_grams), "unit": "GRAM"},
        "dimension": {"length": "20", "width": "15", "height": "10", "unit": "CM"},
    }
    return found | _shipment(package) | _handover(package) | _where(shop, order.warehouse_id)


def _where(shop: Shop, warehouse_id: str) -> dict[str, str]:
    return {"warehouse_id": warehouse_id} if shop.region == "US" else {}


def _handover(package: Package) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if package.handover_method:
        found["handover_method"] = package.handover_method
    if package.pickup_slot:
        found["pickup_slot"] = {"start_time": package.pickup_slot[0], "end_time": package.pickup_slot[1]}
    if package.exception_reason:
        found["ship_exception_reason"] = package.exception_reason
    return found


def _recipient(shop: Shop, package: Package) -> dict[str, Any]:
    known = {
        "full_address",
        "phone_number",
        "name",
        "postal_code",
        "address_detail",
        "region_code",
        "address_line1",
        "address_line2",
    }
    whole = recipient(shop, orders_of(shop, package)[0])
    return {name: value for name, value in whole.items() if name in known}


def _sender(shop: Shop) -> dict[str, str]:
    place = shop.part(Places).default
    return {
        "full_address": f"{place.street}, {place.city}, {place.state}",
        "phone_number": f"{shop.market.phone}****88",
        "name": shop.name,
        "postal_code": place.postal_code,
        "address_detail": place.street,
        "region_code": shop.region,
        "address_line1": place.street,
        "address_line2": "",
    }
