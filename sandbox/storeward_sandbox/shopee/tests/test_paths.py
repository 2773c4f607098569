"""Whole stories over HTTP, as an app lives them: an order from basket to money, a return, a bad month, a lost day."""

import json
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.shopee.order_view import OPTIONAL
from storeward_sandbox.shopee.orders import Plan, parcels
from storeward_sandbox.shopee.returns import RETURN_AND_REFUND, open_return
from storeward_sandbox.shopee.tests.support import START, Json, Running, problems, running


def said(world: Running, operation: str, **asked: Any) -> Any:
    """The payload of a call over HTTP, held against its description."""
    answer = world.ask(operation, **asked)
    assert problems(operation, answer) == [], operation
    return answer.get("response", answer)


def detail(world: Running, sn: str) -> Json:
    query = {"order_sn_list": sn, "response_optional_fields": list(OPTIONAL)}
    return dict(said(world, "order.get_order_detail", query=query)["order_list"][0])


def advance(world: Running, seconds: int) -> None:
    world.control("/clock", {"advance": f"{seconds}s"})
    world.renew()


def bought(world: Running) -> str:
    """A buyer orders and pays; the number of the order."""
    found: list[str] = world.control("/orders", {"store": world.stores[0]["id"], "count": 1})["orders"]
    return found[0]


def planned(world: Running, sn: str, *, completes: int = HOUR) -> None:
    """Carrier and buyer will do their part, which nobody plans for orders that are placed by hand."""
    order = world.shop(world.stores[0]).orders[sn]
    order.plan = Plan(pays=0, arranges=None, scans=HOUR, delivers=HOUR, completes=completes)
    order.channel = world.shop(world.stores[0]).market.channels[0]
    for package in parcels(world.shop(world.stores[0]), order):
        package.channel_id = order.channel.id


def carried(world: Running, sn: str, *, until: str) -> None:
    """Let hours pass until the order has come so far."""
    order = world.shop(world.stores[0]).orders[sn]
    for _ in range(60):
        if order.status == until:
            return
        advance(world, HOUR)
    raise AssertionError(f"the order stays {order.status}")


def shipped(world: Running, sn: str) -> None:
    """As an app ships: ask what is needed, choose, ship, and wait."""
    query = {"order_sn": sn}
    offer = said(world, "logistics.get_shipping_parameter", query=query)
    place = offer["pickup"]["address_list"][0]
    way = {"pickup": {"address_id": place["address_id"], "pickup_time_id": place["time_slot_list"][0]["pickup_time_id"]}}
    said(world, "logistics.ship_order", body={"order_sn": sn, **way})
    advance(world, 5)


@pytest.fixture
def world() -> Any:
    with running(stores=1, seed=17) as found:
        found.control("/people", {"seller": False, "buyers": False})
        yield found


def test_an_order_from_basket_to_money(world: Running) -> None:
    sn = bought(world)
    assert detail(world, sn)["order_status"] == "READY_TO_SHIP"
    planned(world, sn)
    shipped(world, sn)
    assert detail(world, sn)["order_status"] == "PROCESSED"
    carried(world, sn, until="COMPLETED")
    advance(world, HOUR)
    row = detail(world, sn)
    assert (row["order_status"], row["package_list"][0]["logistics_status"]) == ("COMPLETED", "LOGISTICS_DELIVERY_DONE")
    now = world.shop(world.stores[0]).now
    window = {"release_time_from": now - DAY, "release_time_to": now}
    released = {
        one["order_sn"]: one["payout_amount"] for one in said(world, "payment.get_escrow_list", query=window)["escrow_list"]
    }
    income = said(world, "payment.get_escrow_detail", query={"order_sn": sn})["order_income"]
    assert released[sn] == income["escrow_amount"]
    wallet = said(world, "payment.get_wallet_transaction_list", query={"page_no": 0, "page_size": 40})["transaction_list"]
    assert [one["amount"] for one in wallet if one["order_sn"] == sn] == [released[sn]]


def test_a_label_over_http(world: Running) -> None:
    sn = bought(world)
    planned(world, sn)
    shipped(world, sn)
    number = said(world, "logistics.get_tracking_number", query={"order_sn": sn})["tracking_number"]
    rows = {"order_list": [{"order_sn": sn, "tracking_number": number}]}
    said(world, "logistics.create_shipping_document", body=rows)
    advance(world, 5)
    path = "/api/v2/logistics/download_shipping_document"
    answer = world.send("POST", path, body={"order_list": [{"order_sn": sn}]})
    assert answer.headers["content-type"] == "application/pdf"
    assert number in PdfReader(BytesIO(answer.content)).pages[0].extract_text()


