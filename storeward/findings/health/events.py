"""Records become ledgers: entries of points, violations that cost points, credits that people entered, snapshots of the score.

A number of queries that does not depend on how many stores are asked for. Points of a store with a rating are what a notice says
that it lost; a violation that names its points is the same, told better, and counts once.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final, get_args

import msgspec
from django.db.backends.utils import CursorWrapper

from storeward.findings.facts import profiles
from storeward.policy.ledgers.points import Entry, PointsLedger
from storeward.policy.ledgers.rating import Event, Kind, RatingLedger
from storeward.policy.ledgers.regimes import Ground, RatingRegime
from storeward.policy.ledgers.snapshots import Snapshot
from storeward.policy.rules.base import MAX_AGE
from storeward.policy.rules.violations import SETTLED
from storeward.rulebook.force import books

CREDIT: Final = "ahr_credit"
"""The fact by which a person enters what a rating gained: `{points, kind, note}`, true at its `as_of`."""
RATING: Final = "ahr"
TOTALS: Final = ("violation_points", "penalty_points", "non_compliance_points")
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
FEEDS: Final = ["points"]
"""Streams that bring entries of points."""
SETTLED_STATUSES: Final = SETTLED | {"ended"}
"""Every other status is open, one that nobody knows as well."""
OVER: Final = frozenset({"overturned", "corrected"})
"""A violation that costs nothing (any more): an appeal was granted, or it was mended in time."""
PENDING: Final = "pending"
HISTORY: Final = timedelta(days=400)
"""What is settled and older than this plays no part any more. Entries of points do: at the highest tier nothing is cleared."""
MOST_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class Violation:
    """A recorded violation or punishment, as pages tell it. `points`: what it cost, where somebody has said."""

    id: str
    status: str | None
    category: str | None
    reason: str
    points: Decimal | None
    notified_at: datetime | None
    deadline_at: datetime | None
    began_at: datetime | None
    ends_at: datetime | None
    appeals: int
    quiz_open: bool
    changed_at: datetime
    origin: str

    @property
    def punishes(self) -> bool:
        """Whether it is a punishment: it restricts something for a time."""
        return self.category == "punishment" or self.ends_at is not None


@dataclass(frozen=True, slots=True)
class Enforced:
    """A milestone of a rating that is enforced, as somebody typed it."""

    milestone: Decimal | None
    began_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Book:
    """The ledger of one store, None where its platform has no such score, with what was read beside it."""

    store_id: int
    ground: Ground
    ledger: PointsLedger | RatingLedger | None
    snapshots: tuple[Snapshot, ...]
    violations: tuple[Violation, ...]
    enforced: tuple[Enforced, ...]
    seen_at: datetime | None
    """When somebody or a feed last looked; None: nobody ever has."""
    fresh: bool
    """Whether that look may still be trusted (C13; a feed by its own trust)."""


@dataclass(slots=True)
class _Draft:
    entries: list[Entry] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    credits: list[Event] = field(default_factory=list)
    snapshots: dict[str, list[Snapshot]] = field(default_factory=lambda: defaultdict(list))
    """By the fact that they are: each way of counting has its own."""
    enforced: tuple[Enforced, ...] = ()
    looks: list[datetime] = field(default_factory=list)
    told_at: dict[str, datetime] = field(default_factory=dict)
    trusted_until: datetime | None = None

    def seen_at(self, fact: str) -> datetime | None:
        """When somebody or a feed last looked at the score; what was read of the other way of counting says nothing of it."""
        return max(filter(None, (*self.looks, self.told_at.get(fact))), default=None)

    def fresh(self, fact: str, now: datetime) -> bool:
        """By the feed where one brings the points, else as long as a value that was typed is believed."""
        if self.trusted_until is not None:
            return now < self.trusted_until
        seen_at = self.seen_at(fact)
        return seen_at is not None and now - seen_at <= MAX_AGE


def ledgers(cursor: CursorWrapper, store_ids: Sequence[int], now: datetime, *, in_full: Sequence[int] = ()) -> dict[int, Book]:
    """The ledger of each of these stores, by what was known at `now`; six queries. `in_full`: stores of which every snapshot is
    wanted, not the newest alone."""
    known = profiles(cursor, store_ids)
    rules = books({workspace for workspace, _ in known.values()}, now)
    drafts: dict[int, _Draft] = defaultdict(_Draft)
    _entries(cursor, list(known), drafts, now)
    _violations(cursor, list(known), drafts, now)
    _told(cursor, list(known), drafts, now, in_full)
    _feeds(cursor, list(known), drafts)
    return {
        store_id: _book(store_id, Ground(rules[workspace], profile), drafts[store_id], now)
        for store_id, (workspace, profile) in known.items()
    }


def _book(store_id: int, ground: Ground, draft: _Draft, now: datetime) -> Book:
    regime = ground.regime(now)
    ledger: PointsLedger | RatingLedger | None = None
    fact = RATING
    if isinstance(regime, RatingRegime):
        ledger = RatingLedger(ground, _moves(draft))
    elif regime is not None:
        ledger, fact = PointsLedger(ground, tuple(draft.entries)), regime.fact
    return Book(
        store_id,
        ground,
        ledger,
        tuple(draft.snapshots.get(fact, ())),
        tuple(draft.violations),
        draft.enforced,
        draft.seen_at(fact),
        draft.fresh(fact, now),
    )


def _moves(draft: _Draft) -> tuple[Event, ...]:
    """What moved a rating: violations that name their points, other points that were taken, credits."""
    taken = [event for violation in draft.violations if (event := _deduction(violation)) is not None]
    told = {event.id for event in taken}
    taken += [_lost(entry) for entry in draft.entries if entry.id not in told]
    return (*taken, *draft.credits)


def _deduction(violation: Violation) -> Event | None:
    """None where it has cost nothing yet, or nobody has said when and how much."""
    at = violation.began_at or violation.notified_at
    if violation.points is None or at is None or violation.status == PENDING or violation.punishes:
        return None
    over = violation.status in OVER
    lifted = max(violation.changed_at, at) if over else None
    reason = violation.reason or violation.category or ""
    return Event(violation.id, at, -violation.points, "deduction", lifted, reason, violation.origin)


def _lost(entry: Entry) -> Event:
    change = None if entry.points is None else -entry.points
    return Event(entry.id, entry.issued_at, change, "deduction", None, entry.reason, entry.origin)


def _at(seconds: float) -> datetime:
    """Instants come as seconds: reading them as text would be a quarter of the board's time."""
    return datetime.fromtimestamp(seconds, UTC)


