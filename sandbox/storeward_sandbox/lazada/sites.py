"""The six sites: their money, clock, hosts, carriers, and what differs in law between them."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from storeward_sandbox.countries import COUNTRIES, Country

CROSS_BORDER = "cb"


@dataclass(frozen=True)
class Site:
    """One marketplace. `minor` is how many of the smallest unit, as reverse orders count it, make one of the main unit."""

    code: str
    region: str
    offset: str
    carrier: str
    host: str
    shop_host: str
    minor: int
    reason_base: int

    @property
    def country(self) -> Country:
        return COUNTRIES[self.region]

    @property
    def currency(self) -> str:
        return self.country.currency

    @property
    def push_name(self) -> str:
        return f"lazada_{self.code}"


SITES = {
    site.region: site
    for site in (
        Site("sg", "SG", "+08:00", "LEX SG", "api.lazada.sg", "www.lazada.sg", 100, 10000100),
        Site("my", "MY", "+08:00", "LEX MY", "api.lazada.com.my", "www.lazada.com.my", 100, 10000200),
        Site("th", "TH", "+07:00", "LEX TH", "api.lazada.co.th", "www.lazada.co.th", 100, 10000300),
        Site("vn", "VN", "+07:00", "LEX VN", "api.lazada.vn", "www.lazada.vn", 1, 10000400),
        Site("ph", "PH", "+08:00", "LEX PH", "api.lazada.com.ph", "www.lazada.com.ph", 100, 10000500),
        Site("id", "ID", "+07:00", "LEX ID", "api.lazada.co.id", "www.lazada.co.id", 100, 10000600),
    )
}


@cache
def by_code(code: str) -> Site | None:
    """The site of a code such as `sg`; None for none."""
    return next((site for site in SITES.values() if site.code == code), None)


@cache
def by_host(host: str) -> Site | None:
    """The site that answers at one of the platform's own host names; None elsewhere."""
    return next((site for site in SITES.values() if site.host == host), None)


def minor_units(site: Site, amount: Decimal) -> int:
    """The amount as reverse orders write it: cents, but whole dong in VN."""
    return int((amount * site.minor).to_integral_value())


def amount_text(amount: Decimal) -> str:
    """An amount as finance writes it: two decimals everywhere, never a minus zero."""
    return f"{amount + Decimal(0):.2f}"


def thousands(amount: Decimal) -> str:
    """The same with commas, as transaction lines have it."""
    return f"{amount + Decimal(0):,.2f}"
