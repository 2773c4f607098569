"""Pushes: their envelope and signature, what counts as taken, retries, faults, what is lost, and the app's configuration."""

import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from storeward_sandbox.clock import DAY
from storeward_sandbox.shopee import pushes
from storeward_sandbox.shopee.mailbox import LOST_FOR, Lost, Mailbox
from storeward_sandbox.shopee.platform import NOBODY
from storeward_sandbox.shopee.pushes import CODES, LADDER_SECONDS, WEBCHAT_LADDER_SECONDS, taken
from storeward_sandbox.shopee.tests.support import START, Json, Running, problems, running


@dataclass
class Got:
    """One push that arrived."""

    raw: bytes
    sign: str

    @property
    def body(self) -> Json:
        found: Json = json.loads(self.raw)
        return found


@dataclass
class Receiver:
    """Answers every push the same way, and keeps them."""

    address: str
    answer: tuple[int, bytes] = (200, b"")
    got: list[Got] = field(default_factory=list)

    def of(self, code: int) -> list[Got]:
        return [one for one in self.got if one.body["code"] == code]


@contextmanager
def receiving() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            found.got.append(Got(raw, self.headers["authorization"]))
            status, body = found.answer
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Receiver(f"http://127.0.0.1:{server.server_address[1]}/hooks/shopee?tenant=7")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture(scope="module")
def world(receiver: Receiver) -> Iterator[Running]:
    with running(stores=4, seed=11, webhook_url=receiver.address) as found:
        yield found


@pytest.fixture(autouse=True)
def clean(request: pytest.FixtureRequest) -> None:
    if "receiver" in request.fixturenames:
        found: Receiver = request.getfixturevalue("receiver")
        found.answer, found.got = (200, b""), []


def ordered(world: Running, store: Json, count: int = 1) -> list[str]:
    """Buyers order now; everything that follows at once has been sent when this returns."""
    found: list[str] = world.control("/orders", {"store": store["id"], "count": count})["orders"]
    world.control("/clock", {"advance": "1s"})
    return found


# --- envelope and signature -------------------------------------------------------------------------------------------


def test_an_order_is_told_signed_over_address_and_body(world: Running, receiver: Receiver) -> None:
    (sn,) = ordered(world, world.stores[0])
    told = [one for one in receiver.of(3) if one.body["data"]["ordersn"] == sn]
    assert [one.body["data"]["status"] for one in told] == ["UNPAID", "READY_TO_SHIP"]
    for one in told:
        assert set(one.body) == {"code", "shop_id", "timestamp", "data"}
        assert one.body["shop_id"] == int(world.stores[0]["id"])
        text = receiver.address.encode() + b"|" + one.raw
        assert one.sign == hmac.new(world.app["push_key"].encode(), text, sha256).hexdigest()


def test_nothing_is_told_of_the_past(world: Running, receiver: Receiver) -> None:
    ordered(world, world.stores[1])
    assert all(one.body["timestamp"] >= START for one in receiver.got)


def test_a_consent_taken_back_names_the_app(receiver: Receiver) -> None:
    with running(stores=3, seed=11, webhook_url=receiver.address) as world:
        store = next(one for one in world.stores if "merchant_id" not in one)
        world.control("/authorizations", {"store": store["id"], "do": "revoke"})
        world.control("/authorizations", {"store": store["id"], "do": "restore"})
        world.control("/clock", {"advance": "1s"})
        (gone,), (back,) = receiver.of(2), receiver.of(1)
        assert gone.body["partner_id"] == int(world.app["partner_id"])
        assert gone.body["data"]["authorize_type"] == "user cancel shop authorization"
        assert gone.body["data"]["shopid"] == int(store["id"])
        assert back.body["data"]["shop_id"] == int(store["id"])
        assert "shop_id" not in gone.body
        world.control("/authorizations", {"store": store["id"], "do": "expire"})
        world.control("/clock", {"advance": "1s"})
        assert receiver.of(2)[-1].body["data"]["authorize_type"] == "expiry"


