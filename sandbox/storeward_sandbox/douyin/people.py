"""The people who buy: invented names and addresses, some of them coming back."""

from dataclasses import dataclass, field
from hashlib import sha256
from random import Random

from .shop import Shop

RETURNING_SHARE = 0.2
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = (
    "静",
    "敏",
    "磊",
    "洋",
    "婷",
    "伟",
    "雪",
    "浩",
    "佳怡",
    "子涵",
    "雨桐",
    "建国",
    "小兰",
    "思远",
    "晓东",
    "梓萱",
    "嘉豪",
    "文静",
)


@dataclass(frozen=True)
class Area:
    """A place down to the street, each level with its number."""

    province: tuple[str, str]
    city: tuple[str, str]
    town: tuple[str, str]
    street: tuple[str, str]


def _area(province: str, city: str, town: str, street: str, number: int) -> Area:
    code = str(number)
    return Area((province, code[:2]), (city, code[:4] + "00"), (town, code[:6]), (street, code))


AREAS = (
    _area("浙江省", "杭州市", "西湖区", "转塘街道", 330106109),
    _area("广东省", "广州市", "天河区", "石牌街道", 440106005),
    _area("四川省", "成都市", "武侯区", "桂溪街道", 510107021),
    _area("江苏省", "南京市", "鼓楼区", "宁海路街道", 320106002),
    _area("湖北省", "武汉市", "洪山区", "关山街道", 420111008),
    _area("山东省", "济南市", "历下区", "千佛山街道", 370102006),
    _area("河南省", "郑州市", "金水区", "花园路街道", 410105003),
    _area("福建省", "厦门市", "思明区", "莲前街道", 350203007),
    _area("黑龙江省", "哈尔滨市", "南岗区", "保健路街道", 230103014),
    _area("云南省", "昆明市", "五华区", "大观街道", 530102011),
)
ROADS = ("文三路", "人民路", "解放大道", "中山路", "学院路", "和平里", "花园小区", "滨江道")


@dataclass(frozen=True)
class Buyer:
    """`open_id` is the same on all orders of the buyer in this shop."""

    open_id: str
    name: str
    phone: str
    area: Area
    detail: str


@dataclass
class Buyers:
    known: list[Buyer] = field(default_factory=list)


def someone(shop: Shop) -> Buyer:
    """A buyer, new or known."""
    known, chance = shop.part(Buyers).known, shop.chance("buyers")
    if known and chance.random() < RETURNING_SHARE:
        return chance.choice(known)
    buyer = _newcomer(shop, chance)
    known.append(buyer)
    return buyer


def _newcomer(shop: Shop, chance: Random) -> Buyer:
    mark = sha256(f"{shop.id}|buyer|{len(shop.part(Buyers).known)}".encode()).hexdigest()
    return Buyer(
        open_id=f"1@#{mark[:40]}",
        name=chance.choice(SURNAMES) + chance.choice(GIVEN),
        phone=f"1{chance.choice('3578')}{chance.randrange(10**9):09d}",
        area=chance.choice(AREAS),
        detail=street_detail(chance),
    )


def street_detail(chance: Random) -> str:
    return f"{chance.choice(ROADS)}{chance.randrange(1, 400)}号{chance.randrange(1, 30)}幢{chance.randrange(101, 2404)}室"
