"""The matrix: every store against every inspection item, each cell told by rows that are there already, in four statements.

A cell is fine only where everything that could speak against it was heard: the feeds of its rules are within their trust, what
people must enter has been entered and is fresh, and no finding is open. Whatever cannot be told is unknown, never fine.
"""

import gc
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache, cached_property, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.backends.utils import CursorWrapper

from storeward.findings.feeds import FEED_OF_STREAM, PUSH, PUSHED, Sight, StoreSight, look
from storeward.findings.rules import TOLD_BY_EVENTS, feeds
from storeward.policy import items
from storeward.policy.items import Item
from storeward.policy.terms import INTERNAL, book
from storeward.policy.types import Severity, State
from storeward.rounds.status import StoreStatus, status_of

SEVERITIES = tuple(Severity)
GRADES = {severity.value: severity.rank for severity in Severity}


class Cell(NamedTuple):
    """One item of one store. `severity` is of the worst finding, None without; `figure` one short text; `as_of` the age of what
    tells it, None where nothing does.
    """

    state: State
    severity: Severity | None
    findings: int
    figure: str
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class StoreLine:
    """A store of the matrix. `stale`: a feed that rules need is past its trust; `synced_at`: up to there everything was seen."""

    id: int
    key: str
    name: str
    platform: str
    platform_store_id: str
    region: str
    status: StoreStatus
    synced_at: datetime | None
    stale: bool
    connected: bool


@dataclass(frozen=True)
class Matrix:
    """Stores x items at one instant; `cells` has every pair. `complete`: nothing was kept from us that is ours to know."""

    at: datetime
    stores: tuple[StoreLine, ...]
    items: tuple[Item, ...]
    cells: Mapping[tuple[int, str], Cell]
    complete: bool

    def cell(self, store_id: int, item_id: str) -> Cell:
        """Raises KeyError for a store or item that is not in the matrix."""
        return self.cells[store_id, item_id]

    def status(self, store_id: int) -> StoreStatus:
        """Raises KeyError for a store that is not in the matrix."""
        return self._statuses[store_id]

    @cached_property
    def _statuses(self) -> Mapping[int, StoreStatus]:
        return {store.id: store.status for store in self.stores}

    def counts(self) -> dict[str, int]:
        """Cells by state."""
        found = dict.fromkeys((state.value for state in State), 0)
        for cell in self.cells.values():
            found[cell.state.value] += 1
        return found


LAST = 1_000


@dataclass(slots=True)
class _Told:
    """What rows say of one cell, before trust is weighed."""

    findings: int = 0
    severity: int = -1
    things: int = -1
    """The worst severity of findings about single things: orders, conversations, requests."""
    states: set[str] = field(default_factory=set)
    readings: set[str] = field(default_factory=set)
    figure: str = ""
    gauge: int = -1
    """The severity of the reading whose figure that is; -1 of one that is fine."""
    place: int = LAST
    """Where that reading's rule stands among those of its item: of equally grave ones the first speaks."""
    as_of: float | None = None
    owed: bool = False

    @property
    def worst(self) -> Severity | None:
        return SEVERITIES[self.severity] if self.severity >= 0 else None


NOTHING = _Told()


def matrix(store_ids: Sequence[int], *, now: datetime) -> Matrix:
    """The matrix of these stores at `now`. The number of statements does not depend on how many stores or findings there are."""
    with _collector_at_rest():
        return _reckon(store_ids, now)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Tens of thousands of small objects are made and none is garbage: looking through them again and again costs a third."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _reckon(store_ids: Sequence[int], now: datetime) -> Matrix:
    with connection.cursor() as cursor:
        sight = look(cursor, now, store_ids)
        told, worst = _findings(cursor, store_ids)
        _readings(cursor, store_ids, told)
    shown = _items(told)
    stores = sorted(sight.stores.values(), key=lambda store: store.key)
    lines = tuple(_line(store, sight, worst.get(store.id, NOTHING_WORST)) for store in stores)
    cells: dict[tuple[int, str], Cell] = {}
    for line in lines:
        cells.update(_cells(line, shown, sight, told))
    lines = tuple(_told_at_all(line, shown, cells) for line in lines)
    kept_from_us = any(line.stale for line in lines) or any(store.untold for store in worst.values())
    return Matrix(now, lines, shown, cells, complete=not kept_from_us)


