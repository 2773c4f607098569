"""What the webhook intake is compared with: one INSERT and one commit for each request, nothing checked."""

import asyncio
import os
from typing import Any

from psycopg_pool import AsyncConnectionPool

CREATE = "CREATE TABLE IF NOT EXISTS bare_push (id bigserial PRIMARY KEY, body bytea NOT NULL, at timestamptz DEFAULT now())"
pool: AsyncConnectionPool[Any] | None = None
opening = asyncio.Lock()


async def opened() -> AsyncConnectionPool[Any]:
    global pool  # noqa: PLW0603 - one for the process
    async with opening:
        if pool is None:
            pool = AsyncConnectionPool(
                os.environ["DATABASE_URL"], min_size=4, max_size=8, open=False, kwargs={"autocommit": True}
            )
            await pool.open()
            async with pool.connection() as connection:
                await connection.execute(CREATE)
    return pool


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    body = (await receive()).get("body", b"")
    async with (await opened()).connection() as connection:
        await connection.execute("INSERT INTO bare_push (body) VALUES (%b)", (body,))
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
