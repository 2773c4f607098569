"""Texts that a rule forbids: which form a text has is a classifier's answer, which row the form breaks is data (C28)."""

from collections.abc import Callable
from dataclasses import dataclass

from storeward import conduct as guard
from storeward.policy.facts import OutgoingMessage, ReviewRequest
from storeward.policy.terms import Row, Rule
from storeward.policy.types import State, Subject
from storeward.policy.wording import Word

from .base import Context, Duties, Params, because, params, reading, unknown

REPEATED = "repeat_solicit"


@dataclass(frozen=True, slots=True)
class Forms:
    """What a text is found to be: the forbidden forms in it, and whether it asks for a review in whatever tone."""

    found: frozenset[str]
    asks_for_review: bool = False


Classifier = Callable[[str, str | None], Forms | None]
"""Text and language hint in, forms out; None where the text could not be checked."""


def checks_nothing(text: str, lang: str | None) -> Forms | None:
    """The classifier of an installation without one: every text stays unchecked, and is never called fine."""
    return None


def by_guard(text: str, lang: str | None) -> Forms:
    """What the conduct guard finds; a text that it only suspects has no form here: a person decides."""
    verdict = guard.check(text, language=lang)
    found = verdict.forms if verdict.outcome is guard.Outcome.BLOCK else ()
    return Forms(frozenset(found), verdict.asks_for_review)


class ConductParams(Params, frozen=True):
    """The forms that break the row; `category` of a violation that the platform records for the same (judged by `violations`)."""

    forms: tuple[str, ...]
    category: str = ""


def duties(ctx: Context, rules: tuple[Rule, ...], classify: Classifier) -> Duties:
    """One finding for each message and row; texts that could not be checked make the row unknown, once."""
    messages = ctx.fact("outgoing_messages", ctx.facts.outgoing_messages)
    if messages is None:
        for row in ctx.rows(rules):
            yield unknown(ctx, row, "outgoing_messages", as_of=ctx.source_age("outgoing_messages"))
    if not isinstance(messages, tuple):
        return
    checked = [(message, _forms(ctx, message, classify)) for message in messages]
    for row in ctx.rows(rules):
        yield from _row(ctx, row, checked)


def _row(ctx: Context, row: Row, checked: list[tuple[OutgoingMessage, frozenset[str] | None]]) -> Duties:
    forbidden = params(row.rule, ConductParams).forms
    if any(forms is None for _, forms in checked):
        unchecked = sum(forms is None for _, forms in checked)
        yield reading(ctx, row, State.UNKNOWN, because("conduct.unchecked", count=unchecked))
    for message, forms in checked:
        hits = [form for form in forbidden if form in (forms or ())]
        if hits:
            why = because("conduct.found", form=Word(hits[0]))
            yield reading(ctx, row, State.BREACHED, why, subject=Subject("message", message.id), value=hits[0])


def _forms(ctx: Context, message: OutgoingMessage, classify: Classifier) -> frozenset[str] | None:
    forms = classify(message.text, message.lang if isinstance(message.lang, str) else None)
    if forms is None:
        return None
    return forms.found | {REPEATED} if forms.asks_for_review and _asked_before(ctx, message) else forms.found


def _asked_before(ctx: Context, message: OutgoingMessage) -> bool:
    """Whether the same order had a request for a review before (C28)."""
    history = ctx.facts.review_request_history
    requests: tuple[ReviewRequest, ...] = history if isinstance(history, tuple) else ()
    return any(request.order_id == message.order_id and request.at <= ctx.now for request in requests)
