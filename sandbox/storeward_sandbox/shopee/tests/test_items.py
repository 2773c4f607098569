"""/product: items and models, stock and price, promotions, violations, and what orders and sellers do to them."""

import struct
from decimal import Decimal
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.shopee import orders, pushes
from storeward_sandbox.shopee.buying import order_now
from storeward_sandbox.shopee.call import Upload
from storeward_sandbox.shopee.errors import ApiError
from storeward_sandbox.shopee.items import Item, items_of, listing_price, show
from storeward_sandbox.shopee.markets import MARKETS
from storeward_sandbox.shopee.penalties import issue
from storeward_sandbox.shopee.shelf import goods_of
from storeward_sandbox.shopee.shop import Shop
from storeward_sandbox.shopee.stockroom import VIOLATIONS, end_promotion, mend, promote, restock, violate
from storeward_sandbox.shopee.tests.people import NOBODY, an_order
from storeward_sandbox.shopee.tests.support import Json, ask, bare_shop, checked, go, make_shop, refused, shop_to_read, told

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 640, 480)
GIF = b"GIF89a" + struct.pack("<HH", 32, 16)


PRE_ORDER = {"pre_order": {"is_pre_order": True, "days_to_ship": 9}}


def with_models(shop: Shop) -> Item:
    return next(item for item in items_of(shop).values() if item.has_model)


def plain(shop: Shop) -> Item:
    return next(item for item in items_of(shop).values() if not item.has_model)


def base(shop: Shop, item: Item) -> Json:
    return dict(checked(shop, "product.get_item_base_info", query={"item_id_list": item.id})["item_list"][0])


# --- reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", sorted(MARKETS))
def test_every_shop_has_items_with_and_without_variants(region: str) -> None:
    shop = shop_to_read(region)
    kinds = {item.has_model for item in items_of(shop).values()}
    assert kinds == {True, False}
    for item in items_of(shop).values():
        assert item.has_model == bool(item.models[0].id)
        for model in item.models:
            assert model.price == listing_price(shop.market, model.price)
            assert model.price > 0


def test_an_item_without_variants_shows_price_and_stock_itself() -> None:
    shop = bare_shop()
    item = plain(shop)
    row = base(shop, item)
    assert row["price_info"][0]["original_price"] == float(item.models[0].price)
    assert row["stock_info_v2"]["summary_info"] == {"total_reserved_stock": 0, "total_available_stock": item.available}
    assert row["stock_info_v2"]["seller_stock"][0]["location_id"] == "MYZ"
    assert checked(shop, "product.get_model_list", query={"item_id": item.id}) == {"tier_variation": [], "model": []}


def test_an_item_with_variants_leaves_both_to_its_models() -> None:
    shop = bare_shop()
    item = with_models(shop)
    row = base(shop, item)
    assert row["has_model"] is True
    assert not {"price_info", "stock_info_v2"} & set(row)
    found = checked(shop, "product.get_model_list", query={"item_id": item.id})
    assert [model["model_id"] for model in found["model"]] == [model.id for model in item.models]
    options = [len(tier["option_list"]) for tier in found["tier_variation"]]
    for model in found["model"]:
        assert len(model["tier_index"]) == len(options)
        assert all(index < count for index, count in zip(model["tier_index"], options, strict=True))


def test_deboost_is_a_text_and_weight_too() -> None:
    shop = bare_shop()
    row = base(shop, plain(shop))
    assert row["deboost"] == "false"
    assert Decimal(row["weight"]) > 0


@pytest.mark.parametrize("size", [1, 2, 100])
def test_items_are_listed_by_offset(size: int) -> None:
    shop = shop_to_read()
    found: list[int] = []
    offset: Any = 0
    for _page in range(50):
        query = {"offset": offset, "page_size": size, "item_status": "NORMAL,BANNED,UNLIST,REVIEWING"}
        page = checked(shop, "product.get_item_list", query=query)
        found += [row["item_id"] for row in page["item"]]
        offset = page["next_offset"]
        if not page["has_next_page"]:
            break
    assert offset == ""
    assert found == list(items_of(shop))
    assert page["total_count"] == len(found)


