"""Pushes over HTTP: signed over the exact bytes, tried again every half hour with the state looked up anew, faults."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from storeward_sandbox.lazada.orders import pack
from storeward_sandbox.lazada.platform import STRANGER
from storeward_sandbox.lazada.pushes import LADDER_SECONDS, framed, refreshed
from storeward_sandbox.lazada.signing import push_sign
from storeward_sandbox.lazada.tests.byhand import order, shelf
from storeward_sandbox.lazada.tests.support import ANSWER_SECONDS, START, Json, Running, go, platform_of, running


@dataclass
class Receiver:
    """Where the app's pushes arrive. `status` is what it answers, at once while it is `free` and not before it is again."""

    url: str = ""
    status: int = 200
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    free: Event = field(default_factory=Event)

    def bodies(self, kind: int | None = None) -> list[Json]:
        found = [json.loads(body) for _headers, body in self.got]
        return [one for one in found if kind in (None, one["message_type"])]

    def reset(self) -> None:
        self.got.clear()
        self.status = 200
        self.free.set()

    def about(self, order_id: str) -> list[tuple[dict[str, str], bytes]]:
        """Headers and body of what was told of an order. Tests share their world: other orders' lives go on in it."""
        found = [(one, json.loads(one[1])) for one in self.got]
        return [one for one, body in found if body["message_type"] == 0 and body["data"]["trade_order_id"] == order_id]

    def statuses(self, order_id: str) -> list[str]:
        """What an order was said to be, in the order of arrival."""
        return [json.loads(body)["data"]["order_status"] for _headers, body in self.about(order_id)]


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            found.free.wait()
            self.send_response(found.status)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}/lazada"
    yield found
    found.free.set()
    server.shutdown()
    server.server_close()
    thread.join(300)


@pytest.fixture(scope="module")
def world(receiver: Receiver) -> Iterator[Running]:
    with running(stores=2, seed=9, webhook_url=receiver.url) as found:
        found.control("/people", {"seller": False, "buyers": False})
        yield found


@pytest.fixture(autouse=True)
def fresh(receiver: Receiver) -> None:
    receiver.reset()


def buy(world: Running, place: int = 0, count: int = 1) -> list[str]:
    """Buyers order now; returns when the pushes have arrived."""
    placed = world.control("/orders", {"store": world.stores[place]["id"], "count": count})["orders"]
    world.control("/clock", {"advance": "1s"})
    return [str(one) for one in placed]


def settle(world: Running, receiver: Receiver) -> None:
    """Let everything arrive that an earlier test left waiting, and count from zero."""
    while world.control("/stats")["webhooks"]["waiting"]:
        world.control("/clock", {"advance": "30m"})
    receiver.reset()
    world.control("/stats/reset", {})


def test_a_push_is_signed_over_its_bytes(world: Running, receiver: Receiver) -> None:
    placed = buy(world)[0]
    assert receiver.got
    for headers, body in receiver.got:
        assert headers["content-type"] == "application/json"
        assert headers["authorization"] == push_sign(key=world.app["app_key"], secret=world.app["app_secret"], body=body)
    first = json.loads(receiver.about(placed)[0][1])
    assert first["seller_id"] == world.stores[0]["id"]
    assert first["site"] == f"lazada_{world.stores[0]['region'].lower()}"
    assert first["timestamp"] > 10**12
    assert first["data"]["status_update_time"] < 10**10


def test_pushes_of_a_store_come_in_order(world: Running, receiver: Receiver) -> None:
    placed = buy(world)[0]
    assert receiver.statuses(placed)[:2] == ["unpaid", "pending"]


def test_another_status_than_200_is_tried_again_after_half_an_hour(world: Running, receiver: Receiver) -> None:
    receiver.status = 500
    placed = buy(world)[0]
    first = len(receiver.about(placed))
    world.control("/clock", {"advance": "29m"})
    assert len(receiver.about(placed)) == first
    receiver.status = 200
    for _ in range(2):
        world.control("/clock", {"advance": "20m"})
        assert len(receiver.about(placed)) == 2 * first


def test_it_is_given_up_after_twelve_repeats(world: Running, receiver: Receiver) -> None:
    receiver.status = 404
    placed = buy(world)[0]
    first = len(receiver.about(placed))
    world.control("/clock", {"advance": "5h"})
    assert len(receiver.about(placed)) == first * 11
    world.control("/clock", {"advance": "10h"})
    assert len(receiver.about(placed)) == first * 13
    assert LADDER_SECONDS == (1800,) * 12


def test_half_a_second_is_all_the_time_there_is(world: Running, receiver: Receiver) -> None:
    """The receiver answers nothing until it is told to; then everything comes once more, and is taken."""
    outbox = world.sandbox.world.outbox
    settle(world, receiver)
    receiver.free.clear()
    outbox.answer_seconds = None
    placed = buy(world)[0]
    outbox.answer_seconds = ANSWER_SECONDS
    counts = world.control("/stats")["webhooks"]
    assert "delivered" not in counts
    assert counts["waiting"] == counts["failed"] >= 2
    receiver.reset()
    world.control("/clock", {"advance": "30m"})
    assert set(receiver.statuses(placed)) == {"pending"}
    assert world.control("/stats")["webhooks"]["failed"] == counts["failed"]


