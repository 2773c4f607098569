"""Words that a listing may not have, as dated data: groups of phrases in every language, found with what stands around them.

A phrase of letters that are parted by spaces must stand as words of its own; one in Chinese or Thai may stand anywhere. `unless`
names what makes a hit harmless ("best before", "ivory white"): a hit inside or beside such words is none.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from hashlib import blake2b
from operator import add
from pathlib import Path
from typing import Literal

import msgspec

from storeward.policy.listing_check.shapes import Form, Hit, Said
from storeward.policy.listing_check.text import fold, source_span

FOLDER = Path(__file__).parent / "data"
FILES = ("claims.toml", "prohibited.toml", "terms.toml", "contact.toml", "brands.toml")
AROUND = 32
"""Folded characters on either side of a hit in which `unless` and `near` are looked for, and that are shown."""
_WORD = re.compile(r"[^\W\d_\u0e00-\u1dff\u2e80-\U0010ffff]+")
"""A word of the scripts that part their words; beside Chinese or Thai it ends."""
LANGUAGES = frozenset({"en", "zh", "ms", "id", "th", "vi", "fil", "any"})


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Phrases that are forbidden for one reason. From `from` on (None: always), before `to`."""

    id: str
    form: Form
    what: Said
    mend: Said
    words: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    patterns: tuple[str, ...] = ()
    """Regular expressions over the folded text, for what no list of words tells; `cues` say when it is worth trying."""
    cues: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    """The fields in which it counts; none: everywhere."""
    platforms: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    from_: date | None = msgspec.field(default=None, name="from")
    to: date | None = None
    source: tuple[str, ...]
    read_on: date
    confidence: Literal["seed", "official", "third-party", "uncertain"]
    note: str = ""

    def counts(self, platform: str, market: str, day: date) -> bool:
        fits = (not self.platforms or platform in self.platforms) and (not self.markets or market in self.markets)
        return fits and (self.from_ is None or self.from_ <= day) and (self.to is None or day < self.to)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    group: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase, folded, and on which side it must end a word."""

    text: str
    group: Group
    parted_before: bool
    parted_after: bool

    @property
    def parted(self) -> bool:
        """Whether it stands among words that are parted from one another, so that a word of it is a word of the text."""
        return not _joined(self.text) and _WORD.search(self.text) is not None


@dataclass(frozen=True)
class Phrases:
    """All groups, made ready for searching."""

    groups: tuple[Group, ...]

    @cached_property
    def all(self) -> tuple[Phrase, ...]:
        """Every phrase once, the longest first."""
        made = {(phrase.text, phrase.group.id): phrase for group in self.groups for phrase in _phrases(group)}
        return tuple(sorted(made.values(), key=lambda phrase: -len(phrase.text)))

    @cached_property
    def _by_word(self) -> Mapping[str, list[Phrase]]:
        """Phrases of scripts that part their words, by the longest word of each."""
        found: dict[str, list[Phrase]] = {}
        for phrase in self.all:
            if phrase.parted:
                found.setdefault(max(_WORD.findall(phrase.text), key=len), []).append(phrase)
        return found

    @cached_property
    def _by_start(self) -> Mapping[str, list[Phrase]]:
        """The others, by their first two characters."""
        found: dict[str, list[Phrase]] = {}
        for phrase in self.all:
            if not phrase.parted:
                found.setdefault(phrase.text[:2], []).append(phrase)
        return found

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(self._by_word)

    @cached_property
    def _starts(self) -> frozenset[str]:
        return frozenset(self._by_start)

    @cached_property
    def patterns(self) -> Mapping[str, tuple[re.Pattern[str], ...]]:
        return {group.id: tuple(map(re.compile, group.patterns)) for group in self.groups if group.patterns}

    @cached_property
    def _cues(self) -> Mapping[str, tuple[Group, ...]]:
        """Words that make the patterns of a group worth trying."""
        found: dict[str, tuple[Group, ...]] = {}
        for group in self._patterned:
            for cue in filter(_is_word, group.cues):
                found[cue] = (*found.get(cue, ()), group)
        return found

    @cached_property
    def _signs(self) -> tuple[tuple[str, Group], ...]:
        """The same that are no words of parted scripts: signs, pictures, Chinese and Thai."""
        return tuple((cue, group) for group in self._patterned for cue in group.cues if not _is_word(cue))

    @cached_property
    def _patterned(self) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if group.patterns)

    @cached_property
    def unless(self) -> Mapping[str, tuple[str, ...]]:
        return {group.id: tuple(fold(words) for words in group.unless) for group in self.groups}

    @cached_property
    def digest(self) -> bytes:
        """Changes with the data: what was looked at by other phrases must be looked at again."""
        return blake2b(msgspec.json.encode(self.groups, order="deterministic"), digest_size=16).digest()

    def places(self, field: "Field") -> "list[Found]":
        """Every hit in a field that is not harmless, in the order of the text, the longest first."""
        words = set(_WORD.findall(field.folded))
        found = [one for phrase in self._candidates(field.folded, words) for one in _places(self, phrase, field)]
        for group in self._cued(field.folded, words):
            for pattern in self.patterns[group.id]:
                hits = (Found(group, field, match.start(), match.end()) for match in pattern.finditer(field.folded))
                found += [hit for hit in hits if not _harmless(self, hit)]
        if len(found) > 1:
            found.sort(key=lambda hit: (hit.start, -hit.end, hit.group.id))
        return found

    def _candidates(self, folded: str, words: set[str]) -> Iterator[Phrase]:
        """The phrases that can occur at all: few, which is what makes a hundred thousand texts cheap."""
        for word in words & self._words:
            yield from self._by_word[word]
        if not folded.isascii():
            for start in self._starts.intersection(map(add, folded, folded[1:])):
                yield from self._by_start[start]

    def _cued(self, folded: str, words: set[str]) -> list[Group]:
        """The groups whose patterns are worth trying."""
        named = [group for word in words & self._cues.keys() for group in self._cues[word]]
        named += [group for sign, group in self._signs if sign in folded]
        return list({group.id: group for group in named}.values())


def _phrases(group: Group) -> Iterator[Phrase]:
    for words in group.words.values():
        for written in words:
            text = fold(written)
            yield Phrase(text, group, _parts(text[0]), _parts(text[-1]))


def _is_word(cue: str) -> bool:
    return cue.isalpha() and not _joined(cue)


def _joined(text: str) -> bool:
    """Whether a script without spaces between words has a part in it (Thai vowels are no letters to Python)."""
    return any("\u0e00" <= char < "\u1e00" or char > "\u2fff" for char in text)


def _parts(char: str) -> bool:
    """Whether words of this character's script are parted by spaces, so that a phrase must not go on beside it."""
    return char.isalnum() and (char < "\u0e00" or "\u1e00" <= char <= "\u1eff")


