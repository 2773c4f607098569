"""How buyers order, and what they, the seller and the carrier mean to do with it."""

from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from storeward_sandbox.clock import DAY, HOUR, MINUTE, Instant
from storeward_sandbox.countries import rounded, weekday_hour
from storeward_sandbox.timeline import Event

from .buyers import someone
from .hooks import on
from .money import NOTHING
from .orders import Line, Order, Plan, place
from .places import Places
from .shelf import Item, Shelf, priced
from .shop import Shop

MESSAGES = ("", "", "", "", "Please pack it well.", "Gift, no invoice in the box please.", "Leave it with the guard.")
PLAIN_GOODS = ("Ceramic mug", "Cotton tote bag", "LED night light", "Phone stand", "Linen cushion cover")


@dataclass(frozen=True)
class Wish:
    """What is settled about an order beforehand; None and "" leave it to chance."""

    units: int | None = None
    by_platform: bool | None = None
    shipping_type: str = ""


@on("seed")
def seed(shop: Shop) -> None:
    """Stock the shelf if nobody else does, and let the first buyer come."""
    shop.at(shop.now + HOUR, lambda now: _open(shop))
    for at, plan, wish in staged(shop):
        shop.at(at, _staging(shop, plan, wish))


def _staging(shop: Shop, plan: Plan, wish: Wish) -> Event:
    def stage(now: Instant) -> None:
        order_now(shop, plan, wish)

    return stage


def _open(shop: Shop) -> None:
    shelf = shop.part(Shelf)
    if not shelf.ever:
        _plain_goods(shop, shelf)
    _next_buyer(shop)


def _plain_goods(shop: Shop, shelf: Shelf) -> None:
    chance = shop.chance("plain goods")
    for name in PLAIN_GOODS:
        product, sku = shop.ids.new("product"), shop.ids.new("sku")
        price = priced(shop, chance.uniform(4, 30))
        warehouse = shop.part(Places).default.id
        shelf.put(Item(product, sku, name, "Default", f"PG-{sku[-5:]}", "", price, 300, warehouse))


def _next_buyer(shop: Shop) -> None:
    """Buyers come at random, fewer at night."""
    chance = shop.chance("buying")
    pause = chance.expovariate(max(shop.persona.orders_per_day, 0.05) / DAY)
    shop.after(max(pause, 1), lambda now: _buyer_comes(shop))


def _buyer_comes(shop: Shop) -> None:
    _, hour = weekday_hour(shop.market, shop.now)
    awake = hour >= 7 or shop.chance("buying").random() < 0.3
    if shop.buyers_on and awake:
        order_now(shop, usual_plan(shop))
    _next_buyer(shop)


def order_now(shop: Shop, plan: Plan, wish: Wish | None = None) -> Order | None:
    """A buyer orders at this instant; None where nothing is on sale."""
    wish = wish or Wish()
    chance = shop.chance("baskets")
    first = shop.part(Shelf).pick(chance)
    if first is None:
        return None
    items = [first]
    for _ in range((wish.units or _basket_size(chance)) - 1):
        items.append(first if chance.random() < 0.5 else shop.part(Shelf).pick(chance) or first)
    order = _order(shop, plan, items, wish)
    place(shop, order)
    return order


def _basket_size(chance: Random) -> int:
    return chance.choices((1, 2, 3, 5), (70, 20, 8, 2))[0]


def _order(shop: Shop, plan: Plan, items: list[Item], wish: Wish) -> Order:
    chance, market = shop.chance("baskets"), shop.market
    by_platform = wish.by_platform
    if by_platform is None:
        by_platform = shop.has("neglected") and chance.random() < 0.5
    shipping_type = "TIKTOK" if by_platform else wish.shipping_type or _shipping_type(shop, chance)
    option = shop.part(Places).option(shipping_type)
    is_cod = chance.random() < market.cod_share
    fee = rounded(market, priced(shop, 2.0) if chance.random() < 0.6 else NOTHING)
    return Order(
        id=shop.ids.new("order"),
        buyer=someone(shop),
        plan=plan,
        lines=[_line(shop, chance, item) for item in items],
        create_time=shop.now,
        fulfillment_type="FULFILLMENT_BY_TIKTOK" if by_platform else "FULFILLMENT_BY_SELLER",
        shipping_type=shipping_type,
        delivery_option_id=option.id,
        delivery_option_name=option.name,
        warehouse_id=items[0].warehouse_id,
        is_cod=is_cod,
        payment_method="Cash on delivery" if is_cod else chance.choice(("Credit card", "E-wallet", "Bank transfer")),
        shipping_fee=fee,
        shipping_fee_original=fee,
        buyer_message=chance.choice(MESSAGES),
    )


