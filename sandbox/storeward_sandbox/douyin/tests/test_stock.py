"""SKUs, stock and prices over the API, and what orders do to them."""

from dataclasses import replace
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.douyin.catalogue import BY_WAREHOUSE, Catalogue, Product, Sku
from storeward_sandbox.douyin.errors import ApiError
from storeward_sandbox.douyin.orders import cancel, pay
from storeward_sandbox.douyin.places import Places
from storeward_sandbox.douyin.shop import Shop
from storeward_sandbox.douyin.tests.support import QUIET, Json, ask, bare_shop, buy, checked, go, make_shop, told

SLOW = replace(QUIET, pays=None)


@pytest.fixture
def shop() -> Shop:
    return bare_shop()


def products(shop: Shop) -> list[Product]:
    return list(shop.part(Catalogue).products.values())


def plain(shop: Shop) -> tuple[Product, Sku]:
    """A SKU whose stock is one number."""
    product = products(shop)[0]
    return product, product.skus[0]


def housed(shop: Shop) -> tuple[Product, Sku]:
    """A SKU whose stock is kept by warehouse."""
    return next((product, sku) for product, sku in shop.part(Catalogue).skus() if sku.kind == BY_WAREHOUSE)


def refusal(shop: Shop, method: str, **params: Any) -> str:
    with pytest.raises(ApiError) as refused:
        ask(shop, method, **params)
    return f"{refused.value.code} {refused.value.sub_code}"


# --- by hand ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("levels", "units", "left"),
    [
        ({"a": 5, "b": 7}, -3, {"a": 2, "b": 7}),
        ({"a": 5, "b": 7}, -8, {"a": 0, "b": 4}),
        ({"a": 5, "b": 7}, -12, {"a": 0, "b": 0}),
        ({"a": 5, "b": 7}, -20, {"a": 0, "b": 0}),
        ({"a": 0, "b": 7}, -2, {"a": 0, "b": 5}),
        ({"a": 5, "b": 7}, 4, {"a": 9, "b": 7}),
    ],
)
def test_warehouses_are_emptied_one_after_the_other(levels: dict[str, int], units: int, left: dict[str, int]) -> None:
    sku = Sku("1", "c", (("a", "b"),), 100, BY_WAREHOUSE, 0, by_warehouse=dict(levels))
    sku.change(units)
    assert sku.by_warehouse == left
    assert sku.level == sum(left.values())


def test_plain_stock_never_goes_below_nothing() -> None:
    sku = Sku("1", "c", (("a", "b"),), 100, 0, 0, stock=2)
    sku.change(-5)
    assert sku.level == 0


# --- what orders do ---------------------------------------------------------------------------------------------------


def test_an_unpaid_order_holds_and_a_paid_one_takes(shop: Shop) -> None:
    order = buy(shop, SLOW)
    line = order.lines[0]
    level = line.sku.level
    found = checked(shop, "sku.stockNum", sku_id=int(line.sku.id))
    assert (line.sku.held, found["prehold_stock_num"]) == (line.count, line.count if line.sku.kind == 0 else 0)
    pay(shop, order)
    assert (line.sku.held, line.sku.level) == (0, level - line.count)
    cancel(shop, order, "x")
    assert line.sku.level == level


def test_what_is_held_cannot_be_bought_twice(shop: Shop) -> None:
    for product in products(shop)[1:]:
        product.status = 1
    for sku in products(shop)[0].skus:
        sku.stock = 0
    products(shop)[0].skus[0].stock = 1
    first = buy(shop, SLOW)
    assert first.lines[0].sku.held == 1
    assert shop.part(Catalogue).buyable() == []


def test_the_seller_fills_up_what_runs_out(shop: Shop) -> None:
    shop.seller_on = True
    for _, sku in shop.part(Catalogue).skus():
        sku.stock = min(sku.stock, 4)
        sku.by_warehouse = {code: min(1, units) for code, units in sku.by_warehouse.items()}
    order = buy(shop)
    sku = order.lines[0].sku
    assert sku.level < 6
    go(shop, 2 * DAY)
    assert sku.level >= 80


def test_nobody_fills_up_where_stock_is_low() -> None:
    shop = bare_shop(("low_stock",))
    shop.seller_on = True
    order = buy(shop)
    level = order.lines[0].sku.level
    go(shop, 3 * DAY)
    assert order.lines[0].sku.level == level


