"""Answering buyers: each conversation has its clock, and the share answered in time has its target (C22, C23, C26)."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec import UNSET

from storeward.policy.facts import ChatFigure, Conversation, ResponseCounts
from storeward.policy.terms import Row, Rule
from storeward.policy.types import Duty, State, Subject

from .base import Context, Duties, Params, because, due, limit_for, obligation, params, reading, unknown
from .compare import broken, near, shown

SATURDAY = 5
NOT_FROM_BUYERS = frozenset({"seller", "broadcast"})


class ReplyParams(Params, frozen=True):
    """`weekend_hour`: with the chatbot on, a weekend's message may wait until that hour of Monday. `cycle`: answers are due at an
    hour of the day, not so long after the message."""

    weekend_hour: bool = False
    cycle: bool = False


class ReplyRateParams(Params, frozen=True):
    """`counted`: the field of the counts; `reply`: the row whose clock decides where conversations are counted instead."""

    counted: Literal["answered_in_12h", "answered_in_24h"]
    reply: str


def replies(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """One clock for each conversation that a buyer began; only a person's reply stops it."""
    conversations = ctx.fact("conversations", ctx.facts.conversations)
    if conversations is UNSET:
        return
    if not isinstance(conversations, tuple):
        for row in ctx.rows(rules):
            yield unknown(ctx, row, "conversations", as_of=ctx.source_age("conversations"))
        return
    for conversation in conversations:
        start = conversation.buyer_first_at
        if start is None or not _counts(ctx, conversation, start):
            continue
        for rule in rules:
            if (terms := ctx.row_at(rule, start)) is not None:
                yield from _clock(ctx, terms, conversation, start)


def _clock(ctx: Context, row: Row, conversation: Conversation, start: datetime) -> Duties:
    if params(row.rule, ReplyParams).cycle:
        day = cycle_day(ctx, row, start)
        if ctx.calendars.own.is_holiday(day):
            return
        due_at = ctx.calendars.own.at(day, time(int(row.figure("due_hour"))))
        why = because("reply.cycle", start=start, due_at=due_at)
    else:
        due_at = reply_due(ctx, row, start)
        why = because("reply.clock", start=start, hours=row.figure("hours"), due_at=due_at)
    replied = conversation.first_human_reply_at
    done_at = replied if isinstance(replied, datetime) else None
    subject = Subject("conversation", conversation.id)
    yield obligation(row, subject=subject, starts_at=start, due_at=due_at, done_at=done_at, why=why)


def cycle_day(ctx: Context, row: Row, start: datetime) -> date:
    """The local day of the cycle of a message: its own day before the cut-off, the next one from the cut-off on (C8, C23)."""
    calendar = ctx.calendars.own
    day = calendar.day_of(start)
    cut_off = calendar.at(day, time(int(row.figure("cut_off_hour"))))
    return day if start < cut_off else day + timedelta(days=1)


def reply_due(ctx: Context, row: Row, start: datetime) -> datetime:
    """When the answer to a message is due: exact hours, or Monday noon where that is later and the weekend rule holds."""
    due_at = due(ctx.calendars.own, row, start)
    if not (params(row.rule, ReplyParams).weekend_hour and ctx.store.chatbot_on):
        return due_at
    day = ctx.calendars.own.day_of(start)
    if day.weekday() < SATURDAY:
        return due_at
    monday = day + timedelta(days=7 - day.weekday())
    return max(due_at, ctx.calendars.own.at(monday, time(int(row.figure("weekend_hour")))))


def _counts(ctx: Context, conversation: Conversation, start: datetime) -> bool:
    """Whether the conversation is judged at all: given as far as needed, begun by a buyer, not blocked, solved or in a pause."""
    return (
        start <= ctx.now
        and conversation.first_human_reply_at is not UNSET
        and conversation.started_by not in NOT_FROM_BUYERS
        and conversation.solved_by_bot is not True
        and conversation.buyer_blocked is not True
        and not any(pause.from_ <= start and (pause.to is None or start < pause.to) for pause in ctx.store.holiday_mode or ())
    )


# -- rates -----------------------------------------------------------------------------------------


