"""Who may judge when: evaluators work side by side on different stores, the clock alone.

Advisory locks of PostgreSQL, held until the transaction ends. The order is fixed (the gate, then stores by id), so nobody waits
in a circle.
"""

from collections.abc import Sequence

from django.db.backends.utils import CursorWrapper

_GATE = 7301
_STORE = 7302
"""Names of our two kinds of lock among the advisory locks of the database."""


def hold_all(cursor: CursorWrapper) -> None:
    """Wait until no evaluator is at work, and keep new ones waiting."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [_GATE])


def hold_stores(cursor: CursorWrapper, store_ids: Sequence[int]) -> None:
    """Wait until nobody else judges these stores."""
    cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, 0)", [_GATE])
    cursor.execute(
        "SELECT pg_advisory_xact_lock(%s, id) FROM unnest(%s::int[]) AS id",
        [_STORE, sorted(set(store_ids))],
    )
