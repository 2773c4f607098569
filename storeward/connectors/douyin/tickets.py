"""Service tickets (服务单): what the platform's service desk asks of a store for a buyer, with a deadline for the answer.

The list does not say when a ticket runs out; the detail does. Chat itself (飞鸽) is not offered. Times are text in GMT+8.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from storeward.canon import Conversation, Record
from storeward.canon.base import More
from storeward.connectors.contract import Request
from storeward.connectors.wire import Id, Notes, Wire, digits

from .envelope import About, list_parser, receipt_parser, thing_parser
from .paging import by_number
from .requests import number, unix, write
from .requests import read as ask
from .values import Ids, Words, china, word

PAGE_SIZE: Final = 100
FIRST_PAGE: Final = 1


def list_tickets_request(*, since: datetime, until: datetime, page_size: int = PAGE_SIZE) -> Request:
    told = {
        "start_time": unix(since),
        "end_time": max(unix(until), unix(since) + 1),
        "order_by": "update_time",
        "page": FIRST_PAGE,
        "size": page_size,
    }
    return ask("order.getServiceList", told, about={"page": str(FIRST_PAGE), "size": str(page_size)})


def ticket_request(ticket_id: str) -> Request:
    return ask("order.serviceDetail", {"service_id": number(ticket_id)})


def reply_request(ticket_id: str, reply: str, pictures: Sequence[str] = ()) -> Request:
    """Answer a ticket; some want pictures as proof (`evidence_required`)."""
    told = {"id": number(ticket_id), "reply": reply, "evidence": "|".join(pictures) or None}
    return write("order.replyService", told, about={"ticket_id": ticket_id})


class Ticket(Wire):
    """A row of the list, or `detail` of the detail."""

    MATTERS = frozenset({"id", "operate_status"})

    id: Id = None
    order_id: Id = None
    operate_status: Id = None
    operate_status_desc: str | None = None
    detail: str | None = None
    reply: str | None = None
    service_type: Id = None
    shop_id: Id = None
    is_reject: Id = None
    reject_detail: str | None = None
    evidence_required: Id = None
    close_detail: str | None = None
    create_time: str | None = None
    update_time: str | None = None
    reply_time: str | None = None
    first_reply_time: str | None = None
    expiration_time: str | None = None
    reject_time: str | None = None
    close_time: str | None = None


class Log(Wire):
    content: str | None = None


class Detail(Wire):
    MATTERS = frozenset({"detail"})

    detail: Ticket | None = None
    logs: list[Log] | None = None


WORDS: Final = Words("operate_status_desc", "is_reject", "reject_detail", "evidence_required", "close_detail")
IDS: Final = Ids("shop_id")


def build_ticket(wire: Ticket, notes: Notes, about: About) -> Iterable[Record]:
    ticket = _ticket(wire, notes, {})
    return () if ticket is None else (ticket,)


def _ticket(wire: Ticket, notes: Notes, logs: More) -> Conversation | None:
    """A ticket. While it is open its deadline is the store's."""
    ticket_id = digits(wire.id)
    if ticket_id is None:
        notes.left_out("id", "service ticket")
        return None
    return Conversation(
        platform_conversation_id=ticket_id,
        platform_order_id=digits(wire.order_id),
        created_at=china(wire.create_time, "create_time", notes),
        updated_at=china(wire.update_time, "update_time", notes),
        summary=wire.detail or None,
        platform_status=word(wire.operate_status),
        platform_type=word(wire.service_type),
        reply=wire.reply or None,
        answer_by_at=china(wire.expiration_time, "expiration_time", notes),
        first_answered_at=china(wire.first_reply_time, "first_reply_time", notes),
        answered_at=china(wire.reply_time, "reply_time", notes),
        rejected_at=china(wire.reject_time, "reject_time", notes),
        closed_at=china(wire.close_time, "close_time", notes),
        platform_more=WORDS(wire) | IDS(wire) | logs,
    )


def build_detail(wire: Detail, notes: Notes, about: About) -> Iterable[Record]:
    told = tuple([log.content for log in wire.logs or () if log.content])
    ticket = _ticket(wire.detail or Ticket(), notes.under("detail"), {"logs": told} if told else {})
    return () if ticket is None else (ticket,)


parse_tickets = list_parser("order.getServiceList", "list", Ticket, build_ticket, paging=by_number(FIRST_PAGE))
parse_ticket = thing_parser("order.serviceDetail", None, Detail, build_detail)
parse_replied = receipt_parser("order.replyService")
