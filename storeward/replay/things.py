"""Questions of buyers, requests and violations under both books: each has a clock of its own and is judged as it stands now."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from django.db import connection
from msgspec import UNSET

from storeward.policy import facts as shapes
from storeward.policy.engine import duties
from storeward.policy.facts import Facts
from storeward.policy.judge import verdict
from storeward.policy.types import Obligation, State
from storeward.replay.found import Hit, Side, Tally
from storeward.replay.span import Past

Key = tuple[str, str, str, datetime]
"""Rule, kind and id of a subject, and when it began."""
Amount = tuple[Decimal | None, str | None]
Collected = Mapping[int, tuple[Facts, Mapping[str, Amount]]]
"""By store: facts, and what the things among them are worth by their id."""

# A turn begins with each answer of a person; what a buyer asks in it waits for the next turn: as `findings.talks` reads them.
_QUESTIONS = """
WITH turned AS (
    SELECT m.store_id, m.platform_conversation_id AS talk, m.role, m.sent_at,
        count(*) FILTER (WHERE m.role IN ('agent', 'seller')) OVER (PARTITION BY m.store_id, m.platform_conversation_id
            ORDER BY m.position NULLS FIRST, m.sent_at, m.platform_id ROWS UNBOUNDED PRECEDING) AS turn
    FROM records_message m
    WHERE m.store_id = ANY(%(ids)s) AND m.visible AND m.role IN ('agent', 'seller', 'buyer') AND m.sent_at > %(early)s
), turns AS (
    SELECT store_id, talk, turn, min(sent_at) FILTER (WHERE role = 'buyer') AS asked_at,
        min(sent_at) FILTER (WHERE role <> 'buyer') AS began_at
    FROM turned GROUP BY store_id, talk, turn
), questions AS (
    SELECT store_id, talk, asked_at, lead(began_at) OVER (PARTITION BY store_id, talk ORDER BY turn) AS answered_at FROM turns
)
SELECT store_id, talk, asked_at, answered_at FROM questions WHERE asked_at > %(since)s AND asked_at <= %(now)s
"""
_BEFORE = timedelta(days=7)
"""A talk that was under way when the window begins is read from a little earlier."""


def questions(past: Past) -> Collected:
    """What buyers have asked in the window, and when a person answered."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"ids": past.ids, "since": past.since, "early": past.since - _BEFORE, "now": past.now}
        cursor.execute(_QUESTIONS, values)
        rows = cursor.fetchall()
    asked: dict[int, list[shapes.Conversation]] = defaultdict(list)
    for store_id, talk, asked_at, answered_at in rows:
        answer = None if answered_at is None else max(asked_at, answered_at)
        asked[store_id].append(
            shapes.Conversation(id=talk, buyer_first_at=asked_at, first_human_reply_at=answer, auto_reply_at=None)
        )
    return {store_id: (Facts(conversations=tuple(talks)), {}) for store_id, talks in asked.items()}


class _Asked(msgspec.Struct, frozen=True):
    refund_asked: dict[str, Any] | None = None


def requests(past: Past) -> Collected:
    """Returns and cancellations that were asked for in the window, and when they were settled."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT store_id, kind, platform_id, status, requested_at, answer_by_at, updated_at, observed_at, open, data::text
            FROM records_aftersale WHERE store_id = ANY(%(ids)s) AND requested_at > %(since)s AND requested_at <= %(now)s
            """,
            {"ids": past.ids, "since": past.since, "now": past.now},
        )
        rows = cursor.fetchall()
    returns: dict[int, list[shapes.ReturnRequest]] = defaultdict(list)
    cancels: dict[int, list[shapes.CancellationRequest]] = defaultdict(list)
    worth: dict[int, dict[str, Amount]] = defaultdict(dict)
    for store_id, kind, identity, status, requested_at, answer_by_at, updated_at, observed_at, waits, data in rows:
        answered_at = None if waits else updated_at or observed_at
        worth[store_id][identity] = _refund(data)
        if kind == "return":
            shipped = updated_at if status == "shipped_back" and updated_at else UNSET
            returns[store_id].append(
                shapes.ReturnRequest(
                    id=identity,
                    requested_at=requested_at,
                    manual_review=answer_by_at is not None,
                    answered_at=answered_at,
                    return_shipped_at=shipped,
                    checked_at=None,
                    answer_by=answer_by_at or UNSET,
                )
            )
        else:
            cancels[store_id].append(
                shapes.CancellationRequest(
                    id=identity, requested_at=requested_at, answered_at=answered_at, answer_by=answer_by_at or UNSET
                )
            )
    return {
        store_id: (
            Facts(return_requests=tuple(returns.get(store_id, ())), cancellation_requests=tuple(cancels.get(store_id, ()))),
            worth[store_id],
        )
        for store_id in worth
    }


