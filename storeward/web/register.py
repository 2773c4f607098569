"""Rights and costs: what the team has on file to judge listings by, entered by form or file; works without script."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from storeward.listings import sheets
from storeward.listings.errors import NotThere, Refused
from storeward.listings.models import Cost, Right, RightKind
from storeward.listings.queries import costs_counted, costs_on_file, rights_on_file
from storeward.listings.register import NewCost, NewRight, add_right, end_right, limits_of, set_limits, take_costs
from storeward.policy.listing_check.parts import parts
from storeward.policy.listing_check.price import plain_figure
from storeward.policy.listing_check.shapes import Limits
from storeward.stores.models import Store
from storeward.web import formats
from storeward.web.bring import refused_right, who
from storeward.web.frame import Visit, draw, page
from storeward.web.recent import acted

LARGEST_FILE = 20 * 2**20
SHOWN_BAD = 50
SHOWN_COSTS = 50


@dataclass(frozen=True, slots=True)
class RightRow:
    """A right on file, ready to draw."""

    id: int
    brand: str
    kind: str
    where: str
    document: str
    until: str
    mark: str
    note: str
    mine: bool


@dataclass(frozen=True, slots=True)
class CostRow:
    """A cost on file, ready to draw."""

    sku: str
    store: Store | None
    since: str
    amount: str
    currency: str


@dataclass(slots=True)
class Answer:
    """What became of a form: its name, the field and mend of a mistake, lines of a file that were not taken."""

    deed: str = ""
    place: str = ""
    error: str = ""
    bad: list[sheets.Mistake] = field(default_factory=list)


def kind_words() -> Mapping[str, str]:
    return {
        RightKind.OWN.value: _("own trade mark"),
        RightKind.LICENCE.value: _("licence"),
        RightKind.LETTER.value: _("letter of authorisation"),
    }


def mends() -> Mapping[str, str]:
    """What mends a mistake, by its field, in the person's language."""
    return {
        "brand": _("Name the brand."),
        "kind": _("Choose why the team may use it."),
        "stores": _("Choose stores of this team."),
        "store": _("Choose a store of this team."),
        "document": _("Give the address of the paper, beginning with https://."),
        "valid_from": _("Write the day like 2026-11-30."),
        "valid_to": _("The last day comes after the first; write it like 2026-11-30."),
        "sku": _("Name the SKU by your own code."),
        "cost": _("A cost is zero or more; write it like 12.50."),
        "currency": _("Give the three letters of the currency, like MYR."),
        "least_of_cost": _("Give per cent above 0 and below 1000."),
        "least_of_usual": _("Give per cent above 0 and below 1000."),
        "usual_days": _("Give the share of the usual price and the days together, at most 400 days."),
        "also_demanded": _("Choose among the parts that are named."),
        "file": _("Give a CSV file whose first line names the columns."),
    }


# -- the page ----------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@page
def register(visit: Visit) -> HttpResponse:
    """What is on file, and the forms to add to it."""
    if visit.request.method == "GET":
        return drawn(visit, Answer())
    if not visit.connects:
        return refused_right()
    deed = visit.request.POST.get("deed", "")
    if deed not in DEEDS:
        raise Http404
    answer = Answer(deed)
    try:
        said = DEEDS[deed](visit, team_of(visit), answer)
    except Refused as refused:
        answer.place, answer.error = refused.field, mends().get(refused.field, refused.message)
        return drawn(visit, answer)
    except NotThere:
        raise Http404 from None
    acted(team_of(visit))
    messages.success(visit.request, said)
    return drawn(visit, answer) if answer.bad else redirect("/register/")


def team_of(visit: Visit) -> int:
    """The team that is meant: the one that was chosen, else the first for which the person may act."""
    wanted = visit.request.POST.get("team", "")
    return next((team.pk for team in visit.connects if str(team.pk) == wanted), visit.connects[0].pk)


def drawn(visit: Visit, answer: Answer) -> HttpResponse:
    seen = sorted({store.workspace_id for store in visit.stores} | {team.pk for team in visit.connects})
    like = visit.request.GET.get("sku", "").strip()[:60]
    mine = visit.connects[0].pk if visit.connects else (seen[0] if seen else 0)
    limits = limits_of(mine)
    context = {
        "title": _("Rights and costs"),
        "rights": [right_row(visit, right) for right in rights_on_file(seen)],
        "costs": [cost_row(visit, cost) for cost in costs_on_file(seen, like=like, limit=SHOWN_COSTS)],
        "costs_count": costs_counted(seen),
        "like": like,
        "kinds": kind_words().items(),
        "stores": sorted((one for one in visit.stores if one.pk in visit.may_write), key=lambda one: (one.name, one.region)),
        "teams": visit.connects,
        "typed": visit.request.POST if answer.error else {},
        "answer": answer,
        "bad": answer.bad[:SHOWN_BAD],
        "bad_more": max(0, len(answer.bad) - SHOWN_BAD),
        "limits": limits,
        "least_of_cost": _figure(limits.least_of_cost),
        "least_of_usual": _figure(limits.least_of_usual),
        "parts": [(part.id, part.name.in_language(visit.language), part.id in limits.also_demanded) for part in parts().part],
        "today": visit.now.date().isoformat(),
    }
    return draw(visit, "listings/register.html", context, name="listings", status=422 if answer.error else 200)


def cost_row(visit: Visit, cost: Cost) -> CostRow:
    return CostRow(
        sku=cost.sku,
        store=cost.store,
        since=formats.full_day(cost.valid_from, visit.language),
        amount=plain_figure(cost.amount),
        currency=cost.currency,
    )


