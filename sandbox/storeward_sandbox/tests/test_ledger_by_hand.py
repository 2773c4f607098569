"""Settlements reckoned by hand: what an order brings in and costs, in each market, to the last digit."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.tiktok_shop.ledger import (
    OUTGOING,
    Habits,
    Ledger,
    Refund,
    SoldLine,
    SoldOrder,
    WalletRow,
    open_ledger,
    total,
)
from storeward_sandbox.tiktok_shop.markets import MARKETS

NOW = 1_790_000_000
MIDNIGHT = NOW - NOW % DAY
ARRIVED = MIDNIGHT - 20 * DAY
EVEN, ODD = "576000000000000004", "576000000000000005"
"""Orders whose number is a multiple of four owe a creator; the others do not."""


def books(region: str, habits: Habits | None = None) -> Ledger:
    return open_ledger("7494049642642441621", MARKETS[region], habits or Habits(), NOW)


def sold(
    order_id: str,
    goods: Sequence[tuple[str, str, str]],
    *,
    shipping: str = "0",
    delivered: int = ARRIVED,
    refunds: Sequence[Refund] = (),
    requests: Sequence[tuple[int, int]] = (),
) -> SoldOrder:
    """`goods`: SKU, price, seller's discount."""
    lines = [SoldLine(sku, "Default", "Mug", Decimal(price), Decimal(discount)) for sku, price, discount in goods]
    return SoldOrder(order_id, ARRIVED - 3 * DAY, delivered, lines, Decimal(shipping), refunds, requests)


# Region, goods, shipping paid by the buyer; then revenue, shipping, fees with their tax, settlement.
# Fees: commission 6 %, transaction 2.2 % of the revenue, a creator 10 %; each rounded by itself, half up. Then the tax on fees.
# Shipping: what the buyer paid less 1.10 dollars at the market's rate.
WORKED = [
    # 20.00 - 2.00 = 18.00; 1.08 + 0.40 (0.396) = 1.48, SST 8 % 0.12 (0.1184); 4.50 - 4.62 = -0.12
    ("MY", ODD, [("a", "20.00", "2.00")], "4.50", "18.00", "-0.12", "-1.60", "16.28"),
    # and a creator's 1.80: fees 3.28, SST 0.26 (0.2624)
    ("MY", EVEN, [("a", "20.00", "2.00")], "4.50", "18.00", "-0.12", "-3.54", "14.34"),
    # two units of one SKU: 40.00; 2.40 + 0.88 = 3.28, SST 0.26
    ("MY", ODD, [("a", "20.00", "0"), ("a", "20.00", "0")], "0", "40.00", "-4.62", "-3.54", "31.84"),
    # two SKUs, each with its own rounding: 0.60 + 0.22 = 0.82, SST 0.07 (0.0656); 1.20 + 0.44 = 1.64, SST 0.13 (0.1312)
    ("MY", ODD, [("a", "10.00", "0"), ("b", "20.00", "0")], "4.62", "30.00", "0.00", "-2.66", "27.34"),
    # 9.00 + 3.30 = 12.30, GST 9 % 1.11 (1.107); shipping 1.10 x 1.34 = 1.47 (1.474)
    ("SG", ODD, [("a", "150.00", "0")], "0", "150.00", "-1.47", "-13.41", "135.12"),
    # 30.00 + 11.00 = 41.00, VAT 12 % 4.92; shipping 62.70
    ("PH", ODD, [("a", "600.00", "100.00")], "50.00", "500.00", "-12.70", "-45.92", "441.38"),
    # 18.00 + 6.60 = 24.60, VAT 7 % 1.72 (1.722); shipping 37.40
    ("TH", ODD, [("a", "300.00", "0")], "40.00", "300.00", "2.60", "-26.32", "276.28"),
    # no decimals: 7740 + 2838 = 10578, VAT 10 % 1058 (1057.8); shipping 27940
    ("VN", ODD, [("a", "129000", "0")], "30000", "129000", "2060", "-11636", "119424"),
    # 6000 + 2200 = 8200, VAT 11 % 902; shipping 17380
    ("ID", ODD, [("a", "100000", "0")], "0", "100000", "-17380", "-9102", "73518"),
    # no tax on fees in the US: 1.20 + 0.44
    ("US", ODD, [("a", "20.00", "0")], "0", "20.00", "-1.10", "-1.64", "17.26"),
    # 1.20 + 0.44 = 1.64, VAT 20 % 0.33 (0.328); shipping 0.87 (0.869)
    ("GB", ODD, [("a", "20.00", "0")], "0", "20.00", "-0.87", "-1.97", "17.16"),
]


