"""A store's way to its platform: the shared client with the store's authorisation, refreshed by whoever comes first.

    async with working():                    # database pool and HTTP session of this process
        client = await open_client(store)    # raises AuthorizationLost where the authorisation is not in force

Tokens are sealed in the database and never leave this module but inside a client. An authorisation that ends becomes a fact about
the `Connection` (state, reason, since): one cause, however many stores it covers.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import aiohttp

from storeward.connectors.client import Client, Manners
from storeward.connectors.contract import Access, AppKeys, Connector, Limits, Renewal
from storeward.connectors.errors import AuthorizationLost, PlatformError, TokenExpired
from storeward.connectors.registry import connector_for
from storeward.lib import clock
from storeward.lib.errors import NotDone
from storeward.stores import database, vault
from storeward.stores.budget import SharedBudget
from storeward.stores.database import Connection, connection
from storeward.stores.models import ConnectionState

log = logging.getLogger(__name__)

LOCK_SPACE = 0x5354  # first key of our advisory locks for connections; the second is the connection's id
CALLS_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class StoreRef:
    """A store and its authorisation as one read found them; secrets stay out of `repr`."""

    id: int
    workspace_id: int
    key: str
    platform: str
    platform_store_id: str
    region: str
    app_id: int
    connection_id: int
    state: str
    state_reason: str
    app_key: str
    base_url: str
    auth_url: str
    handle: str = field(repr=False)
    sealed_secret: str = field(repr=False)
    sealed_access_token: str = field(repr=False)
    access_expires_at: datetime
    seller_type: str = ""

    @property
    def connector(self) -> Connector:
        return connector_for(self.platform)

    @property
    def app(self) -> AppKeys:
        return AppKeys(self.app_key, vault.unseal(self.sealed_secret))

    def access(self, sealed_access_token: str) -> Access:
        return Access(
            vault.unseal(sealed_access_token),
            handle=self.handle,
            platform_store_id=self.platform_store_id,
            market=self.region,
        )


@dataclass(slots=True)
class _Working:
    """What the calls of one process share."""

    session: aiohttp.ClientSession
    limits: Limits | None
    manners: Manners
    budgets: dict[int, SharedBudget] = field(default_factory=dict)

    def budget(self, ref: StoreRef) -> SharedBudget:
        if ref.app_id not in self.budgets:
            self.budgets[ref.app_id] = SharedBudget(app_id=ref.app_id, limits=self.limits or ref.connector.limits)
        return self.budgets[ref.app_id]


_working: ContextVar[_Working | None] = ContextVar("storeward_working", default=None)


@asynccontextmanager
async def working(*, connections: int = 8, limits: Limits | None = None, manners: Manners | None = None) -> AsyncIterator[None]:
    """Open what calls need: a database pool and an HTTP session. Nested use shares the outer ones.

    `limits` and `manners` stand in for the platform's documented limits and our usual patience (benchmarks, tests).
    """
    if _working.get() is not None:
        yield
        return
    connector = aiohttp.TCPConnector(limit=CALLS_AT_ONCE, limit_per_host=0)
    async with database.opened(connections), aiohttp.ClientSession(connector=connector) as session:
        token = _working.set(_Working(session, limits, manners or Manners()))
        try:
            yield
        finally:
            _working.reset(token)


def _shared() -> _Working:
    shared = _working.get()
    if shared is None:
        raise NotDone("No session is open for calls to a platform: this is a mistake of the program, not yours.")
    return shared


FIND = """
SELECT s.id, s.workspace_id, s.key, s.platform, s.platform_store_id, s.region, a.id, c.id, c.state, c.state_reason,
       a.app_key, a.base_url, a.auth_url, s.platform_handle, a.sealed_secret, c.sealed_access_token, c.access_expires_at,
       s.seller_type
