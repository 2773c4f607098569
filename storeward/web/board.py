"""The matrix of stores and inspection items, and the coverage of a round, ready to draw.

Cells are drawn here as text, not in a template: there are thousands of them on a page of 300 stores.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from storeward.policy.items import Item
from storeward.rounds import matrix as rounds
from storeward.stores.models import Store
from storeward.web import formats, reads, words
from storeward.web.frame import Visit
from storeward.web.parts import Freshness, freshness

AREAS = ("activity", "orders", "messages", "stock", "money", "reviews", "health", "listings", "security", "routine")
STATES = ("closed", "restricted", "watch", "unknown", "fine")
"""The states of a store, the worst first."""

LOOKS = ("fatal", "critical", "warning", "info", "unknown", "stale", "none", "fine")


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many checks a round makes, and how they stand. What does not apply is no check."""

    fine: int
    bad: int
    unknown: int
    hands: int

    @property
    def checks(self) -> int:
        return self.fine + self.bad + self.unknown


@dataclass(frozen=True, slots=True)
class Column:
    """An inspection item; `first` where a new area begins."""

    item: Item
    title: str
    short: str
    first: bool


@dataclass(frozen=True, slots=True)
class Check:
    """A cell in words, for the page of one store."""

    title: str
    look: str
    word: str
    figure: str
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """A store with its cells drawn."""

    store: Store
    state: str
    word: str
    mark: str
    cells: SafeString
    checks: tuple["Check", ...]
    oldest: Freshness
    looks: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the page of stores shows."""

    columns: tuple[Column, ...]
    areas: tuple[tuple[str, int], ...]
    rows: tuple[Row, ...]
    coverage: Coverage
    looks: Mapping[str, int]
    states: Mapping[str, int]


def look_of(cell: rounds.Cell) -> str:
    """Which of the cell states it is drawn in (look, part 4.5)."""
    if cell.state == "not_applicable":
        return "none"
    if cell.state == "unknown":
        return "unknown"
    if cell.state == "ok":
        return "fine"
    return cell.severity or "info"


def draw_cell(cell: rounds.Cell, look: str, word: str, column: Column, open_href: str) -> str:
    """One table cell. What is not fine says item, state and count; a finding makes it a link."""
    edge = " is-area" if column.first else ""
    if look == "fine":
        figure = escape(cell.figure)
        return f'<td class="sw-cell is-fine{edge}">{figure or _tick(word)}</td>'
    name = escape(f"{column.title}: {word}" + (f", {cell.findings}" if cell.findings else ""))
    if look == "none":
        return f'<td class="sw-cell is-none{edge}" title="{name}">–</td>'
    body = "<b>?</b>" if look == "unknown" else f'<svg class="sw-mark"><use href="#m-{look}"/></svg>{escape(cell.figure)}'
    inner = f'<a href="{escape(open_href)}" aria-label="{name}">{body}</a>' if open_href else f"<span>{body}</span>"
    return f'<td class="sw-cell is-{look}{edge}" title="{name}">{inner}</td>'


def _tick(word: str) -> str:
    return f'<svg class="sw-mark" role="img" aria-label="{escape(word)}"><use href="#m-fine"/></svg>'


def look_word(look: str) -> str:
    table = {
        "fatal": _("fatal"),
        "critical": _("critical"),
        "warning": _("warning"),
        "info": _("info"),
        "unknown": _("unknown"),
        "fine": _("fine"),
        "none": _("does not apply"),
    }
    return table.get(look, look)


def columns_of(items: Sequence[Item], language: formats.Language) -> tuple[Column, ...]:
    """The items by area, in the order of the page."""
    ordered = sorted(items, key=lambda item: (AREAS.index(item.area), item.id))
    found: list[Column] = []
    for item in ordered:
        zh = language == "zh"
        first = not found or found[-1].item.area != item.area
        found.append(Column(item, item.title_zh if zh else item.title, item.short_title_zh if zh else item.short_title, first))
    return tuple(found)


def areas_of(columns: Sequence[Column]) -> tuple[tuple[str, int], ...]:
    """Heading and width of each area."""
    counted: Counter[str] = Counter(column.item.area for column in columns)
    return tuple((words.area_word(area), counted[area]) for area in AREAS if counted[area])


def coverage(visit: Visit) -> Coverage:
    """How the checks of the stores in scope stand, without drawing them."""
    found = rounds.matrix(visit.scope.ids, now=visit.now)
    return coverage_of(Counter(look_of(cell) for cell in found.cells.values()), reads.hands_due(visit.scope.ids))


def board_of(visit: Visit) -> Board:
    """The matrix of the stores in scope, worst first."""
    found = rounds.matrix(visit.scope.ids, now=visit.now)
    said = {look: look_word(look) for look in LOOKS}
    columns = columns_of(found.items, visit.language)
    first = reads.first_of_cell(visit.scope.ids)
    oldest = reads.oldest_by_store(visit.scope.ids)
    rows = [row_of(visit, store, found, columns, first, oldest, said) for store in visit.scope.stores]
    rows.sort(key=lambda row: (STATES.index(row.state), [-row.looks[look] for look in LOOKS[:4]], row.store.key))
    looks: Counter[str] = Counter()
    for row in rows:
        looks.update(row.looks)
    return Board(
        columns=columns,
        areas=areas_of(columns),
        rows=tuple(rows),
        coverage=coverage_of(looks, reads.hands_due(visit.scope.ids)),
        looks=looks,
        states=Counter(row.state for row in rows),
    )


def coverage_of(looks: Mapping[str, int], hands: int) -> Coverage:
    bad = sum(looks.get(look, 0) for look in ("fatal", "critical", "warning", "info"))
    return Coverage(looks.get("fine", 0), bad, looks.get("unknown", 0), hands)


def row_of(
    visit: Visit,
    store: Store,
    found: rounds.Matrix,
    columns: Sequence[Column],
    first: Mapping[tuple[int, str], int],
    oldest: Mapping[int, reads.Age],
    said: Mapping[str, str],
) -> Row:
    """One store of the matrix; `said` has the words of the looks."""
    drawn, checks, looks = [], [], Counter[str]()
    for column in columns:
        cell = found.cell(store.pk, column.item.id)
        look = look_of(cell)
        looks[look] += 1
        finding = first.get((store.pk, column.item.id))
        href = f"/f/{finding}/" if finding else ""
        drawn.append(draw_cell(cell, look, said[look], column, href))
        if visit.scope.kind == "store":
            checks.append(Check(column.title, look, said[look], cell.figure, href))
    state = found.status(store.pk)
    age = oldest.get(store.pk)
    return Row(
        store=store,
        state=state,
        word=words.state_word(state),
        mark=words.STATE_MARKS.get(state, "unknown"),
        cells=mark_safe("".join(drawn)),  # noqa: S308  (draw_cell escapes what it is given)
        checks=tuple(checks),
        oldest=freshness(age.observed_at, age.trusted_until, visit.now, visit.language) if age else Freshness("never", ""),
        looks=looks,
    )
