"""The sandbox as a process of its own, and a fleet that is connected to it: what every flow test starts from."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from storeward.lib.crypto import create_keys

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
        """Store id -> what the platform holds."""
        return dict(self.get("/truth")["platforms"]["tiktok_shop"]["stores"])

    def stats(self) -> dict[str, Any]:
        return dict(self.get("/stats")["platforms"]["tiktok_shop"])


def start_sandbox(*options: str) -> SandboxProcess:
    """A sandbox on free ports."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "sandbox")}
    command = [sys.executable, "-m", "storeward_sandbox", "serve", "--port-base", "0", *options]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    control = ""
    for line in process.stdout:
        if line.startswith("control "):
            control = line.split()[1]
        if line.strip() == "ready":
            return SandboxProcess(control, process)
    raise AssertionError(f"the sandbox did not start (exit code {process.wait()})")


def stop_sandbox(sandbox: SandboxProcess) -> None:
    sandbox.process.terminate()
    sandbox.process.wait(timeout=15)
    if sandbox.process.stdout is not None:
        sandbox.process.stdout.close()


@pytest.fixture
def sandbox() -> Iterator[SandboxProcess]:
    """Six stores whose clock stands, so that what is true stays true while a test looks."""
    running = start_sandbox("--stores", "6", "--frozen", "--seed", "7")
    yield running
    stop_sandbox(running)


@pytest.fixture
def keys(tmp_path: Path, settings: Settings) -> None:
    """Keys to seal credentials with."""
    settings.CREDENTIAL_KEYS = tmp_path / "credentials.keys"
    create_keys(settings.CREDENTIAL_KEYS)
