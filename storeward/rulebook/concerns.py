"""Which rules an announcement seems to speak of: by ids, by words of their titles, by their figures. A guess for a person."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from storeward.policy.terms import INTERNAL, Book, Rule

MOST = 12
"""Rules that are named: the likeliest."""
LEAST = 1.5
"""The weight from which on a rule is worth naming: two of its words, or one beside a figure of it."""

_WORD = re.compile(r"[a-zA-Z]{4,}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2}")
_ID = re.compile(r"\b[A-Z]{2,4}(?:-[A-Z0-9]+)+\b")
_NUMBER = re.compile(r"(?<![0-9A-Za-z_.])\d+(?:\.\d+)?(?![0-9A-Za-z_]|\.\d)")
_COMMON = frozenset(
    ["store", "with", "from", "within", "than", "more", "that", "they", "this", "rate", "rule", "shop", "seller", "days"]
)

WORD, FIGURE, NAMED = 1.0, 0.5, 100.0


@dataclass(frozen=True, slots=True)
class Concern:
    """A rule, how likely the text speaks of it, and what it was found by."""

    rule: str
    weight: float
    by: tuple[str, ...]


def concerns(rules: Book, text: str, *, platform: str, today: date) -> list[Concern]:
    """The rules of a platform that a text seems to speak of, the likeliest first; of all platforms where none is named."""
    found = [
        concern
        for folder, rule in rules
        if folder != INTERNAL and platform in ("", folder) and (concern := _of_rule(rule, text, today)) is not None
    ]
    return sorted(found, key=lambda concern: (-concern.weight, concern.rule))[:MOST]


def _of_rule(rule: Rule, text: str, today: date) -> Concern | None:
    if rule.id in _ID.findall(text):
        return Concern(rule.id, NAMED, (rule.id,))
    words = sorted(_of_title(rule.title, rule.title_zh) & _words(text))
    if not words:
        return None
    numbers = [figure for figure in _figures(rule, today) if figure in _numbers(text)]
    weight = WORD * len(words) + FIGURE * len(numbers)
    return Concern(rule.id, weight, (*words, *numbers)) if weight >= LEAST else None


@lru_cache(maxsize=1024)
def _of_title(title: str, title_zh: str) -> frozenset[str]:
    """The telling words of a title, in both languages; Chinese by pairs of characters."""
    return frozenset(_parts(f"{title} {title_zh}"))


@lru_cache(maxsize=4)
def _words(text: str) -> frozenset[str]:
    return frozenset(_parts(text))


def _parts(text: str) -> Iterator[str]:
    yield from (word for found in _WORD.findall(text) if (word := _stem(found.lower())) not in _COMMON)
    for start in (0, 1):
        yield from _CHINESE.findall(text[start:])


def _stem(word: str) -> str:
    """Without the endings that announcements and titles differ in."""
    for ending in ("ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    return word[:-1] if word[-1] == word[-2] else word


@lru_cache(maxsize=4)
def _numbers(text: str) -> frozenset[str]:
    return frozenset(_NUMBER.findall(text))


def _figures(rule: Rule, today: date) -> Iterable[str]:
    """The figures that hold, as a text would write them."""
    span = next((span for span in rule.terms if span.holds_on(today)), None)
    return () if span is None else dict.fromkeys(f"{figure.normalize():f}" for figure in span.figures.values())
