"""How buyers order, and what they, the seller and the carrier mean to do with it."""

from dataclasses import dataclass, replace
from random import Random

from storeward_sandbox.clock import DAY, HOUR, MINUTE, Instant
from storeward_sandbox.timeline import Event

from .catalogue import BY_WAREHOUSE, Catalogue, Product, Sku
from .hooks import on
from .moments import day_start, hour_of_day
from .order_writing import ask_address_change, move_deadline
from .orders import IN_REVIEW, TO_SHIP, Line, Order, Plan, place
from .people import someone, street_detail
from .places import CARRIERS, Carrier
from .shop import Shop

WORDS = ("", "", "", "", "", "请发顺丰", "周末送货", "麻烦包装好一点", "送人的，不要放价格单")
AUTHORS = ("好物推荐官", "小鱼爱生活", "老王测评", "桃子妈妈")
APPS = (2, 2, 2, 2, 11, 3)
PAY_TYPES = (1, 2, 2, 2, 4, 8)
# A day of sales that nobody can deliver: more than 30 orders run out of stock, and they are more than 30 percent.
SALE_ORDERS = 54
SALE_DAYS_AGO = 3
REVIEW_SHARE = 0.4


@dataclass(frozen=True)
class Wish:
    """What is settled about an order beforehand; None leaves it to chance."""

    lines: int | None = None
    ordinary: bool = False
    """Promised within 48 hours, not on presale."""


@on("seed")
def seed(shop: Shop) -> None:
    """Let the first buyer come, and what every shop shall show at the start."""
    shop.after(HOUR, lambda now: _next_buyer(shop))
    for at, plan, wish in staged(shop):
        shop.at(at, _staging(shop, plan, wish))
    if shop.has("frozen"):
        shop.at(day_start(shop.started_at) - SALE_DAYS_AGO * DAY + 10 * HOUR, lambda now: _sale(shop))


def _staging(shop: Shop, plan: Plan, wish: Wish) -> Event:
    def stage(now: Instant) -> None:
        keep_some(shop)
        order_now(shop, plan, wish)

    return stage


def keep_some(shop: Shop) -> None:
    """Who must be able to order finds something: a few of the first product, where nearly everything has run out."""
    left = [sku for product, sku in shop.part(Catalogue).buyable() if not product.presale_days]
    if len(left) < 3:
        for sku in next(iter(shop.part(Catalogue).products.values())).skus:
            sku.stock += 3


def _sale(shop: Shop) -> None:
    """Far more is sold than there is; two thirds of it will never be shipped."""
    for number in range(SALE_ORDERS):
        ships = None if number % 3 else 30 * HOUR
        order_now(shop, Plan(pays=MINUTE, ships=ships), Wish(lines=1, ordinary=True))


def _next_buyer(shop: Shop) -> None:
    """Buyers come at random, fewer at night."""
    pause = shop.chance("buying").expovariate(max(shop.persona.orders_per_day, 0.05) / DAY)
    shop.after(max(pause, 1), lambda now: _buyer_comes(shop))


def _buyer_comes(shop: Shop) -> None:
    awake = hour_of_day(shop.now) >= 7 or shop.chance("buying").random() < 0.3
    if shop.buyers_on and awake:
        order_now(shop, usual_plan(shop))
    _next_buyer(shop)


def order_now(shop: Shop, plan: Plan, wish: Wish | None = None) -> Order | None:
    """A buyer orders at this instant; None where nothing is to be had."""
    wish = wish or Wish()
    chance = shop.chance("baskets")
    on_shelf = shop.part(Catalogue).buyable()
    if wish.ordinary:
        on_shelf = [(product, sku) for product, sku in on_shelf if not product.presale_days] or on_shelf
    if not on_shelf:
        return None
    count = wish.lines or chance.choices((1, 2, 3), (78, 18, 4))[0]
    order = _order(shop, plan, _basket(chance, on_shelf, count))
    place(shop, order)
    return order


def _basket(chance: Random, on_shelf: list[tuple[Product, Sku]], count: int) -> list[tuple[Product, Sku]]:
    """So many different SKUs, or all there are."""
    left = list(on_shelf)
    picked: list[tuple[Product, Sku]] = []
    while left and len(picked) < count:
        picked.append(_pick(chance, left))
        left.remove(picked[-1])
    return picked


def _pick(chance: Random, on_shelf: list[tuple[Product, Sku]]) -> tuple[Product, Sku]:
    """The first things sell best."""
    return on_shelf[min(int(chance.expovariate(3.0 / len(on_shelf))), len(on_shelf) - 1)]


def _order(shop: Shop, plan: Plan, picked: list[tuple[Product, Sku]]) -> Order:
    chance = shop.chance("baskets")
    number = int(shop.ids.new("order") + "40")
    lines = [_line(shop, chance, str(number + index), product, sku) for index, (product, sku) in enumerate(picked)]
    return Order(
        id=str(number),
        buyer=someone(shop),
        plan=plan,
        lines=lines,
        create_time=shop.now,
        pay_type=chance.choice(PAY_TYPES),
        post_amount=chance.choice((0, 0, 0, 600, 1000)),
        app=chance.choice(APPS),
        buyer_words=chance.choice(WORDS),
    )


