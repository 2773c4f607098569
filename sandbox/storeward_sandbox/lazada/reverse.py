"""Reverse orders without HTTP: cancellations, returns to the seller (RTM) or to a warehouse of the platform (RTW), refunds only.

Every line has its own state. A state in which the seller owes an answer has a deadline (`sla`), at which the platform decides for
the buyer. A move that no longer fits does nothing. Push 10 has words of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from storeward_sandbox.clock import DAY, HOUR, MINUTE, Instant
from storeward_sandbox.timeline import Event as TimedEvent

from . import pushes
from .orders import NOTHING, Line, Order, cancel, move
from .reasons import Reason
from .shop import Shop, on, tell

CANCEL, RETURN, ONLY_REFUND = "CANCEL", "RETURN", "ONLY_REFUND"
ANSWER_SECONDS = 3 * DAY
CANCEL_ANSWER_SECONDS = DAY
INSPECT_SECONDS = 5 * DAY
LOGISTICS_SECONDS = 5 * MINUTE
REFUND_SECONDS = DAY
DISPUTE_SECONDS = 3 * DAY
SEND_BACK_SECONDS = 7 * DAY
OPEN_STATES = ("REQUEST_INITIATE", "SELLER_AGREE_RETURN", "BUYER_RETURN_ITEM", "CS_APPROVING", "AGREE_CANCEL_ORDER")
BUYER, SELLER, SYSTEM, SERVICE = "Buyer", "Seller", "System", "Customer service"


@dataclass(frozen=True)
class Event:
    at: Instant
    operator: str
    pictures: tuple[str, ...] = ()


@dataclass(eq=False)
class ReverseLine:
    """One piece on its way back. `asked` is the buyer's reason."""

    id: str
    line: Line
    refund: Decimal
    asked: Reason
    created: Instant
    status: str = "REQUEST_INITIATE"
    ofc_status: str = ""
    modified: Instant = 0
    sla: Instant = 0
    tracking_number: str = ""
    disputed: bool = False
    decision: str | None = None
    received: bool = False
    refused_for: Reason | None = None
    history: list[Event] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return self.status in OPEN_STATES


@dataclass(eq=False)
class ReverseOrder:
    id: str
    order: Order
    kind: str
    is_rtm: bool
    shipping_type: str
    lines: list[ReverseLine]

    def line(self, line_id: str) -> ReverseLine | None:
        return next((line for line in self.lines if line.id == line_id), None)

    @property
    def goods(self) -> str:
        """How push 10 begins its words."""
        if self.kind == CANCEL:
            return "CANCEL"
        return "REFUND" if self.kind == ONLY_REFUND else "RTM" if self.is_rtm else "RTW"


@dataclass
class Reverses:
    """All reverse orders of a store."""

    orders: dict[str, ReverseOrder] = field(default_factory=dict)

    def open_of(self, line: Line) -> tuple[ReverseOrder, ReverseLine] | None:
        """The open request about a piece, if any."""
        found = self.orders.get(line.reverse_order_id)
        row = found.line(line.reverse_line_id) if found else None
        return (found, row) if found is not None and row is not None and row.open else None

    def owed(self) -> list[tuple[ReverseOrder, ReverseLine]]:
        """What waits for the seller, the most urgent first."""
        rows = [(one, line) for one in self.orders.values() for line in one.lines if line.sla and line.open]
        return sorted(rows, key=lambda row: (row[1].sla, row[1].id))


def move_reverse(
    shop: Shop, reverse: ReverseOrder, line: ReverseLine, status: str, by: str, told: str = "", pictures: Iterable[str] = ()
) -> None:
    """One step; `told` is the second half of what push 10 says, "" where the platform keeps silent."""
    line.status, line.modified, line.sla = status, shop.now, 0
    line.history.append(Event(shop.now, by, tuple(pictures)))
    if told:
        tell_reverse(shop, reverse, line, f"{reverse.goods}_{told}")


