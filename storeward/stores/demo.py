"""The demo fleet: the stores of a sandbox, connected; beside them one whose authorisation is gone and one never connected."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import transaction

from storeward.accounts.models import Workspace
from storeward.canon import StoreProfile
from storeward.connectors.contract import Tokens
from storeward.stores.models import App, Connection, ConnectionState, Store, StoreGroup
from storeward.stores.registering import add_store, adopt, register_app

GONE: Final = StoreProfile(platform_store_id="7494000000000000058", name="Nova Gadgets 8", region="PH", seller_type="local")
NEVER: Final = ("7494000000000000091", "Sari Beauty 9", "SG")
GONE_SINCE: Final = timedelta(days=2, hours=5)
SHORTEST_TOKEN: Final = timedelta(days=7)
GROUPS: Final = (
    ("Home and garden", ("Home", "Kitchen", "Garden")),
    ("Beauty and sport", ("Beauty", "Active")),
    ("Family", ("Kids", "Pets", "Tea")),
    ("Electronics", ("Mobile", "Studio", "Gadgets")),
)
"""The teams of the demo, by the trade that stands in a store's name; the place is the colour."""


@transaction.atomic
def connect_fleet(workspace: Workspace, credentials: Mapping[str, Any], *, now: datetime) -> list[Store]:
    """Register apps and adopt every store of `sandbox credentials --json`; repeated, it renews tokens. Returns the stores."""
    connected = []
    for platform, given in credentials["platforms"].items():
        app = register_app(
            workspace=workspace,
            platform=platform,
            name=f"Sandbox {platform}",
            app_key=given.get("app_key") or given["partner_id"],
            app_secret=given.get("app_secret") or given["partner_key"],
            push_key=given.get("push_key") or "",
            service_id=given.get("service_id") or "",
            base_url=given["base_url"],
            auth_url=given["auth_url"],
            now=now,
            actor="demo",
        )
        for user, shops in by_seller(given["stores"]).items():
            profiles = [profile_of(shop) for shop in shops]
            connected += adopt(app, tokens_of(user, shops[0], now=now), profiles, now=now, actor="demo")
        if platform == "tiktok_shop":
            _add_troubled(app, now=now)
    put_in_groups(workspace)
    return connected


def put_in_groups(workspace: Workspace) -> None:
    """Put the stores that stand in no group yet into that of their trade; a store of another trade stays without."""
    for colour, (name, trades) in enumerate(GROUPS):
        group, _made = StoreGroup.objects.get_or_create(workspace=workspace, name=name, defaults={"colour": colour})
        loose = Store.objects.filter(workspace=workspace, group=None)
        members = [store.pk for store in loose if set(store.name.split()) & set(trades)]
        Store.objects.filter(pk__in=members).update(group=group)


def by_seller(shops: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Shops that share an authorisation, by the seller who gave it; a shop that names no seller stands alone."""
    sellers: dict[str, list[Mapping[str, Any]]] = {}
    for shop in shops:
        sellers.setdefault(str(shop.get("open_id") or shop["id"]), []).append(shop)
    return sellers


def profile_of(shop: Mapping[str, Any]) -> StoreProfile:
    """A shop of the credentials as the connector would have read it."""
    region = "UK" if shop["region"] == "GB" else shop["region"]
    seller = {"LOCAL": "local", "CROSS_BORDER": "cross_border"}.get(shop.get("seller_type", ""))
    return StoreProfile(
        platform_store_id=shop["id"],
        name=shop["name"],
        region=region,
        seller_type=seller,
        platform_handle=shop.get("shop_cipher"),
    )


def tokens_of(user: str, shop: Mapping[str, Any], *, now: datetime) -> Tokens:
    """The token pair of the credentials; where they name no end, the shortest that the platform gives."""
    ends = shop.get("access_token_expire_in")
    refresh_ends = shop.get("refresh_token_expire_in")
    return Tokens(
        access_token=shop["access_token"],
        refresh_token=shop["refresh_token"],
        access_expires_at=datetime.fromtimestamp(ends, UTC) if ends else now + SHORTEST_TOKEN,
        refresh_expires_at=datetime.fromtimestamp(refresh_ends, UTC) if refresh_ends else None,
        platform_user_id=user,
    )


def _add_troubled(app: App, *, now: datetime) -> None:
    """Made once: what every fleet has sooner or later."""
    if Connection.objects.filter(app=app, platform_user_id="demo-gone").exists():
        return
    since = now - GONE_SINCE
    tokens = Tokens("gone", "gone", since, since, "demo-gone")
    adopt(app, tokens, [GONE], now=now, actor="demo")
    Connection.objects.filter(app=app, platform_user_id="demo-gone").update(
        state=ConnectionState.REVOKED,
        state_reason="The seller has withdrawn the authorisation.",
        state_since=since,
    )
    platform_store_id, name, region = NEVER
    add_store(
        workspace=app.workspace,
        platform=app.platform,
        platform_store_id=platform_store_id,
        name=name,
        region=region,
        now=now,
    )
