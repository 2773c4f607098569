"""Listings and their SKUs with price and stock."""

from datetime import datetime
from enum import StrEnum

import msgspec

from storeward.lib.money import Money

from .base import More, Part, Record


class ListingStatus(StrEnum):
    """Whether buyers can see it, and if not, by whose will."""

    DRAFT = "draft"
    PENDING = "pending"
    LIVE = "live"
    REJECTED = "rejected"
    OFF_BY_SELLER = "off_by_seller"
    OFF_BY_PLATFORM = "off_by_platform"
    FROZEN = "frozen"
    DELETED = "deleted"
    UNKNOWN = "unknown"


class WarehouseStock(Part, frozen=True, kw_only=True):
    """What is left of a SKU in one warehouse. Setting stock means naming every warehouse."""

    platform_warehouse_id: str
    available: int | None = None
    committed: int | None = None
    on_backorder: int | None = None
    """Units that can be sold before they are there."""
    withheld: int | None = None
    """Units held for orders that are not paid yet."""
    total: int | None = None
    """All units that are there, sellable or not."""


class CampaignStock(Part, frozen=True, kw_only=True):
    """Units of a SKU that a campaign has locked: they are among the available ones and cannot be taken away."""

    platform_campaign_id: str
    available: int | None = None
    from_at: datetime | None = None
    until_at: datetime | None = None


class Sku(Part, frozen=True, kw_only=True):
    """One thing that can be bought, with what is left of it."""

    platform_sku_id: str
    seller_sku: str | None = None
    variant: str | None = None
    price: Money | None = None
    """The price that buyers see, before discounts."""
    price_without_tax: Money | None = None
    list_price: Money | None = None
    """The price of comparison that buyers see struck through."""
    available: int | None = None
    """Units that can be sold now, over all warehouses."""
    committed: int | None = None
    """Units sold and not yet shipped."""
    withheld: int | None = None
    """Units held for orders that are not paid yet."""
    sale_price: Money | None = None
    """The price while the sale lasts."""
    sale_from_at: datetime | None = None
    sale_until_at: datetime | None = None
    platform_reason: str | None = None
    """Why the platform took this one off sale, in its words."""
    platform_status: str | None = None
    platform_off_by: str | None = None
    """Who took it off sale."""
    platform_sale_type: str | None = None
    handling_days: int | None = None
    """Days that the seller chose, for what is not standard."""
    release_at: datetime | None = None
    """When a pre-order becomes an ordinary product."""
    platform_more: More = msgspec.field(default_factory=dict)
    warehouses: tuple[WarehouseStock, ...] = ()
    campaigns: tuple[CampaignStock, ...] = ()


class ListingContent(Part, frozen=True, kw_only=True):
    """What buyers read and see on a listing's page, as one answer told it. None: that answer does not tell.

    An empty description, no image and an empty brand are told emptiness, and stay what they are.
    """

    description: str | None = None
    """As the platform keeps it: plain text or HTML."""
    images: int | None = None
    """How many pictures the listing itself has."""
    brand: str | None = None
    """The brand's name in the platform's words ("No Brand" among them)."""
    weighed: bool | None = None
    """A weight of the package is given."""
    size_chart: bool | None = None
    warranty: str | None = None
    attributes: dict[str, str] | None = None
    """Further properties by their names: `{"Material": "Cotton"}`."""
    attributes_wanting: tuple[str, ...] = ()
    """Properties that the platform calls mandatory and that have no value."""


class Listing(Record, frozen=True, kw_only=True, tag="listing"):
    """A listing. `skus_complete` is False where the payload names some of its SKUs only (a stock answer)."""

    platform_listing_id: str | None
    """None where an answer names SKUs of a listing but not the listing, and nobody said which was asked for."""
    title: str | None = None
    platform_status: str | None = None
    status: ListingStatus = ListingStatus.UNKNOWN
    platform_audit_status: str | None = None
    platform_quality_tier: str | None = None
    pre_order: bool | None = None
    for_sale: bool | None = None
    """False for what is never sold by itself (a gift)."""
    platform_category_id: str | None = None
    """The narrowest category that it is in."""
    platform_brand_id: str | None = None
    platform_statuses_elsewhere: dict[str, str] = msgspec.field(default_factory=dict)
    """Its status on the platform's sister shops, by their names: `{"TOKOPEDIA": "PLATFORM_DEACTIVATED"}`."""
    platform_more: More = msgspec.field(default_factory=dict)
    created_at: datetime | None = None
    updated_at: datetime | None = None
    off_at: datetime | None = None
    """When the platform will take it down unless it is mended."""
    platform_reasons: tuple[str, ...] = ()
    """Why the platform took it down or refused it, in its words."""
    skus: tuple[Sku, ...] = ()
    skus_complete: bool = True
    content: ListingContent | None = None

    @property
    def platform_id(self) -> str:
        return self.platform_listing_id or ""
