"""Every operation behind the real door: unsigned, unknown and foreign callers get nothing, and reads change nothing."""

from collections.abc import Iterator
from typing import Any

import pytest

from storeward_sandbox.clock import machine_now
from storeward_sandbox.shopee.registry import MERCHANT, OPERATIONS, PUBLIC, SHOP
from storeward_sandbox.shopee.signing import request_sign
from storeward_sandbox.shopee.tests.support import Json, Running, running

OF_SHOPS = sorted(name for name, one in OPERATIONS.items() if one.level == SHOP)
OF_ALL = sorted(name for name, one in OPERATIONS.items() if one.level == PUBLIC)
OF_MERCHANTS = sorted(name for name, one in OPERATIONS.items() if one.level == MERCHANT)


@pytest.fixture(scope="module")
def house() -> Iterator[Running]:
    with running(stores=3, seed=31, rate_limit=100_000) as found:
        yield found


def raw(house: Running, name: str, query: Json) -> tuple[int, str]:
    one = OPERATIONS[name]
    answer = house.http.request(one.methods[0], house.base_url + one.path, params=query)
    return answer.status_code, answer.json()["error"]


def signed(house: Running, name: str, **query: Any) -> Json:
    """The query of a well signed call at the operation's level; `query` may name another token or subject."""
    one = OPERATIONS[name]
    known = {"partner_id": house.app["partner_id"], "timestamp": int(machine_now()), **query}
    subject = "" if one.level == PUBLIC else f"{one.level}_id"
    sign = request_sign(
        key=house.app["partner_key"],
        partner_id=known["partner_id"],
        path=one.path,
        timestamp=known["timestamp"],
        token=known.get("access_token", ""),
        subject=str(known.get(subject, "")),
    )
    return {**known, "sign": sign}


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_nobody_comes_in_unsigned(house: Running, name: str) -> None:
    assert raw(house, name, {}) == (403, "error_param")
    known = {"partner_id": house.app["partner_id"], "timestamp": int(machine_now())}
    assert raw(house, name, known) == (403, "error_param")
    level = OPERATIONS[name].level
    subject = {} if level == PUBLIC else {"access_token": "x", f"{level}_id": "1"}
    assert raw(house, name, {**known, **subject, "sign": "0" * 64}) == (403, "error_sign")


@pytest.mark.parametrize("name", OF_SHOPS)
def test_a_shops_call_needs_a_token_of_that_shop(house: Running, name: str) -> None:
    mine, other = house.stores[0], house.stores[1]
    unknown = signed(house, name, access_token="0" * 32, shop_id=mine["id"])
    assert raw(house, name, unknown) == (403, "invalid_acceess_token")
    foreign = signed(house, name, access_token=other["access_token"], shop_id=mine["id"])
    assert raw(house, name, foreign) == (403, "invalid_acceess_token")


@pytest.mark.parametrize("name", OF_SHOPS)
def test_a_public_signature_does_not_open_a_shops_call(house: Running, name: str) -> None:
    one = OPERATIONS[name]
    store = house.stores[0]
    stamp = int(machine_now())
    public = request_sign(
        key=house.app["partner_key"], partner_id=house.app["partner_id"], path=one.path, timestamp=stamp, token="", subject=""
    )
    query = {"partner_id": house.app["partner_id"], "timestamp": stamp, "sign": public}
    assert raw(house, name, {**query, "access_token": store["access_token"], "shop_id": store["id"]}) == (403, "error_sign")


@pytest.mark.parametrize("name", OF_MERCHANTS)
def test_a_merchants_call_does_not_take_a_shops_token(house: Running, name: str) -> None:
    store = house.stores[0]
    query = signed(house, name, access_token=store["access_token"], merchant_id="9")
    assert raw(house, name, query) == (403, "invalid_acceess_token")


@pytest.mark.parametrize("name", OF_ALL)
def test_a_public_call_is_answered_or_refused_by_its_own_rules(house: Running, name: str) -> None:
    status, error = raw(house, name, signed(house, name))
    assert status == 200
    assert error in ("", "error_param")


def test_a_refused_call_leaves_the_world_as_it_was(house: Running) -> None:
    before = house.control("/truth")
    for name in OF_SHOPS:
        raw(house, name, signed(house, name, access_token="0" * 32, shop_id=house.stores[0]["id"]))
    assert house.control("/truth") == before


@pytest.mark.parametrize("fault", ["throttle", "server_error", "token_expired", "revoked"])
def test_a_fault_stops_writes_before_they_are_done(house: Running, fault: str) -> None:
    store = house.stores[0]
    order = next(one for one in house.shop(store).orders.values() if one.status == "READY_TO_SHIP")
    house.control("/faults", {"name": fault, "on": True})
    one = OPERATIONS["order.set_note"]
    answer = house.send(one.methods[0], one.path, body={"order_sn": order.sn, "note": fault})
    house.control("/faults", {"name": fault, "on": False})
    assert answer.json()["error"]
    assert order.note == ""


@pytest.mark.parametrize("fault", ["truncated", "garbage"])
def test_a_spoilt_answer_is_to_a_write_that_was_done(house: Running, fault: str) -> None:
    store = house.stores[1]
    order = next(one for one in house.shop(store).orders.values() if one.status == "READY_TO_SHIP")
    house.control("/faults", {"name": fault, "on": True})
    one = OPERATIONS["order.set_note"]
    house.send(one.methods[0], one.path, store=store, body={"order_sn": order.sn, "note": fault})
    house.control("/faults", {"name": fault, "on": False})
    assert order.note == fault
    order.note = ""


def test_an_unanswered_write_was_done_too(house: Running) -> None:
    store = house.stores[2]
    order = next(one for one in house.shop(store).orders.values() if one.status == "READY_TO_SHIP")
    house.control("/faults", {"name": "timeout", "on": True, "seconds": 0.1})
    one = OPERATIONS["order.set_note"]
    with pytest.raises(Exception, match=r"disconnected|closed|reset"):
        house.send(one.methods[0], one.path, store=store, body={"order_sn": order.sn, "note": "timeout"})
    house.control("/faults", {"name": "timeout", "on": False})
    assert order.note == "timeout"


@pytest.mark.parametrize("skew", [200, 299])
def test_a_small_skew_keeps_nobody_out(house: Running, skew: int) -> None:
    house.control("/faults", {"name": "clock_skew", "on": True, "seconds": skew})
    answer = house.send("GET", "/api/v2/shop/get_shop_info")
    reachable = house.control("/truth")["platforms"]["shopee"]["stores"][house.stores[0]["id"]]["reachable"]
    house.control("/faults", {"name": "clock_skew", "on": False})
    assert (answer.json()["error"], reachable) == ("", True)
    assert answer.headers["date"]


@pytest.mark.parametrize("name", ["order.get_order_detail", "order.get_package_detail", "product.get_item_base_info"])
def test_an_internal_failure_looks_like_the_platforms(house: Running, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(call: Any) -> Any:
        raise RuntimeError(call.operation)

    one = OPERATIONS[name]
    monkeypatch.setattr(
        "storeward_sandbox.shopee.server.find", lambda method, path: one.__class__(**{**vars(one), "handler": broken})
    )
    answer = house.send(one.methods[0], one.path)
    assert (answer.status_code, answer.json()["error"]) == (500, "error_server")
