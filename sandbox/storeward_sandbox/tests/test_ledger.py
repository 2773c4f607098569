"""The books: parts add up to settlements, settlements to statements, and the wallet's rows to the balance."""

from collections.abc import Sequence
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storeward_sandbox.clock import DAY
from storeward_sandbox.tiktok_shop.ledger import (
    Habits,
    Ledger,
    Refund,
    SoldLine,
    SoldOrder,
    draw_habits,
    open_ledger,
    total,
)
from storeward_sandbox.tiktok_shop.markets import MARKETS

NOW = 1_790_000_000
MIDNIGHT = NOW - NOW % DAY
QUIET = Habits(carried_dollars=40)


def books(region: str = "MY", habits: Habits = QUIET) -> Ledger:
    return open_ledger("7494049642642441621", MARKETS[region], habits, NOW)


def sold(
    number: int = 1,
    *,
    delivered: int = MIDNIGHT - 20 * DAY,
    prices: Sequence[str] = ("20.00",),
    refunds: Sequence[Refund] = (),
    requests: Sequence[tuple[int, int]] = (),
    shipping: str = "4.50",
) -> SoldOrder:
    lines = [SoldLine(f"sku{index % 2}", "Default", "Mug", Decimal(price), Decimal(1)) for index, price in enumerate(prices)]
    return SoldOrder(
        str(576_000_000_000_000_000 + number), delivered - DAY, delivered, lines, Decimal(shipping), refunds, requests
    )


def test_an_order_settles_three_days_after_delivery_in_south_east_asia() -> None:
    assert books().settles_at(sold()) == MIDNIGHT - 17 * DAY


def test_an_order_settles_eight_days_after_delivery_in_the_united_states() -> None:
    assert books("US").settles_at(sold()) == MIDNIGHT - 12 * DAY


def test_an_order_under_way_does_not_settle() -> None:
    assert books().entries_of(sold(delivered=0)) == []


def test_an_open_request_holds_the_settlement_back() -> None:
    order = sold(requests=[(MIDNIGHT - 19 * DAY, 0)])
    assert books().settles_at(order) == 0


def test_the_settlement_follows_the_close_of_the_request() -> None:
    order = sold(requests=[(MIDNIGHT - 19 * DAY, MIDNIGHT - 10 * DAY)])
    assert books().settles_at(order) == MIDNIGHT - 10 * DAY


def test_a_request_made_after_the_settlement_does_not_hold_it_back() -> None:
    order = sold(requests=[(MIDNIGHT - 5 * DAY, 0)])
    assert books().settles_at(order) == MIDNIGHT - 17 * DAY


def test_a_statement_says_what_its_order_brought_in_and_cost() -> None:
    ledger = books()
    ledger.catch_up([sold(prices=("20.00", "20.00", "30.00"))], NOW)
    entry = next(entry for statement in ledger.statements for entry in statement.entries if entry.order_id)
    assert entry.revenue == Decimal("67.00")
    assert entry.fees < 0
    assert [part.quantity for part in entry.parts] == [2, 1]
    assert entry.settlement == entry.revenue + entry.shipping + entry.fees


def test_a_refund_before_the_settlement_lowers_it() -> None:
    order = sold(refunds=[Refund("sku0", Decimal("20.00"), MIDNIGHT - 18 * DAY)])
    entries = books().entries_of(order)
    assert [entry.revenue for entry in entries] == [Decimal("-1.00")]


def test_a_refund_after_the_settlement_is_a_transaction_of_its_own() -> None:
    order = sold(refunds=[Refund("sku0", Decimal("20.00"), MIDNIGHT - 2 * DAY)])
    first, second = books().entries_of(order)
    assert (first.revenue, second.revenue) == (Decimal("19.00"), Decimal("-20.00"))
    assert second.at == MIDNIGHT - 2 * DAY


def test_no_transaction_is_booked_twice() -> None:
    ledger = books()
    order = sold(refunds=[Refund("sku0", Decimal("20.00"), MIDNIGHT - 2 * DAY)])
    for day in range(40):
        ledger.catch_up([order], NOW + day * DAY)
    booked = [entry for statement in ledger.statements for entry in statement.entries if entry.order_id == order.id]
    assert len(booked) == 2


def test_a_statement_is_cut_at_midnight() -> None:
    ledger = books()
    ledger.catch_up([sold()], NOW)
    statement = next(each for each in ledger.statements if any(entry.order_id for entry in each.entries))
    assert statement.time == MIDNIGHT - 16 * DAY
    assert all(each.time % DAY == 0 for each in ledger.statements)


def test_today_has_no_statement_yet() -> None:
    ledger = books()
    ledger.catch_up([sold(delivered=MIDNIGHT - 3 * DAY + 3_600)], NOW)
    assert not any(entry.order_id for statement in ledger.statements for entry in statement.entries)


def test_asking_daily_or_once_gives_the_same_books() -> None:
    orders = [sold(number, delivered=MIDNIGHT - number * DAY) for number in range(1, 30)]
    once, daily = books(), books()
    for day in range(62, -1, -1):
        daily.catch_up(orders, MIDNIGHT - day * DAY)
    once.catch_up(orders, MIDNIGHT)
    assert once.statements == daily.statements
    assert once.wallet == daily.wallet


