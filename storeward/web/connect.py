"""Connect stores: choose a platform, enter its app or take one that is there, agree on the platform's page, see what came.

The way out is a link, never the answer to a form: our content security policy lets no form lead to another site.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from storeward import pipeline
from storeward.accounts.models import Workspace
from storeward.stores import connecting, joining
from storeward.stores.connecting import Offer
from storeward.stores.joining import Refused, Typed
from storeward.stores.models import App, Connection, Store
from storeward.web import reads, words
from storeward.web.frame import Visit, draw, page
from storeward.web.parts import PLATFORM_NAMES, plate
from storeward.web.recent import acted

MOST_SHOWN = 60
"""Connections that one page of a consent speaks of: a consent brings a handful."""


@dataclass(frozen=True, slots=True)
class Card:
    """A platform to choose."""

    offer: Offer
    plate: str
    name: str
    apps: int

    @property
    def href(self) -> str:
        return f"/connect/{self.offer.id}/"


@dataclass(frozen=True, slots=True)
class Field:
    """One input of the form for an app; a secret one never shows again what was typed."""

    name: str
    label: str
    value: str = ""
    secret: bool = False
    hint: str = ""
    error: str = ""
    needed: bool = False


def cards(visit: Visit) -> list[Card]:
    """Every platform that there is a connector for, with the number of apps entered."""
    apps = list(App.objects.filter(workspace__in=visit.connects).values_list("platform", flat=True))
    return [Card(one, plate(one.id), PLATFORM_NAMES.get(one.id, one.label), apps.count(one.id)) for one in connecting.offers()]


def offer_of(platform: str) -> Offer:
    """Raises Http404 for a platform that there is no connector for."""
    for one in connecting.offers():
        if one.id == platform:
            return one
    raise Http404


def team_of(visit: Visit) -> Workspace | None:
    """The team that something is entered for: the one chosen, else the first in which the person may."""
    wanted = visit.request.POST.get("team") or visit.request.GET.get("team") or ""
    return next((one for one in visit.connects if str(one.pk) == wanted), visit.connects[0] if visit.connects else None)


def refused_right() -> HttpResponse:
    words_ = _("Only owners and operations may connect stores. Ask the owner for the right.")
    return HttpResponse(words_, status=403, content_type="text/plain; charset=utf-8")


def actor(visit: Visit) -> str:
    return visit.person.email


# -- platform, app and market ---------------------------------------------------------------------------------------------


@require_GET
@page
def choose(visit: Visit) -> HttpResponse:
    """The platforms, and the way for a store without an app."""
    return _chooser(visit)


def _chooser(visit: Visit, *, typed: Mapping[str, str] | None = None, refusal: Refused | None = None) -> HttpResponse:
    everything = cards(visit)
    context = {
        "title": _("Connect a store"),
        "step": 1,
        "cards": everything,
        "markets": sorted({market for card in everything for market in card.offer.markets}),
        "typed": typed or {},
        "error": _hand_error(refusal) if refusal else "",
        "error_in": refusal.kind if refusal else "",
    }
    return draw(visit, "connect/choose.html", context, name="connections", status=422 if refusal else 200)


def _hand_error(refusal: Refused) -> str:
    table = {
        "name": _("Give the store a name."),
        "number": _("Give the number that the platform knows the store by: letters, digits, dots and dashes."),
        "market": _("This platform has no such market."),
        "double": _("That store is here already: %(key)s.") % {"key": refusal.said},
    }
    return table.get(refusal.kind, refusal.said)


@require_POST
@page
def by_hand(visit: Visit) -> HttpResponse:
    """Add a store whose data comes by table."""
    team = team_of(visit)
    if team is None:
        return refused_right()
    typed = {name: str(visit.request.POST.get(name, "")) for name in ("platform", "market", "name", "number")}
    try:
        joining.add_by_hand(team, **typed, now=visit.now, actor=actor(visit))
    except Refused as refusal:
        return _chooser(visit, typed=typed, refusal=refusal)
    acted(team.pk)
    messages.success(visit.request, _("%(name)s is added. Bring its orders and balances by table.") % {"name": typed["name"]})
    return redirect("/bring/")


@require_http_methods(["GET", "POST"])
@page
def platform(visit: Visit, platform: str) -> HttpResponse:
    """The apps of a platform with their markets, and the form for another one."""
    offer, team = offer_of(platform), team_of(visit)
    if visit.request.method == "GET":
        return _platform(visit, offer)
    if team is None:
        return refused_right()
    typed = typed_of(visit)
    try:
        app = joining.enter_app(team, offer.id, typed, now=visit.now, actor=actor(visit))
    except Refused as refusal:
        return _platform(visit, offer, typed=typed, refusal=refusal)
    messages.success(visit.request, _("The platform knows this app. Key and secret are kept, sealed."))
    return redirect(f"/connect/{offer.id}/?app={app.pk}")


def typed_of(visit: Visit) -> Typed:
    found = {name: str(visit.request.POST.get(name, "")).strip() for name in Typed.__dataclass_fields__}
    return Typed(**{name: value[:300] for name, value in found.items()})


def _platform(visit: Visit, offer: Offer, *, typed: Typed | None = None, refusal: Refused | None = None) -> HttpResponse:
    apps = list(App.objects.filter(workspace__in=visit.connects, platform=offer.id).order_by("-pk"))
    named = PLATFORM_NAMES.get(offer.id, offer.label)
    fields = fields_of(typed, refusal)
    context = {
        "title": _("Connect %(platform)s") % {"platform": named},
        "step": 3 if apps and not refusal else 2,
        "offer": offer,
        "plate": plate(offer.id),
        "platform": named,
        "apps": apps,
        "markets": [(market, market_name(market)) for market in offer.markets],
        "fields": fields[:3],
        "more": fields[3:],
        "more_open": any(one.error or one.value for one in fields[3:]),
        "form_open": not apps or refusal is not None,
        "callback": back_address(visit, offer.id),
    }
    return draw(visit, "connect/platform.html", context, name="connections", status=422 if refusal else 200)


def fields_of(typed: Typed | None, refusal: Refused | None) -> tuple[Field, ...]:
    """The inputs, with what was typed (never a secret) and, beside the one it concerns, what mends it."""
    told = typed or Typed("", "", "")
    wrong = {_FIELD_OF.get(refusal.kind, refusal.kind): keys_error(refusal)} if refusal else {}
    return (
        Field("name", _("Name for it here"), told.name, hint=_("e.g. Our app"), error=wrong.get("name", "")),
        Field("app_key", _("App key"), told.app_key, error=wrong.get("app_key", ""), needed=True),
        Field("app_secret", _("App secret"), secret=True, error=wrong.get("app_secret", ""), needed=True),
        Field("push_key", _("Push key"), secret=True, hint=_("where webhooks are signed with a key of their own")),
        Field("service_id", _("Service ID"), told.service_id, hint=_("where the consent page calls the app by it")),
        Field(
            "base_url",
            _("Address for calls"),
            told.base_url,
            hint=_("of a sandbox; empty means the platform itself"),
            error=wrong.get("base_url", ""),
        ),
        Field("auth_url", _("Address for consent"), told.auth_url, hint=_("as above"), error=wrong.get("auth_url", "")),
    )


_FIELD_OF = {"keys": "app_secret", "taken": "app_key", "away": "app_secret", "strange": "app_secret"}


def keys_error(refusal: Refused) -> str:
    """What is wrong with the keys, and what to do next."""
    table = {
        "app_key": _("Copy the key from the platform's developer console."),
        "app_secret": _("Copy the secret from the platform's developer console."),
        "base_url": _("This address may not be asked: give a public one, or that of a sandbox on this machine."),
        "auth_url": _("This address may not be asked: give a public one, or that of a sandbox on this machine."),
        "keys": _("The platform refuses this key and secret. Copy both anew from its developer console."),
        "away": _("The platform does not answer now, so the keys could not be tested. Try again in a minute."),
        "strange": _("What answers at this address is not this platform. Check the address under More."),
        "taken": _("Another team of this installation has entered this app. Ask its owner."),
    }
    words_ = table.get(refusal.kind, refusal.kind)
    return f"{words_} ({refusal.said})" if refusal.said and refusal.kind in ("keys", "away", "strange") else words_


def market_name(market: str) -> str:
    """The country of a market; its letters where we have no word."""
    table = {
        "MY": _("Malaysia"), "PH": _("Philippines"), "TH": _("Thailand"), "VN": _("Vietnam"), "SG": _("Singapore"),
        "ID": _("Indonesia"), "US": _("United States"), "UK": _("United Kingdom"), "CN": _("Mainland China"),
        "IE": _("Ireland"), "DE": _("Germany"), "FR": _("France"), "IT": _("Italy"), "ES": _("Spain"), "JP": _("Japan"),
        "BR": _("Brazil"), "MX": _("Mexico"), "CO": _("Colombia"), "CL": _("Chile"), "AR": _("Argentina"),
        "PL": _("Poland"), "TW": _("Taiwan"),
    }  # fmt: skip
    return table.get(market, market)


# -- the platform's page, there and back ----------------------------------------------------------------------------------


def back_address(visit: Visit, platform: str) -> str:
    """Where the platform sends the seller: to be entered in its console, too."""
    path = f"/connect/back/{platform}/"
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else visit.request.build_absolute_uri(path)


def leave(visit: Visit, app: App, market: str) -> HttpResponse:
    """Off to the platform's consent page."""
    try:
        link = joining.consent_of(
            app, market=market, person=visit.person.pk, redirect=back_address(visit, app.platform), now=visit.now
        )
    except Refused:
        raise Http404 from None
    return HttpResponseRedirect(link, status=303)


