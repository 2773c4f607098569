"""Returns, refunds and cancellations (fact sheet section 13).

`seller_next_action_response` is the task list: what the seller must do, and by when. Only a completed request is refunded.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import msgspec

from storeward.canon import AfterSaleLine, AfterSaleStatus, Cancellation, Record, Return, ReturnType
from storeward.connectors.contract import Request
from storeward.connectors.wire import Id, Notes, Wire, digits, more
from storeward.lib.money import Money

from .codes import CANCELLATION_STATUS, GROUP_STATUS, RETURN_STATUS, RETURN_TYPE
from .envelope import About, list_parser, receipt_parser, thing_parser
from .requests import get, search, span, write

PAGE_SIZE: Final = 50
BASE: Final = "/return_refund/202309"
REFUNDED: Final = frozenset({"RETURN_OR_REFUND_REQUEST_COMPLETE", "CANCELLATION_REQUEST_COMPLETE"})
"""The only words that mean that the money was paid."""


def list_returns_request(
    *,
    updated_since: datetime | None = None,
    updated_until: datetime | None = None,
    page_size: int = PAGE_SIZE,
    return_ids: Sequence[str] = (),
) -> Request:
    """Returns that changed in [since, until), oldest change first, or those of the given ids."""
    filters = {**span("update_time", updated_since, updated_until), "return_ids": list(return_ids) or None}
    return search("searchReturns", "/return_refund/202602/returns/search", _paging(page_size), filters)


def list_cancellations_request(
    *,
    updated_since: datetime | None = None,
    updated_until: datetime | None = None,
    page_size: int = PAGE_SIZE,
    cancel_ids: Sequence[str] = (),
) -> Request:
    """Cancellations that changed in [since, until), oldest change first, or those of the given ids."""
    filters = {**span("update_time", updated_since, updated_until), "cancel_ids": list(cancel_ids) or None}
    return search("searchCancellations", "/return_refund/202602/cancellations/search", _paging(page_size), filters)


def _paging(page_size: int) -> dict[str, str]:
    return {"page_size": str(page_size), "sort_field": "update_time", "sort_order": "ASC"}


def return_history_request(return_id: str) -> Request:
    return get("getReturnRecords", f"{BASE}/returns/{return_id}/records", about={"return_id": return_id})


def reject_reasons_request(return_or_cancel_id: str) -> Request:
    """The reasons that the platform accepts now; they change with the request's state, so ask right before use."""
    return get("getRejectReasons", f"{BASE}/reject_reasons", {"return_or_cancel_id": return_or_cancel_id})


def decisions_request(return_or_cancel_id: str) -> Request:
    """What the seller may decide now, and with which reasons."""
    path = "/return_refund/202601/decision_eligibility"
    return get("getDecisionEligibility", path, {"return_or_cancel_id": return_or_cancel_id})


def review_decisions_request(seller_id: str, return_or_cancel_id: str) -> Request:
    query = {"seller_id": seller_id, "return_or_cancel_id": return_or_cancel_id}
    return get("getAvailableReviewDecisions", "/return_refund/202606/review_decision", query)


def eligibility_request(order_id: str) -> Request:
    """What can be opened for an order, by line, with the reasons that may be named."""
    path = f"/return_refund/202602/orders/{order_id}/aftersale_eligibility"
    return get("getAftersaleEligibility", path, {"initiate_aftersale_user": "SELLER"}, about={"order_id": order_id})


def aftersales_request(*, page_size: int = 100) -> Request:
    body = {"whitelisted_data_fields": ["LINE_ITEMS", "SKU_RETURN_REQUESTS"], "pagination": {"page_size": page_size}}
    return search("searchAftersalesRequests", "/return_refund/202603/aftersales/search", {}, body)


def rma_request(*, page_size: int = 100) -> Request:
    body = {"whitelisted_data_fields": ["LINE_ITEMS", "SKU_RETURN_REQUESTS"], "pagination": {"page_size": page_size}}
    return search("searchReturnMerchandiseAuthorizations", "/return_refund/202604/rma/search", {}, body)


