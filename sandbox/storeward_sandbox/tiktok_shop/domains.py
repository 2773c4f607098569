"""Every part of a shop's life and every operation, imported in the order in which their hooks shall run."""

from types import ModuleType

from . import buying, orders, orders_api, places, shops

PARTS: tuple[ModuleType, ...] = (places, buying, orders, orders_api, shops)
