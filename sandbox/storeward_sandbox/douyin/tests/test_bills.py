"""Bills over the API: settlements in three versions, movements, cursors with two keys, and files that have to be waited for."""

from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.douyin import account_api
from storeward_sandbox.douyin.account_api import Files, as_csv, fetched
from storeward_sandbox.douyin.errors import ApiError
from storeward_sandbox.douyin.ledger import IN, OUT, Ledger, Settlement, move, ready_until, withdraw
from storeward_sandbox.douyin.moments import read_time, text_time
from storeward_sandbox.douyin.shop import Shop
from storeward_sandbox.douyin.tests.support import START, Json, ask, bare_shop, checked, go, make_shop, shop_to_read

SPAN: Json = {"start_time": text_time(START - 70 * DAY), "end_time": text_time(START + DAY)}
V1, V2, V3 = "order.getSettleBillDetail", "order.getSettleBillDetailV2", "order.getSettleBillDetailV3"
ITEMS = "order.getShopAccountItem"


def busy() -> Shop:
    return shop_to_read(("returns",), orders_per_day=3.0)


def refusal(shop: Shop, method: str, **params: Any) -> str:
    with pytest.raises(ApiError) as refused:
        ask(shop, method, **params)
    return f"{refused.value.code} {refused.value.sub_code}"


def ready(shop: Shop) -> list[Settlement]:
    return [row for row in shop.part(Ledger).settlements if row.time < ready_until(shop.now)]


def walked(shop: Shop, method: str, size: int, key: str, **more: Any) -> list[Json]:
    """All rows by the cursor, both keys copied, until the end."""
    found: list[Json] = []
    asked = {**SPAN, **more, "size": size}
    for _ in range(500):
        page = checked(shop, method, **asked)
        assert page["code"] == "100000"
        assert page["data_size"] == len(page["data"]) <= size == page["size"]
        found += page["data"]
        if page["is_end"]:
            return found
        asked |= {"start_index": page["next_start_index"], "start_time": page["next_start_time"]}
        assert found[-1][key] == page["next_start_index"]
    raise AssertionError("the cursor never came to its end")


# --- settlements ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 13, 100])
def test_the_cursor_of_v3_passes_every_settlement_once(size: int) -> None:
    shop = busy()
    rows = walked(shop, V3, size, "request_no")
    assert [row["request_no"] for row in rows] == [
        row.request_no for row in sorted(ready(shop), key=lambda row: (row.time, row.request_no))
    ]


def test_changing_only_the_index_repeats_the_page() -> None:
    shop = busy()
    first = checked(shop, V3, **SPAN, size=5)
    again = checked(shop, V3, **SPAN, size=5, start_index=first["next_start_index"])
    assert again["data"] == first["data"]
    both = {"start_index": first["next_start_index"], "start_time": first["next_start_time"]}
    after = checked(shop, V3, **{**SPAN, **both}, size=5)
    assert not {row["request_no"] for row in after["data"]} & {row["request_no"] for row in first["data"]}


def test_a_row_adds_up() -> None:
    for row in walked(busy(), V3, 100, "request_no"):
        assert row["settle_amount"] == row["total_income"] + row["total_outcome"]
        assert row["total_outcome"] == row["platform_service_fee"] + row["commission"]
        assert row["platform_service_fee"] <= 0
        assert row["total_amount"] == row["total_goods_amount"] + row["post_amount"]


def test_the_bill_agrees_with_the_books() -> None:
    shop = busy()
    rows = walked(shop, V3, 100, "request_no")
    assert sum(row["settle_amount"] for row in rows) == sum(row.amount for row in ready(shop))
    kinds = {row["trade_type"] for row in rows}
    assert kinds <= {0, 1}


def test_settlements_are_found_by_order_and_product() -> None:
    shop = busy()
    row = ready(shop)[0]
    by_line = checked(shop, V3, order_id=row.line.id)["data"]
    assert row.request_no in [one["request_no"] for one in by_line]
    both = checked(shop, V3, order_id=f"{row.line.id},{ready(shop)[-1].line.id}")["data"]
    assert len({one["order_id"] for one in both}) == 2
    by_product = walked(shop, V3, 100, "request_no", product_id=row.line.product.id)
    assert {one["product_id"] for one in by_product} == {row.line.product.id}


def test_settlements_are_found_by_flow_and_account() -> None:
    shop = busy()
    own = walked(shop, V3, 100, "request_no", flow_type="4")
    by_author = walked(shop, V3, 100, "request_no", flow_type="3")
    assert len(own) + len(by_author) == len(ready(shop))
    assert {row["flow_type_desc"] for row in own} == {"小店自卖"}
    assert walked(shop, V3, 100, "request_no", pay_type="5")
    assert checked(shop, V3, **SPAN, pay_type="1,2,3")["data"] == []


