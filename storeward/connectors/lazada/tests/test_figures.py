"""The store itself, its performance, and the look-ups that yield no record."""

from pathlib import Path
from typing import Any

import pytest

from storeward.canon import Metric, StoreProfile
from storeward.connectors.lazada import stores
from storeward.connectors.lazada.tests.samples import ok, parse, parse_sample, problems, result, told

SELLER: dict[str, Any] = {
    "seller_id": 100072361,
    "name": "Siam Cotton Official",
    "name_company": "Siam Cotton Trading Co., Ltd.",
    "short_code": "TH1A2B3C",
    "email": "ops@example.com",
    "status": "ACTIVE",
    "cb": False,
    "verified": True,
    "marketplaceEaseMode": False,
}


def test_a_store_in_full() -> None:
    parsed = parse("/seller/get", ok(SELLER), market="TH")
    assert parsed.problems == []
    assert told(parsed) == [
        {
            "kind": "store",
            "platform_store_id": "100072361",
            "name": "Siam Cotton Official",
            "code": "TH1A2B3C",
            "region": "TH",
            "seller_type": "local",
            "platform_status": "ACTIVE",
            "platform_more": {"cb": "false", "verified": "true", "marketplaceEaseMode": "false"},
        }
    ]
    assert "ops@example.com" not in str(told(parsed))


@pytest.mark.parametrize(("cb", "kind"), [(True, "cross_border"), ("true", "cross_border"), (False, "local"), (None, None)])
def test_where_the_seller_is(cb: Any, kind: str | None) -> None:
    (record,) = parse("/seller/get", ok(SELLER | {"cb": cb})).records
    assert isinstance(record, StoreProfile)
    assert record.seller_type == kind
    assert record.region is None  # a site that nobody named


@pytest.mark.parametrize("word", ["ACTIVE", "INACTIVE", "DELETED", "PAUSED"])
def test_a_stores_status_is_kept(word: str) -> None:
    assert told(parse("/seller/get", ok(SELLER | {"status": word})))[0]["platform_status"] == word


def test_a_store_without_an_id_is_left_out() -> None:
    parsed = parse("/seller/get", ok(SELLER | {"seller_id": None}))
    assert (parsed.records, problems(parsed)) == ([], [("data.seller_id", "error")])


@pytest.mark.parametrize("code", ["SellerNotVerified", "SellerNotActive"])
def test_a_store_that_is_not_open_is_refused_for_good(code: str) -> None:
    (problem,) = parse("/seller/get", {"code": code, "message": "no"}).problems
    assert problem.error is not None
    assert problem.error.retry.value == "never"


INDICATOR: dict[str, Any] = {
    "type": "POSITIVE_SELLER_RATING",
    "name": "Positive Seller Rating",
    "score": 92.0,
    "score_format": "PERCENTAGE",
    "formatted_score": "92%",
    "target": 85.0,
    "target_format": "GREATER_THAN_PERCENTAGE",
    "target_respected": True,
}


def indicator(**changes: Any) -> Metric:
    (record,) = parse("/seller/performance/get", ok({"indicators": [INDICATOR | changes]}, success=True)).records
    assert isinstance(record, Metric)
    return record


def test_an_indicator_in_full() -> None:
    assert told(parse("/seller/performance/get", ok({"indicators": [INDICATOR]}, success=True, error_code="X"))) == [
        {
            "kind": "metric",
            "platform_metric": "POSITIVE_SELLER_RATING",
            "platform_name": "Positive Seller Rating",
            "value": "92.0",
            "unit": "percent",
            "platform_unit": "PERCENTAGE",
            "target": "85.0",
            "platform_target": "GREATER_THAN_PERCENTAGE",
            "target_met": True,
        }
    ]


UNITS = [
    ("PERCENTAGE", "percent"),
    ("MINUTES", "minutes"),
    ("HOURS", "hours"),
    ("INTEGER", "count"),
    ("DOUBLE", "number"),
    ("FURLONGS", None),
    (None, None),
]


@pytest.mark.parametrize(("word", "unit"), UNITS)
def test_a_unit_is_read_and_kept(word: str | None, unit: str | None) -> None:
    record = indicator(score_format=word)
    assert (record.unit, record.platform_unit) == (unit, word)


SCORES = [
    ("92.0", "92.0", "true", True),
    (92, "92", False, False),
    (0, "0", True, True),
    (None, None, True, None),  # without a score nothing is met
    ("-", None, True, None),
    ("", None, "false", None),
]


