"""Webhooks: hints that something changed, never a source of truth (fact sheet section 12).

A body is a list of messages, each with a tag and its data as JSON within text; older forms are one message, `msgId`, a number as
tag, or an object as data. All ids may come as numbers.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec

from storeward.canon import Push
from storeward.canon.base import More
from storeward.connectors.contract import Level, Parsed
from storeward.connectors.errors import UnexpectedPayload
from storeward.connectors.wire import Id, Notes, Wire, digits, elements_of, fields_of, read

from .envelope import About, nothing
from .errors import PLATFORM
from .values import Amounts, Ids, Words, china, fen, word

ANSWER: Final = b'{"code":0,"msg":"success"}'
"""What the platform wants to hear within five seconds."""
TEST: Final = "0"
"""Sent when the address is set; refused unless it is answered at once."""

TOPICS: Final = {
    TEST: "test",
    **dict.fromkeys(("100", "101", "102", "103", "104", "106", "108", "109", "110", "112", "113", "126"), "order"),
    **dict.fromkeys(("105", "111"), "address"),
    **dict.fromkeys(("137", "138"), "material"),
    **dict.fromkeys(("200", "201", "202", "203", "204", "205", "206", "207", "208", "209", "211"), "return"),
    **dict.fromkeys(("212", "213", "214", "215", "216", "217", "218", "224", "225", "226", "227"), "return"),
    **dict.fromkeys(("400", "417"), "listing"),
}
"""Tag -> what it is about. Tags that are not here are kept as `unknown`."""
PAID_BACK: Final = frozenset({"206", "225"})
"""Tags of which money has left: only there is the amount what was refunded."""


class Shipped(Wire):
    shipped_order_id: Id = None
    product_id: Id = None
    sku_id: Id = None


class Logistics(Wire):
    express_company_id: Id = None
    logistics_code: str | None = None
    pack_id: Id = None
    shipped_order_info: list[Shipped] | None = None


class ProductStatus(Wire):
    status: Id = None
    check_status: Id = None
    draft_status: Id = None


class PushData(Wire):
    """All members of `data`, over all tags, that name a thing or say what became of it."""

    p_id: Id = None
    s_id: Id = None
    s_ids: list[Id] | None = None
    shop_id: Id = None
    order_status: Id = None
    order_type: Id = None
    biz: Id = None
    pay_type: Id = None
    aftersale_id: Id = None
    aftersale_type: Id = None
    aftersale_status: Id = None
    after_sale_status: Id = None
    reason_code: Id = None
    refund_voucher_num: Id = None
    arbitrate_id: Id = None
    arbitrate_status: Id = None
    arbitrate_conclusion: Id = None
    product_id: Id = None
    out_product_id: Id = None
    event: Id = None
    msg_type: Id = None
    star: Id = None
    remark: str | None = None
    cancel_reason: str | None = None
    check_reject_reason: str | None = None
    logistics_msg: Logistics | None = None
    status: ProductStatus | None = None
    pay_amount: int | None = None
    total_amount: int | None = None
    post_amount: int | None = None
    refund_amount: int | None = None
    refund_post_amount: int | None = None
    create_time: Id = None
    apply_time: Id = None
    update_time: Id = None
    modify_time: Id = None
    pay_time: Id = None
    complete_time: Id = None
    cancel_time: Id = None
    agree_time: Id = None
    return_time: Id = None
    refuse_time: Id = None
    success_time: Id = None
    close_time: Id = None
    exp_delivery_time: Id = None
    status_deadline: Id = None


TIMES: Final = (
    "create_time", "apply_time", "update_time", "modify_time", "pay_time", "complete_time", "cancel_time", "agree_time",
    "return_time", "refuse_time", "success_time", "close_time", "exp_delivery_time", "status_deadline",
)  # fmt: skip
BEGAN: Final = ("create_time", "apply_time")
DUE: Final = ("exp_delivery_time", "status_deadline")
AMOUNTS: Final = Amounts("pay_amount", "total_amount", "post_amount", "refund_amount", "refund_post_amount")
WORDS: Final = Words(
    "order_type", "biz", "pay_type", "reason_code", "refund_voucher_num", "arbitrate_status", "arbitrate_conclusion", "event",
    "msg_type", "star",
)  # fmt: skip
IDS: Final = Ids("arbitrate_id", "out_product_id")
LOGISTICS: Final = Ids("express_company_id", "logistics_code")
SHELF: Final = Words("check_status", "draft_status")


class Message(Wire):
    MATTERS = frozenset({"tag"})

    tag: Id = None
    msg_id: Id = None
    msg_id_old: Id = msgspec.field(default=None, name="msgId")


def parse_push_answer(body: bytes, about: About) -> Parsed:
    """For `connector parse --operation push`, and for whoever wants the problems as well. Test messages are among the records."""
    parsed = Parsed()
    messages, path = _messages(body)
    if messages is None:
        return nothing(parsed, "", "is neither a list of messages nor one")
    for at, raw in enumerate(messages):
        notes = Notes(f"{path}[{at}]" if path is not None else "", parsed.problems)
        push = _push(raw, notes)
        if push is not None:
            parsed.items.append((push, bytes(raw)))
    parsed.unreadable = bool(messages) and not parsed.items
    return parsed


def _messages(body: bytes) -> tuple[list[msgspec.Raw] | None, str | None]:
    """The messages, each raw, and the path of their list. A capture that holds headers and body is understood too."""
    if body.strip().startswith(b"["):
        return elements_of(msgspec.Raw(body)), ""
    members = fields_of(body)
    if members is None:
        return None, None
    if "tag" not in members and "body" in members:
        return elements_of(members["body"]), "body"
    return [msgspec.Raw(body)], None


def parse_pushes(body: bytes) -> tuple[Push, ...]:
    """The messages of a body but those that only test the address; raises UnexpectedPayload where it holds none at all."""
    parsed = parse_push_answer(body, {})
    if parsed.unreadable:
        told = "; ".join(f"{p.field} {p.message}".strip() for p in parsed.problems)
        raise UnexpectedPayload(told, platform=PLATFORM, operation="push")
    return tuple(push for push in parsed.records if isinstance(push, Push) and push.platform_topic != TEST)


def _push(raw: msgspec.Raw, notes: Notes) -> Push | None:
    told = read(raw, Message, notes)
    tag = word(told.tag) if told is not None else None
    if told is None or tag is None:
        if told is not None:
            notes.note("tag", "is missing: this is no message of Douyin Shop", Level.ERROR)
        return None
    topic = TOPICS.get(tag, "unknown")
    if topic == "unknown":
        notes.note("tag", f"is a tag that we do not know: {tag:.40}; kept as it is")
    push_id = word(told.msg_id) or word(told.msg_id_old)
    if tag == TEST:
        return Push(platform_push_id=push_id, platform_topic=tag, topic=topic, text=_plain_text(raw))
    return _about(tag, topic, push_id, _data(raw, notes), notes.under("data"))


def _plain_text(raw: msgspec.Raw) -> str | None:
    """The data of a test: plain text."""
    members = fields_of(raw) or {}
    try:
        return msgspec.json.decode(members.get("data", msgspec.Raw(b"null")), type=str | None)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _data(raw: msgspec.Raw, notes: Notes) -> PushData:
    """What a message tells: JSON within text, or an object."""
    sent = (fields_of(raw) or {}).get("data")
    if sent is None:
        return PushData()
    if bytes(sent).lstrip().startswith(b'"'):
        try:
            text: str = msgspec.json.decode(sent, type=str)
            return read(text.encode(), PushData, notes.under("data")) or PushData()
        except (msgspec.DecodeError, UnicodeError):
            notes.note("data", "is not JSON within text; left out", Level.ERROR)
            return PushData()
    return read(sent, PushData, notes.under("data")) or PushData()


def _about(tag: str, topic: str, push_id: str | None, data: PushData, notes: Notes) -> Push:
    logistics, shelf = data.logistics_msg or Logistics(), data.status or ProductStatus()
    shipped = logistics.shipped_order_info or ()
    times = _times(data, notes)
    order_id = digits(data.p_id)
    return Push(
        platform_push_id=push_id,
        platform_topic=tag,
        topic=topic,
        platform_store_id=digits(data.shop_id),
        platform_order_id=order_id,
        platform_order_ids=(order_id,) if order_id else (),
        platform_package_ids=_distinct([logistics.pack_id]),
        platform_return_id=digits(data.aftersale_id),
        platform_listing_id=digits(data.product_id) or next((digits(one.product_id) for one in shipped if one.product_id), None),
        platform_sku_ids=_distinct(one.sku_id for one in shipped),
        platform_line_ids=_distinct([data.s_id, *(data.s_ids or ()), *(one.shipped_order_id for one in shipped)]),
        platform_status=_first(data.aftersale_status, data.after_sale_status, data.order_status, shelf.status),
        platform_type=_first(data.aftersale_type, data.event, data.msg_type, data.order_type),
        platform_reasons=tuple(reason for reason in (data.cancel_reason, data.check_reject_reason) if reason),
        platform_more=_more(data, logistics, shelf),
        created_at=next((times[name] for name in BEGAN if name in times), None),
        changed_at=max((at for name, at in times.items() if name not in DUE), default=None),
        ship_by_at=times.get("exp_delivery_time"),
        answer_by_at=times.get("status_deadline"),
        times=times,
        amounts=AMOUNTS(data, notes),
        refunded=fen(data.refund_amount, "refund_amount", notes) if tag in PAID_BACK else None,
        text=data.remark or None,
    )


def _times(data: PushData, notes: Notes) -> dict[str, datetime]:
    """Every instant that it tells. A date alone (old tag 112) is none: it stays a word."""
    told: dict[str, datetime] = {}
    for name in TIMES:
        value = word(getattr(data, name))
        if value is not None and not (name == "exp_delivery_time" and _is_date(value)):
            at = china(value, name, notes)
            if at is not None:
                told[name] = at
    return told


DATE_LENGTH: Final = len("2023-07-25")


def _is_date(value: str) -> bool:
    return len(value) == DATE_LENGTH and "-" in value


def _more(data: PushData, logistics: Logistics, shelf: ProductStatus) -> More:
    told = WORDS(data) | IDS(data) | LOGISTICS(logistics) | SHELF(shelf)
    booked = word(data.exp_delivery_time)
    if booked is not None and _is_date(booked):
        told["exp_delivery_time"] = booked
    return told


def _first(*words: Id) -> str | None:
    return next((told for value in words if (told := word(value)) is not None), None)


def _distinct(ids: Iterable[Id]) -> tuple[str, ...]:
    """Ids as text, in the order in which they are named, each once."""
    return tuple(dict.fromkeys(str(value) for value in ids if digits(value)))
