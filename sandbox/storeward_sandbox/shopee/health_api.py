"""/account_health: metrics with their targets, what stands behind them, points, punishments, late orders."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from storeward_sandbox.clock import DAY, Instant

from . import measures
from .call import Call, Json
from .errors import bad_parameter
from .items import items_of
from .measures import CHAT_PERIOD, RETURNED, SELLER, SYSTEM, Period, chatting, current
from .orders import Order
from .paging import Page, by_number
from .penalties import ongoing, points_now, punishments_now, record_of, total
from .registry import Payload, operation
from .shop import Shop
from .wire_form import number

FULFILMENT, LISTING, SERVICE = 1, 2, 3
COUNT, PERCENT, SECONDS, DAYS = 1, 2, 3, 4
Metric = tuple[int, int, int, str, Decimal | None, Decimal | None, int, int | Decimal, str]
"""Type, id, parent, name, this period, the last, unit, target, comparator."""


@operation("account_health.get_shop_performance", "GET")
def get_shop_performance(call: Call) -> Payload:
    rows = metrics(call.shop)
    failed = {kind: sum(row[0] == kind and failing(row) for row in rows) for kind in (FULFILMENT, LISTING, SERVICE)}
    return {
        "overall_performance": {
            "rating": rating(call.shop, sum(failed.values())),
            "fulfillment_failed": failed[FULFILMENT],
            "listing_failed": failed[LISTING],
            "custom_service_failed": failed[SERVICE],
        },
        "metric_list": [_metric(row) for row in rows],
    }


def rating(shop: Shop, failed: int) -> int:
    """1 poor, 2 improvement needed, 3 good, 4 excellent."""
    tier = record_of(shop).tier
    if tier >= 3 or failed >= 4:
        return 1
    if tier >= 1 or failed >= 2:
        return 2
    return 3 if failed else 4


def failing(row: Metric) -> bool:
    """Measured, and not as it should be. What was not measured never fails."""
    value, target, comparator = row[4], row[7], row[8]
    if value is None:
        return False
    kept = {"<": value < target, "<=": value <= target, ">": value > target, ">=": value >= target, "=": value == target}
    return not kept[comparator]


def _metric(row: Metric) -> Json:
    kind, metric_id, parent, name, now, last, unit, target, comparator = row
    return {
        "metric_type": kind,
        "metric_id": metric_id,
        "parent_metric_id": parent,
        "metric_name": name,
        "current_period": None if now is None else number(now),
        "last_period": None if last is None else number(last),
        "unit": unit,
        "target": {"value": number(Decimal(target)), "comparator": comparator},
        "exemption_end_date": "",
    }


def metrics(shop: Shop) -> list[Metric]:
    return [*_fulfilment(shop), *_listing(shop), *_service(shop)]


def _fulfilment(shop: Shop) -> list[Metric]:
    week = current(shop)
    late_target = 20 if shop.cross_border else 10

    def lost(period: Period, *kinds: int) -> Decimal | None:
        return measures.unfulfilled_rate(shop, period, *kinds)

    def both(measure: Any) -> tuple[Decimal | None, Decimal | None]:
        return measure(shop, week), measure(shop, week.before)

    every, called_off = (SYSTEM, SELLER, RETURNED), (SYSTEM, SELLER)
    return [
        (1, 3, 0, "non_fulfillment_rate", lost(week, *every), lost(week.before, *every), PERCENT, 10, "<"),
        (1, 42, 3, "cancellation_rate", lost(week, *called_off), lost(week.before, *called_off), PERCENT, 5, "<"),
        (1, 43, 3, "return_refund_rate", lost(week, RETURNED), lost(week.before, RETURNED), PERCENT, 5, "<"),
        (1, 1, 0, "late_shipment_rate", *both(measures.late_rate), PERCENT, late_target, "<"),
        (1, 4, 0, "preparation_time", *both(measures.preparation_days), DAYS, 2, "<"),
        (1, 25, 0, "same_day_handover_rate", *both(measures.fast_rate), PERCENT, 60, ">="),
    ]


def _listing(shop: Shop) -> list[Metric]:
    def count(*kinds: int) -> tuple[Decimal, Decimal]:
        now = Decimal(measures.violations(shop, *kinds))
        return now, now

    share = measures.pre_order_share(shop)
    return [
        (2, 52, 0, "severe_listing_violations", *count(1, 2, 3), COUNT, 0, "<="),
        (2, 56, 52, "spam_listings", *count(3), COUNT, 0, "<="),
        (2, 55, 52, "counterfeit_ip_infringement", *count(2), COUNT, 0, "<="),
        (2, 54, 52, "prohibited_listings", *count(1), COUNT, 0, "<="),
        (2, 53, 0, "other_listing_violations", *count(5), COUNT, 0, "<="),
        (2, 12, 0, "pre_order_listing_rate", share, share, PERCENT, 5, "<="),
    ]


def _service(shop: Shop) -> list[Metric]:
    month = current(shop, CHAT_PERIOD)
    now, before = chatting(shop, month), chatting(shop, month.before)

    def days(seconds: Decimal | None) -> Decimal | None:
        return None if seconds is None else (seconds / DAY).quantize(Decimal("0.01"))

    least = Decimal("4.5")
    stars, earlier = measures.rating(shop, month.end), measures.rating(shop, month.start)
    return [
        (3, 11, 0, "response_rate", now.rate, before.rate, PERCENT, 70, ">="),
        (3, 21, 0, "response_time", days(now.seconds), days(before.seconds), DAYS, 1, "<"),
        (3, 23, 0, "non_responded_chats", Decimal(now.unanswered), Decimal(before.unanswered), COUNT, 10, "<"),
        (3, 22, 0, "shop_rating", stars, earlier, COUNT, least, ">="),
    ]


# --- behind a metric --------------------------------------------------------------------------------------------------


@operation("account_health.get_metric_source_detail", "GET")
def get_metric_source_detail(call: Call) -> Payload:
    """The id comes back under two names, by the reference and by its example."""
    metric_id = call.number("metric_id")
    name, rows = _sources(call.shop, metric_id)
    page = _page(call, rows)
    spelt = "metric_id" if call.shop.number % 2 == 0 else "metrics_id"
    return {spelt: metric_id, name: list(page.rows), "total_count": page.total}


def _sources(shop: Shop, metric_id: int) -> tuple[str, list[Json]]:
    """The name of the list behind a metric, and its rows. Raises ApiError for a metric without sources."""
    week = current(shop)
    if metric_id == 3:
        return "nfr_order_list", [_lost(one, kind) for one, kind in measures.unfulfilled(shop, week)]
    if metric_id == 42:
        rows = [(one, kind) for one, kind in measures.unfulfilled(shop, week) if kind != RETURNED]
        return "cancellation_order_list", [
            {"order_sn": one.sn, "cancellation_type": kind, "detailed_reason": 1001} for one, kind in rows
        ]
    if metric_id == 43:
        back = [one for one, kind in measures.unfulfilled(shop, week) if kind == RETURNED]
        return "return_refund_order_list", [{"order_sn": one.sn, "detailed_reason": 10005} for one in back]
    if metric_id == 1:
        return "lsr_order_list", [_late_source(one, shop.now) for one in measures.late(shop, week)]
    if metric_id == 4:
        return "apt_order_list", [_prepared(one) for one in measures.shipped(shop, week)]
    if metric_id == 25:
        slow = [one for one in measures.shipped(shop, week) if one.pickup_time - one.ready_time > DAY]
        return "fhr_order_list", [_handover(shop, one) for one in slow]
    if metric_id in (52, 53):
        kinds = (1, 2, 3) if metric_id == 52 else (5,)
        flaws = [(one.id, one.violation) for one in items_of(shop).values() if one.violation is not None]
        return "violation_listing_list", [
            {"item_id": item_id, "detailed_reason": flaw.number, "update_time": flaw.since}
            for item_id, flaw in flaws
            if flaw.number in kinds
        ]
    if metric_id == 12:
        held = [one for one in items_of(shop).values() if one.pre_order_days]
        return "pre_order_listing_list", [{"item_id": one.id, "current_pre_order_status": 1} for one in held]
    raise bad_parameter("metric_id has no source detail.")


def _lost(order: Order, kind: int) -> Json:
    return {"order_sn": order.sn, "non_fulfillment_type": kind, "detailed_reason": 1001 if kind != RETURNED else 10005}


def days_late(order: Order, now: Instant) -> int:
    return max(1, -(-((order.pickup_time or now) - order.due.ship_by) // DAY))


def _late_source(order: Order, now: Instant) -> Json:
    return {
        "order_sn": order.sn,
        "shipping_deadline": order.due.ship_by,
        "actual_shipping_time": order.arranged_time,
        "late_by_days": days_late(order, now),
        "actual_pick_up_time": order.pickup_time,
        "shipping_channel": order.channel.name,
        "first_mile_type": "pickup",
        "diagnosis_scenario": [],
    }


def _prepared(order: Order) -> Json:
    return {
        "order_sn": order.sn,
        "order_create_time": order.create_time,
        "arrange_pick_up_time": order.arranged_time,
        "actual_pick_up_time": order.pickup_time,
        "preparation_days": number((Decimal(order.pickup_time - order.ready_time) / DAY).quantize(Decimal("0.01"))),
        "shipping_channel": order.channel.name,
        "first_mile_type": "pickup",
        "first_mile_tracking_no": "",
    }


def _handover(shop: Shop, order: Order) -> Json:
    return {
        "order_sn": order.sn,
        "parcel_id": int(order.package_numbers[0].removeprefix("OFG")),
        "parcel_display_id": order.package_numbers[0],
        "confirm_time": order.ready_time,
        "handover_deadline": order.due.ship_by,
        "fast_handover_due_date": order.ready_time + DAY,
        "arrange_pick_up_time": order.arranged_time,
        "handover_time": order.pickup_time,
        "shipping_channel": order.channel.name,
        "first_mile_type": "pickup",
        "first_mile_tracking_no": "",
        "diagnosis_scenario": [],
    }


def _page(call: Call, rows: Sequence[Any]) -> Page[Any]:
    return by_number(call, rows, first=1, most=100, default=10)


# --- points, punishments, lists ---------------------------------------------------------------------------------------


@operation("account_health.get_penalty_point_history", "GET")
def get_penalty_point_history(call: Call) -> Payload:
    wanted = call.optional("violation_type")
    page = _page(call, [one for one in points_now(call.shop) if wanted in (None, one.kind)])
    rows = [
        {
            "issue_time": one.issued,
            "latest_point_num": one.left,
            "original_point_num": one.original,
            "reference_id": one.reference_id,
            "violation_type": one.kind,
        }
        for one in page.rows
    ]
    return {"penalty_point_list": rows, "total_count": page.total}


@operation("account_health.get_punishment_history", "GET")
def get_punishment_history(call: Call) -> Payload:
    status = call.between("punishment_status", 1, 2)
    found = [one for one in punishments_now(call.shop) if one.ongoing(call.now) == (status == 1)]
    page = _page(call, found)
    rows = [
        {
            "issue_time": one.start,
            "start_time": one.start,
            "end_time": one.end,
            "punishment_type": one.kind,
            "reason": one.tier,
            "reference_id": one.reference_id,
        }
        for one in page.rows
    ]
    return {"punishment_list": rows, "total_count": page.total}


@operation("account_health.get_listings_with_issues", "GET")
def get_listings_with_issues(call: Call) -> Payload:
    found = [(one.id, one.violation.number) for one in items_of(call.shop).values() if one.violation is not None]
    page = _page(call, found)
    return {"listing_list": [{"item_id": one, "reason": reason} for one, reason in page.rows], "total_count": page.total}


@operation("account_health.get_late_orders", "GET")
def get_late_orders(call: Call) -> Payload:
    """Overdue orders that have not been handed over."""
    found = sorted(measures.overdue(call.shop, call.now), key=lambda one: one.due.ship_by)
    page = _page(call, found)
    rows = [
        {"order_sn": one.sn, "shipping_deadline": one.due.ship_by, "late_by_days": days_late(one, call.now)} for one in page.rows
    ]
    return {"late_order_list": rows, "total_count": page.total}


@operation("account_health.shop_penalty", "GET")
def shop_penalty(call: Call) -> Payload:
    """The old summary, which some clients still read."""
    points = points_now(call.shop)

    def of(*kinds: int) -> int:
        return sum(one.left for one in points if one.kind in kinds)

    running = {one.tier: one for one in ongoing(call.shop)}
    late, lost, listings = of(5, 8), of(6, 7), of(9, 10, 11)
    return {
        "penalty_points": {
            "overall_penalty_points": total(call.shop),
            "non_fulfillment_rate": lost,
            "late_shipment_rate": late,
            "listing_violations": listings,
            "others": total(call.shop) - late - lost - listings,
        },
        "ongoing_punishment": [
            {"punishment_tier": tier, "days_left": -(-(one.end - call.now) // DAY), "punishment_name": "deboost"}
            for tier, one in sorted(running.items())
        ],
    }
