"""Policy: every rule by platform and market: figure, date, source, how sure it is, and the team's own figure beside it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from storeward.policy.terms import INTERNAL, Rule, Span
from storeward.rulebook.review import due_on
from storeward.stores.models import Store
from storeward.web import words
from storeward.web.formats import Language
from storeward.web.frame import Visit, page
from storeward.web.parts import Crumb
from storeward.web.policy_desk import Desk, day, desk, link, show
from storeward.web.policy_words import (
    address_of,
    figures_text,
    market_name,
    platform_name,
    subject_word,
    title_of,
)

ON_A_PAGE = 60
STATES = ("needs", "own", "due", "silent")
"""Needs our figure; has one; must be looked up again; gives no finding."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; empty does not limit."""

    platform: str = ""
    market: str = ""
    subject: str = ""
    confidence: str = ""
    state: str = ""
    q: str = ""

    def href(self, at: Desk, **changes: str) -> str:
        wanted = {one.name: getattr(self, one.name) for one in fields(self)} | changes
        return link(at, "/policy/", **wanted)


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule with the terms of today (None: it has none today); `since` when the platform's own began."""

    platform: str
    rule: Rule
    span: Span | None
    since: date | None
    needs: bool
    due: bool

    def states(self) -> set[str]:
        held = {"needs": self.needs, "own": bool(self.span and self.span.own), "due": self.due, "silent": self.rule.form is None}
        return {name for name, true in held.items() if true}


def entries_of(at: Desk, stores: Sequence[Store]) -> list[Entry]:
    """Every rule of the team's book: platforms with most of its stores first, routines last."""
    counted = Counter(store.platform for store in stores)
    plain = at.platforms
    found = [_entry(at, platform, rule, plain.rule(rule.id)) for platform, rule in at.rules]
    return sorted(found, key=lambda entry: (entry.platform == INTERNAL, -counted[entry.platform]))


def _entry(at: Desk, platform: str, rule: Rule, plain: Rule) -> Entry:
    span, told = (next((span for span in one.terms if span.holds_on(at.today)), None) for one in (rule, plain))
    reviewed = (at.held.reviews or {}).get(rule.id)
    judged = rule.form is not None and platform != INTERNAL
    due = span is not None and judged and due_on(span, reviewed) < at.today
    return Entry(platform, rule, span, told.from_ if told else None, at.rules.asking(rule, at.today) is not None, due)


