"""Replay: what a version of the rules would have touched, beside what is in force."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from msgspec.structs import replace as changed

from storeward.findings.facts import profiles
from storeward.findings.worth import Worth
from storeward.policy.terms import Book
from storeward.policy.versions import Change, assemble
from storeward.replay import days, orders, things
from storeward.replay.found import Tally
from storeward.replay.span import Past, only, with_dependents

DAYS = 90
ORDER_FORM = "order"


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of it. `rules` were replayed over the days from `first` to `last` of these stores."""

    rules: tuple[str, ...]
    first: date
    last: date
    stores: int
    keys: Mapping[int, str]
    """Our short key of each store that was looked at."""
    tally: Tally


def replay(
    workspace_id: int,
    *,
    before: Book,
    after: Book,
    rules: Collection[str],
    now: datetime,
    days_back: int = DAYS,
    store_ids: Collection[int] | None = None,
) -> Replayed:
    """Judge the history of a workspace by two books and say what differs. Reads only; a million orders pass through once.

    Only stores for which one of the rules is meant are looked at. Rules of which history cannot tell stand in `tally.untold`.
    """
    since, rules = now - timedelta(days=days_back), with_dependents(after, rules)
    with connection.cursor() as cursor:
        held = _stores(workspace_id, store_ids)
        known = {store_id: profile for store_id, (_, profile) in profiles(cursor, list(held)).items()}
    one, other = only(before, rules), only(after, rules)
    fitting = {
        store_id: profile
        for store_id, profile in known.items()
        if any(
            rule.id in rules
            for book in (one, other)
            for rule in book.for_store(profile.platform, profile.region, profile.seller_type, profile.programme)
        )
    }
    past, tally = Past(one, other, since, now, fitting, Worth.on(now)), Tally()
    if fitting:
        _judge(past, tally, rules)
    return Replayed(tuple(sorted(rules)), since.date(), now.date(), len(fitting), {i: held[i] for i in fitting}, tally)


def _stores(workspace_id: int, store_ids: Collection[int] | None) -> dict[int, str]:
    """Keys of the workspace's stores, of those that were named if any were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, key FROM stores_store WHERE workspace_id = %s", [workspace_id])
        return {store_id: key for store_id, key in cursor.fetchall() if store_ids is None or store_id in store_ids}


def _judge(past: Past, tally: Tally, rules: Collection[str]) -> None:
    forms = {rule_id: past.after.rule(rule_id).form for rule_id in rules}
    for rule_id, form in forms.items():
        reason = _cannot(form)
        if reason is not None and (form is not None or with_dependents(past.after, {rule_id}) == {rule_id}):
            tally.untold[rule_id] = reason
    named = {form for form in forms.values() if form is not None}
    if ORDER_FORM in named:
        orders.replay_orders(past, tally)
    things.replay_things(past, tally, sorted(named & set(things.COLLECTORS)))
    days.replay_days(past, tally, sorted(named & set(days.COLLECTORS)))
    for rule_id in [rule_id for rule_id in tally.looked_at if rule_id not in forms]:
        _forget(tally, rule_id)


def _cannot(form: str | None) -> str | None:
    """Why history cannot tell of a rule of that form; None where it can."""
    if form is None:
        return "the rule gives no findings, so there is nothing that it could have touched"
    if form == ORDER_FORM or form in things.COLLECTORS or form in days.COLLECTORS:
        return None
    return "only the latest value of what it judges is held, and what was before is not known"


def _forget(tally: Tally, rule_id: str) -> None:
    """A rule that another one reads figures of was judged along, and nobody has asked for it."""
    for counts in (tally.looked_at, tally.broken, tally.moved):
        counts.pop(rule_id, None)


# -- versions ------------------------------------------------------------------------------------------------------------------


def as_if_always(changes: Iterable[Change], first: date) -> tuple[Change, ...]:
    """Changes moved back so that they hold over the whole window: the question is what they would have done."""
    moved = []
    for change in changes:
        span = changed(change.span, from_=min(change.day, first))
        moved.append(Change(change.rule, span, change.ends))
    return tuple(moved)


def replay_changes(
    workspace_id: int,
    changes: Sequence[Change],
    *,
    rules_in_force: Book,
    now: datetime,
    days_back: int = DAYS,
    store_ids: Collection[int] | None = None,
) -> Replayed:
    """A draft over history, as if it had held all the time."""
    first = (now - timedelta(days=days_back + 1)).date()
    after = assemble(rules_in_force, as_if_always(changes, first))
    rules = {change.rule for change in changes}
    return replay(
        workspace_id, before=rules_in_force, after=after, rules=rules, now=now, days_back=days_back, store_ids=store_ids
    )
