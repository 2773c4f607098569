"""Performance, points and punishments: every published answer, values written out."""

from pathlib import Path

from .samples import parse_sample, problems, told


def test_figures_miss_or_meet_their_own_targets(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "account_health.get_shop_performance.two_failing")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert len(parsed.records) == 36
    assert told(parsed)[:12] == [
        {"kind": "metric", "platform_metric": "rating", "platform_name": "rating", "value": "2", "unit": "number"},
        {
            "kind": "metric",
            "platform_metric": "fulfillment_failed",
            "platform_name": "fulfillment_failed",
            "value": "1",
            "unit": "number",
        },
        {
            "kind": "metric",
            "platform_metric": "listing_failed",
            "platform_name": "listing_failed",
            "value": "0",
            "unit": "number",
        },
        {
            "kind": "metric",
            "platform_metric": "custom_service_failed",
            "platform_name": "custom_service_failed",
            "value": "1",
            "unit": "number",
        },
        {
            "kind": "metric",
            "platform_metric": "3",
            "platform_name": "non_fulfillment_rate",
            "value": "2.5",
            "unit": "percent",
            "platform_unit": "2",
            "target": "10",
            "platform_target": "<",
            "target_met": True,
            "platform_dimension": "1",
        },
        {
            "kind": "metric",
            "platform_metric": "3",
            "platform_name": "non_fulfillment_rate",
            "value": "1.9",
            "unit": "percent",
            "platform_unit": "2",
            "target": "10",
            "platform_target": "<",
            "target_met": True,
            "platform_dimension": "1",
            "platform_part": "last_period",
        },
        {
            "kind": "metric",
            "platform_metric": "42",
            "platform_name": "cancellation_rate",
            "value": "1.2",
            "unit": "percent",
            "platform_unit": "2",
            "target": "5",
            "platform_target": "<",
            "target_met": True,
            "platform_dimension": "1",
            "platform_more": {"parent_metric_id": "3"},
        },
        {
            "kind": "metric",
            "platform_metric": "42",
            "platform_name": "cancellation_rate",
            "value": "0.9",
            "unit": "percent",
            "platform_unit": "2",
            "target": "5",
            "platform_target": "<",
            "target_met": True,
            "platform_dimension": "1",
            "platform_part": "last_period",
            "platform_more": {"parent_metric_id": "3"},
        },
        {
            "kind": "metric",
            "platform_metric": "43",
            "platform_name": "return_refund_rate",
            "value": "1.3",
            "unit": "percent",
            "platform_unit": "2",
            "target": "5",
            "platform_target": "<",
            "target_met": True,
            "platform_dimension": "1",
            "platform_more": {"parent_metric_id": "3"},
        },
        {
            "kind": "metric",
            "platform_metric": "43",
            "platform_name": "return_refund_rate",
            "value": "1.0",
            "unit": "percent",
            "platform_unit": "2",
            "target": "5",
            "platform_target": "<",
            "target_met": True,
            "platform_dimension": "1",
            "platform_part": "last_period",
            "platform_more": {"parent_metric_id": "3"},
        },
        {
            "kind": "metric",
            "platform_metric": "1",
            "platform_name": "late_shipment_rate",
            "value": "11.4",
            "unit": "percent",
            "platform_unit": "2",
            "target": "10",
            "platform_target": "<",
            "target_met": False,
            "platform_dimension": "1",
        },
        {
            "kind": "metric",
            "platform_metric": "1",
            "platform_name": "late_shipment_rate",
            "value": "6.2",
            "unit": "percent",
            "platform_unit": "2",
            "target": "10",
            "platform_target": "<",
            "target_met": True,
            "platform_dimension": "1",
            "platform_part": "last_period",
        },
    ]


