"""Returns and cancellations: what is asked of the seller, by when, and what was really paid."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storeward.canon import AfterSaleStatus, Cancellation, Return
from storeward.connectors.tiktok_shop import after_sales
from storeward.connectors.tiktok_shop.codes import CANCELLATION_STATUS, RETURN_STATUS
from storeward.connectors.tiktok_shop.tests.samples import ok, parse, parse_sample, problems, told


def one_return(**fields: Any) -> Return:
    (record,) = parse("searchReturns", ok(return_orders=[{"return_id": "4", "return_status": "X"} | fields])).records
    assert isinstance(record, Return)
    return record


def one_cancellation(**fields: Any) -> Cancellation:
    (record,) = parse("searchCancellations", ok(cancellations=[{"cancel_id": "4"} | fields])).records
    assert isinstance(record, Cancellation)
    return record


def test_requests_are_asked_by_window_or_by_id() -> None:
    since = datetime(2025, 12, 1, tzinfo=UTC)
    request = after_sales.list_returns_request(updated_since=since)
    assert request.query == {"page_size": "50", "sort_field": "update_time", "sort_order": "ASC"}
    assert json.loads(request.body or b"") == {"update_time_ge": 1764547200}
    assert json.loads(after_sales.list_cancellations_request(cancel_ids=["4"]).body or b"") == {"cancel_ids": ["4"]}


def test_a_return_reads_in_full(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "searchReturns")
    assert (parsed.problems, parsed.total, parsed.next_page) == ([], 3, None)
    first = told(parsed)[0]
    lines = first.pop("lines")
    assert first == {
        "kind": "return",
        "platform_return_id": "4035318504086604100",
        "platform_order_id": "577686530908261117",
        "platform_type": "REFUND",
        "type": "refund",
        "platform_status": "RETURN_OR_REFUND_REQUEST_PENDING",
        "status": "pending",
        "platform_arbitration_status": "IN_PROGRESS",
        "platform_role": "BUYER",
        "platform_reason": "ecom_order_to_ship_canceled_reason_created_by_mistakes",
        "reason_text": "Order created by mistake",
        "tracking_number": "213456789098765433456",
        "carrier": "J&T Express",
        "platform_carrier_id": "TH27014E9R5Q4G",
        "platform_shipment_type": "PLATFORM",
        "platform_handover_method": "DROP_OFF",
        "platform_method": "SELLER_ARRANGE",
        "platform_previous_return_id": "4035310341095393452",
        "platform_next_return_id": "4035310341095393463",
        "platform_combined_return_id": "4035309948547073951",
        "platform_more": {"return_shipping_document_type": "SHIPPING_LABEL"},
        "buyer_keeps_item": True,
        "offer_refused": True,
        "platform_proposed_type": "PARTIAL_REFUND",
        "offered": {"amount": "10", "currency": "IDR"},
        "requested_at": "2023-07-27T09:45:36Z",
        "updated_at": "2023-07-27T10:18:56Z",
        "platform_next_action": "SELLER_RESPOND_REFUND",
        "answer_by_at": "2023-07-28T14:31:20Z",
        "refund_asked": {"amount": "1.23", "currency": "USD"},
    }
    assert lines == [
        {
            "platform_line_id": "4035227657962164811",
            "platform_order_line_id": "576473917261451851",
            "platform_sku_id": "2729382476852921560",
            "seller_sku": "PUTIH 1 TALI",
            "title": "(SP) [PROMO BUNDLING] NICE Tissue Facial 180s x 5 pcs",
            "variant": "1#, Standard",
            "refund_asked": {"amount": "1.23", "currency": "USD"},
            "refunded": None,
            "parts": [],
        }
    ]
    assert [record["type"] for record in told(parsed)] == ["refund", "return_and_refund", "exchange"]


def test_a_cancellation_that_waits_and_one_that_is_done(shared_dir: Path) -> None:
    waiting, done = told(parse_sample(shared_dir, "searchCancellations"))
    assert (waiting["status"], waiting["platform_type"], waiting["answer_by_at"]) == (
        "pending",
        "BUYER_CANCEL",
        "2025-12-05T00:00:00Z",
    )
    assert "refunded" not in waiting
    assert (done["status"], done["refunded"]) == ("completed", {"amount": "1.23", "currency": "USD"})
    assert done["lines"][0]["refunded"] == {"amount": "1.23", "currency": "USD"}
    assert "answer_by_at" not in done
    assert (waiting["restock"], done["restock"]) == (False, True)


def test_the_older_version_reads_alike(shared_dir: Path) -> None:
    (older,) = told(parse_sample(shared_dir, "searchCancellations_202309"))
    assert (older["platform_type"], older["platform_next_action"]) == ("REQUEST_CANCEL_REFUND", "SELLER_RESPOND_CANCEL")
    assert len(told(parse_sample(shared_dir, "searchReturns_202309"))) == 1


@pytest.mark.parametrize("word", sorted(RETURN_STATUS))
def test_only_a_completed_return_is_refunded(word: str) -> None:
    record = one_return(return_status=word, refund_amount={"currency": "USD", "refund_total": "5.00"})
    assert record.status is RETURN_STATUS[word]
    assert record.refund_asked is not None
    assert (record.refunded is not None) == (word == "RETURN_OR_REFUND_REQUEST_COMPLETE")


@pytest.mark.parametrize("word", sorted(CANCELLATION_STATUS))
def test_only_a_completed_cancellation_is_refunded(word: str) -> None:
    record = one_cancellation(cancel_status=word, refund_amount={"currency": "USD", "refund_total": "5.00"})
    assert record.status is CANCELLATION_STATUS[word]
    assert (record.refunded is not None) == (word == "CANCELLATION_REQUEST_COMPLETE")


def test_the_most_urgent_of_several_actions_counts() -> None:
    record = one_return(
        seller_next_action_response=[
            {"action": "SELLER_RESPOND_RETURN", "deadline": 1764892800},
            {"action": "SELLER_RESPOND_REFUND", "deadline": 1764806400},
        ]
    )
    assert (record.platform_next_action, record.answer_by_at) == ("SELLER_RESPOND_REFUND", datetime(2025, 12, 4, tzinfo=UTC))


def test_an_action_without_a_deadline_is_still_told() -> None:
    record = one_return(seller_next_action_response=[{"action": "SELLER_RESPOND_RETURN", "deadline": 0}])
    assert (record.platform_next_action, record.answer_by_at) == ("SELLER_RESPOND_RETURN", None)


@pytest.mark.parametrize("nothing", [None, []])
def test_no_action_means_that_nothing_is_asked(nothing: Any) -> None:
    record = one_return(seller_next_action_response=nothing)
    assert (record.platform_next_action, record.answer_by_at) == (None, None)


def test_a_deadline_that_cannot_be_read_is_an_error() -> None:
    parsed = parse(
        "searchReturns",
        ok(return_orders=[{"return_id": "4", "return_status": "AWAITING_BUYER_SHIP", "seller_next_action_response": "soon"}]),
    )
    assert problems(parsed) == [("data.return_orders[0].seller_next_action_response", "error")]


def test_unknown_words_are_kept() -> None:
    record = one_return(return_status="NEW_STATE", return_type="SWAP")
    assert (record.platform_status, record.status, record.platform_type, record.type) == (
        "NEW_STATE",
        AfterSaleStatus.UNKNOWN,
        "SWAP",
        "unknown",
    )


def test_the_units_of_a_bundle_are_parts_of_their_line() -> None:
    line = {
        "return_line_item_id": "1",
        "order_line_item_id": "11",
        "return_sub_line_items": [
            {
                "return_sub_line_item_id": "2",
                "return_line_item_id": "1",
                "sub_order_line_item_id": "22",
                "order_line_item_id": "11",
            }
        ],
    }
    (found,) = one_return(return_line_items=[line]).lines
    assert (found.platform_line_id, found.platform_order_line_id) == ("1", "11")
    assert [(part.platform_line_id, part.platform_order_line_id) for part in found.parts] == [("2", "22")]


def test_a_record_or_a_line_without_an_id_costs_itself() -> None:
    parsed = parse(
        "searchReturns",
        ok(return_orders=[{"return_status": "AWAITING_BUYER_SHIP"}, {"return_id": "1", "return_line_items": [{"sku_id": "2"}]}]),
    )
    assert [record.platform_id for record in parsed.records] == ["1"]
    assert problems(parsed) == [
        ("data.return_orders[0].return_id", "error"),
        ("data.return_orders[1].return_status", "error"),
        ("data.return_orders[1].return_line_items[0].return_line_item_id", "error"),
    ]


def test_what_a_write_answers_is_tied_to_what_was_asked(shared_dir: Path) -> None:
    (cancelled,) = told(parse_sample(shared_dir, "cancelOrder", order_id="576"))
    assert (cancelled["platform_cancellation_id"], cancelled["platform_order_id"], cancelled["status"]) == (
        "4035318504086604100",
        "576",
        "approved",
    )
    (opened,) = told(parse_sample(shared_dir, "createReturn_202309", order_id="576"))
    assert (opened["platform_return_id"], opened["status"]) == ("4035319218955782461", "pending")


def test_the_grouped_model_yields_the_same_returns(shared_dir: Path) -> None:
    (record,) = told(parse_sample(shared_dir, "searchAftersalesRequests"))
    assert record["platform_return_id"] == "4035318504086604100"
    assert record["platform_after_sale_id"] == "4035318504086604101"
    assert record["platform_order_id"] == "577686530908261117"
    assert (record["platform_status"], record["status"]) == ("PENDING_REQUEST_REVIEW", "pending")
    (parcel,) = told(parse_sample(shared_dir, "searchReturnMerchandiseAuthorizations"))
    assert parcel["platform_rma_id"] == "2894521704838895640"
    assert parcel["platform_package_id"] == "2894521704838895645"
    assert parcel["status"] == "awaiting_buyer"


def test_a_grouped_request_that_holds_its_returns_gives_them_in_full() -> None:
    inner = {"return_id": "5", "return_status": "AWAITING_BUYER_SHIP", "return_type": "REPLACEMENT", "order_id": "57"}
    (record,) = told(parse("searchAftersalesRequests", ok(aftersales_requests=[{"id": "4", "sku_return_requests": [inner]}])))
    assert (record["platform_return_id"], record["platform_after_sale_id"], record["type"]) == ("5", "4", "replacement")


def test_look_ups_come_as_they_are(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "getRejectReasons")
    assert parsed.answer == {
        "reasons": [
            {
                "name": "seller_reject_apply_you_have_reached_an_agreement_with_the_buyer",
                "text": "You have reached an agreement with the buyer",
            }
        ]
    }


def test_a_failed_part_of_a_review_has_its_code_as_text() -> None:
    parsed = parse("reviewAftersalesRequests", ok(errors=[{"code": "25001003", "message": "in another state"}]))
    (problem,) = parsed.problems
    assert problem.error is not None
    assert (problem.error.code, problem.message) == ("25001003", "in another state")
