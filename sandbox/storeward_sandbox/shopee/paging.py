"""The platform's two ways of turning pages: by a cursor, and by a page's number."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from .call import Call
from .errors import bad_parameter

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, whether more follow, the cursor for them (empty at the end), and how many there are in all."""

    rows: Sequence[Row]
    more: bool
    next_cursor: str
    total: int


def cut(rows: Sequence[Row], start: int, size: int) -> Page[Row]:
    """`size` rows from `start` on; the cursor is positional, as the platform's."""
    more = start + size < len(rows)
    return Page(rows[start : start + size], more, str(start + size) if more else "", len(rows))


def by_cursor(call: Call, rows: Sequence[Row], *, most: int, default: int | None = None) -> Page[Row]:
    """The page at `cursor` (empty for the first) of `page_size` rows."""
    return cut(rows, position(call.text("cursor")), call.between("page_size", 1, most, default))


def position(cursor: str) -> int:
    """Where a positional cursor points."""
    try:
        start = int(cursor or 0)
    except ValueError as error:
        raise bad_parameter("cursor is invalid.") from error
    if start < 0:
        raise bad_parameter("cursor is invalid.")
    return start


def by_number(call: Call, rows: Sequence[Row], *, first: int, most: int, default: int | None = None) -> Page[Row]:
    """Page `page_no`, of which the first is `first`."""
    size = call.between("page_size", 1, most, default)
    number = call.number("page_no", first if default is not None else None)
    if number < first:
        raise bad_parameter(f"page_no should be at least {first}.")
    return cut(rows, (number - first) * size, size)
