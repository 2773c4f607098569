"""Changing price, stock and content of products (fact sheet section 18). The payload is XML, which all of these calls take.

Stock is best set by `set_stock_request`: an absolute figure of what can be bought. A delta is not idempotent and never repeated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from xml.sax.saxutils import escape

from storeward.connectors.contract import Parse, Request

from .envelope import receipt_parser
from .requests import packed, upload, write

SET, ADJUST, PRICE = "/product/stock/sellable/update", "/product/stock/sellable/adjust", "/product/price_quantity/update"
UPDATE, DEACTIVATE, IMAGE = "/product/update", "/product/deactivate", "/image/upload"
SKUS_PER_CALL: Final = 50
CONTROL: Final = dict.fromkeys(set(range(32)) - {9, 10, 13})
"""Characters that XML 1.0 cannot hold."""


@dataclass(frozen=True, slots=True)
class SkuChange:
    """What becomes of one SKU. `warehouses` only for sellers who have several: code -> quantity."""

    listing_id: str
    sku_id: str
    quantity: int | None = None
    warehouses: Mapping[str, int] | None = None
    price: Decimal | None = None
    sale_price: Decimal | None = None
    sale_from: str | None = None
    sale_until: str | None = None


def set_stock_request(changes: Sequence[SkuChange]) -> Request:
    """What can be bought of each SKU from now on."""
    return write(SET, {"payload": _payload(changes, "SellableQuantity")})


def adjust_stock_request(changes: Sequence[SkuChange]) -> Request:
    """More or less of each SKU, by a signed difference. Never repeat it without reading back."""
    return write(ADJUST, {"payload": _payload(changes, "SellableQuantity")})


def set_price_request(changes: Sequence[SkuChange]) -> Request:
    """Price, sale, and (unlike `set_stock_request`) the warehouse's **total**, sold units among it."""
    return write(PRICE, {"payload": _payload(changes, "Quantity")})


def update_product_request(
    listing_id: str, *, attributes: Mapping[str, str] | None = None, skus: Sequence[Mapping[str, Any]] = ()
) -> Request:
    """Content of one product; each SKU must name its `SkuId`. Values are text, as the documentation wants them in JSON."""
    product: dict[str, Any] = {"ItemId": listing_id}
    if attributes:
        product["Attributes"] = dict(attributes)
    if skus:
        product["Skus"] = {"Sku": [dict(sku) for sku in skus]}
    return write(UPDATE, {"payload": packed({"Request": {"Product": product}})})


def deactivate_request(listing_id: str, seller_skus: Sequence[str] = ()) -> Request:
    """Take a product (or some SKUs of it) off sale, without quality control. The parameter has a name of its own."""
    skus = f"<Skus>{''.join(_tag('SellerSku', sku) for sku in seller_skus)}</Skus>" if seller_skus else ""
    return write(DEACTIVATE, {"apiRequestBody": f"<Request><Product>{_tag('ItemId', listing_id)}{skus}</Product></Request>"})


def upload_image_request(content: bytes) -> Request:
    return upload(IMAGE, content)


def _payload(changes: Sequence[SkuChange], quantity: str) -> str:
    if not 1 <= len(changes) <= SKUS_PER_CALL:
        raise ValueError(f"1 to {SKUS_PER_CALL} SKUs can be changed at once, not {len(changes)}")
    skus = "".join(_sku(change, quantity) for change in changes)
    return f"<Request><Product><Skus>{skus}</Skus></Product></Request>"


def _sku(change: SkuChange, quantity: str) -> str:
    told = {
        "ItemId": change.listing_id,
        "SkuId": change.sku_id,
        quantity: change.quantity,
        "Price": None if change.price is None else f"{change.price:f}",
        "SalePrice": None if change.sale_price is None else f"{change.sale_price:f}",
        "SaleStartDate": change.sale_from,
        "SaleEndDate": change.sale_until,
    }
    inside = "".join(_tag(name, value) for name, value in told.items() if value is not None)
    places = "".join(
        f"<MultiWarehouseInventory>{_tag('WarehouseCode', code)}{_tag(quantity, count)}</MultiWarehouseInventory>"
        for code, count in (change.warehouses or {}).items()
    )
    several = f"<MultiWarehouseInventories>{places}</MultiWarehouseInventories>" if places else ""
    return f"<Sku>{inside}{several}</Sku>"


def _tag(name: str, value: object) -> str:
    return f"<{name}>{escape(str(value).translate(CONTROL))}</{name}>"


def _receipt(operation: str) -> Parse:
    return receipt_parser(operation, "data", "item_status")


parse_set = _receipt(SET)
parse_adjusted = _receipt(ADJUST)
parse_priced = _receipt(PRICE)
parse_updated = _receipt(UPDATE)
parse_deactivated = _receipt(DEACTIVATE)
parse_image = receipt_parser(IMAGE, "data.image", "url", "hash_code")
