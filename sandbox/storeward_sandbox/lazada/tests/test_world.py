"""Worlds: repeatable from (seed, stores, at), full from the start, and moved by their clock alone."""

import time
from collections import Counter
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.lazada.fleet import MARKETS, build
from storeward_sandbox.lazada.order_view import line_row, order_row
from storeward_sandbox.lazada.platform import Lazada
from storeward_sandbox.lazada.shop import Shop
from storeward_sandbox.lazada.tests.support import START, Json, Running, go, make_shop, running, shop_to_read
from storeward_sandbox.life import TROUBLES
from storeward_sandbox.options import Options
from storeward_sandbox.serve import Sandbox

EVERYWHERE = {"unpaid", "pending", "packed", "ready_to_ship", "shipped", "delivered", "confirmed", "canceled"}


def lazada(**options: Any) -> Lazada:
    made = Sandbox(Options(**{"at": START, "speed": 0.0, "platforms": ("lazada",), **options}))
    made.world.live_until(made.world.clock.now())
    found = made.world.platforms["lazada"]
    assert isinstance(found, Lazada)
    return found


def orders_of(shop: Shop) -> list[Json]:
    return [
        {**order_row(shop, order, in_list=True), "items": [line_row(shop, order, line, single=True) for line in order.lines]}
        for order in shop.orders.values()
    ]


def snapshot(platform: Lazada) -> Json:
    return {
        "orders": {shop.id: orders_of(shop) for shop in platform.stores},
        "details": platform.details(),
        "truth": platform.truth(),
    }


def test_the_same_seed_number_and_instant_give_the_same_world() -> None:
    assert snapshot(lazada(seed=4, stores=4)) == snapshot(lazada(seed=4, stores=4))


def test_another_seed_gives_another_world() -> None:
    one, other = lazada(seed=4, stores=2), lazada(seed=5, stores=2)
    assert {shop.id for shop in one.stores}.isdisjoint(shop.id for shop in other.stores)
    assert one.app.secret != other.app.secret


def test_a_world_is_the_same_whatever_was_looked_at_first() -> None:
    made = Sandbox(Options(at=START, speed=0.0, platforms=("lazada",), seed=4, stores=3))
    for store in reversed(made.world.stores()):
        store.touch(START)
    backward = made.world.platforms["lazada"]
    assert isinstance(backward, Lazada)
    assert snapshot(lazada(seed=4, stores=3)) == snapshot(backward)


def test_it_does_not_matter_in_how_many_steps_time_passes() -> None:
    at_once, by_hours = make_shop("TH", seed=3), make_shop("TH", seed=3)
    go(at_once, 2 * DAY)
    for _ in range(48):
        go(by_hours, HOUR)
    assert orders_of(at_once) == orders_of(by_hours)


@pytest.mark.parametrize("region", MARKETS)
@pytest.mark.parametrize("trouble", [(), ("neglected",)])
def test_every_store_has_orders_of_the_last_fortnight_in_all_statuses(region: str, trouble: tuple[str, ...]) -> None:
    shop = shop_to_read(region, trouble)
    recent = [order for order in shop.orders.values() if order.created >= START - 14 * DAY]
    assert len(recent) >= 12
    assert {status for order in recent for status in order.statuses} >= EVERYWHERE


def test_no_order_is_older_than_sixty_days_at_the_start() -> None:
    for seed in range(3):
        assert min(order.created for order in make_shop(seed=seed).orders.values()) >= START - 60 * DAY


def test_a_fleet_of_twelve_shows_all_sites_and_every_trouble() -> None:
    for seed in range(5):
        shops = build(seed=seed, count=12, at=START).shops
        assert {shop.region for shop in shops} == set(MARKETS)
        assert {trouble for shop in shops for trouble in shop.persona.troubles} == set(TROUBLES)
        assert len({shop.name for shop in shops}) == len({shop.id for shop in shops}) == 12


def test_a_neglected_store_has_seen_nobody_for_27_to_61_days() -> None:
    for seed in range(4):
        shop = make_shop("MY", ("neglected",), seed=seed)
        stopped = shop.persona.stops_at
        assert stopped is not None
        assert 27 * DAY <= START - stopped <= 61 * DAY
        readied = [
            line.ready_at for order in shop.orders.values() if not order.by_platform for line in order.lines if line.ready_at
        ]
        assert all(at < stopped for at in readied)


def test_late_orders_pile_up_where_that_is_the_trouble() -> None:
    def undone(shop: Shop) -> int:
        return sum("pending" in order.statuses for order in shop.orders.values())

    assert undone(shop_to_read("MY", ("late_orders",))) >= undone(shop_to_read("MY")) + 2


