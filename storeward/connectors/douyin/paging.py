"""How lists go on: by the last change that was seen where the platform sorts by it, else by page number.

Rows move while we read: an order that changes goes to the end of a list sorted by change, and what stood behind it moves up, so
that the next page number would jump over a row. Asking again from the last change that was seen jumps over none. Where a whole
page changed in one second the page number goes on instead. Both stay below the platform's cap on page times size.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from storeward.connectors.contract import Parsed, Request

from .envelope import About, Members, Paging, as_text, count_of, moved_last, nothing
from .requests import changed, unix

Turn: TypeAlias = Callable[[Request, str], Request]


def by_change(members: Members, parsed: Parsed, rows: int, about: About) -> str | None:
    """The next token of a list sorted by change, oldest first: `1690000000:0`, from when on and which page from there."""
    page = _number(about.get("page")) if "page" in about else count_of(members, "page")
    size = _number(about.get("size")) or count_of(members, "size")
    if not _goes_on(members, parsed, rows, page or 0, size):
        return None
    last, since, until = moved_last(parsed), _number(about.get("since")), _number(about.get("until"))
    if last is not None and since is not None and unix(last) > since and (until is None or unix(last) < until):
        return f"{unix(last)}:0"
    return f"{'' if since is None else since}:{(page or 0) + 1}"


def _goes_on(members: Members, parsed: Parsed, rows: int, before: int, size: int | None) -> bool:
    """Whether there are rows behind these, `before` pages in. `has_more` tells, else `total`, else a page that is full.

    A page without rows that should have some makes the answer unreadable: the next number would jump over them.
    """
    more = as_text(members.get("has_more"))
    total = count_of(members, "total" if "total" in members else "total_cnt")
    if rows == 0:
        if more in ("true", "1") or (total is not None and before * (size or LARGEST_PAGE) < total):
            nothing(parsed, "data", "is a page without rows, though rows are said to be there")
        return False
    if more in ("false", "0"):
        return False
    if more in ("true", "1"):
        return True
    if total is None:
        return size is not None and rows >= size
    return before * (size or rows) + rows < total


LARGEST_PAGE: Final = 100


def turn_by_change(start: str) -> Turn:
    """The same question for the page of a token: from when on, and which page from there. `start` is the name of "from when"."""

    def turn(request: Request, token: str) -> Request:
        since, _, page = token.partition(":")
        return changed(request, {"since": since, "page": page}, **{start: int(since), "page": int(page)})

    return turn


def by_number(first: int) -> Paging:
    """The next page number of a list whose first is `first`: from what was asked, else from what the answer says of itself."""

    def paging(members: Members, parsed: Parsed, rows: int, about: About) -> str | None:
        page = _number(about.get("page"))
        if page is None:
            page = count_of(members, "page") if "page" in members else count_of(members, "page_no")
        page = first if page is None else page
        size = _number(about.get("size")) or count_of(members, "page_size") or count_of(members, "size")
        return str(page + 1) if _goes_on(members, parsed, rows, page - first, size) else None

    return paging


def turn_number(request: Request, token: str) -> Request:
    return changed(request, {"page": token}, page=int(token))


def turn_page_no(request: Request, token: str) -> Request:
    return changed(request, {"page": token}, page_no=int(token))


CURSOR: Final = ("next_start_index", "next_start_time")


def by_cursor(members: Members) -> str | None:
    """The two-part cursor of bills: both parts go on together, until `is_end` is 1."""
    if as_text(members.get("is_end")) in ("1", "true"):
        return None
    index, time = (as_text(members.get(name)) for name in CURSOR)
    return f"{index}|{time or ''}" if index else None


def turn_cursor(request: Request, token: str) -> Request:
    index, _, time = token.partition("|")
    return changed(request, start_index=index, start_time=time or None)


def only_page(request: Request, token: str) -> Request:
    """`Stream.turn` of what has one page."""
    return request


def _number(told: str | None) -> int | None:
    return int(told) if told is not None and told.isdigit() else None
