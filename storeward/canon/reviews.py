"""What buyers say in public."""

from datetime import datetime
from decimal import Decimal

from .base import Record


class Review(Record, frozen=True, kw_only=True, tag="review"):
    """A buyer's review of something bought."""

    platform_review_id: str | None = None
    """None where the platform tells of a review without naming it."""
    platform_order_id: str | None = None
    platform_listing_id: str | None = None
    platform_sku_id: str | None = None
    title: str | None = None
    """Of what was reviewed."""
    stars: Decimal | None = None
    text: str | None = None
    reply: str | None = None
    posted_at: datetime | None = None
    replied_at: datetime | None = None

    @property
    def platform_id(self) -> str:
        if self.platform_review_id is not None:
            return self.platform_review_id
        return ":".join(part or "" for part in (self.platform_order_id, self.platform_listing_id, self.platform_sku_id))
