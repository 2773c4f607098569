"""Sales, analytics and score of shops whose orders were written down by hand."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

import pytest

from storeward_sandbox.clock import DAY, HOUR, parse_instant
from storeward_sandbox.tests.byhand import a_product, an_order
from storeward_sandbox.tests.people import code_of
from storeward_sandbox.tests.support import START, Json, bare_shop, checked
from storeward_sandbox.tiktok_shop.aftersales_life import Aftersales, record, request_lines
from storeward_sandbox.tiktok_shop.analytics import cents, share, traffic
from storeward_sandbox.tiktok_shop.chat_life import chat_of, known_as
from storeward_sandbox.tiktok_shop.conversations import buyer_writes, shop_writes, text
from storeward_sandbox.tiktok_shop.customer_service import percent
from storeward_sandbox.tiktok_shop.measures import METRICS, Count, status_of
from storeward_sandbox.tiktok_shop.orders import Order
from storeward_sandbox.tiktok_shop.requests import BUYER_RETURNS, SELLER_CANCELS
from storeward_sandbox.tiktok_shop.returns import Return, open_return
from storeward_sandbox.tiktok_shop.sales import Reviews, Sales, sales
from storeward_sandbox.tiktok_shop.shop import Shop

# START is 2026-11-18 04:00 UTC: noon in Kuala Lumpur, and still the evening of the 17th in Los Angeles.


def given_back(shop: Shop, order: Order, *, partial: str = "", arrived: bool = False, paid: bool = True) -> Return:
    """A refund of the order's first unit."""
    request = open_return(
        shop,
        order_id=order.id,
        buyer_id=order.buyer.user_id,
        kind="RETURN_AND_REFUND" if arrived else "REFUND",
        reason=BUYER_RETURNS[0],
        lines=request_lines(shop, order, order.lines[:1]),
        now=shop.now,
    )
    request.arrived = shop.now if arrived else 0
    request.partial = Decimal(partial) if partial else None
    request.refunded_at = shop.now if paid else 0
    shop.part(Aftersales).returns[request.id] = request
    return request


def three_orders(region: str = "MY") -> tuple[Shop, list[Order]]:
    """20.00; 20.00 twice and 35.00, two of them to the same buyer; and one that nobody has paid."""
    shop = bare_shop(region)
    mug, bowl = a_product(shop, 1), a_product(shop, 2, prices=("35.00",))
    cup, dish = mug.skus[0], bowl.skus[0]
    orders = [
        an_order(shop, 1, [cup], at=START - 3 * DAY, shipping="4.50"),
        an_order(shop, 2, [cup, cup, dish], at=START - 2 * DAY, seller="2.00", platform="1.00", tax="1.36"),
        an_order(shop, 3, [dish], at=START - 2 * DAY + HOUR, buyer=2),
        an_order(shop, 4, [dish], at=START - DAY, confirmed=False),
    ]
    return shop, orders


def test_sales_are_counted() -> None:
    shop, _orders = three_orders()
    assert sales(shop, START - 10 * DAY, START) == Sales(
        orders=3,
        sku_orders=4,  # one, two, one
        items=5,
        buyers=2,
        gmv=Decimal("121.00"),  # 20 + (17 + 17 + 32) + 35
        tax=Decimal("4.08"),
        shipping=Decimal("4.50"),
    )


@pytest.mark.parametrize(
    ("begin", "end", "orders", "gmv"),
    [
        (-10 * DAY, 0, 3, "121.00"),
        (-3 * DAY, -2 * DAY, 1, "20.00"),
        (-3 * DAY, -2 * DAY + 1, 2, "86.00"),
        (-3 * DAY + 1, -2 * DAY, 0, "0"),
        (-2 * DAY, -2 * DAY + HOUR, 1, "66.00"),
        (-2 * DAY, -2 * DAY + HOUR + 1, 2, "101.00"),
        (-DAY, 0, 0, "0"),
    ],
)
def test_a_span_includes_its_begin_and_not_its_end(begin: int, end: int, orders: int, gmv: str) -> None:
    shop, _orders = three_orders()
    counted = sales(shop, START + begin, START + end)
    assert (counted.orders, counted.gmv) == (orders, Decimal(gmv))


def test_averages_are_per_order_and_per_sku_of_an_order() -> None:
    shop, _orders = three_orders()
    counted = sales(shop, START - 10 * DAY, START)
    assert counted.average == Decimal("121.00") / 3
    assert counted.average_by_sku == Decimal("121.00") / 4


