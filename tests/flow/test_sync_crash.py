"""Processes die: a worker, the database. Nothing is lost, nothing is repeated."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections
from pytest_django import DjangoDbBlocker, Settings

from storeward import pipeline
from storeward.connectors.client import Manners
from storeward.lib import environment
from storeward.lib.postgres import Database, open_database
from storeward.records.models import Order, Stream
from storeward.stores.connection import working
from storeward.stores.models import Store
from storeward.sync.pull import pull

from .conftest import SandboxProcess, child_environment, differences, end_other_sessions, wait_until


@contextmanager
def worker(settings: Settings) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker process on this test's database; it is gone when the block ends."""
    process = subprocess.Popen([sys.executable, "-m", "storeward.cli.worker"], env=child_environment(settings))
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        end_other_sessions()


def settled() -> bool:
    """Every store that can be asked has its orders, and no job is left."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE '%sync_store' AND status IN ('todo', 'doing')"
        )
        busy = cursor.fetchone()[0]
    stores = Store.objects.filter(connection__state="active").count()
    return busy == 0 and Stream.objects.filter(name="orders", filled=True).count() == stores


def test_a_worker_that_is_killed_in_mid_sync_is_replaced_and_orders_equal_the_truth(
    fleet: SandboxProcess, settings: Settings
) -> None:
    first_store, *others = Store.objects.filter(connection__state="active").order_by("pk")
    fleet.fault("slow", on=True, seconds=0.15, stores=[first_store.platform_store_id])
    fleet.fault("timeout", on=True, stores=[store.platform_store_id for store in others])
    with worker(settings) as first:
        wait_until(Order.objects.exists, "the first page is written")
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    assert not settled()
    fleet.fault("slow", on=False)
    fleet.fault("timeout", on=False)
    with worker(settings) as second:
        wait_until(settled, "the second worker takes up what the first has left")
        assert differences(fleet) == {}
        second.terminate()
        assert second.wait(timeout=120) == 0, "a worker that is asked to end ends by itself"


@pytest.fixture
def own_server(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Database]:
    """A server that a test may kill: no other test works on it."""
    with django_db_blocker.unblock():
        connection.close()
        before = dict(connections.databases["default"])
        with open_database(tmp_path / "own") as server:
            entry = environment.database(server.url)
            connections.databases["default"].update({key: entry[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")})
            call_command("migrate", verbosity=0)
            yield server
            connection.close()
        connections.databases["default"].update(before)


def test_a_database_that_is_killed_comes_back_and_the_sync_goes_on(
    sandbox: SandboxProcess, keys: None, own_server: Database
) -> None:
    pipeline.demo_fleet(sandbox.credentials())
    sandbox.fault("slow", on=True, seconds=0.7)
    ids = list(Store.objects.filter(connection__state="active").values_list("pk", flat=True))
    connection.close()

    async def interrupted() -> None:
        async with working(manners=Manners(tries=1)):
            pulls = asyncio.gather(*(pull(store_id, only=("orders",)) for store_id in ids))
            await asyncio.sleep(0.4)
            assert own_server.pid is not None
            os.kill(own_server.pid, signal.SIGKILL)
            await pulls

    with pytest.raises((psycopg.OperationalError, psycopg.InterfaceError)):
        asyncio.run(asyncio.wait_for(interrupted(), 180))
    wait_until(lambda: own_server.pid is None, "the server is gone")
    own_server.revive()
    sandbox.fault("slow", on=False)
    pipeline.sync_due(everything=True)
    assert differences(sandbox) == {}
