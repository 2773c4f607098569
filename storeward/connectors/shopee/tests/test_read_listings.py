"""Listings, reviews and what is held against listings: every published answer, values written out."""

from pathlib import Path

from .samples import money, parse_sample, problems, told

BASE_PAGE = {
    "description": "sample text",
    "images": 1,
    "brand": "nike",
    "weighed": True,
    "size_chart": False,
    "attributes": {"Brand": "Default"},
}


def test_listings_are_listed_with_an_offset(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "product.get_item_list.page1")
    assert problems(parsed) == []
    assert parsed.next_page == "10"
    assert parsed.total == 19
    assert told(parsed) == [
        {
            "kind": "listing",
            "platform_listing_id": "2500139861",
            "platform_status": "NORMAL",
            "status": "live",
            "updated_at": "2020-12-16T14:21:10Z",
            "skus_complete": False,
        }
    ]


def test_the_last_page_ends_the_list_whatever_its_offset(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "product.get_item_list.page2")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert parsed.total == 19
    assert told(parsed) == [
        {
            "kind": "listing",
            "platform_listing_id": "2500139862",
            "platform_status": "UNLIST",
            "status": "off_by_seller",
            "updated_at": "2020-12-16T14:21:11Z",
            "skus_complete": False,
        }
    ]


def test_a_listing_without_variations_has_price_and_stock_itself(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "product.get_item_base_info")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "listing",
            "platform_listing_id": "34002",
            "title": "Sample product",
            "platform_status": "NORMAL",
            "status": "live",
            "pre_order": True,
            "platform_category_id": "14646",
            "platform_brand_id": "123",
            "platform_more": {
                "item_sku": "PARENT-01",
                "condition": "NEW",
                "promotion_id": "13123",
                "deboost": "false",
                "has_model": "false",
                "brand_name": "nike",
            },
            "created_at": "2020-09-20T03:30:37Z",
            "updated_at": "2020-09-20T03:30:40Z",
            "skus": [
                {
                    "platform_sku_id": "0",
                    "seller_sku": "PARENT-01",
                    "price": money("122.02", "SGD"),
                    "available": 97,
                    "withheld": 3,
                    "sale_price": money("122.02", "SGD"),
                    "handling_days": 3,
                    "warehouses": [{"platform_warehouse_id": "SGZ", "available": 100, "total": 100}],
                    "campaigns": [{"platform_campaign_id": "13123", "available": 3}],
                }
            ],
            "skus_complete": True,
            "content": BASE_PAGE,
        }
    ]


def test_a_listing_with_variations_has_neither(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "product.get_item_base_info.with_models")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "listing",
            "platform_listing_id": "34003",
            "title": "Sample with variations",
            "platform_status": "NORMAL",
            "status": "live",
            "pre_order": True,
            "platform_category_id": "14646",
            "platform_brand_id": "123",
            "platform_more": {
                "item_sku": "PARENT-02",
                "condition": "NEW",
                "promotion_id": "13123",
                "deboost": "false",
                "has_model": "true",
                "brand_name": "nike",
            },
            "created_at": "2020-09-20T03:30:37Z",
            "updated_at": "2020-09-20T03:30:40Z",
            "skus_complete": False,
            "content": BASE_PAGE,
        }
    ]


def test_variations_have_price_stock_and_the_names_of_their_options(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "product.get_model_list", item_id="34003")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "listing",
            "platform_listing_id": "34003",
            "status": "unknown",
            "skus": [
                {
                    "platform_sku_id": "2000458803",
                    "seller_sku": "bag-blue",
                    "variant": "Blue",
                    "price": money("100", "TWD"),
                    "available": 12,
                    "withheld": 0,
                    "sale_price": money("100", "TWD"),
                    "platform_status": "MODEL_NORMAL",
                    "handling_days": 3,
                    "warehouses": [{"platform_warehouse_id": "TWZ", "available": 12, "total": 12}],
                },
                {
                    "platform_sku_id": "2000458804",
                    "seller_sku": "bag-red",
                    "variant": "Red",
                    "price": money("100", "TWD"),
                    "available": 0,
                    "withheld": 2,
                    "sale_price": money("90", "TWD"),
                    "platform_status": "MODEL_NORMAL",
                    "handling_days": 3,
                    "warehouses": [{"platform_warehouse_id": "TWZ", "available": 0, "total": 0}],
                },
            ],
            "skus_complete": True,
        }
    ]


