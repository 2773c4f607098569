"""The platform as a whole: whose token means which store, what the control interface does and counts, warehouses and sellers."""

from collections.abc import Iterator
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, machine_now
from storeward_sandbox.lazada.auth import Seller
from storeward_sandbox.lazada.fleet import Fleet, make_shop, revoked_at
from storeward_sandbox.lazada.opening import open_platform
from storeward_sandbox.lazada.places import Places
from storeward_sandbox.lazada.platform import Lazada
from storeward_sandbox.lazada.sites import SITES
from storeward_sandbox.lazada.tests.support import START, Running, checked, running, shop_to_read
from storeward_sandbox.options import Options
from storeward_sandbox.world import World

WEEK = {"created_after": "2026-11-01T00:00:00+08:00"}


@pytest.fixture(scope="module")
def own() -> Iterator[Running]:
    with running(stores=4, seed=8, rate_limit=1000) as found:
        yield found


def two_sites() -> tuple[Lazada, Seller]:
    """A platform with one cross-border seller on two sites."""
    shops = [make_shop(1, 0, "SG", (), START), make_shop(1, 1, "TH", (), START)]
    seller = Seller("both@seller.example", shops)
    for shop in shops:
        shop.cross_border = True
    return Lazada(World(seed=1, at=START, speed=0), stores=2, fleet=Fleet(shops, [seller])), seller


# --- whose token ------------------------------------------------------------------------------------------------------


def test_a_token_means_its_own_store_wherever_no_site_is_named() -> None:
    platform, seller = two_sites()
    for shop in seller.stores:
        held = platform.desk.of_store(shop.id)
        assert held is not None
        assert platform.named(held.access_token, None) is shop
        assert platform.named(held.access_token, shop.site) is shop
        other = next(site for site in SITES.values() if site is not shop.site)
        assert platform.named(held.access_token, other) is None
    assert platform.named("nobody's", None) is None


def test_a_token_for_all_sites_means_the_store_of_the_address() -> None:
    platform, seller = two_sites()
    now = machine_now()
    tokens = platform.desk.exchange(platform.desk.code_for(seller, "cb", now), now)
    assert tokens["country"] == "cb"
    for shop in seller.stores:
        assert platform.named(tokens["access_token"], shop.site) is shop
    assert platform.named(tokens["access_token"], None) is seller.stores[0]


def test_credentials_list_a_consent_once_for_each_store() -> None:
    platform, seller = two_sites()
    entries = platform.credentials("http://x")["stores"]
    assert [entry["id"] for entry in entries] == [shop.id for shop in seller.stores]
    assert len({entry["access_token"] for entry in entries}) == 2
    assert {entry["seller_type"] for entry in entries} == {"CROSS_BORDER"}
    platform.end(seller.stores[0], "revoked")
    assert [entry["id"] for entry in platform.credentials("http://x")["stores"]] == [seller.stores[1].id]
    assert platform.truth()["stores"][seller.stores[0].id]["reachable"] is False


def test_the_platforms_own_host_names_choose_a_site(own: Running) -> None:
    store = own.stores[0]
    site = SITES[store["region"]]
    other = next(one for one in SITES.values() if one is not site)
    for host, code in ((site.host, "0"), (other.host, "IllegalAccessToken")):
        whole = own.signed("/orders/get", WEEK, store["access_token"])
        answer = own.http.get(own.app["base_url"] + "/orders/get", params=whole, headers={"host": host})
        assert answer.json()["code"] == code


# --- opening and control ----------------------------------------------------------------------------------------------


def test_opening_takes_the_options() -> None:
    options = Options(rate_limit=7, rotate_refresh=False, webhook_url="http://x/{platform}", redirect_url="http://y/{platform}")
    platform, application = open_platform(World(seed=1, at=START, speed=0), options, 3)
    assert len(platform.stores) == 3
    assert (platform.rate.per_second, platform.desk.rotate) == (7, False)
    assert (platform.webhook_url, platform.app.redirect_url) == ("http://x/lazada", "http://y/lazada")
    assert application.router.routes()


def test_stats_count_what_clients_did_and_begin_anew(own: Running) -> None:
    own.control("/stats/reset", {})
    own.code("/orders/get", WEEK)
    own.code("/orders/get", {})
    own.send("/auth/token/refresh", {"refresh_token": own.stores[3]["refresh_token"]}, token="", method="POST")
    stats = own.control("/stats")["platforms"]["lazada"]
    assert stats["requests"] == 3
    assert stats["errors_by_code"] == {"MissingParameter": 1}
    assert stats["token_refreshes"] == 1
    assert stats["rate"]["calls_by_operation"] == {"/orders/get": 2}
    own.control("/stats/reset", {})
    stats = own.control("/stats")["platforms"]["lazada"]
    assert (stats["requests"], stats["errors_by_code"], stats["token_refreshes"]) == (0, {}, 0)
    own.renew()


