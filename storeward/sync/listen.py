"""Tell a platform where to send a store's webhooks."""

from collections.abc import Sequence
from typing import Final

from storeward.connectors.contract import Request
from storeward.connectors.errors import PlatformError
from storeward.connectors.tiktok_shop.stores import set_webhook_request
from storeward.lib import clock
from storeward.stores.connection import StoreRef, client_for, find
from storeward.sync.push import expect_pushes

TIKTOK_EVENTS: Final = (
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


def address_of(base_url: str, ref: StoreRef) -> str:
    """Where webhooks of this store's app arrive."""
    return f"{base_url.rstrip('/')}/hooks/{ref.platform}/{ref.app_id}/"


def requests_for(platform: str, address: str) -> Sequence[Request]:
    """What to send; nothing where the platform is told by hand on its own pages."""
    return [set_webhook_request(event, address) for event in TIKTOK_EVENTS] if platform == "tiktok_shop" else []


async def listen(store_ids: Sequence[int], base_url: str) -> dict[int, str]:
    """Have the webhooks of these stores sent to us; the answer names what went wrong, by store.

    From then on their silence means something (`push.watch_pushes`).
    """
    failed: dict[int, str] = {}
    heard = []
    for store_id in store_ids:
        try:
            ref = await find(store_id)
            client = await client_for(ref)
            requests = requests_for(ref.platform, address_of(base_url, ref))
            for request in requests:
                await client.call(request)
        except PlatformError as error:
            failed[store_id] = error.message
        else:
            if requests:
                heard.append(store_id)
    await expect_pushes(heard, now=clock.now())
    return failed
