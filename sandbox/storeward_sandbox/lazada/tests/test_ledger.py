"""Money: lines as things happen, statements that add up to the last unit, what goes to the bank, and the calls that show it."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR, parse_instant
from storeward_sandbox.lazada.dates import parse_day
from storeward_sandbox.lazada.errors import ApiError
from storeward_sandbox.lazada.ledger import Ledger, balance, bank_moves, book, monday_of, statements
from storeward_sandbox.lazada.orders import deliver, lose, pack, ready, scan
from storeward_sandbox.lazada.shop import Shop
from storeward_sandbox.lazada.tests.byhand import order, shelf
from storeward_sandbox.lazada.tests.support import Json, answer, ask, checked, go, make_shop, shop_to_read

PAYOUTS, LINES = "/finance/payout/status/get", "/finance/transaction/details/get"
ACCOUNT, FEES = "/finance/transaction/accountTransactions/query", "/lbs/slb/queryLogisticsFeeDetail"
SUNDAY = parse_instant("2026-11-15T04:00:00Z")
SINCE = {"created_after": "2026-01-01"}
STORES: list[tuple[str, tuple[str, ...]]] = [
    ("SG", ()),
    ("VN", ("returns",)),
    ("TH", ("negative_balance",)),
    ("ID", ("neglected",)),
    ("PH", ("late_orders",)),
]


def sold(shop: Shop, **how: Any) -> None:
    """Order, pack, ship and deliver at this instant."""
    made = order(shop, **how)
    package = pack(shop, made, made.lines)[0]
    ready(shop, package)
    go(shop, 60)
    deliver(shop, package)


def lines(shop: Shop) -> dict[str, Decimal]:
    return {entry.kind: entry.amount for entry in shop.part(Ledger).entries}


def amount(text: str) -> Decimal:
    return Decimal(text.replace(",", "").split()[0])


# --- lines ------------------------------------------------------------------------------------------------------------


def test_a_delivered_piece_earns_its_price_less_fees() -> None:
    shop = shelf("SG", price="50.00")
    sold(shop, seller_voucher="5.00", platform_voucher="2.00", shipping="3.00")
    assert lines(shop) == {
        "13": Decimal("50.00"),  # the price, whatever the buyer paid of it
        "16": Decimal("-3.00"),  # 6 %
        "3": Decimal("-0.91"),  # 2.12 % of the 43.00 that the buyer paid
        "118": Decimal("-5.00"),  # the seller's own voucher
        "8": Decimal("3.00"),
        "7": Decimal("-3.00"),
    }


def test_dong_have_no_cents() -> None:
    shop = shelf("VN", price="129000")
    sold(shop)
    assert lines(shop) == {"13": Decimal(129000), "16": Decimal(-7740), "3": Decimal(-2735)}


def test_nothing_is_booked_for_nothing() -> None:
    shop = shelf()
    book(shop, "13", Decimal(0))
    assert shop.part(Ledger).entries == []


@pytest.mark.parametrize(
    ("status", "word", "kind"), [("lost_by_3pl", "LOST_BY_3PL", "85"), ("damaged_by_3pl", "DAMAGE_BY_3PL", "206")]
)
def test_what_the_carrier_loses_or_breaks_is_made_good(status: str, word: str, kind: str) -> None:
    shop = shelf(price="20.00")
    made = order(shop, seller_voucher="1.00")
    package = pack(shop, made, made.lines)[0]
    ready(shop, package)
    go(shop, 60)
    scan(shop, package)
    lose(shop, package, status, word)
    assert lines(shop) == {kind: Decimal("19.00")}


def test_what_the_platform_had_to_cancel_costs_a_twentieth() -> None:
    shop = shelf(price="20.00")
    made = order(shop)
    go(shop, made.cancel_at - shop.now + 1)
    assert lines(shop) == {"80": Decimal("-1.00")}


# --- statements -------------------------------------------------------------------------------------------------------


def test_a_statement_is_made_on_monday_after_midnight_of_the_site() -> None:
    for region, made in (("SG", "2026-11-15T16:20:23Z"), ("TH", "2026-11-15T17:20:23Z")):
        shop = shelf(region, at=SUNDAY)
        sold(shop)
        go(shop, parse_instant(made) - shop.now - 1)
        assert statements(shop) == []
        go(shop, 1)
        only = statements(shop)[0]
        assert (only.made, str(only.begin), str(only.end)) == (shop.now, "2026-11-09", "2026-11-15")
        assert only.number == f"{shop.code}-2026-1115"


def test_the_first_weeks_by_hand() -> None:
    shop = shelf("SG", price="50.00", at=SUNDAY)
    sold(shop)  # 50.00 - 3.00 - 1.06 = 45.94
    go(shop, 3 * DAY)
    sold(shop)
    sold(shop)
    go(shop, 7 * DAY)
    first, second = statements(shop)
    assert [first.opening, first.revenue, first.fees, first.closing] == [0, 50, Decimal("-4.06"), Decimal("45.94")]
    assert (second.opening, second.paid_out, second.net, second.closing) == (
        Decimal("45.94"), Decimal("45.94"), Decimal("91.88"), Decimal("91.88"),
    )  # fmt: skip
    moves = bank_moves(shop)
    assert [move.amount for move in moves] == [Decimal("-91.88"), Decimal("91.88"), Decimal("-45.94"), Decimal("45.94")]
    assert balance(shop) == 0


@pytest.mark.parametrize(("region", "troubles"), STORES)
def test_every_statement_adds_up_and_follows_the_one_before(region: str, troubles: tuple[str, ...]) -> None:
    shop = shop_to_read(region, troubles)
    made = statements(shop)
    assert len(made) >= 6
    for one, two in pairwise(made):
        assert two.opening == one.closing
        assert (two.begin - one.begin).days == 7
        assert two.paid_out == one.payout == max(one.closing, 0)
        assert (
            two.closing == two.opening - two.paid_out + two.revenue + two.other_revenue + two.fees + two.refunds + two.fees_back
        )


@pytest.mark.parametrize(("region", "troubles"), STORES)
def test_the_balance_is_the_last_closing_and_what_came_after(region: str, troubles: tuple[str, ...]) -> None:
    """As the documents tell clients to reckon it: there is no call for it."""
    shop = shop_to_read(region, troubles)
    last = statements(shop)[-1]
    monday = last.made - 20 * 60 - 23
    later = sum((one.amount for one in bank_moves(shop) if one.at > last.made), Decimal(0))
    earned = sum((entry.amount for entry in shop.part(Ledger).entries if entry.at >= monday), Decimal(0))
    assert balance(shop) == last.closing + later + earned


def test_a_store_whose_fees_exceed_its_revenue_owes_the_platform_and_is_paid_nothing() -> None:
    shop = shop_to_read("TH", ("negative_balance",))
    assert balance(shop) < 0
    last = statements(shop)[-1]
    assert last.closing < 0
    assert last.payout == 0
    row = ask(shop, PAYOUTS, **SINCE)[-1]
    assert (row["payout"], row["paid"]) == ("0.00 THB", "0")
    assert amount(row["closing_balance"]) == last.closing


# --- by API -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("region", "troubles"), STORES)
def test_statements_by_api_add_up(region: str, troubles: tuple[str, ...]) -> None:
    shop = shop_to_read(region, troubles)
    for row in checked(shop, PAYOUTS, **SINCE):
        found = {name: amount(text) for name, text in row.items() if name not in ("created_at", "updated_at", "statement_number")}
        assert found["subtotal1"] == found["item_revenue"] + found["other_revenue_total"] + found["fees_total"]
        assert found["subtotal2"] == found["subtotal1"] + found["refunds"] + found["fees_on_refunds_total"]
        assert row["payout"].endswith(f" {shop.currency}")
        assert found["payout"] == max(found["closing_balance"], 0)


def test_a_statement_is_paid_two_days_later() -> None:
    shop = shelf(at=SUNDAY)
    sold(shop)
    go(shop, 2 * DAY)
    row = ask(shop, PAYOUTS, **SINCE)[0]
    assert (row["paid"], row["updated_at"]) == ("0", row["created_at"])
    go(shop, DAY)
    row = ask(shop, PAYOUTS, **SINCE)[0]
    assert (row["paid"], row["created_at"], row["updated_at"]) == ("1", "2026-11-16 00:20:23", "2026-11-18 00:20:23")


def test_statements_are_listed_from_the_moment_that_is_asked_for() -> None:
    shop = shop_to_read()
    every = ask(shop, PAYOUTS, **SINCE)
    assert len(ask(shop, PAYOUTS, created_after="2026-11-09T00:20:24+08:00")) == 1
    assert len(ask(shop, PAYOUTS, created_after="2026-11-09T00:20:23+08:00")) == 2
    assert ask(shop, PAYOUTS, created_after="2026-11-16") == every[-1:]
    with pytest.raises(ApiError) as refusal:
        ask(shop, PAYOUTS, created_after="last week")
    assert refusal.value.code == "17"


def all_lines(shop: Shop, **more: Any) -> list[Json]:
    asked = {"start_time": "2026-08-01", "end_time": "2026-11-18", **more}
    rows: list[Json] = []
    while True:
        page = checked(shop, LINES, offset=len(rows), limit=40, **asked)
        rows += page
        if len(page) < 40:
            return rows


@pytest.mark.parametrize(("region", "troubles"), STORES)
def test_lines_of_a_week_sum_up_to_its_statement(region: str, troubles: tuple[str, ...]) -> None:
    shop = shop_to_read(region, troubles)
    rows = all_lines(shop)
    assert len(rows) == len(shop.part(Ledger).entries)
    assert len({row["transaction_number"] for row in rows}) == len(rows)
    for statement in statements(shop):
        label = f"{statement.begin:%d %b %Y} - {statement.end:%d %b %Y}"
        assert sum((amount(row["amount"]) for row in rows if row["statement"] == label), Decimal(0)) == statement.net


def test_lines_carry_commas_dates_in_words_and_where_they_belong() -> None:
    shop = shelf("PH", price="1250.00", at=SUNDAY)
    sold(shop)
    rows = all_lines(shop)
    price = next(row for row in rows if row["fee_type"] == "13")
    assert (price["amount"], price["transaction_date"]) == ("1,250.00", "15 Nov 2026")
    assert (price["transaction_type"], price["fee_name"]) == ("Orders-Sales", "Item Price Credit")
    assert price["paid_status"] == "Not paid"
    made = next(iter(shop.orders.values()))
    assert (price["order_no"], price["orderItem_no"]) == (made.id, made.lines[0].id)
    commission = next(row for row in rows if row["fee_type"] == "16")
    assert (commission["amount"], commission["VAT_in_amount"]) == ("-75.00", "-4.91")
    go(shop, 3 * DAY)
    assert {row["paid_status"] for row in all_lines(shop)} == {"Paid"}


def test_lines_are_chosen_by_kind_order_piece_and_day() -> None:
    shop = shelf(price="10.00", at=SUNDAY)
    sold(shop)
    go(shop, DAY)
    sold(shop)
    first, second = shop.orders.values()
    assert {row["fee_type"] for row in all_lines(shop, trans_type=16)} == {"16"}
    assert {row["order_no"] for row in all_lines(shop, trade_order_id=first.id)} == {first.id}
    assert {row["orderItem_no"] for row in all_lines(shop, trade_order_line_id=second.lines[0].id)} == {second.lines[0].id}
    assert {row["order_no"] for row in all_lines(shop, end_time="2026-11-15")} == {first.id}
    assert {row["order_no"] for row in all_lines(shop, start_time="2026-11-16")} == {second.id}


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"start_time": "2026-05-22"}, "1000012"),
        ({"start_time": "soon"}, "17"),
        ({"trans_type": "Fees"}, "1000014"),
        ({"limit": 501}, "19"),
        ({"offset": -1}, "14"),
    ],
)
def test_windows_of_lines_have_limits(params: Json, code: str) -> None:
    asked = {"start_time": "2026-08-01", "end_time": "2026-11-18", **params}
    with pytest.raises(ApiError) as refusal:
        ask(shop_to_read(), LINES, **asked)
    assert refusal.value.code == code


def account(shop: Shop, **more: Any) -> Json:
    asked = {"start_time": "20260801", "end_time": "20261130", "page_num": 1, "page_size": 50, **more}
    found: Json = checked(shop, ACCOUNT, **asked)
    return found


def test_the_account_shows_deposits_and_withdrawals() -> None:
    shop = shop_to_read()
    found = account(shop)
    assert found["page_info"]["total_count"] == len(bank_moves(shop)) == len(found["transactions"])
    assert [(row["type"], row["sub_type"]) for row in found["transactions"][-2:]] == [
        ("Withdrawal", "Auto Withdrawal"), ("Deposit", "Settlement"),
    ]  # fmt: skip
    assert amount(found["transactions"][-2]["amount"]) == -amount(found["transactions"][-1]["amount"])
    assert found["transactions"][-2]["tracking_list"][0]["name"] == "WITHDRAWAL_INITIATED"
    assert found["transactions"][-1]["payee_account"] is None
    assert {row["currency"] for row in found["transactions"]} == {"SGD"}


def test_the_account_is_filtered_and_paged() -> None:
    shop = shop_to_read()
    every = account(shop)["transactions"]
    deposits = account(shop, transaction_type="Deposit")["transactions"]
    assert deposits == [row for row in every if row["type"] == "Deposit"]
    assert account(shop, sub_transaction_type="Auto Withdrawal")["page_info"]["total_count"] == len(every) - len(deposits)
    one = account(shop, transaction_number=every[3]["transaction_number"])["transactions"]
    assert one == [every[3]]
    pages = [account(shop, page_num=page, page_size=4) for page in range(1, -(-len(every) // 4) + 1)]
    assert [row for page in pages for row in page["transactions"]] == every
    assert pages[0]["page_info"]["total_page"] == len(pages)
    assert (
        answer(shop, ACCOUNT, start_time="20260801", end_time="20261130", page_num=1, page_size=5, transaction_type="Gift")[
            "success"
        ]
        is False
    )


def test_logistics_fees_are_what_the_seller_pays_for_shipping() -> None:
    shop = shelf("TH", price="300.00", at=SUNDAY)
    sold(shop, shipping="38.00")
    asked = {"seller_id": shop.id, "request_type": "OPEN_API"}
    rows = checked(shop, FEES, **asked)
    assert rows[0]["amount"] == {"amount": "38.00", "currency": "THB"}
    assert rows[0]["fee_creation_date"] == {
        "year": 2026, "month_value": 11, "day_of_month": 15, "hour": 11, "minute": 1, "second": 0,
        "zone": {"id": "Asia/Bangkok"},
    }  # fmt: skip
    assert rows[0]["statement_id"] == f"{shop.code}-2026-1115"
    assert checked(shop, FEES, **asked, bill_start_time=(shop.now + 1) * 1000) == []
    assert checked(shop, FEES, **asked, bill_end_time=(shop.now - HOUR) * 1000) == []
    assert checked(shop, FEES, **asked, page_no=2) == []
    with pytest.raises(ApiError):
        ask(shop, FEES, seller_id="1", request_type="OPEN_API")


def test_a_new_store_has_statements_too_though_nothing_was_sold() -> None:
    shop = make_shop("SG", seed=11)
    assert len(statements(shop)) >= 1
    assert monday_of(parse_day("2026-11-15")) == parse_day("2026-11-09")
