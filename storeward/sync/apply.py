"""Write what a platform answered: one page is one transaction.

In it stand together: payloads that differ from what was held (history), canonical rows, `Change` rows for the next stage,
problems, derived state, and the cursor. So a crash loses nothing and repeats nothing. Rows travel by COPY into a temporary table
and from there by one INSERT .. ON CONFLICT; nothing is written row by row.

What is older never overwrites what is newer: by the platform's own time of change, and where that is equal by when we asked.
"""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias
from weakref import WeakSet

import msgspec
import psycopg
from psycopg import sql

from storeward import canon
from storeward.connectors.contract import Level, Problem
from storeward.lib.binary import JSONB_VERSION, copy_types, instant
from storeward.stores.database import Connection, connection
from storeward.sync import derive
from storeward.sync.cursors import Mark, save_mark
from storeward.sync.merge import merged
from storeward.sync.problems import note_problems
from storeward.sync.tables import BESIDE, COMMON, STAGED, TABLES, Table

Item: TypeAlias = tuple[canon.Record, bytes]
DIGEST_BYTES = 16
MERGING = 0x534D  # first key of the advisory locks for merging; the second is the store's id
ENCODE = msgspec.json.Encoder().encode
ENCODE_SORTED = msgspec.json.Encoder(order="deterministic").encode
"""For records that are completed from what is held: the database keeps names in another order than a platform sends them."""
UNFIT = (psycopg.DataError, psycopg.IntegrityError, OverflowError, ValueError)
"""What a record raises that no column can hold (an absurd amount, a missing instant): it costs that record, not the page."""


@dataclass(slots=True)
class Applied:
    """What a page changed: ids by kind, and how many records it held."""

    seen: int = 0
    changed: dict[str, list[str]] = field(default_factory=dict)

    @property
    def changes(self) -> int:
        return sum(len(ids) for ids in self.changed.values())

    def add(self, other: "Applied") -> None:
        self.seen += other.seen
        for kind, ids in other.changed.items():
            self.changed.setdefault(kind, []).extend(ids)


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one store as they came in, one page or several of the same stream."""

    store: derive.Owner
    operation: str
    items: Sequence[Item]
    problems: Sequence[Problem]
    asked_at: datetime
    """When the question was sent: facts are at least as new as this."""
    origin: str = "api"


async def apply_batch(batch: Batch, *, now: datetime, mark: Mark | None = None) -> Applied:
    """Write `batch` and move its stream's cursor to `mark`, in one transaction; returns what changed.

    A record that cannot be stored becomes a problem, the others are written. Raises psycopg.OperationalError when the database is
    gone: then nothing was written and the cursor stands where it stood.
    """
    async with connection() as conn:
        await _make_stage(conn)
        try:
            return await _apply(conn, batch, now, mark, _upsert_all)
        except UNFIT:
            return await _apply(conn, batch, now, mark, _upsert_or_split)


Upsert: TypeAlias = Callable[[Connection, Table, Sequence[Item], Batch, datetime], Awaitable[tuple[list[str], list[Problem]]]]


async def _apply(conn: Connection, batch: Batch, now: datetime, mark: Mark | None, upsert: Upsert) -> Applied:
    """The transaction of a page."""
    async with conn.transaction():
        applied, unfit = await _write(conn, batch, now, upsert)
        problems = [*batch.problems, *unfit]
        if problems:
            await note_problems(conn, store_id=batch.store.id, operation=batch.operation, problems=problems, now=now)
        if applied.changed:
            await derive.after(conn, batch.store, applied.changed, now)
        if mark is not None:
            await save_mark(conn, mark)
    return applied


async def _write(conn: Connection, batch: Batch, now: datetime, upsert: Upsert) -> tuple[Applied, list[Problem]]:
    """All records, kind by kind."""
    applied, problems, staged = Applied(seen=len(batch.items)), [], False
    for kind, items in by_kind(batch.items).items():
        if kind == "store":
            for record, _ in items:
                await derive.update_profile(conn, batch.store, record)
            continue
        table = TABLES.get(kind)
        if table is None:
            problems.append(Problem(kind, f"a record of kind {kind!r} has no table here", Level.ERROR))
            continue
        if table.several_sources:
            # Two streams of the store may complete the same record at the same moment: one after the other.
            await conn.execute("SELECT pg_advisory_xact_lock(%s, %s)", (MERGING, batch.store.id))
            items = await merged(conn, table=table.name, kind=kind, store_id=batch.store.id, items=items)
        if staged:
            await conn.execute(CLEAR)
        staged = True
        changed, unfit = await upsert(conn, table, newest(items), batch, now)
        problems += unfit
        if changed:
            applied.changed[kind] = changed
    return applied, problems


def by_kind(items: Iterable[Item]) -> dict[str, list[Item]]:
    """The items of each kind, in their order."""
    kinds: dict[str, list[Item]] = {}
    for item in items:
        kinds.setdefault(str(type(item[0]).__struct_config__.tag), []).append(item)
    return kinds


def newest(items: Iterable[Item]) -> list[Item]:
    """One item for each id: the last that came, as a page may name a thing twice while it changes."""
    return list({record.platform_id: (record, raw) for record, raw in items}.values())


async def _upsert_all(
    conn: Connection, table: Table, items: Sequence[Item], batch: Batch, now: datetime
) -> tuple[list[str], list[Problem]]:
    """The plain way: every record fits."""
    return await _upsert(conn, table, items, batch, now), []


async def _upsert_or_split(
    conn: Connection, table: Table, items: Sequence[Item], batch: Batch, now: datetime
) -> tuple[list[str], list[Problem]]:
    """Write `items`; where one of them cannot be stored, halve until it stands alone, and report it."""
    try:
        async with conn.transaction():
            await conn.execute(CLEAR)
            return await _upsert(conn, table, items, batch, now), []
    except UNFIT as reason:
        if len(items) == 1:
            return [], [unfit_problem(items[0][0], reason)]
    middle = len(items) // 2
    first, problems = await _upsert_or_split(conn, table, items[:middle], batch, now)
    second, more = await _upsert_or_split(conn, table, items[middle:], batch, now)
    return first + second, problems + more


def unfit_problem(record: canon.Record, reason: Exception) -> Problem:
    """What to show for a record that no row can hold."""
    said = str(reason).splitlines()[0] if str(reason) else type(reason).__name__
    return Problem(f"{record.__struct_config__.tag} {record.platform_id}"[:200], f"cannot be stored: {said}"[:300], Level.ERROR)


async def _upsert(conn: Connection, table: Table, items: Sequence[Item], batch: Batch, now: datetime) -> list[str]:
    """COPY into the stage, one statement from there; the ids whose row is new or different."""
    async with conn.cursor() as cursor:
        async with cursor.copy(statements(table).copy) as copy:
            copy.set_types(statements(table).types)
            for row in rows(table, items, batch.asked_at):
                await copy.write_row(row)
        values = {
            "store": batch.store.id,
            "workspace": batch.store.workspace_id,
            "kind": table.kind,
            "origin": batch.origin,
            "asked": batch.asked_at,
            "now": now,
        }
        await cursor.execute(statements(table).upsert, values)
        return [platform_id for (platform_id,) in await cursor.fetchall()]


def rows(table: Table, items: Iterable[Item], asked_at: datetime) -> Iterable[Sequence[Any]]:
    """What COPY sends for each item: `COMMON`, the raw payload, what its change tells, then the table's own columns."""
    head, fill, tell, blake, whole = table.head, table.fill, table.told, hashlib.blake2b, table.several_sources
    encode = ENCODE_SORTED if whole else ENCODE
    moments = [at for at, kind in enumerate(kind for _, kind in table.extra) if kind == "timestamptz"]
    for record, raw in items:
        word, status, updated_at = head(record)
        data = encode(record)
        digest = blake(data if whole else raw, digest_size=DIGEST_BYTES).digest()
        own = list(fill(record))
        for at in moments:
            own[at] = instant(own[at])
        told = None if tell is None else tell(record, asked_at)
        yield (record.platform_id, word, status, instant(updated_at), digest, JSONB_VERSION + data, raw, told, *own)