def test_a_return_from_request_to_refund(world: Running) -> None:
    sn = bought(world)
    planned(world, sn, completes=6 * DAY)
    shipped(world, sn)
    carried(world, sn, until="TO_CONFIRM_RECEIVE")
    one = asked_back(world, sn)
    row = said(world, "returns.get_return_detail", query={"return_sn": one})
    assert (row["status"], row["order_sn"]) == ("REQUESTED", sn)
    assert detail(world, sn)["order_status"] == "TO_RETURN"
    said(world, "returns.confirm", body={"return_sn": one})
    row = said(world, "returns.get_return_detail", query={"return_sn": one})
    assert row["status"] == "ACCEPTED"
    assert detail(world, sn)["order_status"] == "COMPLETED"
    income = said(world, "payment.get_escrow_detail", query={"order_sn": sn})
    assert income["return_order_sn_list"] == [one]
    assert Decimal(str(income["order_income"]["seller_return_refund"])) == -Decimal(str(row["refund_amount"]))


def asked_back(world: Running, sn: str) -> str:
    """The buyer of the order wants the money back."""
    shop = world.shop(world.stores[0])
    return open_return(shop, shop.orders[sn], reason="PHYSICAL_DMG", solution=RETURN_AND_REFUND).sn


def test_a_month_without_anybody_costs_orders_points_and_the_right_to_sell() -> None:
    with running(stores=1, seed=17) as world:
        store = world.stores[0]
        world.control("/people", {"seller": False, "buyers": False})
        for _week in range(6):
            world.control("/orders", {"store": store["id"], "count": 8})
            world.control("/clock", {"advance": "7d"})
        world.renew()
        shop = world.shop(store)
        points = said(world, "account_health.get_penalty_point_history", query={"page_size": 100})
        assert points["total_count"] >= 6
        assert {row["violation_type"] for row in points["penalty_point_list"]} >= {5, 6}
        running_now = said(world, "account_health.get_punishment_history", query={"punishment_status": 1, "page_size": 100})
        assert running_now["total_count"] >= 1
        health = said(world, "account_health.get_shop_performance")
        assert health["overall_performance"]["rating"] <= 2
        assert health["overall_performance"]["fulfillment_failed"] >= 1
        cancelled = [order for order in shop.orders.values() if order.cancel_reason == "Seller did not Ship"]
        assert len(cancelled) >= 40
        truth = world.control("/truth")["platforms"]["shopee"]["stores"][store["id"]]
        assert truth["orders_by_status"]["CANCELLED"] >= 40
        assert world.control("/details")["platforms"]["shopee"]["stores"][store["id"]]["penalty"]["tier"] >= 1


def test_a_token_that_ends_in_the_middle_of_paging(world: Running) -> None:
    store = world.stores[0]
    now = START
    query = {"time_range_field": "create_time", "time_from": now - 15 * DAY, "time_to": now, "page_size": 5}
    first = said(world, "order.get_order_list", query=query)
    assert first["more"]
    world.control("/authorizations", {"store": store["id"], "do": "expire_access"})
    assert world.refusal("order.get_order_list", query={**query, "cursor": first["next_cursor"]}) == (
        403,
        "invalid_acceess_token",
    )
    body = {"refresh_token": store["refresh_token"], "shop_id": int(store["id"]), "partner_id": int(world.app["partner_id"])}
    renewed = world.send("POST", "/api/v2/auth/access_token/get", level="public", body=body).json()
    store["access_token"] = renewed["access_token"]
    second = said(world, "order.get_order_list", store=store, query={**query, "cursor": first["next_cursor"]})
    assert not {row["order_sn"] for row in first["order_list"]} & {row["order_sn"] for row in second["order_list"]}


def test_big_numbers_arrive_as_they_are(world: Running) -> None:
    answer = world.send("GET", "/api/v2/sellerchat/get_conversation_list", query={"direction": "latest", "type": "all"})
    row = json.loads(answer.text)["response"]["conversations"][0]
    assert row["last_message_timestamp"] > 2**53
    assert str(row["last_message_timestamp"]) in answer.text
    assert "e+" not in answer.text.lower()
