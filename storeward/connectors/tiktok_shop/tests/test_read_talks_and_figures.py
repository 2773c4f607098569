"""Conversations, messages and the platform's figures, written by hand, and the whole of what is read from each."""

import json
from typing import Any

import pytest

from storeward.connectors.tiktok_shop.tests.samples import december, ok, parse, problems, told

BUYER = {
    "im_user_id": "7494560000000000301",
    "user_id": "7495000000000000007",
    "role": "BUYER",
    "nickname": "Albert",
    "buyer_platform": "TOKOPEDIA",
}
SHOP = {"im_user_id": "7494560000000000302", "user_id": "7494000000000000021", "role": "SHOP", "nickname": "Luna Home"}
AGENT = {"im_user_id": "7494560000000000303", "user_id": "", "role": "CUSTOMER_SERVICE", "nickname": "May"}
CONVERSATION: dict[str, Any] = {
    "id": "7494560000000000001",
    "participant_count": 3,
    "participants": [SHOP, BUYER, AGENT, {"role": "BUYER", "nickname": "nobody"}],
    "can_send_message": False,
    "unread_count": 2,
    "create_time": december(1),
    "cur_session_id": "7495560000000000001",
    "cur_session": {"id": "7495560000000000001", "phase": "QUEUED"},
}


def person(number: int, role: str, reading: str, name: str, user: str | None, channel: str | None = None) -> dict[str, Any]:
    return {
        "platform_participant_id": f"7494560000000000{number}",
        "platform_user_id": user,
        "platform_role": role,
        "role": reading,
        "name": name,
        "platform_channel": channel,
    }


TOLD_CONVERSATION: dict[str, Any] = {
    "kind": "conversation",
    "platform_conversation_id": "7494560000000000001",
    "platform_buyer_id": "7495000000000000007",
    "buyer_name": "Albert",
    "unread_count": 2,
    "can_send": False,
    "created_at": "2025-12-01T00:00:00Z",
    "session": {
        "platform_session_id": "7495560000000000001",
        "platform_phase": "QUEUED",
        "began_at": None,
        "ended_at": None,
        "first_response_seconds": None,
        "first_response_late": None,
        "satisfaction": None,
        "dissatisfaction_reason": None,
        "platform_tags": [],
    },
    "participants": [
        person(302, "SHOP", "seller", "Luna Home", "7494000000000000021"),
        person(301, "BUYER", "buyer", "Albert", "7495000000000000007", "TOKOPEDIA"),
        person(303, "CUSTOMER_SERVICE", "agent", "May", None),
    ],
    "complete": True,
}


def test_a_conversation_reads_alike_alone_and_in_the_list() -> None:
    listed = parse("getConversations", ok(conversations=[CONVERSATION], next_page_token=""))
    alone = parse("getConversation", ok(conversation=CONVERSATION))
    assert (listed.problems, alone.problems) == ([], [])
    assert told(listed) == told(alone) == [TOLD_CONVERSATION]


def test_the_newer_call_names_the_buyers_shop_front_otherwise() -> None:
    newer = {name: word for name, word in BUYER.items() if name != "buyer_platform"} | {"platform": "TIKTOK_SHOP"}
    (record,) = told(parse("getConversation", ok(conversation={"id": "1", "participants": [newer]})))
    assert record["participants"] == [person(301, "BUYER", "buyer", "Albert", "7495000000000000007", "TIKTOK_SHOP")]


def message(kind: str, content: Any, **more: Any) -> dict[str, Any]:
    """What is told of a message beyond what all of these have in common."""
    sent = {
        "id": "7494560000000000002",
        "type": kind,
        "content": content if isinstance(content, str) or content is None else json.dumps(content),
        "create_time": december(2),
        "index": "41",
        "sender": {"im_user_id": "7494560000000000301", "role": "BUYER", "nickname": "Albert"},
    } | more
    parsed = parse("getConversationMessages", ok(messages=[sent]), conversation_id="7494560000000000001")
    assert parsed.problems == []
    (record,) = told(parsed)
    common = {
        "kind": "message",
        "platform_message_id": "7494560000000000002",
        "platform_conversation_id": "7494560000000000001",
        "platform_type": kind,
        "platform_role": "BUYER",
        "role": "buyer",
        "platform_sender_id": "7494560000000000301",
        "sender_name": "Albert",
        "visible": True,
        "position": 41,
        "sent_at": "2025-12-02T00:00:00Z",
    }
    assert common.items() <= record.items()
    return {name: value for name, value in record.items() if name not in common}


