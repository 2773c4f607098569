"""One migrated installation for the tests of the commands: making one takes seconds."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storeward.cli.installation import Installation, opened


@pytest.fixture(scope="package")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation that is migrated and empty; nobody uses it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        folder = tmp_path_factory.mktemp("made") / "installation"
        with opened(folder):
            return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, the test's own."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    copy = tmp_path / "installation"
    shutil.copytree(made, copy, ignore=shutil.ignore_patterns("run"))
    owner = (made / "postgres").stat()
    for path in [copy / "postgres", *(copy / "postgres").rglob("*")]:
        shutil.chown(path, owner.st_uid, owner.st_gid)
    return copy


@pytest.fixture
def installation(folder: Path) -> Iterator[Installation]:
    with opened(folder) as found:
        yield found
