"""The control interface and the commands against one running sandbox: what each does, refuses, and says."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from storeward_sandbox.cli import main
from storeward_sandbox.clock import iso, parse_instant
from storeward_sandbox.tests.support import START, Json, Running, running

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def small() -> Iterator[Running]:
    with running(stores=2, seed=21) as found:
        yield found


@pytest.fixture
def run(small: Running, capsys: pytest.CaptureFixture[str]) -> Run:
    """A command against the small sandbox: exit code, standard output, standard error."""
    port = small.sandbox.addresses["control"].rsplit(":", 1)[1]

    def run_it(*words: str, port_base: str = port) -> tuple[int, str, str]:
        code = 0
        try:
            main([*words, "--port-base", port_base])
        except SystemExit as end:
            code = int(end.code or 0)
        seen = capsys.readouterr()
        return code, seen.out, seen.err

    return run_it


def post(sandbox: Running, path: str, body: Any) -> httpx.Response:
    return sandbox.http.post(sandbox.sandbox.addresses["control"] + path, json=body)


def refusal(sandbox: Running, path: str, body: Any) -> str:
    """The sentence of a refused call."""
    answer = post(sandbox, path, body)
    assert answer.status_code == 400, answer.text
    return str(answer.json()["error"])


def at(sandbox: Running) -> int:
    return parse_instant(sandbox.control("/clock")["at"])


# --- the clock --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "advance, at, freeze or run"),
        ({"freeze": False}, "advance, at, freeze or run"),
        ({"run": False}, "advance, at, freeze or run"),
        ({"advance": ""}, "is no duration"),
        ({"advance": None}, "is no duration"),
        ({"advance": 12}, "is no duration"),
        ({"advance": "-12h"}, "is no duration"),
        ({"advance": "9999999d"}, "longer than a sandbox can last"),
        ({"advance": "30000d"}, "does not go beyond 2100-01-01"),
        ({"at": ""}, "is no instant"),
        ({"at": None}, "is no instant"),
        ({"at": "tomorrow"}, "is no instant"),
        ({"at": "9999-12-31T23:59:59Z"}, "between 1970 and 2100"),
        ({"at": "2026-11-18T03:59:59Z"}, "only goes forward"),
        ({"at": "1999-01-01T00:00:00Z"}, "only goes forward"),
        ({"run": True, "speed": -1}, "choose 0 to 1000000"),
        ({"run": True, "speed": 1e9}, "choose 0 to 1000000"),
        ({"run": True, "speed": "fast"}, "cannot be read"),
        ({"run": True, "speed": [1]}, "cannot be read"),
    ],
)
def test_a_move_that_makes_no_sense_moves_nothing(small: Running, body: Json, words: str) -> None:
    before = small.control("/clock")
    assert words in refusal(small, "/clock", body)
    assert small.control("/clock") == before
    assert before["frozen"] is True


@pytest.mark.parametrize(("move", "seconds"), [("1s", 1), ("90s", 90), ("1m", 60), ("90m", 5_400), ("1h30m", 5_400), ("0s", 0)])
def test_the_clock_moves_by_just_what_was_asked(small: Running, move: str, seconds: int) -> None:
    before = at(small)
    found = small.control("/clock", {"advance": move})
    assert found == {"at": iso(before + seconds), "frozen": True, "speed": 0.0}


def test_the_clock_can_be_set_to_an_instant_and_to_the_same_again(small: Running) -> None:
    target = iso(at(small) + 3_600)
    assert small.control("/clock", {"at": target})["at"] == target
    assert small.control("/clock", {"at": target})["at"] == target


def test_two_moves_at_once_add_up(small: Running) -> None:
    before = at(small)
    world = small.sandbox.world

    async def both() -> None:
        await asyncio.gather(world.advance_by(1_800), world.advance_by(1_800), world.advance_by(60))

    asyncio.run_coroutine_threadsafe(both(), small.loop).result(60)
    assert at(small) == before + 3_660


def test_a_clock_that_runs_fast_is_never_set_back_by_a_move(small: Running) -> None:
    """The move ends behind the instant that the clock has reached on its own."""
    world = small.sandbox.world
    start = at(small)

    async def deeds() -> list[int]:
        seen = []
        world.clock.run(2_000)
        for _ in range(5):
            await world.advance_by(1)
            seen.append(world.clock.now())
        world.clock.freeze()
        return [start, *seen, world.clock.now()]

    seen = asyncio.run_coroutine_threadsafe(deeds(), small.loop).result(60)
    assert seen == sorted(seen)
    assert at(small) == seen[-1]


@pytest.mark.parametrize(("speed", "shown", "frozen"), [(None, 1.0, False), (1, 1.0, False), (0.5, 0.5, False), (0, 0.0, True)])
def test_the_clock_runs_at_the_speed_that_was_asked(small: Running, speed: float | None, shown: float, frozen: bool) -> None:
    found = small.control("/clock", {"run": True} if speed is None else {"run": True, "speed": speed})
    small.control("/clock", {"freeze": True})
    assert (found["speed"], found["frozen"]) == (shown, frozen)


def test_a_frozen_clock_shows_the_same_instant_again(small: Running) -> None:
    small.control("/clock", {"freeze": True})
    assert {at(small) for _ in range(5)} == {at(small)}


# --- faults, webhooks, orders, people, consents -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/faults", {}, "there is no fault ''"),
        ("/faults", {"on": True}, "there is no fault ''"),
        ("/faults", {"name": "fire", "on": False}, "there is no fault 'fire'"),
        ("/faults", {"name": "slow", "on": True, "rate": -1}, "is no share"),
        ("/faults", {"name": "slow", "on": True, "rate": "half"}, "cannot be read"),
        ("/faults", {"name": "slow", "on": True, "seconds": -1}, "cannot be waited for"),
        ("/faults", {"name": "slow", "on": True, "seconds": "long"}, "cannot be read"),
        ("/faults", {"name": "slow", "on": True, "stores": ["1"]}, "there is no store '1'"),
        ("/faults", {"name": "slow", "on": True, "stores": "749"}, "there is no store '7'"),
        ("/faults", {"name": "slow", "on": False, "stores": ["1"]}, "there is no store '1'"),
        ("/faults", {"name": "slow", "on": True, "platform": "lazada"}, "known are tiktok_shop"),
        ("/webhooks", {"store": "1", "on": False}, "there is no store '1'"),
        ("/orders", {}, "there is no store ''"),
        ("/orders", {"store": "STORE", "count": 0}, "choose 1 to 1000"),
        ("/orders", {"store": "STORE", "count": -5}, "choose 1 to 1000"),
        ("/orders", {"store": "STORE", "count": 1001}, "choose 1 to 1000"),
        ("/orders", {"store": "STORE", "count": "many"}, "cannot be read"),
        ("/people", {"store": "1", "seller": False}, "there is no store '1'"),
        ("/authorizations", {"do": "revoke"}, "there is no store ''"),
        ("/authorizations", {"store": "STORE"}, "is not revoke, expire, expire_access or restore"),
    ],
)
def test_a_call_that_cannot_be_carried_out_is_answered_by_a_sentence(small: Running, path: str, body: Json, words: str) -> None:
    body = {name: small.stores[0]["id"] if value == "STORE" else value for name, value in body.items()}
    assert words in refusal(small, path, body)
    assert small.control("/faults") == {"on": []}


@pytest.mark.parametrize("raw", [b"{", b"[]", b"5", b'"x"', b"\xff", b"NaN", b'{"advance": NaN}'])
@pytest.mark.parametrize("path", ["/clock", "/faults", "/orders", "/people", "/webhooks", "/authorizations"])
def test_a_body_that_is_no_object_is_refused_everywhere(small: Running, path: str, raw: bytes) -> None:
    answer = small.http.post(small.sandbox.addresses["control"] + path, content=raw)
    assert answer.status_code == 400
    assert "cannot be read" in answer.json()["error"]


@pytest.mark.parametrize(
    "path", ["/health", "/credentials", "/stats", "/clock", "/faults", "/webhooks/log", "/truth", "/details"]
)
def test_every_reading_answers_one_json_object(small: Running, path: str) -> None:
    answer = small.http.get(small.sandbox.addresses["control"] + path)
    assert answer.headers["content-type"].startswith("application/json")
    assert isinstance(answer.json(), dict)


def test_a_fault_is_listed_as_it_was_switched_on(small: Running) -> None:
    store = small.stores[1]["id"]
    found = small.control("/faults", {"name": "slow", "on": True, "rate": 0.25, "seconds": 3, "stores": [store]})
    assert found == {"on": [{"name": "slow", "rate": 0.25, "seconds": 3.0, "platform": None, "stores": [store]}]}
    assert small.control("/faults", {"name": "slow", "on": False, "stores": [store]}) == {"on": []}


def test_truth_tells_the_store_a_standing_fault_keeps_out_from_the_others(small: Running) -> None:
    first, second = (store["id"] for store in small.stores)
    small.control("/faults", {"name": "server_error", "on": True, "stores": [first]})
    stores = small.control("/truth")["platforms"]["tiktok_shop"]["stores"]
    small.control("/faults", {"name": "server_error", "on": False})
    assert {store: one["reachable"] for store, one in stores.items()} == {first: False, second: True}


@pytest.mark.parametrize(("seconds", "reachable"), [(5, True), (300, True), (301, False), (600, False)])
def test_a_clock_that_is_a_little_ahead_keeps_nobody_out(small: Running, seconds: int, reachable: bool) -> None:
    small.control("/faults", {"name": "clock_skew", "on": True, "seconds": seconds})
    stores = small.control("/truth")["platforms"]["tiktok_shop"]["stores"]
    small.control("/faults", {"name": "clock_skew", "on": False})
    assert {one["reachable"] for one in stores.values()} == {reachable}


def test_placed_orders_are_counted_by_truth_and_found_by_a_client(small: Running) -> None:
    store = small.stores[0]
    before = small.control("/truth")["platforms"]["tiktok_shop"]["stores"][store["id"]]["orders"]
    ids = small.control("/orders", {"store": store["id"], "count": 4})["orders"]
    assert small.control("/truth")["platforms"]["tiktok_shop"]["stores"][store["id"]]["orders"] == before + 4
    found = small.ask("getOrderDetail", store=store, query={"ids": ",".join(ids)})["orders"]
    assert [order["id"] for order in found] == ids
    assert {order["create_time"] for order in found} == {at(small)}


def test_orders_for_the_platforms_warehouse_are_its_own(small: Running) -> None:
    store = small.stores[0]
    ids = small.control("/orders", {"store": store["id"], "by_platform": True})["orders"]
    (order,) = small.ask("getOrderDetail", store=store, query={"ids": ids[0]})["orders"]
    assert order["fulfillment_type"] == "FULFILLMENT_BY_TIKTOK"


def test_a_reset_counts_everything_from_zero(small: Running) -> None:
    small.control("/faults", {"name": "throttle", "on": True})
    store = small.stores[0]
    small.send("POST", "/order/202309/orders/search", store=store, query={"page_size": 1})
    small.control("/faults", {"name": "throttle", "on": False})
    small.send("POST", "/order/202309/orders/search", store=store, query={"page_size": 1})
    counted = small.control("/stats")
    assert counted["fault_hits"]["throttle"] >= 1
    assert counted["platforms"]["tiktok_shop"]["rate"]["calls"] >= 1
    found = small.control("/stats/reset", {})
    assert found["fault_hits"] == {}
    assert found["webhooks"] == {"waiting": 0}
    platform = found["platforms"]["tiktok_shop"]
    assert (platform["requests"], platform["token_refreshes"], platform["errors_by_code"]) == (0, 0, {})
    assert (platform["rate"]["calls"], platform["rate"]["exceeded"]) == (0, 0)


# --- the commands -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("clock", "--advance", ""), "is no duration"),
        (("clock", "--advance", "-1h"), "is no duration"),
        (("clock", "--at", ""), "is no instant"),
        (("clock", "--at", "2026-11-18"), "only goes forward"),
        (("clock", "--advance", "1h", "--at", "2027-01-01"), "choose one of"),
        (("clock", "--run", "--freeze"), "choose one of"),
        (("clock", "--freeze", "--speed", "2"), "--speed goes with --run"),
        (("clock", "--run", "--speed", "-2"), "choose 0 to 1000000"),
        (("clock", "--run", "--speed", "fast"), "'fast'"),
        (("clock", "now"), "now"),
        (("fault",), "NAME"),
        (("fault", "slow"), "on, off"),
        (("fault", "slow", "maybe"), "'maybe'"),
        (("fault", "slow", "on", "--seconds", "-1"), "cannot be waited for"),
        (("fault", "slow", "on", "--seconds", "x"), "'x'"),
        (("fault", "slow", "on", "--rate", "x"), "'x'"),
        (("fault", "slow", "on", "--rate", "1.01"), "is no share"),
        (("fault", "slow", "on", "--store", "42"), "there is no store '42'"),
        (("fault", "slow", "on", "--platform", "shopee"), "there is no platform 'shopee'"),
        (("credentials", "--yaml"), "--yaml"),
        (("truth", "me"), "me"),
    ],
)
def test_a_mistaken_command_is_one_line_and_code_two(small: Running, run: Run, words: tuple[str, ...], sentence: str) -> None:
    before = small.control("/clock")
    code, out, err = run(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert sentence in err
    assert "Traceback" not in err
    assert small.control("/clock") == before
    assert small.control("/faults") == {"on": []}


@pytest.mark.parametrize("port", ["0", "-1", "65536", "99999", "nine", ""])
@pytest.mark.parametrize("command", ["credentials", "truth", "clock"])
def test_a_port_that_is_none_is_one_line_and_code_two(run: Run, command: str, port: str) -> None:
    code, out, err = run(command, port_base=port)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "--port-base" in err


def test_on_the_platforms_own_port_the_commands_find_no_sandbox(small: Running, run: Run) -> None:
    port = small.base_url.rsplit(":", 1)[1]
    for command in ("credentials", "truth", "clock"):
        code, out, err = run(command, port_base=port)
        assert (code, out, err.count("\n")) == (2, "", 1)


def test_clock_prints_an_instant_and_with_json_a_document(small: Running, run: Run) -> None:
    code, out, err = run("clock")
    assert (code, err) == (0, "")
    assert parse_instant(out.strip()) == at(small) >= START
    assert out.strip().endswith("Z")
    code, out, _ = run("clock", "--json")
    assert (code, json.loads(out)) == (0, small.control("/clock"))


@pytest.mark.parametrize(("words", "seconds"), [("1m", 60), ("90m", 5_400), ("2h", 7_200)])
def test_clock_prints_where_it_has_got_to(small: Running, run: Run, words: str, seconds: int) -> None:
    before = at(small)
    code, out, _ = run("clock", "--advance", words)
    assert (code, out.strip()) == (0, iso(before + seconds))


def test_the_clock_runs_and_stands_by_command(small: Running, run: Run) -> None:
    assert json.loads(run("clock", "--run", "--speed", "2", "--json")[1])["speed"] == 2.0
    assert small.control("/clock")["frozen"] is False
    assert json.loads(run("clock", "--freeze", "--json")[1])["frozen"] is True
    assert json.loads(run("clock", "--run", "--speed", "0", "--json")[1])["frozen"] is True


def test_a_fault_goes_on_for_a_store_and_off_by_command(small: Running, run: Run) -> None:
    store = small.stores[0]["id"]
    assert run("fault", "throttle", "on", "--rate", "0.5", "--store", store, "--platform", "tiktok_shop")[1] == "throttle\n"
    (fault,) = small.control("/faults")["on"]
    assert (fault["rate"], fault["stores"], fault["platform"]) == (0.5, [store], "tiktok_shop")
    assert run("fault", "throttle", "off", "--store", store)[1] == "no faults\n"


def test_credentials_and_truth_agree_on_the_stores(small: Running, run: Run) -> None:
    code, out, err = run("credentials", "--json")
    assert (code, err) == (0, "")
    platform = json.loads(out)["platforms"]["tiktok_shop"]
    truth = json.loads(run("truth", "--json")[1])
    assert {store["id"] for store in platform["stores"]} == set(truth["platforms"]["tiktok_shop"]["stores"])
    assert truth["at"] == small.control("/clock")["at"]


def test_in_words_every_store_has_a_line(small: Running, run: Run) -> None:
    for command in ("credentials", "truth"):
        lines = run(command)[1].splitlines()
        assert len(lines) == 1 + len(small.stores)
        for store in small.stores:
            assert sum(store["id"] in line for line in lines) == 1


def test_many_advances_from_many_sides_are_all_counted(small: Running) -> None:
    before = at(small)
    threads = [threading.Thread(target=post, args=(small, "/clock", {"advance": "10s"})) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert at(small) == before + 60
