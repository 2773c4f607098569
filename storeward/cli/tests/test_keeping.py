"""Backup and restore, with a real database."""

import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from storeward.cli import keeping
from storeward.cli.installation import Installation, opened
from storeward.cli.main import run
from storeward.lib import crypto
from storeward.lib.errors import NotDone

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADD = "INSERT INTO accounts_workspace (slug, name, currency, created_at) VALUES (%s, %s, 'USD', now())"
COUNT = "SELECT count(*) FROM accounts_workspace"


def count(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(COUNT).fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
def backup(installation: Installation, tmp_path: Path) -> Path:
    """A backup of an installation with two workspaces and a sealed secret, taken while it runs."""
    with psycopg.connect(installation.database.url) as connection:
        for slug, name in (("one", "One"), ("two", "青禾")):
            connection.execute(ADD, [slug, name])
    file = tmp_path / "the.backup"
    keeping.write_backup(installation.database, installation.data, file, NOW)
    return file


def test_everything_comes_back_rows_keys_and_rights(backup: Path, installation: Installation, tmp_path: Path) -> None:
    sealed = crypto.keyring(installation.data / "keys" / "credentials.keys").seal("TTP_token")
    back = tmp_path / "back"
    keeping.read_backup(backup, back, url=None)
    with opened(back) as restored:
        assert count(restored.database.url) == 2
        with psycopg.connect(restored.database.url) as connection:
            connection.execute(ADD, ["three", "Three"])  # the product's role may write
            names = connection.execute("SELECT name FROM accounts_workspace ORDER BY slug").fetchall()
        assert names == [("One",), ("Three",), ("青禾",)]
    assert crypto.keyring(back / "keys" / "credentials.keys").unseal(sealed) == "TTP_token"
    assert count(installation.database.url) == 2


def test_a_backup_can_be_read_by_its_owner_only(backup: Path) -> None:
    assert backup.stat().st_mode & 0o077 == 0
    assert not [path for path in backup.parent.iterdir() if path.name.startswith(".")]


def test_a_folder_that_is_not_empty_is_left_alone(backup: Path, tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine").write_text("kept")
    with pytest.raises(NotDone, match="not empty"):
        keeping.read_backup(backup, full, url=None)
    assert [path.name for path in full.iterdir()] == ["mine"]


def test_a_database_that_is_not_empty_is_left_alone(backup: Path, installation: Installation, tmp_path: Path) -> None:
    with pytest.raises(NotDone, match="not empty"):
        keeping.read_backup(backup, tmp_path / "new", url=installation.database.url)
    assert not (tmp_path / "new").exists()
    assert count(installation.database.url) == 2


def test_a_backup_goes_into_an_empty_database_of_ones_own(backup: Path, installation: Installation, tmp_path: Path) -> None:
    with psycopg.connect(installation.database.superuser_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE elsewhere OWNER storeward")
    url = installation.database.url.replace("/storeward?", "/elsewhere?")
    keeping.read_backup(backup, tmp_path / "new", url=url)
    assert count(url) == 2
    assert (tmp_path / "new" / "keys" / "secret_key").is_file()


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def without_dump(content: bytes) -> bytes:
    return content[:1536]


def foreign(content: bytes) -> bytes:
    return b"PK\x03\x04 something else"


def empty(content: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("spoil", [cut, without_dump, foreign, empty])
def test_a_spoilt_backup_changes_nothing(backup: Path, tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    spoilt = tmp_path / "spoilt"
    spoilt.write_bytes(spoil(backup.read_bytes()))
    with pytest.raises(NotDone, match=r"no backup of Storeward|cut short"):
        keeping.read_backup(spoilt, tmp_path / "new", url=None)
    assert not (tmp_path / "new").exists()


def test_a_damaged_dump_changes_nothing(backup: Path, tmp_path: Path) -> None:
    with tarfile.open(backup) as archive:
        start = archive.getmember(keeping.DUMP).offset_data
    content = bytearray(backup.read_bytes())
    content[start + 10 : start + 2000] = b"\0" * 1990
    backup.write_bytes(bytes(content))
    empty_folder = tmp_path / "empty"
    empty_folder.mkdir()
    with pytest.raises(NotDone, match="pg_restore failed"):
        keeping.read_backup(backup, empty_folder, url=None)
    assert list(empty_folder.iterdir()) == []


def test_a_backup_of_a_newer_version_is_refused(backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "known_migrations", lambda: {("accounts", "0001_initial")})
    with pytest.raises(NotDone, match="newer version"):
        keeping.read_backup(backup, tmp_path / "new", url=None)


def test_an_older_backup_stays_when_a_new_one_fails(
    backup: Path, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(backup))

    before = backup.read_bytes()
    monkeypatch.setattr(keeping, "_run", full)
    with pytest.raises(NotDone, match="the disk is full"):
        keeping.write_backup(installation.database, installation.data, backup, NOW)
    assert backup.read_bytes() == before
    assert not [path for path in backup.parent.iterdir() if path.name.startswith(".")]


def test_the_commands_say_what_they_did_and_what_they_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "b"
    assert run(["backup", str(file), "--data", str(folder)]) == 0
    assert str(file) in capsys.readouterr().out
    assert run(["restore", str(file), "--data", str(folder)]) == 2
    assert "not empty" in capsys.readouterr().err
    assert run(["backup", str(tmp_path / "no" / "b"), "--data", str(folder)]) == 2
    assert "Cannot write the backup" in capsys.readouterr().err