def test_the_end_of_a_consent_is_announced_every_midnight(receiver: Receiver) -> None:
    with running(stores=12, seed=1, webhook_url=receiver.address) as world:
        (shop,) = [one for one in world.platform.stores if one.has("expiring")]
        world.control("/clock", {"advance": "2d"})
        told = receiver.of(12)
        assert len(told) == 2
        for one in told:
            assert set(one.body) == {"code", "timestamp", "data"}
            assert one.body["data"]["shop_expire_soon"] == [shop.number_id]
            assert one.body["timestamp"] % DAY == 0
        dead = [one for one in world.platform.stores if one.has("dead_connection")]
        assert len(receiver.of(2)) == len(dead) == 1
        assert dead[0].id not in [store["id"] for store in world.control("/credentials")["platforms"]["shopee"]["stores"]]


# --- taken or not -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "answer", "good"),
    [
        (200, b"", True),
        (204, b"", True),
        (200, b" \n", True),
        (200, b'{"ok":1}', False),
        (500, b"", False),
        (302, b"", False),
        (0, b"", False),
    ],
)
def test_a_push_is_taken_by_an_empty_success(status: int, answer: bytes, good: bool) -> None:
    assert taken(status, answer) is good


def test_a_body_in_the_answer_counts_as_failure(world: Running, receiver: Receiver) -> None:
    world.control("/stats/reset", {})
    receiver.answer = (200, b'{"code":0}')
    ordered(world, world.stores[0])
    counts = world.control("/stats")["webhooks"]
    assert counts.get("delivered", 0) == 0
    assert counts["failed"] >= 2


def test_pushes_are_tried_again_on_the_ladder(receiver: Receiver) -> None:
    with running(stores=1, seed=11, webhook_url=receiver.address) as world:
        receiver.answer = (500, b"")
        world.control("/people", {"seller": False, "buyers": False})
        (sn,) = ordered(world, world.stores[0])

        def tries() -> int:
            return len(
                [one for one in receiver.of(3) if one.body["data"]["ordersn"] == sn and one.body["data"]["status"] == "UNPAID"]
            )

        assert tries() == 1
        for index, pause in enumerate(LADDER_SECONDS, start=2):
            world.control("/clock", {"advance": f"{pause}s"})
            assert tries() == index
        world.control("/clock", {"advance": "12h"})
        assert tries() == 1 + len(LADDER_SECONDS)


def test_chats_are_tried_again_sooner() -> None:
    assert max(WEBCHAT_LADDER_SECONDS) < min(LADDER_SECONDS)
    with receiving() as receiver, running(stores=1, seed=11, webhook_url=receiver.address) as world:
        receiver.answer = (500, b"")
        store = world.stores[0]
        chats = world.ask("sellerchat.get_conversation_list", store=store, query={"direction": "latest", "type": "all"})
        to_id = chats["response"]["conversations"][0]["to_id"]
        body = {"to_id": to_id, "message_type": "text", "content": {"text": "Coming"}}
        world.ask("sellerchat.send_message", store=store, body=body)
        for _ in range(8):
            world.control("/clock", {"advance": "1s"})
        assert len(receiver.of(pushes.WEBCHAT)) == 4
        assert receiver.of(pushes.WEBCHAT)[0].body["msg_id"] == ""


# --- faults -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def faulty(world: Running) -> Iterator[Any]:
    """Switch a fault on; it is off again after the test."""
    names: list[str] = []

    def switch(name: str) -> None:
        names.append(name)
        world.control("/faults", {"name": name, "on": True, "platform": "shopee"})

    yield switch
    for name in names:
        world.control("/faults", {"name": name, "on": False})


def statuses(receiver: Receiver, sn: str) -> list[str]:
    return [one.body["data"]["status"] for one in receiver.of(3) if one.body["data"]["ordersn"] == sn]


def test_pushes_may_come_twice(world: Running, receiver: Receiver, faulty: Any) -> None:
    faulty("duplicate_webhook")
    (sn,) = ordered(world, world.stores[0])
    assert statuses(receiver, sn) == ["UNPAID", "UNPAID", "READY_TO_SHIP", "READY_TO_SHIP"]


