"""Members of an order one by one: what is sent, where it arrives, and as what. Times: 1690000000 is 2023-07-22T04:26:40Z."""

from typing import Any

import pytest

from .samples import ok, parse, problems, told, yuan

AT = 1_690_000_000
THEN = "2023-07-22T04:26:40Z"


def order_of(**members: Any) -> dict[str, Any]:
    """The smallest shop order with those members."""
    return {"order_id": "4781320682406083640", "order_status": 2, **members}


def line_of(**members: Any) -> dict[str, Any]:
    return order_of(sku_order_list=[{"order_id": "4781320682406083641", "order_status": 2, **members}])


def read_one(order: dict[str, Any]) -> dict[str, Any]:
    """The record of one order, read by the list and by the detail: both must say the same."""
    listed = told(parse("order.searchList", ok({"shop_order_list": [order]})))
    assert listed == told(parse("order.orderDetail", ok({"shop_order_detail": order})))
    (one,) = listed
    return one


ORDER_MEMBERS: list[tuple[str, Any, str, Any]] = [
    ("order_id", "4781320682406099999", "platform_order_id", "4781320682406099999"),
    ("order_id", 4781320682406083640, "platform_order_id", "4781320682406083640"),
    ("order_id", "0004781320682406", "platform_order_id", "0004781320682406"),
    ("order_type", 0, "platform_type", "0"),
    ("order_type", 2, "platform_type", "2"),
    ("order_type", "5", "platform_type", "5"),
    ("doudian_open_id", "#zuLyd4U4J3p+czzXkwg==", "platform_buyer_id", "#zuLyd4U4J3p+czzXkwg=="),
    ("open_id", "23431434", "platform_buyer_id", "23431434"),
    ("pay_amount", 37700, "total", yuan("377.00")),
    ("pay_amount", "37700", "total", yuan("377.00")),
    ("pay_amount", 0, "total", yuan("0.00")),
    ("pay_amount", 1, "total", yuan("0.01")),
    ("pay_amount", 99, "total", yuan("0.99")),
    ("pay_amount", 123456789012, "total", yuan("1234567890.12")),
    ("create_time", AT, "placed_at", THEN),
    ("create_time", str(AT), "placed_at", THEN),
    ("pay_time", AT, "paid_at", THEN),
    ("update_time", AT, "updated_at", THEN),
    ("exp_ship_time", AT, "ship_by_at", THEN),
    ("exp_ship_time", AT, "arrange_by_at", THEN),
    ("ship_time", AT, "arranged_at", THEN),
    ("ship_time", AT, "tracking_added_at", THEN),
    ("finish_time", AT, "completed_at", THEN),
    ("appointment_ship_time", AT, "booked_ship_at", THEN),
    ("recommend_start_ship_time", AT, "ship_from_at", THEN),
    ("recommend_end_ship_time", AT, "ship_until_at", THEN),
    ("earliest_receipt_time", AT, "deliver_from_at", THEN),
    ("latest_receipt_time", AT, "deliver_by_at", THEN),
    ("target_arrival_time", AT, "promised_by_at", THEN),
    ("cancel_reason", "不想要了", "platform_cancel_reason", "不想要了"),
    ("buyer_words", "请发顺丰", "buyer_note", "请发顺丰"),
    ("seller_words", "加急 <XL> & 礼品", "seller_note", "加急 <XL> & 礼品"),
    ("pay_type", 0, "cash_on_delivery", True),
    ("pay_type", "0", "cash_on_delivery", True),
    ("pay_type", 2, "cash_on_delivery", False),
    ("trade_type", 10, "sample", True),
    ("trade_type", 2, "type", "pre_order"),
]


@pytest.mark.parametrize(("member", "sent", "place", "expected"), ORDER_MEMBERS)
def test_a_member_of_an_order_arrives_in_its_place(member: str, sent: Any, place: str, expected: Any) -> None:
    assert read_one(order_of(**{member: sent}))[place] == expected


