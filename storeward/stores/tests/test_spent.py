"""What a store has used of its call budget, as the Connections page tells it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from storeward.accounts.models import Workspace
from storeward.connectors.registry import connector_for
from storeward.stores.budget import Bucket, spent
from storeward.stores.models import App, CallBudget, Connection, Store

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 4, 20, tzinfo=UTC)


@pytest.fixture
def stores() -> list[Store]:
    place = Workspace.objects.create(slug="w", name="W", created_at=NOW)
    app = App.objects.create(
        workspace=place, platform="tiktok_shop", name="A", app_key="k", base_url="http://x", auth_url="http://x"
    )
    held = Connection.objects.create(
        workspace=place, app=app, platform_user_id="u", access_expires_at=NOW, state_since=NOW, refresh_expires_at=None
    )
    return [
        Store.objects.create(
            workspace=place,
            connection=held if number < 3 else None,
            key=f"tt-my-{number}",
            platform="tiktok_shop",
            platform_store_id=str(number),
            name=f"S{number}",
            region="MY",
            timezone="Asia/Kuala_Lumpur",
            currency="MYR",
            added_at=NOW,
        )
        for number in range(4)
    ]


def row(store: Store, *, endpoint: str = "orders.search", tokens: float = 0.0, rate: float = 0.0, **fields: object) -> None:
    assert store.connection is not None
    CallBudget.objects.create(
        app=store.connection.app,
        platform_store_id=store.platform_store_id,
        endpoint=endpoint,
        tokens=tokens,
        rate=rate,
        updated_at=NOW,
        **fields,
    )


@pytest.fixture
def bucket() -> Bucket:
    return Bucket.by_second(connector_for("tiktok_shop").limits)


def test_a_full_bucket_is_nothing_used_and_an_empty_one_all(stores: list[Store], bucket: Bucket) -> None:
    row(stores[0], tokens=bucket.burst, rate=bucket.ceiling)
    row(stores[1], tokens=0.0, rate=bucket.ceiling / 2)
    used = spent(stores, now=NOW)
    assert used[stores[0].pk].share == 0
    assert used[stores[1].pk].share == 1
    assert used[stores[1].pk].pace == pytest.approx(0.5)


def test_a_bucket_fills_again_with_time(stores: list[Store], bucket: Bucket) -> None:
    row(stores[0], tokens=0.0, rate=bucket.burst / 10)
    assert spent(stores, now=NOW + timedelta(seconds=5))[stores[0].pk].share == pytest.approx(0.5)
    assert spent(stores, now=NOW + timedelta(seconds=50))[stores[0].pk].share == 0


def test_the_most_used_bucket_counts(stores: list[Store], bucket: Bucket) -> None:
    row(stores[0], endpoint="a", tokens=bucket.burst, rate=bucket.ceiling)
    row(stores[0], endpoint="b", tokens=0.0, rate=bucket.ceiling)
    assert spent(stores, now=NOW)[stores[0].pk].share == 1


def test_until_when_the_platform_does_not_listen_is_told_while_it_lasts(stores: list[Store]) -> None:
    until = NOW + timedelta(minutes=3)
    row(stores[0], endpoint="a", blocked_until=until)
    row(stores[0], endpoint="b", blocked_until=NOW - timedelta(minutes=1))
    assert spent(stores, now=NOW)[stores[0].pk].blocked_until == until
    assert spent(stores, now=until)[stores[0].pk].blocked_until is None


def test_a_store_that_never_called_has_nothing_to_tell(stores: list[Store]) -> None:
    assert spent(stores, now=NOW) == {}


def test_it_is_one_query_however_many_stores(stores: list[Store], bucket: Bucket) -> None:
    for store in stores[:3]:
        row(store, tokens=bucket.burst)
    loaded = list(Store.objects.select_related("connection"))
    with CaptureQueriesContext(database) as seen:
        assert len(spent(loaded, now=NOW)) == 3
    assert len(seen) == 1


def test_what_all_stores_of_an_app_share_counts_for_those_that_call_it(stores: list[Store]) -> None:
    Store.objects.update(platform="douyin")
    until, ours = NOW + timedelta(minutes=3), [Store.objects.get(pk=store.pk) for store in stores[:3]]
    own, shared = Bucket.by_second(connector_for("douyin").limits), Bucket.by_app(180)
    for store, endpoint in zip(ours[:2], ("product.listV2", "sku.list"), strict=True):
        row(store, endpoint=endpoint, tokens=own.burst, rate=own.ceiling)
    everybody = Store(connection=ours[0].connection, platform_store_id="")
    row(everybody, endpoint="app:product.listV2", tokens=shared.burst / 4, rate=shared.ceiling / 2, blocked_until=until)
    used = spent(ours, now=NOW)
    assert (used[ours[0].pk].share, used[ours[0].pk].pace, used[ours[0].pk].blocked_until) == (0.75, 0.5, until)
    assert (used[ours[1].pk].share, used[ours[1].pk].blocked_until) == (0, None)
    assert ours[2].pk not in used
