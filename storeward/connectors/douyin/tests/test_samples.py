"""Every published sample is read without a problem; the important ones held against values written out by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from storeward.canon import kind_of
from storeward.connectors import wire
from storeward.connectors.douyin import CONNECTOR, envelope

from .samples import answers, parse, problems, sample, told, yuan

EXPECTED_PROBLEMS: dict[tuple[str, str], list[tuple[str, str]]] = {
    ("order.downloadToShop.not_ready.json", "order.downloadToShop"): [("data.code", "platform")],
    ("fixture/afterSale.applyLogisticsIntercept.json", "afterSale.applyLogisticsIntercept"): [
        ("data.intercept_results[0].unavailable_reason_code", "platform")
    ],
    # A documentation value with quotation marks within: "\"100\"".
    ("fixture/afterSale.List.json", "afterSale.List"): [("data.items[0].aftersale_info.exchange_sku_info.price", "note")],
}


def test_every_published_answer_is_read_without_a_problem_that_is_not_its_own(shared_dir: Path) -> None:
    read = 0
    for file, operation, body in answers(shared_dir):
        parsed = parse(operation, body)
        assert problems(parsed) == EXPECTED_PROBLEMS.get((file, operation), []), file
        assert not parsed.unreadable, file
        read += 1
    assert read == 116


RECORDS: dict[str, list[str]] = {
    "order.searchList": ["order"] * 4,
    "order.orderDetail": ["order"],
    "order.orderDetail.multi_package": ["order"],
    "order.logisticsAddMultiPack": ["package"] * 2,
    "order.logisticsAddSinglePack": ["package"],
    "order.getServiceList": ["conversation"],
    "order.serviceDetail": ["conversation"],
    "afterSale.List": ["return"] * 3,
    "afterSale.Detail": ["return"],
    "afterSale.Detail.refunded": ["return"],
    "product.listV2": ["listing"] * 3,
    "product.detail": ["listing"],
    "sku.list": ["listing"],
    "sku.detail": ["listing"],
    "sku.stockNum": ["listing"],
    "sku.stockNum.warehouse": ["listing"],
    "promise.deliveryList": ["listing"],
    "order.getSettleBillDetailV3": ["transaction"] * 2,
    "order.getSettleBillDetailV3.page1": ["transaction"],
    "order.getShopAccountItem": ["transaction"] * 2,
    "shop.reputation": ["store", *["metric"] * 4],
    "shop.getExperienceScore": ["metric"] * 16,
    "logistics.trackNoRouteDetail": ["package"],
    "logistics.queryPackageRoute": ["package"],
    "token.create": ["store"],
    "token.refresh": ["store"],
    "order.searchList.empty": [],
    "fixture/order.searchList": ["order"],
    "fixture/order.orderDetail": ["order"],
    "fixture/afterSale.List": ["return"],
    "fixture/order.getSettleBillDetail": ["transaction"],
    "fixture/sku.list": ["listing"],
    "fixture/order.getServiceList": ["conversation"] * 2,
    "fixture/order.serviceDetail": ["conversation"],
}


def test_every_published_answer_yields_so_many_records(shared_dir: Path) -> None:
    found = {}
    for file, operation, body in answers(shared_dir):
        name = file.removesuffix(".json")
        if name in RECORDS:
            found[name] = [kind_of(record) for record in parse(operation, body).records]
    assert found == RECORDS


def test_what_was_told_of_an_operation_is_what_it_yields(shared_dir: Path) -> None:
    from_samples: dict[str, set[str]] = {}
    for _, operation, body in answers(shared_dir):
        from_samples.setdefault(operation, set()).update(kind_of(record) for record in parse(operation, body).records)
    for name, kinds in from_samples.items():
        assert kinds <= set(CONNECTOR.operations[name].records), name


TO_SHIP: dict[str, Any] = {
    "kind": "order",
    "platform_order_id": "4781320682406083640",
    "platform_status": "2",
    "status": "to_ship",
    "platform_type": "0",
    "type": "standard",
    "fulfillment_by": "seller",
    "total": yuan("377.00"),
    "cash_on_delivery": False,
    "placed_at": "2023-07-22T03:25:00Z",
    "paid_at": "2023-07-22T03:26:40Z",
    "updated_at": "2023-07-22T03:26:40Z",
    "ship_by_at": "2023-07-24T03:26:40Z",
    "arrange_by_at": "2023-07-24T03:26:40Z",
    "buyer_note": "请发顺丰",
}


def test_the_published_order_to_ship_is_read_as_a_person_would(shared_dir: Path) -> None:
    one = told(parse("order.searchList", sample(shared_dir, "order.searchList")))[0]
    assert {name: one[name] for name in TO_SHIP} == TO_SHIP
    assert {
        name: one["amounts"][name] for name in ("order_amount", "pay_amount", "promotion_amount", "promotion_pay_amount")
    } == {
        "order_amount": yuan("397.00"),
        "pay_amount": yuan("377.00"),
        "promotion_amount": yuan("20.00"),
        "promotion_pay_amount": yuan("3.00"),
    }
    assert one["platform_more"]["shop_id"] == "4463798"
    assert "auto_cancel_at" not in one
    assert "packages" not in one
    first, second = one["lines"]
    assert (first["platform_line_id"], first["platform_listing_id"], first["platform_sku_id"]) == (
        "4781320682406083640",
        "3488625851803765012",
        "1729160688834615",
    )
    assert (first["seller_sku"], first["variant"], first["quantity"], first["price"]) == (
        "QH-4J-BL-18",
        "颜色: 雾蓝, 尺寸: 1.8m",
        1,
        yuan("199.00"),
    )
    assert (second["platform_line_id"], second["quantity"], second["price"], second["amounts"]["sum_amount"]) == (
        "4781320682406083641",
        2,
        yuan("99.00"),
        yuan("198.00"),
    )


def test_the_published_unpaid_order_is_closed_half_an_hour_after_it_was_placed(shared_dir: Path) -> None:
    one = told(parse("order.searchList", sample(shared_dir, "order.searchList")))[1]
    assert (one["platform_order_id"], one["status"], one["total"]) == ("4781320682406090001", "unpaid", yuan("99.00"))
    assert "paid_at" not in one
    assert "ship_by_at" not in one
    placed, closes = one["placed_at"], one["auto_cancel_at"]
    assert (placed, closes) == ("2023-07-22T04:21:40Z", "2023-07-22T04:51:40Z")


def test_the_published_order_that_is_partly_shipped_waits_for_its_second_line(shared_dir: Path) -> None:
    one = told(parse("order.searchList", sample(shared_dir, "order.searchList")))[2]
    assert (one["platform_order_id"], one["status"]) == ("4781320682406090555", "partly_shipped")
    assert one["ship_by_at"] == "2023-07-23T03:28:20Z"
    assert [(line["platform_line_id"], line["status"], line.get("shipped_at")) for line in one["lines"]] == [
        ("4781320682406090555", "in_transit", "2023-07-22T04:10:00Z"),
        ("4781320682406090556", "to_ship", None),
    ]
    assert one["lines"][1]["platform_more"]["after_sale_status"] == "6"
    assert one["packages"] == [
        {
            "platform_package_id": "7258000000000000001",
            "tracking_number": "SF1234567890123",
            "platform_carrier": "顺丰速运",
            "platform_carrier_id": "shunfeng",
            "platform_line_ids": ["4781320682406090555"],
            "shipped_at": "2023-07-22T04:10:00Z",
        }
    ]
    assert one["lines"][0]["platform_package_id"] == "7258000000000000001"
    assert "platform_package_id" not in one["lines"][1]


def test_the_published_presale_has_fifteen_days(shared_dir: Path) -> None:
    one = told(parse("order.searchList", sample(shared_dir, "order.searchList")))[3]
    assert (one["type"], one["paid_at"], one["ship_by_at"]) == ("pre_order", "2023-07-22T02:28:20Z", "2023-08-06T02:28:20Z")


def test_the_published_order_in_two_packages_names_both(shared_dir: Path) -> None:
    (one,) = told(parse("order.orderDetail", sample(shared_dir, "order.orderDetail.multi_package")))
    assert [(p["platform_package_id"], p["tracking_number"], p["platform_carrier_id"]) for p in one["packages"]] == [
        ("7258000000000000001", "SF1234567890123", "shunfeng"),
        ("7258000000000000002", "YT1387990014325", "yuantong"),
    ]
    assert [line["platform_package_id"] for line in one["lines"]] == ["7258000000000000001", "7258000000000000002"]
    assert one["lines"][1]["platform_more"]["after_sale_status"] == "28"
    assert (one["status"], one["arranged_at"]) == ("in_transit", "2023-07-22T04:28:20Z")


def test_the_list_and_the_detail_say_the_same_of_one_order(shared_dir: Path) -> None:
    listed = told(parse("order.searchList", sample(shared_dir, "order.searchList")))[0]
    (detailed,) = told(parse("order.orderDetail", sample(shared_dir, "order.orderDetail")))
    assert detailed == listed


def test_numbers_in_quotation_marks_mean_the_same(shared_dir: Path) -> None:
    """The documentation writes them so; nothing is lost, and nothing is noted."""
    parsed = parse("order.orderDetail", sample(shared_dir, "fixture/order.orderDetail"))
    (one,) = told(parsed)
    assert (one["platform_status"], one["total"], one["placed_at"]) == ("3", yuan("5.00"), "2021-04-02T09:23:33Z")
    assert (one["amounts"]["modify_amount"], one["amounts"]["post_amount"]) == (yuan("-0.10"), yuan("0.10"))
    assert (one["lines"][0]["quantity"], one["lines"][0]["price"]) == (2, yuan("1.00"))
    assert (one["phases"][0]["paid"], one["phases"][0]["of"]) == (True, 2)
    assert parsed.problems == []


def test_no_id_of_a_sample_loses_a_digit(shared_dir: Path) -> None:
    for name in ("order.searchList", "afterSale.Detail", "product.detail", "sku.list"):
        body = sample(shared_dir, name)
        for value in json.dumps(told(parse(name, body))).split('"'):
            if value.isdigit() and len(value) > 15:
                assert value.encode() in body, value


def test_an_empty_page_is_no_problem(shared_dir: Path) -> None:
    parsed = parse("order.searchList", sample(shared_dir, "order.searchList.empty"))
    assert (parsed.records, parsed.problems, parsed.next_page, parsed.total) == ([], [], None, 4)


def test_personal_data_stays_out_of_the_record(shared_dir: Path) -> None:
    """Cipher texts and masks stay in the payload, as history keeps it; nothing of them is spread."""
    told_all = json.dumps(told(parse("order.searchList", sample(shared_dir, "order.searchList"))), ensure_ascii=False)
    for secret in ("bW5vcHFyc3R1dg", "#a1b2#", "陈*", "1********76", "转塘街道"):
        assert secret not in told_all


def test_the_raw_bytes_of_each_record_are_kept_beside_it(shared_dir: Path) -> None:
    parsed = parse("order.searchList", sample(shared_dir, "order.searchList"))
    for record, raw in parsed.items:
        assert json.loads(raw)["order_id"] == record.platform_id


@pytest.mark.parametrize("name", ["envelope.legacy_err_no"])
def test_the_frame_with_both_forms_is_a_success(shared_dir: Path, name: str) -> None:
    parsed = parse("order.addOrderRemark", sample(shared_dir, name))
    assert (parsed.problems, parsed.unreadable) == ([], False)


def test_a_page_that_fits_is_read_in_one_go(shared_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the speed rests on, which the benchmarks measure: field by field is for what does not fit."""
    body = json.loads(sample(shared_dir, "order.searchList"))
    one = body["data"]["shop_order_list"][0]
    body["data"]["shop_order_list"] = [{**one, "order_id": f"47813206824060{number:05}"} for number in range(30)]
    monkeypatch.delattr(envelope, "_opened_by_steps")
    monkeypatch.delattr(wire, "_read_leniently")
    assert len(parse("order.searchList", json.dumps(body, ensure_ascii=False).encode()).items) == 30
