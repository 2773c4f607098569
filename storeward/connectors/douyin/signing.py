"""How Douyin Shop signs requests and webhooks (fact sheet sections 1, 3 and 12). Pure; every published vector is a test."""

import hmac
from collections.abc import Mapping
from datetime import datetime
from hashlib import md5, sha256
from typing import Final
from urllib.parse import quote, urlencode

from storeward.connectors.contract import Access, AppKeys, Request, Signed

VERSION: Final = "2"
NOTHING: Final = b"{}"
"""What is signed and sent where there are no parameters."""


def signature(*, key: str, secret: str, method: str, body: bytes, timestamp: str, by: str = "hmac-sha256") -> str:
    """Lowercase hex over five named fields between two secrets, without separators; neither token nor `by` is signed.

    `body` is the canonical JSON exactly as it is sent. `by` is `hmac-sha256` (the secret is its key as well) or `md5`, which the
    platform still checks where a request does not name one.
    """
    told = f"app_key{key}method{method}param_json".encode() + body + f"timestamp{timestamp}v{VERSION}".encode()
    return _digest(secret, told, by)


def call_signature(*, key: str, secret: str, body: bytes, timestamp: str, by: str = "md5") -> str:
    """The same of a call that the platform makes to an app (SPI): neither method nor version is signed."""
    return _digest(secret, f"app_key{key}param_json".encode() + body + f"timestamp{timestamp}".encode(), by)


def _digest(secret: str, told: bytes, by: str) -> str:
    key = secret.encode()
    text = key + told + key
    if by == "md5":
        return md5(text, usedforsecurity=False).hexdigest()
    return hmac.new(key, text, sha256).hexdigest()


def sign(request: Request, app: AppKeys, access: Access | None, now: datetime) -> Signed:
    """The request as it leaves. The operation's name is the platform's `method`; all but the parameters goes in the query."""
    body = request.body or NOTHING
    timestamp = str(int(now.timestamp()))
    query = {**request.query, "app_key": app.key, "method": request.operation}
    if access is not None and not request.token_call:
        query["access_token"] = access.access_token
    query |= {
        "timestamp": timestamp,
        "v": VERSION,
        "sign_method": "hmac-sha256",
        "sign": signature(key=app.key, secret=app.secret, method=request.operation, body=body, timestamp=timestamp),
    }
    # Without this header answers carry a second pair of result fields, of the interface before this one.
    headers = {"content-type": request.content_type, "x-open-no-old-err-code": "1"}
    return Signed("POST", f"{request.path}?{urlencode(query, quote_via=quote, safe='')}", headers, body)


def push_signature(app: AppKeys, body: bytes) -> str:
    """What a webhook's `event-sign` header must be: MD5 over app key, raw body (white space included) and secret."""
    key = app.push_key or app.secret
    return md5(app.key.encode() + body + key.encode(), usedforsecurity=False).hexdigest()


def verify_push(app: AppKeys, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a webhook is from the platform and for this app. `headers` have lower-case names."""
    told = headers.get("event-sign", "")
    meant_for = headers.get("app-id", app.key)
    return meant_for == app.key and hmac.compare_digest(told.encode(), push_signature(app, body).encode())
