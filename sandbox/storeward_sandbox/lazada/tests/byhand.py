"""Stores made by hand: one or a few products, orders that do what they are told, and nobody else about."""

from decimal import Decimal
from typing import Any

from storeward_sandbox.clock import Instant
from storeward_sandbox.lazada.buyers import someone
from storeward_sandbox.lazada.buying import spread
from storeward_sandbox.lazada.catalogue import Catalogue, Product, Sku, Stock
from storeward_sandbox.lazada.orders import NOTHING, Line, Order, Plan, place
from storeward_sandbox.lazada.places import Places
from storeward_sandbox.lazada.shop import Shop
from storeward_sandbox.lazada.tests.support import START, bare_shop, go

STILL = Plan(pays=None, packs=None, scans=None, confirms=None)
PAID = Plan(pays=0, packs=None, scans=None, confirms=None)


def shelf(region: str = "SG", *, units: int = 10, skus: int = 1, price: str = "10.00", warehouses: int = 1, **kind: Any) -> Shop:
    """A store with one product of so many SKUs, each with so many units in the default warehouse."""
    shop = bare_shop(region, **kind)
    places = shop.part(Places)
    first = places.warehouses[0]
    others = [f"WH-{number}" for number in range(2, warehouses + 1)]
    places.warehouses = [first, *(type(first)(code, code, "s", "c", "1", "st", False) for code in others)]
    add_product(shop, units=units, skus=skus, price=price)
    return shop


def add_product(shop: Shop, *, units: int = 10, skus: int = 1, price: str = "10.00", digital: bool = False) -> Product:
    codes = shop.part(Places).codes
    rows = [
        Sku(
            shop.ids.new("sku"),
            f"SKU-{number}",
            Decimal(price),
            {"size": str(number)} if skus > 1 else {},
            [Stock(code, units if code == codes[0] else 0) for code in codes],
            "0.5",
        )
        for number in range(1, skus + 1)
    ]
    made = Product(shop.ids.new("item"), "Mug", 10000211, ["https://x.test/1.jpg"], rows, START - 9, START - 9, digital=digital)
    made.axes = ("size",) if skus > 1 else ()
    shop.part(Catalogue).add(made)
    return made


def product_of(shop: Shop) -> Product:
    return next(iter(shop.part(Catalogue).products.values()))


def sku_of(shop: Shop, place: int = 0) -> Sku:
    return product_of(shop).skus[place]


def stock_of(shop: Shop, place: int = 0) -> tuple[int, int, int]:
    """Sellable, withheld, occupied of the default warehouse."""
    stock = sku_of(shop, place).stock[0]
    return stock.sellable, stock.withheld, stock.occupied


def order(
    shop: Shop,
    plan: Plan = PAID,
    *,
    pieces: int = 1,
    seller_voucher: str = "0",
    platform_voucher: str = "0",
    shipping: str = "0",
    method: str = "MIXEDCARD",
    **more: Any,
) -> Order:
    """An order of so many pieces of the first SKU, placed (and paid, as the plan says) at this instant."""
    product = product_of(shop)
    lines = [
        Line(
            shop.ids.new("line"),
            product,
            product.skus[0],
            product.skus[0].price,
            Decimal(seller_voucher),
            Decimal(platform_voucher),
            NOTHING,
        )
        for _ in range(pieces)
    ]
    spread(Decimal(shipping), lines, shop.site.country.decimals)
    made = Order(
        shop.ids.new("order"), someone(shop), plan, lines, shop.now, method, Decimal(shipping), NOTHING,
        digital=product.digital, **more,
    )  # fmt: skip
    place(shop, made)
    go(shop, 0)
    return made


def until(shop: Shop, instant: Instant) -> None:
    """Let time pass up to that instant."""
    go(shop, instant - shop.now)
