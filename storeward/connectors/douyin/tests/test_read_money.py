"""Settlements and movements one member at a time; two tables that tell of the same money."""

from pathlib import Path
from typing import Any

import pytest

from storeward.canon import Transaction
from storeward.lib.money import Money

from .samples import ok, parse, problems, sample, told, yuan

THEN_TEXT, THEN = "2023-07-22 12:26:40", "2023-07-22T04:26:40Z"


def bill(rows: Any, **more: Any) -> dict[str, Any]:
    return ok({"code": "100000", "code_msg": "SUCCESS", "data": rows, "is_end": 1, **more})


def settlement(**members: Any) -> dict[str, Any]:
    """A settlement, as all three versions of the call read it."""
    body = bill([{"request_no": "6945807072718045454", **members}])
    (one,) = told(parse("order.getSettleBillDetailV3", body))
    assert told(parse("order.getSettleBillDetailV2", body)) == [one]
    assert told(parse("order.getSettleBillDetail", body)) == [one]
    return one


def movement(**members: Any) -> dict[str, Any]:
    (one,) = told(parse("order.getShopAccountItem", bill([{"account_trade_no": "JY1", **members}])))
    return one


SETTLEMENT: list[tuple[str, Any, str, Any]] = [
    ("request_no", "6945807072718045999", "platform_transaction_id", "6945807072718045999"),
    ("request_no", 9007199254740993, "platform_transaction_id", "9007199254740993"),
    ("trade_type", 0, "platform_type", "0"),
    ("trade_type", 1, "platform_type", "1"),
    ("trade_type", "3", "platform_type", "3"),
    ("shop_order_id", "4781320682405000003", "platform_order_id", "4781320682405000003"),
    ("order_id", "4781320682405000004", "platform_line_id", "4781320682405000004"),
    ("settle_time", THEN_TEXT, "at", THEN),
    ("order_time", THEN_TEXT, "order_placed_at", THEN),
    ("settle_amount", 9307, "amount", yuan("93.07")),
    ("settle_amount", -5000, "amount", yuan("-50.00")),
    ("settle_amount", "950", "amount", yuan("9.50")),
    ("settle_amount", 0, "amount", yuan("0.00")),
    ("total_income", 9900, "revenue", yuan("99.00")),
    ("total_outcome", -593, "fees_and_taxes", yuan("-5.93")),
    ("goods_count", 2, "quantity", 2),
    ("remark", "结算后退款", "text", "结算后退款"),
    ("product_id", "3488625851803765013", "platform_more", {"product_id": "3488625851803765013"}),
    ("pay_type", "4", "platform_more", {"pay_type": "4"}),
    ("pay_type_desc", "聚合账户", "platform_more", {"pay_type_desc": "聚合账户"}),
    ("trade_type_desc", "已结算", "platform_more", {"trade_type_desc": "已结算"}),
    ("flow_type", "3", "platform_more", {"flow_type": "3"}),
    ("flow_type_desc", "精选联盟", "platform_more", {"flow_type_desc": "精选联盟"}),
    ("order_type", "普通订单", "platform_more", {"order_type": "普通订单"}),
    ("is_contains_refund_before_settle", 1, "platform_more", {"is_contains_refund_before_settle": "1"}),
    ("phase_order_no", "1232", "platform_more", {"phase_order_no": "1232"}),
    ("phase_cnt", 2, "platform_more", {"phase_cnt": "2"}),
    ("phase_id", 1, "platform_more", {"phase_id": "1"}),
    ("shop_id", 12345, "platform_more", {"shop_id": "12345"}),
]


@pytest.mark.parametrize(("member", "sent", "place", "expected"), SETTLEMENT)
def test_a_member_of_a_settlement_arrives_in_its_place(member: str, sent: Any, place: str, expected: Any) -> None:
    assert settlement(**{member: sent})[place] == expected


