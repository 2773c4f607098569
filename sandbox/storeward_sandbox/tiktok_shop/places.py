"""Where a shop keeps its goods, and who carries them: warehouses, delivery options, carriers."""

from dataclasses import dataclass, field
from hashlib import sha256

from .hooks import on
from .markets import Market
from .shop import Shop


@dataclass(frozen=True)
class Warehouse:
    """`kind` is SALES_WAREHOUSE or RETURN_WAREHOUSE, `status` ENABLED, DISABLED or RESTRICTED."""

    id: str
    entity_id: str
    name: str
    kind: str
    status: str
    is_default: bool
    street: str
    city: str
    postal_code: str
    state: str


@dataclass(frozen=True)
class Carrier:
    id: str
    name: str


@dataclass(frozen=True)
class DeliveryOption:
    """`kind` as the platform names it, e.g. STANDARD or SEND_BY_SELLER."""

    id: str
    name: str
    kind: str
    carriers: tuple[Carrier, ...]


@dataclass
class Places:
    """A shop's warehouses (first the default one) and delivery options (first the usual one)."""

    warehouses: list[Warehouse] = field(default_factory=list)
    options: list[DeliveryOption] = field(default_factory=list)

    @property
    def sales(self) -> list[Warehouse]:
        return [place for place in self.warehouses if place.kind == "SALES_WAREHOUSE"]

    @property
    def default(self) -> Warehouse:
        return self.warehouses[0]

    def option(self, shipping_type: str) -> DeliveryOption:
        """The option behind TIKTOK (platform label) or SELLER (own carrier)."""
        own = shipping_type == "SELLER"
        return next(option for option in self.options if (option.kind == "SEND_BY_SELLER") == own)

    def carrier(self, carrier_id: str) -> Carrier | None:
        return next((one for option in self.options for one in option.carriers if one.id == carrier_id), None)


def carrier(name: str) -> Carrier:
    """A carrier has the same id in every shop."""
    digits = int(sha256(name.encode()).hexdigest(), 16) % 10**15
    return Carrier(f"6841{digits:015d}", name)


def _options(shop: Shop, market: Market) -> list[DeliveryOption]:
    platform = tuple(carrier(name) for name in market.platform_carriers)
    own = tuple(carrier(name) for name in market.own_carriers)
    return [
        DeliveryOption(shop.ids.new("delivery_option"), "Standard shipping", "STANDARD", platform),
        DeliveryOption(shop.ids.new("delivery_option"), "Shipped by seller", "SEND_BY_SELLER", own),
    ]


def _warehouse(shop: Shop, name: str, kind: str, is_default: bool) -> Warehouse:
    chance = shop.chance("places")
    city, postal_code, state = chance.choice(shop.market.cities)
    street = chance.choice(shop.market.streets)
    entity = shop.ids.new("entity")
    return Warehouse(shop.ids.new("warehouse"), entity, name, kind, "ENABLED", is_default, street, city, postal_code, state)


@on("seed")
def seed(shop: Shop) -> None:
    places = shop.part(Places)
    places.warehouses.append(_warehouse(shop, f"{shop.name} main", "SALES_WAREHOUSE", True))
    if shop.persona.orders_per_day >= 2:
        places.warehouses.append(_warehouse(shop, f"{shop.name} overflow", "SALES_WAREHOUSE", False))
    places.warehouses.append(_warehouse(shop, f"{shop.name} returns", "RETURN_WAREHOUSE", False))
    places.options.extend(_options(shop, shop.market))
