"""The terms in force: the product's data, what a workspace has published, and its own figures, as the engine judges by them.

Assembled once for each state of a rulebook and kept: a workspace that has changed nothing shares the product's own book.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from uuid import UUID, uuid4

from django.db import connection, transaction

from storeward.policy.terms import Book, book
from storeward.policy.versions import Change, Own, assemble, of_data
from storeward.rulebook.models import OwnFigure, Revision, RuleReview, Version, VersionState


@dataclass(frozen=True, slots=True)
class Published:
    """A version that counts or has counted."""

    id: int
    changes: tuple[Change, ...]
    published_at: datetime
    withdrawn_at: datetime | None

    def counts(self, now: datetime) -> bool:
        return self.published_at <= now and (self.withdrawn_at is None or self.withdrawn_at > now)


@dataclass(frozen=True, slots=True)
class Figure:
    """An own figure as it was set; None ends the one before."""

    id: int
    rule: str
    name: str
    figure: Decimal | None
    from_day: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything that a workspace has ever said of rules: what counts at an instant is chosen from it."""

    workspace_id: int
    versions: tuple[Published, ...] = ()
    figures: tuple[Figure, ...] = ()
    reviews: Mapping[str, date] | None = None
    """The last review of each rule."""

    def at(self, now: datetime) -> Book:
        """The book that counted at an instant."""
        versions = [version for version in self.versions if version.counts(now)]
        figures = [figure for figure in self.figures if figure.at <= now]
        key = tuple(v.id for v in versions), tuple(f.id for f in figures)
        if key == ((), ()):
            return book()
        if (known := _assembled.get((self.workspace_id, *key))) is None:
            changes = [change for version in versions for change in version.changes]
            known = assemble(book(), changes, intervals(figures))
            if len(_assembled) >= _KEPT:
                _assembled.pop(next(iter(_assembled)))
            _assembled[(self.workspace_id, *key)] = known
        return known


_KEPT = 256
_assembled: dict[tuple[int, tuple[int, ...], tuple[int, ...]], Book] = {}
"""Books by workspace and what they were made of: that never changes, so an entry is true for good."""


_Interval = tuple[date, date | None, Decimal]


def intervals(figures: Iterable[Figure]) -> list[Own]:
    """Own figures with the days on which each holds: a later word counts from its day on, whatever was said for that time."""
    held: dict[tuple[str, str], list[_Interval]] = {}
    for figure in sorted(figures, key=lambda f: (f.at, f.id)):
        before = held.get((figure.rule, figure.name), [])
        kept = [_cut(span, figure.from_day) for span in before if span[0] < figure.from_day]
        held[figure.rule, figure.name] = kept
        if figure.figure is not None:
            kept.append((figure.from_day, None, figure.figure))
    return [Own(rule, {name: f}, a, b) for (rule, name), spans in held.items() for a, b, f in spans]


def _cut(span: _Interval, day: date) -> _Interval:
    """Ends by that day at the latest."""
    first, last, figure = span
    return first, day if last is None else min(last, day), figure


# -- reading -----------------------------------------------------------------------------------------------------------------


def terms_in_force(workspace_id: int, now: datetime) -> Book:
    """The book of a workspace at an instant, of the past too: with what it had published and set by then. One query, mostly."""
    return books([workspace_id], now)[workspace_id]


def books(workspace_ids: Iterable[int], now: datetime) -> dict[int, Book]:
    """The same for several workspaces."""
    return {workspace_id: held.at(now) for workspace_id, held in rulebooks(workspace_ids).items()}


def rulebooks(workspace_ids: Iterable[int]) -> dict[int, Rulebook]:
    """All that these workspaces have said; one query where nothing has changed since the last time."""
    ids = sorted(set(workspace_ids))
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, mark FROM rulebook_revision WHERE workspace_id = ANY(%s)", [ids])
        marks = dict(cursor.fetchall())
    return {i: _rulebook(i, marks[i]) if i in marks else Rulebook(i) for i in ids}


@lru_cache(maxsize=1024)
def _rulebook(workspace_id: int, mark: UUID) -> Rulebook:
    """What is held at that mark."""
    return Rulebook(workspace_id, _versions(workspace_id), _figures(workspace_id), _reviews(workspace_id))


def _versions(workspace_id: int) -> tuple[Published, ...]:
    found = Version.objects.filter(workspace_id=workspace_id).exclude(state=VersionState.DRAFT).order_by("published_at", "pk")
    return tuple(
        Published(v.pk, tuple(of_data(change) for change in v.changes), v.published_at, v.withdrawn_at)
        for v in found
        if v.published_at is not None
    )


def _figures(workspace_id: int) -> tuple[Figure, ...]:
    columns = ("id", "rule", "name", "figure", "from_day", "at")
    rows = OwnFigure.objects.filter(workspace_id=workspace_id).order_by("at", "pk").values_list(*columns)
    return tuple(Figure(i, rule, name, None if f is None else plain(f), day, at) for i, rule, name, f, day, at in rows)


def plain(figure: Decimal) -> Decimal:
    """A figure without the zeros that its column adds."""
    return figure.quantize(Decimal(1)) if figure == figure.to_integral_value() else figure.normalize()


def _reviews(workspace_id: int) -> dict[str, date]:
    return dict(RuleReview.objects.filter(workspace_id=workspace_id).order_by("day").values_list("rule", "day"))


# -- writing ------------------------------------------------------------------------------------------------------------------

# Every open order of the workspace is judged again, and each of its stores: a change of kind `rules` names the store alone. They
# are dated back, so that the next tick takes them: nobody else is on the way to them.
_JUDGE_AGAIN = """
INSERT INTO records_change (store_id, kind, platform_id, at)
SELECT s.id, 'rules', '', %(now)s - interval '1 hour' FROM stores_store s WHERE s.workspace_id = %(workspace)s
UNION ALL
SELECT o.store_id, 'order', o.platform_id, %(now)s - interval '1 hour'
FROM records_order o JOIN stores_store s ON s.id = o.store_id WHERE o.open AND s.workspace_id = %(workspace)s
"""


def changed(workspace_id: int, now: datetime, *, judges: bool = True) -> None:
    """Note inside the writer's transaction that the rulebook is another one now. `judges`: findings may follow, so that all that
    is open is judged again, by whoever evaluates next."""
    with transaction.atomic():
        Revision.objects.update_or_create(workspace_id=workspace_id, defaults={"mark": uuid4()})
        if judges:
            with connection.cursor() as cursor:
                cursor.execute(_JUDGE_AGAIN, {"workspace": workspace_id, "now": now})
