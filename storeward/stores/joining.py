"""Connecting as pages ask for it: what goes wrong comes as one `Refused` that says which kind, so that a page can name the mend.

    enter_app (keys tested, then kept) -> consent_of (an address of the platform) ~~> keep (stores, held)

No call to a platform is made inside a transaction: keys are tested before anything is written, tokens kept after they are here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from django.core import signing
from django.db import transaction

from storeward.accounts.models import Workspace
from storeward.audit.record import record
from storeward.connectors.errors import AuthorizationLost, NotSupported, PlatformError, Unavailable
from storeward.lib.errors import NotDone
from storeward.lib.http import refuse_private
from storeward.stores import connecting
from storeward.stores.models import App, Connection, Store
from storeward.stores.registering import add_store, register_app

HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})
"""A sandbox on this machine may be asked; other private addresses may not."""


class Refused(NotDone):
    """It was not done. `kind` names what is wrong, `said` holds the platform's own words, if it said any."""

    def __init__(self, kind: str, said: str = "") -> None:
        super().__init__(f"{kind}: {said}" if said else kind)
        self.kind = kind
        self.said = said


@dataclass(frozen=True, slots=True)
class Typed:
    """An app as a person types it; what is secret stays out of `repr`."""

    name: str
    app_key: str
    app_secret: str = field(repr=False)
    push_key: str = field(default="", repr=False)
    service_id: str = ""
    base_url: str = ""
    auth_url: str = ""


def enter_app(workspace: Workspace, platform: str, typed: Typed, *, now: datetime, actor: str) -> App:
    """Test an app's keys at its platform, and keep them if they are right. Raises Refused; nothing is kept then.

    Kinds: key, secret (missing), address (none that may be asked), keys (the platform refuses them), away (it does not answer),
    strange (whatever answers there is not this platform), taken (another team of this installation has that app).
    """
    for name in ("app_key", "app_secret"):
        if not getattr(typed, name):
            raise Refused(name)
    base_url = _address(typed.base_url, "base_url")
    auth_url = _address(typed.auth_url, "auth_url") or base_url
    _tested(platform, typed, base_url, auth_url)
    held = App.objects.filter(platform=platform, app_key=typed.app_key).exclude(workspace=workspace)
    if any(not base_url or one.base_url == base_url for one in held):
        raise Refused("taken")
    return register_app(
        workspace=workspace,
        platform=platform,
        name=typed.name or connecting.label_of(platform),
        app_key=typed.app_key,
        app_secret=typed.app_secret,
        push_key=typed.push_key,
        service_id=typed.service_id,
        base_url=base_url,
        auth_url=auth_url,
        now=now,
        actor=actor,
    )


def _address(text: str, name: str) -> str:
    """An address that may be asked, without its last slash. Raises Refused."""
    address = text.strip().rstrip("/")
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or parts.hostname not in HERE or parts.username or parts.query:
            refuse_private(address)
    except (NotDone, ValueError) as error:
        raise Refused(name, str(error)) from error
    return address


def _tested(platform: str, typed: Typed, base_url: str, auth_url: str) -> None:
    try:
        connecting.check_keys(
            platform=platform, app_key=typed.app_key, app_secret=typed.app_secret, base_url=base_url, auth_url=auth_url
        )
    except NotDone as refusal:
        raise Refused("keys", _words(refusal.__cause__, typed)) from None
    except Unavailable as error:
        raise Refused("away", _words(error, typed)) from None
    except (PlatformError, aiohttp.ClientError, OSError) as error:
        raise Refused("strange", _words(error, typed)) from None


def _words(error: BaseException | None, typed: Typed) -> str:
    """What the platform said, without the secrets that it may have quoted."""
    told = error.message if isinstance(error, PlatformError) else ""
    for secret in filter(None, (typed.app_secret, typed.push_key)):
        told = told.replace(secret, "***")
    return told.rstrip(".。")


def consent_of(app: App, *, market: str, person: int, redirect: str, now: datetime) -> str:
    """The platform's consent page. Raises Refused `market` for one that the platform has not."""
    try:
        return connecting.begin(app, market=market, person=person, redirect=redirect, now=now)
    except NotSupported as error:
        raise Refused("market", error.message) from error


def returned(state: str, *, person: int) -> tuple[App, str]:
    """The app and market that a redirect is about. Raises Refused: `old`, `foreign` (not begun here, or by somebody else)."""
    try:
        came = connecting.coming(state)
    except NotDone as error:
        raise Refused("old" if isinstance(error.__cause__, signing.SignatureExpired) else "foreign") from error
    app = App.objects.filter(pk=came.app_id).select_related("workspace").first()
    if came.person != person or app is None:
        raise Refused("foreign")
    return app, came.market


def keep(app: App, *, query: Mapping[str, str], now: datetime, actor: str) -> connecting.Connected:
    """Exchange what the seller's browser brought, and keep it. Raises Refused: `declined`, `spent`, `away`, `platform`."""
    try:
        connected = connecting.finish(app, query=query, now=now, actor=actor)
    except NotDone as error:
        raise Refused("declined") from error
    except AuthorizationLost as error:
        raise Refused("spent", error.message.rstrip(".。")) from error
    except Unavailable as error:
        raise Refused("away", error.message.rstrip(".。")) from error
    except PlatformError as error:
        raise Refused("platform", error.message.rstrip(".。")) from error
    if not connected.stores:
        raise Refused("empty")
    return connected


def missing(connections: list[Connection]) -> tuple[str, ...]:
    """Permissions that streams need and these authorisations lack."""
    found: set[str] = set()
    for one in connections:
        found.update(connecting.missing_scopes(one.app.platform, set(one.granted_scopes)))
    return tuple(sorted(found))


NUMBER = re.compile(r"[\w.-]{1,64}")


@transaction.atomic
def add_by_hand(workspace: Workspace, *, platform: str, number: str, name: str, market: str, now: datetime, actor: str) -> Store:
    """A store whose data people bring. Raises Refused naming the field: name, number, market, or `double`."""
    offer = next((one for one in connecting.offers() if one.id == platform), None)
    if offer is None or market not in offer.markets:
        raise Refused("market")
    if not name.strip():
        raise Refused("name")
    if not NUMBER.fullmatch(number.strip()):
        raise Refused("number")
    known = Store.objects.filter(workspace=workspace, platform=platform, platform_store_id=number.strip()).first()
    if known is not None:
        raise Refused("double", known.key)
    store = add_store(
        workspace=workspace, platform=platform, platform_store_id=number.strip(), name=name.strip()[:120], region=market, now=now
    )
    record(workspace_id=workspace.pk, at=now, actor=actor, action="stores.add", subject=f"store:{store.key}")
    return store
