"""Orders, their lines, and the packages that the order names."""

from datetime import datetime
from enum import StrEnum

import msgspec

from storeward.lib.money import Money

from .base import More, Part, Record


class OrderStatus(StrEnum):
    """Where an order stands, in the words of our pages."""

    UNPAID = "unpaid"
    ON_HOLD = "on_hold"
    TO_SHIP = "to_ship"
    PARTLY_SHIPPED = "partly_shipped"
    TO_COLLECT = "to_collect"
    """Arranged (ready to ship), not yet scanned by the carrier."""
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class OrderType(StrEnum):
    """What decides the handling time. Names as in the policy facts."""

    STANDARD = "standard"
    PRE_ORDER = "pre_order"
    MADE_TO_ORDER = "made_to_order"
    BACKORDER = "backorder"
    CUSTOM = "custom"
    UNKNOWN = "unknown"


class FulfillmentBy(StrEnum):
    """Who owes the shipment. Nothing is owed by the store for what the platform ships."""

    SELLER = "seller"
    PLATFORM = "platform"
    UNKNOWN = "unknown"


class OrderLine(Part, frozen=True, kw_only=True):
    """A line of an order. On platforms where a line is one unit, `quantity` is 1."""

    platform_line_id: str
    platform_status: str | None = None
    status: OrderStatus = OrderStatus.UNKNOWN
    platform_listing_id: str | None = None
    platform_sku_id: str | None = None
    seller_sku: str | None = None
    title: str | None = None
    variant: str | None = None
    quantity: int | None = None
    price: Money | None = None
    """Price of one unit as sold."""
    platform_type: str | None = None
    """What kind of thing it is (a gift, a pre-order), where the platform says so by line."""
    platform_package_id: str | None = None
    platform_cancel_reason: str | None = None
    platform_cancelled_by: str | None = None
    tracking_number: str | None = None
    ship_by_at: datetime | None = None
    """The platform's own instant for shipping this line, where it gives one by line."""
    paid_at: datetime | None = None
    placed_at: datetime | None = None
    updated_at: datetime | None = None
    booked_ship_at: datetime | None = None
    """When the buyer wants it shipped, where that was booked."""
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    completed_at: datetime | None = None
    deliver_from_at: datetime | None = None
    """The slot that the buyer chose, from here to `deliver_by_at`."""
    deliver_by_at: datetime | None = None
    cancel_requested: bool | None = None
    """The buyer wants to cancel it and waits for the seller's answer."""
    auto_cancel_at: datetime | None = None
    """When the platform agrees to that in the seller's place."""
    amounts: dict[str, Money] = msgspec.field(default_factory=dict)
    """The other amounts of this line under the platform's own names, with their signs."""
    platform_more: More = msgspec.field(default_factory=dict)
    parts: tuple["OrderLine", ...] = ()
    """What a bundle's unit is made of, each shipped by itself; prices of parts are not added to the line's."""


class OrderPackage(Part, frozen=True, kw_only=True):
    """A package as far as its order names it."""

    platform_package_id: str
    tracking_number: str | None = None
    platform_carrier: str | None = None
    platform_carrier_id: str | None = None
    platform_status: str | None = None
    platform_line_ids: tuple[str, ...] = ()
    shipped_at: datetime | None = None


class OrderPhase(Part, frozen=True, kw_only=True):
    """One payment of an order that is paid in parts (a deposit, the rest)."""

    platform_phase_id: str
    number: int | None = None
    of: int | None = None
    """How many payments there are."""
    platform_line_id: str | None = None
    platform_status: str | None = None
    paid: bool | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    paid_at: datetime | None = None
    amounts: dict[str, Money] = msgspec.field(default_factory=dict)
    platform_more: More = msgspec.field(default_factory=dict)


class Order(Record, frozen=True, kw_only=True, tag="order"):
    """An order with its lines, the platform's own deadlines, and the steps that were taken."""

    platform_order_id: str
    platform_status: str | None
    """None only where the payload lost it: the record is then shown with a problem."""
    status: OrderStatus
    platform_type: str | None = None
    type: OrderType = OrderType.STANDARD
    platform_buyer_id: str | None = None
    platform_fulfillment: str | None = None
    fulfillment_by: FulfillmentBy = FulfillmentBy.SELLER
    platform_shipping: str | None = None
    platform_more: More = msgspec.field(default_factory=dict)
    total: Money | None = None
    cash_on_delivery: bool | None = None
    sample: bool | None = None
    handling_days: int | None = None
    """Days that the seller chose for what is not standard."""
    first_mile: str | None = None
    """`drop_off` or `pick_up` (cross-border), None where the platform does not say."""

    placed_at: datetime | None = None
    paid_at: datetime | None = None
    updated_at: datetime | None = None
    ship_by_at: datetime | None = None
    """The platform's own instant for the step that is now due: arranging, then handing over, then (for information) delivery."""
    arrange_by_at: datetime | None = None
    collect_by_at: datetime | None = None
    deliver_by_at: datetime | None = None
    auto_cancel_at: datetime | None = None
    """When the platform cancels by itself if the step that is now due is not taken."""

    booked_ship_at: datetime | None = None
    """When the buyer wants it shipped, where that was booked."""
    ship_from_at: datetime | None = None
    """The span in which the platform advises to ship, from here to `ship_until_at`."""
    ship_until_at: datetime | None = None
    deliver_from_at: datetime | None = None
    """The slot that the buyer chose, from here to `deliver_by_at`."""
    promised_by_at: datetime | None = None
    """By when the buyer was promised to have it."""
    pick_up_by_at: datetime | None = None
    """By when the carrier must have picked it up, where the platform measures that."""
    release_at: datetime | None = None
    """When handling of a pre-order starts."""

    arranged_at: datetime | None = None
    """Ready to ship: shipping was arranged (TikTok Shop's RTS)."""
    tracking_added_at: datetime | None = None
    collected_at: datetime | None = None
    """Handed over: the carrier's first scan."""
    delivered_at: datetime | None = None
    completed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancel_requested_at: datetime | None = None
    platform_cancel_reason: str | None = None
    platform_cancelled_by: str | None = None

    buyer_note: str | None = None
    seller_note: str | None = None
    amounts: dict[str, Money] = msgspec.field(default_factory=dict)
    """The other amounts of the order under the platform's own names, with their signs."""
    lines_of: datetime | None = None
    """Which state of the order (`updated_at`) its lines were read at, where they come by a call of their own."""
    lines: tuple[OrderLine, ...] = ()
    packages: tuple[OrderPackage, ...] = ()
    phases: tuple[OrderPhase, ...] = ()

    @property
    def platform_id(self) -> str:
        return self.platform_order_id


class OrderLines(Record, frozen=True, kw_only=True, tag="order_lines"):
    """The lines of an order, where a platform gives them by a call of their own."""

    platform_order_id: str | None = None
    """None where the answer does not repeat it and nobody said which order was asked for."""
    platform_status: str | None = None
    """The distinct words of its lines, sorted, joined by `+`; None where the answer states none."""
    status: OrderStatus | None = None
    type: OrderType | None = None
    platform_buyer_id: str | None = None
    fulfillment_by: FulfillmentBy | None = None
    paid_at: datetime | None = None
    ship_by_at: datetime | None = None
    """The earliest that a line not yet shipped is due."""
    auto_cancel_at: datetime | None = None
    platform_more: More = msgspec.field(default_factory=dict)
    lines: tuple[OrderLine, ...] = ()
    packages: tuple[OrderPackage, ...] = ()

    @property
    def platform_id(self) -> str:
        return self.platform_order_id or ""
