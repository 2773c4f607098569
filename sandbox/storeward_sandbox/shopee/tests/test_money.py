"""Escrow, wallet, withdrawals, payouts and income: that they add up, who has which, windows and pages."""

from decimal import Decimal
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.shopee import returns
from storeward_sandbox.shopee.income import income_of, refunded
from storeward_sandbox.shopee.markets import MARKETS
from storeward_sandbox.shopee.orders import Order
from storeward_sandbox.shopee.shop import Shop
from storeward_sandbox.shopee.tests.people import a_return, an_order, numbered_pages, pages
from storeward_sandbox.shopee.tests.support import Json, ask, bare_shop, checked, go, make_shop, refused, shop_to_read
from storeward_sandbox.shopee.wallet import (
    ADS,
    ESCROW_IN,
    RETURN_OUT,
    WITHDRAWAL,
    WITHDRAWAL_BACK,
    book,
    pay_out,
    release,
    tuesday,
    wallet_of,
    withdraw,
)
from storeward_sandbox.shopee.wire_form import encoded, number

PLUS = (
    "original_cost_of_goods_sold", "seller_return_refund", "shopee_discount", "buyer_paid_shipping_fee", "shopee_shipping_rebate",
    "shipping_fee_discount_from_3pl",
)  # fmt: skip
MINUS = (
    "original_shopee_discount", "voucher_from_seller", "actual_shipping_fee", "reverse_shipping_fee", "seller_transaction_fee",
    "service_fee", "commission_fee", "campaign_fee", "order_ams_commission_fee", "escrow_tax", "withholding_tax",
)  # fmt: skip


def escrow(shop: Shop, order: Order) -> Json:
    return dict(checked(shop, "payment.get_escrow_detail", query={"order_sn": order.sn})["order_income"])


def exact(value: Any) -> Decimal:
    return Decimal(str(value))


# --- numbers on the wire ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("12.50", "12.5"),
        ("5000.00", "5000"),
        ("0", "0"),
        ("-3.10", "-3.1"),
        ("0.01", "0.01"),
        ("1E+3", "1000"),
        ("120000", "120000"),
    ],
)
def test_amounts_are_numbers_without_exponent_or_needless_zeros(amount: str, text: str) -> None:
    assert encoded({"a": number(Decimal(amount))}) == f'{{"a":{text}}}'.encode()


# --- escrow -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", sorted(MARKETS))
def test_the_parts_of_an_escrow_add_up_as_the_platform_says(region: str) -> None:
    shop = bare_shop(region)
    for _ in range(5):
        order = an_order(shop, "COMPLETED", lines=2)
        parts = escrow(shop, order)
        total = sum(exact(parts[name]) for name in PLUS) - sum(exact(parts[name]) for name in MINUS)
        assert total == exact(parts["escrow_amount"]) == income_of(shop, order).escrow
        assert exact(parts["buyer_total_amount"]) == order.total
        assert exact(parts["cost_of_goods_sold"]) == order.goods_total
        assert sum(exact(item["discounted_price"]) for item in parts["items"]) == order.goods_total


def test_a_refund_after_completion_lowers_the_escrow_by_what_was_given_back() -> None:
    shop = bare_shop()
    one = a_return(shop, solution=returns.REFUND_ONLY, after="COMPLETED")
    order = shop.orders[one.order_sn]
    before = income_of(shop, order).escrow
    returns.refund(shop, one)
    assert refunded(shop, order) == one.amount
    assert income_of(shop, order).escrow == before - one.amount
    assert income_of(shop, order, refunds=False).escrow == before
    found = checked(shop, "payment.get_escrow_detail", query={"order_sn": order.sn})
    assert found["return_order_sn_list"] == [one.sn]
    assert exact(found["order_income"]["seller_return_refund"]) == -one.amount


def test_no_fees_are_taken_on_what_is_given_back_before_completion() -> None:
    shop = bare_shop()
    one = a_return(shop, solution=returns.REFUND_ONLY)
    order = shop.orders[one.order_sn]
    before = income_of(shop, order)
    returns.refund(shop, one)
    after = income_of(shop, order)
    assert after.commission < before.commission
    assert after.transaction < before.transaction
    assert before.escrow - one.amount < after.escrow < before.escrow


