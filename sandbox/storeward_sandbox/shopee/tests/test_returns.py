"""Returns and refunds: every way they can go, their deadlines, what is told, and the seller's answers."""

import struct
from decimal import Decimal
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.shopee import pushes, returns
from storeward_sandbox.shopee.call import Upload
from storeward_sandbox.shopee.returns import (
    ANSWER_WITHIN,
    CHECK_WITHIN,
    JUDGED_AFTER,
    PROOF_WITHIN,
    REFUND_ONLY,
    SHIP_WITHIN,
    Return,
    returns_of,
)
from storeward_sandbox.shopee.returns_life import buyer_asks, seller_answers
from storeward_sandbox.shopee.shop import Shop
from storeward_sandbox.shopee.tests.people import a_return, an_order, back_home, numbered_pages
from storeward_sandbox.shopee.tests.support import (
    START,
    Json,
    ask,
    bare_shop,
    checked,
    go,
    make_shop,
    refused,
    shop_to_read,
    told,
)

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 640, 480)
EMAIL = "shop@example.com"


def moves_told(shop: Shop, one: Return) -> list[tuple[str, str]]:
    """Old and new status of every push 29."""
    rows = [row for data in told(shop, pushes.RETURN_UPDATES) if data["return_sn"] == one.sn for row in data["updated_values"]]
    return [(row["old_value"], row["new_value"]) for row in rows if row["update_field"] == "return_status"]


def detail(shop: Shop, one: Return) -> Json:
    return dict(checked(shop, "returns.get_return_detail", query={"return_sn": one.sn}))


def send(shop: Shop, operation: str, one: Return, **body: Any) -> Any:
    return checked(shop, f"returns.{operation}", body={"return_sn": one.sn, **body})


# --- the ways it can go -----------------------------------------------------------------------------------------------


def test_a_request_waits_for_the_seller() -> None:
    shop = bare_shop()
    one = a_return(shop)
    order = shop.orders[one.order_sn]
    assert (one.status, one.negotiation, order.status) == ("REQUESTED", "PENDING_RESPOND", "TO_RETURN")
    assert one.due == one.created + ANSWER_WITHIN
    assert 0 < one.amount <= order.goods_total
    assert one.amount == shop.amount(one.amount)


def test_where_the_seller_is_silent_the_platform_sides_with_the_buyer() -> None:
    shop = bare_shop()
    goods, money = a_return(shop), a_return(shop, solution=REFUND_ONLY)
    go(shop, money.due - shop.now)
    assert (goods.status, money.status) == ("PROCESSING", "ACCEPTED")
    assert goods.ship_due > shop.now
    assert money.refunded_at == money.created + ANSWER_WITHIN
    assert shop.orders[money.order_sn].status == "COMPLETED"
    assert shop.orders[money.order_sn].returned


def test_goods_travel_back_and_money_follows() -> None:
    shop = bare_shop()
    one = a_return(shop)
    back_home(shop, one)
    assert (one.status, one.logistics) == ("PROCESSING", "LOGISTICS_DELIVERY_DONE")
    assert one.check_due == shop.now + CHECK_WITHIN
    go(shop, CHECK_WITHIN)
    assert (one.status, one.check_due) == ("ACCEPTED", 0)
    assert moves_told(shop, one) == [("", "REQUESTED"), ("REQUESTED", "PROCESSING"), ("PROCESSING", "ACCEPTED")]
    rows = [row for data in told(shop, pushes.RETURN_UPDATES) for row in data["updated_values"]]
    ways = [row["new_value"] for row in rows if row["update_field"] == "logistics_status"]
    assert ways == ["LOGISTICS_PENDING_ARRANGE", "LOGISTICS_PICKUP_DONE", "LOGISTICS_DELIVERY_DONE"]


def test_a_buyer_who_sends_nothing_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = bare_shop()
    one = a_return(shop)
    monkeypatch.setattr(returns, "buyer_sends", lambda shop, one: None)
    returns.send_home(shop, one)
    go(shop, SHIP_WITHIN + 1)
    assert one.status == "CANCELLED"
    assert shop.orders[one.order_sn].status == "COMPLETED"
    assert not shop.orders[one.order_sn].returned


