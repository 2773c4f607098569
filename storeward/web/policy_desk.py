"""Whose rules a page speaks of: the team, what the person may do there, and the book that holds for it now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from storeward.accounts.models import Membership, Workspace
from storeward.policy.terms import Book
from storeward.rulebook.force import Rulebook, rulebooks
from storeward.stores.access import CONNECTORS
from storeward.stores.models import Store
from storeward.web import formats
from storeward.web.frame import Visit, draw
from storeward.web.parts import Crumb
from storeward.web.recent import acted


@dataclass(frozen=True, slots=True)
class Desk:
    """A team's rules as one person sees them. `may`: whether the person keeps them (owner, operations)."""

    team: Workspace
    may: bool
    held: Rulebook
    rules: Book
    now: datetime
    others: tuple[Workspace, ...] = ()

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def platforms(self) -> Book:
        """The book without the team's own figures: what platforms demand, and since when."""
        return replace(self.held, figures=()).at(self.now)


def desk(visit: Visit, team: int | None = None) -> Desk:
    """The team that is named, else that of the address (`team=`), else the first. Raises Http404 for one that is not the
    person's own, and for who is in no team."""
    held = list(visit.person.membership_set.select_related("workspace").order_by("workspace__name", "pk"))
    wanted = str(team) if team is not None else visit.request.GET.get("team") or visit.request.POST.get("team") or ""
    chosen = next((one for one in held if str(one.workspace_id) == wanted), None) if wanted else next(iter(held), None)
    if chosen is None:
        raise Http404
    return _desk(visit, chosen, held)


def _desk(visit: Visit, chosen: Membership, held: Sequence[Membership]) -> Desk:
    book = rulebooks([chosen.workspace_id])[chosen.workspace_id]
    others = tuple(one.workspace for one in held if one is not chosen)
    return Desk(chosen.workspace, chosen.role in CONNECTORS, book, book.at(visit.now), visit.now, others)


def stores_of(visit: Visit, at: Desk) -> list[Store]:
    """The stores of the team that the page's scope holds."""
    return [store for store in visit.scope.stores if store.workspace_id == at.team.pk]


# -- drawing -------------------------------------------------------------------------------------------------------------------

TABS = ("rules", "changes", "versions", "news", "check")


def tabs(at: Desk, here: str) -> list[Crumb]:
    """The pages on rules, with the one that is open."""
    labels = {
        "rules": (_("Rules"), "/policy/"),
        "changes": (_("What changed"), "/policy/changes/"),
        "versions": (_("Versions"), "/policy/versions/"),
        "news": (_("Announcements and tasks"), "/policy/news/"),
        "check": (_("Check a text"), "/policy/check/"),
    }
    return [Crumb(labels[name][0], link(at, labels[name][1]), None, name == here) for name in TABS]


def link(at: Desk, path: str, **asked: str) -> str:
    """An address with what it asks for, and the team where there is more than one."""
    wanted = {name: value for name, value in asked.items() if value}
    if at.others:
        wanted["team"] = str(at.team.pk)
    return f"{path}?{urlencode(wanted)}" if wanted else path


def show(visit: Visit, at: Desk, template: str, context: Mapping[str, Any], *, here: str = "", status: int = 200) -> HttpResponse:
    """A page on rules inside the frame."""
    common = {"desk": at, "tabs": tabs(at, here), "teams": [Crumb(one.name, f"?team={one.pk}") for one in at.others]}
    return draw(visit, f"policy/{template}.html", common | dict(context), name="policy", status=status)


def done(visit: Visit, at: Desk, said: str) -> None:
    """Something was changed: say so, and let nothing be shown that was reckoned before it."""
    acted(at.team.pk)
    messages.success(visit.request, said)


def clock(visit: Visit, instant: datetime) -> str:
    """An instant in the person's own zone, else in that of the stores, else in UTC."""
    zones = [store.timezone for store in visit.stores]
    zone = visit.zone or ZoneInfo(max(set(zones), key=zones.count) if zones else "UTC")
    return formats.clock(instant, visit.now, zone, visit.language)


def day(visit: Visit, value: date | None) -> str:
    return "" if value is None else formats.full_day(value, visit.language)


def day_typed(text: str) -> date | None:
    """A day as a browser sends it; None for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
