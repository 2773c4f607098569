"""Returns and cancellations written by hand, old and new versions and the grouped model, and the whole of what is read."""

from typing import Any

import pytest

from storeward.connectors.tiktok_shop.tests.samples import december, ok, parse, problems, told

USD = "USD"


def refund(total: str, currency: str = USD) -> dict[str, str]:
    return {"currency": currency, "refund_total": total, "refund_subtotal": total, "refund_tax": "0.00"}


def line(number: int, total: str) -> dict[str, Any]:
    return {
        "return_line_item_id": f"403500000000000{number:04}",
        "order_line_item_id": f"576400000000000{number:04}",
        "sku_id": f"172900000000000{number:04}",
        "seller_sku": f"SKU-{number}",
        "product_name": f"Thing {number}",
        "sku_name": "Red, L",
        "refund_amount": refund(total),
    }


def told_line(number: int, total: str, refunded: bool = False) -> dict[str, Any]:
    amount = {"amount": total, "currency": USD}
    return {
        "platform_line_id": f"403500000000000{number:04}",
        "platform_order_line_id": f"576400000000000{number:04}",
        "platform_sku_id": f"172900000000000{number:04}",
        "seller_sku": f"SKU-{number}",
        "title": f"Thing {number}",
        "variant": "Red, L",
        "refund_asked": amount,
        "refunded": amount if refunded else None,
        "parts": [],
    }


RETURN: dict[str, Any] = {
    "return_id": "4035000000000000001",
    "order_id": "576400000000000001",
    "return_type": "RETURN_AND_REFUND",
    "return_status": "BUYER_SHIPPED_ITEM",
    "arbitration_status": "IN_PROGRESS",
    "role": "BUYER",
    "return_reason": "ecom_order_delivered_refund_reason_wrong_product",
    "return_reason_text": "Wrong product",
    "shipment_type": "PLATFORM",
    "handover_method": "DROP_OFF",
    "return_method": "PLATFORM_SHIPPED",
    "return_shipping_document_type": "QR_CODE",
    "return_tracking_number": "9400R1",
    "return_provider_name": "USPS",
    "return_provider_id": "7117858858072016686",
    "pre_return_id": "4035000000000000000",
    "next_return_id": "0",
    "can_buyer_keep_item": False,
    "is_quick_refund": True,
    "is_combined_return": True,
    "combined_return_id": "4036000000000000001",
    "seller_proposed_return_type": "PARTIAL_REFUND",
    "partial_refund": {"currency": "USD", "amount": "4.50"},
    "buyer_rejected_partial_refund": False,
    "create_time": december(1),
    "update_time": december(2),
    "seller_next_action_response": [
        {"action": "SELLER_RESPOND_REFUND", "deadline": december(5)},
        {"action": "SELLER_RESPOND_RECEIVE_PACKAGE", "deadline": december(4)},
    ],
    "refund_amount": refund("15.00"),
    "return_line_items": [line(1, "9.00"), line(2, "6.00")],
}
TOLD_RETURN: dict[str, Any] = {
    "kind": "return",
    "platform_return_id": "4035000000000000001",
    "platform_order_id": "576400000000000001",
    "platform_type": "RETURN_AND_REFUND",
    "type": "return_and_refund",
    "platform_status": "BUYER_SHIPPED_ITEM",
    "status": "shipped_back",
    "platform_arbitration_status": "IN_PROGRESS",
    "platform_role": "BUYER",
    "platform_reason": "ecom_order_delivered_refund_reason_wrong_product",
    "reason_text": "Wrong product",
    "tracking_number": "9400R1",
    "carrier": "USPS",
    "platform_carrier_id": "7117858858072016686",
    "platform_shipment_type": "PLATFORM",
    "platform_handover_method": "DROP_OFF",
    "platform_method": "PLATFORM_SHIPPED",
    "platform_previous_return_id": "4035000000000000000",
    "platform_combined_return_id": "4036000000000000001",
    "platform_more": {"return_shipping_document_type": "QR_CODE"},
    "buyer_keeps_item": False,
    "quick_refund": True,
    "platform_proposed_type": "PARTIAL_REFUND",
    "offered": {"amount": "4.50", "currency": "USD"},
    "offer_refused": False,
    "requested_at": "2025-12-01T00:00:00Z",
    "updated_at": "2025-12-02T00:00:00Z",
    "platform_next_action": "SELLER_RESPOND_RECEIVE_PACKAGE",
    "answer_by_at": "2025-12-04T00:00:00Z",
    "refund_asked": {"amount": "15.00", "currency": "USD"},
    "lines": [told_line(1, "9.00"), told_line(2, "6.00")],
}


