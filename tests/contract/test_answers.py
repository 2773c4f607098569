"""The other commands: forms, exit codes, and one clear line where something cannot be done."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from tests.contract.conftest import Run
from tests.contract.forms import EVALUATED, OPERATION, PARSED, REFUSED_LINE, STATUS

STORE = {
    "store_id": "x", "platform": "TikTok Shop", "region": "MY", "timezone": "Asia/Kuala_Lumpur", "currency": "MYR",
    "seller_type": "local", "status": "open",
}  # fmt: skip
CASE = {
    "id": "case-1",
    "now": "2026-03-31T01:00:00Z",
    "store": STORE,
    "facts": {
        "orders": [
            {"order_id": "o1", "type": "standard", "placed_at": "2026-03-28T03:00:00Z", "rts_at": None, "shipped_at": None}
        ],
        "holidays": [],
    },
}
SHOP = {"id": "7494049642642441621", "name": "Luna Home 3", "region": "MY", "seller_type": "LOCAL", "cipher": "c", "code": "x"}


def one_line(text: str) -> bool:
    return text.strip().count("\n") == 0 and bool(text.strip()) and "Traceback" not in text


def test_the_worked_example_of_the_contract_is_answered_as_written(storeward: Run) -> None:
    ran = storeward("policy", "evaluate", "-", "--json", stdin=json.dumps(CASE))
    (row,) = ran.checked_rows(EVALUATED)
    found = {finding["rule"]: finding for finding in row["findings"]}["TTS-SEA-SHIP-2WD"]
    assert ran.code == 0
    assert (found["state"], found["severity"], found["due_at"]) == ("at_risk", "warning", "2026-03-31T15:59:59Z")
    assert found["subject"] == {"kind": "order", "id": "o1"}


def test_a_bad_line_keeps_its_place_and_the_others_are_judged(storeward: Run, tmp_path: Path) -> None:
    bad = CASE | {"id": "case-2", "facts": {"orders": [{"order_id": "o1", "type": "standard", "placed_at": "yesterday"}]}}
    path = tmp_path / "facts.jsonl"
    path.write_text("\n\n".join(json.dumps(case) for case in (CASE, bad, CASE | {"id": "case-3"})))
    ran = storeward("policy", "evaluate", str(path), "--json")
    assert ran.code == 2
    first, refused, third = ran.rows
    assert [row["id"] for row in ran.rows] == ["case-1", "case-2", "case-3"]
    assert first["findings"] == third["findings"]
    jsonschema.validate(refused, REFUSED_LINE)
    assert refused["error"]["field"] == "facts.orders[0].placed_at"


def test_the_rules_are_whole(storeward: Run) -> None:
    assert storeward("policy", "check").code == 0


@pytest.mark.parametrize(("region", "rule", "there"), [("MY", "TTS-SEA-INACT-30", True), ("US", "TTS-SEA-INACT-30", False)])
def test_rules_are_listed_by_region(storeward: Run, region: str, rule: str, there: bool) -> None:
    ran = storeward("policy", "list", "--platform", "tiktok_shop", "--region", region, "--json")
    assert ran.code == 0
    assert (f'"{rule}"' in ran.out) is there


def test_operations_are_rows_and_name_reads_and_writes(storeward: Run) -> None:
    rows = storeward("connector", "operations", "--platform", "tiktok_shop", "--json").checked_rows(OPERATION)
    kinds = {row["operation"]: row["kind"] for row in rows}
    assert (kinds["getOrderList"], kinds["shipPackage"]) == ("read", "write")
    assert "push" in kinds


def test_an_answer_is_parsed_into_records(storeward: Run, tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps({"code": 0, "message": "Success", "request_id": "r", "data": {"shops": [SHOP]}}))
    words = ("connector", "parse", "--platform", "tiktok_shop", "--operation", "getAuthorizedShops", str(path), "--json")
    ran = storeward(*words)
    (shop,) = ran.checked(PARSED)["records"]
    assert ran.code == 0
    assert (shop["kind"], shop["platform_store_id"], shop["name"]) == ("store", "7494049642642441621", "Luna Home 3")


def test_a_failure_that_the_platform_reports_ends_with_1_and_says_when_to_try_again(storeward: Run, tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps({"code": 36009002, "message": "too many requests", "request_id": "r", "data": None}))
    ran = storeward("connector", "parse", "--platform", "tiktok_shop", "--operation", "getOrderList", str(path), "--json")
    document = ran.checked(PARSED)
    assert (ran.code, document["records"]) == (1, [])
    (problem,) = [problem for problem in document["problems"] if problem["level"] == "platform"]
    assert problem["error"] == {"code": "36009002", "retry": "later"}


REFUSALS = {
    "a file that is not there": ("policy", "evaluate", "/nowhere/facts.jsonl", "--json"),
    "an operation that does not exist": ("connector", "parse", "--platform", "tiktok_shop", "--operation", "getNothing", "-"),
    "a platform that does not exist": ("connector", "operations", "--platform", "nowhere", "--json"),
    "a command that does not exist": ("nothing",),
    "an option that does not exist": ("status", "--loud"),
    "a sandbox where none runs": ("sandbox", "truth", "--json", "--port-base", "1"),
    "a backup of nothing": ("backup", "/nowhere/backup.storeward"),
    "a restore of nothing": ("restore", "/nowhere/backup.storeward"),
    "an export of an installation that was never made": ("export", "orders", "--json"),
}


@pytest.mark.parametrize("words", REFUSALS.values(), ids=REFUSALS.keys())
def test_what_cannot_be_done_ends_with_2_and_says_why_without_a_traceback(
    storeward: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    where = ("--data", str(tmp_path / "data")) if words[0] in {"backup", "restore", "export"} else ()
    ran = storeward(*words, *where, stdin="{}")
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.strip()
    assert "Traceback" not in ran.err


def test_nothing_runs_where_nothing_was_started(storeward: Run, tmp_path: Path) -> None:
    ran = storeward("status", "--json", "--data", str(tmp_path))
    assert ran.code == 2
    assert ran.checked(STATUS)["running"] is False
    assert ran.document["processes"] == []


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_taken_port_is_one_sentence(storeward: Run, tmp_path: Path, taken_port: int) -> None:
    ran = storeward("up", "--data", str(tmp_path / "data"), "--port", str(taken_port))
    assert ran.code == 2
    assert str(taken_port) in ran.err
    assert "Traceback" not in ran.err


def test_an_unreachable_database_is_one_sentence_that_hides_the_password(storeward: Run, tmp_path: Path) -> None:
    address = "postgresql://storeward:hunter2@127.0.0.1:1/storeward"
    ran = storeward("sync", "--data", str(tmp_path), DATABASE_URL=address)
    assert ran.code == 2
    assert one_line(ran.err)
    assert "hunter2" not in ran.err
