"""The facts that a finding rests on as the rows hold them: value, origin, when it was true and when we saw it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db.models import Model

from storeward.findings.models import Finding
from storeward.findings.rules import feeds
from storeward.policy.terms import book
from storeward.records import models as records
from storeward.records.steps import OrderSteps

MOST = 50
"""Facts that are listed of one kind: the latest."""
POINTS_AGE = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Used:
    """One fact: its name in the facts format, its value as text, where it is from, when it was true, when we saw it."""

    name: str
    value: str
    origin: str
    true_at: datetime | None
    seen_at: datetime


def facts_of(finding: Finding, at: datetime) -> Iterator[Used]:
    """What the rows say that the finding rests on, nothing of it from after `at`."""
    reader = _BY_SUBJECT.get(finding.subject_kind) or _BY_FORM.get(_form(finding)) or _of_typed
    yield from reader(finding, at)


def _form(finding: Finding) -> str:
    rule = next((rule for _, rule in book() if rule.id == finding.rule), None)
    return "" if rule is None or rule.form is None else rule.form


def _one(kind: type[Model], finding: Finding) -> Any:
    """The row of the finding's subject, or None."""
    return kind._default_manager.filter(store_id=finding.store_id, platform_id=finding.subject_id).first()


def _of_order(finding: Finding, at: datetime) -> Iterator[Used]:
    row = _one(records.Order, finding)
    if row is None:
        return
    steps = msgspec.convert(row.data, OrderSteps, strict=False)
    for name in OrderSteps.__struct_fields__:
        value = getattr(steps, name)
        if isinstance(value, datetime):
            if value <= at or name == "ship_by_at":
                yield Used(name, value.isoformat(), row.origin, value, row.observed_at)
        elif value is not None and name not in ("status", "total"):
            yield Used(name, str(value), row.origin, row.updated_at, row.observed_at)
    if row.amount is not None:
        yield Used("total", f"{row.amount.normalize():f} {row.currency}", row.origin, row.updated_at, row.observed_at)


def _of_request(finding: Finding, at: datetime) -> Iterator[Used]:
    row = _one(records.AfterSale, finding)
    if row is None:
        return
    for name in ("requested_at", "answer_by_at"):
        if (value := getattr(row, name)) is not None:
            yield Used(name, value.isoformat(), row.origin, value, row.observed_at)
    settled = row.updated_at if not row.open else None
    if settled is not None and settled <= at:
        yield Used("answered_at", settled.isoformat(), row.origin, settled, row.observed_at)


def _of_conversation(finding: Finding, at: datetime) -> Iterator[Used]:
    held = records.Message.objects.filter(
        store_id=finding.store_id, platform_conversation_id=finding.subject_id, visible=True, sent_at__lte=at
    )
    for message in reversed(held.order_by("-position")[:MOST]):
        if message.sent_at is not None:
            yield Used("message", message.role, message.origin, message.sent_at, message.observed_at)


def _of_violation(finding: Finding, at: datetime) -> Iterator[Used]:
    row = _one(records.Violation, finding)
    if row is not None:
        for name in ("notified_at", "deadline_at"):
            if (value := getattr(row, name)) is not None:
                yield Used(name, value.isoformat(), row.origin, value, row.observed_at)


def _of_balances(finding: Finding, at: datetime) -> Iterator[Used]:
    held = records.BalanceEvent.objects.filter(store_id=finding.store_id, at__lte=at).order_by("-at")[:MOST]
    for event in reversed(held):
        yield Used("balance", f"{event.amount.normalize():f} {event.currency}", event.origin, event.at, event.observed_at)


def _of_events(finding: Finding, at: datetime) -> Iterator[Used]:
    held = records.StoreEvent.objects.filter(store_id=finding.store_id, at__lte=at).order_by("-at")[:MOST]
    for event in reversed(held):
        value = f"{event.type} {event.actor}".strip()
        yield Used(event.family, value, event.origin, event.at, event.observed_at)


def _of_points(finding: Finding, at: datetime) -> Iterator[Used]:
    held = records.PointsEntry.objects.filter(
        store_id=finding.store_id, issued_at__lte=at, issued_at__gt=at - POINTS_AGE
    ).order_by("-issued_at")[:MOST]
    for entry in reversed(held):
        yield Used("points", f"{entry.points.normalize():f}", entry.origin, entry.issued_at, entry.observed_at)


def _of_typed(finding: Finding, at: datetime) -> Iterator[Used]:
    """Values that people entered, the latest of each name; and when the feed behind the rule was last seen."""
    held = records.StoreFact.objects.filter(store_id=finding.store_id, as_of__lte=at).order_by("name", "-as_of").distinct("name")
    for fact in held:
        yield Used(fact.name, msgspec.json.encode(fact.value).decode(), fact.origin, fact.as_of, fact.observed_at)
    feed = feeds().get(finding.rule)
    streams = records.Stream.objects.filter(store_id=finding.store_id, name=feed, observed_at__isnull=False) if feed else ()
    for stream in streams:
        assert stream.observed_at is not None
        yield Used(f"stream {stream.name}", "", stream.origin, stream.observed_at, stream.observed_at)


Reader = Callable[[Finding, datetime], Iterator[Used]]

_BY_SUBJECT: Mapping[str, Reader] = {
    "order": _of_order,
    "return_request": _of_request,
    "cancellation_request": _of_request,
    "conversation": _of_conversation,
    "violation": _of_violation,
}
_BY_FORM: Mapping[str, Reader] = {
    "balance_sign": _of_balances,
    "balance_streak": _of_balances,
    "balance_usd": _of_balances,
    "inactivity_streak": _of_events,
    "inactivity_grace": _of_events,
    "login_routine": _of_events,
    "attestation": _of_events,
    "notice": _of_events,
    "points_tier": _of_points,
}
