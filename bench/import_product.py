"""The product's side of the import benchmark: what a person does who uploads a table, looks at the verdict and confirms."""

import time
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection

from bench.report import stopwatch
from bench.table_rows import COLUMNS, Table
from storeward.accounts.people import create_workspace
from storeward.findings.evaluate import evaluate
from storeward.intake import taking
from storeward.lib import clock
from storeward.records.models import Change, Order
from storeward.stores.models import Store
from storeward.stores.registering import add_store


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds, by the wall and of this process's CPU; the rest is the database's, and waiting."""

    look: float
    take: float
    judge: float
    bare: float
    cpu: dict[str, float]


def stores(count: int) -> list[str]:
    """Stores without an authorisation, whose orders come by table; their keys."""
    now = clock.now()
    workspace = create_workspace(slug="bench", name="Bench", now=now)
    for number in range(count):
        add_store(
            workspace=workspace,
            platform="tiktok_shop",
            platform_store_id=f"749{number:04}",
            name=f"Bench {number}",
            region="MY",
            now=now,
        )
    return list(Store.objects.order_by("pk").values_list("key", flat=True))


def measure(table: Table, good: int) -> Times:
    """Look, take over, judge, as `pipeline.take_upload` does; asserts that every good row counts and every bad one is told with
    what mends it.
    """
    ids = list(Store.objects.values_list("pk", flat=True))
    now, cpu = clock.now(), [time.process_time()]
    with stopwatch() as looking:
        upload = taking.preview(
            workspace_id=Store.objects.values_list("workspace_id", flat=True)[0],
            sheet="orders",
            body=table.body,
            name="orders.csv",
            store_ids=ids,
            as_of=now,
            who="bench",
            now=now,
        )
    cpu.append(time.process_time())
    told = {(one["row"], one["field"]): one["message"] for one in upload.verdict["bad"]}
    assert told.keys() == set(table.bad.items()), "each bad row by its number and field, and no other"
    assert all(told.values()), "each with what mends it"
    with stopwatch() as writing:
        taken = taking.take(upload.pk, store_ids=ids, who="bench", now=clock.now())
    cpu.append(time.process_time())
    assert taken.changed == good, taken.changed
    assert Order.objects.count() == good
    with stopwatch() as judging:
        evaluate(taken.stores, now=clock.now())
    cpu.append(time.process_time())
    assert not Change.objects.exists(), "the stores are judged"
    spent = dict(zip(("look", "take", "judge"), (after - before for before, after in pairwise(cpu)), strict=True))
    return Times(looking.seconds, writing.seconds, judging.seconds, bare_copy(table), spent)


def bare_copy(table: Table) -> float:
    """The same file by COPY into a table of texts: nothing read, checked or compared."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bare_rows ({', '.join(f'{name} text' for name in COLUMNS)})")
        with stopwatch() as watch, cursor.copy("COPY bare_rows FROM STDIN (FORMAT CSV, HEADER)") as copying:
            copying.write(table.body)
        cursor.execute("DROP TABLE bare_rows")
    return watch.seconds
