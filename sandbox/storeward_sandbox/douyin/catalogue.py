"""Products, their SKUs and their stock, and what orders, seller and platform do to them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from storeward_sandbox.clock import DAY, HOUR, Instant

from .hooks import on
from .places import Places
from .shop import Shop

if TYPE_CHECKING:
    from .orders import Order

ON_SALE, OFF_SHELF, DELETED = 0, 1, 2
DRAFT, IN_REVIEW, PASSED, REFUSED, BANNED, WAITING = 1, 2, 3, 4, 5, 7
ORDINARY, BY_WAREHOUSE = 0, 1
SAME_DAY, NEXT_DAY, TWO_DAYS = 9999, 1, 2
PUSH_PRODUCT, PUSH_CONTENT = 400, 417
EVENT_ONLINE, EVENT_OFFLINE, EVENT_EDITED = 1, 2, 5
RESTOCK_BELOW = 6
STOCK_DAYS_OF_LOW = 3


@dataclass(frozen=True)
class Kind:
    """One sort of thing that shops of a trade sell. `values`: its variants, none where there is just one SKU."""

    name: str
    price: int
    spec: str = ""
    values: tuple[str, ...] = ()


TRADES: dict[str, tuple[tuple[str, str, str], tuple[Kind, ...]]] = {
    "家居": (
        ("居家布艺", "床上用品", "床品套件"),
        (
            Kind("纯棉四件套", 19900, "颜色", ("雾蓝", "燕麦", "豆绿")),
            Kind("记忆棉枕 一对", 9900),
            Kind("法兰绒毛毯", 7900, "颜色", ("奶白", "卡其")),
            Kind("遮光窗帘", 12900, "尺寸", ("1.5m", "2.0m", "2.7m")),
            Kind("香薰蜡烛", 3900),
            Kind("收纳箱 三件装", 5900),
        ),
    ),
    "女装": (
        ("服饰内衣", "女装", "连衣裙"),
        (
            Kind("针织连衣裙", 15900, "尺码", ("S", "M", "L")),
            Kind("羊毛大衣", 49900, "尺码", ("M", "L")),
            Kind("真丝围巾", 12900),
            Kind("直筒牛仔裤", 11900, "尺码", ("26", "27", "28", "29")),
            Kind("纯色T恤", 4900, "颜色", ("白", "黑")),
            Kind("帆布包", 6900),
        ),
    ),
    "美妆": (
        ("美妆", "护肤", "面部精华"),
        (
            Kind("保湿精华 30ml", 16900),
            Kind("氨基酸洁面", 5900, "规格", ("100g", "150g")),
            Kind("哑光口红", 8900, "色号", ("01豆沙", "02正红", "03枫叶")),
            Kind("防晒霜 SPF50", 9900),
            Kind("化妆棉 3盒", 1990),
            Kind("补水面膜 10片", 6900),
        ),
    ),
    "食品": (
        ("食品饮料", "休闲零食", "坚果炒货"),
        (
            Kind("每日坚果 30包", 8900),
            Kind("手工牛轧糖", 3900, "口味", ("原味", "抹茶")),
            Kind("冻干草莓脆", 2900),
            Kind("云南小粒咖啡", 6900, "规格", ("20条", "40条")),
            Kind("红枣夹核桃", 4590),
            Kind("龙井茶 100g", 12800),
        ),
    ),
    "母婴": (
        ("母婴宠物", "婴童用品", "婴童睡袋"),
        (
            Kind("恒温睡袋", 18900, "尺寸", ("80cm", "90cm")),
            Kind("纱布浴巾", 5900),
            Kind("学饮杯", 7900, "颜色", ("蓝", "粉")),
            Kind("硅胶围兜 2只", 3900),
            Kind("积木 100粒", 9900),
            Kind("小推车雨罩", 2980),
        ),
    ),
}


@dataclass(eq=False)
class Sku:
    """One SKU. Stock of kind 1 is kept by warehouse code; `held` are units of orders that have not been paid yet."""

    id: str
    code: str
    spec: tuple[tuple[str, str], ...]
    price: int
    kind: int
    create_time: Instant
    stock: int = 0
    by_warehouse: dict[str, int] = field(default_factory=dict)
    held: int = 0
    campaign: int = 0
    ship_rules: dict[str, tuple[int, int, Instant]] = field(default_factory=dict)
    """By warehouse code: presale kind, days, end of the presale."""

    @property
    def level(self) -> int:
        """What can be sold."""
        return sum(self.by_warehouse.values()) if self.kind == BY_WAREHOUSE else self.stock

    def change(self, units: int) -> None:
        """Take (negative) or give back; warehouses are emptied one after the other."""
        if self.kind != BY_WAREHOUSE:
            self.stock = max(0, self.stock + units)
            return
        for code, there in self.by_warehouse.items():
            step = max(units, -there)
            self.by_warehouse[code] = there + step
            units -= step
            if not units:
                return


@dataclass(eq=False)
class Product:
    """`delay_day` is the promised ship time: 9999 same day, 1 next day, 2 within 48 hours; a presale has `presale_days`."""

    id: str
    name: str
    outer_id: str
    category: tuple[str, str, str]
    picture: str
    create_time: Instant
    update_time: Instant
    skus: list[Sku] = field(default_factory=list)
    status: int = ON_SALE
    check_status: int = PASSED
    delay_day: int = TWO_DAYS
    presale_days: int = 0
    reject_reason: str = ""

    @property
    def promise_seconds(self) -> int:
        """How long after payment it must be shipped; same-day goods are given until the end of the day in `promised`."""
        if self.presale_days:
            return self.presale_days * DAY
        return {SAME_DAY: DAY, NEXT_DAY: DAY, TWO_DAYS: 2 * DAY}.get(self.delay_day, self.delay_day * DAY)

    @property
    def sells(self) -> bool:
        return self.status == ON_SALE and self.check_status == PASSED


@dataclass
class Catalogue:
    products: dict[str, Product] = field(default_factory=dict)
    used_marks: set[str] = field(default_factory=set)
    """Idempotency marks of stock writes that have been carried out."""

    def skus(self) -> Iterator[tuple[Product, Sku]]:
        return ((product, sku) for product in self.products.values() for sku in product.skus)

    def sku(self, sku_id: str) -> tuple[Product, Sku] | None:
        return next(((product, sku) for product, sku in self.skus() if sku.id == sku_id), None)

    def sku_of_code(self, code: str) -> tuple[Product, Sku] | None:
        return next(((product, sku) for product, sku in self.skus() if sku.code == code), None)

    def buyable(self) -> list[tuple[Product, Sku]]:
        return [(product, sku) for product, sku in self.skus() if product.sells and sku.level - sku.held > 0]


def trade_of(shop: Shop) -> str:
    return next((trade for trade in TRADES if trade in shop.name), "家居")


@on("seed")
def seed(shop: Shop) -> None:
    """What the shop sells: things with variants and without, one kept by warehouse, one on presale, one refused."""
    chance = shop.chance("catalogue")
    category, kinds = TRADES[trade_of(shop)]
    brand = shop.name[:2]
    for number, kind in enumerate(kinds):
        product = _made(shop, chance, f"{brand} {kind.name}", category, number)
        for value in kind.values or ("",):
            product.skus.append(_sku(shop, chance, product, kind, value, by_warehouse=number == 3))
        shop.part(Catalogue).products[product.id] = product
    made = list(shop.part(Catalogue).products.values())
    made[4].presale_days = 7 if chance.random() < 0.6 else 15
    made[1].delay_day = NEXT_DAY
    made[-1].status, made[-1].check_status, made[-1].reject_reason = OFF_SHELF, REFUSED, "主图含有违规信息"
    if shop.has("low_stock"):
        for product in made[:4]:
            for sku in product.skus:
                sku.stock = min(sku.stock, 9)
                sku.by_warehouse = {code: min(3, units) for code, units in sku.by_warehouse.items()}


def _made(shop: Shop, chance: Random, name: str, category: tuple[str, str, str], number: int) -> Product:
    born = shop.now - chance.randrange(20, 200) * DAY
    picture = f"https://p3.sandbox.example/img/{shop.id}/{number}.jpg"
    return Product(shop.ids.new("product"), name, f"{shop.number:03d}-{number + 1:02d}", category, picture, born, born + DAY)


def _sku(shop: Shop, chance: Random, product: Product, kind: Kind, value: str, *, by_warehouse: bool) -> Sku:
    spec = ((kind.spec, value),) if value else (("规格", "默认"),)
    sku = Sku(
        id=shop.ids.new("sku"),
        code=f"{product.outer_id}-{len(product.skus) + 1}",
        spec=spec,
        price=kind.price + 100 * chance.randrange(-8, 9),
        kind=BY_WAREHOUSE if by_warehouse else ORDINARY,
        create_time=product.create_time,
        stock=0 if by_warehouse else chance.randrange(60, 320),
    )
    if by_warehouse:
        sku.by_warehouse = {place.code: chance.randrange(20, 120) for place in shop.part(Places).warehouses}
    return sku


@on("order_placed")
def hold(shop: Shop, order: "Order") -> None:
    """Stock is taken at payment; until then the units are held."""
    for line in order.lines:
        line.sku.held += line.count


@on("order_paid")
def take(shop: Shop, order: "Order") -> None:
    for line in order.lines:
        line.sku.held -= line.count
        line.sku.change(-line.count)
        if line.sku.level < RESTOCK_BELOW:
            _restock_soon(shop, line.sku)


@on("order_cancelled")
def give_back(shop: Shop, order: "Order") -> None:
    for line in order.lines:
        if order.pay_time:
            line.sku.change(line.count)
        else:
            line.sku.held -= line.count


def _restock_soon(shop: Shop, sku: Sku) -> None:
    """The scripted seller fills up within two days; not where goods run low."""
    if shop.has("low_stock"):
        return

    def restock(now: Instant) -> None:
        if shop.seller_works() and sku.level < RESTOCK_BELOW:
            sku.change(80)

    shop.after(shop.chance("restock").uniform(4, 48) * HOUR, restock)


def changed(shop: Shop, product: Product, event: int) -> None:
    """Note that a product has changed, and tell it."""
    product.update_time = shop.now
    shop.emit(
        PUSH_PRODUCT,
        {
            "product_id": int(product.id),
            "shop_id": int(shop.id),
            "out_product_id": 0,
            "event": event,
            "check_reject_reason": product.reject_reason,
            "update_time": shop.now,
        },
    )
    states = {"status": product.status, "check_status": product.check_status, "draft_status": 0}
    shop.emit(
        PUSH_CONTENT,
        {
            "product_id": int(product.id),
            "shop_id": int(shop.id),
            "msg_type": 1,
            "status": {name: str(value) for name, value in states.items()},
            "channel_info": {"channel_id": 0, "channel_main_product_id": 0, "channel_type": 0},
        },
    )


def set_online(shop: Shop, product: Product, online: bool) -> None:
    product.status = ON_SALE if online else OFF_SHELF
    changed(shop, product, EVENT_ONLINE if online else EVENT_OFFLINE)
