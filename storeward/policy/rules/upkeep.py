"""Stock, reviews, content checks, papers and routine checks by a person."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import UNSET

from storeward.policy.facts import Attestation, Certification, ContentCheck, ReviewFacts, StockLevel
from storeward.policy.terms import Row, Rule
from storeward.policy.types import Reading, State, Subject
from storeward.policy.wording import Word

from .base import Context, Duties, Params, because, due, obligation, params, reading, unknown


class CheckParams(Params, frozen=True):
    check: Literal["claims", "rights", "terms"]


class RoutineParams(Params, frozen=True):
    """The inspection item whose attestation meets the row."""

    item: str


def stock(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """What is offered is there, and no live listing is empty."""
    levels = ctx.fact("stock", ctx.facts.stock)
    for row in ctx.rows(rules):
        if levels is None:
            yield unknown(ctx, row, "stock", as_of=ctx.source_age("stock"))
        elif isinstance(levels, tuple):
            for level in levels:
                if (outcome := _level(ctx, row, level)) is not None:
                    yield outcome


def _level(ctx: Context, row: Row, level: StockLevel) -> Reading | None:
    subject = Subject("sku", level.sku)
    as_of = ctx.age_of("stock", UNSET)
    offered, there = level.sellable, level.actual
    if offered is UNSET:
        return None
    if offered is not None and there is not None and there is not UNSET and offered != there:
        why = because("stock.differs", sku=level.sku, offered=offered, there=there)
        return reading(ctx, row, State.BREACHED, why, subject=subject, value=offered, as_of=as_of)
    if offered == 0 and level.live is True:
        why = because("stock.empty", sku=level.sku)
        return reading(ctx, row, State.BREACHED, why, subject=subject, value=offered, as_of=as_of)
    if offered is None or there is None or (offered == 0 and level.live is None):
        return unknown(ctx, row, "stock", subject=subject)
    why = because("stock.fine", sku=level.sku, offered=offered)
    return reading(ctx, row, State.OK, why, subject=subject, value=offered, as_of=as_of)


def stock_age(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """A stock that nobody has touched for so many days is taken for none."""
    levels = ctx.fact("stock", ctx.facts.stock)
    if levels is None:
        for row in ctx.rows(rules):
            yield unknown(ctx, row, "stock", as_of=ctx.source_age("stock"))
    for level in levels if isinstance(levels, tuple) else ():
        if level.updated_at is UNSET:
            continue
        subject, updated = Subject("sku", level.sku), ctx.known(level.updated_at)
        for row in ctx.rows(rules):
            if updated is None:
                yield unknown(ctx, row, "stock_updated", subject=subject)
                continue
            due_at = due(ctx.calendars.own, row, updated)
            why = because("stock.age", sku=level.sku, at=updated, due_at=due_at)
            yield obligation(row, subject=subject, starts_at=updated, due_at=due_at, why=why)


def fake_reviews(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """A review that is suspected to be a fake can be reported for so many days."""
    reviews = ctx.fact("reviews", ctx.facts.reviews)
    if reviews is None:
        for row in ctx.rows(rules):
            yield unknown(ctx, row, "reviews", as_of=ctx.source_age("reviews"))
    for review in reviews if isinstance(reviews, tuple) else ():
        posted = review.posted_at
        if posted is None or posted > ctx.now or review.reported_at is UNSET:
            continue
        for rule in rules:
            if (terms := ctx.row_at(rule, posted)) is not None:
                yield from _review(ctx, terms, review, posted)


def _review(ctx: Context, row: Row, review: ReviewFacts, posted: datetime) -> Duties:
    subject = Subject("review", review.id)
    reported = review.reported_at if isinstance(review.reported_at, datetime) else None
    if review.suspected_fake is None and ctx.known(reported) is None:
        yield unknown(ctx, row, "suspected_fake", subject=subject)
    if review.suspected_fake is not True:
        return
    due_at = due(ctx.calendars.own, row, posted)
    why = because("review.report", posted=posted, due_at=due_at)
    yield obligation(row, subject=subject, starts_at=posted, due_at=due_at, done_at=reported, why=why)


def content_checks(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """A check of a listing, video or LIVE: passed, failed, or not made."""
    checks = ctx.fact("content_checks", ctx.facts.content_checks)
    for row in ctx.rows(rules):
        if checks is None:
            yield unknown(ctx, row, "content_checks", as_of=ctx.source_age("content_checks"))
            continue
        wanted = params(row.rule, CheckParams).check
        for check in checks if isinstance(checks, tuple) else ():
            made = check.at if isinstance(check.at, datetime) else ctx.now
            if check.check == wanted and made <= ctx.now and check.result is not UNSET:
                yield _check(ctx, row, check)


def _check(ctx: Context, row: Row, check: ContentCheck) -> Reading:
    subject = Subject("content", check.id)
    if check.result not in ("pass", "fail"):
        return unknown(ctx, row, "content_checks", subject=subject)
    failed = check.result == "fail"
    why = because("content.failed" if failed else "content.passed", id=check.id)
    return reading(ctx, row, State.BREACHED if failed else State.OK, why, subject=subject)


PAPERS: tuple[str, ...] = tuple(f.name for f in msgspec.structs.fields(Certification))
"""The points of a certification, in their order."""


def certification(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """Every point of the certification holds; one that does not is enough, whatever is still unknown."""
    papers = ctx.fact("certification", ctx.facts.certification)
    if papers is UNSET:
        return
    as_of = ctx.source_age("certification")
    given = {name: getattr(papers, name) for name in PAPERS if getattr(papers, name) is not UNSET} if papers else {}
    wrong = [name for name, holds in given.items() if holds is False]
    for row in ctx.rows(rules):
        if wrong:
            yield reading(ctx, row, State.BREACHED, because("papers.wrong", paper=Word(wrong[0])), as_of=as_of)
        elif papers is None or None in given.values():
            missing = next((name for name, holds in given.items() if holds is None), "certification")
            yield unknown(ctx, row, missing, as_of=as_of)
        elif given:
            yield reading(ctx, row, State.OK, because("papers.fine"), as_of=as_of)


def attestations(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """Routine checks by a person: the latest attestation of an item counts, one never attested is not judged."""
    made = ctx.fact("attestations", ctx.facts.attestations)
    if made is UNSET:
        return
    for row in ctx.rows(rules):
        if not isinstance(made, tuple):
            yield unknown(ctx, row, "attestations", as_of=ctx.source_age("attestations"))
            continue
        latest = _latest(ctx, made, params(row.rule, RoutineParams).item)
        if latest is not None:
            due_at = due(ctx.calendars.own, row, latest)
            why = because("routine.attested", at=latest, due_at=due_at)
            yield obligation(row, subject=None, starts_at=latest, due_at=due_at, why=why)


def _latest(ctx: Context, made: Iterable[Attestation], item: str) -> datetime | None:
    return max((a.at for a in made if a.item == item and a.at <= ctx.now), default=None)
