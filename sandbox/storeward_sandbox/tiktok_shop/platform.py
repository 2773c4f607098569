"""TikTok Shop in one world: its app, sellers and shops, what they know of calls and budgets, and its webhooks."""

from typing import Any

import msgspec

from storeward_sandbox.chance import stream
from storeward_sandbox.clock import DAY, Instant, machine_now
from storeward_sandbox.countries import utc_midnight_after
from storeward_sandbox.limits import DailyQuota, RateLimit
from storeward_sandbox.outbox import Delivery
from storeward_sandbox.world import World

from .auth import App, Authorization, TokenDesk
from .buying import Wish, order_now
from .details import details
from .fleet import Fleet, build, revoked_at
from .orders import Plan
from .platform_events import NAME_OF_TYPE
from .shop import Shop
from .signing import webhook_sign

OPEN_ORDER_DAYS = 60
EARLY_SECONDS = 300
"""So far a time stamp may lie behind the platform's clock."""
WEBHOOK_DEAUTHORIZED = 6
NOBODY = "7494999999999999999"
"""The id of a shop that is none of ours."""
WEBHOOK_EXPIRING = 7


class TikTokShop:
    """The platform. `webhook_url` is the app's own address for all shops and types; shops may set further ones."""

    name = "tiktok_shop"

    def __init__(
        self,
        world: World,
        *,
        stores: int,
        rate_limit: int = 50,
        chat_quota: int = 10_000,
        rotate_refresh: bool = True,
        webhook_url: str = "",
        redirect_url: str = "",
        fleet: Fleet | None = None,
    ) -> None:
        self.world = world
        self.app = App.made(stream(world.seed, "app"))
        self.app.redirect_url = redirect_url
        self.webhook_url = webhook_url
        self.rate = RateLimit(rate_limit)
        self.chat_quota = DailyQuota(chat_quota)
        self.desk = TokenDesk(self.app, f"{world.seed}|{world.started_at}", rotate=rotate_refresh)
        self.emitted: dict[int, int] = {}
        self.errors: dict[int, int] = {}
        self.requests = 0
        now = machine_now()
        fleet = fleet or build(seed=world.seed, count=stores, at=world.started_at)
        self.stores = fleet.shops
        self.by_id = {shop.id: shop for shop in self.stores}
        self.by_cipher = {shop.cipher: shop for shop in self.stores}
        for authorization, lasts in fleet.authorizations:
            self.desk.add(authorization, now, lasts)
        for shop in self.stores:
            shop.send = self.send
            self._foresee(shop)

    def _foresee(self, shop: Shop) -> None:
        """What will become of the seller's consent."""
        at = revoked_at(shop)
        if at is not None:
            shop.at(at, lambda now: self.revoke(shop))
        if shop.has("expiring"):
            shop.at(utc_midnight_after(shop.started_at), lambda now: self._warn_of_expiry(shop))

    def _warn_of_expiry(self, shop: Shop) -> None:
        """Daily at 0:00 while fewer than 30 days are left."""
        authorization = self.desk.of_shop(shop.id)
        if authorization is not None and authorization.in_force:
            shop.emit(
                WEBHOOK_EXPIRING,
                {
                    "message": "The authorization will expire soon.",
                    "expiration_time": str(authorization.refresh_expires),
                },
            )
        shop.after(DAY, lambda now: self._warn_of_expiry(shop))

    def revoke(self, shop: Shop, state: str = "revoked") -> None:
        """The seller takes the consent back, for all shops that it covers."""
        authorization = self.desk.of_shop(shop.id)
        if authorization is None or not authorization.in_force:
            return
        self.desk.revoke(authorization, state)
        for shop_id in authorization.shop_ids:
            self.by_id[shop_id].touch(shop.now)
            self.by_id[shop_id].emit(WEBHOOK_DEAUTHORIZED, {"message": "The seller has cancelled the authorization."})

    # --- what the control interface shows -------------------------------------------------------------------------

    def credentials(self, base_url: str) -> dict[str, Any]:
        """What a client needs; stores whose authorisation is in force."""
        pairs = [(shop, self.desk.of_shop(shop.id)) for shop in self.stores]
        return {
            "base_url": base_url,
            "auth_url": base_url,
            "app_key": self.app.key,
            "app_secret": self.app.secret,
            "service_id": self.app.service_id,
            "stores": [_store_entry(shop, held) for shop, held in pairs if held is not None and held.in_force],
        }

    def truth(self) -> dict[str, Any]:
        """The orders that a client can list, by shop and status word."""
        return {"stores": {shop.id: self._truth_of(shop) for shop in self.stores}}

    def _truth_of(self, shop: Shop) -> dict[str, Any]:
        by_status: dict[str, int] = {}
        for order in shop.orders.values():
            by_status[order.status] = by_status.get(order.status, 0) + 1
        held = self.desk.of_shop(shop.id)
        reachable = held is not None and held.in_force and not self._kept_out(shop)
        return {
            "reachable": reachable,
            "orders": len(shop.orders),
            "orders_by_status": dict(sorted(by_status.items())),
        }

    def _kept_out(self, shop: Shop) -> bool:
        return self.world.faults.keeps_out(self.name, shop.id, tolerated_skew=EARLY_SECONDS)

    def details(self) -> dict[str, Any]:
        """What is known of each shop beside its orders."""
        return {"stores": {shop.id: details(shop) for shop in self.stores}}

    def stats(self) -> dict[str, Any]:
        """What clients did: requests, budgets, refusals by code, refreshes, webhooks by type."""
        return {
            "requests": self.requests,
            "rate": self.rate.report(),
            "chat_quota_refused": self.chat_quota.refused,
            "errors_by_code": {str(code): times for code, times in sorted(self.errors.items())},
            "token_refreshes": self.desk.refreshes,
            "webhooks_by_type": {str(kind): times for kind, times in sorted(self.emitted.items())},
        }

    def reset_stats(self) -> None:
        self.requests = 0
        self.desk.refreshes = 0
        self.rate.reset()
        self.chat_quota.refused = 0
        self.errors.clear()
        self.emitted.clear()

    # --- what the control interface does --------------------------------------------------------------------------

    def listen_at(self, address: str) -> None:
        self.webhook_url = address

    def change_consent(self, store_id: str, deed: str) -> None:
        """`revoke`, `expire`, `expire_access` or `restore` the consent behind a shop. ValueError for another deed."""
        shop = self.by_id[store_id]
        held = self.desk.of_shop(store_id)
        if held is None or deed not in ("revoke", "expire", "expire_access", "restore"):
            raise ValueError(f"'{deed}' is not revoke, expire, expire_access or restore")
        shop.touch(self.world.clock.now())
        if deed == "expire_access":
            self.desk.expire_access(held, machine_now())
        elif deed == "restore":
            self.desk.restore(held, machine_now())
        else:
            self.revoke(shop, "revoked" if deed == "revoke" else "expired")

    def place_orders(self, store_id: str, count: int, by_platform: bool) -> list[str]:
        """Buyers order and pay at once, and the seller leaves the orders to whoever ships them; their ids."""
        shop = self.by_id[store_id]
        shop.touch(self.world.clock.now())
        plan = Plan(pays=0, arranges=None)
        placed = [order_now(shop, plan, Wish(by_platform=by_platform)) for _ in range(count)]
        shop.timeline.run_until(shop.now)
        return [order.id for order in placed if order is not None]

    def direct_people(self, store_id: str | None, *, seller: bool | None, buyers: bool | None) -> None:
        for shop in self.stores if store_id is None else [self.by_id[store_id]]:
            shop.seller_on = shop.seller_on if seller is None else seller
            shop.buyers_on = shop.buyers_on if buyers is None else buyers

    # --- webhooks -------------------------------------------------------------------------------------------------

    def send(self, shop: Shop, kind: int, data: dict[str, Any]) -> None:
        """Put a webhook into the outbox for the app's address and for the shop's own, where one is set."""
        self.emitted[kind] = self.emitted.get(kind, 0) + 1
        own = shop.webhooks.get(NAME_OF_TYPE.get(kind, ""), {}).get("address", "")
        addresses = [address for address in dict.fromkeys((self.webhook_url, own)) if address]
        if not addresses:
            return
        stranger = self.world.faults.strikes("stranger_webhook", self.name, shop.id) is not None
        body = msgspec.json.encode(self._frame(shop, kind, data, stranger))
        sign = webhook_sign(key=self.app.key, secret=self.app.secret, body=body)
        headers = {"content-type": "application/json", "Authorization": sign}
        for address in addresses:
            self.world.outbox.put(Delivery(self.name, shop.id, address, str(kind), body, headers, shop.now))

    def _frame(self, shop: Shop, kind: int, data: dict[str, Any], stranger: bool) -> dict[str, Any]:
        """Type, an id to drop repeats by, shop, instant, data. Type 3 has no id, as in the platform's own example."""
        frame: dict[str, Any] = {"type": kind}
        if kind != 3:
            frame["tts_notification_id"] = shop.ids.new("notification")
        return {**frame, "shop_id": NOBODY if stranger else shop.id, "timestamp": shop.now, "data": data}


def _store_entry(shop: Shop, authorization: Authorization) -> dict[str, Any]:
    return {
        "id": shop.id,
        "name": shop.name,
        "region": shop.region,
        "access_token": authorization.access_token,
        "refresh_token": authorization.refresh_token,
        "shop_cipher": shop.cipher,
        "seller_type": "CROSS_BORDER" if shop.cross_border else "LOCAL",
        "open_id": authorization.open_id,
        "access_token_expire_in": authorization.access_expires,
        "refresh_token_expire_in": authorization.refresh_expires,
    }


def oldest_listed(started_at: Instant) -> Instant:
    """Orders older than this are in no list."""
    return started_at - OPEN_ORDER_DAYS * DAY
