"""What we can no longer see is unknown, within its trust time, for one reason: on the matrix, in the worklist, in the store's
stream. Never fine, and never a line for each thing that is missing.
"""

import asyncio
from datetime import datetime, timedelta

import pytest

from storeward import pipeline
from storeward.findings import clock as findings_clock
from storeward.findings import queries
from storeward.findings.evaluate import evaluate
from storeward.findings.own_rules import FACTS_STALE, PUSH_SILENT
from storeward.lib import clock
from storeward.records.models import Order, Stream
from storeward.rounds.matrix import matrix
from storeward.stores.connection import find, working
from storeward.stores.models import Store
from storeward.sync.push import TRUST, expect_pushes, watch_pushes

from .conftest import SandboxProcess


@pytest.fixture
def stores(fleet: SandboxProcess) -> list[Store]:
    """The stores that can be asked, all of them asked."""
    synced = pipeline.sync_due()
    assert not synced.failed
    found = list(Store.objects.filter(connection__state="active").order_by("pk"))
    reachable = {number for number, truth in fleet.truth().items() if truth["reachable"]}
    return [store for store in found if store.platform_store_id in reachable]


def judge(store_ids: list[int], now: datetime) -> None:
    """What the clock and an evaluation do at `now`."""
    evaluate(store_ids, now=now)
    findings_clock.tick(now=now)


def causes(store_ids: list[int], rule: str) -> list[queries.Group]:
    """The lines on the page that say what cannot be told, under `rule`, but for facts that people enter."""
    found = queries.groups(store_ids, filters=queries.Filters(known=False))
    return [group for group in found if group.headline.rule == rule and not group.headline.cause.startswith("old:")]


def unknown_cells(store_ids: list[int], now: datetime) -> set[str]:
    cells = matrix(store_ids, now=now).cells
    return {item for (_, item), cell in cells.items() if cell.state == "unknown"}


def test_a_stream_that_fails_on_every_store_turns_unknown_within_its_trust_for_one_reason(
    fleet: SandboxProcess, stores: list[Store]
) -> None:
    ids = [store.pk for store in stores]
    now = clock.now()
    judge(ids, now)
    before = unknown_cells(ids, now)
    assert not causes(ids, FACTS_STALE)
    fleet.fault("server_error", on=True)
    Stream.objects.filter(store_id__in=ids, name="orders").update(due_at=now)
    pipeline.sync_due([store.key for store in stores])
    failing = Stream.objects.filter(store_id__in=ids, name="orders")
    assert {stream.failing_since is not None for stream in failing} == {True}
    # Until its trust ends the last answer stands; from then on it does not.
    until = max(stream.trusted_until for stream in failing if stream.trusted_until is not None)
    assert until <= now + timedelta(hours=2)
    later = until + timedelta(seconds=1)
    judge(ids, later)
    (stale,) = causes(ids, FACTS_STALE)
    assert set(stale.store_ids) == set(ids)
    after = unknown_cells(ids, later)
    assert before < after


def test_webhooks_that_fall_silent_are_one_cause_and_recover_with_the_next_one(stores: list[Store]) -> None:
    ids = [store.pk for store in stores]
    store = Store.objects.filter(pk__in=ids).order_by("pk")[0]
    changed = list(Order.objects.filter(store=store).values_list("platform_id", flat=True)[:3])
    assert changed
    now = clock.now()

    async def fall_silent() -> None:
        async with working():
            await expect_pushes([store.pk], now=now)
            await watch_pushes(await find(store.pk), changed, since=now, now=now)

    asyncio.run(fall_silent())
    stream = Stream.objects.get(store=store, name="push")
    assert (stream.error_family, stream.failing_since) == ("silent", now)
    assert stream.trusted_until == now + TRUST
    later = now + TRUST + timedelta(seconds=1)
    judge(ids, later)
    (silent,) = causes(ids, PUSH_SILENT)
    assert (silent.count, tuple(silent.store_ids)) == (1, (store.pk,))
    # A webhook comes: everything about them is forgiven.
    Stream.objects.filter(pk=stream.pk).update(
        error_family="", error_text="", failing_since=None, failures=0, observed_at=later, trusted_until=later + TRUST
    )
    judge(ids, later + timedelta(seconds=5))
    assert not causes(ids, PUSH_SILENT)
