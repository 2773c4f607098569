"""Money by hand: what a line settles to, what is taken back, what leaves on Mondays, and bills that are ready at ten."""

from dataclasses import replace

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.douyin.cases import REASONS, REFUND_SHIPPED, agree, open_case
from storeward_sandbox.douyin.ledger import (
    BY_AUTHOR,
    DEPOSIT_AT_FIRST,
    IN,
    OUT,
    OWN,
    REFUNDED_LATER,
    SETTLED,
    Ledger,
    Settlement,
    move,
    ready_until,
    settle,
    shown,
    withdraw,
)
from storeward_sandbox.douyin.moments import read_time
from storeward_sandbox.douyin.orders import COMPLETED, Order, ship
from storeward_sandbox.douyin.shop import Shop
from storeward_sandbox.douyin.tests.support import QUIET, START, bare_shop, buy, go, make_shop

QUICK = replace(QUIET, collected=HOUR, delivered=HOUR, confirms=HOUR)


@pytest.fixture
def shop() -> Shop:
    return bare_shop()


def finished(shop: Shop) -> Order:
    """An order of one line for 100 yuan with a discount of 10 and freight of 6, sold by the shop itself; completed."""
    order = buy(shop, QUICK)
    order.lines = order.lines[:1]
    line = order.lines[0]
    line.price, line.count, line.shop_discount, line.platform_discount, line.post = 10_000, 1, 1_000, 0, 600
    line.author, line.room, order.post_amount = ("", ""), "", 600
    ship(shop, [order], [(line, 1)], carrier_code="yunda", tracking_no=f"YD{order.id[-8:]}")
    go(shop, 3 * HOUR)
    assert order.status == COMPLETED
    return order


def only(shop: Shop) -> Settlement:
    rows = shop.part(Ledger).settlements
    assert len(rows) == 1
    return rows[0]


# --- settling ---------------------------------------------------------------------------------------------------------


def test_a_line_is_settled_on_the_third_morning_after_the_receipt(shop: Shop) -> None:
    order = finished(shop)
    go(shop, 5 * DAY)
    row = only(shop)
    assert (row.order, row.trade_type, row.refund_before) == (order, SETTLED, 0)
    assert row.time == read_time("2026-11-21 10:05:00")


def test_what_the_shop_gets_is_income_less_five_percent(shop: Shop) -> None:
    finished(shop)
    go(shop, 5 * DAY)
    row = only(shop)
    # goods 10,000 less the shop's own discount 1,000, with 600 for freight; the fee is 5 percent of 9,000
    assert (row.income, row.fee, row.commission, row.outcome, row.amount) == (9_600, -450, 0, -450, 9_150)
    assert row.flow == OWN
    movement = shop.part(Ledger).movements[0]
    assert (movement.flow, movement.amount, movement.summary, movement.tag) == (IN, 9_150, "订单结算", 3)
    assert shop.part(Ledger).balance == 9_150


def test_an_author_gets_ten_percent(shop: Shop) -> None:
    order = finished(shop)
    order.lines[0].author = ("9513", "桃子妈妈")
    go(shop, 5 * DAY)
    row = only(shop)
    assert (row.commission, row.amount, row.flow) == (-900, 8_250, BY_AUTHOR)


def test_high_fees_make_a_settlement_negative(shop: Shop) -> None:
    shop.persona = replace(shop.persona, fee_factor=24)
    finished(shop)
    go(shop, 5 * DAY)
    row = only(shop)
    assert (row.fee, row.amount) == (-10_800, -1_200)
    movement = shop.part(Ledger).movements[0]
    assert (movement.flow, movement.amount) == (OUT, 1_200)
    assert shop.part(Ledger).balance == -1_200


def test_what_was_refunded_before_does_not_settle(shop: Shop) -> None:
    order = finished(shop)
    order.lines[0].refunded = 4_000
    go(shop, 5 * DAY)
    row = only(shop)
    assert (row.income, row.refund_before) == (5_600, 4_000)
    assert row.fee == -250


def test_a_line_refunded_in_full_settles_to_nothing(shop: Shop) -> None:
    order = finished(shop)
    order.lines[0].refunded = 9_600
    go(shop, 5 * DAY)
    assert shop.part(Ledger).settlements == []


def test_a_line_in_a_case_waits_for_its_end(shop: Shop) -> None:
    order = finished(shop)
    case = open_case(shop, order, order.lines[0], 0, reason=REASONS[0][0])
    assert case is not None
    case.deadline = shop.now + 100 * DAY
    go(shop, 6 * DAY)
    assert shop.part(Ledger).settlements == []
    case.status = order.lines[0].case_status = 28
    go(shop, DAY)
    assert len(shop.part(Ledger).settlements) == 1


def test_frozen_payments_settle_when_they_thaw(shop: Shop) -> None:
    finished(shop)
    ledger = shop.part(Ledger)
    ledger.frozen_until = START + 6 * DAY
    go(shop, 5 * DAY)
    assert ledger.settlements == []
    assert ledger.frozen(shop.now)
    go(shop, 2 * DAY)
    assert only(shop).time == START + 6 * DAY + HOUR


# --- taken back -------------------------------------------------------------------------------------------------------


