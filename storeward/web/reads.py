"""What the pages ask of the rows, set-wise: a page costs the same number of queries however many stores it shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from storeward.findings import queries
from storeward.findings.models import DutyState, Finding, FindingStatus, Obligation, Transition
from storeward.findings.queries import SEVERITIES, Filters, Group
from storeward.intake.models import Notice
from storeward.policy import items
from storeward.policy.terms import INTERNAL, book
from storeward.records.models import BalanceEvent, Order, Problem, Stream
from storeward.web import words

OPEN = (FindingStatus.OPEN, FindingStatus.ACKNOWLEDGED)
SOON = timedelta(hours=1)
WEEK = timedelta(days=7)
KINDS = tuple(words.KINDS)


def open_findings(store_ids: Sequence[int]) -> QuerySet[Finding]:
    """What needs somebody now: open or taken, not hidden behind a cause."""
    return Finding.objects.filter(store_id__in=store_ids, status__in=OPEN, inhibited=False)


def groups(store_ids: Sequence[int], *, owner: str | None = None) -> tuple[Group, ...]:
    """The worklist: what is known, one line a store and inspection item, the highest expected loss per minute first."""
    return queries.groups(store_ids, filters=Filters(known=True, owner=owner))


def causes(store_ids: Sequence[int]) -> list[Group]:
    """What cannot be told, one line a cause, that of most stores first."""
    return _widest_first(queries.groups(store_ids, filters=Filters(known=False)))


def listed(store_ids: Sequence[int]) -> tuple[tuple[Group, ...], list[Group]]:
    """`groups` and `causes`, asked together: half the work of asking twice."""
    found = queries.groups(store_ids)
    known = tuple(group for group in found if group.headline.state != "unknown")
    return known, _widest_first(group for group in found if group.headline.state == "unknown")


def _widest_first(found: Iterable[Group]) -> list[Group]:
    return sorted(found, key=lambda group: -len(group.store_ids))


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of the navigation; `mine` of the lines are taken by the person."""

    lines: int
    urgent: int
    mine: int


_LINES = """
SELECT count(*), count(*) FILTER (WHERE known AND due_at <= %(soon)s), count(*) FILTER (WHERE known AND mine)
FROM (
    SELECT state <> 'unknown' AS known, min(due_at) AS due_at, bool_or(owner = %(me)s AND owner <> '') AS mine
    FROM findings_finding
    WHERE store_id = ANY(%(ids)s) AND status IN ('open', 'acknowledged') AND NOT inhibited
    GROUP BY state <> 'unknown', CASE WHEN state = 'unknown' THEN 0 ELSE store_id END,
        CASE WHEN state = 'unknown' THEN rule || ' ' || cause WHEN item = '' THEN rule ELSE item END
) lines
"""
"""The lines of `queries.groups`, counted without being made."""


def counts(store_ids: Sequence[int], now: datetime, me: str = "") -> Counts:
    """Lines of Today (causes included), those late or due within an hour, those that `me` has taken."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, {"ids": list(store_ids), "soon": now + SOON, "me": me})
        row = cursor.fetchone()
    assert row is not None
    return Counts(*row)


_OWED = """
    SELECT o.store_id, o.subject_kind, o.subject_id, o.due_at, o.starts_at, o.stake_usd,
        (9 - array_position(ARRAY['info', 'warning', 'critical', 'fatal'], o.severity::text)) * 100000000000000000
            + extract(epoch FROM o.due_at)::bigint * 10000000 + coalesce(r.no, 0) * 100
            + coalesce(array_position(%(kinds)s::text[], o.subject_kind::text), 0) AS rank,
        coalesce(r.item, o.rule) AS topic,
        CASE WHEN o.due_at > %(now)s THEN extract(epoch FROM o.due_at)::bigint / 3600 END AS slot
    FROM findings_obligation o
    LEFT JOIN unnest(%(rules)s::text[], %(items)s::text[]) WITH ORDINALITY AS r (rule, item, no) USING (rule)
    WHERE o.store_id = ANY(%(ids)s) AND o.state IN ('open', 'breached') AND o.done_at IS NULL
        AND o.due_at < %(until)s AND o.starts_at <= %(now)s
