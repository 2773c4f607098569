"""The products of a store: what is listed, at what price, and how much of it lies where.

Plain state and the few moves that orders and sellers make on it. Instants are unix seconds; amounts are Decimal in the site's
currency. Nothing here knows of HTTP, pushes or a clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

ACTIVE, INACTIVE, PENDING, SUSPENDED, DELETED = "Active", "InActive", "Pending QC", "Suspended", "Deleted"
DEFAULT_WAREHOUSE = "dropshipping"
SHALLOW_AT = 5
"""At this many units or fewer push 6 comes."""


@dataclass(slots=True)
class Stock:
    """The units of one SKU in one warehouse: buyable (campaign locks included), held for unpaid and for paid orders."""

    warehouse: str
    sellable: int
    withheld: int = 0
    occupied: int = 0

    @property
    def total(self) -> int:
        return self.sellable + self.withheld + self.occupied


@dataclass(slots=True, frozen=True)
class Lock:
    """Units kept for a campaign: inside the sellable ones, which may not fall below them."""

    name: str
    units: int
    begins: int
    ends: int


@dataclass(slots=True)
class Sku:
    id: str
    seller_sku: str
    price: Decimal
    props: dict[str, str]
    stock: list[Stock]
    weight: str
    status: str = "active"
    sale_price: Decimal | None = None
    sale_from: int = 0
    sale_to: int = 0
    lock: Lock | None = None
    warned: bool = False

    @property
    def label(self) -> str:
        """What order items call the variation; empty where there is none."""
        return ", ".join(f"{name}:{value}" for name, value in self.props.items())

    @property
    def sellable(self) -> int:
        return sum(stock.sellable for stock in self.stock)

    @property
    def total(self) -> int:
        return sum(stock.total for stock in self.stock)

    def at(self, warehouse: str) -> Stock | None:
        return next((stock for stock in self.stock if stock.warehouse == warehouse), None)

    def price_now(self, now: int) -> Decimal:
        on_sale = self.sale_price is not None and self.sale_from <= now <= self.sale_to
        return self.sale_price if on_sale and self.sale_price is not None else self.price

    def locked(self, now: int) -> int:
        """Units that a running or coming campaign keeps."""
        return self.lock.units if self.lock is not None and now <= self.lock.ends else 0


@dataclass(slots=True)
class Product:
    id: str
    title: str
    category: int
    images: list[str]
    skus: list[Sku]
    created: int
    updated: int
    axes: tuple[str, ...] = ()
    status: str = ACTIVE
    sub_status: str | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    rejected: list[dict[str, str]] = field(default_factory=list)
    hidden: tuple[str, str] | None = None
    deactivates: int = 0
    digital: bool = False

    def sku(self, sku_id: str) -> Sku | None:
        return next((sku for sku in self.skus if sku.id == sku_id), None)

    def axis_values(self, axis: str) -> list[str]:
        return list(dict.fromkeys(sku.props[axis] for sku in self.skus if axis in sku.props))


@dataclass(slots=True)
class Catalogue:
    """All products of one store, by id, in the order of their creation."""

    products: dict[str, Product] = field(default_factory=dict)
    by_sku: dict[str, tuple[Product, Sku]] = field(default_factory=dict)

    def add(self, product: Product) -> None:
        self.products[product.id] = product
        self.by_sku.update((sku.id, (product, sku)) for sku in product.skus)

    def find(self, sku_id: str) -> tuple[Product, Sku] | None:
        return self.by_sku.get(sku_id)

    def on_sale(self) -> Iterator[tuple[Product, Sku]]:
        """What a buyer may put into the basket now."""
        for product in self.products.values():
            if product.status == ACTIVE:
                yield from ((product, sku) for sku in product.skus if sku.status == "active" and sku.sellable > 0)

    def pick(self, chance: Random) -> tuple[Product, Sku] | None:
        """What a buyer chooses; the first SKUs sell best. None where nothing is on sale."""
        choices = list(self.on_sale())
        if not choices:
            return None
        return choices[min(int(chance.expovariate(3.0 / len(choices))), len(choices) - 1)]


# --- units of one piece on their way through an order -----------------------------------------------------------------


def withhold(sku: Sku) -> str:
    """Hold one unit for an unpaid order, from the fullest warehouse; which one that was."""
    stock = max(sku.stock, key=lambda one: one.sellable)
    stock.sellable -= 1
    stock.withheld += 1
    return stock.warehouse


def occupy(sku: Sku, warehouse: str) -> None:
    """The unit is paid for."""
    stock = sku.at(warehouse)
    if stock is not None and stock.withheld:
        stock.withheld -= 1
        stock.occupied += 1


def hand_out(sku: Sku, warehouse: str) -> None:
    """The unit is ready to ship, and leaves the books."""
    stock = sku.at(warehouse)
    if stock is not None and stock.occupied:
        stock.occupied -= 1


def give_back(sku: Sku, warehouse: str, *, held: str) -> None:
    """The order was cancelled; `held` says what the unit was: withheld, occupied, or gone."""
    stock = sku.at(warehouse)
    if stock is None:
        return
    if held == "withheld" and stock.withheld:
        stock.withheld -= 1
    elif held == "occupied" and stock.occupied:
        stock.occupied -= 1
    stock.sellable += 1
