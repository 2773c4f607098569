"""Apps, authorisations and stores come into being here, whoever asks: the consent page, a command, or the demo.

Every step can be repeated: registering an app again renews its secret, adopting an authorisation again renews its tokens and
brings it back to life, and its stores keep their keys and their history.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias, TypedDict

import aiohttp
from django.db import transaction

from storeward.accounts.models import Workspace
from storeward.audit.record import record
from storeward.canon import StoreProfile
from storeward.connectors.client import Client, for_store
from storeward.connectors.contract import Access, AppKeys, Ask, Grant, Renewal, Tokens
from storeward.connectors.errors import PlatformError
from storeward.connectors.registry import connector_for
from storeward.lib import clock
from storeward.stores import vault
from storeward.stores.keys import store_key
from storeward.stores.markets import market
from storeward.stores.models import App, Connection, ConnectionState, Store

log = logging.getLogger(__name__)


@transaction.atomic
def register_app(
    *,
    workspace: Workspace,
    platform: str,
    name: str,
    app_key: str,
    app_secret: str,
    now: datetime,
    base_url: str = "",
    auth_url: str = "",
    push_key: str = "",
    service_id: str = "",
    actor: str = "setup",
) -> App:
    """An app of ours on a platform; the addresses default to the platform's own. Raises NotSupported for a platform we do not
    know.
    """
    connector = connector_for(platform)
    app, made = App.objects.update_or_create(
        platform=connector.id,
        app_key=app_key,
        base_url=base_url or connector.base_url,
        defaults={
            "workspace": workspace,
            "name": name,
            "sealed_secret": vault.seal(app_secret),
            "sealed_push_key": vault.seal(push_key) if push_key else "",
            "service_id": service_id or app_key,
            "auth_url": auth_url or connector.auth_url,
        },
    )
    if made:
        record(workspace_id=workspace.pk, at=now, actor=actor, action="stores.register_app", subject=f"app:{platform}:{app_key}")
    return app


@transaction.atomic
def adopt(app: App, tokens: Tokens, shops: Sequence[StoreProfile], *, now: datetime, actor: str = "setup") -> list[Store]:
    """Keep an authorisation with the stores it covers; both tokens are sealed and stored together. Returns the stores."""
    connection, made = Connection.objects.update_or_create(
        app=app,
        platform_user_id=tokens.platform_user_id,
        defaults={
            "workspace": app.workspace,
            "sealed_access_token": vault.seal(tokens.access_token),
            "sealed_refresh_token": vault.seal(tokens.refresh_token),
            "access_expires_at": tokens.access_expires_at,
            "refresh_expires_at": tokens.refresh_expires_at,
            "granted_scopes": list(tokens.scopes),
            "state": ConnectionState.ACTIVE,
            "state_reason": "",
            "state_since": now,
            "refreshed_at": now,
        },
    )
    stores = [_store(connection, shop, now=now) for shop in shops]
    record(
        workspace_id=app.workspace_id,
        at=now,
        actor=actor,
        action="stores.connect" if made else "stores.reconnect",
        subject=f"connection:{connection.pk}",
        after={"stores": [store.key for store in stores]},
    )
    return stores


class _Facts(TypedDict):
    """What a profile settles, each time it is read."""

    connection: Connection
    name: str
    platform_handle: str
    seller_type: str


def _store(connection: Connection, shop: StoreProfile, *, now: datetime) -> Store:
    """The store of that profile: found again by its platform's id, else made."""
    facts = _Facts(
        connection=connection,
        name=(shop.name or shop.platform_store_id)[:120],
        platform_handle=shop.platform_handle or "",
        seller_type=shop.seller_type or "local",
    )
    platform = connection.app.platform
    held = Store.objects.filter(
        workspace=connection.workspace, platform=platform, platform_store_id=shop.platform_store_id
    ).first()
    if held is not None:
        for name, value in facts.items():
            setattr(held, name, value)
        held.save(update_fields=list(facts))
        return held
    return add_store(
        workspace=connection.workspace,
        platform=platform,
        platform_store_id=shop.platform_store_id,
        region=shop.region or shop.platform_region or "",
        now=now,
        **facts,
    )


