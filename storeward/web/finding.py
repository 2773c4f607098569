"""One finding: time, stake and cause; rule, terms and source; facts; the reckoning; what settles it; what happened.

The same parts are a side panel over a list (`/?open=ID`, drawn by htmx without a reload) and a page of their own (`/f/ID/`).
Acts are posted here and done by `findings.lifecycle`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from storeward.findings import lifecycle
from storeward.findings.models import Finding
from storeward.findings.rank import Rank
from storeward.stores.models import Store
from storeward.web import formats, reads, words
from storeward.web.evidence import Fact, facts_of
from storeward.web.frame import Visit, draw, page
from storeward.web.lines import SHORT, due_clock, line_key, since_clock, stake_text
from storeward.web.parts import Clock, Owner, owner_of
from storeward.web.recent import acted

ITEMS = 50
"""Findings of one line that the panel lists."""

AT_ONCE = 500
"""Findings of one line that one act settles."""

SELLER_CENTERS = {
    ("tiktok_shop", "TH"): "https://seller-th.tiktok.com/",
    ("tiktok_shop", "VN"): "https://seller-vn.tiktok.com/",
    ("tiktok_shop", "ID"): "https://seller-id.tokopedia.com/",
    ("tiktok_shop", "US"): "https://seller-us.tiktok.com/",
}
"""Where a person settles what the product cannot settle itself: the hosts that platform documents name, none by analogy."""

TYPED_HERE = frozenset({"enter_value", "log_in", "attest", "turn_on_2sv", "take_quiz"})
"""Acts that end with something typed on the store's page."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history."""

    at: str
    exact: str
    text: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Which terms decided."""

    rule: str
    since: str
    read_on: str
    confidence: str
    note: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything the panel draws."""

    finding: Finding
    key: str
    store: Store
    severity: str
    status: str
    clock: Clock
    title: str
    subject: str
    stake: str
    stake_exact: str
    stake_of_rule: str
    why: str
    cause: str
    rule: words.RuleWords
    says: str
    terms: Terms
    facts: tuple[Fact, ...]
    reckoning: tuple[tuple[str, str], ...]
    items: tuple[tuple[Finding, str, str], ...]
    count: int
    events: tuple[Event, ...]
    step: str
    step_href: str
    step_outside: bool
    owner: Owner | None
    seen: str
    snoozes: tuple[tuple[str, str], ...]
    may_write: bool
    only: bool
    snoozed_to: str


def finding_for(visit: Visit, finding_id: int) -> Finding:
    """The finding, if the person may see its store. Raises Http404 otherwise, whether or not it exists."""
    finding = Finding.objects.filter(pk=finding_id, store_id__in=visit.by_id).first()
    if finding is None:
        raise Http404
    return finding


def detail_of(visit: Visit, finding: Finding) -> Detail:
    """Make a finding ready to draw."""
    store = visit.by_id[finding.store_id]
    language, unknown = visit.language, finding.state == "unknown"
    siblings = line_with(visit, finding)
    count = len(siblings)
    clock = (
        since_clock(visit, min(one.opened_at for one in siblings))
        if unknown
        else due_clock(visit, store, due_with(finding, siblings), finding.starts_at, finding.opened_at)
    )
    stake = _("cannot tell") if unknown else stake_words(visit, siblings)
    of_rule = words.rule_words(finding.rule, language).stake
    step = words.action(finding.action)
    href, outside = step_of(finding, store)
    return Detail(
        finding=finding,
        key=line_key(finding),
        store=store,
        severity="unknown" if unknown else finding.severity,
        status=words.status_word(finding.status),
        clock=clock,
        title=words.title(finding.rule, finding.subject_kind, things_of(siblings), language),
        subject=words.subject(finding.subject_kind, finding.subject_id),
        stake=stake,
        stake_of_rule="" if unknown or of_rule == stake or stake == _("the store") else of_rule,
        stake_exact=exact_stake(siblings),
        why=words.why(finding.rule, finding.details, language),
        cause=cause_words(visit, finding, store),
        rule=words.rule_words(finding.rule, language),
        says=says_of(finding.rule, language),
        terms=terms_of(finding, language),
        facts=tuple(facts_of(visit, finding, store)),
        reckoning=reckoning(visit, finding),
        items=items_of(visit, siblings),
        count=count,
        events=tuple(events_of(visit, finding, store)),
        step=step.say(language),
        step_href=href,
        step_outside=outside,
        owner=owner_of(finding.owner, visit.person.name),
        seen=formats.clock(finding.opened_at, visit.now, ZoneInfo(store.timezone), language),
        snoozes=snoozes(visit, store),
        may_write=finding.store_id in visit.may_write,
        only="only" in visit.request.GET or "only" in visit.request.POST,
        snoozed_to=formats.clock(finding.snoozed_until, visit.now, ZoneInfo(store.timezone), language)
        if finding.snoozed_until
        else "",
    )


