"""Who exists: names, countries, and what kind of trouble each store has, dealt out like cards. All from the seed."""

from collections.abc import Sequence
from random import Random

from .clock import DAY, Instant
from .life import Persona

BRANDS = (
    "Luna", "Nari", "Mira", "Kora", "Sage", "Bloom", "Tali", "Arlo", "Vela", "Juno", "Mori", "Lumi", "Otto", "Pana", "Rumi",
    "Sora",
)  # fmt: skip
TRADES = ("Home", "Kids", "Beauty", "Pets", "Kitchen", "Active", "Studio", "Garden", "Mobile", "Tea")
# The order in which troubles are dealt out; a fleet of twelve meets every one of them.
DECK: tuple[tuple[str, ...], ...] = (
    ("late_orders",),
    ("neglected",),
    (),
    ("negative_balance",),
    ("unanswered",),
    ("low_stock",),
    ("returns",),
    ("expiring",),
    (),
    ("dead_connection",),
    ("late_orders", "unanswered"),
    (),
)


def dealt_regions(count: int, chance: Random, first: Sequence[str], later: Sequence[str]) -> list[str]:
    """A country for each of `count` stores: the first ones come first, so that a small fleet shows them, then those that are
    still missing, then any of `later`, where a country stands the more often the more of it there is.
    """
    begin = list(first)
    chance.shuffle(begin)
    begin += [region for region in dict.fromkeys(later) if region not in first]
    rest = [chance.choice(later) for _ in range(max(0, count - len(begin)))]
    return (begin + rest)[:count]


def dealt_troubles(count: int, chance: Random) -> list[tuple[str, ...]]:
    """The troubles of each of `count` stores; a fleet of twelve meets every one of them."""
    dealt: list[tuple[str, ...]] = []
    while len(dealt) < count:
        hand = list(DECK)
        chance.shuffle(hand)
        dealt.extend(hand)
    return dealt[:count]


def store_name(chance: Random, number: int) -> str:
    return f"{chance.choice(BRANDS)} {chance.choice(TRADES)} {number}"


def persona(chance: Random, troubles: frozenset[str], at: Instant) -> Persona:
    """How a seller with these troubles behaves."""
    busy = chance.choices((0.5, 1.5, 4.0), (60, 30, 10))[0] * chance.uniform(0.7, 1.3)
    late = "late_orders" in troubles
    return Persona(
        orders_per_day=busy,
        late_share=0.35 if late else 0.02,
        unshipped_share=0.10 if late else 0.01,
        reply_share=0.35 if "unanswered" in troubles else 0.96,
        fee_factor=4.0 if "negative_balance" in troubles else 1.0,
        troubles=troubles,
        stops_at=at - int(chance.uniform(27, 61) * DAY) if "neglected" in troubles else None,
    )
