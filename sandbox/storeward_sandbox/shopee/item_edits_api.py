"""/product: stock, price, texts, listing and delisting; and the pictures of /media_space."""

from typing import Any

from storeward_sandbox.images import look_at

from .call import Call, Json, field_amount, field_number, field_text, field_values, object_rows
from .errors import ApiError, bad_parameter
from .item_views import channels_view, images_view, pre_order_view
from .items import IMAGES, LIVE, MOST_STOCK, Item, Model, items_of, listing_price, show
from .items_api import item_of
from .penalties import forbids_edits
from .pushes import PRICE_UPDATE
from .registry import PUBLIC, Payload, operation
from .wire_form import number

MOST = 50
LARGEST_PICTURE = 10 * 1024 * 1024


def _editable(call: Call) -> Item:
    """The item of the request. Raises ApiError where it, or the shop, may not be edited."""
    item = item_of(call, call.given_number("item_id"))
    _check_free(call)
    if item.status in ("SELLER_DELETE", "SHOPEE_DELETE"):
        raise ApiError("error_item_uneditable", "The product cannot be edited in its status.")
    return item


def _check_free(call: Call) -> None:
    if forbids_edits(call.shop):
        raise ApiError("error_seller_under_penalty", "The seller is under penalty and cannot edit listings.")


def _model(item: Item, row: Json) -> Model | None:
    return item.model(field_number(row, "model_id", 0))


def _touched(call: Call, item: Item) -> None:
    item.updated = call.now
    show(call.shop, item)


@operation("product.update_stock", "POST")
def update_stock(call: Call) -> Payload:
    """The absolute seller stock of each model; what is promised to promotions cannot be taken away."""
    item = _editable(call)
    good: list[Json] = []
    bad: list[Json] = []
    for row in call.rows("stock_list", MOST):
        reason = _set_stock(call, item, row, good)
        if reason:
            bad.append({"model_id": field_number(row, "model_id", 0), "failed_reason": reason})
    if not good:
        raise ApiError(
            "error_busi_update_stock_failed", "Update stock failed.", response={"failure_list": bad, "success_list": []}
        )
    _touched(call, item)
    return {"failure_list": bad, "success_list": good}


def _set_stock(call: Call, item: Item, row: Json, good: list[Json]) -> str:
    """Set one model's stock; the reason where that cannot be done."""
    model = _model(item, row)
    places = object_rows(row.get("seller_stock"), "seller_stock", MOST)
    if model is None:
        return "model not found"
    if not places:
        return "seller_stock is required"
    stock = field_number(places[0], "stock")
    if places[0].get("location_id") != call.shop.market.location:
        return f"location_id should be {call.shop.market.location}"
    if not model.reserved <= stock <= MOST_STOCK:
        return f"stock should be between {model.reserved} and {MOST_STOCK}"
    model.stock = stock
    good.append({"model_id": model.id, "location_id": call.shop.market.location, "stock": stock})
    return ""


@operation("product.update_price", "POST")
def update_price(call: Call) -> Payload:
    item = _editable(call)
    if item.promotion is not None and item.promotion.runs(call.now):
        raise ApiError("error_cannt_edit_price_in_promotion", "The price cannot be edited while a promotion runs.")
    good: list[Json] = []
    bad: list[Json] = []
    for row in call.rows("price_list", MOST):
        model, price = _model(item, row), field_amount(row, "original_price")
        if model is None:
            bad.append({"model_id": field_number(row, "model_id", 0), "failed_reason": "model not found"})
        elif price <= 0 or price != listing_price(call.shop.market, price):
            bad.append({"model_id": model.id, "failed_reason": "the price is out of range or too exact for the market"})
        else:
            _set_price(call, item, model, price)
            good.append({"model_id": model.id, "original_price": number(price)})
    if not good:
        raise ApiError("error_update_price_fail", "Update price failed.", response={"failure_list": bad, "success_list": []})
    _touched(call, item)
    return {"failure_list": bad, "success_list": good}


def _set_price(call: Call, item: Item, model: Model, price: Any) -> None:
    change = {"item_id": item.id, "model_id": model.id, "update_field": "original_price", "update_time": call.now}
    call.shop.emit(PRICE_UPDATE, {**change, "old_value": number(model.price), "new_value": number(price)})
    model.price = price


