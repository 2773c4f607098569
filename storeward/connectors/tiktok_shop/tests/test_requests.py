"""Every request that we build is one that the platform's description allows."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from email.parser import BytesParser
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from storeward.connectors.contract import Ask, OperationKind, Progress, Request
from storeward.connectors.tiktok_shop import CONNECTOR, after_sales, conversations, listings, packages, stores
from storeward.connectors.tiktok_shop.requests import joined, span, unix
from storeward.lib.money import Money

SINCE = datetime(2025, 12, 1, tzinfo=UTC)
UNTIL = datetime(2025, 12, 2, tzinfo=UTC)
SIGNED = {"app_key", "timestamp", "sign", "shop_cipher", "x-tts-access-token"}
MYR = Money(Decimal("12.50"), "MYR")

WRITES: dict[str, Callable[[], Request]] = {
    "updateShopWebhook": partial(stores.set_webhook_request, "ORDER_STATUS_CHANGE", "https://hooks.example.com/x"),
    "deleteWebhookForAnEvent": partial(stores.remove_webhook_request, "ORDER_STATUS_CHANGE"),
    "shipPackage": partial(packages.ship_request, "115", handover_method="PICKUP", pickup_slot=(SINCE, UNTIL)),
    "batchShipPackages": partial(
        packages.batch_ship_request,
        {
            "115": packages.handover(handover_method="DROP_OFF"),
            "116": packages.handover(tracking_number="T1", shipping_provider_id="7"),
        },
    ),
    "createPackages": partial(packages.create_package_request, "576", order_line_ids=["1"], shipping_service_id="9"),
    "markPackageAsShipped": partial(
        packages.mark_shipped_request, "576", tracking_number="T1", shipping_provider_id="7", order_line_ids=["1"]
    ),
    "updatePackageShippingInfo": partial(
        packages.correct_tracking_request, "115", tracking_number="T1", shipping_provider_id="7"
    ),
    "updateOrderShippingInfo": partial(
        packages.correct_order_tracking_request, "576", tracking_number="T1", shipping_provider_id="7"
    ),
    "updatePackageDeliveryStatus": partial(packages.report_delivery_request, "115", delivery_type="DELIVERY_SUCCESS"),
    "confirmOrderSplit": partial(packages.split_request, "576", {"1": ["11"], "2": ["12"]}),
    "combinePackage": partial(packages.combine_request, {"115": ["576", "577"]}),
    "uncombinePackages": partial(packages.uncombine_request, "115", ["576"]),
    "uploadInvoice": partial(packages.upload_invoice_request, "115", ["576"], file_base64="PHg+"),
    "approveReturn": partial(
        after_sales.approve_return_request, "403", decision="OFFER_PARTIAL_REFUND", key="k", partial_refund=MYR
    ),
    "rejectReturn": partial(after_sales.reject_return_request, "403", decision="REJECT_RETURN", reason="r", key="k"),
    "approveCancellation": partial(after_sales.approve_cancellation_request, "403", key="k"),
    "rejectCancellation": partial(after_sales.reject_cancellation_request, "403", reason="r", key="k", comment="c"),
    "cancelOrder": partial(after_sales.cancel_order_request, "576", reason="r", order_line_ids=["1"]),
    "createReturn": partial(
        after_sales.create_return_request, "576", reason="r", return_type="REFUND", key="k", refund_total=MYR
    ),
    "reviewAftersalesRequests": partial(
        after_sales.review_request,
        [
            {
                "request_id": "403",
                "line_item_decisions": [
                    {"line_items": [{"return_line_item_id": "1"}], "action": "APPROVE_REQUEST"},
                ],
            }
        ],
    ),
    "updateInventory": partial(listings.set_stock_request, "172", {"173": {"68": 5}}),
    "updatePrice": partial(listings.set_price_request, "172", {"173": MYR}),
    "partialEditProduct": partial(listings.edit_part_request, "172", {"title": "Mug"}),
    "editProduct": partial(
        listings.edit_request,
        "172",
        {
            "description": "<p>x</p>",
            "category_id": "1",
            "main_images": [{"uri": "u"}],
            "skus": [{"price": {"amount": "1", "currency": "MYR"}}],
            "title": "Mug",
        },
    ),
    "activateProducts": partial(listings.activate_request, ["172"]),
    "deactivateProducts": partial(listings.deactivate_request, ["172"]),
    "sendMessage": partial(conversations.send_text_request, "749", "hi, it ships today"),
    "createConversation": partial(conversations.open_conversation_request, "702"),
    "markBuyerMessagesAsRead": partial(conversations.mark_read_request, "749"),
    "endSession": partial(conversations.end_session_request, "749", "750"),
    "updateAgentSettings": partial(conversations.set_agent_settings_request, can_accept_chat=True),
}
UPLOADS: dict[str, Callable[[], Request]] = {
    "uploadProductImage": partial(listings.upload_image_request, b"PNG"),
    "uploadImageForBuyerMessages": partial(conversations.upload_image_request, b"PNG"),
}


@pytest.fixture(scope="module")
def api(shared_dir: Path) -> dict[str, Any]:
    described: dict[str, Any] = json.loads((shared_dir / "platforms/tiktok_shop/openapi.json").read_bytes())
    return described


def described_operations(api: dict[str, Any]) -> dict[str, tuple[str, str, dict[str, Any]]]:
    return {op["operationId"]: (verb.upper(), path, op) for path, verbs in api["paths"].items() for verb, op in verbs.items()}


def resolved(api: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    found: dict[str, Any] = api
    for part in schema["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return found


def complaints(api: dict[str, Any], request: Request) -> Iterator[str]:
    """What the description has against a request: its path, its query, its body."""
    verb, template, operation = described_operations(api)[request.operation]
    if request.method != verb or not re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), request.path):
        yield f"{request.method} {request.path} is not {verb} {template}"
    parameters = [resolved(api, parameter) for parameter in operation["parameters"]]
    known = {parameter["name"]: parameter for parameter in parameters if parameter["in"] == "query"}
    yield from (f"query {name} is not described" for name in request.query.keys() - known.keys())
    for name, parameter in known.items():
        if name not in request.query:
            if parameter.get("required") and name not in SIGNED:
                yield f"query {name} is required"
            continue
        yield from (f"query {name}: {said}" for said in faults(api, parameter["schema"], query_value(api, parameter, request)))
    if request.for_store != ("shop_cipher" in known):
        yield "the shop cipher is sent where it must not be, or not sent where it must"
    described_body = operation.get("requestBody")
    if request.body is None:
        if described_body and described_body.get("required"):
            yield "a body is required"
        return
    if not described_body:
        yield "no body is described"
        return
    schema = described_body["content"]["application/json"]["schema"]
    sent = json.loads(request.body)
    yield from (f"body: {said}" for said in faults(api, schema, sent))
    yield from (f"body {name} is not described" for name in sent.keys() - resolved(api, schema)["properties"].keys())


def query_value(api: dict[str, Any], parameter: dict[str, Any], request: Request) -> Any:
    """A query's text as the type that the description gives it."""
    text = request.query[parameter["name"]]
    match resolved(api, parameter["schema"]).get("type"):
        case "integer":
            return int(text)
        case "boolean":
            return {"true": True, "false": False}[text]
        case "array":
            return text.split(",")
        case _:
            return text


