"""Stock: asked for by product or SKU, set per warehouse, and what lies in the platform's own warehouses."""

from typing import Any

from .call import Call, sku_rows
from .catalogue import LIVE, MOST_UNITS, Catalogue, Product, Sku
from .errors import ApiError, bad_parameter
from .paging import page_size, paged
from .product_views import stock_sku
from .products import READ, WRITE, editable
from .registry import operation
from .shop import Shop
from .stockroom import after_change, show

MOST_PRODUCTS, MOST_SKUS = 100, 600


@operation("inventorySearch", "POST", "/product/202309/inventory/search", scope=READ)
def inventory_search(call: Call) -> dict[str, Any]:
    """By product, or by SKU: where both are given, SKUs win. Unknown ids are left out."""
    sku_ids, product_ids = call.body_list("sku_ids"), call.body_list("product_ids")
    if len(sku_ids) > MOST_SKUS:
        raise ApiError(12019015, "The number of SKU exceed the limit")
    if len(product_ids) > MOST_PRODUCTS:
        raise ApiError(12019120, "The number of provided product IDs exceeds the limit.")
    if not sku_ids and not product_ids:
        raise bad_parameter("Request body must have product_ids or sku_ids")
    chosen = by_sku(call.shop, sku_ids) if sku_ids else by_product(call.shop, product_ids)
    rows = [{"product_id": product.id, "skus": [stock_sku(sku) for sku in skus]} for product, skus in chosen]
    return {"inventory": rows}


def by_sku(shop: Shop, sku_ids: list[str]) -> list[tuple[Product, list[Sku]]]:
    rows: dict[str, tuple[Product, list[Sku]]] = {}
    for sku_id in sku_ids:
        found = shop.part(Catalogue).find(str(sku_id))
        if found:
            rows.setdefault(found[0].id, (found[0], []))[1].append(found[1])
    return list(rows.values())


def by_product(shop: Shop, product_ids: list[str]) -> list[tuple[Product, list[Sku]]]:
    known = shop.part(Catalogue).products
    return [(known[product_id], known[product_id].skus) for product_id in map(str, product_ids) if product_id in known]


@operation("updateInventory", "POST", "/product/202309/products/{product_id}/inventory/update", scope=WRITE)
def update_inventory(call: Call) -> dict[str, Any]:
    """Absolute quantities, SKU by SKU: those that are wrong are named under code 0, the others are set."""
    product = editable(call.shop, call.ids["product_id"])
    errors = []
    for row in sku_rows(call, most=100, required=True):
        sku = product.sku(str(row.get("id", "")))
        if sku is None:
            errors.append(refusal(str(row.get("id", "")), 12052556, "The SKU id not exist."))
            continue
        problem = check(product, sku, row.get("inventory") or [], call.now)
        if problem is None:
            put(call.shop, product, sku, row["inventory"])
        else:
            errors.append(problem)
    if len(errors) < len(call.body["skus"]):
        product.updated = call.now
    return {"errors": errors} if errors else {}


def check(product: Product, sku: Sku, rows: list[dict[str, Any]], now: int) -> dict[str, Any] | None:
    """What is wrong with new quantities of one SKU; None where nothing is."""
    mine = {stock.warehouse_id for stock in sku.stock}
    named = {str(row["warehouse_id"]) for row in rows if row.get("warehouse_id")}
    if len(mine) > 1 and not mine <= named:
        strange = [extra(warehouse, 12052097, "The warehouse does not exist") for warehouse in sorted(named - mine)]
        return refusal(sku.id, 12019028, "Multiple warehouses detected.", strange)
    if named - mine:
        strange = [extra(warehouse, 12052097, "The warehouse does not exist") for warehouse in sorted(named - mine)]
        return refusal(sku.id, 12052097, "The warehouse does not exist", strange)
    quantities = [row.get("quantity") for row in rows]
    if not quantities or not all(type(quantity) is int and 1 <= quantity <= MOST_UNITS for quantity in quantities):
        return refusal(sku.id, 12052055, "The SKU inventory quantity for the warehouse must be within allowed limits.")
    if product.price_locked(now) and sum(quantity for quantity in quantities if quantity) < sku.available:
        return refusal(sku.id, 12052393, "Product locked for Promotion and stock can't be updated below current stock")
    return None


def put(shop: Shop, product: Product, sku: Sku, rows: list[dict[str, Any]]) -> None:
    """Set the free units; what is promised to orders stays promised."""
    before = sku.level
    wanted = {str(row.get("warehouse_id") or sku.stock[0].warehouse_id): row["quantity"] for row in rows}
    for stock in sku.stock:
        stock.available = wanted[stock.warehouse_id]
    show(shop, product)
    after_change(shop, product, sku, before)


def refusal(sku_id: str, code: int, message: str, extras: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    detail: dict[str, Any] = {"sku_id": sku_id, "extra_errors": extras or []}
    return {"code": code, "message": message, "detail": detail}


def extra(warehouse_id: str, code: int, message: str) -> dict[str, Any]:
    return {"warehouse_id": warehouse_id, "code": code, "message": message}


@operation("searchFBTInventory", "POST", "/fbt/202408/inventory/search", scope="seller.fbt.info")
def search_fbt_inventory(call: Call) -> dict[str, Any]:
    """What the platform keeps for the seller: one row for each good, every third live SKU of a shop that uses the service."""
    size = page_size(call, 1, 100)
    goods, skus = set(call.body_texts("goods_ids")), set(call.body_texts("sku_ids"))
    places = set(call.body_texts("fbt_warehouse_ids"))
    rows = [
        row
        for row in platform_stock(call.shop)
        if (not goods or row["goods"]["id"] in goods)
        and (not skus or row["goods"]["skus"][0]["id"] in skus)
        and (not places or row["fbt_warehouse_id"] in places)
    ]
    page = paged(call, rows, key=lambda row: (row["goods"]["id"], row["goods"]["id"]), size=size)
    return {"inventory": list(page.rows), "total_count": page.total_count, "next_page_token": page.next_page_token}


def platform_stock(shop: Shop) -> list[dict[str, Any]]:
    live = [
        (product, sku)
        for product in shop.part(Catalogue).products.values()
        for sku in product.skus
        if product.status == LIVE and int(sku.id) % 3 == 0
    ]
    return [platform_row(product, sku) for product, sku in live]


def platform_row(product: Product, sku: Sku) -> dict[str, Any]:
    reserved = int(sku.id) % 7
    held = {"total_quantity": sku.available + reserved, "available_quantity": sku.available, "reserved_quantity": reserved}
    return {
        "goods": {
            "id": str(int(sku.id) // 3),
            "reference_code": sku.seller_sku,
            "name": f"{product.title} ({sku.name})",
            "skus": [{"id": sku.id, "on_hand_detail": held}],
        },
        "fbt_warehouse_id": "7232382932030232",
        "in_transit_quantity": int(sku.id) % 11,
        "on_hand_detail": {**held, "unfulfillable_quantity": 0},
    }
