"""Metrics, points, tiers, punishments: counted by hand, issued on Mondays, gone with the quarter, and what they do."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR, parse_instant
from storeward_sandbox.countries import local_day
from storeward_sandbox.shopee import measures, orders, penalties, pushes
from storeward_sandbox.shopee.chat_life import ask as buyer_asks
from storeward_sandbox.shopee.health_api import days_late, failing, metrics, rating
from storeward_sandbox.shopee.items import items_of
from storeward_sandbox.shopee.markets import MARKETS, monday_after
from storeward_sandbox.shopee.measures import RETURNED, SELLER, SYSTEM, Period
from storeward_sandbox.shopee.penalties import (
    THRESHOLDS,
    forbids_edits,
    issue,
    monday,
    ongoing,
    points_now,
    quarter_start,
    record_of,
    remove,
    tier_of,
    total,
    verdict,
)
from storeward_sandbox.shopee.shop import Shop
from storeward_sandbox.shopee.stockroom import violate
from storeward_sandbox.shopee.tests.people import an_order, each, numbered_pages
from storeward_sandbox.shopee.tests.support import (
    START,
    Json,
    ask,
    bare_shop,
    checked,
    go,
    make_shop,
    refused,
    shop_to_read,
    told,
)


def week(shop: Shop) -> Period:
    return Period(shop.now - 7 * DAY, shop.now + 1)


def late_order(shop: Shop) -> orders.Order:
    """Arranged in time, and handed over on the day after its deadline."""
    order = an_order(shop, "PROCESSED")
    go(shop, order.due.ship_by - shop.now + HOUR)
    each(shop, order, orders.collect)
    return order


def forgotten(shop: Shop) -> orders.Order:
    order = an_order(shop)
    go(shop, order.due.cancelled_unarranged - shop.now)
    return order


# --- counting ---------------------------------------------------------------------------------------------------------


def test_too_few_orders_are_not_measured() -> None:
    shop = bare_shop("SG")
    an_order(shop, "SHIPPED")
    assert measures.late_rate(shop, week(shop)) is None
    assert measures.unfulfilled_rate(shop, week(shop), SYSTEM) is None
    assert measures.preparation_days(shop, week(shop)) is None
    assert measures.fast_rate(shop, week(shop)) is None


def test_the_late_share_counts_shipped_late_and_overdue() -> None:
    shop = bare_shop("SG")
    late_order(shop)
    for _ in range(2):
        an_order(shop, "SHIPPED")
    assert measures.late_rate(shop, week(shop)) == Decimal("33.33")
    waiting = an_order(shop)
    go(shop, waiting.due.ship_by - shop.now + 60)
    assert waiting in measures.overdue(shop, shop.now)
    assert measures.late_rate(shop, week(shop)) == Decimal("50.00")


def test_non_fulfilment_has_three_kinds() -> None:
    shop = bare_shop("SG")
    by_system = forgotten(shop)
    by_seller, wished, returned, fine = (an_order(shop) for _ in range(4))
    orders.cancel(shop, by_seller, by="seller", reason="Out of Stock")
    orders.cancel(shop, wished, by="buyer", reason="Buyer Request to Cancel")
    returned.returned = True
    found = dict(measures.unfulfilled(shop, week(shop)))
    assert found == {by_system: SYSTEM, by_seller: SELLER, returned: RETURNED}
    assert fine not in found
    assert measures.unfulfilled_rate(shop, week(shop), SYSTEM, SELLER, RETURNED) == Decimal("60.00")
    assert measures.unfulfilled_rate(shop, week(shop), RETURNED) == Decimal("20.00")


def test_what_the_platform_ships_does_not_count() -> None:
    shop = bare_shop("SG")
    for _ in range(4):
        an_order(shop, by_platform=True)
    assert measures.ready(shop, week(shop)) == []


def test_preparation_is_from_ready_to_pickup() -> None:
    shop = bare_shop("SG")
    for _ in range(3):
        order = an_order(shop, "PROCESSED")
        go(shop, 12 * HOUR)
        each(shop, order, orders.collect)
    days = measures.preparation_days(shop, week(shop))
    assert days is not None
    assert Decimal("0.5") < days < Decimal("0.7")
    assert measures.fast_rate(shop, week(shop)) == 100


def test_chats_are_answered_within_twelve_hours_or_not() -> None:
    shop = bare_shop()
    shop.buyers_on = True
    order = an_order(shop)
    buyer_asks(shop, order, answered=False)
    period = Period(shop.now - DAY, shop.now + DAY)
    assert measures.chatting(shop, period).rate is None
    go(shop, 12 * HOUR + 1)
    found = measures.chatting(shop, period)
    assert (found.answered, found.unanswered, found.seconds) == (0, 1, None)
    assert found.rate == 0


@pytest.mark.parametrize(("deadline", "now", "days"), [(0, 3600, 1), (0, DAY, 1), (0, DAY + 1, 2), (0, 3 * DAY, 3)])
def test_days_of_being_late_are_begun_days(deadline: int, now: int, days: int) -> None:
    shop = bare_shop()
    order = an_order(shop)
    order.due = order.due.__class__(START + deadline, START + 9 * DAY, START + 9 * DAY)
    assert days_late(order, START + now) == days


# --- performance ------------------------------------------------------------------------------------------------------


def test_every_shop_has_figures() -> None:
    for troubles in ((), ("neglected",), ("late_orders",)):
        found = checked(shop_to_read("SG", troubles), "account_health.get_shop_performance")
        rows = {row["metric_id"]: row for row in found["metric_list"]}
        assert len(rows) == 16
        assert rows[52]["current_period"] is not None
        assert rows[42]["parent_metric_id"] == 3
        assert 1 <= found["overall_performance"]["rating"] <= 4


def test_failures_are_counted_by_kind() -> None:
    shop = bare_shop("SG")
    bought = [an_order(shop, "PROCESSED") for _ in range(3)]
    go(shop, bought[-1].due.ship_by - shop.now + HOUR)
    for order in bought:
        each(shop, order, orders.collect)
    go(shop, DAY)
    found = checked(shop, "account_health.get_shop_performance")
    failed = [row for row in metrics(shop) if failing(row)]
    assert 1 in [row[1] for row in failed]
    assert found["overall_performance"]["fulfillment_failed"] == sum(row[0] == 1 for row in failed) >= 1
    assert found["overall_performance"]["listing_failed"] == 0


@pytest.mark.parametrize(
    ("value", "target", "comparator", "fails"),
    [
        (5, 10, "<", False),
        (10, 10, "<", True),
        (10, 10, "<=", False),
        (60, 60, ">=", False),
        (59, 60, ">=", True),
        (None, 1, "<", False),
    ],
)
def test_a_target_is_kept_or_not_and_the_unmeasured_never_fails(
    value: int | None, target: int, comparator: str, fails: bool
) -> None:
    given = None if value is None else Decimal(value)
    assert failing((1, 1, 0, "x", given, None, 2, target, comparator)) is fails


def test_the_rating_falls_with_tiers_and_failures() -> None:
    shop = bare_shop()
    assert [rating(shop, failed) for failed in (0, 1, 2, 4)] == [4, 3, 2, 1]
    record_of(shop).tier = 1
    assert rating(shop, 0) == 2
    record_of(shop).tier = 3
    assert rating(shop, 0) == 1


def test_cross_border_shops_may_be_later() -> None:
    for cross_border, target in ((False, 10), (True, 20)):
        rows = {row[1]: row for row in metrics(bare_shop("SG", cross_border=cross_border))}
        assert rows[1][7] == target


def sources(shop: Shop, metric_id: int, **query: Any) -> Json:
    return dict(checked(shop, "account_health.get_metric_source_detail", query={"metric_id": metric_id, **query}))


def test_what_stands_behind_a_metric() -> None:
    shop = bare_shop("SG")
    slow = [late_order(shop) for _ in range(2)]
    lost = [forgotten(shop) for _ in range(2)]
    go(shop, DAY)
    late = sources(shop, 1)
    assert {row["order_sn"] for row in late["lsr_order_list"]} >= {slow[-1].sn}
    assert all(row["late_by_days"] >= 1 for row in late["lsr_order_list"])
    unfulfilled = sources(shop, 3)["nfr_order_list"]
    assert {(row["order_sn"], row["non_fulfillment_type"]) for row in unfulfilled} == {(order.sn, SYSTEM) for order in lost}
    assert len(sources(shop, 42)["cancellation_order_list"]) == 2
    assert sources(shop, 43)["return_refund_order_list"] == []
    with refused("error_param"):
        sources(shop, 11)


@pytest.mark.parametrize(("number", "name"), [(1, "metrics_id"), (2, "metric_id")])
def test_the_metrics_id_is_spelt_two_ways(number: int, name: str) -> None:
    shop = bare_shop()
    shop.number = number
    assert sources(shop, 1)[name] == 1


def test_overdue_orders_are_listed_on_pages() -> None:
    shop = bare_shop("SG")
    waiting = [an_order(shop) for _ in range(5)]
    go(shop, waiting[-1].due.ship_by - shop.now + HOUR)
    rows = numbered_pages(shop, "account_health.get_late_orders", "late_order_list", first=1, query={"page_size": 2})
    assert sorted(row["order_sn"] for row in rows) == sorted(order.sn for order in waiting)
    assert {row["late_by_days"] for row in rows} == {1}
    assert {row["shipping_deadline"] for row in rows} == {order.due.ship_by for order in waiting}
    with refused("error_param"):
        ask(shop, "account_health.get_late_orders", query={"page_no": 0})


# --- quarters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "now", "start"),
    [
        ("SG", "2026-11-18T04:00:00Z", "2026-10-05"),  # the first Monday of October
        ("SG", "2026-10-04T20:00:00Z", "2026-10-05"),  # already Monday there
        ("SG", "2026-10-04T10:00:00Z", "2026-07-06"),
        ("VN", "2027-01-03T10:00:00Z", "2026-10-05"),
        ("VN", "2027-01-04T10:00:00Z", "2027-01-04"),
        ("PH", "2026-11-18T04:00:00Z", "2026-09-28"),  # the last Monday of September
        ("PH", "2026-12-29T04:00:00Z", "2026-12-28"),
        ("PH", "2027-01-02T04:00:00Z", "2026-12-28"),
    ],
)
def test_points_begin_anew_with_the_quarter(region: str, now: str, start: str) -> None:
    market = MARKETS[region]
    found = quarter_start(market, parse_instant(now))
    assert local_day(market, found).isoformat() == start
    assert local_day(market, found).weekday() == 0


@pytest.mark.parametrize(("points", "tier"), [(0, 0), (2, 0), (3, 1), (5, 1), (6, 2), (9, 3), (12, 4), (14, 4), (15, 5), (40, 5)])
def test_tiers_are_reached_by_points(points: int, tier: int) -> None:
    assert tier_of(points) == tier
    assert len(THRESHOLDS) == 5


# --- points and punishments -------------------------------------------------------------------------------------------


def test_points_are_issued_told_and_listed() -> None:
    shop = bare_shop()
    issue(shop, 5, 1)
    issue(shop, 9, 1)
    rows = numbered_pages(shop, "account_health.get_penalty_point_history", "penalty_point_list", first=1, query={"page_size": 1})
    assert [(row["violation_type"], row["latest_point_num"]) for row in rows] == [(9, 1), (5, 1)]
    assert all(row["reference_id"] > 2**53 for row in rows)
    filtered = ask(shop, "account_health.get_penalty_point_history", query={"violation_type": 5})
    assert filtered["total_count"] == 1
    assert [data["points_issued_data"] for data in told(shop, pushes.SHOP_PENALTY)] == [
        {"issued_points": 1, "violation_type": 5},
        {"issued_points": 1, "violation_type": 9},
    ]
    assert len(told(shop, pushes.SHOPEE_UPDATES)) == 2
    notice = checked(shop, "shop.get_shop_notification")["data"]
    assert notice["title"] == "Penalty points issued"


def test_an_appeal_takes_points_back() -> None:
    shop = bare_shop()
    issue(shop, 5, 2)
    remove(shop, record_of(shop).points[0])
    (row,) = checked(shop, "account_health.get_penalty_point_history")["penalty_point_list"]
    assert (row["original_point_num"], row["latest_point_num"]) == (2, 0)
    assert total(shop) == 0
    removed = told(shop, pushes.SHOP_PENALTY)[-1]
    assert removed["points_removed_data"] == {"removed_points": 2, "violation_type": 5, "removed_reason": 101}


@pytest.mark.parametrize(
    ("points", "kinds"), [(2, set()), (3, {107}), (6, {107, 108, 601}), (12, {107, 108, 104, 105, 106}), (15, {109})]
)
def test_a_tier_brings_its_punishments(points: int, kinds: set[int]) -> None:
    shop = bare_shop()
    issue(shop, 6, points)
    assert {one.kind for one in ongoing(shop)} == kinds
    rows = checked(shop, "account_health.get_punishment_history", query={"punishment_status": 1, "page_size": 100})
    assert {row["punishment_type"] for row in rows["punishment_list"]} == kinds
    assert all(row["end_time"] - row["start_time"] == 28 * DAY for row in rows["punishment_list"])
    assert forbids_edits(shop) == (points >= 12)
    tiers = [data["tier_update_data"] for data in told(shop, pushes.SHOP_PENALTY) if data["action_type"] == 3]
    assert tiers == ([{"old_tier": 0, "new_tier": tier_of(points)}] if points >= 3 else [])


def test_in_vietnam_the_first_tiers_are_shorter() -> None:
    for points, days in ((3, 7), (6, 14), (9, 28)):
        shop = bare_shop("VN")
        issue(shop, 6, points)
        assert {one.end - one.start for one in ongoing(shop)} == {days * DAY}


def test_punishments_end_and_are_listed_as_ended() -> None:
    shop = bare_shop()
    issue(shop, 6, 3)
    go(shop, 28 * DAY)
    assert ongoing(shop) == []
    for status, count in ((1, 0), (2, 1)):
        found = ask(shop, "account_health.get_punishment_history", query={"punishment_status": status})
        assert found["total_count"] == count
    with refused("error_param"):
        ask(shop, "account_health.get_punishment_history")


def test_the_highest_tier_closes_the_shop_for_a_while() -> None:
    shop = bare_shop()
    issue(shop, 7, 15)
    assert shop.status == "FROZEN"
    assert checked(shop, "shop.get_shop_info")["status"] == "FROZEN"
    go(shop, 28 * DAY)
    assert shop.status == "NORMAL"


def test_the_same_tier_is_reached_once() -> None:
    shop = bare_shop()
    issue(shop, 5, 3)
    issue(shop, 5, 1)
    assert len(record_of(shop).punishments) == 1


def test_the_old_summary_adds_up() -> None:
    shop = bare_shop()
    for kind, points in ((5, 1), (6, 2), (9, 1), (21, 1)):
        issue(shop, kind, points)
    found = checked(shop, "account_health.shop_penalty")
    assert found["penalty_points"] == {
        "overall_penalty_points": 5,
        "non_fulfillment_rate": 2,
        "late_shipment_rate": 1,
        "listing_violations": 1,
        "others": 1,
    }
    assert found["ongoing_punishment"] == [{"punishment_tier": 1, "days_left": 28, "punishment_name": "deboost"}]


# --- Mondays ----------------------------------------------------------------------------------------------------------


def to_monday(shop: Shop) -> None:
    go(shop, monday_after(shop.market, shop.now) - shop.now)


def test_a_bad_week_costs_points_on_monday() -> None:
    shop = bare_shop("SG")
    bought = [an_order(shop) for _ in range(3)]
    go(shop, bought[-1].due.cancelled_unarranged - shop.now)
    found = dict(verdict(shop, week(shop)))
    assert found[penalties.HIGH_UNFULFILLED] == 2


def test_late_orders_cost_a_point() -> None:
    shop = bare_shop("SG")
    bought = [an_order(shop, "PROCESSED") for _ in range(3)]
    go(shop, bought[-1].due.ship_by - shop.now + HOUR)
    for order in bought:
        each(shop, order, orders.collect)
    assert dict(verdict(shop, week(shop))) == {penalties.HIGH_LATE: 1}


def test_a_good_week_costs_nothing() -> None:
    shop = bare_shop("SG")
    for _ in range(4):
        an_order(shop, "SHIPPED")
    assert verdict(shop, week(shop)) == []


def test_a_listing_not_mended_in_time_costs_a_point_once() -> None:
    shop = bare_shop()
    item = next(iter(items_of(shop).values()))
    while item.violation is None or item.violation.number == 5:
        item.violation, item.status = None, "NORMAL"
        violate(shop, item)
    assert verdict(shop, week(shop)) == []
    go(shop, 2 * DAY)
    assert [points for _, points in verdict(shop, week(shop))] == [1]
    assert verdict(shop, week(shop)) == []


def test_unanswered_chats_cost_a_point() -> None:
    shop = bare_shop()
    shop.buyers_on = True
    for _ in range(14):
        buyer_asks(shop, an_order(shop), answered=False)
    go(shop, DAY)
    assert (penalties.UNANSWERED_CHATS, 1) in verdict(shop, week(shop))


def test_mondays_come_every_week_and_a_new_quarter_lowers_the_tier() -> None:
    shop = bare_shop("SG", at=parse_instant("2026-12-20T04:00:00Z"))
    penalties.seed(shop)
    issue(shop, 6, 6)
    to_monday(shop)
    assert (total(shop), record_of(shop).tier) == (6, 2)
    go(shop, parse_instant("2027-01-05T04:00:00Z") - shop.now)
    assert (points_now(shop), total(shop), record_of(shop).tier) == ([], 0, 0)
    assert ongoing(shop)  # running restrictions go on to their end


def test_late_sellers_collect_points_and_punctual_ones_do_not() -> None:
    late = make_shop("SG", ("late_orders",), orders_per_day=3.0)
    fine = make_shop("SG", (), orders_per_day=3.0)
    assert total(late) > total(fine)
    assert any(one.kind == penalties.HIGH_LATE for one in record_of(late).points)
    issued = {local_day(late.market, one.issued).weekday() for one in record_of(late).points}
    assert issued == {0}


def test_points_fall_on_mondays_of_the_country() -> None:
    shop = bare_shop("BR")
    monday(shop)
    next_at = shop.timeline.next_at()
    assert next_at is not None
    assert datetime.fromtimestamp(next_at, UTC).hour == 3
