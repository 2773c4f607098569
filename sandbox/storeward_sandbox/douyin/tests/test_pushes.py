"""Pushes: several messages in a body, signed over its bytes, to an address that has proved itself."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from aiohttp import web

from storeward_sandbox.clock import DAY, HOUR
from storeward_sandbox.douyin.pushes import NOBODY, Pushes
from storeward_sandbox.douyin.signing import push_sign
from storeward_sandbox.douyin.tests.support import START, Json, Running, go, make_shop, running, told
from storeward_sandbox.faults import Faults
from storeward_sandbox.outbox import Delivery, Outbox

GOOD = b'{"code":0,"msg":"success"}'


class Receiver:
    """An address of the app that keeps what comes and answers as it is told."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answer: Callable[[bytes], web.Response] = lambda body: web.Response(body=GOOD)
        self._runner: web.AppRunner | None = None
        self.url = ""

    def start(self) -> None:
        async def take(request: web.Request) -> web.Response:
            body = await request.read()
            self.got.append((dict(request.headers), body))
            return self.answer(body)

        async def begin() -> None:
            app = web.Application()
            app.router.add_post("/push", take)
            self._runner = web.AppRunner(app)
            await self._runner.setup()
            site = web.TCPSite(self._runner, "127.0.0.1", 0)
            await site.start()
            self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/push"

        asyncio.run_coroutine_threadsafe(begin(), self.loop).result(300)

    def stop(self) -> None:
        if self._runner is not None:
            asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self.loop).result(300)

    def messages(self) -> list[Json]:
        """All messages in the order in which they came, without those of tag 0."""
        return [row for _headers, body in self.got for row in json.loads(body) if row["tag"] != "0"]

    def tags(self) -> list[str]:
        return [row["tag"] for _headers, body in self.got for row in json.loads(body)]


@pytest.fixture
def world() -> Any:
    with running(stores=3, seed=11, retry_scale=1.0) as found:
        found.control("/people", {"seller": False, "buyers": False})
        receiver = Receiver(found.loop)
        receiver.start()
        yield found, receiver
        receiver.stop()


Both = tuple[Running, Receiver]


def listen(both: Both) -> None:
    world, receiver = both
    world.control("/webhooks", {"address": receiver.url})
    world.control("/clock", {"advance": "1s"})


def order(both: Both, count: int = 1) -> list[str]:
    """Orders of the first shop; returns when their pushes have been delivered."""
    world, _receiver = both
    found: list[str] = world.control("/orders", {"store": world.stores[0]["id"], "count": count})["orders"]
    world.control("/clock", {"advance": "1s"})
    return found


def test_a_new_address_is_asked_by_tag_0_before_anything_else(world: Both) -> None:
    listen(world)
    _, receiver = world
    assert receiver.tags() == ["0"]
    row = json.loads(receiver.got[0][1])[0]
    assert row["data"] == "2026-11-18"
    order(world)
    assert receiver.tags()[1:] == ["100", "101", "110"]


def test_a_push_is_signed_over_its_bytes(world: Both) -> None:
    listen(world)
    order(world)
    running_world, receiver = world
    app = running_world.app
    for headers, body in receiver.got:
        assert headers["app-id"] == app["app_key"]
        assert headers["event-sign"] == push_sign(key=app["app_key"], secret=app["app_secret"], body=body)
        assert headers["Content-Type"] == "application/json"


def test_the_data_of_a_message_is_json_text(world: Both) -> None:
    listen(world)
    ids = order(world)
    rows = world[1].messages()
    data = json.loads(rows[0]["data"])
    assert (data["p_id"], data["shop_id"]) == (int(ids[0]), int(world[0].stores[0]["id"]))
    assert isinstance(rows[0]["tag"], str)
    assert rows[0]["msg_id"].endswith(f":100:{START + 1}:{world[0].app['app_key']}")
    assert len({row["msg_id"] for row in rows}) == len(rows)


def test_what_one_event_brings_comes_in_one_body(world: Both) -> None:
    listen(world)
    running_world, receiver = world
    store = running_world.stores[0]
    product = running_world.ask("product.listV2", {"page": 1, "size": 1, "status": 0}, store=store)["data"][0]
    running_world.ask("product.setOffline", {"product_id": product["product_id"]}, store=store)
    running_world.control("/clock", {"advance": "1s"})
    assert [row["tag"] for row in json.loads(receiver.got[-1][1])] == ["400", "417"]


@pytest.mark.parametrize("answer", [b"", b"ok", b'{"code":40041,"message":"no"}', b"[]", b'{"code":"0"}', b"\xff"])
def test_an_address_that_does_not_understand_gets_nothing(world: Both, answer: bytes) -> None:
    world[1].answer = lambda body: web.Response(body=answer)
    listen(world)
    order(world)
    assert set(world[1].tags()) == {"0"}


def test_what_waited_comes_when_the_address_has_proved_itself(world: Both) -> None:
    running_world, receiver = world
    receiver.answer = lambda body: web.Response(status=500)
    listen(world)
    order(world)
    assert set(receiver.tags()) == {"0"}
    receiver.answer = lambda body: web.Response(body=GOOD)
    running_world.control("/clock", {"advance": "10m"})
    assert {row["tag"] for row in receiver.messages()} == {"100", "101", "110"}


def test_a_message_that_was_not_taken_comes_again_with_the_same_id(world: Both) -> None:
    listen(world)
    running_world, receiver = world
    receiver.answer = lambda body: web.Response(body=b'{"code":40041,"message":"later"}')
    order(world)
    first = receiver.messages()
    receiver.answer = lambda body: web.Response(body=GOOD)
    running_world.control("/clock", {"advance": "10m"})
    again = receiver.messages()[len(first) :]
    assert {row["msg_id"] for row in first} <= {row["msg_id"] for row in again}
    counts = running_world.control("/stats")["webhooks"]
    assert counts["failed"] >= 1