@pytest.mark.parametrize(("region", "order_id", "goods", "paid", "revenue", "shipping", "fees", "settlement"), WORKED)
def test_an_order_settles_to_what_was_reckoned(
    region: str,
    order_id: str,
    goods: list[tuple[str, str, str]],
    paid: str,
    revenue: str,
    shipping: str,
    fees: str,
    settlement: str,
) -> None:
    (entry,) = books(region).due([sold(order_id, goods, shipping=paid)])
    assert [entry.revenue, entry.shipping, entry.fees, entry.settlement] == [
        Decimal(revenue),
        Decimal(shipping),
        Decimal(fees),
        Decimal(settlement),
    ]


@pytest.mark.parametrize(
    ("region", "name", "amount"),
    [
        ("MY", "sst_amount", "-0.13"),  # 8 % of 1.64
        ("SG", "gst_amount", "-0.15"),  # 9 %
        ("PH", "vat_amount", "-0.20"),  # 12 %
        ("TH", "vat_amount", "-0.11"),  # 7 %
        ("GB", "vat_amount", "-0.33"),  # 20 %
        ("US", "sales_tax_referral_fee_amount", "0"),
    ],
)
def test_the_tax_on_fees_has_the_markets_own_name(region: str, name: str, amount: str) -> None:
    (entry,) = books(region).due([sold(ODD, [("a", "20.00", "0")])])
    assert entry.group("tax") == {name: Decimal(amount)}
    assert entry.group("fee") == {
        "platform_commission_amount": Decimal("-1.20"),
        "transaction_fee_amount": Decimal("-0.44"),
    }


def test_the_first_sku_bears_the_shipping() -> None:
    (entry,) = books("MY").due([sold(ODD, [("b", "10.00", "0"), ("a", "20.00", "0")], shipping="4.50")])
    assert [(part.sku_id, part.quantity, total(part.shipping)) for part in entry.parts] == [
        ("b", 1, Decimal("-0.12")),
        ("a", 1, Decimal(0)),
    ]


# When: days from delivery (3 in south-east Asia, 8 elsewhere); spans of requests as days after delivery (0: still open).
WHEN: list[tuple[str, list[tuple[float, float]], float | None]] = [
    ("MY", [], 3),
    ("PH", [], 3),
    ("TH", [], 3),
    ("VN", [], 3),
    ("SG", [], 3),
    ("ID", [], 3),
    ("US", [], 8),
    ("GB", [], 8),
    ("MY", [(1, 0)], None),
    ("MY", [(1, 2)], 3),
    ("MY", [(1, 5)], 5),
    ("MY", [(3, 5)], 5),
    ("MY", [(3.5, 5)], 3),
    ("MY", [(3.5, 0)], 3),
    ("MY", [(1, 4), (3.5, 6)], 6),
    ("MY", [(1, 4), (3.5, 0)], None),
    ("MY", [(1, 4), (4.5, 9)], 4),
    ("MY", [(3.5, 6), (1, 4)], 6),
    ("US", [(7, 12)], 12),
    ("US", [(9, 12)], 8),
]


@pytest.mark.parametrize(("region", "spans", "days"), WHEN)
def test_money_is_the_sellers_so_many_days_after_delivery(
    region: str, spans: list[tuple[float, float]], days: float | None
) -> None:
    requests = [(int(ARRIVED + opened * DAY), int(ARRIVED + closed * DAY) if closed else 0) for opened, closed in spans]
    at = books(region).settles_at(sold(ODD, [("a", "20.00", "0")], requests=requests))
    assert at == (ARRIVED + int(days * DAY) if days is not None else 0)


# --- refunds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refunded", "settlement"),
    [
        ("0.50", "13.15"),  # 19.50 - 4.62 - (1.17 + 0.43) - 0.13 (0.128)
        ("10.00", "4.49"),  # 10.00 - 4.62 - 0.82 - 0.07
        ("19.00", "-3.71"),  # 1.00 - 4.62 - 0.08 - 0.01
        ("20.00", "-4.62"),  # nothing is left but the shipping
        ("25.00", "-9.62"),  # more than it brought in: no fee is charged on what is below nothing
    ],
)
def test_a_refund_before_the_settlement_lowers_the_fees_too(refunded: str, settlement: str) -> None:
    refund = Refund("a", Decimal(refunded), ARRIVED + DAY)
    (entry,) = books("MY").due([sold(ODD, [("a", "20.00", "0")], refunds=[refund])])
    assert entry.group("revenue")["refund_subtotal_before_discount_amount"] == -Decimal(refunded)
    assert entry.settlement == Decimal(settlement)


def test_a_refund_after_the_settlement_gives_no_fee_back() -> None:
    refund = Refund("a", Decimal("20.00"), ARRIVED + 10 * DAY)
    first, second = books("MY").due([sold(ODD, [("a", "20.00", "0")], refunds=[refund])])
    assert (first.at, first.settlement) == (ARRIVED + 3 * DAY, Decimal("13.61"))  # 20.00 - 4.62 - 1.64 - 0.13
    assert (second.at, second.settlement) == (ARRIVED + 10 * DAY, Decimal("-20.00"))
    assert (second.type, second.order_id) == ("ORDER", ODD)


