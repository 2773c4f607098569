"""Which terms stand for each rule, and which tests exercise it: found by looking, so that no list can be forgotten.

`docs/rules.md` is this table, written by `storeward policy coverage`.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from . import terms
from .terms import INTERNAL, Rule

ROOT = Path(__file__).resolve().parent.parent.parent
"""The checkout: the folder of `storeward` and `tests`."""

PLATFORMS = {
    "tiktok_shop": "TikTok Shop",
    "shopee": "Shopee",
    "lazada": "Lazada",
    "douyin": "Douyin Shop",
    INTERNAL: "Our routine",
}

BOOKKEEPING = frozenset({"test_examples.py", "test_coverage.py"})
"""Tests that name rules without exercising them: they compare lists."""

_ID = re.compile(r"[A-Z]{2,4}(?:-[A-Z0-9]+)+")


@dataclass(frozen=True, slots=True)
class Covered:
    """A rule with where its terms stand (`lazada/points.toml`) and the test files that name it, both relative."""

    platform: str
    rule: Rule
    file: str
    tests: tuple[str, ...]


def covered(root: Path = ROOT) -> list[Covered]:
    """Every rule in the order of the data."""
    files, tests = term_files(), named_in_tests(root)
    return [Covered(platform, rule, files[rule.id], tests.get(rule.id, ())) for platform, rule in terms.book()]


def term_files(folder: Path = terms.FOLDER) -> dict[str, str]:
    """The file that holds a rule, by its id."""
    return {
        rule["id"]: f"{path.parent.name}/{path.name}"
        for path in sorted(folder.glob("*/*.toml"))
        for rule in tomllib.loads(path.read_text("utf-8"))["rule"]
    }


def named_in_tests(root: Path) -> dict[str, tuple[str, ...]]:
    """Ids of rules that test files name, each with these files."""
    found: dict[str, list[str]] = {}
    for path in test_files(root):
        for name in sorted(set(_ID.findall(path.read_text("utf-8")))):
            found.setdefault(name, []).append(path.relative_to(root).as_posix())
    return {name: tuple(paths) for name, paths in found.items()}


def test_files(root: Path) -> list[Path]:
    """Every file of tests that judge rules."""
    found = [*root.glob("storeward/**/tests/test_*.py"), *root.glob("tests/**/test_*.py")]
    return sorted(path for path in found if path.name not in BOOKKEEPING)


def sheet(rules: Iterable[Rule]) -> dict[str, list[str]]:
    """Lines of the fact sheet of Douyin Shop, each with the rules that stand for it."""
    found: dict[str, list[str]] = {}
    for rule in rules:
        for line in rule.sheet:
            found.setdefault(line, []).append(rule.id)
    return dict(sorted(found.items(), key=lambda entry: _place(entry[0])))


def _place(line: str) -> tuple[int, int]:
    """`3.10` after `3.9`, `2b` after the lines of section 2."""
    section, _, number = line.partition(".")
    digits = section.rstrip("b")
    return int(digits), int(number) if number else (999 if section.endswith("b") else 0)


# -- the page -----------------------------------------------------------------------------------------

_HEAD = """# Every rule, its terms and its tests

Made by `bin/storeward policy coverage --write docs/rules.md`; do not edit it by hand. A rule without a test, a row of the
specification without a rule, or a table that is no longer true fails a test (`storeward/policy/tests/test_coverage.py`).

*Judged by* names the form in `storeward/policy/engine.py`, or says why the rule gives no finding. *Asks* are figures that no
source names: the rule answers 'cannot tell' until a workspace sets its own. *Tests* are files that name the rule.
"""

_COLUMNS = ("rule", "markets", "terms in", "from", "confidence", "judged by", "asks", "tests")


def page(rows: Iterable[Covered]) -> str:
    """The whole of `docs/rules.md`."""
    held = list(rows)
    parts = [_HEAD]
    for platform, title in PLATFORMS.items():
        mine = [row for row in held if row.platform == platform]
        parts.append(f"## {title}\n\n{_table(mine)}\n")
    parts.append(f"## The fact sheet of Douyin Shop\n\n{_sheet_table(sheet(row.rule for row in held))}\n")
    return "\n".join(parts)


def _table(rows: Iterable[Covered]) -> str:
    lines = [f"| {' | '.join(_COLUMNS)} |", f"|{'---|' * len(_COLUMNS)}"]
    return "\n".join([*lines, *(f"| {' | '.join(_cells(row))} |" for row in rows)])


def _cells(row: Covered) -> tuple[str, ...]:
    rule = row.rule
    return (
        rule.id,
        " ".join(rule.regions),
        row.file,
        ", ".join(str(span.from_ or "always") for span in rule.terms),
        ", ".join(dict.fromkeys(span.confidence for span in rule.terms)),
        f"`{rule.form}`" if rule.form else f"nobody: {rule.silent}",
        " ".join(rule.asks),
        " ".join(_short(path) for path in row.tests),
    )


def _short(path: str) -> str:
    """`policy: reckoned_orders` for storeward/policy/tests/test_reckoned_orders.py."""
    folder, _, name = path.rpartition("/")
    return f"{folder.removeprefix('storeward/').removesuffix('/tests')}:{name.removeprefix('test_').removesuffix('.py')}"


def _sheet_table(lines: Mapping[str, list[str]]) -> str:
    head = ["| section and line | rules |", "|---|---|"]
    return "\n".join([*head, *(f"| {line} | {' '.join(rules)} |" for line, rules in lines.items())])


def rows_of(text: str) -> dict[str, list[str]]:
    """The cells of each rule as a page holds them, by id: for comparing a page that was checked in."""
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if len(cells) == len(_COLUMNS) and _ID.fullmatch(cells[0]):
            found[cells[0]] = cells
    return found
