"""Products and orders written down by hand, for tests whose expected values are reckoned by hand."""

from collections.abc import Sequence
from decimal import Decimal

from storeward_sandbox.tiktok_shop.buyers import Buyer, Buyers
from storeward_sandbox.tiktok_shop.catalogue import Catalogue, Product, Sku, Stock
from storeward_sandbox.tiktok_shop.markets import Deadlines
from storeward_sandbox.tiktok_shop.orders import Line, Order, Plan
from storeward_sandbox.tiktok_shop.places import Places
from storeward_sandbox.tiktok_shop.shelf import Item
from storeward_sandbox.tiktok_shop.shop import Shop
from storeward_sandbox.tiktok_shop.stockroom import as_item, show

STILL = Plan(pays=None, arranges=None, scans=None, delivers=None, completes=None)
"""Nobody means to do anything."""


def a_product(
    shop: Shop,
    number: int = 1,
    *,
    prices: Sequence[str] = ("20.00",),
    stock: Sequence[int] = (50,),
    places: Sequence[str] = (),
    status: str = "ACTIVATE",
    title: str = "",
) -> Product:
    """A product with one SKU a price; `stock` is what each of `places` (the shop's own one by default) holds of each."""
    held = list(places) or [shop.part(Places).default.id]
    made = Product(
        id=f"172900000000000{number:04d}",
        title=title or f"Mug number {number}",
        description="<p>A mug.</p>",
        category_id="600002",
        images=[f"tos/{number}"],
        skus=[
            Sku(
                id=f"17300000000000{number:03d}{at:02d}",
                seller_sku=f"MUG-{number}-{at}",
                price=Decimal(price),
                attributes=(),
                stock=[Stock(place, units) for place, units in zip(held, stock, strict=True)],
            )
            for at, price in enumerate(prices)
        ],
        created=shop.now - 1_000,
        updated=shop.now - 1_000,
        status=status,
    )
    shop.part(Catalogue).add(made)
    show(shop, made)
    return made


def a_buyer(shop: Shop, number: int = 1) -> Buyer:
    found = Buyer(f"719{number:016d}", f"750{number:016d}", "Siti Hajar", f"siti{number}", "+60", "Jalan 1", "KL", "50450", "WP")
    if found not in shop.part(Buyers).known:
        shop.part(Buyers).known.append(found)
    return found


def a_line(number: int, item: Item, *, seller: str = "0", platform: str = "0", tax: str = "0") -> Line:
    return Line(f"577{number:015d}", item, item.price, Decimal(seller), Decimal(platform), Decimal(tax), "AWAITING_SHIPMENT")


def an_order(
    shop: Shop,
    number: int,
    skus: Sequence[Sku],
    *,
    at: int,
    buyer: int = 1,
    shipping: str = "0",
    delivered: int = 0,
    sla: int = 0,
    status: str = "",
    seller: str = "0",
    platform: str = "0",
    tax: str = "0",
    confirmed: bool = True,
) -> Order:
    """A paid order of one unit of each SKU, placed at `at`; delivered where an instant is given."""
    owner = {sku.id: product for product in shop.part(Catalogue).products.values() for sku in product.skus}
    lines = [
        a_line(number * 10 + place, as_item(owner[sku.id], sku), seller=seller, platform=platform, tax=tax)
        for place, sku in enumerate(skus)
    ]
    made = Order(
        id=f"576{number:015d}",
        buyer=a_buyer(shop, buyer),
        plan=STILL,
        lines=lines,
        create_time=at,
        fulfillment_type="FULFILLMENT_BY_SELLER",
        shipping_type="TIKTOK",
        delivery_option_id="1",
        delivery_option_name="Standard shipping",
        warehouse_id=lines[0].item.warehouse_id,
        is_cod=False,
        payment_method="Credit card",
        shipping_fee=Decimal(shipping),
        shipping_fee_original=Decimal(shipping),
        buyer_message="",
        status=status or ("DELIVERED" if delivered else "AWAITING_SHIPMENT"),
        update_time=delivered or at,
        paid_time=at if confirmed else 0,
        confirmed_time=at if confirmed else 0,
        delivery_time=delivered,
    )
    if confirmed:
        made.due = Deadlines(at + 86_400, at + 86_400, at + 2 * 86_400, at + 3 * 86_400, at + 30 * 86_400, sla)
    for line in lines:
        line.status = made.status
    shop.orders[made.id] = made
    return made
