"""What is asked of findings: the worklist, its counts, and the money at risk. Rights are the set of stores handed in."""
# ruff: noqa: S608  (statements are put together from the constants of this package; every value is a parameter)

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from django.db import connection

from storeward.policy.types import Severity

Cursor = tuple[float, int]
"""Where a page of the worklist ended: score and id of its last line."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Limits of a worklist; None does not limit."""

    rule: str | None = None
    item: str | None = None
    severity: str | None = None
    owner: str | None = None
    cause: str | None = None
    due_before: datetime | None = None


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
    stake_usd, chance, loss_usd, minutes, score, action, status, owner, opened_at, details::text"""

_LISTED = "status IN ('open', 'acknowledged') AND NOT inhibited"
"""Open or taken, and not hidden by a cause: the condition of the index `finding_rank`, which keeps the order."""

_LIMITS = {
    "rule": "rule = %(rule)s",
    "item": "item = %(item)s",
    "severity": "severity = %(severity)s",
    "owner": "owner = %(owner)s",
    "cause": "cause = %(cause)s",
    "due_before": "due_at < %(due_before)s",
}


def worklist(
    store_ids: Sequence[int], *, filters: Filters = Filters(), limit: int | None = 100, after: Cursor | None = None
) -> Page:
    """Open findings of these stores, the highest expected loss per minute first; those with equal scores by id.

    Pages are cut by key (`after` is where the last one ended), so a page costs the same wherever it lies. `limit` None: all.
    """
    ids = list(store_ids)
    values: dict[str, Any] = {name: value for name in _LIMITS if (value := getattr(filters, name)) is not None}
    workspaces = _workspaces(ids)
    # Several workspaces at once are rare; only with one does the index itself keep the order.
    within = "workspace_id = %(workspace)s" if len(workspaces) == 1 else "workspace_id = ANY(%(workspaces)s)"
    conditions = [within, _LISTED, "store_id = ANY(%(ids)s)", *(_LIMITS[name] for name in values)]
    if after is not None:
        conditions.append("(score < %(score)s OR (score = %(score)s AND id > %(last)s))")
        values |= {"score": after[0], "last": after[1]}
    values |= {"ids": ids, "workspaces": workspaces, "workspace": workspaces[0] if workspaces else None, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM findings_finding WHERE {' AND '.join(conditions)} ORDER BY score DESC, id LIMIT %(limit)s",
            values,
        )
        rows: list[list[Any]] = [[*row[:-1], msgspec.json.decode(row[-1])] for row in cursor.fetchall()]
    lines = tuple(Line(*row) for row in rows)
    more = limit is not None and len(lines) == limit
    return Page(lines, (lines[-1].score, lines[-1].id) if more else None)


def _workspaces(store_ids: list[int]) -> list[int]:
    """One workspace in nearly every case: then the index gives the order and nothing is sorted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT workspace_id FROM stores_store WHERE id = ANY(%s)", [store_ids])
        return [row[0] for row in cursor.fetchall()]


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
    severities = ", ".join(f"count(*) FILTER (WHERE listed AND severity = '{one.value}')" for one in Severity)
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
    return Counts(listed, dict(zip((one.value for one in Severity), by, strict=True)), unknown, snoozed, inhibited)


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
