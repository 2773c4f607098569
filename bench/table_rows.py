"""A table of orders as a team exports it, with bad rows at known places, each with the field that it must be told by."""

import csv
import io
from dataclasses import dataclass
from datetime import datetime, timedelta

COLUMNS = (
    "store", "order_id", "status", "placed_at", "paid_at", "ship_by_at", "collected_at", "total", "currency", "sku", "title",
    "quantity", "price",
)  # fmt: skip
STATUSES = ("to ship", "to collect", "in transit", "delivered", "completed", "待发货", "cancelled")
SPOILT = {
    "order_id": "",
    "placed_at": "yesterday",
    "total": "12,34",
    "store": "no-such-store",
    "quantity": "-1",
}
"""Field -> what stands there in a bad row."""


@dataclass(frozen=True, slots=True)
class Table:
    """The file, and what must be said of it."""

    body: bytes
    bad: dict[int, str]
    """Row as a spreadsheet counts it -> the field that spoils it."""


def orders(rows: int, bad: int, stores: list[str], now: datetime) -> Table:
    """So many rows, each an order of its own, of which `bad` cannot be taken over: spread evenly, one fault after another."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    step, fields, spoilt = rows // bad, tuple(SPOILT), dict[int, str]()
    for number in range(rows):
        row = _row(number, stores[number % len(stores)], now)
        if number % step == step // 2 and len(spoilt) < bad:
            name = fields[len(spoilt) % len(fields)]
            row[name] = SPOILT[name]
            spoilt[number + 2] = name
        writer.writerow(row.values())
    return Table(out.getvalue().encode(), spoilt)


def _row(number: int, store: str, now: datetime) -> dict[str, str]:
    """An order placed within the last two weeks."""
    placed = now - timedelta(minutes=number % 20_000 + 60)
    status = STATUSES[number % len(STATUSES)]
    collected = placed + timedelta(minutes=45) if status in {"in transit", "delivered", "completed"} else None
    price = number % 90_000 + 500
    values = (
        store,
        str(576_460_000_000_000_000 + number),
        status,
        f"{placed:%Y-%m-%dT%H:%M:%SZ}",
        f"{placed + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}",
        f"{placed + timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}",
        f"{collected:%Y-%m-%dT%H:%M:%SZ}" if collected else "",
        f"{price / 50:.2f}",
        "MYR",
        f"LC-{number % 997}",
        f"Linen curtain {number % 997}, white",
        "2",
        f"{price / 100:.2f}",
    )
    return dict(zip(COLUMNS, values, strict=True))
