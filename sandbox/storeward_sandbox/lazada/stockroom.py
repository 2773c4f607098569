"""The life of a store's products: seeded once, run down by orders, filled up by the seller, now and then called back by quality
checks. Pushes 1, 4 and 6."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product as combined
from random import Random

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.countries import rounded
from storeward_sandbox.goods import Kind, choose_kinds, price_of

from . import pushes
from .catalogue import (
    ACTIVE,
    INACTIVE,
    PENDING,
    SHALLOW_AT,
    SUSPENDED,
    Catalogue,
    Lock,
    Product,
    Sku,
    Stock,
    give_back,
    hand_out,
    occupy,
    withhold,
)
from .orders import Line, Order
from .places import Places
from .shop import Shop, on

IMAGES = "https://sandbox-live.slatic.example/p"
CATEGORIES = {
    "kitchen": 10000211, "textiles": 10000212, "boxes": 10000213, "lighting": 10000214, "cleaning": 10000215, "tops": 10000336,
    "sportswear": 10000337, "skincare": 10000401, "make-up": 10000402, "phone": 10000501, "pets": 10000601, "toys": 10000701,
    "arts": 10000702,
}  # fmt: skip
GIFT_CARD = Kind("Gift Card by E-Mail", "20.00", "arts")
DIGITAL_SHARE = 0.3
OUT_OF_STOCK_REASONS = ("Out of Stock", "Wrong Price or Pricing Error")


@dataclass
class Refills:
    """SKUs that the seller is about to fill up."""

    coming: set[str] = field(default_factory=set)


@on("seed")
def seed(shop: Shop) -> None:
    """Some products: the first with variants, the second without."""
    chance, catalogue = shop.chance("catalogue"), shop.part(Catalogue)
    for kind in choose_kinds(chance, chance.randint(5, 9)):
        catalogue.add(make_product(shop, kind, chance))
    _blemish(shop, list(catalogue.products.values())[2:], chance)
    if chance.random() < DIGITAL_SHARE:
        catalogue.add(_gift_card(shop, chance))
    if shop.has("low_stock"):
        shop.at(shop.started_at - 2 * DAY, lambda now: _run_low(shop))


def make_product(shop: Shop, kind: Kind, chance: Random) -> Product:
    """A live product of this kind, listed some weeks to a year ago."""
    created = shop.now - chance.randint(40, 400) * DAY
    code = "".join(word[0] for word in kind.title.split()[:3]).upper() + f"{chance.randrange(1000):03d}"
    price = price_of(kind.dollars, shop.site.country, chance)
    names = tuple("color_family" if name == "Colour" else name.lower() for name, _values in kind.axes)
    rows = [dict(zip(names, values, strict=True)) for values in combined(*(values for _name, values in kind.axes))]
    image = f"{IMAGES}/{chance.getrandbits(128):032x}.jpg"
    made = Product(
        id=shop.ids.new("item"),
        title=kind.title,
        category=CATEGORIES[kind.category],
        images=[image],
        skus=[_sku(shop, f"{code}-{number:02d}", props, price, chance) for number, props in enumerate(rows, start=1)],
        created=created,
        updated=created + chance.randint(0, 30) * DAY,
        axes=names,
        attributes={"name": kind.title, "brand": shop.name.split()[0], "short_description": f"<ul><li>{kind.title}</li></ul>"},
    )
    _campaign(shop, made.skus[0], chance)
    return made


def _gift_card(shop: Shop, chance: Random) -> Product:
    """Goods that nobody packs."""
    card = make_product(shop, GIFT_CARD, chance)
    card.digital = True
    return card


def _sku(shop: Shop, seller_sku: str, props: dict[str, str], price: Decimal, chance: Random) -> Sku:
    stock = [Stock(code, chance.randint(60, 400)) for code in shop.part(Places).codes]
    made = Sku(shop.ids.new("sku"), seller_sku, price, props, stock, f"{chance.randint(1, 15) / 10:.1f}")
    if chance.random() < 0.3:
        made.sale_price = rounded(shop.site.country, price * Decimal("0.85"))
        made.sale_from = shop.started_at - chance.randint(3, 30) * DAY
        made.sale_to = shop.started_at + chance.randint(2, 30) * DAY
    return made


def _campaign(shop: Shop, sku: Sku, chance: Random) -> None:
    if chance.random() < 0.2:
        begins = shop.started_at - chance.randint(0, 3) * DAY
        name = f"{chance.getrandbits(128):032x}"
        sku.lock = Lock(name, chance.randint(3, 10), begins, begins + 5 * DAY)


def _blemish(shop: Shop, products: Sequence[Product], chance: Random) -> None:
    """Not every product is fine: some are off, in review, suspended, or about to be taken offline."""
    for product in products:
        if chance.random() < 0.25:
            product.status = chance.choice((INACTIVE, PENDING, SUSPENDED))
            product.updated = shop.now
        if product.status == SUSPENDED:
            product.sub_status = chance.choice(("Lock", "Reject", "Live_Reject"))
            product.rejected = [{"violationDetail": "Wrong category", "suggestion": "Choose a category that fits."}]
    if products and shop.has("low_stock"):
        products[0].status, products[0].sub_status, products[0].rejected = ACTIVE, None, []
        products[0].deactivates = shop.started_at + chance.randint(2, 5) * DAY
        shop.at(products[0].deactivates, lambda now: take_down(shop, products[0]))


def take_down(shop: Shop, product: Product) -> None:
    """The quality check's grace has ended without a change. Push 1."""
    if not product.deactivates or product.status != ACTIVE:
        return
    product.status, product.sub_status, product.deactivates = SUSPENDED, "Live_Reject", 0
    product.updated = shop.now
    product.rejected = [{"violationDetail": "Wrong category", "suggestion": "Choose a category that fits."}]
    data = {"date": shop.now * 1000, "itemId": int(product.id), "reason": "Wrong category", "seller_id": int(shop.id)}
    shop.emit(pushes.QUALITY, {**data, "status": "Live_Rejected"})


