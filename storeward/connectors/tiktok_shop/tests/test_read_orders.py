"""Orders of several markets, written by hand, and the whole of what is read from each."""

from typing import Any

import pytest

from storeward.connectors.contract import Parsed
from storeward.connectors.tiktok_shop.tests.samples import december, ok, parse, problems, told

SHIRT_LINE: dict[str, Any] = {
    "id": "580100000000000011",
    "sku_id": "1730000000000000001",
    "product_id": "1730000000000000100",
    "product_name": "Linen shirt",
    "sku_name": "White, M",
    "seller_sku": " LS-W-M ",
    "sale_price": "350000",
    "original_price": "420000",
    "currency": "VND",
    "display_status": "AWAITING_SHIPMENT",
    "package_id": "1160000000000000001",
    "package_status": "TO_FULFILL",
    "is_gift": False,
}


def read(**order: Any) -> Parsed:
    return parse("getOrderList", ok(orders=[order], total_count=1, next_page_token=""))


def test_a_vietnamese_order_waiting_to_be_arranged() -> None:
    parsed = read(
        id="580100000000000001",
        status="AWAITING_SHIPMENT",
        order_type="NORMAL",
        user_id="7495000000000000007",
        create_time=december(1, 3),
        paid_time=december(1, 4),
        update_time=december(1, 5),
        rts_sla_time=december(3, 17),
        tts_sla_time=december(4, 17),
        shipping_due_time=december(3, 16),
        collection_due_time=december(6),
        cancel_order_sla_time=december(7),
        fulfillment_type="FULFILLMENT_BY_SELLER",
        shipping_type="TIKTOK",
        delivery_option_id="7091000000000000001",
        delivery_option_name="Standard",
        warehouse_id="6955000000000000001",
        is_cod=True,
        is_sample_order=False,
        buyer_message="Giao giờ hành chính",
        seller_note="VIP",
        payment={"currency": "VND", "total_amount": "365000", "sub_total": "350000", "shipping_fee": "15000"},
        packages=[{"id": "1160000000000000001"}],
        line_items=[SHIRT_LINE],
        fulfillment_priority_level=600,
        commerce_platform="TIKTOK_SHOP",
    )
    assert (parsed.problems, parsed.total, parsed.next_page) == ([], 1, None)
    assert told(parsed) == [
        {
            "kind": "order",
            "platform_order_id": "580100000000000001",
            "platform_status": "AWAITING_SHIPMENT",
            "status": "to_ship",
            "platform_type": "NORMAL",
            "type": "standard",
            "platform_buyer_id": "7495000000000000007",
            "platform_fulfillment": "FULFILLMENT_BY_SELLER",
            "fulfillment_by": "seller",
            "platform_shipping": "TIKTOK",
            "platform_more": {
                "delivery_option_id": "7091000000000000001",
                "warehouse_id": "6955000000000000001",
                "commerce_platform": "TIKTOK_SHOP",
                "fulfillment_priority_level": "600",
            },
            "total": {"amount": "365000", "currency": "VND"},
            "cash_on_delivery": True,
            "sample": False,
            "placed_at": "2025-12-01T03:00:00Z",
            "paid_at": "2025-12-01T04:00:00Z",
            "updated_at": "2025-12-01T05:00:00Z",
            "ship_by_at": "2025-12-03T16:00:00Z",
            "arrange_by_at": "2025-12-03T17:00:00Z",
            "collect_by_at": "2025-12-04T17:00:00Z",
            "auto_cancel_at": "2025-12-03T16:00:00Z",
            "buyer_note": "Giao giờ hành chính",
            "seller_note": "VIP",
            "lines": [
                {
                    "platform_line_id": "580100000000000011",
                    "platform_status": "AWAITING_SHIPMENT",
                    "status": "to_ship",
                    "platform_listing_id": "1730000000000000100",
                    "platform_sku_id": "1730000000000000001",
                    "seller_sku": " LS-W-M ",
                    "title": "Linen shirt",
                    "variant": "White, M",
                    "quantity": 1,
                    "price": {"amount": "350000", "currency": "VND"},
                    "platform_type": None,
                    "platform_package_id": "1160000000000000001",
                    "platform_cancel_reason": None,
                    "platform_cancelled_by": None,
                    "parts": [],
                }
            ],
            "packages": [
                {
                    "platform_package_id": "1160000000000000001",
                    "tracking_number": None,
                    "platform_carrier": None,
                    "platform_carrier_id": None,
                    "platform_status": "TO_FULFILL",
                    "platform_line_ids": ["580100000000000011"],
                }
            ],
        }
    ]


