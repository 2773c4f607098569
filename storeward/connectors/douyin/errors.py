"""Douyin Shop's error codes -> what to do next. The tables are sections 4, 8 and 9 of the fact sheet, and nowhere else."""

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
    RateLimited,
    Rejected,
    ScopeMissing,
    TokenExpired,
    Unavailable,
)
from storeward.connectors.unreadable import unreadable

PLATFORM: Final = "douyin"
OK: Final = 10000
PART_FAILED: Final = 10001
"""A good answer in whose rows some failed."""
ABSENT: Final = -1
"""Stands for a code that is no number."""


class Meaning(NamedTuple):
    """What a code means: the class of error, and when repeating the call makes sense."""

    error: type[PlatformError]
    retry: Retry


_FAULT: Final = Meaning(Unavailable, Retry.LATER)
"""A fault inside the platform: of a write nobody knows how far it came."""
_NOT_READY: Final = Meaning(Unavailable, Retry.LATER)
_SLOW_DOWN: Final = Meaning(RateLimited, Retry.LATER)
_REFRESH: Final = Meaning(TokenExpired, Retry.AFTER_TOKEN)
_CONSENT: Final = Meaning(AuthorizationLost, Retry.NEVER)
_SCOPE: Final = Meaning(ScopeMissing, Retry.NEVER)
_DONE: Final = Meaning(AlreadyDone, Retry.NEVER)
_NO: Final = Meaning(Rejected, Retry.NEVER)
_NOT_US: Final = Meaning(CallerRefused, Retry.NEVER)
_NOT_NOW: Final = Meaning(Rejected, Retry.LATER)

CODES: Final[dict[int, Meaning]] = {
    20000: _FAULT,
    20001: _FAULT,
    30000: _NO,
    30001: _SCOPE,
    30002: _NOT_US,  # our address is not on the app's list: only the operator can mend it
    40001: _NO,
    40002: _NO,
    40003: _NO,
    40004: _NO,
    50000: _FAULT,
    50001: _NO,
    50002: _NO,
    60000: _SLOW_DOWN,
    70000: Meaning(NotSupported, Retry.NEVER),
    80000: _NO,
    90000: Meaning(Unavailable, Retry.NOW),
}
"""By the outer code, where the sub-code says no more. A code that is not listed is Rejected."""

SUB_CODES: Final[dict[str, Meaning]] = {
    "isv.signature-missing": _NOT_US,
    "isv.signature-invalid": _NOT_US,
    "isv.app-id-missing": _NOT_US,
    "isv.app-id-invalid": _NOT_US,
    "isv.app-id-expired": _NOT_US,
    "isv.timestamp-invalid": _NOT_US,
    "isv.timestamp-format-error": _NOT_US,
    "dop.token-generate-failed:app-secret-invalid": _NOT_US,
    "isv.app-permissions-insufficient": _SCOPE,
    "dop.authorization-no-existed": _CONSENT,
    "dop.authorization-closed": _CONSENT,
    "dop.app-forbidden": _CONSENT,
    "isv.access-token-expired": _REFRESH,
    "isv.access-token-no-existed": _REFRESH,
    "isv.access-token-invalid": _CONSENT,  # of another app
    "isv.idempotent-id-existed": _DONE,
    "isp.api-service-off": Meaning(NotSupported, Retry.NEVER),
    "dop.token-generate-failed:code-invalid": _CONSENT,
    "dop.token-generate-failed:code-expired": _CONSENT,
    "dop.token-generate-failed:no-authorization": _CONSENT,
    "dop.token-generate-failed:token-expired": _CONSENT,
    "dop.token-generate-failed:token-invalid": _CONSENT,
}

SHIPPING: Final = "order.logistics"
NUMBERS: Final[dict[tuple[str, str], Meaning]] = {
    ("token.refresh", "isv.business-failed:31009"): _CONSENT,  # a refresh token that nobody knows
    ("afterSale.", "isp.service-error:10000"): _NO,  # no such case, though the code says "fault"
    ("sku.syncStock", "isv.parameter-invalid:40010"): _DONE,  # this change was made before, under the same id
}
"""What the number behind a sub-code means, by how the method begins: the same number is something else elsewhere."""

SHIPPED_ALREADY: Final = frozenset({"60110"})
RISK_REVIEW: Final = frozenset({"60109"})
"""Runs for an hour or two; then it can be shipped."""
BUSY: Final = frozenset({"60106", "60114", "60118", "60121", "60124", "60125", "60132", "70009", "70011", "8888", "120032"})
"""A fault under the name of a refusal: repeat it with the same `request_id`, or read the order."""

