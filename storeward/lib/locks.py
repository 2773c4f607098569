"""Locks between processes, by flock: the kernel drops them with the process, kill -9 included."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FileLock:
    """A lock on one file, held by any number of processes together (`share`) or by one alone (`own`)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    def share(self) -> None:
        """Hold it together with others; waits for one that owns it."""
        fcntl.flock(self._open(), fcntl.LOCK_SH)

    def own(self) -> None:
        """Hold it alone; waits for everybody else."""
        fcntl.flock(self._open(), fcntl.LOCK_EX)

    def try_own(self) -> bool:
        """Hold it alone if nobody else has it. A share that was held is lost when the answer is no."""
        try:
            fcntl.flock(self._open(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in {errno.EWOULDBLOCK, errno.EAGAIN}:
                raise
            return False
        return True

    def release(self) -> None:
        """Let go; harmless when nothing is held."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _open(self) -> int:
        if self._fd is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._fd


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Only one process at a time runs the block; the others wait."""
    lock = FileLock(path)
    lock.own()
    try:
        yield
    finally:
        lock.release()
