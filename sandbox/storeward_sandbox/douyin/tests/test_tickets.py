"""Service tickets: who complains, who answers, and what the clock does to those that nobody answers."""

from dataclasses import replace
from typing import Any

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.douyin.errors import ApiError
from storeward_sandbox.douyin.moments import text_time
from storeward_sandbox.douyin.orders import ship
from storeward_sandbox.douyin.shop import Shop
from storeward_sandbox.douyin.tests.support import QUIET, START, Json, ask, bare_shop, buy, checked, go, make_shop
from storeward_sandbox.douyin.tickets import CLOSED, COMPLAINTS, IN_REVIEW, OPEN, Ticket, Tickets, answer, open_ticket

WHOLE: Json = {"start_time": START - 90 * DAY, "end_time": START + 90 * DAY}


@pytest.fixture
def shop() -> Shop:
    return bare_shop()


def opened(shop: Shop, complaint: int = 0) -> Ticket:
    return open_ticket(shop, buy(shop), complaint)


def listing(shop: Shop, **params: Any) -> Json:
    found: Json = checked(shop, "order.getServiceList", **{**WHOLE, "page": 1, "size": 100, **params})
    return found


def ids(found: Json) -> list[str]:
    return [str(row["id"]) for row in found["list"]]


def detail(shop: Shop, ticket: Ticket) -> Json:
    found: Json = checked(shop, "order.serviceDetail", service_id=int(ticket.id))
    return found


def refusal(shop: Shop, method: str, **params: Any) -> str:
    with pytest.raises(ApiError) as refused:
        ask(shop, method, **params)
    return f"{refused.value.code} {refused.value.sub_code}"


# --- the life of a ticket ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("complaint", range(len(COMPLAINTS)))
def test_a_ticket_gives_the_merchant_a_day(shop: Shop, complaint: int) -> None:
    ticket = opened(shop, complaint)
    assert (ticket.status, ticket.deadline) == (OPEN, shop.now + DAY)
    assert (ticket.kind, ticket.text) == COMPLAINTS[complaint]
    found = detail(shop, ticket)["detail"]
    assert found["expiration_time"] == text_time(shop.now + DAY)
    assert (found["reply"], found["reply_time"], found["close_time"]) == ("", "", "")


def test_a_ticket_that_nobody_answers_is_closed_by_the_platform(shop: Shop) -> None:
    ticket = opened(shop)
    go(shop, DAY - 1)
    assert ticket.status == OPEN
    go(shop, 1)
    assert (ticket.status, ticket.close_time, ticket.close_text) == (CLOSED, shop.now, "商家超时未回复，平台处理")


def test_an_answer_is_read_and_closes_the_ticket(shop: Shop) -> None:
    ticket = opened(shop)
    go(shop, HOUR)
    ask(shop, "order.replyService", id=int(ticket.id), reply="已补发", evidence="https://p/1.jpg")
    assert (ticket.status, ticket.first_reply, ticket.proof) == (IN_REVIEW, shop.now, ["https://p/1.jpg"])
    go(shop, 12 * HOUR)
    assert ticket.status == CLOSED
    found = detail(shop, ticket)
    assert found["detail"]["close_detail"] == "客服审核通过，工单完结"
    assert [row["service_log_type"] for row in found["logs"]] == [1, 2, 3]
    assert [row["reply_detail"] for row in found["logs"]] == ["", "已补发", ""]


def test_a_second_answer_replaces_the_first_but_not_its_time(shop: Shop) -> None:
    ticket = opened(shop)
    answer(shop, ticket, "一")
    first = ticket.first_reply
    go(shop, HOUR)
    answer(shop, ticket, "二")
    assert (ticket.reply, ticket.first_reply, ticket.reply_time) == ("二", first, shop.now)


def test_a_closed_ticket_takes_no_answer(shop: Shop) -> None:
    ticket = opened(shop)
    go(shop, DAY)
    assert refusal(shop, "order.replyService", id=int(ticket.id), reply="x") == "50002 isv.business-failed:1"
    answer(shop, ticket, "x")
    assert ticket.reply == ""


def test_an_answer_needs_words_and_a_ticket(shop: Shop) -> None:
    ticket = opened(shop)
    assert refusal(shop, "order.replyService", id=int(ticket.id)) == "40002 isv.missing-parameter:1"
    assert refusal(shop, "order.replyService", id=5, reply="x") == "50002 isv.business-failed:1"
    assert refusal(shop, "order.serviceDetail", service_id=5) == "50002 isv.business-failed:1"


# --- the list ---------------------------------------------------------------------------------------------------------


def test_pages_from_one_hold_every_ticket_once(shop: Shop) -> None:
    for _ in range(25):
        opened(shop)
        go(shop, 60)
    found = [one for page in (1, 2, 3) for one in ids(listing(shop, page=page, size=10))]
    assert len(found) == len(set(found)) == listing(shop)["total"] == 25
    assert ids(listing(shop, page=4, size=10)) == []


def test_a_page_has_ten_tickets_by_itself(shop: Shop) -> None:
    for _ in range(12):
        opened(shop)
    found = checked(shop, "order.getServiceList", **WHOLE)
    assert len(found["list"]) == 10


