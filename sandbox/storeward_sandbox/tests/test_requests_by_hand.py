"""After-sales and chat calls over orders written down by hand: amounts, limits, and bodies of the wrong shape."""

import json
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.tests.byhand import a_product, an_order
from storeward_sandbox.tests.people import code_of
from storeward_sandbox.tests.support import Json, ask, bare_shop, checked, go, told
from storeward_sandbox.tiktok_shop import returns
from storeward_sandbox.tiktok_shop.aftersales_life import Aftersales, buyer_asks_to_cancel, buyer_returns
from storeward_sandbox.tiktok_shop.books import ledger_of
from storeward_sandbox.tiktok_shop.chat_life import chat_of, write
from storeward_sandbox.tiktok_shop.orders import Order
from storeward_sandbox.tiktok_shop.requests import BUYER_RETURNS, REJECT_PARCEL, REJECT_REQUEST
from storeward_sandbox.tiktok_shop.returns import Return
from storeward_sandbox.tiktok_shop.shop import Shop

OUT_OF_STOCK = "seller_cancel_reason_out_of_stock"


def a_basket(region: str = "US", status: str = "AWAITING_SHIPMENT", **how: Any) -> tuple[Shop, Order]:
    """Two mugs of 20.00 and one bowl of 35.00; 2.00 off each by the seller, shipping 4.50."""
    shop = bare_shop(region)
    mug, bowl = a_product(shop, 1), a_product(shop, 2, prices=("35.00",))
    skus = [mug.skus[0], mug.skus[0], bowl.skus[0]]
    delivered = shop.now - DAY if status == "DELIVERED" else 0
    order = an_order(
        shop, 1, skus, at=shop.now - 5 * DAY, shipping="4.50", seller="2.00", status=status, delivered=delivered, **how
    )
    return shop, order


def a_return(kind: str, *, arrived: bool = False) -> tuple[Shop, Return]:
    """All of the basket: 18.00 + 18.00 + 33.00."""
    shop, order = a_basket("MY", "DELIVERED")
    request = buyer_returns(shop, order, kind, BUYER_RETURNS[0], order.lines)
    assert request is not None
    if arrived:
        returns.approve(shop, request, shop.now)
        returns.buyer_ships(shop, request, shop.now)
        returns.arrive(shop, request, shop.now)
    return shop, request


# --- what comes back ----------------------------------------------------------------------------------------------------

MUG, BOWL = "1730000000000000100", "1730000000000000200"

# The lines that are named (first line of the basket 0), and what the buyer gets back for them.
NAMED: list[tuple[Json, str, str, str]] = [
    ({}, "73.50", "69.00", "4.50"),  # all of it, with the shipping
    ({"order_line_item_ids": [0]}, "18.00", "18.00", "0"),
    ({"order_line_item_ids": [2]}, "33.00", "33.00", "0"),
    ({"order_line_item_ids": [0, 2]}, "51.00", "51.00", "0"),
    ({"order_line_item_ids": [0, 0]}, "18.00", "18.00", "0"),
    ({"order_line_item_ids": [0, 1, 2]}, "73.50", "69.00", "4.50"),
    ({"order_line_list": [{"order_line_item_id": 2}]}, "33.00", "33.00", "0"),
    ({"skus": [{"sku_id": MUG, "quantity": 1}]}, "18.00", "18.00", "0"),
    ({"skus": [{"sku_id": MUG, "quantity": 2}]}, "36.00", "36.00", "0"),
    ({"skus": [{"sku_id": MUG, "quantity": 1}, {"sku_id": MUG, "quantity": 1}]}, "36.00", "36.00", "0"),
    ({"skus": [{"sku_id": MUG, "quantity": 2}, {"sku_id": BOWL, "quantity": 1}]}, "73.50", "69.00", "4.50"),
]


def with_ids(order: Order, named: Json) -> Json:
    """The places of the lines turned into their ids."""
    ids = [line.id for line in order.lines]
    body = dict(named)
    if "order_line_item_ids" in body:
        body["order_line_item_ids"] = [ids[place] for place in body["order_line_item_ids"]]
    if "order_line_list" in body:
        body["order_line_list"] = [{"order_line_item_id": ids[row["order_line_item_id"]]} for row in body["order_line_list"]]
    return body


@pytest.mark.parametrize(("named", "total", "goods", "shipping"), NAMED)
def test_a_preview_says_what_a_cancellation_gives_back(named: Json, total: str, goods: str, shipping: str) -> None:
    shop, order = a_basket()
    body = {"order_id": order.id, "request_type": "CANCEL", "reason_name": OUT_OF_STOCK, **with_ids(order, named)}
    assert checked(shop, "calculateRefund", body=body)["order_refund_amount"] == {
        "currency": "USD",
        "refund_total": total,
        "refund_subtotal": goods,
        "refund_shipping_fee": shipping,
        "refund_tax": "0",
    }