def _shipping_type(shop: Shop, chance: Random) -> str:
    """Own carriers are usual in the US, possible in Great Britain, rare elsewhere."""
    own_share = {"US": 0.4, "GB": 0.4}.get(shop.region, 0.05)
    return "SELLER" if chance.random() < own_share else "TIKTOK"


def _line(shop: Shop, chance: Random, item: Item) -> Line:
    market = shop.market
    taxed = shop.region == "US" or shop.cross_border
    seller_discount = rounded(market, item.price * Decimal(chance.choice((0, 0, 5, 10, 15))) / 100)
    platform_discount = rounded(market, item.price * Decimal(chance.choice((0, 0, 0, 5))) / 100)
    paid = item.price - seller_discount - platform_discount
    return Line(
        id=shop.ids.new("line"),
        item=item,
        original_price=item.price,
        seller_discount=seller_discount,
        platform_discount=platform_discount,
        tax=rounded(market, paid * Decimal("0.08")) if taxed else NOTHING,
    )


def usual_plan(shop: Shop) -> Plan:
    """What the people around one more order mean to do."""
    chance, persona = shop.chance("plans"), shop.persona
    unshipped = chance.random() < persona.unshipped_share
    late = chance.random() < persona.late_share
    speed = chance.uniform(50, 90) * HOUR if late else chance.uniform(3, 22) * HOUR
    return Plan(
        pays=None if chance.random() < 0.04 else int(chance.uniform(1, 40) * MINUTE),
        changes_mind=int(chance.uniform(5, 55) * MINUTE) if chance.random() < 0.03 else None,
        arranges=None if unshipped else int(speed),
        scans=None if chance.random() < 0.01 else int(chance.uniform(3, 16) * HOUR),
        delivers=int(chance.uniform(30, 110) * HOUR),
        completes=int(chance.uniform(12, 120) * HOUR),
    )


def staged(shop: Shop) -> list[tuple[Instant, Plan, Wish]]:
    """Orders every shop has at the start: of the last 14 days, in all statuses, whatever its seller does.

    Those that moved are shipped by the platform's warehouse where the seller has long gone.
    """
    at, hour = shop.started_at, HOUR
    gone = shop.has("neglected")
    moved = Wish(by_platform=True if gone else None)
    seller, pair = Wish(by_platform=False), Wish(units=2, by_platform=False)
    quick = Plan(pays=10 * MINUTE, arranges=6 * hour, scans=5 * hour, delivers=40 * hour, completes=30 * hour)
    on_the_way = replace(quick, delivers=20 * DAY)
    arrived = replace(quick, completes=20 * DAY)
    waiting = replace(quick, arranges=30 * hour)
    arranged = replace(quick, scans=40 * hour)
    forgotten = replace(quick, arranges=None)
    overdue = [(at - hours * hour, forgotten, seller) for hours in (26, 31, 37, 44)] if shop.has("late_orders") else []
    return [
        *overdue,
        (at - 20 * MINUTE, replace(quick, pays=2 * hour), seller),
        (at - 40 * MINUTE, replace(quick, pays=9 * hour), seller),
        (at - 30 * MINUTE, waiting, seller),
        (at - 50 * MINUTE, waiting, pair),
        (at - 5 * hour, waiting, pair),
        (at - 9 * hour, waiting, seller),
        (at - 16 * hour, arranged, moved),
        (at - 18 * hour, arranged, moved),
        (at - 2 * DAY, on_the_way, moved),
        (at - 3 * DAY, on_the_way, replace(moved, units=3)),
        (at - 5 * DAY, arrived, moved),
        (at - 6 * DAY, arrived, moved),
        (at - 8 * DAY, quick, moved),
        (at - 11 * DAY, quick, replace(moved, units=2)),
        (at - 4 * DAY, replace(quick, changes_mind=30 * MINUTE) if shop.market.holds else replace(quick, pays=None), seller),
        (at - 12 * DAY, replace(quick, pays=None), seller),
    ]
