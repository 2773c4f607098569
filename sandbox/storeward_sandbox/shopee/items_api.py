"""/product: lists and details of items, models, promotions, violations, limits, categories."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from storeward_sandbox.clock import Instant

from .call import Call, Json
from .errors import ApiError, bad_parameter
from .item_views import base_view, model_view, tiers_view, violation_view
from .items import CATEGORIES, MOST_STOCK, STATUSES, Item, items_of
from .paging import cut
from .registry import Payload, operation
from .reviews import Reviews
from .wire_form import number


def _items(call: Call, name: str = "item_id_list") -> list[Item]:
    """The named items that exist. Raises ApiError where none does."""
    known = items_of(call.shop)
    found = [known[one] for one in call.numbers(name, 50) if one in known]
    if not found:
        raise ApiError("error_item_not_found", "Product not found.")
    return found


def item_of(call: Call, item_id: int) -> Item:
    item = items_of(call.shop).get(item_id)
    if item is None:
        raise ApiError("error_item_not_found", "Product not found.")
    return item


def _statuses(call: Call) -> list[str]:
    wanted = call.listed("item_status", 6, required=False)
    if set(wanted) - set(STATUSES):
        raise ApiError("error_param_item_status", "item_status is invalid.")
    return wanted


@operation("product.get_item_list", "GET")
def get_item_list(call: Call) -> Payload:
    """By offset; the last page's next_offset is an empty text, as in the platform's example."""
    wanted = _statuses(call)
    if not wanted:
        raise bad_parameter("item_status is required.")
    start, size = call.number("offset"), call.between("page_size", 1, 100)
    if start < 0:
        raise bad_parameter("offset should not be negative.")
    found = [one for one in items_of(call.shop).values() if one.status in wanted and _updated(call, one.updated)]
    page = cut(found, start, size)
    rows = [
        {"item_id": one.id, "item_status": one.status, "update_time": one.updated, "tag": {"kit": False}} for one in page.rows
    ]
    return {
        "item": rows,
        "total_count": page.total,
        "has_next_page": page.more,
        "next_offset": start + size if page.more else "",
    }


def _updated(call: Call, at: Instant) -> bool:
    start, end = call.optional("update_time_from"), call.optional("update_time_to")
    if start is not None and end is not None and start > end:
        raise ApiError("error_update_time_range", "update_time_from should not be after update_time_to.")
    return (start is None or at >= start) and (end is None or at <= end)


@operation("product.get_item_base_info", "GET")
def get_item_base_info(call: Call) -> Payload:
    return {"item_list": [base_view(call.shop, item) for item in _items(call)]}


@operation("product.get_item_extra_info", "GET")
def get_item_extra_info(call: Call) -> Payload:
    reviews = call.shop.part(Reviews)
    rows = []
    for item in _items(call):
        stars = [one.stars for one in reviews.of_item(item.id)]
        rating = round(sum(stars) / len(stars), 2) if stars else 0
        row = {"item_id": item.id, "sale": item.sold, "views": item.views, "likes": item.likes}
        rows.append({**row, "rating_star": rating, "comment_count": len(stars)})
    return {"item_list": rows}


@operation("product.get_model_list", "GET")
def get_model_list(call: Call) -> Payload:
    item = item_of(call, call.number("item_id"))
    if not item.has_model:
        return {"tier_variation": [], "model": []}
    models = [model_view(call.shop, item, model) for model in item.models]
    return {"tier_variation": tiers_view(item), "model": models}


@operation("product.search_item", "GET")
def search_item(call: Call) -> Payload:
    wanted, words, sku = _statuses(call), call.text("item_name").lower(), call.text("item_sku")
    found = [
        one.id
        for one in items_of(call.shop).values()
        if (not wanted or one.status in wanted)
        and (not words or words in one.name.lower())
        and (not sku or sku == one.sku)
        and (not call.flag("deboost_only") or one.deboosted)
    ]
    page = cut(found, _opened(call.text("offset")), call.between("page_size", 1, 100))
    return {"item_id_list": list(page.rows), "total_count": page.total, "next_offset": _closed(page.next_cursor)}


def _closed(cursor: str) -> str:
    """A text that says nothing to a client."""
    return urlsafe_b64encode(f"at {cursor}".encode()).decode() if cursor else ""


def _opened(offset: str) -> int:
    try:
        return int(urlsafe_b64decode(offset).decode().removeprefix("at ")) if offset else 0
    except ValueError as error:
        raise bad_parameter("offset is invalid.") from error


@operation("product.get_item_promotion", "GET")
def get_item_promotion(call: Call) -> Payload:
    known = items_of(call.shop)
    wanted = call.numbers("item_id_list", 50)
    good = [{"item_id": one, "promotion": _promotions(call, known[one])} for one in wanted if one in known]
    bad = [{"item_id": one, "failed_reason": "Product not found."} for one in wanted if one not in known]
    return {"success_list": good, "failure_list": bad}


def _promotions(call: Call, item: Item) -> list[Json]:
    if item.promotion is None:
        return []
    promotion = item.promotion
    return [
        {
            "promotion_type": "Discount Promotions",
            "promotion_id": promotion.id,
            "model_id": model.id,
            "start_time": promotion.start,
            "end_time": promotion.end,
            "promotion_price_info": [{"promotion_price": number(item.price_now(model, call.shop.market, promotion.start))}],
            "promotion_staging": "ongoing" if promotion.runs(call.now) else "upcoming",
            "promotion_stock_info_v2": {"summary_info": {"total_reserved_stock": model.reserved}},
        }
        for model in item.models
    ]


@operation("product.get_item_violation_info", "GET")
def get_item_violation_info(call: Call) -> Payload:
    known = items_of(call.shop)
    wanted = call.numbers("item_id_list", 50)
    missing = {"fail_error": "error_item_not_found", "fail_message": "Product not found."}
    rows = [violation_view(known[one]) if one in known else {"item_id": one, **missing} for one in wanted]
    return {"item_list": rows}


@operation("product.get_item_limit", "GET")
def get_item_limit(call: Call) -> Payload:
    def limit(low: int, high: int) -> Json:
        return {"min_limit": low, "max_limit": high}

    dearest = int(call.shop.market.usd * 100_000)
    return {
        "price_limit": limit(1, dearest),
        "wholesale_price_threshold_percentage": limit(50, 100),
        "stock_limit": limit(0, MOST_STOCK),
        "item_name_length_limit": limit(10, 120),
        "item_image_count_limit": limit(1, 9),
        "item_description_length_limit": limit(20, 5000),
        "tier_variation_name_length_limit": limit(1, 14),
        "tier_variation_option_length_limit": limit(1, 20),
        "item_count_limit": {"max_limit": 10_000},
        "dts_limit": {
            "days_to_ship_limit": limit(7, 30),
            "non_pre_order_days_to_ship": call.shop.market.days_to_ship,
        },
        "weight_limit": {"weight_mandatory": True},
        "dimension_limit": {"dimension_mandatory": False},
    }


@operation("product.get_category", "GET")
def get_category(call: Call) -> Payload:
    if len(call.text("language")) > 10:
        raise ApiError("error_invalid_language", "The language is not supported.")
    rows = [
        {
            "category_id": one,
            "parent_category_id": parent,
            "original_category_name": name,
            "display_category_name": name,
            "has_children": children,
        }
        for one, parent, name, children in CATEGORIES
    ]
    return {"category_list": rows}
