"""A fleet of Shopee: who exists, what every shop has from the start, what is true, and that it can be repeated."""

from collections import Counter
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.life import TROUBLES
from storeward_sandbox.options import Options
from storeward_sandbox.serve import Sandbox
from storeward_sandbox.shopee.chat import chat_of
from storeward_sandbox.shopee.desk import CONSENT_SECONDS
from storeward_sandbox.shopee.details import details
from storeward_sandbox.shopee.fleet import EXPIRING_SECONDS, FIRST_MARKETS, build
from storeward_sandbox.shopee.health_api import metrics
from storeward_sandbox.shopee.items import items_of
from storeward_sandbox.shopee.order_view import OPTIONAL, order_view
from storeward_sandbox.shopee.platform import Shopee
from storeward_sandbox.shopee.reviews import Reviews
from storeward_sandbox.shopee.settings import Settings
from storeward_sandbox.shopee.shop import Shop
from storeward_sandbox.shopee.tests.people import an_order, pages
from storeward_sandbox.shopee.tests.support import START, Json, Running, ask, bare_shop, checked, go, refused, running, told
from storeward_sandbox.shopee.wallet import wallet_of


def sandbox_of(**options: Any) -> Sandbox:
    return Sandbox(Options(**{"at": START, "speed": 0.0, "platforms": ("shopee",), **options}))


def shopee(made: Sandbox) -> Shopee:
    found = made.world.platforms["shopee"]
    assert isinstance(found, Shopee)
    return found


def snapshot(made: Sandbox) -> Json:
    """Everything that can be seen of the orders, and some of the rest."""
    made.world.live_until(made.world.clock.now())
    return {shop.id: (seen(shop), details(shop)) for shop in shopee(made).stores}


def seen(shop: Shop) -> list[Json]:
    return [order_view(shop, order, set(OPTIONAL), pending=True) for order in shop.orders.values()]


# --- repeating --------------------------------------------------------------------------------------------------------


def test_the_same_seed_number_and_instant_give_the_same_world() -> None:
    assert snapshot(sandbox_of(seed=4, stores=6)) == snapshot(sandbox_of(seed=4, stores=6))


def test_another_seed_gives_another_world() -> None:
    one, other = shopee(sandbox_of(seed=4, stores=3)), shopee(sandbox_of(seed=5, stores=3))
    assert {shop.id for shop in one.stores} != {shop.id for shop in other.stores}
    assert one.app.partner_key != other.app.partner_key


def test_the_world_is_the_same_whatever_was_looked_at_first() -> None:
    forward, backward = sandbox_of(seed=6, stores=4), sandbox_of(seed=6, stores=4)
    for shop in reversed(shopee(backward).stores):
        shop.touch(START)
    assert snapshot(forward) == snapshot(backward)


@pytest.mark.parametrize("steps", [(48 * HOUR,), (HOUR, 7 * HOUR, 40 * HOUR), (24 * HOUR, 24 * HOUR)])
def test_time_passes_the_same_in_one_step_or_many(steps: tuple[int, ...]) -> None:
    whole, parts = (sandbox_of(seed=8, stores=2) for _ in range(2))
    whole.world.live_until(START)
    whole.world.live_until(START + sum(steps))
    at = START
    parts.world.live_until(at)
    for step in steps:
        at += step
        parts.world.live_until(at)
    for one, other in zip(shopee(whole).stores, shopee(parts).stores, strict=True):
        assert seen(one) == seen(other)
        assert details(one) == details(other)


def test_other_platforms_do_not_change_the_world() -> None:
    alone = shopee(sandbox_of(seed=4, stores=2))
    together = shopee(sandbox_of(seed=4, stores=4, platforms=("tiktok_shop", "shopee")))
    assert [shop.id for shop in alone.stores] == [shop.id for shop in together.stores]
    for one, other in zip(alone.stores, together.stores, strict=True):
        one.touch(START)
        other.touch(START)
        assert seen(one) == seen(other)


# --- who exists -------------------------------------------------------------------------------------------------------


def test_six_shops_are_in_the_six_first_markets_and_twelve_have_every_trouble() -> None:
    fleet = build(seed=3, count=12, at=START)
    assert {shop.region for shop in fleet.shops[:6]} == set(FIRST_MARKETS)
    assert {trouble for shop in fleet.shops for trouble in shop.persona.troubles} == set(TROUBLES)
    assert len({shop.id for shop in fleet.shops}) == 12


