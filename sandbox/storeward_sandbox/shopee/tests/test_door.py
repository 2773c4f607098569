"""The door: its checks in their order, the envelope, budgets, faults, the consent pages, and tokens over HTTP."""

import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from storeward_sandbox.clock import machine_now
from storeward_sandbox.shopee.signing import request_sign
from storeward_sandbox.shopee.tests.support import START, Json, Running, problems, running

INFO = "/api/v2/shop/get_shop_info"
MERCHANT_SHOPS = "/api/v2/merchant/get_shop_list_by_merchant"


def local(world: Running) -> list[Json]:
    """The stores that consent for themselves."""
    return [one for one in world.stores if "merchant_id" not in one]


@pytest.fixture(scope="module")
def house() -> Iterator[Running]:
    with running(stores=8, seed=5, rate_limit=500, redirect_url="http://app.test/back?kept=1") as found:
        yield found


def changed(**parts: str | None) -> Any:
    """Spoil the query after signing; None takes a parameter away."""

    def change(query: dict[str, str]) -> None:
        for name, value in parts.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value

    return change


def said(house: Running, path: str = INFO, method: str = "GET", **asked: Any) -> tuple[int, str]:
    answer = house.send(method, path, **asked)
    return answer.status_code, answer.json()["error"]


# --- checks -----------------------------------------------------------------------------------------------------------


def test_a_signed_request_is_answered(house: Running) -> None:
    answer = house.send("GET", INFO)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["error"], body["message"]) == ("", "")
    assert body["shop_name"] == house.stores[0]["name"]
    assert body["request_id"]


def test_request_ids_are_all_different_and_some_have_colons(house: Running) -> None:
    ids = [house.send("GET", INFO).json()["request_id"] for _ in range(10)]
    assert len(set(ids)) == 10
    assert any(":" in one for one in ids)


@pytest.mark.parametrize(
    ("spoilt", "error"),
    [
        ({"partner_id": None}, "error_param"),
        ({"partner_id": "abc"}, "error_param"),
        ({"partner_id": "4294967296"}, "error_param"),
        ({"partner_id": "12345"}, "invalid_partner_id"),
        ({"timestamp": None}, "error_param"),
        ({"timestamp": "yesterday"}, "error_param"),
        ({"sign": None}, "error_param"),
        ({"sign": "0" * 64}, "error_sign"),
        ({"access_token": None}, "error_param"),
        ({"access_token": "0" * 32}, "error_sign"),
        ({"shop_id": None}, "error_param"),
        ({"shop_id": "x"}, "error_param"),
        ({"shop_id": "12345"}, "error_sign"),
    ],
)
def test_common_parameters_are_checked(house: Running, spoilt: dict[str, str | None], error: str) -> None:
    assert said(house, change=changed(**spoilt)) == (403, error)


@pytest.mark.parametrize(("off", "good"), [(-200, True), (290, True), (-310, False), (400, False)])
def test_time_stamps_may_be_five_minutes_off(house: Running, off: int, good: bool) -> None:
    stamp = str(int(machine_now()) + off)
    store = house.stores[0]
    sign = request_sign(
        key=house.app["partner_key"],
        partner_id=house.app["partner_id"],
        path=INFO,
        timestamp=stamp,
        token=store["access_token"],
        subject=store["id"],
    )
    expected = (200, "") if good else (403, "error_param")
    assert said(house, change=changed(timestamp=stamp, sign=sign)) == expected


def signed_with(house: Running, token: str, shop_id: str) -> Any:
    stamp = str(int(machine_now()))
    known = {"key": house.app["partner_key"], "partner_id": house.app["partner_id"], "path": INFO, "timestamp": stamp}
    sign = request_sign(**known, token=token, subject=shop_id)
    return changed(timestamp=stamp, access_token=token, shop_id=shop_id, sign=sign)


def test_tokens_are_checked_after_the_signature(house: Running) -> None:
    assert said(house, change=signed_with(house, "0" * 32, house.stores[0]["id"])) == (403, "invalid_acceess_token")


def test_a_token_of_another_shop_is_refused(house: Running) -> None:
    mine, other = house.stores[0], house.stores[1]
    assert said(house, change=signed_with(house, mine["access_token"], other["id"])) == (403, "invalid_acceess_token")


def test_unknown_paths_and_wrong_methods_are_refused(house: Running) -> None:
    assert said(house, "/api/v2/shop/get_dreams") == (404, "error_not_found")
    assert said(house, INFO, "POST") == (200, "error_param")


