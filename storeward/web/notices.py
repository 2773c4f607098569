"""Notices: paste one or take up one that came by mail, check what was read from it, enter it or set it aside."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from storeward import pipeline
from storeward.findings.models import Finding
from storeward.intake.mailbox import shops_of
from storeward.intake.models import Notice, NoticeState
from storeward.intake.notice_entries import keep, set_aside
from storeward.intake.notices import clean, recognise
from storeward.records.entry import BadEntry
from storeward.stores.models import Store
from storeward.web import formats, words
from storeward.web.bring import at, refused_right, teams, who
from storeward.web.frame import Visit, draw, page
from storeward.web.mailboxes import mailboxes
from storeward.web.notice_form import (
    believed,
    corrected,
    fields_of,
    mend_of,
    pickable,
    pieces,
    read_again,
    spans_of,
    typed_of,
    values_of,
    zone_of,
)
from storeward.web.notice_words import entered_words, field_words, kind_words, state_words, why_words
from storeward.web.parts import Crumb
from storeward.web.reads import NOTICES_WAIT
from storeward.web.recent import acted

ON_A_PAGE = 50
LATEST = 20
MARKS = {NoticeState.ENTERED: "fine", NoticeState.LOOK: "info", NoticeState.ELSEWHERE: "warning", NoticeState.DONE: "unknown"}


# -- what may be seen -----------------------------------------------------------------------------------------------------


def seen(visit: Visit) -> QuerySet[Notice]:
    """The notices of the person's teams."""
    own = visit.person.membership_set.values("workspace_id")
    return Notice.objects.filter(workspace_id__in=own).select_related("store__group")


def notice_for(visit: Visit, notice_id: int) -> Notice:
    """The notice, if it is of a team of the person's. Raises Http404 otherwise."""
    found = seen(visit).filter(pk=notice_id).first()
    if found is None:
        raise Http404
    return found


def may_act(visit: Visit, notice: Notice) -> bool:
    return notice.workspace_id in {one.pk for one in teams(visit)}


@dataclass(frozen=True, slots=True)
class Row:
    """A notice in a list."""

    id: int
    title: str
    kind: str
    sender: str
    why: str
    at: str
    word: str
    mark: str
    store: Store | None
    by: str


def row_of(visit: Visit, notice: Notice) -> Row:
    first = next((line for line in notice.text.splitlines() if line.strip()), "")
    return Row(
        id=notice.pk,
        title=(notice.title or first or _("without words"))[:120],
        kind=kind_words().get(notice.kind, _("kind not recognised")),
        sender=notice.sender,
        why=why_words(notice.why) or (_("not entered yet") if notice.state in NOTICES_WAIT else ""),
        at=at(visit, notice.settled_at or notice.received_at),
        word=state_words(notice.state),
        mark=MARKS.get(NoticeState(notice.state), "unknown"),
        store=notice.store,
        by=notice.settled_by,
    )


# -- the list, and pasting ------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@page
def notices(visit: Visit) -> HttpResponse:
    """What waits, what was entered, and the place to paste one."""
    if visit.request.method == "GET":
        return listed(visit)
    allowed = teams(visit)
    if not allowed:
        return refused_right()
    text, chosen = clean(visit.request.POST.get("text", "")), chosen_store(visit, visit.request.POST.get("store", ""))
    if not text:
        return listed(visit, error=_("Paste the text of the notice first."))
    wanted = visit.request.POST.get("team", "")
    team = chosen.workspace_id if chosen else next((one.pk for one in allowed if str(one.pk) == wanted), allowed[0].pk)
    shops = shops_of(team)
    shop = next((one for one in shops if chosen and one.id == chosen.pk), None)
    kept = keep(recognise(text, stores=shops, now=visit.now, chosen=shop), workspace_id=team, now=visit.now)
    acted(team)
    return redirect(f"/notices/{kept.pk}/")


def chosen_store(visit: Visit, key: str) -> Store | None:
    """The store of that key, if the person may change it."""
    return next((one for one in visit.stores if one.key == key and one.pk in visit.may_write), None)