@pytest.mark.parametrize(
    ("kind", "content", "read"),
    [
        ("TEXT", {"content": "Hi"}, {"text": "Hi"}),
        ("TEXT", {"content": 'He said "no" 🎁'}, {"text": 'He said "no" 🎁'}),
        ("IMAGE", {"url": "https://img.example/1.png", "width": "290", "height": 304}, {"url": "https://img.example/1.png"}),
        ("VIDEO", {"url": "https://v.example/1.mp4", "duration": "20.5", "size": 4}, {"url": "https://v.example/1.mp4"}),
        ("PRODUCT_CARD", {"product_id": "1729"}, {"platform_listing_id": "1729"}),
        ("PRODUCT_CARD", {"product_id": 1729592969712207008}, {"platform_listing_id": "1729592969712207008"}),
        ("BUYER_ENTER_FROM_PRODUCT", {"product_id": "1729"}, {"platform_listing_id": "1729"}),
        ("ORDER_CARD", {"order_id": "5764"}, {"platform_order_id": "5764"}),
        ("BUYER_ENTER_FROM_ORDER", {"order_id": "5764"}, {"platform_order_id": "5764"}),
        (
            "LOGISTICS_CARD",
            {"order_id": "5764", "package_id": "1153"},
            {"platform_order_id": "5764", "platform_package_id": "1153"},
        ),
        ("RETURN_REFUND_CARD", {"order_id": "5764", "sku_id": "1730"}, {"platform_order_id": "5764", "platform_sku_id": "1730"}),
        ("COUPON_CARD", {"coupon_id": "7262"}, {"platform_coupon_id": "7262"}),
        ("ALLOCATED_SERVICE", {"content": "May joined"}, {"text": "May joined"}),
        ("NOTIFICATION", {"content": "Order placed"}, {"text": "Order placed"}),
        ("OTHER", {"content": "?"}, {"text": "?"}),
        ("EMOTICONS", {}, {}),
        ("A_NEW_TYPE", {"content": "new"}, {"text": "new"}),
        ("EMOTICONS", "not json", {}),
        ("TEXT", None, {}),
    ],
)
def test_what_a_message_says_or_shows(kind: str, content: Any, read: dict[str, Any]) -> None:
    assert message(kind, content) == read


def test_plain_text_is_preferred_and_the_card_keeps_its_id() -> None:
    read = message("PRODUCT_CARD", {"product_id": "1729"}, plaintext="Product card shared")
    assert read == {"text": "Product card shared", "platform_listing_id": "1729"}


@pytest.mark.parametrize(
    ("word", "reading"),
    [
        ("BUYER", "buyer"),
        ("SHOP", "seller"),
        ("CUSTOMER_SERVICE", "agent"),
        ("SYSTEM", "system"),
        ("ROBOT", "robot"),
        ("GHOST", "unknown"),
    ],
)
def test_who_wrote(word: str, reading: str) -> None:
    parsed = parse("getConversationMessages", ok(messages=[{"id": "1", "sender": {"role": word}}]))
    assert [(r["platform_role"], r["role"]) for r in told(parsed)] == [(word, reading)]
    assert problems(parsed) == ([("data.messages[0].sender.role", "note")] if reading == "unknown" else [])


@pytest.mark.parametrize(
    ("members", "paths"),
    [
        ({"id": None}, ["data.messages[0].id"]),
        ({"index": "next"}, ["data.messages[0].index"]),
        ({"index": -1}, ["data.messages[0].index"]),
        ({"index": str(2**63)}, ["data.messages[0].index"]),
        ({"type": "TEXT", "content": "plain words"}, ["data.messages[0].content"]),
        ({"create_time": "noon"}, ["data.messages[0].create_time"]),
        ({"is_visible": "maybe"}, ["data.messages[0].is_visible"]),
        ({"sender": "Albert"}, ["data.messages[0].sender"]),
    ],
)
def test_an_odd_member_of_a_message_is_named(members: dict[str, Any], paths: list[str]) -> None:
    assert [field for field, _ in problems(parse("getConversationMessages", ok(messages=[{"id": "1"} | members])))] == paths


