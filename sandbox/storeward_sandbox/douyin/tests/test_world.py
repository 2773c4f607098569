"""The shops of a world: who they are, what each has from the start, that it is the same every time, and how time moves them."""

from collections.abc import Iterator
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.douyin.catalogue import Catalogue
from storeward_sandbox.douyin.fleet import BRANDS, DECK, KINDS, TRADES, build, revoked_at
from storeward_sandbox.douyin.ledger import Ledger
from storeward_sandbox.douyin.platform import PER_SECOND, Douyin
from storeward_sandbox.douyin.shop import Shop
from storeward_sandbox.douyin.tests.support import START, Json, Running, ask, go, make_shop, running
from storeward_sandbox.world import World


def fingerprint(shop: Shop) -> Any:
    """Enough of a shop to see whether two are the same."""
    orders = [(order.id, order.status, order.update_time, order.pay_amount) for order in shop.orders.values()]
    books = [(one.trade_no, one.time, one.amount) for one in shop.part(Ledger).movements]
    stock = [sku.level for _product, sku in shop.part(Catalogue).skus()]
    return shop.id, shop.name, shop.persona, orders, books, stock


# --- who they are -----------------------------------------------------------------------------------------------------


def test_a_fleet_of_nine_meets_every_trouble() -> None:
    troubles = [shop.persona.troubles for shop in build(seed=1, count=9, at=START)]
    assert {name for each in troubles for name in each} == {name for each in DECK for name in each}
    assert sum(not each for each in troubles) == 2


@pytest.mark.parametrize(
    ("count", "troubles"), [(1, [("late_orders",)]), (2, [("late_orders",), ()]), (3, [("late_orders",), (), ("neglected",)])]
)
def test_a_small_fleet_has_something_to_see(count: int, troubles: list[tuple[str, ...]]) -> None:
    assert [tuple(shop.persona.troubles) for shop in build(seed=5, count=count, at=START)] == troubles


def test_names_are_those_of_chinese_shops() -> None:
    for shop in build(seed=2, count=30, at=START):
        assert shop.name.startswith(BRANDS)
        assert shop.name.endswith(KINDS)
        assert any(trade in shop.name for trade in TRADES)
        assert shop.region == "CN"


def test_no_two_shops_have_one_name() -> None:
    names = [shop.name for shop in build(seed=2, count=1000, at=START)]
    assert len(set(names)) == 1000
    assert names[320].endswith("2店")
    assert names[:9] != [shop.name for shop in build(seed=3, count=9, at=START)]


def test_ids_are_numbers_of_their_own() -> None:
    shops = build(seed=2, count=300, at=START)
    assert len({shop.id for shop in shops}) == 300
    assert all(shop.id.isdigit() and 10**8 <= int(shop.id) < 10**9 for shop in shops)


def test_order_numbers_of_two_shops_never_meet() -> None:
    first, second = build(seed=2, count=2, at=START)
    for shop in (first, second):
        shop.touch(START)
    ids = [{line.id for order in shop.orders.values() for line in order.lines} for shop in (first, second)]
    assert not ids[0] & ids[1]
    assert all(2**53 < int(one) < 2**63 for one in ids[0] | ids[1])


def test_only_a_dead_connection_is_revoked_some_hours_after_the_start() -> None:
    for shop in build(seed=4, count=18, at=START):
        at = revoked_at(shop)
        assert (at is not None) == shop.has("dead_connection")
        assert at is None or START + 2 * HOUR <= at <= START + 5 * HOUR


def test_a_thousand_shops_are_there_at_once() -> None:
    platform = Douyin(World(seed=1, at=START, speed=0), stores=1000)
    assert len(platform.stores) == len(platform.by_id) == 1000
    assert not any(shop.born for shop in platform.stores)