def test_a_repeat_tells_the_state_of_now(world: Running, receiver: Receiver) -> None:
    receiver.status = 500
    placed = buy(world)[0]
    assert set(receiver.statuses(placed)) == {"unpaid", "pending"}
    items = world.ask("/order/items/get", {"order_id": placed})
    request = {
        "pack_order_list": [{"order_id": int(placed), "order_item_list": [row["order_item_id"] for row in items]}],
        "delivery_type": "dropship",
        "shipping_allocate_type": "TFS",
    }
    shop = world.shop(world.stores[0])
    if shop.cross_border:
        request |= {"shipping_allocate_type": "NTFS", "shipment_provider_code": "FM49"}
    assert world.ask("/order/fulfill/pack", {"packReq": request})["success"] is True
    receiver.reset()
    world.control("/clock", {"advance": "31m"})
    assert set(receiver.statuses(placed)) == {"packed"}


@pytest.mark.parametrize(
    ("fault", "times"), [("duplicate_webhook", 2), ("drop_webhook", 0), ("reorder_webhook", 1), ("forged_webhook", 1)]
)
def test_faults_on_the_way(world: Running, receiver: Receiver, fault: str, times: int) -> None:
    world.control("/faults", {"name": fault, "on": True})
    placed = buy(world)[0]
    world.control("/faults", {"name": fault, "on": False})
    got = receiver.about(placed)
    assert (len(got) > 0) is (times > 0)
    assert len(got) == times * len({body for _headers, body in got})
    if fault == "reorder_webhook":
        assert receiver.statuses(placed)[:2] == ["pending", "unpaid"]
    if fault == "forged_webhook":
        assert {headers["authorization"] for headers, _body in got} == {"0" * 64}


def test_a_strangers_push_is_well_signed_and_names_nobody_of_ours(world: Running, receiver: Receiver) -> None:
    world.control("/faults", {"name": "stranger_webhook", "on": True})
    placed = buy(world)[0]
    world.control("/faults", {"name": "stranger_webhook", "on": False})
    headers, body = receiver.about(placed)[0]
    assert json.loads(body)["seller_id"] == STRANGER
    assert headers["authorization"] == push_sign(key=world.app["app_key"], secret=world.app["app_secret"], body=body)


def test_a_stores_pushes_can_be_stopped(world: Running, receiver: Receiver) -> None:
    world.control("/webhooks", {"store": world.stores[1]["id"], "on": False})
    assert receiver.about(buy(world, 1)[0]) == []
    world.control("/webhooks", {"store": world.stores[1]["id"], "on": True})
    assert receiver.about(buy(world, 1)[0])


def test_nothing_is_sent_for_a_store_whose_authorisation_has_ended(world: Running, receiver: Receiver) -> None:
    store = world.stores[1]["id"]
    world.control("/authorizations", {"store": store, "do": "revoke"})
    assert receiver.about(buy(world, 1)[0]) == []
    world.control("/authorizations", {"store": store, "do": "restore"})
    assert receiver.about(buy(world, 1)[0])
    world.renew()


def test_stats_count_pushes_by_type(world: Running, receiver: Receiver) -> None:
    settle(world, receiver)
    buy(world)
    counted = world.control("/stats")["platforms"]["lazada"]["webhooks_by_type"]
    assert counted["0"] == len(receiver.bodies(0))
    assert len(world.control("/webhooks/log")["attempts"]) == len(receiver.got)


# --- frames -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        (0, {"seller_id": "7", "timestamp": START * 1000, "site": "lazada_th"}),
        (4, {"seller_id": "7", "timestamp": START, "site": "LAZADA_TH"}),
        (6, {"seller_id": "7", "timestamp": START, "site": "lazada_th"}),
        (8, {"seller_id": "null", "timestamp": START, "site": "lazada_th"}),
        (2, {"seller_id": 7}),
        (19, {"seller_id": 7}),
        (21, {"seller_id": "7", "timestamp": START, "site": "lazada_th"}),
    ],
)
def test_envelopes_have_the_habits_of_their_kind(kind: int, members: Json) -> None:
    found = json.loads(framed(shelf("TH"), kind, {"a": 1}, "7"))
    assert found == {"message_type": kind, "data": {"a": 1}, **members}


def test_only_orders_are_looked_up_anew() -> None:
    shop = shelf()
    made = order(shop)
    data = {"order_status": "unpaid", "trade_order_id": made.id, "trade_order_line_id": made.lines[0].id}
    pack(shop, made, made.lines)
    assert refreshed(shop, 0, data)["order_status"] == "packed"
    assert refreshed(shop, 14, {"status": "X"}) == {"status": "X"}
    unknown = {**data, "trade_order_id": "1"}
    assert refreshed(shop, 0, unknown) == unknown


def test_the_end_of_a_consent_is_told_once_a_day_in_its_last_two_days() -> None:
    shop = shelf(troubles=("expiring",))
    platform = platform_of(shop)
    sent: list[Json] = []
    shop.send = lambda _of, kind, data: sent.append(data) if kind == 8 else None
    go(shop, 10 * 86400 - 1)
    assert sent == []
    for count in (1, 2):
        go(shop, 1 if count == 1 else 86400)
        assert len(sent) == count
    go(shop, 5 * 86400)
    assert len(sent) == 2
    assert sent[0] == {"app_key": platform.app.key, "auth_expiry_time": START + 12 * 86400, "seller_id": shop.id}
