"""backup and restore: everything an installation keeps, in one file.

The file is a tar: `manifest.json` first, then the folder's own files (keys, what a demo remembers), then `database.dump` in
PostgreSQL's custom format, taken in one snapshot, so that it can be made while everything runs. It holds the keys: whoever has
the file can read the stored tokens.
"""

# ruff: noqa: S603 - every command is a list that we made
import io
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
import msgspec
import psycopg

from storeward.cli.demo_world import FILE as DEMO_FILE
from storeward.cli.installation import known_migrations, opened, opened_existing
from storeward.cli.options import data_option
from storeward.lib import clock, environment, redact
from storeward.lib.errors import NotDone, from_os
from storeward.lib.postgres import Database, client_program, open_database

FORMAT = 1
MANIFEST, DUMP = "manifest.json", "database.dump"
KEPT = ("keys", "files", DEMO_FILE)
"""What of the folder goes into the file; the rest is the database's own, or is made anew."""
USER_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself. `migrations` (app, name) tell whether this version can read it."""

    format: int
    made_at: datetime
    migrations: list[tuple[str, str]]


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@data_option
def backup(file: Path, data: Path) -> None:
    """Write everything into FILE, also while it runs. The file holds the keys: keep it as safe as them."""
    with opened_existing(data) as installation:
        write_backup(installation.database, data, file, clock.now())
    click.echo(f"Everything of {data} is in {file} ({file.stat().st_size / 1e6:.1f} MB).")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@data_option
def restore(file: Path, data: Path) -> None:
    """Bring FILE back into an empty folder (and, with DATABASE_URL, an empty database)."""
    read_backup(file, data, url=environment.text("DATABASE_URL"))
    with opened(data):  # brings an older backup's schema to this version
        click.echo(f"{file} is restored into {data}.")


def write_backup(database: Database, data: Path, file: Path, now: datetime) -> None:
    """Write the backup; `file` appears when it is whole, and an older one of that name stays until then."""
    manifest = Manifest(FORMAT, now, sorted(known_migrations()))
    try:
        with _draft(file) as draft, tempfile.TemporaryDirectory(dir=draft.parent, prefix=".storeward-") as folder:
            dump = Path(folder) / DUMP
            _run("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={dump}", database.superuser_url)
            with tarfile.open(draft, "w") as archive:
                _add_text(archive, MANIFEST, msgspec.json.encode(manifest), now)
                for name in KEPT:
                    if (data / name).exists():
                        archive.add(data / name, name)
                archive.add(dump, DUMP)
    except OSError as error:
        raise from_os(error, f"write the backup {file}") from error


@contextmanager
def _draft(file: Path) -> Iterator[Path]:
    """A private file beside `file` that takes its place when the block succeeds."""
    handle, name = tempfile.mkstemp(dir=file.absolute().parent, prefix=f".{file.name}.")
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _add_text(archive: tarfile.TarFile, name: str, content: bytes, now: datetime) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = len(content), int(now.timestamp()), 0o600
    archive.addfile(entry, io.BytesIO(content))


def read_backup(file: Path, data: Path, *, url: str | None) -> None:
    """Restore `file` into the folder `data` (and the database at `url`, else the embedded one). NotDone: nothing has changed."""
    with _open_archive(file) as archive:
        _check_manifest(archive, file)
        existed = data.exists()
        if existed and any(data.iterdir()):
            raise NotDone(f"{data} is not empty; restore into an empty folder with --data.")
        if url:
            _check_empty(url)
        try:
            _unpack(archive, data, url)
        except BaseException:
            _remove(data, keep_folder=existed)
            raise


@contextmanager
def _open_archive(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file, "r:") as archive:
            yield archive
    except (tarfile.TarError, EOFError) as error:
        raise NotDone(f"{file} is no backup of Storeward, or it is damaged ({redact.error(error)}).") from error
    except OSError as error:
        raise from_os(error, f"restore {file}") from error


def _check_manifest(archive: tarfile.TarFile, file: Path) -> None:
    first = archive.next()
    content = archive.extractfile(first) if first is not None and first.name == MANIFEST else None
    try:
        manifest = msgspec.json.decode(content.read() if content else b"", type=Manifest)
    except msgspec.DecodeError as error:
        raise NotDone(f"{file} is no backup of Storeward.") from error
    unknown = set(manifest.migrations) - known_migrations()
    if manifest.format > FORMAT or unknown:
        raise NotDone(f"{file} was made by a newer version of Storeward; restore it with that one.")
    if DUMP not in archive.getnames():
        raise NotDone(f"{file} is cut short: it holds no database. Take another backup.")


def _check_empty(url: str) -> None:
    with open_database(Path("/"), url=url), psycopg.connect(url) as connection:
        tables = connection.execute(USER_TABLES).fetchone()
    if tables != (0,):
        raise NotDone(f"The database {redact.text(url)} is not empty; restore into an empty one.")


def _unpack(archive: tarfile.TarFile, data: Path, url: str | None) -> None:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    archive.extractall(data, [m for m in archive.getmembers() if m.name not in {MANIFEST, DUMP}], filter="data")
    (data / "keys").chmod(0o700)  # folders come out of a tar with the usual rights
    with open_database(data, url=url) as database, tempfile.NamedTemporaryFile(dir=data, prefix=".restore.") as dump:
        content = archive.extractfile(DUMP)
        assert content is not None, "_check_manifest has seen it"
        shutil.copyfileobj(content, dump)
        dump.flush()
        role = ["--role=storeward"] if database.owned else []
        options = ["--no-owner", "--no-acl", "--exit-on-error", "--single-transaction", *role]
        _run("pg_restore", *options, f"--dbname={database.superuser_url}", dump.name)


def _remove(data: Path, *, keep_folder: bool) -> None:
    if not keep_folder:
        shutil.rmtree(data, ignore_errors=True)
        return
    for path in data.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _run(program: str, *arguments: str) -> None:
    done = subprocess.run([client_program(program), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        complaint = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        if "No space left" in done.stderr:
            complaint = "the disk is full. Free some space, then try again"
        raise NotDone(f"{program} failed: {redact.text(complaint)}.")
