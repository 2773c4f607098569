"""An order's moves: from the basket to completion, deadlines, auto-cancel, cancelling, splitting, and what is told of each."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storeward_sandbox.clock import DAY, HOUR, machine_now, parse_instant
from storeward_sandbox.countries import end_of_day
from storeward_sandbox.shopee import orders, packages, pushes
from storeward_sandbox.shopee.buying import order_now, staged, usual_plan
from storeward_sandbox.shopee.ids import SHAPES, serial_number
from storeward_sandbox.shopee.items import items_of
from storeward_sandbox.shopee.markets import MARKETS, deadlines, monday_after
from storeward_sandbox.shopee.orders import Order, Plan
from storeward_sandbox.shopee.shelf import goods_of
from storeward_sandbox.shopee.shop import Shop
from storeward_sandbox.shopee.tests.people import NOBODY, STEPS, an_order, arrange_all, each, parcel
from storeward_sandbox.shopee.tests.support import START, bare_shop, go, make_shop, told


def statuses_told(shop: Shop, order: Order) -> list[str]:
    return [data["status"] for data in told(shop, pushes.ORDER_STATUS) if data["ordersn"] == order.sn]


# --- numbers ----------------------------------------------------------------------------------------------------------


def test_an_order_number_begins_with_the_local_day() -> None:
    late_evening = parse_instant("2026-11-18T18:00:00Z")
    assert serial_number(MARKETS["SG"], late_evening, "000010000001", 8)[:6] == "261119"
    assert serial_number(MARKETS["BR"], late_evening, "000010000001", 8)[:6] == "261118"


def test_order_and_return_numbers_have_the_platforms_lengths() -> None:
    shop = bare_shop()
    assert len(shop.order_sn()) == 14
    assert len(shop.return_sn()) == 15


@settings(max_examples=100)
@given(st.sets(st.integers(0, 10**12 - 1), min_size=2, max_size=20))
def test_order_numbers_never_meet(numbers: set[int]) -> None:
    made = {serial_number(MARKETS["MY"], START, f"{one:012d}", 8) for one in numbers}
    assert len(made) == len(numbers)


def test_ids_of_shop_and_buyers_fit_32_bits_and_those_of_messages_need_64() -> None:
    shop = bare_shop()
    assert shop.number_id < 2**32
    assert shop.new_number("buyer") < 2**32
    assert shop.new_number("message") > 2**53
    assert all(int(shop.ids.new(kind)) < 2**63 for kind in SHAPES)


# --- deadlines --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "ready", "days", "ship_by"),
    [
        ("SG", "2026-11-18T04:00:00Z", 1, date(2026, 11, 19)),  # Wednesday
        ("SG", "2026-11-20T04:00:00Z", 1, date(2026, 11, 23)),  # Friday: the weekend does not count
        ("SG", "2026-11-21T04:00:00Z", 1, date(2026, 11, 24)),  # Saturday counts as Monday
        ("MY", "2026-12-24T04:00:00Z", 1, date(2026, 12, 28)),  # Christmas is a holiday
        ("VN", "2026-11-18T04:00:00Z", 2, date(2026, 11, 20)),
        ("TH", "2026-11-18T18:00:00Z", 2, date(2026, 11, 23)),  # already Thursday there
        ("BR", "2026-11-18T02:00:00Z", 2, date(2026, 11, 19)),  # still Tuesday there
    ],
)
def test_the_day_to_ship_by_counts_working_days_of_the_country(region: str, ready: str, days: int, ship_by: date) -> None:
    market = MARKETS[region]
    assert deadlines(market, parse_instant(ready), days).ship_by == end_of_day(market, ship_by)


@settings(max_examples=60)
@given(st.sampled_from(sorted(MARKETS)), st.integers(0, 400 * 24), st.integers(1, 7))
def test_deadlines_follow_one_another(region: str, hours: int, days: int) -> None:
    ready = START + hours * HOUR
    due = deadlines(MARKETS[region], ready, days)
    assert ready < due.ship_by < due.cancelled_unarranged < due.cancelled_unscanned
    assert due.ship_by - ready >= days * DAY - DAY


@pytest.mark.parametrize("region", sorted(MARKETS))
def test_mondays_begin_at_midnight_of_the_country(region: str) -> None:
    first = monday_after(MARKETS[region], START)
    assert monday_after(MARKETS[region], first) - first == 7 * DAY
    assert 0 < first - START <= 7 * DAY


# --- the way of an order ----------------------------------------------------------------------------------------------


def test_an_order_goes_its_way_and_tells_every_step() -> None:
    shop = bare_shop()
    order = an_order(shop, "COMPLETED")
    assert statuses_told(shop, order) == list(STEPS)
    assert told(shop, pushes.ORDER_STATUS)[-1]["completed_scenario"] == "NORMAL"
    stamps = (order.create_time, order.pay_time, order.ready_time, order.arranged_time, order.pickup_time, order.delivery_time)
    assert list(stamps) == sorted(stamps)
    assert order.completed_time == order.update_time > order.delivery_time


def test_its_package_goes_along() -> None:
    shop = bare_shop()
    order = an_order(shop, "TO_CONFIRM_RECEIVE")
    seen = [data["fulfillment_status"] for data in told(shop, pushes.PACKAGE_FULFILLMENT)]
    assert seen == [packages.READY, packages.CREATED, packages.PICKED, packages.DELIVERED]
    package = parcel(shop, order)
    assert [event for _, event, _ in package.tracking] == ["ORDER_CREATED", "PICKED_UP", "DELIVERED"]
    number = told(shop, pushes.TRACKING_NUMBER)
    assert [(one["ordersn"], one["package_number"]) for one in number] == [(order.sn, package.number)]
    assert number[0]["tracking_no"] == package.tracking_number != ""


def test_an_order_is_arranged_some_seconds_after_it_was_asked_for() -> None:
    shop = bare_shop()
    order = an_order(shop)
    orders.arrange(shop, parcel(shop, order), method="pickup")
    assert order.status == "READY_TO_SHIP"
    go(shop, orders.ARRANGING_SECONDS - 1)
    assert order.status == "READY_TO_SHIP"
    go(shop, 1)
    assert order.status == "PROCESSED"


def test_arranging_also_ripens_by_the_machines_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = bare_shop()
    order = an_order(shop)
    orders.arrange(shop, parcel(shop, order), method="pickup", machine_wait=True)
    orders.finish_ripe(shop)
    assert order.status == "READY_TO_SHIP"
    later = machine_now() + orders.ARRANGING_SECONDS + 1
    monkeypatch.setattr(orders, "machine_now", lambda: later)
    orders.finish_ripe(shop)
    assert order.status == "PROCESSED"
    go(shop, HOUR)
    assert len(told(shop, pushes.TRACKING_NUMBER)) == 1


def test_arranging_twice_changes_nothing() -> None:
    shop = bare_shop()
    order = an_order(shop)
    package = parcel(shop, order)
    orders.arrange(shop, package, method="pickup")
    orders.arrange(shop, package, method="non_integrated", tracking_number="OTHER")
    go(shop, 10)
    assert (package.method, package.tracking_number != "OTHER") == ("pickup", True)


def test_an_unpaid_order_is_cancelled_after_a_day() -> None:
    shop = bare_shop()
    order = an_order(shop, "UNPAID")
    go(shop, orders.PAY_WITHIN - 1)
    assert order.status == "UNPAID"
    go(shop, 1)
    assert (order.status, order.cancel_by, order.cancel_reason) == ("CANCELLED", "system", "Unpaid Order")
    assert order.package_numbers == []


def test_some_orders_are_held_back_for_a_while() -> None:
    for region, word in (("MY", "PENDING"), ("BR", "INVOICE_PENDING")):
        shop = bare_shop(region)
        order = order_now(shop, Plan(pays=0, holds=600, arranges=None))
        assert order is not None
        go(shop, 1)
        assert order.status == word
        assert parcel(shop, order).status == packages.NOT_START
        go(shop, 600)
        assert order.status == "READY_TO_SHIP"


def test_cash_is_paid_at_the_door() -> None:
    shop = bare_shop()
    order = an_order(shop, cod=True)
    assert order.pay_time == 0
    assert order.payment_method == "Cash on Delivery"
    arrange_all(shop, order)
    each(shop, order, orders.collect)
    each(shop, order, orders.deliver)
    assert order.pay_time == order.delivery_time == shop.now


def test_a_delivered_order_completes_itself_after_a_week() -> None:
    shop = bare_shop()
    order = order_now(shop, Plan(pays=0, arranges=60, scans=60, delivers=60, completes=30 * DAY))
    assert order is not None
    order.fulfilled_by_shopee = True  # somebody ships it
    go(shop, HOUR)
    assert order.status == "TO_CONFIRM_RECEIVE"
    go(shop, orders.BUYERS_PROTECTION)
    assert order.status == "COMPLETED"


# --- what the platform does by itself ---------------------------------------------------------------------------------


def test_an_order_that_nobody_arranges_is_cancelled() -> None:
    shop = bare_shop("SG")
    order = an_order(shop)
    assert order.due.ship_by == end_of_day(shop.market, date(2026, 11, 19))
    assert order.due.cancelled_unarranged == end_of_day(shop.market, date(2026, 11, 20))
    go(shop, order.due.cancelled_unarranged - shop.now - 1)
    assert order.status == "READY_TO_SHIP"
    go(shop, 1)
    assert (order.status, order.cancel_by, order.cancel_reason) == ("CANCELLED", "system", "Seller did not Ship")
    assert parcel(shop, order).status == packages.INVALID


def test_an_order_that_nobody_scans_is_cancelled_a_day_later() -> None:
    shop = bare_shop("SG")
    order = an_order(shop, "PROCESSED")
    go(shop, order.due.cancelled_unscanned - shop.now - 1)
    assert order.status == "PROCESSED"
    go(shop, 1)
    assert order.status == "CANCELLED"
    assert parcel(shop, order).status == packages.CANCELED


def test_a_missed_pickup_wants_another_try() -> None:
    shop = bare_shop()
    order = an_order(shop, "PROCESSED")
    orders.missed_pickup(shop, parcel(shop, order))
    assert order.status == "RETRY_SHIP"
    assert parcel(shop, order).status == packages.RETRY
    arrange_all(shop, order)
    assert order.status == "PROCESSED"
    each(shop, order, orders.collect)
    assert order.status == "SHIPPED"


def test_late_means_handed_over_after_the_day() -> None:
    shop = bare_shop("SG")
    order = an_order(shop, "PROCESSED")
    go(shop, order.due.ship_by - shop.now + 1)
    each(shop, order, orders.collect)
    assert order.late
    punctual = an_order(shop, "SHIPPED")
    assert not punctual.late


def test_the_platform_may_give_more_time_and_tells_it() -> None:
    shop = bare_shop("SG")
    order = an_order(shop)
    before = order.due
    orders.postpone(shop, order, DAY)
    assert order.due.ship_by == before.ship_by + DAY
    (data,) = told(shop, pushes.PACKAGE_INFO)
    assert (data["changed_fields"], data["package_number"]) == (["ship_by_date"], order.package_numbers[0])
    assert (data["old"]["ship_by_date"], data["new"]["ship_by_date"]) == (before.ship_by, order.due.ship_by)
    go(shop, before.cancelled_unarranged - shop.now + 1)
    assert order.status == "READY_TO_SHIP"
    go(shop, DAY)
    assert order.status == "CANCELLED"


def test_what_has_left_gets_no_more_time() -> None:
    shop = bare_shop()
    order = an_order(shop, "SHIPPED")
    orders.postpone(shop, order, DAY)
    assert told(shop, pushes.PACKAGE_INFO) == []


# --- cancelling -------------------------------------------------------------------------------------------------------


def test_a_buyer_asks_and_the_seller_grants_or_refuses() -> None:
    shop = bare_shop()
    granted, kept = an_order(shop), an_order(shop)
    for order in (granted, kept):
        orders.ask_to_cancel(shop, order, "Change of mind")
        assert (order.status, order.buyer_cancel_reason) == ("IN_CANCEL", "Change of mind")
    orders.grant(shop, granted)
    orders.refuse(shop, kept)
    assert (granted.status, granted.cancel_by, granted.cancel_reason) == ("CANCELLED", "buyer", "Buyer Request to Cancel")
    assert (kept.status, kept.buyer_cancel_reason) == ("READY_TO_SHIP", "")


def test_where_nobody_decides_the_platform_grants() -> None:
    shop = bare_shop()
    order = an_order(shop)
    orders.ask_to_cancel(shop, order, "Change of mind")
    go(shop, orders.DECIDE_WITHIN)
    assert order.status == "CANCELLED"


def test_a_refusal_after_the_deadline_does_not_save_the_order() -> None:
    shop = bare_shop("SG")
    order = an_order(shop)
    go(shop, order.due.cancelled_unarranged - shop.now - HOUR)
    orders.ask_to_cancel(shop, order, "Change of mind")
    go(shop, 2 * HOUR)
    assert order.status == "IN_CANCEL"
    orders.refuse(shop, order)
    assert (order.status, order.cancel_reason) == ("CANCELLED", "Seller did not Ship")


@pytest.mark.parametrize("status", ["SHIPPED", "TO_CONFIRM_RECEIVE", "COMPLETED"])
def test_nothing_is_cancelled_after_the_handover(status: str) -> None:
    shop = bare_shop()
    order = an_order(shop, status)
    orders.cancel(shop, order, by="seller", reason="Out of Stock")
    orders.ask_to_cancel(shop, order, "Change of mind")
    assert order.status == status


def test_stock_goes_with_an_order_and_comes_back_with_its_end() -> None:
    shop = bare_shop()
    order = an_order(shop, "UNPAID", units=3)
    good = order.lines[0].good
    model = items_of(shop)[good.item_id].model(good.model_id)
    assert model is not None
    before, units = model.stock, order.lines[0].quantity
    orders.pay(shop, order)
    assert model.stock == before - units
    assert goods_of(shop).goods[good.item_id, good.model_id].free == before - units
    orders.cancel(shop, order, by="seller", reason="Out of Stock")
    assert model.stock == before


def test_an_unpaid_order_gives_nothing_back() -> None:
    shop = bare_shop()
    order = an_order(shop, "UNPAID")
    model = items_of(shop)[order.lines[0].good.item_id].model(order.lines[0].good.model_id)
    assert model is not None
    before = model.stock
    go(shop, 2 * DAY)
    assert (order.status, model.stock) == ("CANCELLED", before)


# --- splitting --------------------------------------------------------------------------------------------------------


def two_lines(shop: Shop) -> Order:
    order = an_order(shop, lines=2)
    while len(order.lines) < 2:
        order = an_order(shop, lines=2)
    return order


def test_a_split_order_ships_when_all_its_packages_have() -> None:
    shop = bare_shop()
    order = two_lines(shop)
    before = parcel(shop, order).number
    first, second = orders.split(shop, order, [{0: order.lines[0].quantity}, {1: order.lines[1].quantity}])
    assert before not in shop.packages
    assert order.split
    orders.arrange(shop, first, method="pickup")
    go(shop, 10)
    assert order.status == "READY_TO_SHIP"
    orders.arrange(shop, second, method="pickup")
    go(shop, 10)
    assert order.status == "PROCESSED"
    orders.collect(shop, first)
    assert order.status == "PROCESSED"
    orders.collect(shop, second)
    assert order.status == "SHIPPED"
    orders.deliver(shop, second)
    assert order.status == "SHIPPED"
    orders.deliver(shop, first)
    assert order.status == "TO_CONFIRM_RECEIVE"


# --- amounts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", sorted(MARKETS))
def test_amounts_are_such_as_the_country_pays(region: str) -> None:
    shop = bare_shop(region)
    for _ in range(20):
        order = an_order(shop, "UNPAID", lines=2)
        assert order.total == order.goods_total - order.voucher_seller - order.voucher_platform + order.shipping_fee
        assert order.total > 0
        assert order.total == shop.amount(order.total)
        for line in order.lines:
            assert line.price == line.price.quantize(line.price.__class__(1).scaleb(-shop.market.list_decimals))


# --- buyers and sellers -----------------------------------------------------------------------------------------------


def test_the_scripted_seller_ships_and_buyers_complete() -> None:
    shop = make_shop(days=3)
    done = [order for order in shop.orders.values() if order.status == "COMPLETED"]
    assert len(done) > 10
    assert sum(order.late for order in done) < len(done) / 4


def test_without_a_seller_nothing_is_shipped() -> None:
    shop = make_shop()
    shop.seller_on = False
    fresh = [order_now(shop, Plan(pays=0, arranges=HOUR)) for _ in range(3)]
    go(shop, 2 * HOUR)
    assert {order.status for order in fresh if order is not None} == {"READY_TO_SHIP"}


def test_without_buyers_nobody_orders() -> None:
    shop = make_shop(orders_per_day=5.0)
    shop.buyers_on = False
    count = len(shop.orders)
    go(shop, 3 * DAY)
    assert len(shop.orders) == count


def test_a_frozen_shop_sells_nothing() -> None:
    shop = make_shop(orders_per_day=5.0)
    shop.status = "FROZEN"
    count = len(shop.orders)
    go(shop, 2 * DAY)
    assert len(shop.orders) == count


def test_every_shop_begins_with_orders_in_all_states() -> None:
    for troubles in ((), ("neglected",), ("late_orders",)):
        shop = make_shop("SG", troubles)
        recent = [order for order in shop.orders.values() if START - order.create_time <= 14 * DAY]
        assert len(recent) >= 12
        seen = {order.status for order in recent}
        assert seen >= {"UNPAID", "READY_TO_SHIP", "PROCESSED", "SHIPPED", "TO_CONFIRM_RECEIVE", "COMPLETED", "CANCELLED"}, (
            troubles
        )
        assert "IN_CANCEL" in seen


def test_no_order_is_older_than_sixty_days_at_the_start() -> None:
    shop = make_shop(orders_per_day=3.0)
    assert min(order.create_time for order in shop.orders.values()) >= START - 60 * DAY


def test_late_sellers_plan_late_and_others_in_time() -> None:
    for troubles, low, high in (((), 0, 0.1), (("late_orders",), 0.2, 0.6)):
        shop = make_shop("MY", troubles)
        plans = [usual_plan(shop) for _ in range(300)]
        slow = [plan for plan in plans if plan.arranges is None or plan.arranges > 20 * HOUR]
        assert low <= len(slow) / 300 <= high


def test_staged_orders_lie_before_the_start() -> None:
    shop = make_shop()
    assert all(at < shop.started_at for at, _, _ in staged(shop))
    assert NOBODY.pays is None