def test_a_session_in_full() -> None:
    session = {
        "id": "7495560000000000001",
        "conversation_id": "7494560000000000001",
        "begin_time": december(1),
        "end_time": december(1, 2),
        "buyer_nickname": "Albert",
        "chat_tags": ["Delivery", ""],
        "satisfaction_score": 2,
        "dissatisfaction_reason": "Slow",
        "first_response_time": 5400,
        "first_response_late": True,
    }
    parsed = parse("searchSessions", ok(sessions=[session, {"id": "1"}, {"conversation_id": "2"}]))
    assert problems(parsed) == [("data.sessions[1].conversation_id", "error"), ("data.sessions[2].id", "error")]
    assert told(parsed) == [
        {
            "kind": "conversation",
            "platform_conversation_id": "7494560000000000001",
            "buyer_name": "Albert",
            "session": {
                "platform_session_id": "7495560000000000001",
                "platform_phase": None,
                "began_at": "2025-12-01T00:00:00Z",
                "ended_at": "2025-12-01T02:00:00Z",
                "first_response_seconds": 5400,
                "first_response_late": True,
                "satisfaction": "2",
                "dissatisfaction_reason": "Slow",
                "platform_tags": ["Delivery"],
            },
            "complete": False,
        }
    ]


def test_a_metric_of_the_score_in_full() -> None:
    metric = {
        "metric_code": "OTDR",
        "metric_name": "On-time delivery rate",
        "dimension": "Fulfillment and logistics",
        "value": "94.70",
        "value_unit": "PERCENT",
        "score": "4.3",
        "status": "GOOD",
        "benchmarks": {"excellent_threshold": "0.98", "poor_threshold": "0.80"},
        "evaluate_duration_days": 30,
        "start_evaluation_time": december(1),
        "end_evaluation_time": december(31),
    }
    parsed = parse("getSPSMetrics", ok(metrics=[metric, {"metric_code": "AHT", "value_unit": "HOURS", "status": "NIL"}]))
    assert parsed.problems == []
    assert told(parsed) == [
        {
            "kind": "metric",
            "platform_metric": "OTDR",
            "platform_name": "On-time delivery rate",
            "value": "94.70",
            "unit": "percent",
            "platform_unit": "PERCENT",
            "target": "0.98",
            "floor": "0.80",
            "score": "4.3",
            "platform_status": "GOOD",
            "platform_dimension": "Fulfillment and logistics",
            "started_at": "2025-12-01T00:00:00Z",
            "ended_at": "2025-12-31T00:00:00Z",
            "window_days": 30,
            "as_of": "2025-12-31T00:00:00Z",
        },
        {"kind": "metric", "platform_metric": "AHT", "unit": "hours", "platform_unit": "HOURS", "platform_status": "NIL"},
    ]


def test_the_score_with_its_dimensions_and_their_weights() -> None:
    body = ok(
        sps_score="4.6",
        sps_tier="GOOD",
        peer_percentile="86.5",
        dimensions=[{"name": "Customer service", "score": "4.1", "status": "GOOD", "weight": "10"}, {"score": "1.0"}],
        evaluate_duration_days=90,
        update_time=december(2),
    )
    parsed = parse("getSPSOverview", body)
    assert problems(parsed) == [("data.dimensions[1].name", "error")]
    common = {"kind": "metric", "window_days": 90, "as_of": "2025-12-02T00:00:00Z"}
    assert told(parsed) == [
        common | {"platform_metric": "sps_score", "value": "4.6", "unit": "score", "score": "4.6", "platform_status": "GOOD"},
        common | {"platform_metric": "peer_percentile", "value": "86.5", "unit": "percent"},
        common
        | {
            "platform_metric": "Customer service",
            "platform_dimension": "Customer service",
            "value": "4.1",
            "unit": "score",
            "score": "4.1",
            "weight": "10",
            "platform_status": "GOOD",
        },
    ]