def test_details_come_in_batches_of_fifty() -> None:
    shop = shop_to_read()
    sns = list(shop.orders)[:20]
    rows = checked(shop, "payment.get_escrow_detail_batch", body={"order_sn_list": [*sns, "none"]})
    assert [row["escrow_detail"]["order_sn"] for row in rows] == sns
    assert "shipping_fee_discount_from_pl" in rows[0]["escrow_detail"]["order_income"]
    assert (
        ask(shop, "payment.get_escrow_detail_batch", query={"order_sn_list": sns[:2]})[1]["escrow_detail"]["order_sn"] == sns[1]
    )
    with refused("exceed_max_limit"):
        ask(shop, "payment.get_escrow_detail_batch", body={"order_sn_list": ["x"] * 51})
    with refused("common.error_not_found"):
        ask(shop, "payment.get_escrow_detail_batch", body={"order_sn_list": ["none"]})
    with refused("order_not_found"):
        ask(shop, "payment.get_escrow_detail", query={"order_sn": "none"})


def test_released_escrows_are_listed() -> None:
    shop = bare_shop()
    order = an_order(shop, "COMPLETED")
    go(shop, HOUR)
    (row,) = checked(shop, "payment.get_escrow_list", query=released(shop))["escrow_list"]
    assert row["order_sn"] == order.sn
    assert exact(row["payout_amount"]) == income_of(shop, order).escrow
    assert row["escrow_release_time"] == order.completed_time + HOUR


def released(shop: Shop, **more: Any) -> Json:
    return {"release_time_from": shop.now - 60 * DAY, "release_time_to": shop.now, **more}


def test_escrows_are_listed_on_pages_from_one() -> None:
    shop = shop_to_read(orders_per_day=1.5)
    rows = numbered_pages(shop, "payment.get_escrow_list", "escrow_list", first=1, query=released(shop, page_size=7))
    assert [row["order_sn"] for row in rows] == [one.order.sn for one in reversed(wallet_of(shop).releases)]
    with refused("error_param"):
        ask(shop, "payment.get_escrow_list", query=released(shop, page_no=0))


# --- wallet -----------------------------------------------------------------------------------------------------------


def rows(shop: Shop, **query: Any) -> list[Json]:
    asked = {"page_no": 0, "page_size": 40, **query}
    return list(checked(shop, "payment.get_wallet_transaction_list", query=asked)["transaction_list"])


@pytest.mark.parametrize("troubles", [(), ("negative_balance",), ("neglected",)])
def test_the_balance_is_the_sum_of_all_rows(troubles: tuple[str, ...]) -> None:
    shop = shop_to_read("MY", troubles, orders_per_day=1.5)
    wallet = wallet_of(shop)
    assert sum(row.amount for row in wallet.rows) == wallet.balance
    balance = Decimal(0)
    for row in wallet.rows:
        balance += row.amount
        assert row.balance == balance
    assert rows(shop)[0]["current_balance"] == number(wallet.rows[-1].balance)


def test_where_fees_exceed_revenue_the_balance_is_below_zero() -> None:
    for region in ("PH", "VN"):
        shop = shop_to_read(region, ("negative_balance",))
        assert wallet_of(shop).balance < 0
        assert not [row for row in wallet_of(shop).rows if row.kind == WITHDRAWAL]
        assert wallet_of(shop_to_read(region)).balance >= 0


def test_every_local_shop_has_a_row_of_the_last_days() -> None:
    for troubles in ((), ("neglected",), ("low_stock",)):
        assert rows(shop_to_read("SG", troubles))


def test_a_completed_order_becomes_a_row() -> None:
    shop = bare_shop()
    order = an_order(shop, "COMPLETED")
    go(shop, HOUR)
    (row,) = rows(shop)
    assert (row["transaction_type"], row["order_sn"], row["money_flow"]) == (ESCROW_IN, order.sn, "MONEY_IN")
    assert exact(row["amount"]) == income_of(shop, order).escrow
    assert row["transaction_id"] > 2**53


def test_money_given_back_after_release_is_taken_from_the_balance() -> None:
    shop = bare_shop()
    one = a_return(shop, solution=returns.REFUND_ONLY, after="COMPLETED")
    go(shop, HOUR)
    before = wallet_of(shop).balance
    returns.refund(shop, one)
    assert wallet_of(shop).balance == before - one.amount
    (row,) = rows(shop, transaction_type=RETURN_OUT)
    assert (row["refund_sn"], row["order_sn"], row["money_flow"]) == (one.sn, one.order_sn, "MONEY_OUT")


def test_a_withdrawal_is_pending_for_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = bare_shop()
    book(shop, ESCROW_IN, Decimal(100))
    monkeypatch.setattr(shop.chance("money"), "random", lambda: 0.5)
    withdraw(shop, Decimal(80))
    row = rows(shop, transaction_type="201")[0]
    assert (row["status"], row["amount"], row["withdrawal_type"]) == ("PENDING", -80, "MANUAL")
    assert row["withdrawal_id"] == row["root_withdrawal_id"] != 0
    go(shop, DAY)
    assert rows(shop, transaction_type=WITHDRAWAL)[0]["status"] == "COMPLETED"
    assert wallet_of(shop).balance == 20


