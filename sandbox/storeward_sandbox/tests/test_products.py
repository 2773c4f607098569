"""Products over their operations: search and detail, on and off, prices, images, categories, advice."""

import struct
from typing import Any

import pytest

from storeward_sandbox.clock import DAY
from storeward_sandbox.tests.people import code_of, pages, refused
from storeward_sandbox.tests.support import ask, checked, make_shop, told
from storeward_sandbox.tiktok_shop.call import Upload
from storeward_sandbox.tiktok_shop.catalogue import Catalogue, Product
from storeward_sandbox.tiktok_shop.markets import MARKETS
from storeward_sandbox.tiktok_shop.shelf import Shelf
from storeward_sandbox.tiktok_shop.shop import Shop
from storeward_sandbox.tiktok_shop.stockroom import take_down

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 640, 480) + b"\0" * 10


def live(shop: Shop) -> Product:
    return next(product for product in shop.part(Catalogue).products.values() if product.status == "ACTIVATE")


def price(shop: Shop, amount: str) -> dict[str, str]:
    return {"currency": shop.currency, "amount": amount}


def set_price(shop: Shop, product: Product, amount: str, **more: Any) -> int:
    rows = [{"id": product.skus[0].id, "price": {**price(shop, amount), **more}}]
    return code_of(shop, "updatePrice", ids={"product_id": product.id}, body={"skus": rows})


@pytest.mark.parametrize("region", MARKETS)
@pytest.mark.parametrize("cross_border", [False, True])
def test_search_and_detail_keep_to_their_description(region: str, cross_border: bool) -> None:
    shop = make_shop(region, cross_border=cross_border)
    found = checked(shop, "searchProducts", query={"page_size": 100})
    assert found["total_count"] == len(found["products"]) == len(shop.part(Catalogue).products)
    for row in found["products"]:
        shown = checked(shop, "getProduct", ids={"product_id": row["id"]})
        assert [sku["id"] for sku in shown["skus"]] == [sku["id"] for sku in row["skus"]]
        assert shown["category_chains"][-1]["is_leaf"]


def test_local_sellers_see_the_shelf_price_and_global_ones_the_sale_price() -> None:
    for cross_border, name in ((False, "tax_exclusive_price"), (True, "sale_price")):
        shop = make_shop("MY", cross_border=cross_border)
        row = ask(shop, "searchProducts", query={"page_size": 1})["products"][0]
        assert set(row["skus"][0]["price"]) == {"currency", name}


def test_pages_show_every_product_once() -> None:
    shop = make_shop()
    rows = pages(shop, "searchProducts", "products", size=2)
    assert sorted(row["id"] for row in rows) == sorted(shop.part(Catalogue).products)


def test_the_older_path_answers_the_same() -> None:
    shop = make_shop()
    newer, older = (ask(shop, name, query={"page_size": 50}) for name in ("searchProducts", "searchProducts_202309"))
    assert newer["products"] == older["products"]


@pytest.mark.parametrize("size", [0, 101, -1])
def test_page_sizes_have_limits(size: int) -> None:
    assert code_of(make_shop(), "searchProducts", query={"page_size": size}) == 36009004


def test_a_page_size_is_required() -> None:
    assert code_of(make_shop(), "searchProducts") == 36009004


@pytest.mark.parametrize(("name", "code"), [("seller_skus", 12019027), ("sku_ids", 12019087)])
def test_filters_take_ten_skus_at_most(name: str, code: int) -> None:
    body = {name: [str(number) for number in range(11)]}
    assert code_of(make_shop(), "searchProducts", query={"page_size": 10}, body=body) == code


def test_filters_find_what_they_name() -> None:
    shop = make_shop()
    product = live(shop)
    sku = product.skus[-1]
    for body in ({"sku_ids": [sku.id]}, {"seller_skus": [sku.seller_sku]}):
        found = ask(shop, "searchProducts", query={"page_size": 10}, body=body)
        assert [row["id"] for row in found["products"]] == [product.id]


