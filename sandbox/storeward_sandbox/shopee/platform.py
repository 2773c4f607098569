"""Shopee in one world: its app, sellers and shops, what they know of calls and budgets, and its pushes."""

from typing import Any

from storeward_sandbox.chance import stream
from storeward_sandbox.clock import DAY, machine_now
from storeward_sandbox.countries import utc_midnight_after
from storeward_sandbox.limits import RateLimit
from storeward_sandbox.outbox import Delivery
from storeward_sandbox.world import World

from . import pushes
from .buying import Wish, order_now
from .desk import App, Consent, TokenDesk
from .details import details
from .fleet import Fleet, build, revoked_at
from .mailbox import Mailbox
from .orders import Plan
from .shop import Shop
from .signing import push_sign
from .wire_form import encoded

CLOCK_SECONDS = 300
"""So far a time stamp may lie from the platform's clock, either way."""
WARNED_BEFORE = 7 * DAY
NOBODY = 999_999_999
"""The id of a shop that is none of ours."""


class Shopee:
    """The platform."""

    name = "shopee"

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
        self.app = App.made(stream(world.seed, "shopee app"))
        self.app.redirect_url = redirect_url
        self.mailbox = Mailbox(webhook_url)
        self.rate = RateLimit(rate_limit)
        self.desk = TokenDesk(f"shopee|{world.seed}|{world.started_at}", rotate=rotate_refresh)
        self.emitted: dict[int, int] = {}
        self.errors: dict[str, int] = {}
        self.requests = 0
        self.pictures = 0
        fleet = fleet or build(seed=world.seed, count=stores, at=world.started_at)
        self.stores = fleet.shops
        self.by_id = {shop.id: shop for shop in self.stores}
        now = machine_now()
        for consent, lasts in fleet.consents:
            self.desk.add(consent, now, lasts)
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
        """Daily at 0:00 in the last week."""
        consent = self.desk.of_shop(shop.id)
        if consent is not None and consent.in_force and consent.expires - machine_now() <= WARNED_BEFORE:
            data = {
                "shop_expire_soon": [int(one) for one in consent.shop_ids],
                "merchant_expire_soon": [int(one) for one in consent.merchant_ids],
                "user_expire_soon": [],
                "expire_before": consent.expires,
                "page_no": 1,
                "total_page": 1,
            }
            shop.emit(pushes.AUTHORIZATION_EXPIRY, data)
        shop.after(DAY, lambda now: self._warn_of_expiry(shop))

    def revoke(self, shop: Shop, state: str = "revoked") -> None:
        """The consent ends, for all shops that it covers."""
        consent = self.desk.of_shop(shop.id)
        if consent is None or not consent.in_force:
            return
        self.desk.revoke(consent, state)
        kind = "user cancel shop authorization" if state == "revoked" else "expiry"
        data: dict[str, Any] = {"authorize_type": kind, "success": 1, "extra": f"{consent.name} ({consent.region}) {state}"}
        if consent.main:
            data |= {"main_account_id": int(consent.account_id), "shop_id_list": [int(one) for one in consent.shop_ids]}
        else:
            data["shopid"] = shop.number_id
        shop.emit(pushes.SHOP_DEAUTHORIZED, data)

    def authorized(self, consent: Consent) -> None:
        """Tell the app that a seller has said yes."""
        shop = self.by_id[consent.shop_ids[0]]
        data: dict[str, Any] = {
            "authorize_type": "shop authorization by user",
            "success": 1,
            "extra": f"{consent.name} ({consent.region}) authorized",
        }
        if consent.main:
            data |= {"main_account_id": int(consent.account_id), "shop_id_list": [int(one) for one in consent.shop_ids]}
        else:
            data["shop_id"] = shop.number_id
        self.send(shop, pushes.SHOP_AUTHORIZED, data)

    # --- what the control interface shows -------------------------------------------------------------------------

    def credentials(self, base_url: str) -> dict[str, Any]:
        """What a client needs; shops whose authorisation is in force."""
        pairs = [(shop, self.desk.of_shop(shop.id)) for shop in self.stores]
        return {
            "base_url": base_url,
            "auth_url": base_url,
            "partner_id": str(self.app.partner_id),
            "partner_key": self.app.partner_key,
            "push_key": self.app.push_key,
            "stores": [_store_entry(shop, consent) for shop, consent in pairs if consent is not None and consent.in_force],
        }

    def truth(self) -> dict[str, Any]:
        """The orders that a client can list, by shop and status word."""
        return {"stores": {shop.id: self._truth_of(shop) for shop in self.stores}}

    def _truth_of(self, shop: Shop) -> dict[str, Any]:
        by_status: dict[str, int] = {}
        for order in shop.orders.values():
            by_status[order.status] = by_status.get(order.status, 0) + 1
        consent = self.desk.of_shop(shop.id)
        kept_out = self.world.faults.keeps_out(self.name, shop.id, tolerated_skew=CLOCK_SECONDS)
        return {
            "reachable": consent is not None and consent.in_force and not kept_out,
            "orders": len(shop.orders),
            "orders_by_status": dict(sorted(by_status.items())),
        }

    def details(self) -> dict[str, Any]:
        """What is known of each shop beside its orders."""
        return {"stores": {shop.id: details(shop) for shop in self.stores}}

    def stats(self) -> dict[str, Any]:
        """What clients did: requests, budgets, refusals by key, refreshes, pushes by code."""
        return {
            "requests": self.requests,
            "rate": self.rate.report(),
            "errors_by_code": dict(sorted(self.errors.items())),
            "token_refreshes": self.desk.refreshes,
            "webhooks_by_type": {str(code): times for code, times in sorted(self.emitted.items())},
        }

    def reset_stats(self) -> None:
        self.requests = 0
        self.desk.refreshes = 0
        self.rate.reset()
        self.errors.clear()
        self.emitted.clear()

    # --- what the control interface does --------------------------------------------------------------------------

    def listen_at(self, address: str) -> None:
        self.mailbox.callback_url = address

    def change_consent(self, store_id: str, deed: str) -> None:
        """`revoke`, `expire`, `expire_access` or `restore` the consent behind a shop. ValueError for another deed."""
        shop = self.by_id[store_id]
        consent = self.desk.of_shop(store_id)
        if consent is None or deed not in ("revoke", "expire", "expire_access", "restore"):
            raise ValueError(f"'{deed}' is not revoke, expire, expire_access or restore")
        shop.touch(self.world.clock.now())
        if deed == "expire_access":
            self.desk.expire_access(consent, machine_now())
        elif deed == "restore":
            self.desk.restore(consent, machine_now())
            self.authorized(consent)
        else:
            self.revoke(shop, "revoked" if deed == "revoke" else "expired")

    def place_orders(self, store_id: str, count: int, by_platform: bool) -> list[str]:
        """Buyers order and pay at once, and the seller leaves the orders to whoever ships them; their numbers."""
        shop = self.by_id[store_id]
        shop.touch(self.world.clock.now())
        plan = Plan(pays=0, arranges=None)
        placed = [order_now(shop, plan, Wish(by_platform=by_platform)) for _ in range(count)]
        shop.timeline.run_until(shop.now)
        return [order.sn for order in placed if order is not None]

    def direct_people(self, store_id: str | None, *, seller: bool | None, buyers: bool | None) -> None:
        for shop in self.stores if store_id is None else [self.by_id[store_id]]:
            shop.seller_on = shop.seller_on if seller is None else seller
            shop.buyers_on = shop.buyers_on if buyers is None else buyers

    # --- pushes ---------------------------------------------------------------------------------------------------

    def send(self, shop: Shop, code: int, data: dict[str, Any]) -> None:
        """Put a push into the outbox, where the app wants it."""
        self.emitted[code] = self.emitted.get(code, 0) + 1
        if not self.mailbox.wants(code, shop.number_id):
            return
        stranger = self.world.faults.strikes("stranger_webhook", self.name, shop.id) is not None
        address = self.mailbox.callback_url
        body = encoded(self._frame(shop, code, data, stranger))
        sign = push_sign(key=self.app.push_key, callback_url=address, body=body)
        headers = {"content-type": "application/json", "Authorization": sign}
        subject = None if code in _OF_THE_APP else shop.number_id
        self.world.outbox.put(
            Delivery(
                self.name,
                shop.id,
                address,
                str(code),
                body,
                headers,
                shop.now,
                ladder=pushes.WEBCHAT_LADDER_SECONDS if code == pushes.WEBCHAT else pushes.LADDER_SECONDS,
                accepted=self._taken,
                lost=lambda delivery: self.mailbox.lose(delivery, subject),
            )
        )

    def _taken(self, status: int, answer: bytes) -> bool:
        return self.mailbox.tried(self.world.clock.now(), pushes.taken(status, answer))

    def _frame(self, shop: Shop, code: int, data: dict[str, Any], stranger: bool) -> dict[str, Any]:
        """Code, time, data, and whose it is: pushes about authorisations name the app, one of them nobody."""
        frame = {"code": code, "timestamp": shop.now, "data": data}
        if code == pushes.AUTHORIZATION_EXPIRY:
            return frame
        if code in _OF_THE_APP:
            return {**frame, "partner_id": self.app.partner_id}
        extra = {"msg_id": ""} if code == pushes.WEBCHAT else {}
        return {**extra, **frame, "shop_id": NOBODY if stranger else shop.number_id}


_OF_THE_APP = (pushes.SHOP_AUTHORIZED, pushes.SHOP_DEAUTHORIZED, pushes.AUTHORIZATION_EXPIRY)


def _store_entry(shop: Shop, consent: Consent) -> dict[str, Any]:
    chain = consent.chains["shop", shop.id]
    found = {
        "id": shop.id,
        "name": shop.name,
        "region": shop.region,
        "access_token": chain.access_token,
        "refresh_token": chain.refresh_token,
        "access_token_expire_in": chain.access_expires,
        "refresh_token_expire_in": chain.refresh_expires,
        "authorization_expires": consent.expires,
    }
    if consent.main:
        merchant = consent.chains["merchant", shop.merchant_id]
        found |= {
            "main_account_id": consent.account_id,
            "merchant_id": shop.merchant_id,
            "merchant_access_token": merchant.access_token,
            "merchant_refresh_token": merchant.refresh_token,
        }
    return found
