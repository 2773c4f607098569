"""Bring tables: a template, an upload, a look at every row, and then taking it over or not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from storeward import pipeline
from storeward.accounts.models import Workspace
from storeward.intake import blank, taking
from storeward.intake.models import Upload, UploadState
from storeward.intake.reading import LARGEST, BadFile
from storeward.intake.sheets import SHEETS, Sheet
from storeward.stores.access import workspaces_to_fill
from storeward.stores.models import Store
from storeward.web import formats
from storeward.web.frame import Visit, draw, page, zone_named
from storeward.web.mends import mend, mends
from storeward.web.recent import acted

LATEST = 20
SHOWN_BAD = 200
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of table that can be brought."""

    name: str
    label: str
    about: str


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone in which the instant may be typed."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Brought:
    """An upload, ready to draw."""

    id: int
    name: str
    kind: str
    by: str
    at: str
    as_of: str
    state: str
    word: str
    rows: int
    good: int
    bad: int
    stores: int
    changed: int | None

    @property
    def mark(self) -> str:
        return {"taken": "fine", "taking": "info", "previewed": "warning" if self.bad else "info"}.get(self.state, "unknown")


def kinds(visit: Visit) -> list[Kind]:
    """Every kind, in the person's language."""
    about = {
        "orders": _("an order a row, or a line of it"),
        "stock": _("what is left of each variant"),
        "balances": _("the balance as somebody read it"),
        "reviews": _("stars and text of a review"),
        "points": _("entries of violation or penalty points"),
        "violations": _("recorded violations with their clock"),
        "figures": _("health rating and other scores and settings"),
        "events": _("sign-ins, notices, checks by a person"),
    }
    return [Kind(name, label_of(sheet, visit), about.get(name, "")) for name, sheet in SHEETS.items()]


def label_of(sheet: Sheet, visit: Visit) -> str:
    return sheet.chinese if visit.language == "zh" else sheet.english


def column_label(sheet: Sheet, name: str, visit: Visit) -> str:
    """A column's heading in the person's language; its name where it is no column of this kind."""
    found = next((one for one in sheet.columns if one.name == name), None)
    if found is None:
        return {"row": _("Row"), "store": _("Store")}.get(name, name)
    return found.chinese if visit.language == "zh" else found.english


def state_word(state: str) -> str:
    table = {
        "previewed": _("looked at, not taken"),
        "taking": _("being taken"),
        "taken": _("taken"),
        "discarded": _("dropped"),
    }
    return table.get(state, state)


def teams(visit: Visit) -> list[Workspace]:
    """The teams for whose stores the person may bring tables."""
    return list(workspaces_to_fill(visit.person))


def refused_right() -> HttpResponse:
    words_ = _("You may look, not act. Ask the owner for the right.")
    return HttpResponse(words_, status=403, content_type="text/plain; charset=utf-8")


def who(visit: Visit) -> str:
    return visit.person.name or visit.person.email


def stores_of(visit: Visit, workspace_id: int) -> list[int]:
    """The stores of that team which the person may change."""
    return [store.pk for store in visit.stores if store.workspace_id == workspace_id and store.pk in visit.may_write]


def zones(visit: Visit) -> list[Zone]:
    """The zones of the person's stores, that of most stores first; the person's own where there is no store."""
    counted: dict[str, int] = {}
    for store in visit.stores:
        counted[store.timezone] = counted.get(store.timezone, 0) + 1
    names = sorted(counted, key=lambda name: (-counted[name], name)) or [visit.zone.key if visit.zone else "UTC"]
    return [Zone(name, f"{formats.zone_letters(ZoneInfo(name), visit.now)} · {name}") for name in names]


def at(visit: Visit, instant: datetime) -> str:
    """An instant in the person's own zone, else in that of the stores."""
    zone = visit.zone or ZoneInfo(zones(visit)[0].name)
    return formats.clock(instant, visit.now, zone, visit.language)