ORDER_AMOUNTS = [
    "order_amount", "pay_amount", "post_amount", "post_insurance_amount", "modify_amount", "modify_post_amount",
    "promotion_amount", "promotion_shop_amount", "promotion_platform_amount", "promotion_talent_amount", "promotion_pay_amount",
    "promotion_redpack_amount", "promotion_redpack_platform_amount", "promotion_redpack_talent_amount", "shop_cost_amount",
    "platform_cost_amount", "author_cost_amount", "only_platform_cost_amount", "tax_amount", "total_promotion_amount",
    "post_origin_amount", "post_promotion_amount", "packing_amount", "make_up_post_amount",
]  # fmt: skip


@pytest.mark.parametrize("member", ORDER_AMOUNTS)
@pytest.mark.parametrize(("sent", "amount"), [(1234, "12.34"), ("5", "0.05"), (0, "0.00"), (-10, "-0.10")])
def test_an_amount_of_an_order_is_kept_under_its_own_name_in_yuan(member: str, sent: Any, amount: str) -> None:
    assert read_one(order_of(**{member: sent}))["amounts"] == {member: yuan(amount)}


def test_what_the_merchant_receives_stands_one_step_deeper() -> None:
    one = read_one(order_of(actual_receive_amount_info={"actual_receive_amount": 9307}))
    assert one["amounts"] == {"actual_receive_amount": yuan("93.07")}


ORDER_WORDS: list[tuple[str, Any, Any]] = [
    ("main_status", 103, "103"),
    ("main_status", 21, "21"),
    ("trade_type", 0, "0"),
    ("biz", 2, "2"),
    ("b_type", 11, "11"),
    ("sub_b_type", 1, "1"),
    ("pay_type", 12, "12"),
    ("accept_order_status", 0, "0"),
    ("seller_remark_stars", 5, "5"),
    ("fulfill_status", "ACCEPTED", "ACCEPTED"),
    ("receipt_date", "2023-07-25", "2023-07-25"),
    ("shop_id", 4463798, "4463798"),
    ("shop_name", "青禾家居旗舰店", "青禾家居旗舰店"),
    ("app_id", 43545454556, "43545454556"),
    ("channel_payment_no", "PAY234532534534", "PAY234532534534"),
    ("original_shop_id", 9007199254740993, "9007199254740993"),
    ("open_address_id", "adr-1", "adr-1"),
    ("supermarket_order_serial_no", "17", "17"),
    ("urge_deliver_Times", 3, None),
    ("relation_shop_order_ids", ["4781320682406083699"], ["4781320682406083699"]),
    ("serial_number_list", ["546443524543534", "646443524543534"], ["546443524543534", "646443524543534"]),
    ("early_arrival", True, "true"),
    ("early_arrival", False, "false"),
    ("order_tag", {"super_coupon": "1"}, ["super_coupon=1"]),
    ("shop_order_tag_ui", [{"key": "yzd", "text": "音尊达"}], ["yzd"]),
]


@pytest.mark.parametrize(("member", "sent", "expected"), ORDER_WORDS)
def test_what_classifies_an_order_is_kept_as_text(member: str, sent: Any, expected: Any) -> None:
    name, expected = ("urge_deliver_times", "3") if member == "urge_deliver_Times" else (member, expected)
    assert read_one(order_of(**{member: sent}))["platform_more"] == {name: expected}


@pytest.mark.parametrize("member", ["shop_id", "app_id", "original_shop_id", "open_address_id", "channel_payment_no"])
@pytest.mark.parametrize("nothing", [0, "", None, "0"])
def test_an_id_of_zero_or_nothing_is_none(member: str, nothing: Any) -> None:
    assert "platform_more" not in read_one(order_of(**{member: nothing}))


@pytest.mark.parametrize(
    "member",
    [
        "create_time", "pay_time", "update_time", "exp_ship_time", "ship_time", "finish_time", "appointment_ship_time",
        "recommend_start_ship_time", "recommend_end_ship_time", "earliest_receipt_time", "latest_receipt_time",
        "target_arrival_time",
    ],
)  # fmt: skip
@pytest.mark.parametrize("nothing", [0, "0", "", None])
def test_a_time_of_zero_or_nothing_means_that_it_did_not_happen(member: str, nothing: Any) -> None:
    plain = read_one(order_of())
    assert read_one(order_of(**{member: nothing})) == plain


STATUS: list[tuple[Any, str]] = [
    (1, "unpaid"),
    (105, "on_hold"),
    (2, "to_ship"),
    (101, "partly_shipped"),
    (3, "in_transit"),
    (4, "cancelled"),
    (5, "completed"),
    ("105", "on_hold"),
]