def test_pushes_may_come_in_another_order(world: Running, receiver: Receiver, faulty: Any) -> None:
    faulty("reorder_webhook")
    (sn,) = ordered(world, world.stores[0])
    assert sorted(statuses(receiver, sn)) == ["READY_TO_SHIP", "UNPAID"]
    codes = [one.body["code"] for one in receiver.got]
    assert codes.index(30) < codes.index(3)


def test_pushes_may_not_come_at_all(world: Running, receiver: Receiver, faulty: Any) -> None:
    faulty("drop_webhook")
    ordered(world, world.stores[0])
    assert receiver.got == []


def test_pushes_may_be_forged(world: Running, receiver: Receiver, faulty: Any) -> None:
    faulty("forged_webhook")
    ordered(world, world.stores[0])
    assert {one.sign for one in receiver.got} == {"0" * 64}


def test_pushes_may_name_a_shop_that_nobody_knows(world: Running, receiver: Receiver, faulty: Any) -> None:
    faulty("stranger_webhook")
    ordered(world, world.stores[0])
    assert {one.body["shop_id"] for one in receiver.got} == {NOBODY}
    one = receiver.got[0]
    text = receiver.address.encode() + b"|" + one.raw
    assert one.sign == hmac.new(world.app["push_key"].encode(), text, sha256).hexdigest()
    assert str(NOBODY) not in [store["id"] for store in world.stores]


# --- configuration ----------------------------------------------------------------------------------------------------


def configure(world: Running, **body: Any) -> Json:
    return world.send("POST", "/api/v2/push/set_app_push_config", level="public", body=body).json()  # type: ignore[no-any-return]


def test_codes_are_switched_off_and_on(world: Running, receiver: Receiver) -> None:
    answer = configure(world, set_push_config_off=[3, 4])
    assert problems("push.set_app_push_config", answer) == []
    found = world.ask("push.get_app_push_config")["response"]
    assert (found["push_config_off_list"], found["callback_url"]) == ([3, 4], receiver.address)
    assert 3 not in found["push_config_on_list"]
    ordered(world, world.stores[0])
    assert receiver.of(3) == []
    assert receiver.of(30)
    configure(world, set_push_config_on=[3, 4])
    ordered(world, world.stores[0])
    assert receiver.of(3)


def test_shops_are_blocked(world: Running, receiver: Receiver) -> None:
    blocked, other = world.stores[0], world.stores[1]
    configure(world, blocked_shop_id_list=[int(blocked["id"])])
    ordered(world, blocked)
    ordered(world, other)
    assert {one.body["shop_id"] for one in receiver.of(3)} == {int(other["id"])}
    configure(world, blocked_shop_id_list=[])
    assert world.ask("push.get_app_push_config")["response"]["blocked_shop_id"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"callback_url": "ftp://x"},
        {"set_push_config_on": [28]},
        {"set_push_config_on": ["3"]},
        {"set_push_config_on": 3},
        {"set_push_config_on": [3], "set_push_config_off": [3]},
        {"blocked_shop_id_list": list(range(501))},
    ],
)
def test_bad_configurations_are_refused(world: Running, body: Json) -> None:
    assert configure(world, **body)["error"] == "error_param"


def test_another_address_gets_the_pushes_and_their_signature(world: Running, receiver: Receiver) -> None:
    with receiving() as other:
        configure(world, callback_url=other.address)
        ordered(world, world.stores[0])
        assert receiver.got == []
        text = other.address.encode() + b"|" + other.got[0].raw
        assert other.got[0].sign == hmac.new(world.app["push_key"].encode(), text, sha256).hexdigest()
        configure(world, callback_url=receiver.address)


# --- lost messages ----------------------------------------------------------------------------------------------------


