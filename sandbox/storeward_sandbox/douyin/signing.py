"""The platform's signatures: of requests, and of the messages it pushes.

Only five fields of a request are signed, in the order of their names; the secret wraps the text and, for HMAC, is the key too.
"""

import hmac
import json
from collections.abc import Mapping
from hashlib import md5, sha256
from typing import Any

HMAC, MD5 = "hmac-sha256", "md5"


def canonical(value: Any) -> str:
    """JSON as the platform wants it: keys in byte order at every level, no spaces, nothing escaped that need not be."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def text_to_sign(secret: str, fields: Mapping[str, str]) -> str:
    return secret + "".join(name + fields[name] for name in sorted(fields)) + secret


def signed(secret: str, fields: Mapping[str, str], sign_method: str = HMAC) -> str:
    """Lower-case hex over `fields`: app_key, method, param_json, timestamp and v, or fewer where fewer are signed."""
    text = text_to_sign(secret, fields).encode()
    if sign_method == MD5:
        return md5(text, usedforsecurity=False).hexdigest()
    return hmac.new(secret.encode(), text, sha256).hexdigest()


def push_sign(*, key: str, secret: str, body: bytes) -> str:
    """The `event-sign` header of a push: over the bytes as they are sent."""
    return md5(key.encode() + body + secret.encode(), usedforsecurity=False).hexdigest()


def equal(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