def approve_return_request(
    return_id: str,
    *,
    decision: str,
    key: str,
    buyer_keep_item: bool | None = None,
    partial_refund: Money | None = None,
) -> Request:
    """Accept a return; `key` makes a second sending of the same decision harmless."""
    body = {"decision": decision, "buyer_keep_item": buyer_keep_item, "partial_refund": _amount(partial_refund)}
    path = f"{BASE}/returns/{return_id}/approve"
    return write("approveReturn", "POST", path, body, query={"idempotency_key": key}, about={"return_id": return_id})


def reject_return_request(
    return_id: str,
    *,
    decision: str,
    reason: str,
    key: str,
    comment: str | None = None,
    images: Sequence[Mapping[str, Any]] = (),
) -> Request:
    """Refuse a return with one of the reasons that are allowed now, at most six pictures and 500 characters."""
    body = {"decision": decision, "reject_reason": reason, "comment": comment, "images": list(images) or None}
    path = f"/return_refund/202606/returns/{return_id}/reject"
    return write("rejectReturn", "POST", path, body, query={"idempotency_key": key}, about={"return_id": return_id})


def approve_cancellation_request(cancel_id: str, *, key: str) -> Request:
    path = f"{BASE}/cancellations/{cancel_id}/approve"
    return write("approveCancellation", "POST", path, query={"idempotency_key": key}, about={"cancel_id": cancel_id})


def reject_cancellation_request(cancel_id: str, *, reason: str, key: str, comment: str | None = None) -> Request:
    body = {"reject_reason": reason, "comment": comment}
    path = f"{BASE}/cancellations/{cancel_id}/reject"
    return write("rejectCancellation", "POST", path, body, query={"idempotency_key": key}, about={"cancel_id": cancel_id})


def cancel_order_request(order_id: str, *, reason: str, order_line_ids: Sequence[str] = ()) -> Request:
    """The seller cancels; by line only in US and GB, for want of stock."""
    body = {
        "order_id": order_id,
        "cancel_reason": reason,
        "order_line_list": [{"order_line_item_id": line_id} for line_id in order_line_ids] or None,
    }
    return write("cancelOrder", "POST", "/return_refund/202602/cancellations", body, about={"order_id": order_id})


def create_return_request(
    order_id: str,
    *,
    reason: str,
    return_type: str,
    key: str,
    order_line_ids: Sequence[str] = (),
    refund_total: Money | None = None,
) -> Request:
    """The seller opens a return or refund for the buyer."""
    body = {
        "order_id": order_id,
        "return_reason": reason,
        "return_type": return_type,
        "order_line_item_ids": list(order_line_ids) or None,
        "refund_total": f"{refund_total.amount:f}" if refund_total else None,
        "currency": refund_total.currency if refund_total else None,
    }
    path, query = "/return_refund/202602/returns", {"idempotency_key": key}
    return write("createReturn", "POST", path, body, query=query, about={"order_id": order_id})


def calculate_refund_request(order_id: str, *, request_type: str, reason: str, order_line_ids: Sequence[str] = ()) -> Request:
    """What a refund would come to. Changes nothing."""
    body = {
        "order_id": order_id,
        "request_type": request_type,
        "reason_name": reason,
        "order_line_item_ids": list(order_line_ids) or None,
    }
    path = "/return_refund/202602/refunds/calculate"
    return search("calculateRefund", path, {}, body, about={"order_id": order_id})


def review_request(decisions: Sequence[Mapping[str, Any]]) -> Request:
    """Decide on requests of the newer grouped model; failures come one by one, under code 0."""
    path = "/return_refund/202609/aftersales/review"
    return write("reviewAftersalesRequests", "POST", path, {"aftersales_request_decisions": list(decisions)})


def _amount(money: Money | None) -> dict[str, str | None] | None:
    return {"currency": money.currency, "amount": f"{money.amount:f}"} if money else None


class Refund(Wire):
    currency: str | None = None
    refund_total: Decimal | None = None


class Offer(Wire):
    currency: str | None = None
    amount: Decimal | None = None
    partial_refund_total: Decimal | None = None


class NextAction(Wire):
    action: str | None = None
    deadline: int | None = None


