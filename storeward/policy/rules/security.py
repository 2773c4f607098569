"""Account security: two-step verification, rights of sub-accounts, unusual logins."""

from msgspec import UNSET

from storeward.policy.facts import LoginEvent, Security, SubAccount
from storeward.policy.terms import Row, Rule
from storeward.policy.types import Reading, State, Subject

from .base import Context, Duties, because, reading, unknown


def two_step(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """Two-step verification is on, off, or not known."""
    security = ctx.fact("security", ctx.facts.security)
    on = security.two_step_verification if isinstance(security, Security) else security
    if on is UNSET:
        return
    as_of = ctx.source_age("security")
    for row in ctx.rows(rules):
        if isinstance(on, bool):
            why = because("security.two_step_on" if on else "security.two_step_off")
            yield reading(ctx, row, State.OK if on else State.BREACHED, why, as_of=as_of)
        else:
            yield unknown(ctx, row, "security", as_of=as_of)


def sub_accounts(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """No sub-account has a right that its role does not need, and none belongs to somebody who has left."""
    accounts = ctx.fact("sub_accounts", ctx.facts.sub_accounts)
    for row in ctx.rows(rules):
        if accounts is None:
            yield unknown(ctx, row, "sub_accounts", as_of=ctx.source_age("sub_accounts"))
        elif isinstance(accounts, tuple):
            for account in accounts:
                yield _account(ctx, row, account)


def _account(ctx: Context, row: Row, account: SubAccount) -> Reading:
    subject = Subject("sub_account", account.id)
    as_of = ctx.source_age("sub_accounts")
    if account.left is True:
        why = because("security.left", account=account.id)
        return reading(ctx, row, State.BREACHED, why, subject=subject, as_of=as_of)
    permissions, allowed = account.permissions, account.allowed
    extra = sorted(set(permissions or ()) - set(allowed)) if isinstance(allowed, tuple) else []
    if extra:
        why = because("security.rights", account=account.id, rights=", ".join(extra))
        return reading(ctx, row, State.BREACHED, why, subject=subject, as_of=as_of)
    if account.left is None or permissions is None or allowed is None:
        return unknown(ctx, row, "sub_accounts", subject=subject)
    return reading(ctx, row, State.OK, because("security.fitting", account=account.id), subject=subject, as_of=as_of)


def login_events(ctx: Context, rules: tuple[Rule, ...]) -> Duties:
    """An unusual login that nobody has cleared."""
    events = ctx.fact("login_events", ctx.facts.login_events)
    for row in ctx.rows(rules):
        if events is None:
            yield unknown(ctx, row, "login_events", as_of=ctx.source_age("login_events"))
        elif isinstance(events, tuple):
            for event in events:
                yield from _login(ctx, row, event)


def _login(ctx: Context, row: Row, event: LoginEvent) -> Duties:
    subject = Subject("login_event", event.id)
    future = event.at is not UNSET and event.at is not None and event.at > ctx.now
    if future or ctx.known(event.cleared_at) is not None:
        return
    if event.unusual is True:
        account = event.account if isinstance(event.account, str) else event.id
        yield reading(ctx, row, State.BREACHED, because("security.login", account=account), subject=subject)
    elif event.unusual is None:
        yield unknown(ctx, row, "login_events", subject=subject)
