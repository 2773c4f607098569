"""What differs by market: money, time zone, words, carriers, and how the platform's deadlines are counted."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from storeward_sandbox.clock import DAY, HOUR, Instant


@dataclass(frozen=True)
class Market:
    """One country. `usd` is what a US dollar costs in its money, for prices that look right."""

    region: str
    currency: str
    zone: str
    usd: float
    decimals: int
    language: str
    cod_share: float
    platform_ships: bool
    south_east_asia: bool
    people: tuple[str, ...]
    streets: tuple[str, ...]
    cities: tuple[tuple[str, str, str], ...]
    phone: str
    platform_carriers: tuple[str, ...]
    own_carriers: tuple[str, ...]
    holds: bool = True

    @property
    def tz(self) -> ZoneInfo:
        return _zone(self.zone)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


MARKETS = {
    market.region: market
    for market in (
        Market(
            "MY", "MYR", "Asia/Kuala_Lumpur", 4.2, 2, "ms", 0.2, True, True,
            ("Nur Aisyah", "Ahmad Faiz", "Lim Wei Ling", "Siti Hajar", "Tan Jia Hui", "Muthu Kumar", "Farah Nadia", "Lee Chong"),
            ("Jalan Merdeka 12", "Jalan Ampang 88", "Lorong Bukit 5", "Jalan Sultan 31"),
            (("Kuala Lumpur", "50450", "Wilayah Persekutuan"), ("Shah Alam", "40000", "Selangor")),
            "+60", ("J&T Express", "Ninja Van", "Flash Express"), ("Pos Laju", "DHL eCommerce"),
        ),
        Market(
            "PH", "PHP", "Asia/Manila", 57.0, 2, "en", 0.6, True, True,
            ("Maria Santos", "Jose Reyes", "Angelica Cruz", "Mark Bautista", "Jasmine Garcia", "Paolo Mendoza", "Liza Ramos"),
            ("123 Rizal Street", "45 Mabini Avenue", "8 Sampaguita Lane", "77 Quezon Boulevard"),
            (("Quezon City", "1100", "Metro Manila"), ("Cebu City", "6000", "Cebu"), ("Davao City", "8000", "Davao del Sur")),
            "+63", ("J&T Express PH", "Flash Express PH"), ("LBC Express", "2GO"),
        ),
        Market(
            "TH", "THB", "Asia/Bangkok", 34.0, 2, "th", 0.4, True, True,
            ("Somchai Jaidee", "Suda Thongchai", "Anong Srisuk", "Nattapong K.", "Ploy Wattana", "Kittisak P."),
            ("99/1 Sukhumvit Soi 21", "12 Rama IV Road", "5 Nimman Road", "48 Phahonyothin Road"),
            (("Bangkok", "10110", "Bangkok"), ("Chiang Mai", "50200", "Chiang Mai"), ("Chonburi", "20000", "Chonburi")),
            "+66", ("Flash Express TH", "J&T Express TH"), ("Thailand Post", "Kerry Express"),
        ),
        Market(
            "VN", "VND", "Asia/Ho_Chi_Minh", 25400.0, 0, "vi", 0.7, True, True,
            ("Nguyen Thi Lan", "Tran Van Minh", "Le Thu Ha", "Pham Quoc Anh", "Hoang My Linh", "Vo Thanh Tam"),
            ("12 Nguyen Trai", "88 Le Loi", "5 Tran Hung Dao", "210 Hai Ba Trung"),
            (("Ho Chi Minh", "700000", "Ho Chi Minh"), ("Ha Noi", "100000", "Ha Noi"), ("Da Nang", "550000", "Da Nang")),
            "+84", ("GHN", "J&T Express VN", "GHTK"), ("Viettel Post", "VNPost"),
        ),
        Market(
            "SG", "SGD", "Asia/Singapore", 1.34, 2, "en", 0.0, True, True,
            ("Tan Mei Ling", "Rahim Osman", "Wong Kai Xin", "Priya Nair", "Jason Lim", "Chloe Ng"),
            ("Blk 12 Bedok North Rd", "21 Orchard Boulevard", "Blk 301 Clementi Ave 4"),
            (("Singapore", "460012", "Singapore"), ("Singapore", "248610", "Singapore")),
            "+65", ("Ninja Van SG", "J&T Express SG"), ("SingPost", "Qxpress"),
        ),
        Market(
            "US", "USD", "America/Los_Angeles", 1.0, 2, "en", 0.0, False, False,
            ("Emily Carter", "Michael Brown", "Ashley Johnson", "Daniel Lopez", "Sarah Miller", "Kevin Nguyen"),
            ("742 Maple Avenue", "1600 Pine Street", "21 Lakeview Drive", "9 Elm Court"),
            (("Los Angeles", "90012", "California"), ("Austin", "78701", "Texas"), ("Columbus", "43004", "Ohio")),
            "+1", ("USPS", "UPS"), ("USPS", "UPS", "FedEx"),
        ),
        Market(
            "GB", "GBP", "Europe/London", 0.79, 2, "en", 0.0, True, False,
            ("Olivia Smith", "Harry Jones", "Amelia Taylor", "George Wilson", "Isla Davies"),
            ("14 Church Lane", "3 Victoria Road", "56 Station Road"),
            (("London", "E1 6AN", "Greater London"), ("Leeds", "LS1 4AP", "West Yorkshire")),
            "+44", ("Evri", "Yodel"), ("Royal Mail", "DPD UK"), False,
        ),
        Market(
            "ID", "IDR", "Asia/Jakarta", 15800.0, 0, "id", 0.5, True, True,
            ("Budi Santoso", "Dewi Lestari", "Agus Wijaya", "Rina Marlina", "Putri Ayu"),
            ("Jl. Sudirman 21", "Jl. Diponegoro 7", "Jl. Malioboro 60"),
            (("Jakarta Selatan", "12190", "DKI Jakarta"), ("Bandung", "40115", "Jawa Barat")),
            "+62", ("J&T Express ID", "SiCepat"), ("JNE", "Pos Indonesia"),
        ),
    )
}  # fmt: skip


@cache
def _days_off(region: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(region, years=year))


def is_working_day(market: Market, day: date) -> bool:
    """Monday to Friday without the country's public holidays."""
    return day.weekday() < 5 and day not in _days_off(market.region, day.year)


