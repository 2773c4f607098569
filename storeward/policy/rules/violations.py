"""Violations: their category, the ticket's own deadline, two appeals, quizzes, and what a linked store brings."""

from datetime import datetime, timedelta

from msgspec import UNSET

from storeward.policy.facts import Appeal, Violation
from storeward.policy.terms import Row, Rule
from storeward.policy.types import Duty, State, Subject, Why

from .base import Context, Duties, Params, because, due, lead_time, obligation, params, reading, unknown

OPEN = frozenset({"pending", "enforced", "under_appeal"})
PENALISED = frozenset({"enforced", "under_appeal"})
SETTLED = frozenset({"overturned", "corrected", "closed"})


class CategoryParams(Params, frozen=True):
    """`category` breaks the row; `forms` of texts may break the same one (judged by `conduct`)."""

    category: str
    forms: tuple[str, ...] = ()


class AppealParams(Params, frozen=True):
    """Which of the two appeals."""

    number: int


def _all(ctx: Context) -> tuple[Violation, ...] | None:
    """The violations that are known at `now`; None where they were asked for and are missing, empty where not given."""
    violations = ctx.fact("violations", ctx.facts.violations)
    if violations is None:
        return None
    if not isinstance(violations, tuple):
        return ()
    return tuple(v for v in violations if not (isinstance(v.notified_at, datetime) and v.notified_at > ctx.now))


def _row(ctx: Context, rule: Rule, violation: Violation) -> Row | None:
    """The terms on the date of the notice; without a notice those of today."""
    at = violation.notified_at
    return ctx.row_at(rule, at if isinstance(at, datetime) else ctx.now)


def _subject(violation: Violation) -> Subject:
    return Subject("violation", violation.id)


def _missing(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    for row in ctx.rows(rules):
        yield unknown(ctx, row, "violations", as_of=ctx.source_age("violations"))


def category(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """An open violation breaks the row of its category."""
    for violation in _all(ctx) or ():
        for rule in rules:
            if violation.category != params(rule, CategoryParams).category or violation.status not in OPEN:
                continue
            if (row := _row(ctx, rule, violation)) is not None:
                yield reading(ctx, row, State.BREACHED, _told(violation), subject=_subject(violation))


def stop_and_appeal(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """A penalty for a practice that must stop, and nobody has appealed."""
    for violation in _all(ctx) or ():
        for rule in rules:
            if violation.category != params(rule, CategoryParams).category or violation.status not in PENALISED:
                continue
            filed = any(ctx.known(a.filed_at) is not None for a in _appeals(violation))
            row = _row(ctx, rule, violation)
            if row is not None and violation.appeals is None:
                yield unknown(ctx, row, "appeals", subject=_subject(violation))
            elif row is not None and not filed:
                yield reading(ctx, row, State.BREACHED, _told(violation), subject=_subject(violation))


def ticket(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """A pending ticket names its own deadline."""
    violations = _all(ctx)
    if violations is None:
        yield from _missing(ctx, rules)
        return
    for violation in violations:
        for rule in rules:
            if violation.status == "pending" and (row := _row(ctx, rule, violation)) is not None:
                yield _ticket(ctx, row, violation)


def _ticket(ctx: Context, row: Row, violation: Violation) -> Duty:
    deadline = violation.deadline
    if not isinstance(deadline, datetime):
        return unknown(ctx, row, "deadline", subject=_subject(violation))
    why = because("violation.ticket", due_at=deadline)
    # a ticket whose notice was not recorded is known from the lead on: an instant that does not move with `now`
    known_from = deadline - (lead_time(row, deadline, deadline) or timedelta(0))
    notified = violation.notified_at if isinstance(violation.notified_at, datetime) else known_from
    starts_at = min(notified, deadline)
    return obligation(row, subject=_subject(violation), starts_at=starts_at, due_at=deadline, why=why)


def appeal(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """The first appeal after the notice, the second after the first was rejected; filed late stays late."""
    violations = _all(ctx)
    if violations is None:
        yield from _missing(ctx, rules)
        return
    for violation in violations:
        for rule in rules:
            row = _row(ctx, rule, violation)
            if row is not None and violation.status not in SETTLED and violation.status != "pending":
                yield from _appeal(ctx, row, violation, params(rule, AppealParams).number)


def _appeal(ctx: Context, row: Row, violation: Violation, number: int) -> Duties:
    if violation.status not in PENALISED or violation.appeals is None:
        if number == 1:
            missing = "appeals" if violation.status in PENALISED else "violation_status"
            yield unknown(ctx, row, missing, subject=_subject(violation))
        return
    appeals = _appeals(violation)
    start = _appeal_start(ctx, violation, appeals, number)
    if start is None:
        return
    filed = appeals[number - 1].filed_at if len(appeals) >= number else None
    done_at = filed if isinstance(filed, datetime) else None
    due_at = due(ctx.calendars.own, row, start)
    why = because(f"violation.appeal_{number}", start=start, due_at=due_at)
    yield obligation(row, subject=_subject(violation), starts_at=start, due_at=due_at, done_at=done_at, why=why)


def _appeal_start(ctx: Context, violation: Violation, appeals: tuple[Appeal, ...], number: int) -> datetime | None:
    if number == 1:
        return violation.notified_at if isinstance(violation.notified_at, datetime) else None
    return ctx.known(appeals[0].rejected_at) if appeals else None


def _appeals(violation: Violation) -> tuple[Appeal, ...]:
    return violation.appeals if isinstance(violation.appeals, tuple) else ()


def quiz(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """A quiz that belongs to one violation gives points back."""
    for violation in _all(ctx) or ():
        for rule in rules:
            row = _row(ctx, rule, violation)
            if row is None or violation.status in SETTLED:
                continue
            if violation.quiz_open is True:
                yield reading(ctx, row, State.ACTION, because("violation.quiz"), subject=_subject(violation))
            elif violation.quiz_open is None:
                yield unknown(ctx, row, "quiz_open", subject=_subject(violation))


def linked_stores(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """A violation of a linked store can reach this one."""
    linked = ctx.fact("linked_stores", ctx.facts.linked_stores)
    if linked is UNSET:
        return
    for row in ctx.rows(rules):
        if not isinstance(linked, tuple):
            yield unknown(ctx, row, "linked_stores", as_of=ctx.source_age("linked_stores"))
            continue
        for other in linked:
            subject = Subject("store", other.store_id)
            if other.violation_open is UNSET:
                continue
            if other.violation_open is None:
                yield unknown(ctx, row, "violations", subject=subject)
            else:
                state = State.AT_RISK if other.violation_open else State.OK
                yield reading(ctx, row, state, because("violation.linked", store=other.store_id), subject=subject)


def _told(violation: Violation) -> Why:
    if isinstance(violation.notified_at, datetime):
        return because("violation.open_since", violation=violation.id, at=violation.notified_at)
    return because("violation.open", violation=violation.id)
