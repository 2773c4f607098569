"""Packing, labels, shipping and tracking: what is sent, what worked, and which rows failed under a success."""

import json
from pathlib import Path
from typing import Any

import pytest

from storeward.canon import Package, PackageStatus
from storeward.connectors.contract import OperationKind, Request
from storeward.connectors.errors import OutcomeUnknown
from storeward.connectors.lazada import CONNECTOR, packages
from storeward.connectors.lazada.tests.samples import parse, parse_sample, problems, result, told

ORDER, ITEM, OTHER = "711433089564242", "711433089764242", "711433089864242"


def carried(request: Request, name: str) -> Any:
    return json.loads(request.query[name])


def test_packing_names_orders_items_and_the_allocation() -> None:
    request = packages.pack_request({ORDER: [ITEM, OTHER]})
    assert (request.operation, request.method, request.kind) == ("/order/fulfill/pack", "POST", OperationKind.WRITE)
    assert carried(request, "packReq") == {
        "pack_order_list": [{"order_id": 711433089564242, "order_item_list": [711433089764242, 711433089864242]}],
        "delivery_type": "dropship",
        "shipping_allocate_type": "TFS",
    }


def test_packing_across_borders_names_the_provider() -> None:
    told_ = carried(packages.pack_request({ORDER: [ITEM]}, allocate="NTFS", provider_code="FM49"), "packReq")
    assert (told_["shipping_allocate_type"], told_["shipment_provider_code"]) == ("NTFS", "FM49")


BY_PACKAGE = [
    (packages.ready_to_ship_request, "/order/package/rts", "readyToShipReq"),
    (packages.repack_request, "/order/package/repack", "rePackReq"),
    (packages.delivered_request, "/order/package/sof/delivered", "dbsDeliveryReq"),
    (packages.failed_delivery_request, "/order/package/sof/failed_delivery", "dbsFailedDeliveryReq"),
]


@pytest.mark.parametrize(("build", "operation", "name"), BY_PACKAGE)
def test_a_call_by_package_carries_its_ids_as_json(build: Any, operation: str, name: str) -> None:
    request = build(["FP1", "FP2"])
    assert (request.operation, request.path, request.method, request.kind) == (operation, operation, "POST", OperationKind.WRITE)
    assert carried(request, name) == {"packages": [{"package_id": "FP1"}, {"package_id": "FP2"}]}


@pytest.mark.parametrize("build", [build for build, _, _ in BY_PACKAGE] + [packages.label_request])
@pytest.mark.parametrize("ids", [[], [f"FP{n}" for n in range(21)]])
def test_none_or_more_than_twenty_packages_are_refused_before_sending(build: Any, ids: list[str]) -> None:
    with pytest.raises(ValueError, match="1 to 20 packages"):
        build(ids)


@pytest.mark.parametrize("build", [packages.pack_request, packages.providers_request, packages.digital_delivered_request])
@pytest.mark.parametrize("orders", [{}, {str(n): ["1"] for n in range(21)}])
def test_none_or_more_than_twenty_orders_are_refused_before_sending(build: Any, orders: dict[str, list[str]]) -> None:
    with pytest.raises(ValueError, match="1 to 20 orders"):
        build(orders)


def test_an_order_without_items_is_refused_before_sending() -> None:
    with pytest.raises(ValueError, match="ids can be named"):
        packages.pack_request({ORDER: []})


def test_a_label_is_asked_for_as_pdf_with_its_items() -> None:
    request = packages.label_request(["FP1"])
    assert (request.method, request.kind) == ("GET", OperationKind.READ)
    assert carried(request, "getDocumentReq") == {
        "doc_type": "PDF",
        "packages": [{"package_id": "FP1"}],
        "print_item_list": True,
    }