def test_an_american_pre_order_partly_shipped_in_two_packages() -> None:
    def unit(line_id: str, status: str, package_id: str, tracking: str) -> dict[str, Any]:
        return {
            "id": line_id,
            "display_status": status,
            "product_name": "Mug",
            "sale_price": "9.90",
            "package_id": package_id,
            "tracking_number": tracking,
            "shipping_provider_name": "USPS" if tracking else "",
            "shipping_provider_id": "7117858858072016686" if tracking else "",
            "sku_type": "PRE_ORDER",
        }

    parsed = read(
        id="576000000000000301",
        status="PARTIALLY_SHIPPING",
        order_type="PRE_ORDER",
        create_time=december(1),
        update_time=december(2),
        release_date=december(2),
        rts_sla_time=december(3, 1),
        shipping_due_time=december(9),
        delivery_sla_time=december(10),
        delivery_due_time=december(20),
        delivery_option_required_delivery_time=december(11),
        handling_duration={"days": "5", "type": "BUSINESS_DAY"},
        fulfillment_type="FULFILLMENT_BY_SELLER",
        shipping_type="SELLER",
        fast_delivery_program="3_DAY_DELIVERY",
        split_or_combine_tag="SPLIT",
        payment_method_code="pm_pi_ccdc_visa_c_d",
        payment_method_name="CCDC",
        payment_card_type="Credit",
        payment={"currency": "USD", "total_amount": "19.80"},
        packages=[{"id": "1153000000000000001"}, {"id": "1153000000000000002"}],
        line_items=[
            unit("576000000000000302", "AWAITING_COLLECTION", "1153000000000000001", "9400A1"),
            unit("576000000000000303", "AWAITING_SHIPMENT", "1153000000000000002", ""),
        ],
    )
    assert parsed.problems == []
    (order,) = told(parsed)
    lines, packages = order.pop("lines"), order.pop("packages")
    assert order == {
        "kind": "order",
        "platform_order_id": "576000000000000301",
        "platform_status": "PARTIALLY_SHIPPING",
        "status": "partly_shipped",
        "platform_type": "PRE_ORDER",
        "type": "pre_order",
        "platform_fulfillment": "FULFILLMENT_BY_SELLER",
        "fulfillment_by": "seller",
        "platform_shipping": "SELLER",
        "platform_more": {
            "fast_delivery_program": "3_DAY_DELIVERY",
            "split_or_combine_tag": "SPLIT",
            "payment_method_code": "pm_pi_ccdc_visa_c_d",
            "payment_method_name": "CCDC",
            "payment_card_type": "Credit",
            "handling_duration_type": "BUSINESS_DAY",
        },
        "total": {"amount": "19.80", "currency": "USD"},
        "handling_days": 5,
        "placed_at": "2025-12-01T00:00:00Z",
        "updated_at": "2025-12-02T00:00:00Z",
        "ship_by_at": "2025-12-03T01:00:00Z",
        "arrange_by_at": "2025-12-03T01:00:00Z",
        "deliver_by_at": "2025-12-10T00:00:00Z",
        "auto_cancel_at": "2025-12-09T00:00:00Z",
        "promised_by_at": "2025-12-11T00:00:00Z",
        "release_at": "2025-12-02T00:00:00Z",
    }
    assert [(line["platform_line_id"], line["status"], line["platform_type"], line["price"]) for line in lines] == [
        ("576000000000000302", "to_collect", "PRE_ORDER", {"amount": "9.90", "currency": "USD"}),
        ("576000000000000303", "to_ship", "PRE_ORDER", {"amount": "9.90", "currency": "USD"}),
    ]
    assert packages == [
        {
            "platform_package_id": "1153000000000000001",
            "tracking_number": "9400A1",
            "platform_carrier": "USPS",
            "platform_carrier_id": "7117858858072016686",
            "platform_status": None,
            "platform_line_ids": ["576000000000000302"],
        },
        {
            "platform_package_id": "1153000000000000002",
            "tracking_number": None,
            "platform_carrier": None,
            "platform_carrier_id": None,
            "platform_status": None,
            "platform_line_ids": ["576000000000000303"],
        },
    ]


