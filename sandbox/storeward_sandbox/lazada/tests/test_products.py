"""Products by API: the list with filters and windows, one product, stock figures, quality alerts, a seller's limit."""

from decimal import Decimal
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.lazada.catalogue import ACTIVE, DELETED, INACTIVE, PENDING, SUSPENDED, Catalogue, Lock
from storeward_sandbox.lazada.errors import ApiError
from storeward_sandbox.lazada.orders import cancel, pack, ready
from storeward_sandbox.lazada.shop import Shop
from storeward_sandbox.lazada.stockroom import take_down
from storeward_sandbox.lazada.tests.byhand import STILL, add_product, order, product_of, shelf, sku_of
from storeward_sandbox.lazada.tests.support import START, Json, ask, checked, go, make_shop, shop_to_read, told


def listed(shop: Shop, **params: Any) -> list[int]:
    return [row["item_id"] for row in checked(shop, "/products/get", **params)["products"]]


def code(shop: Shop, path: str, **params: Any) -> str:
    with pytest.raises(ApiError) as refusal:
        ask(shop, path, **params)
    return refusal.value.code


def figures(shop: Shop) -> Json:
    row = checked(shop, "/product/item/get", item_id=product_of(shop).id)["skus"][0]
    found: Json = row["multiWarehouseInventories"][0]
    return found


# --- lists ------------------------------------------------------------------------------------------------------------


def test_products_are_paged_and_counted_as_products() -> None:
    shop = shelf(skus=3)
    for _ in range(4):
        add_product(shop, skus=2)
    first = checked(shop, "/products/get", limit=2)
    assert (first["total_products"], len(first["products"])) == (5, 2)
    assert len({one for at in (0, 2, 4) for one in listed(shop, limit=2, offset=at)}) == 5
    assert len(first["products"][0]["skus"]) in (2, 3)


@pytest.mark.parametrize(
    ("kind", "places"),
    [
        ("all", {0, 1, 2, 3, 5}),
        ("live", {0, 5}),
        ("inactive", {1}),
        ("pending", {2}),
        ("rejected", {3}),
        ("deleted", {4}),
        ("sold-out", {5}),
    ],
)
def test_filters_divide_the_catalogue(kind: str, places: set[int]) -> None:
    shop = shelf()
    for _ in range(5):
        add_product(shop)
    products = list(shop.part(Catalogue).products.values())
    for product, status in zip(products, (ACTIVE, INACTIVE, PENDING, SUSPENDED, DELETED, ACTIVE), strict=True):
        product.status = status
    products[3].sub_status = "Reject"
    products[5].skus[0].stock[0].sellable = 0
    assert set(listed(shop, filter=kind)) == {int(products[place].id) for place in places}


def test_windows_bound_change_and_creation() -> None:
    shop = shelf()
    old, new = product_of(shop), add_product(shop)
    old.updated = START - 3 * DAY
    new.created = new.updated = START
    assert listed(shop, update_after="2026-11-17T00:00:00+08:00") == [int(new.id)]
    assert listed(shop, update_before="2026-11-17T00:00:00+0800") == [int(old.id)]
    assert listed(shop, create_after="2026-11-18T11:59:59+08:00") == [int(new.id)]
    assert listed(shop, create_before="2026-11-18T11:59:59+08:00") == [int(old.id)]


def test_products_are_found_by_their_sellers_skus() -> None:
    shop = shelf()
    product_of(shop).skus[0].seller_sku = "THE-ONE"
    add_product(shop)
    assert listed(shop, sku_seller_list=["THE-ONE"]) == [int(product_of(shop).id)]
    assert listed(shop, sku_seller_list=["NOBODY"]) == []
    assert code(shop, "/products/get", sku_seller_list=[str(number) for number in range(101)]) == "5"


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"limit": 51}, "19"),
        ({"limit": 0}, "19"),
        ({"offset": 10_001}, "14"),
        ({"filter": "nice"}, "36"),
        ({"update_after": "yesterday"}, "17"),
        ({"sku_seller_list": "[1"}, "1001"),
    ],
)
def test_lists_that_cannot_be_meant_are_refused(params: dict[str, Any], expected: str) -> None:
    assert code(shop_to_read(), "/products/get", **params) == expected


# --- one product ------------------------------------------------------------------------------------------------------


def test_a_product_with_variants_names_its_axes_and_one_without_has_none() -> None:
    shop = shop_to_read("TH")
    products = list(shop.part(Catalogue).products.values())
    varied, plain = products[0], products[1]
    found = checked(shop, "/product/item/get", item_id=varied.id)
    axes = [one["name"] for one in found["variation"].values()]
    assert axes == list(varied.axes)
    assert found["variation"]["variation1"]["options"] == varied.axis_values(varied.axes[0])
    assert all(set(sku["saleProp"]) == set(axes) for sku in found["skus"])
    assert checked(shop, "/product/item/get", item_id=plain.id)["variation"] == {}


def test_times_are_milliseconds_as_text_and_pictures_are_padded() -> None:
    shop = shelf()
    found = checked(shop, "/product/item/get", item_id=product_of(shop).id)
    assert found["created_time"] == f"{product_of(shop).created}000"
    assert found["skus"][0]["Images"] == ["https://x.test/1.jpg", *[""] * 7]
    assert found["skus"][0]["package_weight"] == "0.5"


