"""Health: how every store stands with its platform, one line a store, the worst first; and one store in full.

Points and ratings stand in one list, each told by its own scale, and are never brought to one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from storeward.findings.health.board import Restriction, Score, StoreHealth, board
from storeward.findings.health.enter import enter_credit
from storeward.records.entry import BadEntry, By
from storeward.stores.models import Store
from storeward.web import formats
from storeward.web.entries import instant_of
from storeward.web.frame import Visit, draw, page
from storeward.web.health_store import answer, credit_mend
from storeward.web.parts import Crumb, Freshness, freshness
from storeward.web.recent import acted

ON_A_PAGE: Final = 50
MARKS: Final[Mapping[str, str]] = {
    "last": "fatal",
    "reached": "critical",
    "near": "warning",
    "unknown": "unknown",
    "fine": "fine",
    "none": "none",
}
"""How a score looks, worst first."""
FORMS: Final = frozenset({"form", "file"})


@dataclass(frozen=True, slots=True)
class Row:
    """One store on the board, ready to draw."""

    store: Store
    href: str
    regime: str
    mark: str
    word: str
    known: bool
    score: str
    next: str
    expires: str
    trend: str
    worse: bool
    limits: tuple[str, ...]
    violations: str
    act_by: str
    rates: str
    rates_mark: str
    seen: Freshness
    typed: bool


def look_word(mark: str) -> str:
    """What a mark means of a score."""
    table = {
        "fatal": _("last line"),
        "critical": _("restricted or line reached"),
        "warning": _("close"),
        "unknown": _("unknown"),
        "fine": _("fine"),
        "none": _("not kept"),
    }
    return table[mark]


def score_text(score: Score | None) -> str:
    """ "rating 168 of 1000" or "12 of 48 points": the number never stands without its own scale."""
    if score is None:
        return "–"
    if score.value is None:
        return _("cannot tell")
    said = {"value": formats.number(score.value), "top": formats.number(score.top) if score.top is not None else "?"}
    if score.regime == "rating":
        return _("rating %(value)s of %(top)s") % said
    return _("%(value)s of %(top)s points") % said


def next_text(score: Score | None) -> str:
    """The next line and how far it is."""
    if score is None or score.next is None or score.distance is None:
        return ""
    said = {"line": formats.number(score.next.at), "far": formats.number(score.distance)}
    return _("%(line)s, %(far)s away") % said


def expires_text(score: Score | None, zone: ZoneInfo, language: formats.Language) -> str:
    """What goes next by itself, and on which day of the store."""
    if score is None or score.going is None:
        return ""
    day = formats.on_day(score.going.at, zone, language)
    if score.regime == "rating":
        return _("%(change)s on %(day)s") % {"change": formats.signed(score.going.amount), "day": day}
    return _("%(points)s on %(day)s") % {"points": formats.number(score.going.amount), "day": day}


def trend_text(score: Score | None) -> str:
    """By how much it has changed in four weeks."""
    if score is None or score.trend is None:
        return ""
    return formats.signed(score.trend)


def grew_worse(score: Score | None) -> bool:
    """Points that rise and a rating that falls."""
    if score is None or score.trend is None:
        return False
    return score.trend > 0 if score.regime == "points" else score.trend < 0


def restriction_text(one: Restriction, zone: ZoneInfo, language: formats.Language) -> str:
    """What is restricted, until which day."""
    if one.kind == "store":
        what = _("store suspended") if one.what == "suspended" else _("store closed by the platform")
    elif one.kind == "milestone":
        what = _("milestone %(line)s enforced") % {"line": one.what or "?"}
    else:
        what = _("punishment")
    if one.ends_at is None:
        return what if one.kind == "store" else _("%(what)s, end not told") % {"what": what}
    day = formats.on_day(one.ends_at, zone, language)
    return _("%(what)s until %(day)s") % {"what": what, "day": day}


def seen_of(line: StoreHealth, visit: Visit) -> Freshness:
    """When somebody or a feed last looked at the score."""
    at = line.book.seen_at
    return freshness(at, visit.now + timedelta(days=1) if line.book.fresh else None, visit.now, visit.language)


def row_of(visit: Visit, line: StoreHealth) -> Row:
    store = visit.by_id[line.store_id]
    zone, score = ZoneInfo(store.timezone), line.score
    mark = mark_of(line)
    return Row(
        store=store,
        href=f"/s/{store.key}/health/",
        regime=score.regime if score is not None else "none",
        mark=mark,
        word=state_word(line),
        known=score is not None and score.value is not None,
        score=score_text(score),
        next=next_text(score),
        expires=expires_text(score, zone, visit.language),
        trend=trend_text(score),
        worse=grew_worse(score),
        limits=tuple(restriction_text(one, zone, visit.language) for one in line.restrictions),
        violations=formats.number(len(line.violations)) if line.violations else "",
        act_by="" if line.act_by is None else left_text(line.act_by, visit),
        rates=rates_text(line),
        rates_mark="critical" if line.off_target else "warning" if line.near_target else "",
        seen=seen_of(line, visit),
        typed=score is not None and score.told_by in FORMS,
    )


def left_text(at: datetime, visit: Visit) -> str:
    """How long there is to act."""
    return formats.span((at - visit.now).total_seconds(), visit.language)


def rates_text(line: StoreHealth) -> str:
    """How many rates are beyond a limit, or close to one."""
    if line.off_target:
        return ngettext("%(n)s off target", "%(n)s off target", line.off_target) % {"n": line.off_target}
    if line.near_target:
        return ngettext("%(n)s close", "%(n)s close", line.near_target) % {"n": line.near_target}
    return ""


# -- filters and order --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; empty does not limit."""

    regime: str
    mark: str

    def href(self, **changes: str) -> str:
        wanted = {"regime": self.regime, "state": self.mark} | changes
        return "?" + urlencode({name: value for name, value in wanted.items() if value})

    def fits(self, row: StoreHealth) -> bool:
        return self.regime in ("", regime_of(row)) and self.mark in ("", mark_of(row))


