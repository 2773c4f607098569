"""The way of an order, step by step, in shops where nothing else happens."""

from dataclasses import replace

import pytest

from storeward_sandbox.clock import DAY, HOUR, MINUTE
from storeward_sandbox.douyin.catalogue import NEXT_DAY, SAME_DAY, TWO_DAYS, Catalogue
from storeward_sandbox.douyin.moments import read_time
from storeward_sandbox.douyin.order_writing import (
    answer_address_change,
    ask_address_change,
    change_waybill,
    move_deadline,
    remark,
    reprice,
)
from storeward_sandbox.douyin.orders import (
    CANCELLED,
    COMPLETED,
    IN_REVIEW,
    PARTLY,
    REFUNDED_AFTER,
    REFUNDED_BEFORE,
    REFUNDED_RECEIVED,
    SHIPPED,
    TO_SHIP,
    UNPAID,
    Line,
    Order,
    Plan,
    cancel,
    complete,
    pay,
    promised,
    refunded,
    release,
    ship,
)
from storeward_sandbox.douyin.shop import Shop
from storeward_sandbox.douyin.tests.support import QUIET, bare_shop, buy, go, told

SLOW = replace(QUIET, pays=None)


@pytest.fixture
def shop() -> Shop:
    return bare_shop()


def send(shop: Shop, order: Order, lines: list[Line] | None = None, number: str = "YT1") -> None:
    """Ship these lines (all by default) in one package."""
    content = [(line, line.count - line.shipped) for line in (order.open_lines() if lines is None else lines)]
    ship(shop, [order], content, carrier_code="yuantong", tracking_no=number)
    shop.push()


# --- from the basket to the release -----------------------------------------------------------------------------------


def test_an_order_begins_unpaid_with_half_an_hour_to_pay(shop: Shop) -> None:
    order = buy(shop, SLOW)
    assert (order.status, order.main_status, order.pay_time, order.exp_ship_time) == (UNPAID, UNPAID, 0, 0)
    go(shop, 30 * MINUTE - 1)
    assert order.status == UNPAID
    go(shop, 1)
    assert (order.status, order.cancel_reason) == (CANCELLED, "超时未支付")
    assert order.main_status == CANCELLED


def test_paid_means_in_review_and_the_review_releases(shop: Shop) -> None:
    order = buy(shop, replace(QUIET, pays=MINUTE, reviewed=HOUR))
    go(shop, MINUTE)
    assert order.status == IN_REVIEW
    assert order.pay_time == shop.now
    go(shop, HOUR - 1)
    assert order.status == IN_REVIEW
    go(shop, 1)
    assert order.status == TO_SHIP
    assert [tag for tag, _data in told(shop)] == [100, 101, 110]


def test_a_payment_stops_the_time_to_pay(shop: Shop) -> None:
    order = buy(shop, replace(QUIET, pays=29 * MINUTE))
    go(shop, HOUR)
    assert order.status == TO_SHIP


def test_a_review_that_is_over_does_nothing_to_an_order_that_is_further(shop: Shop) -> None:
    order = buy(shop)
    go(shop, 0)
    send(shop, order)
    release(shop, order)
    assert order.status == SHIPPED


@pytest.mark.parametrize(
    ("delay", "presale", "paid", "until"),
    [
        (TWO_DAYS, 0, "2026-11-18 12:00:00", "2026-11-20 12:00:00"),
        (NEXT_DAY, 0, "2026-11-18 12:00:00", "2026-11-19 12:00:00"),
        (SAME_DAY, 0, "2026-11-18 09:00:00", "2026-11-18 23:59:59"),
        (SAME_DAY, 0, "2026-11-18 23:50:00", "2026-11-18 23:59:59"),
        (TWO_DAYS, 7, "2026-11-18 12:00:00", "2026-11-25 12:00:00"),
        (TWO_DAYS, 15, "2026-11-18 12:00:00", "2026-12-03 12:00:00"),
        (5, 0, "2026-11-18 12:00:00", "2026-11-23 12:00:00"),
    ],
)
def test_the_promise_begins_with_the_payment(shop: Shop, delay: int, presale: int, paid: str, until: str) -> None:
    order = buy(shop)
    line = order.lines[0]
    line.product.delay_day, line.product.presale_days = delay, presale
    assert promised(read_time(paid), line) == read_time(until)


