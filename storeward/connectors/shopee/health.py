"""Performance, penalty points and punishments (fact sheet section 17).

A figure without a value was not measured: never a failure. Targets differ by market and change, so the answer's own are kept.
Points and punishments are those of the current quarter only.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from storeward.canon import Metric, Points, Record, Violation
from storeward.connectors.contract import Parsed, Request
from storeward.connectors.wire import Id, Notes, Wire, digits, fields_of, more

from .codes import METRIC_UNIT, PUNISHMENT_STATE
from .envelope import About, build_all, list_parser, note_page_end, open_answer, rows_of, thing_parser
from .requests import get, numbered

PAGE_SIZE: Final = 100
ONGOING, ENDED = 1, 2


def performance_request() -> Request:
    return get("account_health.get_shop_performance")


def source_request(metric_id: str, *, page_size: int = PAGE_SIZE) -> Request:
    """The orders or listings behind a figure."""
    request = numbered("account_health.get_metric_source_detail", 1, page_size, {"metric_id": metric_id})
    return Request(request.operation, "GET", request.path, request.query, about={**request.about, "metric_id": metric_id})


def points_request(*, page_size: int = PAGE_SIZE) -> Request:
    return numbered("account_health.get_penalty_point_history", 1, page_size)


def punishments_request(status: int = ONGOING, *, page_size: int = PAGE_SIZE) -> Request:
    query = {"punishment_status": str(status)}
    request = numbered("account_health.get_punishment_history", 1, page_size, query)
    return Request(request.operation, "GET", request.path, request.query, about={**request.about, **query})


def issues_request(*, page_size: int = PAGE_SIZE) -> Request:
    return numbered("account_health.get_listings_with_issues", 1, page_size)


def late_orders_request(*, page_size: int = PAGE_SIZE) -> Request:
    return numbered("account_health.get_late_orders", 1, page_size)


class Target(Wire):
    value: Decimal | None = None
    comparator: str | None = None


class Figure(Wire):
    MATTERS = frozenset({"metric_id"})

    metric_type: Id = None
    metric_id: Id = None
    parent_metric_id: Id = None
    metric_name: str | None = None
    current_period: Decimal | None = None
    last_period: Decimal | None = None
    unit: Id = None
    target: Target | None = None
    exemption_end_date: str | None = None


class Overall(Wire):
    rating: Decimal | None = None
    fulfillment_failed: Decimal | None = None
    listing_failed: Decimal | None = None
    custom_service_failed: Decimal | None = None


class Performance(Wire):
    overall_performance: Overall | None = None
    metric_list: list[Figure] | None = None


MEETS: Final[Mapping[str, Callable[[Decimal, Decimal], bool]]] = {
    "<": lambda value, target: value < target,
    "<=": lambda value, target: value <= target,
    ">": lambda value, target: value > target,
    ">=": lambda value, target: value >= target,
    "=": lambda value, target: value == target,
}
LAST_PERIOD: Final = "last_period"


def build_performance(wire: Performance, notes: Notes, about: About) -> Iterable[Record]:
    """The rating as a whole, how many figures of each kind miss their target, and each figure of this period and the last."""
    overall = wire.overall_performance or Overall()
    for name in ("rating", "fulfillment_failed", "listing_failed", "custom_service_failed"):
        value = notes.number(f"overall_performance.{name}", getattr(overall, name))
        if value is not None:
            yield Metric(platform_metric=name, platform_name=name, value=value, unit="number")
    for at, figure in enumerate(wire.metric_list or ()):
        yield from _figures(figure, notes.under(f"metric_list[{at}]"))


def _figures(wire: Figure, notes: Notes) -> Iterable[Record]:
    metric_id = digits(wire.metric_id)
    if metric_id is None:
        notes.left_out("metric_id", "figure")
        return
    yield _figure(wire, metric_id, None, wire.current_period, notes)
    if wire.last_period is not None:
        yield _figure(wire, metric_id, LAST_PERIOD, wire.last_period, notes)


def _figure(wire: Figure, metric_id: str, part: str | None, value: Decimal | None, notes: Notes) -> Metric:
    target = wire.target or Target()
    unit = str(wire.unit) if wire.unit not in (None, "") else None
    told, wanted = notes.number(part or "current_period", value), notes.number("target.value", target.value)
    meets = MEETS.get(target.comparator or "")
    return Metric(
        platform_metric=metric_id,
        platform_name=wire.metric_name or None,
        value=told,
        unit=METRIC_UNIT.get(unit or ""),
        platform_unit=unit,
        target=wanted,
        platform_target=target.comparator or None,
        target_met=meets(told, wanted) if meets is not None and told is not None and wanted is not None else None,
        platform_dimension=str(wire.metric_type) if wire.metric_type not in (None, "") else None,
        platform_part=part,
        platform_more=more(wire, "parent_metric_id", "exemption_end_date"),
    )


class Behind(Wire):
    """A row behind a figure: an order or a listing, with what is measured of it."""

    order_sn: str | None = None
    parcel_id: Id = None
    item_id: Id = None
    late_by_days: Decimal | None = None
    preparation_days: Decimal | None = None
    shipping_deadline: int | None = None
    handover_deadline: int | None = None
    fast_handover_due_date: int | None = None
    confirm_time: int | None = None
    actual_shipping_time: int | None = None
    actual_pick_up_time: int | None = None
    non_fulfillment_type: Id = None
    detailed_reason: Id = None
    cancellation_type: Id = None
    shipping_channel: str | None = None
    first_mile_type: str | None = None
    diagnosis_scenario: list[Any] | None = None
    parcel_display_id: str | None = None
    arrange_pick_up_time: int | None = None
    handover_time: int | None = None
    first_mile_tracking_no: str | None = None
    order_id: Id = None
    order_create_time: int | None = None
    paid_time: int | None = None
    estimated_delivery_date: int | None = None
    real_delivery_time: int | None = None
    difference_between_edd_rdt: Decimal | None = None
    date: str | None = None
    target: Decimal | None = None
    opfr: Decimal | None = None
    scheduled_pickup_num: Decimal | None = None
    failed_pickup_num: Decimal | None = None
    pre_order_listing_rate: Decimal | None = None
    pre_order_listing_count: Decimal | None = None
    live_listing_count: Decimal | None = None
    current_pre_order_status: Id = None
    current_sdd_status: Id = None
    current_ndd_status: Id = None
    current_status: Id = None
    update_time: int | None = None


NO_ROWS: Final = frozenset({"metric_id", "metrics_id", "total_count"})


def parse_source(body: bytes, about: About) -> Parsed:
    """Each row of whichever list there is: one kind of figure has one, under a name of its own."""
    parsed, payload = open_answer(body)
    members = fields_of(payload) if payload is not None else None
    if members is None:
        return parsed
    named = members.get("metric_id") or members.get("metrics_id")
    metric_id = bytes(named).decode(errors="replace").strip('" ') if named is not None else about.get("metric_id", "")
    told = {**about, "metric_id": metric_id}
    for name, raw in members.items():
        rows = None if name in NO_ROWS else rows_of(raw)
        build_all(rows or (), f"response.{name}", Behind, build_behind, {**told, "list": name}, parsed)
    note_page_end(members, parsed, about, wrapped=True)
    return parsed


CLASSIFYING: Final = (
    "non_fulfillment_type", "detailed_reason", "cancellation_type", "shipping_channel", "first_mile_type", "diagnosis_scenario",
    "actual_shipping_time", "actual_pick_up_time", "confirm_time", "parcel_display_id", "arrange_pick_up_time", "handover_time",
    "first_mile_tracking_no", "order_id", "order_create_time", "paid_time", "real_delivery_time", "update_time", "parcel_id",
    "fast_handover_due_date",
)  # fmt: skip


STATES: Final = ("current_pre_order_status", "current_sdd_status", "current_ndd_status", "current_status")
"""Flags of listings, of which 0 says something too."""


def _first(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return one if one is not None else other


def build_behind(wire: Behind, notes: Notes, about: About) -> Iterable[Record]:
    """An order, a listing or a day that counts against the store: the figure's part that it is."""
    part = wire.order_sn or digits(wire.parcel_id)
    listing = digits(wire.item_id)
    if part is None and listing is None and not wire.date:
        notes.left_out("order_sn", "row")
        return ()
    days = next((d for d in (wire.late_by_days, wire.preparation_days, wire.difference_between_edd_rdt) if d is not None), None)
    share = wire.opfr if wire.opfr is not None else wire.pre_order_listing_rate
    due = wire.shipping_deadline or wire.handover_deadline or wire.fast_handover_due_date or wire.estimated_delivery_date
    told = more(wire, *CLASSIFYING)
    told |= {name: str(value) for name in STATES if (value := getattr(wire, name)) is not None}
    if kind := about.get("list"):
        told["list"] = kind
    return (
        Metric(
            platform_metric=f"{about.get('metric_id', '')}:source".lstrip(":"),
            platform_part=part,
            platform_listing_id=listing,
            value=notes.number("late_by_days", days if days is not None else share),
            unit="days" if days is not None else "percent" if share is not None else None,
            target=notes.number("target", wire.target),
            from_date=wire.date or None,
            numerator=notes.number("count", _first(wire.failed_pickup_num, wire.pre_order_listing_count)),
            denominator=notes.number("count", _first(wire.scheduled_pickup_num, wire.live_listing_count)),
            ended_at=notes.at("shipping_deadline", due),
            platform_more=told,
        ),
    )