@require_GET
@page
def go(visit: Visit, app_id: int) -> HttpResponse:
    """To the consent page of that app for `?market=`."""
    app = App.objects.filter(pk=app_id, workspace__membership__user=visit.person).first()
    if app is None:
        raise Http404
    if app.workspace_id not in {one.pk for one in visit.connects}:
        return refused_right()
    return leave(visit, app, visit.request.GET.get("market", "")[:2])


@require_GET
@page
def renew(visit: Visit, connection_id: int) -> HttpResponse:
    """To the consent page once more, for an authorisation that ends or is lost."""
    held = (
        Connection.objects.filter(pk=connection_id, workspace__membership__user=visit.person)
        .select_related("app")
        .prefetch_related("stores")
        .first()
    )
    if held is None:
        raise Http404
    if held.workspace_id not in {one.pk for one in visit.connects}:
        return refused_right()
    regions = [store.region for store in held.stores.all()]
    known = [region for region in regions if region in offer_of(held.app.platform).markets]
    return leave(visit, held.app, known[0] if known else "")


@require_GET
@page
def back(visit: Visit, platform: str = "") -> HttpResponse:
    """The seller comes back with an answer: keep what it brings, start the first fill, and show both on a page of its own."""
    query = {name: str(value) for name, value in visit.request.GET.items()}
    if not visit.connects:
        return refused_right()
    try:
        app, _market = joining.returned(query.get("state", ""), person=visit.person.pk)
        if app.workspace_id not in {one.pk for one in visit.connects} or platform not in ("", app.platform):
            raise Refused("foreign")
        connected = joining.keep(app, query=query, now=visit.now, actor=actor(visit))
    except Refused as refusal:
        return _not_connected(visit, refusal)
    pipeline.sync_soon([store.pk for store in connected.stores])
    if settings.PUBLIC_URL:
        pipeline.listen_soon(settings.PUBLIC_URL)
    acted(app.workspace_id)
    return redirect("/connect/made/?" + urlencode({"of": ",".join(map(str, sorted(connected.connections)))}))


