"""Why a finding says what it says, at any instant: rule and terms in force then, facts with origin and time, the reckoning."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from storeward.findings.lifecycle import NotThere
from storeward.replay.evidence import Used
from storeward.replay.why import Reason, Terms, why
from storeward.stores.models import Store
from storeward.web import formats, words
from storeward.web.finding import finding_for
from storeward.web.frame import Visit, draw, page
from storeward.web.policy_words import address_of, figure_name
from storeward.web.words import origin_word


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact that was used: value, origin, when it was true and when we saw it."""

    name: str
    value: str
    origin: str
    true_at: str
    seen_at: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure of the terms, and the team's own beside it."""

    label: str
    platform: str
    own: str


def fact_rows(visit: Visit, store: Store, facts: tuple[Used, ...]) -> Iterator[FactRow]:
    zone = ZoneInfo(store.timezone)

    def at(instant: datetime | None) -> str:
        return "–" if instant is None else formats.clock(instant, visit.now, zone, visit.language)

    for one in facts:
        yield FactRow(fact_name(one.name), value_of(one.value, at), origin_word(one.origin), at(one.true_at), at(one.seen_at))


def value_of(value: str, at: Callable[[datetime], str]) -> str:
    """An instant in the store's zone; any other value as the row holds it."""
    try:
        instant = datetime.fromisoformat(value) if "T" in value else None
    except ValueError:
        instant = None
    return at(instant) if instant is not None and instant.tzinfo is not None else value


def fact_name(name: str) -> str:
    """What a fact is called; one without a word of ours by its name in the facts format."""
    if name.startswith("stream "):
        return words.stream_name(name.removeprefix("stream "))
    table = {
        "placed_at": _("Order placed"),
        "type": _("Kind of order"),
        "fulfillment_by": _("Shipped by"),
        "handling_days": _("Days to prepare it"),
        "arranged_at": _("Shipment arranged"),
        "tracking_added_at": _("Tracking number given"),
        "paid_at": _("Paid"),
        "ship_by_at": _("Ship by, as the platform says"),
        "collected_at": _("Collected by the carrier"),
        "shipped_at": _("Shipped"),
        "delivered_at": _("Delivered"),
        "cancelled_at": _("Cancelled"),
        "total": _("Total"),
        "requested_at": _("Asked"),
        "answer_by_at": _("Answer by, as the platform says"),
        "answered_at": _("Answered"),
        "message": _("Message"),
        "notified_at": _("Notified"),
        "deadline_at": _("Deadline"),
        "balance": _("Balance"),
        "points": _("Points"),
        "activity": _("Activity"),
        "notice": _("Notice"),
        "attestation": _("Confirmed by a person"),
    }
    return table.get(name, name.replace("_", " "))


def figure_rows(terms: Terms | None) -> list[FigureRow]:
    if terms is None:
        return []
    return [
        FigureRow(
            figure_name(name),
            formats.number(terms.figures[name]) if name in terms.figures else _("not known"),
            formats.number(terms.own[name]) if name in terms.own else "",
        )
        for name in dict.fromkeys([*terms.figures, *terms.own])
    ]


def instant_asked(visit: Visit, store: Store) -> tuple[datetime, str]:
    """The instant of the address in the store's zone, and what is wrong with it; now where none is asked for."""
    text = visit.request.GET.get("at", "").strip()
    if not text:
        return visit.now, ""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return visit.now, _("Give day and time, e.g. 2026-11-20 09:35.")
    found = found if found.tzinfo is not None else found.replace(tzinfo=ZoneInfo(store.timezone))
    if found > visit.now:
        return visit.now, _("Of the future nothing is known yet; choose an instant that has been.")
    return found, ""


@require_GET
@page
def show(visit: Visit, finding_id: int) -> HttpResponse:
    finding = finding_for(visit, finding_id)
    store = visit.by_id[finding.store_id]
    at, error = instant_asked(visit, store)
    try:
        reason = why(finding.pk, at=at, language=visit.language, store_ids=visit.by_id)
    except NotThere:
        raise Http404 from None
    return draw(
        visit, "finding/why.html", drawn(visit, store, reason) | {"error": error}, name="finding", status=422 if error else 200
    )


def drawn(visit: Visit, store: Store, reason: Reason) -> dict[str, object]:
    zone, terms = ZoneInfo(store.timezone), reason.terms
    local = reason.at.astimezone(zone)
    return {
        "title": reason.title,
        "reason": reason,
        "store": store,
        "past": reason.at < visit.now,
        "at": formats.clock(reason.at, visit.now, zone, visit.language),
        "local": f"{local:%Y-%m-%dT%H:%M}",
        "latest": f"{visit.now.astimezone(zone):%Y-%m-%dT%H:%M}",
        "zone": formats.zone_letters(zone, reason.at),
        "facts": list(fact_rows(visit, store, reason.facts)),
        "figures": figure_rows(terms),
        "since": formats.full_day(terms.from_day, visit.language) if terms and terms.from_day else "",
        "until": formats.full_day(terms.to, visit.language) if terms and terms.to else "",
        "read_on": formats.full_day(terms.read_on, visit.language) if terms else "",
        "confidence": words.confidence_word(terms.confidence) if terms else "",
        "sources": [(source, address_of(source)) for source in terms.source] if terms else [],
        "subject": words.subject(reason.subject[0], formats.short_id(reason.subject[1])),
    }
