"""Figures of the platform's own: shop score (US), chat performance, shop analytics (fact sheet sections 14 and 17).

Units are inconsistent in the reference: values as percent in one place, thresholds as ratio beside them. Both are kept as
measured; `platform_status` is the safe field.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, TypeAlias

import msgspec

from storeward.canon import Metric, Record, Review
from storeward.connectors.contract import Level, Parsed, Problem, Request
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


class TrendPoint(Wire):
    record_date: Id = None
    value: Decimal | None = None


class Trend(Wire):
    data_points: list[TrendPoint] | None = None


class Share(Wire):
    name: str | None = None
    count: Decimal | None = None
    percent: Decimal | None = None


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
    trend: Trend | None = None
    distribution_details: list[Share] | None = None
    evaluate_duration_days: int | None = None
    start_evaluation_time: int | None = None
    end_evaluation_time: int | None = None


class ScoreDimension(Wire):
    name: str | None = None
    score: Decimal | None = None
    weight: Decimal | None = None
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
        return
    marks = wire.benchmarks or Benchmarks()
    rule = wire.calculation_rule or CalculationRule()
    until = notes.at("end_evaluation_time", wire.end_evaluation_time)
    unit = UNITS.get(wire.value_unit or "", (wire.value_unit or "").lower() or None)
    yield Metric(
        platform_metric=code,
        platform_name=wire.metric_name or None,
        platform_dimension=wire.dimension or None,
        value=notes.number("value", wire.value),
        unit=unit,
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
    )
    like = Metric(platform_metric=code, unit=unit, platform_unit=wire.value_unit or None)
    yield from _trend(wire.trend or Trend(), like, notes)
    yield from _shares(wire.distribution_details or (), like, notes)


def _trend(trend: Trend, like: Metric, notes: Notes) -> Iterator[Metric]:
    """The same figure on earlier days, which come as `yyyyMMdd`."""
    for at, point in enumerate(trend.data_points or ()):
        where = f"trend.data_points[{at}]"
        day = _day(digits(point.record_date))
        if day is None:
            notes.note(f"{where}.record_date", "is no date; left out")
            continue
        yield msgspec.structs.replace(
            like,
            value=notes.number(f"{where}.value", point.value),
            from_date=day.isoformat(),
            until_date=(day + timedelta(days=1)).isoformat(),
        )


def _shares(shares: Sequence[Share], like: Metric, notes: Notes) -> Iterator[Metric]:
    """What the figure is made of: how many, and what share of the whole."""
    for at, share in enumerate(shares):
        if share.name:
            yield msgspec.structs.replace(
                like,
                platform_part=share.name,
                value=notes.number(f"distribution_details[{at}].percent", share.percent),
                unit="percent",
                platform_unit=None,
                numerator=notes.number(f"distribution_details[{at}].count", share.count),
            )


def _day(told: str | None) -> date | None:
    try:
        return date.fromisoformat(told or "")
    except ValueError:
        return None


def build_score(wire: ScoreOverview, notes: Notes, about: About) -> Iterable[Record]:
    """The score, its percentile among peers, and one figure a dimension."""
    as_of = notes.at("update_time", wire.update_time) or notes.at("end_evaluation_time", wire.end_evaluation_time)
    started_at = notes.at("start_evaluation_time", wire.start_evaluation_time)
    ended_at = notes.at("end_evaluation_time", wire.end_evaluation_time)

    def figure(name: str, field: str, value: Decimal | None, unit: str, status: str | None) -> Metric:
        number = notes.number(field, value)
        return Metric(
            platform_metric=name,
            value=number,
            unit=unit,
            score=number if unit == "score" else None,
            platform_status=status or None,
            window_days=wire.evaluate_duration_days,
            as_of=as_of,
            started_at=started_at,
            ended_at=ended_at,
        )

    if wire.sps_score is not None or wire.sps_tier:
        yield figure("sps_score", "sps_score", wire.sps_score, "score", wire.sps_tier)
    if wire.peer_percentile is not None:
        yield figure("peer_percentile", "peer_percentile", wire.peer_percentile, "percent", None)
    for at, dimension in enumerate(wire.dimensions or ()):
        where = f"dimensions[{at}]"
        if dimension.name:
            yield msgspec.structs.replace(
                figure(dimension.name, f"{where}.score", dimension.score, "score", dimension.status),
                platform_dimension=dimension.name,
                weight=notes.number(f"{where}.weight", dimension.weight),
            )
        else:
            notes.left_out(f"{where}.name", "dimension")


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

WORDS: Final = ("channel", "type", "content_type", "stars", "creator_open_id", "content_id", "logistics_provider")
"""Members that say which part of the whole an element's figures are of."""
NOT_FIGURES: Final = frozenset(
    {"id", "product_id", "sku_id", "index", "start_date", "end_date", "currency", "product_name", "image_url"}
    | {"creator_name", "creator_profile", "top_aftersales_type_name", *WORDS}
)
WHOLE: Final = frozenset({"sales", "traffic", "total_performance", "breakdowns", "cancel_and_refunds"})
"""Groups of figures of the whole; any other group (`seller_live_performance`) is a part, and the same names come in each."""
SPANS: Final = ("intervals", "comparison_intervals")


def parse_analytics(body: bytes, about: About) -> Parsed:
    """Any answer of the analytics calls: figures by day, by hour, by product or by SKU."""
    return _parse_tree(body, about, _figures)


def parse_top_items(body: bytes, about: About) -> Parsed:
    """What pulls a metric down most: products, or carriers, each with its figures."""
    return _parse_tree(body, about, _top_items)


Told: TypeAlias = tuple[Mapping[str, Any], Metric]
"""A figure, and the part of the answer in which it stands: a day, a product ..."""
AS_SENT: Final = msgspec.json.Encoder(decimal_format="number")


