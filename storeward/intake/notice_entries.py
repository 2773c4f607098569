"""What a recognised notice becomes: rows of `records`, entered in one transaction, never twice."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import transaction

from storeward.audit.record import record
from storeward.intake.models import Notice, NoticeState
from storeward.intake.notices import Recognised, Shop
from storeward.records.entry import By, enter_event, enter_fact, enter_points, enter_violation, word
from storeward.records.models import Origin, PointsEntry, Violation
from storeward.stores.models import Store

POINTS_KINDS: Final = frozenset({"violation_points", "penalty_points", "non_compliance_points"})
VIOLATIONS: Final = frozenset({"violation", "listing_removed"})
RATED: Final = frozenset({"US", "UK"})
"""Markets whose TikTok Shop counts health as a score."""
MOST_SCORE: Final = 1000
NOTE: Final = 300
OF_PLATFORM: Final = frozenset({Origin.API.value, Origin.PUSH.value})


@dataclass(frozen=True, slots=True)
class PointsOf:
    """An entry of points."""

    platform_id: str
    points: Decimal
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class ViolationOf:
    """A violation with its clock."""

    platform_id: str
    status: str
    notified_at: datetime
    deadline_at: datetime | None
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoticeOf:
    """A notice of a kind at an instant."""

    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ScoreOf:
    """The account health rating."""

    score: int
    as_of: datetime


Entry = PointsOf | ViolationOf | NoticeOf | ScoreOf


@dataclass(frozen=True, slots=True)
class Entries:
    """What to enter for which store, and what a person must add before anything can be."""

    store: Shop | None
    rows: tuple[Entry, ...]
    missing: tuple[str, ...]
    note: str


def words_digest(text: str) -> str:
    """The same for the same words, however blank, wide or capital they are written."""
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return hashlib.sha256(plain.encode()).hexdigest()


def entries_of(recognised: Recognised, *, sent_at: datetime | None = None) -> Entries:
    """What a notice becomes. A mail's own date stands for that of a notice which names none. Incomplete: no rows at all."""
    kind = recognised.kind.value if recognised.kind else ""
    store = recognised.store.value if recognised.store else None
    at = recognised.issued_at.value if recognised.issued_at else (None if "issued_at" in recognised.unsure else sent_at)
    needed: dict[str, object] = {"kind": kind, "store": store, "issued_at": at}
    if kind in POINTS_KINDS:
        needed["points"] = recognised.points
    if kind == "account_health":
        needed["score"] = recognised.score
    missing = [name for name, value in needed.items() if not value]
    missing += [name for name in recognised.unsure if name == "deadline"]
    rows = () if missing or at is None or store is None else _rows(recognised, kind, store, at)
    return Entries(store, tuple(rows), tuple(missing), recognised.text[:NOTE])


def _rows(recognised: Recognised, kind: str, store: Shop, at: datetime) -> Sequence[Entry]:
    platform_id = recognised.case.value if recognised.case else f"notice-{words_digest(recognised.text)[:24]}"
    rows: list[Entry] = []
    points = recognised.points.value if recognised.points else None
    if kind in POINTS_KINDS and points:
        rows.append(PointsOf(platform_id, points, at))
    if kind in VIOLATIONS or (kind in POINTS_KINDS and recognised.deadline):
        rows.append(_violation(recognised, kind, platform_id, at, points))
    score = recognised.score.value if recognised.score else None
    if kind == "account_health" and score is not None and _rated(store, score):
        rows.append(ScoreOf(int(score), at))
    return rows or [NoticeOf(kind, at)]


def _rated(store: Shop, score: Decimal) -> bool:
    whole = score == score.to_integral_value() and 0 <= score <= MOST_SCORE
    return whole and store.platform == "tiktok_shop" and store.region in RATED


def _violation(recognised: Recognised, kind: str, platform_id: str, at: datetime, points: Decimal | None) -> ViolationOf:
    """Points or a taken listing: the penalty is in force. A deadline alone: a ticket that waits for an answer."""
    deadline = recognised.deadline.value if recognised.deadline else None
    details = {"platform_reason": kind}
    if recognised.subject:
        details |= {"subject_kind": recognised.subject.value.kind, "subject_id": recognised.subject.value.id}
    if points:
        details["points"] = str(points)
    pending = kind == "violation" and deadline is not None and not points
    return ViolationOf(platform_id, "pending" if pending else "enforced", at, deadline, details)


@dataclass(frozen=True, slots=True)
class Entered:
    """The notice as it is kept, and whether this call entered anything."""

    notice: Notice
    new: bool


def keep(recognised: Recognised, *, workspace_id: int, now: datetime) -> Notice:
    """A pasted notice as a row that waits for somebody to agree. The same words about the same store are the same row."""
    words = words_digest(recognised.text)
    kept, _ = Notice.objects.get_or_create(
        workspace_id=workspace_id,
        digest=_digest(words, recognised),
        defaults={
            "words": words,
            "kind": recognised.kind.value if recognised.kind else "",
            "store_id": recognised.store.value.id if recognised.store else None,
            "text": recognised.text,
            "received_at": now,
            "state": NoticeState.LOOK,
        },
    )
    return kept


