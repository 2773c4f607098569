"""Cancellations, returns and refunds step by step, in stores made by hand; the platform's own words in push 10."""

from decimal import Decimal
from random import Random

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.lazada.ledger import Ledger
from storeward_sandbox.lazada.orders import Order, cancel, deliver, pack, ready
from storeward_sandbox.lazada.reasons import BUYER_CANCELS, BUYER_RETURNS, SELLER_REFUSES
from storeward_sandbox.lazada.reverse import (
    ANSWER_SECONDS,
    CANCEL_ANSWER_SECONDS,
    DISPUTE_SECONDS,
    INSPECT_SECONDS,
    LOGISTICS_SECONDS,
    ONLY_REFUND,
    REFUND_SECONDS,
    RETURN,
    SELLER,
    SEND_BACK_SECONDS,
    ReverseLine,
    ReverseOrder,
    Reverses,
    agree_return,
    ask_back,
    ask_out,
    authorise,
    dispute,
    give_in,
    keep_in,
    let_out,
    receive,
    refuse,
    send_back,
)
from storeward_sandbox.lazada.shop import Shop
from storeward_sandbox.lazada.tests.byhand import STILL, order, shelf, stock_of
from storeward_sandbox.lazada.tests.support import go, told


class Fixed(Random):
    """Chance that always says the same."""

    def __init__(self, share: float) -> None:
        super().__init__(0)
        self.share = share

    def random(self) -> float:
        return self.share


def words(shop: Shop) -> list[str]:
    return [data["reverse_status"] for data in told(shop, 10)]


def delivered(shop: Shop, pieces: int = 1) -> Order:
    made = order(shop, pieces=pieces)
    package = pack(shop, made, made.lines)[0]
    ready(shop, package)
    go(shop, 60)
    deliver(shop, package)
    return made


def wanted_back(shop: Shop, *, kind: str = RETURN, is_rtm: bool = True, sends: bool = True) -> tuple[ReverseOrder, ReverseLine]:
    """A request about a delivered piece; `sends` settles whether the buyer will send it back by chance."""
    shop._streams["returns"] = Fixed(0.0 if sends else 0.99)
    made = delivered(shop)
    reverse = ask_back(shop, made, made.lines, BUYER_RETURNS[0], kind=kind, is_rtm=is_rtm)
    assert reverse is not None
    return reverse, reverse.lines[0]


def wanted_out(shop: Shop, pieces: int = 1) -> tuple[Order, ReverseOrder]:
    made = order(shop, pieces=pieces)
    reverse = ask_out(shop, made, made.lines, BUYER_CANCELS[0])
    assert reverse is not None
    return made, reverse


# --- cancellations ----------------------------------------------------------------------------------------------------


def test_a_buyer_who_wants_out_waits_a_day_for_the_seller() -> None:
    shop = shelf()
    made, reverse = wanted_out(shop)
    line = made.lines[0]
    assert line.cancel_trigger == shop.now + CANCEL_ANSWER_SECONDS
    assert (line.initiator, line.reason) == ("buyer-cancel", BUYER_CANCELS[0].text)
    assert made.statuses == ["pending"]
    assert reverse.lines[0].status == "REQUEST_INITIATE"
    assert words(shop) == ["CANCEL_INIT"]
    assert shop.part(Reverses).owed() == [(reverse, reverse.lines[0])]


def test_agreeing_cancels_once_logistics_has_confirmed() -> None:
    shop = shelf(units=5)
    made, reverse = wanted_out(shop)
    assert let_out(shop, reverse, SELLER)
    assert (made.lines[0].cancel_pending, made.statuses) == (True, ["pending"])
    assert made.lines[0].cancel_trigger == 0
    go(shop, LOGISTICS_SECONDS)
    assert made.statuses == ["canceled"]
    assert not made.lines[0].by_seller
    assert reverse.lines[0].status == "CANCEL_SUCCESS"
    assert words(shop) == ["CANCEL_INIT", "CANCEL_SUCCESS"]
    assert stock_of(shop) == (5, 0, 0)
    assert not let_out(shop, reverse, SELLER)


def test_refusing_lets_the_order_go_on() -> None:
    shop = shelf()
    made, reverse = wanted_out(shop)
    assert keep_in(shop, reverse)
    line = made.lines[0]
    assert (line.cancel_trigger, line.initiator, line.reason) == (0, "null-null", "")
    assert reverse.lines[0].status == "REQUEST_REJECT"
    go(shop, CANCEL_ANSWER_SECONDS + HOUR)
    assert made.statuses == ["pending"]
    assert not keep_in(shop, reverse)


