"""Members of an after-sale one by one, in the list and in the detail, which spell them differently."""

from pathlib import Path
from typing import Any

import pytest

from .samples import ok, parse, problems, sample, told, yuan

AT = 1_690_000_000
THEN = "2023-07-22T04:26:40Z"
CASE = "6959800000297566494"


def listed(order: dict[str, Any] | None = None, texts: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    item: dict[str, Any] = {"aftersale_info": {"aftersale_id": CASE, "aftersale_status": 12, **members}}
    if order is not None:
        item["order_info"] = order
    if texts is not None:
        item["text_part"] = texts
    return ok({"items": [item], "has_more": False})


def detailed(order: dict[str, Any] | None = None, process: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    info = {"after_sale_id": int(CASE), "after_sale_status": 12, **members}
    return ok({"process_info": {"after_sale_info": info, **(process or {})}, "order_info": order or {}})


def of_list(*args: Any, **members: Any) -> dict[str, Any]:
    (one,) = told(parse("afterSale.List", listed(*args, **members)))
    return one


def of_detail(*args: Any, **members: Any) -> dict[str, Any]:
    (one,) = told(parse("afterSale.Detail", detailed(*args, **members)))
    return one


STATES: list[tuple[int, str, bool]] = [
    (6, "pending", True),
    (7, "awaiting_buyer", False),
    (8, "pending", True),
    (11, "shipped_back", True),
    (12, "completed", False),
    (13, "approved", False),
    (3, "approved", False),
    (14, "completed", False),
    (27, "refused", False),
    (28, "withdrawn", False),
    (29, "refused", False),
    (51, "completed", False),
    (53, "completed", False),
]


@pytest.mark.parametrize(("sent", "status", "ours"), STATES)
def test_every_state_has_our_word_and_its_deadline_is_ours_only_in_our_turn(sent: int, status: str, ours: bool) -> None:
    for one in (
        of_list(aftersale_status=sent, status_deadline=AT),
        of_detail(after_sale_status=sent, status_deadline=AT),
    ):
        assert (one["platform_status"], one["status"]) == (str(sent), status)
        assert one.get("answer_by_at") == (THEN if ours else None)
        assert one["deadlines"] == {"status_deadline": THEN}


@pytest.mark.parametrize("nothing", [0, "", None])
def test_no_deadline_is_none(nothing: Any) -> None:
    for one in (
        of_list(aftersale_status=6, status_deadline=nothing),
        of_detail(after_sale_status=6, status_deadline=nothing),
    ):
        assert "answer_by_at" not in one
        assert "deadlines" not in one


def test_a_state_that_we_do_not_know_is_kept_and_noted() -> None:
    parsed = parse("afterSale.List", listed(aftersale_status=99, status_deadline=AT))
    (one,) = told(parsed)
    assert (one["platform_status"], one["status"]) == ("99", "unknown")
    assert "answer_by_at" not in one
    assert problems(parsed) == [("data.items[0].aftersale_info.aftersale_status", "note")]


def test_a_case_that_has_no_state_yet_is_unknown_without_a_word() -> None:
    parsed = parse("afterSale.List", listed(aftersale_status=0))
    assert told(parsed)[0]["status"] == "unknown"
    assert problems(parsed) == []


TYPES: list[tuple[int, str]] = [
    (0, "return_and_refund"),
    (1, "refund"),
    (2, "refund"),
    (3, "exchange"),
    (4, "refund"),
    (5, "refund"),
    (6, "refund"),
    (7, "replacement"),
    (8, "replacement"),
]


@pytest.mark.parametrize(("sent", "kind"), TYPES)
def test_every_kind_of_case_has_our_word(sent: int, kind: str) -> None:
    for one in (of_list(aftersale_type=sent), of_detail(after_sale_type=sent)):
        assert (one["platform_type"], one["type"]) == (str(sent), kind)


def test_a_kind_that_we_do_not_know_is_kept_and_noted() -> None:
    parsed = parse("afterSale.Detail", detailed(after_sale_type=42))
    assert (told(parsed)[0]["platform_type"], told(parsed)[0]["type"]) == ("42", "unknown")
    assert problems(parsed) == [("data.process_info.after_sale_info.after_sale_type", "note")]


LIST_MEMBERS: list[tuple[str, Any, str, Any]] = [
    ("aftersale_id", "6959800000297566777", "platform_return_id", "6959800000297566777"),
    ("aftersale_id", 9007199254740993, "platform_return_id", "9007199254740993"),
    ("apply_time", AT, "requested_at", THEN),
    ("create_time", AT, "requested_at", THEN),
    ("update_time", AT, "updated_at", THEN),
    ("refund_amount", 9900, "refund_asked", yuan("99.00")),
    ("refund_post_amount", 800, "amounts", {"refund_post_amount": yuan("8.00")}),
    ("refund_tax_amount", 1, "amounts", {"refund_tax_amount": yuan("0.01")}),
    ("return_promotion_amount", 250, "amounts", {"return_promotion_amount": yuan("2.50")}),
    ("return_logistics_code", "YT1387990019999", "tracking_number", "YT1387990019999"),
    ("return_logistics_company_name", "圆通快递", "carrier", "圆通快递"),
    ("arbitrate_status", 4, "platform_arbitration_status", "4"),
    ("reason_second_labels", [{"code": 7, "name": "质量"}, {"code": 8, "name": "少件"}], "platform_reason", "7, 8"),
    ("reason_second_labels", [{"code": 7, "name": "质量"}, {"code": 8, "name": "少件"}], "reason_text", "质量, 少件"),
    ("related_id", "4781320682405000002", "platform_more", {"related_id": "4781320682405000002"}),
    ("store_id", 77, "platform_more", {"store_id": "77"}),
    ("refund_status", 1, "platform_more", {"refund_status": "1"}),
    ("aftersale_order_type", 2, "platform_more", {"aftersale_order_type": "2"}),
    ("part_type", 0, "platform_more", {"part_type": "0"}),
    ("aftersale_refund_type", -1, "platform_more", {"aftersale_refund_type": "-1"}),
    ("refund_type", 4, "platform_more", {"refund_type": "4"}),
    ("got_pkg", 1, "platform_more", {"got_pkg": "1"}),
    ("is_agree_refuse_sign", 2, "platform_more", {"is_agree_refuse_sign": "2"}),
    ("risk_decision_code", 3, "platform_more", {"risk_decision_code": "3"}),
    ("risk_decision_reason", "风险", "platform_more", {"risk_decision_reason": "风险"}),
    ("arbitrate_blame", 1, "platform_more", {"arbitrate_blame": "1"}),
    ("aftersale_sub_type", 5, "platform_more", {"aftersale_sub_type": "5"}),
    ("aftersale_num", 2, "platform_more", {"aftersale_num": "2"}),
    ("remark", "备注", "platform_more", {"remark": "备注"}),
    ("exchange_logistics_company_name", "顺丰", "platform_more", {"exchange_logistics_company_name": "顺丰"}),
    ("aftersale_tags", [{"tag_detail": "延长"}], "platform_more", {"aftersale_tags": ["延长"]}),
    ("order_logistics", [{"tracking_no": "SF1"}], "platform_more", {"order_logistics.tracking_no": ["SF1"]}),
    (
        "exchange_sku_info",
        {"sku_id": "17", "code": "QH", "name": "枕", "spec_desc": "蓝", "num": 1},
        "platform_more",
        {
            "exchange_sku_info.sku_id": "17",
            "exchange_sku_info.code": "QH",
            "exchange_sku_info.name": "枕",
            "exchange_sku_info.spec_desc": "蓝",
            "exchange_sku_info.num": "1",
        },
    ),
    ("exchange_sku_info", {"price": "1990"}, "amounts", {"exchange_sku_info.price": yuan("19.90")}),
]


@pytest.mark.parametrize(("member", "sent", "place", "expected"), LIST_MEMBERS)
def test_a_member_of_the_list_arrives_in_its_place(member: str, sent: Any, place: str, expected: Any) -> None:
    assert of_list(**{member: sent})[place] == expected


def test_when_it_was_applied_for_counts_before_when_it_was_made() -> None:
    assert of_list(apply_time=AT, create_time=AT + 60)["requested_at"] == THEN


def test_the_reason_in_words_counts_before_its_labels() -> None:
    one = of_list({}, {"reason_text": "不想要了"}, reason_second_labels=[{"code": 7, "name": "质量"}])
    assert (one["platform_reason"], one["reason_text"]) == ("7", "不想要了")


@pytest.mark.parametrize("refund_status", [0, 1, 2, 3, 4, 5])
def test_the_list_never_says_that_money_was_paid(refund_status: int) -> None:
    assert "refunded" not in of_list(refund_amount=5000, refund_status=refund_status)


DETAIL_MEMBERS: list[tuple[str, Any, str, Any]] = [
    ("after_sale_id", 9007199254740993, "platform_return_id", "9007199254740993"),
    ("after_sale_id", "6959800000297566777", "platform_return_id", "6959800000297566777"),
    ("apply_time", AT, "requested_at", THEN),
    ("update_time", AT, "updated_at", THEN),
    ("refund_time", AT, "refunded_at", THEN),
    ("aftersale_status_to_final_time", AT, "ended_at", THEN),
    ("refund_total_amount", 5000, "refund_asked", yuan("50.00")),
    ("reason_code", 15, "platform_reason", "15"),
    ("reason", "不想要了", "reason_text", "不想要了"),
    ("reason_second_labels", [{"code": 7, "name": "质量"}], "reason_text", "质量"),
    ("refund_post_amount", 800, "amounts", {"refund_post_amount": yuan("8.00")}),
    ("refund_promotion_amount", 1, "amounts", {"refund_promotion_amount": yuan("0.01")}),
    ("deduction_amount", 2, "amounts", {"deduction_amount": yuan("0.02")}),
    ("platform_discount_return_amount", 3, "amounts", {"platform_discount_return_amount": yuan("0.03")}),
    ("kol_discount_return_amount", 4, "amounts", {"kol_discount_return_amount": yuan("0.04")}),
    ("real_refund_amount", 5, "amounts", {"real_refund_amount": yuan("0.05")}),
    ("post_discount_return_amount", 6, "amounts", {"post_discount_return_amount": yuan("0.06")}),
    ("gold_coin_return_amount", 7, "amounts", {"gold_coin_return_amount": yuan("0.07")}),
    ("refund_packing_charge_amount", 8, "amounts", {"refund_packing_charge_amount": yuan("0.08")}),
    ("shop_discount_return_amount", 9, "amounts", {"shop_discount_return_amount": yuan("0.09")}),
    ("exchange_sku_info", {"price": "20"}, "amounts", {"exchange_sku_info.price": yuan("0.20")}),
    ("refund_type", 0, "platform_more", {"refund_type": "0"}),
    ("part_type", 1, "platform_more", {"part_type": "1"}),
    ("got_pkg", 0, "platform_more", {"got_pkg": "0"}),
    ("after_sale_order_type", -1, "platform_more", {"after_sale_order_type": "-1"}),
    ("after_sale_sub_type", 1, "platform_more", {"after_sale_sub_type": "1"}),
    ("after_sale_apply_count", 2, "platform_more", {"after_sale_apply_count": "2"}),
    ("need_return_count", 1, "platform_more", {"need_return_count": "1"}),
    ("platform_discount_return_status", 1, "platform_more", {"platform_discount_return_status": "1"}),
    ("kol_discount_return_status", 2, "platform_more", {"kol_discount_return_status": "2"}),
    ("post_discount_return_status", 3, "platform_more", {"post_discount_return_status": "3"}),
    ("risk_decsison_code", 4, "platform_more", {"risk_decsison_code": "4"}),
    ("risk_decsison_reason", "风险", "platform_more", {"risk_decsison_reason": "风险"}),
    ("refund_voucher_num", 1, "platform_more", {"refund_voucher_num": "1"}),
    ("refund_fail_reason", "账户异常", "platform_more", {"refund_fail_reason": "账户异常"}),
    ("reason_remark", "说明", "platform_more", {"reason_remark": "说明"}),
    ("disable_coupon_id", "c-1", "platform_more", {"disable_coupon_id": "c-1"}),
    ("return_address_id", 95251, "platform_more", {"return_address_id": "95251"}),
    ("store_id", "77", "platform_more", {"store_id": "77"}),
]


@pytest.mark.parametrize(("member", "sent", "place", "expected"), DETAIL_MEMBERS)
def test_a_member_of_the_detail_arrives_in_its_place(member: str, sent: Any, place: str, expected: Any) -> None:
    assert of_detail(**{member: sent})[place] == expected


MONEY: list[tuple[Any, Any, dict[str, str] | None]] = [
    (3, 5000, yuan("50.00")),
    ("3", "5000", yuan("50.00")),
    (3, 0, yuan("0.00")),
    (3, None, None),
    (1, 5000, None),
    (2, 5000, None),
    (4, 5000, None),
    (5, 5000, None),
    (0, 5000, None),
    (None, 5000, None),
]


@pytest.mark.parametrize(("refund_status", "amount", "expected"), MONEY)
def test_money_has_left_only_where_the_refund_says_so(refund_status: Any, amount: Any, expected: dict[str, str] | None) -> None:
    one = of_detail(refund_status=refund_status, real_refund_amount=amount, refund_total_amount=9900)
    assert one.get("refunded") == expected
    assert one["refund_asked"] == yuan("99.00")


def test_a_withdrawn_case_whose_refund_still_waits_paid_nothing() -> None:
    one = of_detail(after_sale_status=28, refund_status=1, real_refund_amount=9900)
    assert (one["status"], one.get("refunded")) == ("withdrawn", None)


ARBITRATION: list[tuple[int, bool]] = [
    (0, False),
    (1, True),
    (2, False),
    (3, False),
    (4, True),
    (5, True),
    (6, False),
    (255, False),
]


@pytest.mark.parametrize(("sent", "disputed"), ARBITRATION)
def test_a_case_is_disputed_while_the_platform_judges_it(sent: int, disputed: bool) -> None:
    assert of_list(arbitrate_status=sent)["disputed"] is disputed
    assert of_detail({}, {"arbitrate_info": {"arbitrate_status": sent}})["disputed"] is disputed


def test_a_case_of_which_nothing_is_said_is_neither_disputed_nor_not() -> None:
    assert "disputed" not in of_list()
    assert "disputed" not in of_detail({}, {"arbitrate_info": None})


PROOF: list[tuple[int, int, Any, str | None]] = [
    (4, 27, "2023-07-22 12:26:40", THEN),
    (4, 27, "1690000000", THEN),
    (4, 27, 1690000000, THEN),
    (4, 27, "", None),
    (4, 6, "", "2023-07-22T05:26:40Z"),
    (1, 27, "2023-07-22 12:26:40", None),
    (5, 6, "2023-07-22 12:26:40", "2023-07-22T05:26:40Z"),
]


@pytest.mark.parametrize(("arbitration", "status", "deadline", "expected"), PROOF)
def test_where_the_platform_wants_proof_its_own_deadline_counts(
    arbitration: int, status: int, deadline: Any, expected: str | None
) -> None:
    dispute = {"arbitrate_id": "7258", "arbitrate_status": arbitration, "arbitrate_status_deadline": deadline}
    one = of_detail({}, {"arbitrate_info": dispute}, after_sale_status=status, status_deadline=AT + 3600)
    assert one.get("answer_by_at") == expected
    assert one["platform_more"]["arbitrate_id"] == "7258"


def test_what_the_platform_judged_is_kept() -> None:
    dispute = {"arbitrate_status": 255, "arbitrate_conclusion": 2, "arbitrate_blame": 1, "arbitrate_opinion": "支持买家"}
    assert of_detail({}, {"arbitrate_info": dispute})["platform_more"] == {
        "arbitrate_conclusion": "2",
        "arbitrate_blame": "1",
        "arbitrate_opinion": "支持买家",
    }


def test_parcels_on_their_ways_are_told_apart() -> None:
    ways = {
        "return": {"tracking_no": "YT9", "company_name": "圆通快递", "company_code": "yuantong"},
        "exchange": {"tracking_no": "SF8", "company_code": "shunfeng"},
        "resend": {"tracking_no": "ZT7", "company_code": "zhongtong"},
        "order": [],
    }
    one = of_detail({}, {"logistics_info": ways})
    assert (one["tracking_number"], one["carrier"], one["platform_carrier_id"]) == ("YT9", "圆通快递", "yuantong")
    assert one["platform_more"] == {
        "exchange.tracking_no": "SF8",
        "exchange.company_code": "shunfeng",
        "resend.tracking_no": "ZT7",
        "resend.company_code": "zhongtong",
    }


def test_the_negotiation_is_kept_step_by_step() -> None:
    steps = [
        {"operator": "买家", "time": "2023-07-22 12:26:40", "text": "发起了退款申请", "action": "apply", "role": 1},
        {"operator": "商家", "time": "", "text": "同意", "action": "", "role": 2},
    ]
    assert of_detail({}, {"record_logs_list": steps})["events"] == [
        {"platform_code": "apply", "platform_type": "1", "title": "买家", "text": "发起了退款申请", "at": THEN},
        {"platform_type": "2", "title": "商家", "text": "同意"},
    ]


def test_remarks_of_the_shop_are_kept() -> None:
    one = of_detail({}, {"after_sale_shop_remarks": [{"remark": "已联系"}, {"remark": ""}]})
    assert one["platform_more"] == {"after_sale_shop_remarks": ["已联系"]}


LIST_LINE: list[tuple[str, Any, str, Any]] = [
    ("sku_order_id", 4781320682405000002, "platform_line_id", "4781320682405000002"),
    ("sku_order_id", "4781320682405000002", "platform_order_line_id", "4781320682405000002"),
    ("order_status", 3, "platform_status", "3"),
    ("product_name", "青禾 记忆棉枕 一对", "title", "青禾 记忆棉枕 一对"),
    ("product_id", 3488625851803765013, "platform_listing_id", "3488625851803765013"),
    ("sku_spec", [{"name": "规格", "value": "一对装"}], "variant", "规格: 一对装"),
    ("shop_sku_code", "QH-P-2", "seller_sku", "QH-P-2"),
    ("logistics_code", "SF1", "tracking_number", "SF1"),
    ("aftersale_pay_amount", 9900, "refund_asked", yuan("99.00")),
    ("aftersale_item_num", 2, "quantity", 2),
    ("price", 4950, "price", yuan("49.50")),
    ("pay_amount", 9901, "amounts", {"pay_amount": yuan("99.01")}),
    ("post_amount", 1, "amounts", {"post_amount": yuan("0.01")}),
    ("tax_amount", 2, "amounts", {"tax_amount": yuan("0.02")}),
    ("aftersale_post_amount", 3, "amounts", {"aftersale_post_amount": yuan("0.03")}),
    ("aftersale_tax_amount", 4, "amounts", {"aftersale_tax_amount": yuan("0.04")}),
    ("promotion_pay_amount", 5, "amounts", {"promotion_pay_amount": yuan("0.05")}),
    ("is_oversea_order", 0, "platform_more", {"is_oversea_order": "0"}),
    ("item_num", 3, "platform_more", {"item_num": "3"}),
]


@pytest.mark.parametrize(("member", "sent", "place", "expected"), LIST_LINE)
def test_a_member_of_a_listed_line_arrives_in_its_place(member: str, sent: Any, place: str, expected: Any) -> None:
    one = of_list({"shop_order_id": "4781", "related_order_info": [{"sku_order_id": "1", member: sent}], "order_flag": 0})
    assert one["platform_order_id"] == "4781"
    assert one["lines"][0][place] == expected
    assert one["platform_more"]["order_flag"] == "0"


DETAIL_LINE: list[tuple[str, Any, str, Any]] = [
    ("sku_order_id", 4781320682405000003, "platform_line_id", "4781320682405000003"),
    ("sku_id", 1729160688834777, "platform_sku_id", "1729160688834777"),
    ("order_status", 3, "platform_status", "3"),
    ("product_name", "枕", "title", "枕"),
    ("product_id", 3488625851803765013, "platform_listing_id", "3488625851803765013"),
    ("sku_spec", [{"name": "规格", "value": "一对装"}], "variant", "规格: 一对装"),
    ("shop_sku_code", "QH-P-2", "seller_sku", "QH-P-2"),
    ("after_sale_item_count", 1, "quantity", 1),
    ("pay_amount", 1, "amounts", {"pay_amount": yuan("0.01")}),
    ("post_amount", 2, "amounts", {"post_amount": yuan("0.02")}),
    ("tax_amount", 3, "amounts", {"tax_amount": yuan("0.03")}),
    ("item_sum_amount", 4, "amounts", {"item_sum_amount": yuan("0.04")}),
    ("sku_pay_amount", 5, "amounts", {"sku_pay_amount": yuan("0.05")}),
    ("promotion_amount", 6, "amounts", {"promotion_amount": yuan("0.06")}),
    ("item_quantity", 2, "platform_more", {"item_quantity": "2"}),
    ("pay_type", 2, "platform_more", {"pay_type": "2"}),
]


@pytest.mark.parametrize(("member", "sent", "place", "expected"), DETAIL_LINE)
def test_a_member_of_a_detailed_line_arrives_in_its_place(member: str, sent: Any, place: str, expected: Any) -> None:
    one = of_detail({"shop_order_id": 4781320682405000003, "sku_order_infos": [{"sku_order_id": 1, member: sent}]})
    assert one["platform_order_id"] == "4781320682405000003"
    assert one["lines"][0][place] == expected


def test_an_order_was_placed_when_the_first_of_its_lines_was() -> None:
    rows = [{"sku_order_id": "1", "create_time": AT + 60}, {"sku_order_id": "2", "create_time": AT}, {"sku_order_id": "3"}]
    assert of_list({"related_order_info": rows})["order_placed_at"] == THEN
    assert of_detail({"sku_order_infos": rows})["order_placed_at"] == THEN


def test_a_case_without_a_number_is_left_out_with_a_problem() -> None:
    parsed = parse("afterSale.List", listed(aftersale_id=""))
    assert (parsed.records, problems(parsed)) == ([], [("data.items[0].aftersale_info.aftersale_id", "error")])
    parsed = parse("afterSale.Detail", detailed(after_sale_id=0))
    assert (parsed.records, problems(parsed)) == ([], [("data.process_info.after_sale_info.after_sale_id", "error")])


def test_a_line_without_a_number_costs_only_itself() -> None:
    parsed = parse("afterSale.List", listed({"related_order_info": [{"item_num": 1}, {"sku_order_id": "2"}]}))
    assert [line["platform_line_id"] for line in told(parsed)[0]["lines"]] == ["2"]
    assert problems(parsed) == [("data.items[0].order_info.related_order_info[0].sku_order_id", "error")]


def test_the_published_list_is_read_as_a_person_would(shared_dir: Path) -> None:
    first, second, third = told(parse("afterSale.List", sample(shared_dir, "afterSale.List")))
    assert (first["platform_return_id"], first["status"], first["answer_by_at"]) == (
        "6959800000297566494",
        "pending",
        "2023-07-24T04:16:40Z",
    )
    assert first["lines"][0]["refund_asked"] == first["refund_asked"] == yuan("99.00")
    assert (second["status"], second["tracking_number"], second["carrier"]) == ("shipped_back", "YT1387990019999", "圆通快递")
    assert second["answer_by_at"] == "2023-07-23T04:26:40Z"
    assert (third["status"], third["refund_asked"], third.get("answer_by_at")) == ("completed", yuan("50.00"), None)


def test_the_published_detail_says_what_was_refunded(shared_dir: Path) -> None:
    (one,) = told(parse("afterSale.Detail", sample(shared_dir, "afterSale.Detail.refunded")))
    assert one["platform_return_id"] == "6959800000297566888"
    assert (one["refund_asked"], one["refunded"]) == (yuan("50.00"), yuan("50.00"))
    assert (one["refunded_at"], one["ended_at"]) == ("2023-07-22T04:18:20Z", "2023-07-22T04:18:20Z")
    assert (one["platform_order_id"], one["order_placed_at"]) == ("4781320682405000003", "2023-07-21T03:26:40Z")


def test_a_decision_that_failed_under_the_code_of_success_is_a_failure() -> None:
    rows = [
        {"aftersale_id": 6959800000297566494, "status_code": 0, "status_msg": "success"},
        {"aftersale_id": 6959800000297566495, "status_code": 20309541, "status_msg": "状态不允许"},
    ]
    parsed = parse("afterSale.operate", ok({"items": rows}))
    (problem,) = parsed.problems
    assert problem.field == "data.items[1].status_code"
    assert problem.message == "after-sale 6959800000297566495: 状态不允许"
    assert problem.error is not None
    assert (problem.error.code, problem.error.retry.value) == ("20309541", "never")
    assert parsed.failed


def test_a_parcel_that_cannot_be_stopped_is_a_failure(shared_dir: Path) -> None:
    parsed = parse("afterSale.applyLogisticsIntercept", sample(shared_dir, "fixture/afterSale.applyLogisticsIntercept"))
    (problem,) = parsed.problems
    assert problem.message == "parcel 3213123123: 服务器开了小差，请稍后重试"
    assert problem.error is not None
    assert problem.error.code == "-10006"
    assert parsed.receipt == {"success_count": "0", "failed_count": "1", "unavailable_reason": "服务器开了小差，请稍后重试"}


def test_reasons_to_refuse_are_kept_whole(shared_dir: Path) -> None:
    parsed = parse("afterSale.rejectReasonCodeList", sample(shared_dir, "afterSale.rejectReasonCodeList"))
    assert isinstance(parsed.answer, dict)
    needed = {row["reject_reason_code"]: row["evidence_need"] for row in parsed.answer["items"]}
    assert needed == {17: "Y", 21: "N"}
