"""One notice as a form: every value beside the words that it was read from, and what a person makes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from storeward.intake.mailbox import shops_of
from storeward.intake.models import Notice
from storeward.intake.notice_entries import POINTS_KINDS, RATED, VIOLATIONS, entries_of
from storeward.intake.notice_phrases import phrases
from storeward.intake.notices import Found, Recognised, Span, Subject, clean, recognise
from storeward.records.entry import BadEntry, number
from storeward.stores.models import Store
from storeward.web import formats
from storeward.web.frame import Visit, zone_named
from storeward.web.notice_words import field_words, kind_words

T = TypeVar("T")
MOST_POINTS = Decimal(1000)
INPUTS = {
    "store": "select",
    "kind": "select",
    "issued_at": "datetime-local",
    "deadline": "datetime-local",
    "points": "number",
    "score": "number",
    "subject_kind": "select",
}
"""What a field is typed into; plain text where it stands not here."""


def pickable(visit: Visit, workspace_id: int | None) -> list[Store]:
    """The stores a notice can be entered for, as people look for them."""
    found = [one for one in visit.stores if one.pk in visit.may_write and workspace_id in (None, one.workspace_id)]
    return sorted(found, key=lambda one: (one.name, one.region))


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a select."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a notice as it can be corrected. `read_from` are its words in the text."""

    name: str
    label: str
    kind: str
    value: str
    read_from: str = ""
    note: str = ""
    error: str = ""
    choices: tuple[Choice, ...] = ()
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of the text; `what` names what was read from it."""

    text: str
    what: str = ""


def pieces(text: str, spans: Sequence[tuple[Span, str]]) -> list[Piece]:
    """The text with the words marked that something was read from; of marks that overlap the first."""
    found, end = [], 0
    for span, what in sorted(spans, key=lambda one: (one[0].start, -one[0].end)):
        if span.start < end:
            continue
        found += [Piece(text[end : span.start])] if span.start > end else []
        found.append(Piece(text[span.start : span.end], what))
        end = span.end
    return [*found, Piece(text[end:])] if end < len(text) else found


def read_again(visit: Visit, notice: Notice) -> Recognised:
    """What the notice says, for the store that the person chose, the notice is known to be about, or its text names."""
    shops = shops_of(notice.workspace_id)
    wanted = visit.request.POST.get("store") or visit.request.GET.get("store", "")
    chosen = next((one for one in shops if one.key == wanted), None)
    if chosen is None and notice.store_id is not None:
        chosen = next((one for one in shops if one.id == notice.store_id), None)
    sent_at = believed(notice, visit.now)
    found = recognise(notice.text, stores=shops, now=visit.now, sent_at=sent_at)
    if chosen is not None and (found.store is None or found.store.value.id != chosen.id):
        found = recognise(notice.text, stores=shops, now=visit.now, sent_at=sent_at, chosen=chosen)
    return found


def believed(notice: Notice, now: datetime) -> datetime | None:
    """The mail's own date, unless it lies in the future."""
    return notice.sent_at if notice.sent_at is not None and notice.sent_at <= now else None


def zone_of(recognised: Recognised) -> ZoneInfo | None:
    return ZoneInfo(recognised.store.value.timezone) if recognised.store else None


def local(instant: datetime, zone: ZoneInfo | None) -> str:
    """As a field for day and time holds it; with seconds where there are any."""
    there = instant.astimezone(zone or ZoneInfo("UTC"))
    return f"{there:%Y-%m-%dT%H:%M:%S}" if there.second else f"{there:%Y-%m-%dT%H:%M}"


def values_of(recognised: Recognised, sent_at: datetime | None) -> dict[str, str]:
    """What the fields hold before anybody corrects them."""
    zone = zone_of(recognised)
    issued = recognised.issued_at.value if recognised.issued_at else None
    if issued is None and zone is not None and "issued_at" not in recognised.unsure:
        issued = sent_at
    subject = recognised.subject.value if recognised.subject else None
    return {
        "store": recognised.store.value.key if recognised.store else "",
        "kind": recognised.kind.value if recognised.kind else "",
        "issued_at": local(issued, zone) if issued else "",
        "deadline": local(recognised.deadline.value, zone) if recognised.deadline else "",
        "points": f"{recognised.points.value}" if recognised.points else "",
        "score": f"{recognised.score.value}" if recognised.score else "",
        "subject": subject.id if subject else "",
        "subject_kind": subject.kind if subject else "",
        "case": recognised.case.value if recognised.case else "",
    }


def spans_of(recognised: Recognised) -> dict[str, Span]:
    """Where each value was read."""
    told: dict[str, Found[Any] | None] = {
        name: getattr(recognised, name)
        for name in ("store", "kind", "issued_at", "deadline", "points", "score", "subject", "case")
    }
    return {name: one.span for name, one in told.items() if one is not None and one.span is not None}


def names_shown(kind: str, values: Mapping[str, str]) -> list[str]:
    """The fields that this kind of notice may fill; a value that was read is shown with every kind."""
    counted = not kind or kind in POINTS_KINDS or kind in VIOLATIONS
    fitting = {
        "deadline": counted,
        "points": counted,
        "score": kind == "account_health",
        "case": counted,
        "subject": counted,
        "subject_kind": bool(values["subject"]),
    }
    names = ("store", "kind", "issued_at", "deadline", "points", "score", "case", "subject", "subject_kind")
    return [name for name in names if fitting.get(name, True) or values.get(name)]