def test_items_are_listed_by_status_and_time() -> None:
    shop = bare_shop()
    one, other = list(items_of(shop).values())[:2]
    one.status, other.updated = "UNLIST", shop.now + 5
    listed = {"offset": 0, "page_size": 100}
    for status, there in (("UNLIST", True), ("NORMAL", False)):
        rows = ask(shop, "product.get_item_list", query={**listed, "item_status": status})["item"]
        assert (one.id in [row["item_id"] for row in rows]) == there
    query = {**listed, "item_status": "NORMAL", "update_time_from": shop.now + 5, "update_time_to": shop.now + 5}
    assert [row["item_id"] for row in ask(shop, "product.get_item_list", query=query)["item"]] == [other.id]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"item_status": ""}, "error_param"),
        ({"item_status": "LOVED"}, "error_param_item_status"),
        ({"page_size": 101}, "error_param"),
        ({"offset": -1}, "error_param"),
        ({"update_time_from": 9, "update_time_to": 8}, "error_update_time_range"),
    ],
)
def test_a_bad_list_question_is_refused(change: Json, error: str) -> None:
    with refused(error):
        ask(shop_to_read(), "product.get_item_list", query={"offset": 0, "page_size": 10, "item_status": "NORMAL", **change})


def test_items_are_searched_by_words_with_an_opaque_offset() -> None:
    shop = bare_shop()
    item = plain(shop)
    query = {"page_size": 10, "item_name": item.name.split()[0].upper()}
    assert item.id in checked(shop, "product.search_item", query=query)["item_id_list"]
    assert ask(shop, "product.search_item", query={"page_size": 10, "item_sku": item.sku})["item_id_list"] == [item.id]
    found: list[int] = []
    offset = ""
    while True:
        page = ask(shop, "product.search_item", query={"page_size": 2, "offset": offset})
        found += page["item_id_list"]
        offset = page["next_offset"]
        if not offset:
            break
        assert not offset.isdigit()
    assert found == list(items_of(shop))
    with refused("error_param"):
        ask(shop, "product.search_item", query={"page_size": 2, "offset": "abcd"})


def test_unknown_items_are_refused_or_named() -> None:
    shop = shop_to_read()
    for operation in ("product.get_item_base_info", "product.get_item_extra_info"):
        with refused("error_item_not_found"):
            ask(shop, operation, query={"item_id_list": "7"})
    with refused("error_item_not_found"):
        ask(shop, "product.get_model_list", query={"item_id": 7})
    promotions = ask(shop, "product.get_item_promotion", query={"item_id_list": "7"})
    assert promotions["failure_list"] == [{"item_id": 7, "failed_reason": "Product not found."}]
    violations = ask(shop, "product.get_item_violation_info", query={"item_id_list": "7"})
    assert violations["item_list"][0]["fail_error"] == "error_item_not_found"
    with refused("error_param"):
        ask(shop, "product.get_item_base_info", query={"item_id_list": [str(one) for one in range(51)]})


def test_limits_and_categories_are_told() -> None:
    shop = shop_to_read()
    limits = checked(shop, "product.get_item_limit")
    assert limits["stock_limit"] == {"min_limit": 0, "max_limit": 999_999}
    rows = checked(shop, "product.get_category", query={"language": "en"})["category_list"]
    ids = {row["category_id"] for row in rows}
    assert all(row["parent_category_id"] in {0, *ids} for row in rows)
    assert {item.category_id for item in items_of(shop).values()} <= ids


# --- stock ------------------------------------------------------------------------------------------------------------


def stock(shop: Shop, item: Item, units: int, *, model_id: int | None = None, place: str | None = None) -> Any:
    known = item.models[0].id if model_id is None else model_id
    seller = [{"location_id": shop.market.location if place is None else place, "stock": units}]
    body = {"item_id": item.id, "stock_list": [{"model_id": known, "seller_stock": seller}]}
    return checked(shop, "product.update_stock", body=body)


@pytest.mark.parametrize("units", [0, 1, 999_999])
def test_stock_is_set_absolutely(units: int) -> None:
    shop = bare_shop()
    for item in (plain(shop), with_models(shop)):
        found = stock(shop, item, units)
        assert found["success_list"] == [{"model_id": item.models[0].id, "location_id": "MYZ", "stock": units}]
        assert item.models[0].stock == units
        assert ((item.id, item.models[0].id) in goods_of(shop).goods) == (units > 0)
        assert item.updated == shop.now


@pytest.mark.parametrize("bad", [{"units": -1}, {"units": 1_000_000}, {"units": 5, "place": ""}, {"units": 5, "model_id": 9}])
def test_bad_stock_is_refused_as_a_whole_where_nothing_is_left(bad: dict[str, Any]) -> None:
    shop = bare_shop()
    item = plain(shop)
    before = item.available
    with pytest.raises(ApiError) as refusal:
        stock(shop, item, **bad)
    assert refusal.value.error == "error_busi_update_stock_failed"
    assert refusal.value.response is not None
    assert refusal.value.response["failure_list"]
    assert item.available == before


