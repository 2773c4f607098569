"""The product's side of the replay benchmark: a quarter of orders by one statement, and a change that touches a few stores."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

from bench.report import stopwatch
from storeward.accounts.models import Workspace
from storeward.policy.terms import book
from storeward.policy.versions import read_draft
from storeward.replay.orders import ORDERS
from storeward.replay.run import Replayed, replay, replay_changes
from storeward.stores.models import Store

NOW = datetime(2026, 11, 18, 3, 15, tzinfo=UTC)
RULE = "TTS-SEA-SHIP-2WD"
PLANTED_STORES, PLANTEDORDERS = 20, 5
MONDAY = datetime(2026, 10, 5, 3, tzinfo=UTC)
"""Two working days later is the Wednesday after it, in Kuala Lumpur too."""

DRAFT = f"""
[[change]]
rule = "{RULE}"
from = 2026-12-01
figures = {{ working_days = 1 }}
source = ["benchmark"]
read_on = 2026-11-18
confidence = "uncertain"
"""

# As the sync writes them: what was sold takes most of an order. Seven of ten are on their way three hours after they were placed,
# three a day later: in time under both books, but so late that each must be looked at.
_FILL = """
INSERT INTO records_order (store_id, workspace_id, platform_id, platform_status, status, updated_at, observed_at, origin, digest,
    type, amount, currency, placed_at, open, data)
SELECT s.id, s.workspace_id, g.id, 'COMPLETED', 'completed', p.at + interval '5 days', p.at, 'api', ''::bytea,
    'standard', 84, 'MYR', p.at, false, jsonb_build_object(
        'kind', 'order', 'platform_order_id', g.id, 'status', 'completed', 'placed_at', pg_temp.stamp(p.at),
        'paid_at', pg_temp.stamp(p.at), 'updated_at', pg_temp.stamp(p.at + interval '5 days'),
        'arranged_at', pg_temp.stamp(p.at + interval '1 hour'), 'collected_at', pg_temp.stamp(p.at + p.way),
        'delivered_at', pg_temp.stamp(p.at + interval '3 days'),
        'total', jsonb_build_object('amount', '84.00', 'currency', 'MYR'),
        'lines', (SELECT jsonb_agg(jsonb_build_object('platform_line_id', g.id || n, 'title', repeat('A mug of clay ', 6),
            'quantity', 1, 'price', jsonb_build_object('amount', '28.00', 'currency', 'MYR'))) FROM generate_series(1, 3) n))
FROM (SELECT n, (576000000000000000 + n)::text AS id FROM generate_series(1, %(orders)s::bigint) n) g
JOIN (SELECT id, workspace_id, row_number() OVER (ORDER BY id) AS n FROM stores_store) s ON s.n = g.n %% %(stores)s + 1,
LATERAL (SELECT %(now)s::timestamptz - (g.n * 7919 %% (%(days)s * 86000)) * interval '1 second' AS at,
    CASE WHEN g.n %% 10 < 3 THEN interval '24 hours' ELSE interval '3 hours' END AS way) p
"""
_STAMP = """
CREATE FUNCTION pg_temp.stamp(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') $$
"""
_PLANT = """
UPDATE records_order o SET placed_at = %(monday)s, data = o.data || jsonb_build_object('placed_at', %(placed)s::text,
    'paid_at', %(placed)s::text, 'arranged_at', %(late)s::text, 'collected_at', %(late)s::text, 'delivered_at', %(late)s::text)
FROM (SELECT id, row_number() OVER (PARTITION BY store_id ORDER BY id) AS n FROM records_order WHERE store_id = ANY(%(ids)s)) k
WHERE o.id = k.id AND k.n <= %(each)s
"""


@dataclass(frozen=True, slots=True)
class Planted:
    """What a change of the figure must find."""

    stores: set[int]
    orders: int


@dataclass(frozen=True, slots=True)
class Came:
    """What a replay found, and its seconds."""

    stores: set[int]
    things: int
    looked_at: int
    seconds: float
    quick: int = 0


def fill(*, stores: int, orders: int, days: int) -> Planted:
    """Stores and orders by one statement each; twenty stores ship five orders on the second working day."""
    space = Workspace.objects.create(slug="bench", name="Bench", created_at=NOW)
    Store.objects.bulk_create(
        Store(
            workspace=space,
            key=f"tt-my-{number}",
            platform="tiktok_shop",
            platform_store_id=str(number),
            name=f"Store {number}",
            region="MY",
            timezone="Asia/Kuala_Lumpur",
            currency="MYR",
            added_at=NOW,
        )
        for number in range(stores)
    )
    chosen = list(
        Store.objects.order_by("pk").values_list("pk", flat=True)[: stores // 2 : max(1, stores // 2 // PLANTED_STORES)]
    )
    chosen = chosen[:PLANTED_STORES]
    late = MONDAY + timedelta(days=2)
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        cursor.execute(_FILL, {"orders": orders, "stores": stores, "days": days, "now": NOW})
        cursor.execute(
            _PLANT,
            {
                "monday": MONDAY,
                "placed": _text(MONDAY),
                "late": _text(late),
                "ids": chosen,
                "each": PLANTEDORDERS,
            },
        )
        planted = cursor.rowcount
        cursor.execute("ANALYZE records_order")
    return Planted(set(chosen), planted)


def _text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def bare(*, days: int) -> Came:
    """The same orders, read and dropped."""
    ids = list(Store.objects.values_list("pk", flat=True))
    seen = 0
    span = {"ids": ids, "soonest": [None] * len(ids), "since": NOW - timedelta(days=days), "now": NOW}
    with stopwatch() as watch, connection.cursor() as cursor, cursor.copy(f"COPY ({ORDERS}) TO STDOUT", span) as copying:
        for _ in copying.rows():
            seen += 1
    return Came(set(), 0, seen, watch.seconds)


def itself(*, days: int) -> Came:
    """What is in force against itself, every order judged."""
    with stopwatch() as watch:
        done = replay(_workspace(), before=book(), after=book(), rules={RULE}, now=NOW, days_back=days)
    return _came(done, watch.seconds)


def planted(*, days: int) -> Came:
    """One working day instead of two."""
    with stopwatch() as watch:
        changes = read_draft(DRAFT, book())
        done = replay_changes(_workspace(), changes, rules_in_force=book(), now=NOW, days_back=days)
    return _came(done, watch.seconds)


def _workspace() -> int:
    return Workspace.objects.get().pk


def _came(done: Replayed, seconds: float) -> Came:
    tally = done.tally
    sides = tally.sums["more"], tally.sums["less"]
    return Came(sides[0].stores | sides[1].stores, sum(one.things for one in sides), tally.looked_at[RULE], seconds, tally.quick)
