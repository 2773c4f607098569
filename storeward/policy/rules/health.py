"""Account Health Rating: milestones reached from above, the careful band, and the milestone quiz (C14)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from msgspec import UNSET

from storeward.policy.facts import AccountHealth, Enforcement
from storeward.policy.terms import Row, Rule
from storeward.policy.types import Reading, State

from .base import Context, Duties, Params, because, params, reading, unknown
from .compare import near


class MilestoneParams(Params, frozen=True):
    """`tells_unknown`: the first rung says when no score is known."""

    tells_unknown: bool = False


class QuizParams(Params, frozen=True):
    """The quiz is offered while the highest reached milestone is one of these rows."""

    milestones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Health:
    """A usable score (None: missing or too old), the one before, and the enforcements that run at `now`."""

    score: Decimal | None
    previous: Decimal | None
    as_of: datetime | None
    running: tuple[Enforcement, ...]

    def enforced(self, milestone: Decimal) -> Enforcement | None:
        return next((e for e in self.running if e.milestone == milestone), None)

    def reached(self, milestone: Decimal) -> bool:
        """By the score, or because its enforcement still runs whatever the score is."""
        return self.enforced(milestone) is not None or (self.score is not None and self.score <= milestone)

    def crossed(self, milestone: Decimal) -> bool:
        """Whether the step from the previous score to this one went through the milestone."""
        return self.score is not None and self.previous is not None and self.score <= milestone < self.previous


def _health(ctx: Context) -> _Health | None:
    """None where the subject was not given."""
    ahr = ctx.facts.ahr
    if ahr is UNSET:
        return None
    if not isinstance(ahr, AccountHealth):
        return _Health(None, None, None, ())
    as_of = ctx.age_of("ahr", ahr.as_of)
    running = tuple(
        e
        for e in ahr.enforcements or ()
        if e.started_at <= ctx.now and not (isinstance(e.ends_at, datetime) and e.ends_at <= ctx.now)
    )
    score = None if ctx.is_old(as_of) or not isinstance(ahr.score, Decimal) else ahr.score
    return _Health(score, ahr.previous if isinstance(ahr.previous, Decimal) else None, as_of, running)


def milestones(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """Each milestone that counts: the highest reached, those crossed just now, those enforced, and the next one when near."""
    health = _health(ctx)
    if health is None:
        return
    rows = sorted(ctx.rows(rules), key=lambda row: row.figure("limit"))
    highest = next((row.id for row in rows if health.reached(row.figure("limit"))), None)
    for row in rows:
        limit = row.figure("limit")
        if row.id == highest or health.crossed(limit) or health.enforced(limit) is not None:
            yield _milestone(ctx, row, health, State.BREACHED)
        elif health.score is None:
            if params(row.rule, MilestoneParams).tells_unknown:
                yield unknown(ctx, row, "ahr", as_of=health.as_of)
        elif health.score > limit:
            close = near(health.score, row.span.comparator, limit, row.lead)
            yield _milestone(ctx, row, health, State.AT_RISK if close else State.OK)


def _milestone(ctx: Context, row: Row, health: _Health, state: State) -> Reading:
    limit = row.figure("limit")
    enforced = health.enforced(limit)
    if enforced is not None and isinstance(enforced.ends_at, datetime):
        why = because("ahr.enforced", milestone=limit, until=enforced.ends_at)
    elif health.score is not None:
        why = because("ahr.score", score=health.score, milestone=limit)
    else:
        why = because("ahr.enforced_open", milestone=limit)
    until = enforced.ends_at if enforced is not None and isinstance(enforced.ends_at, datetime) else None
    return reading(ctx, row, state, why, value=health.score, limit=limit, as_of=health.as_of, until=until)


def band(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """A band of scores, broken only inside it."""
    health = _health(ctx)
    if health is None or health.score is None:
        return
    for row in ctx.rows(rules):
        inside = row.figure("lowest") <= health.score <= row.figure("highest")
        why = because("ahr.band", score=health.score, lowest=row.figure("lowest"), highest=row.figure("highest"))
        state = State.BREACHED if inside else State.OK
        yield reading(ctx, row, state, why, value=health.score, as_of=health.as_of)


def quiz(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """A quiz that shortens the enforcement is on offer at some milestones, not at the last one."""
    health = _health(ctx)
    if health is None:
        return
    reached = [row for row in ctx.rows(ctx.rules("ahr_milestone")) if health.reached(row.figure("limit"))]
    if not reached:
        return
    highest = min(reached, key=lambda row: row.figure("limit"))
    for row in ctx.rows(rules):
        if highest.id in params(row.rule, QuizParams).milestones:
            why = because("ahr.quiz", milestone=highest.figure("limit"))
            yield reading(ctx, row, State.ACTION, why, as_of=health.as_of)
