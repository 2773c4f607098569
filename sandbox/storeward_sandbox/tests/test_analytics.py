"""Performance figures: they agree with the orders, with each other, and with their description."""

from decimal import Decimal
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.countries import local_day
from storeward_sandbox.tests.people import an_order, code_of, pages, quiet
from storeward_sandbox.tests.support import Json, ask, checked, make_shop, shop_to_read
from storeward_sandbox.tiktok_shop.catalogue import Catalogue
from storeward_sandbox.tiktok_shop.dates import parse_day, start_of_day
from storeward_sandbox.tiktok_shop.errors import bad_parameter
from storeward_sandbox.tiktok_shop.markets import MARKETS
from storeward_sandbox.tiktok_shop.sales import Reviews, sales
from storeward_sandbox.tiktok_shop.shop import Shop

TWO_WEEKS = {"start_date_ge": "2026-11-01", "end_date_lt": "2026-11-15"}
LOCAL = {**TWO_WEEKS, "currency": "LOCAL"}

LISTS = (
    "getShopProductPerformanceList",
    "getShopProductPerformanceList_202405",
    "getShopSKUPerformanceList",
    "getShopSKUPerformanceList_202406",
)
DETAILS = ("getShopProductPerformanceDetail", "getShopProductPerformanceDetail_202405")
SHOPS = ("getShopPerformance", "getShopPerformance_202405", "getShopPerformance_202509")


def ids_of(shop: Shop, operation: str) -> dict[str, str]:
    return {"product_id": next(iter(shop.part(Catalogue).products))} if operation in DETAILS else {}


def money(row: Json) -> Decimal:
    return Decimal(row["amount"])


def shown(shop: Shop, operation: str, **query: Any) -> Json:
    if operation == "getShopPerformance_202509":
        return ask(shop, operation, query=query, ids=ids_of(shop, operation))
    return checked(shop, operation, query=query, ids=ids_of(shop, operation))


@pytest.mark.parametrize("region", ["MY", "US", "VN", "GB"])
@pytest.mark.parametrize("granularity", ["ALL", "1D"])
def test_answers_keep_to_their_description(region: str, granularity: str) -> None:
    shop = shop_to_read(region)
    yesterday = local_day(shop.market, shop.now - DAY).isoformat()
    for operation in (*LISTS, *DETAILS, *SHOPS):
        for currency in ("LOCAL", "USD"):
            answer = shown(shop, operation, **TWO_WEEKS, currency=currency, granularity=granularity)
            assert answer["latest_available_date"] == yesterday
            if operation not in LISTS:
                assert len(answer["performance"]["intervals"]) == (14 if granularity == "1D" else 1)


@pytest.mark.parametrize(
    "days",
    [("2026-11-15", "2026-11-15"), ("2026-11-15", "2026-11-01"), ("2026-13-01", "2026-11-01"), ("today", "tomorrow")],
)
def test_days_must_make_sense(days: tuple[str, str]) -> None:
    shop = shop_to_read()
    query = {"start_date_ge": days[0], "end_date_lt": days[1]}
    for operation in (*LISTS, *DETAILS, *SHOPS):
        assert code_of(shop, operation, query=query, ids=ids_of(shop, operation)) == 28001022


def test_a_long_span_is_counted_whole_but_not_day_by_day() -> None:
    shop = shop_to_read()
    years = {"start_date_ge": "2023-01-01", "end_date_lt": "2027-01-01"}
    assert shown(shop, "getShopPerformance", **years)["performance"]["intervals"][0]["sales"]["orders_count"] > 0
    assert code_of(shop, "getShopPerformance", query={**years, "granularity": "1D"}) == 28001022


def test_days_to_come_have_no_sales() -> None:
    query = {"start_date_ge": "2027-01-01", "end_date_lt": "2027-01-02"}
    sold = shown(shop_to_read(), "getShopPerformance", **query)["performance"]["intervals"][0]["sales"]
    assert sold["orders_count"] == 0


def test_days_are_required() -> None:
    shop = shop_to_read()
    for operation in (*LISTS, *SHOPS):
        assert code_of(shop, operation) == 36009004