@pytest.mark.parametrize(("days", "until"), [(0, "2026-11-18 23:59:59"), (1, "2026-11-19 12:00:00"), (4, "2026-11-22 12:00:00")])
def test_a_rule_of_the_sku_goes_before_the_product_s_promise(shop: Shop, days: int, until: str) -> None:
    line = buy(shop).lines[0]
    line.warehouse = "wh-1"
    line.sku.ship_rules["wh-1"] = (int(days > 1), days, 0)
    assert promised(read_time("2026-11-18 12:00:00"), line) == read_time(until)


def test_the_order_s_deadline_is_that_of_its_earliest_line(shop: Shop) -> None:
    order = buy(shop, SLOW, lines=3)
    lines = order.lines
    if len(lines) > 1:
        lines[0].product.delay_day, lines[1].product.delay_day = TWO_DAYS, NEXT_DAY
    order.plan = QUIET
    pay(shop, order)
    assert order.exp_ship_time == min(line.exp_ship_time for line in lines)


# --- amounts ----------------------------------------------------------------------------------------------------------


def test_what_the_buyer_pays_is_goods_less_discounts_with_freight() -> None:
    sku = next(bare_shop().part(Catalogue).skus())
    line = Line("1", *sku, count=2, price=9_900, shop_discount=1_000, platform_discount=300, pay_discount=150)
    assert (line.goods, line.discount, line.pay_amount) == (19_800, 1_300, 18_500)
    line.post, line.modify = 600, -500
    assert line.pay_amount == 18_600


def test_the_freight_lies_on_the_first_line(shop: Shop) -> None:
    order = buy(shop, SLOW, lines=3)
    assert [line.post for line in order.lines] == [order.post_amount] + [0] * (len(order.lines) - 1)
    assert order.pay_amount == order.goods - sum(line.discount for line in order.lines) + order.post_amount


# --- late -------------------------------------------------------------------------------------------------------------


def test_an_order_is_late_when_its_promise_has_passed_and_again_every_day(shop: Shop) -> None:
    order = buy(shop)
    go(shop, 2 * DAY - 1)
    assert order.late_times == 0
    go(shop, 1)
    assert (order.late_times, order.urged) == (1, 1)
    go(shop, 3 * DAY)
    assert order.late_times == 4
    go(shop, 20 * DAY)
    assert order.late_times == 10


def test_an_order_shipped_in_time_is_never_late(shop: Shop) -> None:
    order = buy(shop)
    go(shop, DAY)
    send(shop, order)
    go(shop, 5 * DAY)
    assert order.late_times == 0


def test_half_an_order_can_be_late(shop: Shop) -> None:
    order = two_lines(shop)
    send(shop, order, order.lines[:1])
    go(shop, 3 * DAY)
    assert order.status == PARTLY
    assert order.late_times == 2


def test_a_deadline_that_has_been_moved_counts_from_the_new_one(shop: Shop) -> None:
    order = buy(shop)
    go(shop, HOUR)
    move_deadline(shop, order, order.exp_ship_time + DAY)
    shop.push()
    go(shop, 2 * DAY)
    assert order.late_times == 0
    go(shop, DAY)
    assert order.late_times == 1
    data = told(shop, 126)[0]
    assert (data["p_id"], data["exp_delivery_time"]) == (order.id, order.exp_ship_time)
    assert isinstance(data["p_id"], str)