@pytest.mark.parametrize("operation", ["searchReturns", "searchReturns_202309"])
def test_a_return_in_full_from_the_new_call_and_the_old(operation: str) -> None:
    parsed = parse(operation, ok(return_orders=[RETURN], total_count=1, next_page_token="abc/+="))
    assert (parsed.problems, parsed.total, parsed.next_page) == ([], 1, "abc/+=")
    assert told(parsed) == [TOLD_RETURN]


def test_a_completed_return_is_refunded_in_whole_and_by_line() -> None:
    done = RETURN | {"return_status": "RETURN_OR_REFUND_REQUEST_COMPLETE", "seller_next_action_response": []}
    (record,) = told(parse("searchReturns", ok(return_orders=[done])))
    assert (record["status"], record["refunded"]) == ("completed", {"amount": "15.00", "currency": "USD"})
    assert record["lines"] == [told_line(1, "9.00", refunded=True), told_line(2, "6.00", refunded=True)]
    assert "answer_by_at" not in record
    assert "platform_next_action" not in record


@pytest.mark.parametrize(
    ("word", "status", "refunded"),
    [
        ("RETURN_OR_REFUND_REQUEST_PENDING", "pending", False),
        ("AWAITING_BUYER_SHIP", "awaiting_buyer", False),
        ("BUYER_SHIPPED_ITEM", "shipped_back", False),
        ("AWAITING_BUYER_RESPONSE", "awaiting_buyer", False),
        ("REFUND_OR_RETURN_REQUEST_REJECT", "refused", False),
        ("REJECT_RECEIVE_PACKAGE", "refused", False),
        ("RETURN_OR_REFUND_REQUEST_SUCCESS", "approved", False),
        ("RETURN_OR_REFUND_REQUEST_COMPLETE", "completed", True),
        ("RETURN_OR_REFUND_REQUEST_CANCEL", "withdrawn", False),
        ("REPLACEMENT_REQUEST_PENDING", "pending", False),
        ("REPLACEMENT_REQUEST_REJECT", "refused", False),
        ("REPLACEMENT_REQUEST_CANCEL", "withdrawn", False),
        ("REPLACEMENT_REQUEST_REFUND_SUCCESS", "approved", False),
        ("REPLACEMENT_REQUEST_COMPLETE", "completed", False),
        ("EXCHANGE_REQUEST_PENDING", "pending", False),
        ("EXCHANGE_REQUEST_CANCEL", "withdrawn", False),
        ("EXCHANGE_REQUEST_REFUND_SUCCESS", "approved", False),
        ("EXCHANGE_REQUEST_COMPLETE", "completed", False),
        ("REQUEST_SUCCESS", "unknown", False),
    ],
)
def test_every_status_of_a_return_and_whether_money_has_moved(word: str, status: str, refunded: bool) -> None:
    body = ok(return_orders=[{"return_id": "1", "return_status": word, "refund_amount": refund("1.23")}])
    (record,) = told(parse("searchReturns", body))
    assert (record["platform_status"], record["status"]) == (word, status)
    assert ("refunded" in record) is refunded
    assert record["refund_asked"] == {"amount": "1.23", "currency": "USD"}


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("REFUND", "refund"),
        ("RETURN_AND_REFUND", "return_and_refund"),
        ("REPLACEMENT", "replacement"),
        ("EXCHANGE", "exchange"),
        ("REPAIR", "unknown"),
    ],
)
def test_every_type_of_return(word: str, kind: str) -> None:
    (record,) = told(parse("searchReturns", ok(return_orders=[{"return_id": "1", "return_type": word, "return_status": "X"}])))
    assert (record["platform_type"], record["type"]) == (word, kind)


