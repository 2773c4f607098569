"""A team with a few stores: the smallest rows that a rulebook needs."""

from datetime import UTC, datetime

import pytest

from storeward.accounts.models import Workspace
from storeward.stores.models import Store

NOW = datetime(2026, 11, 18, 3, 15, tzinfo=UTC)
"""A Wednesday, 11:15 in Kuala Lumpur."""


def made_workspace(slug: str) -> Workspace:
    return Workspace.objects.get_or_create(slug=slug, defaults={"name": slug.title(), "created_at": NOW})[0]


def made_store(space: Workspace, key: str, platform: str = "tiktok_shop", region: str = "MY") -> Store:
    return Store.objects.create(
        workspace=space,
        key=key,
        platform=platform,
        platform_store_id=key,
        name=key,
        region=region,
        timezone="Asia/Kuala_Lumpur",
        currency="MYR",
        added_at=NOW,
    )


@pytest.fixture
def team(db: None) -> Workspace:
    return made_workspace("luna")


@pytest.fixture
def strangers(db: None) -> Workspace:
    return made_workspace("mars")
