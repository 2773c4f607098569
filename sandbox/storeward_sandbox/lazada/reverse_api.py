"""Reverse orders by API: lists, details, histories, reasons, and the seller's answers. Amounts are in the smallest unit."""

from collections.abc import Sequence
from typing import Any

from .call import Call
from .dates import ms
from .errors import ApiError, bad_order_id
from .orders import CANCELLABLE, Line, cancel
from .reasons import SELLER_CANCELS, SELLER_REFUSES, refusal_reason, seller_cancel_reason
from .registry import BOTH, Answer, data, operation
from .reverse import (
    CANCEL,
    ONLY_REFUND,
    RETURN,
    SELLER,
    Event,
    ReverseLine,
    ReverseOrder,
    Reverses,
    agree_return,
    authorise,
    dispute,
    keep_in,
    let_out,
    receive,
    refuse,
    total_refund,
)
from .shop import Shop
from .sites import minor_units
from .stockroom import shop_sku

KINDS = (CANCEL, RETURN, ONLY_REFUND)


def _known(call: Call) -> ReverseOrder:
    """The reverse order that the call names; code 106 for one of another store."""
    reverse = call.shop.part(Reverses).orders.get(call.need("reverse_order_id"))
    if reverse is None:
        raise ApiError("106", "E106: reverse order service error")
    return reverse


def _known_line(call: Call) -> tuple[ReverseOrder, ReverseLine]:
    wanted = call.need("reverse_order_line_id")
    for reverse in call.shop.part(Reverses).orders.values():
        line = reverse.line(wanted)
        if line is not None:
            return reverse, line
    raise ApiError("106", "E106: reverse order service error")


# --- reading ----------------------------------------------------------------------------------------------------------


@operation("/reverse/getreverseordersforseller", BOTH, not_half_managed=True)
def list_reverse_orders(call: Call) -> Answer:
    call.need("page_no")
    call.need("page_size")
    page, size = call.page("page_no", "page_size", default=10, most=100)
    found = [reverse for reverse in call.shop.part(Reverses).orders.values() if _wanted(call, reverse)]
    found.sort(key=lambda reverse: (max(line.modified for line in reverse.lines), reverse.id), reverse=True)
    rows = found[(page - 1) * size : page * size]
    items = [_row(call.shop, reverse) for reverse in rows]
    return {"result": {"total": len(found), "success": True, "page_no": page, "page_size": size, "items": items}}


def _wanted(call: Call, reverse: ReverseOrder) -> bool:
    kinds, states, ofc = (call.json_words(name) for name in ("request_type_list", "reverse_status_list", "ofc_status_list"))
    to, disputed = call.text("return_to_type"), call.text("dispute_in_progress").lower()
    lines = reverse.lines
    return all(
        (
            not kinds or reverse.kind in kinds,
            not states or any(line.status in states for line in lines),
            not ofc or any(line.ofc_status in ofc for line in lines),
            call.text("reverse_order_id", reverse.id) == reverse.id,
            call.text("trade_order_id", reverse.order.id) == reverse.order.id,
            not to or (to == "RTM") == reverse.is_rtm,
            not disputed or (disputed == "true") == any(line.disputed for line in lines),
            call.text("QC_Decision") in ("", *(line.decision for line in lines)),
            _in_range(call, "TradeOrderLineCreatedTimeRange", [reverse.order.created]),
            _in_range(call, "ReverseOrderLineTimeRange", [line.created for line in lines]),
            _in_range(call, "ReverseOrderLineModifiedTimeRange", [line.modified for line in lines]),
        )
    )


def _in_range(call: Call, name: str, instants: Sequence[int]) -> bool:
    begin, end = call.number(f"{name}Start"), call.number(f"{name}End")
    return any((begin is None or ms(at) >= begin) and (end is None or ms(at) <= end) for at in instants)


def _row(shop: Shop, reverse: ReverseOrder) -> dict[str, Any]:
    return {
        "reverse_order_id": int(reverse.id),
        "trade_order_id": int(reverse.order.id),
        "request_type": reverse.kind,
        "is_rtm": reverse.is_rtm,
        "shipping_type": reverse.shipping_type,
        "reverse_order_lines": [_list_line(shop, reverse, line) for line in reverse.lines],
    }


def _line(shop: Shop, reverse: ReverseOrder, line: ReverseLine) -> dict[str, Any]:
    """What list and detail agree about."""
    return {
        "reverse_order_line_id": int(line.id),
        "trade_order_line_id": int(line.line.id),
        "reverse_status": line.status,
        "ofc_status": line.ofc_status,
        "trade_order_gmt_create": ms(reverse.order.created),
        "refund_amount": minor_units(shop.site, line.refund),
        "reason_text": line.asked.text,
        "reason_code": line.asked.id_on(shop.site),
        "refund_payment_method": "Original payment method",
        "whqc_decision": line.decision,
        "return_order_line_gmt_create": ms(line.created),
        "return_order_line_gmt_modified": ms(line.modified),
        "is_dispute": line.disputed,
        "is_need_refund": reverse.order.payment_method != "COD" or reverse.kind != CANCEL,
        "seller_sku_id": line.line.sku.seller_sku,
        "item_unit_price": minor_units(shop.site, line.line.price),
        "platform_sku_id": shop_sku(shop, line.line.product, line.line.sku),
        "tracking_number": line.tracking_number,
        "sla": ms(line.sla) if line.sla else None,
    }


