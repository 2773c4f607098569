"""Where platforms deliver webhooks: /hooks/<platform>/<app id>/ , a bare ASGI application.

Verify, store, acknowledge; work later. A delivery that is acknowledged is on disk. Rows of deliveries that come at the same
moment share one INSERT and one commit (group commit), which is what makes thousands a second possible: the disk is waited for
once.

    200          stored, or stored before; empty, or what the platform demands (`Connector.push_answer`)
    401, empty   the signature does not fit
    404          no such app, or not an address of ours
    400          not a body of this platform       405   not a POST      413   too large
    503          the database cannot be reached: the platform delivers again
"""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, TypeAlias

import psycopg
from django.conf import settings
from psycopg_pool import PoolTimeout

from storeward.canon import Push
from storeward.connectors.contract import AppKeys, Connector
from storeward.connectors.errors import NotSupported, UnexpectedPayload
from storeward.connectors.registry import connector_for
from storeward.lib import clock
from storeward.stores import vault
from storeward.stores.database import Pool, make_pool

log = logging.getLogger(__name__)

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LARGEST: Final = 256 * 1024
GATHER: Final = 0.002
"""Seconds to wait for company before a commit."""
AT_ONCE: Final = 500
WRITERS: Final = 2
"""Commits under way at once: while one waits for the disk, the next gathers."""
APP_KNOWN_FOR: Final = 60.0
CHANNEL: Final = "storeward_push"
"""Workers listen here; a lost notification costs seconds, as they also look by themselves."""


@dataclass(frozen=True, slots=True)
class KnownApp:
    """An app as the intake needs it."""

    id: int
    connector: Connector
    keys: AppKeys
    until: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """A verified webhook on its way to its row."""

    app_id: int
    notification_id: str
    platform_store_id: str
    topic: str
    kind: str
    platform_id: str
    body: bytes
    received_at: datetime
    stored: "asyncio.Future[None]" = field(compare=False)


class Refused(Exception):
    """This delivery gets `status` and is not stored."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(str(status))


def thing(push: Push) -> tuple[str, str]:
    """What to read back: kind and id; an id is empty where the push names several or none."""
    named = {
        "cancellation": push.platform_cancellation_id,
        "return": push.platform_return_id,
        "listing": push.platform_listing_id,
        "conversation": push.platform_conversation_id,
        "message": push.platform_conversation_id,
        "order": push.platform_order_id or (push.platform_order_ids[0] if len(push.platform_order_ids) == 1 else None),
        "package": push.platform_package_ids[0] if len(push.platform_package_ids) == 1 else None,
    }
    kind = {"address": "order", "invoice": "package", "stock": "listing", "refund": "return", "after_sale": "return"}.get(
        push.topic, push.topic
    )
    return kind[:24], (named.get(kind) or "")[:120]


INSERT = """
INSERT INTO sync_push (app_id, notification_id, platform_store_id, topic, kind, platform_id, body, received_at, state, attempts)
SELECT *, 'new', 0 FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::bytea[],
                               %b::timestamptz[])