def test_silence_agrees_at_the_moment_that_was_named() -> None:
    shop = shelf()
    made, reverse = wanted_out(shop)
    go(shop, CANCEL_ANSWER_SECONDS - 1)
    assert reverse.lines[0].open
    go(shop, 1 + LOGISTICS_SECONDS)
    assert made.statuses == ["canceled"]
    assert [event.operator for event in reverse.lines[0].history] == ["Buyer", "System", "System"]


@pytest.mark.parametrize("state", ["unpaid", "shipped", "canceled"])
def test_nobody_can_ask_out_of_what_is_not_paid_or_has_left(state: str) -> None:
    shop = shelf()
    made = order(shop, STILL)
    made.lines[0].status = state
    assert ask_out(shop, made, made.lines, BUYER_CANCELS[0]) is None


def test_every_paid_piece_that_is_cancelled_has_a_cancellation() -> None:
    shop = shelf()
    paid, unpaid = order(shop, pieces=2), order(shop, STILL)
    cancel(shop, paid, paid.lines, "Out of Stock", "seller-cancel", by_seller=True)
    cancel(shop, unpaid, unpaid.lines, "x", "system-cancel")
    found = list(shop.part(Reverses).orders.values())
    assert [(one.order, one.kind, [line.status for line in one.lines]) for one in found] == [
        (paid, "CANCEL", ["CANCEL_SUCCESS", "CANCEL_SUCCESS"])
    ]
    assert [line.history[0].operator for line in found[0].lines] == ["Seller", "Seller"]
    assert paid.lines[0].reverse_order_id == found[0].id


def test_a_cancelled_order_closes_the_buyers_request() -> None:
    shop = shelf()
    made, reverse = wanted_out(shop, pieces=2)
    cancel(shop, made, made.lines, "Not ready to ship in time", "system-cancel", by_seller=True)
    assert {line.status for line in reverse.lines} == {"CANCEL_SUCCESS"}
    assert len(shop.part(Reverses).orders) == 1
    go(shop, 2 * DAY)
    assert made.lines[0].reason == "Not ready to ship in time"


# --- returns to the seller --------------------------------------------------------------------------------------------


def test_the_whole_way_of_a_return() -> None:
    shop = shelf(units=4)
    reverse, line = wanted_back(shop)
    assert line.sla == shop.now + ANSWER_SECONDS
    assert line.ofc_status == "INITIAL"
    agree_return(shop, reverse, line, SELLER)
    assert (line.status, line.sla) == ("SELLER_AGREE_RETURN", 0)
    send_back(shop, reverse, line)
    assert (line.status, line.sla) == ("BUYER_RETURN_ITEM", shop.now + INSPECT_SECONDS)
    assert line.tracking_number.startswith("LEXRT")
    receive(shop, reverse, line)
    assert line.received
    assert line.sla > 0
    authorise(shop, reverse, line, SELLER)
    assert line.status == "REFUND_AUTHORIZED"
    go(shop, REFUND_SECONDS)
    assert line.status == "REFUND_SUCCESS"
    assert reverse.order.statuses == ["returned"]
    assert line.line.return_status == "REFUND_SUCCESS"
    assert stock_of(shop)[0] == 4
    assert words(shop) == ["RTM_INIT", "RTM_SHIPPING_BACK", "RTM_RECEIVE_ITEM"]


def test_the_returned_push_names_the_request() -> None:
    shop = shelf()
    reverse, line = wanted_back(shop)
    authorise(shop, reverse, line, SELLER)
    go(shop, REFUND_SECONDS)
    last = told(shop, 0)[-1]
    assert (last["order_status"], last["reverse_order_id"], last["reverse_order_line_id"]) == ("returned", reverse.id, line.id)


def test_money_goes_back_with_its_fees() -> None:
    shop = shelf(price="100.00")
    reverse, line = wanted_back(shop)
    authorise(shop, reverse, line, SELLER)
    go(shop, REFUND_SECONDS)
    amounts = {entry.kind: entry.amount for entry in shop.part(Ledger).entries}
    assert amounts["14"] == -amounts["13"] == Decimal("-100.00")
    assert amounts["15"] == -amounts["16"] == Decimal("6.00")
    assert amounts["4"] == -amounts["3"] == Decimal("2.12")


def test_an_instant_refund_brings_nothing_back_to_the_shelf() -> None:
    shop = shelf(units=4)
    reverse, line = wanted_back(shop)
    authorise(shop, reverse, line, SELLER)
    go(shop, REFUND_SECONDS)
    assert stock_of(shop)[0] == 3


