"""Today: what will cost money or a store if nobody acts, ranked; what cannot be told, by cause; and the news line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from storeward.findings.queries import Group, at_risk
from storeward.web import reads
from storeward.web.board import coverage
from storeward.web.finding import panel_context
from storeward.web.frame import Visit, draw, page
from storeward.web.lines import cause_line, due_of, group_lines
from storeward.web.parts import SEVERITIES, Line
from storeward.web.recent import recent

FIRST_SCREEN = 12
"""Lines on the first screen; the rest is folded by severity."""

GRAVE = frozenset({"fatal", "critical"})


@dataclass(frozen=True, slots=True)
class Fold:
    """Lines that do not fit on the first screen, of one severity: told by number and sum, drawn when asked for."""

    severity: str
    count: int
    money: str
    href: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Worklist:
    """The lines of the page."""

    shown: tuple[Line, ...]
    folds: tuple[Fold, ...]
    unknown: tuple[Line, ...]
    count: int
    pressing: int
    mine: int


def first_screen(groups: Sequence[Group], room: int) -> list[Group]:
    """The groups that are drawn at once, in order of rank. What is grave is never folded away for what is not."""
    by_weight = sorted(groups, key=lambda group: group.severity not in GRAVE)
    drawn = {id(group) for group in by_weight[:room]}
    return [group for group in groups if id(group) in drawn]


def folds(visit: Visit, groups: Sequence[Group]) -> tuple[Fold, ...]:
    """The rest of the list, by severity; the one that the address names is open."""
    opened = visit.request.GET.get("fold", "")
    found = []
    for name in SEVERITIES:
        members = [group for group in groups if group.severity == name]
        usd = sum(group.stake_usd or 0.0 for group in members)
        asked = visit.request.GET.copy()
        asked.pop("fold", None)
        asked.pop("open", None)
        if name != opened:
            asked["fold"] = name
        if members:
            lines = tuple(group_lines(visit, members, visit.request.path)) if name == opened else ()
            href = f"{visit.request.path}?{asked.urlencode()}#sw-{name}" if asked else visit.request.path
            found.append(Fold(name, len(members), visit.about(usd) if usd else "", href, lines))
    return tuple(found)


def worklist(visit: Visit, *, mine: bool) -> Worklist:
    """What Today lists for these stores; `mine` leaves only what the person has taken."""
    groups, causes = reads.listed(visit.scope.ids)
    own = [group for group in groups if visit.person.name in group.owners]
    pressing = sum(1 for group in groups if is_pressing(group, visit.now))
    visit.counted = reads.Counts(len(groups) + len(causes), pressing, len(own))
    if mine:
        groups, causes = reads.groups(visit.scope.ids, owner=visit.person.name), []
    room = max(1, FIRST_SCREEN - len(causes))
    shown = first_screen(groups, room)
    drawn = {id(group) for group in shown}
    return Worklist(
        shown=tuple(group_lines(visit, shown, visit.request.path)),
        folds=folds(visit, [group for group in groups if id(group) not in drawn]),
        unknown=tuple(cause_line(visit, cause, visit.request.path) for cause in causes),
        count=len(groups),
        pressing=sum(1 for group in groups if is_pressing(group, visit.now)),
        mine=len(own),
    )


def is_pressing(group: Group, now: datetime) -> bool:
    """Late, or due within an hour, by the clock that its line shows."""
    due_at = due_of(group)
    return due_at is not None and due_at <= now + reads.SOON


@dataclass(frozen=True, slots=True)
class Risk:
    """Money at risk: what is expected to be lost if nobody acts, and what stands at stake in all."""

    expected: str
    most: str


def risk_of(visit: Visit) -> Risk | None:
    ids = visit.scope.ids
    money = recent("risk", ids, visit.now, lambda: at_risk(ids), version=visit.version)
    if not money.high:
        return None
    low, high = visit.about(money.low), visit.about(money.high)
    return Risk(low, high if high != low else "")


@require_GET
@page
def today(visit: Visit) -> HttpResponse:
    """The page; with `?open=` the side panel of that finding stands over the list."""
    mine = visit.request.GET.get("who") == "me"
    context = {
        "title": _("Today"),
        "work": worklist(visit, mine=mine),
        "mine": mine,
        "coverage": coverage(visit),
        "risk": risk_of(visit),
        "since": visit.now.isoformat(),
    }
    if visit.request.headers.get("HX-Target") == "sw-list":
        return render(visit.request, "today/_list.html", context | {"visit": visit, "scope": visit.scope})
    return draw(visit, "today/page.html", context | panel_context(visit), name="today")


@require_GET
@page
def news(visit: Visit) -> HttpResponse:
    """ "3 new": how many findings have come up in these stores since the page was drawn."""
    since = since_of(visit.request.GET.get("since", ""), visit.now)
    count = reads.new_since(visit.scope.ids, since)
    return render(visit.request, "today/_news.html", {"count": count, "since": since.isoformat(), "scope": visit.scope})


def since_of(text: str, now: datetime) -> datetime:
    """The instant in an address; now for one that cannot be read."""
    try:
        at = parse_datetime(text)
    except ValueError:
        return now
    return at if at is not None and at.tzinfo is not None else now