@pytest.mark.parametrize(("named", "total", "goods", "shipping"), NAMED)
def test_a_cancellation_gives_back_what_the_preview_said(named: Json, total: str, goods: str, shipping: str) -> None:
    """In the US single lines may be cancelled where they are out of stock; a SKU that is named twice is two units."""
    shop, order = a_basket()
    body = {"order_id": order.id, "cancel_reason": OUT_OF_STOCK, **with_ids(order, named)}
    cancel_id = checked(shop, "cancelOrder", body=body)["cancel_id"]
    (row,) = checked(shop, "searchCancellations", body={"cancel_ids": [cancel_id]})["cancellations"]
    amounts = row["refund_amount"]
    assert (amounts["refund_total"], amounts["refund_subtotal"], amounts["refund_shipping_fee"]) == (total, goods, shipping)
    cancelled = [line.id for line in order.lines if line.status == "CANCELLED"]
    assert sorted(one["order_line_item_id"] for one in row["cancel_line_items"]) == sorted(cancelled)
    assert (order.status == "CANCELLED") == (total == "73.50")


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ({"order_line_item_ids": ["577000000000000999"]}, 25005011),
        ({"skus": [{"sku_id": MUG, "quantity": 3}]}, 25005011),
        ({"skus": [{"sku_id": MUG, "quantity": 2}, {"sku_id": MUG, "quantity": 1}]}, 25005011),
        ({"skus": [{"sku_id": "1", "quantity": 1}]}, 25005011),
        ({"skus": [{"sku_id": MUG, "quantity": 0}]}, 25001001),
        ({"skus": [{"sku_id": MUG, "quantity": "2"}]}, 25001001),
        ({"skus": [{"sku_id": MUG}]}, 25001001),
        ({"skus": "all"}, 36009004),
        ({"skus": [5]}, 36009004),
        ({"order_line_list": "all"}, 36009004),
        ({"order_line_list": ["577"]}, 36009004),
        ({"order_line_item_ids": "577"}, 36009004),
        ({"order_line_item_ids": [{}]}, 36009004),
        ({"cancel_reason": 5}, 36009004),
        ({"cancel_reason": "because"}, 25001014),
        ({"order_id": ["576"]}, 36009004),
        ({"order_id": "1"}, 25007006),
    ],
)
def test_a_cancellation_of_the_wrong_shape_is_refused_and_cancels_nothing(named: Json, code: int) -> None:
    shop, order = a_basket()
    assert code_of(shop, "cancelOrder", body={"order_id": order.id, "cancel_reason": OUT_OF_STOCK, **named}) == code
    assert order.status == "AWAITING_SHIPMENT"
    assert {line.status for line in order.lines} == {"AWAITING_SHIPMENT"}
    assert shop.part(Aftersales).cancellations == {}


# Status; codes for the seller who cancels in MY and in the US, and for the buyer in MY and in the US.
WHO_MAY_CANCEL = [
    ("UNPAID", 0, 0, 0, 0),
    ("ON_HOLD", 0, 0, 0, 0),
    ("AWAITING_SHIPMENT", 0, 0, 0, 0),
    ("PARTIALLY_SHIPPING", 0, 0, 0, 0),
    ("AWAITING_COLLECTION", 25001045, 0, 0, 25001045),
    ("IN_TRANSIT", 25001045, 25001045, 25001045, 25001045),
    ("DELIVERED", 25001045, 25001045, 25001045, 25001045),
    ("COMPLETED", 25001051, 25001051, 25001051, 25001051),
    ("CANCELLED", 25001051, 25001051, 25001051, 25001051),
]


@pytest.mark.parametrize(("status", "seller_my", "seller_us", "buyer_my", "buyer_us"), WHO_MAY_CANCEL)
def test_how_late_an_order_may_be_cancelled(status: str, seller_my: int, seller_us: int, buyer_my: int, buyer_us: int) -> None:
    for region, user, code in (
        ("MY", "SELLER", seller_my),
        ("US", "SELLER", seller_us),
        ("MY", "BUYER", buyer_my),
        ("US", "BUYER", buyer_us),
    ):
        shop, order = a_basket(region, status)
        query = {"request_types": "CANCEL", "initiate_aftersale_user": user}
        (found, _bowl) = ask(shop, "getAftersaleEligibility", ids={"order_id": order.id}, query=query)["sku_eligibility"]
        (row,) = found["line_item_eligibility"]
        assert (row["eligible"], row.get("ineligible_code", 0)) == (code == 0, code), (region, user)


