"""After-sales cases without HTTP: every way through their states, by merchant, buyer, platform and clock."""

from dataclasses import replace

import pytest

from storeward_sandbox.clock import DAY, HOUR, MINUTE
from storeward_sandbox.douyin.cases import (
    ASKED,
    CLOSED,
    DONE,
    EXCHANGE,
    FOR_BUYER,
    FOR_MERCHANT,
    IN_PROGRESS,
    PROOF_WANTED,
    REASONS,
    RECEIVED,
    REFUND_SHIPPED,
    REFUND_UNSHIPPED,
    REFUNDED,
    REFUSED,
    REFUSED_AGAIN,
    REISSUE,
    RESHIPPED,
    RETURN,
    RUNNING,
    SENT_BACK,
    TO_RESHIP,
    TO_SEND_BACK,
    WAITING,
    Case,
    Cases,
    agree,
    agree_again,
    arbitrate,
    change,
    close,
    extend,
    give_proof,
    may_open,
    open_case,
    received,
    refuse,
    refuse_pending,
    reship,
    send_back,
)
from storeward_sandbox.douyin.orders import CANCELLED, PARTLY, TO_SHIP, Order, ship
from storeward_sandbox.douyin.places import Places
from storeward_sandbox.douyin.shop import Shop
from storeward_sandbox.douyin.tests.support import QUIET, bare_shop, buy, go, told

ARRIVES = replace(QUIET, collected=HOUR, delivered=HOUR)
SHIPPED_KINDS = (RETURN, REFUND_SHIPPED, EXCHANGE, REISSUE)


@pytest.fixture
def shop() -> Shop:
    return bare_shop()


def delivered(shop: Shop) -> Order:
    order = buy(shop, ARRIVES)
    ship(shop, [order], [(line, line.count) for line in order.lines], carrier_code="yunda", tracking_no="YD1")
    go(shop, 2 * HOUR)
    return order


def opened(shop: Shop, kind: int, share: int = 100) -> Case:
    order = buy(shop) if kind == REFUND_UNSHIPPED else delivered(shop)
    case = open_case(shop, order, order.lines[0], kind, reason=REASONS[kind][0], share=share)
    assert case is not None
    shop.push()
    return case


def tags(shop: Shop) -> list[int]:
    shop.push()
    return [tag for tag, _data in told(shop) if tag >= 200]


# --- opening ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [RETURN, REFUND_SHIPPED, REFUND_UNSHIPPED, EXCHANGE, REISSUE])
def test_a_case_begins_with_48_hours_for_the_merchant(shop: Shop, kind: int) -> None:
    case = opened(shop, kind)
    assert (case.status, case.deadline) == (ASKED, shop.now + 48 * HOUR)
    assert case.line.case_status == ASKED
    assert case.line.case_type == kind
    assert case.waits_for_merchant
    data = told(shop, 200)[0]
    assert (data["aftersale_id"], data["aftersale_status"], data["apply_time"]) == (int(case.id), ASKED, shop.now)
    assert data["s_id"] == int(case.line.id)


def test_a_refund_before_shipping_has_the_freight_in_it_and_others_do_not(shop: Shop) -> None:
    before = opened(shop, REFUND_UNSHIPPED)
    assert (before.amount, before.post) == (before.line.pay_amount, before.line.post)
    after = opened(shop, RETURN)
    assert (after.amount, after.post) == (after.line.pay_amount - after.line.post, 0)


@pytest.mark.parametrize("kind", [EXCHANGE, REISSUE])
def test_no_money_is_asked_for_in_exchange_or_reissue(shop: Shop, kind: int) -> None:
    case = opened(shop, kind)
    assert (case.amount, case.refund_status) == (0, 0)


def test_half_of_the_price_is_a_partial_refund(shop: Shop) -> None:
    case = opened(shop, REFUND_SHIPPED, share=50)
    assert case.amount == (case.line.pay_amount - case.line.post) // 2
    assert case.partial


def test_a_line_has_one_case_at_a_time(shop: Shop) -> None:
    case = opened(shop, RETURN)
    assert open_case(shop, case.order, case.line, RETURN, reason=REASONS[RETURN][0]) is None
    close(shop, case, "x")
    assert open_case(shop, case.order, case.line, EXCHANGE, reason=REASONS[EXCHANGE][0]) is not None


@pytest.mark.parametrize("kind", SHIPPED_KINDS)
def test_what_has_not_left_can_only_be_refunded(shop: Shop, kind: int) -> None:
    order = buy(shop)
    assert not may_open(shop, order, order.lines[0], kind)
    assert may_open(shop, order, order.lines[0], REFUND_UNSHIPPED)


