"""What differs by country: money, time zone, names and places, carriers, days off."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from .clock import DAY, Instant


@dataclass(frozen=True)
class Country:
    """One country. `usd` is what a US dollar costs in its money, for prices that look right; a city comes with postal code and
    state."""

    region: str
    currency: str
    zone: str
    usd: float
    decimals: int
    language: str
    cod_share: float
    people: tuple[str, ...]
    streets: tuple[str, ...]
    cities: tuple[tuple[str, str, str], ...]
    phone: str
    platform_carriers: tuple[str, ...]
    own_carriers: tuple[str, ...]

    @property
    def tz(self) -> ZoneInfo:
        return _zone(self.zone)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


COUNTRIES = {
    country.region: country
    for country in (
        Country(
            "MY", "MYR", "Asia/Kuala_Lumpur", 4.2, 2, "ms", 0.2,
            ("Nur Aisyah", "Ahmad Faiz", "Lim Wei Ling", "Siti Hajar", "Tan Jia Hui", "Muthu Kumar", "Farah Nadia", "Lee Chong"),
            ("Jalan Merdeka 12", "Jalan Ampang 88", "Lorong Bukit 5", "Jalan Sultan 31"),
            (("Kuala Lumpur", "50450", "Wilayah Persekutuan"), ("Shah Alam", "40000", "Selangor")),
            "+60", ("J&T Express", "Ninja Van", "Flash Express"), ("Pos Laju", "DHL eCommerce"),
        ),
        Country(
            "PH", "PHP", "Asia/Manila", 57.0, 2, "en", 0.6,
            ("Maria Santos", "Jose Reyes", "Angelica Cruz", "Mark Bautista", "Jasmine Garcia", "Paolo Mendoza", "Liza Ramos"),
            ("123 Rizal Street", "45 Mabini Avenue", "8 Sampaguita Lane", "77 Quezon Boulevard"),
            (("Quezon City", "1100", "Metro Manila"), ("Cebu City", "6000", "Cebu"), ("Davao City", "8000", "Davao del Sur")),
            "+63", ("J&T Express PH", "Flash Express PH"), ("LBC Express", "2GO"),
        ),
        Country(
            "TH", "THB", "Asia/Bangkok", 34.0, 2, "th", 0.4,
            ("Somchai Jaidee", "Suda Thongchai", "Anong Srisuk", "Nattapong K.", "Ploy Wattana", "Kittisak P."),
            ("99/1 Sukhumvit Soi 21", "12 Rama IV Road", "5 Nimman Road", "48 Phahonyothin Road"),
            (("Bangkok", "10110", "Bangkok"), ("Chiang Mai", "50200", "Chiang Mai"), ("Chonburi", "20000", "Chonburi")),
            "+66", ("Flash Express TH", "J&T Express TH"), ("Thailand Post", "Kerry Express"),
        ),
        Country(
            "VN", "VND", "Asia/Ho_Chi_Minh", 25400.0, 0, "vi", 0.7,
            ("Nguyen Thi Lan", "Tran Van Minh", "Le Thu Ha", "Pham Quoc Anh", "Hoang My Linh", "Vo Thanh Tam"),
            ("12 Nguyen Trai", "88 Le Loi", "5 Tran Hung Dao", "210 Hai Ba Trung"),
            (("Ho Chi Minh", "700000", "Ho Chi Minh"), ("Ha Noi", "100000", "Ha Noi"), ("Da Nang", "550000", "Da Nang")),
            "+84", ("GHN", "J&T Express VN", "GHTK"), ("Viettel Post", "VNPost"),
        ),
        Country(
            "SG", "SGD", "Asia/Singapore", 1.34, 2, "en", 0.0,
            ("Tan Mei Ling", "Rahim Osman", "Wong Kai Xin", "Priya Nair", "Jason Lim", "Chloe Ng"),
            ("Blk 12 Bedok North Rd", "21 Orchard Boulevard", "Blk 301 Clementi Ave 4"),
            (("Singapore", "460012", "Singapore"), ("Singapore", "248610", "Singapore")),
            "+65", ("Ninja Van SG", "J&T Express SG"), ("SingPost", "Qxpress"),
        ),
        Country(
            "US", "USD", "America/Los_Angeles", 1.0, 2, "en", 0.0,
            ("Emily Carter", "Michael Brown", "Ashley Johnson", "Daniel Lopez", "Sarah Miller", "Kevin Nguyen"),
            ("742 Maple Avenue", "1600 Pine Street", "21 Lakeview Drive", "9 Elm Court"),
            (("Los Angeles", "90012", "California"), ("Austin", "78701", "Texas"), ("Columbus", "43004", "Ohio")),
            "+1", ("USPS", "UPS"), ("USPS", "UPS", "FedEx"),
        ),
        Country(
            "GB", "GBP", "Europe/London", 0.79, 2, "en", 0.0,
            ("Olivia Smith", "Harry Jones", "Amelia Taylor", "George Wilson", "Isla Davies"),
            ("14 Church Lane", "3 Victoria Road", "56 Station Road"),
            (("London", "E1 6AN", "Greater London"), ("Leeds", "LS1 4AP", "West Yorkshire")),
            "+44", ("Evri", "Yodel"), ("Royal Mail", "DPD UK"),
        ),
        Country(
            "ID", "IDR", "Asia/Jakarta", 15800.0, 0, "id", 0.5,
            ("Budi Santoso", "Dewi Lestari", "Agus Wijaya", "Rina Marlina", "Putri Ayu"),
            ("Jl. Sudirman 21", "Jl. Diponegoro 7", "Jl. Malioboro 60"),
            (("Jakarta Selatan", "12190", "DKI Jakarta"), ("Bandung", "40115", "Jawa Barat")),
            "+62", ("J&T Express ID", "SiCepat"), ("JNE", "Pos Indonesia"),
        ),
        Country(
            "TW", "TWD", "Asia/Taipei", 32.0, 0, "zh-Hant", 0.5,
            ("陳怡君", "林志豪", "王淑芬", "張家瑋", "李雅婷", "黃俊傑"),
            ("中山路一段12號", "民生東路三段88號", "文化路5號", "中正路210號"),
            (("台北市", "10491", "台北市"), ("新北市", "22041", "新北市"), ("台中市", "40341", "台中市")),
            "+886", ("7-ELEVEN", "全家", "黑貓宅急便"), ("新竹物流", "中華郵政"),
        ),
        Country(
            "BR", "BRL", "America/Sao_Paulo", 5.5, 2, "pt", 0.0,
            ("Ana Souza", "Bruno Oliveira", "Camila Santos", "Diego Pereira", "Fernanda Lima", "Rafael Costa"),
            ("Rua das Flores 120", "Avenida Paulista 900", "Rua XV de Novembro 45", "Travessa do Ouvidor 8"),
            (("São Paulo", "01310-100", "SP"), ("Rio de Janeiro", "20040-020", "RJ"), ("Curitiba", "80020-310", "PR")),
            "+55", ("Loggi", "Correios"), ("Jadlog", "Total Express"),
        ),
        Country(
            "CN", "CNY", "Asia/Shanghai", 7.1, 2, "zh", 0.0,
            ("王芳", "李强", "张敏", "刘洋", "陈静", "杨磊", "赵丽", "周杰"),
            ("中山路12号", "解放路88号", "人民路5号院3号楼", "文化路210号"),
            (("杭州市", "310000", "浙江省"), ("广州市", "510000", "广东省"), ("成都市", "610000", "四川省")),
            "+86", ("中通快递", "圆通速递", "韵达速递"), ("顺丰速运", "邮政快递包裹"),
        ),
    )
}  # fmt: skip


def rounded(country: Country, amount: Decimal) -> Decimal:
    """The amount to the smallest unit of the country's money."""
    return amount.quantize(Decimal(1).scaleb(-country.decimals), ROUND_HALF_UP)


