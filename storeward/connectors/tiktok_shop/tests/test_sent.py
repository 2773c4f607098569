"""What each stream asks, and what each write sends: method, path, query and body in full."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storeward.connectors.contract import Ask, OperationKind, Progress, Request
from storeward.connectors.tiktok_shop import CONNECTOR
from storeward.connectors.tiktok_shop.tests.test_requests import WRITES

SINCE = datetime(2025, 12, 1, tzinfo=UTC)
UNTIL = datetime(2025, 12, 2, tzinfo=UTC)


def sent(request: Request) -> tuple[str, str, dict[str, str], Any]:
    """A request as plain values."""
    return request.method, request.path, dict(request.query), json.loads(request.body) if request.body else None


ASKED: dict[str, tuple[str, str, dict[str, str], Any]] = {
    "stores": ("GET", "/authorization/202309/shops", {}, None),
    "orders": (
        "POST",
        "/order/202309/orders/search",
        {"page_size": "100", "sort_field": "update_time", "sort_order": "ASC"},
        {"update_time_ge": 1764547200, "update_time_lt": 1764633600},
    ),
    "packages": (
        "POST",
        "/fulfillment/202309/packages/search",
        {"page_size": "50", "sort_field": "update_time", "sort_order": "ASC"},
        {"update_time_ge": 1764547200, "update_time_lt": 1764633600},
    ),
    "returns": (
        "POST",
        "/return_refund/202602/returns/search",
        {"page_size": "50", "sort_field": "update_time", "sort_order": "ASC"},
        {"update_time_ge": 1764547200, "update_time_lt": 1764633600},
    ),
    "cancellations": (
        "POST",
        "/return_refund/202602/cancellations/search",
        {"page_size": "50", "sort_field": "update_time", "sort_order": "ASC"},
        {"update_time_ge": 1764547200, "update_time_lt": 1764633600},
    ),
    "listings": (
        "POST",
        "/product/202502/products/search",
        {"page_size": "100"},
        {"update_time_ge": 1764547200, "update_time_le": 1764633600},
    ),
    "listing_pages": ("GET", "/product/202309/products/1729592969712207008", {}, None),
    "stock": ("POST", "/product/202309/inventory/search", {}, {"product_ids": ["1729592969712207008"]}),
    "conversations": ("GET", "/customer_service/202309/conversations", {"need_session_info": "true", "page_size": "20"}, None),
    "messages": (
        "GET",
        "/customer_service/202309/conversations/1729592969712207008/messages",
        {"need_plaintext": "true", "page_size": "10", "sort_field": "index", "sort_order": "DESC"},
        None,
    ),
    "sessions": (
        "POST",
        "/customer_service/202602/sessions/search",
        {"page_size": "50"},
        {"begin_time_ge": 1764547200, "begin_time_lt": 1764633600},
    ),
    "chat_performance": (
        "GET",
        "/customer_service/202407/performance",
        {"support_date_ge": "2025-12-01", "support_date_lt": "2025-12-02"},
        None,
    ),
    "statements": (
        "GET",
        "/finance/202309/statements",
        {
            "page_size": "100",
            "sort_field": "statement_time",
            "sort_order": "ASC",
            "statement_time_ge": "1764547200",
            "statement_time_lt": "1764633600",
        },
        None,
    ),
    "statement_lines": (
        "GET",
        "/finance/202501/statements/1729592969712207008/statement_transactions",
        {"page_size": "100", "sort_field": "order_create_time", "sort_order": "ASC"},
        None,
    ),
    "payments": (
        "GET",
        "/finance/202605/payments",
        {
            "create_time_ge": "1764547200",
            "create_time_lt": "1764633600",
            "page_size": "100",
            "sort_field": "create_time",
            "sort_order": "ASC",
        },
        None,
    ),
    "wallet": (
        "GET",
        "/finance/202309/withdrawals",
        {
            "create_time_ge": "1764547200",
            "create_time_lt": "1764633600",
            "page_size": "100",
            "types": "WITHDRAW,SETTLE,TRANSFER,REVERSE,PAYMENT,REFUND",
        },
        None,
    ),
    "unsettled": (
        "GET",
        "/finance/202507/orders/unsettled",
        {
            "page_size": "100",
            "search_time_ge": "1764547200",
            "search_time_lt": "1764633600",
            "sort_field": "order_create_time",
            "sort_order": "ASC",
        },
        None,
    ),
    "score": ("GET", "/analytics/202606/shop_performances/overview", {}, None),
    "score_metrics": ("GET", "/analytics/202606/shop_performances/metrics", {}, None),
    "performance": (
        "GET",
        "/analytics/202609/shop/performance",
        {"currency": "LOCAL", "end_date_lt": "2025-12-02", "granularity": "1D", "start_date_ge": "2025-12-01"},
        None,
    ),
}

WRITTEN: dict[str, tuple[str, str, dict[str, str], Any]] = {
    "activateProducts": ("POST", "/product/202309/products/activate", {}, {"product_ids": ["172"]}),
    "approveCancellation": ("POST", "/return_refund/202309/cancellations/403/approve", {"idempotency_key": "k"}, None),
    "approveReturn": (
        "POST",
        "/return_refund/202309/returns/403/approve",
        {"idempotency_key": "k"},
        {"decision": "OFFER_PARTIAL_REFUND", "partial_refund": {"amount": "12.50", "currency": "MYR"}},
    ),
    "batchShipPackages": (
        "POST",
        "/fulfillment/202309/packages/ship",
        {},
        {
            "packages": [
                {"handover_method": "DROP_OFF", "id": "115"},
                {"id": "116", "self_shipment": {"shipping_provider_id": "7", "tracking_number": "T1"}},
            ]
        },
    ),
    "cancelOrder": (
        "POST",
        "/return_refund/202602/cancellations",
        {},
        {"cancel_reason": "r", "order_id": "576", "order_line_list": [{"order_line_item_id": "1"}]},
    ),
    "combinePackage": (
        "POST",
        "/fulfillment/202309/packages/combine",
        {},
        {"combinable_packages": [{"id": "115", "order_ids": ["576", "577"]}]},
    ),
    "confirmOrderSplit": (
        "POST",
        "/fulfillment/202309/orders/576/split",
        {},
        {"splittable_groups": [{"id": "1", "order_line_item_ids": ["11"]}, {"id": "2", "order_line_item_ids": ["12"]}]},
    ),
    "createConversation": ("POST", "/customer_service/202309/conversations", {}, {"buyer_user_id": "702"}),
    "createPackages": (
        "POST",
        "/fulfillment/202512/packages",
        {},
        {"order_id": "576", "order_line_item": [{"order_line_id": "1"}], "ship_type": "2", "shipping_service_id": "9"},
    ),
    "createReturn": (
        "POST",
        "/return_refund/202602/returns",
        {"idempotency_key": "k"},
        {"currency": "MYR", "order_id": "576", "refund_total": "12.50", "return_reason": "r", "return_type": "REFUND"},
    ),
    "deactivateProducts": ("POST", "/product/202309/products/deactivate", {}, {"product_ids": ["172"]}),
    "deleteWebhookForAnEvent": ("DELETE", "/event/202309/webhooks", {}, {"event_type": "ORDER_STATUS_CHANGE"}),
    "editProduct": (
        "PUT",
        "/product/202509/products/172",
        {},
        {
            "category_id": "1",
            "description": "<p>x</p>",
            "main_images": [{"uri": "u"}],
            "skus": [{"price": {"amount": "1", "currency": "MYR"}}],
            "title": "Mug",
        },
    ),
    "endSession": ("POST", "/customer_service/202605/conversations/749/sessions/750/end", {}, None),
    "markBuyerMessagesAsRead": ("POST", "/customer_service/202309/conversations/749/messages/read", {}, None),
    "markPackageAsShipped": (
        "POST",
        "/fulfillment/202610/orders/576/packages",
        {},
        {
            "order_line_list": [{"order_line_id": "1"}],
            "shipping_info_list": [{"shipping_provider_id": "7", "tracking_number": "T1"}],
        },
    ),
    "partialEditProduct": ("POST", "/product/202509/products/172/partial_edit", {}, {"title": "Mug"}),
    "rejectCancellation": (
        "POST",
        "/return_refund/202309/cancellations/403/reject",
        {"idempotency_key": "k"},
        {"comment": "c", "reject_reason": "r"},
    ),
    "rejectReturn": (
        "POST",
        "/return_refund/202606/returns/403/reject",
        {"idempotency_key": "k"},
        {"decision": "REJECT_RETURN", "reject_reason": "r"},
    ),
    "reviewAftersalesRequests": (
        "POST",
        "/return_refund/202609/aftersales/review",
        {},
        {
            "aftersales_request_decisions": [
                {
                    "line_item_decisions": [{"action": "APPROVE_REQUEST", "line_items": [{"return_line_item_id": "1"}]}],
                    "request_id": "403",
                }
            ]
        },
    ),
    "sendMessage": (
        "POST",
        "/customer_service/202606/conversations/749/messages",
        {},
        {"content": '{"content":"hi, it ships today"}', "sender_role": "CUSTOMER_SERVICE", "type": "TEXT"},
    ),
    "shipPackage": (
        "POST",
        "/fulfillment/202309/packages/115/ship",
        {},
        {"handover_method": "PICKUP", "pickup_slot": {"end_time": 1764633600, "start_time": 1764547200}},
    ),
    "uncombinePackages": ("POST", "/fulfillment/202309/packages/115/uncombine", {}, {"order_ids": ["576"]}),
    "updateAgentSettings": ("PUT", "/customer_service/202309/agents/settings", {}, {"can_accept_chat": True}),
    "updateInventory": (
        "POST",
        "/product/202309/products/172/inventory/update",
        {},
        {"skus": [{"id": "173", "inventory": [{"quantity": 5, "warehouse_id": "68"}]}]},
    ),
    "updateOrderShippingInfo": (
        "POST",
        "/fulfillment/202309/orders/576/shipping_info/update",
        {},
        {"shipping_provider_id": "7", "tracking_number": "T1"},
    ),
    "updatePackageDeliveryStatus": (
        "POST",
        "/fulfillment/202309/packages/deliver",
        {},
        {"packages": [{"delivery_type": "DELIVERY_SUCCESS", "id": "115"}]},
    ),
    "updatePackageShippingInfo": (
        "POST",
        "/fulfillment/202610/packages/115/shipping_info/update",
        {},
        {"shipping_info_list": [{"shipping_provider_id": "7", "tracking_number": "T1"}]},
    ),
    "updatePrice": (
        "POST",
        "/product/202309/products/172/prices/update",
        {},
        {"skus": [{"id": "173", "price": {"amount": "12.50", "currency": "MYR"}}]},
    ),
    "updateShopWebhook": (
        "PUT",
        "/event/202309/webhooks",
        {},
        {"address": "https://hooks.example.com/x", "event_type": "ORDER_STATUS_CHANGE"},
    ),
    "uploadInvoice": (
        "POST",
        "/fulfillment/202502/invoice/upload",
        {},
        {"invoices": [{"file": "PHg+", "file_type": "XML", "order_ids": ["576"], "package_id": "115"}]},
    ),
}


@pytest.mark.parametrize("name", sorted(ASKED))
def test_a_stream_asks_exactly_this(name: str) -> None:
    stream = CONNECTOR.streams[name]
    asked = Ask(keys=["1729592969712207008"]) if stream.progress is Progress.KEYS else Ask(since=SINCE, until=UNTIL)
    assert sent(stream.first(asked)) == ASKED[name]
    assert stream.first(asked).kind is OperationKind.READ


def test_no_stream_is_left_out_here() -> None:
    assert ASKED.keys() == CONNECTOR.streams.keys()


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_a_write_sends_exactly_this(name: str) -> None:
    request = WRITES[name]()
    assert sent(request) == WRITTEN[name]
    assert request.kind is OperationKind.WRITE
    assert request.content_type == "application/json"


def test_no_write_is_left_out_here() -> None:
    assert WRITTEN.keys() == WRITES.keys()


@pytest.mark.parametrize("name", ["orders", "packages", "returns", "cancellations", "listings", "conversations", "statements"])
def test_a_smaller_page_can_be_asked_for(name: str) -> None:
    stream = CONNECTOR.streams[name]
    assert stream.first(Ask(since=SINCE, until=UNTIL, page_size=10)).query["page_size"] == "10"


@pytest.mark.parametrize("name", ["messages", "statement_lines"])
def test_one_key_at_a_time_is_asked_where_the_platform_takes_one(name: str) -> None:
    stream = CONNECTOR.streams[name]
    assert stream.keys_per_call == 1
    with pytest.raises(ValueError, match="unpack"):
        stream.first(Ask(keys=["1", "2"]))
    with pytest.raises(ValueError, match="unpack"):
        stream.first(Ask(keys=[]))


@pytest.mark.parametrize("name", sorted(CONNECTOR.streams))
def test_a_streams_figures_are_of_a_kind_that_can_be_kept_to(name: str) -> None:
    stream = CONNECTOR.streams[name]
    assert timedelta(minutes=1) <= stream.poll_every <= timedelta(days=1)
    assert stream.trust_for >= 2 * stream.poll_every
    assert stream.overlap < (stream.first_fill or timedelta(days=3650))
    assert 1 <= stream.page_size <= 100
    assert 1 <= stream.value <= 10
    if stream.longest_window is not None and stream.first_fill is not None:
        assert stream.first_fill <= stream.longest_window
