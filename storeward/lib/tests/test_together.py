"""Keys that wait are done together, one call at a time, and fail alone."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from storeward.lib.together import Together


@dataclass
class Work:
    """Notes its calls; each waits until it is let go. Fails for the keys in `bad`."""

    bad: frozenset[int] = frozenset()
    calls: list[list[int]] = field(default_factory=list)
    at_once: int = 0
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    def let(self, calls: int = 100) -> None:
        """Let so many calls come to their end."""
        for _ in range(calls):
            self.gate.release()

    async def __call__(self, keys: Sequence[int]) -> None:
        self.calls.append(list(keys))
        self.at_once += 1
        assert self.at_once == 1
        try:
            await self.gate.acquire()
            if self.bad & set(keys):
                raise ValueError(f"cannot do {sorted(self.bad & set(keys))}")
        finally:
            self.at_once -= 1


async def settled(*tasks: "asyncio.Task[None]") -> None:
    """Let everybody go as far as they can."""
    for _ in range(10 + len(tasks)):
        await asyncio.sleep(0)


def begin(together: Together[int], *keys: int) -> list["asyncio.Task[None]"]:
    return [asyncio.create_task(together.do(key)) for key in keys]


async def test_who_comes_while_it_runs_is_done_together_afterwards() -> None:
    work = Work()
    together = Together(work, most=50)
    first = begin(together, 1)
    await settled()
    later = begin(together, 2, 3, 2)
    await settled()
    assert work.calls == [[1]]
    work.let()
    await asyncio.gather(*first, *later)
    assert work.calls == [[1], [2, 3]]


async def test_a_key_that_comes_again_while_it_is_done_is_done_again() -> None:
    work = Work()
    together = Together(work, most=50)
    tasks = begin(together, 1)
    await settled()
    tasks += begin(together, 1)
    await settled()
    work.let()
    await asyncio.gather(*tasks)
    assert work.calls == [[1], [1]]


async def test_no_call_gets_more_keys_than_allowed() -> None:
    work = Work()
    together = Together(work, most=3)
    tasks = begin(together, *range(8))
    await settled()
    work.let()
    await asyncio.gather(*tasks)
    assert sorted(key for call in work.calls for key in call) == list(range(8))
    assert max(map(len, work.calls)) <= 3


async def test_the_failure_of_one_costs_nobody_else() -> None:
    work = Work(bad=frozenset({3}))
    together = Together(work, most=50)
    tasks = begin(together, 1)
    await settled()
    tasks += begin(together, 2, 3, 4)
    await settled()
    work.let()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(end) for end in ends] == [type(None), type(None), ValueError, type(None)]
    assert work.calls == [[1], [2, 3, 4], [2], [3], [4]]


async def test_a_single_key_that_fails_is_not_tried_twice() -> None:
    work = Work(bad=frozenset({1}))
    work.let()
    with pytest.raises(ValueError, match=r"cannot do \[1\]"):
        await Together(work, most=50).do(1)
    assert work.calls == [[1]]


async def test_where_one_is_called_off_who_works_for_all_another_of_them_goes_on() -> None:
    work = Work()
    together = Together(work, most=50)
    tasks = begin(together, 1)
    await settled()
    tasks += begin(together, 2, 3)
    await settled()
    work.let(1)
    await settled()
    assert work.calls == [[1], [2, 3]]
    tasks[1].cancel()
    await settled()
    work.let()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(end) for end in ends] == [type(None), asyncio.CancelledError, type(None)]
    assert work.calls == [[1], [2, 3], [2, 3]]
