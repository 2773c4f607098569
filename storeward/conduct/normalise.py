"""Texts as a reader sees them: disguises taken off, every character still knowing where it came from.

What is undone: fullwidth and mathematical letters (NFKC), look-alikes of other alphabets, accents (Vietnamese is typed with and
without), Thai tone marks, traditional Chinese, emoji for words, invisible characters, separators between letters, digits and
signs for letters, letters drawn out. Figures in `fold.toml`.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FOLDER = Path(__file__).parent

_THAI_MARKS = frozenset("็่้๊๋์ํ๎")
_KEEP = frozenset("ำ")  # NFKC would take it apart
_DASHES = frozenset("‐‑‒–—―−")
_QUOTES = frozenset("’‘`´ʼʹ＇")

_CJK = r"\u3400-\u9fff"
_THAI = r"\u0e01-\u0e5b"
_BETWEEN_CJK = re.compile(rf"(?<=[{_CJK}])[ .·•・\-_*/|~^+]+(?=[{_CJK}])")
_BETWEEN_THAI = re.compile(rf"(?<=[{_THAI}])[.·•\-_*/|~^+]+(?=[{_THAI}])")
_LONE_THAI = re.compile(rf"(?<![{_THAI}])[{_THAI}]{{1,2}}(?: [{_THAI}]{{1,2}}){{2,}}(?![{_THAI}])")
_LONE_LETTERS = re.compile(r"(?<![a-z0-9])[a-z0-9@$!](?:[ .·•\-_*/|~^+,]{1,3}[a-z0-9@$!]){2,}(?![a-z0-9])")
_IN_WORD = re.compile(r"(?<=[a-z])[*_~|^·•'\-\"]{1,2}(?=[a-z])")
_DOT_IN_WORD = re.compile(r"(?<![a-z.])[a-z]{1,3}(?:\.[a-z]{1,4})+(?![a-z.])|(?<=[a-z])\.(?=[a-z]{1,2}(?![a-z.]))")
_TOP_LEVELS = re.compile(
    r"\.(?:com|net|org|shop|store|co|my|id|th|vn|ph|sg|me|io|app|cn|test|example|site|online|info|ly|asia|xyz)\b"
)
_LEET = re.compile(r"(?<![a-z0-9])(?=[a-z0-9@$!+]*[a-z])(?=[a-z0-9@$!+]*[0-9@$!+])[a-z0-9@$!+]{3,}(?![a-z0-9])")
_DRAWN_OUT = re.compile(r"([a-z\u0e01-\u0e5b])\1{2,}")
_SPACES = re.compile(r"\s+")
_STARS = re.compile(r"(?: star ){1,}")
_LEET_LETTERS = str.maketrans("0134578@$!+9", "oieastbasitg")
_LEET_L = str.maketrans("0134578@$!+9", "oleastbaslt9"[:12])


@dataclass(frozen=True, slots=True)
class Normal:
    """A text without its disguises. `origin[i]` is where character `i` of `text` stands in `source`."""

    source: str
    text: str
    origin: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters `start` to `end` (exclusive) of `text` stand in `source`."""
        if start >= end:
            return (0, 0)
        first, last = self.origin[start], self.origin[end - 1] + 1
        while last < len(self.source) and unicodedata.category(self.source[last]) == "Mn":
            last += 1  # marks that were taken off belong to the letter before them
        return first, last


@lru_cache(maxsize=1)
def _tables() -> dict[str, str]:
    """What a single character becomes, for those that are written down in `fold.toml`."""
    data = tomllib.loads((_FOLDER / "fold.toml").read_text("utf-8"))
    table = {char: letter for letter, chars in data["lookalike"].items() for char in chars}
    table |= {char: f" {word} " for word, chars in data["picture"].items() for char in chars}
    pairs = data["traditional"]["pairs"]
    table |= dict(zip(pairs[::2], pairs[1::2], strict=True))
    table |= dict.fromkeys(_DASHES, "-") | dict.fromkeys(_QUOTES, "'")
    return table


