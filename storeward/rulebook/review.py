"""Rules that somebody must look up again: how long a source is believed is data, and a look at it is written down."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import msgspec
from django.db import transaction

from storeward.audit.record import record
from storeward.policy.terms import INTERNAL, Book, Rule, Span, book
from storeward.rulebook.errors import NotThere, Refused
from storeward.rulebook.force import Rulebook, changed, rulebooks, terms_in_force
from storeward.rulebook.models import RuleReview

FILE = Path(__file__).parent / "reviews.toml"


class _Intervals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    days: dict[str, int]
    """By confidence: so many days after it was read a source is looked up again."""


@cache
def intervals() -> dict[str, timedelta]:
    """By confidence: how long a source is believed."""
    held = msgspec.convert(tomllib.loads(FILE.read_text("utf-8")), _Intervals)
    return {confidence: timedelta(days=days) for confidence, days in held.days.items()}


@transaction.atomic
def reviewed(workspace_id: int, rule_id: str, *, day: date, note: str, by: str, now: datetime) -> RuleReview:
    """Somebody has looked a rule up. Raises NotThere for a rule that is none, Refused without a word of what was found."""
    if day > now.date() + timedelta(days=1):  # it may be tomorrow already where the person sits
        raise Refused("day: it is still to come; give the day on which you looked it up.")
    if not note.strip():
        raise Refused("note: say what you found, or that it stands as it is.")
    try:
        rule = terms_in_force(workspace_id, now).rule(rule_id)
    except KeyError:
        raise NotThere(f"{rule_id} is no rule") from None
    row = RuleReview.objects.create(workspace_id=workspace_id, rule=rule.id, day=day, note=note.strip()[:300], by=by, at=now)
    record(
        workspace_id=workspace_id,
        at=now,
        actor=by,
        action="rulebook.review",
        subject=f"rule:{rule.id}",
        after={"day": day.isoformat(), "note": row.note},
    )
    changed(workspace_id, now, judges=False)
    return row


@dataclass(frozen=True, slots=True)
class Due:
    """A rule whose source must be looked up by a day."""

    workspace_id: int
    platform: str
    rule: Rule
    by_day: date
    read_on: date


def overdue(workspace_ids: Iterable[int], *, now: datetime) -> list[Due]:
    """Rules of each workspace whose time is up, the longest overdue first; one query, and none where nothing can be due yet.

    Only rules that judge something: a definition that nobody reads can wait for those who do.
    """
    ids, today = sorted(set(workspace_ids)), now.date()
    held = rulebooks(ids)
    found = [due for i in ids for due in _of_workspace(held[i], now) if due.by_day < today]
    return sorted(found, key=lambda due: (due.by_day, due.workspace_id, due.rule.id))


def _of_workspace(held: Rulebook, now: datetime) -> Sequence[Due]:
    if not held.versions and not held.reviews:
        return [Due(held.workspace_id, due.platform, due.rule, due.by_day, due.read_on) for due in _as_delivered(now.date())]
    return _due(held.at(now), held.workspace_id, dict(held.reviews or {}), now.date())


@cache
def _as_delivered(today: date) -> tuple[Due, ...]:
    """What is due on a day by the product's own data: the same for every workspace that has said nothing."""
    return tuple(due for due in _due(book(), 0, {}, today) if due.by_day < today)


def _due(rules: Book, workspace_id: int, reviews: dict[str, date], today: date) -> list[Due]:
    found = []
    for platform, rule in rules:
        span = next((span for span in rule.terms if span.holds_on(today)), None)
        if span is not None and rule.form is not None and platform != INTERNAL:
            found.append(Due(workspace_id, platform, rule, due_on(span, reviews.get(rule.id)), span.read_on))
    return found


def due_on(span: Span, reviewed_on: date | None) -> date:
    """By when a source must be looked up: so long after it was read, or looked at since."""
    last = span.read_on if reviewed_on is None else max(span.read_on, reviewed_on)
    return last + intervals()[span.confidence]
