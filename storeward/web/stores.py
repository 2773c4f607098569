"""Stores: the matrix of stores and items, worst first; or a list with state, clocks and balance."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from storeward.web import formats, reads, words
from storeward.web.board import STATES, Board, Row, board_of
from storeward.web.finding import panel_context
from storeward.web.frame import Visit, draw, page
from storeward.web.lines import due_clock
from storeward.web.parts import Clock, Crumb


@dataclass(frozen=True, slots=True)
class Filter:
    """What the address asks for."""

    state: str
    region: str
    view: str

    def href(self, **changes: str) -> str:
        asked = {"state": self.state, "region": self.region, "view": self.view} | changes
        return "?" + urlencode({name: value for name, value in asked.items() if value})


def filter_of(visit: Visit) -> Filter:
    asked = visit.request.GET
    state = asked.get("state", "")
    return Filter(
        state if state in STATES else "",
        asked.get("region", "")[:2].upper(),
        "list" if asked.get("view") == "list" else "",
    )


def chips(board: Board, asked: Filter) -> list[Crumb]:
    """States and markets with their counts; the counts of one follow the other."""
    rows = board.rows
    by_state = [row for row in rows if not asked.region or row.store.region == asked.region]
    by_region = [row for row in rows if not asked.state or row.state == asked.state]
    found = [Crumb(_("All"), asked.href(state="", region=""), len(rows), not asked.state and not asked.region)]
    for state in STATES:
        count = sum(1 for row in by_state if row.state == state)
        if count or asked.state == state:
            chosen = asked.state == state
            found.append(Crumb(words.state_word(state), asked.href(state="" if chosen else state), count, chosen))
    for region in sorted({row.store.region for row in rows}):
        count = sum(1 for row in by_region if row.store.region == region)
        chosen = asked.region == region
        found.append(Crumb(region, asked.href(region="" if chosen else region), count, chosen, icon="market"))
    return found


@dataclass(frozen=True, slots=True)
class Entry:
    """A store in the list view."""

    row: Row
    clock: Clock | None
    late: int
    waiting: int
    balance: str


def entries(visit: Visit, rows: list[Row]) -> list[Entry]:
    """State, next deadline, open findings and balance of each store."""
    ids = [row.store.pk for row in rows]
    next_due, balances = reads.next_due_by_store(ids, visit.now), reads.balances(ids)
    counted = reads.open_by_store(ids)
    found = []
    for row in rows:
        due, balance = next_due.get(row.store.pk), balances.get(row.store.pk)
        found.append(
            Entry(
                row,
                due_clock(visit, row.store, due[0], due[1], due[1]) if due else None,
                counted.get(row.store.pk, (0, 0))[1],
                counted.get(row.store.pk, (0, 0))[0],
                formats.exact(*balance) if balance else "",
            )
        )
    return found


@require_GET
@page
def stores(visit: Visit) -> HttpResponse:
    """The page. Filters are part of the address."""
    board, asked = board_of(visit), filter_of(visit)
    rows = [
        row
        for row in board.rows
        if (not asked.state or row.state == asked.state) and (not asked.region or row.store.region == asked.region)
    ]
    context = {
        "title": _("Stores"),
        "board": board,
        "rows": rows,
        "asked": asked,
        "chips": chips(board, asked),
        "matrix_href": asked.href(view=""),
        "list_href": asked.href(view="list"),
        "clear_href": asked.href(state="", region=""),
        "entries": entries(visit, rows) if asked.view == "list" else [],
    }
    return draw(visit, "stores/page.html", context | panel_context(visit), name="stores")
