"""Products with price and stock: reading them (fact sheet section 18)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from storeward.canon import CampaignStock, Listing, ListingContent, ListingStatus, Record, Sku, WarehouseStock
from storeward.connectors.contract import Request
from storeward.connectors.wire import Id, Notes, Wire, digits, more

from .codes import LISTING_STATUS, LISTING_SUB_STATUS
from .envelope import About, Page, currency_of, next_offset, page_parser, place_in, site_of, thing_parser
from .requests import get, page_token, paged
from .sites import Site, site_of_shop_sku
from .times import deadline, iso, moment

LIST, ONE, ALERTS = "/products/get", "/product/item/get", "/product/qc/alert/list"
PAGE_SIZE: Final = 50
FURTHEST: Final = 10_000
ALERTS_A_PAGE: Final = 10
FIRST_ALERT: Final = 1
"""The documentation's own default of the first offset."""


def list_products_request(
    *,
    updated_since: datetime | None = None,
    updated_until: datetime | None = None,
    page_size: int = PAGE_SIZE,
    filter: str = "all",
) -> Request:
    """Products that changed in the span; `options=1` adds the stock figures."""
    params = {
        "filter": filter,
        "update_after": iso(updated_since) if updated_since else None,
        "update_before": iso(updated_until) if updated_until else None,
        "limit": page_size,
        "offset": 0,
        "options": 1,
    }
    return paged(get(LIST, params))


def product_request(item_id: str) -> Request:
    return get(ONE, {"item_id": item_id})


def alerts_request(*, page_size: int = ALERTS_A_PAGE) -> Request:
    """Products that quality control will take down, with when."""
    return paged(get(ALERTS, {"offset": FIRST_ALERT, "limit": page_size}))


class Stock(Wire, rename={
    "warehouse_code": "warehouseCode", "sellable": "sellableQuantity", "withheld": "withholdQuantity",
    "occupied": "occupyQuantity", "total": "totalQuantity",
}):  # fmt: skip
    warehouse_code: Id = None
    sellable: int | None = None
    withheld: int | None = None
    occupied: int | None = None
    total: int | None = None


class Campaign(Wire, rename={"name": "channelName", "sellable": "sellableQuantity", "start": "startTime", "end": "endTime"}):
    name: Id = None
    sellable: int | None = None
    start: Id = None
    end: Id = None


class SkuItem(Wire, rename={
    "sku_id": "SkuId", "seller_sku": "SellerSku", "shop_sku": "ShopSku", "status": "Status", "available": "Available",
    "sale_prop": "saleProp", "stock": "multiWarehouseInventories", "fbl_stock": "fblWarehouseInventories",
    "campaigns": "channelInventories", "images": "Images",
}):  # fmt: skip
    MATTERS = frozenset({"sku_id"})

    sku_id: Id = None
    seller_sku: str | None = None
    shop_sku: str | None = None
    status: str | None = None
    quantity: int | None = None
    available: int | None = None
    price: Decimal | None = None
    special_price: Decimal | None = None
    special_from_time: Id = None
    special_to_time: Id = None
    sale_prop: dict[str, Any] | None = None
    stock: list[Stock] | None = None
    fbl_stock: list[Stock] | None = None
    campaigns: list[Campaign] | None = None
    images: list[Any] | None = None
    package_weight: Decimal | None = None


class SuspendedSku(Wire, rename={"sku_id": "SkuId", "seller_sku": "SellerSku", "reason": "rejectReason"}):
    sku_id: Id = None
    seller_sku: str | None = None
    reason: str | None = None


class Rejection(Wire, rename={"detail": "violationDetail"}):
    detail: str | None = None
    suggestion: str | None = None


class ProductItem(Wire, rename={
    "item_id_too": "itemId", "category_too": "primaryCategory", "sub_status": "subStatus", "suspended": "suspendedSkus",
    "rejections": "rejectReason", "hidden_reason": "hiddenReason", "hidden_status": "hiddenStatus", "trial": "trialProduct",
    "created_too": "createdTime", "updated_too": "updatedTime",
}):  # fmt: skip
    """`data.products[]` of the list and `data` of the single call; some keys are printed in camel case too."""

    MATTERS = frozenset({"item_id", "status", "skus"})

    item_id: Id = None
    item_id_too: Id = None
    primary_category: Id = None
    category_too: Id = None
    created_time: Id = None
    created_too: Id = None
    updated_time: Id = None
    updated_too: Id = None
    status: str | None = None
    sub_status: str | None = None
    attributes: dict[str, Any] | None = None
    images: list[Any] | None = None
    skus: list[SkuItem] | None = None
    suspended: list[SuspendedSku] | None = None
    rejections: list[Rejection] | None = None
    hidden_reason: str | None = None
    hidden_status: str | None = None
    trial: bool | None = None


