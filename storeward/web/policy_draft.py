"""A draft of new terms: figures of one rule by a form, or as text; written anew until it is published."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from storeward.policy.terms import Rule, Span
from storeward.policy.versions import figure_draft
from storeward.rulebook import versions
from storeward.rulebook.errors import Refused, RulebookError
from storeward.rulebook.models import Announcement, Version
from storeward.web import formats, words
from storeward.web.bring import refused_right, who
from storeward.web.frame import Visit, page
from storeward.web.policy_desk import Desk, day_typed, desk, done, link, show
from storeward.web.policy_questions import suggested
from storeward.web.policy_rule import number_typed, rule_of
from storeward.web.policy_version_rows import version_for
from storeward.web.policy_words import figure_name, platform_name, title_of

CONFIDENCES = ("official", "third-party", "uncertain", "seed")


@dataclass(frozen=True, slots=True)
class Field:
    """A figure of the rule that is drafted: what holds now, and what was typed."""

    name: str
    label: str
    now: str
    value: str


def figure_fields(rule: Rule, span: Span | None, typed: Mapping[str, str]) -> list[Field]:
    """Every figure of the rule, with that which holds; those that it asks for are empty."""
    held = {} if span is None else span.figures
    names = dict.fromkeys([*held, *rule.asks])
    found = []
    for name in names:
        now = formats.number(held[name]) if name in held else ""
        found.append(Field(name, figure_name(name), now, typed.get(f"figure-{name}", plain(held.get(name)))))
    return found


def plain(figure: Decimal | None) -> str:
    return "" if figure is None else f"{figure.normalize():f}"


@require_http_methods(["GET", "POST"])
@page
def new(visit: Visit) -> HttpResponse:
    """The form of a draft: of one rule's figures where a rule is named, else as text."""
    at = desk(visit)
    if visit.request.method == "GET":
        return form(visit, at)
    if not at.may:
        return refused_right()
    posted, announcement = visit.request.POST.get, announcement_of(visit, at)
    try:
        text = typed_text(visit, at)
        changes = versions.read_changes(at.rules, text) if text.strip() else ()
        made = versions.draft(
            at.team.pk,
            title=posted("title", "").strip() or _("a draft"),
            text=text,
            by=who(visit),
            now=at.now,
            note=posted("note", ""),
            questions=suggested(changes, at.rules),
            announcement_id=announcement.pk if announcement else None,
        )
    except RulebookError as refusal:
        return form(visit, at, error=str(refusal))
    done(visit, at, _("Drafted. It counts nowhere until it is published."))
    return redirect(link(at, f"/policy/versions/{made.pk}/"))


def announcement_of(visit: Visit, at: Desk) -> Announcement | None:
    """The announcement that a draft comes from, if it is the team's. Raises Http404 for another one."""
    text = visit.request.GET.get("announcement") or visit.request.POST.get("announcement") or ""
    if not text:
        return None
    found = Announcement.objects.filter(pk=int(text), workspace_id=at.team.pk).first() if text.isdigit() else None
    if found is None:
        raise Http404
    return found


def typed_text(visit: Visit, at: Desk) -> str:
    """The draft as the rulebook reads it: from the fields of one rule, else the text as typed. Raises Refused."""
    posted = visit.request.POST.get
    rule_id = posted("rule", "")
    if not rule_id:
        return posted("text", "")
    rule = rule_of(at, rule_id)
    from_day, read_on = day_typed(posted("from", "")), day_typed(posted("read_on", "")) or at.today
    if from_day is None:
        raise Refused(_("Say from which day on the new terms hold."))
    if not posted("source", "").strip():
        raise Refused(_("Name the source: the platform's page, or who said it."))
    span = next((span for span in rule.terms if span.holds_on(from_day)), rule.terms[-1])
    figures = typed_figures(visit, rule, span)
    return figure_draft(
        at.rules,
        rule.id,
        figures,
        from_=from_day,
        source=posted("source", "").strip(),
        read_on=read_on,
        confidence=posted("confidence", "official"),
    )


def typed_figures(visit: Visit, rule: Rule, span: Span) -> dict[str, Decimal]:
    """The figures that were changed. Raises Refused for what is no number."""
    found = {}
    for name in dict.fromkeys([*span.figures, *rule.asks]):
        text = visit.request.POST.get(f"figure-{name}", "").strip()
        if not text:
            continue
        figure = number_typed(text)
        if figure is None:
            raise Refused(_("%(name)s: %(text)s is no number.") % {"name": figure_name(name), "text": text})
        if figure != span.figures.get(name):
            found[name] = figure
    return found


def form(visit: Visit, at: Desk, *, error: str = "", version: Version | None = None) -> HttpResponse:
    posted, get = visit.request.POST.get, visit.request.GET.get
    announcement = None if version else announcement_of(visit, at)
    rule_id = posted("rule") or get("rule") or ""
    rule = rule_of(at, rule_id) if rule_id else None
    span = None if rule is None else next((one for one in rule.terms if one.holds_on(at.today)), rule.terms[-1])
    title = title_of(rule, visit.language) if rule else announcement.title if announcement else ""
    context = {
        "title": _("New terms"),
        "may": at.may,
        "version": version,
        "rule": rule,
        "rule_title": title_of(rule, visit.language) if rule else "",
        "fields": figure_fields(rule, span, visit.request.POST) if rule else [],
        "announcement": announcement,
        "choices": [
            (one.id, f"{one.id} · {title_of(one, visit.language)}", platform_name(platform)) for platform, one in at.rules
        ]
        if rule is None and version is None
        else [],
        "confidences": [(name, words.confidence_word(name)) for name in CONFIDENCES],
        "typed": {
            "title": posted("title") or (version.title if version else title),
            "text": posted("text") or (version.text if version else ""),
            "note": posted("note") or (version.note if version else ""),
            "from": posted("from", at.today.isoformat()),
            "read_on": posted("read_on", at.today.isoformat()),
            "source": posted("source") or (announcement.source if announcement else ""),
            "confidence": posted("confidence", "official"),
        },
        "error": error,
    }
    return show(visit, at, "draft", context, here="versions", status=422 if error else 200)


@require_http_methods(["GET", "POST"])
@page
def edit(visit: Visit, version_id: int) -> HttpResponse:
    """Write a draft anew, as text."""
    at, version = version_for(visit, version_id)
    if not at.may:
        return refused_right()
    if visit.request.method == "GET":
        return form(visit, at, version=version)
    posted = visit.request.POST.get
    text = posted("text", "")
    try:
        changes = versions.read_changes(at.rules, text) if text.strip() else ()
        versions.edit(
            version.pk,
            workspace_id=at.team.pk,
            title=posted("title", ""),
            text=text,
            by=who(visit),
            now=at.now,
            note=posted("note", ""),
            questions=suggested(changes, at.rules),
        )
    except RulebookError as refusal:
        return form(visit, at, error=str(refusal), version=version)
    done(visit, at, _("Written anew."))
    return redirect(link(at, f"/policy/versions/{version.pk}/"))