def _not_connected(visit: Visit, refusal: Refused) -> HttpResponse:
    table = {
        "old": (_("This consent was begun more than an hour ago."), _("Begin again; the stores are still there.")),
        "foreign": (_("This answer does not belong to a connection that you began here."), _("Begin again from this page.")),
        "declined": (_("The seller has not agreed. Nothing was connected."), _("Begin again when the main account may agree.")),
        "spent": (_("The platform no longer accepts this consent."), _("It is good once and for a few minutes. Begin again.")),
        "away": (_("The platform did not answer."), _("Nothing was connected. Begin again in a minute.")),
        "platform": (_("The platform refused to hand over the stores."), _("Nothing was connected. Begin again.")),
        "empty": (_("The platform names no store for this account."), _("Agree with the account that owns the store.")),
    }
    what, next_ = table.get(refusal.kind, (refusal.kind, ""))
    context = {"title": _("Not connected"), "what": what, "next": next_, "said": refusal.said}
    return draw(visit, "connect/not.html", context, name="connections", status=422)


# -- what came, and the first fill ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """One stream of a store in its first fill."""

    name: str
    state: str
    """full, failed or waiting"""
    note: str


@dataclass(frozen=True, slots=True)
class Filling:
    """How far a store's first fill is."""

    store: Store
    parts: tuple[Part, ...]
    orders: int

    @property
    def full(self) -> int:
        return sum(part.state == "full" for part in self.parts)

    @property
    def failed(self) -> int:
        return sum(part.state == "failed" for part in self.parts)

    @property
    def share(self) -> int:
        return round(100 * self.full / len(self.parts)) if self.parts else 0

    @property
    def over(self) -> bool:
        return bool(self.parts) and self.full + self.failed == len(self.parts)


