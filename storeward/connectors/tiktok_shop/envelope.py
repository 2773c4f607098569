"""The frame around every answer: `{"code", "message", "request_id", "data"}`. Code 0 is the only sign of success."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias, TypeVar

import msgspec

from storeward.canon import Record
from storeward.connectors.contract import Failure, Level, Parse, Parsed, Problem
from storeward.connectors.wire import Id, Notes, Wire, digits, elements_of, fields_of, is_null, plain, read, some_of

from .errors import retry_of

W = TypeVar("W", bound=Wire)
About: TypeAlias = Mapping[str, str]
Build: TypeAlias = Callable[[W, Notes, About], Iterable[Record]]
"""One element of the answer, its notes, and what the request was about -> the records in it."""


class Envelope(Wire):
    code: int | None = None
    message: str | None = None
    request_id: str | None = None


class ErrorDetail(Wire):
    package_id: Id = None
    sku_id: Id = None
    product_id: Id = None


class PartError(Wire):
    """A failure of one part of a call that as a whole succeeded."""

    code: Id = None
    message: str | None = None
    detail: ErrorDetail | None = None


class PageEnd(Wire):
    next_page_token: str | None = None
    total_count: int | None = None


ENVELOPE: Final = ("code", "message", "request_id")
NUMBER: Final = re.compile(r"-?[0-9]{1,18}")
NO_CODE: Final = -1
PAGE_END: Final = ("next_page_token", "total_count")


def open_answer(body: bytes) -> tuple[Parsed, msgspec.Raw | None]:
    """What the frame says, and the raw `data` of a success; None (with a problem that says why) of anything else."""
    parsed = Parsed()
    frame = fields_of(body)
    envelope = read(some_of(frame, *ENVELOPE), Envelope, Notes("", parsed.problems)) if frame is not None else None
    if frame is None or envelope is None:
        return _nothing(parsed, "", "is not a JSON object: nothing can be read"), None
    parsed.request_id = envelope.request_id
    if envelope.code is None:
        return _nothing(parsed, "code", "is missing: this is no answer of TikTok Shop"), None
    if envelope.code != 0:
        parsed.problems.append(_failure("code", envelope.code, envelope.message))
        return parsed, None
    data = frame.get("data")
    return parsed, data if data is not None and not is_null(data) else msgspec.Raw(b"{}")


def _nothing(parsed: Parsed, field: str, message: str) -> Parsed:
    """Nothing may be concluded from this answer, least of all that a list is empty."""
    parsed.unreadable = True
    parsed.problems.append(Problem(field, message, Level.ERROR))
    return parsed


def _failure(field: str, code: int | str, message: str | None) -> Problem:
    """The platform's code as it came; one that is no number is in no table, and only its message can tell."""
    known = int(code) if isinstance(code, int) or NUMBER.fullmatch(code) else NO_CODE
    return Problem(field, message or "no message", Level.PLATFORM, Failure(str(code), retry_of(known, message or "")))


Frame: TypeAlias = Callable[[msgspec.Raw, Notes], About]
"""What the rest of `data` says about each element of its list (its currency, the statement that it is of)."""


def list_parser(list_field: str, shape: type[W], build: Build[W], *, frame: Frame | None = None) -> Parse:
    """A parser for answers that are a page of `data.<list_field>`, each element of which has the given shape."""

    def parse(body: bytes, about: About) -> Parsed:
        parsed, data = open_answer(body)
        if data is None:
            return parsed
        members = _members(data, parsed)
        _note_page_end(members, parsed)
        note_partial_failures(members, parsed)
        elements = elements_of(members.get(list_field))
        if elements is None:
            return _nothing(parsed, f"data.{list_field}", "is not a list; left out")
        if frame is not None:
            about = {**about, **frame(data, Notes("data", parsed.problems))}
        for at, raw in enumerate(elements):
            _build_one(raw, Notes(f"data.{list_field}[{at}]", parsed.problems), shape, build, about, parsed)
        return parsed

    return parse


