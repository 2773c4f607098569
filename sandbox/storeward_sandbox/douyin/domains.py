"""Every part of a shop's life and every operation, imported in the order in which their hooks shall run."""

from types import ModuleType

from . import (
    account_api,
    bills_api,
    buying,
    cases_api,
    cases_life,
    catalogue,
    ledger,
    logistics_api,
    orders,
    orders_api,
    penalties,
    people,
    places,
    products_api,
    score,
    secrets_api,
    seller,
    shipping,
    stock_api,
    tickets,
)

PARTS: tuple[ModuleType, ...] = (
    people,
    places,
    catalogue,
    orders,
    buying,
    seller,
    cases_life,
    tickets,
    ledger,
    penalties,
    orders_api,
    shipping,
    logistics_api,
    cases_api,
    products_api,
    stock_api,
    secrets_api,
    bills_api,
    account_api,
    score,
)
