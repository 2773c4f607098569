"""One cell of a table that a person made, read as what it means.

Each reader takes a cell (text, or what a spreadsheet holds: a number, an instant, a truth) and answers the value, or raises
`BadCell` with the mend. An empty cell never reaches a reader. Spreadsheets spoil long numbers; what they have rounded is refused
rather than taken for an id.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

Cell: TypeAlias = str | float | int | bool | datetime | date
EXACT: Final = 2**53
"""From here on a spreadsheet's number has lost digits."""
ROUNDED: Final = "was rounded by the spreadsheet; format the column as text and enter the number again"
EARLIEST: Final = datetime(2015, 1, 1, tzinfo=UTC)
LATEST: Final = timedelta(days=3660)
LARGEST: Final = Decimal(10) ** 12
MONTH_FIRST: Final = frozenset({"US"})
"""Markets whose people write 11/20/2026."""
COMMA_DECIMAL: Final = frozenset({"ID", "VN", "BR"})
"""Markets whose people write 84.500 for eighty-four thousand and five hundred: there it has no single meaning."""
TWO_WAYS: Final = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
FINEST: Final = -30
"""Power of ten of the last digit that a figure may have; what a spreadsheet reckons has some twenty digits."""
GROUPED: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
SLASHED: Final = re.compile(r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?")
LONGEST_WORD: Final = 80
SCIENTIFIC: Final = re.compile(r"\d(\.\d+)?[eE]\+?\d+")


class BadCell(ValueError):
    """A cell that cannot be used; the message says what mends it."""


class Place:
    """What a cell's meaning hangs on: the zone and market of its row's store, and now."""

    __slots__ = ("now", "region", "zone")

    def __init__(self, zone: ZoneInfo, region: str, now: datetime) -> None:
        self.zone = zone
        self.region = region
        self.now = now


Reader: TypeAlias = Callable[[Cell, Place], object]


def text(longest: int) -> Reader:
    """Words of at most so many characters, without the blanks around them."""

    def read(cell: Cell, place: Place) -> str:
        said = _plain(cell)
        if len(said) > longest:
            raise BadCell(f"is longer than {longest} characters; shorten it")
        if "\x00" in said:
            raise BadCell("holds a character that cannot be kept; type it anew")
        return said

    return read


def _plain(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT:
        return str(int(cell))
    return str(cell).strip()


def ident(cell: Cell, place: Place) -> str:
    """A platform's id, digit for digit, as text."""
    if isinstance(cell, str):
        said = cell.strip().lstrip("'")
        if not said.isdecimal() and SCIENTIFIC.fullmatch(said):
            raise BadCell(ROUNDED)
        if len(said) > 120 or " " in said or not said.isprintable():
            raise BadCell("is no id: at most 120 characters without blanks")
        return said
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise BadCell("is no id; format the column as text")
    if not float(cell).is_integer():
        raise BadCell("is no id; format the column as text")
    if abs(cell) >= EXACT:
        raise BadCell(ROUNDED)
    return str(int(cell))


def amount(cell: Cell, place: Place) -> Decimal:
    """An exact figure, its thousands parted by commas or not at all."""
    if isinstance(cell, bool | datetime | date):
        raise BadCell("is no number; write it like 1234.50")
    said = str(cell).strip()
    if "," in said and GROUPED.fullmatch(said):
        said = said.replace(",", "")
    if isinstance(cell, str) and place.region in COMMA_DECIMAL and TWO_WAYS.fullmatch(said):
        raise BadCell(f"{_shown(said)} can be read in two ways; write it like 1234.50")
    if "_" in said:
        raise BadCell(f"{_shown(said)} is no number; write it like 1234.50")
    try:
        figure = Decimal(said)
    except InvalidOperation as reason:
        raise BadCell(f"{_shown(said)} is no number; write it like 1234.50") from reason
    exponent = figure.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < FINEST or abs(figure) > LARGEST:
        raise BadCell(f"{_shown(said)} cannot be right; check the number")
    return figure


def between(least: int, most: int) -> Reader:
    """A figure within bounds."""

    def read(cell: Cell, place: Place) -> Decimal:
        figure = amount(cell, place)
        if not least <= figure <= most:
            raise BadCell(f"{figure} cannot be right; expected {least} to {most}")
        return figure

    return read


def count(cell: Cell, place: Place) -> int:
    """A whole number, not below zero."""
    figure = amount(cell, place)
    if figure != figure.to_integral_value() or figure < 0 or figure >= 2**31:
        raise BadCell(f"{_shown(str(cell))} is no count; expected a whole number from 0")
    return int(figure)


def currency(cell: Cell, place: Place) -> str:
    """Three letters."""
    said = str(cell).strip().upper()
    if len(said) != 3 or not (said.isascii() and said.isalpha()):
        raise BadCell(f"{_shown(said)} is no currency; write three letters, e.g. MYR")
    return said


def words(known: Mapping[str, str], *, strict: bool) -> Reader:
    """One of some words, in any language that `known` has them in; others are refused, or kept as they stand."""
    folded = {word.casefold(): meaning for word, meaning in known.items()}
    hint = ", ".join(dict.fromkeys(known.values()))

    def read(cell: Cell, place: Place) -> str:
        said = str(cell).strip()
        meaning = folded.get(said.casefold())
        if meaning is None and (strict or len(said) > LONGEST_WORD or "\x00" in said):
            raise BadCell(f"{_shown(said)} is none of {hint}")
        return said if meaning is None else meaning

    return read


YES: Final = {**dict.fromkeys(("yes", "true", "1", "on", "是"), True), **dict.fromkeys(("no", "false", "0", "off", "否"), False)}


def yes(said: str) -> bool:
    """Yes or no, in words, ones and zeros."""
    meaning = YES.get(said.strip().casefold())
    if meaning is None:
        raise BadCell(f"{_shown(said)} is neither yes nor no")
    return meaning


def whole(said: str, *, most: int) -> int:
    """A whole number from 0."""
    if not said.isdecimal() or len(said) > LONGEST_WORD or int(said) > most:
        raise BadCell(f"{_shown(said)} is no score; expected a whole number from 0 to {most}")
    return int(said)


def past(cell: Cell, place: Place) -> datetime:
    """An instant at which something was true: not in the future, not before 2015."""
    at = instant(cell, place)
    if at > place.now + timedelta(minutes=5):
        raise BadCell("lies in the future; enter when it was true")
    return at


def instant(cell: Cell, place: Place) -> datetime:
    """An instant; without a zone it is meant in the store's own. A bare date is its first moment there."""
    if isinstance(cell, str):
        at = _from_text(cell.strip(), place.zone, place.region)
    elif isinstance(cell, datetime):
        at = _in_utc(cell, place.zone)
    elif isinstance(cell, date):
        at = _in_utc(datetime(cell.year, cell.month, cell.day, tzinfo=place.zone), place.zone)
    else:
        raise BadCell("is no instant; write it like 2026-11-20 09:35")
    if at < EARLIEST or at > place.now + LATEST:
        raise BadCell("cannot be right; check the year")
    return at


def _in_utc(at: datetime, zone: ZoneInfo) -> datetime:
    try:
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError as reason:
        raise BadCell("cannot be right; check the year") from reason


@lru_cache(maxsize=65_536)
def _from_text(said: str, zone: ZoneInfo, region: str) -> datetime:
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        at = _slashed(said, region)
    return _in_utc(at, zone)


def _slashed(said: str, region: str) -> datetime:
    """2026/11/20 9:35, 20/11/2026, or where people write so 11/20/2026."""
    found = SLASHED.fullmatch(said)
    if found is None:
        raise BadCell(f"{_shown(said)} is no instant; write it like 2026-11-20 09:35")
    first, second, third, hour, minute, second_ = (int(part or 0) for part in found.groups())
    if first > 31:
        year, month, day = first, second, third
    elif region in MONTH_FIRST:
        month, day, year = first, second, third
    else:
        day, month, year = first, second, third
    try:
        return datetime(year, month, day, hour, minute, second_)  # noqa: DTZ001 - its zone is the store's, set by the caller
    except ValueError as reason:
        raise BadCell(f"{_shown(said)} is no instant; write it like 2026-11-20 09:35") from reason


def _shown(said: str) -> str:
    return repr(said[:40])
