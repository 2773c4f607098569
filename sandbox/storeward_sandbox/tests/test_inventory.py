"""Stock over its operations, and what orders do to it."""

import pytest

from storeward_sandbox.clock import DAY
from storeward_sandbox.tests.people import an_order, code_of, move_on, pages, quiet, rest
from storeward_sandbox.tests.support import Json, ask, checked, make_shop, told
from storeward_sandbox.tiktok_shop.catalogue import Catalogue, Product, Sku
from storeward_sandbox.tiktok_shop.orders import Order, cancel
from storeward_sandbox.tiktok_shop.shelf import Shelf
from storeward_sandbox.tiktok_shop.shop import Shop
from storeward_sandbox.tiktok_shop.stockroom import Stockroom, list_another, show


def busy_shop() -> Shop:
    """A shop with two warehouses in which nobody stirs."""
    return quiet(make_shop(orders_per_day=3.0))


def live(shop: Shop) -> Product:
    product = next(one for one in shop.part(Catalogue).products.values() if one.status == "ACTIVATE")
    product.promotion_until = 0
    return product


def rows(sku: Sku, quantity: int) -> list[Json]:
    return [{"warehouse_id": stock.warehouse_id, "quantity": quantity} for stock in sku.stock]


def update(shop: Shop, product: Product, *skus: Json) -> list[Json]:
    """Set stock; the errors under code 0."""
    answer = checked(shop, "updateInventory", ids={"product_id": product.id}, body={"skus": list(skus)})
    found: list[Json] = answer.get("errors", [])
    return found


def of_order(shop: Shop, order: Order) -> list[Sku]:
    found = [shop.part(Catalogue).find(line.item.sku_id) for line in order.lines]
    return [pair[1] for pair in found if pair is not None]


def test_stock_is_found_by_product_and_by_sku() -> None:
    shop = busy_shop()
    product = live(shop)
    by_product = checked(shop, "inventorySearch", body={"product_ids": [product.id]})
    by_sku = checked(shop, "inventorySearch", body={"sku_ids": [sku.id for sku in product.skus]})
    assert by_product == by_sku
    shown = by_product["inventory"][0]["skus"][0]
    assert shown["total_available_quantity"] == product.skus[0].available
    assert len(shown["warehouse_inventory"]) == 2


def test_skus_win_where_both_are_named() -> None:
    shop = busy_shop()
    product = live(shop)
    other = next(one for one in shop.part(Catalogue).products.values() if one is not product)
    body = {"product_ids": [product.id], "sku_ids": [other.skus[0].id]}
    assert [row["product_id"] for row in ask(shop, "inventorySearch", body=body)["inventory"]] == [other.id]


def test_unknown_ids_are_left_out() -> None:
    assert checked(busy_shop(), "inventorySearch", body={"product_ids": ["17"]}) == {"inventory": []}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"product_ids": [str(number) for number in range(101)]}, 12019120),
        ({"sku_ids": [str(number) for number in range(601)]}, 12019015),
        ({}, 36009004),
    ],
)
def test_a_search_names_something_but_not_too_much(body: Json, code: int) -> None:
    assert code_of(busy_shop(), "inventorySearch", body=body) == code


def test_stock_is_set_in_absolute_numbers() -> None:
    shop = busy_shop()
    product = live(shop)
    sku = product.skus[0]
    assert update(shop, product, {"id": sku.id, "inventory": rows(sku, 77)}) == []
    assert [stock.available for stock in sku.stock] == [77, 77]


def test_a_wrong_sku_is_named_and_the_others_are_set() -> None:
    shop = busy_shop()
    product = live(shop)
    sku = product.skus[0]
    errors = update(shop, product, {"id": "173", "inventory": rows(sku, 5)}, {"id": sku.id, "inventory": rows(sku, 66)})
    assert [(row["code"], row["detail"]["sku_id"]) for row in errors] == [(12052556, "173")]
    assert sku.available == 132


def test_every_warehouse_must_be_named() -> None:
    shop = busy_shop()
    product = live(shop)
    sku = product.skus[0]
    before = sku.available
    errors = update(shop, product, {"id": sku.id, "inventory": [*rows(sku, 5)[:1], {"warehouse_id": "9", "quantity": 5}]})
    assert errors[0]["code"] == 12019028
    assert errors[0]["detail"]["extra_errors"] == [
        {"warehouse_id": "9", "code": 12052097, "message": "The warehouse does not exist"}
    ]
    assert sku.available == before


def test_a_warehouse_of_somebody_else_is_refused() -> None:
    shop = busy_shop()
    product = live(shop)
    sku = product.skus[0]
    errors = update(shop, product, {"id": sku.id, "inventory": [*rows(sku, 5), {"warehouse_id": "9", "quantity": 5}]})
    assert errors[0]["code"] == 12052097


@pytest.mark.parametrize("quantity", [0, -1, 100_000])
def test_quantities_have_limits(quantity: int) -> None:
    shop = busy_shop()
    product = live(shop)
    sku = product.skus[0]
    assert update(shop, product, {"id": sku.id, "inventory": rows(sku, quantity)})[0]["code"] == 12052055


def test_a_promotion_keeps_stock_from_going_down() -> None:
    shop = busy_shop()
    product = live(shop)
    product.promotion_until = shop.now + DAY
    sku = product.skus[0]
    assert update(shop, product, {"id": sku.id, "inventory": rows(sku, 1)})[0]["code"] == 12052393
    assert update(shop, product, {"id": sku.id, "inventory": rows(sku, 900)}) == []


