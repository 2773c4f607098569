"""Versions of rules: drafted by a person, tried over history, published from a day on, withdrawn when they were wrong.

A draft counts nowhere. What was published is never edited: it is withdrawn, and a new one drafted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from storeward.audit.record import record
from storeward.policy.terms import BadTerms, Book, book
from storeward.policy.versions import Change, as_data, assemble, of_data, read_draft, whole
from storeward.rulebook.errors import NotThere, Refused
from storeward.rulebook.force import changed, terms_in_force
from storeward.rulebook.models import Announcement, AnnouncementState, Version, VersionState

ASKED = 3
"""Questions of a version: few enough for two minutes."""


class Choice(msgspec.Struct, frozen=True):
    """A text in both languages."""

    en: str
    zh: str

    def said(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


class Question(msgspec.Struct, frozen=True):
    """A question with its choices; `right` is the place of the right one."""

    ask: Choice
    choices: tuple[Choice, ...]
    right: int


# -- drafts --------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def draft(
    workspace_id: int,
    *,
    title: str,
    text: str,
    by: str,
    now: datetime,
    note: str = "",
    questions: Sequence[Question] = (),
    announcement_id: int | None = None,
) -> Version:
    """A new draft. Raises Refused naming what cannot be read of text or questions, NotThere for a foreign announcement."""
    announcement = _announcement(workspace_id, announcement_id)
    version = Version.objects.create(
        workspace_id=workspace_id,
        title=_title(title),
        text=text,
        changes=_changes(workspace_id, text, now),
        note=note.strip(),
        questions=_checked(questions),
        announcement=announcement,
        drafted_by=by,
        drafted_at=now,
    )
    if announcement is not None:
        Announcement.objects.filter(pk=announcement.pk).update(state=AnnouncementState.TAKEN)
    _record(version, "draft", by, now)
    return version


@transaction.atomic
def edit(
    version_id: int,
    *,
    workspace_id: int,
    title: str,
    text: str,
    by: str,
    now: datetime,
    note: str = "",
    questions: Sequence[Question] = (),
) -> Version:
    """Write a draft anew. Raises Refused once it was published."""
    version = _held(version_id, workspace_id)
    if version.state != VersionState.DRAFT:
        raise Refused("What was published is not edited: withdraw it, and draft a new version.")
    version.title, version.text, version.note = _title(title), text, note.strip()
    version.changes, version.questions = _changes(workspace_id, text, now), _checked(questions)
    version.save(update_fields=["title", "text", "note", "changes", "questions"])
    _record(version, "edit", by, now)
    return version


def _title(title: str) -> str:
    if not title.strip():
        raise Refused("title: give the version a short name.")
    return title.strip()[:200]


def _changes(workspace_id: int, text: str, now: datetime) -> list[dict[str, Any]]:
    """What the text says, against the terms in force. An announcement's draft may say nothing yet."""
    if not text.strip():
        return []
    return [as_data(change) for change in read_changes(terms_in_force(workspace_id, now), text)]


def read_changes(rules: Book, text: str) -> tuple[Change, ...]:
    """What a draft's text changes, checked: raises Refused where it cannot be read or does not fit the rules."""
    try:
        changes = read_draft(text, rules)
    except BadTerms as error:
        raise Refused(str(error)) from None
    laid = assemble(rules, changes)
    for rule_id in dict.fromkeys(change.rule for change in changes):
        if wrong := whole(laid.rule(rule_id)):
            raise Refused(wrong[0])
    return changes


def _checked(questions: Sequence[Question]) -> list[Any]:
    if questions and len(questions) != ASKED:
        raise Refused(f"questions: ask {ASKED}, or none.")
    for number, question in enumerate(questions, start=1):
        texts = [question.ask, *question.choices]
        if len(question.choices) < 2 or not 0 <= question.right < len(question.choices):
            raise Refused(f"questions[{number}]: give two choices or more, and say which one is right.")
        if not all(text.en.strip() and text.zh.strip() for text in texts):
            raise Refused(f"questions[{number}]: say it in both languages.")
    return [msgspec.to_builtins(question) for question in questions]


def _announcement(workspace_id: int, announcement_id: int | None) -> Announcement | None:
    if announcement_id is None:
        return None
    found = Announcement.objects.filter(pk=announcement_id, workspace_id=workspace_id).first()
    if found is None:
        raise NotThere("There is no such announcement.")
    return found


