"""Reverse orders by API: what the two calls name differently, filters, minor units, and the seller's answers with their codes."""

from typing import Any

import pytest

from storeward_sandbox.clock import HOUR
from storeward_sandbox.lazada.errors import ApiError
from storeward_sandbox.lazada.orders import pack, ready
from storeward_sandbox.lazada.reasons import BUYER_CANCELS, BUYER_RETURNS, SELLER_CANCELS, SELLER_REFUSES
from storeward_sandbox.lazada.reverse import (
    INSPECT_SECONDS,
    ONLY_REFUND,
    RETURN,
    SELLER,
    ReverseLine,
    ReverseOrder,
    agree_return,
    ask_back,
    ask_out,
    send_back,
)
from storeward_sandbox.lazada.shop import Shop
from storeward_sandbox.lazada.sites import SITES
from storeward_sandbox.lazada.tests.byhand import order, shelf, stock_of
from storeward_sandbox.lazada.tests.support import Json, ask, checked, go, shop_to_read
from storeward_sandbox.lazada.tests.test_reverse_moves import delivered, wanted_back

LIST = "/reverse/getreverseordersforseller"
UPDATE = "/order/reverse/return/update"
ONLY = "/order/reverse/onlyrefund/seller/decide"
DECIDE = "/order/reverse/cancel/seller/decide"
PICTURE = [{"name": "a", "url": "https://x.test/a.jpg"}]
FILES = [{"file_name": "a", "file_url": "https://x.test/a.jpg"}]


def listed(shop: Shop, **params: Any) -> list[str]:
    found = checked(shop, LIST, page_no=1, page_size=50, **params)
    return [str(row["reverse_order_id"]) for row in found["items"]]


def code(shop: Shop, path: str, **params: Any) -> str:
    with pytest.raises(ApiError) as refusal:
        ask(shop, path, **params)
    return refusal.value.code


def update(shop: Shop, reverse: ReverseOrder, action: str, **more: Any) -> Json:
    ids = [int(line.id) for line in reverse.lines]
    asked = {"action": action, "reverse_order_id": reverse.id, "reverse_order_item_ids": ids, **more}
    found: Json = checked(shop, UPDATE, **asked)
    return found


def update_code(shop: Shop, reverse: ReverseOrder, action: str, **more: Any) -> str:
    with pytest.raises(ApiError) as refusal:
        update(shop, reverse, action, **more)
    return refusal.value.code


def came_back(shop: Shop) -> tuple[ReverseOrder, ReverseLine]:
    reverse, line = wanted_back(shop, sends=False)
    agree_return(shop, reverse, line, SELLER)
    send_back(shop, reverse, line)
    return reverse, line


# --- reading ----------------------------------------------------------------------------------------------------------


def test_list_and_detail_name_the_same_things_differently() -> None:
    shop = shelf("TH", price="299.00")
    reverse, line = wanted_back(shop)
    row = checked(shop, LIST, page_no=1, page_size=10)["items"][0]
    detail = checked(shop, "/order/reverse/return/detail/list", reverse_order_id=reverse.id)
    listed_line, detailed = row["reverse_order_lines"][0], detail["reverseOrderLineDTOList"][0]
    assert listed_line["product"]["product_sku"] == detailed["productDTO"]["sku"] == line.line.sku.id
    assert listed_line["buyer"]["buyer_id"] == detailed["buyer"]["user_id"] == int(reverse.order.buyer.user_id)
    assert row["is_rtm"] is detail["is_rtm"] is True
    assert detailed["sla"] == listed_line["sla"] == line.sla * 1000


@pytest.mark.parametrize(
    ("region", "price", "minor"),
    [("SG", "12.34", 1234), ("TH", "299.00", 29900), ("VN", "129000", 129000), ("ID", "79000", 7900000), ("PH", "0.05", 5)],
)
def test_amounts_are_in_the_smallest_unit_but_for_dong(region: str, price: str, minor: int) -> None:
    shop = shelf(region, price=price)
    wanted_back(shop)
    line = checked(shop, LIST, page_no=1, page_size=10)["items"][0]["reverse_order_lines"][0]
    assert line["refund_amount"] == line["item_unit_price"] == minor


