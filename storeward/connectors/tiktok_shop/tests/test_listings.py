"""Products, SKUs and stock."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storeward.canon import Listing, ListingStatus
from storeward.connectors.tiktok_shop import listings
from storeward.connectors.tiktok_shop.codes import LISTING_STATUS
from storeward.connectors.tiktok_shop.tests.samples import ok, parse, parse_sample, problems, told


def one(**fields: Any) -> Listing:
    (record,) = parse("searchProducts", ok(products=[{"id": "1", "status": "ACTIVATE"} | fields])).records
    assert isinstance(record, Listing)
    return record


def test_the_upper_end_of_a_window_is_inclusive_here() -> None:
    request = listings.list_products_request(
        updated_since=datetime(2025, 12, 1, tzinfo=UTC), updated_until=datetime(2025, 12, 2, tzinfo=UTC)
    )
    assert json.loads(request.body or b"") == {"update_time_ge": 1764547200, "update_time_le": 1764633600}
    assert request.query == {"page_size": "100"}


def test_a_product_of_the_search_reads_in_full(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "searchProducts")
    assert parsed.problems == []
    (record,) = told(parsed)
    skus = record.pop("skus")
    assert record == {
        "kind": "listing",
        "platform_listing_id": "1729592969712207008",
        "title": "Short Boat Invisible Socks",
        "platform_status": "ACTIVATE",
        "status": "live",
        "platform_audit_status": "AUDITING",
        "platform_quality_tier": "POOR",
        "pre_order": True,
        "for_sale": False,
        "platform_statuses_elsewhere": {"TOKOPEDIA": "PLATFORM_DEACTIVATED"},
        "created_at": "2009-02-13T23:31:30Z",
        "updated_at": "2009-02-13T23:30:00Z",
        "platform_reasons": ["The required qualification is missed.", "KYC_PENDING"],
        "skus_complete": True,
    }
    assert skus == [
        {
            "platform_sku_id": "1729592969712207012",
            "seller_sku": "Color-Red-XM01",
            "variant": None,
            "price": {"amount": "121.11", "currency": "USD"},
            "price_without_tax": {"amount": "111.01", "currency": "USD"},
            "list_price": {"amount": "1", "currency": "USD"},
            "available": 999,
            "committed": None,
            "platform_status": "DEACTIVATED",
            "platform_off_by": "PLATFORM",
            "platform_sale_type": "PRE_ORDER",
            "handling_days": 7,
            "release_at": "2021-04-28T12:09:21Z",
            "warehouses": [
                {
                    "platform_warehouse_id": "7068517275539719942",
                    "available": 999,
                    "committed": None,
                    "on_backorder": 888,
                }
            ],
        }
    ]


def test_a_product_in_detail_names_its_variant_and_why_it_was_refused(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "getProduct")
    assert parsed.problems == []
    (record,) = told(parsed)
    assert (record["platform_status"], record["status"]) == ("SELLER_DEACTIVATED", "off_by_seller")
    assert record["skus"][0]["variant"] == "Red"
    assert record["platform_reasons"][0] == "violate listing rules"


@pytest.mark.parametrize("word", sorted(LISTING_STATUS))
def test_every_status_word_is_known(word: str) -> None:
    assert one(status=word).status is LISTING_STATUS[word]


def test_an_unknown_status_word_is_kept() -> None:
    record = one(status="HIDDEN_BY_MOON")
    assert (record.status, record.platform_status) == (ListingStatus.UNKNOWN, "HIDDEN_BY_MOON")


def test_a_local_sellers_shelf_price_is_the_one_before_tax() -> None:
    record = one(skus=[{"id": "2", "price": {"currency": "MYR", "tax_exclusive_price": "19.90"}}])
    assert str(record.skus[0].price) == "19.90 MYR"


def test_stock_is_the_sum_over_warehouses_or_not_known() -> None:
    def left(*quantities: Any) -> int | None:
        stock = [{"warehouse_id": str(n), "quantity": q} for n, q in enumerate(quantities, 1)]
        return one(skus=[{"id": "2", "inventory": stock}]).skus[0].available

    assert left(3, 4) == 7
    assert left(0, 0) == 0
    assert left(3, None) is None
    assert left() is None


def test_a_stock_answer_names_some_skus_only(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "inventorySearch")
    assert parsed.problems == []
    (record,) = parsed.records
    assert isinstance(record, Listing)
    assert not record.skus_complete
    assert (record.title, record.platform_status, record.pre_order) == (None, None, None)
    (sku,) = record.skus
    assert (sku.platform_sku_id, sku.available, sku.committed) == ("1729388324987897824", 100, 10)
    assert sku.warehouses[0].platform_warehouse_id == "7054915283043174149"


def test_what_an_edit_answers_does_not_claim_to_be_the_whole(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "editProduct")
    (record,) = parsed.records
    assert isinstance(record, Listing)
    assert (record.platform_listing_id, record.platform_audit_status, record.skus_complete) == (
        "1729592969712207008",
        "AUDITING",
        False,
    )
    assert not parsed.failed


def test_stock_that_was_not_set_is_told_by_sku(shared_dir: Path) -> None:
    (problem,) = parse_sample(shared_dir, "updateInventory_partial_failure").problems
    assert problem.message == "sku 1729592969712207012: Multiple warehouses detected."


def test_bad_skus_cost_themselves() -> None:
    parsed = parse(
        "searchProducts", ok(products=[{"id": "1", "status": "ACTIVATE", "skus": [{"seller_sku": "a"}, {"id": "2"}, 5]}])
    )
    (record,) = parsed.records
    assert isinstance(record, Listing)
    assert [sku.platform_sku_id for sku in record.skus] == ["2"]
    assert sorted(problems(parsed)) == [("data.products[0].skus[0].id", "error"), ("data.products[0].skus[2]", "error")]
