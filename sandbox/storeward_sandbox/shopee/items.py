"""The items of a shop: what is listed, at what price, how much of it there is. Plain state and the few moves on it.

An item without variants has one model of id 0, which no answer shows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

from storeward_sandbox.clock import DAY, Instant
from storeward_sandbox.goods import Kind, choose_kinds, price_of

from .markets import Market
from .shelf import Good, goods_of
from .shop import Shop

LIVE = "NORMAL"
MOST_STOCK = 999_999
LOW_STOCK_AT = 10
STATUSES = ("NORMAL", "BANNED", "UNLIST", "REVIEWING", "SELLER_DELETE", "SHOPEE_DELETE")
IMAGES = "https://cf.shopee.sandbox/file/"


@dataclass(slots=True)
class Model:
    """One variant. `stock` is free to sell, `reserved` is locked by promotions and no part of it."""

    id: int
    sku: str
    tier_index: tuple[int, ...]
    name: str
    price: Decimal
    stock: int
    reserved: int = 0
    status: str = "MODEL_NORMAL"


@dataclass(slots=True)
class Promotion:
    """A discount on all models of an item for a while."""

    id: int
    percent: int
    start: Instant
    end: Instant

    def runs(self, now: Instant) -> bool:
        return self.start <= now < self.end


@dataclass(slots=True)
class Violation:
    """Why an item is banned or shown less, and until when that can be mended."""

    kind: str
    reason: str
    suggestion: str
    fix_by: Instant
    since: Instant
    number: int
    """The platform's number of the kind: 1 prohibited, 2 counterfeit, 3 spam, 5 insufficient information."""


@dataclass(slots=True)
class Item:
    id: int
    name: str
    description: str
    sku: str
    category_id: int
    tiers: tuple[tuple[str, tuple[str, ...]], ...]
    models: list[Model]
    weight: Decimal
    image_id: str
    created: Instant
    updated: Instant
    status: str = LIVE
    deboosted: bool = False
    pre_order_days: int = 0
    promotion: Promotion | None = None
    violation: Violation | None = None
    sold: int = 0
    views: int = 0
    likes: int = 0
    condition: str = "NEW"
    images: list[str] = field(default_factory=list)

    @property
    def has_model(self) -> bool:
        return bool(self.tiers)

    @property
    def available(self) -> int:
        return sum(model.stock for model in self.models)

    def model(self, model_id: int) -> Model | None:
        return next((one for one in self.models if one.id == model_id), None)

    def price_now(self, model: Model, market: Market, now: Instant) -> Decimal:
        if self.promotion is None or not self.promotion.runs(now):
            return model.price
        return listing_price(market, model.price * (100 - self.promotion.percent) / 100)


@dataclass
class Items:
    """All items of one shop, by id, in the order of their creation."""

    known: dict[int, Item] = field(default_factory=dict)

    def live(self) -> Iterator[Item]:
        return (item for item in self.known.values() if item.status == LIVE)


def items_of(shop: Shop) -> dict[int, Item]:
    return shop.part(Items).known


def listing_price(market: Market, amount: Decimal) -> Decimal:
    """As exact as a listing's price may be in the market."""
    return max(amount, Decimal(1)).quantize(Decimal(1).scaleb(-market.list_decimals), ROUND_HALF_UP)


CATEGORY_OF = {
    "kitchen": 100713, "textiles": 100714, "boxes": 100716, "lighting": 100717, "cleaning": 100718, "tops": 100352,
    "sportswear": 100358, "skincare": 100664, "make-up": 100661, "phone": 100073, "pets": 100674, "toys": 100725, "arts": 101027,
}  # fmt: skip
CATEGORIES = (
    (100636, 0, "Home & Living", True), (100713, 100636, "Kitchenware", False), (100714, 100636, "Bedding & Textiles", False),
    (100716, 100636, "Home Organizers", False), (100717, 100636, "Lighting", False), (100718, 100636, "Home Care", False),
    (100017, 0, "Women Clothes", True), (100352, 100017, "Tops", False), (100358, 100017, "Sportswear", False),
    (100630, 0, "Beauty", True), (100664, 100630, "Skincare", False), (100661, 100630, "Makeup", False),
    (100013, 0, "Mobile & Gadgets", True), (100073, 100013, "Accessories", False), (100631, 0, "Pets", True),
    (100674, 100631, "Pet Accessories", False), (100632, 0, "Mom & Baby", True), (100725, 100632, "Toys", False),
    (100643, 0, "Books & Hobbies", True), (101027, 100643, "Art Supplies", False),
)  # fmt: skip
"""Category id, parent id, name, whether it has children."""


def make_item(shop: Shop, kind: Kind, *, created: Instant) -> Item:
    """A live item of this kind, with all its variants."""
    chance, market = shop.chance("items"), shop.market
    base = price_of(kind.dollars, market, chance)
    code = "".join(word[0] for word in kind.title.split()[:3]).upper() + f"{chance.randrange(1000):03d}"
    image_id = f"{shop.region.lower()}-11134207-{chance.getrandbits(64):016x}"
    models: list[Model] = []
    for index in product(*(range(len(values)) for _, values in kind.axes)):
        name = ",".join(values[place] for place, (_, values) in zip(index, kind.axes, strict=True))
        price = listing_price(market, base * Decimal(100 + 3 * sum(index)) / 100)
        model_id = shop.new_number("model") if kind.axes else 0
        models.append(Model(model_id, f"{code}-{len(models) + 1:02d}", index, name, price, chance.randint(40, 400)))
    return Item(
        id=shop.new_number("item"),
        name=kind.title,
        description=f"{kind.title}. Checked by hand before it leaves our house.",
        sku=code,
        category_id=CATEGORY_OF[kind.category],
        tiers=kind.axes,
        models=models,
        weight=Decimal(chance.randint(5, 120)) / 100,
        image_id=image_id,
        images=[image_id],
        created=created,
        updated=created + chance.randint(0, 30) * DAY,
        views=chance.randint(50, 4000),
        likes=chance.randint(0, 300),
    )


def stock_up(shop: Shop) -> None:
    """The items of a new shop: one with variants and one without at the least."""
    chance = shop.chance("items")
    for kind in choose_kinds(chance, chance.randint(5, 9)):
        item = make_item(shop, kind, created=shop.now - chance.randint(40, 400) * DAY)
        items_of(shop)[item.id] = item
    if shop.has("low_stock"):
        for position, model in enumerate(model for item in items_of(shop).values() for model in item.models):
            if position % 2 == 0:
                model.stock = chance.randint(1, 8) if position else 0


def show(shop: Shop, item: Item) -> None:
    """Put on the shelf what a buyer can buy now, take off what not."""
    shelf, market = goods_of(shop), shop.market
    for model in item.models:
        if item.status != LIVE or model.stock <= 0 or model.status != "MODEL_NORMAL":
            shelf.take_off(item.id, model.id)
            continue
        promotion = item.promotion if item.promotion is not None and item.promotion.runs(shop.now) else None
        shelf.put(
            Good(
                item_id=item.id,
                model_id=model.id,
                item_name=item.name,
                model_name=model.name,
                item_sku=item.sku,
                model_sku=model.sku,
                image_url=f"{IMAGES}{item.image_id}_tn",
                price=item.price_now(model, market, shop.now),
                weight_kg=item.weight,
                location_id=market.location,
                free=model.stock,
                original_price=model.price,
                promotion_id=promotion.id if promotion else 0,
            )
        )
