"""Whatever seller, buyer, platform and clock do, a return moves along the platform's table, and a cancellation along its own."""

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.tests.street import NOON, Street, line
from storeward_sandbox.tiktok_shop import cancellations, returns
from storeward_sandbox.tiktok_shop.aftersales import reject_reasons, verdict
from storeward_sandbox.tiktok_shop.requests import BUYER_CANCELS, BUYER_RETURNS
from storeward_sandbox.tiktok_shop.returns import Return, open_return

P, SHIP, SENT = "RETURN_OR_REFUND_REQUEST_PENDING", "AWAITING_BUYER_SHIP", "BUYER_SHIPPED_ITEM"
OFFER, NO, NO_PARCEL = "AWAITING_BUYER_RESPONSE", "REFUND_OR_RETURN_REQUEST_REJECT", "REJECT_RECEIVE_PACKAGE"
YES, PAID, OFF = "RETURN_OR_REFUND_REQUEST_SUCCESS", "RETURN_OR_REFUND_REQUEST_COMPLETE", "RETURN_OR_REFUND_REQUEST_CANCEL"
NEW, NEW_NO, NEW_OFF = "REPLACEMENT_REQUEST_PENDING", "REPLACEMENT_REQUEST_REJECT", "REPLACEMENT_REQUEST_CANCEL"
NEW_PAID, NEW_SENT = "REPLACEMENT_REQUEST_REFUND_SUCCESS", "REPLACEMENT_REQUEST_COMPLETE"

TABLE = {
    P: {YES, SHIP, NO, OFF, OFFER},
    SHIP: {SENT, OFF, YES},
    SENT: {YES, NO_PARCEL, OFFER},
    OFFER: {P, SENT, YES, OFF},
    NO: {OFF, YES, SHIP},
    NO_PARCEL: {YES, OFF},
    YES: {PAID, NEW_PAID},
    PAID: set(),
    OFF: set(),
    NEW: {NEW_NO, NEW_OFF, NEW_SENT, YES},
    NEW_NO: {NEW_OFF, YES},
    NEW_OFF: set(),
    NEW_PAID: set(),
    NEW_SENT: set(),
}
"""Where each state may lead. A parcel that the seller has may bring an offer back to the state of the parcel."""


def say_no(street: Street, one: Return) -> None:
    returns.refuse(street, one, street.timeline.now, reason=reject_reasons(one)[0], comment="no")


DECIDE: dict[str, Callable[[Street, Return], None]] = {
    "APPROVE_REFUND": lambda street, one: returns.approve(street, one, street.timeline.now),
    "APPROVE_RETURN": lambda street, one: returns.approve(street, one, street.timeline.now),
    "APPROVE_RECEIVED_PACKAGE": lambda street, one: returns.grant(street, one, street.timeline.now, by="SELLER"),
    "APPROVE_REPLACEMENT": lambda street, one: returns.send_replacement(
        street, one, street.timeline.now, lambda _one, _now: "576000000000000002"
    ),
    "ISSUE_REPLACEMENT_REFUND": lambda street, one: returns.grant(street, one, street.timeline.now, by="SELLER"),
    "OFFER_PARTIAL_REFUND": lambda street, one: returns.offer_part(street, one, Decimal("3.00"), street.timeline.now),
    "DIRECT_REFUND": lambda street, one: returns.grant(street, one, street.timeline.now, by="SELLER"),
    "OFFER_PARTIAL_REFUND_AFTER_RECEIVING_PKG": lambda street, one: returns.offer_part(
        street, one, Decimal("2.00"), street.timeline.now
    ),
    "REJECT_REFUND": say_no,
    "REJECT_RETURN": say_no,
    "REJECT_RECEIVED_PACKAGE": say_no,
    "REJECT_REPLACEMENT": say_no,
}


def opened(street: Street, kind: str) -> Return:
    return open_return(
        street,
        order_id="576000000000000001",
        buyer_id="719",
        kind=kind,
        reason=BUYER_RETURNS[1],
        lines=[line(1), line(2, "5.50")],
        now=street.timeline.now,
    )


def statuses(street: Street) -> list[str]:
    """The states that webhook 12 has told, one after the other, repeats left out."""
    found: list[str] = []
    for kind, data in street.told:
        if kind == 12 and found[-1:] != [data["return_status"]]:
            found.append(data["return_status"])
    return found


steps = st.lists(st.one_of(st.sampled_from(sorted(DECIDE)), st.integers(1, 120)), max_size=12)
kinds = st.sampled_from(["REFUND", "RETURN_AND_REFUND", "REPLACEMENT"])


