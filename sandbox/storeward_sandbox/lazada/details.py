"""What the sandbox itself holds about a store beside its orders: money, open requests, waiting buyers, stock. For tests only."""

from collections import Counter
from typing import Any

from .catalogue import Catalogue
from .chat import Chat
from .ledger import balance, statements
from .reverse import Reverses
from .reviews import Reviews
from .shop import Shop
from .sites import amount_text
from .standing import Standing


def details(shop: Shop) -> dict[str, Any]:
    """Counted in memory at the instant at which the store stands; instants are unix seconds, 0 for none."""
    catalogue, standing = shop.part(Catalogue), shop.part(Standing)
    waiting = [since for one in shop.part(Chat).sessions.values() if (since := one.waiting_since())]
    made = statements(shop)
    owed = shop.part(Reverses).owed()
    return {
        "troubles": sorted(shop.persona.troubles),
        "finance": {
            "currency": shop.currency,
            "balance": amount_text(balance(shop)),
            "statements": len(made),
            "last_closing": amount_text(made[-1].closing) if made else "",
        },
        "to_answer": [
            {"id": row.id, "order_id": reverse.order.id, "action": reverse.kind, "deadline": row.sla} for reverse, row in owed
        ],
        "waiting_buyers": {"count": len(waiting), "since": min(waiting, default=0)},
        "reviews": len(shop.part(Reviews).known),
        "products": dict(Counter(product.status for product in catalogue.products.values())),
        "sold_out": sum(sku.sellable == 0 for product in catalogue.products.values() for sku in product.skus),
        "non_compliance_points": standing.points(shop.now),
        "orders_limited_until": standing.limited_until,
        "status": shop.status,
    }
