"""What the sandbox itself holds about a shop beside its orders: money, what waits for an answer, stock. For tests only."""

from collections import Counter
from typing import Any

from .cases import Case, Cases
from .catalogue import Catalogue
from .ledger import Ledger
from .penalties import Penalties
from .shop import Shop
from .tickets import OPEN, Tickets


def details(shop: Shop) -> dict[str, Any]:
    """Counted in memory at the instant at which the shop stands; instants are unix seconds, 0 for none, amounts fen."""
    return {
        "troubles": sorted(shop.persona.troubles),
        "finance": finance(shop),
        "to_answer": [task(case) for case in waiting(shop)],
        "tickets": [{"id": one.id, "deadline": one.deadline} for one in shop.part(Tickets).known.values() if one.status == OPEN],
        "stock": dict(Counter(sku.level for _product, sku in shop.part(Catalogue).skus())),
        "products": dict(Counter(str(product.status) for product in shop.part(Catalogue).products.values())),
    }


def finance(shop: Shop) -> dict[str, Any]:
    ledger, penalties = shop.part(Ledger), shop.part(Penalties)
    return {
        "balance": ledger.balance,
        "deposit": ledger.deposit,
        "frozen_until": ledger.frozen_until if ledger.frozen(shop.now) else 0,
        "late_hits": penalties.late,
        "bad_days": len(penalties.bad_days),
        "movements": len(ledger.movements),
        "settlements": len(ledger.settlements),
    }


def waiting(shop: Shop) -> list[Case]:
    """Cases that the merchant owes a decision, the most urgent first."""
    owed = [case for case in shop.part(Cases).known.values() if case.waits_for_merchant]
    return sorted(owed, key=lambda case: (case.deadline, case.id))


def task(case: Case) -> dict[str, Any]:
    return {"id": case.id, "order_id": case.order.id, "action": str(case.status), "deadline": case.deadline}
