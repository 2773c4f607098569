"""What a person does with a finding: take it, hand it on, put it off, call it done. Facts and the clock do the rest.

Every deed is one transaction: the row moves on a condition, so that two people who press at once do not undo each other; a
transition says what happened; the audit log says who. Rights are the set of stores handed in: a finding of another store is not
there at all.

    LifecycleError
    |- NotThere    no such finding among these stores; missing and forbidden are told apart by nobody
    |- Refused     the deed does not fit: no end to a snooze, no reason, or somebody else was faster
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from storeward.audit.record import record
from storeward.findings.models import Finding, FindingStatus, Transition, TransitionKind

LONGEST_SNOOZE = timedelta(days=30)
"""There is no 'for ever': what is put off for longer is resolved with a reason instead."""

UNRESOLVED = (FindingStatus.OPEN, FindingStatus.ACKNOWLEDGED, FindingStatus.SNOOZED)


class LifecycleError(Exception):
    """A deed that was not done."""


class NotThere(LifecycleError):
    """There is no such finding."""


class Refused(LifecycleError):
    """The deed does not fit; the message says why and what to do."""


def acknowledge(
    finding_id: int, *, store_ids: Collection[int], actor: str, now: datetime, owner: str | None = None, reason: str = ""
) -> Finding:
    """Take it: somebody (the actor, if not said otherwise) looks after it. Checking goes on."""
    changes = {"status": FindingStatus.ACKNOWLEDGED, "owner": owner or actor, "snoozed_until": None}
    return _do(finding_id, store_ids, actor, now, TransitionKind.ACKNOWLEDGED, changes, reason)


def assign(finding_id: int, *, store_ids: Collection[int], actor: str, now: datetime, owner: str, reason: str = "") -> Finding:
    """Hand it to somebody; an empty owner gives it back to all."""
    status = FindingStatus.ACKNOWLEDGED if owner else FindingStatus.OPEN
    changes = {"status": status, "owner": owner, "snoozed_until": None}
    return _do(finding_id, store_ids, actor, now, TransitionKind.ASSIGNED, changes, reason)


def snooze(
    finding_id: int, *, store_ids: Collection[int], actor: str, now: datetime, until: datetime, reason: str = ""
) -> Finding:
    """Put it off. It comes back at `until`, and sooner if it gets worse."""
    if until <= now:
        raise Refused("A snooze ends in the future: choose a later time.")
    if until - now > LONGEST_SNOOZE:
        raise Refused(f"A snooze ends within {LONGEST_SNOOZE.days} days: choose an earlier time, or resolve it with a reason.")
    changes = {"status": FindingStatus.SNOOZED, "snoozed_until": until}
    return _do(finding_id, store_ids, actor, now, TransitionKind.SNOOZED, changes, reason)


def resolve(finding_id: int, *, store_ids: Collection[int], actor: str, now: datetime, reason: str) -> Finding:
    """Call it done, or no problem, and say why. It reopens if it gets worse, or ceases and comes again."""
    if not reason.strip():
        raise Refused("Say in a few words why it is no problem any more.")
    changes = {"status": FindingStatus.RESOLVED, "snoozed_until": None, "resolved_at": now, "resolved_by": actor}
    return _do(finding_id, store_ids, actor, now, TransitionKind.RESOLVED, changes, reason)


def reopen(finding_id: int, *, store_ids: Collection[int], actor: str, now: datetime, reason: str = "") -> Finding:
    """Take back a resolution by a person while the facts still hold."""
    changes = {"status": FindingStatus.OPEN, "resolved_at": None, "resolved_by": "", "opened_at": now}
    was = (FindingStatus.RESOLVED,)
    return _do(finding_id, store_ids, actor, now, TransitionKind.REOPENED, changes, reason, was=was, holds=True)


def _do(
    finding_id: int,
    store_ids: Collection[int],
    actor: str,
    now: datetime,
    kind: TransitionKind,
    changes: dict[str, Any],
    reason: str,
    was: tuple[FindingStatus, ...] = UNRESOLVED,
    **conditions: Any,
) -> Finding:
    """Move the row if it is still as the person saw it, and write down that it moved."""
    with transaction.atomic():
        before = Finding.objects.select_for_update().filter(pk=finding_id, store_id__in=store_ids).first()
        if before is None:
            raise NotThere
        if before.status not in was or any(getattr(before, name) != value for name, value in conditions.items()):
            raise Refused(_too_late(before))
        old = {"status": before.status, "owner": before.owner, "snoozed_until": _text(before.snoozed_until)}
        for name, value in changes.items():
            setattr(before, name, value)
        before.reason, before.changed_at = reason.strip()[:300], now
        before.save(update_fields=[*changes, "reason", "changed_at"])
        Transition.objects.create(
            finding=before, at=now, kind=kind, state=before.state, severity=before.severity, actor=actor, reason=before.reason
        )
        new = {"status": before.status, "owner": before.owner, "snoozed_until": _text(before.snoozed_until)}
        record(
            workspace_id=before.workspace_id,
            at=now,
            actor=actor,
            action=f"findings.{kind.value}",
            subject=f"finding:{before.pk}",
            before=old,
            after={**new, "rule": before.rule, "reason": before.reason},
        )
        return before


def _too_late(finding: Finding) -> str:
    if finding.status == FindingStatus.RESOLVED:
        return "It is resolved already: open it again first, or look at its history."
    return "It is not resolved, or its facts have ceased: there is nothing to open again."


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