@pytest.mark.parametrize("status", ["ACTIVATE", "SELLER_DEACTIVATED", "FREEZE", "DELETED"])
def test_a_status_filter_keeps_to_its_status(status: str) -> None:
    shop = make_shop()
    found = ask(shop, "searchProducts", query={"page_size": 100}, body={"status": status})
    expected = [product.id for product in shop.part(Catalogue).products.values() if product.status == status]
    assert sorted(row["id"] for row in found["products"]) == sorted(expected)


def test_both_ends_of_a_time_span_belong_to_it() -> None:
    shop = make_shop()
    product = live(shop)
    body = {"create_time_ge": product.created, "create_time_le": product.created}
    found = ask(shop, "searchProducts", query={"page_size": 10}, body=body)
    assert product.id in [row["id"] for row in found["products"]]


def test_an_unknown_product_is_refused() -> None:
    assert code_of(make_shop(), "getProduct", ids={"product_id": "17"}) == 12052032


def test_switching_off_and_on_is_told_with_a_bare_number() -> None:
    shop = make_shop()
    product = live(shop)
    assert ask(shop, "deactivateProducts", body={"product_ids": [product.id]}) == {"errors": []}
    assert product.status == "SELLER_DEACTIVATED"
    assert not set(shop.part(Shelf).items) & {sku.id for sku in product.skus}
    ask(shop, "activateProducts", body={"product_ids": [product.id]})
    assert product.status == "ACTIVATE"
    events = told(shop, 5)
    assert [event["product_id"] for event in events] == [int(product.id)] * 2
    assert {event["status"] for event in events} == {"PRODUCT_STATUS_CHANGED"}


def test_switching_many_names_those_that_failed() -> None:
    shop = make_shop()
    product = live(shop)
    take_down(shop, product, "why")
    answer = checked(shop, "activateProducts", body={"product_ids": [product.id, "1799"]})
    assert [(row["code"], row["detail"]["product_id"]) for row in answer["errors"]] == [
        (12052901, product.id),
        (12052032, "1799"),
    ]


@pytest.mark.parametrize("name", ["activateProducts", "deactivateProducts"])
def test_no_more_than_twenty_products_are_switched_at_once(name: str) -> None:
    body = {"product_ids": [str(number) for number in range(21)]}
    assert code_of(make_shop(), name, body=body) == 12019120


def test_a_product_taken_down_says_why() -> None:
    shop = make_shop()
    product = live(shop)
    take_down(shop, product, "It makes a claim.")
    shown = checked(shop, "getProduct", ids={"product_id": product.id})
    assert shown["status"] == "PLATFORM_DEACTIVATED"
    assert shown["audit_failed_reasons"][0]["reasons"] == ["It makes a claim."]
    assert {sku["status_info"]["deactivation_source"] for sku in shown["skus"]} == {"PLATFORM"}
    assert told(shop, 5)[-1]["suspended_reason"] == "It makes a claim."
    assert told(shop, 50)[-1]["product_id"] == product.id


def test_a_new_price_is_what_buyers_pay() -> None:
    shop = make_shop()
    product = live(shop)
    product.promotion_until = 0
    assert set_price(shop, product, "19.90") == 0
    item = shop.part(Shelf).items.get(product.skus[0].id)
    assert item is None or str(item.price) == "19.90"
    assert str(product.skus[0].price) == "19.90"


@pytest.mark.parametrize(
    ("amount", "code"),
    [("0", 12052073), ("-3", 12052073), ("1.234", 12052073), ("NaN", 12052073), ("much", 12052012)],
)
def test_a_senseless_price_is_refused(amount: str, code: int) -> None:
    shop = make_shop()
    live(shop).promotion_until = 0
    assert set_price(shop, live(shop), amount) == code


