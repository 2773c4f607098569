"""Service tickets, parcels, the shop and its scores, carriers, warehouses and personal data, one member at a time."""

from pathlib import Path
from typing import Any

import pytest

from storeward.canon import Metric, Package

from .samples import ok, parse, problems, sample, told

AT = 1_690_000_000
THEN_TEXT, THEN = "2023-07-22 12:26:40", "2023-07-22T04:26:40Z"


def ticket(**members: Any) -> dict[str, Any]:
    """A ticket as the list and the detail give it: both must say the same."""
    row = {"id": 10884357, **members}
    (listed,) = told(parse("order.getServiceList", ok({"list": [row], "total": 1})))
    assert told(parse("order.serviceDetail", ok({"detail": row, "logs": []}))) == [listed]
    return listed


TICKET: list[tuple[str, Any, str, Any]] = [
    ("id", 9007199254740993, "platform_conversation_id", "9007199254740993"),
    ("order_id", 4781320682406090555, "platform_order_id", "4781320682406090555"),
    ("order_id", "4738008402565375458", "platform_order_id", "4738008402565375458"),
    ("operate_status", 0, "platform_status", "0"),
    ("operate_status", 100, "platform_status", "100"),
    ("service_type", 3, "platform_type", "3"),
    ("detail", "买家反馈少件", "summary", "买家反馈少件"),
    ("reply", "已补发", "reply", "已补发"),
    ("create_time", THEN_TEXT, "created_at", THEN),
    ("update_time", THEN_TEXT, "updated_at", THEN),
    ("reply_time", THEN_TEXT, "answered_at", THEN),
    ("first_reply_time", THEN_TEXT, "first_answered_at", THEN),
    ("expiration_time", THEN_TEXT, "answer_by_at", THEN),
    ("reject_time", THEN_TEXT, "rejected_at", THEN),
    ("close_time", THEN_TEXT, "closed_at", THEN),
    ("operate_status_desc", "待处理", "platform_more", {"operate_status_desc": "待处理"}),
    ("shop_id", 4463798, "platform_more", {"shop_id": "4463798"}),
    ("is_reject", 1, "platform_more", {"is_reject": "1"}),
    ("reject_detail", "凭证不足", "platform_more", {"reject_detail": "凭证不足"}),
    ("evidence_required", 1, "platform_more", {"evidence_required": "1"}),
    ("close_detail", "已解决", "platform_more", {"close_detail": "已解决"}),
]


@pytest.mark.parametrize(("member", "sent", "place", "expected"), TICKET)
def test_a_member_of_a_ticket_arrives_in_its_place(member: str, sent: Any, place: str, expected: Any) -> None:
    assert ticket(**{member: sent})[place] == expected


@pytest.mark.parametrize("member", ["create_time", "update_time", "reply_time", "expiration_time", "reject_time", "close_time"])
def test_an_empty_time_of_a_ticket_means_that_it_did_not_happen(member: str) -> None:
    assert ticket(**{member: ""}) == ticket()


def test_what_was_written_on_a_ticket_is_kept_in_order() -> None:
    body = ok({"detail": {"id": 1}, "logs": [{"content": "回复内容：283883"}, {"content": ""}, {"content": "售后服务"}]})
    assert told(parse("order.serviceDetail", body))[0]["platform_more"] == {"logs": ["回复内容：283883", "售后服务"]}


def test_a_ticket_without_an_id_is_left_out_with_a_problem() -> None:
    assert problems(parse("order.getServiceList", ok({"list": [{"detail": "x"}]}))) == [("data.list[0].id", "error")]
    assert problems(parse("order.serviceDetail", ok({"detail": {"detail": "x"}}))) == [("data.detail.id", "error")]


def test_the_published_ticket_wants_its_answer_a_day_later(shared_dir: Path) -> None:
    (one,) = told(parse("order.serviceDetail", sample(shared_dir, "order.serviceDetail")))
    assert (one["created_at"], one["answer_by_at"]) == ("2023-07-22T01:01:05Z", "2023-07-23T01:01:05Z")
    assert (one["platform_order_id"], one["summary"]) == ("4781320682406090555", "买家反馈少件")