def test_a_refund_after_the_settlement_is_a_row_of_its_own(shop: Shop) -> None:
    order = finished(shop)
    go(shop, 5 * DAY)
    case = open_case(shop, order, order.lines[0], REFUND_SHIPPED, reason=REASONS[REFUND_SHIPPED][0], share=50)
    assert case is not None
    agree(shop, case, "好")
    go(shop, HOUR)
    row = shop.part(Ledger).settlements[1]
    assert (row.trade_type, row.income, row.fee, row.amount) == (REFUNDED_LATER, -4_500, 0, -4_500)
    movement = shop.part(Ledger).movements[1]
    assert (movement.flow, movement.amount, movement.case_id) == (OUT, 4_500, case.id)
    assert shop.part(Ledger).balance == 9_150 - 4_500


def test_a_refund_before_the_settlement_is_none(shop: Shop) -> None:
    order = finished(shop)
    case = open_case(shop, order, order.lines[0], REFUND_SHIPPED, reason=REASONS[REFUND_SHIPPED][0], share=50)
    assert case is not None
    agree(shop, case, "好")
    go(shop, HOUR)
    assert shop.part(Ledger).settlements == []


# --- withdrawals ------------------------------------------------------------------------------------------------------


def on_monday(shop: Shop) -> None:
    """Monday the 23rd, eight in the morning in China."""
    shop.timeline.now = read_time("2026-11-23 08:00:00")
    withdraw(shop)


def test_most_of_the_balance_leaves_on_monday(shop: Shop) -> None:
    shop.seller_on = True
    move(shop, IN, 50_000, "订单结算")
    withdraw(shop)  # a Wednesday
    assert shop.part(Ledger).balance == 50_000
    on_monday(shop)
    assert shop.part(Ledger).movements[-1].summary == "提现"
    assert shop.part(Ledger).movements[-1].tag == 11
    assert shop.part(Ledger).balance == 10_000


@pytest.mark.parametrize("reason", ["little", "nobody", "frozen", "owing"])
def test_nothing_leaves_where_there_is_little_nobody_or_a_freeze(shop: Shop, reason: str) -> None:
    shop.seller_on = reason != "nobody"
    move(shop, IN, 5_000 if reason == "little" else 50_000, "订单结算")
    if reason == "owing":
        move(shop, OUT, 80_000, "缺货赔付")
    if reason == "frozen":
        shop.part(Ledger).frozen_until = START + 30 * DAY
    before = shop.part(Ledger).balance
    on_monday(shop)
    assert shop.part(Ledger).balance == before


def test_a_movement_of_nothing_is_none(shop: Shop) -> None:
    move(shop, IN, 0, "x")
    assert shop.part(Ledger).movements == []


def test_what_leaves_the_deposit_does_not_leave_the_account(shop: Shop) -> None:
    move(shop, IN, 5_000, "订单结算")
    move(shop, OUT, 1_000, "发货超时违规扣款", from_deposit=True)
    assert shop.part(Ledger).balance == 5_000
    assert shop.part(Ledger).deposit == DEPOSIT_AT_FIRST


# --- when bills are ready ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-18 12:00:00", "2026-11-18 00:00:00"),
        ("2026-11-18 10:00:00", "2026-11-18 00:00:00"),
        ("2026-11-18 09:59:59", "2026-11-17 00:00:00"),
        ("2026-11-18 00:00:00", "2026-11-17 00:00:00"),
        ("2026-11-18 23:59:59", "2026-11-18 00:00:00"),
    ],
)
def test_yesterday_is_ready_after_ten(now: str, until: str) -> None:
    assert ready_until(read_time(now)) == read_time(until)


def test_today_s_movements_are_shown_tomorrow(shop: Shop) -> None:
    move(shop, IN, 100, "订单结算")
    assert list(shown(shop, shop.now)) == []
    assert len(list(shown(shop, shop.now + DAY))) == 1


# --- whole shops ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("troubles", [(), ("neglected",), ("late_orders",), ("frozen",), ("returns",), ("low_stock",)])
def test_every_shop_has_a_movement_at_the_start(troubles: tuple[str, ...]) -> None:
    shop = make_shop(troubles)
    assert list(shown(shop, shop.now))


def test_only_the_shop_with_high_fees_is_in_debt() -> None:
    assert make_shop(("negative_balance",), fee_factor=24.0).part(Ledger).balance < 0
    assert make_shop().part(Ledger).balance > 0


def test_the_account_is_the_sum_of_all_that_was_booked() -> None:
    shop = make_shop(("returns",), orders_per_day=3.0, days=5)
    ledger = shop.part(Ledger)
    settled = sum(row.amount for row in ledger.settlements)
    others = sum(one.signed for one in ledger.movements if one.settlement is None and not one.from_deposit)
    assert ledger.balance == settled + others
    assert len({row.request_no for row in ledger.settlements}) == len(ledger.settlements)
    assert len({one.trade_no for one in ledger.movements}) == len(ledger.movements)


def test_a_line_is_settled_once() -> None:
    shop = make_shop(orders_per_day=2.0, days=8)
    first = [row.line.id for row in shop.part(Ledger).settlements if row.trade_type == SETTLED]
    assert len(first) == len(set(first))


def test_settling_by_hand_a_second_time_is_a_second_row(shop: Shop) -> None:
    order = finished(shop)
    settle(shop, order, order.lines[0])
    assert shop.part(Ledger).settled_lines == {order.lines[0].id}
