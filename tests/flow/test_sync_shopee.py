"""Shopee's shops: a first fill equals the platform's truth, a second changes nothing, and what happens meanwhile arrives."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from storeward import pipeline
from storeward.lib import clock
from storeward.records.models import Order, Problem, Stream
from storeward.stores.models import Store

from .conftest import SandboxProcess, connected, differences, start_sandbox, stop_sandbox


@pytest.fixture
def fleet(keys: None, transactional_db: None) -> Iterator[SandboxProcess]:
    """Four shops, some of them abroad, whose clock stands."""
    at = f"{clock.now() - timedelta(days=3):%Y-%m-%dT%H:%M:%SZ}"
    running = start_sandbox("--stores", "4", "--frozen", "--at", at, "--seed", "5", platforms=("shopee",))
    yield connected(running)
    stop_sandbox(running)


def sync_everything() -> tuple[dict[str, int], set[str]]:
    """Ask every stream of every shop: what changed by kind, and which streams failed."""
    Stream.objects.update(due_at=clock.now())
    pulled = pipeline.sync_due().pulled
    changed: dict[str, int] = {}
    for one in pulled:
        for kind, ids in one.applied.changed.items():
            changed[kind] = changed.get(kind, 0) + len(ids)
    return changed, {name for one in pulled for name in one.failed}


def test_what_the_platform_holds_is_held_and_kept_up(fleet: SandboxProcess) -> None:
    changed, failed = sync_everything()
    assert differences(fleet) == {}
    assert failed <= {"wallet"}  # a shop abroad has none, which its profile says
    assert {"order", "package", "listing", "conversation", "message", "review", "transaction", "metric"} <= set(changed)
    assert set(Store.objects.values_list("seller_type", flat=True)) == {"local", "cross_border"}

    assert sync_everything()[1] == set()
    assert sync_everything() == ({}, set())

    fleet.post("/clock", advance="6h")
    changed, failed = sync_everything()
    assert failed == set()
    assert changed["order"] > 0
    assert differences(fleet) == {}
    assert not Problem.objects.exists()
    assert Order.objects.filter(open=True, ship_by_at__isnull=False).exists()
