"""Products as the platform shows them: the list with its windows and offsets, one product, quality alerts, limits of a seller."""

from collections.abc import Callable
from typing import Any

from storeward_sandbox.clock import DAY

from .call import Call
from .catalogue import ACTIVE, DELETED, INACTIVE, PENDING, SUSPENDED, Catalogue, Product, Sku, Stock
from .dates import bare, minute, ms
from .errors import ApiError, malformed
from .order_view import number
from .orders import Order
from .registry import Answer, data, operation
from .shop import Shop
from .stockroom import shop_sku

MOST_OFFSET = 10_000
MOST_PRODUCTS = 50
MOST_NAMED = 100
ITEM_LIMIT = 500
PICTURES = 8
BOX = {"package_width": "10.00", "package_height": "4.00", "package_length": "20.00"}


def _is_rejected(product: Product) -> bool:
    return product.status == SUSPENDED and product.sub_status in ("Reject", "Live_Reject")


FILTERS: dict[str, Callable[[Product], bool]] = {
    "all": lambda product: product.status != DELETED,
    "live": lambda product: product.status == ACTIVE,
    "inactive": lambda product: product.status == INACTIVE,
    "deleted": lambda product: product.status == DELETED,
    "pending": lambda product: product.status == PENDING,
    "rejected": _is_rejected,
    "sold-out": lambda product: product.status == ACTIVE and not any(sku.sellable for sku in product.skus),
}


@operation("/products/get")
def list_products(call: Call) -> Answer:
    kind = call.text("filter", "all")
    if kind not in FILTERS:
        raise bad_filter(kind)
    offset, limit = call.offset(MOST_OFFSET), call.limit(MOST_PRODUCTS, default=20)
    begin, end = call.moment("update_after"), call.moment("update_before")
    born, dead = call.moment("create_after"), call.moment("create_before")
    named = _named(call)
    chosen = [
        product
        for product in call.shop.part(Catalogue).products.values()
        if FILTERS[kind](product)
        and (begin is None or product.updated >= begin)
        and (end is None or product.updated <= end)
        and (born is None or product.created >= born)
        and (dead is None or product.created <= dead)
        and (named is None or any(sku.seller_sku in named for sku in product.skus))
    ]
    chosen.sort(key=lambda product: (product.updated, product.id))
    rows = [product_row(call.shop, product) for product in chosen[offset : offset + limit]]
    return data({"total_products": len(chosen), "products": rows})


def bad_filter(given: str) -> ApiError:
    return ApiError("36", f'E036: Invalid status filter "{given}"')


def _named(call: Call) -> set[str] | None:
    if not call.text("sku_seller_list"):
        return None
    named = call.json_words("sku_seller_list")
    if len(named) > MOST_NAMED:
        raise malformed("sku_seller_list")
    return set(named)


def known_product(call: Call, item_id: str) -> Product:
    """Code 208 where the store has no such product."""
    product = call.shop.part(Catalogue).products.get(item_id)
    if product is None:
        raise ApiError("208", "E208: ITEM_NOT_FOUND")
    return product


@operation("/product/item/get")
def get_product(call: Call) -> Answer:
    if call.text("seller_sku") and not call.text("item_id"):
        raise ApiError("5", "E005: seller_sku is no longer supported")
    product = known_product(call, call.need("item_id"))
    variation = {
        f"variation{place}": {
            "name": axis,
            "has_image": False,
            "customize": True,
            "options": product.axis_values(axis),
            "label": axis.replace("_", " ").title(),
        }
        for place, axis in enumerate(product.axes, start=1)
    }
    return data({**product_row(call.shop, product), "variation": variation, "bizSupplement": {}, "imageSequence": {}})


