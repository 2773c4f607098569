"""What a person reads when a command is not done: one sentence, exit code 2, nothing on standard output, no traceback."""

import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from storeward.cli import main
from storeward.cli.demo_world import FILE, DemoWorld
from storeward.lib.errors import NotDone


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "DATABASE_URL_FILE", "STOREWARD_DATA", main.DEBUG):
        monkeypatch.delenv(name, raising=False)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that the command leaves on standard error."""
    assert main.run(list(arguments)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    (line,) = err.splitlines()
    assert line.startswith("storeward: ")
    return line.removeprefix("storeward: ")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["demoo"], "No such command 'demoo'."),
        (["--nonsense"], "No such option '--nonsense'."),
        (["demo", "--nonsense"], "No such option '--nonsense'."),
        (["demo", "--stores", "0"], "0 is not in the range 1<=x<=1000."),
        (["demo", "--stores", "1001"], "1001 is not in the range 1<=x<=1000."),
        (["demo", "--stores", "many"], "'many' is not a valid integer range."),
        (["demo", "--seed", "1.5"], "'1.5' is not a valid integer."),
        (["up", "--port", "http"], "'http' is not a valid integer."),
        (["up", "surplus"], "Got unexpected extra argument (surplus)"),
        (["status", "--json", "surplus"], "Got unexpected extra argument (surplus)"),
        (["export", "returns"], "No such command 'returns'."),
        (["export", "orders", "--csv"], "No such option '--csv'."),
        (["backup"], "Missing argument 'FILE'."),
        (["restore"], "Missing argument 'FILE'."),
        (["restore", "a", "b"], "Got unexpected extra argument (b)"),
    ],
)
def test_wrong_usage_is_told_in_one_line_with_the_way_to_the_help(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = refused(capsys, *arguments)
    assert told in line
    assert line.endswith("--help'.")


@pytest.mark.parametrize(("command", "option"), [("demo", "--port"), ("up", "--data"), ("sync", "--store"), ("demo", "--seed")])
def test_an_option_without_its_value_is_named(command: str, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, command, option) == f"Option '{option}' requires an argument."


@pytest.mark.parametrize("port", ["65536", "99999", "-1"])
def test_a_port_that_does_not_exist_is_named(port: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = refused(capsys, "up", f"--port={port}", "--data", str(tmp_path / "x"))
    assert line == f"There is no port {port}; take one from 1 to 65535."
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("command", ["up", "demo"])
def test_a_taken_port_is_named_before_anything_is_made(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        line = refused(capsys, command, "--port", str(port), "--data", str(tmp_path / "x"))
    assert line == f"Port {port} is taken by another program; end it, or choose another port with --port (0 takes a free one)."
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("arguments", [["sync"], ["export", "orders", "--json"], ["inspect", "--json"], ["backup", "x.backup"]])
def test_a_folder_without_an_installation_is_named_and_not_made(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    line = refused(capsys, *arguments, "--data", str(tmp_path / "slip"))
    assert line == (
        f"There is no installation in {tmp_path / 'slip'}; "
        "start one with `storeward demo` or `up`, or name its folder with --data."
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [["up", "--port", "0"], ["sync"], ["export", "orders"], ["inspect"], ["backup", "x.backup"]]
)
def test_an_unreachable_database_is_named_without_its_password(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "postgresql://ann:s3cret@127.0.0.1:1/shops")
    line = refused(capsys, *arguments, "--data", str(tmp_path / "x"))
    assert line.startswith("Cannot reach the database postgresql://ann:***@127.0.0.1:1/shops: ")
    assert line.endswith("Check DATABASE_URL and that it runs.")
    assert "s3cret" not in line
    assert not (tmp_path / "x.backup").exists()


def test_an_address_that_is_none_is_told_without_repeating_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://ann:s3cret@db/shops")
    assert "s3cret" not in refused(capsys, "sync", "--data", str(tmp_path / "x"))


@pytest.mark.parametrize("command", [["up", "--port", "0"], ["status"], ["sync"]])
def test_a_file_in_place_of_the_folder_is_named(command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("mine")
    assert str(tmp_path / "file") in refused(capsys, *command, "--data", str(tmp_path / "file"))
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "cannot be read"),
        (b"{", "cannot be read"),
        (b"[]", "cannot be read"),
        (b'{"seed": "one"}', "cannot be read"),
        (b'{"seed": 1}', "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
    ],
)
def test_a_damaged_memory_of_the_demo_is_named_and_left_as_it_is(
    content: bytes, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / FILE).write_bytes(content)
    line = refused(capsys, "demo", "--no-open", "--port", "0", "--data", str(tmp_path))
    assert f"{tmp_path / FILE} {told}" in line
    assert line.endswith("start the demo in another folder with --data.")
    assert (tmp_path / FILE).read_bytes() == content


@pytest.mark.parametrize(
    ("wish", "told"), [(["--seed", "2"], "made with --seed 1; "), (["--stores", "3"], "made with --stores 32; ")]
)
def test_another_world_than_the_folders_is_refused(
    wish: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = DemoWorld.of_folder(tmp_path, now=noon(), seed=None, stores=None, frozen=False)
    made.save(tmp_path)
    assert told in refused(capsys, "demo", "--no-open", *wish, "--data", str(tmp_path))
    assert DemoWorld.load(tmp_path) == made


def noon() -> datetime:
    return datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize("name", ["missing.backup", "no/such/folder.backup"])
def test_a_backup_that_is_not_there_is_named(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = refused(capsys, "restore", str(tmp_path / name), "--data", str(tmp_path / "new"))
    assert str(tmp_path / name) in line
    assert "no such file or directory" in line
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("content", [b"", b"no tar", b"\0" * 10_240, b"PK\x03\x04zip", os.urandom(2048)])
def test_a_file_that_is_no_backup_is_named_and_nothing_is_made(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.backup").write_bytes(content)
    line = refused(capsys, "restore", str(tmp_path / "x.backup"), "--data", str(tmp_path / "new"))
    assert line.startswith(f"{tmp_path / 'x.backup'} is no backup of Storeward")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NotDone("A sentence."), "A sentence."),
        (NotDone("Two\n  lines."), "Two lines."),
        (psycopg.OperationalError("the server is\n\tgone"), "The database refused: the server is gone."),
        (psycopg.errors.UndefinedTable('relation "x" does not exist'), 'The database refused: relation "x" does not exist.'),
        (OSError(28, "No space left on device"), "Cannot go on: the disk is full. Free some space, then try again."),
        (
            ZeroDivisionError("division by zero"),
            "This should not have happened (ZeroDivisionError: division by zero). "
            "Run it again with --debug and report what it shows.",
        ),
    ],
)
def test_every_kind_of_failure_has_its_sentence(error: Exception, told: str) -> None:
    assert main.sentence(error) == told
