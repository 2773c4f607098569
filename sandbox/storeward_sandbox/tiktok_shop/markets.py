"""The countries in which the platform sells, and how its deadlines are counted there."""

from dataclasses import dataclass, fields
from datetime import timedelta

from storeward_sandbox.clock import DAY, HOUR, Instant
from storeward_sandbox.countries import COUNTRIES, Country, end_of_day, end_of_working_day, local_day


@dataclass(frozen=True)
class Market(Country):
    """A country, and what the platform does in it: whether it ships itself, and whether it holds an order back for a while."""

    platform_ships: bool
    south_east_asia: bool
    holds: bool


SOUTH_EAST_ASIA = frozenset({"MY", "PH", "TH", "VN", "SG", "ID"})


def _market(region: str) -> Market:
    country = COUNTRIES[region]
    known = {one.name: getattr(country, one.name) for one in fields(country)}
    return Market(**known, platform_ships=region != "US", south_east_asia=region in SOUTH_EAST_ASIA, holds=region != "GB")


MARKETS = {region: _market(region) for region in ("MY", "PH", "TH", "VN", "SG", "US", "GB", "ID")}


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
