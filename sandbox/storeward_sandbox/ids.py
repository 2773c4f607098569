"""Ids as platforms make them: digits only, fitting 63 bits, never rising in an order that one could rely on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Shapes = Mapping[str, tuple[str, int]]
"""Kind -> (first digits, length). Five digits name the store, the rest is the scrambled count."""

# Odd and not a multiple of five, so that count * STEP runs through every remainder of a power of ten.
_STEP = 761_293_847


@dataclass
class Ids:
    """The ids of one store, told apart from other stores' by its number."""

    store_number: int
    shapes: Shapes
    counts: dict[str, int] = field(default_factory=dict)

    def new(self, kind: str) -> str:
        """The next id of this kind. KeyError for an unknown kind."""
        prefix, length = self.shapes[kind]
        count = self.counts[kind] = self.counts.get(kind, 0) + 1
        digits = length - len(prefix) - 5
        scrambled = (count * _STEP + 123_457) % 10**digits
        return f"{prefix}{self.store_number:05d}{scrambled:0{digits}d}"
