"""Reading products and their rules, and putting them on sale or off."""

from typing import Any

from storeward_sandbox.clock import Instant

from .call import Call, Json
from .catalogue import (
    BANNED,
    BY_WAREHOUSE,
    DELETED,
    IN_REVIEW,
    NEXT_DAY,
    PASSED,
    SAME_DAY,
    TWO_DAYS,
    Catalogue,
    Product,
    Sku,
    set_online,
)
from .errors import failed, invalid, missing
from .moments import text_time
from .registry import done, operation
from .shop import Shop

PACKAGE = "product"
MOST_ROWS = 10_000
LAST_PAGE = 100
MONTH_DAYS = 30


def the_product(shop: Shop, product_id: str) -> Product:
    product = shop.part(Catalogue).products.get(product_id)
    if product is None:
        raise failed(2010001, "商品不存在")
    return product


# --- lists ------------------------------------------------------------------------------------------------------------


@operation("product.listV2", package=PACKAGE)
def list_products(call: Call) -> Json:
    """A page of products, counted from 1; with `use_cursor` after the last id of the page before."""
    page, size = call.page(first=1, most=100, cap=MOST_ROWS)
    if page >= LAST_PAGE:
        raise invalid("page")
    rows = [product for product in call.shop.part(Catalogue).products.values() if _wanted(call, product)]
    rows.sort(key=lambda product: (product.create_time, product.id), reverse=True)
    if call.flag("use_cursor"):
        after = call.text("cursor_id")
        ids = [product.id for product in rows]
        start = ids.index(after) + 1 if after in ids else 0
    else:
        start = page * size
    shown = rows[start : start + size]
    return {"data": [list_row(product) for product in shown], "total": len(rows), "page": page + 1, "size": size}


def _wanted(call: Call, product: Product) -> bool:
    numbers = {"status": product.status, "check_status": product.check_status, "product_type": 0}
    if any(call.number(name) not in (None, value) for name, value in numbers.items()):
        return False
    ids, name = call.texts("product_id"), call.text("name")
    if (ids and product.id not in ids) or (name and name not in product.name):
        return False
    return _in_windows(call, product)


def _in_windows(call: Call, product: Product) -> bool:
    """The window of creation includes its start; that of change excludes both ends."""
    created, updated = call.span("start_time", "end_time"), call.span("update_start_time", "update_end_time")
    if created is not None and not created[0] <= product.create_time < created[1]:
        return False
    return updated is None or updated[0] < product.update_time < updated[1]


def categories(product: Product) -> Json:
    first, second, third = product.category
    return {
        "first_cid": category_id(first),
        "second_cid": category_id(second),
        "third_cid": category_id(third),
        "fourth_cid": 0,
        "first_cname": first,
        "second_cname": second,
        "third_cname": third,
        "fourth_cname": "",
    }


def category_id(name: str) -> int:
    return 20000 + sum(name.encode()) % 9000


def list_row(product: Product) -> Json:
    return {
        "product_id": int(product.id),
        "status": product.status,
        "check_status": product.check_status,
        "market_price": 0,
        "discount_price": 0,
        "img": product.picture,
        "name": product.name,
        "pay_type": 1,
        "product_type": 0,
        "spec_id": _spec_id(product),
        "cos_ratio": 0,
        "create_time": product.create_time,
        "update_time": product.update_time,
        "out_product_id": 0,
        "description": "",
        "mobile": "",
        "extra": "",
        "recommend_remark": "",
        "category_detail": categories(product),
        "outer_product_id": product.outer_id,
        "is_package_product": False,
        "package_product_list": None,
        "sub_product_list": [],
        "channel_main_product": None,
    }


def _spec_id(product: Product) -> int:
    return 1729160000000000 + int(product.id) % 10**9


# --- one product ------------------------------------------------------------------------------------------------------


@operation("product.detail", package=PACKAGE)
def product_detail(call: Call) -> Json:
    """Everything about one product; its times are text here."""
    if call.has("product_id"):
        product = the_product(call.shop, call.need("product_id"))
    else:
        wanted = call.need("out_product_id")
        found = [one for one in call.shop.part(Catalogue).products.values() if one.outer_id == wanted]
        if not found:
            raise failed(2010001, "商品不存在")
        product = found[0]
    return {**_head(product), **_selling(product), **_rest()}


