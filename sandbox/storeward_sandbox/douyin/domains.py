"""Every part of a shop's life and every operation, imported in the order in which their hooks shall run."""

from types import ModuleType

from . import (
    buying,
    catalogue,
    logistics_api,
    orders,
    orders_api,
    people,
    places,
    seller,
)

PARTS: tuple[ModuleType, ...] = (
    people,
    places,
    catalogue,
    orders,
    buying,
    seller,
    orders_api,
    logistics_api,
)
