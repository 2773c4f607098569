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


WEEK = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]


def _run(*arguments: str, text: str | bytes | None = None) -> Result:
    return CliRunner().invoke(policy, list(arguments), input=text)


def _line(**changes: Any) -> str:
    return json.dumps({"id": "a", "store": STORE, "facts": {}, "now": "2026-08-10T03:00:00Z", **changes})


def test_check_says_that_the_data_is_whole() -> None:
    result = _run("check")
    assert result.exit_code == 0
    assert (
        result.stdout == "245 rules are whole, 189 of them give findings, 6 more once a workspace has set a figure of its own.\n"
    )


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


def test_evaluate_reads_windows_lines_a_byte_order_mark_and_a_last_line_without_an_end() -> None:
    text = b"\xef\xbb\xbf" + _line(id="1").encode() + b"\r\n\r\n" + _line(id="2").encode()
    result = _run("evaluate", "-", "--json", text=text)
    assert result.exit_code == 0
    assert [json.loads(row) for row in result.stdout.splitlines()] == [{"id": "1", "findings": []}, {"id": "2", "findings": []}]


def test_bad_lines_stand_among_the_good_ones_in_their_order() -> None:
    lines = [_line(id=n) if n % 3 else _line(id=n, now=None) for n in range(7)]
    result = _run("evaluate", "-", "--json", text="\n".join([*lines, '{"id": 7', "[]"]))
    rows = [json.loads(row) for row in result.stdout.splitlines()]
    assert [row["id"] for row in rows] == [0, 1, 2, 3, 4, 5, 6, None, None]
    assert [row["error"]["field"] for row in rows if "error" in row] == ["now", "now", "now", "line", "line"]
    assert result.exit_code == 2


def test_what_is_no_json_is_told_by_its_place_in_the_line() -> None:
    row = json.loads(_run("evaluate", "-", "--json", text='{"id": "a" "now": 1}\n').stdout)
    assert row == {"id": None, "error": {"field": "line", "message": "is not JSON: Expecting ',' delimiter at character 12"}}


def test_the_same_lines_give_the_same_rows_whatever_stands_before_them() -> None:
    """Nothing of one store leaks into the next through what is kept: each line alone answers as it does among the others."""
    facts = {"orders": [{"order_id": "o", "placed_at": "2026-08-28T02:00:00Z", "type": "standard", "rts_at": None}]}
    lines = [
        _line(id="own calendar", facts=facts, now="2026-09-02T02:00:00Z"),
        _line(id="no holidays", facts={**facts, "holidays": []}, now="2026-09-02T02:00:00Z"),
        _line(id="six days", facts={**facts, "holidays": []}, now="2026-09-02T02:00:00Z", store={**STORE, "working_days": WEEK}),
        _line(id="another zone", facts=facts, now="2026-09-02T02:00:00Z", store={**STORE, "timezone": "Asia/Kolkata"}),
    ]
    together = _run("evaluate", "-", "--json", text="\n".join(lines)).stdout.splitlines()
    alone = [_run("evaluate", "-", "--json", text=line).stdout.strip() for line in reversed(lines)]
    assert together == alone[::-1]
    due = {row["id"]: row["findings"][0]["due_at"] for row in map(json.loads, together)}
    assert due == {
        "own calendar": "2026-09-02T15:59:59Z",  # Monday 31 August is the national day
        "no holidays": "2026-09-01T15:59:59Z",
        "six days": "2026-08-31T15:59:59Z",  # Saturday and Monday
        "another zone": "2026-09-02T18:29:59Z",
    }


def test_the_platform_may_be_named_as_in_the_specification() -> None:
    assert (
        _run("list", "--platform", "internal routine", "--json").stdout == _run("list", "--platform", "internal", "--json").stdout
    )
    assert (
        _run("list", "--platform", "TikTok Shop", "--json").stdout == _run("list", "--platform", "tiktok_shop", "--json").stdout
    )


def test_the_rows_of_a_market_are_those_that_hold_there() -> None:
    listed = {json.loads(row)["rule"] for row in _run("list", "--region", "uk", "--json").stdout.splitlines()}
    assert {"TTS-UK-LDR", "TTS-UK-AHR", "TTS-UK-VTR", "INT-AHR-DAILY", "INT-NEGBAL-ALERT50"} <= listed
    assert not {"TTS-US-LDR", "TTS-SEA-INACT-30", "TTS-MY-RESP12-RATE"} & listed


# -- conduct ------------------------------------------------------------------------------------------


def _text(**line: Any) -> str:
    return json.dumps(line, ensure_ascii=False)


def test_conduct_answers_each_line_in_order(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    lines = [
        _text(id="a", text="Please delete your bad review, dear.", lang="en"),
        "",
        _text(id="b", text="您的包裹今天已经发货了。"),
    ]
    file.write_text("\ufeff" + "\n".join(lines), "utf-8")
    result = _run("conduct", str(file), "--json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [(row["id"], row["verdict"], row["forms"]) for row in rows] == [("a", "block", ["change_review"]), ("b", "ok", [])]
    assert rows[0]["matches"][0]["rule"] == "TTS-SEA-REVIEW-CHANGE"


def test_a_bad_text_costs_one_line_and_exit_2() -> None:
    result = _run("conduct", "-", "--json", text="\n".join(["{", _text(id=2), _text(id=3, text="ok")]))
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 2
    assert [row["id"] for row in rows] == [None, 2, 3]
    assert [row.get("error", {}).get("field") for row in rows] == ["line", "text", None]
    assert rows[2]["verdict"] == "ok"


def test_conduct_reads_well_for_people() -> None:
    result = _run("conduct", "-", text="\n".join([_text(id="a", text="Please delete your bad review.", lang="en"), "{"]))
    assert "a: block change_review" in result.stdout
    assert "TTS-SEA-REVIEW-CHANGE" in result.stdout
    assert "say instead: " in result.stdout
    assert "None: line: is not JSON" in result.stdout


def test_conduct_of_an_empty_file_is_no_error() -> None:
    result = _run("conduct", "-", "--json", text="\n")
    assert (result.exit_code, result.stdout) == (0, "")
