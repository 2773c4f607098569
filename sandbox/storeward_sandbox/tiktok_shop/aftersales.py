"""What a seller may ask and decide about cancellations and returns: search, records, reasons, eligibility, approve, reject."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from storeward_sandbox.countries import rounded

from . import cancellations, returns
from .aftersales_life import Aftersales, refuse_cancellation, replacement_for
from .aftersales_views import cancellation_view, record_views, return_view
from .call import Call, as_object
from .cancellations import Cancellation
from .errors import ApiError
from .paging import page_size, paged
from .registry import operation
from .requests import REJECT_CANCELLATION, REJECT_PARCEL, REJECT_REQUEST, Reason, Request, reasons_named
from .returns import Return
from .shop import Shop

SCOPE = "seller.return_refund.basic"

SORTS = ("create_time", "update_time")
ORDERS = ("ASC", "DESC")

R = TypeVar("R", bound=Request)


def bad(message: str) -> ApiError:
    return ApiError(25001001, f"An invalid request parameter was passed. {message}")


def the_return(shop: Shop, return_id: str) -> Return:
    request = shop.part(Aftersales).returns.get(return_id)
    if request is None:
        raise ApiError(25020005, "No permission to process this order")
    return request


def the_cancellation(shop: Shop, cancel_id: str) -> Cancellation:
    request = shop.part(Aftersales).cancellations.get(cancel_id)
    if request is None:
        raise ApiError(25020005, "No permission to process this order")
    return request


def the_request(call: Call) -> Request:
    """The return or cancellation that `return_or_cancel_id` names."""
    request = call.shop.part(Aftersales).find(call.need("return_or_cancel_id"))
    if request is None:
        raise ApiError(25020005, "No permission to process this order")
    return request


# --- search -----------------------------------------------------------------------------------------------------------


@operation("searchReturns", "POST", "/return_refund/202602/returns/search", scope=SCOPE)
@operation("searchReturns_202309", "POST", "/return_refund/202309/returns/search", scope=SCOPE)
def search_returns(call: Call) -> dict[str, Any]:
    rows = [
        request
        for request in matching(call, call.shop.part(Aftersales).returns.values(), "return_ids")
        if one_of(call, "return_types", request.kind)
        and one_of(call, "return_status", request.status)
        and one_of(call, "arbitration_status", request.arbitration)
        and one_of(call, "seller_proposed_return_type", "PARTIAL_REFUND" if request.partial is not None else "")
    ]
    return answer(call, rows, "return_orders", return_view, low=10)


@operation("searchCancellations", "POST", "/return_refund/202602/cancellations/search", scope=SCOPE)
@operation("searchCancellations_202309", "POST", "/return_refund/202309/cancellations/search", scope=SCOPE)
def search_cancellations(call: Call) -> dict[str, Any]:
    rows = [
        request
        for request in matching(call, call.shop.part(Aftersales).cancellations.values(), "cancel_ids")
        if one_of(call, "cancel_types", request.kind) and one_of(call, "cancel_status", request.status)
    ]
    return answer(call, rows, "cancellations", cancellation_view, low=1)


def matching(call: Call, requests: Iterable[R], ids: str) -> Iterable[R]:
    """The filters that both searches share."""
    spans = [(name, call.body_number(f"{name}_time_ge"), call.body_number(f"{name}_time_lt")) for name in ("create", "update")]
    for request in requests:
        when = {"create": request.created, "update": request.updated}
        inside = all((begin is None or when[name] >= begin) and (end is None or when[name] < end) for name, begin, end in spans)
        if (
            inside
            and one_of(call, ids, request.id)
            and one_of(call, "order_ids", request.order_id)
            and one_of(call, "buyer_user_ids", request.buyer_id)
        ):
            yield request


def one_of(call: Call, name: str, value: str) -> bool:
    """Whether a list in the body names the value; an absent or empty list lets everything pass."""
    wanted = call.body_list(name)
    return not wanted or value in wanted


def answer(call: Call, rows: Sequence[R], name: str, view: Callable[[Shop, R], dict[str, Any]], *, low: int) -> dict[str, Any]:
    """One page; an empty list is left out, as on the platform."""
    field = call.choice("sort_field", SORTS, "create_time")
    descending = call.choice("sort_order", ORDERS, "ASC") == "DESC"
    page = paged(
        call,
        rows,
        key=lambda request: (request.created if field == "create_time" else request.updated, request.id),
        size=page_size(call, low, 50, 10),
        descending=descending,
    )
    rows_shown = [as_versioned(call, view(call.shop, request)) for request in page.rows]
    listed = {name: rows_shown} if rows_shown else {}
    return {**listed, "total_count": page.total_count, "next_page_token": page.next_page_token}


NEWER = frozenset({"is_quick_refund", "should_replenish_stock"})
"""Fields that version 202309 did not have yet."""


def as_versioned(call: Call, row: dict[str, Any]) -> dict[str, Any]:
    if not call.operation.endswith("_202309"):
        return row
    return {name: value for name, value in row.items() if name not in NEWER}


@operation("getReturnRecords", "GET", "/return_refund/202309/returns/{return_id}/records", scope=SCOPE)
def get_return_records(call: Call) -> dict[str, Any]:
    return {"records": record_views(the_return(call.shop, call.ids["return_id"]))}


# --- what is allowed now ----------------------------------------------------------------------------------------------

APPROVALS = (
    "APPROVE_REFUND",
    "APPROVE_RETURN",
    "APPROVE_RECEIVED_PACKAGE",
    "APPROVE_REPLACEMENT",
    "ISSUE_REPLACEMENT_REFUND",
    "OFFER_PARTIAL_REFUND",
    "DIRECT_REFUND",
)
REJECTIONS = (
    "REJECT_REFUND",
    "REJECT_RETURN",
    "REJECT_RECEIVED_PACKAGE",
    "REJECT_REPLACEMENT",
    "OFFER_PARTIAL_REFUND_AFTER_RECEIVING_PKG",
)
OF_CANCELLATIONS = ("APPROVE_REQUEST_CANCEL", "REJECT_REQUEST_CANCEL")

FITS = {
    "APPROVE_REFUND": (returns.REFUND,),
    "REJECT_REFUND": (returns.REFUND,),
    "APPROVE_RETURN": (returns.RETURN,),
    "REJECT_RETURN": (returns.RETURN,),
    "APPROVE_REPLACEMENT": (returns.REPLACEMENT,),
    "ISSUE_REPLACEMENT_REFUND": (returns.REPLACEMENT,),
    "REJECT_REPLACEMENT": (returns.REPLACEMENT,),
    "OFFER_PARTIAL_REFUND": (returns.REFUND, returns.RETURN),
    "DIRECT_REFUND": (returns.RETURN,),
    "APPROVE_RECEIVED_PACKAGE": (returns.RETURN,),
    "REJECT_RECEIVED_PACKAGE": (returns.RETURN,),
    "OFFER_PARTIAL_REFUND_AFTER_RECEIVING_PKG": (returns.RETURN,),
}
"""Which kinds of return each decision is for."""

ABOUT_PARCELS = ("APPROVE_RECEIVED_PACKAGE", "REJECT_RECEIVED_PACKAGE", "OFFER_PARTIAL_REFUND_AFTER_RECEIVING_PKG")


def verdict(request: Request, decision: str) -> ApiError | None:
    """Why the decision cannot be taken now; None where it can."""
    if isinstance(request, Return):
        return verdict_on_return(request, decision)
    if decision not in OF_CANCELLATIONS:
        return ApiError(25020004, "decision not match reverse type")
    if request.status == cancellations.REFUSED:
        return ApiError(25020009, "reverse already cancelled")
    if request.status != cancellations.PENDING and decision == "REJECT_REQUEST_CANCEL":
        return ApiError(25020010, "Aftersales has been approved and cannot be rejected.")
    return None if request.status == cancellations.PENDING else ApiError(25011012, "reverse status cannot approve application")


def verdict_on_return(request: Return, decision: str) -> ApiError | None:
    if request.arbitration == returns.IN_PROGRESS:
        return ApiError(25011010, "request has been transferred to platform operator")
    if request.kind not in FITS.get(decision, ()):
        return ApiError(25020004, "decision not match reverse type")
    if request.status in (returns.CANCELLED, returns.NEW_CANCELLED):
        return ApiError(25020009, "reverse already cancelled")
    if decision in ABOUT_PARCELS:
        return verdict_on_parcel(request, decision)
    if request.status in returns.WAITING:
        return None
    if decision == "DIRECT_REFUND" and request.status in (returns.AWAITING_SHIP, returns.SHIPPED):
        return None
    if decision in REJECTIONS and request.approved:
        return ApiError(25020010, "Aftersales has been approved and cannot be rejected.")
    return ApiError(25011012, "reverse status cannot approve application")


def verdict_on_parcel(request: Return, decision: str) -> ApiError | None:
    """A parcel can be taken while it is on its way, but refused only once it has arrived."""
    if request.status == returns.SHIPPED and (request.arrived or decision == "APPROVE_RECEIVED_PACKAGE"):
        return None
    if decision in APPROVALS:
        return ApiError(25011013, "reverse status cannot approve receive")
    if request.status in (returns.SUCCESS, returns.COMPLETE):
        return ApiError(25020011, "return already received")
    return ApiError(25020012, "status can't reject receive")


def reject_reasons(request: Request) -> tuple[Reason, ...]:
    """The reasons that fit the request as it stands; none once nothing can be refused."""
    if isinstance(request, Cancellation):
        return REJECT_CANCELLATION if request.status == cancellations.PENDING else ()
    if isinstance(request, Return) and request.status == returns.SHIPPED and request.arrived:
        return REJECT_PARCEL
    return REJECT_REQUEST if request.status in returns.WAITING else ()


def reason_views(reasons: Iterable[Reason]) -> list[dict[str, str]]:
    return [{"name": reason.name, "text": reason.text} for reason in reasons]


@operation("getRejectReasons", "GET", "/return_refund/202309/reject_reasons", scope=SCOPE)
def get_reject_reasons(call: Call) -> dict[str, Any]:
    return {"reasons": reason_views(reject_reasons(the_request(call)))}


def decision_view(request: Request, decision: str) -> dict[str, Any]:
    problem = verdict(request, decision)
    if problem is not None:
        return {
            "decision": decision,
            "eligible": False,
            "ineligible_code": problem.code,
            "ineligible_reason": problem.message,
        }
    refuses = decision.startswith("REJECT_") or decision.endswith("AFTER_RECEIVING_PKG")
    reasons = {"available_reject_reasons": reason_views(reject_reasons(request))} if refuses else {}
    return {"decision": decision, "eligible": True, **reasons}


def decisions_about(call: Call, request: Request) -> list[str]:
    """Those that the caller asks about, or all that could ever fit."""
    asked = call.listed("check_decisions", most=20, required=False)
    every = (*APPROVALS, *REJECTIONS) if isinstance(request, Return) else OF_CANCELLATIONS
    return asked or list(every)


@operation("getDecisionEligibility", "GET", "/return_refund/202601/decision_eligibility", scope=SCOPE)
def get_decision_eligibility(call: Call) -> dict[str, Any]:
    request = the_request(call)
    return {"decisions": [decision_view(request, decision) for decision in decisions_about(call, request)]}


@operation("getAvailableReviewDecisions", "GET", "/return_refund/202606/review_decision", scope=SCOPE)
def get_available_review_decisions(call: Call) -> dict[str, Any]:
    """The same question, line by line, with how much a partial refund may be."""
    if call.number("seller_id") is None:
        call.need("seller_id")
    request = the_request(call)
    shown = [with_range(call, request, decision) for decision in decisions_about(call, request)]
    return {
        "line_items": [{"return_line_item_id": line.id, "decisions": shown} for line in request.lines],
        "errors": [],
    }


def with_range(call: Call, request: Request, decision: str) -> dict[str, Any]:
    shown = decision_view(request, decision)
    if not (shown["eligible"] and decision.startswith("OFFER_PARTIAL")):
        return shown
    step = Decimal(1).scaleb(-call.shop.market.decimals)
    least, most = str(step), str(request.total - step)
    return {**shown, "partial_refund_amount_range": {"min_amount": least, "max_amount": most, "currency": call.shop.currency}}


# --- the seller decides -----------------------------------------------------------------------------------------------


def is_done(call: Call, request: Request) -> bool:
    """Whether this idempotency key has been used for the request."""
    return call.text("idempotency_key") in request.answered


def mark_done(call: Call, request: Request) -> None:
    """Remember the idempotency key, once what it stands for has been carried out."""
    if call.text("idempotency_key"):
        request.answered.add(call.text("idempotency_key"))


def return_to_decide(call: Call, allowed: Sequence[str]) -> tuple[Return, str] | None:
    """The return and the decision about it, one of `allowed` that fits now; None where this key has carried it out already."""
    request = the_return(call.shop, call.ids["return_id"])
    decision = call.given_text("decision")
    if decision not in allowed:
        raise ApiError(11050001, "invalid param: decision")
    if is_done(call, request):
        return None
    must_fit(request, decision)
    return request, decision


def must_fit(request: Request, decision: str) -> None:
    problem = verdict(request, decision)
    if problem is not None:
        raise problem


@operation("approveReturn", "POST", "/return_refund/202309/returns/{return_id}/approve", scope=SCOPE)
def approve_return(call: Call) -> dict[str, Any]:
    asked = return_to_decide(call, APPROVALS)
    if asked is not None:
        request, decision = asked
        apply_approval(call.shop, request, decision, call.body)
        mark_done(call, request)
    return {}


def apply_approval(shop: Shop, request: Return, decision: str, body: dict[str, Any]) -> None:
    """Carry out an approval that is allowed."""
    if decision == "OFFER_PARTIAL_REFUND":
        given = as_object(body.get("partial_refund"), "partial_refund")
        returns.offer_part(shop, request, partial_amount(shop, request, given.get("amount"), given.get("currency")), shop.now)
    elif decision == "APPROVE_REPLACEMENT":
        returns.send_replacement(shop, request, shop.now, lambda known, _now: replacement_for(shop, known))
    elif decision in ("APPROVE_RETURN", "APPROVE_REFUND"):
        returns.approve(shop, request, shop.now, keep_item=bool(body.get("buyer_keep_item")))
    else:
        returns.grant(shop, request, shop.now, by="SELLER")


def partial_amount(shop: Shop, request: Return, amount: object, currency: object) -> Decimal:
    """A partial refund: more than nothing, less than all, in the shop's currency."""
    try:
        asked = Decimal(str(amount))
    except InvalidOperation as error:
        raise bad("partial refund amount") from error
    if currency != shop.currency or not asked.is_finite() or not 0 < asked < request.total:
        raise bad("partial refund amount or currency")
    if asked != rounded(shop.market, asked):
        raise bad("partial refund amount: too many decimals")
    return rounded(shop.market, asked)


