"""The root of the command line: every failure is one line on standard error and exit code 2."""

import os
import subprocess
import sys
from pathlib import Path

import click
import psycopg
import pytest
from django.db import OperationalError

from storeward.cli import main
from storeward.lib.errors import NotDone


def failing(error: Exception) -> click.Command:
    @click.command()
    def command() -> None:
        raise error

    return command


def wrapped(inside: Exception) -> Exception:
    outside = OperationalError("Django's own words")
    outside.__cause__ = inside
    return outside


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NotDone("The port is taken;\n use --port."), "The port is taken; use --port."),
        (psycopg.OperationalError("server closed\nthe connection"), "The database refused: server closed the connection."),
        (wrapped(psycopg.OperationalError("gone")), "The database refused: gone."),
        (OSError(28, "No space left on device", "/x"), "the disk is full"),
        (KeyError("shop"), "This should not have happened (KeyError: 'shop')"),
        (NotDone("asked http://h/?access_token=TTP_secret"), "access_token=***"),
    ],
)
def test_a_failure_is_one_line_and_exit_code_two(error: Exception, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.guarded(failing(error), []) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert len(err.splitlines()) == 1
    assert "Traceback" not in err


def test_debug_shows_the_traceback(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(main.DEBUG, "1")
    main.guarded(failing(KeyError("shop")), [])
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nonsense"], "No such command 'nonsense'. Try 'storeward --help'."),
        (["status", "--nonsense"], "No such option"),
        (["up", "--port", "many"], "'many' is not a valid integer"),
        (["demo", "--stores", "0"], "0 is not in the range"),
        (["backup"], "Missing argument 'FILE'"),
        (["export"], "Usage"),
    ],
)
def test_wrong_usage_names_what_is_wrong(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err


def test_an_exit_code_of_a_command_is_handed_on() -> None:
    @click.command()
    @click.pass_context
    def bad_answer(ctx: click.Context) -> None:
        ctx.exit(1)

    assert main.guarded(bad_answer, []) == 1


def test_an_interrupt_is_no_failure_of_ours() -> None:
    @click.command()
    def interrupted() -> None:
        raise KeyboardInterrupt

    assert main.guarded(interrupted, []) == main.INTERRUPTED


def test_help_lists_every_command_without_importing_one() -> None:
    code = (
        "import sys; from storeward.cli.main import COMMANDS, run; run(['--help']);"
        "assert not [name for name in sys.modules if name.startswith('django')], 'Django was imported';"
        "print(*COMMANDS)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    *help_text, names = done.stdout.splitlines()
    for name in names.split():
        assert any(line.strip().startswith(name) for line in help_text)


def test_every_command_of_the_list_exists() -> None:
    context = click.Context(main.cli)
    for name in main.COMMANDS:
        assert isinstance(main.cli.get_command(context, name), click.Command)


def test_the_rules_can_be_asked_without_django_and_without_a_database() -> None:
    code = "import sys; from storeward.cli.main import run; run(['policy', 'check']); print('django.db' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


def test_a_reader_that_goes_away_is_no_failure() -> None:
    script = Path(__file__).parents[3] / "bin" / "storeward"
    with subprocess.Popen([script, "policy", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode in (0, -13)


def test_the_script_works_from_any_folder_through_a_link_and_without_a_home(tmp_path: Path) -> None:
    link = tmp_path / "storeward"
    link.symlink_to(Path(__file__).parents[3] / "bin" / "storeward")
    (tmp_path / "click.py").write_text("raise SystemExit('the folder one stands in is not searched for modules')")
    environment = {"PATH": os.environ["PATH"], "HOME": ""}
    done = subprocess.run([link, "--help"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Commands:" in done.stdout
    assert done.stderr == ""
