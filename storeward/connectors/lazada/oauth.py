"""Consent, code exchange and renewal (fact sheet section 2): signed calls to a host of their own, without a store's token.

One authorisation covers one store, or (cross-border) one on each of several sites: the answer names them all.
"""

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

import msgspec

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
from storeward.connectors.errors import UnexpectedPayload
from storeward.connectors.wire import Id, Notes, Wire, digits, elements_of, fields_of, read

from .envelope import About, open_answer
from .errors import PLATFORM, as_error
from .frame import refusal_in, said
from .requests import told
from .sites import CROSS_BORDER, market_of

CONSENT: Final = "https://auth.lazada.com/oauth/authorize"
CREATE, REFRESH = "/auth/token/create", "/auth/token/refresh"
OPEN_TO_SELLERS: Final = {"response_type": "code", "force_auth": "true"}
LONGEST_LIFE: Final = timedelta(days=3660)
COVERED: Final = ("country_user_info", "country_user_info_list")


def consent_url(app: AppKeys, consent: Consent) -> str:
    """Where to send the seller; the redirect must be the callback that the console knows, and `state` comes back."""
    query = {**OPEN_TO_SELLERS, "redirect_uri": consent.redirect, "client_id": app.key, "state": consent.state}
    return f"{CONSENT}?{urlencode({name: value for name, value in query.items() if value})}"


def token_request(app: AppKeys, grant: Grant) -> Request:
    """Exchange the code from the redirect; it is good once, for 30 minutes."""
    return _token_call(CREATE, code=grant.code)


def refresh_request(app: AppKeys, renewal: Renewal) -> Request:
    """A new pair. It does not prolong the refresh token's life; whether the old one lives on is not documented: one at a time."""
    return _token_call(REFRESH, refresh_token=renewal.refresh_token)


def _token_call(path: str, **params: str) -> Request:
    return Request(path, "POST", path, told(params), kind=OperationKind.WRITE, for_store=False, token_call=True)


class Covered(Wire):
    """A store that the token is good for."""

    MATTERS = frozenset({"seller_id"})

    country: str | None = None
    user_id: Id = None
    seller_id: Id = None
    short_code: str | None = None


class TokenAnswer(Wire):
    access_token: str | None = None
    refresh_token: str | None = None
    expires_in: int | None = None
    refresh_expires_in: int | None = None
    country: str | None = None
    account: str | None = None
    account_id: Id = None
    account_platform: str | None = None


def parse_tokens(body: bytes, now: datetime, about: About = NOTHING) -> Tokens:
    """The pair with the stores it covers. Raises what the platform's code means, or UnexpectedPayload where a part is missing."""
    members = fields_of(body)
    refusal = refusal_in(members, CREATE) if members is not None else None
    if members is not None and refusal is not None:
        raise as_error(refusal, _token_call(CREATE), said(members, "request_id"))
    tokens = _tokens(body, Notes("", []), now) if members is not None and said(members, "code") is not None else None
    if tokens is None:
        raise UnexpectedPayload("the answer holds no complete token pair", platform=PLATFORM, operation="token")
    return tokens


def _tokens(body: bytes, notes: Notes, now: datetime) -> Tokens | None:
    answer = read(body, TokenAnswer, notes)
    if answer is None or not answer.access_token or not answer.refresh_token or not answer.expires_in:
        return None
    stores = _covered(body, notes)
    user_id = stores[0][0] if stores else digits(answer.account_id) or answer.account
    if not user_id:
        return None
    expires_at = now + _life(answer.expires_in)
    return Tokens(
        access_token=answer.access_token,
        refresh_token=answer.refresh_token,
        access_expires_at=expires_at,
        refresh_expires_at=_refresh_end(answer.refresh_expires_in, expires_at, now),
        platform_user_id=user_id,
        name=answer.account or None,
        region=market_of(answer.country) or (CROSS_BORDER if (answer.country or "").upper() == CROSS_BORDER else None),
        stores=tuple(store for _, store in stores),
    )


def _life(seconds: int) -> timedelta:
    return min(timedelta(seconds=max(0, min(seconds, int(LONGEST_LIFE.total_seconds())))), LONGEST_LIFE)


def _refresh_end(seconds: int | None, access_ends: datetime, now: datetime) -> datetime | None:
    """When the seller must authorise again. 0: the pair cannot be renewed, so that the token's end is the end."""
    if seconds is None:
        return None
    return now + _life(seconds) if seconds > 0 else access_ends


def _covered(body: bytes, notes: Notes) -> list[tuple[str, StoreProfile]]:
    """User id and profile of each store, from either name of the list, or from the map by country of an old text."""
    members = fields_of(body) or {}
    name = next((name for name in COVERED if name in members), COVERED[0])
    found: list[tuple[str, StoreProfile]] = []
    for place, country, raw in _entries(members.get(name)):
        here = notes.under(f"{name}{place}")
        entry = read(raw, Covered, here)
        seller_id = digits(entry.seller_id) if entry is not None else None
        if entry is None or seller_id is None:
            here.left_out("seller_id", "store")
            continue
        found.append((digits(entry.user_id) or seller_id, _store(seller_id, entry.short_code, entry.country or country)))
    return found


def _entries(raw: msgspec.Raw | None) -> list[tuple[str, str, msgspec.Raw]]:
    """(place, country, entry) of each, from a list or from a map by country."""
    by_country = fields_of(raw) if raw is not None else None
    if by_country is not None:
        return [(f".{country}", country, entry) for country, entry in by_country.items()]
    return [(f"[{at}]", "", entry) for at, entry in enumerate(elements_of(raw) or ())]


def _store(seller_id: str, short_code: str | None, country: str) -> StoreProfile:
    return StoreProfile(
        platform_store_id=seller_id, code=short_code or None, region=market_of(country), platform_region=country or None
    )


def parse_token_answer(body: bytes, about: About) -> Parsed:
    """For `connector parse`: the stores that a token covers, without showing a token."""
    parsed, members = open_answer(body, about, CREATE)
    if members is None:
        return parsed
    notes = Notes("", parsed.problems)
    answer = read(body, TokenAnswer, notes)
    if answer is None or not (answer.access_token and answer.refresh_token and answer.expires_in):
        parsed.unreadable = True
        parsed.problems.append(Problem("", "holds no complete token pair", Level.ERROR))
        return parsed
    parsed.items = [(store, b"") for _, store in _covered(body, notes)]
    return parsed
