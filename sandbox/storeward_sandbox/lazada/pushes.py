"""Push messages as the platform writes them: one envelope, many habits."""

from typing import Any

import msgspec

from .shop import Shop

ORDER, QUALITY, MESSAGE, CREATED, EDITED, DELETED, LOW_STOCK = 0, 1, 2, 3, 4, 5, 6
TOKEN_ENDS, REVERSE, SELLER_STATUS, PARCEL, READ_STATE, REVIEW = 8, 10, 13, 14, 19, 21

BARE_KINDS = (MESSAGE, READ_STATE)
"""Printed without timestamp and site, with the seller's id as a number."""
LOUD_KINDS = (EDITED, DELETED)
"""The site in capitals."""
IN_MILLISECONDS = (ORDER,)
LADDER_SECONDS = (30 * 60,) * 12
ANSWER_SECONDS = 0.5


def framed(shop: Shop, kind: int, data: dict[str, Any], sender: str) -> bytes:
    """The body of a push, exactly as it is signed and sent. `sender` is the seller id that it names."""
    if kind in BARE_KINDS:
        return msgspec.json.encode({"data": data, "seller_id": int(sender), "message_type": kind})
    site = shop.site.push_name
    return msgspec.json.encode(
        {
            "seller_id": "null" if kind == TOKEN_ENDS else sender,
            "message_type": kind,
            "data": data,
            "timestamp": shop.now * 1000 if kind in IN_MILLISECONDS else shop.now,
            "site": site.upper() if kind in LOUD_KINDS else site,
        }
    )


def refreshed(shop: Shop, kind: int, data: dict[str, Any]) -> dict[str, Any]:
    """The data of a push as it would be written now: before a repeat the platform looks again."""
    if kind != ORDER:
        return data
    order = shop.orders.get(str(data["trade_order_id"]))
    line = order.line(str(data["trade_order_line_id"])) if order else None
    return {**data, "order_status": line.status, "status_update_time": line.updated} if line else data