def _parse_tree(body: bytes, about: About, walk: Callable[[Mapping[str, Any], Notes, About], Iterator[Told]]) -> Parsed:
    """The figures, each with its own part of the answer as payload: hundreds of them share one answer, and a new day in it is no
    change of the days before.
    """
    parsed, data = open_answer(body)
    if data is None:
        return parsed
    tree = plain(data)
    if not isinstance(tree, dict):
        parsed.unreadable = True
        parsed.problems.append(Problem("data", "is not an object: nothing can be read", Level.ERROR))
        return parsed
    parsed.next_page = _text(tree.get("next_page_token"))
    parsed.total = _count(tree.get("total_count"))
    seen: set[bytes] = set()
    for part, metrics in groupby(walk(tree, Notes("data", parsed.problems), about), key=itemgetter(0)):
        payload = AS_SENT.encode(part)
        for _, metric in metrics:
            told = msgspec.json.encode(metric)
            if told not in seen:  # a span to compare with may be the span itself
                seen.add(told)
                parsed.items.append((metric, payload))
    return parsed


def _figures(tree: Mapping[str, Any], notes: Notes, about: About) -> Iterator[Told]:
    performance = tree.get("performance")
    shop: Mapping[str, Any] = performance if isinstance(performance, dict) else {}
    as_of = shop.get("latest_available_timestamp")
    at = notes.at("performance.latest_available_timestamp", as_of) if isinstance(as_of, int) else None
    listed = {f"performance.{span}": shop.get(span) for span in SPANS} | {name: tree.get(name) for name in ("products", "skus")}
    for path, elements in listed.items():
        for element, where in _objects(elements, notes.under(path)):
            yield from _of(element, Metric(platform_metric="", as_of=at, **_scope(element, path, about)), where)
    whole = Metric(
        platform_metric="",
        as_of=at,
        platform_listing_id=about.get("product_id"),
        from_date=about.get("from_date"),
        until_date=about.get("until_date"),
    )
    within = notes.under("performance")
    overall = shop.get("overall")
    if isinstance(overall, dict):
        yield from _of(overall, msgspec.structs.replace(whole, until_date=None), within.under("overall"))
    for name in ("ratings", "top_contents", "top_creators"):
        for element, where in _objects(shop.get(name), within.under(name)):
            yield from _of(element, _part(_part(whole, name), *_words(element)), where)


def _top_items(tree: Mapping[str, Any], notes: Notes, about: About) -> Iterator[Told]:
    code = _text(tree.get("metric_code"))
    for name, elements in tree.items():
        for element, where in _objects(elements, notes.under(name)):
            like = Metric(platform_metric="", platform_part=code, platform_listing_id=_id(element.get("product_id")))
            yield from _of(element, _part(like, *_words(element)), where)


def _of(element: Mapping[str, Any], like: Metric, notes: Notes) -> Iterator[Told]:
    """The element's figures, each with the element."""
    return ((element, metric) for metric in _leaves(element, like, notes))


def _objects(elements: Any, notes: Notes) -> Iterator[tuple[Mapping[str, Any], Notes]]:
    """Those of a list's elements that are objects, each with where it stands."""
    for at, element in enumerate(elements if isinstance(elements, list) else ()):
        if isinstance(element, dict):
            yield element, Notes(f"{notes.path}[{at}]", notes.problems)


def _scope(element: Mapping[str, Any], path: str, about: About) -> dict[str, Any]:
    """What an element's figures are about: a listing, a SKU, a span of days, an hour."""
    own_id = _id(element.get("id"))
    return {
        "platform_listing_id": own_id if path == "products" else _id(element.get("product_id")) or about.get("product_id"),
        "platform_sku_id": own_id if path == "skus" else None,
        "from_date": _text(element.get("start_date")) or about.get("from_date"),
        "until_date": _text(element.get("end_date")) or about.get("until_date"),
        "hour": _count(element.get("index")),
    }


def _words(element: Mapping[str, Any]) -> list[str]:
    """The platform's words for the part that an element is of."""
    return [word for name in WORDS if (word := _text(element.get(name))) is not None]


def _part(like: Metric, *words: str) -> Metric:
    """The scope narrowed to a part; several words are joined by `+`."""
    told = [*([like.platform_part] if like.platform_part else []), *words]
    return msgspec.structs.replace(like, platform_part="+".join(told) or None)


def _leaves(tree: Mapping[str, Any], like: Metric, notes: Notes) -> Iterator[Metric]:
    """A metric for every figure in the tree, in whatever depth, with the scope of `like`."""
    for name, value in tree.items():
        if name in NOT_FIGURES:
            continue
        if isinstance(value, dict) and "amount" not in value:
            yield from _leaves(value, like if name in WHOLE else _part(like, name), notes.under(name))
        elif isinstance(value, list):
            for element, where in _objects(value, notes.under(name)):
                scope = _part(like, *_words(element))
                yield from _figure(name, element, scope, where) if "amount" in element else _leaves(element, scope, where)
        else:
            yield from _figure(name, value, like, notes.under(name))


def _figure(name: str, value: Any, like: Metric, notes: Notes) -> Iterator[Metric]:
    told = value.get("amount") if isinstance(value, dict) else value
    currency = _text(value.get("currency")) if isinstance(value, dict) else None
    number = _number(told)
    if number is None:
        if told is not None and told != "":
            notes.note("amount" if isinstance(value, dict) else "", "is no figure; left out")
        return
    unit = currency or ("count" if isinstance(told, int) else "ratio")
    yield msgspec.structs.replace(like, platform_metric=name, value=number, unit=unit)


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


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
