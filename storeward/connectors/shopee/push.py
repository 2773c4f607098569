"""Webhooks: what a body names, so that it can be read back (fact sheet section 19). No event id, duplicates, no order.

Messages about the authorisation name several shops, or none but in their words: there is one `Push` for each shop.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from storeward.canon import Push, Record
from storeward.canon.base import More
from storeward.connectors.contract import Level, Parsed, Problem
from storeward.connectors.errors import UnexpectedPayload
from storeward.connectors.wire import Id, Notes, Wire, digits, elements_of, fields_of, more, plain, read

from .conversations import Content
from .envelope import About, as_text, note_page_end, open_answer
from .errors import PLATFORM
from .violations import Detail

TOPIC: Final = {
    0: "test",
    1: "authorised",
    2: "authorisation_lost",
    3: "order",
    4: "package",
    5: "notice",
    6: "listing",
    7: "listing",
    8: "stock",
    9: "listing",
    10: "message",
    11: "video",
    12: "authorisation_expiring",
    13: "brand",
    15: "package",
    16: "listing",
    22: "listing",
    23: "booking",
    24: "booking",
    25: "booking",
    27: "listing",
    28: "points",
    29: "return",
    30: "package",
    37: "first_mile",
    38: "video",
    47: "order",  # its package's deadline has moved, and with it the order's
}
TEST: Final = 0
SHOP_IN_WORDS: Final = re.compile(r"\bshop(?:[ _]?id)?\D{0,3}(\d{3,18})\b", re.IGNORECASE)
"""Some messages name their shop in the text only: `shop 22000000 (VN) cancelled`."""


class Issued(Wire):
    issued_points: int | None = None
    removed_points: int | None = None
    violation_type: Id = None
    removed_reason: Id = None
    old_tier: int | None = None
    new_tier: int | None = None


class Updated(Wire):
    update_field: str | None = None
    old_value: str | None = None
    new_value: str | None = None
    update_time: int | None = None


class ChangedValue(Wire):
    name: str | None = None
    old: Id = None
    new: Id = None


class ShipBy(Wire):
    ship_by_date: int | None = None
    logistics_channel_id: Id = None
    return_code: str | None = None


class Notice(Wire):
    title: str | None = None
    content: str | None = None
    url: str | None = None
    update_time: int | None = None


class ChatContent(Wire):
    message_id: Id = None
    conversation_id: Id = None
    from_id: Id = None
    from_shop_id: Id = None
    to_id: Id = None
    to_shop_id: Id = None
    shop_id: Id = None
    user_id: Id = None
    message_type: str | None = None
    type: str | None = None
    status: str | None = None
    content: Content | None = None
    created_timestamp: int | None = None
    business_type: Id = None
    sub_account_id: Id = None
    is_in_chatbot_session: bool | None = None


class Data(Wire):
    """Whatever `data` holds in one message or another."""

    ordersn: str | None = None
    order_sn: str | None = None
    booking_sn: str | None = None
    package_number: Id = None
    return_sn: str | None = None
    item_id: Id = None
    item_name: str | None = None
    variation_id: Id = None
    model_id: Id = None
    promotion_id: Id = None
    promotion_type: str | None = None
    action: str | None = None
    action_type: Id = None
    status: str | None = None
    item_status: str | None = None
    booking_status: str | None = None
    fulfillment_status: str | None = None
    completed_scenario: str | None = None
    tracking_no: str | None = None
    tracking_number: str | None = None
    forder_id: Id = None
    update_field: str | None = None
    old_value: str | None = None
    new_value: str | None = None
    authorize_type: str | None = None
    extra: str | None = None
    success: Id = None
    shop_id: Id = None
    shopid: Id = None
    shop_id_list: list[Id] | None = None
    shop_expire_soon: list[Id] | None = None
    merchant_id: Id = None
    merchant_id_list: list[Id] | None = None
    merchant_expire_soon: list[Id] | None = None
    user_expire_soon: list[Id] | None = None
    main_account_id: Id = None
    expire_before: int | None = None
    page_no: Id = None
    total_page: Id = None
    scheduled_publish_time: int | None = None
    reserved_stock: Id = None
    start_time: int | None = None
    end_time: int | None = None
    changed_values: list[ChangedValue] | None = None
    changed_fields: list[str] | None = None
    new: ShipBy | None = None
    old: ShipBy | None = None
    actions: list[Notice] | None = None
    points_issued_data: Issued | None = None
    points_removed_data: Issued | None = None
    tier_update_data: Issued | None = None
    updated_values: list[Updated] | None = None
    item_status_details: list[Detail] | None = None
    deboosted_details: list[Detail] | None = None
    deboost_details: list[Detail] | None = None
    deboost: bool | None = None
    binding_id: Id = None
    first_mile_tracking_number: str | None = None
    video_upload_id: Id = None
    verify_info: str | None = None
    message: str | None = None
    reason: str | None = None
    type: str | None = None
    region: str | None = None
    content: ChatContent | None = None
    update_time: int | None = None


class Body(Wire):
    code: int | None = None
    shop_id: Id = None
    partner_id: Id = None
    timestamp: int | None = None
    msg_id: Id = None


def parse_pushes(body: bytes) -> tuple[Push, ...]:
    """The messages of a body, none where it only tests the address. Raises UnexpectedPayload where it is no webhook."""
    problems: list[Problem] = []
    pushes = read_pushes(body, Notes("", problems))
    if pushes is None:
        said = "; ".join(f"{problem.field} {problem.message}".strip() for problem in problems)
        raise UnexpectedPayload(f"this is no webhook of Shopee: {said}"[:300], platform=PLATFORM, operation="push")
    return tuple(push for push in pushes if push.platform_topic != str(TEST))


def read_pushes(raw: bytes | msgspec.Raw, notes: Notes) -> list[Push] | None:
    """One push, or one for each shop that a message about the authorisation names; None where it is none."""
    members = fields_of(raw)
    body = read(raw, Body, notes) if members is not None else None
    if members is None or body is None:
        notes.note("", "is not a JSON object: nothing can be read", Level.ERROR)
        return None
    if body.code is None:
        notes.note("code", "is missing: this is no webhook of Shopee", Level.ERROR)
        return None
    data = _data(members.get("data"), notes.under("data"))
    shops: Sequence[str | None] = _shops(body, data) or [None]
    return [_push(body, data, shop, notes) for shop in shops]


def _data(raw: msgspec.Raw | None, notes: Notes) -> Data:
    """`data` as an object, or as the JSON text of one."""
    if raw is None:
        return Data()
    told = plain(raw)
    inner = msgspec.Raw(told.encode()) if isinstance(told, str) else raw
    members = fields_of(inner)
    if members is not None and "data" in members and "code" in members:
        inner = members["data"]
    return read(inner, Data, notes) or Data()


def _shops(body: Body, data: Data) -> list[str]:
    """The shops that it is about."""
    lists = [*(data.shop_id_list or ()), *(data.shop_expire_soon or ())]
    named = [body.shop_id, *lists] if lists else [body.shop_id, data.shop_id, data.shopid]
    found = list(dict.fromkeys(shop for one in named if (shop := digits(one))))
    if found or body.code not in {1, 2} or data.merchant_id_list or data.merchant_id:
        return found if lists else found[:1]
    told = SHOP_IN_WORDS.search(data.extra or "")
    return [told.group(1)] if told else []


def _push(body: Body, data: Data, shop: str | None, notes: Notes) -> Push:
    code = body.code if body.code is not None else -1
    within = notes.under("data")
    chat = data.content or ChatContent()
    said = chat.content or Content()
    orders = data.ordersn or data.order_sn or said.order_sn or None
    parcel = digits(data.package_number)
    topic = _topic(code, data)
    return Push(
        platform_push_id=digits(body.msg_id),
        platform_topic=str(code),
        topic=topic,
        platform_store_id=shop,
        platform_user_id=digits(chat.from_id) or digits(chat.user_id) or digits(data.main_account_id),
        platform_order_id=orders,
        platform_package_ids=(parcel,) if parcel else (),
        platform_return_id=data.return_sn or None,
        platform_listing_id=digits(data.item_id) or digits(said.item_id),
        platform_sku_ids=tuple(sku for one in (data.variation_id, data.model_id) if (sku := digits(one))),
        platform_conversation_id=digits(chat.conversation_id),
        platform_message_id=digits(chat.message_id),
        platform_status=_status(data, chat),
        platform_type=_type(data, chat),
        platform_reasons=tuple(_reasons(data)),
        platform_more=_more(body, data, chat),
        sent_at=notes.at("timestamp", body.timestamp),
        created_at=within.at("content.created_timestamp", chat.created_timestamp),
        changed_at=within.at("update_time", data.update_time) or _latest_change(data, within),
        expires_at=within.at("expire_before", data.expire_before),
        text=_text(data, chat),
    )


def _topic(code: int, data: Data) -> str:
    """A chat notification is about the conversation; the loss of a merchant's consent is not that of a shop's."""
    if code == 10 and data.type == "notification":
        return "conversation"
    if code == 2 and not (data.shop_id or data.shopid or data.shop_id_list or SHOP_IN_WORDS.search(data.extra or "")):
        return "merchant_authorisation_lost" if data.merchant_id or data.merchant_id_list else "authorisation_lost"
    return TOPIC.get(code, "unknown")


def _status(data: Data, chat: ChatContent) -> str | None:
    words = (data.status, data.item_status, data.booking_status, data.fulfillment_status, _new_status(data), chat.status)
    return next((word for word in words if word), None)


def _new_status(data: Data) -> str | None:
    return next((one.new_value for one in data.updated_values or () if one.update_field == "return_status"), None)


def _type(data: Data, chat: ChatContent) -> str | None:
    told = digits(data.action_type)
    words = (data.authorize_type, chat.message_type, chat.type, data.action, data.update_field, told, data.type)
    return next((word for word in words if word), None)


def _reasons(data: Data) -> Iterable[str]:
    for detail in _details(data):
        if detail.violation_reason:
            yield detail.violation_reason
    if data.reason:
        yield data.reason


def _details(data: Data) -> Sequence[Detail]:
    return [*(data.item_status_details or ()), *(data.deboosted_details or ()), *(data.deboost_details or ())]


def _latest_change(data: Data, notes: Notes) -> datetime | None:
    told = [one.update_time for one in (*(data.updated_values or ()), *_details(data), *(data.actions or ())) if one.update_time]
    return notes.at("update_time", max(told)) if told else None


def _text(data: Data, chat: ChatContent) -> str | None:
    if chat.content is not None and chat.content.text:
        return chat.content.text
    notice = (data.actions or [Notice()])[0]
    said = ": ".join(part for part in (notice.title, notice.content) if part)
    return said or data.extra or data.verify_info or data.item_name or data.message or None


CLASSIFYING: Final = (
    "booking_sn", "completed_scenario", "tracking_no", "tracking_number", "forder_id", "promotion_id", "promotion_type", "action",
    "action_type", "update_field", "old_value", "new_value", "authorize_type", "success", "main_account_id", "merchant_id",
    "merchant_id_list", "merchant_expire_soon", "user_expire_soon", "shop_id_list", "shop_expire_soon", "page_no", "total_page",
    "scheduled_publish_time", "reserved_stock", "start_time", "end_time", "changed_fields", "binding_id",
    "first_mile_tracking_number", "video_upload_id", "region", "type",
)  # fmt: skip
CHAT_CLASSIFYING: Final = ("from_shop_id", "to_id", "to_shop_id", "message_type", "business_type", "sub_account_id")
POINTS: Final = ("issued_points", "removed_points", "violation_type", "removed_reason")
TIERS: Final = ("old_tier", "new_tier")


def _more(body: Body, data: Data, chat: ChatContent) -> More:
    told = more(data, *CLASSIFYING) | more(chat, *CHAT_CLASSIFYING) | more(body, "partner_id")
    if data.deboost is not None:
        told["deboost"] = str(data.deboost).lower()
    for issued in (data.points_issued_data, data.points_removed_data, data.tier_update_data):
        if issued is not None:
            told |= more(issued, *POINTS)
            told |= {name: str(tier) for name in TIERS if (tier := getattr(issued, name)) is not None}
    for side, ship_by in (("old", data.old), ("new", data.new)):
        if ship_by is not None:
            told |= {f"{side}_{name}": value for name, value in more(ship_by, *FIELDS).items()}
    for one in data.updated_values or ():
        told |= _change(one.update_field, one.old_value, one.new_value)
    for value in data.changed_values or ():
        told |= _change(value.name, value.old, value.new)
    if details := tuple(str(one.violation_type) for one in _details(data) if one.violation_type):
        told["violation_types"] = details
    if deadlines := tuple(str(one.fix_deadline_time) for one in _details(data) if one.fix_deadline_time):
        told["fix_deadline_times"] = deadlines
    if data.actions and data.actions[0].url:
        told["url"] = data.actions[0].url
    return told


FIELDS: Final = ("ship_by_date", "logistics_channel_id", "return_code")


def _change(name: str | None, old: Id, new: Id) -> More:
    """What changed from what to what, under the platform's name of it."""
    if not name:
        return {}
    sides: dict[str, Id] = {f"{name}_old": old, f"{name}_new": new}
    return {key: str(value) for key, value in sides.items() if value not in (None, "")}


def parse_push_answer(body: bytes, about: About) -> Parsed:
    """A webhook body for `connector parse`, the test of the address included."""
    parsed = Parsed()
    pushes = read_pushes(body, Notes("", parsed.problems))
    if pushes is None:
        parsed.unreadable = True
        return parsed
    parsed.items = [(push, body) for push in pushes]
    return parsed


def parse_lost_pushes(body: bytes, about: About) -> Parsed:
    """Webhooks that did not reach us, each whole as text; the receipt says up to which to confirm them."""
    parsed, payload = open_answer(body)
    members = fields_of(payload) if payload is not None else None
    if members is None:
        return parsed
    if (last := as_text(members.get("last_message_id"))) is not None:
        parsed.receipt = {"last_message_id": last}
    for at, raw in enumerate(elements_of(members.get("push_message_list")) or ()):
        pushes = read_pushes(raw, Notes(f"response.push_message_list[{at}]", parsed.problems))
        items: list[tuple[Record, bytes]] = [(push, bytes(raw)) for push in pushes or ()]
        parsed.items += items
    note_page_end(members, parsed, about, wrapped=True)
    return parsed
