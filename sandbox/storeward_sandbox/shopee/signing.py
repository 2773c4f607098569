"""The platform's signatures, written from its documents alone.

A request is signed over partner id, path, time, and for shops and merchants token and subject; query and body are not signed.
A push is signed over the address it goes to and its raw body.
"""

import hmac
from hashlib import sha256


def request_sign(*, key: str, partner_id: int | str, path: str, timestamp: int | str, token: str = "", subject: str = "") -> str:
    """Lowercase hex of HMAC-SHA256 over the parts without separators; `token` and `subject` are empty for public calls."""
    return _hex(key, f"{partner_id}{path}{timestamp}{token}{subject}".encode())


def push_sign(*, key: str, callback_url: str, body: bytes) -> str:
    """Lowercase hex of HMAC-SHA256 over address, a bar, and the body's bytes."""
    return _hex(key, callback_url.encode() + b"|" + body)


def _hex(key: str, text: bytes) -> str:
    return hmac.new(key.encode(), text, sha256).hexdigest()


def equal(left: str, right: str) -> bool:
    """Compare without telling by the time it takes where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())
