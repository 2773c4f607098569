"""Consents and tokens: the refresh rule by the hour, codes, dead pairs, and the consent page."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from storeward_sandbox.chance import stream
from storeward_sandbox.douyin.auth import (
    ACCESS_SECONDS,
    LAST_HOUR,
    REFRESH_SECONDS,
    App,
    Authorization,
    TokenDesk,
    token_create,
    token_refresh,
)
from storeward_sandbox.douyin.errors import ApiError
from storeward_sandbox.douyin.tests.support import Running, running

NOW = 1_800_000_000


def desk(*, lasts: int = ACCESS_SECONDS, rotate: bool = True) -> tuple[TokenDesk, Authorization]:
    found = TokenDesk(App.made(stream(1, "app")), "secret", rotate=rotate)
    found.add("4463798", "青禾家居旗舰店", NOW, lasts)
    return found, found.authorizations[0]


def refusal(call: Any, *given: Any) -> str:
    with pytest.raises(ApiError) as refused:
        call(*given)
    return f"{refused.value.code} {refused.value.sub_code}"


# --- the refresh rule -------------------------------------------------------------------------------------------------


def test_more_than_an_hour_before_the_end_a_refresh_changes_nothing() -> None:
    tokens, held = desk()
    before = (held.pair.access, held.pair.refresh, held.pair.access_ends)
    answer = tokens.refresh(held.pair.refresh, NOW + ACCESS_SECONDS - LAST_HOUR - 1)
    assert (answer["access_token"], answer["refresh_token"]) == before[:2]
    assert answer["expires_in"] == LAST_HOUR + 1
    assert held.pair.access_ends == before[2]
    assert tokens.refreshes == 0


def test_within_the_last_hour_there_is_a_new_pair_and_the_old_one_works_an_hour_more() -> None:
    tokens, held = desk()
    old, at = held.pair, NOW + ACCESS_SECONDS - 10
    answer = tokens.refresh(old.refresh, at)
    assert answer["access_token"] != old.access
    assert answer["refresh_token"] != old.refresh
    assert answer["expires_in"] == ACCESS_SECONDS
    assert tokens.holder(old.access, at + LAST_HOUR - 1) is held
    assert tokens.refresh(old.refresh, at + LAST_HOUR - 1)["access_token"] == answer["access_token"]
    assert refusal(tokens.holder, old.access, at + LAST_HOUR) == "40003 isv.access-token-expired"
    assert refusal(tokens.refresh, old.refresh, at + LAST_HOUR) == "50001 dop.token-generate-failed:token-invalid"
    assert tokens.holder(answer["access_token"], at + LAST_HOUR) is held


def test_after_the_end_there_is_a_new_pair_and_the_old_one_is_dead_at_once() -> None:
    tokens, held = desk()
    old, at = held.pair, NOW + ACCESS_SECONDS + 5
    assert refusal(tokens.holder, old.access, at) == "40003 isv.access-token-expired"
    answer = tokens.refresh(old.refresh, at)
    assert refusal(tokens.holder, old.access, at) == "40003 isv.access-token-no-existed"
    assert refusal(tokens.refresh, old.refresh, at) == "50001 dop.token-generate-failed:token-invalid"
    assert tokens.holder(answer["access_token"], at) is held


def test_a_refresh_token_dies_after_fourteen_days() -> None:
    tokens, held = desk()
    assert refusal(tokens.refresh, held.pair.refresh, NOW + REFRESH_SECONDS) == "50001 dop.token-generate-failed:token-expired"


def test_a_refresh_token_that_nobody_gave_out_is_unknown() -> None:
    tokens, _ = desk()
    assert refusal(tokens.refresh, "50b6ae40-ed8f-4b60", NOW) == "50002 isv.business-failed:31009"


def test_a_desk_that_does_not_rotate_keeps_the_refresh_token() -> None:
    tokens, held = desk(rotate=False)
    old = held.pair
    answer = tokens.refresh(old.refresh, NOW + ACCESS_SECONDS + 1)
    assert answer["refresh_token"] == old.refresh
    assert answer["access_token"] != old.access


# --- whose token ------------------------------------------------------------------------------------------------------


def test_missing_unknown_and_revoked_tokens_are_told_apart() -> None:
    tokens, held = desk()
    assert refusal(tokens.holder, "", NOW) == "40001 isv.access-token-missing"
    assert refusal(tokens.holder, "nobody", NOW) == "40003 isv.access-token-no-existed"
    assert refusal(tokens.holder, held.pair.refresh, NOW) == "40003 isv.access-token-no-existed"
    tokens.revoke(held)
    assert refusal(tokens.holder, held.pair.access, NOW) == "30001 dop.authorization-no-existed"
    assert refusal(tokens.refresh, held.pair.refresh, NOW) == "50001 dop.token-generate-failed:no-authorization"
    tokens.revoke(held, "closed")
    assert refusal(tokens.holder, held.pair.access, NOW) == "30001 dop.authorization-closed"


def test_a_consent_given_again_has_other_tokens() -> None:
    tokens, held = desk()
    old = held.pair
    tokens.revoke(held)
    tokens.restore(held, NOW + 1)
    assert refusal(tokens.holder, old.access, NOW + 1) == "40003 isv.access-token-no-existed"
    assert tokens.holder(held.access_token, NOW + 1) is held


# --- creating ---------------------------------------------------------------------------------------------------------


def test_a_code_is_good_once_and_for_ten_minutes() -> None:
    tokens, held = desk()
    first, second = tokens.code_for(held, NOW), tokens.code_for(held, NOW)
    grant = {"grant_type": "authorization_code"}
    assert token_create(tokens, {**grant, "code": first}, NOW + 600)["shop_id"] == 4463798
    create = token_create
    assert refusal(create, tokens, {**grant, "code": first}, NOW) == "50001 dop.token-generate-failed:code-invalid"
    assert refusal(create, tokens, {**grant, "code": second}, NOW + 601) == "50001 dop.token-generate-failed:code-expired"
    assert refusal(create, tokens, {**grant, "code": ""}, NOW) == "50001 dop.token-generate-failed:code-invalid"


def test_a_shop_bound_to_the_app_needs_no_code() -> None:
    tokens, held = desk()
    asked = {"grant_type": "authorization_self", "code": "", "shop_id": "4463798"}
    assert token_create(tokens, asked, NOW)["access_token"] == held.access_token
    assert token_create(tokens, {**asked, "shop_id": 4463798}, NOW + ACCESS_SECONDS)["access_token"] != ""
    tokens.revoke(held)
    assert refusal(token_create, tokens, asked, NOW) == "50001 dop.token-generate-failed:no-authorization"
    stranger = {**asked, "shop_id": "1"}
    assert refusal(token_create, tokens, stranger, NOW) == "50001 dop.token-generate-failed:no-authorization"


def test_other_kinds_of_grant_are_refused() -> None:
    tokens, _ = desk()
    for call in (token_create, token_refresh):
        assert refusal(call, tokens, {"grant_type": "password"}, NOW) == "50001 dop.token-generate-failed:grant-type-invalid"


def test_the_token_answer_says_whose_it_is() -> None:
    tokens, _ = desk()
    answer = token_create(tokens, {"grant_type": "authorization_self", "shop_id": "4463798"}, NOW + 10)
    assert answer["expires_in"] == ACCESS_SECONDS - 10
    assert (answer["shop_name"], answer["authority_id"], answer["scope"]) == ("青禾家居旗舰店", "4463798", "SCOPE")


# --- over HTTP --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world() -> Any:
    with running(stores=3, seed=5, redirect_url="http://127.0.0.1:1/back") as found:
        yield found


def decide(world: Running, **form: str) -> dict[str, list[str]]:
    """Where the merchant is sent after the decision: the query of that address."""
    answer = world.http.post(f"{world.base_url}/authorize/decide", data=form)
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer.headers["location"]).query)


def test_a_merchant_consents_on_the_page_and_comes_back_with_a_code(world: Running) -> None:
    page = world.http.get(f"{world.base_url}/authorize", params={"service_id": world.app["service_id"], "state": "<s1>"})
    assert page.status_code == 200
    assert "Approve" in page.text
    assert "&lt;s1&gt;" in page.text
    store = world.stores[0]
    assert store["name"] in page.text
    back = decide(world, shop_id=store["id"], state="s1", decision="approve")
    assert back["state"] == ["s1"]
    asked = {"grant_type": "authorization_code", "code": back["code"][0]}
    tokens = world.ask("token.create", asked, token=False)
    assert tokens["shop_id"] == int(store["id"])
    world.renew()
    assert world.stores[0]["access_token"] == tokens["access_token"] != store["access_token"]


def test_a_merchant_who_refuses_comes_back_without_a_code(world: Running) -> None:
    back = decide(world, shop_id=world.stores[0]["id"], decision="refuse", redirect_uri="http://127.0.0.1:1/x?y=1")
    assert back == {"y": ["1"], "error": ["access_denied"]}
    assert decide(world, shop_id="0", decision="approve") == {"error": ["access_denied"]}


def test_the_page_knows_one_service_only(world: Running) -> None:
    assert world.http.get(f"{world.base_url}/authorize", params={"service_id": "1"}).status_code == 400


def test_tokens_are_refreshed_over_http(world: Running) -> None:
    store = world.stores[1]
    world.control("/authorizations", {"store": store["id"], "do": "expire_access"})
    spent = world.send("order.searchList", {}, store=store).json()
    assert (spent["code"], spent["sub_code"]) == (40003, "isv.access-token-expired")
    asked = {"grant_type": "refresh_token", "refresh_token": store["refresh_token"]}
    tokens = world.ask("token.refresh", asked, token=False)
    assert tokens["access_token"] != store["access_token"]
    assert world.control("/stats")["platforms"]["douyin"]["token_refreshes"] == 1


def test_consents_end_and_begin_again_by_the_control_interface(world: Running) -> None:
    store = world.stores[2]
    for deed, refused in (
        ("revoke", "dop.authorization-no-existed"),
        ("restore", "isv.access-token-no-existed"),
        ("close", "isv.access-token-no-existed"),
    ):
        world.control("/authorizations", {"store": store["id"], "do": deed})
        assert world.send("order.logisticsCompanyList", store=store).json()["sub_code"] == refused
    world.renew()
    assert store["id"] not in [one["id"] for one in world.stores]
    truth = world.control("/truth")["platforms"]["douyin"]["stores"]
    assert truth[store["id"]]["reachable"] is False
    bad = world.http.post(world.sandbox.addresses["control"] + "/authorizations", json={"store": store["id"], "do": "forget"})
    assert bad.status_code == 400