def test_what_is_counted_of_listings_are_figures(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "product.get_item_extra_info")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {"kind": "metric", "platform_metric": "sale", "value": "1", "unit": "number", "platform_listing_id": "2500139861"},
        {"kind": "metric", "platform_metric": "views", "value": "2", "unit": "number", "platform_listing_id": "2500139861"},
        {"kind": "metric", "platform_metric": "likes", "value": "3", "unit": "number", "platform_listing_id": "2500139861"},
        {"kind": "metric", "platform_metric": "rating_star", "value": "4", "unit": "number", "platform_listing_id": "2500139861"},
        {
            "kind": "metric",
            "platform_metric": "comment_count",
            "value": "5",
            "unit": "number",
            "platform_listing_id": "2500139861",
        },
        {"kind": "metric", "platform_metric": "sale", "value": "0", "unit": "number", "platform_listing_id": "2400140868"},
        {"kind": "metric", "platform_metric": "views", "value": "0", "unit": "number", "platform_listing_id": "2400140868"},
        {"kind": "metric", "platform_metric": "likes", "value": "0", "unit": "number", "platform_listing_id": "2400140868"},
        {"kind": "metric", "platform_metric": "rating_star", "value": "0", "unit": "number", "platform_listing_id": "2400140868"},
        {
            "kind": "metric",
            "platform_metric": "comment_count",
            "value": "0",
            "unit": "number",
            "platform_listing_id": "2400140868",
        },
    ]


def test_a_search_gives_numbers_only(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "product.search_item")
    assert problems(parsed) == []
    assert parsed.next_page == "xsszxjcdeahx"
    assert parsed.total == 100
    assert told(parsed) == [
        {"kind": "listing", "platform_listing_id": "653211", "status": "unknown", "skus_complete": False},
        {"kind": "listing", "platform_listing_id": "564331", "status": "unknown", "skus_complete": False},
    ]


def test_promotions_set_price_span_and_locked_units(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "product.get_item_promotion", market="TW")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "listing",
            "platform_listing_id": "800188562",
            "status": "unknown",
            "skus": [
                {
                    "platform_sku_id": "9184960",
                    "sale_price": money("160", "TWD"),
                    "sale_from_at": "2022-04-22T06:30:00Z",
                    "sale_until_at": "2022-04-22T08:30:00Z",
                    "platform_more": {
                        "promotion_type": "Discount Promotions",
                        "promotion_staging": "upcoming",
                        "promotion_id": "649305216139969",
                    },
                    "campaigns": [
                        {
                            "platform_campaign_id": "649305216139969",
                            "available": 0,
                            "from_at": "2022-04-22T06:30:00Z",
                            "until_at": "2022-04-22T08:30:00Z",
                        }
                    ],
                },
                {
                    "platform_sku_id": "9182545",
                    "sale_price": money("160", "TWD"),
                    "sale_from_at": "2022-04-22T06:30:00Z",
                    "sale_until_at": "2022-04-22T08:30:00Z",
                    "platform_more": {
                        "promotion_type": "Discount Promotions",
                        "promotion_staging": "upcoming",
                        "promotion_id": "649305216139969",
                    },
                    "campaigns": [
                        {
                            "platform_campaign_id": "649305216139969",
                            "available": 20,
                            "from_at": "2022-04-22T06:30:00Z",
                            "until_at": "2022-04-22T08:30:00Z",
                        }
                    ],
                },
                {
                    "platform_sku_id": "9182546",
                    "sale_price": money("160", "TWD"),
                    "sale_from_at": "2022-04-22T06:30:00Z",
                    "sale_until_at": "2022-04-22T08:30:00Z",
                    "platform_more": {
                        "promotion_type": "Discount Promotions",
                        "promotion_staging": "upcoming",
                        "promotion_id": "649305216139969",
                    },
                    "campaigns": [
                        {
                            "platform_campaign_id": "649305216139969",
                            "available": 20,
                            "from_at": "2022-04-22T06:30:00Z",
                            "until_at": "2022-04-22T08:30:00Z",
                        }
                    ],
                },
            ],
            "skus_complete": False,
        }
    ]


def test_a_breach_says_until_when_to_mend_it(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "product.get_item_violation_info")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "listing",
            "platform_listing_id": "800903588",
            "title": "Sample product",
            "platform_status": "BANNED",
            "status": "off_by_platform",
            "platform_reasons": ["License Reason", "Wrong Category"],
            "skus_complete": False,
        },
        {
            "kind": "violation",
            "platform_violation_id": "800903588:Prohibited Listing:License Reason:1705054788",
            "platform_status": "BANNED",
            "status": "open",
            "platform_category": "Prohibited Listing",
            "platform_subject_id": "800903588",
            "notified_at": "2024-01-12T10:19:48Z",
            "deadline_at": "2024-01-14T10:19:48Z",
            "platform_reason": "License Reason",
            "text": "upload the licence",
            "platform_more": {"suggestion": "upload the licence"},
        },
        {
            "kind": "violation",
            "platform_violation_id": "800903588:Prohibited Listing:Wrong Category:1704943027",
            "platform_status": "DEBOOST",
            "status": "open",
            "platform_category": "Prohibited Listing",
            "platform_subject_id": "800903588",
            "notified_at": "2024-01-11T03:17:07Z",
            "deadline_at": "2024-01-14T03:17:07Z",
            "platform_reason": "Wrong Category",
            "text": "move it to one of the categories",
            "platform_more": {"suggestion": "move it to one of the categories", "suggested_category_ids": ["100005", "107478"]},
        },
    ]


