"""What sellers open: cancellations, returns, and the questions that they ask beforehand."""

from decimal import Decimal
from typing import Any

import pytest

from storeward_sandbox.clock import DAY
from storeward_sandbox.tests.people import an_order, code_of, quiet
from storeward_sandbox.tests.support import Json, ask, checked, go, make_shop
from storeward_sandbox.tiktok_shop.aftersales_life import Aftersales, buyer_asks_to_cancel, buyer_returns
from storeward_sandbox.tiktok_shop.orders import Order
from storeward_sandbox.tiktok_shop.requests import BUYER_CANCELS, BUYER_RETURNS
from storeward_sandbox.tiktok_shop.shop import Shop

OUT_OF_STOCK = "seller_cancel_reason_out_of_stock"


def a_shop(region: str = "MY") -> Shop:
    return quiet(make_shop(region))


def cancel(shop: Shop, order: Order, reason: str = OUT_OF_STOCK, **body: Any) -> int:
    return code_of(shop, "cancelOrder", body={"order_id": order.id, "cancel_reason": reason, **body})


def start(shop: Shop, order: Order, kind: str = "REFUND", **body: Any) -> int:
    asked = {"order_id": order.id, "return_type": kind, "return_reason": BUYER_RETURNS[1].name, **body}
    return code_of(shop, "createReturn", body=asked)


def eligible(shop: Shop, order: Order, kind: str, user: str = "SELLER") -> Json:
    query = {"request_types": kind, "initiate_aftersale_user": user}
    answer = checked(shop, "getAftersaleEligibility", ids={"order_id": order.id}, query=query)
    row: Json = answer["sku_eligibility"][0]["line_item_eligibility"][0]
    return row


@pytest.mark.parametrize("operation", ["cancelOrder", "cancelOrder_202309"])
@pytest.mark.parametrize("status", ["UNPAID", "ON_HOLD", "AWAITING_SHIPMENT"])
def test_a_seller_cancels_before_shipping(operation: str, status: str) -> None:
    shop = a_shop()
    order = an_order(shop, status)
    answer = checked(shop, operation, body={"order_id": order.id, "cancel_reason": OUT_OF_STOCK})
    assert order.status == "CANCELLED"
    assert (order.cancellation_initiator, order.cancel_reason) == ("SELLER", "Out of stock")
    rows = ask(shop, "searchCancellations", body={"cancel_ids": [answer["cancel_id"]]})["cancellations"]
    assert (rows[0]["cancel_type"], rows[0]["role"], rows[0]["cancel_reason"]) == ("CANCEL", "SELLER", OUT_OF_STOCK)


def test_one_cancellation_makes_one_record() -> None:
    shop = a_shop()
    order = an_order(shop)
    assert cancel(shop, order) == 0
    assert len(list(shop.part(Aftersales).of_order(order.id))) == 1


def test_the_buyer_gets_everything_back_and_within_hours() -> None:
    shop = a_shop()
    order = an_order(shop)
    total = order.total
    cancel(shop, order)
    request = next(iter(shop.part(Aftersales).of_order(order.id)))
    assert request.total == total
    go(shop, DAY)
    assert request.refunded_at


@pytest.mark.parametrize(
    ("region", "status", "code"),
    [
        ("MY", "AWAITING_COLLECTION", 25001045),
        ("US", "AWAITING_COLLECTION", 0),
        ("MY", "IN_TRANSIT", 25001045),
        ("US", "DELIVERED", 25001045),
    ],
)
def test_how_late_a_seller_may_cancel_depends_on_the_market(region: str, status: str, code: int) -> None:
    shop = a_shop(region)
    assert cancel(shop, an_order(shop, status)) == code


def test_what_is_over_is_not_cancelled_again() -> None:
    shop = a_shop()
    order = an_order(shop)
    cancel(shop, order)
    assert cancel(shop, order) == 25001051