def test_a_withdrawn_request_leaves_the_order_as_it_was() -> None:
    shop = bare_shop()
    on_the_way = a_return(shop, after="SHIPPED")
    returns.over(shop, on_the_way, "CANCELLED")
    assert shop.orders[on_the_way.order_sn].status == "SHIPPED"
    arrived = a_return(shop)
    returns.over(shop, arrived, "CANCELLED")
    assert shop.orders[arrived.order_sn].status == "COMPLETED"
    assert (on_the_way.due, on_the_way.negotiation) == (0, "TERMINATED")


def test_after_completion_the_order_stays_completed_and_says_so_again() -> None:
    shop = bare_shop()
    one = a_return(shop, solution=REFUND_ONLY, after="COMPLETED")
    order = shop.orders[one.order_sn]
    assert (order.status, one.after_completion) == ("COMPLETED", True)
    returns.refund(shop, one)
    last = told(shop, pushes.ORDER_STATUS)[-1]
    assert (last["ordersn"], last["status"], last["completed_scenario"]) == (order.sn, "COMPLETED", "RRAOC")
    assert detail(shop, one)["return_refund_type"] == "RRAOC"


def test_money_is_given_back_once() -> None:
    shop = bare_shop()
    one = a_return(shop, solution=REFUND_ONLY)
    returns.refund(shop, one)
    returns.refund(shop, one)
    returns.over(shop, one, "CANCELLED")
    assert one.status == "ACCEPTED"
    assert len(moves_told(shop, one)) == 2


# --- offers -----------------------------------------------------------------------------------------------------------


def test_the_seller_offers_and_the_buyer_agrees_to_the_full_sum() -> None:
    shop = bare_shop()
    one = a_return(shop)
    assert send(shop, "offer", one, proposed_solution="REFUND") == {"return_sn": one.sn}
    assert one.negotiation == "PENDING_BUYER_RESPOND"
    go(shop, 31 * HOUR)
    assert (one.status, one.solution) == ("ACCEPTED", REFUND_ONLY)


def test_a_small_offer_may_be_countered(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = bare_shop()
    one = a_return(shop)
    monkeypatch.setattr(shop.chance("returns"), "random", lambda: 0.99)
    send(shop, "offer", one, proposed_solution="REFUND", proposed_adjusted_refund_amount=1)
    go(shop, 31 * HOUR)
    assert one.offer is not None
    assert (one.negotiation, one.offer.by_seller) == ("PENDING_RESPOND", False)
    shown = detail(shop, one)["negotiation"]
    assert (shown["latest_offer_creator"], shown["counter_limit"]) == ("BUYER", 1)
    assert one.due > shop.now
    assert send(shop, "accept_offer", one) == {"return_sn": one.sn}
    assert one.status == "ACCEPTED"


def test_an_unanswered_counter_offer_goes_the_buyers_way(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = bare_shop()
    one = a_return(shop)
    monkeypatch.setattr(shop.chance("returns"), "random", lambda: 0.99)
    send(shop, "offer", one, proposed_solution="RETURN_REFUND", proposed_adjusted_refund_amount=1)
    go(shop, 31 * HOUR + ANSWER_WITHIN)
    assert one.status in ("PROCESSING", "CANCELLED")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"proposed_solution": "HUG"}, "error_param"),
        ({"proposed_solution": "REFUND", "proposed_adjusted_refund_amount": 0}, "error_param"),
        ({"proposed_solution": "REFUND", "proposed_adjusted_refund_amount": 10**9}, "error_param"),
        ({"proposed_solution": "REFUND", "proposed_adjusted_refund_amount": "5"}, "error_param"),
        ({}, "error_param"),
    ],
)
def test_bad_offers_are_refused(body: Json, error: str) -> None:
    shop = bare_shop()
    one = a_return(shop)
    with refused(error):
        send(shop, "offer", one, **body)
    assert one.negotiation == "PENDING_RESPOND"


def test_offers_go_in_turns() -> None:
    shop = bare_shop()
    one = a_return(shop)
    with refused("error_no_buyer_offer"):
        send(shop, "accept_offer", one)
    send(shop, "offer", one, proposed_solution="REFUND")
    with refused("error_negotiation_status"):
        send(shop, "offer", one, proposed_solution="REFUND")
    with refused("error_no_buyer_offer"):
        send(shop, "accept_offer", one)


