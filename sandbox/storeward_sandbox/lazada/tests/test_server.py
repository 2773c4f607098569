"""The door: checks in the gateway's order, every way of sending parameters, faults, budgets, switches."""

import json
from collections.abc import Iterator

import pytest

from storeward_sandbox.clock import machine_now
from storeward_sandbox.lazada.tests.support import Json, Running, running

WEEK = {"created_after": "2026-11-01T00:00:00+08:00"}


@pytest.fixture(scope="module")
def own() -> Iterator[Running]:
    """A sandbox whose faults and switches may be touched."""
    with running(stores=6, seed=5, rate_limit=1000) as found:
        yield found


def spoil(**members: str | None) -> Json:
    def change(params: dict[str, str]) -> None:
        for name, value in members.items():
            if value is None:
                params.pop(name, None)
            else:
                params[name] = value

    return {"change": change}


@pytest.mark.parametrize("name", ["app_key", "timestamp", "sign_method", "sign"])
def test_a_common_parameter_must_be_there(world: Running, name: str) -> None:
    answer = world.send("/orders/get", WEEK, **spoil(**{name: None})).json()
    assert (answer["code"], answer["type"]) == ("MissingParameter", "ISV")
    assert name in answer["message"]


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("app_key", "999999", "InvalidAppKey"),
        ("timestamp", "1517820392000", "IllegalTimestamp"),
        ("timestamp", "yesterday", "IllegalTimestamp"),
        ("sign", "0" * 64, "IncompleteSignature"),
        ("sign_method", "hmac", "IncompleteSignature"),
        ("limit", "7", "IncompleteSignature"),
        ("access_token", "nobody's", "IncompleteSignature"),
    ],
)
def test_what_was_changed_after_signing_is_found_in_the_gateways_order(
    world: Running, member: str, value: str, code: str
) -> None:
    assert world.code("/orders/get", {**WEEK, "limit": 5}, **spoil(**{member: value})) == code


def test_a_refusal_is_an_answer_with_status_200(world: Running) -> None:
    answer = world.send("/orders/get", WEEK, token="nobody's")
    assert answer.status_code == 200
    assert answer.json()["code"] == "IllegalAccessToken"
    assert set(answer.json()) == {"type", "code", "message", "request_id"}


def test_an_unknown_path_is_refused(world: Running) -> None:
    assert world.code("/order/pack", {}) == "InvalidApiPath"


def test_a_path_signed_with_its_prefix_is_refused(world: Running) -> None:
    params = world.signed("/rest/orders/get", WEEK, world.stores[0]["access_token"])
    assert world.http.get(world.app["base_url"] + "/orders/get", params=params).json()["code"] == "IncompleteSignature"


def test_timestamps_may_be_utc_text_or_two_hours_off(world: Running) -> None:
    for stamp, code in ((f"{int(machine_now() - 7000)}123", "0"), (f"{int(machine_now() + 7300)}000", "IllegalTimestamp")):
        token = world.stores[0]["access_token"]
        whole = world.signed("/seller/get", {"timestamp": stamp}, token)
        assert world.http.get(world.app["base_url"] + "/seller/get", params=whole).json()["code"] in (code, "InvalidApiPath")


def ways(world: Running) -> Iterator[Json]:
    """The ways in which clients send `/order/invoice_number/set`."""
    url = world.app["base_url"] + "/order/invoice_number/set"
    line = line_of(world)
    for number, way in enumerate(("body", "query", "split form", "split json", "all query and json body")):
        business = {"order_item_id": line, "invoice_number": f"INV {number} ü+&"}
        whole = world.signed("/order/invoice_number/set", business, world.stores[0]["access_token"])
        common = {name: value for name, value in whole.items() if name not in business}
        rest = {name: whole[name] for name in business}
        how: dict[str, Json] = {
            "body": {"data": whole},
            "query": {"params": whole},
            "split form": {"params": common, "data": rest},
            "split json": {"params": common, "json": rest},
            "all query and json body": {"params": whole, "json": business},
        }
        yield {"url": url, **how[way]}


def line_of(world: Running) -> int:
    orders = world.ask("/orders/get", {**WEEK, "limit": 1})["orders"]
    return int(world.ask("/order/items/get", {"order_id": orders[0]["order_id"]})[0]["order_item_id"])


def test_every_way_of_sending_parameters_is_understood(world: Running) -> None:
    for number, way in enumerate(ways(world)):
        answer = world.http.post(**way).json()
        assert answer["code"] == "0", (way, answer)
        assert answer["data"]["invoice_number"] == f"INV {number} ü+&"


def test_empty_values_are_good_signed_or_not(world: Running) -> None:
    for with_empty in (True, False):
        token = world.stores[0]["access_token"]
        whole = world.signed("/orders/get", {**WEEK, **({"status": ""} if with_empty else {})}, token)
        answer = world.http.get(world.app["base_url"] + "/orders/get", params={**whole, "status": ""}).json()
        assert answer["code"] == "0"


