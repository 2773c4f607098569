"""Returns, refunds and replacements: the state machine, driven by the seller, the buyer, the platform and the clock.

A request waits for the seller's word with a deadline; at the deadline the platform approves by itself. A refusal may end in
arbitration, where the seller has no say any more. Money counts as paid back only in a `..._COMPLETE` status.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from storeward_sandbox.clock import DAY, HOUR

from .catalogue import new_id
from .requests import (
    AFTER_SALES,
    ANSWER_REPLACEMENT_WITHIN,
    ANSWER_WITHIN,
    CHECK_PARCEL_WITHIN,
    Reason,
    Request,
    RequestLine,
    Surroundings,
    new_request_id,
    plan,
)

REFUND, RETURN, REPLACEMENT = "REFUND", "RETURN_AND_REFUND", "REPLACEMENT"

PENDING = "RETURN_OR_REFUND_REQUEST_PENDING"
AWAITING_SHIP = "AWAITING_BUYER_SHIP"
SHIPPED = "BUYER_SHIPPED_ITEM"
AWAITING_BUYER = "AWAITING_BUYER_RESPONSE"
REJECTED = "REFUND_OR_RETURN_REQUEST_REJECT"
PARCEL_REJECTED = "REJECT_RECEIVE_PACKAGE"
SUCCESS = "RETURN_OR_REFUND_REQUEST_SUCCESS"
COMPLETE = "RETURN_OR_REFUND_REQUEST_COMPLETE"
CANCELLED = "RETURN_OR_REFUND_REQUEST_CANCEL"

NEW_PENDING = "REPLACEMENT_REQUEST_PENDING"
NEW_REJECTED = "REPLACEMENT_REQUEST_REJECT"
NEW_CANCELLED = "REPLACEMENT_REQUEST_CANCEL"
NEW_REFUNDED = "REPLACEMENT_REQUEST_REFUND_SUCCESS"
NEW_COMPLETE = "REPLACEMENT_REQUEST_COMPLETE"

WAITING = frozenset({PENDING, NEW_PENDING})
ENDED = frozenset({COMPLETE, CANCELLED, NEW_CANCELLED, NEW_REFUNDED, NEW_COMPLETE})

ACTIONS = {REFUND: "SELLER_RESPOND_REFUND", RETURN: "SELLER_RESPOND_RETURN", REPLACEMENT: "SELLER_RESPOND_REPLACEMENT"}
CHECK_PARCEL = "SELLER_RESPOND_RECEIVE_PACKAGE"

IN_PROGRESS, FOR_BUYER, FOR_SELLER = "IN_PROGRESS", "SUPPORT_BUYER", "SUPPORT_SELLER"


@dataclass(slots=True)
class Return(Request):
    kind: str = REFUND
    arbitration: str = ""
    keep_item: bool = False
    partial: Decimal | None = None
    partial_refused: bool = False
    tracking: str = ""
    arrived: int = 0
    approved: int = 0
    rma_id: str = ""
    parcel_id: str = ""
    rma_status: str = ""
    rma_created: int = 0
    rma_updated: int = 0
    replaced_by: str = ""
    when_paid: Callable[["Return", int], None] | None = None

    @property
    def request_id(self) -> str:
        """The id of the same request in the newer grouped model."""
        return str(int(self.id) + 1)

    @property
    def request_status(self) -> str:
        """Where the grouped model says it stands: the request itself, not the parcel."""
        return "PENDING_REQUEST_REVIEW" if self.status in WAITING or self.status == AWAITING_BUYER else "REQUEST_REVIEW_COMPLETED"

    @property
    def pays(self) -> Decimal:
        """What the buyer gets back if it goes through."""
        return self.partial if self.partial is not None else self.total


Replace = Callable[[Return, int], str]
"""Sends the buyer a new order for a return; answers the new order's id."""


def open_return(
    shop: Surroundings,
    *,
    order_id: str,
    buyer_id: str,
    kind: str,
    reason: Reason,
    lines: Sequence[RequestLine],
    now: int,
    role: str = "BUYER",
) -> Return:
    """A new request. The seller has 48 hours (24 for a replacement); what the seller opens is approved at once."""
    status = NEW_PENDING if kind == REPLACEMENT else PENDING
    request = Return(new_request_id(shop), order_id, buyer_id, role, reason, lines, now, status, now, kind=kind)
    request.note("ORDER_RETURN", role.capitalize(), "Customer submitted a return request", now, reason=reason.text)
    tell(shop, request, now)
    if role == "SELLER":
        approve(shop, request, now, by="SELLER")
    else:
        await_seller(shop, request, now)
    return request


