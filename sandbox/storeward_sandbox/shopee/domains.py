"""Every part of a shop's life and every operation, imported in the order in which their hooks shall run."""

from types import ModuleType

from . import (
    buying,
    chat_api,
    chat_life,
    documents_api,
    health_api,
    item_edits_api,
    items_api,
    logistics_api,
    orders_api,
    payment_api,
    penalties,
    push_api,
    returns_api,
    returns_life,
    reviews,
    reviews_api,
    shops_api,
    stockroom,
    tokens_api,
    wallet,
)

PARTS: tuple[ModuleType, ...] = (
    stockroom,
    buying,
    wallet,
    returns_life,
    reviews,
    chat_life,
    penalties,
    orders_api,
    logistics_api,
    documents_api,
    items_api,
    item_edits_api,
    reviews_api,
    returns_api,
    payment_api,
    health_api,
    chat_api,
    tokens_api,
    push_api,
    shops_api,
)
