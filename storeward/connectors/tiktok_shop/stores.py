"""The stores of an authorisation, and the addresses to which the platform sends webhooks."""

from collections.abc import Iterable
from typing import Final

from storeward.canon import Record, StoreProfile
from storeward.connectors.contract import Request
from storeward.connectors.wire import Id, Notes, Wire, digits

from .codes import SELLER_TYPE, market_of
from .envelope import About, list_parser, receipt_parser
from .requests import get, write

WEBHOOKS: Final = "/event/202309/webhooks"
EVENTS: Final = (
    "ORDER_STATUS_CHANGE",
    "RECIPIENT_ADDRESS_UPDATE",
    "PACKAGE_UPDATE",
    "PRODUCT_STATUS_CHANGE",
    "SELLER_DEAUTHORIZATION",
    "UPCOMING_AUTHORIZATION_EXPIRATION",
    "CANCELLATION_STATUS_CHANGE",
    "RETURN_STATUS_CHANGE",
    "NEW_CONVERSATION",
    "NEW_MESSAGE",
)
"""Types that can be set by API and that name something we read back. The newer ones are set in Partner Center only."""


def authorized_shops_request() -> Request:
    """All stores that the token covers, with the cipher that nearly every other call needs."""
    return get("getAuthorizedShops", "/authorization/202309/shops", for_store=False)


def active_shops_request() -> Request:
    return get("getActiveShops", "/seller/202309/shops", for_store=False)


def permissions_request() -> Request:
    return get("getGlobalProductPermission", "/seller/202309/permissions", for_store=False)


def webhooks_request() -> Request:
    return get("getShopWebhooks", WEBHOOKS)


def set_webhook_request(event_type: str, address: str) -> Request:
    """Send this type of event to that address (https, a domain name, no port)."""
    return write("updateShopWebhook", "PUT", WEBHOOKS, {"address": address, "event_type": event_type})


def remove_webhook_request(event_type: str) -> Request:
    """Stop this type of event; succeeds where none was set."""
    return write("deleteWebhookForAnEvent", "DELETE", WEBHOOKS, {"event_type": event_type})


def subscribe_requests(address: str) -> list[Request]:
    """All that makes a store's webhooks of the types that we act on go to that address."""
    return [set_webhook_request(event, address) for event in EVENTS]


class Shop(Wire):
    MATTERS = frozenset({"id", "cipher"})

    id: Id = None
    name: str | None = None
    code: str | None = None
    region: str | None = None
    seller_type: str | None = None
    cipher: str | None = None


def build_shop(wire: Shop, notes: Notes, about: About) -> Iterable[Record]:
    shop_id = digits(wire.id)
    if shop_id is None:
        notes.left_out("id", "store")
        return ()
    return (
        StoreProfile(
            platform_store_id=shop_id,
            name=wire.name or None,
            code=wire.code or None,
            region=market_of(wire.region),
            platform_region=wire.region or None,
            platform_seller_type=wire.seller_type or None,
            seller_type=SELLER_TYPE.get(wire.seller_type or ""),
            platform_handle=wire.cipher or None,
        ),
    )


parse_shops = list_parser("shops", Shop, build_shop)
parse_receipt = receipt_parser()
