"""The connector and the client against Lazada's sandbox over HTTP: two programs that share no code, signing included."""

import json
import os
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from storeward.canon import (
    Conversation,
    Listing,
    Message,
    Order,
    OrderLines,
    OrderStatus,
    Record,
    Review,
    Statement,
    StoreProfile,
    Transaction,
    kind_of,
)
from storeward.connectors import errors
from storeward.connectors.client import Client, Manners
from storeward.connectors.contract import Access, AppKeys, Ask, Grant, Progress, Renewal, Stream
from storeward.connectors.lazada import CONNECTOR, conversations, decisions, lines, packages, reviews, stock
from storeward.connectors.lazada.sites import SITES
from storeward.connectors.lazada.stock import SkuChange
from storeward.lib import clock

ROOT = Path(__file__).resolve().parents[4]


@dataclass(frozen=True)
class Sandbox:
    control: str
    credentials: dict[str, Any]

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.control + path, timeout=60) as answer:
            return json.load(answer)

    def post(self, path: str, **told: Any) -> None:
        body = json.dumps(told).encode()
        request = urllib.request.Request(self.control + path, data=body, headers={"content-type": "application/json"})
        urllib.request.urlopen(request, timeout=120).close()

    def store(self, region: str) -> dict[str, Any]:
        return next(store for store in self.credentials["stores"] if store["region"] == region)

    @property
    def app(self) -> AppKeys:
        return AppKeys(self.credentials["app_key"], self.credentials["app_secret"])


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Six stores, one on each site, whose clock stands."""
    command = [sys.executable, "-m", "storeward_sandbox", "serve", "--port-base", "0", "--stores", "6", "--frozen"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "sandbox")}
    options = ["--seed", "11", "--platform", "lazada"]
    with subprocess.Popen([*command, *options], env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        said = [line.split() for line in iter(process.stdout.readline, "ready\n") if line]
        control = next(words[1] for words in said if words[0] == "control")
        with urllib.request.urlopen(control + "/credentials", timeout=30) as answer:
            yield Sandbox(control, json.load(answer)["platforms"]["lazada"])
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
    """As far back as the stream goes, or about each of the keys."""
    since, until = clock.now() - (stream.first_fill or timedelta(days=400)), clock.now() + timedelta(minutes=1)
    if stream.progress is not Progress.KEYS:
        return [Ask(since=since, until=until)]
    size = stream.keys_per_call
    window = (until - stream.longest_window, until) if stream.longest_window else (None, None)
    return [Ask(since=window[0], until=window[1], keys=keys[start : start + size]) for start in range(0, len(keys), size)][:6]


async def everything(client: Client, name: str, keys: list[str] | None = None) -> tuple[list[Record], list[str]]:
    """All records of a stream, and what could not be read."""
    stream = CONNECTOR.streams[name]
    records: list[Record] = []
    wrong: list[str] = []
    for ask in asks(stream, keys or []):
        async for answer in client.pages(stream, stream.first(ask)):
            records += answer.parsed.records
            wrong += [f"{name} {problem.field} {problem.message}" for problem in answer.parsed.problems]
    return records, wrong


async def items_of(client: Client, orders: list[Order]) -> dict[str, OrderLines]:
    ids = [order.platform_id for order in orders]
    size = lines.ORDERS_PER_CALL
    found = [
        record
        for start in range(0, len(ids), size)
        for record in (await client.call(lines.items_of_orders_request(ids[start : start + size]))).parsed.records
    ]
    return {record.platform_id: record for record in found if isinstance(record, OrderLines)}


@pytest.mark.parametrize("region", sorted(SITES))
async def test_every_stream_of_a_site_reads_without_a_problem(sandbox: Sandbox, region: str) -> None:
    store = sandbox.store(region)
    truth = sandbox.get("/truth")["platforms"]["lazada"]["stores"][store["id"]]
    seen: dict[str, list[Record]] = {}
    wrong: list[str] = []
    async with client_of(sandbox, store) as client:
        for name, stream in CONNECTOR.streams.items():
            keys = [record.platform_id for record in seen.get(stream.keys_from or "", [])]
            seen[name], problems = await everything(client, name, keys)
            wrong += problems
    assert wrong == []
    orders = {order.platform_id: order for order in seen["orders"] if isinstance(order, Order)}
    assert Counter(order.platform_status for order in orders.values()) == truth["orders_by_status"]
    assert not [order for order in orders.values() if order.status is OrderStatus.UNKNOWN]
    assert all(seen[name] for name in ("stores", "listings", "stock", "conversations", "messages", "statements", "wallet"))
    currency = SITES[region].currency
    assert {str(order.total).split()[-1] for order in orders.values()} == {currency}


@pytest.mark.parametrize("region", ["TH", "VN", "SG"])
async def test_items_tell_deadlines_packages_and_the_same_states(sandbox: Sandbox, region: str) -> None:
    async with client_of(sandbox, sandbox.store(region)) as client:
        found, _ = await everything(client, "orders")
        orders = {order.platform_id: order for order in found if isinstance(order, Order)}
        items = await items_of(client, list(orders.values()))
    assert items.keys() == orders.keys()
    for order_id, told in items.items():
        whole = lines.with_lines(orders[order_id], told)
        assert isinstance(whole, Order)
        assert (told.platform_status, told.status) == (whole.platform_status, whole.status)
        assert len(whole.lines) == int(str(whole.platform_more["items_count"]))
        owed = whole.status in {OrderStatus.TO_SHIP, OrderStatus.TO_COLLECT, OrderStatus.PARTLY_SHIPPED}
        if owed:
            assert whole.placed_at is not None
            assert whole.ship_by_at is not None
            assert whole.ship_by_at > whole.placed_at
        priced = [line.price.amount for line in whole.lines if line.price is not None]
        assert whole.total is not None
        assert sum(priced) == whole.total.amount


async def test_a_store_is_described_by_its_site(sandbox: Sandbox) -> None:
    store = sandbox.store("PH")
    async with client_of(sandbox, store) as client:
        (profile,), problems = await everything(client, "stores")
    assert problems == []
    assert isinstance(profile, StoreProfile)
    assert (profile.platform_store_id, profile.region, profile.name) == (store["id"], "PH", store["name"])


async def test_every_kind_is_read_back_by_its_id(sandbox: Sandbox) -> None:
    streams = {"order": "orders", "listing": "listings", "conversation": "conversations", "cancellation": "cancellations"}
    async with client_of(sandbox, sandbox.store("TH")) as client:
        for kind, name in streams.items():
            records, _ = await everything(client, name)
            wanted = next(record.platform_id for record in records if kind_of(record) == kind)
            answer = await client.read_one(kind, wanted)
            assert wanted in [record.platform_id for record in answer.parsed.records], kind
            assert answer.parsed.problems == []


async def test_the_pages_of_small_steps_hold_every_order_once_or_more(sandbox: Sandbox) -> None:
    """The list is walked by the time of change: nothing is left out, whatever the size of a page."""
    stream = CONNECTOR.streams["orders"]
    async with client_of(sandbox, sandbox.store("MY")) as client:
        large, _ = await everything(client, "orders")
        first = stream.first(Ask(since=clock.now() - timedelta(days=90), page_size=7))
        small = [r.platform_id async for answer in client.pages(stream, first) for r in answer.parsed.records]
    assert set(small) == {record.platform_id for record in large}
    assert len(small) < 2 * len(large)


async def test_shipping_moves_the_order_and_a_second_time_is_refused(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.store("MY")) as client:
        found, _ = await everything(client, "orders")
        waiting = [order for order in found if isinstance(order, Order) and order.platform_status == "pending"]
        items = await items_of(client, waiting)
        order = next(
            told
            for told in items.values()
            if all(line.platform_more["delivery_option_sof"] == "0" for line in told.lines)
            and not any(line.cancel_requested for line in told.lines)
            and all(line.platform_more["is_digital"] == "0" and line.platform_more["is_fbl"] == "0" for line in told.lines)
        )
        ids = [line.platform_line_id for line in order.lines]
        packed = await client.call(packages.pack_request({order.platform_id: ids}))
        assert packed.parsed.problems == []
        parcels = [record.platform_id for record in packed.parsed.records]
        assert parcels
        again = await client.call(packages.pack_request({order.platform_id: ids}))
        assert {problem.level for problem in again.parsed.problems} == {"platform"}
        label = await client.call(packages.label_request(parcels))
        assert label.parsed.receipt["doc_url"].startswith("http")
        ready = await client.call(packages.ready_to_ship_request(parcels))
        assert [record.platform_id for record in ready.parsed.records] == parcels
        (after,) = (await client.call(lines.items_request(order.platform_id))).parsed.records
        assert isinstance(after, OrderLines)
        assert after.status is OrderStatus.TO_COLLECT
        assert {package.platform_package_id for package in after.packages} == set(parcels)


async def test_an_item_is_cancelled_for_a_reason_that_is_allowed(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.store("ID")) as client:
        found, _ = await everything(client, "orders")
        waiting = [order for order in found if isinstance(order, Order) and order.platform_status == "pending"]
        items = await items_of(client, waiting)
        order = next(told for told in items.values() if not any(line.cancel_requested for line in told.lines))
        ids = [line.platform_line_id for line in order.lines]
        answer = (await client.call(decisions.validate_cancel_request(order.platform_id, ids))).parsed.answer
        assert isinstance(answer, dict)
        reason = answer["reason_options"][0]["reason_id"]
        done = await client.call(decisions.cancel_items_request(order.platform_id, ids, reason_id=reason))
        assert done.parsed.problems == []
        (after,) = (await client.read_one("order", order.platform_id)).parsed.records
        assert isinstance(after, Order)
        assert after.platform_status == "canceled"


async def test_a_reply_is_found_among_the_messages(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.store("SG")) as client:
        found, _ = await everything(client, "conversations")
        talk = next(record.platform_id for record in found if isinstance(record, Conversation))
        sent = await client.call(conversations.send_text_request(talk, "It ships today 🎁"))
        (receipt,) = sent.parsed.records
        answer = await client.call(conversations.list_messages_request(talk))
        mine = next(record for record in answer.parsed.records if record.platform_id == receipt.platform_id)
    assert isinstance(mine, Message)
    assert (mine.text, mine.role, mine.visible) == ("It ships today 🎁", "seller", True)


async def test_stock_that_is_set_is_the_stock_that_is_read(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.store("VN")) as client:
        found, _ = await everything(client, "listings")
        listing = next(one for one in found if isinstance(one, Listing) and one.status == "live" and one.skus)
        sku = next(one for one in listing.skus if len(one.warehouses) == 1 and not one.campaigns)
        change = SkuChange(listing.platform_id, sku.platform_sku_id, quantity=77)
        assert (await client.call(stock.set_stock_request([change]))).parsed.problems == []
        (after,) = (await client.read_one("listing", listing.platform_id)).parsed.records
    assert isinstance(after, Listing)
    assert next(one.available for one in after.skus if one.platform_sku_id == sku.platform_sku_id) == 77


async def test_statements_and_movements_agree(sandbox: Sandbox) -> None:
    async with client_of(sandbox, sandbox.store("PH")) as client:
        statements, _ = await everything(client, "statements")
        moved, _ = await everything(client, "wallet")
        rows, _ = await everything(client, "statement_lines")
    assert {one.settlement.currency for one in statements if isinstance(one, Statement) and one.settlement} == {"PHP"}
    movements = [one for one in moved if isinstance(one, Transaction)]
    assert {one.ledger for one in movements} == {"wallet"}
    assert all(one.at is not None and one.amount is not None and one.amount.currency == "PHP" for one in movements)
    assert len({one.platform_id for one in rows}) == len(rows)
    assert not [one for one in rows if isinstance(one, Transaction) and (one.category is None or one.on_date is None)]


async def test_reviews_are_found_by_product_and_answered_once(sandbox: Sandbox) -> None:
    stream = CONNECTOR.streams["reviews"]
    assert stream.details is not None
    for store in sandbox.credentials["stores"]:
        async with client_of(sandbox, store) as client:
            products, _ = await everything(client, "listings")
            ids, problems = await everything(client, "reviews", [one.platform_id for one in products])
            assert problems == []
            if not ids:
                continue
            told = (await client.call(stream.details([one.platform_id for one in ids[:10]]))).parsed.records
            assert all(isinstance(one, Review) and one.posted_at is not None for one in told)
            open_ = next((one for one in told if isinstance(one, Review) and one.can_reply), None)
            if open_ is None:
                continue
            await client.call(reviews.reply_request(open_.platform_id, "Thank you"))
            with pytest.raises(errors.AlreadyDone):
                await client.call(reviews.reply_request(open_.platform_id, "Thank you"))
            (after,) = (await client.read_one("review", open_.platform_id)).parsed.records
            assert isinstance(after, Review)
            assert after.reply == "Thank you"
            return
    pytest.fail("no store has a review that can be answered")


async def test_tokens_are_renewed_and_the_new_one_works(sandbox: Sandbox) -> None:
    renewed, bound = 0, 0
    for store in sandbox.credentials["stores"]:
        tokens = None
        async with client_of(sandbox, store, access=None) as client:
            with suppress(errors.AuthorizationLost):
                tokens = await client.tokens(CONNECTOR.refresh_request(sandbox.app, Renewal(store["refresh_token"])))
        if tokens is None:  # an authorisation that is bound to a subscription cannot be renewed
            bound += 1
            continue
        assert tokens.access_expires_at > clock.now() + timedelta(days=1)
        assert store["id"] in [one.platform_store_id for one in tokens.stores]
        fresh = Access(tokens.access_token, platform_store_id=store["id"], market=store["region"])
        async with client_of(sandbox, store, access=fresh) as client:
            assert (await client.call(CONNECTOR.streams["stores"].first(Ask()))).parsed.records
        store |= {"access_token": tokens.access_token, "refresh_token": tokens.refresh_token}
        renewed += 1
    assert renewed + bound == 6
    assert renewed > bound


async def test_wrong_credentials_are_refused_by_kind(sandbox: Sandbox) -> None:
    store = sandbox.store("TH")
    request = CONNECTOR.streams["orders"].first(Ask())
    async with client_of(sandbox, store, app=AppKeys(sandbox.app.key, "wrong")) as client:
        with pytest.raises(errors.CallerRefused, match="IncompleteSignature"):
            await client.call(request)
    async with client_of(sandbox, store, access=Access("50000nobody", market="TH")) as client:
        with pytest.raises(errors.TokenExpired):
            await client.call(request)
    async with client_of(sandbox, store, now=lambda: clock.now() - timedelta(hours=3)) as client:
        with pytest.raises(errors.CallerRefused):
            await client.call(request)
    async with client_of(sandbox, store, access=None) as client:
        with pytest.raises(errors.AuthorizationLost):
            await client.tokens(CONNECTOR.token_request(sandbox.app, Grant(code="0_no_such_code")))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("server_error", errors.Unavailable),
        ("throttle", errors.RateLimited),
        ("truncated", errors.Unavailable),
        ("token_expired", errors.TokenExpired),
    ],
)
async def test_faults_of_the_sandbox_are_told_by_what_to_do_next(
    sandbox: Sandbox, fault: str, error: type[errors.PlatformError]
) -> None:
    request = CONNECTOR.streams["orders"].first(Ask())
    async with client_of(sandbox, sandbox.store("MY")) as client:
        sandbox.post("/faults", name=fault, on=True)
        try:
            with pytest.raises(error):
                await client.call(request)
        finally:
            sandbox.post("/faults", name=fault, on=False)
        assert (await client.call(request)).parsed.records
