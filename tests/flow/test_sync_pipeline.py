"""The timetable: what is due is queued once, judged after its pull, and taken up again when its worker has died."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from storeward import pipeline
from storeward.findings.evaluate import Evaluated, evaluate, evaluate_orders
from storeward.findings.models import Finding, Obligation
from storeward.lib import clock
from storeward.records.models import Change, Order, Stream
from storeward.rounds.models import Round
from storeward.stores.connection import revive_lost, working
from storeward.stores.models import Connection, ConnectionState, Store

from .conftest import SandboxProcess

T = TypeVar("T")


def as_worker(work: Callable[[], Awaitable[T]]) -> T:
    """Run `work` with what a worker process has open."""

    async def main() -> T:
        assert isinstance(app.connector, DjangoConnector)
        with app.replace_connector(app.connector.get_worker_connector()):
            async with working(), app.open_async():
                return await work()

    return asyncio.run(main())


def jobs(status: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (args ->> 'store_id')::bigint FROM procrastinate_jobs WHERE task_name LIKE '%%sync_store' AND status = %s "
            "ORDER BY 1",
            [status],
        )
        return [row[0] for row in cursor.fetchall()]


def askable() -> list[int]:
    return list(Store.objects.filter(connection__state="active").order_by("pk").values_list("pk", flat=True))


def test_the_first_round_shows_a_judged_fleet(fleet: SandboxProcess) -> None:
    synced = pipeline.first_round()
    assert len(synced.pulled) == len(askable())
    assert Order.objects.exists()
    assert not Change.objects.exists(), "what changed has been judged"
    assert Finding.objects.filter(store__connection__state="active").exists()
    assert Finding.objects.filter(rule="SW-CONNECTION-LOST").exists()
    assert Round.objects.count() == 1


def test_what_is_due_is_queued_once_and_lost_stores_never(fleet: SandboxProcess) -> None:
    async def twice() -> None:
        await pipeline.plan.func(0)
        await pipeline.plan.func(0)

    as_worker(twice)
    assert jobs("todo") == askable()
    ids = askable()
    assert as_worker(lambda: pipeline.queue_stores(ids)) == 0


def test_nothing_is_queued_while_nothing_is_due(fleet: SandboxProcess) -> None:
    for store in Store.objects.all():
        Stream.objects.create(
            store=store, workspace_id=store.workspace_id, name="orders", due_at=clock.now() + timedelta(hours=1)
        )
    as_worker(lambda: pipeline.plan.func(0))
    assert jobs("todo") == []
    Stream.objects.filter(store_id=askable()[0]).update(due_at=clock.now())
    as_worker(lambda: pipeline.plan.func(0))
    assert jobs("todo") == askable()[:1]


def test_the_job_of_a_dead_worker_is_taken_up(fleet: SandboxProcess) -> None:
    first = askable()[:1]
    as_worker(lambda: pipeline.queue_stores(first))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING id")
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers) "
            "WHERE task_name LIKE '%%sync_store'"
        )
    assert jobs("todo") == []
    assert as_worker(pipeline.take_up_stalled) == 1
    assert jobs("todo") == askable()[:1]


def test_the_job_of_a_living_worker_is_left_alone(fleet: SandboxProcess) -> None:
    first = askable()[:1]
    as_worker(lambda: pipeline.queue_stores(first))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()) RETURNING id")
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers) "
            "WHERE task_name LIKE '%%sync_store'"
        )
    assert as_worker(pipeline.take_up_stalled) == 0


def test_an_authorisation_that_was_lost_by_mistake_comes_back_by_itself(fleet: SandboxProcess) -> None:
    store = Store.objects.get(pk=askable()[0])
    before = Connection.objects.get(stores=store)
    long_ago = clock.now() - timedelta(hours=1)
    Connection.objects.filter(pk=before.pk).update(state=ConnectionState.REFUSED, state_reason="?", state_since=long_ago)
    back = as_worker(lambda: revive_lost(now=clock.now()))
    assert store.pk in back
    after = Connection.objects.get(pk=before.pk)
    assert (after.state, after.state_reason) == (ConnectionState.ACTIVE, "")
    assert after.sealed_refresh_token != before.sealed_refresh_token
    assert as_worker(lambda: revive_lost(now=clock.now())) == []


def ledger() -> set[tuple[object, ...]]:
    named = ("store_id", "rule", "subject_id", "starts_at", "due_at", "done_at", "state", "stake_amount", "lead_seconds")
    return set(Obligation.objects.filter(subject_kind="order").values_list(*named))


def test_orders_are_judged_while_the_pull_goes_on_and_as_their_rows_say(
    fleet: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits = list[int]()

    def counted(store_ids: Sequence[int], *, now: datetime) -> Evaluated:
        done = evaluate_orders(store_ids, now=now)
        visits.append(done.changes)
        return done

    monkeypatch.setattr(pipeline, "MANY", 1)
    monkeypatch.setattr(pipeline, "evaluate_orders", counted)
    pipeline.sync_due()
    assert sum(visits) > 0, "not only in the end"
    assert not Change.objects.exists()
    beside = ledger()
    assert beside

    Obligation.objects.all().delete()
    orders = Order.objects.values_list("store_id", "platform_id")
    Change.objects.bulk_create(Change(store_id=store, kind="order", platform_id=one, at=clock.now()) for store, one in orders)
    evaluate(askable(), now=clock.now())
    assert {row[:6] for row in ledger()} == {row[:6] for row in beside}, "whether told by the change or read from the row"


def test_a_failure_beside_a_pull_is_not_swallowed(fleet: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(store_ids: Sequence[int], *, now: datetime) -> Evaluated:
        raise LookupError("a rule that nobody knows")

    monkeypatch.setattr(pipeline, "MANY", 1)
    monkeypatch.setattr(pipeline, "evaluate_orders", broken)
    with pytest.raises(LookupError, match="nobody knows"):
        pipeline.sync_due()
    assert Change.objects.exists(), "what was not judged is there for the next"


def test_of_a_new_store_orders_come_first_and_its_job_returns_for_the_rest(fleet: SandboxProcess) -> None:
    store_id = askable()[0]
    as_worker(lambda: pipeline.sync_store.func(store_id))
    filled = Stream.objects.filter(store_id=store_id, filled=True)
    assert set(filled.values_list("name", flat=True)) == {"orders", "returns", "cancellations"}
    assert jobs("todo") == [store_id]
    as_worker(lambda: pipeline.sync_store.func(store_id))
    assert not Stream.objects.filter(store_id=store_id, filled=False, failures=0).exists()
    assert not Change.objects.filter(store_id=store_id).exists()


def test_a_worker_judges_together_who_waits_together(fleet: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """It works until all stores are judged, on connections that it keeps and in the end gives back."""
    ids, judged = askable(), list[set[int]]()

    def counted(store_ids: Sequence[int], *, now: datetime) -> Evaluated:
        judged.append(set(store_ids))
        return evaluate(store_ids, now=now)

    async def work() -> None:
        stop = asyncio.Event()
        worker = asyncio.create_task(pipeline.work(stop))
        while set().union(*judged) < set(ids):
            await asyncio.wait([worker], timeout=0.05)
            assert not worker.done()
        stop.set()
        await worker

    monkeypatch.setattr(pipeline, "evaluate", counted)
    as_worker(lambda: pipeline.queue_stores(ids))
    asyncio.run(work())
    assert all(len(one) <= pipeline.JUDGED_AT_ONCE for one in judged)