def fits(asked: Asked, entry: Entry, language: Language) -> bool:
    rule, wanted = entry.rule, asked.q.casefold()
    return (
        asked.platform in ("", entry.platform)
        and (not asked.market or asked.market in rule.regions or "all" in rule.regions)
        and asked.subject in ("", rule.subject)
        and (not asked.confidence or (entry.span is not None and entry.span.confidence == asked.confidence))
        and (not asked.state or asked.state in entry.states())
        and (not wanted or wanted in f"{rule.id} {title_of(rule, language)} {rule.title}".casefold())
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A rule in the table, ready to draw."""

    id: str
    href: str
    title: str
    platform: str
    markets: str
    severity: str
    figure: str
    own: str
    needs: bool
    since: str
    confidence: str
    unsure: bool
    source: str
    source_href: str
    checked: str
    due: bool
    silent: bool


def row_of(visit: Visit, at: Desk, entry: Entry) -> Row:
    rule, span = entry.rule, entry.span
    source = span.source[0] if span else ""
    reviewed = (at.held.reviews or {}).get(rule.id)
    checked = None if span is None else max(span.read_on, reviewed or span.read_on)
    return Row(
        id=rule.id,
        href=link(at, f"/policy/rule/{rule.id}/"),
        title=title_of(rule, visit.language),
        platform=platform_name(entry.platform),
        markets=", ".join(map(market_name, rule.regions)),
        severity=rule.severity.value,
        figure=figures_text(span) if span else _("no terms today"),
        own=figures_text(span, span.own) if span and span.own else "",
        needs=entry.needs,
        since=(day(visit, entry.since) or _("not told")) if span else "–",
        confidence=words.confidence_word(span.confidence) if span else "–",
        unsure=span is not None and span.confidence in ("third-party", "uncertain"),
        source=source,
        source_href=address_of(source),
        checked=day(visit, checked),
        due=entry.due,
        silent=rule.form is None,
    )


# -- filters -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a filter: how many rules it leaves beside the other filters."""

    value: str
    label: str
    count: int


def options(
    entries: Sequence[Entry],
    asked: Asked,
    name: str,
    values: Callable[[Entry], set[str]],
    label: Callable[[str], str],
    language: Language,
) -> list[Option]:
    """The choices of one filter, counted under all the others."""
    others = replace(asked, **{name: ""})
    counted = Counter(value for entry in entries if fits(others, entry, language) for value in values(entry))
    return [Option(value, label(value), count) for value, count in sorted(counted.items(), key=lambda held: label(held[0]))]


def _markets(entries: Sequence[Entry]) -> Callable[[Entry], set[str]]:
    """The markets for which a rule is meant: every one where it is meant for all."""
    every = {region for entry in entries for region in entry.rule.regions}
    return lambda entry: every if "all" in entry.rule.regions else set(entry.rule.regions)


def _confidence(entry: Entry) -> set[str]:
    return set() if entry.span is None else {entry.span.confidence}


def _state_label(name: str) -> str:
    table = {
        "needs": _("needs your figure"),
        "own": _("own figure"),
        "due": _("to be looked up again"),
        "silent": _("gives no finding"),
    }
    return table.get(name, name)


def filters(entries: Sequence[Entry], asked: Asked, language: Language) -> list[tuple[str, str, list[Option], str]]:
    """Name, label, choices and chosen value of each filter that is a list."""
    return [
        (
            "market",
            _("Market"),
            options(entries, asked, "market", _markets(entries), market_name, language),
            asked.market,
        ),
        (
            "subject",
            _("About"),
            options(entries, asked, "subject", lambda one: {one.rule.subject}, subject_word, language),
            asked.subject,
        ),
        (
            "confidence",
            _("How sure"),
            options(entries, asked, "confidence", _confidence, words.confidence_word, language),
            asked.confidence,
        ),
        ("state", _("Only those"), options(entries, asked, "state", Entry.states, _state_label, language), asked.state),
    ]


def asked_of(visit: Visit) -> Asked:
    get = visit.request.GET.get
    return Asked(**{one.name: get(one.name, "").strip()[:80] for one in fields(Asked)})


def chips(at: Desk, entries: Sequence[Entry], asked: Asked, language: Language) -> list[Crumb]:
    """Platforms, and what waits for the team: each with the number of rules that it opens."""
    found = options(entries, asked, "platform", lambda one: {one.platform}, platform_name, language)
    every = sum(one.count for one in found)
    chips = [Crumb(_("All"), asked.href(at, platform=""), every, not asked.platform)]
    return chips + [
        Crumb(
            one.label,
            asked.href(at, platform="" if asked.platform == one.value else one.value),
            one.count,
            asked.platform == one.value,
        )
        for one in sorted(found, key=lambda one: (one.value == INTERNAL, -one.count))
    ]


def active(at: Desk, asked: Asked) -> list[Crumb]:
    """The filters that are on, each with the way to take it off."""
    labels: dict[str, Callable[[str], str]] = {
        "market": market_name,
        "subject": subject_word,
        "confidence": words.confidence_word,
        "state": _state_label,
        "q": "“{}”".format,
    }
    return [
        Crumb(label(getattr(asked, name)), asked.href(at, **{name: ""})) for name, label in labels.items() if getattr(asked, name)
    ]


@require_GET
@page
def policy(visit: Visit) -> HttpResponse:
    """The page."""
    at, asked = desk(visit), asked_of(visit)
    entries = entries_of(at, visit.stores)
    fitting = [entry for entry in entries if fits(asked, entry, visit.language)]
    text = visit.request.GET.get("page", "")
    wanted = int(text) - 1 if text.isascii() and text.isdigit() and len(text) < 6 else 0
    number = max(0, min(wanted, (len(fitting) - 1) // ON_A_PAGE))
    context = {
        "title": _("Policy"),
        "count": len(fitting),
        "rows": [row_of(visit, at, one) for one in fitting[number * ON_A_PAGE : (number + 1) * ON_A_PAGE]],
        "asked": asked,
        "chips": chips(at, entries, asked, visit.language),
        "filters": filters(entries, asked, visit.language),
        "active": active(at, asked),
        "pages": pages_of(len(fitting), at, asked, number),
        "needs": sum(one.needs for one in entries),
        "needs_href": link(at, "/policy/", state="needs"),
        "due": sum(one.due for one in entries),
        "due_href": link(at, "/policy/", state="due"),
    }
    return show(visit, at, "rules", context, here="rules")


def pages_of(count: int, at: Desk, asked: Asked, current: int) -> list[Crumb]:
    """The pages of a long list; none where one holds all."""
    last = (count - 1) // ON_A_PAGE
    if last < 1:
        return []
    base = asked.href(at)
    mark = "&" if "?" in base else "?"
    return [Crumb(str(n + 1), f"{base}{mark}{urlencode({'page': n + 1})}", current=n == current) for n in range(last + 1)]