@dataclass(slots=True)
class Worst:
    """What is open in a store as a whole."""

    severity: int = -1
    restricting: bool = False
    untold: bool = False


NOTHING_WORST = Worst()


def _findings(cursor: CursorWrapper, store_ids: Sequence[int]) -> tuple[dict[tuple[int, str], _Told], dict[int, Worst]]:
    """Open findings by cell, and what they mean for their store. What a cause hides is not counted: the cause is."""
    cursor.execute(
        """
        SELECT store_id, item, state, rule,
            max(CASE severity WHEN 'info' THEN 0 WHEN 'warning' THEN 1 WHEN 'critical' THEN 2 ELSE 3 END), count(*),
            subject_kind = 'store'
        FROM findings_finding WHERE store_id = ANY(%s) AND status <> 'resolved' AND NOT inhibited
        GROUP BY store_id, item, state, rule, subject_kind = 'store'
        """,
        [list(store_ids)],
    )
    told: dict[tuple[int, str], _Told] = defaultdict(_Told)
    worst: dict[int, Worst] = defaultdict(Worst)
    for store_id, item, state, rule, severity, count, whole in cursor.fetchall():
        cell = told[store_id, item]
        cell.things = cell.things if whole else max(cell.things, severity)
        cell.findings += count
        cell.severity = max(cell.severity, severity)
        cell.states.add(state)
        store = worst[store_id]
        store.severity = max(store.severity, severity)
        store.untold = store.untold or state == State.UNKNOWN
        store.restricting = store.restricting or (state == State.BREACHED and rule in _restricting())
    return told, worst


def _readings(cursor: CursorWrapper, store_ids: Sequence[int], told: dict[tuple[int, str], _Told]) -> None:
    """What gauges read, and which clocks of hands items run at all (an obligation says that somebody attested)."""
    cursor.execute(
        """
        SELECT store_id, rule, state, max(CASE WHEN subject_kind = 'store' THEN value END), max(unit), max(severity),
            extract(epoch FROM min(as_of))::float8
        FROM findings_reading WHERE store_id = ANY(%(ids)s) GROUP BY store_id, rule, state
        UNION ALL
        SELECT store_id, rule, 'owed', NULL, NULL, '', extract(epoch FROM max(starts_at))::float8 FROM findings_obligation
        WHERE store_id = ANY(%(ids)s) AND state IN ('open', 'breached') AND rule = ANY(%(entered)s) GROUP BY store_id, rule
        """,
        {"ids": list(store_ids), "entered": _entered_rules()},
    )
    for store_id, rule, state, value, unit, severity, as_of in cursor.fetchall():
        item, place = _seat(rule)
        cell = told[store_id, item]
        if state == "owed":
            cell.owed = True
        else:
            cell.readings.add(state)
            gauge = GRADES.get(severity, -1)
            if value and (gauge > cell.gauge or (gauge == cell.gauge and place < cell.place)):
                cell.figure, cell.gauge, cell.place = figure(value, unit), gauge, place
        if as_of is not None and (cell.as_of is None or as_of < cell.as_of):
            cell.as_of = as_of


@lru_cache(maxsize=4096)
def figure(value: str | None, unit: str | None) -> str:
    """A measured value, short enough for a cell: `14.3 %`, `462.81`, `165`; empty for none."""
    if not value:
        return ""
    percent = unit in ("%", "percent")
    try:
        number = Decimal(value).quantize(Decimal("0.1" if percent else "0.01"))
    except InvalidOperation:
        return value  # the name of a band
    text = f"{number + 0:f}".rstrip("0").rstrip(".")  # adding nothing takes the sign from a zero
    return f"{text} %" if percent else text


# -- items and rules --------------------------------------------------------------------------------------------------------


@cache
def _seat(rule: str) -> tuple[str, int]:
    """The rule's item, and where it stands in the list of that item; no item for a rule that none claims."""
    item = items.item_of(rule)
    if item is None:
        return "", LAST - 1
    return item.id, item.rules.index(rule) if rule in item.rules else LAST - 1


