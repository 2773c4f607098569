"""Tell a platform where to send a store's webhooks."""

import asyncio
from collections.abc import Sequence

from storeward.connectors.errors import PlatformError
from storeward.lib import clock
from storeward.stores.connection import StoreRef, client_for, find
from storeward.sync.push import expect_pushes


def address_of(base_url: str, ref: StoreRef) -> str:
    """Where webhooks of this store's app arrive."""
    return f"{base_url.rstrip('/')}/hooks/{ref.platform}/{ref.app_id}/"


async def listen(store_ids: Sequence[int], base_url: str) -> dict[int, str]:
    """Have the webhooks of these stores sent to us; the answer names what went wrong, by store.

    From then on their silence means something (`push.watch_pushes`).
    """
    told = await asyncio.gather(*(_tell(store_id, base_url) for store_id in store_ids))
    await expect_pushes([store_id for store_id, reason in told if reason == ""], now=clock.now())
    return {store_id: reason for store_id, reason in told if reason}


async def _tell(store_id: int, base_url: str) -> tuple[int, str | None]:
    """The store, and what went wrong: "" for nothing, None where there was nothing to tell."""
    try:
        ref = await find(store_id)
        requests = ref.connector.subscribe_requests(address_of(base_url, ref))
        if not requests:
            return store_id, None
        client = await client_for(ref)
        for request in requests:
            await client.call(request)
    except PlatformError as error:
        return store_id, error.message or error.family
    return store_id, ""