def test_a_pending_wish_of_the_buyer_comes_first() -> None:
    shop = a_shop()
    order = an_order(shop)
    buyer_asks_to_cancel(shop, order)
    assert cancel(shop, order) == 25001011


@pytest.mark.parametrize(("reason", "code"), [("because", 25001014), (BUYER_CANCELS[0].name, 25001015), ("", 36009004)])
def test_a_reason_must_be_a_sellers(reason: str, code: int) -> None:
    shop = a_shop()
    assert cancel(shop, an_order(shop), reason) == code


def test_british_sellers_use_british_reasons() -> None:
    shop = a_shop("GB")
    order = an_order(shop)
    assert cancel(shop, order) == 25001014
    assert cancel(shop, order, f"{OUT_OF_STOCK}_uk") == 0


def test_an_unknown_order_is_not_found() -> None:
    body = {"order_id": "576", "cancel_reason": OUT_OF_STOCK}
    assert code_of(a_shop(), "cancelOrder", body=body) == 25007006


@pytest.mark.parametrize(("region", "code"), [("MY", 25005010), ("US", 0)])
def test_only_some_markets_cancel_line_by_line(region: str, code: int) -> None:
    shop = a_shop(region)
    order = an_order(shop, units=3)
    assert cancel(shop, order, order_line_item_ids=[order.lines[0].id]) == code
    assert [line.status == "CANCELLED" for line in order.lines] == [code == 0, False, False]
    assert order.status == "AWAITING_SHIPMENT"


def test_line_by_line_is_for_missing_stock_only() -> None:
    shop = a_shop("US")
    order = an_order(shop, units=2)
    ids = [order.lines[0].id]
    assert cancel(shop, order, "seller_cancel_reason_wrong_price", order_line_item_ids=ids) == 25005010


def test_lines_may_be_named_by_sku_and_quantity() -> None:
    shop = a_shop("US")
    order = an_order(shop, units=2)
    sku = order.lines[0].item.sku_id
    of_sku = [line for line in order.lines if line.item.sku_id == sku]
    assert cancel(shop, order, skus=[{"sku_id": sku, "quantity": len(of_sku)}]) == 0
    assert all(line.status == "CANCELLED" for line in of_sku)


@pytest.mark.parametrize("quantity", [9, 0, "two"])
def test_no_more_units_than_there_are(quantity: object) -> None:
    shop = a_shop("US")
    order = an_order(shop, units=2)
    skus = [{"sku_id": order.lines[0].item.sku_id, "quantity": quantity}]
    assert cancel(shop, order, skus=skus) == (25005011 if quantity == 9 else 25001001)


def test_lines_of_another_order_are_refused() -> None:
    shop = a_shop("US")
    assert cancel(shop, an_order(shop), order_line_list=[{"order_line_item_id": "577"}]) == 25005011


def test_cancelling_every_line_cancels_the_order() -> None:
    shop = a_shop("US")
    order = an_order(shop, units=2)
    for line in list(order.lines):
        assert cancel(shop, order, order_line_item_ids=[line.id]) == 0
        go(shop, DAY / 2)
    assert order.status == "CANCELLED"


# --- returns ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", ["createReturn", "createReturn_202309"])
@pytest.mark.parametrize(
    ("kind", "status"),
    [("REFUND", "RETURN_OR_REFUND_REQUEST_SUCCESS"), ("RETURN_AND_REFUND", "AWAITING_BUYER_SHIP")],
)
def test_what_the_seller_opens_needs_no_answer(operation: str, kind: str, status: str) -> None:
    shop = a_shop()
    order = an_order(shop, "DELIVERED")
    body = {"order_id": order.id, "return_type": kind, "return_reason": BUYER_RETURNS[0].name}
    answer = checked(shop, operation, body=body)
    assert answer["return_status"] == status
    row = ask(shop, "searchReturns", body={"return_ids": [answer["return_id"]]})["return_orders"][0]
    assert (row["role"], row["return_type"]) == ("SELLER", kind)


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("REFUND", "IN_TRANSIT", 0),
        ("RETURN_AND_REFUND", "IN_TRANSIT", 25001003),
        ("REFUND", "AWAITING_SHIPMENT", 25001003),
        ("EXCHANGE", "DELIVERED", 25001001),
    ],
)
def test_what_can_be_opened_depends_on_the_order(kind: str, status: str, code: int) -> None:
    shop = a_shop()
    assert start(shop, an_order(shop, status), kind) == code


