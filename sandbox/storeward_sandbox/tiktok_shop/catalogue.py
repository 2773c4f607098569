"""The products of a shop: what is listed, at what price, how much of it lies in which warehouse.

Plain state and the few moves that orders and sellers make on it. Instants are unix seconds, as on the wire; amounts are Decimal
in the shop's currency. Nothing here knows of HTTP, webhooks or a clock.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from storeward_sandbox.goods import Kind, choose_kinds, price_of

from .markets import Market

LOW_STOCK_AT = 10
"""At this many units or fewer the platform calls a SKU low (webhook 27 names it as `low_stock_threshold`)."""

MOST_UNITS = 99_999

LIVE = "ACTIVATE"


@dataclass(slots=True)
class Stock:
    """The units of one SKU in one warehouse: free to sell, and promised to orders that have not left."""

    warehouse_id: str
    available: int
    committed: int = 0


@dataclass(slots=True, frozen=True)
class Attribute:
    """One sales attribute of a SKU, such as Colour = Sage."""

    id: str
    name: str
    value_id: str
    value: str


@dataclass(slots=True)
class Sku:
    id: str
    seller_sku: str
    price: Decimal
    attributes: tuple[Attribute, ...]
    stock: list[Stock]
    deactivated_by: str = ""

    @property
    def name(self) -> str:
        """What buyers see beside the title; `Default` where the product has no variants."""
        return ", ".join(attribute.value for attribute in self.attributes) or "Default"

    @property
    def status(self) -> str:
        return "DEACTIVATED" if self.deactivated_by else "NORMAL"

    @property
    def available(self) -> int:
        return sum(stock.available for stock in self.stock)

    @property
    def committed(self) -> int:
        return sum(stock.committed for stock in self.stock)

    @property
    def level(self) -> str:
        """The platform's word for how full the shelf is."""
        if self.available == 0:
            return "OUT_OF_STOCK"
        return "LOW_STOCK" if self.available <= LOW_STOCK_AT else "NORMAL"


@dataclass(slots=True)
class Product:
    id: str
    title: str
    description: str
    category_id: str
    images: list[str]
    skus: list[Sku]
    created: int
    updated: int
    status: str = LIVE
    audit: str = "APPROVED"
    audit_reasons: list[str] = field(default_factory=list)
    under_review: dict[str, object] | None = None
    attributes: dict[str, object] = field(default_factory=dict)
    promotion_until: int = 0

    def sku(self, sku_id: str) -> Sku | None:
        return next((sku for sku in self.skus if sku.id == sku_id), None)

    def price_locked(self, now: int) -> bool:
        """True while a promotion runs: price locked, and stock may not go below what it is."""
        return now < self.promotion_until


@dataclass(slots=True)
class Catalogue:
    """All products of one shop, by id, in the order of their creation."""

    products: dict[str, Product] = field(default_factory=dict)
    by_sku: dict[str, tuple[Product, Sku]] = field(default_factory=dict)

    def add(self, product: Product) -> None:
        self.products[product.id] = product
        self.by_sku.update((sku.id, (product, sku)) for sku in product.skus)

    def index(self, product: Product) -> None:
        """Say again which product owns which SKU, after its list of SKUs has changed."""
        self.by_sku = {sku_id: pair for sku_id, pair in self.by_sku.items() if pair[0] is not product}
        self.by_sku.update((sku.id, (product, sku)) for sku in product.skus)

    def find(self, sku_id: str) -> tuple[Product, Sku] | None:
        """The SKU and its product, or None where the shop has no such SKU."""
        return self.by_sku.get(sku_id)

    def live_skus(self) -> Iterator[tuple[Product, Sku]]:
        """What a buyer may put into the basket, whether or not there is stock of it."""
        for product in self.products.values():
            if product.status == LIVE:
                yield from ((product, sku) for sku in product.skus if not sku.deactivated_by)

    def choose(self, rng: random.Random, quantity: int = 1) -> tuple[Product, Sku] | None:
        """A SKU that a buyer could order `quantity` of now, or None where the shelves are empty."""
        choice = [pair for pair in self.live_skus() if pair[1].available >= quantity]
        return rng.choice(choice) if choice else None


def commit(sku: Sku, quantity: int, warehouse_id: str = "") -> bool:
    """Promise units to an order: taken from the named warehouse first, then from the fullest. False where there are too few."""
    if sku.available < quantity:
        return False
    shelves = sorted(sku.stock, key=lambda stock: (stock.warehouse_id != warehouse_id, -stock.available))
    for stock in shelves:
        taken = min(quantity, stock.available)
        stock.available -= taken
        stock.committed += taken
        quantity -= taken
    return True


def release(sku: Sku, quantity: int, *, replenish: bool = True) -> None:
    """Take back a promise: the order was cancelled. Without `replenish` the units are gone for good."""
    for stock in sku.stock:
        given = min(quantity, stock.committed)
        stock.committed -= given
        stock.available += given if replenish else 0
        quantity -= given


def ship_out(sku: Sku, quantity: int) -> None:
    """The promised units have left the house."""
    release(sku, quantity, replenish=False)


