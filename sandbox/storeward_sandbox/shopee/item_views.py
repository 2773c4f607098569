"""How items and models look to an app."""

from typing import Any

from .items import IMAGES, Item, Model
from .shop import Shop
from .wire_form import number

Json = dict[str, Any]


def images_view(item: Item) -> Json:
    return {"image_url_list": [f"{IMAGES}{one}" for one in item.images], "image_id_list": item.images, "image_ratio": "1:1"}


def price_view(shop: Shop, item: Item, model: Model) -> list[Json]:
    now = number(item.price_now(model, shop.market, shop.now))
    listed = number(model.price)
    return [
        {
            "currency": shop.currency,
            "original_price": listed,
            "current_price": now,
            "inflated_price_of_original_price": listed,
            "inflated_price_of_current_price": now,
        }
    ]


def stock_view(shop: Shop, model: Model) -> Json:
    """Seller stock is free and reserved units together; available is what buyers can buy."""
    place = {"location_id": shop.market.location, "stock": model.stock, "if_saleable": True}
    return {
        "summary_info": {"total_reserved_stock": model.reserved, "total_available_stock": model.stock},
        "seller_stock": [place],
    }


def pre_order_view(shop: Shop, item: Item) -> Json:
    return {"is_pre_order": bool(item.pre_order_days), "days_to_ship": item.pre_order_days or shop.market.days_to_ship}


def channels_view(shop: Shop) -> list[Json]:
    return [
        {"logistic_id": one.id, "logistic_name": one.name, "enabled": True, "is_free": False, "estimated_shipping_fee": 0}
        for one in shop.market.channels
    ]


def base_view(shop: Shop, item: Item) -> Json:
    """One item of get_item_base_info: price and stock only where it has no variants, deboost as text."""
    found: Json = {
        "item_id": item.id,
        "category_id": item.category_id,
        "item_name": item.name,
        "description": item.description,
        "item_sku": item.sku,
        "create_time": item.created,
        "update_time": item.updated,
        "attribute_list": [],
        "image": images_view(item),
        "weight": f"{item.weight:.2f}",
        "dimension": {"package_length": 20, "package_width": 15, "package_height": 10},
        "logistic_info": channels_view(shop),
        "pre_order": pre_order_view(shop, item),
        "condition": item.condition,
        "size_chart": "",
        "item_status": item.status,
        "deboost": str(item.deboosted).lower(),
        "has_model": item.has_model,
        "has_promotion": item.promotion is not None,
        "brand": {"brand_id": 0, "original_brand_name": "NoBrand"},
        "item_dangerous": 0,
        "description_type": "normal",
        "tag": {"kit": False},
    }
    if item.promotion is not None:
        found["promotion_id"] = item.promotion.id
    if not item.has_model:
        found["price_info"] = price_view(shop, item, item.models[0])
        found["stock_info_v2"] = stock_view(shop, item.models[0])
    return found


def model_view(shop: Shop, item: Item, model: Model) -> Json:
    return {
        "model_id": model.id,
        "tier_index": list(model.tier_index),
        "promotion_id": item.promotion.id if item.promotion else 0,
        "has_promotion": item.promotion is not None,
        "price_info": price_view(shop, item, model),
        "model_sku": model.sku,
        "model_status": model.status,
        "pre_order": pre_order_view(shop, item),
        "stock_info_v2": stock_view(shop, model),
        "gtin_code": "",
        "weight": f"{item.weight:.2f}",
        "dimension": {"package_height": 10, "package_length": 20, "package_width": 15},
    }


def tiers_view(item: Item) -> list[Json]:
    return [{"name": name, "option_list": [{"option": value} for value in values]} for name, values in item.tiers]


def violation_view(item: Item) -> Json:
    """One item of get_item_violation_info; the two lists are empty where nothing is wrong."""
    found: Json = {
        "item_id": item.id,
        "item_name": item.name,
        "item_status": item.status,
        "deboost": item.deboosted,
        "item_status_details": [],
        "deboost_details": [],
    }
    flaw = item.violation
    if flaw is None:
        return found
    details = {
        "violation_type": flaw.kind,
        "violation_reason": flaw.reason,
        "suggestion": flaw.suggestion,
        "fix_deadline_time": flaw.fix_by,
        "update_time": flaw.since,
    }
    if item.deboosted:
        suggested = [{"category_id": 100716, "category_name": "Home Organizers"}]
        return {**found, "deboost_details": [{**details, "suggested_category": suggested}]}
    return {**found, "item_status_details": [details]}
