"""Products, stock and packages written by hand, and the whole of what is read from each."""

from typing import Any

import pytest

from storeward.connectors.tiktok_shop.tests.samples import december, ok, parse, problems, told

PRODUCT: dict[str, Any] = {
    "id": "1729000000000000001",
    "title": "Kettle",
    "status": "PLATFORM_DEACTIVATED",
    "audit": {"status": "FAILED", "pre_approved_reasons": ["TAX_INFO"]},
    "audit_failed_reasons": [{"position": "Title", "reasons": ["Misleading claim"], "suggestions": ["Remove 'best'"]}],
    "product_sync_fail_reasons": ["Missing certificate"],
    "listing_quality_tier": "GOOD",
    "is_not_for_sale": False,
    "category_chains": [
        {"id": "600001", "parent_id": "0", "is_leaf": False},
        {"id": "600003", "parent_id": "600001", "is_leaf": True},
    ],
    "brand": {"id": "7082000000000000001", "name": "Boil"},
    "integrated_platform_statuses": [{"platform": "TOKOPEDIA", "status": "ACTIVATE"}],
    "product_types": ["COMBINED_PRODUCT"],
    "selling_format": "FIXED_PRICE",
    "create_time": december(1),
    "update_time": december(2),
    "skus": [
        {
            "id": "1730000000000000001",
            "seller_sku": "K-15",
            "price": {"currency": "IDR", "sale_price": "150000", "tax_exclusive_price": "135000"},
            "list_price": {"amount": "180000", "currency": "IDR"},
            "inventory": [
                {"warehouse_id": "7068000000000000001", "quantity": 5},
                {"warehouse_id": "7068000000000000002", "quantity": 0, "backorder_quantity": 7},
            ],
            "sales_attributes": [{"name": "Colour", "value_name": "Steel"}, {"name": "Size", "value_name": "1.5 l"}],
            "status_info": {"status": "DEACTIVATED", "deactivation_source": "PLATFORM"},
            "pre_sale": {"type": "PRE_ORDER", "fulfillment_type": {"handling_duration_days": 7, "release_date": december(9)}},
        },
        {"id": "1730000000000000002", "price": {"currency": "IDR", "tax_exclusive_price": "99000"}},
    ],
}
TOLD_PRODUCT: dict[str, Any] = {
    "kind": "listing",
    "platform_listing_id": "1729000000000000001",
    "title": "Kettle",
    "platform_status": "PLATFORM_DEACTIVATED",
    "status": "off_by_platform",
    "platform_audit_status": "FAILED",
    "platform_quality_tier": "GOOD",
    "pre_order": True,
    "for_sale": True,
    "platform_category_id": "600003",
    "platform_brand_id": "7082000000000000001",
    "platform_statuses_elsewhere": {"TOKOPEDIA": "ACTIVATE"},
    "platform_more": {"product_types": ["COMBINED_PRODUCT"], "selling_format": "FIXED_PRICE"},
    "created_at": "2025-12-01T00:00:00Z",
    "updated_at": "2025-12-02T00:00:00Z",
    "platform_reasons": ["Misleading claim", "Remove 'best'", "Missing certificate", "TAX_INFO"],
    "skus": [
        {
            "platform_sku_id": "1730000000000000001",
            "seller_sku": "K-15",
            "variant": "Steel, 1.5 l",
            "price": {"amount": "150000", "currency": "IDR"},
            "price_without_tax": {"amount": "135000", "currency": "IDR"},
            "list_price": {"amount": "180000", "currency": "IDR"},
            "available": 5,
            "committed": None,
            "platform_status": "DEACTIVATED",
            "platform_off_by": "PLATFORM",
            "platform_sale_type": "PRE_ORDER",
            "handling_days": 7,
            "release_at": "2025-12-09T00:00:00Z",
            "warehouses": [
                {"platform_warehouse_id": "7068000000000000001", "available": 5, "committed": None, "on_backorder": None},
                {"platform_warehouse_id": "7068000000000000002", "available": 0, "committed": None, "on_backorder": 7},
            ],
        },
        {
            "platform_sku_id": "1730000000000000002",
            "seller_sku": None,
            "variant": None,
            "price": {"amount": "99000", "currency": "IDR"},
            "price_without_tax": {"amount": "99000", "currency": "IDR"},
            "list_price": None,
            "available": None,
            "committed": None,
            "platform_status": None,
            "platform_off_by": None,
            "platform_sale_type": None,
            "handling_days": None,
            "release_at": None,
            "warehouses": [],
        },
    ],
    "skus_complete": True,
}