def test_a_bundle_from_tokopedia_whose_units_go_in_packages_of_their_own() -> None:
    parsed = read(
        id="577000000000000001",
        status="IN_TRANSIT",
        create_time=december(1),
        update_time=december(4),
        rts_time=december(2),
        collection_time=december(3),
        delivery_sla_time=december(8),
        fulfillment_type="FULFILLMENT_BY_DILAYANI_TOKOPEDIA",
        commerce_platform="TOKOPEDIA",
        payment={"currency": "IDR", "total_amount": "150000"},
        line_items=[
            {
                "id": "577000000000000010",
                "sku_id": "1731000000000000001",
                "display_status": "IN_TRANSIT",
                "sale_price": "150000",
                "currency": "IDR",
                "sub_item_info": [
                    {"id": "577000000000000011", "sku_id": "1731000000000000011", "package_id": "1170000000000000001"},
                    {
                        "id": "577000000000000012",
                        "sku_id": "1731000000000000012",
                        "package_id": "1170000000000000002",
                        "display_status": "CANCELLED",
                        "cancel_reason": "out_of_stock",
                        "cancel_user": "SELLER",
                        "sale_price": "0",
                    },
                ],
            }
        ],
    )
    assert parsed.problems == []
    (order,) = told(parsed)
    assert (order["fulfillment_by"], order["platform_fulfillment"]) == ("platform", "FULFILLMENT_BY_DILAYANI_TOKOPEDIA")
    assert order["platform_more"] == {"commerce_platform": "TOKOPEDIA"}
    assert (order["arranged_at"], order["collected_at"]) == ("2025-12-02T00:00:00Z", "2025-12-03T00:00:00Z")
    assert order["ship_by_at"] == "2025-12-08T00:00:00Z"
    (line,) = order["lines"]
    assert [(p["platform_line_id"], p["platform_sku_id"], p["status"], p["price"]) for p in line["parts"]] == [
        ("577000000000000011", "1731000000000000011", "unknown", None),
        ("577000000000000012", "1731000000000000012", "cancelled", {"amount": "0", "currency": "IDR"}),
    ]
    assert (line["parts"][1]["platform_cancel_reason"], line["parts"][1]["platform_cancelled_by"]) == ("out_of_stock", "SELLER")
    assert [(p["platform_package_id"], p["platform_line_ids"]) for p in order["packages"]] == [
        ("1170000000000000001", ["577000000000000011"]),
        ("1170000000000000002", ["577000000000000012"]),
    ]


def test_a_replacement_and_an_exchange_name_the_order_that_they_come_from() -> None:
    replaced = read(id="1", status="AWAITING_SHIPMENT", is_replacement_order=True, replaced_order_id="576000000000000009")
    exchanged = read(id="2", status="AWAITING_SHIPMENT", is_exchange_order=True, exchange_source_order_id="576000000000000008")
    neither = read(id="3", status="AWAITING_SHIPMENT", replaced_order_id="0", exchange_source_order_id="")
    assert told(replaced)[0]["platform_more"] == {"replaced_order_id": "576000000000000009"}
    assert told(exchanged)[0]["platform_more"] == {"exchange_source_order_id": "576000000000000008"}
    assert "platform_more" not in told(neither)[0]


def test_a_cancelled_order_says_who_why_and_when_and_owes_nothing() -> None:
    parsed = read(
        id="576000000000000005",
        status="CANCELLED",
        create_time=december(1),
        request_cancel_time=december(1, 2),
        cancel_time=december(1, 3),
        cancel_reason="ecom_order_to_ship_canceled_reason_no_longer_needed",
        cancellation_initiator="BUYER",
        rts_sla_time=december(3),
        shipping_due_time=december(4),
        line_items=[{"id": "1", "display_status": "CANCELLED", "cancel_user": "BUYER", "cancel_reason": "no_longer_needed"}],
    )
    (order,) = told(parsed)
    assert parsed.problems == []
    assert "ship_by_at" not in order
    assert "auto_cancel_at" not in order
    assert (order["cancel_requested_at"], order["cancelled_at"]) == ("2025-12-01T02:00:00Z", "2025-12-01T03:00:00Z")
    assert order["platform_cancel_reason"] == "ecom_order_to_ship_canceled_reason_no_longer_needed"
    assert order["platform_cancelled_by"] == "BUYER"
    assert order["lines"][0]["platform_cancelled_by"] == "BUYER"


