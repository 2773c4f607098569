"""Calls while something is wrong: what was carried out although the answer never came, budgets of single calls, repeats."""

import asyncio
import time
from collections.abc import Iterator
from random import Random
from typing import Any

import httpx
import pytest
from aiohttp import web

from storeward_sandbox.clock import DAY
from storeward_sandbox.faults import Faults
from storeward_sandbox.lazada.platform import TIGHTER
from storeward_sandbox.lazada.pushes import ANSWER_SECONDS, LADDER_SECONDS
from storeward_sandbox.lazada.tests.support import ANSWER_SECONDS as PATIENT_SECONDS
from storeward_sandbox.lazada.tests.support import Json, Running, running
from storeward_sandbox.outbox import Delivery, Outbox

LONG_AGO = {"created_after": "2026-01-01T00:00:00+08:00"}


@pytest.fixture(scope="module")
def world() -> Iterator[Running]:
    with running(stores=4, seed=17, rate_limit=40) as found:
        found.control("/people", {"seller": False, "buyers": False})
        yield found


@pytest.fixture(autouse=True)
def calm(world: Running) -> Iterator[None]:
    yield
    for fault in world.control("/faults")["on"]:
        world.control("/faults", {"name": fault["name"], "on": False})


def local(world: Running) -> Json:
    return next(one for one in world.stores if one["seller_type"] == "LOCAL" and not world.shop(one).has("dead_connection"))


def bought(world: Running) -> str:
    return str(world.control("/orders", {"store": local(world)["id"], "count": 1})["orders"][0])


def pack_request(world: Running, order_id: str) -> Json:
    rows = world.ask("/order/items/get", {"order_id": order_id}, store=local(world))
    return {
        "pack_order_list": [{"order_id": int(order_id), "order_item_list": [row["order_item_id"] for row in rows]}],
        "delivery_type": "dropship",
        "shipping_allocate_type": "TFS",
    }


def statuses(world: Running, order_id: str) -> list[str]:
    found: list[str] = world.ask("/order/get", {"order_id": order_id}, store=local(world))["statuses"]
    return found


@pytest.mark.parametrize(
    ("fault", "done"),
    [
        ("timeout", True),
        ("truncated", True),
        ("garbage", True),
        ("slow", True),
        ("timeout_before", False),
        ("throttle", False),
        ("server_error", False),
        ("revoked", False),
    ],
)
def test_whether_a_write_was_carried_out_is_not_told_by_its_answer(world: Running, fault: str, done: bool) -> None:
    order_id = bought(world)
    request = pack_request(world, order_id)
    world.control("/faults", {"name": fault, "on": True, "seconds": 0.2})
    answer = failed(world, request)
    world.control("/faults", {"name": fault, "on": False})
    assert statuses(world, order_id) == (["packed"] if done else ["pending"])
    assert (answer == "good") is (fault == "slow")


def failed(world: Running, request: Json) -> str:
    """`good`, or what the client sees instead."""
    try:
        body = world.send("/order/fulfill/pack", {"packReq": request}, store=local(world)).json()
    except (httpx.HTTPError, ValueError) as error:
        return type(error).__name__
    return "good" if body["code"] == "0" else str(body["code"])


def test_a_repeated_write_is_told_that_it_was_done(world: Running) -> None:
    order_id = bought(world)
    request = pack_request(world, order_id)
    world.control("/faults", {"name": "truncated", "on": True})
    failed(world, request)
    world.control("/faults", {"name": "truncated", "on": False})
    found = world.ask("/order/fulfill/pack", {"packReq": request}, store=local(world))["data"]["pack_order_list"][0]
    assert {row["item_err_code"] for row in found["order_item_list"]} == {"700026"}


def test_a_share_of_answers_is_hit(world: Running) -> None:
    world.control("/faults", {"name": "throttle", "on": True, "rate": 0.5})
    codes = [world.code("/seller/get", {}) for _ in range(30)]
    assert 5 <= codes.count("ApiCallLimit") <= 25
    assert set(codes) == {"0", "ApiCallLimit"}


def test_a_slow_answer_is_whole(world: Running) -> None:
    world.control("/faults", {"name": "slow", "on": True, "seconds": 0.3})
    began = time.monotonic()
    assert world.code("/orders/get", LONG_AGO) == "0"
    assert time.monotonic() - began >= 0.3


def test_the_date_header_shows_a_skew(world: Running) -> None:
    plain = world.send("/seller/get", {}).headers["date"]
    world.control("/faults", {"name": "clock_skew", "on": True, "seconds": 5 * DAY})
    answer = world.send("/seller/get", {})
    assert answer.json()["code"] == "IllegalTimestamp"
    assert answer.headers["date"] != plain


