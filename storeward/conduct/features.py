"""What the model sees of a text: its concepts, which of them stand near one another, its words and its letters.

Four groups, each a set of places in a table of weights. Concepts need no hashing; words and letters are hashed (CRC-32), so the
table has a fixed size and nothing is stored by name.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from .lexicon import Hit, Lexicon, Word, glosses, lexicon, words_of
from .normalise import Normal, normalise

_SHAPES = Path(__file__).parent / "shapes.toml"
_FAMILIES = Path(__file__).parent / "data" / "families.toml"

MOST_CONCEPTS = 96
MOST_SHAPES = 16

SYMBOLS = MOST_CONCEPTS + MOST_SHAPES
NEAR = 5
"""How many concepts may lie between two that are told as a pair in their order."""

MOST_FAMILIES = 32
MOST_MEANINGS = 256
TABLES = (2 * SYMBOLS, SYMBOLS * SYMBOLS, SYMBOLS * SYMBOLS, MOST_FAMILIES**3, MOST_MEANINGS, MOST_MEANINGS**2, 1 << 15, 1 << 16)
"""Places of each group: concepts (plain and after a negation), pairs in order and near, pairs in one sentence, threes of
families in one sentence, words, letters."""

_SENTENCE = re.compile(r"[.!?。！？;；\n]+\s*")
_TOKEN = re.compile(r"[^\W_]+")
_LETTER_LENGTHS = (1, 2, 3, 4, 5)
_NEGATION_REACH = 3


class Features(NamedTuple):
    """Places in the tables, group by group, each once."""

    concepts: list[int]
    near: list[int]
    together: list[int]
    threes: list[int]
    meanings: list[int]
    meant_together: list[int]
    words: list[int]
    letters: list[int]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with what was found in it."""

    normal: Normal
    words: list[Word]
    hits: list[Hit]
    meanings: list[Hit]


def read(text: str) -> Reading:
    """The text without its disguises, with its concepts and shapes in order."""
    known = lexicon()
    normal = normalise(text, known.words)
    words = words_of(normal.text)
    hits = known.find(normal, words)
    hits += _shapes(normal.text)
    hits.sort()
    hits.sort(key=lambda hit: hit.start)
    return Reading(normal, words, hits, glosses().find(normal, words))


def features(reading: Reading) -> Features:
    """The places that the text takes in each table."""
    return Features(
        concepts=_concepts(reading.hits, lexicon()),
        near=_near(reading.hits),
        together=_together(reading),
        threes=_threes(reading),
        meanings=list(dict.fromkeys(hit.concept for hit in reading.meanings)),
        meant_together=_meant_together(reading),
        words=list(dict.fromkeys(place for place, _, _ in word_places(reading))),
        letters=_letters(reading.normal.text),
    )


@lru_cache(maxsize=1)
def shapes() -> dict[str, re.Pattern[str]]:
    """What is no word, one pattern each; a long one may stand on several lines."""
    table = tomllib.loads(_SHAPES.read_text("utf-8"))
    return {name: re.compile(pattern.replace("\n", "")) for name, pattern in table.items()}


def _shapes(text: str) -> list[Hit]:
    return [
        Hit(MOST_CONCEPTS + number, found.start(), found.end())
        for number, pattern in enumerate(shapes().values())
        for found in pattern.finditer(text)
    ]


def _concepts(hits: list[Hit], known: Lexicon) -> list[int]:
    negation = known.names.index("NEG")
    places: dict[int, None] = {}
    for index, hit in enumerate(hits):
        places[hit.concept] = None
        before = hits[max(0, index - _NEGATION_REACH) : index]
        if any(other.concept == negation and other.end <= hit.start <= other.end + 12 for other in before):
            places[SYMBOLS + hit.concept] = None
    return list(places)


