"""Connections: what keeps stores from being seen, one line a cause; then each store with its authorisation and its feeds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from storeward import pipeline
from storeward.findings.queries import Group
from storeward.records.models import Stream
from storeward.stores.budget import Spent, spent
from storeward.stores.connecting import warned_from
from storeward.stores.models import ConnectionState, Store
from storeward.web import formats, reads, words
from storeward.web.connect import refused_right
from storeward.web.finding import panel_context
from storeward.web.frame import Visit, draw, page
from storeward.web.lines import due_clock, since_clock
from storeward.web.mailboxes import mailboxes
from storeward.web.parts import PLATFORM_NAMES, Clock, Crumb, Freshness, freshness
from storeward.web.recent import acted

STATES = ("lost", "never", "stale", "ending", "hand", "fine")
"""Worst first: the order of the rows and of the filters."""
ON_A_PAGE = 100
EPOCH = datetime.fromtimestamp(0, UTC)
ENDS = "SW-AUTHORISATION-ENDS"
CONCERNED = {"SW-CONNECTION-LOST", "SW-NEVER-CONNECTED", "SW-FACTS-STALE", "SW-PUSH-SILENT", ENDS}
"""Rules whose causes stand on top of this page."""
MARKS = {"lost": "critical", "never": "unknown", "stale": "warning", "ending": "warning", "hand": "info", "fine": "fine"}


def state_word(state: str) -> str:
    table = {
        "lost": _("authorisation lost"),
        "never": _("never connected"),
        "stale": _("feeds stale"),
        "ending": _("renew soon"),
        "hand": _("by table"),
        "fine": _("fine"),
    }
    return table[state]


@dataclass(frozen=True, slots=True)
class Feed:
    """One stream of a store."""

    name: str
    fresh: Freshness
    until: str
    due: str
    error: str
    family: str


@dataclass(frozen=True, slots=True)
class Row:
    """One store. `lag` is that of its worst feed; `share` of the call budget in percent, None where nothing was called."""

    store: Store
    state: str
    reason: str
    authorised: str
    tone: str
    last: Freshness
    lag: Freshness
    worst: str
    family: str
    hooks: str
    silent: bool
    share: int | None
    budget: str
    blocked: bool
    connection_id: int | None
    may: bool
    href: str
    feeds: tuple[Feed, ...] = ()
    open: bool = False

    @property
    def mark(self) -> str:
        return MARKS[self.state]

    @property
    def word(self) -> str:
        return state_word(self.state)


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause, however many stores it covers, with the act that mends it."""

    severity: str
    clock: Clock
    store: Store
    stores: int
    what: str
    why: str
    covers: str
    step: str
    step_href: str
    href: str
    panel: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; `store` is the key of the one whose feeds are unfolded."""

    state: str
    platform: str
    store: str

    def href(self, **changes: str) -> str:
        asked = {"state": self.state, "platform": self.platform, "store": self.store} | changes
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    def fits(self, state: str, platform: str, *, but: str = "") -> bool:
        return (not self.state or but == "state" or self.state == state) and (
            not self.platform or but == "platform" or self.platform == platform
        )


def asked_of(visit: Visit) -> Asked:
    state = visit.request.GET.get("state", "")
    return Asked(
        state if state in STATES else "", visit.request.GET.get("platform", "")[:24], visit.request.GET.get("store", "")[:60]
    )


# -- rows -----------------------------------------------------------------------------------------------------------------


def state_of(link: reads.Link, platform: str, now: datetime) -> str:
    """Where a store stands: the worst that is true of it."""
    if link.connection_id is None and not link.by_hand:
        return "never"
    if link.connection_id is not None and link.state != ConnectionState.ACTIVE:
        return "lost"
    if link.stale:
        return "stale"
    if link.connection_id is None:
        return "hand"
    return "ending" if link.ends_at is not None and warned_from(platform, link.ends_at) <= now else "fine"


def authorised(visit: Visit, store: Store, link: reads.Link, state: str) -> tuple[str, str]:
    """How long the authorisation lasts, or since when it does not, with its tone."""
    if link.connection_id is None:
        return (_("by hand"), "") if link.by_hand else (_("never"), "unknown")
    if state == "lost":
        since = formats.clock(link.since or visit.now, visit.now, ZoneInfo(store.timezone), visit.language)
        return _("lost since %(time)s") % {"time": since}, "critical"
    if link.ends_at is None:
        return _("in force"), ""
    left = formats.age(max(0.0, (link.ends_at - visit.now).total_seconds()), visit.language)
    return _("ends in %(time)s") % {"time": left}, "warning" if state == "ending" else ""


def hooks_of(visit: Visit, streams: Sequence[Stream]) -> tuple[str, bool]:
    """What the platform's webhooks last said, and whether they are silent though they should not be."""
    push = next((one for one in streams if one.name == "push"), None)
    if push is None or push.observed_at is None:
        return _("not set up"), False
    age = formats.age((visit.now - push.observed_at).total_seconds(), visit.language)
    if push.trusted_until is None or push.trusted_until <= visit.now:
        return _("silent for %(time)s") % {"time": age}, True
    return _("heard %(time)s ago") % {"time": age}, False