def test_every_transaction_has_an_id_of_its_own() -> None:
    """An order, and what was paid back later: for two SKUs at one instant, and for one SKU at two."""
    later = ARRIVED + 10 * DAY
    refunds = [
        Refund("a", Decimal("5.00"), later),
        Refund("b", Decimal("5.00"), later),
        Refund("a", Decimal("1.00"), later + HOUR),
    ]
    goods = [("a", "20.00", "0"), ("b", "20.00", "0")]
    entries = books("MY").due([sold(ODD, goods, refunds=refunds), sold(EVEN, goods, refunds=refunds)])
    assert len(entries) == 8
    assert len({entry.id for entry in entries}) == 8
    assert all(len(entry.id) == 19 and int(entry.id) < 2**63 for entry in entries)


def test_ids_are_the_same_in_every_run() -> None:
    order = sold(ODD, [("a", "20.00", "0")], refunds=[Refund("a", Decimal(5), ARRIVED + 10 * DAY)])
    assert [one.id for one in books("MY").due([order])] == [one.id for one in books("MY").due([order])]


# --- the wallet ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "amount", "signed"),
    [
        ("SETTLE", "12.50", "12.50"),
        ("SETTLE", "-3.10", "-3.10"),
        ("TRANSFER", "40.00", "40.00"),
        ("REVERSE", "9.00", "9.00"),
        ("WITHDRAW", "9.00", "-9.00"),
        ("PAYMENT", "9.00", "-9.00"),
        ("POLICY_VIOLATION_DEDUCTION", "12.60", "-12.60"),
    ],
)
def test_the_type_of_a_row_tells_its_direction(kind: str, amount: str, signed: str) -> None:
    row = WalletRow("W1", kind, Decimal(amount), NOW)
    assert row.signed == Decimal(signed)
    assert (kind in OUTGOING) == (row.signed == -row.amount)


@pytest.mark.parametrize(
    ("settled", "final", "now", "status"),
    [
        (0, "SUCCESS", NOW, "SUCCESS"),
        (NOW + 60, "SUCCESS", NOW, "PROCESSING"),
        (NOW + 60, "SUCCESS", NOW + 59, "PROCESSING"),
        (NOW + 60, "SUCCESS", NOW + 60, "SUCCESS"),
        (NOW + 60, "REVERSED", NOW + 59, "PROCESSING"),
        (NOW + 60, "REVERSED", NOW + 60, "REVERSED"),
    ],
)
def test_a_row_is_processing_until_it_is_settled(settled: int, final: str, now: int, status: str) -> None:
    assert WalletRow("W1", "WITHDRAW", Decimal(9), NOW, settled, final).status(now) == status


@pytest.mark.parametrize(
    ("region", "dollars", "carried"),
    [("MY", 40, "168.00"), ("PH", 25, "1425.00"), ("VN", 40, "1016000"), ("SG", 33, "44.22"), ("US", 120, "120.00")],
)
def test_a_wallet_begins_with_what_it_carried(region: str, dollars: int, carried: str) -> None:
    ledger = books(region, Habits(carried_dollars=dollars))
    assert ledger.balance == ledger.carried == Decimal(carried)
    assert [(row.type, row.created) for row in ledger.wallet] == [("TRANSFER", MIDNIGHT - 62 * DAY)]


def settled_days(region: str, habits: Habits, orders: Sequence[SoldOrder]) -> Ledger:
    ledger = books(region, habits)
    ledger.catch_up(orders, NOW)
    return ledger


def test_each_day_with_transactions_has_one_statement_closed_at_midnight() -> None:
    """Three orders on two days: delivered at noon, so settled at noon three days later."""
    noon = ARRIVED + 12 * HOUR
    orders = [
        sold("576000000000000001", [("a", "20.00", "0")], delivered=noon),
        sold("576000000000000002", [("a", "10.00", "0")], delivered=noon),
        sold("576000000000000003", [("a", "20.00", "0")], delivered=noon + DAY),
    ]
    quiet = Habits(withdraws=False)
    ledger = settled_days("MY", quiet, orders)
    by_time = {one.time: one for one in ledger.statements if any(entry.order_id for entry in one.entries)}
    # 13.61 as above; 10.00 - 4.62 - (0.60 + 0.22) - 0.07 = 4.49
    first, second = by_time[ARRIVED + 4 * DAY], by_time[ARRIVED + 5 * DAY]
    assert sum((entry.settlement for entry in first.entries if entry.order_id), Decimal(0)) == Decimal("18.10")
    assert sum((entry.settlement for entry in second.entries if entry.order_id), Decimal(0)) == Decimal("13.61")
    assert len(by_time) == 2


