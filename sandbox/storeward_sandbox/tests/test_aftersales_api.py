"""After-sales over its operations: who may decide what, and when; refusals, reasons, pages, keys that are used twice."""

from decimal import Decimal
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.tests.people import an_order, code_of, pages, quiet, refused
from storeward_sandbox.tests.support import Json, ask, checked, go, make_shop, shop_to_read, told
from storeward_sandbox.tiktok_shop import cancellations, returns
from storeward_sandbox.tiktok_shop.aftersales import APPROVALS, REJECTIONS
from storeward_sandbox.tiktok_shop.aftersales_life import Aftersales, buyer_asks_to_cancel, buyer_returns
from storeward_sandbox.tiktok_shop.cancellations import Cancellation
from storeward_sandbox.tiktok_shop.orders import Order, cancel, seller_arranges
from storeward_sandbox.tiktok_shop.requests import BUYER_RETURNS, REJECT_CANCELLATION, REJECT_PARCEL, REJECT_REQUEST
from storeward_sandbox.tiktok_shop.returns import Return
from storeward_sandbox.tiktok_shop.shop import Shop

KINDS = (returns.REFUND, returns.RETURN, returns.REPLACEMENT)
NAMES = {returns.REFUND: "REFUND", returns.RETURN: "RETURN", returns.REPLACEMENT: "REPLACEMENT"}


@pytest.fixture
def shop() -> Shop:
    return quiet(make_shop())


def a_return(shop: Shop, kind: str = returns.REFUND, units: int = 2) -> Return:
    order = an_order(shop, "DELIVERED", units=units)
    request = buyer_returns(shop, order, kind, BUYER_RETURNS[0], order.lines)
    assert request is not None
    return request


def a_cancellation(shop: Shop) -> tuple[Order, Cancellation]:
    order = an_order(shop, "AWAITING_SHIPMENT")
    request = buyer_asks_to_cancel(shop, order)
    assert request is not None
    return order, request


def approve(shop: Shop, request: Return, decision: str, key: str = "", **body: Any) -> int:
    query = {"idempotency_key": key} if key else {}
    asked = {"decision": decision, **body}
    return code_of(shop, "approveReturn", ids={"return_id": request.id}, query=query, body=asked)


def reject(shop: Shop, request: Return, decision: str, reason: str, key: str = "", **body: Any) -> int:
    query = {"idempotency_key": key} if key else {}
    asked = {"decision": decision, "reject_reason": reason, **body}
    return code_of(shop, "rejectReturn", ids={"return_id": request.id}, query=query, body=asked)


def arrive(shop: Shop, request: Return) -> None:
    """The approved return is sent back and stands with the seller."""
    returns.approve(shop, request, shop.now)
    returns.buyer_ships(shop, request, shop.now)
    returns.arrive(shop, request, shop.now)


def found(shop: Shop, request: Return) -> Json:
    rows = checked(shop, "searchReturns", body={"return_ids": [request.id]})["return_orders"]
    assert len(rows) == 1
    row: Json = rows[0]
    return row


# --- search -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", ["MY", "US", "VN", "GB"])
@pytest.mark.parametrize(
    "operation", ["searchReturns", "searchReturns_202309", "searchCancellations", "searchCancellations_202309"]
)
def test_searches_keep_to_their_description(region: str, operation: str) -> None:
    shop = shop_to_read(region, ("returns",), orders_per_day=3.0, days=1)
    answer = checked(shop, operation, query={"page_size": "50"})
    assert answer["total_count"] >= 1


def test_an_empty_list_is_left_out(shop: Shop) -> None:
    answer = checked(shop, "searchReturns", body={"order_ids": ["1"]})
    assert answer == {"total_count": 0, "next_page_token": ""}


@pytest.mark.parametrize(("operation", "size"), [("searchReturns", 9), ("searchReturns", 51), ("searchCancellations", 51)])
def test_page_sizes_have_limits(shop: Shop, operation: str, size: int) -> None:
    assert code_of(shop, operation, query={"page_size": size}) == 36009004