def test_faults_of_another_platform_concern_nobody_here(world: Running) -> None:
    url = world.sandbox.addresses["control"] + "/faults"
    assert world.http.post(url, json={"name": "throttle", "on": True, "platform": "shopee"}).status_code == 400
    world.control("/faults", {"name": "throttle", "on": True, "platform": "lazada"})
    assert world.code("/seller/get", {}) == "ApiCallLimit"


def test_tokens_are_refused_by_faults_too(world: Running) -> None:
    world.control("/faults", {"name": "throttle", "on": True})
    answer = world.send("/auth/token/refresh", {"refresh_token": "x"}, token="", method="POST").json()
    assert answer["code"] == "ApiCallLimit"


def test_some_calls_have_a_budget_of_their_own(world: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.platform.rate, "ticks", lambda: 1e9)  # all within one second, however slow the machine
    path, most = next(iter(TIGHTER.items()))
    codes = [world.code(path, {}) for _ in range(most + 4)]
    assert codes[:most] == ["0"] * most
    assert "ApiCallLimit" in codes[most:]
    exceeded = world.control("/stats")["platforms"]["lazada"]["rate"]["exceeded_by"]
    assert {one["operation"] for one in exceeded} == {path}


def test_refused_calls_do_not_count_against_a_budget() -> None:
    with running(stores=1, rate_limit=2) as world:
        for _ in range(5):
            assert world.code("/orders/get", LONG_AGO, token="wrong") == "IllegalAccessToken"
        assert world.code("/orders/get", LONG_AGO) == "0"
        assert world.control("/stats")["platforms"]["lazada"]["rate"]["calls"] == 1


# --- deliveries -------------------------------------------------------------------------------------------------------


class Ear:
    """A receiver in the same loop. It answers with the next of `statuses`, then 200; a deaf one not before it is `free`."""

    def __init__(self, statuses: list[int], deaf: bool) -> None:
        self.statuses, self.free = statuses, asyncio.Event()
        self.heard: list[bytes] = []
        if not deaf:
            self.free.set()

    async def answer(self, request: web.Request) -> web.Response:
        self.heard.append(await request.read())
        await self.free.wait()
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


def told(statuses: list[int], hours: float, *, deaf: bool = False, **how: Any) -> tuple[list[bytes], Outbox]:
    """What arrives of one delivery within so many hours."""

    async def tell() -> tuple[list[bytes], Outbox]:
        ear = Ear(list(statuses), deaf)
        outbox = Outbox(Faults(Random(1)), answer_seconds=None if deaf else PATIENT_SECONDS)
        app = web.Application()
        app.router.add_post("/", ear.answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        await outbox.start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        delivery = Delivery("lazada", "1", url, "0", b"first", {}, 0, ladder=LADDER_SECONDS, patience=ANSWER_SECONDS, **how)
        outbox.put(delivery)
        await outbox.flush(int(hours * 3600))
        ear.free.set()
        await outbox.stop()
        await runner.cleanup()
        return ear.heard, outbox

    return asyncio.run(tell())


@pytest.mark.parametrize(
    ("statuses", "hours", "times"),
    [
        ([], 9, 1),
        ([500], 0.4, 1),
        ([500], 0.5, 2),
        ([500, 404], 1, 3),
        ([500] * 20, 5.9, 12),
        ([500] * 20, 6, 13),
        ([500] * 20, 99, 13),
        ([302], 0.5, 2),
    ],
)
def test_the_ladder_of_repeats(statuses: list[int], hours: float, times: int) -> None:
    heard, outbox = told(statuses, hours)
    assert len(heard) == times
    assert outbox.counts.get("given_up", 0) == (1 if times == 13 else 0)


def test_a_repeat_is_looked_at_anew_every_time() -> None:
    words = iter([b"second", b"third"])
    heard, _outbox = told([500, 500], 1, again=lambda: (next(words), {}))
    assert heard == [b"first", b"second", b"third"]


def test_patience_ends_and_the_message_counts_as_not_taken() -> None:
    _heard, outbox = told([], 0, deaf=True)
    assert outbox.counts == {"failed": 1}
    assert outbox.waiting() == 1


def test_the_patience_is_half_a_second_unless_the_sandbox_is_told_another() -> None:
    delivery = Delivery("lazada", "1", "http://app.test/", "0", b"", {}, 0, patience=ANSWER_SECONDS)
    assert Outbox(Faults(Random(1))).patience(delivery) == 0.5
    assert Outbox(Faults(Random(1)), answer_seconds=60).patience(delivery) == 60