SETTLEMENT_PARTS = [
    "total_amount", "total_goods_amount", "post_amount", "packing_amount", "shop_coupon", "refund_before_settle",
    "refund_before_settlement", "platform_coupon", "author_coupon", "pay_promotion", "zt_pay_promotion", "zr_pay_promotion",
    "actual_platform_coupon", "actual_author_coupon", "actual_pay_promotion", "actual_zt_pay_promotion",
    "actual_zr_pay_promotion", "actual_subsidy_amount", "real_pay_amount", "settled_pay_amount", "total_income", "profit",
    "platform_service_fee", "commission", "good_learn_channel_fee", "colonel_service_fee", "channel_promotion_fee",
    "other_sharing_amount", "total_outcome", "refund", "shop_refund_loss",
]  # fmt: skip


@pytest.mark.parametrize("member", SETTLEMENT_PARTS)
@pytest.mark.parametrize(("sent", "amount"), [(-495, "-4.95"), (9900, "99.00"), ("0", "0.00")])
def test_a_part_of_a_settlement_is_kept_with_its_sign_under_its_own_name(member: str, sent: Any, amount: str) -> None:
    assert settlement(**{member: sent})["fees"] == {member: yuan(amount)}


def test_a_settlement_is_done_and_stands_in_the_statement() -> None:
    one = settlement()
    assert (one["status"], one["ledger"]) == ("done", "statement")
    assert "direction" not in one


MOVEMENT: list[tuple[str, Any, str, Any]] = [
    ("account_trade_no", "JY202307200000000001", "platform_transaction_id", "JY202307200000000001"),
    ("bill_time", THEN_TEXT, "at", THEN),
    ("business_order_create_time", THEN_TEXT, "order_placed_at", THEN),
    ("account_amount", 9307, "amount", yuan("93.07")),
    ("account_amount", 200000, "amount", yuan("2000.00")),
    ("account_bill_desc", "提现", "text", "提现"),
    ("account_bill_desc_tag", 11, "platform_type", "11"),
    ("account_bill_desc_tag", 0, "platform_type", "0"),
    ("trans_scene_tag", "LATE_SHIP", "platform_type", "LATE_SHIP"),
    ("shop_order_id", "4781320682405000003", "platform_order_id", "4781320682405000003"),
    ("order_id", "4781320682405000004", "platform_line_id", "4781320682405000004"),
    ("fund_flow_desc", "出账", "platform_more", {"fund_flow_desc": "出账"}),
    ("biz_type", 4, "platform_more", {"biz_type": "4"}),
    ("biz_type_desc", "小店自卖", "platform_more", {"biz_type_desc": "小店自卖"}),
    ("account_type", 4, "platform_more", {"account_type": "4"}),
    ("account_type_desc", "聚合支付", "platform_more", {"account_type_desc": "聚合支付"}),
    ("order_type", 5, "platform_more", {"order_type": "5"}),
    ("order_type_desc", "尾款", "platform_more", {"order_type_desc": "尾款"}),
    ("remark", "发货超时", "platform_more", {"remark": "发货超时"}),
    ("after_sale_service_no", "6959800000297566494", "platform_more", {"after_sale_service_no": "6959800000297566494"}),
    ("product_id", "3488625851803765013", "platform_more", {"product_id": "3488625851803765013"}),
    ("shop_id", "4463798", "platform_more", {"shop_id": "4463798"}),
]


@pytest.mark.parametrize(("member", "sent", "place", "expected"), MOVEMENT)
def test_a_member_of_a_movement_arrives_in_its_place(member: str, sent: Any, place: str, expected: Any) -> None:
    assert movement(**{member: sent})[place] == expected


MOVEMENT_PARTS = [
    "pay_amount", "promotion_amount", "refund_amount", "platform_service_fee", "commission", "channel_fee",
    "colonel_service_fee", "author_coupon_subsidy", "post_amount", "actual_zt_pay_promotion", "actual_zr_pay_promotion",
    "channel_promotion_fee", "other_sharing_amount",
]  # fmt: skip


@pytest.mark.parametrize("member", MOVEMENT_PARTS)
def test_a_part_of_a_movement_is_kept_under_its_own_name(member: str) -> None:
    assert movement(**{member: 495})["fees"] == {member: yuan("4.95")}


