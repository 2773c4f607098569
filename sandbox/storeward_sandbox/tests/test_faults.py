"""What goes wrong on command, seen from a client, and gone once it is switched off."""

import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from random import Random
from typing import Any

import httpx
import pytest

from storeward_sandbox.clock import machine_now
from storeward_sandbox.faults import NAMES, Faults, UnknownFault
from storeward_sandbox.tests.support import Json, Running, running

SEARCH = "/order/202309/orders/search"


@pytest.fixture(scope="module")
def troubled() -> Iterator[Running]:
    with running(stores=2, seed=9, rate_limit=1000) as found:
        yield found


@pytest.fixture(autouse=True)
def all_off(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "troubled" in request.fixturenames:
        sandbox = request.getfixturevalue("troubled")
        for name in NAMES:
            sandbox.control("/faults", {"name": name, "on": False})


def switch(sandbox: Running, name: str, **more: Any) -> None:
    sandbox.control("/faults", {"name": name, "on": True, **more})


def search(sandbox: Running, **more: Any) -> httpx.Response:
    return sandbox.send("POST", SEARCH, query={"page_size": 5}, body={}, **more)


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("throttle", 429, 36009002),
        ("server_error", 500, 36009003),
        ("token_expired", 401, 105002),
        ("revoked", 401, 105001),
        ("clock_skew", 401, 36009004),
    ],
)
def test_a_fault_is_seen_as_the_platforms_own_refusal(troubled: Running, name: str, status: int, code: int) -> None:
    switch(troubled, name)
    answer = search(troubled)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    troubled.control("/faults", {"name": name, "on": False})
    assert search(troubled).json()["code"] == 0


def test_a_slow_platform_takes_its_time(troubled: Running) -> None:
    switch(troubled, "slow", seconds=0.3)
    began = time.monotonic()
    assert search(troubled).json()["code"] == 0
    assert time.monotonic() - began >= 0.3


def test_a_truncated_answer_is_no_json_and_garbage_is_none_at_all(troubled: Running) -> None:
    switch(troubled, "truncated")
    with pytest.raises(ValueError, match=r".+"):
        search(troubled).json()
    troubled.control("/faults", {"name": "truncated", "on": False})
    switch(troubled, "garbage")
    answer = search(troubled)
    assert (answer.status_code, answer.text.startswith("<html>")) == (200, True)


def test_a_timeout_ends_without_an_answer_but_the_deed_is_done(troubled: Running) -> None:
    store = troubled.stores[0]
    body = {"event_type": "PACKAGE_UPDATE", "address": "https://app.test/hook"}
    switch(troubled, "timeout", seconds=0.2)
    with pytest.raises(httpx.HTTPError):
        troubled.send("PUT", "/event/202309/webhooks", store=store, body=body)
    troubled.control("/faults", {"name": "timeout", "on": False})
    assert troubled.ask("getShopWebhooks", store=store)["total_count"] == 1


def test_a_skewed_clock_shows_in_the_date(troubled: Running) -> None:
    switch(troubled, "clock_skew", seconds=900)
    shown = parsedate_to_datetime(search(troubled).headers["Date"]).timestamp()
    assert abs(shown - machine_now() - 900) < 300
    ahead = search_stamped(troubled, 900)
    assert ahead["code"] == 0


def search_stamped(sandbox: Running, seconds: float) -> Json:
    query = {"page_size": 5, "timestamp": str(int(machine_now() + seconds))}
    found: Json = sandbox.send("POST", SEARCH, query=query, body={}).json()
    return found


def test_a_fault_can_hit_one_store_and_spare_the_other(troubled: Running) -> None:
    first, second = troubled.stores
    switch(troubled, "server_error", stores=[first["id"]])
    assert [search(troubled, store=store).status_code for store in (first, second)] == [500, 200]


def test_a_rate_hits_its_share(troubled: Running) -> None:
    switch(troubled, "throttle", rate=0.4)
    codes = [search(troubled).status_code for _ in range(60)]
    assert 10 <= codes.count(429) <= 40
    assert troubled.control("/stats")["fault_hits"]["throttle"] >= 10


def test_faults_hit_tokens_too(troubled: Running) -> None:
    switch(troubled, "server_error")
    answer = troubled.http.get(troubled.base_url + "/api/v2/token/refresh", params={"app_key": "x"})
    assert answer.json()["code"] == 36009003


def test_the_share_of_hits_can_be_repeated() -> None:
    def hits() -> list[bool]:
        faults = Faults(Random(5))
        faults.switch_on("slow", rate=0.5)
        return [faults.strikes("slow", "tiktok_shop", "1") is not None for _ in range(40)]

    assert hits() == hits()
    assert 5 < hits().count(True) < 35


def test_a_fault_switched_on_again_replaces_itself() -> None:
    faults = Faults(Random(1))
    faults.switch_on("slow", seconds=1)
    faults.switch_on("slow", seconds=2, rate=0.5)
    faults.switch_on("slow", platform="tiktok_shop")
    assert [(fault.seconds, fault.platform) for fault in faults.on] == [(2, None), (1.0, "tiktok_shop")]
    faults.switch_off("slow", platform="tiktok_shop")
    assert [fault.platform for fault in faults.on] == [None]


def test_only_standing_faults_that_shut_clients_out_do_so() -> None:
    faults = Faults(Random(1))
    faults.switch_on("slow")
    faults.switch_on("throttle", rate=0.5)
    assert not faults.keeps_out("tiktok_shop", "1")
    faults.switch_on("revoked", stores=frozenset({"1"}))
    assert faults.keeps_out("tiktok_shop", "1")
    assert not faults.keeps_out("tiktok_shop", "2")


def test_an_unknown_name_lists_the_known_ones() -> None:
    for call in (Faults(Random(1)).switch_on, Faults(Random(1)).switch_off):
        with pytest.raises(UnknownFault, match="reorder_webhook"):
            call("fire")