@pytest.mark.parametrize(
    "params", [{"page": 0}, {"size": 101}, {"order_by": "id"}, {"start_time": 5, "end_time": 5}, {"status": "x"}]
)
def test_a_list_that_cannot_be_made_is_refused(shop: Shop, params: Json) -> None:
    opened(shop)
    assert refusal(shop, "order.getServiceList", **{**WHOLE, "page": 1, "size": 10, **params}) == "40004 isv.parameter-invalid:1"


@pytest.mark.parametrize("name", ["start_time", "end_time"])
def test_the_window_must_be_there(shop: Shop, name: str) -> None:
    params = {key: value for key, value in WHOLE.items() if key != name}
    assert refusal(shop, "order.getServiceList", **params) == "40002 isv.missing-parameter:1"


def test_tickets_are_found_by_state_order_and_number(shop: Shop) -> None:
    first, second = opened(shop), opened(shop)
    answer(shop, second, "x")
    assert ids(listing(shop, status=0)) == [first.id]
    assert ids(listing(shop, status=10)) == [second.id]
    assert ids(listing(shop, order_id=int(first.order.id))) == [first.id]
    assert ids(listing(shop, service_id=int(second.id))) == [second.id]


@pytest.mark.parametrize(("way", "backwards"), [("asc", False), ("desc", True), ("", True)])
@pytest.mark.parametrize("name", ["create_time", "update_time"])
def test_tickets_come_in_the_order_asked_for(shop: Shop, name: str, way: str, backwards: bool) -> None:
    for _ in range(4):
        ticket = opened(shop)
        go(shop, HOUR)
        answer(shop, ticket, "x")
    moments = [row[name] for row in listing(shop, order_by=name, order=way)["list"]]
    assert moments == sorted(moments, reverse=backwards)


def test_windows_include_their_start_and_exclude_their_end(shop: Shop) -> None:
    ticket = opened(shop)
    at = ticket.create_time
    assert ids(listing(shop, start_time=at, end_time=at + 1)) == [ticket.id]
    assert ids(listing(shop, start_time=at - 1, end_time=at)) == []
    go(shop, HOUR)
    answer(shop, ticket, "x")
    assert ids(listing(shop, start_time=shop.now, end_time=shop.now + 1, order_by="update_time")) == [ticket.id]


# --- who complains ----------------------------------------------------------------------------------------------------


def test_some_late_orders_bring_a_complaint(shop: Shop) -> None:
    shop.buyers_on = True
    for _ in range(40):
        buy(shop)
    shop.buyers_on = False
    go(shop, 2 * DAY)
    assert shop.part(Tickets).known == {}
    shop.buyers_on = True
    for _ in range(40):
        buy(shop)
    go(shop, 2 * DAY + HOUR)
    known = shop.part(Tickets).known.values()
    assert 3 <= len(known) < 40
    assert {ticket.text for ticket in known} == {"买家反馈商家未按时发货"}


def test_some_delivered_orders_bring_a_complaint() -> None:
    shop = bare_shop(("unanswered",))
    shop.buyers_on = True
    for _ in range(30):
        order = buy(shop, replace(QUIET, collected=HOUR, delivered=HOUR))
        content = [(line, line.count) for line in order.lines]
        ship(shop, [order], content, carrier_code="yunda", tracking_no=f"YD{order.id[-8:]}")
    go(shop, 2 * DAY)
    assert 2 <= len(shop.part(Tickets).known) < 30


def test_every_shop_has_had_a_complaint_at_the_start() -> None:
    for troubles in ((), ("neglected",), ("frozen",)):
        assert make_shop(troubles).part(Tickets).known


def test_a_shop_that_does_not_answer_has_tickets_near_their_deadline() -> None:
    shop = make_shop(("unanswered",))
    left = sorted(one.deadline - shop.now for one in shop.part(Tickets).known.values() if one.status == OPEN)
    assert left[:3] == [4 * HOUR, 12 * HOUR, 20 * HOUR]
    go(shop, 21 * HOUR)
    closed = [one for one in shop.part(Tickets).known.values() if one.close_text == "商家超时未回复，平台处理"]
    assert len(closed) >= 3


def test_most_sellers_answer_within_the_day() -> None:
    shop = make_shop(orders_per_day=4.0, reply_share=1.0)
    known = [one for one in shop.part(Tickets).known.values() if one.create_time < shop.now - 2 * DAY]
    assert known
    assert all(one.first_reply and one.first_reply <= one.deadline for one in known)


def test_tickets_of_another_shop_are_not_there() -> None:
    first, second = make_shop(("unanswered",)), make_shop(("unanswered",), seed=9)
    assert not set(first.part(Tickets).known) & set(second.part(Tickets).known) or first.id != second.id


def test_a_ticket_s_deadline_falls_in_the_sandbox_s_time(shop: Shop) -> None:
    ticket = opened(shop)
    assert text_time(ticket.deadline) == "2026-11-19 12:00:00"
    assert ticket.create_time == START
