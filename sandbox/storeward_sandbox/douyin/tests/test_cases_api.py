"""After-sales over the API: lists and filters, the detail, decisions by their codes, and what else a merchant does."""

from dataclasses import replace
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR, MINUTE
from storeward_sandbox.douyin.cases import (
    ASKED,
    CLOSED,
    DONE,
    EXCHANGE,
    PROOF_WANTED,
    REASONS,
    REFUND_SHIPPED,
    REFUND_UNSHIPPED,
    REFUSED,
    REFUSED_AGAIN,
    REISSUE,
    RESHIPPED,
    RETURN,
    SENT_BACK,
    TO_RESHIP,
    TO_SEND_BACK,
    Case,
    Cases,
    agree,
    arbitrate,
    open_case,
    refuse,
    reship,
    send_back,
)
from storeward_sandbox.douyin.cases_api import DEEDS, EXCUSES
from storeward_sandbox.douyin.errors import ApiError
from storeward_sandbox.douyin.moments import text_time
from storeward_sandbox.douyin.orders import ship
from storeward_sandbox.douyin.places import Places
from storeward_sandbox.douyin.shop import Shop
from storeward_sandbox.douyin.tests.support import QUIET, Json, ask, bare_shop, buy, checked, go, make_shop, shop_to_read, told

ARRIVES = replace(QUIET, collected=HOUR, delivered=HOUR)
WAY = {"company_code": "yuantong", "logistics_code": "YT1387990019999"}
EXCUSE: Json = {"reason": "不", "remark": "不", "reject_reason_code": 21}


@pytest.fixture
def shop() -> Shop:
    return bare_shop()


def opened(shop: Shop, kind: int, status: int = ASKED) -> Case:
    """A case of that kind in that state."""
    order = buy(shop, QUIET if kind == REFUND_UNSHIPPED else ARRIVES)
    if kind != REFUND_UNSHIPPED:
        number = f"YD{shop.ids.new('track')[-13:]}"
        ship(shop, [order], [(line, line.count) for line in order.lines], carrier_code="yunda", tracking_no=number)
        go(shop, 2 * HOUR)
    case = open_case(shop, order, order.lines[0], kind, reason=REASONS[kind][0])
    assert case is not None
    if status in (TO_SEND_BACK, SENT_BACK, TO_RESHIP, RESHIPPED):
        agree(shop, case, "好")
    if status in (SENT_BACK, RESHIPPED) and kind != REISSUE:
        send_back(shop, case, "shunfeng", "SF1234567")
    if status == RESHIPPED:
        reship(shop, case, "yunda", "YD7654321")
    assert case.status == status
    shop.push()
    return case


def refusal(shop: Shop, method: str, **params: Any) -> str:
    with pytest.raises(ApiError) as refused:
        ask(shop, method, **params)
    return f"{refused.value.code} {refused.value.sub_code}"


def listing(shop: Shop, **params: Any) -> Json:
    found: Json = checked(shop, "afterSale.List", **{"page": 0, "size": 100, **params})
    return found


def ids(found: Json) -> list[str]:
    return [row["aftersale_info"]["aftersale_id"] for row in found["items"]]


# --- the list ---------------------------------------------------------------------------------------------------------


def busy() -> Shop:
    return shop_to_read(("returns",), orders_per_day=4.0)


@pytest.mark.parametrize("size", [1, 9, 50, 100])
def test_pages_hold_every_case_once(size: int) -> None:
    shop, found, more, page = busy(), [], True, 0
    while more:
        answer = listing(shop, page=page, size=size)
        assert (answer["page"], answer["size"]) == (page, len(answer["items"]))
        found += ids(answer)
        more, page = answer["has_more"], page + 1
    assert len(found) == len(set(found)) == answer["total"] == len(shop.part(Cases).known)