def test_the_bank_may_send_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = bare_shop()
    book(shop, ESCROW_IN, Decimal(100))
    monkeypatch.setattr(shop.chance("money"), "random", lambda: 0.01)
    withdraw(shop, Decimal(80))
    go(shop, DAY)
    assert rows(shop, transaction_type=WITHDRAWAL)[0]["status"] == "FAILED"
    back = rows(shop, transaction_type=WITHDRAWAL_BACK)[0]
    assert back["amount"] == 80
    assert wallet_of(shop).balance == 100


def test_nothing_is_drawn_from_nothing() -> None:
    shop = bare_shop()
    withdraw(shop, Decimal(0))
    assert wallet_of(shop).rows == []


def test_rows_are_filtered() -> None:
    shop = shop_to_read(orders_per_day=2.0)
    inward, outward = rows(shop, money_flow="MONEY_IN"), rows(shop, money_flow="MONEY_OUT")
    assert all(row["amount"] >= 0 for row in inward)
    assert all(row["amount"] < 0 for row in outward)
    tab = rows(shop, transaction_tab_type="wallet_order_income")
    assert {row["transaction_tab_type"] for row in tab} == {"wallet_order_income"}
    assert ESCROW_IN in {row["transaction_type"] for row in tab}
    assert rows(shop, transaction_type="101") == rows(shop, transaction_type=ESCROW_IN)


def test_rows_are_read_in_windows_of_a_fortnight_on_pages_from_nought() -> None:
    shop = shop_to_read(orders_per_day=2.0)
    found = []
    for back in range(5):
        end = shop.now - back * 14 * DAY
        window = {"create_time_from": end - 14 * DAY + 1, "create_time_to": end, "page_size": 10}
        found += numbered_pages(shop, "payment.get_wallet_transaction_list", "transaction_list", first=0, query=window)
    assert [row["transaction_id"] for row in found] == [row.transaction_id for row in reversed(wallet_of(shop).rows)]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"create_time_from": 0, "create_time_to": 14 * DAY + 1}, "wallet.time_invalid"),
        ({"create_time_from": 5, "create_time_to": 4}, "wallet.time_invalid"),
        ({"page_size": 41}, "error_param"),
        ({"page_no": -1}, "error_param"),
        ({"page_no": ""}, "error_param"),
        ({"money_flow": "SIDEWAYS"}, "error_param"),
    ],
)
def test_bad_questions_about_the_wallet_are_refused(query: Json, error: str) -> None:
    with refused(error):
        rows(shop_to_read(), **query)


def test_a_week_of_a_seller_in_debt_makes_it_worse() -> None:
    shop = bare_shop("PH", ("negative_balance",))
    book(shop, ESCROW_IN, Decimal(500))
    tuesday(shop)
    assert wallet_of(shop).balance < 0
    assert wallet_of(shop).rows[-1].kind in (ADS, "ADJUSTMENT_MINUS")


# --- cross-border -----------------------------------------------------------------------------------------------------


def payouts(shop: Shop, operation: str = "payment.get_payout_info", **query: Any) -> Any:
    window = {"payout_time_from": shop.now - 15 * DAY, "payout_time_to": shop.now, "page_size": 20}
    return checked(shop, operation, query={**window, **query})


def test_cross_border_shops_are_paid_in_dollars_every_week() -> None:
    shop = make_shop("TH", cross_border=True, orders_per_day=2.0)
    wallet = wallet_of(shop)
    assert wallet.rows == []
    assert len(wallet.payouts) >= 7
    for one in wallet.payouts:
        parts = sum((each.amount for each in one.releases), Decimal(0)) + sum((row.amount for row in one.adjustments), Decimal(0))
        assert one.amount == parts
        assert one.amount_usd == (parts / 34).quantize(Decimal("0.01"))
    listed = payouts(shop)["payout_list"]
    assert {row["payout_currency"] for row in listed} == {"USD"}
    assert {row["from_currency"] for row in listed} == {"THB"}
    detailed = payouts(shop, "payment.get_payout_detail", page_no=1)["payout_list"]
    assert [one["payout_info"]["payout_time"] for one in detailed] == [row["payout_time"] for row in listed]


def test_every_cross_border_shop_has_a_payout() -> None:
    assert payouts(shop_to_read("SG", ("neglected",), cross_border=True))["payout_list"]