def test_silence_agrees_to_a_return() -> None:
    shop = shelf()
    _reverse, line = wanted_back(shop, sends=False)
    go(shop, ANSWER_SECONDS)
    assert line.status == "SELLER_AGREE_RETURN"
    assert line.history[-1].operator == "System"


def test_silence_about_goods_that_came_back_pays_the_buyer() -> None:
    shop = shelf()
    reverse, line = wanted_back(shop, sends=False)
    agree_return(shop, reverse, line, SELLER)
    send_back(shop, reverse, line)
    go(shop, INSPECT_SECONDS)
    assert line.status == "REFUND_AUTHORIZED"
    assert line.received


def test_a_buyer_who_never_sends_has_withdrawn() -> None:
    shop = shelf()
    reverse, line = wanted_back(shop, sends=False)
    agree_return(shop, reverse, line, SELLER)
    go(shop, SEND_BACK_SECONDS)
    assert (line.status, line.ofc_status) == ("REQUEST_CANCEL", "RETURN_CANCELED")
    assert words(shop)[-1] == "RTM_CANCELED"
    send_back(shop, reverse, line)
    assert line.status == "REQUEST_CANCEL"


@pytest.mark.parametrize(("share", "ends"), [(0.1, "REQUEST_REJECT"), (0.7, "CS_APPROVING")])
def test_a_refused_buyer_gives_in_or_calls_customer_service(share: float, ends: str) -> None:
    shop = shelf()
    reverse, line = wanted_back(shop)
    shop._streams["returns"] = Fixed(share)
    refuse(shop, reverse, line, "SELLER_REJECT_RETURN", SELLER_REFUSES[0], ())
    go(shop, HOUR)
    assert line.status == ends
    assert line.disputed is (ends == "CS_APPROVING")


@pytest.mark.parametrize(("share", "ends"), [(0.1, "REFUND_AUTHORIZED"), (0.9, "REQUEST_REJECT")])
def test_customer_service_decides_within_three_days(share: float, ends: str) -> None:
    shop = shelf()
    reverse, line = wanted_back(shop)
    dispute(shop, reverse, line)
    shop._streams["returns"] = Fixed(share)
    go(shop, DISPUTE_SECONDS)
    assert line.status == ends
    assert not line.disputed
    assert line.history[-1].operator == "Customer service"


# --- where the platform decides ---------------------------------------------------------------------------------------


def test_the_warehouse_decides_without_the_seller() -> None:
    shop = shelf(units=4)
    reverse, line = wanted_back(shop, is_rtm=False)
    assert line.sla == 0
    assert shop.part(Reverses).owed() == []
    go(shop, 12 * DAY)
    assert line.status == "REFUND_SUCCESS"
    assert line.decision in ("scrap", "return_to_merchant")
    assert stock_of(shop)[0] == (3 if line.decision == "scrap" else 4)
    assert words(shop) == ["RTW_INIT", "RTW_SHIPPING_BACK", "RTW_REFUND_PENDING"]
    assert not reverse.is_rtm


def test_refunds_only_are_decided_by_the_seller_or_by_silence() -> None:
    shop = shelf()
    reverse, line = wanted_back(shop, kind=ONLY_REFUND)
    assert line.sla == shop.now + ANSWER_SECONDS
    go(shop, ANSWER_SECONDS)
    assert line.status == "REFUND_AUTHORIZED"
    go(shop, REFUND_SECONDS)
    assert line.status == "REFUND_SUCCESS"
    assert words(shop) == ["REFUND_INIT", "REFUND_PENDING", "REFUND_SUCCESS"]
    assert reverse.order.statuses == ["delivered"]


def test_a_piece_is_asked_about_once() -> None:
    shop = shelf()
    reverse, _line = wanted_back(shop)
    assert ask_back(shop, reverse.order, reverse.order.lines, BUYER_RETURNS[0]) is None
    give_in(shop, reverse, reverse.lines[0])
    assert reverse.lines[0].status == "REQUEST_INITIATE"


def test_what_was_not_delivered_cannot_come_back() -> None:
    shop = shelf()
    made = order(shop)
    assert ask_back(shop, made, made.lines, BUYER_RETURNS[0]) is None


def test_the_most_urgent_request_comes_first() -> None:
    shop = shelf()
    _first, one = wanted_back(shop)
    go(shop, HOUR)
    made, reverse = wanted_out(shop)
    assert [row for _reverse, row in shop.part(Reverses).owed()] == [reverse.lines[0], one]
    assert made.statuses == ["pending"]