def live(street: Street, one: Return, moves: list[str | int]) -> None:
    """Take each decision that is allowed then; numbers are hours that pass."""
    for move in moves:
        if isinstance(move, int):
            street.later(move * HOUR)
        elif verdict(one, move) is None:
            DECIDE[move](street, one)


@given(kinds, steps, st.integers(0, 10_000))
@settings(max_examples=120, deadline=None)
def test_a_return_moves_along_the_table(kind: str, moves: list[str | int], seed: int) -> None:
    street = Street(seed=seed)
    one = opened(street, kind)
    live(street, one, moves)
    walked = statuses(street)
    assert walked[0] == (NEW if kind == "REPLACEMENT" else P)
    for before, after in pairwise(walked):
        assert after in TABLE[before], walked


@given(kinds, steps, st.integers(0, 10_000))
@settings(max_examples=80, deadline=None)
def test_every_return_ends_within_weeks_whatever_nobody_does(kind: str, moves: list[str | int], seed: int) -> None:
    street = Street(seed=seed)
    one = opened(street, kind)
    live(street, one, moves)
    street.later(60 * DAY)
    assert TABLE[one.status] == set()
    assert one.closed
    assert (one.action, one.deadline) == ("", 0)


@given(kinds, steps, st.integers(0, 10_000))
@settings(max_examples=80, deadline=None)
def test_a_task_has_a_deadline_that_is_still_to_come_and_only_where_the_seller_may_act(
    kind: str, moves: list[str | int], seed: int
) -> None:
    street = Street(seed=seed)
    one = opened(street, kind)
    for move in moves:
        live(street, one, [move])
        assert bool(one.action) == bool(one.deadline)
        if one.action:
            assert one.deadline > street.timeline.now
            assert one.status in (P, NEW, SENT)
        if one.status in (P, NEW):
            assert one.action


@given(kinds, steps, st.integers(0, 10_000))
@settings(max_examples=80, deadline=None)
def test_money_is_paid_once_or_never_and_never_more_than_was_asked(kind: str, moves: list[str | int], seed: int) -> None:
    street = Street(seed=seed)
    paid: list[int] = []
    one = opened(street, kind)
    one.when_paid = lambda _one, now: paid.append(now)
    live(street, one, moves)
    street.later(60 * DAY)
    told = [data for topic, data in street.told if topic == 67]
    assert len(paid) == len(told) == (one.status in (PAID, NEW_PAID))
    assert (one.refunded_at > 0) == bool(paid)
    for data in told:
        assert 0 < Decimal(data["refund_total"]) <= one.total == Decimal("15.50")


@given(kinds, steps, st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_the_history_is_in_order_and_names_who_acted(kind: str, moves: list[str | int], seed: int) -> None:
    street = Street(seed=seed)
    one = opened(street, kind)
    live(street, one, moves)
    times = [record.at for record in one.records]
    assert times == sorted(times)
    assert {record.role for record in one.records} <= {"Buyer", "Seller", "System", "Operator"}
    assert one.records[0].event == "ORDER_RETURN"


# --- the platform's own timetable, reckoned by hand --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "hours", "status"),
    [
        ("REFUND", 47, P),
        ("REFUND", 48, YES),
        ("REFUND", 48 + 6, PAID),
        ("RETURN_AND_REFUND", 47, P),
        ("RETURN_AND_REFUND", 48, SHIP),
        ("REPLACEMENT", 23, NEW),
        ("REPLACEMENT", 24, YES),
        ("REPLACEMENT", 24 + 6, NEW_PAID),
    ],
)
def test_an_unanswered_request_stands_here_after_so_many_hours(kind: str, hours: int, status: str) -> None:
    street = Street()
    one = opened(street, kind)
    street.later(hours * HOUR)
    assert one.status == status


def test_a_parcel_that_has_come_back_waits_three_days() -> None:
    street = Street()
    one = opened(street, "RETURN_AND_REFUND")
    returns.approve(street, one, NOON)
    returns.buyer_ships(street, one, NOON)
    returns.arrive(street, one, NOON)
    assert (one.action, one.deadline) == ("SELLER_RESPOND_RECEIVE_PACKAGE", NOON + 72 * HOUR)
    street.later(72 * HOUR - 1)
    assert one.status == SENT
    street.later(1)
    assert one.status == YES


# --- what is told, in full ----------------------------------------------------------------------------------------------


