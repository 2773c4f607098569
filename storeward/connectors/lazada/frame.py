"""Where a failure of Lazada's shows: by the gateway's code, or hidden under code "0" (fact sheet section 6).

Four families hide it in four places: beside `data` as `success`, in messaging as `err_code`, in fulfilment and logistics within
`result`, and in the answer to a cancellation as a tip of type `error`. Codes stay text.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec

from storeward.connectors.wire import fields_of, plain

Members = Mapping[str, msgspec.Raw]

NO: Final = frozenset({"false", "0", "no"})
SILENT: Final = frozenset({"", "0", "null", "None"})
CANCEL: Final = "/order/reverse/cancel/create"
CODE_NAMES: Final = ("error_code", "errorCode", "err_code", "errorCodes", "code")
WORD_NAMES: Final = ("error_msg", "errorMsg", "err_message", "errorMsgs", "error", "message", "msg")


class Refusal(NamedTuple):
    """What the platform refuses, and where in the body it says so."""

    field: str
    code: str
    message: str


def refusal_in(members: Members, operation: str) -> Refusal | None:
    """The failure that this answer reports; None for a good one (rows of it may have failed all the same)."""
    code = said(members, "code")
    if code and code != "0":
        return Refusal("code", code, said(members, "message") or "no message")
    if denied(members, "success"):
        return _refusal(members, "", CODE_NAMES[:-1])
    if (word := said(members, "err_code")) and word not in SILENT:
        return Refusal("err_code", word, said(members, "err_message") or "no message")
    result = fields_of(members["result"]) if "result" in members else None
    if result is not None and (denied(result, "success") or _confirmed(result, "not_success")):
        return _refusal(result, "result.", CODE_NAMES)
    if operation == CANCEL:
        return _tip(members)
    return None


def _refusal(members: Members, where: str, names: tuple[str, ...]) -> Refusal:
    words = next((word for name in WORD_NAMES if (word := said(members, name))), None)
    for name in names:
        code = said(members, name)
        if code and code not in SILENT:
            return Refusal(f"{where}{name}", code, words or code)
    return Refusal(f"{where}success", "", words or "no message")


def _tip(members: Members) -> Refusal | None:
    tip = fields_of(members["data"]) if "data" in members else None
    if tip is None or said(tip, "tip_type") != "error":
        return None
    return Refusal("data.tip_type", "error", said(tip, "tip_content") or "no message")


def denied(members: Members, name: str) -> bool:
    """Whether that flag says no; one that is not there says nothing."""
    value = plain(members[name]) if name in members else None
    return value is False or (isinstance(value, str | int) and str(value).strip().lower() in NO)


def _confirmed(members: Members, name: str) -> bool:
    return name in members and plain(members[name]) in (True, "true")


def said(members: Members, name: str) -> str | None:
    """A member as text: the first of a list, the words of an object that holds an error; None where it says nothing."""
    return _text(plain(members[name])) if name in members else None


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        return _text(value[0]) if value else None
    if isinstance(value, dict):
        return next((text for name in ("code", "displayMessage", "message") if (text := _text(value.get(name)))), None)
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value).strip() or None
    return None
