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
from storeward.web.recent import recent

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
class Standing:
    """How a store stands, before anything is drawn: enough to sort, to filter and to count by."""

    store: Store
    state: str
    looks: Mapping[str, int]


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


@dataclass(frozen=True, slots=True)
class Board:
    """The matrix of the stores in scope, worst first; only the rows that a page shows are drawn."""

    found: rounds.Matrix
    columns: tuple[Column, ...]
    areas: tuple[tuple[str, int], ...]
    standings: tuple[Standing, ...]


def look_of(cell: rounds.Cell) -> str:
    """Which of the cell states it is drawn in (look, part 4.5)."""
    if cell.state == "not_applicable":
        return "none"
    if cell.state == "unknown":
        return "unknown"
    if cell.state == "ok":
        return "fine"
    return cell.severity or "info"


def draw_cell(cell: rounds.Cell, look: str, word: str, column: Column, figure: str, open_href: str) -> str:
    """One table cell. Fine is the plain one (a page of a hundred stores has two thousand); what is not fine says item, state and
    count, and a finding makes it a link.
    """
    edge = " is-area" if column.first else ""
    if look == "fine":
        drawn = escape(figure) or f"<i>{escape(word)}</i>"
        return f'<td class="is-area">{drawn}</td>' if column.first else f"<td>{drawn}</td>"
    if look == "none":
        return f'<td class="is-none{edge}">–</td>'
    if look == "unknown" and not open_href:
        return f'<td class="is-unknown{edge}"><b title="{escape(word)}">?</b></td>'
    name = escape(f"{column.title}: {word}" + (f", {cell.findings}" if cell.findings else ""))
    body = "<b>?</b>" if look == "unknown" else f'<svg class="sw-mark"><use href="#m-{look}"/></svg>{escape(figure)}'
    inner = f'<a href="{escape(open_href)}" aria-label="{name}">{body}</a>' if open_href else f"<span>{body}</span>"
    return f'<td class="is-{look}{edge}" title="{name}">{inner}</td>'


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
    ids = visit.scope.ids

    def reckoned() -> Coverage:
        found = rounds.matrix(ids, now=visit.now)
        return coverage_of(Counter(look_of(cell) for cell in found.cells.values()), reads.hands_due(ids))

    return recent("coverage", ids, visit.now, reckoned, version=visit.version)


def coverage_of(looks: Mapping[str, int], hands: int) -> Coverage:
    bad = sum(looks.get(look, 0) for look in ("fatal", "critical", "warning", "info"))
    return Coverage(looks.get("fine", 0), bad, looks.get("unknown", 0), hands)


def board_of(visit: Visit) -> Board:
    """The matrix of the stores in scope."""
    found = rounds.matrix(visit.scope.ids, now=visit.now)
    columns = columns_of(found.items, visit.language)
    standings = [standing(store, found, columns) for store in visit.scope.stores]
    standings.sort(key=lambda one: (STATES.index(one.state), [-one.looks[look] for look in LOOKS[:4]], one.store.key))
    return Board(found, columns, areas_of(columns), tuple(standings))


def standing(store: Store, found: rounds.Matrix, columns: Sequence[Column]) -> Standing:
    looks = Counter(look_of(found.cell(store.pk, column.item.id)) for column in columns)
    return Standing(store, found.status(store.pk), looks)


def drawn_rows(visit: Visit, board: Board, standings: Sequence[Standing]) -> list[Row]:
    """These stores of the board, with their cells."""
    ids = [one.store.pk for one in standings]
    said = {look: look_word(look) for look in LOOKS}
    first, oldest = reads.first_of_cell(ids), reads.oldest_by_store(ids)
    return [_row(visit, board, one, first, oldest.get(one.store.pk), said) for one in standings]


def _row(
    visit: Visit,
    board: Board,
    one: Standing,
    first: Mapping[tuple[int, str], int],
    age: reads.Age | None,
    said: Mapping[str, str],
) -> Row:
    """`first` names the finding that a cell opens, `said` the words of the looks."""
    drawn, checks = [], []
    for column in board.columns:
        cell = board.found.cell(one.store.pk, column.item.id)
        look = look_of(cell)
        finding = first.get((one.store.pk, column.item.id))
        href = f"/f/{finding}/" if finding else ""
        told = formats.whole_money(cell.figure) if column.item.area == "money" and not cell.findings else cell.figure
        figure = formats.figure(told, visit.language)
        drawn.append(draw_cell(cell, look, said[look], column, figure, href))
        if visit.scope.kind == "store":
            checks.append(Check(column.title, look, said[look], figure, href))
    return Row(
        store=one.store,
        state=one.state,
        word=words.state_word(one.state),
        mark=words.STATE_MARKS.get(one.state, "unknown"),
        cells=mark_safe("".join(drawn)),  # noqa: S308  (draw_cell escapes what it is given)
        checks=tuple(checks),
        oldest=freshness(age.observed_at, age.trusted_until, visit.now, visit.language) if age else Freshness("never", ""),
    )
