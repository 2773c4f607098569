"""How far the sync is, told from the database alone: also while the workers are busy or dead."""

from datetime import datetime

import msgspec
import psycopg

SYNC_TASK = "sync_store"

COUNTS = """
WITH jobs AS (
    SELECT (args ->> 'store_id')::bigint AS store_id, status FROM procrastinate_jobs
    WHERE task_name LIKE '%%' || %(task)s AND status IN ('todo', 'doing')
), running AS (SELECT DISTINCT store_id FROM jobs WHERE status = 'doing')
SELECT
    (SELECT count(*) FROM running),
    (SELECT count(DISTINCT store_id) FROM (
        SELECT store_id FROM jobs WHERE status = 'todo'
        UNION SELECT store_id FROM records_stream WHERE due_at <= %(now)s AND name <> 'push'
     ) AS waiting WHERE store_id NOT IN (SELECT store_id FROM running)),
    (SELECT count(DISTINCT store_id) FROM records_stream WHERE failing_since IS NOT NULL),
    (SELECT max(observed_at) FROM records_stream WHERE name <> 'push')
"""


class Progress(msgspec.Struct, frozen=True):
    """Counts of stores: being synced at this moment, queued or due, failing; and when one was last brought up to date."""

    running: int
    waiting: int
    failed: int
    last_finished_at: datetime | None


def sync_progress(url: str, now: datetime) -> Progress | None:
    """The progress in the database at `url`; None where it cannot be asked or holds no schema yet."""
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            row = connection.execute(COUNTS, {"task": SYNC_TASK, "now": now}).fetchone()
    except psycopg.Error:
        return None
    return Progress(*row) if row else None
