"""The concepts of a text: which of the words in `data/concepts.toml` it uses, and where, in whatever language."""

import re
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from .normalise import Normal, normalise

_WORDS = Path(__file__).parent / "words.toml"
_DATA = Path(__file__).parent / "data"
_LANGUAGES = ("en", "zh", "ms", "th", "vi", "fil")
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?(?:/[0-9]+)?")
_RUN = re.compile(r"[\u0e01-\u0e5b\u3400-\u9fff]+")
_LONG_WORD = 6  # a shorter one with a slip is too often another word
_VIETNAMESE = re.compile(r"[đĐơƠưƯăĂ\u1ea0-\u1ef9]")
_LONGEST_PHRASE = 5
_SHORTEST_STEM = 2
_SHORTEST_TONED_STEM = 5  # without its accents a short one begins many words


class Word(NamedTuple):
    """A Latin word or number of a normal text."""

    text: str
    start: int
    end: int


class Hit(NamedTuple):
    """A concept in a normal text, by its number in `Lexicon.names`."""

    concept: int
    start: int
    end: int


class _Entry(NamedTuple):
    concept: int
    toned: str | None  # the accented spelling, where it tells more than the plain one


class Lexicon:
    """Words, stems and phrases of every concept, ready to be found."""

    def __init__(self, table: dict[str, dict[str, str]]) -> None:
        self.names = tuple(table)
        self._phrases: dict[tuple[str, ...], list[_Entry]] = {}
        self._stems: dict[str, list[_Entry]] = {}
        self._inner: dict[str, list[_Entry]] = {}
        self._runs: dict[str, list[_Entry]] = {}
        self._first: set[str] = set()
        self._longest: dict[str, int] = {}
        for number, languages in enumerate(table.values()):
            for words in languages.values():
                for word in words.split(","):
                    self._add(number, word.strip())
        self.words = frozenset(word for words in self._phrases for word in words if len(word) > 3 and word.isalpha()) | frozenset(
            stem for stem in self._stems if len(stem) > 3 and stem.isalpha()
        )
        self._slips = self._misspelled()
        self._of_word: dict[str, tuple[_Entry, ...]] = {}

    def _misspelled(self) -> dict[str, list[_Entry]]:
        """Long words with a letter left out or two swapped inside, unless that is a word itself."""
        found: dict[str, list[_Entry]] = {}
        single = {words[0]: entries for words, entries in self._phrases.items() if len(words) == 1}
        for word, entries in [*single.items(), *self._stems.items()]:
            if len(word) >= _LONG_WORD and word.isalpha():
                for slip in _slips(word):
                    if slip not in self.words:
                        found.setdefault(slip, []).extend(entries)
        return found

    def _add(self, concept: int, written: str) -> None:
        stem, inner = written.endswith("*"), written.startswith("~")
        plain = normalise(written.strip("*~")).text.strip()
        entry = _Entry(concept, _toned(written.strip("*~"), plain))
        if _RUN.search(plain):
            self._put(self._runs, plain, entry)
            self._longest[plain[0]] = max(self._longest.get(plain[0], 0), len(plain))
            return
        words = tuple(word.text for word in words_of(plain))
        if not words:
            return
        if inner and len(words) == 1:
            self._put(self._inner, words[0], entry)
        elif stem and len(words) == 1 and len(words[0]) >= (_SHORTEST_STEM if entry.toned is None else _SHORTEST_TONED_STEM):
            self._put(self._stems, words[0], entry)
        else:
            self._put(self._phrases, words, entry)
            self._first.add(words[0])

    @staticmethod
    def _put(table: dict[Any, list[_Entry]], key: Any, entry: _Entry) -> None:
        entries = table.setdefault(key, [])
        if entry not in entries:
            entries.append(entry)

    def find(self, normal: Normal, words: list[Word]) -> list[Hit]:
        """Every concept of the text, in the order of its first character; one word may stand for several."""
        toned = _is_toned(normal.source) or not _may_be_bare_vietnamese(words)
        accented = _VIETNAMESE.search(normal.source) is not None
        hits: set[Hit] = set()
        for index, word in enumerate(words):
            self._add_word(hits, normal, word, toned, accented)
            if word.text in self._first:
                self._add_phrases(hits, normal, words, index, toned, accented)
        if not normal.source.isascii():
            self._add_runs(hits, normal.text)
        return sorted(hits, key=lambda hit: (hit.start, hit.end, hit.concept))

    def _add_word(self, hits: set[Hit], normal: Normal, word: Word, toned: bool, accented: bool) -> None:
        for entry in self._entries(word.text):
            if _fits(entry, normal, word.start, word.end, toned, accented):
                hits.add(Hit(entry.concept, word.start, word.end))

    def _add_phrases(self, hits: set[Hit], normal: Normal, words: list[Word], index: int, toned: bool, accented: bool) -> None:
        key: tuple[str, ...] = ()
        for last in words[index : index + _LONGEST_PHRASE]:
            key += (last.text,)
            start = words[index].start
            for entry in self._phrases.get(key, ()):
                if _fits(entry, normal, start, last.end, toned, accented):
                    hits.add(Hit(entry.concept, start, last.end))

    def _entries(self, word: str) -> tuple[_Entry, ...]:
        """What a word alone stands for by its beginning or by what is inside it; kept, for texts repeat their words."""
        known = self._of_word.get(word)
        if known is not None:
            return known
        found = [entry for end in range(_SHORTEST_STEM, len(word) + 1) for entry in self._stems.get(word[:end], ())]
        for start in range(len(word) - 2):
            found += [entry for end in range(start + 3, len(word) + 1) for entry in self._inner.get(word[start:end], ())]
        if not found and (word,) not in self._phrases:
            found = self._slips.get(word, [])
        if len(self._of_word) > 20_000:
            self._of_word.clear()
        self._of_word[word] = tuple(dict.fromkeys(found))
        return self._of_word[word]

    def _add_runs(self, hits: set[Hit], text: str) -> None:
        for run in _RUN.finditer(text):
            for start in range(run.start(), run.end()):
                longest = self._longest.get(text[start], 0)
                for end in range(start + 1, min(start + longest, len(text)) + 1):
                    for entry in self._runs.get(text[start:end], ()):
                        hits.add(Hit(entry.concept, start, end))


