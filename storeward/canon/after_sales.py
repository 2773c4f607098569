"""Returns, refunds and cancellations: requests that want an answer by an instant."""

from datetime import datetime
from enum import StrEnum

import msgspec

from storeward.lib.money import Money

from .base import More, Part, Record
from .packages import PackageEvent


class AfterSaleStatus(StrEnum):
    """Where a request stands."""

    PENDING = "pending"
    """Waits for an answer (the seller's where `answer_by_at` is stated, else the platform's)."""
    AWAITING_BUYER = "awaiting_buyer"
    SHIPPED_BACK = "shipped_back"
    REFUSED = "refused"
    APPROVED = "approved"
    """Decided; the money is not paid yet."""
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


class ReturnType(StrEnum):
    """What the buyer asks for."""

    REFUND = "refund"
    RETURN_AND_REFUND = "return_and_refund"
    REPLACEMENT = "replacement"
    EXCHANGE = "exchange"
    UNKNOWN = "unknown"


class AfterSaleLine(Part, frozen=True, kw_only=True):
    """One line of a request, with what is asked and what was paid, as far as stated by line."""

    platform_line_id: str
    platform_order_line_id: str | None = None
    platform_sku_id: str | None = None
    seller_sku: str | None = None
    title: str | None = None
    variant: str | None = None
    refund_asked: Money | None = None
    refunded: Money | None = None
    """What was paid; None while the money is only asked for or decided."""
    quantity: int | None = None
    price: Money | None = None
    """Of one unit as sold."""
    platform_listing_id: str | None = None
    platform_status: str | None = None
    platform_reason: str | None = None
    reason_text: str | None = None
    tracking_number: str | None = None
    requested_at: datetime | None = None
    updated_at: datetime | None = None
    answer_by_at: datetime | None = None
    amounts: dict[str, Money] = msgspec.field(default_factory=dict)
    """The other amounts of this line under the platform's own names."""
    platform_more: More = msgspec.field(default_factory=dict)
    parts: tuple["AfterSaleLine", ...] = ()
    """The units of a bundle; their amounts are parts of the line's, not more."""


class Return(Record, frozen=True, kw_only=True, tag="return"):
    """A buyer's request for money back, goods back, or both."""

    platform_return_id: str
    platform_order_id: str | None = None
    platform_type: str | None = None
    type: ReturnType = ReturnType.UNKNOWN
    platform_status: str | None = None
    status: AfterSaleStatus = AfterSaleStatus.UNKNOWN
    platform_arbitration_status: str | None = None
    platform_role: str | None = None
    platform_reason: str | None = None
    reason_text: str | None = None
    tracking_number: str | None = None
    carrier: str | None = None
    platform_carrier_id: str | None = None
    platform_shipment_type: str | None = None
    platform_handover_method: str | None = None
    platform_method: str | None = None
    platform_previous_return_id: str | None = None
    """An edited request becomes a new one: this and the next form the chain."""
    platform_next_return_id: str | None = None
    platform_combined_return_id: str | None = None
    platform_after_sale_id: str | None = None
    """The request as a whole, where the platform groups the returns of several SKUs in one."""
    platform_rma_id: str | None = None
    """The parcel on its way back, in such a grouped request."""
    platform_package_id: str | None = None
    platform_more: More = msgspec.field(default_factory=dict)
    buyer_keeps_item: bool | None = None
    quick_refund: bool | None = None
    """The seller cannot refuse the parcel any more."""
    platform_proposed_type: str | None = None
    """What the seller offered instead."""
    offered: Money | None = None
    """The part of the refund that the seller offered."""
    offer_refused: bool | None = None
    platform_buyer_id: str | None = None
    disputed: bool | None = None
    to_seller: bool | None = None
    """Whether the goods come back to the seller (and the seller judges them), or to the platform's warehouse."""
    order_placed_at: datetime | None = None
    requested_at: datetime | None = None
    updated_at: datetime | None = None
    platform_next_action: str | None = None
    answer_by_at: datetime | None = None
    """By when the seller must act; None where nothing is asked of the seller now."""
    deadlines: dict[str, datetime] = msgspec.field(default_factory=dict)
    """Every deadline under the platform's own names, whoever it binds and whether or not its step is due now."""
    amounts: dict[str, Money] = msgspec.field(default_factory=dict)
    """The other amounts under the platform's own names."""
    events: tuple[PackageEvent, ...] = ()
    """The steps of the parcel on its way back, where an answer tells them."""
    refund_asked: Money | None = None
    refunded: Money | None = None
    refunded_at: datetime | None = None
    ended_at: datetime | None = None
    lines: tuple[AfterSaleLine, ...] = ()

    @property
    def platform_id(self) -> str:
        return self.platform_return_id


class Cancellation(Record, frozen=True, kw_only=True, tag="cancellation"):
    """A cancellation: asked by the buyer (wants an answer) or made by seller or platform."""

    platform_cancellation_id: str
    platform_order_id: str | None = None
    platform_type: str | None = None
    platform_status: str | None = None
    status: AfterSaleStatus = AfterSaleStatus.UNKNOWN
    platform_role: str | None = None
    platform_reason: str | None = None
    reason_text: str | None = None
    platform_buyer_id: str | None = None
    platform_more: More = msgspec.field(default_factory=dict)
    order_placed_at: datetime | None = None
    requested_at: datetime | None = None
    updated_at: datetime | None = None
    platform_next_action: str | None = None
    answer_by_at: datetime | None = None
    refund_asked: Money | None = None
    refunded: Money | None = None
    restock: bool | None = None
    """Whether the units go back into stock."""
    lines: tuple[AfterSaleLine, ...] = ()

    @property
    def platform_id(self) -> str:
        return self.platform_cancellation_id
