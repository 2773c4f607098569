"""Texts disguised as staff disguise them, to train on and to test with: seeded, so that the same text gets the same disguise."""

import random
import re
from collections.abc import Callable

_LOOKALIKES = dict(zip("aceiopsxyABCEHKMOPTX", "асеіорѕхуАВСЕНКМОРТХ", strict=True))
_LEET = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7"}
_WORD = re.compile(r"[A-Za-z]{4,}")
_RUN = re.compile(r"[\u3400-\u9fff]{2,}|[\u0e01-\u0e5b]{4,}")
_STARS = re.compile(r"\b(?:stars?|bintang|sao|bituin)\b|ดาว|星", re.IGNORECASE)

Disguise = Callable[[str, random.Random], str]


def _words(text: str, chance: random.Random, share: float, make: Callable[[str], str]) -> str:
    return _WORD.sub(lambda found: make(found.group()) if chance.random() < share else found.group(), text)


def leet(text: str, chance: random.Random) -> str:
    """Digits and signs for letters in some words."""

    def make(word: str) -> str:
        return word[0] + "".join(
            chance.choice(_LEET[char]) if char in _LEET and chance.random() < 0.6 else char for char in word[1:]
        )

    return _words(text, chance, 0.5, make)


def lookalike(text: str, chance: random.Random) -> str:
    """Letters of other alphabets that look the same."""
    return "".join(_LOOKALIKES.get(char, char) if chance.random() < 0.5 else char for char in text)


def spaced(text: str, chance: random.Random) -> str:
    """Dots or spaces between the letters of some words."""
    sign = chance.choice(" .-_*")
    text = _words(text, chance, 0.3, sign.join)
    return _RUN.sub(lambda run: sign.join(run.group()) if chance.random() < 0.3 else run.group(), text)


def drawn_out(text: str, chance: random.Random) -> str:
    """The last letter of some words again and again."""
    return _words(text, chance, 0.4, lambda word: word + word[-1] * chance.randint(2, 4))


def starred(text: str, chance: random.Random) -> str:
    """Emoji for stars."""
    return _STARS.sub(lambda found: chance.choice("⭐🌟★"), text)


def fullwidth(text: str, chance: random.Random) -> str:
    """Letters as wide as Chinese ones."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" and chance.random() < 0.7 else char for char in text)


def invisible(text: str, chance: random.Random) -> str:
    """Characters that nobody sees, between the others."""
    return "".join(char + ("\u200b" if chance.random() < 0.2 else "") for char in text)


def typo(text: str, chance: random.Random) -> str:
    """Two letters swapped or one left out in some words."""

    def make(word: str) -> str:
        at = chance.randrange(1, len(word) - 1)
        return word[:at] + word[at + 1 :] if chance.random() < 0.5 else word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    return _words(text, chance, 0.25, make)


DISGUISES: tuple[Disguise, ...] = (leet, lookalike, spaced, drawn_out, starred, fullwidth, invisible, typo)


def disguised(text: str, seed: str) -> str:
    """`text` in one of the disguises, chosen by `seed`."""
    chance = random.Random(seed)  # noqa: S311 - nothing is kept secret by it
    return chance.choice(DISGUISES)(text, chance)
