"""The product's side of the sync benchmark: a fleet whose platform is the page server, pulled and judged as a worker does."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from bench.report import stopwatch
from storeward.accounts.people import create_workspace
from storeward.canon import StoreProfile
from storeward.connectors.contract import Limits, Tokens
from storeward.lib import clock
from storeward.pipeline import sync_stores
from storeward.stores.connection import working
from storeward.stores.models import Store
from storeward.stores.registering import adopt, register_app
from storeward.sync.pull import Pulled, pull

UNLIMITED = Limits(calls_per_second=100_000, start_at_per_second=80_000, burst=10_000)
"""The page server has no limit; the call budget is still asked for every page."""
TABLES = (
    "records_order, records_payload, records_change, records_stream, records_problem, findings_obligation, findings_finding, "
    "findings_transition, findings_reading, stores_callbudget"
)


def key_file() -> Path:
    return Path(settings.CREDENTIAL_KEYS)


def prepare() -> None:
    """The schema."""
    call_command("migrate", verbosity=0)


def measure(address: str, pages: int, stores: int, *, judged: bool, again: bool = False) -> float:
    """Orders a second over all stores; from empty tables, or `again` over what is there."""
    ids = _fleet(address, stores)
    with connection.cursor() as cursor:
        if not again:
            cursor.execute(f"TRUNCATE {TABLES} CASCADE")
        else:
            cursor.execute("UPDATE records_stream SET position = '{}', filled = false")
    with stopwatch() as watch:
        seen = asyncio.run(_sync(ids) if judged else _pull(ids))
    assert seen == pages * 100 * stores, f"{seen} orders arrived"
    return seen / watch.seconds


async def _sync(ids: list[int]) -> int:
    """As a worker does: pulled, and judged beside it."""
    async with working(limits=UNLIMITED):
        return _seen((await sync_stores(ids, only=("orders",))).pulled)


async def _pull(ids: list[int]) -> int:
    async with working(limits=UNLIMITED):
        return _seen(await asyncio.gather(*(pull(store_id, only=("orders",)) for store_id in ids)))


def _seen(pulled: Sequence[Pulled]) -> int:
    for one in pulled:
        assert one.whole, one.failed
    return sum(one.applied.seen for one in pulled)


def _fleet(address: str, stores: int) -> list[int]:
    """Stores whose platform is `address`."""
    now = clock.now()
    workspace = create_workspace(slug="bench", name="Bench", now=now)
    app = register_app(
        workspace=workspace,
        platform="tiktok_shop",
        name="Bench",
        app_key="bench",
        app_secret="bench",
        base_url=address,
        auth_url=address,
        now=now,
    )
    tokens = Tokens("bench", "bench", now + timedelta(days=7), None, "bench")
    shops = [StoreProfile(platform_store_id=str(number), name=f"Bench {number}", region="MY") for number in range(stores)]
    adopt(app, tokens, shops, now=now)
    return list(Store.objects.order_by("pk").values_list("pk", flat=True))


def app_for_webhooks() -> int:
    """The id of an app whose key is `key` and whose secret is `secret`."""
    now = clock.now()
    workspace = create_workspace(slug="bench", name="Bench", now=now)
    app = register_app(workspace=workspace, platform="tiktok_shop", name="Hooks", app_key="key", app_secret="secret", now=now)
    return int(app.pk)
