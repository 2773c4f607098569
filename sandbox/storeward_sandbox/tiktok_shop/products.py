"""Products: search and detail, on and off, prices, images, categories, advice."""

from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

from storeward_sandbox.countries import rounded
from storeward_sandbox.images import look_at

from .call import Call, sku_rows
from .catalogue import CATEGORIES, LIVE, Catalogue, Product
from .errors import ApiError, bad_parameter
from .paging import page_size, paged
from .product_views import SHORT_TITLE, long_product, quality, short_product, under_review
from .registry import operation
from .shop import Shop
from .stockroom import image_url, set_status, show

READ, WRITE = "seller.product.basic", "seller.product.write"

STATUSES = (
    "ALL",
    "DRAFT",
    "PENDING",
    "FAILED",
    "ACTIVATE",
    "SELLER_DEACTIVATED",
    "PLATFORM_DEACTIVATED",
    "FREEZE",
    "DELETED",
)

MOST_AT_ONCE = 20
IMAGE_BYTES = 10 * 1024 * 1024
MOST_RESULTS = 10_000


def the_product(shop: Shop, product_id: str) -> Product:
    product = shop.part(Catalogue).products.get(product_id)
    if product is None:
        raise ApiError(12052032, "The product does not exist")
    return product


def editable(shop: Shop, product_id: str) -> Product:
    """A product that may be changed now."""
    product = the_product(shop, product_id)
    if product.status in ("FREEZE", "DELETED"):
        raise ApiError(12052901, "The product in its current status is not available for this operation.")
    return product


@operation("searchProducts", "POST", "/product/202502/products/search", scope=READ)
@operation("searchProducts_202309", "POST", "/product/202309/products/search", scope=READ)
def search_products(call: Call) -> dict[str, Any]:
    size = page_size(call, 1, 100)
    wanted = call.body_choice("status", STATUSES) or "ALL"
    seller_skus, sku_ids = set(call.body_texts("seller_skus")), set(call.body_texts("sku_ids"))
    if len(seller_skus) > 10:
        raise ApiError(12019027, "The maximum count of “seller_skus” in the search filter is 10.")
    if len(sku_ids) > 10:
        raise ApiError(12019087, "The number of SKU IDs exceeds the limit of 10")
    rows = [
        product
        for product in call.shop.part(Catalogue).products.values()
        if wanted in ("ALL", product.status)
        and within(call, product)
        and (not seller_skus or any(sku.seller_sku in seller_skus for sku in product.skus))
        and (not sku_ids or any(sku.id in sku_ids for sku in product.skus))
    ]
    if len(rows) > MOST_RESULTS:
        raise ApiError(12052180, "The total number of search results can not exceed 10000.")
    page = paged(call, rows, key=lambda product: (product.created, product.id), size=size, descending=True)
    return {
        "total_count": page.total_count,
        "products": [short_product(call.shop, product) for product in page.rows],
        "next_page_token": page.next_page_token,
    }


def within(call: Call, product: Product) -> bool:
    """The time and audit filters; unlike elsewhere, both ends of a span belong to it."""
    for name, value in (("create_time", product.created), ("update_time", product.updated)):
        begin, end = call.body_number(f"{name}_ge"), call.body_number(f"{name}_le")
        if (begin is not None and value < begin) or (end is not None and value > end):
            return False
    audits = call.body_list("audit_status")
    return not audits or product.audit in audits


@operation("getProduct", "GET", "/product/202309/products/{product_id}", scope=READ)
def get_product(call: Call) -> dict[str, Any]:
    product = the_product(call.shop, call.ids["product_id"])
    if not call.flag("return_under_review_version"):
        return long_product(call.shop, product)
    if product.under_review is None:
        raise ApiError(12052547, "There is no version of this product that is under review.")
    return under_review(call.shop, product)


@operation("activateProducts", "POST", "/product/202309/products/activate", scope=READ)
def activate_products(call: Call) -> dict[str, Any]:
    return {"errors": switch(call, ("SELLER_DEACTIVATED", LIVE), LIVE)}


@operation("deactivateProducts", "POST", "/product/202309/products/deactivate", scope=READ)
def deactivate_products(call: Call) -> dict[str, Any]:
    return {"errors": switch(call, (LIVE, "SELLER_DEACTIVATED"), "SELLER_DEACTIVATED")}


def switch(call: Call, allowed: tuple[str, ...], target: str) -> list[dict[str, Any]]:
    """Set the status of each product that may have it; one error for each that may not."""
    ids = call.body_list("product_ids", required=True)
    if len(ids) > MOST_AT_ONCE:
        raise ApiError(12019120, "The number of provided product IDs exceeds the limit.")
    errors = []
    for product_id in ids:
        product = call.shop.part(Catalogue).products.get(str(product_id))
        if product is None:
            errors.append(refusal(12052032, "The product does not exist", product_id))
        elif product.status not in allowed:
            errors.append(refusal(12052901, "The product in its current status is not available.", product_id))
        elif product.status != target:
            set_status(call.shop, product, target)
    return errors