def test_billing_tells_what_a_payout_is_made_of() -> None:
    shop = make_shop("TH", cross_border=True, orders_per_day=2.0)
    one = wallet_of(shop).payouts[-1]
    body = {"billing_transaction_info_type": 2, "encrypted_payout_ids": [one.id], "cursor": "", "page_size": 100}
    found = checked(shop, "payment.get_billing_transaction_info", body=body)["transactions"]
    assert sum(exact(row["amount"]) for row in found) == one.amount
    assert {row["billing_transaction_status"] for row in found} == {"Released"}
    order = an_order(shop, "COMPLETED")
    go(shop, HOUR)
    held = checked(shop, "payment.get_billing_transaction_info", body={**body, "billing_transaction_info_type": 1})[
        "transactions"
    ]
    assert order.sn in [row["order_sn"] for row in held]
    with refused("error_param"):
        ask(shop, "payment.get_billing_transaction_info", body={**body, "billing_transaction_info_type": 3})


def test_nothing_is_paid_out_of_nothing() -> None:
    shop = bare_shop(cross_border=True)
    assert pay_out(shop) is None
    order = an_order(shop, "COMPLETED")
    go(shop, HOUR)
    payout = pay_out(shop)
    assert payout is not None
    assert [one.order for one in payout.releases] == [order]
    assert pay_out(shop) is None


def test_each_kind_of_shop_has_its_own_calls() -> None:
    local, abroad = shop_to_read(), shop_to_read(cross_border=True)
    with refused("error_permission"):
        rows(abroad)
    for operation in ("payment.get_payout_info", "payment.get_payout_detail"):
        with refused("error_permission"):
            payouts(local, operation, page_no=1)
    with refused("error_permission"):
        ask(local, "payment.get_billing_transaction_info", body={})
    with refused("error_param"):
        payouts(abroad, payout_time_from=abroad.now - 16 * DAY)


# --- income -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cross_border", [False, True])
def test_the_overview_is_the_sum_of_the_details(cross_border: bool) -> None:
    shop = shop_to_read("MY", (), cross_border=cross_border, orders_per_day=1.5)
    total = checked(shop, "payment.get_income_overview", query={"income_status": 1})["total_income"]
    paid = [one for one in wallet_of(shop).releases if one.payout is not None or not cross_border]
    assert exact(total["released_amount"]) == sum((one.amount for one in paid), Decimal(0))
    assert ("to_release_amount" in total) == cross_border


def income(shop: Shop, status: int, **query: Any) -> list[Json]:
    asked = {"date_from": "2026-11-05", "date_to": "2026-11-18", "income_status": status, "page_size": 100, **query}
    return list(checked(shop, "payment.get_income_detail", query=asked)["income_detail_list"]["list"])


def test_income_is_told_by_day() -> None:
    shop = shop_to_read(orders_per_day=1.5)
    done = {row["order_sn"]: row["released_amount"] for row in income(shop, 1)}
    assert done
    for one in wallet_of(shop).releases:
        if one.order.sn in done:
            assert exact(done[one.order.sn]) == one.amount
    waiting = income(shop, 2)
    assert all(shop.orders[row["order_sn"]].status not in ("COMPLETED", "CANCELLED", "UNPAID") for row in waiting if waiting)
    assert all(row["status"] == "Pending" for row in waiting)


def test_income_pages_go_on_by_cursor() -> None:
    shop = shop_to_read(orders_per_day=1.5)
    found, cursor = [], ""
    while True:
        query = {"date_from": "2026-11-05", "date_to": "2026-11-18", "income_status": 1, "page_size": 3, "cursor": cursor}
        page = ask(shop, "payment.get_income_detail", query=query)["income_detail_list"]
        found += [row["order_sn"] for row in page["list"]]
        cursor = page["next_page"]["cursor"]
        if not cursor:
            break
    assert found == [row["order_sn"] for row in income(shop, 1)]


@pytest.mark.parametrize(
    "query",
    [
        {"date_from": "2026-11-01"},
        {"date_from": "yesterday"},
        {"date_to": "2026-11-01"},
        {"income_status": 0},
        {"income_status": 5},
        {"page_size": 0},
    ],
)
def test_bad_questions_about_income_are_refused(query: Json) -> None:
    asked = {"date_from": "2026-11-05", "date_to": "2026-11-18", "income_status": 1, "page_size": 10, **query}
    with refused("error_param"):
        ask(shop_to_read(), "payment.get_income_detail", query=asked)


def test_a_release_is_booked_where_the_shop_keeps_its_money() -> None:
    for cross_border, count in ((False, 1), (True, 0)):
        shop = bare_shop(cross_border=cross_border)
        order = an_order(shop, "TO_CONFIRM_RECEIVE")
        assert release(shop, order).amount == income_of(shop, order).escrow
        assert len(wallet_of(shop).rows) == count
    assert (
        pages(shop, "payment.get_payout_info", "payout_list", query={"payout_time_from": 0, "payout_time_to": 9, "page_size": 5})
        == []
    )
