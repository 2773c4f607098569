"""The frame around every answer: `{"code", "msg", "sub_code", "sub_msg", "log_id", "data"}`. Code 10000 is the sign of success.

`data` is an object, a list, `[]` for an empty object, or null. Bill methods wrap a second frame into it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias, TypeVar

import msgspec

from storeward.canon import Record
from storeward.connectors.contract import Failure, Level, Parse, Parsed, Problem
from storeward.connectors.wire import Id, Notes, Wire, elements_of, fields_of, is_null, plain, read, some_of

from .errors import OK, PART_FAILED, UNREADABLE, Envelope, Meaning, code_of, inner_meaning, meaning_of, number_of, said

W = TypeVar("W", bound=Wire)
About: TypeAlias = Mapping[str, str]
Build: TypeAlias = Callable[[W, Notes, About], Iterable[Record]]
"""One element of the answer, its notes, and what the request was about -> the records in it."""
Members: TypeAlias = dict[str, msgspec.Raw]


class Frame(Wire):
    code: Id = None
    err_no: Id = None
    msg: str | None = None
    message: str | None = None
    sub_code: str | None = None
    sub_msg: str | None = None
    log_id: str | None = None


FRAME: Final = tuple(Frame.__struct_fields__)


class Shell(Wire):
    """The second frame, within `data` of bill methods."""

    code: Id = None
    code_msg: str | None = None


def open_answer(body: bytes, method: str = "") -> tuple[Parsed, msgspec.Raw | None]:
    """What the frame says, and the raw `data` of a success; None (with a problem that says why) of anything else."""
    parsed = Parsed()
    members = fields_of(body)
    frame = read(some_of(members, *FRAME), Frame, Notes("", parsed.problems)) if members is not None else None
    if members is None or frame is None:
        return nothing(parsed, "", "is not a JSON object: nothing can be read"), None
    envelope = Envelope(**{name: getattr(frame, name) for name in FRAME})
    parsed.request_id = envelope.log_id or None
    told = code_of(envelope)
    if told is None:
        return nothing(parsed, "code", "is missing: this is no answer of Douyin Shop"), None
    field, code, good = told
    if not good or code == str(PART_FAILED):
        meaning = meaning_of(number_of(code), envelope.sub_code or "", method)
        parsed.problems.append(failure(field, code, said(envelope), meaning))
    if not good:
        return parsed, None
    data = members.get("data")
    return parsed, data if data is not None and not is_null(data) else msgspec.Raw(b"{}")


def open_shell(body: bytes, method: str) -> tuple[Parsed, Members | None]:
    """As `open_answer`, for a bill: its members, once the second code within says success as well."""
    parsed, data = open_answer(body, method)
    if data is None:
        return parsed, None
    members = members_of(data, parsed)
    shell = read(some_of(members, "code", "code_msg"), Shell, Notes("data", parsed.problems)) or Shell()
    code = "" if shell.code is None else str(shell.code)
    meaning = inner_meaning(code)
    if meaning is not None:
        parsed.problems.append(failure("data.code", code, shell.code_msg or "no message", meaning))
        return parsed, None
    return parsed, members


def nothing(parsed: Parsed, field: str, message: str) -> Parsed:
    """Nothing may be concluded from this answer, least of all that a list is empty."""
    parsed.unreadable = True
    parsed.problems.append(Problem(field, message, Level.ERROR))
    return parsed


def failure(field: str, code: str, message: str, meaning: Meaning) -> Problem:
    return Problem(field, message, Level.PLATFORM, Failure(code, meaning.retry))


def members_of(data: msgspec.Raw, parsed: Parsed) -> Members:
    """The members of `data`; `[]` is how the platform writes an empty object."""
    members = fields_of(data)
    if members is None:
        if elements_of(data) != []:
            nothing(parsed, "data", "is not an object: nothing can be read")
        return {}
    return members


Paging: TypeAlias = Callable[[Members, Parsed, int, About], str | None]
"""The members of `data`, what was parsed, how many rows there were, what was asked -> the token of the next page."""


PAGE_END: Final = ("page", "page_no", "size", "page_size", "total", "has_more")


def list_parser(method: str, field: str, shape: type[W], build: Build[W], *, paging: Paging | None = None) -> Parse:
    """A parser for answers that are a page of `data.<field>`, each element of which has the given shape."""
    open_page = _page_opener(field)

    def parse(body: bytes, about: About) -> Parsed:
        parsed, members, elements = open_page(body) or _opened_by_steps(body, method, field)
        for at, element in enumerate(elements):
            build_one(element, Notes(f"data.{field}[{at}]", parsed.problems), shape, build, about, parsed)
        parsed.total = count_of(members, "total")
        if paging is not None and not parsed.unreadable:
            parsed.next_page = paging(members, parsed, len(elements), about)
        return parsed

    return parse


Page: TypeAlias = tuple[Parsed, Members, list[msgspec.Raw]]


def _page_opener(field: str) -> Callable[[bytes], Page | None]:
    """Opens a good answer's frame, page end and rows in one pass over the body; None for whatever does not fit."""
    ends = [(name, msgspec.Raw, msgspec.Raw()) for name in PAGE_END]
    data = msgspec.defstruct("Data", [(field, list[msgspec.Raw]), *ends])
    frame = msgspec.defstruct("Good", [("code", int), ("data", data), ("log_id", str | None, None)])
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(frame)

    def opened(body: bytes) -> Page | None:
        try:
            told = decoder.decode(body)
        except UNREADABLE:
            return None
        if told.code != OK:
            return None
        members = {name: raw for name in PAGE_END if memoryview(raw := getattr(told.data, name)).nbytes}
        return Parsed(request_id=told.log_id or None), members, getattr(told.data, field)

    return opened