STEPS = {
    "rts_sla_time": december(3),
    "shipping_due_time": december(4),
    "tts_sla_time": december(6),
    "collection_due_time": december(5),
    "delivery_sla_time": december(10),
    "delivery_due_time": december(12),
}


@pytest.mark.parametrize(
    ("status", "ship_by", "auto_cancel"),
    [
        ("UNPAID", "2025-12-03T00:00:00Z", "2025-12-04T00:00:00Z"),
        ("ON_HOLD", "2025-12-03T00:00:00Z", "2025-12-04T00:00:00Z"),
        ("AWAITING_SHIPMENT", "2025-12-03T00:00:00Z", "2025-12-04T00:00:00Z"),
        ("PARTIALLY_SHIPPING", "2025-12-03T00:00:00Z", "2025-12-04T00:00:00Z"),
        ("AWAITING_COLLECTION", "2025-12-05T00:00:00Z", "2025-12-05T00:00:00Z"),
        ("IN_TRANSIT", "2025-12-10T00:00:00Z", "2025-12-12T00:00:00Z"),
        ("DELIVERED", "2025-12-10T00:00:00Z", "2025-12-12T00:00:00Z"),
        ("COMPLETED", "2025-12-10T00:00:00Z", "2025-12-12T00:00:00Z"),
        ("CANCELLED", None, None),
        ("TELEPORTED", "2025-12-03T00:00:00Z", "2025-12-04T00:00:00Z"),
    ],
)
def test_the_deadline_shown_is_that_of_the_step_that_is_due(status: str, ship_by: str | None, auto_cancel: str | None) -> None:
    (order,) = told(read(id="1", status=status, **STEPS))
    assert (order.get("ship_by_at"), order.get("auto_cancel_at")) == (ship_by, auto_cancel)


@pytest.mark.parametrize(
    ("done", "ship_by"),
    [
        ({}, "2025-12-03T00:00:00Z"),
        ({"rts_time": december(2)}, "2025-12-05T00:00:00Z"),
        ({"rts_time": december(2), "collection_time": december(3)}, "2025-12-10T00:00:00Z"),
    ],
)
def test_where_the_status_is_unknown_the_steps_taken_tell_what_is_due(done: dict[str, int], ship_by: str) -> None:
    (order,) = told(read(id="1", status="A_NEW_WORD", **STEPS, **done))
    assert (order["status"], order["platform_status"], order["ship_by_at"]) == ("unknown", "A_NEW_WORD", ship_by)


@pytest.mark.parametrize(
    ("times", "ship_by", "auto_cancel"),
    [
        ({"rts_sla_time": december(3)}, "2025-12-03T00:00:00Z", None),
        ({"shipping_due_time": december(3)}, "2025-12-03T00:00:00Z", "2025-12-03T00:00:00Z"),
        ({"rts_sla_time": december(5), "shipping_due_time": december(3)}, "2025-12-03T00:00:00Z", "2025-12-03T00:00:00Z"),
        ({"cancel_order_sla_time": december(3)}, None, "2025-12-03T00:00:00Z"),
        (
            {"shipping_due_time": december(3), "cancel_order_sla_time": december(9)},
            "2025-12-03T00:00:00Z",
            "2025-12-03T00:00:00Z",
        ),
        ({"rts_sla_time": 0, "shipping_due_time": 0, "cancel_order_sla_time": 0}, None, None),
        ({"rts_sla_time": None, "shipping_due_time": "", "tts_sla_time": december(3)}, None, None),
    ],
)
def test_a_deadline_that_is_not_stated_is_not_made_up(
    times: dict[str, Any], ship_by: str | None, auto_cancel: str | None
) -> None:
    parsed = read(id="1", status="AWAITING_SHIPMENT", **times)
    (order,) = told(parsed)
    assert (order.get("ship_by_at"), order.get("auto_cancel_at"), parsed.problems) == (ship_by, auto_cancel, [])


MONEY = "data.orders[0].payment.total_amount"


