"""Every request that we build, against the platform's own list of calls: name, method, path, level, parameters."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from storeward.connectors.contract import AppKeys, Ask, Grant, OperationKind, Renewal, Request
from storeward.connectors.errors import Rejected
from storeward.connectors.shopee import (
    CONNECTOR,
    after_sales,
    conversations,
    finance,
    health,
    listings,
    oauth,
    orders,
    packages,
    payouts,
    reviews,
    stores,
)
from storeward.connectors.shopee.requests import number

from .samples import described

APP = AppKeys("2001887", "shpk1")
ORDER, PACKAGE, ITEM, RETURN = "2512017TFPB0HF", "OFG218268963204539", "18614185187", "2206140TA5PM808"
SPAN = Ask(since=datetime(2025, 12, 1, tzinfo=UTC), until=datetime(2025, 12, 2, tzinfo=UTC))
DAY = date(2025, 12, 1)
LINE = {"item_id": 7, "model_id": 1, "order_item_id": 7, "promotion_group_id": 0, "model_quantity": 1}
PROOF = {"module_index": 1, "requirement": "proof", "image_url": ["https://cf.example.com/a"]}
PICKUP = packages.pickup("200000016", "1767225600_1")

READS = [request for op in CONNECTOR.operations.values() if op.example for request in [op.example()]]
MORE_READS = [
    orders.list_orders_request(Ask()),
    packages.shipping_parameter_request(ORDER, PACKAGE),
    packages.tracking_number_request(ORDER, PACKAGE),
    packages.tracking_request(ORDER, PACKAGE),
    packages.label_types_request([(ORDER, PACKAGE)]),
    packages.label_state_request([(ORDER, PACKAGE)], kind="NORMAL_AIR_WAYBILL"),
    packages.label_request([(ORDER, PACKAGE)], kind="NORMAL_AIR_WAYBILL"),
    listings.list_items_request(SPAN),
    listings.search_request(sku="A-1"),
    listings.limits_request("100017"),
    reviews.list_reviews_request(item_id=ITEM),
    payouts.billing_request(released=True, payout_ids=["11796795500890875355"]),
    health.punishments_request(health.ENDED),
    stores.notices_request(cursor="3000123456"),
]
WRITES = [
    oauth.token_request(APP, Grant("c", {"shop_id": "7"})),
    oauth.token_request(APP, Grant("c", {"main_account_id": "7"})),
    oauth.refresh_request(APP, Renewal("r", platform_store_id="7")),
    orders.cancel_request(ORDER, reason="OUT_OF_STOCK", items=[(ITEM, "0")]),
    orders.cancel_request(ORDER, reason="CUSTOMER_REQUEST"),
    orders.cancel_part_request(ORDER, reason="OUT_OF_STOCK", items=[{"item_id": 7, "model_id": 1, "model_quantity": 1}]),
    orders.answer_cancellation_request(ORDER, accept=True),
    orders.answer_cancellation_request(ORDER, accept=False),
    orders.note_request(ORDER, "fragile"),
    packages.ship_request(ORDER, PICKUP),
    packages.ship_request(ORDER, packages.drop_off()),
    packages.ship_request(ORDER, packages.drop_off(branch_id="7", sender_real_name="A", tracking_number="X", slug="s")),
    packages.ship_request(ORDER, packages.own_carrier("X1"), package_id=PACKAGE),
    packages.batch_ship_request([ORDER], PICKUP),
    packages.mass_ship_request([PACKAGE], PICKUP),
    packages.reschedule_request(ORDER, address_id="1", pickup_time_id="2"),
    packages.make_label_request(ORDER, tracking_number="X1", kind="THERMAL_AIR_WAYBILL", package_id=PACKAGE),
    packages.split_request(ORDER, [[LINE], [LINE]]),
    packages.unsplit_request(ORDER),
    listings.set_stock_request(ITEM, {"0": {"SGZ": 5}, "7": {"": 3}}),
    listings.set_price_request(ITEM, {"0": Decimal("9.90")}),
    listings.unlist_request([ITEM]),
    listings.change_item_request(ITEM, {"item_name": "Mug", "item_status": "UNLIST"}),
    listings.change_models_request(ITEM, [{"model_id": 7, "model_sku": "A-1"}]),
    reviews.reply_request({"120590835": "Thanks"}),
    after_sales.confirm_request(RETURN),
    after_sales.offer_request(RETURN, solution="REFUND", amount=Decimal("5.50")),
    after_sales.accept_offer_request(RETURN),
    after_sales.dispute_request(RETURN, email="a@example.com", reason_id="50", evidence=[PROOF], text="no"),
    after_sales.cancel_dispute_request(RETURN, email="a@example.com"),
    after_sales.upload_proof_request(RETURN, photos=[{"url": "u", "thumbnail": "t"}], text="packed"),
    after_sales.upload_shipping_proof_request(RETURN, carrier_id="11", tracking_number="X1"),
    conversations.send_text_request("9030508", "hello", order_id=ORDER),
    conversations.send_image_request("9030508", "https://cf.example.com/a"),
    conversations.send_item_request("9030508", ITEM),
    conversations.send_order_request("9030508", ORDER),
    conversations.read_request("38732689394223980", "2064780411604648076"),
    conversations.delete_message_request("38732689394223980", "2064780411604648076"),
    *(conversations.mark_request(action, "38732689394223980") for action in ("unread", "pin", "unpin", "mute", "delete")),
    stores.set_holiday_request(True, kind=1, since=SPAN.since, until=SPAN.until, text="spring"),
    stores.set_holiday_request(False),
    stores.confirm_lost_request("176610"),
    *stores.subscribe_requests("https://ops.example.com/hooks/shopee/1/"),
]
UPLOADS = [
    listings.upload_image_request(b"\xff\xd8"),
    after_sales.convert_image_request(RETURN, b"\xff\xd8"),
    conversations.upload_image_request(b"\xff\xd8"),
]
ALL = [*READS, *MORE_READS, *WRITES]


def name_of(request: Request) -> str:
    return request.operation


def sent(request: Request) -> dict[str, Any]:
    """What a body holds, by the names of the platform's list: `package_list[].package_number`."""
    told: dict[str, Any] = json.loads(request.body) if request.body else {}
    return dict(leaves(told))


