"""What the platform does not offer by API and people type in: the forms of a store, what was last entered, taking it in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext as _

from storeward.findings.facts import ENTERED_TRUST, profiles
from storeward.policy.calendars import for_store
from storeward.policy.facts import Facts
from storeward.policy.rules.base import Context
from storeward.policy.rules.points import counting_since
from storeward.policy.terms import book
from storeward.records import entry
from storeward.records.entry import BadEntry, By
from storeward.records.models import PointsEntry, StoreEvent, StoreFact
from storeward.stores.models import Store
from storeward.web import formats, words
from storeward.web.frame import Visit
from storeward.web.parts import Freshness, freshness

TRUST = timedelta(hours=48)
"""How long a typed value may be trusted where the findings name no other span."""

RATED = frozenset({"US", "UK"})
"""Markets with an account health rating; the others count violation points."""


@dataclass(frozen=True, slots=True)
class Field:
    """One input: `kind` is that of the HTML element, `hint` stands below it."""

    name: str
    label: str
    kind: str
    value: str = ""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    """What a select offers: value and word."""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One thing that can be entered: what is known of it, how fresh, from whom, and the inputs."""

    name: str
    title: str
    value: str
    fresh: Freshness
    source: str
    fields: tuple[Field, ...]
    error: str = ""
    open: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What was last entered."""

    value: str
    at: datetime
    by: str
    origin: str


Entered = Mapping[str, StoreFact]


def _facts(store: Store) -> Entered:
    """The newest of each fact that was entered, by name."""
    rows = StoreFact.objects.filter(store=store).order_by("name", "-as_of").distinct("name")
    return {row.name: row for row in rows}


def _fact(facts: Entered, name: str, say: Callable[[object], str]) -> Known | None:
    row = facts.get(name)
    return Known(say(row.value), row.as_of, row.entered_by, row.origin) if row else None


def _score(value: object) -> str:
    found = value.get("score") if isinstance(value, Mapping) else value
    return "?" if found is None else f"{found} / 1000"


def _yes(value: object) -> str:
    return _("on") if value else _("off")


def state_words() -> dict[str, str]:
    """The states of a settlement."""
    return {"normal": _("as usual"), "frozen": _("payments frozen"), "stopped": _("settlement stopped")}


def _state(value: object) -> str:
    said = str(value.get("state")) if isinstance(value, Mapping) else "?"
    return state_words().get(said, said)


def paper_words() -> dict[str, str]:
    """The points of a certification."""
    return {
        "licence_valid": _("Licence is valid"),
        "tax_papers_valid": _("Tax papers are valid"),
        "account_in_good_standing": _("Account is in good standing"),
        "names_match": _("Names match"),
        "contact_correct": _("Contact is correct"),
        "fee_paid": _("Fee is paid"),
    }


ANSWERS: Mapping[str, bool | None] = {"yes": True, "no": False, "": None}


def _papers(value: object) -> str:
    given = [value.get(name) for name in paper_words()] if isinstance(value, Mapping) else []
    if False in given:
        return _("something is wrong")
    return _("in order") if given and None not in given else _("not wholly known")


def _total(value: object) -> str:
    found = value.get("total") if isinstance(value, Mapping) else None
    return "?" if found is None else formats.number(Decimal(str(found)))


def _login(store: Store, now: datetime) -> Known | None:
    row = (
        StoreEvent.objects.filter(store=store, family="activity", type="login", actor="main", at__lte=now).order_by("-at").first()
    )
    return Known("", row.at, row.entered_by, row.origin) if row else None


def _points(store: Store, now: datetime) -> Known | None:
    with connection.cursor() as cursor:
        profile = profiles(cursor, [store.pk])[store.pk][1]
    counting = counting_since(Context(profile, Facts(), now, book(), for_store(profile)))
    since, top = counting or (now, None)
    rows = list(PointsEntry.objects.filter(store=store, issued_at__gt=since).order_by("-observed_at"))
    if not rows or top is None:
        return None
    said = {"points": formats.number(sum((row.points for row in rows), Decimal(0))), "top": formats.number(top)}
    return Known(_("%(points)s of %(top)s") % said, rows[0].observed_at, "", rows[0].origin)


def known_of(visit: Visit, store: Store, name: str, facts: Entered) -> Known | None:
    """What was last entered of that name."""
    match name:
        case "ahr":
            return _fact(facts, "ahr", _score)
        case "two_step":
            return _fact(facts, "two_step_verification", _yes)
        case "login":
            return _login(store, visit.now)
        case "frozen":
            return _fact(facts, "withdrawal_frozen", _yes)
        case "settlement":
            return _fact(facts, "settlement", _state)
        case "certification":
            return _fact(facts, "certification", _papers)
        case "total":
            return _fact(facts, "non_compliance_points", _total)
        case _:
            return _points(store, visit.now)


TRUST_NAMES = {"two_step": "two_step_verification", "points": "violation_points", "frozen": "withdrawal_frozen"}


def trust_of(name: str) -> timedelta:
    return ENTERED_TRUST.get(TRUST_NAMES.get(name, name), TRUST)


def fields_of(visit: Visit, store: Store, name: str) -> tuple[Field, ...]:
    """The inputs of a form; instants are typed in the store's own time."""
    zone = ZoneInfo(store.timezone)
    local = f"{visit.now.astimezone(zone):%Y-%m-%dT%H:%M}"
    letters = formats.zone_letters(zone, visit.now)
    match name:
        case "ahr":
            return (
                Field("score", _("Rating, 0 to 1000"), "number"),
                Field("at", _("Read at, %(zone)s") % {"zone": letters}, "datetime-local", local),
            )
        case "two_step":
            return (
                Field("value", _("Two-step verification"), "switch"),
                Field("at", _("Looked at, %(zone)s") % {"zone": letters}, "datetime-local", local),
            )
        case "frozen":
            return (
                Field("value", _("Withdrawals frozen"), "switch"),
                Field("at", _("Looked at, %(zone)s") % {"zone": letters}, "datetime-local", local),
            )
        case "settlement":
            return (
                Field("state", _("Settlement"), "select", "normal", choices=tuple(state_words().items())),
                Field("at", _("Looked at, %(zone)s") % {"zone": letters}, "datetime-local", local),
                Field("since", _("Held since, %(zone)s") % {"zone": letters}, "datetime-local", optional=True),
            )
        case "certification":
            answers = (("yes", _("yes")), ("no", _("no")), ("", _("not known")))
            return (
                *(Field(paper, word, "select", "yes", choices=answers) for paper, word in paper_words().items()),
                Field("at", _("Looked at, %(zone)s") % {"zone": letters}, "datetime-local", local),
            )
        case "total":
            return (
                Field("total", _("Points in all"), "number", hint=_("as Seller Center shows it")),
                Field("at", _("Read at, %(zone)s") % {"zone": letters}, "datetime-local", local),
            )
        case "login":
            return (Field("at", _("Logged in at, %(zone)s") % {"zone": letters}, "datetime-local", local),)
        case _:
            return (
                Field("number", _("Number of the violation"), "text", hint=_("as Seller Center shows it")),
                Field("points", _("Points"), "number"),
                Field("at", _("Issued at, %(zone)s") % {"zone": letters}, "datetime-local", local),
            )


