"""A shop without HTTP for tests of the machines behind it: a timeline, a stream of chance, and what it would have told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from storeward_sandbox.tiktok_shop.requests import RequestLine
from storeward_sandbox.timeline import Timeline

NOON = 1_790_000_000 - 1_790_000_000 % 86_400 + 43_200
"""Noon (UTC) of some day in 2026."""


@dataclass
class Street:
    """Stands in for a shop."""

    region: str = "MY"
    currency: str = "MYR"
    seed: int = 7
    timeline: Timeline = field(default_factory=lambda: Timeline(NOON))
    told: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = Random(self.seed)

    def chance(self, _subject: str) -> Random:
        return self._chance

    def at(self, instant: int, event: Callable[[int], None]) -> None:
        self.timeline.at(instant, event)

    def emit(self, topic: int, data: dict[str, Any]) -> None:
        self.told.append((topic, data))

    def topics(self) -> list[int]:
        return [topic for topic, _data in self.told]

    def later(self, seconds: int) -> int:
        """Let so much time pass; the instant after it."""
        self.timeline.run_until(self.timeline.now + seconds)
        return self.timeline.now


def line(number: int = 1, subtotal: str = "10.00", shipping: str = "0") -> RequestLine:
    """One unit of an order."""
    return RequestLine(
        id=f"403000000000000000{number}",
        order_line_id=f"57700000000000000{number}",
        sku_id="1730000000000000001",
        sku_name="Default",
        seller_sku="MUG-01",
        product_id="1729000000000000001",
        product_name="Mug",
        image="tos/1",
        subtotal=Decimal(subtotal),
        shipping=Decimal(shipping),
    )
