"""What the sandbox itself holds about a store beside its orders: money, open requests, waiting buyers, stock. For tests only."""

from collections import Counter
from typing import Any

from .catalogue import Catalogue
from .shop import Shop
from .standing import Standing


def details(shop: Shop) -> dict[str, Any]:
    """Counted in memory at the instant at which the store stands; instants are unix seconds, 0 for none."""
    catalogue, standing = shop.part(Catalogue), shop.part(Standing)
    return {
        "troubles": sorted(shop.persona.troubles),
        "products": dict(Counter(product.status for product in catalogue.products.values())),
        "non_compliance_points": standing.points(shop.now),
        "orders_limited_until": standing.limited_until,
    }
