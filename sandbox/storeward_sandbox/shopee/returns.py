"""A return or refund and its moves.

REQUESTED -> (offers to and fro) -> ACCEPTED (money back at once) or PROCESSING (goods travel back) -> ACCEPTED; a dispute goes to
JUDGING and from there to PROCESSING, ACCEPTED or CLOSED; the buyer may withdraw: CANCELLED. Each move tells push 29. Where the
seller does nothing by `due_date` the platform sides with the buyer. A move that no longer fits does nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from storeward_sandbox.clock import DAY, HOUR, Instant

from . import hooks
from .orders import NOTHING, Line, Order, disputed, settled_with_buyer
from .pushes import RETURN_UPDATES
from .shop import Shop

ANSWER_WITHIN = 2 * DAY
SHIP_WITHIN = 5 * DAY
CHECK_WITHIN = 3 * DAY
PROOF_WITHIN = 2 * DAY
JUDGED_AFTER = 3 * DAY
OFFER_STANDS = 2 * DAY
MOST_OFFERS = 2
RETURN_AND_REFUND, REFUND_ONLY = 0, 1
OPEN = ("REQUESTED", "PROCESSING", "JUDGING", "SELLER_DISPUTE")


@dataclass(frozen=True)
class Offer:
    """What one side proposes. `solution` is RETURN_REFUND or REFUND."""

    solution: str
    amount: Decimal
    by_seller: bool
    until: Instant


@dataclass(eq=False)
class Return:
    sn: str
    order_sn: str
    lines: list[tuple[Line, int]]
    reason: str
    text: str
    solution: int
    amount: Decimal
    created: Instant
    after_completion: bool
    username: str
    status: str = "REQUESTED"
    updated: Instant = 0
    due: Instant = 0
    ship_due: Instant = 0
    check_due: Instant = 0
    negotiation: str = "PENDING_RESPOND"
    offer: Offer | None = None
    offers_made: int = 0
    proof: str = "NOT_NEEDED"
    proof_due: Instant = 0
    compensation: str = "COMPENSATION_NOT_APPLICABLE"
    compensation_due: Instant = 0
    logistics: str = ""
    logistics_at: Instant = 0
    tracking_number: str = ""
    tracking: list[tuple[Instant, str]] = field(default_factory=list)
    dispute_reason: int = 0
    dispute_text: str = ""
    before_dispute: str = ""
    photos: list[dict[str, str]] = field(default_factory=list)
    proof_text: str = ""
    shipping_proof: bool = False
    refunded_at: Instant = 0
    pictures: int = 1

    @property
    def goods_back(self) -> bool:
        return self.solution == RETURN_AND_REFUND


@dataclass
class Returns:
    known: dict[str, Return] = field(default_factory=dict)


def returns_of(shop: Shop) -> dict[str, Return]:
    return shop.part(Returns).known


def open_return(shop: Shop, order: Order, *, reason: str, solution: int, lines: list[tuple[Line, int]] | None = None) -> Return:
    """The buyer asks for money back, with or without the goods going home."""
    chosen = lines or [(line, line.quantity) for line in order.lines]
    goods = sum((line.price * units for line, units in chosen), NOTHING)
    share = goods / order.goods_total if order.goods_total else Decimal(0)
    vouchers = (order.voucher_seller + order.voucher_platform) * share
    one = Return(
        sn=shop.return_sn(),
        order_sn=order.sn,
        lines=chosen,
        reason=reason,
        text=TEXTS.get(reason, "Something is not right."),
        solution=solution,
        amount=shop.amount(goods - vouchers),
        created=shop.now,
        after_completion=order.status == "COMPLETED",
        username=f"{order.buyer.username[0]}****{order.buyer.username[-1]}",
    )
    one.due = shop.now + ANSWER_WITHIN
    returns_of(shop)[one.sn] = one
    disputed(shop, order)
    _changed(shop, one, return_status=("", "REQUESTED"))
    shop.at(one.due, lambda now: not_answered(shop, one))
    return one


TEXTS = {
    "NOT_RECEIPT": "I have not received the parcel.",
    "PHYSICAL_DMG": "The item came damaged.",
    "WRONG_ITEM": "I got something else.",
    "CHANGE_MIND": "I do not need it any more.",
    "ITEM_MISSING": "A piece is missing.",
    "DIFF_DESC": "It does not look like the picture.",
}


def _changed(shop: Shop, one: Return, **changes: tuple[str, str]) -> None:
    """Stamp the time, and tell each field that has changed."""
    one.updated = shop.now
    rows = [
        {"update_field": name, "old_value": old, "new_value": new, "update_time": shop.now}
        for name, (old, new) in changes.items()
    ]
    shop.emit(RETURN_UPDATES, {"order_sn": one.order_sn, "return_sn": one.sn, "updated_values": rows})


def _move(shop: Shop, one: Return, status: str) -> None:
    before, one.status = one.status, status
    if status not in ("REQUESTED",):
        one.negotiation = "TERMINATED"
    _changed(shop, one, return_status=(before, status))


def _later(shop: Shop, seconds: int, one: Return, event: Callable[[Shop, Return], None]) -> None:
    shop.after(seconds, lambda now: event(shop, one))


# --- answering --------------------------------------------------------------------------------------------------------


def not_answered(shop: Shop, one: Return) -> None:
    """The seller has said nothing: the platform sides with the buyer."""
    if one.status != "REQUESTED" or shop.now < one.due:
        return
    if one.negotiation == "PENDING_BUYER_RESPOND":
        return
    (send_home if one.goods_back else refund)(shop, one)


def refund(shop: Shop, one: Return) -> None:
    """The buyer has the money back."""
    if one.refunded_at or one.status in ("CANCELLED", "CLOSED"):
        return
    one.refunded_at, one.due, one.check_due = shop.now, 0, 0
    _move(shop, one, "ACCEPTED")
    settled_with_buyer(shop, shop.orders[one.order_sn], refunded=True)
    hooks.tell("return_refunded", shop, one)


def send_home(shop: Shop, one: Return) -> None:
    """The goods shall travel back: the buyer has some days to send them."""
    if one.status not in ("REQUESTED", "JUDGING"):
        return
    one.due, one.ship_due = 0, shop.now + SHIP_WITHIN
    _move(shop, one, "PROCESSING")
    _goods_move(shop, one, "LOGISTICS_PENDING_ARRANGE", "Waiting for the buyer to send the parcel.")
    chance = shop.chance("returns")
    if chance.random() < 0.9:
        _later(shop, int(chance.uniform(8, 60) * HOUR), one, buyer_sends)
    _later(shop, SHIP_WITHIN, one, not_sent)


def buyer_sends(shop: Shop, one: Return) -> None:
    if one.status != "PROCESSING" or one.logistics != "LOGISTICS_PENDING_ARRANGE":
        return
    one.tracking_number = f"RN{shop.region}{shop.ids.new('tracking')}"
    _goods_move(shop, one, "LOGISTICS_PICKUP_DONE", "The courier has the parcel.")
    _later(shop, int(shop.chance("returns").uniform(20, 70) * HOUR), one, arrives)


def arrives(shop: Shop, one: Return) -> None:
    """The goods are back: the seller may check them for some days."""
    if one.logistics != "LOGISTICS_PICKUP_DONE":
        return
    one.check_due = shop.now + CHECK_WITHIN
    _goods_move(shop, one, "LOGISTICS_DELIVERY_DONE", "The parcel has been delivered to the seller.")
    _later(shop, CHECK_WITHIN, one, checked)


def checked(shop: Shop, one: Return) -> None:
    if one.status == "PROCESSING" and one.logistics == "LOGISTICS_DELIVERY_DONE":
        refund(shop, one)


def not_sent(shop: Shop, one: Return) -> None:
    if one.status == "PROCESSING" and one.logistics == "LOGISTICS_PENDING_ARRANGE":
        over(shop, one, "CANCELLED")


def over(shop: Shop, one: Return, status: str) -> None:
    """Ended without money: the buyer withdrew, or the platform said no."""
    if one.status in OPEN:
        one.due = one.check_due = 0
        _move(shop, one, status)
        settled_with_buyer(shop, shop.orders[one.order_sn], refunded=False)


def _goods_move(shop: Shop, one: Return, logistics: str, words: str) -> None:
    before, one.logistics, one.logistics_at = one.logistics or "LOGISTICS_NOT_STARTED", logistics, shop.now
    one.tracking.append((shop.now, words))
    _changed(shop, one, logistics_status=(before, logistics))


# --- offers -----------------------------------------------------------------------------------------------------------


def propose(shop: Shop, one: Return, solution: str, amount: Decimal) -> None:
    """The seller proposes; the buyer thinks about it for some hours."""
    one.offer = Offer(solution, amount, True, shop.now + OFFER_STANDS)
    one.offers_made += 1
    _negotiate(shop, one, "PENDING_BUYER_RESPOND")
    _later(shop, int(shop.chance("returns").uniform(2, 30) * HOUR), one, buyer_answers)


def buyer_answers(shop: Shop, one: Return) -> None:
    """Agrees mostly; else asks for more, and the seller is to answer."""
    offer, chance = one.offer, shop.chance("returns")
    if one.status != "REQUESTED" or offer is None or not offer.by_seller or one.negotiation != "PENDING_BUYER_RESPOND":
        return
    full = offer.amount >= one.amount or chance.random() < 0.6
    if full or one.offers_made >= MOST_OFFERS:
        settle(shop, one)
        return
    one.offer = Offer(offer.solution, one.amount, False, shop.now + OFFER_STANDS)
    one.due = shop.now + ANSWER_WITHIN
    _negotiate(shop, one, "PENDING_RESPOND")
    _later(shop, ANSWER_WITHIN, one, not_answered)


def _negotiate(shop: Shop, one: Return, status: str) -> None:
    one.negotiation, one.updated = status, shop.now
    solution = one.offer.solution if one.offer else ""
    _changed(shop, one, return_solution=(str(one.solution), solution))


def settle(shop: Shop, one: Return) -> None:
    """Both agree on the latest offer."""
    if one.offer is None or one.status != "REQUESTED":
        return
    one.amount = one.offer.amount
    one.solution = REFUND_ONLY if one.offer.solution == "REFUND" else RETURN_AND_REFUND
    (send_home if one.goods_back else refund)(shop, one)


# --- disputes ---------------------------------------------------------------------------------------------------------


def dispute(shop: Shop, one: Return, reason: int, text: str) -> None:
    """The seller objects: the platform judges, and wants proof."""
    if one.status not in ("REQUESTED", "PROCESSING"):
        return
    one.dispute_reason, one.dispute_text, one.before_dispute = reason, text, one.status
    if one.logistics == "LOGISTICS_DELIVERY_DONE":
        one.compensation, one.compensation_due = "COMPENSATION_REQUESTED", shop.now + JUDGED_AFTER
    one.due = one.check_due = 0
    one.proof, one.proof_due = "PENDING", shop.now + PROOF_WITHIN
    _move(shop, one, "JUDGING")
    _changed(shop, one, seller_proof_status=("NOT_NEEDED", "PENDING"))
    _later(shop, PROOF_WITHIN, one, no_proof)
    _later(shop, JUDGED_AFTER, one, judge)


def prove(shop: Shop, one: Return, photos: list[dict[str, str]], text: str) -> None:
    one.photos, one.proof_text = [*one.photos, *photos], text or one.proof_text
    before, one.proof = one.proof, "UPLOADED"
    _changed(shop, one, seller_proof_status=(before, "UPLOADED"))


def no_proof(shop: Shop, one: Return) -> None:
    if one.proof == "PENDING" and one.status == "JUDGING":
        one.proof = "OVERDUE"
        _changed(shop, one, seller_proof_status=("PENDING", "OVERDUE"))


def judge(shop: Shop, one: Return) -> None:
    """With proof the seller wins every second time; without, the buyer."""
    if one.status != "JUDGING":
        return
    won = one.proof == "UPLOADED" and shop.chance("returns").random() < 0.5
    if one.compensation == "COMPENSATION_REQUESTED":
        one.compensation = "COMPENSATION_APPROVED" if won else "COMPENSATION_REJECTED"
        refund(shop, one)
    elif won:
        over(shop, one, "CLOSED")
    elif one.before_dispute == "REQUESTED" and one.goods_back:
        send_home(shop, one)
    else:
        refund(shop, one)


def withdraw_dispute(shop: Shop, one: Return) -> None:
    """The seller gives in; only where a compensation is asked for."""
    if one.status == "JUDGING" and one.compensation == "COMPENSATION_REQUESTED":
        one.compensation, one.compensation_due = "COMPENSATION_CANCELLED", 0
        refund(shop, one)
