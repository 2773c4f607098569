"""What every page has in common: who looks, at which stores, in which language and zone, and how fresh the values are.

`page` is the decorator of every view: it turns a stranger away, works out the scope from the address (all stores, a group, one
store) and hands the view a `Visit`. A store or group that the person has no right to is answered like one that does not exist.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from storeward.accounts.models import User, Workspace
from storeward.lib.clock import now as present
from storeward.lib.money import Money
from storeward.policy.fx import RateTable, convert, rates_on
from storeward.stores.access import stores_for, workspaces_to_connect, writable_stores_for
from storeward.stores.models import Store, StoreGroup
from storeward.web import formats, reads
from storeward.web.parts import Freshness, freshness
from storeward.web.recent import recent, version_of

P = ParamSpec("P")
LANGUAGE_NAMES = (("en", "EN", "English"), ("zh-hans", "中", "中文"))
ZONE_COOKIE = "sw_zone"
WITHIN = ("deadlines", "health", "listings")
"""Pages that there are of all stores, of a group and of one store alike, at the same place."""
LISTED = 60
"""So many stores the scope selector lists one by one."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The stores a page speaks of. `prefix` stands before the page's address, so that the scope travels with it."""

    kind: str
    stores: tuple[Store, ...]
    group: StoreGroup | None = None

    @property
    def store(self) -> Store | None:
        return self.stores[0] if self.kind == "store" else None

    @property
    def prefix(self) -> str:
        if self.kind == "store":
            return f"/s/{self.stores[0].key}/"
        return f"/g/{self.group.pk}/" if self.group else "/"

    @property
    def ids(self) -> list[int]:
        return [store.pk for store in self.stores]


@dataclass
class Visit:
    """One request, decoded."""

    request: HttpRequest
    person: User
    now: datetime
    stores: tuple[Store, ...]
    scope: Scope
    counted: reads.Counts | None = None
    """The figures of the navigation, where the page has reckoned them already."""

    @property
    def language(self) -> formats.Language:
        return "zh" if (translation.get_language() or "").startswith("zh") else "en"

    @cached_property
    def zone(self) -> ZoneInfo | None:
        """The person's own zone: as set, else as the browser said, else unknown."""
        for name in (self.person.timezone, self.request.COOKIES.get(ZONE_COOKIE, "")):
            if zone := zone_named(name):
                return zone
        return None

    @cached_property
    def by_id(self) -> dict[int, Store]:
        return {store.pk: store for store in self.stores}

    @cached_property
    def currency(self) -> str:
        """The currency in which money at risk is summed up: that of the team; dollars for one who works for several."""
        found = {store.workspace.currency for store in self.stores}
        return found.pop() if len(found) == 1 else "USD"

    @cached_property
    def rates(self) -> RateTable:
        """The exchange rates of the day."""
        return rates_on(self.now.date())

    def valued(self, usd: float) -> Money:
        """Dollars in the team's currency; dollars where it has no rate."""
        dollars = Money(Decimal(str(usd)), "USD")
        return convert(dollars, self.currency, self.rates) or dollars

    def about(self, usd: float) -> str:
        """An estimate in the team's currency: "≈ 310 USD"."""
        money = self.valued(usd)
        return formats.about(money.amount, money.currency or "", self.language)

    @property
    def rate_note(self) -> str:
        """Whose rates an estimate stands on; empty in dollars, in which everything is reckoned."""
        if self.currency == "USD":
            return ""
        day = formats.full_day(self.rates.as_of, self.language)
        return translation.gettext("reckoned in USD, at the rates of %(day)s") % {"day": day}

    @cached_property
    def version(self) -> int:
        """Moves with every act in the person's teams: what was reckoned before it is not shown again."""
        return version_of(sorted({store.workspace_id for store in self.stores}))

    @property
    def due_week(self) -> int:
        """How many lines Deadlines has."""
        ids, now = self.scope.ids, self.now
        return recent("due", ids, now, lambda: reads.due_lines(ids, now), version=self.version)

    @cached_property
    def may_write(self) -> set[int]:
        """The stores in which the person may also change something."""
        return set(writable_stores_for(self.person).values_list("pk", flat=True))

    @cached_property
    def _connects(self) -> dict[Workspace, int]:
        return {team: team.waiting for team in workspaces_to_connect(self.person).annotate(waiting=reads.notices_waiting())}

    @property
    def connects(self) -> list[Workspace]:
        """The teams for which the person may connect stores."""
        return list(self._connects)

    @property
    def notices_waiting(self) -> int:
        """How many notices wait in the teams for which the person connects stores."""
        return sum(self._connects.values())

    @cached_property
    def oldest(self) -> Freshness | None:
        """The oldest value that this page stands on, or None where nothing was ever fed."""
        stream = reads.oldest_value(self.scope.ids)
        return freshness(stream.observed_at, stream.trusted_until, self.now, self.language) if stream else None

    @cached_property
    def head_time(self) -> str:
        """The day and time in the head of a page: in the zone of the stores where they share one, else the person's own."""
        zones = {store.timezone for store in self.scope.stores}
        zone = ZoneInfo(zones.pop()) if len(zones) == 1 else self.zone or ZoneInfo("UTC")
        day = formats.day(self.now.astimezone(zone).date(), self.language)
        return f"{day} · {formats.clock(self.now, self.now, zone, self.language)}"

    @property
    def own_time(self) -> str:
        zones = {store.timezone for store in self.scope.stores}
        if len(zones) != 1:
            return ""
        return formats.own_clock(self.now, self.now, ZoneInfo(zones.pop()), self.zone, self.language)


