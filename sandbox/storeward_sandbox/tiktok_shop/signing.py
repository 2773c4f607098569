"""Signatures, worked out from the platform's description; shares nothing with any client."""

import hmac
from collections.abc import Iterable
from hashlib import sha256

UNSIGNED = frozenset({"sign", "access_token"})


def canonical(path: str, query: Iterable[tuple[str, str]], *, every_value: bool = False) -> bytes:
    """Path, then every signed parameter as key and value, sorted by the bytes of the key.

    Of a repeated key the first value counts, as in the platform's own code, or every one, as some clients have it.
    """
    pairs = [(key.encode(), value.encode()) for key, value in query if key not in UNSIGNED]
    if not every_value:
        pairs = list(dict(reversed(pairs)).items())
    return path.encode() + b"".join(key + value for key, value in sorted(pairs, key=lambda pair: pair[0]))


def request_sign(
    *,
    secret: str,
    path: str,
    query: Iterable[tuple[str, str]],
    content_type: str | None,
    body: bytes,
    every_value: bool = False,
) -> str:
    """Lowercase hex of HMAC-SHA256 over secret, path, parameters, body (unless multipart) and secret."""
    media_type = (content_type or "").split(";")[0].strip().lower()
    signed_body = b"" if media_type == "multipart/form-data" else body
    key = secret.encode()
    return hmac.new(key, key + canonical(path, query, every_value=every_value) + signed_body + key, sha256).hexdigest()


def webhook_sign(*, key: str, secret: str, body: bytes) -> str:
    """Lowercase hex of HMAC-SHA256 over app key and the raw body."""
    return hmac.new(secret.encode(), key.encode() + body, sha256).hexdigest()


def equal(left: str, right: str) -> bool:
    """Compare without telling by the time it takes where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())
