"""After-sales: requests that the platform grants when nobody answers, goods on their way back, disputes."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from msgspec import UNSET

from storeward.policy.calendars import Calendar
from storeward.policy.facts import CancellationRequest, Dispute, ReturnRequest
from storeward.policy.terms import Row, Rule
from storeward.policy.types import State, Subject

from .base import Context, Duties, Params, because, due, obligation, params, reading, unknown


class CheckParams(Params, frozen=True):
    """`days`: by region, the name of the figure. `self_arranged_in`: regions where only such returns have the clock."""

    self_arranged_in: tuple[str, ...] = ()


def _due(calendar: Calendar, row: Row, start: datetime) -> datetime:
    """The end of the n-th working day after the request, or what else the terms give."""
    if "working_days" in row.figures:
        return calendar.end_of(calendar.working_day(calendar.day_of(start), int(row.figure("working_days"))))
    return due(calendar, row, start)


def _list_missing(ctx: Context, rules: tuple[Rule, ...], name: str) -> Duties:
    for row in ctx.rows(rules):
        yield unknown(ctx, row, name, as_of=ctx.source_age(name))


def return_answers(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """A return request that needs a person is approved by the platform when nobody answers."""
    requests = ctx.fact("return_requests", ctx.facts.return_requests)
    if requests is None:
        yield from _list_missing(ctx, rules, "return_requests")
    if not isinstance(requests, tuple):
        return
    for request in requests:
        at = request.requested_at
        if at is None or at > ctx.now or request.answered_at is UNSET:
            continue
        for rule in rules:
            if (row := ctx.row_at(rule, at)) is not None:
                yield from _answer(ctx, row, request, at)


def _answer(ctx: Context, row: Row, request: ReturnRequest, at: datetime) -> Duties:
    subject = Subject("return_request", request.id)
    answered = ctx.known(request.answered_at)
    shipped = ctx.known(request.return_shipped_at)
    if request.manual_review is None and answered is None and shipped is None:
        yield unknown(ctx, row, "manual_review", subject=subject)
    if request.manual_review is not True:
        return
    due_at = _due(ctx.calendars.own, row, at)
    # goods on their way back have the answer behind them, whenever it was
    void_at = shipped if answered is None else None
    why = because("request.clock", start=at, due_at=due_at)
    yield obligation(row, subject=subject, starts_at=at, due_at=due_at, done_at=answered, void_at=void_at, why=why)


def return_checks(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """Goods on their way back must be checked before the refund is approved by itself."""
    requests = ctx.fact("return_requests", ctx.facts.return_requests)
    if requests is None:
        yield from _list_missing(ctx, rules, "return_requests")
    if not isinstance(requests, tuple):
        return
    for request in requests:
        shipped = ctx.known(request.return_shipped_at)
        if shipped is None or request.checked_at is UNSET:
            continue
        for rule in rules:
            if (row := ctx.row_at(rule, request.requested_at or shipped)) is not None:
                yield from _check(ctx, row, request, shipped)


def _check(ctx: Context, row: Row, request: ReturnRequest, shipped: datetime) -> Duties:
    subject = Subject("return_request", request.id)
    checked = request.checked_at if isinstance(request.checked_at, datetime) else None
    if ctx.store.region in params(row.rule, CheckParams).self_arranged_in:
        if request.self_arranged is None and ctx.known(checked) is None:
            yield unknown(ctx, row, "self_arranged", subject=subject)
        if request.self_arranged is not True:
            return
    due_at = ctx.calendars.own.add(shipped, _days_in(row, ctx.store.region))
    why = because("request.returned", start=shipped, due_at=due_at)
    yield obligation(row, subject=subject, starts_at=shipped, due_at=due_at, done_at=checked, why=why)


def _days_in(row: Row, region: str) -> Decimal:
    """A figure that differs by region stands in the terms as `days_<region>`."""
    return row.figure(f"days_{region.lower()}")


def cancellation_answers(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """A buyer's wish to cancel is granted by the platform when nobody answers."""
    requests = ctx.fact("cancellation_requests", ctx.facts.cancellation_requests)
    if requests is None:
        yield from _list_missing(ctx, rules, "cancellation_requests")
    if not isinstance(requests, tuple):
        return
    for request in requests:
        for rule in rules:
            yield from _cancellation(ctx, rule, request)


def _cancellation(ctx: Context, rule: Rule, request: CancellationRequest) -> Duties:
    at = request.requested_at
    if at is None or at > ctx.now or request.answered_at is UNSET:
        return
    row = ctx.row_at(rule, at)
    if row is None:
        return
    answered = request.answered_at if isinstance(request.answered_at, datetime) else None
    due_at = due(ctx.calendars.own, row, at)
    subject = Subject("cancellation_request", request.id)
    why = because("request.clock", start=at, due_at=due_at)
    yield obligation(row, subject=subject, starts_at=at, due_at=due_at, done_at=answered, why=why)


class DueParams(Params, frozen=True):
    """Which requests."""

    fact: Literal["return_requests", "cancellation_requests"]


KINDS = {"return_requests": "return_request", "cancellation_requests": "cancellation_request"}


def due_by_platform(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """Requests for which the platform itself names the instant of the answer."""
    for rule in rules:
        name = params(rule, DueParams).fact
        requests = ctx.fact(name, getattr(ctx.facts, name))
        if requests is None:
            yield from _list_missing(ctx, (rule,), name)
        for request in requests if isinstance(requests, tuple) else ():
            yield from _due_by_platform(ctx, rule, request, KINDS[name])


def _due_by_platform(ctx: Context, rule: Rule, request: ReturnRequest | CancellationRequest, kind: str) -> Duties:
    at, due_at = request.requested_at, request.answer_by
    if at is None or at > ctx.now or due_at is UNSET or request.answered_at is UNSET:
        return
    row, subject = ctx.row_at(rule, at), Subject(kind, request.id)
    if row is None:
        return
    answered = request.answered_at if isinstance(request.answered_at, datetime) else None
    if due_at is None:
        if ctx.known(answered) is None:
            yield unknown(ctx, row, "answer_by", subject=subject)
        return
    why = because("request.clock", start=at, due_at=due_at)
    yield obligation(row, subject=subject, starts_at=min(at, due_at), due_at=due_at, done_at=answered, why=why)


def disputes(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """A dispute needs an answer in the platform's chat and a record, as long as it is open."""
    cases = ctx.fact("disputes", ctx.facts.disputes)
    if cases is None:
        yield from _list_missing(ctx, rules, "disputes")
    if not isinstance(cases, tuple):
        return
    for case in cases:
        opened = case.opened_at if isinstance(case.opened_at, datetime) else ctx.now
        row = ctx.row_at(rules[0], opened) if rules else None
        if row is not None and opened <= ctx.now and ctx.known(case.closed_at) is None:
            yield from _dispute(ctx, row, case)


def _dispute(ctx: Context, row: Row, case: Dispute) -> Duties:
    subject = Subject("dispute", case.id)
    unanswered = case.chat_answer_at is not UNSET and ctx.known(case.chat_answer_at) is None
    if unanswered or case.record_kept is False:
        why = because("dispute.unanswered" if unanswered else "dispute.no_record", id=case.id)
        yield reading(ctx, row, State.BREACHED, why, subject=subject)
    elif case.record_kept is None:
        yield unknown(ctx, row, "record_kept", subject=subject)
    elif case.record_kept is True:
        yield reading(ctx, row, State.OK, because("dispute.kept", id=case.id), subject=subject)