def test_a_diagnosis_with_its_trend_and_its_shares() -> None:
    body = ok(
        metric_code="NRR",
        value="1.2",
        value_unit="PERCENT",
        status="GOOD",
        calculation_rule={"numerator_value": "12", "denominator_value": "1000"},
        trend={"data_points": [{"record_date": "20251231", "value": "1.1"}, {"record_date": "soon", "value": "1"}]},
        distribution_details=[{"name": "Quality", "count": 9, "percent": "75.0"}],
    )
    parsed = parse("getSPSMetricDiagnosis", body)
    assert problems(parsed) == [("data.trend.data_points[1].record_date", "note")]
    like = {"kind": "metric", "platform_metric": "NRR"}
    assert told(parsed) == [
        like
        | {
            "value": "1.2",
            "unit": "percent",
            "platform_unit": "PERCENT",
            "platform_status": "GOOD",
            "numerator": "12",
            "denominator": "1000",
        },
        like
        | {"value": "1.1", "unit": "percent", "platform_unit": "PERCENT", "from_date": "2025-12-31", "until_date": "2026-01-01"},
        like | {"value": "75.0", "unit": "percent", "platform_part": "Quality", "numerator": "9"},
    ]


@pytest.mark.parametrize(
    ("data", "figures"),
    [
        (
            {
                "metric_code": "NRR",
                "nrr_top_product_items": [
                    {
                        "product_id": "1729",
                        "product_name": "Kettle",
                        "negative_order_count": 4,
                        "delivered_order_count": 120,
                        "top_review_reasons": ["Bad"],
                    }
                ],
            },
            [("negative_order_count", "NRR", "1729", "4", "count"), ("delivered_order_count", "NRR", "1729", "120", "count")],
        ),
        (
            {
                "metric_code": "OTDR",
                "otdr_logistics_items": [
                    {"logistics_provider": "USPS", "on_time_deliver_rate": "0.91", "delivered_order_count": 50}
                ],
            },
            [
                ("on_time_deliver_rate", "OTDR+USPS", None, "0.91", "ratio"),
                ("delivered_order_count", "OTDR+USPS", None, "50", "count"),
            ],
        ),
        ({"metric_code": "AHT", "total_count": 0}, []),
    ],
)
def test_what_pulls_a_metric_down(data: dict[str, Any], figures: list[Any]) -> None:
    parsed = parse("getSPSMetricTopItems", ok(**data))
    assert parsed.problems == []
    found = [
        (r["platform_metric"], r["platform_part"], r.get("platform_listing_id"), r["value"], r["unit"]) for r in told(parsed)
    ]
    assert found == figures


def test_the_same_figure_of_several_channels_stays_apart() -> None:
    """Every channel of a product has its own `ctr`: under one id the last would overwrite the others."""
    product = {
        "id": "1729",
        "total_performance": {"ctr": "0.05", "gmv": {"amount": "100.00", "currency": "GBP"}},
        "seller_live_performance": {"ctr": "0.07"},
        "affiliate_video_performance": {"ctr": "0.01", "new_video_count": 2},
    }
    body = ok(products=[product, product | {"id": "1730"}], total_count=2)
    parsed = parse("getShopProductPerformanceList", body, from_date="2025-12-01", until_date="2025-12-02")
    assert (parsed.problems, parsed.total) == ([], 2)
    assert [(r.platform_id) for r in parsed.records[:5]] == [
        "ctr:1729:2025-12-01",
        "gmv:1729:2025-12-01",
        "ctr:seller_live_performance:1729:2025-12-01",
        "ctr:affiliate_video_performance:1729:2025-12-01",
        "new_video_count:affiliate_video_performance:1729:2025-12-01",
    ]
    assert len({record.platform_id for record in parsed.records}) == len(parsed.records) == 10
    assert [(r["value"], r["unit"]) for r in told(parsed)[:5]] == [
        ("0.05", "ratio"),
        ("100.00", "GBP"),
        ("0.07", "ratio"),
        ("0.01", "ratio"),
        ("2", "count"),
    ]


