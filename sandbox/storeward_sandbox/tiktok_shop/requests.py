"""What cancellations and returns have in common: the lines they are about, their amounts, reasons, deadlines and records.

Instants are unix seconds, 0 for none; amounts are Decimal in the shop's currency, positive for money that goes back to the buyer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any, Protocol, TypeVar

from storeward_sandbox.clock import HOUR

from .catalogue import new_id

AFTER_SALES = "after_sales"
"""The stream of chance that buyers and the platform draw from here."""

ANSWER_WITHIN = 48 * HOUR
"""How long the seller has for a request; after that the platform approves by itself."""

ANSWER_REPLACEMENT_WITHIN = 24 * HOUR
CHECK_PARCEL_WITHIN = 72 * HOUR


class Surroundings(Protocol):
    """What the machines of this package need of a shop."""

    @property
    def region(self) -> str: ...

    @property
    def currency(self) -> str: ...

    def chance(self, subject: str) -> Random: ...

    def at(self, instant: int, event: Callable[[int], None]) -> None: ...

    def emit(self, topic: int, data: dict[str, Any]) -> None: ...


@dataclass(slots=True, frozen=True)
class Reason:
    """A machine name as the platform spells it, what people read, and whether the seller is to blame."""

    name: str
    text: str
    sellers_fault: bool = False


@dataclass(slots=True, frozen=True)
class RequestLine:
    """One unit of an order that a request is about, and what would be paid back for it."""

    id: str
    order_line_id: str
    sku_id: str
    sku_name: str
    seller_sku: str
    product_id: str
    product_name: str
    image: str
    subtotal: Decimal
    shipping: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.subtotal + self.shipping + self.tax


@dataclass(slots=True, frozen=True)
class Record:
    """One step in the history of a request."""

    event: str
    role: str
    description: str
    at: int
    reason: str = ""
    note: str = ""


@dataclass(slots=True)
class Request:
    """A cancellation or a return. `stage` counts its moves: what was planned for an earlier stage does not happen any more."""

    id: str
    order_id: str
    buyer_id: str
    role: str
    reason: Reason
    lines: Sequence[RequestLine]
    created: int
    status: str
    updated: int = 0
    action: str = ""
    deadline: int = 0
    closed: int = 0
    refunded_at: int = 0
    stage: int = 0
    records: list[Record] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), Decimal(0))

    def owe(self, action: str, deadline: int) -> None:
        """The seller has to do this by then; nothing with an empty action."""
        self.action, self.deadline = action, deadline

    def note(self, event: str, role: str, description: str, now: int, *, reason: str = "", note: str = "") -> None:
        self.records.append(Record(event, role, description, now, reason, note))

    def move(self, status: str, now: int) -> None:
        """Change the status; whatever was owed or planned before is off."""
        self.status, self.updated = status, now
        self.stage += 1
        self.owe("", 0)


R = TypeVar("R", bound=Request)


def plan(shop: Surroundings, request: R, instant: int, event: Callable[[Surroundings, R, int], None]) -> None:
    """Let `event` happen at the instant, unless the request has moved on by then."""
    stage = request.stage
    shop.at(instant, lambda now: event(shop, request, now) if request.stage == stage else None)


def new_request_id(shop: Surroundings) -> str:
    """Returns and cancellations share one space of ids."""
    return new_id(shop.chance(AFTER_SALES), "403")


def amounts(currency: str, lines: Sequence[RequestLine]) -> dict[str, str]:
    """The refund of some lines as the platform states it."""
    subtotal = sum((line.subtotal for line in lines), Decimal(0))
    shipping = sum((line.shipping for line in lines), Decimal(0))
    tax = sum((line.tax for line in lines), Decimal(0))
    return {
        "currency": currency,
        "refund_total": str(subtotal + shipping + tax),
        "refund_subtotal": str(subtotal),
        "refund_shipping_fee": str(shipping),
        "refund_tax": str(tax),
    }


def reasons_named(reasons: Sequence[Reason], name: str) -> Reason | None:
    return next((reason for reason in reasons if reason.name == name), None)


BUYER_CANCELS = (
    Reason("ecom_order_to_ship_canceled_reason_created_by_mistakes", "Order created by mistake"),
    Reason("ecom_order_to_ship_canceled_reason_change_address", "Need to change the delivery address"),
    Reason("ecom_order_to_ship_canceled_reason_better_price", "Better price available"),
    Reason("ecom_order_to_ship_canceled_reason_late_delivery", "Item is not being sent", sellers_fault=True),
)

BUYER_RETURNS = (
    Reason("ecom_order_delivered_refund_reason_missing_product_seller", "Missing product", sellers_fault=True),
    Reason("ecom_order_delivered_refund_and_return_reason_defective", "Item is defective", sellers_fault=True),
    Reason("ecom_order_delivered_refund_and_return_reason_wrong_product", "Wrong product was sent", sellers_fault=True),
    Reason("ecom_order_delivered_refund_and_return_reason_no_longer_needed", "No longer needed"),
)

SELLER_CANCELS = (
    Reason("seller_cancel_reason_out_of_stock", "Out of stock", sellers_fault=True),
    Reason("seller_cancel_reason_wrong_price", "Pricing error", sellers_fault=True),
    Reason("seller_cancel_paid_reason_address_not_deliver", "Unable to deliver to customer address"),
    Reason("seller_cancel_paid_reason_buyer_requested_cancellation", "Buyer requested cancellation"),
)

SYSTEM_CANCELS = {
    "unpaid": Reason("ecom_order_unpaid_canceled_reason_timeout", "Not paid in time"),
    "shipping": Reason("ecom_order_to_ship_canceled_reason_seller_timeout", "Seller did not ship in time", sellers_fault=True),
    "collection": Reason("ecom_order_collection_canceled_reason_timeout", "Parcel was not collected in time", sellers_fault=True),
    "delivery": Reason("ecom_order_in_transit_canceled_reason_lost", "Package could not be delivered"),
}

REJECT_CANCELLATION = (
    Reason("seller_reject_apply_product_has_been_packed", "Product has been packed"),
    Reason("seller_reject_apply_you_have_reached_an_agreement_with_the_buyer", "You have reached an agreement with the buyer"),
)

REJECT_REQUEST = (
    Reason("reverse_reject_request_reason_3", "Product already used, damaged or removed from original packaging"),
    Reason("reverse_reject_request_reason_5", "The evidence provided is not sufficient"),
    Reason("seller_reject_apply_you_have_reached_an_agreement_with_the_buyer", "You have reached an agreement with the buyer"),
)

REJECT_PARCEL = (
    Reason("reverse_reject_receive_reason_1", "The parcel is empty"),
    Reason("reverse_reject_receive_reason_2", "The returned product is another one or damaged"),
)


def seller_cancels(region: str) -> tuple[Reason, ...]:
    """The reasons a seller may give in this market; Great Britain spells them with an ending of its own."""
    if region != "GB":
        return SELLER_CANCELS
    return tuple(Reason(f"{reason.name}_uk", reason.text, reason.sellers_fault) for reason in SELLER_CANCELS)
