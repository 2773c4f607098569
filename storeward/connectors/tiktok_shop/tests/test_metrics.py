"""Figures of the platform's own, as measured."""

import json
from datetime import date
from pathlib import Path

from storeward.canon import Metric
from storeward.connectors.tiktok_shop import metrics
from storeward.connectors.tiktok_shop.tests.samples import ok, parse, parse_sample, problems, told


def test_days_are_asked_for_by_their_dates() -> None:
    request = metrics.shop_performance_request(date(2025, 12, 1), date(2025, 12, 3))
    assert request.query == {
        "start_date_ge": "2025-12-01",
        "end_date_lt": "2025-12-03",
        "granularity": "1D",
        "currency": "LOCAL",
    }
    chat = metrics.chat_performance_request(date(2025, 12, 1), date(2025, 12, 2))
    assert chat.query == {"support_date_ge": "2025-12-01", "support_date_lt": "2025-12-02"}


def test_the_scores_metrics_read_in_full(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "getSPSMetrics")
    assert parsed.problems == []
    records = told(parsed)
    assert [record["platform_metric"] for record in records] == ["NRR", "NBFR", "SFCR", "OTDR", "AHT", "IM_DSAT"]
    assert records[0] == {
        "kind": "metric",
        "platform_metric": "NRR",
        "platform_name": "60-day negative review rate",
        "platform_dimension": "Product satisfaction",
        "value": "0.97",
        "unit": "percent",
        "platform_unit": "PERCENT",
        "target": "0.02",
        "floor": "0.08",
        "score": "4.7",
        "platform_status": "EXCELLENT",
        "window_days": 60,
        "as_of": "2026-06-27T00:00:00Z",
        "started_at": "2026-04-28T00:00:00Z",
        "ended_at": "2026-06-27T00:00:00Z",
    }
    assert records[4]["unit"] == "hours"


def test_a_metric_without_a_value_has_none(shared_dir: Path) -> None:
    last = told(parse_sample(shared_dir, "getSPSMetrics"))[-1]
    assert last["platform_status"] == "NIL"
    assert "value" not in last
    assert "score" not in last


def test_the_score_its_percentile_and_its_dimensions(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "getSPSOverview")
    assert [(r["platform_metric"], r["value"], r["unit"], r.get("platform_status")) for r in told(parsed)] == [
        ("sps_score", "4.6", "score", "GOOD"),
        ("peer_percentile", "86.5", "percent", None),
        ("Product satisfaction", "4.8", "score", "EXCELLENT"),
        ("Fulfillment and logistics", "3.9", "score", "GOOD"),
        ("Customer service", "4.1", "score", "GOOD"),
    ]
    assert told(parsed)[0]["window_days"] == 90


def test_a_diagnosis_holds_numerator_and_denominator(shared_dir: Path) -> None:
    record, earlier, share = told(parse_sample(shared_dir, "getSPSMetricDiagnosis"))
    assert (record["value"], record["numerator"], record["denominator"]) == ("0.947", "947", "1000")
    assert (record["target"], record["floor"]) == ("0.98", "0.80")
    assert (earlier["from_date"], earlier["until_date"], earlier["value"]) == ("2026-06-01", "2026-06-02", "0.947")
    assert (share["platform_part"], share["value"], share["numerator"]) == ("Dispatch 24-48 Hours", "82.0", "820")


def test_chat_figures_have_their_units_and_the_days_asked_for(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "getCustomerServicePerformance", from_date="2025-12-01", until_date="2025-12-02")
    assert [(r["platform_metric"], r["value"], r["unit"]) for r in told(parsed)] == [
        ("support_session_count", "15", "count"),
        ("response_percentage", "93.4", "percent"),
        ("satisfaction_percentage", "95.2", "percent"),
        ("response_time_mins", "3.4", "minutes"),
    ]
    assert {(r["from_date"], r["until_date"]) for r in told(parsed)} == {("2025-12-01", "2025-12-02")}


def test_the_sales_that_chats_brought_are_money() -> None:
    parsed = parse("getCustomerServicePerformance", ok(performance={"cs_guided_gmv": "12.50", "currency": "USD"}))
    assert [(r["platform_metric"], r["value"], r["unit"]) for r in told(parsed)] == [("cs_guided_gmv", "12.50", "USD")]


