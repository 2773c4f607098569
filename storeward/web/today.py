"""Today: what will cost money or a store if nobody acts, ranked; what cannot be told, by cause; and the news line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from storeward.findings.queries import Group, at_risk
from storeward.web import formats, reads
from storeward.web.board import coverage
from storeward.web.finding import panel_context
from storeward.web.frame import Visit, draw, page
from storeward.web.lines import cause_line, group_lines
from storeward.web.parts import SEVERITIES, Line

FIRST_SCREEN = 12
"""Lines on the first screen; the rest is folded by severity (people.md, the two-minute inspection)."""


@dataclass(frozen=True, slots=True)
class Fold:
    """Lines that do not fit on the first screen, of one severity."""

    severity: str
    lines: tuple[Line, ...]
    money: str


@dataclass(frozen=True, slots=True)
class Worklist:
    """The lines of the page."""

    shown: tuple[Line, ...]
    folds: tuple[Fold, ...]
    unknown: tuple[Line, ...]
    count: int
    within_hour: int
    unknown_checks: int


def fold(lines: list[Line], groups: Sequence[Group], visit: Visit) -> tuple[Fold, ...]:
    """The rest of the list, by severity, each with its sum."""
    sums = dict.fromkeys(SEVERITIES, 0.0)
    for group in groups:
        sums[group.severity] += group.stake_usd or 0.0
    return tuple(
        Fold(name, tuple(members), formats.about(Decimal(str(sums[name])), "USD", visit.language) if sums[name] else "")
        for name in SEVERITIES
        if (members := [line for line in lines if line.severity == name])
    )


def worklist(visit: Visit, *, mine: bool) -> Worklist:
    """What Today lists for these stores; `mine` leaves only what the person has taken."""
    groups = reads.groups(visit.scope.ids, owner=visit.person.name if mine else None)
    causes = [] if mine else reads.causes(visit.scope.ids)
    base = visit.request.path
    lines = group_lines(visit, groups, base)
    room = max(1, FIRST_SCREEN - len(causes))
    return Worklist(
        shown=tuple(lines[:room]),
        folds=fold(lines[room:], groups[room:], visit),
        unknown=tuple(cause_line(visit, cause, base) for cause in causes),
        count=len(lines),
        within_hour=sum(1 for group in groups if group.due_at and group.due_at <= visit.now + reads.SOON),
        unknown_checks=sum(cause.count for cause in causes),
    )


@dataclass(frozen=True, slots=True)
class Risk:
    """Money at risk: what is expected to be lost if nobody acts, and what stands at stake in all."""

    expected: str
    most: str


def risk_of(visit: Visit) -> Risk | None:
    money = at_risk(visit.scope.ids)
    if not money.high:
        return None
    low, high = (formats.about(Decimal(str(amount)), "USD", visit.language) for amount in (money.low, money.high))
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