# -- rows ---------------------------------------------------------------------------------------------------------------


class _Points(msgspec.Struct, frozen=True):
    original: Decimal | None = None
    platform_reason: str | None = None


_points = msgspec.json.Decoder(_Points, strict=False)


def _entries(cursor: CursorWrapper, ids: list[int], drafts: dict[int, _Draft], now: datetime) -> None:
    cursor.execute(
        """
        SELECT store_id, platform_id, points, extract(epoch FROM issued_at)::float8,
            extract(epoch FROM coalesce(updated_at, observed_at))::float8, extract(epoch FROM observed_at)::float8, origin,
            data::text
        FROM records_pointsentry WHERE store_id = ANY(%s) AND issued_at <= %s ORDER BY store_id, issued_at
        """,
        [ids, now],
    )
    for store_id, identity, points, issued, changed, observed, origin, data in cursor.fetchall():
        more, issued_at = _points.decode(data), _at(issued)
        drafts[store_id].looks.append(_at(observed))
        lifted = max(_at(changed), issued_at) if more.original is not None and more.original > points else None
        drafts[store_id].entries.append(
            Entry(identity, issued_at, points, more.original, lifted, more.platform_reason or "", origin)
        )


class _ViolationData(msgspec.Struct, frozen=True):
    category: str | None = None
    platform_category: str | None = None
    platform_reason: str | None = None
    text: str | None = None
    points: Decimal | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    appeals: tuple[dict[str, Any], ...] = ()
    quiz_open: bool | None = None


_violation = msgspec.json.Decoder(_ViolationData, strict=False)


def _violations(cursor: CursorWrapper, ids: list[int], drafts: dict[int, _Draft], now: datetime) -> None:
    """Those of the last year and a bit, and older ones that are not settled: they may still hold."""
    cursor.execute(
        """
        SELECT store_id, platform_id, status, extract(epoch FROM notified_at)::float8, extract(epoch FROM deadline_at)::float8,
            extract(epoch FROM coalesce(updated_at, observed_at))::float8, origin, data::text
        FROM records_violation WHERE store_id = ANY(%s)
            AND (coalesce(notified_at, observed_at) > %s OR status <> ALL(%s) OR status IS NULL)
            AND coalesce(notified_at, observed_at) <= %s
        ORDER BY store_id, coalesce(notified_at, observed_at) DESC, platform_id
        """,
        [ids, now - HISTORY, sorted(SETTLED_STATUSES), now + timedelta(minutes=1)],
    )
    for store_id, identity, status, notified, deadline, changed, origin, data in cursor.fetchall():
        more = _violation.decode(data)
        drafts[store_id].violations.append(
            Violation(
                id=identity,
                status=status,
                category=more.category or more.platform_category,
                reason=more.text or more.platform_reason or "",
                points=more.points,
                notified_at=None if notified is None else _at(notified),
                deadline_at=None if deadline is None else _at(deadline),
                began_at=more.started_at,
                ends_at=more.ended_at,
                appeals=len(more.appeals),
                quiz_open=bool(more.quiz_open),
                changed_at=_at(changed),
                origin=origin,
            )
        )


