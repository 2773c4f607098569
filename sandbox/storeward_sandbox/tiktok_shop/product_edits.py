"""Changing a product: price and stock apply at once, words and pictures after a review; until then the old version sells."""

import re
from decimal import Decimal
from typing import Any

from storeward_sandbox.clock import HOUR

from .call import Call, as_objects, sku_rows
from .catalogue import LIVE, Attribute, Catalogue, Product, Sku, Stock
from .errors import ApiError
from .inventory import check
from .places import Places
from .product_views import category_chain
from .products import WRITE, editable, new_price
from .registry import operation
from .shelf import Shelf
from .shop import Shop
from .stockroom import PRODUCT_CHANGED, after_change, set_status, show, tell_audit

CONTENT = (
    "title",
    "description",
    "main_images",
    "category_id",
    "product_attributes",
    "package_weight",
    "package_dimensions",
    "brand_id",
)

FORBIDDEN = re.compile(r"\b(best in the world|100% cure|number one|replica)\b", re.IGNORECASE)
"""Words that no review lets pass."""

LONGEST_TITLE = 255
MOST_SKUS = 100


@operation("partialEditProduct", "POST", "/product/202509/products/{product_id}/partial_edit", scope=WRITE)
def partial_edit_product(call: Call) -> dict[str, Any]:
    """Only what is named changes."""
    product = editable(call.shop, call.ids["product_id"])
    check_content(call.body)
    changes = [(the_sku(product, row), row) for row in sku_rows(call, most=MOST_SKUS)]
    for sku, row in changes:
        check_sku(call, product, sku, row)
    for sku, row in changes:
        apply_sku(call.shop, product, sku, row)
    return finish(call, product, {name: call.body[name] for name in CONTENT if name in call.body}, bool(changes))


@operation("editProduct", "PUT", "/product/202509/products/{product_id}", scope=WRITE)
def edit_product(call: Call) -> dict[str, Any]:
    """The whole product: SKUs that are not named are removed, those without an id are new."""
    product = editable(call.shop, call.ids["product_id"])
    for name in ("title", "description", "category_id", "main_images", "skus"):
        call.given(name)
    check_content(call.body)
    rows = sku_rows(call, required=True)
    if len(rows) > MOST_SKUS:
        raise ApiError(12052050, "A single product cannot have more than 100 different SKUs")
    for row in rows:
        check_sku(call, product, the_sku(product, row) if row.get("id") else None, row)
    kept = [replaced(call, product, row) for row in rows]
    for sku in product.skus:
        call.shop.part(Shelf).take_off(sku.id)
    product.skus = kept
    call.shop.part(Catalogue).index(product)
    return {**finish(call, product, {name: call.body[name] for name in CONTENT if name in call.body}, True), "warnings": []}


def check_content(body: dict[str, Any]) -> None:
    """The words and pictures of an edit, as far as they are named."""
    if "title" in body and not str(body["title"]).strip():
        raise ApiError(12052261, "product name is empty")
    if len(str(body.get("title", ""))) > LONGEST_TITLE:
        raise ApiError(12052051, "The product name exceed max limit characters")
    if "description" in body and not str(body["description"]).strip():
        raise ApiError(12052015, "The product description is required")
    if "main_images" in body and not body["main_images"]:
        raise ApiError(12052028, "Main product image is required")
    if not all(row.get("uri") for row in as_objects(body.get("main_images"), "main_images")):
        raise ApiError(12052300, "product main image uri illegal")
    stored_attributes(body)
    if "category_id" in body:
        check_category(str(body["category_id"]))


def check_category(category_id: str) -> None:
    chain = category_chain(category_id)
    if not chain:
        raise ApiError(12052023, "Category does not exist")
    if not chain[-1]["is_leaf"]:
        raise ApiError(12052024, "Category is not final category")


def the_sku(product: Product, row: dict[str, Any]) -> Sku:
    sku = product.sku(str(row.get("id", "")))
    if sku is None:
        raise ApiError(12052557, "The SKU ID does not belong to the product.")
    return sku


def check_sku(call: Call, product: Product, sku: Sku | None, row: dict[str, Any]) -> None:
    """Price and stock of one SKU of an edit; a new SKU needs both."""
    if sku is None and not (row.get("price") and row.get("inventory")):
        raise ApiError(12052902, "The SKU list is incomplete: a new SKU needs price and inventory.")
    if row.get("price"):
        asked = new_price(call.shop, row["price"])
        if sku is not None and asked != sku.price and product.price_locked(call.now):
            raise ApiError(12052038, "Product price locked due to ongoing promotion.")
    if row.get("inventory"):
        probe = sku or Sku("0", "", Decimal(1), (), fresh_stock(call.shop))
        problem = check(product, probe, row["inventory"], call.now)
        if problem is not None:
            raise ApiError(problem["code"], problem["message"])


