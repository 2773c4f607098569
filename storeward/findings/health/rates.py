"""Our running figure of each rate beside the platform's own, the misses left until a limit, and the items that count behind it.

What counts, by which of its instants, and what is left out is data (`policy/ledgers/formulas.toml`), limits and windows are those
of the rules in force. A figure is a count over the ledger of obligations or over orders, so the items are the same rows with the
same conditions: what the page lists is what was counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import msgspec
from django.db import connection
from django.db.backends.utils import CursorWrapper

from storeward.findings.facts import profiles
from storeward.policy.calendars import for_store
from storeward.policy.facts import StoreProfile
from storeward.policy.ledgers.rates import Counted, Formula, Limit, all_formulas, formulas, limits, misses_left
from storeward.policy.terms import Book
from storeward.rulebook.force import books


@dataclass(frozen=True, slots=True)
class Told:
    """The platform's own figure, in percent: over how many days (None: it does not say), and when it was true."""

    value: Decimal
    window_days: int | None
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """A limit and how many more may go wrong before it breaks (-1: broken, None: nothing breaks it)."""

    limit: Limit
    left: int | None


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate of one store over one window."""

    store_id: int
    formula: Formula
    window_days: int
    since: datetime
    until: datetime
    counted: Counted
    lines: tuple[Line, ...]
    told: Told | None

    @property
    def difference(self) -> Decimal | None:
        """The platform's figure minus ours, in percentage points; None where one is missing, or its window is another."""
        ours = self.counted.percent
        if ours is None or self.told is None or self.told.window_days not in (None, self.window_days):
            return None
        return self.told.value - Decimal(ours.numerator) / Decimal(ours.denominator)

    @property
    def misses(self) -> int:
        """How many of those counted went wrong."""
        return self.counted.part if self.formula.by_misses else self.counted.whole - self.counted.part


@dataclass(frozen=True, slots=True)
class _Slot:
    """A rate that is to be counted: for which store, over which span, against which limits."""

    store_id: int
    formula: Formula
    window_days: int
    since: datetime
    until: datetime
    limits: tuple[Limit, ...]


def rates(store_ids: Sequence[int], *, now: datetime) -> list[Rate]:
    """The rates of these stores, one for each formula and window that a rule names. Five queries for any number of stores."""
    with connection.cursor() as cursor:
        slots = _slots(cursor, store_ids, now)
        counted = _count_duties(cursor, slots) | _count_orders(cursor, slots)
        told = _told(cursor, store_ids)
    return [
        Rate(
            slot.store_id,
            slot.formula,
            slot.window_days,
            slot.since,
            slot.until,
            counted.get(number, Counted(0, 0)),
            _lines(counted.get(number, Counted(0, 0)), slot),
            told.get((slot.store_id, slot.formula.metric)),
        )
        for number, slot in enumerate(slots)
    ]


def _lines(counted: Counted, slot: _Slot) -> tuple[Line, ...]:
    by_misses = slot.formula.by_misses
    return tuple(Line(limit, misses_left(counted, limit, by_misses=by_misses)) for limit in slot.limits)


def _slots(cursor: CursorWrapper, store_ids: Sequence[int], now: datetime) -> list[_Slot]:
    known = profiles(cursor, store_ids)
    rules = books({workspace for workspace, _ in known.values()}, now)
    return [
        slot
        for store_id in store_ids
        if store_id in known
        for slot in _of_store(store_id, known[store_id][1], rules[known[store_id][0]], now)
    ]


def _of_store(store_id: int, profile: StoreProfile, rules: Book, now: datetime) -> Iterable[_Slot]:
    calendar = for_store(profile).own
    for formula in formulas(profile.platform, profile.region):
        found = limits(rules, profile, formula.metric, calendar.day_of(now))
        for days in sorted({limit.window_days for limit in found if limit.window_days is not None}):
            until = calendar.add_days(now, -formula.skip_days)
            meant = tuple(limit for limit in found if limit.window_days in (days, None))
            yield _Slot(store_id, formula, days, calendar.add_days(until, -days), until, meant)


# -- counting -----------------------------------------------------------------------------------------------------------

# What is met before its instant counts at once, so instants ahead are read where the window is one of due instants.
_DUTIES: Final = """
FROM unnest(%(slots)s::int[], %(stores)s::bigint[], %(rules)s::text[], %(since)s::timestamptz[], %(until)s::timestamptz[],
    %(by_due)s::bool[]) AS k (slot, store_id, rule, since, until, by_due)
JOIN findings_obligation o ON o.store_id = k.store_id AND o.rule = k.rule AND o.state IN ('met', 'met_late', 'breached')
    AND o.due_at > k.since AND (k.by_due OR (o.starts_at > k.since AND o.starts_at <= k.until))
"""
_ORDERS: Final = """
FROM unnest(%(slots)s::int[], %(stores)s::bigint[], %(since)s::timestamptz[], %(until)s::timestamptz[], %(parts)s::text[],
    %(by)s::text[]) AS k (slot, store_id, since, until, part, by)
JOIN records_order o ON o.store_id = k.store_id AND o.placed_at > k.since AND o.placed_at <= k.until
LEFT JOIN (
    SELECT DISTINCT store_id, data ->> 'platform_order_id' AS order_id FROM records_aftersale
    WHERE store_id = ANY(%(stores)s) AND kind = 'return'
) r ON k.part = 'returned' AND r.store_id = o.store_id AND r.order_id = o.platform_id
"""
_ORDER_PART: Final = """CASE k.part WHEN 'returned' THEN r.order_id IS NOT NULL
    ELSE o.status = 'cancelled' AND upper(o.data ->> 'platform_cancelled_by') = ANY(string_to_array(k.by, ',')) END"""


