"""The door: what it checks, in which order, and what its answers look like."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, machine_now
from storeward_sandbox.douyin import errors
from storeward_sandbox.douyin.moments import text_time
from storeward_sandbox.douyin.server import Door
from storeward_sandbox.douyin.signing import HMAC, MD5, signed
from storeward_sandbox.douyin.tests.support import START, Json, Running, running

METHOD = "order.logisticsCompanyList"


@pytest.fixture(scope="module")
def world() -> Iterator[Running]:
    with running(stores=3, seed=3, rate_limit=4) as found:
        yield found


def refused(world: Running, method: str = METHOD, **asked: Any) -> str:
    answer = world.send(method, **asked)
    assert answer.status_code == 200
    body = answer.json()
    assert body["data"] is None
    return f"{body['code']} {body['sub_code']}"


def setting(**values: str) -> Any:
    """A change of the query after signing; "" takes a key out."""

    def change(query: dict[str, str]) -> None:
        query.update(values)
        for name in [name for name, value in values.items() if not value]:
            del query[name]

    return change


def test_an_answer_has_the_new_envelope(world: Running) -> None:
    body = world.send(METHOD).json()
    assert {name: body[name] for name in ("code", "msg", "sub_code", "sub_msg")} == {
        "code": 10000,
        "msg": "success",
        "sub_code": "",
        "sub_msg": "",
    }
    assert set(body) == {"code", "msg", "sub_code", "sub_msg", "log_id", "data"}
    assert len(body["log_id"]) == 34
    assert body["log_id"] != world.send(METHOD).json()["log_id"]


def test_without_the_header_the_old_fields_stand_beside_the_new_ones(world: Running) -> None:
    good = world.send(METHOD, headers={"x-open-no-old-err-code": "0"}).json()
    assert (good["err_no"], good["message"]) == (0, "success")
    bad = world.send("no.method", headers={"x-open-no-old-err-code": "0"}).json()
    assert (bad["err_no"], bad["message"]) == (70000, "API不存在或API已下线")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (setting(app_key=""), "40001 isv.app-id-missing"),
        (setting(app_key="1"), "40003 isv.app-id-invalid"),
        (setting(method=""), "40001 isv.parameter-missing"),
        (setting(method="order.searchList"), "40003 isv.parameter-format-invalid"),
        (setting(v="1"), "40003 isv.parameter-format-invalid"),
        (setting(sign_method="rsa"), "40003 isv.parameter-format-invalid"),
        (setting(timestamp=""), "40001 isv.parameter-missing"),
        (setting(timestamp="noon"), "40003 isv.timestamp-format-error"),
        (setting(timestamp="1"), "40003 isv.timestamp-invalid"),
        (setting(timestamp=str(int(machine_now()) + 86_400)), "40003 isv.timestamp-invalid"),
        (setting(sign=""), "40001 isv.signature-missing"),
        (setting(sign="0" * 64), "40003 isv.signature-invalid"),
        (setting(access_token=""), "40001 isv.access-token-missing"),
        (setting(access_token="x"), "40003 isv.access-token-no-existed"),
    ],
)
def test_what_is_wrong_with_a_request_is_named(world: Running, change: Any, told: str) -> None:
    assert refused(world, change=change) == told


def test_the_app_is_checked_before_the_clock_the_clock_before_the_sign_and_the_sign_before_the_token(world: Running) -> None:
    everything = {"app_key": "1", "timestamp": "1", "sign": "0", "access_token": "x"}
    told = [
        "40003 isv.app-id-invalid",
        "40003 isv.timestamp-invalid",
        "40003 isv.signature-invalid",
        "40003 isv.access-token-no-existed",
    ]
    for name, expected in zip(list(everything), told, strict=True):
        assert refused(world, change=setting(**everything)) == expected
        del everything[name]


def test_letter_case_of_a_method_matters(world: Running) -> None:
    assert refused(world, "order.searchlist") == "70000 isp.api-service-off"


def test_md5_is_taken_and_is_what_a_request_without_a_method_means(world: Running) -> None:
    query = world.query(METHOD, "{}", token=world.stores[0]["access_token"], sign_method=MD5)
    url = f"{world.base_url}/order/logisticsCompanyList"
    assert world.http.post(url, params=query, content=b"{}").json()["code"] == 10000
    del query["sign_method"]
    assert world.http.post(url, params=query, content=b"{}").json()["code"] == 10000


def signed_query(world: Running, text: str, stamp: str) -> dict[str, str]:
    fields = {"app_key": world.app["app_key"], "method": METHOD, "timestamp": stamp, "v": "2"}
    sign = signed(world.app["app_secret"], {**fields, "param_json": text}, HMAC)
    return {**fields, "sign_method": HMAC, "sign": sign, "access_token": world.stores[1]["access_token"]}


def test_a_time_stamp_as_text_is_in_china_s_zone(world: Running) -> None:
    url = f"{world.base_url}/order/logisticsCompanyList"
    query = signed_query(world, "{}", text_time(int(machine_now())))
    assert world.http.post(url, params=query, content=b"{}").json()["code"] == 10000


def test_parameters_may_come_in_the_query_or_in_a_form(world: Running) -> None:
    url, stamp = f"{world.base_url}/order/logisticsCompanyList", str(int(machine_now()))
    query = signed_query(world, '{"a":"ä"}', stamp)
    in_query = world.http.get(url, params={**query, "param_json": '{"a":"ä"}'})
    assert in_query.json()["code"] == 10000
    assert world.http.post(url, params=query, data={"param_json": '{"a":"ä"}'}).json()["code"] == 10000


@pytest.mark.parametrize("text", ["[]", "{", "7", '"x"'])
def test_parameters_that_are_no_object_are_refused(world: Running, text: str) -> None:
    url = f"{world.base_url}/order/logisticsCompanyList"
    answer = world.http.post(url, params=signed_query(world, text, str(int(machine_now()))), content=text.encode())
    assert answer.json()["sub_code"] == "isv.parameter-format-invalid"


def test_bytes_that_are_no_text_are_refused(world: Running) -> None:
    url = f"{world.base_url}/order/logisticsCompanyList"
    answer = world.http.post(url, params=signed_query(world, "{}", "1"), content=b"\xff\xfe")
    assert answer.json()["sub_code"] == "isv.parameter-format-invalid"


def test_a_strict_door_takes_canonical_parameters_only(world: Running) -> None:
    door = Door(world.platform, strict=True)
    with pytest.raises(errors.ApiError) as refusal:
        door._check_sign(_Asked(signed_query(world, '{"b":1, "a":2}', "5")), '{"b":1, "a":2}')  # type: ignore[arg-type]
    assert refusal.value.sub_code == "isv.signature-invalid"
    door._check_sign(_Asked(signed_query(world, '{"a":2,"b":1}', "5")), '{"a":2,"b":1}')  # type: ignore[arg-type]


class _Asked:
    """As much of a request as the check of its sign looks at."""

    def __init__(self, query: dict[str, str]) -> None:
        self.query = query


def test_the_content_type_does_not_matter(world: Running) -> None:
    assert world.send(METHOD, headers={"content-type": "Content-Type: application/json"}).json()["code"] == 10000


def test_an_app_without_the_package_may_not_call(world: Running) -> None:
    app = world.platform.app
    kept, app.packages = app.packages, ()
    try:
        assert refused(world, "order.searchList") == "30001 isv.app-permissions-insufficient"
    finally:
        app.packages = kept


@pytest.mark.parametrize("hidden", ["exp_ship_time", "sku_order_list", "mask_post_tel", "total"])
def test_an_app_of_another_category_gets_fewer_fields(world: Running, hidden: str) -> None:
    span = {"page": 0, "size": 5, "create_time_start": START - 20 * DAY, "create_time_end": START}
    app = world.platform.app
    whole = json.dumps(world.ask("order.searchList", span))
    app.hidden = frozenset({hidden})
    try:
        less = json.dumps(world.ask("order.searchList", span))
    finally:
        app.hidden = frozenset()
    assert f'"{hidden}"' in whole
    assert f'"{hidden}"' not in less
    assert '"order_status"' in less


@pytest.fixture
def one_second(world: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything in the test happens within one second, however slow the machine."""
    monkeypatch.setattr(world.platform.rate, "ticks", lambda: 1e9)