@pytest.mark.parametrize(
    ("sent", "kept", "complaint"),
    [
        ("1598.00", {"amount": "1598.00", "currency": "PHP"}, None),
        ("-12.5", {"amount": "-12.5", "currency": "PHP"}, None),
        ("0", {"amount": "0", "currency": "PHP"}, None),
        ("0.00", {"amount": "0.00", "currency": "PHP"}, None),
        (12.10, {"amount": "12.1", "currency": "PHP"}, None),
        (1598, {"amount": "1598", "currency": "PHP"}, None),
        (" 7.5 ", {"amount": "7.5", "currency": "PHP"}, None),
        ("1E+3", {"amount": "1000", "currency": "PHP"}, None),
        ("123456789012345.6789", {"amount": "123456789012345.6789", "currency": "PHP"}, None),
        (None, None, None),
        ("", None, None),
        ("free", None, (MONEY, "error")),
        (True, None, (MONEY, "error")),
        ([], None, (MONEY, "error")),
        ("NaN", None, (MONEY, "note")),
        ("Infinity", None, (MONEY, "note")),
        ("1e999999", None, (MONEY, "note")),
    ],
)
def test_an_amount_is_exact_or_not_there(sent: Any, kept: Any, complaint: Any) -> None:
    parsed = read(id="1", status="UNPAID", payment={"currency": "PHP", "total_amount": sent})
    assert told(parsed)[0].get("total") == kept
    found = [(field, level) for field, level in problems(parsed)]
    assert [field for field, _ in found] == ([complaint[0]] if complaint else [])


@pytest.mark.parametrize(
    ("sent", "kept", "noted"),
    [
        (1764547200, "2025-12-01T00:00:00Z", False),
        ("1764547200", "2025-12-01T00:00:00Z", False),
        (1764547200.0, "2025-12-01T00:00:00Z", False),
        (1764547200123, "2025-12-01T00:00:00.123000Z", False),
        (0, None, False),
        ("0", None, False),
        (None, None, False),
        ("", None, False),
        (-5, None, True),
        (10**18, None, True),
        ("yesterday", None, True),
        (True, None, True),
        ({"at": 1}, None, True),
    ],
)
def test_a_time_is_an_instant_or_none_at_all(sent: Any, kept: str | None, noted: bool) -> None:
    parsed = read(id="1", status="UNPAID", paid_time=sent)
    assert told(parsed)[0].get("paid_at") == kept
    assert [field for field, _ in problems(parsed)] == (["data.orders[0].paid_time"] if noted else [])


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("576465000000000301", "576465000000000301"),
        (576465000000000301, "576465000000000301"),
        ("007", "007"),
        ("98765432109876543210987654321", "98765432109876543210987654321"),
        (98765432109876543210987654321, "98765432109876543210987654321"),
    ],
)
def test_an_id_keeps_every_digit_as_text(sent: Any, kept: str) -> None:
    parsed = read(id=sent, status="UNPAID")
    assert (told(parsed)[0]["platform_order_id"], parsed.problems) == (kept, [])


@pytest.mark.parametrize("sent", [None, "", 0, "0", True, 5.76465e17, [], {"id": "1"}])
def test_what_is_no_id_is_not_guessed_and_the_order_is_left_out(sent: Any) -> None:
    parsed = parse("getOrderList", ok(orders=[{"id": sent, "status": "UNPAID"}, {"id": "2", "status": "UNPAID"}]))
    assert [record.platform_id for record in parsed.records] == ["2"]
    assert {field for field, _ in problems(parsed)} == {"data.orders[0].id"}
    assert problems(parsed)[-1] == ("data.orders[0].id", "error")


