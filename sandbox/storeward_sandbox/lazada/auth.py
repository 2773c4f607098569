"""The app, sellers' consents, and the tokens that prove them. Lifetimes are judged by the machine's clock.

A local seller's token is good on one site. A cross-border seller (country `cb`) may consent for all sites at once; that token is
good on each of them. The latest consent for a store is the one that counts.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from random import Random
from typing import Any

from .errors import bad_code, bad_refresh_token, bad_token, refresh_unsupported
from .shop import Shop
from .sites import CROSS_BORDER

ACCESS_SECONDS = 864_000
REFRESH_SECONDS = 4_320_000
CODE_SECONDS = 30 * 60
SUBSCRIPTION_SECONDS = 30 * 86400


@dataclass
class App:
    """The one app that the sandbox knows."""

    key: str
    secret: str
    redirect_url: str = ""

    @classmethod
    def made(cls, chance: Random) -> "App":
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        return cls(key=f"1{chance.randrange(10**5):05d}", secret="".join(chance.choices(letters, k=32)))


@dataclass(eq=False)
class Seller:
    """Who says yes: one login, its stores. `subscribed` sellers came by the service market: no renewal."""

    account: str
    stores: list[Shop]
    lasts: int = REFRESH_SECONDS
    subscribed: bool = False

    @property
    def cross_border(self) -> bool:
        return any(shop.cross_border for shop in self.stores)


@dataclass(eq=False)
class Authorization:
    """One consent and its tokens. `state` is in_force, revoked or expired."""

    seller: Seller
    country: str
    stores: tuple[Shop, ...]
    number: int
    state: str = "in_force"
    access_token: str = ""
    access_expires: int = 0
    refresh_token: str = ""
    refresh_expires: int = 0
    generation: int = 0

    @property
    def in_force(self) -> bool:
        return self.state == "in_force"


@dataclass
class TokenDesk:
    """Hands out tokens and knows whose they are. With `rotate` a renewal ends the refresh token that was used."""

    app: App
    secret: str
    rotate: bool = True
    sellers: list[Seller] = field(default_factory=list)
    refreshes: int = 0
    _of_store: dict[str, Authorization] = field(default_factory=dict)
    _by_access: dict[str, Authorization] = field(default_factory=dict)
    _by_refresh: dict[str, Authorization] = field(default_factory=dict)
    _spent: set[str] = field(default_factory=set)
    _codes: dict[str, tuple[Seller, str, float]] = field(default_factory=dict)
    _count: int = 0

    def add(self, seller: Seller, machine_now: float) -> None:
        """A seller who has consented for each store already, one token for each."""
        self.sellers.append(seller)
        for shop in seller.stores:
            self._consent(seller, shop.site.code, machine_now)

    def of_store(self, store_id: str) -> Authorization | None:
        return self._of_store.get(store_id)

    def known(self, token: str) -> Authorization | None:
        """Whose token this is or was."""
        return self._by_access.get(token)

    def _consent(self, seller: Seller, country: str, machine_now: float) -> Authorization:
        """Tokens for the site of that code, or for all of the seller's sites."""
        chosen = [shop for shop in seller.stores if country in (CROSS_BORDER, shop.site.code)]
        self._count += 1
        made = Authorization(seller, country, tuple(chosen), self._count)
        made.refresh_expires = int(machine_now) + seller.lasts
        self._of_store.update((shop.id, made) for shop in chosen)
        self._issue(made, machine_now)
        return made

    def holder(self, token: str, machine_now: float) -> Authorization:
        """Whose access token this is. Raises ApiError where it is unknown, replaced, ended or taken back."""
        held = self._by_access.get(token)
        if held is None or not held.in_force or held.access_token != token or machine_now >= held.access_expires:
            raise bad_token()
        return held

    def covers(self, held: Authorization, shop: Shop) -> bool:
        """Whether this consent is the one that counts for the store."""
        return self._of_store.get(shop.id) is held

    # --- the seller's yes -----------------------------------------------------------------------------------------

    def seller_of(self, account: str) -> Seller | None:
        return next((seller for seller in self.sellers if seller.account == account), None)

    def code_for(self, seller: Seller, country: str, machine_now: float) -> str:
        """A code for the redirect: good once, for 30 minutes. `country` is a site's code, or `cb` for all."""
        self._count += 1
        code = f"0_{self.app.key}_" + self._mint("code", seller.account, self._count)[:32]
        self._codes[code] = (seller, country, machine_now + CODE_SECONDS)
        return code

    def exchange(self, code: str, machine_now: float) -> dict[str, Any]:
        """Tokens for a code. Raises ApiError InvalidCode for one that is unknown, spent or too old."""
        found = self._codes.pop(code, None)
        if found is None or machine_now > found[2]:
            raise bad_code()
        seller, country, _until = found
        seller.lasts = max(seller.lasts, REFRESH_SECONDS)
        return _answer(self._consent(seller, country, machine_now), machine_now, "country_user_info")

    def refresh(self, token: str, machine_now: float) -> dict[str, Any]:
        """New tokens. Raises ApiError where no consent stands behind the refresh token any more, or none may be renewed."""
        held = self._by_refresh.get(token)
        if held is None or not held.in_force or token in self._spent:
            raise bad_refresh_token()
        if held.seller.subscribed:
            raise refresh_unsupported(self.app.key)
        if machine_now >= held.refresh_expires:
            held.state = "expired"
            raise bad_refresh_token()
        self.refreshes += 1
        self._issue(held, machine_now)
        return _answer(held, machine_now, "country_user_info_list")

    # --- what becomes of it ---------------------------------------------------------------------------------------

    def restore(self, held: Authorization, machine_now: float) -> None:
        """The seller consents again: new tokens, as after a code."""
        held.state = "in_force"
        held.refresh_expires = int(machine_now) + REFRESH_SECONDS
        self._issue(held, machine_now)

    def expire_access(self, held: Authorization, machine_now: float) -> None:
        held.access_expires = int(machine_now)

    def _issue(self, held: Authorization, machine_now: float) -> None:
        if self.rotate and held.refresh_token:
            self._spent.add(held.refresh_token)
        held.generation += 1
        subject = (held.seller.account, held.country, held.number, held.generation)
        held.access_token = "500002" + self._mint("access", *subject)[:54]
        lasts = SUBSCRIPTION_SECONDS if held.seller.subscribed else ACCESS_SECONDS
        held.access_expires = min(int(machine_now) + lasts, held.refresh_expires)
        if self.rotate or not held.refresh_token:
            held.refresh_token = "500012" + self._mint("refresh", *subject)[:54]
        self._by_access[held.access_token] = held
        self._by_refresh[held.refresh_token] = held

    def _mint(self, *parts: object) -> str:
        text = "|".join([self.secret, *(str(part) for part in parts)])
        return sha256(text.encode()).hexdigest()


def _answer(held: Authorization, machine_now: float, list_name: str) -> dict[str, Any]:
    """Top-level members of both token calls; the renewal names its list otherwise."""
    left = 0 if held.seller.subscribed else max(0, held.refresh_expires - int(machine_now))
    return {
        "access_token": held.access_token,
        "country": held.country,
        "refresh_token": held.refresh_token,
        "account_platform": "seller_center",
        "account_id": None,
        "refresh_expires_in": left,
        list_name: [_user_info(shop) for shop in held.stores],
        "expires_in": max(0, held.access_expires - int(machine_now)),
        "account": held.seller.account,
    }


def _user_info(shop: Shop) -> dict[str, str]:
    return {"country": shop.site.code, "user_id": shop.user_id, "seller_id": shop.id, "short_code": shop.code}
