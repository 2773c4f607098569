"""Cancellations: asked for by buyers and answered by the seller, or done by seller and platform at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from storeward_sandbox.clock import HOUR

from .requests import AFTER_SALES, ANSWER_WITHIN, Reason, Request, RequestLine, Surroundings, new_request_id, plan

PENDING = "CANCELLATION_REQUEST_PENDING"
SUCCESS = "CANCELLATION_REQUEST_SUCCESS"
COMPLETE = "CANCELLATION_REQUEST_COMPLETE"
REFUSED = "CANCELLATION_REQUEST_CANCEL"

BY_BUYER, AT_ONCE = "BUYER_CANCEL", "CANCEL"

RESPOND = "SELLER_RESPOND_BUYER_CANCEL"

Apply = Callable[["Cancellation", int], None]
"""Cancels the lines of the order itself, once the request has gone through."""


@dataclass(slots=True)
class Cancellation(Request):
    kind: str = BY_BUYER
    replenish: bool = True
    apply: Apply | None = None

    @property
    def closed_as(self) -> str:
        """The status as webhook 11 spells it: `..._CANCELLED` where the API says `..._CANCEL`."""
        return "CANCELLATION_REQUEST_CANCELLED" if self.status == REFUSED else self.status


def tell(shop: Surroundings, request: Cancellation) -> None:
    data: dict[str, Any] = {
        "order_id": request.order_id,
        "cancellations_role": request.role,
        "cancel_status": request.closed_as,
        "cancel_id": request.id,
        "create_time": request.created,
    }
    shop.emit(11, data)


def ask(
    shop: Surroundings,
    *,
    order_id: str,
    buyer_id: str,
    reason: Reason,
    lines: Sequence[RequestLine],
    now: int,
    apply: Apply,
) -> Cancellation:
    """A buyer asks to cancel: the seller has 48 hours, then the platform approves."""
    request = Cancellation(new_request_id(shop), order_id, buyer_id, "BUYER", reason, lines, now, PENDING, now, apply=apply)
    request.owe(RESPOND, now + ANSWER_WITHIN)
    tell(shop, request)
    plan(shop, request, request.deadline, approve)
    return request


def record(
    shop: Surroundings,
    *,
    order_id: str,
    buyer_id: str,
    role: str,
    reason: Reason,
    lines: Sequence[RequestLine],
    now: int,
    paid: bool,
) -> Cancellation:
    """The order has been cancelled and nobody was asked: by seller, platform, or a buyer who was still free to."""
    request = Cancellation(new_request_id(shop), order_id, buyer_id, role, reason, lines, now, SUCCESS, now, kind=AT_ONCE)
    tell(shop, request)
    if paid:
        plan(shop, request, now + shop.chance(AFTER_SALES).randint(1, 6) * HOUR, pay_back)
    else:
        pay_back(shop, request, now)
    return request


def approve(shop: Surroundings, request: Cancellation, now: int) -> None:
    """The order is cancelled; the money follows within hours."""
    request.move(SUCCESS, now)
    if request.apply is not None:
        request.apply(request, now)
    tell(shop, request)
    plan(shop, request, now + shop.chance(AFTER_SALES).randint(1, 6) * HOUR, pay_back)


def pay_back(shop: Surroundings, request: Cancellation, now: int) -> None:
    request.move(COMPLETE, now)
    request.closed = request.refunded_at = now
    tell(shop, request)


def refuse(shop: Surroundings, request: Cancellation, now: int) -> None:
    """The seller says no, or has shipped meanwhile: the order goes on."""
    request.move(REFUSED, now)
    request.closed = now
    tell(shop, request)
