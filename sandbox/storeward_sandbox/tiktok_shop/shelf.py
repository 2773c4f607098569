"""What buyers can pick from. products.py puts things on the shelf and takes them off; orders take units of them."""

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from .shop import Shop


@dataclass(frozen=True)
class Item:
    """One SKU as an order line shows it. `price` is the shelf price in the shop's currency."""

    product_id: str
    sku_id: str
    product_name: str
    sku_name: str
    seller_sku: str
    image_url: str
    price: Decimal
    weight_grams: int
    warehouse_id: str


@dataclass
class Shelf:
    """SKUs on sale at this instant, by SKU id, and those that were ever on it."""

    items: dict[str, Item] = field(default_factory=dict)
    ever: dict[str, Item] = field(default_factory=dict)

    def put(self, item: Item) -> None:
        """On sale (again), or with new words or a new price."""
        self.items[item.sku_id] = self.ever[item.sku_id] = item

    def take_off(self, sku_id: str) -> None:
        self.items.pop(sku_id, None)

    def pick(self, chance: Random) -> Item | None:
        """What a buyer chooses; the first SKUs sell best. None where nothing is on sale."""
        if not self.items:
            return None
        choices = list(self.items.values())
        return choices[min(int(chance.expovariate(3.0 / len(choices))), len(choices) - 1)]


def priced(shop: Shop, usd: float) -> Decimal:
    """A price in the shop's currency that looks like one: 9.90, or 129000."""
    amount = usd * shop.market.usd
    if shop.market.decimals == 0:
        return Decimal(max(1000, round(amount / 1000) * 1000))
    return Decimal(f"{max(1, round(amount)) - 0.1:.2f}")