@pytest.mark.parametrize(
    "params", [{"page": 0, "size": 101}, {"page": 0, "size": 0}, {"page": 501, "size": 100}, {"page": 0}, {"size": 5}]
)
def test_pages_beyond_the_limits_are_refused(params: Json) -> None:
    assert refusal(busy(), "afterSale.List", **params)[:5] in ("40004", "40002")


@pytest.mark.parametrize("name", ["status_deadline", "apply_time", "update_time"])
@pytest.mark.parametrize("way", ["asc", "desc", ""])
def test_cases_come_in_the_order_asked_for(name: str, way: str) -> None:
    found = listing(busy(), order_by=[f"{name} {way}".strip(), "apply_time asc"])
    moments = [row["aftersale_info"][name] for row in found["items"]]
    assert moments == sorted(moments, reverse=way == "desc")


def test_the_latest_applications_come_first_by_themselves() -> None:
    moments = [row["aftersale_info"]["apply_time"] for row in listing(busy())["items"]]
    assert moments == sorted(moments, reverse=True)


@pytest.mark.parametrize("by", ["price asc", "apply_time up", "x"])
def test_another_sort_is_refused(by: str) -> None:
    assert refusal(busy(), "afterSale.List", page=0, size=1, order_by=[by]) == "40004 isv.parameter-invalid:1"


def test_cases_are_found_by_kind_and_state() -> None:
    shop = busy()
    known = shop.part(Cases).known.values()
    for kind in {case.kind for case in known}:
        assert listing(shop, aftersale_type=kind)["total"] == sum(case.kind == kind for case in known)
    for status in {case.status for case in known}:
        wanted = sum(case.status == status for case in known)
        assert listing(shop, standard_aftersale_status=[status])["total"] == wanted
        assert listing(shop, aftersale_status=status)["total"] == wanted
    assert listing(shop, standard_aftersale_status=[6, 12])["total"] == sum(case.status in (6, 12) for case in known)


def test_cases_are_found_by_order_line_and_number(shop: Shop) -> None:
    first, second = opened(shop, REFUND_UNSHIPPED), opened(shop, RETURN)
    assert ids(listing(shop, order_id=first.order.id)) == [first.id]
    assert ids(listing(shop, order_id=second.line.id)) == [second.id]
    assert ids(listing(shop, aftersale_id=second.id)) == [second.id]
    number = second.order.packages[0].tracking_no
    assert ids(listing(shop, order_logistics_tracking_no=[number, "x"])) == [second.id]


def test_cases_are_found_by_amount_flag_and_return_parcel(shop: Shop) -> None:
    asked, back = opened(shop, RETURN), opened(shop, RETURN, SENT_BACK)
    asked.order.star = 4
    assert ids(listing(shop, order_flag=[4, 5])) == [asked.id]
    assert ids(listing(shop, logistics_status=2)) == [back.id]
    assert ids(listing(shop, logistics_status=3)) == [asked.id]
    assert set(ids(listing(shop, logistics_status=1))) == {asked.id, back.id}
    assert ids(listing(shop, amount_start=asked.amount, amount_end=asked.amount, aftersale_id=asked.id)) == [asked.id]
    assert ids(listing(shop, amount_start=max(asked.amount, back.amount) + 1)) == []


def test_cases_are_found_by_arbitration(shop: Shop) -> None:
    plain, before = opened(shop, RETURN), opened(shop, RETURN)
    refuse(shop, before, "不")
    arbitrate(shop, before)
    assert ids(listing(shop, arbitrate_status=[1])) == [before.id]
    assert ids(listing(shop, arbitrate_status=[0])) == [plain.id]


def test_windows_of_application_and_change_include_their_start_only(shop: Shop) -> None:
    case = opened(shop, RETURN)
    at = case.apply_time
    assert ids(listing(shop, start_time=at, end_time=at + 1)) == [case.id]
    assert ids(listing(shop, start_time=at - 5, end_time=at)) == []
    go(shop, HOUR)
    agree(shop, case, "好")
    moved = case.update_time
    assert ids(listing(shop, update_start_time=moved, update_end_time=moved + 1)) == [case.id]
    assert ids(listing(shop, update_start_time=at, update_end_time=moved)) == []
    assert refusal(shop, "afterSale.List", page=0, size=1, start_time=at) == "40002 isv.missing-parameter:1"