@pytest.mark.parametrize("order", ["ASC", "DESC"])
@pytest.mark.parametrize("field", ["create_time", "update_time"])
def test_pages_are_sorted_and_whole(order: str, field: str) -> None:
    shop = shop_to_read(troubles=("returns",), orders_per_day=5.0)
    query = {"sort_field": field, "sort_order": order}
    rows = pages(shop, "searchReturns", "return_orders", size=10, query=query)
    assert sorted(row["return_id"] for row in rows) == sorted(shop.part(Aftersales).returns)
    times = [row[field] for row in rows]
    assert times == sorted(times, reverse=order == "DESC")


def test_filters_find_what_they_name() -> None:
    shop = shop_to_read(troubles=("returns",), orders_per_day=5.0)
    known = list(shop.part(Aftersales).returns.values())
    one = known[len(known) // 2]
    for body in (
        {"return_ids": [one.id]},
        {"order_ids": [one.order_id]},
        {"create_time_ge": one.created, "create_time_lt": one.created + 1},
        {"update_time_ge": one.updated, "update_time_lt": one.updated + 1},
        {"buyer_user_ids": [one.buyer_id], "return_types": [one.kind], "return_status": [one.status]},
    ):
        assert one.id in [row["return_id"] for row in ask(shop, "searchReturns", body=body)["return_orders"]]
    nothing = ask(shop, "searchReturns", body={"create_time_ge": one.created + 1, "return_ids": [one.id]})
    assert nothing["total_count"] == 0


@pytest.mark.parametrize("status", ["RETURN_OR_REFUND_REQUEST_PENDING", "RETURN_OR_REFUND_REQUEST_COMPLETE"])
def test_a_status_filter_keeps_to_its_status(status: str) -> None:
    shop = shop_to_read(troubles=("returns",), orders_per_day=5.0)
    rows = ask(shop, "searchReturns", query={"page_size": 50}, body={"return_status": [status]})["return_orders"]
    assert {row["return_status"] for row in rows} == {status}


# --- the task list ----------------------------------------------------------------------------------------------------


def test_a_pending_request_names_task_and_deadline(shop: Shop) -> None:
    request = a_return(shop)
    row = found(shop, request)
    assert row["seller_next_action_response"] == [{"action": "SELLER_RESPOND_REFUND", "deadline": shop.now + 48 * HOUR}]
    assert row["return_status"] == "RETURN_OR_REFUND_REQUEST_PENDING"
    assert Decimal(row["refund_amount"]["refund_total"]) == request.total


def test_nothing_is_owed_once_it_is_answered(shop: Shop) -> None:
    request = a_return(shop)
    assert approve(shop, request, "APPROVE_REFUND") == 0
    assert "seller_next_action_response" not in found(shop, request)


def test_line_amounts_add_up_to_the_refund(shop: Shop) -> None:
    row = found(shop, a_return(shop, units=3))
    lines = [Decimal(line["refund_amount"]["refund_total"]) for line in row["return_line_items"]]
    assert sum(lines) == Decimal(row["refund_amount"]["refund_total"])
    assert len(lines) == 3


def test_the_platform_approves_at_the_deadline(shop: Shop) -> None:
    request = a_return(shop)
    go(shop, 48 * HOUR - 1)
    assert found(shop, request)["return_status"] == "RETURN_OR_REFUND_REQUEST_PENDING"
    go(shop, 1)
    assert found(shop, request)["return_status"] == "RETURN_OR_REFUND_REQUEST_SUCCESS"
    records = checked(shop, "getReturnRecords", ids={"return_id": request.id})["records"]
    assert [record["role"] for record in records] == ["Buyer", "System"]


def test_a_full_refund_completes_the_order(shop: Shop) -> None:
    request = a_return(shop)
    approve(shop, request, "APPROVE_REFUND")
    go(shop, DAY)
    assert request.status == returns.COMPLETE
    assert shop.orders[request.order_id].status == "COMPLETED"
    assert told(shop, 67)[-1]["refund_total"] == str(request.total)


def test_a_refund_of_one_unit_leaves_the_order_as_it_is(shop: Shop) -> None:
    order = an_order(shop, "DELIVERED", units=2)
    request = buyer_returns(shop, order, returns.REFUND, BUYER_RETURNS[0], order.lines[:1])
    assert request is not None
    approve(shop, request, "APPROVE_REFUND")
    go(shop, DAY)
    assert order.status == "DELIVERED"


# --- approve ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("decision", [*APPROVALS, *REJECTIONS])
def test_only_fitting_decisions_are_taken(shop: Shop, kind: str, decision: str) -> None:
    """What `decision_eligibility` says is what happens."""
    request = a_return(shop, kind)
    shown = checked(shop, "getDecisionEligibility", query={"return_or_cancel_id": request.id, "check_decisions": decision})
    row = shown["decisions"][0]
    if decision in APPROVALS:
        code = approve(shop, request, decision, partial_refund={"currency": shop.currency, "amount": "1.00"})
    else:
        reason = checked(shop, "getRejectReasons", query={"return_or_cancel_id": request.id})["reasons"][0]["name"]
        code = reject(shop, request, decision, reason)
    assert row["eligible"] == (code == 0)
    assert row.get("ineligible_code", 0) == code


def test_a_replacement_is_a_new_order_for_the_same_buyer(shop: Shop) -> None:
    request = a_return(shop, returns.REPLACEMENT)
    assert approve(shop, request, "APPROVE_REPLACEMENT") == 0
    fresh = shop.orders[request.replaced_by]
    assert (fresh.is_replacement_order, fresh.replaced_order_id) == (True, request.order_id)
    assert fresh.buyer.user_id == request.buyer_id
    assert found(shop, request)["return_status"] == "REPLACEMENT_REQUEST_COMPLETE"


def test_refunding_instead_of_replacing(shop: Shop) -> None:
    request = a_return(shop, returns.REPLACEMENT)
    assert approve(shop, request, "ISSUE_REPLACEMENT_REFUND") == 0
    go(shop, DAY)
    assert request.status == returns.NEW_REFUNDED


def test_the_buyer_may_keep_the_goods(shop: Shop) -> None:
    request = a_return(shop, returns.RETURN)
    assert approve(shop, request, "APPROVE_RETURN", buyer_keep_item=True) == 0
    row = found(shop, request)
    assert (row["return_status"], row["can_buyer_keep_item"]) == ("RETURN_OR_REFUND_REQUEST_SUCCESS", True)


def test_a_return_is_refunded_after_the_parcel_was_looked_at(shop: Shop) -> None:
    request = a_return(shop, returns.RETURN)
    arrive(shop, request)
    row = found(shop, request)
    assert row["return_status"] == "BUYER_SHIPPED_ITEM"
    assert row["return_tracking_number"]
    assert row["seller_next_action_response"][0]["action"] == "SELLER_RESPOND_RECEIVE_PACKAGE"
    assert approve(shop, request, "APPROVE_RECEIVED_PACKAGE") == 0
    assert request.status == returns.SUCCESS


def test_a_parcel_that_has_not_come_cannot_be_refused(shop: Shop) -> None:
    request = a_return(shop, returns.RETURN)
    assert reject(shop, request, "REJECT_RECEIVED_PACKAGE", REJECT_PARCEL[0].name) == 25020012


def test_a_partial_refund_is_offered_to_the_buyer(shop: Shop) -> None:
    request = a_return(shop)
    offer = {"currency": shop.currency, "amount": "1.50"}
    assert approve(shop, request, "OFFER_PARTIAL_REFUND", partial_refund=offer) == 0
    row = found(shop, request)
    assert row["return_status"] == "AWAITING_BUYER_RESPONSE"
    assert (row["seller_proposed_return_type"], row["partial_refund"]) == ("PARTIAL_REFUND", offer)


@pytest.mark.parametrize(
    "offer",
    [{}, {"currency": "USD", "amount": "1.00"}, {"currency": "MYR", "amount": "0"}, {"currency": "MYR", "amount": "99999"}],
)
def test_a_senseless_offer_is_refused(shop: Shop, offer: Json) -> None:
    request = a_return(shop)
    assert approve(shop, request, "OFFER_PARTIAL_REFUND", partial_refund=offer) == 25001001
    assert request.status == returns.PENDING


def test_the_same_key_twice_is_done_once(shop: Shop) -> None:
    request = a_return(shop)
    assert approve(shop, request, "APPROVE_REFUND", key="k1") == 0
    assert approve(shop, request, "APPROVE_REFUND", key="k1") == 0
    assert approve(shop, request, "APPROVE_REFUND", key="k2") == 25011012
    assert len([record for record in request.records if record.event == "REFUND_APPROVED"]) == 1


def test_a_refused_decision_does_not_use_up_its_key(shop: Shop) -> None:
    request = a_return(shop)
    assert approve(shop, request, "APPROVE_RETURN", key="k1") == 25020004
    assert approve(shop, request, "APPROVE_REFUND", key="k1") == 0


def test_an_unknown_decision_is_refused(shop: Shop) -> None:
    assert approve(shop, a_return(shop), "APPROVE_EVERYTHING") == 11050001


def test_another_shops_return_is_nobodys_business(shop: Shop) -> None:
    for operation in ("approveReturn", "getReturnRecords"):
        assert code_of(shop, operation, ids={"return_id": "403"}, body={"decision": "APPROVE_REFUND"}) == 25020005


# --- reject -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", ["rejectReturn", "rejectReturn_202309"])
def test_a_refusal_names_reason_and_comment(shop: Shop, operation: str) -> None:
    request = a_return(shop)
    body = {"decision": "REJECT_REFUND", "reject_reason": REJECT_REQUEST[0].name, "comment": "It was worn."}
    checked(shop, operation, ids={"return_id": request.id}, body=body)
    assert found(shop, request)["return_status"] == "REFUND_OR_RETURN_REQUEST_REJECT"
    record = checked(shop, "getReturnRecords", ids={"return_id": request.id})["records"][-1]
    assert (record["description"], record["note"]) == (REJECT_REQUEST[0].text, "It was worn.")


@pytest.mark.parametrize(
    ("reason", "code"), [("because", 25001014), (REJECT_PARCEL[0].name, 25001016), (REJECT_CANCELLATION[0].name, 25001016)]
)
def test_a_reason_must_be_known_and_fit(shop: Shop, reason: str, code: int) -> None:
    assert reject(shop, a_return(shop), "REJECT_REFUND", reason) == code


@pytest.mark.parametrize("body", [{"comment": "x" * 501}, {"images": [{"image_id": str(number)} for number in range(7)]}])
def test_comment_and_images_have_limits(shop: Shop, body: Json) -> None:
    assert reject(shop, a_return(shop), "REJECT_REFUND", REJECT_REQUEST[0].name, **body) == 25001001


def test_what_was_approved_cannot_be_refused(shop: Shop) -> None:
    request = a_return(shop)
    approve(shop, request, "APPROVE_REFUND")
    assert reject(shop, request, "REJECT_REFUND", REJECT_REQUEST[0].name) == 25020010


def test_a_withdrawn_request_takes_no_decision(shop: Shop) -> None:
    request = a_return(shop)
    returns.withdraw(shop, request, shop.now, by="BUYER")
    assert approve(shop, request, "APPROVE_REFUND") == 25020009


def test_under_arbitration_the_seller_has_no_say(shop: Shop) -> None:
    request = a_return(shop)
    returns.call_platform(shop, request, shop.now)
    assert approve(shop, request, "APPROVE_REFUND") == 25011010
    assert found(shop, request)["arbitration_status"] == "IN_PROGRESS"
    go(shop, 3 * DAY)
    assert request.arbitration in {"SUPPORT_BUYER", "SUPPORT_SELLER"}


def test_part_of_the_money_for_a_damaged_parcel(shop: Shop) -> None:
    request = a_return(shop, returns.RETURN)
    arrive(shop, request)
    offer = {"partial_refund_total": "2.00", "currency": shop.currency}
    decision = "OFFER_PARTIAL_REFUND_AFTER_RECEIVING_PKG"
    assert reject(shop, request, decision, REJECT_PARCEL[1].name, partial_refund_amount=offer) == 0
    assert request.status == returns.AWAITING_BUYER


def test_a_refused_parcel(shop: Shop) -> None:
    request = a_return(shop, returns.RETURN)
    arrive(shop, request)
    reasons = checked(shop, "getRejectReasons", query={"return_or_cancel_id": request.id})["reasons"]
    assert [row["name"] for row in reasons] == [reason.name for reason in REJECT_PARCEL]
    assert reject(shop, request, "REJECT_RECEIVED_PACKAGE", reasons[0]["name"]) == 0
    assert found(shop, request)["return_status"] == "REJECT_RECEIVE_PACKAGE"


def test_no_reasons_are_left_once_it_is_settled(shop: Shop) -> None:
    request = a_return(shop)
    approve(shop, request, "APPROVE_REFUND")
    assert checked(shop, "getRejectReasons", query={"return_or_cancel_id": request.id})["reasons"] == []


def test_review_decisions_are_told_line_by_line_with_a_range(shop: Shop) -> None:
    request = a_return(shop)
    query = {"return_or_cancel_id": request.id, "seller_id": "7"}
    answer = checked(shop, "getAvailableReviewDecisions", query=query)
    assert [row["return_line_item_id"] for row in answer["line_items"]] == [line.id for line in request.lines]
    offers = [row for row in answer["line_items"][0]["decisions"] if row["decision"] == "OFFER_PARTIAL_REFUND"]
    span = offers[0]["partial_refund_amount_range"]
    assert Decimal(span["min_amount"]) == Decimal("0.01")
    assert Decimal(span["max_amount"]) == request.total - Decimal("0.01")
    with refused(36009004):
        ask(shop, "getAvailableReviewDecisions", query={"return_or_cancel_id": request.id})


# --- cancellations ----------------------------------------------------------------------------------------------------


def test_a_buyers_wish_blocks_the_order_until_it_is_answered(shop: Shop) -> None:
    order, request = a_cancellation(shop)
    assert order.is_buyer_request_cancel
    row = checked(shop, "searchCancellations", body={"cancel_ids": [request.id]})["cancellations"][0]
    assert (row["cancel_type"], row["role"]) == ("BUYER_CANCEL", "BUYER")
    assert row["seller_next_action_response"][0] == {"action": "SELLER_RESPOND_BUYER_CANCEL", "deadline": shop.now + 48 * HOUR}
    assert Decimal(row["refund_amount"]["refund_total"]) == order.total


def test_an_approved_wish_cancels_the_order(shop: Shop) -> None:
    order, request = a_cancellation(shop)
    checked(shop, "approveCancellation", ids={"cancel_id": request.id})
    assert (order.status, order.cancellation_initiator) == ("CANCELLED", "BUYER")
    assert len([one for one in shop.part(Aftersales).cancellations.values() if one.order_id == order.id]) == 1
    go(shop, DAY)
    assert request.status == cancellations.COMPLETE


def test_a_refused_wish_lets_the_order_go_on(shop: Shop) -> None:
    order, request = a_cancellation(shop)
    body = {"reject_reason": REJECT_CANCELLATION[0].name, "comment": "Packed."}
    checked(shop, "rejectCancellation", ids={"cancel_id": request.id}, body=body)
    assert (order.status, order.is_buyer_request_cancel) == ("AWAITING_SHIPMENT", False)
    assert request.status == cancellations.REFUSED
    assert told(shop, 11)[-1]["cancel_status"] == "CANCELLATION_REQUEST_CANCELLED"


def test_an_unanswered_wish_is_granted_by_the_platform(shop: Shop) -> None:
    order, request = a_cancellation(shop)
    order.due = type(order.due)(*[shop.now + 30 * DAY] * 6)
    go(shop, 48 * HOUR)
    assert order.status == "CANCELLED"
    assert request.status in {cancellations.SUCCESS, cancellations.COMPLETE}


@pytest.mark.parametrize(("operation", "code"), [("approveCancellation", 25011012), ("rejectCancellation", 25020010)])
def test_what_was_granted_is_not_decided_again(shop: Shop, operation: str, code: int) -> None:
    _order, request = a_cancellation(shop)
    ask(shop, "approveCancellation", ids={"cancel_id": request.id})
    body = {"reject_reason": REJECT_CANCELLATION[0].name}
    assert code_of(shop, operation, ids={"cancel_id": request.id}, body=body) == code


def test_what_was_refused_is_not_decided_again(shop: Shop) -> None:
    _order, request = a_cancellation(shop)
    ask(shop, "rejectCancellation", ids={"cancel_id": request.id}, body={"reject_reason": REJECT_CANCELLATION[0].name})
    assert code_of(shop, "approveCancellation", ids={"cancel_id": request.id}) == 25020009


def test_keys_count_for_cancellations_too(shop: Shop) -> None:
    _order, request = a_cancellation(shop)
    for _again in range(2):
        ask(shop, "approveCancellation", ids={"cancel_id": request.id}, query={"idempotency_key": "k"})


def test_an_unknown_cancellation_is_nobodys_business(shop: Shop) -> None:
    assert code_of(shop, "approveCancellation", ids={"cancel_id": "403"}) == 25020005
    assert code_of(shop, "getRejectReasons", query={"return_or_cancel_id": "403"}) == 25020005


@pytest.mark.parametrize(
    ("decision", "eligible"), [("APPROVE_REQUEST_CANCEL", True), ("REJECT_REQUEST_CANCEL", True), ("APPROVE_REFUND", False)]
)
def test_decisions_about_a_cancellation(shop: Shop, decision: str, eligible: bool) -> None:
    _order, request = a_cancellation(shop)
    query = {"return_or_cancel_id": request.id, "check_decisions": decision}
    assert checked(shop, "getDecisionEligibility", query=query)["decisions"][0]["eligible"] is eligible


def test_shipping_says_no_to_the_wish(shop: Shop) -> None:
    order, request = a_cancellation(shop)
    from_now = shop.now
    order.is_buyer_request_cancel = False
    shop.seller_on = True
    shop.persona = type(shop.persona)(1.0, 0, 0, 1, 1, frozenset())
    seller_arranges(shop, order)
    assert order.status == "AWAITING_COLLECTION"
    assert request.status == cancellations.REFUSED
    assert request.closed == from_now


def test_a_platforms_cancellation_is_on_record_with_its_reason(shop: Shop) -> None:
    order = an_order(shop, "AWAITING_SHIPMENT")
    go(shop, 20 * DAY)
    assert order.status == "CANCELLED"
    rows = checked(shop, "searchCancellations", body={"order_ids": [order.id]})["cancellations"]
    assert [(row["cancel_type"], row["role"], row["cancel_status"]) for row in rows] == [
        ("CANCEL", "SYSTEM", "CANCELLATION_REQUEST_COMPLETE")
    ]
    assert rows[0]["cancel_reason"] == "ecom_order_to_ship_canceled_reason_seller_timeout"


def test_nothing_is_given_back_of_what_was_never_paid(shop: Shop) -> None:
    order = an_order(shop, "UNPAID")
    order.plan = type(order.plan)(pays=None)
    go(shop, 1)
    shop.orders[order.id].status = "UNPAID"
    cancel(shop, order, reason="Order was not paid in time", initiator="SYSTEM")
    row = checked(shop, "searchCancellations", body={"order_ids": [order.id]})["cancellations"][0]
    assert row["refund_amount"]["refund_total"] == "0"
    assert row["cancel_status"] == "CANCELLATION_REQUEST_COMPLETE"


def test_every_cancelled_order_of_a_shop_has_its_record() -> None:
    shop = make_shop(troubles=("late_orders",), orders_per_day=3.0, days=5)
    recorded = {request.order_id for request in shop.part(Aftersales).cancellations.values()}
    cancelled = {order.id for order in shop.orders.values() if order.status == "CANCELLED"}
    assert cancelled
    assert cancelled <= recorded
