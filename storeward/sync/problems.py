"""What could not be read, kept where a person sees it."""

import re
from collections.abc import Iterable
from datetime import datetime

from storeward.connectors.contract import Level, Problem
from storeward.stores.database import Connection

_INDEX = re.compile(r"\[\d+\]")

NOTE = """
INSERT INTO records_problem (store_id, operation, field, message, level, seen_at, count)
VALUES (%s, %s, %s, %s, %s, %s, 1)
ON CONFLICT (store_id, operation, field, message)
DO UPDATE SET seen_at = EXCLUDED.seen_at, level = EXCLUDED.level, count = records_problem.count + 1
"""


def place(field: str) -> str:
    """The path without positions: the hundredth order with the same fault adds to a count, not a hundredth row."""
    return _INDEX.sub("[]", field)[:200]


async def note_problems(conn: Connection, *, store_id: int, operation: str, problems: Iterable[Problem], now: datetime) -> None:
    """Count each problem. What the platform reports as its own failure is an error of the call, not a problem of a record."""
    found = [
        (store_id, operation, place(problem.field), problem.message[:300], problem.level, now)
        for problem in problems
        if problem.level is not Level.PLATFORM
    ]
    if found:
        async with conn.cursor() as cursor:
            await cursor.executemany(NOTE, found)