@dataclass(frozen=True, slots=True)
class Statements:
    """The SQL of one table, as bytes: what is composed is put together again at every execution."""

    copy: bytes
    upsert: bytes
    types: tuple[str, ...]


# One table for all kinds: PostgreSQL empties every such table of a session at every commit, whether it was used or not.
STAGE = sql.Identifier("stage")
CREATE = "CREATE TEMP TABLE IF NOT EXISTS {} ({}) WITH (toast_tuple_target = 8160) ON COMMIT DELETE ROWS"
CLEAR = sql.SQL("DELETE FROM {}").format(STAGE).as_bytes()
UPSERT = """
WITH written AS (
    INSERT INTO {table} AS held (store_id, workspace_id, observed_at, origin, {columns})
    SELECT %(store)s, %(workspace)s, %(asked)s, %(origin)s, {columns} FROM {stage}
    ON CONFLICT (store_id, platform_id) DO UPDATE SET observed_at = EXCLUDED.observed_at, origin = EXCLUDED.origin, {set}
    WHERE held.digest <> EXCLUDED.digest AND (
        held.updated_at IS NULL OR EXCLUDED.updated_at IS NULL OR EXCLUDED.updated_at > held.updated_at
        OR (EXCLUDED.updated_at = held.updated_at AND EXCLUDED.observed_at >= held.observed_at))
    RETURNING platform_id
), history AS (
    INSERT INTO records_payload (store_id, kind, platform_id, digest, body, arrived_at)
    SELECT %(store)s, %(kind)s, platform_id, digest, body, %(now)s FROM {stage} JOIN written USING (platform_id)
){noted}
SELECT platform_id FROM written
"""
NOTED = """, noted AS (
    INSERT INTO records_change (store_id, kind, platform_id, at, told)
    SELECT %(store)s, %(kind)s, platform_id, %(now)s, told FROM {stage} JOIN written USING (platform_id)
)"""
SILENT = frozenset({"message"})
"""Kinds whose change is told as the change of something else: a message changes its conversation."""


@cache
def statements(table: Table) -> Statements:
    """The SQL of `table`, composed once."""
    columns = [name for name, _ in (*COMMON, *table.extra)]
    staged = (*COMMON, *BESIDE, *table.extra)
    values = {
        "table": sql.Identifier(table.name),
        "stage": STAGE,
        "columns": sql.SQL(", ").join(map(sql.Identifier, columns)),
        "set": sql.SQL(", ").join(sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name)) for name in columns[1:]),
        "noted": sql.SQL("" if table.kind in SILENT else NOTED).format(stage=STAGE),
    }
    names = sql.SQL(", ").join(sql.Identifier(name) for name, _ in staged)
    return Statements(
        copy=sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(STAGE, names).as_bytes(),
        upsert=sql.SQL(UPSERT).format(**values).as_bytes(),
        types=copy_types(staged),
    )


_staged: WeakSet[Connection] = WeakSet()


async def _make_stage(conn: Connection) -> None:
    """The temporary table: once for each connection, outside the transaction so that it survives its end."""
    if conn not in _staged:
        fields = sql.SQL(", ").join(sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in STAGED)
        await conn.execute(sql.SQL(CREATE).format(STAGE, fields))
        _staged.add(conn)
