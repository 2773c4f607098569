"""Keep secrets out of logs and error texts.

Platforms put tokens and secrets into query strings, headers and JSON bodies. `text` blanks the values that stand beside a
name known to be secret, in whatever of these forms; `RedactingFilter` does so for every log record, arguments and
tracebacks included.
"""

import logging
import re
from typing import Final

HIDDEN: Final = "***"

SECRET_NAMES: Final = (
    "access_token",
    "refresh_token",
    "app_secret",
    "client_secret",
    "partner_key",
    "push_key",
    "secret_key",
    "shop_cipher",
    "x-tts-access-token",
    "authorization",
    "auth_code",
    "password",
    "cookie",
    "secret",
    "token",
    "signature",
    "sign",
)

_NAME = "|".join(re.escape(name) for name in SECRET_NAMES)
# name=value (query, form), "name": "value" (JSON, repr), Name: value (header); the value ends where its form ends.
_PAIR = re.compile(
    rf"""(?P<name>(?<![A-Za-z0-9])["']?(?:{_NAME})\\?["']?\s*)(?P<mark>[=:]\s*)"""
    r"""(?P<value>\\"[^"]*\\"|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?:(?:Bearer|Basic)\s+)?[^\s&"',;}\])]+)""",
    re.IGNORECASE,
)
# The token calls carry the secret in the query string: nothing of it is worth keeping.
_TOKEN_URL = re.compile(r"(https?://[^\s?\"']*/token/[^\s?\"']*)\?[^\s\"']*", re.IGNORECASE)
_COOKIES = re.compile(r"\b((?:set-)?cookie:\s*)[^\r\n\"']+", re.IGNORECASE)  # several pairs on one line
_CREDENTIALS_IN_URL = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*):[^\s@/]+@", re.IGNORECASE)


def text(value: str) -> str:
    """`value` with every secret in it replaced by ***."""
    value = _CREDENTIALS_IN_URL.sub(rf"\1:{HIDDEN}@", value)
    value = _TOKEN_URL.sub(rf"\1?{HIDDEN}", value)
    value = _COOKIES.sub(rf"\1{HIDDEN}", value)
    return _PAIR.sub(rf"\g<name>\g<mark>{HIDDEN}", value)


def error(reason: BaseException) -> str:
    """One line for an error that came from elsewhere (a client library may quote the address it asked)."""
    line = " ".join(str(reason).split()) or type(reason).__name__
    return text(line)


class RedactingFilter(logging.Filter):
    """Rewrites a record's message, arguments and traceback before a handler sees it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = text(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = text(record.exc_text)
        return True
