"""The embedded PostgreSQL: one server a folder, for as long as somebody uses it."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from storeward.lib import clock, postgres
from storeward.lib.errors import NotDone
from storeward.lib.postgres import Database, check_reachable, embedded_url, open_database

USE = """
import sys
from pathlib import Path
from storeward.lib.postgres import open_database
with open_database(Path(sys.argv[1]), durable=False) as database:
    print(database.pid, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that has been used before, so that tests need not wait for initdb."""
    path = tmp_path_factory.mktemp("installation")
    open_database(path, durable=False).close()
    return path


@pytest.fixture
def database(folder: Path) -> Iterator[Database]:
    with open_database(folder, durable=False) as opened:
        yield opened


def ask(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


def wait_for_the_end(pid: int, seconds: float = 60) -> bool:
    deadline = clock.monotonic() + seconds
    while psutil.pid_exists(pid) and clock.monotonic() < deadline:
        clock.pause(0.05)
    return not psutil.pid_exists(pid)


def test_the_product_works_with_a_role_that_is_no_superuser(database: Database) -> None:
    assert ask(database.url, "SELECT current_user") == "storeward"
    assert ask(database.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


def test_the_server_listens_on_no_network_address(database: Database) -> None:
    assert ask(database.url, "SHOW listen_addresses") == ""


def test_the_server_does_not_run_as_root(database: Database) -> None:
    assert database.pid is not None
    assert psutil.Process(database.pid).uids().real != 0


def test_the_server_ends_with_its_last_user_and_leaves_nothing_running(folder: Path) -> None:
    first, second = open_database(folder, durable=False), open_database(folder, durable=False)
    pid = first.pid
    assert pid is not None
    assert pid == second.pid
    first.close()
    assert ask(second.url, "SELECT 1") == 1
    second.close()
    assert not psutil.pid_exists(pid)
    assert embedded_url(folder) is None
    assert not [p for p in psutil.process_iter(["cmdline"]) if str(folder) in " ".join(p.info["cmdline"] or [])]


def test_what_was_committed_is_there_after_kill_nine(folder: Path) -> None:
    with open_database(folder) as database:
        with psycopg.connect(database.url) as connection:
            connection.execute("CREATE TABLE kept (n int)")
            connection.execute("INSERT INTO kept VALUES (7)")
        killed = database.pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        assert wait_for_the_end(killed)
        database.revive()
        assert database.pid not in (None, killed)
        assert ask(database.url, "SELECT n FROM kept") == 7


def test_a_killed_user_takes_the_server_along(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", USE, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as user:
        assert user.stdout is not None
        pid = int(user.stdout.readline())
        user.kill()
        user.wait()
        assert wait_for_the_end(pid)


def test_a_leftover_pid_file_with_somebody_elses_number_is_no_obstacle(folder: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (folder / "postgres" / "postmaster.pid").write_text(f"{stranger.pid}\n{folder}\n0\n5432\n")
        with open_database(folder, durable=False) as database:
            assert database.pid not in (None, stranger.pid)
        stranger.kill()


def test_two_first_uses_at_once_wait_for_one_another(tmp_path: Path) -> None:
    opened: list[Database] = []
    together = [threading.Thread(target=lambda: opened.append(open_database(tmp_path, durable=False))) for _ in range(2)]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join()
    assert len(opened) == 2
    assert opened[0].pid == opened[1].pid is not None
    for database in opened:
        database.close()


def test_a_long_path_is_no_obstacle_and_two_folders_are_two_servers(tmp_path: Path, database: Database) -> None:
    deep = tmp_path / ("a-rather-long-name-" * 5) / ("and-another-one-" * 5)
    with open_database(deep, durable=False) as other:
        assert ask(other.url, "SELECT 1") == 1
        assert other.pid != database.pid


def test_a_folder_of_another_major_version_is_refused_with_the_way_out(tmp_path: Path) -> None:
    cluster = tmp_path / "postgres"
    cluster.mkdir(mode=0o700)
    (cluster / "PG_VERSION").write_text("16\n")
    with pytest.raises(NotDone, match=r"made by PostgreSQL 16.*backup"):
        open_database(tmp_path)


def test_a_start_that_fails_names_the_reason_and_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgres.SETTINGS, "max_connections", "many")
    with pytest.raises(NotDone, match=r"did not start.*contains errors.*postgres\.log"):
        open_database(tmp_path)


def test_an_unreachable_database_is_one_sentence_without_its_password() -> None:
    with pytest.raises(NotDone) as caught:
        check_reachable("postgresql://someone:hush@127.0.0.1:1/nothing")
    assert "Cannot reach the database" in caught.value.message
    assert "DATABASE_URL" in caught.value.message
    assert "hush" not in caught.value.message


def test_a_database_of_ones_own_is_used_as_it_is(database: Database, tmp_path: Path) -> None:
    with open_database(tmp_path / "nothing", url=database.url) as own:
        assert (own.url, own.owned, own.pid) == (database.url, False, None)
    assert not (tmp_path / "nothing").exists()
    assert ask(database.url, "SELECT 1") == 1