def line_with(visit: Visit, finding: Finding) -> list[Finding]:
    """The findings that one line speaks of; the finding alone where the address says `only`, or it is not open."""
    if "only" in visit.request.GET or "only" in visit.request.POST:
        return [finding]
    found = reads.siblings(finding, list(visit.by_id), AT_ONCE)
    return found if finding in found else [finding]


def due_with(finding: Finding, siblings: Sequence[Finding]) -> datetime | None:
    """The instant that the panel counts down to: the same as its line's in the list (`lines.due_of`)."""
    if finding.subject_kind == "store" and finding.due_at is not None:
        return finding.due_at
    return min((one.due_at for one in siblings if one.due_at), default=finding.due_at)


def once(siblings: Sequence[Finding]) -> list[Finding]:
    """One finding for each thing: that with the highest stake."""
    ordered = sorted(siblings, key=lambda one: one.stake_usd or 0.0)
    return list({(one.store_id, one.subject_kind, one.subject_id): one for one in ordered}.values())


def stake_words(visit: Visit, siblings: Sequence[Finding]) -> str:
    """The money at stake; without money the store, where that is what may be lost, else what the rule names."""
    usd = sum(one.stake_usd or 0.0 for one in once(siblings))
    if usd:
        return stake_text(usd, visit)
    if any(one.severity == "fatal" or words.rule_words(one.rule, visit.language).of_store for one in siblings):
        return _("the store")
    told = words.rule_words(siblings[0].rule, visit.language).stake
    return told if 0 < len(told) <= SHORT else stake_text(None, visit)


def exact_stake(siblings: Sequence[Finding]) -> str:
    """The stake in the store's own currency, where there is one and only one."""
    amounts = [one.stake_amount for one in once(siblings) if one.stake_amount is not None]
    currencies = {one.stake_currency for one in siblings if one.stake_amount is not None}
    return formats.exact(sum(amounts, Decimal(0)), currencies.pop()) if len(currencies) == 1 else ""


def cause_words(visit: Visit, finding: Finding, store: Store) -> str:
    """What stands behind it: the connection's own reason, else the rule's consequence."""
    if finding.cause.startswith("connection:") and store.connection is not None and store.connection.state_reason:
        return words.reason(store.connection.state_reason)
    return words.rule_words(finding.rule, visit.language).consequence


def things_of(siblings: Sequence[Finding]) -> int:
    """How many orders, conversations ... the line speaks of: what several rules say of one counts once."""
    return len({(one.store_id, one.subject_kind, one.subject_id) for one in siblings if one.subject_kind != "store"})


def items_of(visit: Visit, siblings: Sequence[Finding]) -> tuple[tuple[Finding, str, str], ...]:
    """The findings of a line, the soonest first, each with what tells it from the others and its time."""
    ordered = sorted(siblings, key=lambda one: (one.due_at is None, one.due_at or visit.now, one.pk))
    several = len({one.rule for one in siblings}) > 1
    return tuple(
        (one, item_name(visit, one, several=several), item_time(visit, one, visit.by_id[one.store_id])) for one in ordered[:ITEMS]
    )


def item_name(visit: Visit, finding: Finding, *, several: bool) -> str:
    """What tells one of a line from the others: its subject, its rule where the line has several, else its store."""
    rule = words.rule_words(finding.rule, visit.language).title if several else ""
    if finding.subject_kind in ("store", "stream") or not finding.subject_id:
        return rule or visit.by_id[finding.store_id].name
    subject = words.subject(finding.subject_kind, formats.short_id(finding.subject_id))
    return " · ".join(part for part in (subject, rule) if part)


def item_time(visit: Visit, finding: Finding, store: Store) -> str:
    if finding.due_at is None:
        return ""
    return formats.clock(finding.due_at, visit.now, ZoneInfo(store.timezone), visit.language)


