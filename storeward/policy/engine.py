"""The engine: facts of a store and an instant in, duties and findings out. Pure: no clock, no database, no network."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .calendars import for_store
from .facts import Facts, StoreProfile
from .judge import judge
from .rules import (
    after_sales,
    balance,
    conduct,
    health,
    inactivity,
    notices,
    points,
    rates,
    response,
    scores,
    security,
    ship_by,
    upkeep,
    violations,
)
from .rules.base import Context, Duties, NoParams, Params, because, reading
from .rules.conduct import Classifier, by_guard
from .terms import Book, Rule, book_for
from .types import NO_FIGURE, Duty, Finding, State, Subject

Overrides = Mapping[str, Mapping[str, Decimal]]
"""A workspace's own, tighter figures: rule id, then figure."""


@dataclass(frozen=True, slots=True)
class Form:
    """How rows of one form are judged, and what they read from their `with` table."""

    judge: Callable[[Context, tuple[Rule, ...]], Duties]
    params: type[Params] = NoParams


CONDUCT = "conduct"

FORMS: dict[str, Form] = {
    "inactivity_streak": Form(inactivity.streak, inactivity.StreakParams),
    "inactivity_grace": Form(inactivity.grace, inactivity.GraceParams),
    "reactivation": Form(inactivity.reactivation),
    "login_routine": Form(inactivity.login_routine, inactivity.LoginParams),
    "notice": Form(notices.duties, notices.NoticeParams),
    "balance_sign": Form(balance.sign),
    "balance_streak": Form(balance.streak),
    "balance_usd": Form(balance.in_dollars),
    "freeze_left": Form(balance.freeze_left),
    "settlement": Form(balance.settlement),
    "ahr_milestone": Form(health.milestones, health.MilestoneParams),
    "ahr_band": Form(health.band),
    "ahr_quiz": Form(health.quiz, health.QuizParams),
    "points_tier": Form(points.tiers, points.TierParams),
    "score": Form(scores.duties, scores.ScoreParams),
    "violation_category": Form(violations.category, violations.CategoryParams),
    "violation_stop": Form(violations.stop_and_appeal, violations.CategoryParams),
    "violation_ticket": Form(violations.ticket),
    "violation_appeal": Form(violations.appeal, violations.AppealParams),
    "violation_quiz": Form(violations.quiz),
    "linked_stores": Form(violations.linked_stores),
    "reply": Form(response.replies, response.ReplyParams),
    "reply_rate": Form(response.rates, response.ReplyRateParams),
    "chat_figure": Form(response.own_figure),
    "order": Form(ship_by.duties, ship_by.OrderParams),
    "return_answer": Form(after_sales.return_answers),
    "return_check": Form(after_sales.return_checks, after_sales.CheckParams),
    "cancellation_answer": Form(after_sales.cancellation_answers),
    "request_due": Form(after_sales.due_by_platform, after_sales.DueParams),
    "dispute": Form(after_sales.disputes),
    "rate": Form(rates.duties, rates.RateParams),
    "listing_share": Form(rates.listing_share),
    "two_step": Form(security.two_step),
    "sub_accounts": Form(security.sub_accounts),
    "login_events": Form(security.login_events),
    "stock": Form(upkeep.stock),
    "stock_age": Form(upkeep.stock_age),
    "certification": Form(upkeep.certification),
    "fake_review": Form(upkeep.fake_reviews),
    "content_check": Form(upkeep.content_checks, upkeep.CheckParams),
    "attestation": Form(upkeep.attestations, upkeep.RoutineParams),
}
"""Every form but conduct, which needs a classifier beside the facts."""


def duties(
    store: StoreProfile,
    facts: Facts,
    now: datetime,
    *,
    overrides: Overrides | None = None,
    classifier: Classifier = by_guard,
    rules: Book | None = None,
) -> list[Duty]:
    """Everything the store owes and everything measured, fine ones included.

    `now` is aware; nothing after it is known. `rules` are the terms in force (the product's, without); `overrides` tighten these
    instead (NotTightening where they loosen one). A subject of which no fact is given has no duty.
    """
    days_off = facts.holidays if isinstance(facts.holidays, tuple) else None
    ctx = Context(store, facts, now, rules or book_for(overrides), for_store(store, days_off))
    found: list[Duty] = list(asked(ctx))
    for name, form in FORMS.items():
        if chosen := ctx.rules(name):
            found.extend(form.judge(ctx, chosen))
    if chosen := ctx.rules(CONDUCT):
        found.extend(conduct.duties(ctx, chosen, classifier))
        found.extend(violations.category(ctx, tuple(rule for rule in chosen if "category" in rule.with_)))
    return found


def asked(ctx: Context) -> Duties:
    """Rows that wait for a figure of the workspace's own: until it is given nobody can tell."""
    for rule in ctx.book.asking_rules(ctx.store.platform):
        if rule.fits(ctx.store.region, ctx.store.seller_type, ctx.store.programme):
            row = ctx.book.asking(rule, ctx.today)
            if row is not None:
                yield reading(ctx, row, State.UNKNOWN, because(NO_FIGURE, figures=", ".join(rule.asks)))


def evaluate(
    store: StoreProfile,
    facts: Facts,
    now: datetime,
    *,
    overrides: Overrides | None = None,
    classifier: Classifier = by_guard,
    rules: Book | None = None,
) -> list[Finding]:
    """The findings at `now`, worst first: by severity, then due instant (none last), then rule; one a thing (C16)."""
    owed = duties(store, facts, now, overrides=overrides, classifier=classifier, rules=rules)
    found = sorted((f for d in owed if (f := judge(d, now)) is not None), key=_worst_first)
    worst: dict[tuple[str, Subject | None], Finding] = {}
    for finding in found:
        worst.setdefault((finding.rule, finding.subject), finding)
    return list(worst.values())


def _worst_first(finding: Finding) -> tuple[int, bool, float, str, str]:
    due_at = finding.due_at
    subject = finding.subject.id if finding.subject is not None else ""
    return (-finding.severity.rank, due_at is None, due_at.timestamp() if due_at else 0.0, finding.rule, subject)
