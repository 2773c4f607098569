"""Sentences in both languages: templates and words are data in `wording/*.toml`, this fills them.

`{due_at}` in a template is filled by the value of that name: instants in the store's zone, numbers without needless zeros,
amounts with their currency, a `Word` by its translation.
"""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

_FOLDER = Path(__file__).parent / "wording"
_WEEKDAYS_ZH = "一二三四五六日"


class Word(str):
    """A key of the `words` table: translated when a sentence is said."""

    __slots__ = ()


@lru_cache(maxsize=1)
def tables() -> dict[str, dict[str, dict[str, str]]]:
    """All wording files as one: table (`why`, `words`, `stakes`), then key, then language."""
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
    return str(value)


def number(value: Decimal) -> str:
    """Without exponent and without needless zeros: 2.50 reads 2.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(day: date, language: Language) -> str:
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日(周{_WEEKDAYS_ZH[day.weekday()]})"
    return f"{day:%a} {day.day} {day:%b %Y}"


def _instant(local: datetime, language: Language) -> str:
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{_day(local.date(), language)} {clock}"
