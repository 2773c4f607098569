"""The people of a shop: how buyers come and what they want, what the seller does in time, late or never."""

from collections import Counter
from dataclasses import replace

import pytest

from storeward_sandbox.clock import DAY, HOUR, MINUTE
from storeward_sandbox.douyin.buying import (
    SALE_ORDERS,
    Wish,
    order_now,
    refund_share,
    staged,
    usual_plan,
)
from storeward_sandbox.douyin.cases import (
    ASKED,
    DONE,
    EXCHANGE,
    REASONS,
    RECEIVED,
    REFUND_SHIPPED,
    REFUND_UNSHIPPED,
    REISSUE,
    RETURN,
    SENT_BACK,
    TO_SEND_BACK,
    Cases,
    open_case,
)
from storeward_sandbox.douyin.cases_life import after_agreement, ask_back, buyer_sends_back, seller_checks_goods, seller_decides
from storeward_sandbox.douyin.catalogue import Catalogue
from storeward_sandbox.douyin.details import details, waiting
from storeward_sandbox.douyin.moments import hour_of_day
from storeward_sandbox.douyin.orders import CANCELLED, COMPLETED, PARTLY, SHIPPED, TO_SHIP, Order, Plan, ship
from storeward_sandbox.douyin.seller import ship_what_is_left
from storeward_sandbox.douyin.shop import Shop
from storeward_sandbox.douyin.tests.support import QUIET, START, bare_shop, buy, go, make_shop


@pytest.fixture
def shop() -> Shop:
    return bare_shop()


def arrived(shop: Shop) -> Order:
    order = buy(shop, replace(QUIET, collected=HOUR, delivered=HOUR))
    ship(shop, [order], [(line, line.count) for line in order.lines], carrier_code="yunda", tracking_no=f"YD{order.id[-8:]}")
    go(shop, 2 * HOUR)
    return order


# --- baskets ----------------------------------------------------------------------------------------------------------


def test_a_basket_holds_different_goods(shop: Shop) -> None:
    for _ in range(40):
        order = order_now(shop, QUIET, Wish(lines=3))
        assert order is not None
        assert len({line.sku.id for line in order.lines}) == len(order.lines) == 3


def test_a_basket_holds_what_there_is(shop: Shop) -> None:
    for product in list(shop.part(Catalogue).products.values())[1:]:
        product.status = 1
    left = len(shop.part(Catalogue).buyable())
    order = order_now(shop, QUIET, Wish(lines=10))
    assert order is not None
    assert len(order.lines) == left


def test_nobody_orders_where_nothing_is_on_sale(shop: Shop) -> None:
    for product in shop.part(Catalogue).products.values():
        product.status = 1
    assert order_now(shop, QUIET) is None
    assert shop.orders == {}


def test_an_ordinary_wish_is_no_presale(shop: Shop) -> None:
    for _ in range(40):
        order = order_now(shop, QUIET, Wish(lines=2, ordinary=True))
        assert order is not None
        assert not any(line.product.presale_days for line in order.lines)


def test_first_things_sell_best(shop: Shop) -> None:
    products = list(shop.part(Catalogue).products)
    sold = Counter(buy(shop).lines[0].product.id for _ in range(120))
    assert sold[products[0]] > sold[products[3]]


def test_discounts_never_exceed_the_price(shop: Shop) -> None:
    for _ in range(120):
        for line in buy(shop).lines:
            assert 0 <= line.discount < line.goods
            assert line.pay_amount > 0


# --- plans ------------------------------------------------------------------------------------------------------------


def plans(shop: Shop, count: int = 400) -> list[Plan]:
    return [usual_plan(shop) for _ in range(count)]


def test_most_orders_are_paid_shipped_and_confirmed(shop: Shop) -> None:
    made = plans(shop)
    assert 0.88 < sum(plan.pays is not None for plan in made) / len(made) < 0.99
    assert sum(plan.ships is not None for plan in made) / len(made) > 0.97
    assert 0.7 < sum(plan.confirms is not None for plan in made) / len(made) < 0.9
    assert all(plan.pays is None or plan.pays < 30 * MINUTE for plan in made)


@pytest.mark.parametrize(("troubles", "low", "high"), [((), 0.0, 0.06), (("late_orders",), 0.25, 0.5)])
def test_a_late_seller_plans_to_be_late(troubles: tuple[str, ...], low: float, high: float) -> None:
    made = plans(bare_shop(troubles))
    late = sum(plan.ships is not None and plan.ships > 48 * HOUR for plan in made) / len(made)
    assert low <= late <= high


@pytest.mark.parametrize(("troubles", "share"), [((), 0.1), (("returns",), 0.35)])
def test_buyers_want_things_back(troubles: tuple[str, ...], share: float) -> None:
    shop = bare_shop(troubles)
    assert refund_share(shop) == share
    made = plans(shop)
    asked = sum(plan.asks_back is not None for plan in made) / len(made)
    assert share - 0.08 < asked < share + 0.08
    assert {plan.asks_back for plan in made} - {None} <= {RETURN, REFUND_SHIPPED, REFUND_UNSHIPPED, EXCHANGE, REISSUE}