@cache
def _entered_rules() -> list[str]:
    """Rules that stand on what people enter: no feed brings their facts."""
    return [rule.id for _, rule in book() if rule.form and rule.id not in feeds()]


@cache
def _restricting() -> frozenset[str]:
    """Rules whose breach means that the platform restricts the store now."""
    areas = {"activity", "money", "health"}
    grave = {Severity.CRITICAL, Severity.FATAL}
    named = {rule for item in items.load() if item.area in areas for rule in item.rules}
    return frozenset(r.id for platform, r in book() if r.id in named and r.severity in grave and platform != INTERNAL)


DAILY_AREAS = frozenset({"activity", "health"})
"""Items of these areas that are looked at daily stand in the matrix even where nobody has entered anything: as unknown."""


def _items(told: Mapping[tuple[int, str], _Told]) -> tuple[Item, ...]:
    """Items that data can decide, and those that people enter or attest, where somebody has."""
    entered = {item for (_, item), cell in told.items() if cell.owed or cell.findings or cell.readings - {State.UNKNOWN.value}}
    return tuple(item for item in items.load() if item.id in entered or _always(item))


@cache
def _always(item: Item) -> bool:
    by_feed = item.frequency != "weekly" and any(rule in feeds() for rule in item.rules)
    return bool(item.rules) and (by_feed or (item.area in DAILY_AREAS and item.frequency == "daily"))


@dataclass(frozen=True, slots=True)
class Needs:
    """What a cell stands on: feeds, and whether their events alone tell it (else something must have been read)."""

    feeds: tuple[str, ...]
    by_events: bool


NO_NEEDS = Needs((), by_events=False)


@lru_cache(maxsize=1024)  # by day too: what a worker knew of past days may go
def _needs(
    shown: tuple[Item, ...], platform: str, region: str, seller_type: str, programme: str, day: date
) -> tuple[tuple[str, Needs | None], ...]:
    """What each item stands on for such a store on that day; None where none of its rules is meant for such a store.

    An item for which the platform has no rules at all is another matter: nothing says that all is well there.
    """
    fitting = {
        rule.id: rule.form
        for rule in book().for_store(platform, region, seller_type, programme)
        if rule.form and book().row(rule, day)
    }
    found: list[tuple[str, Needs | None]] = []
    for item in shown:
        rules = [rule for rule in item.rules if rule in fitting]
        fed = tuple(sorted({feeds()[rule] for rule in rules if rule in feeds()}))
        needs = Needs(fed, by_events=any(fitting[rule] in TOLD_BY_EVENTS and rule in feeds() for rule in rules))
        found.append((item.id, None if item.rules and not rules and _speaks(item, platform) else needs))
    return tuple(found)


@cache
def _needed(platform: str) -> frozenset[str]:
    """The feeds on which rules of that platform stand, and our own routines."""
    return frozenset(feeds()[rule.id] for own, rule in book() if own in (platform, INTERNAL) and rule.id in feeds())


@cache
def _speaks(item: Item, platform: str) -> bool:
    """Whether the platform's own rules say anything of that item, in whatever market."""
    return any(platform == own for own, rule in book() if rule.form and not rule.asks and rule.id in item.rules)


# -- cells ------------------------------------------------------------------------------------------------------------------


def _line(store: StoreSight, sight: Sight, worst: Worst) -> StoreLine:
    dark = bool(sight.dark(store.id) & _needed(store.platform)) or store.push_silent
    seen = [stream.seen for stream in store.streams if stream.name != PUSH]
    status = status_of(
        platform_status=store.platform_status,
        seen=not dark and bool(seen),
        restricting=worst.restricting,
        severity=SEVERITIES[worst.severity] if worst.severity >= 0 else None,
    )
    oldest = min((at for at in seen if at is not None), default=None)
    return StoreLine(
        id=store.id,
        key=store.key,
        name=store.name,
        platform=store.platform,
        platform_store_id=store.platform_store_id,
        region=store.region,
        status=status,
        synced_at=_instant(oldest),
        stale=dark,
        connected=store.connected,
    )