@pytest.mark.parametrize(("sent", "status"), STATUS)
def test_every_state_of_the_fact_sheet_has_our_word(sent: Any, status: str) -> None:
    one = read_one(order_of(order_status=sent))
    assert (one["platform_status"], one["status"]) == (str(sent), status)
    line = read_one(line_of(order_status=sent))["lines"][0]
    assert (line["platform_status"], line["status"]) == (str(sent), status)


@pytest.mark.parametrize("sent", [0, 6, 103, 999, "shipped", -1])
def test_a_state_that_we_do_not_know_is_kept_and_noted(sent: Any) -> None:
    parsed = parse("order.searchList", ok({"shop_order_list": [order_of(order_status=sent)]}))
    (one,) = told(parsed)
    assert (one["platform_status"], one["status"]) == (str(sent), "unknown")
    assert problems(parsed) == [("data.shop_order_list[0].order_status", "note")]


def test_an_order_without_a_state_is_shown_with_a_problem() -> None:
    parsed = parse("order.searchList", ok({"shop_order_list": [{"order_id": "1"}]}))
    assert told(parsed)[0]["status"] == "unknown"
    assert problems(parsed) == [("data.shop_order_list[0].order_status", "error")]


@pytest.mark.parametrize("nothing", [{}, {"order_id": ""}, {"order_id": None}, {"order_id": 0}])
def test_an_order_without_a_number_is_left_out_with_a_problem(nothing: dict[str, Any]) -> None:
    parsed = parse("order.searchList", ok({"shop_order_list": [{"order_status": 2} | nothing, order_of()]}))
    assert [one["platform_order_id"] for one in told(parsed)] == ["4781320682406083640"]
    assert problems(parsed) == [("data.shop_order_list[0].order_id", "error")]


LINE_MEMBERS: list[tuple[str, Any, str, Any]] = [
    ("order_id", 4781320682406083642, "platform_line_id", "4781320682406083642"),
    ("product_id", 3488625851803765012, "platform_listing_id", "3488625851803765012"),
    ("product_id_str", "3488625851803765013", "platform_listing_id", "3488625851803765013"),
    ("sku_id", 1729160688834615, "platform_sku_id", "1729160688834615"),
    ("sku_id", 9223372036854775807, "platform_sku_id", "9223372036854775807"),
    ("code", "QH-4J-BL-18", "seller_sku", "QH-4J-BL-18"),
    ("outer_sku_id", "QH-P-2", "seller_sku", "QH-P-2"),
    ("product_name", "青禾 纯棉四件套 1.8m床", "title", "青禾 纯棉四件套 1.8m床"),
    ("spec", [{"name": "颜色", "value": "雾蓝"}, {"name": "尺寸", "value": "1.8m"}], "variant", "颜色: 雾蓝, 尺寸: 1.8m"),
    ("spec", [{"value": "雾蓝"}], "variant", "雾蓝"),
    ("item_num", 3, "quantity", 3),
    ("item_num", "3", "quantity", 3),
    ("origin_amount", 19900, "price", yuan("199.00")),
    ("given_product_type", "FREE", "platform_type", "FREE"),
    ("cancel_reason", "不想要", "platform_cancel_reason", "不想要"),
    ("create_time", AT, "placed_at", THEN),
    ("pay_time", AT, "paid_at", THEN),
    ("update_time", AT, "updated_at", THEN),
    ("exp_ship_time", AT, "ship_by_at", THEN),
    ("ship_time", AT, "shipped_at", THEN),
    ("appointment_ship_time", AT, "booked_ship_at", THEN),
    ("logistics_receipt_time", AT, "delivered_at", THEN),
    ("confirm_receipt_time", AT, "completed_at", THEN),
    ("finish_time", AT, "completed_at", THEN),
]


@pytest.mark.parametrize(("member", "sent", "place", "expected"), LINE_MEMBERS)
def test_a_member_of_a_line_arrives_in_its_place(member: str, sent: Any, place: str, expected: Any) -> None:
    assert read_one(line_of(**{member: sent}))["lines"][0][place] == expected


