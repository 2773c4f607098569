"""What buyers say in public."""

from datetime import datetime
from decimal import Decimal

import msgspec

from .base import More, Record


class Review(Record, frozen=True, kw_only=True, tag="review"):
    """A buyer's review of something bought."""

    platform_review_id: str | None = None
    """None where the platform tells of a review without naming it."""
    platform_order_id: str | None = None
    platform_listing_id: str | None = None
    platform_sku_id: str | None = None
    title: str | None = None
    """Of what was reviewed."""
    platform_type: str | None = None
    platform_status: str | None = None
    stars: Decimal | None = None
    ratings: dict[str, Decimal] = msgspec.field(default_factory=dict)
    """Each of the ratings that the buyer gave, under the platform's own names."""
    can_reply: bool | None = None
    pictures: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()
    platform_more: More = msgspec.field(default_factory=dict)
    text: str | None = None
    reply: str | None = None
    posted_at: datetime | None = None
    stored_at: datetime | None = None
    """When the platform filed it, which is what its lists go by."""
    updated_at: datetime | None = None
    replied_at: datetime | None = None

    @property
    def platform_id(self) -> str:
        if self.platform_review_id is not None:
            return self.platform_review_id
        return ":".join(part or "" for part in (self.platform_order_id, self.platform_listing_id, self.platform_sku_id))
