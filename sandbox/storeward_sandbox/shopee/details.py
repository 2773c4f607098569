"""What the sandbox itself holds about a shop beside its orders, for tests only."""

from collections import Counter
from typing import Any

from .chat import chat_of
from .items import LIVE, LOW_STOCK_AT, items_of
from .penalties import record_of, total
from .returns import returns_of
from .shop import Shop
from .wallet import wallet_of


def details(shop: Shop) -> dict[str, Any]:
    """Counted in memory at the instant at which the shop stands; instants are unix seconds, 0 for none."""
    live = [item for item in items_of(shop).values() if item.status == LIVE]
    waiting = [one.waiting_since() for one in chat_of(shop).known.values() if one.waiting_since()]
    owed = [one for one in returns_of(shop).values() if one.status == "REQUESTED" and one.negotiation == "PENDING_RESPOND"]
    return {
        "troubles": sorted(shop.persona.troubles),
        "finance": {
            "balance": str(wallet_of(shop).balance),
            "currency": shop.currency,
            "wallet_rows": len(wallet_of(shop).rows),
            "payouts": len(wallet_of(shop).payouts),
        },
        "to_answer": [{"id": one.sn, "order_id": one.order_sn, "deadline": one.due} for one in owed],
        "waiting_buyers": {"count": len(waiting), "since": min(waiting, default=0)},
        "penalty": {"points": total(shop), "tier": record_of(shop).tier},
        "stock": dict(Counter(_level(model.stock) for item in live for model in item.models)),
        "products": dict(Counter(item.status for item in items_of(shop).values())),
    }


def _level(stock: int) -> str:
    return "OUT_OF_STOCK" if stock <= 0 else "LOW_STOCK" if stock <= LOW_STOCK_AT else "NORMAL"
