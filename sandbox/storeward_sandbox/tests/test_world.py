"""Worlds: repeatable from (seed, stores, at), full from the start, and moved by their clock alone."""

import time
from collections import Counter
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.life import TROUBLES
from storeward_sandbox.options import Options
from storeward_sandbox.serve import Sandbox
from storeward_sandbox.tests.support import START, Json, Running, go, make_shop, running, told
from storeward_sandbox.tiktok_shop.fleet import build
from storeward_sandbox.tiktok_shop.order_view import order_view
from storeward_sandbox.tiktok_shop.platform import TikTokShop
from storeward_sandbox.tiktok_shop.shop import Shop

STATUSES = {
    "UNPAID", "ON_HOLD", "AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "COMPLETED", "CANCELLED",
}  # fmt: skip


def sandbox_of(**options: Any) -> Sandbox:
    return Sandbox(Options(**{"at": START, "speed": 0.0, "platforms": ("tiktok_shop",), **options}))


def tiktok_shop(made: Sandbox) -> TikTokShop:
    found = made.world.platforms["tiktok_shop"]
    assert isinstance(found, TikTokShop)
    return found


def snapshot(made: Sandbox) -> Json:
    made.world.live_until(made.world.clock.now())
    return {shop.id: [order_view(shop, order) for order in shop.orders.values()] for shop in tiktok_shop(made).stores}


def test_the_same_seed_number_and_instant_give_the_same_world() -> None:
    assert snapshot(sandbox_of(seed=4, stores=4)) == snapshot(sandbox_of(seed=4, stores=4))


def test_another_seed_gives_another_world() -> None:
    one, other = sandbox_of(seed=4, stores=2), sandbox_of(seed=5, stores=2)
    assert {shop.id for shop in tiktok_shop(one).stores}.isdisjoint(shop.id for shop in tiktok_shop(other).stores)
    assert tiktok_shop(one).app.key != tiktok_shop(other).app.key


def test_a_world_is_the_same_whatever_was_looked_at_first() -> None:
    forward, backward = sandbox_of(seed=4, stores=3), sandbox_of(seed=4, stores=3)
    for shop in reversed(tiktok_shop(backward).stores):
        shop.touch(START)
    assert snapshot(forward) == snapshot(backward)


def test_it_does_not_matter_in_how_many_steps_time_passes() -> None:
    at_once, by_hours = make_shop("TH", seed=3), make_shop("TH", seed=3)
    go(at_once, 2 * DAY)
    for _ in range(48):
        go(by_hours, HOUR)
    assert [order_view(at_once, order) for order in at_once.orders.values()] == [
        order_view(by_hours, order) for order in by_hours.orders.values()
    ]


@pytest.mark.parametrize("region", ["MY", "PH", "TH", "VN", "SG", "US", "GB", "ID"])
@pytest.mark.parametrize("trouble", [(), ("neglected",)])
def test_every_store_has_orders_of_the_last_fortnight_in_all_statuses(region: str, trouble: tuple[str, ...]) -> None:
    shop = make_shop(region, trouble)
    recent = [order for order in shop.orders.values() if order.create_time >= START - 14 * DAY]
    assert len(recent) >= 12
    wanted = STATUSES if shop.market.holds else STATUSES - {"ON_HOLD"}
    assert {order.status for order in recent} >= wanted


def test_no_order_is_older_than_sixty_days_at_the_start() -> None:
    for seed in range(3):
        assert min(order.create_time for order in make_shop(seed=seed).orders.values()) >= START - 60 * DAY


def test_a_fleet_of_twelve_shows_the_six_first_markets_and_every_trouble() -> None:
    for seed in range(5):
        shops = build(seed=seed, count=12, at=START).shops
        assert {shop.region for shop in shops} >= {"MY", "PH", "TH", "VN", "SG", "US"}
        assert {trouble for shop in shops for trouble in shop.persona.troubles} == set(TROUBLES)
        assert len({shop.name for shop in shops}) == 12