class RequestLine(Wire):
    """A line of a return or a cancellation, or a unit of a bundle in it."""

    return_line_item_id: Id = None
    return_sub_line_item_id: Id = None
    cancel_line_item_id: Id = None
    cancel_sub_line_item_id: Id = None
    order_line_item_id: Id = None
    sub_order_line_item_id: Id = None
    sku_id: Id = None
    seller_sku: str | None = None
    product_name: str | None = None
    sku_name: str | None = None
    refund_amount: Refund | None = None


class WholeLine(RequestLine):
    return_sub_line_items: list[RequestLine] | None = None
    cancel_sub_line_items: list[RequestLine] | None = None


class RequestItem(Wire):
    """What returns and cancellations have in common."""

    MATTERS = frozenset({"return_id", "cancel_id", "return_status", "cancel_status", "seller_next_action_response", "deadline"})

    order_id: Id = None
    role: str | None = None
    create_time: int | None = None
    update_time: int | None = None
    seller_next_action_response: list[NextAction] | None = None
    refund_amount: Refund | None = None


class ReturnItem(RequestItem):
    return_id: Id = None
    return_type: str | None = None
    return_status: str | None = None
    arbitration_status: str | None = None
    return_reason: str | None = None
    return_reason_text: str | None = None
    shipment_type: str | None = None
    handover_method: str | None = None
    return_method: str | None = None
    return_tracking_number: str | None = None
    return_provider_name: str | None = None
    return_provider_id: Id = None
    pre_return_id: Id = None
    next_return_id: Id = None
    combined_return_id: Id = None
    seller_proposed_return_type: str | None = None
    partial_refund: Offer | None = None
    partial_refund_amount: Offer | None = None
    """The same by the name that it has in the grouped model; so is `buyer_keep_item`."""
    can_buyer_keep_item: bool | None = None
    buyer_keep_item: bool | None = None
    buyer_rejected_partial_refund: bool | None = None
    is_quick_refund: bool | None = None
    return_shipping_document_type: str | None = None
    return_line_items: list[WholeLine] | None = None
    return_sub_line_items: list[RequestLine] | None = None
    """The units of a bundle beside its line instead of within it, as the grouped model has them."""


class CancellationItem(RequestItem):
    cancel_id: Id = None
    cancel_type: str | None = None
    cancel_status: str | None = None
    cancel_reason: str | None = None
    cancel_reason_text: str | None = None
    should_replenish_stock: bool | None = None
    cancel_line_items: list[WholeLine] | None = None


def build_return(wire: ReturnItem, notes: Notes, about: About) -> Iterable[Record]:
    return_id = digits(wire.return_id)
    if return_id is None:
        notes.left_out("return_id", "return")
        return ()
    if not wire.return_status:
        notes.missing("return_status")
    asked = _refund(wire.refund_amount, notes, "refund_amount")
    paid = wire.return_status in REFUNDED
    action, answer_by_at = _next_action(wire, notes)
    return (
        Return(
            platform_return_id=return_id,
            platform_order_id=digits(wire.order_id) or about.get("order_id"),
            platform_type=wire.return_type or None,
            type=notes.word("return_type", wire.return_type, RETURN_TYPE, ReturnType.UNKNOWN),
            platform_status=wire.return_status or None,
            status=notes.word("return_status", wire.return_status, RETURN_STATUS, AfterSaleStatus.UNKNOWN),
            platform_arbitration_status=wire.arbitration_status or None,
            platform_role=wire.role or None,
            platform_reason=wire.return_reason or None,
            reason_text=wire.return_reason_text or None,
            tracking_number=wire.return_tracking_number or None,
            carrier=wire.return_provider_name or None,
            platform_carrier_id=digits(wire.return_provider_id),
            platform_shipment_type=wire.shipment_type or None,
            platform_handover_method=wire.handover_method or None,
            platform_method=wire.return_method or None,
            platform_previous_return_id=digits(wire.pre_return_id),
            platform_next_return_id=digits(wire.next_return_id),
            platform_combined_return_id=digits(wire.combined_return_id),
            platform_more=more(wire, "return_shipping_document_type"),
            buyer_keeps_item=wire.can_buyer_keep_item if wire.can_buyer_keep_item is not None else wire.buyer_keep_item,
            quick_refund=wire.is_quick_refund,
            platform_proposed_type=wire.seller_proposed_return_type or None,
            offered=_offered(wire, notes),
            offer_refused=wire.buyer_rejected_partial_refund,
            requested_at=notes.at("create_time", wire.create_time),
            updated_at=notes.at("update_time", wire.update_time),
            platform_next_action=action,
            answer_by_at=answer_by_at,
            refund_asked=asked,
            refunded=asked if paid else None,
            lines=_lines(_with_units(wire), notes, "return_line_items", paid),
        ),
    )


