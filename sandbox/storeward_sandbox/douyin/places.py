"""Where a shop keeps its goods and takes them back, and who carries them."""

from dataclasses import dataclass, field

from storeward_sandbox.clock import DAY, Instant

from .hooks import on
from .people import AREAS, Area, street_detail
from .shop import Shop


@dataclass(frozen=True)
class Carrier:
    """`letters` begin its waybill numbers, `digits` follow."""

    id: int
    code: str
    name: str
    letters: str
    digits: int


CARRIERS = (
    Carrier(7, "yuantong", "圆通快递", "YT", 13),
    Carrier(12, "shunfeng", "顺丰速运", "SF", 13),
    Carrier(15, "zhongtong", "中通快递", "ZT", 12),
    Carrier(9, "yunda", "韵达快递", "YD", 13),
    Carrier(8, "shentong", "申通快递", "ST", 13),
    Carrier(68, "jtexpress", "极兔速递", "JT", 13),
)


def carrier_of(code: str) -> Carrier | None:
    return next((carrier for carrier in CARRIERS if carrier.code == code), None)


@dataclass(frozen=True)
class Warehouse:
    id: str
    code: str
    name: str
    area: Area
    detail: str
    create_time: Instant


@dataclass(frozen=True)
class Address:
    """One entry of the shop's address book."""

    id: str
    name: str
    area: Area
    detail: str
    returns: bool
    sends: bool
    create_time: Instant


@dataclass
class Places:
    warehouses: list[Warehouse] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)

    def address(self, address_id: str) -> Address | None:
        return next((address for address in self.addresses if address.id == address_id), None)

    @property
    def for_returns(self) -> Address:
        return next(address for address in self.addresses if address.returns)


@on("seed")
def seed(shop: Shop) -> None:
    chance, places = shop.chance("places"), shop.part(Places)
    long_ago = shop.now - 90 * DAY
    for number, name in enumerate(("华东仓", "华南仓")):
        code = f"wh-{shop.number:03d}-{number + 1}"
        places.warehouses.append(
            Warehouse(shop.ids.new("warehouse"), code, name, chance.choice(AREAS), street_detail(chance), long_ago)
        )
    for number, contact in enumerate(("仓库王", "售后李")):
        area = places.warehouses[number].area
        places.addresses.append(
            Address(shop.ids.new("address"), contact, area, street_detail(chance), number == 1, number == 0, long_ago + number)
        )
