"""Pages behind opaque tokens, bound to shop, operation, filters and sort order.

A token holds the place after the last row (its sort value and id), so that rows that appear or change while a client pages
neither repeat nor hide others that stayed where they were.
"""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Generic, TypeVar

from .call import Call
from .errors import bad_parameter

Row = TypeVar("Row")
Key = tuple[int | str, str]
_UNBOUND = frozenset({"sign", "timestamp", "page_token", "page_size", "access_token", "app_key"})


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, the token for the next ones (empty at the end) and how many there are in all."""

    rows: Sequence[Row]
    next_page_token: str
    total_count: int


def page_size(call: Call, low: int, high: int, default: int | None = None) -> int:
    """`page_size` of the query; without a default it must be there. Refused outside low..high."""
    size = call.number("page_size")
    if size is None:
        if default is None:
            raise bad_parameter("Request query must have required property 'page_size'")
        return default
    if not low <= size <= high:
        raise bad_parameter(f"Request query page_size must be in [{low}, {high}]")
    return size


def paged(
    call: Call,
    rows: Sequence[Row],
    *,
    key: Callable[[Row], Key],
    size: int,
    descending: bool = False,
    token: str | None = None,
) -> Page[Row]:
    """One page of `rows`, sorted by `key` (sort value, id). `token` replaces the query's page_token."""
    ordered = sorted(rows, key=key, reverse=descending)
    given = call.text("page_token") if token is None else token
    start = 0
    if given:
        after = _read(call, given)
        start = _first_after(ordered, key, after, descending)
    chosen = ordered[start : start + size]
    more = start + size < len(ordered)
    return Page(chosen, _write(call, key(chosen[-1])) if more else "", len(ordered))


def _first_after(ordered: Sequence[Row], key: Callable[[Row], Key], after: Key, descending: bool) -> int:
    for index, row in enumerate(ordered):
        place = key(row)
        if (place < after) if descending else (place > after):
            return index
    return len(ordered)


def _binding(call: Call) -> str:
    """A mark of everything that must stay as it was while paging."""
    body = {name: value for name, value in call.body.items() if name != "pagination"}
    query = {name: value for name, value in call.query.items() if name not in _UNBOUND}
    text = json.dumps([call.operation, call.ids, query, body], sort_keys=True)
    return sha256(text.encode()).hexdigest()[:16]


def _write(call: Call, place: Key) -> str:
    """The token. It always holds `/`, `+` and `=`, as the platform's may."""
    inner = json.dumps([_binding(call), *place]).encode()
    return "b+/" + base64.b64encode(inner).decode().rstrip("=") + "=="


def _read(call: Call, token: str) -> Key:
    try:
        binding, value, row_id = json.loads(base64.b64decode(token.removeprefix("b+/").rstrip("=") + "=="))
    except (TypeError, ValueError) as error:
        raise bad_parameter("Request query page_token is invalid") from error
    if binding != _binding(call):
        raise bad_parameter("Request query page_token does not belong to this query")
    return value, row_id