def title_of(name: str) -> str:
    table = {
        "ahr": _("Health rating"),
        "points": _("Violation points"),
        "login": _("Main login"),
        "two_step": _("Two-step"),
        "frozen": _("Withdrawals"),
        "settlement": _("Settlement"),
        "certification": _("Certification"),
        "total": _("Non-compliance points"),
    }
    return table[name]


OF_PLATFORM: Mapping[str, tuple[str, ...]] = {
    "tiktok_shop": ("points", "login", "two_step", "frozen"),
    "shopee": ("login", "two_step"),
    "lazada": ("total", "login", "two_step"),
    "douyin": ("settlement", "certification", "login", "two_step"),
}
"""What a platform does not tell and a rule of it asks for."""


def names_for(store: Store) -> tuple[str, ...]:
    """What can be entered for a store of that platform and market."""
    names = OF_PLATFORM.get(store.platform, ("points", "login", "two_step"))
    return tuple("ahr" if name == "points" and store.region in RATED else name for name in names)


def forms_of(
    visit: Visit, store: Store, *, failed: str = "", error: str = "", typed: Mapping[str, str] | None = None
) -> list[Form]:
    """The forms of a store; the one that `failed` stays open with what was typed and what is wrong."""
    found, facts = [], _facts(store)
    for name in names_for(store):
        known = known_of(visit, store, name, facts)
        fields = fields_of(visit, store, name)
        if name == failed and typed is not None:
            fields = tuple(replace(one, value=typed.get(one.name, one.value)) for one in fields)
        found.append(
            Form(
                name=name,
                title=title_of(name),
                value=known.value if known else "",
                fresh=fresh_of(visit, known, name),
                source=source_of(known),
                fields=fields,
                error=error if name == failed else "",
                open=name == failed,
            )
        )
    return found


