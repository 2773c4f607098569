"""What sellers change by API: stock in three ways, prices, content, offline; XML and JSON; partial failures."""

import json
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward_sandbox.clock import DAY
from storeward_sandbox.lazada.call import Upload
from storeward_sandbox.lazada.catalogue import ACTIVE, INACTIVE, PENDING, Lock
from storeward_sandbox.lazada.errors import ApiError
from storeward_sandbox.lazada.payload import parsed, product_in, rows_in, skus_in
from storeward_sandbox.lazada.shop import Shop
from storeward_sandbox.lazada.tests.byhand import STILL, order, product_of, shelf, sku_of, stock_of
from storeward_sandbox.lazada.tests.support import START, Json, answer, ask, checked, told
from storeward_sandbox.paper import picture

SELLABLE = "/product/stock/sellable/update"
ADJUST = "/product/stock/sellable/adjust"
TOTAL = "/product/price_quantity/update"
UPDATE = "/product/update"
OFF = "/product/deactivate"


def as_xml(value: Any) -> str:
    if isinstance(value, dict):
        parts = []
        for name, one in value.items():
            parts += [f"<{name}>{as_xml(each)}</{name}>" for each in (one if isinstance(one, list) else [one])]
        return "".join(parts)
    return escape(str(value))


def payload(product: Json, form: str = "xml") -> str:
    whole = {"Request": {"Product": product}}
    return json.dumps(whole) if form == "json" else as_xml(whole)


def skus(*rows: Json) -> Json:
    return {"Skus": {"Sku": list(rows)}}


def row(shop: Shop, place: int = 0, **members: Any) -> Json:
    return {"ItemId": product_of(shop).id, "SkuId": sku_of(shop, place).id, **members}


def change(shop: Shop, path: str, *rows: Json, form: str = "xml") -> Any:
    return checked(shop, path, payload=payload(skus(*rows), form))


def refusal(shop: Shop, path: str, *rows: Json) -> ApiError:
    with pytest.raises(ApiError) as found:
        ask(shop, path, payload=payload(skus(*rows)))
    return found.value


def detail(shop: Shop, path: str, *rows: Json) -> tuple[str, str]:
    """(code, field) of the first row that failed."""
    found = refusal(shop, path, *rows)
    assert found.code == "501"
    assert found.detail is not None
    return found.detail[0]["code"], found.detail[0]["field"]


# --- stock ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["xml", "json"])
def test_sellable_stock_is_set_absolutely(form: str) -> None:
    shop = shelf(units=10)
    order(shop)
    change(shop, SELLABLE, row(shop, SellableQuantity=25), form=form)
    assert stock_of(shop) == (25, 0, 1)
    change(shop, SELLABLE, row(shop, SellableQuantity=25), form=form)
    assert stock_of(shop) == (25, 0, 1)


def test_a_difference_counts_every_time() -> None:
    shop = shelf(units=10)
    for expected in (13, 16):
        change(shop, ADJUST, row(shop, SellableQuantity=3))
        assert stock_of(shop)[0] == expected
    change(shop, ADJUST, row(shop, SellableQuantity=-6))
    assert stock_of(shop)[0] == 10
    assert detail(shop, ADJUST, row(shop, SellableQuantity=-11)) == ("212", "SellableQuantity")
    assert stock_of(shop)[0] == 10


def test_a_total_includes_what_is_held_and_occupied() -> None:
    shop = shelf(units=10)
    order(shop, STILL)
    order(shop)
    assert stock_of(shop) == (8, 1, 1)
    change(shop, TOTAL, row(shop, Quantity=20))
    assert stock_of(shop) == (18, 1, 1)
    assert detail(shop, TOTAL, row(shop, Quantity=1)) == ("212", "Quantity")


def test_stock_may_not_fall_below_a_campaigns_lock_but_may_rise() -> None:
    shop = shelf(units=10)
    sku_of(shop).lock = Lock("x", 5, START - 1, START + DAY)
    found = refusal(shop, SELLABLE, row(shop, SellableQuantity=4))
    assert found.detail is not None
    assert found.detail[0]["message"] == "negative sellable on channel inventory"
    change(shop, SELLABLE, row(shop, SellableQuantity=5))
    change(shop, SELLABLE, row(shop, SellableQuantity=50))
    assert stock_of(shop)[0] == 50


def several(*pairs: tuple[str, int]) -> Json:
    rows = [{"WarehouseCode": code, "SellableQuantity": units} for code, units in pairs]
    return {"MultiWarehouseInventories": {"MultiWarehouseInventory": rows}}


def test_several_warehouses_are_named_by_those_who_have_them() -> None:
    shop = shelf(warehouses=2)
    change(shop, SELLABLE, row(shop, **several(("dropshipping", 3), ("WH-2", 7))))
    assert [stock.sellable for stock in sku_of(shop).stock] == [3, 7]
    assert detail(shop, SELLABLE, row(shop, **several(("WH-9", 1)))) == ("5", "WarehouseCode")
    single = shelf()
    assert detail(single, SELLABLE, row(single, **several(("dropshipping", 1)))) == ("5", "MultiWarehouseInventories")