def test_one_warehouse_need_not_be_named() -> None:
    shop = quiet(make_shop(orders_per_day=0.5))
    product = live(shop)
    sku = product.skus[0]
    assert update(shop, product, {"id": sku.id, "inventory": [{"quantity": 8}]}) == []
    assert sku.available == 8


@pytest.mark.parametrize("status", ["FREEZE", "DELETED"])
def test_frozen_products_keep_their_stock(status: str) -> None:
    shop = busy_shop()
    product = live(shop)
    product.status = status
    body = {"skus": [{"id": product.skus[0].id, "inventory": rows(product.skus[0], 5)}]}
    assert code_of(shop, "updateInventory", ids={"product_id": product.id}, body=body) == 12052901


# --- what orders do ---------------------------------------------------------------------------------------------------


def test_an_order_sets_its_units_aside() -> None:
    shop = busy_shop()
    before = {sku.id: sku.available for _product, sku in shop.part(Catalogue).live_skus()}
    order = an_order(shop, "UNPAID", units=3)
    after = {sku.id: sku.available for _product, sku in shop.part(Catalogue).live_skus()}
    assert sum(before.values()) - sum(after.values()) == 3
    assert {line.id for line in order.lines} <= shop.part(Stockroom).promised


def test_a_cancelled_order_gives_its_units_back() -> None:
    shop = busy_shop()
    before = sum(sku.available for _product, sku in shop.part(Catalogue).live_skus())
    order = an_order(shop, "AWAITING_SHIPMENT")
    cancel(shop, order, reason="x", initiator="SELLER")
    assert sum(sku.available for _product, sku in shop.part(Catalogue).live_skus()) == before


def test_units_that_have_left_are_gone_even_if_the_order_is_cancelled() -> None:
    shop = busy_shop()
    before = sum(sku.available for _product, sku in shop.part(Catalogue).live_skus())
    order = an_order(shop, "IN_TRANSIT")
    committed = [sku.committed for sku in of_order(shop, order)]
    cancel(shop, order, reason="Package lost", initiator="SYSTEM")
    assert sum(sku.available for _product, sku in shop.part(Catalogue).live_skus()) == before - 2
    assert [sku.committed for sku in of_order(shop, order)] == committed


def test_promised_units_stay_promised_until_they_leave() -> None:
    shop = busy_shop()
    order = an_order(shop, "AWAITING_SHIPMENT", units=1)
    sku = of_order(shop, order)[0]
    promised = sku.committed
    assert promised >= 1
    move_on(shop, order, "IN_TRANSIT")
    assert sku.committed == promised - 1


def the_only_sku(shop: Shop, units: int) -> Sku:
    """Nothing but this SKU is for sale, and so many units of it in each warehouse."""
    sku = live(shop).skus[0]
    for product in shop.part(Catalogue).products.values():
        for each in product.skus:
            each.deactivated_by = "" if each is sku else "SELLER"
        show(shop, product)
    for stock in sku.stock:
        stock.available = units
    return sku


def test_running_low_is_told_once_and_running_out_takes_the_sku_off_the_shelf() -> None:
    shop = busy_shop()
    sku = the_only_sku(shop, 6)
    for _ in range(12):
        an_order(shop, "UNPAID", units=1)
    assert [event["current_inventory_status"] for event in told(shop, 27)] == ["LOW_STOCK", "OUT_OF_STOCK"]
    event = told(shop, 27)[-1]
    assert event["sku_id"] == sku.id
    assert event["inventory_distribution"]["available_quantity"] == 0
    assert sku.id not in shop.part(Shelf).items


def test_a_working_seller_fills_up_within_days() -> None:
    shop = make_shop(orders_per_day=0.5)
    shop.buyers_on = False
    sku = the_only_sku(shop, 11)
    an_order(shop, "UNPAID", units=1)
    assert sku.level == "LOW_STOCK"
    rest(shop, 4)
    assert sku.level == "NORMAL"


def test_where_stock_is_the_trouble_it_stays_low() -> None:
    shop = make_shop(troubles=("low_stock",), days=5)
    levels = [sku.level for _product, sku in shop.part(Catalogue).live_skus()]
    assert levels.count("NORMAL") < len(levels) * 0.7
    assert "OUT_OF_STOCK" in levels


def test_a_new_listing_is_told_with_a_bare_number_and_goes_live() -> None:
    shop = make_shop()
    list_another(shop)
    product = list(shop.part(Catalogue).products.values())[-1]
    assert told(shop, 16)[-1]["product_id"] == int(product.id)
    assert product.status == "PENDING"
    rest(shop, 1)
    assert product.status == "ACTIVATE"
    assert told(shop, 37)[-1]["audit"]["status"] == "APPROVED"


# --- the platform's warehouses ----------------------------------------------------------------------------------------


def test_platform_stock_pages_and_filters() -> None:
    shop = make_shop()
    whole = checked(shop, "searchFBTInventory", query={"page_size": 100})
    assert whole["total_count"] == len(whole["inventory"]) > 0
    assert pages(shop, "searchFBTInventory", "inventory", size=1) == whole["inventory"]
    good = whole["inventory"][0]["goods"]
    found = ask(shop, "searchFBTInventory", query={"page_size": 10}, body={"sku_ids": [good["skus"][0]["id"]]})
    assert [row["goods"]["id"] for row in found["inventory"]] == [good["id"]]
    assert ask(shop, "searchFBTInventory", query={"page_size": 10}, body={"fbt_warehouse_ids": ["1"]})["inventory"] == []
