"""A page without rows where some should be, and a page that leads back to itself: neither may pass for the end of a list."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from storeward.connectors.registry import connector_for

LAZADA_ORDERS = {"update_after": "2026-11-01T00:00:00+08:00", "limit": "100"}


def of_lazada(total: int, rows: int = 0, **more: Any) -> Any:
    orders = [{"order_id": number, "statuses": ["pending"]} for number in range(rows)]
    return {"code": "0", "request_id": "1", "data": {"countTotal": total, "count": rows, "orders": orders, **more}}


def of_douyin(rows: int = 0, **more: Any) -> Any:
    orders = [{"order_id": str(number), "order_status": 2} for number in range(rows)]
    return {"code": 10000, "msg": "success", "log_id": "1", "data": {"shop_order_list": orders, **more}}


def of_shopee(field: str, rows: int = 0, **more: Any) -> Any:
    row = {"return_sn": "R1", "order_sn": "A1", "status": "REQUESTED"}
    return {"error": "", "message": "", "request_id": "1", "response": {field: [row] * rows, **more}}


@pytest.mark.parametrize(
    ("platform", "operation", "asked", "body", "hidden"),
    [
        ("lazada", "/orders/get", {**LAZADA_ORDERS, "offset": "0"}, of_lazada(7), True),
        ("lazada", "/orders/get", {**LAZADA_ORDERS, "offset": "100"}, of_lazada(101), True),
        ("lazada", "/orders/get", {**LAZADA_ORDERS, "offset": "100"}, of_lazada(100), False),
        ("lazada", "/orders/get", {}, of_lazada(0), False),
        ("lazada", "/orders/get", {**LAZADA_ORDERS, "offset": "0"}, of_lazada(7, rows=7), False),
        (
            "lazada",
            "/reverse/getreverseordersforseller",
            {"page_no": "2", "page_size": "50"},
            {
                "code": "0",
                "request_id": "1",
                "result": {"total": 60, "page_no": 2, "page_size": 50, "items": [], "success": True},
            },
            True,
        ),
        (
            "lazada",
            "/reverse/getreverseordersforseller",
            {"page_no": "2", "page_size": "50"},
            {
                "code": "0",
                "request_id": "1",
                "result": {"total": 50, "page_no": 2, "page_size": 50, "items": [], "success": True},
            },
            False,
        ),
        ("douyin", "order.searchList", {"page": "0", "size": "100"}, of_douyin(total=3), True),
        ("douyin", "order.searchList", {"page": "1", "size": "100"}, of_douyin(total=101), True),
        ("douyin", "order.searchList", {"page": "1", "size": "100"}, of_douyin(total=100), False),
        ("douyin", "order.searchList", {"page": "0", "size": "100"}, of_douyin(total=0), False),
        ("douyin", "order.searchList", {}, of_douyin(), False),
        ("douyin", "order.searchList", {"page": "0", "size": "100"}, of_douyin(total=2, rows=2), False),
        (
            "douyin",
            "afterSale.List",
            {"page": "1", "size": "100"},
            {"code": 10000, "log_id": "1", "data": {"items": [], "has_more": True}},
            True,
        ),
        ("shopee", "returns.get_return_list", {"page_no": "1", "page_size": "50"}, of_shopee("return", more=True), True),
        ("shopee", "returns.get_return_list", {"page_no": "1", "page_size": "50"}, of_shopee("return", more=False), False),
        ("shopee", "returns.get_return_list", {"page_no": "1", "page_size": "50"}, of_shopee("return", 2, more=True), False),
        ("shopee", "order.get_order_list", {"cursor": "50"}, of_shopee("order_list", more=True, next_cursor="100"), False),
        ("shopee", "order.get_order_list", {}, of_shopee("order_list", more=False, next_cursor=""), False),
        (
            "shopee",
            "account_health.get_penalty_point_history",
            {"page_no": "2", "page_size": "10"},
            of_shopee("penalty_point_list", total_count=11),
            True,
        ),
        (
            "shopee",
            "account_health.get_penalty_point_history",
            {"page_no": "2", "page_size": "10"},
            of_shopee("penalty_point_list", total_count=10),
            False,
        ),
        (
            "tiktok_shop",
            "getOrderList",
            {},
            {"code": 0, "message": "", "request_id": "1", "data": {"orders": [], "next_page_token": "t", "total_count": 9}},
            False,
        ),
    ],
)
def test_a_page_that_hides_its_rows_says_nothing(
    platform: str, operation: str, asked: Mapping[str, str], body: Any, hidden: bool
) -> None:
    parsed = connector_for(platform).operation(operation).parse(json.dumps(body).encode(), asked)
    assert parsed.unreadable is hidden, parsed.problems
    assert not (hidden and parsed.next_page)
    assert [problem.message for problem in parsed.problems if "rows are said" in problem.message] or not hidden


@pytest.mark.parametrize(
    ("platform", "operation", "asked", "body", "token"),
    [
        ("shopee", "order.get_order_list", {"cursor": "50"}, of_shopee("order_list", 1, more=True, next_cursor="50"), "50"),
        ("shopee", "order.get_order_list", {"cursor": "50"}, of_shopee("order_list", 1, next_cursor="50"), None),
        ("shopee", "order.get_order_list", {"cursor": "50"}, of_shopee("order_list", 1, more=False, next_cursor="50"), None),
        ("shopee", "product.get_comment", {"cursor": "50"}, of_shopee("item_comment_list", 1, more=True, next_cursor="50"), None),
        (
            "tiktok_shop",
            "getOrderList",
            {},
            {"code": 0, "message": "", "request_id": "1", "data": {"orders": [], "next_page_token": "t"}},
            "t",
        ),
        (
            "douyin",
            "order.getShopAccountItem",
            {},
            {
                "code": 10000,
                "log_id": "1",
                "data": {
                    "code": 100000,
                    "data": [],
                    "is_end": 0,
                    "next_start_index": "5",
                    "next_start_time": "2026-11-02 00:00:00",
                },
            },
            "5|2026-11-02 00:00:00",
        ),
    ],
)
def test_a_token_is_handed_on_as_long_as_more_are_said_to_follow(
    platform: str, operation: str, asked: Mapping[str, str], body: Any, token: str | None
) -> None:
    """That it repeats is seen, and said, by whoever follows it."""
    assert connector_for(platform).operation(operation).parse(json.dumps(body).encode(), asked).next_page == token


def test_a_list_that_comes_as_an_object_is_one_row_or_nothing() -> None:
    """The reference of Shopee says `object` where it means a list of one."""
    parse = connector_for("shopee").operation("order.get_order_detail").parse
    order = {"order_sn": "A1", "order_status": "UNPAID"}
    one = parse(json.dumps({"error": "", "response": {"order_list": order}}).encode(), {})
    assert ([record.platform_id for record in one.records], one.unreadable) == (["A1"], False)
    two = {"0": order, "1": {**order, "order_sn": "A2"}}
    many = parse(json.dumps({"error": "", "response": {"order_list": two}}).encode(), {})
    assert (many.records, many.unreadable) == ([], True)