def test_filters_choose() -> None:
    shop = shelf(units=30)
    back, _line = wanted_back(shop)
    money, _line = wanted_back(shop, kind=ONLY_REFUND)
    warehouse, _line = wanted_back(shop, is_rtm=False)
    made = order(shop)
    out = ask_out(shop, made, made.lines, BUYER_CANCELS[0])
    assert out is not None
    every = {back.id, money.id, warehouse.id, out.id}
    assert set(listed(shop)) == every
    assert listed(shop, request_type_list=["CANCEL"]) == [out.id]
    assert set(listed(shop, request_type_list=["RETURN"])) == {back.id, warehouse.id}
    assert set(listed(shop, request_type_list=["RETURN"], return_to_type="RTM")) == {back.id}
    assert listed(shop, return_to_type="RTW", request_type_list=["RETURN"]) == [warehouse.id]
    assert listed(shop, trade_order_id=made.id) == [out.id]
    assert listed(shop, reverse_order_id=back.id) == [back.id]
    assert set(listed(shop, ofc_status_list=["INITIAL"])) == {back.id, warehouse.id}
    assert set(listed(shop, reverse_status_list=["REQUEST_INITIATE"])) == every
    assert listed(shop, reverse_status_list=["REFUND_SUCCESS"]) == []
    assert listed(shop, dispute_in_progress="true") == []
    assert set(listed(shop, dispute_in_progress="false")) == every
    assert listed(shop, QC_Decision="scrap") == []


def test_ranges_of_change_and_creation_are_in_milliseconds_and_include_both_ends() -> None:
    shop = shelf()
    first, _line = wanted_back(shop)
    at = shop.now * 1000
    go(shop, HOUR)
    second, line = wanted_back(shop)
    assert listed(shop, ReverseOrderLineTimeRangeEnd=at) == [first.id]
    assert listed(shop, ReverseOrderLineTimeRangeStart=at + 1) == [second.id]
    go(shop, HOUR)
    update(shop, first, "agreeReturn")
    assert listed(shop, ReverseOrderLineModifiedTimeRangeStart=shop.now * 1000) == [first.id]
    assert listed(shop, ReverseOrderLineModifiedTimeRangeEnd=line.modified * 1000) == [second.id]
    assert listed(shop, TradeOrderLineCreatedTimeRangeStart=second.order.created * 1000) == [second.id]


def test_pages_cover_every_request_once_newest_change_first() -> None:
    shop = shop_to_read("VN", ("returns",), orders_per_day=3.0)
    found = checked(shop, LIST, page_no=1, page_size=100)
    total = found["total"]
    assert total == len(found["items"]) > 6
    pages = [checked(shop, LIST, page_no=page, page_size=3)["items"] for page in range(1, -(-total // 3) + 1)]
    assert [row for page in pages for row in page] == found["items"]
    newest = [max(line["return_order_line_gmt_modified"] for line in row["reverse_order_lines"]) for row in found["items"]]
    assert newest == sorted(newest, reverse=True)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"page_no": 1}, "MissingParameter"),
        ({"page_no": 0, "page_size": 5}, "5"),
        ({"page_no": 1, "page_size": 101}, "5"),
        ({"page_no": 1, "page_size": 5, "request_type_list": "[x"}, "1001"),
    ],
)
def test_a_list_that_cannot_be_meant_is_refused(params: Json, expected: str) -> None:
    assert code(shop_to_read(), LIST, **params) == expected


@pytest.mark.parametrize("path", ["/order/reverse/return/detail/list", UPDATE, DECIDE, ONLY])
def test_a_request_of_another_store_is_a_service_error(path: str) -> None:
    asked = {"reverse_order_id": 1, "action": "agreeRefund", "reverse_order_item_ids": [1], "agree_cancel": "true"}
    assert code(shelf(), path, **asked) == "106"


def test_the_history_says_who_acted_when() -> None:
    shop = shelf()
    reverse, line = wanted_back(shop)
    go(shop, HOUR)
    update(shop, reverse, "agreeReturn")
    found = checked(shop, "/order/reverse/return/history/list", reverse_order_line_id=line.id)
    assert [event["operator"] for event in found["list"]] == ["Buyer", "Seller"]
    assert found["list"][0]["picture"]
    assert found["list"][1]["time"] - found["list"][0]["time"] == HOUR * 1000
    assert found["page_info"] == {"total": 2, "page_size": 10, "current_page_number": 1}
    second = checked(shop, "/order/reverse/return/history/list", reverse_order_line_id=line.id, page_number=2, page_size=1)
    assert [event["operator"] for event in second["list"]] == ["Seller"]
    assert code(shop, "/order/reverse/return/history/list", reverse_order_line_id=1) == "106"


@pytest.mark.parametrize(
    ("region", "words"), [("TH", "สินค้าไม่ชำรุด"), ("VN", "Hàng không bị hư hỏng"), ("SG", "item is not damaged")]
)
def test_reasons_are_told_in_the_stores_language_with_ids_of_the_country(region: str, words: str) -> None:
    shop = shelf(region)
    _reverse, line = wanted_back(shop)
    first = checked(shop, "/order/reverse/reason/list", reverse_order_line_id=line.id)[0]
    assert first == {
        "reason_id": SITES[region].reason_base + 51,
        "muti_language_text": words,
        "text": "item is not damaged",
    }


