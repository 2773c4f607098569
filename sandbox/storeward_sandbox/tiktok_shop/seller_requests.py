"""What a seller opens: cancel an order, start a return, and ask beforehand what is possible and what it would cost."""

from collections.abc import Sequence
from typing import Any

from . import returns
from .aftersales import SCOPE, bad, is_done, mark_done
from .aftersales_life import Aftersales, cancel_at_once, is_open, request_lines, start_return
from .call import Call
from .errors import ApiError
from .orders import Line, Order
from .registry import operation
from .requests import BUYER_CANCELS, BUYER_RETURNS, Reason, amounts, reasons_named, seller_cancels
from .returns import Return
from .shop import Shop

CANCEL, REFUND, RETURN = "CANCEL", "REFUND", "RETURN_AND_REFUND"
KINDS = (CANCEL, REFUND, RETURN)

BEFORE_SHIPPING = ("UNPAID", "ON_HOLD", "AWAITING_SHIPMENT", "PARTIALLY_SHIPPING")
PART_BY_PART = ("US", "GB")
"""Only here may a seller cancel some lines of an order, and only because they are out of stock."""


def in_progress() -> ApiError:
    return ApiError(25001011, "A return request is already in process, or the order has already been cancelled.")


def too_late() -> ApiError:
    return ApiError(25001045, "The order has already been shipped and we are unable to cancel shipment with the courier.")


def is_over() -> ApiError:
    return ApiError(25001051, "Not allowed to return or cancel since order is completed or cancelled")


def too_many() -> ApiError:
    return ApiError(25005011, "The requested line item(s) for return or refund exceeds the allowable limit.")


def the_order(shop: Shop, order_id: str) -> Order:
    order = shop.orders.get(order_id)
    if order is None:
        raise ApiError(25007006, "Order not found.")
    return order


def obstacle(shop: Shop, order: Order, kind: str, user: str = "SELLER") -> ApiError | None:
    """Why no request of this kind can be opened for the order now; None where one can."""
    if order.status in ("CANCELLED", "COMPLETED"):
        return is_over()
    if any(is_open(request) for request in shop.part(Aftersales).of_order(order.id)):
        return in_progress()
    if kind == CANCEL:
        return None if order.status in cancellable(shop, user) else too_late()
    first = ("AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED") if kind == REFUND else ("DELIVERED",)
    return None if order.status in first else ApiError(25001003, "Invalid order status.")


def cancellable(shop: Shop, user: str) -> tuple[str, ...]:
    """Up to which status each side may cancel: buyers a step further in south-east Asia, sellers in the US."""
    further = shop.market.south_east_asia if user == "BUYER" else shop.region == "US"
    return (*BEFORE_SHIPPING, "AWAITING_COLLECTION") if further else BEFORE_SHIPPING


def reasons_for(shop: Shop, kind: str, user: str) -> tuple[Reason, ...]:
    if kind != CANCEL:
        return BUYER_RETURNS
    return BUYER_CANCELS if user == "BUYER" else seller_cancels(shop.region)


def chosen_lines(call: Call, order: Order) -> list[Line]:
    """The units that a body names: by line, by SKU and quantity, or all that are left."""
    named = call.body_texts("order_line_item_ids")
    named += [str(row.get("order_line_item_id", "")) for row in call.body_objects("order_line_list")]
    left = {line.id: line for line in order.open_lines()}
    if named:
        if not set(named) <= set(left):
            raise too_many()
        return [left[line_id] for line_id in dict.fromkeys(named)]
    skus = call.body_objects("skus")
    return of_skus(list(left.values()), skus) if skus else list(left.values())


def of_skus(lines: Sequence[Line], skus: list[Any]) -> list[Line]:
    """The first units of each SKU that is asked for."""
    chosen: list[Line] = []
    for row in skus:
        quantity = row.get("quantity")
        if not isinstance(quantity, int) or quantity < 1:
            raise bad("skus.quantity")
        of_sku = [line for line in lines if line.item.sku_id == str(row.get("sku_id", "")) and line not in chosen]
        if len(of_sku) < quantity:
            raise too_many()
        chosen += of_sku[:quantity]
    return chosen


@operation("cancelOrder", "POST", "/return_refund/202602/cancellations", scope=SCOPE)
@operation("cancelOrder_202309", "POST", "/return_refund/202309/cancellations", scope=SCOPE)
def cancel_order(call: Call) -> dict[str, Any]:
    """The seller cancels: at once, and without a word of the buyer."""
    shop, order = call.shop, the_order(call.shop, call.given_text("order_id"))
    reason = cancel_reason(shop, call.given_text("cancel_reason"))
    problem = obstacle(shop, order, CANCEL)
    if problem is not None:
        raise problem
    lines = chosen_lines(call, order)
    if len(lines) < len(order.open_lines()) and not (shop.region in PART_BY_PART and "out_of_stock" in reason.name):
        raise ApiError(25005010, "Unable to cancel individual line items within this request.")
    request = cancel_at_once(shop, order, lines, role="SELLER", reason=reason, initiator="SELLER")
    return {"cancel_id": request.id, "cancel_status": request.status}


