"""The sites, and what one settles: address, currency, clock, and the unit of its refunds (fact sheet sections 1 and 11)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta, timezone
from decimal import Decimal
from typing import Final

from storeward.connectors.wire import Id

CENTS: Final = Decimal(100)
WHOLE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Site:
    """One country's marketplace."""

    market: str
    gateway: str
    currency: str
    zone: timezone
    """What times without a zone are in. The fact sheet infers that they are local."""
    minor: Decimal
    """How many of the units in which reverse orders count make one of the currency."""


def _site(market: str, host: str, currency: str, hours: int, minor: Decimal = CENTS) -> Site:
    return Site(market, f"https://{host}/rest", currency, timezone(timedelta(hours=hours)), minor)


SITES: Final = {
    site.market: site
    for site in (
        _site("SG", "api.lazada.sg", "SGD", 8),
        _site("MY", "api.lazada.com.my", "MYR", 8),
        _site("TH", "api.lazada.co.th", "THB", 7),
        _site("VN", "api.lazada.vn", "VND", 7, WHOLE),
        _site("PH", "api.lazada.com.ph", "PHP", 8),
        _site("ID", "api.lazada.co.id", "IDR", 7),
    )
}
BY_CURRENCY: Final = {site.currency: site for site in SITES.values()}
CROSS_BORDER: Final = "CB"
_SHOP_SKU: Final = re.compile(r"\d+_([A-Z]{2})\w*-\d+")
_PUSH_SITE: Final = re.compile(r"lazada[-_]([a-z]{2})")
_NUMBERED: Final = re.compile(r"([A-Z]{2})\w*-")


def market_of(code: str | None) -> str | None:
    """`sg`, `SG`, `lazada_sg`, `lazada-sg` and `LAZADA_SG` are SG; None for what is no site of Lazada's."""
    if not code:
        return None
    named = _PUSH_SITE.fullmatch(code.lower())
    market = (named.group(1) if named else code).upper()
    return market if market in SITES else None


def site_of_shop_sku(code: str | None) -> Site | None:
    """A platform SKU code names its site: `6718170187_TH-12761620980`, `2494373306_VNAMZ-12215141846`."""
    found = _SHOP_SKU.fullmatch(code or "")
    return SITES.get(found.group(1)) if found else None


def site_of_number(number: str | None) -> Site | None:
    """Statements and transactions are numbered after the store's short code, which begins with its site: `TH1A2B3C-2025-1207`."""
    found = _NUMBERED.match(number or "")
    return SITES.get(found.group(1)) if found else None


def site_of_codes(codes: Iterable[Id]) -> Site | None:
    """The first site that one of those platform SKU codes names."""
    return next((site for code in codes if isinstance(code, str) and (site := site_of_shop_sku(code))), None)