# --- cancelling by the seller -----------------------------------------------------------------------------------------


def cancel_request(shop: Shop, **more: Any) -> Json:
    made = next(reversed(shop.orders.values()))
    return {"order_id": made.id, "order_item_id_list": [int(line.id) for line in made.lines], **more}


def test_a_seller_asks_first_and_then_cancels() -> None:
    shop = shelf(units=5)
    made = order(shop, pieces=2)
    found = checked(shop, "/order/reverse/cancel/validate", **cancel_request(shop))
    assert found["tip_type"] == "warning"
    assert [one["reason_name"] for one in found["reason_options"]] == [reason.text for reason in SELLER_CANCELS]
    done = checked(
        shop, "/order/reverse/cancel/create", **cancel_request(shop, reason_id=found["reason_options"][0]["reason_id"])
    )
    assert done["tip_type"] == "success"
    assert made.statuses == ["canceled"]
    assert {line.by_seller for line in made.lines} == {True}
    assert stock_of(shop) == (5, 0, 0)


def test_out_of_stock_takes_the_rest_off_the_shelf() -> None:
    shop = shelf(units=5)
    order(shop)
    checked(shop, "/order/reverse/cancel/create", **cancel_request(shop, reason_id=str(SITES["SG"].reason_base + 21)))
    assert stock_of(shop) == (0, 0, 0)


def test_what_has_left_cannot_be_cancelled() -> None:
    shop = shelf()
    delivered(shop)
    refused = checked(shop, "/order/reverse/cancel/validate", **cancel_request(shop))
    assert (refused["tip_type"], refused["reason_options"]) == ("error", [])
    reason = str(SITES["SG"].reason_base + 19)
    assert checked(shop, "/order/reverse/cancel/create", **cancel_request(shop, reason_id=reason))["tip_type"] == "error"


def test_cancelling_needs_a_reason_of_the_country_and_pieces_of_the_order() -> None:
    shop = shelf()
    made = order(shop)
    assert code(shop, "/order/reverse/cancel/create", **cancel_request(shop, reason_id="10000319")) == "101"
    assert code(shop, "/order/reverse/cancel/validate", order_id=made.id, order_item_id_list=[1]) == "20"
    assert code(shop, "/order/reverse/cancel/validate", order_id="1", order_item_id_list=[1]) == "16"
    assert made.statuses == ["pending"]


def test_a_ready_parcel_can_still_be_cancelled() -> None:
    shop = shelf()
    made = order(shop)
    ready(shop, pack(shop, made, made.lines)[0])
    go(shop, 60)
    reason = str(SITES["SG"].reason_base + 19)
    assert checked(shop, "/order/reverse/cancel/create", **cancel_request(shop, reason_id=reason))["tip_type"] == "success"
    assert made.statuses == ["canceled"]


@pytest.mark.parametrize(("agrees", "ends"), [("true", "canceled"), ("false", "pending")])
def test_a_buyers_wish_is_answered_once(agrees: str, ends: str) -> None:
    shop = shelf()
    made = order(shop)
    reverse = ask_out(shop, made, made.lines, BUYER_CANCELS[1])
    assert reverse is not None
    assert code(shop, DECIDE, reverse_order_id=reverse.id, agree_cancel="perhaps") == "5"
    assert checked(shop, DECIDE, reverse_order_id=reverse.id, agree_cancel=agrees) is None
    assert ask(shop, "/order/get", order_id=made.id)["is_cancel_pending"] is (agrees == "true")
    go(shop, HOUR)
    assert made.statuses == [ends]
    assert code(shop, DECIDE, reverse_order_id=reverse.id, agree_cancel=agrees) == "104"


# --- answering returns ------------------------------------------------------------------------------------------------


def test_answers_in_their_order() -> None:
    shop = shelf(price="10.00")
    reverse, line = wanted_back(shop, sends=False)
    found = update(shop, reverse, "agreeReturn")
    assert found["total_refund"] == "1000"
    assert found["reverse_order_line"][0]["order_id"] == int(reverse.order.id)
    assert update_code(shop, reverse, "confirmDelivery") == "104"
    send_back(shop, reverse, line)
    assert update_code(shop, reverse, "agreeRefund") == "104"
    update(shop, reverse, "confirmDelivery")
    assert update_code(shop, reverse, "confirmDelivery") == "104"
    update(shop, reverse, "agreeRefund")
    assert line.status == "REFUND_AUTHORIZED"


def test_an_instant_refund_is_only_for_fresh_requests() -> None:
    shop = shelf()
    reverse, line = wanted_back(shop)
    update(shop, reverse, "instantRefund")
    assert line.status == "REFUND_AUTHORIZED"
    assert update_code(shop, reverse, "instantRefund") == "104"


