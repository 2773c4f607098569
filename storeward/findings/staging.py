"""Tables of the session through which rows come in bulk: filled by COPY, emptied when the transaction ends."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from storeward.lib.binary import copy_types

Row = tuple[Any, ...]

_DUTY = """store_id int8, workspace_id int8, rule text, subject_kind text, subject_id text, starts_at timestamptz,
    due_at timestamptz, done_at timestamptz, lead_seconds int4, reached_at_due bool, severity text,
    stake_amount numeric, stake_currency text, stake_usd float8, details jsonb"""
_READING = """store_id bigint, workspace_id bigint, rule text, subject_kind text, subject_id text, state text, severity text,
    value text, unit text, as_of timestamptz, next_at timestamptz, details jsonb"""
_WANTED = """store_id bigint, workspace_id bigint, rule text, subject_kind text, subject_id text, item text, state text,
    severity text, due_at timestamptz, starts_at timestamptz, cause text, stake_amount numeric, stake_currency text,
    stake_usd float8, chance float8, loss_usd float8, minutes float8, action text, details jsonb"""

TABLES = {
    "duty_in": _DUTY,
    "reading_in": _READING,
    "wanted": _WANTED,
    "gone": "finding_id bigint",
    "touched": "store_id bigint, subject_kind text, subject_id text",
    "kept": "store_id bigint, rule text",
}
"""`duty_in`, `reading_in`: what the rules say now. `wanted`: findings that should stand. `gone`: findings whose facts have
ceased. `touched`: subjects whose every duty is in `duty_in`: what is missing there is owed no more. `kept`: rules of stores that
cannot be judged now and stay as they are."""

DUTY_TYPES = copy_types(tuple((name, kind) for name, kind in (column.split() for column in _DUTY.split(","))))
"""For `copy_duties`, whose rows bring their instants and details in binary form."""

COLUMNS = {name: tuple(column.split()[0] for column in columns.split(",")) for name, columns in TABLES.items()}

_CREATE = "".join(f"CREATE TEMP TABLE IF NOT EXISTS {name} ({cols}) ON COMMIT DELETE ROWS;" for name, cols in TABLES.items())
_PROBE = "SELECT to_regclass('pg_temp.kept') IS NOT NULL"
_MANY = 50_000
"""From so many rows on a table is analysed before it is joined. Below that its size, which the planner sees, tells enough."""


@contextmanager
def staged() -> Iterator[CursorWrapper]:
    """A transaction with the tables empty and ready."""
    nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PROBE)
        ready = cursor.fetchone()
        if not (ready and ready[0]):
            cursor.execute(_CREATE)
        elif nested:  # else the end of the last transaction has emptied them
            cursor.execute(f"TRUNCATE {', '.join(f'pg_temp.{name}' for name in TABLES)}")
        yield cursor


def copy_duties(cursor: CursorWrapper, rows: Iterable[Row]) -> int:
    """The same for `duty_in`, which is filled by the ten thousand: in binary form, see `lib.binary`."""
    count = 0
    with cursor.copy(f"COPY pg_temp.duty_in ({', '.join(COLUMNS['duty_in'])}) FROM STDIN (FORMAT BINARY)") as copying:
        copying.set_types(DUTY_TYPES)
        for row in rows:
            copying.write_row(row)
            count += 1
    _analyse(cursor, "duty_in", count)
    return count


def copy(cursor: CursorWrapper, table: str, rows: Iterable[Row]) -> int:
    """Put rows into one of the tables, in the order of its columns; answers how many."""
    count = 0
    with cursor.copy(f"COPY pg_temp.{table} ({', '.join(COLUMNS[table])}) FROM STDIN") as copying:
        for row in rows:
            copying.write_row(row)
            count += 1
    _analyse(cursor, table, count)
    return count


def _analyse(cursor: CursorWrapper, table: str, count: int) -> None:
    if count >= _MANY:
        cursor.execute(f"ANALYZE pg_temp.{table}")


def affected(cursor: CursorWrapper) -> int:
    """How many rows the last statement wrote."""
    return int(max(cursor.rowcount, 0))