def test_cases_are_found_by_the_time_of_their_end(shop: Shop) -> None:
    case = opened(shop, REFUND_UNSHIPPED)
    agree(shop, case, "好")
    at = case.final_time
    span = {"aftersale_status_to_final_start_time": at, "aftersale_status_to_final_end_time": at + 1}
    assert ids(listing(shop, **span)) == [case.id]
    later = {"aftersale_status_to_final_start_time": at + 1, "aftersale_status_to_final_end_time": at + 9}
    assert ids(listing(shop, **later)) == []


def test_without_a_window_the_list_reaches_six_months_back(shop: Shop) -> None:
    case = opened(shop, REFUND_UNSHIPPED)
    case.apply_time = shop.now - 200 * DAY
    assert ids(listing(shop)) == []
    assert ids(listing(shop, start_time=shop.now - 201 * DAY, end_time=shop.now)) == [case.id]


def test_goods_on_their_way_are_three_in_the_list_and_thirteen_in_the_detail(shop: Shop) -> None:
    case = opened(shop, EXCHANGE, RESHIPPED)
    row = listing(shop)["items"][0]["aftersale_info"]
    assert row["aftersale_status"] == 3
    assert detail(shop, case)["process_info"]["after_sale_info"]["after_sale_status"] == 13


def test_the_price_of_exchanged_goods_is_text(shop: Shop) -> None:
    case = opened(shop, EXCHANGE)
    row = listing(shop)["items"][0]["aftersale_info"]
    assert row["exchange_sku_info"]["price"] == str(case.line.price)
    assert row["aftersale_id"] == case.id


# --- the detail -------------------------------------------------------------------------------------------------------


def detail(shop: Shop, case: Case, **more: Any) -> Json:
    found: Json = checked(shop, "afterSale.Detail", after_sale_id=case.id, **more)
    return found


def test_ids_are_numbers_in_the_detail(shop: Shop) -> None:
    case = opened(shop, RETURN)
    found = detail(shop, case)
    assert found["process_info"]["after_sale_info"]["after_sale_id"] == int(case.id) > 2**53
    assert found["order_info"]["shop_order_id"] == int(case.order.id)
    assert found["order_info"]["sku_order_infos"][0]["sku_order_id"] == int(case.line.id)


def test_the_detail_says_where_to_send_things_back(shop: Shop) -> None:
    case = opened(shop, RETURN)
    assert detail(shop, case)["process_info"]["after_sale_info"]["return_address"] is None
    agree(shop, case, "好")
    found = detail(shop, case)["process_info"]["after_sale_info"]
    book = shop.part(Places).for_returns
    assert (found["return_address_id"], found["return_address"]["detail"]) == (int(book.id), book.detail)


def test_the_detail_tells_the_money_when_it_has_gone(shop: Shop) -> None:
    case = opened(shop, REFUND_SHIPPED)
    before = detail(shop, case)["process_info"]["after_sale_info"]
    assert (before["real_refund_amount"], "refund_time" in before) == (0, False)
    agree(shop, case, "好")
    go(shop, HOUR)
    after = detail(shop, case)["process_info"]["after_sale_info"]
    assert (after["refund_status"], after["real_refund_amount"], after["status_deadline"]) == (3, case.amount, 0)
    assert after["refund_time"] == case.refund_time


@pytest.mark.parametrize(("kind", "key"), [(RETURN, "return"), (EXCHANGE, "exchange"), (REISSUE, "resend")])
def test_parcels_stand_where_they_belong(shop: Shop, kind: int, key: str) -> None:
    case = opened(shop, kind, SENT_BACK if kind == RETURN else RESHIPPED)
    ways = detail(shop, case)["process_info"]["logistics_info"]
    assert ways[key]["tracking_no"] in ("SF1234567", "YD7654321")
    assert ways["order"][0]["tracking_no"] == case.order.packages[0].tracking_no
    assert all(ways[name] is None for name in {"return", "exchange", "resend"} - {key, "return"})


