"""How Lazada signs requests and pushes (fact sheet sections 3, 4, 5 and 16). Pure; every published vector is a test."""

import hmac
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final
from urllib.parse import quote, urlencode

from storeward.connectors.contract import Access, AppKeys, Request, Signed

FORM: Final = "application/x-www-form-urlencoded;charset=utf-8"
METHOD: Final = "sha256"


def signature(path: str, params: Mapping[str, str], secret: str) -> str:
    """Upper-case hex HMAC-SHA256 over the path (after `/rest`) and all parameters by the bytes of their names, values raw.

    File parts are no parameters. A parameter with an empty value contributes its bare name; we never send one.
    """
    message = path + "".join(f"{name}{params[name]}" for name in sorted(params) if name != "sign")
    return hmac.new(secret.encode(), message.encode(), sha256).hexdigest().upper()


def sign(request: Request, app: AppKeys, access: Access | None, now: datetime) -> Signed:
    """The request as it leaves. A POST carries all its parameters, tokens too, in its body: nothing shows in the address.

    Only an upload, whose body is the file, has them in the query. Calls for tokens are signed like any other, without a token.
    """
    params = {name: value for name, value in request.query.items() if value != ""}
    params |= {"app_key": app.key, "sign_method": METHOD, "timestamp": str(int(now.timestamp() * 1000))}
    if access is not None and not request.token_call:
        params["access_token"] = access.access_token
    params["sign"] = signature(request.path, params, app.secret)
    encoded = urlencode(params, quote_via=quote, safe="")
    if request.method == "POST" and request.body is None:
        return Signed("POST", request.path, {"content-type": FORM}, encoded.encode())
    headers = {"content-type": request.content_type} if request.body is not None else {}
    return Signed(request.method, f"{request.path}?{encoded}", headers, request.body)


def push_signature(app: AppKeys, body: bytes) -> str:
    """What a push's `Authorization` header must be: over the app key and the raw body, lower case, no prefix."""
    return hmac.new(app.secret.encode(), app.key.encode() + body, sha256).hexdigest()


def verify_push(app: AppKeys, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a push is from the platform. `headers` have lower-case names. Duplicates are normal: drop them by content."""
    told = headers.get("authorization", "")
    return hmac.compare_digest(told.encode(), push_signature(app, body).encode())
