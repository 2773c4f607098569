"""Whatever comes, an answer ends with records and problems: never a traceback."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storeward.canon import to_json
from storeward.connectors.contract import Level, Parsed
from storeward.connectors.errors import UnexpectedPayload
from storeward.connectors.shopee import CONNECTOR
from storeward.connectors.shopee.push import parse_pushes

from .samples import answers, operation_of

QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
NAMES = sorted(CONNECTOR.operations)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
oddities: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "0", 0, -1, 1.5, True, [], {}, [None], [[]], "x" * 200, 10**30, "1e999999", "NaN", {"a": {"b": []}}, "🦋", "-"]
)


def encodes(parsed: Parsed) -> None:
    """Everything that was read can be printed."""
    for record in parsed.records:
        assert to_json(record)
    assert all(problem.message for problem in parsed.problems)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths to everything in it."""
    found = [path] if path else []
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        found += places(member, (*path, name))
    return found


def put(value: Any, path: tuple[Any, ...], odd: Any, *, drop: bool) -> Any:
    """A copy with something else, or nothing, at that place."""
    copy = json.loads(json.dumps(value))
    holder = copy
    for name in path[:-1]:
        holder = holder[name]
    if drop:
        del holder[path[-1]]
    else:
        holder[path[-1]] = odd
    return copy


@settings(max_examples=400, suppress_health_check=QUIET)
@given(data=st.data())
def test_a_changed_sample_is_read_or_reported(shared_dir: Path, data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(answers(shared_dir)))
    sample = json.loads(file.read_text())
    changed = sample
    for _ in range(data.draw(st.integers(1, 3))):
        paths = places(changed)
        if not paths:
            break
        path = data.draw(st.sampled_from(paths))
        changed = put(changed, path, data.draw(oddities), drop=data.draw(st.booleans()))
    parsed = CONNECTOR.operation(operation_of(file)).parse(json.dumps(changed).encode(), {})
    encodes(parsed)


@settings(max_examples=100, suppress_health_check=QUIET)
@given(data=st.data())
def test_a_sample_wrapped_deeper_is_read_or_reported(shared_dir: Path, data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(answers(shared_dir)))
    sample = json.loads(file.read_text())
    path = data.draw(st.sampled_from(places(sample)))
    holder: Any = sample
    for name in path[:-1]:
        holder = holder[name]
    holder[path[-1]] = data.draw(st.sampled_from([[holder[path[-1]]], {"inner": holder[path[-1]]}, json.dumps(holder[path[-1]])]))
    encodes(CONNECTOR.operation(operation_of(file)).parse(json.dumps(sample).encode(), {}))


@settings(max_examples=200, suppress_health_check=QUIET)
@given(name=st.sampled_from(NAMES), body=junk | st.fixed_dictionaries({"error": st.just(""), "response": junk}))
def test_any_json_is_read_or_reported(name: str, body: Any) -> None:
    encodes(CONNECTOR.operation(name).parse(json.dumps(body).encode(), {}))


@settings(max_examples=100, suppress_health_check=QUIET)
@given(name=st.sampled_from(NAMES), body=st.binary(max_size=60))
def test_any_bytes_are_read_or_reported(name: str, body: bytes) -> None:
    encodes(CONNECTOR.operation(name).parse(body, {}))


@settings(max_examples=100, suppress_health_check=QUIET)
@given(body=st.binary(max_size=60) | junk.map(lambda told: json.dumps(told).encode()))
def test_any_body_is_a_webhook_or_is_refused(body: bytes) -> None:
    try:
        pushes = parse_pushes(body)
    except UnexpectedPayload:
        return
    assert all(push.platform_topic for push in pushes)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"7", b'"x"', b"{", b"<html>", b'{"response":{}}', b"\xff\xfe"])
def test_what_is_no_answer_lets_nobody_conclude_anything(name: str, body: bytes) -> None:
    parsed = CONNECTOR.operation(name).parse(body, {})
    if name == "logistics.download_shipping_document" and not body.lstrip().startswith(b"{") and body:
        return  # a file
    assert parsed.failed or parsed.unreadable
    assert parsed.items == []


@pytest.mark.parametrize("name", NAMES)
def test_a_refusal_yields_no_record_and_says_the_key(name: str) -> None:
    if name == "push":
        return
    parsed = CONNECTOR.operation(name).parse(b'{"error":"error_server","message":"busy","request_id":"q1"}', {})
    assert parsed.items == []
    assert parsed.request_id == "q1"
    assert [(p.field, p.level, p.message) for p in parsed.problems] == [("error", Level.PLATFORM, "busy")]


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_success_is_no_problem_or_a_thing_that_is_missing(name: str) -> None:
    if name == "push" or "token" in name:
        return
    parsed = CONNECTOR.operation(name).parse(b'{"error":"","message":"","response":{}}', {})
    assert all(problem.level is Level.ERROR for problem in parsed.problems if problem.level is not Level.NOTE)
    encodes(parsed)


@settings(max_examples=100)
@given(amount=st.decimals(min_value=Decimal("-1e12"), max_value=Decimal("1e12"), places=3))
def test_an_amount_comes_out_as_it_went_in(amount: Decimal) -> None:
    row = f'{{"order_sn":"A","order_status":"UNPAID","currency":"SGD","total_amount":{amount}}}'
    body = f'{{"error":"","response":{{"order_list":[{row}]}}}}'.encode()
    (found,) = CONNECTOR.operation("order.get_order_detail").parse(body, {}).records
    assert getattr(found, "total").amount == amount  # noqa: B009


@settings(max_examples=60)
@given(seconds=st.integers(1, 253_402_300_799))
def test_an_instant_is_the_second_that_was_sent(seconds: int) -> None:
    row = f'{{"order_sn":"A","order_status":"UNPAID","create_time":{seconds}}}'
    body = f'{{"error":"","response":{{"order_list":[{row}]}}}}'.encode()
    (found,) = CONNECTOR.operation("order.get_order_detail").parse(body, {}).records
    placed = getattr(found, "placed_at")  # noqa: B009
    scale = 1000 if seconds >= 100_000_000_000 else 1
    assert round(placed.timestamp() * scale) == seconds