# --- parcels --------------------------------------------------------------------------------------------------------------


def test_the_steps_of_a_parcel_are_kept_in_order(shared_dir: Path) -> None:
    (one,) = told(parse("logistics.trackNoRouteDetail", sample(shared_dir, "logistics.trackNoRouteDetail")))
    assert one == {
        "kind": "package",
        "platform_package_id": "SF1234567890123",
        "tracking_number": "SF1234567890123",
        "platform_carrier_id": "shunfeng",
        "platform_status": "TRANSIT",
        "status": "unknown",
        "events": [
            {
                "platform_code": "GOT",
                "title": "已揽收",
                "text": "快件已由快递员揽收",
                "place": "杭州西湖营业部",
                "at": "2023-07-22T04:46:40Z",
            },
            {
                "platform_code": "TRANSIT",
                "title": "运输中",
                "text": "快件到达杭州转运中心",
                "place": "杭州转运中心",
                "at": "2023-07-22T06:43:20Z",
            },
        ],
    }


TRACKS: list[tuple[str, dict[str, Any]]] = [
    (
        "logistics.trackNoRouteDetail",
        {"route__node_list": [{"timestamp": str(AT), "state": "GOT"}], "track_info": {"track_no": "T1"}},
    ),
    (
        "logistics.trackNoRouteDetail",
        {"route_node_list": [{"timestamp": str(AT), "state": "GOT"}], "track_info": {"track_no": "T1"}},
    ),
    ("logistics.queryPackageRoute", {"track_routes": [{"state_time": AT, "state": "GOT"}], "track_no": "T1"}),
]


@pytest.mark.parametrize(("method", "data"), TRACKS)
def test_all_spellings_of_a_track_say_the_same(method: str, data: dict[str, Any]) -> None:
    (one,) = told(parse(method, ok(data)))
    assert (one["tracking_number"], one["events"]) == ("T1", [{"platform_code": "GOT", "at": THEN}])


def test_the_code_of_a_carriers_step_is_kept() -> None:
    body = ok({"track_no": "T1", "express": "shunfeng", "track_routes": [{"opcode": "50", "content": "揽收", "state_time": AT}]})
    (one,) = told(parse("logistics.queryPackageRoute", body))
    assert one["events"] == [{"platform_type": "50", "text": "揽收", "at": THEN}]
    assert one["platform_carrier_id"] == "shunfeng"


def test_a_track_takes_its_parcel_from_the_question_where_it_names_none() -> None:
    parsed = parse("logistics.trackNoRouteDetail", ok({"route__node_list": []}), track_no="T1", express="shunfeng")
    (one,) = parsed.records
    assert isinstance(one, Package)
    assert (one.tracking_number, one.platform_carrier_id, one.events) == ("T1", "shunfeng", ())
    nameless = parse("logistics.trackNoRouteDetail", ok({"route__node_list": [{"state": "GOT"}]}))
    assert problems(nameless) == [("data.track_info.track_no", "error")]


def test_shipping_names_the_packages_that_it_made(shared_dir: Path) -> None:
    body = sample(shared_dir, "order.logisticsAddMultiPack")
    first, second = told(parse("order.logisticsAddMultiPack", body, order_id="4781320682406083640"))
    assert first == {
        "kind": "package",
        "platform_package_id": "7258000000000000011",
        "status": "unknown",
        "platform_order_ids": ["4781320682406083640"],
        "platform_line_ids": ["4781320682406083640"],
        "tracking_number": "SF1234567890777",
    }
    assert (second["platform_package_id"], second["platform_line_ids"]) == ("7258000000000000012", ["4781320682406083641"])


def test_shipping_several_orders_together_makes_one_package(shared_dir: Path) -> None:
    (one,) = told(parse("order.logisticsAddSinglePack", sample(shared_dir, "order.logisticsAddSinglePack")))
    assert one["platform_package_id"].isdigit()