"""
"""What is not done and falls due within a week or is late. `slot` is the hour in which it falls due; none for what is late,
which makes one line however old it is. `rank` orders by weight, then by instant, and carries the numbers of rule and kind in its
last seven digits: tens of thousands are compared, and one number is compared faster than four."""

_DUE_LINES = f"""
WITH things AS (
    SELECT store_id, topic, slot, min(rank) AS rank, min(due_at) AS due_at, min(starts_at) AS starts_at, max(stake_usd) AS usd
    FROM ({_OWED}) owed GROUP BY store_id, topic, slot, subject_kind, subject_id
)
SELECT store_id, topic, min(rank), count(*), min(due_at), min(starts_at), sum(usd)
FROM things GROUP BY store_id, topic, slot ORDER BY min(due_at), min(rank), store_id, topic
"""  # noqa: S608

_COUNT_DUE = """
SELECT count(*) FROM (
    SELECT DISTINCT store_id, coalesce(r.item, d.rule), slot FROM (
        SELECT DISTINCT store_id, rule, CASE WHEN due_at > %(now)s THEN extract(epoch FROM due_at)::bigint / 3600 END AS slot
        FROM findings_obligation WHERE store_id = ANY(%(ids)s) AND state IN ('open', 'breached') AND done_at IS NULL
            AND due_at < %(until)s AND starts_at <= %(now)s
    ) d LEFT JOIN unnest(%(rules)s::text[], %(items)s::text[]) AS r (rule, item) USING (rule)
) lines
"""
"""The lines of `_DUE_LINES`, counted without being made: rule by rule first, so that little is left to be joined."""


def _owed_values(store_ids: Sequence[int], now: datetime) -> dict[str, Any]:
    told = _item_of_rules()
    rules, items_ = list(told), list(told.values())
    return {"ids": list(store_ids), "now": now, "until": now + WEEK, "rules": rules, "items": items_, "kinds": list(KINDS)}


@cache
def _item_of_rules() -> dict[str, str]:
    """The inspection item of each rule that has one: the same as findings carry."""
    return {rule: item.id for rule in (rule for one in items.load() for rule in one.rules) if (item := items.item_of(rule))}


def due_lines(store_ids: Sequence[int], now: datetime) -> int:
    """How many lines `dues` has."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_DUE, _owed_values(store_ids, now))
        row = cursor.fetchone()
    return int(row[0]) if row else 0


@dataclass(frozen=True, slots=True)
class Due:
    """Duties of one item in one store that fall due within one hour, or are late, as one line; the earliest instant counts.
    `rule` and `kind` are of the gravest, `count` is of things: an order that two rules speak of is one."""

    store_id: int
    rule: str
    kind: str
    count: int
    severity: str
    due_at: datetime
    starts_at: datetime
    usd: float | None
    finding_id: int | None
    owner: str
    topic: str


def dues(store_ids: Sequence[int], now: datetime) -> list[Due]:
    """What is owed within a week, the soonest first, each with the finding that speaks of it, if one does."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE_LINES, _owed_values(store_ids, now))
        rows = cursor.fetchall()
    spoken = {(group.headline.store_id, group.headline.item or group.headline.rule): group for group in groups(store_ids)}
    return [_due(row, spoken.get((row[0], row[1]))) for row in rows]


def _due(row: Sequence[Any], group: Group | None) -> Due:
    store_id, topic, rank, count, due_at, starts_at, usd = row
    weight, rule_no, kind_no = rank // 10**17, rank // 100 % 10**5, rank % 100
    return Due(
        store_id=store_id,
        rule=list(_item_of_rules())[rule_no - 1] if rule_no else topic,
        kind=KINDS[kind_no - 1] if kind_no else "",
        count=count,
        severity=SEVERITIES[8 - weight],
        due_at=due_at,
        starts_at=starts_at,
        usd=usd,
        finding_id=group.headline.id if group else None,
        owner=group.owners[0] if group and len(group.owners) == 1 else "",
        topic=topic,
    )


def next_due(store_ids: Sequence[int], now: datetime) -> datetime | None:
    """The first deadline beyond the week, so that an empty page can name it."""
    later = Obligation.objects.filter(store_id__in=store_ids, state=DutyState.OPEN, due_at__gte=now + WEEK)
    found: datetime | None = later.aggregate(at=Min("due_at"))["at"]
    return found


def oldest_value(store_ids: Sequence[int]) -> Stream | None:
    """The stream seen longest ago among those that were ever seen."""
    return Stream.objects.filter(store_id__in=store_ids, observed_at__isnull=False).order_by("observed_at").first()


def streams(store_id: int) -> list[Stream]:
    return list(Stream.objects.filter(store_id=store_id).order_by("name"))


def problems(store_id: int) -> list[Problem]:
    return list(Problem.objects.filter(store_id=store_id).order_by("-seen_at")[:8])


def store_of_order(store_ids: Sequence[int], number: str) -> Order | None:
    return Order.objects.filter(store_id__in=store_ids, platform_id=number).select_related("store").first()


def new_since(store_ids: Sequence[int], since: datetime) -> int:
    """Findings that came up after `since`."""
    return open_findings(store_ids).filter(opened_at__gt=since).count()


def siblings(finding: Finding, store_ids: Sequence[int], limit: int) -> list[Finding]:
    """The open findings that stand in one line with this one (itself among them), by rank: of one inspection item in one store,
    or of one cause in all stores that may be seen."""
    if finding.state == "unknown":
        rows = open_findings(store_ids).filter(state="unknown", rule=finding.rule, cause=finding.cause)
    else:
        rows = open_findings([finding.store_id]).exclude(state="unknown").filter(item=finding.item)
        rows = rows if finding.item else rows.filter(rule=finding.rule)
    return list(rows.order_by("-score", "id")[:limit])


def transitions(finding: Finding) -> list[Transition]:
    """The last steps of a finding's life, newest first."""
    return list(finding.transitions.order_by("-at", "-id")[:20])


