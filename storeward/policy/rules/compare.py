"""Comparing a value with a figure, exactly: fractions, never rounded (C12)."""

from decimal import Decimal
from fractions import Fraction

from storeward.policy.terms import Lead

Number = Decimal | Fraction | int


def broken(value: Number, comparator: str, limit: Number) -> bool:
    """Whether `value` breaks the limit: `>=` means that a value at or over it does. Raises ValueError for another word."""
    one, other = Fraction(value), Fraction(limit)
    match comparator:
        case "<":
            return one < other
        case "<=":
            return one <= other
        case ">":
            return one > other
        case ">=":
            return one >= other
        case "==":
            return one == other
        case _:
            raise ValueError(f"{comparator!r} compares nothing")


def near(value: Number, comparator: str, limit: Number, lead: Lead | None) -> bool:
    """Whether an unbroken value is inside the lead: from a share of a limit that is broken upwards, or up to so many points
    beyond one that is broken downwards (C18). A row without lead is never near."""
    if lead is None:
        return False
    one, other = Fraction(value), Fraction(limit)
    if comparator in (">", ">="):
        if lead.points is not None:
            return one >= other - Fraction(lead.points)
        return lead.share is not None and one >= other * Fraction(lead.share)
    return lead.points is not None and one <= other + Fraction(lead.points)


def shown(value: Number, places: int = 2) -> Decimal:
    """A value for a sentence; only here is anything rounded."""
    return Decimal(round(Fraction(value) * 10**places)).scaleb(-places)
