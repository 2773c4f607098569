"""Django's ORM beside an event loop: in threads of their own, each with its own connection."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TypeVar

from django.db import connections

T = TypeVar("T")

CLOSING_SECONDS = 1.0
"""How long threads without work are waited for; one that works closes its connection when it is done."""


class OrmThreads:
    """A few threads for what blocks on the database.

    After each piece of work the thread's connection is closed, so that nothing stays open when nobody works; inside `kept()` it
    stays, with its temporary tables and plans, for as long as CONN_MAX_AGE says.
    """

    def __init__(self, count: int, name: str) -> None:
        self._count = count
        self._pool = ThreadPoolExecutor(count, thread_name_prefix=name)
        self._keepers = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Do it in one of the threads; what it raises is raised here."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(self._call, work))

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Keep the connections between pieces of work until the block ends. One that died meanwhile is replaced."""
        self._keepers += 1
        try:
            yield
        finally:
            self._keepers -= 1
            if not self._keepers:
                await asyncio.get_running_loop().run_in_executor(None, self._close)

    def _call(self, work: Callable[[], T]) -> T:
        try:
            return work()
        finally:
            if self._keepers:
                for connection in connections.all(initialized_only=True):
                    connection.close_if_unusable_or_obsolete()
            else:
                connections.close_all()

    def _close(self) -> None:
        """Each thread closes its own connection: none takes two of these, for all meet before any goes on."""
        met = threading.Barrier(self._count)

        def close() -> None:
            connections.close_all()
            with suppress(threading.BrokenBarrierError):
                met.wait(CLOSING_SECONDS)

        for closing in [self._pool.submit(close) for _ in range(self._count)]:
            closing.result()
