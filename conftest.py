"""What every test may use: the specification folder, and the rule for when it is missing.

Third-party data (schemas, sample payloads, worked examples) is never copied into the repository. Tests read it from a folder
`shared` beside the checkout, or from where STOREWARD_SHARED points. A stranger's clone has none: those tests then say that they
were left out. In continuous integration its absence is a failure, so that a green run cannot hide it.

Tests that need a database (`db`, `transactional_db`, `django_db`) get a real PostgreSQL: that of DATABASE_URL, else one
embedded server for the whole run, started when the first test asks for it and shared by all workers of pytest-xdist, each with
a database of its own.
"""

import functools
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import TransactionTestCase

from storeward.lib import environment
from storeward.lib.postgres import Database, open_database

ROOT = Path(__file__).resolve().parent


def shared_path() -> Path | None:
    """The specification folder, or None where this clone has none."""
    path = Path(os.environ.get("STOREWARD_SHARED") or ROOT.parent / "shared")
    return path if path.is_dir() else None


def require_shared() -> Path:
    """The specification folder; leaves the test out where there is none, and fails in continuous integration."""
    path = shared_path()
    if path is not None:
        return path
    if os.environ.get("CI"):
        pytest.fail("the specification folder (../shared or STOREWARD_SHARED) must be there in CI")
    pytest.skip("left out: no specification folder (../shared or STOREWARD_SHARED) beside this clone")


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    return require_shared()


# A busy machine is no mistake of ours: examples have no time limit. The same examples every time: a red run can be repeated.
hypothesis.settings.register_profile(
    "storeward",
    deadline=None,
    max_examples=60,
    database=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("storeward")


def pytest_configure() -> None:
    # Signing in happens in hundreds of tests, and the real hash is slow on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    TransactionTestCase._fixture_teardown = empty_tables  # type: ignore[attr-defined]


MADE_BY_MIGRATIONS = {"django_migrations", "django_content_type", "auth_permission"}
APPEND_ONLY = ("audit_entry", "rulebook_ownfigure")
"""They refuse to be deleted from, and are truncated where they hold something."""
QUEUE = ("procrastinate_events", "procrastinate_periodic_defers", "procrastinate_jobs", "procrastinate_workers")
"""In the order in which their references let them go; those of all other tables are looked at when the transaction ends."""


@functools.cache
def emptying() -> str:
    """Statements that empty every table but those that migrations fill."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        named = [row[0] for row in cursor.fetchall()]
    tables = [*QUEUE, *(name for name in named if name not in {*MADE_BY_MIGRATIONS, *QUEUE, *APPEND_ONLY})]
    kept = (f"IF EXISTS (SELECT FROM {name}) THEN TRUNCATE {name}; END IF;" for name in APPEND_ONLY)
    return f"DO $$ BEGIN {' '.join(kept)} END $$;" + ";".join(f'DELETE FROM "{name}"' for name in tables)  # noqa: S608 - names of the catalogue


def empty_tables(_: object) -> None:
    """What Django does after a test that commits, at a fortieth of the price: tests leave few rows behind, and to truncate a
    table costs the same however empty it is.
    """
    with connection.cursor() as cursor:
        cursor.execute(emptying())


@pytest.fixture(scope="session")
def database_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A PostgreSQL for this run of the tests. Its databases are the tests' own: make one, do not write into `storeward`."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base  # xdist: a folder a worker below the run's
    with open_database(shared / "server", url=os.environ.get("DATABASE_URL"), durable=False) as database:
        yield database


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, database_server: Database) -> None:
    """Point Django at the server of this run; pytest-django then makes `test_storeward` (or `test_storeward_gw0`) on it."""
    entry = environment.database(database_server.url)
    wanted = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    connections.databases["default"].update({key: entry[key] for key in wanted})
