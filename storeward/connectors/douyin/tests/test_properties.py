"""Whatever a platform sends, it is read or noted: never a traceback, never an invented record."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storeward.canon import to_json
from storeward.connectors.contract import Level, Request
from storeward.connectors.douyin import CONNECTOR
from storeward.connectors.douyin.envelope import open_answer
from storeward.connectors.douyin.errors import error_of
from storeward.connectors.douyin.requests import encoded
from storeward.connectors.douyin.signing import signature
from storeward.connectors.errors import PlatformError, UnexpectedPayload

from .samples import answers, ok, parse

ODD: list[Any] = [
    None,
    "",
    " ",
    "0",
    0,
    -1,
    1.5,
    1e308,
    -1e-9,
    True,
    False,
    [],
    {},
    [None],
    [[]],
    {"a": None},
    "not a number",
    "9" * 40,
    10**30,
    9007199254740993,
    "2023-07-22 12:26:40",
    "0000-00-00 00:00:00",
    "\u0000\ud7ff",
    "🎁",
]
"""What may stand where something else was expected."""


@cache
def bodies(shared_dir: Path) -> list[tuple[str, Any]]:
    return [(operation, json.loads(body)) for _, operation, body in answers(shared_dir)]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where every member and element of a payload stands."""
    found = [path] if path else []
    for key, member in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        found += places(member, (*path, key))
    return found


def with_change(value: Any, path: tuple[Any, ...], change: Any) -> Any:
    """A copy with another value there; `...` takes it away."""
    copy = json.loads(json.dumps(value))
    at = copy
    for key in path[:-1]:
        at = at[key]
    if change is ...:
        del at[path[-1]]
    else:
        at[path[-1]] = change
    return copy


def read(operation: str, body: Any) -> None:
    """It is read, told and classified; a record without an id is none."""
    sent = json.dumps(body).encode()
    parsed = CONNECTOR.operation(operation).parse(sent, {})
    for record, raw in parsed.items:
        to_json(record)
        assert isinstance(raw, bytes)
    for problem in parsed.problems:
        assert problem.message
        assert problem.level in Level
    if operation != "push":
        error_of(Request(operation, "POST", "/"), 200, sent)
    else:
        try:
            CONNECTOR.parse_pushes(sent)
        except UnexpectedPayload:
            assert parsed.unreadable


