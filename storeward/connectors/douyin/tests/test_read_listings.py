"""Members of products and SKUs one by one: the list, the detail, the SKU list and the stock answer each say a part."""

from pathlib import Path
from typing import Any

import pytest

from .samples import ok, parse, problems, sample, told, yuan

AT = 1_690_000_000
THEN = "2023-07-22T04:26:40Z"
PRODUCT = "3488625851803765012"
SKU = "1729160688834615"


def product(**members: Any) -> dict[str, Any]:
    """A product as the list and the detail give it: both must say the same."""
    row = {"product_id": int(PRODUCT), "status": 0, "check_status": 3, **members}
    (listed,) = told(parse("product.listV2", ok({"data": [row], "total": 1})))
    assert told(parse("product.detail", ok(row))) == [listed]
    return listed


def price(**members: Any) -> dict[str, Any]:
    """A SKU of the detail."""
    one: dict[str, Any] = product(spec_prices=[{"sku_id": int(SKU), **members}])["skus"][0]
    return one


def sku(**members: Any) -> dict[str, Any]:
    """A SKU as the SKU list, its detail and its stock give it: all must say the same."""
    row = {"id": int(SKU), "product_id": int(PRODUCT), **members}
    one: dict[str, Any] = told(parse("sku.list", ok([row])))[0]["skus"][0]
    assert told(parse("sku.detail", ok(row)))[0]["skus"] == [one]
    named = {("sku_id" if name == "id" else name): value for name, value in row.items()}
    assert told(parse("sku.stockNum", ok(named)))[0]["skus"] == [one]
    return one


SHELF: list[tuple[Any, Any, str]] = [
    (0, 3, "live"),
    (0, 2, "live"),  # an edit is in review: what was on sale stays on sale
    (0, 4, "live"),
    (0, 1, "live"),
    (0, 5, "off_by_platform"),
    (0, None, "live"),
    (1, 1, "draft"),
    (1, 2, "pending"),
    (1, 3, "off_by_seller"),
    (1, 4, "rejected"),
    (1, 5, "off_by_platform"),
    (1, 7, "pending"),
    (1, None, "off_by_seller"),
    (2, 3, "deleted"),
    (2, 5, "deleted"),
    ("1", "4", "rejected"),
]


@pytest.mark.parametrize(("shelf", "review", "status"), SHELF)
def test_the_shelf_and_the_review_together_say_whether_buyers_see_it(shelf: Any, review: Any, status: str) -> None:
    one = product(status=shelf, check_status=review)
    assert (one["platform_status"], one["status"]) == (str(shelf), status)
    assert one.get("platform_audit_status") == (None if review is None else str(review))


UNKNOWN: list[tuple[Any, Any, list[str]]] = [
    (9, 3, ["status"]),
    (0, 9, ["check_status"]),
    (1, 9, ["check_status"]),
    (9, 9, ["status", "check_status"]),
]


@pytest.mark.parametrize(("shelf", "review", "noted"), UNKNOWN)
def test_a_word_of_either_that_we_do_not_know_makes_it_unknown(shelf: Any, review: Any, noted: list[str]) -> None:
    row = {"product_id": 1, "status": shelf, "check_status": review}
    parsed = parse("product.detail", ok(row))
    assert told(parsed)[0]["status"] == "unknown"
    assert problems(parsed) == [(f"data.{field}", "note") for field in noted]


PRODUCT_MEMBERS: list[tuple[str, Any, str, Any]] = [
    ("product_id", 9007199254740993, "platform_listing_id", "9007199254740993"),
    ("product_id_str", "3488625851803765013", "platform_listing_id", "3488625851803765013"),
    ("name", "青禾 纯棉四件套 1.8m床", "title", "青禾 纯棉四件套 1.8m床"),
    ("create_time", AT, "created_at", THEN),
    ("create_time", "2023-07-22 12:26:40", "created_at", THEN),
    ("update_time", AT, "updated_at", THEN),
    ("update_time", "2023-07-22 12:26:40", "updated_at", THEN),
    ("update_time", str(AT), "updated_at", THEN),
    ("presell_type", 0, "pre_order", False),
    ("presell_type", 1, "pre_order", True),
    ("presell_type", 2, "pre_order", True),
    ("standard_brand_id", 596120136, "platform_brand_id", "596120136"),
    ("brand_id", 17, "platform_brand_id", "17"),
    ("category_detail", {"first_cid": 1, "second_cid": 2, "third_cid": 3, "fourth_cid": 4}, "platform_category_id", "4"),
    ("category_detail", {"first_cid": 1, "second_cid": 2, "third_cid": 3, "fourth_cid": 0}, "platform_category_id", "3"),
    ("category_detail", {"first_cid": 1}, "platform_category_id", "1"),
]


