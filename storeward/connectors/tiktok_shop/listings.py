"""Products, their SKUs, price and stock (fact sheet section 16)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from storeward.canon import Listing, ListingContent, ListingStatus, Record, Sku, WarehouseStock
from storeward.connectors.contract import Request
from storeward.connectors.wire import Id, Notes, Wire, digits, more
from storeward.lib.money import Money

from .codes import LISTING_STATUS
from .envelope import About, list_parser, receipt_parser, thing_parser
from .requests import get, joined, search, unix, upload, write

PAGE_SIZE: Final = 100
PRODUCTS_PER_STOCK_CALL: Final = 100
PRODUCTS_PER_SWITCH: Final = 20
BASE: Final = "/product/202309/products"


def list_products_request(
    *,
    updated_since: datetime | None = None,
    updated_until: datetime | None = None,
    page_size: int = PAGE_SIZE,
) -> Request:
    """Products that changed in [since, until]: here, other than elsewhere, the upper end is inclusive. At most 10,000."""
    filters = {
        "update_time_ge": unix(updated_since) if updated_since else None,
        "update_time_le": unix(updated_until) if updated_until else None,
    }
    return search("searchProducts", "/product/202502/products/search", {"page_size": str(page_size)}, filters)


def product_request(product_id: str) -> Request:
    return get("getProduct", f"{BASE}/{product_id}", about={"product_id": product_id})


def stock_request(product_ids: Sequence[str]) -> Request:
    """What is left of at most 100 products, by SKU and warehouse."""
    if not 1 <= len(product_ids) <= PRODUCTS_PER_STOCK_CALL:
        raise ValueError(f"1 to {PRODUCTS_PER_STOCK_CALL} products can be asked for at once, not {len(product_ids)}")
    return search("inventorySearch", "/product/202309/inventory/search", {}, {"product_ids": list(product_ids)})


def platform_stock_request(*, page_size: int = PAGE_SIZE) -> Request:
    """What lies in the platform's own warehouses."""
    return search("searchFBTInventory", "/fbt/202408/inventory/search", {"page_size": str(page_size)}, {})


def diagnoses_request(product_ids: Sequence[str]) -> Request:
    return get("getProductDiagnoses", "/product/202405/products/diagnoses", {"product_ids": joined(product_ids, 200)})


def prerequisites_request() -> Request:
    """Whether the store may list at all, and what is missing."""
    return get("checkListingPrerequisites", "/product/202312/prerequisites")


def categories_request() -> Request:
    return get("getCategories", "/product/202309/categories")


def set_stock_request(product_id: str, stock: Mapping[str, Mapping[str, int]]) -> Request:
    """Set the units left: SKU -> warehouse -> quantity. Every warehouse of the SKU must be named; failures come by SKU."""
    skus = [
        {"id": sku, "inventory": [{"warehouse_id": where, "quantity": left} for where, left in places.items()]}
        for sku, places in stock.items()
    ]
    return write(
        "updateInventory", "POST", f"{BASE}/{product_id}/inventory/update", {"skus": skus}, about={"product_id": product_id}
    )


def set_price_request(product_id: str, prices: Mapping[str, Money], *, global_seller: bool = False) -> Request:
    """Set prices by SKU; refused while a promotion runs. A global seller's price goes by another name."""
    name = "sale_price" if global_seller else "amount"
    skus = [{"id": sku, "price": {"currency": price.currency, name: f"{price.amount:f}"}} for sku, price in prices.items()]
    return write("updatePrice", "POST", f"{BASE}/{product_id}/prices/update", {"skus": skus}, about={"product_id": product_id})


def edit_part_request(product_id: str, changes: Mapping[str, Any]) -> Request:
    """Change only what is given. Texts and pictures go to audit again while the old version stays live."""
    path = f"/product/202509/products/{product_id}/partial_edit"
    return write("partialEditProduct", "POST", path, changes, about={"product_id": product_id})


def edit_request(product_id: str, product: Mapping[str, Any]) -> Request:
    """Replace the whole product: SKUs that are not named are removed."""
    return write("editProduct", "PUT", f"/product/202509/products/{product_id}", product, about={"product_id": product_id})


def activate_request(product_ids: Sequence[str]) -> Request:
    return write("activateProducts", "POST", f"{BASE}/activate", {"product_ids": _at_most_20(product_ids)})


def deactivate_request(product_ids: Sequence[str]) -> Request:
    return write("deactivateProducts", "POST", f"{BASE}/deactivate", {"product_ids": _at_most_20(product_ids)})


def upload_image_request(content: bytes, *, use_case: str = "MAIN_IMAGE") -> Request:
    """A picture for a listing, or for a refusal; its `uri` is what other calls name. Carries no store."""
    return upload("uploadProductImage", "/product/202309/images/upload", content, fields={"use_case": use_case}, for_store=False)


def _at_most_20(product_ids: Sequence[str]) -> list[str]:
    if not 1 <= len(product_ids) <= PRODUCTS_PER_SWITCH:
        raise ValueError(f"1 to {PRODUCTS_PER_SWITCH} products can be switched at once, not {len(product_ids)}")
    return list(product_ids)


