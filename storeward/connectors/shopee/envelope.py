"""The frame around every answer: `{"request_id", "error", "message", "warning", "response"}`.

An empty error key is the only sign of success, at any HTTP status. Some answers have no `response` and stand beside the frame. A
success can have failed in part: rows name their failure (`fail_error`, `failure_list`, `fail_list`).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias, TypeVar

import msgspec

from storeward.canon import Record
from storeward.connectors.contract import Failure, Level, Parse, Parsed, Problem
from storeward.connectors.wire import Id, Notes, Wire, elements_of, fields_of, is_null, plain, read, some_of

from .errors import meaning_of, succeeded

W = TypeVar("W", bound=Wire)
About: TypeAlias = Mapping[str, str]
Build: TypeAlias = Callable[[W, Notes, About], Iterable[Record]]
"""One element of the answer, its notes, and what the request was about -> the records in it."""
Members: TypeAlias = Mapping[str, msgspec.Raw]

NOTHING_SAID: Final = frozenset({"", "-", "success"})


class Envelope(Wire):
    error: str | None = None
    message: str | None = None
    request_id: str | None = None


class Cursor(Wire):
    more: bool | None = None
    next_cursor: Id = None
    total_count: int | None = None
    cursor: Id = None


class PageEnd(Wire):
    more: bool | None = None
    has_next_page: bool | None = None
    next_cursor: Id = None
    next_offset: Id = None
    total_count: int | None = None
    pagination: Cursor | None = None
    next_page: Cursor | None = None


class PartFailure(Wire):
    """A row of a call that as a whole succeeded; it says why it failed, if it did."""

    fail_error: str | None = None
    error: str | None = None
    fail_message: str | None = None
    message: str | None = None
    failed_reason: str | None = None
    fail_reason: str | None = None
    package_number: str | None = None
    order_sn: str | None = None
    item_id: Id = None
    model_id: Id = None
    comment_id: Id = None


PAGE_END: Final = tuple(field.encode_name for field in msgspec.structs.fields(PageEnd))
SAID_BY_ROW: Final = ("result_list", "image_info_list")
FAILED_ROWS: Final = ("failure_list", "fail_list")
WHOSE: Final = ("package_number", "order_sn", "item_id", "model_id", "comment_id")


def open_answer(body: bytes, *, wrapped: bool = True, token_call: bool = False) -> tuple[Parsed, msgspec.Raw | None]:
    """What the frame says, and the raw payload of a success: `response`, or the whole where it stands beside the frame.

    None (with a problem that says why) of anything else.
    """
    parsed = Parsed()
    frame = fields_of(body)
    envelope = read(some_of(frame, "error", "message", "request_id"), Envelope, Notes("", parsed.problems)) if frame else None
    if frame is None or envelope is None:
        return nothing(parsed, "", "is not a JSON object: nothing can be read"), None
    parsed.request_id = envelope.request_id
    if "error" not in frame:
        return nothing(parsed, "error", "is missing: this is no answer of Shopee"), None
    if not succeeded(envelope.error):
        parsed.problems.append(failure("error", envelope.error, envelope.message, token_call=token_call))
        _note_parts(fields_of(frame["response"]) if "response" in frame else None, parsed)
        return parsed, None
    if envelope.error is None and not is_null(frame["error"]):
        return nothing(parsed, "error", "is no text: whether it succeeded is not known"), None
    note_warning(frame, parsed)
    payload = frame.get("response") if wrapped else msgspec.Raw(body)
    return parsed, payload if payload is not None and not is_null(payload) else msgspec.Raw(b"{}")


def nothing(parsed: Parsed, field: str, message: str) -> Parsed:
    """Nothing may be concluded from this answer, least of all that a list is empty."""
    parsed.unreadable = True
    parsed.problems.append(Problem(field, message, Level.ERROR))
    return parsed


def failure(field: str, code: str | None, message: str | None, *, token_call: bool = False) -> Problem:
    key = (code or "").strip()
    retry = meaning_of(key, message or "", token_call=token_call).retry
    return Problem(field, message or key or "no message", Level.PLATFORM, Failure(key, retry))


def path(where: str, wrapped: bool) -> str:
    return f"response.{where}" if wrapped and where else "response" if wrapped else where


def list_parser(name: str, shape: type[W], build: Build[W], *, wrapped: bool = True) -> Parse:
    """A parser for answers with a list of elements of a shape. `name` may lead deeper (`page.rows`); "" is the whole payload."""

    def parse(body: bytes, about: About) -> Parsed:
        parsed, payload = open_answer(body, wrapped=wrapped)
        if payload is None:
            return parsed
        members = fields_of(payload) if name else {"": payload}
        if members is None:
            return nothing(parsed, path("", wrapped) or "response", "is not an object: nothing can be read")
        _note_parts(members, parsed)
        elements = rows_of(_within(members, name))
        if elements is None:
            return nothing(parsed, path(name, wrapped), "is not a list; left out")
        build_all(elements, path(name, wrapped), shape, build, about, parsed)
        if elements and not parsed.items and elements_of(_within(members, name)) is None:
            return nothing(parsed, path(name, wrapped), "is an object instead of a list; left out")
        goes_on = note_page_end(members, parsed, about, wrapped)
        if not elements and _hides_rows(goes_on, parsed.total, about):
            parsed.next_page = None
            return nothing(parsed, path(name, wrapped), "is empty, though rows are said to be there")
        return parsed

    return parse


def rows_of(raw: msgspec.Raw | None) -> list[msgspec.Raw] | None:
    """The rows of a list; one row by itself where the reference says `object` and means that; None for anything else."""
    rows = elements_of(raw)
    if rows is None and raw is not None and fields_of(raw) is not None:
        return [raw]
    return rows


def thing_parser(name: str, shape: type[W], build: Build[W], *, wrapped: bool = True) -> Parse:
    """A parser for answers that are one thing: the member of that name, or the payload itself where it is ""."""

    def parse(body: bytes, about: About) -> Parsed:
        parsed, payload = open_answer(body, wrapped=wrapped)
        if payload is None:
            return parsed
        members = fields_of(payload)
        if members is None:
            return nothing(parsed, path("", wrapped) or "response", "is not an object: nothing can be read")
        _note_parts(members, parsed)
        raw = _within(members, name) if name else payload
        if raw is not None and not is_null(raw) and bytes(raw).strip() != b"{}":
            build_all([raw], "", shape, build, about, parsed, where=path(name, wrapped))
        note_page_end(members, parsed, about, wrapped)
        return parsed

    return parse


def receipt_parser(*keys: str, wrapped: bool = True) -> Parse:
    """A parser for writes and look-ups: the named members as a receipt, the whole payload as `answer`, each part that failed."""

    def parse(body: bytes, about: About) -> Parsed:
        parsed, payload = open_answer(body, wrapped=wrapped)
        if payload is None:
            return parsed
        members = fields_of(payload)
        if members is not None:
            parsed.receipt = {key: told for key in keys if (told := as_text(members.get(key))) is not None}
            _note_parts(members, parsed)
            note_page_end(members, parsed, about, wrapped)
        parsed.answer = plain(payload)
        return parsed

    return parse


def build_all(
    elements: Iterable[msgspec.Raw],
    base: str,
    shape: type[W],
    build: Build[W],
    about: About,
    parsed: Parsed,
    *,
    where: str | None = None,
) -> None:
    """The records of all elements, each beside its raw bytes."""
    for at, raw in enumerate(elements):
        notes = Notes(where if where is not None else f"{base}[{at}]", parsed.problems)
        element = read(raw, shape, notes)
        if element is None:
            continue
        kept = bytes(raw)
        parsed.items += [(record, kept) for record in build(element, notes, about)]


def _within(members: Members, name: str) -> msgspec.Raw | None:
    """The member under a dotted name; None where it is not there."""
    head, _, rest = name.partition(".")
    found = members.get(head)
    if not rest or found is None:
        return found
    inner = fields_of(found)
    return None if inner is None else _within(inner, rest)


def note_page_end(members: Members, parsed: Parsed, about: About, wrapped: bool) -> bool | None:
    """The token of the next page, and how many there are in all; whether the answer says that more follow."""
    end = read(some_of(members, *(name for name in PAGE_END if _is_end(name, members))), PageEnd, Notes(path("", wrapped), []))
    if end is None:
        return None
    cursor = end.pagination or end.next_page or Cursor()
    parsed.total = end.total_count if end.total_count is not None else cursor.total_count
    goes_on = next((told for told in (end.more, end.has_next_page, cursor.more) if told is not None), None)
    token = next((str(t) for t in (end.next_cursor, end.next_offset, cursor.next_cursor, cursor.cursor) if t), None)
    if goes_on is False:
        return False
    # A token that repeats is an end only where nothing says that more follow: else the next page cannot be had.
    parsed.next_page = token if token is not None and (goes_on or token != about.get("cursor")) else None
    if token is None and "page_no" in about:
        parsed.next_page = _next_number(goes_on, parsed.total, about)
    return goes_on


def _hides_rows(goes_on: bool | None, total: int | None, about: About) -> bool:
    """Whether a numbered page without rows cannot be right: the next number would jump over those that it should have."""
    if "page_no" not in about:
        return False
    page, size = int(about["page_no"]), int(about.get("page_size", "0"))
    return goes_on is True or (goes_on is None and total is not None and max(page - 1, 0) * size < total)


def _is_end(name: str, members: Members) -> bool:
    return name in members and not is_null(members[name])


def _next_number(goes_on: bool | None, total: int | None, about: About) -> str | None:
    """Of numbered pages: by `more`, or by how many there are in all (pages then count from 1)."""
    page, size = int(about["page_no"]), int(about.get("page_size", "0"))
    if goes_on or (goes_on is None and total is not None and page * size < total):
        return str(page + 1)
    return None


def _note_parts(members: Members | None, parsed: Parsed) -> None:
    """Every part that failed under a success, or that explains why all did."""
    for name in (*SAID_BY_ROW, *FAILED_ROWS):
        for at, raw in enumerate(elements_of((members or {}).get(name)) or ()):
            where = f"response.{name}[{at}]"
            row = read(raw, PartFailure, Notes(where, []))
            if row is not None:
                parsed.problems += _part_problem(row, where, failed=name in FAILED_ROWS)


def _part_problem(row: PartFailure, where: str, *, failed: bool) -> list[Problem]:
    whose = ", ".join(f"{what} {value}" for what in WHOSE if (value := getattr(row, what)))
    reason = row.fail_message or row.failed_reason or row.fail_reason or (row.message if row.error else None)
    code = row.fail_error or row.error
    said = ": ".join(part for part in (whose, reason or code or "no reason given") if part)
    if code:
        name = "fail_error" if row.fail_error else "error"
        return [failure(f"{where}.{name}", code, said)]
    if not failed and not reason:
        return []
    name = "failed_reason" if row.failed_reason else "fail_reason" if row.fail_reason else "fail_message"
    return [failure(f"{where}.{name}", "", said)]


def note_warning(frame: Members, parsed: Parsed) -> None:
    value = plain(frame["warning"]) if "warning" in frame else None
    for warning in value if isinstance(value, list) else [value]:
        said = warning if isinstance(warning, str) else _named(warning)
        if said and said.strip().lower() not in NOTHING_SAID:
            parsed.problems.append(Problem("warning", said, Level.NOTE))


def _named(warning: Any) -> str:
    if not isinstance(warning, Mapping):
        return ""
    return ", ".join(f"{name} {value}" for name, value in warning.items() if isinstance(value, str | int))


def as_text(raw: msgspec.Raw | None) -> str | None:
    value = plain(raw) if raw is not None else None
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int) and value != "" else None
