"""Products as the platform writes them: the short form of a search and the long form of a detail."""

from typing import Any

from .catalogue import CATEGORIES, Product, Sku
from .money import text
from .shop import Shop
from .stockroom import image_url

SHORT_TITLE = 40
"""A title of fewer characters costs listing quality."""


def short_product(shop: Shop, product: Product) -> dict[str, Any]:
    return {
        "id": product.id,
        "title": product.title,
        "status": product.status,
        "skus": [short_sku(shop, sku) for sku in product.skus],
        "sales_regions": [shop.region],
        "create_time": product.created,
        "update_time": product.updated,
        "product_sync_fail_reasons": [],
        "is_not_for_sale": False,
        "recommended_categories": [],
        "listing_quality_tier": quality(product),
        "integrated_platform_statuses": integrated(shop, product),
        "audit": {"status": product.audit, "pre_approved_reasons": []},
        "has_draft": product.status == "DRAFT",
    }


def short_sku(shop: Shop, sku: Sku) -> dict[str, Any]:
    return {
        "id": sku.id,
        "seller_sku": sku.seller_sku,
        "price": price(shop, sku),
        "inventory": inventory(sku),
        "status_info": status_info(sku),
    }


def price(shop: Shop, sku: Sku) -> dict[str, str]:
    """Local sellers see the shelf price without tax, cross-border ones the sale price."""
    name = "sale_price" if shop.cross_border else "tax_exclusive_price"
    return {"currency": shop.currency, name: text(shop.market, sku.price)}


def inventory(sku: Sku) -> list[dict[str, Any]]:
    return [{"warehouse_id": stock.warehouse_id, "quantity": stock.available} for stock in sku.stock]


def status_info(sku: Sku) -> dict[str, str]:
    known = {"status": sku.status}
    return {**known, "deactivation_source": sku.deactivated_by} if sku.deactivated_by else known


def quality(product: Product) -> str:
    return "GOOD" if len(product.title) >= SHORT_TITLE else "POOR"


def integrated(shop: Shop, product: Product) -> list[dict[str, str]]:
    """Indonesian listings appear on Tokopedia too."""
    return [{"platform": "TOKOPEDIA", "status": product.status}] if shop.region == "ID" else []


def long_product(shop: Shop, product: Product) -> dict[str, Any]:
    """Every field that a shop of ours has something to say for."""
    return {
        "id": product.id,
        "title": product.title,
        "description": product.description,
        "status": product.status,
        "product_status": product.status,
        "category_chains": category_chain(product.category_id),
        "main_images": [image(uri) for uri in product.images],
        "skus": [long_sku(shop, sku) for sku in product.skus],
        "audit": {"status": product.audit, "pre_approved_reasons": [], "not_submitted_reasons": []},
        "audit_failed_reasons": failed_reasons(product),
        "package_dimensions": {"length": "20", "width": "15", "height": "10", "unit": "CENTIMETER"},
        "package_weight": {"value": str(250 + int(product.id[-3:])), "unit": "GRAM"},
        "create_time": product.created,
        "update_time": product.updated,
        "has_draft": product.status == "DRAFT",
        "is_cod_allowed": shop.market.cod_share > 0,
        "is_not_for_sale": False,
        "is_pre_owned": False,
        "is_replicated": False,
        "listing_quality_tier": quality(product),
        "integrated_platform_statuses": integrated(shop, product),
        "minimum_order_quantity": 1,
        "product_types": ["COMMON_PRODUCT"],
        "product_attributes": product.attributes.get("product_attributes", []),
        "recommended_categories": [],
    }


def under_review(shop: Shop, product: Product) -> dict[str, Any]:
    """The detail as it will be once the waiting edit has passed."""
    edit: dict[str, Any] = product.under_review or {}
    shown = long_product(shop, product)
    shown.update({name: edit[name] for name in ("title", "description") if name in edit})
    if "main_images" in edit:
        shown["main_images"] = [image(row["uri"]) for row in edit["main_images"]]
    if "category_id" in edit:
        shown["category_chains"] = category_chain(str(edit["category_id"]))
    shown["audit"] = {**shown["audit"], "status": "AUDITING"}
    return shown


def long_sku(shop: Shop, sku: Sku) -> dict[str, Any]:
    attributes = [{"id": one.id, "name": one.name, "value_id": one.value_id, "value_name": one.value} for one in sku.attributes]
    return {**short_sku(shop, sku), "sales_attributes": attributes}


def image(uri: str) -> dict[str, Any]:
    return {"uri": uri, "urls": [image_url(uri)], "thumb_urls": [image_url(f"thumb/{uri}")], "width": 800, "height": 800}


def category_chain(category_id: str) -> list[dict[str, Any]]:
    """From the root to the leaf; empty for a category that does not exist."""
    rows = {row[0]: row for row in CATEGORIES}
    chain: list[dict[str, Any]] = []
    while category_id in rows:
        known, parent, name, leaf = rows[category_id]
        chain.insert(0, {"id": known, "parent_id": parent, "local_name": name, "is_leaf": leaf})
        category_id = parent
    return chain


def failed_reasons(product: Product) -> list[dict[str, Any]]:
    if not product.audit_reasons:
        return []
    row = {"position": "Product", "reasons": product.audit_reasons, "suggestions": ["Correct the listing and submit it again."]}
    return [{"listing_platform": "TIKTOK_SHOP", **row}]


def stock_sku(sku: Sku) -> dict[str, Any]:
    return {
        "id": sku.id,
        "seller_sku": sku.seller_sku,
        "total_available_quantity": sku.available,
        "total_committed_quantity": sku.committed,
        "warehouse_inventory": [
            {
                "warehouse_id": stock.warehouse_id,
                "available_quantity": stock.available,
                "committed_quantity": stock.committed,
            }
            for stock in sku.stock
        ],
        "total_available_inventory_distribution": {"in_shop_inventory": {"quantity": sku.available}},
    }
