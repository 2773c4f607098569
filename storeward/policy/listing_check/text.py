"""Texts as a reader sees them, and folded for searching.

`plain` takes the HTML off and leaves one line; `fold` makes what is searched in: small letters, no disguise by full-width or
invisible characters. `fold` works character by character, so that `Folded.span` finds the reader's words again.
"""

import html
import re
import unicodedata
from collections.abc import Iterator

_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)\s*>|<!--.*?-->|</?[A-Za-z][^<>]*>", re.DOTALL | re.IGNORECASE)
_INVISIBLE = frozenset({"Cf", "Cc", "Cs", "Co"})


class _Letters(dict[int, str]):
    """What each character becomes, worked out once: NFKC and small letters; invisible ones go, emoji and signs stay."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char.isspace():
            made = " "
        elif unicodedata.category(char) in _INVISIBLE:
            made = ""
        else:
            # KC would take the Thai vowel sara am apart, which every Thai text writes in one.
            made = char if char == "\u0e33" else unicodedata.normalize("NFKC", char).casefold()
        self[code] = made
        return made


_LETTERS = _Letters({ord(quote): "'" for quote in "’‘´ʼ"} | {ord(dash): "-" for dash in "‐‑‒–—−"})


def plain(text: str) -> str:
    """A text without tags and entities, composed, with single spaces."""
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def fold(text: str) -> str:
    """What is searched in, of a plain text."""
    return text.lower() if text.isascii() and text.isprintable() else text.translate(_LETTERS)


def source_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the folded characters from `start` to `end` (exclusive, at least one) stand in the plain text."""
    first = last = 0
    at = 0
    for index, length in enumerate(_lengths(text)):
        if at <= start < at + length:
            first = index
        if at < end <= at + length:
            last = index + 1
            break
        at += length
    return first, last


def _lengths(text: str) -> Iterator[int]:
    return (len(char.lower() if char.isascii() and char.isprintable() else _LETTERS[ord(char)]) for char in text)
