"""Reading orders by list and by number, and what a merchant writes on them over the API."""

from dataclasses import replace
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR, MINUTE
from storeward_sandbox.douyin.errors import ApiError
from storeward_sandbox.douyin.order_writing import ask_address_change
from storeward_sandbox.douyin.orders import IN_REVIEW, UNPAID, Order, refunded, ship
from storeward_sandbox.douyin.orders_api import listed, the_order
from storeward_sandbox.douyin.shop import Shop
from storeward_sandbox.douyin.tests.support import (
    QUIET,
    START,
    Json,
    ask,
    bare_shop,
    buy,
    checked,
    go,
    make_shop,
    shop_to_read,
    told,
)

WHOLE: Json = {"create_time_start": START - 90 * DAY, "create_time_end": START + 90 * DAY}
SLOW = replace(QUIET, pays=None)


def search(shop: Shop, **params: Any) -> Json:
    span = {} if any(name.endswith("_start") for name in params) else WHOLE
    found: Json = checked(shop, "order.searchList", **{"page": 0, "size": 100, **span, **params})
    return found


def ids(found: Json) -> list[str]:
    return [order["order_id"] for order in found["shop_order_list"]]


def refusal(shop: Shop, method: str, **params: Any) -> str:
    with pytest.raises(ApiError) as refused:
        ask(shop, method, **params)
    return f"{refused.value.code} {refused.value.sub_code}"


# --- pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 7, 30, 100])
def test_pages_from_zero_hold_every_order_once(size: int) -> None:
    shop = shop_to_read(orders_per_day=1.0)
    found: list[str] = []
    for page in range(200):
        answer = search(shop, page=page, size=size)
        assert (answer["page"], answer["size"]) == (page, size)
        if not answer["shop_order_list"]:
            break
        found += ids(answer)
    assert len(found) == len(set(found)) == answer["total"] == len(shop.orders)


@pytest.mark.parametrize(
    ("params", "told_by"),
    [
        ({"page": 0, "size": 0}, "40004 isv.parameter-invalid:1"),
        ({"page": 0, "size": 101}, "40004 isv.parameter-invalid:1"),
        ({"page": -1, "size": 10}, "40004 isv.parameter-invalid:1"),
        ({"page": 101, "size": 100}, "40004 isv.parameter-invalid:1"),
        ({"size": 10}, "40002 isv.missing-parameter:1"),
        ({"page": 0}, "40002 isv.missing-parameter:1"),
        ({"page": "x", "size": 10}, "40004 isv.parameter-invalid:1"),
        ({"page": True, "size": 10}, "40004 isv.parameter-invalid:1"),
        ({"page": 1.5, "size": 10}, "40004 isv.parameter-invalid:1"),
    ],
)
def test_pages_beyond_the_limits_are_refused(params: Json, told_by: str) -> None:
    assert refusal(shop_to_read(), "order.searchList", **WHOLE, **params) == told_by


def test_the_last_page_within_the_cap_is_answered() -> None:
    assert search(shop_to_read(), page=100, size=100)["shop_order_list"] == []


def test_numbers_may_come_as_text() -> None:
    shop = shop_to_read()
    assert search(shop, page="0", size="5")["size"] == 5


# --- windows ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"create_time_start": START},
        {"create_time_end": START},
        {"update_time_start": START, "create_time_end": START},
    ],
)
def test_a_window_needs_both_ends(params: Json) -> None:
    assert refusal(shop_to_read(), "order.searchList", page=0, size=1, **params) == "40002 isv.missing-parameter:1"


@pytest.mark.parametrize(("start", "end"), [(START, START), (START + 1, START)])
def test_a_window_is_not_empty(start: int, end: int) -> None:
    params = {"page": 0, "size": 1, "create_time_start": start, "create_time_end": end}
    assert refusal(shop_to_read(), "order.searchList", **params) == "40004 isv.parameter-invalid:1"


def test_a_window_includes_its_start_and_excludes_its_end() -> None:
    shop = shop_to_read(orders_per_day=1.0)
    orders = sorted(shop.orders.values(), key=lambda order: order.create_time)
    first, later = orders[3].create_time, orders[9].create_time
    found = search(shop, create_time_start=first, create_time_end=later)
    wanted = {order.id for order in orders if first <= order.create_time < later}
    assert set(ids(found)) == wanted
    assert orders[9].id not in wanted