def test_records_come_when_they_are_asked_for(shop: Shop) -> None:
    case = opened(shop, RETURN, TO_SEND_BACK)
    assert detail(shop, case)["process_info"]["record_logs_list"] is None
    rows = detail(shop, case, need_operation_record=True)["process_info"]["record_logs_list"]
    assert [(row["operator"], row["action"]) for row in rows] == [("买家", "apply"), ("商家", "agree")]
    assert rows[0]["time"] == text_time(case.apply_time)


def test_arbitration_stands_in_the_detail(shop: Shop) -> None:
    case = opened(shop, RETURN)
    assert detail(shop, case)["process_info"]["arbitrate_info"] is None
    refuse(shop, case, "不")
    arbitrate(shop, case)
    go(shop, 2 * HOUR)
    found = detail(shop, case)["process_info"]["arbitrate_info"]
    assert (found["arbitrate_status"], found["is_required_evidence"]) == (PROOF_WANTED, True)
    assert found["arbitrate_status_deadline"] == text_time(shop.now + 48 * HOUR)


def test_an_unknown_case_is_an_error_of_the_service() -> None:
    assert refusal(busy(), "afterSale.Detail", after_sale_id="1") == "20000 isp.service-error:10000"


# --- deciding ---------------------------------------------------------------------------------------------------------


def operate(shop: Shop, code: int, case: Case, **row: Any) -> Json:
    found: Json = checked(shop, "afterSale.operate", type=code, items=[{"aftersale_id": case.id, **row}])
    return found


def address(shop: Shop) -> Json:
    return {"logistics": {"receiver_address_id": int(shop.part(Places).for_returns.id)}}


@pytest.mark.parametrize(
    ("code", "kind", "status", "end"),
    [
        (101, RETURN, ASKED, TO_SEND_BACK),
        (102, RETURN, ASKED, REFUSED),
        (111, RETURN, SENT_BACK, DONE),
        (112, RETURN, SENT_BACK, REFUSED_AGAIN),
        (201, REFUND_SHIPPED, ASKED, DONE),
        (201, REFUND_UNSHIPPED, ASKED, DONE),
        (202, REFUND_SHIPPED, ASKED, REFUSED),
        (202, REFUND_UNSHIPPED, ASKED, REFUSED),
        (301, EXCHANGE, ASKED, TO_SEND_BACK),
        (302, EXCHANGE, ASKED, REFUSED),
        (311, EXCHANGE, SENT_BACK, RESHIPPED),
        (312, EXCHANGE, SENT_BACK, REFUSED_AGAIN),
    ],
)
def test_every_code_does_its_deed(shop: Shop, code: int, kind: int, status: int, end: int) -> None:
    case = opened(shop, kind, status)
    needs = {"address": address(shop), "excuse": EXCUSE, "waybill": {"logistics": WAY}}
    answer = operate(shop, code, case, **needs.get(DEEDS[code].needs, {}))
    assert case.status == end
    assert answer == {"items": [{"aftersale_id": int(case.id), "status_code": 0, "status_msg": "success"}]}


@pytest.mark.parametrize("code", sorted(DEEDS))
def test_a_code_for_another_kind_or_state_is_refused(shop: Shop, code: int) -> None:
    wrong = opened(shop, REISSUE)
    told_by = refusal(shop, "afterSale.operate", type=code, items=[{"aftersale_id": wrong.id}])
    assert told_by == "50002 isv.business-failed:20309541"
    assert wrong.status == ASKED


@pytest.mark.parametrize("code", [401, 501, 601, 0, 9])
def test_what_the_api_cannot_decide_is_for_the_console(shop: Shop, code: int) -> None:
    case = opened(shop, REISSUE)
    told_by = refusal(shop, "afterSale.operate", type=code, items=[{"aftersale_id": case.id}])
    assert told_by == "50002 isv.business-failed:11001"