@pytest.mark.parametrize(("member", "sent", "place", "expected"), PRODUCT_MEMBERS)
def test_a_member_of_a_product_arrives_in_its_place(member: str, sent: Any, place: str, expected: Any) -> None:
    assert product(**{member: sent})[place] == expected


PRODUCT_WORDS: list[tuple[str, Any, dict[str, Any]]] = [
    ("product_type", 0, {"product_type": "0"}),
    ("draft_status", 2, {"draft_status": "2"}),
    ("presell_config_level", 3, {"presell_config_level": "3"}),
    ("presell_delivery_type", 1, {"presell_delivery_type": "1"}),
    ("delivery_delay_day", 9999, {"delivery_delay_day": "9999"}),
    ("delivery_delay_day", 2, {"delivery_delay_day": "2"}),
    ("presell_delay", 15, {"presell_delay": "15"}),
    ("appoint_delivery_day", 7, {"appoint_delivery_day": "7"}),
    ("reduce_type", 1, {"reduce_type": "1"}),
    ("pay_type", 1, {"pay_type": "1"}),
    ("out_product_id", 77, {"out_product_id": "77"}),
    ("outer_product_id", "QH-4J", {"outer_product_id": "QH-4J"}),
    ("spec_id", 1729160600000001, {"spec_id": "1729160600000001"}),
    ("freight_id", 95, {"freight_id": "95"}),
    ("main_product_id", 3488625851803765099, {"main_product_id": "3488625851803765099"}),
    ("store_id", 5, {"store_id": "5"}),
    ("is_package_product", True, {"is_package_product": "true"}),
    ("package_product_list", [1, 2], {"package_product_list": ["1", "2"]}),
    ("sub_product_list", [3], {"sub_product_list": ["3"]}),
    (
        "delay_rule",
        {"enable": True, "config_type": 2, "config_value": 5, "start_time": AT, "end_time": AT + 86400},
        {
            "delay_rule.config_type": "2",
            "delay_rule.config_value": "5",
            "delay_rule.start_time": "1690000000",
            "delay_rule.end_time": "1690086400",
        },
    ),
    ("delay_rule", {"enable": False, "config_type": 0, "config_value": 0, "start_time": 0, "end_time": 0}, {}),
]


@pytest.mark.parametrize(("member", "sent", "expected"), PRODUCT_WORDS)
def test_what_classifies_a_product_is_kept_as_text(member: str, sent: Any, expected: dict[str, Any]) -> None:
    assert product(**{member: sent}).get("platform_more", {}) == expected


def test_the_end_of_a_presale_is_when_its_skus_become_ordinary() -> None:
    one = product(presell_end_time="2023-07-22 12:26:40", spec_prices=[{"sku_id": 1, "price": 1}])
    assert one["skus"][0]["release_at"] == THEN
    assert one["platform_more"] == {"presell_end_time": "2023-07-22 12:26:40"}


PRICE_MEMBERS: list[tuple[str, Any, str, Any]] = [
    ("sku_id", 9223372036854775807, "platform_sku_id", "9223372036854775807"),
    ("code", "QH-4J-BL-18", "seller_sku", "QH-4J-BL-18"),
    ("outer_sku_id", "QH-P-2", "seller_sku", "QH-P-2"),
    ("price", 19900, "price", yuan("199.00")),
    ("price", "1", "price", yuan("0.01")),
    ("stock_num", 84, "available", 84),
    ("stock_num", 0, "available", 0),
    ("sku_type", 10, "platform_sale_type", "10"),
    ("presell_delay", 5, "handling_days", 5),
    ("presell_delay", 9999, "handling_days", None),
    ("presell_delay", 0, "handling_days", None),
    ("step_stock_num", 3, "platform_more", {"step_stock_num": "3"}),
    ("prom_stock_num", 10, "platform_more", {"prom_stock_num": "10"}),
    ("prom_step_stock_num", 1, "platform_more", {"prom_step_stock_num": "1"}),
    ("lock_stock_num", 2, "platform_more", {"lock_stock_num": "2"}),
    ("out_sku_id", 77, "platform_more", {"out_sku_id": "77"}),
    ("supplier_id", "s-1", "platform_more", {"supplier_id": "s-1"}),
    ("spec_detail_ids", [3153838, 3153843], "platform_more", {"spec_detail_ids": ["3153838", "3153843"]}),
]


