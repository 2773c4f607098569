"""One rule: its terms by date, what is uncertain, how we read it, its sources and tests, own figures, what is open under it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from storeward.findings.models import Finding
from storeward.policy.coverage import ROOT, named_in_tests
from storeward.policy.terms import Rule, Span, looser, settable
from storeward.rulebook import own, versions
from storeward.rulebook.errors import NotThere, Refused
from storeward.rulebook.review import due_on, reviewed
from storeward.web import formats, words
from storeward.web.bring import refused_right, who
from storeward.web.frame import Visit, page
from storeward.web.policy_desk import Desk, clock, day, day_typed, desk, done, link, show
from storeward.web.policy_words import (
    STATE_MARKS,
    address_of,
    conventions,
    figure_name,
    figures_text,
    kind_word,
    market_name,
    platform_name,
    seller_word,
    state_word,
    subject_word,
    title_of,
)

OPEN_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of the rule over one stretch of days."""

    since: str
    until: str
    figures: str
    own: str
    confidence: str
    unsure: bool
    read_on: str
    note: str
    sources: tuple[tuple[str, str], ...]
    """Text and address; no address where it is no whole one."""
    now: bool
    by: str = ""
    by_href: str = ""
    state: str = ""
    mark: str = ""


def terms_of(visit: Visit, span: Span, at: Desk) -> Terms:
    return Terms(
        since=day(visit, span.from_) or _("not told"),
        until=day(visit, span.to),
        figures=figures_text(span, most=20),
        own=figures_text(span, span.own) if span.own else "",
        confidence=words.confidence_word(span.confidence),
        unsure=span.confidence in ("third-party", "uncertain"),
        read_on=day(visit, span.read_on),
        note=span.note or "",
        sources=tuple((source, address_of(source)) for source in span.source),
        now=span.holds_on(at.today),
    )


def past_of(visit: Visit, at: Desk, past: versions.Past) -> Terms:
    """Terms as somebody brought them: by which version, and whether it still counts."""
    told, version = terms_of(visit, past.change.span, at), past.version
    if version is None:
        return _said(told, _("comes with Storeward"), "", "product")
    return _said(told, version.title, link(at, f"/policy/versions/{version.pk}/"), str(version.state))


def _said(told: Terms, by: str, href: str, state: str) -> Terms:
    return Terms(
        told.since,
        told.until,
        told.figures,
        "",
        told.confidence,
        told.unsure,
        told.read_on,
        told.note,
        told.sources,
        False,
        by,
        href,
        state_word(state),
        STATE_MARKS.get(state, "info"),
    )


@dataclass(frozen=True, slots=True)
class OwnRow:
    """An own figure with the platform's beside it."""

    name: str
    label: str
    figure: str
    platform: str
    since: str
    until: str
    why: str
    by: str
    ends: bool


def own_rows(visit: Visit, at: Desk, rule: Rule) -> list[OwnRow]:
    return [
        OwnRow(
            name=one.name,
            label=figure_name(one.name),
            figure=formats.number(one.figure),
            platform=_("not known") if one.platform_figure is None else formats.number(one.platform_figure),
            since=day(visit, one.from_day),
            until=day(visit, one.to),
            why=one.why,
            by=f"{one.by}, {clock(visit, one.at)}",
            ends=one.to is None,
        )
        for one in own.figures(at.team.pk, now=at.now, rule_id=rule.id)
    ]


@dataclass(frozen=True, slots=True)
class Settable:
    """A figure that the team may set: beside the platform's, and which side is the tighter one."""

    name: str
    label: str
    platform: str
    tighter: str
    value: str


def settables(rule: Rule, span: Span | None, typed: str = "", chosen: str = "") -> list[Settable]:
    if span is None:
        return []
    lower = span.comparator in ("within", ">", ">=")
    found = []
    for name in settable(rule, span):
        platform = span.figures.get(name)
        side = _("any figure above zero") if platform is None else _("smaller") if lower else _("greater")
        told = "" if platform is None else formats.number(platform)
        found.append(Settable(name, figure_name(name), told, side, typed if name == chosen else ""))
    return found


def rule_of(at: Desk, rule_id: str) -> Rule:
    """Raises Http404 for an id that no rule has."""
    try:
        return at.rules.rule(rule_id)
    except KeyError:
        raise Http404 from None


@lru_cache(maxsize=1)
def _tests() -> dict[str, tuple[str, ...]]:
    """The test files that name each rule; nothing where the product was installed without them."""
    return named_in_tests(ROOT)


@require_GET
@page
def rule(visit: Visit, rule: str) -> HttpResponse:
    at = desk(visit)
    return drawn(visit, at, rule_of(at, rule))


def drawn(visit: Visit, at: Desk, rule: Rule, *, errors: dict[str, str] | None = None) -> HttpResponse:
    span = next((span for span in rule.terms if span.holds_on(at.today)), None)
    zh = visit.language == "zh"
    posted = visit.request.POST.get
    past = versions.history(at.team.pk, rule.id)
    reviewed_on = (at.held.reviews or {}).get(rule.id)
    due = None if span is None else due_on(span, reviewed_on)
    context = {
        "title": title_of(rule, visit.language),
        "rule": rule,
        "platform": platform_name(at.rules.platform_of(rule.id)),
        "markets": ", ".join(map(market_name, rule.regions)),
        "about": " · ".join(filter(None, (subject_word(rule.subject), kind_word(rule.kind), seller_word(rule.applies_to)))),
        "programmes": ", ".join(rule.programmes),
        "consequence": rule.consequence_zh if zh else rule.consequence,
        "remedy": rule.remedy_zh if zh else rule.remedy,
        "silent": rule.form is None,
        "terms": [terms_of(visit, one, at) for one in rule.terms],
        "brought": [past_of(visit, at, one) for one in past] if any(one.version for one in past) else [],
        "needs": at.rules.asking(rule, at.today) is not None,
        "reading": conventions([rule.kind]),
        "tests": _tests().get(rule.id, ()),
        "own": own_rows(visit, at, rule),
        "settable": settables(rule, span, posted("figure", ""), posted("name", "")),
        "today": at.today.isoformat(),
        "typed": {name: posted(name, "") for name in ("name", "figure", "from", "why", "note")},
        "reviewed_on": day(visit, reviewed_on),
        "due_on": day(visit, due),
        "overdue": due is not None and due < at.today,
        "draft_href": link(at, "/policy/versions/new/", rule=rule.id),
        "errors": errors or {},
    } | open_under(visit, at, rule)
    return show(visit, at, "rule", context, here="rules", status=422 if errors else 200)