def test_digital_items_and_providers_are_named_by_order() -> None:
    assert carried(packages.digital_delivered_request({ORDER: [ITEM]}), "digitalDeliveryReq") == {
        "orders": [{"order_id": 711433089564242, "order_item_list": [711433089764242]}]
    }
    assert carried(packages.providers_request({ORDER: [ITEM]}), "getShipmentProvidersReq") == {
        "orders": [{"order_id": 711433089564242, "order_item_ids": [711433089764242]}]
    }


def test_tracking_names_the_order_and_where_asked_its_packages() -> None:
    assert packages.trace_request(ORDER).query == {"order_id": ORDER, "locale": "en"}
    assert packages.trace_request(ORDER, package_ids=["FP1"]).query["ofcPackageIdList"] == '["FP1"]'


def test_what_was_packed_is_a_package_with_its_number(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "order_fulfill_pack")
    assert parsed.problems == []
    assert told(parsed) == [
        {
            "kind": "package",
            "platform_package_id": "FP094612143977611",
            "status": "unknown",
            "platform_order_ids": ["711433089564242"],
            "platform_line_ids": ["711433089764242"],
            "tracking_number": "LEXDO0069388114",
            "carrier": "LEX TH",
        }
    ]


def test_rows_that_failed_are_told_one_by_one(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "order_fulfill_pack_partial_failure")
    assert [r["platform_package_id"] for r in told(parsed)] == ["FP094612150000001"]
    assert [(p.field, p.message, p.level.value, p.error and (p.error.code, p.error.retry.value)) for p in parsed.problems] == [
        (
            "result.data.pack_order_list[0].order_item_list[1].item_err_code",
            "item 711433089864242: item current status not allow to pack",
            "platform",
            ("700026", "never"),
        ),
        (
            "result.data.pack_order_list[1].order_item_list[0].item_err_code",
            "item 711433091764242: failed get lock,pls try later",
            "platform",
            ("700024", "later"),
        ),
    ]
    assert parsed.failed


def packed(*rows: dict[str, Any], order_id: Any = 5) -> Any:
    return parse("/order/fulfill/pack", result({"pack_order_list": [{"order_id": order_id, "order_item_list": list(rows)}]}))


def row(item: int, package: str = "FP1", code: Any = "0", **more: Any) -> dict[str, Any]:
    return {"order_item_id": item, "package_id": package, "item_err_code": code, "tracking_number": f"T-{package}"} | more


def test_items_that_the_platform_split_are_several_packages() -> None:
    found = told(packed(row(1), row(2, "FP2"), row(3)))
    assert [(r["platform_package_id"], r["platform_line_ids"], r["tracking_number"]) for r in found] == [
        ("FP1", ["1", "3"], "T-FP1"),
        ("FP2", ["2"], "T-FP2"),
    ]
    assert [r["platform_order_ids"] for r in found] == [["5"], ["5"]]


ROWS = [
    ({"code": "0"}, True, []),
    ({"code": 0}, True, []),
    ({"code": "700026", "msg": "no"}, False, [("700026", "never", "item 1: no")]),
    ({"code": 700026, "retry": False}, False, [("700026", "never", "item 1: no message")]),
    ({"code": "700024", "retry": True}, False, [("700024", "later", "item 1: no message")]),
    ({"code": "700024", "retry": "true"}, False, [("700024", "later", "item 1: no message")]),
    ({"code": "SOMETHING_NEW", "retry": False, "msg": "x"}, False, [("SOMETHING_NEW", "never", "item 1: x")]),
]


@pytest.mark.parametrize(("changes", "worked", "expected"), ROWS)
def test_only_the_row_says_whether_it_is_worth_another_try(
    changes: dict[str, Any], worked: bool, expected: list[tuple[str, str, str]]
) -> None:
    parsed = packed(row(1, **changes))
    assert bool(parsed.records) is worked
    assert [(p.error.code, p.error.retry.value, p.message) for p in parsed.problems if p.error] == expected