ON CONFLICT (app_id, notification_id) DO NOTHING
"""
FIND_APP = "SELECT id, platform, app_key, sealed_secret, sealed_push_key FROM stores_app WHERE id = %s AND platform = %s"
NOTIFY = f"NOTIFY {CHANNEL}"
CALM: Final = 0.02
"""Seconds between two calls to the workers: one call is enough for all that came meanwhile."""


class Intake:
    """The webhooks of one process. Opened by the first delivery, on that delivery's event loop."""

    def __init__(self) -> None:
        self._pool: Pool | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._apps: dict[tuple[str, str], KnownApp] = {}
        self._waiting: list[Delivery] = []
        self._wake = asyncio.Event()
        self._writers: list[asyncio.Task[None]] = []
        self._news = asyncio.Event()

    async def open(self) -> Pool:
        """The pool of this event loop."""
        loop = asyncio.get_running_loop()
        if self._pool is None or self._loop is not loop:
            self._loop, self._wake, self._news, self._waiting = loop, asyncio.Event(), asyncio.Event(), []
            self._pool = make_pool(WRITERS + 2, durable=True)
            await self._pool.open()
            self._writers = [asyncio.create_task(self._write_forever()) for _ in range(WRITERS)]
            self._writers.append(asyncio.create_task(self._call_forever()))
        return self._pool

    async def close(self) -> None:
        """Write what waits, then let go of the database."""
        for writer in self._writers:
            writer.cancel()
        await asyncio.gather(*self._writers, return_exceptions=True)
        if self._pool is not None:
            if self._waiting:
                await self._flush()
            await self._pool.close()
        self._pool, self._writers = None, []

    async def take(self, platform: str, app_id: str, headers: dict[str, str], body: bytes, *, address: str = "") -> bytes:
        """Verify and store one delivery, each message of it; returns what to answer when it is on disk. Raises Refused.

        `address` is where it was sent, as the platform knows it.
        """
        app = await self._app(platform, app_id)
        if not app.connector.verify_push(replace(app.keys, push_url=address), headers, body):
            raise Refused(401)
        try:
            pushes = app.connector.parse_pushes(body)
        except UnexpectedPayload as reason:
            raise Refused(400) from reason
        loop = asyncio.get_running_loop()
        deliveries = [_delivery(app, push, at, body, loop.create_future()) for at, push in enumerate(pushes)]
        if deliveries:
            self._waiting.extend(deliveries)
            self._wake.set()
        for outcome in await asyncio.gather(*(delivery.stored for delivery in deliveries), return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome
        return app.connector.push_answer

    async def _app(self, platform: str, app_id: str) -> KnownApp:
        pool = await self.open()
        known = self._apps.get((platform, app_id))
        if known is not None and known.until > clock.monotonic():
            return known
        if not app_id.isdecimal() or len(app_id) > 18:
            raise Refused(404)
        async with pool.connection() as conn:
            row = await (await conn.execute(FIND_APP, (int(app_id), platform))).fetchone()
        if row is None:
            raise Refused(404)
        try:
            connector = connector_for(row[1])
        except NotSupported as reason:
            raise Refused(404) from reason
        keys = AppKeys(row[2], vault.unseal(row[3]), push_key=vault.unseal(row[4]) if row[4] else "")
        app = KnownApp(row[0], connector, keys, clock.monotonic() + APP_KNOWN_FOR)
        self._apps[(platform, app_id)] = app
        return app

    async def _write_forever(self) -> None:
        while True:
            await self._wake.wait()
            await clock.pause_async(GATHER)
            await self._flush()

    async def _call_forever(self) -> None:
        """Tell the workers, beside the commits: notifying commits take turns in the database, waits for the disk included."""
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                await self._call()
            except (psycopg.Error, PoolTimeout) as reason:
                log.info("workers were not called, they look by themselves: %s", type(reason).__name__)
            await clock.pause_async(CALM)

    async def _call(self) -> None:
        assert self._pool is not None
        async with self._pool.connection() as conn:
            await conn.execute(NOTIFY)

    async def _flush(self) -> None:
        """One INSERT and one commit for all that wait; every waiting delivery learns how it went."""
        batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
        if not self._waiting:
            self._wake.clear()
        if not batch:
            return
        try:
            await self._insert(batch)
        except (psycopg.Error, PoolTimeout) as reason:
            log.warning("%s webhooks could not be stored: %s", len(batch), type(reason).__name__)
            _settle(batch, reason)
        except asyncio.CancelledError as reason:
            _settle(batch, reason)
            raise
        else:
            _settle(batch, None)

    async def _insert(self, batch: list[Delivery]) -> None:
        assert self._pool is not None
        columns = zip(
            *(
                (d.app_id, d.notification_id, d.platform_store_id, d.topic, d.kind, d.platform_id, d.body, d.received_at)
                for d in batch
            ),
            strict=True,
        )
        async with self._pool.connection() as conn:
            await conn.execute(INSERT, [list(column) for column in columns])
        self._news.set()


def _delivery(app: KnownApp, push: Push, at: int, body: bytes, stored: "asyncio.Future[None]") -> Delivery:
    """The row of one message; `at` is its place in the body, which tells apart those that have no id of their own."""
    kind, platform_id = thing(push)
    unnamed = hashlib.blake2b(body, digest_size=16).hexdigest() + (f":{at}" if at else "")
    return Delivery(
        app_id=app.id,
        notification_id=(push.platform_push_id or unnamed)[:120],
        platform_store_id=(push.platform_store_id or "")[:64],
        topic=push.topic[:60],
        kind=kind,
        platform_id=platform_id,
        body=body,
        received_at=clock.now(),
        stored=stored,
    )


def _settle(batch: list[Delivery], reason: BaseException | None) -> None:
    for delivery in batch:
        if not delivery.stored.done():
            if reason is None:
                delivery.stored.set_result(None)
            else:
                delivery.stored.set_exception(Refused(503))


INTAKE: Final = Intake()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application, for paths /hooks/<platform>/<app id>/ ."""
    if scope["type"] != "http":
        return
    told = b""
    try:
        platform, app_id = _address(scope)
        body = await _body(scope, receive)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        told = await INTAKE.take(platform, app_id, headers, body, address=_told_address(scope, headers))
        status = 200
    except Refused as refusal:
        status = refusal.status
    except (psycopg.Error, PoolTimeout) as reason:
        log.warning("a webhook came while the database was away: %s", type(reason).__name__)
        status = 503
    answer_headers = [(b"content-length", b"%d" % len(told))]
    if told:
        answer_headers.append((b"content-type", b"application/json"))
    await send({"type": "http.response.start", "status": status, "headers": answer_headers})
    await send({"type": "http.response.body", "body": told})


def _address(scope: Scope) -> tuple[str, str]:
    """Platform and app id of the path."""
    if scope["method"] != "POST":
        raise Refused(405)
    parts = scope["path"].strip("/").split("/")
    if len(parts) != 3 or parts[0] != "hooks":
        raise Refused(404)
    return parts[1], parts[2]


def _told_address(scope: Scope, headers: dict[str, str]) -> str:
    """Where the platform sent it. Behind a proxy only our public address tells; without one, what the request names."""
    base = settings.PUBLIC_URL or f"{scope.get('scheme', 'http')}://{headers.get('host', '')}"
    query = scope.get("query_string", b"").decode("latin-1")
    return f"{base}{scope['path']}{'?' if query else ''}{query}"


async def _body(scope: Scope, receive: Receive) -> bytes:
    """The whole body; 413 as soon as it grows too large."""
    chunks, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400)
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > LARGEST:
            raise Refused(413)
        chunks.append(chunk)
        if not message.get("more_body"):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)