@pytest.mark.parametrize(
    ("number", "orders", "items", "gmv"),
    [(1, 2, 3, "54.00"), (2, 2, 2, "67.00")],
)
def test_only_the_lines_of_a_product_count(number: int, orders: int, items: int, gmv: str) -> None:
    shop, _orders = three_orders()
    wanted = f"172900000000000{number:04d}"
    counted = sales(shop, START - 10 * DAY, START, lambda line: line.item.product_id == wanted)
    assert (counted.orders, counted.items, counted.gmv) == (orders, items, Decimal(gmv))


@pytest.mark.parametrize(
    ("partial", "arrived", "paid", "amount", "items", "returned"),
    [
        ("", False, True, "18.36", 1, 0),  # 17.00 and its tax of 1.36
        ("5.00", False, True, "5.00", 1, 0),
        ("", True, True, "18.36", 1, 1),
        ("", True, False, "0", 0, 1),
        ("", False, False, "0", 0, 0),
    ],
)
def test_what_was_given_back_is_counted_with_the_order(
    partial: str, arrived: bool, paid: bool, amount: str, items: int, returned: int
) -> None:
    shop, orders = three_orders()
    given_back(shop, orders[1], partial=partial, arrived=arrived, paid=paid)
    counted = sales(shop, START - 10 * DAY, START)
    assert (counted.refunds, counted.refunded_items, counted.returned) == (Decimal(amount), items, returned)
    before = sales(shop, START - 10 * DAY, START - 2 * DAY)
    assert (before.refunds, before.refunded_items, before.returned) == (Decimal(0), 0, 0)


def test_cancelled_units_were_sold_all_the_same() -> None:
    shop, orders = three_orders()
    orders[2].lines[0].status = "CANCELLED"
    counted = sales(shop, START - 10 * DAY, START)
    assert (counted.cancelled, counted.gmv) == (1, Decimal("121.00"))


# --- days of the shop's own zone ---------------------------------------------------------------------------------------


def day(shop: Shop, begin: str, end: str, **more: str) -> Json:
    query = {"start_date_ge": begin, "end_date_lt": end, "currency": "LOCAL", **more}
    answer = checked(shop, "getShopPerformance", query=query)
    found: Json = answer["performance"]["intervals"][0]["sales"]
    return found


# Region, the instant of an order (UTC), and the day on which the shop's own calendar has it.
MIDNIGHTS = [
    ("MY", "2026-11-15T15:59:59Z", "2026-11-15"),  # UTC+8
    ("MY", "2026-11-15T16:00:00Z", "2026-11-16"),
    ("SG", "2026-11-15T16:00:00Z", "2026-11-16"),
    ("PH", "2026-11-15T15:59:59Z", "2026-11-15"),
    ("TH", "2026-11-15T16:59:59Z", "2026-11-15"),  # UTC+7
    ("TH", "2026-11-15T17:00:00Z", "2026-11-16"),
    ("VN", "2026-11-15T17:00:00Z", "2026-11-16"),
    ("ID", "2026-11-15T16:59:59Z", "2026-11-15"),
    ("US", "2026-11-15T07:59:59Z", "2026-11-14"),  # UTC-8 in winter
    ("US", "2026-11-15T08:00:00Z", "2026-11-15"),
    ("US", "2026-11-01T06:59:59Z", "2026-10-31"),  # UTC-7 until that night
    ("US", "2026-11-01T07:00:00Z", "2026-11-01"),
    ("US", "2026-11-02T07:59:59Z", "2026-11-01"),  # that day had 25 hours
    ("GB", "2026-10-25T00:30:00Z", "2026-10-25"),
    ("GB", "2026-10-24T23:00:00Z", "2026-10-25"),  # UTC+1 until that night
    ("GB", "2026-10-25T23:59:59Z", "2026-10-25"),
]


@pytest.mark.parametrize(("region", "at", "expected"), MIDNIGHTS)
def test_an_order_belongs_to_a_day_of_the_shops_own_zone(region: str, at: str, expected: str) -> None:
    shop = bare_shop(region)
    an_order(shop, 1, a_product(shop, 1, prices=("20000",)).skus, at=parse_instant(at))
    first = datetime.fromisoformat(expected).date()
    days = [first.fromordinal(first.toordinal() + step).isoformat() for step in (-1, 0, 1, 2)]
    counts = [day(shop, begin, end)["orders_count"] for begin, end in pairwise(days)]
    assert counts == [0, 1, 0]