def test_the_partner_is_checked_before_the_clock_and_the_clock_before_the_sign(house: Running) -> None:
    assert said(house, change=changed(partner_id="12345", timestamp="1", sign="0")) == (403, "invalid_partner_id")
    assert house.send("GET", INFO, change=changed(timestamp="1", sign="0")).json()["message"] == "Timestamp is expired."


def test_lists_are_taken_both_ways_and_stray_keys_ignored(house: Running) -> None:
    window = {"time_range_field": "create_time", "time_from": START - 9 * 86400, "time_to": START, "page_size": 3}
    sns = [row["order_sn"] for row in house.ask("order.get_order_list", query=window)["response"]["order_list"]]
    path = "/api/v2/order/get_order_detail"

    def repeated(query: Any) -> None:
        query.update({"order_sn_list": sns, "nonsense": "1"})

    by_keys = house.send("GET", path, change=repeated).json()
    by_commas = house.send("GET", path, query={"order_sn_list": sns}).json()
    assert by_keys["response"] == by_commas["response"]
    assert [row["order_sn"] for row in by_keys["response"]["order_list"]] == sns


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"text"', b"\xff"])
def test_a_body_that_is_no_object_is_refused(house: Running, body: bytes) -> None:
    path = "/api/v2/order/set_note"
    store = house.stores[0]
    stamp = str(int(machine_now()))
    known = {"key": house.app["partner_key"], "partner_id": house.app["partner_id"], "path": path, "timestamp": stamp}
    sign = request_sign(**known, token=store["access_token"], subject=store["id"])
    query = {"partner_id": house.app["partner_id"], "timestamp": stamp, "sign": sign}
    query |= {"access_token": store["access_token"], "shop_id": store["id"]}
    answer = house.http.post(house.base_url + path, params=query, content=body)
    assert (answer.status_code, answer.json()["error"]) == (200, "error_param")


def test_public_calls_need_no_shop(house: Running) -> None:
    answer = house.send("GET", "/api/v2/public/get_shops_by_partner", level="public")
    assert len(answer.json()["authed_shop_list"]) == len(house.stores)


@pytest.mark.parametrize("level", ["public", "shop"])
def test_push_calls_and_uploads_are_taken_at_both_levels(house: Running, level: str) -> None:
    assert said(house, "/api/v2/push/get_app_push_config", level=level) == (200, "")


def test_merchants_have_tokens_and_calls_of_their_own() -> None:
    with running(stores=40, seed=2) as world:
        store = next(one for one in world.stores if "merchant_id" in one)
        info = world.send("GET", "/api/v2/merchant/get_merchant_info", level="merchant", store=store).json()
        assert (info["error"], info["merchant_currency"]) == ("", "CNY")
        query = {"page_no": 1, "page_size": 100}
        listed = world.send("GET", MERCHANT_SHOPS, level="merchant", store=store, query=query).json()
        mine = [int(one["id"]) for one in world.stores if one.get("merchant_id") == store["merchant_id"]]
        assert [row["shop_id"] for row in listed["shop_list"]] == mine
        wrong = {**store, "merchant_access_token": store["access_token"]}
        answer = world.send("GET", "/api/v2/merchant/get_merchant_info", level="merchant", store=wrong)
        assert answer.json()["error"] == "invalid_acceess_token"


# --- budgets and faults -----------------------------------------------------------------------------------------------


def test_calls_beyond_the_budget_are_refused_and_counted() -> None:
    with running(stores=2, seed=5, rate_limit=3) as world:
        world.platform.rate.ticks = lambda: 1e9  # all within one second, however slow the machine
        answers = [said(world) for _ in range(6)]
        assert answers[:3] == [(200, "")] * 3
        assert answers[3:] == [(200, "error_rate_limit")] * 3
        stats = world.control("/stats")["platforms"]["shopee"]
        assert stats["rate"]["exceeded"] == answers.count((200, "error_rate_limit"))
        assert stats["rate"]["exceeded_by"][0]["operation"] == "shop.get_shop_info"
        assert stats["errors_by_code"]["error_rate_limit"] >= 1
        other = said(world, store=world.stores[1])
        assert other == (200, "")
        world.control("/stats/reset", {})
        assert world.control("/stats")["platforms"]["shopee"]["requests"] == 0


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("throttle", (429, "error_rate_limit")),
        ("server_error", (500, "error_server")),
        ("token_expired", (403, "invalid_acceess_token")),
        ("revoked", (403, "partner_shop_no_link")),
        ("clock_skew", (403, "error_param")),
    ],
)
def test_faults_speak_the_platforms_words(house: Running, name: str, answer: tuple[int, str]) -> None:
    house.control("/faults", {"name": name, "on": True, "platform": "shopee"})
    try:
        assert said(house) == answer
        reachable = house.control("/truth")["platforms"]["shopee"]["stores"]
        assert not any(one["reachable"] for one in reachable.values())
    finally:
        house.control("/faults", {"name": name, "on": False})
    assert said(house) == (200, "")


