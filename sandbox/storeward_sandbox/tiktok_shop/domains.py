"""Every part of a shop's life and every operation, imported in the order in which their hooks shall run."""

from types import ModuleType

from . import (
    aftersales,
    aftersales_grouped,
    aftersales_life,
    buying,
    chat_life,
    customer_service,
    finance,
    fulfillment,
    inventory,
    label_buying,
    logistics,
    orders,
    orders_api,
    places,
    product_edits,
    products,
    seller_requests,
    shops,
    splitting,
    stockroom,
)

PARTS: tuple[ModuleType, ...] = (
    places,
    stockroom,
    buying,
    orders,
    orders_api,
    splitting,
    logistics,
    label_buying,
    fulfillment,
    shops,
    products,
    product_edits,
    inventory,
    aftersales_life,
    aftersales,
    seller_requests,
    aftersales_grouped,
    chat_life,
    customer_service,
    finance,
)
