"""What a market settles for every store in it: its clock and its currency."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Market:
    """A country's site. `timezone` is the one the marketplace counts days in."""

    region: str
    timezone: str
    currency: str


MARKETS = {
    market.region: market
    for market in (
        Market("MY", "Asia/Kuala_Lumpur", "MYR"),
        Market("PH", "Asia/Manila", "PHP"),
        Market("TH", "Asia/Bangkok", "THB"),
        Market("VN", "Asia/Ho_Chi_Minh", "VND"),
        Market("SG", "Asia/Singapore", "SGD"),
        Market("ID", "Asia/Jakarta", "IDR"),
        # One zone for the whole country: TikTok Shop's cut-off is 23:59 Pacific (fact sheet, section 11).
        Market("US", "America/Los_Angeles", "USD"),
        Market("UK", "Europe/London", "GBP"),
        Market("IE", "Europe/Dublin", "EUR"),
        Market("DE", "Europe/Berlin", "EUR"),
        Market("FR", "Europe/Paris", "EUR"),
        Market("IT", "Europe/Rome", "EUR"),
        Market("ES", "Europe/Madrid", "EUR"),
        Market("JP", "Asia/Tokyo", "JPY"),
        Market("BR", "America/Sao_Paulo", "BRL"),
        Market("MX", "America/Mexico_City", "MXN"),
        Market("CO", "America/Bogota", "COP"),
        Market("CL", "America/Santiago", "CLP"),
        Market("AR", "America/Argentina/Buenos_Aires", "ARS"),
        Market("PL", "Europe/Warsaw", "PLN"),
        Market("TW", "Asia/Taipei", "TWD"),
        Market("CN", "Asia/Shanghai", "CNY"),
    )
}
ALIASES = {"GB": "UK"}
"""A platform's word for a region where it is not ours."""


def market(region: str) -> Market:
    """The market of that region; UTC and US dollars where we do not know it, so that a new market is shown, not refused."""
    name = ALIASES.get(region.upper(), region.upper())
    return MARKETS.get(name) or Market(name[:2], "UTC", "USD")
