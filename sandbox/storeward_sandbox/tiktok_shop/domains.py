"""Every part of a shop's life and every operation, imported in the order in which their hooks shall run."""

from types import ModuleType

from . import (
    aftersales,
    aftersales_life,
    buying,
    inventory,
    orders,
    orders_api,
    places,
    product_edits,
    products,
    shops,
    stockroom,
)

PARTS: tuple[ModuleType, ...] = (
    places,
    stockroom,
    buying,
    orders,
    orders_api,
    shops,
    products,
    product_edits,
    inventory,
    aftersales_life,
    aftersales,
)