def test_a_bundle_is_returned_by_its_units() -> None:
    unit = {
        "return_sub_line_item_id": "4035000000000000091",
        "return_line_item_id": "4035000000000000001",
        "order_line_item_id": "5764000000000000001",
        "sub_order_line_item_id": "5764000000000000091",
        "sku_id": "1729000000000000091",
        "refund_amount": refund("4.00"),
    }
    whole = line(1, "9.00")
    (within,) = told(
        parse("searchReturns", ok(return_orders=[RETURN | {"return_line_items": [whole | {"return_sub_line_items": [unit]}]}]))
    )
    (beside,) = told(
        parse("searchReturns", ok(return_orders=[RETURN | {"return_line_items": [whole], "return_sub_line_items": [unit]}]))
    )
    part: dict[str, Any] = {
        "platform_line_id": "4035000000000000091",
        "platform_order_line_id": "5764000000000000091",
        "platform_sku_id": "1729000000000000091",
        "seller_sku": None,
        "title": None,
        "variant": None,
        "refund_asked": {"amount": "4.00", "currency": "USD"},
        "refunded": None,
        "parts": [],
    }
    assert within["lines"] == [told_line(1, "9.00") | {"parts": [part]}]
    assert beside == within


def test_a_unit_whose_line_is_not_named_is_a_line_of_its_own() -> None:
    unit = {"return_sub_line_item_id": "91", "return_line_item_id": "7", "sku_id": "5"}
    (record,) = told(
        parse("searchReturns", ok(return_orders=[{"return_id": "1", "return_status": "X", "return_sub_line_items": [unit]}]))
    )
    assert [(one["platform_line_id"], one["platform_sku_id"]) for one in record["lines"]] == [("91", "5")]


GROUPED = {name: value for name, value in RETURN.items() if name not in ("partial_refund", "can_buyer_keep_item")} | {
    "partial_refund_amount": {"partial_refund_total": "4.50", "currency": "USD"},
    "buyer_keep_item": False,
}


def test_a_grouped_request_holds_the_same_returns() -> None:
    body = ok(
        aftersales_requests=[
            {"id": "4037000000000000001", "status": "PENDING_REQUEST_REVIEW", "sku_return_requests": [GROUPED]},
        ],
        total_count=1,
    )
    parsed = parse("searchAftersalesRequests", body)
    assert parsed.problems == []
    assert told(parsed) == [TOLD_RETURN | {"platform_after_sale_id": "4037000000000000001"}]


