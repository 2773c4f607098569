"""Inactivity: the streak since the last activity that counts, the grace after a reminder, and the team's own logins (C9)."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from msgspec import UNSET

from storeward.policy.facts import Activity
from storeward.policy.terms import Row, Rule
from storeward.policy.types import State

from .base import CLOCK_SKEW, Context, Duties, Params, because, obligation, params, reading, unknown

REMINDER = "inactivity_reminder"
LISTINGS_REMOVED = "inactivity_listings_removed"

TEAM = frozenset({"main", "sub"})
MANAGING = frozenset({"edit_product", "process_order", "reply_customer"})


class StreakParams(Params, frozen=True):
    """`reached`: at the moment itself, or only after it. `tells_unknown`: the first rung says when nothing is known."""

    reached: Literal["at", "after"]
    tells_unknown: bool = False


class GraceParams(Params, frozen=True):
    """`after`: the row whose moment starts the grace where no reminder was recorded."""

    after: str


class LoginParams(Params, frozen=True):
    actor: Literal["main", "team"]


def counts(activity: Activity) -> bool:
    """Whether an activity ends the inactivity: a login of the main account, or managing by any account of the team."""
    if activity.type == "login":
        return activity.actor == "main"
    return activity.type in MANAGING and activity.actor in TEAM


def streak(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """Rungs of the ladder that count from the last activity."""
    if not ctx.running or ctx.facts.activities is UNSET:
        return
    last = last_activity(ctx, counts)
    for row in ctx.rows(rules):
        settings = params(row.rule, StreakParams)
        if last is not None:
            due_at = ctx.calendars.own.add(last, row.figure("days"))
            why = because("inactivity.streak", last=last, days=row.figure("days"), due_at=due_at)
            yield obligation(row, subject=None, starts_at=last, due_at=due_at, reached=settings.reached, why=why)
        elif settings.tells_unknown:
            yield unknown(ctx, row, "activities", as_of=ctx.source_age("activities"))


def grace(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """The days between the reminder and the removal of the listings."""
    if not ctx.running or ctx.facts.activities is UNSET:
        return
    last = last_activity(ctx, counts)
    if last is None:
        return
    for row in ctx.rows(rules):
        start, template = _grace_start(ctx, last, params(row.rule, GraceParams).after)
        due_at = ctx.calendars.own.add(start, row.figure("days"))
        why = because(template, last=last, start=start, days=row.figure("days"), due_at=due_at)
        yield obligation(row, subject=None, starts_at=start, due_at=due_at, why=why)


def _grace_start(ctx: Context, last: datetime, after: str) -> tuple[datetime, str]:
    """The first reminder after the last activity; without one the moment of the row `after`."""
    notices = ctx.facts.notices if isinstance(ctx.facts.notices, tuple) else ()
    reminders = [n.at for n in notices if n.type == REMINDER and last < n.at <= ctx.now]
    if reminders:
        return min(reminders), "inactivity.reminded"
    row = ctx.book.row(ctx.book.rule(after), ctx.today)
    days = row.figure("days") if row is not None else 0
    return ctx.calendars.own.add_days(last, int(days)), "inactivity.grace"


def reactivation(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """Listings were removed for inactivity and none is live again: they must be put back by hand."""
    listings = ctx.fact("listings", ctx.facts.listings)
    notices = ctx.facts.notices if isinstance(ctx.facts.notices, tuple) else ()
    removed = [n.at for n in notices if n.type == LISTINGS_REMOVED and n.at <= ctx.now]
    if not ctx.running or not removed or listings is UNSET:
        return
    live = listings.live if listings is not None else None
    as_of = ctx.source_age("listings")
    for row in ctx.rows(rules):
        if live is None:
            yield unknown(ctx, row, "listings", as_of=as_of)
        elif live == 0:
            yield reading(ctx, row, State.ACTION, because("inactivity.removed", removed=max(removed)), as_of=as_of)


def login_routine(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """The team's own rule: somebody logs in every so many days."""
    if ctx.facts.activities is UNSET:
        return
    for row in ctx.rows(rules):
        yield from _login(ctx, row, params(row.rule, LoginParams).actor)


def _login(ctx: Context, row: Row, actor: Literal["main", "team"]) -> Duties:
    actors = TEAM if actor == "team" else frozenset({"main"})
    last = last_activity(ctx, lambda a: a.type == "login" and a.actor in actors)
    if last is None:
        yield unknown(ctx, row, "logins", as_of=ctx.source_age("activities"))
        return
    due_at = ctx.calendars.own.add(last, row.figure("days"))
    why = because("routine.login", last=last, days=row.figure("days"), due_at=due_at)
    yield obligation(row, subject=None, starts_at=last, due_at=due_at, why=why)


def last_activity(ctx: Context, chosen: Callable[[Activity], bool]) -> datetime | None:
    """The latest usable activity of those `chosen`, or None. A stamp a little ahead is now, one further ahead is not used."""
    activities = ctx.fact("activities", ctx.facts.activities)
    if not isinstance(activities, tuple):
        return None
    usable = [a.at for a in activities if a.at - ctx.now <= CLOCK_SKEW and chosen(a)]
    return min(max(usable), ctx.now) if usable else None
