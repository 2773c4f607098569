"""A store to enter facts about."""

from datetime import UTC, datetime

import pytest

from storeward.accounts.people import create_workspace
from storeward.stores.models import Store
from storeward.stores.registering import add_store

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def store(db: None) -> Store:
    workspace = create_workspace(slug="team", name="Team", now=NOW)
    return add_store(
        workspace=workspace, platform="tiktok_shop", platform_store_id="749", name="Luna Home 3", region="MY", now=NOW
    )


@pytest.fixture
def other(store: Store) -> Store:
    """A second store of the same team."""
    return add_store(
        workspace=store.workspace, platform="tiktok_shop", platform_store_id="750", name="Mori Home 2", region="TH", now=NOW
    )
