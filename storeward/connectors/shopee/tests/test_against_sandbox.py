"""The connector and the client against the sandbox over HTTP: two programs that share no code, signing included."""

import asyncio
import json
import os
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp import web

from storeward.canon import (
    Cancellation,
    Listing,
    Message,
    Metric,
    Order,
    OrderStatus,
    Package,
    Push,
    Record,
    Review,
    SenderRole,
    StoreProfile,
    Transaction,
)
from storeward.connectors import errors
from storeward.connectors.client import Client, Manners
from storeward.connectors.contract import Access, AppKeys, Ask, Consent, Grant, Progress, Renewal, Stream
from storeward.connectors.shopee import CONNECTOR, conversations, listings, oauth, orders, packages, reviews, stores
from storeward.lib import clock

ROOT = Path(__file__).resolve().parents[4]


@dataclass(frozen=True)
class Sandbox:
    control: str
    credentials: dict[str, Any]

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.control + path, timeout=30) as answer:
            return json.load(answer)

    def post(self, path: str, **told: Any) -> None:
        body = json.dumps(told).encode()
        request = urllib.request.Request(self.control + path, data=body, headers={"content-type": "application/json"})
        urllib.request.urlopen(request, timeout=60).close()

    @property
    def stores(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.credentials["stores"]
        return found

    @property
    def local(self) -> dict[str, Any]:
        """A store that stands alone, in a market with chat."""
        return next(store for store in self.stores if "main_account_id" not in store and store["region"] not in {"TW", "BR"})

    @property
    def abroad(self) -> dict[str, Any]:
        return next(store for store in self.stores if "main_account_id" in store)

    @property
    def app(self) -> AppKeys:
        told = self.credentials
        return AppKeys(told["partner_id"], told["partner_key"], push_key=told["push_key"])


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Eight stores whose clock stands."""
    at = f"{clock.now() - timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}"
    command = [sys.executable, "-m", "storeward_sandbox", "serve", "--port-base", "0", "--stores", "8", "--frozen", "--at", at]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "sandbox")}
    command += ["--seed", "5", "--platform", "shopee"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        said = [line.split() for line in iter(process.stdout.readline, "ready\n") if line]
        control = next(words[1] for words in said if words[0] == "control")
        with urllib.request.urlopen(control + "/credentials", timeout=30) as answer:
            yield Sandbox(control, json.load(answer)["platforms"]["shopee"])
        process.terminate()


@asynccontextmanager
async def client_of(sandbox: Sandbox, store: dict[str, Any], **changes: Any) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        told: dict[str, Any] = {
            "connector": CONNECTOR,
            "session": session,
            "app": sandbox.app,
            "access": Access(store["access_token"], platform_store_id=store["id"], market=store["region"]),
            "now": clock.now,
            "base_url": sandbox.credentials["base_url"],
            "auth_url": sandbox.credentials["auth_url"],
            "manners": Manners(tries=2, first_wait=0.01),
        }
        yield Client(**told | changes)


def asks(stream: Stream, keys: list[str]) -> list[Ask]:
    """What a first fill asks, window by window, or key by key."""
    if stream.progress is Progress.KEYS:
        size = stream.keys_per_call
        return [Ask(keys=keys[start : start + size]) for start in range(0, len(keys), size)]
    now = clock.now()
    since = now - (stream.first_fill or timedelta(0))
    if stream.longest_window is None:
        return [Ask(since=since if stream.first_fill else None)]
    found = []
    while since < now:
        found.append(Ask(since=since, until=since + stream.longest_window))
        since += stream.longest_window
    return found


async def everything(client: Client, stream: Stream, keys: list[str]) -> tuple[dict[str, Record], list[str]]:
    """All records of a stream by their ids, read in full where the list gives ids only; and what could not be read."""
    records: dict[str, Record] = {}
    wrong: list[str] = []
    for ask in asks(stream, keys):
        async for answer in client.pages(stream, stream.first(ask)):
            answers = [answer]
            if stream.details is not None:
                ids = [record.platform_id for record in answer.parsed.records]
                size = stream.details_per_call
                groups = [ids[start : start + size] for start in range(0, len(ids), size)]
                answers = [await client.call(stream.details(group)) for group in groups]
            for one in answers:
                told = {f"{type(record).__name__} {record.platform_id}": record for record in one.parsed.records}
                records |= told
                wrong += [f"{stream.name} {problem.field} {problem.message}" for problem in one.parsed.problems]
    return records, wrong


def of(kind: type[Any], records: dict[str, Record]) -> list[Any]:
    return [record for record in records.values() if isinstance(record, kind)]


@pytest.mark.parametrize("place", range(8))
async def test_every_stream_of_every_store_reads_without_a_problem(sandbox: Sandbox, place: int) -> None:
    store = sandbox.stores[place]
    truth = sandbox.get("/truth")["platforms"]["shopee"]["stores"][store["id"]]
    seller = "cross_border" if "main_account_id" in store else "local"
    seen: dict[str, dict[str, Record]] = {}
    wrong: list[str] = []
    async with client_of(sandbox, store) as client:
        streams = CONNECTOR.streams_in(store["region"], seller)
        for stream in sorted(streams, key=lambda one: one.keys_from is not None):
            keys = [record.platform_id for record in seen.get(stream.keys_from or "", {}).values()]
            seen[stream.name], problems = await everything(client, stream, keys)
            wrong += problems
    assert wrong == []
    found = of(Order, seen["orders"])
    assert Counter(order.platform_status for order in found) == truth["orders_by_status"]
    assert not [order for order in found if order.status is OrderStatus.UNKNOWN]
    assert {wish.platform_order_id for wish in of(Cancellation, seen["orders"]) if wish.status == "pending"} == {
        order.platform_order_id for order in found if order.platform_status == "IN_CANCEL"
    }
    (profile,) = of(StoreProfile, seen["stores"])
    assert (profile.platform_store_id, profile.name, profile.region) == (store["id"], store["name"], store["region"])
    assert profile.seller_type == seller
    assert profile.authorised_until_at is not None
    assert all(seen[name] for name in ("orders", "listings", "stock", "variations", "reviews", "performance"))
    assert all(seen[name] for name in (("wallet",) if seller == "local" else ("payouts",)))


async def test_what_is_to_be_shipped_is_a_package_with_its_deadline(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.local) as client:
        held, _ = await everything(client, CONNECTOR.streams["orders"], [])
        waiting, _ = await everything(client, CONNECTOR.streams["packages"], [])
    ships = {order.platform_id: order for order in of(Order, held) if order.platform_status in {"READY_TO_SHIP", "RETRY_SHIP"}}
    assert ships
    for package in of(Package, waiting):
        order = ships[package.platform_order_ids[0]]
        assert package.ship_by_at == order.ship_by_at
        assert package.platform_id in {one.platform_package_id for one in order.packages}
        assert (package.status, package.carrier is not None) == ("to_arrange", True)
    assert all(order.ship_by_at is not None for order in ships.values())


async def next_to_ship(client: Client, held: dict[str, Record]) -> tuple[Order, dict[str, Any]]:
    """An order that one of the platform's carriers takes (one's own prints its own labels), and how it may be handed over."""
    for order in of(Order, held):
        if order.platform_status == "READY_TO_SHIP" and len(order.packages) == 1:
            told = (await client.call(packages.shipping_parameter_request(order.platform_id))).parsed.answer
            assert isinstance(told, dict)
            if {"pickup", "dropoff"} & set(told["info_needed"]):
                return order, told
    raise AssertionError("no order is to be shipped")


async def test_an_order_is_shipped_and_its_label_printed(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.local) as client:
        held, _ = await everything(client, CONNECTOR.streams["orders"], [])
        order, told = await next_to_ship(client, held)
        await client.call(packages.ship_request(order.platform_id, how_of(told)))
        sandbox.post("/clock", advance="2m")
        number = await tracking_number(client, order.platform_id)
        types = (await client.call(packages.label_types_request([(order.platform_id, None)]))).parsed.answer
        assert isinstance(types, dict)
        kind = types["result_list"][0]["suggest_shipping_document_type"]
        made = await client.call(packages.make_label_request(order.platform_id, tracking_number=number, kind=kind))
        assert made.parsed.problems == []
        sandbox.post("/clock", advance="2m")
        state = await client.call(packages.label_state_request([(order.platform_id, None)], kind=kind))
        assert isinstance(state.parsed.answer, dict)
        assert state.parsed.answer["result_list"][0]["status"] == "READY"
        label = await client.call(packages.label_request([(order.platform_id, None)], kind=kind))
        assert label.body.startswith(b"%PDF")
        again = await client.read_one("order", order.platform_id)
        assert getattr(again.parsed.records[0], "platform_status") == "PROCESSED"  # noqa: B009
        with pytest.raises(errors.Rejected):
            await client.call(packages.ship_request(order.platform_id, how_of(told)))


def how_of(told: dict[str, Any]) -> dict[str, Any]:
    """One method of those that are needed: bring it where that needs nothing, else the first slot of the first address."""
    needed = told["info_needed"]
    if needed.get("dropoff") == []:
        return packages.drop_off()
    if "pickup" in needed:
        place = told["pickup"]["address_list"][0]
        slots = place["time_slot_list"] or [{}]
        return packages.pickup(str(place["address_id"]), slots[0].get("pickup_time_id"))
    return packages.own_carrier("X123456")


async def tracking_number(client: Client, order_id: str) -> str:
    parsed = (await client.call(packages.tracking_number_request(order_id))).parsed
    found = parsed.records[0]
    assert isinstance(found, Package)
    assert found.tracking_number
    return found.tracking_number


async def test_a_buyers_wish_to_cancel_is_answered(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.local) as client:
        held, _ = await everything(client, CONNECTOR.streams["orders"], [])
        wish = next(wish for wish in of(Cancellation, held) if wish.status == "pending")
        await client.call(orders.answer_cancellation_request(wish.platform_id, accept=True))
        sandbox.post("/clock", advance="1m")
        again = (await client.read_one("cancellation", wish.platform_id)).parsed.records
        assert [(type(one).__name__, getattr(one, "status")) for one in again] == [  # noqa: B009
            ("Order", "cancelled"),
            ("Cancellation", "completed"),
        ]
        with pytest.raises(errors.Rejected):
            await client.call(orders.answer_cancellation_request(wish.platform_id, accept=True))


async def test_stock_and_price_are_set_and_read_back(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.local) as client:
        held, _ = await everything(client, CONNECTOR.streams["listings"], [])
        single = next(one for one in of(Listing, held) if one.status == "live" and one.skus and not one.skus[0].campaigns)
        sku = single.skus[0]
        place = sku.warehouses[0].platform_warehouse_id if sku.warehouses else ""
        await client.call(listings.set_stock_request(single.platform_id, {sku.platform_sku_id: {place: 41}}))
        assert sku.price is not None
        price = Decimal(int(sku.price.amount) + 1)
        await client.call(listings.set_price_request(single.platform_id, {sku.platform_sku_id: price}))
        again = (await client.read_one("listing", single.platform_id)).parsed.records[0]
        assert isinstance(again, Listing)
        assert again.skus[0].price is not None
        assert (again.skus[0].price.amount, again.skus[0].available) == (price, 41 - (sku.withheld or 0))


async def test_a_review_is_replied_to_once(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.local) as client:
        held, _ = await everything(client, CONNECTOR.streams["reviews"], [])
        open_one = next(review for review in of(Review, held) if review.can_reply)
        first = await client.call(reviews.reply_request({open_one.platform_id: "Thank you"}))
        assert first.parsed.problems == []
        again, _ = await everything(client, CONNECTOR.streams["reviews"], [])
        assert next(one.reply for one in of(Review, again) if one.platform_id == open_one.platform_id) == "Thank you"


async def test_a_message_that_we_send_is_ours(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.local) as client:
        talks, _ = await everything(client, CONNECTOR.streams["conversations"], [])
        talk = next(iter(talks.values()))
        asked = CONNECTOR.streams["messages"].first(Ask(keys=[talk.platform_id]))
        before = [one for one in (await client.call(asked)).parsed.records if isinstance(one, Message)]
        assert {one.role for one in before} & {SenderRole.BUYER, SenderRole.SELLER, SenderRole.ROBOT}
        buyer = next(one.platform_sender_id for one in before if one.role is SenderRole.BUYER)
        assert buyer is not None
        order_id = next((one.platform_order_id for one in before if one.platform_order_id), None)
        answer = await client.call(conversations.send_text_request(buyer, "On its way.", order_id=order_id))
        (sent,) = answer.parsed.records
        assert isinstance(sent, Message)
        assert (sent.role, sent.text) == (SenderRole.SELLER, "On its way.")


async def test_figures_carry_their_own_targets(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.local) as client:
        found, _ = await everything(client, CONNECTOR.streams["performance"], [])
    named = {metric.platform_metric: metric for metric in of(Metric, found) if metric.platform_part is None}
    assert named["1"].platform_name == "late_shipment_rate"
    assert named["1"].target is not None
    assert (named["11"].unit, named["11"].platform_target) == ("percent", ">=")


async def test_released_money_is_what_the_reckoning_says(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.local) as client:
        released, _ = await everything(client, CONNECTOR.streams["releases"], [])
        reckoned, _ = await everything(client, CONNECTOR.streams["reckonings"], [])
    paid = {one.platform_order_id: one.amount for one in of(Transaction, released)}
    worth = {one.platform_order_id: one for one in of(Transaction, reckoned) if one.platform_transaction_id is None}
    assert worth
    for order_id, whole in worth.items():
        later = whole.fees.get("escrow_amount_after_adjustment", whole.amount)
        assert paid[order_id] in (whole.amount, later)


async def consented(sandbox: Sandbox, store: dict[str, Any]) -> dict[str, str]:
    """A seller says yes on the consent page: the query of the redirect."""
    base = sandbox.credentials["auth_url"]
    asked = Consent("state-1", store["region"], clock.now(), redirect="http://127.0.0.1:9/back", base_url=base)
    async with aiohttp.ClientSession() as session:
        async with session.get(oauth.consent_url(sandbox.app, asked)) as page:
            assert page.status == 200
            assert store.get("main_account_id", store["id"]) in await page.text()
        form = {
            "account": store.get("main_account_id", store["id"]),
            "decision": "approve",
            "deed": "authorize",
            "redirect": oauth.with_state("http://127.0.0.1:9/back", "state-1"),
        }
        async with session.post(f"{base}/auth/decide", data=form, allow_redirects=False) as sent:
            query = parse_qs(urlsplit(sent.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


async def test_a_shops_consent_brings_its_pair_and_the_code_is_good_once(sandbox: Sandbox) -> None:
    store = sandbox.stores[-1] if "main_account_id" not in sandbox.stores[-1] else sandbox.local
    back = await consented(sandbox, store)
    assert back["state"] == "state-1"
    grant = Grant(back["code"], {name: value for name, value in back.items() if name != "code"})
    async with client_of(sandbox, store, access=None) as client:
        tokens = await client.tokens(oauth.token_request(sandbox.app, grant))
        assert [shop.platform_store_id for shop in tokens.stores] == [store["id"]]
        assert tokens.one_each is False
        with pytest.raises(errors.AuthorizationLost):
            await client.tokens(oauth.token_request(sandbox.app, grant))
        client.access = Access(tokens.access_token, platform_store_id=store["id"], market=store["region"])
        found, _ = await everything(client, CONNECTOR.streams["stores"], [])
        assert of(StoreProfile, found)[0].name == store["name"]


async def test_a_main_accounts_consent_brings_a_pair_for_each_shop(sandbox: Sandbox) -> None:
    store = sandbox.abroad
    back = await consented(sandbox, store)
    grant = Grant(back["code"], {name: value for name, value in back.items() if name != "code"})
    async with client_of(sandbox, store, access=None) as client:
        whole = await client.tokens(oauth.token_request(sandbox.app, grant))
        assert whole.one_each
        assert store["id"] in {shop.platform_store_id for shop in whole.stores}
        for shop in whole.stores:
            renewal = Renewal(whole.refresh_token, platform_store_id=shop.platform_store_id)
            own = await client.tokens(oauth.refresh_request(sandbox.app, renewal))
            client.access = Access(own.access_token, platform_store_id=shop.platform_store_id)
            assert (await client.call(stores.shop_info_request())).parsed.records
            client.access = None


async def test_a_refresh_token_is_good_once(sandbox: Sandbox) -> None:
    store = sandbox.stores[1]
    async with client_of(sandbox, store, access=None) as client:
        renewal = Renewal(store["refresh_token"], platform_store_id=store["id"])
        fresh = await client.tokens(oauth.refresh_request(sandbox.app, renewal))
        assert fresh.access_token != store["access_token"]
        assert clock.now() + timedelta(hours=3) < fresh.access_expires_at < clock.now() + timedelta(hours=5)
        with pytest.raises(errors.AuthorizationLost):
            await client.tokens(oauth.refresh_request(sandbox.app, renewal))


async def test_a_wrong_key_and_a_wrong_token_are_told_apart(sandbox: Sandbox) -> None:
    store = sandbox.local
    wrong = replace(sandbox.app, secret="shpk-wrong")
    async with client_of(sandbox, store, app=wrong) as client:
        with pytest.raises(errors.CallerRefused):
            await client.call(stores.shop_info_request())
    access = Access("nobody", platform_store_id=store["id"])
    async with client_of(sandbox, store, access=access) as client:
        with pytest.raises(errors.TokenExpired):
            await client.call(stores.shop_info_request())


async def test_webhooks_are_signed_over_the_address_that_was_set(sandbox: Sandbox) -> None:
    taken: list[tuple[dict[str, str], bytes]] = []
    arrived = asyncio.Event()

    async def take(request: web.Request) -> web.Response:
        taken.append(({name.lower(): value for name, value in request.headers.items()}, await request.read()))
        arrived.set()
        return web.Response(status=200)

    app = web.Application()
    app.router.add_post("/hooks/shopee/1/", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    address = f"http://127.0.0.1:{port}/hooks/shopee/1/"
    try:
        async with client_of(sandbox, sandbox.local) as client:
            for request in CONNECTOR.subscribe_requests(address):
                await client.call(request)
        await asyncio.to_thread(sandbox.post, "/clock", advance="8h")  # the receiver has to answer meanwhile
        await asyncio.wait_for(arrived.wait(), 20)
        await asyncio.sleep(1)
    finally:
        await runner.cleanup()
    keys = replace(sandbox.app, push_url=address)
    assert all(CONNECTOR.verify_push(keys, headers, body) for headers, body in taken)
    assert not any(CONNECTOR.verify_push(replace(keys, push_url=address + "x"), headers, body) for headers, body in taken)
    pushes = [push for _, body in taken for push in CONNECTOR.parse_pushes(body)]
    assert {type(push) for push in pushes} == {Push}
    assert "unknown" not in {push.topic for push in pushes}
    assert all(push.platform_store_id for push in pushes if push.topic == "order")
