"""Every row of the specification has terms and tests, and the page that says so is true."""

import csv
import re
from pathlib import Path

import pytest

from storeward.policy import coverage
from storeward.policy.coverage import ROOT, covered, named_in_tests, page, rows_of, sheet, term_files
from storeward.policy.terms import FOLDER, book

PAGE = ROOT / "docs" / "rules.md"


def test_every_row_of_the_specification_is_covered(shared_dir: Path) -> None:
    with (shared_dir / "policies" / "rules.csv").open(encoding="utf-8", newline="") as stream:
        wanted = [row["id"] for row in csv.DictReader(stream)]
    rows = {row.rule.id: row for row in covered()}
    assert len(wanted) > 200
    assert [rule for rule in wanted if rule not in rows] == []
    assert [rule for rule in wanted if not (FOLDER / rows[rule].file).is_file()] == []
    assert [rule for rule in wanted if not rows[rule].tests] == []


def test_every_rule_is_exercised_by_a_test() -> None:
    assert [row.rule.id for row in covered() if not row.tests] == []


def test_every_line_of_the_fact_sheet_has_a_rule(shared_dir: Path) -> None:
    text = (shared_dir / "policies" / "douyin_shop.md").read_text("utf-8")
    held = sheet(rule for _, rule in book())
    assert set(_lines(text)) == set(held)


def _lines(text: str) -> list[str]:
    """Section and line of every row of its tables, and the sections and subsections that have none."""
    found, section, rows = list[str](), "", 0
    for line in [*text.splitlines(), "## 0."]:
        if line.startswith("##"):
            if section and not rows:
                found.append(section)
            section = f"{section.rstrip('b')}b" if line.startswith("###") else line.removeprefix("## ").partition(".")[0]
            rows = 0
        elif section and line.startswith("|") and not re.fullmatch(r"[|\- ]+", line):
            rows += 1
            if rows > 1:  # the first is the head
                found.append(f"{section}.{rows - 1}")
    return found


def test_the_page_that_was_checked_in_is_true() -> None:
    """Written anew by `bin/storeward policy coverage --write docs/rules.md`. It may lack a test that came later, never more."""
    text = PAGE.read_text("utf-8")
    held, made = rows_of(text), rows_of(page(covered()))
    assert list(held) == list(made)
    for rule, cells in held.items():
        assert cells[:-1] == made[rule][:-1], rule
        assert set(cells[-1].split()) <= set(made[rule][-1].split()), rule
        assert cells[-1], rule
    assert text.partition("## The fact sheet")[2] == page(covered()).partition("## The fact sheet")[2]


def test_tests_are_found_by_the_rules_that_they_name(tmp_path: Path) -> None:
    folder = tmp_path / "storeward" / "policy" / "tests"
    folder.mkdir(parents=True)
    (folder / "test_a.py").write_text('assert told["TTS-SEA-INACT-30"]', "utf-8")
    (folder / "test_b.py").write_text('("TTS-SEA-INACT-30", "DY-APPEAL")', "utf-8")
    (folder / "test_coverage.py").write_text('"LZD-SOT"', "utf-8")
    assert named_in_tests(tmp_path) == {
        "TTS-SEA-INACT-30": ("storeward/policy/tests/test_a.py", "storeward/policy/tests/test_b.py"),
        "DY-APPEAL": ("storeward/policy/tests/test_b.py",),
    }


def test_a_rule_without_a_test_is_seen(tmp_path: Path) -> None:
    assert len([row for row in covered(tmp_path) if not row.tests]) == len(list(book()))


def test_the_file_of_a_rule_is_that_of_its_platform() -> None:
    files = term_files()
    assert files["LZD-SOT"] == "lazada/rates.toml"
    assert all(files[rule.id].startswith(f"{platform}/") for platform, rule in book())


@pytest.mark.parametrize(
    ("before", "after"), [("2b", "3.1"), ("2.9", "2b"), ("3.9", "3.10"), ("6", "7.1"), ("9.10", "10"), ("10", "11.1")]
)
def test_lines_of_the_sheet_are_in_their_order(before: str, after: str) -> None:
    assert coverage._place(before) < coverage._place(after)