def thing_parser(field: str | None, shape: type[W], build: Build[W]) -> Parse:
    """A parser for answers that are one thing: `data.<field>`, or `data` itself where `field` is None."""

    def parse(body: bytes, about: About) -> Parsed:
        parsed, data = open_answer(body)
        if data is None:
            return parsed
        path, raw = "data", data
        members = _members(data, parsed)
        note_partial_failures(members, parsed)
        if field is not None:
            found = members.get(field)
            if found is None or is_null(found):
                return parsed
            path, raw = f"data.{field}", found
        _build_one(raw, Notes(path, parsed.problems), shape, build, about, parsed)
        return parsed

    return parse


def receipt_parser(*keys: str) -> Parse:
    """A parser for writes and look-ups: the named members of `data` as a receipt, each `data.errors[]` as a failure.

    A call can succeed as a whole (code 0) and fail in part: every part that failed is a problem of level `platform`.
    """

    def parse(body: bytes, about: About) -> Parsed:
        parsed, data = open_answer(body)
        if data is None:
            return parsed
        members = _members(data, parsed)
        parsed.receipt = {key: told for key in keys if (told := _as_text(members.get(key))) is not None}
        note_partial_failures(members, parsed)
        parsed.answer = plain(data)
        _note_page_end(members, parsed)
        return parsed

    return parse


def note_partial_failures(members: Mapping[str, msgspec.Raw], parsed: Parsed) -> None:
    """Every part that failed under code 0, and every warning."""
    _note_part_errors(members.get("errors"), parsed)
    _note_warnings(members, parsed)


def _members(data: msgspec.Raw, parsed: Parsed) -> dict[str, msgspec.Raw]:
    members = fields_of(data)
    if members is None:
        _nothing(parsed, "data", "is not an object: nothing can be read")
        return {}
    return members


def _build_one(raw: msgspec.Raw, notes: Notes, shape: type[W], build: Build[W], about: About, parsed: Parsed) -> None:
    element = read(raw, shape, notes)
    if element is None:
        return
    kept = bytes(raw)
    for record in build(element, notes, about):
        parsed.items.append((record, kept))


def _note_page_end(members: Mapping[str, msgspec.Raw], parsed: Parsed) -> None:
    end = read(some_of(members, *PAGE_END), PageEnd, Notes("data", parsed.problems))
    if end is not None:
        parsed.next_page, parsed.total = end.next_page_token or None, end.total_count


def _as_text(raw: msgspec.Raw | None) -> str | None:
    value = plain(raw) if raw is not None else None
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int) and value != "" else None


def _note_part_errors(raw: msgspec.Raw | None, parsed: Parsed) -> None:
    for at, element in enumerate(elements_of(raw) or ()):
        path = f"data.errors[{at}]"
        part = read(element, PartError, Notes(path, parsed.problems))
        if part is None:
            continue
        code = "" if part.code is None else str(part.code)
        whose = part_of(part.detail)
        message = f"{whose}: {part.message or 'no message'}" if whose else part.message
        parsed.problems.append(_failure(f"{path}.code", code, message))


def part_of(detail: ErrorDetail | None) -> str:
    """Which part of the call failed, e.g. `package 1152321127278713124`."""
    named = (("package", detail.package_id), ("sku", detail.sku_id), ("product", detail.product_id)) if detail else ()
    return ", ".join(f"{what} {digits(value)}" for what, value in named if digits(value))


def _note_warnings(members: Mapping[str, msgspec.Raw], parsed: Parsed) -> None:
    for name in ("warning", "warnings"):
        value = plain(members[name]) if name in members else None
        for warning in value if isinstance(value, list) else [value]:
            message = warning.get("message") if isinstance(warning, dict) else None
            if isinstance(message, str) and message:
                parsed.problems.append(Problem(f"data.{name}", message, Level.NOTE))
