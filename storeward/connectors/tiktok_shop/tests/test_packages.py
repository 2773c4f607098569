"""Packages and the answers of shipping."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from storeward.canon import Package, PackageStatus
from storeward.connectors.tiktok_shop import packages
from storeward.connectors.tiktok_shop.tests.samples import ok, parse, parse_sample, problems, told


def test_packages_are_asked_oldest_change_first() -> None:
    request = packages.list_packages_request(updated_since=datetime(2025, 12, 1, tzinfo=UTC))
    assert request.query == {"page_size": "50", "sort_field": "update_time", "sort_order": "ASC"}
    assert request.body == b'{"update_time_ge":1764547200}'


def test_a_package_in_detail_reads_in_full(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "getPackageDetail")
    assert parsed.problems == []
    assert told(parsed) == [
        {
            "kind": "package",
            "platform_package_id": "5433567853345",
            "platform_status": "PROCESSING",
            "status": "arranged",
            "platform_order_ids": ["54335448533296"],
            "platform_line_ids": ["1729382476852921560"],
            "tracking_number": "6617675021119438849",
            "last_mile_tracking_number": "6617675021119438849",
            "platform_shipping": "TIKTOK",
            "platform_delivery_option_id": "7091146663229654785",
            "platform_carrier_id": "6617675021119438849",
            "carrier": "TT Virtual express",
            "platform_handover_method": "PICKUP",
            "pickup_from_at": "2021-10-27T12:36:26Z",
            "pickup_until_at": "2021-10-27T12:36:26Z",
            "created_at": "2021-10-27T12:36:26Z",
            "updated_at": "2021-10-27T12:36:26Z",
            "platform_more": {
                "split_and_combine_tag": "SPLIT",
                "note_tag": "BUYER_UNNOTED",
                "delivery_option_name": "Shipped from seller\n",
                "insurance_claim_status": "CLAIM_PENDING",
            },
        }
    ]


def test_a_page_of_packages(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "searchPackage")
    assert parsed.total == 221
    assert parsed.next_page == "6AsPQsUMvH3RkchNUPPh22NROHkE0D8pmq/N5M1kHYcZmtRyv9aVrNv65W7Q6tFA"
    assert told(parsed)[0]["platform_package_id"] == "577828281214600000"


@pytest.mark.parametrize(
    ("status", "sub", "expected"),
    [
        ("TO_FULFILL", None, PackageStatus.TO_ARRANGE),
        ("TO_FULFILL", "STOCKING", PackageStatus.TO_ARRANGE),
        ("TO_FULFILL", "RTSING", PackageStatus.ARRANGING),
        ("PROCESSING", "RTS", PackageStatus.ARRANGED),
        ("FULFILLING", "TTS", PackageStatus.IN_TRANSIT),
        ("FULFILLING", "SHIP_EXCEPTION", PackageStatus.PROBLEM),
        ("COMPLETED", "DELIVERED", PackageStatus.DELIVERED),
        ("CANCELLED", "CANCELLED", PackageStatus.CANCELLED),
        ("BRAND_NEW", None, PackageStatus.UNKNOWN),
    ],
)
def test_a_sub_status_refines_the_status(status: str, sub: str | None, expected: PackageStatus) -> None:
    (record,) = parse(
        "getPackageDetail",
        ok(package_id="1", package_status=status, package_sub_status=sub, ship_exception_reason="PACKAGE_LOST"),
    ).records
    assert isinstance(record, Package)
    assert (record.status, record.platform_status, record.platform_sub_status) == (expected, status, sub)
    assert record.problem == "PACKAGE_LOST"


def test_a_package_without_an_id_costs_itself() -> None:
    parsed = parse("searchPackage", ok(packages=[{"status": "PROCESSING"}, {"id": "2"}]))
    assert [record.platform_id for record in parsed.records] == ["2"]
    assert problems(parsed) == [("data.packages[0].id", "error")]


def test_a_bought_package_is_tied_to_the_order_that_was_asked_for(shared_dir: Path) -> None:
    (record,) = told(parse_sample(shared_dir, "createPackages", order_id="576"))
    assert record["platform_package_id"] == "1153486604836964618"
    assert record["platform_order_ids"] == ["576"]
    assert (record["carrier"], record["platform_carrier_id"]) == ("USPS", "7117858858072016686")
    assert record["created_at"] == "2025-12-03T00:00:00Z"


def test_a_warning_of_a_successful_call_is_noted(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "markPackageAsShipped_202309")
    assert told(parsed)[0]["platform_package_id"] == "32141235124234"
    assert [(p.field, p.message, p.level) for p in parsed.problems] == [("data.warning", "match more than one provider", "note")]
    assert not parsed.failed


def test_a_batch_names_the_packages_that_failed(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "batchShipPackages_partial_failure")
    (problem,) = parsed.problems
    assert problem.message.startswith("package 1152321127278713124: Invalid tracking number")
    assert problem.error is not None
    assert (problem.field, problem.error.code, problem.error.retry) == ("data.errors[0].code", "21011022", "never")


def test_a_ship_without_errors_is_a_success(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "shipPackage")
    assert (parsed.problems, parsed.items, parsed.failed) == ([], [], False)


def test_a_label_is_a_receipt(shared_dir: Path) -> None:
    assert parse_sample(shared_dir, "getPackageShippingDocument").receipt == {
        "doc_url": "https://magelng.bytedance.net2/wsos_v2/oec_fulfillment_doc_tts/object/wsos641232",
        "tracking_number": "752455325694",
    }


def test_split_and_combined_packages_are_named() -> None:
    split = parse("confirmOrderSplit", ok(packages=[{"splittable_group_id": "1", "id": "90"}]), order_id="576")
    assert told(split)[0]["platform_order_ids"] == ["576"]
    combined = parse(
        "combinePackage", ok(packages=[{"id": "91", "order_ids": ["576", "577"]}], errors=[{"code": 1, "message": "x"}])
    )
    assert told(combined)[0]["platform_order_ids"] == ["576", "577"]
    assert combined.failed