@pytest.mark.parametrize(
    ("status", "refund", "goods_back"),
    [
        ("UNPAID", 25001003, 25001003),
        ("ON_HOLD", 25001003, 25001003),
        ("AWAITING_SHIPMENT", 25001003, 25001003),
        ("AWAITING_COLLECTION", 0, 25001003),
        ("IN_TRANSIT", 0, 25001003),
        ("DELIVERED", 0, 0),
        ("COMPLETED", 25001051, 25001051),
        ("CANCELLED", 25001051, 25001051),
    ],
)
def test_how_early_money_or_goods_may_come_back(status: str, refund: int, goods_back: int) -> None:
    for kind, code in (("REFUND", refund), ("RETURN_AND_REFUND", goods_back)):
        shop, order = a_basket("MY", status)
        body = {"order_id": order.id, "return_type": kind, "return_reason": BUYER_RETURNS[0].name}
        assert code_of(shop, "createReturn", body=body) == code


def test_one_key_opens_one_return() -> None:
    """A client that did not hear the answer asks again with the same key."""
    shop, order = a_basket("MY", "DELIVERED")
    body = {"order_id": order.id, "return_type": "REFUND", "return_reason": BUYER_RETURNS[0].name}
    first = checked(shop, "createReturn", query={"idempotency_key": "k1"}, body=body)
    again = checked(shop, "createReturn", query={"idempotency_key": "k1"}, body=body)
    assert again["return_id"] == first["return_id"]
    assert len(shop.part(Aftersales).returns) == 1
    go(shop, 7 * HOUR)
    assert checked(shop, "createReturn", query={"idempotency_key": "k1"}, body=body)["return_id"] == first["return_id"]
    assert code_of(shop, "createReturn", query={"idempotency_key": "k2"}, body=body) == 25001051


def test_an_order_paid_back_on_its_way_is_settled_and_no_longer_awaited() -> None:
    shop, order = a_basket("MY", "IN_TRANSIT")
    body = {"order_id": order.id, "return_type": "REFUND", "return_reason": BUYER_RETURNS[0].name}
    assert code_of(shop, "createReturn", body=body) == 0
    go(shop, 7 * HOUR)
    assert order.status == "COMPLETED"
    go(shop, 5 * DAY)
    assert ask(shop, "getUnsettledTransactions", query={"sort_field": "order_create_time"})["transactions"] == []
    # revenue 69.00 - 69.00, no fees; shipping 4.50 - 4.62
    assert str(ledger_of(shop).settled[order.id].settlement) == "-0.12"


# --- offers -------------------------------------------------------------------------------------------------------------

OFFERS = [
    ("10.00", "MYR", 0),
    ("0.01", "MYR", 0),
    ("68.99", "MYR", 0),
    ("69.00", "MYR", 25001001),
    ("70", "MYR", 25001001),
    ("0", "MYR", 25001001),
    ("0.00", "MYR", 25001001),
    ("-1", "MYR", 25001001),
    ("0.001", "MYR", 25001001),
    ("68.999", "MYR", 25001001),
    ("1e1", "MYR", 0),
    ("NaN", "MYR", 25001001),
    ("Infinity", "MYR", 25001001),
    ("ten", "MYR", 25001001),
    ("", "MYR", 25001001),
    (None, "MYR", 25001001),
    ("10.00", "USD", 25001001),
    ("10.00", "", 25001001),
    ("10.00", None, 25001001),
]


@pytest.mark.parametrize(("amount", "currency", "code"), OFFERS)
def test_an_offer_is_more_than_nothing_and_less_than_all(amount: object, currency: object, code: int) -> None:
    shop, request = a_return("REFUND")
    body = {"decision": "OFFER_PARTIAL_REFUND", "partial_refund": {"amount": amount, "currency": currency}}
    assert code_of(shop, "approveReturn", ids={"return_id": request.id}, body=body) == code
    assert request.status == ("RETURN_OR_REFUND_REQUEST_PENDING" if code else "AWAITING_BUYER_RESPONSE")


@pytest.mark.parametrize(("amount", "currency", "code"), OFFERS)
def test_an_offer_for_a_parcel_has_the_same_limits(amount: object, currency: object, code: int) -> None:
    shop, request = a_return("RETURN_AND_REFUND", arrived=True)
    offer = {"partial_refund_total": amount, "currency": currency}
    body = {
        "decision": "OFFER_PARTIAL_REFUND_AFTER_RECEIVING_PKG",
        "reject_reason": REJECT_PARCEL[1].name,
        "partial_refund_amount": offer,
    }
    assert code_of(shop, "rejectReturn", ids={"return_id": request.id}, body=body) == code
    assert request.status == ("BUYER_SHIPPED_ITEM" if code else "AWAITING_BUYER_RESPONSE")


