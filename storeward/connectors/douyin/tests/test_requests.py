"""Every request that can be built, held against the list of methods of the fact sheet: names, types, what is needed."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from storeward.connectors.contract import OperationKind, Request
from storeward.connectors.douyin import CONNECTOR
from storeward.connectors.douyin.requests import changed, encoded, read

from .samples import endpoints
from .test_sent import READS, WRITES

NUMBERS = {"int32", "int64"}


def methods(shared_dir: Path) -> dict[str, dict[str, Any]]:
    return {method["method"]: method for method in endpoints(shared_dir)}


def members(value: Any, path: str = "") -> dict[str, list[Any]]:
    """Every member of a body under the path by which the fact sheet names it: `pack_list[].company_code`."""
    found: dict[str, list[Any]] = {}
    if isinstance(value, dict):
        for name, member in value.items():
            below = f"{path}.{name}" if path else name
            below += "[]" if isinstance(member, list) else ""
            found.setdefault(below, []).append(member)
            for one in member if isinstance(member, list) else [member]:
                for deeper, told in members(one, below).items():
                    found.setdefault(deeper, []).extend(told)
    return found


def fits(value: Any, kind: str) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "bool":
            return isinstance(value, bool)
        case "object":
            return isinstance(value, dict)
        case _ if kind in NUMBERS:
            return isinstance(value, int) and not isinstance(value, bool)
        case _ if found := re.fullmatch(r"array<(\w+)>", kind):
            return isinstance(value, list) and all(fits(one, found[1]) for one in value)
    raise AssertionError(f"a type that this test does not know: {kind}")


def complaints(request: Request, method: dict[str, Any]) -> list[str]:
    """What the fact sheet has against a request."""
    known = {param["name"]: param for param in method["params"]}
    told = members(msgspec.json.decode(request.body or b"{}"))
    found = [f"{path} is no parameter" for path in told if path not in known]
    found += [
        f"{path} is no {known[path]['type']}: {value!r}"
        for path, values in told.items()
        if path in known
        for value in values
        if not fits(value, known[path]["type"])
    ]
    for path, param in known.items():
        above = path.rpartition(".")[0]
        if param["required"] and path not in told and (not above or above in told):
            found.append(f"{path} is missing")
    return found


EVERY = [build() for build, _, _ in (*READS, *WRITES)]
EVERY += [operation.example() for operation in CONNECTOR.operations.values() if operation.example is not None]


@pytest.mark.parametrize("request_", EVERY, ids=lambda request: request.operation)
def test_a_request_is_as_the_fact_sheet_describes_it(shared_dir: Path, request_: Request) -> None:
    method = methods(shared_dir)[request_.operation]
    assert complaints(request_, method) == []
    assert request_.path == method["path"]
    wanted = OperationKind.WRITE if method["kind"] == "write" else OperationKind.READ
    assert request_.kind is wanted


def test_the_complaints_would_be_heard(shared_dir: Path) -> None:
    """The check itself: a wrong name, a wrong type and a missing parameter are all seen."""
    method = methods(shared_dir)["order.logisticsAdd"]
    assert complaints(read("order.logisticsAdd", {"order_id": 1, "carrier": "x", "logistics_code": "y"}), method) == [
        "carrier is no parameter",
        "order_id is no string: 1",
        "company_code is missing",
    ]


def test_every_method_of_the_fact_sheet_is_read(shared_dir: Path) -> None:
    assert {method["method"] for method in endpoints(shared_dir)} == set(CONNECTOR.operations) - {"push"}


def test_reads_and_writes_are_as_the_fact_sheet_says(shared_dir: Path) -> None:
    for method in endpoints(shared_dir):
        kind = CONNECTOR.operations[method["method"]].kind.value
        assert kind == ("read" if method["kind"] == "read" else "write"), method["method"]


def test_every_write_can_be_sent_and_every_read_that_is_not_retired(shared_dir: Path) -> None:
    sent = {request.operation for request in EVERY}
    retired = {"order.getSettleBillDetail", "order.getSettleBillDetailV2"}
    calls = {method["method"] for method in endpoints(shared_dir) if method["kind"] != "auth"}
    assert calls - sent == retired


def test_every_body_is_canonical() -> None:
    for request in EVERY:
        told = json.loads(request.body or b"{}")
        assert request.body == json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_ids_are_sent_with_all_their_digits() -> None:
    for request in EVERY:
        assert b"e+" not in (request.body or b"").lower()
        assert b".0" not in (request.body or b"")


def test_a_changed_request_keeps_all_that_was_not_changed() -> None:
    request = read("order.searchList", {"page": 0, "size": 3, "product": "3488625851803765012"}, about={"page": "0", "x": "y"})
    turned = changed(request, {"page": "1"}, page=1)
    assert turned.body == b'{"page":1,"product":"3488625851803765012","size":3}'
    assert turned.about == {"page": "1", "x": "y"}
    assert request.body == b'{"page":0,"product":"3488625851803765012","size":3}'


def test_a_number_of_nineteen_digits_survives_a_turn_of_the_page() -> None:
    request = read("promise.deliveryList", {"product_id": 3488625851803765012, "page": 1, "size": 10})
    assert changed(request, page=2).body == b'{"page":2,"product_id":3488625851803765012,"size":10}'


def test_what_is_not_said_is_not_sent() -> None:
    assert encoded({"a": None, "b": [{"c": None}], "d": ""}) == b'{"b":[{}],"d":""}'
