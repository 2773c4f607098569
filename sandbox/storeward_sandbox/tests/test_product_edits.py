"""Edits: numbers apply at once, words wait for a review."""

from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.tests.people import code_of
from storeward_sandbox.tests.support import Json, checked, go, make_shop, told
from storeward_sandbox.tiktok_shop.catalogue import Catalogue, Product
from storeward_sandbox.tiktok_shop.places import Places
from storeward_sandbox.tiktok_shop.shop import Shop


@pytest.fixture
def shop() -> Shop:
    made = make_shop()
    for product in made.part(Catalogue).products.values():
        product.promotion_until = 0
    return made


def with_variants(shop: Shop) -> Product:
    return next(one for one in shop.part(Catalogue).products.values() if one.status == "ACTIVATE" and len(one.skus) > 1)


def partial(shop: Shop, product: Product, **body: Any) -> Json:
    return checked(shop, "partialEditProduct", ids={"product_id": product.id}, body=body)


def refusal(shop: Shop, product: Product, **body: Any) -> int:
    return code_of(shop, "partialEditProduct", ids={"product_id": product.id}, body=body)


def whole(product: Product, skus: list[Json], **changes: Any) -> Json:
    """The body of a full edit."""
    same = {
        "title": product.title,
        "description": product.description,
        "category_id": product.category_id,
        "main_images": [{"uri": uri} for uri in product.images],
        "package_weight": {"value": "300", "unit": "GRAM"},
    }
    return {**same, "skus": skus, **changes}


def stock(shop: Shop, quantity: int = 50) -> list[Json]:
    return [{"warehouse_id": place.id, "quantity": quantity} for place in shop.part(Places).sales]


def money(shop: Shop, amount: str = "15.90") -> Json:
    return {"currency": shop.currency, "amount": amount}


def test_new_words_wait_for_the_review_while_the_old_ones_sell(shop: Shop) -> None:
    product = with_variants(shop)
    before = product.title
    answer = partial(shop, product, title="A much better name for the same good thing")
    assert answer["audit"] == {"status": "AUDITING"}
    assert checked(shop, "getProduct", ids={"product_id": product.id})["title"] == before
    waiting = checked(shop, "getProduct", ids={"product_id": product.id}, query={"return_under_review_version": "true"})
    assert waiting["title"].startswith("A much better")
    go(shop, 9 * HOUR)
    assert product.title.startswith("A much better")
    assert product.audit == "APPROVED"
    assert [event["audit"]["status"] for event in told(shop, 37)] == ["AUDITING", "APPROVED"]


def test_without_an_edit_there_is_no_version_under_review(shop: Shop) -> None:
    product = with_variants(shop)
    query = {"return_under_review_version": "true"}
    assert code_of(shop, "getProduct", ids={"product_id": product.id}, query=query) == 12052547


def test_forbidden_words_fail_the_review_and_the_old_ones_stay(shop: Shop) -> None:
    product = with_variants(shop)
    before = product.title
    partial(shop, product, title="The best in the world mug")
    go(shop, 9 * HOUR)
    shown = checked(shop, "getProduct", ids={"product_id": product.id})
    assert (shown["title"], shown["status"], shown["audit"]["status"]) == (before, "ACTIVATE", "FAILED")
    assert "best in the world" in shown["audit_failed_reasons"][0]["reasons"][0]


def test_a_draft_goes_live_with_its_review(shop: Shop) -> None:
    product = with_variants(shop)
    product.status, product.audit = "DRAFT", "NONE"
    partial(shop, product, title="Now it has a name that people can read")
    assert product.status == "PENDING"
    go(shop, 9 * HOUR)
    assert product.status == "ACTIVATE"


def test_a_later_edit_joins_the_one_that_waits(shop: Shop) -> None:
    product = with_variants(shop)
    partial(shop, product, title="First name that was thought of today")
    partial(shop, product, description="<p>And what it is.</p>")
    go(shop, 10 * HOUR)
    assert product.title.startswith("First name")
    assert product.description == "<p>And what it is.</p>"


def test_price_and_stock_apply_at_once(shop: Shop) -> None:
    product = with_variants(shop)
    sku = product.skus[0]
    partial(shop, product, skus=[{"id": sku.id, "price": money(shop, "33.30"), "inventory": stock(shop, 12)}])
    assert str(sku.price) == "33.30"
    assert {one.available for one in sku.stock} == {12}
    assert product.audit == "APPROVED"
    assert told(shop, 15)[-1]["changed_fields"] == ["others"]


