"""Reads of records: what is exported, and how a record came to be what it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import connection, transaction

from storeward.records.models import Payload
from storeward.stores.models import Store

ORDERS: Final = """
SELECT s.key, s.platform, s.platform_store_id, o.platform_id, o.platform_status, o.status, o.amount, o.currency,
       o.data -> 'total' ->> 'amount', o.placed_at, o.ship_by_at, o.updated_at
FROM records_order o JOIN stores_store s ON s.id = o.store_id
WHERE %(store)s::bigint IS NULL OR o.store_id = %(store)s
"""
FETCHED_AT_ONCE: Final = 2000


def instant(at: datetime | None) -> str | None:
    """The contract's form: UTC with Z, fractions only where there are any."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def export_orders(store: Store | None = None) -> Iterator[dict[str, Any]]:
    """Every order that is held (or those of one store), as rows of the contract, without holding them all in memory."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.itersize = FETCHED_AT_ONCE  # type: ignore[attr-defined]  # a server-side cursor of psycopg
        cursor.execute(ORDERS, {"store": None if store is None else store.pk})
        for row in cursor:
            yield order_row(row)


def order_row(row: tuple[Any, ...]) -> dict[str, Any]:
    """One line of `export orders`. The amount is written with the digits that the platform gave."""
    key, platform, platform_store_id, order_id, word, status, amount, currency, written, placed_at, ship_by_at, updated_at = row
    return {
        "store": key,
        "platform": platform,
        "platform_store_id": platform_store_id,
        "platform_order_id": order_id,
        "platform_status": word,
        "status": status,
        "total": None if amount is None else {"amount": written or f"{Decimal(amount):f}", "currency": currency},
        "placed_at": instant(placed_at),
        "ship_by_at": instant(ship_by_at),
        "updated_at": instant(updated_at),
    }


@dataclass(frozen=True, slots=True)
class Version:
    """What the platform sent of a record, and when it reached us."""

    arrived_at: datetime
    body: bytes


def history(store: Store, kind: str, platform_id: str, *, limit: int = 50) -> list[Version]:
    """The payloads of one record, newest first, one for each time it was different."""
    rows = Payload.objects.filter(store=store, kind=kind, platform_id=platform_id).order_by("-id")[:limit]
    return [Version(row.arrived_at, bytes(row.body)) for row in rows]