def test_days_of_the_shops_own_zone_make_up_the_whole() -> None:
    shop = shop_to_read("US", orders_per_day=4.0)
    whole = shown(shop, "getShopPerformance", **LOCAL)["performance"]["intervals"][0]["sales"]
    daily = [row["sales"] for row in shown(shop, "getShopPerformance", **LOCAL, granularity="1D")["performance"]["intervals"]]
    for name in ("orders_count", "items_sold", "sku_orders_count"):
        assert sum(row[name] for row in daily) == whole[name] > 0
    assert sum(money(row["gmv"]) for row in daily) == money(whole["gmv"])


def test_sales_are_those_of_the_orders() -> None:
    shop = shop_to_read("MY", orders_per_day=4.0)
    begin, end = (start_of_day(shop.market, parse_day(day, bad_parameter(""))) for day in ("2026-11-01", "2026-11-15"))
    orders = [order for order in shop.orders.values() if begin <= order.create_time < end and order.confirmed_time]
    row = shown(shop, "getShopPerformance", **LOCAL)["performance"]["intervals"][0]["sales"]
    assert row["orders_count"] == len(orders)
    assert row["items_sold"] == sum(len(order.lines) for order in orders)
    assert row["customers_count"] == len({order.buyer.user_id for order in orders})
    assert money(row["gmv"]) == sum(order.sub_total for order in orders)


def test_dollars_are_converted() -> None:
    shop = shop_to_read("VN", orders_per_day=4.0)
    local, dollars = (
        shown(shop, "getShopPerformance", **{**TWO_WEEKS, "currency": name})["performance"]["intervals"][0]["sales"]["gmv"]
        for name in ("LOCAL", "USD")
    )
    assert (local["currency"], dollars["currency"]) == ("VND", "USD")
    assert abs(money(local) / Decimal(str(shop.market.usd)) - money(dollars)) < Decimal("0.01")


def test_today_is_not_in_the_daily_figures_yet() -> None:
    shop = quiet(make_shop())
    an_order(shop, "ON_HOLD")
    today = {"start_date_ge": "2026-11-18", "end_date_lt": "2026-11-19"}
    assert shown(shop, "getShopPerformance", **today)["performance"]["intervals"][0]["sales"]["orders_count"] == 0


def test_products_and_skus_make_up_the_shop() -> None:
    shop = shop_to_read("MY", orders_per_day=4.0)
    whole = shown(shop, "getShopPerformance", **LOCAL)["performance"]["intervals"][0]["sales"]
    products = pages(shop, "getShopProductPerformanceList", "products", size=4, query=LOCAL)
    skus = pages(shop, "getShopSKUPerformanceList", "skus", size=7, query=LOCAL)
    assert sum(money(row["total_performance"]["gmv"]) for row in products) == money(whole["gmv"])
    assert sum(money(row["gmv"]) for row in skus) == money(whole["gmv"])
    assert sum(row["units_sold"] for row in skus) == whole["items_sold"]


@pytest.mark.parametrize("field", ["gmv", "orders", "items_sold"])
@pytest.mark.parametrize("order", ["ASC", "DESC"])
def test_product_lists_are_sorted_over_all_pages(field: str, order: str) -> None:
    shop = shop_to_read("MY", orders_per_day=4.0)
    query = {**LOCAL, "sort_field": field, "sort_order": order}
    rows = [row["total_performance"] for row in pages(shop, "getShopProductPerformanceList", "products", size=3, query=query)]
    values = [money(row["gmv"]) if field == "gmv" else row[field] for row in rows]
    assert values == sorted(values, reverse=order == "DESC")


def test_an_unknown_sort_field_is_refused() -> None:
    query = {**TWO_WEEKS, "sort_field": "luck"}
    assert code_of(shop_to_read(), "getShopProductPerformanceList", query=query) == 36009004


@pytest.mark.parametrize("operation", LISTS)
def test_page_sizes_have_limits(operation: str) -> None:
    assert code_of(shop_to_read(), operation, query={**TWO_WEEKS, "page_size": 101}) == 36009004


def test_a_status_filter_parts_the_products() -> None:
    shop = shop_to_read()
    counts = [
        ask(shop, "getShopProductPerformanceList", query={**TWO_WEEKS, "product_status_filter": name})["total_count"]
        for name in ("ALL", "LIVE", "INACTIVE")
    ]
    assert counts[0] == counts[1] + counts[2]