def await_seller(shop: Surroundings, request: Return, now: int) -> None:
    within = ANSWER_REPLACEMENT_WITHIN if request.kind == REPLACEMENT else ANSWER_WITHIN
    request.owe(ACTIONS[request.kind], now + within)
    plan(shop, request, now + within, lambda shop, request, now: approve(shop, request, now, by="SYSTEM"))


def tell(shop: Surroundings, request: Return, now: int) -> None:
    """Webhooks 12 and 64: the request has a new status."""
    shop.emit(
        12,
        {
            "order_id": request.order_id,
            "return_id": request.id,
            "return_role": request.role,
            "return_type": request.kind,
            "return_status": request.status,
            "create_time": request.created,
            "update_time": now,
        },
    )
    shop.emit(
        64,
        {
            "aftersales_request_id": request.request_id,
            "return_role": request.role,
            "aftersales_request_status": request.request_status,
            "aftersales_request_create_time": request.created,
            "aftersales_request_update_time": now,
        },
    )


def step(shop: Surroundings, request: Return, status: str, now: int, *, event: str, by: str, text: str, note: str = "") -> None:
    """Move to a status, remember why, and tell."""
    request.move(status, now)
    if status in ENDED:
        request.closed = now
    request.note(event, by.capitalize(), text, now, note=note)
    tell(shop, request, now)


def parcel(shop: Surroundings, request: Return, status: str, now: int) -> None:
    """Webhook 65: the parcel that comes back has a new status."""
    if not request.rma_id:
        request.rma_id, request.parcel_id = new_id(shop.chance(AFTER_SALES), "289"), new_id(shop.chance(AFTER_SALES), "115")
        request.rma_created = now
    request.rma_status, request.rma_updated = status, now
    shop.emit(
        65,
        {
            "rma_id": request.rma_id,
            "aftersales_request_id": request.request_id,
            "return_role": request.role,
            "rma_status": status,
            "rma_request_create_time": request.rma_created,
            "rma_request_update_time": now,
        },
    )


def approve(shop: Surroundings, request: Return, now: int, *, by: str = "SELLER", keep_item: bool = False) -> None:
    """Say yes to the request as it was asked. A return without `keep_item` waits for the buyer to send the goods."""
    request.approved = now
    request.keep_item = keep_item
    if request.kind == RETURN and not keep_item:
        await_parcel(shop, request, now, by=by)
    else:
        grant(shop, request, now, by=by)


def grant(shop: Surroundings, request: Return, now: int, *, by: str, text: str = "Refund approved") -> None:
    """The refund is decided; the money follows within hours."""
    request.approved = request.approved or now
    if request.rma_id and request.rma_status != "PACKAGE_REVIEW_COMPLETED":
        parcel(shop, request, "PACKAGE_REVIEW_COMPLETED", now)
    step(shop, request, SUCCESS, now, event="REFUND_APPROVED", by=by, text=text)
    plan(shop, request, now + shop.chance(AFTER_SALES).randint(1, 6) * HOUR, pay_back)


def pay_back(shop: Surroundings, request: Return, now: int) -> None:
    """The money is with the buyer: only now does the refund count. Webhook 67."""
    request.refunded_at = now
    if request.when_paid is not None:
        request.when_paid(request, now)
    done = NEW_REFUNDED if request.kind == REPLACEMENT else COMPLETE
    step(shop, request, done, now, event="REFUND_SUCCESS", by="SYSTEM", text="Refund paid to the buyer")
    shop.emit(
        67,
        {
            "aftersales_request_id": request.request_id,
            "line_items": [
                {
                    "main_order_id": request.order_id,
                    "return_line_item_id": line.id,
                    "sku_id": line.sku_id,
                    "sku_return_request_id": request.id,
                }
                for line in request.lines
            ],
            "refund_currency": shop.currency,
            "refund_status": "REFUND_SUCCESS",
            "refund_timestamp": now,
            "refund_total": str(request.pays),
            "rma_id": request.rma_id,
        },
    )


def await_parcel(shop: Surroundings, request: Return, now: int, *, by: str) -> None:
    """The buyer has five days to send the goods; nine in ten do within three."""
    step(shop, request, AWAITING_SHIP, now, event="RETURN_APPROVED", by=by, text="Return approved")
    parcel(shop, request, "AWAITING_BUYER_RETURN", now)
    if shop.chance(AFTER_SALES).random() < 0.9:
        plan(shop, request, now + shop.chance(AFTER_SALES).randint(6, 72) * HOUR, buyer_ships)
    else:
        plan(shop, request, now + 5 * DAY, lambda shop, request, now: withdraw(shop, request, now, by="SYSTEM"))


