"""The platform's kinds of ids: numbers of up to 19 digits, and order numbers that begin with the day."""

from datetime import datetime

from storeward_sandbox.clock import Instant
from storeward_sandbox.ids import Shapes

from .markets import Market

SHAPES: Shapes = {
    "item": ("2", 11),
    "model": ("22", 13),
    "package": ("2", 15),
    "buyer": ("1", 10),
    "address": ("20", 10),
    "promotion": ("7", 15),
    "comment": ("15", 13),
    "message": ("230", 19),
    "conversation": ("70", 18),
    "withdrawal": ("88", 13),
    "transaction": ("555", 19),
    "payout": ("11", 19),
    "reference": ("76", 18),
    "forder": ("49", 19),
    "tracking": ("25", 14),
    "activity": ("78", 19),
    "order_sn": ("", 12),
    "return_sn": ("", 12),
}
# Odd, so that it runs through every remainder of a power of two.
_STEP = 0x9E3779B97F4A7C15
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTUVWXY"


def serial_number(market: Market, instant: Instant, number: str, length: int) -> str:
    """An order or return number: the local day as yymmdd, then `length` letters and digits."""
    day = datetime.fromtimestamp(instant, market.tz).strftime("%y%m%d")
    value, signs = int(number) * _STEP % len(_SIGNS) ** length, []
    for _ in range(length):
        value, place = divmod(value, len(_SIGNS))
        signs.append(_SIGNS[place])
    return day + "".join(reversed(signs))
