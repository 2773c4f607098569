"""Parcels of a store."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from storeward_sandbox.clock import Instant

if TYPE_CHECKING:
    from .orders import Order


@dataclass(frozen=True)
class TraceEvent:
    """Something that happened to a parcel, as tracking shows it."""

    at: Instant
    kind: str
    code: str
    title: str
    text: str
    place: str | None = None


@dataclass(eq=False)
class Package:
    """`status` is packed, ready_to_ship, shipped, delivered, back or cancelled."""

    id: str
    order: "Order"
    line_ids: list[str]
    tracking_number: str
    carrier: str
    own_fleet: bool
    packed_at: Instant
    status: str = "packed"
    trace: list[TraceEvent] = field(default_factory=list)
