"""Connecting stores as a person does it: enter an app, be sent to the platform's consent page, come back with stores.

    check_keys -> register_app -> begin (an address of the platform) ~~> the seller agrees ~~> finish (stores, held)

The state that travels through the browser is signed by us, names app, market and person, and is good for an hour.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

import aiohttp
from django.core import signing
from django.db import connection

from storeward.connectors.client import Client, Manners
from storeward.connectors.contract import AppKeys, Consent, Grant
from storeward.connectors.errors import AuthorizationLost, CallerRefused, NotSupported, PlatformError, Rejected
from storeward.connectors.registry import connector_for, connectors
from storeward.lib import clock
from storeward.lib.errors import NotDone
from storeward.stores import vault
from storeward.stores.models import App, Connection, Store
from storeward.stores.registering import adopt, connect

STATE_LASTS: Final = timedelta(hours=1)
SALT: Final = "storeward.stores.connecting"
MADE_UP_CODE: Final = "storeward-tests-these-keys"
BRIEFLY: Final = Manners(tries=2, first_wait=0.2, longest_wait=1.0, timeout=10.0, connect_timeout=5.0)


@dataclass(frozen=True, slots=True)
class Offer:
    """A platform that stores can be connected on."""

    id: str
    label: str
    markets: tuple[str, ...]


def offers() -> list[Offer]:
    """Every platform that there is a connector for, plug-ins included, by name."""
    found = [Offer(one.id, one.label, tuple(sorted(one.markets))) for one in connectors().values()]
    return sorted(found, key=lambda one: one.label)


def label_of(platform: str) -> str:
    """What people call that platform."""
    return connector_for(platform).label


async def _keys_answer(platform: str, keys: AppKeys, base_url: str, auth_url: str) -> None:
    connector = connector_for(platform)
    async with aiohttp.ClientSession() as session:
        client = Client(
            connector=connector,
            session=session,
            app=keys,
            access=None,
            now=clock.now,
            base_url=base_url or connector.base_url,
            auth_url=auth_url or connector.auth_url,
            manners=BRIEFLY,
        )
        await client.tokens(connector.token_request(keys, Grant(MADE_UP_CODE, {"shop_id": "1"})))


def check_keys(*, platform: str, app_key: str, app_secret: str, base_url: str = "", auth_url: str = "") -> None:
    """Ask the platform whether it knows this app: it is asked for tokens with a made-up code, and what it refuses tells.

    Raises NotDone with the platform's own words where key or secret are wrong, PlatformError where it cannot be told.
    """
    try:
        asyncio.run(_keys_answer(platform, AppKeys(app_key, app_secret), base_url, auth_url))
    except AuthorizationLost:
        return  # the code was refused, so key and signature were not
    except (Rejected, CallerRefused) as refusal:
        raise NotDone(f"The platform refuses this app key and secret: {refusal.message}") from refusal


@dataclass(frozen=True, slots=True)
class Coming:
    """Who comes back from a platform's consent page, as our own signed state says."""

    app_id: int
    market: str
    person: int


def begin(app: App, *, market: str, person: int, redirect: str, now: datetime) -> str:
    """The platform's consent page for this app. Raises NotSupported for a market that the platform has not."""
    connector = connector_for(app.platform)
    if market and market not in connector.markets:
        known = ", ".join(sorted(connector.markets))
        raise NotSupported(f"has no market {market}; it has {known}", platform=app.platform)
    state = signing.dumps({"app": app.pk, "market": market, "person": person}, salt=SALT, compress=True)
    consent = Consent(service_id=app.service_id, state=state, market=market, redirect=redirect, now=now, base_url=app.base_url)
    return _elsewhere(connector.consent_url(keys_of(app), consent), own=connector.auth_url, ours=app.auth_url, redirect=redirect)


def _elsewhere(link: str, *, own: str, ours: str, redirect: str) -> str:
    """The consent page of a sandbox, for an app that was given one's address; its console does not know where we are."""
    page, place = urlsplit(link), urlsplit(ours)
    if place.netloc == urlsplit(own).netloc:
        return link
    query = page.query if "redirect" in page.query else f"{page.query}&{urlencode({'redirect_uri': redirect})}"
    return urlunsplit((place.scheme, place.netloc, page.path, query, ""))