def _head(product: Product) -> Json:
    return {
        "product_id": int(product.id),
        "product_id_str": product.id,
        "out_product_id": 0,
        "outer_product_id": product.outer_id,
        "open_user_id": 0,
        "name": product.name,
        "description": "",
        "delivery_method": 0,
        "cdf_category": "",
        "status": product.status,
        "spec_id": _spec_id(product),
        "check_status": product.check_status,
        "mobile": "",
        "brand_id": 0,
        "is_sub_product": False,
        "draft_status": 0,
        "category_detail": categories(product),
        "pay_type": 1,
        "recommend_remark": "",
        "extra": "",
        "is_create": 1,
        "create_time": text_time(product.create_time),
        "update_time": text_time(product.update_time),
        "pic": [product.picture],
        "product_format": "",
        "img": product.picture,
    }


def _selling(product: Product) -> Json:
    """SKUs, specs and what is promised about shipping."""
    return {
        "spec_pics": [],
        "spec_prices": [_spec_price(product, sku, index) for index, sku in enumerate(product.skus)],
        "specs": _specs(product),
        "presell_type": 1 if product.presale_days else 0,
        "presell_config_level": 0,
        "delivery_delay_day": product.delay_day,
        "presell_delay": product.presale_days,
        "presell_delivery_type": 1,
        "presell_end_time": "",
        "delay_rule": {"enable": False, "config_type": 0, "config_value": 0, "start_time": 0, "end_time": 0},
        "appoint_delivery_day": 0,
        "discount_price": min(sku.price for sku in product.skus),
        "market_price": 0,
    }


def _specs(product: Product) -> list[Json]:
    """The one spec of a product and its values; none where there is one SKU only."""
    if len(product.skus) < 2:
        return []
    spec_id, name = _spec_id(product), product.skus[0].spec[0][0]
    values = [
        {"id": spec_id + 2 + index, "spec_id": spec_id, "name": sku.spec[0][1], "pid": spec_id + 1, "is_leaf": 1, "status": 0}
        for index, sku in enumerate(product.skus)
    ]
    return [{"id": spec_id + 1, "spec_id": spec_id, "name": name, "pid": 0, "is_leaf": 0, "values": values}]


def _spec_price(product: Product, sku: Sku, index: int) -> Json:
    detail_id = _spec_id(product) + 2 + index
    return {
        "gold_process_charge": 0,
        "sku_id": int(sku.id),
        "out_sku_id": 0,
        "outer_sku_id": sku.code,
        "spec_detail_ids": [detail_id],
        "stock_num": sku.stock,
        "price": sku.price,
        "code": sku.code,
        "step_stock_num": 0,
        "prom_stock_num": sku.campaign,
        "prom_step_stock_num": 0,
        "spec_detail_id1": detail_id,
        "spec_detail_id2": 0,
        "spec_detail_id3": 0,
        "sku_type": sku.kind,
        "supplier_id": "",
        "promotion_stock_num": sku.campaign,
        "promotion_step_stock_num": 0,
        "customs_report_info": {},
        "lock_stock_num": sku.held,
        "lock_step_stock_num": 0,
        "stock_num_map": dict(sku.by_warehouse) if sku.kind == BY_WAREHOUSE else {},
        "presell_delay": product.presale_days or product.delay_day,
    }


def _rest() -> Json:
    """What this shop's products do not use."""
    return {
        "maximum_per_order": 0,
        "limit_per_buyer": 0,
        "minimum_per_order": 0,
        "quality_list": [],
        "logistics_info": {"customs_clear_type": 0},
        "after_sale_service": "",
        "price_has_tax": 0,
        "product_format_new": "",
        "standard_brand_id": 0,
        "car_vin_code": "",
        "need_recharge_mode": False,
        "account_template_id": "",
        "long_pic_url": "",
        "sell_channel": [],
        "freight_id": 0,
        "material_video_id": "",
        "pickup_method": "0",
        "size_info_template_id": 0,
        "white_back_ground_pic_url": "",
        "sale_channel_type": "",
        "store_id": 0,
        "main_product_id": 0,
        "sale_limit_id": 0,
        "name_prefix": "",
        "product_type": 0,
        "start_sale_type": 0,
        "reduce_type": 2,
        "weight_value": 0.5,
        "weight_unit": 0,
        "quality_inspection_info": {"mode": 0, "certificate_code": "", "agency": "", "supported": False},
    }


