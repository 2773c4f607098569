"""A store as its platform describes it."""

from datetime import datetime

import msgspec

from .base import More, Record


class StoreProfile(Record, frozen=True, kw_only=True, tag="store"):
    """Who the store is on its platform. `platform_handle` is an opaque key some calls want (never shown)."""

    platform_store_id: str
    name: str | None = None
    code: str | None = None
    region: str | None = None
    """ISO 3166 country of the site, as our policies name it (`UK` for Great Britain)."""
    platform_region: str | None = None
    platform_seller_type: str | None = None
    seller_type: str | None = None
    """`local` or `cross_border`; None for a word we do not know."""
    platform_status: str | None = None
    platform_handle: str | None = None
    authorised_at: datetime | None = None
    authorised_until_at: datetime | None = None
    """Until when the seller's consent lasts, where the platform says so: then it has to be given again."""
    platform_more: More = msgspec.field(default_factory=dict)

    @property
    def platform_id(self) -> str:
        return self.platform_store_id
