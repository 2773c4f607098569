"""What becomes of orders that are not shipped: by hand, order by order and day by day."""

from dataclasses import replace

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.douyin.catalogue import TWO_DAYS, Catalogue
from storeward_sandbox.douyin.ledger import DEPOSIT_AT_FIRST, OUT, Ledger, Movement
from storeward_sandbox.douyin.moments import day_start, read_time
from storeward_sandbox.douyin.orders import Order, ship
from storeward_sandbox.douyin.penalties import (
    BAD_DAY_ORDERS,
    COMPENSATION_SUMMARY,
    FREEZES,
    LATE_SUMMARY,
    Penalties,
    _is_bad,
    _of_year,
    compensation,
)
from storeward_sandbox.douyin.shop import Shop
from storeward_sandbox.douyin.tests.support import START, ask, bare_shop, buy, go, make_shop


@pytest.fixture
def shop() -> Shop:
    """A shop in which everything is promised within 48 hours."""
    found = bare_shop()
    for product in found.part(Catalogue).products.values():
        product.delay_day, product.presale_days = TWO_DAYS, 0
    return found


def taken(shop: Shop, summary: str) -> list[Movement]:
    return [one for one in shop.part(Ledger).movements if one.summary == summary]


def of_one_line(shop: Shop, fen: int) -> Order:
    """An order for so much money, waiting to be shipped within 48 hours."""
    order = buy(shop)
    order.lines = order.lines[:1]
    line = order.lines[0]
    line.price, line.count, line.shop_discount, line.platform_discount, line.post = fen, 1, 0, 0, 0
    return order


# --- the deposit ------------------------------------------------------------------------------------------------------


def test_ten_yuan_leave_the_deposit_the_day_after_an_order_was_late(shop: Shop) -> None:
    order = of_one_line(shop, 10_000)
    go(shop, 2 * DAY)  # Friday noon: late
    assert shop.part(Penalties).late == 1
    assert taken(shop, LATE_SUMMARY) == []
    go(shop, DAY)  # Saturday noon
    rows = taken(shop, LATE_SUMMARY)
    assert [(one.flow, one.amount, one.order, one.from_deposit) for one in rows] == [(OUT, 1_000, order, True)]
    assert rows[0].time == read_time("2026-11-21 12:00:00")
    assert shop.part(Ledger).deposit == DEPOSIT_AT_FIRST - 1_000


def test_an_order_costs_the_deposit_twice_at_most(shop: Shop) -> None:
    of_one_line(shop, 10_000)
    go(shop, 20 * DAY)
    assert len(taken(shop, LATE_SUMMARY)) == 2
    assert shop.part(Penalties).late == 2


def test_an_order_shipped_after_the_first_look_costs_it_once(shop: Shop) -> None:
    order = of_one_line(shop, 10_000)
    go(shop, 2 * DAY + HOUR)
    ship(shop, [order], [(order.lines[0], 1)], carrier_code="yunda", tracking_no="YD1")
    go(shop, 10 * DAY)
    assert len(taken(shop, LATE_SUMMARY)) == 1
    assert taken(shop, COMPENSATION_SUMMARY) == []


def test_no_more_than_five_hundred_yuan_leave_on_one_day(shop: Shop) -> None:
    for _ in range(55):
        of_one_line(shop, 300)
    go(shop, 3 * DAY + HOUR)
    assert sum(shop.part(Penalties).taken.values()) == 50_000
    assert len(taken(shop, LATE_SUMMARY)) == 50


def test_without_a_deposit_the_account_pays(shop: Shop) -> None:
    shop.part(Ledger).deposit = 500
    of_one_line(shop, 10_000)
    go(shop, 3 * DAY)
    assert [one.from_deposit for one in taken(shop, LATE_SUMMARY)] == [False]
    assert shop.part(Ledger).deposit == 500


# --- compensation -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paid", "promise", "gets"),
    [
        (10_000, 2 * DAY, 500),
        (9_999, 2 * DAY, 500),
        (20_000, 2 * DAY, 1_000),
        (100, 2 * DAY, 500),
        (2_000_000, 2 * DAY, 50_000),
        (1_000_000, 2 * DAY, 50_000),
        (999_980, 2 * DAY, 49_999),
        (10_000, 2 * DAY + 1, 1_000),
        (4_000, 7 * DAY, 500),
        (5_001, 7 * DAY, 500),
        (5_010, 7 * DAY, 501),
        (2_000_000, 15 * DAY, 100_000),
    ],
)
def test_a_buyer_gets_five_or_ten_percent_within_bounds(shop: Shop, paid: int, promise: int, gets: int) -> None:
    order = of_one_line(shop, paid)
    order.exp_ship_time = order.pay_time + promise
    assert compensation(order) == gets


