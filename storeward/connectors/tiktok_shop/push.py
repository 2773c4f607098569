"""Webhooks: a hint that something changed, never a source of truth (fact sheet section 18)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import msgspec

from storeward.canon import Push
from storeward.connectors.contract import Level, Parsed, Problem
from storeward.connectors.errors import UnexpectedPayload
from storeward.connectors.wire import Id, Notes, Wire, digits, read

from .envelope import About
from .errors import PLATFORM

TOPICS: Final = {
    1: "order",
    2: "after_sale",
    3: "address",
    4: "package",
    5: "listing",
    6: "authorisation_lost",
    7: "authorisation_expiring",
    11: "cancellation",
    12: "return",
    13: "conversation",
    14: "message",
    15: "listing",
    16: "listing",
    18: "listing",
    27: "stock",
    36: "invoice",
    37: "listing",
    50: "listing",
    64: "after_sale",
    65: "after_sale",
    67: "refund",
    71: "stock",
}
"""Type number -> what it is about. Types that are not here are kept as `unknown`."""


class PushPackage(Wire):
    package_id: Id = None
    order_id_list: list[Id] | None = None


class PushLine(Wire):
    main_order_id: Id = None
    return_line_item_id: Id = None
    sku_id: Id = None
    sku_return_request_id: Id = None


class PushSku(Wire):
    sku_id: Id = None
    status: str | None = None


class PushSender(Wire):
    role: str | None = None


class PushAudit(Wire):
    status: str | None = None


class PushData(Wire):
    """All members of `data`, over all types, that name a thing or say what became of it."""

    order_id: Id = None
    order_ids: list[Id] | None = None
    package_id: Id = None
    package_list: list[PushPackage] | None = None
    return_id: Id = None
    cancel_id: Id = None
    aftersales_request_id: Id = None
    rma_id: Id = None
    product_id: Id = None
    sku_id: Id = None
    skus: list[PushSku] | None = None
    line_items: list[PushLine] | None = None
    conversation_id: Id = None
    message_id: Id = None
    event_id: Id = None
    order_status: str | None = None
    sc_type: str | None = None
    status: str | None = None
    cancel_status: str | None = None
    return_status: str | None = None
    return_type: str | None = None
    type: str | None = None
    invoice_status: str | None = None
    current_inventory_status: str | None = None
    aftersales_request_status: str | None = None
    rma_status: str | None = None
    refund_status: str | None = None
    return_role: str | None = None
    cancellations_role: str | None = None
    sender: PushSender | None = None
    audit: PushAudit | None = None
    message: str | None = None
    content: str | None = None
    suspended_reason: str | None = None
    invalid_reason: str | None = None
    update_time: int | None = None
    create_time: int | None = None
    aftersales_request_update_time: int | None = None
    rma_request_update_time: int | None = None
    refund_timestamp: int | None = None
    expiration_time: int | None = None
    occurred_at: str | None = None


class PushBody(Wire):
    MATTERS = frozenset({"type", "data"})

    type: Id = None
    tts_notification_id: Id = None
    shop_id: Id = None
    seller_open_id: Id = None
    creator_open_id: Id = None
    timestamp: int | None = None
    data: PushData | None = None


def parse_push_answer(body: bytes, about: About) -> Parsed:
    """For `connector parse --operation push`, and for whoever wants the problems beside the push."""
    parsed = Parsed()
    told = read(body, PushBody, Notes("", parsed.problems))
    kind = digits(told.type) if told is not None else None
    if told is None or kind is None:
        parsed.unreadable = True
        if told is not None:
            parsed.problems.append(Problem("type", "is missing: this is no webhook of TikTok Shop", Level.ERROR))
        return parsed
    parsed.items.append((_push(told, kind, Notes("", parsed.problems)), body))
    return parsed


def parse_push(body: bytes) -> Push:
    """The webhook body; raises UnexpectedPayload where it is none."""
    parsed = parse_push_answer(body, {})
    if not parsed.items:
        raise UnexpectedPayload(
            "; ".join(f"{p.field} {p.message}".strip() for p in parsed.problems), platform=PLATFORM, operation="push"
        )
    push = parsed.items[0][0]
    assert isinstance(push, Push)  # parse_push_answer builds nothing else
    return push


def _push(told: PushBody, kind: str, notes: Notes) -> Push:
    data = told.data or PushData()
    within = notes.under("data")
    topic = TOPICS.get(int(kind) if kind.isdigit() else -1, "unknown")
    if topic == "unknown":
        notes.note("type", f"is a webhook type that we do not know: {kind}; kept as it is")
    orders = _distinct([data.order_id, *(data.order_ids or ()), *_of_packages(data), *_of_lines(data)])
    return Push(
        platform_push_id=digits(told.tts_notification_id) or digits(data.event_id),
        platform_topic=kind,
        topic=topic,
        platform_store_id=digits(told.shop_id),
        platform_user_id=digits(told.seller_open_id) or digits(told.creator_open_id),
        platform_order_id=orders[0] if orders else None,
        platform_order_ids=orders,
        platform_package_ids=_distinct([data.package_id, *(p.package_id for p in data.package_list or ())]),
        platform_return_id=digits(data.return_id),
        platform_cancellation_id=digits(data.cancel_id),
        platform_after_sale_id=digits(data.aftersales_request_id),
        platform_rma_id=digits(data.rma_id),
        platform_listing_id=digits(data.product_id),
        platform_sku_ids=_distinct(
            [data.sku_id, *(s.sku_id for s in data.skus or ()), *(li.sku_id for li in data.line_items or ())]
        ),
        platform_conversation_id=digits(data.conversation_id),
        platform_message_id=digits(data.message_id),
        platform_status=_status(data),
        platform_type=data.return_type or data.type or data.sc_type or None,
        platform_role=data.cancellations_role or data.return_role or (data.sender.role if data.sender else None) or None,
        sent_at=notes.at("timestamp", told.timestamp),
        changed_at=_changed_at(data, within),
        expires_at=within.at("expiration_time", data.expiration_time),
        text=_words(data),
    )


def _of_packages(data: PushData) -> Iterable[Id]:
    return (order_id for package in data.package_list or () for order_id in package.order_id_list or ())


def _of_lines(data: PushData) -> Iterable[Id]:
    return (line.main_order_id for line in data.line_items or ())


def _skus(data: PushData) -> Iterable[Id]:
    return (named.sku_id for named in (*(data.skus or ()), *(data.line_items or ())))


def _distinct(ids: Iterable[Id]) -> tuple[str, ...]:
    """Ids as text, in the order in which they are named, each once."""
    return tuple(dict.fromkeys(str(value) for value in ids if value))


def _status(data: PushData) -> str | None:
    """The platform's word for what became of the thing, whichever member holds it."""
    told = (
        data.order_status,
        data.cancel_status,
        data.return_status,
        data.aftersales_request_status,
        data.rma_status,
        data.refund_status,
        data.invoice_status,
        data.current_inventory_status,
        data.status,
        data.audit.status if data.audit else None,
        next((sku.status for sku in data.skus or () if sku.status), None),
    )
    return next((word for word in told if word), None)


def _changed_at(data: PushData, notes: Notes) -> datetime | None:
    times = (
        ("update_time", data.update_time),
        ("aftersales_request_update_time", data.aftersales_request_update_time),
        ("rma_request_update_time", data.rma_request_update_time),
        ("refund_timestamp", data.refund_timestamp),
        ("create_time", data.create_time),
    )
    for field, value in times:
        if value:
            return notes.at(field, value)
    return _iso(data.occurred_at, notes)


def _iso(value: str | None, notes: Notes) -> datetime | None:
    """Webhook 71 alone gives its time as ISO 8601 text."""
    if not value:
        return None
    try:
        return msgspec.convert(value, datetime)
    except msgspec.ValidationError:
        notes.note("occurred_at", "is no instant; left out")
        return None


def _words(data: PushData) -> str | None:
    """What a person can read: the text of a message, or the platform's reason."""
    said = message_text(data.content) if data.content else None
    return said or data.message or data.suspended_reason or data.invalid_reason or None


def message_text(content: str) -> str | None:
    """The words in a message's `content`, which is JSON in text: `{"content": "hi"}`. None for types without words."""
    try:
        value: Any = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return None
    words = value.get("content") if isinstance(value, dict) else None
    return words if isinstance(words, str) and words else None
