"""Lazada in one world: its app, sellers and stores, what they know of calls and budgets, and its pushes."""

from collections import Counter
from typing import Any

from storeward_sandbox.chance import stream
from storeward_sandbox.clock import DAY, HOUR, Instant, machine_now
from storeward_sandbox.limits import RateLimit
from storeward_sandbox.outbox import Delivery
from storeward_sandbox.world import World

from . import pushes
from .auth import App, TokenDesk
from .buying import Wish, order_now
from .details import details
from .fleet import EXPIRING_SECONDS, Fleet, build, revoked_at
from .orders import Plan
from .shop import Shop
from .signing import push_sign
from .sites import SITES, Site
from .switches import Switches

STAMP_SECONDS = 7200
"""So far a time stamp may lie from the platform's clock."""
WARN_SECONDS = 48 * HOUR
TIGHTER = {"/product/seller/item/limit": 10}
"""Calls a second of a store, where the documents name a figure below the usual one."""
STRANGER = "9001999999"
"""The id of a seller that the app knows nothing of."""


class Lazada:
    """The platform. `webhook_url` is the app's one address for all stores."""

    name = "lazada"

    def __init__(
        self,
        world: World,
        *,
        stores: int,
        rate_limit: int = 50,
        rotate_refresh: bool = True,
        webhook_url: str = "",
        redirect_url: str = "",
        fleet: Fleet | None = None,
    ) -> None:
        self.world = world
        self.app = App.made(stream(world.seed, "lazada", "app"))
        self.app.redirect_url = redirect_url
        self.webhook_url = webhook_url
        self.rate = RateLimit(rate_limit, per_operation={path: min(most, rate_limit) for path, most in TIGHTER.items()})
        self.desk = TokenDesk(self.app, f"{world.seed}|{world.started_at}|lazada", rotate=rotate_refresh)
        self.switches = Switches()
        self.emitted: dict[int, int] = {}
        self.errors: dict[str, int] = {}
        self.undocumented: Counter[str] = Counter()
        self.requests = 0
        now = machine_now()
        fleet = fleet or build(seed=world.seed, count=stores, at=world.started_at)
        self.stores = fleet.shops
        self.by_id = {shop.id: shop for shop in self.stores}
        for seller in fleet.sellers:
            self.desk.add(seller, now)
        for shop in self.stores:
            shop.send = self.send
            self._foresee(shop)

    def named(self, token: str, site: Site | None) -> Shop | None:
        """The store that a token means at an address; its first one where the address names no site."""
        held = self.desk.known(token)
        if held is None:
            return None
        return next((shop for shop in held.stores if site is None or shop.site is site), None)

    def _foresee(self, shop: Shop) -> None:
        """What will become of the seller's consent."""
        at = revoked_at(shop)
        if at is not None:
            shop.at(at, lambda now: self.end(shop, "revoked"))
        if shop.has("expiring"):
            shop.at(shop.started_at + EXPIRING_SECONDS - WARN_SECONDS, lambda now: self._warn_of_end(shop, now + WARN_SECONDS))

    def _warn_of_end(self, shop: Shop, ends: Instant) -> None:
        """Once a day in the last 48 hours of a consent, by the sandbox's clock."""
        if shop.now < ends:
            data = {"app_key": self.app.key, "auth_expiry_time": ends, "seller_id": shop.id}
            shop.emit(pushes.TOKEN_ENDS, data)
            shop.after(DAY, lambda now: self._warn_of_end(shop, ends))

    def end(self, shop: Shop, state: str) -> None:
        """The seller takes the consent back, or it has run out, for all stores that it covers. Nobody is told."""
        held = self.desk.of_store(shop.id)
        if held is not None and held.in_force:
            held.state = state

    # --- what the control interface shows -------------------------------------------------------------------------

    def credentials(self, base_url: str) -> dict[str, Any]:
        """What a client needs; stores whose authorisation is in force. `gateways` are the sites' own addresses."""
        rest = f"{base_url}/rest"
        return {
            "base_url": rest,
            "auth_url": rest,
            "app_key": self.app.key,
            "app_secret": self.app.secret,
            "consent_url": f"{base_url}/oauth/authorize",
            "gateways": {site.region: f"{base_url}/{site.code}/rest" for site in SITES.values()},
            "stores": [entry for shop in self.stores if (entry := self._store_entry(shop)) is not None],
        }

    def _store_entry(self, shop: Shop) -> dict[str, Any] | None:
        held = self.desk.of_store(shop.id)
        if held is None or not held.in_force:
            return None
        return {
            "id": shop.id,
            "name": shop.name,
            "region": shop.region,
            "access_token": held.access_token,
            "refresh_token": held.refresh_token,
            "country": held.country,
            "short_code": shop.code,
            "seller_type": "CROSS_BORDER" if shop.cross_border else "LOCAL",
            "access_token_expire_in": held.access_expires,
            "refresh_token_expire_in": 0 if held.seller.subscribed else held.refresh_expires,
        }

    def truth(self) -> dict[str, Any]:
        """The orders that a client can list, by store and status words (several of one order joined by `+`)."""
        return {"stores": {shop.id: self._truth_of(shop) for shop in self.stores}}

    def _truth_of(self, shop: Shop) -> dict[str, Any]:
        by_status = Counter("+".join(order.statuses) for order in shop.orders.values())
        held = self.desk.of_store(shop.id)
        reachable = held is not None and held.in_force and not self._kept_out(shop)
        return {"reachable": reachable, "orders": len(shop.orders), "orders_by_status": dict(sorted(by_status.items()))}

    def _kept_out(self, shop: Shop) -> bool:
        return self.world.faults.keeps_out(self.name, shop.id, tolerated_skew=STAMP_SECONDS)

    def details(self) -> dict[str, Any]:
        return {"stores": {shop.id: details(shop) for shop in self.stores}}

    def stats(self) -> dict[str, Any]:
        """What clients did: requests, budgets, refusals by code, renewals, pushes by type, methods nobody documents."""
        return {
            "requests": self.requests,
            "rate": self.rate.report(),
            "errors_by_code": dict(sorted(self.errors.items())),
            "undocumented_methods": dict(sorted(self.undocumented.items())),
            "token_refreshes": self.desk.refreshes,
            "webhooks_by_type": {str(kind): times for kind, times in sorted(self.emitted.items())},
        }

    def reset_stats(self) -> None:
        self.requests = self.desk.refreshes = 0
        self.rate.reset()
        for counted in (self.errors, self.undocumented, self.emitted):
            counted.clear()

    # --- what the control interface does --------------------------------------------------------------------------

    def listen_at(self, address: str) -> None:
        self.webhook_url = address

    def change_consent(self, store_id: str, deed: str) -> None:
        """`revoke`, `expire`, `expire_access` or `restore` the consent behind a store. ValueError for another deed."""
        shop, held = self.by_id[store_id], self.desk.of_store(store_id)
        if held is None or deed not in ("revoke", "expire", "expire_access", "restore"):
            raise ValueError(f"'{deed}' is not revoke, expire, expire_access or restore")
        shop.touch(self.world.clock.now())
        if deed == "expire_access":
            self.desk.expire_access(held, machine_now())
        elif deed == "restore":
            self.desk.restore(held, machine_now())
        else:
            self.end(shop, "revoked" if deed == "revoke" else "expired")

    def place_orders(self, store_id: str, count: int, by_platform: bool) -> list[str]:
        """Buyers order and pay at once, and the seller leaves the orders to whoever ships them; their ids."""
        shop = self.by_id[store_id]
        shop.touch(self.world.clock.now())
        plan = Plan(pays=0, packs=None)
        placed = [order_now(shop, plan, Wish(by_platform=by_platform)) for _ in range(count)]
        shop.timeline.run_until(shop.now)
        return [order.id for order in placed if order is not None]

    def direct_people(self, store_id: str | None, *, seller: bool | None, buyers: bool | None) -> None:
        """From now on: what has been, has been lived before."""
        for shop in self.stores if store_id is None else [self.by_id[store_id]]:
            shop.touch(self.world.clock.now())
            shop.seller_on = shop.seller_on if seller is None else seller
            shop.buyers_on = shop.buyers_on if buyers is None else buyers

    # --- pushes -----------------------------------------------------------------------------------------------------

    def send(self, shop: Shop, kind: int, data: dict[str, Any]) -> None:
        """Put a push into the outbox; nothing for a store whose authorisation has ended."""
        held = self.desk.of_store(shop.id)
        if held is None or not held.in_force:
            return
        self.emitted[kind] = self.emitted.get(kind, 0) + 1
        if not self.webhook_url:
            return
        sender = STRANGER if self.world.faults.strikes("stranger_webhook", self.name, shop.id) else shop.id
        body = pushes.framed(shop, kind, data, sender)
        delivery = Delivery(
            self.name,
            shop.id,
            self.webhook_url,
            str(kind),
            body,
            self._headers(body),
            shop.now,
            ladder=pushes.LADDER_SECONDS,
            patience=pushes.ANSWER_SECONDS,
            again=lambda: self._again(shop, kind, data, sender),
        )
        self.world.outbox.put(delivery)

    def _again(self, shop: Shop, kind: int, data: dict[str, Any], sender: str) -> tuple[bytes, dict[str, str]]:
        """Body and headers of a repeat: the state is looked up anew."""
        body = pushes.framed(shop, kind, pushes.refreshed(shop, kind, data), sender)
        return body, self._headers(body)

    def _headers(self, body: bytes) -> dict[str, str]:
        sign = push_sign(key=self.app.key, secret=self.app.secret, body=body)
        return {"Content-Type": "application/json", "Authorization": sign}
