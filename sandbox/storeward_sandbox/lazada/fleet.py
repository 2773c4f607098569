"""The sellers and stores of a world: who exists, on which site, and what kind of trouble each has. All from the seed."""

from dataclasses import dataclass

from storeward_sandbox.chance import stream
from storeward_sandbox.clock import DAY, HOUR, Instant
from storeward_sandbox.fleet import dealt_regions, dealt_troubles, persona, store_name

from .auth import Seller
from .shop import Shop

MARKETS = ("SG", "MY", "TH", "VN", "PH", "ID")
EXPIRING_SECONDS = 12 * DAY
MOST_SITES = 3
LARGE = 12
"""Fleets beyond this many stores also have a half-managed one, which may not use every call."""


@dataclass(frozen=True)
class Fleet:
    shops: list[Shop]
    sellers: list[Seller]


def build(*, seed: int, count: int, at: Instant) -> Fleet:
    """`count` stores and the sellers behind them."""
    chance = stream(seed, "lazada", "fleet")
    regions = dealt_regions(count, chance, MARKETS, MARKETS)
    troubles = dealt_troubles(count, chance)
    shops = [make_shop(seed, index, regions[index], troubles[index], at) for index in range(count)]
    half = next((shop for shop in shops[LARGE:] if not shop.persona.troubles), None)
    if half is not None:
        half.ease = half.cross_border = True
    return Fleet(shops, sellers(shops))


def make_shop(seed: int, index: int, region: str, troubles: tuple[str, ...], at: Instant) -> Shop:
    """The store of that index (from 0): the same for the same arguments."""
    number = index + 1
    chance = stream(seed, "lazada", "shop", number)
    name = store_name(chance, number)
    seller_id = f"10{number:04d}{chance.randrange(10**4):04d}"
    return Shop(
        id=seller_id,
        number=number,
        name=name,
        region=region,
        seed=seed,
        started_at=at,
        persona=persona(chance, frozenset(troubles), at),
        code=f"{region}{chance.getrandbits(24):06X}",
        user_id=f"5001{number:05d}",
        email=f"{name.replace(' ', '.').lower()}@seller.example",
        cross_border=chance.random() < 0.2,
    )


def sellers(shops: list[Shop]) -> list[Seller]:
    """Most sellers have one store; some cross-border sellers have one on several sites. One plain seller is a subscriber."""
    found: list[Seller] = []
    shared: Seller | None = None
    for shop in shops:
        plain = not shop.persona.troubles & {"dead_connection", "expiring"}
        if shop.cross_border and plain and shared is not None and _has_room(shared, shop):
            shared.stores.append(shop)
            continue
        seller = Seller(shop.email, [shop], lasts=EXPIRING_SECONDS if shop.has("expiring") else 50 * DAY)
        found.append(seller)
        if shop.cross_border and plain:
            shared = seller
    subscriber = next((one for one in found[5:] if not one.stores[0].persona.troubles and not one.cross_border), None)
    if subscriber is not None:
        subscriber.subscribed = True
    return found


def _has_room(seller: Seller, shop: Shop) -> bool:
    return len(seller.stores) < MOST_SITES and all(one.region != shop.region for one in seller.stores)


def revoked_at(shop: Shop) -> Instant | None:
    """When the seller of a dead connection takes the consent back: some hours after the start."""
    if not shop.has("dead_connection"):
        return None
    return shop.started_at + int(shop.chance("revoke").uniform(2, 5) * HOUR)