CATEGORIES = (
    ("600001", "0", "Home Supplies", False),
    ("600002", "600001", "Kitchenware", True),
    ("600003", "600001", "Textiles & Soft Furnishings", True),
    ("600004", "600001", "Home Organisers", True),
    ("600005", "600001", "Lighting", True),
    ("600006", "600001", "Cleaning Supplies", True),
    ("601100", "0", "Womenswear & Underwear", False),
    ("601101", "601100", "Tops", True),
    ("601102", "601100", "Sportswear", True),
    ("601449", "0", "Beauty & Personal Care", False),
    ("601450", "601449", "Skincare", True),
    ("601451", "601449", "Make-up", True),
    ("601699", "0", "Phones & Electronics", False),
    ("601700", "601699", "Phone Accessories", True),
    ("601899", "0", "Pet Supplies", False),
    ("601900", "601899", "Collars & Bowls", True),
    ("601999", "0", "Toys & Hobbies", False),
    ("602000", "601999", "Building Toys", True),
    ("602100", "601999", "Arts & Crafts", True),
)
"""Category id, parent id, name, whether products may be listed in it."""

CATEGORY_OF = {
    "kitchen": "600002",
    "textiles": "600003",
    "boxes": "600004",
    "lighting": "600005",
    "cleaning": "600006",
    "tops": "601101",
    "sportswear": "601102",
    "skincare": "601450",
    "make-up": "601451",
    "phone": "601700",
    "pets": "601900",
    "toys": "602000",
    "arts": "602100",
}


def new_id(rng: random.Random, prefix: str, digits: int = 19) -> str:
    """A decimal id that fits a signed 64-bit integer as long as the prefix is small enough."""
    rest = digits - len(prefix)
    return f"{prefix}{rng.randrange(10**rest):0{rest}d}"


def seed_catalogue(
    rng: random.Random, *, market: Market, warehouses: Sequence[str], now: int, size: int = 0, scarce: bool = False
) -> Catalogue:
    """The products of a new shop: one with variants and one without at the least, mostly live.

    `scarce` leaves a few units on most shelves and none on one, so that stock runs out within days.
    """
    catalogue = Catalogue()
    for kind in choose_kinds(rng, size or rng.randint(5, 9)):
        catalogue.add(make_product(rng, kind, market=market, warehouses=warehouses, now=now))
    blemish(rng, list(catalogue.products.values())[2:], now)
    if scarce:
        run_low(rng, catalogue)
    return catalogue


def make_product(rng: random.Random, kind: Kind, *, market: Market, warehouses: Sequence[str], now: int) -> Product:
    """A live, approved product of this kind, listed some weeks to a year ago."""
    base = price_of(kind.dollars, market, rng)
    created = now - rng.randint(40, 400) * 86_400
    code = "".join(word[0] for word in kind.title.split()[:3]).upper() + f"{rng.randrange(1000):03d}"
    skus = [
        make_sku(rng, code, number, combination, base, warehouses)
        for number, combination in enumerate(combinations(kind), start=1)
    ]
    return Product(
        id=new_id(rng, "17"),
        title=kind.title,
        description=f"<p>{kind.title}. Checked by hand before it leaves our house.</p>",
        category_id=CATEGORY_OF[kind.category],
        images=[f"tos-sandbox-i/{rng.getrandbits(64):016x}"],
        skus=skus,
        created=created,
        updated=created + rng.randint(0, 30) * 86_400,
    )


def combinations(kind: Kind) -> list[tuple[Attribute, ...]]:
    """Every variant of the kind, as sales attributes; one empty tuple where it has none."""
    rows: list[tuple[Attribute, ...]] = [()]
    for axis, (name, values) in enumerate(kind.axes, start=1):
        rows = [
            (*row, Attribute(f"10000{axis}", name, f"70{axis}0{number}", value))
            for row in rows
            for number, value in enumerate(values, start=1)
        ]
    return rows


def make_sku(
    rng: random.Random, code: str, number: int, attributes: tuple[Attribute, ...], price: Decimal, warehouses: Sequence[str]
) -> Sku:
    stock = [Stock(warehouse_id, rng.randint(40, 400)) for warehouse_id in warehouses]
    return Sku(new_id(rng, "17"), f"{code}-{number:02d}", price, attributes, stock)


def blemish(rng: random.Random, products: Sequence[Product], now: int) -> None:
    """Not every product is fine: some are drafts, off, in review, refused or taken down."""
    for product in products:
        if rng.random() < 0.25:
            product.status, product.audit = rng.choice(BLEMISHES)
            product.audit_reasons = list(REFUSALS[product.status]) if product.status in REFUSALS else []
            product.updated = now - rng.randint(1, 20) * 86_400


BLEMISHES = (
    ("DRAFT", "NONE"),
    ("PENDING", "AUDITING"),
    ("FAILED", "FAILED"),
    ("SELLER_DEACTIVATED", "APPROVED"),
    ("PLATFORM_DEACTIVATED", "APPROVED"),
    ("FREEZE", "APPROVED"),
)

REFUSALS = {
    "FAILED": ("The main image shows a brand without authorisation.",),
    "PLATFORM_DEACTIVATED": ("The listing makes a claim that cannot be verified.",),
    "FREEZE": ("The product is under investigation after buyer complaints.",),
}


def run_low(rng: random.Random, catalogue: Catalogue) -> None:
    """Leave little on the shelves: nothing of one SKU, a handful of every second one."""
    skus = [sku for _product, sku in catalogue.live_skus()]
    for position, sku in enumerate(skus):
        if position % 2 == 0:
            for stock in sku.stock:
                stock.available = rng.randint(1, 8) if position else 0