def test_what_has_left_cannot_be_refunded_as_unshipped(shop: Shop) -> None:
    order = delivered(shop)
    assert not may_open(shop, order, order.lines[0], REFUND_UNSHIPPED)
    assert all(may_open(shop, order, order.lines[0], kind) for kind in SHIPPED_KINDS)


def test_nothing_is_asked_back_of_an_unpaid_order(shop: Shop) -> None:
    order = buy(shop, replace(QUIET, pays=None))
    assert not may_open(shop, order, order.lines[0], REFUND_UNSHIPPED)


# --- refunds ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [REFUND_SHIPPED, REFUND_UNSHIPPED])
def test_an_agreed_refund_is_paid_a_little_later(shop: Shop, kind: int) -> None:
    case = opened(shop, kind)
    agree(shop, case, "好")
    assert (case.status, case.refund_status, case.real_refund, case.deadline) == (DONE, RUNNING, 0, 0)
    go(shop, 10 * MINUTE)
    assert (case.refund_status, case.real_refund, case.refund_time) == (REFUNDED, case.amount, shop.now)
    assert case.line.refund_status == REFUNDED
    assert tags(shop) == [200, 201, 206]


def test_a_refund_of_the_only_line_before_shipping_ends_the_order(shop: Shop) -> None:
    case = opened(shop, REFUND_UNSHIPPED)
    agree(shop, case, "好")
    go(shop, HOUR)
    assert case.order.status == (CANCELLED if len(case.order.lines) == 1 else TO_SHIP)


def test_a_partial_refund_leaves_the_line_as_it_is(shop: Shop) -> None:
    case = opened(shop, REFUND_SHIPPED, share=50)
    agree(shop, case, "好")
    go(shop, HOUR)
    assert case.line.refunded == case.amount
    assert case.line.main_status == 3


def test_a_refunded_line_cannot_be_asked_back_again(shop: Shop) -> None:
    case = opened(shop, REFUND_SHIPPED)
    agree(shop, case, "好")
    go(shop, HOUR)
    assert not may_open(shop, case.order, case.line, RETURN)


# --- returns ----------------------------------------------------------------------------------------------------------


def test_a_return_goes_from_agreement_by_parcel_to_refund(shop: Shop) -> None:
    shop.buyers_on = False
    case = opened(shop, RETURN)
    agree(shop, case, "好")
    assert (case.status, case.deadline) == (TO_SEND_BACK, shop.now + 7 * DAY)
    assert case.address_id == shop.part(Places).for_returns.id
    go(shop, DAY)
    send_back(shop, case, "shunfeng", "SF1")
    assert (case.status, case.return_no, case.deadline) == (SENT_BACK, "SF1", shop.now + 48 * HOUR)
    agree_again(shop, case, "收到")
    go(shop, HOUR)
    assert (case.status, case.refund_status) == (DONE, REFUNDED)
    assert tags(shop) == [200, 202, 203, 201, 206]


def test_the_merchant_may_name_where_to_send_it(shop: Shop) -> None:
    case = opened(shop, RETURN)
    other = shop.part(Places).addresses[0].id
    agree(shop, case, "好", other)
    assert case.address_id == other


def test_a_buyer_who_sends_nothing_back_loses_the_case(shop: Shop) -> None:
    case = opened(shop, RETURN)
    agree(shop, case, "好")
    go(shop, 7 * DAY)
    assert case.status == CLOSED
    assert tags(shop)[-1] == 207


def test_goods_back_and_silence_mean_a_refund_by_the_platform(shop: Shop) -> None:
    case = opened(shop, RETURN)
    agree(shop, case, "好")
    send_back(shop, case, "shunfeng", "SF1")
    go(shop, 48 * HOUR - 1)
    assert case.status == SENT_BACK
    go(shop, HOUR)
    assert (case.status, case.by_platform) == (DONE, True)


# --- exchange and reissue ---------------------------------------------------------------------------------------------


def test_an_exchange_goes_out_again_and_is_received(shop: Shop) -> None:
    case = opened(shop, EXCHANGE)
    agree(shop, case, "好")
    send_back(shop, case, "shunfeng", "SF1")
    agree_again(shop, case, "收到")
    assert case.status == SENT_BACK  # no refund in an exchange
    reship(shop, case, "yunda", "YD2")
    assert (case.status, case.reship_no, case.deadline) == (RESHIPPED, "YD2", shop.now + 10 * DAY)
    received(shop, case)
    assert (case.status, case.final_time) == (RECEIVED, shop.now)
    assert tags(shop) == [200, 202, 203, 211]


