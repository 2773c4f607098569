"""What can be changed about products: shelf, stock, price, promised ship time (fact sheet section 9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from storeward.connectors.contract import Failure, Level, Parsed, Problem, Request, Retry
from storeward.connectors.wire import Id, Notes, Wire, elements_of, read

from .envelope import About, keep_answer, members_of, open_answer, receipt_parser
from .order_acts import fen_of
from .requests import number, some, unix, write

MOST_SKUS: Final = 50
ORDINARY, BY_WAREHOUSE = 0, 1
"""`sku_type`."""


def put_on_sale_request(product_id: str) -> Request:
    return write("product.setOnline", {"product_id": number(product_id)}, about={"product_id": product_id})


def take_off_sale_request(product_id: str) -> Request:
    return write("product.setOffline", {"product_id": number(product_id)}, about={"product_id": product_id})


def set_stock_request(product_id: str, sku_id: str, stock: int, *, warehouse_id: str | None = None) -> Request:
    """Set what can be sold of a SKU; a repetition changes nothing more."""
    told = {
        "product_id": number(product_id),
        "sku_id": number(sku_id),
        "out_warehouse_id": warehouse_id,
        "incremental": False,
        "stock_num": stock,
    }
    return write("sku.syncStock", told, about={"product_id": product_id})


def add_stock_request(product_id: str, sku_id: str, change: int, *, request_id: str, warehouse_id: str | None = None) -> Request:
    """Add to (or, negative, take from) what can be sold; carried out once for a `request_id`, however often it is sent."""
    told = {
        "product_id": number(product_id),
        "sku_id": number(sku_id),
        "out_warehouse_id": warehouse_id,
        "incremental": True,
        "idempotent_id": request_id,
        "stock_num": change,
    }
    return write("sku.syncStock", told, about={"product_id": product_id})


def set_stocks_request(product_id: str, stocks: Mapping[str, int | Mapping[str, int]], *, request_id: str) -> Request:
    """Set all of one product's SKUs, or none of them: SKU -> units, or warehouse -> units."""
    told = {
        "product_id": number(product_id),
        "idempotent_id": request_id,
        "incremental": False,
        "sku_sync_list": [_stock(sku_id, stock) for sku_id, stock in stocks.items()],
    }
    return write("sku.syncStockBatch", told, about={"product_id": product_id})


def _stock(sku_id: str, stock: int | Mapping[str, int]) -> dict[str, object]:
    if isinstance(stock, int):
        return {"sku_id": number(sku_id), "sku_type": ORDINARY, "stock_num": stock}
    rows = [{"out_warehouse_id": name, "stock_num": count} for name, count in stock.items()]
    return {"sku_id": number(sku_id), "sku_type": BY_WAREHOUSE, "stock_map": rows}


@dataclass(frozen=True, slots=True)
class StockOf:
    """What is left of a SKU, in one warehouse where it is kept by them."""

    product_id: str
    sku_id: str
    stock: int
    warehouse_id: str | None = None


def set_many_stocks_request(stocks: Sequence[StockOf], *, request_id: str) -> Request:
    """Set SKUs of several products, 50 at most; each succeeds or fails by itself."""
    rows = [
        {
            "product_id": number(one.product_id),
            "sku_id": number(one.sku_id),
            "out_warehouse_id": one.warehouse_id,
            "stock_num": one.stock,
        }
        for one in some(stocks, MOST_SKUS, "SKUs")
    ]
    return write("sku.syncStockBatchMultiProducts", {"items": rows, "idempotent_id": request_id, "incremental": False})


def set_price_request(product_id: str, sku_id: str, price: Decimal) -> Request:
    """The price of a SKU, in yuan."""
    told = {"product_id": number(product_id), "sku_id": number(sku_id), "price": fen_of(price)}
    return write("sku.editPrice", told, about={"product_id": product_id})


def set_code_request(product_id: str, sku_id: str, code: str) -> Request:
    """The seller's own code of a SKU."""
    told = {"product_id": number(product_id), "sku_id": number(sku_id), "code": code}
    return write("sku.editCode", told, about={"product_id": product_id})


SAME_DAY, WITHIN_24_HOURS = 0, 1


def set_ship_time_request(sku_id: str, warehouse_id: str, delay_days: int, *, presale_until: datetime | None = None) -> Request:
    """The promised ship time of a SKU in a warehouse; of a presale 2 to 15 days, and until when it is one."""
    rule = {
        "sku_id": sku_id,
        "out_warehouse_id": warehouse_id,
        "pre_sell_type": 1 if presale_until else 0,
        "delay_day": delay_days,
        "pre_sell_end_time": unix(presale_until) if presale_until else 0,
    }
    return write("promise.setSkuShipTime", {"rules": [rule]})


class StockRow(Wire):
    sku_id: Id = None
    status_code: Id = None
    status_message: str | None = None


def parse_many_stocks(body: bytes, about: About) -> Parsed:
    """The answer of stock for several products: a SKU that failed is a failure under the code of success."""
    parsed, data = open_answer(body, "sku.syncStockBatchMultiProducts")
    if data is None:
        return parsed
    keep_answer(data, parsed, ())
    for nth, raw in enumerate(elements_of(members_of(data, parsed).get("results")) or ()):
        path = f"data.results[{nth}]"
        row = read(raw, StockRow, Notes(path, parsed.problems))
        code = "0" if row is None or row.status_code is None else str(row.status_code)
        if row is not None and code != "0":
            message = f"SKU {row.sku_id}: {row.status_message or 'no message'}"
            parsed.problems.append(Problem(f"{path}.status_code", message, Level.PLATFORM, Failure(code, Retry.NEVER)))
    return parsed


parse_on_sale = receipt_parser("product.setOnline")
parse_off_sale = receipt_parser("product.setOffline")
parse_stock = receipt_parser("sku.syncStock")
parse_stocks = receipt_parser("sku.syncStockBatch")
parse_price = receipt_parser("sku.editPrice")
parse_code = receipt_parser("sku.editCode")
parse_ship_time = receipt_parser("promise.setSkuShipTime")
