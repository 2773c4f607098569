"""The parent's parts one by one: its state file, its lock, the world of the sandbox, and what `sync` reports."""

import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psutil
import pytest

from storeward import pipeline
from storeward.cli import sandbox_process, supervise
from storeward.cli.installation import WITHOUT_FLUSHING, Installation, process_environment
from storeward.cli.sandbox_process import SandboxWorld
from storeward.cli.supervise import Process, State
from storeward.lib import clock, processes
from storeward.lib.errors import NotDone
from storeward.lib.postgres import Database

ROOT = Path(__file__).parents[3]
WITH_SANDBOX = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'sandbox'}"}
URL = "http://127.0.0.1:8400/"
NOBODY = 2**22 - 1  # above what Linux gives out


def me() -> State:
    return State(os.getpid(), psutil.Process().create_time(), URL, [])


def write(folder: Path, state: State) -> None:
    (folder / supervise.STATE).write_bytes(msgspec.json.encode(state))


# -- the state file ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'{"pid": 1}', b'{"pid": "1", "created": 0, "url": "", "processes": []}', b"\xff\xfe"],
)
def test_a_state_file_that_cannot_be_read_means_that_nothing_runs(tmp_path: Path, content: bytes) -> None:
    (tmp_path / supervise.STATE).write_bytes(content)
    assert supervise.read_state(tmp_path) is None


def test_without_a_state_file_nothing_runs(tmp_path: Path) -> None:
    assert supervise.read_state(tmp_path) is None
    assert supervise.read_state(tmp_path / "missing") is None


def test_a_living_parent_is_found_with_its_address(tmp_path: Path) -> None:
    write(tmp_path, me())
    found = supervise.read_state(tmp_path)
    assert found is not None
    assert (found.pid, found.url, found.processes) == (os.getpid(), URL, [])


@pytest.mark.parametrize(("seconds", "ours"), [(0.0, True), (0.5, True), (-0.5, True), (2.0, False), (-3600.0, False)])
def test_a_parent_is_known_by_its_start_not_by_its_number_alone(tmp_path: Path, seconds: float, ours: bool) -> None:
    write(tmp_path, msgspec.structs.replace(me(), created=me().created + seconds))
    assert (supervise.read_state(tmp_path) is not None) is ours


def test_the_dead_are_left_out_and_the_living_keep_their_order(tmp_path: Path) -> None:
    listed = [Process("web", os.getpid()), Process("worker", NOBODY), Process("database", os.getppid())]
    write(tmp_path, msgspec.structs.replace(me(), processes=listed))
    found = supervise.read_state(tmp_path)
    assert found is not None
    assert [process.role for process in found.processes] == ["web", "database"]


