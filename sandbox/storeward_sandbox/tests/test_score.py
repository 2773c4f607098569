"""The Shop Performance Score: for US shops only, and never at odds with the shop's own life."""

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.tests.people import code_of, pages
from storeward_sandbox.tests.support import Json, ask, checked, make_shop, shop_to_read
from storeward_sandbox.tiktok_shop.aftersales_life import Aftersales
from storeward_sandbox.tiktok_shop.measures import LEAST_DELIVERED, METRICS, WEIGHTS, Count, Metric, has_score, status_of
from storeward_sandbox.tiktok_shop.sales import Reviews
from storeward_sandbox.tiktok_shop.shop import Shop

PER_METRIC = ("getSPSMetricDiagnosis", "getSPSMetricProblemDetails", "getSPSMetricTopItems")
LISTS = {
    "NRR": "nrr_problem_order_items",
    "NBFR": "nbfr_problem_order_items",
    "SFCR": "sfcr_problem_order_items",
    "OTDR": "otdr_problem_order_items",
    "AHT": "aht_problem_order_items",
    "IM_DSAT": "im_dsat_chat_items",
}


def us_shop(*troubles: str, orders: float = 4.0) -> Shop:
    """To read from only."""
    return shop_to_read("US", troubles, orders_per_day=orders)


def metric(shop: Shop, code: str) -> Json:
    found: Json = next(row for row in ask(shop, "getSPSMetrics")["metrics"] if row["metric_code"] == code)
    return found


@pytest.mark.parametrize("troubles", [(), ("late_orders",), ("returns",), ("unanswered",), ("neglected",)])
def test_answers_keep_to_their_description(troubles: tuple[str, ...]) -> None:
    shop = us_shop(*troubles)
    overview = checked(shop, "getSPSOverview")
    assert [row["name"] for row in overview["dimensions"]] == list(WEIGHTS)
    assert sum(int(row["weight"]) for row in overview["dimensions"]) == 100
    assert [row["metric_code"] for row in checked(shop, "getSPSMetrics")["metrics"]] == list(METRICS)
    for code in METRICS:
        for operation in PER_METRIC:
            assert checked(shop, operation, ids={"metric_code": code})["metric_code"] == code


@pytest.mark.parametrize("region", ["MY", "PH", "TH", "VN", "SG", "GB", "ID"])
def test_other_markets_are_refused(region: str) -> None:
    shop = shop_to_read(region)
    for operation in ("getSPSOverview", "getSPSMetrics", *PER_METRIC):
        assert code_of(shop, operation, ids={"metric_code": "NRR"}) == 28001033


def test_an_unknown_measure_is_refused() -> None:
    shop = us_shop()
    for operation in PER_METRIC:
        assert code_of(shop, operation, ids={"metric_code": "LUCK"}) == 28001007


def test_few_delivered_orders_give_no_score() -> None:
    shop = us_shop(orders=0.05)
    assert not has_score(shop)
    overview = checked(shop, "getSPSOverview")
    assert (overview["sps_tier"], overview["sps_score"]) == ("NIL", "")
    assert {row["status"] for row in overview["dimensions"]} == {"NIL"}
    assert metric(shop, "NRR")["status"] == "NIL"


def test_enough_orders_give_a_score_between_zero_and_five() -> None:
    overview = checked(us_shop(), "getSPSOverview")
    assert 0 <= float(overview["sps_score"]) <= 5
    assert overview["sps_tier"] in {"EXCELLENT", "GOOD", "POOR", "CRITICAL"}
    assert LEAST_DELIVERED > 0


def test_trouble_costs_score() -> None:
    good, bad = (float(checked(us_shop(*troubles), "getSPSOverview")["sps_score"]) for troubles in ((), ("returns",)))
    assert bad < good
    assert checked(us_shop("returns"), "getSPSOverview")["top_issues"]["issues"][0]["rank"] == 1


def test_late_shops_deliver_less_on_time() -> None:
    good, bad = (float(metric(us_shop(*troubles), "OTDR")["value"]) for troubles in ((), ("late_orders",)))
    assert bad <= good <= 100


def test_evaluation_ends_at_midnight() -> None:
    shop = us_shop()
    for row in ask(shop, "getSPSMetrics")["metrics"]:
        assert row["end_evaluation_time"] % DAY == 0
        assert row["end_evaluation_time"] <= shop.now
        assert row["end_evaluation_time"] - row["start_evaluation_time"] == row["evaluate_duration_days"] * DAY