@pytest.mark.parametrize("delivered", [0, 1, DAY // 2, DAY - 1])
def test_a_transaction_belongs_to_the_day_in_which_it_falls(delivered: int) -> None:
    ledger = settled_days("MY", Habits(withdraws=False), [sold(ODD, [("a", "20.00", "0")], delivered=ARRIVED + delivered)])
    (statement,) = [one for one in ledger.statements if any(entry.order_id for entry in one.entries)]
    assert statement.time == ARRIVED + 4 * DAY


def test_every_statement_puts_its_sum_into_the_wallet() -> None:
    orders = [sold(f"5760000000000000{n:02d}", [("a", "20.00", "0")], delivered=ARRIVED + n * HOUR) for n in range(30)]
    for region in ("MY", "US"):
        ledger = settled_days(region, Habits(), orders)
        settles = [(row.created - 60, row.amount) for row in ledger.wallet if row.type == "SETTLE"]
        assert settles == [(one.time, one.settlement) for one in ledger.statements]


def test_withdrawals_happen_on_mondays_and_leave_what_was_carried() -> None:
    orders = [sold(f"5760000000000000{n:02d}", [("a", "50.00", "0")], delivered=ARRIVED + n * DAY // 3) for n in range(40)]
    ledger = settled_days("MY", Habits(), orders)
    taken = [row for row in ledger.wallet if row.type == "WITHDRAW"]
    assert taken
    for row in taken:
        assert (row.created // DAY) % 7 == 4  # 1970 began on a Thursday
        assert row.created % DAY == 9 * HOUR
        before = sum((one.signed for one in ledger.wallet if one.created < row.created), Decimal(0))
        assert before - row.amount == ledger.carried


def test_who_withdraws_nothing_keeps_it_all() -> None:
    orders = [sold(f"5760000000000000{n:02d}", [("a", "50.00", "0")], delivered=ARRIVED + n * DAY // 3) for n in range(40)]
    ledger = settled_days("MY", Habits(withdraws=False), orders)
    assert not [row for row in ledger.wallet if row.type in ("WITHDRAW", "REVERSE")]


def test_a_craze_of_advertising_takes_more_than_there_is() -> None:
    """From its first day the wallet is below zero: all it held goes, and 8 to 20 dollars more."""
    begin = MIDNIGHT - 10 * DAY
    habits = Habits(ads_from=begin, ads_until=begin + 5 * DAY, ads_dollars=3, carried_dollars=4)
    ledger = settled_days("MY", habits, [])
    assert ledger.balance_at(begin) > 0
    after = ledger.balance_at(begin + DAY + 60)
    # 8 to 20 dollars below, and the day's own 2.40 to 3.60; a reimbursement of 1.50 may soften it
    assert -Decimal("23.60") * Decimal("4.2") <= after <= -Decimal("8.90") * Decimal("4.2")
    spent = [entry for one in ledger.statements for entry in one.entries if entry.type == "GMV_PAYMENT_FOR_ADS"]
    assert len(spent) == 6
    assert all(entry.adjustment < 0 and not entry.order_id for entry in spent)


def test_a_craze_costs_a_share_of_each_order_on_top() -> None:
    habits = Habits(ads_from=ARRIVED, ads_until=ARRIVED + 10 * DAY, fee_share=Decimal("1.20"))
    (entry,) = books("MY", habits).due([sold(ODD, [("a", "20.00", "2.00")])])
    assert entry.group("fee")["gmv_max_ad_fee_amount"] == Decimal("-24.00")
    # fees 1.08 + 0.40 + 24.00 = 25.48, SST 2.04 (2.0384)
    assert entry.settlement == Decimal("18.00") - Decimal("4.62") - Decimal("25.48") - Decimal("2.04")


def test_an_estimate_knows_of_no_advertising() -> None:
    habits = Habits(ads_from=ARRIVED, ads_until=ARRIVED + 10 * DAY, fee_share=Decimal("1.20"))
    (entry,) = books("MY", habits).unsettled([sold(ODD, [("a", "20.00", "2.00")])])
    assert "gmv_max_ad_fee_amount" not in entry.group("fee")
    assert entry.settlement == Decimal("11.78")  # 18.00 - 4.62 - 1.48 - 0.12


@pytest.mark.parametrize(
    ("delivered", "requests", "at"),
    [(0, [], 0), (ARRIVED, [], ARRIVED + 3 * DAY), (ARRIVED, [(ARRIVED + DAY, 0)], 0)],
)
def test_an_estimate_names_the_day_only_where_it_is_known(delivered: int, requests: list[tuple[int, int]], at: int) -> None:
    order = sold(ODD, [("a", "20.00", "0")], delivered=delivered, requests=requests)
    assert [entry.at for entry in books("MY").unsettled([order])] == [at]