def test_a_product_reads_alike_from_search_and_detail() -> None:
    searched = parse("searchProducts", ok(products=[PRODUCT], total_count=1))
    detailed = parse("getProduct", ok(**PRODUCT))
    assert (searched.problems, detailed.problems) == ([], [])
    assert told(searched) == told(detailed) == [TOLD_PRODUCT]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("DRAFT", "draft"),
        ("PENDING", "pending"),
        ("FAILED", "rejected"),
        ("ACTIVATE", "live"),
        ("SELLER_DEACTIVATED", "off_by_seller"),
        ("PLATFORM_DEACTIVATED", "off_by_platform"),
        ("FREEZE", "frozen"),
        ("DELETED", "deleted"),
        ("UNKNOWN", "unknown"),
        ("VANISHED", "unknown"),
    ],
)
def test_every_status_of_a_product(word: str, status: str) -> None:
    parsed = parse("searchProducts", ok(products=[{"id": "1", "status": word}]))
    assert [(r["platform_status"], r["status"]) for r in told(parsed)] == [(word, status)]
    assert problems(parsed) == ([("data.products[0].status", "note")] if word == "VANISHED" else [])


def test_stock_by_warehouse_says_that_it_is_not_the_whole_listing() -> None:
    body = ok(
        inventory=[
            {
                "product_id": "1729",
                "skus": [
                    {
                        "id": "1730",
                        "seller_sku": "K",
                        "total_available_quantity": 9,
                        "total_committed_quantity": 2,
                        "warehouse_inventory": [
                            {"warehouse_id": "68", "available_quantity": 4, "committed_quantity": 2},
                            {"warehouse_id": "69", "available_quantity": 5, "committed_quantity": 0},
                        ],
                    },
                    {"id": "1731", "total_available_quantity": 0},
                ],
            }
        ]
    )
    parsed = parse("inventorySearch", body)
    assert parsed.problems == []
    (record,) = told(parsed)
    assert (record["platform_listing_id"], record["skus_complete"], record["status"]) == ("1729", False, "unknown")
    assert [(s["platform_sku_id"], s["available"], s["committed"]) for s in record["skus"]] == [("1730", 9, 2), ("1731", 0, None)]
    assert record["skus"][0]["warehouses"] == [
        {"platform_warehouse_id": "68", "available": 4, "committed": 2, "on_backorder": None},
        {"platform_warehouse_id": "69", "available": 5, "committed": 0, "on_backorder": None},
    ]


@pytest.mark.parametrize(
    ("places", "available"),
    [
        ([{"warehouse_id": "1", "quantity": 3}, {"warehouse_id": "2", "quantity": 4}], 7),
        ([{"warehouse_id": "1", "quantity": 3}, {"warehouse_id": "2"}], None),
        ([{"warehouse_id": "1", "quantity": "3"}], 3),
        ([{"warehouse_id": "0", "quantity": 3}], None),
        ([], None),
    ],
)
def test_what_is_left_is_the_sum_of_what_every_warehouse_states(places: list[Any], available: int | None) -> None:
    body = ok(products=[{"id": "1", "status": "ACTIVATE", "skus": [{"id": "2", "inventory": places}]}])
    assert told(parse("searchProducts", body))[0]["skus"][0]["available"] == available


@pytest.mark.parametrize(
    ("product", "paths"),
    [
        ({"status": "ACTIVATE"}, ["data.products[0].id"]),
        ({"id": "1"}, ["data.products[0].status"]),
        ({"id": "1", "status": "ACTIVATE", "skus": [{}]}, ["data.products[0].skus[0].id"]),
        (
            {"id": "1", "status": "ACTIVATE", "skus": [{"id": "2", "price": {"sale_price": "NaN"}}]},
            ["data.products[0].skus[0].price.sale_price"],
        ),
        (
            {"id": "1", "status": "ACTIVATE", "skus": [{"id": "2", "price": {"tax_exclusive_price": "NaN"}}]},
            ["data.products[0].skus[0].price.tax_exclusive_price"],
        ),
        (
            {"id": "1", "status": "ACTIVATE", "skus": [{"id": "2", "inventory": [{"warehouse_id": "3", "quantity": "few"}]}]},
            ["data.products[0].skus[0].inventory[0].quantity"],
        ),
        ({"id": "1", "status": "ACTIVATE", "skus": {}}, ["data.products[0].skus"]),
        ({"id": "1", "product_status": "ODD"}, ["data.products[0].product_status"]),
    ],
)
def test_a_problem_names_the_member_that_it_is_about(product: dict[str, Any], paths: list[str]) -> None:
    assert [field for field, _ in problems(parse("searchProducts", ok(products=[product])))] == paths