class PointsRow(Wire):
    MATTERS = frozenset({"reference_id", "latest_point_num"})

    issue_time: int | None = None
    latest_point_num: Decimal | None = None
    original_point_num: Decimal | None = None
    reference_id: Id = None
    violation_type: Id = None


def build_points(wire: PointsRow, notes: Notes, about: About) -> Iterable[Record]:
    reference = digits(wire.reference_id)
    if reference is None:
        notes.left_out("reference_id", "entry")
        return ()
    return (
        Points(
            platform_points_id=reference,
            points=notes.number("latest_point_num", wire.latest_point_num),
            original=notes.number("original_point_num", wire.original_point_num),
            platform_reason=digits(wire.violation_type),
            issued_at=notes.at("issue_time", wire.issue_time),
        ),
    )


class Punishment(Wire):
    MATTERS = frozenset({"reference_id", "punishment_type", "end_time"})

    issue_time: int | None = None
    start_time: int | None = None
    end_time: int | None = None
    punishment_type: Id = None
    reason: Id = None
    reference_id: Id = None
    listing_limit: Id = None
    order_limit: Id = None


def build_punishment(wire: Punishment, notes: Notes, about: About) -> Iterable[Record]:
    """A punishment. Whether it still runs is what was asked for."""
    reference = digits(wire.reference_id)
    if reference is None:
        notes.left_out("reference_id", "punishment")
        return ()
    asked = about.get("punishment_status")
    return (
        Violation(
            platform_violation_id=reference,
            platform_status=asked,
            status=PUNISHMENT_STATE.get(asked or "", "unknown"),
            platform_category=digits(wire.punishment_type),
            category="punishment",
            platform_reason=digits(wire.reason),
            notified_at=notes.at("issue_time", wire.issue_time),
            started_at=notes.at("start_time", wire.start_time),
            ended_at=notes.at("end_time", wire.end_time),
            platform_more=more(wire, "listing_limit", "order_limit"),
        ),
    )