@cache
def _days_off(region: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(region, years=year))


def is_working_day(country: Country, day: date) -> bool:
    """Monday to Friday without the country's public holidays."""
    return day.weekday() < 5 and day not in _days_off(country.region, day.year)


def start_of_day(country: Country, day: date) -> Instant:
    """00:00 of `day` in the country's own zone."""
    return int(datetime.combine(day, time(), country.tz).timestamp())


def end_of_day(country: Country, day: date) -> Instant:
    """23:59:59 of `day` in the country's own zone."""
    return int(datetime.combine(day, time(23, 59, 59), country.tz).timestamp())


def local_day(country: Country, instant: Instant) -> date:
    return datetime.fromtimestamp(instant, country.tz).date()


def end_of_working_day(country: Country, start: Instant, count: int) -> Instant:
    """23:59:59 local of the `count`-th working day after the day of `start` (that day is day 0)."""
    return _end_of_working_day(country.region, local_day(country, start), count)


@cache
def _end_of_working_day(region: str, day: date, count: int) -> Instant:
    country = COUNTRIES[region]
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(country, day)
    return end_of_day(country, day)


def weekday_hour(country: Country, instant: Instant) -> tuple[int, int]:
    """Day of the week (Monday 0) and hour in the country's own zone."""
    local = datetime.fromtimestamp(instant, country.tz)
    return local.weekday(), local.hour


def utc_midnight_after(instant: Instant) -> Instant:
    """The first 00:00 UTC after the instant."""
    return (instant // DAY + 1) * DAY


def utc_date(instant: Instant) -> date:
    return datetime.fromtimestamp(instant, UTC).date()
