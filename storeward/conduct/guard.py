"""Check a text before it goes to a buyer: `check` reads it, asks the model, says what is wrong, where, and what to say then."""

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from .features import Features, Reading, features, letter_places, near_pairs, read, word_places
from .language import language_of
from .model import ASKS, GROUP_WEIGHTS, Model, model
from .types import FORMS, Context, Outcome, Span, Verdict

_FORMS_FILE = Path(__file__).parent / "forms.toml"
_REPEATED = "repeat_solicit"
_NOWHERE = Context()
_CONCEPTS, _NEAR_PAIRS, _WORDS, _LETTERS = 0, 1, 6, 7
_BACKGROUND = 1.1
"""A character belongs to a span where it speaks for the form by more than this part of what the average one does."""


@lru_cache(maxsize=1)
def forms() -> dict[str, dict[str, str]]:
    """Rule and gentler wordings of each form."""
    return tomllib.loads(_FORMS_FILE.read_text("utf-8"))


def check(text: str, *, language: str | None = None, context: Context = _NOWHERE) -> Verdict:
    """What the text is found to be. `language` is a hint; any text is answered, the empty one is fine."""
    found = language_of(text, language)
    reading = read(text)
    places = features(reading)
    known = model()
    scores = known.scores(places)
    outcome = _outcome(known, scores, found) if _says_something(reading) else Outcome.OK
    asks = scores[ASKS] >= known.asks_from
    suspected = _suspected(known, scores) if outcome is not Outcome.OK else ()
    if asks and context.asked_before and _REPEATED not in suspected:
        outcome, suspected = Outcome.BLOCK, (*(suspected if outcome is Outcome.BLOCK else ()), _REPEATED)
    named = tuple(form for form in FORMS if form in suspected)
    return Verdict(
        outcome=outcome,
        forms=named,
        spans=tuple(span for form in named if (span := _span(known, reading, places, form)) is not None),
        rule=forms()[named[0]]["rule"] if named else None,
        gentler=forms()[named[0]][found] if named else None,
        language=found,
        score=round(known.probability(known.whole(scores)), 3),
        asks_for_review=asks,
    )


def _outcome(known: Model, scores: dict[str, float], language: str) -> Outcome:
    limits = known.of_language(language)
    score = known.whole(scores)
    if score > limits.block:
        return Outcome.BLOCK
    return Outcome.WARN if score > limits.warn else Outcome.OK


def _says_something(reading: Reading) -> bool:
    """Whether there is a word, a number or a sign with a meaning in the text."""
    return bool(reading.hits) or any(char.isalpha() for char in reading.normal.text)


def _suspected(known: Model, scores: dict[str, float]) -> tuple[str, ...]:
    """The likeliest form, and others that are likely by themselves."""
    best = max(FORMS, key=lambda form: scores[form])
    return tuple(form for form in FORMS if form == best or scores[form] > known.form_share)


# -- the words that decided -------------------------------------------------------------------------------


def _span(known: Model, reading: Reading, places: Features, form: str) -> Span | None:
    """The stretch of the text that speaks most for the form, in whole words; None where nothing does."""
    normal = reading.normal
    said = _by_character(known, reading, places, form)
    start, end = _best_stretch(said)
    if start == end:
        return None
    first, last = normal.span(*_whole_words(normal.text, start, end))
    source = normal.source
    while first < last and source[first].isspace():
        first += 1
    while last > first and source[last - 1].isspace():
        last -= 1
    return Span(form, first, last, source[first:last]) if first < last else None


def _by_character(known: Model, reading: Reading, places: Features, form: str) -> list[float]:
    """How much each character of the normal text speaks for the form."""
    said = [0.0] * len(reading.normal.text)
    norms = [weight / max(1, len(group)) ** 0.5 for group, weight in zip(places, GROUP_WEIGHTS, strict=True)]
    for table, place, start, end in _pieces(reading):
        weight = known.weight(form, table, place) * norms[table]
        start, end = max(0, start), min(len(said), end)
        for index in range(start, end):
            said[index] += weight / (end - start)
    return said


def _pieces(reading: Reading) -> Iterator[tuple[int, int, int, int]]:
    """Table, place, start and end of every feature that stands somewhere."""
    for hit in reading.hits:
        yield _CONCEPTS, hit.concept, hit.start, hit.end
    for place, first, second in near_pairs(reading.hits):
        for hit in (first, second):
            yield _NEAR_PAIRS, place, hit.start, hit.end
    for place, start, end in word_places(reading):
        yield _WORDS, place, start, end
    for place, start, end in letter_places(reading.normal.text):
        yield _LETTERS, place, start, end


def _best_stretch(said: list[float]) -> tuple[int, int]:
    """The stretch with the greatest sum above the average of the text."""
    if not said:
        return 0, 0
    floor = max(0.0, _BACKGROUND * sum(said) / len(said))
    best, best_start, best_end = 0.0, 0, 0
    running, start = 0.0, 0
    for index, value in enumerate(said):
        running += value - floor
        if running <= 0:
            running, start = 0.0, index + 1
        elif running > best:
            best, best_start, best_end = running, start, index + 1
    return best_start, best_end


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch grown to whole Latin words."""
    while (
        start > 0 and text[start].isascii() and text[start].isalnum() and text[start - 1].isascii() and text[start - 1].isalnum()
    ):
        start -= 1
    while end < len(text) and text[end - 1].isascii() and text[end - 1].isalnum() and text[end].isascii() and text[end].isalnum():
        end += 1
    return start, end
