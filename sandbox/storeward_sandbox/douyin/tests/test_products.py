"""Products: what shops sell, the lists, the detail, going on sale and off, and the rules of categories."""

from typing import Any

import pytest

from storeward_sandbox.clock import DAY
from storeward_sandbox.douyin.catalogue import (
    BANNED,
    BY_WAREHOUSE,
    DELETED,
    IN_REVIEW,
    NEXT_DAY,
    OFF_SHELF,
    ON_SALE,
    PASSED,
    REFUSED,
    SAME_DAY,
    TRADES,
    Catalogue,
    Product,
    trade_of,
)
from storeward_sandbox.douyin.errors import ApiError
from storeward_sandbox.douyin.fleet import TRADES as NAMED_TRADES
from storeward_sandbox.douyin.fleet import build
from storeward_sandbox.douyin.moments import text_time
from storeward_sandbox.douyin.shop import Shop
from storeward_sandbox.douyin.tests.support import START, Json, ask, bare_shop, checked, shop_to_read, told


@pytest.fixture
def shop() -> Shop:
    return bare_shop()


def products(shop: Shop) -> list[Product]:
    return list(shop.part(Catalogue).products.values())


def refusal(shop: Shop, method: str, **params: Any) -> str:
    with pytest.raises(ApiError) as refused:
        ask(shop, method, **params)
    return f"{refused.value.code} {refused.value.sub_code}"


def listing(shop: Shop, **params: Any) -> Json:
    found: Json = checked(shop, "product.listV2", **{"page": 1, "size": 100, **params})
    return found


def ids(found: Json) -> list[str]:
    return [str(row["product_id"]) for row in found["data"]]


# --- what there is ----------------------------------------------------------------------------------------------------


def test_every_trade_of_a_name_has_goods() -> None:
    assert set(NAMED_TRADES) == set(TRADES)
    for shop in build(seed=3, count=20, at=START):
        assert trade_of(shop) in shop.name


@pytest.mark.parametrize("trade", TRADES)
def test_a_trade_sells_things_with_variants_and_without(trade: str) -> None:
    _category, kinds = TRADES[trade]
    assert len(kinds) == 6
    assert any(len(kind.values) > 1 for kind in kinds)
    assert any(not kind.values for kind in kinds)
    assert all(bool(kind.spec) == bool(kind.values) and kind.price > 1000 for kind in kinds)


def test_a_shop_has_variants_a_single_sku_a_warehouse_and_a_presale(shop: Shop) -> None:
    counts = [len(product.skus) for product in products(shop)]
    assert max(counts) > 1
    assert min(counts) == 1
    assert any(sku.kind == BY_WAREHOUSE for product in products(shop) for sku in product.skus)
    assert any(product.presale_days in (7, 15) for product in products(shop))
    assert any(product.delay_day == NEXT_DAY for product in products(shop))
    assert [product.check_status for product in products(shop)].count(REFUSED) == 1


def test_ids_are_beyond_what_a_double_holds(shop: Shop) -> None:
    for product in products(shop):
        assert 2**53 < int(product.id) < 2**63
        assert all(int(sku.id) < 2**63 for sku in product.skus)
    assert len({sku.id for product in products(shop) for sku in product.skus}) == sum(len(one.skus) for one in products(shop))


# --- lists ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 4, 100])
def test_pages_from_one_hold_every_product_once(size: int) -> None:
    shop, found, page = shop_to_read(), [], 1
    while True:
        answer = listing(shop, page=page, size=size)
        assert (answer["page"], answer["size"]) == (page, size)
        if not answer["data"]:
            break
        found += ids(answer)
        page += 1
    assert len(found) == len(set(found)) == answer["total"] == len(products(shop))


def test_a_cursor_goes_on_after_the_last_product() -> None:
    shop = shop_to_read()
    whole, found, cursor = ids(listing(shop)), [], ""
    for _ in range(len(whole)):
        page = ids(listing(shop, size=1, use_cursor=True, cursor_id=cursor))
        found += page
        cursor = page[-1]
    assert found == whole
    assert ids(listing(shop, size=1, use_cursor=True, cursor_id=cursor)) == []