def test_a_shop_low_on_stock_has_little_left_of_what_sells() -> None:
    low, well = make_shop(("low_stock",)), make_shop()

    def least(shop: Shop) -> int:
        return min(sku.level for product in products(shop)[:2] for sku in product.skus)

    assert least(low) < 10 < least(well)
    assert low.part(Catalogue).buyable()


# --- reading ----------------------------------------------------------------------------------------------------------


def test_the_list_is_bare_and_shows_every_sku(shop: Shop) -> None:
    for product in products(shop):
        rows = checked(shop, "sku.list", product_id=int(product.id))
        assert [row["id"] for row in rows] == [int(sku.id) for sku in product.skus]
        assert [row["code"] for row in rows] == [sku.code for sku in product.skus]
        assert [row["price"] for row in rows] == [sku.price for sku in product.skus]


def test_stock_by_warehouse_stands_in_the_map(shop: Shop) -> None:
    product, sku = housed(shop)
    row = next(row for row in checked(shop, "sku.list", product_id=int(product.id)) if row["id"] == int(sku.id))
    assert (row["sku_type"], row["stock_num"], row["stock_map"]) == (1, 0, sku.by_warehouse)
    found = checked(shop, "sku.stockNum", sku_id=int(sku.id))
    assert found["stock_num_map"] == sku.by_warehouse
    code = next(iter(sku.by_warehouse))
    only = checked(shop, "sku.stockNum", sku_id=int(sku.id), out_warehouse_id=code)
    assert only["stock_num_map"] == {code: sku.by_warehouse[code]}


def test_a_sku_is_found_by_id_or_by_code(shop: Shop) -> None:
    product, sku = plain(shop)
    by_id, by_code = checked(shop, "sku.detail", sku_id=int(sku.id)), checked(shop, "sku.detail", code=sku.code)
    assert by_id == by_code
    assert (by_id["product_id"], by_id["stock_num"]) == (int(product.id), sku.stock)
    assert refusal(shop, "sku.detail") == "40002 isv.missing-parameter:1"
    assert refusal(shop, "sku.detail", sku_id=1) == "50002 isv.business-failed:2010003"


# --- setting and adding -----------------------------------------------------------------------------------------------


def test_stock_is_set(shop: Shop) -> None:
    _, sku = plain(shop)
    ask(shop, "sku.syncStock", sku_id=int(sku.id), stock_num=33, incremental=False)
    assert sku.stock == 33
    ask(shop, "sku.syncStock", code=sku.code, stock_num=0)
    assert sku.stock == 0


@pytest.mark.parametrize(("change", "left"), [(5, 45), (-5, 35), (-40, 0), (0, 40)])
def test_stock_is_added_to(shop: Shop, change: int, left: int) -> None:
    _, sku = plain(shop)
    sku.stock = 40
    ask(shop, "sku.syncStock", sku_id=int(sku.id), stock_num=change, incremental=True, idempotent_id="m1")
    assert sku.stock == left


def test_adding_needs_a_mark_and_each_mark_is_good_once(shop: Shop) -> None:
    _, sku = plain(shop)
    sku.stock = 40
    params = {"sku_id": int(sku.id), "stock_num": 5, "incremental": True}
    assert refusal(shop, "sku.syncStock", **params) == "40002 isv.missing-parameter:1"
    ask(shop, "sku.syncStock", **params, idempotent_id="m1")
    assert refusal(shop, "sku.syncStock", **params, idempotent_id="m1") == "40004 isv.parameter-invalid:40010"
    assert sku.stock == 45
    ask(shop, "sku.syncStock", **params, idempotent_id="m2")
    assert sku.stock == 50


def test_a_refused_write_does_not_use_its_mark_up(shop: Shop) -> None:
    _, sku = plain(shop)
    sku.stock = 3
    params = {"sku_id": int(sku.id), "incremental": True, "idempotent_id": "m1"}
    assert refusal(shop, "sku.syncStock", **params, stock_num=-4) == "50002 isv.business-failed:-20001"
    ask(shop, "sku.syncStock", **params, stock_num=-3)
    assert sku.stock == 0


