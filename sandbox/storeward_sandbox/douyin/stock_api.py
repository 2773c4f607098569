"""SKUs, their stock and their prices: reading and writing."""

from collections.abc import Sequence
from typing import Any

from .call import Call, Json, whole
from .catalogue import BANNED, BY_WAREHOUSE, DELETED, EVENT_EDITED, IN_REVIEW, Catalogue, Product, Sku, changed
from .errors import ApiError, failed, invalid, missing
from .products_api import PACKAGE, the_product
from .registry import done, operation
from .shop import Shop

MOST_SKUS = 50
MOST_STOCK = 1_000_000
USED_MARK = 40010
Change = tuple[Product, Sku, str, int]


def the_sku(call: Call) -> tuple[Product, Sku]:
    """By SKU id or by the merchant's code."""
    catalogue = call.shop.part(Catalogue)
    number, code = call.number("sku_id"), call.text("code")
    if not number and not code:
        raise missing("sku_id")
    found = catalogue.sku(str(number)) if number else catalogue.sku_of_code(code)
    if found is None:
        raise failed(2010003, "SKU不存在")
    return found


# --- reading ----------------------------------------------------------------------------------------------------------


@operation("sku.list", package=PACKAGE)
def sku_list(call: Call) -> Any:
    """The SKUs of a product; the answer is a bare list."""
    product = the_product(call.shop, str(call.need_number("product_id")))
    return [_row(product, sku, index) for index, sku in enumerate(product.skus)]


def _row(product: Product, sku: Sku, index: int) -> Json:
    detail_id = 3153800 + index
    warehouses = sku.kind == BY_WAREHOUSE
    return {
        **_common(product, sku, index),
        "stock_map": dict(sku.by_warehouse) if warehouses else {},
        "prehold_stock_map": dict.fromkeys(sku.by_warehouse, 0) if warehouses else {},
        "ship_rule_map": ship_rules(sku),
        "normal_stock_num": sku.stock - sku.campaign,
        "channel_stock_num": 0,
        "sell_properties": [{"value_spec_detail_id": detail_id, "value_name": sku.spec[0][1]}],
    }


def _common(product: Product, sku: Sku, index: int) -> Json:
    return {
        "id": int(sku.id),
        "open_user_id": 0,
        "out_sku_id": 0,
        "product_id": int(product.id),
        "spec_detail_id1": 3153800 + index,
        "spec_detail_id2": 0,
        "spec_detail_id3": 0,
        "spec_detail_name1": sku.spec[0][1],
        "spec_detail_name2": "",
        "spec_detail_name3": "",
        "customs_report_info": None,
        "price": sku.price,
        "settlement_price": 0,
        "spec_id": 0,
        "create_time": sku.create_time,
        "code": sku.code,
        "sku_type": sku.kind,
        "supplier_id": "",
        "stock_num": sku.stock,
        "prehold_stock_num": sku.held,
        "prom_stock_num": sku.campaign,
        "step_stock_num": 0,
        "prehold_step_stock_num": 0,
        "prom_step_stock_num": 0,
        "product_id_str": product.id,
        "is_suit": 0,
        "suit_num": 0,
        "volume": 0,
    }


def ship_rules(sku: Sku) -> Json:
    return {
        warehouse: {"presell_type": kind, "delay_day": days, "presell_end_time": until}
        for warehouse, (kind, days, until) in sku.ship_rules.items()
    }


@operation("sku.detail", package=PACKAGE)
def sku_detail(call: Call) -> Json:
    product, sku = the_sku(call)
    return _common(product, sku, product.skus.index(sku))


@operation("sku.stockNum", package=PACKAGE)
def stock_num(call: Call) -> Json:
    """The stock of one SKU; read the map where it is kept by warehouse."""
    _product, sku = the_sku(call)
    only = call.text("out_warehouse_id")
    levels = {code: units for code, units in sku.by_warehouse.items() if only in ("", code)}
    return {
        "sku_id": int(sku.id),
        "out_sku_id": 0,
        "code": sku.code,
        "sku_type": sku.kind,
        "stock_num": sku.stock,
        "prehold_stock_num": sku.held if sku.kind != BY_WAREHOUSE else 0,
        "prom_stock_num": sku.campaign,
        "step_stock_num": 0,
        "prehold_step_stock_num": 0,
        "prom_step_stock_num": 0,
        "stock_num_map": levels,
        "prehold_stock_map": dict.fromkeys(levels, 0),
        "ship_rule_map": ship_rules(sku),
        "normal_stock_num": sku.stock - sku.campaign,
        "channel_stock_num": 0,
    }


# --- stock ------------------------------------------------------------------------------------------------------------


def _new_level(product: Product, sku: Sku, warehouse: str, given: int, adds: bool) -> int:
    """What the stock would be. Raises ApiError where it cannot be that."""
    if product.status == DELETED:
        raise failed(-40003, "商品已删除")
    if product.check_status == IN_REVIEW:
        raise failed(-40001, "商品审核中")
    if product.check_status == BANNED:
        raise failed(-40002, "商品已封禁")
    if (sku.kind == BY_WAREHOUSE) != bool(warehouse):
        raise invalid("out_warehouse_id")
    if warehouse and warehouse not in sku.by_warehouse:
        raise failed(2010004, "仓库不存在")
    if given < 0 and not adds:
        raise invalid("stock_num")
    before = sku.by_warehouse[warehouse] if warehouse else sku.stock
    level = before + given if adds else given
    if level < 0:
        raise failed(-20001, "库存不足")
    if level < sku.campaign:
        raise failed(-20008, "库存小于活动库存")
    if level > MOST_STOCK:
        raise invalid("stock_num")
    return level


