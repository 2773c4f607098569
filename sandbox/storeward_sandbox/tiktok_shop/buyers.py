"""The people who buy: invented names and addresses, some of them coming back."""

from dataclasses import dataclass, field

from .shop import Shop

RETURNING_SHARE = 0.25


@dataclass(frozen=True)
class Buyer:
    """`user_id` is the same on orders and in chats, `im_user_id` is a chat id only."""

    user_id: str
    im_user_id: str
    name: str
    nickname: str
    phone: str
    street: str
    city: str
    postal_code: str
    state: str


@dataclass
class Buyers:
    known: list[Buyer] = field(default_factory=list)


def someone(shop: Shop) -> Buyer:
    """A buyer, new or known."""
    known, chance = shop.part(Buyers).known, shop.chance("buyers")
    if known and chance.random() < RETURNING_SHARE:
        return chance.choice(known)
    buyer = _newcomer(shop)
    known.append(buyer)
    return buyer


def by_user_id(shop: Shop, user_id: str) -> Buyer | None:
    return next((buyer for buyer in shop.part(Buyers).known if buyer.user_id == user_id), None)


def _newcomer(shop: Shop) -> Buyer:
    chance, market = shop.chance("buyers"), shop.market
    name = chance.choice(market.people)
    city, postal_code, state = chance.choice(market.cities)
    return Buyer(
        user_id=shop.ids.new("buyer"),
        im_user_id=shop.ids.new("im_user"),
        name=name,
        nickname=f"{name.split()[0].lower()}{chance.randrange(10, 9999)}",
        phone=f"({market.phone}){chance.randrange(10**8, 10**9)}",
        street=chance.choice(market.streets),
        city=city,
        postal_code=postal_code,
        state=state,
    )