def test_an_order_is_out_of_stock_a_day_after_it_was_late(shop: Shop) -> None:
    order = of_one_line(shop, 20_000)
    go(shop, 3 * DAY - 1)
    assert taken(shop, COMPENSATION_SUMMARY) == []
    go(shop, 1)
    assert [(one.amount, one.order, one.from_deposit) for one in taken(shop, COMPENSATION_SUMMARY)] == [(1_000, order, False)]
    assert shop.part(Penalties).missing == {day_start(order.pay_time): [order.id]}
    go(shop, 10 * DAY)
    assert len(taken(shop, COMPENSATION_SUMMARY)) == 1


# --- bad days ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("missing", "paid", "bad"),
    [(30, 99, True), (30, 100, False), (30, 101, False), (31, 100, True), (29, 29, False), (30, 30, True), (0, 0, False)],
)
def test_a_bad_day_has_thirty_orders_out_of_stock_and_more_than_thirty_percent(missing: int, paid: int, bad: bool) -> None:
    assert _is_bad(missing, paid) is bad


def test_a_bad_day_freezes_payments_for_a_day(shop: Shop) -> None:
    for _ in range(BAD_DAY_ORDERS):
        of_one_line(shop, 1_000)
    go(shop, 3 * DAY)
    state, ledger = shop.part(Penalties), shop.part(Ledger)
    assert state.bad_days == [day_start(START)]
    assert ledger.frozen_until == shop.now + DAY
    assert ledger.frozen(shop.now)
    go(shop, DAY)
    assert not ledger.frozen(shop.now)


def test_one_order_fewer_freezes_nothing(shop: Shop) -> None:
    for _ in range(BAD_DAY_ORDERS - 1):
        of_one_line(shop, 1_000)
    go(shop, 5 * DAY)
    assert shop.part(Penalties).bad_days == []
    assert shop.part(Ledger).frozen_until == 0


def test_the_third_bad_day_of_a_year_freezes_for_three(shop: Shop) -> None:
    assert FREEZES == (DAY, DAY, 3 * DAY)
    state = shop.part(Penalties)
    state.bad_days = [START - 100 * DAY, START - 50 * DAY]
    for _ in range(BAD_DAY_ORDERS):
        of_one_line(shop, 1_000)
    go(shop, 3 * DAY)
    assert shop.part(Ledger).frozen_until == shop.now + 3 * DAY


def test_years_count_by_themselves() -> None:
    days = [read_time("2025-12-31 23:00:00"), read_time("2026-01-01 00:30:00"), read_time("2026-06-01 00:00:00")]
    assert _of_year(days, read_time("2026-11-18 00:00:00")) == 2
    assert _of_year(days, read_time("2025-12-31 23:59:00")) == 1


# --- whole shops ------------------------------------------------------------------------------------------------------


def test_a_sale_that_could_not_be_delivered_stands_frozen_at_the_start() -> None:
    shop = make_shop(("frozen",))
    assert shop.part(Ledger).frozen(shop.now)
    assert len(shop.part(Penalties).bad_days) == 1
    go(shop, 2 * DAY)
    assert not shop.part(Ledger).frozen(shop.now)


def test_late_orders_cost_and_lower_the_score() -> None:
    late, good = make_shop(("late_orders",), orders_per_day=2.0), make_shop(orders_per_day=2.0)
    assert late.part(Ledger).deposit < good.part(Ledger).deposit <= DEPOSIT_AT_FIRST
    scores = [float(ask(shop, "shop.reputation")["logistics_score"]) for shop in (late, good)]
    assert scores[0] < scores[1]


def test_no_settlement_comes_while_payments_are_frozen() -> None:
    shop = make_shop(("frozen",), orders_per_day=4.0)
    ledger = shop.part(Ledger)
    begun = shop.now
    go(shop, ledger.frozen_until - shop.now)
    assert not [row for row in ledger.settlements if begun < row.time < ledger.frozen_until]


def test_the_same_seed_brings_the_same_penalties() -> None:
    first, second = make_shop(("late_orders",), days=4), make_shop(("late_orders",), days=4)
    rows = [[(one.trade_no, one.time, one.amount) for one in shop.part(Ledger).movements] for shop in (first, second)]
    assert rows[0] == rows[1]
    other = make_shop(("late_orders",), days=4, seed=8)
    assert [(one.time, one.amount) for one in other.part(Ledger).movements] != [row[1:] for row in rows[0]]


def test_a_neglected_shop_pays_for_every_order_it_forgets() -> None:
    shop = make_shop(("neglected",), orders_per_day=2.0)
    shop.persona = replace(shop.persona)
    assert shop.part(Penalties).late > 20
    assert len(taken(shop, COMPENSATION_SUMMARY)) > 5
