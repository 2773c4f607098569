"""Which changes that a poll finds count as announced: one set of orders, and what webhooks said since the poll before."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from storeward import canon
from storeward.records.models import Stream
from storeward.stores.connection import find
from storeward.stores.models import App, Store
from storeward.sync.apply import Applied
from storeward.sync.models import Push
from storeward.sync.push import expect_pushes, watch_pushes
from storeward.sync.tests.conftest import run

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=1)
ORDERS = ("576460000000000001", "576460000000000002", "576460000000000003")

Said = list[tuple[str, str, bytes]]
"""Of each webhook: kind, which one, body."""


def order(number: str, changed: datetime) -> canon.Order:
    return canon.Order(platform_order_id=number, platform_status="PAID", status=canon.OrderStatus.UNKNOWN, updated_at=changed)


def test_an_order_is_announced_by_any_webhook_that_names_it(store: Store, write: Callable[..., Applied]) -> None:
    changed = NOW - timedelta(minutes=30)
    write(*(order(one, changed) for one in ORDERS), asked_at=NOW)
    by_id: Said = [("order", one, b"{}") for one in ORDERS]
    within: Said = [
        ("cancellation", "4031", b'{"data": {"cancel_id": "4031", "order_id": "%b"}}' % one.encode()) for one in ORDERS
    ]
    cases: list[tuple[Said, datetime, str]] = [
        ([], NOW, "3 changed orders"),
        (by_id, NOW, ""),
        (within, NOW, ""),
        ([*by_id[:1], *within[1:2]], NOW, ""),
        (within[:1], NOW, "2 changed orders"),
        ([("order", "576460000000000009", b"{}")], NOW, "3 changed orders"),
        (by_id, EARLIER - timedelta(minutes=10), "3 changed orders"),
    ]
    for said, arrived, text in cases:
        assert heard(store, said, arrived).startswith(text) is True, (said, text)
        assert bool(heard(store, said, arrived)) is bool(text), (said, text)


def test_an_order_that_changed_a_moment_ago_may_still_be_announced(store: Store, write: Callable[..., Applied]) -> None:
    write(order(ORDERS[0], NOW - timedelta(seconds=30)), asked_at=NOW)
    assert heard(store, [], NOW) == ""


def heard(store: Store, said: Said, arrived: datetime) -> str:
    """Why webhooks count as silent after a poll that found all of ORDERS changed."""
    Stream.objects.filter(store=store, name="push").delete()
    Push.objects.all().delete()
    app = App.objects.get()
    Push.objects.bulk_create(
        Push(
            app=app,
            notification_id=str(number),
            platform_store_id=store.platform_store_id,
            kind=kind,
            platform_id=which,
            body=body,
            received_at=arrived,
        )
        for number, (kind, which, body) in enumerate(said)
    )

    async def main() -> None:
        await expect_pushes([store.pk], now=EARLIER)
        await watch_pushes(await find(store.pk), ORDERS, since=EARLIER, now=NOW)

    run(main)
    return Stream.objects.get(store=store, name="push").error_text
