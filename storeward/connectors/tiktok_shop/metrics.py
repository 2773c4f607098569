"""Figures of the platform's own: shop score (US), chat performance, shop analytics (fact sheet sections 14 and 17).

Units are inconsistent in the reference: values as percent in one place, thresholds as ratio beside them. Both are kept as
measured; `platform_status` is the safe field.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from storeward.canon import Metric, Record, Review
from storeward.connectors.contract import Parsed, Request
from storeward.connectors.wire import Id, Notes, Wire, digits, plain

from .envelope import About, list_parser, open_answer, receipt_parser, thing_parser
from .requests import get

SCORES: Final = "/analytics/202606/shop_performances"
PAGE_SIZE: Final = 100
METRIC_CODES: Final = ("NRR", "NBFR", "SFCR", "OTDR", "AHT", "IM_DSAT")


def score_request() -> Request:
    """The shop's score. US only."""
    return get("getSPSOverview", f"{SCORES}/overview")


def score_metrics_request() -> Request:
    return get("getSPSMetrics", f"{SCORES}/metrics")


def diagnosis_request(metric_code: str) -> Request:
    return get("getSPSMetricDiagnosis", f"{SCORES}/metrics/{metric_code}/diagnosis", {"trend_duration_days": "30"})


def problem_details_request(metric_code: str) -> Request:
    return get("getSPSMetricProblemDetails", f"{SCORES}/metrics/{metric_code}/problem_details", {"page_size": "50"})


def top_items_request(metric_code: str) -> Request:
    return get("getSPSMetricTopItems", f"{SCORES}/metrics/{metric_code}/top_items")


def chat_performance_request(since: date, until: date) -> Request:
    """Chat figures of the days [since, until), in the shop's own time zone."""
    query = {"support_date_ge": since.isoformat(), "support_date_lt": until.isoformat()}
    return get("getCustomerServicePerformance", "/customer_service/202407/performance", query, about=_days(since, until))


def shop_performance_request(since: date, until: date) -> Request:
    """Sales and traffic of the days [since, until), each for itself. Yesterday is the last that is complete."""
    query = _between(since, until) | {"granularity": "1D", "currency": "LOCAL"}
    return get("getShopPerformance", "/analytics/202609/shop/performance", query, about=_days(since, until))


def hourly_performance_request(day: date) -> Request:
    path = f"/analytics/202510/shop/performance/{day.isoformat()}/performance_per_hour"
    return get("getShopPerformancePerHour", path, about={"from_date": day.isoformat()})


def product_performance_request(since: date, until: date) -> Request:
    query = _between(since, until) | {"page_size": str(PAGE_SIZE)}
    path = "/analytics/202605/shop_products/performance"
    return get("getShopProductPerformanceList", path, query, about=_days(since, until))


def one_product_performance_request(product_id: str, since: date, until: date) -> Request:
    path = f"/analytics/202509/shop_products/{product_id}/performance"
    about = {"product_id": product_id, **_days(since, until)}
    return get("getShopProductPerformanceDetail", path, _between(since, until), about=about)


def sku_performance_request(since: date, until: date) -> Request:
    query = _between(since, until) | {"page_size": str(PAGE_SIZE)}
    return get("getShopSKUPerformanceList", "/analytics/202509/shop_skus/performance", query, about=_days(since, until))


def _between(since: date, until: date) -> dict[str, str]:
    return {"start_date_ge": since.isoformat(), "end_date_lt": until.isoformat()}


def _days(since: date, until: date) -> dict[str, str]:
    return {"from_date": since.isoformat(), "until_date": until.isoformat()}


UNITS: Final = {
    "PERCENT": "percent",
    "HOURS": "hours",
    "HOUR": "hours",
    "MINUTES": "minutes",
    "SECONDS": "seconds",
    "DAYS": "days",
}


class Benchmarks(Wire):
    excellent_threshold: Decimal | None = None
    poor_threshold: Decimal | None = None


class CalculationRule(Wire):
    numerator_value: Decimal | None = None
    denominator_value: Decimal | None = None


class ScoreMetric(Wire):
    """`metrics[]` of the score, and `data` of a metric's diagnosis."""

    MATTERS = frozenset({"metric_code", "value", "status"})

    metric_code: str | None = None
    metric_name: str | None = None
    dimension: str | None = None
    value: Decimal | None = None
    value_unit: str | None = None
    score: Decimal | None = None
    status: str | None = None
    benchmarks: Benchmarks | None = None
    calculation_rule: CalculationRule | None = None
    evaluate_duration_days: int | None = None
    start_evaluation_time: int | None = None
    end_evaluation_time: int | None = None


class ScoreDimension(Wire):
    name: str | None = None
    score: Decimal | None = None
    status: str | None = None