def refusal(code: int, message: str, product_id: str) -> dict[str, Any]:
    return {"code": code, "message": message, "detail": {"product_id": str(product_id)}}


@operation("updatePrice", "POST", "/product/202309/products/{product_id}/prices/update", scope=WRITE)
def update_price(call: Call) -> dict[str, Any]:
    """All prices or none."""
    shop, product = call.shop, the_product(call.shop, call.ids["product_id"])
    if product.status != LIVE:
        raise ApiError(12052901, "The product in its current status is not available for this operation.")
    if product.price_locked(call.now):
        raise ApiError(12052038, "Product price locked due to ongoing promotion.")
    changes = {str(row.get("id")): new_price(shop, row.get("price") or {}) for row in sku_rows(call, required=True)}
    for sku_id in changes:
        if product.sku(sku_id) is None:
            raise ApiError(12052557, "The SKU ID does not belong to the product.")
    for sku in product.skus:
        sku.price = changes.get(sku.id, sku.price)
    product.updated = call.now
    show(shop, product)
    return {}


def new_price(shop: Shop, price: dict[str, Any]) -> Decimal:
    """The amount of a price in a request: `amount` for local sellers, `sale_price` for global ones."""
    if price.get("currency") != shop.currency:
        raise ApiError(12052084, "The provided currency is not available for this shop/region.")
    given = price.get("amount") or price.get("sale_price")
    try:
        amount = Decimal(str(given))
    except InvalidOperation as error:
        raise ApiError(12052012, "Incorrect price format") from error
    if not amount.is_finite() or amount <= 0 or amount != rounded(shop.market, amount):
        raise ApiError(12052073, "The product price is invalid")
    return rounded(shop.market, amount)


@operation("uploadProductImage", "POST", "/product/202309/images/upload", scope=READ, cipher=False, multipart=True)
def upload_product_image(call: Call) -> dict[str, Any]:
    upload = call.uploads.get("data")
    if upload is None:
        raise ApiError(12038002, "Invalid upload file. Please ensure you are passing a file in 'data'.")
    if len(upload.data) > IMAGE_BYTES:
        raise ApiError(12038005, "The file size exceeds the maximum allowed size.")
    picture = look_at(upload.data)
    if picture is None:
        raise ApiError(12038004, "Failed to process the image. The format or content is not supported.")
    uri = f"tos-sandbox-i/{sha256(upload.data).hexdigest()[:32]}"
    return {
        "uri": uri,
        "url": image_url(uri),
        "width": picture.width,
        "height": picture.height,
        "use_case": call.fields.get("use_case") or "MAIN_IMAGE",
    }


@operation("getCategories", "GET", "/product/202309/categories", scope=READ)
def get_categories(call: Call) -> dict[str, Any]:
    word = call.text("keyword").lower()
    rows = [
        {
            "id": known,
            "parent_id": parent,
            "local_name": name,
            "is_leaf": leaf,
            "permission_statuses": ["AVAILABLE"],
        }
        for known, parent, name, leaf in CATEGORIES
        if word in name.lower()
    ]
    return {"categories": rows}


@operation("getProductDiagnoses", "GET", "/product/202405/products/diagnoses", scope="serller.product.optimize")
def get_product_diagnoses(call: Call) -> dict[str, Any]:
    """Advice for live products; others are left out. Too many ids have a code of their own."""
    ids = [given for given in call.need("product_ids").strip("[]").replace('"', "").split(",") if given]
    if len(ids) > 200:
        raise ApiError(12019120, "The number of provided product IDs exceeds the limit.")
    if not ids:
        raise bad_parameter("Request query must have required property 'product_ids'")
    known = call.shop.part(Catalogue).products
    live = [known[given] for given in ids if given in known and known[given].status == LIVE]
    return {"products": [diagnosis(product) for product in live]}


def diagnosis(product: Product) -> dict[str, Any]:
    short = len(product.title) < SHORT_TITLE
    advice = {
        "field": "TITLE",
        "diagnosis_results": [
            {
                "code": "TITLE_LESS_THAN_40_CHARACTERS",
                "how_to_solve": "Names must be at least 40 characters long and contain product-identifying information.",
                "quality_tier": "GOOD",
            }
        ],
        "suggestion": {"seo_words": [{"text": word.lower()} for word in product.title.split()[:2]]},
    }
    return {
        "id": product.id,
        "listing_quality": {"current_tier": quality(product), "remaining_recommendations": int(short)},
        "diagnoses": [advice] if short else [],
    }


@operation("checkListingPrerequisites", "GET", "/product/202312/prerequisites", scope=READ)
def check_listing_prerequisites(call: Call) -> dict[str, Any]:
    """A shop whose balance is below zero fails one check; everybody else may list."""
    owes = call.shop.has("negative_balance")
    checks = {"SHOP_STATUS": False, "SELLER_INFO": False, "RETURN_WAREHOUSE": False, "PAYMENT_METHOD": owes}
    return {
        "check_results": [
            {
                "check_item": item,
                "is_failed": failed,
                "fail_reasons": ["Settle the balance that you owe, or link a bank account."] if failed else [],
            }
            for item, failed in checks.items()
        ]
    }
