"""Consent and tokens: the page, the code, the exchange, the refresh, and how all of it ends."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward_sandbox.chance import stream
from storeward_sandbox.tests.support import Json, Running, running
from storeward_sandbox.tiktok_shop.auth import CODE_SECONDS, App, Authorization, TokenDesk
from storeward_sandbox.tiktok_shop.errors import ApiError

NOW = 1_795_000_000.0
BACK = "http://app.test/back"


@pytest.fixture(scope="module")
def sellers() -> Iterator[Running]:
    with running(stores=3, seed=5) as found:
        yield found


def desk(rotate: bool = True) -> tuple[TokenDesk, Authorization]:
    found = TokenDesk(App.made(stream(1, "app")), "secret", rotate)
    held = Authorization("1", "Luna", "MY", ["9"])
    found.add(held, NOW)
    return found, held


def token(sandbox: Running, path: str, **query: str) -> Json:
    secrets = {"app_key": sandbox.app["app_key"], "app_secret": sandbox.app["app_secret"]}
    answer: Json = sandbox.http.get(sandbox.base_url + path, params={**secrets, **query}).json()
    return answer


def refreshed(sandbox: Running, given: str) -> Json:
    return token(sandbox, "/api/v2/token/refresh", refresh_token=given, grant_type="refresh_token")


def decide(sandbox: Running, decision: str, open_id: str) -> dict[str, str]:
    """What the app finds in the address that the seller is sent back to."""
    form = {"state": "s 1&2", "redirect_uri": BACK, "open_id": open_id, "decision": decision}
    answer: httpx.Response = sandbox.http.post(sandbox.base_url + "/oauth/decide", data=form)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(BACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def test_tokens_end_at_an_instant_and_a_week_after_they_were_given() -> None:
    found, held = desk()
    assert held.access_expires == NOW + 7 * 86400
    assert found.holder(held.access_token, NOW) is held
    with pytest.raises(ApiError) as refusal:
        found.holder(held.access_token, NOW + 7 * 86400)
    assert refusal.value.code == 105002


def test_a_refresh_ends_both_old_tokens() -> None:
    found, held = desk()
    access, refresh = held.access_token, held.refresh_token
    answer = found.refresh(refresh, NOW)
    assert answer["access_token"] not in (access, "")
    assert answer["refresh_token"] != refresh
    for call in (lambda: found.holder(access, NOW), lambda: found.refresh(refresh, NOW)):
        with pytest.raises(ApiError) as refusal:
            call()
        assert refusal.value.code in (105002, 36004005)


def test_without_rotation_the_refresh_token_stays() -> None:
    found, held = desk(rotate=False)
    refresh = held.refresh_token
    assert found.refresh(refresh, NOW)["refresh_token"] == refresh
    assert found.refresh(refresh, NOW)["refresh_token"] == refresh


def test_a_consent_that_ran_out_cannot_be_refreshed() -> None:
    found, held = desk()
    with pytest.raises(ApiError) as refusal:
        found.refresh(held.refresh_token, held.refresh_expires + 1)
    assert refusal.value.code == 36004001
    assert not held.in_force


def test_a_code_is_good_once_and_for_half_an_hour() -> None:
    found, held = desk()
    code = found.code_for(held, NOW)
    assert found.exchange(code, NOW + CODE_SECONDS)["open_id"] == "1"
    late = found.code_for(held, NOW)
    for given_code, instant in ((code, NOW), (late, NOW + CODE_SECONDS + 1), ("x", NOW)):
        with pytest.raises(ApiError) as refusal:
            found.exchange(given_code, instant)
        assert refusal.value.code == 36004004


@given(st.lists(st.sampled_from(["refresh", "restore", "expire"]), max_size=8))
def test_only_the_newest_access_token_ever_opens_the_door(deeds: list[str]) -> None:
    found, held = desk()
    old: list[str] = []
    for deed in deeds:
        old.append(held.access_token)
        if deed == "refresh":
            found.refresh(held.refresh_token, NOW)
        else:
            found.restore(held, NOW)
    assert found.holder(held.access_token, NOW) is held
    for each in old:
        with pytest.raises(ApiError):
            found.holder(each, NOW)


def test_the_consent_page_shows_sellers_and_both_addresses(sellers: Running) -> None:
    for path, name, value in (
        ("/oauth/authorize", "app_key", sellers.app["app_key"]),
        ("/open/authorize", "service_id", sellers.app["service_id"]),
    ):
        page = sellers.http.get(sellers.base_url + path, params={name: value, "state": '"><b>'})
        assert page.status_code == 200
        assert "Approve" in page.text
        assert "<b>" not in page.text
        assert sellers.stores[0]["open_id"] in page.text
    assert sellers.http.get(sellers.base_url + "/oauth/authorize", params={"app_key": "no"}).status_code == 400


def test_an_approval_brings_a_code_and_the_state_and_the_code_brings_tokens(sellers: Running) -> None:
    store = sellers.stores[0]
    back = decide(sellers, "approve", store["open_id"])
    assert back["state"] == "s 1&2"
    answer = token(sellers, "/api/v2/token/get", auth_code=back["code"], grant_type="authorized_code")
    assert answer["code"] == 0
    assert answer["data"]["open_id"] == store["open_id"]
    assert answer["data"]["user_type"] == 0
    again = token(sellers, "/api/v2/token/get", auth_code=back["code"], grant_type="authorized_code")
    assert (again["code"], "data" in again) == (36004004, False)
    sellers.renew()


def test_a_refusal_comes_back_as_such(sellers: Running) -> None:
    back = decide(sellers, "refuse", sellers.stores[0]["open_id"])
    assert (back["code"], back["error"]) == ("null", "auth_denied")


def test_without_an_address_to_go_back_to_the_page_says_what_is_missing(sellers: Running) -> None:
    answer = sellers.http.post(sellers.base_url + "/oauth/decide", data={"decision": "approve"})
    assert (answer.status_code, "--redirect-url" in answer.text) == (400, True)


def test_a_wrong_grant_or_secret_is_an_invalid_parameter(sellers: Running) -> None:
    store = sellers.stores[0]
    wrong_grant = token(sellers, "/api/v2/token/refresh", refresh_token=store["refresh_token"], grant_type="refresh")
    assert wrong_grant["code"] == 98001004
    wrong_secret = token(
        sellers, "/api/v2/token/refresh", refresh_token=store["refresh_token"], grant_type="refresh_token", app_secret="x"
    )
    assert wrong_secret["code"] == 98001004


def test_a_refreshed_store_goes_on_with_the_new_token_only(sellers: Running) -> None:
    store = sellers.stores[1]
    answer = refreshed(sellers, store["refresh_token"])["data"]
    query = {"page_size": 1}
    assert sellers.send("POST", "/order/202309/orders/search", store=store, query=query).json()["code"] == 105002
    sellers.renew()
    assert sellers.stores[1]["access_token"] == answer["access_token"]
    assert sellers.ask("getOrderList", store=sellers.stores[1], query=query)["orders"]


def test_a_revoked_consent_is_gone_from_the_credentials_until_it_is_given_again(sellers: Running) -> None:
    store = sellers.stores[2]
    sellers.control("/authorizations", {"store": store["id"], "do": "revoke"})
    listed = sellers.control("/credentials")["platforms"]["tiktok_shop"]["stores"]
    assert store["id"] not in [one["id"] for one in listed]
    assert sellers.control("/truth")["platforms"]["tiktok_shop"]["stores"][store["id"]]["reachable"] is False
    answer = sellers.send("POST", "/order/202309/orders/search", store=store, query={"page_size": 1})
    assert (answer.status_code, answer.json()["code"]) == (401, 105001)
    assert refreshed(sellers, store["refresh_token"])["code"] == 36004005
    sellers.control("/authorizations", {"store": store["id"], "do": "restore"})
    sellers.renew()
    assert sellers.ask("getOrderList", store=sellers.stores[2], query={"page_size": 1})["orders"]


def test_an_access_token_can_be_made_to_expire(sellers: Running) -> None:
    sellers.renew()
    store = sellers.stores[0]
    sellers.control("/authorizations", {"store": store["id"], "do": "expire_access"})
    assert sellers.send("GET", "/seller/202309/shops", store=store, cipher=False).json()["code"] == 105002
    assert refreshed(sellers, store["refresh_token"])["code"] == 0
    sellers.renew()


def test_the_shops_of_a_seller_are_listed_with_their_ciphers(sellers: Running) -> None:
    store = sellers.stores[0]
    shops = sellers.ask("getAuthorizedShops", store=store)["shops"]
    assert (store["id"], store["shop_cipher"]) in [(shop["id"], shop["cipher"]) for shop in shops]
    assert {shop["id"] for shop in sellers.ask("getActiveShops", store=store)["shops"]} == {shop["id"] for shop in shops}
