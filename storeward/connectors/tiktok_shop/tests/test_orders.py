"""Orders: what is asked, how each kind of order reads, and what one bad record costs."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storeward.canon import FulfillmentBy, Order, OrderStatus, OrderType, to_plain
from storeward.connectors.contract import Ask
from storeward.connectors.tiktok_shop import CONNECTOR, orders
from storeward.connectors.tiktok_shop.tests.samples import ok, parse, parse_sample, problems, told

SINCE = datetime(2025, 12, 1, tzinfo=UTC)
UNTIL = datetime(2025, 12, 2, tzinfo=UTC)


def order(**fields: Any) -> dict[str, Any]:
    """The least that the platform sends."""
    return {"id": "576465000000000301", "status": "AWAITING_SHIPMENT", "create_time": 1764547200} | fields


def one(**fields: Any) -> Order:
    parsed = parse("getOrderList", ok(orders=[order(**fields)]))
    (record,) = parsed.records
    assert isinstance(record, Order)
    return record


def instant(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def test_a_window_is_asked_oldest_change_first() -> None:
    request = CONNECTOR.streams["orders"].first(Ask(since=SINCE, until=UNTIL))
    assert (request.method, request.path) == ("POST", "/order/202309/orders/search")
    assert request.query == {"page_size": "100", "sort_field": "update_time", "sort_order": "ASC"}
    assert json.loads(request.body or b"") == {"update_time_ge": 1764547200, "update_time_lt": 1764633600}


def test_the_next_page_keeps_filters_and_sorting() -> None:
    stream = CONNECTOR.streams["orders"]
    first = stream.first(Ask(since=SINCE))
    second = stream.turn(first, "a/b+c=")
    assert second.body == first.body
    assert second.query == {**first.query, "page_token": "a/b+c="}


def test_everything_is_asked_without_a_body() -> None:
    assert orders.list_orders_request().body is None


def test_details_are_asked_by_up_to_fifty_ids_in_one_value() -> None:
    assert orders.order_detail_request(["1", "2"]).query == {"ids": "1,2"}
    with pytest.raises(ValueError, match="1 to 50 ids"):
        orders.order_detail_request([str(n) for n in range(51)])
    with pytest.raises(ValueError, match="not 0"):
        orders.order_detail_request([])


def test_a_cash_order_waiting_for_the_carrier_reads_in_full(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "getOrderList.coherent")
    assert parsed.problems == []
    assert parsed.total == 7
    assert told(parsed)[1] == {
        "kind": "order",
        "platform_order_id": "577087614418520388",
        "platform_status": "AWAITING_COLLECTION",
        "status": "to_collect",
        "platform_type": "NORMAL",
        "type": "standard",
        "platform_buyer_id": "7021436810468230477",
        "platform_fulfillment": "FULFILLMENT_BY_SELLER",
        "fulfillment_by": "seller",
        "platform_shipping": "TIKTOK",
        "platform_more": {
            "delivery_type": "HOME_DELIVERY",
            "delivery_option_id": "7091146663229654786",
            "warehouse_id": "6955005333819123124",
            "commerce_platform": "TIKTOK_SHOP",
            "fulfillment_priority_level": "400",
            "payment_method_name": "Cash on delivery",
        },
        "total": {"amount": "510", "currency": "THB"},
        "cash_on_delivery": True,
        "sample": False,
        "placed_at": "2025-12-01T18:00:00Z",
        "updated_at": "2025-12-02T21:00:00Z",
        "ship_by_at": "2025-12-04T18:00:00Z",
        "arrange_by_at": "2025-12-03T18:00:00Z",
        "collect_by_at": "2025-12-04T18:00:00Z",
        "auto_cancel_at": "2025-12-06T00:00:00Z",
        "pick_up_by_at": "2025-12-03T16:00:00Z",
        "arranged_at": "2025-12-02T21:00:00Z",
        "lines": [
            {
                "platform_line_id": "577086512123755200",
                "platform_status": "AWAITING_COLLECTION",
                "status": "to_collect",
                "platform_listing_id": "1729592969712207099",
                "platform_sku_id": "1729592969712207100",
                "seller_sku": "SKU-7100",
                "title": "เสื้อยืดผ้าฝ้าย",
                "variant": "Default",
                "quantity": 1,
                "price": {"amount": "480", "currency": "THB"},
                "platform_type": None,
                "platform_package_id": "1152321127278713123",
                "platform_cancel_reason": None,
                "platform_cancelled_by": None,
                "parts": [],
            }
        ],
        "packages": [
            {
                "platform_package_id": "1152321127278713123",
                "tracking_number": "TH47012ABCDEF0A",
                "platform_carrier": "J&T Express",
                "platform_carrier_id": "6841743441349706241",
                "platform_status": "PROCESSING",
                "platform_line_ids": ["577086512123755200"],
            }
        ],
    }


def test_the_published_states_of_an_order(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "getOrderList.coherent")
    states = [(record["platform_status"], record["status"], record.get("ship_by_at")) for record in told(parsed)]
    assert states == [
        ("AWAITING_SHIPMENT", "to_ship", "2025-12-05T00:00:00Z"),
        ("AWAITING_COLLECTION", "to_collect", "2025-12-04T18:00:00Z"),
        ("PARTIALLY_SHIPPING", "partly_shipped", "2025-12-03T08:00:00Z"),
        ("CANCELLED", "cancelled", None),
        ("ON_HOLD", "on_hold", None),
        ("UNPAID", "unpaid", None),
        ("DELIVERED", "delivered", "2025-11-30T00:00:00Z"),
    ]


def test_list_and_detail_read_alike(shared_dir: Path) -> None:
    listed, detailed = parse_sample(shared_dir, "getOrderList"), parse_sample(shared_dir, "getOrderDetail")
    for parsed in (listed, detailed):
        assert parsed.problems == []
    one_, other = told(listed)[0], told(detailed)[0]
    differing = {name for name in one_ if one_[name] != other.get(name)}
    # The published detail shows the older TO_SHIP in its line; it alone tells the card and the method of payment by its code.
    assert differing == {"lines", "platform_more"}
    assert [line["status"] for line in one_["lines"] + other["lines"]] == ["unpaid", "to_ship"]


def test_the_older_word_for_a_line_and_the_webhooks_word_are_known() -> None:
    record = one(status="CANCEL", line_items=[{"id": "1", "display_status": "TO_SHIP"}])
    assert record.status is OrderStatus.CANCELLED
    assert record.lines[0].status is OrderStatus.TO_SHIP


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"status": "AWAITING_SHIPMENT", "rts_sla_time": 200, "shipping_due_time": 300}, 200),
        ({"status": "AWAITING_SHIPMENT", "rts_sla_time": 400, "shipping_due_time": 300}, 300),
        ({"status": "AWAITING_SHIPMENT", "shipping_due_time": 300, "tts_sla_time": 100}, 300),
        ({"status": "AWAITING_SHIPMENT", "rts_sla_time": 0, "shipping_due_time": 300}, 300),
        ({"status": "PARTIALLY_SHIPPING", "rts_sla_time": 200, "tts_sla_time": 100}, 200),
        ({"status": "AWAITING_COLLECTION", "tts_sla_time": 500, "collection_due_time": 600, "rts_sla_time": 1}, 500),
        ({"status": "AWAITING_COLLECTION", "tts_sla_time": 700, "collection_due_time": 600}, 600),
        ({"status": "IN_TRANSIT", "delivery_sla_time": 800, "tts_sla_time": 1, "rts_sla_time": 2}, 800),
        ({"status": "IN_TRANSIT", "tts_sla_time": 1}, None),
        ({"status": "CANCELLED", "rts_sla_time": 200, "shipping_due_time": 300}, None),
        ({"status": "NEW_WORD", "rts_sla_time": 200}, 200),
        ({"status": "NEW_WORD", "rts_sla_time": 200, "rts_time": 150, "tts_sla_time": 500}, 500),
        ({"status": "NEW_WORD", "collection_time": 550, "delivery_sla_time": 800, "tts_sla_time": 500}, 800),
    ],
)
def test_the_deadline_to_show_is_that_of_the_step_now_due(fields: dict[str, Any], expected: int | None) -> None:
    assert one(**fields).ship_by_at == (instant(expected) if expected else None)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"status": "AWAITING_SHIPMENT", "shipping_due_time": 300, "collection_due_time": 600}, 300),
        ({"status": "AWAITING_COLLECTION", "shipping_due_time": 300, "collection_due_time": 600}, 600),
        ({"status": "IN_TRANSIT", "collection_due_time": 600, "delivery_due_time": 900}, 900),
        ({"status": "AWAITING_SHIPMENT", "cancel_order_sla_time": 350}, 350),
        ({"status": "DELIVERED", "cancel_order_sla_time": 350}, None),
        ({"status": "CANCELLED", "shipping_due_time": 300}, None),
    ],
)
def test_the_instant_of_auto_cancellation_is_that_of_the_step_now_due(fields: dict[str, Any], expected: int | None) -> None:
    assert one(**fields).auto_cancel_at == (instant(expected) if expected else None)


def test_zero_null_and_absent_times_all_mean_none() -> None:
    record = one(paid_time=0, rts_time=None)
    assert (record.paid_at, record.arranged_at, record.collected_at) == (None, None, None)


def test_milliseconds_are_told_apart_from_seconds_by_their_size() -> None:
    assert one(paid_time=1764547200500).paid_at == datetime(2025, 12, 1, 0, 0, 0, 500_000, tzinfo=UTC)


@pytest.mark.parametrize("absurd", [-5, 10**18, 10**30])
def test_an_absurd_time_is_left_out_and_noted(absurd: int) -> None:
    parsed = parse("getOrderList", ok(orders=[order(paid_time=absurd)]))
    assert to_plain(parsed.records[0])["paid_at"] is None
    assert ("data.orders[0].paid_time", "note") in problems(parsed)


@pytest.mark.parametrize("absurd", ["NaN", "Infinity", "1e999999999", "-1e-999999999"])
def test_an_absurd_amount_is_left_out_and_noted(absurd: str) -> None:
    parsed = parse("getOrderList", ok(orders=[order(payment={"total_amount": absurd, "currency": "MYR"})]))
    assert to_plain(parsed.records[0])["total"] is None
    assert len(parsed.problems) == 1
    assert parsed.problems[0].field.startswith("data.orders[0].payment.total_amount")


@pytest.mark.parametrize(
    ("sent", "amount"), [('"84.00"', "84.00"), ("84.10", "84.10"), ("5000", "5000"), ('"-1.50"', "-1.50"), ('" 7 "', "7")]
)
def test_amounts_are_exactly_as_meant(sent: str, amount: str) -> None:
    raw = (
        f'{{"code":0,"data":{{"orders":[{{"id":"1","status":"UNPAID","payment":{{"total_amount":{sent},"currency":"IDR"}}}}]}}}}'
    )
    parsed = parse("getOrderList", raw.encode())
    assert told(parsed)[0]["total"] == {"amount": amount, "currency": "IDR"}
    assert parsed.problems == []


def test_an_amount_without_currency_keeps_none() -> None:
    assert told(parse("getOrderList", ok(orders=[order(payment={"total_amount": "1"})])))[0]["total"] == {
        "amount": "1",
        "currency": None,
    }


def test_an_unknown_word_is_kept_unknown_and_noted() -> None:
    parsed = parse("getOrderList", ok(orders=[order(status="AWAITING_DRONE", order_type="LUNAR")]))
    record = told(parsed)[0]
    assert (record["platform_status"], record["status"]) == ("AWAITING_DRONE", "unknown")
    assert (record["platform_type"], record["type"]) == ("LUNAR", "unknown")
    assert problems(parsed) == [("data.orders[0].status", "note"), ("data.orders[0].order_type", "note")]


def test_one_bad_record_costs_one_record() -> None:
    page = [order(id=str(n)) for n in range(1, 20)]
    page.insert(7, {"status": "UNPAID"})
    parsed = parse("getOrderList", ok(orders=page))
    assert [record.platform_id for record in parsed.records] == [str(n) for n in range(1, 20)]
    assert problems(parsed) == [("data.orders[7].id", "error")]


@pytest.mark.parametrize("bad", ["text", 7, None, ["list"], True])
def test_a_record_that_is_no_object_costs_itself(bad: Any) -> None:
    parsed = parse("getOrderList", ok(orders=[order(), bad, order(id="2")]))
    assert len(parsed.records) == 2
    assert problems(parsed) == [("data.orders[1]", "error")]


def test_a_field_of_the_wrong_type_costs_the_field() -> None:
    parsed = parse(
        "getOrderList", ok(orders=[order(is_cod={"a": 1}, buyer_message=["x"], payment={"currency": "MYR", "total_amount": {}})])
    )
    record = told(parsed)[0]
    assert "cash_on_delivery" not in record
    assert "total" not in record
    assert sorted(problems(parsed)) == [
        ("data.orders[0].buyer_message", "note"),
        ("data.orders[0].is_cod", "note"),
        ("data.orders[0].payment.total_amount", "note"),
    ]


def test_a_lost_status_or_payment_is_an_error_of_that_record() -> None:
    parsed = parse("getOrderList", ok(orders=[{"id": "1", "payment": "nothing"}]))
    assert told(parsed)[0]["status"] == "unknown"
    assert sorted(problems(parsed)) == [("data.orders[0].payment", "error"), ("data.orders[0].status", "error")]


def test_ids_as_bare_numbers_keep_every_digit() -> None:
    raw = b'{"code":0,"data":{"orders":[{"id":576465000000000301,"status":"UNPAID","line_items":[{"id":9223372036854775807}]}]}}'
    record = told(parse("getOrderList", raw))[0]
    assert record["platform_order_id"] == "576465000000000301"
    assert record["lines"][0]["platform_line_id"] == "9223372036854775807"


def test_leading_zeros_of_an_id_are_kept() -> None:
    assert one(id="000123").platform_order_id == "000123"


def test_numbers_and_flags_sent_as_text_are_understood() -> None:
    record = one(create_time="1764547200", is_cod="true", is_sample_order=0)
    assert (record.placed_at, record.cash_on_delivery, record.sample) == (SINCE, True, False)


@pytest.mark.parametrize(
    ("word", "who"),
    [
        ("FULFILLMENT_BY_SELLER", FulfillmentBy.SELLER),
        ("FULFILLMENT_BY_TIKTOK", FulfillmentBy.PLATFORM),
        ("FULFILLMENT_BY_DILAYANI_TOKOPEDIA", FulfillmentBy.PLATFORM),
        ("FULFILLMENT_BY_MOON", FulfillmentBy.UNKNOWN),
        (None, FulfillmentBy.UNKNOWN),
    ],
)
def test_who_ships(word: str | None, who: FulfillmentBy) -> None:
    assert one(fulfillment_type=word).fulfillment_by is who


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"order_type": "PRE_ORDER"}, OrderType.PRE_ORDER),
        ({"order_type": "MADE_TO_ORDER"}, OrderType.MADE_TO_ORDER),
        ({"order_type": "BACK_ORDER"}, OrderType.BACKORDER),
        ({"order_type": "ZERO_LOTTERY"}, OrderType.STANDARD),
        ({"order_type": ""}, OrderType.STANDARD),
        ({"line_items": [{"id": "1", "sku_type": "PRE_ORDER"}]}, OrderType.PRE_ORDER),
        ({"order_type": "NORMAL", "line_items": [{"id": "1", "sku_type": "PRE_ORDER"}]}, OrderType.STANDARD),
    ],
)
def test_what_decides_the_handling_time(fields: dict[str, Any], kind: OrderType) -> None:
    assert one(**fields).type is kind


def test_handling_days_come_from_the_order_or_else_from_a_line() -> None:
    assert one(handling_duration={"days": "7", "type": "BUSINESS_DAY"}).handling_days == 7
    assert one(line_items=[{"id": "1"}, {"id": "2", "handling_duration_days": "3"}]).handling_days == 3


def test_the_units_of_a_bundle_are_parts_and_stand_in_its_packages() -> None:
    bundle = {
        "id": "10",
        "sale_price": "9.90",
        "sub_item_info": [
            {"id": "11", "sku_id": "1", "package_id": "90", "tracking_number": "A", "display_status": "AWAITING_COLLECTION"},
            {"id": "12", "sku_id": "2", "package_id": "91", "tracking_number": "B"},
        ],
    }
    record = one(payment={"currency": "MYR"}, line_items=[bundle])
    assert [part.platform_line_id for part in record.lines[0].parts] == ["11", "12"]
    assert [(p.platform_package_id, p.tracking_number, p.platform_line_ids) for p in record.packages] == [
        ("90", "A", ("11",)),
        ("91", "B", ("12",)),
    ]


def test_an_orders_own_tracking_number_belongs_to_its_only_package() -> None:
    single = one(tracking_number="T1", shipping_provider="USPS", packages=[{"id": "90"}])
    assert (single.packages[0].tracking_number, single.packages[0].platform_carrier) == ("T1", "USPS")
    several = one(tracking_number="T1", packages=[{"id": "90"}, {"id": "91"}])
    assert [package.tracking_number for package in several.packages] == [None, None]


def test_empty_and_omitted_lists_are_no_problem() -> None:
    empty: tuple[dict[str, Any], ...] = ({}, {"orders": []}, {"orders": None, "next_page_token": ""})
    for data in empty:
        parsed = parse("getOrderList", ok(**data))
        assert (parsed.items, parsed.problems, parsed.next_page, parsed.failed) == ([], [], None, False)


@pytest.mark.parametrize("orders_sent", ["none", 5, {"id": "1"}])
def test_a_list_that_is_no_list_is_unreadable_not_empty(orders_sent: Any) -> None:
    parsed = parse("getOrderList", ok(orders=orders_sent))
    assert parsed.unreadable
    assert problems(parsed) == [("data.orders", "error")]


def test_each_record_carries_its_own_bytes() -> None:
    raw = b'{"code":0,"data":{"orders":[ {"id":"1", "status":"UNPAID"} , {"id":"2","status":"UNPAID"}]}}'
    assert [payload for _, payload in parse("getOrderList", raw).items] == [
        b'{"id":"1", "status":"UNPAID"}',
        b'{"id":"2","status":"UNPAID"}',
    ]


def test_a_failure_yields_no_records_and_the_platforms_code() -> None:
    parsed = parse("getOrderList", {"code": 36009002, "message": "Too many requests.", "data": None, "request_id": "r"})
    assert parsed.records == []
    (problem,) = parsed.problems
    assert (problem.field, problem.level, problem.message) == ("code", "platform", "Too many requests.")
    assert problem.error is not None
    assert (problem.error.code, problem.error.retry) == ("36009002", "later")
    assert parsed.failed


def test_price_details_name_the_order_that_was_asked_for(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "getOrderPriceDetails", order_id="576461413032342700")
    (record,) = told(parsed)
    assert record["platform_order_id"] == "576461413032342700"
    assert record["lines"][0]["platform_line_id"] == "576461413032342720"
    assert record["lines"][0]["price"] == {"amount": "96.00", "currency": "USD"}


def test_unknown_keys_are_no_problem() -> None:
    assert parse("getOrderList", ok(orders=[order(brand_new_key={"deep": [1, {"er": None}]})])).problems == []