def add_store(
    *,
    workspace: Workspace,
    platform: str,
    platform_store_id: str,
    name: str,
    region: str,
    now: datetime,
    connection: Connection | None = None,
    platform_handle: str = "",
    seller_type: str = "local",
) -> Store:
    """A store, with an authorisation or (not connected yet) without. Zone and currency follow from the region."""
    place = market(region)
    connector = connector_for(platform)
    base = {"short": connector.short, "region": place.region, "name": name, "platform_store_id": platform_store_id}
    taken = set(Store.objects.filter(key__startswith=f"{connector.short}-").values_list("key", flat=True))
    return Store.objects.create(
        workspace=workspace,
        connection=connection,
        key=store_key(**base, taken=taken),
        platform=platform,
        platform_store_id=platform_store_id,
        platform_handle=platform_handle,
        name=name,
        region=place.region,
        timezone=place.timezone,
        currency=place.currency,
        seller_type=seller_type,
        added_at=now,
    )


Authorised: TypeAlias = tuple[Tokens, list[StoreProfile]]
"""A token pair, and the stores that it covers: what `adopt` keeps."""


async def fetch_authorisations(app: App, grant: Grant, *, session: aiohttp.ClientSession) -> list[Authorised]:
    """What the seller's consent brought: a token pair for all its stores, or (by platform) one for each. Raises a PlatformError.

    The code is good once: keep the answers with `adopt` before anything else.
    """
    connector = connector_for(app.platform)
    client = Client(
        connector=connector,
        session=session,
        app=AppKeys(app.app_key, vault.unseal(app.sealed_secret)),
        access=None,
        now=clock.now,
        base_url=app.base_url,
        auth_url=app.auth_url,
    )
    tokens = await client.tokens(connector.token_request(client.app, grant))
    if tokens.one_each:
        found = [await _own_pair(client, tokens, named) for named in tokens.stores]
        return [authorised for authorised in found if authorised is not None]
    if not tokens.stores:
        return [(tokens, await _shops(client, Access(tokens.access_token)))]
    return [(tokens, [await _described(client, tokens, named) for named in tokens.stores])]


async def _own_pair(client: Client, tokens: Tokens, named: StoreProfile) -> Authorised | None:
    """The pair of one store of a consent that covers several; None (and a warning) where the platform refuses that store now."""
    renewal = Renewal(tokens.refresh_token, platform_store_id=named.platform_store_id, market=named.region or "")
    try:
        own = await client.tokens(client.connector.refresh_request(client.app, renewal))
    except PlatformError as error:
        log.warning("%s %s: no tokens of its own: %s", client.connector.id, named.platform_store_id, error)
        return None
    return own, [await _described(client, own, named)]


async def _described(client: Client, tokens: Tokens, named: StoreProfile) -> StoreProfile:
    """A store that the token answer names, as its own site describes it; as named where the site cannot be asked now."""
    access = Access(tokens.access_token, platform_store_id=named.platform_store_id, market=named.region or "")
    try:
        shops = await _shops(client, access)
    except PlatformError as error:
        log.info("%s %s: not described by its site: %s", client.connector.id, named.platform_store_id, error)
        return named
    return next((shop for shop in shops if shop.platform_store_id == named.platform_store_id), named)


async def _shops(client: Client, access: Access) -> list[StoreProfile]:
    """What the platform lists as the stores of that access."""
    asking, stream = for_store(client, access), client.connector.streams["stores"]
    return [
        shop
        async for answer in asking.pages(stream, stream.first(Ask()))
        for shop in answer.parsed.records
        if isinstance(shop, StoreProfile)
    ]


async def connect(app: App, grant: Grant) -> list[Authorised]:
    """As `fetch_authorisations`, with a session of its own; `adopt` each of what it returns."""
    async with aiohttp.ClientSession() as session:
        return await fetch_authorisations(app, grant, session=session)