def test_a_decision_on_an_older_version_is_refused(shop: Shop) -> None:
    case = opened(shop, REFUND_SHIPPED)
    seen = case.update_time
    go(shop, MINUTE)
    case.update_time = shop.now
    row = {"aftersale_id": case.id, "update_time": seen}
    assert refusal(shop, "afterSale.operate", type=201, items=[row]) == "50002 isv.business-failed:20309541"
    operate(shop, 201, case, update_time=case.update_time)
    assert case.status == DONE


def test_one_bad_row_fails_all(shop: Shop) -> None:
    good, bad = opened(shop, REFUND_SHIPPED), opened(shop, RETURN)
    rows = [{"aftersale_id": good.id}, {"aftersale_id": bad.id}]
    assert refusal(shop, "afterSale.operate", type=201, items=rows) == "50002 isv.business-failed:20309541"
    assert good.status == ASKED


def test_twenty_cases_may_be_decided_at_once_and_no_more(shop: Shop) -> None:
    case = opened(shop, REFUND_SHIPPED)
    assert refusal(shop, "afterSale.operate", type=201, items=[{"aftersale_id": case.id}] * 21).startswith("40004")
    many = [opened(shop, REFUND_UNSHIPPED) for _ in range(20)]
    answer = ask(shop, "afterSale.operate", type=201, items=[{"aftersale_id": one.id} for one in many])
    assert len(answer["items"]) == 20
    assert all(one.status == DONE for one in many)


@pytest.mark.parametrize("logistics", [None, {}, {"receiver_address_id": 0}, {"receiver_address_id": 7}, []])
def test_agreeing_to_a_return_needs_an_address_of_the_shop(shop: Shop, logistics: Any) -> None:
    case = opened(shop, RETURN)
    told_by = refusal(shop, "afterSale.operate", type=101, items=[{"aftersale_id": case.id, "logistics": logistics}])
    assert told_by in ("40002 isv.missing-parameter:1", "50002 isv.business-failed:60072")
    assert case.status == ASKED


@pytest.mark.parametrize("missing_key", ["reason", "remark", "reject_reason_code"])
def test_a_refusal_says_why(shop: Shop, missing_key: str) -> None:
    case = opened(shop, RETURN)
    row = {"aftersale_id": case.id, **{name: value for name, value in EXCUSE.items() if name != missing_key}}
    assert refusal(shop, "afterSale.operate", type=102, items=[row]) == "40002 isv.missing-parameter:1"


def test_a_refusal_before_shipping_needs_no_code(shop: Shop) -> None:
    case = opened(shop, REFUND_UNSHIPPED)
    operate(shop, 202, case, reason="不", remark="已打包")
    assert case.status == REFUSED


@pytest.mark.parametrize("excuse", EXCUSES, ids=lambda one: str(one.code))
def test_proof_goes_with_the_excuses_that_ask_for_it(shop: Shop, excuse: Any) -> None:
    case = opened(shop, RETURN)
    row = {"aftersale_id": case.id, **EXCUSE, "reject_reason_code": excuse.code}
    if excuse.needed:
        assert refusal(shop, "afterSale.operate", type=102, items=[row]) == "40002 isv.missing-parameter:1"
    proof = [{"type": 1, "url": "https://p/1.jpg", "desc": ""}]
    operate(shop, 102, case, **{**EXCUSE, "reject_reason_code": excuse.code, "evidence": proof})
    assert case.status == REFUSED


def test_excuses_fit_what_the_buyer_has_received(shop: Shop) -> None:
    every = checked(shop, "afterSale.rejectReasonCodeList")["items"]
    assert [row["reject_reason_code"] for row in every] == [one.code for one in EXCUSES]
    got = opened(shop, RETURN)
    assert {row["pkg"] for row in checked(shop, "afterSale.rejectReasonCodeList", aftersale_id=int(got.id))["items"]} == {-1, 1}
    not_got = opened(shop, REFUND_UNSHIPPED)
    rows = checked(shop, "afterSale.rejectReasonCodeList", aftersale_id=int(not_got.id))["items"]
    assert {row["pkg"] for row in rows} == {-1, 0}


