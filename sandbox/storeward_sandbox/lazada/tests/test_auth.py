"""Consent, codes, tokens and their lives."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from storeward_sandbox.clock import machine_now
from storeward_sandbox.lazada import auth
from storeward_sandbox.lazada.auth import App, Seller, TokenDesk
from storeward_sandbox.lazada.errors import ApiError
from storeward_sandbox.lazada.fleet import build, make_shop, sellers
from storeward_sandbox.lazada.tests.support import START, Json, Running, answer_problems, running

CALLBACK = "https://app.test/back?x=1"
WEEK = {"created_after": "2026-11-01T00:00:00+08:00"}


@pytest.fixture(scope="module")
def own() -> Iterator[Running]:
    with running(stores=30, seed=3, rate_limit=1000) as found:
        yield found


def page(world: Running, **query: str) -> httpx.Response:
    asked = {"response_type": "code", "force_auth": "true", "redirect_uri": CALLBACK, "client_id": world.app["app_key"], **query}
    return world.http.get(world.app["consent_url"], params=asked)


def approve(world: Running, store: str, decision: str = "approve", **form: str) -> dict[str, list[str]]:
    """Press the button; what comes back in the redirect."""
    url = world.app["consent_url"].replace("authorize", "decide")
    filled = {"store": store, "decision": decision, "state": "s 1", "redirect_uri": CALLBACK, **form}
    answer = world.http.post(url, data=filled)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(CALLBACK + "&")
    return parse_qs(urlsplit(answer.headers["location"]).query)


def token(world: Running, path: str, **params: str) -> Json:
    found: Json = world.send(path, params, token="", method="POST").json()
    return found


def test_the_page_offers_every_store_and_a_button(own: Running) -> None:
    shown = page(own, state="a&b")
    assert shown.status_code == 200
    assert shown.text.count("<option") >= len(own.stores)
    assert 'value="a&amp;b"' in shown.text
    assert 'value="approve"' in shown.text


def test_the_page_can_be_narrowed_to_countries(own: Running) -> None:
    only = page(own, country="sg").text
    assert only.count("<option") == sum(store["region"] == "SG" for store in own.stores)


@pytest.mark.parametrize("query", [{"client_id": "1"}, {"response_type": "token"}, {"redirect_uri": ""}])
def test_a_link_that_is_wrong_shows_no_page(own: Running, query: dict[str, str]) -> None:
    assert page(own, **query).status_code == 400


def test_the_redirect_must_be_the_registered_one() -> None:
    with running(stores=1, redirect_url="https://app.test/{platform}") as world:
        assert page(world, redirect_uri="https://elsewhere.test/").status_code == 400
        assert page(world, redirect_uri="https://app.test/lazada").status_code == 200


def test_approving_leads_to_tokens_and_the_old_ones_end(own: Running) -> None:
    shop = own.shop(own.stores[0])
    before = own.stores[0]["access_token"]
    back = approve(own, f"{shop.email}|{shop.site.code}")
    assert back["state"] == ["s 1"]
    found = token(own, "/auth/token/create", code=back["code"][0])
    assert found["country"] == shop.site.code
    assert found["country_user_info"][0]["seller_id"] == shop.id
    assert answer_problems("/auth/token/create", found) == []
    assert own.code("/orders/get", WEEK, token=found["access_token"]) == "0"
    assert own.code("/orders/get", WEEK, token=before) == "IllegalAccessToken"
    assert token(own, "/auth/token/create", code=back["code"][0])["code"] == "InvalidCode"


def test_refusing_leads_back_without_a_code(own: Running) -> None:
    shop = own.shop(own.stores[1])
    assert "code" not in approve(own, f"{shop.email}|{shop.site.code}", "refuse")
    assert "code" not in approve(own, "nobody@x|sg")


def test_a_renewal_replaces_both_tokens_and_does_not_prolong(own: Running) -> None:
    store, asked = own.stores[2], machine_now()
    found = token(own, "/auth/token/refresh", refresh_token=store["refresh_token"])
    assert answer_problems("/auth/token/refresh", found) == []
    assert {"country_user_info_list", "refresh_expires_in"} <= set(found)
    assert found["access_token"] != store["access_token"]
    assert found["refresh_expires_in"] <= store["refresh_token_expire_in"] - asked + 1
    assert own.code("/orders/get", WEEK, token=store["access_token"]) == "IllegalAccessToken"
    assert token(own, "/auth/token/refresh", refresh_token=store["refresh_token"])["code"] == "IllegalRefreshToken"
    assert own.code("/orders/get", WEEK, token=found["access_token"]) == "0"


def test_a_subscribed_sellers_token_cannot_be_renewed(own: Running) -> None:
    subscribed = next(seller for seller in own.platform.desk.sellers if seller.subscribed)
    held = own.platform.desk.of_store(subscribed.stores[0].id)
    assert held is not None
    assert token(own, "/auth/token/refresh", refresh_token=held.refresh_token)["code"] == "AUTH_TYPE_UNSUPPORTED"


def several(world: Running) -> Seller:
    return next(seller for seller in world.platform.desk.sellers if len(seller.stores) > 1)


def test_a_cross_border_consent_is_good_on_every_site_by_its_address(own: Running) -> None:
    seller = several(own)
    found = token(own, "/auth/token/create", code=approve(own, f"{seller.account}|cb")["code"][0])
    assert found["country"] == "cb"
    assert {row["seller_id"] for row in found["country_user_info"]} == {shop.id for shop in seller.stores}
    for shop in seller.stores:
        base = own.app["gateways"][shop.region]
        page = own.ask("/orders/get", WEEK, token=found["access_token"], base=base)
        assert {order["order_id"] for order in page["orders"]} <= {int(one) for one in shop.orders}
    other = next(region for region in own.app["gateways"] if region not in {shop.region for shop in seller.stores})
    assert own.code("/orders/get", WEEK, token=found["access_token"], base=own.app["gateways"][other]) == "IllegalAccessToken"


def test_a_later_consent_for_one_site_takes_that_store_out_of_the_older_one(own: Running) -> None:
    seller = several(own)
    both = token(own, "/auth/token/create", code=approve(own, f"{seller.account}|cb")["code"][0])
    first, second = seller.stores[:2]
    token(own, "/auth/token/create", code=approve(own, f"{seller.account}|{first.site.code}")["code"][0])
    gateways = own.app["gateways"]
    assert own.code("/orders/get", WEEK, token=both["access_token"], base=gateways[first.region]) == "IllegalAccessToken"
    assert own.code("/orders/get", WEEK, token=both["access_token"], base=gateways[second.region]) == "0"


@pytest.mark.parametrize(("deed", "listed"), [("revoke", False), ("expire", False), ("expire_access", True)])
def test_a_consent_can_end_and_be_given_again(own: Running, deed: str, listed: bool) -> None:
    own.renew()
    store = own.stores[4]
    own.control("/authorizations", {"store": store["id"], "do": deed})
    assert own.code("/orders/get", WEEK, store=store) == "IllegalAccessToken"
    own.renew()
    assert (store["id"] in {one["id"] for one in own.stores}) is listed
    own.control("/authorizations", {"store": store["id"], "do": "restore"})
    own.renew()
    again = next(one for one in own.stores if one["id"] == store["id"])
    assert own.code("/orders/get", WEEK, store=again) == "0"


def desk() -> tuple[TokenDesk, Seller]:
    shop = make_shop(1, 0, "SG", (), START)
    made = TokenDesk(App("1", "s"), "secret")
    made.add(Seller(shop.email, [shop]), 1000.0)
    return made, made.sellers[0]


def test_a_code_lives_half_an_hour_and_tokens_as_long_as_they_say() -> None:
    made, seller = desk()
    code = made.code_for(seller, "sg", 1000.0)
    with pytest.raises(ApiError, match="authorization code"):
        made.exchange(code, 1000.0 + auth.CODE_SECONDS + 1)
    tokens = made.exchange(made.code_for(seller, "sg", 2000.0), 2000.0)
    ends = 2000.0 + tokens["expires_in"]
    assert made.holder(tokens["access_token"], ends - 1).seller is seller
    with pytest.raises(ApiError):
        made.holder(tokens["access_token"], ends)
    with pytest.raises(ApiError):
        made.refresh(tokens["refresh_token"], 2000.0 + tokens["refresh_expires_in"])


def test_without_rotation_the_refresh_token_stays() -> None:
    shop = make_shop(1, 0, "SG", (), START)
    made = TokenDesk(App("1", "s"), "secret", rotate=False)
    made.add(Seller(shop.email, [shop]), 0.0)
    held = made.of_store(shop.id)
    assert held is not None
    first = held.refresh_token
    assert made.refresh(first, 1.0)["refresh_token"] == first
    assert made.refreshes == 1


def test_sellers_with_several_stores_have_them_on_different_sites() -> None:
    fleet = build(seed=2, count=200, at=START)
    grouped = [seller for seller in fleet.sellers if len(seller.stores) > 1]
    assert grouped
    for seller in grouped:
        regions = [shop.region for shop in seller.stores]
        assert len(set(regions)) == len(regions)
    assert sum(seller.subscribed for seller in fleet.sellers) == 1
    assert sum(shop.ease for shop in fleet.shops) == 1
    assert [shop.id for seller in sellers(fleet.shops) for shop in seller.stores] != []


def test_a_half_managed_store_may_not_use_every_call(own: Running) -> None:
    own.renew()
    shop = next(one for one in own.platform.stores if one.ease)
    store = next(one for one in own.stores if one["id"] == shop.id)
    assert own.ask("/seller/get", store=store)["marketplaceEaseMode"] is True
    asked = {"page_no": 1, "page_size": 10}
    assert own.code("/reverse/getreverseordersforseller", asked, store=store) == "Mp3SellerApiLimit"
    assert own.code("/review/seller/list/v2", {"id_list": [1]}, store=store) == "Mp3SellerApiLimit"
    assert own.code("/orders/get", WEEK, store=store) == "0"
