"""From rows to lines: a group of findings, a cause of unknowns or a duty, made ready to draw."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from storeward.findings import queries
from storeward.findings.models import Finding
from storeward.findings.queries import Group, monthly_sales
from storeward.stores.models import Store
from storeward.web import formats, words
from storeward.web.formats import Countdown
from storeward.web.frame import Visit
from storeward.web.parts import Clock, Line, owner_of


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
    return visit.about(usd)


def addresses(visit: Visit, finding_id: int, base: str) -> tuple[str, str]:
    """The finding's own page, and its panel over the list at `base`."""
    return f"/f/{finding_id}/", f"/f/{finding_id}/?over={base}"


SHORT = 18
"""Letters that fit where the money at stake stands."""


def stake_of(visit: Visit, group: Group, sales: Mapping[int, float]) -> tuple[str, str]:
    """What is at stake: the money, and for a fatal one the store with what it sells a month; without money what the rule names,
    if that is short."""
    told = words.rule_words(group.headline.rule, visit.language)
    if stakes_store(group, visit):
        monthly = sales.get(group.headline.store_id)
        if group.stake_usd:
            return stake_text(group.stake_usd, visit), _("and the store")
        return _("the store"), _("%(sum)s a month") % {"sum": stake_text(monthly, visit)} if monthly else ""
    if group.stake_usd:
        return stake_text(group.stake_usd, visit), ""
    return (told.stake if 0 < len(told.stake) <= SHORT else stake_text(None, visit)), ""


def line_key(finding: Finding | queries.Line) -> str:
    """What all findings of one line share: item and store, or rule and cause. The open panel finds its line by it."""
    if finding.state == "unknown":
        return f"{finding.rule} {finding.cause}"
    return f"{finding.item or finding.rule} {finding.store_id}"


def due_of(group: Group) -> datetime | None:
    """The instant that a line counts down to: that of the finding it names where it speaks of the store, else the earliest."""
    first = group.headline
    return first.due_at if first.subject_kind == "store" and first.due_at else group.due_at


def group_line(visit: Visit, group: Group, sales: Mapping[int, float], base: str) -> Line:
    """One line of the worklist."""
    first = group.headline
    store = visit.by_id[first.store_id]
    href, panel = addresses(visit, first.id, base)
    stake, note = stake_of(visit, group, sales)
    owner = group.owners[0] if len(group.owners) == 1 else ""
    return Line(
        finding_id=first.id,
        key=line_key(first),
        severity=group.severity,
        clock=due_clock(visit, store, due_of(group), first.starts_at, first.opened_at),
        store=store,
        stores=1,
        what=words.title(first.rule, first.subject_kind, group.things, visit.language),
        why=words.brief(first.rule, first.details, visit.language),
        more=group.count - 1 if first.subject_kind == "store" else 0,
        stake=stake,
        stake_note=note,
        step=words.action(first.action).say(visit.language),
        owner=owner_of(owner, visit.person.name),
        href=href,
        panel=panel,
        count=group.count,
    )


def cause_line(visit: Visit, cause: Group, base: str) -> Line:
    """One line of what cannot be told."""
    first = cause.headline
    href, panel = addresses(visit, first.id, base)
    return Line(
        finding_id=first.id,
        key=line_key(first),
        severity="unknown",
        clock=since_clock(visit, cause.since),
        store=visit.by_id[first.store_id],
        stores=len(cause.store_ids),
        what=words.rule_words(first.rule, visit.language).title,
        why=words.brief(first.rule, first.details, visit.language),
        stake="",
        stake_note="",
        step=words.action(first.action).say(visit.language),
        owner=owner_of(first.owner, visit.person.name),
        href=href,
        panel=panel,
        count=cause.count,
        unknown=True,
    )


def group_lines(visit: Visit, found: Sequence[Group], base: str) -> list[Line]:
    """The lines of these groups, each with what its store sells where the store itself is at stake."""
    at_stake = {group.headline.store_id for group in found if stakes_store(group, visit)}
    sales = monthly_sales(sorted(at_stake), now=visit.now) if at_stake else {}
    return [group_line(visit, group, sales, base) for group in found]


def stakes_store(group: Group, visit: Visit) -> bool:
    return group.severity == "fatal" or words.rule_words(group.headline.rule, visit.language).of_store
