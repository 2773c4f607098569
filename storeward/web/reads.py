"""What the pages ask of the rows, set-wise: a page costs the same number of queries however many stores it shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    Case,
    Count,
    DateField,
    F,
    FloatField,
    Func,
    IntegerField,
    Max,
    Min,
    Q,
    QuerySet,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import TruncDate

from storeward.findings.models import DutyState, Finding, FindingStatus, Obligation, Transition
from storeward.records.models import BalanceEvent, Order, Problem, Stream

OPEN = (FindingStatus.OPEN, FindingStatus.ACKNOWLEDGED)
SEVERITY_RANKS = {"info": 0, "warning": 1, "critical": 2, "fatal": 3}
BY_RANK = ("info", "warning", "critical", "fatal")
SOON = timedelta(hours=1)
WEEK = timedelta(days=7)


def _rank(column: str = "severity") -> Case:
    cases = [When(**{column: name}, then=Value(rank)) for name, rank in SEVERITY_RANKS.items()]
    return Case(*cases, default=Value(0), output_field=IntegerField())


def open_findings(store_ids: Sequence[int]) -> QuerySet[Finding]:
    """What needs somebody now: open or taken, not hidden behind a cause."""
    return Finding.objects.filter(store_id__in=store_ids, status__in=OPEN, inhibited=False)


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one rule in one store, as one line. `first` is the one that costs most per minute."""

    store_id: int
    rule: str
    count: int
    severity: str
    due_at: datetime | None
    usd: float | None
    score: float
    first: int
    owners: tuple[str, ...]


_BURDEN = Sum(F("chance") * F("loss_usd"), output_field=FloatField())


def _grouped(findings: QuerySet[Finding], *keys: str) -> QuerySet[Any, Any]:
    grouped: QuerySet[Any, Any] = findings.values(*keys).annotate(
        n=Count("id"),
        worst=Max(_rank()),
        due=Min("due_at"),
        usd=Sum("stake_usd"),
        burden=_BURDEN,
        work=Sum("minutes"),
        first=ArrayAgg("id", order_by=("-score", "id")),
        owners=ArrayAgg("owner", distinct=True, default=Value([])),
    )
    return grouped


def _group(row: dict[str, Any]) -> Group:
    return Group(
        store_id=row["store_id"],
        rule=row["rule"],
        count=row["n"],
        severity=BY_RANK[row["worst"]],
        due_at=row["due"],
        usd=row["usd"],
        score=row["burden"] / row["work"] if row["work"] else 0.0,
        first=row["first"][0],
        owners=tuple(name for name in row["owners"] if name),
    )


def groups(store_ids: Sequence[int], *, owner: str | None = None) -> list[Group]:
    """The worklist, one line a store and rule, the highest expected loss per minute first."""
    known = open_findings(store_ids).exclude(state="unknown")
    if owner is not None:
        known = known.filter(owner=owner)
    lines = [_group(row) for row in _grouped(known, "store_id", "rule")]
    return sorted(lines, key=lambda line: (-line.score, line.first))


@dataclass(frozen=True, slots=True)
class Cause:
    """Unknowns that share a cause, as one line."""

    key: str
    count: int
    store_ids: tuple[int, ...]
    since: datetime
    first: int
    severity: str


def causes(store_ids: Sequence[int]) -> list[Cause]:
    """What cannot be told, one line a cause, that of most stores first."""
    unknown = open_findings(store_ids).filter(state="unknown")
    rows = (
        unknown.values("cause", "rule")
        .annotate(
            n=Count("id"),
            ids=ArrayAgg("store_id", distinct=True),
            since=Min("opened_at"),
            first=ArrayAgg("id", order_by=("-score", "id")),
            worst=Max(_rank()),
        )
        .order_by("-n")
    )
    return [
        Cause(row["cause"] or row["rule"], row["n"], tuple(row["ids"]), row["since"], row["first"][0], BY_RANK[row["worst"]])
        for row in rows
    ]