def faults(api: dict[str, Any], schema: dict[str, Any], value: Any) -> Iterator[str]:
    checker = jsonschema.Draft202012Validator({**schema, "components": api["components"]})
    return (error.message for error in checker.iter_errors(value))


def test_every_described_operation_is_known_under_its_name(api: dict[str, Any]) -> None:
    missing = described_operations(api).keys() - CONNECTOR.operations.keys()
    assert missing == set()


def test_everything_we_know_is_described_but_tokens_and_webhooks(api: dict[str, Any]) -> None:
    assert CONNECTOR.operations.keys() - described_operations(api).keys() == {"token_get", "token_refresh", "push"}


def test_reads_and_writes_are_told_apart(api: dict[str, Any]) -> None:
    for name, (verb, path, _) in described_operations(api).items():
        reads = verb == "GET" or re.search(r"/(search|query|calculate)$", path) is not None
        assert (CONNECTOR.operations[name].kind is OperationKind.READ) == reads, name


def test_every_read_that_we_send_is_allowed_as_described(api: dict[str, Any]) -> None:
    sent = [operation.example() for operation in CONNECTOR.operations.values() if operation.example]
    assert len(sent) > 50
    assert {r.operation: list(complaints(api, r)) for r in sent if list(complaints(api, r))} == {}


def test_every_write_has_a_request_that_is_allowed_as_described(api: dict[str, Any]) -> None:
    current = {
        name
        for name, operation in CONNECTOR.operations.items()
        if operation.kind is OperationKind.WRITE and not re.search(r"_20\d{4}$", name) and not name.startswith("token_")
    }
    assert current == WRITES.keys() | UPLOADS.keys()
    sent = {name: build() for name, build in WRITES.items()}
    assert {name: list(complaints(api, request)) for name, request in sent.items() if list(complaints(api, request))} == {}
    assert all(request.kind is OperationKind.WRITE and request.operation == name for name, request in sent.items())


def test_every_stream_asks_what_is_allowed_and_pages_alike(api: dict[str, Any]) -> None:
    for stream in CONNECTOR.streams.values():
        asked = Ask(keys=["172"]) if stream.progress is Progress.KEYS else Ask(since=SINCE, until=UNTIL)
        request = stream.first(asked)
        assert request.operation == stream.operation
        assert list(complaints(api, request)) == [], stream.name
        assert stream.turn(request, "t").query["page_token"] == "t"
        assert set(stream.kinds) <= set(CONNECTOR.operations[stream.operation].records)
        assert stream.poll_every < stream.trust_for


def test_streams_that_go_by_keys_name_the_stream_that_yields_them() -> None:
    for stream in CONNECTOR.streams.values():
        assert (stream.keys_from is not None) == (stream.progress is Progress.KEYS)
        assert stream.keys_from is None or stream.keys_from in CONNECTOR.streams


