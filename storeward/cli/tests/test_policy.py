"""`policy check`, `list` and `evaluate` as scripts see them: output, standard error, exit code."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from storeward.cli.policy import policy
from storeward.lib.errors import NotDone
from storeward.policy import check

STORE = {
    "store_id": "luna",
    "platform": "TikTok Shop",
    "region": "MY",
    "timezone": "Asia/Kuala_Lumpur",
    "currency": "MYR",
    "seller_type": "local",
    "status": "open",
}


def _run(*arguments: str, text: str | bytes | None = None) -> Result:
    return CliRunner().invoke(policy, list(arguments), input=text)


def _line(**changes: Any) -> str:
    return json.dumps({"id": "a", "store": STORE, "facts": {}, "now": "2026-08-10T03:00:00Z", **changes})


def test_check_says_that_the_data_is_whole() -> None:
    result = _run("check")
    assert result.exit_code == 0
    assert result.stdout == "155 rules are whole, 130 of them give findings.\n"


def test_check_tells_every_mistake_and_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "mistakes", lambda: ["shop/stock.toml: X-1: title is empty", "another"])
    result = _run("check")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == ["shop/stock.toml: X-1: title is empty", "another"]


def test_list_prints_rows_for_programs() -> None:
    result = _run("list", "--json", "--platform", "tiktok_shop", "--region", "us")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert {row["platform"] for row in rows} == {"tiktok_shop"}
    otdr = next(row for row in rows if row["rule"] == "TTS-US-OTDR")
    assert otdr["terms"][0]["figures"] == {"limit": "80"}
    assert otdr["terms"][0]["from"] == "2025-05-05"
    assert otdr["terms"][0]["source"]
    assert not any(row["rule"].startswith("TTS-SEA") for row in rows)


def test_list_reads_well_for_people() -> None:
    result = _run("list", "--platform", "internal")
    assert "INT-SUBACCT-WEEKLY" in result.stdout
    assert "days 7" in result.stdout
    assert "TTS-" not in result.stdout
    assert "gives no finding" in _run("list").stdout


@pytest.mark.parametrize(("option", "value"), [("--platform", "amazon"), ("--region", "XX")])
def test_list_names_what_it_does_not_know(option: str, value: str) -> None:
    result = _run("list", option, value)
    assert isinstance(result.exception, NotDone)
    assert value in str(result.exception)
    assert "Known are" in str(result.exception)


def test_evaluate_answers_each_line_in_order(tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl"
    broken = {"security": {"two_step_verification": False}}
    file.write_text(f"\ufeff{_line()}\n\n{_line(id='b', facts=broken)}\n", "utf-8")
    result = _run("evaluate", str(file), "--json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [row["id"] for row in rows] == ["a", "b"]
    assert rows[0]["findings"] == []
    assert rows[1]["findings"][0]["rule"] == "TTS-SEA-2SV"


def test_a_bad_line_costs_one_line_and_exit_2() -> None:
    text = "\n".join([_line(), "{", _line(id="c", now="soon"), _line(id="d")])
    result = _run("evaluate", "-", "--json", text=text)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 2
    assert [row["id"] for row in rows] == ["a", None, "c", "d"]
    assert rows[2]["error"]["field"] == "now"
    assert "findings" in rows[3]


def test_an_unknown_key_is_named_once_on_standard_error() -> None:
    text = "\n".join(_line(id=name, facts={"moon": 1}) for name in "abc")
    result = _run("evaluate", "-", "--json", text=text)
    assert result.exit_code == 0
    assert result.stderr.splitlines() == ["storeward: facts.moon is not a key of the facts format; it was ignored."]
    assert len(result.stdout.splitlines()) == 3


def test_evaluate_reads_well_for_people() -> None:
    result = _run("evaluate", "-", text=_line(facts={"security": {"two_step_verification": False}}) + "\n{")
    assert "a: 1 findings" in result.stdout
    assert "Two-step verification is off." in result.stdout
    assert "None: line: is not JSON" in result.stdout


def test_a_file_that_is_not_there_is_one_sentence() -> None:
    result = _run("evaluate", "/no/such/file", "--json")
    assert isinstance(result.exception, NotDone)
    assert "/no/such/file" in str(result.exception)


def test_an_empty_file_is_no_error() -> None:
    result = _run("evaluate", "-", "--json", text="\n \n")
    assert (result.exit_code, result.stdout) == (0, "")


def test_the_command_needs_neither_django_nor_a_database() -> None:
    code = "import sys, storeward.cli.policy; print([m for m in ('django', 'psycopg', 'procrastinate') if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert answer.stdout.strip() == "[]"
