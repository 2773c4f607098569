"""Asynchronous connections for what moves rows in bulk, to the database that Django is set up for.

Pages and commands use Django's ORM on Django's own connections. Pulls, call budgets and webhooks speak SQL over these.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from django.db import connections
from psycopg import AsyncConnection, sql
from psycopg_pool import AsyncConnectionPool

from storeward.lib import clock
from storeward.lib.errors import NotDone

Row: TypeAlias = tuple[Any, ...]
Connection: TypeAlias = AsyncConnection[Row]
Pool: TypeAlias = AsyncConnectionPool[Connection]

TRIED_FOR = 0.5
"""Seconds for which a connection that answered counts as alive: no server is back so soon after its death."""
_tried_at: WeakKeyDictionary[Connection, float] = WeakKeyDictionary()
_pool: ContextVar[Pool | None] = ContextVar("storeward_pool", default=None)


def _parameters() -> dict[str, Any]:
    """What Django connects with, less what only Django understands."""
    given = connections["default"].get_connection_params()
    return {key: value for key, value in given.items() if key not in {"cursor_factory", "context"} and value not in (None, "")}


async def _prepare(connection: Connection) -> None:
    await connection.execute("SET TIME ZONE 'UTC'")


async def _check(connection: Connection) -> None:
    """A server that was restarted left dead connections behind: try one before use, unless it was tried a moment ago."""
    if clock.monotonic() - _tried_at.get(connection, float("-inf")) > TRIED_FOR:
        await AsyncConnectionPool.check_connection(connection)
        _tried_at[connection] = clock.monotonic()


def make_pool(size: int, *, durable: bool) -> Pool:
    """A pool of at most `size` connections, not yet open.

    Without `durable` a commit does not wait for the disk. That suits rows that stand in one transaction with their cursor: what a
    power cut takes away is asked for again, because the cursor goes with it.
    """
    parameters = _parameters()
    if not durable:
        parameters["options"] = f"{parameters.get('options', '')} -c synchronous_commit=off".strip()
    return AsyncConnectionPool(
        "",
        kwargs={**parameters, "autocommit": True},
        configure=_prepare,
        check=_check,
        min_size=1,
        max_size=size,
        timeout=10,
        open=False,
    )


@asynccontextmanager
async def opened(size: int = 8) -> AsyncIterator[None]:
    """Make `connection()` work inside the block. Nested use shares the outer pool."""
    if _pool.get() is not None:
        yield
        return
    pool = make_pool(size, durable=False)
    async with pool:
        token = _pool.set(pool)
        try:
            yield
        finally:
            _pool.reset(token)


@asynccontextmanager
async def connection() -> AsyncIterator[Connection]:
    """A connection in autocommit; open a transaction with `connection.transaction()`. Only inside `opened()`."""
    pool = _pool.get()
    if pool is None:
        raise NotDone("The database pool is not open: this is a mistake of the program, not yours.")
    async with pool.connection() as conn:
        yield conn


@asynccontextmanager
async def listening(channel: str) -> AsyncIterator[Connection]:
    """A connection of its own that hears notifications of `channel`; read them with `notifies`."""
    parameters = _parameters()
    async with await AsyncConnection.connect("", **parameters, autocommit=True) as conn:
        await conn.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        yield conn
