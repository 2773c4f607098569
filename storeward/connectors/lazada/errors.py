"""Lazada's error codes -> what to do next. The table is section 7 of the fact sheet, and nowhere else."""

import re
from datetime import timedelta
from http import HTTPStatus
from typing import Final, NamedTuple

from storeward.connectors.contract import OperationKind, Request, Retry
from storeward.connectors.errors import (
    AlreadyDone,
    AuthorizationLost,
    CallerRefused,
    NotSupported,
    OutcomeUnknown,
    PlatformError,
    RateLimited,
    Rejected,
    TokenExpired,
    Unavailable,
)
from storeward.connectors.unreadable import unreadable
from storeward.connectors.wire import fields_of

from .frame import Refusal, refusal_in, said

PLATFORM: Final = "lazada"


class Meaning(NamedTuple):
    """What a code means: the class of error, when repeating the call makes sense, and whether a write may have come through."""

    error: type[PlatformError]
    retry: Retry
    inside: bool = False
    """The fault is behind the gateway: of a write nobody knows how far it came."""


_SLOW_DOWN: Final = Meaning(RateLimited, Retry.LATER)
_LOCKED: Final = Meaning(RateLimited, Retry.NOW)
_FAULT: Final = Meaning(Unavailable, Retry.NOW, inside=True)
_SWITCHED_OFF: Final = Meaning(Unavailable, Retry.LATER)
_REFRESH: Final = Meaning(TokenExpired, Retry.AFTER_TOKEN)
_CONSENT: Final = Meaning(AuthorizationLost, Retry.NEVER)
_DONE: Final = Meaning(AlreadyDone, Retry.NEVER)
_NO: Final = Meaning(Rejected, Retry.NEVER)
_NOT_US: Final = Meaning(CallerRefused, Retry.NEVER)
_NOT_NOW: Final = Meaning(Rejected, Retry.LATER)
_ONCE: Final = Meaning(Rejected, Retry.NOW)
_STRANGE_READ: Final = Meaning(Unavailable, Retry.NOW)
"""A code that we do not know: reads are worth another try, writes are not."""

MEANINGS: Final[dict[str, Meaning]] = {
    "ApiCallLimit": _SLOW_DOWN,
    "SellerCallLimit": _SLOW_DOWN,
    "AppCallLimit": _SLOW_DOWN,
    "901": _SLOW_DOWN,
    "506": _SLOW_DOWN,  # flow control, seen while paging a catalogue
    "TRAFFIC_CONTROL": _SLOW_DOWN,
    "HOT_KEY_BLOCK_EXCEPTION": _SLOW_DOWN,
    "700024": _LOCKED,
    "ServiceTimeout": _FAULT,
    "15": _FAULT,
    "6": _FAULT,
    "21": _FAULT,
    "1000": _FAULT,
    "513": _FAULT,
    "40011": _FAULT,
    "SELLER_SERVICE_FAIL": _FAULT,
    "THIRD_SERVICE_ERROR": _FAULT,
    "SYS_ERROR": _FAULT,
    "998": _SWITCHED_OFF,  # around big campaigns, until the end that was announced
    "106": _ONCE,  # usually the reverse order of another store
    "34": _NOT_NOW,  # a label before packing
    "30012": _NOT_NOW,
    "4170": _NOT_NOW,  # a campaign holds the stock
    "IncompleteSignature": _NOT_US,
    "IllegalTimestamp": _NOT_US,
    "InvalidAppKey": _NOT_US,
    "AppWhiteIpLimit": _NOT_US,  # our address; the fact sheet names no code for it, clients of the gateway do
    "IllegalAccessToken": _REFRESH,
    "InvalidAccessToken": _REFRESH,
    "IllegalRefreshToken": _CONSENT,
    "InvalidCode": _CONSENT,
    "AUTH_TYPE_UNSUPPORTED": _CONSENT,
    "Mp3SellerApiLimit": Meaning(NotSupported, Retry.NEVER),
}
"""Codes that mean something else than "no, and never"."""

_REFUSALS: Final = """
MissingParameter SellerNotVerified SellerNotActive 14 17 19 36 74 75 16 37 38 39 56 20 32 35
700040 50008 5 30 1 1001 501 204 4171 207 208 4136 4137 EDIT_ITEM_NOT_BELONG_SELLER 212 4152 4155 4218 4225 10002 10006 209
1000012 1000014 600001 600002 1003 PARAMS_VALIDATE_ERROR -22 INPUT_PARAM_VALID LD_INPUT_PARAM_VALID
LD_INVOKE_DOWNSTREAM_RESPONSE_BLANK UnknownRuntimeException error
"""
REFUSALS: Final = frozenset(_REFUSALS.split()) | {
    str(code) for codes in (range(100, 134), range(4104, 4147), range(700000, 700034)) for code in codes
}
"""Codes that say no, whoever asks again; `error` is the tip of a cancellation that is refused."""

DONE_WORDS: Final = frozenset({"REPLY_ALREADY"})
FLOW_CONTROL: Final = "1002"
BAN: Final = re.compile(r"ban will last (\d{1,6}) second", re.IGNORECASE)


def meaning_of(code: str, message: str, *, writes: bool) -> Meaning:
    """What to do about a code; two of them are told apart by their message."""
    if message.strip() in DONE_WORDS:
        return _DONE
    if code == FLOW_CONTROL and "sentinel" in message.lower():
        return _SLOW_DOWN
    known = MEANINGS.get(code)
    if known is not None:
        return known
    return _NO if code in REFUSALS or writes else _STRANGE_READ


def ban_in(message: str) -> timedelta | None:
    """How long the platform says that it will not listen."""
    found = BAN.search(message)
    return timedelta(seconds=int(found.group(1))) if found else None


def as_error(refusal: Refusal, request: Request, request_id: str | None) -> PlatformError:
    """The refusal as what the caller does next."""
    writes = request.kind is OperationKind.WRITE
    meaning = meaning_of(refusal.code, refusal.message, writes=writes)
    kind = OutcomeUnknown if writes and meaning.inside and not request.token_call else meaning.error
    error = kind(
        refusal.message,
        platform=PLATFORM,
        operation=request.operation,
        code=refusal.code or None,
        request_id=request_id,
    )
    if isinstance(error, RateLimited):
        error.wait = ban_in(refusal.message)
    return error


def error_of(request: Request, status: int, body: bytes) -> PlatformError | None:
    """The error that an answer is, or None where it is a good one.

    The HTTP status is 200 even for failures; a write whose answer cannot be read may have been carried out.
    """
    members = fields_of(body)
    if members is None or said(members, "code") is None:
        return _unreadable(request, status, cut_short=members is None and not body.rstrip().endswith(b"}"))
    refusal = refusal_in(members, request.operation)
    if refusal is not None:
        return as_error(refusal, request, said(members, "request_id"))
    return None if status < HTTPStatus.BAD_REQUEST else _unreadable(request, status, cut_short=False)


def _unreadable(request: Request, status: int, *, cut_short: bool) -> PlatformError:
    return unreadable(request, status, platform=PLATFORM, expected="Lazada's JSON frame", cut_short=cut_short)