def cancel_reason(shop: Shop, name: str) -> Reason:
    reason = reasons_named(seller_cancels(shop.region), name)
    if reason is not None:
        return reason
    if reasons_named(BUYER_CANCELS, name):
        raise ApiError(25001015, "The provided return reason cannot be used by the seller.")
    raise ApiError(25001014, "Unknown return reason. Please ensure you are passing a valid return reason.")


@operation("createReturn", "POST", "/return_refund/202602/returns", scope=("seller.fulfillment.basic", SCOPE))
@operation("createReturn_202309", "POST", "/return_refund/202309/returns", scope=("seller.fulfillment.basic", SCOPE))
def create_return(call: Call) -> dict[str, Any]:
    """The seller opens a return or refund for the buyer; it counts as approved."""
    shop, order = call.shop, the_order(call.shop, call.given_text("order_id"))
    for known in shop.part(Aftersales).of_order(order.id):
        if isinstance(known, Return) and is_done(call, known):
            return {"return_id": known.id, "return_status": known.status}
    kind = call.given_text("return_type")
    if kind not in (returns.REFUND, returns.RETURN):
        raise bad("return_type")
    reason = reasons_named(BUYER_RETURNS, call.given_text("return_reason"))
    if reason is None:
        raise ApiError(25001014, "Unknown return reason. Please ensure you are passing a valid return reason.")
    problem = obstacle(shop, order, kind)
    if problem is not None:
        raise problem
    request = start_return(shop, order, kind=kind, reason=reason, lines=chosen_lines(call, order), role="SELLER")
    mark_done(call, request)
    return {"return_id": request.id, "return_status": request.status}


@operation("calculateRefund", "POST", "/return_refund/202602/refunds/calculate", scope=SCOPE)
@operation("calculateRefund_202309", "POST", "/return_refund/202309/refunds/calculate", scope=SCOPE)
def calculate_refund(call: Call) -> dict[str, Any]:
    """What the buyer would get back; shipping only when the whole order is cancelled."""
    order = the_order(call.shop, call.given_text("order_id"))
    kind = call.given_text("request_type")
    if kind not in KINDS:
        raise bad("request_type")
    call.given_text("reason_name")
    lines = chosen_lines(call, order)
    whole = kind == CANCEL and len(lines) == len(order.open_lines())
    shown = request_lines(call.shop, order, lines, with_shipping=whole)
    return {"order_refund_amount": amounts(call.shop.currency, shown)}


@operation("getAftersaleEligibility", "GET", "/return_refund/202602/orders/{order_id}/aftersale_eligibility", scope=SCOPE)
@operation("getAftersaleEligibility_202309", "GET", "/return_refund/202309/orders/{order_id}/aftersale_eligibility", scope=SCOPE)
def get_aftersale_eligibility(call: Call) -> dict[str, Any]:
    """What could be opened for each SKU. The older version names no reasons and lists no lines apart."""
    order = the_order(call.shop, call.ids["order_id"])
    user = call.choice("initiate_aftersale_user", ("BUYER", "SELLER"), "SELLER")
    kinds = call.listed("request_types", most=3, required=False) or list(KINDS)
    newer = not call.operation.endswith("_202309")
    by_sku: dict[str, list[Line]] = {}
    for line in order.lines:
        by_sku.setdefault(line.item.sku_id, []).append(line)
    return {
        "sku_eligibility": [
            {"sku_id": sku, "line_item_eligibility": [eligibility(call.shop, order, kind, user, lines, newer) for kind in kinds]}
            for sku, lines in by_sku.items()
        ]
    }


def eligibility(shop: Shop, order: Order, kind: str, user: str, lines: Sequence[Line], newer: bool) -> dict[str, Any]:
    problem = obstacle(shop, order, kind, user)
    row: dict[str, Any] = {
        "request_type": kind,
        "order_line_items_ids": [line.id for line in lines],
        "eligible": problem is None,
    }
    if newer:
        row["order_line_list"] = [{"order_line_item_id": line.id} for line in lines]
    if problem is not None:
        return {**row, "ineligible_code": problem.code, "ineligible_reason": problem.message}
    names = [reason.name for reason in reasons_for(shop, kind, user)]
    return {**row, "available_reason_names": names} if newer else row
