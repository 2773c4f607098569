"""What the sandbox itself holds about a shop beside its orders: money, open requests, waiting buyers, stock. For tests only."""

from collections import Counter
from typing import Any

from .aftersales_life import Aftersales
from .books import finance_truth
from .catalogue import Catalogue
from .chat_life import chat_of
from .requests import Request
from .shop import Shop


def details(shop: Shop) -> dict[str, Any]:
    """Counted in memory at the instant at which the shop stands; instants are unix seconds, 0 for none."""
    waiting = [one.waiting_since() for one in chat_of(shop).conversations.values() if one.waiting_since()]
    catalogue = shop.part(Catalogue)
    return {
        "troubles": sorted(shop.persona.troubles),
        "finance": finance_truth(shop),
        "to_answer": [task(request) for request in open_requests(shop)],
        "waiting_buyers": {"count": len(waiting), "since": min(waiting, default=0)},
        "stock": dict(Counter(sku.level for _product, sku in catalogue.live_skus())),
        "products": dict(Counter(product.status for product in catalogue.products.values())),
    }


def open_requests(shop: Shop) -> list[Request]:
    """Requests that the seller owes an answer, the most urgent first."""
    state = shop.part(Aftersales)
    owed = [one for one in (*state.returns.values(), *state.cancellations.values()) if one.action]
    return sorted(owed, key=lambda request: (request.deadline, request.id))


def task(request: Request) -> dict[str, Any]:
    return {"id": request.id, "order_id": request.order_id, "action": request.action, "deadline": request.deadline}