def build_product(wire: ProductItem, notes: Notes, about: About) -> Iterable[Record]:
    item_id = digits(wire.item_id) or digits(wire.item_id_too)
    if item_id is None:
        notes.left_out("item_id", "product")
        return ()
    if not wire.status:
        notes.missing("status")
    attributes = wire.attributes or {}
    title, brand = attributes.get("name"), attributes.get("brand")
    told = more(wire, "hidden_status", "trial")
    return (
        Listing(
            platform_listing_id=item_id,
            title=title if isinstance(title, str) and title else None,
            platform_status=wire.status or None,
            status=_status(wire, notes),
            platform_audit_status=wire.sub_status or None,
            platform_category_id=digits(wire.primary_category) or digits(wire.category_too),
            platform_more=told | ({"brand": brand} if isinstance(brand, str) and brand else {}),
            created_at=moment(notes, "created_time", wire.created_time or wire.created_too),
            updated_at=moment(notes, "updated_time", wire.updated_time or wire.updated_too),
            platform_reasons=_reasons(wire),
            skus=_skus(wire, notes, about),
            content=_content(wire),
        ),
    )


TOLD_APART: Final = frozenset({"name", "brand", "description", "short_description", "warranty", "warranty_type"})


def _content(wire: ProductItem) -> ListingContent | None:
    """What the attributes and pictures tell of the page."""
    if wire.attributes is None:
        return None
    told = {name: value for name, value in wire.attributes.items() if isinstance(value, str)}
    words = [told[name] for name in ("short_description", "description") if told.get(name)]
    skus = wire.skus or ()
    pictures = [one for one in wire.images or () if one] or [one for sku in skus for one in sku.images or () if one]
    return ListingContent(
        description="\n".join(words),
        images=len(pictures),
        brand=told.get("brand", ""),
        weighed=all(bool(sku.package_weight) for sku in skus) if skus else None,
        warranty=told.get("warranty_type") or told.get("warranty") or "",
        attributes={name: value for name, value in told.items() if name not in TOLD_APART and value},
    )


def _status(wire: ProductItem, notes: Notes) -> ListingStatus:
    """The status, refined by a sub-status that says why it is suspended."""
    known = LISTING_STATUS.get((wire.status or "").strip().lower())
    if known is None:
        known = notes.word("status", wire.status, LISTING_STATUS, ListingStatus.UNKNOWN)
    finer = LISTING_SUB_STATUS.get((wire.sub_status or "").strip().lower())
    return finer if finer is not None and known is not ListingStatus.DELETED else known


def _reasons(wire: ProductItem) -> tuple[str, ...]:
    told = [words for one in wire.rejections or () for words in (one.detail, one.suggestion)]
    return tuple(dict.fromkeys(words for words in (*told, wire.hidden_reason) if words))


def _skus(wire: ProductItem, notes: Notes, about: About) -> tuple[Sku, ...]:
    """All SKUs, those that are suspended (and stand apart) too."""
    suspended = {sku_id: one for one in wire.suspended or () if (sku_id := digits(one.sku_id))}
    found: dict[str, Sku] = {}
    for at, item in enumerate(wire.skus or ()):
        sku = _sku(item, notes.under(f"skus[{at}]"), about, suspended)
        if sku is not None:
            found[sku.platform_sku_id] = sku
    for sku_id, one in suspended.items():
        if sku_id not in found:
            found[sku_id] = Sku(
                platform_sku_id=sku_id,
                seller_sku=one.seller_sku or None,
                platform_reason=one.reason or None,
                platform_more={"suspended": "true"},
            )
    return tuple(found.values())