LINE_AMOUNTS = [name for name in ORDER_AMOUNTS if not name.endswith(("packing_amount", "make_up_post_amount"))]
LINE_AMOUNTS = [*LINE_AMOUNTS[:19], "origin_amount", "sum_amount"]


@pytest.mark.parametrize("member", LINE_AMOUNTS)
def test_an_amount_of_a_line_is_kept_under_its_own_name_in_yuan(member: str) -> None:
    assert read_one(line_of(**{member: 19899}))["lines"][0]["amounts"] == {member: yuan("198.99")}


LINE_WORDS: list[tuple[str, Any, dict[str, Any]]] = [
    ("main_status", 22, {"main_status": "22"}),
    ("order_type", 4, {"order_type": "4"}),
    ("trade_type", 102, {"trade_type": "102"}),
    ("pre_sale_type", 0, {"pre_sale_type": "0"}),
    ("pre_sale_type", 2, {"pre_sale_type": "2"}),
    ("goods_type", 1, {"goods_type": "1"}),
    ("c_biz", 8, {"c_biz": "8"}),
    ("send_pay", 1, {"send_pay": "1"}),
    ("theme_type", "1", {"theme_type": "1"}),
    ("is_comment", 2, {"is_comment": "2"}),
    ("reduce_stock_type", 1, {"reduce_stock_type": "1"}),
    ("receive_type", 2, {"receive_type": "2"}),
    ("source_platform", "elsewhere", {"source_platform": "elsewhere"}),
    ("ad_env_type", "live", {"ad_env_type": "live"}),
    ("author_name", "达人", {"author_name": "达人"}),
    ("author_id", 341234, {"author_id": "341234"}),
    ("room_id", 435454545, {"room_id": "435454545"}),
    ("content_id", "43545454556", {"content_id": "43545454556"}),
    ("video_id", "7043545454556", {"video_id": "7043545454556"}),
    ("origin_id", "99514375927_3473", {"origin_id": "99514375927_3473"}),
    ("cid", 43545454556, {"cid": "43545454556"}),
    ("page_id", 4354, {"page_id": "4354"}),
    ("first_cid", 20005, {"first_cid": "20005"}),
    ("second_cid", 20174, {"second_cid": "20174"}),
    ("third_cid", 20175, {"third_cid": "20175"}),
    ("fourth_cid", 20176, {"fourth_cid": "20176"}),
    ("parent_order_id", "4781320682406083640", {"parent_order_id": "4781320682406083640"}),
    ("out_sku_id", "43564553", {"out_sku_id": "43564553"}),
    ("out_product_id", "432655662343", {"out_product_id": "432655662343"}),
    ("outer_product_id", "QH-4J", {"outer_product_id": "QH-4J"}),
    ("supplier_id", "fsgfgsdg", {"supplier_id": "fsgfgsdg"}),
    ("master_sku_order_id", "4781320682406083643", {"master_sku_order_id": "4781320682406083643"}),
    ("master_sku_order_id_list", ["1", "2"], {"master_sku_order_id_list": ["1", "2"]}),
    ("need_serial_number", True, {"need_serial_number": "true"}),
    ("need_serial_number", "false", {"need_serial_number": "false"}),
    (
        "after_sale_info",
        {"after_sale_status": 6, "after_sale_type": 2, "refund_status": 1},
        {"after_sale_status": "6", "after_sale_type": "2", "refund_status": "1"},
    ),
    ("after_sale_info", {"after_sale_status": 0, "after_sale_type": 0, "refund_status": 0}, {}),
    (
        "inventory_list",
        [{"warehouse_id": "32434243432", "out_warehouse_id": "wh-hd-1", "inventory_type": 1, "warehouse_type": 0}],
        {"warehouse_id": "32434243432", "out_warehouse_id": "wh-hd-1", "inventory_type": "1", "warehouse_type": "0"},
    ),
    ("campaign_info", [{"campaign_id": 4781320682406083640}], {"campaign_id": ["4781320682406083640"]}),
    ("store_info", {"store_id": "77", "store_name": "门店"}, {"store_id": "77"}),
    ("relation_order", {"relation_order_id": "1234567"}, {"relation_order_id": "1234567"}),
]


