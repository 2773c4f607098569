"""Amounts as the platform writes them: decimal text in the currency's main unit."""

from decimal import Decimal

from storeward_sandbox.countries import rounded

from .markets import Market

NOTHING = Decimal(0)


def text(market: Market, amount: Decimal) -> str:
    """`"12.50"`, `"129000"`, `"0"`: never an exponent, never a minus zero."""
    if amount == 0:
        return "0"
    return f"{rounded(market, amount):f}"
