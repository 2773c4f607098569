"""Returns: who may move them where, what happens at a deadline, and what the platform tells."""

from decimal import Decimal

import pytest

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.tests.street import NOON, Street, line
from storeward_sandbox.tiktok_shop import returns
from storeward_sandbox.tiktok_shop.requests import BUYER_RETURNS, REJECT_PARCEL, REJECT_REQUEST
from storeward_sandbox.tiktok_shop.returns import Return, open_return


def opened(street: Street, kind: str = "REFUND", role: str = "BUYER") -> Return:
    return open_return(
        street,
        order_id="576000000000000001",
        buyer_id="719",
        kind=kind,
        reason=BUYER_RETURNS[0],
        lines=[line(1), line(2, "5.50")],
        now=NOON,
        role=role,
    )


def run_to(street: Street, request: Return, status: str, days: int = 15) -> None:
    """Let time pass until the request has this status."""
    for _hour in range(days * 24):
        if request.status == status:
            return
        street.later(HOUR)
    raise AssertionError(f"{request.status}, never {status}")


@pytest.mark.parametrize(
    ("kind", "action", "hours"),
    [
        ("REFUND", "SELLER_RESPOND_REFUND", 48),
        ("RETURN_AND_REFUND", "SELLER_RESPOND_RETURN", 48),
        ("REPLACEMENT", "SELLER_RESPOND_REPLACEMENT", 24),
    ],
)
def test_a_new_request_names_what_the_seller_owes_and_by_when(kind: str, action: str, hours: int) -> None:
    request = opened(Street(), kind)
    assert (request.action, request.deadline) == (action, NOON + hours * HOUR)
    assert request.status.endswith("REQUEST_PENDING")


def test_nothing_happens_just_before_the_deadline() -> None:
    street = Street()
    request = opened(street)
    street.later(48 * HOUR - 1)
    assert request.status == returns.PENDING


def test_at_the_deadline_the_platform_approves_a_refund_and_pays_it() -> None:
    street = Street()
    request = opened(street)
    street.later(48 * HOUR)
    assert request.status == returns.SUCCESS
    assert request.records[-1].role == "System"
    street.later(DAY)
    assert request.status == returns.COMPLETE
    assert request.refunded_at == request.closed > NOON + 48 * HOUR
    assert (request.action, request.deadline) == ("", 0)


def test_at_the_deadline_the_platform_lets_the_buyer_send_the_goods() -> None:
    street = Street()
    request = opened(street, "RETURN_AND_REFUND")
    street.later(48 * HOUR)
    assert request.status == returns.AWAITING_SHIP
    assert request.rma_status == "AWAITING_BUYER_RETURN"


def test_an_approved_refund_is_not_approved_again_at_the_deadline() -> None:
    street = Street()
    request = opened(street)
    returns.approve(street, request, NOON)
    street.later(5 * DAY)
    approvals = [record for record in request.records if record.event == "REFUND_APPROVED"]
    assert len(approvals) == 1


def test_a_return_goes_there_and_back() -> None:
    street = Street()
    request = opened(street, "RETURN_AND_REFUND")
    returns.approve(street, request, NOON)
    run_to(street, request, returns.SHIPPED)
    assert request.tracking
    while not request.arrived:
        street.later(HOUR)
    assert request.action == returns.CHECK_PARCEL
    returns.grant(street, request, street.timeline.now, by="SELLER")
    run_to(street, request, returns.COMPLETE)
    assert request.rma_status == "PACKAGE_REVIEW_COMPLETED"


def test_a_parcel_that_nobody_checks_is_accepted_by_the_platform() -> None:
    street = Street()
    request = opened(street, "RETURN_AND_REFUND")
    returns.approve(street, request, NOON)
    run_to(street, request, returns.COMPLETE, days=20)
    assert "System" in {record.role for record in request.records if record.event == "REFUND_APPROVED"}


def test_the_buyer_may_keep_the_goods() -> None:
    street = Street()
    request = opened(street, "RETURN_AND_REFUND")
    returns.approve(street, request, NOON, keep_item=True)
    assert request.status == returns.SUCCESS
    assert request.rma_id == ""


@pytest.mark.parametrize("seed", range(10))
def test_a_refusal_ends_without_money_or_with_arbitration(seed: int) -> None:
    street = Street(seed=seed)
    request = opened(street)
    returns.refuse(street, request, NOON, reason=REJECT_REQUEST[0], comment="worn")
    assert request.status == returns.REJECTED
    assert request.records[-1].note == "worn"
    street.later(5 * DAY)
    if request.arbitration == "SUPPORT_BUYER":
        assert request.status == returns.COMPLETE
    else:
        assert request.status == returns.CANCELLED
        assert request.refunded_at == 0


def test_both_ends_of_arbitration_are_reached() -> None:
    seen = set()
    for seed in range(40):
        street = Street(seed=seed)
        request = opened(street)
        returns.refuse(street, request, NOON, reason=REJECT_REQUEST[0], comment="")
        street.later(5 * DAY)
        seen.add(request.arbitration)
    assert seen == {"", "SUPPORT_BUYER", "SUPPORT_SELLER"}


def test_a_refused_parcel_has_a_status_of_its_own() -> None:
    street = Street()
    request = opened(street, "RETURN_AND_REFUND")
    returns.approve(street, request, NOON)
    while not request.arrived:
        street.later(HOUR)
    returns.refuse(street, request, street.timeline.now, reason=REJECT_PARCEL[0], comment="")
    assert request.status == returns.PARCEL_REJECTED


@pytest.mark.parametrize("seed", range(12))
def test_a_partial_offer_is_taken_or_comes_back_with_a_new_deadline(seed: int) -> None:
    street = Street(seed=seed)
    request = opened(street)
    returns.offer_part(street, request, Decimal("4.00"), NOON)
    assert request.status == returns.AWAITING_BUYER
    street.later(21 * HOUR)
    if request.partial_refused:
        assert request.status == returns.PENDING
        assert request.deadline > street.timeline.now
        assert request.pays == Decimal("15.50")
    else:
        assert request.status in {returns.SUCCESS, returns.COMPLETE}
        assert request.pays == Decimal("4.00")


def test_what_the_seller_opens_is_approved_at_once() -> None:
    assert opened(Street(), role="SELLER").status == returns.SUCCESS


def test_a_replacement_ends_with_a_new_order() -> None:
    street = Street()
    request = opened(street, "REPLACEMENT")
    returns.send_replacement(street, request, NOON, lambda _request, _now: "576000000000000099")
    assert (request.status, request.replaced_by) == (returns.NEW_COMPLETE, "576000000000000099")
    assert request.refunded_at == 0


def test_a_replacement_nobody_answers_is_refunded() -> None:
    street = Street()
    request = opened(street, "REPLACEMENT")
    run_to(street, request, returns.NEW_REFUNDED)
    assert request.refunded_at > 0


def test_every_move_is_told_and_the_refund_once() -> None:
    street = Street()
    request = opened(street, "RETURN_AND_REFUND")
    returns.approve(street, request, NOON)
    run_to(street, request, returns.COMPLETE, days=20)
    topics = street.topics()
    assert topics.count(67) == 1
    assert topics.count(12) == topics.count(64) >= 4
    assert topics.count(65) == 4
    refund = next(data for topic, data in street.told if topic == 67)
    assert refund["refund_total"] == "15.50"


def test_a_closed_request_never_moves_again() -> None:
    street = Street()
    request = opened(street)
    returns.approve(street, request, NOON)
    street.later(DAY)
    stage = request.stage
    street.later(60 * DAY)
    assert request.stage == stage
