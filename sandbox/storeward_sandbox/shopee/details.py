"""What the sandbox itself holds about a shop beside its orders, for tests only."""

from collections import Counter
from typing import Any

from .items import LIVE, LOW_STOCK_AT, items_of
from .shop import Shop


def details(shop: Shop) -> dict[str, Any]:
    """Counted in memory at the instant at which the shop stands."""
    live = [item for item in items_of(shop).values() if item.status == LIVE]
    levels = Counter(_level(model.stock) for item in live for model in item.models)
    return {
        "troubles": sorted(shop.persona.troubles),
        "stock": dict(levels),
        "products": dict(Counter(item.status for item in items_of(shop).values())),
    }


def _level(stock: int) -> str:
    return "OUT_OF_STOCK" if stock <= 0 else "LOW_STOCK" if stock <= LOW_STOCK_AT else "NORMAL"
