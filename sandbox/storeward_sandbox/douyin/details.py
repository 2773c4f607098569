"""What the sandbox itself holds about a shop beside its orders. For tests only."""

from typing import Any

from .catalogue import Catalogue
from .shop import Shop


def details(shop: Shop) -> dict[str, Any]:
    """Counted in memory at the instant at which the shop stands; instants are unix seconds, 0 for none, amounts fen."""
    levels = [sku.level for _product, sku in shop.part(Catalogue).skus()]
    return {"troubles": sorted(shop.persona.troubles), "stock": {"skus": len(levels), "empty": sum(not one for one in levels)}}
