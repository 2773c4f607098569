"""Opening an installation."""

import os
import stat
from pathlib import Path

import psycopg
import pytest

from storeward.cli.installation import (
    Installation,
    is_behind,
    known_migrations,
    opened,
    opened_existing,
    prepare_folder,
    process_environment,
)
from storeward.lib.errors import NotDone


def test_an_opened_installation_has_the_schema_of_this_version(installation: Installation) -> None:
    assert not is_behind(installation.database.url)
    with psycopg.connect(installation.database.url) as connection:
        assert connection.execute("SELECT count(*) FROM stores_store").fetchone() == (0,)


def test_every_migration_counts_third_parties_included() -> None:
    labels = {label for label, _ in known_migrations()}
    assert {"accounts", "stores", "records", "sync", "findings", "procrastinate", "auth", "sessions"} <= labels


def test_a_schema_that_lacks_one_migration_is_behind(installation: Installation) -> None:
    with psycopg.connect(installation.database.url) as connection:
        connection.execute("DELETE FROM django_migrations WHERE app = 'findings'")
    assert is_behind(installation.database.url)


def test_the_keys_are_private_and_stay(tmp_path: Path) -> None:
    prepare_folder(tmp_path / "new")
    keys = tmp_path / "new" / "keys"
    before = {path.name: path.read_text() for path in keys.iterdir()}
    prepare_folder(tmp_path / "new")
    assert {path.name: path.read_text() for path in keys.iterdir()} == before
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()} == {0o600}
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotDone, match="make the folder"):
        prepare_folder(tmp_path / "file" / "below")


def test_a_slip_in_a_folders_name_makes_no_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(NotDone, match="no installation"), opened_existing(tmp_path / "slip"):
        pass
    assert not (tmp_path / "slip").exists()


def test_an_unreachable_database_is_told_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(NotDone, match="Cannot reach the database"), opened(tmp_path / "x"):
        pass


def test_our_processes_find_the_same_folder_database_and_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL_FILE", "/elsewhere")
    for name in ("STOREWARD_SECRET_KEY", "STOREWARD_SECRET_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    environment = process_environment(tmp_path, "postgresql:///x")
    assert environment["STOREWARD_DATA"] == str(tmp_path)
    assert environment["DATABASE_URL"] == "postgresql:///x"
    assert environment["STOREWARD_SECRET_KEY_FILE"] == str(tmp_path / "keys" / "secret_key")
    assert "DATABASE_URL_FILE" not in environment
    assert environment["PATH"] == os.environ["PATH"]


def test_a_secret_key_of_ones_own_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOREWARD_SECRET_KEY", "k" * 40)
    assert "STOREWARD_SECRET_KEY_FILE" not in process_environment(tmp_path, "postgresql:///x")
