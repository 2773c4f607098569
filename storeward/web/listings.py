"""Listings: those with something wrong, with the words that caused it; what could not be told; the way to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from storeward.findings.models import Finding
from storeward.listings.queries import Counts, Wrong, counts, wrong
from storeward.policy.listing_check.shapes import Form, Problem
from storeward.stores.models import Store
from storeward.web import formats
from storeward.web.finding import SELLER_CENTERS
from storeward.web.frame import Visit, draw, page
from storeward.web.parts import Crumb

ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong with a listing, ready to draw."""

    form: str
    word: str
    what: str
    mend: str
    field: str
    before: str
    words: str
    after: str
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """A listing in the list."""

    store: Store
    id: str
    title: str
    outside: str
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A kind of trouble to choose."""

    label: str
    href: str
    count: int
    current: bool


def form_words() -> Mapping[Form, str]:
    """What each form is called."""
    return {
        Form.CLAIMS: _("Claims"),
        Form.PROHIBITED: _("Goods that may not be sold"),
        Form.TERMS: _("Unfair terms"),
        Form.CONTACT: _("Contact details"),
        Form.BRAND: _("Brand without a right"),
        Form.MISSING: _("Part missing"),
        Form.PRICE: _("Price below cost"),
        Form.DUPLICATE: _("Same listing twice"),
    }


def field_words() -> Mapping[str, str]:
    return {
        "title": _("in the title"),
        "description": _("in the description"),
        "attributes": _("in the properties"),
        "variants": _("in the variants"),
        "brand": _("in the brand"),
    }


def form_of(text: str) -> Form | None:
    return next((form for form in Form if form.value == text), None)


@require_GET
@page
def listings(visit: Visit) -> HttpResponse:
    """Listings that buyers see and that have something wrong, store by store."""
    chosen = form_of(visit.request.GET.get("form", ""))
    told = counts(visit.scope.ids)
    total = told.forms.get(chosen, 0) if chosen else told.wrong
    last = max(0, (total - 1) // ON_A_PAGE)
    text = visit.request.GET.get("page", "")
    here = min(last, max(0, int(text) - 1)) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    found = wrong(visit.scope.ids, form=chosen, limit=ON_A_PAGE, offset=here * ON_A_PAGE)
    context = {
        "title": _("Listings"),
        "rows": rows_of(visit, found),
        "told": told,
        "count": total,
        "chips": chips(visit, told, chosen),
        "untold": untold(told),
        "pages": pages(chosen, here, last),
        "clear": f"{visit.scope.prefix}listings/",
        "chosen": chosen,
    }
    return draw(visit, "listings/page.html", context, name="listings")


def chips(visit: Visit, told: Counts, chosen: Form | None) -> list[Chip]:
    """All, then each form that occurs."""
    base = f"{visit.scope.prefix}listings/"
    words = form_words()
    every = Chip(_("All"), base, told.wrong, chosen is None)
    found = [
        Chip(words[form], f"{base}?form={form.value}", told.forms.get(form, 0), form is chosen)
        for form in Form
        if form in told.forms or form is chosen
    ]
    return [every, *found]


def untold(told: Counts) -> list[str]:
    """What could not be told of how many listings, and why."""
    sentences = {
        "no_description": ngettext(
            "The words of %(n)s listing: the platform has told no description yet.",
            "The words of %(n)s listings: the platform has told no description yet.",
            told.unknown.get("no_description", 0),
        ),
        "no_register": ngettext(
            "The brand of %(n)s listing: no right is on file.",
            "The brand of %(n)s listings: no right is on file.",
            told.unknown.get("no_register", 0),
        ),
        "no_limit": ngettext(
            "The price of %(n)s listing: the team has set no figure.",
            "The prices of %(n)s listings: the team has set no figure.",
            told.unknown.get("no_limit", 0),
        ),
        "no_cost": ngettext(
            "The price of %(n)s listing: neither its cost nor its usual price is known.",
            "The prices of %(n)s listings: neither their cost nor their usual price is known.",
            told.unknown.get("no_cost", 0),
        ),
    }
    return [text % {"n": formats.number(told.unknown[why])} for why, text in sentences.items() if why in told.unknown]


def pages(chosen: Form | None, here: int, last: int) -> list[Crumb]:
    if not last:
        return []
    form = {"form": chosen.value} if chosen else {}
    return [Crumb(str(one + 1), f"?{urlencode(form | {'page': one + 1})}", None, one == here) for one in range(last + 1)]


# -- rows ------------------------------------------------------------------------------------------------------------------


Key = tuple[int, str]


def rows_of(visit: Visit, found: list[Wrong]) -> list[Row]:
    """With the finding of each trouble, by one query for all."""
    held: dict[Key, dict[str, int]] = {}
    rows = Finding.objects.filter(
        store_id__in={one.store_id for one in found},
        subject_kind="listing",
        subject_id__in={one.platform_id for one in found},
        holds=True,
    ).values_list("store_id", "subject_id", "details__form", "pk")
    for store_id, listing, form, pk in rows:
        held.setdefault((store_id, listing), {})[form or ""] = pk
    return [row_of(visit, one, held.get((one.store_id, one.platform_id), {})) for one in found]


def row_of(visit: Visit, one: Wrong, findings: Mapping[str, int]) -> Row:
    store = visit.by_id[one.store_id]
    troubles = [trouble_of(visit, problem, findings) for problem in one.problems]
    if one.twin_of is not None:
        troubles.append(_twin(one.twin_of, findings))
    return Row(
        store=store,
        id=one.platform_id,
        title=one.title or _("without a title"),
        outside=SELLER_CENTERS.get((store.platform, store.region), ""),
        troubles=tuple(troubles),
    )


def trouble_of(visit: Visit, problem: Problem, findings: Mapping[str, int]) -> Trouble:
    hit = problem.hit
    return Trouble(
        form=problem.form.value,
        word=form_words()[problem.form],
        what=problem.what.in_language(visit.language),
        mend=problem.mend.in_language(visit.language),
        field=field_words().get(hit.field, "") if hit else "",
        before=hit.before if hit else "",
        words=hit.words if hit else "",
        after=hit.after if hit else "",
        href=_href(problem.form, findings),
    )


def _twin(other: str, findings: Mapping[str, int]) -> Trouble:
    return Trouble(
        form=Form.DUPLICATE.value,
        word=form_words()[Form.DUPLICATE],
        what=_("It says the same as listing %(id)s of this store.") % {"id": other},
        mend=_("Keep one of them and take the other off sale."),
        field="",
        before="",
        words="",
        after="",
        href=_href(Form.DUPLICATE, findings),
    )


def _href(form: Form, findings: Mapping[str, int]) -> str:
    return f"/f/{findings[form.value]}/" if form.value in findings else ""
