"""Carriers, address book, warehouses, and the tracks of parcels."""

from dataclasses import replace
from typing import Any

import pytest

from storeward_sandbox.clock import HOUR
from storeward_sandbox.douyin.buying import carrier_for, waybill
from storeward_sandbox.douyin.errors import ApiError
from storeward_sandbox.douyin.orders import Order, ship
from storeward_sandbox.douyin.places import CARRIERS, Carrier, Places, carrier_of
from storeward_sandbox.douyin.shipping import WAYBILL
from storeward_sandbox.douyin.shop import Shop
from storeward_sandbox.douyin.tests.support import QUIET, Json, ask, bare_shop, buy, checked, go, shop_to_read

PLAN = replace(QUIET, collected=HOUR, delivered=10 * HOUR)


@pytest.fixture
def shop() -> Shop:
    return bare_shop()


def refusal(shop: Shop, method: str, **params: Any) -> str:
    with pytest.raises(ApiError) as refused:
        ask(shop, method, **params)
    return f"{refused.value.code} {refused.value.sub_code}"


def sent(shop: Shop, number: str = "YD1234567890") -> Order:
    order = buy(shop, PLAN)
    ship(shop, [order], [(line, line.count) for line in order.lines], carrier_code="yunda", tracking_no=number)
    return order


# --- carriers ---------------------------------------------------------------------------------------------------------


def test_carriers_are_a_bare_list() -> None:
    rows = checked(shop_to_read(), "order.logisticsCompanyList")
    assert [row["code"] for row in rows] == [carrier.code for carrier in CARRIERS]
    assert len({row["id"] for row in rows}) == len(rows)


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda one: one.code)
def test_a_carrier_is_found_by_its_code(carrier: Carrier) -> None:
    assert carrier_of(carrier.code) is carrier
    assert carrier_of(carrier.name) is None


def test_waybills_have_their_carrier_s_form(shop: Shop) -> None:
    seen = set()
    for _ in range(200):
        carrier = carrier_for(shop)
        number = waybill(shop, carrier)
        assert WAYBILL.fullmatch(number)
        assert number.startswith(carrier.letters)
        assert len(number) == 2 + carrier.digits
        seen.add(number)
    assert len(seen) == 200


# --- places -----------------------------------------------------------------------------------------------------------


def test_the_address_book_has_one_for_sending_and_one_for_returns(shop: Shop) -> None:
    found = checked(shop, "address.list", page_size=10, page_no=1, order_by="", order_field="")
    assert [(row["is_send_default"], row["is_default"]) for row in found["address_list"]] == [(1, 0), (0, 1)]
    assert all(isinstance(row["create_time"], str) for row in found["address_list"])
    assert shop.part(Places).for_returns.name == found["address_list"][1]["reciever_name"]


@pytest.mark.parametrize(("page", "size", "count"), [(1, 1, 1), (2, 1, 1), (3, 1, 0), (1, 10, 2)])
def test_the_address_book_has_pages_from_one(shop: Shop, page: int, size: int, count: int) -> None:
    found = checked(shop, "address.list", page_size=size, page_no=page, order_by="", order_field="")
    assert (len(found["address_list"]), found["total"], found["page_no"], found["page_size"]) == (count, 2, page, size)


def warehouses(shop: Shop, **params: Any) -> Json:
    found: Json = checked(shop, "warehouse.list", **{"page": 0, "size": 100, **params})
    return found


def test_warehouses_are_found_by_code_and_name(shop: Shop) -> None:
    codes = [place.code for place in shop.part(Places).warehouses]
    assert [row["out_warehouse_id"] for row in warehouses(shop)["warehouses"]] == codes
    assert [row["name"] for row in warehouses(shop, out_warehouse_id=codes[1])["warehouses"]] == ["华南仓"]
    assert warehouses(shop, out_warehouse_ids=codes)["total"] == 2
    assert warehouses(shop, warehouse_name="华东")["total"] == 1
    assert warehouses(shop, out_warehouse_id="x")["total"] == 0


def test_warehouses_have_pages_from_zero(shop: Shop) -> None:
    rows = [warehouses(shop, page=page, size=1)["warehouses"] for page in (0, 1, 2)]
    assert [len(row) for row in rows] == [1, 1, 0]
    assert rows[0] != rows[1]
    assert refusal(shop, "warehouse.list", page=0, size=101) == "40004 isv.parameter-invalid:1"
    assert refusal(shop, "warehouse.list", size=1) == "40002 isv.missing-parameter:1"


# --- tracks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "states"),
    [(0, []), (1, ["GOT"]), (6, ["GOT", "TRANSIT"]), (11, ["GOT", "TRANSIT", "SIGNED"]), (99, ["GOT", "TRANSIT", "SIGNED"])],
)
def test_a_track_grows_with_the_way(shop: Shop, hours: int, states: list[str]) -> None:
    sent(shop)
    go(shop, hours * HOUR)
    params = {"logistics_code": "yunda", "track_no": "YD1234567890"}
    found = checked(shop, "logistics.trackNoRouteDetail", **params)
    assert [node["state"] for node in found["route__node_list"]] == states
    assert all(node["timestamp"].isdigit() for node in found["route__node_list"])
    routes = checked(shop, "logistics.queryPackageRoute", express="yunda", track_no="YD1234567890")["track_routes"]
    assert [row["state"] for row in routes] == states
    assert all(isinstance(row["state_time"], int) for row in routes)


def test_an_unknown_parcel_is_refused(shop: Shop) -> None:
    sent(shop)
    for carrier, number in (("shunfeng", "YD1234567890"), ("yunda", "YD1")):
        told_by = refusal(shop, "logistics.trackNoRouteDetail", logistics_code=carrier, track_no=number)
        assert told_by == "50002 isv.business-failed:60011"
    assert refusal(shop, "logistics.trackNoRouteDetail", track_no="x") == "40002 isv.missing-parameter:1"
    assert refusal(shop, "logistics.queryPackageRoute", express="yunda", track_no="YD1234567890", receiver="me").startswith(
        "40002"
    )


@pytest.mark.parametrize(("hours", "state"), [(0, 0), (1, 1), (6, 2), (11, 3)])
def test_an_order_says_how_far_its_parcels_have_come(shop: Shop, hours: int, state: int) -> None:
    order = sent(shop)
    go(shop, hours * HOUR)
    assert checked(shop, "order.queryOrderLogistics", order_id=order.id)["track_state"] == state
    assert ask(shop, "order.queryOrderPackageInfo", order_id=order.id) == {}


@pytest.mark.parametrize("method", ["order.queryOrderLogistics", "order.queryOrderPackageInfo"])
def test_another_shop_s_parcels_are_not_told(shop: Shop, method: str) -> None:
    assert refusal(shop, method, order_id="1") == "50002 isv.business-failed:60101"
