"""What must hold for the whole tree, and what imports alone cannot say."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = {".py", ".md", ".toml", ".txt", ".in", ".html", ".css", ".js", ".sh", ".bash", ".cfg", ".json", ".po", ""}

WRITES = re.compile(r"(?<!cache)\.(save|delete|bulk_create|bulk_update|update_or_create|get_or_create)\(|objects\.create\(")
MACHINE_PATHS = re.compile(r"(?<![\w.])/(work|root|home/\w+|Users/\w+)/")
REGISTRY = re.compile(r"--(extra-)?index-url|(?<!\w)pypi\.(?!org\b)[\w.-]+|(nexus|artifactory|devpi)[\w.-]*[./]")


def tracked() -> list[Path]:
    """The files of this checkout that are under version control."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("left out: this is no git checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def sources(*, tests: bool) -> Iterator[Path]:
    """Python files, those of tests or the others; without migrations, which are generated."""
    for path in tracked():
        is_test = "tests" in path.relative_to(ROOT).parts or path.name == "conftest.py"
        if path.suffix == ".py" and is_test is tests and "migrations" not in path.parts:
            yield path


def lines(paths: Iterator[Path]) -> int:
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def imports_inside_functions(path: Path) -> int:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    found = {inner for function in functions for inner in ast.walk(function) if isinstance(inner, ast.Import | ast.ImportFrom)}
    return len(found)


def test_a_later_stage_imports_an_earlier_one_never_the_reverse() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'sandbox'}"}
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_imports_inside_functions_stay_rare() -> None:
    paths = list(sources(tests=False))
    found = {str(path.relative_to(ROOT)): count for path in paths if (count := imports_inside_functions(path))}
    assert sum(found.values()) * 1000 < 1.5 * lines(iter(paths)), found


def test_there_is_at_least_as_much_test_as_code() -> None:
    code, tests = lines(sources(tests=False)), lines(sources(tests=True))
    assert tests >= code, f"{tests} lines of tests for {code} lines of code"


def test_pages_do_not_write() -> None:
    """They decode, call one function of a stage, and show; what is written is written by the stages."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sources(tests=False)
        if path.is_relative_to(ROOT / "storeward" / "web")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if WRITES.search(line)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("what", "pattern"),
    [("a path of one machine", MACHINE_PATHS), ("a package registry other than PyPI", REGISTRY)],
)
def test_no_tracked_file_names(what: str, pattern: re.Pattern[str]) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in tracked()
        if path.suffix in TEXT and "vendor" not in path.parts and path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found, f"{what}:\n" + "\n".join(found[:20])


def test_nothing_is_left_unfinished() -> None:
    words = ["TO" + "DO", "FIX" + "ME", "raise NotImplemented" + "Error"]
    marks = re.compile("|".join(words) + r"|pytest\.mark\.(skip\b|xfail)|except( Exception)?: *pass")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for tests in (False, True)
        for path in sources(tests=tests)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if marks.search(line)
    ]
    assert not found, found


def test_every_function_of_the_product_is_short_as_a_rule() -> None:
    lengths = sorted(
        node.end_lineno - node.lineno + 1
        for path in sources(tests=False)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None
    )
    assert lengths[len(lengths) // 2] <= 12
    assert sum(length > 60 for length in lengths) < len(lengths) / 10