@lru_cache(maxsize=8192)
def _fold(char: str) -> str:
    """What one character becomes: none, one or more characters."""
    table = _tables()
    if char in table:
        return table[char]
    if char in _THAI_MARKS:
        return ""
    if char in _KEEP:
        return char
    if "\U0001f1e6" <= char <= "\U0001f1ff":
        return chr(ord(char) - 0x1F1E6 + ord("a"))
    if "\U0001f130" <= char <= "\U0001f189":
        return chr((ord(char) - 0x1F130) % 32 + ord("a")) if (ord(char) - 0x1F130) % 32 < 26 else " "
    return "".join(_plain(part) for part in unicodedata.normalize("NFKD", char).casefold())


def _plain(char: str) -> str:
    table = _tables()
    if char in table:
        return table[char]
    kind = unicodedata.category(char)
    if char in _THAI_MARKS or (kind in {"Mn", "Me", "Cf", "Cs", "Co"} and not "\u0e00" <= char <= "\u0e7f"):
        return ""
    if kind == "Cc" or kind.startswith("Z"):
        return " "
    if kind in {"So", "Sk"}:
        return " "
    return {"đ": "d", "ı": "i", "ł": "l", "ø": "o"}.get(char, char)


class _Draft:
    """A text under way with the origin of each character."""

    __slots__ = ("origin", "text")

    def __init__(self, source: str) -> None:
        if source.isascii():
            self.text = source.lower()
            self.origin: Sequence[int] = range(len(source))
            return
        parts: list[str] = []
        origin: list[int] = []
        for index, char in enumerate(source):
            folded = char.lower() if char < "\x7f" else _fold(char)
            parts.append(folded)
            origin.extend([index] * len(folded))
        self.text = "".join(parts)
        self.origin = origin

    def sub(self, pattern: re.Pattern[str], make: Callable[[str], str]) -> None:
        """Replace each match; the new characters stand where the match stood, one by one as far as it goes."""
        last = 0
        parts: list[str] = []
        origin: list[int] = []
        for found in pattern.finditer(self.text):
            start, end = found.span()
            new = make(found.group())
            if new == self.text[start:end]:
                continue
            parts += [self.text[last:start], new]
            origin.extend(self.origin[last:start])
            origin.extend(_spread(self.origin[start:end], len(new)))
            last = end
        if parts:
            parts.append(self.text[last:])
            origin.extend(self.origin[last:])
            self.text, self.origin = "".join(parts), origin


def _spread(origin: Sequence[int], length: int) -> list[int]:
    """Origins for `length` new characters in place of the old ones: from first to last, evenly."""
    if length == 0:
        return []
    if length == 1:
        return [origin[0]]
    step = (len(origin) - 1) / (length - 1)
    return [origin[round(index * step)] for index in range(length)]


def _joined(text: str) -> str:
    return re.sub(r"[ .·•\-_*/|~^+,]", "", text)


def _undotted(text: str) -> str:
    return text if _TOP_LEVELS.search(text) else text.replace(".", "")


def _counted_stars(text: str) -> str:
    count = text.count("star")
    return f" {count} star "


def unleet(word: str, known: frozenset[str]) -> str:
    """`word` with digits and signs read as letters, where that gives a known word or where letters stand on both sides."""
    for table in (_LEET_LETTERS, _LEET_L):
        read = word.translate(table)
        if read in known or (len(read) > 4 and read.rstrip("s") in known):
            return read
    return re.sub(r"(?<=[a-z])[0-9@$!+]+(?=[a-z])", lambda found: found.group().translate(_LEET_LETTERS), word)


def normalise(source: str, known: frozenset[str] = frozenset()) -> Normal:
    """`source` in lower case without disguises. `known` words decide where a digit may stand for a letter or for itself."""
    draft = _Draft(source)
    draft.sub(_STARS, _counted_stars)
    if not source.isascii():
        draft.sub(_BETWEEN_CJK, lambda _: "")
        draft.sub(_BETWEEN_THAI, lambda _: "")
        draft.sub(_LONE_THAI, lambda text: text.replace(" ", ""))
    draft.sub(_LONE_LETTERS, _joined)
    draft.sub(_IN_WORD, lambda _: "")
    draft.sub(_DOT_IN_WORD, _undotted)
    draft.sub(_LEET, lambda word: unleet(word, known))
    draft.sub(_DRAWN_OUT, lambda run: run[0])
    draft.sub(_SPACES, lambda _: " ")
    return Normal(source, draft.text, draft.origin)