def test_a_figure_without_a_value_was_not_measured(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "account_health.get_shop_performance")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert len(parsed.records) == 28
    assert told(parsed)[:8] == [
        {"kind": "metric", "platform_metric": "rating", "platform_name": "rating", "value": "3", "unit": "number"},
        {
            "kind": "metric",
            "platform_metric": "fulfillment_failed",
            "platform_name": "fulfillment_failed",
            "value": "0",
            "unit": "number",
        },
        {
            "kind": "metric",
            "platform_metric": "listing_failed",
            "platform_name": "listing_failed",
            "value": "0",
            "unit": "number",
        },
        {
            "kind": "metric",
            "platform_metric": "custom_service_failed",
            "platform_name": "custom_service_failed",
            "value": "1",
            "unit": "number",
        },
        {
            "kind": "metric",
            "platform_metric": "3",
            "platform_name": "non_fulfillment_rate",
            "unit": "percent",
            "platform_unit": "2",
            "target": "10",
            "platform_target": "<",
            "platform_dimension": "1",
        },
        {
            "kind": "metric",
            "platform_metric": "42",
            "platform_name": "cancellation_rate",
            "unit": "percent",
            "platform_unit": "2",
            "target": "5",
            "platform_target": "<",
            "platform_dimension": "1",
            "platform_more": {"parent_metric_id": "3"},
        },
        {
            "kind": "metric",
            "platform_metric": "43",
            "platform_name": "return_refund_rate",
            "unit": "percent",
            "platform_unit": "2",
            "target": "5",
            "platform_target": "<",
            "platform_dimension": "1",
            "platform_more": {"parent_metric_id": "3"},
        },
        {
            "kind": "metric",
            "platform_metric": "1",
            "platform_name": "late_shipment_rate",
            "unit": "percent",
            "platform_unit": "2",
            "target": "10",
            "platform_target": "<",
            "platform_dimension": "1",
        },
    ]


def test_points_keep_every_digit_of_their_reference(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "account_health.get_penalty_point_history", page_no="1", page_size="10")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert parsed.total == 8
    assert len(parsed.records) == 8
    assert told(parsed)[:3] == [
        {
            "kind": "points",
            "platform_points_id": "764883879797459160",
            "points": "1",
            "original": "1",
            "platform_reason": "12",
            "issued_at": "2024-10-11T08:15:27Z",
        },
        {
            "kind": "points",
            "platform_points_id": "764881498321979246",
            "points": "1",
            "original": "1",
            "platform_reason": "3064",
            "issued_at": "2024-10-11T08:06:00Z",
        },
        {
            "kind": "points",
            "platform_points_id": "764880677236639231",
            "points": "1",
            "original": "1",
            "platform_reason": "13",
            "issued_at": "2024-10-11T08:02:44Z",
        },
    ]


def test_punishments_begin_and_end(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "account_health.get_punishment_history", page_no="1", page_size="10", punishment_status="1")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert parsed.total == 5
    assert len(parsed.records) == 5
    assert told(parsed)[:3] == [
        {
            "kind": "violation",
            "platform_violation_id": "764883890656512286",
            "platform_status": "1",
            "status": "ongoing",
            "platform_category": "1110",
            "category": "punishment",
            "notified_at": "2024-10-11T08:15:30Z",
            "started_at": "2024-10-11T08:15:30Z",
            "ended_at": "2024-11-08T08:15:30Z",
            "platform_reason": "1110",
        },
        {
            "kind": "violation",
            "platform_violation_id": "764881502478534572",
            "platform_status": "1",
            "status": "ongoing",
            "platform_category": "602",
            "category": "punishment",
            "notified_at": "2024-10-11T08:06:01Z",
            "started_at": "2024-10-11T08:06:01Z",
            "ended_at": "2024-11-08T08:06:01Z",
            "platform_reason": "3",
        },
        {
            "kind": "violation",
            "platform_violation_id": "764881502478534575",
            "platform_status": "1",
            "status": "ongoing",
            "platform_category": "108",
            "category": "punishment",
            "notified_at": "2024-10-11T08:06:01Z",
            "started_at": "2024-10-11T08:06:01Z",
            "ended_at": "2024-11-08T08:06:01Z",
            "platform_reason": "3",
        },
    ]