def regime_of(line: StoreHealth) -> str:
    return line.score.regime if line.score is not None else "none"


def mark_of(line: StoreHealth) -> str:
    """A store that is restricted is never fine, whatever its score says."""
    mark = MARKS[line.score.look if line.score is not None else "none"]
    return "critical" if line.restrictions and mark != "fatal" else mark


def state_word(line: StoreHealth) -> str:
    """Of the line itself; a chip speaks of all that have its mark."""
    if line.restrictions:
        return _("restricted")
    return _("line reached") if mark_of(line) == "critical" else look_word(mark_of(line))


def asked_of(visit: Visit) -> Asked:
    """The filter of the address; a word that means nothing limits nothing."""
    get = visit.request.GET.get
    regime, mark = get("regime", ""), get("state", "")
    return Asked(regime if regime in ("points", "rating", "none") else "", mark if mark in MARKS.values() else "")


def chips(lines: Sequence[StoreHealth], asked: Asked) -> list[Crumb]:
    """All, each way of counting, each state that there is, with how many stores it opens."""
    regimes, marks = (
        Counter(map(regime_of, lines)),
        Counter(mark_of(one) for one in lines if asked.regime in ("", regime_of(one))),
    )
    labels = {"points": _("Points"), "rating": _("Rating"), "none": _("No score")}
    found = [Crumb(_("All"), "?", len(lines), not (asked.regime or asked.mark))]
    found += [
        Crumb(label, asked.href(regime="" if asked.regime == name else name, state=""), regimes[name], asked.regime == name)
        for name, label in labels.items()
        if regimes[name]
    ]
    return found + [
        Crumb(look_word(mark), asked.href(state="" if asked.mark == mark else mark), marks[mark], asked.mark == mark, icon=mark)
        for mark in MARKS.values()
        if marks[mark] and mark != "none"
    ]


def order_of(line: StoreHealth) -> tuple[int, int, float, int]:
    """The worst first; of equals those with less time, then those whose next line is nearer for its height."""
    score = line.score
    near = float(score.distance / score.next.at) if score and score.next and score.distance is not None and score.next.at else 2.0
    return (list(MARKS.values()).index(mark_of(line)), 0 if line.restrictions or line.violations else 1, near, line.store_id)


@dataclass(frozen=True, slots=True)
class Middle:
    """The middle of all stores of one way of counting: what one store is compared with."""

    label: str
    value: str
    stores: int


def middles(lines: Sequence[StoreHealth]) -> list[Middle]:
    """One for each way of counting that there is; stores whose score is unknown are left out."""
    found = []
    for regime, label in (("points", _("Points")), ("rating", _("Rating"))):
        values = [one.score.value for one in lines if one.score and one.score.regime == regime and one.score.value is not None]
        if values:
            found.append(Middle(label, formats.number(Decimal(median(values))), len(values)))
    return found


@require_GET
@page
def health(visit: Visit) -> HttpResponse:
    """The page: the board, or with one store in scope that store in full."""
    if visit.scope.store is not None:
        return answer(visit, visit.scope.store)
    lines, asked = board(visit.scope.ids, now=visit.now), asked_of(visit)
    fitting = sorted((line for line in lines if asked.fits(line)), key=order_of)
    text = visit.request.GET.get("page", "")
    wanted = int(text) - 1 if text.isascii() and text.isdigit() and len(text) < 6 else 0
    number = max(0, min(wanted, (len(fitting) - 1) // ON_A_PAGE))
    context = {
        "title": _("Health"),
        "rows": [row_of(visit, line) for line in fitting[number * ON_A_PAGE : (number + 1) * ON_A_PAGE]],
        "count": len(fitting),
        "chips": chips(lines, asked),
        "middles": middles(fitting),
        "pages": pages_of(len(fitting), asked, number),
        "clear": visit.request.path,
    }
    return draw(visit, "health/page.html", context, name="health")


def pages_of(count: int, asked: Asked, current: int) -> list[Crumb]:
    """The pages of a long list; none where one holds all."""
    last = (count - 1) // ON_A_PAGE
    if last < 1:
        return []
    return [Crumb(str(one + 1), asked.href(page=str(one + 1)), current=one == current) for one in range(last + 1)]


@require_POST
@page
def credit(visit: Visit) -> HttpResponse:
    """Take in what a rating gained; a mistake is answered with the page and what mends it."""
    store = visit.scope.store
    if store is None:
        raise Http404
    if store.pk not in visit.may_write:
        return HttpResponse(_("You may look, not act. Ask the owner for the right."), status=403, content_type="text/plain")
    typed = {name: str(value) for name, value in visit.request.POST.items()}
    try:
        enter_credit(
            store,
            points=typed.get("points", ""),
            kind=typed.get("kind", ""),
            note=typed.get("note", ""),
            at=instant_of(typed.get("at", ""), store),
            by=By(who=visit.person.name or visit.person.email, now=visit.now),
        )
    except BadEntry as bad:
        return answer(visit, store, error=credit_mend(bad), status=422)
    acted(store.workspace_id)
    messages.success(visit.request, _("Entered. It counts from now on."))
    return redirect(f"/s/{store.key}/health/#ledger")