def worst_of(streams: Sequence[Stream]) -> Stream | None:
    """The feed whose trust ended first, or ends next; one that was asked in vain before any other."""
    asked = [one for one in streams if one.observed_at or one.error_family]
    return min(asked, key=lambda one: one.trusted_until or EPOCH, default=None)


def feed_of(visit: Visit, store: Store, stream: Stream) -> Feed:
    """One feed with its times in the store's zone."""
    zone, due = ZoneInfo(store.timezone), "–"
    left = (stream.due_at - visit.now).total_seconds()
    if stream.name != "push" and left < 60 * formats.DAY:
        due = _("now") if left <= 0 else _("in %(time)s") % {"time": formats.age(left, visit.language)}
    return Feed(
        name=words.stream_name(stream.name),
        fresh=freshness(stream.observed_at, stream.trusted_until, visit.now, visit.language),
        until=formats.clock(stream.trusted_until, visit.now, zone, visit.language) if stream.trusted_until else "–",
        due=due,
        error=words.reason(stream.error_text),
        family=words.family(stream.error_family) if stream.error_family else "",
    )


def budget_of(visit: Visit, store: Store, used: Spent | None) -> tuple[int | None, str, bool]:
    """Percent used of the call budget, in words, and whether the platform does not listen now."""
    if used is None:
        return None, "–", False
    percent = min(100, round(used.share * 100))
    if used.blocked_until is not None:
        until = formats.clock(used.blocked_until, visit.now, ZoneInfo(store.timezone), visit.language)
        return 100, _("waits until %(time)s") % {"time": until}, True
    return percent, f"{percent} %" if visit.language == "en" else f"{percent}%", False


def row_of(visit: Visit, store: Store, link: reads.Link, streams: Sequence[Stream], used: Spent | None, asked: Asked) -> Row:
    """A store made ready to draw."""
    state = state_of(link, store.platform, visit.now)
    pulled = [one for one in streams if one.name != "push"]
    worst, failing = worst_of(pulled), next((one for one in pulled if one.error_family), None)
    seen = max((one.observed_at for one in pulled if one.observed_at), default=None)
    until = None if seen is None else seen + timedelta(days=1)
    hooks, silent = hooks_of(visit, streams) if link.connection_id is not None else ("–", False)
    words_, tone = authorised(visit, store, link, state)
    share, budget, blocked = budget_of(visit, store, used)
    is_open = asked.store == store.key
    return Row(
        store=store,
        state=state,
        reason=words.reason(link.reason) if state == "lost" else "",
        authorised=words_,
        tone=tone,
        last=freshness(seen, until, visit.now, visit.language),
        lag=freshness(worst.observed_at if worst else None, worst.trusted_until if worst else None, visit.now, visit.language),
        worst=words.stream_name(worst.name) if worst else "",
        family=words.family(failing.error_family) if failing else "",
        hooks=hooks,
        silent=silent,
        share=share,
        budget=budget,
        blocked=blocked,
        connection_id=link.connection_id,
        may=store.workspace_id in {one.pk for one in visit.connects},
        href=asked.href(store="" if is_open else store.key),
        feeds=tuple(feed_of(visit, store, one) for one in streams) if is_open else (),
        open=is_open,
    )