@dataclass(frozen=True, slots=True)
class Field:
    """A part of a listing: as a reader sees it, and folded."""

    name: str
    text: str
    folded: str


@dataclass(frozen=True, slots=True)
class Found:
    """A hit: its group, its field, and where in the folded text."""

    group: Group
    field: Field
    start: int
    end: int

    def hit(self) -> Hit:
        """The words as the reader sees them, with what stands around them."""
        first, last = source_span(self.field.text, self.start, self.end)
        text = self.field.text
        before, after = text[max(0, first - AROUND) : first], text[last : last + AROUND]
        return Hit(
            field=self.field.name,
            words=text[first:last],
            before=("…" if first > AROUND else "") + before,
            after=after + ("…" if last + AROUND < len(text) else ""),
        )


def _places(phrases: Phrases, phrase: Phrase, field: Field) -> Iterator[Found]:
    text, length = field.folded, len(phrase.text)
    at = text.find(phrase.text)
    while at >= 0:
        end = at + length
        apart = not (phrase.parted_before and at and _parts(text[at - 1]))
        apart = apart and not (phrase.parted_after and end < len(text) and _parts(text[end]))
        hit = Found(phrase.group, field, at, end)
        if apart and not _harmless(phrases, hit):
            yield hit
        at = text.find(phrase.text, at + 1)


def _harmless(phrases: Phrases, hit: Found) -> bool:
    """Whether words that make it harmless stand around it: they touch the hit, or lie within it."""
    text = hit.field.folded
    for words in phrases.unless[hit.group.id]:
        last = hit.end + len(words) + 1
        at = text.find(words, max(0, hit.start - len(words) - 1), last)
        while at >= 0:
            if _apart(text, at, at + len(words)):
                return True
            at = text.find(words, at + 1, last)
    return False


def _apart(text: str, start: int, end: int) -> bool:
    """Whether words stand as words of their own ("water", not "waterproof"); the s of a plural may follow."""
    before = not (start and _parts(text[start]) and _parts(text[start - 1]))
    ended = end + (text[end : end + 1] == "s")
    return before and not (_parts(text[end - 1]) and ended < len(text) and _parts(text[ended]))


# -- reading ---------------------------------------------------------------------------------------------------------------


class BadPhrases(ValueError):
    """The data cannot be read; the message names file, group and mend."""


@lru_cache(maxsize=1)
def phrases() -> Phrases:
    """The product's phrases."""
    return load()


def load(folder: Path = FOLDER) -> Phrases:
    """Raises BadPhrases naming the file and what is wrong."""
    groups: list[Group] = []
    for name in FILES:
        try:
            groups += msgspec.convert(tomllib.loads((folder / name).read_text("utf-8")), _File).group
        except (msgspec.ValidationError, tomllib.TOMLDecodeError) as error:
            raise BadPhrases(f"{name}: {error}") from None
    if wrong := mistakes(groups):
        raise BadPhrases(wrong[0])
    return Phrases(tuple(groups))


def mistakes(groups: Iterable[Group]) -> list[str]:
    """What is wrong with groups that could be read."""
    found, seen = [], set[str]()
    for group in groups:
        if group.id in seen:
            found.append(f"{group.id}: stands twice")
        seen.add(group.id)
        if not (group.words or group.patterns):
            found.append(f"{group.id}: has neither words nor patterns")
        if group.patterns and not group.cues:
            found.append(f"{group.id}: a pattern needs cues")
        if wrong := sorted(set(group.words) - LANGUAGES):
            found.append(f"{group.id}: {wrong[0]} is no language of ours")
        if any(len(fold(word)) < 2 for words in group.words.values() for word in words):
            found.append(f"{group.id}: a phrase of one character hits everything")
        if not all((group.what.en, group.what.zh, group.mend.en, group.mend.zh, group.source)):
            found.append(f"{group.id}: say it in both languages, and name the source")
    return found
