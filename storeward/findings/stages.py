"""How an obligation stands at an instant, in SQL: the same answer as `policy.judge`, for a hundred thousand rows at once.

The expressions read the columns of an obligation under the alias given and the parameter `now`. Tests hold them equal to
`policy.judge.verdict` and `next_change_at` for any obligation. One thing differs on purpose: what was done late is settled
(`met_late`) and counts in the rates, but asks nothing of anybody, so it has no finding.
"""

from storeward.policy.types import Severity

_DAY = "interval '24 hours'"
_TICK = "interval '1 microsecond'"


def lower(severity: str) -> str:
    """One level lower; one lower than info is info (C17)."""
    return f"CASE {severity} " + " ".join(f"WHEN '{one.value}' THEN '{one.one_lower.value}'" for one in Severity) + " END"


def broken(row: str) -> str:
    """Past its instant: at the very moment (C3), or later than it (C4, C5)."""
    return f"(CASE WHEN {row}.reached_at_due THEN %(now)s >= {row}.due_at ELSE %(now)s > {row}.due_at END)"


def lead(row: str) -> str:
    return f"make_interval(secs => {row}.lead_seconds)"


def duty_state(row: str) -> str:
    """open, met, met_late or breached. (Void is what is owed no more: the caller knows.)"""
    return (
        f"(CASE WHEN {row}.done_at > {row}.due_at THEN 'met_late' WHEN {row}.done_at IS NOT NULL THEN 'met' "
        f"WHEN %(now)s >= {row}.starts_at AND {broken(row)} THEN 'breached' ELSE 'open' END)"
    )


def finding_state(row: str) -> str:
    """at_risk, breached, or null where there is nothing to tell; of what is not done."""
    return (
        f"(CASE WHEN %(now)s < {row}.starts_at THEN NULL WHEN {broken(row)} THEN 'breached' "
        f"WHEN %(now)s >= {row}.due_at - {lead(row)} THEN 'at_risk' END)"
    )


def last_day(row: str) -> str:
    """24 hours or less are left."""
    return f"({row}.due_at - %(now)s <= {_DAY})"


def finding_severity(row: str) -> str:
    """The rule's severity when broken or in the last day, else one lower."""
    return f"(CASE WHEN {broken(row)} OR {last_day(row)} THEN {row}.severity ELSE {lower(f'{row}.severity')} END)"


def next_at(row: str) -> str:
    """When time alone changes what is said of it: it begins, its lead begins, its last day begins, it is broken; else null."""
    moments = (
        f"{row}.starts_at",
        f"{row}.due_at - {lead(row)}",
        f"CASE WHEN {lead(row)} > {_DAY} THEN {row}.due_at - {_DAY} END",
        f"CASE WHEN {row}.reached_at_due THEN {row}.due_at ELSE {row}.due_at + {_TICK} END",
    )
    later = ", ".join(f"CASE WHEN {moment} > %(now)s THEN {moment} END" for moment in moments)
    return f"(CASE WHEN {row}.done_at IS NULL THEN least({later}) END)"