FROM stores_store s JOIN stores_connection c ON c.id = s.connection_id JOIN stores_app a ON a.id = c.app_id
WHERE s.id = %s
"""


async def find(store_id: int) -> StoreRef:
    """The store with its authorisation; raises AuthorizationLost where it never had one."""
    async with connection() as conn:
        row = await (await conn.execute(FIND, (store_id,))).fetchone()
    if row is None:
        raise AuthorizationLost("The store was never connected to its platform: connect it first.")
    return StoreRef(*row)


async def open_client(store_id: int) -> Client:
    """The client for the calls of this store, with a token that still lasts (`Connector.renew_ahead`).

    Raises AuthorizationLost where the authorisation is not in force (no call is made then).
    """
    return await client_for(await find(store_id))


async def client_for(ref: StoreRef) -> Client:
    """As `open_client`, for a store that was read already."""
    shared = _shared()
    if ref.state != ConnectionState.ACTIVE:
        raise AuthorizationLost(ref.state_reason or f"The authorisation is {ref.state}.", platform=ref.platform)

    async def refresh(refused: Access) -> Access:
        return await _renewed(ref, shared, refused=refused.access_token)

    access = ref.access(ref.sealed_access_token)
    if ref.access_expires_at - clock.now() < ref.connector.renew_ahead:
        access = await _renewed(ref, shared, refused=None)
    return Client(
        connector=ref.connector,
        session=shared.session,
        app=ref.app,
        access=access,
        now=clock.now,
        base_url=ref.base_url,
        auth_url=ref.auth_url,
        budget=shared.budget(ref),
        refresh=refresh,
        manners=shared.manners,
    )


HELD = """
SELECT sealed_access_token, sealed_refresh_token, access_expires_at, state, state_reason FROM stores_connection WHERE id = %s
"""
KEEP = """
UPDATE stores_connection
SET sealed_access_token = %(access)s, sealed_refresh_token = %(refresh)s, access_expires_at = %(access_until)s,
    refresh_expires_at = coalesce(%(refresh_until)s, refresh_expires_at), refreshed_at = %(now)s
WHERE id = %(id)s
"""


async def _renewed(ref: StoreRef, shared: _Working, *, refused: str | None) -> Access:
    """A newer token. Under a lock: whoever comes second finds what the first has fetched, and asks for nothing.

    `refused` is the token that the platform no longer takes; None renews ahead of time, and then a failure of the platform leaves
    the present token in use.
    """
    async with connection() as conn:
        await conn.execute("SELECT pg_advisory_lock(%s, %s)", (LOCK_SPACE, ref.connection_id))
        try:
            return await _renew_locked(conn, ref, shared, refused)
        finally:
            await conn.execute("SELECT pg_advisory_unlock(%s, %s)", (LOCK_SPACE, ref.connection_id))


async def _renew_locked(conn: Connection, ref: StoreRef, shared: _Working, refused: str | None) -> Access:
    row = await (await conn.execute(HELD, (ref.connection_id,))).fetchone()
    assert row is not None
    sealed_access, sealed_refresh, expires_at, state, reason = row
    if state != ConnectionState.ACTIVE:
        raise AuthorizationLost(reason or f"The authorisation is {state}.", platform=ref.platform)
    held = ref.access(sealed_access)
    lasts = expires_at - clock.now()
    newer = held.access_token != refused if refused is not None else lasts >= ref.connector.renew_ahead
    if newer:
        return held
    try:
        return await _fetch(conn, ref, shared, vault.unseal(sealed_refresh))
    except AuthorizationLost as lost:
        await _mark_lost(conn, ref.connection_id, state_of(lost), lost.message, now=clock.now())
        raise
    except PlatformError as error:
        if refused is not None or expires_at <= clock.now():
            raise
        log.warning("%s: renewing the token ahead of time failed, the present one stays: %s", ref.key, error)
        return held


async def _fetch(conn: Connection, ref: StoreRef, shared: _Working, refresh_token: str) -> Access:
    """Ask for new tokens and keep both in one durable transaction before anyone uses them."""
    connector = ref.connector
    client = Client(
        connector=connector,
        session=shared.session,
        app=ref.app,
        access=None,
        now=clock.now,
        base_url=ref.base_url,
        auth_url=ref.auth_url,
    )
    renewal = Renewal(refresh_token, platform_store_id=ref.platform_store_id, market=ref.region)
    tokens = await client.tokens(connector.refresh_request(ref.app, renewal))
    sealed = vault.seal(tokens.access_token)
    async with conn.transaction():
        # The platform may have ended the old pair: losing the new one to a power cut would lose the authorisation.
        await conn.execute("SET LOCAL synchronous_commit = on")
        values = {
            "access": sealed,
            "refresh": vault.seal(tokens.refresh_token),
            "access_until": tokens.access_expires_at,
            "refresh_until": tokens.refresh_expires_at,
            "now": clock.now(),
            "id": ref.connection_id,
        }
        await conn.execute(KEEP, values)
    return ref.access(sealed)


PROBE = """
UPDATE stores_connection c SET probed_at = %(now)s
WHERE state <> 'active' AND (refresh_expires_at IS NULL OR refresh_expires_at > %(now)s)
  AND (probed_at IS NULL OR probed_at < %(before)s) AND state_since < %(before)s