def test_some_reviews_take_an_hour_or_two(shop: Shop) -> None:
    reviews = [plan.reviewed for plan in plans(shop)]
    assert any(HOUR <= one <= 2 * HOUR for one in reviews)
    assert sum(one < 2 * MINUTE + 1 for one in reviews) / len(reviews) > 0.85


def test_what_is_staged_lies_within_the_last_fourteen_days(shop: Shop) -> None:
    for troubles in ((), ("late_orders",)):
        rows = staged(bare_shop(troubles))
        assert all(START - 14 * DAY < at < START for at, _plan, _wish in rows)
        assert len(rows) == 16 + 4 * bool(troubles)


def test_a_sale_brings_its_orders_at_once() -> None:
    shop = make_shop(("frozen",))
    times = Counter(order.create_time for order in shop.orders.values())
    at, count = times.most_common(1)[0]
    assert count == SALE_ORDERS
    assert hour_of_day(at) == 10


def test_some_received_goods_are_reviewed_and_some_reviews_go_on() -> None:
    shop = make_shop(orders_per_day=4.0)
    old = [line for order in shop.orders.values() if 0 < order.finish_time < shop.now - 9 * DAY for line in order.lines]
    counts = Counter(line.commented for line in old)
    assert 0.25 < 1 - counts[0] / len(old) < 0.55
    assert 0 < counts[2] < counts[1]
    waiting_lines = [line for order in shop.orders.values() if not order.finish_time for line in order.lines]
    assert {line.commented for line in waiting_lines} == {0}


def test_fewer_buyers_come_at_night() -> None:
    shop = make_shop(orders_per_day=10.0)
    hours = Counter(hour_of_day(order.create_time) for order in shop.orders.values())
    night = sum(hours[hour] for hour in range(1, 7)) / 6
    day = sum(hours[hour] for hour in range(9, 21)) / 12
    assert night < day * 0.6


# --- the seller -------------------------------------------------------------------------------------------------------


def test_the_seller_ships_what_is_left(shop: Shop) -> None:
    shop.seller_on = True
    order = buy(shop)
    ship_what_is_left(shop, order)
    assert order.status == SHIPPED
    ship_what_is_left(shop, order)
    assert len(order.packages) == 1


def test_a_seller_who_rests_ships_nothing(shop: Shop) -> None:
    order = buy(shop)
    ship_what_is_left(shop, order)
    assert order.status == TO_SHIP


def test_a_seller_who_has_left_ships_nothing(shop: Shop) -> None:
    shop.seller_on = True
    shop.persona = replace(shop.persona, stops_at=START - DAY)
    order = buy(shop)
    ship_what_is_left(shop, order)
    assert order.status == TO_SHIP


def test_the_seller_waits_while_a_refund_is_asked_for(shop: Shop) -> None:
    shop.seller_on = True
    order = buy(shop)
    case = open_case(shop, order, order.lines[0], REFUND_UNSHIPPED, reason=REASONS[REFUND_UNSHIPPED][0])
    assert case is not None
    ship_what_is_left(shop, order)
    assert order.status == TO_SHIP
    order.lines[0].case_status = 28
    go(shop, 6 * HOUR)
    assert order.status == SHIPPED


def test_half_an_order_leaves_first_and_the_rest_later(shop: Shop) -> None:
    shop.seller_on = True
    order = order_now(shop, replace(QUIET, by="half"), Wish(lines=3, ordinary=True))
    assert order is not None
    go(shop, 0)
    ship_what_is_left(shop, order)
    assert (order.status, len(order.packages)) == (PARTLY, 1)
    go(shop, 20 * HOUR)
    assert (order.status, len(order.packages)) == (PARTLY, 2)
    go(shop, 20 * HOUR)
    assert (order.status, len(order.packages)) == (SHIPPED, 3)


def test_the_seller_agrees_to_another_address_when_shipping(shop: Shop) -> None:
    shop.seller_on = True
    order = buy(shop)
    order.wanted_detail = "人民路1号"
    ship_what_is_left(shop, order)
    assert order.detail == "人民路1号"


def test_orders_of_a_good_shop_leave_in_time() -> None:
    shop = make_shop(orders_per_day=3.0, late_share=0.0, unshipped_share=0.0, days=3)
    done = [order for order in shop.orders.values() if order.exp_ship_time and order.exp_ship_time < shop.now]
    late = [order for order in done if order.late_times and order.status != CANCELLED]
    assert len(done) > 100
    assert len(late) < len(done) * 0.06