def test_windows_by_change_find_what_has_moved() -> None:
    shop = bare_shop()
    old = buy(shop)
    go(shop, DAY)
    new = buy(shop)
    found = search(shop, update_time_start=shop.now - HOUR, update_time_end=shop.now + 1)
    assert ids(found) == [new.id]
    ship(shop, [old], [(line, line.count) for line in old.lines], carrier_code="yunda", tracking_no="YD1")
    found = search(shop, update_time_start=shop.now - HOUR, update_time_end=shop.now + 1)
    assert set(ids(found)) == {old.id, new.id}


def test_orders_older_than_ninety_days_are_in_no_list_but_can_be_read() -> None:
    shop = bare_shop()
    order = buy(shop)
    go(shop, 90 * DAY)
    assert [one.id for one in listed(shop, shop.now)] == [order.id]
    go(shop, 1)
    assert ids(search(shop, create_time_start=START - DAY, create_time_end=shop.now)) == []
    detail = checked(shop, "order.orderDetail", shop_order_id=order.id)["shop_order_detail"]
    assert detail["order_id"] == order.id


@pytest.mark.parametrize("name", ["create_time", "update_time"])
@pytest.mark.parametrize("upwards", [True, False, "true", "false"])
def test_orders_come_in_the_order_asked_for(name: str, upwards: Any) -> None:
    shop = shop_to_read(orders_per_day=1.0)
    found = search(shop, order_by=name, order_asc=upwards)
    moments = [order[name] for order in found["shop_order_list"]]
    assert moments == sorted(moments, reverse=upwards in (False, "false"))


def test_another_sort_key_is_refused() -> None:
    assert refusal(shop_to_read(), "order.searchList", page=0, size=1, order_by="pay_time", **WHOLE).startswith("40004")
    assert refusal(shop_to_read(), "order.searchList", page=0, size=1, order_asc="up", **WHOLE).startswith("40004")


# --- filters ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", ["1", "105", "2", "101", "3", "4", "5", "2,101", "3,5", "1,105,2"])
def test_orders_are_found_by_state(wanted: str) -> None:
    shop = shop_to_read(orders_per_day=1.0)
    found = search(shop, combine_status=[{"order_status": wanted}])
    states = {int(one) for one in wanted.split(",")}
    assert found["total"] == sum(order.status in states for order in shop.orders.values())
    assert found["total"] > 0
    assert {order["order_status"] for order in found["shop_order_list"]} <= states


def test_orders_are_found_by_main_status() -> None:
    shop = bare_shop()
    plain, changed = buy(shop), buy(shop)
    for order in (plain, changed):
        ship(shop, [order], [(line, line.count) for line in order.lines], carrier_code="yunda", tracking_no="YD1")
    for line in changed.lines:
        refunded(shop, changed, line, line.pay_amount, whole=True)
    assert ids(search(shop, combine_status=[{"order_status": "3", "main_status": "22"}])) == [changed.id]
    assert ids(search(shop, combine_status=[{"main_status": "3"}])) == [plain.id]
    assert len(ids(search(shop, combine_status=[{}]))) == 2


def test_two_elements_of_combine_status_are_refused_by_a_published_number() -> None:
    two = [{"order_status": "2"}, {"order_status": "101"}]
    told_by = refusal(shop_to_read(), "order.searchList", page=0, size=1, combine_status=two, **WHOLE)
    assert told_by == "40004 isv.parameter-invalid:20012"


@pytest.mark.parametrize("wrong", ["2", [1], {"order_status": "2"}])
def test_combine_status_is_a_list_of_objects(wrong: Any) -> None:
    assert refusal(shop_to_read(), "order.searchList", page=0, size=1, combine_status=wrong, **WHOLE).startswith("40004")


def test_orders_are_found_by_product_title_and_waybill() -> None:
    shop = shop_to_read(orders_per_day=1.0)
    order = next(order for order in shop.orders.values() if order.packages)
    product = order.lines[0].product
    by_id, by_name = search(shop, product=product.id), search(shop, product=product.name[3:])
    assert order.id in ids(by_id)
    assert set(ids(by_id)) <= set(ids(by_name))
    assert ids(search(shop, tracking_no=order.packages[0].tracking_no)) == [order.id]
    assert ids(search(shop, product="没有这个")) == []