def test_a_sale_shows_its_price_and_its_local_days() -> None:
    shop = shelf(price="20.00")
    sku = sku_of(shop)
    sku.sale_price, sku.sale_from, sku.sale_to = Decimal("15.50"), START - DAY, START + DAY
    row = checked(shop, "/product/item/get", item_id=product_of(shop).id)["skus"][0]
    assert (row["price"], row["special_price"]) == (20.0, 15.5)
    assert (row["special_from_time"], row["special_to_date"]) == ("2026-11-17 12:00", "2026-11-19")
    assert order(shop).lines[0].price == Decimal("20.00")
    assert sku.price_now(START) == Decimal("15.50")
    assert sku.price_now(START + 2 * DAY) == Decimal("20.00")


def test_campaign_locks_are_listed_while_they_last() -> None:
    shop = shelf()
    sku_of(shop).lock = Lock("summer", 4, START - HOUR, START + HOUR)
    row = checked(shop, "/product/item/get", item_id=product_of(shop).id)["skus"][0]
    assert row["channelInventories"][0]["sellableQuantity"] == 4
    go(shop, 2 * HOUR)
    assert checked(shop, "/product/item/get", item_id=product_of(shop).id)["skus"][0]["channelInventories"] == []


def test_a_product_of_another_store_is_not_found() -> None:
    assert code(shelf(), "/product/item/get", item_id=1) == "208"
    assert code(shelf(), "/product/item/get", seller_sku="SKU-1") == "5"
    assert code(shelf(), "/product/item/get") == "MissingParameter"


def test_stock_follows_the_table_of_the_fact_sheet() -> None:
    shop = shelf(units=10)

    def row() -> tuple[int, int, int, int]:
        now = figures(shop)
        return now["sellableQuantity"], now["totalQuantity"], now["withholdQuantity"], now["occupyQuantity"]

    assert row() == (10, 10, 0, 0)
    unpaid = order(shop, STILL)
    assert row() == (9, 10, 1, 0)
    go(shop, 40 * 60)
    assert unpaid.statuses == ["canceled"]
    assert row() == (10, 10, 0, 0)
    paid = order(shop)
    assert row() == (9, 10, 0, 1)
    ready(shop, pack(shop, paid, paid.lines)[0])
    assert row() == (9, 9, 0, 0)
    other = order(shop)
    cancel(shop, other, other.lines, "Change of mind", "buyer-cancel")
    assert row() == (9, 9, 0, 0)


# --- what the platform does -------------------------------------------------------------------------------------------


def test_push_6_comes_once_when_little_is_left() -> None:
    shop = shelf(units=8)
    order(shop, pieces=2)
    assert told(shop, 6) == []
    order(shop)
    assert [data["sku_id"] for data in told(shop, 6)] == [int(sku_of(shop).id)]
    assert told(shop, 6)[0]["real_quantity"] == 8
    order(shop)
    assert len(told(shop, 6)) == 1


def test_the_scripted_seller_fills_up_in_time_unless_away() -> None:
    shop = shelf(units=6)
    order(shop)
    go(shop, 2 * DAY)
    assert sku_of(shop).sellable == 5
    again = shelf(units=6)
    again.seller_on = True
    order(again)
    go(again, 2 * DAY)
    assert sku_of(again).sellable > 60


def test_quality_alerts_name_the_moment_and_come_true() -> None:
    shop = shop_to_read("MY", ("low_stock",))
    alerts = checked(shop, "/product/qc/alert/list", offset=1, limit=10)
    assert len(alerts) == 1
    assert alerts[0]["deactivationTime"] > shop.now * 1000
    moved = make_shop("MY", ("low_stock",))
    product = moved.part(Catalogue).products[str(alerts[0]["productId"])]
    go(moved, alerts[0]["deactivationTime"] / 1000 - moved.now - 1)
    assert product.status == ACTIVE
    go(moved, 1)
    assert (product.status, product.sub_status) == (SUSPENDED, "Live_Reject")
    assert told(moved, 1)[0]["itemId"] == int(product.id)
    assert checked(moved, "/product/qc/alert/list", offset=1, limit=10) == []


def test_a_product_that_was_mended_is_not_taken_down() -> None:
    shop = shelf()
    product_of(shop).deactivates = 0
    take_down(shop, product_of(shop))
    assert product_of(shop).status == ACTIVE
    assert told(shop, 1) == []


@pytest.mark.parametrize("abroad", [True, False])
def test_the_item_limit_is_for_cross_border_sellers(abroad: bool) -> None:
    shop = shelf(cross_border=abroad)
    order(shop, pieces=2)
    found = ask(shop, "/product/seller/item/limit")
    if abroad:
        assert found == {"onlineItemCount": 1, "itemLimit": 500, "payItemCnt": 2, "payByrCnt": 1}
    else:
        assert found is None


def test_low_stock_is_seen_where_that_is_the_trouble() -> None:
    shop = shop_to_read("SG", ("low_stock",))
    skus = [sku for product in shop.part(Catalogue).products.values() for sku in product.skus]
    assert any(sku.sellable == 0 for sku in skus)
    assert sum(sku.sellable <= 8 for sku in skus) >= 2
    assert any(True for _pair in shop.part(Catalogue).on_sale())
