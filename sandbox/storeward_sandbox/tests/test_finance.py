"""Money over its operations: everything adds up, pages are whole, and each market gets what it has."""

from decimal import Decimal
from typing import Any

import pytest

from storeward_sandbox.clock import DAY
from storeward_sandbox.tests.people import an_order, code_of, pages, quiet, rest
from storeward_sandbox.tests.support import Json, ask, checked, go, make_shop, shop_to_read
from storeward_sandbox.tiktok_shop import returns
from storeward_sandbox.tiktok_shop.aftersales_life import buyer_returns
from storeward_sandbox.tiktok_shop.books import finance_truth, ledger_of
from storeward_sandbox.tiktok_shop.requests import BUYER_RETURNS
from storeward_sandbox.tiktok_shop.shop import Shop

WALLET = "WITHDRAW,SETTLE,TRANSFER,REVERSE,PAYMENT"
OUT = {"WITHDRAW", "PAYMENT", "POLICY_VIOLATION_DEDUCTION"}
BY_TIME = {"sort_field": "statement_time"}
BY_ORDER = {"sort_field": "order_create_time"}


def amount(row: Json, name: str) -> Decimal:
    return Decimal(row[name])


def total(parts: Json) -> Decimal:
    """All amounts of a breakdown, however deep."""
    return sum((total(value) if isinstance(value, dict) else Decimal(value) for value in parts.values()), Decimal(0))


def statements(shop: Shop) -> list[Json]:
    return pages(shop, "getStatements", "statements", size=20, query=BY_TIME)


def transactions(shop: Shop, statement_id: str) -> list[Json]:
    ids = {"statement_id": statement_id}
    return pages(shop, "getTransactionsByStatement", "transactions", size=20, query=BY_ORDER, ids=ids)


def wallet(shop: Shop) -> list[Json]:
    return pages(shop, "getSellerFinancialTransactions", "withdrawals", size=30, query={"types": WALLET})


@pytest.mark.parametrize("region", ["MY", "PH", "TH", "VN", "SG", "US", "GB", "ID"])
@pytest.mark.parametrize("troubles", [(), ("negative_balance",)])
def test_answers_keep_to_their_description_and_add_up(region: str, troubles: tuple[str, ...]) -> None:
    shop = make_shop(region, troubles)
    for row in checked(shop, "getStatements", query=BY_TIME)["statements"][:6]:
        whole = checked(shop, "getTransactionsByStatement", ids={"statement_id": row["id"]}, query={**BY_ORDER, "page_size": 100})
        assert amount(row, "settlement_amount") == amount(whole, "total_settlement_amount") == amount(whole, "payable_amount")
        parts = whole["total_settlement_breakdown"]
        assert total(parts) == amount(whole, "total_settlement_amount")
        assert sum(amount(one, "settlement_amount") for one in whole["transactions"]) == amount(row, "settlement_amount")
        for one in whole["transactions"]:
            check_transaction(one)
    checked(shop, "getSellerFinancialTransactions", query={"types": WALLET})


def check_transaction(one: Json) -> None:
    """Breakdowns add up to their groups, and the groups to the settlement."""
    assert total(one["revenue_breakdown"]) == amount(one, "revenue_amount")
    assert total(one["shipping_cost_breakdown"]) == amount(one, "shipping_cost_amount")
    assert total(one["fee_tax_breakdown"]) == amount(one, "fee_tax_amount")
    groups = ("revenue_amount", "shipping_cost_amount", "fee_tax_amount", "adjustment_amount")
    assert sum(amount(one, name) for name in groups) == amount(one, "settlement_amount")
    assert ("order_id" in one) != ("adjustment_id" in one)


@pytest.mark.parametrize("region", ["MY", "US"])
def test_statement_parts_add_up_in_every_market(region: str) -> None:
    shop = shop_to_read(region)
    for row in statements(shop):
        names = ["revenue_amount", "fee_amount", "adjustment_amount"]
        names += ["shipping_cost_amount"] if region == "US" else []
        assert sum(amount(row, name) for name in names) == amount(row, "settlement_amount")


@pytest.mark.parametrize("region", ["MY", "VN", "US", "GB"])
def test_the_wallet_is_the_sum_of_its_rows(region: str) -> None:
    shop = shop_to_read(region, orders_per_day=3.0)
    rows = wallet(shop)
    held = sum((-amount(row, "amount") if row["type"] in OUT else amount(row, "amount")) for row in rows)
    assert held == Decimal(str(finance_truth(shop)["balance"]))
    settled = sum(amount(row, "amount") for row in rows if row["type"] == "SETTLE")
    assert settled == sum(amount(row, "settlement_amount") for row in statements(shop))


def test_statements_are_daily_and_closed_at_midnight() -> None:
    times = [row["statement_time"] for row in statements(shop_to_read())]
    assert times == sorted(set(times))
    assert all(time % DAY == 0 for time in times)