@pytest.mark.parametrize("region", ["MY", "VN", "US", "GB", "PH"])
def test_the_wallet_adds_up_to_statements_less_what_left_it(region: str) -> None:
    ledger = books(region)
    ledger.catch_up([sold(number, delivered=MIDNIGHT - number * DAY) for number in range(1, 40)], NOW)
    came = sum((row.amount for row in ledger.wallet if row.type in {"SETTLE", "REVERSE", "TRANSFER"}), Decimal(0))
    left = sum((row.amount for row in ledger.wallet if row.type not in {"SETTLE", "REVERSE", "TRANSFER"}), Decimal(0))
    assert sum((statement.settlement for statement in ledger.statements), Decimal(0)) == sum(
        (row.amount for row in ledger.wallet if row.type == "SETTLE"), Decimal(0)
    )
    assert ledger.balance == came - left


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.decimals("0.10", "900", places=2), min_size=1, max_size=4), min_size=1, max_size=8),
    st.integers(0, 10),
)
def test_every_sum_is_exact(prices: list[list[Decimal]], share: int) -> None:
    ledger = books(habits=Habits(fee_share=Decimal(share) / 7))
    orders = [
        sold(number, delivered=MIDNIGHT - (5 + number) * DAY, prices=[str(price) for price in each])
        for number, each in enumerate(prices)
    ]
    ledger.catch_up(orders, NOW)
    for statement in ledger.statements:
        parts = sum((statement.sum_of(name) for name in ("revenue", "shipping", "fees", "adjustment")), Decimal(0))
        assert statement.settlement == parts
        for entry in statement.entries:
            assert sum((part.settlement for part in entry.parts), Decimal(0)) + entry.adjustment == entry.settlement
            groups = sum((total(entry.group(name)) for name in ("revenue", "shipping", "fee", "tax")), Decimal(0))
            assert groups + entry.adjustment == entry.settlement
    assert ledger.balance == ledger.balance_at(NOW)


@pytest.mark.parametrize("seed", range(12))
def test_where_fees_exceed_revenue_the_balance_falls_below_zero_for_days(seed: int) -> None:
    ledger = books(habits=draw_habits(Random(seed), NOW, fees_exceed=True, neglected=False))
    orders = [sold(number, delivered=MIDNIGHT - number * DAY) for number in range(1, 30)]
    ledger.catch_up(orders, NOW + 6 * DAY)
    below = [day for day in range(-17, 7) if ledger.balance_at(MIDNIGHT + day * DAY + 120) < 0]
    assert len(below) >= 3


@pytest.mark.parametrize("seed", range(6))
def test_an_ordinary_wallet_stays_above_zero(seed: int) -> None:
    ledger = books(habits=draw_habits(Random(seed), NOW, fees_exceed=False, neglected=False))
    ledger.catch_up([sold(number, delivered=MIDNIGHT - number * DAY) for number in range(1, 30)], NOW)
    assert all(ledger.balance_at(MIDNIGHT - day * DAY + 120) > 0 for day in range(50))


def test_a_withdrawal_is_processing_until_the_bank_has_it() -> None:
    ledger = books()
    ledger.catch_up([sold(number, delivered=MIDNIGHT - number * DAY) for number in range(10, 40)], NOW)
    row = next(row for row in ledger.wallet if row.type == "WITHDRAW")
    assert row.status(row.created) == "PROCESSING"
    assert row.status(row.settled) in {"SUCCESS", "REVERSED"}
    assert row.signed == -row.amount < 0


def test_outside_south_east_asia_the_platform_pays_the_bank() -> None:
    ledger = books("GB")
    ledger.catch_up([sold(number, delivered=MIDNIGHT - (10 + number) * DAY) for number in range(12)], NOW)
    assert ledger.payments
    paid = {statement.payment_id for statement in ledger.statements if statement.payment_id}
    assert paid == {payment.id for payment in ledger.payments}
    for payment in ledger.payments:
        covered = [statement for statement in ledger.statements if statement.payment_id == payment.id]
        assert payment.amount == sum((statement.settlement for statement in covered), Decimal(0))
        assert all(statement.paid == payment.paid for statement in covered)


def test_a_wallet_market_has_no_payments() -> None:
    ledger = books("TH")
    ledger.catch_up([sold()], NOW)
    assert ledger.payments == []


def test_what_is_not_settled_is_estimated() -> None:
    ledger = books()
    settled, delivered, under_way = sold(1), sold(2, delivered=MIDNIGHT - DAY), sold(3, delivered=0)
    ledger.catch_up([settled], NOW)
    rows = ledger.unsettled([settled, delivered, under_way])
    assert {row.order_id: row.at for row in rows} == {delivered.id: MIDNIGHT + 2 * DAY, under_way.id: 0}


def test_amounts_in_dong_have_no_decimals() -> None:
    ledger = books("VN")
    ledger.catch_up([sold(prices=("240000",), shipping="15000")], NOW)
    for row in ledger.wallet:
        assert row.amount == row.amount.to_integral_value()
