"""What the policy engine hands out: duties, and the findings that judging them gives.

A duty is an `Obligation` (owed by an instant) or a `Reading` (a measured value, a flag, a text, judged at `now`). An obligation
is free of `now`: it may be stored, and judged again by the clock alone (`judge.judge`, `judge.next_change_at`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

from storeward.lib.money import Money

from . import wording
from .wording import Language, Word


class Severity(StrEnum):
    """How much is lost; in rising order (convention C17)."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"
    FATAL = "fatal"

    @property
    def rank(self) -> int:
        """0 for info to 3 for fatal."""
        return _RANK[self]

    @property
    def one_lower(self) -> "Severity":
        """One level lower; one lower than info is info."""
        return _LOWER[self]


_ORDER = tuple(Severity)
_RANK = {severity: rank for rank, severity in enumerate(_ORDER)}
_LOWER = {severity: _ORDER[max(0, rank - 1)] for rank, severity in enumerate(_ORDER)}


class State(StrEnum):
    """How a duty stands. Only the middle four are findings."""

    OK = "ok"
    AT_RISK = "at_risk"
    BREACHED = "breached"
    ACTION = "action"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


FINDING_STATES = frozenset({State.AT_RISK, State.BREACHED, State.ACTION, State.UNKNOWN})

NO_FIGURE = "unknown.figure"
"""The sentence of a row whose figure no source names and the workspace has not set: it gives no finding, as the facts format
wants it, but whoever asks the row is told that nobody can tell."""

Value = str | int | Decimal | datetime | date | Money | Word
"""What a sentence may be filled with."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The thing a duty is about; None stands for the store as a whole."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Why:
    """One sentence with the facts and figures used: the name of a template and what fills it."""

    text: str
    values: Mapping[str, Value]

    def say(self, language: Language, zone: ZoneInfo) -> str:
        """The sentence, with instants told in `zone` (the store's). Raises KeyError for an unknown template."""
        return wording.say(self.text, self.values, language, zone)

    def brief(self, language: Language, zone: ZoneInfo) -> str:
        """The same facts in short, for the second line of a list: joined by a dot, no full stop."""
        return wording.brief(self.text, self.values, language, zone)


@dataclass(frozen=True, slots=True)
class Stake:
    """What is lost. `money` says which amount measures it: the order's total, the balance, the store's value, none."""

    name: str
    money: Literal["order", "balance", "store", "none"]

    def say(self, language: Language) -> str:
        return wording.phrase("stakes", self.name, language)


@dataclass(frozen=True, slots=True)
class TermsRef:
    """Which terms decided: enough for the page to say why, and for a replay to find them again.

    `figures` are the platform's; `own` those of the workspace where it has tightened the rule, else None.
    """

    rule: str
    from_: date | None
    to: date | None
    figures: Mapping[str, Decimal]
    own: Mapping[str, Decimal] | None
    unit: str | None
    source: tuple[str, ...]
    read_on: date
    confidence: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something owed by an instant.

    `reached`: `at` is broken at `due_at` itself (a streak or age, C3), `after` only when now is later (C4, C5). `lead` is how
    long before `due_at` it shows as at risk, None for never. `done_at` is when it was met (late stays a breach, C19), `void_at`
    when it ceased to be owed (cancelled, withdrawn). Before `starts_at` it is not known yet. One obligation is told from
    another by (rule, subject, starts_at).
    """

    rule: str
    subject: Subject | None
    starts_at: datetime
    due_at: datetime
    done_at: datetime | None
    void_at: datetime | None
    lead: timedelta | None
    severity: Severity
    reached: Literal["at", "after"]
    terms: TermsRef
    why: Why
    stake: Stake


@dataclass(frozen=True, slots=True)
class Reading:
    """A gauge, flag, band, remedy, missing fact or forbidden text, judged at `now`.

    `severity` is that of the finding (None for `ok` and `not_applicable`). `value` and `limit` are in `unit`; `comparator` says
    when the limit is broken (`>=`: value at or over it). `valid_until` is the first instant at which it must be judged again
    without new data (age, expiry, change of terms), None where only new data can change it.
    """

    rule: str
    subject: Subject | None
    state: State
    severity: Severity | None
    value: Decimal | str | None
    unit: str | None
    limit: Decimal | None
    comparator: str | None
    as_of: datetime | None
    valid_until: datetime | None
    terms: TermsRef
    why: Why
    stake: Stake


Duty = Obligation | Reading


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to tell a person: a duty at risk, broken, on offer, or not to be told."""

    rule: str
    state: State
    severity: Severity
    due_at: datetime | None
    subject: Subject | None
    consequence: str
    why: Why
    terms: TermsRef
    stake: Stake
    starts_at: datetime | None
    value: Decimal | str | None = None
    unit: str | None = None
    limit: Decimal | None = None
    comparator: str | None = None
    as_of: datetime | None = None
