"""How TikTok Shop signs requests and webhooks (fact sheet sections 6 and 18). Pure; every published vector is a test."""

import hmac
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final
from urllib.parse import quote, urlencode

from storeward.connectors.contract import Access, AppKeys, Request, Signed

NEVER_SIGNED: Final = frozenset({"sign", "access_token"})


def signature(*, path: str, query: Mapping[str, str], body: bytes | None, content_type: str, secret: str) -> str:
    """Lowercase hex HMAC-SHA256 over the path, the sorted decoded query and the body exactly as sent.

    The body of a multipart upload is not signed, nor is any header. A parameter that is present with an empty value
    contributes its key alone.
    """
    parts = [secret, path, *(f"{key}{query[key]}" for key in sorted(query) if key not in NEVER_SIGNED)]
    message = "".join(parts).encode()
    if body and not content_type.lower().startswith("multipart/form-data"):
        message += body
    return hmac.new(secret.encode(), message + secret.encode(), sha256).hexdigest()


def sign(request: Request, app: AppKeys, access: Access | None, now: datetime) -> Signed:
    """The request as it leaves: with app key, time, store and signature. Calls for tokens go unsigned, as documented."""
    headers = {"content-type": request.content_type}
    query = dict(request.query)
    if request.token_call:
        return Signed(request.method, _address(request.path, query), headers, request.body)
    query |= {"app_key": app.key, "timestamp": str(int(now.timestamp()))}
    if access is not None:
        headers["x-tts-access-token"] = access.access_token
        if request.for_store and access.handle:
            query["shop_cipher"] = access.handle
    query["sign"] = signature(
        path=request.path, query=query, body=request.body, content_type=request.content_type, secret=app.secret
    )
    return Signed(request.method, _address(request.path, query), headers, request.body)


def _address(path: str, query: Mapping[str, str]) -> str:
    """Path and query as sent. `quote` leaves nothing but unreserved characters: page tokens hold `/ + =`."""
    return f"{path}?{urlencode(query, quote_via=quote, safe='')}" if query else path


def push_signature(app: AppKeys, body: bytes) -> str:
    """What a webhook's `Authorization` header must be: over the app key and the raw body, no `Bearer`."""
    return hmac.new(app.secret.encode(), app.key.encode() + body, sha256).hexdigest()


def verify_push(app: AppKeys, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a webhook is from the platform. `headers` have lower-case names. There is no time in it: drop repeats by id."""
    told = headers.get("authorization", "")
    return hmac.compare_digest(told.encode(), push_signature(app, body).encode())
