"""How buyers order, and what they, the seller and the carrier mean to do with it."""

from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from storeward_sandbox.clock import DAY, HOUR, MINUTE, Instant
from storeward_sandbox.countries import weekday_hour
from storeward_sandbox.timeline import Event

from .buyers import someone
from .hooks import on
from .markets import Channel
from .orders import NOTHING, Line, Order, Plan, place
from .shelf import Good, goods_of
from .shop import Shop

MESSAGES = ("", "", "", "", "Please pack it well.", "Gift, no invoice in the box please.", "Leave it with the guard.")
CASH = "Cash on Delivery"
METHODS = ("Credit/Debit Card", "ShopeePay Balance", "ShopeePay Linked Bank Account", "SPayLater")


@dataclass(frozen=True)
class Wish:
    """What is settled about an order beforehand; None leaves it to chance."""

    units: int | None = None
    lines: int | None = None
    by_platform: bool | None = None
    cod: bool | None = None


@on("seed")
def seed(shop: Shop) -> None:
    """Let the first buyer come, and what every shop has to show at the start."""
    shop.at(shop.now + HOUR, lambda now: _next_buyer(shop))
    for at, plan, wish in staged(shop):
        shop.at(at, _staging(shop, plan, wish))


def _staging(shop: Shop, plan: Plan, wish: Wish) -> Event:
    def stage(now: Instant) -> None:
        order_now(shop, plan, wish)

    return stage


def _next_buyer(shop: Shop) -> None:
    """Buyers come at random, fewer at night."""
    chance = shop.chance("buying")
    pause = chance.expovariate(max(shop.persona.orders_per_day, 0.05) / DAY)
    shop.after(max(pause, 1), lambda now: _buyer_comes(shop))


def _buyer_comes(shop: Shop) -> None:
    _, hour = weekday_hour(shop.market, shop.now)
    awake = hour >= 7 or shop.chance("buying").random() < 0.3
    if shop.buyers_on and awake and shop.status == "NORMAL":
        order_now(shop, usual_plan(shop))
    _next_buyer(shop)


def order_now(shop: Shop, plan: Plan, wish: Wish | None = None) -> Order | None:
    """A buyer orders at this instant; None where nothing is on sale."""
    wish, chance = wish or Wish(), shop.chance("baskets")
    basket: dict[tuple[int, int], tuple[Good, int]] = {}
    for _ in range(wish.lines or chance.choices((1, 2, 3), (78, 17, 5))[0]):
        good = goods_of(shop).pick(chance)
        if good is None:
            return None
        units = wish.units or chance.choices((1, 2, 3), (80, 15, 5))[0]
        basket.setdefault((good.item_id, good.model_id), (good, min(units, max(good.free, 1))))
    order = _order(shop, plan, list(basket.values()), wish)
    place(shop, order)
    return order


def _order(shop: Shop, plan: Plan, basket: list[tuple[Good, int]], wish: Wish) -> Order:
    chance, market = shop.chance("baskets"), shop.market
    lines = [Line(good, units, good.price) for good, units in basket]
    goods = sum((line.total for line in lines), NOTHING)
    cod = chance.random() < market.cod_share and not shop.cross_border if wish.cod is None else wish.cod
    by_platform = wish.by_platform
    if by_platform is None:
        by_platform = shop.has("neglected") and chance.random() < 0.5
    fee = _fee(shop, chance)
    return Order(
        sn=shop.order_sn(),
        buyer=someone(shop),
        plan=plan,
        lines=lines,
        create_time=shop.now,
        channel=_channel(shop, chance, by_platform),
        cod=cod,
        payment_method=CASH if cod else chance.choice(METHODS),
        shipping_fee=fee if chance.random() < 0.6 else NOTHING,
        shipping_fee_estimated=fee,
        voucher_seller=_voucher(shop, chance, goods, (0, 0, 0, 5, 8)),
        voucher_platform=_voucher(shop, chance, goods, (0, 0, 5, 10)),
        days_to_ship=market.days_to_ship + (2 if shop.cross_border else 0),
        fulfilled_by_shopee=by_platform,
        message=chance.choice(MESSAGES),
    )