def test_an_approved_refund_is_told_in_full() -> None:
    street = Street()
    one = opened(street, "REFUND")
    returns.approve(street, one, NOON)
    street.later(6 * HOUR)
    request = {"return_role": "BUYER", "aftersales_request_id": str(int(one.id) + 1), "aftersales_request_create_time": NOON}
    same: dict[str, Any] = {
        "order_id": "576000000000000001",
        "return_id": one.id,
        "return_role": "BUYER",
        "return_type": "REFUND",
        "create_time": NOON,
    }
    assert street.told == [
        (12, {**same, "return_status": P, "update_time": NOON}),
        (64, {**request, "aftersales_request_status": "PENDING_REQUEST_REVIEW", "aftersales_request_update_time": NOON}),
        (12, {**same, "return_status": YES, "update_time": NOON}),
        (64, {**request, "aftersales_request_status": "REQUEST_REVIEW_COMPLETED", "aftersales_request_update_time": NOON}),
        (12, {**same, "return_status": PAID, "update_time": one.refunded_at}),
        (
            64,
            {
                **request,
                "aftersales_request_status": "REQUEST_REVIEW_COMPLETED",
                "aftersales_request_update_time": one.refunded_at,
            },
        ),
        (
            67,
            {
                "aftersales_request_id": str(int(one.id) + 1),
                "line_items": [
                    {
                        "main_order_id": "576000000000000001",
                        "return_line_item_id": f"403000000000000000{number}",
                        "sku_id": "1730000000000000001",
                        "sku_return_request_id": one.id,
                    }
                    for number in (1, 2)
                ],
                "refund_currency": "MYR",
                "refund_status": "REFUND_SUCCESS",
                "refund_timestamp": one.refunded_at,
                "refund_total": "15.50",
                "rma_id": "",
            },
        ),
    ]


def test_a_parcel_is_told_on_its_way_back() -> None:
    street = Street()
    one = opened(street, "RETURN_AND_REFUND")
    returns.approve(street, one, NOON)
    returns.buyer_ships(street, one, NOON + 1)
    returns.arrive(street, one, NOON + 2)
    returns.grant(street, one, NOON + 3, by="SELLER")
    told = [(data["rma_status"], data["rma_request_update_time"]) for topic, data in street.told if topic == 65]
    assert told == [
        ("AWAITING_BUYER_RETURN", NOON),
        ("RETURN_IN_TRANSIT", NOON + 1),
        ("PENDING_PACKAGE_REVIEW", NOON + 2),
        ("PACKAGE_REVIEW_COMPLETED", NOON + 3),
    ]
    assert {data["rma_id"] for topic, data in street.told if topic == 65} == {one.rma_id}


# --- cancellations ------------------------------------------------------------------------------------------------------

C_PENDING, C_SUCCESS = "CANCELLATION_REQUEST_PENDING", "CANCELLATION_REQUEST_SUCCESS"
C_COMPLETE, C_REFUSED = "CANCELLATION_REQUEST_COMPLETE", "CANCELLATION_REQUEST_CANCEL"


def asked(street: Street, applied: list[int]) -> cancellations.Cancellation:
    return cancellations.ask(
        street,
        order_id="576000000000000001",
        buyer_id="719",
        reason=BUYER_CANCELS[0],
        lines=[line(1)],
        now=street.timeline.now,
        apply=lambda _request, now: applied.append(now),
    )


@pytest.mark.parametrize(
    ("hours", "status", "applied"),
    [(0, C_PENDING, []), (47, C_PENDING, []), (48, C_SUCCESS, [NOON + 48 * HOUR]), (54, C_COMPLETE, [NOON + 48 * HOUR])],
)
def test_an_unanswered_wish_stands_here_after_so_many_hours(hours: int, status: str, applied: list[int]) -> None:
    street, happened = Street(), list[int]()
    request = asked(street, happened)
    street.later(hours * HOUR)
    assert (request.status, happened) == (status, applied)


@pytest.mark.parametrize("after", [0, 1, 20, 47])
def test_a_refused_wish_never_cancels_anything(after: int) -> None:
    street, happened = Street(), list[int]()
    request = asked(street, happened)
    street.later(after * HOUR)
    cancellations.refuse(street, request, street.timeline.now)
    street.later(30 * DAY)
    assert (request.status, happened, request.refunded_at) == (C_REFUSED, [], 0)
    assert request.closed == NOON + after * HOUR


def test_a_cancellation_is_told_in_full() -> None:
    street = Street()
    request = asked(street, [])
    cancellations.refuse(street, request, NOON)
    same = {"order_id": "576000000000000001", "cancellations_role": "BUYER", "cancel_id": request.id, "create_time": NOON}
    assert street.told == [
        (11, {**same, "cancel_status": "CANCELLATION_REQUEST_PENDING"}),
        (11, {**same, "cancel_status": "CANCELLATION_REQUEST_CANCELLED"}),
    ]