def test_a_parcel_of_a_grouped_request_names_request_and_package() -> None:
    body = ok(
        return_merchandise_authorizations=[
            {
                "id": "2894000000000000001",
                "aftersales_request_id": "4037000000000000001",
                "package_id": "1153000000000000001",
                "status": "RETURN_IN_TRANSIT",
                "sku_return_requests": [GROUPED],
            }
        ]
    )
    parsed = parse("searchReturnMerchandiseAuthorizations", body)
    assert parsed.problems == []
    assert told(parsed) == [
        TOLD_RETURN
        | {
            "platform_after_sale_id": "4037000000000000001",
            "platform_rma_id": "2894000000000000001",
            "platform_package_id": "1153000000000000001",
        }
    ]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("INIT", "pending"),
        ("PENDING_REQUEST_REVIEW", "pending"),
        ("REQUEST_REVIEW_COMPLETED", "unknown"),
        ("AWAITING_BUYER_RETURN", "awaiting_buyer"),
        ("RETURN_IN_TRANSIT", "shipped_back"),
        ("PENDING_PACKAGE_REVIEW", "shipped_back"),
        ("PACKAGE_REVIEW_COMPLETED", "unknown"),
    ],
)
def test_a_grouped_request_that_names_lines_only(word: str, status: str) -> None:
    lines = [
        {"return_line_item_id": "11", "sku_id": "21", "main_order_id": "31", "sku_return_request_id": "41"},
        {
            "return_line_item_id": "12",
            "sub_return_line_item_id": "13",
            "sku_id": "22",
            "main_order_id": "31",
            "sku_return_request_id": "41",
        },
        {"return_line_item_id": "14", "sku_id": "23", "main_order_id": "32", "sku_return_request_id": "42"},
    ]
    parsed = parse("searchAftersalesRequests", ok(aftersales_requests=[{"id": "4037", "status": word, "line_items": lines}]))
    assert parsed.problems == []
    assert [
        (r["platform_return_id"], r["platform_order_id"], r["status"], [one["platform_line_id"] for one in r["lines"]])
        for r in told(parsed)
    ] == [("41", "31", status, ["11", "13"]), ("42", "32", status, ["14"])]
    assert {(r["platform_status"], r["platform_after_sale_id"]) for r in told(parsed)} == {(word, "4037")}


CANCELLATION: dict[str, Any] = {
    "cancel_id": "4035000000000000777",
    "order_id": "576400000000000001",
    "cancel_type": "BUYER_CANCEL",
    "cancel_status": "CANCELLATION_REQUEST_PENDING",
    "role": "BUYER",
    "cancel_reason": "ecom_order_to_ship_canceled_reason_no_longer_needed",
    "cancel_reason_text": "No longer needed",
    "create_time": december(1),
    "update_time": december(1, 6),
    "seller_next_action_response": [{"action": "SELLER_RESPOND_BUYER_CANCEL", "deadline": december(3)}],
    "refund_amount": refund("350000", "VND"),
    "should_replenish_stock": True,
    "cancel_line_items": [
        {
            "cancel_line_item_id": "4035000000000000778",
            "order_line_item_id": "576400000000000011",
            "sku_id": "1729000000000000011",
            "sku_name": "M",
            "product_name": "Shirt",
            "seller_sku": "S-M",
            "refund_amount": refund("350000", "VND"),
            "cancel_sub_line_items": [
                {
                    "cancel_sub_line_item_id": "4035000000000000779",
                    "cancel_line_item_id": "4035000000000000778",
                    "sub_order_line_item_id": "576400000000000012",
                    "sku_id": "1729000000000000012",
                }
            ],
        }
    ],
}
VND = {"amount": "350000", "currency": "VND"}


@pytest.mark.parametrize("operation", ["searchCancellations", "searchCancellations_202309"])
def test_a_cancellation_in_full_from_the_new_call_and_the_old(operation: str) -> None:
    parsed = parse(operation, ok(cancellations=[CANCELLATION], total_count=1))
    assert parsed.problems == []
    assert told(parsed) == [
        {
            "kind": "cancellation",
            "platform_cancellation_id": "4035000000000000777",
            "platform_order_id": "576400000000000001",
            "platform_type": "BUYER_CANCEL",
            "platform_status": "CANCELLATION_REQUEST_PENDING",
            "status": "pending",
            "platform_role": "BUYER",
            "platform_reason": "ecom_order_to_ship_canceled_reason_no_longer_needed",
            "reason_text": "No longer needed",
            "requested_at": "2025-12-01T00:00:00Z",
            "updated_at": "2025-12-01T06:00:00Z",
            "platform_next_action": "SELLER_RESPOND_BUYER_CANCEL",
            "answer_by_at": "2025-12-03T00:00:00Z",
            "refund_asked": VND,
            "restock": True,
            "lines": [
                {
                    "platform_line_id": "4035000000000000778",
                    "platform_order_line_id": "576400000000000011",
                    "platform_sku_id": "1729000000000000011",
                    "seller_sku": "S-M",
                    "title": "Shirt",
                    "variant": "M",
                    "refund_asked": VND,
                    "refunded": None,
                    "parts": [
                        {
                            "platform_line_id": "4035000000000000779",
                            "platform_order_line_id": "576400000000000012",
                            "platform_sku_id": "1729000000000000012",
                            "seller_sku": None,
                            "title": None,
                            "variant": None,
                            "refund_asked": None,
                            "refunded": None,
                            "parts": [],
                        }
                    ],
                }
            ],
        }
    ]