def leaves(value: Any, path: str = "") -> Iterable[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from leaves(member, f"{path}.{name}" if path else name)
        if path:
            yield path, value
    elif isinstance(value, list):
        yield f"{path}[]", value
        for one in value:
            yield from leaves(one, f"{path}[]")
    else:
        yield path, value


def allowed(call: dict[str, Any], place: str) -> dict[str, dict[str, Any]]:
    return {param["name"]: param for param in call["params"] if param["in"] == place}


FREE = {"content", "source_content"}
"""Members that the list names in part only: what they hold depends on the kind of message."""


@pytest.mark.parametrize("request_", ALL, ids=name_of)
def test_a_request_is_one_of_the_platforms(request_: Request, shared_dir: Path) -> None:
    call = described(shared_dir)[request_.operation]
    assert (request_.method, request_.path) == (call["method"], call["path"])
    assert request_.for_store is (call["level"] == "shop")
    query, body = allowed(call, "query"), allowed(call, "body")
    plain = {name.removesuffix("[]") for name in query}
    assert set(request_.query) <= plain
    assert {name.removesuffix("[]") for name, param in query.items() if param["required"]} <= set(request_.query)
    told = sent(request_)
    unknown = {name for name in told if name not in body and name.removesuffix("[]") not in body}
    assert {name for name in unknown if name.split(".")[0].split("[")[0] not in FREE} == set()


@pytest.mark.parametrize("request_", ALL, ids=name_of)
def test_a_request_says_all_that_is_required_and_in_the_right_type(request_: Request, shared_dir: Path) -> None:
    told = sent(request_)
    for name, param in allowed(described(shared_dir)[request_.operation], "body").items():
        holder = name.rpartition(".")[0]
        inside = not holder or holder in told or f"{holder}[]" in told
        if name.split(".")[0].split("[")[0] in FREE or not inside:
            continue
        if param["required"]:
            assert name in told, name
        if name in told and param["type"].startswith("integer"):
            assert isinstance(told[name], int), name
        if name in told and param["type"] == "string":
            assert isinstance(told[name], str), name


@pytest.mark.parametrize("request_", [*READS, *MORE_READS], ids=name_of)
def test_numbers_in_a_query_are_digits_and_flags_are_words(request_: Request, shared_dir: Path) -> None:
    for name, param in allowed(described(shared_dir)[request_.operation], "query").items():
        value = request_.query.get(name.removesuffix("[]"))
        if value is None:
            continue
        if param["type"].startswith("integer"):
            assert re.fullmatch(r"-?\d+", value), name
        if param["type"] == "boolean":
            assert value in {"true", "false"}


@pytest.mark.parametrize("request_", UPLOADS, ids=name_of)
def test_a_picture_goes_as_a_form_whose_boundary_is_of_its_content(request_: Request, shared_dir: Path) -> None:
    call = described(shared_dir)[request_.operation]
    form = allowed(call, "form") or {p["name"]: p for p in call["params"]}
    body = request_.body or b""
    named = set(re.findall(rb'name="(\w+)"', body))
    assert {name.encode() for name, param in form.items() if param["required"]} <= named
    assert (request_.method, request_.path, request_.kind) == ("POST", call["path"], OperationKind.WRITE)
    assert request_.content_type.split("boundary=")[1].encode() in body
    assert b"\xff\xd8" in body


def test_reads_are_reads_and_writes_are_writes(shared_dir: Path) -> None:
    assert {request.kind for request in [*READS, *MORE_READS]} == {OperationKind.READ}
    assert {request.kind for request in [*WRITES, *UPLOADS]} == {OperationKind.WRITE}
    for request in ALL:
        assert CONNECTOR.operation(request.operation).kind is request.kind
    for name, call in described(shared_dir).items():
        kind = OperationKind.READ if call["kind"] == "read" else OperationKind.WRITE
        assert CONNECTOR.operation(name).kind is kind, name


def test_every_call_of_the_platform_is_known_and_every_shop_level_read_is_sent(shared_dir: Path) -> None:
    calls = described(shared_dir)
    assert set(calls) <= set(CONNECTOR.operations)
    sent_ones = {request.operation for request in READS}
    unsent = {name for name, call in calls.items() if call["kind"] == "read" and name not in sent_ones}
    assert unsent == {"merchant.get_merchant_info", "merchant.get_shop_list_by_merchant", "account_health.shop_penalty"}


def test_every_write_of_the_platform_can_be_built(shared_dir: Path) -> None:
    writes = {name for name, call in described(shared_dir).items() if call["kind"] in {"write", "auth"}}
    built = {request.operation for request in [*WRITES, *UPLOADS]}
    assert writes - built == {"public.get_token_by_resend_code", "sellerchat.send_autoreply_message"}


def test_a_package_is_named_for_split_orders_only() -> None:
    assert "package_number" not in json.loads(packages.ship_request(ORDER, PICKUP).body or b"")
    split = json.loads(packages.ship_request(ORDER, PICKUP, package_id=PACKAGE).body or b"")
    assert split["package_number"] == PACKAGE


def test_a_drop_off_that_needs_nothing_is_sent_empty() -> None:
    assert json.loads(packages.ship_request(ORDER, packages.drop_off()).body or b"") == {"order_sn": ORDER, "dropoff": {}}


@pytest.mark.parametrize(("price", "text"), [("9.90", b"9.9"), ("15000", b"15000"), ("15000.00", b"15000"), ("0.1", b"0.1")])
def test_a_price_is_sent_as_the_number_that_it_is(price: str, text: bytes) -> None:
    body = listings.set_price_request(ITEM, {"0": Decimal(price)}).body or b""
    assert b'"original_price":' + text + b"}" in body


def test_large_ids_are_sent_as_numbers_with_all_digits() -> None:
    body = conversations.send_text_request("9007199254740993", "x").body or b""
    assert b'"to_id":9007199254740993' in body


@pytest.mark.parametrize("odd", ["", "x", "1.5", "-1", "1e3", "٣x"])
def test_what_is_no_number_is_refused_before_a_call(odd: str) -> None:
    with pytest.raises(Rejected):
        number(odd)


def test_windows_are_bounded_as_the_platform_bounds_them() -> None:
    longest = Ask(since=datetime(2025, 1, 1, tzinfo=UTC))
    spans = {
        ("time_from", "time_to"): (orders.list_orders_request, 15),
        ("update_time_from", "update_time_to"): (after_sales.list_returns_request, 15),
        ("create_time_from", "create_time_to"): (finance.wallet_request, 14),
        ("release_time_from", "release_time_to"): (finance.escrows_request, 14),
        ("payout_time_from", "payout_time_to"): (payouts.payouts_request, 15),
    }
    for (since, until), (build, days) in spans.items():
        query = build(longest).query
        assert timedelta(seconds=int(query[until]) - int(query[since])) == timedelta(days=days)


def test_pages_begin_where_the_platform_begins_to_count() -> None:
    assert finance.wallet_request(SPAN).query["page_no"] == "0"
    assert finance.wallet_request(SPAN).query["page_size"] == "40"
    assert finance.escrows_request(SPAN).query["page_no"] == "1"
    assert health.points_request().query["page_no"] == "1"
    assert after_sales.list_returns_request(SPAN).query["page_no"] == "0"