@pytest.mark.parametrize("data", [{}, [], None])
def test_a_write_may_answer_nothing_in_three_ways(data: Any) -> None:
    for method in ("order.logisticsAdd", "order.addOrderRemark", "sku.syncStock", "afterSale.timeExtend", "order.replyService"):
        parsed = parse(method, ok(data))
        assert (parsed.problems, parsed.records, parsed.unreadable, parsed.failed) == ([], [], False, False)


def test_carriers_are_kept_whole(shared_dir: Path) -> None:
    parsed = parse("order.logisticsCompanyList", sample(shared_dir, "order.logisticsCompanyList"))
    assert isinstance(parsed.answer, list)
    assert {row["code"]: row["name"] for row in parsed.answer}["shunfeng"] == "顺丰速运"
    assert parsed.records == []


@pytest.mark.parametrize("data", ["x", 7, {"list": 1}])
def test_what_is_no_list_of_carriers_says_nothing(data: Any) -> None:
    assert parse("order.logisticsCompanyList", ok(data)).unreadable


# --- the shop -------------------------------------------------------------------------------------------------------------


def test_the_shop_and_its_scores_are_read(shared_dir: Path) -> None:
    store, *scores = told(parse("shop.reputation", sample(shared_dir, "shop.reputation")))
    assert store == {
        "kind": "store",
        "platform_store_id": "4463798",
        "name": "青禾家居旗舰店",
        "region": "CN",
        "seller_type": "local",
    }
    assert [(score["platform_metric"], score["value"], score["unit"]) for score in scores] == [
        ("shop_score", "4.85", "points"),
        ("product_score", "4.90", "points"),
        ("logistics_score", "4.71", "points"),
        ("service_score", "4.92", "points"),
    ]


SCORES: list[tuple[Any, str | None]] = [
    ("4.90", "4.90"),
    ("5", "5"),
    (4.7, "4.7"),
    (5, "5"),
    ("", None),
    (None, None),
    ("0.00", "0.00"),
]


@pytest.mark.parametrize(("sent", "value"), SCORES)
def test_a_score_keeps_its_digits_as_measured(sent: Any, value: str | None) -> None:
    found = told(parse("shop.reputation", ok({"shop_id": 1, "shop_score": sent})))
    assert [one["value"] for one in found if one["kind"] == "metric"] == ([value] if value is not None else [])


def test_scores_without_a_shop_are_still_scores() -> None:
    parsed = parse("shop.reputation", ok({"shop_score": "4.90"}))
    assert [one["kind"] for one in told(parsed)] == ["metric"]
    assert problems(parsed) == [("data.shop_id", "error")]


def test_the_parts_of_the_experience_score_are_figures_of_their_own(shared_dir: Path) -> None:
    found = {
        (one["platform_metric"], one.get("platform_part")): (one["value"], one.get("score"))
        for one in told(parse("shop.getExperienceScore", sample(shared_dir, "shop.getExperienceScore")))
    }
    assert found == {
        ("seller_rating_info", None): ("87.0", None),
        ("seller_rating_info", "score_weight"): ("87.0", None),
        ("prod_dsr", None): ("4.7", "90.0"),
        ("prod_dsr", "node_score_weight"): ("45.0", None),
        ("quality_return_rate", None): ("0.004", "88.0"),
        ("quality_return_rate", "node_score_weight"): ("8.8", None),
        ("lgt_qreturn_rate", None): ("0.001", "92.0"),
        ("lgt_qreturn_rate", "node_score_weight"): ("4.6", None),
        ("collect_ontime_rate", None): ("0.93", "80.0"),
        ("collect_ontime_rate", "node_score_weight"): ("8.0", None),
        ("delivery_accomplish_rate", None): ("0.97", "85.0"),
        ("delivery_accomplish_rate", "node_score_weight"): ("4.3", None),
        ("average_feedback_time", None): ("25.0", "95.0"),
        ("average_feedback_time", "node_score_weight"): ("9.5", None),
        ("aftersale_deal_reach_rate", None): ("0.98", "91.0"),
        ("aftersale_deal_reach_rate", "node_score_weight"): ("6.8", None),
    }