def test_a_large_fleet_has_all_markets_and_every_shop_one_consent() -> None:
    fleet = build(seed=3, count=200, at=START)
    assert {shop.region for shop in fleet.shops} == {"SG", "MY", "TH", "VN", "PH", "ID", "TW", "BR"}
    covered = Counter(shop_id for consent, _ in fleet.consents for shop_id in consent.shop_ids)
    assert covered == Counter(shop.id for shop in fleet.shops)
    groups = [consent for consent, _ in fleet.consents if consent.main]
    assert groups
    assert max(len(consent.shop_ids) for consent in groups) == 3
    for shop in fleet.shops:
        assert shop.cross_border == bool(shop.merchant_id)


def test_consents_last_months_but_for_the_expiring() -> None:
    fleet = build(seed=3, count=40, at=START)
    by_shop = {consent.account_id: lasts for consent, lasts in fleet.consents}
    for shop in fleet.shops:
        if shop.has("expiring"):
            assert by_shop[shop.id] == EXPIRING_SECONDS
    others = [lasts for lasts in by_shop.values() if lasts != EXPIRING_SECONDS]
    assert min(others) > 200 * DAY
    assert max(others) <= CONSENT_SECONDS


def test_every_shop_has_from_the_start_what_it_must() -> None:
    for shop in shopee(sandbox_of(seed=1, stores=16)).stores:
        shop.touch(START)
        recent = [order for order in shop.orders.values() if START - order.create_time <= 14 * DAY]
        assert len(recent) >= 12
        assert {item.has_model for item in items_of(shop).values()} == {True, False}
        assert shop.part(Reviews).known
        assert (wallet_of(shop).payouts if shop.cross_border else wallet_of(shop).rows) != []
        assert bool(chat_of(shop).known) == shop.market.chat
        assert any(row[4] is not None for row in metrics(shop))
        assert shop.part(Settings).notices


def test_a_thousand_shops_are_there_at_once() -> None:
    made = shopee(sandbox_of(seed=1, stores=1000))
    assert len(made.stores) == 1000
    assert not any(shop.born for shop in made.stores)


# --- truth and credentials --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world() -> Any:
    with running(stores=6, seed=1, rate_limit=1000) as found:
        yield found


def listed(world: Running, store: Json) -> Counter[str]:
    """Every order that a client can list, by the status that it shows."""
    found: dict[str, str] = {}
    end = world.shop(store).now
    for back in range(5):
        query = {"time_range_field": "create_time", "time_from": end - (back + 1) * 15 * DAY, "time_to": end - back * 15 * DAY}
        query |= {
            "page_size": 100,
            "response_optional_fields": "order_status",
            "request_order_status_pending": True,
            "cursor": "",
        }
        while True:
            page = world.ask("order.get_order_list", store=store, query=query)["response"]
            found |= {row["order_sn"]: row["order_status"] for row in page["order_list"]}
            query["cursor"] = page["next_cursor"]
            if not page["more"]:
                break
    return Counter(found.values())


@pytest.mark.parametrize("passing", ["0h", "30h", "4d"])
def test_truth_counts_what_a_client_can_list(world: Running, passing: str) -> None:
    if passing != "0h":
        world.control("/clock", {"advance": passing})
        world.renew()
    truth = world.control("/truth")["platforms"]["shopee"]["stores"]
    for store in world.stores:
        assert truth[store["id"]]["orders_by_status"] == dict(listed(world, store)), store["region"]
        assert truth[store["id"]]["orders"] == sum(truth[store["id"]]["orders_by_status"].values())
        assert truth[store["id"]]["reachable"]


def test_credentials_hold_what_a_client_needs(world: Running) -> None:
    found = world.control("/credentials")["platforms"]["shopee"]
    assert set(found) == {"base_url", "auth_url", "partner_id", "partner_key", "push_key", "stores"}
    assert isinstance(found["partner_id"], str)
    assert "/api/v2" not in found["base_url"]
    for store in found["stores"]:
        assert set(store) >= {"id", "name", "region", "access_token", "refresh_token"}
        assert ("merchant_id" in store) == ("main_account_id" in store)


def test_details_tell_money_chats_and_penalties(world: Running) -> None:
    found = world.control("/details")["platforms"]["shopee"]["stores"]
    for store in world.stores:
        one = found[store["id"]]
        assert set(one) == {"troubles", "finance", "to_answer", "waiting_buyers", "penalty", "stock", "products"}


