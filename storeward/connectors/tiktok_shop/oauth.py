"""Consent, code exchange and refresh (fact sheet section 3). Unsigned GETs with the secret in the query: never log them."""

from datetime import datetime
from typing import Final
from urllib.parse import urlencode

import msgspec

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
from storeward.connectors.wire import Id, Notes, Wire, digits, read

from .codes import market_of
from .envelope import About, open_answer
from .errors import PLATFORM, meaning_of

CONSENT: Final = "https://services.tiktokshop.com/open/authorize"
CONSENT_US: Final = "https://services.us.tiktokshop.com/open/authorize"


def consent_url(app: AppKeys, consent: Consent) -> str:
    """Where to send the seller; `state` comes back (unless the seller came from the app store)."""
    base = CONSENT_US if consent.market == "US" else CONSENT
    return f"{base}?{urlencode({'service_id': consent.service_id, 'state': consent.state})}"


def token_request(app: AppKeys, grant: Grant) -> Request:
    """Exchange the code from the redirect; it is good once, for 30 minutes."""
    return _token_call("token_get", "/api/v2/token/get", app, {"auth_code": grant.code, "grant_type": "authorized_code"})


def refresh_request(app: AppKeys, renewal: Renewal) -> Request:
    """A new pair. Whether the old refresh token lives on is not documented: store what comes back, and refresh one at a time."""
    extra = {"refresh_token": renewal.refresh_token, "grant_type": "refresh_token"}
    return _token_call("token_refresh", "/api/v2/token/refresh", app, extra)


def _token_call(operation: str, path: str, app: AppKeys, extra: dict[str, str]) -> Request:
    query = {"app_key": app.key, "app_secret": app.secret, **extra}
    return Request(operation, "GET", path, query, kind=OperationKind.WRITE, for_store=False, token_call=True)


class TokenData(Wire):
    access_token: str | None = None
    access_token_expire_in: int | None = None
    """Despite its name the absolute Unix second at which it expires."""
    refresh_token: str | None = None
    refresh_token_expire_in: int | None = None
    open_id: Id = None
    seller_name: str | None = None
    seller_base_region: str | None = None
    granted_scopes: list[str] | None = None


def parse_tokens(body: bytes, now: datetime, about: About = NOTHING) -> Tokens:
    """The pair. Raises what the platform's code means (AuthorizationLost ...), or UnexpectedPayload where a part is missing."""
    parsed, data = open_answer(body)
    for problem in parsed.problems:
        if problem.error is not None:
            kind = meaning_of(int(problem.error.code), problem.message).error
            raise kind(
                problem.message, platform=PLATFORM, operation="token", code=problem.error.code, request_id=parsed.request_id
            )
    tokens = _tokens(data, Notes("data", parsed.problems)) if data is not None else None
    if tokens is None:
        raise UnexpectedPayload("the answer holds no complete token pair", platform=PLATFORM, operation="token")
    return tokens


def _tokens(data: msgspec.Raw, notes: Notes) -> Tokens | None:
    told = read(data, TokenData, notes)
    expires_at = notes.at("access_token_expire_in", told.access_token_expire_in) if told else None
    user_id = digits(told.open_id) if told else None
    if told is None or expires_at is None or user_id is None or not told.access_token or not told.refresh_token:
        return None
    return Tokens(
        access_token=told.access_token,
        refresh_token=told.refresh_token,
        access_expires_at=expires_at,
        refresh_expires_at=notes.at("refresh_token_expire_in", told.refresh_token_expire_in),
        platform_user_id=user_id,
        name=told.seller_name or None,
        region=market_of(told.seller_base_region),
        scopes=tuple(told.granted_scopes or ()),
    )


def parse_token_answer(body: bytes, about: About) -> Parsed:
    """For `connector parse`: whether a token answer can be read, without showing a token."""
    parsed, data = open_answer(body)
    if data is not None and _tokens(data, Notes("data", parsed.problems)) is None:
        parsed.unreadable = True
        parsed.problems.append(Problem("data", "holds no complete token pair", Level.ERROR))
    return parsed