def zone_named(name: str) -> ZoneInfo | None:
    """The zone of that name; None for none or nonsense (a cookie is whatever somebody sends)."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def scope_of(stores: Sequence[Store], key: str | None, group: int | None) -> Scope:
    """The scope that an address names. Raises Http404 for a store or group that is not among `stores`."""
    if key is not None:
        chosen = tuple(store for store in stores if store.key == key)
        if not chosen:
            raise Http404
        return Scope("store", chosen)
    if group is not None:
        chosen = tuple(store for store in stores if store.group_id == group)
        if not chosen:
            raise Http404
        return Scope("group", chosen, chosen[0].group)
    return Scope("all", tuple(stores))


def language_of(request: HttpRequest, person: User) -> str:
    """The person's language; the browser's where the person has chosen none."""
    return person.language or translation.get_language_from_request(request)


View = Callable[Concatenate[Visit, P], HttpResponse]


def page(view: View[P]) -> Callable[..., HttpResponseBase]:
    """Sign-in, scope, language and freshness for a view that takes a `Visit`."""

    @login_required
    @wraps(view)
    def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        person = cast(User, request.user)
        stores = tuple(stores_for(person).select_related("group", "workspace", "connection"))
        scope = scope_of(stores, cast("str | None", kwargs.pop("key", None)), cast("int | None", kwargs.pop("group", None)))
        with translation.override(language_of(request, person)):
            response = view(Visit(request, person, present(), stores, scope), *args, **kwargs)
        add_never_cache_headers(response)
        response.headers["Content-Language"] = translation.get_language() or "en"
        return response

    return inner


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the navigation. `letter` follows G on the keyboard."""

    name: str
    label: str
    icon: str
    href: str
    letter: str
    count: int | None = None
    urgent: bool = False


def entries(visit: Visit) -> list[Entry]:
    """The pages there are, in the order of the day; only what exists has an entry."""
    gettext = translation.gettext
    prefix = visit.scope.prefix
    one = visit.scope.kind == "store"
    todo = visit.counted or reads.counts(visit.scope.ids, visit.now, visit.person.name)
    found = [
        Entry("today", gettext("Today"), "list-check", f"{prefix}today/" if one else prefix, "t", todo.lines, todo.urgent > 0),
        Entry("deadlines", gettext("Deadlines"), "clock", f"{prefix}deadlines/", "d", visit.due_week),
        Entry("stores", gettext("Stores"), "layout-grid", prefix if one else f"{prefix}stores/", "s"),
        Entry("health", gettext("Health"), "heartbeat", f"{prefix}health/", "h"),
        Entry("listings", gettext("Listings"), "list", f"{prefix}listings/", "l"),
    ]
    if visit.stores or visit.connects:
        found.append(Entry("policy", gettext("Policy"), "scale", "/policy/", "p"))
    if visit.connects:
        found.append(Entry("connections", gettext("Connections"), "plug-connected", "/connections/", "c", visit.notices_waiting))
    return found


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of the scope selector."""

    label: str
    href: str
    count: int
    current: bool
    store: Store | None = None


def scope_choices(visit: Visit, name: str) -> Mapping[str, list[Choice]]:
    """All stores, each group, each store: the same page in another scope. Of very many stores the search finds one sooner."""
    tail = "stores/" if name in ("stores", "store") else f"{name}/" if name in WITHIN else ""
    groups: dict[int, list[Store]] = {}
    for store in visit.stores:
        if store.group_id is not None:
            groups.setdefault(store.group_id, []).append(store)
    kind, here = visit.scope.kind, visit.scope.group.pk if visit.scope.group else None
    named = [(pk, members[0].group, members) for pk, members in groups.items()]
    within_store = f"{name}/" if name in ("today", *WITHIN) else ""
    return {
        "all": [Choice(translation.gettext("All stores"), f"/{tail}", len(visit.stores), kind == "all")],
        "groups": [
            Choice(group.name, f"/g/{pk}/{tail}", len(members), here == pk)
            for pk, group, members in sorted(named, key=lambda entry: entry[1].name if entry[1] else "")
            if group
        ],
        "stores": []
        if len(visit.stores) > LISTED
        else [
            Choice(store.name, f"/s/{store.key}/{within_store}", 1, visit.scope.store == store, store)
            for store in sorted(visit.stores, key=lambda store: (store.name, store.region))
        ],
    }


def draw(visit: Visit, template: str, context: dict[str, Any], *, name: str, status: int = 200) -> HttpResponse:
    """Render a page inside the frame. `name` is its entry in the navigation."""
    return render(visit.request, template, frame_context(visit, name) | context, status=status)


def frame_context(visit: Visit, name: str) -> dict[str, Any]:
    """What the frame shows around the page."""
    return {
        "visit": visit,
        "scope": visit.scope,
        "nav": entries(visit),
        "here": "stores" if name == "store" else name,
        "choices": scope_choices(visit, name),
        "letters": formats.initials(visit.person.name or visit.person.email),
        "languages": LANGUAGE_NAMES,
        "lang": "zh-Hans" if visit.language == "zh" else "en",
        "theme": visit.person.theme,
    }
