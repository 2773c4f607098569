"""A fleet as it lies in the database, made in place: stores with fresh streams, a ledger with a long history, findings, readings.

Everything is written by INSERT .. SELECT from generate_series, so that two million rows take seconds. What is made is what the
product itself would have written: the same columns, states and instants, in the same proportions every time.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from storeward.findings.difference import settle
from storeward.findings.rules import rule_table
from storeward.findings.staging import staged
from storeward.findings.wanting import from_obligations


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is."""

    stores: int = 1_000
    open: int = 200_000
    history: int = 2_000_000
    due_now: int = 2_000
    """Obligations that move at this very tick."""


RULES = ["TTS-SEA-SHIP-2WD", "TTS-SEA-AUTOCANCEL-RTS", "TTS-SEA-AUTOCANCEL-COLLECT", "TTS-SEA-RESP12-MSG"]
STREAMS = ["orders", "returns", "cancellations", "listings", "conversations", "transactions", "statements", "wallet"]

_FLEET = """
INSERT INTO accounts_workspace (id, slug, name, currency, created_at) VALUES (1, 'bench', 'Bench', 'USD', %(now)s);
INSERT INTO stores_app (id, workspace_id, platform, name, app_key, service_id, sealed_secret, sealed_push_key, base_url, auth_url)
VALUES (1, 1, 'tiktok_shop', 'Bench', 'bench', 'bench', '', '', 'http://bench.test', 'http://bench.test');
INSERT INTO stores_connection (id, workspace_id, app_id, platform_user_id, sealed_access_token, sealed_refresh_token,
    access_expires_at, granted_scopes, state, state_reason, state_since)
VALUES (1, 1, 1, 'bench', '', '', %(now)s + interval '7 days', '[]', 'active', '', %(now)s);
INSERT INTO stores_store (id, workspace_id, connection_id, key, platform, platform_store_id, platform_handle, name, region,
    timezone, currency, seller_type, programme, state, status, settings, added_at)
SELECT n, 1, 1, 'tt-my-bench' || n, 'tiktok_shop', n, '', 'Bench ' || n, 'MY', 'Asia/Kuala_Lumpur', 'MYR', 'local', 'none', '',
    'open', '{}', %(now)s FROM generate_series(1, %(stores)s) n;
INSERT INTO records_stream (store_id, workspace_id, name, observed_at, trusted_until, due_at, filled, position, error_family,
    error_text, failures)
SELECT n, 1, name, %(now)s - n %% 600 * interval '1 second', %(now)s + interval '1 hour', %(now)s, true, '{}', '', '', 0
FROM generate_series(1, %(stores)s) n, unnest(%(streams)s::text[]) name;
"""

_LEDGER = """
INSERT INTO findings_obligation (workspace_id, store_id, rule, subject_kind, subject_id, starts_at, due_at, done_at,
    lead_seconds, reached_at_due, severity, state, next_at, stake_amount, stake_currency, stake_usd, details)
SELECT 1, n %% %(stores)s + 1, (%(rules)s::text[])[n %% 4 + 1], 'order', '576' || n, due - interval '2 days', due,
    due - interval '3 hours', 86400, false, 'critical', CASE WHEN n %% 20 = 0 THEN 'met_late' ELSE 'met' END, NULL, 84,
    'MYR', 19.9, NULL
FROM (SELECT n, %(now)s::timestamptz - (n %% 7776000) * interval '1 second' AS due FROM generate_series(1, %(history)s) n) h;
"""

# One open obligation in a hundred moves now; of the rest three in ten are within their lead or late, and have a finding.
_OPEN = """
INSERT INTO findings_obligation (workspace_id, store_id, rule, subject_kind, subject_id, starts_at, due_at,
    lead_seconds, reached_at_due, severity, state, next_at, stake_amount, stake_currency, stake_usd, details)
SELECT 1, n %% %(stores)s + 1, (%(rules)s::text[])[n %% 4 + 1], 'order', '577' || n, due - interval '2 days', due,
    86400, false, 'critical', CASE WHEN due < %(now)s THEN 'breached' ELSE 'open' END,
    CASE WHEN due < %(now)s THEN NULL WHEN due <= %(now)s + interval '1 day' AND n > %(due_now)s
            THEN due + interval '1 microsecond'
        ELSE due - interval '1 day' END,
    n %% 200 + 10, 'MYR', (n %% 200 + 10) * 0.237, '{"why": {"en": "Due soon.", "zh": "即将到期。"}}'
FROM (
    SELECT n, %(now)s::timestamptz + CASE WHEN n <= %(due_now)s THEN interval '1 day' - n * interval '1 millisecond'
        WHEN n %% 10 < 1 THEN - (n %% 86400) * interval '1 second' - interval '1 second'
        WHEN n %% 10 < 3 THEN (n %% 80000) * interval '1 second' + interval '1 second'
        ELSE interval '25 hours' + (n %% 200000) * interval '1 second' END AS due
    FROM generate_series(1, %(open)s) n
) o;
"""

_READINGS = """
INSERT INTO findings_reading (workspace_id, store_id, rule, subject_kind, subject_id, state, severity, value, unit, as_of,
    next_at, details)
SELECT 1, n, rule, 'store', 'tt-my-bench' || n, 'ok', '', '12.5', 'percent', %(now)s, %(now)s + interval '2 days', '{}'
FROM generate_series(1, %(stores)s) n, unnest(%(gauges)s::text[]) rule;
"""

GAUGES = [
    "TTS-SEA-LDR-TARGET",
    "TTS-SEA-SFCR-TARGET", "TTS-SEA-NEGBAL-NEG", "TTS-SEA-NEGBAL-100", "INT-NEGBAL-ALERT50", "TTS-SEA-VP-12",
    "TTS-MY-RESP12-RATE", "TTS-SEA-RESP24-RATE", "TTS-SEA-2SV", "TTS-SEA-LDR-VP", "TTS-SEA-SFCR-OVL1", "TTS-SEA-NEGBAL-UNFREEZE",
]  # fmt: skip


def make(size: Size, now: datetime) -> None:
    """Fill the empty database."""
    values: dict[str, Any] = {
        "now": now,
        "stores": size.stores,
        "open": size.open,
        "history": size.history,
        "due_now": size.due_now,
        "rules": RULES,
        "streams": STREAMS,
        "gauges": GAUGES,
    }
    with connection.cursor() as cursor:
        for statements in (_FLEET, _LEDGER, _OPEN, _READINGS):
            cursor.execute(statements, values)
    with staged() as cursor:
        told = "SELECT * FROM findings_obligation WHERE state IN ('open', 'breached') AND (next_at IS NULL OR next_at > %(now)s)"
        cursor.execute(from_obligations(told), {"now": now, **rule_table()})
        settle(cursor, now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