def test_orders_placed_by_hand_wait_for_the_client(own: Running) -> None:
    store = next(one for one in own.stores if not own.shop(one).has("dead_connection"))
    own.control("/people", {"store": store["id"], "seller": True, "buyers": False})
    placed = own.control("/orders", {"store": store["id"], "count": 2, "by_platform": True})["orders"]
    own.control("/clock", {"advance": "30h"})
    for one in placed:
        rows = own.ask("/order/items/get", {"order_id": one}, store=store)
        assert {row["status"] for row in rows} == {"pending"}
        assert {row["is_fbl"] for row in rows} == {1}
    own.control("/people", {"store": store["id"], "buyers": True})


def test_people_of_all_stores_can_be_sent_home_at_once(own: Running) -> None:
    own.control("/people", {"seller": False, "buyers": False})
    assert not any(shop.seller_on or shop.buyers_on for shop in own.platform.stores)
    own.control("/people", {"seller": True, "buyers": True})
    assert all(shop.seller_on and shop.buyers_on for shop in own.platform.stores)


def test_a_dead_connection_dies_within_hours_and_only_there() -> None:
    dead = make_shop(3, 0, "SG", ("dead_connection",), START)
    at = revoked_at(dead)
    assert at is not None
    assert 2 * 3600 <= at - START <= 5 * 3600
    assert revoked_at(make_shop(3, 0, "SG", (), START)) is None


def test_the_app_may_listen_elsewhere(own: Running) -> None:
    own.control("/webhooks", {"address": "http://127.0.0.1:9/{platform}"})
    assert own.platform.webhook_url == "http://127.0.0.1:9/lazada"
    own.control("/webhooks", {"address": "http://127.0.0.1:9/x", "platform": "lazada"})
    assert own.platform.webhook_url == "http://127.0.0.1:9/x"
    own.control("/webhooks", {"address": ""})
    assert own.platform.webhook_url == ""


# --- sellers and warehouses -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", ["SG", "MY", "TH", "VN", "PH", "ID"])
def test_sellers_are_who_they_are(region: str) -> None:
    shop = shop_to_read(region)
    found = checked(shop, "/seller/get")
    assert found["short_code"].startswith(region)
    assert (found["name"], found["email"]) == (shop.name, shop.email)
    assert (found["cb"], found["location"] == "China") == (shop.cross_border, shop.cross_border)


def test_warehouses_by_the_three_calls() -> None:
    for shop in (shop_to_read("SG"), shop_to_read("TH"), shop_to_read("PH")):
        places = shop.part(Places)
        rows = checked(shop, "/seller/warehouse/get", addressTypes=["warehouse"])["module"]
        assert [row["code"] for row in rows] == places.codes
        assert [row["defaultAddress"] for row in rows] == [True] + [False] * (len(rows) - 1)
        assert checked(shop, "/seller/warehouse/get", addressTypes=["return"])["module"] == []
        assert checked(shop, "/rc/warehouse/get")["module"] == {"warehouse_code": "dropshipping"}
        detail = checked(shop, "/rc/warehouse/detail/get")["module"]
        assert (detail["warehouse_code"], detail["default_address"]) == ("dropshipping", True)
        assert detail["city"] == places.warehouses[0].city


def test_the_policy_needs_a_language_that_the_platform_knows(own: Running) -> None:
    assert own.send("/seller/policy/fetch", {"locale": "th_TH"}).json()["data"] == "{}"
    assert own.code("/seller/policy/fetch", {"locale": "xx"}) == "UnknownRuntimeException"


def test_every_other_buyer_follows() -> None:
    rows = checked(shop_to_read(), "/shop/follow/status/batch/query", buyer_ids=[4, 5, "x"])["result"]
    assert rows == [{"buyer_id": 4, "follow": True}, {"buyer_id": 5, "follow": False}]


def test_a_fleet_can_be_of_any_size_from_one() -> None:
    for count in (1, 2, 6, 13):
        platform = Lazada(World(seed=count, at=START, speed=0), stores=count)
        assert len(platform.stores) == len(platform.by_id) == count
        listed: list[dict[str, Any]] = platform.credentials("http://x")["stores"]
        assert len(listed) == count
        assert all(entry["access_token_expire_in"] - machine_now() > 9 * DAY for entry in listed)
