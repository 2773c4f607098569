"""What is asked of findings: the worklist, its counts, and the money at risk. Rights are the set of stores handed in."""
# ruff: noqa: S608  (statements are put together from the constants of this package; every value is a parameter)

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from django.db import connection

from storeward.findings.worth import Worth
from storeward.policy.types import Severity

Cursor = tuple[float, int]
"""Where a page of the worklist ended: score and id of its last line."""


SEVERITIES = tuple(severity.value for severity in Severity)
"""In rising order."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Limits of a worklist; None does not limit."""

    rule: str | None = None
    item: str | None = None
    severity: str | None = None
    owner: str | None = None
    cause: str | None = None
    due_before: datetime | None = None
    known: bool | None = None
    """True: without what only says 'unknown'; False: nothing else."""


@dataclass(frozen=True, slots=True)
class Line:
    """One open finding as the worklist shows it. Amounts at stake are in their own currency; `score` is US dollars a minute."""

    id: int
    store_id: int
    rule: str
    subject_kind: str
    subject_id: str
    item: str
    state: str
    severity: str
    due_at: datetime | None
    cause: str
    stake_amount: Decimal | None
    stake_currency: str | None
    stake_usd: float | None
    chance: float
    loss_usd: float
    minutes: float
    score: float
    action: str
    status: str
    owner: str
    opened_at: datetime
    starts_at: datetime | None
    details: dict[str, Any]

    def why(self, language: str) -> str:
        """One sentence, in Chinese for languages that begin with `zh`."""
        sentences = self.details.get("why") or {}
        return str(sentences.get("zh" if language.startswith("zh") else "en") or "")


@dataclass(frozen=True, slots=True)
class Page:
    """Lines in order of rank, and where the next page begins; None where this is the last."""

    lines: tuple[Line, ...]
    after: Cursor | None


_COLUMNS = """id, store_id, rule, subject_kind, subject_id, item, state, severity, due_at, cause, stake_amount, stake_currency,
    stake_usd, chance, loss_usd, minutes, score, action, status, owner, opened_at, starts_at,
    details::text"""

_LISTED = "status IN ('open', 'acknowledged') AND NOT inhibited"
"""Open or taken, and not hidden by a cause: the condition of the index `finding_rank`, which keeps the order."""

_LIMITS = {
    "rule": "rule = %(rule)s",
    "item": "item = %(item)s",
    "severity": "severity = %(severity)s",
    "owner": "owner = %(owner)s",
    "cause": "cause = %(cause)s",
    "due_before": "due_at < %(due_before)s",
    "known": "(state <> 'unknown') = %(known)s",
}


def worklist(
    store_ids: Sequence[int], *, filters: Filters = Filters(), limit: int | None = 100, after: Cursor | None = None
) -> Page:
    """Open findings of these stores, the highest expected loss per minute first; those with equal scores by id.

    Pages are cut by key (`after` is where the last one ended), so a page costs the same wherever it lies. `limit` None: all.
    """
    condition, values = _condition(list(store_ids), filters)
    if after is not None:
        condition += " AND (score < %(score)s OR (score = %(score)s AND id > %(last)s))"
        values |= {"score": after[0], "last": after[1]}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM findings_finding WHERE {condition} ORDER BY score DESC, id LIMIT %(limit)s",
            values | {"limit": limit},
        )
        lines = tuple(_line(row) for row in cursor.fetchall())
    more = limit is not None and len(lines) == limit
    return Page(lines, (lines[-1].score, lines[-1].id) if more else None)


def _line(row: Sequence[Any]) -> Line:
    values: list[Any] = [*row[:-1], msgspec.json.decode(row[-1])]
    return Line(*values)


