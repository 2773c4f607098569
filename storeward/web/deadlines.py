"""Deadlines: what runs out when, by nearness; a week on top, later days folded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from storeward.web import formats, reads, words
from storeward.web.finding import panel_context
from storeward.web.frame import Visit, draw, page
from storeward.web.lines import due_clock, own_note, stake_text
from storeward.web.parts import SEVERITIES, Line, owner_of
from storeward.web.recent import keep

MANY_MARKS = 9
"""From so many deadlines a day on, the strip shows mark and number."""

OPEN_LINES = 20
"""A group with more lines than these leaves the rest to the page of its day."""

SHORT = {"en": 56, "zh": 26}
"""Letters of what follows that fit in two rows of its column; the panel has all of it."""


@dataclass(frozen=True, slots=True)
class Day:
    """One column of the week strip."""

    day: date
    label: str
    count: int
    marks: tuple[str, ...]
    totals: tuple[tuple[str, int], ...]
    money: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Bunch:
    """Deadlines of one nearness, open or folded."""

    label: str
    lines: tuple[Line, ...]
    count: int
    day: date
    """The day whose page has all of them; what is late counts today."""
    money: str
    totals: tuple[tuple[str, int], ...]
    folded: bool

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


def zone_of(visit: Visit) -> ZoneInfo:
    """The zone in which a 'day' of this page is meant: the person's, else that of the stores."""
    return visit.zone or ZoneInfo(visit.scope.stores[0].timezone if visit.scope.stores else "UTC")


def money_of(rows: Sequence[reads.Due], visit: Visit) -> str:
    total = sum(row.usd or 0.0 for row in rows)
    return visit.about(total) if total else ""


def totals_of(rows: Sequence[reads.Due]) -> tuple[tuple[str, int], ...]:
    """How many of each severity, the worst first."""
    return tuple((name, count) for name in SEVERITIES if (count := sum(1 for row in rows if row.severity == name)))


def week(rows: Sequence[reads.Due], chosen: date | None, visit: Visit) -> list[Day]:
    """Seven days from today; what is late counts today."""
    zone = zone_of(visit)
    today = visit.now.astimezone(zone).date()
    days = []
    for number in range(7):
        day = today + timedelta(days=number)
        members = [row for row in rows if max(row.due_at.astimezone(zone).date(), today) == day]
        totals = totals_of(members)
        days.append(
            Day(
                day=day,
                label=formats.short_day(day, visit.language),
                count=len(members),
                marks=tuple(name for name, count in totals for _i in range(count)) if len(members) < MANY_MARKS else (),
                totals=totals,
                money=money_of(members, visit),
                href=visit.request.path if day == chosen else f"?day={day.isoformat()}",
                current=day == chosen or (chosen is None and number == 0),
            )
        )
    return days


def line_of(row: reads.Due, visit: Visit) -> Line:
    """A line of the list; without a finding (not yet at risk) it leads to the store."""
    store = visit.by_id[row.store_id]
    zone = ZoneInfo(store.timezone)
    clock = due_clock(visit, store, row.due_at, row.starts_at, row.starts_at)
    href = f"/f/{row.finding_id}/" if row.finding_id else f"/s/{store.key}/"
    told = words.rule_words(row.rule, visit.language)
    return Line(
        finding_id=row.finding_id or 0,
        key=f"{row.topic} {row.store_id}",
        severity=row.severity,
        clock=clock,
        store=store,
        stores=1,
        what=told.title,
        why=row.rule,
        things=words.counted(row.kind, row.count) if row.count > 1 and row.kind != "store" else "",
        stake=stake_text(row.usd, visit) if row.usd else "–",
        stake_note="",
        step=words.step(row.rule).say(visit.language),
        owner=owner_of(row.owner, visit.person.name),
        href=href,
        panel=f"{href}?over={visit.request.path}" if row.finding_id else "",
        count=row.count,
        when=when(visit, row, zone),
        missed=words.opening(told.consequence, SHORT[visit.language]),
        missed_all=told.consequence,
        own=own_note(visit, store, row.due_at),
    )


def when(visit: Visit, row: reads.Due, zone: ZoneInfo) -> str:
    """ "today 14:00 MYT": the exact time in the store's zone."""
    words_ = formats.clock(row.due_at, visit.now, zone, visit.language)
    same = row.due_at.astimezone(zone).date() == visit.now.astimezone(zone).date()
    return _("today %(time)s") % {"time": words_} if same else words_


def bunch(label: str, day: date, rows: Sequence[reads.Due], visit: Visit, *, whole: bool, folded: bool = False) -> Bunch:
    lines = tuple(line_of(row, visit) for row in (rows if whole else rows[:OPEN_LINES]))
    return Bunch(label, lines, len(rows), day, money_of(rows, visit), totals_of(rows), folded and not whole)


def bunches(rows: Sequence[reads.Due], visit: Visit, *, whole: bool = False) -> list[Bunch]:
    """Late, next two hours, later today, then one a day; days after tomorrow are folded. `whole`: every line is drawn, open."""
    zone, now = zone_of(visit), visit.now
    today = now.astimezone(zone).date()
    soon = now + timedelta(hours=2)
    found = [
        bunch(_("Late"), today, [row for row in rows if row.due_at <= now], visit, whole=whole),
        bunch(_("Next 2 hours"), today, [row for row in rows if now < row.due_at <= soon], visit, whole=whole),
        bunch(
            _("Later today"),
            today,
            [row for row in rows if soon < row.due_at and row.due_at.astimezone(zone).date() == today],
            visit,
            whole=whole,
        ),
    ]
    for number in range(1, 8):
        day = today + timedelta(days=number)
        members = [row for row in rows if row.due_at > soon and row.due_at.astimezone(zone).date() == day]
        found.append(bunch(formats.day(day, visit.language), day, members, visit, whole=whole, folded=number > 1))
    return [one for one in found if one.count]


def chosen_day(visit: Visit) -> date | None:
    """The day in the address; None for none or one that cannot be read."""
    try:
        return parse_date(visit.request.GET.get("day", ""))
    except ValueError:
        return None


@require_GET
@page
def deadlines(visit: Visit) -> HttpResponse:
    """The page; `?day=` leaves one day, `?open=` shows a finding over it."""
    rows = reads.dues(visit.scope.ids, visit.now)
    mine = visit.request.GET.get("who") == "me"
    own = [row for row in rows if row.owner == visit.person.name]
    listed, day = (own if mine else rows), chosen_day(visit)
    zone = zone_of(visit)
    today = visit.now.astimezone(zone).date()
    shown = [row for row in listed if day is None or max(row.due_at.astimezone(zone).date(), today) == day]
    keep("due", visit.scope.ids, visit.now, len(rows), version=visit.version)
    context = {
        "title": _("Deadlines"),
        "week": week(listed, day, visit),
        "bunches": bunches(shown, visit, whole=day is not None),
        "everyone": len(rows),
        "own": len(own),
        "mine": mine,
        "count": len(listed),
        "day": day,
        "next": reads.next_due(visit.scope.ids, visit.now) if not rows else None,
    }
    return draw(visit, "deadlines/page.html", context | panel_context(visit), name="deadlines")
