"""The one clock: everything else takes `now` as an argument.

`now()` is read at the edges (a request, a job, a command) and handed down. A test stands still with `frozen`.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime


def _machine() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the one place that may ask


_source: Callable[[], datetime] = _machine


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _source()


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Make `now()` answer `at` until the block ends; for tests."""
    global _source  # noqa: PLW0603 - one clock for the process is the point
    if at.tzinfo is None:
        raise ValueError("frozen() needs an aware instant")
    before, instant = _source, at.astimezone(UTC)
    _source = lambda: instant  # noqa: E731 - a name would say less
    try:
        yield
    finally:
        _source = before


def pause(seconds: float) -> None:
    """Wait in this thread. Only loops that watch something outside the process have a reason to."""
    time.sleep(seconds)  # noqa: TID251 - the one place that may wait


async def pause_async(seconds: float) -> None:
    """Wait without holding the event loop."""
    await asyncio.sleep(seconds)


def monotonic() -> float:
    """Seconds on a clock that never goes back, to measure and to set deadlines with."""
    return time.monotonic()