def test_breakdowns_by_content_and_channel_are_kept() -> None:
    day = {
        "start_date": "2025-12-01",
        "end_date": "2025-12-02",
        "breakdowns": {
            "seller_product_card_gmv": {"amount": "5", "currency": "USD"},
            "content_breakdown": [
                {"channel": "CREATOR", "content_type": "LIVE", "gmv": {"amount": "7", "currency": "USD"}},
                {"channel": "SELLER", "content_type": "VIDEO", "gmv": {"amount": "8", "currency": "USD"}},
            ],
            "shop_tab_and_search": {"others": {"amount": "9", "currency": "USD"}},
        },
        "gmv_breakdowns": [{"type": "LIVE", "amount": "3", "currency": "USD"}],
    }
    parsed = parse("getShopPerformance", ok(performance={"intervals": [day]}))
    assert parsed.problems == []
    assert [(r["platform_metric"], r.get("platform_part"), r["value"]) for r in told(parsed)] == [
        ("seller_product_card_gmv", None, "5"),
        ("gmv", "CREATOR+LIVE", "7"),
        ("gmv", "SELLER+VIDEO", "8"),
        ("others", "shop_tab_and_search", "9"),
        ("gmv_breakdowns", "LIVE", "3"),
    ]
    assert {(r["from_date"], r["until_date"], r["unit"]) for r in told(parsed)} == {("2025-12-01", "2025-12-02", "USD")}


def test_a_products_ratings_creators_and_contents() -> None:
    performance = {
        "intervals": [
            {
                "start_date": "2025-12-01",
                "end_date": "2025-12-02",
                "sales": {"breakdowns": [{"content_type": "LIVE", "sales": {"items_sold": 4}}]},
            }
        ],
        "comparison_intervals": [{"start_date": "2025-11-30", "end_date": "2025-12-01", "sales": {"items_sold": 3}}],
        "ratings": [{"stars": "5", "count": 10}, {"stars": "1", "count": 2}],
        "top_creators": [{"creator_open_id": "c1", "creator_name": "Ann", "items_sold": 6}],
        "top_contents": [{"type": "VIDEO", "contents": [{"content_id": "v1", "items_sold": 5}]}],
    }
    parsed = parse(
        "getShopProductPerformanceDetail",
        ok(performance=performance),
        product_id="1729",
        from_date="2025-12-01",
        until_date="2025-12-02",
    )
    assert parsed.problems == []
    assert [record.platform_id for record in parsed.records] == [
        "items_sold:LIVE:1729:2025-12-01",
        "items_sold:1729:2025-11-30",
        "count:ratings+5:1729:2025-12-01",
        "count:ratings+1:1729:2025-12-01",
        "items_sold:top_contents+VIDEO+v1:1729:2025-12-01",
        "items_sold:top_creators+c1:1729:2025-12-01",
    ]
    assert [r["value"] for r in told(parsed)] == ["4", "3", "10", "2", "5", "6"]


@pytest.mark.parametrize(
    ("figure", "paths"),
    [
        ("many", ["data.performance.intervals[0].sales.orders"]),
        (True, ["data.performance.intervals[0].sales.orders"]),
        ({"amount": "x", "currency": "USD"}, ["data.performance.intervals[0].sales.orders.amount"]),
        ([{"type": "LIVE", "amount": "x"}], ["data.performance.intervals[0].sales.orders[0].amount"]),
        (None, []),
        ("", []),
        ([], []),
        ({}, []),
    ],
)
def test_what_is_no_figure_is_named_where_it_stands(figure: Any, paths: list[str]) -> None:
    parsed = parse("getShopPerformance", ok(performance={"intervals": [{"sales": {"orders": figure}}]}))
    assert ([field for field, _ in problems(parsed)], parsed.records) == (paths, [])


@pytest.mark.parametrize(("second", "values"), [("7", ["7"]), ("8", ["7", "8"])])
def test_a_figure_said_twice_alike_is_one_and_one_that_differs_is_not_lost(second: str, values: list[str]) -> None:
    def span(orders: str) -> list[dict[str, Any]]:
        return [{"start_date": "2025-12-01", "end_date": "2025-12-02", "orders": int(orders)}]

    parsed = parse("getShopPerformance_202405", ok(performance={"intervals": span("7"), "comparison_intervals": span(second)}))
    assert ([r["value"] for r in told(parsed)], parsed.problems) == (values, [])


@pytest.mark.parametrize("body", [{"performance": None}, {"performance": []}, {"products": {}}, {"skus": "none"}, {}])
def test_no_figures_are_no_problem(body: dict[str, Any]) -> None:
    for operation in ("getShopPerformance", "getShopProductPerformanceList", "getShopSKUPerformanceList_202406"):
        parsed = parse(operation, ok(**body))
        assert (parsed.records, parsed.problems, parsed.failed) == ([], [], False)
