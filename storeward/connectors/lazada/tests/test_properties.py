"""Whatever is dropped, nulled, retyped or nested: an answer ends with records and problems, never with a traceback."""

import copy
import json
import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import shared_path
from storeward.canon import Record, to_json
from storeward.connectors.contract import OperationKind, Request
from storeward.connectors.errors import PlatformError, UnexpectedPayload
from storeward.connectors.lazada import CONNECTOR
from storeward.connectors.lazada.oauth import parse_tokens
from storeward.connectors.lazada.push import parse_pushes
from storeward.connectors.lazada.tests.samples import answers, folder
from storeward.lib import clock

STRANGE: list[Any] = [None, "", "x", 0, -1, 1.5, 10**30, True, [], {}, [[]], {"a": 1}, "9" * 50, "\u0000", ["", None], "1e999999"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def samples() -> list[tuple[str, Any]]:
    shared = shared_path()
    if shared is None:
        return []
    return [(op, json.loads((folder(shared) / file).read_bytes())) for file, op in sorted(answers(shared).items())]


SAMPLES = samples()


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all members, at any depth."""
    if isinstance(value, dict):
        return [deep for name, member in value.items() for deep in [(*path, name), *places(member, (*path, name))]]
    if isinstance(value, list):
        return [deep for at, member in enumerate(value) for deep in [(*path, at), *places(member, (*path, at))]]
    return []


def changed(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The body with another value there; `...` takes the member away."""
    whole = copy.deepcopy(body)
    here = whole
    for step in path[:-1]:
        here = here[step]
    if value is ... and isinstance(here, dict):
        del here[path[-1]]
    else:
        here[path[-1]] = None if value is ... else value
    return whole


def read(operation: str, body: Any) -> None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    parsed = CONNECTOR.operations[operation].parse(raw, {})
    for record, _ in parsed.items:
        assert isinstance(record, Record)
        assert record.platform_id or record.__struct_config__.tag == "push" or to_json(record)
        to_json(record)
    for problem in parsed.problems:
        assert problem.message
        assert isinstance(problem.field, str)
    for kind in OperationKind:
        error = CONNECTOR.error_of(Request(operation, "GET", operation, kind=kind), 200, raw)
        assert error is None or isinstance(error, PlatformError)


def test_there_are_samples(shared_dir: Path) -> None:
    assert len(SAMPLES) > 80


@pytest.mark.parametrize("at", range(len(SAMPLES)))
def test_any_member_may_be_gone_or_strange(at: int) -> None:
    operation, body = SAMPLES[at]
    found = places(body)
    chance = random.Random(at)
    for path in found if len(found) < 60 else chance.sample(found, 60):
        read(operation, changed(body, path, ...))
        read(operation, changed(body, path, chance.choice(STRANGE)))


@pytest.mark.parametrize("at", range(len(SAMPLES)))
def test_an_answer_may_be_cut_anywhere(at: int) -> None:
    operation, body = SAMPLES[at]
    raw = json.dumps(body).encode()
    for end in range(0, len(raw), max(1, len(raw) // 12)):
        read(operation, raw[:end])


@settings(max_examples=150)
@given(st.sampled_from(sorted(CONNECTOR.operations)), JSON)
def test_any_json_at_all_is_read_by_any_operation(operation: str, value: Any) -> None:
    read(operation, value)
    read(operation, {"code": "0", "data": value, "result": value})
    read(operation, {"code": "0", "data": {"orders": value, "products": value}, "result": {"items": value, "data": value}})


@settings(max_examples=150)
@given(st.sampled_from(sorted(CONNECTOR.operations)), st.binary(max_size=60))
def test_any_bytes_at_all_are_read_by_any_operation(operation: str, raw: bytes) -> None:
    read(operation, raw)


@settings(max_examples=100)
@given(JSON)
def test_any_json_is_a_push_or_none(value: Any) -> None:
    for body in (value, {"message_type": 0, "data": value}, {"message_type": value, "data": {}}):
        with suppress(UnexpectedPayload):
            pushes = parse_pushes(json.dumps(body).encode())
            assert [push.platform_topic for push in pushes if not push.platform_topic] == []


@settings(max_examples=100)
@given(JSON)
def test_any_json_is_a_pair_of_tokens_or_an_error(value: Any) -> None:
    body = {"code": "0", "access_token": "a", "refresh_token": "r", "expires_in": value, "country_user_info": value}
    for sent in (value, body, body | {"expires_in": 5}):
        with suppress(PlatformError):
            tokens = parse_tokens(json.dumps(sent).encode(), clock.now())
            assert (tokens.access_token, tokens.refresh_token) == ("a", "r")


@pytest.mark.parametrize("at", range(len(SAMPLES)))
def test_numbers_as_text_and_text_as_numbers_change_no_id(at: int) -> None:
    """The documentation prints nearly every value as text; the servers send real types."""
    operation, body = SAMPLES[at]
    plain = CONNECTOR.operations[operation].parse(json.dumps(body).encode(), {})
    as_text = CONNECTOR.operations[operation].parse(json.dumps(texts(body)).encode(), {})
    assert [record.platform_id for record in as_text.records] == [record.platform_id for record in plain.records]


def texts(value: Any) -> Any:
    """All numbers and flags as text."""
    if isinstance(value, dict):
        return {name: texts(member) for name, member in value.items()}
    if isinstance(value, list):
        return [texts(member) for member in value]
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


def test_a_bad_row_costs_that_row(shared_dir: Path) -> None:
    lists = {
        "/orders/get": ("orders_get_page1.json", ("data", "orders")),
        "/products/get": ("products_get.json", ("data", "products")),
        "/finance/transaction/details/get": ("finance_transaction_details_get.json", ("data",)),
        "/im/message/list": ("im_message_list.json", ("data", "message_list")),
        "/reverse/getreverseordersforseller": ("reverse_getreverseordersforseller.json", ("result", "items")),
        "/review/seller/list/v2": ("review_seller_list_v2.json", ("data", "review_list")),
    }
    for operation, (file, path) in lists.items():
        body = json.loads((folder(shared_dir) / file).read_bytes())
        rows = body
        for step in path:
            rows = rows[step]
        whole = len(CONNECTOR.operations[operation].parse(json.dumps(body).encode(), {}).records)
        rows[0] = "no row"
        parsed = CONNECTOR.operations[operation].parse(json.dumps(body).encode(), {})
        assert len(parsed.records) == whole - 1, operation
        assert [problem.field for problem in parsed.problems] == [f"{'.'.join(path)}[0]"], operation