@pytest.mark.parametrize(("score", "value", "respected", "met"), SCORES)
def test_a_figure_without_a_score_is_not_known(score: Any, value: str | None, respected: Any, met: bool | None) -> None:
    record = indicator(score=score, target_respected=respected)
    assert (None if record.value is None else str(record.value), record.target_met) == (value, met)


def test_the_performance_samples(shared_dir: Path) -> None:
    rows = [r for r in parse_sample(shared_dir, "seller_performance_get").records if isinstance(r, Metric)]
    assert [(r.platform_metric, r.value and str(r.value), r.target and str(r.target), r.target_met) for r in rows] == [
        ("POSITIVE_SELLER_RATING", "92.0", "85.0", True),
        ("PRODUCT_RATING_COVERAGE", "31.5", "50.0", False),
        ("CANCELLATION_RATE", "1.2", "1.0", False),
        ("SHIP_ON_TIME", "97.4", "95.0", True),
        ("RETURN_RATE", "0.8", "1.5", True),
        ("RESPONSE_RATE", "88.0", "85.0", True),
        ("RESPONSE_TIME", None, None, None),
    ]
    (documented,) = parse_sample(shared_dir, "seller_performance_get_docs").records
    assert isinstance(documented, Metric)
    assert (str(documented.value), documented.target_met) == ("92.0", True)


def test_an_indicator_without_a_type_is_left_out() -> None:
    parsed = parse("/seller/performance/get", ok({"indicators": [INDICATOR | {"type": ""}, INDICATOR]}))
    assert (len(parsed.records), problems(parsed)) == (1, [("data.indicators[0].type", "error")])


def test_the_other_figures_have_units_of_their_own(shared_dir: Path) -> None:
    rows = [r for r in parse_sample(shared_dir, "seller_metrics_get").records if isinstance(r, Metric)]
    assert [(r.platform_metric, str(r.value), r.unit) for r in rows] == [
        ("positive_seller_rating", "67.0", "percent"),
        ("ship_on_time", "93.62", "percent"),
        ("response_rate", "1.0000", "ratio"),
        ("response_time", "10.3333", None),
    ]


def test_figures_that_are_not_stated_are_left_out() -> None:
    parsed = parse("/seller/metrics/get", ok({"ship_on_time": "", "response_rate": None, "response_time": 5}))
    assert [(r["platform_metric"], r["value"]) for r in told(parsed)] == [("response_time", "5")]
    assert parsed.problems == []


def test_how_many_listings_a_store_may_have(shared_dir: Path) -> None:
    rows = [r for r in parse_sample(shared_dir, "product_seller_item_limit").records if isinstance(r, Metric)]
    assert [(r.platform_metric, str(r.value), r.unit, r.window_days) for r in rows] == [
        ("onlineItemCount", "100", "count", None),
        ("itemLimit", "500", "count", None),
        ("payItemCnt", "20", "count", 90),
        ("payByrCnt", "30", "count", 90),
    ]


def test_look_ups_answer_as_they_came(shared_dir: Path) -> None:
    places = parse_sample(shared_dir, "seller_warehouse_get").answer
    assert isinstance(places, list)
    assert [place["code"] for place in places] == ["dropshipping", "MY10RV7-WH-10002"]
    place = parse_sample(shared_dir, "rc_warehouse_detail_get").answer
    assert isinstance(place, dict)
    assert place["warehouse_code"] == "dropshipping"
    notices = parse_sample(shared_dir, "sellercenter_msg_list").answer
    assert isinstance(notices, dict)
    assert [one["time"] for one in notices["dataSource"]] == ["10 minutes ago", "32 minutes ago"]
    assert parse_sample(shared_dir, "seller_policy_fetch").answer == "{}"


LOOK_UPS = ["/rc/warehouse/get", "/rc/warehouse/detail/get", "/seller/warehouse/get", "/shop/follow/status/batch/query"]


@pytest.mark.parametrize("operation", LOOK_UPS)
def test_a_look_up_that_failed_is_a_failure(operation: str) -> None:
    good = parse(operation, result(module={"code": "x"}))
    assert (good.records, good.problems) == ([], [])
    parsed = parse(operation, result(success=False, error_code="15"))
    assert problems(parsed) == [("result.error_code", "platform")]


def test_look_ups_are_asked_in_the_documented_words() -> None:
    assert stores.warehouses_request().query == {"addressTypes": '["warehouse"]'}
    assert stores.policy_request("vi-VN").query == {"locale": "vi-VN"}
    assert stores.notices_request(page=2, page_size=50).query == {"language": "en-US", "page": "2", "pageSize": "50"}
    assert stores.followers_request("[1]").query == {"buyer_ids": "[1]"}