def brought(visit: Visit, upload: Upload) -> Brought:
    """What a list says of an upload."""
    told: dict[str, Any] = upload.verdict
    return Brought(
        id=upload.pk,
        name=upload.name,
        kind=label_of(SHEETS[upload.sheet], visit) if upload.sheet in SHEETS else upload.sheet,
        by=upload.uploaded_by,
        at=at(visit, upload.uploaded_at),
        as_of=at(visit, upload.as_of),
        state=upload.state,
        word=state_word(upload.state),
        rows=told.get("rows", 0),
        good=told.get("good", 0),
        bad=told.get("bad_rows", 0),
        stores=told.get("stores", 0),
        changed=told.get("changed"),
    )


def seen(visit: Visit) -> Any:
    """The uploads of the person's teams, without what was in them."""
    return Upload.objects.filter(workspace_id__in=visit.person.membership_set.values("workspace_id")).defer("body")


# -- choose and upload ----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@page
def bring(visit: Visit) -> HttpResponse:
    """The kinds with their templates, the form, and what was brought before; or a file to look at."""
    if visit.request.method == "GET":
        return _drawn(visit)
    allowed = teams(visit)
    if not allowed:
        return refused_right()
    wanted = visit.request.POST.get("team", "")
    team = next((one for one in allowed if str(one.pk) == wanted), allowed[0])
    try:
        upload = looked_at(visit, team)
    except BadFile as error:
        return _drawn(visit, error=mend(str(error)))
    return redirect(f"/bring/{upload.pk}/")