_FIRST_OF_CELL = """
SELECT store_id, item, max(ARRAY[score, -id]::float8[]) FROM findings_finding
WHERE store_id = ANY(%s) AND NOT inhibited AND status <> 'resolved' GROUP BY store_id, item
"""


def first_of_cell(store_ids: Sequence[int]) -> dict[tuple[int, str], int]:
    """The finding that a cell of the matrix opens: the worst of its item in its store."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_OF_CELL, [list(store_ids)])
        return {(store_id, item): int(-best[1]) for store_id, item, best in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Age:
    """When a store's oldest value was seen, and until when it may be trusted."""

    observed_at: datetime | None
    trusted_until: datetime | None


def oldest_by_store(store_ids: Sequence[int]) -> dict[int, Age]:
    """The oldest value of each store; one that was never fed counts as the oldest of all."""
    rows = (
        Stream.objects.filter(store_id__in=store_ids)
        .order_by("store_id", F("observed_at").asc(nulls_first=True))
        .distinct("store_id")
        .values_list("store_id", "observed_at", "trusted_until")
    )
    return {store_id: Age(observed_at, trusted_until) for store_id, observed_at, trusted_until in rows}


def hands_due(store_ids: Sequence[int]) -> int:
    """Routine checks by a person that are open."""
    return Obligation.objects.filter(
        store_id__in=store_ids, state__in=(DutyState.OPEN, DutyState.BREACHED), rule__in=_routines(), done_at__isnull=True
    ).count()


@cache
def _routines() -> list[str]:
    """Our own routines: the rules of no platform. Named one by one, so that the index on store and rule finds them."""
    return [rule.id for platform, rule in book() if platform == INTERNAL]


def next_due_by_store(store_ids: Sequence[int], now: datetime) -> dict[int, tuple[datetime, datetime]]:
    """The next thing each store owes: when it is due and when it began."""
    rows = (
        Obligation.objects.filter(store_id__in=store_ids, state=DutyState.OPEN, done_at__isnull=True, due_at__gt=now)
        .order_by("store_id", "due_at")
        .distinct("store_id")
        .values_list("store_id", "due_at", "starts_at")
    )
    return {store_id: (due_at, starts_at) for store_id, due_at, starts_at in rows}


def balances(store_ids: Sequence[int]) -> dict[int, tuple[Decimal, str]]:
    """The latest balance of each store."""
    rows = (
        BalanceEvent.objects.filter(store_id__in=store_ids)
        .order_by("store_id", "-at", "-observed_at")
        .distinct("store_id")
        .values_list("store_id", "amount", "currency")
    )
    return {store_id: (amount, currency) for store_id, amount, currency in rows}


