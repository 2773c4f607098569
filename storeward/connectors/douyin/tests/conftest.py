"""A sandbox of Douyin Shop alone, for the tests that speak to one."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storeward.connectors.contract import AppKeys
from storeward.lib import clock

ROOT = Path(__file__).resolve().parents[4]


@dataclass(frozen=True)
class Sandbox:
    control: str
    credentials: dict[str, Any]
    at: datetime

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.control + path, timeout=60) as answer:
            return json.load(answer)

    def post(self, path: str, **told: Any) -> None:
        body = json.dumps(told).encode()
        request = urllib.request.Request(self.control + path, data=body, headers={"content-type": "application/json"})
        urllib.request.urlopen(request, timeout=120).close()

    def fault(self, name: str, *, on: bool) -> None:
        self.post("/faults", name=name, on=on)

    @property
    def stores(self) -> list[dict[str, Any]]:
        return list(self.credentials["stores"])

    @property
    def app(self) -> AppKeys:
        return AppKeys(self.credentials["app_key"], self.credentials["app_secret"])


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Four stores whose clock stands."""
    at = (clock.now() - timedelta(days=2)).replace(microsecond=0)
    command = [sys.executable, "-m", "storeward_sandbox", "serve", "--platform", "douyin", "--port-base", "0"]
    command += ["--stores", "4", "--frozen", "--at", f"{at:%Y-%m-%dT%H:%M:%SZ}", "--seed", "11", "--rate-limit", "5000"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "sandbox")}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        said = [line.split() for line in iter(process.stdout.readline, "ready\n") if line]
        control = next(words[1] for words in said if words[0] == "control")
        with urllib.request.urlopen(control + "/credentials", timeout=60) as answer:
            yield Sandbox(control, json.load(answer)["platforms"]["douyin"], at)
        process.terminate()