def _refund(data: str) -> Amount:
    asked = msgspec.json.decode(data, type=_Asked).refund_asked or {}
    amount = asked.get("amount")
    return (Decimal(str(amount)) if amount is not None else None, asked.get("currency"))


class _Data(msgspec.Struct, frozen=True):
    appeals: tuple[shapes.Appeal, ...] = ()
    category: str | None = None


def violations(past: Past) -> Collected:
    """Violations that were notified in the window, with their appeals."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT store_id, platform_id, status, notified_at, deadline_at, data::text FROM records_violation "
            "WHERE store_id = ANY(%s) AND notified_at > %s AND notified_at <= %s",
            [past.ids, past.since, past.now],
        )
        rows = cursor.fetchall()
    held: dict[int, list[shapes.Violation]] = defaultdict(list)
    for store_id, identity, status, notified_at, deadline_at, data in rows:
        more = msgspec.json.decode(data, type=_Data, strict=False)
        held[store_id].append(
            shapes.Violation(
                id=identity,
                status=status,
                category=more.category or UNSET,
                notified_at=notified_at,
                deadline=deadline_at,
                appeals=more.appeals,
            )
        )
    return {store_id: (Facts(violations=tuple(ones)), {}) for store_id, ones in held.items()}


COLLECTORS: Mapping[str, Callable[[Past], Collected]] = {
    "reply": questions,
    "return_answer": requests,
    "return_check": requests,
    "cancellation_answer": requests,
    "request_due": requests,
    "violation_appeal": violations,
    "violation_ticket": violations,
}
"""By form: what brings its facts from history."""


def replay_things(past: Past, tally: Tally, forms: Iterable[str]) -> None:
    """Judge the things of these forms under both books."""
    for collect in dict.fromkeys(COLLECTORS[form] for form in forms):
        for store_id, (facts, worth) in collect(past).items():
            _compare(past, tally, store_id, facts, worth)


def _compare(past: Past, tally: Tally, store_id: int, facts: Facts, worth: Mapping[str, Amount]) -> None:
    profile = past.profiles[store_id]
    before, after = (
        {_key(d): d for d in duties(profile, facts, past.now, rules=rules) if isinstance(d, Obligation) and d.subject is not None}
        for rules in (past.before, past.after)
    )
    for key in {**before, **after}:
        one, other = before.get(key), after.get(key)
        was, becomes = _broken(one, past.now), _broken(other, past.now)
        tally.looked_at[key[0]] += 1
        tally.broken[key[0]] += was
        tally.moved[key[0]] += (one and one.due_at) != (other and other.due_at)
        if was is not becomes:
            side: Side = "more" if becomes else "less"
            duty = other if becomes else one
            assert duty is not None
            tally.hit(_hit(past, store_id, key, side, duty.due_at, worth.get(key[2], (None, None))))


def _key(duty: Obligation) -> Key:
    assert duty.subject is not None
    return duty.rule, duty.subject.kind, duty.subject.id, duty.starts_at


def _broken(duty: Obligation | None, now: datetime) -> bool:
    outcome = None if duty is None else verdict(duty, now)
    return outcome is not None and outcome[0] is State.BREACHED


def _hit(past: Past, store_id: int, key: Key, side: Side, due_at: datetime, worth: Amount) -> Hit:
    rule, kind, identity, _ = key
    day, usd = past.day_of(store_id, due_at), past.worth.usd(*worth)
    return Hit(side, rule, store_id, day, kind, identity, *worth, usd, past.points(rule, day, spared=side == "less"))