def step_of(finding: Finding, store: Store) -> tuple[str, bool]:
    """Where the step is done, and whether that is outside: the store's own page for what is typed, else the seller center."""
    if finding.action in TYPED_HERE:
        return f"/s/{store.key}/#enter", False
    if finding.action == "renew" and store.connection_id is not None:
        return f"/connect/renew/{store.connection_id}/", False
    if finding.action in ("renew", "connect"):
        return f"/connect/{store.platform}/", False
    outside = SELLER_CENTERS.get((store.platform, store.region))
    return (outside, True) if outside else (f"/s/{store.key}/", False)


def says_of(rule_id: str, language: formats.Language) -> str:
    """What the rule asks for, and what follows."""
    told = words.rule_words(rule_id, language)
    return formats.sentences([told.title, told.consequence], language)


def terms_of(finding: Finding, language: formats.Language) -> Terms:
    """The terms that decided: named by the day they began, looked up in the policy. The rule's id alone for our own rules."""
    span = words.span_of(finding.rule, str(finding.details.get("from") or ""))
    if span is None:
        return Terms(finding.rule, "", "", "", "", ())
    return Terms(
        rule=finding.rule,
        since=formats.full_day(span.from_, language) if span.from_ else "",
        read_on=formats.full_day(span.read_on, language),
        confidence=words.confidence_word(span.confidence),
        note=(span.note or "") if language == "en" else "",  # reasons of those who keep the policy, in English only
        sources=tuple(span.source),
    )


def reckoning(visit: Visit, finding: Finding) -> tuple[tuple[str, str], ...]:
    """The score as a sum, one line a factor, in the team's currency."""
    rank = Rank(chance=finding.chance, loss_usd=finding.loss_usd, minutes=finding.minutes)
    loss, score = visit.valued(rank.loss_usd), visit.valued(rank.score)
    unit = formats.currency_word(loss.currency or "", visit.language)
    return (
        (_("chance of a loss if left"), f"{rank.chance:.2f}"),
        (_("× what it would cost"), f"{loss.amount:,.0f} {unit}"),
        (_("÷ minutes of work"), _("%(n)s min") % {"n": f"{rank.minutes:g}"}),
        (_("expected loss per minute"), _("%(n)s %(currency)s/min") % {"n": f"{score.amount:,.1f}", "currency": unit}),
    )


def events_of(visit: Visit, finding: Finding, store: Store) -> list[Event]:
    """The history, newest first, in the store's time."""
    zone = ZoneInfo(store.timezone)
    return [
        Event(
            formats.clock(one.at, visit.now, zone, visit.language),
            one.at.isoformat(),
            " · ".join(part for part in (words.happened(one.kind), actor_word(one.actor), one.reason) if part),
        )
        for one in reads.transitions(finding)
    ]


def actor_word(actor: str) -> str:
    return _("by the facts") if actor == "facts" else actor


def snoozes(visit: Visit, store: Store) -> tuple[tuple[str, str], ...]:
    """Presets, each with an end: (value of the form, words)."""
    zone = visit.zone or ZoneInfo(store.timezone)
    morning = formats.next_morning(visit.now, zone)
    when = formats.clock(morning, visit.now, zone, visit.language)
    return (
        ("1h", _("1 hour")),
        ("4h", _("4 hours")),
        ("morning", _("Next morning, %(time)s") % {"time": when}),
        ("3d", _("3 days")),
        ("7d", _("7 days")),
    )


def snooze_end(choice: str, visit: Visit, store: Store) -> datetime | None:
    """When a preset ends; None for one that we do not know."""
    spans = {"1h": timedelta(hours=1), "4h": timedelta(hours=4), "3d": timedelta(days=3), "7d": timedelta(days=7)}
    if choice == "morning":
        return formats.next_morning(visit.now, visit.zone or ZoneInfo(store.timezone))
    return visit.now + spans[choice] if choice in spans else None


def panel_context(visit: Visit) -> dict[str, Any]:
    """For a list page whose address names an open finding; nothing where it names none, or one that is not ours to see."""
    number = visit.request.GET.get("open", "")
    if not number.isdigit():
        return {}
    finding = Finding.objects.filter(pk=int(number), store_id__in=visit.by_id).first()
    if finding is None:
        return {}
    return {"finding": detail_of(visit, finding), "over": visit.request.path}