def test_a_fault_may_hit_one_shop_alone(house: Running) -> None:
    mine, other = house.stores[0], house.stores[1]
    house.control("/faults", {"name": "throttle", "on": True, "stores": [mine["id"]]})
    try:
        assert said(house, store=mine)[1] == "error_rate_limit"
        assert said(house, store=other) == (200, "")
    finally:
        house.control("/faults", {"name": "throttle", "on": False})


@pytest.mark.parametrize(("name", "begins", "ends"), [("truncated", "{", ""), ("garbage", "<html>", "</html>")])
def test_answers_may_come_cut_or_as_garbage(house: Running, name: str, begins: str, ends: str) -> None:
    house.control("/faults", {"name": name, "on": True})
    text = house.send("GET", INFO).text
    house.control("/faults", {"name": name, "on": False})
    assert text.startswith(begins)
    assert text.endswith(ends)
    assert not text.endswith("}")


def test_answers_may_come_late(house: Running) -> None:
    house.control("/faults", {"name": "slow", "on": True, "seconds": 0.2})
    started = time.monotonic()
    house.send("GET", INFO)
    house.control("/faults", {"name": "slow", "on": False})
    assert time.monotonic() - started >= 0.2


# --- consent and tokens -----------------------------------------------------------------------------------------------


def legacy_link(house: Running, path: str = "/api/v2/shop/auth_partner", **changes: str) -> str:
    stamp = str(int(machine_now()))
    known = {"key": house.app["partner_key"], "partner_id": house.app["partner_id"], "path": path, "timestamp": stamp}
    query = {"partner_id": house.app["partner_id"], "timestamp": stamp, "sign": request_sign(**known)}
    query |= {"redirect": "http://app.test/back?state=7", **changes}
    return str(house.http.build_request("GET", house.base_url + path, params=query).url)


def form(page: str) -> dict[str, str]:
    """The hidden fields of the page's form."""
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.replace("&amp;", "&")))


def decided(house: Running, link: str, account: str, decision: str = "approve") -> dict[str, list[str]]:
    """The query of the address to which the seller is sent back."""
    page = house.http.get(link)
    assert page.status_code == 200, page.text
    assert f'value="{account}"' in page.text
    fields = {**form(page.text), "account": account, "decision": decision}
    answer = house.http.post(house.base_url + "/auth/decide", data=fields, follow_redirects=False)
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer.headers["location"]).query)


def exchange(house: Running, **body: Any) -> Json:
    body.setdefault("partner_id", int(house.app["partner_id"]))
    found: Json = house.send("POST", "/api/v2/auth/token/get", level="public", body=body).json()
    return found


def renew(house: Running, **body: Any) -> Json:
    body.setdefault("partner_id", int(house.app["partner_id"]))
    found: Json = house.send("POST", "/api/v2/auth/access_token/get", level="public", body=body).json()
    return found


def test_a_seller_says_yes_on_the_signed_page(house: Running) -> None:
    store = local(house)[0]
    back = decided(house, legacy_link(house), store["id"])
    assert back["state"] == ["7"]
    assert back["shop_id"] == [store["id"]]
    answer = exchange(house, code=back["code"][0], shop_id=int(store["id"]))
    assert problems("public.get_access_token", answer) == []
    assert answer["expire_in"] == 14_400
    renewed = {**store, "access_token": answer["access_token"]}
    assert said(house, store=renewed) == (200, "")
    assert said(house, store=store) == (403, "invalid_acceess_token")
    assert exchange(house, code=back["code"][0], shop_id=int(store["id"]))["error"] == "invalid_code"
    house.renew()


def test_a_seller_says_yes_on_the_new_page(house: Running) -> None:
    store = local(house)[1]
    query = {"partner_id": house.app["partner_id"], "auth_type": "seller", "response_type": "code", "state": "abc"}
    link = house.http.build_request("GET", house.base_url + "/auth", params={**query, "redirect_uri": "http://app.test/b"}).url
    back = decided(house, str(link), store["id"])
    assert back["state"] == ["abc"]
    assert exchange(house, code=back["code"][0], shop_id=int(store["id"]))["error"] == ""
    house.renew()


def test_a_seller_may_refuse(house: Running) -> None:
    assert decided(house, legacy_link(house), local(house)[0]["id"], "refuse") == {"state": ["7"]}


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"sign": "0" * 64}, "error_sign"), ({"timestamp": "5"}, "error_param"), ({"partner_id": "7"}, "invalid_partner_id")],
)
def test_a_spoilt_link_is_refused(house: Running, changes: dict[str, str], error: str) -> None:
    answer = house.http.get(legacy_link(house, **changes))
    assert (answer.status_code, answer.json()["error"]) == (403, error)