# -- causes ---------------------------------------------------------------------------------------------------------------


def causes_of(visit: Visit, links: dict[int, reads.Link], base: str) -> list[Cause]:
    """What keeps stores from being seen, or soon will, one line a cause: that of most stores first."""
    known, unknown = reads.listed(visit.scope.ids)
    found = [group for group in [*unknown, *known] if group.headline.rule in CONCERNED]
    return [cause_of(visit, group, links, base) for group in found]


def cause_of(visit: Visit, group: Group, links: dict[int, reads.Link], base: str) -> Cause:
    first = group.headline
    store = visit.by_id[first.store_id]
    ends = first.rule == ENDS
    step, href = step_of(first.rule, store, links[store.pk])
    if ends:
        stores = sum(one.connection_id == links[store.pk].connection_id for one in links.values())
        covers = _("nothing lost yet")
    else:
        stores, feeds = len(group.store_ids), sum(links[one].feeds for one in group.store_ids if one in links)
        covers = ngettext("%(n)d feed", "%(n)d feeds", feeds) % {"n": feeds} if feeds else _("nothing ever seen")
    return Cause(
        severity=first.severity if ends else "unknown",
        clock=due_clock(visit, store, first.due_at, first.starts_at, first.opened_at)
        if ends
        else since_clock(visit, group.since),
        store=store,
        stores=stores,
        what=words.rule_words(first.rule, visit.language).title,
        why=words.brief(first.rule, first.details, visit.language),
        covers=covers,
        step=step,
        step_href=href,
        href=f"/f/{first.id}/",
        panel=f"/f/{first.id}/?over={base}",
    )


def step_of(rule: str, store: Store, link: reads.Link) -> tuple[str, str]:
    """The act that mends a cause, and where it is done."""
    if rule in (ENDS, "SW-CONNECTION-LOST") and link.connection_id is not None:
        return _("Renew authorisation"), f"/connect/renew/{link.connection_id}/"
    if rule == "SW-NEVER-CONNECTED":
        return _("Connect the store"), f"/connect/{store.platform}/"
    if link.by_hand:
        return _("Bring tables"), "/bring/"
    return _("Look at its feeds"), f"/connections/?store={store.key}#{store.key}"


# -- the page -------------------------------------------------------------------------------------------------------------


def chips(visit: Visit, states: dict[int, str], asked: Asked) -> list[Crumb]:
    """States and platforms with their counts; the counts of one follow the other."""
    stores = visit.scope.stores
    found = [Crumb(_("All"), asked.href(state="", platform="", store=""), len(stores), not (asked.state or asked.platform))]
    by_state = Counter(states[one.pk] for one in stores if asked.fits("", one.platform, but="state"))
    by_platform = Counter(one.platform for one in stores if asked.fits(states[one.pk], "", but="platform"))
    for name, labels, counted in (
        ("state", {state: state_word(state) for state in STATES}, by_state),
        ("platform", {one: PLATFORM_NAMES.get(one, one) for one in sorted({s.platform for s in stores})}, by_platform),
    ):
        chosen = getattr(asked, name)
        if name == "platform" and len(labels) < 2:
            continue
        found += [
            Crumb(
                label, asked.href(**{name: "" if value == chosen else value, "store": ""}), counted[value], value == chosen, name
            )
            for value, label in labels.items()
            if counted[value] or value == chosen
        ]
    return found


