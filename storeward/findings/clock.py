"""The clock: what time alone changes. Called every few seconds; its cost grows with what falls due, never with what is stored.

Four things happen by themselves: obligations move on (a lead begins, the last day begins, an instant passes), snoozes end, facts
outlive their trust, and gauges come to the instant at which they must be judged again.
"""
# ruff: noqa: S608  (statements are put together from the constants of this package; every value is a parameter)

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.backends.utils import CursorWrapper

from storeward.findings import causes, stages
from storeward.findings.difference import Moves, settle
from storeward.findings.evaluate import evaluate
from storeward.findings.locks import hold_all
from storeward.findings.rates import COUNTED
from storeward.findings.rules import rule_table
from storeward.findings.staging import affected, staged
from storeward.findings.wanting import from_obligations

LEFT_LYING = timedelta(minutes=2)
"""Changes older than this were left by a worker that died before it evaluated them. A first visit may take a minute."""

_MOVE = f"""
UPDATE findings_obligation o SET state = {stages.duty_state("o")}, next_at = {stages.next_at("o")}
WHERE o.state = 'open' AND o.next_at <= %(now)s
RETURNING o.store_id, o.workspace_id, o.rule, o.subject_kind, o.subject_id, o.starts_at, o.due_at, o.lead_seconds,
    o.reached_at_due, o.severity, o.stake_amount, o.stake_currency, o.stake_usd, o.details
"""


@dataclass(frozen=True, slots=True)
class Ticked:
    """What the clock has moved."""

    obligations: int
    woken: int
    moves: Moves
    judged_again: int
    """Stores whose gauges, rates or left-over changes were evaluated."""


def tick(*, now: datetime) -> Ticked:
    """Move on everything that time alone changes by `now`. Safe to call from several workers at once: one at a time does it."""
    with staged() as cursor:
        hold_all(cursor)
        woken = _wake(cursor, now)
        moved = _move(cursor, now)
        counted = _newly_late(cursor)
        sight = causes.stage(cursor, now)
        moves = settle(cursor, now)
        causes.shade(cursor, sight)
    stores = sorted({*counted, *_to_judge_again(now)})
    if stores:
        moves += evaluate(stores, now=now).moves
    return Ticked(moved, woken, moves, len(stores))


def _move(cursor: CursorWrapper, now: datetime) -> int:
    cursor.execute(
        f"WITH moved AS ({_MOVE}) {from_obligations('SELECT * FROM moved')}",
        {"now": now, **rule_table()},
    )
    return affected(cursor)


def _newly_late(cursor: CursorWrapper) -> list[int]:
    """Stores whose rates have got worse by what has just passed its instant."""
    cursor.execute("SELECT DISTINCT store_id FROM pg_temp.wanted WHERE state = 'breached' AND rule = ANY(%s)", [list(COUNTED)])
    return [row[0] for row in cursor.fetchall()]


def _wake(cursor: CursorWrapper, now: datetime) -> int:
    """Snoozes end."""
    cursor.execute(
        """
        WITH woken AS (
            UPDATE findings_finding SET status = 'open', snoozed_until = NULL, changed_at = %(now)s
            WHERE status = 'snoozed' AND snoozed_until <= %(now)s
            RETURNING id, state, severity
        )
        INSERT INTO findings_transition (finding_id, at, kind, state, severity, actor, reason)
        SELECT id, %(now)s, 'woke', state, severity, '', '' FROM woken
        """,
        {"now": now},
    )
    return affected(cursor)


def _to_judge_again(now: datetime) -> list[int]:
    """Stores with a gauge whose time has come, or with changes that nobody has evaluated."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT store_id FROM findings_reading WHERE next_at <= %(now)s
            UNION SELECT store_id FROM records_change WHERE at <= %(left)s
            ORDER BY store_id
            """,
            {"now": now, "left": now - LEFT_LYING},
        )
        return [row[0] for row in cursor.fetchall()]
