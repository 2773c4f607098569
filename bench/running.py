"""Processes that a benchmark starts (the sandbox, a worker), and what they use: memory and CPU time, by the kernel's count."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[1]
LONGEST_ANSWER = 900
"""Seconds: a sandbox of a thousand stores works their past out before it answers."""


@dataclass(frozen=True, slots=True)
class Used:
    """What a process and the children that it has outlived or still has used so far."""

    cpu_seconds: float
    rss_bytes: int
    peak_bytes: int

    @classmethod
    def by(cls, pid: int) -> "Used":
        """Of process `pid`; memory is its own, CPU time that of its living children too (PostgreSQL's backends)."""
        process = psutil.Process(pid)
        seconds = 0.0
        for one in (process, *process.children(recursive=True)):
            try:
                times = one.cpu_times()
            except psutil.NoSuchProcess:
                continue  # it ended while we looked; its parent has its seconds now
            seconds += times.user + times.system + (times.children_user + times.children_system)
        status = Path(f"/proc/{pid}/status").read_text()
        return cls(seconds, _kilobytes(status, "VmRSS") * 1024, _kilobytes(status, "VmHWM") * 1024)


def _kilobytes(status: str, name: str) -> int:
    return int(next(line for line in status.splitlines() if line.startswith(f"{name}:")).split()[1])


@dataclass(frozen=True, slots=True)
class SandboxProcess:
    """A running sandbox and its control interface."""

    control: str
    pid: int

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.control + path, timeout=LONGEST_ANSWER) as answer:
            return json.load(answer)

    def post(self, path: str, **body: Any) -> Any:
        data = json.dumps(body).encode()
        request = urllib.request.Request(self.control + path, data=data, headers={"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=LONGEST_ANSWER) as answer:
            return json.load(answer)


@contextmanager
def sandbox(*options: str) -> Iterator[SandboxProcess]:
    """A sandbox on free ports, whose stores have all lived until now, for the length of the block."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "sandbox")}
    command = [sys.executable, "-m", "storeward_sandbox", "serve", "--port-base", "0", *options]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    try:
        said = dict(line.split() for line in iter(process.stdout.readline, "ready\n") if line)
        running = SandboxProcess(said["control"], process.pid)
        running.get("/truth")  # works every store's past out
        yield running
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@contextmanager
def worker() -> Iterator[int]:
    """A worker as `storeward work` starts it, on the database that the environment names; gives its process id."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MALLOC_ARENA_MAX": "2"}
    process = subprocess.Popen([sys.executable, "-m", "storeward.cli.worker"], env=environment, cwd=ROOT)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait()