def _sku(item: SkuItem, notes: Notes, about: About, suspended: Mapping[str, SuspendedSku]) -> Sku | None:
    sku_id = digits(item.sku_id)
    if sku_id is None:
        notes.left_out("SkuId", "SKU")
        return None
    site = site_of(about) or site_of_shop_sku(item.shop_sku)
    currency = currency_of(about)
    stock = [*(item.stock or ()), *(item.fbl_stock or ())]
    sale = notes.money("special_price", item.special_price, currency) if item.special_price else None
    refused = suspended.get(sku_id)
    return Sku(
        platform_sku_id=sku_id,
        seller_sku=item.seller_sku or None,
        variant=_variant(item.sale_prop),
        price=notes.money("price", item.price, currency),
        sale_price=sale,
        sale_from_at=moment(notes, "special_from_time", item.special_from_time, site) if sale else None,
        sale_until_at=moment(notes, "special_to_time", item.special_to_time, site) if sale else None,
        available=_available(item, stock),
        committed=_sum(one.occupied for one in stock),
        withheld=_sum(one.withheld for one in stock),
        platform_status=item.status or None,
        platform_reason=refused.reason or None if refused else None,
        platform_more={"ShopSku": item.shop_sku} if item.shop_sku else {},
        warehouses=tuple(_warehouse(one) for one in stock if digits(one.warehouse_code)),
        campaigns=tuple(
            _campaign(one, notes.under(f"channelInventories[{at}]"), site)
            for at, one in enumerate(item.campaigns or ())
            if digits(one.name)
        ),
    )


def _variant(sale_prop: Mapping[str, Any] | None) -> str | None:
    values = [str(value) for value in (sale_prop or {}).values() if isinstance(value, str | int) and str(value)]
    return ", ".join(values) or None


def _available(item: SkuItem, stock: Sequence[Stock]) -> int | None:
    """What can be bought over all warehouses; `quantity`, which texts disagree about, only where nothing else is stated."""
    over_all = _sum(one.sellable for one in stock)
    if over_all is not None:
        return over_all
    return item.available if item.available is not None else item.quantity


def _sum(counts: Iterable[int | None]) -> int | None:
    stated = [count for count in counts if count is not None]
    return sum(stated) if stated else None


def _warehouse(one: Stock) -> WarehouseStock:
    return WarehouseStock(
        platform_warehouse_id=str(one.warehouse_code),
        available=one.sellable,
        committed=one.occupied,
        withheld=one.withheld,
        total=one.total,
    )


def _campaign(one: Campaign, notes: Notes, site: Site | None) -> CampaignStock:
    return CampaignStock(
        platform_campaign_id=str(one.name),
        available=one.sellable,
        from_at=moment(notes, "startTime", one.start, site),
        until_at=moment(notes, "endTime", one.end, site),
    )


class Alert(Wire, rename={
    "product_id": "productId", "category_id": "categoryId", "off_at": "deactivationTime", "suggested": "suggestionCategories",
}):  # fmt: skip
    MATTERS = frozenset({"product_id", "off_at"})

    product_id: Id = None
    category_id: Id = None
    off_at: Id = None
    suggested: list[Id] | None = None


def build_alert(wire: Alert, notes: Notes, about: About) -> Iterable[Record]:
    """The product, as far as the alert tells of it: when it goes down, and where it should stand instead."""
    product_id = digits(wire.product_id)
    if product_id is None:
        notes.left_out("productId", "product")
        return ()
    suggested = tuple(str(one) for one in wire.suggested or () if digits(one))
    return (
        Listing(
            platform_listing_id=product_id,
            platform_category_id=digits(wire.category_id),
            off_at=deadline(notes, "deactivationTime", wire.off_at),
            platform_more={"suggestionCategories": suggested} if suggested else {},
            skus_complete=False,
        ),
    )


def following(page: Page) -> str | None:
    """By offset, as far as that reaches; beyond, from the latest change on."""
    limit, offset = place_in(page.about, "limit", PAGE_SIZE), place_in(page.about, "offset", 0)
    reached = offset + page.rows
    if page.rows < limit or not page.rows or (page.total is not None and reached >= page.total):
        return None
    if reached < FURTHEST:
        return page_token(offset=str(reached))
    latest = max((r.updated_at for r in page.records if isinstance(r, Listing) and r.updated_at), default=None)
    return page_token(update_after=iso(latest), offset="0") if latest is not None else page_token(offset=str(reached))


parse_products = page_parser(LIST, "data.products", ProductItem, build_product, following=following, total="total_products")
parse_product = thing_parser(ONE, "data", ProductItem, build_product)
parse_alerts = page_parser(ALERTS, "data", Alert, build_alert, following=next_offset(ALERTS_A_PAGE))