def _offered(wire: ReturnItem, notes: Notes) -> Money | None:
    """What part of the refund the seller offered, under either of its names."""
    for field, offer in (("partial_refund", wire.partial_refund), ("partial_refund_amount", wire.partial_refund_amount)):
        if offer is not None and offer.amount is not None:
            return notes.money(f"{field}.amount", offer.amount, offer.currency)
        if offer is not None and offer.partial_refund_total is not None:
            return notes.money(f"{field}.partial_refund_total", offer.partial_refund_total, offer.currency)
    return None


def _with_units(wire: ReturnItem) -> Sequence[RequestLine]:
    """The lines, each with its units where they stand beside it; a unit whose line is not named is a line of its own."""
    lines: list[RequestLine] = list(wire.return_line_items or ())
    by_id = {digits(line.return_line_item_id): line for line in wire.return_line_items or ()}
    for unit in wire.return_sub_line_items or ():
        line = by_id.get(digits(unit.return_line_item_id))
        if line is None:
            lines.append(unit)
        else:
            line.return_sub_line_items = [*(line.return_sub_line_items or ()), unit]
    return lines


class GroupLine(Wire):
    return_line_item_id: Id = None
    sub_return_line_item_id: Id = None
    sku_id: Id = None
    main_order_id: Id = None
    sku_return_request_id: Id = None


class GroupItem(Wire):
    """A request of the newer grouped model, or the parcel of one: the same returns, by SKU, in another frame."""

    MATTERS = frozenset({"id", "status"})

    id: Id = None
    aftersales_request_id: Id = None
    package_id: Id = None
    status: str | None = None
    line_items: list[GroupLine] | None = None
    sku_return_requests: list[ReturnItem] | None = None


def build_group(wire: GroupItem, notes: Notes, about: About) -> Iterable[Record]:
    """The returns of a grouped request: in full where the answer holds them, else as far as its lines name them."""
    group_id = digits(wire.id)
    if group_id is None:
        notes.left_out("id", "return")
        return
    after_sale_id = digits(wire.aftersales_request_id) or group_id
    rma_id = group_id if wire.aftersales_request_id else None
    package_id = digits(wire.package_id)
    if wire.sku_return_requests:
        for at, request in enumerate(wire.sku_return_requests):
            for record in build_return(request, notes.under(f"sku_return_requests[{at}]"), about):
                yield msgspec.structs.replace(
                    record, platform_after_sale_id=after_sale_id, platform_rma_id=rma_id, platform_package_id=package_id
                )
        return
    status = notes.word("status", wire.status, GROUP_STATUS, AfterSaleStatus.UNKNOWN)
    for return_id, lines in _by_return(wire.line_items or ()).items():
        yield Return(
            platform_return_id=return_id or after_sale_id,
            platform_order_id=next((str(line.main_order_id) for line in lines if line.main_order_id), None),
            platform_status=wire.status or None,
            status=status,
            lines=tuple(line for line in map(_group_line, lines) if line is not None),
            platform_after_sale_id=after_sale_id,
            platform_rma_id=rma_id,
            platform_package_id=package_id,
        )


def _by_return(items: Sequence[GroupLine]) -> dict[str | None, list[GroupLine]]:
    """The lines of each return, by its id; one group without lines where none are named."""
    groups: dict[str | None, list[GroupLine]] = {}
    for item in items:
        groups.setdefault(digits(item.sku_return_request_id), []).append(item)
    return groups or {None: []}


def _group_line(item: GroupLine) -> AfterSaleLine | None:
    line_id = digits(item.sub_return_line_item_id) or digits(item.return_line_item_id)
    return AfterSaleLine(platform_line_id=line_id, platform_sku_id=digits(item.sku_id)) if line_id else None


