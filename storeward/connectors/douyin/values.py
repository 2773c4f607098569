"""How Douyin Shop writes amounts, times, words and ids."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final

from storeward.canon.base import More
from storeward.connectors.wire import MILLISECONDS_FROM, Id, Notes, Wire
from storeward.lib.money import Money

from .codes import CURRENCY
from .requests import CHINA

MOST_FEN: Final = 10**18
REMEMBERED: Final = 65_536
"""Amounts and instants kept at hand, so that reading a feed never fills the memory."""
AS_WRITTEN: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?")
NO_YEAR: Final = 1971
"""Text times of years before this are the zero time: "0000-00-00", "0001-01-01", "1970-01-01"."""
SECONDS: Final = re.compile(r"\d{1,13}")


class Yuan(dict[int | None, Money | None]):
    """Amounts by their fen: few differ, and a look-up costs a tenth of making one. Raises OverflowError beyond all money."""

    def __missing__(self, fen: int | None) -> Money | None:
        if fen is None:
            return self.setdefault(fen)
        if not -MOST_FEN < fen < MOST_FEN:
            raise OverflowError(fen)
        if len(self) >= REMEMBERED:
            self.clear()
        self[fen] = money = Money(Decimal(fen).scaleb(-2), CURRENCY)
        return money


class Instants(dict[int | None, datetime | None]):
    """Unix seconds as instants, likewise; 0 is none. Raises OverflowError for what is no time of ours."""

    def __missing__(self, seconds: int | None) -> datetime | None:
        if not seconds:
            return self.setdefault(seconds)
        if not 0 < seconds < MILLISECONDS_FROM:
            raise OverflowError(seconds)
        if len(self) >= REMEMBERED:
            self.clear()
        self[seconds] = at = datetime.fromtimestamp(seconds, UTC)
        return at


_yuan: Final = Yuan().__getitem__
_instant: Final = Instants().__getitem__


def fen(value: int | None, field: str, notes: Notes) -> Money | None:
    """An amount in whole fen as yuan; 0 is an amount, None is not stated."""
    try:
        return _yuan(value)
    except OverflowError:
        notes.note(field, f"is no amount we can keep: {value!s:.40}; left out")
        return None


def _getter(names: tuple[str, ...]) -> Callable[[Wire], tuple[Any, ...]]:
    """All those members in one call; `attrgetter` of one name would give no tuple."""
    if len(names) == 1:
        return lambda wire: (getattr(wire, names[0]),)
    return attrgetter(*names)


class Amounts:
    """Reads those members of a payload, all in fen, that are stated, under their own names."""

    __slots__ = ("names", "of")

    def __init__(self, *names: str) -> None:
        self.names = names
        self.of = _getter(names)

    def __call__(self, wire: Wire, notes: Notes) -> dict[str, Money]:
        values = self.of(wire)
        try:
            return {name: money for name, money in zip(self.names, map(_yuan, values), strict=True) if money is not None}
        except OverflowError:
            told = {name: fen(value, name, notes) for name, value in zip(self.names, values, strict=True)}
            return {name: money for name, money in told.items() if money is not None}


class Words:
    """Reads those members that classify, numbers (0 included) and words, as text under their own names."""

    __slots__ = ("names", "of")

    def __init__(self, *names: str) -> None:
        self.names = names
        self.of = _getter(names)

    def __call__(self, wire: Wire) -> More:
        return {
            name: str(value) for name, value in zip(self.names, self.of(wire), strict=True) if value is not None and value != ""
        }


class Ids(Words):
    """The same of ids, of which 0 is none."""

    def __call__(self, wire: Wire) -> More:
        return {name: str(value) for name, value in zip(self.names, self.of(wire), strict=True) if value and value != "0"}


def lists(wire: Wire, *names: str) -> More:
    """Members that are lists of words or ids."""
    told: More = {}
    for name in names:
        if kept := tuple([str(one) for one in getattr(wire, name) or () if one not in (None, "")]):
            told[name] = kept
    return told


def flag(value: bool | None) -> str:
    return "true" if value else "false"


def yuan(value: Decimal | None, field: str, notes: Notes) -> Money | None:
    """An amount that is sent in yuan already."""
    return notes.money(field, value, CURRENCY)


def word(value: Id) -> str | None:
    """A number that classifies, as text: 0 is one of them."""
    return None if value is None or value == "" else str(value)


class Times:
    """Reads those members of a payload, Unix seconds all of them, in one go; 0 is none."""

    __slots__ = ("names", "of")

    def __init__(self, *names: str) -> None:
        self.names = names
        self.of = _getter(names)

    def __call__(self, wire: Wire, notes: Notes) -> list[datetime | None]:
        values = self.of(wire)
        try:
            return list(map(_instant, values))
        except OverflowError:
            return [notes.at(name, value) for name, value in zip(self.names, values, strict=True)]


def china(value: str | None, field: str, notes: Notes) -> datetime | None:
    """`2023-07-22 12:00:00` in GMT+8, or Unix seconds as text; None for "" and the zero times, and (noted) for anything else."""
    told = (value or "").strip()
    if not told or told == "0":
        return None
    if SECONDS.fullmatch(told):
        return notes.at(field, int(told))
    found = AS_WRITTEN.match(told)
    if found is not None:
        year, *rest = (int(part or 0) for part in found.groups())
        if year < NO_YEAR:
            return None
        try:
            return datetime(year, *rest, tzinfo=CHINA).astimezone(UTC)  # type: ignore[misc, arg-type]
        except (ValueError, OverflowError):
            pass
    notes.note(field, f"is no time we can place: {told:.40}; left out")
    return None


def earliest(times: Iterable[datetime | None]) -> datetime | None:
    return min((at for at in times if at is not None), default=None)


def latest(times: Iterable[datetime | None]) -> datetime | None:
    """The last of them; None unless all are known, for then the last is not."""
    told = list(times)
    known = [at for at in told if at is not None]
    return max(known) if known and len(known) == len(told) else None