@pytest.mark.parametrize(
    ("prepare", "params", "number"),
    [
        ({"status": 2}, {"stock_num": 1}, "50002 isv.business-failed:-40003"),
        ({"check_status": 2}, {"stock_num": 1}, "50002 isv.business-failed:-40001"),
        ({"check_status": 5}, {"stock_num": 1}, "50002 isv.business-failed:-40002"),
        ({}, {"stock_num": -1}, "40004 isv.parameter-invalid:1"),
        ({}, {"stock_num": 10**7}, "40004 isv.parameter-invalid:1"),
        ({}, {"stock_num": 5, "out_warehouse_id": "wh"}, "40004 isv.parameter-invalid:1"),
        ({}, {"stock_num": "many"}, "40004 isv.parameter-invalid:1"),
        ({}, {}, "40002 isv.missing-parameter:1"),
    ],
)
def test_stock_that_cannot_be_set_is_refused(shop: Shop, prepare: Json, params: Json, number: str) -> None:
    product, sku = plain(shop)
    for name, value in prepare.items():
        setattr(product, name, value)
    before = sku.stock
    assert refusal(shop, "sku.syncStock", sku_id=int(sku.id), **params) == number
    assert sku.stock == before


def test_stock_cannot_go_below_what_a_campaign_needs(shop: Shop) -> None:
    _, sku = plain(shop)
    sku.campaign = 10
    assert refusal(shop, "sku.syncStock", sku_id=int(sku.id), stock_num=9) == "50002 isv.business-failed:-20008"
    ask(shop, "sku.syncStock", sku_id=int(sku.id), stock_num=10)
    assert checked(shop, "sku.stockNum", sku_id=int(sku.id))["normal_stock_num"] == 0


def test_stock_of_a_warehouse_is_set_by_its_code(shop: Shop) -> None:
    _, sku = housed(shop)
    codes = [place.code for place in shop.part(Places).warehouses]
    assert list(sku.by_warehouse) == codes
    ask(shop, "sku.syncStock", sku_id=int(sku.id), out_warehouse_id=codes[1], stock_num=7)
    assert sku.by_warehouse[codes[1]] == 7
    assert refusal(shop, "sku.syncStock", sku_id=int(sku.id), stock_num=7) == "40004 isv.parameter-invalid:1"
    unknown = refusal(shop, "sku.syncStock", sku_id=int(sku.id), out_warehouse_id="wh-x", stock_num=7)
    assert unknown == "50002 isv.business-failed:2010004"


# --- many at once -----------------------------------------------------------------------------------------------------


def test_skus_of_one_product_are_set_together(shop: Shop) -> None:
    product = products(shop)[0]
    rows = [{"sku_id": int(sku.id), "sku_type": 0, "stock_num": 10 + index} for index, sku in enumerate(product.skus)]
    ask(shop, "sku.syncStockBatch", product_id=int(product.id), incremental=False, sku_sync_list=rows)
    assert [sku.stock for sku in product.skus] == [10 + index for index in range(len(product.skus))]


def test_one_bad_sku_leaves_all_as_they_were(shop: Shop) -> None:
    product = products(shop)[0]
    before = [sku.stock for sku in product.skus]
    rows = [{"sku_id": int(product.skus[0].id), "sku_type": 0, "stock_num": 1}, {"sku_id": 5, "sku_type": 0, "stock_num": 1}]
    told_by = refusal(shop, "sku.syncStockBatch", product_id=int(product.id), incremental=False, sku_sync_list=rows)
    assert told_by == "50002 isv.business-failed:2010003"
    assert [sku.stock for sku in product.skus] == before


def test_a_product_kept_by_warehouse_is_set_by_its_map(shop: Shop) -> None:
    product, sku = housed(shop)
    levels = [{"out_warehouse_id": code, "stock_num": 9} for code in sku.by_warehouse]
    rows = [{"sku_id": int(sku.id), "sku_type": 1, "stock_map": levels}]
    ask(shop, "sku.syncStockBatch", product_id=int(product.id), incremental=False, sku_sync_list=rows)
    assert set(sku.by_warehouse.values()) == {9}
    rows = [{"sku_id": int(sku.id), "sku_type": 1, "stock_num": 3}]
    told_by = refusal(shop, "sku.syncStockBatch", product_id=int(product.id), incremental=False, sku_sync_list=rows)
    assert told_by == "40002 isv.missing-parameter:1"


def test_skus_of_several_products_have_results_of_their_own(shop: Shop) -> None:
    product, sku = plain(shop)
    other = products(shop)[1]
    sku.stock, other.skus[0].stock = 10, 10
    rows = [
        {"product_id": int(product.id), "sku_id": int(sku.id), "stock_num": 6},
        {"product_id": int(other.id), "sku_id": int(other.skus[0].id), "stock_num": -11},
        {"product_id": 1, "sku_id": int(sku.id), "stock_num": 1},
    ]
    params = {"items": rows, "idempotent_id": "b1", "incremental": True}
    answer = checked(shop, "sku.syncStockBatchMultiProducts", **params)
    told_of = [(row["status_code"], row["stock_num"], row["change_num"]) for row in answer["results"]]
    assert told_of == [(0, 16, 6), (-20001, 10, 0), (2010003, 0, 0)]
    assert refusal(shop, "sku.syncStockBatchMultiProducts", **params) == "40004 isv.parameter-invalid:40010"