@operation("product.update_item", "POST")
def update_item(call: Call) -> Payload:
    item = _editable(call)
    name, words = call.body_text("item_name"), call.body_text("description")
    status = call.body_text("item_status")
    if name and not 10 <= len(name) <= 120:
        raise bad_parameter("item_name should have 10 to 120 characters.")
    if words and not 20 <= len(words) <= 5000:
        raise bad_parameter("description should have 20 to 5000 characters.")
    if status:
        _check_switch(item, status)
    pre_order = call.body_object("pre_order")
    days = field_number(pre_order, "days_to_ship") if pre_order.get("is_pre_order") else 0
    weight = item.weight if call.body.get("weight") is None else field_amount(call.body, "weight")
    images = [str(one) for one in field_values(call.body_object("image"), "image_id_list")]
    sku = call.body_text("item_sku")
    item.pre_order_days = days if pre_order else item.pre_order_days
    item.weight, item.images = weight, images or item.images
    item.name, item.description = name or item.name, words or item.description
    item.sku, item.status = sku or item.sku, status or item.status
    _touched(call, item)
    return _after(call, item)


def _check_switch(item: Item, status: str) -> None:
    if status not in (LIVE, "UNLIST"):
        raise ApiError("error_busi_item_status_invalid", "item_status should be NORMAL or UNLIST.")
    if item.status not in (LIVE, "UNLIST"):
        raise ApiError("error_item_uneditable", "The product is being reviewed, banned or deleted.")


def _after(call: Call, item: Item) -> Json:
    found = images_view(item)
    return {
        "item_id": item.id,
        "item_name": item.name,
        "item_status": item.status,
        "description": item.description,
        "weight": number(item.weight),
        "pre_order": pre_order_view(call.shop, item),
        "images": {"image_id_list": found["image_id_list"], "image_url_list": found["image_url_list"]},
        "logistic_info": channels_view(call.shop),
        "category_id": item.category_id,
        "dimension": {"package_width": 15, "package_length": 20, "package_height": 10},
        "condition": item.condition,
        "brand": {"brand_id": 0, "original_brand_name": "NoBrand"},
        "item_dangerous": 0,
        "description_type": "normal",
    }


@operation("product.update_model", "POST")
def update_model(call: Call) -> Payload:
    item = _editable(call)
    rows = call.rows("model", MOST)
    models = [_model(item, row) for row in rows]
    if None in models or not item.has_model:
        raise ApiError("error_model_invalid_model_id", "A model is not part of the product.")
    for model, row in zip(models, rows, strict=True):
        if model is not None:
            model.sku = field_text(row, "model_sku", model.sku)
            model.status = field_text(row, "model_status", model.status)
    _touched(call, item)
    return None


@operation("product.unlist_item", "POST")
def unlist_item(call: Call) -> Payload:
    _check_free(call)
    good: list[Json] = []
    bad: list[Json] = []
    for row in call.rows("item_list", MOST):
        item_id, unlist = field_number(row, "item_id"), row.get("unlist")
        reason = _switch(call, items_of(call.shop).get(item_id), unlist)
        if reason:
            bad.append({"item_id": item_id, "failed_reason": reason})
        else:
            good.append({"item_id": item_id, "unlist": unlist})
    if not good:
        lists = {"failure_list": bad, "success_list": []}
        raise ApiError("error_unlist_item_all_failed", "Unlist item failed.", response=lists)
    return {"failure_list": bad, "success_list": good}


def _switch(call: Call, item: Item | None, unlist: Any) -> str:
    if item is None:
        return "item not found"
    if not isinstance(unlist, bool):
        return "unlist is required"
    if item.status not in (LIVE, "UNLIST"):
        return "item is reviewing or banned"
    if unlist and item.promotion is not None:
        return "item is in a promotion"
    item.status = "UNLIST" if unlist else LIVE
    _touched(call, item)
    return ""


@operation("media_space.upload_image", "POST", level=PUBLIC, multipart=True)
def upload_image(call: Call) -> Payload:
    """Up to nine pictures; each row says what became of it."""
    pictures = [one for one in call.uploads if one.name.startswith("image")]
    if not 1 <= len(pictures) <= 9:
        raise bad_parameter("1 to 9 pictures are required.")
    rows = []
    for index, picture in enumerate(pictures):
        seen = look_at(picture.data)
        if seen is None or seen.kind not in ("jpg", "png") or len(picture.data) > LARGEST_PICTURE:
            raise bad_parameter("A picture must be a jpg or png of at most 10 MB.")
        rows.append({"id": index, "error": "", "message": "", "image_info": _stored(call, picture.data)})
    return {"image_info": rows[0]["image_info"], "image_info_list": rows}


def _stored(call: Call, data: bytes) -> Json:
    call.platform.pictures += 1
    image_id = f"sg-11134201-sandbox{call.platform.pictures:06d}{len(data) % 1000:03d}"
    return {"image_id": image_id, "image_url_list": [{"image_url_region": "SG", "image_url": f"{IMAGES}{image_id}"}]}