def test_what_an_edit_answers_is_the_product_and_its_skus() -> None:
    body = ok(
        product_id="1729",
        skus=[{"id": "1730", "seller_sku": "K"}],
        audit={"status": "AUDITING"},
        warnings=[{"message": "brand cleared"}],
    )
    for operation in ("editProduct", "partialEditProduct"):
        parsed = parse(operation, body)
        assert problems(parsed) == [("data.warnings", "note")]
        (record,) = told(parsed)
        assert (record["platform_listing_id"], record["platform_audit_status"], record["skus_complete"]) == (
            "1729",
            "AUDITING",
            False,
        )
        assert [s["platform_sku_id"] for s in record["skus"]] == ["1730"]


PACKAGE: dict[str, Any] = {
    "package_id": "1153000000000000001",
    "orders": [{"id": "576400000000000001"}, {"id": "576400000000000002"}],
    "order_line_item_ids": ["5764001", "5764002"],
    "package_status": "FULFILLING",
    "package_sub_status": "SHIP_EXCEPTION",
    "ship_exception_reason": "PACKAGE_DAMAGAED",
    "split_and_combine_tag": "COMBINE",
    "shipping_provider_id": "7117000000000000001",
    "shipping_provider_name": "USPS",
    "shipping_type": "TIKTOK",
    "delivery_option_id": "7091000000000000001",
    "delivery_option_name": "Express",
    "tracking_number": "9400A1",
    "last_mile_tracking_number": "LM1",
    "pickup_slot": {"start_time": december(2, 9), "end_time": december(2, 12)},
    "handover_method": "PICKUP",
    "warehouse_id": "6955000000000000001",
    "insurance": {"is_purchased": True, "claim_status": "NOT_STARTED"},
    "create_time": december(1),
    "update_time": december(3),
}


def test_a_package_in_full() -> None:
    parsed = parse("getPackageDetail", ok(**PACKAGE))
    assert parsed.problems == []
    assert told(parsed) == [
        {
            "kind": "package",
            "platform_package_id": "1153000000000000001",
            "platform_status": "FULFILLING",
            "status": "problem",
            "platform_sub_status": "SHIP_EXCEPTION",
            "platform_order_ids": ["576400000000000001", "576400000000000002"],
            "platform_line_ids": ["5764001", "5764002"],
            "tracking_number": "9400A1",
            "last_mile_tracking_number": "LM1",
            "platform_shipping": "TIKTOK",
            "platform_delivery_option_id": "7091000000000000001",
            "platform_warehouse_id": "6955000000000000001",
            "platform_carrier_id": "7117000000000000001",
            "carrier": "USPS",
            "platform_handover_method": "PICKUP",
            "pickup_from_at": "2025-12-02T09:00:00Z",
            "pickup_until_at": "2025-12-02T12:00:00Z",
            "created_at": "2025-12-01T00:00:00Z",
            "updated_at": "2025-12-03T00:00:00Z",
            "platform_more": {
                "split_and_combine_tag": "COMBINE",
                "delivery_option_name": "Express",
                "insurance_claim_status": "NOT_STARTED",
            },
            "problem": "PACKAGE_DAMAGAED",
        }
    ]


@pytest.mark.parametrize(
    ("status", "sub_status", "reading"),
    [
        ("TO_FULFILL", None, "to_arrange"),
        ("TO_FULFILL", "STOCKING", "to_arrange"),
        ("TO_FULFILL", "RTSING", "arranging"),
        ("TO_FULFILL", "ISSUE", "problem"),
        ("PROCESSING", "RTS", "arranged"),
        ("FULFILLING", "TTS", "in_transit"),
        ("FULFILLING", "SHIP_EXCEPTION", "problem"),
        ("COMPLETED", "DELIVERED", "delivered"),
        ("COMPLETED", "PART_DELIVERED_AND_EXCEPTION", "problem"),
        ("CANCELLED", "CANCELLED", "cancelled"),
        ("BEAMED", None, "unknown"),
    ],
)
def test_every_status_of_a_package(status: str, sub_status: str | None, reading: str) -> None:
    detail = parse("getPackageDetail", ok(package_id="1", package_status=status, package_sub_status=sub_status))
    assert [(r["platform_status"], r.get("platform_sub_status"), r["status"]) for r in told(detail)] == [
        (status, sub_status, reading)
    ]
    searched = parse("searchPackage", ok(packages=[{"id": "1", "status": status, "package_sub_status": sub_status}]))
    assert [r["status"] for r in told(searched)] == [reading]