def fields_of(
    visit: Visit, notice: Notice, recognised: Recognised, values: Mapping[str, str], errors: Mapping[str, str]
) -> list[Field]:
    """The form: every value beside its words, what is missing named."""
    labels, spans, kind = field_words(), spans_of(recognised), values["kind"]
    zone = zone_of(recognised)
    letters = formats.zone_letters(zone, visit.now) if zone else _("the store's own time")
    kinds = tuple(Choice(name, label) for name, label in kind_words().items())
    stores = tuple(Choice(one.key, f"{one.name} · {one.region}") for one in pickable(visit, notice.workspace_id))
    things = (Choice("order", _("an order")), Choice("product", _("a product")))
    choices = {"store": stores, "kind": kinds, "subject_kind": things}
    needed = {
        "store",
        "kind",
        "issued_at",
        *({"points"} if kind in POINTS_KINDS else ()),
        *({"score"} if kind == "account_health" else ()),
    }
    mailed = believed(notice, visit.now) is not None
    found = []
    for name in names_shown(kind, values):
        timed = INPUTS.get(name) == "datetime-local"
        found.append(
            Field(
                name=name,
                label=f"{labels[name]}, {letters}" if timed else labels[name],
                kind=INPUTS.get(name, "text"),
                value=values[name],
                read_from=spans[name].text if name in spans else "",
                note=note_of(name, recognised, values, needed=name in needed, mailed=mailed),
                error=errors.get(name, ""),
                choices=choices.get(name, ()),
                needed=name in needed,
            )
        )
    return found


def note_of(name: str, recognised: Recognised, values: Mapping[str, str], *, needed: bool, mailed: bool) -> str:
    """What stands below a field that no words of the text stand for."""
    if name in recognised.unsure and INPUTS.get(name) == "datetime-local" and recognised.store is None:
        return _("told in a time of day that needs its store: choose the store and read the text again")
    if name in recognised.unsure:
        return _("told in two ways: say which is right")
    if name == "issued_at" and recognised.issued_at is None and mailed:
        return _("the mail's own date") if values[name] else _("not told in the text; left empty, the mail's own date counts")
    if name == "store" and values[name]:
        return _("chosen by a person")
    if values[name] or name == "subject_kind":
        return ""
    return _("not told in the text: fill it in") if needed else _("not told in the text")


# -- what a person makes of it -----------------------------------------------------------------------------------------------


def typed_of(visit: Visit) -> dict[str, str]:
    """What stood in the fields."""
    return {name: str(visit.request.POST[name]).strip() for name in field_words() if name in visit.request.POST}


def corrected(visit: Visit, notice: Notice, typed: Mapping[str, str]) -> tuple[Recognised, dict[str, str]]:
    """What the person says that the notice tells, and what is wrong with it, by field."""
    errors: dict[str, str] = {}
    shop = next((one for one in shops_of(notice.workspace_id) if one.key == typed.get("store", "")), None)
    if shop is not None and shop.id not in visit.may_write:
        shop = None
    zone = zone_named(str(visit.request.POST.get("zone", ""))) or (ZoneInfo(shop.timezone) if shop else None)
    kind = typed.get("kind", "")
    issued_at = _instant("issued_at", typed, zone, errors)
    if not typed.get("issued_at"):
        issued_at = believed(notice, visit.now)
    subject = Subject(typed.get("subject_kind") or "order", typed["subject"][:120]) if typed.get("subject") else None
    made = Recognised(
        text=clean(notice.text),
        kind=_told(kind if kind in phrases().kinds else None),
        store=_told(shop),
        points=_told(_figure("points", typed, errors)),
        score=_told(_figure("score", typed, errors)),
        deadline=_told(_instant("deadline", typed, zone, errors)),
        issued_at=_told(issued_at),
        subject=_told(subject),
        case=_told(typed.get("case", "")[:120] or None),
    )
    for name in entries_of(made).missing:
        errors.setdefault(name, _("This is needed."))
    if (
        made.kind
        and made.kind.value == "account_health"
        and shop
        and not (shop.platform == "tiktok_shop" and shop.region in RATED)
    ):
        errors.setdefault("kind", _("This store's platform counts no health rating in its market."))
    return made, errors


def _told(value: T | None) -> Found[T] | None:
    return None if value is None else Found(value, None)


def _figure(name: str, typed: Mapping[str, str], errors: dict[str, str]) -> Decimal | None:
    said = typed.get(name, "").replace(",", ".")
    if not said:
        return None
    try:
        return number(name, said, least=Decimal(0), most=MOST_POINTS)
    except BadEntry:
        errors[name] = _("Give a number from 0 to 1000.")
        return None


def _instant(name: str, typed: Mapping[str, str], zone: ZoneInfo | None, errors: dict[str, str]) -> datetime | None:
    said = typed.get(name, "")
    if not said or zone is None:
        return None
    try:
        return datetime.fromisoformat(said).replace(tzinfo=zone)
    except ValueError:
        errors[name] = _("Give day and time, e.g. 2026-11-20 09:35.")
        return None


FIELD_OF = {
    "at": "issued_at",
    "as_of": "issued_at",
    "notified_at": "issued_at",
    "issued_at": "issued_at",
    "deadline_at": "deadline",
    "points": "points",
    "score": "score",
    "id": "case",
}


def mend_of(bad: BadEntry) -> tuple[str, str]:
    """The field that is wrong and what mends it."""
    name = FIELD_OF.get(bad.field, "kind")
    table = {
        "issued_at": _("It cannot lie in the future or before 2015; check day, time and zone."),
        "deadline": _("It lies before the notice was issued; check both."),
        "points": _("Give a number from 0 to 1000."),
    }
    return name, table.get(name, bad.message)