def buyer_ships(shop: Surroundings, request: Return, now: int) -> None:
    request.tracking = f"RT{new_id(shop.chance(AFTER_SALES), '', 12)}"
    step(shop, request, SHIPPED, now, event="BUYER_SHIPPED", by="BUYER", text="Buyer has sent the parcel")
    parcel(shop, request, "RETURN_IN_TRANSIT", now)
    plan(shop, request, now + shop.chance(AFTER_SALES).randint(36, 120) * HOUR, arrive)


def arrive(shop: Surroundings, request: Return, now: int) -> None:
    """The parcel is back: the seller has three days to look into it."""
    request.arrived = request.updated = now
    request.owe(CHECK_PARCEL, now + CHECK_PARCEL_WITHIN)
    parcel(shop, request, "PENDING_PACKAGE_REVIEW", now)
    plan(shop, request, now + CHECK_PARCEL_WITHIN, lambda shop, request, now: grant(shop, request, now, by="SYSTEM"))


def withdraw(shop: Surroundings, request: Return, now: int, *, by: str) -> None:
    """The request is over without money: withdrawn, run out, or lost in arbitration."""
    status = NEW_CANCELLED if request.kind == REPLACEMENT else CANCELLED
    step(shop, request, status, now, event="RETURN_CANCELLED", by=by, text="Request closed")


def offer_part(shop: Surroundings, request: Return, amount: Decimal, now: int) -> None:
    """The seller offers less; the buyer answers within a day: two of three take it."""
    request.partial = amount
    step(shop, request, AWAITING_BUYER, now, event="PARTIAL_REFUND_OFFERED", by="SELLER", text="Partial refund offered")
    takes = shop.chance(AFTER_SALES).random() < 0.67
    plan(shop, request, now + shop.chance(AFTER_SALES).randint(1, 20) * HOUR, accept_part if takes else refuse_part)


def accept_part(shop: Surroundings, request: Return, now: int) -> None:
    grant(shop, request, now, by="BUYER", text="Buyer accepted the partial refund")


def refuse_part(shop: Surroundings, request: Return, now: int) -> None:
    """Back to the seller with a fresh deadline; a parcel that is here already stays to be judged."""
    request.partial, request.partial_refused = None, True
    back = SHIPPED if request.arrived else PENDING
    step(shop, request, back, now, event="PARTIAL_REFUND_REFUSED", by="BUYER", text="Buyer refused the partial refund")
    if request.arrived:
        request.owe(CHECK_PARCEL, now + CHECK_PARCEL_WITHIN)
        plan(shop, request, now + CHECK_PARCEL_WITHIN, lambda shop, request, now: grant(shop, request, now, by="SYSTEM"))
    else:
        await_seller(shop, request, now)


def refuse(shop: Surroundings, request: Return, now: int, *, reason: Reason, comment: str) -> None:
    """The seller says no, to the request or to the parcel. One buyer in three calls the platform, the rest let it run out."""
    status = NEW_REJECTED if request.kind == REPLACEMENT else PARCEL_REJECTED if request.arrived else REJECTED
    step(shop, request, status, now, event="RETURN_REJECTED", by="SELLER", text=reason.text, note=comment)
    if shop.chance(AFTER_SALES).random() < 0.34:
        plan(shop, request, now + shop.chance(AFTER_SALES).randint(2, 24) * HOUR, call_platform)
    else:
        plan(shop, request, now + 3 * DAY, lambda shop, request, now: withdraw(shop, request, now, by="SYSTEM"))


def call_platform(shop: Surroundings, request: Return, now: int) -> None:
    """Arbitration begins: the seller can do nothing but wait two days."""
    request.stage += 1
    request.arbitration, request.updated = IN_PROGRESS, now
    request.note("ARBITRATION_STARTED", "Buyer", "Buyer asked the platform to decide", now)
    tell(shop, request, now)
    plan(shop, request, now + 2 * DAY, decide)


def decide(shop: Surroundings, request: Return, now: int) -> None:
    """The platform rules. For the buyer: money, or first the goods back where they are still with the buyer."""
    for_buyer = shop.chance(AFTER_SALES).random() < (0.8 if request.reason.sellers_fault else 0.3)
    request.arbitration = FOR_BUYER if for_buyer else FOR_SELLER
    if not for_buyer:
        withdraw(shop, request, now, by="OPERATOR")
    elif request.kind == RETURN and not request.arrived:
        await_parcel(shop, request, now, by="OPERATOR")
    else:
        grant(shop, request, now, by="OPERATOR", text="Platform decided for the buyer")


def send_replacement(shop: Surroundings, request: Return, now: int, replace: Replace) -> None:
    """A new order goes out instead of money."""
    request.approved = now
    request.replaced_by = replace(request, now)
    step(shop, request, NEW_COMPLETE, now, event="REPLACEMENT_APPROVED", by="SELLER", text="Replacement order created")
