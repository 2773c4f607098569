"""What every test may use: the specification folder, and the rule for when it is missing.

Third-party data (schemas, sample payloads, worked examples) is never copied into the repository. Tests read it from a folder
`shared` beside the checkout, or from where STOREWARD_SHARED points. A stranger's clone has none: those tests then say that they
were left out. In continuous integration its absence is a failure, so that a green run cannot hide it.
"""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent


def shared_path() -> Path | None:
    """The specification folder, or None where this clone has none."""
    path = Path(os.environ.get("STOREWARD_SHARED") or ROOT.parent / "shared")
    return path if path.is_dir() else None


def require_shared() -> Path:
    """The specification folder; leaves the test out where there is none, and fails in continuous integration."""
    path = shared_path()
    if path is not None:
        return path
    if os.environ.get("CI"):
        pytest.fail("the specification folder (../shared or STOREWARD_SHARED) must be there in CI")
    pytest.skip("left out: no specification folder (../shared or STOREWARD_SHARED) beside this clone")


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    return require_shared()