def test_a_row_that_does_not_say_how_it_went_is_no_success() -> None:
    parsed = packed({"order_item_id": 1, "package_id": "FP1"})
    assert parsed.records == []
    assert problems(parsed) == [("result.data.pack_order_list[0].order_item_list[0].item_err_code", "error")]


PACKAGE_CALLS = [
    "/order/package/rts",
    "/order/package/repack",
    "/order/package/sof/delivered",
    "/order/package/sof/failed_delivery",
]


@pytest.mark.parametrize("operation", PACKAGE_CALLS)
def test_each_package_of_a_call_worked_or_not(operation: str) -> None:
    rows = [
        {"package_id": "FP1", "item_err_code": "0", "msg": "success", "retry": False},
        {"package_id": "FP2", "item_err_code": "600002", "msg": "package already cancelled"},
        {"package_id": "FP3", "item_err_code": "600001", "msg": "package not found", "retry": True},
    ]
    parsed = parse(operation, result({"packages": rows}))
    assert [r["platform_package_id"] for r in told(parsed)] == ["FP1"]
    assert [(p.field, p.message, p.error and p.error.retry.value) for p in parsed.problems] == [
        ("result.data.packages[1].item_err_code", "package FP2: package already cancelled", "never"),
        ("result.data.packages[2].item_err_code", "package FP3: package not found", "later"),
    ]


SAMPLES = [
    ("order_package_rts", ["FP021111326834107"], []),
    ("order_package_rts_failure", [], ["600002"]),
    ("order_package_repack", [], ["600001"]),
]


@pytest.mark.parametrize(("name", "ids", "codes"), SAMPLES)
def test_the_samples_of_calls_by_package(shared_dir: Path, name: str, ids: list[str], codes: list[str]) -> None:
    parsed = parse_sample(shared_dir, name)
    assert [r["platform_package_id"] for r in told(parsed)] == ids
    assert [p.error.code for p in parsed.problems if p.error] == codes


@pytest.mark.parametrize("operation", PACKAGE_CALLS)
def test_a_call_that_failed_as_a_whole_names_its_code(operation: str) -> None:
    body = {"code": "0", "result": {"success": False, "error_code": "15", "error_msg": "remote"}}
    parsed = parse(operation, body)
    assert (parsed.records, problems(parsed)) == ([], [("result.error_code", "platform")])
    request = Request(operation, "POST", operation, kind=OperationKind.WRITE)
    assert type(CONNECTOR.error_of(request, 200, json.dumps(body).encode())) is OutcomeUnknown


def test_digital_items_that_failed_are_told() -> None:
    rows = [{"order_item_id": 1, "item_err_code": "0"}, {"order_item_id": 2, "item_err_code": "700026", "msg": "no"}]
    parsed = parse("/order/digital/delivered", result({"orders": [{"order_id": 5, "order_item_list": rows}]}))
    assert parsed.records == []
    (problem,) = parsed.problems
    assert (problem.field, problem.message) == ("result.data.orders[0].order_item_list[1].item_err_code", "item 2: no")


def test_a_label_has_an_address_and_a_file(shared_dir: Path) -> None:
    pdf = parse_sample(shared_dir, "order_package_document_get_pdf")
    address = "https://sellercenter.example.invalid/awb/FP094612143977611.pdf?Expires=1766000600"
    assert (pdf.receipt["doc_url"], pdf.receipt["pdf_url"], pdf.receipt["doc_type"]) == (address, address, "PDF")
    html = parse_sample(shared_dir, "order_package_document_get_html")
    assert html.receipt["doc_type"] == "HTML"
    assert html.receipt["file"].startswith("PG1ldGEg")
    assert "doc_url" not in html.receipt


def test_a_label_that_cannot_be_printed_is_a_failure(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "order_package_document_get_refused")
    (problem,) = parsed.problems
    assert (problem.field, problem.message) == ("result.error_code", "There are no packages that support printing!")
    assert problem.error is not None
    assert (problem.error.code, problem.error.retry.value) == ("700040", "never")


