"""The balance: its sign, the streak below zero, the debt in dollars, and a freeze that outlasts the debt (C10, C11); beside it
the settlement that a platform freezes or stops."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from msgspec import UNSET

from storeward.lib.money import Money
from storeward.policy.facts import BalanceEvent, Fx, Settlement
from storeward.policy.terms import Row, Rule
from storeward.policy.types import State, Why
from storeward.policy.wording import Word

from .base import Context, Duties, because, obligation, reading, unknown
from .compare import broken, shown

HELD = frozenset({"frozen", "stopped"})
SETTLING = "normal"


@dataclass(frozen=True, slots=True)
class _Balance:
    """What is known of the balance: the observed events up to now, oldest first, at least one."""

    events: tuple[BalanceEvent, ...]

    @property
    def amount(self) -> Decimal:
        return self.events[-1].balance or Decimal(0)

    @property
    def currency(self) -> str:
        return self.events[-1].currency

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def observed_at(self) -> datetime:
        return self.events[-1].at

    @property
    def negative_since(self) -> datetime | None:
        """The first observed negative balance of the running streak; None where the balance is not below zero."""
        since = None
        for event in reversed(self.events):
            if event.balance is None or event.balance >= 0:
                break
            since = event.at
        return since


def _balance(ctx: Context) -> _Balance | None:
    """None where no balance is known."""
    events = ctx.fact("balance_events", ctx.facts.balance_events)
    if not isinstance(events, tuple):
        return None
    known = sorted((e for e in events if e.at <= ctx.now and e.balance is not None), key=lambda e: e.at)
    return _Balance(tuple(known)) if known else None


def sign(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """Rows that look at the balance in its own currency: below zero, zero, not above zero."""
    if ctx.facts.balance_events is UNSET:
        return
    balance = _balance(ctx)
    for row in ctx.rows(rules):
        if balance is not None:
            limit = row.figure("limit")
            state = State.BREACHED if broken(balance.amount, row.span.comparator, limit) else State.OK
            why = because("balance.now", balance=balance.money, at=balance.observed_at)
            yield reading(ctx, row, state, why, value=balance.amount, limit=limit)
        elif row.span.comparator != "==":
            yield unknown(ctx, row, "balance_events", as_of=ctx.source_age("balance_events"))


def streak(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """Below zero without a break for so many days, reached at the moment itself."""
    balance = _balance(ctx)
    since = balance.negative_since if balance is not None else None
    if balance is None or since is None:
        return
    for row in ctx.rows(rules):
        due_at = ctx.calendars.own.add(since, row.figure("days"))
        why = because("balance.streak", since=since, days=row.figure("days"), balance=balance.money, due_at=due_at)
        yield obligation(row, subject=None, starts_at=since, due_at=due_at, reached="at", why=why)


def in_dollars(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """Rows that look at the balance in dollars, at the rate of the stated date, unrounded."""
    if ctx.facts.balance_events is UNSET:
        return
    balance = _balance(ctx)
    for row in ctx.rows(rules):
        if balance is None:
            if row.lead is None:  # the row with a lead is told by the sign rows of its own platform
                yield unknown(ctx, row, "balance_events", as_of=ctx.source_age("balance_events"))
        else:
            yield from _dollars(ctx, row, balance)


def _dollars(ctx: Context, row: Row, balance: _Balance) -> Duties:
    limit = row.figure("limit")
    value, rate = _in_usd(ctx, balance)
    if value is None:
        decided = _by_sign(balance.amount, limit)
        if decided is None:
            yield unknown(ctx, row, "fx")
        else:
            why = because("balance.now", balance=balance.money, at=balance.observed_at)
            yield reading(ctx, row, State.BREACHED if decided else State.OK, why, limit=limit)
        return
    state = State.OK
    if broken(value, row.span.comparator, limit):
        state = State.BREACHED
    elif row.lead is not None and row.lead.at is not None and value <= Fraction(-row.lead.at):
        state = State.AT_RISK
    usd = Money(shown(value, 8), "USD")
    said = "balance.dollars" if balance.currency == "USD" else "balance.usd"  # an amount is not converted into itself
    why = because(said, balance=balance.money, usd=usd, limit=limit, rate=rate, at=balance.observed_at)
    yield reading(ctx, row, state, why, value=usd.amount, limit=limit)


def _in_usd(ctx: Context, balance: _Balance) -> tuple[Fraction | None, Decimal]:
    if balance.currency == "USD":
        return Fraction(balance.amount), Decimal(1)
    fx = ctx.facts.fx
    rate = (fx.usd_per_unit or {}).get(balance.currency) if isinstance(fx, Fx) else None
    if rate is None:
        return None, Decimal(0)
    return Fraction(balance.amount) * Fraction(rate), rate


def _by_sign(amount: Decimal, limit: Decimal) -> bool | None:
    """What the sign alone decides without a rate (C11): whether the balance is below the limit; None where it cannot tell."""
    if limit > 0:
        return True if amount <= 0 else None
    return False if amount >= 0 else None


def freeze_left(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """The wallet is still frozen while the balance is zero or more: somebody has to ask."""
    frozen = ctx.fact("withdrawal_frozen", ctx.facts.withdrawal_frozen)
    balance = _balance(ctx)
    if frozen is UNSET or ctx.facts.balance_events is UNSET:
        return
    for row in ctx.rows(rules):
        if frozen is False or (balance is not None and balance.amount < 0):
            continue
        if frozen is None or balance is None:
            missing = "withdrawal_frozen" if frozen is None else "balance_events"
            yield unknown(ctx, row, missing, as_of=ctx.source_age(missing))
        else:
            yield reading(ctx, row, State.BREACHED, because("balance.frozen", balance=balance.money))


def settlement(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """Payments are frozen or the settlement is stopped; a state that nobody knows is not taken for normal."""
    held = ctx.fact("settlement", ctx.facts.settlement)
    if held is UNSET:
        return
    as_of = ctx.age_of("settlement", held.as_of if isinstance(held, Settlement) else UNSET)
    state = held.state if isinstance(held, Settlement) and not ctx.is_old(as_of) else None
    for row in ctx.rows(rules):
        if state == SETTLING:
            yield reading(ctx, row, State.OK, because("settlement.normal"), value=state, as_of=as_of)
        elif state in HELD and isinstance(held, Settlement):
            since = held.since if isinstance(held.since, datetime) else None
            said = because("settlement.held", state=Word(state)) if since is None else _held_since(state, since)
            yield reading(ctx, row, State.BREACHED, said, value=state, as_of=as_of)
        else:
            yield unknown(ctx, row, "settlement", as_of=as_of)


def _held_since(state: str, since: datetime) -> Why:
    return because("settlement.held_since", state=Word(state), since=since)
