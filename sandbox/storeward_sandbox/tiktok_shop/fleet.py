"""The sellers and shops of a world: who exists, where, and what kind of trouble each has. All from the seed."""

from dataclasses import dataclass

from storeward_sandbox.chance import stream
from storeward_sandbox.clock import DAY, HOUR, Instant
from storeward_sandbox.fleet import dealt_regions, dealt_troubles, persona, store_name

from .auth import REFRESH_SECONDS, Authorization
from .shop import Shop

FIRST_MARKETS = ("MY", "PH", "TH", "VN", "SG", "US")
LATER_MARKETS = ("MY", "PH", "TH", "VN", "SG", "US", "MY", "TH", "VN", "PH", "GB", "ID")


@dataclass(frozen=True)
class Fleet:
    shops: list[Shop]
    authorizations: list[tuple[Authorization, int]]
    """Each with the seconds for which the consent lasts."""


def build(*, seed: int, count: int, at: Instant) -> Fleet:
    """`count` shops and the consents that cover them."""
    chance = stream(seed, "fleet")
    regions = dealt_regions(count, chance, FIRST_MARKETS, LATER_MARKETS)
    deck = dealt_troubles(count, chance)
    shops = [make_shop(seed, index, regions[index], deck[index], at) for index in range(count)]
    return Fleet(shops, consents(seed, shops))


def make_shop(seed: int, index: int, region: str, troubles: tuple[str, ...], at: Instant) -> Shop:
    """The shop of that index (from 0): the same for the same arguments."""
    number = index + 1
    chance = stream(seed, "shop", number)
    name = store_name(chance, number)
    return Shop(
        id=f"7494{number:05d}{chance.randrange(1, 10**10):010d}",
        number=number,
        code=f"{region}LC{chance.randrange(10**6):06d}{number:04d}",
        name=name,
        region=region,
        cross_border=region not in ("US", "GB", "ID") and chance.random() < 0.2,
        cipher=f"{'TTP' if region == 'US' else 'GCP'}_{chance.getrandbits(160):040x}{number}",
        seed=seed,
        started_at=at,
        persona=persona(chance, frozenset(troubles), at),
    )


def consents(seed: int, shops: list[Shop]) -> list[tuple[Authorization, int]]:
    """Most sellers have one shop; some cross-border sellers have several."""
    found: list[tuple[Authorization, int]] = []
    shared: Authorization | None = None
    for shop in shops:
        plain = not shop.persona.troubles & {"dead_connection", "expiring"}
        if shop.cross_border and plain and shared is not None and len(shared.shop_ids) < 3:
            shared.shop_ids.append(shop.id)
            continue
        authorization = _authorization(seed, shop)
        found.append((authorization, 12 * DAY if shop.has("expiring") else REFRESH_SECONDS))
        if shop.cross_border and plain:
            shared = authorization
    return found


def _authorization(seed: int, shop: Shop) -> Authorization:
    chance = stream(seed, "seller", shop.number)
    return Authorization(
        open_id=f"7010{chance.randrange(10**15):015d}",
        seller_name=shop.name.rsplit(" ", 1)[0],
        region="CN" if shop.cross_border else shop.region,
        shop_ids=[shop.id],
    )


def revoked_at(shop: Shop) -> Instant | None:
    """When the seller of a dead connection takes the consent back: some hours after the start."""
    if not shop.has("dead_connection"):
        return None
    return shop.started_at + int(shop.chance("revoke").uniform(2, 5) * HOUR)