def test_who_chooses_the_carrier(shared_dir: Path) -> None:
    local = parse_sample(shared_dir, "order_shipment_providers_get")
    assert local.receipt == {"platform_default": "1", "shipping_allocate_type": "TFS"}
    abroad = parse_sample(shared_dir, "order_shipment_providers_get_crossborder")
    assert abroad.receipt == {"platform_default": "0", "shipping_allocate_type": "NTFS"}
    assert isinstance(abroad.answer, dict)
    assert [one["provider_code"] for one in abroad.answer["shipment_providers"]] == ["FM49", "FM50"]


def test_a_traced_package_shows_its_way(shared_dir: Path) -> None:
    (record,) = told(parse_sample(shared_dir, "logistic_order_trace", order_id="303"))
    assert record == {
        "kind": "package",
        "platform_package_id": "FP032211046428116",
        "platform_status": "shipped",
        "status": "in_transit",
        "platform_sub_status": "1300",
        "platform_order_ids": ["303"],
        "tracking_number": "NLXSG20300914",
        "updated_at": "2021-07-11T16:14:06Z",
        "events": [
            {
                "platform_code": "1200",
                "platform_type": "ready_to",
                "title": "Packed by seller / warehouse",
                "text": "Packed, waiting for the carrier.",
                "place": None,
                "at": "2021-07-11T07:14:06.597000Z",
            },
            {
                "platform_code": "1300",
                "platform_type": "shipped",
                "title": "Picked up",
                "text": "Picked up.",
                "place": "Tuas hub",
                "at": "2021-07-11T16:14:06Z",
            },
        ],
    }


WORDS = [
    ("ready_to", PackageStatus.ARRANGED),
    ("READY_TO_SHIP", PackageStatus.ARRANGED),
    ("shipped", PackageStatus.IN_TRANSIT),
    ("delivered", PackageStatus.DELIVERED),
    ("failed_delivery", PackageStatus.PROBLEM),
    ("lost_by_3pl", PackageStatus.PROBLEM),
    ("canceled", PackageStatus.CANCELLED),
    ("beamed_up", PackageStatus.UNKNOWN),
    (None, PackageStatus.UNKNOWN),
]


@pytest.mark.parametrize(("word", "reading"), WORDS)
def test_a_package_stands_where_its_latest_step_says(word: str | None, reading: PackageStatus) -> None:
    steps = [{"detail_type": word, "event_time": 1765900000000}, {"detail_type": "x", "event_time": 1765800000000}]
    module = [{"package_detail_info_list": [{"ofc_package_id": "FP1", "logistic_detail_info_list": steps}]}]
    (record,) = parse("/logistic/order/trace", result(module=module)).records
    assert isinstance(record, Package)
    assert (record.platform_status, record.status) == (word, reading)


def test_a_package_without_steps_or_id() -> None:
    module = [{"package_detail_info_list": [{"ofc_package_id": "FP1"}, {"tracking_number": "T"}]}]
    parsed = parse("/logistic/order/trace", result(module=module))
    assert [r["platform_package_id"] for r in told(parsed)] == ["FP1"]
    assert problems(parsed) == [("result.module[0].package_detail_info_list[1].ofc_package_id", "error")]


def test_an_order_that_was_not_shipped_has_no_way_yet() -> None:
    body = {"code": "0", "result": {"success": False, "error_code": {"displayMessage": "INPUT_PARAM_VALID"}}}
    (problem,) = parse("/logistic/order/trace", body).problems
    assert problem.error is not None
    assert (problem.field, problem.error.code, problem.error.retry.value) == ("result.error_code", "INPUT_PARAM_VALID", "never")


def test_no_call_lists_packages() -> None:
    assert "packages" in CONNECTOR.not_offered
    assert "packages" not in CONNECTOR.streams
    assert "package" not in CONNECTOR.read_one_requests
