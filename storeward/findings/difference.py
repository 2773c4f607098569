"""What is wanted against what stands: findings open, get worse or better, resolve and reopen; every step leaves a transition.

Reads the staging tables `wanted` (findings that should stand) and `gone` (ids of findings whose facts have ceased), and works on
all of them at once. The rows of `wanted` may name a key twice (two episodes of one duty): the one that falls due first counts.
"""
# ruff: noqa: S608  (statements are put together from the constants of this package; every value is a parameter)

from dataclasses import dataclass
from datetime import datetime

from django.db.backends.utils import CursorWrapper

from storeward.findings.staging import affected
from storeward.policy.types import Severity

FACTS = "facts"
"""Who resolves a finding when its facts have ceased."""

_KEY = "store_id, rule, subject_kind, subject_id"
_TOLD = (
    "state, severity, due_at, starts_at, item, cause, stake_amount, stake_currency, stake_usd, chance, loss_usd, minutes, "
    "action, details"
)

_SEVERITIES = "ARRAY[" + ", ".join(f"'{severity.value}'" for severity in Severity) + "]"


def _grade(row: str) -> str:
    """How bad a stage is: severity first, then broken before at risk before the rest."""
    state = f"CASE {row}.state WHEN 'breached' THEN 2 WHEN 'at_risk' THEN 1 ELSE 0 END"
    return f"(array_position({_SEVERITIES}, {row}.severity::text) * 10 + {state})"


_WANTED = f"SELECT DISTINCT ON ({_KEY}) * FROM pg_temp.wanted ORDER BY {_KEY}, due_at, starts_at"

_columns = [name.strip() for name in _TOLD.split(",")]
_SET = ", ".join(f"{name} = k.{name}" for name in _columns)


def _told(row: str) -> str:
    return ", ".join(f"{row}.{name}" for name in _columns)


_MOVE = f"""
WITH w AS ({_WANTED}),
k AS (
    SELECT f.id, f.status AS was_status, {_grade("w")} AS grade, {_grade("f")} AS was_grade,
        f.status = 'resolved' AND (NOT f.holds OR {_grade("w")} > {_grade("f")} OR f.starts_at IS DISTINCT FROM w.starts_at)
            AS reopens,
        w.*
    FROM findings_finding f JOIN w USING ({_KEY})
    WHERE ({_told("f")}, f.holds) IS DISTINCT FROM ({_told("w")}, true)
    ORDER BY f.id FOR UPDATE OF f
),
moved AS (
    UPDATE findings_finding f SET {_SET}, holds = true,
        score = k.chance * k.loss_usd / k.minutes,
        status = CASE WHEN k.reopens OR (f.status = 'snoozed' AND k.grade > k.was_grade) THEN 'open' ELSE f.status END,
        snoozed_until = CASE WHEN f.status = 'snoozed' AND k.grade > k.was_grade THEN NULL ELSE f.snoozed_until END,
        opened_at = CASE WHEN k.reopens THEN %(now)s ELSE f.opened_at END,
        changed_at = CASE WHEN k.reopens OR k.grade <> k.was_grade THEN %(now)s ELSE f.changed_at END,
        resolved_at = CASE WHEN k.reopens THEN NULL ELSE f.resolved_at END,
        resolved_by = CASE WHEN k.reopens THEN '' ELSE f.resolved_by END,
        reason = CASE WHEN k.reopens THEN '' ELSE f.reason END
    FROM k WHERE f.id = k.id
    RETURNING f.id, f.state, f.severity, k.reopens, k.was_status, k.grade, k.was_grade
)
INSERT INTO findings_transition (finding_id, at, kind, state, severity, actor, reason)
SELECT id, %(now)s, CASE WHEN reopens THEN 'reopened' WHEN grade > was_grade THEN 'worse' ELSE 'better' END,
    state, severity, '', ''
FROM moved WHERE reopens OR (was_status <> 'resolved' AND grade <> was_grade)
RETURNING kind
"""

_OPEN = f"""
WITH w AS ({_WANTED}),
opened AS (
    INSERT INTO findings_finding (workspace_id, {_KEY}, {_TOLD}, score, status, owner, holds, inhibited, opened_at, changed_at,
        resolved_by, reason)
    SELECT workspace_id, {_KEY}, {_TOLD}, chance * loss_usd / minutes, 'open', '', true, false, %(now)s, %(now)s, '', ''
    FROM w WHERE NOT EXISTS (SELECT FROM findings_finding f WHERE (f.store_id, f.rule, f.subject_kind, f.subject_id)
        = (w.store_id, w.rule, w.subject_kind, w.subject_id))
    ON CONFLICT ON CONSTRAINT finding_once DO NOTHING
    RETURNING id, state, severity
)
INSERT INTO findings_transition (finding_id, at, kind, state, severity, actor, reason)
SELECT id, %(now)s, 'opened', state, severity, '', '' FROM opened
"""

_RESOLVE = """
WITH k AS (
    SELECT f.id, f.status AS was_status FROM findings_finding f JOIN pg_temp.gone g ON g.finding_id = f.id
    WHERE f.holds ORDER BY f.id FOR UPDATE OF f
),
resolved AS (
    UPDATE findings_finding f SET holds = false, status = 'resolved', snoozed_until = NULL, inhibited = false,
        changed_at = %(now)s,
        resolved_at = CASE WHEN k.was_status = 'resolved' THEN f.resolved_at ELSE %(now)s END,
        resolved_by = CASE WHEN k.was_status = 'resolved' THEN f.resolved_by ELSE %(facts)s END
    FROM k WHERE f.id = k.id
    RETURNING f.id, f.state, f.severity, k.was_status
)
INSERT INTO findings_transition (finding_id, at, kind, state, severity, actor, reason)
SELECT id, %(now)s, 'resolved', state, severity, %(facts)s, '' FROM resolved WHERE was_status <> 'resolved'
"""


@dataclass(frozen=True, slots=True)
class Moves:
    """How many findings went which way."""

    opened: int = 0
    reopened: int = 0
    worse: int = 0
    better: int = 0
    resolved: int = 0

    def __add__(self, other: "Moves") -> "Moves":
        return Moves(
            self.opened + other.opened,
            self.reopened + other.reopened,
            self.worse + other.worse,
            self.better + other.better,
            self.resolved + other.resolved,
        )


def settle(cursor: CursorWrapper, now: datetime) -> Moves:
    """Bring the findings named in `wanted` and `gone` into line. The caller has filled both in this transaction."""
    cursor.execute(_RESOLVE, {"now": now, "facts": FACTS})
    resolved = affected(cursor)
    cursor.execute(_MOVE, {"now": now})
    kinds = [row[0] for row in cursor.fetchall()]
    cursor.execute(_OPEN, {"now": now})
    opened = affected(cursor)
    return Moves(opened, kinds.count("reopened"), kinds.count("worse"), kinds.count("better"), resolved)
