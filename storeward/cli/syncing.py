"""The `sync` command's work: by the running workers, or in this process."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.db import connection
from rich.console import Console
from rich.progress import Progress

from storeward import pipeline
from storeward.cli.supervise import read_state
from storeward.lib import clock
from storeward.lib.errors import NotDone
from storeward.records.models import Stream
from storeward.stores.models import Store

LOOK_EVERY_SECONDS = 0.3
WITHOUT_WORKER_SECONDS = 30.0

AT_WORK = """
SELECT DISTINCT (args ->> 'store_id')::bigint FROM procrastinate_jobs
WHERE lock LIKE 'store:%%' AND status IN ('todo', 'doing')
"""


def here(keys: Sequence[str]) -> int:
    """Sync in this process. Exit code 1 where a store could not be synced."""
    failed = pipeline.sync_due(keys).failed
    return report({pulled.store_id: "; ".join(str(error) for error in pulled.failed.values()) for pulled in failed})


def queue(keys: Sequence[str]) -> list[int]:
    """Queue every store that has something due; the stores that are now queued or at work."""
    due = _due(keys)
    asyncio.run(pipeline.queue_stores(due))
    return sorted({*due, *at_work()} if not keys else set(due))


def by_workers(keys: Sequence[str], data: Path) -> int:
    """Queue what is due and wait until the workers have done it. Exit code 1 where a store could not be synced."""
    waiting = set(queue(keys))
    all_of_them = list(waiting)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("syncing stores", total=len(waiting))
        worker_seen_at = clock.monotonic()
        while waiting:
            clock.pause(LOOK_EVERY_SECONDS)
            waiting &= at_work()
            progress.update(task, completed=len(all_of_them) - len(waiting))
            worker_seen_at = clock.monotonic() if _worker_lives(data) else worker_seen_at
            if clock.monotonic() - worker_seen_at > WITHOUT_WORKER_SECONDS:
                raise NotDone("The workers have ended and do not come back; what was queued stays queued. Start `up` again.")
    failing = Stream.objects.filter(store_id__in=all_of_them, failing_since__isnull=False)
    return report(dict(failing.values_list("store_id", "error_text")))


def at_work() -> set[int]:
    """Stores that are queued or being synced."""
    with connection.cursor() as cursor:
        cursor.execute(AT_WORK)
        return {store_id for (store_id,) in cursor.fetchall()}


def report(failed: Mapping[int, str]) -> int:
    """Name each store that could not be synced, and why, on standard error."""
    for key, pk in Store.objects.filter(pk__in=failed).order_by("key").values_list("key", "pk"):
        print(f"storeward: {key} could not be synced: {failed[pk] or 'no reason given'}", file=sys.stderr)
    return 1 if failed else 0


def _due(keys: Sequence[str]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(pipeline.TO_SYNC, {"now": clock.now(), "most": None})
        due = [store_id for (store_id,) in cursor.fetchall()]
    chosen = set(Store.objects.filter(key__in=keys).values_list("pk", flat=True)) if keys else set(due)
    return [store_id for store_id in due if store_id in chosen]


def _worker_lives(data: Path) -> bool:
    state = read_state(data)
    return state is not None and any(process.role == "worker" for process in state.processes)