# -- in force ------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def publish(version_id: int, *, workspace_id: int, by: str, now: datetime) -> Version:
    """Let a draft count, each change from its own day on. Raises Refused where it changes nothing or was published already."""
    version = _held(version_id, workspace_id)
    if version.state != VersionState.DRAFT:
        raise Refused("It was published already.")
    version.changes = _changes(workspace_id, version.text, now)  # what is in force may have changed since it was drafted
    if not version.changes:
        raise Refused("It changes no rule yet: write the new terms first.")
    version.state, version.published_at, version.published_by = VersionState.PUBLISHED, now, by
    version.save(update_fields=["state", "changes", "published_at", "published_by"])
    _record(version, "publish", by, now)
    changed(workspace_id, now)
    return version


@transaction.atomic
def withdraw(version_id: int, *, workspace_id: int, by: str, now: datetime, why: str) -> Version:
    """Take a published version back: from now on it counts no more. Raises Refused for a draft, or without a reason."""
    if not why.strip():
        raise Refused("why: say in a few words what was wrong with it.")
    version = _held(version_id, workspace_id)
    if version.state != VersionState.PUBLISHED:
        raise Refused("Only what was published and counts can be withdrawn.")
    version.state, version.withdrawn_at, version.withdrawn_by = VersionState.WITHDRAWN, now, by
    version.save(update_fields=["state", "withdrawn_at", "withdrawn_by"])
    _record(version, "withdraw", by, now, why=why.strip()[:300])
    changed(workspace_id, now)
    return version


def _record(version: Version, deed: str, by: str, now: datetime, **more: Any) -> None:
    rules = sorted({change["rule"] for change in version.changes})
    record(
        workspace_id=version.workspace_id,
        at=now,
        actor=by,
        action=f"rulebook.{deed}",
        subject=f"version:{version.pk}",
        after={"title": version.title, "rules": rules, **more},
    )


# -- what there is -------------------------------------------------------------------------------------------------------------


def one(version_id: int, *, workspace_id: int) -> Version:
    """Raises NotThere."""
    found = Version.objects.filter(pk=version_id, workspace_id=workspace_id).first()
    if found is None:
        raise NotThere("There is no such version.")
    return found


def _held(version_id: int, workspace_id: int) -> Version:
    """The same, locked: two people who press at once do not undo each other."""
    found = Version.objects.select_for_update().filter(pk=version_id, workspace_id=workspace_id).first()
    if found is None:
        raise NotThere("There is no such version.")
    return found


def listed(workspace_id: int, *, state: str | None = None, limit: int = 100) -> list[Version]:
    """Versions, the latest first."""
    found = Version.objects.filter(workspace_id=workspace_id).order_by("-drafted_at", "-pk")
    return list((found.filter(state=state) if state is not None else found)[:limit])


def changes_of(version: Version) -> tuple[Change, ...]:
    """What a version changes, as the engine takes it."""
    return tuple(of_data(change) for change in version.changes)


def questions_of(version: Version) -> tuple[Question, ...]:
    return tuple(msgspec.convert(question, Question) for question in version.questions)


@dataclass(frozen=True, slots=True)
class Past:
    """Terms of a rule in the order of their days; `version` is that which brought them, None for the product's data."""

    change: Change
    version: Version | None


def history(workspace_id: int, rule_id: str) -> list[Past]:
    """Everything that was ever said of a rule here: the product's terms, then every version, withdrawn ones too.

    Raises NotThere for a rule that is none.
    """
    try:
        rule = book().rule(rule_id)
    except KeyError:
        raise NotThere(f"{rule_id} is no rule") from None
    held = Version.objects.filter(workspace_id=workspace_id, changes__contains=[{"rule": rule_id}]).order_by("drafted_at", "pk")
    brought = [Past(change, version) for version in held for change in changes_of(version) if change.rule == rule_id]
    return [*(Past(Change(rule.id, span), None) for span in rule.terms), *brought]


def as_said(questions: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Questions from plain values, e.g. of a file. Raises Refused naming what does not fit."""
    try:
        return msgspec.convert(list(questions), tuple[Question, ...])
    except msgspec.ValidationError as error:
        raise Refused(f"questions: {error}") from None