@pytest.mark.parametrize(
    ("region", "latest"), [("MY", "2026-11-17"), ("VN", "2026-11-17"), ("US", "2026-11-16"), ("GB", "2026-11-17")]
)
def test_daily_figures_reach_to_yesterday(region: str, latest: str) -> None:
    shop = bare_shop(region)
    answer = checked(shop, "getShopPerformance", query={"start_date_ge": "2026-11-01", "end_date_lt": "2026-11-20"})
    assert answer["latest_available_date"] == latest
    product = a_product(shop, 1)
    an_order(shop, 1, product.skus, at=START - 60)
    assert day(shop, "2026-11-01", "2026-11-20")["orders_count"] == 0


@pytest.mark.parametrize(
    ("begin", "end", "code"),
    [
        ("2026-11-10", "2026-11-11", 0),
        ("2026-11-10", "2026-11-10", 28001022),
        ("2026-11-11", "2026-11-10", 28001022),
        ("2026-11-10", "", 36009004),
        ("", "2026-11-10", 36009004),
        ("20261110", "20261111", 28001022),
        ("2026-W46-2", "2026-W46-3", 28001022),
        ("2026-11-10T00:00:00", "2026-11-11", 28001022),
        ("2026-02-30", "2026-03-01", 28001022),
        ("0001-01-01", "2026-11-11", 28001022),
        ("2026-11-10", "9999-12-31", 28001022),
        ("yesterday", "today", 28001022),
        ("2017-01-01", "2026-11-18", 0),
    ],
)
@pytest.mark.parametrize("operation", ["getShopPerformance", "getShopPerformance_202405", "getShopSKUPerformanceList"])
def test_only_whole_days_in_order_are_a_span(operation: str, begin: str, end: str, code: int) -> None:
    query = {"start_date_ge": begin, "end_date_lt": end, "with_comparison": "true"}
    assert code_of(bare_shop(), operation, query=query) == code


@pytest.mark.parametrize(
    ("region", "price", "currency", "local", "dollars"),
    [
        ("MY", "42.00", "MYR", "42.00", "10.00"),
        ("SG", "13.40", "SGD", "13.40", "10.00"),
        ("PH", "570.00", "PHP", "570.00", "10.00"),
        ("TH", "340.00", "THB", "340.00", "10.00"),
        ("VN", "254000", "VND", "254000", "10.00"),
        ("ID", "158000", "IDR", "158000", "10.00"),
        ("US", "10.00", "USD", "10.00", "10.00"),
        ("GB", "7.90", "GBP", "7.90", "10.00"),
    ],
)
def test_amounts_come_in_the_shops_money_or_in_dollars(region: str, price: str, currency: str, local: str, dollars: str) -> None:
    shop = bare_shop(region)
    an_order(shop, 1, a_product(shop, 1, prices=(price,)).skus, at=START - 3 * DAY)
    assert day(shop, "2026-11-01", "2026-11-17")["gmv"] == {"amount": local, "currency": currency}
    assert day(shop, "2026-11-01", "2026-11-17", currency="USD")["gmv"] == {"amount": dollars, "currency": "USD"}


def test_the_hours_of_a_day_hold_its_orders() -> None:
    """Noon in Kuala Lumpur: today has twelve hours and the one that begins."""
    shop = bare_shop("MY")
    skus = a_product(shop, 1).skus
    midnight = START - 12 * HOUR
    for number, at in enumerate((midnight, midnight + HOUR - 1, midnight + HOUR, midnight + 11 * HOUR + 1800)):
        an_order(shop, number, skus, at=at)
    shown = checked(shop, "getShopPerformancePerHour", ids={"date": "2026-11-18"}, query={"currency": "LOCAL"})["performance"]
    assert [row["orders_count"] for row in shown["intervals"]] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert [row["index"] for row in shown["intervals"]] == list(range(12))
    assert (shown["overall"]["orders_count"], shown["overall"]["gmv"]["amount"]) == (4, "80.00")
    assert shown["latest_available_timestamp"] == START


@pytest.mark.parametrize(
    ("region", "date", "hours"),
    [
        ("MY", "2026-11-17", 24),
        ("MY", "2026-11-18", 12),
        ("US", "2026-11-17", 20),
        ("US", "2026-11-01", 25),  # the clocks were put back
        ("GB", "2026-10-25", 25),
        ("GB", "2026-11-18", 4),
    ],
)
def test_a_day_has_its_own_number_of_hours(region: str, date: str, hours: int) -> None:
    shown = checked(bare_shop(region), "getShopPerformancePerHour", ids={"date": date})["performance"]
    assert len(shown["intervals"]) == hours


