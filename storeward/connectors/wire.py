"""Read payloads by their shape: fast where they fit, field by field where they do not.

A shape is a `Wire` struct whose fields are all optional. A payload that fits is decoded in one go. One that does not is read
again leniently: what can be understood is (digits sent as text, `""` and `"0 "` for numbers), the rest becomes None with a
`Problem` that names the path. So one odd field costs that field, one bad record costs that record, and nothing ever crashes.
"""

import re
import types
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, Final, TypeAlias, TypeVar

import msgspec

from storeward.canon.base import More
from storeward.lib.money import Money

from .contract import Level, Problem

Id: TypeAlias = str | int | None
"""An id: text, or a bare JSON number of which every digit is kept."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECONDS_FROM: Final = 100_000_000_000
"""A Unix time from here on counts milliseconds: as seconds it would lie past the year 5138."""
LATEST_SECOND: Final = 253_402_300_799
LARGEST_EXPONENT: Final = 24
"""Amounts beyond 10**24 (or finer than 10**-24) are no money; `1e999999` would also fill the memory when written out."""

PLAIN: Final = msgspec.json.Decoder(float_hook=Decimal)
LONGEST_NULL: Final = 100
_RAWS: Final = msgspec.json.Decoder(list[msgspec.Raw])
_FIELDS: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
SURROGATES: Final = re.compile(
    rb"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
"""An escaped backslash, a whole pair, or half of one."""
REPLACEMENT: Final = rb"\ufffd"
UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What decoding raises (`ValidationError` is a `DecodeError`)."""


class Wire(msgspec.Struct, kw_only=True, gc=False):
    """A payload's shape. `MATTERS` names the fields that a record is not whole without."""

    MATTERS: ClassVar[frozenset[str]] = frozenset()


W = TypeVar("W", bound=Wire)
E = TypeVar("E", bound=StrEnum)


