"""The people who buy: invented names and addresses, shown with asterisks, as the platform shows them to apps without review."""

from dataclasses import dataclass, field

from .shop import Shop

RETURNING_SHARE = 0.25


@dataclass(frozen=True)
class Buyer:
    """`user_id` is the same on orders and in chats."""

    user_id: str
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
    known.append(_newcomer(shop))
    return known[-1]


def _newcomer(shop: Shop) -> Buyer:
    chance, country = shop.chance("buyers"), shop.site.country
    name = chance.choice(country.people)
    city, postal_code, state = chance.choice(country.cities)
    return Buyer(
        user_id=shop.ids.new("buyer"),
        name=name,
        nickname=f"{name.split()[0].lower()}{chance.randrange(10, 9999)}",
        phone=f"{country.phone.strip('+')}{chance.randrange(10**8, 10**9)}",
        street=chance.choice(country.streets),
        city=city,
        postal_code=postal_code,
        state=state,
    )


def masked(text: str) -> str:
    """The first and the last sign with asterisks between: `B***i S***o` for names, word by word."""
    return " ".join(f"{word[0]}***{word[-1]}" for word in text.split())


def masked_line(text: str) -> str:
    """A street: its first and last sign, and how long it is."""
    return text if len(text) < 3 else text[0] + "*" * (len(text) - 2) + text[-1]


def masked_phone(text: str) -> str:
    return text[:2] + "*" * (len(text) - 4) + text[-2:]