class Issue(Wire):
    MATTERS = frozenset({"item_id"})

    item_id: Id = None
    reason: Id = None


def build_issue(wire: Issue, notes: Notes, about: About) -> Iterable[Record]:
    item_id = digits(wire.item_id)
    if item_id is None:
        notes.left_out("item_id", "listing")
        return ()
    reason = digits(wire.reason)
    return (
        Violation(
            platform_violation_id=f"listing:{item_id}:{reason or ''}",
            status="open",
            platform_category=reason,
            platform_reason=reason,
            category="listing",
            platform_subject_id=item_id,
        ),
    )


class LateOrder(Wire):
    MATTERS = frozenset({"order_sn"})

    order_sn: str | None = None
    shipping_deadline: int | None = None
    late_by_days: Decimal | None = None


def build_late_order(wire: LateOrder, notes: Notes, about: About) -> Iterable[Record]:
    """An order that is late now: how many days, and since when."""
    if not wire.order_sn:
        notes.left_out("order_sn", "order")
        return ()
    return (
        Metric(
            platform_metric="late_order",
            platform_part=wire.order_sn,
            value=notes.number("late_by_days", wire.late_by_days),
            unit="days",
            ended_at=notes.at("shipping_deadline", wire.shipping_deadline),
        ),
    )


class PenaltyPoints(Wire):
    overall_penalty_points: Decimal | None = None
    non_fulfillment_rate: Decimal | None = None
    late_shipment_rate: Decimal | None = None
    listing_violations: Decimal | None = None
    others: Decimal | None = None


class OngoingPunishment(Wire):
    punishment_tier: Id = None
    days_left: Decimal | None = None
    punishment_name: str | None = None


class Penalty(Wire):
    """The older call, which is no longer in the platform's catalogue."""

    penalty_points: PenaltyPoints | None = None
    ongoing_punishment: list[OngoingPunishment] | None = None


def build_penalty(wire: Penalty, notes: Notes, about: About) -> Iterable[Record]:
    points = wire.penalty_points or PenaltyPoints()
    for name in ("overall_penalty_points", "non_fulfillment_rate", "late_shipment_rate", "listing_violations", "others"):
        value = notes.number(f"penalty_points.{name}", getattr(points, name))
        if value is not None:
            yield Metric(platform_metric=f"penalty_points.{name}", platform_name=name, value=value, unit="points")
    for at, told in enumerate(wire.ongoing_punishment or ()):
        left = notes.number(f"ongoing_punishment[{at}].days_left", told.days_left)
        tier = digits(told.punishment_tier)
        yield Violation(
            platform_violation_id=f"ongoing:{told.punishment_name or ''}:{tier or ''}",
            status="ongoing",
            platform_category=told.punishment_name or None,
            category="punishment",
            platform_reason=tier,
            platform_more={} if left is None else {"days_left": str(left)},
        )


parse_performance = thing_parser("", Performance, build_performance)
parse_points = list_parser("penalty_point_list", PointsRow, build_points)
parse_punishments = list_parser("punishment_list", Punishment, build_punishment)
parse_issues = list_parser("listing_list", Issue, build_issue)
parse_late_orders = list_parser("late_order_list", LateOrder, build_late_order)
parse_penalty = thing_parser("", Penalty, build_penalty)
