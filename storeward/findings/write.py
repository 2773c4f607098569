"""What the rules said, from the staging tables into the ledger: one statement for any number of rows."""
# ruff: noqa: S608  (statements are put together from the constants of this package; every value is a parameter)

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from django.db.backends.utils import CursorWrapper

from storeward.findings import stages
from storeward.findings.own_rules import OWN_RULES
from storeward.findings.staging import affected

Scope = Literal["touched", "stores"]
"""Whose duties were all judged: the subjects in `touched`, or whole stores but for their orders and the rules in `kept`."""

_KEY = "store_id, subject_kind, subject_id, rule, starts_at"
_TOLD = "due_at, done_at, lead_seconds, reached_at_due, severity, state, next_at, stake_amount, stake_currency, details"
_columns = [name.strip() for name in _TOLD.split(",")]

_UPSERT = f"""
INSERT INTO findings_obligation AS held (workspace_id, {_KEY}, {_TOLD}, stake_usd)
SELECT DISTINCT ON ({_KEY}) workspace_id, {_KEY}, due_at, done_at, lead_seconds, reached_at_due, severity,
    {stages.duty_state("d")}, {stages.next_at("d")}, stake_amount, stake_currency, details, stake_usd
FROM pg_temp.duty_in d
ON CONFLICT ON CONSTRAINT obligation_once DO UPDATE SET ({_TOLD}, stake_usd) = ({
    ", ".join(f"EXCLUDED.{name}" for name in _columns)
}, EXCLUDED.stake_usd)
WHERE ({", ".join(f"held.{name}" for name in _columns)}) IS DISTINCT FROM ({", ".join(f"EXCLUDED.{name}" for name in _columns)})
"""


def upsert_obligations(cursor: CursorWrapper, now: datetime) -> int:
    """Write `duty_in` into the ledger; answers how many rows are new or different."""
    cursor.execute(_UPSERT, {"now": now})
    return affected(cursor)


_IN_SCOPE: dict[Scope, str] = {
    "touched": "(o.store_id, o.subject_kind, o.subject_id) IN (SELECT store_id, subject_kind, subject_id FROM pg_temp.touched)",
    "stores": "o.store_id = ANY(%(ids)s) AND o.subject_kind NOT IN ('order', 'listing') "
    "AND NOT EXISTS (SELECT FROM pg_temp.kept k WHERE k.store_id = o.store_id AND k.rule = o.rule)",
}

_VOID = """
UPDATE findings_obligation o SET next_at = NULL, details = NULL,
    done_at = later.starts_at,
    state = CASE WHEN later.starts_at > o.due_at THEN 'met_late' WHEN later.starts_at IS NOT NULL THEN 'met' ELSE 'void' END
FROM (
    SELECT o.id, (
        SELECT min(d.starts_at) FROM pg_temp.duty_in d
        WHERE (d.store_id, d.rule, d.subject_kind, d.subject_id) = (o.store_id, o.rule, o.subject_kind, o.subject_id)
            AND d.starts_at > o.starts_at
    ) AS starts_at
    FROM findings_obligation o
    WHERE o.state IN ('open', 'breached') AND {scope} AND NOT EXISTS (
        SELECT FROM pg_temp.duty_in d WHERE (d.store_id, d.rule, d.subject_kind, d.subject_id, d.starts_at)
            = (o.store_id, o.rule, o.subject_kind, o.subject_id, o.starts_at))
) later
WHERE o.id = later.id
"""


def void_missing(cursor: CursorWrapper, now: datetime, scope: Scope, store_ids: Sequence[int] = ()) -> int:
    """End what is owed no more: void, or met where the same duty has begun anew (a login ends the old streak)."""
    cursor.execute(_VOID.format(scope=_IN_SCOPE[scope]), {"now": now, "ids": list(store_ids)})
    return affected(cursor)


_READING_KEY = "store_id, rule, subject_kind, subject_id"
_READING = "state, severity, value, unit, as_of, next_at, details"


def upsert_readings(cursor: CursorWrapper) -> None:
    """Write `reading_in` over what was read before."""
    new = ", ".join(f"EXCLUDED.{name}" for name in _READING.split(", "))
    old = ", ".join(f"held.{name}" for name in _READING.split(", "))
    cursor.execute(
        f"""
        INSERT INTO findings_reading AS held (workspace_id, {_READING_KEY}, {_READING})
        SELECT DISTINCT ON ({_READING_KEY}) workspace_id, {_READING_KEY}, {_READING} FROM pg_temp.reading_in
        ON CONFLICT ON CONSTRAINT reading_once DO UPDATE SET ({_READING}) = ({new})
        WHERE ({old}) IS DISTINCT FROM ({new})
        """
    )


def delete_readings(cursor: CursorWrapper, store_ids: Sequence[int]) -> None:
    """Readings of these stores that were not taken this time: their thing is gone."""
    cursor.execute(
        """
        DELETE FROM findings_reading r WHERE r.store_id = ANY(%s) AND NOT EXISTS (
            SELECT FROM pg_temp.reading_in i WHERE (i.store_id, i.rule, i.subject_kind, i.subject_id)
                = (r.store_id, r.rule, r.subject_kind, r.subject_id))
        """,
        [list(store_ids)],
    )


def withdraw(cursor: CursorWrapper, scope: Scope, store_ids: Sequence[int] = ()) -> None:
    """Findings in scope that are not in `wanted`: their facts have ceased, so they go into `gone`.

    Our own rules' findings are not in scope of stores, but for those about entered facts; `causes` knows of the others.
    """
    own = "" if scope == "touched" else "AND (o.rule <> ALL(%(own)s) OR o.subject_kind = 'fact')"
    cursor.execute(
        f"""
        INSERT INTO pg_temp.gone SELECT o.id FROM findings_finding o
        WHERE o.holds AND {_IN_SCOPE[scope]} {own} AND NOT EXISTS (
            SELECT FROM pg_temp.wanted w WHERE (w.store_id, w.rule, w.subject_kind, w.subject_id)
                = (o.store_id, o.rule, o.subject_kind, o.subject_id))
        """,
        {"ids": list(store_ids), "own": list(OWN_RULES)},
    )
