"""What differs between two days, or between two versions of the rules: which rules began, ended, or demand more or less."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from .terms import Book, Rule, Span, looser
from .types import Severity

Kind = Literal["began", "ended", "changed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A rule that is not the same on two days: figures as (before, after) by name, None where there was or is none.

    `demands`: whether it demands more, less, or something that cannot be compared. `severity` of the change: the rule's own
    where it demands more or began, one level lower where that cannot be told, info where it demands less or ended.
    """

    platform: str
    rule: Rule
    kind: Kind
    day: date
    """The first day on which the new terms hold."""
    demands: Literal["more", "less", "other"]
    figures: Mapping[str, tuple[Decimal | None, Decimal | None]] = field(default_factory=dict)
    before: Span | None = None
    after: Span | None = None

    @property
    def severity(self) -> Severity:
        match self.demands:
            case "more":
                return self.rule.severity
            case "other":
                return self.rule.severity.one_lower
            case "less":
                return Severity.INFO


def differences(
    rules: Book, first: date, last: date, *, platform: str | None = None, region: str | None = None
) -> list[Difference]:
    """What holds otherwise on `last` than on `first`, the gravest first. Own figures count like the platform's."""
    found = []
    for folder, rule in rules:
        if platform in (None, folder) and (region is None or "all" in rule.regions or region in rule.regions):
            one, other = _on(rule, first), _on(rule, last)
            if (difference := _difference(folder, rule, one, other, last)) is not None:
                found.append(difference)
    return sorted(found, key=lambda d: (-d.severity.rank, d.day, d.rule.id))


def compared(before: Book, after: Book, day: date) -> list[Difference]:
    """What one book says otherwise than another on a day: of a draft and what is in force."""
    found = []
    for folder, rule in after:
        difference = _difference(folder, rule, _on(before.rule(rule.id), day), _on(rule, day), day)
        if difference is not None:
            found.append(difference)
    return found


def _on(rule: Rule, day: date) -> Span | None:
    return next((span for span in rule.terms if span.holds_on(day)), None)


def _difference(platform: str, rule: Rule, one: Span | None, other: Span | None, last: date) -> Difference | None:
    if one is other:
        return None
    if one is None or other is None:
        kind: Kind = "began" if one is None else "ended"
        day = other.from_ or last if other is not None else (one.to if one is not None else None) or last
        old, new = effective(one), effective(other)
        figures = {name: (old.get(name), new.get(name)) for name in {**old, **new}}
        return Difference(platform, rule, kind, day, "more" if one is None else "less", figures, one, other)
    old, new = effective(one), effective(other)
    figures = {name: (old.get(name), new.get(name)) for name in {**old, **new} if old.get(name) != new.get(name)}
    if not figures and (one.unit, one.comparator, one.window) == (other.unit, other.comparator, other.window):
        return None
    return Difference(platform, rule, "changed", other.from_ or last, _demands(one, other, figures), figures, one, other)


def effective(span: Span | None) -> dict[str, Decimal]:
    """The figures that judge: the platform's with the workspace's own over them."""
    return {} if span is None else {**span.figures, **span.own}


def _demands(
    one: Span, other: Span, figures: Mapping[str, tuple[Decimal | None, Decimal | None]]
) -> Literal["more", "less", "other"]:
    if one.comparator != other.comparator or one.comparator in ("in", "is", "==") or not figures:
        return "other"
    sides = {looser(other, new, old) if old is not None and new is not None else None for old, new in figures.values()}
    return "other" if len(sides) > 1 or None in sides else ("less" if sides == {True} else "more")