def _opened_by_steps(body: bytes, method: str, field: str) -> Page:
    parsed, data = open_answer(body, method)
    members = members_of(data, parsed) if data is not None else {}
    elements = elements_of(members.get(field))
    if elements is None:
        nothing(parsed, f"data.{field}", "is not a list; left out")
    return parsed, members, elements or []


def array_parser(method: str, shape: type[W], build: Build[W]) -> Parse:
    """A parser for answers whose `data` is the list itself."""

    def parse(body: bytes, about: About) -> Parsed:
        parsed, data = open_answer(body, method)
        if data is not None:
            build_all(None if fields_of(data) == {} else data, "data", shape, build, about, parsed)
        return parsed

    return parse


def thing_parser(method: str, field: str | None, shape: type[W], build: Build[W]) -> Parse:
    """A parser for answers that are one thing: `data.<field>`, or `data` itself where `field` is None."""

    def parse(body: bytes, about: About) -> Parsed:
        parsed, data = open_answer(body, method)
        if data is None:
            return parsed
        members = members_of(data, parsed)
        if parsed.unreadable:
            return parsed
        if field is None:
            if members:
                build_one(data, Notes("data", parsed.problems), shape, build, about, parsed)
            return parsed
        found = members.get(field)
        if found is not None and not is_null(found):
            build_one(found, Notes(f"data.{field}", parsed.problems), shape, build, about, parsed)
        return parsed

    return parse


def receipt_parser(method: str, *keys: str) -> Parse:
    """A parser for writes and look-ups: the named members of `data` as a receipt, and the whole as `answer`."""

    def parse(body: bytes, about: About) -> Parsed:
        parsed, data = open_answer(body, method)
        if data is not None:
            keep_answer(data, parsed, keys)
        return parsed

    return parse


def keep_answer(data: msgspec.Raw, parsed: Parsed, keys: Sequence[str]) -> None:
    members = fields_of(data) or {}
    parsed.receipt = {key: told for key in keys if (told := as_text(members.get(key))) is not None}
    parsed.answer = plain(data)


def build_all(raw: msgspec.Raw | None, path: str, shape: type[W], build: Build[W], about: About, parsed: Parsed) -> int:
    """Every element of a list as records; how many there were."""
    elements = elements_of(raw)
    if elements is None:
        nothing(parsed, path, "is not a list; left out")
        return 0
    for at, element in enumerate(elements):
        build_one(element, Notes(f"{path}[{at}]", parsed.problems), shape, build, about, parsed)
    return len(elements)


def build_one(raw: msgspec.Raw, notes: Notes, shape: type[W], build: Build[W], about: About, parsed: Parsed) -> None:
    element = read(raw, shape, notes)
    if element is None:
        return
    kept = bytes(raw)
    for record in build(element, notes, about):
        parsed.items.append((record, kept))


def as_text(raw: msgspec.Raw | None) -> str | None:
    value = plain(raw) if raw is not None else None
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int) and value != "" else None


def count_of(members: Members, name: str) -> int | None:
    told = as_text(members.get(name))
    return int(told) if told is not None and told.isascii() and told.isdigit() and len(told) < 16 else None


def moved_last(parsed: Parsed) -> datetime | None:
    """When the last record of the page changed."""
    return getattr(parsed.records[-1], "updated_at", None) if parsed.items else None