def filling_of(visit: Visit, stores: list[Store]) -> list[Filling]:
    """Each store's first fill, by two queries."""
    ids = [store.pk for store in stores]
    streams, orders = reads.fills(ids), reads.orders_so_far(ids)
    return [Filling(store, tuple(part_of(one) for one in streams.get(store.pk, ())), orders.get(store.pk, 0)) for store in stores]


def part_of(stream: reads.Fill) -> Part:
    name = words.stream_name(stream.name)
    if stream.family:
        return Part(name, "failed", words.family(stream.family))
    return Part(name, "full", _("complete")) if stream.filled else Part(name, "waiting", _("on its way"))


@require_GET
@page
def made(visit: Visit) -> HttpResponse:
    """What a consent brought, and its first fill; drawn anew every few seconds until that is over."""
    wanted = [int(one) for one in visit.request.GET.get("of", "").split(",") if one.isascii() and one.isdigit() and len(one) < 18]
    held = list(
        Connection.objects.filter(pk__in=wanted[:MOST_SHOWN], workspace__membership__user=visit.person).select_related("app")
    )
    if not held:
        raise Http404
    kept = {one.pk for one in held}
    stores = [store for store in visit.stores if store.connection_id in kept]
    fillings = filling_of(visit, stores)
    context = {
        "title": _("Connected"),
        "step": 4,
        "platform": PLATFORM_NAMES.get(held[0].app.platform, held[0].app.platform),
        "fillings": fillings,
        "orders": sum(one.orders for one in fillings),
        "over": all(one.over for one in fillings),
        "missing": joining.missing(held),
        "again": held[0].pk,
        "here_href": visit.request.get_full_path(),
    }
    if visit.request.headers.get("HX-Target") == "sw-filling":
        return render(visit.request, "connect/_filling.html", context)
    return draw(visit, "connect/made.html", context, name="connections")