def open_by_store(store_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Open findings of each store: in all, and those past their instant."""
    rows = (
        open_findings(store_ids)
        .values("store_id")
        .annotate(n=Count("id"), late=Count("id", filter=Q(state="breached")))
        .values_list("store_id", "n", "late")
    )
    return {store_id: (count, late) for store_id, count, late in rows}


@dataclass(frozen=True, slots=True)
class Owed:
    """What one store owes by one rule: how many, the soonest instant, and when that began."""

    rule: str
    kind: str
    count: int
    due_at: datetime
    starts_at: datetime


def owed_by_rule(store_id: int) -> list[Owed]:
    """Everything a store owes and has not done, by rule, the soonest first."""
    rows = (
        Obligation.objects.filter(store_id=store_id, state__in=(DutyState.OPEN, DutyState.BREACHED), done_at__isnull=True)
        .values("rule", "subject_kind")
        .annotate(n=Count("id"), due=Min("due_at"), began=Min("starts_at"))
        .order_by("due")
    )
    return [Owed(row["rule"], row["subject_kind"], row["n"], row["due"], row["began"]) for row in rows]


def finding_about(store_id: int, kind: str, identity: str) -> int | None:
    """The open finding about that subject that costs most per minute."""
    rows = open_findings([store_id]).filter(subject_kind=kind, subject_id=identity).order_by("-score", "id")
    return rows.values_list("id", flat=True).first()


@dataclass(frozen=True, slots=True)
class Fill:
    """How far the first fill of one stream is; `family` says why it fails, where it does."""

    name: str
    filled: bool
    family: str


def fills(store_ids: Sequence[int]) -> dict[int, list[Fill]]:
    """The streams of each store that its platform brings; none before it was asked for the first time."""
    found: dict[int, list[Fill]] = {}
    rows = Stream.objects.filter(store_id__in=store_ids).exclude(name="push").order_by("store_id", "name")
    for store_id, name, filled, family in rows.values_list("store_id", "name", "filled", "error_family"):
        found.setdefault(store_id, []).append(Fill(name, filled, family))
    return found


def orders_so_far(store_ids: Sequence[int]) -> dict[int, int]:
    """How many orders of each store are here."""
    rows = Order.objects.filter(store_id__in=store_ids).values("store_id").annotate(n=Count("id"))
    return dict(rows.values_list("store_id", "n"))


@dataclass(frozen=True, slots=True)
class Link:
    """A store's way to its platform: the authorisation, and how its feeds stand as a whole."""

    store_id: int
    connection_id: int | None
    state: str
    reason: str
    since: datetime | None
    ends_at: datetime | None
    feeds: int
    stale: bool
    by_hand: bool
    worst_until: datetime | None


_LINKS = """
SELECT s.id, c.id, coalesce(c.state, ''), coalesce(c.state_reason, ''), c.state_since, c.refresh_expires_at,
    coalesce(t.n, 0), coalesce(t.stale, false), coalesce(t.by_hand, false), t.worst
FROM stores_store s LEFT JOIN stores_connection c ON c.id = s.connection_id
LEFT JOIN (
    SELECT store_id, count(*)::int AS n, bool_or(origin = 'file') AS by_hand, min(trusted_until) AS worst,
        bool_or((trusted_until IS NULL OR trusted_until <= %(now)s) AND (observed_at IS NOT NULL OR error_family <> '')) AS stale
    FROM records_stream WHERE store_id = ANY(%(ids)s) AND name <> 'push' GROUP BY store_id
) t ON t.store_id = s.id
WHERE s.id = ANY(%(ids)s)
"""
"""A feed that was never asked is on its way, not stale."""


def links(store_ids: Sequence[int], now: datetime) -> dict[int, Link]:
    """Every store's way to its platform, by one query."""
    with connection.cursor() as cursor:
        cursor.execute(_LINKS, {"ids": list(store_ids), "now": now})
        return {row[0]: Link(*row) for row in cursor.fetchall()}


def told(store_ids: Sequence[int]) -> dict[int, list[Stream]]:
    """The feeds of each of these stores, by one query."""
    found: dict[int, list[Stream]] = {}
    for stream in Stream.objects.filter(store_id__in=store_ids).order_by("store_id", "name"):
        found.setdefault(stream.store_id, []).append(stream)
    return found


NOTICES_WAIT = ("look", "elsewhere")


def notices_waiting() -> Coalesce:
    """How many notices wait for somebody to look at them, to be asked of workspaces."""
    own = Notice.objects.filter(workspace_id=OuterRef("pk"), state__in=NOTICES_WAIT).values("workspace_id")
    return Coalesce(Subquery(own.annotate(count=Count("pk")).values("count")), 0)
