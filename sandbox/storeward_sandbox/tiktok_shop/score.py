"""The Shop Performance Score as the platform answers it: overview, measures, and what is behind them. US shops only."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from storeward_sandbox.clock import DAY, HOUR, Instant

from .call import Call
from .catalogue import Catalogue
from .conversations import Conversation, Session
from .errors import ApiError
from .measures import (
    METRICS,
    WEIGHTS,
    Metric,
    bad_chats,
    bad_reviews,
    cut,
    delivered,
    faulty_returns,
    handled,
    has_score,
    late_deliveries,
    measured,
    own_cancellations,
    status_of,
)
from .orders import Order
from .paging import page_size, paged
from .registry import operation
from .requests import Request
from .shop import Shop

SCOPE = "data.shop_analytics.public.read"

Row = dict[str, Any]


# --- the answers ------------------------------------------------------------------------------------------------------


def us_only(call: Call) -> Shop:
    """The shop, where its market has the score."""
    if call.shop.region != "US":
        raise ApiError(28001033, "This API is not supported in the shop's region.")
    return call.shop


def the_metric(call: Call) -> Metric:
    metric = METRICS.get(call.ids["metric_code"])
    if metric is None:
        raise ApiError(28001007, "can't find any related data; detail: Metric not found.")
    return metric


def dimension_scores(shop: Shop) -> dict[str, float]:
    """The mean of the measures of each dimension."""
    scores: dict[str, list[float]] = {name: [] for name in WEIGHTS}
    for metric in METRICS.values():
        scores[metric.dimension].append(metric.score(measured(shop, metric, cut(shop))))
    return {name: sum(found) / len(found) for name, found in scores.items()}


def period(metric: Metric, end: Instant) -> Row:
    return {
        "evaluate_duration_days": metric.days,
        "start_evaluation_time": end - metric.days * DAY,
        "end_evaluation_time": end,
    }


@operation("getSPSOverview", "GET", "/analytics/202606/shop_performances/overview", scope=SCOPE)
def get_sps_overview(call: Call) -> Row:
    shop = us_only(call)
    end, scores, scored = cut(shop), dimension_scores(shop), has_score(shop)
    whole = sum(scores[name] * weight for name, weight in WEIGHTS.items()) / 100
    tier, tier_text = status_of(whole) if scored else ("NIL", "No score yet")
    return {
        "sps_score": f"{whole:.1f}" if scored else "",
        "sps_tier": tier,
        "sps_tier_text": tier_text,
        "peer_percentile": f"{min(99.0, whole * 19):.1f}" if scored else "",
        "dimensions": [dimension_view(name, score, scored) for name, score in scores.items()],
        "benefits": [{"benefit_name": "LIVE giveaway", "is_unlocked": scored and whole >= 4.5, "unlock_score": "4.5"}],
        "top_issues": top_issues(shop, end) if scored else {"issues": [], "summary": ""},
        "evaluate_duration_days": 90,
        "start_evaluation_time": end - 90 * DAY,
        "end_evaluation_time": end,
        "update_time": end,
    }


def dimension_view(name: str, score: float, scored: bool) -> Row:
    word, text = status_of(score) if scored else ("NIL", "No score yet")
    return {
        "name": name,
        "score": f"{score:.1f}" if scored else "",
        "status": word,
        "status_text": text,
        "weight": str(WEIGHTS[name]),
    }


def top_issues(shop: Shop, end: Instant) -> Row:
    """The three worst measures that are below excellent."""
    scores = [(metric.score(measured(shop, metric, end)), metric) for metric in METRICS.values()]
    worst = sorted((row for row in scores if row[0] < 4.5), key=lambda row: row[0])[:3]
    issues = [
        {
            "rank": rank,
            "metric_code": metric.code,
            "metric_name": metric.name,
            "description": f"{metric.name} is below that of peer shops.",
            "percentile": f"{score * 19:.1f}",
            **period(metric, end),
        }
        for rank, (score, metric) in enumerate(worst, start=1)
    ]
    return {"issues": issues, "summary": f"Improve {worst[0][1].name.lower()}." if worst else ""}


@operation("getSPSMetrics", "GET", "/analytics/202606/shop_performances/metrics", scope=SCOPE)
def get_sps_metrics(call: Call) -> Row:
    shop = us_only(call)
    return {"metrics": [metric_view(shop, metric) for metric in METRICS.values()]}


def metric_view(shop: Shop, metric: Metric) -> Row:
    return {"metric_name": metric.name, **measure(shop, metric, cut(shop)), "top_reason_text": ""}


def measure(shop: Shop, metric: Metric, end: Instant) -> Row:
    """Value, score and thresholds of a measure as of an instant."""
    counted = measured(shop, metric, end)
    score = metric.score(counted)
    scored = has_score(shop)
    word, text = status_of(score) if scored else ("NIL", "No score yet")
    return {
        "metric_code": metric.code,
        "dimension": metric.dimension,
        "value": metric.value(counted),
        "value_unit": "HOUR" if metric.in_hours else "PERCENT",
        "score": f"{score:.1f}" if scored else "",
        "status": word,
        "status_text": text,
        "benchmarks": {"excellent_threshold": f"{metric.excellent:.2f}", "poor_threshold": f"{metric.poor:.2f}"},
        **period(metric, end),
    }


@operation("getSPSMetricDiagnosis", "GET", "/analytics/202606/shop_performances/metrics/{metric_code}/diagnosis", scope=SCOPE)
def get_sps_metric_diagnosis(call: Call) -> Row:
    shop, metric = us_only(call), the_metric(call)
    end, days = cut(shop), call.number("trend_duration_days") or 30
    if not 1 <= days <= 90:
        raise ApiError(28001022, "invalid request params; detail: trend_duration_days is invalid.")
    counted = measured(shop, metric, end)
    return {
        **measure(shop, metric, end),
        "calculation_rule": {
            "numerator_label": metric.part_label,
            "numerator_value": f"{counted.part:.0f}",
            "denominator_label": metric.whole_label,
            "denominator_value": str(counted.whole),
        },
        "trend": {"data_points": [point(shop, metric, end - ago * DAY) for ago in range(days - 1, -1, -1)]},
        "distribution_details": [],
        "analyses": [{"summaries": [f"{metric.name}: {metric.value(counted)}."], "details": []}],
    }


def point(shop: Shop, metric: Metric, end: Instant) -> Row:
    day = datetime.fromtimestamp(end - DAY, UTC).strftime("%Y%m%d")
    return {"record_date": day, "value": metric.value(measured(shop, metric, end))}


# --- what is behind a measure -----------------------------------------------------------------------------------------


@operation(
    "getSPSMetricProblemDetails", "GET", "/analytics/202606/shop_performances/metrics/{metric_code}/problem_details", scope=SCOPE
)
def get_sps_metric_problem_details(call: Call) -> Row:
    """The orders or chats that count against the shop, in a list named after the measure."""
    shop, metric = us_only(call), the_metric(call)
    end = cut(shop)
    name, rows = problems(shop, metric.code, end - metric.days * DAY, end)
    page = paged(call, rows, key=lambda row: row[0], size=page_size(call, 1, 50, 10))
    listed = {name: [row for _key, row in page.rows]} if page.rows else {}
    return {
        "metric_code": metric.code,
        **listed,
        "total_count": page.total_count,
        "next_page_token": page.next_page_token,
    }


Keyed = tuple[tuple[int | str, str], Row]


def problems(shop: Shop, code: str, begin: Instant, end: Instant) -> tuple[str, list[Keyed]]:
    """The list's name on the wire, and its rows with what to sort them by."""
    if code == "NRR":
        return "nrr_problem_order_items", [reviewed(order, left) for order, left in bad_reviews(shop, begin, end)]
    if code == "NBFR":
        return "nbfr_problem_order_items", [returned(shop, request) for request in faulty_returns(shop, begin, end)]
    if code == "SFCR":
        return "sfcr_problem_order_items", [cancelled(shop, request) for request in own_cancellations(shop, begin, end)]
    if code == "OTDR":
        return "otdr_problem_order_items", [late(order) for order in late_deliveries(shop, begin, end)]
    if code == "AHT":
        return "aht_problem_order_items", [slow(request) for request in handled(shop, begin, end)]
    return "im_dsat_chat_items", [chat_row(one, session) for one, session in bad_chats(shop, begin, end)]