def build_cancellation(wire: CancellationItem, notes: Notes, about: About) -> Iterable[Record]:
    cancel_id = digits(wire.cancel_id)
    if cancel_id is None:
        notes.left_out("cancel_id", "cancellation")
        return ()
    if not wire.cancel_status:
        notes.missing("cancel_status")
    asked = _refund(wire.refund_amount, notes, "refund_amount")
    paid = wire.cancel_status in REFUNDED
    action, answer_by_at = _next_action(wire, notes)
    return (
        Cancellation(
            platform_cancellation_id=cancel_id,
            platform_order_id=digits(wire.order_id) or about.get("order_id"),
            platform_type=wire.cancel_type or None,
            platform_status=wire.cancel_status or None,
            status=notes.word("cancel_status", wire.cancel_status, CANCELLATION_STATUS, AfterSaleStatus.UNKNOWN),
            platform_role=wire.role or None,
            platform_reason=wire.cancel_reason or None,
            reason_text=wire.cancel_reason_text or None,
            requested_at=notes.at("create_time", wire.create_time),
            updated_at=notes.at("update_time", wire.update_time),
            platform_next_action=action,
            answer_by_at=answer_by_at,
            refund_asked=asked,
            refunded=asked if paid else None,
            restock=wire.should_replenish_stock,
            lines=_lines(wire.cancel_line_items or (), notes, "cancel_line_items", paid),
        ),
    )


def _refund(refund: Refund | None, notes: Notes, field: str) -> Money | None:
    return notes.money(f"{field}.refund_total", refund.refund_total, refund.currency) if refund else None


def _next_action(wire: RequestItem, notes: Notes) -> tuple[str | None, datetime | None]:
    """The most urgent of what the seller must do now; (None, None) where nothing is asked of the seller."""
    asked = [
        (notes.at(f"seller_next_action_response[{at}].deadline", action.deadline), action.action or None)
        for at, action in enumerate(wire.seller_next_action_response or ())
    ]
    dated = [(by, action) for by, action in asked if by is not None]
    if dated:
        by, action = min(dated, key=lambda one: one[0])
        return action, by
    return (asked[0][1] if asked else None), None


def _lines(items: Sequence[RequestLine], notes: Notes, field: str, paid: bool) -> tuple[AfterSaleLine, ...]:
    lines = (_line(item, notes, f"{field}[{at}]", paid) for at, item in enumerate(items))
    return tuple(line for line in lines if line is not None)


def _line(item: RequestLine, notes: Notes, where: str, paid: bool) -> AfterSaleLine | None:
    kind = "cancel" if where.startswith("cancel") else "return"
    line_id = (
        digits(item.return_sub_line_item_id)
        or digits(item.cancel_sub_line_item_id)
        or digits(item.return_line_item_id)
        or digits(item.cancel_line_item_id)
    )
    if line_id is None:
        field = "line_item_id" if isinstance(item, WholeLine) else "sub_line_item_id"
        notes.left_out(f"{where}.{kind}_{field}", "line")
        return None
    asked = _refund(item.refund_amount, notes, f"{where}.refund_amount")
    parts = (item.return_sub_line_items or item.cancel_sub_line_items or ()) if isinstance(item, WholeLine) else ()
    return AfterSaleLine(
        platform_line_id=line_id,
        platform_order_line_id=digits(item.sub_order_line_item_id) or digits(item.order_line_item_id),
        platform_sku_id=digits(item.sku_id),
        seller_sku=item.seller_sku or None,
        title=item.product_name or None,
        variant=item.sku_name or None,
        refund_asked=asked,
        refunded=asked if paid else None,
        parts=_lines(parts, notes, f"{where}.{kind}_sub_line_items", paid),
    )


parse_returns = list_parser("return_orders", ReturnItem, build_return)
parse_cancellations = list_parser("cancellations", CancellationItem, build_cancellation)
parse_aftersales = list_parser("aftersales_requests", GroupItem, build_group)
parse_rma = list_parser("return_merchandise_authorizations", GroupItem, build_group)
parse_created_return = thing_parser(None, ReturnItem, build_return)
parse_created_cancellation = thing_parser(None, CancellationItem, build_cancellation)
parse_receipt = receipt_parser()
