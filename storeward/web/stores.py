"""Stores: the matrix of stores and items, worst first; or a list with state, clocks and balance."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from storeward.web import formats, reads, words
from storeward.web.board import STATES, Board, Row, Standing, board_of, drawn_rows
from storeward.web.finding import panel_context
from storeward.web.frame import Visit, draw, page
from storeward.web.lines import due_clock
from storeward.web.parts import PLATFORM_NAMES, Clock, Crumb

ON_A_PAGE = 100
"""Stores that one page draws; the rest is on the next ones."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What the address asks for."""

    state: str
    platform: str
    region: str
    view: str

    def href(self, **changes: str) -> str:
        asked = {"state": self.state, "platform": self.platform, "region": self.region, "view": self.view} | changes
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    def fits(self, one: Standing, *, but: str = "") -> bool:
        """Whether the store is asked for; `but` names a filter that is left out, so that its own alternatives can be counted."""
        return (
            (not self.state or but == "state" or one.state == self.state)
            and (not self.platform or but == "platform" or one.store.platform == self.platform)
            and (not self.region or but == "region" or one.store.region == self.region)
        )


def filter_of(visit: Visit) -> Filter:
    asked = visit.request.GET
    state = asked.get("state", "")
    return Filter(
        state if state in STATES else "",
        asked.get("platform", "")[:24],
        asked.get("region", "")[:2].upper(),
        "list" if asked.get("view") == "list" else "",
    )


def chips(board: Board, asked: Filter) -> list[Crumb]:
    """States, platforms and markets with their counts; the counts of one follow the others. One platform alone is no choice."""
    everything = board.standings
    unlimited = not (asked.state or asked.platform or asked.region)
    found = [Crumb(_("All"), asked.href(state="", platform="", region=""), len(everything), unlimited)]
    found += _choices(
        {state: words.state_word(state) for state in STATES},
        Counter(one.state for one in everything if asked.fits(one, but="state")),
        "state",
        asked,
    )
    platforms = Counter(one.store.platform for one in everything if asked.fits(one, but="platform"))
    held = sorted({one.store.platform for one in everything}, key=lambda name: PLATFORM_NAMES.get(name, name))
    if len(held) > 1:
        found += _choices({name: PLATFORM_NAMES.get(name, name) for name in held}, platforms, "platform", asked)
    regions = Counter(one.store.region for one in everything if asked.fits(one, but="region"))
    found += _choices({region: region for region in sorted({one.store.region for one in everything})}, regions, "region", asked)
    return found


def _choices(labels: Mapping[str, str], counted: Mapping[str, int], name: str, asked: Filter) -> list[Crumb]:
    """The chips of one filter: those that open something, and the chosen one, which a second click takes off."""
    chosen = getattr(asked, name)
    return [
        Crumb(label, asked.href(**{name: "" if value == chosen else value}), counted.get(value, 0), value == chosen, icon=name)
        for value, label in labels.items()
        if counted.get(value) or value == chosen
    ]


def pages_of(count: int, asked: Filter, current: int) -> list[Crumb]:
    """The pages of so many stores; none where one holds them all."""
    last = -(-count // ON_A_PAGE)
    if last < 2:
        return []
    return [
        Crumb(
            f"{number * ON_A_PAGE + 1}–{min(count, (number + 1) * ON_A_PAGE)}",
            asked.href(page=str(number + 1)),
            None,
            number == current,
        )
        for number in range(last)
    ]


def page_number(visit: Visit, count: int) -> int:
    """The page in the address, from 0; the nearest that there is."""
    text = visit.request.GET.get("page", "")
    wanted = int(text) - 1 if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return max(0, min(wanted, (count - 1) // ON_A_PAGE))


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
    fitting = [one for one in board.standings if asked.fits(one)]
    number = page_number(visit, len(fitting))
    rows = drawn_rows(visit, board, fitting[number * ON_A_PAGE : (number + 1) * ON_A_PAGE])
    looks: Counter[str] = Counter()
    for one in fitting:
        looks.update(one.looks)
    context = {
        "title": _("Stores"),
        "board": board,
        "looks": looks,
        "rows": rows,
        "count": len(fitting),
        "asked": asked,
        "chips": chips(board, asked),
        "pages": pages_of(len(fitting), asked, number),
        "matrix_href": asked.href(view=""),
        "list_href": asked.href(view="list"),
        "clear_href": asked.href(state="", platform="", region=""),
        "entries": entries(visit, rows) if asked.view == "list" else [],
    }
    return draw(visit, "stores/page.html", context | panel_context(visit), name="stores")