def test_a_span_of_statements_excludes_its_end() -> None:
    shop = shop_to_read()
    times = [row["statement_time"] for row in statements(shop)]
    query = {**BY_TIME, "statement_time_ge": times[3], "statement_time_lt": times[6], "sort_order": "DESC"}
    found = [row["statement_time"] for row in ask(shop, "getStatements", query=query)["statements"]]
    assert found == times[3:6][::-1]


@pytest.mark.parametrize(
    ("operation", "query"),
    [
        ("getStatements", {}),
        ("getStatements", {"sort_field": "id"}),
        ("getStatements", {**BY_TIME, "page_size": 101}),
        ("getUnsettledTransactions", {}),
        ("getSellerFinancialTransactions", {}),
        ("getSellerFinancialTransactions", {"types": "GIFT"}),
        ("getSellerFinancialTransactions", {"types": "SETTLE", "page_size": 0}),
    ],
)
def test_required_parameters_are_required(operation: str, query: Json) -> None:
    assert code_of(shop_to_read(), operation, query=query) == 36009004


def test_an_unknown_statement_or_order_is_refused() -> None:
    shop = shop_to_read()
    assert code_of(shop, "getTransactionsByStatement", ids={"statement_id": "72"}, query=BY_ORDER) != 0
    assert code_of(shop, "getTransactionsByOrder", ids={"order_id": "57"}) != 0


# --- one order --------------------------------------------------------------------------------------------------------


def of_order(shop: Shop, order_id: str) -> Json:
    return checked(shop, "getTransactionsByOrder", ids={"order_id": order_id})


def test_an_order_settles_some_days_after_it_has_arrived() -> None:
    shop = quiet(make_shop("MY"))
    order = an_order(shop, "DELIVERED")
    assert of_order(shop, order.id)["sku_transactions"] == []
    waiting = {row["order_id"]: row for row in unsettled(shop)}
    assert waiting[order.id]["estimated_settlement"] == str(order.delivery_time + 3 * DAY)
    rest(shop, 5)
    shown = of_order(shop, order.id)
    assert amount(shown, "settlement_amount") == sum(amount(row, "settlement_amount") for row in shown["sku_transactions"])
    assert amount(shown, "revenue_amount") == order.original_total - order.seller_discount
    assert order.id not in {row["order_id"] for row in unsettled(shop)}


def test_an_orders_settlement_is_found_in_its_statement() -> None:
    shop = shop_to_read()
    order_id, entry = next(iter(ledger_of(shop).settled.items()))
    shown = of_order(shop, order_id)
    statement = shown["sku_transactions"][0]["statement_id"]
    listed = [row for row in transactions(shop, statement) if row.get("order_id") == order_id]
    assert [Decimal(row["settlement_amount"]) for row in listed] == [entry.settlement]


def test_fees_and_shipping_are_negative() -> None:
    shop = shop_to_read()
    for row in statements(shop)[:10]:
        for one in transactions(shop, row["id"]):
            assert amount(one, "fee_tax_amount") <= 0


def test_a_return_holds_the_settlement_back_and_its_refund_lowers_it() -> None:
    shop = quiet(make_shop("MY"))
    order = an_order(shop, "DELIVERED", units=2)
    request = buyer_returns(shop, order, returns.REFUND, BUYER_RETURNS[0], order.lines[:1])
    assert request is not None
    rest(shop, 1.5)
    returns.approve(shop, request, shop.now)
    rest(shop, 6)
    shown = of_order(shop, order.id)
    gross = order.original_total - order.seller_discount
    assert amount(shown, "revenue_amount") == gross - request.total + sum(line.tax for line in request.lines)


def test_a_refund_after_the_settlement_is_booked_by_itself() -> None:
    shop = quiet(make_shop("MY"))
    order = an_order(shop, "DELIVERED", units=1)
    order.plan = type(order.plan)(completes=None)
    rest(shop, 4.5)
    assert of_order(shop, order.id)["total_count"] == 1
    request = buyer_returns(shop, order, returns.REFUND, BUYER_RETURNS[0])
    assert request is not None
    returns.approve(shop, request, shop.now)
    rest(shop, 3)
    rows = of_order(shop, order.id)["sku_transactions"]
    assert len(rows) == 2
    assert amount(rows[1], "revenue_amount") == -sum(line.subtotal for line in request.lines)


# --- what is to come --------------------------------------------------------------------------------------------------


def unsettled(shop: Shop) -> list[Json]:
    return pages(shop, "getUnsettledTransactions", "transactions", size=50, query=BY_ORDER)


@pytest.mark.parametrize("region", ["MY", "US", "VN"])
def test_estimates_add_up_over_all_pages(region: str) -> None:
    shop = shop_to_read(region, ("negative_balance",), orders_per_day=4.0)
    head = checked(shop, "getUnsettledTransactions", query={**BY_ORDER, "page_size": 3})
    rows = unsettled(shop)
    assert head["total_count"] == len(rows)
    assert amount(head, "sum_est_settlement_amount") == sum(amount(row, "est_settlement_amount") for row in rows)
    assert amount(head, "sum_est_revenue_amount") == sum(amount(row, "est_revenue_amount") for row in rows)
    assert amount(head, "sum_est_fee_amount") == sum(amount(row, "est_fee_tax_amount") for row in rows)


