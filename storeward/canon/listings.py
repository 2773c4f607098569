"""Listings and their SKUs with price and stock."""

from datetime import datetime
from enum import StrEnum

from storeward.lib.money import Money

from .base import Part, Record


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


class Sku(Part, frozen=True, kw_only=True):
    """One thing that can be bought, with what is left of it."""

    platform_sku_id: str
    seller_sku: str | None = None
    variant: str | None = None
    price: Money | None = None
    """The price that buyers see, before discounts."""
    price_without_tax: Money | None = None
    available: int | None = None
    """Units that can be sold now, over all warehouses."""
    committed: int | None = None
    """Units sold and not yet shipped."""
    platform_status: str | None = None
    platform_off_by: str | None = None
    """Who took it off sale."""
    platform_sale_type: str | None = None
    warehouses: tuple[WarehouseStock, ...] = ()


class Listing(Record, frozen=True, kw_only=True, tag="listing"):
    """A listing. `skus_complete` is False where the payload names some of its SKUs only (a stock answer)."""

    platform_listing_id: str
    title: str | None = None
    platform_status: str | None = None
    status: ListingStatus = ListingStatus.UNKNOWN
    platform_audit_status: str | None = None
    platform_quality_tier: str | None = None
    pre_order: bool | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    platform_reasons: tuple[str, ...] = ()
    """Why the platform took it down or refused it, in its words."""
    skus: tuple[Sku, ...] = ()
    skus_complete: bool = True

    @property
    def platform_id(self) -> str:
        return self.platform_listing_id