class Notes:
    """Collects what could not be read while one record is built; `path` is where the record stands in the body."""

    __slots__ = ("path", "problems")

    def __init__(self, path: str, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems

    def under(self, field: str) -> "Notes":
        """The same list, one step deeper in the body."""
        return Notes(f"{self.path}.{field}" if self.path else field, self.problems)

    def note(self, field: str, message: str, level: Level = Level.NOTE) -> None:
        where = f"{self.path}.{field}" if self.path and field else self.path or field
        self.problems.append(Problem(where, message, level))

    def left_out(self, field: str, what: str) -> None:
        """The record has no id: it cannot be kept, and this says so."""
        self.note(field, f"is missing; the {what} is left out", Level.ERROR)

    def missing(self, field: str) -> None:
        self.note(field, "is missing", Level.ERROR)

    def at(self, field: str, value: int | None) -> datetime | None:
        """A Unix time in seconds (or milliseconds, told apart by size) as an instant. 0 and None mean none."""
        if not value:
            return None
        if 0 < value < MILLISECONDS_FROM:
            return datetime.fromtimestamp(value, UTC)
        if MILLISECONDS_FROM <= value <= LATEST_SECOND * 1000:
            return EPOCH + timedelta(milliseconds=value)
        self.note(field, f"is no time we can place: {value}; left out")
        return None

    def number(self, field: str, value: Decimal | None) -> Decimal | None:
        if value is None:
            return None
        if value.is_finite() and abs(value.adjusted()) <= LARGEST_EXPONENT:
            return value
        self.note(field, f"is no number we can keep: {value!s:.40}; left out")
        return None

    def money(self, field: str, amount: Decimal | None, currency: str | None) -> Money | None:
        """The amount as sent, in its currency (None where the source names none)."""
        if amount is None:
            return None
        if amount.is_finite() and -LARGEST_EXPONENT <= amount.adjusted() <= LARGEST_EXPONENT:
            return Money(amount, currency or None)
        self.note(field, f"is no amount we can keep: {amount!s:.40}; left out")
        return None

    def word(self, field: str, value: str | None, table: Mapping[str, E], unknown: E) -> E:
        """Our reading of the platform's word. A word we do not know is `unknown`, and is noted."""
        if not value:
            return unknown
        known = table.get(value)
        if known is not None:
            return known
        self.note(field, f"is a word we do not know: {value!s:.80}; kept as it is")
        return unknown


def text(value: str | None) -> str | None:
    """Text, or None for nothing: "" is never kept."""
    return value or None


def digits(value: Id) -> str | None:
    """An id as text, digit for digit; 0, "0" and "" mean none."""
    return str(value) if value and value != "0" else None


def more(wire: "Wire", *names: str) -> More:
    """Those of the members that say something, as text: words, ids, and lists of them."""
    told: More = {}
    for name in names:
        value = getattr(wire, name)
        if not value or value == "0":
            continue
        if isinstance(value, list):
            if words := tuple(str(word) for word in value if word):
                told[name] = words
        else:
            told[name] = str(value)
    return told


def read(raw: bytes | msgspec.Raw, shape: type[W], notes: Notes) -> W | None:
    """The payload as `shape`, with a problem for every field that did not fit; None where it is no object at all."""
    decoder: msgspec.json.Decoder[W] = _decoder(shape)
    try:
        return decoder.decode(raw)
    except UNREADABLE:
        return _read_leniently(raw, shape, notes)


def plain(raw: bytes | msgspec.Raw) -> Any:
    """Any JSON as Python values, numbers exact; None for what cannot be decoded (broken text within)."""
    try:
        return PLAIN.decode(raw)
    except UNREADABLE:
        return None


def fields_of(raw: bytes | msgspec.Raw) -> dict[str, msgspec.Raw] | None:
    """An object's members, each still raw; None where it is no object. Half an emoji costs that character, not the answer."""
    try:
        return _FIELDS.decode(raw)
    except UNREADABLE:
        whole = without_halves(raw)
    try:
        return _FIELDS.decode(whole) if whole is not None else None
    except UNREADABLE:
        return None


def without_halves(raw: bytes | msgspec.Raw) -> bytes | None:
    """The JSON with half surrogate pairs (a text that was cut within an emoji) replaced; None where there are none."""
    sent = bytes(raw)
    mended = SURROGATES.sub(lambda found: REPLACEMENT if len(found[0]) == len(REPLACEMENT) else found[0], sent)
    return mended if mended != sent else None


def elements_of(raw: msgspec.Raw | None) -> list[msgspec.Raw] | None:
    """A list's elements, each still raw. Absent and null are the empty list; None for anything else that is no list."""
    if raw is None:
        return []
    try:
        return _RAWS.decode(raw)
    except UNREADABLE:
        return [] if is_null(raw) else None


def is_null(raw: msgspec.Raw) -> bool:
    return memoryview(raw).nbytes < LONGEST_NULL and bytes(raw).strip() == b"null"


def some_of(members: Mapping[str, msgspec.Raw], *names: str) -> bytes:
    """An object of those members only: a page is large, and what stands beside its list is small."""
    return msgspec.json.encode({name: members[name] for name in names if name in members})


@cache
def _decoder(shape: type[W]) -> msgspec.json.Decoder[W]:
    return msgspec.json.Decoder(shape)


def _read_leniently(raw: bytes | msgspec.Raw, shape: type[W], notes: Notes) -> W | None:
    try:
        value = PLAIN.decode(raw)
    except UNREADABLE:
        notes.note("", "is not JSON; left out", Level.ERROR)
        return None
    if not isinstance(value, dict):
        notes.note("", f"is {_called(value)} instead of an object; left out", Level.ERROR)
        return None
    return _mend_object(value, shape, notes)


def _mend_object(value: dict[str, Any], shape: type[W], notes: Notes) -> W:
    found: dict[str, Any] = {}
    for name, sent_as, mender in _plan(shape):
        if value.get(sent_as) is not None:
            level = Level.ERROR if name in shape.MATTERS else Level.NOTE
            found[name] = mender(value[sent_as], notes.under(sent_as), level)
    return shape(**found)


Mender = Callable[[Any, Notes, Level], Any]


@cache
def _plan(shape: type[Wire]) -> tuple[tuple[str, str, Mender], ...]:
    return tuple((f.name, f.encode_name, _mender_for(f.type)) for f in msgspec.structs.fields(shape))


def _mender_for(annotation: Any) -> Mender:
    """How to make a value of that type out of whatever was sent. `| None` is implied; `str | int` is an id."""
    options = [option for option in _options(annotation) if option is not types.NoneType]
    if options == [str]:
        return _mend_text
    if set(options) == {str, int}:
        return _mend_id
    (wanted,) = options
    if wanted in _SCALARS:
        return _SCALARS[wanted]
    origin = typing.get_origin(wanted) or wanted
    if origin is list:
        return _list_mender(typing.get_args(wanted)[0])
    if origin is dict:
        return _mend_dict
    return _shape_mender(wanted)


def _options(annotation: Any) -> tuple[Any, ...]:
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        return typing.get_args(annotation)
    return (annotation,)


def _mend_text(value: Any, notes: Notes, level: Level) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) <= LARGEST_EXPONENT:
        return f"{value:f}"
    _refuse(value, "text", notes, level)
    return None