def test_v2_numbers_authors_the_other_way_round() -> None:
    shop = busy()
    in_v2 = walked(shop, V2, 200, "request_no", flow_type="2")
    in_v3 = walked(shop, V3, 100, "request_no", flow_type="3")
    assert [row["request_no"] for row in in_v2] == [row["request_no"] for row in in_v3]
    assert {row["flow_type"] for row in in_v2} == {"2"}


def test_v1_has_pages_from_zero() -> None:
    shop, found, page = busy(), [], 0
    while True:
        answer = checked(shop, V1, **SPAN, time_type="0", page=page, size=10)
        if not answer["data"]:
            break
        found += answer["data"]
        page += 1
    assert answer["total_cnt"] == len(found) == len(ready(shop))
    assert {row["trade_type"] for row in found} <= {"0", "1"}
    assert all(isinstance(row["pay_type"], str) for row in found)


def test_orders_may_be_asked_for_by_the_time_they_were_placed() -> None:
    shop = busy()
    rows = ready(shop)
    first = min(rows, key=lambda row: row.order.create_time)
    span = {"start_time": text_time(first.order.create_time), "end_time": text_time(first.order.create_time)}
    found = checked(shop, V3, **span, time_type="1")["data"]
    assert {row["shop_order_id"] for row in found} == {first.order.id}
    assert checked(shop, V3, **span, time_type="0")["data"] == []


def test_a_window_may_be_of_days() -> None:
    found = checked(busy(), V3, start_time="2026-09-01", end_time="2026-11-18")["data"]
    assert found


@pytest.mark.parametrize(
    ("params", "told_by"),
    [
        ({}, "40002 isv.missing-parameter:1"),
        ({"start_time": SPAN["start_time"]}, "40002 isv.missing-parameter:1"),
        ({**SPAN, "size": 101}, "40004 isv.parameter-invalid:1"),
        ({**SPAN, "size": -1}, "40004 isv.parameter-invalid:1"),
        ({**SPAN, "time_type": "2"}, "40004 isv.parameter-invalid:1"),
        ({**SPAN, "start_time": "yesterday"}, "40004 isv.parameter-invalid:1"),
        ({"start_time": SPAN["end_time"], "end_time": SPAN["start_time"]}, "40004 isv.parameter-invalid:1"),
        ({"order_id": "1", "start_index": "9"}, "40002 isv.missing-parameter:1"),
    ],
)
def test_a_bill_that_cannot_be_made_is_refused(params: Json, told_by: str) -> None:
    assert refusal(busy(), V3, **params) == told_by


def test_an_empty_bill_ends_at_once() -> None:
    found = checked(busy(), V3, start_time="2020-01-01 00:00:00", end_time="2020-01-02 00:00:00")
    assert (found["data"], found["is_end"], found["next_start_index"], found["next_start_time"]) == ([], 1, "", "")


# --- movements --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 50, 1000])
def test_the_cursor_passes_every_movement_once(size: int) -> None:
    shop = busy()
    rows = walked(shop, ITEMS, size, "account_trade_no")
    booked = [one for one in shop.part(Ledger).movements if one.time < ready_until(shop.now)]
    assert len(rows) == len({row["account_trade_no"] for row in rows}) == len(booked)
    signed = sum(row["account_amount"] * (1 if row["fund_flow"] == IN else -1) for row in rows)
    assert signed == sum(one.signed for one in booked)


def test_amounts_have_no_sign_but_a_direction() -> None:
    for row in walked(busy(), ITEMS, 1000, "account_trade_no"):
        assert row["account_amount"] > 0
        assert row["fund_flow_desc"] == ("入账" if row["fund_flow"] == IN else "出账")
        assert row["platform_service_fee"] >= 0


def test_movements_are_found_by_order_and_by_kind() -> None:
    shop = busy()
    one = next(one for one in shop.part(Ledger).movements if one.order is not None and one.time < ready_until(shop.now))
    assert one.order is not None
    found = checked(shop, ITEMS, order_id=one.order.id)["data"]
    assert one.trade_no in [row["account_trade_no"] for row in found]
    assert {row["shop_order_id"] for row in found} == {one.order.id}
    assert checked(shop, ITEMS, **SPAN, account_type=1)["data"] == []
    assert {row["biz_type"] for row in checked(shop, ITEMS, **SPAN, biz_type=2, size=1000)["data"]} <= {2}


def test_a_withdrawal_has_no_order() -> None:
    shop = bare_shop()
    shop.seller_on = True
    move(shop, IN, 90_000, "订单结算")
    shop.timeline.now = read_time("2026-11-23 08:00:00")  # a Monday
    withdraw(shop)
    go(shop, 2 * DAY)
    rows = checked(shop, ITEMS, **{**SPAN, "end_time": text_time(shop.now)}, size=1000)["data"]
    out = next(row for row in rows if row["account_bill_desc"] == "提现")
    assert (out["fund_flow"], out["order_id"], out["account_bill_desc_tag"]) == (OUT, "", 11)
    assert out["business_order_create_time"] == ""


