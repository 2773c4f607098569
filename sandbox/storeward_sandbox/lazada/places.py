"""Where a store's goods lie: its default warehouse, and a second one for some."""

from dataclasses import dataclass, field

from .catalogue import DEFAULT_WAREHOUSE
from .shop import Shop, on

SECOND_SHARE = 0.25


@dataclass(frozen=True)
class Warehouse:
    code: str
    name: str
    street: str
    city: str
    postal_code: str
    state: str
    default: bool


@dataclass
class Places:
    warehouses: list[Warehouse] = field(default_factory=list)

    @property
    def codes(self) -> list[str]:
        return [one.code for one in self.warehouses]

    @property
    def several(self) -> bool:
        return len(self.warehouses) > 1


@on("seed")
def seed(shop: Shop) -> None:
    chance, country, places = shop.chance("places"), shop.site.country, shop.part(Places)
    names = ("Main", "Second") if chance.random() < SECOND_SHARE else ("Main",)
    for number, name in enumerate(names):
        city, postal_code, state = chance.choice(country.cities)
        code = DEFAULT_WAREHOUSE if number == 0 else f"{shop.code}-WH-1000{number + 1}"
        places.warehouses.append(
            Warehouse(code, name, chance.choice(country.streets), city, postal_code, state, default=number == 0)
        )