def _mend_id(value: Any, notes: Notes, level: Level) -> str | None:
    """An id keeps every digit: `1.7e18` has lost some on its way, and names another thing or none."""
    if isinstance(value, Decimal):
        _refuse(value, "an id with all its digits", notes, level)
        return None
    return _mend_text(value, notes, level)


def _mend_decimal(value: Any, notes: Notes, level: Level) -> Decimal | None:
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str):
        if not value.strip():
            return None
        try:
            return Decimal(value.strip())
        except InvalidOperation:
            pass
    _refuse(value, "a number", notes, level)
    return None


def _mend_int(value: Any, notes: Notes, level: Level) -> int | None:
    if isinstance(value, str) and not value.strip():
        return None
    quiet = Notes("", [])
    number = _mend_decimal(value, quiet, level)
    if number is not None and number.is_finite() and abs(number.adjusted()) <= LARGEST_EXPONENT and number == int(number):
        return int(number)
    _refuse(value, "a whole number", notes, level)
    return None


_TRUTH: Final = {"true": True, "false": False, "1": True, "0": False}


def _mend_bool(value: Any, notes: Notes, level: Level) -> bool | None:
    if isinstance(value, bool):
        return value
    told = _TRUTH.get(str(value).strip().lower()) if isinstance(value, str | int) else None
    if told is None:
        _refuse(value, "true or false", notes, level)
    return told


def _mend_dict(value: Any, notes: Notes, level: Level) -> dict[str, Any] | None:
    if isinstance(value, dict):
        return value
    _refuse(value, "an object", notes, level)
    return None


def _keep(value: Any, notes: Notes, level: Level) -> Any:
    return value


_SCALARS: Final[dict[Any, Mender]] = {
    Decimal: _mend_decimal,
    int: _mend_int,
    bool: _mend_bool,
    Any: _keep,
}


def _list_mender(element: Any) -> Mender:
    mend_one = _mender_for(element)

    def mend(value: Any, notes: Notes, level: Level) -> list[Any] | None:
        if not isinstance(value, list):
            _refuse(value, "a list", notes, level)
            return None
        mended = (
            mend_one(one, Notes(f"{notes.path}[{at}]", notes.problems), level) for at, one in enumerate(value) if one is not None
        )
        return [one for one in mended if one is not None]

    return mend


def _shape_mender(shape: type[Wire]) -> Mender:
    def mend(value: Any, notes: Notes, level: Level) -> Wire | None:
        if not isinstance(value, dict):
            _refuse(value, "an object", notes, level)
            return None
        return _mend_object(value, shape, notes)

    return mend


def _refuse(value: Any, wanted: str, notes: Notes, level: Level) -> None:
    notes.note("", f"is {_called(value)} instead of {wanted}; left out", level)


def _called(value: Any) -> str:
    match value:
        case bool():
            return "true or false"
        case int() | Decimal():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case dict():
            return "an object"
        case _:
            return "nothing"
