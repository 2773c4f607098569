"""Every type of webhook, written by hand, and the whole of what is read from it."""

from typing import Any

import pytest

from storeward.canon import Push
from storeward.connectors.tiktok_shop.push import TOPICS
from storeward.connectors.tiktok_shop.tests.samples import december, parse, problems, told

SHOP = "7494000000000000021"
NOTE = "7327000000000000001"
AT = "2025-12-03T00:00:00Z"


def body(kind: int, data: dict[str, Any], **frame: Any) -> dict[str, Any]:
    return {"type": kind, "tts_notification_id": NOTE, "shop_id": SHOP, "timestamp": december(3), "data": data} | frame


def read(kind: int, data: dict[str, Any]) -> dict[str, Any]:
    """What is told beyond the frame, which is the same for all."""
    parsed = parse("push", body(kind, data))
    assert parsed.problems == []
    (record,) = told(parsed)
    frame = {"kind": "push", "platform_push_id": NOTE, "platform_topic": str(kind), "platform_store_id": SHOP, "sent_at": AT}
    assert frame.items() <= record.items()
    return {name: value for name, value in record.items() if name not in frame}


CASES: dict[str, tuple[int, dict[str, Any], dict[str, Any]]] = {
    "an order": (
        1,
        {
            "order_id": "576400000000000001",
            "order_status": "AWAITING_SHIPMENT",
            "is_on_hold_order": False,
            "update_time": december(2),
        },
        {
            "topic": "order",
            "platform_order_id": "576400000000000001",
            "platform_order_ids": ["576400000000000001"],
            "platform_status": "AWAITING_SHIPMENT",
            "changed_at": "2025-12-02T00:00:00Z",
        },
    ),
    "an order cancelled, in the word of the webhook": (
        1,
        {"order_id": "576400000000000001", "order_status": "CANCEL", "update_time": december(2)},
        {
            "topic": "order",
            "platform_order_id": "576400000000000001",
            "platform_order_ids": ["576400000000000001"],
            "platform_status": "CANCEL",
            "changed_at": "2025-12-02T00:00:00Z",
        },
    ),
    "an after-sales event of the old kind": (
        2,
        {"order_id": "5764"},
        {"topic": "after_sale", "platform_order_id": "5764", "platform_order_ids": ["5764"]},
    ),
    "an address": (
        3,
        {"order_id": "576400000000000001", "update_time": december(2)},
        {
            "topic": "address",
            "platform_order_id": "576400000000000001",
            "platform_order_ids": ["576400000000000001"],
            "changed_at": "2025-12-02T00:00:00Z",
        },
    ),
    "packages of several orders": (
        4,
        {
            "sc_type": "SPLIT",
            "role_type": "ROLE_SELLER",
            "package_list": [
                {"package_id": "1153000000000000001", "order_id_list": ["5764", "5765"]},
                {"package_id": "1153000000000000002", "order_id_list": ["5765"]},
            ],
            "update_time": december(2),
        },
        {
            "topic": "package",
            "platform_order_id": "5764",
            "platform_order_ids": ["5764", "5765"],
            "platform_package_ids": ["1153000000000000001", "1153000000000000002"],
            "platform_type": "SPLIT",
            "platform_more": {"role_type": "ROLE_SELLER"},
            "changed_at": "2025-12-02T00:00:00Z",
        },
    ),
    "a product taken down, its id a bare number": (
        5,
        {
            "product_id": 1729592969712207008,
            "status": "PRODUCT_AUDIT_FAILURE",
            "suspended_reason": "Counterfeit",
            "update_time": december(2),
        },
        {
            "topic": "listing",
            "platform_listing_id": "1729592969712207008",
            "platform_status": "PRODUCT_AUDIT_FAILURE",
            "platform_reasons": ["Counterfeit"],
            "text": "Counterfeit",
            "changed_at": "2025-12-02T00:00:00Z",
        },
    ),
    "the seller withdrew": (
        6,
        {"message": "The seller has deauthorized."},
        {"topic": "authorisation_lost", "text": "The seller has deauthorized."},
    ),
    "the authorisation runs out": (
        7,
        {"message": "It expires soon.", "expiration_time": str(december(30))},
        {"topic": "authorisation_expiring", "text": "It expires soon.", "expires_at": "2025-12-30T00:00:00Z"},
    ),
    "a cancellation": (
        11,
        {
            "order_id": "5764",
            "cancel_id": "4035000000000000001",
            "cancellations_role": "BUYER",
            "cancel_status": "CANCELLATION_REQUEST_CANCELLED",
            "create_time": december(1),
        },
        {
            "topic": "cancellation",
            "platform_order_id": "5764",
            "platform_order_ids": ["5764"],
            "platform_cancellation_id": "4035000000000000001",
            "platform_role": "BUYER",
            "platform_status": "CANCELLATION_REQUEST_CANCELLED",
            "created_at": "2025-12-01T00:00:00Z",
            "changed_at": "2025-12-01T00:00:00Z",
        },
    ),
    "a return": (
        12,
        {
            "order_id": "5764",
            "return_id": "4035000000000000002",
            "return_role": "SYSTEM",
            "return_type": "REPLACEMENT",
            "return_status": "REPLACEMENT_REQUEST_PENDING",
            "create_time": december(1),
            "update_time": december(2),
        },
        {
            "topic": "return",
            "platform_order_id": "5764",
            "platform_order_ids": ["5764"],
            "platform_return_id": "4035000000000000002",
            "platform_role": "SYSTEM",
            "platform_type": "REPLACEMENT",
            "platform_status": "REPLACEMENT_REQUEST_PENDING",
            "created_at": "2025-12-01T00:00:00Z",
            "changed_at": "2025-12-02T00:00:00Z",
        },
    ),
    "a conversation": (
        13,
        {"conversation_id": "7494560000000000001", "create_time": december(1)},
        {
            "topic": "conversation",
            "platform_conversation_id": "7494560000000000001",
            "created_at": "2025-12-01T00:00:00Z",
            "changed_at": "2025-12-01T00:00:00Z",
        },
    ),
    "a message with words": (
        14,
        {
            "message_id": "7494560000000000002",
            "conversation_id": "7494560000000000001",
            "index": "7494560000000000009",
            "type": "TEXT",
            "content": '{"content":"Where is it? 📦"}',
            "create_time": december(1),
            "is_visible": True,
            "sender": {"im_user_id": "7494560000000000301", "role": "BUYER"},
        },
        {
            "topic": "message",
            "platform_conversation_id": "7494560000000000001",
            "platform_message_id": "7494560000000000002",
            "platform_type": "TEXT",
            "platform_role": "BUYER",
            "platform_more": {"index": "7494560000000000009", "im_user_id": "7494560000000000301"},
            "text": "Where is it? 📦",
            "created_at": "2025-12-01T00:00:00Z",
            "changed_at": "2025-12-01T00:00:00Z",
        },
    ),
    "a message that shows a parcel": (
        14,
        {
            "message_id": "2",
            "conversation_id": "1",
            "type": "LOGISTICS_CARD",
            "content": '{"order_id":"576400000000000001","package_id":"1153000000000000001"}',
            "sender": {"role": "ROBOT"},
        },
        {
            "topic": "message",
            "platform_conversation_id": "1",
            "platform_message_id": "2",
            "platform_order_id": "576400000000000001",
            "platform_order_ids": ["576400000000000001"],
            "platform_package_ids": ["1153000000000000001"],
            "platform_type": "LOGISTICS_CARD",
            "platform_role": "ROBOT",
        },
    ),
    "a product's information": (
        15,
        {"product_id": "1729", "change_source": "OPEN_API", "changed_fields": ["title", "images"], "update_time": december(2)},
        {
            "topic": "listing",
            "platform_listing_id": "1729",
            "platform_more": {"change_source": "OPEN_API", "changed_fields": ["title", "images"]},
            "changed_at": "2025-12-02T00:00:00Z",
        },
    ),
    "a new product, its id a bare number": (
        16,
        {"product_id": 1729592969712207019, "product_types": ["COMBINED_PRODUCT"], "update_time": december(2)},
        {
            "topic": "listing",
            "platform_listing_id": "1729592969712207019",
            "platform_more": {"product_types": ["COMBINED_PRODUCT"]},
            "changed_at": "2025-12-02T00:00:00Z",
        },
    ),
    "a product in another category": (
        18,
        {"product_id": "1729", "previous_category_id": "600001", "current_category_id": "600002", "update_time": december(2)},
        {
            "topic": "listing",
            "platform_listing_id": "1729",
            "platform_more": {"previous_category_id": "600001", "current_category_id": "600002"},
            "changed_at": "2025-12-02T00:00:00Z",
        },
    ),
    "stock running low": (
        27,
        {
            "product_id": "1729",
            "sku_id": "1730",
            "current_inventory_status": "OUT_OF_STOCK",
            "trigger_reason": {"alert_type": "PREDICTION", "lead_days": 3},
            "inventory_distribution": {"total_quantity": 0},
            "update_time": december(2),
        },
        {
            "topic": "stock",
            "platform_listing_id": "1729",
            "platform_sku_ids": ["1730"],
            "platform_status": "OUT_OF_STOCK",
            "platform_more": {"alert_type": "PREDICTION"},
            "changed_at": "2025-12-02T00:00:00Z",
        },
    ),
    "an invoice refused": (
        36,
        {"package_id": "1153", "order_ids": ["5764", "5765"], "invoice_status": "INVALID", "invalid_reason": "NOT_FOUND"},
        {
            "topic": "invoice",
            "platform_order_id": "5764",
            "platform_order_ids": ["5764", "5765"],
            "platform_package_ids": ["1153"],
            "platform_status": "INVALID",
            "platform_reasons": ["NOT_FOUND"],
            "text": "NOT_FOUND",
        },
    ),
    "an audit, its product's id a bare number": (
        37,
        {
            "product_id": 1729592969712207001,
            "audit": {"status": "PRE_APPROVED", "pre_approved_reasons": ["KYC_PENDING", "TAX"]},
            "update_time": december(2),
        },
        {
            "topic": "listing",
            "platform_listing_id": "1729592969712207001",
            "platform_status": "PRE_APPROVED",
            "platform_reasons": ["KYC_PENDING", "TAX"],
            "changed_at": "2025-12-02T00:00:00Z",
        },
    ),
    "SKUs switched off": (
        50,
        {
            "product_id": "1729",
            "skus": [
                {"sku_id": "1730", "status": "DEACTIVATED", "deactivation_source": "PLATFORM"},
                {"sku_id": "1731", "status": "CREATED"},
            ],
            "update_time": december(2),
        },
        {
            "topic": "listing",
            "platform_listing_id": "1729",
            "platform_sku_ids": ["1730", "1731"],
            "platform_status": "DEACTIVATED",
            "platform_more": {"deactivation_source": "PLATFORM"},
            "changed_at": "2025-12-02T00:00:00Z",
        },
    ),
    "a grouped request": (
        64,
        {
            "aftersales_request_id": "4037",
            "return_role": "BUYER",
            "aftersales_request_status": "PENDING_REQUEST_REVIEW",
            "aftersales_request_create_time": december(1),
            "aftersales_request_update_time": december(2),
        },
        {
            "topic": "after_sale",
            "platform_after_sale_id": "4037",
            "platform_role": "BUYER",
            "platform_status": "PENDING_REQUEST_REVIEW",
            "created_at": "2025-12-01T00:00:00Z",
            "changed_at": "2025-12-02T00:00:00Z",
        },
    ),
    "a parcel on its way back": (
        65,
        {
            "rma_id": "2894",
            "aftersales_request_id": "4037",
            "return_role": "SELLER",
            "rma_status": "AWAITING_BUYER_RETURN",
            "rma_request_create_time": december(1),
            "rma_request_update_time": december(2),
        },
        {
            "topic": "after_sale",
            "platform_after_sale_id": "4037",
            "platform_rma_id": "2894",
            "platform_role": "SELLER",
            "platform_status": "AWAITING_BUYER_RETURN",
            "created_at": "2025-12-01T00:00:00Z",
            "changed_at": "2025-12-02T00:00:00Z",
        },
    ),
    "a refund paid": (
        67,
        {
            "aftersales_request_id": "4037",
            "rma_id": "2894",
            "line_items": [
                {"main_order_id": "5764", "return_line_item_id": "11", "sku_id": "1730", "sku_return_request_id": "4035"},
                {
                    "main_order_id": "5764",
                    "return_line_item_id": "12",
                    "sub_return_line_item_id": "13",
                    "sku_id": "1731",
                    "sku_return_request_id": "4036",
                },
            ],
            "refund_currency": "USD",
            "refund_status": "REFUND_SUCCESS",
            "refund_timestamp": december(2),
            "refund_total": "1.23",
        },
        {
            "topic": "refund",
            "platform_order_id": "5764",
            "platform_order_ids": ["5764"],
            "platform_return_id": "4035",
            "platform_after_sale_id": "4037",
            "platform_rma_id": "2894",
            "platform_sku_ids": ["1730", "1731"],
            "platform_line_ids": ["11", "13"],
            "platform_status": "REFUND_SUCCESS",
            "refunded": {"amount": "1.23", "currency": "USD"},
            "changed_at": "2025-12-02T00:00:00Z",
        },
    ),
    "stock changed, ids bare numbers, its time ISO text": (
        71,
        {
            "event_id": "inv-9",
            "occurred_at": "2025-12-02T07:30:00.250+07:00",
            "product_id": 1729592969712207008,
            "sku_id": 1729592969712207012,
        },
        {
            "topic": "stock",
            "platform_listing_id": "1729592969712207008",
            "platform_sku_ids": ["1729592969712207012"],
            "platform_more": {"event_id": "inv-9"},
            "changed_at": "2025-12-02T00:30:00.250000Z",
        },
    ),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_webhook_reads_in_full(name: str) -> None:
    kind, data, expected = CASES[name]
    assert read(kind, data) == expected


def test_every_type_that_we_know_is_among_them() -> None:
    assert {kind for kind, _, _ in CASES.values()} == TOPICS.keys()


@pytest.mark.parametrize("kind", [8, 17, 21, 33, 39, 46, 58, 63, 66, 999])
def test_a_type_that_we_do_not_know_is_kept_and_noted(kind: int) -> None:
    parsed = parse("push", body(kind, {"product_id": "1729"}))
    assert problems(parsed) == [("type", "note")]
    (record,) = told(parsed)
    assert (record["topic"], record["platform_topic"], record["platform_listing_id"]) == ("unknown", str(kind), "1729")


@pytest.mark.parametrize(
    ("frame", "store", "user", "push_id"),
    [
        ({"seller_open_id": "7010"}, SHOP, "7010", NOTE),
        ({"shop_id": None, "creator_open_id": "7011"}, None, "7011", NOTE),
        ({"shop_id": 7494000000000000021}, SHOP, None, NOTE),
        ({"tts_notification_id": ""}, SHOP, None, None),
        ({"tts_notification_id": 7327000000000000001}, SHOP, None, NOTE),
    ],
)
def test_the_frame_says_whose_it_is(frame: dict[str, Any], store: str | None, user: str | None, push_id: str | None) -> None:
    (record,) = parse("push", body(1, {"order_id": "1"}, **frame)).records
    assert isinstance(record, Push)
    assert (record.platform_store_id, record.platform_user_id, record.platform_push_id) == (store, user, push_id)


@pytest.mark.parametrize(
    ("sent", "paths"),
    [
        ({"type": "abc"}, ["type"]),
        ({"data": []}, ["data"]),
        ({"data": "text"}, ["data"]),
        ({"timestamp": "noon"}, ["timestamp"]),
        ({"data": {"order_id": 5.7e17}}, ["data.order_id"]),
        ({"data": {"order_ids": "1,2"}}, ["data.order_ids"]),
        ({"data": {"occurred_at": "yesterday"}}, ["data.occurred_at"]),
        ({"data": {"update_time": -1}}, ["data.update_time"]),
        ({"data": {"skus": [{"sku_id": []}]}}, ["data.skus[0].sku_id"]),
        ({"data": None}, []),
        ({"data": {}}, []),
    ],
)
def test_an_odd_webhook_is_still_told(sent: dict[str, Any], paths: list[str]) -> None:
    parsed = parse("push", body(1, {"order_id": "1"}) | sent)
    assert [field for field, _ in problems(parsed)] == paths
    assert len(parsed.records) == 1


@pytest.mark.parametrize("sent", [b"", b"[]", b"null", b"{}", b'{"type":null}', b'{"type":""}', b'{"data":{}}', b"\xff"])
def test_what_is_no_webhook_yields_nothing_and_says_so(sent: bytes) -> None:
    parsed = parse("push", sent)
    assert (parsed.records, parsed.unreadable, parsed.failed) == ([], True, True)
    assert parsed.problems