def test_a_large_fleet_is_there_at_once() -> None:
    began = time.thread_time()  # what others do meanwhile does not count
    fleet = build(seed=2, count=1000, at=START)
    assert time.thread_time() - began < 3
    assert len({shop.id for shop in fleet.shops}) == 1000
    assert len({shop.code for shop in fleet.shops}) > 990
    covered = Counter(shop.id for seller in fleet.sellers for shop in seller.stores)
    assert set(covered.values()) == {1}
    assert len(covered) == 1000


def test_ids_are_told_once_and_fit_63_bits() -> None:
    platform = lazada(seed=6, stores=3)
    orders = [order.id for shop in platform.stores for order in shop.orders.values()]
    lines = [line.id for shop in platform.stores for order in shop.orders.values() for line in order.lines]
    packages = [package_id for shop in platform.stores for package_id in shop.packages]
    for ids in (orders, lines, packages):
        assert len(set(ids)) == len(ids)
    assert all(int(one) < 2**63 for one in (*orders, *lines))
    assert all(package_id.startswith("FP") for package_id in packages)


# --- over HTTP --------------------------------------------------------------------------------------------------------


def counted(world: Running, store: Json) -> Counter[str]:
    """What a client counts, page by page, by the words of an order joined by `+`."""
    found: Counter[str] = Counter()
    offset = 0
    while True:
        asked = {"created_after": "2026-01-01T00:00:00+08:00", "offset": offset, "limit": 100, "sort_direction": "ASC"}
        page = world.ask("/orders/get", asked, store=store)
        found.update("+".join(order["statuses"]) for order in page["orders"])
        offset += page["count"]
        if offset >= page["countTotal"]:
            return found


def test_truth_counts_what_a_client_can_list(world: Running) -> None:
    truth = world.control("/truth")["platforms"]["lazada"]["stores"]
    assert set(truth) == {store["id"] for store in world.stores}
    for store in world.stores:
        counts = counted(world, store)
        assert truth[store["id"]]["orders_by_status"] == dict(sorted(counts.items()))
        assert truth[store["id"]]["orders"] == counts.total()
        assert truth[store["id"]]["reachable"] is True


def test_credentials_hold_what_a_client_needs(world: Running) -> None:
    app = world.control("/credentials")["platforms"]["lazada"]
    assert app["base_url"] == app["auth_url"] == f"{world.address}/rest"
    assert {"app_key", "app_secret", "stores", "gateways"} <= set(app)
    for store in app["stores"]:
        assert {"id", "name", "region", "access_token", "refresh_token"} <= set(store)
        assert world.ask("/seller/get", store=store)["seller_id"] == int(store["id"])


def test_the_clock_moves_the_world_and_a_dead_connection_is_dead_after_it() -> None:
    with running(stores=12, seed=1) as world:
        before = world.control("/truth")["platforms"]["lazada"]["stores"]
        world.control("/clock", {"advance": "6h"})
        after = world.control("/truth")["platforms"]["lazada"]["stores"]
        assert sum(store["orders"] for store in after.values()) >= sum(store["orders"] for store in before.values())
        assert sum(not store["reachable"] for store in after.values()) == 1
        gone = world.stores
        world.renew()
        assert len(world.stores) == len(gone) - 1
        dead = next(store for store in gone if store["id"] not in {one["id"] for one in world.stores})
        assert world.code("/seller/get", store=dead) == "IllegalAccessToken"


def test_buyers_can_be_made_to_order_and_people_sent_home(world: Running) -> None:
    store = world.stores[-1]
    world.control("/people", {"store": store["id"], "seller": False, "buyers": False})
    before = counted(world, store).total()
    placed = world.control("/orders", {"store": store["id"], "count": 3})["orders"]
    assert len(placed) == 3
    assert counted(world, store).total() == before + 3
    assert {world.ask("/order/get", {"order_id": one}, store=store)["statuses"][0] for one in placed} == {"pending"}
    world.control("/people", {"store": store["id"], "seller": True, "buyers": True})


def test_details_show_what_lists_do_not(world: Running) -> None:
    found = world.control("/details")["platforms"]["lazada"]["stores"]
    troubled = {trouble: one for one in found.values() for trouble in one["troubles"]}
    assert float(troubled["negative_balance"]["finance"]["balance"]) < 0
    assert troubled["returns"]["to_answer"]
    assert troubled["unanswered"]["waiting_buyers"]["count"] >= 2
    assert troubled["low_stock"]["sold_out"] >= 1


def test_an_unknown_deed_to_a_consent_is_one_sentence(world: Running) -> None:
    url = world.sandbox.addresses["control"] + "/authorizations"
    answer = world.http.post(url, json={"store": world.stores[0]["id"], "do": "burn"})
    assert answer.status_code == 400
    assert "burn" in answer.json()["error"]
