"""Look at a file before anything of it counts: which rows are good, and of each bad one the row, the field and the mend."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from storeward import canon
from storeward.intake.cells import BadCell, Cell, Place
from storeward.intake.reading import BadFile, Cells
from storeward.intake.sheets import ALIASES, STORE, Column, Contradiction, Row, Sheet, Told

MOST_SHOWN: Final = 1_000
"""Bad rows that are told one by one; of more only the number."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A store that rows may be about."""

    id: int
    workspace_id: int
    key: str
    name: str
    platform_store_id: str
    region: str
    timezone: str
    currency: str
    by_api: frozenset[str] = frozenset()
    """Streams that the platform itself brings: no file overwrites these."""


class Bad(msgspec.Struct, frozen=True):
    """A row that is left out. `row` counts as the spreadsheet does; `field` is the column's name."""

    row: int
    field: str
    message: str


@dataclass(slots=True)
class Checked:
    """What a file holds: good rows by store and key, and the bad ones."""

    sheet: Sheet
    columns: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    """Headings that no column has: left out, and said so."""
    rows: int = 0
    good: int = 0
    bad: list[Bad] = field(default_factory=list)
    things: dict[int, dict[tuple[Any, ...], list[tuple[Row, bytes]]]] = field(default_factory=dict)
    """Store -> key of the thing -> its rows, each with itself as bytes."""
    first: list[tuple[int, str, Row]] = field(default_factory=list)
    """The first good rows with their row number and store's key, for people to look at."""


def check(sheet: Sheet, table: Iterable[tuple[int, Cells]], owners: Sequence[Owner], *, name: str, now: datetime) -> Checked:
    """Read every row of `table`. Raises BadFile where the headings cannot be those of this sheet."""
    rows = iter(table)
    number, heading = next(rows, (0, []))
    reader = _Reader(sheet, _columns(sheet, heading, name), owners, now)
    checked = Checked(sheet, tuple(column.name for column in reader.columns if column is not None), reader.ignored(heading))
    for number, cells in rows:
        checked.rows += 1
        try:
            owner, row = reader.row(cells)
        except _BadRow as bad:
            checked.bad.append(Bad(number, bad.field, bad.message))
            continue
        _keep(checked, owner, row, cells, number)
    if not checked.rows:
        raise BadFile(f"{name} has headings and no row below them")
    return checked


SHOWN_GOOD: Final = 5


def _keep(checked: Checked, owner: Owner, row: Row, cells: Cells, number: int) -> None:
    checked.good += 1
    key = tuple(row.get(name) for name in checked.sheet.key)
    store = checked.things.get(owner.id)
    if store is None:
        store = checked.things[owner.id] = {}
    store.setdefault(key, []).append((row, _raw(cells)))
    if len(checked.first) < SHOWN_GOOD:
        checked.first.append((number, owner.key, row))


def _raw(cells: Cells) -> bytes:
    """The row as it came: kept as evidence beside what it became."""
    return msgspec.json.encode(cells)


class _BadRow(Exception):
    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message


def _columns(sheet: Sheet, heading: Cells, name: str) -> list[Column | None]:
    """The column of each heading, None for one that the sheet has not."""
    known = {label.casefold(): column for column in sheet.columns for label in column.headings}
    known |= {alias: sheet.column(target) for alias, target in ALIASES.items()}
    found = [known.get(str(cell).strip().casefold().removesuffix("*").strip()) for cell in heading]
    named = [column.name for column in found if column is not None]
    twice = {one for one in named if named.count(one) > 1}
    if twice:
        raise BadFile(f"{name}: the column {sorted(twice)[0]} stands there twice; keep one")
    missing = [column.name for column in sheet.columns if column.required and column.name not in named]
    if missing:
        raise BadFile(f"{name}: row 1 has no column {', '.join(missing)}; take the template for {sheet.english.lower()}")
    return found


MOST_SEEN: Final = 4_096
"""Words of a column whose meaning is kept while a file is read."""


