"""Webhooks: a hint that something changed, never a source of truth (fact sheet section 18)."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from storeward.canon import Push
from storeward.canon.base import More
from storeward.connectors.contract import Level, Parsed, Problem
from storeward.connectors.errors import UnexpectedPayload
from storeward.connectors.wire import Id, Notes, Wire, digits, more, read

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
CATEGORIES: Final = ("previous_category_id", "current_category_id")


class PushPackage(Wire):
    package_id: Id = None
    order_id_list: list[Id] | None = None


class PushLine(Wire):
    main_order_id: Id = None
    return_line_item_id: Id = None
    sub_return_line_item_id: Id = None
    sku_id: Id = None
    sku_return_request_id: Id = None


class PushSku(Wire):
    sku_id: Id = None
    status: str | None = None
    deactivation_source: str | None = None


class PushTrigger(Wire):
    alert_type: str | None = None


class PushSender(Wire):
    im_user_id: Id = None
    role: str | None = None


class PushAudit(Wire):
    status: str | None = None
    pre_approved_reasons: list[str] | None = None
    pre_approved_reason: str | None = None


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
    index: Id = None
    previous_category_id: Id = None
    current_category_id: Id = None
    event_id: Id = None
    role_type: str | None = None
    change_source: str | None = None
    changed_fields: list[str] | None = None
    product_types: list[str] | None = None
    trigger_reason: PushTrigger | None = None
    refund_total: Decimal | None = None
    refund_currency: str | None = None
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
    aftersales_request_create_time: int | None = None
    rma_request_update_time: int | None = None
    rma_request_create_time: int | None = None
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


def parse_pushes(body: bytes) -> tuple[Push, ...]:
    """The one message of a body; raises UnexpectedPayload where it is none."""
    return (parse_push(body),)


def _push(told: PushBody, kind: str, notes: Notes) -> Push:
    data = told.data or PushData()
    within = notes.under("data")
    topic = TOPICS.get(int(kind) if kind.isdigit() else -1, "unknown")
    if topic == "unknown":
        notes.note("type", f"is a webhook type that we do not know: {kind}; kept as it is")
    content = content_of(data.content) or Content()
    orders = _distinct([data.order_id, *(data.order_ids or ()), *_of_packages(data), *_of_lines(data), content.order_id])
    return Push(
        platform_push_id=digits(told.tts_notification_id) or digits(data.event_id),
        platform_topic=kind,
        topic=topic,
        platform_store_id=digits(told.shop_id),
        platform_user_id=digits(told.seller_open_id) or digits(told.creator_open_id),
        platform_order_id=orders[0] if orders else None,
        platform_order_ids=orders,
        platform_package_ids=_distinct([data.package_id, *(p.package_id for p in data.package_list or ()), content.package_id]),
        platform_return_id=_return_id(data),
        platform_cancellation_id=digits(data.cancel_id),
        platform_after_sale_id=digits(data.aftersales_request_id),
        platform_rma_id=digits(data.rma_id),
        platform_listing_id=digits(data.product_id) or digits(content.product_id),
        platform_sku_ids=_distinct([data.sku_id, *_skus(data), content.sku_id]),
        platform_conversation_id=digits(data.conversation_id),
        platform_message_id=digits(data.message_id),
        platform_status=_status(data),
        platform_type=data.return_type or data.type or data.sc_type or None,
        platform_line_ids=_distinct(line.sub_return_line_item_id or line.return_line_item_id for line in data.line_items or ()),
        platform_reasons=_reasons(data),
        platform_more=_more(data),
        platform_role=data.cancellations_role or data.return_role or (data.sender.role if data.sender else None) or None,
        sent_at=notes.at("timestamp", told.timestamp),
        created_at=_created_at(data, within),
        changed_at=_changed_at(data, within),
        expires_at=within.at("expiration_time", data.expiration_time),
        refunded=within.money("refund_total", data.refund_total, data.refund_currency),
        text=content.content or data.message or data.suspended_reason or data.invalid_reason or None,
    )


def _of_packages(data: PushData) -> Iterable[Id]:
    return (order_id for package in data.package_list or () for order_id in package.order_id_list or ())


def _of_lines(data: PushData) -> Iterable[Id]:
    return (line.main_order_id for line in data.line_items or ())


def _skus(data: PushData) -> Iterable[Id]:
    return (named.sku_id for named in (*(data.skus or ()), *(data.line_items or ())))


def _distinct(ids: Iterable[Id]) -> tuple[str, ...]:
    """Ids as text, in the order in which they are named, each once."""
    return tuple(dict.fromkeys(str(value) for value in ids if digits(value)))


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
    )
    for field, value in times:
        if value:
            return notes.at(field, value)
    return _iso(data.occurred_at, notes) or _created_at(data, Notes("", []))


def _created_at(data: PushData, notes: Notes) -> datetime | None:
    times = (
        ("create_time", data.create_time),
        ("aftersales_request_create_time", data.aftersales_request_create_time),
        ("rma_request_create_time", data.rma_request_create_time),
    )
    return next((notes.at(field, value) for field, value in times if value), None)


def _iso(value: str | None, notes: Notes) -> datetime | None:
    """Webhook 71 alone gives its time as ISO 8601 text."""
    if not value:
        return None
    try:
        return msgspec.convert(value, datetime)
    except msgspec.ValidationError:
        notes.note("occurred_at", "is no instant; left out")
        return None


def _return_id(data: PushData) -> str | None:
    """The return; in the grouped model the first SKU's, which is what can be read back."""
    lines = data.line_items or ()
    return digits(data.return_id) or next(
        (digits(line.sku_return_request_id) for line in lines if line.sku_return_request_id), None
    )


def _reasons(data: PushData) -> tuple[str, ...]:
    audit = data.audit or PushAudit()
    told = (data.suspended_reason, data.invalid_reason, audit.pre_approved_reason, *(audit.pre_approved_reasons or ()))
    return tuple(dict.fromkeys(reason for reason in told if reason))


def _more(data: PushData) -> More:
    """What else classifies it; who turned a SKU off, and what set off an alert, under the names of those members."""
    told = more(data, "role_type", "change_source", "changed_fields", "product_types", "index", *CATEGORIES)
    inside = {
        "alert_type": data.trigger_reason.alert_type if data.trigger_reason else None,
        "deactivation_source": next((sku.deactivation_source for sku in data.skus or () if sku.deactivation_source), None),
        "im_user_id": digits(data.sender.im_user_id) if data.sender else None,
        "event_id": digits(data.event_id),
    }
    return told | {name: word for name, word in inside.items() if word}


class Content(Wire):
    """A message's `content`, which is JSON in text: words, a picture, or the ids of what a card shows."""

    content: str | None = None
    url: str | None = None
    order_id: Id = None
    package_id: Id = None
    product_id: Id = None
    sku_id: Id = None
    coupon_id: Id = None


def content_of(told: str | None) -> Content | None:
    """What a message says or shows; None where it is not the JSON that it should be. Numbers may come as text."""
    try:
        return read(told.encode(), Content, Notes("", [])) if told else Content()
    except UnicodeEncodeError:
        return None