SLOW = settings(deadline=None, max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SLOW
@given(data=st.data())
def test_a_member_that_is_missing_costs_no_traceback(shared_dir: Path, data: st.DataObject) -> None:
    operation, body = data.draw(st.sampled_from(bodies(shared_dir)))
    read(operation, with_change(body, data.draw(st.sampled_from(places(body))), ...))


@SLOW
@given(data=st.data(), change=st.sampled_from(ODD))
def test_a_member_of_another_type_costs_no_traceback(shared_dir: Path, data: st.DataObject, change: Any) -> None:
    operation, body = data.draw(st.sampled_from(bodies(shared_dir)))
    read(operation, with_change(body, data.draw(st.sampled_from(places(body))), change))


@SLOW
@given(data=st.data(), one=st.sampled_from(ODD), other=st.sampled_from(ODD))
def test_two_odd_members_cost_no_traceback(shared_dir: Path, data: st.DataObject, one: Any, other: Any) -> None:
    operation, body = data.draw(st.sampled_from(bodies(shared_dir)))
    changed = with_change(body, data.draw(st.sampled_from(places(body))), one)
    read(operation, with_change(changed, data.draw(st.sampled_from(places(changed))), other) if places(changed) else changed)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@SLOW
@given(operation=st.sampled_from(sorted(CONNECTOR.operations)), data=JSON)
def test_any_data_at_all_costs_no_traceback(operation: str, data: Any) -> None:
    read(operation, ok(data))


@SLOW
@given(operation=st.sampled_from(sorted(CONNECTOR.operations)), body=st.binary(max_size=60))
def test_any_bytes_at_all_cost_no_traceback(operation: str, body: bytes) -> None:
    parsed = CONNECTOR.operation(operation).parse(body, {})
    assert parsed.problems or parsed.unreadable or operation == "push"
    error_of(Request(operation, "POST", "/"), 200, body)


@SLOW
@given(body=JSON)
def test_a_frame_is_good_failed_or_unreadable(body: Any) -> None:
    sent = json.dumps(body).encode()
    parsed, data = open_answer(sent)
    if data is None:
        assert parsed.problems
    error = error_of(Request("order.searchList", "POST", "/"), 200, sent)
    assert error is None or isinstance(error, PlatformError)
    assert (error is None) is (data is not None)


@SLOW
@given(told=st.dictionaries(st.text(min_size=1, max_size=6), JSON, max_size=5))
def test_what_is_sent_is_canonical_json(told: dict[str, Any]) -> None:
    sent = encoded(told)
    again = json.loads(sent)
    assert encoded(again) == sent
    assert list(again) == sorted(again, key=lambda name: name.encode())


@SLOW
@given(
    first=st.binary(max_size=30),
    second=st.binary(max_size=30),
    secret=st.text(min_size=1, max_size=12),
    by=st.sampled_from(["md5", "hmac-sha256"]),
)
def test_another_body_has_another_signature(first: bytes, second: bytes, secret: str, by: str) -> None:
    def of(body: bytes) -> str:
        return signature(key="1", secret=secret, method="m", body=body, timestamp="1690000000", by=by)

    assert (of(first) == of(second)) is (first == second)
    assert len(of(first)) == (32 if by == "md5" else 64)
    assert of(first) == of(first).lower()


@SLOW
@given(fen=st.integers(min_value=-(10**15), max_value=10**15))
def test_fen_and_yuan_are_the_same_amount(fen: int) -> None:
    (one,) = parse("order.searchList", ok({"shop_order_list": [{"order_id": "1", "order_status": 2, "pay_amount": fen}]})).records
    total = getattr(one, "total", None)
    assert total is not None
    assert total.amount * 100 == fen
    assert total.amount.as_tuple().exponent == -2


@pytest.mark.parametrize("fen", [10**18, -(10**18), 10**30])
def test_an_amount_beyond_all_money_is_noted_and_left_out(fen: int) -> None:
    parsed = parse("order.searchList", ok({"shop_order_list": [{"order_id": "1", "order_status": 2, "pay_amount": fen}]}))
    (one,) = parsed.records
    assert getattr(one, "total", None) is None
    assert {problem.field for problem in parsed.problems} == {"data.shop_order_list[0].pay_amount"}


def test_one_bad_record_of_twenty_costs_that_record() -> None:
    rows: list[Any] = [{"order_id": str(nth), "order_status": 2} for nth in range(1, 21)]
    rows[7] = "not an order"
    parsed = parse("order.searchList", ok({"shop_order_list": rows}))
    assert len(parsed.records) == 19
    assert [(problem.field, problem.level) for problem in parsed.problems] == [("data.shop_order_list[7]", Level.ERROR)]


def test_one_odd_field_of_an_order_costs_that_field() -> None:
    row = {"order_id": "1", "order_status": 2, "pay_amount": "free", "create_time": [1], "buyer_words": "x", "logistics_info": 7}
    parsed = parse("order.searchList", ok({"shop_order_list": [row]}))
    (one,) = parsed.records
    assert getattr(one, "buyer_note", None) == "x"
    assert {problem.field.rpartition(".")[2] for problem in parsed.problems} == {"pay_amount", "create_time", "logistics_info"}


@pytest.mark.parametrize("field", ["shop_order_list", "items", "data", "list"])
@pytest.mark.parametrize("odd", ["x", 7, {}, True])
def test_a_list_that_is_none_says_nothing_about_what_there_is(field: str, odd: Any) -> None:
    operation = {
        "shop_order_list": "order.searchList",
        "items": "afterSale.List",
        "data": "product.listV2",
        "list": "order.getServiceList",
    }[field]
    parsed = parse(operation, ok({field: odd, "total": 500}))
    assert parsed.unreadable
    assert parsed.next_page is None
    assert parsed.problems[0].field == f"data.{field}"


@pytest.mark.parametrize("data", [None, [], {}])
def test_an_answer_without_a_list_is_an_empty_one(data: Any) -> None:
    for operation in ("order.searchList", "afterSale.List", "product.listV2", "order.getServiceList"):
        parsed = parse(operation, ok(data))
        assert (parsed.records, parsed.problems, parsed.unreadable, parsed.next_page) == ([], [], False, None)
