"""Dated exchange rates for amounts on pages: money at risk in one currency.

These are a default that an installation replaces, typed from a public table; rules never use them (they use the rates among the
facts, convention C11). Amounts are converted unrounded.
"""

import tomllib
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import msgspec

from storeward.lib.money import Money

FILE = Path(__file__).parent / "fx.toml"


class RateTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Dollars for one unit of each currency on one date, and where they come from."""

    as_of: date
    source: str
    usd_per_unit: dict[str, Decimal]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    table: tuple[RateTable, ...]


@cache
def tables() -> tuple[RateTable, ...]:
    """All tables that come with the product, oldest first."""
    raw = tomllib.loads(FILE.read_text("utf-8"), parse_float=Decimal)
    return tuple(sorted(msgspec.convert(raw, _File).table, key=lambda table: table.as_of))


def rates_on(day: date) -> RateTable:
    """The latest table of `day` or before; the oldest one for days before all of them."""
    known = tables()
    return next((table for table in reversed(known) if table.as_of <= day), known[0])


def convert(money: Money, currency: str, rates: RateTable) -> Money | None:
    """The amount in another currency at those rates, unrounded; None where a currency is not named or has no rate."""
    if money.currency is None:
        return None
    if money.currency == currency:
        return money
    one, other = _rate(money.currency, rates), _rate(currency, rates)
    return Money(money.amount * one / other, currency) if one and other else None


def _rate(currency: str, rates: RateTable) -> Decimal | None:
    return Decimal(1) if currency == "USD" else rates.usd_per_unit.get(currency)
