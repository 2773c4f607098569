"""Addresses of static files that carry the file's content, so that a browser never shows an old style with a new page."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings

FOLDER = Path(__file__).resolve().parent / "static"


@lru_cache(maxsize=64)
def asset(path: str) -> str:
    """The address of `static/<path>` with eight digits of its hash. Raises FileNotFoundError for a file that is not there."""
    digest = hashlib.sha256(FOLDER.joinpath(*path.split("/")).read_bytes()).hexdigest()[:8]
    return f"{settings.STATIC_URL}{path}?v={digest}"