def listed(visit: Visit, *, error: str = "") -> HttpResponse:
    open_ones = seen(visit).filter(state__in=NOTICES_WAIT).order_by("-received_at", "-pk")
    count = open_ones.count()
    text = visit.request.GET.get("page", "")
    last = max(0, (count - 1) // ON_A_PAGE)
    here = min(last, max(0, int(text) - 1)) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    rows = open_ones[here * ON_A_PAGE : (here + 1) * ON_A_PAGE]
    settled = seen(visit).exclude(state__in=NOTICES_WAIT).order_by("-received_at", "-pk")[:LATEST]
    context = {
        "title": _("Notices"),
        "teams": teams(visit),
        "stores": pickable(visit, None),
        "chosen": visit.request.POST.get("store") or visit.request.GET.get("store", ""),
        "text": visit.request.POST.get("text", ""),
        "error": error,
        "rows": [row_of(visit, one) for one in rows],
        "count": count,
        "pages": [Crumb(str(one + 1), f"?page={one + 1}", None, one == here) for one in range(last + 1)],
        "settled": [row_of(visit, one) for one in settled],
        "mailboxes": mailboxes(visit),
    }
    return draw(visit, "notices/page.html", context, name="connections", status=422 if error else 200)


# -- one notice -----------------------------------------------------------------------------------------------------------


@require_GET
@page
def show(visit: Visit, notice_id: int) -> HttpResponse:
    """What was read from a notice, to be corrected and entered; what became of it, where it was."""
    return drawn(visit, notice_for(visit, notice_id))


def drawn(
    visit: Visit, notice: Notice, *, typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None
) -> HttpResponse:
    recognised = read_again(visit, notice)
    values = values_of(recognised, believed(notice, visit.now)) | dict(typed or {})
    labels = field_words()
    zone = zone_of(recognised)
    context = {
        "title": notice.title or kind_words().get(values["kind"], _("Notice")),
        "notice": row_of(visit, notice),
        "state": notice.state,
        "waits": notice.state != NoticeState.ENTERED,
        "received": at(visit, notice.received_at),
        "sent": at(visit, notice.sent_at) if notice.sent_at else "",
        "fields": fields_of(visit, notice, recognised, values, errors or {}),
        "zone": zone.key if zone else "",
        "pieces": pieces(recognised.text, [(span, labels[name]) for name, span in spans_of(recognised).items()]),
        "entered": [entered_words(one) for one in notice.entered],
        "opened": opened_since(notice, visit.language),
        "may": may_act(visit, notice),
        "errors": errors or {},
    }
    return draw(visit, "notices/notice.html", context, name="connections", status=422 if errors else 200)


@dataclass(frozen=True, slots=True)
class Opened:
    """A finding that moved when the notice was entered."""

    href: str
    what: str
    severity: str


def opened_since(notice: Notice, language: formats.Language) -> list[Opened]:
    """What is open in the store and has changed since the notice was entered: what it led to, as a rule."""
    if notice.state != NoticeState.ENTERED or notice.store_id is None or notice.entered_at is None:
        return []
    found = Finding.objects.filter(store_id=notice.store_id, changed_at__gte=notice.entered_at).exclude(status="resolved")
    return [
        Opened(f"/f/{one.pk}/", words.rule_words(one.rule, language).title, one.severity) for one in found.order_by("pk")[:LATEST]
    ]


# -- enter, set aside -----------------------------------------------------------------------------------------------------


@require_POST
@page
def enter(visit: Visit, notice_id: int) -> HttpResponse:
    """Enter what the fields say; a mistake is answered with the form as it was typed and what mends it."""
    notice = notice_for(visit, notice_id)
    if not may_act(visit, notice):
        return refused_right()
    typed = typed_of(visit)
    made, errors = corrected(visit, notice, typed)
    if errors:
        return drawn(visit, notice, typed=typed, errors=errors)
    try:
        entered = pipeline.enter_notice(notice, made, who=who(visit))
    except BadEntry as bad:
        name, mend = mend_of(bad)
        return drawn(visit, notice, typed=typed, errors={name: mend})
    acted(notice.workspace_id)
    if entered.new:
        messages.success(visit.request, _("Entered. The store was judged anew."))
    else:
        messages.success(visit.request, _("The same notice was entered before; nothing was changed."))
    return redirect(f"/notices/{notice.pk}/")


@require_POST
@page
def aside(visit: Visit, notice_id: int) -> HttpResponse:
    """Enter nothing from it, and say why."""
    notice = notice_for(visit, notice_id)
    if not may_act(visit, notice):
        return refused_right()
    reason = visit.request.POST.get("reason", "")
    try:
        done = set_aside(notice.pk, workspace_id=notice.workspace_id, reason=reason, who=who(visit), now=visit.now)
    except BadEntry:
        return drawn(visit, notice, errors={"reason": _("Say in a few words why nothing is to be entered.")})
    acted(notice.workspace_id)
    if done:
        messages.success(visit.request, _("Set aside; nothing was entered."))
    return redirect("/notices/")
