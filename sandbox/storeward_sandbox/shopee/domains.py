"""Every part of a shop's life and every operation, imported in the order in which their hooks shall run."""

from types import ModuleType

from . import buying, orders_api, shops_api, stockroom, tokens_api

PARTS: tuple[ModuleType, ...] = (stockroom, buying, orders_api, tokens_api, shops_api)