def test_the_newer_scene_counts_before_the_retired_tag() -> None:
    one = movement(trans_scene_tag="S1", account_bill_desc_tag=3)
    assert one["platform_type"] == "S1"
    assert one["platform_more"] == {"trans_scene_tag": "S1", "account_bill_desc_tag": "3"}


FLOW: list[tuple[Any, str | None, str | None]] = [
    (0, "in", "93.07"),
    ("0", "in", "93.07"),
    (1, "out", "-93.07"),
    (None, None, "93.07"),
]


@pytest.mark.parametrize(("sent", "direction", "moves"), FLOW)
def test_the_flow_says_which_way_a_movement_went(sent: Any, direction: str | None, moves: str) -> None:
    body = bill([{"account_trade_no": "JY1", "account_amount": 9307, "fund_flow": sent}])
    (one,) = parse("order.getShopAccountItem", body).records
    assert isinstance(one, Transaction)
    assert one.direction == direction
    assert isinstance(one.moves, Money)
    assert str(one.moves.amount) == moves


def test_a_flow_that_we_do_not_know_is_kept_and_noted() -> None:
    parsed = parse("order.getShopAccountItem", bill([{"account_trade_no": "JY1", "fund_flow": 7}]))
    assert told(parsed)[0]["platform_more"] == {"fund_flow": "7"}
    assert problems(parsed) == [("data.data[0].fund_flow", "note")]


def test_a_movement_is_done_and_stands_in_the_wallet() -> None:
    assert (movement()["status"], movement()["ledger"]) == ("done", "wallet")


TIMES: list[tuple[str, str | None, bool]] = [
    ("2023-07-22 12:26:40", THEN, False),
    ("2023-07-22T12:26:40", THEN, False),
    ("1690000000", THEN, False),
    ("2023-07-22", "2023-07-21T16:00:00Z", False),
    ("2024-02-29 00:00:00", "2024-02-28T16:00:00Z", False),
    ("1970-01-01 08:00:00", None, False),
    ("0000-00-00 00:00:00", None, False),
    ("0001-01-01 00:00:00", None, False),
    ("", None, False),
    ("0", None, False),
    ("2023-02-30 00:00:00", None, True),
    ("2023-07-22 25:00:00", None, True),
    ("yesterday", None, True),
    ("22.07.2023", None, True),
]


@pytest.mark.parametrize(("sent", "expected", "noted"), TIMES)
def test_a_time_in_words_is_one_of_china(sent: str, expected: str | None, noted: bool) -> None:
    parsed = parse("order.getSettleBillDetailV3", bill([{"request_no": "1", "settle_time": sent}]))
    assert told(parsed)[0].get("at") == expected
    assert problems(parsed) == ([("data.data[0].settle_time", "note")] if noted else [])


def test_rows_without_a_number_are_left_out_with_a_problem() -> None:
    parsed = parse("order.getSettleBillDetailV3", bill([{"settle_amount": 1}, {"request_no": "2"}]))
    assert [one["platform_transaction_id"] for one in told(parsed)] == ["2"]
    assert problems(parsed) == [("data.data[0].request_no", "error")]
    parsed = parse("order.getShopAccountItem", bill([{"account_amount": 1}]))
    assert problems(parsed) == [("data.data[0].account_trade_no", "error")]


CURSORS: list[tuple[dict[str, Any], str | None]] = [
    ({"is_end": 1, "next_start_index": "A1", "next_start_time": THEN_TEXT}, None),
    ({"is_end": "1", "next_start_index": "A1", "next_start_time": THEN_TEXT}, None),
    ({"is_end": 0, "next_start_index": "A1", "next_start_time": THEN_TEXT}, f"A1|{THEN_TEXT}"),
    ({"is_end": 0, "next_start_index": 6945807072718045454, "next_start_time": THEN_TEXT}, f"6945807072718045454|{THEN_TEXT}"),
    ({"is_end": 0, "next_start_index": "A1", "next_start_time": ""}, "A1|"),
    ({"is_end": 0, "next_start_index": "", "next_start_time": THEN_TEXT}, None),
    ({"is_end": 0}, None),
]