def test_some_models_may_fail_while_others_are_set() -> None:
    shop = bare_shop()
    item = with_models(shop)
    place = [{"location_id": "MYZ", "stock": 5}]
    rows = [{"model_id": item.models[0].id, "seller_stock": place}, {"model_id": 9, "seller_stock": place}]
    found = checked(shop, "product.update_stock", body={"item_id": item.id, "stock_list": rows})
    assert [row["stock"] for row in found["success_list"]] == [5]
    assert found["failure_list"] == [{"model_id": 9, "failed_reason": "model not found"}]


def test_reserved_stock_cannot_be_taken_away() -> None:
    shop = bare_shop()
    item = plain(shop)
    promote(shop, item)
    reserved = item.models[0].reserved
    assert reserved > 0
    with refused("error_busi_update_stock_failed"):
        stock(shop, item, reserved - 1)
    stock(shop, item, reserved)


def test_what_runs_out_leaves_the_shelf() -> None:
    shop = bare_shop()
    for item in items_of(shop).values():
        for model in item.models:
            model.stock = 0
        show(shop, item)
    assert goods_of(shop).goods == {}
    assert order_now(shop, NOBODY) is None


@pytest.mark.parametrize(("troubles", "quick"), [((), True), (("low_stock",), False)])
def test_sellers_restock_and_where_goods_run_out_nobody_does_in_time(troubles: tuple[str, ...], quick: bool) -> None:
    shop = bare_shop("MY", troubles)
    shop.seller_on = True
    item = plain(shop)
    order = an_order(shop, "UNPAID", units=1)
    order.lines[0].good = goods_of(shop).goods[item.id, 0]
    item.models[0].stock = 3
    orders.pay(shop, order)
    assert item.available == 2
    go(shop, 2 * DAY)
    assert (item.available > 10) == quick


# --- price, texts, listing --------------------------------------------------------------------------------------------


def price(shop: Shop, item: Item, amount: Any) -> Any:
    body = {"item_id": item.id, "price_list": [{"model_id": item.models[0].id, "original_price": amount}]}
    return checked(shop, "product.update_price", body=body)


def test_a_price_is_set_and_told() -> None:
    shop = bare_shop()
    item = plain(shop)
    before = item.models[0].price
    assert price(shop, item, Decimal("12.5"))["success_list"] == [{"model_id": 0, "original_price": Decimal("12.5")}]
    assert item.models[0].price == Decimal("12.5")
    assert goods_of(shop).goods[item.id, 0].price == Decimal("12.5")
    (data,) = told(shop, pushes.PRICE_UPDATE)
    assert (data["old_value"], data["new_value"]) == (before, Decimal("12.5"))


@pytest.mark.parametrize(("region", "amount"), [("VN", "9.5"), ("TH", "9.5"), ("MY", "9.555"), ("MY", "0"), ("MY", "-3")])
def test_a_price_too_exact_for_the_market_is_refused(region: str, amount: str) -> None:
    shop = bare_shop(region)
    with refused("error_update_price_fail"):
        price(shop, plain(shop), Decimal(amount))


@pytest.mark.parametrize("amount", ["12", None, True])
def test_a_price_is_a_number(amount: Any) -> None:
    shop = bare_shop()
    with refused("error_param"):
        price(shop, plain(shop), amount)


def test_a_promotion_lowers_and_locks_the_price() -> None:
    shop = bare_shop()
    item = plain(shop)
    promote(shop, item)
    info = base(shop, item)["price_info"][0]
    assert info["current_price"] < info["original_price"]
    (row,) = checked(shop, "product.get_item_promotion", query={"item_id_list": item.id})["success_list"]
    assert row["promotion"][0]["promotion_staging"] == "ongoing"
    assert row["promotion"][0]["promotion_price_info"][0]["promotion_price"] == info["current_price"]
    with refused("error_cannt_edit_price_in_promotion"):
        price(shop, item, 12)
    go(shop, 14 * DAY)
    assert item.promotion is None
    price(shop, item, 12)
    end_promotion(shop, item)
    assert item.models[0].reserved == 0


def test_an_order_pays_the_promotions_price() -> None:
    shop = bare_shop()
    item = plain(shop)
    promote(shop, item)
    good = goods_of(shop).goods[item.id, 0]
    assert good.price < good.listed_price == item.models[0].price
    assert good.promotion_id == item.promotion.id if item.promotion else False