def test_orders_are_found_by_app_and_by_kind_of_promise() -> None:
    shop = shop_to_read(orders_per_day=4.0)
    for app in {order.app for order in shop.orders.values()}:
        assert search(shop, b_type=app)["total"] == sum(order.app == app for order in shop.orders.values())
    presale = [order for order in shop.orders.values() if any(line.product.presale_days for line in order.lines)]
    assert presale
    assert search(shop, presell_type=1)["total"] == len(presale)
    assert search(shop, presell_type=0)["total"] == len(shop.orders) - len(presale)
    assert search(shop, order_type=2)["total"] == 0
    assert search(shop, trade_type=0)["total"] == len(shop.orders)


def test_orders_in_review_are_found() -> None:
    shop = shop_to_read()
    found = search(shop, abnormal_order=2)
    assert {order["order_status"] for order in found["shop_order_list"]} == {IN_REVIEW}


CASES = {
    "in_aftersale": (6, 2, 1),
    "refund": (12, 1, 2),
    "refund_success": (12, 1, 3),
    "refund_fail": (27, 0, 1),
    "exchange_success": (14, 3, 0),
    "aftersale_close": (28, 0, 1),
}


@pytest.mark.parametrize("word", CASES)
def test_orders_are_found_by_their_after_sales(word: str) -> None:
    shop = bare_shop()
    plain, asked = buy(shop), buy(shop)
    line = asked.lines[0]
    line.case_status, line.case_type, line.refund_status = CASES[word]
    assert ids(search(shop, after_sale_status_desc=word)) == [asked.id]
    assert ids(search(shop, after_sale_status_desc="all")) == [asked.id]
    assert len(ids(search(shop, after_sale_status_desc=""))) == 2
    assert plain.id in ids(search(shop))


def test_another_word_for_after_sales_is_refused() -> None:
    told_by = refusal(shop_to_read(), "order.searchList", page=0, size=1, after_sale_status_desc="any", **WHOLE)
    assert told_by == "40004 isv.parameter-invalid:1"


# --- what an order looks like -----------------------------------------------------------------------------------------


def detail(shop: Shop, order: Order) -> Json:
    found: Json = checked(shop, "order.orderDetail", shop_order_id=order.id)["shop_order_detail"]
    return found


def test_the_first_line_has_its_parent_s_number_and_the_others_count_on() -> None:
    shop = shop_to_read(orders_per_day=4.0)
    order = next(order for order in shop.orders.values() if len(order.lines) > 1)
    lines = detail(shop, order)["sku_order_list"]
    assert [line["order_id"] for line in lines] == [str(int(order.id) + index) for index in range(len(lines))]
    assert {line["parent_order_id"] for line in lines} == {order.id}
    assert (detail(shop, order)["order_level"], lines[0]["order_level"]) == (2, 3)


def test_amounts_of_an_order_are_the_sums_of_its_lines() -> None:
    shop = shop_to_read(orders_per_day=4.0)
    summed = ("order_amount", "pay_amount", "post_amount", "promotion_amount", "promotion_shop_amount", "promotion_pay_amount")
    for order in shop.orders.values():
        found = detail(shop, order)
        for name in summed:
            assert found[name] == sum(line[name] for line in found["sku_order_list"]), name
        assert found["pay_amount"] == found["order_amount"] - found["promotion_amount"] + found["post_amount"]
        assert all(isinstance(found[name], int) for name in summed)


def test_personal_data_comes_in_cipher_text_and_masked_only() -> None:
    shop = bare_shop()
    order = buy(shop)
    found, text = detail(shop, order), str(detail(shop, order))
    assert (found["post_tel"], found["post_receiver"], found["post_addr"]["detail"]) == ("", "", "")
    assert found["encrypt_post_tel"].startswith("$")
    assert found["encrypt_post_receiver"].startswith("#")
    assert found["mask_post_receiver"][1:] == "*" * (len(order.buyer.name) - 1)
    for plain in (order.buyer.phone, order.buyer.name, order.detail):
        assert plain not in text