def _figure(value: Decimal | None) -> str:
    return "" if value is None else plain_figure(value)


def right_row(visit: Visit, right: Right) -> RightRow:
    names = [visit.by_id[one].name for one in right.store_ids if one in visit.by_id]
    where = [", ".join(names) or (_("other stores") if right.store_ids else _("all stores")), *right.markets]
    ahead = None if right.valid_to is None else right.valid_to - visit.now.date()
    mark = "fine"
    if ahead is not None and ahead.days < 0:
        mark = "critical"
    elif ahead is not None and ahead <= parts().ends.warned:
        mark = "warning"
    return RightRow(
        id=right.pk,
        brand=right.brand,
        kind=kind_words().get(right.kind, right.kind),
        where=" · ".join(where),
        document=right.document,
        until=_("until further notice") if right.valid_to is None else formats.full_day(right.valid_to, visit.language),
        mark=mark,
        note=right.note,
        mine=any(team.pk == right.workspace_id for team in visit.connects),
    )


# -- deeds -----------------------------------------------------------------------------------------------------------------


def _own_stores(visit: Visit, team: int) -> dict[str, int]:
    return {store.key: store.pk for store in visit.stores if store.workspace_id == team and store.pk in visit.may_write}


def _new_right(visit: Visit, team: int, answer: Answer) -> str:
    typed, own = visit.request.POST, _own_stores(visit, team)
    stores = [own.get(key, -1) for key in typed.getlist("stores") if key]
    new = NewRight(
        brand=typed.get("brand", ""),
        kind=typed.get("kind", ""),
        store_ids=stores,
        markets=[market for market in typed.get("markets", "").replace(",", " ").split() if market],
        document=typed.get("document", "").strip(),
        valid_from=_day(typed.get("valid_from", ""), "valid_from"),
        valid_to=_day(typed.get("valid_to", ""), "valid_to"),
        note=typed.get("note", ""),
    )
    right = add_right(team, new, stores=set(own.values()), by=who(visit), now=visit.now)
    return _("The right to %(brand)s is on file. Listings are looked at again.") % {"brand": right.brand}


def _end_right(visit: Visit, team: int, answer: Answer) -> str:
    text = visit.request.POST.get("right", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    for one in visit.connects:
        if Right.objects.filter(pk=number, workspace_id=one.pk).exists():
            right = end_right(number, workspace_id=one.pk, by=who(visit), now=visit.now)
            return _("The right to %(brand)s was taken off.") % {"brand": right.brand}
    raise NotThere("There is no such right on file.")


def _rights_file(visit: Visit, team: int, answer: Answer) -> str:
    own = _own_stores(visit, team)
    sheet = sheets.rights(_file(visit), stores=own)
    answer.bad += sheet.mistakes
    for new in sheet.rows:
        add_right(team, new, stores=set(own.values()), by=who(visit), now=visit.now)
    count = len(sheet.rows)
    return ngettext("%(n)s right taken over.", "%(n)s rights taken over.", count) % {"n": formats.number(count)}


def _new_cost(visit: Visit, team: int, answer: Answer) -> str:
    typed, own = visit.request.POST, _own_stores(visit, team)
    key = typed.get("store", "")
    if key and key not in own:
        raise Refused("store", "is no store of this team.")
    cost = NewCost(
        sku=typed.get("sku", ""),
        amount=_decimal(typed.get("cost", ""), "cost") or Decimal("NaN"),
        currency=typed.get("currency", "").strip().upper(),
        valid_from=_day(typed.get("valid_from", ""), "valid_from") or visit.now.date(),
        store_id=own.get(key),
    )
    take_costs(team, [cost], by=who(visit), now=visit.now)
    return _("The cost is on file.")


def _costs_file(visit: Visit, team: int, answer: Answer) -> str:
    sheet = sheets.costs(_file(visit), stores=_own_stores(visit, team), today=visit.now.date())
    answer.bad += sheet.mistakes
    count = take_costs(team, sheet.rows, by=who(visit), now=visit.now)
    return ngettext("%(n)s cost is new or different.", "%(n)s costs are new or different.", count) % {"n": formats.number(count)}


def _set_limits(visit: Visit, team: int, answer: Answer) -> str:
    typed = visit.request.POST
    days = typed.get("usual_days", "").strip()
    if days and not (days.isascii() and days.isdigit() and len(days) < 6):
        raise Refused("usual_days", "is no number of days.")
    limits = Limits(
        least_of_cost=_decimal(typed.get("least_of_cost", ""), "least_of_cost"),
        least_of_usual=_decimal(typed.get("least_of_usual", ""), "least_of_usual"),
        usual_days=int(days) if days else None,
        also_demanded=tuple(typed.getlist("also_demanded")),
    )
    set_limits(team, limits, by=who(visit), now=visit.now)
    return _("The figures count from now on. Listings are looked at again.")


DEEDS: Mapping[str, Callable[[Visit, int, Answer], str]] = {
    "right": _new_right,
    "end": _end_right,
    "rights_file": _rights_file,
    "cost": _new_cost,
    "costs_file": _costs_file,
    "limits": _set_limits,
}
"""The forms of the page, by the name that each sends."""


def _file(visit: Visit) -> bytes:
    given = visit.request.FILES.get("file")
    if not isinstance(given, UploadedFile) or given.size is None or given.size > LARGEST_FILE:
        raise Refused("file", "is missing or too large.")
    return bytes(given.read())


def _day(text: str, name: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise Refused(name, "is no day.") from None


def _decimal(text: str, name: str) -> Decimal | None:
    try:
        return Decimal(text.strip()) if text.strip() else None
    except InvalidOperation:
        raise Refused(name, "is no number.") from None