def test_refusing_a_return_needs_reason_and_comment() -> None:
    shop = shelf()
    reverse, line = wanted_back(shop)
    reason = SELLER_REFUSES[1].id_on(shop.site)
    assert update_code(shop, reverse, "refuseReturn") == "101"
    assert update_code(shop, reverse, "refuseReturn", reason_id=1, comment="used") == "101"
    assert update_code(shop, reverse, "refuseReturn", reason_id=reason) == "102"
    found = update(shop, reverse, "refuseReturn", reason_id=reason, comment="used")
    assert found["reverse_order_line"][0]["reason_name"] == SELLER_REFUSES[1].text
    assert line.status == "SELLER_REJECT_RETURN"


def test_refusing_a_refund_needs_a_picture_too_and_one_line_at_a_time() -> None:
    shop = shelf()
    made = delivered(shop, pieces=2)
    reverse = ask_back(shop, made, made.lines, BUYER_RETURNS[1])
    assert reverse is not None
    for line in reverse.lines:
        agree_return(shop, reverse, line, SELLER)
        send_back(shop, reverse, line)
    update(shop, reverse, "confirmDelivery")
    whole = {"reason_id": SELLER_REFUSES[0].id_on(shop.site), "comment": "fine", "image_info": PICTURE}
    assert update_code(shop, reverse, "refuseRefund", **whole) == "105"
    one = {"reverse_order_item_ids": [int(reverse.lines[0].id)]}
    asked = {"action": "refuseRefund", "reverse_order_id": reverse.id, **one}
    assert code(shop, UPDATE, **asked, **{**whole, "image_info": []}) == "103"
    checked(shop, UPDATE, **asked, **whole)
    assert [line.status for line in reverse.lines] == ["SELLER_REJECT_REFUND", "BUYER_RETURN_ITEM"]
    assert reverse.lines[0].history[-1].pictures == ("https://x.test/a.jpg",)


def test_what_the_warehouse_decides_is_not_the_sellers_to_answer() -> None:
    shop = shelf()
    reverse, _line = wanted_back(shop, is_rtm=False)
    assert update_code(shop, reverse, "agreeReturn") == "104"


def test_unknown_actions_and_lines_are_refused() -> None:
    shop = shelf()
    reverse, _line = wanted_back(shop)
    assert update_code(shop, reverse, "shrug") == "100"
    assert code(shop, UPDATE, action="agreeReturn", reverse_order_id=reverse.id, reverse_order_item_ids=[1]) == "106"


def test_refunds_only_are_agreed_or_disputed() -> None:
    shop = shelf(units=9)
    one, first = wanted_back(shop, kind=ONLY_REFUND)
    other, second = wanted_back(shop, kind=ONLY_REFUND)
    asked = {"reverse_order_id": one.id, "reverse_order_item_ids": [int(first.id)]}
    assert code(shop, ONLY, action="shrug", **asked) == "100"
    assert checked(shop, ONLY, action="agreeRefund", **asked) is None
    assert first.status == "REFUND_AUTHORIZED"
    asked = {"reverse_order_id": other.id, "reverse_order_item_ids": [int(second.id)], "action": "startDispute"}
    assert code(shop, ONLY, **asked) == "102"
    assert code(shop, ONLY, **asked, comment="no") == "103"
    checked(shop, ONLY, **asked, comment="no", image_info_list=FILES)
    assert (second.status, second.disputed) == ("CS_APPROVING", True)
    assert listed(shop, dispute_in_progress="true") == [other.id]
    assert code(shop, ONLY, **asked, comment="no", image_info_list=FILES) == "104"
    assert code(shop, UPDATE, **{**asked, "action": "agreeReturn"}) == "104"


def test_goods_that_came_back_wait_with_a_deadline() -> None:
    shop = shelf()
    reverse, line = came_back(shop)
    assert (reverse.kind, line.status) == (RETURN, "BUYER_RETURN_ITEM")
    row = checked(shop, "/order/reverse/return/detail/list", reverse_order_id=reverse.id)["reverseOrderLineDTOList"][0]
    assert row["sla"] == (shop.now + INSPECT_SECONDS) * 1000
    assert row["tracking_number"] == line.tracking_number


def test_where_returns_are_the_trouble_several_wait() -> None:
    shop = shop_to_read("SG", ("returns",))
    items = checked(shop, LIST, page_no=1, page_size=50)["items"]
    waiting = [line["sla"] for row in items for line in row["reverse_order_lines"] if line["sla"]]
    assert len(waiting) >= 3
    assert min(waiting) - shop.now * 1000 < 12 * HOUR * 1000