# Body of an approval; the code.
APPROVALS_OF_WRONG_SHAPE: list[tuple[Json, int]] = [
    ({}, 36009004),
    ({"decision": ""}, 36009004),
    ({"decision": 5}, 36009004),
    ({"decision": "approve_refund"}, 11050001),
    ({"decision": "REJECT_REFUND"}, 11050001),
    ({"decision": "APPROVE_RETURN"}, 25020004),
    ({"decision": "OFFER_PARTIAL_REFUND"}, 25001001),
    ({"decision": "OFFER_PARTIAL_REFUND", "partial_refund": "10.00"}, 36009004),
    ({"decision": "OFFER_PARTIAL_REFUND", "partial_refund": ["10.00"]}, 36009004),
    ({"decision": "OFFER_PARTIAL_REFUND", "partial_refund": 10}, 36009004),
]


@pytest.mark.parametrize(("body", "code"), APPROVALS_OF_WRONG_SHAPE)
def test_an_approval_of_the_wrong_shape_is_refused_and_changes_nothing(body: Json, code: int) -> None:
    shop, request = a_return("REFUND")
    before = len(told(shop))
    assert code_of(shop, "approveReturn", ids={"return_id": request.id}, query={"idempotency_key": "k"}, body=body) == code
    assert (request.status, len(told(shop))) == ("RETURN_OR_REFUND_REQUEST_PENDING", before)
    assert request.answered == set()


# What a grouped review decides about one request; the code of its error (none: "").
REVIEWS: list[tuple[Json, str]] = [
    ({"action": "APPROVE_REQUEST"}, ""),
    ({"action": "REFUND_INSTEAD"}, "25020004"),
    ({"action": "APPROVE_RETURN_PACKAGE"}, "25020004"),
    ({"action": "DANCE"}, "25020004"),
    ({"action": None}, "25020004"),
    ({"action": "APPROVE_REQUEST", "line_items": []}, "25001001"),
    ({"action": "APPROVE_REQUEST", "line_items": "all"}, "36009004"),
    ({"action": "APPROVE_REQUEST", "line_items": ["4035"]}, "36009004"),
    ({"action": "APPROVE_REQUEST", "line_items": [{"return_line_item_id": "1"}]}, "25001001"),
    ({"action": "REJECT_REQUEST", "reason": {"reason_id": REJECT_REQUEST[0].name}}, ""),
    ({"action": "REJECT_REQUEST", "reason": {"reason_id": "none"}}, "25001014"),
    ({"action": "REJECT_REQUEST", "reason": "none"}, "36009004"),
    ({"action": "REJECT_REQUEST"}, "25001014"),
    ({"action": "OFFER_PARTIAL_REFUND", "alternative_solution_details": {"partial_refund_amount": "5", "currency": "MYR"}}, ""),
    ({"action": "OFFER_PARTIAL_REFUND", "alternative_solution_details": {"partial_refund_amount": "5"}}, "25001001"),
    ({"action": "OFFER_PARTIAL_REFUND", "alternative_solution_details": "5"}, "36009004"),
    ({"action": "OFFER_PARTIAL_REFUND"}, "25001001"),
]


@pytest.mark.parametrize(("decided", "code"), REVIEWS)
def test_a_review_is_carried_out_or_an_error_under_code_zero(decided: Json, code: str) -> None:
    shop, request = a_return("REFUND")
    lines = [{"return_line_item_id": line.id} for line in request.lines]
    row = {"request_id": request.request_id, "line_item_decisions": [{"line_items": lines, **decided}]}
    errors = checked(shop, "reviewAftersalesRequests", body={"aftersales_request_decisions": [row]})["errors"]
    assert [error["code"] for error in errors] == ([code] if code else [])
    assert (request.status == "RETURN_OR_REFUND_REQUEST_PENDING") == bool(code)


# --- words to a buyer ---------------------------------------------------------------------------------------------------

ORDER_ID, PRODUCT_ID = "576000000000000001", "1729000000000000001"