class ScoreOverview(Wire):
    MATTERS = frozenset({"sps_score", "sps_tier"})

    sps_score: Decimal | None = None
    sps_tier: str | None = None
    peer_percentile: Decimal | None = None
    dimensions: list[ScoreDimension] | None = None
    evaluate_duration_days: int | None = None
    start_evaluation_time: int | None = None
    end_evaluation_time: int | None = None
    update_time: int | None = None


class ChatPerformance(Wire):
    support_session_count: Decimal | None = None
    response_percentage: Decimal | None = None
    satisfaction_percentage: Decimal | None = None
    response_time_mins: Decimal | None = None
    conversion_rate: Decimal | None = None
    cs_guided_gmv: Decimal | None = None
    currency: str | None = None


def build_score_metric(wire: ScoreMetric, notes: Notes, about: About) -> Iterable[Record]:
    code = wire.metric_code
    if not code:
        notes.left_out("metric_code", "metric")
        return ()
    marks = wire.benchmarks or Benchmarks()
    rule = wire.calculation_rule or CalculationRule()
    until = notes.at("end_evaluation_time", wire.end_evaluation_time)
    return (
        Metric(
            platform_metric=code,
            platform_name=wire.metric_name or None,
            platform_dimension=wire.dimension or None,
            value=notes.number("value", wire.value),
            unit=UNITS.get(wire.value_unit or "", (wire.value_unit or "").lower() or None),
            platform_unit=wire.value_unit or None,
            target=notes.number("benchmarks.excellent_threshold", marks.excellent_threshold),
            floor=notes.number("benchmarks.poor_threshold", marks.poor_threshold),
            score=notes.number("score", wire.score),
            platform_status=wire.status or None,
            window_days=wire.evaluate_duration_days,
            numerator=notes.number("calculation_rule.numerator_value", rule.numerator_value),
            denominator=notes.number("calculation_rule.denominator_value", rule.denominator_value),
            as_of=until,
            started_at=notes.at("start_evaluation_time", wire.start_evaluation_time),
            ended_at=until,
        ),
    )


def build_score(wire: ScoreOverview, notes: Notes, about: About) -> Iterable[Record]:
    """The score, its percentile among peers, and one figure a dimension."""
    as_of = notes.at("update_time", wire.update_time) or notes.at("end_evaluation_time", wire.end_evaluation_time)
    started_at = notes.at("start_evaluation_time", wire.start_evaluation_time)
    ended_at = notes.at("end_evaluation_time", wire.end_evaluation_time)

    def figure(name: str, value: Decimal | None, unit: str, status: str | None, dimension: str | None = None) -> Metric:
        return Metric(
            platform_metric=name,
            platform_dimension=dimension,
            value=notes.number(name, value),
            unit=unit,
            score=notes.number(name, value) if unit == "score" else None,
            platform_status=status or None,
            window_days=wire.evaluate_duration_days,
            as_of=as_of,
            started_at=started_at,
            ended_at=ended_at,
        )

    if wire.sps_score is not None or wire.sps_tier:
        yield figure("sps_score", wire.sps_score, "score", wire.sps_tier)
    if wire.peer_percentile is not None:
        yield figure("peer_percentile", wire.peer_percentile, "percent", None)
    for dimension in wire.dimensions or ():
        if dimension.name:
            yield figure(dimension.name, dimension.score, "score", dimension.status, dimension.name)


CHAT_UNITS: Final = {
    "support_session_count": "count",
    "response_percentage": "percent",
    "satisfaction_percentage": "percent",
    "response_time_mins": "minutes",
    "conversion_rate": "percent",
}


def build_chat(wire: ChatPerformance, notes: Notes, about: About) -> Iterable[Record]:
    """Shop-wide chat figures. `response_percentage` is of 24 hours, automatic answers included; there is no 12-hour rate."""
    units: dict[str, str | None] = {**CHAT_UNITS, "cs_guided_gmv": wire.currency or None}
    for name, unit in units.items():
        value = notes.number(name, getattr(wire, name))
        if value is not None:
            yield Metric(
                platform_metric=name,
                value=value,
                unit=unit,
                from_date=about.get("from_date"),
                until_date=about.get("until_date"),
            )


class RatedOrder(Wire):
    """An order behind the negative review rate: stars without a text, the only trace of reviews in this API."""

    MATTERS = frozenset({"order_id", "user_review_rating"})

    order_id: Id = None
    product_id: Id = None
    sku_id: Id = None
    product_name: str | None = None
    user_review_rating: Decimal | None = None


def build_rated_order(wire: RatedOrder, notes: Notes, about: About) -> Iterable[Record]:
    order_id = digits(wire.order_id)
    if order_id is None:
        notes.left_out("order_id", "review")
        return ()
    return (
        Review(
            platform_order_id=order_id,
            platform_listing_id=digits(wire.product_id),
            platform_sku_id=digits(wire.sku_id),
            title=wire.product_name or None,
            stars=notes.number("user_review_rating", wire.user_review_rating),
        ),
    )