def test_an_order_that_nobody_ships_is_closed_after_150_days(shop: Shop) -> None:
    order = buy(shop)
    go(shop, 150 * DAY - 60)
    assert order.status == TO_SHIP
    go(shop, 120)
    assert order.status == CANCELLED


# --- on its way -------------------------------------------------------------------------------------------------------


def two_lines(shop: Shop) -> Order:
    """An order of exactly two lines, ready to ship."""
    for _ in range(60):
        order = buy(shop, lines=2)
        if len(order.lines) == 2:
            return order
    raise AssertionError("no order of two lines came about")


def test_shipping_all_of_it_ships_the_order(shop: Shop) -> None:
    order = buy(shop)
    send(shop, order)
    assert (order.status, order.ship_time) == (SHIPPED, shop.now)
    assert all((line.status, line.ship_time) == (SHIPPED, shop.now) for line in order.lines)
    data = told(shop, 102)[0]
    assert data["logistics_msg"] == {"express_company_id": "yuantong", "logistics_code": "YT1"}
    assert set(data["receiver_msg"]) == {"name", "tel", "addr"}


def test_shipping_a_part_leaves_the_rest_to_ship(shop: Shop) -> None:
    order = two_lines(shop)
    first, second = order.lines
    send(shop, order, [first])
    assert (order.status, first.status, second.status, order.ship_time) == (PARTLY, SHIPPED, TO_SHIP, 0)
    data = told(shop, 108)[0]
    assert data["logistics_msg"]["pack_id"] == order.packages[0].id
    assert data["logistics_msg"]["shipped_order_info"] == [
        {
            "shipped_order_id": int(first.id),
            "product_id": int(first.product.id),
            "sku_id": int(first.sku.id),
            "sku_num": first.count,
            "shipped_num": first.count,
        }
    ]
    send(shop, order, [second], "YT2")
    assert order.status == SHIPPED
    assert len(order.packages) == 2


def test_some_pieces_of_a_line_make_it_partly_shipped(shop: Shop) -> None:
    order = buy(shop)
    line = order.lines[0]
    line.count = 3
    ship(shop, [order], [(line, 1)], carrier_code="yunda", tracking_no="YD1")
    assert (line.status, line.shipped, order.status) == (PARTLY, 1, PARTLY)
    ship(shop, [order], [(line, 2)], carrier_code="yunda", tracking_no="YD2")
    assert (line.status, line.shipped, order.status) == (SHIPPED, 3, SHIPPED)


def test_a_parcel_is_collected_carried_and_delivered_and_the_buyer_confirms(shop: Shop) -> None:
    plan = replace(QUIET, collected=HOUR, delivered=10 * HOUR, confirms=5 * HOUR)
    order = buy(shop, plan)
    send(shop, order)
    go(shop, HOUR)
    package = order.packages[0]
    assert package.collected_at == shop.now
    go(shop, 5 * HOUR)
    assert [state for _at, state, _what, _where in package.track] == ["GOT", "TRANSIT"]
    go(shop, 5 * HOUR)
    assert package.delivered_at == order.lines[0].receipt_time == shop.now
    assert order.status == SHIPPED
    go(shop, 5 * HOUR)
    assert (order.status, order.finish_time) == (COMPLETED, shop.now)
    assert all(line.confirm_time == line.finish_time == shop.now for line in order.lines)
    assert told(shop, 103)[0]["complete_time"] == shop.now


def test_the_platform_confirms_after_ten_days_for_a_buyer_who_says_nothing(shop: Shop) -> None:
    order = buy(shop, replace(QUIET, collected=HOUR, delivered=HOUR))
    send(shop, order)
    go(shop, 10 * DAY - 60)
    assert order.status == SHIPPED
    go(shop, 120)
    assert order.status == COMPLETED


