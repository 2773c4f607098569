"""The newer grouped model of after-sales: requests, the parcels that come back (RMA), and one call to review both."""

from collections.abc import Callable, Sequence
from typing import Any

from . import returns
from .aftersales import (
    APPROVALS,
    SCOPE,
    apply_approval,
    apply_rejection,
    must_fit,
    partial_amount,
    reject_reasons,
)
from .aftersales_life import Aftersales
from .aftersales_views import grouped_lines, rma_view, sku_request_view
from .call import Call, as_list, as_object, as_objects
from .errors import ApiError, bad_parameter
from .paging import paged
from .registry import operation
from .requests import reasons_named
from .returns import Return
from .shop import Shop

Row = dict[str, Any]

MEANS = {
    "APPROVE_REQUEST": {
        returns.REFUND: "APPROVE_REFUND",
        returns.RETURN: "APPROVE_RETURN",
        returns.REPLACEMENT: "APPROVE_REPLACEMENT",
    },
    "REJECT_REQUEST": {
        returns.REFUND: "REJECT_REFUND",
        returns.RETURN: "REJECT_RETURN",
        returns.REPLACEMENT: "REJECT_REPLACEMENT",
    },
    "APPROVE_RETURN_PACKAGE": {returns.RETURN: "APPROVE_RECEIVED_PACKAGE"},
    "REJECT_RETURN_PACKAGE": {returns.RETURN: "REJECT_RECEIVED_PACKAGE"},
    "OFFER_PARTIAL_REFUND": {returns.REFUND: "OFFER_PARTIAL_REFUND", returns.RETURN: "OFFER_PARTIAL_REFUND"},
    "OFFER_PARTIAL_REFUND_AFTER_RECEIVING_PKG": {returns.RETURN: "OFFER_PARTIAL_REFUND_AFTER_RECEIVING_PKG"},
    "REFUND_INSTEAD": {returns.RETURN: "DIRECT_REFUND", returns.REPLACEMENT: "ISSUE_REPLACEMENT_REFUND"},
}
"""The action of a review, and the decision of the older model that it stands for."""


@operation("searchAftersalesRequests", "POST", "/return_refund/202603/aftersales/search", scope=SCOPE)
def search_aftersales_requests(call: Call) -> Row:
    filters = call.body_object("filters")
    rows = [
        request
        for request in call.shop.part(Aftersales).returns.values()
        if passes(filters, "aftersales_request_ids", request.request_id)
        and passes(filters, "aftersales_request_statuses", request.request_status)
        and passes(filters, "return_types", request.kind)
        and passes(filters, "main_order_ids", request.order_id)
        and passes(filters, "buyer_ids", request.buyer_id)
        and in_time(filters, request.created, request.updated)
    ]
    return page_of(call, rows, "aftersales_requests", request_row, lambda request: (request.created, request.updated))


def request_row(call: Call, request: Return) -> Row:
    wanted = call.body_list("whitelisted_data_fields")
    row: Row = {"id": request.request_id, "status": request.request_status}
    if "LINE_ITEMS" in wanted:
        row["line_items"] = grouped_lines(request)
    if "SKU_RETURN_REQUESTS" in wanted:
        row["sku_return_requests"] = [sku_request_view(call.shop, request)]
    if "RETURN_MERCHANDISE_AUTHORIZATIONS" in wanted and request.rma_id:
        row["return_merchandise_authorizations"] = [{**rma_view(request), "line_items": grouped_lines(request)}]
    return row


@operation("searchReturnMerchandiseAuthorizations", "POST", "/return_refund/202604/rma/search", scope=SCOPE)
def search_rma(call: Call) -> Row:
    filters = call.body_object("filters")
    rows = [
        request
        for request in call.shop.part(Aftersales).returns.values()
        if request.rma_id
        and passes(filters, "rma_ids", request.rma_id)
        and passes(filters, "package_ids", request.parcel_id)
        and passes(filters, "statuses", request.rma_status)
        and passes(filters, "aftersales_request_ids", request.request_id)
        and passes(filters, "main_order_ids", request.order_id)
        and in_time(filters, request.rma_created, request.rma_updated)
    ]
    name = "return_merchandise_authorizations"
    return page_of(call, rows, name, rma_row, lambda request: (request.rma_created, request.rma_updated))


def rma_row(call: Call, request: Return) -> Row:
    wanted = call.body_list("whitelisted_data_fields")
    row = rma_view(request)
    if "LINE_ITEMS" in wanted:
        row["line_items"] = grouped_lines(request)
    if "SKU_RETURN_REQUESTS" in wanted:
        row["sku_return_requests"] = [sku_request_view(call.shop, request)]
    return row


