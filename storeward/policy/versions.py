"""Versions of rules laid over the data: terms that a team publishes, and its own tighter figures, each from its date.

    product's data + published changes + own figures -> Book

Nothing is edited: a change cuts the terms before it off at its first day. An own figure holds from its date beside the
platform's; where the platform itself comes to demand more, the platform's figure counts again.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal

import msgspec
from msgspec.structs import replace as changed

from .terms import BadTerms, Book, NotTightening, Rule, Span, check_own, looser, settable


@dataclass(frozen=True, slots=True)
class Change:
    """New terms of one rule from a day on (`span.from_`); `ends`: from that day on it has none."""

    rule: str
    span: Span
    ends: bool = False

    @property
    def day(self) -> date:
        """The first day on which it holds."""
        if self.span.from_ is None:
            raise BadTerms(f"{self.rule}: from is missing: a change holds from a day on")
        return self.span.from_


@dataclass(frozen=True, slots=True)
class Own:
    """A workspace's own figures of a rule, from a day (inclusive) to a day (exclusive; None: until further notice)."""

    rule: str
    figures: Mapping[str, Decimal]
    from_: date
    to: date | None = None


def assemble(base: Book, changes: Sequence[Change], own: Sequence[Own] = ()) -> Book:
    """The book with these laid over it, later ones over earlier ones; `base` itself where nothing is.

    Raises KeyError for an unknown rule. An own figure that has become looser than the platform's is left out.
    """
    touched = {change.rule for change in changes} | {entry.rule for entry in own}
    if not touched:
        return base
    fresh = {rule_id: _rewritten(base.rule(rule_id), changes, own) for rule_id in touched}
    rules = {platform: tuple(fresh.get(rule.id, rule) for rule in held) for platform, held in base.rules.items()}
    return replace(base, rules=rules)


def _rewritten(rule: Rule, changes: Sequence[Change], own: Sequence[Own]) -> Rule:
    spans = rule.terms
    for change in changes:
        if change.rule == rule.id:
            spans = overlay(spans, change)
    for entry in own:
        if entry.rule == rule.id:
            spans = tuple(piece for span in spans for piece in _tightened(rule, span, entry))
    return changed(rule, terms=spans)


def overlay(spans: Sequence[Span], change: Change) -> tuple[Span, ...]:
    """Terms with one more laid over them: what held before its first day stays, and what holds after its last."""
    first, last = change.day, change.span.to
    kept = [piece for span in spans for piece in (_until(span, first), None if last is None else _since(span, last))]
    pieces = [piece for piece in kept if piece is not None]
    if not change.ends:
        pieces.append(change.span)
    return tuple(sorted(pieces, key=lambda span: span.from_ or date.min))


def _until(span: Span, day: date) -> Span | None:
    """The part of the terms before a day; None where there is none."""
    if span.from_ is not None and span.from_ >= day:
        return None
    return span if span.to is not None and span.to <= day else changed(span, to=day)


def _since(span: Span, day: date) -> Span | None:
    """The part of the terms from a day on; None where there is none."""
    if span.to is not None and span.to <= day:
        return None
    return span if span.from_ is not None and span.from_ >= day else changed(span, from_=day)


def _tightened(rule: Rule, span: Span, own: Own) -> Iterable[Span]:
    """The terms cut at the days of an own figure, with the figure in the part where it holds."""
    before, after = _until(span, own.from_), None if own.to is None else _since(span, own.to)
    inside = _since(span, own.from_)
    if inside is not None and own.to is not None:
        inside = _until(inside, own.to)
    if before is not None:
        yield before
    if inside is not None:
        yield changed(inside, own=_counting(rule, inside, own))
    if after is not None:
        yield after


def _counting(rule: Rule, span: Span, own: Own) -> dict[str, Decimal]:
    """The own figures that demand more than these terms do, beside those that were there."""
    able = settable(rule, span)
    tighter = {
        name: figure
        for name, figure in own.figures.items()
        if name in able and not (name in span.figures and looser(span, figure, span.figures[name]))
    }
    return {**span.own, **tighter}


def check_tightening(rules: Book, own: Own) -> None:
    """Raise NotTightening where a figure is looser than the platform's in any terms that hold from its day on, or cannot be set
    there; KeyError for an unknown rule."""
    rule = rules.rule(own.rule)
    spans = [span for span in rule.terms if span.to is None or span.to > own.from_]
    if not spans:
        raise NotTightening(f"{rule.id}: no terms hold on {own.from_} or later")
    for name, figure in own.figures.items():
        for span in spans:
            check_own(rule, span, name, figure)


# -- reading a draft ----------------------------------------------------------------------------------


