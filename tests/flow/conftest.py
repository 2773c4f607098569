"""The sandbox as a process of its own, and a fleet that is connected to it: what every flow test starts from."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import SyncToAsync
from django.db import connection, connections
from psycopg.conninfo import make_conninfo
from pytest_django import Settings

from storeward import pipeline
from storeward.lib import clock, processes
from storeward.lib.crypto import create_keys
from storeward.records.queries import export_orders
from storeward.stores.models import App

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class SandboxProcess:
    """A running sandbox and its control interface."""

    control: str
    process: "subprocess.Popen[str]"

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.control + path, timeout=60) as answer:
            return json.load(answer)

    def post(self, path: str, **body: Any) -> Any:
        data = json.dumps(body).encode()
        request = urllib.request.Request(self.control + path, data=data, headers={"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)

    def fault(self, name: str, *, on: bool, **more: Any) -> None:
        self.post("/faults", name=name, on=on, **more)

    def credentials(self) -> dict[str, Any]:
        return dict(self.get("/credentials"))

    def truth(self) -> dict[str, dict[str, Any]]:
        """Store id -> what its platform holds."""
        platforms = self.get("/truth")["platforms"].values()
        return {store: truth for platform in platforms for store, truth in platform["stores"].items()}

    def stats(self, platform: str = "tiktok_shop") -> dict[str, Any]:
        return dict(self.get("/stats")["platforms"][platform])


def start_sandbox(*options: str, platforms: Sequence[str] = ("tiktok_shop",)) -> SandboxProcess:
    """A sandbox on free ports."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "sandbox")}
    chosen = [word for platform in platforms for word in ("--platform", platform)]
    command = [sys.executable, "-m", "storeward_sandbox", "serve", *chosen, "--port-base", "0", *options]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    control = ""
    for line in process.stdout:
        if line.startswith("control "):
            control = line.split()[1]
        if line.strip() == "ready":
            return SandboxProcess(control, process)
    raise AssertionError(f"the sandbox did not start (exit code {process.wait()})")


EVERYWHERE = ("tiktok_shop", "shopee", "lazada", "douyin")


def stop_sandbox(sandbox: SandboxProcess) -> None:
    sandbox.process.terminate()
    sandbox.process.wait(timeout=120)
    if sandbox.process.stdout is not None:
        sandbox.process.stdout.close()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    """A few stores whose clock stands, so that what is true stays true while a test looks; and it stands three days ago, so that
    moving it does not lead into our future."""
    at = f"{clock.now() - timedelta(days=3):%Y-%m-%dT%H:%M:%SZ}"
    running = start_sandbox("--stores", "4", "--frozen", "--at", at, "--seed", "7", "--retry-scale", "0.002")
    yield running
    stop_sandbox(running)


@pytest.fixture
def keys(tmp_path: Path, settings: Settings) -> None:
    """Keys to seal credentials with."""
    settings.CREDENTIAL_KEYS = tmp_path / "credentials.keys"
    create_keys(settings.CREDENTIAL_KEYS)


@pytest.fixture
def fleet(sandbox: SandboxProcess, keys: None, transactional_db: None) -> SandboxProcess:
    """The sandbox with its stores connected and nothing asked yet."""
    return connected(sandbox)


def connected(sandbox: SandboxProcess) -> SandboxProcess:
    """The sandbox without faults, its stores connected and nothing asked yet."""
    for fault in sandbox.get("/faults")["on"]:
        sandbox.fault(fault["name"], on=False)
    sandbox.post("/webhooks", address="")
    sandbox.post("/stats/reset")
    pipeline.demo_fleet(sandbox.credentials())
    return sandbox


def differences(sandbox: SandboxProcess) -> dict[tuple[str, str], tuple[int, int]]:
    """(store, platform's word) -> what the product holds and what the platform holds, where these differ.

    Of a store that nobody can ask (its seller withdrew, by the sandbox's script) nothing new can be known.
    """
    stores = {store: truth for store, truth in sandbox.truth().items() if truth["reachable"]}
    assert stores
    theirs = {(store, word): count for store, truth in stores.items() for word, count in truth["orders_by_status"].items()}
    ours = Counter((row["platform_store_id"], row["platform_status"]) for row in export_orders())
    keys = theirs.keys() | {key for key in ours if key[0] in stores}
    return {key: (ours[key], theirs.get(key, 0)) for key in keys if ours[key] != theirs.get(key, 0)}


CHILD = "storeward-flow"
"""What processes of a test call themselves at the database, so that their sessions can be told from the test's own."""


def child_environment(settings: Settings) -> dict[str, str]:
    """What a process of the product needs to work on this test's database."""
    entry = connections.databases["default"]
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    address = make_conninfo(**{ours: str(entry[theirs]) for theirs, ours in names.items() if entry.get(theirs)})
    return {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "storeward.config.settings",
        "STOREWARD_KEYS": str(settings.CREDENTIAL_KEYS),
        "PYTHONPATH": str(ROOT),
        "PGAPPNAME": CHILD,
    }


PATIENCE = 180.0
"""Seconds to wait for anything. It costs only where something does not happen, and a busy machine is slow."""


def wait_until(true: Callable[[], bool], what: str) -> None:
    """Look again and again; fails with `what` when patience is at an end."""
    deadline = clock.monotonic() + PATIENCE
    while not true():
        assert clock.monotonic() < deadline, f"not within {PATIENCE:.0f} s: {what}"
        clock.pause(0.1)


def end_other_sessions() -> None:
    """The server may notice a moment late that a killed process is gone; the test's database must be free to be dropped. The
    thread in which jobs are queued has a connection of its own too.
    """
    SyncToAsync.single_thread_executor.submit(connections.close_all).result()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = %s",
            [CHILD],
        )


@pytest.fixture
def intake(fleet: SandboxProcess, settings: Settings) -> Iterator[str]:
    """The webhook address of the fleet's app, served by a process of its own."""
    with intake_at(settings) as base:
        yield f"{base}/hooks/tiktok_shop/{App.objects.get().pk}/"
    end_other_sessions()


@contextmanager
def intake_at(settings: Settings) -> Iterator[str]:
    """The intake of webhooks in a process of its own; gives where it listens."""
    # Below the ports that the machine hands out to others in the meantime.
    port = processes.free_port_range("127.0.0.1", 1, first=31_000 + os.getpid() % 1000)
    server = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port), "tests.flow.intake_server:app"]
    command = [*server, "--log-level", "error"]
    process = subprocess.Popen(command, env=child_environment(settings), cwd=ROOT, start_new_session=True)
    base = f"http://127.0.0.1:{port}"
    wait_until(lambda: answers(f"{base}/hooks/"), "the intake answers")
    yield base
    process.terminate()
    process.wait(timeout=120)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # its workers may be a moment behind


def answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=30)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
