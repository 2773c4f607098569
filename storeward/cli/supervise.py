"""`up` and `demo`: web, worker, database and (demo) sandbox under one parent that stays small and starts again what dies.

The parent writes what runs into supervisor.json, where `status` finds it without asking anybody.
"""

import http.client
import os
import sys
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec
import psutil

from storeward.cli import sandbox_process
from storeward.cli.demo_world import DemoWorld
from storeward.cli.installation import LOOPBACK, WITHOUT_FLUSHING, Installation, opened
from storeward.lib import clock, crypto, processes
from storeward.lib.errors import NotDone
from storeward.lib.locks import FileLock
from storeward.lib.processes import Child, Supervisor

STATE = "supervisor.json"
FIRST_PAGE = "/sign-in/"
READY_SECONDS = 60.0
WEB_CONNECTIONS = 6
DATABASE_CHECK_SECONDS = 1.0


class Process(msgspec.Struct, frozen=True):
    """One process, as `status` tells it."""

    role: str
    pid: int


class State(msgspec.Struct, frozen=True):
    """What runs in a folder; `created` is the parent's start in seconds since 1970, as a process id alone is used again."""

    pid: int
    created: float
    url: str
    processes: list[Process]


def read_state(data: Path) -> State | None:
    """What runs in `data`, with the processes that live at this moment; None where nothing does."""
    try:
        state = msgspec.json.decode((data / STATE).read_bytes(), type=State)
    except (OSError, msgspec.DecodeError):
        return None
    if not _is_alive(state.pid, state.created):
        return None
    living = [process for process in state.processes if _is_alive(process.pid)]
    return msgspec.structs.replace(state, processes=living)


def _is_alive(pid: int, created: float | None = None) -> bool:
    try:
        process = psutil.Process(pid)
        same = created is None or abs(process.create_time() - created) < 1
        return same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """One parent a folder: a second one is told where the first serves."""
    lock = FileLock(data / "locks" / "supervisor")
    if not lock.try_own():
        state = read_state(data)
        raise NotDone(f"Storeward runs already in {data}{f' at {state.url}' if state else ''}; end it first, or use --data.")
    try:
        yield
    finally:
        (data / STATE).unlink(missing_ok=True)
        lock.release()


@dataclass
class Services:
    """The processes of one installation."""

    installation: Installation
    port: int
    supervisor: Supervisor = field(default_factory=Supervisor)
    _checked_at: float = 0.0

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/"

    def __post_init__(self) -> None:
        self.supervisor.watch = self._watch_database
        self.supervisor.on_change = self.write_state

    def start(self, role: str, *command: str, **more: str) -> Child:
        environment = {**self.installation.environment, **more}
        return self.supervisor.add(Child(role, [sys.executable, "-m", *command], environment))

    def start_web(self) -> Child:
        pool = str(WEB_CONNECTIONS)
        return self.start("web", "storeward.config.serve", str(self.port), STOREWARD_DATABASE_POOL=pool)

    def start_worker(self) -> Child:
        return self.start("worker", "storeward.cli.worker")

    def write_state(self) -> None:
        running = [Process(child.role, child.pid) for child in self.supervisor.children if child.pid]
        if database := self.installation.database.pid:
            running.append(Process("database", database))
        state = State(os.getpid(), psutil.Process().create_time(), self.url, running)
        crypto.write_private(self.installation.data / STATE, msgspec.json.encode(state).decode())

    def wait_for_pages(self) -> None:
        """Return once the first page is served; NotDone where that does not come about. Ends early when asked to end."""
        deadline = clock.monotonic() + READY_SECONDS
        while not self.supervisor.run(until=lambda: self._answers() or clock.monotonic() > deadline):
            return
        if not self._answers():
            raise NotDone(f"No page came from {self.url} within {READY_SECONDS:.0f} s; standard error says why.")

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=10)
        try:
            connection.request("GET", FIRST_PAGE)
            return connection.getresponse().status == http.client.OK
        except OSError:
            return False
        finally:
            connection.close()

    def _watch_database(self) -> bool:
        """Start the embedded server again when it died; the others reconnect by themselves."""
        database, now = self.installation.database, clock.monotonic()
        if not database.owned or now - self._checked_at < DATABASE_CHECK_SECONDS:
            return False
        self._checked_at = now
        if database.pid is not None:
            return False
        try:
            database.revive()
        except NotDone as reason:
            print(f"storeward: {reason.message}", file=sys.stderr)
        return True