def tell_reverse(shop: Shop, reverse: ReverseOrder, line: ReverseLine, word: str) -> None:
    shop.emit(
        pushes.REVERSE,
        {
            "reverse_order_id": int(reverse.id),
            "reverse_status": word,
            "trade_order_id": int(reverse.order.id),
            "extraParams": {},
            "trade_order_line_id": int(line.line.id),
            "buyer_id": int(reverse.order.buyer.user_id),
            "seller_id": int(shop.id),
            "reverse_order_line_id": int(line.id),
            "status_update_time": shop.now,
        },
    )


def begin(shop: Shop, order: Order, lines: Sequence[Line], kind: str, reason: Reason, *, is_rtm: bool = False) -> ReverseOrder:
    """A request comes to be; nobody is told yet."""
    reverse = ReverseOrder(shop.ids.new("reverse"), order, kind, is_rtm, "DEFAULT" if kind == CANCEL else "PICK_UP", [])
    for line in lines:
        row = ReverseLine(shop.ids.new("reverse_line"), line, line.paid_price, reason, shop.now, modified=shop.now)
        row.ofc_status = "INITIAL" if kind == RETURN else ""
        line.reverse_order_id, line.reverse_line_id = reverse.id, row.id
        reverse.lines.append(row)
    shop.part(Reverses).orders[reverse.id] = reverse
    return reverse


# --- cancellations ----------------------------------------------------------------------------------------------------


def ask_out(shop: Shop, order: Order, lines: Sequence[Line], reason: Reason) -> ReverseOrder | None:
    """The buyer wants to cancel: the seller has a day to answer."""
    wanted = [line for line in lines if line.status in ("pending", "repacked", "packed") and not line.wants_out]
    if not wanted:
        return None
    reverse = begin(shop, order, wanted, CANCEL, reason)
    for row in reverse.lines:
        row.line.cancel_trigger = row.sla = shop.now + CANCEL_ANSWER_SECONDS
        row.line.reason, row.line.initiator, row.line.updated = reason.text, "buyer-cancel", shop.now
        row.history.append(Event(shop.now, BUYER))
        tell_reverse(shop, reverse, row, "CANCEL_INIT")
    order.updated = shop.now
    shop.after(CANCEL_ANSWER_SECONDS, lambda now: _time_is_up(shop, reverse))
    return reverse


def _time_is_up(shop: Shop, reverse: ReverseOrder) -> None:
    let_out(shop, reverse, SYSTEM)


def let_out(shop: Shop, reverse: ReverseOrder, by: str) -> bool:
    """The seller, or the clock, agrees; it is done when logistics has confirmed. False where nothing waits."""
    waiting = [row for row in reverse.lines if row.status == "REQUEST_INITIATE" and row.line.wants_out]
    for row in waiting:
        move_reverse(shop, reverse, row, "AGREE_CANCEL_ORDER", by)
        row.line.cancel_trigger, row.line.cancel_pending, row.line.updated = 0, True, shop.now
        reverse.order.updated = shop.now
    if waiting:
        shop.after(LOGISTICS_SECONDS, lambda now: _is_out(shop, reverse, waiting))
    return bool(waiting)


def _is_out(shop: Shop, reverse: ReverseOrder, rows: Sequence[ReverseLine]) -> None:
    lines = [row.line for row in rows if row.line.cancel_pending]
    if lines:
        cancel(shop, reverse.order, lines, rows[0].asked.text, "buyer-cancel")


def keep_in(shop: Shop, reverse: ReverseOrder) -> bool:
    """The seller says no: the order goes on. False where nothing waits."""
    waiting = [row for row in reverse.lines if row.status == "REQUEST_INITIATE" and row.line.wants_out]
    for row in waiting:
        move_reverse(shop, reverse, row, "REQUEST_REJECT", SELLER)
        row.line.cancel_trigger, row.line.reason, row.line.initiator = 0, "", "null-null"
        row.line.updated = reverse.order.updated = shop.now
    return bool(waiting)