def _fee(shop: Shop, chance: Random) -> Decimal:
    return shop.amount(Decimal(str(round(shop.market.usd * chance.uniform(0.8, 2.5), 1))))


def _voucher(shop: Shop, chance: Random, goods: Decimal, percents: tuple[int, ...]) -> Decimal:
    return shop.amount(goods * chance.choice(percents) / 100)


def _channel(shop: Shop, chance: Random, by_platform: bool) -> Channel:
    """Mostly the platform's first channel; the seller's own carrier is rare."""
    usual, other, own = shop.market.channels
    if by_platform or shop.cross_border:
        return usual
    return chance.choices((usual, other, own), (75, 20, 5))[0]


def usual_plan(shop: Shop) -> Plan:
    """What the people around one more order mean to do. Late sellers let a day or two pass."""
    chance, persona = shop.chance("plans"), shop.persona
    unshipped = chance.random() < persona.unshipped_share
    late = chance.random() < persona.late_share
    speed = chance.uniform(30, 60) * HOUR if late else chance.uniform(1, 14) * HOUR
    return Plan(
        pays=None if chance.random() < 0.04 else int(chance.uniform(1, 40) * MINUTE),
        holds=int(chance.uniform(5, 30) * MINUTE) if chance.random() < 0.04 else 0,
        wants_out=int(chance.uniform(20, 200) * MINUTE) if chance.random() < 0.03 else None,
        arranges=None if unshipped else int(speed),
        postponed=int(chance.uniform(1, 9) * HOUR) if chance.random() < 0.02 else None,
        misses=chance.random() < 0.02,
        scans=None if chance.random() < 0.005 else int(chance.uniform(1, 9) * HOUR),
        delivers=int(chance.uniform(30, 90) * HOUR),
        completes=int(chance.uniform(12, 160) * HOUR),
    )


def staged(shop: Shop) -> list[tuple[Instant, Plan, Wish]]:
    """Orders every shop has at the start: of the last 14 days, in all statuses, whatever its seller does.

    Those that moved are shipped by the platform's warehouse where the seller has long gone.
    """
    at, hour = shop.started_at, HOUR
    moved = Wish(by_platform=True if shop.has("neglected") else None, cod=False)
    seller, pair = Wish(by_platform=False), Wish(units=2, lines=2, by_platform=False, cod=False)
    quick = Plan(pays=10 * MINUTE, arranges=5 * hour, scans=5 * hour, delivers=40 * hour, completes=30 * hour)
    forgotten = replace(quick, arranges=None)
    waiting = replace(quick, arranges=60 * hour)
    on_the_way, arrived = replace(quick, delivers=20 * DAY), replace(quick, completes=20 * DAY)
    overdue = [(at - hours * hour, forgotten, seller) for hours in (27, 33, 38, 44)] if shop.has("late_orders") else []
    return [
        *overdue,
        (at - 20 * MINUTE, replace(quick, pays=2 * hour), replace(seller, cod=False)),
        (at - 40 * MINUTE, replace(quick, pays=9 * hour), replace(seller, cod=False)),
        (at - 15 * MINUTE, waiting, seller),
        (at - 50 * MINUTE, waiting, pair),
        (at - 3 * hour, waiting, pair),
        (at - 5 * hour, waiting, seller),
        (at - 6 * hour, replace(waiting, wants_out=90 * MINUTE), replace(seller, cod=False)),
        (at - 9 * hour, replace(quick, arranges=hour, scans=30 * hour), moved),
        (at - 10 * hour, replace(quick, arranges=2 * hour, scans=34 * hour), moved),
        (at - 12 * hour, replace(quick, arranges=hour, scans=7 * hour, misses=True), replace(moved, by_platform=False)),
        (at - 2 * DAY, on_the_way, moved),
        (at - 3 * DAY, on_the_way, replace(moved, units=3)),
        (at - 5 * DAY, arrived, moved),
        (at - 6 * DAY, arrived, moved),
        (at - 8 * DAY, quick, moved),
        (at - 9 * DAY, quick, moved),
        (at - 11 * DAY, quick, replace(moved, units=2)),
        (at - 12 * DAY, replace(quick, pays=None), replace(seller, cod=False)),
    ]
