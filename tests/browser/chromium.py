"""Where Chromium is, and how it is started without a display or a sandbox of its own."""

import os
import shutil

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--font-render-hinting=none"]


class NoBrowser(RuntimeError):
    """There is no Chromium: says what to install."""


def executable() -> str:
    """STOREWARD_CHROMIUM, else the first Chromium on the path."""
    found = os.environ.get("STOREWARD_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        raise NoBrowser("no Chromium: install the package `chromium`, or name one in STOREWARD_CHROMIUM")
    return found
