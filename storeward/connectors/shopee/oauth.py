"""Consent, code exchange and refresh (fact sheet sections 2 and 3). All signed at the public level.

A shop's consent brings that shop's pair. A main account's brings one refresh token that is spent once for each shop: each then
has a pair of its own, and a chain of refreshes of its own. A refresh token is good once.
"""

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from storeward.canon import StoreProfile
from storeward.connectors.contract import (
    NOTHING,
    AppKeys,
    Consent,
    Grant,
    Level,
    OperationKind,
    Parsed,
    Problem,
    Renewal,
    Request,
    Tokens,
)
from storeward.connectors.errors import Rejected, UnexpectedPayload
from storeward.connectors.wire import Id, Notes, Wire, digits, read

from .envelope import About, open_answer
from .errors import PLATFORM, meaning_of
from .requests import API, encoded, number, path_of
from .signing import signature

HOST: Final = "https://partner.shopeemobile.com"
CONSENT_PATH: Final = f"{API}shop/auth_partner"
REFRESH_LASTS: Final = timedelta(days=30)
EPOCH_FROM: Final = 1_000_000_000
"""One documented example gives the instant of expiry where all others give the seconds until then."""
SUBJECTS: Final = ("shop_id", "main_account_id")


def consent_url(app: AppKeys, consent: Consent) -> str:
    """Where to send the seller: a signed link, good for five minutes. Our `state` comes back inside the redirect's own query."""
    at = int(consent.now.timestamp())
    query = {
        "partner_id": app.key,
        "timestamp": str(at),
        "sign": signature(partner_id=app.key, secret=app.secret, path=CONSENT_PATH, timestamp=at),
        "redirect": with_state(consent.redirect, consent.state),
    }
    return f"{(consent.base_url or HOST).rstrip('/')}{CONSENT_PATH}?{urlencode(query)}"


def with_state(redirect: str, state: str) -> str:
    """The platform returns no state of ours by itself, only the redirect as it was."""
    if not state:
        return redirect
    return f"{redirect}{'&' if '?' in redirect else '?'}{urlencode({'state': state})}"


def token_request(app: AppKeys, grant: Grant) -> Request:
    """Exchange the code from the redirect; it is good once, for ten minutes. The redirect says whose it is."""
    whose = {name: grant.named[name] for name in SUBJECTS if grant.named.get(name)}
    if len(whose) != 1:
        raise Rejected("the consent page named neither a shop nor a main account", platform=PLATFORM)
    return _token_call("public.get_access_token", app, {"code": grant.code}, whose)


def refresh_request(app: AppKeys, renewal: Renewal) -> Request:
    """A new pair for that shop. The old refresh token is spent by it: keep what comes back before using it."""
    whose = {"shop_id": renewal.platform_store_id}
    return _token_call("public.refresh_access_token", app, {"refresh_token": renewal.refresh_token}, whose)


def _token_call(operation: str, app: AppKeys, told: dict[str, str], whose: dict[str, str]) -> Request:
    numbers = {name: number(value) for name, value in whose.items()}
    body = encoded({**told, "partner_id": number(app.key), **numbers})
    return Request(
        operation,
        "POST",
        path_of(operation),
        {},
        body,
        kind=OperationKind.WRITE,
        about=whose,
        for_store=False,
        token_call=True,
    )


class TokenAnswer(Wire):
    access_token: str | None = None
    refresh_token: str | None = None
    expire_in: int | None = None
    shop_id: Id = None
    merchant_id: Id = None
    shop_id_list: list[Id] | None = None
    merchant_id_list: list[Id] | None = None


def parse_tokens(body: bytes, now: datetime, about: About = NOTHING) -> Tokens:
    """The pair. Raises what the platform's key means (AuthorizationLost ...), or UnexpectedPayload where a part is missing."""
    parsed, payload = open_answer(body, wrapped=False, token_call=True)
    for problem in parsed.problems:
        if problem.error is not None:
            code = problem.error.code
            kind = meaning_of(code, problem.message, token_call=True).error
            raise kind(problem.message, platform=PLATFORM, operation="token", code=code, request_id=parsed.request_id)
    told = read(payload, TokenAnswer, Notes("", parsed.problems)) if payload is not None else None
    tokens = _tokens(told, now, about) if told is not None else None
    if tokens is None:
        raise UnexpectedPayload("the answer holds no complete token pair", platform=PLATFORM, operation="token")
    return tokens


def _tokens(told: TokenAnswer, now: datetime, about: About) -> Tokens | None:
    shops = _shops(told, about)
    account = about.get("main_account_id", "")
    owner = account or (shops[0] if shops else "")
    ends = _ends(told.expire_in, now)
    if not told.access_token or not told.refresh_token or ends is None or not owner:
        return None
    return Tokens(
        access_token=told.access_token,
        refresh_token=told.refresh_token,
        access_expires_at=ends,
        refresh_expires_at=now + REFRESH_LASTS,
        platform_user_id=owner,
        stores=tuple(StoreProfile(platform_store_id=shop) for shop in shops),
        one_each=bool(account),
    )


def _shops(told: TokenAnswer, about: About) -> list[str]:
    """The shops that the pair is for: named by the answer, else by the question."""
    named = [shop for one in told.shop_id_list or () if (shop := digits(one))]
    one = digits(told.shop_id) or about.get("shop_id")
    return named or ([one] if one else [])


def _ends(expire_in: int | None, now: datetime) -> datetime | None:
    if not expire_in or expire_in < 0:
        return None
    if expire_in > EPOCH_FROM:
        return Notes("", []).at("expire_in", expire_in)
    return now + timedelta(seconds=expire_in)


def parse_token_answer(body: bytes, about: About) -> Parsed:
    """For `connector parse`: whether a token answer can be read, without showing a token; the shops that it names."""
    parsed, payload = open_answer(body, wrapped=False, token_call=True)
    told = read(payload, TokenAnswer, Notes("", parsed.problems)) if payload is not None else None
    if told is None:
        return parsed
    if not told.access_token or not told.refresh_token or not told.expire_in:
        parsed.unreadable = True
        parsed.problems.append(Problem("", "holds no complete token pair", Level.ERROR))
        return parsed
    parsed.items = [(StoreProfile(platform_store_id=shop), b"{}") for shop in _shops(told, about)]
    return parsed