INNER_OK: Final = frozenset({"", "0", "10000", "100000", "1000001"})
"""Bill methods answer a second code within `data`; the fact sheet has both 100000 and 1000001 for success."""
INNER: Final[dict[str, Meaning]] = {
    "100015": _NOT_READY,  # the file is still being made
    "100016": _NO,  # the file has expired: ask for a new one
    "100025": _FAULT,
}
SHELLED: Final = frozenset(
    {
        "order.getSettleBillDetail",
        "order.getSettleBillDetailV2",
        "order.getSettleBillDetailV3",
        "order.downloadSettleItemToShop",
        "order.downloadToShop",
        "order.getShopAccountItem",
        "order.downloadShopAccountItem",
        "order.downloadShopAccountItemFile",
        "order.getShopAccountItemFile",
    }
)
"""Methods whose failures hide under the success code of the outer answer."""

NUMBERED: Final = re.compile(r"isv\.business-failed:(\d+)")


def meaning_of(code: int, sub_code: str = "", method: str = "") -> Meaning:
    """What to do about a code. The sub-code, where there is one, says more; its number only with the method."""
    known = SUB_CODES.get(sub_code)
    if known is not None:
        return known
    for (begins, told), meaning in NUMBERS.items():
        if told == sub_code and method.startswith(begins):
            return meaning
    number = NUMBERED.fullmatch(sub_code)
    if number is not None and method.startswith(SHIPPING):
        return _shipping(number[1])
    return CODES.get(code, _NO)


def _shipping(number: str) -> Meaning:
    if number in SHIPPED_ALREADY:
        return _DONE
    if number in RISK_REVIEW:
        return _NOT_NOW
    return _FAULT if number in BUSY else _NO


def inner_meaning(code: str) -> Meaning | None:
    """What the second code of a bill answer means; None where it is a success."""
    return None if code in INNER_OK else INNER.get(code, _NO)


class Envelope(msgspec.Struct):
    """The frame of an answer: new fields, or those of the interface before it, alone or beside them."""

    code: int | str | None = None
    err_no: int | str | None = None
    msg: str | None = None
    message: str | None = None
    sub_code: str | None = None
    sub_msg: str | None = None
    log_id: str | None = None


class _Shell(msgspec.Struct):
    code: int | str | None = None
    code_msg: str | None = None


class _Shelled(msgspec.Struct):
    data: _Shell | None = None


_ENVELOPE: Final = msgspec.json.Decoder(Envelope)
_SHELLED: Final = msgspec.json.Decoder(_Shelled)
UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def code_of(frame: Envelope) -> tuple[str, str, bool] | None:
    """(field, code as sent, whether it is a success); None where the frame names none and so is no answer of Douyin Shop."""
    if frame.code not in (None, ""):
        told = str(frame.code)
        return "code", told, told in (str(OK), str(PART_FAILED))
    if frame.err_no not in (None, ""):
        return "err_no", str(frame.err_no), str(frame.err_no) in ("0", str(OK))
    return None


def number_of(code: str) -> int:
    return int(code) if re.fullmatch(r"-?[0-9]{1,18}", code) else ABSENT


def said(frame: Envelope) -> str:
    """The platform's words, the sub-code first: it is what its documents are searched by."""
    sub, words = frame.sub_code or "", frame.sub_msg or frame.msg or frame.message or ""
    return ": ".join(part for part in (sub, words) if part) or "no message"


def error_of(request: Request, status: int, body: bytes) -> PlatformError | None:
    """The error that an answer is, or None where it is a good one.

    Every error of business comes with HTTP 200; another status is one of the way there. A write whose answer cannot be read, or
    that failed inside the platform, may have been carried out.
    """
    try:
        frame = _ENVELOPE.decode(body)
    except UNREADABLE as reason:
        return _unreadable(request, status, cut_short="truncated" in str(reason))
    told = code_of(frame)
    if told is None or (told[2] and status >= HTTPStatus.BAD_REQUEST):
        return _unreadable(request, status, cut_short=False)
    _, code, good = told
    if not good:
        return _error(request, meaning_of(number_of(code), frame.sub_code or "", request.operation), said(frame), code, frame)
    return _hidden(request, body, frame) if request.operation in SHELLED else None


def _hidden(request: Request, body: bytes, frame: Envelope) -> PlatformError | None:
    """The failure that a bill answer hides under its outer success."""
    try:
        shell = _SHELLED.decode(body).data
    except UNREADABLE:
        return None  # the parser says what is wrong with it
    code = "" if shell is None or shell.code is None else str(shell.code)
    meaning = inner_meaning(code)
    if meaning is None or shell is None:
        return None
    return _error(request, meaning, shell.code_msg or "no message", code, frame)


def _error(request: Request, meaning: Meaning, message: str, code: str, frame: Envelope) -> PlatformError:
    kind = meaning.error
    if request.kind is OperationKind.WRITE and not request.token_call and kind is Unavailable:
        kind = OutcomeUnknown
    return kind(message, platform=PLATFORM, operation=request.operation, code=code, request_id=frame.log_id or None)


def _unreadable(request: Request, status: int, *, cut_short: bool) -> PlatformError:
    return unreadable(request, status, platform=PLATFORM, expected="Douyin Shop's JSON envelope", cut_short=cut_short)
