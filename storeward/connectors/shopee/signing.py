"""How Shopee signs requests and webhooks (fact sheet sections 4 and 19.2). Pure; every published vector is a test."""

import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final
from urllib.parse import quote, urlencode

from storeward.connectors.contract import Access, AppKeys, Request, Signed

REPEATED: Final = frozenset({"item_status"})
"""Parameters whose several values are sent by repeating the key; every other list is one comma-joined value."""


def signature(*, partner_id: str, secret: str, path: str, timestamp: int, access_token: str = "", subject: str = "") -> str:
    """Lowercase hex HMAC-SHA256 over the parts without separators. Neither query nor body is signed.

    `access_token` and `subject` (shop or merchant number) stay empty for calls of the public level.
    """
    message = f"{partner_id}{path}{timestamp}{access_token}{subject}"
    return hmac.new(secret.encode(), message.encode(), sha256).hexdigest()


def sign(request: Request, app: AppKeys, access: Access | None, now: datetime) -> Signed:
    """The request as it leaves. The common parameters go in the query, on POST and uploads too."""
    at = int(now.timestamp())
    query = {**request.query, "partner_id": app.key, "timestamp": str(at)}
    whose = {}
    if access is not None and request.for_store and not request.token_call:
        whose = {"access_token": access.access_token, "shop_id": access.platform_store_id}
    query |= whose
    query["sign"] = signature(
        partner_id=app.key,
        secret=app.secret,
        path=request.path,
        timestamp=at,
        access_token=whose.get("access_token", ""),
        subject=whose.get("shop_id", ""),
    )
    return Signed(request.method, address(request.path, query), {"content-type": request.content_type}, request.body)


def address(path: str, query: Mapping[str, str]) -> str:
    """Path and query as sent."""
    return f"{path}?{urlencode(list(_pairs(query)), quote_via=quote, safe=',')}"


def _pairs(query: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for name, value in query.items():
        if name in REPEATED:
            yield from ((name, one) for one in value.split(","))
        else:
            yield name, value


def push_signature(key: str, url: str, body: bytes) -> str:
    """What a webhook's `Authorization` header must be: over the address as the console has it, `|`, and the raw body."""
    return hmac.new(key.encode(), url.encode() + b"|" + body, sha256).hexdigest()


def verify_push(app: AppKeys, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a webhook is from the platform: signed with the push key, on older apps with the app's own."""
    told = headers.get("authorization", "").encode()
    keys = [key for key in (app.push_key, app.secret) if key]
    return any(hmac.compare_digest(told, push_signature(key, app.push_url, body).encode()) for key in keys)