def passes(filters: Row, name: str, value: str) -> bool:
    wanted = as_list(filters.get(name), name)
    return not wanted or value in wanted


def in_time(filters: Row, created: int, updated: int) -> bool:
    spans = as_object(filters.get("time"), "time")
    for name, value in (("create_time", created), ("update_time", updated)):
        span = as_object(spans.get(name), name)
        begin, end = span.get("min_unix_time_inclusive"), span.get("max_unix_time_exclusive")
        if (begin and value < begin) or (end and value >= end):
            return False
    return True


def page_of(
    call: Call,
    rows: Sequence[Return],
    name: str,
    view: Callable[[Call, Return], Row],
    times: Callable[[Return], tuple[int, int]],
) -> Row:
    """One page; paging and order stand in the body here. An empty list is left out."""
    pagination, sort = call.body_object("pagination"), call.body_object("sort")
    size = pagination.get("page_size") or 20
    if not isinstance(size, int) or not 1 <= size <= 100:
        raise bad_parameter("Request body pagination.page_size must be in [1, 100]")
    by_update = sort.get("sort_field") == "UPDATE_TIME"
    page = paged(
        call,
        rows,
        key=lambda request: (times(request)[by_update], request.id),
        size=size,
        descending=sort.get("sort_order") == "DESC",
        token=str(pagination.get("page_token") or ""),
    )
    listed = {name: [view(call, request) for request in page.rows]} if page.rows else {}
    return {**listed, "total_count": page.total_count, "next_page_token": page.next_page_token}


# --- review -----------------------------------------------------------------------------------------------------------


@operation("reviewAftersalesRequests", "POST", "/return_refund/202609/aftersales/review", scope=SCOPE)
def review_aftersales_requests(call: Call) -> Row:
    """Several decisions at once: each that cannot be taken is an error under code 0, the others are carried out."""
    errors = []
    for row in call.body_objects("aftersales_request_decisions", required=True):
        try:
            review(call, row)
        except ApiError as error:
            errors.append({"code": str(error.code), "message": f"{row.get('request_id', '')}: {error.message}"})
    return {"errors": errors}


def review(call: Call, row: Row) -> None:
    """Carry out the decisions about one request. Its lines are decided together, as in the older model."""
    request = find(call.shop, str(row.get("request_id", "")), str(row.get("request_id_type") or "AFTERSALES"))
    key = str(row.get("idempotency_key") or "")
    if key and key in request.answered:
        return
    for decided in as_objects(row.get("line_item_decisions"), "line_item_decisions"):
        decide(call.shop, request, decided)
    if key:
        request.answered.add(key)


def find(shop: Shop, request_id: str, kind: str) -> Return:
    for request in shop.part(Aftersales).returns.values():
        if request_id and request_id == (request.rma_id if kind == "RMA" else request.request_id):
            return request
    raise ApiError(25020005, "No permission to process this order")


def decide(shop: Shop, request: Return, row: Row) -> None:
    named = {str(line.get("return_line_item_id", "")) for line in as_objects(row.get("line_items"), "line_items")}
    if not named or not named <= {line.id for line in request.lines}:
        raise ApiError(25001001, "An invalid request parameter was passed. line_items")
    decision = MEANS.get(str(row.get("action")), {}).get(request.kind, "")
    must_fit(request, decision)
    offer = as_object(row.get("alternative_solution_details"), "alternative_solution_details")
    if decision in APPROVALS:
        partial = {"amount": offer.get("partial_refund_amount"), "currency": offer.get("currency")}
        apply_approval(shop, request, decision, {"partial_refund": partial})
        return
    refuse(shop, request, decision, row, offer)


def refuse(shop: Shop, request: Return, decision: str, row: Row, offer: Row) -> None:
    given = as_object(row.get("reason"), "reason")
    if decision == "OFFER_PARTIAL_REFUND_AFTER_RECEIVING_PKG":
        asked = partial_amount(shop, request, offer.get("partial_refund_amount"), offer.get("currency"))
        returns.offer_part(shop, request, asked, shop.now)
        return
    reason = reasons_named(reject_reasons(request), str(given.get("reason_id", "")))
    if reason is None:
        raise ApiError(25001014, "Unknown return reason. Please ensure you are passing a valid return reason.")
    apply_rejection(shop, request, decision, reason, {"comment": given.get("text")})