def _condition(ids: list[int], filters: Filters) -> tuple[str, dict[str, Any]]:
    """What is listed of these stores under these limits, with its parameters."""
    values: dict[str, Any] = {name: value for name in _LIMITS if (value := getattr(filters, name)) is not None}
    workspaces = _workspaces(ids)
    # Several workspaces at once are rare; only with one does the index itself keep the order.
    within = "workspace_id = %(workspace)s" if len(workspaces) == 1 else "workspace_id = ANY(%(workspaces)s)"
    conditions = [within, _LISTED, "store_id = ANY(%(ids)s)", *(_LIMITS[name] for name in values)]
    values |= {"ids": ids, "workspaces": workspaces, "workspace": workspaces[0] if workspaces else None}
    return " AND ".join(conditions), values


def _workspaces(store_ids: list[int]) -> list[int]:
    """One workspace in nearly every case: then the index gives the order and nothing is sorted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT workspace_id FROM stores_store WHERE id = ANY(%s)", [store_ids])
        return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that one look settles, as one line: those of one inspection item in one store, or, of what cannot be told, those
    of one cause over all stores. `headline` is the one ranked first and `count` all of them, itself among them.
    """

    headline: Line
    count: int
    things: int
    """Orders, conversations ... it speaks of: fewer than findings where several rules speak of one; 0 of a store as a whole."""
    rules: int
    store_ids: tuple[int, ...]
    severity: str
    due_at: datetime | None
    """The earliest instant of them all."""
    stake_usd: float | None
    """Each thing counts once, however many rules speak of it; None where no money is at stake."""
    since: datetime
    owners: tuple[str, ...]
    """Nobody, one who has all that are taken, or two of several."""

    @property
    def filters(self) -> Filters:
        """The limits under which `worklist(group.store_ids, filters=...)` lists exactly these findings."""
        line = self.headline
        known = line.state != "unknown"
        if not known:
            return Filters(cause=line.cause, rule=line.rule, known=False)
        return Filters(item=line.item, rule=None if line.item else line.rule, known=True)


_GRADE = f"array_position(ARRAY{list(SEVERITIES)}, severity::text)"

# What no item claims stands by its rule; what cannot be told by rule and cause, over all stores. `best` is score and id of the
# finding ranked first: arrays compare by place, and one pass finds it without sorting.
_GROUPED = f"""
WITH listed AS MATERIALIZED (
    SELECT id, store_id, rule, subject_kind, subject_id, due_at, stake_usd, score, opened_at, nullif(owner, '') AS owner,
        {_GRADE} AS grade, CASE WHEN state = 'unknown' THEN 0 ELSE store_id END AS store,
        CASE WHEN state = 'unknown' THEN rule || ' ' || cause WHEN item = '' THEN rule ELSE item END AS topic
    FROM findings_finding WHERE {{condition}}
), things AS (
    SELECT store, topic, subject_kind <> 'store' AS thing, count(*) AS n, max(grade) AS grade,
        min(due_at) AS due_at, max(stake_usd) AS usd, max(ARRAY[score, -id]) AS best,
        min(opened_at) AS since, min(owner) AS first_owner, max(owner) AS last_owner
    FROM listed GROUP BY store, topic, store_id, subject_kind, subject_id
), grouped AS (
    SELECT store, topic, sum(n)::int AS n, count(*) FILTER (WHERE thing)::int AS things, max(grade) AS grade,
        min(due_at) AS due_at, sum(usd) FILTER (WHERE usd > 0) AS usd, max(best) AS best,
        min(since) AS since, min(first_owner) AS first_owner, max(last_owner) AS last_owner
    FROM things GROUP BY store, topic ORDER BY (max(best))[1] DESC, store, topic LIMIT %(limit)s
), members AS (
    SELECT store, topic, count(DISTINCT rule)::int AS rules, array_agg(DISTINCT store_id) AS stores
    FROM (SELECT store, topic, store_id, rule FROM listed GROUP BY store, topic, store_id, rule) m GROUP BY store, topic
)
SELECT g.n, g.things, m.rules, m.stores, g.grade, g.due_at, g.usd, g.since, g.first_owner, g.last_owner, {{columns}}
FROM grouped g JOIN members m USING (store, topic) JOIN findings_finding f ON f.id = -g.best[2]::bigint
ORDER BY f.score DESC, f.id
"""