def test_before_delivery_the_estimate_is_in_words() -> None:
    shop = quiet(make_shop("US"))
    order = an_order(shop, "AWAITING_SHIPMENT")
    row = next(one for one in unsettled(shop) if one["order_id"] == order.id)
    assert row["estimated_settlement"] == "Delivered + 8 days"
    assert "order_delivery_time" not in row


def test_cancelled_and_unpaid_orders_bring_nothing() -> None:
    shop = shop_to_read(troubles=("late_orders",), orders_per_day=4.0)
    waiting = {row["order_id"] for row in unsettled(shop)}
    barren = {order.id for order in shop.orders.values() if order.status in ("CANCELLED", "UNPAID")}
    assert not waiting & barren


# --- payments and wallet ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", ["getPayments", "getPayments_202309"])
@pytest.mark.parametrize("region", ["US", "GB"])
def test_payments_cover_their_statements(operation: str, region: str) -> None:
    shop = shop_to_read(region)
    found = checked(shop, operation, query={"sort_field": "create_time", "page_size": 100})["payments"]
    assert found
    covered: dict[str, Decimal] = {}
    for row in statements(shop):
        if "payment_id" in row:
            covered[row["payment_id"]] = covered.get(row["payment_id"], Decimal(0)) + amount(row, "settlement_amount")
    assert {row["id"]: Decimal(row["amount"]["value"]) for row in found} == covered
    assert all((row["status"] == "PAID") == (row["paid_time"] > 0) for row in found)


@pytest.mark.parametrize("region", ["MY", "PH", "TH", "VN", "SG", "ID"])
def test_south_east_asia_has_no_payments(region: str) -> None:
    assert code_of(shop_to_read(region), "getPayments", query={"sort_field": "create_time"}) == 36009004


def test_statements_are_settled_to_the_wallet_or_paid_to_the_bank() -> None:
    assert {row["payment_status"] for row in statements(shop_to_read("MY"))} == {"SETTLED"}
    assert {row["payment_status"] for row in statements(shop_to_read("US"))} <= {"PAID", "PROCESSING"}
    paid = ask(shop_to_read("US"), "getStatements", query={**BY_TIME, "payment_status": "PAID"})["statements"]
    assert all(row["payment_time"] for row in paid)


def test_transfers_bring_the_platforms_deductions_with_them() -> None:
    for seed in range(1, 12):
        shop = shop_to_read("MY", seed=seed)
        found = ask(shop, "getSellerFinancialTransactions", query={"types": "TRANSFER", "page_size": 100})["withdrawals"]
        if "POLICY_VIOLATION_DEDUCTION" in {row["type"] for row in found}:
            return
    raise AssertionError("no shop was ever fined")


def test_wallet_rows_come_newest_first_and_only_what_has_happened() -> None:
    shop = make_shop(days=3)
    times = [row["create_time"] for row in wallet(shop)]
    assert times == sorted(times, reverse=True)
    assert times[0] <= shop.now
    span = {"types": WALLET, "create_time_ge": times[5], "create_time_lt": times[2]}
    found = ask(shop, "getSellerFinancialTransactions", query=span)["withdrawals"]
    assert all(times[5] <= row["create_time"] < times[2] for row in found)


def test_a_neglected_wallet_fills_up() -> None:
    shop = shop_to_read("MY", ("neglected",))
    assert not any(row["type"] == "WITHDRAW" for row in wallet(shop))


# --- fees that exceed revenue -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(1, 9))
def test_where_fees_exceed_revenue_the_balance_is_below_zero_sooner_or_later(seed: int) -> None:
    shop = make_shop("MY", ("negative_balance",), seed=seed, days=4)
    truth = finance_truth(shop)
    assert Decimal(str(truth["balance"])) < 0
    assert 0 < int(str(truth["negative_since"])) < shop.now


def test_the_days_below_zero_differ_between_shops() -> None:
    since = set()
    for seed in range(1, 9):
        shop = shop_to_read("MY", ("negative_balance",), seed=seed)
        since.add((shop.now - int(str(finance_truth(shop)["negative_since"]))) // DAY)
    assert len(since) > 3


def test_some_statements_are_negative() -> None:
    shop = make_shop("MY", ("negative_balance",), days=4)
    assert any(amount(row, "settlement_amount") < 0 for row in statements(shop))


def test_asking_changes_nothing() -> None:
    asked, silent = make_shop(seed=3), make_shop(seed=3)
    for _day in range(5):
        go(asked, DAY)
        statements(asked)
    go(silent, 5 * DAY)
    assert statements(asked) == statements(silent)
    assert wallet(asked) == wallet(silent)


def test_the_same_world_has_the_same_books() -> None:
    def books(seed: int) -> list[Any]:
        shop = make_shop("US", seed=seed)
        return [statements(shop), wallet(shop)]

    assert books(5) == books(5)
    assert books(5) != books(6)
