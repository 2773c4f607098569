"""Work that costs little more for fifty than for one: whoever comes while it runs is taken along the next time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K")


@dataclass(slots=True)
class _Batch(Generic[K]):
    """Keys that are done by the same run."""

    keys: dict[K, None] = field(default_factory=dict)
    begun: bool = False
    errors: dict[K, Exception] = field(default_factory=dict)


class Together(Generic[K]):
    """Calls `work` with all keys that wait, at most `most` of them, one call at a time. For one event loop.

    A key is done by a call that begins after the key came. Where a call for several keys fails, each of them is tried alone, so
    that the failure of one costs nobody else; the error is raised to whoever came with that key.
    """

    def __init__(self, work: Callable[[Sequence[K]], Awaitable[object]], *, most: int) -> None:
        self._work = work
        self._most = most
        self._next: _Batch[K] = _Batch()
        self._turn = asyncio.Lock()

    async def do(self, key: K) -> None:
        """Return when `key` is done."""
        if len(self._next.keys) >= self._most:
            self._next = _Batch()
        batch = self._next
        batch.keys[key] = None
        async with self._turn:
            if not batch.begun:
                await self._run(batch)
        if key in batch.errors:
            raise batch.errors[key]

    async def _run(self, batch: _Batch[K]) -> None:
        """Do the batch; its errors stand in it."""
        batch.begun = True
        if self._next is batch:
            self._next = _Batch()
        keys = list(batch.keys)
        try:
            await self._work(keys)
        except Exception as error:
            if len(keys) == 1:
                batch.errors[keys[0]] = error
                return
            await self._one_by_one(batch)
        except BaseException:
            batch.begun = False  # who did it for all was called off: the next of those who wait does it
            raise

    async def _one_by_one(self, batch: _Batch[K]) -> None:
        for key in batch.keys:
            try:
                await self._work([key])
            except Exception as error:
                batch.errors[key] = error
