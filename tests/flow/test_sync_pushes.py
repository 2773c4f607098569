"""Webhooks on their way from the platform to a read-back record, over real HTTP."""

import asyncio
import hmac
import json
import urllib.error
import urllib.request
from hashlib import sha256
from typing import Any

from storeward import pipeline
from storeward.records.models import Order, Stream
from storeward.stores.connection import working
from storeward.stores.models import Connection, ConnectionState, Store
from storeward.sync.models import Push, PushState

from .conftest import SandboxProcess, differences, wait_until


def work() -> None:
    """What a worker does when webhooks have come, and the streams that they made due."""

    async def main() -> None:
        async with working():
            await pipeline.handle_pushes()

    asyncio.run(main())


def send(fleet: SandboxProcess, address: str, body: dict[str, Any], secret: str | None = None) -> int:
    """Deliver a webhook by hand; the status of the answer."""
    given = fleet.credentials()["platforms"]["tiktok_shop"]
    raw = json.dumps(body).encode()
    signed = hmac.new((secret or given["app_secret"]).encode(), given["app_key"].encode() + raw, sha256).hexdigest()
    request = urllib.request.Request(address, data=raw, headers={"Authorization": signed, "content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.read() == b""
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code


def order_push(store: str, order: str, number: str) -> dict[str, Any]:
    data = {"order_id": order, "order_status": "AWAITING_SHIPMENT", "is_on_hold_order": False, "update_time": 1_795_000_000}
    return {"type": 1, "tts_notification_id": number, "shop_id": store, "timestamp": 1_795_000_001, "data": data}


def test_new_orders_arrive_by_webhook_doubled_and_reordered_alike(fleet: SandboxProcess, intake: str) -> None:
    store = Store.objects.filter(connection__state="active").order_by("pk").first()
    assert store is not None
    fleet.post("/webhooks", address=intake)
    fleet.fault("duplicate_webhook", on=True)
    fleet.fault("reorder_webhook", on=True, rate=0.5)
    placed = fleet.post("/orders", store=store.platform_store_id, count=3)["orders"]
    fleet.post("/clock", advance="2h")
    wait_until(lambda: set(placed) <= set(Push.objects.values_list("platform_id", flat=True)), "webhooks are stored")
    work()
    pipeline.sync_due()
    assert set(placed) <= set(Order.objects.filter(store=store).values_list("platform_id", flat=True))
    assert Push.objects.count() == Push.objects.values("notification_id").distinct().count()
    assert not Push.objects.filter(state=PushState.NEW).exists()
    assert differences(fleet) == {}


def test_dropped_webhooks_cost_time_but_no_order(fleet: SandboxProcess, intake: str) -> None:
    pipeline.sync_due()
    fleet.post("/webhooks", address=intake)
    fleet.fault("drop_webhook", on=True)
    fleet.post("/clock", advance="3h")
    assert not Push.objects.exists()
    pipeline.sync_due(everything=True)
    assert differences(fleet) == {}


def test_bad_deliveries_are_refused_and_nothing_is_stored(fleet: SandboxProcess, intake: str) -> None:
    store = Store.objects.filter(connection__state="active").order_by("pk").first()
    assert store is not None
    good = order_push(store.platform_store_id, "576460000000000001", "1")
    assert send(fleet, intake, good, secret="wrong") == 401
    assert send(fleet, intake, good | {"padding": "x" * 300_000}) == 413
    assert send(fleet, intake.replace("/tiktok_shop/", "/elsewhere/"), good) == 404
    assert send(fleet, intake.rstrip("/") + "999/", good) == 404
    assert not Push.objects.exists()
    assert send(fleet, intake, good) == 200
    assert send(fleet, intake, good) == 200
    assert Push.objects.count() == 1


def test_a_webhook_about_a_store_that_is_not_ours_is_ignored_and_counted(fleet: SandboxProcess, intake: str) -> None:
    assert send(fleet, intake, order_push("7494999999999999999", "576460000000000001", "77")) == 200
    work()
    assert Push.objects.get().state == PushState.IGNORED


def test_the_news_of_a_withdrawn_authorisation_is_a_fact_at_once(fleet: SandboxProcess, intake: str) -> None:
    store = Store.objects.filter(connection__state="active").order_by("pk").first()
    assert store is not None
    body = {"type": 6, "tts_notification_id": "6", "shop_id": store.platform_store_id, "timestamp": 1, "data": {"message": "off"}}
    assert send(fleet, intake, body) == 200
    work()
    assert Connection.objects.get(stores=store).state == ConnectionState.REVOKED


def test_webhooks_that_fall_silent_are_noticed_and_recover_by_themselves(fleet: SandboxProcess, intake: str) -> None:
    pipeline.sync_due()
    fleet.post("/webhooks", address=intake)
    assert pipeline.listen(intake.split("/hooks/")[0]) == {}
    pushes = Stream.objects.filter(name="push", error_family="")
    assert pushes.count() == Store.objects.filter(connection__state="active").count()
    fleet.fault("drop_webhook", on=True)
    fleet.post("/clock", advance="6h")
    pipeline.sync_due(everything=True)
    silent = Stream.objects.filter(name="push", error_family="silent")
    assert silent.exists()
    trusted = dict(silent.values_list("pk", "trusted_until"))
    pipeline.sync_due(everything=True)
    assert dict(silent.values_list("pk", "trusted_until")) == trusted, "silence is not confirmed away by the next poll"
    fleet.fault("drop_webhook", on=False)
    first = silent.select_related("store")[0].store
    assert send(fleet, intake, order_push(first.platform_store_id, "576460000000000001", "99")) == 200
    work()
    assert Stream.objects.get(store=first, name="push").error_family == ""