def test_a_number_with_an_exponent_in_the_json_itself_is_no_id() -> None:
    parsed = parse("getOrderList", b'{"code":0,"data":{"orders":[{"id":1.7e18,"status":"UNPAID"}]}}')
    assert (parsed.records, parsed.problems[0].message) == ([], "is a number instead of an id with all its digits; left out")


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        ({"line_items": "none"}, ["data.orders[0].line_items"]),
        ({"line_items": [{"id": "1"}, "x"]}, ["data.orders[0].line_items[1]"]),
        ({"line_items": [{"id": "1", "display_status": "LOST_IN_SPACE"}]}, ["data.orders[0].line_items[0].display_status"]),
        ({"line_items": [{"id": "1", "sale_price": "NaN"}]}, ["data.orders[0].line_items[0].sale_price"]),
        ({"line_items": [{"id": "1", "sale_price": "cheap"}]}, ["data.orders[0].line_items[0].sale_price"]),
        ({"line_items": [{"sku_id": "1"}]}, ["data.orders[0].line_items[0].id"]),
        (
            {"line_items": [{"id": "1", "sub_item_info": [{"id": "2", "display_status": "ODD"}]}]},
            ["data.orders[0].line_items[0].sub_item_info[0].display_status"],
        ),
        ({"payment": []}, ["data.orders[0].payment"]),
        ({"payment": {"currency": 5, "total_amount": "1"}}, []),
        ({"packages": {}}, ["data.orders[0].packages"]),
        ({"order_type": "SURPRISE"}, ["data.orders[0].order_type"]),
        ({"fulfillment_type": "FULFILLMENT_BY_MOON"}, ["data.orders[0].fulfillment_type"]),
        ({"is_cod": "perhaps"}, ["data.orders[0].is_cod"]),
        ({"is_cod": "true"}, []),
        ({"status": ""}, ["data.orders[0].status"]),
        ({"status": None}, ["data.orders[0].status"]),
        ({"status": 7}, ["data.orders[0].status"]),
        ({"handling_duration": {"days": "soon"}}, ["data.orders[0].handling_duration.days"]),
    ],
)
def test_a_problem_names_the_member_that_it_is_about(change: dict[str, Any], paths: list[str]) -> None:
    parsed = read(**({"id": "1", "status": "UNPAID"} | change))
    assert [field for field, _ in problems(parsed)] == paths
    assert told(parsed)[0]["platform_order_id"] == "1"


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("NORMAL", "standard"),
        ("ZERO_LOTTERY", "standard"),
        ("AUCTION", "standard"),
        ("VIRTUAL_ORDER", "standard"),
        ("PRE_ORDER", "pre_order"),
        ("MADE_TO_ORDER", "made_to_order"),
        ("BACK_ORDER", "backorder"),
        ("SURPRISE", "unknown"),
        ("", "standard"),
        (None, "standard"),
    ],
)
def test_the_type_of_an_order(word: str | None, kind: str) -> None:
    (order,) = told(read(id="1", status="UNPAID", order_type=word))
    assert (order["type"], order.get("platform_type")) == (kind, word or None)


def test_lines_are_in_the_currency_of_the_order_where_they_name_none() -> None:
    items = [{"id": "1", "sale_price": "5"}, {"id": "2", "sale_price": "6", "currency": "EUR"}]
    (order,) = told(read(id="1", status="UNPAID", payment={"currency": "GBP", "total_amount": "11"}, line_items=items))
    assert [line["price"] for line in order["lines"]] == [
        {"amount": "5", "currency": "GBP"},
        {"amount": "6", "currency": "EUR"},
    ]
    (bare,) = told(read(id="1", status="UNPAID", line_items=[{"id": "1", "sale_price": "5"}]))
    assert bare["lines"][0]["price"] == {"amount": "5", "currency": None}


def test_price_details_in_full() -> None:
    body = ok(
        currency="GBP",
        total="30.00",
        payment="28.00",
        line_items=[
            {"id": "581000000000000001", "currency": "GBP", "sku_list_price": "10.00", "sku_sale_price": "9.00"},
            {"id": "581000000000000002", "sku_sale_price": "19.00"},
            {"sku_sale_price": "1.00"},
        ],
    )
    parsed = parse("getOrderPriceDetails", body, order_id="576000000000000001")
    assert problems(parsed) == [("data.line_items[2].id", "error")]
    nothing: dict[str, Any] = {
        "platform_status": None,
        "status": "unknown",
        "platform_listing_id": None,
        "platform_sku_id": None,
        "seller_sku": None,
        "title": None,
        "variant": None,
        "platform_type": None,
        "platform_package_id": None,
        "platform_cancel_reason": None,
        "platform_cancelled_by": None,
        "parts": [],
    }
    assert told(parsed) == [
        {
            "kind": "order_lines",
            "platform_order_id": "576000000000000001",
            "lines": [
                nothing
                | {"platform_line_id": "581000000000000001", "quantity": 1, "price": {"amount": "9.00", "currency": "GBP"}},
                nothing
                | {"platform_line_id": "581000000000000002", "quantity": 1, "price": {"amount": "19.00", "currency": "GBP"}},
            ],
        }
    ]
