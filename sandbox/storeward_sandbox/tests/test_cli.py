"""The commands as a shell sees them: what they print, how they end, and one line for each failure."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom

import pytest

from storeward_sandbox.cli import main

ROOT = Path(__file__).resolve().parents[2]


def free_base() -> int:
    """Two ports in a row that nobody uses, below those that the machine hands out to other tests in the meantime."""
    while True:
        base = SystemRandom().randrange(10_000, 32_000)
        with socket.socket() as first, socket.socket() as second:
            try:
                first.bind(("127.0.0.1", base))
                second.bind(("127.0.0.1", base + 1))
            except OSError:
                continue
            return base


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "storeward_sandbox", *words]


@dataclass(frozen=True)
class Ended:
    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Ended]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """A command in this process: what it printed and how it ended."""

    def run_it(*words: str) -> Ended:
        code = 0
        try:
            main(list(words))
        except SystemExit as end:
            code = int(end.code or 0)
        seen = capsys.readouterr()
        return Ended(code, seen.out, seen.err)

    return run_it


@pytest.fixture(scope="module")
def base() -> Iterator[int]:
    """A frozen sandbox of two stores behind the commands."""
    port = free_base()
    only = ("serve", "--platform", "tiktok_shop", "--port-base", str(port))
    words = (*only, "--seed", "2", "--stores", "2", "--frozen", "--at", "2026-11-18T04:00:00Z")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command(*words), stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in range(3)]
        assert lines == [f"control http://127.0.0.1:{port}", f"tiktok_shop http://127.0.0.1:{port + 1}", "ready"]
        yield port
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def test_credentials_are_one_json_document_with_all_that_a_client_needs(base: int, run: Run) -> None:
    answer = run("credentials", "--json", "--port-base", str(base))
    assert (answer.returncode, answer.stderr) == (0, "")
    platform = json.loads(answer.stdout)["platforms"]["tiktok_shop"]
    assert platform["base_url"] == platform["auth_url"] == f"http://127.0.0.1:{base + 1}"
    assert platform["app_key"]
    assert platform["app_secret"]
    assert len(platform["stores"]) == 2
    assert {"id", "name", "region", "access_token", "refresh_token", "shop_cipher"} <= set(platform["stores"][0])


def test_truth_counts_orders_by_status(base: int, run: Run) -> None:
    answer = run("truth", "--json", "--port-base", str(base))
    found = json.loads(answer.stdout)
    assert found["at"].endswith("Z")
    for store in found["platforms"]["tiktok_shop"]["stores"].values():
        assert store["reachable"] is True
        assert store["orders"] == sum(store["orders_by_status"].values()) >= 12


def test_the_clock_is_printed_moved_and_never_set_back(base: int, run: Run) -> None:
    port = ("--port-base", str(base))
    before = run("clock", *port).stdout.strip()
    after = run("clock", "--advance", "12h", *port)
    assert after.returncode == 0
    assert after.stdout.strip() > before
    back = run("clock", "--at", before, *port)
    assert (back.returncode, back.stdout) == (2, "")
    assert "only goes forward" in back.stderr


def test_a_fault_is_switched_on_and_off(base: int, run: Run) -> None:
    port = ("--port-base", str(base))
    on = run("fault", "slow", "on", "--seconds", "0.1", "--json", *port)
    assert json.loads(on.stdout)["on"][0]["name"] == "slow"
    assert run("fault", "slow", "off", *port).stdout.strip() == "no faults"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("clock", "--advance", "soon"), "is no duration"),
        (("clock", "--advance", "1h", "--freeze"), "choose one of"),
        (("clock", "--speed", "3"), "--speed goes with --run"),
        (("fault", "fire", "on"), "'fire'"),
        (("fault", "slow", "on", "--platform", "ebay"), "'ebay'"),
        (("fault", "slow", "on", "--rate", "7"), "no share"),
        (("serve", "--stores", "0"), "--stores 0"),
        (("serve", "--at", "yesterday"), "'yesterday'"),
        (("serve", "--speed", "-1"), "backwards"),
        (("serve", "--speed", "nan"), "choose 0 to 1000000"),
        (("serve", "--speed", "inf"), "choose 0 to 1000000"),
        (("serve", "--retry-scale", "-1"), "--retry-scale -1"),
        (("serve", "--retry-scale", "nan"), "--retry-scale nan"),
        (("serve", "--answer-seconds", "0"), "--answer-seconds 0"),
        (("serve", "--answer-seconds", "nan"), "--answer-seconds nan"),
        (("serve", "--rate-limit", "0"), "--rate-limit must be 1 or more"),
        (("serve", "--chat-quota", "-1"), "--chat-quota 0 or more"),
        (("serve", "--stores", "1001"), "--stores 1001"),
        (("serve", "--at", "0001-01-01"), "between 1970 and 2100"),
        (("dance",), "dance"),
    ],
)
def test_a_mistake_is_one_line_and_code_two(base: int, run: Run, words: tuple[str, ...], sentence: str) -> None:
    port = () if words[0] == "dance" else ("--port-base", str(base))
    answer = run(*words, *port)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert sentence in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_a_taken_port_is_one_sentence(base: int, run: Run) -> None:
    answer = run("serve", "--port-base", str(base))
    assert answer.returncode == 2
    assert answer.stderr == f"sandbox: port {base} is in use; choose other ports with --port-base\n"


@pytest.mark.parametrize("name", ["credentials", "truth", "clock"])
def test_where_no_sandbox_runs_the_commands_say_so(run: Run, name: str) -> None:
    answer = run(name, "--port-base", str(free_base()))
    assert answer.returncode == 2
    assert "no sandbox answers on port" in answer.stderr
    assert answer.stderr.count("\n") == 1
