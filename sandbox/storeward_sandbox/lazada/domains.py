"""Every part of a store's life and every operation. Importing them registers both; a part that needs another one to hear of a
moment first imports it."""

from types import ModuleType

from . import (
    buying,
    chat_api,
    chat_life,
    finance,
    fulfillment,
    ledger,
    notices,
    orders_api,
    papers,
    performance,
    places,
    product_edits,
    products,
    reverse_api,
    reverse_life,
    reviews,
    sellers_api,
    standing,
    stockroom,
    trace,
)

PARTS: tuple[ModuleType, ...] = (
    places,
    stockroom,
    buying,
    notices,
    standing,
    ledger,
    reverse_life,
    chat_life,
    reviews,
    chat_api,
    finance,
    fulfillment,
    orders_api,
    papers,
    performance,
    product_edits,
    products,
    reverse_api,
    sellers_api,
    trace,
)
