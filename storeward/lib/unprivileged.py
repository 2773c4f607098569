"""Run a program without root's rights where it refuses to run with them, as PostgreSQL does.

Under root we change to an ordinary user with `setpriv` (part of util-linux, which every Debian has). That user often cannot
reach a folder below /root or a private temporary folder. We do not open such folders to everybody; the program then keeps
the one capability that lets it through, which is still far less than root has.
"""

import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from storeward.lib.errors import NotDone

CANDIDATES = ("storeward", "postgres", "nobody")


@dataclass(frozen=True)
class Identity:
    """Who a program runs as: `prefix` goes before its command; `uid`, `gid` own its files. Empty prefix: as we are."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    def give(self, path: Path) -> None:
        """Make the identity the owner of a folder or file."""
        if self.prefix:
            os.chown(path, self.uid, self.gid)


def identity_for(folder: Path, *programs: Path) -> Identity:
    """The identity to work on `folder` with, running `programs`. An existing folder keeps its owner."""
    if os.geteuid() != 0:
        return Identity(os.geteuid(), os.getegid())
    owner = _owner_of(folder)
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise NotDone(
            "PostgreSQL cannot run as root and `setpriv` (package util-linux) is missing: install it, or set DATABASE_URL."
        )
    prefix = [setpriv, f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    if not all(_reachable(path) for path in (folder, *programs)):
        prefix += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return Identity(owner.pw_uid, owner.pw_gid, tuple(prefix))


def _owner_of(folder: Path) -> pwd.struct_passwd:
    if folder.exists() and (uid := folder.stat().st_uid) != 0:
        try:
            return pwd.getpwuid(uid)
        except KeyError as error:
            raise NotDone(f"{folder} belongs to user number {uid}, whom this machine does not know; create that user.") from error
    for name in CANDIDATES:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NotDone("PostgreSQL cannot run as root and there is no user `nobody`: create a user `storeward`, or set DATABASE_URL.")


def _reachable(path: Path) -> bool:
    """Whether anybody may pass through all folders above `path`."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.resolve().parents if parent.exists())
