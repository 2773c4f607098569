"""The form that Douyin Shop's requests take: a POST whose body is one canonical JSON object, signed as it is sent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any, Final

import msgspec

from storeward.connectors.contract import OperationKind, Request

CHINA: Final = timezone(timedelta(hours=8))
WRITTEN: Final = "%Y-%m-%d %H:%M:%S"
UNWRITABLE: Final = re.compile("[\b\f\v\x00-\x07\x0e-\x1f\u2028\u2029]")
"""What encoders write differently, so that a signature over it may not be understood; nobody misses it in a remark."""


def unix(at: datetime) -> int:
    return int(at.timestamp())


def written(at: datetime) -> str:
    """`yyyy-MM-dd HH:mm:ss` in GMT+8, as bills and service tickets want it."""
    return at.astimezone(CHINA).strftime(WRITTEN)


def clean(text: str) -> str:
    return UNWRITABLE.sub("", text)


def number(value: str) -> int:
    """An id where the platform takes a JSON number only; raises ValueError for what is none."""
    if not re.fullmatch(r"[0-9]{1,19}", value):
        raise ValueError(f"not a number that {value!r:.40} names")
    return int(value)


def some(values: Sequence[Any], most: int, what: str) -> list[Any]:
    """As a list; raises ValueError for none or too many."""
    if not 1 <= len(values) <= most:
        raise ValueError(f"1 to {most} {what} fit into one call, not {len(values)}")
    return list(values)


def encoded(told: Mapping[str, Any]) -> bytes:
    """Canonical JSON: keys sorted at every level, no spaces, nothing escaped that need not be, without what is None."""
    return msgspec.json.encode(_told(told), order="sorted")


def _told(value: Any) -> Any:
    match value:
        case str():
            return clean(value)
        case Mapping():
            return {name: _told(member) for name, member in value.items() if member is not None}
        case list() | tuple():
            return [_told(member) for member in value]
        case _:
            return value


def path_of(method: str) -> str:
    """`order.searchList` -> `/order/searchList`; letter case matters."""
    return "/" + method.replace(".", "/")


def read(method: str, told: Mapping[str, Any] | None = None, *, about: Mapping[str, str] | None = None) -> Request:
    return Request(method, "POST", path_of(method), {}, encoded(told or {}), about=about or {})


def write(method: str, told: Mapping[str, Any], *, about: Mapping[str, str] | None = None) -> Request:
    """A call that changes something: never repeated by itself."""
    return Request(method, "POST", path_of(method), {}, encoded(told), kind=OperationKind.WRITE, about=about or {})


def changed(request: Request, about: Mapping[str, str] | None = None, **told: Any) -> Request:
    """The same question with those parameters changed, and what its answer will be about."""
    before = msgspec.json.decode(request.body or b"{}")
    return replace(request, body=encoded(before | told), about={**request.about, **(about or {})})