def test_a_reissue_is_agreed_sent_and_received_by_the_clock(shop: Shop) -> None:
    case = opened(shop, REISSUE)
    agree(shop, case, "好")
    assert case.status == TO_RESHIP
    assert "after_sale_status" in last(shop, 227)
    reship(shop, case, "yunda", "YD2")
    assert last(shop, 226)["aftersale_status"] == RESHIPPED
    go(shop, 10 * DAY)
    assert case.status == RECEIVED


def last(shop: Shop, tag: int) -> dict[str, object]:
    shop.push()
    found: dict[str, object] = told(shop, tag)[-1]
    return found


@pytest.mark.parametrize(("kind", "status"), [(EXCHANGE, SENT_BACK), (REISSUE, TO_RESHIP)])
def test_goods_that_are_not_sent_in_time_are_paid_back_instead(shop: Shop, kind: int, status: int) -> None:
    case = opened(shop, kind)
    agree(shop, case, "好")
    if kind == EXCHANGE:
        send_back(shop, case, "shunfeng", "SF1")
    assert case.status == status
    go(shop, 49 * HOUR)
    assert (case.status, case.refund_status) == (DONE, REFUNDED)
    assert case.real_refund == case.line.pay_amount - case.line.post > 0


# --- the platform agrees for the merchant -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "status"),
    [(RETURN, TO_SEND_BACK), (REFUND_SHIPPED, DONE), (REFUND_UNSHIPPED, DONE), (EXCHANGE, TO_SEND_BACK), (REISSUE, TO_RESHIP)],
)
def test_silence_is_consent(shop: Shop, kind: int, status: int) -> None:
    case = opened(shop, kind)
    go(shop, 48 * HOUR - 1)
    assert (case.status, case.by_platform) == (ASKED, False)
    go(shop, 1)
    assert (case.status, case.by_platform) == (status, True)


def test_a_deadline_that_was_met_does_nothing(shop: Shop) -> None:
    case = opened(shop, RETURN)
    go(shop, 47 * HOUR)
    refuse(shop, case, "不")
    go(shop, 2 * HOUR)
    assert (case.status, case.by_platform) == (REFUSED, False)


def test_more_time_puts_the_deadline_off_once(shop: Shop) -> None:
    case = opened(shop, REFUND_SHIPPED)
    extend(shop, case)
    data = last(shop, 209)
    assert (data["status_deadline"], data["aftersale_status"]) == (case.deadline, ASKED)
    go(shop, 95 * HOUR)
    assert case.status == ASKED
    go(shop, HOUR)
    assert case.status == DONE


# --- refusing, withdrawing, changing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "tag"), [(RETURN, 205), (EXCHANGE, 205), (REISSUE, 205), (REFUND_SHIPPED, 204), (REFUND_UNSHIPPED, 204)]
)
def test_a_first_refusal_is_told_by_kind(shop: Shop, kind: int, tag: int) -> None:
    case = opened(shop, kind)
    refuse(shop, case, "不")
    assert (case.status, case.deadline) == (REFUSED, shop.now + 7 * DAY)
    assert tags(shop) == [200, tag]
    go(shop, 7 * DAY)
    assert case.status == CLOSED


def test_a_second_refusal_has_its_own_state(shop: Shop) -> None:
    case = opened(shop, RETURN)
    agree(shop, case, "好")
    send_back(shop, case, "shunfeng", "SF1")
    refuse(shop, case, "不")
    assert case.status == REFUSED_AGAIN
    assert tags(shop)[-1] == 204


def test_a_withdrawn_case_leaves_the_refund_status_waiting(shop: Shop) -> None:
    case = opened(shop, RETURN)
    close(shop, case, "撤销")
    assert (case.status, case.refund_status, case.line.refund_status) == (CLOSED, WAITING, WAITING)
    assert case.final_time == shop.now
    assert not case.line.in_case