def _apply(shop: Shop, changes: Sequence[Change]) -> None:
    for product, sku, warehouse, level in changes:
        if warehouse:
            sku.by_warehouse[warehouse] = level
        else:
            sku.stock = level
        product.update_time = shop.now


def _mark(call: Call, *, needed: bool) -> str:
    """The idempotency mark; one that has been used is refused."""
    mark = call.text("idempotent_id")
    if needed and not mark:
        raise missing("idempotent_id")
    if mark and mark in call.shop.part(Catalogue).used_marks:
        raise invalid("idempotent_id", USED_MARK)
    return mark


def _remember(call: Call, mark: str) -> None:
    if mark:
        call.shop.part(Catalogue).used_marks.add(mark)


@operation("sku.syncStock", package=PACKAGE)
def sync_stock(call: Call) -> Any:
    """Set the stock of one SKU, or add to it."""
    product, sku = the_sku(call)
    adds = call.flag("incremental")
    mark = _mark(call, needed=adds)
    warehouse = call.text("out_warehouse_id")
    level = _new_level(product, sku, warehouse, call.need_number("stock_num"), adds)
    _apply(call.shop, [(product, sku, warehouse, level)])
    _remember(call, mark)
    return done(call.method)


@operation("sku.syncStockBatch", package=PACKAGE)
def sync_stock_batch(call: Call) -> Any:
    """Several SKUs of one product: all or nothing."""
    product = the_product(call.shop, str(call.need_number("product_id")))
    adds = call.need_flag("incremental")
    mark = _mark(call, needed=adds)
    changes: list[Change] = []
    for row in call.objects("sku_sync_list"):
        sku = next((one for one in product.skus if one.id == str(row.get("sku_id", ""))), None)
        if sku is None:
            raise failed(2010003, "SKU不存在")
        for warehouse, given in _wishes(row, sku):
            changes.append((product, sku, warehouse, _new_level(product, sku, warehouse, given, adds)))
    _apply(call.shop, changes)
    _remember(call, mark)
    return done(call.method)


def _wishes(row: Json, sku: Sku) -> list[tuple[str, int]]:
    if sku.kind != BY_WAREHOUSE:
        return [("", whole(row.get("stock_num"), "stock_num"))]
    rows = row.get("stock_map")
    if not isinstance(rows, list) or not rows or not all(isinstance(each, dict) for each in rows):
        raise missing("stock_map")
    return [(str(each.get("out_warehouse_id", "")), whole(each.get("stock_num"), "stock_num")) for each in rows]


@operation("sku.syncStockBatchMultiProducts", package=PACKAGE)
def sync_stock_of_many(call: Call) -> Json:
    """SKUs of several products, each with a result of its own."""
    mark, adds = _mark(call, needed=True), call.need_flag("incremental")
    results = [_one_of_many(call, row, adds) for row in call.objects("items", most=MOST_SKUS)]
    _remember(call, mark)
    return {"results": results}


def _one_of_many(call: Call, row: Json, adds: bool) -> Json:
    sku_id, warehouse = whole(row.get("sku_id"), "sku_id"), str(row.get("out_warehouse_id") or "")
    given = whole(row.get("stock_num"), "stock_num")
    found = call.shop.part(Catalogue).sku(str(sku_id))
    result = {"sku_id": sku_id, "warehouse_id": 0, "step_stock_num": 0, "step_change_num": 0}
    if found is None or found[0].id != str(row.get("product_id", "")):
        return {**result, "stock_num": 0, "change_num": 0, "status_code": 2010003, "status_message": "SKU不存在"}
    product, sku = found
    before = sku.by_warehouse.get(warehouse, 0) if warehouse else sku.stock
    try:
        level = _new_level(product, sku, warehouse, given, adds)
    except ApiError as refusal:
        code = int(refusal.sub_code.rpartition(":")[2])
        return {**result, "stock_num": before, "change_num": 0, "status_code": code, "status_message": refusal.sub_msg}
    _apply(call.shop, [(product, sku, warehouse, level)])
    return {**result, "stock_num": level, "change_num": level - before, "status_code": 0, "status_message": "success"}


# --- price and code ---------------------------------------------------------------------------------------------------


@operation("sku.editPrice", package=PACKAGE)
def edit_price(call: Call) -> Any:
    """Another price, in fen."""
    product, sku = the_sku(call)
    price = call.need_number("price")
    if price < 1:
        raise invalid("price")
    if sku.campaign:
        raise failed(2010045, "活动中的商品不支持修改价格")
    sku.price = price
    changed(call.shop, product, EVENT_EDITED)
    return done(call.method)


@operation("sku.editCode", package=PACKAGE)
def edit_code(call: Call) -> Any:
    """Another code of the merchant's own for a SKU; "" takes it away."""
    number = call.need_number("sku_id")
    found = call.shop.part(Catalogue).sku(str(number))
    if found is None:
        raise failed(2010003, "SKU不存在")
    found[1].code = call.text("code")
    changed(call.shop, found[0], EVENT_EDITED)
    return done(call.method)