@pytest.mark.parametrize(("member", "sent", "expected"), LINE_WORDS)
def test_what_classifies_a_line_is_kept_as_text(member: str, sent: Any, expected: dict[str, Any]) -> None:
    assert read_one(line_of(**{member: sent}))["lines"][0].get("platform_more", {}) == expected


def test_the_product_id_in_text_counts_before_the_number() -> None:
    line = read_one(line_of(product_id=3473196049974326300, product_id_str="3473196049974326153"))["lines"][0]
    assert line["platform_listing_id"] == "3473196049974326153"


def test_a_line_without_a_number_is_left_out_with_a_problem() -> None:
    parsed = parse("order.searchList", ok({"shop_order_list": [order_of(sku_order_list=[{"item_num": 1}, {"order_id": "9"}])]}))
    assert [line["platform_line_id"] for line in told(parsed)[0]["lines"]] == ["9"]
    assert problems(parsed) == [("data.shop_order_list[0].sku_order_list[0].order_id", "error")]


def test_a_bundle_keeps_its_members_as_parts() -> None:
    member = {
        "product_id": "3520562294461467753",
        "sku_id": "1719024557525047",
        "product_name": "枕套",
        "item_num": 2,
        "code": "M8",
    }
    assert read_one(line_of(bundle_sku_info=[member, {}]))["lines"][0]["parts"] == [
        {
            "platform_line_id": "1719024557525047",
            "platform_listing_id": "3520562294461467753",
            "platform_sku_id": "1719024557525047",
            "seller_sku": "M8",
            "title": "枕套",
            "quantity": 2,
            "status": "unknown",
        },
        {"platform_line_id": "1", "status": "unknown"},
    ]


PRESALE: list[tuple[list[Any], Any, str]] = [
    ([], None, "standard"),
    ([None], None, "standard"),
    ([0], None, "standard"),
    ([1], None, "pre_order"),
    ([2], None, "pre_order"),
    (["1"], None, "pre_order"),
    ([0, 1], None, "pre_order"),
    ([0], 2, "pre_order"),
    ([7], None, "unknown"),
    ([7, 1], None, "pre_order"),
    ([0, 0], 4, "standard"),
]


@pytest.mark.parametrize(("kinds", "trade", "expected"), PRESALE)
def test_an_order_is_a_presale_where_a_line_is_or_a_deposit_was_paid(kinds: list[Any], trade: Any, expected: str) -> None:
    lines = [{"order_id": str(nth), "order_status": 2, "pre_sale_type": kind} for nth, kind in enumerate(kinds, 1)]
    order = order_of(sku_order_list=lines) | ({"trade_type": trade} if trade is not None else {})
    assert read_one(order)["type"] == expected


def test_a_package_keeps_its_carrier_its_number_and_its_lines() -> None:
    package = {
        "tracking_no": "SF1234567890123",
        "company": "shunfeng",
        "company_name": "顺丰速运",
        "ship_time": AT,
        "delivery_id": "7258000000000000001",
        "product_info": [{"sku_order_id": "4781320682406083641"}, {"sku_order_id": 4781320682406083642}],
    }
    one = read_one(line_of() | {"logistics_info": [package]})
    assert one["packages"] == [
        {
            "platform_package_id": "7258000000000000001",
            "tracking_number": "SF1234567890123",
            "platform_carrier": "顺丰速运",
            "platform_carrier_id": "shunfeng",
            "platform_line_ids": ["4781320682406083641", "4781320682406083642"],
            "shipped_at": THEN,
        }
    ]
    assert one["lines"][0]["platform_package_id"] == "7258000000000000001"


def test_where_a_packages_own_id_is_kept_from_us_its_tracking_number_names_it() -> None:
    one = read_one(order_of(logistics_info=[{"tracking_no": "YT1387990014325", "delivery_id": ""}]))
    assert one["packages"] == [{"platform_package_id": "YT1387990014325", "tracking_number": "YT1387990014325"}]


def test_a_package_that_nothing_names_is_left_out_with_a_problem() -> None:
    parsed = parse("order.searchList", ok({"shop_order_list": [order_of(logistics_info=[{"company": "shunfeng"}])]}))
    assert "packages" not in told(parsed)[0]
    assert problems(parsed) == [("data.shop_order_list[0].logistics_info[0].delivery_id", "error")]