def test_a_buyer_who_changes_the_amount_begins_the_step_anew(shop: Shop) -> None:
    case = opened(shop, REFUND_SHIPPED)
    before = case.amount
    go(shop, 40 * HOUR)
    change(shop, case, 80)
    assert (case.amount, case.deadline) == (before * 80 // 100, shop.now + 48 * HOUR)
    assert last(shop, 208)["modify_time"] == shop.now
    go(shop, 47 * HOUR)
    assert case.status == ASKED


def test_refusing_what_is_pending_closes_it(shop: Shop) -> None:
    case = opened(shop, REFUND_UNSHIPPED)
    assert refuse_pending(shop, case.order, case.line)
    assert case.status == CLOSED
    assert not refuse_pending(shop, case.order, case.line)


MOVES = {
    "agree": lambda shop, case: agree(shop, case, "x"),
    "agree_again": lambda shop, case: agree_again(shop, case, "x"),
    "send_back": lambda shop, case: send_back(shop, case, "yunda", "YD1"),
    "reship": lambda shop, case: reship(shop, case, "yunda", "YD1"),
    "received": received,
    "refuse": lambda shop, case: refuse(shop, case, "x"),
    "close": lambda shop, case: close(shop, case, "x"),
    "change": lambda shop, case: change(shop, case, 50),
    "arbitrate": arbitrate,
}


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("end", [DONE, CLOSED, RECEIVED])
def test_a_case_that_has_ended_does_not_move(shop: Shop, move: str, end: int) -> None:
    case = opened(shop, EXCHANGE)
    case.status, case.deadline = end, 0
    before = tags(shop)
    MOVES[move](shop, case)
    assert case.status == end
    assert tags(shop) == before


# --- the platform decides ---------------------------------------------------------------------------------------------


def in_arbitration(shop: Shop, kind: int = REFUND_SHIPPED) -> Case:
    case = opened(shop, kind)
    refuse(shop, case, "不")
    arbitrate(shop, case)
    return case


def test_only_a_refusal_can_be_brought_before_the_platform(shop: Shop) -> None:
    case = opened(shop, RETURN)
    arbitrate(shop, case)
    assert case.arbitration is None


def test_the_platform_asks_for_proof_and_gives_48_hours(shop: Shop) -> None:
    case = in_arbitration(shop)
    assert case.arbitration is not None
    assert case.arbitration.status == IN_PROGRESS
    go(shop, 2 * HOUR)
    assert (case.arbitration.status, case.arbitration.deadline) == (PROOF_WANTED, shop.now + 48 * HOUR)
    assert case.waits_for_merchant
    assert tags(shop)[-2:] == [212, 213]


def test_who_shows_no_proof_loses(shop: Shop) -> None:
    case = in_arbitration(shop)
    go(shop, 50 * HOUR)
    assert case.arbitration is not None
    assert case.arbitration.conclusion == FOR_BUYER
    assert case.status == DONE
    assert last(shop, 216)["arbitrate_conclusion"] == FOR_BUYER


def test_with_proof_either_side_may_win(shop: Shop) -> None:
    ends = set()
    for _ in range(12):
        case = in_arbitration(shop)
        go(shop, 3 * HOUR)
        give_proof(shop, case, ["https://p/1.jpg"])
        go(shop, 36 * HOUR)
        assert case.arbitration is not None
        assert case.arbitration.conclusion in (FOR_BUYER, FOR_MERCHANT)
        assert case.status == (DONE if case.arbitration.conclusion == FOR_BUYER else CLOSED)
        ends.add(case.status)
    assert ends == {DONE, CLOSED}


def test_a_case_before_the_platform_does_not_run_out(shop: Shop) -> None:
    case = in_arbitration(shop)
    case.deadline = shop.now + HOUR
    go(shop, 2 * HOUR)
    assert case.status == REFUSED


def test_an_exchange_that_the_buyer_wins_ends_without_money(shop: Shop) -> None:
    case = in_arbitration(shop, EXCHANGE)
    go(shop, 51 * HOUR)
    assert (case.status, case.real_refund) == (CLOSED, 0)


# --- in the whole shop ------------------------------------------------------------------------------------------------


def test_every_talk_is_recorded(shop: Shop) -> None:
    case = opened(shop, RETURN)
    agree(shop, case, "好")
    send_back(shop, case, "shunfeng", "SF1")
    refuse(shop, case, "坏了")
    assert [(one.role, one.action) for one in case.records] == [(1, "apply"), (2, "agree"), (1, "return"), (2, "refuse")]


def test_cases_are_found_by_line(shop: Shop) -> None:
    case = opened(shop, RETURN)
    known = shop.part(Cases)
    assert known.running(case.line) is case
    assert list(known.of_line(case.line)) == [case]
    close(shop, case, "x")
    assert known.running(case.line) is None


def test_a_case_of_one_line_leaves_the_other_alone(shop: Shop) -> None:
    for _ in range(60):
        order = buy(shop, lines=2)
        if len(order.lines) == 2:
            break
    first, second = order.lines
    ship(shop, [order], [(second, second.count)], carrier_code="yunda", tracking_no="YD1")
    case = open_case(shop, order, first, REFUND_UNSHIPPED, reason=REASONS[REFUND_UNSHIPPED][0])
    assert case is not None
    assert order.status == PARTLY
    agree(shop, case, "好")
    go(shop, HOUR)
    assert order.status == 3
    assert (first.status, second.status) == (CANCELLED, 3)