@pytest.mark.parametrize("code", METRICS)
def test_the_diagnosis_explains_the_value(code: str) -> None:
    shop = us_shop("returns", "unanswered")
    shown = checked(shop, "getSPSMetricDiagnosis", ids={"metric_code": code}, query={"trend_duration_days": 14})
    assert shown["value"] == metric(shop, code)["value"] == shown["trend"]["data_points"][-1]["value"]
    days = [point["record_date"] for point in shown["trend"]["data_points"]]
    assert len(days) == 14
    assert days == sorted(days)
    whole = int(shown["calculation_rule"]["denominator_value"])
    if whole and code != "AHT":
        ratio = 100 * float(shown["calculation_rule"]["numerator_value"]) / whole
        assert abs(ratio - float(shown["value"])) < 0.01


@pytest.mark.parametrize("days", [0, 91, -3])
def test_a_trend_has_ninety_days_at_most(days: int) -> None:
    shop = us_shop()
    code = code_of(shop, "getSPSMetricDiagnosis", ids={"metric_code": "NRR"}, query={"trend_duration_days": days})
    assert code == (0 if days == 0 else 28001022)


@pytest.mark.parametrize("code", METRICS)
def test_the_details_are_what_was_counted(code: str) -> None:
    shop = us_shop("returns", "unanswered")
    rows = pages(shop, "getSPSMetricProblemDetails", LISTS[code], size=3, ids={"metric_code": code})
    counted = checked(shop, "getSPSMetricDiagnosis", ids={"metric_code": code})["calculation_rule"]
    if code == "AHT":
        assert len(rows) == int(counted["denominator_value"])
        hours = sum(float(row["total_handle_duration_hours"]) for row in rows)
        assert abs(hours - float(counted["numerator_value"])) <= 1 + 0.05 * len(rows)
    elif code == "OTDR":
        assert len(rows) == int(counted["denominator_value"]) - int(counted["numerator_value"])
    else:
        assert len(rows) == int(counted["numerator_value"])


def test_details_have_page_limits() -> None:
    code = code_of(us_shop(), "getSPSMetricProblemDetails", ids={"metric_code": "NRR"}, query={"page_size": 51})
    assert code == 36009004


def test_bad_stars_show_up_with_their_order() -> None:
    shop = make_shop("US", orders_per_day=4.0)
    order = next(order for order in shop.orders.values() if order.delivery_time and order.delivery_time < shop.now - 5 * DAY)
    shop.part(Reviews).stars[order.id] = (1, order.delivery_time + HOUR)
    rows = pages(shop, "getSPSMetricProblemDetails", LISTS["NRR"], size=50, ids={"metric_code": "NRR"})
    assert {row["order_id"]: row["user_review_rating"] for row in rows}[order.id] == 1
    top = checked(shop, "getSPSMetricTopItems", ids={"metric_code": "NRR"})["nrr_top_product_items"]
    assert order.lines[0].item.product_id in {row["product_id"] for row in top}


def test_returns_by_the_sellers_fault_are_ranked_by_product() -> None:
    shop = us_shop("returns")
    faulty = [one for one in shop.part(Aftersales).returns.values() if one.reason.sellers_fault]
    rows = checked(shop, "getSPSMetricTopItems", ids={"metric_code": "NBFR"})["nbfr_top_product_items"]
    counts = [row["return_order_count"] for row in rows]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) <= len(faulty)


def test_carriers_are_compared() -> None:
    rows = checked(us_shop(), "getSPSMetricTopItems", ids={"metric_code": "OTDR"})["otdr_logistics_items"]
    assert rows
    assert all(row["on_time_deliver_order_count"] <= row["delivered_order_count"] for row in rows)


def test_measures_without_a_ranking_answer_with_none() -> None:
    shop = us_shop()
    for code in ("SFCR", "IM_DSAT"):
        assert checked(shop, "getSPSMetricTopItems", ids={"metric_code": code}) == {"metric_code": code, "total_count": 0}


@pytest.mark.parametrize("found", METRICS.values(), ids=list(METRICS))
def test_the_thresholds_bound_the_score(found: Metric) -> None:
    def at(ratio: float) -> float:
        return found.score(Count(ratio * 1000, 1000))

    assert at(found.excellent) == pytest.approx(5.0)
    assert at(found.poor) == pytest.approx(2.0)
    middle = at((found.excellent + found.poor) / 2)
    assert 2 < middle < 5
    assert found.score(Count(0, 0)) == 5.0


@pytest.mark.parametrize(
    ("score", "word"), [(5.0, "EXCELLENT"), (4.5, "EXCELLENT"), (4.4, "GOOD"), (3.0, "POOR"), (0.0, "CRITICAL")]
)
def test_a_score_has_a_word(score: float, word: str) -> None:
    assert status_of(score)[0] == word
