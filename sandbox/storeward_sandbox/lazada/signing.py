"""Signatures as the platform checks and makes them, written from its documents alone."""

import hmac
from collections.abc import Iterable
from hashlib import sha256


def text_to_sign(path: str, params: Iterable[tuple[str, str]], *, with_empty: bool = True) -> str:
    """Path, then every name and value in byte order of the names, without separators; `sign` left out."""
    chosen = sorted((name, value) for name, value in params if name != "sign" and (value or with_empty))
    return path + "".join(name + value for name, value in chosen)


def request_sign(*, secret: str, path: str, params: Iterable[tuple[str, str]], with_empty: bool = True) -> str:
    """HMAC-SHA256 over the text to sign, upper-case hex. `path` is what follows `/rest`."""
    text = text_to_sign(path, params, with_empty=with_empty)
    return hmac.new(secret.encode(), text.encode(), sha256).hexdigest().upper()


def push_sign(*, key: str, secret: str, body: bytes) -> str:
    """The Authorization header of a push: HMAC-SHA256 over app key and raw body, lower-case hex."""
    return hmac.new(secret.encode(), key.encode() + body, sha256).hexdigest()


def equal(one: str, other: str) -> bool:
    """Comparison in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