# Type and content of a message (content as JSON unless it is a text already); the code in the newer and in the older version.
MESSAGES: list[tuple[str, Any, int, int]] = [
    ("TEXT", {"content": "hi"}, 0, 0),
    ("TEXT", {"content": "x" * 2000}, 0, 0),
    ("TEXT", {"content": "x" * 2001}, 45101001, 45101001),
    ("TEXT", {"content": ""}, 45101001, 45101001),
    ("TEXT", {"content": "  "}, 45101001, 45101001),
    ("TEXT", {"content": 5}, 45101001, 45101001),
    ("TEXT", {}, 45101001, 45101001),
    ("TEXT", "hi", 45101001, 45101001),
    ("TEXT", '"hi"', 45101001, 45101001),
    ("TEXT", "null", 45101001, 45101001),
    ("TEXT", "", 36009004, 36009004),
    ("TEXT", {"content": "write to me on WhatsApp"}, 45101006, 45101006),
    ("TEXT", {"content": "see https://elsewhere.example"}, 45101006, 45101006),
    ("TEXT", {"content": "call +60123456789"}, 45101006, 45101006),
    ("TEXT", {"content": "2+2 is 4"}, 0, 0),
    ("IMAGE", {"url": "https://images.sandbox.example/1.webp", "width": 1, "height": 1}, 0, 0),
    ("IMAGE", {"width": 1}, 45101001, 45101001),
    ("VIDEO", {"url": "https://images.sandbox.example/1.mp4"}, 0, 45111001),
    ("PRODUCT_CARD", {"product_id": PRODUCT_ID}, 0, 0),
    ("PRODUCT_CARD", {"product_id": int(PRODUCT_ID)}, 0, 0),
    ("PRODUCT_CARD", {"product_id": "1"}, 45101001, 45101001),
    ("ORDER_CARD", {"order_id": ORDER_ID}, 0, 0),
    ("ORDER_CARD", {"order_id": "1"}, 45101001, 45101001),
    ("LOGISTICS_CARD", {"order_id": ORDER_ID}, 0, 45111001),
    ("LOGISTICS_CARD", {}, 45101001, 45111001),
    ("RETURN_REFUND_CARD", {"order_id": ORDER_ID}, 0, 0),
    ("RETURN_REFUND_CARD", {"order_id": "1"}, 45101002, 45101002),
    ("COUPON_CARD", {"coupon_id": "1"}, 0, 0),
    ("COUPON_CARD", {}, 45111017, 45111017),
    ("NOTIFICATION", {"content": "hi"}, 45111001, 45111001),
    ("VOICE_NOTE", {"duration": 4}, 45111001, 45111001),
    ("text", {"content": "hi"}, 45111001, 45111001),
]


@pytest.mark.parametrize(("kind", "content", "newer", "older"), MESSAGES)
def test_a_message_is_sent_or_refused_with_its_code(kind: str, content: Any, newer: int, older: int) -> None:
    for operation, code in (("sendMessage", newer), ("sendMessage_202309", older)):
        shop, order = a_basket("MY")
        conversation = write(shop, order.buyer)
        said = len(conversation.messages)
        body = {"type": kind, "content": content if isinstance(content, str) else json.dumps(content)}
        assert code_of(shop, operation, ids={"conversation_id": conversation.id}, body=body) == code
        assert len(conversation.messages) == said + (code == 0)
        assert (conversation.waiting_since() == 0) == (code == 0)


@pytest.mark.parametrize(("role", "waits", "ratings"), [("CUSTOMER_SERVICE", False, 1), ("SYSTEM", True, 0), ("ROBOT", True, 0)])
def test_only_a_person_answers_and_ends_in_stars(role: str, waits: bool, ratings: int) -> None:
    shop, order = a_basket("MY")
    conversation = write(shop, order.buyer)
    joined = len(told(shop, 13))
    body = {"type": "TEXT", "content": '{"content": "hi"}', "sender_role": role}
    for _time in range(2):
        assert code_of(shop, "sendMessage", ids={"conversation_id": conversation.id}, body=body) == 0
    assert bool(conversation.waiting_since()) is waits
    go(shop, 8 * DAY)
    assert len(told(shop, 13)) - joined == ratings
    assert chat_of(shop).conversations[conversation.id].session(shop.now) is None


def test_a_wish_to_cancel_is_shown_with_its_deadline() -> None:
    shop, order = a_basket("MY")
    request = buyer_asks_to_cancel(shop, order)
    assert request is not None
    (row,) = checked(shop, "searchCancellations", body={"order_ids": [order.id]})["cancellations"]
    assert row["seller_next_action_response"] == [
        {"action": "SELLER_RESPOND_BUYER_CANCEL", "deadline": shop.now + 48 * HOUR},
    ]
    assert (row["cancel_type"], row["cancel_status"]) == ("BUYER_CANCEL", "CANCELLATION_REQUEST_PENDING")
    assert row["refund_amount"]["refund_total"] == "73.50"