@contextmanager
def services(data: Path, port: int) -> Iterator[Services]:
    """The parent with its database, nothing else started yet; everything ends with the block."""
    supervisor = Supervisor()
    supervisor.listen()
    port = processes.free_port(LOOPBACK, port)  # before anything is made
    with opened(data) as installation, only_one(data):
        running = Services(installation, port, supervisor)
        try:
            yield running
        finally:
            supervisor.stop()


def run_up(data: Path, port: int) -> None:
    """Serve and work until a signal comes. The first page does not wait for the worker's start."""
    with services(data, port) as running:
        running.start_web()
        _announce(running)
        if not running.supervisor.ended:
            running.start_worker()
        running.supervisor.run()


@dataclass(frozen=True)
class DemoWishes:
    """What the person asked of the demo; None: as it was, or our choice."""

    port: int
    port_base: int
    seed: int | None
    stores: int | None
    frozen: bool
    browser: bool


def run_demo(data: Path, wishes: DemoWishes, now: datetime) -> None:
    """Serve a demo fleet until a signal comes."""
    world = DemoWorld.of_folder(data, now=now, seed=wishes.seed, stores=wishes.stores, frozen=wishes.frozen)
    for offset in range(5):
        processes.free_port(LOOPBACK, wishes.port_base + offset)
    with services(data, wishes.port) as running:
        world.save(data)
        running.start_web()
        fleet = Fleet(running, world, wishes.port_base)
        if not world.complete:
            fleet.start()
            if fleet.wait():
                msgspec.structs.replace(world, complete=True).save(data)
        sign_in = f"Sign in as {world.email} with the password {world.password}"
        _announce(running, sign_in=sign_in, browser=wishes.browser)
        if not running.supervisor.ended:
            running.start_worker()
            fleet.start()
        running.supervisor.run()


class Fleet:
    """The sandbox and its stores: whenever the sandbox starts (anew), its stores are connected (anew)."""

    def __init__(self, running: Services, world: DemoWorld, port_base: int) -> None:
        self.running, self.world, self.port_base = running, world, port_base
        self.complete = world.complete
        self._connected_to: int | None = None
        self.sandbox: Child | None = None
        self._step: Child | None = None
        self._watch_others: Callable[[], bool] = running.supervisor.watch

    def start(self) -> None:
        """Start the sandbox unless it has been started."""
        if self.sandbox is not None:
            return
        command = self.world.sandbox(self.port_base).command()[2:]
        self.sandbox = self.running.start("sandbox", *command)
        self.running.supervisor.watch = self._watch

    def wait(self) -> bool:
        """Wait for the first connection, sync and round; False where the end was asked for. NotDone where it failed."""
        self.running.supervisor.run(until=lambda: self._outcome() is not None)
        outcome = self._outcome()
        if outcome:
            raise NotDone("The demo fleet could not be set up; standard error says why.")
        return outcome == 0

    def _outcome(self) -> int | None:
        return self._step.process.poll() if self._step is not None and self._step.process is not None else None

    def _watch(self) -> bool:
        if self.sandbox and self.sandbox.pid not in (None, self._connected_to) and sandbox_process.is_serving(self.port_base):
            self._connected_to = self.sandbox.pid
            self._connect()
        return self._watch_others()

    def _connect(self) -> None:
        """In a process of its own, which is not started again: a sandbox that dies meanwhile brings the next one."""
        first = [] if self.complete else ["--first"]
        self.complete = True
        arguments = [sys.executable, "-m", "storeward.cli.steps", "demo", str(self.port_base), self.running.url, *first]
        installation = self.running.installation
        # The first filling is flushed to the disk as a whole: one that a crash cuts short is begun anew.
        later = {"PGOPTIONS": WITHOUT_FLUSHING} if first and installation.database.owned else {}
        self._step = Child("fleet", arguments, {**installation.environment, **later})
        self._step.start()


def _announce(running: Services, *, sign_in: str = "", browser: bool = False) -> None:
    running.wait_for_pages()
    if running.supervisor.ended:
        return
    print(f"Storeward is ready at {running.url}", flush=True)
    if sign_in:
        print(sign_in, flush=True)
    if browser and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        with suppress(webbrowser.Error):
            webbrowser.open(running.url)
