"""Returns and disputes: every published answer, values written out."""

from pathlib import Path

from .samples import money, parse_sample, problems, told


def test_a_listed_return_waits_for_the_seller(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "returns.get_return_list", page_no="1", page_size="100")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "return",
            "platform_return_id": "200203171852695",
            "platform_order_id": "200203C6W0AR27",
            "platform_type": "0",
            "type": "return_and_refund",
            "platform_status": "REQUESTED",
            "status": "pending",
            "platform_reason": "PHYSICAL_DMG",
            "reason_text": "arrived damaged",
            "tracking_number": "RNSHS00177569",
            "platform_more": {
                "return_refund_type": "RRAOC",
                "validation_type": "seller_validation",
                "return_refund_request_type": "0",
                "is_arrived_at_warehouse": "3",
                "needs_logistics": "true",
                "is_seller_arrange": "false",
                "is_shipping_proof_mandatory": "false",
                "negotiation_status": "PENDING_RESPOND",
                "seller_proof_status": "PENDING",
                "seller_compensation_status": "PENDING_REQUEST",
            },
            "disputed": False,
            "to_seller": True,
            "requested_at": "2020-02-03T09:18:33Z",
            "updated_at": "2020-02-03T11:29:37Z",
            "platform_next_action": "PENDING_RESPOND",
            "answer_by_at": "2020-02-06T09:18:33Z",
            "deadlines": {
                "due_date": "2020-02-06T09:18:33Z",
                "return_ship_due_date": "2022-06-17T03:58:56Z",
                "return_seller_due_date": "2022-06-17T03:58:56Z",
            },
            "amounts": {"amount_before_discount": money("1409", "SGD")},
            "refund_asked": money("1409", "SGD"),
            "lines": [
                {
                    "platform_line_id": "2147533133",
                    "seller_sku": "RED",
                    "title": "Sample cable",
                    "quantity": 1,
                    "price": money("1409.9", "SGD"),
                    "platform_listing_id": "2147533133",
                    "platform_more": {"item_sku": "USB"},
                }
            ],
        }
    ]


def test_a_return_in_detail_has_every_deadline(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "returns.get_return_detail")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "return",
            "platform_return_id": "2206140TA5PM808",
            "platform_order_id": "220614T9XV8JTN",
            "platform_type": "0",
            "type": "return_and_refund",
            "platform_status": "ACCEPTED",
            "status": "approved",
            "platform_reason": "NOT_RECEIPT",
            "reason_text": "not received",
            "tracking_number": "RNSHS00177569",
            "carrier": "Sample channel",
            "platform_more": {
                "return_refund_type": "RRAOC",
                "validation_type": "seller_validation",
                "logistics_status": "LOGISTICS_REQUEST_CREATED",
                "return_refund_request_type": "0",
                "is_arrived_at_warehouse": "3",
                "needs_logistics": "false",
                "is_seller_arrange": "true",
                "is_shipping_proof_mandatory": "true",
                "has_uploaded_shipping_proof": "false",
                "is_reverse_logistics_channel_integrated": "false",
                "negotiation_status": "PENDING_RESPOND",
                "seller_proof_status": "PENDING",
                "seller_compensation_status": "PENDING_REQUEST",
                "reverse_logistics_status": "LOGISTICS_REQUEST_CREATED",
                "latest_offer_creator": "SELLER",
                "counter_limit": "1",
                "whs_id": "SGC",
                "activity_ids": ["123456789"],
                "activity_types": ["BUNDLE"],
                "dispute_reason": ["2"],
                "dispute_text_reason": ["reason"],
            },
            "platform_proposed_type": "RETURN_REFUND",
            "offered": money("12.34", "SGD"),
            "disputed": False,
            "to_seller": True,
            "requested_at": "2022-06-14T11:11:24Z",
            "updated_at": "2022-06-14T15:12:24Z",
            "platform_next_action": "PENDING_RESPOND",
            "answer_by_at": "2022-06-17T03:58:56Z",
            "deadlines": {
                "due_date": "2022-06-16T11:11:23Z",
                "return_ship_due_date": "2022-06-17T03:56:45Z",
                "return_seller_due_date": "2022-06-17T03:56:45Z",
                "seller_evidence_deadline": "2022-06-17T03:58:56Z",
                "seller_compensation_due_date": "2022-06-17T03:58:56Z",
                "offer_due_date": "2022-06-17T03:58:56Z",
            },
            "amounts": {"amount_before_discount": money("13.99", "SGD"), "compensation_amount": money("100", "SGD")},
            "refund_asked": money("13.97", "SGD"),
            "lines": [
                {
                    "platform_line_id": "2700126223",
                    "platform_sku_id": "2001586745",
                    "seller_sku": "RED",
                    "title": "Sample item",
                    "refund_asked": money("12.34", "SGD"),
                    "quantity": 1,
                    "price": money("10", "SGD"),
                    "platform_listing_id": "2700126223",
                    "platform_more": {"item_sku": "USB"},
                }
            ],
        }
    ]


def test_a_parcel_on_its_way_back_has_steps_and_dates(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "returns.get_reverse_tracking_info")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert told(parsed) == [
        {
            "kind": "return",
            "platform_return_id": "2206150VT13E3MQ",
            "type": "unknown",
            "status": "unknown",
            "tracking_number": "MY257829361436J",
            "platform_more": {
                "validation_type": "seller_validation",
                "reverse_logistics_status": "LOGISTICS_REQUEST_CREATED",
                "return_refund_request_type": "0",
            },
            "updated_at": "2025-02-28T07:35:19Z",
            "deadlines": {
                "estimated_delivery_date_max": "2025-02-28T07:35:21Z",
                "estimated_delivery_date_min": "2025-02-27T03:13:20Z",
            },
            "events": [{"text": "picked up", "at": "2025-02-28T07:35:19Z"}],
        }
    ]


def test_an_offer_is_confirmed_by_its_number(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "returns.offer")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert parsed.receipt == {"return_sn": "211101140608253"}
    assert told(parsed) == []


def test_an_accepted_offer_is_confirmed_by_its_number(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "returns.accept_offer")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert parsed.receipt == {"return_sn": "211101140608253"}
    assert told(parsed) == []


def test_a_dispute_is_confirmed_by_its_number(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "returns.dispute")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert parsed.receipt == {"return_sn": "200203171852695"}
    assert told(parsed) == []


def test_a_withdrawn_dispute_is_confirmed_by_its_number(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "returns.cancel_dispute")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert parsed.receipt == {"return_sn": "2412100F5217W3H"}
    assert told(parsed) == []


def test_a_picture_becomes_an_address(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "returns.convert_image")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert parsed.receipt == {"url": "https://cf.example.com/file/x1.png", "thumbnail": "https://cf.example.com/file/x1.png"}
    assert told(parsed) == []


def test_what_may_be_offered_is_a_look_up(shared_dir: Path) -> None:
    parsed = parse_sample(shared_dir, "returns.get_available_solutions")
    assert problems(parsed) == []
    assert parsed.next_page is None
    assert parsed.receipt == {"return_sn": "220106202649696"}
    assert told(parsed) == []
