"""How amounts, times and words are read, and that the quick way of reading a page says the same as the careful one."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from storeward.connectors.contract import Problem
from storeward.connectors.douyin.envelope import open_answer, open_shell
from storeward.connectors.douyin.order_acts import fen_of
from storeward.connectors.douyin.order_wire import LINE_AMOUNTS, ORDER_TIMES, GoodsOrder, ShopOrder
from storeward.connectors.douyin.requests import clean, number, path_of, some, unix, written
from storeward.connectors.douyin.values import china, earliest, fen, flag, latest, word
from storeward.connectors.wire import Notes

from .samples import ok, parse, sample, told

EARLY, LATE = datetime(2023, 7, 22, 4, 26, 40, tzinfo=UTC), datetime(2023, 7, 23, 4, 26, 40, tzinfo=UTC)


def notes() -> tuple[Notes, list[Problem]]:
    found: list[Problem] = []
    return Notes("data", found), found


FEN: list[tuple[int | None, str | None]] = [
    (None, None),
    (0, "0.00 CNY"),
    (1, "0.01 CNY"),
    (-1, "-0.01 CNY"),
    (10, "0.10 CNY"),
    (100, "1.00 CNY"),
    (37700, "377.00 CNY"),
    (10**17, "1000000000000000.00 CNY"),
]


@pytest.mark.parametrize(("sent", "expected"), FEN)
def test_fen_become_yuan_with_both_digits(sent: int | None, expected: str | None) -> None:
    where, found = notes()
    money = fen(sent, "pay_amount", where)
    assert (None if money is None else str(money)) == expected
    assert found == []


def test_amounts_that_cannot_be_kept_cost_only_themselves() -> None:
    where, found = notes()
    told_amounts = LINE_AMOUNTS(GoodsOrder(pay_amount=10**30, sum_amount=100, order_amount=None), where)
    assert {name: str(money) for name, money in told_amounts.items()} == {"sum_amount": "1.00 CNY"}
    assert [problem.field for problem in found] == ["data.pay_amount"]


def test_times_that_cannot_be_placed_cost_only_themselves() -> None:
    where, found = notes()
    placed, paid, updated, *_ = ORDER_TIMES(
        ShopOrder(create_time=1_690_000_000, pay_time=-5, update_time=1_690_000_000_000), where
    )
    assert (placed, paid, updated) == (EARLY, None, EARLY)
    assert [problem.field for problem in found] == ["data.pay_time"]


CHINA: list[tuple[str | None, datetime | None]] = [
    (None, None),
    ("", None),
    ("  ", None),
    ("0", None),
    ("2023-07-22 12:26:40", EARLY),
    (" 2023-07-22 12:26:40 ", EARLY),
    ("2023-07-22 12:26:40.123", EARLY),
    ("1690000000", EARLY),
    ("1690000000000", EARLY),
    ("2023-07-22 00:00:00", datetime(2023, 7, 21, 16, 0, tzinfo=UTC)),
    ("1969-12-31 23:59:59", None),
]


@pytest.mark.parametrize(("sent", "expected"), CHINA)
def test_china_is_eight_hours_ahead_all_year(sent: str | None, expected: datetime | None) -> None:
    where, found = notes()
    assert china(sent, "create_time", where) == expected
    assert found == []


def test_an_instant_is_written_as_the_platform_reads_it() -> None:
    assert written(EARLY) == "2023-07-22 12:26:40"
    assert written(datetime(2023, 12, 31, 16, 0, tzinfo=UTC)) == "2024-01-01 00:00:00"
    assert unix(EARLY) == 1_690_000_000
    where, _ = notes()
    assert china(written(LATE), "x", where) == LATE


def test_the_earliest_ignores_what_is_not_known_and_the_latest_does_not() -> None:
    assert earliest([LATE, None, EARLY]) == EARLY
    assert earliest([]) is None
    assert latest([EARLY, LATE]) == LATE
    assert latest([EARLY, None]) is None
    assert latest([]) is None


@pytest.mark.parametrize(("sent", "expected"), [(0, "0"), ("0", "0"), ("", None), (None, None), (7, "7"), ("x", "x"), (-1, "-1")])
def test_a_number_that_classifies_is_a_word_and_zero_is_one(sent: Any, expected: str | None) -> None:
    assert word(sent) == expected


def test_small_forms() -> None:
    assert (flag(True), flag(False), flag(None)) == ("true", "false", "false")
    assert path_of("afterSale.CancelSendGoodsSuccess") == "/afterSale/CancelSendGoodsSuccess"
    assert number("3488625851803765012") == 3488625851803765012
    assert some((1, 2), 2, "things") == [1, 2]
    assert clean("a\u2028b\x0cc\nd") == "abc\nd"


@pytest.mark.parametrize("yuan", ["0.01", "199", "88.80", "0"])
def test_yuan_become_whole_fen(yuan: str) -> None:
    from_yuan = {"0.01": 1, "199": 19900, "88.80": 8880, "0": 0}
    assert fen_of(Decimal(yuan)) == from_yuan[yuan]


def test_the_quick_way_and_the_careful_way_read_a_page_alike(shared_dir: Path) -> None:
    """A code in quotation marks is not what the quick way expects: then the frame is opened step by step."""
    for name in ("order.searchList", "afterSale.List", "product.listV2", "order.getServiceList"):
        body = json.loads(sample(shared_dir, name))
        quick = parse(name, body)
        careful = parse(name, {**body, "code": "10000"})
        assert told(quick) == told(careful)
        assert (quick.total, quick.next_page, quick.request_id) == (careful.total, careful.next_page, careful.request_id)
        assert quick.records


def test_the_request_id_is_kept_for_those_who_ask_support() -> None:
    assert parse("order.searchList", ok({"shop_order_list": []})).request_id == "l"
    assert parse("order.orderDetail", ok({})).request_id == "l"
    assert parse("order.getShopAccountItem", ok({"code": "100000", "data": []})).request_id == "l"


def test_an_answer_is_opened_to_its_data_and_a_bill_one_step_deeper() -> None:
    parsed, data = open_answer(json.dumps(ok({"a": 1})).encode())
    assert data is not None
    assert (bytes(data), parsed.problems) == (b'{"a": 1}', [])
    parsed, members = open_shell(json.dumps(ok({"code": "100000", "data": [1]})).encode(), "order.getShopAccountItem")
    assert members is not None
    assert bytes(members["data"]) == b"[1]"
    parsed, members = open_shell(json.dumps(ok({"code": "100016"})).encode(), "order.downloadToShop")
    assert members is None
    assert parsed.problems