def test_a_change_of_stock_can_fail_in_part(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "product.update_stock", item_id="34003")
    assert problems(parsed) == [("response.failure_list[0].failed_reason", "platform")]
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "listing",
            "platform_listing_id": "34003",
            "status": "unknown",
            "skus": [{"platform_sku_id": "3456", "warehouses": [{"platform_warehouse_id": "SGZ", "total": 20}]}],
            "skus_complete": False,
        }
    ]


def test_a_change_of_price_can_fail_in_part(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "product.update_price", item_id="34003", market="SG")
    assert problems(parsed) == [("response.failure_list[0].failed_reason", "platform")]
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "listing",
            "platform_listing_id": "34003",
            "status": "unknown",
            "skus": [{"platform_sku_id": "0", "price": money("11.11", "SGD")}],
            "skus_complete": False,
        }
    ]


def test_taking_off_sale_can_fail_in_part(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "product.unlist_item")
    assert problems(parsed) == [("response.failure_list[0].failed_reason", "platform")]
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "listing",
            "platform_listing_id": "2400143710",
            "status": "unknown",
            "platform_more": {"unlist": "false"},
            "skus_complete": False,
        }
    ]


def test_a_changed_listing_comes_back(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "product.update_item")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "listing",
            "platform_listing_id": "2800143058",
            "title": "Hello QdlHimD4nto0OGIQ",
            "platform_status": "UNLIST",
            "status": "off_by_seller",
            "pre_order": True,
            "platform_category_id": "34106",
            "platform_more": {"condition": "USED", "brand_name": "nike"},
            "skus_complete": False,
            "content": {
                "description": "Hello product product 6xnhI3ug5D2rFpH3QoJSNNOrfUSP8rw5",
                "brand": "nike",
                "weighed": True,
            },
        }
    ]


def test_reviews_have_stars_text_and_reply(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "product.get_comment.page1")
    assert problems(parsed) == []
    assert parsed.next_page == "20"
    assert told(parsed) == [
        {
            "kind": "review",
            "platform_review_id": "120590835",
            "platform_order_id": "250922CTK2J6KN",
            "platform_listing_id": "16509872",
            "platform_sku_id": "221404189791",
            "platform_status": "EXPIRED",
            "stars": "4",
            "can_reply": False,
            "pictures": ["https://cf.example.com/file/c1"],
            "platform_more": {"editable": "EXPIRED", "hidden": "false"},
            "text": "Barang bagus 👍",
            "reply": "Terima kasih",
            "posted_at": "2025-09-22T02:10:57Z",
            "updated_at": "2025-09-22T03:10:57Z",
            "replied_at": "2025-09-22T03:10:57Z",
        },
        {
            "kind": "review",
            "platform_review_id": "120590836",
            "platform_order_id": "250922CTK2J6KP",
            "platform_listing_id": "16509872",
            "platform_sku_id": "221404189792",
            "platform_status": "EDITABLE",
            "stars": "1",
            "can_reply": True,
            "platform_more": {"editable": "EDITABLE", "hidden": "false"},
            "posted_at": "2025-09-22T02:10:58Z",
            "updated_at": "2025-09-22T02:10:58Z",
        },
    ]


def test_a_page_without_reviews_is_the_last(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "product.get_comment.page2")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == []


def test_a_reply_is_read_under_either_name(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "product.get_comment.example_style")
    assert problems(parsed) == []
    assert parsed.next_page == "20"
    assert told(parsed) == [
        {
            "kind": "review",
            "platform_review_id": "120590834",
            "platform_order_id": "200922CTK2J6KN",
            "platform_listing_id": "16509872",
            "platform_status": "EDITABLE",
            "stars": "5",
            "can_reply": False,
            "platform_more": {"editable": "EDITABLE", "hidden": "false"},
            "text": "Nice",
            "reply": "Thanks!",
            "posted_at": "2020-10-20T00:17:37Z",
            "updated_at": "2020-10-20T00:17:37Z",
        }
    ]


def test_a_reply_that_was_given_before_is_told_apart(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "product.reply_comment.partial_failure")
    assert problems(parsed) == [("warning", "note"), ("response.result_list[1].fail_error", "platform")]
    assert parsed.next_page is None
    assert told(parsed) == []