@pytest.mark.parametrize("operation", ["createPackages", "createPackages_202309"])
def test_a_label_that_was_bought_says_what_it_cost(operation: str) -> None:
    service = {
        "id": "7208000000000000001",
        "name": "Ground Advantage",
        "price": "4.63",
        "currency": "USD",
        "shipping_provider_id": "7117000000000000001",
        "shipping_provider_name": "USPS",
    }
    parsed = parse(operation, ok(package_id="1153", shipping_service_info=service, create_time=december(1)), order_id="5764")
    assert parsed.problems == []
    assert told(parsed) == [
        {
            "kind": "package",
            "platform_package_id": "1153",
            "status": "unknown",
            "platform_order_ids": ["5764"],
            "platform_carrier_id": "7117000000000000001",
            "carrier": "USPS",
            "platform_service_id": "7208000000000000001",
            "service": "Ground Advantage",
            "shipping_price": {"amount": "4.63", "currency": "USD"},
            "created_at": "2025-12-01T00:00:00Z",
        }
    ]


@pytest.mark.parametrize(
    ("operation", "data", "ids"),
    [
        (
            "markPackageAsShipped",
            {"order_id": "5764", "order_line_item_ids": ["1", "2"], "package_id": "1153"},
            [("1153", ["5764"], ["1", "2"])],
        ),
        ("markPackageAsShipped_202309", {"order_id": "5764", "package_id": "1153"}, [("1153", ["5764"], [])]),
        (
            "confirmOrderSplit",
            {"packages": [{"splittable_group_id": "a", "id": "1153"}, {"id": "1154"}]},
            [("1153", ["77"], []), ("1154", ["77"], [])],
        ),
        ("combinePackage", {"packages": [{"id": "1155", "order_ids": ["5764", "5765"]}]}, [("1155", ["5764", "5765"], [])]),
        ("uncombinePackages", {"packages": [{"id": "1156", "order_ids": ["5764"]}]}, [("1156", ["5764"], [])]),
        (
            "searchCombinablePackages",
            {"combinable_packages": [{"id": "1157", "order_ids": ["1", "2"]}]},
            [("1157", ["1", "2"], [])],
        ),
    ],
)
def test_packages_that_come_of_a_write(operation: str, data: dict[str, Any], ids: list[Any]) -> None:
    parsed = parse(operation, ok(**data), order_id="77")
    assert parsed.problems == []
    found = [(r["platform_package_id"], r["platform_order_ids"], r.get("platform_line_ids", [])) for r in told(parsed)]
    assert found == ids


def test_packages_that_could_not_be_combined_are_named() -> None:
    error = {"code": 21011001, "message": "Not combinable", "detail": {"package_id": "1159"}}
    parsed = parse("combinePackage", ok(packages=[{"id": "1158"}], errors=[error]))
    assert [record.platform_id for record in parsed.records] == ["1158"]
    (problem,) = parsed.problems
    assert (problem.field, problem.level.value, problem.message) == (
        "data.errors[0].code",
        "platform",
        "package 1159: Not combinable",
    )
    assert problem.error is not None
    assert (problem.error.code, problem.error.retry.value) == ("21011001", "never")


def test_only_the_detail_of_a_product_tells_its_page() -> None:
    words = {
        "description": "<p>Soft</p>",
        "main_images": [{"uri": "a"}, {"uri": "b"}],
        "brand": {"id": "7", "name": "Luna"},
        "package_weight": {"value": "1.32", "unit": "KILOGRAM"},
        "size_chart": {"image": {"uri": "c"}},
        "product_attributes": [{"id": "1", "name": "Material", "values": [{"name": "Cotton"}, {"name": "Wool"}]}],
    }
    assert "content" not in told(parse("searchProducts", ok(products=[PRODUCT])))[0]
    assert told(parse("getProduct", ok(**PRODUCT | words)))[0]["content"] == {
        "description": "<p>Soft</p>",
        "images": 2,
        "brand": "Luna",
        "weighed": True,
        "size_chart": True,
        "attributes": {"Material": "Cotton, Wool"},
    }
    bare = told(parse("getProduct", ok(id="1", status="ACTIVATE", description="")))[0]["content"]
    assert bare == {"description": "", "images": 0, "brand": "", "weighed": False, "size_chart": False, "attributes": {}}