@on("lines_cancelled")
def close_requests(shop: Shop, order: Order, lines: Sequence[Line], before: dict[str, str]) -> None:
    """Every cancelled piece that had been paid for has a cancellation that is over."""
    state, fresh = shop.part(Reverses), [line for line in lines if before[line.id] != "unpaid"]
    for line in lines:
        found = state.open_of(line)
        if found is not None:
            move_reverse(shop, *found, "CANCEL_SUCCESS", SYSTEM, "SUCCESS")
            fresh.remove(line)
    if not fresh:
        return
    reverse = begin(shop, order, fresh, CANCEL, Reason(11, fresh[0].reason))
    for row in reverse.lines:
        move_reverse(shop, reverse, row, "CANCEL_SUCCESS", SELLER if row.line.by_seller else SYSTEM, "SUCCESS")


# --- returns and refunds ----------------------------------------------------------------------------------------------


def ask_back(
    shop: Shop, order: Order, lines: Sequence[Line], reason: Reason, *, kind: str = RETURN, is_rtm: bool = True
) -> ReverseOrder | None:
    """The buyer wants the money back, for goods or without. Where the platform's warehouse decides, the seller owes nothing."""
    wanted = [line for line in lines if line.status in ("delivered", "confirmed") and not line.return_status]
    if not wanted:
        return None
    reverse = begin(shop, order, wanted, kind, reason, is_rtm=is_rtm and kind == RETURN)
    seller_decides = reverse.is_rtm or kind == ONLY_REFUND
    for row in reverse.lines:
        row.history.append(Event(shop.now, BUYER, (f"https://{shop.site.code}-live.slatic.example/p/{row.id}.jpg",)))
        row.sla = shop.now + ANSWER_SECONDS if seller_decides else 0
        row.line.return_status, row.line.reason, row.line.initiator = row.status, reason.text, "buyer-return"
        row.line.updated = order.updated = shop.now
        tell_reverse(shop, reverse, row, f"{reverse.goods}_INIT")
        shop.after(ANSWER_SECONDS if seller_decides else DAY, _deadline(shop, reverse, row))
    return reverse


def _deadline(shop: Shop, reverse: ReverseOrder, row: ReverseLine) -> TimedEvent:
    def decide(now: Instant) -> None:
        if row.status != "REQUEST_INITIATE":
            return
        if reverse.kind == ONLY_REFUND:
            authorise(shop, reverse, row, SYSTEM)
        else:
            agree_return(shop, reverse, row, SYSTEM)

    return decide


def agree_return(shop: Shop, reverse: ReverseOrder, row: ReverseLine, by: str) -> None:
    """The goods may come back; the buyer has a week to send them."""
    _step(shop, reverse, row, "SELLER_AGREE_RETURN", by)
    shop.after(SEND_BACK_SECONDS, lambda now: _never_sent(shop, reverse, row))
    chance = shop.chance("returns")
    if chance.random() < 0.9:
        shop.after(chance.randint(20, 90) * HOUR, lambda now: send_back(shop, reverse, row))


def _never_sent(shop: Shop, reverse: ReverseOrder, row: ReverseLine) -> None:
    if row.status == "SELLER_AGREE_RETURN":
        row.ofc_status = "RETURN_CANCELED"
        _step(shop, reverse, row, "REQUEST_CANCEL", SYSTEM, "CANCELED")


def send_back(shop: Shop, reverse: ReverseOrder, row: ReverseLine) -> None:
    """The buyer has sent the goods: the seller (or the warehouse) has days to look at them."""
    if row.status != "SELLER_AGREE_RETURN":
        return
    row.tracking_number = f"LEXRT{shop.ids.new('tracking')}"
    _step(shop, reverse, row, "BUYER_RETURN_ITEM", BUYER, "SHIPPING_BACK")
    if reverse.is_rtm:
        row.sla = shop.now + INSPECT_SECONDS
        shop.at(row.sla, lambda now: _not_inspected(shop, reverse, row))
    else:
        shop.after(2 * DAY, lambda now: _warehouse_decides(shop, reverse, row))