def coming(state: str) -> Coming:
    """Whose consent a redirect is about. Raises NotDone for a state that is not ours, or is too old."""
    try:
        said = signing.loads(state, salt=SALT, max_age=STATE_LASTS)
    except signing.SignatureExpired as error:
        raise NotDone("This consent was begun more than an hour ago; begin again from Connections.") from error
    except signing.BadSignature as error:
        raise NotDone("This answer of a platform does not belong to a connection that was begun here; begin again.") from error
    return Coming(said["app"], said["market"], said["person"])


@dataclass(frozen=True, slots=True)
class Connected:
    """What a consent brought."""

    connections: tuple[int, ...]
    stores: tuple[Store, ...]
    missing: tuple[str, ...]
    """Permissions that our streams need and the platform did not grant; empty where it names none."""


def finish(app: App, *, query: Mapping[str, str], now: datetime, actor: str) -> Connected:
    """Exchange what the seller's browser brought for tokens and keep them with their stores.

    Raises NotDone where the seller refused, PlatformError where the platform does.
    """
    code = query.get("code", "")
    if query.get("error") or code == "null":
        raise NotDone(f"The seller has not agreed ({query.get('error') or 'no reason given'}); nothing was connected.")
    named = {name: value for name, value in query.items() if name not in {"code", "state"}}
    stores: list[Store] = []
    for tokens, shops in asyncio.run(connect(app, Grant(code, named))):
        stores += adopt(app, tokens, shops, now=now, actor=actor)
    held = Connection.objects.filter(stores__in=stores).distinct()
    granted = {scope for connection in held for scope in connection.granted_scopes}
    return Connected(tuple(held.values_list("pk", flat=True)), tuple(stores), missing_scopes(app.platform, granted))


def missing_scopes(platform: str, granted: set[str]) -> tuple[str, ...]:
    """Permissions that streams need and were not granted. A platform that names none grants all or nothing."""
    if not granted:
        return ()
    needed = {stream.scope for stream in connector_for(platform).streams.values() if stream.scope}
    return tuple(sorted(needed - granted))


def keys_of(app: App) -> AppKeys:
    """The app's key and secrets, unsealed."""
    push_key = vault.unseal(app.sealed_push_key) if app.sealed_push_key else ""
    return AppKeys(app.app_key, vault.unseal(app.sealed_secret), push_key=push_key)


USUAL_WARNING = timedelta(days=14)


def warned_from(platform: str, ends_at: datetime) -> datetime:
    """From when on an authorisation that ends then is to be renewed by the seller (`Connector.warn_ahead`). The stores of a
    plug-in that is no longer installed are still there.
    """
    connector = connectors().get(platform)
    return ends_at - (connector.warn_ahead if connector is not None else USUAL_WARNING)


@dataclass(frozen=True, slots=True)
class Ending:
    """An authorisation that only the seller can prolong, and by when."""

    connection_id: int
    app_id: int
    platform: str
    ends_at: datetime
    stores: tuple[str, ...]
    store_ids: tuple[int, ...] = ()


# A consent is told of once, wherever the store that stands first among its stores is looked at.
_ENDINGS = """
SELECT c.id, c.app_id, a.platform, c.refresh_expires_at, array_agg(s.key ORDER BY s.id), array_agg(s.id ORDER BY s.id)
FROM stores_connection c
JOIN stores_app a ON a.id = c.app_id
JOIN stores_store s ON s.connection_id = c.id
LEFT JOIN unnest(%(platforms)s::text[], %(warned)s::timestamptz[]) AS w (platform, until) ON w.platform = a.platform
WHERE c.state = 'active' AND c.refresh_expires_at <= coalesce(w.until, %(usual)s)
    AND c.id IN (SELECT connection_id FROM stores_store WHERE id = ANY(%(stores)s))
GROUP BY c.id, a.platform
ORDER BY c.refresh_expires_at, c.id
"""


def endings(store_ids: Collection[int], *, now: datetime) -> list[Ending]:
    """Authorisations of these stores in force whose end is the seller's business by now, the nearest first; by one query."""
    warned = {name: now + connector.warn_ahead for name, connector in connectors().items()}
    values: dict[str, Any] = {
        "platforms": list(warned),
        "warned": list(warned.values()),
        "usual": now + USUAL_WARNING,
        "stores": list(store_ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(_ENDINGS, values)
        found = cursor.fetchall()
    return [Ending(pk, app, platform, ends_at, tuple(keys), tuple(ids)) for pk, app, platform, ends_at, keys, ids in found]


def problem(error: PlatformError) -> str:
    """What a platform's refusal means for whoever connects, in a sentence."""
    return error.message.rstrip(".。") + "."
