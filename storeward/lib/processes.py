"""Keep processes running: one parent that starts them, starts again what dies, and takes them along when it ends.

A child that dies is started again after a pause that doubles while it keeps dying young. When the parent dies, by kill -9 too,
the kernel ends the children (setpriv --pdeathsig).
"""

# ruff: noqa: S603 - every command is a list that we made
import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

from storeward.lib import clock
from storeward.lib.errors import NotDone, from_os

FIRST_PAUSE, LONGEST_PAUSE = 0.3, 5.0
GROWN_UP_SECONDS = 10.0
"""A child that lived this long starts with the first pause again."""
END_SECONDS = 5.0
TICK_SECONDS = 0.2
STANDARD_ERROR = 2


@dataclass
class Child:
    """One process to keep running. `role` is its name to people, `command` without interpreter tricks, `environment` whole."""

    role: str
    command: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    starts_at: float = 0.0
    pause: float = FIRST_PAUSE

    @property
    def pid(self) -> int | None:
        """Its process id while it lives."""
        return self.process.pid if self.process is not None and self.process.poll() is None else None

    def start(self) -> None:
        # What a child prints is no answer of the command, so it goes to standard error.
        self.process = subprocess.Popen(
            [*dies_with_parent(), *self.command], env=dict(self.environment), stdin=subprocess.DEVNULL, stdout=STANDARD_ERROR
        )
        self.started_at = clock.monotonic()

    def look_after(self) -> bool:
        """Start it when it is due; True when that changed anything."""
        if self.pid is not None:
            return False
        now = clock.monotonic()
        if self.process is not None:
            self._plan_restart(now)
        if now < self.starts_at:
            return False
        self.start()
        return True

    def _plan_restart(self, now: float) -> None:
        self.process = None
        if now - self.started_at >= GROWN_UP_SECONDS:
            self.pause = FIRST_PAUSE
        self.starts_at = now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)


@dataclass
class Supervisor:
    """Runs children until a signal comes. `watch` is called at each tick for what is no child (the database)."""

    children: list[Child] = field(default_factory=list)
    watch: Callable[[], bool] = lambda: False
    on_change: Callable[[], None] = lambda: None
    _ended: threading.Event = field(default_factory=threading.Event)

    def listen(self) -> None:
        """From now on TERM and INT ask for the end instead of ending this process at once."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._asked_to_end)

    @property
    def ended(self) -> bool:
        """Whether the end was asked for."""
        return self._ended.is_set()

    def end(self) -> None:
        self._ended.set()

    def add(self, child: Child) -> Child:
        self.children.append(child)
        child.start()
        self.on_change()
        return child

    def run(self, until: Callable[[], bool] = lambda: False) -> bool:
        """Look after the children until the end is asked for (False) or `until()` holds (True)."""
        while not self._ended.is_set():
            if until():
                return True
            self.tick()
            self._ended.wait(TICK_SECONDS)
        return False

    def tick(self) -> None:
        changed = [child.look_after() for child in self.children]
        if self.watch() or any(changed):
            self.on_change()

    def stop(self) -> None:
        """End all children: asked first, killed after five seconds."""
        living = [child.process for child in reversed(self.children) if child.process is not None]
        for process in living:
            process.terminate()
        deadline = clock.monotonic() + END_SECONDS
        for process in living:
            try:
                process.wait(max(0.0, deadline - clock.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _asked_to_end(self, number: int, frame: FrameType | None) -> None:
        os.write(2, f"ending: {signal.Signals(number).name}\n".encode())  # print() is not safe inside a signal handler
        self._ended.set()


def dies_with_parent() -> list[str]:
    """What goes before a command whose process must not outlive this one."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise NotDone("The program `setpriv` (package util-linux) is missing: install it, then try again.")
    return [setpriv, "--pdeathsig", "TERM", "--"]


def free_port(host: str, wanted: int) -> int:
    """`wanted`, or a free one for 0. Raises NotDone when somebody has it."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, wanted))
        except OverflowError:
            raise NotDone(f"There is no port {wanted}; take one from 1 to 65535.") from None
        except OSError as error:
            if isinstance(error, PermissionError):
                raise NotDone(f"Port {wanted} needs more rights than this user has; take one above 1023.") from error
            raise taken(wanted, error) from error
        return int(probe.getsockname()[1])


def taken(port: int, error: OSError) -> NotDone:
    if "in use" not in (error.strerror or ""):
        return from_os(error, f"listen on port {port}")
    return NotDone(f"Port {port} is taken by another program; end it, or choose another port with --port (0 takes a free one).")


def free_port_range(host: str, count: int, *, first: int = 20_000, last: int = 60_000) -> int:
    """The first of `count` ports in a row that are free at this moment."""
    base = first
    while base + count <= last:
        held: list[socket.socket] = []
        try:
            for port in range(base, base + count):
                probe = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
                held.append(probe)
                probe.bind((host, port))
            return base
        except OSError:
            base += count
        finally:
            for probe in held:
                probe.close()
    raise NotDone(f"There are no {count} free ports in a row on {host}; end some programs, then try again.")
