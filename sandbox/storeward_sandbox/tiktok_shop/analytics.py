"""Performance of shop, products and SKUs by day and by hour, in the shop's own zone. Daily data reaches to yesterday."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from storeward_sandbox.clock import HOUR
from storeward_sandbox.countries import local_day, rounded

from .call import Call
from .catalogue import LIVE, Catalogue, Product, Sku
from .dates import parse_day, start_of_day
from .errors import ApiError
from .paging import page_size, paged
from .registry import operation
from .sales import Reviews, Sales, sales
from .shop import Shop

SCOPE = "data.shop_analytics.public.read"


HOURS_KEPT_DAYS = 30
LONGEST_DAILY = 366


def bad_dates() -> ApiError:
    return ApiError(28001022, "invalid request params; detail: start time or end time is invalid.")


def no_product() -> ApiError:
    return ApiError(28001007, "can't find any related data; detail: Product not found.")


@dataclass(frozen=True)
class Span:
    """Some days of the shop's zone, `end` not included, and the currency to answer in."""

    start: date
    end: date
    usd: bool

    def days(self) -> list["Span"]:
        count = (self.end - self.start).days
        starts = [self.start + timedelta(days=number) for number in range(count)]
        return [Span(day, day + timedelta(days=1), self.usd) for day in starts]


def the_span(call: Call) -> Span:
    start, end = parse_day(call.need("start_date_ge"), bad_dates()), parse_day(call.need("end_date_lt"), bad_dates())
    if end <= start:
        raise bad_dates()
    return Span(start, end, in_dollars(call))


def in_dollars(call: Call) -> bool:
    return call.choice("currency", ("LOCAL", "USD"), "USD") == "USD"


def intervals(call: Call, span: Span) -> list[Span]:
    """One for the whole span, or one a day of a year at most."""
    if call.choice("granularity", ("ALL", "1D"), "ALL") == "ALL":
        return [span]
    if (span.end - span.start).days > LONGEST_DAILY:
        raise bad_dates()
    return span.days()


def latest(shop: Shop) -> str:
    return (local_day(shop.market, shop.now) - timedelta(days=1)).isoformat()


def sold(shop: Shop, span: Span, product: Product | None = None, sku: Sku | None = None) -> Sales:
    """What was sold in the span up to the end of yesterday, of one product or SKU where one is given."""
    market = shop.market
    until = min(start_of_day(market, span.end), start_of_day(market, local_day(market, shop.now)))

    def wanted(line_product: str, line_sku: str) -> bool:
        return (product is None or line_product == product.id) and (sku is None or line_sku == sku.id)

    begin = start_of_day(market, span.start)
    return sales(shop, begin, until, lambda line: wanted(line.item.product_id, line.item.sku_id))


def money(shop: Shop, amount: Decimal, usd: bool) -> dict[str, str]:
    if not usd:
        return {"amount": f"{rounded(shop.market, amount):f}", "currency": shop.currency}
    dollars = (amount / Decimal(str(shop.market.usd))).quantize(Decimal("0.01"))
    return {"amount": f"{dollars:f}", "currency": "USD"}


def share(part: int, whole: int) -> str:
    """A fraction with four decimals."""
    return f"{part / whole:.4f}" if whole else "0.0000"


@dataclass(frozen=True)
class Traffic:
    """Visits that would explain what was sold: invented, but always the same for the same sales."""

    impressions: int
    clicks: int
    visitors: int

    @property
    def carts(self) -> int:
        return self.clicks // 8


