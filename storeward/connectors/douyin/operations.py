"""Every operation that we can read, under the platform's own method names.

An `example` is a request with made-up ids: `connector probe` sends one for every read that the connector uses.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from storeward.connectors.contract import Operation, OperationKind, Parse, Request

from . import oauth, orders, push, stores

ORDER: Final = "4781320682406083640"
SHOP: Final = "4463798"
SINCE: Final = datetime(2026, 10, 1, tzinfo=UTC)
UNTIL: Final = datetime(2026, 10, 2, tzinfo=UTC)

Example = Callable[[], Request]


def _read(name: str, parse: Parse, *records: str, example: Example | None = None) -> Operation:
    return Operation(name, OperationKind.READ, records, parse, example)


def _write(name: str, parse: Parse, *records: str) -> Operation:
    return Operation(name, OperationKind.WRITE, records, parse)


STORES: Final = (
    _write("token.create", oauth.parse_token_answer, "store"),
    _write("token.refresh", oauth.parse_token_answer, "store"),
    _read("open.getAuthInfo", stores.parse_authorisation, example=lambda: stores.authorisation_request(SHOP)),
    _read("shop.reputation", stores.parse_reputation, "store", "metric", example=stores.reputation_request),
    _read("shop.getExperienceScore", stores.parse_experience, "metric", example=stores.experience_request),
    _read("push", push.parse_push_answer, "push"),
)

ORDERS: Final = (
    _read(
        "order.searchList",
        orders.parse_orders,
        "order",
        example=lambda: orders.list_orders_request(updated_since=SINCE, updated_until=UNTIL),
    ),
    _read("order.orderDetail", orders.parse_order, "order", example=lambda: orders.order_detail_request(ORDER)),
)

ALL: Final = (*STORES, *ORDERS)
OPERATIONS: Final = {operation.name: operation for operation in ALL}
