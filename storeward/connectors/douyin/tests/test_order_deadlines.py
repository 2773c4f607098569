"""By when a store must ship, and when the platform closes an order by itself. All instants reckoned by hand.

1690000000 is 2023-07-22T04:26:40Z; an hour is 3600, a day 86400.
"""

from typing import Any

import pytest

from .samples import ok, parse, told

FIRST, SECOND, THIRD = 1_690_000_000, 1_690_086_400, 1_690_172_800
ON_22, ON_23, ON_24 = "2023-07-22T04:26:40Z", "2023-07-23T04:26:40Z", "2023-07-24T04:26:40Z"


def read_order(status: int, *lines: tuple[int, int], **members: Any) -> dict[str, Any]:
    """An order whose lines have (state, promised time to ship)."""
    rows = [{"order_id": str(nth), "order_status": state, "exp_ship_time": by} for nth, (state, by) in enumerate(lines, 1)]
    order = {"order_id": "7", "order_status": status, "sku_order_list": rows, **members}
    (one,) = told(parse("order.searchList", ok({"shop_order_list": [order]})))
    return one


CASES: list[tuple[str, int, list[tuple[int, int]], int, str | None]] = [
    ("unpaid: nothing is promised yet", 1, [(1, 0)], 0, None),
    ("one line, its own promise", 2, [(2, SECOND)], SECOND, ON_23),
    ("lines differ: the earliest", 2, [(2, THIRD), (2, SECOND)], THIRD, ON_23),
    ("the earliest is shipped: the next", 101, [(3, FIRST), (2, SECOND)], FIRST, ON_23),
    ("the earliest is cancelled: the next", 2, [(4, FIRST), (2, THIRD)], FIRST, ON_24),
    ("the earliest is completed: the next", 101, [(5, FIRST), (2, THIRD)], FIRST, ON_24),
    ("a line under review counts", 105, [(105, SECOND)], THIRD, ON_23),
    ("a line in a state we do not know counts", 2, [(777, SECOND), (2, THIRD)], THIRD, ON_23),
    ("a line partly shipped counts", 101, [(101, SECOND), (2, THIRD)], THIRD, ON_23),
    ("no line tells: the order's own", 2, [(2, 0)], SECOND, ON_23),
    ("no line at all: the order's own", 2, [], SECOND, ON_23),
    ("all shipped: the order's own, for information", 3, [(3, FIRST), (3, SECOND)], SECOND, ON_23),
    ("completed: the order's own, for information", 5, [(5, FIRST)], FIRST, ON_22),
    ("cancelled: nothing is owed", 4, [(4, FIRST)], FIRST, None),
    ("neither tells", 2, [(2, 0)], 0, None),
]


@pytest.mark.parametrize(("case", "status", "lines", "own", "expected"), CASES, ids=[case[0] for case in CASES])
def test_ship_by_is_the_earliest_promise_that_is_still_open(
    case: str, status: int, lines: list[tuple[int, int]], own: int, expected: str | None
) -> None:
    assert read_order(status, *lines, exp_ship_time=own).get("ship_by_at") == expected


def test_the_promise_of_a_cancelled_order_is_still_told() -> None:
    one = read_order(4, (4, FIRST), exp_ship_time=FIRST)
    assert one["arrange_by_at"] == ON_22
    assert one["lines"][0]["ship_by_at"] == ON_22


EXPIRY: list[tuple[int, Any, Any, str | None]] = [
    (1, FIRST, 1800, "2023-07-22T04:56:40Z"),
    (1, FIRST, "1800", "2023-07-22T04:56:40Z"),
    (1, FIRST, 86_400, ON_23),
    (1, FIRST, 0, None),
    (1, FIRST, None, None),
    (1, 0, 1800, None),
    (1, FIRST, -5, None),
    (1, FIRST, 1_690_001_800, None),
    (2, FIRST, 1800, None),
    (105, FIRST, 1800, None),
    (4, FIRST, 1800, None),
]


@pytest.mark.parametrize(("status", "placed", "seconds", "expected"), EXPIRY)
def test_an_unpaid_order_is_closed_so_many_seconds_after_it_was_placed(
    status: int, placed: int, seconds: Any, expected: str | None
) -> None:
    one = read_order(status, (status, 0), create_time=placed, order_expire_time=seconds)
    assert one.get("auto_cancel_at") == expected


DELIVERED: list[tuple[list[int], str | None]] = [
    ([], None),
    ([0], None),
    ([FIRST], ON_22),
    ([FIRST, 0], None),
    ([FIRST, SECOND], ON_23),
    ([THIRD, FIRST], ON_24),
]


@pytest.mark.parametrize(("signed", "expected"), DELIVERED)
def test_an_order_is_delivered_when_the_last_of_its_lines_is(signed: list[int], expected: str | None) -> None:
    rows = [{"order_id": str(nth), "order_status": 3, "logistics_receipt_time": at} for nth, at in enumerate(signed, 1)]
    order = {"order_id": "7", "order_status": 3, "sku_order_list": rows}
    (one,) = told(parse("order.searchList", ok({"shop_order_list": [order]})))
    assert one.get("delivered_at") == expected


def test_cash_on_delivery_is_not_told_before_the_buyer_has_chosen() -> None:
    assert "cash_on_delivery" not in read_order(1, pay_type=0)
    assert read_order(2, pay_type=0)["cash_on_delivery"] is True
    assert "cash_on_delivery" not in read_order(2)
