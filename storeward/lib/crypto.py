"""Seal secrets that we must be able to read again: tokens and app secrets of platforms.

A key file holds one Fernet key a line, newest first: the first seals, all unseal. So a key can be changed without a moment at
which anything cannot be read: `add_key`, then `renew` every sealed text, then remove the old line.
"""

import os
import secrets
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from storeward.lib.errors import NotDone, from_os


class KeyRing:
    """The keys of one installation."""

    def __init__(self, keys: list[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, text: str) -> str:
        """`text` encrypted and signed; differs at each call."""
        return self._fernet.encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """The text that was sealed. Raises NotDone when none of the keys fits."""
        return self._unlocked(lambda: self._fernet.decrypt(sealed.encode())).decode()

    def renew(self, sealed: str) -> str:
        """The same text, sealed with the newest key."""
        return self._unlocked(lambda: self._fernet.rotate(sealed.encode())).decode()

    @staticmethod
    def _unlocked(work: Callable[[], bytes]) -> bytes:
        try:
            return work()
        except InvalidToken:
            raise NotDone(
                "A stored secret fits none of this installation's keys: bring back the key file that belongs to it."
            ) from None


def keyring(path: Path) -> KeyRing:
    """The keys in the file `path`; read again when the file changes. Raises NotDone when there are none."""
    try:
        changed_at = path.stat().st_mtime_ns
    except OSError as error:
        raise NotDone(
            f"There is no key file {path}: bring it back from a backup; without it no stored token can be read."
        ) from error
    return _read(path, changed_at)


@lru_cache(maxsize=4)
def _read(path: Path, changed_at: int) -> KeyRing:
    try:
        return KeyRing([line for line in path.read_text(encoding="ascii").split("\n") if line.strip()])
    except OSError as error:
        raise from_os(error, f"read the key file {path}") from error
    except ValueError as error:  # also UnicodeDecodeError
        raise NotDone(f"The key file {path} is damaged: bring it back from a backup.") from error


def create_keys(path: Path) -> None:
    """Make the key file unless it is there."""
    create_secret(path, Fernet.generate_key().decode())


def add_key(path: Path) -> None:
    """Put a new key first; the old ones still unseal."""
    write_private(path, Fernet.generate_key().decode() + "\n" + path.read_text(encoding="ascii"))


def create_secret(path: Path, text: str | None = None) -> None:
    """A file with `text` (else a random secret), readable by its owner only, unless it is there; of two at once one wins."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _draft(path, (text or secrets.token_urlsafe(48)) + "\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def write_private(path: Path, text: str) -> None:
    """Replace the file by `text`, whole or not at all; its owner alone can read it."""
    _draft(path, text).replace(path)


def _draft(path: Path, text: str) -> Path:
    """A finished file beside `path`: what appears under the name is whole, also after a power cut."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)
