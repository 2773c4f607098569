"""Every fault on every platform: afterwards the product holds what the platform holds, and no call budget was exceeded."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.db.models import Sum
from pytest_django import Settings

from storeward import pipeline
from storeward.connectors.client import Manners
from storeward.connectors.contract import Level, Request
from storeward.connectors.douyin.order_acts import remark_request
from storeward.connectors.douyin.orders import order_detail_request as order_request
from storeward.connectors.errors import CallerRefused, OutcomeUnknown, Unavailable
from storeward.connectors.lazada.lines import items_request
from storeward.connectors.lazada.orders import set_invoice_number_request
from storeward.connectors.shopee.orders import note_request, order_detail_request
from storeward.connectors.tiktok_shop.stores import set_webhook_request, webhooks_request
from storeward.lib import clock
from storeward.records.models import Order, Problem, Stream
from storeward.records.queries import export_orders
from storeward.stores.connection import open_client, working
from storeward.stores.models import App, CallBudget, Connection, ConnectionState, Store
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
QUICK = Manners(tries=2, first_wait=0.02, longest_wait=0.2, timeout=1.0)
"""While a fault is on. Afterwards a call that takes long is a busy machine, not the fault."""
ORDERS = ("orders", "order_lines")
"""Streams that bring orders: Lazada tells their lines by a call of their own."""
BY_CALL: list[tuple[str, float | None]] = [
    ("throttle", None),
    ("throttle", 1.0),  # with a Retry-After
    ("server_error", None),
    ("timeout", 1.2),
    ("timeout_before", 1.2),
    ("truncated", None),
    ("garbage", None),
    ("slow", 0.1),
    ("token_expired", None),
    ("clock_skew", 3 * 3600.0),
    ("blocked_address", None),
    ("empty_page", None),
    ("repeated_page", None),
]
"""Faults, and their measures in seconds."""
BY_PUSH = ["duplicate_webhook", "reorder_webhook", "drop_webhook", "forged_webhook", "stranger_webhook", "replay_webhook"]


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


def forget_orders() -> None:
    """As before the first fill: the next pull reads every page anew. Nobody holds back any longer either."""
    Order.objects.all().delete()
    Stream.objects.filter(name__in=ORDERS).delete()
    Problem.objects.all().delete()
    CallBudget.objects.update(blocked_until=None)


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


def test_after_each_fault_of_calls_every_platforms_orders_equal_its_truth(world: SandboxProcess) -> None:
    wrong: dict[str, object] = {}
    for fault, seconds in BY_CALL:
        forget_orders()
        # Of a token that is renewed and refused at every turn nobody would say that it is a fault of the platform.
        for rate in (0.4,) if fault == "token_expired" else (1.0, 0.4):
            world.fault(fault, on=True, rate=rate, seconds=seconds)
            pull_all(QUICK)
        world.fault(fault, on=False)
        pull_all()
        pull_all()
        broken = list(Stream.objects.filter(name__in=ORDERS).exclude(error_family="").values_list("name", "error_text"))
        if found := [one for one in (differences(world), exceeded(world), broken) if one]:
            wrong[f"{fault} {seconds or ''}"] = found
    assert wrong == {}
    assert {fault for fault, _ in BY_CALL} <= world.get("/stats")["fault_hits"].keys() | {"token_expired"}
    lost = Connection.objects.exclude(state=ConnectionState.ACTIVE).exclude(platform_user_id="demo-gone")
    assert not lost.exists(), "a fault of the platform is no end of an authorisation"


def test_what_comes_in_a_wrong_type_is_read_all_the_same_or_told(world: SandboxProcess) -> None:
    """A field that cannot be read costs that field, an order without a number that order: each is told, store by store."""
    for _ in range(2):
        forget_orders()
        world.fault("wrong_types", on=True, rate=0.5)
        pull_all(QUICK)
        world.fault("wrong_types", on=False)
        pull_all()
        missing: Counter[str] = Counter()
        for (_, store, _), (ours, theirs) in differences(world).items():
            missing[store] += max(0, theirs - ours)
        assert {store: (n, told_of(store)) for store, n in missing.items() if n > told_of(store)} == {}
        assert not Stream.objects.filter(name__in=ORDERS).exclude(error_family="").exists()
    assert Problem.objects.filter(level=Level.ERROR).exists()
    forget_orders()
    pull_all()
    assert differences(world) == {}
    assert exceeded(world) == {}


def told_of(platform_store_id: str) -> int:
    """How often something that matters could not be read of a store."""
    found = Problem.objects.filter(store__platform_store_id=platform_store_id, level=Level.ERROR)
    return int(found.aggregate(times=Sum("count"))["times"] or 0)


@dataclass(frozen=True)
class Write:
    """What is written of an order, and the question by which it is read back."""

    write: Callable[[str, str, str], Request]
    """(order, its first line, text)."""
    read: Callable[[str], Request]


WRITES = {
    "tiktok_shop": Write(
        lambda order, line, text: set_webhook_request("PACKAGE_UPDATE", f"https://app.test/{text}"),
        lambda order: webhooks_request(),
    ),
    "shopee": Write(lambda order, line, text: note_request(order, text), lambda order: order_detail_request([order])),
    "lazada": Write(lambda order, line, text: set_invoice_number_request(line, text), items_request),
    "douyin": Write(lambda order, line, text: remark_request(order, text), order_request),
}


def test_a_write_whose_answer_is_lost_is_sent_once_and_read_back_before_it_is_tried_again(world: SandboxProcess) -> None:
    forget_orders()
    pull_all()
    reachable = {store for store, told in world.truth().items() if told["reachable"]}
    chosen = {
        platform: Order.objects.filter(store__platform=platform, store__platform_store_id__in=reachable).order_by("-pk")[0]
        for platform in EVERYWHERE
    }
    for fault, done in (("timeout", True), ("timeout_before", False)):
        for platform, order in chosen.items():
            before = world.get("/stats")["fault_hits"].get(fault, 0)
            found = asyncio.run(lost_and_read_back(world, order.store_id, order.platform_id, WRITES[platform], fault))
            assert found == (done, True), (platform, fault)
            assert world.get("/stats")["fault_hits"][fault] == before + 1, (platform, fault)


async def lost_and_read_back(world: SandboxProcess, store_id: int, order_id: str, ours: Write, fault: str) -> tuple[bool, bool]:
    """Whether the platform has what was written after its answer was lost, and after it was sent again where it had not."""
    async with working(manners=PATIENT):
        client = await open_client(store_id)
        (order,) = (await client.read_one(LINES_OF.get(client.connector.id, "order"), order_id)).parsed.records
        line = getattr(order, "lines")[0].platform_line_id  # noqa: B009
        request, text = ours.write(order_id, line, f"{fault}-{client.connector.short}"), f"{fault}-{client.connector.short}"
        world.fault(fault, on=True, seconds=0.1)
        with pytest.raises(OutcomeUnknown):
            await client.call(request)
        world.fault(fault, on=False)
        done = text.encode() in (await client.call(ours.read(order_id))).body
        if not done:
            await client.call(request)
        return done, text.encode() in (await client.call(ours.read(order_id))).body


LINES_OF = {"lazada": "order_lines"}
"""Where an order's lines are read by a call of their own."""


