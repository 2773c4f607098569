"""TikTok Shop's error codes -> what to do next. The table is section 7 of the fact sheet, and nowhere else."""

import re
from http import HTTPStatus
from typing import Final, NamedTuple

import msgspec

from storeward.connectors.contract import OperationKind, Request, Retry
from storeward.connectors.errors import (
    AlreadyDone,
    AuthorizationLost,
    CallerRefused,
    NotSupported,
    OutcomeUnknown,
    PlatformError,
    QuotaSpent,
    RateLimited,
    Rejected,
    ScopeMissing,
    TokenExpired,
    Unavailable,
)
from storeward.connectors.unreadable import unreadable

PLATFORM: Final = "tiktok_shop"


class Meaning(NamedTuple):
    """What a code means: the class of error, and when repeating the call makes sense."""

    error: type[PlatformError]
    retry: Retry


_FAULT: Final = Meaning(Unavailable, Retry.NOW)
"""A fault inside the platform: of a write nobody knows how far it came."""
_LOCKED: Final = Meaning(RateLimited, Retry.NOW)
_OWN_FAULT: Final = Meaning(Unavailable, Retry.LATER)
_SLOW_DOWN: Final = Meaning(RateLimited, Retry.LATER)
_NOT_READY: Final = Meaning(Unavailable, Retry.LATER)
_REFRESH: Final = Meaning(TokenExpired, Retry.AFTER_TOKEN)
_DONE: Final = Meaning(AlreadyDone, Retry.NEVER)
_NO: Final = Meaning(Rejected, Retry.NEVER)
_NOT_US: Final = Meaning(CallerRefused, Retry.NEVER)
_NOT_NOW: Final = Meaning(Rejected, Retry.LATER)
_CONSENT: Final = Meaning(AuthorizationLost, Retry.NEVER)

MEANINGS: Final[dict[int, Meaning]] = {
    36009002: _SLOW_DOWN,
    36009037: _SLOW_DOWN,
    45101004: Meaning(QuotaSpent, Retry.LATER),  # customer service, 10,000 calls a day: tomorrow
    45111012: _SLOW_DOWN,
    36009007: _FAULT,  # gateway time-out
    36009003: _FAULT,
    25001028: _LOCKED,  # somebody else holds the lock
    11034037: _NOT_READY,  # the label is still being made
    11034023: _NOT_READY,
    21023022: _NOT_READY,
    105001: _REFRESH,
    105002: _REFRESH,
    105005: Meaning(ScopeMissing, Retry.NEVER),
    36004001: _CONSENT,
    36004004: _CONSENT,
    36004005: _CONSENT,
    101000: _CONSENT,  # token of the wrong user type, or the shop does not match the cipher
    36009033: _NOT_US,  # our address is not on the app's allow list
    106001: _NOT_US,
    106013: _NO,
    12052038: _NOT_NOW,  # locked by a running promotion
    12019045: _NOT_NOW,
    11006021: _DONE,  # already shipped
    21011020: _DONE,
    21008099: _DONE,
    25020009: _DONE,  # already cancelled
    21011040: _DONE,  # "Package has already been shipped", as the reference words it
    25020010: _DONE,  # already approved
}
"""Codes that mean something else than "no, and never": whatever is not listed is Rejected."""

OWN_FAULT: Final = ("system process error", "system timeout", "system error", "internal error", "try again later")
"""How the many codes for a fault of the platform's own are worded; each operation has some of its own (`x-error-codes`)."""

NOT_IN_REGION: Final = re.compile(r"not support\w*\b.*\bregion", re.IGNORECASE)
"""Calls that a market has not: refused under several codes, none of them documented, in words alike."""

BUNDLE: Final = 36009004
"""Missing sign, bad token, bad app key, timestamp out of range, bad cipher, bad version: only the message tells."""

ABOUT_US: Final = ("sign", "timestamp", "app_key", "app key")


def meaning_of(code: int, message: str) -> Meaning:
    """What to do about a code. The bundle code, and what a market has not, are told apart by their message."""
    if NOT_IN_REGION.search(message):
        return Meaning(NotSupported, Retry.NEVER)
    if code == BUNDLE:
        said = message.lower()
        if "token" in said or "credential" in said:
            return _REFRESH
        return _NOT_US if any(word in said for word in ABOUT_US) else _NO
    known = MEANINGS.get(code)
    if known is None and any(words in message.lower() for words in OWN_FAULT):
        return _OWN_FAULT
    return known or _NO


def retry_of(code: int, message: str) -> Retry:
    """When repeating a call that failed with this code makes sense."""
    return meaning_of(code, message).retry


class _Answer(msgspec.Struct):
    code: int
    message: str | None = None
    request_id: str | None = None


_ANSWER: Final = msgspec.json.Decoder(_Answer, strict=False)


def error_of(request: Request, status: int, body: bytes) -> PlatformError | None:
    """The error that an answer is, or None where it is a good one.

    Decided on `code`, not on the HTTP status: only 429 and 503 are documented, and a 401 comes for a bad signature as well as
    for an expired token. A write whose answer cannot be read, or that failed inside the platform, may have been carried out.
    """
    try:
        answer = _ANSWER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as reason:
        return _unreadable(request, status, cut_short="truncated" in str(reason))
    if answer.code == 0 and status < HTTPStatus.BAD_REQUEST:
        return None
    if answer.code == 0:
        return _unreadable(request, status, cut_short=False)
    meaning = meaning_of(answer.code, answer.message or "")
    kind = meaning.error
    if request.kind is OperationKind.WRITE and (meaning is _FAULT or meaning is _OWN_FAULT):  # equal to _NOT_READY by value
        kind = OutcomeUnknown
    return kind(
        answer.message,
        platform=PLATFORM,
        operation=request.operation,
        code=str(answer.code),
        request_id=answer.request_id or None,
    )


def _unreadable(request: Request, status: int, *, cut_short: bool) -> PlatformError:
    return unreadable(request, status, platform=PLATFORM, expected="TikTok Shop's JSON envelope", cut_short=cut_short)
