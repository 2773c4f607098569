"""What the conduct guard is asked and what it answers: plain values."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Language = Literal["en", "zh", "ms", "id", "th", "vi", "fil"]
LANGUAGES: tuple[Language, ...] = ("en", "zh", "ms", "id", "th", "vi", "fil")

FORMS = (
    "change_review",
    "incentive",
    "threat",
    "repeat_solicit",
    "off_platform",
    "personal_data",
    "insult",
    "selective_solicit",
)
"""The forbidden forms, in the order in which answers list them."""


class Outcome(StrEnum):
    """`warn`: the check cannot decide, a person must look twice."""

    OK = "ok"
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the text. `asked_before`: the same order had a request for a review before."""

    asked_before: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Words of the text as given that decided for a form; `end` is exclusive."""

    form: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a text is found to be.

    `forms` are those that are found (`block`) or suspected (`warn`), none where it is fine; `rule` and `gentler` are those of the
    first of them: the row for TikTok SEA and a wording that keeps the rules, in the language of the text. `score` is the
    probability, 0 to 1, that the text is forbidden. `asks_for_review` whether it asks for one, in whatever tone.
    """

    outcome: Outcome
    forms: tuple[str, ...]
    spans: tuple[Span, ...]
    rule: str | None
    gentler: str | None
    language: Language
    score: float
    asks_for_review: bool

    @property
    def form(self) -> str | None:
        return self.forms[0] if self.forms else None