def test_a_process_that_has_ended_but_was_not_collected_counts_as_dead(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        deadline = clock.monotonic() + 60
        while psutil.Process(ended.pid).status() != psutil.STATUS_ZOMBIE and clock.monotonic() < deadline:
            clock.pause(0.01)
        write(tmp_path, msgspec.structs.replace(me(), processes=[Process("web", ended.pid)]))
        found = supervise.read_state(tmp_path)
    assert found is not None
    assert found.processes == []


# -- one parent a folder ----------------------------------------------------------------------------------------------------


def test_a_second_parent_is_told_where_the_first_serves(tmp_path: Path) -> None:
    with supervise.only_one(tmp_path):
        write(tmp_path, me())
        with pytest.raises(NotDone) as caught, supervise.only_one(tmp_path):
            pass
        assert caught.value.message == f"Storeward runs already in {tmp_path} at {URL}; end it first, or use --data."
        assert supervise.read_state(tmp_path) is not None, "the second one took the first one's state away"


def test_a_second_parent_is_refused_before_the_first_has_an_address(tmp_path: Path) -> None:
    with supervise.only_one(tmp_path), pytest.raises(NotDone) as caught, supervise.only_one(tmp_path):
        pass
    assert caught.value.message == f"Storeward runs already in {tmp_path}; end it first, or use --data."


def test_after_the_end_nothing_runs_and_the_next_may_start(tmp_path: Path) -> None:
    for _ in range(2):
        with supervise.only_one(tmp_path):
            write(tmp_path, me())
        assert not (tmp_path / supervise.STATE).exists()


def test_two_folders_have_two_parents(tmp_path: Path) -> None:
    with supervise.only_one(tmp_path / "a"), supervise.only_one(tmp_path / "b"):
        assert {path.name for path in tmp_path.iterdir()} == {"a", "b"}


def test_a_parent_writes_what_runs_for_others_to_read(tmp_path: Path) -> None:
    installation = Installation(tmp_path, Database(url="postgresql:///none", owned=False), dict(os.environ))
    running = supervise.Services(installation, 8400)
    running.start("worker", "http.server", "0")
    try:
        found = supervise.read_state(tmp_path)
        assert found is not None
        assert (found.url, [process.role for process in found.processes]) == (URL, ["worker"])
        assert (tmp_path / supervise.STATE).stat().st_mode & 0o077 == 0
    finally:
        running.supervisor.stop()
    found = supervise.read_state(tmp_path)
    assert found is not None
    assert found.processes == []


# -- the end within ten seconds ---------------------------------------------------------------------------------------------


def test_a_worker_finishes_before_its_parent_kills_it_and_all_end_in_time() -> None:
    """The contract gives ten seconds in all; PostgreSQL's own end needs some of them."""
    assert pipeline.FINISH_SECONDS < processes.END_SECONDS
    assert processes.END_SECONDS <= 6


# -- the sandbox's world ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("world", "options"),
    [
        (SandboxWorld(), ["--seed", "1", "--stores", "12", "--port-base", "9400"]),
        (SandboxWorld(seed=7, stores=100), ["--seed", "7", "--stores", "100", "--port-base", "9400"]),
        (SandboxWorld(port_base=9590), ["--seed", "1", "--stores", "12", "--port-base", "9590"]),
        (SandboxWorld(frozen=True), ["--seed", "1", "--stores", "12", "--port-base", "9400", "--frozen"]),
        (
            SandboxWorld(at=datetime(2026, 11, 22, 1, 35, 31, tzinfo=UTC)),
            ["--seed", "1", "--stores", "12", "--port-base", "9400", "--at", "2026-11-22T01:35:31Z"],
        ),
    ],
)
def test_the_sandbox_is_asked_for_the_world_that_was_wished(world: SandboxWorld, options: list[str]) -> None:
    frozen = ["--frozen"] if world.frozen else []
    asked = [option for option in options if option != "--frozen"]
    assert world.command()[1:] == ["-m", "storeward_sandbox", "serve", *asked, *frozen]


def test_a_port_serves_once_somebody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert sandbox_process.is_serving(port)
    assert not sandbox_process.is_serving(port)


def test_a_sandbox_that_ends_at_once_is_told_without_waiting_for_it() -> None:
    port = processes.free_port("127.0.0.1", 0)
    with subprocess.Popen([sys.executable, "-c", "raise SystemExit(2)"]) as ended:
        started = clock.monotonic()
        with pytest.raises(NotDone, match=f"The sandbox did not start on port {port}; standard error says why"):
            sandbox_process.wait_until_serving(port, ended)
    assert clock.monotonic() - started < sandbox_process.READY_SECONDS


def test_a_question_to_no_sandbox_names_the_port_and_the_question() -> None:
    port = processes.free_port_range("127.0.0.1", 1, first=30_000 + os.getpid() % 1000)
    with pytest.raises(NotDone, match=f"The sandbox on port {port} refused `credentials`: "):
        sandbox_process.sandbox_credentials(port, os.environ)


def test_a_sandbox_lives_as_long_as_its_block_and_tells_its_credentials() -> None:
    base = processes.free_port_range("127.0.0.1", 5, first=25_000 + os.getpid() % 1000 * 5)
    with sandbox_process.run_sandbox(SandboxWorld(stores=4, port_base=base, frozen=True), WITH_SANDBOX) as ready:
        ready()
        found = sandbox_process.sandbox_credentials(base, WITH_SANDBOX)["platforms"]["tiktok_shop"]
        assert found["base_url"] == f"http://127.0.0.1:{base + 1}"
        assert len(found["stores"]) == 1
        assert {"id", "name", "region", "access_token", "refresh_token", "shop_cipher"} <= found["stores"][0].keys()
        assert json.dumps(found)  # plain JSON all the way down
    assert not sandbox_process.is_serving(base)


# -- flushing ---------------------------------------------------------------------------------------------------------------


def test_only_the_statements_of_a_first_start_go_unflushed(tmp_path: Path) -> None:
    """What people enter later must survive a power cut: no process that stays gets the setting."""
    assert "PGOPTIONS" not in process_environment(tmp_path, "postgresql:///none")
    assert WITHOUT_FLUSHING == "-c synchronous_commit=off"
