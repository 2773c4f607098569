"""An installation, opened: its folder, keys and database are there and the schema is that of this version.

`opened` serves every command that needs the database. It imports no Django, so that the parent of all processes stays small:
what needs the models is a process of its own (steps.py, migrate.py).
"""

# ruff: noqa: S603 - every command is a list that we made
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import click
import psycopg

from storeward.cli.sandbox_process import SandboxWorld, run_sandbox, sandbox_credentials
from storeward.lib import crypto, environment, processes
from storeward.lib.errors import NotDone, from_os
from storeward.lib.postgres import Database, open_database

PACKAGE = Path(__file__).resolve().parent.parent
SETTINGS = "storeward.config.settings"
LOOPBACK = "127.0.0.1"
STANDARD_ERROR = 2
DEMO_STORES = 32
"""Eight of each platform, so that every market has one."""
WITHOUT_FLUSHING = "-c synchronous_commit=off"


@dataclass
class Installation:
    """What is open: the folder, the database, and the environment that our processes are started with."""

    data: Path
    database: Database
    environment: Mapping[str, str]


@dataclass
class DemoInstallation(Installation):
    """An installation with a running sandbox and its fleet; `credentials` as `sandbox credentials --json` gives them."""

    port_base: int = 0
    credentials: dict[str, Any] = field(default_factory=dict)


@contextmanager
def opened(data: Path, *, durable: bool = True) -> Iterator[Installation]:
    """The installation in `data`, made at the first call; its embedded server ends with its last user."""
    prepare_folder(data)
    with open_database(data, url=environment.text("DATABASE_URL"), durable=durable) as database:
        installation = Installation(data, database, process_environment(data, database.url))
        if is_behind(database.url):
            migrate(installation)
        yield installation


def migrate(installation: Installation) -> None:
    """Bring the schema to this version, in a process of its own.

    An embedded server does not flush every statement of it: what a power cut takes is found missing and made at the next start.
    """
    later = {"PGOPTIONS": WITHOUT_FLUSHING} if installation.database.owned else {}
    command = [*processes.dies_with_parent(), sys.executable, "-m", "storeward.cli.migrate"]
    code = subprocess.run(command, env={**installation.environment, **later}, stdout=STANDARD_ERROR, check=False).returncode
    if code:
        raise click.exceptions.Exit(code)


@contextmanager
def opened_existing(data: Path) -> Iterator[Installation]:
    """As `opened`, for commands that must not make an installation by a slip in a folder's name."""
    if not (data / "keys").is_dir() and not environment.text("DATABASE_URL"):
        raise NotDone(
            f"There is no installation in {data}; start one with `storeward demo` or `up`, or name its folder with --data."
        )
    with opened(data) as installation:
        yield installation


@contextmanager
def demo_installation(data: Path | None = None, *, stores: int = DEMO_STORES, seed: int = 1) -> Iterator[DemoInstallation]:
    """A migrated installation and a sandbox, whose stores are not yet connected, for the length of the block.

    Without `data` everything lives in a temporary folder that goes with the block.
    """
    base = processes.free_port_range(LOOPBACK, 5, first=20_000 + os.getpid() % 7000 * 5)
    # The sandbox makes its world while the database is made.
    world = SandboxWorld(seed=seed, stores=stores, port_base=base)
    with _folder(data) as folder, run_sandbox(world, os.environ) as ready, opened(folder, durable=data is not None) as opening:
        ready()
        credentials = sandbox_credentials(base, opening.environment)
        yield DemoInstallation(opening.data, opening.database, opening.environment, base, credentials)


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="storeward-demo-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def prepare_folder(data: Path) -> None:
    """The folder and its keys; nothing that is there is touched."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        crypto.create_secret(data / "keys" / "secret_key")
        crypto.create_keys(data / "keys" / "credentials.keys")
    except OSError as error:
        raise from_os(error, f"make the folder {data}") from error


def process_environment(data: Path, url: str) -> dict[str, str]:
    """The environment of our own processes, which find the same folder, database and keys."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL_FILE"}
    ours = {
        "STOREWARD_DATA": str(data),
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "MALLOC_ARENA_MAX": "2",  # threads share heaps: half the memory of a worker, no slower
    }
    if not {"STOREWARD_SECRET_KEY", "STOREWARD_SECRET_KEY_FILE"} & kept.keys():
        ours["STOREWARD_SECRET_KEY_FILE"] = str(data / "keys" / "secret_key")
    return {**kept, **ours}


def is_behind(url: str) -> bool:
    """Whether migrations are missing. Compares names, so that a start costs one query and no import."""
    with psycopg.connect(url) as connection:
        try:
            applied = set(connection.execute("SELECT app, name FROM django_migrations").fetchall())
        except psycopg.errors.UndefinedTable:
            return True
    return not known_migrations() <= applied


def known_migrations() -> set[tuple[str, str]]:
    """App and name of every migration of this version, third parties' included."""
    folders = {path.parent.name: path for path in PACKAGE.glob("*/migrations")}
    django_folder = Path(str(distribution("django").locate_file("django/contrib")))
    folders |= {name: django_folder / name / "migrations" for name in ("auth", "contenttypes", "sessions")}
    queue = distribution("procrastinate").locate_file("procrastinate/contrib/django/migrations")
    folders["procrastinate"] = Path(str(queue))
    return {(label, file.stem) for label, folder in folders.items() for file in folder.glob("[0-9]*.py")}


def answer_by_step(installation: Installation, *arguments: str, input: str | None = None) -> int:
    """Run one of storeward.cli.steps in a process of its own; its standard output is this command's. Returns its exit code."""
    sys.stdout.flush()
    command = [*processes.dies_with_parent(), sys.executable, "-m", "storeward.cli.steps", *arguments]
    return subprocess.run(command, env=dict(installation.environment), input=input, text=True, check=False).returncode
