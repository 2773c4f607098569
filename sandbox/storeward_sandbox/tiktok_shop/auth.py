"""Apps, sellers' authorisations, and the tokens that prove them. Lifetimes are judged by the machine's clock."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random
from typing import Any

from .errors import ApiError, bad_credentials, expired_token, invalid_token

ACCESS_SECONDS = 7 * 86400
REFRESH_SECONDS = 365 * 86400
CODE_SECONDS = 30 * 60

SCOPES = (
    "seller.authorization.info", "seller.shop.info", "seller.order.info", "seller.fulfillment.basic",
    "seller.fulfillment.package.write", "seller.delivery.status.write", "seller.logistics", "seller.product.basic",
    "seller.product.write", "seller.return_refund.basic", "seller.finance.info", "seller.customer_service",
    "data.shop_analytics.public.read", "serller.product.optimize", "seller.fbt.info",
)  # fmt: skip


@dataclass
class App:
    """The one app that the sandbox knows."""

    key: str
    secret: str
    service_id: str
    redirect_url: str = ""

    @classmethod
    def made(cls, chance: Random) -> "App":
        return cls(
            key=f"6{chance.getrandbits(48):012x}"[:13],
            secret=f"{chance.getrandbits(160):040x}",
            service_id=f"74{chance.randrange(10**17):017d}",
        )


@dataclass
class Authorization:
    """One seller's consent: tokens for all of the seller's shops. `state` is in_force, revoked or expired."""

    open_id: str
    seller_name: str
    region: str
    shop_ids: list[str]
    scopes: tuple[str, ...] = SCOPES
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
    """Hands out tokens and knows whose they are. With `rotate` a refresh ends the refresh token that was used."""

    app: App
    secret: str
    rotate: bool = True
    authorizations: list[Authorization] = field(default_factory=list)
    _by_access: dict[str, Authorization] = field(default_factory=dict)
    _by_refresh: dict[str, Authorization] = field(default_factory=dict)
    _spent_refresh: set[str] = field(default_factory=set)
    _codes: dict[str, tuple[Authorization, float]] = field(default_factory=dict)
    _codes_given: int = 0
    refreshes: int = 0

    def add(self, authorization: Authorization, machine_now: float, lasts: int = REFRESH_SECONDS) -> None:
        self.authorizations.append(authorization)
        authorization.refresh_expires = int(machine_now) + lasts
        self._issue(authorization, machine_now)

    def of_shop(self, shop_id: str) -> Authorization | None:
        return next((one for one in self.authorizations if shop_id in one.shop_ids), None)

    def holder(self, token: str, machine_now: float) -> Authorization:
        """Whose access token this is. Raises ApiError where it is unknown, ended or too old."""
        if not token:
            raise bad_credentials("The access_token is missing in the header x-tts-access-token")
        authorization = self._by_access.get(token)
        if authorization is None or not authorization.in_force:
            raise invalid_token()
        if authorization.access_token != token or machine_now >= authorization.access_expires:
            raise expired_token()
        return authorization

    def code_for(self, authorization: Authorization, machine_now: float) -> str:
        """A code for the redirect: good once, for 30 minutes."""
        self._codes_given += 1
        code = "TTP_" + self._mint("code", authorization.open_id, self._codes_given)
        self._codes[code] = (authorization, machine_now + CODE_SECONDS)
        return code

    def exchange(self, code: str, machine_now: float) -> dict[str, Any]:
        """Tokens for a code. Raises ApiError 36004004 for a code that is unknown, spent or too old."""
        authorization, until = self._codes.pop(code, (None, 0.0))
        if authorization is None or machine_now > until:
            raise ApiError(36004004, "invalid auth code", 401)
        authorization.state = "in_force"
        authorization.refresh_expires = int(machine_now) + REFRESH_SECONDS
        self._issue(authorization, machine_now)
        return self._answer(authorization)

    def refresh(self, refresh_token: str, machine_now: float) -> dict[str, Any]:
        """New tokens for a refresh token. Raises ApiError where no consent stands behind it any more."""
        authorization = self._by_refresh.get(refresh_token)
        if authorization is None or not authorization.in_force or refresh_token in self._spent_refresh:
            raise ApiError(36004005, "can not find related auth record", 401)
        if machine_now >= authorization.refresh_expires:
            authorization.state = "expired"
            raise ApiError(36004001, "rt has expired", 401)
        self.refreshes += 1
        self._issue(authorization, machine_now)
        return self._answer(authorization)

    def revoke(self, authorization: Authorization, state: str = "revoked") -> None:
        authorization.state = state

    def restore(self, authorization: Authorization, machine_now: float) -> None:
        """The seller consents again: new tokens, as after a code."""
        authorization.state = "in_force"
        authorization.refresh_expires = int(machine_now) + REFRESH_SECONDS
        self._issue(authorization, machine_now)

    def expire_access(self, authorization: Authorization, machine_now: float) -> None:
        authorization.access_expires = int(machine_now)

    def _issue(self, authorization: Authorization, machine_now: float) -> None:
        if self.rotate and authorization.refresh_token:
            self._spent_refresh.add(authorization.refresh_token)
        authorization.generation += 1
        authorization.access_token = "TTP_" + self._mint("access", authorization.open_id, authorization.generation)
        authorization.access_expires = min(int(machine_now) + ACCESS_SECONDS, authorization.refresh_expires)
        if self.rotate or not authorization.refresh_token:
            authorization.refresh_token = "TTP_" + self._mint("refresh", authorization.open_id, authorization.generation)
        self._by_access[authorization.access_token] = authorization
        self._by_refresh[authorization.refresh_token] = authorization

    def _mint(self, *parts: object) -> str:
        text = "|".join([self.secret, *(str(part) for part in parts)])
        return sha256(text.encode()).hexdigest()

    @staticmethod
    def _answer(authorization: Authorization) -> dict[str, Any]:
        return {
            "access_token": authorization.access_token,
            "access_token_expire_in": authorization.access_expires,
            "refresh_token": authorization.refresh_token,
            "refresh_token_expire_in": authorization.refresh_expires,
            "open_id": authorization.open_id,
            "seller_name": authorization.seller_name,
            "seller_base_region": authorization.region,
            "user_type": 0,
            "granted_scopes": list(authorization.scopes),
        }


def unlocked(authorization: Authorization, scopes: Iterable[str]) -> bool:
    """Whether the seller granted one of the scopes that open the operation (none asked: yes)."""
    wanted = tuple(scopes)
    return not wanted or any(scope in authorization.scopes for scope in wanted)