@operation("rejectReturn", "POST", "/return_refund/202606/returns/{return_id}/reject", scope=SCOPE)
@operation("rejectReturn_202309", "POST", "/return_refund/202309/returns/{return_id}/reject", scope=SCOPE)
def reject_return(call: Call) -> dict[str, Any]:
    asked = return_to_decide(call, REJECTIONS)
    if asked is not None:
        request, decision = asked
        apply_rejection(call.shop, request, decision, the_reason(request, call), call.body)
        mark_done(call, request)
    return {}


def the_reason(request: Request, call: Call) -> Reason:
    """The reject reason of the body, with comment and images within their limits."""
    if len(call.body_list("images")) > 6 or len(str(call.body.get("comment") or "")) > 500:
        raise bad("At most 6 images and 500 characters of comment.")
    name = call.given_text("reject_reason")
    reason = reasons_named(reject_reasons(request), name)
    if reason is not None:
        return reason
    if reasons_named((*REJECT_CANCELLATION, *REJECT_REQUEST, *REJECT_PARCEL), name):
        raise ApiError(25001016, "reverse reason not match action type")
    raise ApiError(25001014, "Unknown return reason. Please ensure you are passing a valid return reason.")


def apply_rejection(shop: Shop, request: Return, decision: str, reason: Reason, body: dict[str, Any]) -> None:
    if decision == "OFFER_PARTIAL_REFUND_AFTER_RECEIVING_PKG":
        given = as_object(body.get("partial_refund_amount"), "partial_refund_amount")
        asked = partial_amount(shop, request, given.get("partial_refund_total"), given.get("currency"))
        returns.offer_part(shop, request, asked, shop.now)
    else:
        returns.refuse(shop, request, shop.now, reason=reason, comment=str(body.get("comment") or ""))


@operation("approveCancellation", "POST", "/return_refund/202309/cancellations/{cancel_id}/approve", scope=SCOPE)
def approve_cancellation(call: Call) -> dict[str, Any]:
    request = the_cancellation(call.shop, call.ids["cancel_id"])
    if not is_done(call, request):
        must_fit(request, "APPROVE_REQUEST_CANCEL")
        cancellations.approve(call.shop, request, call.now)
        mark_done(call, request)
    return {}


@operation("rejectCancellation", "POST", "/return_refund/202309/cancellations/{cancel_id}/reject", scope=SCOPE)
def reject_cancellation(call: Call) -> dict[str, Any]:
    request = the_cancellation(call.shop, call.ids["cancel_id"])
    if is_done(call, request):
        return {}
    must_fit(request, "REJECT_REQUEST_CANCEL")
    reason = the_reason(request, call)
    request.note("CANCEL_REJECTED", "Seller", reason.text, call.now, note=str(call.body.get("comment") or ""))
    refuse_cancellation(call.shop, call.shop.orders[request.order_id], request)
    mark_done(call, request)
    return {}