def test_nobody_confirms_while_something_is_asked_back(shop: Shop) -> None:
    order = buy(shop, replace(QUIET, collected=HOUR, delivered=HOUR))
    send(shop, order)
    order.lines[0].case_status = 6
    complete(shop, order)
    go(shop, 12 * DAY)
    assert order.status == SHIPPED
    order.lines[0].case_status = 28
    go(shop, DAY)
    assert order.status == COMPLETED


def test_a_parcel_that_was_stopped_never_arrives(shop: Shop) -> None:
    order = buy(shop, replace(QUIET, collected=HOUR, delivered=10 * HOUR))
    send(shop, order)
    go(shop, 2 * HOUR)
    order.packages[0].intercepted = True
    go(shop, 2 * DAY)
    assert order.packages[0].delivered_at == 0
    assert [state for _at, state, _what, _where in order.packages[0].track] == ["GOT"]


def test_one_parcel_may_hold_several_orders(shop: Shop) -> None:
    plan = replace(QUIET, collected=HOUR, delivered=HOUR, confirms=HOUR)
    first, second = buy(shop, plan), buy(shop, plan)
    content = [(line, line.count) for order in (first, second) for line in order.lines]
    package = ship(shop, [first, second], content, carrier_code="shunfeng", tracking_no="SF9")
    assert first.packages == second.packages == [package]
    go(shop, 4 * HOUR)
    assert (first.status, second.status) == (COMPLETED, COMPLETED)


# --- the end before its time ------------------------------------------------------------------------------------------


def test_cancelling_gives_back_what_was_taken(shop: Shop) -> None:
    levels = {sku.id: (sku.level, sku.held) for _product, sku in shop.part(Catalogue).skus()}
    unpaid = buy(shop, SLOW)
    line = unpaid.lines[0]
    assert line.sku.held == levels[line.sku.id][1] + line.count
    assert line.sku.level == levels[line.sku.id][0]
    cancel(shop, unpaid, "不想要了")
    paid = buy(shop)
    assert sum(sku.level for _p, sku in shop.part(Catalogue).skus()) == sum(one for one, _ in levels.values()) - sum(
        line.count for line in paid.lines
    )
    cancel(shop, paid, "不想要了")
    assert {sku.id: (sku.level, sku.held) for _product, sku in shop.part(Catalogue).skus()} == levels


def test_a_paid_order_that_is_cancelled_was_refunded_before_shipping(shop: Shop) -> None:
    order = buy(shop)
    cancel(shop, order, "缺货")
    shop.push()
    assert (order.status, order.main_status) == (CANCELLED, REFUNDED_BEFORE)
    assert told(shop, 106)[0]["cancel_reason"] == "缺货"


def test_what_has_left_cannot_be_cancelled(shop: Shop) -> None:
    order = buy(shop)
    send(shop, order)
    cancel(shop, order, "不想要了")
    assert order.status == SHIPPED


def test_the_last_line_refunded_before_shipping_ends_the_order(shop: Shop) -> None:
    order = two_lines(shop)
    first, second = order.lines
    refunded(shop, order, first, first.pay_amount, whole=True)
    assert (order.status, first.status, second.status) == (TO_SHIP, CANCELLED, TO_SHIP)
    refunded(shop, order, second, second.pay_amount, whole=True)
    assert order.status == CANCELLED


def test_a_refund_of_what_was_left_to_ship_ships_the_order(shop: Shop) -> None:
    order = two_lines(shop)
    send(shop, order, order.lines[:1])
    refunded(shop, order, order.lines[1], order.lines[1].pay_amount, whole=True)
    assert order.status == SHIPPED


def test_a_refund_after_shipping_shows_in_the_main_status_only(shop: Shop) -> None:
    order = buy(shop)
    send(shop, order)
    line = order.lines[0]
    before = order.update_time
    go(shop, HOUR)
    refunded(shop, order, line, 100, whole=False)
    assert (line.main_status, order.update_time) == (SHIPPED, before)
    refunded(shop, order, line, line.pay_amount - 100, whole=True)
    assert (order.status, line.main_status) == (SHIPPED, REFUNDED_AFTER)
    assert line.refunded == line.pay_amount
    if len(order.lines) == 1:
        assert (order.main_status, order.update_time) == (REFUNDED_AFTER, shop.now)


