"""Judging a duty: the one place where boundaries, leads and severities are decided (conventions C3 to C5, C17 to C19)."""

from datetime import datetime, timedelta

from .terms import consequence_of
from .types import FINDING_STATES, NO_FIGURE, Duty, Finding, Obligation, Reading, Severity, State

LAST_DAY = timedelta(hours=24)
"""With this or less left, a finding at risk has its row's full severity (C17)."""

_TICK = timedelta(microseconds=1)
"""The finest step of an instant: `later than due` begins one tick after it."""

_Verdict = tuple[State, Severity]


def verdict(duty: Obligation, now: datetime) -> _Verdict | None:
    """State and severity of an obligation at `now`; None where there is nothing to tell (met in time, void, time left)."""
    if now < duty.starts_at or (duty.void_at is not None and duty.void_at <= now):
        return None
    if duty.done_at is not None and duty.done_at <= now:
        return (State.BREACHED, duty.severity) if duty.done_at > duty.due_at else None
    if now > duty.due_at or (now == duty.due_at and duty.reached == "at"):
        return State.BREACHED, duty.severity
    if duty.lead is None or now < duty.due_at - duty.lead:
        return None
    urgent = duty.due_at - now <= LAST_DAY
    return State.AT_RISK, duty.severity if urgent else duty.severity.one_lower


def judge(duty: Duty, now: datetime) -> Finding | None:
    """The finding that a duty gives at `now`, or None. A reading was judged when it was taken."""
    if isinstance(duty, Reading):
        return _of_reading(duty)
    outcome = verdict(duty, now)
    if outcome is None:
        return None
    state, severity = outcome
    return Finding(
        rule=duty.rule,
        state=state,
        severity=severity,
        due_at=duty.due_at,
        subject=duty.subject,
        consequence=consequence_of(duty.rule),
        why=duty.why,
        terms=duty.terms,
        stake=duty.stake,
        starts_at=duty.starts_at,
    )


def next_change_at(duty: Obligation, now: datetime) -> datetime | None:
    """The next instant at which `verdict` changes without new data: lead begins, last day begins, due passed. None: never.

    Between `now` and that instant the verdict stays what it is. A duty that is broken `after` its due instant changes one
    microsecond after it.
    """
    ahead = sorted(moment for moment in _moments(duty) if moment > now)
    if not ahead:
        return None
    current = verdict(duty, now)
    return next((moment for moment in ahead if verdict(duty, moment) != current), None)


def _moments(duty: Obligation) -> list[datetime]:
    """Every instant at which the verdict can change."""
    moments = [duty.starts_at, duty.due_at if duty.reached == "at" else duty.due_at + _TICK]
    if duty.lead is not None:
        moments += [duty.due_at - duty.lead, duty.due_at - LAST_DAY]
    if duty.done_at is not None:
        moments.append(duty.done_at)
    if duty.void_at is not None:
        moments.append(duty.void_at)
    return moments


def _of_reading(reading: Reading) -> Finding | None:
    if reading.state not in FINDING_STATES or reading.severity is None or reading.why.text == NO_FIGURE:
        return None
    return Finding(
        rule=reading.rule,
        state=reading.state,
        severity=reading.severity,
        due_at=None,
        subject=reading.subject,
        consequence=consequence_of(reading.rule),
        why=reading.why,
        terms=reading.terms,
        stake=reading.stake,
        starts_at=None,
        value=reading.value,
        unit=reading.unit,
        limit=reading.limit,
        comparator=reading.comparator,
        as_of=reading.as_of,
    )