def _slips(word: str) -> set[str]:
    """`word` with one letter left out or two swapped, first and last in their place."""
    inside = range(1, len(word) - 1)
    left_out = {word[:at] + word[at + 1 :] for at in inside}
    return left_out | {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in inside[:-1]}


def words_of(text: str) -> list[Word]:
    """The Latin words and numbers of a normal text."""
    return [Word(found.group(), found.start(), found.end()) for found in _WORD.finditer(text)]


def _toned(written: str, plain: str) -> str | None:
    """The accented spelling of an entry, None where the entry has no accents to go by and is not Vietnamese."""
    spelled = unicodedata.normalize("NFC", written).lower()
    return spelled if _is_toned(spelled) and not _RUN.search(plain) else None


@lru_cache(maxsize=1)
def _bare_vietnamese() -> frozenset[str]:
    return frozenset(tomllib.loads(_WORDS.read_text("utf-8"))["bare"]["vietnamese"].split())


def _may_be_bare_vietnamese(words: list[Word]) -> bool:
    """Whether a text could be Vietnamese typed without accents: many of its words are the bare form of common ones."""
    bare = _bare_vietnamese()
    return 3 * sum(word.text in bare for word in words) >= len(words)


def _is_toned(text: str) -> bool:
    """Whether a text is written with the accents of Vietnamese."""
    return not text.isascii() and any(
        char in "đĐơƠưƯăĂ" or "\u1ea0" <= char <= "\u1ef9" or "\u00c0" <= char <= "\u00fd" or "\u0300" <= char <= "\u0323"
        for char in text
    )


def _fits(entry: _Entry, normal: Normal, start: int, end: int, toned: bool, accented: bool) -> bool:
    """Whether the spelling of the source allows the entry: in a text with Vietnamese accents, a bare word has none."""
    if entry.toned is not None:
        return not toned or _says(normal, start, end, entry.toned)
    if not accented:
        return True
    first, last = normal.span(start, end)
    return not any("\u00c0" <= char <= "\u024f" or "\u1ea0" <= char <= "\u1ef9" for char in normal.source[first:last])


def _says(normal: Normal, start: int, end: int, toned: str) -> bool:
    """Whether the source has the accents of `toned` there; a disguised spelling is let through."""
    first, last = normal.span(start, end)
    written = unicodedata.normalize("NFC", normal.source[first:last]).lower()
    if written.startswith(toned):
        return True
    return any(not (char.isalpha() or char.isspace()) or "\u0370" <= char <= "\u04ff" for char in written)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The concepts of this package, read once."""
    return Lexicon(tomllib.loads((_DATA / "concepts.toml").read_text("utf-8")))


@lru_cache(maxsize=1)
def glosses() -> Lexicon:
    """Everyday words by their meaning, read once."""
    table: dict[str, dict[str, str]] = {}
    for line in (_DATA / "glosses.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            meaning, *words = line.split("|")
            table[meaning] = dict(zip(_LANGUAGES, words, strict=True))
    return Lexicon(table)
