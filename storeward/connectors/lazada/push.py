"""Pushes: a hint that something changed, never a source of truth (fact sheet section 16). Seconds and milliseconds are mixed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from storeward.canon import Push
from storeward.canon.base import More
from storeward.connectors.contract import Level, Parsed, Problem
from storeward.connectors.errors import UnexpectedPayload
from storeward.connectors.wire import Id, Notes, Wire, digits, more, read

from .conversations import card_of
from .envelope import About
from .errors import PLATFORM
from .times import moment

TOPICS: Final = {
    "0": "order",
    "1": "listing",
    "2": "message",
    "3": "listing",
    "4": "listing",
    "5": "listing",
    "6": "stock",
    "7": "video",
    "8": "authorisation_expiring",
    "10": "return",
    "11": "promotion",
    "12": "category",
    "13": "store",
    "14": "package",
    "19": "conversation",
    "21": "review",
    "35": "purchase_order",
    "46": "pickup_order",
}
"""Type number -> what it is about. Types that are not here are undocumented: kept as `unknown`, and acknowledged."""
REVERSE, PROMOTION = "10", "11"
PROBE_SELLER: Final = "9999"
PROBE_STATUS: Final = "This is a test message"


class PushSku(Wire):
    sku_id: Id = None
    seller_sku: str | None = None
    shop_sku: str | None = None


class PushData(Wire, rename={
    "item_id_too": "itemId", "video_id": "videoId", "seller_id_too": "sellerId", "order_status_too": "orderStatus",
    "updated_too": "statusUpdateTime", "purchase_order": "purchaseOrderNo", "purchase_orders": "purchaseOrderNoList",
    "pickup_order": "pickUpOrderNo",
}):  # fmt: skip
    """All members of `data`, over all types, that name a thing or say what became of it."""

    seller_id: Id = None
    seller_id_too: Id = None
    buyer_id: Id = None
    trade_order_id: Id = None
    trade_order_line_id: Id = None
    order_id: Id = None
    reverse_order_id: Id = None
    reverse_order_line_id: Id = None
    fulfillment_package_id: Id = None
    item_id: Id = None
    item_id_too: Id = None
    sku_id: Id = None
    sku_list: list[PushSku] | None = None
    id: Id = None
    session_id: Id = None
    message_id: str | None = None
    user_account_id: Id = None
    user_account_type: Id = None
    video_id: Id = None
    purchase_order: Id = None
    purchase_orders: list[Id] | None = None
    pickup_order: Id = None
    app_key: Id = None
    order_status: str | None = None
    order_status_too: str | None = None
    reverse_status: str | None = None
    status: Id = None
    state: str | None = None
    action: str | None = None
    reason: str | None = None
    sync_type: str | None = None
    site_id: str | None = None
    seller_sku: str | None = None
    warehouse: str | None = None
    real_quantity: int | None = None
    withhold_quantity: int | None = None
    occupy_quantity: int | None = None
    pre_order_quantity: int | None = None
    unread_count: int | None = None
    self_position: Id = None
    to_position: Id = None
    template_id: Id = None
    type: Id = None
    from_account_id: Id = None
    from_account_type: Id = None
    to_account_id: Id = None
    to_account_type: Id = None
    content: str | None = None
    process_msg: str | None = None
    auto_reply: bool | None = None
    status_update_time: Id = None
    updated_too: Id = None
    send_time: Id = None
    date: Id = None
    timestamp: Id = None
    auth_expiry_time: Id = None


class PushBody(Wire, rename={
    "promotion_id": "promotionId", "promotion_type": "promotionType", "seller_id_too": "sellerId",
    "notified": "notifyTime", "expires": "expireTime",
}):  # fmt: skip
    MATTERS = frozenset({"message_type", "data"})

    message_type: Id = None
    seller_id: Id = None
    seller_id_too: Id = None
    site: str | None = None
    timestamp: Id = None
    action: str | None = None
    data: PushData | None = None
    promotion_id: Id = None
    promotion_type: str | None = None
    left: Id = None
    used: Id = None
    total: Id = None
    notified: Id = None
    expires: Id = None


def parse_push_answer(body: bytes, about: About) -> Parsed:
    """For `connector parse --operation push`, and for whoever wants the problems beside the push."""
    parsed = Parsed()
    notes = Notes("", parsed.problems)
    told = read(body, PushBody, notes)
    kind = _kind(told) if told is not None else None
    if told is None or kind is None:
        parsed.unreadable = True
        if told is not None:
            parsed.problems.append(Problem("message_type", "is missing: this is no push of Lazada", Level.ERROR))
        return parsed
    parsed.items.append((_push(told, kind, notes), body))
    return parsed


def _kind(told: PushBody) -> str | None:
    """The type number as text (0 is one); promotions come without the usual envelope."""
    if told.message_type is not None and str(told.message_type).strip():
        return str(told.message_type).strip()
    return PROMOTION if digits(told.promotion_id) else None


def parse_pushes(body: bytes) -> tuple[Push, ...]:
    """The message in a body; none where it is the console's probe. Raises UnexpectedPayload where it is no push at all."""
    parsed = parse_push_answer(body, {})
    if not parsed.items:
        words = "; ".join(f"{p.field} {p.message}".strip() for p in parsed.problems)
        raise UnexpectedPayload(words, platform=PLATFORM, operation="push")
    pushes = tuple(record for record, _ in parsed.items if isinstance(record, Push))
    return tuple(push for push in pushes if not is_probe(push))