def test_a_refund_after_the_receipt_is_another_one(shop: Shop) -> None:
    order = buy(shop, replace(QUIET, collected=0, delivered=0, confirms=0))
    send(shop, order)
    go(shop, 60)
    assert order.status == COMPLETED
    refunded(shop, order, order.lines[0], order.lines[0].pay_amount, whole=True)
    assert order.lines[0].main_status == REFUNDED_RECEIVED


# --- what is written on it --------------------------------------------------------------------------------------------


def test_writing_on_an_order_does_not_move_its_update_time(shop: Shop) -> None:
    order = buy(shop)
    before = order.update_time
    go(shop, HOUR)
    remark(shop, order, "加急", 5)
    ask_address_change(shop, order, "人民路1号")
    answer_address_change(shop, order, True)
    move_deadline(shop, order, order.exp_ship_time + HOUR)
    send(shop, order)
    moved = order.update_time
    go(shop, HOUR)
    change_waybill(shop, order, order.packages[0], "shunfeng", "SF1")
    assert (before, moved, order.update_time) == (order.create_time, order.ship_time, order.ship_time)


def test_a_remark_replaces_the_old_one_and_keeps_the_flag_unless_told(shop: Shop) -> None:
    order = buy(shop)
    remark(shop, order, "加急", 5)
    remark(shop, order, "不急", None)
    shop.push()
    assert (order.seller_words, order.star) == ("不急", 5)
    assert [(data["remark"], data["star"]) for data in told(shop, 113)] == [("加急", 5), ("不急", 5)]


def test_a_cut_in_price_is_told_with_the_new_total(shop: Shop) -> None:
    order = buy(shop, SLOW)
    before = order.pay_amount
    reprice(shop, order, {order.lines[0].id: 500}, 200)
    shop.push()
    data = told(shop, 109)[0]
    assert data["post_amount"] == order.post_amount == 200
    assert data["total_amount"] == order.pay_amount
    assert order.lines[0].modify == -500
    assert order.pay_amount <= before - 500 + 200


def test_another_address_is_asked_for_once_and_told_when_agreed(shop: Shop) -> None:
    order = buy(shop)
    ask_address_change(shop, order, "人民路1号")
    ask_address_change(shop, order, "人民路2号")
    shop.push()
    assert len(told(shop, 111)) == 1
    assert set(told(shop, 111)[0]) == {"p_id", "shop_id", "apply_time", "receiver_msg", "post_receiver_msg"}
    answer_address_change(shop, order, True)
    shop.push()
    assert order.detail == "人民路1号"
    assert set(told(shop, 105)[0]["receiver_msg"]) == {"name", "tel", "addr", "encrypt_name", "encrypt_tel"}


def test_a_refused_address_stays_as_it_was(shop: Shop) -> None:
    order = buy(shop)
    kept = order.detail
    ask_address_change(shop, order, "人民路1号")
    answer_address_change(shop, order, False)
    assert (order.detail, order.wanted_detail) == (kept, "")
    send(shop, order)
    ask_address_change(shop, order, "人民路3号")
    assert order.wanted_detail == ""


def test_nothing_is_told_of_a_past_that_is_being_worked_out(shop: Shop) -> None:
    shop.settled = False
    buy(shop)
    assert told(shop) == []


def test_a_plan_may_leave_everything_undone(shop: Shop) -> None:
    order = buy(shop, Plan(pays=0, reviewed=0, ships=None, collected=None, delivered=None, confirms=None))
    send(shop, order)
    go(shop, 9 * DAY)
    assert (order.status, order.packages[0].collected_at) == (SHIPPED, 0)