def test_webhooks_are_subscribed_by_requests_that_are_allowed(api: dict[str, Any]) -> None:
    requests = CONNECTOR.subscribe_requests("https://hooks.example.com/hooks/tiktok_shop/1/")
    assert {json.loads(request.body or b"")["event_type"] for request in requests} >= {"ORDER_STATUS_CHANGE", "NEW_MESSAGE"}
    assert [said for request in requests for said in complaints(api, request)] == []


def test_what_a_market_has_not_is_not_asked_there() -> None:
    malaysia = {stream.name for stream in CONNECTOR.streams_in("MY")}
    states = {stream.name for stream in CONNECTOR.streams_in("US")}
    assert states - malaysia == {"payments", "score", "score_metrics"}
    assert malaysia <= states


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("order", "/order/202507/orders"),
        ("package", "/fulfillment/202309/packages/42"),
        ("listing", "/product/202309/products/42"),
        ("return", "/return_refund/202602/returns/search"),
        ("cancellation", "/return_refund/202602/cancellations/search"),
        ("conversation", "/customer_service/202601/conversations/42"),
    ],
)
def test_one_thing_is_read_back_by_its_id(api: dict[str, Any], kind: str, path: str) -> None:
    request = CONNECTOR.read_one(kind, "42")
    assert request.path == path
    assert list(complaints(api, request)) == []
    assert "42" in f"{request.path}{request.query}{request.body!r}"


@pytest.mark.parametrize("name", sorted(UPLOADS))
def test_a_picture_goes_as_a_form_that_any_server_reads(name: str, api: dict[str, Any]) -> None:
    request = UPLOADS[name]()
    _, path, operation = described_operations(api)[name]
    assert (request.method, request.path, request.operation) == ("POST", path, name)
    assert request.for_store == operation["x-requires-shop-cipher"]
    form = BytesParser().parsebytes(b"Content-Type: " + request.content_type.encode() + b"\r\n\r\n" + (request.body or b""))
    parts = {part.get_param("name", header="content-disposition"): part.get_payload(decode=True) for part in form.walk()}
    assert parts["data"] == b"PNG"


def test_ship_bodies_say_only_what_was_said() -> None:
    platform = packages.ship_request("115", handover_method="PICKUP", pickup_slot=(SINCE, UNTIL))
    own = packages.ship_request("115", tracking_number="T1", shipping_provider_id="7")
    assert json.loads(platform.body or b"") == {
        "handover_method": "PICKUP",
        "pickup_slot": {"start_time": 1764547200, "end_time": 1764633600},
    }
    assert json.loads(own.body or b"") == {"self_shipment": {"tracking_number": "T1", "shipping_provider_id": "7"}}
    assert packages.ship_request("115").body is None


def test_a_message_is_json_in_text_and_not_too_long() -> None:
    body = json.loads(conversations.send_text_request("749", 'say "hi" 🎁').body or b"")
    assert body["type"] == "TEXT"
    assert json.loads(body["content"]) == {"content": 'say "hi" 🎁'}
    with pytest.raises(ValueError, match="2000 characters, not 2001"):
        conversations.send_text_request("749", "x" * 2001)
    with pytest.raises(ValueError, match="not 0"):
        conversations.send_text_request("749", "")


def test_prices_and_refunds_are_plain_text_in_main_units() -> None:
    price = json.loads(listings.set_price_request("1", {"2": Money(Decimal("1E+2"), "VND")}).body or b"")
    assert price["skus"][0]["price"] == {"currency": "VND", "amount": "100"}
    abroad = json.loads(listings.set_price_request("1", {"2": MYR}, global_seller=True).body or b"")
    assert abroad["skus"][0]["price"] == {"currency": "MYR", "sale_price": "12.50"}


def test_decisions_carry_their_idempotency_key() -> None:
    assert after_sales.approve_return_request("4", decision="APPROVE_REFUND", key="k1").query == {"idempotency_key": "k1"}
    assert after_sales.approve_cancellation_request("4", key="k2").query == {"idempotency_key": "k2"}


def test_too_many_products_are_refused_before_the_platform_does() -> None:
    with pytest.raises(ValueError, match="not 21"):
        listings.activate_request([str(n) for n in range(21)])
    with pytest.raises(ValueError, match="not 101"):
        listings.stock_request([str(n) for n in range(101)])


def test_windows_are_half_open_whole_seconds() -> None:
    assert span("t", SINCE, UNTIL) == {"t_ge": 1764547200, "t_lt": 1764633600}
    assert span("t", None, None) == {}
    assert unix(datetime(2025, 12, 1, 0, 0, 0, 999_999, tzinfo=UTC)) == 1764547200
    assert joined(["1", "2"], 2) == "1,2"


def test_days_are_never_an_empty_span() -> None:
    request = CONNECTOR.streams["performance"].first(Ask(since=SINCE, until=SINCE))
    assert (request.query["start_date_ge"], request.query["end_date_lt"]) == ("2025-12-01", "2025-12-02")
    assert date.fromisoformat(request.query["end_date_lt"]) > date.fromisoformat(request.query["start_date_ge"])
