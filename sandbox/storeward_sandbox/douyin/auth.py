"""The app, the sellers' consents, and their tokens. Lifetimes are judged by the machine's clock.

An access token lives 7 days, a refresh token 14. A refresh more than an hour before the end changes nothing; within the last
hour it gives a new pair and the old one works for an hour more; after the end the old pair is dead at once.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from random import Random
from typing import Any

from .errors import consent_closed, consent_gone, expired_token, failed, field_missing, token_failed, unknown_token

ACCESS_SECONDS = 7 * 86400
REFRESH_SECONDS = 14 * 86400
LAST_HOUR = 3600
CODE_SECONDS = 600
PACKAGES = ("order", "aftersale", "product", "finance", "shop")
SELF, SERVICE = "authorization_self", "authorization_code"


@dataclass
class App:
    """The one app. `packages`: its permission packages; `hidden`: fields that its category does not get."""

    key: str
    secret: str
    service_id: str
    redirect_url: str = ""
    packages: tuple[str, ...] = PACKAGES
    hidden: frozenset[str] = frozenset()

    @classmethod
    def made(cls, chance: Random) -> "App":
        parts = [f"{chance.getrandbits(bits):0{bits // 4}x}" for bits in (32, 16, 16, 16, 48)]
        return cls(
            key=f"70{chance.randrange(10**17):017d}", secret="-".join(parts), service_id=f"{chance.randrange(10**4, 10**5)}"
        )


@dataclass
class Pair:
    """An access and a refresh token, each with the machine's instant at which it ends."""

    access: str
    access_ends: int
    refresh: str
    refresh_ends: int


@dataclass
class Authorization:
    """One shop's consent. `state` is in_force, revoked, closed or expired; `old` still works until its own end."""

    shop_id: str
    shop_name: str
    pair: Pair
    state: str = "in_force"
    old: Pair | None = None
    generation: int = 1

    @property
    def in_force(self) -> bool:
        return self.state == "in_force"

    @property
    def access_token(self) -> str:
        return self.pair.access

    @property
    def refresh_token(self) -> str:
        return self.pair.refresh