def test_a_neglected_store_has_seen_nobody_for_27_to_61_days() -> None:
    for seed in range(4):
        shop = make_shop("MY", ("neglected",), seed=seed)
        assert shop.persona.stops_at is not None
        assert 27 * DAY <= START - shop.persona.stops_at <= 61 * DAY
        by_seller = [order.rts_time for order in shop.orders.values() if order.rts_time and not order.by_platform]
        assert all(instant < shop.persona.stops_at for instant in by_seller)


def test_late_orders_pile_up_where_that_is_the_trouble() -> None:
    def undone(shop: Shop) -> int:
        return sum(order.status == "AWAITING_SHIPMENT" for order in shop.orders.values())

    assert undone(make_shop("MY", ("late_orders",))) >= undone(make_shop("MY")) + 2


def test_a_large_fleet_is_there_at_once_and_covers_more_markets() -> None:
    began = time.thread_time()  # what others do meanwhile does not count
    made = sandbox_of(seed=2, stores=1000)
    assert time.thread_time() - began < 5
    shops = tiktok_shop(made).stores
    assert len({shop.id for shop in shops}) == len({shop.cipher for shop in shops}) == 1000
    assert {shop.region for shop in shops} >= {"GB", "ID"}
    assert any(len(held.shop_ids) > 1 for held in tiktok_shop(made).desk.authorizations)
    covered = Counter(shop_id for held in tiktok_shop(made).desk.authorizations for shop_id in held.shop_ids)
    assert set(covered.values()) == {1}
    assert len(covered) == 1000


def test_ids_have_the_platforms_shapes_and_are_told_once() -> None:
    made = sandbox_of(seed=6, stores=3)
    made.world.live_until(START)
    orders = [order for shop in tiktok_shop(made).stores for order in shop.orders.values()]
    assert all(len(order.id) == 18 and order.id.startswith("576") for order in orders)
    ids = [order.id for order in orders] + [line.id for order in orders for line in order.lines]
    assert len(ids) == len(set(ids))
    assert all(int(each) < 2**63 for each in ids)


def test_nothing_is_told_of_the_past() -> None:
    assert told(make_shop("MY")) == []


# --- over HTTP --------------------------------------------------------------------------------------------------------


def counts(sandbox: Running) -> Json:
    return {
        store_id: store["orders_by_status"]
        for store_id, store in sandbox.control("/truth")["platforms"]["tiktok_shop"]["stores"].items()
    }


def listed(sandbox: Running, store: Json) -> Counter[str]:
    """Orders by status as a client counts them."""
    found: Counter[str] = Counter()
    query: Json = {"page_size": 100}
    while True:
        data = sandbox.ask("getOrderList", store=store, query=query)
        found.update(order["status"] for order in data.get("orders", ()))
        if not data["next_page_token"]:
            return found
        query["page_token"] = data["next_page_token"]


def test_truth_is_what_a_client_can_list_before_and_after_time_has_passed() -> None:
    with running(stores=3, seed=8) as sandbox:
        before = counts(sandbox)
        for store in sandbox.stores:
            assert listed(sandbox, store) == before[store["id"]]
        sandbox.control("/clock", {"advance": "1h"})
        after = counts(sandbox)
        assert after != before
        for store in sandbox.stores:
            assert listed(sandbox, store) == after[store["id"]]


def test_a_frozen_world_stands_and_goes_on_by_the_clock_alone() -> None:
    with running(stores=2, seed=8) as sandbox:
        first = sandbox.control("/clock")
        assert (first["at"], first["frozen"]) == ("2026-11-18T04:00:00Z", True)
        assert counts(sandbox) == counts(sandbox)
        assert sandbox.control("/clock", {"advance": "36h"})["at"] == "2026-11-19T16:00:00Z"
        assert sandbox.control("/clock", {"at": "2026-11-20T00:00:00Z"})["at"] == "2026-11-20T00:00:00Z"
        back = sandbox.http.post(sandbox.sandbox.addresses["control"] + "/clock", json={"at": "2026-11-19T00:00:00Z"})
        assert (back.status_code, "only goes forward" in back.json()["error"]) == (400, True)
        assert sandbox.control("/clock", {"run": True, "speed": 3600})["speed"] == 3600
        assert sandbox.control("/clock", {"freeze": True})["frozen"] is True


