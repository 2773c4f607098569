"""Webhooks on the wire: signed, in order, retried on a ladder, doubled, swapped, lost, forged; read by a third-party client."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from tiktok_shop_api import UnknownWebhookEvent, Webhooks

from storeward_sandbox.clock import iso, parse_instant
from storeward_sandbox.outbox import LADDER_SECONDS
from storeward_sandbox.tests.support import Json, Running, running


@dataclass
class Receiver:
    """An address that notes what arrives and answers with `status`."""

    address: str = ""
    status: int = 200
    raw: list[tuple[bytes, str]] = field(default_factory=list)

    @property
    def frames(self) -> list[Json]:
        return [json.loads(body) for body, _ in self.raw]


@contextmanager
def receiving() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.raw.append((body, self.headers["Authorization"]))
            self.send_response(found.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *words: Any) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.address = f"http://127.0.0.1:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def world(receiver: Receiver) -> Iterator[Running]:
    with running(stores=2, seed=11, webhook_url=receiver.address) as found:
        yield found


def advance(sandbox: Running, duration: str) -> None:
    sandbox.control("/clock", {"advance": duration})


def switch(sandbox: Running, name: str, on: bool = True) -> None:
    sandbox.control("/faults", {"name": name, "on": on})


def test_every_webhook_of_three_days_is_signed_and_understood_by_a_third_party_client(world: Running, receiver: Receiver) -> None:
    advance(world, "3d")
    assert len(receiver.raw) > 20
    kinds = set()
    for body, sign in receiver.raw:
        event = Webhooks.verify_and_parse(
            app_key=world.app["app_key"], app_secret=world.app["app_secret"], raw_body=body, signature=sign
        )
        assert not isinstance(event, UnknownWebhookEvent)
        kinds.add(json.loads(body)["type"])
    assert 1 in kinds


def test_all_that_happened_has_been_delivered_when_advance_returns_in_order_for_each_store(
    world: Running, receiver: Receiver
) -> None:
    advance(world, "1d")
    assert world.control("/stats")["webhooks"]["delivered"] == len(receiver.raw)
    for store in world.stores:
        stamps = [frame["timestamp"] for frame in receiver.frames if frame["shop_id"] == store["id"]]
        assert stamps == sorted(stamps)
        assert stamps


def test_an_order_tells_cancel_where_the_list_says_cancelled(world: Running, receiver: Receiver) -> None:
    advance(world, "3d")
    told = {frame["data"]["order_status"] for frame in receiver.frames if frame["type"] == 1}
    assert "CANCEL" in told
    assert "CANCELLED" not in told


def test_each_frame_has_an_id_to_drop_repeats_by(world: Running, receiver: Receiver) -> None:
    advance(world, "1d")
    ids = [frame["tts_notification_id"] for frame in receiver.frames if frame["type"] != 3]
    assert len(ids) == len(set(ids))


def place_one(sandbox: Running) -> None:
    """One order on the first store, and nobody else about."""
    sandbox.control("/people", {"buyers": False, "seller": False})
    sandbox.control("/webhooks", {"store": sandbox.stores[1]["id"], "on": False})
    sandbox.control("/stats/reset", {})
    sandbox.control("/orders", {"store": sandbox.stores[0]["id"]})


def attempts(sandbox: Running) -> list[Json]:
    found: list[Json] = sandbox.control("/webhooks/log")["attempts"]
    return found


def test_a_failed_delivery_is_tried_again_on_the_ladder_and_then_given_up(world: Running, receiver: Receiver) -> None:
    receiver.status = 500
    place_one(world)
    started = parse_instant(world.control("/clock")["at"])
    advance(world, "1s")
    first = json.loads(receiver.raw[0][0])
    advance(world, "3d")
    dues = [one["due"] - started for one in attempts(world) if one["topic"] == "1"]
    same = [frame for frame in receiver.frames if frame["tts_notification_id"] == first["tts_notification_id"]]
    assert len(same) == 1 + len(LADDER_SECONDS)
    assert 0 in dues
    assert {sum(LADDER_SECONDS[:steps]) for steps in range(1, 5)} <= set(dues)
    assert world.control("/stats")["webhooks"]["given_up"] > 0


def test_a_receiver_that_comes_back_gets_what_it_missed(world: Running, receiver: Receiver) -> None:
    receiver.status = 503
    place_one(world)
    advance(world, "1s")
    missed = len(receiver.raw)
    receiver.status = 200
    receiver.raw.clear()
    advance(world, "2m")
    assert len(receiver.raw) == missed > 0


def test_the_ladder_can_be_shortened() -> None:
    with receiving() as receiver, running(stores=1, seed=11, webhook_url=receiver.address, retry_scale=0.01) as sandbox:
        receiver.status = 500
        sandbox.control("/people", {"buyers": False, "seller": False})
        sandbox.control("/orders", {"store": sandbox.stores[0]["id"]})
        advance(sandbox, "20s")
        retried = {one["attempt"] for one in attempts(sandbox)}
        assert retried == {1, 2, 3}


def test_nobody_listening_is_no_harm() -> None:
    with running(stores=1, seed=11, webhook_url="http://127.0.0.1:9/nobody") as sandbox:
        advance(sandbox, "6h")
        assert sandbox.control("/stats")["webhooks"]["failed"] > 0


def test_doubled_webhooks_arrive_twice_with_the_same_id(world: Running, receiver: Receiver) -> None:
    switch(world, "duplicate_webhook")
    place_one(world)
    advance(world, "1s")
    ids = [frame["tts_notification_id"] for frame in receiver.frames]
    assert len(ids) == 2 * len(set(ids)) > 0


def test_swapped_webhooks_arrive_after_the_next_one(world: Running, receiver: Receiver) -> None:
    world.control("/webhooks", {"store": world.stores[1]["id"], "on": False})
    switch(world, "reorder_webhook")
    advance(world, "1d")
    stamps = [frame["timestamp"] for frame in receiver.frames]
    assert stamps != sorted(stamps)
    assert world.control("/stats")["webhooks"]["delivered"] == len(stamps)


def test_dropped_webhooks_never_arrive_and_are_counted(world: Running, receiver: Receiver) -> None:
    switch(world, "drop_webhook")
    advance(world, "1d")
    assert receiver.raw == []
    assert world.control("/stats")["webhooks"]["dropped"] > 0


def test_forged_webhooks_do_not_verify(world: Running, receiver: Receiver) -> None:
    switch(world, "forged_webhook")
    place_one(world)
    advance(world, "1s")
    for body, sign in receiver.raw:
        secrets = {"app_key": world.app["app_key"], "app_secret": world.app["app_secret"]}
        assert not Webhooks.verify(**secrets, raw_body=body, signature=sign)


def test_the_webhooks_of_one_store_can_be_stopped_and_started(world: Running, receiver: Receiver) -> None:
    store = world.stores[0]["id"]
    world.control("/webhooks", {"store": store, "on": False})
    advance(world, "12h")
    assert store not in {frame["shop_id"] for frame in receiver.frames}
    world.control("/webhooks", {"store": store, "on": True})
    advance(world, "1d")
    assert store in {frame["shop_id"] for frame in receiver.frames}


def test_a_shop_sets_an_address_of_its_own_for_a_type(world: Running, receiver: Receiver) -> None:
    store = world.stores[0]
    with receiving() as own:
        body = {"event_type": "ORDER_STATUS_CHANGE", "address": own.address}
        world.ask("updateShopWebhook", store=store, body=body)
        assert world.ask("getShopWebhooks", store=store)["webhooks"][0]["address"] == own.address
        advance(world, "1d")
        assert {frame["type"] for frame in own.frames} == {1}
        assert {frame["shop_id"] for frame in own.frames} == {store["id"]}
        world.ask("deleteWebhookForAnEvent", store=store, body={"event_type": "ORDER_STATUS_CHANGE"})
        world.ask("deleteWebhookForAnEvent", store=store, body={"event_type": "ORDER_STATUS_CHANGE"})
        assert world.ask("getShopWebhooks", store=store) == {"total_count": 0}


@pytest.mark.parametrize(
    "body", [{"event_type": "REVIEW", "address": "https://a.test"}, {"event_type": "NEW_MESSAGE", "address": "ftp://a"}]
)
def test_a_wrong_type_or_address_is_refused(world: Running, body: Json) -> None:
    assert world.send("PUT", "/event/202309/webhooks", body=body).json()["code"] == 36009004


def test_the_app_address_can_be_set_while_it_runs(receiver: Receiver) -> None:
    with running(stores=1, seed=11) as sandbox:
        advance(sandbox, "12h")
        assert receiver.raw == []
        sandbox.control("/webhooks", {"address": receiver.address})
        advance(sandbox, "1d")
        assert receiver.raw


def test_the_end_of_a_consent_is_told_beforehand_and_when_it_comes() -> None:
    with receiving() as receiver, running(stores=12, seed=1, webhook_url=receiver.address) as sandbox:
        advance(sandbox, "1d")
        by_kind = {frame["type"]: frame for frame in receiver.frames}
        assert by_kind[6]["data"]["message"]
        assert int(by_kind[7]["data"]["expiration_time"]) > parse_instant(sandbox.control("/clock")["at"]) - 86400 * 365
        assert iso(by_kind[7]["timestamp"]).endswith("T00:00:00Z")
