"""Notices of the platform that open a clock: two-step verification, deposit, withheld money, planned deductions."""

from decimal import Decimal
from typing import Literal

from msgspec import UNSET

from storeward.policy.facts import Deposit, Notice, Security
from storeward.policy.terms import Row, Rule
from storeward.policy.types import Subject

from .base import Context, Duties, Params, because, due, obligation, params, unknown


class NoticeParams(Params, frozen=True):
    """`type` of the notice, and what ends its clock beside `answered_at`."""

    type: str
    over_when: Literal["answered", "deposit_paid", "two_step_on"] = "answered"


def duties(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """One clock for each notice of the row's type, from the notice on; it is over, whenever that was, once the matter is."""
    notices = ctx.fact("notices", ctx.facts.notices)
    if notices is UNSET:
        return
    if notices is None:
        for row in ctx.rows(rules):
            yield unknown(ctx, row, "notices", as_of=ctx.source_age("notices"))
        return
    for rule in rules:
        settings = params(rule, NoticeParams)
        for notice in notices:
            if notice.type != settings.type or notice.at > ctx.now:
                continue
            if (terms := ctx.row_at(rule, notice.at)) is not None:
                yield from _clock(ctx, terms, notice, settings.over_when)


def _clock(ctx: Context, row: Row, notice: Notice, over_when: str) -> Duties:
    subject = Subject("notice", notice.id if isinstance(notice.id, str) else f"{notice.type}@{notice.at.isoformat()}")
    over, missing = _is_over(ctx, notice, over_when)
    if over:
        return
    if missing is not None:
        yield unknown(ctx, row, missing, subject=subject, as_of=ctx.source_age(missing))
        return
    due_at = due(ctx.calendars.own, row, notice.at)
    why = because("notice.clock", start=notice.at, due_at=due_at)
    yield obligation(row, subject=subject, starts_at=notice.at, due_at=due_at, why=why)


def _is_over(ctx: Context, notice: Notice, over_when: str) -> tuple[bool, str | None]:
    """Whether the matter is settled, and else the fact that would have to be known to tell."""
    if over_when == "two_step_on":
        security = ctx.fact("security", ctx.facts.security)
        on = security.two_step_verification if isinstance(security, Security) else None
        return on is True, None if isinstance(on, bool) else "security"
    if ctx.known(notice.answered_at) is not None:
        return True, None
    if over_when == "deposit_paid":
        return _deposit_paid(ctx)
    return False, None


def _deposit_paid(ctx: Context) -> tuple[bool, str | None]:
    deposit = ctx.fact("deposit", ctx.facts.deposit)
    if deposit is UNSET:
        return False, None
    if not isinstance(deposit, Deposit):
        return False, "deposit"
    if isinstance(deposit.paid, Decimal) and isinstance(deposit.required, Decimal):
        return deposit.paid >= deposit.required, None
    return False, "deposit"