def end_of_day(market: Market, day: date) -> Instant:
    """23:59:59 of `day` in the market's own zone."""
    return int(datetime.combine(day, time(23, 59, 59), market.tz).timestamp())


def local_day(market: Market, instant: Instant) -> date:
    return datetime.fromtimestamp(instant, market.tz).date()


def end_of_working_day(market: Market, start: Instant, count: int) -> Instant:
    """23:59:59 local of the `count`-th working day after the day of `start` (that day is day 0)."""
    return _end_of_working_day(market.region, local_day(market, start), count)


@cache
def _end_of_working_day(region: str, day: date, count: int) -> Instant:
    market = MARKETS[region]
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(market, day)
    return end_of_day(market, day)


@dataclass(frozen=True)
class Deadlines:
    """By when an order must have come how far; 0 where nothing is asked."""

    rts_sla_time: Instant
    tts_sla_time: Instant
    shipping_due_time: Instant
    collection_due_time: Instant
    delivery_due_time: Instant
    delivery_sla_time: Instant


def deadlines(market: Market, *, placed: Instant, cross_border: bool, platform_ships: bool) -> Deadlines:
    """The deadlines of an order placed then.

    South-east Asia: shipped within 2 working days, cancelled after 2 without arranging and 3 without a scan; cross-border
    48 hours and 3 days. US: 2 business days Pacific, cancelled after 7, delivered within 6. GB as US without platform figures.
    """
    two = end_of_working_day(market, placed, 2)
    three = end_of_working_day(market, placed, 3)
    if market.south_east_asia and cross_border:
        scan = end_of_day(market, local_day(market, placed) + timedelta(days=3))
        return Deadlines(placed + 48 * HOUR, scan, scan + DAY, scan + 2 * DAY, placed + 30 * DAY, 0)
    if market.south_east_asia:
        return Deadlines(two, two, two, three, placed + 21 * DAY, 0)
    seven = end_of_working_day(market, placed, 7)
    delivered = end_of_working_day(market, placed, 6) if market.region == "US" or not platform_ships else 0
    return Deadlines(two, two, seven, seven + 3 * DAY, placed + 30 * DAY, delivered)


def weekday_hour(market: Market, instant: Instant) -> tuple[int, int]:
    """Day of the week (Monday 0) and hour in the market's own zone."""
    local = datetime.fromtimestamp(instant, market.tz)
    return local.weekday(), local.hour


def utc_midnight_after(instant: Instant) -> Instant:
    """The first 00:00 UTC after the instant."""
    return (instant // DAY + 1) * DAY


def utc_date(instant: Instant) -> date:
    return datetime.fromtimestamp(instant, UTC).date()
