"""What the environment says: the only reader of environment variables for the settings.

Every value may come as NAME, or as NAME_FILE naming a file that holds it (for secrets: the environment of a process can
be read by others, a file need not be).
"""

import os
from pathlib import Path
from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from storeward.lib.errors import NotDone

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str | None:
    """The value of NAME, else the content of the file that NAME_FILE names, else `default`."""
    if name in os.environ:
        return os.environ[name]
    file = os.environ.get(f"{name}_FILE")
    if file is None:
        return default
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise NotDone(f"{name}_FILE names {file}, which cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise NotDone(f"{name}_FILE names {file}, which holds no text; expected the bare value.") from error


def flag(name: str, *, default: bool) -> bool:
    value = (text(name) or ("1" if default else "0")).strip().lower()
    if value not in TRUE | FALSE:
        raise NotDone(f"{name} is {value!r}; it must be 1 or 0")
    return value in TRUE


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas, without blanks and empty entries."""
    return [word.strip() for word in (text(name, default) or "").split(",") if word.strip()]


def data_dir() -> Path:
    """The folder of this installation: $STOREWARD_DATA, else ~/.local/share/storeward."""
    given = os.environ.get("STOREWARD_DATA")
    return Path(given).expanduser().absolute() if given else home() / ".local" / "share" / "storeward"


def home() -> Path:
    """The home folder; the temporary folder's neighbour where HOME is unset and the system knows none."""
    try:
        return Path.home()
    except RuntimeError:
        return Path("/var/lib")


def number(name: str, default: int) -> int:
    value = text(name)
    if value is None or not value.strip():
        return default
    if not value.strip().isdecimal():
        raise NotDone(f"{name} is {value!r}; it must be a whole number")
    return int(value)


def database(url: str | None, *, pool: int = 0) -> dict[str, Any]:
    """Django's entry for a PostgreSQL address (URL or key=value form).

    Without an address the entry names no host: the command line starts the embedded server and sets the address before
    Django connects, and the tests do the same. `pool` is the number of connections that one process shares between its
    requests; with 0 each thread keeps its own, which suits workers and commands but leaks under ASGI.
    """
    try:
        parts = conninfo_to_dict(url or "")
    except ProgrammingError as error:
        raise NotDone("DATABASE_URL is not a PostgreSQL address; expected postgresql://user@host/name") from error
    take = {key: str(parts.pop(key, None) or "") for key in ("dbname", "user", "password", "host", "port")}
    pooled = {"pool": {"min_size": 1, "max_size": pool, "timeout": 10}} if pool else {}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": take["dbname"] or "storeward",
        "USER": take["user"],
        "PASSWORD": take["password"],
        "HOST": take["host"],
        "PORT": take["port"],
        "CONN_MAX_AGE": 0 if pool else 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "storeward", **parts, **pooled},
    }