def near_pairs(hits: list[Hit]) -> Iterator[tuple[int, Hit, Hit]]:
    """Pairs of concepts in their order, not far from one another."""
    for index, first in enumerate(hits):
        for second in hits[index + 1 : index + 1 + NEAR]:
            if second.concept != first.concept:
                yield first.concept * SYMBOLS + second.concept, first, second


def _near(hits: list[Hit]) -> list[int]:
    return list(dict.fromkeys(place for place, _, _ in near_pairs(hits)))


def _together(reading: Reading) -> list[int]:
    """Pairs of concepts of one sentence, whatever their order."""
    places: dict[int, None] = {}
    for hits in _sentences(reading):
        inside = sorted({hit.concept for hit in hits})
        for index, first in enumerate(inside):
            base = first * SYMBOLS
            for second in inside[index + 1 :]:
                places[base + second] = None
    return list(places)


def _sentences(reading: Reading) -> Iterator[list[Hit]]:
    """The concepts of each sentence that has some."""
    text, start = reading.normal.text, 0
    for end in [found.end() for found in _SENTENCE.finditer(text)] + [len(text)]:
        if inside := [hit for hit in reading.hits if start <= hit.start < end]:
            yield inside
        start = end


def _meant_together(reading: Reading) -> list[int]:
    """Pairs of everyday words that stand near one another, in their order."""
    hits = reading.meanings
    places: dict[int, None] = {}
    for index, first in enumerate(hits):
        for second in hits[index + 1 : index + 1 + NEAR]:
            if second.concept != first.concept:
                places[first.concept * MOST_MEANINGS + second.concept] = None
    return list(places)


@lru_cache(maxsize=1)
def families() -> dict[int, tuple[int, ...]]:
    """The families of each concept, by number."""
    table = tomllib.loads(_FAMILIES.read_text("utf-8"))
    names = lexicon().names
    found: dict[int, tuple[int, ...]] = {}
    for number, members in enumerate(table.values()):
        for name in members:
            concept = names.index(name)
            found[concept] = (*found.get(concept, ()), number)
    return found


def _threes(reading: Reading) -> list[int]:
    """One, two or three families of concepts in one sentence."""
    places: dict[int, None] = {}
    known = families()
    for hits in _sentences(reading):
        inside = sorted({family + 1 for hit in hits for family in known.get(hit.concept, ())})
        for i, first in enumerate(inside):
            places[first] = None
            for j, second in enumerate(inside[i + 1 :], i + 1):
                pair = first * MOST_FAMILIES + second
                places[pair] = None
                for third in inside[j + 1 :]:
                    places[pair * MOST_FAMILIES + third] = None
    return list(places)


def word_places(reading: Reading) -> Iterator[tuple[int, int, int]]:
    """Words alone and in twos, and accented words as they are written: place, start and end in the normal text."""
    size = TABLES[6]
    before: Word | None = None
    for word in reading.words:
        yield crc32(word.text.encode()) % size, word.start, word.end
        if before is not None:
            yield crc32(f"{before.text} {word.text}".encode()) % size, before.start, word.end
        before = word
    source = reading.normal.source
    if not source.isascii():
        spelled = [
            token
            for token in _TOKEN.findall(unicodedata.normalize("NFC", source).lower())
            if "\u00c0" <= max(token) < "\u0e00" or "\u1ea0" <= max(token) < "\u2000"
        ]
        for token in spelled:
            yield crc32(b"~" + token.encode()) % size, 0, 0


def _letters(text: str) -> list[int]:
    return list(dict.fromkeys(place for place, _, _ in letter_places(text)))


def letter_places(text: str) -> Iterator[tuple[int, int, int]]:
    """Runs of 2 to 5 characters, the ends marked by a space: place, start and end in the normal text."""
    size = TABLES[7]
    data = f" {text} ".encode("utf-32-le")
    end = len(data)
    for length in _LETTER_LENGTHS:
        wide = 4 * length
        for start in range(0, end - wide + 1, 4):
            yield crc32(data[start : start + wide]) % size, start // 4 - 1, start // 4 - 1 + length