def test_one_bad_sku_fails_the_call_and_the_good_ones_are_changed() -> None:
    shop = shelf(skus=3)
    found = refusal(
        shop,
        SELLABLE,
        row(shop, 0, SellableQuantity=1),
        {"ItemId": "1", "SkuId": "2", "SellerSku": "NOBODY", "SellableQuantity": 1},
        row(shop, 2, SellableQuantity=-1),
    )
    assert (found.code, found.kind) == ("501", "ISP")
    assert found.detail is not None
    assert [(one["sku_id"], one["code"]) for one in found.detail] == [(2, "207"), (int(sku_of(shop, 2).id), "4152")]
    assert [sku_of(shop, place).sellable for place in range(3)] == [1, 10, 10]
    assert len(told(shop, 4)) == 1


@pytest.mark.parametrize("given", ["", "many", "1.5", "1e3", "9" * 12])
def test_quantities_that_are_no_whole_numbers_are_refused(given: str) -> None:
    shop = shelf()
    assert detail(shop, SELLABLE, row(shop, SellableQuantity=given))[0] == "5"
    assert stock_of(shop)[0] == 10


def test_a_sku_can_be_named_by_the_sellers_own_code_alone() -> None:
    shop = shelf(skus=2)
    change(shop, SELLABLE, {"SellerSku": "SKU-2", "SellableQuantity": 77})
    assert sku_of(shop, 1).sellable == 77
    assert detail(shop, SELLABLE, {"ItemId": "9", "SkuId": sku_of(shop).id, "SellableQuantity": 1})[0] == "207"


def test_a_locked_product_cannot_be_changed() -> None:
    shop = shelf()
    product_of(shop).sub_status = "Lock"
    assert detail(shop, SELLABLE, row(shop, SellableQuantity=1))[0] == "4155"


def test_more_than_fifty_skus_are_too_many() -> None:
    shop = shelf(skus=1)
    assert refusal(shop, SELLABLE, *[row(shop, SellableQuantity=1)] * 51).code == "204"


def test_filling_up_ends_the_warning_and_emptying_brings_it_back() -> None:
    shop = shelf(units=10)
    for units, pushes in ((3, 1), (2, 1), (40, 1), (4, 2)):
        change(shop, SELLABLE, row(shop, SellableQuantity=units))
        assert len(told(shop, 6)) == pushes


# --- prices -----------------------------------------------------------------------------------------------------------


def test_prices_and_sales_are_set() -> None:
    shop = shelf("SG", price="10.00")
    sale: Json = {"SalePrice": "7.50", "SaleStartDate": "2026-11-18", "SaleEndDate": "2026-12-01"}
    change(shop, TOTAL, row(shop, 0, Price="12.00", **sale))
    sku = sku_of(shop)
    assert (sku.price, sku.sale_price) == (Decimal("12.00"), Decimal("7.50"))
    assert sku.price_now(START) == Decimal("7.50")
    assert stock_of(shop)[0] == 10
    assert product_of(shop).updated == shop.now


@pytest.mark.parametrize(
    "members",
    [{"Price": "0"}, {"Price": "-1"}, {"Price": "x"}, {"Price": "NaN"}, {"SalePrice": "10.00"}, {"SalePrice": "8", "Price": "7"}],
)
def test_prices_that_cannot_be_meant_are_refused(members: Json) -> None:
    shop = shelf(price="10.00")
    assert detail(shop, TOTAL, row(shop, **members))[0] == "4104"
    assert sku_of(shop).price == Decimal("10.00")


def test_a_sale_needs_days_that_exist() -> None:
    shop = shelf()
    assert detail(shop, TOTAL, row(shop, SalePrice="5", SaleStartDate="soon")) == ("4104", "SaleStartDate")


# --- content ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["xml", "json"])
def test_new_content_goes_through_quality_check(form: str) -> None:
    shop = shelf(skus=2)
    given = {"ItemId": product_of(shop).id, "Attributes": {"name": "Cup & <saucer>"}}
    found = checked(shop, UPDATE, payload=payload(given, form))
    assert found["item_status"] == PENDING
    assert found["variation"]["Variation1"]["options"] == ["1", "2"]
    assert product_of(shop).title == "Cup & <saucer>"
    assert told(shop, 4)[0]["action"] == "EDITED_UPDATED"


