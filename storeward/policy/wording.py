"""Sentences in both languages: templates and words are data in `wording/*.toml`, this fills them.

`{due_at}` in a template is filled by the value of that name: instants in the store's zone, numbers without needless zeros and
with two places at most, amounts with the places of their currency, a `Word` by its translation. Every situation has a sentence
(table `why`) and a short form for lists (table `brief`), in which dates have neither weekday nor year and `{due_at:day}` no time.
"""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from storeward.lib.money import Money

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

_FOLDER = Path(__file__).parent / "wording"
_WEEKDAYS_ZH = "一二三四五六日"
_CENT = Decimal("0.01")
_WHOLE_UNITS = frozenset({"VND", "IDR", "JPY", "KRW"})
"""Currencies in which nobody writes decimals."""


class Word(str):
    """A key of the `words` table: translated when a sentence is said."""

    __slots__ = ()


@lru_cache(maxsize=1)
def tables() -> dict[str, dict[str, dict[str, str]]]:
    """All wording files as one: table (`why`, `brief`, `words`, `stakes`), then key, then language."""
    merged: dict[str, dict[str, dict[str, str]]] = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        for table, entries in tomllib.loads(path.read_text("utf-8")).items():
            merged.setdefault(table, {}).update(entries)
    return merged


def phrase(table: str, key: str, language: Language) -> str:
    """One entry. Raises KeyError where it is missing."""
    return tables()[table][key][language]


def say(template: str, values: Mapping[str, object], language: Language, zone: ZoneInfo) -> str:
    """The sentence `template` in `language`, with instants told in `zone`."""
    filled = {name: show(value, language, zone) for name, value in values.items()}
    return phrase("why", template, language).format_map(filled)


def brief(template: str, values: Mapping[str, object], language: Language, zone: ZoneInfo) -> str:
    """The short form of `template`: facts joined by a dot, no full stop."""
    filled = {name: _Near(value, language, zone) for name, value in values.items()}
    return phrase("brief", template, language).format_map(filled)


class _Near:
    """A value in a short form: instants without weekday and year, and without time where the template asks for the `day`."""

    __slots__ = ("language", "value", "zone")

    def __init__(self, value: object, language: Language, zone: ZoneInfo) -> None:
        self.value, self.language, self.zone = value, language, zone

    def __format__(self, wanted: str) -> str:
        if isinstance(self.value, datetime):
            local = self.value.astimezone(self.zone)
            day = _near_day(local.date(), self.language)
            return day if wanted == "day" else f"{day} {local:%H:%M}"
        if isinstance(self.value, date):
            return _near_day(self.value, self.language)
        return show(self.value, self.language, self.zone)


def show(value: object, language: Language, zone: ZoneInfo) -> str:
    """A value as a person reads it in a sentence."""
    if isinstance(value, Word):
        return phrase("words", value, language)
    if isinstance(value, datetime):
        return _instant(value.astimezone(zone), language)
    if isinstance(value, date):
        return _day(value, language)
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, Money):
        return amount(value)
    return str(value)


def number(value: Decimal) -> str:
    """Without exponent and needless zeros, thousands parted, two places at most: 2.50 reads 2.5, 18.1818 reads 18.18.

    A figure below a hundredth keeps its first three digits, so that an exchange rate does not read 0.
    """
    places = _CENT if abs(value) >= _CENT or not value else Decimal(1).scaleb(value.adjusted() - 2)
    text = f"{value.quantize(places, ROUND_HALF_UP):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(money: Money) -> str:
    """As its currency is written: 1,676,663 VND, 12.50 USD. One without a currency keeps what it has."""
    if money.currency is None:
        return number(money.amount)
    places = Decimal(1) if money.currency in _WHOLE_UNITS else _CENT
    return f"{money.amount.quantize(places, ROUND_HALF_UP):,f} {money.currency}"


def _day(day: date, language: Language) -> str:
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日(周{_WEEKDAYS_ZH[day.weekday()]})"
    return f"{day:%a} {day.day} {day:%b %Y}"


def _near_day(day: date, language: Language) -> str:
    if language == "zh":
        return f"{day.month}月{day.day}日"
    return f"{day.day} {day:%b}"


def _instant(local: datetime, language: Language) -> str:
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{_day(local.date(), language)} {clock}"
