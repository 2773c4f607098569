"""The frame around every answer, opened: what may be read of it, and which of its rows failed under a success.

open_answer(body, about) -> (Parsed, Opened | None)      None: a failure, or nothing that can be read
page_parser / thing_parser / receipt_parser              what most operations are read by
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

import msgspec

from storeward.canon import Record
from storeward.connectors.contract import Failure, Level, Parse, Parsed, Problem, Retry
from storeward.connectors.wire import Id, Notes, Wire, digits, elements_of, fields_of, is_null, plain, read

from .errors import meaning_of
from .frame import Members, Refusal, refusal_in, said
from .requests import page_token
from .sites import SITES, Site

W = TypeVar("W", bound=Wire)
About: TypeAlias = Mapping[str, str]
Build: TypeAlias = Callable[[W, Notes, About], Iterable[Record]]
"""One element of the answer, its notes, and what the request was about -> the records in it."""
Next: TypeAlias = Callable[["Page"], str | None]

KIND: Final = "kind"
WRITE: Final = "write"


class Page(NamedTuple):
    """What the next page is reckoned from."""

    about: About
    members: Members
    """Of the object that holds the list."""
    rows: int
    """Elements of this page."""
    total: int | None
    records: Sequence[Record]


class Failed(Wire):
    """A row that failed: of a product update (`detail[]`), or of a fulfilment call (`item_err_code`)."""

    sku_id: Id = None
    sku: Id = None
    seller_sku: Id = None
    code: Id = None
    field: str | None = None
    message: str | None = None


def site_of(about: About) -> Site | None:
    """The site that was asked, where the caller knows."""
    return SITES.get(about.get("market", ""))


def currency_of(about: About) -> str | None:
    site = site_of(about)
    return site.currency if site is not None else None


def open_answer(body: bytes, about: About, operation: str) -> tuple[Parsed, Members | None]:
    """The members of a success; None (with a problem that says why) for anything else."""
    parsed = Parsed()
    members = fields_of(body)
    if members is None:
        return nothing(parsed, "", "is not a JSON object: nothing can be read"), None
    parsed.request_id = said(members, "request_id")
    if said(members, "code") is None:
        return nothing(parsed, "code", "is missing: this is no answer of Lazada"), None
    refusal = refusal_in(members, operation)
    if refusal is None:
        return parsed, members
    parsed.problems.append(problem_of(refusal, about))
    _note_details(members, about, parsed)
    return parsed, None


def nothing(parsed: Parsed, field: str, message: str) -> Parsed:
    """Nothing may be concluded from this answer, least of all that a list is empty."""
    parsed.unreadable = True
    parsed.problems.append(Problem(field, message, Level.ERROR))
    return parsed


def problem_of(refusal: Refusal, about: About) -> Problem:
    meaning = meaning_of(refusal.code, refusal.message, writes=about.get(KIND) == WRITE)
    return Problem(refusal.field, refusal.message, Level.PLATFORM, Failure(refusal.code, meaning.retry))


def _note_details(members: Members, about: About, parsed: Parsed) -> None:
    """The SKUs that a product update names as failed, whichever names it gives its keys."""
    for at, raw in enumerate(elements_of(members.get("detail")) or ()):
        path = f"detail[{at}]"
        row = read(raw, Failed, Notes(path, parsed.problems))
        if row is None:
            continue
        named = (("sku", digits(row.sku_id) or digits(row.sku)), ("seller sku", digits(row.seller_sku)), ("field", row.field))
        whose = ", ".join(f"{what} {value}" for what, value in named if value)
        words = row.message or "no message"
        refusal = Refusal(f"{path}.code", digits(row.code) or "", f"{whose}: {words}" if whose else words)
        parsed.problems.append(problem_of(refusal, about))


def note_failed_row(notes: Notes, *, code: Id, message: str | None, retry: bool | None, whose: str) -> bool:
    """Whether a fulfilment row failed; if so it becomes a problem, worth another try only where the row says so."""
    told = digits(code)
    if told is None:
        return False
    words = f"{whose}: {message or 'no message'}" if whose else message or "no message"
    failure = Failure(told, Retry.LATER if retry else Retry.NEVER)
    notes.problems.append(Problem(notes.under("item_err_code").path, words, Level.PLATFORM, failure))
    return True


def within(members: Members, path: str, parsed: Parsed) -> msgspec.Raw | None:
    """The member at `data` or `result.data.packages`; None where a step is absent or null, or (with a problem) is no object."""
    raw: msgspec.Raw | None = None
    here: Members = members
    steps = path.split(".")
    for at, step in enumerate(steps):
        raw = here.get(step)
        if raw is None or is_null(raw):
            return None
        if at < len(steps) - 1:
            inside = fields_of(raw)
            if inside is None:
                nothing(parsed, ".".join(steps[: at + 1]), "is not an object: nothing can be read")
                return None
            here = inside
    return raw


def page_parser(
    operation: str, path: str, shape: type[W], build: Build[W], *, following: Next | None = None, total: str | None = None
) -> Parse:
    """A parser for answers that hold a list at `path`, each element of the given shape; an absent list is an empty page."""
    holder, _, name = path.rpartition(".")

    def parse(body: bytes, about: About) -> Parsed:
        parsed, members = open_answer(body, about, operation)
        if members is None:
            return parsed
        inside = _holder(members, holder, parsed)
        if inside is None:
            return parsed
        elements = elements_of(inside.get(name))
        if elements is None:
            return nothing(parsed, path, "is not a list; left out")
        for at, raw in enumerate(elements):
            build_one(raw, Notes(f"{path}[{at}]", parsed.problems), shape, build, about, parsed)
        parsed.total = count_in(inside, total) if total else None
        if not elements and parsed.total is not None and parsed.total > rows_before(about, inside):
            return nothing(parsed, path, "is empty, though rows are said to be there")
        if following is not None:
            parsed.next_page = following(Page(about, inside, len(elements), parsed.total, parsed.records))
        return parsed

    return parse


def _holder(members: Members, path: str, parsed: Parsed) -> Members | None:
    """The object that holds the list; an absent one holds nothing, anything else but an object is not what was asked for."""
    if not path:
        return members
    raw = within(members, path, parsed)
    if raw is None:
        return None if parsed.unreadable else {}
    inside = fields_of(raw)
    if inside is None:
        nothing(parsed, path, "is not an object: nothing can be read")
    return inside


def thing_parser(operation: str, path: str, shape: type[W], build: Build[W]) -> Parse:
    """A parser for answers that are one thing at `path` (`""`: the answer itself)."""

    def parse(body: bytes, about: About) -> Parsed:
        parsed, members = open_answer(body, about, operation)
        if members is None:
            return parsed
        raw = within(members, path, parsed) if path else msgspec.Raw(body)
        if raw is not None:
            build_one(raw, Notes(path, parsed.problems), shape, build, about, parsed)
            parsed.unreadable = fields_of(raw) is None
        return parsed

    return parse


def receipt_parser(operation: str, path: str, *names: str) -> Parse:
    """A parser for writes and look-ups: the member at `path` decoded, and the named members of it as a receipt."""

    def parse(body: bytes, about: About) -> Parsed:
        parsed, members = open_answer(body, about, operation)
        if members is None:
            return parsed
        raw = within(members, path, parsed) if path else msgspec.Raw(body)
        parsed.answer = plain(raw) if raw is not None else None
        parsed.receipt = receipt_of(parsed.answer, *names)
        return parsed

    return parse


def receipt_of(answer: object, *names: str) -> dict[str, str]:
    """Those members that say something, as text."""
    found = {name: _as_text(answer.get(name)) for name in names} if isinstance(answer, dict) else {}
    return {name: told for name, told in found.items() if told is not None}


def _as_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int) and value != "" else None


def build_one(raw: msgspec.Raw, notes: Notes, shape: type[W], build: Build[W], about: About, parsed: Parsed) -> None:
    element = read(raw, shape, notes)
    if element is None:
        return
    kept = bytes(raw)
    for record in build(element, notes, about):
        parsed.items.append((record, kept))


def count_in(members: Members, path: str) -> int | None:
    """A number of rows, however it is written; None where it is not stated."""
    name, _, rest = path.partition(".")
    if name not in members:
        return None
    if rest:
        inside = fields_of(members[name])
        return count_in(inside, rest) if inside is not None else None
    value = plain(members[name])
    if isinstance(value, str) and value.strip().isdigit() and len(value) <= LONGEST_COUNT:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**LONGEST_COUNT else None


LONGEST_COUNT: Final = 15


def place_in(about: About, name: str, otherwise: int) -> int:
    """Where in a list the question stood; `otherwise` where the caller does not say."""
    value = about.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= LONGEST_COUNT else otherwise


PAGE_NUMBERS: Final = ("page_no", "page_num", "page_number", "current")


def rows_before(about: About, members: Members) -> int:
    """How many rows stand before the page that was asked for."""
    pages = max(place_in(about, name, 1) for name in PAGE_NUMBERS) - 1
    size = (
        count_in(members, "page_size") or count_in(members, "page_info.page_size") or place_in(about, "page_size", LARGEST_PAGE)
    )
    return place_in(about, "offset", 0) + max(pages, 0) * size


LARGEST_PAGE: Final = 500
"""Where nobody says how large a page is: rather too many rows before it than a page that is suspected wrongly."""


def next_offset(most: int, furthest: int | None = None) -> Next:
    """Pages by offset: another one follows a full page, until the total is reached where one is stated."""

    def following(page: Page) -> str | None:
        offset, limit = place_in(page.about, "offset", 0), place_in(page.about, "limit", most)
        reached = offset + page.rows
        if page.rows < limit or not page.rows or (page.total is not None and reached >= page.total):
            return None
        return page_token(offset=str(reached)) if furthest is None or reached <= furthest else None

    return following


def next_number(name: str, size: str, otherwise: int) -> Next:
    """Pages by number from 1."""

    def following(page: Page) -> str | None:
        at, each = place_in(page.about, name, 1), place_in(page.about, size, otherwise)
        if not page.rows or (page.total is not None and at * each >= page.total) or (page.total is None and page.rows < each):
            return None
        return page_token(**{name: str(at + 1)})

    return following