@pytest.mark.parametrize(
    ("date", "code"),
    [
        ("2026-10-20", 0),
        ("2026-10-19", 28001022),
        ("2026-11-18", 0),
        ("2026-11-19", 28001022),
        ("18-11-2026", 28001022),
        ("1", 28001022),
    ],
)
def test_hours_are_kept_for_thirty_days_today_included(date: str, code: int) -> None:
    assert code_of(bare_shop("MY"), "getShopPerformancePerHour", ids={"date": date}) == code


def test_a_comparison_covers_as_many_days_before() -> None:
    shop, _orders = three_orders()
    query = {"start_date_ge": "2026-11-16", "end_date_lt": "2026-11-18", "currency": "LOCAL", "with_comparison": "true"}
    shown = checked(shop, "getShopPerformance_202405", query=query)["performance"]
    now, then = shown["intervals"][0], shown["comparison_intervals"][0]
    assert (then["start_date"], then["end_date"]) == ("2026-11-14", "2026-11-16")
    assert (now["orders"], then["orders"]) == (2, 1)
    assert (now["gmv"]["amount"], then["gmv"]["amount"]) == ("101.00", "20.00")


@pytest.mark.parametrize(
    ("field", "order", "expected"),
    [
        ("gmv", "DESC", [2, 1, 3]),  # 67.00, 54.00, nothing
        ("gmv", "ASC", [3, 1, 2]),
        ("items_sold", "DESC", [1, 2, 3]),  # 3, 2, 0
        ("items_sold", "ASC", [3, 2, 1]),
    ],
)
def test_products_are_ranked(field: str, order: str, expected: list[int]) -> None:
    shop, _orders = three_orders()
    a_product(shop, 3)
    query = {"start_date_ge": "2026-11-01", "end_date_lt": "2026-11-18", "sort_field": field, "sort_order": order}
    rows = checked(shop, "getShopProductPerformanceList", query=query)["products"]
    assert [int(row["id"][-4:]) for row in rows] == expected


@pytest.mark.parametrize(("wanted", "numbers"), [("ALL", {1, 2, 4}), ("LIVE", {1}), ("INACTIVE", {2, 4})])
def test_drafts_have_no_performance(wanted: str, numbers: set[int]) -> None:
    shop = bare_shop()
    for number, status in enumerate(("ACTIVATE", "SELLER_DEACTIVATED", "DRAFT", "FREEZE"), start=1):
        a_product(shop, number, status=status)
    query = {"start_date_ge": "2026-11-01", "end_date_lt": "2026-11-18", "product_status_filter": wanted}
    rows = checked(shop, "getShopProductPerformanceList", query=query)["products"]
    assert {int(row["id"][-4:]) for row in rows} == numbers


@pytest.mark.parametrize(("part", "whole", "text"), [(0, 0, "0.0000"), (1, 3, "0.3333"), (2, 3, "0.6667"), (5, 5, "1.0000")])
def test_a_share_is_a_fraction_with_four_decimals(part: int, whole: int, text: str) -> None:
    assert share(part, whole) == text


@pytest.mark.parametrize(("part", "whole", "text"), [(0, 0, "0"), (1, 3, "33.3"), (2, 3, "66.7"), (7, 7, "100.0")])
def test_chat_figures_are_percent(part: int, whole: int, text: str) -> None:
    assert percent(part, whole) == text


@pytest.mark.parametrize(("amount", "whole"), [("0", 0), ("12.34", 1234), ("129000", 12_900_000)])
def test_an_amount_is_sorted_as_a_whole_number(amount: str, whole: int) -> None:
    assert cents(Decimal(amount)) == whole


@pytest.mark.parametrize(
    ("orders", "days", "impressions", "clicks", "visitors"), [(0, 0, 0, 0, 0), (0, 1, 640, 40, 30), (2, 3, 2784, 174, 130)]
)
def test_visits_explain_what_was_sold(orders: int, days: int, impressions: int, clicks: int, visitors: int) -> None:
    seen = traffic(Sales(orders=orders), days)
    assert (seen.impressions, seen.clicks, seen.visitors) == (impressions, clicks, visitors)