def test_times_that_have_not_come_are_zero() -> None:
    shop = bare_shop()
    found = detail(shop, buy(shop, SLOW))
    assert [found[name] for name in ("pay_time", "ship_time", "finish_time", "exp_ship_time")] == [0, 0, 0, 0]
    assert found["order_expire_time"] == 1800
    assert found["logistics_info"] == []
    assert found["actual_receive_amount_info"] == {"actual_receive_amount": 0}


def test_some_lists_are_null_on_some_orders_and_empty_on_others() -> None:
    shop = shop_to_read(orders_per_day=4.0)
    seen = {str(detail(shop, order)["order_phase_list"]) for order in shop.orders.values()}
    assert seen == {"None", "[]"}


def test_ids_are_text_or_numbers_as_the_platform_has_them() -> None:
    shop = bare_shop()
    found = detail(shop, buy(shop))
    line = found["sku_order_list"][0]
    assert isinstance(found["order_id"], str)
    assert isinstance(line["product_id"], int)
    assert str(line["product_id"]) == line["product_id_str"]
    assert line["product_id"] > 2**53
    assert isinstance(found["shop_id"], int)


def test_a_buyer_is_the_same_on_all_orders() -> None:
    shop = shop_to_read(orders_per_day=4.0)
    by_buyer: dict[str, set[str]] = {}
    for order in search(shop)["shop_order_list"]:
        by_buyer.setdefault(order["doudian_open_id"], set()).add(order["encrypt_post_tel"])
    assert all(len(phones) == 1 for phones in by_buyer.values())
    assert len(by_buyer) < len(shop.orders)


def test_an_order_that_was_urged_has_a_tag_and_a_count_with_a_capital() -> None:
    shop = bare_shop()
    order = buy(shop, seconds=2 * DAY + HOUR)
    found = detail(shop, order)
    assert found["urge_deliver_Times"] == 1
    assert found["shop_order_tag_ui"][0]["key"] == "urge"


def test_a_line_is_found_by_its_own_number_too() -> None:
    shop = shop_to_read(orders_per_day=4.0)
    order = next(order for order in shop.orders.values() if len(order.lines) > 1)
    assert the_order(shop, order.lines[1].id) is order


def test_another_shop_s_order_is_refused_by_its_number() -> None:
    assert refusal(shop_to_read(), "order.orderDetail", shop_order_id="4781320682406083640") == "50002 isv.business-failed:60101"
    assert refusal(shop_to_read(), "order.orderDetail") == "40002 isv.missing-parameter:1"


# --- writing ----------------------------------------------------------------------------------------------------------


def test_a_remark_and_a_flag_are_set() -> None:
    shop = bare_shop()
    order = buy(shop)
    ask(shop, "order.addOrderRemark", order_id=order.id, remark="加急", is_add_star="true", star="5")
    assert (detail(shop, order)["seller_words"], detail(shop, order)["seller_remark_stars"]) == ("加急", 5)
    ask(shop, "order.addOrderRemark", order_id=order.id, remark="好", star="1")
    assert (order.seller_words, order.star) == ("好", 5)
    assert [data["star"] for data in told(shop, 113)] == [5, 5]


@pytest.mark.parametrize(
    "params",
    [{"remark": "字" * 61}, {"remark": "a", "is_add_star": "true", "star": "6"}, {"remark": "a", "is_add_star": "maybe"}],
)
def test_a_remark_too_long_and_a_flag_of_no_colour_are_refused(params: Json) -> None:
    shop = bare_shop()
    assert refusal(shop, "order.addOrderRemark", order_id=buy(shop).id, **params).startswith("40004")


@pytest.mark.parametrize("wrapped", [False, True])
def test_the_price_of_an_unpaid_order_is_cut_by_line(wrapped: bool) -> None:
    shop = bare_shop()
    order = buy(shop, SLOW)
    rows = [{"order_id": order.lines[0].id, "discount_amount": 300}]
    before = order.pay_amount
    ask(shop, "order.updateOrderAmount", pid=order.id, update_detail={"list": rows} if wrapped else rows)
    assert order.pay_amount == before - 300
    assert detail(shop, order)["modify_amount"] == -300
    assert told(shop, 109)[0]["total_amount"] == before - 300