# --- after-sales ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [RETURN, REFUND_SHIPPED, EXCHANGE, REISSUE])
def test_buyers_ask_back_what_has_arrived(shop: Shop, kind: int) -> None:
    shop.buyers_on = True
    ask_back(shop, arrived(shop), kind)
    cases = list(shop.part(Cases).known.values())
    assert [case.kind for case in cases] == [kind]
    assert cases[0].reason in REASONS[kind]


def test_nobody_asks_back_while_buyers_rest_or_after_the_end(shop: Shop) -> None:
    order = arrived(shop)
    ask_back(shop, order, RETURN)
    shop.buyers_on = True
    order.status = CANCELLED
    ask_back(shop, order, RETURN)
    assert shop.part(Cases).known == {}


def test_sellers_agree_to_most_and_refuse_some(shop: Shop) -> None:
    shop.seller_on = True
    ends: Counter[int] = Counter()
    for _ in range(60):
        order = arrived(shop)
        case = open_case(shop, order, order.lines[0], REFUND_SHIPPED, reason=REASONS[REFUND_SHIPPED][0])
        assert case is not None
        seller_decides(shop, case)
        ends[case.status] += 1
    assert ends[DONE] > 35
    assert ends[27] > 3


def test_a_seller_who_rests_decides_nothing(shop: Shop) -> None:
    order = arrived(shop)
    case = open_case(shop, order, order.lines[0], RETURN, reason=REASONS[RETURN][0])
    assert case is not None
    seller_decides(shop, case)
    assert case.status == ASKED


def test_buyers_send_back_what_was_agreed(shop: Shop) -> None:
    order = arrived(shop)
    case = open_case(shop, order, order.lines[0], RETURN, reason=REASONS[RETURN][0])
    assert case is not None
    case.status = TO_SEND_BACK
    buyer_sends_back(shop, case)
    assert case.status == TO_SEND_BACK
    shop.buyers_on = shop.seller_on = True
    buyer_sends_back(shop, case)
    assert case.status == SENT_BACK
    for _ in range(10):
        case.status = SENT_BACK
        seller_checks_goods(shop, case)
        assert case.status in (DONE, 29)


def test_most_agreed_returns_come_back() -> None:
    shop = bare_shop()
    shop.buyers_on = shop.seller_on = True
    cases = []
    for _ in range(30):
        order = arrived(shop)
        case = open_case(shop, order, order.lines[0], RETURN, reason=REASONS[RETURN][0])
        assert case is not None
        case.status, case.deadline = TO_SEND_BACK, shop.now + 7 * DAY
        after_agreement(shop, case)
        cases.append(case)
    go(shop, 4 * DAY)
    assert sum(bool(case.return_no) for case in cases) > 20


def test_exchanges_and_reissues_reach_the_buyer() -> None:
    shop = make_shop(("returns",), orders_per_day=6.0, days=6)
    again = [case for case in shop.part(Cases).known.values() if case.kind in (EXCHANGE, REISSUE)]
    assert [case for case in again if case.status == RECEIVED]
    assert all(case.reship_no for case in again if case.status == RECEIVED)


def test_every_kind_of_case_comes_about() -> None:
    shop = make_shop(("returns",), orders_per_day=6.0)
    assert {case.kind for case in shop.part(Cases).known.values()} == {0, 1, 2, 3, 7}
    assert {case.status for case in shop.part(Cases).known.values()} >= {6, 12, 28}


def test_buyers_of_late_orders_give_up() -> None:
    shop = make_shop(("late_orders",), orders_per_day=4.0)
    reasons = {case.reason.text for case in shop.part(Cases).known.values()}
    assert "未按约定时间发货" in reasons


def test_completed_orders_have_nothing_open() -> None:
    shop = make_shop(("returns",), orders_per_day=4.0, days=4)
    for order in shop.orders.values():
        if order.status == COMPLETED:
            open_ones = [case for line in order.lines if (case := shop.part(Cases).running(line))]
            assert all(case.apply_time >= order.finish_time or case.status in (13, 27, 29) for case in open_ones)


# --- what tests may see -----------------------------------------------------------------------------------------------


def test_details_count_what_waits_for_the_merchant() -> None:
    shop = make_shop(("returns", "unanswered"))
    found = details(shop)
    assert [task["id"] for task in found["to_answer"]] == [case.id for case in waiting(shop)]
    deadlines = [task["deadline"] for task in found["to_answer"]]
    assert deadlines == sorted(deadlines)
    assert len(found["tickets"]) >= 3
    assert found["troubles"] == ["returns", "unanswered"]
    assert sum(found["stock"].values()) == sum(1 for _ in shop.part(Catalogue).skus())
    assert found["products"] == {"0": 5, "1": 1}


def test_a_freeze_stands_in_the_details_while_it_lasts() -> None:
    shop = make_shop(("frozen",))
    assert details(shop)["finance"]["frozen_until"] > shop.now
    go(shop, 2 * DAY)
    assert details(shop)["finance"]["frozen_until"] == 0
    assert details(shop)["finance"]["bad_days"] == 1