def test_orders_can_be_placed_and_people_sent_home() -> None:
    with running(stores=2, seed=3) as world:
        store = world.stores[0]
        world.control("/people", {"seller": False, "buyers": False})
        placed = world.control("/orders", {"store": store["id"], "count": 5})["orders"]
        assert len(placed) == 5
        shop = world.shop(store)
        assert {shop.orders[sn].status for sn in placed} == {"READY_TO_SHIP"}
        before = len(shop.orders)
        world.control("/clock", {"advance": "1d"})
        assert len(shop.orders) == before
        assert {shop.orders[sn].status for sn in placed} == {"READY_TO_SHIP"}
        world.control("/clock", {"advance": "6d"})
        assert {shop.orders[sn].cancel_reason for sn in placed} == {"Seller did not Ship"}


def test_stats_count_what_clients_did(world: Running) -> None:
    world.control("/stats/reset", {})
    world.ask("shop.get_shop_info")
    world.refusal("order.get_order_list", query={})
    stats = world.control("/stats")["platforms"]["shopee"]
    assert stats["requests"] == 2
    assert stats["rate"]["calls_by_operation"] == {"order.get_order_list": 1, "shop.get_shop_info": 1}
    assert stats["errors_by_code"] == {"error_param": 1}


# --- shops themselves -------------------------------------------------------------------------------------------------


def test_a_shop_says_who_it_is() -> None:
    local, abroad = bare_shop("TH"), bare_shop("TH", cross_border=True)
    abroad.merchant_id = "1000001"
    info = checked(local, "shop.get_shop_info")
    assert (info["region"], info["is_cb"], info["merchant_id"], info["status"]) == ("TH", False, None, "NORMAL")
    info = checked(abroad, "shop.get_shop_info")
    assert (info["is_cb"], info["merchant_id"]) == (True, 1_000_001)
    assert checked(local, "shop.get_profile")["shop_name"] == local.name


def test_holiday_mode_is_set_and_read() -> None:
    shop = bare_shop()
    body = {
        "holiday_mode_on": True,
        "holiday_mode_type": 1,
        "holiday_mode_start_time": START,
        "holiday_mode_end_time": START + DAY,
    }
    assert checked(shop, "shop.set_shop_holiday_mode", body={**body, "holiday_mode_description": "Away"}) == {"debug_msg": ""}
    found = checked(shop, "shop.get_shop_holiday_mode")
    assert (found["holiday_mode_on"], found["holiday_mode_description"], found["holiday_mode_mtime"]) == (True, "Away", shop.now)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"holiday_mode_on": "yes"},
        {"holiday_mode_on": True, "holiday_mode_type": 2},
        {"holiday_mode_on": True, "holiday_mode_start_time": 9, "holiday_mode_end_time": 8},
        {"holiday_mode_on": True, "holiday_mode_description": "x" * 501},
    ],
)
def test_a_bad_holiday_is_refused(body: Json) -> None:
    with refused("error_param"):
        ask(bare_shop(), "shop.set_shop_holiday_mode", body=body)


def test_notices_come_one_at_a_time_the_newest_first() -> None:
    shop = bare_shop()
    kept = shop.part(Settings)
    for number in range(3):
        kept.notify(shop.now + number, f"Notice {number}", "…")
    titles, cursor = [], 0
    while True:
        found = ask(shop, "shop.get_shop_notification", query={"cursor": cursor} if cursor else {})
        if not found["data"]:
            break
        titles.append(found["data"]["title"])
        cursor = found["cursor"]
    assert titles == ["Notice 2", "Notice 1", "Notice 0"]


def test_busy_shops_tell_their_warehouse_and_others_refuse() -> None:
    shop = bare_shop()
    shop.persona = shop.persona.__class__(**{**vars(shop.persona), "orders_per_day": 4.0})
    (row,) = checked(shop, "shop.get_warehouse_detail")
    assert row["location_id"] == "MYZ"
    shop.persona = shop.persona.__class__(**{**vars(shop.persona), "orders_per_day": 0.5})
    with refused("warehouse.error_not_in_whitelist"):
        ask(shop, "shop.get_warehouse_detail")


def test_a_shop_without_a_platform_tells_nobody() -> None:
    shop = build(seed=1, count=1, at=START).shops[0]
    shop.touch(START)
    an_order(shop, "COMPLETED")
    assert shop.orders


def test_pushes_of_a_shop_are_kept_for_tests() -> None:
    shop = bare_shop()
    an_order(shop)
    go(shop, HOUR)
    assert told(shop, 3)
    query = {"time_range_field": "create_time", "time_from": START, "time_to": shop.now, "page_size": 5}
    assert pages(shop, "order.get_order_list", "order_list", query=query)
