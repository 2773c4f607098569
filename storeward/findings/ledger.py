"""Obligations that were settled before we first saw their order: most of a first fill. They count in the rates, and that is all.

They are new and nothing about them will change, so they go to the ledger by COPY, without staging, comparison or a finding. Those
of an order that the ledger knows already take the common way (`write`).
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.backends.utils import CursorWrapper

from storeward.findings.order_facts import Key, columns
from storeward.lib.binary import copy_types, instant
from storeward.policy.types import Obligation

Stake = tuple[Decimal | None, str | None, float | None]
"""Amount, currency, US dollars."""
NO_STAKE: Stake = (None, None, None)

Settled = tuple[int, int, Obligation, Stake]
"""Store, workspace, what was owed about an order, and what was at stake."""

_KNOWN = """
SELECT k.store, k.id FROM unnest(%s::bigint[], %s::text[]) AS k (store, id), LATERAL (
    SELECT FROM findings_obligation o
    WHERE o.store_id = k.store AND o.subject_kind = 'order' AND o.subject_id = k.id LIMIT 1
) held
"""


def known_orders(cursor: CursorWrapper, keys: Iterable[Key]) -> set[Key]:
    """Those of the orders that the ledger names. Asked under the lock of their stores, so the answer holds until the end."""
    cursor.execute(_KNOWN, columns(keys))
    return {(store_id, order_id) for store_id, order_id in cursor.fetchall()}


_COLUMNS = (
    ("store_id", "int8"),
    ("workspace_id", "int8"),
    ("subject_kind", "text"),
    ("subject_id", "text"),
    ("rule", "text"),
    ("starts_at", "timestamptz"),
    ("due_at", "timestamptz"),
    ("done_at", "timestamptz"),
    ("lead_seconds", "int4"),
    ("reached_at_due", "bool"),
    ("severity", "text"),
    ("state", "text"),
    ("stake_amount", "numeric"),
    ("stake_currency", "text"),
    ("stake_usd", "float8"),
)
_COPY = f"COPY findings_obligation ({', '.join(name for name, _ in _COLUMNS)}) FROM STDIN (FORMAT BINARY)"
_TYPES = copy_types(_COLUMNS)


def write_settled(cursor: CursorWrapper, settled: Sequence[Settled]) -> int:
    """Into the ledger; answers how many."""
    if settled:
        with cursor.copy(_COPY) as copying:
            copying.set_types(_TYPES)
            for one in settled:
                copying.write_row(_row(*one))
    return len(settled)


def _row(store_id: int, workspace_id: int, owed: Obligation, stake: Stake) -> tuple[Any, ...]:
    assert owed.subject is not None
    assert owed.done_at is not None
    return (
        store_id,
        workspace_id,
        owed.subject.kind,
        owed.subject.id,
        owed.rule,
        instant(min(owed.starts_at, owed.due_at)),
        instant(owed.due_at),
        instant(owed.done_at),
        None if owed.lead is None else int(owed.lead.total_seconds()),
        owed.reached == "at",
        str(owed.severity),
        "met_late" if owed.done_at > owed.due_at else "met",
        *stake,
    )