# --- what each has from the start -------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_shop_has_what_the_contract_promises(seed: int) -> None:
    for shop in build(seed=seed, count=9, at=START):
        shop.touch(START)
        recent = [order for order in shop.orders.values() if order.create_time >= START - 14 * DAY]
        assert len(recent) >= 12, shop.persona.troubles
        assert {order.status for order in recent} == {1, 105, 2, 101, 3, 4, 5}, shop.persona.troubles
        counts = [len(product.skus) for product in shop.part(Catalogue).products.values()]
        assert max(counts) > 1
        assert min(counts) == 1
        assert shop.part(Ledger).movements
        assert all(order.create_time >= START - 60 * DAY for order in shop.orders.values())


def test_shops_begin_in_any_hour_with_all_states() -> None:
    for hour in range(0, 24, 3):
        shop = make_shop(at=START + hour * HOUR)
        recent = [order for order in shop.orders.values() if order.create_time >= shop.now - 14 * DAY]
        assert {order.status for order in recent} == {1, 105, 2, 101, 3, 4, 5}, hour


def test_a_neglected_shop_has_not_shipped_since_its_seller_left() -> None:
    shop = make_shop(("neglected",), orders_per_day=2.0)
    left = shop.persona.stops_at
    assert left is not None
    assert START - 61 * DAY <= left <= START - 27 * DAY
    real = [order for order in shop.orders.values() if not order.plan.by]
    assert not [order for order in real if order.ship_time > left]
    assert [order for order in real if order.status == 2 and order.late_times > 2]


# --- the same every time ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("troubles", [(), ("late_orders",), ("returns", "unanswered"), ("frozen",)])
def test_the_same_seed_gives_the_same_shop(troubles: tuple[str, ...]) -> None:
    first, second = make_shop(troubles, days=3), make_shop(troubles, days=3)
    assert fingerprint(first) == fingerprint(second)


def test_another_seed_gives_another_shop() -> None:
    assert fingerprint(make_shop(seed=7)) != fingerprint(make_shop(seed=8))


def test_looking_often_changes_nothing() -> None:
    once, often = make_shop(), make_shop()
    once.touch(START + 2 * DAY)
    for hour in range(48):
        often.touch(START + hour * HOUR)
        ask(often, "shop.reputation")
        ask(often, "order.searchList", page=0, size=1, create_time_start=1, create_time_end=2)
    often.touch(START + 2 * DAY)
    assert fingerprint(once) == fingerprint(often)


def test_the_order_in_which_shops_are_looked_at_changes_nothing() -> None:
    forwards, backwards = build(seed=6, count=5, at=START), build(seed=6, count=5, at=START)
    for shop in forwards:
        shop.touch(START)
    for shop in reversed(backwards):
        shop.touch(START)
    assert [fingerprint(shop) for shop in forwards] == [fingerprint(shop) for shop in backwards]


# --- over HTTP --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world() -> Iterator[Running]:
    with running(stores=9, seed=17, rate_limit=10_000) as found:
        yield found


