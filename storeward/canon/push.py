"""A webhook body: a hint that something changed, never a source of truth."""

from datetime import datetime

import msgspec

from storeward.lib.money import Money

from .base import More, Record


class Push(Record, frozen=True, kw_only=True, tag="push"):
    """What the body names, so that the thing itself can be read back."""

    platform_push_id: str | None = None
    platform_topic: str
    topic: str = "unknown"
    """What it is about, in our words: order, package, listing, stock, conversation, message, return, cancellation,
    authorisation_lost, authorisation_expiring, address, ..., unknown."""
    platform_store_id: str | None = None
    platform_user_id: str | None = None
    platform_order_id: str | None = None
    platform_order_ids: tuple[str, ...] = ()
    platform_package_ids: tuple[str, ...] = ()
    platform_return_id: str | None = None
    platform_cancellation_id: str | None = None
    platform_after_sale_id: str | None = None
    """Id in the platform's newer grouped after-sales model, where it differs from return and cancellation."""
    platform_rma_id: str | None = None
    platform_review_id: str | None = None
    platform_listing_id: str | None = None
    platform_sku_ids: tuple[str, ...] = ()
    platform_conversation_id: str | None = None
    platform_message_id: str | None = None
    platform_status: str | None = None
    platform_type: str | None = None
    """What else classifies it: the type of a return, of a message, of a package change."""
    platform_role: str | None = None
    platform_line_ids: tuple[str, ...] = ()
    """Lines of a return, where it names them."""
    platform_reasons: tuple[str, ...] = ()
    """Why, in the platform's words."""
    platform_more: More = msgspec.field(default_factory=dict)
    sent_at: datetime | None = None
    created_at: datetime | None = None
    changed_at: datetime | None = None
    expires_at: datetime | None = None
    ship_by_at: datetime | None = None
    """The new latest time to ship, where it tells that this has moved."""
    answer_by_at: datetime | None = None
    """When the step of a request that is now due runs out, where it tells that."""
    times: dict[str, datetime] = msgspec.field(default_factory=dict)
    """Every instant of it under the platform's own names."""
    amounts: dict[str, Money] = msgspec.field(default_factory=dict)
    """Every amount of it under the platform's own names."""
    refunded: Money | None = None
    text: str | None = None

    @property
    def platform_id(self) -> str:
        return self.platform_push_id or ""