@pytest.mark.parametrize(("member", "sent", "place", "expected"), PRICE_MEMBERS)
def test_a_member_of_a_sku_of_the_detail_arrives_in_its_place(member: str, sent: Any, place: str, expected: Any) -> None:
    assert price(**{member: sent}).get(place) == expected


SKU_MEMBERS: list[tuple[str, Any, str, Any]] = [
    ("id", 9007199254740993, "platform_sku_id", "9007199254740993"),
    ("code", "QH-4J-BL-18", "seller_sku", "QH-4J-BL-18"),
    ("price", 17900, "price", yuan("179.00")),
    ("stock_num", 84, "available", 84),
    ("prehold_stock_num", 2, "committed", 2),
    ("sku_type", 0, "platform_sale_type", "0"),
    ("spec_detail_name1", "雾蓝", "variant", "雾蓝"),
    ("prom_stock_num", 10, "platform_more", {"prom_stock_num": "10"}),
    ("step_stock_num", 0, "platform_more", {"step_stock_num": "0"}),
    ("prehold_step_stock_num", 1, "platform_more", {"prehold_step_stock_num": "1"}),
    ("prom_step_stock_num", 2, "platform_more", {"prom_step_stock_num": "2"}),
    ("normal_stock_num", 74, "platform_more", {"normal_stock_num": "74"}),
    ("channel_stock_num", 5, "platform_more", {"channel_stock_num": "5"}),
    ("is_suit", 1, "platform_more", {"is_suit": "1"}),
    ("suit_num", 3, "platform_more", {"suit_num": "3"}),
    ("out_sku_id", 43564553, "platform_more", {"out_sku_id": "43564553"}),
    ("spec_id", 1729160600000001, "platform_more", {"spec_id": "1729160600000001"}),
    ("supplier_id", "s-1", "platform_more", {"supplier_id": "s-1"}),
]


@pytest.mark.parametrize(("member", "sent", "place", "expected"), SKU_MEMBERS)
def test_a_member_of_a_sku_arrives_in_its_place(member: str, sent: Any, place: str, expected: Any) -> None:
    assert sku(**{member: sent})[place] == expected


def test_the_names_of_a_skus_specs_make_its_variant() -> None:
    one = sku(spec_detail_name1="雾蓝", spec_detail_name2="1.8m", spec_detail_name3="")
    assert one["variant"] == "雾蓝, 1.8m"


STOCK: list[tuple[Any, Any, dict[str, Any] | None, int | None]] = [
    (0, 84, {}, 84),
    (0, 84, None, 84),
    (0, 0, {}, 0),
    (1, 0, {"wh-hd-1": 30, "wh-hn-2": 105}, 135),
    (1, 0, {"wh-hd-1": 0}, 0),
    (1, 0, {}, 0),
    (1, None, None, None),
    (10, 7, {}, 7),
    (None, 5, {"wh-hd-1": 30}, 5),
]


@pytest.mark.parametrize(("kind", "plain", "stock_map", "expected"), STOCK)
def test_stock_that_is_kept_by_warehouse_is_added_up(
    kind: Any, plain: Any, stock_map: dict[str, Any] | None, expected: int | None
) -> None:
    assert sku(sku_type=kind, stock_num=plain, stock_map=stock_map).get("available") == expected
    assert sku(sku_type=kind, stock_num=plain, stock_num_map=stock_map).get("available") == expected
    assert price(sku_type=kind, stock_num=plain, stock_num_map=stock_map).get("available") == expected


def test_a_warehouse_says_what_it_has_and_what_orders_hold_of_it() -> None:
    one = sku(sku_type=1, stock_map={"wh-hd-1": 30, "wh-hn-2": 105}, prehold_stock_map={"wh-hd-1": 1})
    assert one["warehouses"] == [
        {"platform_warehouse_id": "wh-hd-1", "available": 30, "committed": 1},
        {"platform_warehouse_id": "wh-hn-2", "available": 105},
    ]


def test_the_list_says_nothing_of_skus_and_the_detail_names_them_all() -> None:
    assert told(parse("product.listV2", ok({"data": [{"product_id": 1, "status": 0}]})))[0]["skus_complete"] is False
    assert told(parse("product.detail", ok({"product_id": 1, "status": 0, "spec_prices": []})))[0]["skus_complete"] is True


def test_the_sku_list_is_one_listing_by_product() -> None:
    rows = [{"id": 1, "product_id": 7}, {"id": 2, "product_id_str": "7"}, {"id": 3, "product_id": 8}]
    listings = told(parse("sku.list", ok(rows)))
    assert [(one["platform_listing_id"], len(one["skus"]), one["skus_complete"]) for one in listings] == [
        ("7", 2, True),
        ("8", 1, True),
    ]


