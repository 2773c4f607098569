"""The life of a shop's products: seeded once, run down by orders, filled up by the seller, now and then taken down.

Keeps the shelf, from which buyers pick, in step with the catalogue. Webhooks 5, 16, 27 and 50.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.goods import KINDS

from .catalogue import (
    LIVE,
    LOW_STOCK_AT,
    Catalogue,
    Product,
    Sku,
    commit,
    make_product,
    release,
    run_low,
    seed_catalogue,
    ship_out,
)
from .hooks import on
from .orders import Line, Order
from .places import Places
from .shelf import Item, Shelf
from .shop import Shop

PRODUCT_STATUS, PRODUCT_CHANGED, PRODUCT_CREATED, STOCK_LEVEL, AUDIT_STATUS, SKU_STATUS = 5, 15, 16, 27, 37, 50

IMAGES = "https://images.sandbox.example/"


@dataclass
class Stockroom:
    """Which order lines hold a promise on the stock, and which SKUs the seller is about to fill up."""

    promised: set[str] = field(default_factory=set)
    awaited: set[str] = field(default_factory=set)


@on("seed")
def seed(shop: Shop) -> None:
    """The products that the shop has from its first day."""
    warehouses = [place.id for place in shop.part(Places).sales]
    made = seed_catalogue(shop.chance("products"), market=shop.market, warehouses=warehouses, now=shop.now)
    for product in made.products.values():
        shop.part(Catalogue).add(product)
        show(shop, product)


@on("settled")
def settle(shop: Shop) -> None:
    """What holds at the start: here and there a promotion; where stock is the trouble, little of it."""
    catalogue, chance = shop.part(Catalogue), shop.chance("products")
    if chance.random() < 0.3:
        live = [product for product in catalogue.products.values() if product.status == LIVE]
        chance.choice(live).promotion_until = shop.now + chance.randint(1, 6) * DAY
    if not shop.has("low_stock"):
        return
    run_low(chance, catalogue)
    for product in catalogue.products.values():
        show(shop, product)


def show(shop: Shop, product: Product) -> None:
    """Put what can be bought of the product on the shelf, and take off what cannot."""
    shelf = shop.part(Shelf)
    for sku in product.skus:
        if product.status == LIVE and not sku.deactivated_by and sku.available > 0:
            shelf.put(as_item(product, sku))
        else:
            shelf.take_off(sku.id)


def as_item(product: Product, sku: Sku) -> Item:
    fullest = max(sku.stock, key=lambda stock: stock.available)
    return Item(
        product_id=product.id,
        sku_id=sku.id,
        product_name=product.title,
        sku_name=sku.name,
        seller_sku=sku.seller_sku,
        image_url=image_url(product.images[0]),
        price=sku.price,
        weight_grams=250 + int(sku.id[-3:]),
        warehouse_id=fullest.warehouse_id,
    )


def image_url(uri: str) -> str:
    return f"{IMAGES}{uri}.webp"


# --- what orders do to the stock --------------------------------------------------------------------------------------


@on("order_placed")
def promise(shop: Shop, order: Order) -> None:
    """Each unit is set aside. A basket larger than the shelf takes what is there and owes the rest."""
    for line in order.lines:
        found = shop.part(Catalogue).find(line.item.sku_id)
        if found is None:
            continue
        product, sku = found
        before = sku.level
        if commit(sku, 1, order.warehouse_id):
            shop.part(Stockroom).promised.add(line.id)
        after_change(shop, product, sku, before)


@on("order_cancelled")
def take_back(shop: Shop, order: Order) -> None:
    """Cancelled units are for sale again, unless they have left already."""
    settle_lines(shop, (line for line in order.lines if line.status == "CANCELLED"), gone=False)


@on("order_collected")
def let_go(shop: Shop, order: Order) -> None:
    settle_lines(shop, order.open_lines(), gone=True)


def settle_lines(shop: Shop, lines: Iterable[Line], *, gone: bool) -> None:
    """End the promises of some lines: the units have left, or are back."""
    promised = shop.part(Stockroom).promised
    for line in lines:
        found = shop.part(Catalogue).find(line.item.sku_id)
        if line.id not in promised or found is None:
            continue
        promised.discard(line.id)
        product, sku = found
        before = sku.level
        if gone:
            ship_out(sku, 1)
        else:
            release(sku, 1)
        after_change(shop, product, sku, before)


def after_change(shop: Shop, product: Product, sku: Sku, before: str) -> None:
    """Stock has moved: the shelf follows, a new level is told, and a seller who works orders more."""
    if sku.level == before:
        return
    show(shop, product)
    if sku.level != "NORMAL":
        tell_level(shop, product, sku)
        expect_more(shop, product, sku)


def tell_level(shop: Shop, product: Product, sku: Sku) -> None:
    """Webhook 27: the SKU is low, or sold out."""
    shop.emit(
        STOCK_LEVEL,
        {
            "product_id": product.id,
            "sku_id": sku.id,
            "trigger_reason": {"alert_type": "REALTIME", "low_stock_threshold": LOW_STOCK_AT},
            "current_inventory_status": sku.level,
            "inventory_distribution": {
                "total_quantity": sku.available + sku.committed,
                "available_quantity": sku.available,
                "creator_reserved_quantity": 0,
                "campaign_reserved_quantity": 0,
                "committed_quantity": sku.committed,
            },
            "update_time": shop.now,
        },
    )


def expect_more(shop: Shop, product: Product, sku: Sku) -> None:
    """The seller fills up within three days, unless stock is this shop's trouble."""
    awaited = shop.part(Stockroom).awaited
    if sku.id in awaited or not fills_up(shop):
        return
    awaited.add(sku.id)
    shop.after(shop.chance("stock").randint(8, 70) * HOUR, lambda _now: fill_up(shop, product, sku))