@pytest.mark.parametrize(
    ("word", "status", "refunded"),
    [
        ("CANCELLATION_REQUEST_PENDING", "pending", False),
        ("CANCELLATION_REQUEST_SUCCESS", "approved", False),
        ("CANCELLATION_REQUEST_COMPLETE", "completed", True),
        ("CANCELLATION_REQUEST_CANCEL", "withdrawn", False),
        ("CANCELLATION_REQUEST_CANCELLED", "withdrawn", False),
        ("CANCELLATION_REQUEST_LOST", "unknown", False),
    ],
)
def test_every_status_of_a_cancellation(word: str, status: str, refunded: bool) -> None:
    (record,) = told(parse("searchCancellations", ok(cancellations=[CANCELLATION | {"cancel_status": word}])))
    assert (record["platform_status"], record["status"], record.get("refunded")) == (word, status, VND if refunded else None)
    assert record["lines"][0]["refunded"] == (VND if refunded else None)


@pytest.mark.parametrize(
    ("actions", "action", "by"),
    [
        ([], None, None),
        (None, None, None),
        ([{"action": "SELLER_RESPOND_REFUND", "deadline": 0}], "SELLER_RESPOND_REFUND", None),
        ([{"action": "A", "deadline": 0}, {"action": "B", "deadline": december(9)}], "B", "2025-12-09T00:00:00Z"),
        ([{"action": "B", "deadline": december(9)}, {"action": "C", "deadline": december(8)}], "C", "2025-12-08T00:00:00Z"),
        ([{"action": "", "deadline": str(december(9))}], None, "2025-12-09T00:00:00Z"),
    ],
)
def test_the_most_urgent_answer_counts(actions: Any, action: str | None, by: str | None) -> None:
    for operation, field, id_field in (
        ("searchReturns", "return_orders", "return_id"),
        ("searchCancellations", "cancellations", "cancel_id"),
    ):
        status = {"return_status": "X", "cancel_status": "X"}
        (record,) = told(parse(operation, ok(**{field: [{id_field: "1", **status, "seller_next_action_response": actions}]})))
        assert (record.get("platform_next_action"), record.get("answer_by_at")) == (action, by)