def _line(shop: Shop, chance: Random, line_id: str, product: Product, sku: Sku) -> Line:
    count = 2 if chance.random() < 0.15 and sku.level - sku.held > 1 else 1
    goods = sku.price * count
    by_author = chance.random() < 0.4
    return Line(
        id=line_id,
        product=product,
        sku=sku,
        count=count,
        price=sku.price,
        shop_discount=goods * chance.choice((0, 0, 0, 5, 10)) // 100,
        platform_discount=goods * chance.choice((0, 0, 0, 3)) // 100,
        pay_discount=chance.choice((0, 0, 0, 0, 150)),
        warehouse=next(iter(sku.by_warehouse), "") if sku.kind == BY_WAREHOUSE else "",
        author=(shop.ids.new("author"), chance.choice(AUTHORS)) if by_author else ("", ""),
        room=shop.ids.new("room") if by_author else "",
    )


def refund_share(shop: Shop) -> float:
    return 0.35 if shop.has("returns") else 0.1


def usual_plan(shop: Shop) -> Plan:
    """What the people around one more order mean to do."""
    chance, persona = shop.chance("plans"), shop.persona
    unshipped = chance.random() < persona.unshipped_share
    late = chance.random() < persona.late_share
    speed = chance.uniform(50, 90) * HOUR if late else chance.uniform(2, 20) * HOUR
    asks = chance.choices((0, 1, 2, 3, 7), (40, 25, 20, 8, 7))[0] if chance.random() < refund_share(shop) else None
    return Plan(
        pays=None if chance.random() < 0.06 else int(chance.uniform(0.3, 25) * MINUTE),
        reviewed=int(chance.uniform(1, 2) * HOUR) if chance.random() < 0.05 else int(chance.uniform(5, 120)),
        ships=None if unshipped else int(speed),
        collected=None if chance.random() < 0.01 else int(chance.uniform(1, 14) * HOUR),
        delivered=int(chance.uniform(24, 80) * HOUR),
        confirms=int(chance.uniform(6, 130) * HOUR) if chance.random() < 0.8 else None,
        asks_back=asks,
    )


def staged(shop: Shop) -> list[tuple[Instant, Plan, Wish]]:
    """Orders every shop has at the start: of the last 14 days, in all states, whatever its seller does."""
    at, plain = shop.started_at, Wish(ordinary=True)
    quick = Plan(pays=5 * MINUTE, ships=5 * HOUR, collected=4 * HOUR, delivered=40 * HOUR, confirms=30 * HOUR, by="stage")
    waiting = replace(quick, ships=30 * HOUR, by="")
    forgotten = replace(quick, ships=None)
    overdue = [(at - hours * HOUR, forgotten, plain) for hours in (30, 44, 49, 70)] if shop.has("late_orders") else []
    return [
        *overdue,
        (at - 10 * MINUTE, replace(quick, pays=None), plain),
        (at - 20 * MINUTE, replace(quick, pays=28 * MINUTE), plain),
        (at - 25 * MINUTE, replace(quick, reviewed=90 * MINUTE), plain),
        (at - 50 * MINUTE, waiting, plain),
        (at - 5 * HOUR, waiting, Wish(lines=2, ordinary=True)),
        (at - 9 * HOUR, waiting, plain),
        (at - 15 * HOUR, replace(quick, collected=60 * HOUR), plain),
        (at - 16 * HOUR, replace(quick, by="half"), Wish(lines=3, ordinary=True)),
        (at - 2 * DAY, replace(quick, delivered=20 * DAY), plain),
        (at - 5 * DAY, replace(quick, confirms=None), plain),
        (at - 6 * DAY, replace(quick, confirms=None, asks_back=0), plain),
        (at - 8 * DAY, quick, Wish(lines=2)),
        (at - 11 * DAY, quick, plain),
        (at - 13 * DAY, quick, plain),
        (at - 4 * DAY, replace(quick, pays=None), plain),
        (at - 3 * HOUR, replace(waiting, asks_back=2), plain),
    ]


@on("order_paid")
def change_of_mind(shop: Shop, order: Order) -> None:
    """Some buyers want another address, some another day; the platform tells the seller of both."""
    chance = shop.chance("wishes")
    if chance.random() < 0.04:
        detail = street_detail(chance)
        shop.after(chance.uniform(0.2, 2) * HOUR, lambda now: _elsewhere_please(shop, order, detail))
    if chance.random() < 0.04:
        shop.after(chance.uniform(0.5, 3) * HOUR, lambda now: _later_please(shop, order))


def _elsewhere_please(shop: Shop, order: Order, detail: str) -> None:
    if shop.buyers_on:
        ask_address_change(shop, order, detail)


def _later_please(shop: Shop, order: Order) -> None:
    if shop.buyers_on and order.status in (IN_REVIEW, TO_SHIP):
        move_deadline(shop, order, order.exp_ship_time + DAY)


@on("order_finished")
def review(shop: Shop, order: Order) -> None:
    """Some buyers write a review; the order says only that there is one (1), or that more was added to it (2)."""
    chance = shop.chance("reviews")
    for line in order.open_lines():
        if chance.random() < REVIEW_SHARE:
            shop.after(chance.uniform(0.5, 60) * HOUR, _reviewing(shop, line, 1))
            if chance.random() < 0.1:
                shop.after(chance.uniform(70, 200) * HOUR, _reviewing(shop, line, 2))


def _reviewing(shop: Shop, line: Line, state: int) -> Event:
    def write(now: Instant) -> None:
        if shop.buyers_on:
            line.commented = state

    return write


def carrier_for(shop: Shop) -> Carrier:
    return shop.chance("carriers").choice(CARRIERS)


def waybill(shop: Shop, carrier: Carrier) -> str:
    """A new number of this carrier's form."""
    number = int(shop.ids.new("track")) % 10**carrier.digits
    return f"{carrier.letters}{number:0{carrier.digits}d}"
