"""Douyin Shop in one world: its app and shops, what they know of calls and budgets, and its pushes."""

from collections.abc import Sequence
from typing import Any

from storeward_sandbox.chance import stream
from storeward_sandbox.clock import machine_now
from storeward_sandbox.limits import RateLimit
from storeward_sandbox.world import World

from .auth import ACCESS_SECONDS, App, Authorization, TokenDesk
from .buying import Wish, keep_some, order_now
from .details import details
from .fleet import build, revoked_at
from .orders import Plan
from .orders_api import listed
from .pushes import PLATFORM, Pushes
from .shop import Message, Shop

SKEW_SECONDS = 600
"""So far a time stamp may not lie off the platform's clock; nobody has published the figure."""
EXPIRING_SECONDS = 1500
# Calls a second for the whole app, where the documents say so; of the others each shop has what `rate_limit` says.
PER_SECOND = {
    "order.searchList": 600,
    "order.orderDetail": 900,
    "afterSale.List": 500,
    "product.listV2": 180,
    "order.logisticsCompanyList": 500,
    "order.getShopAccountItem": 100,
}


class Douyin:
    """The platform. `webhook_url` is the app's one address for the pushes of all shops."""

    name = PLATFORM

    def __init__(
        self,
        world: World,
        *,
        stores: int,
        rate_limit: int = 50,
        rotate_refresh: bool = True,
        webhook_url: str = "",
        redirect_url: str = "",
        fleet: list[Shop] | None = None,
    ) -> None:
        self.world = world
        self.app = App.made(stream(world.seed, "douyin", "app"))
        self.app.redirect_url = redirect_url
        self.pushes = Pushes(world.outbox, self.app.key, self.app.secret, webhook_url)
        self.rate = RateLimit(rate_limit, per_operation=PER_SECOND)
        self.desk = TokenDesk(self.app, f"{world.seed}|{world.started_at}|douyin", rotate=rotate_refresh)
        self.errors: dict[str, int] = {}
        self.requests = 0
        self.stores = build(seed=world.seed, count=stores, at=world.started_at) if fleet is None else fleet
        self.by_id = {shop.id: shop for shop in self.stores}
        for shop in self.stores:
            lasts = EXPIRING_SECONDS if shop.has("expiring") else ACCESS_SECONDS
            self.desk.add(shop.id, shop.name, machine_now(), lasts)
            shop.push_all = self.send
            self._foresee(shop)

    def _foresee(self, shop: Shop) -> None:
        """What will become of the merchant's consent. The platform tells nobody: no push exists for it."""
        at = revoked_at(shop)
        if at is not None:
            shop.at(at, lambda now: self.end_consent(shop, "revoked"))

    def end_consent(self, shop: Shop, state: str) -> None:
        held = self.desk.of_shop(shop.id)
        if held is not None and held.in_force:
            self.desk.revoke(held, state)

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
        """The orders that a client can list, by shop and state."""
        return {"stores": {shop.id: self._truth_of(shop) for shop in self.stores}}

    def _truth_of(self, shop: Shop) -> dict[str, Any]:
        by_status: dict[str, int] = {}
        shown = listed(shop, shop.now)
        for order in shown:
            by_status[str(order.status)] = by_status.get(str(order.status), 0) + 1
        held = self.desk.of_shop(shop.id)
        kept_out = self.world.faults.keeps_out(self.name, shop.id, tolerated_skew=SKEW_SECONDS - 1)
        return {
            "reachable": held is not None and held.in_force and not kept_out,
            "orders": len(shown),
            "orders_by_status": dict(sorted(by_status.items())),
        }

    def details(self) -> dict[str, Any]:
        """What is known of each shop beside its orders."""
        return {"stores": {shop.id: details(shop) for shop in self.stores}}

    def stats(self) -> dict[str, Any]:
        """What clients did: requests, budgets, refusals by code, refreshes, pushes by tag."""
        return {
            "requests": self.requests,
            "rate": self.rate.report(),
            "errors_by_code": dict(sorted(self.errors.items())),
            "token_refreshes": self.desk.refreshes,
            "webhooks_by_type": {str(tag): times for tag, times in sorted(self.pushes.told.items())},
        }

    def reset_stats(self) -> None:
        self.requests = 0
        self.desk.refreshes = 0
        self.rate.reset()
        self.errors.clear()
        self.pushes.told.clear()

    # --- what the control interface does --------------------------------------------------------------------------

    def listen_at(self, address: str) -> None:
        """The app's address for pushes; the platform first asks it whether it understands."""
        self.pushes.listen_at(address, self.world.clock.now())

    def change_consent(self, store_id: str, deed: str) -> None:
        """`revoke`, `expire`, `expire_access` or `restore` the consent of a shop. ValueError for another deed."""
        shop, held = self.by_id[store_id], self.desk.of_shop(store_id)
        if held is None or deed not in ("revoke", "expire", "expire_access", "restore", "close"):
            raise ValueError(f"'{deed}' is not revoke, close, expire, expire_access or restore")
        shop.touch(self.world.clock.now())
        if deed == "expire_access":
            self.desk.expire_access(held, machine_now())
        elif deed == "restore":
            self.desk.restore(held, machine_now())
        else:
            self.end_consent(shop, {"revoke": "revoked", "close": "closed", "expire": "expired"}[deed])

    def place_orders(self, store_id: str, count: int, by_platform: bool) -> list[str]:
        """Buyers order and pay at once, and the seller leaves the orders to whoever ships them; their numbers.

        No order is shipped by the platform here: `by_platform` is for platforms that do so.
        """
        shop = self.by_id[store_id]
        shop.touch(self.world.clock.now())
        plan = Plan(pays=0, reviewed=0, ships=None)
        placed = []
        for _ in range(count):
            keep_some(shop)
            placed.append(order_now(shop, plan, Wish(ordinary=True)))
        shop.timeline.run_until(shop.now)
        shop.push()
        return [order.id for order in placed if order is not None]

    def direct_people(self, store_id: str | None, *, seller: bool | None, buyers: bool | None) -> None:
        for shop in self.stores if store_id is None else [self.by_id[store_id]]:
            shop.seller_on = shop.seller_on if seller is None else seller
            shop.buyers_on = shop.buyers_on if buyers is None else buyers

    def send(self, shop: Shop, messages: Sequence[Message]) -> None:
        """Put what one event has brought about into one push."""
        self.pushes.send(shop.id, messages, shop.now, [shop.ids.new("message") for _ in messages])


def _store_entry(shop: Shop, held: Authorization) -> dict[str, Any]:
    return {
        "id": shop.id,
        "name": shop.name,
        "region": "CN",
        "access_token": held.pair.access,
        "refresh_token": held.pair.refresh,
        "access_token_expire_in": held.pair.access_ends,
        "refresh_token_expire_in": held.pair.refresh_ends,
    }