def test_listings_with_issues_are_open_breaches(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "account_health.get_listings_with_issues", page_no="1", page_size="10")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert parsed.total == 7
    assert len(parsed.records) == 7
    assert told(parsed)[:2] == [
        {
            "kind": "violation",
            "platform_violation_id": "listing:100963774:1",
            "status": "open",
            "platform_category": "1",
            "category": "listing",
            "platform_subject_id": "100963774",
            "platform_reason": "1",
        },
        {
            "kind": "violation",
            "platform_violation_id": "listing:100920076:2",
            "status": "open",
            "platform_category": "2",
            "category": "listing",
            "platform_subject_id": "100920076",
            "platform_reason": "2",
        },
    ]


def test_late_orders_go_on_by_their_number(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "account_health.get_late_orders.page1", page_no="1", page_size="10")
    assert problems(parsed) == []
    assert parsed.next_page == "2"
    assert parsed.total == 19
    assert len(parsed.records) == 10
    assert told(parsed)[:2] == [
        {
            "kind": "metric",
            "platform_metric": "late_order",
            "value": "1",
            "unit": "days",
            "platform_part": "220809NFFEFF12",
            "ended_at": "2022-08-11T09:56:19Z",
        },
        {
            "kind": "metric",
            "platform_metric": "late_order",
            "value": "1",
            "unit": "days",
            "platform_part": "220809NF5W9WT1",
            "ended_at": "2022-08-12T09:51:00Z",
        },
    ]


def test_the_last_late_orders_end_the_list(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "account_health.get_late_orders.page2", page_no="2", page_size="10")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert parsed.total == 19
    assert len(parsed.records) == 9
    assert told(parsed)[:2] == [
        {
            "kind": "metric",
            "platform_metric": "late_order",
            "value": "1",
            "unit": "days",
            "platform_part": "220727M3ARD000",
            "ended_at": "2022-07-30T05:46:40Z",
        },
        {
            "kind": "metric",
            "platform_metric": "late_order",
            "value": "1",
            "unit": "days",
            "platform_part": "220727M3ARD001",
            "ended_at": "2022-07-30T05:46:41Z",
        },
    ]


def test_the_orders_behind_a_figure_say_how_late(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "account_health.get_metric_source_detail", page_no="1", page_size="10")
    assert problems(parsed) == []
    assert parsed.next_page == "2"
    assert parsed.total == 13
    assert len(parsed.records) == 10
    assert told(parsed)[:2] == [
        {
            "kind": "metric",
            "platform_metric": "1:source",
            "value": "9",
            "unit": "days",
            "platform_part": "220809NFRFE424",
            "ended_at": "2024-10-14T19:12:25Z",
            "platform_more": {"actual_shipping_time": "1729735946", "list": "lsr_order_list"},
        },
        {
            "kind": "metric",
            "platform_metric": "1:source",
            "value": "4",
            "unit": "days",
            "platform_part": "220809NFQ2M26U",
            "ended_at": "2024-10-19T19:31:09Z",
            "platform_more": {"actual_shipping_time": "1729737070", "list": "lsr_order_list"},
        },
    ]


def test_the_older_call_for_points_is_still_read(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "account_health.shop_penalty")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "metric",
            "platform_metric": "penalty_points.overall_penalty_points",
            "platform_name": "overall_penalty_points",
            "value": "4",
            "unit": "points",
        },
        {
            "kind": "metric",
            "platform_metric": "penalty_points.non_fulfillment_rate",
            "platform_name": "non_fulfillment_rate",
            "value": "0",
            "unit": "points",
        },
        {
            "kind": "metric",
            "platform_metric": "penalty_points.late_shipment_rate",
            "platform_name": "late_shipment_rate",
            "value": "2",
            "unit": "points",
        },
        {
            "kind": "metric",
            "platform_metric": "penalty_points.listing_violations",
            "platform_name": "listing_violations",
            "value": "2",
            "unit": "points",
        },
        {"kind": "metric", "platform_metric": "penalty_points.others", "platform_name": "others", "value": "0", "unit": "points"},
        {
            "kind": "violation",
            "platform_violation_id": "ongoing:deboost:1",
            "status": "ongoing",
            "platform_category": "deboost",
            "category": "punishment",
            "platform_reason": "1",
            "platform_more": {"days_left": "21"},
        },
    ]