def _list_line(shop: Shop, reverse: ReverseOrder, line: ReverseLine) -> dict[str, Any]:
    return _line(shop, reverse, line) | {
        "buyer": {"buyer_id": int(reverse.order.buyer.user_id)},
        "product": {"product_id": int(line.line.product.id), "product_sku": line.line.sku.id},
        "receiver_address": shop.site.country.streets[0] if reverse.is_rtm else "",
    }


@operation("/order/reverse/return/detail/list", not_half_managed=True)
def reverse_detail(call: Call) -> Answer:
    reverse, shop = _known(call), call.shop
    head = _row(shop, reverse)
    del head["reverse_order_lines"]
    lines = [
        _line(shop, reverse, line)
        | {
            "buyer": {"user_id": int(reverse.order.buyer.user_id)},
            "productDTO": {"product_id": int(line.line.product.id), "sku": line.line.sku.id},
        }
        for line in reverse.lines
    ]
    return data({**head, "reverseOrderLineDTOList": lines})


@operation("/order/reverse/return/history/list", not_half_managed=True)
def reverse_history(call: Call) -> Answer:
    _reverse, line = _known_line(call)
    page, size = call.page("page_number", "page_size", default=10)
    rows = line.history[(page - 1) * size : page * size]
    info = {"total": len(line.history), "page_size": size, "current_page_number": page}
    return data({"page_info": info, "list": [_event(event) for event in rows]})


def _event(event: Event) -> dict[str, Any]:
    return {"time": ms(event.at), "operator": event.operator, "picture": list(event.pictures)}


@operation("/order/reverse/reason/list", not_half_managed=True)
def refusal_reasons(call: Call) -> Answer:
    _known_line(call)
    site = call.shop.site
    return data(
        [{"reason_id": one.id_on(site), "muti_language_text": one.text_on(site), "text": one.text} for one in SELLER_REFUSES]
    )


# --- cancelling -------------------------------------------------------------------------------------------------------


def _to_cancel(call: Call) -> tuple[list[Line], str]:
    """The pieces that the call names, and why they cannot be cancelled ("" where they can)."""
    order = call.shop.orders.get(call.need("order_id"))
    if order is None:
        raise bad_order_id(call.need("order_id"))
    lines = [order.line(line_id) for line_id in call.json_ids("order_item_id_list")]
    known = [line for line in lines if line is not None]
    if not known or len(known) != len(lines):
        raise ApiError("20", "E020: Invalid Order Item ID")
    if any(line.status not in CANCELLABLE for line in known):
        return known, "Item is not paid yet." if known[0].status == "unpaid" else "Item is already shipped."
    return known, "A cancellation is on its way already." if any(line.cancel_pending for line in known) else ""


@operation("/order/reverse/cancel/validate", needs=("order_id", "order_item_id_list"))
def validate_cancel(call: Call) -> Answer:
    _lines, why_not = _to_cancel(call)
    if why_not:
        return data({"tip_content": why_not, "reason_options": [], "tip_type": "error"})
    site = call.shop.site
    options = [{"reason_name": one.text_on(site), "reason_id": str(one.id_on(site))} for one in SELLER_CANCELS]
    return data({"tip_content": "Stock may be set to 0 for some reasons.", "reason_options": options, "tip_type": "warning"})


@operation("/order/reverse/cancel/create", not_half_managed=True, needs=("order_item_id_list", "order_id", "reason_id"))
def create_cancel(call: Call) -> Answer:
    """The seller cancels: it counts against the store."""
    lines, why_not = _to_cancel(call)
    reason = seller_cancel_reason(call.shop.site, call.need("reason_id"))
    if reason is None:
        raise ApiError("101", "E101: The reason is not valid")
    if why_not:
        return data({"tip_content": why_not, "tip_type": "error"})
    order = call.shop.orders[call.need("order_id")]
    cancel(call.shop, order, lines, reason.text, "seller-cancel", by_seller=True)
    return data({"tip_content": "Cancelled successfully.", "tip_type": "success"})


@operation("/order/reverse/cancel/seller/decide", not_half_managed=True, needs=("reverse_order_id", "agree_cancel"))
def decide_cancel(call: Call) -> Answer:
    """The seller's answer to a buyer who wants out."""
    reverse, agrees = _known(call), call.flag("agree_cancel")
    if reverse.kind != CANCEL or not (let_out(call.shop, reverse, SELLER) if agrees else keep_in(call.shop, reverse)):
        raise _not_allowed()
    return data(None)


# --- returns and refunds ----------------------------------------------------------------------------------------------


def _not_allowed() -> ApiError:
    return ApiError("104", "E104: The action is not allowed in the current status")