RETURNING id, sealed_refresh_token, (SELECT min(s.id) FROM stores_store s WHERE s.connection_id = c.id)
"""
REVIVE = "UPDATE stores_connection SET state = 'active', state_reason = '', state_since = %s WHERE id = %s"
STORES_OF = "SELECT id FROM stores_store WHERE connection_id = %s"
PROBE_EVERY = timedelta(minutes=10)


async def revive_lost(*, now: datetime) -> list[int]:
    """Try lost authorisations again, each every ten minutes: a platform's fault must not need a person. Stores that are back."""
    shared, back = _shared(), []
    async with connection() as conn:
        probed = await (await conn.execute(PROBE, {"now": now, "before": now - PROBE_EVERY})).fetchall()
        for connection_id, sealed_refresh, store_id in probed:
            if store_id is not None and await _revived(conn, connection_id, sealed_refresh, store_id, shared):
                back += [row[0] for row in await (await conn.execute(STORES_OF, (connection_id,))).fetchall()]
    return back


async def _revived(conn: Connection, connection_id: int, sealed_refresh: str, store_id: int, shared: _Working) -> bool:
    """Whether the platform gives new tokens after all."""
    ref = await find(store_id)
    await conn.execute("SELECT pg_advisory_lock(%s, %s)", (LOCK_SPACE, connection_id))
    try:
        await _fetch(conn, ref, shared, vault.unseal(sealed_refresh))
        await conn.execute(REVIVE, (clock.now(), connection_id))
    except PlatformError as error:
        log.info("%s: still not authorised: %s", ref.key, error)
        return False
    finally:
        await conn.execute("SELECT pg_advisory_unlock(%s, %s)", (LOCK_SPACE, connection_id))
    return True


def state_of(lost: AuthorizationLost) -> ConnectionState:
    """Which end of the authorisation the platform's words tell of."""
    said = lost.message.lower()
    if "expired" in said:
        return ConnectionState.EXPIRED
    return ConnectionState.REVOKED if "revoke" in said or "cancel" in said or "deauthor" in said else ConnectionState.REFUSED


LOST = """
UPDATE stores_connection SET state = %s, state_reason = %s, state_since = %s
WHERE id = %s AND state = 'active' RETURNING workspace_id
"""


async def mark_lost(connection_id: int, state: ConnectionState, reason: str, *, now: datetime) -> bool:
    """The authorisation has ended: a fact about the connection from now on. False where that was known already."""
    async with connection() as conn:
        return await _mark_lost(conn, connection_id, state, reason, now=now)


SOLE = """
SELECT count(*) = 1 FROM stores_store WHERE connection_id = %s
"""


async def note_refusal(ref: StoreRef, lost: AuthorizationLost, *, now: datetime) -> None:
    """Calls of this store are refused although its token was renewed. Where the platform says that the authorisation has ended,
    and it is this store's alone, it is lost; one that covers others may still be good for them.
    """
    if isinstance(lost.__cause__, TokenExpired):
        return  # it only says 'expired', again and again: a fault of the platform rather than the seller's will
    async with connection() as conn:
        row = await (await conn.execute(SOLE, (ref.connection_id,))).fetchone()
        if row is not None and row[0]:
            await _mark_lost(conn, ref.connection_id, state_of(lost), lost.message, now=now)


async def _mark_lost(conn: Connection, connection_id: int, state: ConnectionState, reason: str, *, now: datetime) -> bool:
    found = await (await conn.execute(LOST, (state, reason[:300], now, connection_id))).fetchone()
    if found is not None:
        log.warning("connection %s is lost (%s): %s", connection_id, state, reason)
    return found is not None