def test_goods_that_need_not_come_back_cannot_be_asked_for() -> None:
    shop = bare_shop()
    one = a_return(shop, solution=REFUND_ONLY)
    with refused("error_param"):
        send(shop, "offer", one, proposed_solution="RETURN_REFUND")
    found = checked(shop, "returns.get_available_solutions", query={"return_sn": one.sn})
    assert (found["offer_return_refund"]["eligibility"], found["offer_refund"]["eligibility"]) == (False, True)
    assert Decimal(str(found["offer_refund"]["max_refund_amount"])) == one.amount


def test_confirming_pays_at_once() -> None:
    shop = bare_shop()
    one = a_return(shop)
    assert send(shop, "confirm", one) == {"return_sn": one.sn}
    assert (one.status, one.refunded_at) == ("ACCEPTED", shop.now)
    for operation, body in (("confirm", {}), ("offer", {"proposed_solution": "REFUND"}), ("accept_offer", {})):
        with refused("error_return_status"):
            send(shop, operation, one, **body)


# --- disputes ---------------------------------------------------------------------------------------------------------


def evidence(*modules: int) -> list[Json]:
    return [{"module_index": one, "requirement": "proof", "image_url": ["https://cf/x"]} for one in modules]


def object_to(shop: Shop, one: Return, reason: int = 50) -> Any:
    return send(
        shop, "dispute", one, email=EMAIL, dispute_reason_id=reason, image_list=evidence(1), dispute_text_reason="Complete"
    )


def test_a_dispute_is_judged_for_the_buyer_without_proof() -> None:
    shop = bare_shop()
    one = a_return(shop, solution=REFUND_ONLY)
    offered = checked(shop, "returns.get_return_dispute_reason", query={"return_sn": one.sn})["dispute_reason_list"]
    assert [row["dispute_reason"] for row in offered] == [50, 49, 48]
    assert object_to(shop, one) == {"return_sn": one.sn, "msg": "dispute return success"}
    assert (one.status, one.proof, one.due) == ("JUDGING", "PENDING", 0)
    assert detail(shop, one)["seller_proof"]["seller_evidence_deadline"] == shop.now + PROOF_WITHIN
    go(shop, PROOF_WITHIN)
    assert one.proof == "OVERDUE"
    go(shop, JUDGED_AFTER)
    assert one.status == "ACCEPTED"


@pytest.mark.parametrize(("luck", "status"), [(0.1, "CLOSED"), (0.9, "PROCESSING")])
def test_with_proof_the_seller_may_win(monkeypatch: pytest.MonkeyPatch, luck: float, status: str) -> None:
    shop = bare_shop()
    one = a_return(shop)
    object_to(shop, one)
    photo = {"url": "https://cf/a", "thumbnail": "https://cf/a_tn"}
    assert send(shop, "upload_proof", one, photo=[photo], description="sealed") == {}
    assert checked(shop, "returns.query_proof", query={"return_sn": one.sn})["image"] == [photo]
    monkeypatch.setattr(shop.chance("returns"), "random", lambda: luck)
    go(shop, JUDGED_AFTER)
    assert (one.status, one.proof) == (status, "UPLOADED")


def test_goods_that_came_back_wrong_may_earn_a_compensation(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = bare_shop()
    one = a_return(shop)
    back_home(shop, one)
    object_to(shop, one, 49)
    shown = detail(shop, one)["seller_compensation"]
    assert shown["seller_compensation_status"] == "COMPENSATION_REQUESTED"
    assert shown["seller_compensation_due_date"] == shop.now + JUDGED_AFTER
    send(shop, "upload_proof", one, description="It is not mine")
    monkeypatch.setattr(shop.chance("returns"), "random", lambda: 0.1)
    go(shop, JUDGED_AFTER)
    assert (one.status, one.compensation) == ("ACCEPTED", "COMPENSATION_APPROVED")
    assert Decimal(str(detail(shop, one)["seller_compensation"]["compensation_amount"])) == one.amount


def test_a_dispute_with_compensation_can_be_taken_back() -> None:
    shop = bare_shop()
    one = a_return(shop)
    with refused("dispute.cancel.ineligible"):
        send(shop, "cancel_dispute", one, email=EMAIL)
    back_home(shop, one)
    object_to(shop, one, 48)
    assert send(shop, "cancel_dispute", one, email=EMAIL) == {"return_sn": one.sn, "message": "SUCCESS"}
    assert (one.status, one.compensation) == ("ACCEPTED", "COMPENSATION_CANCELLED")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"dispute_reason_id": 1}, "dispute.request.param.error"),
        ({"image_list": []}, "dispute.request.param.error"),
        ({"image_list": [{"module_index": 2, "requirement": "x", "image_url": ["u"]}]}, "dispute.request.param.error"),
        ({"image_list": [{"module_index": 1, "requirement": "x", "image_url": ["u"] * 4}]}, "dispute.request.param.error"),
        ({"email": ""}, "error_param"),
        ({"return_sn": "none"}, "returns.return_not_found"),
    ],
)
def test_bad_disputes_are_refused(body: Json, error: str) -> None:
    shop = bare_shop()
    one = a_return(shop)
    good = {"return_sn": one.sn, "email": EMAIL, "dispute_reason_id": 50, "image_list": evidence(1)}
    with refused(error):
        ask(shop, "returns.dispute", body={**good, **body})
    assert one.status == "REQUESTED"