def rates(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """The share answered in time: by the platform's counts, or where none were given by our own conversations."""
    counts = ctx.fact("response_counts", ctx.facts.response_counts)
    for row in ctx.rows(rules):
        if counts is UNSET:
            yield from _counted_here(ctx, row)
        elif counts is None:
            yield unknown(ctx, row, "response_counts", as_of=ctx.source_age("response_counts"))
        elif isinstance(counts, ResponseCounts):
            yield from _counted_there(ctx, row, counts)


def _counted_there(ctx: Context, row: Row, counts: ResponseCounts) -> Duties:
    answered = getattr(counts, params(row.rule, ReplyRateParams).counted)
    if (
        answered is UNSET
        or counts.conversations is UNSET
        or (row.span.window is not None and counts.window_days != row.span.window)
    ):
        return
    as_of = ctx.source_age("response_counts")
    if answered is None or counts.conversations is None:
        yield unknown(ctx, row, "response_counts")
    else:
        yield _rate(ctx, row, answered, counts.conversations, as_of=as_of)


def _counted_here(ctx: Context, row: Row) -> Duties:
    conversations = ctx.fact("conversations", ctx.facts.conversations)
    if conversations is UNSET:
        return
    if not isinstance(conversations, tuple):
        yield unknown(ctx, row, "conversations", as_of=ctx.source_age("conversations"))
        return
    days = row.span.window or int(row.figure("counted_days"))
    since = ctx.calendars.own.add_days(ctx.now, -days)
    outcomes = list(_outcomes(ctx, row, conversations, since))
    settled = [in_time for in_time, _ in outcomes if in_time is not None]
    changes = [at for _, at in outcomes if at is not None and at > ctx.now]
    until = min(changes, default=None)
    yield _rate(ctx, row, Decimal(sum(settled)), Decimal(len(settled)), until=until)


def _outcomes(
    ctx: Context, row: Row, conversations: tuple[Conversation, ...], since: datetime
) -> Iterator[tuple[bool | None, datetime | None]]:
    """For each conversation of the window: answered in time or not, None while its time runs; and when that changes."""
    clock = ctx.book.row(ctx.book.rule(params(row.rule, ReplyRateParams).reply), ctx.today)
    if clock is None:
        return
    for conversation in conversations:
        start = conversation.buyer_first_at
        if start is None or start < since or not _counts(ctx, conversation, start):
            continue
        due_at = reply_due(ctx, clock, start)
        replied = ctx.known(conversation.first_human_reply_at)
        if replied is not None:
            yield replied <= due_at, None
        else:
            yield (False, None) if ctx.now > due_at else (None, due_at + timedelta(microseconds=1))


def _rate(
    ctx: Context,
    row: Row,
    answered: Decimal,
    of: Decimal,
    *,
    as_of: datetime | None = None,
    until: datetime | None = None,
) -> Duty:
    if of == 0:
        return reading(ctx, row, State.NOT_APPLICABLE, because("rate.none"), as_of=as_of, until=until)
    limit = row.figure("limit")
    value = Fraction(answered) * 100 / Fraction(of)
    state = State.OK
    if broken(value, row.span.comparator, limit):
        state = State.BREACHED
    elif near(value, row.span.comparator, limit, row.lead):
        state = State.AT_RISK
    why = because("reply.rate", part=answered, whole=of, value=shown(value), limit=limit)
    return reading(ctx, row, state, why, value=shown(value, 6), limit=limit, as_of=as_of, until=until)


# -- the platform's own figure ---------------------------------------------------------------------


def own_figure(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """The response rate as the platform itself reckons it; some rows hold only from so many orders on (C25)."""
    chat = ctx.fact("chat", ctx.facts.chat)
    if chat is UNSET:
        return
    for row in ctx.rows(rules):
        if not isinstance(chat, ChatFigure):
            yield unknown(ctx, row, "chat", as_of=ctx.source_age("chat"))
        else:
            yield from _own_figure(ctx, row, chat)


def _own_figure(ctx: Context, row: Row, chat: ChatFigure) -> Duties:
    as_of = ctx.age_of("chat", chat.as_of)
    least = row.figures.get("orders_from")
    value, orders, limit = chat.response_rate, chat.orders_30d, limit_for(ctx, row)
    if value is UNSET or limit is None or (least is not None and orders is UNSET):
        return
    if value is None or ctx.is_old(as_of):
        yield unknown(ctx, row, "chat", as_of=as_of)
        return
    state = State.OK
    if broken(value, row.span.comparator, limit):
        state = State.BREACHED
    elif near(value, row.span.comparator, limit, row.lead):
        state = State.AT_RISK
    if least is not None and state is not State.OK and not isinstance(orders, Decimal):
        yield unknown(ctx, row, "orders_30d")
        return
    if isinstance(orders, Decimal) and least is not None and orders < least:
        state = State.OK
    why = because("chat.rate", value=shown(value), limit=limit)
    yield reading(ctx, row, state, why, value=value, limit=limit, as_of=as_of)
