"""What sellers change by API: stock in three ways, prices, content, offline; and pictures.

A batch is refused as a whole with code 501 when some of its SKUs are; the good ones are changed all the same.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from hashlib import md5
from typing import Any

from storeward_sandbox.images import look_at

from .call import Call
from .catalogue import DEFAULT_WAREHOUSE, DELETED, INACTIVE, PENDING, SUSPENDED, Catalogue, Product, Sku, Stock
from .dates import BadDate, local, parse_day
from .errors import ApiError, missing
from .payload import parsed, product_in, rows_in, skus_in
from .places import Places
from .registry import BOTH, POST, Answer, data, operation
from .stockroom import IMAGES, quantity_changed, tell_edited

MOST_SKUS = 50
MOST_UNITS = 1_000_000
LARGEST_PICTURE = 1024 * 1024
Json = dict[str, Any]
Change = Callable[[Stock, int], int]


class RowRefused(Exception):
    """One SKU of a batch cannot be changed."""

    def __init__(self, code: str, field: str, message: str) -> None:
        super().__init__(message)
        self.code, self.field, self.message = code, field, message


# --- batches ----------------------------------------------------------------------------------------------------------


def _each_sku(call: Call, rows: Sequence[Json], change: Callable[[Product, Sku, Json], None]) -> Answer:
    if len(rows) > MOST_SKUS:
        raise ApiError("204", f"E204: Too many SKUs in one request, at most {MOST_SKUS}")
    detail, changed = [], []
    for row in rows:
        try:
            product, sku = _sku_of(call, row)
            change(product, sku, row)
            changed.append(product)
        except RowRefused as refusal:
            detail.append(_detail(row, refusal))
    for product in {product.id: product for product in changed}.values():
        tell_edited(call.shop, product)
    if detail:
        raise ApiError("501", "E0501: Update product failed", detail=detail)
    return data({})


def _detail(row: Json, refusal: RowRefused) -> Json:
    given = str(row.get("SkuId", ""))
    return {
        "sku_id": int(given) if given.isdigit() else None,
        "seller_sku": str(row.get("SellerSku", "")),
        "code": refusal.code,
        "field": refusal.field,
        "message": refusal.message,
    }


def _sku_of(call: Call, row: Json) -> tuple[Product, Sku]:
    catalogue = call.shop.part(Catalogue)
    found = catalogue.find(str(row.get("SkuId", "")))
    if found is None:
        wanted = str(row.get("SellerSku", "")) if not row.get("SkuId") else ""
        found = next((pair for pair in catalogue.by_sku.values() if wanted and pair[1].seller_sku == wanted), None)
    if found is None or str(row.get("ItemId") or found[0].id) != found[0].id or found[0].status == DELETED:
        raise RowRefused("207", "SkuId", "SKU not found")
    if found[0].sub_status == "Lock":
        raise RowRefused("4155", "SkuId", "the product is locked by a penalty")
    return found


def _units(given: object, field: str, *, signed: bool = False) -> int:
    text = str(given)
    if not text.removeprefix("-" if signed else "").isdigit() or len(text) > 9:
        raise RowRefused("4152" if text.startswith("-") else "5", field, "the quantity is not valid")
    return int(text)


def _set_stock(call: Call, sku: Sku, row: Json, field: str, change: Change, *, signed: bool = False) -> None:
    """Apply `change` (stock, given) -> new sellable to the default or to the named warehouses."""
    asked = [(DEFAULT_WAREHOUSE, row[field])] if field in row else []
    for one in rows_in(row, "MultiWarehouseInventories", "MultiWarehouseInventory"):
        if not call.shop.part(Places).several:
            raise RowRefused("5", "MultiWarehouseInventories", "the seller has one warehouse only")
        asked.append((str(one.get("WarehouseCode", "")), one.get(field, "")))
    wanted: list[tuple[Stock, int]] = []
    for warehouse, given in asked:
        stock = sku.at(warehouse)
        if stock is None:
            raise RowRefused("5", "WarehouseCode", f"there is no warehouse {warehouse}")
        wanted.append((stock, change(stock, _units(given, field, signed=signed))))
    _check_stock(call, sku, wanted, field)
    for stock, sellable in wanted:
        stock.sellable = sellable
    if wanted:
        quantity_changed(call.shop, sku)


def _check_stock(call: Call, sku: Sku, wanted: Sequence[tuple[Stock, int]], field: str) -> None:
    if any(sellable < 0 for _stock, sellable in wanted):
        raise RowRefused("212", field, "negative sellable stock")
    if any(sellable > MOST_UNITS for _stock, sellable in wanted):
        raise RowRefused("5", field, "the quantity is too large")
    after = sku.sellable + sum(sellable - stock.sellable for stock, sellable in wanted)
    locked = sku.locked(call.now)
    if wanted and after < locked:
        raise RowRefused("501", field, "negative sellable on channel inventory")


@operation("/product/stock/sellable/update", BOTH)
def set_sellable(call: Call) -> Answer:
    """Absolute."""

    def change(product: Product, sku: Sku, row: Json) -> None:
        _set_stock(call, sku, row, "SellableQuantity", lambda stock, given: given)

    return _each_sku(call, _rows(call), change)


@operation("/product/stock/sellable/adjust", POST)
def adjust_sellable(call: Call) -> Answer:
    """By a difference: not the same when done twice."""

    def change(product: Product, sku: Sku, row: Json) -> None:
        _set_stock(call, sku, row, "SellableQuantity", lambda stock, given: stock.sellable + given, signed=True)

    return _each_sku(call, _rows(call), change)


@operation("/product/price_quantity/update", POST)
def set_price_and_total(call: Call) -> Answer:
    """The total of a warehouse, held and occupied units included, and prices."""

    def change(product: Product, sku: Sku, row: Json) -> None:
        prices = _prices(call, sku, row)
        _set_stock(call, sku, row, "Quantity", lambda stock, given: given - stock.withheld - stock.occupied)
        _reprice(sku, prices)

    return _each_sku(call, _rows(call), change)


def _rows(call: Call) -> list[Json]:
    return skus_in(product_in(parsed(call.need("payload"))))


# --- prices -----------------------------------------------------------------------------------------------------------


def _amount(row: Json, field: str) -> Decimal | None:
    if row.get(field) in (None, ""):
        return None
    try:
        amount = Decimal(str(row[field]))
    except InvalidOperation as error:
        raise RowRefused("4104", field, "the price is not valid") from error
    if not amount.is_finite() or not 0 <= amount < 10**12:
        raise RowRefused("4104", field, "the price is not valid")
    return amount


def _day(call: Call, row: Json, field: str) -> int | None:
    if not row.get(field):
        return None
    try:
        day = parse_day(str(row[field]))
    except BadDate as error:
        raise RowRefused("4104", field, "the date is not valid") from error
    return int(local(call.shop.site, call.now).replace(year=day.year, month=day.month, day=day.day, hour=0, minute=0).timestamp())


def _prices(call: Call, sku: Sku, row: Json) -> dict[str, Any]:
    """The new values of price and sale; only those that the row names."""
    price, sale = _amount(row, "Price"), _amount(row, "SalePrice")
    if price == 0 or (sale is not None and sale >= (price or sku.price)):
        raise RowRefused("4104", "SalePrice" if price != 0 else "Price", "the price is not valid")
    found = {
        "price": price,
        "sale_price": sale,
        "sale_from": _day(call, row, "SaleStartDate"),
        "sale_to": _day(call, row, "SaleEndDate"),
    }
    return {name: value for name, value in found.items() if value is not None}


def _reprice(sku: Sku, prices: dict[str, Any]) -> None:
    for name, value in prices.items():
        setattr(sku, name, value)


# --- content ----------------------------------------------------------------------------------------------------------


def _item(call: Call, product: Json) -> Product:
    found = call.shop.part(Catalogue).products.get(str(product.get("ItemId", "")))
    if found is None:
        raise ApiError("EDIT_ITEM_NOT_BELONG_SELLER", "The product does not belong to the seller")
    if found.sub_status == "Lock":
        raise ApiError("4218", "E4218: The product is locked by a penalty")
    return found


@operation("/product/update", POST)
def update_product(call: Call) -> Answer:
    """Content goes through quality check again; quantity is the sellable one of the default warehouse."""
    request = product_in(parsed(call.need("payload")))
    product = _item(call, request)
    given = request.get("Attributes")
    attributes = {name: str(value) for name, value in given.items()} if isinstance(given, dict) else {}
    if "name" in attributes and not attributes["name"]:
        raise ApiError("4104", "E4104: The name is missing")
    for row in skus_in(request) if "Skus" in request else []:
        _update_sku(call, product, row)
    product.attributes |= attributes
    product.title = attributes.get("name", product.title)
    if attributes:
        product.status, product.sub_status, product.deactivates = PENDING, None, 0
    tell_edited(call.shop, product)
    return data({"variation": _variation(product), "item_status": product.status})


def _update_sku(call: Call, product: Product, row: Json) -> None:
    sku = product.sku(str(row.get("SkuId", "")))
    if sku is None:
        raise ApiError("207", "E207: SKU not found", detail=[_detail(row, RowRefused("207", "SkuId", "SKU not found"))])
    try:
        prices = _prices(call, sku, {"Price": row.get("price"), "SalePrice": row.get("special_price")})
        if row.get("quantity") not in (None, ""):
            _set_stock(call, sku, {"quantity": row["quantity"]}, "quantity", lambda stock, given: given)
    except RowRefused as refusal:
        raise ApiError("501", "E0501: Update product failed", detail=[_detail(row, refusal)]) from refusal
    _reprice(sku, prices)


def _variation(product: Product) -> Json:
    return {
        f"Variation{place}": {"name": axis, "has_image": False, "customize": True, "options": product.axis_values(axis)}
        for place, axis in enumerate(product.axes, start=1)
    }


@operation("/product/deactivate", POST)
def deactivate_product(call: Call) -> Answer:
    """Offline without a quality check: the whole product, or those of its SKUs that are named."""
    request = product_in(parsed(call.need("apiRequestBody")))
    product = _item(call, request)
    named = request.get("Skus")
    rows = named.get("SellerSku", []) if isinstance(named, dict) else []
    wanted = {str(one) for one in (rows if isinstance(rows, list) else [rows])}
    chosen = [sku for sku in product.skus if sku.seller_sku in wanted] if wanted else product.skus
    if not chosen:
        raise ApiError("207", "E207: SKU not found")
    if product.status in (DELETED, SUSPENDED):
        raise ApiError("4155", "E4155: The product cannot be changed")
    for sku in chosen:
        sku.status = "inactive"
    if all(sku.status == "inactive" for sku in product.skus):
        product.status = INACTIVE
    tell_edited(call.shop, product)
    return data({})


@operation("/image/upload", POST, upload=True)
def upload_image(call: Call) -> Answer:
    upload = call.uploads.get("image")
    if upload is None:
        raise missing("image")
    picture = look_at(upload.data)
    if picture is None or picture.kind not in ("jpg", "png"):
        raise ApiError("300", "E300: Invalid image type")
    if len(upload.data) > LARGEST_PICTURE:
        raise ApiError("302", "E302: The image is too large")
    mark = md5(upload.data, usedforsecurity=False).hexdigest()
    return data({"image": {"hash_code": mark, "url": f"{IMAGES}/{mark}.{picture.kind}"}})