def test_more_than_fifty_skus_are_too_many(shop: Shop) -> None:
    rows = [{"product_id": 1, "sku_id": 1, "stock_num": 1}] * 51
    told_by = refusal(shop, "sku.syncStockBatchMultiProducts", items=rows, idempotent_id="b", incremental=False)
    assert told_by == "40004 isv.parameter-invalid:1"


# --- price, code, promise ---------------------------------------------------------------------------------------------


def test_a_price_is_set_in_fen_and_told(shop: Shop) -> None:
    product, sku = plain(shop)
    ask(shop, "sku.editPrice", sku_id=int(sku.id), price=12345)
    assert sku.price == 12345
    assert told(shop, 400)[0]["product_id"] == int(product.id)
    assert told(shop, 417)[0]["status"] == {"status": "0", "check_status": "3", "draft_status": "0"}
    order = buy(shop)
    assert all(line.price == line.sku.price for line in order.lines)


@pytest.mark.parametrize("price", [0, -5])
def test_a_price_of_nothing_is_refused(shop: Shop, price: int) -> None:
    _, sku = plain(shop)
    assert refusal(shop, "sku.editPrice", sku_id=int(sku.id), price=price) == "40004 isv.parameter-invalid:1"


def test_a_price_in_a_campaign_stays(shop: Shop) -> None:
    _, sku = plain(shop)
    sku.campaign = 1
    assert refusal(shop, "sku.editPrice", sku_id=int(sku.id), price=1) == "50002 isv.business-failed:2010045"


def test_a_code_is_given_and_taken_away(shop: Shop) -> None:
    _, sku = plain(shop)
    ask(shop, "sku.editCode", sku_id=int(sku.id), code="NEW-1")
    assert checked(shop, "sku.detail", code="NEW-1")["id"] == int(sku.id)
    ask(shop, "sku.editCode", sku_id=int(sku.id))
    assert sku.code == ""
    assert refusal(shop, "sku.editCode", sku_id=9) == "50002 isv.business-failed:2010003"


def rule(sku: Sku, **more: Any) -> Json:
    base = {"sku_id": sku.id, "out_warehouse_id": "wh-1", "pre_sell_type": 0, "delay_day": 1, "pre_sell_end_time": 0}
    return {**base, **more}


def test_a_promise_for_a_sku_in_a_warehouse_is_set_and_shown(shop: Shop) -> None:
    _, sku = plain(shop)
    ask(shop, "promise.setSkuShipTime", rules=[rule(sku)])
    shown = checked(shop, "sku.stockNum", sku_id=int(sku.id))["ship_rule_map"]
    assert shown == {"wh-1": {"presell_type": 0, "delay_day": 1, "presell_end_time": 0}}


@pytest.mark.parametrize(
    "more",
    [
        {"delay_day": 2},
        {"pre_sell_type": 1, "delay_day": 1, "pre_sell_end_time": 2_000_000_000},
        {"pre_sell_type": 1, "delay_day": 5, "pre_sell_end_time": 1},
        {"pre_sell_type": 1, "delay_day": 5, "pre_sell_end_time": 4_000_000_000},
        {"pre_sell_type": 7},
        {"delay_day": "soon"},
        {"pre_sell_end_time": None},
        {"out_warehouse_id": ""},
        {"sku_id": "1"},
    ],
)
def test_a_promise_that_cannot_be_given_is_refused(shop: Shop, more: Json) -> None:
    _, sku = plain(shop)
    rows = [rule(sku), rule(sku, **more)]
    assert refusal(shop, "promise.setSkuShipTime", rules=rows)[:5] in ("40004", "40002", "50002")
    assert sku.ship_rules == {}


def test_a_presale_of_a_sku_lasts_thirty_days_at_most(shop: Shop) -> None:
    _, sku = plain(shop)
    until = shop.now + 30 * DAY
    ask(shop, "promise.setSkuShipTime", rules=[rule(sku, pre_sell_type=1, delay_day=15, pre_sell_end_time=until)])
    assert sku.ship_rules["wh-1"] == (1, 15, until)
    assert until > shop.now + HOUR
