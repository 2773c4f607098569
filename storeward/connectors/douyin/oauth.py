"""Consent, token and refresh (fact sheet section 2). Token calls are signed like any other, but carry no token.

A service-provider app gets a code from the seller's consent; a self-use app asks for the token of a shop that is bound to it by
the shop's id alone.
"""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
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
from storeward.connectors.errors import Rejected, UnexpectedPayload
from storeward.connectors.wire import Id, Notes, Wire, digits, read

from .codes import MARKET
from .envelope import About, open_answer
from .errors import PLATFORM, error_of
from .requests import encoded, path_of
from .values import Ids, Words

CONSENT: Final = "https://fuwu.jinritemai.com/authorize"
STAMP_FROM: Final = 1_000_000_000
"""`expires_in` from here on is an instant, below it is seconds: the documents disagree on which it is."""
REFRESH_OUTLIVES: Final = timedelta(days=7)
"""An access token lives 7 days, the refresh token that came with it 14."""


def consent_url(app: AppKeys, consent: Consent) -> str:
    """Where to send the seller; `code` and `state` come back to the address that the platform's console holds."""
    return f"{CONSENT}?{urlencode({'service_id': consent.service_id, 'state': consent.state})}"


def token_request(app: AppKeys, grant: Grant) -> Request:
    """Exchange the code (good for 10 minutes), or, without one, ask for the token of a shop that is bound to our own app."""
    if grant.code:
        return _token_call("token.create", {"grant_type": "authorization_code", "code": grant.code})
    shop_id = grant.named.get("shop_id")
    if not shop_id:
        raise Rejected(
            "neither a code nor a shop's id came back from the consent page", platform=PLATFORM, operation="token.create"
        )
    return _token_call("token.create", {"grant_type": "authorization_self", "code": "", "shop_id": shop_id})


def refresh_request(app: AppKeys, renewal: Renewal) -> Request:
    """A new pair; more than an hour before the old one ends the platform gives that one back. Only one at a time per shop."""
    return _token_call("token.refresh", {"grant_type": "refresh_token", "refresh_token": renewal.refresh_token})


def _token_call(operation: str, told: dict[str, str]) -> Request:
    body = encoded(told)
    return Request(operation, "POST", path_of(operation), {}, body, kind=OperationKind.WRITE, for_store=False, token_call=True)


TOKEN_CALL: Final = Request("token.refresh", "POST", path_of("token.refresh"))


class TokenData(Wire):
    access_token: str | None = None
    refresh_token: str | None = None
    expires_in: int | None = None
    scope: str | None = None
    shop_id: Id = None
    shop_name: str | None = None
    authority_id: Id = None
    auth_subject_type: str | None = None
    operator_name: str | None = None
    shop_biz_type: Id = None
    toutiao_id: Id = None
    token_type: Id = None


SHOP_WORDS: Final = Words("auth_subject_type", "shop_biz_type", "token_type", "operator_name")
SHOP_IDS: Final = Ids("authority_id", "toutiao_id")


def parse_tokens(body: bytes, now: datetime, about: About = NOTHING) -> Tokens:
    """The pair and its shop. Raises what the code means (AuthorizationLost ...), or UnexpectedPayload where a part is missing."""
    error = error_of(TOKEN_CALL, HTTPStatus.OK, body)
    if error is not None:
        raise error
    parsed, data = open_answer(body)
    tokens = _tokens(data, Notes("data", parsed.problems), now) if data is not None else None
    if tokens is None:
        raise UnexpectedPayload("the answer holds no complete token pair", platform=PLATFORM, operation="token")
    return tokens


def _tokens(data: msgspec.Raw, notes: Notes, now: datetime) -> Tokens | None:
    told = read(data, TokenData, notes)
    expires_at = _expires_at(told.expires_in, notes, now) if told else None
    shop = _shop(told) if told else None
    if told is None or expires_at is None or shop is None or not told.access_token or not told.refresh_token:
        return None
    return Tokens(
        access_token=told.access_token,
        refresh_token=told.refresh_token,
        access_expires_at=expires_at,
        refresh_expires_at=expires_at + REFRESH_OUTLIVES,
        platform_user_id=digits(told.authority_id) or shop.platform_store_id,
        name=told.shop_name or None,
        region=MARKET,
        scopes=tuple(told.scope.replace(",", " ").split()) if told.scope else (),
        stores=(shop,),
    )


def _expires_at(told: int | None, notes: Notes, now: datetime) -> datetime | None:
    if not told or told < 0:
        return None
    return notes.at("expires_in", told) if told > STAMP_FROM else now + timedelta(seconds=told)


def _shop(told: TokenData) -> StoreProfile | None:
    shop_id = digits(told.shop_id)
    if shop_id is None:
        return None
    return StoreProfile(
        platform_store_id=shop_id,
        name=told.shop_name or None,
        region=MARKET,
        seller_type="local",
        platform_more=SHOP_WORDS(told) | SHOP_IDS(told),
    )


def parse_token_answer(body: bytes, about: About) -> Parsed:
    """For `connector parse`: the shop of a token answer, without showing a token."""
    parsed, data = open_answer(body, "token.create")
    if data is None:
        return parsed
    notes = Notes("data", parsed.problems)
    told = read(data, TokenData, notes)
    shop = _shop(told) if told else None
    if told is not None and shop is not None:
        parsed.items.append((shop, b"{}"))
    if _tokens(data, Notes("data", []), datetime(2020, 1, 1, tzinfo=UTC)) is None:
        parsed.unreadable = True
        parsed.problems.append(Problem("data", "holds no complete token pair", Level.ERROR))
    return parsed