def test_a_platform_that_nobody_reaches_is_told_so_and_loses_nothing(world: SandboxProcess) -> None:
    pull_all()
    before = Order.objects.count()
    for fault, family in (("server_error", Unavailable), ("clock_skew", CallerRefused), ("blocked_address", CallerRefused)):
        world.fault(fault, on=True, rate=1.0, seconds=3 * 3600.0)
        failed = [one for one in pull_all(replace(QUICK, timeout=PATIENT.timeout)) if not one.whole]
        world.fault(fault, on=False)
        assert {Store.objects.get(pk=one.store_id).platform for one in failed} == set(EVERYWHERE), fault
        assert {type(error) for one in failed for error in one.failed.values()} == {family}, fault
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


def test_after_each_fault_of_webhooks_every_platforms_orders_equal_its_truth(world: SandboxProcess, settings: Settings) -> None:
    pull_all()
    wrong: dict[str, object] = {}
    with intake_at(settings) as base:
        for app in App.objects.all():
            world.post("/webhooks", platform=app.platform, address=f"{base}/hooks/{app.platform}/{app.pk}/")
        for fault in BY_PUSH:
            world.fault(fault, on=True, rate=0.5)
            world.post("/clock", advance="5h")
            wait_until(lambda: delivered(world), "the platforms have sent what they had to send")
            world.fault(fault, on=False)
            handle()
            pull_all()
            waiting = Push.objects.filter(state=PushState.NEW).count()
            if found := [one for one in (differences(world), exceeded(world), waiting) if one]:
                wrong[fault] = found
        world.post("/webhooks", address="")
    assert wrong == {}
    assert set(Push.objects.values_list("app__platform", flat=True)) == set(EVERYWHERE)


def delivered(world: SandboxProcess) -> bool:
    return not world.get("/stats")["webhooks"]["waiting"]


def handle() -> None:
    """What a worker does with the webhooks that came."""

    async def main() -> None:
        async with working():
            await pipeline.handle_pushes()

    asyncio.run(main())