def test_quantity_and_price_alone_need_no_check() -> None:
    shop = shelf()
    given = {"ItemId": product_of(shop).id, **skus({"SkuId": sku_of(shop).id, "quantity": "4", "price": "11.00"})}
    assert checked(shop, UPDATE, payload=payload(given))["item_status"] == ACTIVE
    assert stock_of(shop)[0] == 4
    assert sku_of(shop).price == Decimal("11.00")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"ItemId": "1"}, "EDIT_ITEM_NOT_BELONG_SELLER"),
        ({"Attributes": {"name": ""}}, "4104"),
        ({"Skus": {"Sku": [{"SkuId": "1"}]}}, "207"),
        ({"Skus": {"Sku": [{"quantity": "1"}]}}, "207"),
        ({"Skus": "all"}, "5"),
    ],
)
def test_an_edit_that_does_not_fit_is_refused(given: Json, code: str) -> None:
    shop = shelf()
    with pytest.raises(ApiError) as found:
        ask(shop, UPDATE, payload=payload({"ItemId": product_of(shop).id, **given}, "json"))
    assert found.value.code == code
    assert product_of(shop).status == ACTIVE


def test_a_locked_product_takes_no_content() -> None:
    shop = shelf()
    product_of(shop).sub_status = "Lock"
    with pytest.raises(ApiError, match="E4218"):
        ask(shop, UPDATE, payload=payload({"ItemId": product_of(shop).id, "Attributes": {"name": "x"}}))


def test_products_and_single_skus_go_offline_without_a_check() -> None:
    shop = shelf(skus=2)
    checked(shop, OFF, apiRequestBody=payload({"ItemId": product_of(shop).id, "Skus": {"SellerSku": "SKU-1"}}))
    assert [sku.status for sku in product_of(shop).skus] == ["inactive", "active"]
    assert product_of(shop).status == ACTIVE
    checked(shop, OFF, apiRequestBody=payload({"ItemId": product_of(shop).id}))
    assert product_of(shop).status == INACTIVE
    with pytest.raises(ApiError, match="SKU not found"):
        ask(shop, OFF, apiRequestBody=payload({"ItemId": product_of(shop).id, "Skus": {"SellerSku": "NOBODY"}}))


# --- pictures ---------------------------------------------------------------------------------------------------------


def test_pictures_are_taken_and_named_by_their_content() -> None:
    shop = shelf()
    upload = Upload("a.png", "image/png", picture("x"))
    first = checked(shop, "/image/upload", uploads={"image": upload})
    assert first["image"]["url"].endswith(f"{first['image']['hash_code']}.png")
    assert checked(shop, "/image/upload", uploads={"image": upload}) == first


@pytest.mark.parametrize(
    ("data", "code"), [(b"GIF89a" + b"\0" * 20, "300"), (b"text", "300"), (picture("x") + b"\0" * 1024 * 1024, "302")]
)
def test_what_is_no_picture_or_too_large_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(ApiError) as found:
        answer(shelf(), "/image/upload", uploads={"image": Upload("a", "x", data)})
    assert found.value.code == code


def test_a_picture_must_be_there() -> None:
    with pytest.raises(ApiError) as found:
        answer(shelf(), "/image/upload")
    assert found.value.code == "MissingParameter"


# --- payloads ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<Request>", "5"),
        ("<Request><Product></Request>", "5"),
        ("<Other></Other>", "30"),
        ("<Request></Request>", "30"),
        ("{", "1001"),
        ("[]", "5"),
        ("{}", "30"),
        ('{"Request": 1}', "30"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><Request><Product/></Request>', "5"),
        ("x" * 200_001, "5"),
        ("[" * 50_000, "1001"),
        ("<a>" * 20_000 + "</a>" * 20_000, "5"),
    ],
)
def test_payloads_that_cannot_be_read_are_refused(text: str, code: str) -> None:
    with pytest.raises(ApiError) as found:
        parsed(text)
    assert found.value.code == code


def test_xml_and_json_say_the_same() -> None:
    product = {"ItemId": "1", **skus({"SkuId": "2", "SellableQuantity": "3"}, {"SkuId": "4", **several(("A", 5))})}
    from_xml, from_json = parsed(payload(product)), parsed(payload(product, "json"))
    rows = skus_in(product_in(from_xml))
    assert [one["SkuId"] for one in rows] == [one["SkuId"] for one in skus_in(product_in(from_json))]
    assert rows_in(rows[1], "MultiWarehouseInventories", "MultiWarehouseInventory") == [
        {"WarehouseCode": "A", "SellableQuantity": "5"}
    ]
    assert rows_in(rows[0], "MultiWarehouseInventories", "MultiWarehouseInventory") == []


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert outcome(lambda: parsed(text)) in ("good", "5", "30", "1001")


def outcome(deed: Callable[[], object]) -> str:
    """`good`, or the code of the refusal."""
    try:
        deed()
    except ApiError as refused:
        return refused.code
    return "good"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["Skus", "Sku", "Product", "SkuId", "x"]), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_any_json_under_request_is_changed_or_refused(value: Any) -> None:
    shop = shelf()
    for path in (SELLABLE, ADJUST, TOTAL, UPDATE):
        code = outcome(partial(ask, shop, path, payload=json.dumps({"Request": value})))
        assert code in ("good", "5", "30", "501", "EDIT_ITEM_NOT_BELONG_SELLER")
    assert stock_of(shop)[0] == 10
