"""Every request that we build against the platform's description: known parameters, all required ones, the documented method."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storeward.connectors.contract import Ask, OperationKind, Request
from storeward.connectors.lazada import (
    CONNECTOR,
    after_sales,
    conversations,
    decisions,
    finance,
    lines,
    listings,
    metrics,
    orders,
    packages,
    requests,
    reviews,
    stock,
    stores,
)
from storeward.connectors.lazada.stock import SkuChange

SINCE, UNTIL = datetime(2025, 12, 1, tzinfo=UTC), datetime(2025, 12, 8, tzinfo=UTC)
CHANGE = SkuChange("9", "11", quantity=5)
PICTURE = [{"name": "a", "url": "https://x/a.jpg"}]

WRITES: list[Callable[[], Request]] = [
    lambda: orders.set_invoice_number_request("1", "INV-1"),
    lambda: packages.pack_request({"1": ["2"]}),
    lambda: packages.ready_to_ship_request(["FP1"]),
    lambda: packages.repack_request(["FP1"]),
    lambda: packages.delivered_request(["FP1"]),
    lambda: packages.failed_delivery_request(["FP1"]),
    lambda: packages.digital_delivered_request({"1": ["2"]}),
    lambda: decisions.cancel_items_request("1", ["2"], reason_id="3"),
    lambda: decisions.answer_cancellation_request("1", agree=True, reason_code="2"),
    lambda: decisions.answer_return_request("1", ["2"], action="agreeReturn"),
    lambda: decisions.answer_return_request("1", ["2"], action="refuseRefund", reason_id="1", comment="x", images=PICTURE),
    lambda: decisions.answer_refund_request("1", ["2"], action="agreeRefund"),
    lambda: decisions.answer_refund_request("1", ["2"], action="startDispute", comment="x", images=PICTURE, videos=PICTURE),
    lambda: stock.set_stock_request([CHANGE]),
    lambda: stock.adjust_stock_request([CHANGE]),
    lambda: stock.set_price_request([CHANGE]),
    lambda: stock.update_product_request("9"),
    lambda: stock.deactivate_request("9"),
    lambda: stock.upload_image_request(b"x"),
    lambda: conversations.send_text_request("S", "hi"),
    lambda: conversations.send_picture_request("S", "https://x/a", width=1, height=2),
    lambda: conversations.send_product_request("S", "9"),
    lambda: conversations.send_order_request("S", "8"),
    lambda: conversations.send_voucher_request("S", "7"),
    lambda: conversations.read_request("S", "M"),
    lambda: conversations.open_request("1"),
    lambda: conversations.recall_request("S", "M"),
    lambda: reviews.reply_request("1", "x"),
]
MORE_READS: list[Callable[[], Request]] = [
    lambda: orders.list_orders_request(updated_since=SINCE, updated_until=UNTIL, status="pending"),
    lambda: after_sales.list_request((), reverse_order_id="5"),
    lambda: after_sales.list_request(after_sales.CANCELLATIONS, updated_since=SINCE, updated_until=UNTIL),
    lambda: listings.list_products_request(updated_since=SINCE, updated_until=UNTIL, filter="live"),
    lambda: finance.lines_request(date(2025, 12, 1), date(2025, 12, 7), order_id="1"),
    lambda: finance.movements_request(since=date(2025, 12, 1), until=date(2025, 12, 7)),
    lambda: finance.logistics_fees_request("1", order_id="2"),
    lambda: packages.trace_request("1", package_ids=["FP1"]),
    lambda: orders.document_request(["1", "2"], "shippingLabel"),
    lambda: metrics.performance_request("vi-VN"),
    lambda: stores.notices_request(page=2),
]


def described(shared_dir: Path) -> dict[str, dict[str, Any]]:
    found = json.loads((shared_dir / "platforms/lazada/endpoints.json").read_text())["endpoints"]
    return {one["path"]: one for one in found}


def examples() -> list[Request]:
    return [operation.example() for operation in CONNECTOR.operations.values() if operation.example is not None]


def wrong_with(request: Request, description: dict[str, Any]) -> list[str]:
    """What the description would not allow about a request."""
    known = {param["name"]: param for param in description["params"]}
    found = [f"sends {name}" for name in request.query if name not in known]
    binary = {name for name, param in known.items() if param["type"] == "binary"}
    found += [
        f"leaves {name} out"
        for name, param in known.items()
        if param["required"] and name not in request.query and name not in binary
    ]
    found += [f"sends {name} empty" for name, value in request.query.items() if not value]
    for name, value in request.query.items():
        found += [f"{name} is no {known[name]['type']}: {value}" for _ in range(1) if not fits(value, known.get(name))]
    if request.method not in description["methods_documented"]:
        found.append(f"is {request.method}, not {description['methods_documented']}")
    return found


def fits(value: str, param: dict[str, Any] | None) -> bool:
    kind = param["type"] if param else "string"
    match kind:
        case "integer":
            return value.lstrip("-").isdigit()
        case "boolean":
            return value in {"true", "false"}
        case "string(json array)":
            return isinstance(json.loads(value), list)
        case "string(json object)":
            return isinstance(json.loads(value), dict)
        case _:
            return True


def test_every_read_that_we_send_is_as_described(shared_dir: Path) -> None:
    known = described(shared_dir)
    sent = [*examples(), *(build() for build in MORE_READS)]
    assert {request.path: wrong for request in sent if (wrong := wrong_with(request, known[request.path]))} == {}
    assert {request.kind for request in sent} == {OperationKind.READ}


def test_every_write_that_we_send_is_as_described(shared_dir: Path) -> None:
    known = described(shared_dir)
    sent = [build() for build in WRITES]
    assert {request.path: wrong for request in sent if (wrong := wrong_with(request, known[request.path]))} == {}
    assert {request.kind for request in sent} == {OperationKind.WRITE}


def test_we_read_every_operation_of_the_description_and_none_beside(shared_dir: Path) -> None:
    known = described(shared_dir)
    assert CONNECTOR.operations.keys() - {"push"} == known.keys()


def test_reads_and_writes_are_those_of_the_description(shared_dir: Path) -> None:
    for path, description in described(shared_dir).items():
        kind = "write" if description["kind"] == "auth" else description["kind"]
        assert CONNECTOR.operations[path].kind == kind, path


def test_every_read_is_probed_and_every_write_is_built(shared_dir: Path) -> None:
    known = described(shared_dir)
    reads = {path for path, one in known.items() if one["kind"] == "read"}
    assert {request.path for request in examples()} == reads
    writes = {path for path, one in known.items() if one["kind"] == "write"}
    assert {build().path for build in WRITES} == writes


def test_an_operation_is_named_by_its_path() -> None:
    for request in [*examples(), *(build() for build in WRITES)]:
        assert request.operation == request.path
        assert request.operation in CONNECTOR.operations


def test_pages_are_no_larger_than_allowed(shared_dir: Path) -> None:
    known = described(shared_dir)
    for request in examples():
        paging = known[request.path]["paging"]
        name = paging.get("limit_param") or paging.get("size_param")
        most = known[request.path]["max_page_size"]
        if name and most:
            assert int(request.query[name]) <= most, request.path


STREAM_REQUESTS = [
    ("stores", Ask(), {}),
    (
        "orders",
        Ask(since=SINCE, until=UNTIL),
        {
            "update_after": "2025-12-01T00:00:00+00:00",
            "update_before": "2025-12-08T00:00:00+00:00",
            "sort_by": "updated_at",
            "sort_direction": "ASC",
            "limit": "100",
            "offset": "0",
        },
    ),
    (
        "orders",
        Ask(page_size=7),
        {
            "update_after": "2012-01-01T00:00:00+00:00",
            "sort_by": "updated_at",
            "sort_direction": "ASC",
            "limit": "7",
            "offset": "0",
        },
    ),
    (
        "returns",
        Ask(since=SINCE, until=UNTIL),
        {
            "page_no": "1",
            "page_size": "20",
            "request_type_list": '["RETURN","ONLY_REFUND"]',
            "ReverseOrderLineModifiedTimeRangeStart": "1764547200000",
            "ReverseOrderLineModifiedTimeRangeEnd": "1765152000000",
        },
    ),
    (
        "cancellations",
        Ask(since=SINCE),
        {
            "page_no": "1",
            "page_size": "20",
            "request_type_list": '["CANCEL"]',
            "ReverseOrderLineModifiedTimeRangeStart": "1764547200000",
        },
    ),
    (
        "listings",
        Ask(since=SINCE),
        {"filter": "all", "update_after": "2025-12-01T00:00:00+00:00", "limit": "50", "offset": "0", "options": "1"},
    ),
    ("stock", Ask(), {"filter": "live", "limit": "50", "offset": "0", "options": "1"}),
    ("alerts", Ask(), {"offset": "1", "limit": "10"}),
    ("conversations", Ask(since=SINCE), {"start_time": "4102444800000", "page_size": "20"}),
    ("messages", Ask(keys=["S"]), {"session_id": "S", "start_time": "4102444800000", "page_size": "20"}),
    ("statements", Ask(since=SINCE), {"created_after": "2025-12-01"}),
    (
        "statement_lines",
        Ask(since=SINCE, until=UNTIL),
        {"start_time": "2025-12-01", "end_time": "2025-12-08", "trans_type": "-1", "limit": "500", "offset": "0"},
    ),
    (
        "statement_lines",
        Ask(since=SINCE),
        {"start_time": "2025-12-01", "end_time": "2026-03-01", "trans_type": "-1", "limit": "500", "offset": "0"},
    ),
    (
        "wallet",
        Ask(),
        {"start_time": "20120101", "end_time": "20991231", "page_num": "1", "page_size": "50"},
    ),
    (
        "wallet",
        Ask(since=SINCE, until=UNTIL),
        {"start_time": "20251201", "end_time": "20251208", "page_num": "1", "page_size": "50"},
    ),
    ("performance", Ask(), {"language": "en-US"}),
    ("figures", Ask(), {}),
    (
        "reviews",
        Ask(keys=["9"], since=SINCE, until=UNTIL),
        {"item_id": "9", "start_time": "1764547200000", "end_time": "1765152000000", "current": "1"},
    ),
    (
        "reviews",
        Ask(keys=["9"], since=SINCE - timedelta(days=60), until=UNTIL),
        {"item_id": "9", "start_time": "1764547200000", "end_time": "1765152000000", "current": "1"},
    ),
]


@pytest.mark.parametrize(("name", "ask", "query"), STREAM_REQUESTS)
def test_a_stream_asks_so(name: str, ask: Ask, query: dict[str, str]) -> None:
    request = CONNECTOR.streams[name].first(ask)
    assert dict(request.query) == query
    assert request.operation == CONNECTOR.streams[name].operation


def test_every_stream_is_asked_above() -> None:
    assert {name for name, _, _ in STREAM_REQUESTS} == CONNECTOR.streams.keys()


def test_reviews_without_a_span_are_not_asked_for() -> None:
    with pytest.raises(ValueError, match="by a span"):
        CONNECTOR.streams["reviews"].first(Ask(keys=["9"]))


def test_a_stream_declares_what_its_operation_yields() -> None:
    for stream in CONNECTOR.streams.values():
        assert set(stream.kinds) <= set(CONNECTOR.operations[stream.operation].records), stream.name


def test_orders_are_completed_by_their_items() -> None:
    stream = CONNECTOR.streams["orders"]
    assert stream.details is not None
    request = stream.details(["1", "2"])
    assert (request.operation, request.query) == ("/orders/items/get", {"order_ids": "[1,2]"})
    assert stream.details_per_call == lines.ORDERS_PER_CALL == 50
    assert stream.joined is lines.with_lines
    assert {stream.name for stream in CONNECTOR.streams.values() if stream.joined} == {"orders"}


def test_chat_is_polled_with_care_and_orders_most_often() -> None:
    streams = CONNECTOR.streams
    assert min(streams.values(), key=lambda stream: stream.poll_every).name == "orders"
    assert streams["conversations"].poll_every >= timedelta(minutes=15)
    assert all(stream.poll_every < stream.trust_for for stream in streams.values())


def test_a_window_of_lines_is_shorter_than_the_platform_allows() -> None:
    window = CONNECTOR.streams["statement_lines"].longest_window
    assert window is not None
    assert window < timedelta(days=180)
    week = CONNECTOR.streams["reviews"].longest_window
    assert week == timedelta(days=7)


PARAMETERS = [
    ({"a": 1, "b": None, "c": "", "d": "x"}, {"a": "1", "d": "x"}),
    ({"a": True, "b": False}, {"a": "true", "b": "false"}),
    ({"a": 0}, {"a": "0"}),
    ({}, {}),
]


@pytest.mark.parametrize(("given", "sent"), PARAMETERS)
def test_parameters_are_text_and_never_empty(given: dict[str, Any], sent: dict[str, str]) -> None:
    assert requests.told(given) == sent


IDS = [
    (["1", "2"], "[1,2]"),
    (["9007199254740993"], "[9007199254740993]"),
    (["FP1"], '["FP1"]'),
    (["1", "x"], '[1,"x"]'),
]


@pytest.mark.parametrize(("ids", "written"), IDS)
def test_ids_in_a_list_are_numbers_where_they_are_digits(ids: list[str], written: str) -> None:
    assert requests.id_list(ids, 50) == written


@pytest.mark.parametrize("ids", [[], ["1"] * 51])
def test_none_or_too_many_ids_are_refused(ids: list[str]) -> None:
    with pytest.raises(ValueError, match="1 to 50 ids"):
        requests.id_list(ids, 50)


def test_a_page_token_is_what_changes() -> None:
    request = Request("/x", "GET", "/x", {"a": "1", "offset": "0"}, about={"order_id": "7"})
    second = requests.turn(request, requests.page_token(offset="50"))
    assert second.query == {"a": "1", "offset": "50"}
    assert second.about == {"order_id": "7", "offset": "50"}
    assert requests.page_token(b="2", a="1") == '{"a":"1","b":"2"}'


def test_what_nobody_offers_by_api_is_declared() -> None:
    assert {"non_compliance_points", "violations", "balance", "packages", "next_payout_date", "logins"} <= set(
        CONNECTOR.not_offered
    )
    assert not CONNECTOR.not_offered.keys() & CONNECTOR.streams.keys()
    assert list(CONNECTOR.subscribe_requests("https://x")) == []
