"""A store that is connected to nowhere: enough to write what a platform would have answered."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from pytest_django import Settings

from storeward import canon
from storeward.accounts.people import create_workspace
from storeward.connectors.contract import Problem, Tokens
from storeward.lib.crypto import create_keys
from storeward.stores.connection import find, working
from storeward.stores.models import Store
from storeward.stores.registering import adopt, register_app
from storeward.sync.apply import Applied, Batch, apply_batch
from storeward.sync.cursors import Mark

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def store(transactional_db: None, tmp_path: Path, settings: Settings) -> Store:
    settings.CREDENTIAL_KEYS = tmp_path / "credentials.keys"
    create_keys(settings.CREDENTIAL_KEYS)
    workspace = create_workspace(slug="team", name="Team", now=NOW)
    app = register_app(
        workspace=workspace,
        platform="tiktok_shop",
        name="Ours",
        app_key="key",
        app_secret="secret",
        base_url="http://127.0.0.1:9",
        auth_url="http://127.0.0.1:9",
        now=NOW,
    )
    tokens = Tokens("access", "refresh", NOW + timedelta(days=700), None, "seller")
    profile = canon.StoreProfile(platform_store_id="749", name="Luna Home 3", region="MY", platform_handle="cipher")
    (made,) = adopt(app, tokens, [profile], now=NOW)
    return made


@pytest.fixture
def write(store: Store) -> Callable[..., Applied]:
    """Write records as one page, the way a pull does; the raw payload is the record itself unless given."""

    def write_page(
        *records: canon.Record,
        asked_at: datetime = NOW,
        problems: Sequence[Problem] = (),
        mark: Mark | None = None,
        raws: Sequence[bytes] = (),
    ) -> Applied:
        async def main() -> Applied:
            async with working():
                items = list(zip(records, raws or [msgspec.json.encode(record) for record in records], strict=True))
                batch = Batch(await find(store.pk), "getOrderList", items, problems, asked_at)
                return await apply_batch(batch, now=asked_at, mark=mark)

        return asyncio.run(main())

    return write_page


def run(work: Callable[[], Awaitable[object]]) -> object:
    """Run `work` with a database pool and a session open."""

    async def main() -> object:
        async with working():
            return await work()

    return asyncio.run(main())