def test_a_price_in_another_currency_is_refused() -> None:
    shop = make_shop("MY")
    live(shop).promotion_until = 0
    assert set_price(shop, live(shop), "10.00", currency="USD") == 12052084


def test_a_running_promotion_locks_the_price() -> None:
    shop = make_shop()
    product = live(shop)
    product.promotion_until = shop.now + DAY
    before = product.skus[0].price
    assert set_price(shop, product, "10.00") == 12052038
    assert product.skus[0].price == before


def test_only_live_products_change_their_price() -> None:
    shop = make_shop()
    product = live(shop)
    product.promotion_until = 0
    product.status = "SELLER_DEACTIVATED"
    assert set_price(shop, product, "10.00") == 12052901


def test_one_wrong_sku_leaves_all_prices_alone() -> None:
    shop = make_shop()
    product = next(p for p in shop.part(Catalogue).products.values() if len(p.skus) > 1 and p.status == "ACTIVATE")
    product.promotion_until = 0
    before = [sku.price for sku in product.skus]
    rows = [{"id": product.skus[0].id, "price": price(shop, "9.90")}, {"id": "173", "price": price(shop, "9.90")}]
    with refused(12052557):
        ask(shop, "updatePrice", ids={"product_id": product.id}, body={"skus": rows})
    assert [sku.price for sku in product.skus] == before


def test_an_image_answers_with_its_size() -> None:
    upload = Upload("data", "mug.png", "image/png", PNG)
    answer = checked(make_shop(), "uploadProductImage", uploads={"data": upload}, fields={"use_case": "MAIN_IMAGE"})
    assert (answer["width"], answer["height"], answer["use_case"]) == (640, 480, "MAIN_IMAGE")
    assert answer["uri"] in answer["url"]


@pytest.mark.parametrize(
    ("data", "code"), [(b"%PDF-1.7", 12038004), (b"\x89PNG\r\n\x1a\n" + b"\0" * (10 * 1024 * 1024 + 1), 12038005)]
)
def test_what_is_no_picture_or_too_large_is_refused(data: bytes, code: int) -> None:
    upload = Upload("data", "x", "image/png", data)
    assert code_of(make_shop(), "uploadProductImage", uploads={"data": upload}) == code


def test_an_upload_without_a_file_is_refused() -> None:
    assert code_of(make_shop(), "uploadProductImage") == 12038002


def test_categories_form_a_tree() -> None:
    rows = checked(make_shop(), "getCategories")["categories"]
    ids = {row["id"] for row in rows}
    assert all(row["parent_id"] == "0" or row["parent_id"] in ids for row in rows)
    assert any(row["is_leaf"] for row in rows)
    assert [row["local_name"] for row in ask(make_shop(), "getCategories", query={"keyword": "light"})["categories"]] == [
        "Lighting"
    ]


def test_advice_is_given_for_live_products_only() -> None:
    shop = make_shop()
    products = shop.part(Catalogue).products
    answer = checked(shop, "getProductDiagnoses", query={"product_ids": ",".join(products)})
    assert {row["id"] for row in answer["products"]} == {one.id for one in products.values() if one.status == "ACTIVATE"}
    for row in answer["products"]:
        short = len(products[row["id"]].title) < 40
        assert (row["listing_quality"]["current_tier"] == "POOR") == short == bool(row["diagnoses"])


def test_advice_is_given_for_two_hundred_products_at_most() -> None:
    ids = ",".join(str(number) for number in range(201))
    assert code_of(make_shop(), "getProductDiagnoses", query={"product_ids": ids}) == 12019120


def test_a_shop_that_owes_fails_a_prerequisite() -> None:
    fine = checked(make_shop(), "checkListingPrerequisites")["check_results"]
    owing = ask(make_shop(troubles=("negative_balance",)), "checkListingPrerequisites")["check_results"]
    assert not any(row["is_failed"] for row in fine)
    assert [row["check_item"] for row in owing if row["is_failed"]] == ["PAYMENT_METHOD"]