def test_exchanged_goods_need_a_waybill(shop: Shop) -> None:
    case = opened(shop, EXCHANGE, SENT_BACK)
    for way in ({}, {"company_code": "yuantong"}, {"logistics_code": "YT1387990019999"}):
        row = {"aftersale_id": case.id, "logistics": way}
        assert refusal(shop, "afterSale.operate", type=311, items=[row]) == "40002 isv.missing-parameter:1"
    bad = {"aftersale_id": case.id, "logistics": {"company_code": "x", "logistics_code": "YT1"}}
    assert refusal(shop, "afterSale.operate", type=311, items=[bad]) == "50002 isv.business-failed:60018"


# --- beside deciding --------------------------------------------------------------------------------------------------


def test_a_remark_stands_on_the_case_or_on_the_order(shop: Shop) -> None:
    case = opened(shop, RETURN)
    ask(shop, "afterSale.addOrderRemark", after_sale_id=case.id, remark="联系过买家")
    assert listing(shop)["items"][0]["seller_logs"][0]["content"] == "联系过买家"
    assert detail(shop, case)["process_info"]["after_sale_shop_remarks"][0]["remark"] == "联系过买家"
    ask(shop, "afterSale.addOrderRemark", order_id=case.order.id, remark="老客户")
    assert case.order.seller_words == "老客户"
    assert refusal(shop, "afterSale.addOrderRemark", remark="x") == "40002 isv.missing-parameter:1"


def test_time_is_extended_once(shop: Shop) -> None:
    case = opened(shop, RETURN)
    before = case.deadline
    ask(shop, "afterSale.timeExtend", aftersale_id=int(case.id))
    assert case.deadline == before + 48 * HOUR
    assert listing(shop)["items"][0]["aftersale_info"]["aftersale_tags"][0]["tag_detail_en"] == "deadline_extended"
    assert refusal(shop, "afterSale.timeExtend", aftersale_id=int(case.id)) == "50002 isv.business-failed:11001"
    done = opened(shop, REFUND_UNSHIPPED)
    agree(shop, done, "好")
    assert refusal(shop, "afterSale.timeExtend", aftersale_id=int(done.id)) == "50002 isv.business-failed:20309541"


def test_proof_is_given_when_it_is_asked_for(shop: Shop) -> None:
    case = opened(shop, RETURN)
    params = {"aftersale_id": int(case.id), "comment": "发货视频", "evidence": ["https://p/1.jpg"]}
    assert refusal(shop, "afterSale.submitEvidence", **params) == "50002 isv.business-failed:20309541"
    refuse(shop, case, "不")
    arbitrate(shop, case)
    go(shop, 2 * HOUR)
    assert refusal(shop, "afterSale.submitEvidence", **{**params, "evidence": ["x"] * 5}).startswith("40004")
    assert refusal(shop, "afterSale.submitEvidence", **{**params, "evidence": []}) == "40002 isv.missing-parameter:1"
    ask(shop, "afterSale.submitEvidence", **params)
    assert case.arbitration is not None
    assert case.arbitration.proof == ["https://p/1.jpg"]
    assert told(shop, 214)


def test_a_reissue_is_sent_by_its_waybill(shop: Shop) -> None:
    case = opened(shop, REISSUE, TO_RESHIP)
    way = {"aftersale_id": int(case.id), "company_code": "yuantong", "tracking_no": "YT1387990019999"}
    assert refusal(shop, "afterSale.fillLogistics", **way, send_type=3) == "50002 isv.business-failed:20309541"
    ask(shop, "afterSale.fillLogistics", **way, send_type=1)
    assert (case.status, case.reship_no) == (RESHIPPED, "YT1387990019999")