def test_penalties_show_as_movements_of_money_only() -> None:
    shop = make_shop(("late_orders",), orders_per_day=2.0)
    rows = walked(shop, ITEMS, 1000, "account_trade_no")
    late = [row for row in rows if row["account_bill_desc"] == "发货超时违规扣款"]
    assert late
    assert {(row["fund_flow"], row["account_amount"]) for row in late} == {(OUT, 1_000)}
    assert [row for row in rows if row["account_bill_desc"] == "缺货赔付"]


def test_only_a_thousand_movements_fit_a_page() -> None:
    assert refusal(busy(), ITEMS, **SPAN, size=1001) == "40004 isv.parameter-invalid:1"
    assert refusal(busy(), ITEMS) == "40002 isv.missing-parameter:1"
    assert checked(busy(), ITEMS, **SPAN)["size"] == 100


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's clock stands, so that only the sandbox's makes a file ready."""
    monkeypatch.setattr(account_api, "machine_now", lambda: 1_000.0)


def test_a_bill_file_is_asked_for_waited_for_and_fetched(still: None) -> None:
    shop = make_shop()
    file_id = checked(shop, "order.downloadSettleItemToShop", **SPAN, time_type="0")["download_id"]
    waiting = checked(shop, "order.downloadToShop", download_id=file_id)
    assert (waiting["code"], waiting["url"]) == ("100015", "")
    go(shop, 3)
    there = checked(shop, "order.downloadToShop", download_id=file_id)
    assert there["code"] == "100000"
    answer = fetched(shop, mark(there["url"]))
    text = bytes(answer.body).decode() if isinstance(answer.body, bytes) else ""
    assert answer.status == 200
    assert text.startswith("\ufeff结算时间")
    assert text.count("\n") == len(ready(shop)) + 1


def mark(url: str) -> str:
    return url.rpartition("/")[2].removesuffix(".csv")


def test_a_link_lives_for_an_hour_and_a_file_for_a_week(still: None) -> None:
    shop = make_shop()
    file_id = ask(shop, "order.downloadSettleItemToShop", **SPAN, time_type="0")["download_id"]
    go(shop, 3)
    url = ask(shop, "order.downloadToShop", download_id=file_id)["url"]
    go(shop, HOUR - 1)
    assert fetched(shop, mark(url)).status == 200
    go(shop, 1)
    assert fetched(shop, mark(url)).status == 403
    go(shop, 8 * DAY)
    assert ask(shop, "order.downloadToShop", download_id=file_id)["code"] == "100016"


def test_the_machine_s_clock_makes_a_file_ready_too(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make_shop()
    moment = [1_000.0]
    monkeypatch.setattr(account_api, "machine_now", lambda: moment[0])
    file_id = ask(shop, "order.downloadSettleItemToShop", **SPAN, time_type="0")["download_id"]
    assert ask(shop, "order.downloadToShop", download_id=file_id)["code"] == "100015"
    moment[0] += 3
    assert ask(shop, "order.downloadToShop", download_id=file_id)["code"] == "100000"


def test_unknown_files_and_links_are_unknown() -> None:
    shop = make_shop()
    assert checked(shop, "order.downloadToShop", download_id="x")["code"] == "100002"
    assert refusal(shop, "order.downloadShopAccountItemFile", download_id="x") == "50002 isv.business-failed:100002"
    assert fetched(shop, "nothing").status == 404
    assert fetched(None, "nothing").status == 404


def test_movements_come_as_a_file_too(still: None) -> None:
    shop = make_shop()
    file_id = checked(shop, "order.downloadShopAccountItem", **SPAN)["download_id"]
    assert checked(shop, "order.downloadShopAccountItemFile", download_id=file_id)["url"] == ""
    go(shop, 3)
    url = checked(shop, "order.downloadShopAccountItemFile", download_id=file_id)["url"]
    assert url.startswith(f"http://sandbox.test/files/{shop.id}/")
    assert len(shop.part(Files).by_id) == 1


def test_there_is_a_file_for_each_day_that_is_over() -> None:
    shop = make_shop()
    found = checked(shop, "order.getShopAccountItemFile", start_date="2026-11-14", end_date="2026-11-20")["data"]
    assert [row["bill_date"] for row in found] == ["2026-11-14", "2026-11-15", "2026-11-16", "2026-11-17"]
    assert {row["shop_id"] for row in found} == {int(shop.id)}
    early = read_time("2026-11-18 09:00:00")
    assert ready_until(early) == read_time("2026-11-17 00:00:00")
    assert all(fetched(shop, mark(row["url"])).status == 200 for row in found)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("4781320682406083640", "4781320682406083640\t"),
        ("12345678901", "12345678901"),
        (-5000, "-5000"),
        ("a,b", '"a,b"'),
        ('say "x"', '"say ""x"""'),
    ],
)
def test_long_numbers_keep_their_digits_in_spreadsheets(cell: object, text: str) -> None:
    assert as_csv([[cell, "end"]]) == f"\ufeff{text},end\n"