@pytest.mark.parametrize("params", [{"page": 0}, {"page": 101}, {"size": 0}, {"size": 101}, {"page": "x"}])
def test_pages_beyond_the_limits_are_refused(params: Json) -> None:
    told_by = refusal(shop_to_read(), "product.listV2", **{"page": 1, "size": 100, **params})
    assert told_by == "40004 isv.parameter-invalid:1"


def test_products_are_found_by_state_name_and_id(shop: Shop) -> None:
    refused = next(product for product in products(shop) if product.check_status == REFUSED)
    assert ids(listing(shop, status=OFF_SHELF)) == [refused.id]
    assert ids(listing(shop, check_status=REFUSED)) == [refused.id]
    assert len(ids(listing(shop, status=ON_SALE, check_status=PASSED))) == len(products(shop)) - 1
    some = products(shop)[2]
    assert ids(listing(shop, name=some.name[3:6])) == [some.id]
    assert ids(listing(shop, product_id=[some.id, "1"])) == [some.id]
    assert ids(listing(shop, product_type=3)) == []


def test_the_window_of_creation_includes_its_start_and_that_of_change_neither_end(shop: Shop) -> None:
    some = products(shop)[0]
    at, moved = some.create_time, some.update_time
    assert some.id in ids(listing(shop, start_time=at, end_time=at + 1))
    assert some.id not in ids(listing(shop, start_time=at - 9, end_time=at))
    assert some.id in ids(listing(shop, update_start_time=moved - 1, update_end_time=moved + 1))
    assert some.id not in ids(listing(shop, update_start_time=moved, update_end_time=moved + 1))
    assert some.id not in ids(listing(shop, update_start_time=moved - 1, update_end_time=moved))


def test_a_row_says_where_a_product_belongs(shop: Shop) -> None:
    row = listing(shop)["data"][0]
    first, second, third = products(shop)[0].category
    names = row["category_detail"]
    assert (names["first_cname"], names["second_cname"], names["third_cname"]) == (first, second, third)
    assert names["fourth_cid"] == 0
    assert row["package_product_list"] is None


# --- one product ------------------------------------------------------------------------------------------------------


def test_the_detail_has_skus_prices_and_stock(shop: Shop) -> None:
    for product in products(shop):
        found = checked(shop, "product.detail", product_id=product.id)
        assert [row["sku_id"] for row in found["spec_prices"]] == [int(sku.id) for sku in product.skus]
        assert [row["price"] for row in found["spec_prices"]] == [sku.price for sku in product.skus]
        assert found["discount_price"] == min(sku.price for sku in product.skus)
        for row, sku in zip(found["spec_prices"], product.skus, strict=True):
            assert (row["stock_num_map"] == sku.by_warehouse) == (sku.kind == BY_WAREHOUSE or not sku.by_warehouse)


def test_variants_are_specs_and_a_single_sku_has_none(shop: Shop) -> None:
    for product in products(shop):
        specs = checked(shop, "product.detail", product_id=product.id)["specs"]
        assert len(specs) == (1 if len(product.skus) > 1 else 0)
        if specs:
            assert [value["name"] for value in specs[0]["values"]] == [sku.spec[0][1] for sku in product.skus]


def test_times_of_the_detail_are_text_and_those_of_the_list_seconds(shop: Shop) -> None:
    product = products(shop)[0]
    found = checked(shop, "product.detail", product_id=product.id)
    assert found["create_time"] == text_time(product.create_time)
    row = next(row for row in listing(shop)["data"] if row["product_id"] == int(product.id))
    assert row["create_time"] == product.create_time


def test_the_promise_stands_on_the_product(shop: Shop) -> None:
    by_promise = {
        (row["delivery_delay_day"], row["presell_type"])
        for row in (checked(shop, "product.detail", product_id=product.id) for product in products(shop))
    }
    assert by_promise >= {(2, 0), (1, 0), (2, 1)}