def test_a_return_may_be_filled_in_for_the_buyer(shop: Shop) -> None:
    case = opened(shop, RETURN, TO_SEND_BACK)
    way = {"aftersale_id": int(case.id), "company_code": "yuantong", "tracking_no": "YT1387990019999", "send_type": 3}
    ask(shop, "afterSale.fillLogistics", **way)
    assert (case.status, case.return_no) == (SENT_BACK, "YT1387990019999")


def test_facts_of_the_warehouse_refund_where_the_helper_is_on(shop: Shop) -> None:
    shop.number = 2
    back, kept = opened(shop, RETURN, SENT_BACK), opened(shop, REFUND_UNSHIPPED)
    ask(shop, "afterSale.returnGoodsToWareHouseSuccess", aftersale_id=back.id, op_time=shop.now)
    ask(shop, "afterSale.CancelSendGoodsSuccess", aftersale_id=kept.id, op_time=shop.now)
    assert (back.status, kept.status) == (DONE, DONE)
    again = refusal(shop, "afterSale.CancelSendGoodsSuccess", aftersale_id=kept.id, op_time=shop.now)
    assert again == "50002 isv.business-failed:20309541"
    wrong = opened(shop, RETURN)
    told_by = refusal(shop, "afterSale.CancelSendGoodsSuccess", aftersale_id=wrong.id, op_time=shop.now)
    assert told_by == "50002 isv.business-failed:20309541"


def test_without_the_helper_facts_do_nothing(shop: Shop) -> None:
    shop.number = 1
    case = opened(shop, RETURN, SENT_BACK)
    params = {"aftersale_id": case.id, "op_time": shop.now}
    assert refusal(shop, "afterSale.returnGoodsToWareHouseSuccess", **params) == "50002 isv.business-failed:11002"
    assert case.status == SENT_BACK


def test_a_parcel_on_its_way_is_stopped_and_one_that_arrived_is_not(shop: Shop) -> None:
    order = buy(shop, replace(QUIET, collected=HOUR, delivered=20 * HOUR))
    ship(shop, [order], [(line, line.count) for line in order.lines], carrier_code="yunda", tracking_no="YD12345678")
    go(shop, 3 * HOUR)
    case = open_case(shop, order, order.lines[0], REFUND_SHIPPED, reason=REASONS[REFUND_SHIPPED][0])
    assert case is not None
    target = {"company_code": "yunda", "tracking_no": "YD12345678"}
    params = {"after_sale_id": int(case.id), "op_from": 1, "intercept_targets": [target, {**target, "tracking_no": "YD0"}]}
    answer = checked(shop, "afterSale.applyLogisticsIntercept", **params)
    assert [row["is_success"] for row in answer["intercept_results"]] == [True, False]
    assert (answer["success_count"], answer["failed_count"]) == (1, 1)
    go(shop, 3 * DAY)
    assert order.packages[0].delivered_at == 0
    arrived = opened(shop, RETURN)
    package = arrived.order.packages[0]
    there = [{"company_code": package.carrier_code, "tracking_no": package.tracking_no}]
    params = {"after_sale_id": int(arrived.id), "op_from": 1, "intercept_targets": there}
    assert ask(shop, "afterSale.applyLogisticsIntercept", **params)["success_count"] == 0


def test_a_closed_case_stays_in_the_list(shop: Shop) -> None:
    case = opened(shop, RETURN)
    go(shop, 10 * DAY)
    assert case.status == CLOSED
    assert listing(shop)["items"][0]["text_part"]["aftersale_status_text"] == "售后关闭"


def test_shops_behind_with_returns_have_cases_near_their_deadline() -> None:
    shop = make_shop(("returns",), orders_per_day=2.0)
    near = [case for case in shop.part(Cases).known.values() if case.status == ASKED and case.deadline < shop.now + 10 * HOUR]
    assert near
    assert all(case.deadline > shop.now for case in near)
    assert all(case.apply_time <= shop.now for case in near)