def test_a_link_without_redirect_goes_to_the_apps_own(house: Running) -> None:
    back = decided(house, legacy_link(house, redirect=""), local(house)[0]["id"])
    assert back["kept"] == ["1"]
    assert "code" in back


def test_a_link_to_no_address_is_refused(house: Running) -> None:
    assert house.http.get(legacy_link(house, redirect="javascript:alert(1)")).status_code == 403


def test_tokens_over_http_follow_the_rules(house: Running) -> None:
    store = local(house)[2]
    first = renew(house, refresh_token=store["refresh_token"], shop_id=int(store["id"]))
    assert problems("public.refresh_access_token", first) == []
    assert (first["shop_id"], first["partner_id"]) == (int(store["id"]), int(house.app["partner_id"]))
    spent = renew(house, refresh_token=store["refresh_token"], shop_id=int(store["id"]))
    assert (spent["error"], spent["message"]) == ("error_auth", "Invalid refresh_token.")
    assert renew(house, refresh_token=first["refresh_token"], shop_id=int(store["id"]))["error"] == ""
    house.renew()


@pytest.mark.parametrize(
    "body",
    [
        {"refresh_token": "x"},
        {"refresh_token": "x", "shop_id": 1, "merchant_id": 2},
        {"shop_id": 1},
        {"refresh_token": "x", "shop_id": "one"},
        {"refresh_token": "x", "shop_id": 1, "partner_id": 7},
        {"refresh_token": "x", "user_id": 1},
    ],
)
def test_a_refresh_names_one_subject_and_the_partner(house: Running, body: Json) -> None:
    assert renew(house, **body)["error"] == "error_param"


def test_a_resend_code_is_never_good_here(house: Running) -> None:
    answer = house.send("POST", "/api/v2/public/get_token_by_resend_code", level="public", body={"resend_code": "x"})
    assert answer.json()["error"] == "error_param"


def test_a_main_account_consents_for_all_its_shops() -> None:
    with running(stores=40, seed=2) as world:
        store = next(one for one in world.stores if "merchant_id" in one)
        back = decided(world, legacy_link(world), store["main_account_id"])
        assert back["main_account_id"] == [store["main_account_id"]]
        answer = exchange(world, code=back["code"][0], main_account_id=int(store["main_account_id"]))
        assert problems("public.get_access_token", answer) == []
        assert int(store["id"]) in answer["shop_id_list"]
        assert answer["merchant_id_list"] == [int(store["merchant_id"])]
        tokens = [renew(world, refresh_token=answer["refresh_token"], shop_id=one) for one in answer["shop_id_list"]]
        merchant = renew(world, refresh_token=answer["refresh_token"], merchant_id=int(store["merchant_id"]))
        assert all(one["error"] == "" for one in (*tokens, merchant))
        assert merchant["merchant_id"] == int(store["merchant_id"])
        assert len({one["refresh_token"] for one in (*tokens, merchant)}) == len(tokens) + 1


def test_a_consent_can_be_taken_back_and_given_again() -> None:
    with running(stores=3, seed=5) as world:
        store = local(world)[0]
        world.control("/authorizations", {"store": store["id"], "do": "revoke"})
        assert said(world, store=store) == (403, "partner_shop_no_link")
        assert renew(world, refresh_token=store["refresh_token"], shop_id=int(store["id"]))["error"] == "shop_no_linked"
        world.renew()
        assert store["id"] not in [one["id"] for one in world.stores]
        assert not world.control("/truth")["platforms"]["shopee"]["stores"][store["id"]]["reachable"]
        world.control("/authorizations", {"store": store["id"], "do": "restore"})
        world.renew()
        again = next(one for one in world.stores if one["id"] == store["id"])
        assert said(world, store=again) == (200, "")
        world.control("/authorizations", {"store": store["id"], "do": "expire_access"})
        assert said(world, store=again) == (403, "invalid_acceess_token")
        world.control("/authorizations", {"store": store["id"], "do": "expire"})
        assert renew(world, refresh_token=again["refresh_token"], shop_id=int(store["id"]))["error"] == "shop_access_expired"


def test_a_seller_takes_the_consent_back_on_the_page() -> None:
    with running(stores=2, seed=5) as world:
        store = local(world)[0]
        back = decided(world, legacy_link(world, "/api/v2/shop/cancel_auth_partner"), store["id"])
        assert back["shop_id"] == [store["id"]]
        assert said(world, store=store) == (403, "partner_shop_no_link")