# --- chat figures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("orders_after", "sessions", "rate", "gmv"),
    [
        ([], 1, "0.0", "0"),
        ([HOUR], 1, "100.0", "20.00"),
        ([HOUR, 2 * HOUR], 1, "100.0", "40.00"),  # two orders, one chat: not 200 percent
        ([7 * DAY - 1], 1, "100.0", "20.00"),
        ([7 * DAY], 1, "0.0", "0"),
        ([-HOUR], 1, "0.0", "0"),
    ],
)
def test_a_chat_guides_the_orders_of_the_week_after_its_answer(
    orders_after: list[int], sessions: int, rate: str, gmv: str
) -> None:
    shop = bare_shop()
    answered = START - 9 * DAY
    skus = a_product(shop, 1).skus
    buyer = an_order(shop, 99, skus, at=START - 40 * DAY).buyer
    chat = chat_of(shop)
    conversation = chat.open(known_as(buyer), answered - HOUR)
    buyer_writes(chat, conversation, answered - HOUR, "TEXT", text("hello"))
    shop_writes(chat, conversation, answered, "TEXT", text("hi"))
    for number, after in enumerate(orders_after):
        an_order(shop, number, skus, at=answered + after)
    query = {"support_date_ge": "2026-11-01", "support_date_lt": "2026-11-18"}
    shown = checked(shop, "getCustomerServicePerformance", query=query)["performance"]
    assert (shown["support_session_count"], shown["conversion_rate"], shown["cs_guided_gmv"]) == (sessions, rate, gmv)
    assert (shown["response_percentage"], shown["response_time_mins"]) == ("100.0", "60.0")


# --- the score ----------------------------------------------------------------------------------------------------------

# Measure, part, whole; the value on the wire and the score: 5 at the excellent threshold, 2 at the poor one, straight between.
SCORES = [
    ("NRR", 0, 100, "0.00", 5.0),
    ("NRR", 2, 100, "2.00", 5.0),
    ("NRR", 5, 100, "5.00", 3.5),
    ("NRR", 8, 100, "8.00", 2.0),
    ("NRR", 12, 100, "12.00", 0.0),
    ("NRR", 50, 100, "50.00", 0.0),
    ("NBFR", 6, 100, "6.00", 3.5),
    ("NBFR", 10, 100, "10.00", 2.0),
    ("SFCR", 3, 100, "3.00", 3.5),
    ("SFCR", 1, 300, "0.33", 5.0),
    ("OTDR", 100, 100, "100.00", 5.0),
    ("OTDR", 98, 100, "98.00", 5.0),
    ("OTDR", 89, 100, "89.00", 3.5),
    ("OTDR", 80, 100, "80.00", 2.0),
    ("OTDR", 68, 100, "68.00", 0.0),
    ("AHT", 240, 10, "24.0", 5.0),
    ("AHT", 600, 10, "60.0", 3.5),
    ("AHT", 960, 10, "96.0", 2.0),
    ("AHT", 5, 10, "0.5", 5.0),
    ("IM_DSAT", 1, 20, "5.00", 5.0),
    ("IM_DSAT", 30, 100, "30.00", 2.0),
    ("IM_DSAT", 0, 0, "0.00", 5.0),
]


@pytest.mark.parametrize(("code", "part", "whole", "value", "score"), SCORES)
def test_a_measure_has_a_value_and_a_score(code: str, part: int, whole: int, value: str, score: float) -> None:
    counted = Count(part, whole)
    assert METRICS[code].value(counted) == value
    assert METRICS[code].score(counted) == pytest.approx(score)


@pytest.mark.parametrize(
    ("score", "word"),
    [(5.0, "EXCELLENT"), (4.5, "EXCELLENT"), (4.49, "GOOD"), (3.5, "GOOD"), (3.49, "POOR"), (2.5, "POOR"), (2.49, "CRITICAL")],
)
def test_a_score_has_its_word(score: float, word: str) -> None:
    assert status_of(score)[0] == word


CUT = parse_instant("2026-11-18T00:00:00Z")
"""The score is evaluated at midnight."""


def scored_shop(delivered: int = 30) -> tuple[Shop, list[Order]]:
    """So many orders delivered ten days ago, all in time."""
    shop = bare_shop("US")
    skus = a_product(shop, 1).skus
    arrived = CUT - 10 * DAY
    return shop, [
        an_order(shop, number, skus, at=arrived - 4 * DAY, delivered=arrived, sla=arrived) for number in range(delivered)
    ]


def metric(shop: Shop, code: str) -> Json:
    rows = checked(shop, "getSPSMetrics")["metrics"]
    found: Json = next(row for row in rows if row["metric_code"] == code)
    return found


