"""Shipping over the API: what leaves, what is refused and by which number, and what is repeated."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from storeward_sandbox.clock import HOUR
from storeward_sandbox.douyin.cases import REASONS, REFUND_UNSHIPPED, Cases, open_case
from storeward_sandbox.douyin.errors import ApiError
from storeward_sandbox.douyin.orders import CANCELLED, COMPLETED, IN_REVIEW, PARTLY, SHIPPED, TO_SHIP, UNPAID, Order, cancel
from storeward_sandbox.douyin.places import CARRIERS, Places
from storeward_sandbox.douyin.shop import Shop
from storeward_sandbox.douyin.tests.support import QUIET, Json, ask, bare_shop, buy, checked, go, told

QUICK = replace(QUIET, collected=HOUR, delivered=HOUR, confirms=HOUR)
WAY = {"company_code": "yuantong", "logistics_code": "YT1387990014325"}


@pytest.fixture
def shop() -> Shop:
    return bare_shop()


def refusal(shop: Shop, method: str, **params: Any) -> str:
    with pytest.raises(ApiError) as refused:
        ask(shop, method, **params)
    return f"{refused.value.code} {refused.value.sub_code}"


def ship_all(shop: Shop, order: Order, **more: Any) -> Any:
    return ask(shop, "order.logisticsAdd", order_id=order.id, **{**WAY, **more})


def two_lines(shop: Shop) -> Order:
    for _ in range(60):
        order = buy(shop, lines=2)
        if len(order.lines) == 2:
            return order
    raise AssertionError("no order of two lines came about")


def same_buyer(shop: Shop) -> tuple[Order, Order]:
    """Two orders of one buyer at one address."""
    first, second = buy(shop), buy(shop)
    second.buyer, second.detail = first.buyer, first.detail
    return first, second


# --- the whole order --------------------------------------------------------------------------------------------------


def test_an_order_leaves_in_one_package(shop: Shop) -> None:
    order = two_lines(shop)
    ship_all(shop, order)
    assert order.status == SHIPPED
    assert [(one.carrier_code, one.tracking_no) for one in order.packages] == [("yuantong", "YT1387990014325")]
    assert len(order.packages[0].content) == 2
    assert len(told(shop, 102)) == 1


def test_what_is_left_of_an_order_leaves_too(shop: Shop) -> None:
    order = two_lines(shop)
    multi(shop, order, [pack(order.lines[0])])
    ship_all(shop, order, logistics_code="YT2222222222")
    assert order.status == SHIPPED
    assert [line.id for line, _pieces in order.packages[1].content] == [order.lines[1].id]


def unpaid(shop: Shop) -> Order:
    return buy(shop, replace(QUIET, pays=None))


def in_review(shop: Shop) -> Order:
    return buy(shop, replace(QUIET, reviewed=HOUR), seconds=1)


def cancelled(shop: Shop) -> Order:
    order = buy(shop)
    cancel(shop, order, "不想要了")
    return order


def shipped(shop: Shop) -> Order:
    order = buy(shop)
    ship_all(shop, order)
    return order


def completed(shop: Shop) -> Order:
    order = buy(shop, QUICK)
    ship_all(shop, order)
    go(shop, 4 * HOUR)
    return order


@pytest.mark.parametrize(
    ("make", "status", "number"),
    [
        (unpaid, UNPAID, 60137),
        (in_review, IN_REVIEW, 60109),
        (cancelled, CANCELLED, 60021),
        (shipped, SHIPPED, 60110),
        (completed, COMPLETED, 60113),
    ],
)
def test_an_order_in_the_wrong_state_is_refused_by_its_number(
    shop: Shop, make: Callable[[Shop], Order], status: int, number: int
) -> None:
    order = make(shop)
    assert order.status == status
    told_by = f"50002 isv.business-failed:{number}"
    assert refusal(shop, "order.logisticsAdd", order_id=order.id, **WAY) == told_by
    rows = [pack(order.lines[0])]
    assert refusal(shop, "order.logisticsAddMultiPack", order_id=order.id, pack_list=rows, request_id="r") == told_by


@pytest.mark.parametrize("name", ["order_id", "company_code", "logistics_code"])
def test_what_is_missing_is_named(shop: Shop, name: str) -> None:
    order = buy(shop)
    params = {"order_id": order.id, **WAY, name: ""}
    assert refusal(shop, "order.logisticsAdd", **params) == "40002 isv.missing-parameter:1"
    assert order.status == TO_SHIP


@pytest.mark.parametrize(
    ("way", "told_by"),
    [
        ({"company_code": "pigeon", "logistics_code": "YT138799"}, "50002 isv.business-failed:60018"),
        ({"company_code": "yuantong", "logistics_code": "YT"}, "40004 isv.parameter-invalid:60017"),
        ({"company_code": "yuantong", "logistics_code": "圆通1387990014325"}, "40004 isv.parameter-invalid:60017"),
        ({"company_code": "yuantong", "logistics_code": "Y" * 41}, "40004 isv.parameter-invalid:60017"),
        ({"company_code": "yuantong", "logistics_code": "SF1387990014325"}, "50002 isv.business-failed:60128"),
    ],
)
def test_a_waybill_that_cannot_be_one_is_refused(shop: Shop, way: Json, told_by: str) -> None:
    order = buy(shop)
    assert refusal(shop, "order.logisticsAdd", order_id=order.id, **way) == told_by
    assert order.packages == []


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda one: one.code)
def test_every_carrier_s_own_numbers_are_taken(shop: Shop, carrier: Any) -> None:
    order = buy(shop)
    ask(
        shop,
        "order.logisticsAdd",
        order_id=order.id,
        company_code=carrier.code,
        logistics_code=carrier.letters + "1" * carrier.digits,
    )
    assert order.packages[0].carrier_code == carrier.code


def test_plain_digits_may_be_any_carrier_s(shop: Shop) -> None:
    order = buy(shop)
    ship_all(shop, order, company_code="zhongtong", logistics_code="7563412890")
    assert order.status == SHIPPED


def test_a_waybill_of_another_buyer_s_parcel_is_refused(shop: Shop) -> None:
    first, second = buy(shop), buy(shop)
    while second.buyer is first.buyer:
        second = buy(shop)
    ship_all(shop, first)
    assert refusal(shop, "order.logisticsAdd", order_id=second.id, **WAY) == "50002 isv.business-failed:70022"


def test_a_waybill_of_the_same_buyer_s_parcel_is_taken(shop: Shop) -> None:
    first, second = same_buyer(shop)
    ship_all(shop, first)
    ship_all(shop, second)
    assert second.status == SHIPPED


def test_addresses_are_the_shop_s_own(shop: Shop) -> None:
    order = buy(shop)
    assert refusal(shop, "order.logisticsAdd", order_id=order.id, **WAY, address_id=1) == "50002 isv.business-failed:60072"
    ours = int(shop.part(Places).addresses[0].id)
    ship_all(shop, order, address_id=ours, after_sale_address_id=ours)
    assert order.status == SHIPPED


@pytest.mark.parametrize(("serial", "good"), [("358240051111110", True), ("SN-1", False), ("", False), ("a" * 31, False)])
def test_serial_numbers_are_letters_and_digits(shop: Shop, serial: str, good: bool) -> None:
    order = buy(shop)
    if good:
        ship_all(shop, order, serial_number_list=[serial])
        assert order.status == SHIPPED
    else:
        told_by = refusal(shop, "order.logisticsAdd", order_id=order.id, **WAY, serial_number_list=[serial])
        assert told_by == "50002 isv.business-failed:60046"


# --- a refund that is asked for ---------------------------------------------------------------------------------------


def asked_back(shop: Shop, order: Order) -> Any:
    case = open_case(shop, order, order.lines[0], REFUND_UNSHIPPED, reason=REASONS[REFUND_UNSHIPPED][0])
    assert case is not None
    return case


def test_a_refund_on_one_line_keeps_all_of_them_back(shop: Shop) -> None:
    order = two_lines(shop)
    asked_back(shop, order)
    assert refusal(shop, "order.logisticsAdd", order_id=order.id, **WAY) == "50002 isv.business-failed:60040"
    assert [line.shipped for line in order.lines] == [0, 0]


def test_the_line_that_nobody_asks_back_may_leave_alone(shop: Shop) -> None:
    order = two_lines(shop)
    asked_back(shop, order)
    multi(shop, order, [pack(order.lines[1])])
    assert (order.status, order.lines[0].shipped) == (PARTLY, 0)


@pytest.mark.parametrize("flag", ["is_reject_refund", "is_refund_reject"])
def test_shipping_may_refuse_the_refund(shop: Shop, flag: str) -> None:
    order = buy(shop)
    case = asked_back(shop, order)
    ship_all(shop, order, **{flag: True})
    assert (order.status, case.status) == (SHIPPED, 28)
    assert [tag for tag, _data in told(shop) if tag >= 200] == [200, 204, 207]


def test_a_refund_under_way_cannot_be_refused_any_more(shop: Shop) -> None:
    order = buy(shop)
    case = asked_back(shop, order)
    case.status, order.lines[0].case_status, order.lines[0].refund_status = 12, 12, 2
    told_by = refusal(shop, "order.logisticsAdd", order_id=order.id, **WAY, is_reject_refund=True)
    assert told_by == "50002 isv.business-failed:60120"
    assert len(shop.part(Cases).known) == 1


# --- several packages -------------------------------------------------------------------------------------------------


def pack(line: Any, pieces: int | None = None, number: str = "YT1387990014325") -> Json:
    row: Json = {"shipped_order_id": line.id}
    if pieces is not None:
        row["shipped_num"] = pieces
    return {"shipped_order_info": [row], "company_code": "yuantong", "logistics_code": number}


def multi(shop: Shop, order: Order, rows: list[Json], request_id: str = "r1") -> Json:
    found: Json = checked(shop, "order.logisticsAddMultiPack", order_id=order.id, pack_list=rows, request_id=request_id)
    return found


def test_lines_leave_in_packages_of_their_own(shop: Shop) -> None:
    order = two_lines(shop)
    answer = multi(shop, order, [pack(order.lines[0]), pack(order.lines[1], number="YT2222222222")])
    assert order.status == SHIPPED
    assert [row["pack_id"] for row in answer["pack_list"]] == [package.id for package in order.packages]
    assert [row["logistics_code"] for row in answer["pack_list"]] == ["YT1387990014325", "YT2222222222"]
    assert [tag for tag, _data in told(shop)][-2:] == [108, 102]


def test_pieces_of_a_line_leave_in_packages_of_their_own(shop: Shop) -> None:
    order = buy(shop)
    order.lines[0].count = 3
    multi(shop, order, [pack(order.lines[0], 1), pack(order.lines[0], 2, "YT2222222222")])
    assert [pieces for package in order.packages for _line, pieces in package.content] == [1, 2]
    assert order.status == SHIPPED


@pytest.mark.parametrize("pieces", [-1, 4, 1000])
def test_more_pieces_than_there_are_cannot_leave(shop: Shop, pieces: int) -> None:
    order = buy(shop)
    order.lines[0].count = 3
    rows = [pack(order.lines[0], pieces)]
    told_by = refusal(shop, "order.logisticsAddMultiPack", order_id=order.id, pack_list=rows, request_id="r")
    assert told_by == "50002 isv.business-failed:70023"


def test_no_number_of_pieces_means_all(shop: Shop) -> None:
    order = buy(shop)
    order.lines[0].count = 3
    multi(shop, order, [pack(order.lines[0], 0)])
    assert order.lines[0].shipped == 3


def test_two_packages_cannot_share_a_piece(shop: Shop) -> None:
    order = buy(shop)
    order.lines[0].count = 3
    rows = [pack(order.lines[0], 2), pack(order.lines[0], 2, "YT2222222222")]
    told_by = refusal(shop, "order.logisticsAddMultiPack", order_id=order.id, pack_list=rows, request_id="r")
    assert told_by == "50002 isv.business-failed:70023"
    assert (order.packages, order.lines[0].shipped, order.status) == ([], 0, TO_SHIP)


def test_one_bad_package_keeps_all_back(shop: Shop) -> None:
    order = two_lines(shop)
    rows = [pack(order.lines[0]), pack(order.lines[1], number="x")]
    told_by = refusal(shop, "order.logisticsAddMultiPack", order_id=order.id, pack_list=rows, request_id="r")
    assert told_by == "40004 isv.parameter-invalid:60017"
    assert order.packages == []


def test_the_same_request_is_answered_again_and_not_carried_out_again(shop: Shop) -> None:
    order = buy(shop)
    first = multi(shop, order, [pack(order.lines[0])], "r7")
    assert multi(shop, order, [pack(order.lines[0])], "r7") == first
    assert len(order.packages) == 1
    other = refusal(shop, "order.logisticsAddMultiPack", order_id=order.id, pack_list=[pack(order.lines[0])], request_id="r8")
    assert other == "50002 isv.business-failed:60110"


def test_a_refused_request_may_be_tried_again_with_its_id(shop: Shop) -> None:
    order = buy(shop)
    bad = [pack(order.lines[0], number="x")]
    refusal(shop, "order.logisticsAddMultiPack", order_id=order.id, pack_list=bad, request_id="r9")
    multi(shop, order, [pack(order.lines[0])], "r9")
    assert order.status == SHIPPED


@pytest.mark.parametrize(
    ("rows", "told_by"),
    [
        ([], "40002 isv.missing-parameter:1"),
        ("x", "40004 isv.parameter-invalid:1"),
        ([1], "40004 isv.parameter-invalid:1"),
        ([{}], "40002 isv.missing-parameter:1"),
        ([{"shipped_order_info": []}], "40002 isv.missing-parameter:1"),
        ([{"shipped_order_info": [3]}], "40002 isv.missing-parameter:1"),
        ([{"shipped_order_info": [{"shipped_order_id": "1"}]}], "50002 isv.business-failed:60102"),
        ([{"shipped_order_info": [{}]}], "50002 isv.business-failed:60102"),
    ],
)
def test_packages_of_another_shape_are_refused(shop: Shop, rows: Any, told_by: str) -> None:
    order = buy(shop)
    assert refusal(shop, "order.logisticsAddMultiPack", order_id=order.id, pack_list=rows, request_id="r") == told_by


def test_a_package_says_its_carrier_and_number(shop: Shop) -> None:
    order = buy(shop)
    for name in ("company_code", "logistics_code"):
        rows = [{**pack(order.lines[0]), name: None}]
        told_by = refusal(shop, "order.logisticsAddMultiPack", order_id=order.id, pack_list=rows, request_id="r")
        assert told_by == "40002 isv.missing-parameter:1"
    assert refusal(shop, "order.logisticsAddMultiPack", order_id=order.id) == "40002 isv.missing-parameter:1"


# --- several orders in one package ------------------------------------------------------------------------------------


def single(shop: Shop, *orders: Order, request_id: str = "s1", **more: Any) -> Json:
    rows = [{"shipped_order_id": line.id, "shipped_num": line.count} for order in orders for line in order.lines]
    params = {
        "order_id_list": [order.id for order in orders],
        "shipped_order_info": rows,
        "request_id": request_id,
        **WAY,
        **more,
    }
    found: Json = checked(shop, "order.logisticsAddSinglePack", **params)
    return found


def test_orders_of_one_buyer_leave_together(shop: Shop) -> None:
    first, second = same_buyer(shop)
    answer = single(shop, first, second)
    assert first.packages == second.packages
    assert answer == {"pack_id": first.packages[0].id}
    assert (first.status, second.status) == (SHIPPED, SHIPPED)
    assert single(shop, first, second) == answer


def test_orders_of_two_buyers_do_not_leave_together(shop: Shop) -> None:
    first, second = same_buyer(shop)
    second.detail = "别的地方1号"
    rows = [{"shipped_order_id": first.id, "shipped_num": 1}]
    params = {"order_id_list": [first.id, second.id], "shipped_order_info": rows, "request_id": "s", **WAY}
    assert refusal(shop, "order.logisticsAddSinglePack", **params) == "50002 isv.business-failed:70020"


def test_more_than_four_hundred_orders_are_too_many(shop: Shop) -> None:
    params = {"order_id_list": [str(number) for number in range(401)], "shipped_order_info": [{}], "request_id": "s", **WAY}
    assert refusal(shop, "order.logisticsAddSinglePack", **params) == "50002 isv.business-failed:60032"


def test_one_order_that_cannot_leave_keeps_the_others_back(shop: Shop) -> None:
    first, second = same_buyer(shop)
    cancel(shop, second, "x")
    rows = [{"shipped_order_id": first.id, "shipped_num": 1}]
    params = {"order_id_list": [first.id, second.id], "shipped_order_info": rows, "request_id": "s", **WAY}
    assert refusal(shop, "order.logisticsAddSinglePack", **params) == "50002 isv.business-failed:60021"
    assert first.status == TO_SHIP


# --- another waybill --------------------------------------------------------------------------------------------------


def test_the_waybill_of_an_order_in_one_package_is_changed(shop: Shop) -> None:
    order = shipped(shop)
    ask(shop, "order.logisticsEdit", order_id=order.id, company_code="shunfeng", logistics_code="SF1234567890")
    assert (order.packages[0].carrier_code, order.packages[0].tracking_no) == ("shunfeng", "SF1234567890")
    assert told(shop, 104)[0]["logistics_msg"] == {"express_company_id": "shunfeng", "logistics_code": "SF1234567890"}


def test_of_several_packages_one_is_changed_by_its_id(shop: Shop) -> None:
    order = two_lines(shop)
    multi(shop, order, [pack(order.lines[0]), pack(order.lines[1], number="YT2222222222")])
    way = {"company_code": "shunfeng", "logistics_code": "SF1234567890"}
    assert refusal(shop, "order.logisticsEdit", order_id=order.id, **way) == "50002 isv.business-failed:60066"
    ask(shop, "order.logisticsEditByPack", order_id=order.id, pack_id=order.packages[1].id, **way)
    assert [package.tracking_no for package in order.packages] == ["YT1387990014325", "SF1234567890"]
    told_by = refusal(shop, "order.logisticsEditByPack", order_id=order.id, pack_id="1", **way)
    assert told_by == "50002 isv.business-failed:60033"


def test_nothing_is_changed_before_shipping_or_after_delivery(shop: Shop) -> None:
    way = {"company_code": "shunfeng", "logistics_code": "SF1234567890"}
    assert refusal(shop, "order.logisticsEdit", order_id=buy(shop).id, **way) == "50002 isv.business-failed:60033"
    assert refusal(shop, "order.logisticsEdit", order_id=completed(shop).id, **way) == "50002 isv.business-failed:60113"