def test_what_changed_is_told(shop: Shop) -> None:
    product = with_variants(shop)
    partial(shop, product, title="Another name, long enough for everybody", description="<p>x</p>")
    event = told(shop, 15)[-1]
    assert (event["product_id"], event["change_source"]) == (product.id, "OPEN_API")
    assert event["changed_fields"] == ["title", "description"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"title": " "}, 12052261),
        ({"title": "x" * 256}, 12052051),
        ({"description": ""}, 12052015),
        ({"main_images": []}, 12052028),
        ({"main_images": [{"url": "x"}]}, 12052300),
        ({"category_id": "1"}, 12052023),
        ({"category_id": "600001"}, 12052024),
        ({"skus": [{"id": "17"}]}, 12052557),
    ],
)
def test_what_makes_no_sense_is_refused(shop: Shop, body: Json, code: int) -> None:
    product = with_variants(shop)
    assert refusal(shop, product, **body) == code
    assert product.under_review is None


def test_one_wrong_sku_changes_none(shop: Shop) -> None:
    product = with_variants(shop)
    first, second = product.skus[:2]
    before = first.price
    rows = [{"id": first.id, "price": money(shop, "77.00")}, {"id": second.id, "price": money(shop, "-1")}]
    assert refusal(shop, product, skus=rows) == 12052073
    assert first.price == before


def test_a_promotion_locks_the_price_in_an_edit_too(shop: Shop) -> None:
    product = with_variants(shop)
    product.promotion_until = shop.now + DAY
    assert refusal(shop, product, skus=[{"id": product.skus[0].id, "price": money(shop, "1.00")}]) == 12052038


@pytest.mark.parametrize("status", ["FREEZE", "DELETED"])
def test_frozen_and_deleted_products_cannot_be_edited(shop: Shop, status: str) -> None:
    product = with_variants(shop)
    product.status = status
    assert refusal(shop, product, title="A name that is long enough to be one") == 12052901


def test_a_full_edit_removes_the_skus_it_does_not_name(shop: Shop) -> None:
    product = with_variants(shop)
    kept, gone = product.skus[0], product.skus[1]
    body = whole(product, [{"id": kept.id, "seller_sku": "KEPT"}])
    answer = checked(shop, "editProduct", ids={"product_id": product.id}, body=body)
    assert [row["id"] for row in answer["skus"]] == [kept.id]
    assert kept.seller_sku == "KEPT"
    assert shop.part(Catalogue).find(gone.id) is None


def test_a_full_edit_adds_skus_without_an_id(shop: Shop) -> None:
    product = with_variants(shop)
    attribute = {"id": "100001", "name": "Colour", "value_id": "70199", "value_name": "Moss"}
    fresh = {"seller_sku": "NEW", "price": money(shop), "inventory": stock(shop), "sales_attributes": [attribute]}
    checked(shop, "editProduct", ids={"product_id": product.id}, body=whole(product, [{"id": product.skus[0].id}, fresh]))
    added = product.skus[1]
    assert (added.name, added.seller_sku, str(added.price)) == ("Moss", "NEW", "15.90")
    found = shop.part(Catalogue).find(added.id)
    assert found is not None
    assert found[0] is product


def test_a_new_sku_needs_price_and_stock(shop: Shop) -> None:
    product = with_variants(shop)
    body = whole(product, [{"seller_sku": "NEW", "price": money(shop)}])
    assert code_of(shop, "editProduct", ids={"product_id": product.id}, body=body) == 12052902


@pytest.mark.parametrize("missing", ["title", "description", "category_id", "main_images", "skus"])
def test_a_full_edit_names_everything(shop: Shop, missing: str) -> None:
    product = with_variants(shop)
    body = whole(product, [{"id": product.skus[0].id}])
    del body[missing]
    assert code_of(shop, "editProduct", ids={"product_id": product.id}, body=body) == 36009004


def test_a_product_has_a_hundred_skus_at_most(shop: Shop) -> None:
    product = with_variants(shop)
    rows: list[Json] = [{"price": money(shop), "inventory": stock(shop)} for _ in range(101)]
    assert code_of(shop, "editProduct", ids={"product_id": product.id}, body=whole(product, rows)) == 12052050