def looked_at(visit: Visit, team: Workspace) -> Upload:
    """Look at the file that was sent and keep it with its verdict. Raises BadFile."""
    file = visit.request.FILES.get("file")
    if not isinstance(file, UploadedFile) or not file.name:
        raise BadFile(_("Choose a file first."))
    if (file.size or 0) > LARGEST:
        raise BadFile(_("%(name)s is larger than %(size)s MB; split it") % {"name": file.name, "size": LARGEST // 2**20})
    return taking.preview(
        workspace_id=team.pk,
        sheet=visit.request.POST.get("sheet", ""),
        body=file.read(),
        name=file.name,
        store_ids=stores_of(visit, team.pk),
        as_of=as_of(visit),
        who=who(visit),
        now=visit.now,
    )


def as_of(visit: Visit) -> datetime:
    """When the facts were true, as typed in the chosen zone; now, where nothing was typed. Raises BadFile."""
    text = visit.request.POST.get("as_of", "").strip()
    if not text:
        return visit.now
    zone = zone_named(visit.request.POST.get("zone", "")) or ZoneInfo(zones(visit)[0].name)
    try:
        found = datetime.fromisoformat(text).replace(tzinfo=zone)
    except ValueError:
        raise BadFile(_("Give day and time when the facts were true, e.g. 2026-11-20 09:35.")) from None
    if found > visit.now:
        raise BadFile(_("The facts cannot be from the future; check day, time and zone."))
    return found


def _drawn(visit: Visit, *, error: str = "") -> HttpResponse:
    chosen = zones(visit)
    local = f"{visit.now.astimezone(ZoneInfo(chosen[0].name)):%Y-%m-%dT%H:%M}"
    posted = visit.request.POST
    context = {
        "title": _("Bring tables"),
        "kinds": kinds(visit),
        "zones": chosen,
        "teams": teams(visit),
        "local": posted.get("as_of") or local,
        "sheet": posted.get("sheet") or visit.request.GET.get("sheet", ""),
        "zone": posted.get("zone", ""),
        "error": error,
        "history": [brought(visit, one) for one in seen(visit).order_by("-uploaded_at", "-pk")[:LATEST]],
    }
    return draw(visit, "bring/page.html", context, name="connections", status=422 if error else 200)


@require_GET
@page
def template(visit: Visit, sheet: str, ending: str) -> HttpResponse:
    """An empty table with headings in the person's language."""
    kind = SHEETS.get(sheet)
    if kind is None or ending not in TYPES:
        raise Http404
    body = blank.as_csv(kind, visit.language) if ending == "csv" else blank.as_xlsx(kind, visit.language)
    answer = HttpResponse(body, content_type=TYPES[ending])
    answer.headers["Content-Disposition"] = f'attachment; filename="storeward-{sheet}.{ending}"'
    return answer


# -- look, take, drop -----------------------------------------------------------------------------------------------------


def upload_for(visit: Visit, upload_id: int) -> Upload:
    """The upload, if it is of a team of the person's. Raises Http404 otherwise."""
    found: Upload | None = seen(visit).filter(pk=upload_id).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is left out: where, and what mends it."""

    row: int
    field: str
    mend: str


@require_GET
@page
def show(visit: Visit, upload_id: int) -> HttpResponse:
    """What a file holds, row by row where it is bad; while it is being taken, drawn anew by itself."""
    upload = upload_for(visit, upload_id)
    context = shown(visit, upload)
    if visit.request.headers.get("HX-Target") == "sw-upload":
        return render(visit.request, "bring/_upload.html", context)
    return draw(visit, "bring/upload.html", context, name="connections")


def shown(visit: Visit, upload: Upload) -> dict[str, Any]:
    sheet, told = SHEETS[upload.sheet], upload.verdict
    bad = told.get("bad", ())[:SHOWN_BAD]
    columns = ["row", *dict.fromkeys(["store", *told.get("columns", ())])]
    columns = [name for name in columns if any(name in row for row in told.get("first", ()))]
    before = taking.taken_before(upload) if upload.state == UploadState.PREVIEWED else None
    return {
        "title": upload.name,
        "upload": brought(visit, upload),
        "headings": [column_label(sheet, name, visit) for name in columns],
        "first": [[value_of(row, name, visit) for name in columns] for row in told.get("first", ())],
        "bad": [
            BadRow(one["row"], column_label(sheet, one["field"], visit), said)
            for one, said in zip(bad, mends([one["message"] for one in bad]), strict=True)
        ],
        "ignored": told.get("ignored", ()),
        "before": at(visit, before.taken_at) if before and before.taken_at else "",
        "before_by": before.uploaded_by if before else "",
        "may": upload.workspace_id in {one.pk for one in teams(visit)},
        "here_href": visit.request.path,
    }


def value_of(row: dict[str, str], name: str, visit: Visit) -> str:
    """A cell as it was read; an instant in the zone of its store."""
    value = row.get(name, "")
    store: Store | None = next((one for one in visit.stores if one.key == row.get("store")), None)
    if store is None or "T" not in value:
        return value
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return value
    return formats.clock(instant, visit.now, ZoneInfo(store.timezone), visit.language) if instant.tzinfo else value


def _may_act(visit: Visit, upload: Upload) -> bool:
    return upload.workspace_id in {one.pk for one in teams(visit)}


@require_POST
@page
def take(visit: Visit, upload_id: int) -> HttpResponse:
    """Have the good rows taken over by a worker."""
    upload = upload_for(visit, upload_id)
    if not _may_act(visit, upload):
        return refused_right()
    ids = stores_of(visit, upload.workspace_id)
    if not pipeline.take_soon(upload.pk, workspace_id=upload.workspace_id, store_ids=ids, who=who(visit)):
        messages.error(visit.request, _("This file can no longer be taken."))
    acted(upload.workspace_id)
    return redirect(f"/bring/{upload.pk}/")


@require_POST
@page
def discard(visit: Visit, upload_id: int) -> HttpResponse:
    """Drop a file that nobody has taken."""
    upload = upload_for(visit, upload_id)
    if not _may_act(visit, upload):
        return refused_right()
    if taking.discard(upload.pk, workspace_id=upload.workspace_id):
        messages.success(visit.request, _("%(name)s is dropped; nothing of it was taken.") % {"name": upload.name})
    return redirect("/bring/")