# --- on sale, off sale ------------------------------------------------------------------------------------------------


@operation("product.setOnline", package=PACKAGE)
def put_on_sale(call: Call) -> Any:
    """On sale again; not what is deleted, refused, banned or in review."""
    product = the_product(call.shop, str(call.need_number("product_id")))
    if product.status == DELETED:
        raise failed(-40003, "商品已删除")
    refusals = {IN_REVIEW: (-40001, "商品审核中"), BANNED: (-40002, "商品已封禁")}
    if product.check_status in refusals:
        raise failed(*refusals[product.check_status])
    if product.check_status != PASSED:
        raise failed(2010002, "商品审核未通过，请编辑后提交")
    set_online(call.shop, product, True)
    return done(call.method)


@operation("product.setOffline", package=PACKAGE)
def take_off_sale(call: Call) -> Any:
    product = the_product(call.shop, str(call.need_number("product_id")))
    if product.status == DELETED:
        raise failed(-40003, "商品已删除")
    set_online(call.shop, product, False)
    return done(call.method)


# --- rules and promises -----------------------------------------------------------------------------------------------


@operation("product.getProductUpdateRule", package=PACKAGE)
def update_rule(call: Call) -> Json:
    """Which promises of ship time a category may give."""
    call.need_number("category_id")
    return {
        "fulfillment_rule": {
            "normal_rule": {
                "delay_rule": None,
                "support": True,
                "delay_options": [SAME_DAY, NEXT_DAY, TWO_DAYS],
                "is_special_delay_option": False,
            },
            "step_rule": {
                "support": False,
                "delay_options": [],
                "is_special_delay_option": False,
                "step_min_delay": 0,
                "step_max_delay": 0,
            },
            "product_presell_rule": {
                "support": True,
                "min_presell_price": 0,
                "support_delivery_after_pay": True,
                "support_delivery_after_presell": True,
                "delivery_after_pay_config": _presale_window(),
                "delivery_after_presell_config": _presale_window(),
            },
            "sku_presell_rule": None,
            "time_sku_presell_with_normal_rule": None,
            "time_sku_pure_presell_rule": None,
        }
    }


def _presale_window() -> Json:
    return {
        "min_delivery_days": 2,
        "max_delivery_days": 15,
        "max_presell_end_days": MONTH_DAYS,
        "need_audit": False,
    }


@operation("promise.deliveryList", package=PACKAGE)
def delivery_list(call: Call) -> Json:
    """Which products have the badge of same-day (1) or next-day (2) shipping; pages are counted from 1."""
    wanted = str(call.need_number("product_id"))
    page, size = call.page(first=1, most=100)
    modes = {SAME_DAY: 1, NEXT_DAY: 2}
    rows = [
        {"product_id": int(product.id), "ship_mode": modes[product.delay_day]}
        for product in call.shop.part(Catalogue).products.values()
        if product.delay_day in modes and wanted in ("0", product.id)
    ]
    return {"products": rows[page * size : (page + 1) * size], "total": len(rows)}


@operation("promise.setSkuShipTime", package=PACKAGE)
def set_ship_time(call: Call) -> Any:
    """Another promise for SKUs in a warehouse: 0 the same day, 1 within 24 hours, 2 to 15 days for a presale."""
    rules = []
    for row in call.objects("rules"):
        found = call.shop.part(Catalogue).sku(str(row.get("sku_id", "")))
        if found is None:
            raise failed(2010003, "SKU不存在")
        rules.append((found[1], _rule(call, row)))
    for sku, (warehouse, kind, days, until) in rules:
        sku.ship_rules[warehouse] = (kind, days, until)
    return done(call.method)


def _rule(call: Call, row: Json) -> tuple[str, int, int, Instant]:
    warehouse, kind, days, until = (
        row.get(name) for name in ("out_warehouse_id", "pre_sell_type", "delay_day", "pre_sell_end_time")
    )
    if not warehouse:
        raise missing("out_warehouse_id")
    if kind not in (0, 1) or not isinstance(days, int) or not isinstance(until, int):
        raise invalid("rules")
    if days not in ((0, 1) if kind == 0 else tuple(range(2, 16))):
        raise invalid("delay_day")
    if kind == 1 and not call.now < until <= call.now + MONTH_DAYS * 86400:
        raise invalid("pre_sell_end_time")
    return str(warehouse), int(kind), days, until