@pytest.mark.parametrize("rows", [[{"order_id": "1", "discount_amount": 1}], [{"order_id": "", "discount_amount": "x"}], [{}]])
def test_a_cut_that_fits_no_line_is_refused(rows: Any) -> None:
    shop = bare_shop()
    order = buy(shop, SLOW)
    assert refusal(shop, "order.updateOrderAmount", pid=order.id, update_detail=rows).startswith("40004")
    more = [{"order_id": order.lines[0].id, "discount_amount": 10**9}]
    assert refusal(shop, "order.updateOrderAmount", pid=order.id, update_detail=more).startswith("40004")


@pytest.mark.parametrize("key", ["order_id", "pid"])
def test_the_freight_of_an_unpaid_order_is_set(key: str) -> None:
    shop = bare_shop()
    order = buy(shop, SLOW)
    goods = order.pay_amount - order.post_amount
    ask(shop, "order.updatePostAmount", **{key: order.id}, post_amount=250)
    assert (order.post_amount, order.pay_amount) == (250, goods + 250)
    assert refusal(shop, "order.updatePostAmount", order_id=order.id, post_amount=-1).startswith("40004")


def test_a_paid_order_keeps_its_price() -> None:
    shop = bare_shop()
    order = buy(shop)
    rows = [{"order_id": order.id, "discount_amount": 1}]
    assert refusal(shop, "order.updateOrderAmount", pid=order.id, update_detail=rows) == "50002 isv.business-failed:60137"
    assert refusal(shop, "order.updatePostAmount", order_id=order.id, post_amount=1) == "50002 isv.business-failed:60137"


@pytest.mark.parametrize(("answer", "agreed"), [(0, True), (1001, False), (1005, False)])
def test_a_request_for_another_address_is_answered(answer: int, agreed: bool) -> None:
    shop = bare_shop()
    order = buy(shop)
    kept = order.detail
    ask_address_change(shop, order, "人民路1号")
    ask(shop, "order.addressConfirm", order_id=order.id, is_approved=answer)
    assert order.detail == ("人民路1号" if agreed else kept)
    assert len(told(shop, 105)) == int(agreed)
    assert refusal(shop, "order.addressConfirm", order_id=order.id, is_approved=0) == "50002 isv.business-failed:60021"


def test_an_answer_that_is_none_is_refused() -> None:
    shop = bare_shop()
    order = buy(shop)
    assert refusal(shop, "order.addressConfirm", order_id=order.id, is_approved=7).startswith("40004")
    assert refusal(shop, "order.addressConfirm", order_id=order.id) == "40002 isv.missing-parameter:1"


def test_a_proposed_ship_time_is_agreed_to_or_refused() -> None:
    shop = bare_shop()
    order = buy(shop)
    params = {"shop_order_id": order.id, "task_id": "1"}
    assert refusal(shop, "order.deliverTimeChangeConfirm", **params) == "50002 isv.business-failed:60021"
    order.new_delivery = order.exp_ship_time + DAY
    wanted = order.new_delivery
    ask(shop, "order.deliverTimeChangeConfirm", **params)
    assert order.exp_ship_time == wanted
    order.new_delivery = wanted + DAY
    ask(shop, "order.deliverTimeChangeConfirm", **params, reject_code="1", reject_reason="no")
    assert (order.exp_ship_time, order.new_delivery) == (wanted, 0)
    assert ask(shop, "order.deliverTimeChangeTaskInfo", shop_order_id=order.id) == {}


def test_every_state_is_there_at_the_start() -> None:
    shop = make_shop()
    recent = [order for order in shop.orders.values() if order.create_time > START - 14 * DAY]
    assert {order.status for order in recent} == {1, 105, 2, 101, 3, 4, 5}
    assert len(recent) >= 12


def test_a_state_that_lasts_minutes_is_left_when_they_are_over() -> None:
    shop = make_shop()
    unpaid = [order for order in shop.orders.values() if order.status == UNPAID]
    go(shop, 31 * MINUTE)
    assert all(order.status != UNPAID for order in unpaid)
