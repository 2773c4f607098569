"""A walk through every operation, in several sites and states: each answer is what the platform describes."""

from typing import Any

import pytest

from storeward_sandbox.clock import DAY
from storeward_sandbox.lazada.catalogue import Catalogue
from storeward_sandbox.lazada.chat import Chat
from storeward_sandbox.lazada.orders import Order
from storeward_sandbox.lazada.registry import OPERATIONS
from storeward_sandbox.lazada.reverse import Reverses
from storeward_sandbox.lazada.reviews import Reviews
from storeward_sandbox.lazada.shop import Shop
from storeward_sandbox.lazada.tests.support import START, Running, answer_problems, checked, endpoints, shop_to_read

AUTH = {"/auth/token/create", "/auth/token/refresh"}
STORES = [
    ("SG", (), False),
    ("VN", ("returns",), False),
    ("ID", ("neglected",), False),
    ("TH", ("negative_balance",), True),
    ("MY", ("unanswered",), False),
    ("PH", ("late_orders",), True),
]


def stores() -> list[Shop]:
    return [shop_to_read(region, troubles, cross_border=abroad) for region, troubles, abroad in STORES]


def packed(shop: Shop) -> Order:
    return next(package.order for package in shop.packages.values() if package.trace)


def reads(shop: Shop) -> dict[str, dict[str, Any]]:
    """Parameters for every read operation of this store."""
    order = packed(shop)
    product = next(iter(shop.part(Catalogue).products.values()))
    reverse = next(iter(shop.part(Reverses).orders.values()))
    session = next(iter(shop.part(Chat).sessions.values()))
    review = next(iter(shop.part(Reviews).known.values()))
    now = shop.now * 1000
    return {
        "/seller/get": {},
        "/seller/metrics/get": {},
        "/seller/performance/get": {"language": "en-US"},
        "/seller/policy/fetch": {"locale": "en-US"},
        "/sellercenter/msg/list": {"page": 1, "pageSize": 5},
        "/rc/warehouse/get": {},
        "/rc/warehouse/detail/get": {},
        "/seller/warehouse/get": {"addressTypes": ["warehouse"]},
        "/shop/follow/status/batch/query": {"buyer_ids": [int(order.buyer.user_id)]},
        "/orders/get": {"created_after": "2026-11-01T00:00:00+08:00", "limit": 100},
        "/order/get": {"order_id": order.id},
        "/order/items/get": {"order_id": order.id},
        "/orders/items/get": {"order_ids": [int(one) for one in list(shop.orders)[:50]]},
        "/order/reverse/cancel/validate": {"order_id": order.id, "order_item_id_list": [order.lines[0].id]},
        "/order/document/get": {"doc_type": "shippingLabel", "order_item_ids": [int(order.lines[0].id)]},
        "/order/shipment/providers/get": {"getShipmentProvidersReq": {"orders": [{"order_id": order.id}]}},
        "/order/package/document/get": {
            "getDocumentReq": {"doc_type": "PDF", "packages": [{"package_id": order.lines[0].package_id}]}
        },
        "/logistic/order/trace": {"order_id": order.id},
        "/products/get": {"filter": "all", "limit": 50},
        "/product/item/get": {"item_id": product.id},
        "/product/qc/alert/list": {"offset": 1, "limit": 10},
        "/product/seller/item/limit": {},
        "/finance/payout/status/get": {"created_after": "2026-10-01"},
        "/finance/transaction/details/get": {"start_time": "2026-10-01", "end_time": "2026-11-18", "limit": 500},
        "/finance/transaction/accountTransactions/query": {
            "start_time": "20261001", "end_time": "20261118", "page_num": 1, "page_size": 50,
        },
        "/lbs/slb/queryLogisticsFeeDetail": {"seller_id": shop.id, "request_type": "OPEN_API"},
        "/reverse/getreverseordersforseller": {"page_no": 1, "page_size": 50},
        "/order/reverse/return/detail/list": {"reverse_order_id": reverse.id},
        "/order/reverse/return/history/list": {"reverse_order_line_id": reverse.lines[0].id},
        "/order/reverse/reason/list": {"reverse_order_line_id": reverse.lines[0].id},
        "/im/session/list": {"start_time": now, "page_size": 20},
        "/im/session/get": {"session_id": session.id},
        "/im/message/list": {"session_id": session.id, "start_time": now, "page_size": 20},
        "/review/seller/history/list": {
            "item_id": review.line.product.id, "start_time": now - 7 * DAY * 1000, "end_time": now, "current": 1,
        },
        "/review/seller/list/v2": {"id_list": [int(review.id)]},
    }  # fmt: skip


def test_every_described_call_is_answered_and_no_other() -> None:
    assert set(OPERATIONS) == set(endpoints()) - AUTH


def test_methods_are_the_documented_ones() -> None:
    for path, known in OPERATIONS.items():
        assert set(known.methods) == set(endpoints()[path]["methods_documented"]), path


def test_every_read_is_walked() -> None:
    described = {path for path, one in endpoints().items() if one["kind"] == "read"}
    assert set(reads(stores()[0])) == described


@pytest.mark.parametrize("index", range(len(STORES)), ids=[region for region, _troubles, _abroad in STORES])
def test_every_read_answers_as_described(index: int) -> None:
    shop = stores()[index]
    for path, params in reads(shop).items():
        checked(shop, path, **params)


def test_required_parameters_are_asked_for(world: Running) -> None:
    for path, described in endpoints().items():
        required = [param["name"] for param in described["params"] if param["required"] and param["type"] != "binary"]
        if required and path not in AUTH:
            answer = world.send(path, {}).json()
            assert answer["code"] == "MissingParameter", path
            assert any(name in answer["message"] for name in required), path


def test_the_checker_of_answers_sees_what_is_wrong() -> None:
    page: dict[str, Any] = {"count": 1, "countTotal": 1, "orders": []}

    def problems(data: dict[str, Any]) -> list[str]:
        return answer_problems("/orders/get", {"data": data, "code": "0", "request_id": "1"})

    assert problems(page) == []
    assert problems({**page, "total": 1}) == ["data.total is not described"]
    assert problems({**page, "count": "1"}) == ["data.count is str, not integer"]


def test_a_store_has_from_the_start_what_the_contract_names() -> None:
    for shop in stores():
        recent = [order for order in shop.orders.values() if shop.now - order.created <= 14 * DAY]
        assert len(recent) >= 12
        assert {"unpaid", "pending", "packed", "ready_to_ship", "shipped", "delivered", "confirmed"} <= {
            line.status for order in shop.orders.values() for line in order.lines
        } | {"packed"}
        products = shop.part(Catalogue).products.values()
        assert any(product.axes for product in products)
        assert any(not product.axes for product in products)
        assert checked(shop, "/finance/payout/status/get", created_after="2026-10-01T00:00:00+08:00")
        assert shop.part(Reviews).known
        assert shop.part(Chat).sessions
        indicators = checked(shop, "/seller/performance/get")["indicators"]
        assert sum(one["score"] is not None for one in indicators) >= 3
        assert shop.now == START