def _chosen(call: Call, kind: str) -> tuple[ReverseOrder, list[ReverseLine]]:
    reverse = _known(call)
    lines = [reverse.line(one) for one in call.json_ids("reverse_order_item_ids")]
    known = [line for line in lines if line is not None]
    if reverse.kind != kind or (kind == RETURN and not reverse.is_rtm):
        raise _not_allowed()
    if not known or len(known) != len(lines):
        raise ApiError("106", "E106: reverse order service error")
    return reverse, known


def _pictures(call: Call, name: str, url: str) -> list[str]:
    rows = call.json_list(name) if call.text(name) else []
    return [str(row.get(url, "")) for row in rows if isinstance(row, dict)]


def _one_with_evidence(call: Call, lines: Sequence[ReverseLine], pictures: Sequence[str]) -> None:
    if len(lines) != 1:
        raise ApiError("105", "E105: Only one line at a time")
    if not call.text("comment"):
        raise ApiError("102", "E102: The comment is missing")
    if not pictures:
        raise ApiError("103", "E103: The image is missing")


STATE_FOR = {
    "instantRefund": "REQUEST_INITIATE",
    "agreeReturn": "REQUEST_INITIATE",
    "refuseReturn": "REQUEST_INITIATE",
    "confirmDelivery": "BUYER_RETURN_ITEM",
    "agreeRefund": "BUYER_RETURN_ITEM",
    "refuseRefund": "BUYER_RETURN_ITEM",
}


@operation("/order/reverse/return/update", not_half_managed=True, needs=("action", "reverse_order_id", "reverse_order_item_ids"))
def update_return(call: Call) -> Answer:
    action, (reverse, lines) = call.need("action"), _chosen(call, RETURN)
    if action not in STATE_FOR:
        raise ApiError("100", "E100: The action is not valid")
    pictures = _pictures(call, "image_info", "url")
    reason = refusal_reason(call.shop.site, call.text("reason_id"))
    if action.startswith("refuse"):
        if reason is None:
            raise ApiError("101", "E101: The reason is not valid")
        if action == "refuseRefund":
            _one_with_evidence(call, lines, pictures)
        elif not call.text("comment"):
            raise ApiError("102", "E102: The comment is missing")
    if any(line.status != STATE_FOR[action] or not _fits(action, line) for line in lines):
        raise _not_allowed()
    for line in lines:
        _act(call.shop, action, reverse, line, pictures)
        line.refused_for = reason if action.startswith("refuse") else line.refused_for
    return data(_updated(call.shop, reverse, lines))


def _fits(action: str, line: ReverseLine) -> bool:
    """Goods are received once, and judged when they are there."""
    return line.received == (action in ("agreeRefund", "refuseRefund")) or STATE_FOR[action] == "REQUEST_INITIATE"


def _act(shop: Shop, action: str, reverse: ReverseOrder, line: ReverseLine, pictures: Sequence[str]) -> None:
    if action in ("instantRefund", "agreeRefund"):
        authorise(shop, reverse, line, SELLER)
    elif action == "agreeReturn":
        agree_return(shop, reverse, line, SELLER)
    elif action == "confirmDelivery":
        receive(shop, reverse, line)
    else:
        status = "SELLER_REJECT_RETURN" if action == "refuseReturn" else "SELLER_REJECT_REFUND"
        refuse(shop, reverse, line, status, None, pictures)


def _updated(shop: Shop, reverse: ReverseOrder, lines: Sequence[ReverseLine]) -> dict[str, Any]:
    rows = [
        {
            "reverse_order_line_id": int(line.id),
            "reason_source": "",
            "reason_type": "",
            "reason_id": line.refused_for.id_on(shop.site) if line.refused_for else None,
            "reason_name": line.refused_for.text if line.refused_for else "",
            "reason_desc": "",
            "refund_amount": minor_units(shop.site, line.refund),
            "is_cancel": False,
            "order_id": int(reverse.order.id),
            "seller_sku": line.line.sku.seller_sku,
            "paid_price": minor_units(shop.site, line.line.paid_price),
            "apply_reason": line.asked.text,
            "order_line_id": int(line.line.id),
        }
        for line in lines
    ]
    total = str(minor_units(shop.site, total_refund(reverse)))
    return {"reverse_order_id": int(reverse.id), "reverse_order_line": rows, "reason_info": [], "total_refund": total}


@operation(
    "/order/reverse/onlyrefund/seller/decide",
    not_half_managed=True,
    needs=("action", "reverse_order_id", "reverse_order_item_ids"),
)
def decide_only_refund(call: Call) -> Answer:
    action, (reverse, lines) = call.need("action"), _chosen(call, ONLY_REFUND)
    pictures = _pictures(call, "image_info_list", "file_url")
    if action not in ("agreeRefund", "startDispute"):
        raise ApiError("100", "E100: The action is not valid")
    if action == "startDispute":
        _one_with_evidence(call, lines, pictures)
    if any(line.status != "REQUEST_INITIATE" for line in lines):
        raise _not_allowed()
    for line in lines:
        if action == "agreeRefund":
            authorise(call.shop, reverse, line, SELLER)
        else:
            dispute(call.shop, reverse, line, SELLER, pictures)
    return data(None)
