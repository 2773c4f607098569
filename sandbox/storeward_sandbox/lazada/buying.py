"""How buyers order, and what they, the seller and the carrier mean to do with it."""

from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from storeward_sandbox.clock import DAY, HOUR, MINUTE, Instant
from storeward_sandbox.countries import rounded, weekday_hour
from storeward_sandbox.timeline import Event

from .buyers import someone
from .catalogue import Catalogue, Product, Sku
from .orders import NOTHING, Line, Order, Plan, place
from .shop import Shop, on
from .standing import takes_more

NOTES = ("", "", "", "", "Please pack it well.", "Leave it with the guard.", "ฝากหน้าบ้าน")
CARDS = ("MIXEDCARD", "WALLET", "BANKTRANSFER")


@dataclass(frozen=True)
class Wish:
    """What is settled about an order beforehand; None leaves it to chance."""

    units: int | None = None
    by_platform: bool | None = None
    own_fleet: bool | None = None
    digital: bool = False
    """Goods that nobody packs, where the store has such; else any."""


@on("seed")
def seed(shop: Shop) -> None:
    """Let the first buyer come, and those whom every store has had by the start."""
    shop.at(shop.now + HOUR, lambda now: _next_buyer(shop))
    for at, plan, wish in staged(shop):
        shop.at(at, _staging(shop, plan, wish))


def _staging(shop: Shop, plan: Plan, wish: Wish) -> Event:
    def stage(now: Instant) -> None:
        order_now(shop, plan, wish)

    return stage


def _next_buyer(shop: Shop) -> None:
    """Buyers come at random, fewer at night."""
    pause = shop.chance("buying").expovariate(max(shop.persona.orders_per_day, 0.05) / DAY)
    shop.after(max(pause, 1), lambda now: _buyer_comes(shop))


def _buyer_comes(shop: Shop) -> None:
    _, hour = weekday_hour(shop.site.country, shop.now)
    awake = hour >= 7 or shop.chance("buying").random() < 0.3
    if shop.buyers_on and awake and takes_more(shop):
        order_now(shop, usual_plan(shop))
    _next_buyer(shop)


def order_now(shop: Shop, plan: Plan, wish: Wish | None = None) -> Order | None:
    """A buyer orders at this instant; None where nothing is on sale."""
    wish = wish or Wish()
    chance, catalogue = shop.chance("baskets"), shop.part(Catalogue)
    basket: list[tuple[Product, Sku]] = []
    for _ in range(wish.units or _basket_size(chance)):
        found = (
            basket[0] if basket and (chance.random() < 0.5 or basket[0][0].digital) else _chosen(catalogue, chance, wish, basket)
        )
        if found is not None and found[1].sellable > sum(one[1] is found[1] for one in basket):
            basket.append(found)
    if not basket:
        return None
    order = _order(shop, plan, basket, wish)
    place(shop, order)
    return order


def _chosen(catalogue: Catalogue, chance: Random, wish: Wish, basket: list[tuple[Product, Sku]]) -> tuple[Product, Sku] | None:
    """One more thing for the basket: digital goods never lie beside others."""
    if wish.digital and not basket:
        return next((pair for pair in catalogue.on_sale() if pair[0].digital), None)
    found = catalogue.pick(chance)
    return None if found is not None and basket and found[0].digital else found


def _basket_size(chance: Random) -> int:
    return chance.choices((1, 2, 3, 5), (70, 20, 8, 2))[0]


def _order(shop: Shop, plan: Plan, basket: list[tuple[Product, Sku]], wish: Wish) -> Order:
    chance, country = shop.chance("baskets"), shop.site.country
    by_platform = wish.by_platform
    if by_platform is None:
        by_platform = shop.has("neglected") and chance.random() < 0.5
    own_fleet = chance.random() < 0.04 if wish.own_fleet is None else wish.own_fleet
    cash, digital = chance.random() < country.cod_share, basket[0][0].digital
    fee = rounded(country, Decimal(str(round(country.usd * 1.5, 1)))) if chance.random() < 0.6 and not digital else NOTHING
    discount = fee if chance.random() < 0.3 else NOTHING
    flag = chance.choices(("NORMAL", "GUARANTEE", "GLOBAL_COLLECTION"), (85, 12, 3 if shop.cross_border else 0))[0]
    return Order(
        id=shop.ids.new("order"),
        buyer=someone(shop),
        plan=plan,
        lines=_lines(shop, chance, basket, fee),
        created=shop.now,
        payment_method="COD" if cash and not digital else chance.choice(CARDS),
        shipping_original=fee,
        shipping_discount=discount,
        flag=flag,
        note=chance.choice(NOTES),
        by_platform=by_platform,
        own_fleet=own_fleet and not by_platform and not digital,
        digital=digital,
    )


