"""The fleet benchmark reads what it prints from rows and processes: how far a fill is, how late a change came, what was used."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from bench import fleet_product
from bench.bare_calls import dealt
from bench.fleet import calls_by_platform, exceeded
from bench.fleet_product import Anchor
from bench.running import Used
from storeward.findings.tests import factories
from storeward.records.models import Order, Payload, Stream
from storeward.stores.models import Store

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
STATS = {
    "platforms": {
        "shopee": {"rate": {"calls": 7, "exceeded": 0}},
        "lazada": {"rate": {"calls": 5, "exceeded": 2}},
    }
}


def stream(shop: Store, name: str, *, filled: bool = True, family: str = "", until: datetime = LATER) -> None:
    Stream.objects.create(
        store=shop,
        workspace_id=shop.workspace_id,
        name=name,
        filled=filled,
        observed_at=NOW if filled else None,
        trusted_until=until if filled else None,
        due_at=LATER,
        error_family=family,
    )


@pytest.mark.django_db
def test_a_store_is_filled_when_each_stream_is_trusted_or_will_never_be_offered() -> None:
    done, refused, old, begun, _unvisited = (factories.store(number) for number in range(1, 6))
    Stream.objects.all().delete()
    for shop in (done, refused, old, begun):
        stream(shop, "orders")
    stream(refused, "wallet", filled=False, family="ScopeMissing")
    stream(refused, "push", filled=False)
    stream(old, "wallet", until=NOW)
    stream(begun, "wallet", filled=False, family="Unavailable")
    found = fleet_product.fill(NOW)
    assert (found.stores, found.trusted, found.refused) == (2, 4, 1)
    assert fleet_product.in_force() == 5
    assert fleet_product.orders_known() == 4
    assert {(name, family) for name, family, _ in fleet_product.not_trusted(NOW)} == {
        ("wallet", "ScopeMissing"),
        ("wallet", ""),
        ("wallet", "Unavailable"),
    }


@pytest.mark.django_db
def test_the_lag_is_the_time_between_the_platforms_change_and_our_row_by_our_clock() -> None:
    """The platform's clock stood two days ago and runs sixty times as fast: its minute is our second."""
    shop = factories.store(1)
    anchor = Anchor(began=NOW, stood=NOW - timedelta(days=2), speed=60)
    for number, (minutes, seconds) in enumerate([(1, 5), (2, 12), (3, 33), (-5, 50)]):
        changed, arrived = anchor.stood + timedelta(minutes=minutes), NOW + timedelta(seconds=seconds)
        Order.objects.create(
            store=shop,
            workspace_id=shop.workspace_id,
            platform_id=str(number),
            updated_at=changed,
            observed_at=arrived,
            digest=b"",
            data={},
            open=False,
        )
        Payload.objects.create(store=shop, kind="order", platform_id=str(number), digest=b"", body=b"{}", arrived_at=arrived)
    found = fleet_product.round_since(NOW, NOW + timedelta(minutes=1), anchor)
    assert found.orders == 3, "what changed before the clock ran has no lag"
    assert found.lag_median == pytest.approx(10)
    assert found.lag_late == pytest.approx(28)
    assert fleet_product.round_since(NOW + timedelta(seconds=20), NOW + timedelta(minutes=1), anchor).lag_median == pytest.approx(
        30
    )
    assert fleet_product.round_since(NOW + timedelta(minutes=5), NOW + timedelta(minutes=6), anchor).lag_median is None


def test_calls_and_those_beyond_a_limit_are_the_platforms_own_counts() -> None:
    assert calls_by_platform(STATS) == {"shopee": 7, "lazada": 5}
    assert exceeded(STATS) == 2


def test_the_bare_calls_are_dealt_evenly_and_never_none() -> None:
    credentials = {"platforms": {name: {"stores": [{"id": str(number)} for number in range(9)]} for name in ("a", "b", "c")}}
    assert [shop.platform for shop in dealt(credentials, 7)] == ["a", "a", "b", "b", "c", "c"]
    assert len(dealt(credentials, 1)) == 3


def test_what_a_process_uses_only_grows_and_its_peak_is_at_least_what_it_holds() -> None:
    before = Used.by(os.getpid())
    held = bytearray(b"x") * 30_000_000
    after = Used.by(os.getpid())
    assert len(held) == 30_000_000
    assert after.cpu_seconds >= before.cpu_seconds
    assert after.peak_bytes >= after.rss_bytes > 30_000_000