def test_a_budget_that_is_overdrawn_is_refused_and_counted(world: Running, one_second: None) -> None:
    world.control("/stats/reset", {})
    told = [world.send("order.orderDetail", {"shop_order_id": "1"}).json()["code"] for _ in range(10)]
    assert set(told) == {50002}  # 900 calls a second are free
    told = [world.send("order.addOrderRemark", {"order_id": "1"}).json()["code"] for _ in range(8)]
    assert told == [50002] * 4 + [60000] * 4
    rate = world.control("/stats")["platforms"]["douyin"]["rate"]
    assert rate["exceeded"] == told.count(60000)
    assert [row["operation"] for row in rate["exceeded_by"]] == ["order.addOrderRemark"]


def test_shops_share_the_documented_budgets_only(world: Running, one_second: None, monkeypatch: pytest.MonkeyPatch) -> None:
    world.control("/stats/reset", {})
    first, second = world.stores[0], world.stores[1]
    told = [world.send("order.addOrderRemark", {"order_id": "1"}, store=one).json()["code"] for one in (first, second) * 4]
    assert told.count(60000) == 0
    monkeypatch.setattr(world.platform.rate, "per_operation", {"order.orderDetail": 5})
    told = [world.send("order.orderDetail", {"shop_order_id": "1"}, store=one).json()["code"] for one in (first, second) * 4]
    assert told == [50002] * 5 + [60000] * 3
    exceeded = world.control("/stats")["platforms"]["douyin"]["rate"]["exceeded_by"]
    assert exceeded == [{"operation": "order.orderDetail", "store": "", "times": 3}]