def test_an_order_takes_of_the_promotions_own_stock() -> None:
    shop = bare_shop()
    item = plain(shop)
    promote(shop, item)
    before = item.models[0].reserved
    order = an_order(shop, "UNPAID", units=1)
    order.lines[0].good = goods_of(shop).goods[item.id, 0]
    orders.pay(shop, order)
    assert item.models[0].reserved == before - 1
    orders.cancel(shop, order, by="seller", reason="Out of Stock")
    changes = [(one["action"], one["changed_values"][0]) for one in told(shop, pushes.RESERVED_STOCK)]
    assert changes == [
        ("place_order", {"name": "reserved_stock", "old": before, "new": before - 1}),
        ("cancel_order", {"name": "reserved_stock", "old": before - 1, "new": before}),
    ]


def update(shop: Shop, item: Item, **changes: Any) -> Json:
    return dict(checked(shop, "product.update_item", body={"item_id": item.id, **changes}))


def test_texts_and_facts_of_an_item_are_changed() -> None:
    shop = bare_shop()
    item = plain(shop)
    found = update(
        shop,
        item,
        item_name="A fine new name for it",
        description="A description that is long enough to be taken.",
        item_sku="NEW-1",
        weight=Decimal("0.75"),
        pre_order={"is_pre_order": True, "days_to_ship": 7},
        image={"image_id_list": ["sg-1", "sg-2"]},
        item_status="UNLIST",
    )
    assert (found["item_name"], found["item_status"], found["weight"]) == ("A fine new name for it", "UNLIST", Decimal("0.75"))
    assert found["pre_order"] == {"is_pre_order": True, "days_to_ship": 7}
    assert found["images"]["image_id_list"] == ["sg-1", "sg-2"]
    row = base(shop, item)
    assert (row["item_sku"], row["item_status"]) == ("NEW-1", "UNLIST")
    assert (item.id, 0) not in goods_of(shop).goods


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"item_name": "short"}, "error_param"),
        ({"item_name": "x" * 121}, "error_param"),
        ({"description": "short"}, "error_param"),
        ({"item_status": "BANNED"}, "error_busi_item_status_invalid"),
        ({"item_id": 7}, "error_item_not_found"),
        ({"pre_order": "yes"}, "error_param"),
    ],
)
def test_bad_changes_are_refused(changes: Json, error: str) -> None:
    shop = bare_shop()
    item = plain(shop)
    with refused(error):
        ask(shop, "product.update_item", body={"item_id": item.id, **changes})


@pytest.mark.parametrize("bad", [{"weight": "heavy"}, {"image": {"image_id_list": "x"}}, {"item_sku": [1]}, {"image": 5}])
def test_a_refused_change_changes_nothing(bad: Json) -> None:
    shop = bare_shop()
    item = plain(shop)
    before = base(shop, item)
    with refused("error_param"):
        ask(shop, "product.update_item", body={"item_id": item.id, "item_name": "A fine new name for it", **PRE_ORDER, **bad})
    assert base(shop, item) == before


def test_a_banned_item_cannot_be_listed_by_hand() -> None:
    shop = bare_shop()
    item = plain(shop)
    item.status = "BANNED"
    with refused("error_item_uneditable"):
        update(shop, item, item_status="NORMAL")
    item.status = "SHOPEE_DELETE"
    with refused("error_item_uneditable"):
        stock(shop, item, 5)


def test_models_get_new_skus() -> None:
    shop = bare_shop()
    item = with_models(shop)
    body = {"item_id": item.id, "model": [{"model_id": item.models[0].id, "model_sku": "NEW", "model_status": "UNAVAILABLE"}]}
    assert checked(shop, "product.update_model", body=body) is None
    assert (item.models[0].sku, item.models[0].status) == ("NEW", "UNAVAILABLE")
    assert (item.id, item.models[0].id) not in goods_of(shop).goods
    with refused("error_model_invalid_model_id"):
        ask(shop, "product.update_model", body={"item_id": item.id, "model": [{"model_id": 9, "model_sku": "X"}]})


def test_items_are_delisted_and_listed_again() -> None:
    shop = bare_shop()
    one, promoted = plain(shop), with_models(shop)
    promote(shop, promoted)
    rows = [{"item_id": one.id, "unlist": True}, {"item_id": promoted.id, "unlist": True}, {"item_id": 7, "unlist": True}]
    found = checked(shop, "product.unlist_item", body={"item_list": rows})
    assert found["success_list"] == [{"item_id": one.id, "unlist": True}]
    assert [row["failed_reason"] for row in found["failure_list"]] == ["item is in a promotion", "item not found"]
    assert one.status == "UNLIST"
    checked(shop, "product.unlist_item", body={"item_list": [{"item_id": one.id, "unlist": False}]})
    assert one.status == "NORMAL"
    with refused("error_unlist_item_all_failed"):
        ask(shop, "product.unlist_item", body={"item_list": [{"item_id": 7, "unlist": True}]})


