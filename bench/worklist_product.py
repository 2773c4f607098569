"""The product's side of the worklist benchmark."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from bench import fleet_rows
from bench.report import stopwatch
from bench.round_product import NOW
from storeward.accounts.models import Membership, Role, User, Workspace
from storeward.findings.models import Finding
from storeward.findings.queries import Cursor, worklist
from storeward.stores.models import Store


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds, medians of many runs."""

    findings: int
    bare: float
    database: float
    lines: float
    deep: float
    page: float


BARE = """
SELECT id FROM findings_finding WHERE workspace_id = 1 AND status IN ('open', 'acknowledged') AND NOT inhibited
ORDER BY score DESC, id LIMIT 100
"""


def prepare(*, stores: int, open_: int, history: int) -> None:
    """Fill the database, with a person who sees all of it."""
    fleet_rows.make(fleet_rows.Size(stores=stores, open=open_, history=history), NOW)
    person = User.objects.create_user("bench@storeward.test", None, name="Bench")
    Membership.objects.create(user=person, workspace=Workspace.objects.get(), role=Role.OWNER)


def measure(runs: int) -> Times:
    ids = list(Store.objects.values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as asked:
        worklist(ids)
    statement = asked.captured_queries[-1]["sql"]
    after: Cursor | None = None
    for _ in range(99):
        after = worklist(ids, after=after).after
    return Times(
        findings=Finding.objects.count(),
        bare=median(_execution(BARE) for _ in range(runs)),
        database=median(_execution(statement) for _ in range(runs)),
        lines=_timed(lambda: worklist(ids), runs),
        deep=_timed(lambda: worklist(ids, after=after), runs),
        page=_page(),
    )


def _execution(statement: str) -> float:
    """Milliseconds that the database needs to execute it."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) {re.sub('%', '%%', statement)}")
        row = cursor.fetchone()
    plan: Any = row[0] if row else []
    return float((json.loads(plan) if isinstance(plan, str) else plan)[0]["Execution Time"])


def _timed(run: Callable[[], Any], runs: int) -> float:
    times = []
    for _ in range(runs):
        with stopwatch() as watch:
            run()
        times.append(watch.seconds * 1000)
    return median(times)


def _page() -> float:
    """The page as the server makes it; without the network and the browser."""
    client = Client()
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        client.force_login(User.objects.get())
        answer = client.get("/")
        assert answer.status_code == 200, answer.status_code
        return _timed(lambda: client.get("/"), 5)