@dataclass(frozen=True, slots=True)
class Open:
    """A finding that is open under the rule."""

    finding: Finding
    href: str
    why: str


def open_under(visit: Visit, at: Desk, rule: Rule) -> dict[str, object]:
    """What is open under the rule in the team's stores: the latest, and how many."""
    ids = [store.pk for store in visit.stores if store.workspace_id == at.team.pk]
    found = Finding.objects.filter(rule=rule.id, store_id__in=ids).exclude(status="resolved").select_related("store__group")
    rows = list(found.order_by("due_at", "pk")[: OPEN_SHOWN + 1])
    shown = [Open(one, f"/f/{one.pk}/", words.brief(one.rule, one.details, visit.language)) for one in rows[:OPEN_SHOWN]]
    return {"open": shown, "open_count": len(shown) if len(rows) <= OPEN_SHOWN else found.count()}


# -- own figures ---------------------------------------------------------------------------------------------------------------


@require_POST
@page
def set_own(visit: Visit, rule: str) -> HttpResponse:
    """Take a figure of the team's own, or say beside both figures why it is not taken."""
    at = desk(visit)
    held = rule_of(at, rule)
    if not at.may:
        return refused_right()
    posted = visit.request.POST
    name, from_day, why = posted.get("name", ""), day_typed(posted.get("from", "")) or at.today, posted.get("why", "")
    figure = number_typed(posted.get("figure", ""))
    if figure is None:
        return drawn(visit, at, held, errors={"own": _("Write the figure as a number, for example 36.")})
    if not why.strip():
        return drawn(visit, at, held, errors={"own": _("Say in a few words why the team wants a figure of its own.")})
    try:
        own.set_figure(at.team.pk, held.id, name, figure, from_day=from_day, why=why, by=who(visit), now=at.now)
    except Refused as refusal:
        return drawn(visit, at, held, errors={"own": refused_words(held, name, figure, from_day, str(refusal))})
    said = _("%(name)s %(figure)s counts from %(day)s on.")
    done(visit, at, said % {"name": figure_name(name), "figure": formats.number(figure), "day": day(visit, from_day)})
    return redirect(link(at, f"/policy/rule/{held.id}/"))


_PARTED = re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?")


def number_typed(text: str) -> Decimal | None:
    """A figure as people write it. "1,500" is what the page itself shows of fifteen hundred; any other comma is a point."""
    plain = text.strip().replace("，", ",").replace("−", "-")
    try:
        found = Decimal(plain.replace(",", "" if _PARTED.fullmatch(plain.removeprefix("-")) else "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < 10**9 else None


def refused_words(rule: Rule, name: str, figure: Decimal, from_day: date, said: str) -> str:
    """Why a figure is not taken, with both figures where it is looser; else as the rulebook says it."""
    for span in rule.terms:
        platform = span.figures.get(name)
        if platform is not None and (span.to is None or span.to > from_day) and looser(span, figure, platform):
            both = {"own": formats.number(figure), "platform": formats.number(platform), "name": figure_name(name)}
            return _("%(name)s: %(own)s is looser than the platform's %(platform)s. Only a tighter figure is taken.") % both
    return said


@require_POST
@page
def end_own(visit: Visit, rule: str) -> HttpResponse:
    """Let the platform's figure count again from today on."""
    at = desk(visit)
    held = rule_of(at, rule)
    if not at.may:
        return refused_right()
    name = visit.request.POST.get("name", "")
    try:
        own.end_figure(at.team.pk, held.id, name, from_day=at.today, why=_("ended on the page"), by=who(visit), now=at.now)
    except NotThere:
        return drawn(visit, at, held, errors={"own": _("There is no own figure that could end.")})
    done(visit, at, _("Ended: the platform's figure counts again."))
    return redirect(link(at, f"/policy/rule/{held.id}/"))


@require_POST
@page
def review(visit: Visit, rule: str) -> HttpResponse:
    """Somebody has looked the rule up at its source."""
    at = desk(visit)
    held = rule_of(at, rule)
    if not at.may:
        return refused_right()
    try:
        reviewed(at.team.pk, held.id, day=at.today, note=visit.request.POST.get("note", ""), by=who(visit), now=at.now)
    except Refused:
        return drawn(visit, at, held, errors={"note": _("Say what you found, or that it stands as it is.")})
    done(visit, at, _("Noted: looked up today."))
    return redirect(link(at, f"/policy/rule/{held.id}/"))


def names_of(rules: Sequence[str], at: Desk, language: formats.Language) -> list[tuple[str, str, str]]:
    """Id, title and address of rules; an id that is none any more is shown as it is."""
    known = {one.id: one for _platform, one in at.rules}
    return [
        (name, title_of(known[name], language) if name in known else name, link(at, f"/policy/rule/{name}/")) for name in rules
    ]
