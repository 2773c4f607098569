"""Shopee's error keys -> what to do next. The table is section 6 of the fact sheet, and nowhere else.

A key may carry the module before a dot (`common.error_auth`): the whole is looked up first, then what follows the last dot. The
misspelt ones are spelt so by the platform.
"""

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

PLATFORM: Final = "shopee"
DOWNLOADS: Final = frozenset({"logistics.download_shipping_document"})
"""Calls whose good answer is a file: no JSON."""
SUCCESS: Final = frozenset({"", "-"})
"""What the error key of a good answer is, trimmed."""


class Meaning(NamedTuple):
    """What a key means. `doubtful`: of a write nobody knows how far it came."""

    error: type[PlatformError]
    retry: Retry
    doubtful: bool = False


_FAULT: Final = Meaning(Unavailable, Retry.NOW, doubtful=True)
_NOT_READY: Final = Meaning(Unavailable, Retry.LATER)
_SLOW_DOWN: Final = Meaning(RateLimited, Retry.LATER)
_SPENT: Final = Meaning(QuotaSpent, Retry.LATER)
_REFRESH: Final = Meaning(TokenExpired, Retry.AFTER_TOKEN)
_CONSENT: Final = Meaning(AuthorizationLost, Retry.NEVER)
_SCOPE: Final = Meaning(ScopeMissing, Retry.NEVER)
_DONE: Final = Meaning(AlreadyDone, Retry.NEVER)
_NO: Final = Meaning(Rejected, Retry.NEVER)
_NOT_US: Final = Meaning(CallerRefused, Retry.NEVER)
_CLOCK: Final = Meaning(CallerRefused, Retry.LATER)
_NOT_NOW: Final = Meaning(Rejected, Retry.LATER)
_NOT_HERE: Final = Meaning(NotSupported, Retry.NEVER)

MEANINGS: Final[dict[str, Meaning]] = {
    "invalid_acceess_token": _REFRESH,
    "invalid_access_token": _REFRESH,
    "error_auth": _REFRESH,
    "error_sign": _NOT_US,
    "invalid_partner_id": _NOT_US,
    "source_ip_undeclared": _NOT_US,
    "error_permission": _SCOPE,
    "error_api_permission": _SCOPE,
    "error_api_call_restricted": _SCOPE,
    "api_suspended": _NOT_HERE,
    "shop_no_linked": _CONSENT,
    "partner_shop_no_link": _CONSENT,
    "merchant_no_linked": _CONSENT,
    "shop_access_expired": _CONSENT,
    "merchant_access_expired": _CONSENT,
    "refresh_token_expired": _CONSENT,
    "error_shop_refresh_token": _CONSENT,
    "error_merchant_refresh_token": _CONSENT,
    "invalid_code": _CONSENT,
    "invalid_main_acount_id": _CONSENT,
    "error_rate_limit": _SLOW_DOWN,
    "error_limit": _SPENT,
    "common.error_limit": _SPENT,
    "exceed_send_limitaion": _NOT_NOW,
    "error_server": _FAULT,
    "error_inner": _FAULT,
    "error_network": _FAULT,
    "error_system_busy": _FAULT,
    "system_busy": _FAULT,
    "error_data": _FAULT,
    "logistics.package_already_shipped": _DONE,
    "product.duplicate_request": _DONE,  # this review has its reply already
    "logistics.ship_order_not_ready_to_ship": _NOT_NOW,
    "logistics.tracking_number_invalid": _NOT_READY,  # not assigned yet: poll it, then ask again
    "logistics.download_later": _NOT_READY,
    "logistics.package_print_failed": _NOT_READY,
    "logistics.no_available_time_slot": _NOT_NOW,
    "warehouse.error_not_in_whitelist": _NOT_HERE,  # a store with one stock location: no failure
    "error_cannt_edit_price_in_promotion": _NOT_NOW,
    "reach_5_message_limit": _NOT_NOW,
}
"""Keys that mean something else than "no, and never": whatever is not listed is Rejected."""

CONSENT_KEYS: Final = frozenset({"error_auth", "invalid_shop_id", "shop_banned", "error_param", "invalid_acceess_token"})
"""What ends an authorisation where the call is about tokens."""
ALL_FAILED: Final = "batch_api_all_failed"
"""The call as a whole: the real reason stands with its parts."""
ABSENT: Final = ("not exist", "not found", "no data")


def meaning_of(code: str, message: str, *, token_call: bool = False) -> Meaning:
    """What to do about an error key. The message decides only where one key stands for several things."""
    said, last = message.lower(), code.rpartition(".")[2]
    if "refresh_token" in said or "refresh token" in said or (token_call and last in CONSENT_KEYS):
        return _CONSENT
    if "timestamp" in said and last in {"error_param", "error_auth"}:
        return _CLOCK
    if last == "error_data" and any(words in said for words in ABSENT):
        return _NO
    if code in MEANINGS:
        return MEANINGS[code]
    # Another module's own use of the word: `order.error_limit` is an order that cannot be cancelled.
    return _NO if last == "error_limit" else MEANINGS.get(last, _NO)


def succeeded(error: str | None) -> bool:
    """Whether the error key is that of a good answer."""
    return error is None or error.strip() in SUCCESS


class Reply(msgspec.Struct):
    """The frame of an answer; `error` is UNSET where it is not there at all."""

    error: str | msgspec.UnsetType | None = msgspec.UNSET
    message: str | None = None
    request_id: str | None = None


_REPLY: Final = msgspec.json.Decoder(Reply, strict=False)


def error_of(request: Request, status: int, body: bytes) -> PlatformError | None:
    """The error that an answer is, or None where it is a good one.

    Decided on the key `error`, whatever the HTTP status: refusals come with 200 and with 403. A write whose answer cannot be
    read, or that failed inside the platform, may have been carried out.
    """
    if request.operation in DOWNLOADS and status == 200 and body and not body.lstrip().startswith(b"{"):
        return None
    try:
        reply = _REPLY.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as reason:
        return _unreadable(request, status, cut_short="truncated" in str(reason))
    if reply.error is msgspec.UNSET:
        return _unreadable(request, status, cut_short=False)
    if succeeded(reply.error):
        return None if status < 400 else _unreadable(request, status, cut_short=False)
    code, message = (reply.error or "").strip(), reply.message or ""
    if code.endswith(ALL_FAILED):
        code, message = _reason_of_all(body) or (code, message)
    meaning = meaning_of(code, message, token_call=request.token_call)
    kind = OutcomeUnknown if meaning.doubtful and request.kind is OperationKind.WRITE else meaning.error
    return kind(message or code, platform=PLATFORM, operation=request.operation, code=code, request_id=reply.request_id or None)


class _Row(msgspec.Struct):
    fail_error: str | None = None
    fail_message: str | None = None


class _Rows(msgspec.Struct):
    result_list: list[_Row] | None = None


class _Batch(msgspec.Struct):
    response: _Rows | None = None


_BATCH: Final = msgspec.json.Decoder(_Batch, strict=False)


def _reason_of_all(body: bytes) -> tuple[str, str] | None:
    """Key and words of the first part of a call of which every part failed; None where no part says why."""
    try:
        batch = _BATCH.decode(body)
    except msgspec.DecodeError:
        return None
    rows = (batch.response.result_list if batch.response else None) or ()
    return next(((row.fail_error, row.fail_message or "") for row in rows if row.fail_error), None)


def _unreadable(request: Request, status: int, *, cut_short: bool) -> PlatformError:
    return unreadable(request, status, platform=PLATFORM, expected="Shopee's JSON envelope", cut_short=cut_short)