def test_every_figure_of_a_day_is_a_metric_of_that_day(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "getShopPerformance")
    assert parsed.problems == []
    found = {r["platform_metric"]: (r["value"], r["unit"]) for r in told(parsed)}
    assert found["gmv"] == ("1520.40", "GBP")
    assert found["orders_count"] == ("61", "count")
    assert found["avg_conversation_rate"] == ("0.0327", "ratio")
    assert {(r["from_date"], r["until_date"]) for r in told(parsed)} == {("2025-12-01", "2025-12-02")}


def test_older_versions_and_breakdowns_read_alike(shared_dir: Path) -> None:
    found = told(parse_sample(shared_dir, "getShopPerformance_202405"))
    assert ("gmv_breakdowns", "LIVE", "0", "USD") in {
        (r["platform_metric"], r.get("platform_part"), r["value"], r["unit"]) for r in found
    }
    detail = told(parse_sample(shared_dir, "getShopProductPerformanceDetail_202405", product_id="173"))
    assert {r["platform_listing_id"] for r in detail} == {"173"}


def test_figures_by_hour(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "getShopPerformancePerHour", from_date="2025-12-02")
    hours = [(r.get("hour"), r["value"]) for r in told(parsed) if r["platform_metric"] == "gmv"]
    assert hours == [(0, "0.50"), (1, "10.50"), (2, "20.50"), (None, "31.50")]
    assert {r["as_of"] for r in told(parsed)} == {"2025-12-02T23:50:00Z"}
    assert len({record.platform_id for record in parsed.records}) == len(parsed.records)


def test_figures_by_product_and_sku_keep_ids_that_came_as_numbers(shared_dir: Path) -> None:
    by_product = told(parse_sample(shared_dir, "getShopProductPerformanceList_202405"))
    assert {r["platform_listing_id"] for r in by_product} == {"1732333333333333629"}
    by_sku = told(parse_sample(shared_dir, "getShopSKUPerformanceList"))
    assert {(r["platform_sku_id"], r["platform_listing_id"]) for r in by_sku} == {("18354627263453", "123456789")}
    newest = told(parse_sample(shared_dir, "getShopProductPerformanceList"))
    assert ("ctr", "0.0514") in {(r["platform_metric"], r["value"]) for r in newest}


def test_a_figure_that_is_none_is_left_out_and_noted() -> None:
    parsed = parse(
        "getShopPerformance", ok(performance={"intervals": [{"sales": {"gmv": "x", "orders_count": 1, "note": None}}]})
    )
    assert [record.platform_id for record in parsed.records] == ["orders_count"]
    assert [level for _, level in problems(parsed)] == ["note"]


def test_data_that_is_no_object_is_unreadable() -> None:
    parsed = parse("getShopPerformance", {"code": 0, "data": [1]})
    assert parsed.unreadable


def test_the_orders_behind_a_bad_rate_are_reviews_without_a_text(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "getSPSMetricProblemDetails")
    assert (parsed.problems, parsed.total, parsed.next_page) == ([], 1, None)
    assert told(parsed) == [
        {
            "kind": "review",
            "platform_order_id": "576461413038785752",
            "platform_listing_id": "1729592969712207008",
            "platform_sku_id": "1729592969712207012",
            "title": "Wireless Headphones",
            "stars": "2",
        }
    ]
    assert parsed.records[0].platform_id == "576461413038785752:1729592969712207008:1729592969712207012"


def test_figures_of_different_things_never_share_an_id() -> None:
    one = Metric(platform_metric="gmv", platform_listing_id="1", from_date="2025-12-01")
    other = Metric(platform_metric="gmv", platform_listing_id="2", from_date="2025-12-01")
    assert one.platform_id != other.platform_id


def test_a_figure_keeps_its_own_part_of_the_answer_and_a_new_day_changes_no_other() -> None:
    """Hundreds of figures share one answer: with all of it as each one's payload a poll would write it hundreds of times."""

    def day(date: str, orders: int) -> dict[str, object]:
        return {"start_date": date, "sales": {"orders_count": orders, "gmv": {"amount": "12.50", "currency": "MYR"}}}

    def payloads(*days: dict[str, object]) -> dict[str, set[bytes]]:
        body = json.dumps(ok(performance={"intervals": list(days)})).encode()
        found: dict[str, set[bytes]] = {}
        for metric, raw in metrics.parse_analytics(body, {}).items:
            assert isinstance(metric, Metric)
            found.setdefault(str(metric.from_date), set()).add(raw)
        return found

    before = payloads(day("2025-12-01", 3))
    after = payloads(day("2025-12-01", 3), day("2025-12-02", 5))
    assert after["2025-12-01"] == before["2025-12-01"]
    (told,) = after["2025-12-02"]
    assert json.loads(told) == day("2025-12-02", 5)
