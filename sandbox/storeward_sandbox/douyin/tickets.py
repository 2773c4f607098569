"""Service tickets: what buyers tell the platform's service desk, and the merchant must answer within a day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from storeward_sandbox.clock import DAY, HOUR, Instant

from .call import Call, Json
from .errors import failed, invalid
from .hooks import on
from .moments import text_time
from .orders import Order
from .registry import done, operation
from .shop import Shop

OPEN, IN_REVIEW, CLOSED = 0, 10, 100
STATE_WORDS = {OPEN: "待处理", IN_REVIEW: "审核中", CLOSED: "已完结"}
ANSWER_SECONDS = DAY
REVIEW_SECONDS = 12 * HOUR
COMPLAINTS = ((3, "买家反馈未收到货"), (3, "买家反馈少件"), (1, "买家反馈商家未按时发货"), (2, "买家反馈商品与描述不符"))
LATE_COMPLAINT = 2
PACKAGE = "order"


@dataclass(eq=False)
class Ticket:
    id: str
    order: Order
    kind: int
    text: str
    create_time: Instant
    update_time: Instant
    deadline: Instant
    status: int = OPEN
    reply: str = ""
    first_reply: Instant = 0
    reply_time: Instant = 0
    close_time: Instant = 0
    close_text: str = ""
    proof: list[str] = field(default_factory=list)
    logs: list[tuple[Instant, int, str, str]] = field(default_factory=list)
    """Instant, kind of entry, who, what."""


@dataclass
class Tickets:
    known: dict[str, Ticket] = field(default_factory=dict)


def open_ticket(shop: Shop, order: Order, complaint: int) -> Ticket:
    kind, text = COMPLAINTS[complaint]
    ticket = Ticket(shop.ids.new("ticket"), order, kind, text, shop.now, shop.now, shop.now + ANSWER_SECONDS)
    ticket.logs.append((shop.now, 1, "平台客服", text))
    shop.part(Tickets).known[ticket.id] = ticket
    shop.at(ticket.deadline, lambda now: _not_answered(shop, ticket))
    chance = shop.chance("tickets")
    if chance.random() < shop.persona.reply_share:
        shop.after(chance.uniform(1, 20) * HOUR, lambda now: _seller_answers(shop, ticket))
    return ticket


def _seller_answers(shop: Shop, ticket: Ticket) -> None:
    if shop.seller_works():
        answer(shop, ticket, "已联系买家处理，补发包裹已寄出")


def answer(shop: Shop, ticket: Ticket, text: str) -> None:
    """The merchant's answer; the service desk reads it and closes the ticket."""
    if ticket.status == CLOSED:
        return
    ticket.reply, ticket.reply_time, ticket.update_time = text, shop.now, shop.now
    ticket.first_reply = ticket.first_reply or shop.now
    ticket.status = IN_REVIEW
    ticket.logs.append((shop.now, 2, "商家", text))
    shop.after(REVIEW_SECONDS, lambda now: _close(shop, ticket, "客服审核通过，工单完结"))


def _not_answered(shop: Shop, ticket: Ticket) -> None:
    if ticket.status == OPEN:
        _close(shop, ticket, "商家超时未回复，平台处理")


def _close(shop: Shop, ticket: Ticket, text: str) -> None:
    if ticket.status == CLOSED:
        return
    ticket.status, ticket.close_time, ticket.update_time, ticket.close_text = CLOSED, shop.now, shop.now, text
    ticket.logs.append((shop.now, 3, "平台客服", text))


# --- who complains ----------------------------------------------------------------------------------------------------


@on("order_late")
def complain_of_delay(shop: Shop, order: Order, times: int) -> None:
    if times == 1 and shop.chance("complaints").random() < 0.3 and shop.buyers_on:
        open_ticket(shop, order, LATE_COMPLAINT)


@on("order_delivered")
def complain_of_goods(shop: Shop, order: Order) -> None:
    chance = shop.chance("complaints")
    if chance.random() < (0.25 if shop.has("unanswered") else 0.05):
        complaint = chance.choice((0, 1, 3))
        shop.after(chance.uniform(2, 40) * HOUR, lambda now: _complain(shop, order, complaint))


def _complain(shop: Shop, order: Order, complaint: int) -> None:
    if shop.buyers_on:
        open_ticket(shop, order, complaint)