def _told_at_all(line: StoreLine, shown: tuple[Item, ...], cells: Mapping[tuple[int, str], Cell]) -> StoreLine:
    """A store of which no cell says that anything is well is not fine, it is not known."""
    if line.status is not StoreStatus.FINE or any(cells[line.id, item.id].state is State.OK for item in shown):
        return line
    return replace(line, status=StoreStatus.UNKNOWN)


def _instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


@dataclass(slots=True)
class _Seen:
    """What can be seen of one store: of each set of feeds whether all are there and up to when they were seen."""

    within_reach: bool
    """Connected, or people bring its facts by file."""
    dark: frozenset[str]
    silent: frozenset[str]
    feeds: dict[str, datetime | None]
    known: dict[tuple[str, ...], tuple[bool, datetime | None]] = field(default_factory=dict)
    quiet: dict[int, Cell] = field(default_factory=dict)
    """By the identity of the needs: the cell of which no row says anything. Most cells are such."""

    def of(self, needed: tuple[str, ...]) -> tuple[bool, datetime | None]:
        if (found := self.known.get(needed)) is None:
            there = [self.feeds[feed] for feed in needed if feed in self.feeds]
            oldest = min((at for at in there if at is not None), default=None)
            found = self.known[needed] = (len(there) == len(needed), oldest)
        return found


def _feeds_of(store: StoreSight) -> dict[str, datetime | None]:
    """The feeds that a store has, each with the instant up to which all of its streams were seen."""
    found: dict[str, float | None] = {}
    for stream in store.streams:
        feed = FEED_OF_STREAM.get(stream.name)
        if feed is not None:
            known = found.get(feed, stream.seen)
            found[feed] = None if known is None or stream.seen is None else min(known, stream.seen)
    return {feed: _instant(seen) for feed, seen in found.items()}


def _cells(
    line: StoreLine, shown: tuple[Item, ...], sight: Sight, told: Mapping[tuple[int, str], _Told]
) -> Iterator[tuple[tuple[int, str], Cell]]:
    store = sight.stores[line.id]
    seen = _Seen(
        store.connected or store.by_hand, sight.dark(line.id), PUSHED if store.push_silent else frozenset(), _feeds_of(store)
    )
    day = sight.now.astimezone(ZoneInfo(store.timezone)).date()
    kind = (store.platform, store.region, store.seller_type, store.programme, day)
    for item, needs in _needs(shown, *kind):
        key = (line.id, item)
        if (said := told.get(key)) is not None:
            yield key, _cell(said, needs, seen)
            continue
        if (quiet := seen.quiet.get(id(needs))) is None:
            quiet = seen.quiet[id(needs)] = _cell(NOTHING, needs, seen)
        yield key, quiet


def _cell(told: _Told, needs: Needs | None, seen: _Seen) -> Cell:
    if needs is None:
        if not told.findings:
            return NOT_APPLICABLE
        needs = NO_NEEDS
    there, as_of = seen.of(needs.feeds) if needs.feeds else (True, _instant(told.as_of))
    if not seen.within_reach or not seen.dark.isdisjoint(needs.feeds):
        return Cell(State.UNKNOWN, told.worst, told.findings, "", as_of)
    if told.findings:
        return Cell(_worst_state(told.states), told.worst, told.findings, _figure(told), as_of)
    heard = there and (needs.by_events or bool(told.readings) or told.owed)
    if not heard or "unknown" in told.readings or not seen.silent.isdisjoint(needs.feeds):
        return Cell(State.UNKNOWN, None, 0, "", as_of)
    if told.readings == ONLY_NOT_APPLICABLE and not told.owed and not needs.by_events:
        return NOT_APPLICABLE
    return Cell(State.OK, None, 0, told.figure, as_of)


def _figure(told: _Told) -> str:
    """Of what colours the cell: the worst gauge, unless things are worse than it (or it is fine itself): then how many."""
    return told.figure if told.gauge >= max(told.things, 0) else str(told.findings)


NOT_APPLICABLE = Cell(State.NOT_APPLICABLE, None, 0, "", None)
ONLY_NOT_APPLICABLE = {State.NOT_APPLICABLE.value}


_WORST_FIRST = (State.BREACHED, State.AT_RISK, State.UNKNOWN, State.ACTION)


def _worst_state(states: set[str]) -> State:
    return next((state for state in _WORST_FIRST if state.value in states), State.UNKNOWN)