def _lines(shop: Shop, chance: Random, basket: list[tuple[Product, Sku]], fee: Decimal) -> list[Line]:
    country = shop.site.country
    found = []
    for product, sku in basket:
        price = sku.price_now(shop.now)
        found.append(
            Line(
                id=shop.ids.new("line"),
                product=product,
                sku=sku,
                price=price,
                voucher_seller=rounded(country, price * Decimal(chance.choice((0, 0, 0, 5, 10))) / 100),
                voucher_platform=rounded(country, price * Decimal(chance.choice((0, 0, 0, 5))) / 100),
                shipping=NOTHING,
            )
        )
    spread(fee, found, country.decimals)
    return found


def spread(fee: Decimal, lines: list[Line], decimals: int) -> None:
    """Each piece's share of the shipping fee; the first one bears what is left over."""
    step = Decimal(1).scaleb(-decimals)
    share = (fee / len(lines)).quantize(step, "ROUND_DOWN")
    for line in lines:
        line.shipping = share
    lines[0].shipping += fee - share * len(lines)


def usual_plan(shop: Shop) -> Plan:
    """What the people around one more order mean to do."""
    chance, persona = shop.chance("plans"), shop.persona
    unshipped = chance.random() < persona.unshipped_share
    late = chance.random() < persona.late_share
    outcome = chance.choices(("delivered", "failed", "lost", "damaged"), (955, 35, 5, 5))[0]
    return Plan(
        pays=None if chance.random() < 0.04 else int(chance.uniform(1, 20) * MINUTE),
        asks_out=int(chance.uniform(10, 300) * MINUTE) if chance.random() < 0.04 else None,
        packs=None if unshipped else int((chance.uniform(44, 90) if late else chance.uniform(2, 18)) * HOUR),
        readies=int(chance.uniform(0.2, 4) * HOUR),
        scans=None if chance.random() < 0.01 else int(chance.uniform(3, 16) * HOUR),
        ends=int(chance.uniform(30, 110) * HOUR),
        outcome=outcome,
        confirms=int(chance.uniform(24, 120) * HOUR),
    )


def staged(shop: Shop) -> list[tuple[Instant, Plan, Wish]]:
    """Orders every store has at the start: of the last 14 days, in all statuses, whatever its seller does.

    Those that moved are shipped by the platform's warehouse where the seller has long gone.
    """
    at, hour = shop.started_at, HOUR
    moved = Wish(by_platform=shop.has("neglected"), own_fleet=False)
    seller, pair = Wish(by_platform=False, own_fleet=False), Wish(units=2, by_platform=False, own_fleet=False)
    quick = Plan(pays=10 * MINUTE, packs=5 * hour, readies=hour, scans=5 * hour, ends=40 * hour, confirms=30 * hour)
    on_the_way, arrived = replace(quick, ends=20 * DAY), replace(quick, confirms=20 * DAY)
    waiting, packed = replace(quick, packs=30 * hour), replace(quick, packs=2 * hour, readies=30 * hour)
    made_ready, forgotten = replace(quick, scans=40 * hour), replace(quick, packs=None)
    overdue = [(at - hours * hour, forgotten, seller) for hours in (26, 31, 37, 44)] if shop.has("late_orders") else []
    return [
        *overdue,
        (at - 6 * MINUTE, replace(quick, pays=25 * MINUTE), seller),
        (at - 30 * MINUTE, waiting, seller),
        (at - 50 * MINUTE, waiting, pair),
        (at - 5 * hour, waiting, pair),
        (at - 9 * hour, waiting, seller),
        (at - 7 * hour, packed, moved),
        (at - 10 * hour, made_ready, moved),
        (at - 12 * hour, made_ready, replace(moved, units=2)),
        (at - 2 * DAY, on_the_way, moved),
        (at - 3 * DAY, on_the_way, replace(moved, units=3)),
        (at - 5 * DAY, arrived, moved),
        (at - 6 * DAY, arrived, moved),
        (at - 7 * DAY, replace(quick, outcome="failed"), moved),
        (at - 8 * DAY, quick, moved),
        (at - 11 * DAY, quick, replace(moved, units=2)),
        (at - 12 * DAY, replace(quick, pays=None), seller),
    ]