def test_what_is_over_is_not_disputed() -> None:
    shop = bare_shop()
    one = a_return(shop)
    returns.refund(shop, one)
    with refused("dispute.rr.not.allow"):
        object_to(shop, one)
    with refused("dispute.request.param.error"):
        ask(shop, "returns.get_return_dispute_reason", query={"return_sn": one.sn})


def test_proof_is_taken_while_it_is_wanted() -> None:
    shop = bare_shop()
    one = a_return(shop, solution=REFUND_ONLY)
    with refused("error_param"):
        send(shop, "upload_proof", one, description="x")
    object_to(shop, one)
    with refused("no.proof"):
        send(shop, "upload_proof", one)
    go(shop, PROOF_WITHIN)
    with refused("proof.overdue"):
        send(shop, "upload_proof", one, description="x")


def test_pictures_of_a_proof_are_taken() -> None:
    shop = bare_shop()
    one = a_return(shop)
    picture = Upload("upload_image", "a.png", "image/png", PNG)
    found = checked(shop, "returns.convert_image", uploads=[picture], fields={"return_sn": one.sn})
    assert found["url"].endswith(".png")
    with refused("returnsn.illegal"):
        ask(shop, "returns.convert_image", uploads=[picture], fields={"return_sn": "none"})
    with refused("format.unsupport"):
        ask(shop, "returns.convert_image", uploads=[], fields={"return_sn": one.sn})


# --- the way back -----------------------------------------------------------------------------------------------------


def test_the_way_back_is_told_with_texts_for_times() -> None:
    shop = bare_shop()
    one = a_return(shop)
    with refused("returns.error_reverse_logistics"):
        ask(shop, "returns.get_reverse_tracking_info", query={"return_sn": one.sn})
    back_home(shop, one)
    found = checked(shop, "returns.get_reverse_tracking_info", query={"return_sn": one.sn})
    assert found["tracking_number"] == one.tracking_number != ""
    assert found["estimated_delivery_date_max"].isdigit()
    assert len(found["tracking_info"]) == 3


@pytest.mark.parametrize(("number", "name"), [(1, "reverse_logistic_status"), (2, "reverse_logistics_status")])
def test_the_way_back_is_spelt_two_ways(number: int, name: str) -> None:
    shop = bare_shop()
    shop.number = number
    one = a_return(shop)
    back_home(shop, one)
    assert detail(shop, one)[name] == "LOGISTICS_DELIVERY_DONE"


@pytest.mark.parametrize(
    ("region", "body", "error"),
    [
        ("MY", {}, "returns.new_seller_arrange_flow_disabled"),
        ("TW", {"reverse_logistics_carrier_id": 99}, "returns.invalid_carrier_id"),
        ("TW", {"tracking_number": ""}, "returns.missing_tracking_no"),
        ("TW", {"tracking_number": "A-1"}, "returns.error_tracking_no_alphanumeric"),
        ("TW", {}, ""),
        ("BR", {}, ""),
    ],
)
def test_some_sellers_arrange_the_way_back_themselves(region: str, body: Json, error: str) -> None:
    shop = bare_shop(region)
    one = a_return(shop)
    known = {"reverse_logistics_carrier_id": 11, "tracking_number": "A1", **body}
    if error:
        with refused(error):
            send(shop, "upload_shipping_proof", one, **known)
        return
    assert send(shop, "upload_shipping_proof", one, **known) == {}
    assert checked(shop, "returns.get_shipping_carrier", query={"return_sn": one.sn})["has_uploaded_seller_arrange_proof"]


# --- lists ------------------------------------------------------------------------------------------------------------


