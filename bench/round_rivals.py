"""The same question asked otherwise: how does every store stand on every deadline item? From the bare obligations each time."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
from django.db import connection

from bench.report import stopwatch
from storeward.findings.models import Finding, Obligation
from storeward.stores.models import Store

SAMPLE = 5
"""Stores of the ORM loop; its time is multiplied up to the fleet."""


@dataclass(frozen=True, slots=True)
class Rival:
    """Another way, and how long it takes."""

    name: str
    seconds: float


STANDING = """
SELECT store_id, rule, count(*) AS n, min(due_at) AS due_at, sum(stake_usd) AS at_stake,
    max(CASE WHEN due_at < TIMESTAMPTZ '{now}' THEN 2 WHEN due_at <= TIMESTAMPTZ '{now}' + INTERVAL 1 DAY THEN 1 ELSE 0 END)
FROM {table} WHERE done_at IS NULL GROUP BY store_id, rule
"""


def measure(now: datetime, *, stores: int, runs: int) -> Iterator[Rival]:
    """Each rival in turn."""
    sql = STANDING.format(now=now.isoformat(), table="findings_obligation").replace("INTERVAL 1 DAY", "INTERVAL '1 day'")
    yield Rival(
        "one hand-written SQL statement over open obligations",
        _timed(lambda: _postgres(sql, "state IN ('open', 'breached')"), runs),
    )
    yield Rival("the same without the partial index: all of the history", _timed(lambda: _postgres(sql, "true"), 1))
    with tempfile.TemporaryDirectory() as folder:
        duck = _duck(Path(folder))
        question = STANDING.format(now=now.isoformat(), table="obligation")
        yield Rival("DuckDB over its own copy of the table", _timed(lambda: duck.execute(question).fetchall(), runs))
    yield Rival(f"an ORM loop, store by store (from {SAMPLE} stores)", _orm(now) * stores / SAMPLE)


def _timed(run: Callable[[], Any], runs: int) -> float:
    times = []
    for _ in range(runs):
        with stopwatch() as watch:
            run()
        times.append(watch.seconds)
    return median(times)


def _postgres(sql: str, condition: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("WHERE", f"WHERE {condition} AND"))
        return list(cursor.fetchall())


def _duck(folder: Path) -> duckdb.DuckDBPyConnection:
    """DuckDB with the ledger loaded from CSV; loading is not timed."""
    file = folder / "ledger.csv"
    with connection.cursor() as cursor, file.open("wb") as out:
        columns = "store_id, rule, due_at, done_at, stake_usd"
        with cursor.copy(f"COPY (SELECT {columns} FROM findings_obligation) TO STDOUT (FORMAT csv, HEADER)") as copying:
            for block in copying:
                out.write(block)
    duck = duckdb.connect(str(folder / "ledger.duckdb"))
    types = "{'due_at': 'TIMESTAMPTZ', 'done_at': 'TIMESTAMPTZ'}"
    duck.execute(f"CREATE TABLE obligation AS SELECT * FROM read_csv('{file}', types={types})")
    return duck


def _orm(now: datetime) -> float:
    """What one would write first: every store, every open obligation, its finding looked up and counted."""
    with stopwatch() as watch:
        for store in Store.objects.order_by("pk")[:SAMPLE]:
            worst: dict[str, int] = {}
            for owed in Obligation.objects.filter(store=store, state__in=("open", "breached")):
                grade = 2 if owed.due_at < now else 1 if owed.due_at <= now + timedelta(days=1) else 0
                if grade:
                    Finding.objects.filter(store=store, rule=owed.rule, subject_kind="order", subject_id=owed.subject_id).first()
                worst[owed.rule] = max(worst.get(owed.rule, 0), grade)
    return watch.seconds
