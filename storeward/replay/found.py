"""What a replay finds: things and stores that break a rule under one of two books, and their sums."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Side = Literal["more", "less"]
"""`more`: broken under the new book alone. `less`: under the one in force alone."""

SHOWN = 500
"""Touched things that are named; all are counted."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that breaks a rule under one book and not under the other, on a local day of its store."""

    side: Side
    rule: str
    store_id: int
    day: date
    kind: str
    id: str
    amount: Decimal | None = None
    currency: str | None = None
    usd: float | None = None
    points: Decimal | None = None


@dataclass(slots=True)
class Sum:
    """What one day, store or the whole replay comes to. Money is kept by currency; `usd` is for comparing."""

    stores: set[int] = field(default_factory=set)
    things: int = 0
    money: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    usd: float = 0.0
    points: Decimal = Decimal(0)

    def add(self, hit: Hit) -> None:
        self.stores.add(hit.store_id)
        self.things += 1
        self.points += hit.points or 0
        self.usd += hit.usd or 0.0
        if hit.amount is not None and hit.currency is not None:
            self.money[hit.currency] += hit.amount


@dataclass(slots=True)
class Tally:
    """Counts while a replay runs. A million orders pass through: only those that differ become a hit."""

    looked_at: Counter[str] = field(default_factory=Counter)
    """Things that were judged under both books, by rule; stores times days for what is measured."""
    broken: Counter[str] = field(default_factory=Counter)
    """Of these, broken under the book in force."""
    moved: Counter[str] = field(default_factory=Counter)
    """Of these, due at another instant under the new book, broken or not."""
    quick: int = 0
    """Orders that were with the courier before anything could be due: they break neither book, and are in no other count."""
    untold: dict[str, str] = field(default_factory=dict)
    """Rules of which history cannot tell, and why."""
    sums: dict[Side, Sum] = field(default_factory=lambda: {"more": Sum(), "less": Sum()})
    by_day: dict[tuple[date, Side], Sum] = field(default_factory=lambda: defaultdict(Sum))
    by_store: dict[tuple[int, Side], Sum] = field(default_factory=lambda: defaultdict(Sum))
    by_rule: dict[tuple[str, Side], Sum] = field(default_factory=lambda: defaultdict(Sum))
    hits: list[Hit] = field(default_factory=list)

    def hit(self, hit: Hit) -> None:
        for sums in (
            self.sums[hit.side],
            self.by_day[hit.day, hit.side],
            self.by_store[hit.store_id, hit.side],
            self.by_rule[hit.rule, hit.side],
        ):
            sums.add(hit)
        if len(self.hits) < SHOWN:
            self.hits.append(hit)

    @property
    def differs(self) -> bool:
        return any(one.things for one in self.sums.values())

    def stores(self, side: Side) -> set[int]:
        """Stores with a difference on that side."""
        return self.sums[side].stores

    def days(self) -> Iterator[tuple[date, Sum, Sum]]:
        """Days with a difference in their order: more and less."""
        for day in sorted({day for day, _ in self.by_day}):
            yield day, self.by_day[day, "more"], self.by_day[day, "less"]
