"""The countries in which the platform sells, what it does there, and how its deadlines are counted.

Fulfilment days are Monday to Friday without the country's holidays. An order has to be shipped by the end of `days_to_ship` of
them after the day on which it became ready; one day later it is cancelled where nothing has been arranged, two days later where
the carrier has not scanned it.
"""

from dataclasses import dataclass, fields
from datetime import timedelta

from storeward_sandbox.clock import DAY, Instant
from storeward_sandbox.countries import COUNTRIES, Country, end_of_working_day, is_working_day, local_day, start_of_day

ARRANGE_GRACE_DAYS = 1
SCAN_GRACE_DAYS = 2


@dataclass(frozen=True)
class Channel:
    """A logistics channel. Without `integrated` the seller brings a tracking number."""

    id: int
    name: str
    integrated: bool = True
    preprint: bool = False


@dataclass(frozen=True)
class Market(Country):
    """A country, and what the platform does in it. `list_decimals`: how exact a listing's price may be."""

    days_to_ship: int
    list_decimals: int
    channels: tuple[Channel, ...]
    chat: bool
    location: str


_DAYS_TO_SHIP = {"SG": 1, "MY": 1, "PH": 1}
_TWO_DECIMALS = frozenset({"SG", "MY", "BR"})
_CHANNELS = {
    "SG": (Channel(10008, "SPX Express"), Channel(10007, "Ninja Van")),
    "MY": (Channel(20023, "SPX Express"), Channel(20021, "J&T Express")),
    "TH": (Channel(70124, "SPX Express"), Channel(70021, "Flash Express")),
    "VN": (Channel(50021, "SPX Express"), Channel(50011, "Giao Hàng Nhanh")),
    "PH": (Channel(40013, "SPX Express"), Channel(40016, "J&T Express PH")),
    "ID": (Channel(80014, "J&T Express"), Channel(80012, "SPX Express")),
    "TW": (Channel(30006, "7-ELEVEN", preprint=True), Channel(30005, "全家")),
    "BR": (Channel(90016, "Shopee Xpress"), Channel(90001, "Correios")),
}
SELLER_OWN = {"SG": 19000, "MY": 29000, "TH": 79000, "VN": 59000, "PH": 49000, "ID": 89000, "TW": 39000, "BR": 99000}


def _market(region: str) -> Market:
    country = COUNTRIES[region]
    known = {one.name: getattr(country, one.name) for one in fields(country)}
    own = Channel(SELLER_OWN[region], country.own_carriers[0], integrated=False)
    return Market(
        **known,
        days_to_ship=_DAYS_TO_SHIP.get(region, 2),
        list_decimals=2 if region in _TWO_DECIMALS else 0,
        channels=(*_CHANNELS[region], own),
        chat=region != "TW",
        location=f"{region}Z",
    )


MARKETS = {region: _market(region) for region in _CHANNELS}


@dataclass(frozen=True)
class Deadlines:
    """By when an order must have come how far; 0 before it is ready."""

    ship_by: Instant = 0
    cancelled_unarranged: Instant = 0
    cancelled_unscanned: Instant = 0


def deadlines(market: Market, ready: Instant, days_to_ship: int) -> Deadlines:
    """The deadlines of an order that became ready to ship then."""
    day = local_day(market, ready)
    while not is_working_day(market, day):
        day += timedelta(days=1)
    start = max(ready, start_of_day(market, day))
    return Deadlines(
        ship_by=end_of_working_day(market, start, days_to_ship),
        cancelled_unarranged=end_of_working_day(market, start, days_to_ship + ARRANGE_GRACE_DAYS),
        cancelled_unscanned=end_of_working_day(market, start, days_to_ship + SCAN_GRACE_DAYS),
    )


def monday_after(market: Market, instant: Instant) -> Instant:
    """The first Monday 00:00 of the country after the instant."""
    day = local_day(market, instant + DAY)
    while day.weekday() != 0:
        day += timedelta(days=1)
    return start_of_day(market, day)