def over_of(visit: Visit) -> str:
    """The list that the panel lies over: an address of ours, else Today."""
    asked = visit.request.GET.get("over") or visit.request.POST.get("over") or "/"
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/")
    return urlsplit(asked).path if safe else "/"


def panel(visit: Visit, finding: Finding, *, changed: bool = False, error: str = "") -> HttpResponse:
    """The side panel as a fragment; `changed` makes the list below it draw itself anew."""
    over = over_of(visit)
    context = {"finding": detail_of(visit, finding), "over": over, "visit": visit, "error": error}
    response = render(visit.request, "finding/_panel.html", context)
    response.headers["HX-Replace-Url"] = f"{over}?open={finding.pk}"
    if changed:
        response.headers["HX-Trigger"] = "sw:changed"
    return response


def full(visit: Visit, finding: Finding, *, error: str = "", status: int = 200) -> HttpResponse:
    """The finding on a page of its own."""
    detail = detail_of(visit, finding)
    context = {"finding": detail, "over": "/", "full": True, "title": detail.title, "error": error}
    return draw(visit, "finding/page.html", context, name="finding", status=status)


@require_GET
@page
def show(visit: Visit, finding_id: int) -> HttpResponse:
    """The finding's own page; asked for by htmx, its panel."""
    finding = finding_for(visit, finding_id)
    return panel(visit, finding) if visit.request.headers.get("HX-Request") else full(visit, finding)


def act(visit: Visit, finding_id: int, deed: Callable[[Finding], object], said: str, refusal: str = "") -> HttpResponse:
    """Do `deed` to every finding of the line, then show how it stands. What others settled meanwhile is left as it is, and
    `refusal` (else: that somebody was faster) says what was not done."""
    finding = finding_for(visit, finding_id)
    if finding.store_id not in visit.may_write:
        return HttpResponse(_("You may look, not act. Ask the owner for the right."), status=403, content_type="text/plain")
    error = ""
    for one in line_with(visit, finding):
        try:
            deed(one)
        except lifecycle.NotThere:
            continue
        except lifecycle.Refused:
            error = refusal or _("Somebody was faster: look at what happened.")
    acted(finding.workspace_id)
    finding.refresh_from_db()
    if visit.request.headers.get("HX-Request"):
        return panel(visit, finding, changed=not error, error=error)
    if error:
        return full(visit, finding, error=error, status=409)
    messages.success(visit.request, said)
    return redirect(f"/f/{finding_id}/")


def _who(visit: Visit) -> dict[str, Any]:
    """Who acts, on which stores, when: what every deed asks for."""
    return {"store_ids": visit.may_write, "actor": visit.person.name or visit.person.email, "now": visit.now}


@require_POST
@page
def take(visit: Visit, finding_id: int) -> HttpResponse:
    return act(visit, finding_id, lambda one: lifecycle.acknowledge(one.pk, **_who(visit)), _("Taken: you have it."))


@require_POST
@page
def give_back(visit: Visit, finding_id: int) -> HttpResponse:
    return act(visit, finding_id, lambda one: lifecycle.assign(one.pk, owner="", **_who(visit)), _("Given back: nobody has it."))


@require_POST
@page
def snooze(visit: Visit, finding_id: int) -> HttpResponse:
    """Every snooze has an end; one that we do not know is refused."""
    store = visit.by_id[finding_for(visit, finding_id).store_id]
    until = snooze_end(visit.request.POST.get("until", ""), visit, store) or visit.now
    refusal = "" if until > visit.now else _("Choose when the snooze ends.")
    return act(visit, finding_id, lambda one: lifecycle.snooze(one.pk, until=until, **_who(visit)), _("Snoozed."), refusal)


@require_POST
@page
def resolve(visit: Visit, finding_id: int) -> HttpResponse:
    reason = visit.request.POST.get("reason", "")
    refusal = "" if reason.strip() else _("Say in a few words why it is settled.")
    return act(visit, finding_id, lambda one: lifecycle.resolve(one.pk, reason=reason, **_who(visit)), _("Settled."), refusal)


@require_POST
@page
def reopen(visit: Visit, finding_id: int) -> HttpResponse:
    return act(visit, finding_id, lambda one: lifecycle.reopen(one.pk, **_who(visit)), _("Open again."))