def test_a_stock_answer_takes_its_product_from_the_question() -> None:
    body = ok({"sku_id": 1, "stock_num": 3})
    assert told(parse("sku.stockNum", body, product_id="7"))[0]["platform_listing_id"] == "7"
    (unnamed,) = parse("sku.stockNum", body).records
    assert unnamed.platform_id == ""


def test_a_sku_without_an_id_is_left_out_with_a_problem() -> None:
    parsed = parse("sku.list", ok([{"product_id": 7}, {"id": 2, "product_id": 7}]))
    assert [one["platform_sku_id"] for one in told(parsed)[0]["skus"]] == ["2"]
    assert problems(parsed) == [("data[0].id", "error")]
    parsed = parse("product.detail", ok({"product_id": 7, "status": 0, "spec_prices": [{"price": 1}]}))
    assert problems(parsed) == [("data.spec_prices[0].sku_id", "error")]


def test_a_product_without_an_id_is_left_out_with_a_problem() -> None:
    parsed = parse("product.listV2", ok({"data": [{"status": 0}, {"product_id": 7, "status": 0}]}))
    assert [one["platform_listing_id"] for one in told(parsed)] == ["7"]
    assert problems(parsed) == [("data.data[0].product_id", "error")]


@pytest.mark.parametrize("data", [[], {}, None])
def test_no_skus_are_no_problem(data: Any) -> None:
    parsed = parse("sku.list", ok(data))
    assert (parsed.records, parsed.problems, parsed.unreadable) == ([], [], False)


@pytest.mark.parametrize("data", ["x", 17, {"list": []}, True])
def test_what_is_no_list_of_skus_says_nothing_about_stock(data: Any) -> None:
    assert parse("sku.list", ok(data)).unreadable


def test_the_badge_of_a_product_is_kept(shared_dir: Path) -> None:
    (one,) = told(parse("promise.deliveryList", sample(shared_dir, "promise.deliveryList")))
    assert (one["platform_listing_id"], one["platform_more"]) == (PRODUCT, {"ship_mode": "2"})


def test_stock_of_several_products_may_fail_by_row(shared_dir: Path) -> None:
    assert parse("sku.syncStockBatchMultiProducts", sample(shared_dir, "sku.syncStockBatchMultiProducts")).problems == []
    rows = [{"sku_id": 1, "status_code": 0}, {"sku_id": 2, "status_code": -20001, "status_message": "库存不足"}]
    parsed = parse("sku.syncStockBatchMultiProducts", ok({"results": rows}))
    (problem,) = parsed.problems
    assert (problem.field, problem.message) == ("data.results[1].status_code", "SKU 2: 库存不足")
    assert problem.error is not None
    assert problem.error.code == "-20001"


def test_the_published_products_are_read_as_a_person_would(shared_dir: Path) -> None:
    listed = told(parse("product.listV2", sample(shared_dir, "product.listV2")))
    assert [(one["platform_listing_id"], one["status"]) for one in listed] == [
        ("3488625851803765012", "live"),
        ("3488625851803765013", "live"),
        ("3488625851803765014", "rejected"),
    ]
    (one,) = told(parse("product.detail", sample(shared_dir, "product.detail")))
    assert (one["created_at"], one["updated_at"]) == ("2023-04-13T04:26:40Z", "2023-07-21T04:26:40Z")
    assert one["skus"][0] == {
        "platform_sku_id": SKU,
        "seller_sku": "QH-4J-BL-18",
        "price": yuan("199.00"),
        "available": 84,
        "platform_sale_type": "0",
        "handling_days": 2,
        "platform_more": {
            "sku_type": "0",
            "step_stock_num": "0",
            "prom_stock_num": "0",
            "prom_step_stock_num": "0",
            "lock_stock_num": "0",
            "outer_sku_id": "QH-4J-BL-18",
            "spec_detail_ids": ["3153838", "3153843"],
        },
    }


def test_only_the_detail_of_a_product_tells_its_page() -> None:
    row = {
        "product_id": 1,
        "status": 0,
        "description": "纯棉",
        "pic": ["a", "b"],
        "weight_value": 0.0,
        "size_info_template_id": 9,
    }
    assert told(parse("product.detail", ok(row)))[0]["content"] == {
        "description": "纯棉",
        "images": 2,
        "weighed": False,
        "size_chart": True,
    }
    assert told(parse("product.detail", ok({"product_id": 1, "status": 0})))[0].get("content") is None
