"""The people who buy: invented names and addresses, some of them coming back. Apps see most of it masked."""

from dataclasses import dataclass, field

from .shop import Shop

RETURNING_SHARE = 0.25


@dataclass(frozen=True)
class Buyer:
    user_id: int
    username: str
    name: str
    phone: str
    street: str
    city: str
    zipcode: str
    state: str


@dataclass
class Buyers:
    known: list[Buyer] = field(default_factory=list)


def someone(shop: Shop) -> Buyer:
    """A buyer, new or known."""
    known, chance = shop.part(Buyers).known, shop.chance("buyers")
    if known and chance.random() < RETURNING_SHARE:
        return chance.choice(known)
    market = shop.market
    name = chance.choice(market.people)
    city, zipcode, state = chance.choice(market.cities)
    buyer = Buyer(
        user_id=shop.new_number("buyer"),
        username=f"{name.split()[0].lower()}{chance.randrange(10, 9999)}",
        name=name,
        phone=f"{market.phone.lstrip('+')}{chance.randrange(10**8, 10**9)}",
        street=chance.choice(market.streets),
        city=city,
        zipcode=zipcode,
        state=state,
    )
    known.append(buyer)
    return buyer


def by_user_id(shop: Shop, user_id: int) -> Buyer | None:
    return next((buyer for buyer in shop.part(Buyers).known if buyer.user_id == user_id), None)


def masked(text: str, left: int = 1, right: int = 1) -> str:
    """All but the ends hidden, as apps without clearance see it."""
    return f"{text[:left]}******{text[-right:] if right else ''}" if text else ""


def masked_username(buyer: Buyer) -> str:
    return f"{buyer.username[0]}****{buyer.username[-1]}"