def fills_up(shop: Shop) -> bool:
    return shop.seller_works() and not (shop.has("low_stock") and shop.settled)


def fill_up(shop: Shop, product: Product, sku: Sku) -> None:
    shop.part(Stockroom).awaited.discard(sku.id)
    if fills_up(shop) and sku.level != "NORMAL":
        sku.stock[0].available += shop.chance("stock").randint(80, 300)
        show(shop, product)


# --- what sellers and the platform do ---------------------------------------------------------------------------------


@on("day")
def new_day(shop: Shop) -> None:
    """A new product now and then; once in a while the platform takes one down."""
    dice = shop.chance("product days").random()
    if dice < 0.02 and shop.seller_works():
        list_another(shop)
    elif dice > 0.995:
        live = [product for product in shop.part(Catalogue).products.values() if product.status == LIVE]
        if len(live) > 3:
            take_down(shop, live[-1], "The listing makes a claim that cannot be verified.")


def list_another(shop: Shop) -> None:
    """The seller lists one more product: in review for some hours, then live."""
    catalogue, chance = shop.part(Catalogue), shop.chance("products")
    titles = {product.title for product in catalogue.products.values()}
    fresh = [kind for kind in KINDS if kind.title not in titles]
    if not fresh:
        return
    warehouses = [place.id for place in shop.part(Places).sales]
    product = make_product(chance, chance.choice(fresh), market=shop.market, warehouses=warehouses, now=shop.now)
    product.created = product.updated = shop.now
    product.status, product.audit = "PENDING", "AUDITING"
    catalogue.add(product)
    shop.emit(PRODUCT_CREATED, {"product_id": int(product.id), "product_types": ["COMMON_PRODUCT"], "update_time": shop.now})
    shop.after(chance.randint(1, 9) * HOUR, lambda _now: pass_review(shop, product))


def pass_review(shop: Shop, product: Product) -> None:
    """A listing that waited for its first review goes live."""
    if product.status == "PENDING":
        product.audit = "APPROVED"
        set_status(shop, product, LIVE, word="PRODUCT_FIRST_PASS_REVIEW")
        tell_audit(shop, product)


def take_down(shop: Shop, product: Product, why: str) -> None:
    """The platform switches a product off and says why."""
    product.audit_reasons = [why]
    set_status(shop, product, "PLATFORM_DEACTIVATED", why=why)
    for sku in product.skus:
        sku.deactivated_by = "PLATFORM"
    tell_skus(shop, product)


def set_status(shop: Shop, product: Product, status: str, *, word: str = "PRODUCT_STATUS_CHANGED", why: str = "") -> None:
    """Change the status; the shelf follows. Webhook 5, whose product id is a bare number."""
    product.status, product.updated = status, shop.now
    show(shop, product)
    data = {"product_id": int(product.id), "status": word, "suspended_reason": why, "update_time": shop.now}
    shop.emit(PRODUCT_STATUS, data)


def tell_audit(shop: Shop, product: Product) -> None:
    """Webhook 37: how the review of a listing stands."""
    data = {"product_id": int(product.id), "audit": {"status": product.audit}, "update_time": shop.now}
    shop.emit(AUDIT_STATUS, data)


def tell_skus(shop: Shop, product: Product) -> None:
    """Webhook 50: which SKUs are switched off, and by whom."""
    skus = [{"sku_id": sku.id, "status": sku.status, "deactivation_source": sku.deactivated_by} for sku in product.skus]
    shop.emit(SKU_STATUS, {"product_id": product.id, "skus": skus, "update_time": shop.now})
