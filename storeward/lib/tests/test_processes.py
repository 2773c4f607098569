"""Processes that are kept running."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from storeward.lib import clock, processes
from storeward.lib.errors import NotDone
from storeward.lib.processes import Child, Supervisor

GENEROUS = 60.0
"""Seconds to wait for what must happen; it costs only where that does not."""
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); open(sys.argv[1], 'w'); time.sleep(60)",
]
PARENT = """
import os, sys
from storeward.lib.processes import Child, Supervisor
supervisor = Supervisor()
child = supervisor.add(Child("sleeper", ["sleep", "60"], dict(os.environ)))
print(child.pid, flush=True)
supervisor.run()
"""


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    made = Supervisor()
    yield made
    made.stop()


def child(role: str = "sleeper", command: list[str] | None = None) -> Child:
    return Child(role, command or SLEEP, dict(os.environ))


def test_a_killed_child_is_started_again(supervisor: Supervisor) -> None:
    sleeper = supervisor.add(child())
    before = sleeper.pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    deadline = clock.monotonic() + GENEROUS
    assert supervisor.run(until=lambda: sleeper.pid not in (None, before) or clock.monotonic() > deadline)
    assert sleeper.pid not in (None, before)


def test_a_child_that_keeps_dying_is_started_more_and_more_rarely(supervisor: Supervisor) -> None:
    broken = supervisor.add(child(command=[sys.executable, "-c", "pass"]))
    deadline = clock.monotonic() + GENEROUS
    supervisor.run(until=lambda: broken.pause > 4 * processes.FIRST_PAUSE or clock.monotonic() > deadline)
    assert broken.pause > processes.FIRST_PAUSE
    assert processes.LONGEST_PAUSE < 10


def test_a_child_that_ignores_the_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "END_SECONDS", 0.3)
    supervisor, mark = Supervisor(), tmp_path / "started"
    stubborn = supervisor.add(child(command=[*STUBBORN, str(mark)]))
    deadline = clock.monotonic() + GENEROUS
    supervisor.run(until=lambda: mark.exists() or clock.monotonic() > deadline)
    supervisor.stop()
    assert stubborn.pid is None
    assert stubborn.process is not None
    assert stubborn.process.returncode == -signal.SIGKILL


def test_children_die_with_a_parent_that_was_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        deadline = clock.monotonic() + GENEROUS
        while psutil.Process(pid).name() != "sleep":  # not yet past setpriv
            assert clock.monotonic() < deadline
            clock.pause(0.02)
        parent.kill()
    deadline = clock.monotonic() + GENEROUS
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert clock.monotonic() < deadline
        clock.pause(0.05)


def test_every_change_is_told_and_the_watch_is_asked_at_each_tick(supervisor: Supervisor) -> None:
    told: list[int] = []
    supervisor.on_change = lambda: told.append(len(supervisor.children))
    supervisor.add(child())
    supervisor.watch = lambda: True
    supervisor.tick()
    assert told == [1, 1]


def test_the_end_that_was_asked_for_ends_the_wait(supervisor: Supervisor) -> None:
    supervisor.end()
    assert supervisor.ended
    assert supervisor.run() is False


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(NotDone, match=rf"Port {port} is taken.*--port"):
            processes.free_port("127.0.0.1", port)
        assert processes.free_port("127.0.0.1", 0) != port


@pytest.mark.parametrize("port", [70_000, -1])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(NotDone, match=rf"no port {port}"):
        processes.free_port("127.0.0.1", port)


def test_a_range_of_free_ports_leaves_out_what_is_taken() -> None:
    base = processes.free_port_range("127.0.0.1", 3, first=41_000)
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", base + 1))
        assert processes.free_port_range("127.0.0.1", 3, first=base) >= base + 3
        with pytest.raises(NotDone, match="free ports in a row"):
            processes.free_port_range("127.0.0.1", 3, first=base, last=base + 3)