def fresh_of(visit: Visit, known: Known | None, name: str) -> Freshness:
    if known is None:
        return freshness(None, None, visit.now, visit.language)
    return freshness(known.at, known.at + trust_of(name), visit.now, visit.language)


def source_of(known: Known | None) -> str:
    """ "typed by Operations Lead"."""
    if known is None:
        return _("not entered yet")
    by = known.by.partition("@")[0]  # an address is too long for the column, and says no more
    return f"{words.origin_word(known.origin)} · {by}" if by else words.origin_word(known.origin)


def instant_of(text: str, store: Store) -> datetime:
    """What a person typed as local time of the store. Raises BadEntry."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(store.timezone))
    except ValueError:
        raise BadEntry("at", "give day and time, e.g. 2026-11-20 09:35") from None


def mend_of(bad: BadEntry) -> str:
    """What mends a wrong entry, in the person's language."""
    table = {
        "score": _("Give the rating as a number from 0 to 1000."),
        "points": _("Give the points as a number from 0 to 1000."),
        "at": _("Give day and time when it was true, in the store's own time; it cannot lie in the future."),
        "as_of": _("Give day and time when it was true, in the store's own time; it cannot lie in the future."),
        "issued_at": _("Give day and time when it was true, in the store's own time; it cannot lie in the future."),
        "id": _("Give the number that Seller Center shows."),
        "total": _("Give the points as a number from 0 to 1000."),
        "since": _("Give day and time since when, not later than you looked."),
        "state": _("Choose one of the states."),
    }
    return table.get(bad.field, bad.message)


def take_in(visit: Visit, store: Store, name: str, typed: Mapping[str, str]) -> None:
    """Enter what was typed. Raises BadEntry naming the field and the mend; nothing is stored then."""
    by = By(who=visit.person.name or visit.person.email, now=visit.now)
    at = instant_of(typed.get("at", ""), store)
    match name:
        case "ahr":
            score = entry.number("score", typed.get("score", ""), least=Decimal(0), most=Decimal(1000))
            entry.enter_fact(store, "ahr", {"score": str(score)}, as_of=at, by=by)
        case "two_step":
            entry.enter_fact(store, "two_step_verification", typed.get("value") == "on", as_of=at, by=by)
        case "login":
            entry.enter_event(store, "activity", "login", at=at, by=by)
        case "frozen":
            entry.enter_fact(store, "withdrawal_frozen", typed.get("value") == "on", as_of=at, by=by)
        case "settlement":
            entry.enter_fact(store, "settlement", _settlement(store, typed, at), as_of=at, by=by)
        case "certification":
            papers = {paper: ANSWERS.get(typed.get(paper, "")) for paper in paper_words()}
            entry.enter_fact(store, "certification", papers, as_of=at, by=by)
        case "total":
            total = entry.number("total", typed.get("total", ""), least=Decimal(0), most=Decimal(1000))
            entry.enter_fact(store, "non_compliance_points", {"total": str(total)}, as_of=at, by=by)
        case _:
            entry.enter_points(store, typed.get("number", ""), typed.get("points", ""), issued_at=at, by=by)


def _settlement(store: Store, typed: Mapping[str, str], at: datetime) -> dict[str, str]:
    """The state, and since when where that was said. Raises BadEntry."""
    state = typed.get("state", "")
    if state not in state_words():
        raise BadEntry("state", "choose one of the states")
    if state == "normal" or not typed.get("since"):
        return {"state": state}
    try:
        since = instant_of(typed["since"], store)
    except BadEntry as bad:
        raise BadEntry("since", bad.message) from None
    if since > at:
        raise BadEntry("since", "lies after the look; check both instants")
    return {"state": state, "since": since.astimezone(UTC).isoformat()}