class _Reader:
    """Reads rows of one file: whose they are, and what their cells mean."""

    def __init__(self, sheet: Sheet, columns: list[Column | None], owners: Sequence[Owner], now: datetime) -> None:
        self.sheet = sheet
        self.columns = columns
        self.store_at = next(at for at, column in enumerate(columns) if column is not None and column.name == STORE)
        self.rest = [(at, column) for at, column in enumerate(columns) if column is not None and column.name != STORE]
        self.required = [column.name for column in sheet.columns if column.required and column.name != STORE]
        self.owners = _by_any_name(owners)
        self.places = {owner.id: Place(_zone(owner.timezone), owner.region, now) for owner in owners}
        self.seen: dict[int, list[dict[str, Any]]] = {owner.id: [{} for _ in self.rest] for owner in owners}

    def ignored(self, heading: Cells) -> tuple[str, ...]:
        return tuple(
            str(cell) for cell, column in zip(heading, self.columns, strict=True) if column is None and str(cell).strip()
        )

    def row(self, cells: Cells) -> tuple[Owner, Row]:
        owner = self._owner(cells)
        read: dict[str, Any] = {}
        for (at, column), seen in zip(self.rest, self.seen[owner.id], strict=True):
            cell: Cell = cells[at] if at < len(cells) else ""
            if cell == "" or cell is None or (isinstance(cell, str) and cell.isspace()):
                continue
            if isinstance(cell, str) and cell in seen:
                read[column.name] = seen[cell]
            else:
                read[column.name] = self._read(column, cell, owner, seen)
        for name in self.required:
            if name not in read or read[name] == "":
                raise _BadRow(name, f"is missing; e.g. {self.sheet.column(name).example}")
        if self.sheet.settle is None:
            return owner, read
        try:
            return owner, self.sheet.settle(read)
        except Contradiction as found:
            raise _BadRow(found.field, found.message) from found

    def _read(self, column: Column, cell: Cell, owner: Owner, seen: dict[str, Any]) -> Any:
        """What a cell means. Most columns of a long table hold the same few words again and again: those are read once."""
        try:
            value = column.read(cell, self.places[owner.id])
        except BadCell as bad:
            raise _BadRow(column.name, str(bad)) from bad
        if isinstance(cell, str) and len(seen) < MOST_SEEN:
            seen[cell] = value
        return value

    def _owner(self, cells: Cells) -> Owner:
        said = str(cells[self.store_at]).strip() if self.store_at < len(cells) else ""
        if not said:
            raise _BadRow(STORE, "is missing; write the store's key, e.g. tt-my-luna3")
        owner = self.owners.get(said.casefold())
        if owner is None:
            raise _BadRow(STORE, f"there is no store {said[:60]!r} that you may see; write its key, e.g. tt-my-luna3")
        if self.sheet.stream in owner.by_api:
            raise _BadRow(STORE, f"{self.sheet.english.lower()} of {owner.key} come from the platform itself; leave its rows out")
        return owner


def _by_any_name(owners: Sequence[Owner]) -> Mapping[str, Owner]:
    """Stores by key, by the platform's id, and by name where that is one store's alone."""
    named: dict[str, list[Owner]] = defaultdict(list)
    for owner in owners:
        for said in {owner.key.casefold(), owner.platform_store_id.casefold(), owner.name.casefold()}:
            named[said].append(owner)
    return {said: found[0] for said, found in named.items() if len(found) == 1}


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def built(checked: Checked, owner: Owner, as_of: datetime) -> list[tuple[canon.Record, bytes]]:
    """The records of one store, each beside the rows that it was made of."""
    build = checked.sheet.build
    assert build is not None
    told = Told(as_of.astimezone(UTC), owner.currency)
    return [(build([row for row, _ in rows], told), _evidence(rows)) for rows in checked.things.get(owner.id, {}).values()]


def _evidence(rows: Sequence[tuple[Row, bytes]]) -> bytes:
    return rows[0][1] if len(rows) == 1 else b"[" + b",".join(raw for _, raw in rows) + b"]"