def test_refusals_are_counted_by_their_reason(world: Running) -> None:
    world.control("/stats/reset", {})
    world.send("no.method")
    assert world.control("/stats")["platforms"]["douyin"]["errors_by_code"] == {"isp.api-service-off": 1}


# --- faults -----------------------------------------------------------------------------------------------------------


def with_fault(world: Running, name: str, store: Json | None = None, **more: Any) -> Any:
    body = {"name": name, "platform": "douyin", "stores": [store["id"]] if store else [], **more}
    world.control("/faults", {**body, "on": True})
    try:
        return world.send(METHOD, store=store)
    finally:
        world.control("/faults", {**body, "on": False})


@pytest.mark.parametrize(
    ("name", "status", "told"),
    [
        ("throttle", 200, "60000 "),
        ("server_error", 500, "20000 isp.service-error:10005"),
        ("token_expired", 200, "40003 isv.access-token-expired"),
        ("revoked", 200, "30001 dop.authorization-no-existed"),
        ("clock_skew", 200, "40003 isv.timestamp-invalid"),
    ],
)
def test_faults_look_as_the_platform_s_own_troubles(world: Running, name: str, status: int, told: str) -> None:
    answer = with_fault(world, name)
    body = answer.json()
    assert (answer.status_code, f"{body['code']} {body['sub_code']}") == (status, told)


def test_a_fault_may_hit_one_shop_only(world: Running) -> None:
    first, second = world.stores[0], world.stores[1]
    body = {"name": "throttle", "stores": [first["id"]]}
    world.control("/faults", {**body, "on": True})
    assert refused(world, store=first) == "60000 "
    assert world.send(METHOD, store=second).json()["code"] == 10000
    truth = world.control("/truth")["platforms"]["douyin"]["stores"]
    assert [truth[one["id"]]["reachable"] for one in (first, second)] == [False, True]
    world.control("/faults", {**body, "on": False})


def test_broken_answers_are_broken(world: Running) -> None:
    assert with_fault(world, "garbage").text.startswith("<html>")
    with pytest.raises(ValueError, match=r"."):
        with_fault(world, "truncated").json()
    skewed = with_fault(world, "clock_skew", seconds=60)
    assert skewed.json()["code"] == 10000
    assert "Date" in skewed.headers


def test_the_numbers_of_the_sandbox_s_instant_stand_in_the_credentials(world: Running) -> None:
    assert world.app["app_key"].isdigit()
    assert len(world.app["app_key"]) == 19
    assert int(world.app["app_key"]) > 2**53
    assert {store["region"] for store in world.stores} == {"CN"}
    assert world.control("/clock")["at"] == "2026-11-18T04:00:00Z"
    assert START > 0