class Price(Wire):
    currency: str | None = None
    sale_price: Decimal | None = None
    tax_exclusive_price: Decimal | None = None


class ListPrice(Wire):
    currency: str | None = None
    amount: Decimal | None = None


class Category(Wire):
    id: Id = None
    is_leaf: bool | None = None


class Brand(Wire):
    id: Id = None
    name: str | None = None


class Value(Wire):
    name: str | None = None


class Property(Wire):
    name: str | None = None
    values: list[Value] | None = None


class Weight(Wire):
    value: Decimal | None = None


class Elsewhere(Wire):
    platform: str | None = None
    status: str | None = None


class Stock(Wire):
    warehouse_id: Id = None
    quantity: int | None = None
    available_quantity: int | None = None
    committed_quantity: int | None = None
    backorder_quantity: int | None = None


class Attribute(Wire):
    value_name: str | None = None


class Handling(Wire):
    handling_duration_days: int | None = None
    release_date: int | None = None


class SaleType(Wire):
    type: str | None = None
    fulfillment_type: Handling | None = None


class StatusInfo(Wire):
    status: str | None = None
    deactivation_source: str | None = None


class SkuItem(Wire):
    """A SKU of a product (`inventory`), or of a stock answer (`warehouse_inventory` and totals)."""

    MATTERS = frozenset({"id", "inventory", "total_available_quantity"})

    id: Id = None
    seller_sku: str | None = None
    price: Price | None = None
    list_price: ListPrice | None = None
    inventory: list[Stock] | None = None
    warehouse_inventory: list[Stock] | None = None
    total_available_quantity: int | None = None
    total_committed_quantity: int | None = None
    sales_attributes: list[Attribute] | None = None
    pre_sale: SaleType | None = None
    status_info: StatusInfo | None = None


class FailedReason(Wire):
    reasons: list[str] | None = None
    suggestions: list[str] | None = None


class Audit(Wire):
    status: str | None = None
    pre_approved_reasons: list[str] | None = None
    not_submitted_reasons: list[str] | None = None


class ProductItem(Wire):
    """A product: of the search, the detail, or the answer to an edit (`product_id`)."""

    MATTERS = frozenset({"id", "product_id", "status", "skus"})

    id: Id = None
    product_id: Id = None
    title: str | None = None
    description: str | None = None
    main_images: list[Any] | None = None
    product_attributes: list[Property] | None = None
    package_weight: Weight | None = None
    size_chart: dict[str, Any] | None = None
    status: str | None = None
    product_status: str | None = None
    audit: Audit | None = None
    audit_failed_reasons: list[FailedReason] | None = None
    product_sync_fail_reasons: list[str] | None = None
    listing_quality_tier: str | None = None
    is_not_for_sale: bool | None = None
    category_chains: list[Category] | None = None
    brand: Brand | None = None
    integrated_platform_statuses: list[Elsewhere] | None = None
    product_types: list[str] | None = None
    product_tags: list[str] | None = None
    selling_format: str | None = None
    external_product_id: Id = None
    shipping_insurance_requirement: str | None = None
    shipping_template_id: Id = None
    create_time: int | None = None
    update_time: int | None = None
    skus: list[SkuItem] | None = None


def build_listing(wire: ProductItem, notes: Notes, about: About) -> Iterable[Record]:
    product_id = digits(wire.id) or digits(wire.product_id)
    if product_id is None:
        notes.left_out("id", "listing")
        return ()
    if not wire.status and not wire.product_status:
        notes.missing("status")
    return (_listing(product_id, wire, notes, complete=True),)


def build_edited(wire: ProductItem, notes: Notes, about: About) -> Iterable[Record]:
    """What an edit answers: the product, its audit, and the SKUs that there are now; the rest is read back."""
    product_id = digits(wire.product_id) or about.get("product_id")
    if product_id is None:
        notes.left_out("product_id", "listing")
        return ()
    return (_listing(product_id, wire, notes, complete=False),)


def build_stock(wire: ProductItem, notes: Notes, about: About) -> Iterable[Record]:
    """Stock only: the listing with the SKUs that were asked for, and nothing else about it."""
    product_id = digits(wire.product_id)
    if product_id is None:
        notes.left_out("product_id", "listing")
        return ()
    return (_listing(product_id, wire, notes, complete=False),)