def goods(order: Order) -> Row:
    item = order.lines[0].item
    return {
        "order_id": order.id,
        "order_create_time": order.create_time,
        "product_id": item.product_id,
        "product_name": item.product_name,
        "sku_id": item.sku_id,
    }


def reviewed(order: Order, stars: int) -> Keyed:
    row = {**goods(order), "deliver_time": order.delivery_time, "user_review_rating": stars}
    return (order.delivery_time, order.id), row


def returned(shop: Shop, request: Request) -> Keyed:
    order = shop.orders[request.order_id]
    row = {**goods(order), "deliver_time": order.delivery_time, "return_refund_reason": request.reason.text}
    return (request.created, request.id), row


def cancelled(shop: Shop, request: Request) -> Keyed:
    row = {**goods(shop.orders[request.order_id]), "cancellation_reasons": [request.reason.text]}
    return (request.created, request.id), row


def late(order: Order) -> Keyed:
    item = order.lines[0].item
    return (order.delivery_time, order.id), {
        "order_id": order.id,
        "product_name": item.product_name,
        "sku_id": item.sku_id,
        "expect_deliver_time": order.due.delivery_sla_time,
        "actual_deliver_time": order.delivery_time,
    }


def slow(request: Request) -> Keyed:
    hours = (request.closed - request.created) / HOUR
    return (request.created, request.id), {
        "order_id": request.order_id,
        "return_order_id": request.id,
        "aftersales_type_name": getattr(request, "kind", ""),
        "approve_duration_hours": f"{hours:.1f}",
        "inspect_duration_hours": "0",
        "total_handle_duration_hours": f"{hours:.1f}",
        "review_count": len(request.records),
    }


