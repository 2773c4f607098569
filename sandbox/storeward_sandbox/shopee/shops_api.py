"""/public, /shop and /merchant: who has given consent, and what a shop says of itself."""

from typing import Any

from .call import Call
from .desk import Consent
from .errors import ApiError, bad_parameter, not_found
from .hooks import on
from .paging import by_number
from .registry import MERCHANT, PUBLIC, Payload, operation
from .settings import Settings, settings_of
from .shop import Shop

IP_RANGES = ("203.0.113.0/24", "198.51.100.16/28")
LONGEST_DESCRIPTION = 500


@operation("public.get_shops_by_partner", "GET", level=PUBLIC, wrapped=False)
def get_shops_by_partner(call: Call) -> Payload:
    desk = call.platform.desk
    shops = [shop for shop in call.platform.stores if (consent := desk.of_shop(shop.id)) is not None and consent.in_force]
    page = by_number(call, shops, first=1, most=100, default=20)
    return {"authed_shop_list": [_authorized(shop, desk.of_shop(shop.id)) for shop in page.rows], "more": page.more}


def _authorized(shop: Shop, consent: Consent | None) -> dict[str, Any]:
    return {"shop_id": shop.number_id, "region": shop.region, "sip_affi_shops": [], **_times(consent)}


def _times(consent: Consent | None) -> dict[str, int]:
    return {"auth_time": consent.given if consent else 0, "expire_time": consent.expires if consent else 0}


@operation("public.get_merchants_by_partner", "GET", level=PUBLIC, wrapped=False)
def get_merchants_by_partner(call: Call) -> Payload:
    found = [(one, consent) for consent in call.platform.desk.consents if consent.in_force for one in consent.merchant_ids]
    page = by_number(call, found, first=1, most=100, default=20)
    rows = [{"merchant_id": int(one), "region": consent.region, **_times(consent)} for one, consent in page.rows]
    return {"authed_merchant_list": rows, "more": page.more}


@operation("public.get_shopee_ip_ranges", "GET", level=PUBLIC, wrapped=False)
def get_shopee_ip_ranges(call: Call) -> Payload:
    return {"ip_list": list(IP_RANGES)}


@operation("shop.get_shop_info", "GET", wrapped=False)
def get_shop_info(call: Call) -> Payload:
    shop = call.shop
    return {
        **_times(call.consent),
        "shop_name": shop.name,
        "region": shop.region,
        "status": shop.status,
        "shop_fulfillment_flag": "Others",
        "is_cb": shop.cross_border,
        "is_upgraded_cbsc": False,
        "merchant_id": int(shop.merchant_id) if shop.merchant_id else None,
        "is_sip": False,
        "sip_affi_shops": [],
        "is_main_shop": False,
        "is_direct_shop": False,
        "linked_direct_shop_list": [],
        "linked_main_shop_id": 0,
    }


@operation("shop.get_profile", "GET")
def get_profile(call: Call) -> Payload:
    logo = f"https://cf.shopee.sandbox/file/logo{call.shop.number}"
    return {"shop_logo": logo, "description": f"Welcome to {call.shop.name}.", "shop_name": call.shop.name}


@operation("shop.get_warehouse_detail", "GET")
def get_warehouse_detail(call: Call) -> Payload:
    """Busy shops have two stock locations; the others answer with an error, which is no failure."""
    shop, market = call.shop, call.shop.market
    call.between("warehouse_type", 1, 2, 1)
    if shop.persona.orders_per_day < 3:
        raise ApiError("warehouse.error_not_in_whitelist", "shop is not whitelisted for several warehouses")
    city, zipcode, state = market.cities[0]
    row = {
        "warehouse_id": shop.number * 10 + 1,
        "warehouse_name": f"{shop.name} main",
        "warehouse_type": 1,
        "location_id": market.location,
        "address_id": 200_000_000 + shop.number,
        "region": shop.region,
        "state": state,
        "city": city,
        "district": "",
        "town": "",
        "address": market.streets[0],
        "zipcode": zipcode,
        "state_code": "",
        "holiday_mode_state": int(settings_of(shop).holiday),
    }
    return [row]


@operation("shop.get_shop_holiday_mode", "GET")
def get_shop_holiday_mode(call: Call) -> Payload:
    kept = settings_of(call.shop)
    return {
        "holiday_mode_on": kept.holiday,
        "holiday_mode_mtime": kept.holiday_changed,
        "holiday_mode_type": kept.holiday_type,
        "holiday_mode_start_time": kept.holiday_start,
        "holiday_mode_end_time": kept.holiday_end,
        "holiday_mode_description": kept.holiday_words,
        "debug_msg": "",
    }


@operation("shop.set_shop_holiday_mode", "POST")
def set_shop_holiday_mode(call: Call) -> Payload:
    wanted, kept = call.given("holiday_mode_on") if "holiday_mode_on" in call.body else None, settings_of(call.shop)
    if not isinstance(wanted, bool):
        raise bad_parameter("holiday_mode_on is required.")
    kind = call.body_number("holiday_mode_type")
    words = call.body_text("holiday_mode_description")
    if kind not in (0, 1) or len(words) > LONGEST_DESCRIPTION:
        raise bad_parameter("holiday_mode_type should be 0 or 1, the description not longer than 500 characters.")
    start, end = call.body_number("holiday_mode_start_time"), call.body_number("holiday_mode_end_time")
    if end and start >= end:
        raise bad_parameter("holiday_mode_end_time should be after the start.")
    kept.holiday, kept.holiday_type, kept.holiday_words = wanted, kind, words
    kept.holiday_start, kept.holiday_end, kept.holiday_changed = start, end, call.now
    return {"debug_msg": ""}


@operation("shop.get_shop_notification", "GET", wrapped=False)
def get_shop_notification(call: Call) -> Payload:
    """One notice a call, older and older behind the cursor; an empty `data` ends them."""
    call.between("page_size", 1, 50, 10)
    notices = settings_of(call.shop).notices
    cursor = call.number("cursor", 0)
    older = [one for one in reversed(notices) if not cursor or one.id < cursor]
    if not older:
        return {"cursor": 0, "data": {}}
    notice = older[0]
    row = {"create_time": notice.created, "content": notice.content, "title": notice.title, "url": notice.url}
    return {"cursor": notice.id, "data": row}


# --- merchants --------------------------------------------------------------------------------------------------------


@operation("merchant.get_merchant_info", "GET", level=MERCHANT, wrapped=False)
def get_merchant_info(call: Call) -> Payload:
    if call.consent is None:
        raise not_found()
    return {
        **_times(call.consent),
        "merchant_name": call.consent.name,
        "merchant_currency": "CNY",
        "merchant_region": call.consent.region,
        "is_cnsc": True,
        "is_upgraded_cbsc": False,
    }


@operation("merchant.get_shop_list_by_merchant", "GET", level=MERCHANT, wrapped=False)
def get_shop_list_by_merchant(call: Call) -> Payload:
    shops = [shop for shop in call.platform.stores if shop.merchant_id == call.merchant_id]
    page = by_number(call, shops, first=1, most=500)
    rows = [{"shop_id": shop.number_id, "sip_affi_shops": []} for shop in page.rows]
    return {"is_cnsc": True, "shop_list": rows, "more": page.more}


@on("settled")
def greet(shop: Shop) -> None:
    """Every shop has had a notice by the start."""
    shop.part(Settings).notify(shop.now, "Welcome", "Read about new shipping rules for your market.")