@pytest.mark.parametrize(("end", "token"), CURSORS)
@pytest.mark.parametrize("method", ["order.getSettleBillDetailV3", "order.getShopAccountItem", "order.getSettleBillDetailV2"])
def test_both_parts_of_a_bills_cursor_go_on_together(method: str, end: dict[str, Any], token: str | None) -> None:
    assert parse(method, bill([], **end)).next_page == token


NUMBERED: list[tuple[int, int, int, int, str | None]] = [
    (0, 20, 20, 45, "1"),
    (1, 20, 20, 45, "2"),
    (2, 20, 5, 45, None),
    (0, 20, 20, 20, None),
]


@pytest.mark.parametrize(("page", "size", "rows", "total", "token"), NUMBERED)
def test_the_first_version_of_bills_goes_by_page_number(page: int, size: int, rows: int, total: int, token: str | None) -> None:
    body = ok(
        {
            "code": "100000",
            "data": [{"request_no": str(nth + 1)} for nth in range(rows)],
            "page": page,
            "size": size,
            "total_cnt": total,
        }
    )
    assert parse("order.getSettleBillDetail", body).next_page == token


FILES: list[tuple[str, str, dict[str, str]]] = [
    ("order.downloadSettleItemToShop", "order.downloadSettleItemToShop", {"download_id": "DL202108191056192174226975"}),
    (
        "order.downloadShopAccountItemFile",
        "order.downloadShopAccountItemFile",
        {"url": "https://files.example/account/DA202307220001.csv"},
    ),
]


@pytest.mark.parametrize(("method", "name", "receipt"), FILES)
def test_a_file_is_named_in_the_receipt(shared_dir: Path, method: str, name: str, receipt: dict[str, str]) -> None:
    parsed = parse(method, sample(shared_dir, name))
    assert (parsed.receipt, parsed.problems, parsed.records) == (receipt, [], [])


def test_a_file_that_is_not_ready_is_a_failure_to_be_tried_later(shared_dir: Path) -> None:
    (problem,) = parse("order.downloadToShop", sample(shared_dir, "order.downloadToShop.not_ready")).problems
    assert (problem.field, problem.message) == ("data.code", "文件还未生成")
    assert problem.error is not None
    assert (problem.error.code, problem.error.retry.value) == ("100015", "later")


def test_files_by_day_are_kept_whole(shared_dir: Path) -> None:
    parsed = parse("order.getShopAccountItemFile", sample(shared_dir, "order.getShopAccountItemFile"))
    assert isinstance(parsed.answer, dict)
    assert parsed.answer["data"][0]["bill_date"] == "2023-07-20"


def test_the_published_settlements_add_up(shared_dir: Path) -> None:
    """What came in less what it cost is what the shop got: 99.00 - 5.93 = 93.07."""
    first, second = told(parse("order.getSettleBillDetailV3", sample(shared_dir, "order.getSettleBillDetailV3")))
    assert (first["revenue"], first["fees_and_taxes"], first["amount"]) == (yuan("99.00"), yuan("-5.93"), yuan("93.07"))
    assert (first["fees"]["platform_service_fee"], first["fees"]["commission"]) == (yuan("-4.95"), yuan("-0.98"))
    assert (second["platform_type"], second["amount"], second["text"]) == ("1", yuan("-50.00"), "结算后退款")
    assert second["at"] == "2023-07-21T01:00:00Z"


def test_the_published_movements_are_one_in_and_one_out(shared_dir: Path) -> None:
    first, second = told(parse("order.getShopAccountItem", sample(shared_dir, "order.getShopAccountItem")))
    assert (first["direction"], first["amount"], first["text"]) == ("in", yuan("93.07"), "订单结算")
    assert (second["direction"], second["amount"], second["text"]) == ("out", yuan("2000.00"), "提现")
    assert "platform_order_id" not in second
    assert (first["at"], second["at"]) == ("2023-07-20T02:05:58Z", "2023-07-21T07:00:00Z")