def fresh_stock(shop: Shop) -> list[Stock]:
    return [Stock(place.id, 0) for place in shop.part(Places).sales]


def apply_sku(shop: Shop, product: Product, sku: Sku, row: dict[str, Any]) -> None:
    before = sku.level
    if row.get("price"):
        sku.price = new_price(shop, row["price"])
    if row.get("seller_sku"):
        sku.seller_sku = str(row["seller_sku"])
    wanted = {str(one.get("warehouse_id") or sku.stock[0].warehouse_id): one["quantity"] for one in row.get("inventory") or []}
    for stock in sku.stock:
        stock.available = wanted.get(stock.warehouse_id, stock.available)
    after_change(shop, product, sku, before)


def replaced(call: Call, product: Product, row: dict[str, Any]) -> Sku:
    """The SKU of a full edit: the known one with its changes, or a new one."""
    sku = product.sku(str(row.get("id", ""))) or Sku(
        call.shop.ids.new("sku"), str(row.get("seller_sku", "")), Decimal(1), attributes_of(row), fresh_stock(call.shop)
    )
    apply_sku(call.shop, product, sku, row)
    return sku


def attributes_of(row: dict[str, Any]) -> tuple[Attribute, ...]:
    return tuple(
        Attribute(str(one.get("id", "")), str(one.get("name", "")), str(one.get("value_id", "")), str(one.get("value_name", "")))
        for one in as_objects(row.get("sales_attributes"), "skus[].sales_attributes")
    )


def finish(call: Call, product: Product, content: dict[str, Any], skus_changed: bool) -> dict[str, Any]:
    """Put the changed SKUs on sale, send changed words to review, and tell."""
    product.updated = call.now
    show(call.shop, product)
    if content:
        submit(call.shop, product, content)
    changed = [*content, *(["others"] if skus_changed else [])]
    if changed:
        call.shop.emit(
            PRODUCT_CHANGED,
            {"product_id": product.id, "change_source": "OPEN_API", "changed_fields": changed, "update_time": call.now},
        )
    return {"product_id": product.id, "skus": [short(sku) for sku in product.skus], "audit": {"status": product.audit}}


def short(sku: Sku) -> dict[str, Any]:
    attributes = [{"id": one.id, "value_id": one.value_id} for one in sku.attributes]
    return {"id": sku.id, "seller_sku": sku.seller_sku, "sales_attributes": attributes}


def submit(shop: Shop, product: Product, content: dict[str, Any]) -> None:
    """Hand new words to the review; a later edit joins the one that waits."""
    product.under_review = {**(product.under_review or {}), **content}
    product.audit = "AUDITING"
    if product.status in ("DRAFT", "FAILED"):
        set_status(shop, product, "PENDING")
    tell_audit(shop, product)
    waiting = product.under_review
    shop.after(shop.chance("review").randint(1, 8) * HOUR, lambda _now: review(shop, product, waiting))


def review(shop: Shop, product: Product, content: dict[str, object]) -> None:
    """Pass the edit, or refuse it for forbidden words: then what sells stays as it is."""
    if product.under_review is not content:
        return
    product.under_review = None
    refused = FORBIDDEN.search(f"{content.get('title', '')} {content.get('description', '')}")
    product.audit = "FAILED" if refused else "APPROVED"
    product.audit_reasons = [f"The listing must not say “{refused.group()}”."] if refused else []
    if not refused:
        rewrite(product, content)
    if product.status == "PENDING":
        set_status(
            shop, product, "FAILED" if refused else LIVE, word="PRODUCT_AUDIT_FAILURE" if refused else "PRODUCT_STATUS_CHANGED"
        )
    show(shop, product)
    tell_audit(shop, product)


def rewrite(product: Product, content: dict[str, Any]) -> None:
    """The new words are the product's words."""
    product.title = str(content.get("title", product.title))
    product.description = str(content.get("description", product.description))
    product.category_id = str(content.get("category_id", product.category_id))
    product.images = [row["uri"] for row in content.get("main_images", [])] or product.images
    if "product_attributes" in content:
        product.attributes["product_attributes"] = stored_attributes(content)


def stored_attributes(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Attributes with ids, names and values; refused where they have another shape."""
    return [
        {**named(row), "values": [named(value) for value in as_objects(row.get("values"), "values")]}
        for row in as_objects(content.get("product_attributes"), "product_attributes")
    ]


def named(row: dict[str, Any]) -> dict[str, str]:
    return {key: str(row[key]) for key in ("id", "name") if row.get(key)}