def _duty_values(slots: Sequence[tuple[int, _Slot]]) -> dict[str, Any]:
    each = [(number, slot, rule) for number, slot in slots for rule in slot.formula.rules]
    return {
        "slots": [number for number, _, _ in each],
        "stores": [slot.store_id for _, slot, _ in each],
        "rules": [rule for _, _, rule in each],
        "since": [slot.since for _, slot, _ in each],
        "until": [slot.until for _, slot, _ in each],
        "by_due": [slot.formula.counted_by == "due_at" for _, slot, _ in each],
    }


def _order_values(slots: Sequence[tuple[int, _Slot]]) -> dict[str, Any]:
    return {
        "slots": [number for number, _ in slots],
        "stores": [slot.store_id for _, slot in slots],
        "since": [slot.since for _, slot in slots],
        "until": [slot.until for _, slot in slots],
        "parts": [slot.formula.part for _, slot in slots],
        "by": [",".join(slot.formula.cancelled_by) for _, slot in slots],
    }


def _count_duties(cursor: CursorWrapper, slots: Sequence[_Slot]) -> dict[int, Counted]:
    chosen = [(number, slot) for number, slot in enumerate(slots) if slot.formula.of == "duties"]
    if not chosen:
        return {}
    cursor.execute(
        f"SELECT k.slot, count(*), count(*) FILTER (WHERE o.state = 'met') {_DUTIES} GROUP BY k.slot",
        _duty_values(chosen),
    )
    return {
        number: Counted(whole - kept if slots[number].formula.by_misses else kept, whole)
        for number, whole, kept in cursor.fetchall()
    }


def _count_orders(cursor: CursorWrapper, slots: Sequence[_Slot]) -> dict[int, Counted]:
    chosen = [(number, slot) for number, slot in enumerate(slots) if slot.formula.of == "orders"]
    if not chosen:
        return {}
    cursor.execute(
        f"SELECT k.slot, count(*), count(*) FILTER (WHERE {_ORDER_PART}) {_ORDERS} GROUP BY k.slot",
        _order_values(chosen),
    )
    return {number: Counted(part, whole) for number, whole, part in cursor.fetchall()}


# -- the platform's own -------------------------------------------------------------------------------------------------


class _Figure(msgspec.Struct, frozen=True):
    value: Decimal | None = None
    unit: str | None = None
    window_days: int | None = None
    platform_part: str | None = None


_figure = msgspec.json.Decoder(_Figure, strict=False)


def _words() -> Mapping[str, list[str]]:
    """The platforms' words for their own figures, with the metrics that they mean."""
    found: dict[str, list[str]] = {}
    for formula in all_formulas():
        for word in formula.told_as:
            found.setdefault(word, []).append(formula.metric)
    return found


def _told(cursor: CursorWrapper, store_ids: Sequence[int]) -> dict[tuple[int, str], Told]:
    """The newest of each figure that a platform tells of a store as a whole."""
    words = _words()
    cursor.execute(
        """
        SELECT m.store_id, s.platform, split_part(m.platform_id, ':', 1), m.data::text, coalesce(m.as_of, m.observed_at)
        FROM records_metric m JOIN stores_store s ON s.id = m.store_id
        WHERE m.store_id = ANY(%s) AND split_part(m.platform_id, ':', 1) = ANY(%s)
        ORDER BY m.store_id, coalesce(m.as_of, m.observed_at), m.platform_id
        """,
        [list(store_ids), list(words)],
    )
    found: dict[tuple[int, str], Told] = {}
    for store_id, platform, word, data, as_of in cursor.fetchall():
        figure = _figure.decode(data)
        if figure.value is None or figure.platform_part is not None:
            continue
        value = figure.value * 100 if figure.unit == "ratio" else figure.value
        for metric in words[word]:
            if any(f.metric == metric and word in f.told_as for f in all_formulas() if f.platform == platform):
                found[store_id, metric] = Told(value, figure.window_days, as_of)
    return found


# -- the items behind ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Behind:
    """An item that counts in a rate. `missed`: it counts as gone wrong."""

    kind: str
    id: str
    rule: str
    missed: bool
    starts_at: datetime | None
    due_at: datetime | None
    done_at: datetime | None


def behind(store_id: int, metric: str, window_days: int, *, now: datetime, missed_only: bool = True) -> list[Behind]:
    """The items behind a rate of a store, those that went wrong first, the latest in front: exactly those that `rates` counts.

    Empty where the store has no such rate over that window.
    """
    with connection.cursor() as cursor:
        slots = [
            slot for slot in _slots(cursor, [store_id], now) if slot.formula.metric == metric and slot.window_days == window_days
        ]
        if not slots:
            return []
        found = _duties_behind(cursor, slots[0]) if slots[0].formula.of == "duties" else _orders_behind(cursor, slots[0])
    return [item for item in found if item.missed] if missed_only else found


def _duties_behind(cursor: CursorWrapper, slot: _Slot) -> list[Behind]:
    cursor.execute(
        "SELECT o.subject_kind, o.subject_id, o.rule, o.state <> 'met', o.starts_at, o.due_at, o.done_at "
        f"{_DUTIES} ORDER BY o.state <> 'met' DESC, o.due_at DESC, o.subject_id",
        _duty_values([(0, slot)]),
    )
    return [Behind(*row) for row in cursor.fetchall()]


def _orders_behind(cursor: CursorWrapper, slot: _Slot) -> list[Behind]:
    cursor.execute(
        f"SELECT 'order', o.platform_id, '', coalesce({_ORDER_PART}, false), o.placed_at, NULL::timestamptz, "
        f"NULL::timestamptz {_ORDERS} ORDER BY 4 DESC, o.placed_at DESC, o.platform_id",
        _order_values([(0, slot)]),
    )
    return [Behind(*row) for row in cursor.fetchall()]
