"""What changed between two days: rules that began, ended or changed, the gravest first, with the stores that each one touches."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from storeward.policy.changes import Difference, differences
from storeward.policy.terms import INTERNAL, Rule
from storeward.stores.models import Store
from storeward.web import words
from storeward.web.frame import Visit, page
from storeward.web.parts import SEVERITIES, Crumb
from storeward.web.policy_desk import Desk, day, day_typed, desk, link, show, stores_of
from storeward.web.policy_words import (
    address_of,
    change_text,
    demands_word,
    difference_word,
    market_name,
    platform_name,
    title_of,
)
from storeward.web.templatetags.sw import severity_word

BACK = timedelta(days=90)
NAMED = 3
"""Stores that a line names; the others are counted."""


@dataclass(frozen=True, slots=True)
class Line:
    """A difference, ready to draw."""

    id: str
    href: str
    title: str
    platform: str
    markets: str
    severity: str
    kind: str
    demands: str
    worse: bool
    figures: tuple[str, ...]
    day: str
    confidence: str
    source: str
    source_href: str
    stores: tuple[Store, ...]
    more: int
    touched: int


def touched(stores: Sequence[Store], platform: str, rule: Rule) -> list[Store]:
    """The stores for which a rule is meant."""
    return [
        store
        for store in stores
        if platform in (INTERNAL, store.platform) and rule.fits(store.region, store.seller_type, store.programme)
    ]


def line_of(visit: Visit, at: Desk, one: Difference, stores: Sequence[Store]) -> Line:
    mine = touched(stores, one.platform, one.rule)
    span = one.after or one.before
    source = span.source[0] if span else ""
    return Line(
        id=one.rule.id,
        href=link(at, f"/policy/rule/{one.rule.id}/"),
        title=title_of(one.rule, visit.language),
        platform=platform_name(one.platform),
        markets=", ".join(map(market_name, one.rule.regions)),
        severity=one.severity.value,
        kind=difference_word(one.kind),
        demands=demands_word(one.demands) if one.kind == "changed" else "",
        worse=one.demands == "more",
        figures=tuple(change_text(name, old, new) for name, (old, new) in one.figures.items()),
        day=day(visit, one.day),
        confidence=words.confidence_word(span.confidence) if span else "",
        source=source,
        source_href=address_of(source),
        stores=tuple(mine[:NAMED]),
        more=max(0, len(mine) - NAMED),
        touched=len(mine),
    )


@dataclass(frozen=True, slots=True)
class Between:
    """Two days, the platform and what else the address asks for."""

    first: date
    last: date
    platform: str
    market: str
    severity: str

    def href(self, at: Desk, **changes: str) -> str:
        held = {"from": self.first.isoformat(), "to": self.last.isoformat(), "platform": self.platform, "market": self.market}
        return link(at, "/policy/changes/", **({"severity": self.severity} | held | changes))


def between(visit: Visit, at: Desk) -> Between:
    """The last quarter, where the address names no days; days that stand the wrong way round are turned."""
    get = visit.request.GET.get
    days = sorted((day_typed(get("from", "")) or at.today - BACK, day_typed(get("to", "")) or at.today))
    return Between(days[0], days[1], get("platform", ""), get("market", ""), get("severity", ""))


@require_GET
@page
def changes(visit: Visit) -> HttpResponse:
    """The page."""
    at = desk(visit)
    span, stores = between(visit, at), stores_of(visit, at)
    found = differences(at.rules, span.first, span.last, platform=span.platform or None, region=span.market or None)
    counted = Counter(one.severity.value for one in found)
    shown = [one for one in found if span.severity in ("", one.severity.value)]
    chips = [Crumb(_("All"), span.href(at, severity=""), len(found), not span.severity)]
    chips += [
        Crumb(severity_word(name), span.href(at, severity=name), counted[name], span.severity == name, icon=name)
        for name in SEVERITIES
        if counted[name]
    ]
    context = {
        "title": _("What changed"),
        "span": span,
        "chips": chips,
        "lines": [line_of(visit, at, one, stores) for one in shown],
        "count": len(shown),
        "platforms": [(name, platform_name(name)) for name in at.rules.rules],
        "markets": [
            (name, market_name(name)) for name in sorted({region for _p, rule in at.rules for region in rule.regions} - {"all"})
        ],
        "since": day(visit, span.first),
        "until": day(visit, span.last),
    }
    return show(visit, at, "changes", context, here="changes")
