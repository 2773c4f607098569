"""Every published sample parses, and nothing that is done to one makes a parser crash."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import require_shared
from storeward.canon import KINDS, kind_of, to_json
from storeward.connectors.contract import Level, OperationKind
from storeward.connectors.errors import PlatformError
from storeward.connectors.tiktok_shop import CONNECTOR
from storeward.connectors.tiktok_shop.tests.samples import answers, folder, operation_of, parse, problems

EXPECTED_PROBLEMS = {
    "batchShipPackages": [("data.errors[0].code", "platform")],
    "batchShipPackages_partial_failure": [("data.errors[0].code", "platform")],
    "updateInventory": [("data.errors[0].code", "platform")],
    "updateInventory_partial_failure": [("data.errors[0].code", "platform")],
    "editProduct": [("data.warnings", "note")],
    "markPackageAsShipped_202309": [("data.warning", "note")],
    "token_get_error_bad_code": [("code", "platform")],
}


def test_every_sample_parses_with_the_problems_that_it_really_has(shared_dir: Path) -> None:
    found = {}
    for file in answers(shared_dir):
        parsed = parse(operation_of(file), file.read_bytes())
        if parsed.problems:
            found[file.name.split(".")[0]] = problems(parsed)
    assert found == EXPECTED_PROBLEMS


def test_the_index_names_no_file_that_is_missing_here(shared_dir: Path) -> None:
    listed = {entry["file"] for entry in json.loads((folder(shared_dir) / "INDEX.json").read_bytes())}
    assert listed == {file.name for file in folder(shared_dir).glob("*.json")} - {"INDEX.json"}


def test_every_sample_yields_only_kinds_that_its_operation_declares(shared_dir: Path) -> None:
    for file in answers(shared_dir):
        operation = CONNECTOR.operations[operation_of(file)]
        for record in parse(operation.name, file.read_bytes()).records:
            assert kind_of(record) in operation.records, file.name
            assert kind_of(record) in KINDS
            assert to_json(record).startswith(b'{"kind":"')


def test_every_sample_of_a_stream_yields_records_with_an_id_of_their_own(shared_dir: Path) -> None:
    streamed = {stream.operation for stream in CONNECTOR.streams.values()}
    seen = set()
    for file in answers(shared_dir):
        operation = operation_of(file)
        if operation in streamed:
            records = parse(operation, file.read_bytes()).records
            assert records, file.name
            ids = [(kind_of(record), record.platform_id) for record in records]
            assert all(platform_id for _, platform_id in ids), file.name
            assert len(set(ids)) == len(ids), file.name
            seen.add(operation)
    assert seen == streamed


def test_every_error_sample_reads_as_the_platforms_failure(shared_dir: Path) -> None:
    for file in folder(shared_dir).glob("error_*.json"):
        body = json.loads(file.read_bytes())["body"]
        parsed = parse("getOrderList", body)
        assert parsed.records == []
        (problem,) = parsed.problems
        assert (problem.field, problem.level) == ("code", Level.PLATFORM)
        assert problem.error is not None
        assert problem.error.code == str(body["code"])
        assert parsed.failed


ODD: tuple[Any, ...] = (
    None, "", " ", "text", "0", "-1", "1e999", "NaN", 0, -1, 3.5, 1e300, 10**40, True, [], {}, [None], [[]], {"a": {}},
    "\ud83d", "{",
)  # fmt: skip


def spots(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything in a JSON value."""
    members: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        members = list(value.items())
    elif isinstance(value, list):
        members = list(enumerate(value))
    return [path, *(spot for key, member in members for spot in spots(member, (*path, key)))]


def changed(body: Any, path: tuple[Any, ...], act: str, odd: Any) -> Any:
    """The body with one spot dropped, replaced, or nested one deeper."""
    if not path:
        return odd
    body = copy.deepcopy(body)
    inner = body
    for key in path[:-1]:
        inner = inner[key]
    match act:
        case "drop":
            del inner[path[-1]]
        case "nest":
            inner[path[-1]] = {"nested": inner[path[-1]]}
        case "list":
            inner[path[-1]] = [inner[path[-1]]]
        case _:
            inner[path[-1]] = odd
    return body


def sample_bodies() -> list[tuple[str, Any]]:
    shared = require_shared()
    return [(operation_of(file), json.loads(file.read_bytes())) for file in answers(shared)]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_no_change_to_a_sample_crashes_a_parser(data: st.DataObject) -> None:
    if not CACHE:
        CACHE.extend(sample_bodies())
    operation, body = data.draw(st.sampled_from(CACHE))
    for _ in range(data.draw(st.integers(1, 3))):
        act = data.draw(st.sampled_from(["drop", "nest", "list", "replace"]))
        body = changed(body, data.draw(st.sampled_from(spots(body))), act, data.draw(st.sampled_from(ODD)))
    sent = json.dumps(body).encode()
    parsed = CONNECTOR.operation(operation).parse(sent, {})
    for record in parsed.records:
        assert to_json(record)
        assert isinstance(record.platform_id, str)
    for problem in parsed.problems:
        assert isinstance(problem.field, str)
        assert problem.message


CACHE: list[tuple[str, Any]] = []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_body_cut_anywhere_is_unreadable_not_empty(data: st.DataObject) -> None:
    if not CACHE:
        CACHE.extend(sample_bodies())
    operation, body = data.draw(st.sampled_from(CACHE))
    whole = json.dumps(body).encode()
    parsed = CONNECTOR.operation(operation).parse(whole[: data.draw(st.integers(0, len(whole) - 1))], {})
    assert parsed.unreadable
    assert parsed.failed
    assert parsed.records == []


@given(st.binary(max_size=200))
def test_garbage_is_unreadable_for_every_kind_of_parser(garbage: bytes) -> None:
    for name in ("getOrderList", "getPackageDetail", "shipPackage", "getShopPerformance", "push", "token_get"):
        parsed = CONNECTOR.operation(name).parse(garbage, {})
        assert parsed.records == []
        assert parsed.failed


def test_deep_nesting_is_refused_not_a_crash() -> None:
    deep = b'{"code":0,"data":{"orders":' + b"[" * 100_000 + b"]" * 100_000 + b"}}"
    assert CONNECTOR.operation("getOrderList").parse(deep, {}).failed


def test_an_unknown_operation_is_refused_by_name() -> None:
    with pytest.raises(PlatformError, match="getNothing"):
        CONNECTOR.operation("getNothing")


def test_older_versions_are_read_by_the_same_parser() -> None:
    for name, operation in CONNECTOR.operations.items():
        newest = name.rpartition("_20")[0]
        if newest:
            assert operation.records == CONNECTOR.operations[newest].records
            assert operation.kind is CONNECTOR.operations[newest].kind
            assert operation.example is None


def test_writes_are_never_probed() -> None:
    assert not any(op.example for op in CONNECTOR.operations.values() if op.kind is OperationKind.WRITE)
