"""The sellers and shops of a world: who exists, where, and what kind of trouble each has. All from the seed."""

from dataclasses import dataclass

from storeward_sandbox.chance import stream
from storeward_sandbox.clock import DAY, HOUR, Instant
from storeward_sandbox.fleet import dealt_regions, dealt_troubles, persona, store_name

from .desk import CONSENT_SECONDS, Consent
from .shop import Shop

FIRST_MARKETS = ("SG", "MY", "TH", "VN", "PH", "ID")
LATER_MARKETS = ("SG", "MY", "TH", "VN", "PH", "ID", "MY", "TH", "VN", "PH", "TW", "BR")
CROSS_BORDER_SHARE = 0.2
EXPIRING_SECONDS = 5 * DAY + 6 * HOUR


@dataclass(frozen=True)
class Fleet:
    shops: list[Shop]
    consents: list[tuple[Consent, int]]
    """Each with the seconds for which it lasts."""


def build(*, seed: int, count: int, at: Instant) -> Fleet:
    """`count` shops and the consents that cover them."""
    chance = stream(seed, "shopee fleet")
    regions = dealt_regions(count, chance, FIRST_MARKETS, LATER_MARKETS)
    troubles = dealt_troubles(count, chance)
    shops = [make_shop(seed, index, regions[index], troubles[index], at) for index in range(count)]
    return Fleet(shops, consents(seed, shops))


def make_shop(seed: int, index: int, region: str, troubles: tuple[str, ...], at: Instant) -> Shop:
    """The shop of that index (from 0): the same for the same arguments."""
    number = index + 1
    chance = stream(seed, "shopee shop", number)
    plain = not {"dead_connection", "expiring"} & set(troubles)
    return Shop(
        id=f"{chance.randrange(100, 999)}{number:05d}",
        number=number,
        name=store_name(chance, number),
        region=region,
        cross_border=plain and region != "BR" and chance.random() < CROSS_BORDER_SHARE,
        seed=seed,
        started_at=at,
        persona=persona(chance, frozenset(troubles), at),
    )


def consents(seed: int, shops: list[Shop]) -> list[tuple[Consent, int]]:
    """Local shops consent one by one; cross-border shops by threes, through the main account of their merchant."""
    found: list[tuple[Consent, int]] = []
    group: Consent | None = None
    for shop in shops:
        chance = stream(seed, "shopee seller", shop.number)
        lasts = EXPIRING_SECONDS if shop.has("expiring") else CONSENT_SECONDS - chance.randrange(100) * DAY
        if not shop.cross_border:
            found.append((Consent(shop.id, shop.name, shop.region, [shop.id]), lasts))
            continue
        if group is None or len(group.shop_ids) >= 3:
            merchant = f"10{shop.number:05d}"
            group = Consent(f"6{shop.number:04d}", f"{shop.name} Group", "CN", [], [merchant], main=True)
            found.append((group, lasts))
        group.shop_ids.append(shop.id)
        shop.merchant_id = group.merchant_ids[0]
    return found


def revoked_at(shop: Shop) -> Instant | None:
    """When the seller of a dead connection takes the consent back: some hours after the start."""
    if not shop.has("dead_connection"):
        return None
    return shop.started_at + int(shop.chance("revoke").uniform(2, 5) * HOUR)