def test_what_nobody_took_can_be_fetched_and_confirmed() -> None:
    with running(stores=1, seed=11, webhook_url="http://127.0.0.1:9/nobody") as world:
        world.control("/people", {"seller": False, "buyers": False})
        (sn,) = ordered(world, world.stores[0])
        assert world.ask("push.get_lost_push_message")["response"]["push_message_list"] == []
        world.control("/clock", {"advance": "5h"})
        answer = world.ask("push.get_lost_push_message")
        assert problems("push.get_lost_push_message", answer) == []
        found = answer["response"]
        mine = [json.loads(row["data"]) for row in found["push_message_list"] if row["code"] == 3]
        assert sn in [one["data"]["ordersn"] for one in mine]
        assert {row["shop_id"] for row in found["push_message_list"]} == {int(world.stores[0]["id"])}
        confirm = "/api/v2/push/confirm_consumed_lost_push_message"
        answer = world.send("POST", confirm, level="public", body={"last_message_id": found["last_message_id"]}).json()
        assert answer["error"] == ""
        assert world.ask("push.get_lost_push_message")["response"]["push_message_list"] == []


def fared(*tries: tuple[int, bool]) -> Mailbox:
    """A mailbox after so many tries of each outcome, all at once."""
    mailbox = Mailbox("http://a.test")
    for count, good in tries:
        for _ in range(count):
            assert mailbox.tried(START, good) is good
    return mailbox


@pytest.mark.parametrize(
    ("good", "bad", "status"),
    [
        (0, 600, "Normal"),
        (421, 180, "Normal"),
        (400, 201, "Warning"),
        (200, 401, "Warning"),
        (0, 601, "Suspended"),
        (100, 501, "Suspended"),
    ],
)
def test_where_too_few_are_taken_the_platform_warns_and_stops(good: int, bad: int, status: str) -> None:
    mailbox = fared((good, True), (bad, False))
    assert mailbox.status == status
    assert mailbox.wants(3, 1) == (status != "Suspended")
    assert bool(mailbox.suspended_at) == (status == "Suspended")


def test_six_hours_later_old_failures_do_not_count() -> None:
    mailbox = fared((601, False))
    mailbox.resume()
    for _ in range(500):
        mailbox.tried(START, False)
    for _ in range(600):
        mailbox.tried(START + 6 * 3600, True)
    assert mailbox.status == "Normal"


def test_a_suspended_app_gets_nothing_until_it_sets_its_pushes_anew() -> None:
    with receiving() as receiver, running(stores=1, seed=11, webhook_url=receiver.address) as world:
        world.platform.mailbox.suspended_at = START
        ordered(world, world.stores[0])
        assert receiver.got == []
        found = world.ask("push.get_app_push_config")["response"]
        assert (found["live_push_status"], found["suspended_time"]) == ("Suspended", START)
        configure(world, callback_url=receiver.address)
        ordered(world, world.stores[0])
        assert receiver.got
        assert world.ask("push.get_app_push_config")["response"]["live_push_status"] == "Normal"


def lost(number: int, at: int) -> Lost:
    return Lost(number, 3, 1, at, "{}")


def test_lost_messages_are_kept_for_three_days() -> None:
    mailbox = Mailbox("http://a.test", lost=[lost(1, START), lost(2, START + DAY)])
    assert [one.id for one in mailbox.unread(START + LOST_FOR - 1)] == [1, 2]
    assert [one.id for one in mailbox.unread(START + LOST_FOR)] == [2]
    mailbox.confirm(1)
    assert [one.id for one in mailbox.lost] == [2]


def test_without_an_address_nothing_is_wanted() -> None:
    assert not Mailbox().wants(3, 1)
    mailbox = Mailbox("http://a.test", off={4}, blocked={7})
    assert [mailbox.wants(code, 1) for code in (3, 4, 99)] == [True, False, False]
    assert not mailbox.wants(3, 7)
    assert set(CODES) >= {3, 4, 10, 28, 29, 30, 47}


def test_a_hundred_lost_messages_come_at_a_time() -> None:
    with running(stores=1, seed=11) as world:
        world.platform.mailbox.lost = [lost(number, START) for number in range(1, 151)]
        first = world.ask("push.get_lost_push_message")["response"]
        assert (len(first["push_message_list"]), first["has_next_page"], first["last_message_id"]) == (100, True, 100)
        world.platform.mailbox.confirm(first["last_message_id"])
        rest = world.ask("push.get_lost_push_message")["response"]
        assert (len(rest["push_message_list"]), rest["has_next_page"]) == (50, False)
