"""The operations of /order: list, detail, price detail."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from .call import Call
from .errors import ApiError
from .money import NOTHING, text
from .order_view import order_view
from .orders import OPEN_STATES, Line, Order
from .paging import page_size, paged
from .registry import operation
from .shop import Shop

STATUSES = (*OPEN_STATES, "DELIVERED", "COMPLETED", "CANCELLED")
MOST_IDS = 50


def order_of(call: Call, order_id: str) -> Order:
    """The shop's order. Refused where there is none, or it is another shop's."""
    order = call.shop.orders.get(order_id)
    if order is None:
        raise ApiError(21008111, "The order does not belong to the current shop")
    return order


@operation("getOrderList", "POST", "/order/202309/orders/search", scope="seller.order.info")
def get_order_list(call: Call) -> dict[str, Any]:
    size = page_size(call, 1, 100)
    sort_field = call.choice("sort_field", ("create_time", "update_time"), "create_time")
    descending = call.choice("sort_order", ("ASC", "DESC"), "DESC") == "DESC"
    wanted = _filter(call)
    rows = [order for order in call.shop.orders.values() if wanted(order)]
    by: Callable[[Order], tuple[int | str, str]] = (
        (lambda order: (order.create_time, order.id))
        if sort_field == "create_time"
        else (lambda order: (order.update_time, order.id))
    )
    page = paged(call, rows, key=by, size=size, descending=descending)
    found = {"next_page_token": page.next_page_token, "total_count": page.total_count}
    return found | ({"orders": [order_view(call.shop, order) for order in page.rows]} if page.rows else {})


def _filter(call: Call) -> Callable[[Order], bool]:
    status = call.body_choice("order_status", STATUSES)
    shipping, buyer = call.body.get("shipping_type"), call.body.get("buyer_user_id")
    asks_cancel = call.body.get("is_buyer_request_cancel")
    warehouses = call.body_texts("warehouse_ids", most=100)
    created = _window(call, "create_time")
    updated = _window(call, "update_time")

    def wanted(order: Order) -> bool:
        return (
            (status is None or order.status == status)
            and created[0] <= order.create_time < created[1]
            and updated[0] <= order.update_time < updated[1]
            and (not shipping or order.shipping_type == shipping)
            and (not buyer or order.buyer.user_id == buyer)
            and (asks_cancel is None or order.is_buyer_request_cancel == asks_cancel)
            and (not warehouses or order.warehouse_id in warehouses)
        )

    return wanted


def _window(call: Call, name: str) -> tuple[float, float]:
    """From (inclusive) and to (exclusive) of a time filter in the body."""
    start, end = call.body_number(f"{name}_ge"), call.body_number(f"{name}_lt")
    return (float("-inf") if start is None else start), (float("inf") if end is None else end)


@operation("getOrderDetail", "GET", "/order/202507/orders", scope="seller.order.info")
@operation("getOrderDetail_202309", "GET", "/order/202309/orders", scope="seller.order.info")
def get_order_detail(call: Call) -> dict[str, Any]:
    """Orders by id; ids that are not this shop's are left out."""
    ids = call.listed("ids", most=MOST_IDS)
    known = [call.shop.orders[order_id] for order_id in dict.fromkeys(ids) if order_id in call.shop.orders]
    views = [order_view(call.shop, order) for order in known]
    if call.operation == "getOrderDetail":
        for view, order in zip(views, known, strict=True):
            view["payment_method_code"] = "cod" if order.is_cod else "online"
            view["payment_card_type"] = ""
    return {"orders": views} if views else {}


@operation("getOrderPriceDetails", "GET", "/order/202407/orders/{order_id}/price_detail", scope="seller.order.info")
def get_price_detail(call: Call) -> dict[str, Any]:
    order = order_of(call, call.ids["order_id"])
    lines = [_line_price(call.shop, line) for line in order.lines]
    whole = _price(call.shop, order.original_total, order.seller_discount, order.platform_discount, order.shipping_fee, order.tax)
    return {**whole, "line_items": lines}


def _line_price(shop: Shop, line: Line) -> dict[str, Any]:
    """Shipping is charged on the order, not on a line."""
    return {
        "id": line.id,
        **_price(shop, line.original_price, line.seller_discount, line.platform_discount, NOTHING, line.tax),
    }


def _price(shop: Shop, listed: Decimal, seller: Decimal, platform: Decimal, shipping: Decimal, tax: Decimal) -> dict[str, Any]:
    market, goods = shop.market, listed - seller - platform
    return {
        "currency": shop.currency,
        "total": text(market, listed + shipping),
        "payment": text(market, goods + shipping + tax),
        "sku_list_price": text(market, listed),
        "sku_sale_price": text(market, goods),
        "subtotal": text(market, goods + tax),
        "subtotal_deduction_seller": text(market, seller),
        "subtotal_deduction_platform": text(market, platform),
        "subtotal_tax_amount": text(market, tax),
        "voucher_deduction_platform": "0",
        "voucher_deduction_seller": "0",
        "shipping_list_price": text(market, shipping),
        "shipping_sale_price": text(market, shipping),
        "shipping_fee_deduction_seller": "0",
        "shipping_fee_deduction_platform": "0",
        "tax_amount": text(market, tax),
        "net_price_amount": text(market, goods),
    }