def test_a_product_is_found_by_the_merchant_s_own_number(shop: Shop) -> None:
    product = products(shop)[1]
    assert checked(shop, "product.detail", out_product_id=product.outer_id)["product_id"] == int(product.id)
    for params in ({"product_id": "1"}, {"out_product_id": "x"}):
        assert refusal(shop, "product.detail", **params) == "50002 isv.business-failed:2010001"
    assert refusal(shop, "product.detail") == "40002 isv.missing-parameter:1"


# --- on sale, off sale ------------------------------------------------------------------------------------------------


def test_a_product_goes_off_sale_and_on_again(shop: Shop) -> None:
    product = products(shop)[0]
    ask(shop, "product.setOffline", product_id=int(product.id))
    assert (product.status, product.sells) == (OFF_SHELF, False)
    assert all(one is not product for one, _sku in shop.part(Catalogue).buyable())
    ask(shop, "product.setOnline", product_id=int(product.id))
    assert (product.status, product.sells) == (ON_SALE, True)
    assert [data["event"] for data in told(shop, 400)] == [2, 1]
    assert [data["status"]["status"] for data in told(shop, 417)] == ["1", "0"]
    assert product.update_time == shop.now


@pytest.mark.parametrize(
    ("check_status", "number"), [(IN_REVIEW, -40001), (BANNED, -40002), (REFUSED, 2010002), (1, 2010002), (7, 2010002)]
)
def test_what_has_not_passed_cannot_go_on_sale(shop: Shop, check_status: int, number: int) -> None:
    product = products(shop)[0]
    product.status, product.check_status = OFF_SHELF, check_status
    told_by = refusal(shop, "product.setOnline", product_id=int(product.id))
    assert told_by == f"50002 isv.business-failed:{number}"
    assert product.status == OFF_SHELF


@pytest.mark.parametrize("method", ["product.setOnline", "product.setOffline"])
def test_what_is_deleted_stays_so(shop: Shop, method: str) -> None:
    product = products(shop)[0]
    product.status = DELETED
    assert refusal(shop, method, product_id=int(product.id)) == "50002 isv.business-failed:-40003"
    assert refusal(shop, method, product_id=1) == "50002 isv.business-failed:2010001"


# --- rules and promises -----------------------------------------------------------------------------------------------


def test_a_category_says_which_promises_it_allows(shop: Shop) -> None:
    rule = checked(shop, "product.getProductUpdateRule", category_id=20005)["fulfillment_rule"]
    assert rule["normal_rule"]["delay_options"] == [9999, 1, 2]
    assert rule["step_rule"]["support"] is False
    assert rule["product_presell_rule"]["delivery_after_pay_config"]["max_delivery_days"] == 15
    assert refusal(shop, "product.getProductUpdateRule") == "40002 isv.missing-parameter:1"


def test_badges_of_fast_shipping_are_listed(shop: Shop) -> None:
    products(shop)[0].delay_day = SAME_DAY
    found = checked(shop, "promise.deliveryList", product_id=0, page=1, size=10)
    modes = {row["product_id"]: row["ship_mode"] for row in found["products"]}
    assert modes[int(products(shop)[0].id)] == 1
    assert sorted(modes.values()) == [1, 2]
    one = checked(shop, "promise.deliveryList", product_id=int(products(shop)[0].id), page=1, size=10)
    assert one["total"] == 1


@pytest.mark.parametrize(
    ("delay", "presale", "seconds"), [(SAME_DAY, 0, DAY), (1, 0, DAY), (2, 0, 2 * DAY), (2, 7, 7 * DAY), (15, 0, 15 * DAY)]
)
def test_a_promise_in_seconds(shop: Shop, delay: int, presale: int, seconds: int) -> None:
    product = products(shop)[0]
    product.delay_day, product.presale_days = delay, presale
    assert product.promise_seconds == seconds