@dataclass
class TokenDesk:
    """Hands out tokens and knows whose they are. Without `rotate` a new pair keeps the refresh token that was used."""

    app: App
    secret: str
    rotate: bool = True
    authorizations: list[Authorization] = field(default_factory=list)
    refreshes: int = 0
    _by_token: dict[str, Authorization] = field(default_factory=dict)
    _by_shop: dict[str, Authorization] = field(default_factory=dict)
    _codes: dict[str, tuple[Authorization, float]] = field(default_factory=dict)
    _codes_given: int = 0

    def add(self, shop_id: str, shop_name: str, machine_now: float, lasts: int = ACCESS_SECONDS) -> None:
        """A consent; its first access token lasts so many seconds."""
        pair = self._minted(shop_id, 1, machine_now, lasts)
        held = Authorization(shop_id, shop_name, pair)
        self.authorizations.append(held)
        self._by_shop[shop_id] = held
        self._know(held)

    def of_shop(self, shop_id: str) -> Authorization | None:
        return self._by_shop.get(shop_id)

    def whose(self, token: str) -> Authorization | None:
        """Whom a token names, dead or alive; for the faults that concern one shop."""
        return self._by_token.get(token)

    def holder(self, token: str, machine_now: float) -> Authorization:
        """Whose access token this is. Raises ApiError where it is missing, unknown, too old or without consent."""
        if not token:
            raise field_missing("access-token")
        held = self._by_token.get(token)
        pair = next((each for each in (held.pair, held.old) if each and each.access == token), None) if held else None
        if held is None or pair is None:
            raise unknown_token()
        if machine_now >= pair.access_ends:
            raise expired_token()
        if held.state == "closed":
            raise consent_closed()
        if not held.in_force:
            raise consent_gone()
        return held

    # --- getting tokens -------------------------------------------------------------------------------------------

    def code_for(self, held: Authorization, machine_now: float) -> str:
        """A code for the redirect: good once, for 10 minutes."""
        self._codes_given += 1
        code = self._mint("code", held.shop_id, self._codes_given)
        self._codes[code] = (held, machine_now + CODE_SECONDS)
        return code

    def create_by_code(self, code: str, machine_now: float) -> dict[str, Any]:
        """Tokens for a code. Raises ApiError for one that is unknown, spent or too old."""
        held, until = self._codes.pop(code, (None, 0.0))
        if held is None:
            raise token_failed("code-invalid", "code无效")
        if machine_now > until:
            raise token_failed("code-expired", "code已过期")
        self.restore(held, machine_now)
        return self._answer(held, machine_now)

    def create_for_shop(self, shop_id: str, machine_now: float) -> dict[str, Any]:
        """Tokens of a shop that is bound to the app: the pair in force, or a new one where that has ended."""
        held = self._by_shop.get(shop_id)
        if held is None or not held.in_force:
            raise token_failed("no-authorization", "店铺未授权")
        if machine_now >= held.pair.access_ends:
            self._renew(held, machine_now, grace=False)
        return self._answer(held, machine_now)

    def refresh(self, token: str, machine_now: float) -> dict[str, Any]:
        """The pair after a refresh. Raises ApiError where the token is unknown, dead or without consent."""
        held = self._by_token.get(token)
        if held is None:
            raise failed(31009, "refresh_token不存在")
        if not held.in_force:
            raise token_failed("token-expired" if held.state == "expired" else "no-authorization", "店铺授权已失效，请重新授权")
        if held.pair.refresh != token:
            return self._answer_to_old(held, token, machine_now)
        if machine_now >= held.pair.refresh_ends:
            raise token_failed("token-expired", "token已过期")
        left = held.pair.access_ends - machine_now
        if left <= LAST_HOUR:
            self.refreshes += 1
            self._renew(held, machine_now, grace=left > 0)
        return self._answer(held, machine_now)

    def _answer_to_old(self, held: Authorization, token: str, machine_now: float) -> dict[str, Any]:
        """The pair before the last works for an hour more: it is answered with the new one."""
        if held.old is None or held.old.refresh != token or machine_now >= held.old.refresh_ends:
            raise token_failed("token-invalid", "token无效")
        return self._answer(held, machine_now)

    # --- what becomes of a consent --------------------------------------------------------------------------------

    def revoke(self, held: Authorization, state: str = "revoked") -> None:
        held.state = state

    def restore(self, held: Authorization, machine_now: float) -> None:
        """The seller consents (again): a new pair, the old one is dead."""
        held.state = "in_force"
        self._renew(held, machine_now, grace=False)

    def expire_access(self, held: Authorization, machine_now: float) -> None:
        held.pair.access_ends = int(machine_now)

    def _renew(self, held: Authorization, machine_now: float, *, grace: bool) -> None:
        before, ends = held.pair, int(machine_now) + LAST_HOUR
        held.generation += 1
        held.pair = self._minted(held.shop_id, held.generation, machine_now, ACCESS_SECONDS)
        if not self.rotate:
            held.pair.refresh = before.refresh
        held.old = Pair(before.access, ends, before.refresh, ends) if grace else None
        self._know(held)

    def _know(self, held: Authorization) -> None:
        self._by_token[held.pair.access] = self._by_token[held.pair.refresh] = held

    def _minted(self, shop_id: str, generation: int, machine_now: float, lasts: int) -> Pair:
        access, refresh = (self._mint(kind, shop_id, generation) for kind in ("access", "refresh"))
        return Pair(access, int(machine_now) + lasts, refresh, int(machine_now) + REFRESH_SECONDS)

    def _mint(self, *parts: object) -> str:
        text = "|".join([self.secret, *(str(part) for part in parts)])
        mark = sha256(text.encode()).hexdigest()
        return f"{mark[:8]}-{mark[8:12]}-{mark[12:16]}-{mark[16:20]}-{mark[20:32]}"

    @staticmethod
    def _answer(held: Authorization, machine_now: float) -> dict[str, Any]:
        return {
            "access_token": held.pair.access,
            "expires_in": max(0, held.pair.access_ends - int(machine_now)),
            "refresh_token": held.pair.refresh,
            "scope": "SCOPE",
            "shop_id": int(held.shop_id),
            "shop_name": held.shop_name,
            "authority_id": held.shop_id,
            "auth_subject_type": "",
            "shop_biz_type": 0,
        }


def token_create(desk: TokenDesk, params: dict[str, Any], machine_now: float) -> dict[str, Any]:
    """`token.create`: by the code of the consent page, or for a shop that is bound to the app."""
    grant = params.get("grant_type")
    if grant == SERVICE:
        answer = desk.create_by_code(str(params.get("code") or ""), machine_now)
    elif grant == SELF:
        answer = desk.create_for_shop(str(params.get("shop_id") or ""), machine_now)
    else:
        raise token_failed("grant-type-invalid", "grant_type无效")
    return {**answer, "encrypt_operator": "", "operator_name": "", "toutiao_id": "", "token_type": 0}


def token_refresh(desk: TokenDesk, params: dict[str, Any], machine_now: float) -> dict[str, Any]:
    """`token.refresh`."""
    if params.get("grant_type") != "refresh_token":
        raise token_failed("grant-type-invalid", "grant_type无效")
    return desk.refresh(str(params.get("refresh_token") or ""), machine_now)