def _not_inspected(shop: Shop, reverse: ReverseOrder, row: ReverseLine) -> None:
    if row.status == "BUYER_RETURN_ITEM":
        row.received = True
        authorise(shop, reverse, row, SYSTEM)


def _warehouse_decides(shop: Shop, reverse: ReverseOrder, row: ReverseLine) -> None:
    if row.status == "BUYER_RETURN_ITEM":
        row.received, row.decision = True, shop.chance("returns").choice(("scrap", "return_to_merchant"))
        authorise(shop, reverse, row, SYSTEM, "REFUND_PENDING")


def receive(shop: Shop, reverse: ReverseOrder, row: ReverseLine) -> None:
    """The seller has the goods in hand and still owes a decision."""
    due = row.sla
    row.received = True
    _step(shop, reverse, row, "BUYER_RETURN_ITEM", SELLER, "RECEIVE_ITEM")
    row.sla = due


def authorise(shop: Shop, reverse: ReverseOrder, row: ReverseLine, by: str, told: str = "") -> None:
    """The refund is agreed; the money moves a day later."""
    if by == SELLER and reverse.kind == RETURN:
        _step(shop, reverse, row, "SELLER_AGREE_REFUND", by)
    _step(shop, reverse, row, "REFUND_AUTHORIZED", by, told or ("PENDING" if reverse.kind == ONLY_REFUND else ""))
    shop.after(REFUND_SECONDS, lambda now: _refunded(shop, reverse, row))


def _refunded(shop: Shop, reverse: ReverseOrder, row: ReverseLine) -> None:
    if row.status != "REFUND_AUTHORIZED":
        return
    _step(shop, reverse, row, "REFUND_SUCCESS", SYSTEM, "SUCCESS" if reverse.kind == ONLY_REFUND else "")
    tell("line_refunded", shop, reverse.order, row.line)
    if reverse.kind == RETURN:
        move(shop, reverse.order, [row.line], "returned")
        if row.received and row.decision != "scrap":
            tell("lines_back", shop, reverse.order, [row.line])


def refuse(
    shop: Shop, reverse: ReverseOrder, row: ReverseLine, status: str, reason: Reason | None, pictures: Sequence[str]
) -> None:
    """The seller says no to a return or a refund; buyers call customer service or give in."""
    row.refused_for = reason
    _step(shop, reverse, row, status, SELLER, "REJECTED" if reverse.kind == ONLY_REFUND else "", pictures)
    gives_in = shop.chance("returns").random() < 0.4 and status == "SELLER_REJECT_RETURN"
    shop.after(HOUR, lambda now: give_in(shop, reverse, row) if gives_in else dispute(shop, reverse, row))


def give_in(shop: Shop, reverse: ReverseOrder, row: ReverseLine) -> None:
    if row.status.startswith("SELLER_REJECT"):
        _step(shop, reverse, row, "REQUEST_REJECT", SYSTEM)


def dispute(shop: Shop, reverse: ReverseOrder, row: ReverseLine, by: str = BUYER, pictures: Sequence[str] = ()) -> None:
    """Customer service decides within three days."""
    row.disputed = True
    _step(shop, reverse, row, "CS_APPROVING", by, "", pictures)
    shop.after(DISPUTE_SECONDS, lambda now: _service_decides(shop, reverse, row))


def _service_decides(shop: Shop, reverse: ReverseOrder, row: ReverseLine) -> None:
    if row.status != "CS_APPROVING":
        return
    row.disputed = False
    if shop.chance("returns").random() < 0.6:
        authorise(shop, reverse, row, SERVICE)
    else:
        _step(shop, reverse, row, "REQUEST_REJECT", SERVICE)


def _step(
    shop: Shop, reverse: ReverseOrder, row: ReverseLine, status: str, by: str, told: str = "", pictures: Sequence[str] = ()
) -> None:
    move_reverse(shop, reverse, row, status, by, told, pictures)
    row.line.return_status = status
    row.line.updated = reverse.order.updated = shop.now


def total_refund(reverse: ReverseOrder) -> Decimal:
    return sum((row.refund for row in reverse.lines), NOTHING)