def product_row(shop: Shop, product: Product) -> dict[str, Any]:
    row = {
        "created_time": str(ms(product.created)),
        "updated_time": str(ms(product.updated)),
        "images": product.images,
        "marketImages": [],
        "skus": [sku_row(shop, product, sku) for sku in product.skus],
        "item_id": int(product.id),
        "trialProduct": False,
        "primary_category": product.category,
        "attributes": product.attributes,
        "status": product.status,
        "subStatus": product.sub_status,
        "rejectReason": product.rejected or None,
        "suspendedSkus": None,
    }
    if product.hidden is not None:
        row |= {"hiddenStatus": product.hidden[0], "hiddenReason": product.hidden[1]}
    return row


def sku_row(shop: Shop, product: Product, sku: Sku) -> dict[str, Any]:
    pictures = product.images[:PICTURES]
    first = sku.stock[0]
    row: dict[str, Any] = {
        "Status": sku.status,
        "quantity": first.sellable,
        "Images": pictures + [""] * (PICTURES - len(pictures)),
        "SellerSku": sku.seller_sku,
        "ShopSku": shop_sku(shop, product, sku),
        "saleProp": sku.props,
        "Url": f"https://{shop.site.shop_host}/-i{product.id}-s{sku.id}.html",
        "multiWarehouseInventories": [_inventory(stock) for stock in sku.stock],
        **BOX,
        "fblWarehouseInventories": [],
        "special_price": number(sku.sale_price) if sku.sale_price is not None else 0,
        "price": number(sku.price),
        "channelInventories": _locks(shop, sku),
        "package_weight": sku.weight,
        "Available": sku.sellable,
        "SkuId": int(sku.id),
    }
    if sku.sale_price is not None:
        begin, end = minute(shop.site, sku.sale_from), minute(shop.site, sku.sale_to)
        row |= {"special_from_time": begin, "special_to_time": end, "special_time_format": "yyyy-MM-dd HH:mm"}
        row |= {"special_from_date": begin[:10], "special_to_date": end[:10]}
    return row


def _inventory(stock: Stock) -> dict[str, Any]:
    return {
        "occupyQuantity": stock.occupied,
        "quantity": stock.sellable,
        "totalQuantity": stock.total,
        "withholdQuantity": stock.withheld,
        "warehouseCode": stock.warehouse,
        "sellableQuantity": stock.sellable,
    }


def _locks(shop: Shop, sku: Sku) -> list[dict[str, Any]]:
    lock = sku.lock
    if lock is None or not sku.locked(shop.now):
        return []
    begins, ends = bare(shop.site, lock.begins), bare(shop.site, lock.ends)
    return [{"channelName": lock.name, "startTime": begins, "endTime": ends, "sellableQuantity": lock.units}]


@operation("/product/qc/alert/list")
def quality_alerts(call: Call) -> Answer:
    """Products that will be taken offline."""
    call.need("offset")
    call.need("limit")
    offset, limit = call.offset(MOST_OFFSET), call.limit(MOST_NAMED, default=10)
    alerts = [product for product in call.shop.part(Catalogue).products.values() if product.deactivates]
    rows = [
        {
            "productId": int(product.id),
            "categoryId": product.category,
            "deactivationTime": ms(product.deactivates),
            "suggestionCategories": [product.category + 1],
        }
        for product in alerts[max(offset - 1, 0) :][:limit]
    ]
    return data(rows)


@operation("/product/seller/item/limit")
def item_limit(call: Call) -> Answer:
    """Cross-border sellers only."""
    if not call.shop.cross_border:
        return {
            "success": False,
            "errorCodes": ["NOT_CROSS_BORDER"],
            "errorMsgs": ["Only for cross-border sellers"],
            "data": None,
        }
    since = call.now - 90 * DAY
    paid = [order for order in call.shop.orders.values() if order.paid_at >= since]
    return {"success": True, "errorCodes": None, "errorMsgs": None, "data": _limits(call.shop, paid)}


def _limits(shop: Shop, paid: list[Order]) -> dict[str, int]:
    online = [product for product in shop.part(Catalogue).products.values() if product.status == ACTIVE]
    return {
        "onlineItemCount": len(online),
        "itemLimit": ITEM_LIMIT,
        "payItemCnt": sum(len(order.lines) for order in paid),
        "payByrCnt": len({order.buyer.user_id for order in paid}),
    }