def listed(shop: Shop, **query: Any) -> list[Json]:
    return list(checked(shop, "returns.get_return_list", query={"page_no": 0, "page_size": 100, **query})["return"])


def test_returns_are_listed_on_pages_from_nought() -> None:
    shop = bare_shop()
    made = [a_return(shop) for _ in range(5)]
    query = {"page_size": 2}
    rows = numbered_pages(shop, "returns.get_return_list", "return", first=0, query=query)
    assert [row["return_sn"] for row in rows] == [one.sn for one in reversed(made)]


def test_returns_are_filtered() -> None:
    shop = bare_shop()
    asked, paid, judged = a_return(shop), a_return(shop, solution=REFUND_ONLY), a_return(shop)
    returns.refund(shop, paid)
    returns.dispute(shop, judged, 50, "No")
    for query, one in (
        ({"status": "REQUESTED"}, asked),
        ({"status": "ACCEPTED"}, paid),
        ({"negotiation_status": "PENDING_RESPOND"}, asked),
        ({"seller_proof_status": "PENDING"}, judged),
    ):
        assert [row["return_sn"] for row in listed(shop, **query)] == [one.sn]
    window = {"create_time_from": asked.created, "create_time_to": asked.created}
    assert [row["return_sn"] for row in listed(shop, **window)] == [asked.sn]
    window = {"update_time_from": judged.updated, "update_time_to": judged.updated}
    assert judged.sn in [row["return_sn"] for row in listed(shop, **window)]


@pytest.mark.parametrize(
    "query",
    [
        {"create_time_from": START - 15 * DAY - 1, "create_time_to": START},
        {"create_time_from": START},
        {"update_time_from": START + 1, "update_time_to": START},
        {"page_size": 101},
        {"page_no": -1},
    ],
)
def test_bad_windows_and_pages_are_refused(query: Json) -> None:
    with refused("error_param"):
        listed(shop_to_read(), **query)


def test_list_and_detail_agree() -> None:
    shop = bare_shop()
    one = a_return(shop, lines=2)
    (row,) = listed(shop)
    full = detail(shop, one)
    for name in ("refund_amount", "due_date", "status", "order_sn", "return_solution", "amount_before_discount", "currency"):
        assert row[name] == full[name], name
    assert row["negotiation_status"] == full["negotiation"]["negotiation_status"]
    assert sum(Decimal(str(item["refund_amount"])) for item in full["item"]) == pytest.approx(one.amount, abs=Decimal("0.02"))


def test_unknown_returns_are_refused() -> None:
    shop = shop_to_read()
    for operation in ("get_return_detail", "get_available_solutions", "query_proof", "get_shipping_carrier"):
        with refused("returns.return_not_found"):
            ask(shop, f"returns.{operation}", query={"return_sn": "none"})


# --- life -------------------------------------------------------------------------------------------------------------


def test_where_returns_are_the_trouble_some_are_near_their_deadline() -> None:
    shop = shop_to_read("VN", ("returns",), orders_per_day=1.5)
    open_ones = [one for one in returns_of(shop).values() if one.status == "REQUESTED"]
    assert open_ones
    assert any(0 < one.due - shop.now < 12 * HOUR for one in open_ones)
    assert len(returns_of(shop)) > len(returns_of(shop_to_read("VN", (), orders_per_day=1.5)))


def test_a_buyer_asks_once_and_not_for_what_has_not_come() -> None:
    shop = bare_shop()
    order = an_order(shop, "TO_CONFIRM_RECEIVE")
    assert buyer_asks(shop, order) is not None
    assert buyer_asks(shop, order) is None
    assert buyer_asks(shop, an_order(shop)) is None


def test_the_scripted_seller_answers_most_requests() -> None:
    shop = make_shop("MY", ("returns",), orders_per_day=3.0, days=10)
    old = [one for one in returns_of(shop).values() if shop.now - one.created > 12 * DAY]
    assert old
    assert {one.status for one in old} <= {"ACCEPTED", "CANCELLED", "CLOSED", "PROCESSING", "JUDGING"}


def test_a_resting_seller_answers_nothing() -> None:
    shop = bare_shop()
    one = a_return(shop)
    seller_answers(shop, one)
    assert (one.status, one.offer) == ("REQUESTED", None)
    shop.seller_on = True
    seller_answers(shop, one)
    assert one.status != "REQUESTED" or one.offer is not None