def is_probe(push: Push) -> bool:
    """Whether the console's Verify button sent it: a seller and an order that nobody has."""
    return push.platform_store_id == PROBE_SELLER and push.platform_status == PROBE_STATUS


def _push(told: PushBody, kind: str, notes: Notes) -> Push:
    data = told.data or PushData()
    within = notes.under("data")
    topic = _topic(kind, data)
    if topic == "unknown":
        notes.note("message_type", f"is a push type that we do not know: {kind}; kept as it is")
    orders = _distinct([data.trade_order_id, data.order_id])
    reverse_id = digits(data.reverse_order_id)
    card = card_of(data.content, within)
    return Push(
        platform_topic=kind,
        topic=topic,
        platform_store_id=_seller(told, data),
        platform_order_id=orders[0] if orders else None,
        platform_order_ids=orders,
        platform_package_ids=_distinct([data.fulfillment_package_id]),
        platform_return_id=None if topic == "cancellation" else reverse_id,
        platform_cancellation_id=reverse_id if topic == "cancellation" else None,
        platform_review_id=digits(data.id) if topic == "review" else None,
        platform_listing_id=digits(data.item_id) or digits(data.item_id_too),
        platform_sku_ids=_distinct([data.sku_id, *(sku.sku_id for sku in data.sku_list or ())]),
        platform_conversation_id=digits(data.session_id),
        platform_message_id=data.message_id or None,
        platform_status=_status(data),
        platform_type=data.action or told.action or digits(data.template_id) or told.promotion_type or None,
        platform_role=digits(data.from_account_type),
        platform_line_ids=_distinct([data.trade_order_line_id, data.reverse_order_line_id]),
        platform_reasons=(data.reason,) if data.reason else (),
        platform_more=_more(told, data),
        sent_at=moment(notes, "timestamp", told.timestamp) or moment(notes, "notifyTime", told.notified),
        changed_at=_changed_at(data, within),
        expires_at=moment(within, "auth_expiry_time", data.auth_expiry_time) or moment(notes, "expireTime", told.expires),
        text=card.txt or card.title or None,
    )


def _topic(kind: str, data: PushData) -> str:
    """A reverse order of type CANCEL has words of its own, which begin alike."""
    if kind == REVERSE and (data.reverse_status or "").startswith("CANCEL"):
        return "cancellation"
    return TOPICS.get(kind, "unknown")


def _seller(told: PushBody, data: PushData) -> str | None:
    """The store; a token's end is announced with the text "null" outside."""
    for value in (told.seller_id, told.seller_id_too, data.seller_id, data.seller_id_too):
        seller = digits(value)
        if seller and seller != "null":
            return seller
    return None


def _status(data: PushData) -> str | None:
    told = (data.reverse_status, data.order_status, data.order_status_too, digits(data.status), data.state)
    return next((word for word in told if word), None)


def _changed_at(data: PushData, notes: Notes) -> datetime | None:
    times = ("status_update_time", "send_time", "date", "timestamp")
    for name in times:
        if getattr(data, name):
            return moment(notes, name, getattr(data, name))
    return moment(notes, "statusUpdateTime", data.updated_too)


def _more(told: PushBody, data: PushData) -> More:
    """What else classifies it, under the platform's names; quantities of a stock push too."""
    found = more(
        data, "buyer_id", "app_key", "user_account_id", "user_account_type", "from_account_id", "to_account_id",
        "to_account_type", "type", "sync_type", "site_id", "seller_sku", "warehouse", "process_msg",
    )  # fmt: skip
    counts = ("real_quantity", "withhold_quantity", "occupy_quantity", "pre_order_quantity", "unread_count")
    found |= {name: str(count) for name in counts if (count := getattr(data, name)) is not None}
    renamed = {
        "videoId": digits(data.video_id),
        "purchaseOrderNo": digits(data.purchase_order),
        "pickUpOrderNo": digits(data.pickup_order),
        "promotionId": digits(told.promotion_id),
        "promotionType": told.promotion_type,
        "left": digits(told.left),
        "used": digits(told.used),
        "total": digits(told.total),
        "site": told.site,
    }
    found |= {name: word for name, word in renamed.items() if word}
    if orders := _distinct(data.purchase_orders or ()):
        found["purchaseOrderNoList"] = orders
    skus = data.sku_list or ()
    if sellers := tuple(sku.seller_sku for sku in skus if sku.seller_sku):
        found["sku_list.seller_sku"] = sellers
    if shops := tuple(sku.shop_sku for sku in skus if sku.shop_sku):
        found["sku_list.shop_sku"] = shops
    return found


def _distinct(ids: Iterable[Id]) -> tuple[str, ...]:
    """Ids as text, in the order in which they are named, each once."""
    return tuple(dict.fromkeys(str(value) for value in ids if digits(value)))