def listed(world: Running, store: Json) -> list[Json]:
    """All orders that a client can list."""
    found: list[Json] = []
    now = int(world.shop(store).now)
    while True:
        asked = {"page": len(found) // 100, "size": 100, "create_time_start": now - 90 * DAY, "create_time_end": now + 1}
        page = world.ask("order.searchList", asked, store=store)["shop_order_list"]
        found += page
        if len(page) < 100:
            return found


@pytest.mark.parametrize("passing", ["0h", "3d"])
def test_the_truth_counts_what_a_client_can_list(world: Running, passing: str) -> None:
    world.control("/clock", {"advance": passing})
    world.renew()
    truth = world.control("/truth")["platforms"]["douyin"]["stores"]
    for store in world.stores:
        orders = listed(world, store)
        counted: dict[str, int] = {}
        for order in orders:
            counted[str(order["order_status"])] = counted.get(str(order["order_status"]), 0) + 1
        assert truth[store["id"]]["orders"] == len(orders)
        assert truth[store["id"]]["orders_by_status"] == dict(sorted(counted.items()))


def test_a_dead_connection_leaves_the_credentials_and_the_reachable(world: Running) -> None:
    dead = next(shop for shop in world.platform.stores if shop.has("dead_connection"))
    world.control("/clock", {"advance": "6h"})
    world.renew()
    assert dead.id not in [store["id"] for store in world.stores]
    assert world.control("/truth")["platforms"]["douyin"]["stores"][dead.id]["reachable"] is False


def test_orders_are_placed_by_the_control_interface_and_wait(world: Running) -> None:
    world.control("/people", {"seller": False, "buyers": False})
    store = world.stores[0]
    ids = world.control("/orders", {"store": store["id"], "count": 5})["orders"]
    assert len(set(ids)) == 5
    for number in ids:
        order = world.ask("order.orderDetail", {"shop_order_id": number}, store=store)["shop_order_detail"]
        assert order["order_status"] == 2
    world.control("/clock", {"advance": "12h"})
    waiting = {order["order_id"] for order in listed(world, store) if order["order_status"] == 2}
    assert set(ids) <= waiting
    world.control("/people", {"seller": True, "buyers": True})


@pytest.mark.parametrize("trouble", ["low_stock", "neglected", "frozen"])
def test_as_many_orders_come_as_were_asked_for_whatever_the_stock(world: Running, trouble: str) -> None:
    shop = next(shop for shop in world.platform.stores if shop.has(trouble))
    assert len(world.control("/orders", {"store": shop.id, "count": 40})["orders"]) == 40


def test_details_tell_money_cases_tickets_and_stock(world: Running) -> None:
    found = world.control("/details")["platforms"]["douyin"]["stores"]
    assert set(found) == set(world.platform.by_id)
    one = next(iter(found.values()))
    assert set(one) == {"troubles", "finance", "to_answer", "tickets", "stock", "products"}
    assert any(each["finance"]["balance"] < 0 for each in found.values())
    assert any(each["finance"]["late_hits"] > 5 for each in found.values())
    assert any(each["to_answer"] for each in found.values())


def test_the_expiring_shop_s_token_ends_within_the_hour() -> None:
    with running(stores=9, seed=17) as world:
        expiring = next(shop for shop in world.platform.stores if shop.has("expiring"))
        store = next(one for one in world.stores if one["id"] == expiring.id)
        asked = {"grant_type": "refresh_token", "refresh_token": store["refresh_token"]}
        tokens = world.ask("token.refresh", asked, token=False)
        assert tokens["access_token"] != store["access_token"]
        assert world.ask("shop.reputation", store=store)["shop_id"] == int(store["id"])
        others = next(one for one in world.stores if one["id"] != expiring.id)
        same = world.ask("token.refresh", {**asked, "refresh_token": others["refresh_token"]}, token=False)
        assert same["access_token"] == others["access_token"]


def test_budgets_are_those_of_the_documents(world: Running) -> None:
    assert PER_SECOND["order.orderDetail"] == 900
    assert world.platform.rate.per_operation == PER_SECOND
    world.control("/stats/reset", {})
    world.ask("shop.reputation", store=world.stores[0])
    stats = world.control("/stats")["platforms"]["douyin"]
    assert stats["requests"] == 1
    assert stats["rate"]["calls_by_operation"] == {"shop.reputation": 1}
    assert stats["rate"]["exceeded"] == 0


def test_a_bill_file_is_fetched_over_http(world: Running) -> None:
    store = world.stores[0]
    asked = {"start_date": "2026-11-15", "end_date": "2026-11-16"}
    rows = world.ask("order.getShopAccountItemFile", asked, store=store)["data"]
    answer = world.http.get(rows[0]["url"])
    assert answer.status_code == 200
    assert answer.text.startswith("\ufeff动账时间")
    assert world.http.get(world.base_url + "/files/1/none.csv").status_code == 404


def test_people_rest_and_go_on() -> None:
    shop = make_shop(orders_per_day=6.0)
    shop.buyers_on = False
    before = len(shop.orders)
    go(shop, 2 * DAY)
    assert len(shop.orders) == before
    shop.buyers_on = True
    go(shop, 2 * DAY)
    assert len(shop.orders) > before
