"""Every part of a shop's life and every operation, imported in the order in which their hooks shall run."""

from types import ModuleType

from . import (
    buying,
    cases_api,
    cases_life,
    catalogue,
    logistics_api,
    orders,
    orders_api,
    people,
    places,
    products_api,
    secrets_api,
    seller,
    shipping,
    stock_api,
)

PARTS: tuple[ModuleType, ...] = (
    people,
    places,
    catalogue,
    orders,
    buying,
    seller,
    cases_life,
    orders_api,
    shipping,
    logistics_api,
    cases_api,
    products_api,
    stock_api,
    secrets_api,
)