def _run_low(shop: Shop) -> None:
    """Leave little on the shelves: nothing of one SKU, a handful of every second one."""
    skus = [sku for product in shop.part(Catalogue).products.values() for sku in product.skus]
    for position, sku in enumerate(skus):
        if position % 2 == 0:
            for stock in sku.stock:
                stock.sellable = shop.chance("low stock").randint(1, 8) if position else 0
            _look(shop, sku)


# --- what orders do to it ---------------------------------------------------------------------------------------------


@on("order_placed")
def hold(shop: Shop, order: Order) -> None:
    for line in order.lines:
        line.warehouse = withhold(line.sku)
        _look(shop, line.sku)


@on("order_paid")
def keep(shop: Shop, order: Order) -> None:
    for line in order.lines:
        occupy(line.sku, line.warehouse)


@on("lines_ready")
def hand(shop: Shop, order: Order, lines: Sequence[Line]) -> None:
    for line in lines:
        hand_out(line.sku, line.warehouse)


@on("lines_cancelled")
def put_back(shop: Shop, order: Order, lines: Sequence[Line], before: dict[str, str]) -> None:
    """The units can be bought again; where the seller says that there are none, none of that SKU can."""
    for line in lines:
        was = before[line.id]
        held = "withheld" if was == "unpaid" else "gone" if was.startswith("ready") else "occupied"
        give_back(line.sku, line.warehouse, held=held)
        if line.by_seller and line.reason in OUT_OF_STOCK_REASONS:
            for stock in line.sku.stock:
                stock.sellable = 0
        _look(shop, line.sku)


@on("lines_back")
def restock(shop: Shop, order: Order, lines: Sequence[Line]) -> None:
    for line in lines:
        give_back(line.sku, line.warehouse, held="gone")


def _look(shop: Shop, sku: Sku) -> None:
    """Push 6 when little is left, once until it is filled up; the seller fills up in time, or not."""
    if sku.sellable > SHALLOW_AT:
        sku.warned = False
        return
    if not sku.warned:
        sku.warned = True
        tell_shallow(shop, sku)
    refills = shop.part(Refills)
    if sku.id not in refills.coming and not shop.has("low_stock"):
        refills.coming.add(sku.id)
        shop.after(shop.chance("refill").randint(4, 30) * HOUR, lambda now: _refill(shop, sku))


def tell_shallow(shop: Shop, sku: Sku) -> None:
    stock = sku.stock[0]
    shop.emit(
        pushes.LOW_STOCK,
        {
            "seller_sku": sku.seller_sku,
            "withhold_quantity": stock.withheld,
            "sku_id": int(sku.id),
            "real_quantity": stock.total,
            "warehouse": stock.warehouse,
            "occupy_quantity": stock.occupied,
            "pre_order_quantity": 0,
        },
    )


def _refill(shop: Shop, sku: Sku) -> None:
    shop.part(Refills).coming.discard(sku.id)
    if shop.seller_works():
        for stock in sku.stock:
            stock.sellable += shop.chance("refill").randint(60, 200)
        sku.warned = False


# --- what the seller does by API --------------------------------------------------------------------------------------


def tell_edited(shop: Shop, product: Product) -> None:
    """Push 4."""
    product.updated = shop.now
    rows = [
        {"shop_sku": shop_sku(shop, product, sku), "seller_sku": sku.seller_sku, "sku_id": int(sku.id)} for sku in product.skus
    ]
    data = {"item_id": int(product.id), "sku_list": rows, "action": "EDITED_UPDATED"}
    shop.emit(pushes.EDITED, {**data, "status_update_time": shop.now * 1000})


def shop_sku(shop: Shop, product: Product, sku: Sku) -> str:
    """The platform's own code of a SKU."""
    return f"{product.id}_{shop.region}-{sku.id}"


def quantity_changed(shop: Shop, sku: Sku) -> None:
    _look(shop, sku)