def test_a_shop_under_penalty_edits_nothing() -> None:
    shop = bare_shop()
    item = plain(shop)
    issue(shop, 6, 12)
    for work in (lambda: stock(shop, item, 5), lambda: price(shop, item, 12), lambda: update(shop, item, item_sku="X")):
        with refused("error_seller_under_penalty"):
            work()
    with refused("error_seller_under_penalty"):
        ask(shop, "product.unlist_item", body={"item_list": [{"item_id": item.id, "unlist": True}]})
    go(shop, 28 * DAY + 1)
    stock(shop, item, 5)


# --- violations -------------------------------------------------------------------------------------------------------


def test_a_violation_bans_or_lowers_and_is_told() -> None:
    shop = bare_shop()
    seen = set()
    for item in list(items_of(shop).values())[:4]:
        violate(shop, item)
        assert item.violation is not None
        data = told(shop, pushes.VIOLATION_ITEM)[-1]
        assert (data["item_id"], data["item_status"], data["deboost"]) == (item.id, item.status, item.deboosted)
        assert ("deboosted_details" in data) == item.deboosted
        (row,) = checked(shop, "product.get_item_violation_info", query={"item_id_list": item.id})["item_list"]
        details = row["deboost_details" if item.deboosted else "item_status_details"]
        assert details[0]["fix_deadline_time"] == shop.now + 2 * DAY
        assert details[0]["violation_type"] in [kind for kind, *_ in VIOLATIONS]
        seen.add(item.status)
    assert "NORMAL" in {item.status for item in items_of(shop).values()}
    assert seen


def test_a_mended_item_is_back_on_sale() -> None:
    shop = bare_shop()
    shop.seller_on = True
    item = plain(shop)
    violate(shop, item)
    item.status = "BANNED"
    mend(shop, item)
    assert (item.status, item.violation, item.deboosted) == ("NORMAL", None, False)
    assert (item.id, 0) in goods_of(shop).goods


def test_listings_with_issues_are_listed() -> None:
    shop = bare_shop()
    item = plain(shop)
    violate(shop, item)
    found = checked(shop, "account_health.get_listings_with_issues")
    assert found["total_count"] == 1
    assert found["listing_list"][0]["item_id"] == item.id


def test_something_stays_on_sale_whatever_happens() -> None:
    for troubles in (("low_stock",), ("neglected",)):
        shop = make_shop("MY", troubles, orders_per_day=4.0, days=10)
        assert goods_of(shop).goods


def test_restocking_needs_a_seller_or_an_empty_shop() -> None:
    shop = bare_shop()
    item = plain(shop)
    item.models[0].stock = 1
    restock(shop, item)
    assert item.models[0].stock == 1
    for other in items_of(shop).values():
        for model in other.models:
            model.stock = 0
    restock(shop, item)
    assert item.models[0].stock >= 20


def test_views_and_sales_grow() -> None:
    shop = make_shop(days=0, orders_per_day=3.0)
    before = {item.id: (item.views, item.sold) for item in items_of(shop).values()}
    go(shop, 5 * DAY + HOUR)
    rows = ask(shop, "product.get_item_extra_info", query={"item_id_list": list(items_of(shop))})["item_list"]
    assert sum(row["views"] for row in rows) > sum(views for views, _ in before.values())
    assert sum(row["sale"] for row in rows) > sum(sold for _, sold in before.values())


# --- pictures ---------------------------------------------------------------------------------------------------------


def test_pictures_are_uploaded() -> None:
    shop = bare_shop()
    uploads = [Upload("image", "a.png", "image/png", PNG), Upload("image", "b.png", "image/png", PNG)]
    found = checked(shop, "media_space.upload_image", uploads=uploads)
    ids = [row["image_info"]["image_id"] for row in found["image_info_list"]]
    assert len(set(ids)) == 2
    assert found["image_info"]["image_id"] == ids[0]


@pytest.mark.parametrize("data", [GIF, b"", b"text"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with refused("error_param"):
        ask(bare_shop(), "media_space.upload_image", uploads=[Upload("image", "a", "image/png", data)])


def test_pictures_come_by_the_handful() -> None:
    shop = bare_shop()
    for count in (0, 10):
        with refused("error_param"):
            ask(shop, "media_space.upload_image", uploads=[Upload("image", "a", "image/png", PNG)] * count)
