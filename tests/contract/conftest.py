"""Commands as people and scripts run them: a process, its two streams, and its exit code."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]

    def checked(self, schema: dict[str, Any]) -> Any:
        """The one document of a `--json` answer, held against its form."""
        jsonschema.validate(self.document, schema)
        return self.document

    def checked_rows(self, schema: dict[str, Any]) -> list[Any]:
        found = self.rows
        for row in found:
            jsonschema.validate(row, schema)
        return found


Run = Callable[..., Ran]


def run_command(*words: str, stdin: str | None = None, timeout: float = 240, **environment: str) -> Ran:
    """Run `storeward WORDS` in this environment, outside the checkout, and wait for its end."""
    inherited = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "STOREWARD_DATA"}}
    paths = f"{ROOT}{os.pathsep}{ROOT / 'sandbox'}"
    done = subprocess.run(
        [sys.executable, "-m", "storeward.cli", *words],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd="/",
        env=inherited | {"PYTHONPATH": paths, "PYTHONSAFEPATH": "1", **environment},
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def storeward() -> Run:
    return run_command