@transaction.atomic
def set_aside(notice_id: int, *, workspace_id: int, reason: str, who: str, now: datetime) -> bool:
    """Nothing is to be entered from a notice, and why. False where it has been entered. Raises records.BadEntry for no reason."""
    said = word("reason", reason, "say in a word why nothing is to be entered", longest=300)
    notice = Notice.objects.select_for_update().get(pk=notice_id, workspace_id=workspace_id)
    if notice.state == NoticeState.ENTERED:
        return False
    before = {"state": notice.state, "why": notice.why}
    _settled(notice, NoticeState.DONE, said, [], who=who, now=now)
    record(
        workspace_id=workspace_id, at=now, actor=who, action="intake.set_aside", subject=f"notice:{notice_id}",
        before=before, after={"state": NoticeState.DONE, "why": said},
    )  # fmt: skip
    return True


@transaction.atomic
def enter(
    recognised: Recognised,
    *,
    workspace_id: int,
    who: str,
    now: datetime,
    origin: Origin = Origin.FORM,
    sent_at: datetime | None = None,
    kept: Notice | None = None,
) -> Entered:
    """Keep a notice and enter what it says, all or nothing. The same words again enter nothing new; an incomplete notice is kept
    for somebody to look at. `kept` is the row of a mail, or of a notice that waited. Raises records.BadEntry.
    """
    words = words_digest(recognised.text)
    if kept is None:
        kept = keep(recognised, workspace_id=workspace_id, now=now)
    notice = Notice.objects.select_for_update().get(pk=kept.pk)
    if notice.state == NoticeState.ENTERED:
        return Entered(notice, new=False)
    found = entries_of(recognised, sent_at=sent_at)
    notice.kind = recognised.kind.value if recognised.kind else ""
    notice.store_id = found.store.id if found.store else None
    if not found.rows or found.store is None:
        return _settled(notice, NoticeState.LOOK, "not told: " + ", ".join(found.missing), [], who=who, now=now)
    store = Store.objects.select_for_update().get(pk=found.store.id, workspace_id=workspace_id)
    if Notice.objects.filter(workspace_id=workspace_id, words=words, state=NoticeState.ENTERED, store=store).exists():
        return _settled(notice, NoticeState.DONE, "the same notice was entered before", [], who=who, now=now)
    by = By(who, now, origin, found.note)
    return _settled(notice, NoticeState.ENTERED, "", [_write(store, row, by) for row in found.rows], who=who, now=now)


def _digest(words: str, recognised: Recognised) -> str:
    """Of a pasted notice: the same words may be about two stores, where a person has said which."""
    return hashlib.sha256(f"{words}:{recognised.store.value.id if recognised.store else ''}".encode()).hexdigest()


def _settled(notice: Notice, state: NoticeState, why: str, entered: list[str], *, who: str, now: datetime) -> Entered:
    notice.state, notice.why, notice.entered = state, why[:300], entered
    notice.entered_at = now if state == NoticeState.ENTERED else None
    notice.settled_by, notice.settled_at = ("", None) if state == NoticeState.LOOK else (who, now)
    notice.save()
    return Entered(notice, new=state == NoticeState.ENTERED)


def _write(store: Store, row: Entry, by: By) -> str:
    """Enter one row; what was done, in words for the notice's own record."""
    match row:
        case PointsOf():
            return _points(store, row, by)
        case ViolationOf():
            return _entered_violation(store, row, by)
        case NoticeOf():
            enter_event(store, "notice", row.kind, at=row.at, by=by, actor="system")
            return f"notice {row.kind}"
        case ScoreOf():
            enter_fact(store, "ahr", {"score": row.score}, as_of=row.as_of, by=by)
            return f"ahr {row.score}"


def _points(store: Store, row: PointsOf, by: By) -> str:
    known = PointsEntry.objects.filter(store=store, platform_id=row.platform_id).first()
    if known is not None and known.origin in OF_PLATFORM:
        return f"points {row.platform_id}: the platform itself has told them"
    enter_points(store, row.platform_id, row.points, issued_at=row.issued_at, by=by, reason=by.note)
    return f"points {row.platform_id}"


def _entered_violation(store: Store, row: ViolationOf, by: By) -> str:
    """A later notice of the same number moves its clock; the day of the first stays."""
    known = Violation.objects.filter(store=store, platform_id=row.platform_id).first()
    if known is not None and known.origin in OF_PLATFORM:
        return f"violation {row.platform_id}: the platform itself has told it"
    first = known.notified_at if known is not None else None
    enter_violation(
        store,
        row.platform_id,
        status=row.status,
        by=by,
        notified_at=min(first, row.notified_at) if first else row.notified_at,
        deadline_at=row.deadline_at or (known.deadline_at if known is not None else None),
        details={**row.details, "note": by.note},
    )
    return f"violation {row.platform_id}"