def test_a_clock_that_runs_fast_makes_orders_happen() -> None:
    with running(stores=1, seed=8, speed=86_400.0 * 5) as sandbox:
        before = sum(counts(sandbox)[sandbox.stores[0]["id"]].values())
        deadline = time.monotonic() + 60
        while sum(counts(sandbox)[sandbox.stores[0]["id"]].values()) <= before and time.monotonic() < deadline:
            sandbox.control("/clock")
        assert sum(counts(sandbox)[sandbox.stores[0]["id"]].values()) > before


def test_all_stores_are_reachable_at_the_start_and_a_dead_connection_dies_in_the_first_hours() -> None:
    with running(stores=12, seed=1) as sandbox:
        assert len(sandbox.stores) == 12
        sandbox.control("/clock", {"advance": "6h"})
        sandbox.renew()
        assert len(sandbox.stores) == 11
        truth = sandbox.control("/truth")["platforms"]["tiktok_shop"]["stores"]
        assert [store["reachable"] for store in truth.values()].count(False) == 1


def test_a_standing_fault_makes_stores_unreachable(sandbox: Running) -> None:
    store = sandbox.stores[5]
    sandbox.control("/faults", {"name": "server_error", "on": True, "stores": [store["id"]]})
    truth = sandbox.control("/truth")["platforms"]["tiktok_shop"]["stores"]
    sandbox.control("/faults", {"name": "server_error", "on": False})
    assert [store_id for store_id, one in truth.items() if not one["reachable"]] == [store["id"]]


def test_orders_can_be_placed_and_people_sent_home() -> None:
    with running(stores=2, seed=8) as sandbox:
        store = sandbox.stores[0]
        ids = sandbox.control("/orders", {"store": store["id"], "count": 3})["orders"]
        orders = sandbox.ask("getOrderDetail", query={"ids": ",".join(ids)})["orders"]
        assert len(orders) == 3
        assert {order["status"] for order in orders} <= {"ON_HOLD", "AWAITING_SHIPMENT"}
        sandbox.control("/people", {"buyers": False, "seller": False})
        before = sum(counts(sandbox)[store["id"]].values())
        sandbox.control("/clock", {"advance": "5d"})
        assert sum(counts(sandbox)[store["id"]].values()) == before
        assert set(counts(sandbox)[store["id"]]).isdisjoint({"AWAITING_SHIPMENT", "ON_HOLD", "UNPAID"})


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/orders", {"store": "1"}, "there is no store '1'"),
        ("/faults", {"name": "fire", "on": True}, "there is no fault 'fire'"),
        ("/faults", {"name": "slow", "on": True, "rate": 3}, "is no share"),
        ("/faults", {"name": "slow", "on": True, "platform": "ebay"}, "there is no platform 'ebay'"),
        ("/clock", {"advance": "soon"}, "is no duration"),
        ("/authorizations", {"store": "STORE", "do": "eat"}, "'eat' is not"),
    ],
)
def test_the_control_interface_says_what_is_wrong(sandbox: Running, path: str, body: Json, words: str) -> None:
    body = {name: sandbox.stores[0]["id"] if value == "STORE" else value for name, value in body.items()}
    answer = sandbox.http.post(sandbox.sandbox.addresses["control"] + path, json=body)
    assert (answer.status_code, words in answer.json()["error"]) == (400, True)


def test_a_body_that_cannot_be_read_is_no_crash(sandbox: Running) -> None:
    answer = sandbox.http.post(sandbox.sandbox.addresses["control"] + "/clock", content=b"{")
    assert answer.status_code == 400