parse_problem_details = list_parser("nrr_problem_order_items", RatedOrder, build_rated_order)
parse_score = thing_parser(None, ScoreOverview, build_score)
parse_score_metrics = list_parser("metrics", ScoreMetric, build_score_metric)
parse_diagnosis = thing_parser(None, ScoreMetric, build_score_metric)
parse_chat_performance = thing_parser("performance", ChatPerformance, build_chat)
parse_receipt = receipt_parser()

# Analytics come as trees whose leaves are figures, in a shape that changes with every version of the call. So the tree is walked
# and every leaf becomes a metric under its own name, whatever the version.

NOT_FIGURES: Final = frozenset({"id", "product_id", "sku_id", "index", "start_date", "end_date", "type", "currency"})


def parse_analytics(body: bytes, about: About) -> Parsed:
    """Any answer of the analytics calls: figures by day, by hour, by product or by SKU."""
    parsed, data = open_answer(body)
    if data is None:
        return parsed
    tree = plain(data)
    if not isinstance(tree, dict):
        parsed.unreadable = True
        return parsed
    parsed.next_page = tree.get("next_page_token") if isinstance(tree.get("next_page_token"), str) else None
    parsed.next_page = parsed.next_page or None
    notes = Notes("data", parsed.problems)
    for metric in _figures(tree, notes, about):
        parsed.items.append((metric, bytes(data)))
    return parsed


def _figures(tree: Mapping[str, Any], notes: Notes, about: About) -> Iterator[Metric]:
    performance = tree.get("performance")
    shop: Mapping[str, Any] = performance if isinstance(performance, dict) else {}
    as_of = shop.get("latest_available_timestamp")
    at = notes.at("performance.latest_available_timestamp", as_of) if isinstance(as_of, int) else None
    listed = {"performance.intervals": shop.get("intervals"), "products": tree.get("products"), "skus": tree.get("skus")}
    for path, elements in listed.items():
        for element in elements if isinstance(elements, list) else ():
            if isinstance(element, dict):
                yield from _leaves(
                    element, Metric(platform_metric="", as_of=at, **_scope(element, path, about)), notes.under(path)
                )
    overall = shop.get("overall")
    if isinstance(overall, dict):
        yield from _leaves(
            overall, Metric(platform_metric="", as_of=at, from_date=about.get("from_date")), notes.under("overall")
        )


def _scope(element: Mapping[str, Any], path: str, about: About) -> dict[str, Any]:
    """What an element's figures are about: a listing, a SKU, a span of days, an hour."""
    own_id = _id(element.get("id"))
    hour = element.get("index")
    return {
        "platform_listing_id": own_id if path == "products" else _id(element.get("product_id")) or about.get("product_id"),
        "platform_sku_id": own_id if path == "skus" else None,
        "from_date": _text(element.get("start_date")) or about.get("from_date"),
        "until_date": _text(element.get("end_date")) or about.get("until_date"),
        "hour": hour if isinstance(hour, int) and not isinstance(hour, bool) else None,
    }


def _leaves(tree: Mapping[str, Any], like: Metric, notes: Notes) -> Iterator[Metric]:
    """A metric for every figure in the tree, in whatever depth, with the scope of `like`."""
    for name, value in tree.items():
        if name in NOT_FIGURES:
            continue
        if isinstance(value, dict) and "amount" not in value:
            yield from _leaves(value, like, notes)
        elif isinstance(value, list):
            for part in value:
                if isinstance(part, dict) and "amount" in part:
                    yield from _figure(name, part, like, notes, part=_text(part.get("type")))
        else:
            yield from _figure(name, value, like, notes, part=None)


def _figure(name: str, value: Any, like: Metric, notes: Notes, *, part: str | None) -> Iterator[Metric]:
    told = value.get("amount") if isinstance(value, dict) else value
    currency = _text(value.get("currency")) if isinstance(value, dict) else None
    number = _number(told)
    if number is None:
        if told is not None and told != "":
            notes.note(name, "is no figure; left out")
        return
    unit = currency or ("count" if isinstance(told, int) else "ratio")
    yield Metric(
        platform_metric=name,
        platform_part=part,
        value=number,
        unit=unit,
        as_of=like.as_of,
        platform_listing_id=like.platform_listing_id,
        platform_sku_id=like.platform_sku_id,
        from_date=like.from_date,
        until_date=like.until_date,
        hour=like.hour,
    )


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        number = Decimal(str(value).strip())
    except ArithmeticError:
        return None
    return Notes("", []).number("", number)


def _id(value: Any) -> str | None:
    return digits(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
