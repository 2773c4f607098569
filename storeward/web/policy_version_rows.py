"""Versions as rows: where each stands, and what it changes of each rule beside what holds without it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import Http404
from django.utils.translation import gettext as _

from storeward.policy.changes import Difference, compared
from storeward.policy.terms import Book
from storeward.policy.versions import Change, assemble
from storeward.rulebook.models import Version
from storeward.rulebook.versions import changes_of
from storeward.stores.models import Store
from storeward.web import formats, words
from storeward.web.frame import Visit
from storeward.web.policy_changes import touched
from storeward.web.policy_desk import Desk, clock, day, desk, link, stores_of
from storeward.web.policy_words import (
    STATE_MARKS,
    address_of,
    change_text,
    demands_word,
    difference_word,
    figure_name,
    state_word,
    title_of,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A version in a list or at the head of its page."""

    id: int
    href: str
    title: str
    state: str
    word: str
    mark: str
    rules: tuple[tuple[str, str, str], ...]
    drafted: str
    published: str
    withdrawn: str
    read: int = 0


def row_of(visit: Visit, at: Desk, version: Version, *, read: int = 0) -> Row:
    ids = sorted({change["rule"] for change in version.changes})
    known = {rule.id: rule for _platform, rule in at.rules}

    def told(by: str, instant: datetime | None) -> str:
        return f"{by}, {clock(visit, instant)}" if instant else ""

    return Row(
        id=version.pk,
        href=link(at, f"/policy/versions/{version.pk}/"),
        title=version.title,
        state=version.state,
        word=state_word(version.state),
        mark=STATE_MARKS.get(version.state, "info"),
        rules=tuple(
            (name, title_of(known[name], visit.language) if name in known else name, link(at, f"/policy/rule/{name}/"))
            for name in ids
        ),
        drafted=told(version.drafted_by, version.drafted_at),
        published=told(version.published_by, version.published_at),
        withdrawn=told(version.withdrawn_by, version.withdrawn_at),
        read=read,
    )


def version_for(visit: Visit, version_id: int) -> tuple[Desk, Version]:
    """The version and its team's desk, if it is of a team of the person's. Raises Http404 otherwise."""
    own = visit.person.membership_set.values("workspace_id")
    found = Version.objects.filter(pk=version_id, workspace_id__in=own).select_related("announcement").first()
    if found is None:
        raise Http404
    return desk(visit, found.workspace_id), found


@dataclass(frozen=True, slots=True)
class Changed:
    """What a version changes of one rule, beside what is in force."""

    id: str
    href: str
    title: str
    kind: str
    demands: str
    worse: bool
    figures: tuple[str, ...]
    since: str
    until: str
    confidence: str
    sources: tuple[tuple[str, str], ...]
    stores: int


def changed_rows(visit: Visit, at: Desk, version: Version) -> list[Changed]:
    """One row a change, told against what holds without the version: it may count already."""
    others = tuple(one for one in at.held.versions if one.id != version.pk)
    base, stores = replace(at.held, versions=others).at(at.now), stores_of(visit, at)
    return [_changed(visit, at, change, base, stores) for change in changes_of(version) if change.rule in rules_known(base)]


def rules_known(rules: Book) -> set[str]:
    return {rule.id for _platform, rule in rules}


def _changed(visit: Visit, at: Desk, change: Change, base: Book, stores: Sequence[Store]) -> Changed:
    """Compared on the first day on which it holds."""
    rule = base.rule(change.rule)
    other = next(iter(compared(base, assemble(base, [change]), change.day)), None)
    return Changed(
        id=rule.id,
        href=link(at, f"/policy/rule/{rule.id}/"),
        title=title_of(rule, visit.language),
        kind=difference_word(other.kind) if other else _("the same figures"),
        demands=demands_word(other.demands) if other and other.kind == "changed" else "",
        worse=other is not None and other.demands == "more",
        figures=_figures(other, change),
        since=day(visit, change.day),
        until=day(visit, change.span.to),
        confidence=words.confidence_word(change.span.confidence),
        sources=tuple((source, address_of(source)) for source in change.span.source),
        stores=len(touched(stores, base.platform_of(rule.id), rule)),
    )


def _figures(other: Difference | None, change: Change) -> tuple[str, ...]:
    if other is not None:
        return tuple(change_text(name, old, new) for name, (old, new) in other.figures.items())
    return tuple(f"{figure_name(name)} {formats.number(figure)}" for name, figure in change.span.figures.items())
