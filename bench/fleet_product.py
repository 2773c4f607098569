"""The product's side of the fleet benchmark: stores that are connected and never asked, and what their rows say since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.management import call_command
from django.db import connection

from storeward.accounts.people import create_workspace
from storeward.connectors.registry import connector_for
from storeward.lib import clock
from storeward.stores.demo import connect_fleet


def prepare(credentials: Mapping[str, Any]) -> int:
    """The schema, and every store of the credentials connected; how many there are."""
    call_command("migrate", verbosity=0)
    now = clock.now()
    workspace = create_workspace(slug="bench", name="Bench", now=now)
    return len(connect_fleet(workspace, credentials, now=now))


@dataclass(frozen=True, slots=True)
class Fill:
    """How far the first fill is. Streams of stores whose authorisation is in force."""

    stores: int
    """Whose streams are all trusted, or refused for good."""
    trusted: int
    """Streams that are read and may be believed."""
    refused: int
    """Streams that the platform does not offer to this seller, or for which the app has no right."""


FILL = """
WITH asked AS (
    SELECT s.id, count(r.id) AS streams, count(r.id) FILTER (WHERE r.filled AND r.trusted_until > %(now)s) AS trusted,
        count(r.id) FILTER (WHERE NOT r.filled AND r.error_family IN ('NotSupported', 'ScopeMissing')) AS refused
    FROM stores_store s JOIN stores_connection c ON c.id = s.connection_id AND c.state = 'active'
    LEFT JOIN records_stream r ON r.store_id = s.id AND r.name <> 'push'
    GROUP BY s.id
)
SELECT count(*) FILTER (WHERE streams > 0 AND trusted + refused = streams), coalesce(sum(trusted), 0), coalesce(sum(refused), 0)
FROM asked
"""
IN_FORCE = "SELECT count(*) FROM stores_store s JOIN stores_connection c ON c.id = s.connection_id AND c.state = 'active'"
WAITING = """
SELECT r.name, r.error_family, count(*) FROM records_stream r
JOIN stores_store s ON s.id = r.store_id JOIN stores_connection c ON c.id = s.connection_id AND c.state = 'active'
WHERE r.name <> 'push' AND NOT (r.filled AND r.trusted_until > %s) GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 12
"""


def fill(now: datetime) -> Fill:
    return Fill(*_row(FILL, {"now": now}))


def in_force() -> int:
    return int(_row(IN_FORCE, None)[0])


def not_trusted(now: datetime) -> list[tuple[str, str, int]]:
    """Stream, error family, how many stores: what is not believed at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [now])
        return list(cursor.fetchall())


def counted(table: str) -> int:
    """Rows of a table."""
    return int(_row(f"SELECT count(*) FROM {table}", None)[0])


@dataclass(frozen=True, slots=True)
class Round:
    """What a span of the steady state brought."""

    orders: int
    """Orders of which we learnt something new."""
    lag_median: float | None
    lag_late: float | None
    """Seconds between the platform's change and our row: half, and 95 of 100, took at most so long. None without any."""
    visits: int
    """Streams that were read to their end."""
    overdue: float
    """Seconds by which the stream that waits longest is behind its plan."""
    waiting: int
    """Stores that are queued and not begun."""
    unjudged: int
    """Changes that nobody has judged yet."""
    untrusted: int


# The platform's clock runs `speed` times as fast as ours since `began`, when it stood at `stood`.
ROUND = """
WITH learnt AS (
    SELECT o.updated_at, max(p.arrived_at) AS arrived_at
    FROM records_payload p JOIN records_order o ON o.store_id = p.store_id AND o.platform_id = p.platform_id
    WHERE p.kind = 'order' AND p.arrived_at > %(since)s AND p.arrived_at <= %(now)s AND o.updated_at > %(stood)s
    GROUP BY o.id, o.updated_at
), lags AS (
    SELECT extract(epoch FROM arrived_at - %(began)s) - extract(epoch FROM updated_at - %(stood)s) / %(speed)s AS lag FROM learnt
)
SELECT (SELECT count(*) FROM lags),
    (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY lag) FROM lags),
    (SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY lag) FROM lags),
    (SELECT count(*) FROM records_stream WHERE observed_at > %(since)s),
    (SELECT coalesce(extract(epoch FROM %(now)s - min(due_at)), 0) FROM records_stream WHERE due_at < %(now)s AND name <> 'push'),
    (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND lock LIKE 'store:%%'),
    (SELECT count(*) FROM records_change),
    (SELECT count(*) FROM records_stream WHERE name <> 'push' AND NOT (filled AND trusted_until > %(now)s)
        AND error_family <> 'AuthorizationLost')
"""


@dataclass(frozen=True, slots=True)
class Anchor:
    """When the sandbox's clock was let go, by ours and by its own, and how fast."""

    began: datetime
    stood: datetime
    speed: float


def round_since(since: datetime, now: datetime, anchor: Anchor) -> Round:
    values = {"since": since, "now": now, "began": anchor.began, "stood": anchor.stood, "speed": anchor.speed}
    return Round(*_row(ROUND, values))


def _row(statement: str, values: Mapping[str, Any] | None) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    assert row is not None
    return tuple(row)


def orders_known() -> int:
    """Stores of which all orders are known."""
    return int(_row("SELECT count(*) FROM records_stream WHERE name = 'orders' AND filled", None)[0])


def limit_of(platform: str) -> float:
    """Calls a second that the platform allows for each call and store."""
    return connector_for(platform).limits.calls_per_second
