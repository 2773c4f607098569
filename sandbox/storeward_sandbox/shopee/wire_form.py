"""Amounts and answers as the platform writes them: JSON numbers, whole where they are whole."""

from decimal import Decimal
from typing import Any

import msgspec

_encoder = msgspec.json.Encoder(decimal_format="number")


def number(amount: Decimal) -> Decimal | int:
    """12.5 for 12.50, 5000 for 5000.00: never an exponent."""
    whole = amount.to_integral_value()
    if amount == whole:
        return int(whole)
    return Decimal(f"{amount.normalize():f}")


def encoded(value: Any) -> bytes:
    """The value as JSON; amounts are numbers."""
    return _encoder.encode(value)
