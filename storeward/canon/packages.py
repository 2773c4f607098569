"""Packages on their way."""

from datetime import datetime
from enum import StrEnum

import msgspec

from storeward.lib.money import Money

from .base import More, Part, Record


class PackageStatus(StrEnum):
    """Where a package stands."""

    TO_ARRANGE = "to_arrange"
    ARRANGING = "arranging"
    ARRANGED = "arranged"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    PROBLEM = "problem"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class PackageEvent(Part, frozen=True, kw_only=True):
    """A step on a package's way, as its carrier reported it."""

    platform_code: str | None = None
    platform_type: str | None = None
    title: str | None = None
    text: str | None = None
    place: str | None = None
    at: datetime | None = None


class Package(Record, frozen=True, kw_only=True, tag="package"):
    """A package, the orders in it, and the carrier."""

    platform_package_id: str
    platform_status: str | None = None
    status: PackageStatus = PackageStatus.UNKNOWN
    platform_sub_status: str | None = None
    platform_order_ids: tuple[str, ...] = ()
    platform_line_ids: tuple[str, ...] = ()
    tracking_number: str | None = None
    last_mile_tracking_number: str | None = None
    platform_shipping: str | None = None
    """Who provides the shipping: the platform or the seller."""
    platform_delivery_option_id: str | None = None
    platform_warehouse_id: str | None = None
    platform_carrier_id: str | None = None
    carrier: str | None = None
    platform_service_id: str | None = None
    service: str | None = None
    """What the carrier was paid for: its name, and below what it costs."""
    shipping_price: Money | None = None
    platform_handover_method: str | None = None
    pickup_from_at: datetime | None = None
    pickup_until_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    platform_more: More = msgspec.field(default_factory=dict)
    events: tuple[PackageEvent, ...] = ()
    """In the order in which the platform gives them."""
    ship_by_at: datetime | None = None
    """By when it must be handed over, where the platform says so by package."""
    auto_cancel_at: datetime | None = None
    """When the platform cancels its order by itself."""
    auto_arrange_at: datetime | None = None
    """When the platform arranges its shipment by itself."""
    handling_days: int | None = None
    collected_at: datetime | None = None
    problem: str | None = None
    """The platform's words for what went wrong."""

    @property
    def platform_id(self) -> str:
        return self.platform_package_id
