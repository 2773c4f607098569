"""Days as some operations ask for them: `YYYY-MM-DD` in the shop's own zone, the end not included."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from storeward_sandbox.clock import Instant

from .errors import ApiError
from .markets import Market

FIRST_YEAR, LAST_YEAR = 2016, 2100
"""Years beyond these cannot be meant."""


def parse_day(text: str, refusal: ApiError) -> date:
    """The day that the text names; raises `refusal` for anything else, other forms of ISO 8601 included."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise refusal from error
    if day.isoformat() != text or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise refusal
    return day


def start_of_day(market: Market, day: date) -> Instant:
    """00:00 of the day in the market's own zone."""
    zone: ZoneInfo = market.tz
    return int(datetime.combine(day, time(), zone).timestamp())
