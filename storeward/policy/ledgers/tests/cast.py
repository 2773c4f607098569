"""Stores and entries for the tests of the ledgers; instants are given as days."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from storeward.policy.ledgers.points import Entry, PointsLedger
from storeward.policy.ledgers.rating import Event, Kind, RatingLedger
from storeward.policy.ledgers.regimes import Ground
from storeward.policy.terms import Book, book
from storeward.policy.tests.cast import profile

START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
"""A Monday, 11:00 in Malaysia."""


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def ground(region: str = "MY", rules: Book | None = None, **changes: Any) -> Ground:
    return Ground(rules or book(), profile(region, **changes))


def entry(number: float, points: int | None, name: str = "", **more: Any) -> Entry:
    return Entry(name or f"e{number}", day(number), None if points is None else Decimal(points), **more)


def points_of(*entries: Entry, region: str = "MY", rules: Book | None = None, **changes: Any) -> PointsLedger:
    return PointsLedger(ground(region, rules, **changes), entries)


def event(number: float, change: int | None, name: str = "", kind: Kind = "deduction", **more: Any) -> Event:
    return Event(name or f"v{number}", day(number), None if change is None else Decimal(change), kind, **more)


def rating_of(*events: Event, region: str = "US") -> RatingLedger:
    return RatingLedger(ground(region), events)


def seen(value: object) -> object:
    """A value for comparing: decimals equal whole numbers, which the type checker does not know."""
    return value
