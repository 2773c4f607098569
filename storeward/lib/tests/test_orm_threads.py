"""What blocks on the database runs in threads, whose connections close after each piece of work, or stay while they are kept."""

import asyncio
import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection

from storeward.lib import clock
from storeward.lib.orm_threads import OrmThreads

pytestmark = pytest.mark.django_db(transaction=True)


def backend() -> int:
    """The server's process that answers this thread."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def living(backends: set[int]) -> int:
    """How many of the server's processes are still there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s)", [sorted(backends)])
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def end_session(pid: int) -> None:
    """As where the server was started anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 20000)", [pid])


def together(threads: int) -> Callable[[], int]:
    """Work that ends only when each thread has some: so none does it all."""
    met = threading.Barrier(threads)

    def work() -> int:
        met.wait(30)
        return backend()

    return work


def test_a_connection_closes_after_its_work_unless_it_is_kept() -> None:
    threads = OrmThreads(1, "test-orm")

    async def main() -> tuple[list[int], list[int]]:
        apart = [await threads.run(backend) for _ in range(2)]
        async with threads.kept():
            return apart, [await threads.run(backend) for _ in range(3)]

    apart, kept = asyncio.run(main())
    assert len(set(apart)) == 2
    assert len(set(kept)) == 1


def test_no_thread_leaves_a_connection_behind() -> None:
    threads = OrmThreads(3, "test-orm")

    async def main() -> set[int]:
        async with threads.kept():
            work = together(3)
            return set(await asyncio.gather(*(threads.run(work) for _ in range(3))))

    used = asyncio.run(main())
    assert len(used) == 3
    deadline = clock.monotonic() + 60
    while living(used):  # the server may notice a moment late
        assert clock.monotonic() < deadline
        clock.pause(0.02)


def test_a_connection_that_died_while_it_was_kept_is_replaced() -> None:
    threads, others = OrmThreads(1, "test-orm"), OrmThreads(1, "test-others")

    async def main() -> tuple[int, int]:
        async with threads.kept():
            first = await threads.run(backend)
            await others.run(partial(end_session, first))
            return first, await threads.run(backend)

    first, second = asyncio.run(main())
    assert first != second


def test_what_the_work_raises_is_raised_to_whoever_asked_and_the_thread_goes_on() -> None:
    threads = OrmThreads(1, "test-orm")

    def broken() -> None:
        raise LookupError("not there")

    async def main() -> int:
        async with threads.kept():
            with pytest.raises(LookupError, match="not there"):
                await threads.run(broken)
            return await threads.run(backend)

    assert asyncio.run(main()) > 0
