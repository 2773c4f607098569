"""up, status, sync and export as processes, with kill -9."""

import json
import os
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import psutil
import psycopg
import pytest

from storeward.cli import supervise
from storeward.cli.installation import Installation
from storeward.cli.main import run
from storeward.cli.progress import sync_progress
from storeward.lib import clock

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def storeward(*arguments: str) -> list[str]:
    return [str(ROOT / "bin" / "storeward"), *arguments]


@dataclass
class Up:
    """A running `up`."""

    process: subprocess.Popen[str]
    folder: Path
    url: str

    def status(self) -> dict[str, Any]:
        state = supervise.read_state(self.folder)
        assert state is not None
        found: dict[str, Any] = msgspec.to_builtins(state)
        return found

    def pid(self, role: str) -> int | None:
        return next((p["pid"] for p in self.status()["processes"] if p["role"] == role), None)

    def serves(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "sign-in/", timeout=30) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def eventually(holds: Callable[[], bool], seconds: float = 60) -> bool:
    deadline = clock.monotonic() + seconds
    while clock.monotonic() < deadline:
        if holds():
            return True
        clock.pause(0.1)
    return holds()


@pytest.fixture
def up(folder: Path) -> Iterator[Up]:
    command = storeward("up", "--port", "0", "--data", str(folder))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Storeward is ready at http://127.0.0.1:"), line
        yield Up(process, folder, line.split()[-1])
        process.terminate()


def test_what_is_killed_comes_back_and_everything_ends_with_a_signal(up: Up, capsys: pytest.CaptureFixture[str]) -> None:
    assert up.serves()
    assert eventually(lambda: up.pid("worker") is not None)
    for role in ("web", "worker", "database"):
        before = up.pid(role)
        assert before is not None
        os.kill(before, signal.SIGKILL)
        assert eventually(lambda: up.pid(role) not in (None, before)), role  # noqa: B023 - called at once
    assert eventually(up.serves)

    assert run(["status", "--json", "--data", str(up.folder)]) == 0
    status = json.loads(capsys.readouterr().out)
    assert status["running"] is True
    assert status["url"] == up.url
    assert {process["role"] for process in status["processes"]} == {"web", "worker", "database"}
    assert status["sync"] == {"running": 0, "waiting": 0, "failed": 0, "last_finished_at": None}

    assert run(["up", "--port", "0", "--data", str(up.folder)]) == 2
    assert f"runs already in {up.folder} at {up.url}" in capsys.readouterr().err

    pids = [process["pid"] for process in status["processes"]]
    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(60) == 0
    assert not [pid for pid in pids if psutil.pid_exists(pid)]
    assert run(["status", "--data", str(up.folder)]) == 2


def test_a_killed_parent_takes_everything_along(up: Up) -> None:
    assert eventually(lambda: up.pid("worker") is not None)
    pids = [process["pid"] for process in up.status()["processes"]]
    os.kill(up.status()["pid"], signal.SIGKILL)
    assert eventually(lambda: not [pid for pid in pids if psutil.pid_exists(pid)])
    assert supervise.read_state(up.folder) is None


def test_without_anything_running_status_says_so_and_starts_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status", "--json", "--data", str(tmp_path / "nothing")]) == 2
    assert json.loads(capsys.readouterr().out) == {
        "running": False,
        "url": None,
        "processes": [],
        "sync": {"running": None, "waiting": None, "failed": None, "last_finished_at": None},
    }
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize(("pid", "created"), [(os.getpid(), 1.0), (2**22 - 1, 1.0)], ids=["a living process", "none"])
def test_a_number_that_another_process_has_now_is_not_taken_for_ours(tmp_path: Path, pid: int, created: float) -> None:
    state = supervise.State(pid=pid, created=created, url="http://127.0.0.1:1/", processes=[])
    (tmp_path / supervise.STATE).write_bytes(msgspec.json.encode(state))
    assert supervise.read_state(tmp_path) is None


def test_a_dead_process_is_not_listed_while_its_parent_lives(tmp_path: Path) -> None:
    listed = [supervise.Process("web", os.getpid()), supervise.Process("worker", 2**22 - 1)]
    state = supervise.State(os.getpid(), psutil.Process().create_time(), "http://127.0.0.1:1/", listed)
    (tmp_path / supervise.STATE).write_bytes(msgspec.json.encode(state))
    found = supervise.read_state(tmp_path)
    assert found is not None
    assert [process.role for process in found.processes] == ["web"]


def test_a_taken_port_is_one_sentence_before_anything_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        assert run(["up", "--port", port, "--data", str(tmp_path / "x")]) == 2
    err = capsys.readouterr().err
    assert f"Port {port} is taken" in err
    assert not (tmp_path / "x").exists()


def test_export_prints_nothing_for_an_empty_installation_and_names_an_unknown_store(folder: Path) -> None:
    def export(*more: str) -> subprocess.CompletedProcess[str]:
        command = storeward("export", "orders", "--json", "--data", str(folder), *more)
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert (export().returncode, export().stdout) == (0, "")
    unknown = export("--store", "tt-my-nobody9")
    assert unknown.returncode == 2
    assert unknown.stdout == ""
    assert "tt-my-nobody9" in unknown.stderr
    assert len(unknown.stderr.splitlines()) == 1


def test_sync_without_workers_does_the_work_itself_and_has_nothing_to_do_here(folder: Path) -> None:
    done = subprocess.run(storeward("sync", "--data", str(folder)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


STORE = """
INSERT INTO accounts_workspace (id, slug, name, currency, created_at) VALUES (1, 'w', 'W', 'USD', now());
INSERT INTO stores_store (id, workspace_id, key, platform, platform_store_id, platform_handle, name, region, timezone, currency,
                          seller_type, programme, state, status, settings, added_at)
SELECT n, 1, 's' || n, 'tiktok_shop', n, '', 'S', 'MY', 'Asia/Kuala_Lumpur', 'MYR', 'local', 'none', '', 'open', '{}', now()
FROM generate_series(1, 4) AS n;
INSERT INTO records_stream (store_id, workspace_id, name, due_at, observed_at, filled, position, error_family, error_text,
                            failing_since, failures)
VALUES (1, 1, 'orders', '2026-11-22 11:00Z', '2026-11-22 10:00Z', true, '{}', '', '', NULL, 0),
       (2, 1, 'orders', '2026-11-22 13:00Z', '2026-11-22 11:30Z', true, '{}', '', '', NULL, 0),
       (3, 1, 'orders', '2026-11-22 13:00Z', NULL, true, '{}', 'unavailable', '', '2026-11-22 09:00Z', 3),
       (4, 1, 'push', '2026-11-22 11:00Z', NULL, true, '{}', '', '', NULL, 0);
INSERT INTO procrastinate_jobs (queue_name, task_name, lock, status, args)
VALUES ('sync', 'storeward.pipeline.sync_store', 'store:2', 'doing', '{"store_id": 2}');
"""


def test_progress_counts_stores_by_what_happens_to_them(installation: Installation) -> None:
    with psycopg.connect(installation.database.url) as connection:
        connection.execute(STORE)
    progress = sync_progress(installation.database.url, NOW)
    assert progress is not None
    assert (progress.running, progress.waiting, progress.failed) == (1, 1, 1)
    assert progress.last_finished_at == datetime(2026, 11, 22, 11, 30, tzinfo=UTC)


def test_a_database_that_does_not_answer_leaves_progress_unknown() -> None:
    assert sync_progress("postgresql://nobody@127.0.0.1:1/none", NOW) is None