@pytest.mark.parametrize(
    ("operation", "body", "paths"),
    [
        ("searchReturns", {"return_orders": [{"return_id": "1"}]}, ["data.return_orders[0].return_status"]),
        ("searchReturns", {"return_orders": [{"order_id": "1"}]}, ["data.return_orders[0].return_id"]),
        ("searchReturns", {"return_orders": {}}, ["data.return_orders"]),
        (
            "searchReturns",
            {
                "return_orders": [
                    {"return_id": "1", "return_status": "REPLACEMENT_REQUEST_PENDING", "refund_amount": {"refund_total": "x"}}
                ]
            },
            ["data.return_orders[0].refund_amount.refund_total"],
        ),
        (
            "searchReturns",
            {
                "return_orders": [
                    {
                        "return_id": "1",
                        "return_status": "AWAITING_BUYER_SHIP",
                        "return_line_items": [{"return_line_item_id": "2", "return_sub_line_items": [{"sku_id": "3"}]}],
                    }
                ]
            },
            ["data.return_orders[0].return_line_items[0].return_sub_line_items[0].return_sub_line_item_id"],
        ),
        (
            "searchReturns",
            {"return_orders": [{"return_id": "1", "return_status": "AWAITING_BUYER_SHIP", "partial_refund": {"amount": "1e99"}}]},
            ["data.return_orders[0].partial_refund.amount"],
        ),
        ("searchCancellations", {"cancellations": [{"cancel_id": "1"}]}, ["data.cancellations[0].cancel_status"]),
        ("searchCancellations", {"cancellations": [{}]}, ["data.cancellations[0].cancel_id"]),
        (
            "searchCancellations",
            {"cancellations": [{"cancel_id": "1", "cancel_status": "CANCELLATION_REQUEST_PENDING", "cancel_line_items": [{}]}]},
            ["data.cancellations[0].cancel_line_items[0].cancel_line_item_id"],
        ),
        ("searchAftersalesRequests", {"aftersales_requests": [{"status": "INIT"}]}, ["data.aftersales_requests[0].id"]),
        (
            "searchAftersalesRequests",
            {"aftersales_requests": [{"id": "1", "sku_return_requests": [{"return_status": "AWAITING_BUYER_SHIP"}]}]},
            ["data.aftersales_requests[0].sku_return_requests[0].return_id"],
        ),
    ],
)
def test_a_problem_names_the_member_that_it_is_about(operation: str, body: dict[str, Any], paths: list[str]) -> None:
    assert [field for field, _ in problems(parse(operation, ok(**body)))] == paths


@pytest.mark.parametrize(
    "operation", ["searchReturns", "searchCancellations", "searchAftersalesRequests", "searchReturnMerchandiseAuthorizations"]
)
def test_an_empty_page_is_no_problem(operation: str) -> None:
    for body in (ok(), ok(total_count=0, next_page_token=""), {"code": 0, "data": None, "message": "Success", "request_id": "r"}):
        parsed = parse(operation, body)
        assert (parsed.records, parsed.problems, parsed.next_page, parsed.failed) == ([], [], None, False)


@pytest.mark.parametrize(
    ("operation", "data", "record"),
    [
        (
            "cancelOrder",
            {"cancel_id": "4035", "cancel_status": "CANCELLATION_REQUEST_SUCCESS"},
            {
                "kind": "cancellation",
                "platform_cancellation_id": "4035",
                "platform_status": "CANCELLATION_REQUEST_SUCCESS",
                "status": "approved",
            },
        ),
        (
            "cancelOrder_202309",
            {"cancel_id": "4035", "cancel_status": "CANCELLATION_REQUEST_PENDING"},
            {
                "kind": "cancellation",
                "platform_cancellation_id": "4035",
                "platform_status": "CANCELLATION_REQUEST_PENDING",
                "status": "pending",
            },
        ),
        (
            "createReturn",
            {"return_id": "4036", "return_status": "RETURN_OR_REFUND_REQUEST_PENDING"},
            {
                "kind": "return",
                "platform_return_id": "4036",
                "type": "unknown",
                "platform_status": "RETURN_OR_REFUND_REQUEST_PENDING",
                "status": "pending",
            },
        ),
        (
            "createReturn_202309",
            {"return_id": "4036", "return_status": "AWAITING_BUYER_SHIP"},
            {
                "kind": "return",
                "platform_return_id": "4036",
                "type": "unknown",
                "platform_status": "AWAITING_BUYER_SHIP",
                "status": "awaiting_buyer",
            },
        ),
    ],
)
def test_what_was_opened_is_a_record_of_the_order_that_was_asked_about(
    operation: str, data: dict[str, Any], record: dict[str, Any]
) -> None:
    parsed = parse(operation, ok(**data), order_id="576400000000000001")
    assert parsed.problems == []
    assert told(parsed) == [record | {"platform_order_id": "576400000000000001"}]