def groups(store_ids: Sequence[int], *, filters: Filters = Filters(), limit: int | None = None) -> tuple[Group, ...]:
    """The worklist with one line a store and inspection item, and one a cause for what cannot be told; two statements.

    In order of rank: a group stands where its highest finding would.
    """
    condition, values = _condition(list(store_ids), filters)
    columns = ", ".join(f"f.{name.strip()}" for name in _COLUMNS.split(","))
    with connection.cursor() as cursor:
        cursor.execute(_GROUPED.format(condition=condition, columns=columns), values | {"limit": limit})
        return tuple(_group(row) for row in cursor.fetchall())


def _group(row: tuple[Any, ...]) -> Group:
    count, things, rules, stores, grade, due_at, usd, since, first_owner, last_owner, *headline = row
    return Group(
        headline=_line(headline),
        count=count,
        things=things,
        rules=rules,
        store_ids=tuple(stores),
        severity=SEVERITIES[grade - 1],
        due_at=due_at,
        stake_usd=usd,
        since=since,
        owners=tuple(dict.fromkeys(name for name in (first_owner, last_owner) if name)),
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """Unresolved findings: listed ones by severity, those of them that only say 'unknown', and those put off."""

    listed: int
    by_severity: dict[str, int]
    unknown: int
    snoozed: int
    inhibited: int


def counts(store_ids: Sequence[int]) -> Counts:
    """How many findings are open, in one statement."""
    severities = ", ".join(f"count(*) FILTER (WHERE listed AND severity = '{one}')" for one in SEVERITIES)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT count(*) FILTER (WHERE listed), count(*) FILTER (WHERE listed AND state = 'unknown'),
                count(*) FILTER (WHERE status = 'snoozed'), count(*) FILTER (WHERE inhibited), {severities}
            FROM (
                SELECT state, severity, status, inhibited, status <> 'snoozed' AND NOT inhibited AS listed
                FROM findings_finding WHERE store_id = ANY(%s) AND status <> 'resolved'
            ) f
            """,
            [list(store_ids)],
        )
        row = cursor.fetchone()
    assert row is not None
    listed, unknown, snoozed, inhibited, *by = row
    return Counts(listed, dict(zip(SEVERITIES, by, strict=True)), unknown, snoozed, inhibited)


@dataclass(frozen=True, slots=True)
class Range:
    """US dollars: what is expected to be lost if nobody acts, and what stands at stake in all."""

    low: float
    high: float


def at_risk(store_ids: Sequence[int]) -> Range:
    """Money at stake in open findings. Several rules may speak of one order: its money counts once, by the worst of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(sum(low), 0), coalesce(sum(high), 0) FROM (
                SELECT max(chance * stake_usd) AS low, max(stake_usd) AS high FROM findings_finding
                WHERE store_id = ANY(%s) AND status <> 'resolved' AND NOT inhibited AND stake_usd > 0
                GROUP BY store_id, subject_kind, subject_id
            ) things
            """,
            [list(store_ids)],
        )
        row = cursor.fetchone()
    assert row is not None
    return Range(float(row[0]), float(row[1]))


MONTH = timedelta(days=30)


def monthly_sales(store_ids: Sequence[int], *, now: datetime) -> dict[int, float]:
    """What stores have sold in the last 30 days, in US dollars: the order of magnitude of a store that is about to be lost.

    Stores without a sale, or in a currency without a rate, are not in the answer. Meant for the few stores of such lines.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT store_id, currency, sum(amount) FROM records_order
            WHERE store_id = ANY(%s) AND placed_at > %s AND placed_at <= %s AND status NOT IN ('cancelled', 'unpaid')
            GROUP BY store_id, currency
            """,
            [list(store_ids), now - MONTH, now],
        )
        sums = cursor.fetchall()
    worth, found = Worth.on(now), dict[int, float]()
    for store_id, currency, amount in sums:
        if usd := worth.usd(amount, currency):
            found[store_id] = found.get(store_id, 0.0) + usd
    return found
