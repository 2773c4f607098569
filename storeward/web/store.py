"""One store: its state and clocks, how fresh each feed is, what the platform does not offer, and what is open."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from storeward.records.entry import BadEntry
from storeward.records.models import Stream
from storeward.stores.models import ConnectionState, Store
from storeward.web import formats, reads, words
from storeward.web.board import LOOKS, board_of, drawn_rows
from storeward.web.entries import Form, forms_of, mend_of, names_for, take_in
from storeward.web.finding import SELLER_CENTERS, panel_context
from storeward.web.frame import Visit, draw, page
from storeward.web.lines import cause_line, group_lines
from storeward.web.parts import PLATFORM_NAMES, Freshness, freshness
from storeward.web.recent import acted


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell of the strip of clocks."""

    label: str
    value: str
    note: str
    tone: str = ""
    due_at: datetime | None = None
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """How fresh one stream is, and why it fails where it does."""

    name: str
    fresh: Freshness
    note: str


def due_figure(visit: Visit, store: Store, label: str, owed: reads.Owed | None, note: str = "") -> Figure:
    """A countdown to what is owed soonest; quiet where nothing is."""
    if owed is None:
        return Figure(label, "–", _("nothing owed"))
    count = formats.countdown(owed.due_at, visit.now, visit.language, owed.starts_at)
    at = formats.clock(owed.due_at, visit.now, ZoneInfo(store.timezone), visit.language)
    at = at.replace(" ", "\u00a0")  # where it does not fit, the line breaks before the time, not within
    words_ = f"{words.counted(owed.kind, owed.count)} · {at}" if owed.count > 1 and owed.kind != "store" else at
    return Figure(label, count.text, note or words_, count.tone, owed.due_at, owed.starts_at)


def balance_figure(visit: Visit, store: Store) -> Figure:
    balance = reads.balances([store.pk]).get(store.pk)
    if balance is None:
        return Figure(_("Balance"), "?", _("never told"), "unk")
    amount, currency = balance
    tone = "crit" if amount < 0 else ""
    return Figure(_("Balance"), formats.exact(amount, currency), _("below zero") if amount < 0 else _("as reckoned"), tone)


def authorisation_figure(visit: Visit, store: Store) -> Figure:
    """How long the authorisation lasts, or why it cannot be used."""
    label, held = _("Authorisation"), store.connection
    if held is None:
        return Figure(label, "?", _("never connected"), "unk")
    if held.state != ConnectionState.ACTIVE:
        return Figure(label, _("lost"), words.reason(held.state_reason) or str(held.get_state_display()), "crit")
    if held.refresh_expires_at is None:
        return Figure(label, _("in force"), _("no end named"))
    left = (held.refresh_expires_at - visit.now).total_seconds()
    return Figure(label, formats.span(left, visit.language), _("renews by itself"), "crit" if left < 3 * formats.DAY else "")


def figures(visit: Visit, store: Store) -> list[Figure]:
    """The strip: what is due soonest of each kind, the balance and the authorisation."""
    owed = reads.owed_by_rule(store.pk)
    return [
        due_figure(visit, store, _("Ship-by, earliest"), soonest(owed, "order")),
        due_figure(visit, store, _("Inactivity"), inactivity(owed, visit.now)),
        due_figure(visit, store, _("Buyers waiting"), soonest(owed, "conversation")),
        balance_figure(visit, store),
        authorisation_figure(visit, store),
    ]


def soonest(owed: list[reads.Owed], kind: str, part: str = "") -> reads.Owed | None:
    """Of the duties about that kind of subject (and rules with `part` in their id) the one that falls due first."""
    return next((one for one in owed if one.kind == kind and part in one.rule), None)


def inactivity(owed: list[reads.Owed], now: datetime) -> reads.Owed | None:
    """The platform's next line for a store that nobody manages; the last one passed where none is left. Our own routines, which
    come sooner, are no line of the platform's."""
    lines = [one for one in owed if one.kind == "store" and "-INACT-" in one.rule and not one.rule.startswith("INT-")]
    ahead = [one for one in lines if one.due_at > now]
    return ahead[0] if ahead else lines[-1] if lines else None


def feeds(visit: Visit, streams: list[Stream]) -> list[Feed]:
    """Each stream with its freshness; one that fails says since when and why."""
    found = []
    for stream in streams:
        note = words.origin_word("push" if stream.name == "push" else "api")
        if stream.failing_since is not None:
            since = formats.age((visit.now - stream.failing_since).total_seconds(), visit.language)
            note = _("fails for %(time)s: %(why)s") % {"time": since, "why": stream.error_text or stream.error_family}
        found.append(
            Feed(
                words.stream_name(stream.name),
                freshness(stream.observed_at, stream.trusted_until, visit.now, visit.language),
                note,
            )
        )
    return found


def answer(visit: Visit, forms: list[Form], *, status: int = 200) -> HttpResponse:
    """Draw the page of the store in scope."""
    store = visit.scope.store
    if store is None:
        raise Http404
    groups, causes = reads.groups([store.pk]), reads.causes([store.pk])
    base = visit.request.path
    board = board_of(visit)
    (row,) = drawn_rows(visit, board, board.standings)
    context = {
        "title": store.name,
        "store": store,
        "row": row,
        "checks": sorted(row.checks, key=lambda check: LOOKS.index(check.look)),
        "platform": PLATFORM_NAMES.get(store.platform, store.platform),
        "seller_center": SELLER_CENTERS.get((store.platform, store.region), ""),
        "figures": figures(visit, store),
        "lines": [
            *group_lines(visit, groups, base),
            *(cause_line(visit, cause, base) for cause in causes),
        ],
        "feeds": feeds(visit, reads.streams(store.pk)),
        "forms": forms,
        "problems": reads.problems(store.pk),
        "may_write": store.pk in visit.may_write,
    }
    return draw(visit, "store/page.html", context | panel_context(visit), name="store", status=status)


@require_GET
@page
def store(visit: Visit) -> HttpResponse:
    assert visit.scope.store is not None  # the address names one
    return answer(visit, forms_of(visit, visit.scope.store))


@require_POST
@page
def enter(visit: Visit, name: str) -> HttpResponse:
    """Take in what was typed; a mistake is answered with the form as it was typed and what mends it."""
    store = visit.scope.store
    if store is None or name not in names_for(store):
        raise Http404
    if store.pk not in visit.may_write:
        return HttpResponse(_("You may look, not act. Ask the owner for the right."), status=403, content_type="text/plain")
    typed = {key: str(value) for key, value in visit.request.POST.items()}
    try:
        take_in(visit, store, name, typed)
    except BadEntry as bad:
        return answer(visit, forms_of(visit, store, failed=name, error=mend_of(bad), typed=typed), status=422)
    acted(store.workspace_id)
    messages.success(visit.request, _("Entered. It is judged with the next round."))
    return redirect(f"/s/{store.key}/#enter")
