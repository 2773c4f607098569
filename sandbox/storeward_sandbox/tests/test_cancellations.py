"""Cancellations: asked for, answered, forgotten, or done at once."""

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.tests.street import NOON, Street, line
from storeward_sandbox.tiktok_shop import cancellations
from storeward_sandbox.tiktok_shop.cancellations import Cancellation
from storeward_sandbox.tiktok_shop.requests import BUYER_CANCELS, SYSTEM_CANCELS, seller_cancels


def asked(street: Street, applied: list[int] | None = None) -> Cancellation:
    def apply(_request: Cancellation, now: int) -> None:
        if applied is not None:
            applied.append(now)

    return cancellations.ask(
        street,
        order_id="576000000000000001",
        buyer_id="719",
        reason=BUYER_CANCELS[0],
        lines=[line()],
        now=NOON,
        apply=apply,
    )


def test_a_buyers_request_waits_for_the_seller() -> None:
    request = asked(Street())
    assert (request.kind, request.status) == ("BUYER_CANCEL", cancellations.PENDING)
    assert (request.action, request.deadline) == ("SELLER_RESPOND_BUYER_CANCEL", NOON + 48 * HOUR)


def test_at_the_deadline_the_platform_cancels_the_order() -> None:
    street, applied = Street(), list[int]()
    request = asked(street, applied)
    street.later(48 * HOUR - 1)
    assert applied == []
    street.later(1)
    assert applied == [NOON + 48 * HOUR]
    assert request.status == cancellations.SUCCESS


def test_an_approved_cancellation_is_paid_back_within_hours() -> None:
    street, applied = Street(), list[int]()
    request = asked(street, applied)
    cancellations.approve(street, request, NOON)
    street.later(DAY)
    assert request.status == cancellations.COMPLETE
    assert request.refunded_at > NOON
    assert applied == [NOON]


def test_a_refused_one_leaves_the_order_alone() -> None:
    street, applied = Street(), list[int]()
    request = asked(street, applied)
    cancellations.refuse(street, request, NOON)
    street.later(10 * DAY)
    assert applied == []
    assert request.status == cancellations.REFUSED
    assert request.refunded_at == 0


def test_the_webhook_spells_the_refusal_its_own_way() -> None:
    street = Street()
    request = asked(street)
    cancellations.refuse(street, request, NOON)
    assert request.status == "CANCELLATION_REQUEST_CANCEL"
    assert street.told[-1][1]["cancel_status"] == "CANCELLATION_REQUEST_CANCELLED"


def test_an_order_that_nobody_paid_is_cancelled_without_a_refund_to_wait_for() -> None:
    street = Street()
    request = cancellations.record(
        street,
        order_id="1",
        buyer_id="2",
        role="SYSTEM",
        reason=SYSTEM_CANCELS["unpaid"],
        lines=[line()],
        now=NOON,
        paid=False,
    )
    assert (request.kind, request.status) == ("CANCEL", cancellations.COMPLETE)
    assert request.action == ""


def test_british_reasons_have_an_ending_of_their_own() -> None:
    assert all(reason.name.endswith("_uk") for reason in seller_cancels("GB"))
    assert not any(reason.name.endswith("_uk") for reason in seller_cancels("US"))


def test_each_step_is_told() -> None:
    street = Street()
    cancellations.approve(street, asked(street), NOON)
    street.later(DAY)
    told = [data["cancel_status"] for _topic, data in street.told]
    assert told == [cancellations.PENDING, cancellations.SUCCESS, cancellations.COMPLETE]