def chat_row(conversation: Conversation, session: Session) -> Keyed:
    wait = max(session.answered - session.begun, 0)
    return (session.begun, session.id), {
        "chat_record_id": session.id,
        "customer_name": conversation.buyer.nickname,
        "customer_rating": session.score,
        "rating_reasons": [session.complaint] if session.complaint else [],
        "service_agent": "Support",
        "first_reply_time": wait,
        "chat_duration_hours": f"{(session.ends() - session.begun) / HOUR:.1f}",
    }


@operation("getSPSMetricTopItems", "GET", "/analytics/202606/shop_performances/metrics/{metric_code}/top_items", scope=SCOPE)
def get_sps_metric_top_items(call: Call) -> Row:
    """The worst products or carriers; the measures without such a list answer with none."""
    shop, metric = us_only(call), the_metric(call)
    end = cut(shop)
    name, rows = top_items(shop, metric.code, end - metric.days * DAY, end)
    return {"metric_code": metric.code, **({name: rows} if rows else {}), "total_count": len(rows)}


def top_items(shop: Shop, code: str, begin: Instant, end: Instant) -> tuple[str, list[Row]]:
    if code == "NRR":
        return "nrr_top_product_items", reviewed_products(shop, begin, end)
    if code == "NBFR":
        return "nbfr_top_product_items", returned_products(shop, begin, end)
    if code == "OTDR":
        return "otdr_logistics_items", carriers(shop, begin, end)
    if code == "AHT":
        return "aht_aftersales_type_items", slow_products(shop, begin, end)
    return "", []


def by_product(shop: Shop, orders: Sequence[Order]) -> list[tuple[Row, list[Order]]]:
    """Orders grouped by the product of their first line, most first."""
    groups: dict[str, list[Order]] = {}
    for order in orders:
        groups.setdefault(order.lines[0].item.product_id, []).append(order)
    catalogue = shop.part(Catalogue).products
    rows = [
        ({"product_id": one, "product_name": catalogue[one].title if one in catalogue else "", "image_url": ""}, found)
        for one, found in groups.items()
    ]
    return sorted(rows, key=lambda row: -len(row[1]))[:10]


def reviewed_products(shop: Shop, begin: Instant, end: Instant) -> list[Row]:
    arrived = delivered(shop, begin, end)
    return [
        {
            **head,
            "negative_order_count": len(found),
            "delivered_order_count": sum(order.lines[0].item.product_id == head["product_id"] for order in arrived),
            "top_review_reasons": ["Poor quality"],
        }
        for head, found in by_product(shop, [order for order, _stars in bad_reviews(shop, begin, end)])
    ]


def returned_products(shop: Shop, begin: Instant, end: Instant) -> list[Row]:
    requests = faulty_returns(shop, begin, end)
    reasons = {request.order_id: request.reason.text for request in requests}
    return [
        {
            **head,
            "return_order_count": len(found),
            "top_reason_order_count": len(found),
            "top_return_reasons": sorted({reasons[order.id] for order in found}),
        }
        for head, found in by_product(shop, [shop.orders[request.order_id] for request in requests])
    ]


def slow_products(shop: Shop, begin: Instant, end: Instant) -> list[Row]:
    requests = handled(shop, begin, end)
    hours = {request.order_id: (request.closed - request.created) / HOUR for request in requests}
    return [
        {
            **head,
            "handle_duration_hours": f"{sum(hours[order.id] for order in found) / len(found):.1f}",
            "return_order_count": len(found),
            "top_aftersales_type_name": "REFUND",
            "top_type_order_count": len(found),
        }
        for head, found in by_product(shop, [shop.orders[request.order_id] for request in requests])
    ]


def carriers(shop: Shop, begin: Instant, end: Instant) -> list[Row]:
    late_ids = {order.id for order in late_deliveries(shop, begin, end)}
    groups: dict[str, list[Order]] = {}
    for order in delivered(shop, begin, end):
        for package_id in order.package_ids[:1]:
            groups.setdefault(shop.packages[package_id].carrier_name, []).append(order)
    return [
        {
            "logistics_provider": name,
            "delivered_order_count": len(found),
            "on_time_deliver_order_count": (on_time := sum(order.id not in late_ids for order in found)),
            "on_time_deliver_rate": f"{100 * on_time / len(found):.2f}",
        }
        for name, found in sorted(groups.items())
    ]
