"""Every fault on every platform: afterwards the product holds what the platform holds, and no call budget was exceeded."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings

from storeward import pipeline
from storeward.connectors.client import Manners
from storeward.lib import clock
from storeward.records.models import Order, Stream
from storeward.records.queries import export_orders
from storeward.stores.connection import working
from storeward.stores.models import App, Connection, ConnectionState, Store
from storeward.sync.models import Push, PushState
from storeward.sync.pull import Pulled, pull

from .conftest import (
    EVERYWHERE,
    SandboxProcess,
    connected,
    end_other_sessions,
    intake_at,
    start_sandbox,
    stop_sandbox,
    wait_until,
)

PATIENT = Manners()
QUICK = Manners(tries=2, first_wait=0.02, longest_wait=0.2, timeout=2.0)
"""While a fault is on. Afterwards a call that takes long is a busy machine, not the fault."""
ORDERS = ("orders", "order_lines")
"""Streams that bring orders: Lazada tells their lines by a call of their own."""
BY_CALL = ["throttle", "server_error", "timeout", "truncated", "garbage", "slow", "token_expired", "clock_skew"]
BY_PUSH = ["duplicate_webhook", "reorder_webhook", "drop_webhook", "forged_webhook", "stranger_webhook"]
MEASURE = {"slow": 0.2, "timeout": 2.5, "clock_skew": 3 * 3600.0}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    """Two stores of each platform in a world that stands three days ago, so that moving it does not lead into our future."""
    at = f"{clock.now() - timedelta(days=3):%Y-%m-%dT%H:%M:%SZ}"
    found = start_sandbox("--stores", "8", "--frozen", "--at", at, "--seed", "9", "--retry-scale", "0.002", platforms=EVERYWHERE)
    yield found
    stop_sandbox(found)


@pytest.fixture
def world(sandbox: SandboxProcess, keys: None, transactional_db: None) -> Iterator[SandboxProcess]:
    yield connected(sandbox)
    end_other_sessions()


def pull_all(manners: Manners = PATIENT) -> list[Pulled]:
    """Ask all stores for what brings orders."""
    ids = list(Store.objects.filter(connection__state="active").values_list("pk", flat=True))

    async def main() -> list[Pulled]:
        async with working(manners=manners):
            return await asyncio.gather(*(pull(store_id, only=ORDERS) for store_id in ids))

    return asyncio.run(main())


def differences(world: SandboxProcess) -> dict[tuple[str, str, str], tuple[int, int]]:
    """(platform, store, its word) -> what the product and the platform hold, where these differ."""
    platforms = {store.platform_store_id: store.platform for store in Store.objects.all()}
    truth = {store: told for store, told in world.truth().items() if told["reachable"]}
    assert {platforms[store] for store in truth} == set(EVERYWHERE)
    theirs = Counter({(store, word): n for store, told in truth.items() for word, n in told["orders_by_status"].items()})
    ours = Counter((row["platform_store_id"], row["platform_status"]) for row in export_orders())
    return {
        (platforms[store], store, word): (ours[store, word], theirs[store, word])
        for store, word in theirs.keys() | {key for key in ours if key[0] in truth}
        if ours[store, word] != theirs[store, word]
    }


def exceeded(world: SandboxProcess) -> dict[str, int]:
    """Platform -> calls beyond its limit."""
    return {platform: over for platform in EVERYWHERE if (over := world.stats(platform)["rate"]["exceeded"])}


@pytest.mark.parametrize("fault", BY_CALL)
def test_after_a_fault_of_calls_every_platforms_orders_equal_its_truth(world: SandboxProcess, fault: str) -> None:
    world.fault(fault, on=True, rate=0.4, seconds=MEASURE.get(fault))
    for _ in range(2):
        pull_all(QUICK)
    world.fault(fault, on=False)
    pull_all()
    pull_all()
    assert differences(world) == {}
    assert exceeded(world) == {}
    assert not Stream.objects.filter(name__in=ORDERS).exclude(error_family="").exists()
    lost = Connection.objects.exclude(state=ConnectionState.ACTIVE).exclude(platform_user_id="demo-gone")
    assert not lost.exists(), "a fault of the platform is no end of an authorisation"


def test_a_platform_that_nobody_reaches_is_told_so_and_loses_nothing(world: SandboxProcess) -> None:
    pull_all()
    before = Order.objects.count()
    for fault in ("server_error", "clock_skew"):
        world.fault(fault, on=True, rate=1.0, seconds=MEASURE.get(fault))
        failed = {Store.objects.get(pk=one.store_id).platform for one in pull_all(QUICK) if not one.whole}
        world.fault(fault, on=False)
        assert failed == set(EVERYWHERE), fault
    assert Order.objects.count() == before
    broken = Stream.objects.filter(name="orders", store__connection__state="active")
    assert all(stream.error_text and stream.failing_since for stream in broken)
    pull_all()
    assert not Stream.objects.filter(name="orders").exclude(error_family="").exists()
    assert differences(world) == {}


@pytest.mark.parametrize("platform", EVERYWHERE)
def test_an_authorisation_that_is_withdrawn_is_one_fact_and_the_others_go_on(world: SandboxProcess, platform: str) -> None:
    pull_all()
    reachable = {store for store, told in world.truth().items() if told["reachable"]}
    gone = Store.objects.filter(platform=platform, platform_store_id__in=reachable).order_by("pk")[0]
    world.post("/authorizations", store=gone.platform_store_id, do="revoke")
    try:
        pulled = {one.store_id: one.whole for one in pull_all()}
        assert not pulled[gone.pk]
        connection = Connection.objects.get(stores=gone)
        assert connection.state != ConnectionState.ACTIVE
        assert connection.state_reason
        same = set(Store.objects.filter(connection=connection).values_list("pk", flat=True))
        assert all(whole for store_id, whole in pulled.items() if store_id not in same)
    finally:
        world.post("/authorizations", store=gone.platform_store_id, do="restore")


@pytest.mark.parametrize("fault", BY_PUSH)
def test_after_a_fault_of_webhooks_every_platforms_orders_equal_its_truth(
    world: SandboxProcess, settings: Settings, fault: str
) -> None:
    pull_all()
    with intake_at(settings) as base:
        for app in App.objects.all():
            world.post("/webhooks", platform=app.platform, address=f"{base}/hooks/{app.platform}/{app.pk}/")
        world.fault(fault, on=True, rate=0.5)
        world.post("/clock", advance="8h")
        wait_until(lambda: delivered(world), "the platforms have sent what they had to send")
        world.fault(fault, on=False)
        world.post("/webhooks", address="")
    handle()
    assert set(Push.objects.values_list("app__platform", flat=True)) == set(EVERYWHERE)
    assert not Push.objects.filter(state=PushState.NEW).exists()
    pull_all()
    assert differences(world) == {}
    assert exceeded(world) == {}


def delivered(world: SandboxProcess) -> bool:
    return not world.get("/stats")["webhooks"]["waiting"]


def handle() -> None:
    """What a worker does with the webhooks that came."""

    async def main() -> None:
        async with working():
            await pipeline.handle_pushes()

    asyncio.run(main())