def traffic(sold: Sales, days: int) -> Traffic:
    clicks = sold.orders * 27 + 40 * days
    return Traffic(clicks * 16, clicks, clicks * 3 // 4)


# --- the shop ---------------------------------------------------------------------------------------------------------


@operation("getShopPerformance", "GET", "/analytics/202609/shop/performance", scope=SCOPE)
@operation("getShopPerformance_202509", "GET", "/analytics/202509/shop/performance", scope=SCOPE)
def get_shop_performance(call: Call) -> dict[str, Any]:
    rows = [shop_interval(call.shop, span) for span in intervals(call, the_span(call))]
    return {"performance": {"intervals": rows}, "latest_available_date": latest(call.shop)}


def shop_interval(shop: Shop, span: Span) -> dict[str, Any]:
    counted = sold(shop, span)
    seen = traffic(counted, (span.end - span.start).days)
    return {
        "start_date": span.start.isoformat(),
        "end_date": span.end.isoformat(),
        "sales": {
            "gmv": money(shop, counted.gmv, span.usd),
            "gmv_with_tax": money(shop, counted.gmv + counted.tax, span.usd),
            "tax": money(shop, counted.tax, span.usd),
            "orders_count": counted.orders,
            "sku_orders_count": counted.sku_orders,
            "items_sold": counted.items,
            "customers_count": counted.buyers,
            "avg_order_value": money(shop, counted.average, span.usd),
            "avg_sku_order_value": money(shop, counted.average_by_sku, span.usd),
            "refunds": money(shop, counted.refunds, span.usd),
            "cancellations_and_returns": counted.cancelled + counted.returned,
            "shipping_fees": money(shop, counted.shipping, span.usd),
            "product_card_attributed_gmv": money(shop, counted.gmv, span.usd),
            "live_attributed_gmv": money(shop, Decimal(0), span.usd),
            "video_attributed_gmv": money(shop, Decimal(0), span.usd),
        },
        "traffic": {
            "avg_visitors": seen.visitors,
            "avg_page_views": seen.clicks,
            "avg_conversation_rate": share(counted.orders, seen.visitors),
            "product_impressions": seen.impressions,
            "product_clicks": seen.clicks,
            "unique_clicks": seen.visitors,
            "unique_product_impressions": seen.impressions * 3 // 4,
        },
    }


@operation("getShopPerformance_202405", "GET", "/analytics/202405/shop/performance", scope=SCOPE)
def get_shop_performance_202405(call: Call) -> dict[str, Any]:
    """The older form; `with_comparison` adds the span of the same length before."""
    span = the_span(call)
    shown = {"intervals": [older_interval(call.shop, each) for each in intervals(call, span)]}
    if call.flag("with_comparison"):
        shown["comparison_intervals"] = [older_interval(call.shop, each) for each in intervals(call, before(span))]
    return {"performance": shown, "latest_available_date": latest(call.shop)}


def before(span: Span) -> Span:
    return Span(span.start - (span.end - span.start), span.start, span.usd)


def older_interval(shop: Shop, span: Span) -> dict[str, Any]:
    counted = sold(shop, span)
    seen = traffic(counted, (span.end - span.start).days)
    gmv = money(shop, counted.gmv, span.usd)
    return {
        "start_date": span.start.isoformat(),
        "end_date": span.end.isoformat(),
        "gmv": gmv,
        "gmv_breakdowns": [{**gmv, "type": "PRODUCT_CARD"}],
        "orders": counted.orders,
        "sku_orders": counted.sku_orders,
        "units_sold": counted.items,
        "buyers": counted.buyers,
        "buyer_breakdowns": [{"amount": counted.buyers, "type": "PRODUCT_CARD"}],
        "avg_order_value": money(shop, counted.average, span.usd),
        "product_impressions": seen.impressions,
        "product_impression_breakdowns": [{"amount": seen.impressions, "type": "PRODUCT_CARD"}],
        "product_page_views": seen.clicks,
        "product_page_view_breakdowns": [{"amount": seen.clicks, "type": "PRODUCT_CARD"}],
        "avg_product_page_visitors": seen.visitors,
        "avg_product_page_visitor_breakdowns": [{"amount": seen.visitors, "type": "PRODUCT_CARD"}],
        "refunds": money(shop, counted.refunds, span.usd),
        "cancellations_and_returns": counted.cancelled + counted.returned,
    }


@operation("getShopPerformancePerHour", "GET", "/analytics/202510/shop/performance/{date}/performance_per_hour", scope=SCOPE)
def get_shop_performance_per_hour(call: Call) -> dict[str, Any]:
    """The hours of one of the last thirty days; of today those that have begun."""
    market, day = call.shop.market, parse_day(call.ids["date"], bad_dates())
    today = local_day(market, call.now)
    if not today - timedelta(days=HOURS_KEPT_DAYS) < day <= today:
        raise bad_dates()
    usd, begin = in_dollars(call), start_of_day(market, day)
    end = min(start_of_day(market, day + timedelta(days=1)), call.now)
    starts = range(begin, max(end, begin + 1), HOUR)
    rows = [
        {"index": index, **hour_view(call.shop, sales(call.shop, start, min(start + HOUR, end)), usd)}
        for index, start in enumerate(starts)
    ]
    overall = hour_view(call.shop, sales(call.shop, begin, end), usd)
    return {"performance": {"intervals": rows, "overall": overall, "latest_available_timestamp": end}}


def hour_view(shop: Shop, counted: Sales, usd: bool) -> dict[str, Any]:
    seen = traffic(counted, 0)
    return {
        "gmv": money(shop, counted.gmv, usd),
        "avg_order_value": money(shop, counted.average, usd),
        "avg_sku_order_value": money(shop, counted.average_by_sku, usd),
        "orders_count": counted.orders,
        "sku_orders_count": counted.sku_orders,
        "items_sold": counted.items,
        "customers": counted.buyers,
        "customers_count": counted.buyers,
        "visitors": seen.visitors,
        "product_impressions": seen.impressions,
        "product_clicks": seen.clicks,
        "unique_clicks": seen.visitors,
        "unique_product_impressions": seen.impressions * 3 // 4,
        "product_card_attributed_gmv": money(shop, counted.gmv, usd),
        "live_attributed_gmv": money(shop, Decimal(0), usd),
        "video_attributed_gmv": money(shop, Decimal(0), usd),
    }


# --- products ---------------------------------------------------------------------------------------------------------


def listed(call: Call) -> list[Product]:
    """The products that the status filter lets through; drafts have no performance."""
    wanted = call.choice("product_status_filter", ("ALL", "LIVE", "INACTIVE"), "ALL")
    shown = [product for product in call.shop.part(Catalogue).products.values() if product.status != "DRAFT"]
    return [product for product in shown if wanted == "ALL" or (product.status == LIVE) == (wanted == "LIVE")]


def cents(amount: Decimal) -> int:
    """An amount as a whole number, to sort and page by."""
    return int(amount * 100)


def ranked(
    call: Call, rows: Sequence[tuple[str, Sales]], names: dict[str, str]
) -> tuple[list[tuple[str, Sales]], dict[str, Any]]:
    """One page of rows, best first unless asked otherwise; `names` are the sort fields and what they count."""
    field = names[call.choice("sort_field", tuple(names), "gmv")]
    page = paged(
        call,
        rows,
        key=lambda row: (cents(row[1].gmv) if field == "gmv" else getattr(row[1], field), row[0]),
        size=page_size(call, 1, 100, 10),
        descending=call.choice("sort_order", ("ASC", "DESC"), "DESC") == "DESC",
    )
    tail = {
        "total_count": page.total_count,
        "next_page_token": page.next_page_token,
        "latest_available_date": latest(call.shop),
    }
    return list(page.rows), tail


@operation("getShopProductPerformanceList", "GET", "/analytics/202605/shop_products/performance", scope=SCOPE)
def get_shop_product_performance_list(call: Call) -> dict[str, Any]:
    span = the_span(call)
    rows = [(product.id, sold(call.shop, span, product)) for product in listed(call)]
    chosen, tail = ranked(call, rows, {"gmv": "gmv", "orders": "orders", "items_sold": "items"})
    days = (span.end - span.start).days
    shown = [
        {"id": product_id, "total_performance": product_totals(call.shop, counted, days, span.usd)}
        for product_id, counted in chosen
    ]
    return {"products": shown, **tail}


def product_totals(shop: Shop, counted: Sales, days: int, usd: bool) -> dict[str, Any]:
    seen = traffic(counted, days)
    return {
        "gmv": money(shop, counted.gmv, usd),
        "gross_merchandise_value": money(shop, counted.gmv, usd),
        "gmv_incl_tax": money(shop, counted.gmv + counted.tax, usd),
        "tax": money(shop, counted.tax, usd),
        "shipping_fees": money(shop, counted.shipping, usd),
        "refunds": money(shop, counted.refunds, usd),
        "aov": money(shop, counted.average, usd),
        "orders": counted.orders,
        "sku_orders": counted.sku_orders,
        "items_sold": counted.items,
        "estimated_customers": counted.buyers,
        "refunded_items": counted.refunded_items,
        "refund_customers": min(counted.refunded_items, counted.buyers),
        "product_impressions": seen.impressions,
        "unique_product_impressions": seen.impressions * 3 // 4,
        "product_clicks": seen.clicks,
        "unique_clicks": seen.visitors,
        "ctr": share(seen.clicks, seen.impressions),
        "unique_ctr": share(seen.visitors, seen.impressions * 3 // 4),
        "add_cart_count": seen.carts,
        "add_cart_users": seen.carts,
        "add_cart_rate": share(seen.carts, seen.clicks),
        "unique_atc_rate": share(seen.carts, seen.visitors),
        "click_order_rate": share(counted.orders, seen.clicks),
        "unique_click_order_rate": share(counted.orders, seen.visitors),
    }


@operation("getShopProductPerformanceList_202405", "GET", "/analytics/202405/shop_products/performance", scope=SCOPE)
def get_shop_product_performance_list_202405(call: Call) -> dict[str, Any]:
    """The older form, with the product id as a bare number."""
    span = the_span(call)
    rows = [(product.id, sold(call.shop, span, product)) for product in listed(call)]
    chosen, tail = ranked(call, rows, {"gmv": "gmv", "orders": "orders", "units_sold": "items", "items_sold": "items"})
    shown = []
    for product_id, counted in chosen:
        seen = traffic(counted, (span.end - span.start).days)
        shown.append(
            {
                "id": int(product_id),
                "gmv": money(call.shop, counted.gmv, span.usd),
                "orders": counted.orders,
                "units_sold": counted.items,
                "click_through_rate": share(seen.clicks, seen.impressions),
            }
        )
    return {"products": shown, **tail}


def the_product(call: Call) -> Product:
    product = call.shop.part(Catalogue).products.get(call.ids["product_id"])
    if product is None:
        raise no_product()
    return product


@operation("getShopProductPerformanceDetail", "GET", "/analytics/202509/shop_products/{product_id}/performance", scope=SCOPE)
def get_shop_product_performance_detail(call: Call) -> dict[str, Any]:
    product, span = the_product(call), the_span(call)
    rows = [product_interval(call.shop, each, product) for each in intervals(call, span)]
    shown = {"intervals": rows, "ratings": ratings(call.shop, product)}
    return {"performance": shown, "latest_available_date": latest(call.shop)}


def product_interval(shop: Shop, span: Span, product: Product) -> dict[str, Any]:
    counted = sold(shop, span, product)
    seen = traffic(counted, (span.end - span.start).days)
    return {
        "start_date": span.start.isoformat(),
        "end_date": span.end.isoformat(),
        "sales": {"gmv": money(shop, counted.gmv, span.usd), "orders": counted.orders, "items_sold": counted.items},
        "traffic": {
            "breakdowns": [
                {
                    "content_type": "PRODUCT_CARD",
                    "traffic": {
                        "impressions": seen.impressions,
                        "page_views": seen.clicks,
                        "avg_unique_page_views": seen.visitors,
                        "ctr": share(seen.clicks, seen.impressions),
                        "avg_conversion_rate": share(counted.orders, seen.visitors),
                    },
                }
            ]
        },
        "cancel_and_refunds": {
            "returned": counted.returned,
            "canceled": counted.cancelled,
            "refunded": counted.refunded_items,
            "replacements": counted.replaced,
        },
    }


def ratings(shop: Shop, product: Product) -> list[dict[str, Any]]:
    """How many buyers left how many stars on orders with this product."""
    left = [
        stars
        for order_id, (stars, _at) in shop.part(Reviews).stars.items()
        if any(line.item.product_id == product.id for line in shop.orders[order_id].lines)
    ]
    return [
        {"stars": str(stars), "count": left.count(stars), "percentage": share(left.count(stars), len(left))}
        for stars in (5, 4, 3, 2, 1)
    ]


@operation(
    "getShopProductPerformanceDetail_202405", "GET", "/analytics/202405/shop_products/{product_id}/performance", scope=SCOPE
)
def get_shop_product_performance_detail_202405(call: Call) -> dict[str, Any]:
    product, span = the_product(call), the_span(call)
    shown = {"intervals": [older_product_interval(call.shop, each, product) for each in intervals(call, span)]}
    if call.flag("with_comparison"):
        earlier = intervals(call, before(span))
        shown["comparison_intervals"] = [older_product_interval(call.shop, each, product) for each in earlier]
    return {"performance": shown, "latest_available_date": latest(call.shop)}


def older_product_interval(shop: Shop, span: Span, product: Product) -> dict[str, Any]:
    counted = sold(shop, span, product)
    seen = traffic(counted, (span.end - span.start).days)
    gmv, rate = money(shop, counted.gmv, span.usd), share(seen.clicks, seen.impressions)
    return {
        "start_date": span.start.isoformat(),
        "end_date": span.end.isoformat(),
        "gmv": gmv,
        "gmv_breakdowns": [{**gmv, "type": "PRODUCT_CARD"}],
        "orders": counted.orders,
        "units_sold": counted.items,
        "unit_sold_breakdowns": [{"amount": counted.items, "type": "PRODUCT_CARD"}],
        "impressions": seen.impressions,
        "impression_breakdowns": [{"amount": seen.impressions, "type": "PRODUCT_CARD"}],
        "page_views": seen.clicks,
        "page_view_breakdowns": [{"amount": seen.clicks, "type": "PRODUCT_CARD"}],
        "avg_page_visitors": seen.visitors,
        "avg_page_visitor_breakdowns": [{"amount": seen.visitors, "type": "PRODUCT_CARD"}],
        "click_through_rate": rate,
        "click_through_rate_breakdowns": [{"amount": rate, "type": "PRODUCT_CARD"}],
    }


# --- SKUs -------------------------------------------------------------------------------------------------------------


@operation("getShopSKUPerformanceList", "GET", "/analytics/202509/shop_skus/performance", scope=SCOPE)
def get_shop_sku_performance_list(call: Call) -> dict[str, Any]:
    return sku_list(call, call.listed("product_ids", most=100, required=False))


@operation("getShopSKUPerformanceList_202406", "GET", "/analytics/202406/shop_skus/performance", scope=SCOPE)
def get_shop_sku_performance_list_202406(call: Call) -> dict[str, Any]:
    return sku_list(call, call.listed("product_id", most=1, required=False))


def sku_list(call: Call, product_ids: list[str]) -> dict[str, Any]:
    """SKUs, with their ids as bare numbers."""
    span = the_span(call)
    chosen = [product for product in listed(call) if not product_ids or product.id in product_ids]
    owner = {sku.id: product.id for product in chosen for sku in product.skus}
    rows = [(sku.id, sold(call.shop, span, product, sku)) for product in chosen for sku in product.skus]
    page, tail = ranked(call, rows, {"gmv": "gmv", "sku_orders": "sku_orders", "units_sold": "items"})
    shown = [
        {
            "id": int(sku_id),
            "product_id": int(owner[sku_id]),
            "gmv": money(call.shop, counted.gmv, span.usd),
            "sku_orders": counted.sku_orders,
            "units_sold": counted.items,
        }
        for sku_id, counted in page
    ]
    return {"skus": shown, **tail}