def findings_by_id(ids: Sequence[int]) -> dict[int, Finding]:
    return Finding.objects.in_bulk(list(ids))


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of the navigation."""

    lines: int
    urgent: int
    due_week: int


def _row(*columns: Any) -> Func:
    """Columns as one value, to count distinct combinations."""
    return Func(*columns, function="ROW", output_field=TextField())


def counts(store_ids: Sequence[int], now: datetime) -> Counts:
    """Lines of Today (causes included), those due within an hour, and lines of Deadlines in the next seven days."""
    known, line = ~Q(state="unknown"), _row("store_id", "rule")
    row = open_findings(store_ids).aggregate(
        lines=Count(line, distinct=True, filter=known),
        urgent=Count(line, distinct=True, filter=known & Q(due_at__lte=now + SOON)),
        causes=Count(_row("cause", "rule"), distinct=True, filter=~known),
    )
    return Counts(row["lines"] + row["causes"], row["urgent"], due_lines(store_ids, now))


def owed(store_ids: Sequence[int], now: datetime) -> QuerySet[Obligation]:
    """Obligations that are not done and fall due within a week or are late."""
    return Obligation.objects.filter(
        store_id__in=store_ids,
        state__in=(DutyState.OPEN, DutyState.BREACHED),
        done_at__isnull=True,
        due_at__lt=now + WEEK,
        starts_at__lte=now,
    )


def _due_day(now: datetime) -> Case:
    """The day on which it falls due; none for what is late, which makes one line however old it is."""
    return Case(When(due_at__gt=now, then=TruncDate("due_at")), default=None, output_field=DateField())


def due_lines(store_ids: Sequence[int], now: datetime) -> int:
    return int(owed(store_ids, now).aggregate(n=Count(_row("store_id", "rule", _due_day(now)), distinct=True))["n"])


@dataclass(frozen=True, slots=True)
class Due:
    """Duties of one rule in one store that fall due on one day, or are late, as one line; the earliest instant counts."""

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


def dues(store_ids: Sequence[int], now: datetime) -> list[Due]:
    """What is owed within a week, the soonest first, each with the finding that speaks of it, if one does."""
    rows: list[Any] = list(
        owed(store_ids, now)
        .values("store_id", "rule", "subject_kind", day=_due_day(now))
        .annotate(n=Count("id"), worst=Max(_rank()), due=Min("due_at"), began=Min("starts_at"), usd=Sum("stake_usd"))
        .order_by("due", "-worst", "store_id", "rule")
    )
    spoken = {(group.store_id, group.rule): group for group in groups(store_ids)}
    return [_due(row, spoken.get((row["store_id"], row["rule"]))) for row in rows]


def _due(row: dict[str, Any], group: Group | None) -> Due:
    return Due(
        store_id=row["store_id"],
        rule=row["rule"],
        kind=row["subject_kind"],
        count=row["n"],
        severity=BY_RANK[row["worst"]],
        due_at=row["due"],
        starts_at=row["began"],
        usd=row["usd"],
        finding_id=group.first if group else None,
        owner=group.owners[0] if group and len(group.owners) == 1 else "",
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
    """The open findings that stand in one line with this one (itself among them), soonest first: of one rule in one store, or
    of one cause in all stores that may be seen."""
    rows = open_findings(store_ids).filter(rule=finding.rule)
    if finding.state == "unknown" and finding.cause:
        rows = rows.filter(cause=finding.cause, state="unknown")
    else:
        rows = rows.filter(store_id=finding.store_id)
    return list(rows.order_by("due_at", "-score", "id")[:limit])


def transitions(finding: Finding) -> list[Transition]:
    """The last steps of a finding's life, newest first."""
    return list(finding.transitions.order_by("-at", "-id")[:20])


def first_of_cell(store_ids: Sequence[int]) -> dict[tuple[int, str], int]:
    """The finding that a cell of the matrix opens: the worst of its item in its store."""
    rows = (
        Finding.objects.filter(store_id__in=store_ids, inhibited=False)
        .exclude(status=FindingStatus.RESOLVED)
        .order_by("store_id", "item", "-score", "id")
        .distinct("store_id", "item")
        .values_list("store_id", "item", "id")
    )
    return {(store_id, item): pk for store_id, item, pk in rows}


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
        store_id__in=store_ids, state__in=(DutyState.OPEN, DutyState.BREACHED), rule__startswith="INT-", done_at__isnull=True
    ).count()


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
