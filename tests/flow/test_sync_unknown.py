"""What we can no longer see is unknown, within its trust time, for one reason: on the matrix, in the worklist, in the store's
stream. Never fine, and never a line for each thing that is missing.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest

from storeward import pipeline
from storeward.findings import clock as findings_clock
from storeward.findings import queries
from storeward.findings.evaluate import evaluate
from storeward.findings.own_rules import FACTS_STALE, PUSH_SILENT
from storeward.findings.rules import feeds
from storeward.lib import clock
from storeward.records.models import Stream
from storeward.rounds.matrix import matrix
from storeward.stores.connection import working
from storeward.stores.models import Store
from storeward.sync.push import TRUST

from .conftest import SandboxProcess, wait_until


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


def test_webhooks_that_fall_silent_are_one_cause_until_the_platform_sends_again(fleet: SandboxProcess, intake: str) -> None:
    pipeline.sync_due()
    fleet.post("/webhooks", address=intake)
    assert pipeline.listen(intake.split("/hooks/")[0]) == {}
    ids = list(Store.objects.filter(connection__state="active").order_by("pk").values_list("pk", flat=True))
    fleet.fault("drop_webhook", on=True)
    fleet.post("/clock", advance="6h")
    pipeline.sync_due(everything=True)
    silent = set(Stream.objects.filter(name="push", error_family="silent").values_list("store_id", flat=True))
    assert silent
    judge(ids, clock.now())
    assert not causes(ids, PUSH_SILENT), "what was heard last is trusted until its time is up"
    later = clock.now() + TRUST + timedelta(seconds=1)
    judge(ids, later)
    (line,) = causes(ids, PUSH_SILENT)
    assert silent <= set(line.store_ids), "one line for all of them"
    known = {store for store, cell in cells_of(ids, later, "orders") if cell != "unknown"}
    assert not known & silent, "a quiet store whose webhooks are silent is not fine"
    fleet.fault("drop_webhook", on=False)
    for number in Store.objects.filter(pk__in=line.store_ids).values_list("platform_store_id", flat=True):
        fleet.post("/orders", store=number, count=1)
    wait_until(lambda: heard(line.store_ids), "the platform's own webhooks arrive")
    judge(ids, clock.now())
    assert not causes(ids, PUSH_SILENT)


def heard(store_ids: Sequence[int]) -> bool:
    """A worker takes what has come; whether every store has been heard of again."""

    async def main() -> None:
        async with working():
            await pipeline.handle_pushes()

    asyncio.run(main())
    return not Stream.objects.filter(store_id__in=store_ids, name="push").exclude(error_family="").exists()


def cells_of(store_ids: list[int], now: datetime, feed: str) -> Iterator[tuple[int, str]]:
    """(store, state) of the cells without a finding that stand on this feed."""
    seen = matrix(store_ids, now=now)
    told_by = {item.id for item in seen.items if any(feeds().get(rule) == feed for rule in item.rules)}
    for (store_id, item), cell in seen.cells.items():
        if item in told_by and not cell.findings and cell.state != "not_applicable":
            yield store_id, cell.state