_FACTS = """
SELECT store_id, name, value::text, as_of, origin, entered_by FROM records_storefact
WHERE as_of <= %(now)s AND as_of > %(since)s
    AND (store_id = ANY(%(full)s) AND name = ANY(%(names)s) OR store_id = ANY(%(others)s) AND name = 'ahr_credit')
UNION ALL (
    SELECT DISTINCT ON (store_id, name) store_id, name, value::text, as_of, origin, entered_by FROM records_storefact
    WHERE store_id = ANY(%(others)s) AND name = ANY(%(names)s) AND name <> 'ahr_credit' AND as_of <= %(now)s
    ORDER BY store_id, name, as_of DESC)
ORDER BY as_of
"""


def _told(cursor: CursorWrapper, ids: list[int], drafts: dict[int, _Draft], now: datetime, in_full: Sequence[int]) -> None:
    """Snapshots of the score, credits, and the milestones that are enforced by the newest of them."""
    full = sorted(set(in_full) & set(ids))
    others = [store_id for store_id in ids if store_id not in full]
    names = [RATING, CREDIT, *TOTALS]
    cursor.execute(_FACTS, {"full": full, "others": others, "names": names, "now": now, "since": now - HISTORY})
    for store_id, name, text, as_of, origin, by in cursor.fetchall():
        value = msgspec.json.decode(text or "null")
        if name == CREDIT:
            _credit(drafts[store_id], value, as_of, origin)
            continue
        score = _score(value)
        drafts[store_id].told_at[name] = as_of
        if score is not None:
            drafts[store_id].snapshots[name].append(Snapshot(as_of, score, origin, by))
        if name == RATING and isinstance(value, Mapping):
            drafts[store_id].enforced = _enforced(value, now)


def _feeds(cursor: CursorWrapper, ids: list[int], drafts: dict[int, _Draft]) -> None:
    """Where a feed brings the points, none at all is a fact as well."""
    cursor.execute(
        "SELECT store_id, observed_at, trusted_until FROM records_stream WHERE store_id = ANY(%s) AND name = ANY(%s)",
        [ids, FEEDS],
    )
    for store_id, observed_at, trusted_until in cursor.fetchall():
        if observed_at is not None:
            drafts[store_id].looks.append(observed_at)
            drafts[store_id].trusted_until = trusted_until


def _credit(draft: _Draft, value: Any, at: datetime, origin: str) -> None:
    fields = value if isinstance(value, Mapping) else {"points": value}
    kind: Kind = next((one for one in KINDS if one == fields.get("kind")), "other")
    note = str(fields.get("note") or "")
    draft.credits.append(Event(f"{CREDIT}:{at.isoformat()}", at, number(fields.get("points")), kind, None, note, origin))


def _score(value: Any) -> Decimal | None:
    """The score of a fact: a bare number, or the field that holds it. Entries are no total."""
    if isinstance(value, Mapping):
        value = value.get("score", value.get("total"))
    return number(value)


def number(value: Any) -> Decimal | None:
    """A JSON number or decimal text as an exact figure; None for anything else, and for what no score can be."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        figure = Decimal(str(value))
    except InvalidOperation:
        return None
    return figure if figure.is_finite() and (not figure or abs(figure.adjusted()) <= MOST_DIGITS) else None


def _enforced(value: Mapping[str, Any], now: datetime) -> tuple[Enforced, ...]:
    """Those that run; one whose end nobody has said runs on."""
    listed = value.get("enforcements")
    found = (
        Enforced(number(one.get("milestone")), _instant(one.get("started_at")), _instant(one.get("ends_at")))
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, Mapping)
    )
    return tuple(one for one in found if one.ends_at is None or one.ends_at > now)


def _instant(value: Any) -> datetime | None:
    try:
        at = msgspec.convert(value, datetime)
    except msgspec.ValidationError:
        return None
    return at if at.tzinfo is not None else None