@pytest.mark.parametrize("body", [b"[1]", b"{", b"\xff"])
def test_a_body_that_cannot_be_read_is_refused(world: Running, body: bytes) -> None:
    url = world.app["base_url"] + "/order/fulfill/pack"
    answer = world.http.post(url, content=body, headers={"content-type": "application/json"})
    assert answer.json()["code"] == "5"


def test_a_token_is_good_on_its_own_site_only(world: Running) -> None:
    store = world.stores[0]
    for region, base in world.app["gateways"].items():
        expected = "0" if region == store["region"] else "IllegalAccessToken"
        assert world.code("/orders/get", WEEK, base=base) == expected


def test_calls_beyond_the_budget_are_refused_and_counted() -> None:
    with running(stores=1, rate_limit=3) as world:
        world.platform.rate.ticks = lambda: 1e9  # all within one second, however slow the machine
        codes = [world.code("/orders/get", WEEK) for _ in range(6)]
        assert codes[:3] == ["0"] * 3
        assert codes[-1] == "ApiCallLimit"
        rate = world.control("/stats")["platforms"]["lazada"]["rate"]
        assert rate["exceeded"] == codes.count("ApiCallLimit")
        assert rate["calls_by_operation"] == {"/orders/get": 6}
        answer = world.send("/orders/get", WEEK).json()
        assert "ban will last" in answer["message"]


def test_methods_that_are_not_documented_are_counted(own: Running) -> None:
    assert own.code("/orders/get", WEEK, method="POST") == "0"
    assert own.control("/stats")["platforms"]["lazada"]["undocumented_methods"] == {"POST /orders/get": 1}
    own.control("/stats/reset", {})
    assert own.control("/stats")["platforms"]["lazada"]["undocumented_methods"] == {}


@pytest.mark.parametrize(
    ("fault", "code", "status"),
    [
        ("throttle", "ApiCallLimit", 200),
        ("server_error", "15", 500),
        ("token_expired", "IllegalAccessToken", 200),
        ("revoked", "IllegalAccessToken", 200),
    ],
)
def test_faults_speak_the_platforms_words(own: Running, fault: str, code: str, status: int) -> None:
    own.control("/faults", {"name": fault, "on": True, "platform": "lazada"})
    try:
        answer = own.send("/orders/get", WEEK)
        assert (answer.json()["code"], answer.status_code) == (code, status)
        truth = own.control("/truth")["platforms"]["lazada"]["stores"]
        assert not any(store["reachable"] for store in truth.values())
    finally:
        own.control("/faults", {"name": fault, "on": False})
    assert own.code("/orders/get", WEEK) == "0"


def test_a_small_skew_goes_unnoticed_and_a_large_one_does_not(own: Running) -> None:
    for seconds, code in ((600, "0"), (8000, "IllegalTimestamp")):
        own.control("/faults", {"name": "clock_skew", "on": True, "seconds": seconds})
        assert own.code("/orders/get", WEEK) == code
    own.control("/faults", {"name": "clock_skew", "on": False})


def test_truncated_and_garbled_answers_are_no_json(own: Running) -> None:
    for fault in ("truncated", "garbage"):
        own.control("/faults", {"name": fault, "on": True})
        with pytest.raises(json.JSONDecodeError):
            own.send("/orders/get", WEEK).json()
        own.control("/faults", {"name": fault, "on": False})


def test_a_fault_may_hit_one_store(own: Running) -> None:
    first, second = own.stores[:2]
    own.control("/faults", {"name": "throttle", "on": True, "stores": [first["id"]]})
    assert own.code("/orders/get", WEEK, store=first) == "SellerCallLimit"
    assert own.code("/orders/get", WEEK, store=second) == "0"
    own.control("/faults", {"name": "throttle", "on": False})


def switch(world: Running, **wish: object) -> Json:
    answer = world.http.post(f"{world.address}/sandbox/switches", json=wish)
    assert answer.status_code == 200
    found: Json = answer.json()
    return found


def test_answers_can_be_all_text_as_the_documents_print_them(own: Running) -> None:
    switch(own, all_text=True)
    found = own.ask("/orders/get", {**WEEK, "limit": 1})
    switch(own, all_text=False)
    assert found["countTotal"].isdigit()
    assert found["orders"][0]["gift_option"] == "false"
    assert isinstance(own.ask("/orders/get", {**WEEK, "limit": 1})["countTotal"], int)


def test_a_call_can_be_closed_for_a_campaign(own: Running) -> None:
    assert switch(own, closed=["/orders/get"])["closed"] == ["/orders/get"]
    assert own.code("/orders/get", WEEK) == "998"
    switch(own, closed=[])
    assert own.code("/orders/get", WEEK) == "0"


def test_an_unknown_switch_is_refused(own: Running) -> None:
    assert own.http.post(f"{own.address}/sandbox/switches", json={"louder": True}).status_code == 400
