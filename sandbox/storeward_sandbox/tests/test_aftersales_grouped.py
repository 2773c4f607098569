"""The grouped after-sales model: the same requests under other names, and a review of several at once."""

from typing import Any

import pytest

from storeward_sandbox.tests.people import code_of
from storeward_sandbox.tests.support import Json, ask, checked, make_shop
from storeward_sandbox.tests.test_aftersales_api import a_return, arrive
from storeward_sandbox.tiktok_shop import returns
from storeward_sandbox.tiktok_shop.aftersales_life import Aftersales
from storeward_sandbox.tiktok_shop.requests import REJECT_PARCEL, REJECT_REQUEST
from storeward_sandbox.tiktok_shop.returns import Return
from storeward_sandbox.tiktok_shop.shop import Shop

ALL_FIELDS = ["LINE_ITEMS", "SKU_RETURN_REQUESTS", "RETURN_MERCHANDISE_AUTHORIZATIONS"]


@pytest.fixture
def shop() -> Shop:
    made = make_shop()
    made.seller_on = made.buyers_on = False
    return made


def review(shop: Shop, request: Return, action: str, *, rma: bool = False, **more: Any) -> list[Json]:
    """Decide about the whole request; the errors under code 0."""
    lines = [{"return_line_item_id": line.id} for line in request.lines]
    decision = {
        "request_id": request.rma_id if rma else request.request_id,
        "request_id_type": "RMA" if rma else "AFTERSALES",
        "line_item_decisions": [{"line_items": lines, "action": action, **more}],
    }
    answer = checked(shop, "reviewAftersalesRequests", body={"aftersales_request_decisions": [decision]})
    errors: list[Json] = answer["errors"]
    return errors


@pytest.mark.parametrize("region", ["MY", "US", "GB"])
def test_both_searches_keep_to_their_description(region: str) -> None:
    shop = make_shop(region, ("returns",), orders_per_day=4.0)
    whole = checked(
        shop, "searchAftersalesRequests", body={"whitelisted_data_fields": ALL_FIELDS, "pagination": {"page_size": 100}}
    )
    parcels = checked(
        shop,
        "searchReturnMerchandiseAuthorizations",
        body={"whitelisted_data_fields": ALL_FIELDS[:2], "pagination": {"page_size": 100}},
    )
    known = shop.part(Aftersales).returns.values()
    assert whole["total_count"] == len(known)
    assert parcels["total_count"] == sum(bool(request.rma_id) for request in known) > 0


def test_what_is_not_asked_for_is_left_out(shop: Shop) -> None:
    request = a_return(shop)
    filters = {"aftersales_request_ids": [request.request_id]}
    rows = checked(shop, "searchAftersalesRequests", body={"filters": filters})["aftersales_requests"]
    assert rows == [{"id": request.request_id, "status": "PENDING_REQUEST_REVIEW"}]


def test_paging_stands_in_the_body() -> None:
    shop = make_shop(troubles=("returns",), orders_per_day=4.0)
    seen: list[str] = []
    token = ""
    for _page in range(100):
        body = {"pagination": {"page_size": 3, "page_token": token}, "sort": {"sort_field": "UPDATE_TIME", "sort_order": "DESC"}}
        answer = ask(shop, "searchAftersalesRequests", body=body)
        seen += [row["id"] for row in answer.get("aftersales_requests", [])]
        token = answer["next_page_token"]
        if not token:
            break
    assert sorted(seen) == sorted(one.request_id for one in shop.part(Aftersales).returns.values())
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("size", [0, -1, 101, "5"])
def test_page_sizes_have_limits(shop: Shop, size: object) -> None:
    body = {"pagination": {"page_size": size}}
    if size == 0:
        assert code_of(shop, "searchAftersalesRequests", body=body) == 0
    else:
        assert code_of(shop, "searchAftersalesRequests", body=body) == 36009004


def test_filters_find_what_they_name(shop: Shop) -> None:
    request = a_return(shop, returns.RETURN)
    arrive(shop, request)
    created = {"min_unix_time_inclusive": request.created, "max_unix_time_exclusive": request.created + 1}
    for filters in (
        {"main_order_ids": [request.order_id]},
        {"return_types": [request.kind], "buyer_ids": [request.buyer_id]},
        {"aftersales_request_statuses": ["REQUEST_REVIEW_COMPLETED"], "time": {"create_time": created}},
    ):
        rows = ask(shop, "searchAftersalesRequests", body={"filters": filters, "pagination": {"page_size": 100}})
        assert request.request_id in [row["id"] for row in rows["aftersales_requests"]]
    for filters in (
        {"rma_ids": [request.rma_id]},
        {"package_ids": [request.parcel_id], "statuses": ["PENDING_PACKAGE_REVIEW"]},
        {"aftersales_request_ids": [request.request_id]},
    ):
        parcels = ask(shop, "searchReturnMerchandiseAuthorizations", body={"filters": filters})
        assert [row["id"] for row in parcels["return_merchandise_authorizations"]] == [request.rma_id]
    late = {"time": {"create_time": {"min_unix_time_inclusive": request.created + 1}}, "main_order_ids": [request.order_id]}
    assert ask(shop, "searchAftersalesRequests", body={"filters": late})["total_count"] == 0


