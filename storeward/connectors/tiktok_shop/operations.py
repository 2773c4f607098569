"""Every operation that we can read, under the name of the platform's own documents."""

from collections.abc import Callable
from typing import Final

from storeward.connectors.contract import Operation, OperationKind, Parse, Request

from . import orders

READ: Final = OperationKind.READ
WRITE: Final = OperationKind.WRITE


def _read(name: str, parse: Parse, *records: str, example: Callable[[], Request] | None = None) -> Operation:
    return Operation(name, READ, records, parse, example)


_ALL: Final = (
    _read("getOrderList", orders.parse_orders, "order", example=orders.list_orders_request),
    _read("getOrderDetail", orders.parse_orders, "order", example=lambda: orders.order_detail_request(["576461413038785752"])),
    _read(
        "getOrderPriceDetails",
        orders.parse_price_detail,
        "order_lines",
        example=lambda: orders.price_detail_request("576461413038785752"),
    ),
)

OPERATIONS: Final = {operation.name: operation for operation in _ALL}