@on("settled")
def leave_some_waiting(shop: Shop) -> None:
    """Every shop has had a complaint; one that does not answer has some waiting, near their deadline."""
    known = shop.part(Tickets).known
    sent = [order for order in shop.orders.values() if order.ship_time]
    if not known and sent:
        open_ticket(shop, sent[0], 0)
    if shop.has("unanswered"):
        for order, hours in zip(sent[-3:], (20, 12, 4), strict=False):
            ticket = open_ticket(shop, order, 1)
            ticket.create_time = ticket.update_time = shop.now - hours * HOUR
            ticket.deadline = ticket.create_time + ANSWER_SECONDS
            shop.at(ticket.deadline, _deadline_of(shop, ticket))


def _deadline_of(shop: Shop, ticket: Ticket) -> Callable[[Instant], None]:
    return lambda now: _not_answered(shop, ticket)


# --- operations -------------------------------------------------------------------------------------------------------


@operation("order.getServiceList", package=PACKAGE)
def service_list(call: Call) -> Json:
    """A page of tickets created (or changed) in a window, counted from 1; times are text."""
    span = call.span("start_time", "end_time", required=True)
    by = call.text("order_by") or "create_time"
    if by not in ("create_time", "update_time"):
        raise invalid("order_by")
    page, size = call.page(first=1, most=100, default=10)
    rows = [one for one in call.shop.part(Tickets).known.values() if span is None or span[0] <= getattr(one, by) < span[1]]
    rows = [one for one in rows if _fits(call, one)]
    rows.sort(key=lambda one: (getattr(one, by), one.id), reverse=call.text("order").lower() != "asc")
    return {"total": len(rows), "list": [_row(call.shop, one) for one in rows[page * size : (page + 1) * size]]}


def _fits(call: Call, one: Ticket) -> bool:
    numbers = {"status": one.status, "service_id": int(one.id), "order_id": int(one.order.id)}
    return all(call.number(name) in (None, value) for name, value in numbers.items())


def _row(shop: Shop, one: Ticket) -> Json:
    return {
        "id": int(one.id),
        "order_id": int(one.order.id),
        "operate_status": one.status,
        "operate_status_desc": STATE_WORDS[one.status],
        "detail": one.text,
        "reply": one.reply,
        "create_time": text_time(one.create_time),
        "service_type": one.kind,
        "reply_time": text_time(one.reply_time),
        "shop_id": int(shop.id),
        "update_time": text_time(one.update_time),
    }


def the_ticket(shop: Shop, number: int) -> Ticket:
    ticket = shop.part(Tickets).known.get(str(number))
    if ticket is None:
        raise failed(1, "服务单不存在")
    return ticket


@operation("order.serviceDetail", package=PACKAGE)
def service_detail(call: Call) -> Json:
    one = the_ticket(call.shop, call.need_number("service_id"))
    return {
        "detail": {
            **_row(call.shop, one),
            "is_reject": 0,
            "reject_detail": "",
            "reject_time": "",
            "proof_demo": "",
            "evidence_required": 0,
            "img_list": list(one.proof),
            "expiration_time": text_time(one.deadline),
            "close_time": text_time(one.close_time),
            "close_detail": one.close_text,
            "first_reply_time": text_time(one.first_reply),
        },
        "logs": [_log(at, kind, who, what) for at, kind, who, what in one.logs],
    }


def _log(at: Instant, kind: int, who: str, what: str) -> Json:
    return {
        "content": what,
        "img_list": [],
        "service_log_type": kind,
        "operate_name": who,
        "service_detail": what if kind == 1 else "",
        "reply_detail": what if kind == 2 else "",
        "close_detail": what if kind == 3 else "",
        "reject_detail": "",
        "deal_time": text_time(at),
    }


@operation("order.replyService", package=PACKAGE)
def reply_service(call: Call) -> Any:
    """The merchant's answer to an open ticket."""
    one = the_ticket(call.shop, call.need_number("id"))
    text = call.need("reply")
    if one.status == CLOSED:
        raise failed(1, "服务单已完结")
    if call.has("evidence"):
        one.proof.append(call.text("evidence"))
    answer(call.shop, one, text)
    return done(call.method)