def problem_orders(shop: Shop, code: str, name: str) -> list[str]:
    answer = checked(shop, "getSPSMetricProblemDetails", ids={"metric_code": code}, query={"page_size": 50})
    return [row["order_id"] for row in answer.get(name, [])]


@pytest.mark.parametrize(("delivered", "tier"), [(19, "NIL"), (20, "EXCELLENT"), (30, "EXCELLENT")])
def test_few_delivered_orders_have_no_score(delivered: int, tier: str) -> None:
    shop, _orders = scored_shop(delivered)
    overview = checked(shop, "getSPSOverview")
    assert overview["sps_tier"] == tier
    assert overview["sps_score"] == ("" if tier == "NIL" else "5.0")
    row = metric(shop, "NRR")
    assert (row["status"], row["score"]) == (("NIL", "") if tier == "NIL" else ("EXCELLENT", "5.0"))


@pytest.mark.parametrize(
    ("stars", "left_at", "value"),
    [
        (1, -DAY, "5.00"),
        (2, -DAY, "5.00"),
        (3, -DAY, "0.00"),
        (5, -DAY, "0.00"),
        (1, 1, "0.00"),  # after midnight: counts tomorrow
    ],
)
def test_first_reviews_of_one_and_two_stars_count(stars: int, left_at: int, value: str) -> None:
    shop, orders = scored_shop(20)
    shop.part(Reviews).stars[orders[0].id] = (stars, CUT + left_at)
    assert metric(shop, "NRR")["value"] == value
    assert problem_orders(shop, "NRR", "nrr_problem_order_items") == ([orders[0].id] if value == "5.00" else [])


@pytest.mark.parametrize(("late_by", "value"), [(0, "100.00"), (-1, "100.00"), (1, "95.00"), (DAY, "95.00")])
def test_deliveries_after_their_time_count(late_by: int, value: str) -> None:
    shop, orders = scored_shop(20)
    orders[0].delivery_time += late_by
    assert metric(shop, "OTDR")["value"] == value
    assert problem_orders(shop, "OTDR", "otdr_problem_order_items") == ([orders[0].id] if value == "95.00" else [])


@pytest.mark.parametrize(
    ("reason", "opened", "value"),
    [(0, -DAY, "5.00"), (1, -DAY, "5.00"), (3, -DAY, "0.00"), (0, -61 * DAY, "0.00"), (0, 1, "0.00")],
)
def test_returns_that_are_not_the_buyers_fault_count(reason: int, opened: int, value: str) -> None:
    shop, orders = scored_shop(20)
    request = given_back(shop, orders[0])
    request.reason, request.created = BUYER_RETURNS[reason], CUT + opened
    assert metric(shop, "NBFR")["value"] == value


@pytest.mark.parametrize(
    ("reason", "paid", "value"), [(0, True, "5.00"), (1, True, "5.00"), (2, True, "0.00"), (0, False, "0.00")]
)
def test_cancellations_by_the_sellers_fault_count_once_they_are_done(reason: int, paid: bool, value: str) -> None:
    shop, orders = scored_shop(20)
    request = record(shop, orders[0], orders[0].lines, role="SELLER", reason=SELLER_CANCELS[reason], with_shipping=True)
    request.created, request.refunded_at = CUT - DAY, CUT - HOUR if paid else 0
    assert metric(shop, "SFCR")["value"] == value


@pytest.mark.parametrize(("hours", "value", "status"), [(6, "6.0", "EXCELLENT"), (60, "60.0", "GOOD"), (96, "96.0", "CRITICAL")])
def test_handling_takes_from_the_request_to_its_end(hours: int, value: str, status: str) -> None:
    shop, orders = scored_shop(20)
    request = given_back(shop, orders[0])
    request.created = CUT - 6 * DAY
    request.closed = request.created + hours * HOUR
    row = metric(shop, "AHT")
    assert (row["value"], row["value_unit"], row["status"]) == (value, "HOUR", status)


def test_the_trend_ends_with_the_day_that_was_evaluated_last() -> None:
    shop, _orders = scored_shop(20)
    shown = checked(shop, "getSPSMetricDiagnosis", ids={"metric_code": "OTDR"}, query={"trend_duration_days": 12})
    points = shown["trend"]["data_points"]
    assert [point["record_date"] for point in points] == [f"202611{number:02d}" for number in range(6, 18)]
    # delivered on the 8th at 00:00 UTC: counted from the evaluation at the end of that day on
    assert [point["value"] for point in points] == ["0.00"] * 2 + ["100.00"] * 10
    assert datetime.fromtimestamp(CUT - 10 * DAY, UTC).day == 8
