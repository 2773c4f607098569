"""The demo as a person meets it: a fleet that is there, stays the same, and survives a killed sandbox."""

import json
import os
import signal
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storeward.cli import supervise
from storeward.cli.demo_world import DemoWorld
from storeward.cli.main import run
from storeward.lib import clock, processes

ROOT = Path(__file__).parents[3]
SCRIPT = str(ROOT / "bin" / "storeward")


@pytest.fixture
def port_base() -> str:
    """Below the ports that the machine hands out to others in the meantime."""
    return str(processes.free_port_range("127.0.0.1", 5, first=20_000 + os.getpid() % 1000 * 5))


@contextmanager
def demo(folder: Path, port_base: str) -> Iterator[list[str]]:
    """A running demo of a store of each platform, whose clock stands; gives the lines that it prints."""
    wishes = ["--stores", "4", "--seed", "3", "--frozen", "--no-open", "--port", "0", "--port-base", port_base]
    with subprocess.Popen([SCRIPT, "demo", *wishes, "--data", str(folder)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield [process.stdout.readline(), process.stdout.readline()]
        process.send_signal(signal.SIGINT)
        assert process.wait(120) == 0


def answer(*arguments: str) -> str:
    return subprocess.run([SCRIPT, *arguments], capture_output=True, text=True, check=True).stdout


def orders_held(folder: Path) -> dict[str, int]:
    rows = [json.loads(line) for line in answer("export", "orders", "--json", "--data", str(folder)).splitlines()]
    return dict(Counter(row["platform_store_id"] for row in rows))


def orders_there(port_base: str) -> dict[str, int]:
    platforms = json.loads(answer("sandbox", "truth", "--json", "--port-base", port_base))["platforms"]
    return {
        store_id: store["orders"] for one in platforms.values() for store_id, store in one["stores"].items() if store["reachable"]
    }


def pid(folder: Path, role: str) -> int | None:
    state = supervise.read_state(folder)
    return next((p.pid for p in state.processes if p.role == role), None) if state else None


def test_the_fleet_is_there_survives_a_killed_sandbox_and_is_the_same_next_time(tmp_path: Path, port_base: str) -> None:
    folder = tmp_path / "demo"
    with demo(folder, port_base) as (ready, sign_in):
        assert ready.startswith("Storeward is ready at http://127.0.0.1:")
        world = DemoWorld.load(folder)
        assert sign_in.strip() == f"Sign in as {world.email} with the password {world.password}"
        held = orders_held(folder)
        assert held == orders_there(port_base)
        assert len(held) == 4

        killed = pid(folder, "sandbox")
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        deadline = clock.monotonic() + 60
        while pid(folder, "sandbox") in (None, killed):
            assert clock.monotonic() < deadline
            clock.pause(0.1)

    with demo(folder, port_base) as lines:
        assert lines[1] == sign_in
        assert orders_held(folder) == held


def test_a_taken_port_of_the_sandbox_is_told_before_anything_is_made(
    tmp_path: Path, port_base: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", int(port_base) + 1)):
        assert run(["demo", "--no-open", "--port", "0", "--port-base", port_base, "--data", str(tmp_path / "x")]) == 2
    err = capsys.readouterr().err
    assert f"Port {int(port_base) + 1} is taken" in err
    assert not (tmp_path / "x").exists()