def fault(world: Running, name: str, on: bool = True) -> None:
    world.control("/faults", {"name": name, "on": on, "platform": "douyin"})


def test_doubled_pushes_have_the_same_ids(world: Both) -> None:
    listen(world)
    fault(world[0], "duplicate_webhook")
    order(world)
    ids = [row["msg_id"] for row in world[1].messages()]
    assert len(ids) == 2 * len(set(ids))


def test_dropped_pushes_never_come(world: Both) -> None:
    listen(world)
    fault(world[0], "drop_webhook")
    order(world)
    fault(world[0], "drop_webhook", on=False)
    world[0].control("/clock", {"advance": "1d"})
    assert world[1].messages() == [] or "100" not in [row["tag"] for row in world[1].messages()]


def test_forged_pushes_have_a_wrong_sign(world: Both) -> None:
    listen(world)
    fault(world[0], "forged_webhook")
    order(world)
    app = world[0].app
    headers, body = world[1].got[-1]
    assert headers["event-sign"] != push_sign(key=app["app_key"], secret=app["app_secret"], body=body)


def test_reordered_pushes_come_after_later_ones(world: Both) -> None:
    listen(world)
    order(world)
    straight = [row["tag"] for row in world[1].messages()]
    fault(world[0], "reorder_webhook")
    before = len(world[1].messages())
    order(world)
    turned = [row["tag"] for row in world[1].messages()][before:]
    assert sorted(turned) == sorted(straight)
    assert turned != straight


def test_strange_pushes_are_well_signed_but_of_a_shop_that_is_none_of_ours(world: Both) -> None:
    listen(world)
    fault(world[0], "stranger_webhook")
    order(world)
    assert {json.loads(row["data"])["shop_id"] for row in world[1].messages()} == {NOBODY}
    headers, body = world[1].got[-1]
    app = world[0].app
    assert headers["event-sign"] == push_sign(key=app["app_key"], secret=app["app_secret"], body=body)
    assert str(NOBODY) not in {store["id"] for store in world[0].stores}


def test_a_stopped_store_says_nothing(world: Both) -> None:
    listen(world)
    world[0].control("/webhooks", {"store": world[0].stores[0]["id"], "on": False})
    order(world)
    assert world[1].messages() == []


def test_an_empty_address_ends_the_pushes(world: Both) -> None:
    listen(world)
    world[0].control("/webhooks", {"address": ""})
    order(world)
    assert world[1].messages() == []
    assert world[0].control("/stats")["platforms"]["douyin"]["webhooks_by_type"]["100"] == 1


def test_an_address_given_at_the_start_is_asked_before_the_first_message() -> None:
    with running(stores=1, seed=11) as world:
        receiver = Receiver(world.loop)
        receiver.start()
        world.platform.pushes.address = receiver.url
        world.control("/orders", {"store": world.stores[0]["id"]})
        world.control("/clock", {"advance": "1s"})
        assert receiver.tags()[:2] == ["0", "100"]
        receiver.stop()


# --- without HTTP -----------------------------------------------------------------------------------------------------


class Box(Outbox):
    """An outbox that keeps what is put into it."""

    def __init__(self) -> None:
        super().__init__(Faults(Random(1)))
        self.kept: list[Delivery] = []

    def put(self, delivery: Delivery) -> None:
        self.kept.append(delivery)


def test_only_the_right_answer_proves_an_address() -> None:
    box = Box()
    pushes = Pushes(box, "key", "secret")
    pushes.listen_at("http://a", START)
    pushes.send("1", [(100, {"p_id": 1})], START, ["7"])
    asked, again, message = box.kept
    assert (asked.topic, again.topic, message.topic) == ("0", "0", "100")
    assert not message.ready()
    assert not asked.accepted(200, b"{}")
    assert not asked.accepted(500, GOOD)
    assert not message.ready()
    assert asked.accepted(200, GOOD)
    assert message.ready()
    assert message.accepted(200, GOOD)
    assert not message.accepted(200, b'{"code":1}')


def test_another_address_must_prove_itself_anew() -> None:
    box = Box()
    pushes = Pushes(box, "key", "secret")
    pushes.proved.add("http://a")
    pushes.listen_at("http://b", START)
    pushes.send("1", [(100, {}), (101, {})], START, ["7", "8"])
    assert box.kept[-1].topic == "100+101"
    assert not box.kept[-1].ready()
    assert pushes.told == {100: 1, 101: 1}


def test_every_message_of_a_lively_shop_is_shaped_as_published(shared_dir: Path) -> None:
    """Each tag has the fields of its published example, and ids of the same kind."""
    examples = {
        int(json.loads(path.read_text())["body"][0]["tag"]): json.loads(path.read_text())["data_parsed"]
        for path in (shared_dir / "platforms" / "douyin_shop" / "samples" / "push").glob("*.json")
    }
    shop = make_shop(("returns", "late_orders"), orders_per_day=8.0)
    go(shop, 15 * DAY)
    seen: dict[int, Json] = {}
    for tag, data in told(shop):
        seen.setdefault(tag, data)
        wanted = {name: type(value) for name, value in examples[tag].items()}
        assert {name: type(value) for name, value in data.items()} == wanted, tag
    always = {100, 101, 110, 102, 103, 106, 108, 200, 201, 202, 203, 206, 207, 126, 111, 105}
    assert set(seen) >= always
    assert set(seen) <= set(examples)


def test_pushes_tell_of_nothing_before_the_start() -> None:
    shop = make_shop(orders_per_day=5.0)
    assert told(shop) == []
    go(shop, 6 * HOUR)
    assert told(shop)
