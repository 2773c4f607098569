"""The wordings of notices as data (`notices/*.toml`), made into patterns when they are first needed.

A wording is written as people read it. In it stand `{n}` for the figure that is wanted, `{x}` for any other, `{d}` for a date,
`{id}` for a number of an order, product or case, `*` for some words of the same sentence, `(a|b)` for a choice, `[a]` for what
may be left out, `<name>` for a list of the same file, and `:` for the colon of a label, which may be missing.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from storeward.intake import notice_times

FOLDER: Final = Path(__file__).with_name("notices")
LANGUAGES: Final = ("en", "zh", "ms", "id", "th", "vi")
UNSPACED: Final = frozenset({"zh", "th"})
"""Languages that part no words by blanks."""
_TOKENS: Final = re.compile(r"( \* |\{n\}|\{x\}|\{d\}|\{id\}|<\w+>|[*()\[\]|: ])")
_GAP: Final = r"[^\n.!?。！？;；]{0,50}?"
_FIGURE: Final = r"\d{1,4}(?:[.,]\d{1,2})?(?!\d|[.,]\d|\s*[%％])"
_DIGITS: Final = "一二两三四五六七八九十"
_SPELLED: Final = rf"(?<![{_DIGITS}百千万零〇点])[{_DIGITS}]{{1,3}}(?![{_DIGITS}百千万零〇]|点[{_DIGITS}])"
"""A Chinese numeral that stands alone: the twenty of a hundred and twenty is none."""
_IDENT: Final = r"(?P<id>(?=[A-Z\-_]*\d)[A-Z0-9][A-Z0-9\-_]{3,39})(?![\w\-])"


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say something: what it means, and the pattern that finds it."""

    role: str
    language: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notice: how special it is against others in the same text, and what it is about, if one thing."""

    name: str
    weight: int
    about: str


@dataclass(frozen=True, slots=True)
class Phrases:
    """All wordings, by what they tell."""

    kinds: Mapping[str, Kind]
    months: Mapping[str, int]
    roles: Mapping[str, tuple[Wording, ...]]
    """Group (kind, points, score, deadline, issued, subject, platform) -> its wordings."""
    negations: re.Pattern[str]


@cache
def phrases() -> Phrases:
    """The data, read once. Raises ValueError where it contradicts itself."""
    tables = {language: _load(language) for language in LANGUAGES}
    kinds = {name: Kind(name, **row) for name, row in _load("kinds").items()}
    months = notice_times.names(table["months"] for table in tables.values())
    date = notice_times.pattern(tuple(months))
    roles: dict[str, list[Wording]] = {}
    for language, table in tables.items():
        for group, role, said in _rows(table):
            if group == "kind" and role not in kinds:
                raise ValueError(f"notices/{language}.toml: {role} is no kind of notice")
            found = compiled(said, language, table["words"], date)
            roles.setdefault(group, []).append(Wording(role, language, found))
    words = (re.escape(one) for table in tables.values() for one in table["negations"])
    negations = re.compile(rf"(?:^|(?<=\W)|(?<=[^\x00-\x7f]))(?:{'|'.join(words)})\s*$", re.IGNORECASE)
    return Phrases(kinds, months, {group: tuple(found) for group, found in roles.items()}, negations)


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


GROUPS: Final = ("kind", "points", "score", "deadline", "issued", "subject", "platform")


def _rows(table: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for group in GROUPS:
        for role, said in table.get(group, {}).items():
            for one in said:
                yield group, role, one


def compiled(said: str, language: str, words: Mapping[str, Sequence[str]], date: str) -> re.Pattern[str]:
    """The pattern of one wording."""
    parts = [_part(token, language, words, date, f"x{place}") for place, token in enumerate(_TOKENS.split(said)) if token]
    body = "".join(parts)
    if language in UNSPACED:
        return re.compile(body, re.IGNORECASE)
    return re.compile(rf"(?<!\w){body}(?!\w)", re.IGNORECASE)


def _part(token: str, language: str, words: Mapping[str, Sequence[str]], date: str, other: str) -> str:
    """The pattern of one piece; `other` names the group of a figure that is not wanted."""
    fixed = {
        "{n}": _number(language, "n"),
        "{x}": _number(language, other),
        "{d}": rf"[(（]?(?P<d>{date})[)）]?",
        "{id}": _IDENT,
        "*": _GAP,
        " * ": _GAP if language in UNSPACED else rf"\s+(?:{_GAP}\s+)?",
        "(": "(?:",
        ")": ")",
        "[": "(?:",
        "]": ")?",
        "|": "|",
        ":": r"\s*[:：#]?\s*",
        " ": r"\s*" if language in UNSPACED else r"\s+",
    }
    if token in fixed:
        return fixed[token]
    if token.startswith("<") and token.endswith(">"):
        return "(?:" + "|".join(compiled_words(one, language) for one in words[token[1:-1]]) + ")"
    return re.escape(token)


def compiled_words(said: str, language: str) -> str:
    """Plain words as a pattern: only their blanks may differ."""
    return (r"\s*" if language in UNSPACED else r"\s+").join(re.escape(one) for one in said.split())


def _number(language: str, name: str) -> str:
    """A figure as it is written: digits, in brackets after its word perhaps (seven (7)), or a Chinese numeral."""
    figure = rf"{_FIGURE}|{_SPELLED}" if language == "zh" else _FIGURE
    return rf"(?<![\d.,])(?:[^\W\d_]+\s*[(（]\s*)?[+\-−–]?(?P<{name}>{figure})(?:\s*[)）])?"
