"""The shops of a world: who exists, and what kind of trouble each has. All from the seed."""

from dataclasses import replace
from functools import cache
from random import Random

from storeward_sandbox.chance import stream
from storeward_sandbox.clock import HOUR, Instant
from storeward_sandbox.fleet import persona

from .shop import Shop

BRANDS = (
    "青禾",
    "云朵",
    "南枝",
    "小满",
    "木棉",
    "拾光",
    "星屿",
    "半夏",
    "素白",
    "山茶",
    "鹿野",
    "望舒",
    "初见",
    "暖阳",
    "清欢",
    "知秋",
)
TRADES = ("家居", "女装", "美妆", "食品", "母婴")
KINDS = ("旗舰店", "专营店", "企业店", "官方旗舰店")
HIGHEST_FEES = 24.0
"""Where fees eat more than a shop earns."""
# The order in which troubles are dealt out; a fleet of nine meets every one of them.
DECK: tuple[tuple[str, ...], ...] = (
    ("late_orders",),
    ("neglected",),
    (),
    ("negative_balance",),
    ("returns", "unanswered"),
    ("frozen",),
    ("low_stock", "expiring"),
    ("dead_connection",),
    (),
)
SMALL_FLEET = (("late_orders",), (), ("neglected",))
"""What the first shops of a fleet of up to three are: something to see in any case."""


def build(*, seed: int, count: int, at: Instant) -> list[Shop]:
    """`count` shops, the same for the same arguments."""
    deck = _deck(count, stream(seed, "douyin", "fleet"))
    return [make_shop(seed, index, deck[index], at) for index in range(count)]


def _deck(count: int, chance: Random) -> list[tuple[str, ...]]:
    if count <= len(SMALL_FLEET):
        return list(SMALL_FLEET[:count])
    dealt: list[tuple[str, ...]] = []
    while len(dealt) < count:
        hand = list(DECK)
        chance.shuffle(hand)
        dealt.extend(hand)
    return dealt[:count]


@cache
def _names(seed: int) -> tuple[str, ...]:
    """Every name there can be, in the order in which this world hands them out."""
    names = [brand + trade + kind for brand in BRANDS for trade in TRADES for kind in KINDS]
    stream(seed, "douyin", "names").shuffle(names)
    return tuple(names)


def shop_name(seed: int, index: int) -> str:
    """A name of its own for each shop; when all are taken they begin again with a number."""
    names = _names(seed)
    turn, place = divmod(index, len(names))
    return names[place] + (f"{turn + 1}店" if turn else "")


def make_shop(seed: int, index: int, troubles: tuple[str, ...], at: Instant) -> Shop:
    """The shop of that index (from 0): the same for the same arguments."""
    number = index + 1
    chance = stream(seed, "douyin", "shop", number)
    name = shop_name(seed, index)
    character = persona(chance, frozenset(troubles), at)
    if "negative_balance" in troubles:
        character = replace(character, fee_factor=HIGHEST_FEES)
    return Shop(
        id=f"{chance.randrange(10, 100)}{number:05d}{chance.randrange(100):02d}",
        number=number,
        name=name,
        seed=seed,
        started_at=at,
        persona=character,
    )


def revoked_at(shop: Shop) -> Instant | None:
    """When the seller of a dead connection takes the consent back: some hours after the start."""
    if not shop.has("dead_connection"):
        return None
    return shop.started_at + int(shop.chance("revoke").uniform(2, 5) * HOUR)