def number_of(visit: Visit, count: int) -> int:
    """The page in the address, from 0; the nearest that there is."""
    text = visit.request.GET.get("page", "")
    wanted = int(text) - 1 if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return max(0, min(wanted, (count - 1) // ON_A_PAGE))


def rows_of(visit: Visit, stores: Sequence[Store], links: dict[int, reads.Link], asked: Asked) -> list[Row]:
    """These stores made ready to draw, by a query for their feeds and one for their budgets."""
    feeds, used = reads.told([one.pk for one in stores]), spent(stores, now=visit.now)
    return [row_of(visit, one, links[one.pk], feeds.get(one.pk, ()), used.get(one.pk), asked) for one in stores]


@require_GET
@page
def connections(visit: Visit) -> HttpResponse:
    """The page. Filters are part of the address, and so is the store whose feeds are unfolded."""
    asked, links = asked_of(visit), reads.links(visit.scope.ids, visit.now)
    states = {pk: state_of(link, visit.by_id[pk].platform, visit.now) for pk, link in links.items()}
    fitting = sorted(
        (one for one in visit.scope.stores if asked.fits(states[one.pk], one.platform)),
        key=lambda one: (STATES.index(states[one.pk]), links[one.pk].worst_until or EPOCH, one.key),
    )
    number = number_of(visit, len(fitting))
    stores = fitting[number * ON_A_PAGE : (number + 1) * ON_A_PAGE]
    context = {
        "rows": rows_of(visit, stores, links, asked),
        "count": len(fitting),
        "pages": [
            Crumb(str(one + 1), asked.href(page=str(one + 1)), None, one == number)
            for one in range(-(-len(fitting) // ON_A_PAGE))
        ],
    }
    if visit.request.headers.get("HX-Target") == "sw-links":
        return render(visit.request, "connections/_rows.html", context | {"visit": visit})
    context |= {
        "title": _("Connections"),
        "feeds_count": sum(link.feeds for link in links.values()),
        "causes": causes_of(visit, links, visit.request.path),
        "mailboxes": [mail for mail in mailboxes(visit) if mail.fails],
        "notices": visit.notices_waiting,
        "chips": chips(visit, states, asked),
        "clear_href": asked.href(state="", platform="", store=""),
    }
    return draw(visit, "connections/page.html", context | panel_context(visit), name="connections")


def store_to_act_on(visit: Visit) -> Store | None:
    """The store in the address, or None where the person may look and not act."""
    store = visit.scope.store
    if store is None:
        raise Http404
    return store if store.workspace_id in {one.pk for one in visit.connects} else None


@require_POST
@page
def test(visit: Visit) -> HttpResponse:
    """One call, and what it said."""
    store = store_to_act_on(visit)
    if store is None:
        return refused_right()
    failed = list(pipeline.try_store(store.pk).failed.values())
    acted(store.workspace_id)
    if failed:
        said = words.reason(failed[0].message.rstrip(".。"))
        messages.error(
            visit.request,
            _("%(name)s: %(family)s. %(said)s.") % {"name": store.name, "family": words.family(failed[0].family), "said": said},
        )
    else:
        messages.success(visit.request, _("%(name)s answers.") % {"name": store.name})
    return redirect(f"/connections/?store={store.key}#{store.key}")


@require_POST
@page
def sync(visit: Visit) -> HttpResponse:
    """Ask everything of a store as soon as a worker is free."""
    store = store_to_act_on(visit)
    if store is None:
        return refused_right()
    pipeline.sync_soon([store.pk])
    acted(store.workspace_id)
    messages.success(visit.request, _("%(name)s is asked for everything next.") % {"name": store.name})
    return redirect(f"/connections/?store={store.key}#{store.key}")
