"""The shop itself, the shops of our app, its stock locations, holidays and notices; where webhooks go."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from storeward.canon import Record, StoreProfile
from storeward.connectors.contract import Request
from storeward.connectors.wire import Id, Notes, Wire, digits, more

from .envelope import About, list_parser, receipt_parser, thing_parser
from .requests import get, number, numbered, unix, write

EVENTS: Final = (1, 2, 3, 4, 5, 7, 8, 9, 10, 12)
"""Webhook codes that name something we read back and that can be set by call; newer ones are set in the console only."""
SHOPS_PER_PAGE: Final = 100


def shop_info_request() -> Request:
    return get("shop.get_shop_info")


def shops_request(*, page_no: int = 1, page_size: int = SHOPS_PER_PAGE) -> Request:
    """Every shop that has authorised our app, with the end of its authorisation."""
    request = numbered("public.get_shops_by_partner", page_no, page_size)
    return Request(request.operation, "GET", request.path, request.query, about=request.about, for_store=False)


def merchants_request(*, page_no: int = 1, page_size: int = SHOPS_PER_PAGE) -> Request:
    request = numbered("public.get_merchants_by_partner", page_no, page_size)
    return Request(request.operation, "GET", request.path, request.query, about=request.about, for_store=False)


def ip_ranges_request() -> Request:
    return get("public.get_shopee_ip_ranges", for_store=False)


def profile_request() -> Request:
    return get("shop.get_profile")


def warehouses_request() -> Request:
    """Stock locations; a shop with one answers with an error that is no failure."""
    return get("shop.get_warehouse_detail")


def holiday_request() -> Request:
    return get("shop.get_shop_holiday_mode")


def set_holiday_request(
    on: bool, *, kind: int | None = None, since: datetime | None = None, until: datetime | None = None, text: str | None = None
) -> Request:
    """Holiday mode: kind 0 stops orders, 1 takes them with a later ship-by date."""
    body = {
        "holiday_mode_on": on,
        "holiday_mode_type": kind,
        "holiday_mode_start_time": unix(since) if since else None,
        "holiday_mode_end_time": unix(until) if until else None,
        "holiday_mode_description": text,
    }
    return write("shop.set_shop_holiday_mode", body)


def notices_request(*, cursor: str | None = None, page_size: int = 50) -> Request:
    query = {"page_size": str(page_size)}
    return get("shop.get_shop_notification", {**query, "cursor": cursor} if cursor else query)


def push_settings_request() -> Request:
    return get("push.get_app_push_config", for_store=False)


def lost_pushes_request() -> Request:
    """The oldest hundred webhooks of three days that did not reach us."""
    return get("push.get_lost_push_message", for_store=False)


def confirm_lost_request(last_message_id: str) -> Request:
    """Everything up to that message is dealt with."""
    return write("push.confirm_consumed_lost_push_message", {"last_message_id": number(last_message_id)}, for_store=False)


def subscribe_requests(address: str) -> list[Request]:
    """Send the app's webhooks there; the setting is the app's, for all its shops at once."""
    body = {"callback_url": address, "set_push_config_on": list(EVENTS)}
    return [write("push.set_app_push_config", body, for_store=False)]


class DirectShop(Wire):
    direct_shop_id: Id = None
    direct_shop_region: str | None = None


class AffiliateShop(Wire):
    affi_shop_id: Id = None
    region: str | None = None


class Outlet(Wire):
    outlet_shop_id: Id = None


class Shop(Wire):
    """`shop.get_shop_info`, which does not say which shop it is."""

    MATTERS = frozenset({"region"})

    shop_id: Id = None
    shop_name: str | None = None
    region: str | None = None
    status: str | None = None
    is_cb: bool | None = None
    is_sip: bool | None = None
    is_main_shop: bool | None = None
    is_direct_shop: bool | None = None
    is_upgraded_cbsc: bool | None = None
    merchant_id: Id = None
    linked_main_shop_id: Id = None
    shop_fulfillment_flag: str | None = None
    mart_shop_id: Id = None
    mart_outlet_structure_type: str | None = None
    is_mart_shop: bool | None = None
    is_outlet_shop: bool | None = None
    is_one_awb: bool | None = None
    outlet_shop_info_list: list[Outlet] | None = None
    linked_direct_shop_list: list[DirectShop] | None = None
    sip_affi_shops: list[AffiliateShop] | None = None
    sip_affi_shop_list: list[AffiliateShop] | None = None
    auth_time: int | None = None
    expire_time: int | None = None


CLASSIFYING: Final = (
    "merchant_id", "linked_main_shop_id", "shop_fulfillment_flag", "mart_shop_id", "mart_outlet_structure_type",
)  # fmt: skip
FLAGS: Final = (
    "is_cb", "is_sip", "is_main_shop", "is_direct_shop", "is_upgraded_cbsc", "is_mart_shop", "is_outlet_shop", "is_one_awb",
)  # fmt: skip


def build_shop(wire: Shop, notes: Notes, about: About) -> Iterable[Record]:
    """The shop that was asked: the answer names it nowhere, the question knew."""
    shop_id = digits(wire.shop_id) or about.get("store")
    if shop_id is None:
        notes.note("shop_id", "is not in this answer: whoever asked knows which shop it is")
    told = more(wire, *CLASSIFYING)
    told |= {name: str(value).lower() for name in FLAGS if (value := getattr(wire, name)) is not None}
    if direct := [str(one.direct_shop_id) for one in wire.linked_direct_shop_list or () if digits(one.direct_shop_id)]:
        told["linked_direct_shop_ids"] = tuple(direct)
    if outlets := [str(one.outlet_shop_id) for one in wire.outlet_shop_info_list or () if digits(one.outlet_shop_id)]:
        told["outlet_shop_ids"] = tuple(outlets)
    affiliates = [*(wire.sip_affi_shops or ()), *(wire.sip_affi_shop_list or ())]
    if sister := [str(one.affi_shop_id) for one in affiliates if digits(one.affi_shop_id)]:
        told["sip_affi_shop_ids"] = tuple(sister)
    return (
        StoreProfile(
            platform_store_id=shop_id or "",
            name=wire.shop_name or None,
            region=wire.region or None,
            platform_region=wire.region or None,
            platform_seller_type=None if wire.is_cb is None else f"is_cb={str(wire.is_cb).lower()}",
            seller_type=None if wire.is_cb is None else "cross_border" if wire.is_cb else "local",
            platform_status=wire.status or None,
            platform_more=told,
            authorised_at=notes.at("auth_time", wire.auth_time),
            authorised_until_at=notes.at("expire_time", wire.expire_time),
        ),
    )


def build_listed_shop(wire: Shop, notes: Notes, about: About) -> Iterable[Record]:
    """A row of the list of shops; its sister shops are authorised with it."""
    if digits(wire.shop_id) is None:
        notes.left_out("shop_id", "store")
        return
    yield from build_shop(wire, notes, {})
    for at, sister in enumerate([*(wire.sip_affi_shops or ()), *(wire.sip_affi_shop_list or ())]):
        shop_id = digits(sister.affi_shop_id)
        if shop_id is None:
            notes.left_out(f"sip_affi_shops[{at}].affi_shop_id", "store")
            continue
        yield StoreProfile(
            platform_store_id=shop_id,
            region=sister.region or None,
            platform_region=sister.region or None,
            platform_more={"sip_primary_shop_id": str(wire.shop_id)},
            authorised_at=notes.at("auth_time", wire.auth_time),
            authorised_until_at=notes.at("expire_time", wire.expire_time),
        )


class Profile(Wire):
    shop_name: str | None = None
    holiday_mode_on: bool | None = None
    holiday_mode_type: Id = None
    holiday_mode_start_time: int | None = None
    holiday_mode_end_time: int | None = None
    holiday_mode_mtime: int | None = None
    holiday_mode_description: str | None = None


HOLIDAY: Final = (
    "holiday_mode_start_time", "holiday_mode_end_time", "holiday_mode_mtime", "holiday_mode_description",
)  # fmt: skip


def build_profile(wire: Profile, notes: Notes, about: About) -> Iterable[Record]:
    """What the shop says of itself: its name, or whether it is on holiday (kind 0 takes no orders, 1 takes them)."""
    told = more(wire, *HOLIDAY)
    if wire.holiday_mode_on is not None:
        told["holiday_mode_on"] = str(wire.holiday_mode_on).lower()
    if wire.holiday_mode_type is not None:
        told["holiday_mode_type"] = str(wire.holiday_mode_type)
    if not told and not wire.shop_name:
        return ()
    return (StoreProfile(platform_store_id=about.get("store", ""), name=wire.shop_name or None, platform_more=told),)


parse_profile = thing_parser("", Profile, build_profile)
parse_shop = thing_parser("", Shop, build_shop, wrapped=False)
parse_shops = list_parser("authed_shop_list", Shop, build_listed_shop, wrapped=False)
parse_merchant_shops = list_parser("shop_list", Shop, build_listed_shop, wrapped=False)
parse_receipt = receipt_parser()
parse_bare_receipt = receipt_parser(wrapped=False)