def test_one_request_at_a_time() -> None:
    shop = a_shop()
    order = an_order(shop, "DELIVERED")
    assert buyer_returns(shop, order) is not None
    assert start(shop, order) == 25001011


def test_an_unknown_return_reason_is_refused() -> None:
    shop = a_shop()
    assert start(shop, an_order(shop, "DELIVERED"), return_reason="because") == 25001014


# --- beforehand -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", ["calculateRefund", "calculateRefund_202309"])
def test_a_cancellation_gives_the_shipping_back_too(operation: str) -> None:
    shop = a_shop()
    order = an_order(shop)
    body = {"order_id": order.id, "request_type": "CANCEL", "reason_name": OUT_OF_STOCK}
    shown = checked(shop, operation, body=body)["order_refund_amount"]
    assert Decimal(shown["refund_total"]) == order.total
    assert Decimal(shown["refund_shipping_fee"]) == order.shipping_fee


def test_a_refund_keeps_the_shipping() -> None:
    shop = a_shop()
    order = an_order(shop, "DELIVERED")
    body = {"order_id": order.id, "request_type": "REFUND", "reason_name": "x", "order_line_item_ids": [order.lines[0].id]}
    shown = checked(shop, "calculateRefund", body=body)["order_refund_amount"]
    assert Decimal(shown["refund_subtotal"]) == order.lines[0].sale_price
    assert Decimal(shown["refund_shipping_fee"]) == 0


def test_asking_costs_nothing() -> None:
    shop = a_shop()
    order = an_order(shop)
    ask(shop, "calculateRefund", body={"order_id": order.id, "request_type": "CANCEL", "reason_name": "x"})
    assert not list(shop.part(Aftersales).of_order(order.id))


def test_an_unknown_kind_of_request_is_refused() -> None:
    shop = a_shop()
    body = {"order_id": an_order(shop).id, "request_type": "GIFT", "reason_name": "x"}
    assert code_of(shop, "calculateRefund", body=body) == 25001001


@pytest.mark.parametrize("region", ["MY", "US"])
@pytest.mark.parametrize("status", ["ON_HOLD", "AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED"])
@pytest.mark.parametrize("kind", ["CANCEL", "REFUND", "RETURN_AND_REFUND"])
def test_eligibility_says_what_will_happen(region: str, status: str, kind: str) -> None:
    shop = a_shop(region)
    order = an_order(shop, status)
    row = eligible(shop, order, kind)
    code = cancel(shop, order) if kind == "CANCEL" else start(shop, order, kind)
    assert row["eligible"] == (code == 0)
    assert row.get("ineligible_code", 0) == code
    assert bool(row.get("available_reason_names")) == row["eligible"]


def test_buyers_in_south_east_asia_may_cancel_a_step_further() -> None:
    for region, further in (("MY", True), ("US", False)):
        shop = a_shop(region)
        order = an_order(shop, "AWAITING_COLLECTION")
        assert eligible(shop, order, "CANCEL", "BUYER")["eligible"] is further


def test_the_older_eligibility_names_no_reasons() -> None:
    shop = a_shop()
    order = an_order(shop)
    answer = checked(shop, "getAftersaleEligibility_202309", ids={"order_id": order.id})
    rows = answer["sku_eligibility"][0]["line_item_eligibility"]
    assert {row["request_type"] for row in rows} == {"CANCEL", "REFUND", "RETURN_AND_REFUND"}
    assert not any("available_reason_names" in row for row in rows)
