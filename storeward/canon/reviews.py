"""What buyers say in public."""

from datetime import datetime
from decimal import Decimal

from .base import Record


class Review(Record, frozen=True, kw_only=True, tag="review"):
    """A buyer's review of something bought."""

    platform_review_id: str
    platform_order_id: str | None = None
    platform_listing_id: str | None = None
    stars: Decimal | None = None
    text: str | None = None
    reply: str | None = None
    posted_at: datetime | None = None
    replied_at: datetime | None = None

    @property
    def platform_id(self) -> str:
        return self.platform_review_id
