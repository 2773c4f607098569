"""From rows to lines: a group of findings, a cause of unknowns or a duty, made ready to draw."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from storeward.findings.models import Finding
from storeward.stores.models import Store
from storeward.web import formats, words
from storeward.web.formats import Countdown
from storeward.web.frame import Visit
from storeward.web.parts import Clock, Line, owner_of
from storeward.web.reads import Cause, Group


def due_clock(visit: Visit, store: Store, due_at: datetime | None, starts_at: datetime | None, seen_at: datetime) -> Clock:
    """The countdown of a finding; "no limit" and when it was seen where nothing falls due."""
    zone = ZoneInfo(store.timezone)
    if due_at is None:
        seen = _("seen %(time)s") % {"time": formats.clock(seen_at, visit.now, zone, visit.language)}
        return Clock(Countdown(_("no limit"), "", 0.0, False), seen)
    return Clock(
        formats.countdown(due_at, visit.now, visit.language, starts_at),
        formats.clock(due_at, visit.now, zone, visit.language),
        due_at,
        starts_at,
        own_note(visit, store, due_at),
    )


def own_note(visit: Visit, store: Store, at: datetime) -> str:
    """ "13:00 yours"; nothing where both clocks agree."""
    own = formats.own_clock(at, visit.now, ZoneInfo(store.timezone), visit.zone, visit.language)
    return _("%(time)s yours") % {"time": own} if own else ""


def since_clock(visit: Visit, since: datetime) -> Clock:
    """How long something has been unknown."""
    words_ = formats.span((visit.now - since).total_seconds(), visit.language)
    return Clock(Countdown(f"? {words_}", "unk", 0.0, False), _("unknown for"))


def stake_text(usd: float | None, visit: Visit) -> str:
    """The money at stake, or that there is none."""
    if not usd:
        return _("no money")
    return formats.about(Decimal(str(usd)), "USD", visit.language)


def addresses(visit: Visit, finding_id: int, base: str) -> tuple[str, str]:
    """The finding's own page, and its panel over the list at `base`."""
    return f"/f/{finding_id}/", f"/f/{finding_id}/?over={base}"


SHORT = 18
"""Letters that fit where the money at stake stands."""


def stake_of(visit: Visit, group: Group) -> tuple[str, str]:
    """What is at stake: the money, and for a fatal one the store; without money what the rule names, if that is short."""
    fatal = group.severity == "fatal"
    if group.usd:
        return stake_text(group.usd, visit), _("and the store") if fatal else ""
    named = words.rule_words(group.rule, visit.language).stake
    if fatal:
        return _("the store"), ""
    return (named if 0 < len(named) <= SHORT else stake_text(None, visit)), ""


def line_key(finding: Finding) -> str:
    """What all findings of one line share: rule and store, or rule and cause. The open panel finds its line by it."""
    shared = finding.cause if finding.state == "unknown" and finding.cause else str(finding.store_id)
    return f"{finding.rule} {shared}"


def group_line(visit: Visit, group: Group, first: Finding, base: str) -> Line:
    """One line of the worklist."""
    store = visit.by_id[group.store_id]
    href, panel = addresses(visit, group.first, base)
    stake, note = stake_of(visit, group)
    owner = group.owners[0] if len(group.owners) == 1 else ""
    return Line(
        finding_id=group.first,
        key=line_key(first),
        severity=group.severity,
        clock=due_clock(visit, store, group.due_at, first.starts_at, first.opened_at),
        store=store,
        stores=1,
        what=words.title(group.rule, first.subject_kind, group.count, visit.language),
        why=words.why(first, visit.language),
        stake=stake,
        stake_note=note,
        step=words.action(first.action).say(visit.language),
        owner=owner_of(owner, visit.person.name),
        href=href,
        panel=panel,
        count=group.count,
    )


def cause_line(visit: Visit, cause: Cause, first: Finding, base: str) -> Line:
    """One line of what cannot be told."""
    store = visit.by_id[first.store_id]
    href, panel = addresses(visit, cause.first, base)
    return Line(
        finding_id=cause.first,
        key=line_key(first),
        severity="unknown",
        clock=since_clock(visit, cause.since),
        store=store,
        stores=len(cause.store_ids),
        what=words.rule_words(first.rule, visit.language).title,
        why=words.why(first, visit.language),
        stake="",
        stake_note="",
        step=words.action(first.action).say(visit.language),
        owner=owner_of(first.owner, visit.person.name),
        href=href,
        panel=panel,
        count=cause.count,
        unknown=True,
    )


def group_lines(visit: Visit, found: list[Group], firsts: Mapping[int, Finding], base: str) -> list[Line]:
    return [group_line(visit, group, firsts[group.first], base) for group in found if group.first in firsts]
