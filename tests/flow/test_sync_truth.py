"""What the product holds equals what the platform holds, whatever happens in between."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from storeward import pipeline
from storeward.connectors.client import Manners
from storeward.records.models import Conversation, Order, Payload, Stream
from storeward.stores.connection import working
from storeward.stores.models import Connection, ConnectionState, Store
from storeward.sync.pull import Pulled, pull

from .conftest import SandboxProcess, differences

PATIENT = Manners()
QUICK = Manners(tries=2, first_wait=0.02, longest_wait=0.2, timeout=2.0)
"""While a fault is on. Afterwards a call that takes long is a busy machine, not the fault."""


def pull_all(manners: Manners = PATIENT, *, only: Sequence[str] = ("orders",), stores: Sequence[int] = ()) -> list[Pulled]:
    """Ask these streams of all stores (or of `stores`)."""
    ids = stores or list(Store.objects.filter(connection__state="active").values_list("pk", flat=True))

    async def main() -> list[Pulled]:
        async with working(manners=manners):
            return await asyncio.gather(*(pull(store_id, only=only) for store_id in ids))

    return asyncio.run(main())


def test_after_a_first_fill_and_an_advance_of_the_clock_orders_equal_the_truth(fleet: SandboxProcess) -> None:
    synced = pipeline.sync_due()
    assert synced.failed == ()
    assert differences(fleet) == {}
    assert Order.objects.count() > 60
    assert Conversation.objects.filter(buyer_waits_since__isnull=False).exists()
    assert not Stream.objects.filter(trusted_until=None).exclude(store__connection__state="active").exists()

    payloads = Payload.objects.filter(kind="order").count()
    again = pipeline.sync_due(everything=True)
    assert not any(one.applied.changed.get("order") for one in again.pulled)
    assert Payload.objects.filter(kind="order").count() == payloads

    fleet.post("/clock", advance="12h")
    pipeline.sync_due(everything=True)
    assert differences(fleet) == {}
    assert Payload.objects.filter(kind="order").count() > payloads
    assert fleet.stats()["rate"]["exceeded"] == 0


@pytest.mark.parametrize("fault", ["throttle", "server_error", "truncated", "garbage", "timeout", "slow", "token_expired"])
def test_what_a_fault_interrupts_is_continued_until_orders_equal_the_truth(fleet: SandboxProcess, fault: str) -> None:
    fleet.fault(fault, on=True, rate=0.4, seconds=0.2 if fault == "slow" else 2.5)
    for _ in range(2):
        pull_all(QUICK)
    fleet.fault(fault, on=False)
    pull_all()
    assert differences(fleet) == {}
    assert not Stream.objects.filter(name="orders", error_family__gt="").exists()
    assert not Connection.objects.filter(platform_user_id__startswith="7").exclude(state=ConnectionState.ACTIVE).exists()


def test_a_stream_that_fails_keeps_its_trust_time_and_says_why(fleet: SandboxProcess) -> None:
    pull_all()
    before = dict(Stream.objects.filter(name="orders").values_list("store_id", "trusted_until"))
    fleet.fault("server_error", on=True)
    pulled = pull_all(QUICK)
    assert all(not one.whole for one in pulled)
    for row in Stream.objects.filter(name="orders"):
        assert row.trusted_until == before[row.store_id]
        assert (row.error_family, row.failures) == ("Unavailable", 1)
        assert row.failing_since is not None
        assert row.error_text
    fleet.fault("server_error", on=False)
    pull_all()
    assert not Stream.objects.filter(name="orders", failing_since__isnull=False).exists()


def test_two_workers_with_an_expired_token_refresh_it_once(fleet: SandboxProcess) -> None:
    store = Store.objects.filter(connection__state="active").order_by("pk").first()
    assert store is not None
    fleet.post("/authorizations", store=store.platform_store_id, do="expire_access")
    before = fleet.stats()["token_refreshes"]

    async def one() -> Pulled:
        return await pull(store.pk, only=("orders",))

    async def main() -> list[Pulled]:
        async with working():
            return list(await asyncio.gather(one(), one(), one()))

    pulled = asyncio.run(main())
    assert all(one.whole for one in pulled)
    assert fleet.stats()["token_refreshes"] == before + 1


def test_a_withdrawn_authorisation_becomes_one_fact_and_no_call_follows(fleet: SandboxProcess) -> None:
    store = Store.objects.filter(connection__state="active").order_by("pk").first()
    assert store is not None
    fleet.post("/authorizations", store=store.platform_store_id, do="revoke")
    pulled = pull_all(stores=[store.pk])
    assert not pulled[0].whole
    lost = Connection.objects.get(stores=store)
    assert lost.state != ConnectionState.ACTIVE
    assert lost.state_reason
    since, calls = lost.state_since, fleet.stats()["requests"]
    pull_all(stores=[store.pk])
    assert fleet.stats()["requests"] == calls
    assert Connection.objects.get(stores=store).state_since == since
    assert not Stream.objects.filter(store=store, due_at__lt=lost.state_since + timedelta(days=300)).exists()
    others = [one for one in pull_all() if one.store_id != store.pk]
    assert others
    assert all(one.whole for one in others)
    fleet.post("/authorizations", store=store.platform_store_id, do="restore")


def test_the_call_budget_is_never_exceeded_by_several_processes_at_once(fleet: SandboxProcess) -> None:
    store = Store.objects.filter(connection__state="active").order_by("pk").first()
    assert store is not None

    async def worker() -> None:
        async with working():
            for _ in range(8):
                await pull(store.pk, only=("orders", "listings"))

    async def main() -> None:
        await asyncio.gather(*(asyncio.create_task(worker()) for _ in range(4)))

    asyncio.run(main())
    rate = fleet.stats()["rate"]
    assert rate["exceeded"] == 0
    assert rate["calls"] >= 60


def test_an_order_keeps_its_history(fleet: SandboxProcess) -> None:
    pull_all()
    fleet.post("/clock", advance="30h")
    pull_all()
    twice = Payload.objects.filter(kind="order").values_list("store_id", "platform_id")
    counts = {key: list(twice).count(key) for key in set(twice)}
    assert max(counts.values()) >= 2
    assert Order.objects.count() == len(counts)
    assert differences(fleet) == {}