class _Draft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[change]]`: what is left out stays as it is on that day."""

    rule: str
    from_: date = msgspec.field(name="from")
    to: date | None = None
    figures: dict[str, Decimal] = {}
    source: tuple[str, ...]
    read_on: date
    confidence: Literal["seed", "official", "third-party", "uncertain"]
    unit: str | None = None
    comparator: Literal["within", "<", "<=", ">", ">=", "==", "in", "is"] | None = None
    window: int | None = None
    note: str | None = None
    ends: bool = False


class _Drafts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    change: tuple[_Draft, ...]


def read_draft(text: str, rules: Book) -> tuple[Change, ...]:
    """The changes of a draft written as TOML, against the terms that hold.

    Raises BadTerms naming rule and field: unknown rules, figures that the rule does not read, missing sources, days in a row that
    is no row.
    """
    try:
        drafts = msgspec.convert(tomllib.loads(text, parse_float=Decimal), _Drafts).change
    except tomllib.TOMLDecodeError as error:
        raise BadTerms(f"the draft is not TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise BadTerms(f"the draft: {error}") from None
    if not drafts:
        raise BadTerms("the draft: change is missing: it changes no rule")
    return tuple(_change(draft, rules) for draft in drafts)


def _change(draft: _Draft, rules: Book) -> Change:
    try:
        rule = rules.rule(draft.rule)
    except KeyError:
        raise BadTerms(f"{draft.rule}: rule is not known") from None
    if not draft.source or not all(text.strip() for text in draft.source):
        raise BadTerms(f"{rule.id}: source is missing")
    if draft.to is not None and draft.to <= draft.from_:
        raise BadTerms(f"{rule.id}: to is not after from")
    before = next((span for span in rule.terms if span.holds_on(draft.from_)), rule.terms[-1])
    _check_figures(rule, draft.figures, before)
    span = Span(
        source=draft.source,
        read_on=draft.read_on,
        confidence=draft.confidence,
        from_=draft.from_,
        to=draft.to,
        figures={**before.figures, **draft.figures},
        unit=draft.unit or before.unit,
        comparator=draft.comparator or before.comparator,
        window=draft.window or before.window,
        note=draft.note,
    )
    return Change(rule.id, span, draft.ends)


def _check_figures(rule: Rule, figures: Mapping[str, Decimal], before: Span) -> None:
    """Figures that no terms of the rule know would be read by nobody."""
    known = {*rule.asks, *(name for span in rule.terms for name in span.figures)}
    for name, figure in figures.items():
        if name not in known:
            raise BadTerms(
                f"{rule.id}: figures.{name} is none of the rule's figures: {', '.join(sorted(known)) or 'it has none'}"
            )
        if not figure.is_finite():
            raise BadTerms(f"{rule.id}: figures.{name} is no number")
        if before.comparator == "within" and figure < 0:
            raise BadTerms(f"{rule.id}: figures.{name} is below zero: nothing can be due before it began")


def figure_draft(
    rules: Book, rule_id: str, figures: Mapping[str, Decimal], *, from_: date, source: str, read_on: date, confidence: str
) -> str:
    """A draft that changes figures of one rule, as text for `read_draft`: what a form writes."""
    held = ", ".join(f"{name} = {figure:f}" for name, figure in figures.items())
    lines = [
        "[[change]]",
        f"rule = {_quoted(rules.rule(rule_id).id)}",
        f"from = {from_.isoformat()}",
        f"figures = {{ {held} }}",
        f"source = [{_quoted(source)}]",
        f"read_on = {read_on.isoformat()}",
        f"confidence = {_quoted(confidence)}",
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's are the same where control characters are escaped."""
    return msgspec.json.encode(text).decode()


def whole(rule: Rule) -> list[str]:
    """What is wrong with the terms of a rule after changes: spans that overlap, or end before they begin."""
    found = [f"{rule.id}: a span ends before it begins" for s in rule.terms if s.from_ and s.to and s.from_ >= s.to]
    for one, other in pairwise(rule.terms):
        if one.to is None or other.from_ is None or one.to > other.from_:
            found.append(f"{rule.id}: spans overlap")
    return found


def as_data(change: Change) -> dict[str, Any]:
    """A change as plain values for JSON; `of_data` reads it."""
    return {"rule": change.rule, "ends": change.ends, "span": msgspec.to_builtins(change.span, enc_hook=str, builtin_types=())}


def of_data(data: Mapping[str, Any]) -> Change:
    """A change that `as_data` wrote."""
    return Change(data["rule"], msgspec.convert(data["span"], Span, strict=False), data["ends"])
