"""Exact amounts with their currency."""

from decimal import Decimal

import msgspec


class Money(msgspec.Struct, frozen=True, gc=False):
    """An exact amount in the currency's main unit (never cents), sign in front.

    `currency` is the three-letter ISO 4217 code, or None where the source names none: such an amount can be shown, not
    converted or added to others. In JSON: `{"amount": "1598.00", "currency": "PHP"}`.
    """

    amount: Decimal
    currency: str | None

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}" if self.currency else f"{self.amount:f}"
