"""The sandbox as a process of its own, and what we ask it: by its commands, as anybody would."""

# ruff: noqa: S603 - every command is a list that we made
import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storeward.lib import clock, instants, processes
from storeward.lib.errors import NotDone

READY_SECONDS = 120.0
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class SandboxWorld:
    """What makes a sandbox's world: the same values give the same world."""

    seed: int = 1
    stores: int = 12
    port_base: int = 9400
    at: datetime | None = None
    frozen: bool = False

    def command(self) -> list[str]:
        options = {"--seed": self.seed, "--stores": self.stores, "--port-base": self.port_base}
        given = [text for name, value in options.items() for text in (name, str(value))]
        if self.at is not None:
            given += ["--at", instants.to_text(self.at)]
        return [sys.executable, "-m", "storeward_sandbox", "serve", *given, *(["--frozen"] if self.frozen else [])]


@contextmanager
def run_sandbox(world: SandboxWorld, environment: Mapping[str, str]) -> Iterator[Callable[[], None]]:
    """A sandbox for the length of the block, which gets a function that returns once it serves."""
    command = [*processes.dies_with_parent(), *world.command()]
    process = subprocess.Popen(command, env=dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        yield lambda: wait_until_serving(world.port_base, process)
    finally:
        process.terminate()
        process.wait()


def is_serving(port_base: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port_base)) == 0


def wait_until_serving(port_base: int, process: subprocess.Popen[bytes]) -> None:
    deadline = clock.monotonic() + READY_SECONDS
    while not is_serving(port_base):
        if process.poll() is not None or clock.monotonic() > deadline:
            raise NotDone(f"The sandbox did not start on port {port_base}; standard error says why.")
        clock.pause(0.05)


def sandbox_credentials(port_base: int, environment: Mapping[str, str]) -> dict[str, Any]:
    """What `sandbox credentials --json` prints."""
    found = json.loads(_ask(port_base, environment, "credentials", "--json"))
    if not isinstance(found, dict):
        raise NotDone(f"The sandbox on port {port_base} gave no credentials.")
    return found


def move_clock(port_base: int, environment: Mapping[str, str], to: datetime) -> None:
    """Let everything happen that lies between the sandbox's instant and `to`."""
    _ask(port_base, environment, "clock", "--at", instants.to_text(to))


def _ask(port_base: int, environment: Mapping[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "storeward_sandbox", *arguments, "--port-base", str(port_base)]
    done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotDone(f"The sandbox on port {port_base} refused `{arguments[0]}`: {done.stderr.strip() or 'no reason given'}")
    return done.stdout
