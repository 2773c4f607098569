"""The commands of `policy` that ask an installation: what each hands on to its step, and what it refuses before."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from storeward.cli import policy_asks
from storeward.cli.policy import policy
from storeward.lib.errors import NotDone

Handed = list[tuple[str, ...]]


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> Handed:
    """What would have been asked, without an installation."""
    found: Handed = []

    @contextmanager
    def opened(data: Path) -> Iterator[Path]:
        yield data

    def step(installation: Path, *words: str) -> int:
        found.append(words)
        return 1

    monkeypatch.setattr(policy_asks, "opened_existing", opened)
    monkeypatch.setattr(policy_asks, "answer_by_step", step)
    return found


def run(*words: str) -> Result:
    return CliRunner().invoke(policy, list(words))


# (what is typed, what the step is handed)
HANDED_ON: list[tuple[str, str]] = [
    ("diff 2026-08-01 2026-11-01", "rulebook diff 2026-08-01 2026-11-01"),
    ("diff --from 2026-08-01 --to 2026-11-01 --json", "rulebook diff 2026-08-01 2026-11-01 --json"),
    ("diff 2026-08-01 --to 2026-11-01", "rulebook diff 2026-08-01 2026-11-01"),
    ("diff A B --platform lazada --market my", "rulebook diff A B --platform lazada --region MY"),
    ("diff A B --platform Shopee --region TH --json", "rulebook diff A B --platform shopee --region TH --json"),
    ("history LZD-SOT", "rulebook history LZD-SOT"),
    ("history LZD-SOT --json", "rulebook history LZD-SOT --json"),
    ("draft -", "rulebook draft -"),
    ("draft /tmp/x.toml --title Name --note Why", "rulebook draft /tmp/x.toml --title Name --note Why"),
    ("publish 7", "rulebook publish 7"),
    ("publish 7 --json", "rulebook publish 7 --json"),
    ("withdraw 7 --why misread", "rulebook withdraw 7 --why misread"),
    ("versions", "rulebook versions"),
    ("own", "rulebook own"),
    ("own LZD-SOT", "rulebook own LZD-SOT"),
    ("own LZD-SOT limit=95 --why care", "rulebook own LZD-SOT limit=95 --why care"),
    ("own LZD-SOT limit= --from 2026-12-01 --why over", "rulebook own LZD-SOT limit= --from 2026-12-01 --why over"),
    ("replay", "rulebook replay --days 90"),
    ("replay --rule A --rule B --days 30", "rulebook replay --rule A --rule B --days 30"),
    ("replay --draft 7 --json", "rulebook replay --draft 7 --days 90 --json"),
    ("replay --draft /tmp/x.toml", "rulebook replay --draft /tmp/x.toml --days 90"),
    ("replay --draft -", "rulebook replay --draft - --days 90"),
    ("why 4", "rulebook why 4 --language en"),
    ("why 4 --at 2026-11-20T03:15:00Z --language zh", "rulebook why 4 --at 2026-11-20T03:15:00Z --language zh"),
    ("score tt-a", "score tt-a"),
    ("score tt-a --at 2026-11-20 --json", "score tt-a --at 2026-11-20 --json"),
    ("rates tt-a --items late_dispatch_rate", "rates tt-a --items late_dispatch_rate"),
]


@pytest.mark.parametrize(("typed", "step"), HANDED_ON, ids=[typed for typed, _ in HANDED_ON])
def test_what_is_typed_is_handed_on_and_the_steps_code_is_ours(handed: Handed, typed: str, step: str) -> None:
    result = run(*typed.split())
    assert result.exit_code == 1, result.output
    assert handed == [tuple(step.split())]


def test_a_file_is_handed_on_by_its_whole_path(handed: Handed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run("draft", "x.toml")
    run("replay", "--draft", "x.toml")
    assert handed[0][2] == str(tmp_path / "x.toml")
    assert handed[1][3] == str(tmp_path / "x.toml")


@pytest.mark.parametrize(
    ("typed", "mend"),
    [
        ("diff", "Name two dates"),
        ("diff 2026-08-01", "Name two dates"),
        ("diff A B --platform nowhere", "there are no rules for it"),
        ("diff A B --market XX", "is not known"),
    ],
)
def test_what_does_not_fit_is_said_before_an_installation_is_opened(handed: Handed, typed: str, mend: str) -> None:
    error = run(*typed.split()).exception
    assert isinstance(error, NotDone)
    assert mend in error.message
    assert handed == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("withdraw 7", "Missing option '--why'"),
        ("publish one", "is not a valid integer"),
        ("replay --days 0", "is not in the range"),
        ("replay --days 500", "is not in the range"),
        ("why", "Missing argument"),
        ("why 4 --language fr", "is not one of"),
    ],
)
def test_wrong_usage_is_refused(handed: Handed, typed: str, said: str) -> None:
    result = run(*typed.split())
    assert result.exit_code == 2
    assert said in result.output
    assert handed == []


def test_every_command_has_a_line_of_help_and_is_found() -> None:
    text = run("--help").output
    for name in ("check", "list", "evaluate", "conduct", "coverage", *policy.places):
        assert f"  {name} " in text, name
        assert run(name, "--help").exit_code == 0, name


def test_a_command_that_is_none_is_refused() -> None:
    assert run("nothing").exit_code == 2