def _listing(product_id: str, wire: ProductItem, notes: Notes, *, complete: bool) -> Listing:
    word = wire.status or wire.product_status
    skus = wire.skus or ()
    kinds = {sku.pre_sale.type for sku in skus if sku.pre_sale and sku.pre_sale.type}
    return Listing(
        platform_listing_id=product_id,
        title=wire.title or None,
        platform_status=word or None,
        status=notes.word("status" if wire.status else "product_status", word, LISTING_STATUS, ListingStatus.UNKNOWN),
        platform_audit_status=wire.audit.status or None if wire.audit else None,
        platform_quality_tier=wire.listing_quality_tier or None,
        pre_order="PRE_ORDER" in kinds if complete and skus else None,
        for_sale=None if wire.is_not_for_sale is None else not wire.is_not_for_sale,
        platform_category_id=_category(wire),
        platform_brand_id=digits(wire.brand.id) if wire.brand else None,
        platform_statuses_elsewhere={
            shop.platform: shop.status for shop in wire.integrated_platform_statuses or () if shop.platform and shop.status
        },
        platform_more=more(wire, *CLASSIFYING),
        created_at=notes.at("create_time", wire.create_time),
        updated_at=notes.at("update_time", wire.update_time),
        platform_reasons=_reasons(wire),
        skus=tuple(sku for sku in (_sku(item, notes, f"skus[{at}]") for at, item in enumerate(skus)) if sku is not None),
        skus_complete=complete,
        content=_content(wire),
    )


def _content(wire: ProductItem) -> ListingContent | None:
    """What the detail tells, and no other call does: it has a description, and what it leaves out is not there."""
    if wire.description is None:
        return None
    return ListingContent(
        description=wire.description,
        images=len(wire.main_images or ()),
        brand=(wire.brand.name or "") if wire.brand else "",
        weighed=wire.package_weight is not None and bool(wire.package_weight.value),
        size_chart=bool(wire.size_chart),
        attributes={
            one.name: ", ".join(value.name for value in one.values or () if value.name)
            for one in wire.product_attributes or ()
            if one.name
        },
    )


CLASSIFYING: Final = (
    "product_types", "product_tags", "selling_format", "external_product_id", "shipping_insurance_requirement",
    "shipping_template_id",
)  # fmt: skip


def _category(wire: ProductItem) -> str | None:
    """The leaf of the chain of categories; where none is marked, the last that is named."""
    chain = wire.category_chains or ()
    leaf = next((category for category in chain if category.is_leaf), chain[-1] if chain else None)
    return digits(leaf.id) if leaf else None


def _reasons(wire: ProductItem) -> tuple[str, ...]:
    """Every word of the platform on why it is not (or not fully) on sale, each once."""
    said: list[str] = []
    for failed in wire.audit_failed_reasons or ():
        said += [*(failed.reasons or ()), *(failed.suggestions or ())]
    said += wire.product_sync_fail_reasons or ()
    if wire.audit is not None:
        said += [*(wire.audit.pre_approved_reasons or ()), *(wire.audit.not_submitted_reasons or ())]
    return tuple(dict.fromkeys(reason for reason in said if reason))


def _sku(item: SkuItem, notes: Notes, where: str) -> Sku | None:
    sku_id = digits(item.id)
    if sku_id is None:
        notes.left_out(f"{where}.id", "SKU")
        return None
    price = item.price or Price()
    status = item.status_info or StatusInfo()
    places = tuple(_place(stock) for stock in (item.warehouse_inventory or item.inventory or ()) if digits(stock.warehouse_id))
    handling = (item.pre_sale.fulfillment_type if item.pre_sale else None) or Handling()
    without_tax = notes.money(f"{where}.price.tax_exclusive_price", price.tax_exclusive_price, price.currency)
    return Sku(
        platform_sku_id=sku_id,
        seller_sku=item.seller_sku or None,
        variant=", ".join(a.value_name for a in item.sales_attributes or () if a.value_name) or None,
        price=notes.money(f"{where}.price.sale_price", price.sale_price, price.currency) or without_tax,
        price_without_tax=without_tax,
        list_price=_list_price(item, notes, where),
        available=_total(item.total_available_quantity, [place.available for place in places]),
        committed=_total(item.total_committed_quantity, [place.committed for place in places]),
        platform_status=status.status or None,
        platform_off_by=status.deactivation_source or None,
        platform_sale_type=item.pre_sale.type or None if item.pre_sale else None,
        handling_days=handling.handling_duration_days,
        release_at=notes.at(f"{where}.pre_sale.fulfillment_type.release_date", handling.release_date),
        warehouses=places,
    )


def _list_price(item: SkuItem, notes: Notes, where: str) -> Money | None:
    told = item.list_price
    return notes.money(f"{where}.list_price.amount", told.amount, told.currency) if told else None


def _place(stock: Stock) -> WarehouseStock:
    return WarehouseStock(
        platform_warehouse_id=str(stock.warehouse_id),
        available=stock.available_quantity if stock.available_quantity is not None else stock.quantity,
        committed=stock.committed_quantity,
        on_backorder=stock.backorder_quantity,
    )


def _total(stated: int | None, places: Sequence[int | None]) -> int | None:
    """The platform's total, else the sum over warehouses where each states one; None where that is not known."""
    if stated is not None:
        return stated
    counted = [count for count in places if count is not None]
    return sum(counted) if places and len(counted) == len(places) else None


parse_products = list_parser("products", ProductItem, build_listing)
parse_product = thing_parser(None, ProductItem, build_listing)
parse_stock = list_parser("inventory", ProductItem, build_stock)
parse_edited = thing_parser(None, ProductItem, build_edited)
parse_uploaded = receipt_parser("uri", "url", "width", "height", "use_case")
parse_receipt = receipt_parser()