def test_a_line_in_two_packages_names_the_first() -> None:
    packages = [{"delivery_id": str(number), "product_info": [{"sku_order_id": "4781320682406083641"}]} for number in (11, 12)]
    one = read_one(line_of() | {"logistics_info": packages})
    assert one["lines"][0]["platform_package_id"] == "11"
    assert [package["platform_line_ids"] for package in one["packages"]] == [["4781320682406083641"]] * 2


def test_the_payments_of_a_deposit_presale_are_kept_one_by_one() -> None:
    phase = {
        "phase_order_id": "4781320682406083650",
        "total_phase": 2,
        "current_phase": 1,
        "pay_success": True,
        "sku_order_id": "4781320682406083641",
        "campaign_id": 3214324342342,
        "phase_pay_type": 1,
        "phase_open_time": AT,
        "phase_pay_time": AT + 60,
        "phase_close_time": AT + 3600,
        "channel_payment_no": "PAY34243247134325",
        "current_phase_status_desc": "已支付",
        "phase_payable_price": 2000,
        "phase_order_amount": 2100,
        "phase_sum_amount": 2200,
        "phase_post_amount": 300,
        "phase_pay_amount": 1999,
        "phase_promotion_amount": 1,
        "sku_price": 19900,
    }
    assert read_one(order_of(order_phase_list=[phase]))["phases"] == [
        {
            "platform_phase_id": "4781320682406083650",
            "number": 1,
            "of": 2,
            "platform_line_id": "4781320682406083641",
            "platform_status": "已支付",
            "paid": True,
            "opens_at": THEN,
            "closes_at": "2023-07-22T05:26:40Z",
            "paid_at": "2023-07-22T04:27:40Z",
            "amounts": {
                "phase_payable_price": yuan("20.00"),
                "phase_order_amount": yuan("21.00"),
                "phase_sum_amount": yuan("22.00"),
                "phase_post_amount": yuan("3.00"),
                "phase_pay_amount": yuan("19.99"),
                "phase_promotion_amount": yuan("0.01"),
                "sku_price": yuan("199.00"),
            },
            "platform_more": {
                "phase_pay_type": "1",
                "campaign_id": "3214324342342",
                "channel_payment_no": "PAY34243247134325",
            },
        }
    ]


@pytest.mark.parametrize("nothing", [[], None])
def test_lists_that_are_empty_or_null_are_no_problem(nothing: Any) -> None:
    names = ("sku_order_list", "logistics_info", "order_phase_list", "shop_order_tag_ui", "serial_number_list")
    parsed = parse("order.searchList", ok({"shop_order_list": [order_of(**dict.fromkeys(names, nothing))]}))
    assert problems(parsed) == []
    assert told(parsed) == [read_one(order_of())]


PROMISES: list[tuple[str, str | None, list[str]]] = [
    ("", None, []),
    ('{"ExpReceiptTime":1690000000}', THEN, []),
    ('{"ExpReceiptTime":"1690000000","PromiseTag":"x"}', THEN, []),
    ('{"LatestPushTime":1690000000}', None, []),
    ('{"ExpReceiptTime":0}', None, []),
    ('{"ExpReceiptTime":true}', None, []),
    ('{"ExpReceiptTime":[1]}', None, []),
    ("[1]", None, []),
    ("{LatestPushTime:1690000000}", None, ["data.shop_order_list[0].promise_info"]),
    ("次日达", None, ["data.shop_order_list[0].promise_info"]),
]


@pytest.mark.parametrize(("sent", "expected", "noted"), PROMISES)
def test_a_promise_is_read_where_it_is_json_and_noted_where_it_is_not(sent: str, expected: str | None, noted: list[str]) -> None:
    parsed = parse("order.searchList", ok({"shop_order_list": [order_of(promise_info=sent)]}))
    assert told(parsed)[0].get("promised_by_at") == expected
    assert [problem.field for problem in parsed.problems] == noted
    assert [problem.message for problem in parsed.problems] == ["is not JSON; left out"] * len(noted)


def test_a_stated_arrival_counts_before_the_promise() -> None:
    assert read_one(order_of(target_arrival_time=AT, promise_info='{"ExpReceiptTime":1690009999}'))["promised_by_at"] == THEN
