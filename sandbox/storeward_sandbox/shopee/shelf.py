"""What buyers can pick from. stockroom.py puts things on the shelf and takes them off; orders take units of them."""

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from .shop import Shop


@dataclass(frozen=True)
class Good:
    """One model of an item (model id 0 where the item has none) as an order line shows it."""

    item_id: int
    model_id: int
    item_name: str
    model_name: str
    item_sku: str
    model_sku: str
    image_url: str
    price: Decimal
    weight_kg: Decimal
    location_id: str
    free: int
    original_price: Decimal = Decimal(0)
    promotion_id: int = 0

    @property
    def listed_price(self) -> Decimal:
        """The price before any promotion."""
        return self.original_price or self.price


@dataclass
class Shelf:
    """Models on sale at this instant, by (item id, model id)."""

    goods: dict[tuple[int, int], Good] = field(default_factory=dict)

    def put(self, good: Good) -> None:
        self.goods[good.item_id, good.model_id] = good

    def take_off(self, item_id: int, model_id: int) -> None:
        self.goods.pop((item_id, model_id), None)

    def pick(self, chance: Random) -> Good | None:
        """What a buyer chooses; the first models sell best. None where nothing is on sale."""
        if not self.goods:
            return None
        choices = list(self.goods.values())
        return choices[min(int(chance.expovariate(3.0 / len(choices))), len(choices) - 1)]


def goods_of(shop: Shop) -> Shelf:
    return shop.part(Shelf)