@pytest.mark.parametrize(
    ("kind", "action", "status"),
    [
        (returns.REFUND, "APPROVE_REQUEST", returns.SUCCESS),
        (returns.RETURN, "APPROVE_REQUEST", returns.AWAITING_SHIP),
        (returns.REPLACEMENT, "APPROVE_REQUEST", returns.NEW_COMPLETE),
        (returns.RETURN, "REFUND_INSTEAD", returns.SUCCESS),
        (returns.REPLACEMENT, "REFUND_INSTEAD", returns.SUCCESS),
    ],
)
def test_a_review_decides_as_the_older_model_does(shop: Shop, kind: str, action: str, status: str) -> None:
    request = a_return(shop, kind)
    assert review(shop, request, action) == []
    assert request.status == status


def test_a_review_may_refuse_with_a_reason(shop: Shop) -> None:
    request = a_return(shop)
    assert review(shop, request, "REJECT_REQUEST", reason={"reason_id": REJECT_REQUEST[1].name, "text": "No proof."}) == []
    assert request.status == returns.REJECTED
    assert request.records[-1].note == "No proof."


def test_a_review_may_offer_a_part(shop: Shop) -> None:
    request = a_return(shop)
    offer = {"partial_refund_amount": "1.00", "currency": shop.currency}
    assert review(shop, request, "OFFER_PARTIAL_REFUND", alternative_solution_details=offer) == []
    assert request.status == returns.AWAITING_BUYER


def test_a_parcel_is_reviewed_by_its_own_id(shop: Shop) -> None:
    request = a_return(shop, returns.RETURN)
    arrive(shop, request)
    assert review(shop, request, "APPROVE_RETURN_PACKAGE", rma=True) == []
    assert request.status == returns.SUCCESS


def test_a_refused_parcel(shop: Shop) -> None:
    request = a_return(shop, returns.RETURN)
    arrive(shop, request)
    assert review(shop, request, "REJECT_RETURN_PACKAGE", rma=True, reason={"reason_id": REJECT_PARCEL[0].name}) == []
    assert request.status == returns.PARCEL_REJECTED


def test_a_part_for_the_parcel(shop: Shop) -> None:
    request = a_return(shop, returns.RETURN)
    arrive(shop, request)
    offer = {"partial_refund_amount": "1.00", "currency": shop.currency}
    action = "OFFER_PARTIAL_REFUND_AFTER_RECEIVING_PKG"
    assert review(shop, request, action, rma=True, alternative_solution_details=offer) == []
    assert request.status == returns.AWAITING_BUYER


@pytest.mark.parametrize(
    ("action", "more", "code"),
    [
        ("APPROVE_RETURN_PACKAGE", {}, "25020004"),
        ("REJECT_REQUEST", {"reason": {"reason_id": "because"}}, "25001014"),
        ("OFFER_PARTIAL_REFUND", {"alternative_solution_details": {}}, "25001001"),
        ("DANCE", {}, "25020004"),
    ],
)
def test_what_cannot_be_decided_is_an_error_under_code_zero(shop: Shop, action: str, more: Json, code: str) -> None:
    request = a_return(shop)
    assert [row["code"] for row in review(shop, request, action, **more)] == [code]
    assert request.status == returns.PENDING


def test_one_wrong_decision_does_not_hold_up_the_others(shop: Shop) -> None:
    good = a_return(shop)
    lines = [{"return_line_item_id": line.id} for line in good.lines]
    decisions = [
        {"request_id": "403", "line_item_decisions": [{"line_items": lines, "action": "APPROVE_REQUEST"}]},
        {"request_id": good.request_id, "line_item_decisions": [{"line_items": [], "action": "APPROVE_REQUEST"}]},
        {"request_id": good.request_id, "line_item_decisions": [{"line_items": lines, "action": "APPROVE_REQUEST"}]},
    ]
    answer = checked(shop, "reviewAftersalesRequests", body={"aftersales_request_decisions": decisions})
    assert [row["code"] for row in answer["errors"]] == ["25020005", "25001001"]
    assert good.status == returns.SUCCESS


def test_the_same_key_twice_is_done_once(shop: Shop) -> None:
    request = a_return(shop)
    lines = [{"return_line_item_id": line.id} for line in request.lines]
    one = {
        "request_id": request.request_id,
        "idempotency_key": "k",
        "line_item_decisions": [{"line_items": lines, "action": "APPROVE_REQUEST"}],
    }
    for _again in range(2):
        assert ask(shop, "reviewAftersalesRequests", body={"aftersales_request_decisions": [one]})["errors"] == []