def test_no_two_figures_share_an_id(shared_dir: Path) -> None:
    found = parse("shop.getExperienceScore", sample(shared_dir, "shop.getExperienceScore")).records
    assert len({one.platform_id for one in found}) == len(found)


def test_a_part_that_nobody_documented_is_kept_as_well() -> None:
    parsed = parse(
        "shop.getExperienceScore", ok({"new_rate": {"score": 0.5}, "note": "text", "empty": None, "list": [1], "none": {}})
    )
    (one,) = parsed.records
    assert isinstance(one, Metric)
    assert (one.platform_metric, str(one.value), one.score) == ("new_rate", "0.5", None)
    assert parsed.problems == []


# --- look-ups -------------------------------------------------------------------------------------------------------------


def test_warehouses_and_addresses_are_kept_whole(shared_dir: Path) -> None:
    houses = parse("warehouse.list", sample(shared_dir, "warehouse.list"))
    assert isinstance(houses.answer, dict)
    assert (houses.answer["warehouses"][0]["out_warehouse_id"], houses.receipt) == ("wh-hd-1", {"total": "1"})
    assert houses.answer["warehouses"][0]["warehouse_id"] == 6853386941874864001
    book = parse("address.list", sample(shared_dir, "address.list"))
    assert isinstance(book.answer, dict)
    assert book.answer["address_list"][0]["receiver_provinc"] == "浙江省"
    assert (houses.next_page, book.next_page) == (None, None)


def test_personal_data_is_handed_over_as_it_came(shared_dir: Path) -> None:
    parsed = parse("order.batchDecrypt", sample(shared_dir, "order.batchDecrypt"))
    assert isinstance(parsed.answer, dict)
    assert [row["decrypt_text"] for row in parsed.answer["decrypt_infos"]] == ["18400913965-7576", "陈静"]
    assert (parsed.records, parsed.problems) == ([], [])


ROWS: list[tuple[str, str]] = [
    ("order.batchDecrypt", "decrypt_infos"),
    ("order.batchSensitive", "decrypt_infos"),
    ("order.batchEncrypt", "encrypt_infos"),
    ("order.BatchSearchIndex", "plain_to_encrypt_index_list"),
]


@pytest.mark.parametrize(("method", "field"), ROWS)
def test_a_text_that_cannot_be_turned_is_a_failure_of_its_own(method: str, field: str) -> None:
    rows = [{"err_no": 0}, {"err_no": 1001, "err_msg": "密文错误"}, {"err_no": "0"}]
    parsed = parse(method, ok({field: rows, "custom_err": {"err_no": 0}}))
    (problem,) = parsed.problems
    assert (problem.field, problem.message) == (f"data.{field}[1].err_no", "密文错误")
    assert problem.error is not None
    assert problem.error.code == "1001"


def test_a_batch_that_risk_control_stops_is_a_failure_as_a_whole() -> None:
    parsed = parse("order.batchDecrypt", ok({"decrypt_infos": [], "custom_err": {"err_no": 300008, "err_msg": "风控"}}))
    assert [(problem.field, problem.message) for problem in parsed.problems] == [("data.custom_err.err_no", "风控")]


@pytest.mark.parametrize("custom", [None, {}, {"err_no": 0}])
def test_no_risk_is_no_failure(custom: Any) -> None:
    assert parse("order.batchDecrypt", ok({"decrypt_infos": [], "custom_err": custom})).problems == []


LOOK_UPS = [
    "open.getAuthInfo",
    "order.queryOrderLogistics",
    "order.queryOrderPackageInfo",
    "order.deliverTimeChangeTaskInfo",
    "product.getProductUpdateRule",
    "afterSale.rejectReasonCodeList",
]


@pytest.mark.parametrize("method", LOOK_UPS)
def test_a_look_up_whose_answer_nobody_documented_is_kept_whole(method: str) -> None:
    parsed = parse(method, ok({"task_id": 9007199254740993, "rows": [1.5, "x", None]}))
    assert isinstance(parsed.answer, dict)
    assert parsed.answer["task_id"] == 9007199254740993
    assert (parsed.records, parsed.problems) == ([], [])
