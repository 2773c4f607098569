"""Faults that every platform has alike: seen by a client of each, from one sandbox with all four."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from storeward_sandbox.douyin.tests.support import Running as Douyin
from storeward_sandbox.lazada.tests.support import Running as Lazada
from storeward_sandbox.shopee.tests.support import Running as Shopee
from storeward_sandbox.tests.support import START, Json, Running, running

PLATFORMS = ("tiktok_shop", "shopee", "lazada", "douyin")
SINCE = START - 14 * 86_400
SIZE = 4


@dataclass(frozen=True)
class Client:
    """What the tests do on a platform: read its orders page by page, and write what can be read back."""

    page: Callable[[Json], httpx.Response]
    ids: Callable[[Json], list[str]]
    """The orders of an answer."""
    turn: Callable[[Json, Json], Json | None]
    """(answer, question) -> the question for the next page; None at the end."""
    write: Callable[[str], httpx.Response]
    written: Callable[[], str]
    code: Callable[[Json], Any]


def of_tiktok(world: Running) -> Client:
    def turn(body: Json, asked: Json) -> Json | None:
        token = body["data"]["next_page_token"]
        return {"page_token": token} if token else None

    def write(text: str) -> httpx.Response:
        hook = {"event_type": "PACKAGE_UPDATE", "address": f"https://app.test/{text}"}
        return world.send("PUT", "/event/202309/webhooks", body=hook)

    return Client(
        page=lambda asked: world.send("POST", "/order/202309/orders/search", query={"page_size": SIZE, **asked}, body={}),
        ids=lambda body: [order["id"] for order in body["data"]["orders"]],
        turn=turn,
        write=write,
        written=lambda: "".join(one["address"].rpartition("/")[2] for one in world.ask("getShopWebhooks")["webhooks"]),
        code=lambda body: body["code"],
    )


def of_shopee(world: Shopee) -> Client:
    def page(asked: Json) -> httpx.Response:
        window = {"time_range_field": "create_time", "time_from": SINCE, "time_to": START, "page_size": SIZE}
        return world.send("GET", "/api/v2/order/get_order_list", query={**window, **asked})

    def turn(body: Json, asked: Json) -> Json | None:
        return {"cursor": body["response"]["next_cursor"]} if body["response"]["more"] else None

    sn = page({}).json()["response"]["order_list"][0]["order_sn"]
    detail = {"order_sn_list": sn, "response_optional_fields": "note"}
    return Client(
        page=page,
        ids=lambda body: [order["order_sn"] for order in body["response"]["order_list"]],
        turn=turn,
        write=lambda text: world.send("POST", "/api/v2/order/set_note", body={"order_sn": sn, "note": text}),
        written=lambda: world.ask("order.get_order_detail", query=detail)["response"]["order_list"][0]["note"],
        code=lambda body: body["error"],
    )


def of_lazada(world: Lazada) -> Client:
    def page(asked: Json) -> httpx.Response:
        return world.send("/orders/get", {"created_after": "2026-11-04T12:00:00+08:00", "limit": SIZE, **asked})

    def turn(body: Json, asked: Json) -> Json | None:
        offset = int(asked.get("offset", 0)) + SIZE
        return {"offset": offset} if offset < body["data"]["countTotal"] else None

    order = {"order_id": page({}).json()["data"]["orders"][0]["order_id"]}
    item = world.ask("/order/items/get", order)[0]["order_item_id"]
    return Client(
        page=page,
        ids=lambda body: [str(order["order_id"]) for order in body["data"]["orders"]],
        turn=turn,
        write=lambda text: world.send("/order/invoice_number/set", {"order_item_id": item, "invoice_number": text}),
        written=lambda: world.ask("/order/items/get", order)[0]["invoice_number"],
        code=lambda body: body["code"],
    )


def of_douyin(world: Douyin) -> Client:
    def page(asked: Json) -> httpx.Response:
        window = {"create_time_start": SINCE, "create_time_end": START, "size": SIZE, "page": 0}
        return world.send("order.searchList", {**window, **asked})

    def turn(body: Json, asked: Json) -> Json | None:
        number = asked.get("page", 0) + 1
        return {"page": number} if number * SIZE < body["data"]["total"] else None

    order = {"order_id": page({}).json()["data"]["shop_order_list"][0]["order_id"]}
    detail = {"shop_order_id": order["order_id"]}
    return Client(
        page=page,
        ids=lambda body: [order["order_id"] for order in body["data"]["shop_order_list"]],
        turn=turn,
        write=lambda text: world.send("order.addOrderRemark", {**order, "remark": text}),
        written=lambda: world.ask("order.orderDetail", detail)["shop_order_detail"]["seller_words"],
        code=lambda body: body["code"],
    )


@pytest.fixture(scope="module")
def world() -> Iterator[Running]:
    with running(stores=4, seed=9, rate_limit=1000, platforms=PLATFORMS) as found:
        yield found


@pytest.fixture(scope="module")
def clients(world: Running) -> dict[str, Client]:
    shopee = Shopee(world.sandbox, world.loop, world.http)
    lazada = Lazada(world.sandbox, world.http)
    douyin = Douyin(world.sandbox, world.loop, world.http)
    for one in (shopee, lazada, douyin):
        one.renew()
    return {
        "tiktok_shop": of_tiktok(world),
        "shopee": of_shopee(shopee),
        "lazada": of_lazada(lazada),
        "douyin": of_douyin(douyin),
    }


@pytest.fixture(params=PLATFORMS)
def client(request: pytest.FixtureRequest, world: Running, clients: dict[str, Client]) -> Iterator[Client]:
    yield clients[request.param]
    for fault in world.control("/faults")["on"]:
        world.control("/faults", {"name": fault["name"], "on": False})


def switch(world: Running, name: str, *, on: bool = True, **more: Any) -> None:
    world.control("/faults", {"name": name, "on": on, **more})


def walked(client: Client, most: int = 40) -> list[list[str]]:
    """The orders of each page, as a client reads them that follows wherever it is led; at most so many pages."""
    found: list[list[str]] = []
    asked: Json | None = {}
    while asked is not None and len(found) < most:
        body = client.page(asked).json()
        found.append(client.ids(body))
        asked = client.turn(body, asked)
    return found


def flat(pages: list[list[str]]) -> list[str]:
    return [one for page in pages for one in page]


CODES = {
    "blocked_address": {
        "tiktok_shop": (403, 36009033),
        "shopee": (403, "source_ip_undeclared"),
        "lazada": (200, "AppWhiteIpLimit"),
        "douyin": (200, 30002),
    },
    "throttle": {
        "tiktok_shop": (429, 36009002),
        "shopee": (429, "error_rate_limit"),
        "lazada": (200, "ApiCallLimit"),
        "douyin": (200, 60000),
    },
}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_refusal_is_in_the_platforms_own_words(world: Running, clients: dict[str, Client], platform: str) -> None:
    for fault, codes in CODES.items():
        switch(world, fault)
        answer = clients[platform].page({})
        switch(world, fault, on=False)
        assert (answer.status_code, clients[platform].code(answer.json())) == codes[platform], fault
        assert "Retry-After" not in answer.headers


def test_a_throttle_with_a_measure_says_when_to_come_back(world: Running, client: Client) -> None:
    good = client.code(client.page({}).json())
    switch(world, "throttle", seconds=2.5)
    answer = client.page({})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    assert client.code(answer.json()) != good


@pytest.mark.parametrize(("fault", "done"), [("timeout", True), ("timeout_before", False)])
def test_a_lost_answer_does_not_tell_whether_the_write_was_done(world: Running, client: Client, fault: str, done: bool) -> None:
    client.write("before")
    switch(world, fault, seconds=0.01)
    with pytest.raises(httpx.HTTPError):
        client.write(fault)
    switch(world, fault, on=False)
    assert client.written() == (fault if done else "before")


def test_an_empty_page_in_the_middle_hides_no_order_from_who_follows_its_token(world: Running, client: Client) -> None:
    whole = walked(client)
    assert len(whole) > 2
    switch(world, "empty_page")
    found = walked(client)
    assert [] in found
    by_token = len(found) > len(whole)
    assert flat(found) == (flat(whole) if by_token else [])
    assert len(found) == (2 * len(whole) if by_token else len(whole))


def test_a_repeated_page_leads_back_or_comes_once_more(world: Running, client: Client) -> None:
    whole = walked(client)
    switch(world, "repeated_page")
    found = walked(client)
    assert found[:2] == [whole[0], whole[0]] or found[2] == whole[1]
    assert flat(found) != flat(whole)
    switch(world, "repeated_page", on=False)
    assert walked(client) == whole


def test_wrong_types_leave_the_frame_and_the_way_on_as_they_are(world: Running, client: Client) -> None:
    plain = [client.page({}).json() for _ in range(8)]
    switch(world, "wrong_types")
    bent = [client.page({}).json() for _ in range(8)]
    assert all(one != other for one, other in zip(plain, bent, strict=True))
    assert {client.code(body) for body in bent} == {client.code(plain[0])}


def test_every_fault_can_hit_one_store_of_one_platform(world: Running, clients: dict[str, Client]) -> None:
    switch(world, "blocked_address", platform="shopee")
    codes = {name: client.code(client.page({}).json()) for name, client in clients.items()}
    switch(world, "blocked_address", on=False)
    assert codes == {"tiktok_shop": 0, "shopee": "source_ip_undeclared", "lazada": "0", "douyin": 10000}