def test_skus_of_one_product() -> None:
    shop = shop_to_read()
    product = next(iter(shop.part(Catalogue).products.values()))
    for operation, name in (("getShopSKUPerformanceList", "product_ids"), ("getShopSKUPerformanceList_202406", "product_id")):
        rows = ask(shop, operation, query={**TWO_WEEKS, name: product.id, "page_size": 100})["skus"]
        assert {row["id"] for row in rows} == {int(sku.id) for sku in product.skus}
        assert {row["product_id"] for row in rows} == {int(product.id)}


@pytest.mark.parametrize("operation", DETAILS)
def test_an_unknown_product_has_no_figures(operation: str) -> None:
    assert code_of(shop_to_read(), operation, ids={"product_id": "17"}, query=TWO_WEEKS) == 28001007


@pytest.mark.parametrize("operation", [DETAILS[1], SHOPS[1]])
def test_a_comparison_covers_the_days_before(operation: str) -> None:
    shop = shop_to_read()
    plain = shown(shop, operation, **TWO_WEEKS)["performance"]
    both = shown(shop, operation, **TWO_WEEKS, with_comparison="true")["performance"]
    assert "comparison_intervals" not in plain
    earlier = both["comparison_intervals"][0]
    assert (earlier["start_date"], earlier["end_date"]) == ("2026-10-18", "2026-11-01")


# --- by the hour ------------------------------------------------------------------------------------------------------


def by_hour(shop: Shop, day: str) -> Json:
    found: Json = checked(shop, "getShopPerformancePerHour", ids={"date": day}, query={"currency": "LOCAL"})["performance"]
    return found


def test_a_past_day_has_all_its_hours() -> None:
    shop = shop_to_read("MY", orders_per_day=6.0)
    shown_day = by_hour(shop, "2026-11-16")
    assert [row["index"] for row in shown_day["intervals"]] == list(range(24))
    assert sum(row["orders_count"] for row in shown_day["intervals"]) == shown_day["overall"]["orders_count"]
    assert sum(money(row["gmv"]) for row in shown_day["intervals"]) == money(shown_day["overall"]["gmv"])


def test_today_has_the_hours_that_have_begun() -> None:
    shop = quiet(make_shop("MY"))
    an_order(shop, "ON_HOLD")
    today = by_hour(shop, "2026-11-18")
    assert len(today["intervals"]) == 13
    assert today["latest_available_timestamp"] == shop.now
    assert today["overall"]["orders_count"] >= 1


@pytest.mark.parametrize("day", ["2026-11-19", "2026-10-18", "today"])
def test_hours_are_kept_for_thirty_days(day: str) -> None:
    assert code_of(shop_to_read("MY"), "getShopPerformancePerHour", ids={"date": day}) == 28001022


# --- below ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", MARKETS)
def test_a_day_begins_at_midnight_of_the_market(region: str) -> None:
    market = MARKETS[region]
    day = parse_day("2026-03-29", bad_parameter(""))
    begin = start_of_day(market, day)
    assert local_day(market, begin) == day
    assert local_day(market, begin - 1) < day


def test_an_empty_span_has_no_sales() -> None:
    counted = sales(shop_to_read(), 0, 1)
    assert counted.orders == 0
    assert not any((counted.gmv, counted.average, counted.average_by_sku))


def test_refunds_are_counted_for_the_order_that_was_sold() -> None:
    shop = shop_to_read(troubles=("returns",), orders_per_day=4.0)
    counted = sales(shop, shop.started_at - 60 * DAY, shop.now)
    assert counted.refunds > 0
    assert counted.refunded_items > 0
    assert counted.cancelled == sum(
        line.status == "CANCELLED" for order in shop.orders.values() if order.confirmed_time for line in order.lines
    )


def test_some_buyers_leave_stars_and_the_detail_counts_them() -> None:
    shop = shop_to_read(orders_per_day=4.0)
    stars = shop.part(Reviews).stars
    assert 10 < len(stars) < len(shop.orders) / 2
    assert all(1 <= left <= 5 and shop.orders[order_id].completed_time <= at - HOUR for order_id, (left, at) in stars.items())
    ratings = shown(shop, DETAILS[0], **TWO_WEEKS)["performance"]["ratings"]
    assert [row["stars"] for row in ratings] == ["5", "4", "3", "2", "1"]
